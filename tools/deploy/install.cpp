// See install.h.
#include "tools/deploy/install.h"

#include "tools/deploy/standing.h"
#include "tools/pack/delta.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::deploy {
namespace {

using diag::report;
using diag::Words;
using pack::PackFile;

// One of the packs that come into force together.
struct Candidate {
  PackFile file;
  std::filesystem::path place;
  Installed installed;
};

// What is tried: the store, what comes, and what will serve with it.
struct Step {
  const Where& where;
  Told& told;
  pack::Store store;
  std::vector<Standing> standing;
  std::vector<Candidate> candidates = {};
};

Outcome refused() { return std::optional<std::vector<Installed>>(); }

std::string label(const pack::LogEntry& entry) {
  return fmt::format("{} {} ({})", entry.name, entry.version, entry.layer);
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
  const pack::FirstSeen seen = pack::first_seen(store);
  const pack::Trust trust{.root = &store.root, .now = where.now, .seen = &seen};
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

// The store, and what serves in it.
Result<std::optional<Step>> begun(const Where& where, Told& told) {
  auto store = opened(where, told);
  if (!store)
    return tl::unexpected(store.error());
  if (!*store)
    return std::optional<Step>();
  auto standing = standing_of(**store);
  if (!standing)
    return tl::unexpected(standing.error());
  return std::optional(Step{
      .where = where, .told = told, .store = std::move(**store), .standing = std::move(*standing)});
}

// Whether nothing of its name and layer comes in this step already.
bool is_once(const Step& step, const pack::LogEntry& entry, source::Span at) {
  const bool is_twice = std::ranges::any_of(step.candidates, [&](const Candidate& each) {
    return each.installed.entry.name == entry.name && each.installed.entry.layer == entry.layer;
  });
  if (is_twice)
    report<"store_twice">(step.told.diagnostics, at,
                          fmt::format("{} ({})", entry.name, entry.layer));
  return !is_twice;
}

void add(Step& step, Candidate candidate) {
  if (!candidate.installed.was_there)
    replace(step.standing, {.entry = candidate.installed.entry,
                            .pin = pack::pin_of(candidate.file.manifest),
                            .is_new = true});
  else if (candidate.installed.was_repaired)
    replace(step.standing,
            {.entry = candidate.installed.entry, .pin = pack::pin_of(candidate.file.manifest)});
  step.candidates.push_back(std::move(candidate));
}

// A pack of what will serve, opened once more: what is proven is consumed.
Result<std::optional<PackFile>> opened(const Step& step, const pack::LogEntry& entry) {
  const source::Span at{.file = source::add(step.told.map, label(entry), {})};
  for (const Candidate& each : step.candidates)
    if (each.installed.entry.file == entry.file)
      return pack::open(*each.file.bytes, {}, at, step.told.diagnostics);
  auto bytes = pack::pack_bytes(step.store.disk, entry);
  if (!bytes)
    return tl::unexpected(bytes.error());
  const pack::FirstSeen seen = pack::first_seen(step.store);
  if (*bytes)
    return pack::open(std::move(**bytes),
                      {.root = &step.store.root, .now = step.where.now, .seen = &seen}, at,
                      step.told.diagnostics);
  report<"store_lacks">(step.told.diagnostics, at, label(entry));
  return std::optional<PackFile>();
}

// What it lies on, down to a pack that lies on none. Empty: refused.
Result<std::optional<std::vector<PackFile>>> bases_of(const Step& step, const PackFile& file) {
  std::vector<PackFile> bases;
  for (auto pin = pack::pin_of(file.manifest); pin; pin = pack::pin_of(bases.back().manifest)) {
    const Standing* below = found(step.standing, *pin);
    if (below == nullptr) {
      report<"store_lacks">(step.told.diagnostics, {}, pack::pin_text(*pin));
      return std::optional<std::vector<PackFile>>();
    }
    auto made = opened(step, below->entry);
    if (!made)
      return tl::unexpected(made.error());
    if (!*made)
      return std::optional<std::vector<PackFile>>();
    bases.push_back(std::move(**made));
  }
  return std::optional(std::move(bases));
}

// Compiles, tests and compares one. False: refused.
Result<bool> is_proven(const Step& step, Candidate& candidate) {
  auto bases = bases_of(step, candidate.file);
  if (!bases)
    return tl::unexpected(bases.error());
  if (!*bases)
    return false;
  auto file = opened(step, candidate.installed.entry);
  if (!file)
    return tl::unexpected(file.error());
  if (!*file)
    return false;
  const auto evidence =
      prove({.file = std::move(**file), .bases = std::move(**bases), .place = candidate.place},
            step.where.language, step.where.most_seconds, step.told);
  if (!evidence)
    return tl::unexpected(evidence.error());
  if (*evidence) {
    candidate.installed.tests = (*evidence)->tests;
    candidate.installed.is_compiled = (*evidence)->is_compiled;
  }
  return evidence->has_value();
}

// Whether what comes may come: everything lies on what it is pinned to, and each proves true.
Result<bool> is_accepted(Step& step) {
  const source::Span at{.file = source::add(step.told.map, "store", {})};
  if (!are_whole(step.standing, at, step.told.diagnostics) ||
      !stands(step.standing, at, step.told.diagnostics))
    return false;
  for (Candidate& each : step.candidates) {
    if (each.installed.was_there)
      continue;
    const auto proven = is_proven(step, each);
    if (!proven || !*proven)
      return proven;
  }
  return true;
}

Outcome done(Step& step) {
  std::vector<Installed> all;
  for (Candidate& each : step.candidates)
    all.push_back(std::move(each.installed));
  return std::optional(std::move(all));
}

// Whether the file of what serves is what the log says.
bool is_whole(const std::vector<Standing>& standing, const pack::LogEntry& entry) {
  return std::ranges::any_of(standing, [&](const Standing& each) {
    return each.entry.file == entry.file && each.state == FileState::whole;
  });
}

// Why there is nothing to go back to.
void tell_none(const Wanted& wanted, const pack::LogEntry* now, source::Span at, Told& told) {
  if (now != nullptr && wanted.version.empty()) {
    const std::string serves = label(*now);
    report<"store_lacks">(
        told.diagnostics, at,
        Words{fmt::format("早于 {} 的版本", serves), fmt::format("version before {}", serves)});
    return;
  }
  std::string what = wanted.name;
  if (const std::string layer = now != nullptr ? now->layer : wanted.layer; !layer.empty())
    what += '@' + layer;
  if (!wanted.version.empty())
    what += ' ' + wanted.version;
  report<"store_lacks">(told.diagnostics, at, what);
}

// What a rollback leads to; empty: refused.
Result<std::optional<Candidate>> earlier(const Step& step, const Wanted& wanted, source::Span at) {
  using None = std::optional<Candidate>;
  const pack::LogEntry* now = nullptr;
  std::size_t layers = 0;
  for (const Standing& each : step.standing)
    if (each.entry.name == wanted.name &&
        (wanted.layer.empty() || each.entry.layer == wanted.layer)) {
      now = pack::in_force(step.store, wanted.name, each.entry.layer);
      ++layers;
    }
  const pack::LogEntry* to =
      layers == 1 ? pack::earlier(step.store, *now, wanted.version) : nullptr;
  if (to == nullptr) {
    tell_none(wanted, layers == 1 ? now : nullptr, at, step.told);
    return None();
  }
  auto bytes = pack::pack_bytes(step.store.disk, *to);
  if (!bytes)
    return tl::unexpected(bytes.error());
  // Keys may have been revoked, and files altered, since it served.
  const pack::FirstSeen seen = pack::first_seen(step.store);
  auto file = *bytes ? pack::open(std::move(**bytes),
                                  {.root = &step.store.root, .now = step.where.now, .seen = &seen},
                                  at, step.told.diagnostics)
                     : std::optional<PackFile>();
  if (!file || pack::entry_of(*file, to->kind, to->time) != *to) {
    if (!diag::has_errors(step.told.diagnostics))
      report<"store_lacks">(step.told.diagnostics, at, label(*to));
    return None();
  }
  return None(Candidate{.file = std::move(*file),
                        .place = to->name,
                        .installed = {.entry = *to, .replaced = now->version}});
}

} // namespace

Outcome install(const Where& where, std::vector<Coming> coming, Told& told) {
  auto step = begun(where, told);
  if (!step)
    return tl::unexpected(step.error());
  if (!*step)
    return refused();
  pack::Store& store = (*step)->store;
  for (Coming& each : coming) {
    const source::Span at{.file = source::add(told.map, each.place.string(), {})};
    auto file = whole(store, where, std::move(each.bytes), at, told);
    if (!file)
      return tl::unexpected(file.error());
    if (!*file)
      return refused();
    Installed installed{.entry = pack::entry_of(**file, pack::LogEntry::Kind::install, where.now)};
    if (!is_once(**step, installed.entry, at) ||
        !pack::may_follow(store, installed.entry, at, told.diagnostics))
      return refused();
    if (const auto* now = pack::in_force(store, installed.entry.name, installed.entry.layer)) {
      installed.replaced = now->version;
      installed.was_there = now->file == installed.entry.file;
      installed.was_repaired = installed.was_there && !is_whole((*step)->standing, *now);
    }
    add(**step,
        {.file = std::move(**file), .place = each.place, .installed = std::move(installed)});
  }
  const auto accepted = is_accepted(**step);
  if (!accepted)
    return tl::unexpected(accepted.error());
  if (!*accepted)
    return refused();
  for (const Candidate& each : (*step)->candidates)
    if (each.installed.was_repaired)
      if (auto put = pack::put_back(store, each.file); !put)
        return tl::unexpected(put.error());
  std::vector<const PackFile*> files;
  for (const Candidate& each : (*step)->candidates)
    if (!each.installed.was_there)
      files.push_back(&each.file);
  if (files.empty())
    return done(**step);
  if (auto put = pack::put_packs(store, where.key, files, where.now); !put)
    return tl::unexpected(put.error());
  return done(**step);
}

Outcome roll_back(const Where& where, const std::vector<Wanted>& wanted, Told& told) {
  auto step = begun(where, told);
  if (!step)
    return tl::unexpected(step.error());
  if (!*step)
    return refused();
  std::vector<pack::LogEntry> to;
  for (const Wanted& each : wanted) {
    const source::Span at{.file = source::add(told.map, each.name, {})};
    auto candidate = earlier(**step, each, at);
    if (!candidate)
      return tl::unexpected(candidate.error());
    if (!*candidate || !is_once(**step, (*candidate)->installed.entry, at))
      return refused();
    to.push_back((*candidate)->installed.entry);
    add(**step, std::move(**candidate));
  }
  const auto accepted = is_accepted(**step);
  if (!accepted)
    return tl::unexpected(accepted.error());
  if (!*accepted)
    return refused();
  if (auto put = pack::put_rollbacks((*step)->store, where.key, to, where.now); !put)
    return tl::unexpected(put.error());
  return done(**step);
}

} // namespace sanku::deploy
