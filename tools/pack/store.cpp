// See store.h.
#include "tools/pack/store.h"

#include "runtime/types/check.h"
#include "tools/pack/lines.h"
#include "tools/pack/root_term.h"

#include <algorithm>
#include <map>

namespace sanku::pack {
namespace {

namespace fs = std::filesystem;
using diag::report;
using diag::Words;

constexpr const char *log_file = "log", *head_file = "head", *key_file = "key.pub";
constexpr const char *packs_folder = "packs", *trust_folder = "trust";
constexpr std::string_view unfinished = ".part";

std::string pack_path(std::string_view digest) { return fmt::format("packs/{}", digest); }
std::string trust_path(std::string_view digest) { return fmt::format("trust/{}", digest); }

// A file that lasts under its name, or is not there.
Result<void> put_file(const Disk& disk, const std::string& folder, const std::string& path,
                      std::string_view bytes) {
  const std::string part = path + std::string(unfinished);
  if (auto done = disk.write(part, bytes); !done)
    return done;
  if (auto done = disk.sync(part); !done)
    return done;
  if (auto done = disk.rename(part, path); !done)
    return done;
  return disk.sync_folder(folder);
}

// Lines behind what the head covers never came into force: they go.
Result<void> append(Store& store, const LogEntry& entry) {
  const std::uint64_t before = store.log.bytes;
  const std::string line = add_entry(store.log, entry);
  if (auto done = store.disk.append(log_file, before, line); !done)
    return done;
  return store.disk.sync(log_file);
}

// From here on the log's last line counts.
Result<void> commit(const Disk& disk, const Log& log, const PrivateKey& key, Moment now) {
  return put_file(disk, ".", head_file, head_text(log, now, key));
}

// What an installation that was stopped left behind.
Result<void> tidy(const Store& store, const std::string& folder) {
  const auto names = store.disk.list(folder);
  if (!names)
    return tl::unexpected(names.error());
  for (const std::string& name : *names) {
    const bool is_known = std::ranges::any_of(
        store.log.entries, [&](const LogEntry& entry) { return entry.file == name; });
    if (is_known)
      continue;
    if (auto done = store.disk.remove(fmt::format("{}/{}", folder, name)); !done)
      return done;
  }
  return {};
}

std::optional<std::string> read_there(const Disk& disk, const std::string& name, source::Span place,
                                      diag::Diagnostics& diagnostics,
                                      std::optional<Error>& failed) {
  auto text = disk.read(name);
  if (!text) {
    failed = text.error();
    return std::nullopt;
  }
  if (!*text)
    report<"store_head">(diagnostics, place,
                         Words{fmt::format("不完整：缺少 {}", name),
                               fmt::format("is damaged: `{}` is missing", name)});
  return std::move(*text);
}

LogEntry trust_entry(const TrustRoot& root, const std::string& text, Moment now) {
  return {.kind = LogEntry::Kind::trust,
          .time = now,
          .name = "-",
          .layer = "-",
          .version = fmt::format("{}", root.version),
          .file = hex(sha256_of(text)),
          .manifest = "-"};
}

// The root that the last such entry names.
std::optional<TrustRoot> trusted(const Disk& disk, const Log& log, source::Span place,
                                 diag::Diagnostics& diagnostics, std::optional<Error>& failed) {
  const auto last =
      std::find_if(log.entries.rbegin(), log.entries.rend(),
                   [](const LogEntry& entry) { return entry.kind == LogEntry::Kind::trust; });
  if (last == log.entries.rend()) {
    report<"store_log">(diagnostics, place, 2, Words{"没有信任根", "names no trust root"});
    return std::nullopt;
  }
  const auto text = read_there(disk, trust_path(last->file), place, diagnostics, failed);
  if (!text)
    return std::nullopt;
  if (hex(sha256_of(*text)) != last->file) {
    report<"pack_file_digest">(diagnostics, place, trust_path(last->file), "SHA-256");
    return std::nullopt;
  }
  return read_root(*text, place, diagnostics);
}

bool is_commit(const LogEntry& entry) {
  return entry.kind == LogEntry::Kind::install || entry.kind == LogEntry::Kind::rollback;
}

bool is_of(const LogEntry& entry, std::string_view name, std::string_view layer) {
  return is_commit(entry) && entry.name == name && entry.layer == layer;
}

} // namespace

bool is_store(const fs::path& folder) {
  std::error_code failed;
  return fs::is_regular_file(folder / head_file, failed) &&
         fs::is_regular_file(folder / log_file, failed) &&
         fs::is_directory(folder / packs_folder, failed);
}

Result<std::optional<Store>> open_store(Disk disk, source::Span place,
                                        diag::Diagnostics& diagnostics) {
  std::optional<Error> failed;
  const auto none = [&]() -> Result<std::optional<Store>> {
    if (failed)
      return tl::unexpected(*failed);
    return std::optional<Store>();
  };
  // The head first: what it covers is in the log, whatever is added to that meanwhile.
  const auto head = read_there(disk, head_file, place, diagnostics, failed);
  const auto pem = head ? read_there(disk, key_file, place, diagnostics, failed) : std::nullopt;
  const auto text = pem ? read_there(disk, log_file, place, diagnostics, failed) : std::nullopt;
  if (!text)
    return none();
  auto key = read_public(*pem, key_file, place, diagnostics);
  if (!key)
    return none();
  auto log = read_log({.log = *text, .head = *head}, *key, place, diagnostics);
  if (!log)
    return none();
  auto root = trusted(disk, *log, place, diagnostics, failed);
  if (!root)
    return none();
  return std::optional(Store{.disk = std::move(disk),
                             .key = std::move(*key),
                             .log = std::move(*log),
                             .root = std::move(*root)});
}

Result<void> make_store(const Disk& disk, const PrivateKey& key, const TrustRoot& root,
                        Moment now) {
  const std::string text = root_text(root);
  Log log = empty_log();
  const LogEntry entry = trust_entry(root, text, now);
  const std::string lines = std::string(log_mark()) + add_entry(log, entry);
  for (const char* folder : {".", packs_folder, trust_folder})
    if (auto done = disk.make_folder(folder); !done)
      return done;
  if (auto done = put_file(disk, trust_folder, trust_path(entry.file), text); !done)
    return done;
  if (auto done = put_file(disk, ".", key_file, public_pem(key.open)); !done)
    return done;
  if (auto done = put_file(disk, ".", log_file, lines); !done)
    return done;
  return commit(disk, log, key, now);
}

Result<bool> put_trust(Store& store, const PrivateKey& key, const TrustRoot& next, Moment now,
                       source::Span place, diag::Diagnostics& diagnostics) {
  if (!follows(store.root, next, place, diagnostics) ||
      !is_current(next, now, place, diagnostics) ||
      !signers_hold(store.root, next, now, place, diagnostics) ||
      !signers_hold(next, next, now, place, diagnostics))
    return false;
  const std::string text = root_text(next);
  const LogEntry entry = trust_entry(next, text, now);
  if (auto done = put_file(store.disk, trust_folder, trust_path(entry.file), text); !done)
    return tl::unexpected(done.error());
  if (auto done = append(store, entry); !done)
    return tl::unexpected(done.error());
  if (auto done = commit(store.disk, store.log, key, now); !done)
    return tl::unexpected(done.error());
  store.root = next;
  return true;
}

const LogEntry* in_force(const Store& store, std::string_view name, std::string_view layer) {
  for (auto entry = store.log.entries.rbegin(); entry != store.log.entries.rend(); ++entry)
    if (is_of(*entry, name, layer))
      return &*entry;
  return nullptr;
}

const LogEntry* earlier(const Store& store, const LogEntry& serving, std::string_view version) {
  const LogEntry* found = nullptr;
  for (const LogEntry& entry : store.log.entries) {
    if (!is_of(entry, serving.name, serving.layer) || entry.manifest == serving.manifest)
      continue;
    const bool is_wanted = version.empty() ? compare_versions(entry.version, serving.version) < 0
                                           : entry.version == version;
    if (is_wanted && (found == nullptr || compare_versions(entry.version, found->version) >= 0))
      found = &entry;
  }
  return found;
}

std::vector<LogEntry> serving(const Store& store) {
  std::map<std::pair<std::string, std::string>, LogEntry> last;
  for (const LogEntry& entry : store.log.entries)
    if (is_commit(entry))
      last[{entry.name, entry.layer}] = entry;
  std::vector<LogEntry> found;
  for (const auto& [key, entry] : last)
    found.push_back(entry);
  return found;
}

FirstSeen first_seen(const Store& store) {
  FirstSeen seen;
  for (const LogEntry& entry : store.log.entries)
    if (entry.kind == LogEntry::Kind::install)
      seen.emplace(entry.manifest, entry.time);
  return seen;
}

Result<std::optional<std::string>> pack_bytes(const Disk& disk, const LogEntry& entry) {
  return disk.read(pack_path(entry.file));
}

bool may_follow(const Store& store, const LogEntry& next, source::Span place,
                diag::Diagnostics& diagnostics) {
  const LogEntry* now = in_force(store, next.name, next.layer);
  if (now != nullptr && compare_versions(next.version, now->version) < 0) {
    report<"store_older">(diagnostics, place, next.name, next.version, now->version);
    return false;
  }
  for (const LogEntry& entry : store.log.entries)
    if (is_of(entry, next.name, next.layer) && entry.version == next.version &&
        entry.manifest != next.manifest) {
      report<"store_same">(diagnostics, place, next.name, next.version);
      return false;
    }
  return true;
}

LogEntry entry_of(const PackFile& file, LogEntry::Kind kind, Moment now) {
  return {.kind = kind,
          .time = now,
          .name = std::string(fact(file.manifest, "name")),
          .layer = std::string(fact(file.manifest, "layer")),
          .version = std::string(fact(file.manifest, "version")),
          .file = hex(identity(file).sha256),
          .manifest = hex(sha256_of(file.manifest_text))};
}

Result<void> put_back(const Store& store, const PackFile& file) {
  return put_file(store.disk, packs_folder, pack_path(hex(identity(file).sha256)), *file.bytes);
}

Result<void> put_pack(Store& store, const PrivateKey& key, const PackFile& file, Moment now) {
  const PackFile* const one = &file;
  return put_packs(store, key, std::span(&one, 1), now);
}

Result<void> put_packs(Store& store, const PrivateKey& key, std::span<const PackFile* const> files,
                       Moment now) {
  if (auto done = tidy(store, packs_folder); !done)
    return done;
  for (const PackFile* file : files)
    if (auto done = append(store, entry_of(*file, LogEntry::Kind::intent, now)); !done)
      return done;
  for (const PackFile* file : files)
    if (auto done = put_file(store.disk, packs_folder, pack_path(hex(identity(*file).sha256)),
                             *file->bytes);
        !done)
      return done;
  for (const PackFile* file : files)
    if (auto done = append(store, entry_of(*file, LogEntry::Kind::install, now)); !done)
      return done;
  return commit(store.disk, store.log, key, now);
}

Result<void> put_rollback(Store& store, const PrivateKey& key, const LogEntry& to, Moment now) {
  return put_rollbacks(store, key, std::span(&to, 1), now);
}

Result<void> put_rollbacks(Store& store, const PrivateKey& key, std::span<const LogEntry> to,
                           Moment now) {
  for (LogEntry entry : to) {
    entry.kind = LogEntry::Kind::rollback;
    entry.time = now;
    if (auto done = append(store, entry); !done)
      return done;
  }
  return commit(store.disk, store.log, key, now);
}

Result<std::string> exported(const Store& store) {
  const auto head = store.disk.read(head_file), text = store.disk.read(log_file);
  if (!head || !text)
    return tl::unexpected(!head ? head.error() : text.error());
  check(head->has_value() && text->has_value(), "a store that was opened has a head and a log");
  return **head + public_pem(store.key) + (*text)->substr(0, store.log.bytes);
}

std::optional<Log> read_export(std::string_view text, source::Span place,
                               diag::Diagnostics& diagnostics) {
  const std::size_t pem = text.find("-----BEGIN"), log = text.find(log_mark());
  if (pem == std::string_view::npos || log == std::string_view::npos || log < pem) {
    report<"store_log">(diagnostics, place, 1, Words{"不是导出的日志", "is no exported log"});
    return std::nullopt;
  }
  const auto key = read_public(text.substr(pem, log - pem), key_file, place, diagnostics);
  if (!key)
    return std::nullopt;
  if (public_pem(*key) != text.substr(pem, log - pem)) {
    report<"store_log">(diagnostics, place, 1, Words{"不是导出的日志", "is no exported log"});
    return std::nullopt;
  }
  return read_log({.log = text.substr(log), .head = text.substr(0, pem)}, *key, place, diagnostics);
}

int compare_versions(std::string_view one, std::string_view other) {
  while (!one.empty() || !other.empty()) {
    const auto part = [](std::string_view& text) {
      const std::size_t end = text.find('.');
      const std::string_view taken = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      return taken;
    };
    const std::string_view left = part(one), right = part(other);
    const auto left_number = whole_number(left), right_number = whole_number(right);
    if (left_number && right_number && *left_number != *right_number)
      return *left_number < *right_number ? -1 : 1;
    if (!(left_number && right_number) && left != right)
      return left < right ? -1 : 1;
  }
  return 0;
}

} // namespace sanku::pack
