// See log.h.
#include "tools/pack/log.h"

#include "runtime/types/check.h"
#include "tools/pack/lines.h"

#include <array>

namespace sanku::pack {
namespace {

using diag::report;
using diag::Words;

constexpr std::string_view mark = "SANKU LOG 1\n", head_mark = "SANKU HEAD 1\n";
constexpr std::string_view domain = "sanku store head 1\n";

struct KindRow {
  LogEntry::Kind kind;
  std::string_view name;
};
constexpr std::array<KindRow, 4> kinds = {{{LogEntry::Kind::trust, "trust"},
                                           {LogEntry::Kind::intent, "intent"},
                                           {LogEntry::Kind::install, "install"},
                                           {LogEntry::Kind::rollback, "rollback"}}};

std::string line_of(const LogEntry& entry, std::string_view before) {
  for (const KindRow& row : kinds)
    if (row.kind == entry.kind)
      return fmt::format("{} {} {} {} {} {} {} {}\n", row.name, moment_text(entry.time), entry.name,
                         entry.layer, entry.version, entry.file, entry.manifest, before);
  unreachable("every kind of entry has a word");
}

std::optional<LogEntry> entry_of(std::string_view line) {
  const auto words = words_of(line, 8);
  if (words.size() != 8)
    return std::nullopt;
  const auto time = parse_moment(words[1]);
  for (const KindRow& row : kinds)
    if (time && row.name == words[0])
      return LogEntry{.kind = row.kind,
                      .time = *time,
                      .name = std::string(words[2]),
                      .layer = std::string(words[3]),
                      .version = std::string(words[4]),
                      .file = std::string(words[5]),
                      .manifest = std::string(words[6])};
  return std::nullopt;
}

struct Head {
  std::uint64_t entries = 0, bytes = 0;
  std::string last;
  Moment time;
};

std::string signed_head(const Head& head, std::string_view key) {
  return fmt::format("{}entries {}\nbytes {}\nlast {}\ntime {}\nkey {}\n", head_mark, head.entries,
                     head.bytes, head.last, moment_text(head.time), key);
}

std::optional<Head> read_head(std::string_view text, const PublicKey& key) {
  const auto lines = lines_of(text);
  if (lines.size() != 7)
    return std::nullopt;
  std::array<std::string_view, 7> values;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto words = words_of(lines[i], 2);
    if (words.size() != 2)
      return std::nullopt;
    values[i] = words[1];
  }
  const auto entries = whole_number(values[1]), bytes = whole_number(values[2]);
  const auto time = parse_moment(values[4]);
  const auto signature = from_hex(values[6]);
  if (!entries || !bytes || !time || !signature)
    return std::nullopt;
  const Head head{
      .entries = *entries, .bytes = *bytes, .last = std::string(values[3]), .time = *time};
  const std::string signed_part = signed_head(head, key.id);
  if (signed_part + fmt::format("sign {}\n", values[6]) != text ||
      !verifies(key, std::string(domain) + signed_part, *signature))
    return std::nullopt;
  return head;
}

std::string digest_text(std::string_view line) { return hex(sha256_of(line)); }

} // namespace

std::string_view log_mark() { return mark; }

Log empty_log() { return {.entries = {}, .last = digest_text(mark), .bytes = mark.size()}; }

std::string add_entry(Log& log, const LogEntry& entry) {
  std::string line = line_of(entry, log.last);
  log.entries.push_back(entry);
  log.last = digest_text(line);
  log.bytes += line.size();
  return line;
}

std::optional<Log> read_log(const LogTexts& texts, const PublicKey& key, source::Span place,
                            diag::Diagnostics& diagnostics) {
  const auto head = read_head(texts.head, key);
  if (!head) {
    report<"store_head">(diagnostics, place,
                         Words{"不完整，或签名不是仓库密钥的", "is damaged, or not signed by the "
                                                               "store's key"});
    return std::nullopt;
  }
  if (texts.log.size() < head->bytes) {
    report<"store_head">(diagnostics, place,
                         Words{"写明的日志比现有的长", "says more than the log holds"});
    return std::nullopt;
  }
  if (!texts.log.starts_with(mark)) {
    report<"store_log">(diagnostics, place, 1, Words{"不是 SANKU LOG 1", "is not SANKU LOG 1"});
    return std::nullopt;
  }
  Log log = empty_log();
  const auto lines = lines_of(texts.log.substr(0, head->bytes));
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto entry = entry_of(lines[i]);
    if (!entry || line_of(*entry, log.last) != std::string(lines[i]) + '\n') {
      report<"store_log">(diagnostics, place, i + 1,
                          Words{"被改动，或不接上一行", "was altered, or does not follow the one "
                                                        "before"});
      return std::nullopt;
    }
    add_entry(log, *entry);
  }
  if (log.entries.size() != head->entries || log.bytes != head->bytes || log.last != head->last) {
    report<"store_head">(diagnostics, place,
                         Words{"与日志的最后一行不符", "does not fit the last line of the log"});
    return std::nullopt;
  }
  return log;
}

std::string head_text(const Log& log, Moment time, const PrivateKey& key) {
  const std::string text = signed_head(
      {.entries = log.entries.size(), .bytes = log.bytes, .last = log.last, .time = time},
      key.open.id);
  return text + fmt::format("sign {}\n", hex(sign(key, std::string(domain) + text)));
}

} // namespace sanku::pack
