// sanku effective: the composed pack of a region on a day. sanku knowledge: what publications
// leave.
#include "tools/engine/effective.h"

#include "tools/sanku/command.h"

namespace sanku::command {
namespace {

// The pack that was named, or the national one.
std::string place_of(const Arguments& arguments) {
  return arguments.paths.empty() ? national_pack() : arguments.paths.front();
}

bool is_format(const Arguments& arguments) {
  return arguments.format.empty() || arguments.format == "text" || arguments.format == "json";
}

int show(const Result<std::string>& text, const Terminal& terminal) {
  if (!text)
    return fail(text.error(), terminal, exit_code::usage);
  return print(*text, terminal, exit_code::clean);
}

} // namespace

int effective(const Arguments& arguments, const Terminal& terminal) {
  const std::string place = place_of(arguments);
  if (place.empty() || arguments.paths.size() > 1 || arguments.date.empty())
    return wrong_usage(terminal, "用法：sanku effective 规则包 --region 330000 --date 2026-03-01",
                       "usage: sanku effective PACK --region 330000 --date 2026-03-01");
  if (!is_format(arguments))
    return wrong_usage(terminal, "--format 的取值为 text 或 json", "--format takes text or json");
  engine::EffectiveOptions options{.region = arguments.region,
                                   .date = {},
                                   .rows = arguments.rows,
                                   .json = arguments.format == "json",
                                   .language = terminal.language};
  if (!parse_date(arguments.date, options.date))
    return wrong_usage(terminal, "--date 的取值为日期，如 2026-03-01",
                       "--date takes a date such as 2026-03-01");
  const auto rules = ready_rules(place, arguments, terminal);
  if (!rules)
    return exit_code::usage;
  if (options.region.empty())
    options.region = engine::program(*rules).home;
  return show(engine::effective(*rules, options), terminal);
}

int knowledge(const Arguments& arguments, const Terminal& terminal) {
  const std::string place = place_of(arguments);
  if (place.empty() || arguments.paths.size() > 1)
    return wrong_usage(terminal, "用法：sanku knowledge 规则包", "usage: sanku knowledge PACK");
  if (!is_format(arguments))
    return wrong_usage(terminal, "--format 的取值为 text 或 json", "--format takes text or json");
  const auto rules = ready_rules(place, arguments, terminal);
  if (!rules)
    return exit_code::usage;
  return show(engine::published(*rules, {.table = arguments.rows,
                                         .json = arguments.format == "json",
                                         .language = terminal.language}),
              terminal);
}

} // namespace sanku::command
