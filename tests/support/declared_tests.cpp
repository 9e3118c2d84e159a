// See declared_tests.h.
#include "tests/support/declared_tests.h"

#include "compiler/diag/render.h"
#include "runtime/types/check.h"
#include "tests/support/folder.h"
#include "tools/engine/run_tests.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace sanku::testing {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  check(file.good(), "a temporary file can be written");
}

// Tests without a date of their own are of this day, as those of the national pack.
constexpr const char* manifest = R"(name = "national"
version = "1"
language = "1"
schema = "{}"
test_date = 2026-03-05
regions = []
)";

void write_pack(const fs::path& folder, const Texts& texts) {
  check(texts.overlays.empty() && texts.as_of.empty() && texts.as_known.empty() &&
            texts.region.empty(),
        "tests among a case's rules are of the pack alone");
  fs::path schema = fs::relative("stdlib-rules/schema/settlement.sanku", fs::canonical(folder));
  if (!texts.schema.empty()) {
    schema = "schema.sanku";
    write(folder / "schema.sanku", texts.schema);
  }
  write(folder / "pack.toml", fmt::format(fmt::runtime(manifest), schema.string()));
  write(folder / "rules.sanku", texts.rules);
  fs::create_directory(folder / "knowledge");
  for (const auto& [name, csv] : texts.tables)
    write(folder / "knowledge" / name, csv);
}

} // namespace

std::string declared_tests_fail(const Texts& texts) {
  const Folder folder;
  write_pack(folder.path(), texts);
  const auto rules = engine::read_rules(folder.path());
  if (!rules)
    return rules.error().en;
  if (!engine::is_ready(**rules))
    return diag::text((*rules)->diagnostics, (*rules)->map,
                      {.language = diag::Language::en, .colour = false});
  const auto run = engine::run_tests(**rules, {}, {});
  if (!run)
    return run.error().en;
  const bool failed = std::ranges::any_of(
      run->results, [](const engine::TestResult& each) { return !each.failures.empty(); });
  return failed ? engine::test_report(**rules, *run, {}, {.language = Language::en})
                : std::string();
}

} // namespace sanku::testing
