// See standing.h.
#include "tools/deploy/standing.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::deploy {
namespace {

using diag::report;

std::string label(const pack::LogEntry& entry) {
  return fmt::format("{} {}", entry.name, entry.version);
}

// The one that would serve under the name: its only one, or that of the widest layer.
const Standing* by_name(const std::vector<Standing>& all, const std::string& name) {
  const auto found = std::ranges::find(
      all, name, [](const Standing& each) -> const std::string& { return each.entry.name; });
  return found == all.end() ? nullptr : &*found;
}

// Why what comes into force has nothing to lie on.
void tell_new(const Standing& above, const Standing* below, source::Span place,
              diag::Diagnostics& diagnostics) {
  const pack::Pin& pin = *above.pin;
  const std::string& name = above.entry.name;
  if (below == nullptr)
    report<"pin_absent">(
        diagnostics, place, name, fmt::format("{} {}", pin.name, pack::versions_text(pin.versions)),
        diag::Words{"仓库中没有在用的该规则包", "none of that name serves in the store"});
  else if (!pack::has_version(pin.versions, below->entry.version))
    report<"pin_version">(diagnostics, place, name, pin.name, pack::versions_text(pin.versions),
                          below->entry.version);
  else
    report<"pin_digest">(diagnostics, place, name, label(below->entry),
                         pack::hex(pin.manifest.sha256).substr(0, 16),
                         below->entry.manifest.substr(0, 16));
}

} // namespace

Result<std::vector<Standing>> standing_of(const pack::Store& store) {
  std::vector<Standing> all;
  for (const pack::LogEntry& entry : pack::serving(store)) {
    const auto bytes = pack::pack_bytes(store.disk, entry);
    if (!bytes)
      return tl::unexpected(bytes.error());
    Standing standing{.entry = entry};
    diag::Diagnostics none; // the digest says all that there is to say of such a file
    const bool is_it = *bytes && pack::hex(pack::sha256_of(**bytes)) == entry.file;
    const auto manifest =
        is_it ? pack::manifest_of(**bytes, {}, none) : std::optional<pack::Manifest>();
    if (manifest)
      standing.pin = pack::pin_of(*manifest);
    else
      standing.state = *bytes ? FileState::damaged : FileState::lost;
    all.push_back(std::move(standing));
  }
  return all;
}

bool are_whole(const std::vector<Standing>& all, source::Span place,
               diag::Diagnostics& diagnostics) {
  bool are = true;
  for (const Standing& each : all) {
    if (each.state == FileState::whole)
      continue;
    report<"store_file">(diagnostics, place, label(each.entry), each.entry.file.substr(0, 16),
                         each.state == FileState::lost ? diag::Words{"缺失", "is missing"}
                                                       : diag::Words{"已损坏", "is damaged"});
    are = false;
  }
  return are;
}

Result<bool> are_taken(const pack::Store& store, const std::vector<Standing>& all, pack::Moment now,
                       source::Span place, diag::Diagnostics& diagnostics) {
  const pack::FirstSeen seen = pack::first_seen(store);
  bool are = true;
  for (const Standing& each : all) {
    if (each.state != FileState::whole)
      continue;
    const auto bytes = pack::pack_bytes(store.disk, each.entry);
    if (!bytes)
      return tl::unexpected(bytes.error());
    if (!*bytes || pack::is_vouched_for(**bytes, {.root = &store.root, .now = now, .seen = &seen},
                                        place, diagnostics))
      continue;
    report<"store_refused">(diagnostics, place, store.root.version, label(each.entry));
    are = false;
  }
  return are;
}

void replace(std::vector<Standing>& all, Standing next) {
  const auto old = std::ranges::find_if(all, [&](const Standing& each) {
    return each.entry.name == next.entry.name && each.entry.layer == next.entry.layer;
  });
  if (old != all.end())
    *old = std::move(next);
  else
    all.push_back(std::move(next));
}

const Standing* found(const std::vector<Standing>& all, const pack::Pin& pin) {
  const auto it = std::ranges::find_if(all, [&](const Standing& each) {
    return each.entry.name == pin.name && pack::has_version(pin.versions, each.entry.version) &&
           each.entry.manifest == pack::hex(pin.manifest.sha256);
  });
  return it == all.end() ? nullptr : &*it;
}

bool stands(const std::vector<Standing>& all, source::Span place, diag::Diagnostics& diagnostics) {
  bool do_all = true;
  for (const Standing& above : all) {
    if (!above.pin || found(all, *above.pin) != nullptr)
      continue;
    const Standing* below = by_name(all, above.pin->name);
    if (above.is_new)
      tell_new(above, below, place, diagnostics);
    else if (below != nullptr && below->is_new)
      report<"store_pinned">(
          diagnostics, place, label(above.entry),
          fmt::format("{} {}", above.pin->name, pack::versions_text(above.pin->versions)),
          label(below->entry));
    else
      continue;
    do_all = false;
  }
  return do_all;
}

} // namespace sanku::deploy
