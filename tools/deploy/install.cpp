// See install.h.
#include "tools/deploy/install.h"

#include "tools/deploy/evidence.h"
#include "tools/engine/engine.h"
#include "tools/pack/columns.h"
#include "tools/pack/delta.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::deploy {
namespace {

namespace fs = std::filesystem;
using diag::report;
using diag::Words;
using pack::PackFile;

using Refused = std::optional<Installed>;

// The names of what the rules told stand in their own map: both move.
void tell(Told& told, engine::Rules& rules) {
  told.map = std::move(rules.map);
  told.diagnostics = std::move(rules.diagnostics);
}

std::string_view line_that_differs(std::string_view one, std::string_view other) {
  while (!one.empty()) {
    const std::string_view line = one.substr(0, one.find('\n'));
    if (!other.starts_with(line) || (other.size() > line.size() && other[line.size()] != '\n'))
      return line;
    one.remove_prefix(std::min(one.size(), line.size() + 1));
    other.remove_prefix(std::min(other.size(), line.size() + 1));
  }
  return other.substr(0, other.find('\n'));
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
void compare(const PackFile& file, const Evidence& found, source::Span place,
             diag::Diagnostics& diagnostics) {
  if (found.failed != 0)
    report<"pack_tests">(diagnostics, place, found.failed);
  for (const pack::Fact& figure : found.figures)
    if (pack::fact(file.manifest, figure.key) != figure.value)
      report<"store_claim">(diagnostics, place, figure.key, pack::fact(file.manifest, figure.key),
                            figure.value);
  // A report may be of a build that reckons costs otherwise; what the tests say and show may not
  // differ.
  for (const char* name : {tests_report, coverage_report}) {
    const auto claimed = pack::member(file, name);
    const std::string& again = found.reports.at(name);
    if (!claimed)
      report<"pack_file_lacks">(diagnostics, place, name);
    else if (*claimed != again)
      report<"store_claim">(diagnostics, place, name, line_that_differs(*claimed, again),
                            line_that_differs(again, *claimed));
  }
  compare_mutants(file, found, place, diagnostics);
  // The columns as this build makes them: no cell twice, no bit to spare.
  for (const auto& [name, bytes] : file.members)
    if (name.ends_with(".csv"))
      if (*pack::member(file, pack::columns_name(name)) != pack::columns_of(bytes))
        report<"pack_file_columns">(diagnostics, place, pack::columns_name(name), name);
}

Result<std::optional<pack::Store>> opened(const Where& where, Told& told) {
  const source::Span place{.file = source::add(told.map, "store", {})};
  auto store = pack::open_store(where.disk, place, told.diagnostics);
  if (store && *store && (*store)->key.id != where.key.open.id) {
    report<"store_head">(told.diagnostics, place,
                         Words{"由另一密钥签名", "is signed by another key"});
    return std::optional<pack::Store>();
  }
  return store;
}

// The pack that the bytes are or, with the store's help, give.
Result<std::optional<PackFile>> whole(const pack::Store& store, const Where& where,
                                      std::string bytes, source::Span place, Told& told) {
  const pack::Trust trust{.root = &store.root, .now = where.now};
  auto file = pack::open(std::move(bytes), trust, place, told.diagnostics);
  if (!file || file->kind == pack::FileKind::pack)
    return file;
  const std::string base = pack::base_of(*file);
  const auto entry = std::ranges::find_if(store.log.entries, [&](const pack::LogEntry& each) {
    return each.file == base && each.kind == pack::LogEntry::Kind::install;
  });
  if (entry == store.log.entries.end()) {
    report<"store_base">(told.diagnostics, place, base.substr(0, 16));
    return std::optional<PackFile>();
  }
  auto base_bytes = pack::pack_bytes(store.disk, *entry);
  if (!base_bytes)
    return tl::unexpected(base_bytes.error());
  auto base_file = *base_bytes ? pack::open(std::move(**base_bytes), {}, place, told.diagnostics)
                               : std::optional<PackFile>();
  if (!base_file)
    return std::optional<PackFile>();
  auto made = pack::apply_delta(*base_file, *file, place, told.diagnostics);
  if (!made)
    return std::optional<PackFile>();
  return pack::open(std::move(*made), trust, place, told.diagnostics);
}

// The same bytes once more: what is proven is consumed.
std::optional<PackFile> copy_of(const PackFile& file, source::Span place, Told& told) {
  return pack::open(*file.bytes, {}, place, told.diagnostics);
}

} // namespace

Result<std::optional<std::uint64_t>> prove(PackFile file, const fs::path& place, Language language,
                                           Told& told) {
  using None = std::optional<std::uint64_t>;
  auto rules = engine::read_rules(std::move(file), place);
  if (!rules)
    return tl::unexpected(rules.error());
  if (!engine::is_ready(**rules)) {
    tell(told, **rules);
    return None();
  }
  const auto evidence = evidence_of(**rules, language, seed_of(*(*rules)->pack.packed));
  if (!evidence)
    return tl::unexpected(evidence.error());
  engine::Rules& proven = **rules;
  compare(*proven.pack.packed, *evidence, source::Span{.file = proven.pack.file},
          proven.diagnostics);
  const std::uint64_t tests = engine::program(proven).tests.size();
  if (diag::has_errors(proven.diagnostics)) {
    tell(told, proven);
    return None();
  }
  return None(tests);
}

Result<std::optional<Installed>> install(const Where& where, std::string bytes,
                                         const fs::path& place, Told& told) {
  auto store = opened(where, told);
  if (!store)
    return tl::unexpected(store.error());
  if (!*store)
    return Refused();
  const source::Span at{.file = source::add(told.map, place.string(), {})};
  auto file = whole(**store, where, std::move(bytes), at, told);
  if (!file)
    return tl::unexpected(file.error());
  if (!*file)
    return Refused();
  Installed installed{.entry = pack::entry_of(**file, pack::LogEntry::Kind::install, where.now)};
  if (!pack::may_follow(**store, installed.entry, at, told.diagnostics))
    return Refused();
  if (const auto* now = pack::in_force(**store, installed.entry.name, installed.entry.layer)) {
    installed.replaced = now->version;
    installed.was_there = now->file == installed.entry.file;
  }
  if (installed.was_there)
    return Refused(installed);
  auto copy = copy_of(**file, at, told);
  if (!copy)
    return Refused();
  const auto tests = prove(std::move(*copy), place, where.language, told);
  if (!tests)
    return tl::unexpected(tests.error());
  if (!*tests)
    return Refused();
  installed.tests = **tests;
  if (auto done = pack::put_pack(**store, where.key, **file, where.now); !done)
    return tl::unexpected(done.error());
  return Refused(installed);
}

Result<std::optional<Installed>> roll_back(const Where& where, const Wanted& wanted, Told& told) {
  auto store = opened(where, told);
  if (!store)
    return tl::unexpected(store.error());
  if (!*store)
    return Refused();
  const source::Span at{.file = source::add(told.map, wanted.name, {})};
  const auto* now = pack::in_force(**store, wanted.name, wanted.layer);
  const auto* to = now == nullptr ? nullptr : pack::earlier(**store, *now, wanted.version);
  if (to == nullptr) {
    report<"store_lacks">(told.diagnostics, at,
                          fmt::format("{}@{} {}", wanted.name, wanted.layer, wanted.version));
    return Refused();
  }
  auto bytes = pack::pack_bytes((*store)->disk, *to);
  if (!bytes)
    return tl::unexpected(bytes.error());
  // Keys may have been revoked, and files altered, since it served.
  auto file = *bytes ? pack::open(std::move(**bytes), {.root = &(*store)->root, .now = where.now},
                                  at, told.diagnostics)
                     : std::optional<PackFile>();
  if (!file || pack::entry_of(*file, to->kind, to->time) != *to) {
    if (!diag::has_errors(told.diagnostics))
      report<"store_lacks">(told.diagnostics, at, fmt::format("{} {}", to->name, to->version));
    return Refused();
  }
  Installed installed{.entry = *to, .replaced = now->version};
  const auto tests = prove(std::move(*file), to->name, where.language, told);
  if (!tests)
    return tl::unexpected(tests.error());
  if (!*tests)
    return Refused();
  installed.tests = **tests;
  const pack::LogEntry target = *to;
  if (auto done = pack::put_rollback(**store, where.key, target, where.now); !done)
    return tl::unexpected(done.error());
  return Refused(installed);
}

} // namespace sanku::deploy
