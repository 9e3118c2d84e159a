// See build.h. What belongs into the file is what checking and testing the pack reads, no more.
#include "tools/deploy/build.h"

#include "runtime/types/check.h"
#include "tools/deploy/evidence.h"
#include "tools/deploy/personal.h"
#include "tools/deploy/toml_text.h"
#include "tools/engine/reformat.h"
#include "tools/pack/columns.h"
#include "tools/pack/container.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

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

Result<std::unique_ptr<Rules>> read_noting(const fs::path& place, Seen& seen) {
  auto rules = std::make_unique<Rules>();
  auto pack = engine::load_pack(place, rules->map, rules->diagnostics, {}, rules->files);
  if (!pack)
    return tl::unexpected(pack.error());
  if (pack->packed)
    return failure(fmt::format("`{}` is a pack file already", place.string()),
                   fmt::format("“{}”已是规则包文件", place.string()));
  if (!pack->base.empty())
    report<"pack_file_base">(rules->diagnostics, pack->base_span, pack->name);
  rules->pack = std::move(*pack);
  rules->pack.read = noting(std::move(rules->pack.read), seen);
  return engine::check_rules(std::move(rules));
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

std::vector<pack::Fact> facts_of(const Rules& rules, const Evidence& evidence) {
  const engine::Pack& pack = rules.pack;
  const hir::Program& program = engine::program(rules);
  std::vector<pack::Fact> facts = {
      {"name", pack.name}, {"version", pack.version}, {"edition", pack.edition}};
  facts.push_back(
      {"schema", fmt::format("{} {}", program.schema.names.en, program.schema.edition)});
  facts.push_back({"layer", pack.regions.empty()
                                ? std::string("national")
                                : fmt::format("{}", fmt::join(pack.regions, "+"))});
  if (!pack.regions.empty())
    facts.push_back({"regions", fmt::format("{}", fmt::join(pack.regions, " "))});
  facts.insert(facts.end(), evidence.figures.begin(), evidence.figures.end());
  return facts;
}

// All members, and the file of them; empty with diagnostics.
std::string written(Rules& rules, const Seen& seen, const Evidence& evidence) {
  Members members;
  const fs::path manifest = (rules.pack.folder / "pack.toml").lexically_normal();
  for (const auto& [path, text] : seen)
    if (path != manifest)
      add_member(rules, path, text, members);
  const std::string schema = member_name(rules.pack, rules.pack.schema.lexically_normal());
  auto toml = canonical_toml(rules.map.files[rules.pack.file].text, schema);
  check(toml.has_value(), "a pack.toml that was read is TOML");
  members.insert_or_assign("pack.toml", std::move(*toml));
  for (const auto& [name, text] : evidence.reports)
    if (!members.emplace(name, text).second)
      report<"pack_file_name">(rules.diagnostics, source::Span{.file = rules.pack.file}, name,
                               Words{"是报告的位置", "is where a report stands"});
  if (diag::has_errors(rules.diagnostics))
    return {};
  return pack::write(pack::FileKind::pack, facts_of(rules, evidence), members);
}

Result<Built> built_noting(const fs::path& place, Language language, Seen& seen) {
  auto rules = read_noting(place, seen);
  if (!rules)
    return tl::unexpected(rules.error());
  Built built{.rules = std::move(*rules), .bytes = {}};
  Rules& made = *built.rules;
  if (!engine::is_ready(made))
    return built;
  personal_in_tests(made, made.diagnostics);
  const auto evidence = evidence_of(made, language);
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
  auto again = engine::read_rules(std::move(*opened), place);
  if (!again)
    return tl::unexpected(again.error());
  if (engine::is_ready(**again))
    built.bytes = std::move(bytes);
  else
    built.rules = std::move(*again);
  return built;
}

} // namespace

Result<Built> build(const fs::path& place, Language language) {
  Seen seen;
  auto built = built_noting(place, language, seen);
  // They note into `seen`.
  if (built) {
    built->rules->pack.read = {};
    for (engine::Pack& layer : built->rules->layers)
      layer.read = {};
  }
  return built;
}

} // namespace sanku::deploy
