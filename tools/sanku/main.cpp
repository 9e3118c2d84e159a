// sanku: the command. Parses the arguments, finds the language, and hands over to one command of
// the table (commands.cpp). The only file that sees CLI11's exceptions.
#include "tools/sanku/command.h"
#include "tools/sanku/version.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <unistd.h>

namespace sanku::command {
namespace {

// What only `doc` writes.
constexpr std::string_view both_languages = "both";

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

// As the C library does: the first of these that is set and not empty.
Language locale_language() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const std::string_view value = environment(name); !value.empty())
      return value.starts_with("zh") ? Language::zh : Language::en;
  return Language::en;
}

// Looked for before parsing, so that what is wrong with the rest is told in it.
std::optional<std::string_view> wanted_language(int count, char** texts) {
  for (int i = 1; i < count; ++i) {
    const std::string_view text = texts[i];
    if (text == "--lang")
      return i + 1 < count ? texts[i + 1] : "";
    if (text.starts_with("--lang="))
      return text.substr(7);
  }
  return std::nullopt;
}

Terminal terminal() {
  Terminal made;
  made.language = locale_language();
  made.out_is_terminal = ::isatty(STDOUT_FILENO) == 1;
  made.err_is_terminal = ::isatty(STDERR_FILENO) == 1;
  const bool colour = environment("NO_COLOR").empty() && environment("TERM") != "dumb";
  made.colour_out = colour && made.out_is_terminal;
  made.colour_err = colour && made.err_is_terminal;
  return made;
}

// CLI11 speaks English only; the names of options are the same in both languages.
int refuse(const CLI::ParseError& error, const CLI::App& app, const Terminal& terminal) {
  const auto code = static_cast<CLI::ExitCodes>(error.get_exit_code());
  std::vector<std::string> unexpected = app.remaining(false);
  for (const CLI::App* named : app.get_subcommands())
    for (const std::string& text : named->remaining(false))
      unexpected.push_back(text);
  std::string zh = fmt::format("用法有误：{}", error.what()), en = error.what();
  if (code == CLI::ExitCodes::ExtrasError && !unexpected.empty()) {
    zh = fmt::format("不认识“{}”", fmt::join(unexpected, "”、“"));
    en = fmt::format("`{}` is not understood here", fmt::join(unexpected, "`, `"));
  } else if (code == CLI::ExitCodes::ConversionError || code == CLI::ExitCodes::ArgumentMismatch) {
    zh = fmt::format("选项缺少取值或取值形式不对（{}）", error.what());
  }
  complain(terminal.pick(zh, en));
  complain(terminal.pick("`sanku --help` 说明用法", "`sanku --help` shows how to use it"));
  return exit_code::usage;
}

// The innermost command that was named before something stopped the parsing.
std::string_view named_command(const CLI::App& app) {
  const auto named = app.get_subcommands();
  return named.empty() ? std::string_view() : std::string_view(named.front()->get_name());
}

// The trust root, by option or variable, and what counts as now.
std::optional<Error> verification(Arguments& arguments) {
  arguments.verify.root =
      arguments.trust.empty() ? std::string(environment("SANKU_TRUST")) : arguments.trust;
  arguments.verify.now.seconds = std::chrono::duration_cast<std::chrono::seconds>(
                                     std::chrono::system_clock::now().time_since_epoch())
                                     .count();
  if (arguments.time.empty())
    return std::nullopt;
  const auto time = pack::parse_moment(arguments.time);
  if (!time)
    return Error{.en = "--time takes a moment such as 2026-11-22T09:30:00Z",
                 .zh = "--time 的取值如 2026-11-22T09:30:00Z"};
  arguments.verify.now = *time;
  return std::nullopt;
}

int parse_and_run(int count, char** texts) {
  Terminal place = terminal();
  if (const auto language = wanted_language(count, texts)) {
    if (*language != "zh" && *language != "en" && *language != both_languages)
      return wrong_usage(place, "--lang 的取值为 zh 或 en", "--lang takes zh or en");
    if (*language != both_languages)
      place.language = *language == "zh" ? Language::zh : Language::en;
  }
  CLI::App app("sanku", "sanku");
  Arguments arguments;
  app.add_option("--lang", arguments.lang);
  app.set_version_flag("--version", [] { return fmt::format("sanku {}", version); });
  app.require_subcommand(0, 1);
  app.fallthrough();
  for (const Command& command : commands()) {
    CLI::App* own = app.add_subcommand(std::string(command.name), std::string(command.en));
    command.add(*own, arguments);
  }
  try {
    app.parse(count, texts);
  } catch (const CLI::CallForHelp&) {
    return print(help_text(named_command(app), place.language), place, exit_code::clean);
  } catch (const CLI::CallForVersion&) {
    return print(fmt::format("sanku {}\n", version), place, exit_code::clean);
  } catch (const CLI::ParseError& error) {
    return refuse(error, app, place);
  }
  if (const auto wrong = verification(arguments))
    return fail(*wrong, place, exit_code::usage);
  const std::string_view name = named_command(app);
  if (arguments.lang == both_languages && name != "doc")
    return wrong_usage(place, "--lang 的取值为 zh 或 en", "--lang takes zh or en");
  for (const Command& command : commands())
    if (command.name == name)
      return command.run(arguments, place);
  (void)print(help_text({}, place.language), place, exit_code::clean);
  return exit_code::usage;
}

} // namespace
} // namespace sanku::command

int main(int count, char** texts) {
  // A closed pipe is an error of writing, told like any other.
  (void)std::signal(SIGPIPE, SIG_IGN);
  std::set_terminate([] {
    sanku::command::complain("internal error: an exception was not caught (out of memory?)");
    std::_Exit(sanku::command::exit_code::own_fault);
  });
  return sanku::command::parse_and_run(count, texts);
}
