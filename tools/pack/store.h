// A store of packs: a folder with the pack files under their digests, the trust roots, and the log
// whose signed head says what is in force. Nothing is ever changed in place; the one step that puts
// a pack in force is the renaming of the head, after all that it speaks of lasts. Entries:
// open_store, put_trust, put_packs, put_rollbacks. Tested by tests/unit/tools/store_test.cpp and
// store_crash_test.cpp.
#pragma once

#include "tools/pack/container.h"
#include "tools/pack/disk.h"
#include "tools/pack/log.h"
#include "tools/pack/trust.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sanku::pack {

struct Store {
  Disk disk;
  PublicKey key;
  Log log;
  TrustRoot root;
};

[[nodiscard]] bool is_store(const std::filesystem::path& folder);

// What stands before its signed head. Empty with diagnostics: damaged. Errors are of the disk.
[[nodiscard]] Result<std::optional<Store>> open_store(Disk disk, source::Span place,
                                                      diag::Diagnostics& diagnostics);

// A new one: its key, and the root that its owner trusts.
[[nodiscard]] Result<void> make_store(const Disk& disk, const PrivateKey& key,
                                      const TrustRoot& root, Moment now);
// The next version of its root; false: it is not, which was told.
[[nodiscard]] Result<bool> put_trust(Store& store, const PrivateKey& key, const TrustRoot& next,
                                     Moment now, source::Span place,
                                     diag::Diagnostics& diagnostics);

// By name and layer.
[[nodiscard]] const LogEntry* in_force(const Store& store, std::string_view name,
                                       std::string_view layer);
// The newest of another version than what serves, or of that version; null: there is none.
[[nodiscard]] const LogEntry* earlier(const Store& store, const LogEntry& serving,
                                      std::string_view version);
// Everything that serves, in the order of name and layer.
[[nodiscard]] std::vector<LogEntry> serving(const Store& store);
// When each content first was in force: what was signed before that moment, whatever a signature
// says of its own time.
[[nodiscard]] FirstSeen first_seen(const Store& store);
// The bytes of what an entry names; they are not verified here.
[[nodiscard]] Result<std::optional<std::string>> pack_bytes(const Disk& disk,
                                                            const LogEntry& entry);

// Whether it may take the place of what serves: not older, and not another content of one version.
[[nodiscard]] bool may_follow(const Store& store, const LogEntry& next, source::Span place,
                              diag::Diagnostics& diagnostics);
[[nodiscard]] LogEntry entry_of(const PackFile& file, LogEntry::Kind kind, Moment now);

// The file of what serves once more, in place of one that was damaged or lost.
[[nodiscard]] Result<void> put_back(const Store& store, const PackFile& file);
// Intent, file, rename, commit. The store must have been opened under its lock.
[[nodiscard]] Result<void> put_pack(Store& store, const PrivateKey& key, const PackFile& file,
                                    Moment now);
// The same of several, in one step.
[[nodiscard]] Result<void> put_packs(Store& store, const PrivateKey& key,
                                     std::span<const PackFile* const> files, Moment now);
[[nodiscard]] Result<void> put_rollback(Store& store, const PrivateKey& key, const LogEntry& to,
                                        Moment now);
[[nodiscard]] Result<void> put_rollbacks(Store& store, const PrivateKey& key,
                                         std::span<const LogEntry> to, Moment now);

// Log, head and key as one text, to keep elsewhere; and whether such a text is right.
[[nodiscard]] Result<std::string> exported(const Store& store);
[[nodiscard]] std::optional<Log> read_export(std::string_view text, source::Span place,
                                             diag::Diagnostics& diagnostics);

// Below zero: `one` is the older version. Numbers between points are compared as such.
[[nodiscard]] int compare_versions(std::string_view one, std::string_view other);

} // namespace sanku::pack
