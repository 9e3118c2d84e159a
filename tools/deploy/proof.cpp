// See proof.h.
#include "tools/deploy/proof.h"

#include "tools/deploy/seen.h"
#include "tools/deploy/test_load.h"
#include "tools/engine/layers.h"
#include "tools/pack/columns.h"
#include "tools/pack/lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sanku::deploy {
namespace {

using diag::report;
using pack::PackFile;

// The names of what the rules told stand in their own map: both move.
void tell(Told& told, engine::Rules& rules) {
  told.map = std::move(rules.map);
  told.diagnostics = std::move(rules.diagnostics);
}

// That line of a report; a dash where it ends before.
std::string_view line_at(std::string_view text, std::size_t line) {
  const auto lines = pack::lines_of(text);
  return line <= lines.size() ? lines[line - 1] : "-";
}

void tell_difference(std::string_view name, std::string_view claimed, std::string_view again,
                     source::Span place, diag::Diagnostics& diagnostics) {
  const std::size_t line = pack::first_other_line(claimed, again);
  report<"store_claim">(diagnostics, place, fmt::format("{}:{}", name, line),
                        line_at(claimed, line), line_at(again, line));
}

// Its figure follows from its report, the report is of as many mutants as there are, and has those
// of the sample as they were found here.
void compare_mutants(const PackFile& file, const Evidence& found, source::Span place,
                     diag::Diagnostics& diagnostics) {
  const auto written = pack::member(file, mutation_report);
  const auto claim = written ? claimed_mutation(*written, found) : std::nullopt;
  if (!claim) {
    report<"pack_file_lacks">(diagnostics, place, mutation_report);
    return;
  }
  if (claim->mutants != found.all_mutants)
    report<"store_claim">(diagnostics, place, mutation_report,
                          fmt::format("{} mutants", claim->mutants),
                          fmt::format("{} mutants", found.all_mutants));
  else if (claim->differs)
    report<"store_claim">(diagnostics, place, mutation_report, "-", *claim->differs);
  if (pack::fact(file.manifest, "mutation") != claim->figure)
    report<"store_claim">(diagnostics, place, "mutation", pack::fact(file.manifest, "mutation"),
                          claim->figure);
}

// Which mutants are run again is not known before all that is signed is there.
std::uint64_t seed_of(const PackFile& file) {
  std::uint64_t seed = 14695981039346656037u;
  for (const char c : pack::manifest_text(file.manifest))
    seed = (seed ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return seed;
}

// What the pack claims, against what was found here.
void compare(const PackFile& file, const std::vector<pack::Fact>& stated, const Evidence& found,
             source::Span place, diag::Diagnostics& diagnostics) {
  if (found.failed != 0)
    report<"pack_tests">(diagnostics, place, found.failed);
  std::vector<pack::Fact> all = stated;
  all.insert(all.end(), found.figures.begin(), found.figures.end());
  for (const pack::Fact& figure : all)
    if (pack::fact(file.manifest, figure.key) != figure.value)
      report<"store_claim">(diagnostics, place, figure.key, pack::fact(file.manifest, figure.key),
                            figure.value);
  for (const char* name : {tests_report, cost_report, coverage_report}) {
    const auto claimed = pack::member(file, name);
    const std::string& again = found.reports.at(name);
    if (!claimed)
      report<"pack_file_lacks">(diagnostics, place, name);
    else if (*claimed != again)
      tell_difference(name, *claimed, again, place, diagnostics);
  }
  compare_mutants(file, found, place, diagnostics);
  if (found.proofs && !found.proofs->in_time)
    tell_time(place, diagnostics);
  else if (found.proofs)
    compare_proofs(file, *found.proofs, place, diagnostics);
  // The columns as this build makes them: no cell twice, no bit to spare.
  for (const auto& [name, bytes] : file.members)
    if (name.ends_with(".csv"))
      if (*pack::member(file, pack::columns_name(name)) != pack::columns_of(bytes))
        report<"pack_file_columns">(diagnostics, place, pack::columns_name(name), name);
}

// Nothing is in the file but what was read here, and what goes with it: the builder writes no more.
void compare_members(const engine::Rules& rules, const Seen& seen, source::Span place,
                     diag::Diagnostics& diagnostics) {
  std::set<std::string> known = {"pack.toml",     tests_report,
                                 cost_report,     coverage_report,
                                 mutation_report, std::string(pack::proofs_report)};
  for (const auto& [path, text] : seen) {
    const std::string name = path.lexically_relative(rules.pack.folder).generic_string();
    known.insert(name);
    if (name.ends_with(".csv"))
      known.insert(pack::columns_name(name));
  }
  for (const auto& [name, bytes] : rules.pack.packed->members)
    if (!known.contains(name))
      report<"pack_file_name">(diagnostics, place, name,
                               diag::Words{"没有任何内容用到", "is nothing that the pack reads"});
}

// Read and checked, with a note of what was read.
Result<std::unique_ptr<engine::Rules>> read_noting(Tried tried, Seen& seen) {
  auto rules = std::make_unique<engine::Rules>();
  if (auto loaded =
          engine::load_layers(std::move(tried.file), tried.place, std::move(tried.bases), *rules);
      !loaded)
    return tl::unexpected(loaded.error());
  if (!diag::has_errors(rules->diagnostics))
    note_reading(*rules, seen);
  return engine::check_rules(std::move(rules), {});
}

} // namespace

Result<std::optional<Evidence>> prove(Tried tried, Language language, double most_seconds,
                                      Told& told) {
  using None = std::optional<Evidence>;
  Seen seen;
  auto rules = read_noting(std::move(tried), seen);
  if (!rules)
    return tl::unexpected(rules.error());
  if (!engine::is_ready(**rules)) {
    tell(told, **rules);
    return None();
  }
  engine::Rules& proven = **rules;
  if (!is_bearable(load_of(proven), most_test_load, source::Span{.file = proven.pack.file},
                   proven.diagnostics)) {
    tell(told, proven);
    return None();
  }
  auto evidence = evidence_of(
      proven, {.language = language,
               .seed = seed_of(*proven.pack.packed),
               .most_seconds = most_seconds,
               .prove = pack::member(*proven.pack.packed, pack::proofs_report).has_value()});
  if (!evidence)
    return tl::unexpected(evidence.error());
  compare(*proven.pack.packed, stated_facts(proven), *evidence,
          source::Span{.file = proven.pack.file}, proven.diagnostics);
  compare_members(proven, seen, source::Span{.file = proven.pack.file}, proven.diagnostics);
  if (diag::has_errors(proven.diagnostics)) {
    tell(told, proven);
    return None();
  }
  return None(std::move(*evidence));
}

} // namespace sanku::deploy
