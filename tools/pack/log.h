// The log of a store of packs: a line an entry, each with the digest of the line before, and the
// head, which says how far the log goes and is signed by the store's key. What stands behind the
// head never came into force. Entries: read_log, entry_line, head_text. Tested by
// tests/unit/tools/store_test.cpp.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "tools/pack/keys.h"
#include "tools/pack/moment.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::pack {

struct LogEntry {
  enum class Kind : std::uint8_t {
    trust,    // a trust root came into force: `version`, `file`
    intent,   // a pack is about to be put there
    install,  // it is in force
    rollback, // an older one is in force again, on purpose
  };
  Kind kind = Kind::intent;
  Moment time;
  std::string name, layer, version; // `-` where there is none
  std::string file;                 // SHA-256 of the file
  std::string manifest;             // of its manifest, or `-`

  friend bool operator==(const LogEntry&, const LogEntry&) = default;
};

struct Log {
  std::vector<LogEntry> entries;
  std::string last;        // digest of the last line; of an empty log that of its mark
  std::uint64_t bytes = 0; // of all lines
};
[[nodiscard]] Log empty_log();
// Of an empty log.
[[nodiscard]] std::string_view log_mark();
// Adds the entry; gives its line.
std::string add_entry(Log& log, const LogEntry& entry);

// The lines that the head covers.
struct LogTexts {
  std::string_view log, head;
};
[[nodiscard]] std::optional<Log> read_log(const LogTexts& texts, const PublicKey& key,
                                          source::Span place, diag::Diagnostics& diagnostics);
[[nodiscard]] std::string head_text(const Log& log, Moment time, const PrivateKey& key);

} // namespace sanku::pack
