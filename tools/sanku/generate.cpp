// sanku generate: invented settlements into a file, and what was planted in them into another.
#include "tools/generate/generate.h"

#include "tools/engine/layout.h"
#include "tools/generate/forms.h"
#include "tools/sanku/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <system_error>

namespace sanku::command {
namespace {

namespace fs = std::filesystem;

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

// Files that take text until the disk refuses; remembers why.
struct Targets {
  std::vector<io::OutputFile> files;
  std::optional<Error> refused;

  [[nodiscard]] bool open(const std::string& path) {
    auto made = io::OutputFile::create(path);
    if (made)
      files.push_back(std::move(*made));
    else
      refused = made.error();
    return !refused;
  }
  [[nodiscard]] bool take(std::size_t file, std::string_view text) {
    if (auto written = files[file].write(text); !written)
      refused = written.error();
    return !refused;
  }
  [[nodiscard]] bool finish() {
    for (io::OutputFile& file : files)
      if (auto finished = file.finish(); !finished && !refused)
        refused = finished.error();
    return !refused;
  }
};

// A form's files: the one that was named, or those inside the folder that was.
[[nodiscard]] bool open_claims(Targets& claims, const std::string& out, generate::Form form) {
  if (!generate::is_folder(form))
    return claims.open(out);
  std::error_code failed;
  fs::create_directories(out, failed);
  return std::ranges::all_of(generate::form_files, [&](std::string_view name) {
    return claims.open((fs::path(out) / name).string());
  });
}

// What is wrong with what was asked; else the form.
std::optional<generate::Form> asked_form(const Arguments& arguments, const Terminal& terminal) {
  const auto refuse = [&](std::string_view zh, std::string_view en) {
    (void)wrong_usage(terminal, zh, en);
    return std::nullopt;
  };
  if (arguments.settlements == 0 || arguments.out.empty())
    return refuse("需要 --settlements 数量 --out 文件", "needs --settlements N --out FILE");
  if (!(arguments.violations >= 0 && arguments.violations <= 1))
    return refuse("--violations 的取值为 0 至 1", "--violations takes a share from 0 to 1");
  const auto form = generate::form_named(arguments.form.empty() ? "nested" : arguments.form);
  if (!form)
    return refuse("--form 的取值为 nested、flat、envelope、csv 或 csv-gb18030",
                  "--form takes nested, flat, envelope, csv or csv-gb18030");
  if (generate::is_folder(*form) && arguments.out == "-")
    return refuse("CSV 写入文件夹，--out 不能为 -",
                  "CSV is written into a folder; --out cannot be -");
  return form;
}

// Generates into the files that were named; gives the exit code.
int write_all(const generate::Options& options, generate::Form form, const Arguments& arguments,
              const Terminal& terminal) {
  auto writer = generate::FormWriter::create(form);
  if (!writer)
    return fail(writer.error(), terminal, exit_code::refused_by_system);
  Targets claims, manifest;
  if (!open_claims(claims, arguments.out, form))
    return fail(*claims.refused, terminal, exit_code::refused_by_system);
  if (!arguments.manifest.empty() && !manifest.open(arguments.manifest))
    return fail(*manifest.refused, terminal, exit_code::refused_by_system);
  generate::FormTexts texts;
  const auto pass_on = [&] {
    for (std::size_t file = 0; file < claims.files.size(); ++file) {
      if (!claims.take(file, texts[file]))
        return false;
      texts[file].clear();
    }
    return true;
  };
  (*writer)->begin(texts);
  const auto summary = sanku::generate::generate(
      options,
      [&](std::string_view text) {
        (*writer)->add(text, texts);
        return pass_on();
      },
      [&](std::string_view text) { return manifest.files.empty() || manifest.take(0, text); });
  for (const Targets* target : {&claims, &manifest})
    if (target->refused)
      return fail(*target->refused, terminal, exit_code::refused_by_system);
  if (!summary)
    return fail(summary.error(), terminal, exit_code::refused);
  if (!pass_on())
    return fail(*claims.refused, terminal, exit_code::refused_by_system);
  for (Targets* target : {&claims, &manifest})
    if (!target->finish())
      return fail(*target->refused, terminal, exit_code::refused_by_system);
  // Where the settlements themselves go to stdout, nothing else may.
  if (arguments.out == "-" || arguments.manifest == "-")
    return exit_code::clean;
  return print(closing_line(*summary, terminal), terminal, exit_code::clean);
}

} // namespace

int generate(const Arguments& arguments, const Terminal& terminal) {
  const auto form = asked_form(arguments, terminal);
  if (!form)
    return exit_code::usage;
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
  return write_all(options, *form, arguments, terminal);
}

} // namespace sanku::command
