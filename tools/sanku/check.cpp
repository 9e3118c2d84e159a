// sanku check: the mistakes of a pack, all of them, as text, JSON or SARIF; with --fix those that
// have a sure correction are corrected first; with --plan what is right is explained.
#include "compiler/plan/plan.h"
#include "tools/engine/fixes.h"
#include "tools/sanku/command.h"
#include "tools/sanku/prove.h"
#include "tools/sanku/scope.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace sanku::command {
namespace {

std::string fixed_line(std::size_t mistakes, const std::string& path, const Terminal& terminal) {
  return terminal.language == Language::zh
             ? fmt::format("已改正 {} 处：{}\n", mistakes, path)
             : fmt::format("{} {} corrected in {}\n", mistakes,
                           mistakes == 1 ? "mistake" : "mistakes", path);
}

// What was corrected, a line a file. Fixes reach no file that was not asked about.
Result<std::string> fix(const std::vector<Scope>& scopes, const Terminal& terminal) {
  std::string told;
  for (const Scope& scope : scopes) {
    diag::Diagnostics own = diagnostics_in(scope);
    std::erase_if(own.all, [&](const diag::Diagnostic& each) {
      return std::ranges::any_of(each.fixes, [&](const diag::Fix& fix) {
        return !scope.files.empty() && !scope.files.contains(fix.span.file);
      });
    });
    for (const engine::FixedFile& file : engine::apply_fixes(own, scope.rules->map)) {
      const std::string& path = scope.rules->map.files[file.file].path;
      if (const auto written = io::replace_file(path, file.text); !written)
        return tl::unexpected(written.error());
      told += fixed_line(file.mistakes, path, terminal);
    }
  }
  if (told.empty())
    told = terminal.pick("没有可以自动改正的错误\n", "nothing that can be corrected by itself\n");
  return told;
}

// All of a form's text; the summary of a text is of all packs together.
std::string report(const std::vector<Scope>& scopes, const std::string& format,
                   const Terminal& terminal, bool& wrong) {
  std::string out;
  diag::Diagnostics all;
  std::size_t files = 0;
  for (const Scope& scope : scopes) {
    const diag::Diagnostics own = diagnostics_in(scope);
    all.all.insert(all.all.end(), own.all.begin(), own.all.end());
    files += scope.files.empty() ? scope.rules->map.files.size() : scope.files.size();
    if (format == "json")
      out += diag::json(own, scope.rules->map);
    else if (format == "sarif")
      out += diag::sarif(own, scope.rules->map, terminal.diag_language());
    else
      out += diag::text(own, scope.rules->map, {terminal.diag_language(), terminal.colour_out});
  }
  if (format == "text")
    out += diag::summary(all, files, terminal.diag_language());
  wrong = diag::has_errors(all);
  return out;
}

// How each rule of the files meant finds its subjects, and what it costs.
std::string plans(const std::vector<Scope>& scopes, Language language) {
  std::string out;
  for (const Scope& scope : scopes) {
    hir::Program& program = scope.rules->checked->program;
    std::erase_if(program.rules, [&](const hir::Rule& each) {
      return !scope.files.empty() && !scope.files.contains(each.span.file);
    });
    out += plan::text(program, plan::plan(program), language);
  }
  return out;
}

} // namespace

int check(const Arguments& arguments, const Terminal& terminal) {
  if (arguments.paths.empty())
    return wrong_usage(terminal, "请给出规则包或规则文件：sanku check 路径…",
                       "name a pack or a rule file: sanku check PATH…");
  const std::string format = arguments.format.empty() ? "text" : arguments.format;
  if (format != "text" && format != "json" && format != "sarif")
    return wrong_usage(terminal, "--format 的取值为 text、json 或 sarif",
                       "--format takes text, json or sarif");
  if (arguments.prove && format == "sarif")
    return wrong_usage(terminal, "--prove 的 --format 为 text 或 json",
                       "--prove takes --format text or json");
  const auto reading = read_options(arguments);
  if (!reading)
    return fail(reading.error(), terminal, exit_code::usage);
  auto scopes = read_scopes(arguments.paths, *reading);
  if (!scopes)
    return fail(scopes.error(), terminal, exit_code::usage);
  if (arguments.plan && format != "text")
    return wrong_usage(terminal, "--plan 只用于 --format text", "--plan goes with --format text");
  if (format == "sarif" && scopes->size() > 1)
    return wrong_usage(terminal, "一个 SARIF 文件只含一个规则包的结果；请逐包检查",
                       "a SARIF document is about one pack; check them one by one");
  if (format == "text" && !scopes->empty())
    tell_folder(*scopes->front().rules, terminal);
  std::string fixed;
  if (arguments.fix) {
    auto told = fix(*scopes, terminal);
    if (!told)
      return fail(told.error(), terminal, exit_code::refused_by_system);
    fixed = std::move(*told);
    scopes = read_scopes(arguments.paths, *reading);
    if (!scopes)
      return fail(scopes.error(), terminal, exit_code::usage);
  }
  // JSON and SARIF are for programs: what was corrected is no line of theirs.
  if (format != "text")
    (void)std::fwrite(fixed.data(), 1, fixed.size(), stderr);
  bool wrong = false;
  std::string out = report(*scopes, format, terminal, wrong);
  if (arguments.prove && !wrong)
    return prove_rules(*scopes, arguments, *reading, terminal);
  if (arguments.plan && !wrong)
    out += plans(*scopes, terminal.language);
  return print(format == "text" ? fixed + out : out, terminal,
               wrong ? exit_code::findings : exit_code::clean);
}

} // namespace sanku::command
