// See build.h. What belongs into the file is what checking and testing the pack reads, no more.
#include "tools/deploy/build.h"

#include "runtime/types/check.h"
#include "tools/deploy/below.h"
#include "tools/deploy/evidence.h"
#include "tools/deploy/personal.h"
#include "tools/deploy/seen.h"
#include "tools/deploy/test_load.h"
#include "tools/engine/clear_names.h"
#include "tools/engine/packed_form.h"
#include "tools/engine/reformat.h"
#include "tools/engine/toml_text.h"
#include "tools/pack/columns.h"
#include "tools/pack/container.h"
#include "tools/pack/pack_name.h"

#include <fmt/format.h>

#include <map>
#include <vector>

namespace sanku::deploy {
namespace {

namespace fs = std::filesystem;
using diag::report;
using diag::Words;
using engine::Rules;

using Members = std::map<std::string, std::string, std::less<>>;

// Null: it lies on no other.
const engine::Pack* below(const Rules& rules) {
  const std::uint32_t layer = rules.named.front();
  return layer == 0 ? nullptr : &rules.layers[rules.below[layer]];
}

Result<std::unique_ptr<Rules>> read_noting(const fs::path& place, const BuildOptions& options,
                                           Seen& seen) {
  const engine::ReadOptions reading{.trust = options.trust, .bases = options.bases};
  auto rules = engine::load_rules(place, reading);
  if (!rules)
    return rules;
  Rules& loaded = **rules;
  if (loaded.pack.packed)
    return failure(fmt::format("`{}` is a pack file already", place.string()),
                   fmt::format("“{}”已是规则包文件", place.string()));
  if (diag::has_errors(loaded.diagnostics))
    return rules;
  if (const engine::Pack* base = below(loaded); base != nullptr && base->packed == nullptr) {
    report<"pack_file_base">(loaded.diagnostics, loaded.pack.base_span, loaded.pack.name,
                             base->folder.string());
    return rules;
  }
  note_reading(loaded, seen);
  return engine::check_rules(std::move(*rules), reading);
}

// What is below the pack's folder keeps its place; the schema and its registries have one of
// theirs.
std::string member_name(const engine::Pack& pack, const fs::path& path) {
  const fs::path inside = path.lexically_relative(pack.folder.lexically_normal());
  if (stays_below(inside))
    return inside.generic_string();
  return "schema/" +
         path.lexically_relative(pack.schema.parent_path().lexically_normal()).generic_string();
}

std::string with_line_feeds(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at)
    if (text[at] != '\r' || at + 1 == text.size() || text[at + 1] != '\n')
      out += text[at];
  return out;
}

source::Span place_of(const Rules& rules, const fs::path& path) {
  for (std::uint32_t i = 0; i < rules.map.files.size(); ++i)
    if (fs::path(rules.map.files[i].path).lexically_normal() == path)
      return {.file = i};
  return {.file = rules.pack.file};
}

// A file in its one form; none: it has none, which is told.
std::optional<std::string> canonical(Rules& rules, const fs::path& path, const std::string& text) {
  const source::Span place = place_of(rules, path);
  if (path.extension() == ".sanku")
    return engine::reformatted(rules.map, place.file, std::nullopt, rules.diagnostics);
  if (path.extension() != ".csv")
    return with_line_feeds(text);
  auto csv = pack::canonical_csv(with_line_feeds(text));
  if (!csv)
    report<"pack_file_form">(rules.diagnostics, place, path.generic_string());
  return csv;
}

// Why a file can be no member, and what to do about it.
void check_name(Rules& rules, const fs::path& path, const std::string& name) {
  const source::Span place = place_of(rules, path);
  if (const auto fault = pack::name_fault(name))
    report<"pack_file_name">(rules.diagnostics, place, name, Words{fault->zh, fault->en})
        .help("请将文件改名，只用字母、数字、- _ . 和汉字",
              "rename the file, with letters, digits, - _ . and Han characters only");
  else if (!engine::is_member_kind(name))
    report<"pack_file_name">(rules.diagnostics, place, name,
                             Words{"不是规则包会有的文件", "is none that a pack has"})
        .help(
            "除 models/ 中的模型外，只能是 .sanku、.csv、.json、.ndjson；请将文件改名",
            "beside models in models/ there are .sanku, .csv, .json and .ndjson: rename the file");
}

void add_member(Rules& rules, const fs::path& path, const std::string& text, Members& members) {
  const std::string name = member_name(rules.pack, path);
  auto made = canonical(rules, path, text);
  if (!made)
    return;
  check_name(rules, path, name);
  if (path.extension() == ".csv")
    members.insert_or_assign(pack::columns_name(name), pack::columns_of(*made));
  if (path.extension() == ".json" || path.extension() == ".ndjson")
    personal_in_file(*made, engine::program(rules).schema, place_of(rules, path),
                     rules.diagnostics);
  if (!members.emplace(name, std::move(*made)).second)
    report<"pack_file_name">(rules.diagnostics, place_of(rules, path), name,
                             Words{"由两个文件得来", "comes of two files"});
}

// All members, and the file of them; empty with diagnostics.
std::string written(Rules& rules, const Seen& seen, const Evidence& evidence) {
  Members members;
  const fs::path manifest = (rules.pack.folder / "pack.toml").lexically_normal();
  for (const auto& [path, text] : seen)
    if (path != manifest)
      add_member(rules, path, text, members);
  std::map<std::string, std::string> replaced;
  if (const auto pin = pin_for(rules)) {
    replaced = {{"base", pin->name}, {"base_versions", pack::versions_text(pin->versions)}};
  } else {
    replaced = {{"schema", member_name(rules.pack, rules.pack.schema.lexically_normal())}};
  }
  auto toml = engine::canonical_toml(rules.map.files[rules.pack.file].text, replaced);
  check(toml.has_value(), "a pack.toml that was read is TOML");
  members.insert_or_assign("pack.toml", std::move(*toml));
  for (const auto& [name, text] : evidence.reports)
    if (!members.emplace(name, text).second)
      report<"pack_file_name">(rules.diagnostics, source::Span{.file = rules.pack.file}, name,
                               Words{"是报告的位置", "is where a report stands"});
  if (diag::has_errors(rules.diagnostics))
    return {};
  std::vector<pack::Fact> facts = stated_facts(rules);
  facts.insert(facts.end(), evidence.figures.begin(), evidence.figures.end());
  return pack::write(pack::FileKind::pack, std::move(facts), members);
}

// It names files and places of a store, and people compare it at a glance.
void check_pack_name(Rules& rules) {
  if (!rules.pack.name.empty() && !pack::is_pack_name(rules.pack.name))
    report<"pack_value">(rules.diagnostics, source::Span{.file = rules.pack.file}, "name",
                         Words{"小写字母、数字和其间的 - _ .，如 \"zhejiang.2026\"",
                               "small letters and digits, with - _ . between them, such as "
                               "\"zhejiang.2026\""});
}

Result<Built> built_noting(const fs::path& place, const BuildOptions& options, Seen& seen) {
  auto rules = read_noting(place, options, seen);
  if (!rules)
    return tl::unexpected(rules.error());
  Built built{.rules = std::move(*rules), .bytes = {}};
  Rules& made = *built.rules;
  engine::refuse_look_alikes(made, made.named);
  check_pack_name(made);
  if (!engine::is_ready(made))
    return built;
  personal_in_tests(made, made.diagnostics);
  // Nobody would install it.
  if (!is_bearable(load_of(made), most_test_load, source::Span{.file = made.pack.file},
                   made.diagnostics))
    return built;
  const auto evidence = evidence_of(
      made,
      {.language = options.language, .most_seconds = options.most_seconds, .prove = options.prove});
  if (!evidence)
    return tl::unexpected(evidence.error());
  if (evidence->failed != 0)
    report<"pack_tests">(made.diagnostics, source::Span{.file = made.pack.file}, evidence->failed);
  if (evidence->proofs && !evidence->proofs->in_time)
    tell_time(source::Span{.file = made.pack.file}, made.diagnostics);
  if (evidence->proofs)
    built.proofs = evidence->proofs->proofs;
  std::string bytes = written(made, seen, *evidence);
  if (bytes.empty())
    return built;
  // What a reader will say to it, it says now: hidden characters, names, sizes.
  auto opened = pack::open(bytes, {}, source::Span{.file = made.pack.file}, made.diagnostics);
  if (!opened)
    return built;
  auto again = engine::read_rules(std::move(*opened), place, bases_of(made, made.named.front()));
  if (!again)
    return tl::unexpected(again.error());
  if (engine::is_ready(**again))
    built.bytes = std::move(bytes);
  else
    built.rules = std::move(*again);
  return built;
}

} // namespace

Result<Built> build(const fs::path& place, const BuildOptions& options) {
  Seen seen;
  auto built = built_noting(place, options, seen);
  // They note into `seen`.
  if (built) {
    built->rules->pack.read = {};
    for (engine::Pack& layer : built->rules->layers)
      layer.read = {};
  }
  return built;
}

} // namespace sanku::deploy
