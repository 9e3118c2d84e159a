// See packed.h.
#include "tools/engine/packed.h"

#include "tools/pack/root_term.h"
#include "tools/pack/source.h"
#include "tools/pack/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <system_error>

namespace sanku::engine {
namespace {

namespace fs = std::filesystem;
using pack::PackFile;

constexpr std::string_view all_marks = "SANKU ";

bool begins_as_pack(const fs::path& file) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen(file.c_str(), "rb"),
                                                           &std::fclose);
  std::array<char, all_marks.size()> head{};
  return in != nullptr && std::fread(head.data(), 1, head.size(), in.get()) == head.size() &&
         std::string_view(head.data(), head.size()) == all_marks;
}

bool is_in_a_folder(const fs::path& place) {
  std::error_code failed;
  const fs::path here = fs::absolute(place, failed).lexically_normal();
  for (fs::path at = here; at != at.root_path(); at = at.parent_path())
    if (fs::is_regular_file(at.parent_path() / "pack.toml", failed))
      return true;
  return false;
}

// The store that a place names, and what of it.
struct InStore {
  fs::path store;
  std::string name, layer;
};

std::optional<InStore> in_store(const fs::path& written) {
  fs::path place = written.lexically_normal();
  if (!place.has_filename())
    place = place.parent_path();
  if (pack::is_store(place))
    return InStore{.store = place, .name = {}, .layer = {}};
  const fs::path folder = place.has_parent_path() ? place.parent_path() : fs::path(".");
  if (!pack::is_store(folder))
    return std::nullopt;
  const std::string name = place.filename().string();
  const std::size_t at = name.find('@');
  return InStore{.store = folder,
                 .name = name.substr(0, at),
                 .layer = at == std::string::npos ? std::string() : name.substr(at + 1)};
}

// The one entry that is meant.
std::optional<pack::LogEntry> meant(const pack::Store& store, const InStore& what) {
  std::vector<pack::LogEntry> all = pack::serving(store);
  std::erase_if(all, [&](const pack::LogEntry& entry) {
    return (!what.name.empty() && entry.name != what.name) ||
           (!what.layer.empty() && entry.layer != what.layer);
  });
  if (all.size() != 1)
    return std::nullopt;
  return all.front();
}

Result<std::optional<PackFile>> open_stored(const InStore& what, source::SourceMap& map,
                                            diag::Diagnostics& diagnostics, pack::Moment now) {
  const source::Span place{.file = source::add(map, what.store.string(), {})};
  auto store = pack::open_store(pack::real_disk(what.store), place, diagnostics);
  if (!store)
    return tl::unexpected(store.error());
  if (!*store)
    return std::optional<PackFile>();
  const auto entry = meant(**store, what);
  auto bytes = entry ? pack::pack_bytes((*store)->disk, *entry) : std::optional<std::string>();
  if (!bytes)
    return tl::unexpected(bytes.error());
  if (!*bytes) {
    const std::string name = what.name.empty() ? std::string("NAME") : what.name;
    diag::report<"store_lacks">(diagnostics, place, name);
    return std::optional<PackFile>();
  }
  if (pack::hex(pack::sha256_of(**bytes)) != entry->file) {
    diag::report<"pack_file_digest">(diagnostics, place, entry->name, "SHA-256");
    return std::optional<PackFile>();
  }
  const pack::FirstSeen seen = pack::first_seen(**store);
  return pack::open(std::move(**bytes), {.root = &(*store)->root, .now = now, .seen = &seen}, place,
                    diagnostics);
}

} // namespace

bool is_packed(const fs::path& place) {
  std::error_code failed;
  if (fs::is_regular_file(place, failed))
    return begins_as_pack(place) || !is_in_a_folder(place);
  return in_store(place).has_value();
}

Result<fs::path> below_in_store(const fs::path& place, const pack::Pin& pin, source::SourceMap& map,
                                diag::Diagnostics& diagnostics) {
  const auto of = in_store(place);
  if (!of)
    return fs::path();
  const source::Span at{.file = source::add(map, of->store.string(), {})};
  const auto store = pack::open_store(pack::real_disk(of->store), at, diagnostics);
  if (!store)
    return tl::unexpected(store.error());
  if (!*store)
    return fs::path();
  fs::path found;
  for (const pack::LogEntry& entry : pack::serving(**store)) {
    const bool is_it = entry.manifest == pack::hex(pin.manifest.sha256);
    if (is_it || (found.empty() && entry.name == pin.name))
      found = of->store / fmt::format("{}@{}", entry.name, entry.layer);
    if (is_it)
      break;
  }
  return found;
}

std::optional<pack::TrustRoot> read_trust_root(const fs::path& file, pack::Moment now,
                                               source::SourceMap& map,
                                               diag::Diagnostics& diagnostics) {
  const auto text = pack::read_whole(file, pack::Limits{}.manifest);
  const source::Span place{.file = source::add(map, file.string(), text ? *text : std::string())};
  if (!text) {
    diag::report<"trust_form">(diagnostics, place, 1,
                               diag::Words{text.error().zh, text.error().en});
    return std::nullopt;
  }
  auto root = pack::read_root(*text, place, diagnostics);
  if (root && !pack::signers_hold(*root, *root, now, place, diagnostics))
    return std::nullopt;
  return root;
}

Result<std::optional<PackFile>> open_packed(const fs::path& place, source::SourceMap& map,
                                            diag::Diagnostics& diagnostics,
                                            const PackTrust& trust) {
  if (const auto stored = in_store(place))
    return open_stored(*stored, map, diagnostics, trust.now);
  auto bytes = pack::read_whole(place, pack::Limits{}.bytes);
  if (!bytes)
    return tl::unexpected(bytes.error());
  const source::Span at{.file = source::add(map, place.string(), {})};
  if (trust.root.empty() && bytes->starts_with(all_marks)) {
    diag::report<"trust_absent">(diagnostics, at, place.string());
    return std::optional<PackFile>();
  }
  const auto root = trust.root.empty() ? std::optional<pack::TrustRoot>()
                                       : read_trust_root(trust.root, trust.now, map, diagnostics);
  if (!root && !trust.root.empty())
    return std::optional<PackFile>();
  return pack::open(std::move(*bytes), {.root = root ? &*root : nullptr, .now = trust.now}, at,
                    diagnostics);
}

} // namespace sanku::engine
