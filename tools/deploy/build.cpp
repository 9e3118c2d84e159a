// See build.h. What belongs into the file is what checking and testing the pack reads, no more.
#include "tools/deploy/build.h"

#include "runtime/types/check.h"
#include "tools/deploy/evidence.h"
#include "tools/deploy/personal.h"
#include "tools/deploy/toml_text.h"
#include "tools/engine/clear_names.h"
#include "tools/engine/reformat.h"
#include "tools/pack/columns.h"
#include "tools/pack/container.h"

#include <fmt/format.h>

#include <map>
#include <vector>

namespace sanku::deploy {
namespace {

namespace fs = std::filesystem;
using diag::report;
using diag::Words;
using engine::Rules;

// By path as it was read.
using Seen = std::map<fs::path, std::string>;
using Members = std::map<std::string, std::string, std::less<>>;

// The pack's own reader, which notes what it reads.
ReadFile noting(ReadFile read, Seen& seen) {
  return [read = std::move(read), &seen](const fs::path& path) {
    auto text = read(path);
    if (text)
      seen.insert_or_assign(path.lexically_normal(), *text);
    return text;
  };
}

// The layer that becomes the file.
engine::Pack& own(Rules& rules) { return rules.layers[rules.named.front()]; }

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
  own(loaded).read = noting(std::move(own(loaded).read), seen);
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

void add_member(Rules& rules, const fs::path& path, const std::string& text, Members& members) {
  const std::string name = member_name(rules.pack, path);
  auto made = canonical(rules, path, text);
  if (!made)
    return;
  if (const auto fault = pack::name_fault(name))
    report<"pack_file_name">(rules.diagnostics, place_of(rules, path), name,
                             Words{fault->zh, fault->en});
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
  auto toml = canonical_toml(rules.map.files[rules.pack.file].text, replaced);
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

// What it lies on, down to a pack that lies on none, opened once more.
std::vector<pack::PackFile> bases_of(const Rules& rules) {
  std::vector<pack::PackFile> bases;
  for (std::uint32_t layer = rules.named.front(); layer != 0;) {
    layer = rules.below[layer];
    diag::Diagnostics none;
    auto file = pack::open(*rules.layers[layer].packed->bytes, {}, {}, none);
    check(file.has_value(), "a pack file that was opened opens again");
    bases.push_back(std::move(*file));
  }
  return bases;
}

Result<Built> built_noting(const fs::path& place, const BuildOptions& options, Seen& seen) {
  auto rules = read_noting(place, options, seen);
  if (!rules)
    return tl::unexpected(rules.error());
  Built built{.rules = std::move(*rules), .bytes = {}};
  Rules& made = *built.rules;
  engine::refuse_look_alikes(made, made.named);
  if (!engine::is_ready(made))
    return built;
  personal_in_tests(made, made.diagnostics);
  const auto evidence =
      evidence_of(made, {.language = options.language, .most_seconds = options.most_seconds});
  if (!evidence)
    return tl::unexpected(evidence.error());
  if (evidence->failed != 0)
    report<"pack_tests">(made.diagnostics, source::Span{.file = made.pack.file}, evidence->failed);
  std::string bytes = written(made, seen, *evidence);
  if (bytes.empty())
    return built;
  // What a reader will say to it, it says now: hidden characters, names, sizes.
  auto opened = pack::open(bytes, {}, source::Span{.file = made.pack.file}, made.diagnostics);
  if (!opened)
    return built;
  auto again = engine::read_rules(std::move(*opened), place, bases_of(made));
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
