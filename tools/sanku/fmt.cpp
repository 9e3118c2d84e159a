// sanku fmt: rule files in the house's layout, in place, in one spelling or the other.
#include "tools/engine/reformat.h"
#include "tools/sanku/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace sanku::command {
namespace {

// What came of a file: its own exit code, and whether it changes.
struct Outcome {
  int code = exit_code::clean;
  bool changes = false;
};

std::optional<std::string> text_of(const source::SourceMap& map, std::optional<ast::Spelling> to,
                                   const Terminal& terminal) {
  diag::Diagnostics diagnostics;
  auto text = engine::reformatted(map, 0, to, diagnostics);
  if (!text) {
    diag::sort(diagnostics);
    const std::string told =
        diag::text(diagnostics, map, {terminal.diag_language(), terminal.colour_err});
    (void)std::fwrite(told.data(), 1, told.size(), stderr);
  }
  return text;
}

Outcome format_file(const std::string& path, std::optional<ast::Spelling> to, bool only_check,
                    const Terminal& terminal) {
  source::SourceMap map;
  const auto file = source::read(map, path);
  if (!file)
    return {fail(file.error(), terminal, exit_code::usage)};
  if (const std::string& found = map.files[*file].text;
      found.starts_with("SANKU PACK") || found.starts_with("SANKU DIFF"))
    return {wrong_usage(
        terminal, fmt::format("“{}”是规则包文件，不是规则文件；其成员已是规范写法", path),
        fmt::format("`{}` is a pack file, no file of rules; its members are in their one layout",
                    path))};
  const auto text = text_of(map, to, terminal);
  if (!text) {
    complain(terminal.pick(fmt::format("“{}”有语法错误，未改动", path),
                           fmt::format("`{}` has mistakes of syntax and is left alone", path)));
    return {exit_code::findings};
  }
  if (*text == map.files[*file].text)
    return {};
  if (only_check)
    return {exit_code::findings, true};
  if (const auto written = io::replace_file(path, *text); !written)
    return {fail(written.error(), terminal, exit_code::refused_by_system)};
  return {exit_code::clean, true};
}

Result<std::string> standard_input() {
  auto in = io::InputFile::open("-");
  if (!in)
    return tl::unexpected(in.error());
  std::string text, buffer(1u << 16, '\0');
  for (;;) {
    const std::int64_t read = in->read(buffer.data(), buffer.size());
    if (read < 0)
      return failure("cannot read standard input", "无法读取标准输入");
    if (read == 0)
      return text;
    text.append(buffer, 0, static_cast<std::size_t>(read));
  }
}

int format_stdin(std::optional<ast::Spelling> to, bool only_check, const Terminal& terminal) {
  auto in = standard_input();
  if (!in)
    return fail(in.error(), terminal, exit_code::refused_by_system);
  source::SourceMap map;
  source::add(map, "<stdin>", std::move(*in));
  const auto text = text_of(map, to, terminal);
  if (!text)
    return exit_code::findings;
  if (!only_check)
    return print(*text, terminal, exit_code::clean);
  const bool changes = *text != map.files.front().text;
  return print(changes ? "<stdin>\n" : "", terminal,
               changes ? exit_code::findings : exit_code::clean);
}

} // namespace

int format(const Arguments& arguments, const Terminal& terminal) {
  if (arguments.paths.empty() != arguments.from_stdin)
    return wrong_usage(terminal, "请给出规则文件或文件夹：sanku fmt 路径…；或只用 --stdin",
                       "name rule files or folders: sanku fmt PATH…; or --stdin alone");
  if (!arguments.to.empty() && arguments.to != "zh" && arguments.to != "en")
    return wrong_usage(terminal, "--to 的取值为 zh 或 en", "--to takes zh or en");
  std::optional<ast::Spelling> to;
  if (!arguments.to.empty())
    to = arguments.to == "zh" ? ast::Spelling::zh : ast::Spelling::en;
  if (arguments.from_stdin)
    return format_stdin(to, arguments.only_check, terminal);
  const auto files = engine::formatted_files(arguments.paths);
  if (!files)
    return fail(files.error(), terminal, exit_code::usage);
  // One file's trouble does not keep the others waiting; the worst of them is the exit code.
  std::string changed;
  int code = exit_code::clean;
  for (const std::filesystem::path& each : *files) {
    const Outcome outcome = format_file(each.string(), to, arguments.only_check, terminal);
    code = std::max(code, outcome.code);
    if (outcome.changes)
      changed += each.string() + "\n";
  }
  return print(changed, terminal, code);
}

} // namespace sanku::command
