// Printing and complaining (command.h).
#include "tools/sanku/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <tuple>

namespace sanku::command {

int print(std::string_view text, const Terminal& terminal, int code) {
  const int written = write_file("-", text, terminal);
  return written == exit_code::clean ? code : written;
}

int write_file(const std::string& path, std::string_view bytes, const Terminal& terminal) {
  auto out = io::OutputFile::create(path);
  if (!out)
    return fail(out.error(), terminal, exit_code::refused_by_system);
  if (auto written = out->write(bytes); !written)
    return fail(written.error(), terminal, exit_code::refused_by_system);
  if (auto finished = out->finish(); !finished)
    return fail(finished.error(), terminal, exit_code::refused_by_system);
  return exit_code::clean;
}

void complain(std::string_view text) {
  const std::string line = fmt::format("sanku: {}\n", text);
  (void)std::fwrite(line.data(), 1, line.size(), stderr);
}

int fail(const Error& error, const Terminal& terminal, int code) {
  complain(terminal.pick(error));
  return code;
}

int wrong_usage(const Terminal& terminal, std::string_view zh, std::string_view en) {
  complain(terminal.pick(zh, en));
  return exit_code::usage;
}

bool tell(const diag::Diagnostics& diagnostics, const source::SourceMap& map,
          const Terminal& terminal) {
  const std::string text =
      diag::text(diagnostics, map, {terminal.diag_language(), terminal.colour_err});
  (void)std::fwrite(text.data(), 1, text.size(), stderr);
  return diag::has_errors(diagnostics);
}

void tell_folder(const engine::Rules& rules, const Terminal& terminal) {
  const engine::Pack* of = &rules.pack;
  for (const engine::Pack& layer : rules.layers)
    if (of->packed != nullptr)
      of = &layer;
  if (of->packed != nullptr || of->folder.empty())
    return;
  complain(terminal.language == Language::zh
               ? fmt::format("“{}”是文件夹，供开发使用，未经签名和验证", of->folder.string())
               : fmt::format("`{}` is a folder, for development: nothing in it is signed",
                             of->folder.string()));
}

Result<std::optional<Date>> read_day(std::string_view option, const std::string& written) {
  Date parsed{};
  if (written.empty())
    return std::optional<Date>();
  if (!parse_date(written, parsed))
    return failure(fmt::format("{} takes a date such as 2026-03-01", option),
                   fmt::format("{} 的取值为日期，如 2026-03-01", option));
  return std::optional(parsed);
}

Result<engine::ReadOptions> read_options(const Arguments& arguments) {
  engine::ReadOptions options{.trust = arguments.verify,
                              .bases = {arguments.bases.begin(), arguments.bases.end()},
                              .overlays = {arguments.overlays.begin(), arguments.overlays.end()},
                              .region = arguments.region,
                              .as_of = std::nullopt,
                              .as_known = std::nullopt};
  const bool digits =
      std::ranges::all_of(arguments.region, [](char c) { return c >= '0' && c <= '9'; });
  if (!arguments.region.empty() && (!digits || arguments.region.size() != 6))
    return failure("--region takes a code of six digits such as 330100",
                   "--region 的取值为六位行政区划代码，如 330100");
  for (const auto& [name, written, day] :
       {std::tuple("--as-of", &arguments.as_of, &options.as_of),
        std::tuple("--as-known", &arguments.as_known, &options.as_known)}) {
    const auto read = read_day(name, *written);
    if (!read)
      return tl::unexpected(read.error());
    *day = *read;
  }
  return options;
}

std::unique_ptr<engine::Rules> ready_rules(const std::string& place, const Arguments& arguments,
                                           const Terminal& terminal) {
  const auto options = read_options(arguments);
  if (!options) {
    complain(terminal.pick(options.error()));
    return nullptr;
  }
  auto rules = engine::read_rules(place, *options);
  if (!rules) {
    complain(terminal.pick(rules.error()));
    return nullptr;
  }
  if (engine::is_ready(**rules))
    return std::move(*rules);
  std::string text = diag::text((*rules)->diagnostics, (*rules)->map,
                                {terminal.diag_language(), terminal.colour_err});
  text +=
      diag::summary((*rules)->diagnostics, (*rules)->map.files.size(), terminal.diag_language());
  (void)std::fwrite(text.data(), 1, text.size(), stderr);
  complain(terminal.pick("规则包中有错误，未运行", "the pack has mistakes, so nothing was run"));
  return nullptr;
}

std::string national_pack() {
  namespace fs = std::filesystem;
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  for (fs::path from : {fs::current_path(failed), program.parent_path()}) {
    for (;; from = from.parent_path()) {
      const fs::path pack = from / "stdlib-rules" / "national";
      if (fs::is_regular_file(pack / "pack.toml", failed))
        return pack.string();
      if (from == from.root_path() || from.empty())
        break;
    }
  }
  return {};
}

} // namespace sanku::command
