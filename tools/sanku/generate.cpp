// sanku generate: invented settlements into a file, and what was planted in them into another.
#include "tools/generate/generate.h"

#include "tools/engine/layout.h"
#include "tools/sanku/command.h"

#include <fmt/format.h>

#include <filesystem>
#include <numeric>
#include <system_error>

namespace sanku::command {
namespace {

namespace fs = std::filesystem;

// The national pack: in this folder or one above, else beside the program; empty when it is
// nowhere.
std::string national_pack() {
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

std::string closing_line(const generate::Summary& summary, const Terminal& terminal) {
  const std::uint64_t planted = std::accumulate(
      summary.planted.begin(), summary.planted.end(), std::uint64_t{0},
      [](std::uint64_t sum, const generate::Planted& each) { return sum + each.findings; });
  const auto number = [](std::uint64_t count) { return engine::count_text(count); };
  if (terminal.language == Language::zh)
    return fmt::format("{} 张结算单, {} 条明细, 植入 {} 条违规\n", number(summary.settlements),
                       number(summary.lines), number(planted));
  return fmt::format("{} settlements, {} fee lines, {} violations planted\n",
                     number(summary.settlements), number(summary.lines), number(planted));
}

// A file that takes text until the disk refuses; remembers why.
struct Target {
  std::optional<io::OutputFile> file;
  std::optional<Error> refused;

  [[nodiscard]] bool take(std::string_view text) {
    if (!file)
      return true;
    if (auto written = file->write(text); !written)
      refused = written.error();
    return !refused;
  }
  [[nodiscard]] bool open(const std::string& path) {
    auto made = io::OutputFile::create(path);
    if (made)
      file.emplace(std::move(*made));
    else
      refused = made.error();
    return !refused;
  }
  [[nodiscard]] bool finish() {
    if (!file)
      return true;
    if (auto finished = file->finish(); !finished)
      refused = finished.error();
    return !refused;
  }
};

} // namespace

int generate(const Arguments& arguments, const Terminal& terminal) {
  if (arguments.settlements == 0 || arguments.out.empty())
    return wrong_usage(terminal, "需要 --settlements 数量 --out 文件",
                       "needs --settlements N --out FILE");
  if (!(arguments.violations >= 0 && arguments.violations <= 1))
    return wrong_usage(terminal, "--violations 的取值为 0 至 1",
                       "--violations takes a share from 0 to 1");
  const std::string place = arguments.pack.empty() ? national_pack() : arguments.pack;
  if (place.empty())
    return wrong_usage(terminal, "这里没有 stdlib-rules/national；请用 --pack 指出规则包",
                       "there is no stdlib-rules/national here; name a pack with --pack");
  const auto pack = engine::load_pack(place);
  if (!pack)
    return fail(pack.error(), terminal, exit_code::usage);
  const generate::Options options{.settlements = arguments.settlements,
                                  .seed = arguments.seed,
                                  .violation_rate = arguments.violations,
                                  .pack = pack->folder,
                                  .codes = pack->schema.parent_path() / "codes",
                                  .compact = !arguments.full};
  Target claims, manifest;
  if (!claims.open(arguments.out))
    return fail(*claims.refused, terminal, exit_code::refused_by_system);
  if (!arguments.manifest.empty() && !manifest.open(arguments.manifest))
    return fail(*manifest.refused, terminal, exit_code::refused_by_system);
  const auto summary = sanku::generate::generate(
      options, [&](std::string_view text) { return claims.take(text); },
      [&](std::string_view text) { return manifest.take(text); });
  for (const Target* target : {&claims, &manifest})
    if (target->refused)
      return fail(*target->refused, terminal, exit_code::refused_by_system);
  if (!summary)
    return fail(summary.error(), terminal, exit_code::refused);
  for (Target* target : {&claims, &manifest})
    if (!target->finish())
      return fail(*target->refused, terminal, exit_code::refused_by_system);
  // Where the settlements themselves go to stdout, nothing else may.
  if (arguments.out == "-" || arguments.manifest == "-")
    return exit_code::clean;
  return print(closing_line(*summary, terminal), terminal, exit_code::clean);
}

} // namespace sanku::command
