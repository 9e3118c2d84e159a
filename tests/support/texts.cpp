// See texts.h.
#include "tests/support/texts.h"

#include "compiler/diag/render.h"
#include "compiler/hir/verify.h"
#include "runtime/types/check.h"
#include "tests/support/folder.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

namespace sanku::testing {
namespace {

constexpr const char* schema_path = "stdlib-rules/schema/settlement.sanku";

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  check(file.good(), "a temporary file can be written");
}

hir::Defaults defaults_of(const hir::LocalDefaults& decided) {
  hir::Defaults made;
  for (const hir::LocalDefault& each : decided)
    switch (each.which) {
    case hir::RegionalDefault::stay_counts_last:
      made.stay_counts_last = each.value != 0;
      break;
    case hir::RegionalDefault::stay_at_least:
      made.stay_at_least = each.value;
      break;
    case hir::RegionalDefault::newborn_days:
      made.newborn_days = each.value;
      break;
    case hir::RegionalDefault::insurance_year:
      made.insurance_year = each.value;
      break;
    }
  return made;
}

std::optional<Date> day_of(const std::string& iso) {
  Date day{};
  if (iso.empty())
    return std::nullopt;
  check(parse_date(iso, day), "a day of a case is a date");
  return day;
}

} // namespace

const std::string& shipped_schema() {
  static const std::string text = [] {
    std::ifstream file(schema_path, std::ios::binary);
    check(file.good(), "tests run in the root of the project");
    return std::string(std::istreambuf_iterator<char>(file), {});
  }();
  return text;
}

CheckedTexts check_texts(const Texts& texts) {
  CheckedTexts result;
  const Folder folder;
  for (const auto& [name, csv] : texts.tables)
    write(folder.path() / name, csv);
  PackSources sources{.schema_files = {},
                      .rule_files = {},
                      .knowledge_folder = folder.path(),
                      .models_folder = folder.path()};
  const bool own = !texts.schema.empty();
  sources.schema_files.push_back(source::add(result.map, own ? "schema.sanku" : schema_path,
                                             own ? texts.schema : shipped_schema()));
  sources.rule_files.push_back(source::add(result.map, "rules.sanku", texts.rules));
  sources.name = "national";
  for (const Texts::Overlay& overlay : texts.overlays)
    sources.overlays.push_back(
        {.name = overlay.name,
         .below = overlay.below,
         .manifest = std::nullopt,
         .rule_files = {source::add(result.map, overlay.name + ".sanku", overlay.text)},
         .knowledge_folder = folder.path(),
         .models_folder = folder.path(),
         .defaults = overlay.defaults});
  sources.defaults = defaults_of(texts.defaults);
  sources.reading.region = texts.region;
  sources.reading.as_of = day_of(texts.as_of);
  sources.as_known = day_of(texts.as_known);
  result.pack = check_pack(result.map, sources, result.diagnostics);
  if (result.pack && texts.budget != 0)
    result.pack->program.budget = texts.budget;
  diag::sort(result.diagnostics);
  result.rendered =
      diag::text(result.diagnostics, result.map, {.language = diag::Language::en, .colour = false});
  if (diag::has_errors(result.diagnostics))
    result.pack.reset();
  // What the checker accepts keeps the invariants that both executions rely on.
  if (result.pack)
    for (const std::string& fault : hir::verify(result.pack->program))
      check(false, fault.c_str());
  return result;
}

const schema::Schema& shipped() {
  static const schema::Schema schema = [] {
    CheckedTexts checked = check_texts({});
    check(checked.pack.has_value(), "the shipped schema is right");
    return std::move(checked.pack->program.schema);
  }();
  return schema;
}

} // namespace sanku::testing
