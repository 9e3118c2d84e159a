// The reader of the national audit interface as NDJSON: one `data` node of 3101/3102 a line. A line
// is all or nothing: every encounter of it becomes a visit, or the whole line goes to the rejects
// with line, byte offset and reason.
#pragma once

#include "runtime/batch/batch.h"
#include "runtime/schema/schema.h"
#include "runtime/types/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::io {

struct CsvLayout;
class BlockFile;

struct Reject {
  std::string file = {};    // which of several; empty when there is one
  std::uint64_t line = 0;   // from 1
  std::uint64_t offset = 0; // byte of the line's first character
  std::string reason_en, reason_zh;
  std::string text; // the record as it came, cut at 64 KiB
};

// Read = evaluated visits' records + rejected + context-only; asserted by the engine.
struct ReadCounts {
  std::uint64_t records = 0; // non-blank lines
  std::uint64_t rejected = 0;
  std::uint64_t encounters = 0; // visits made
  std::uint64_t context = 0;    // encounters of a request that are not the current one
};

// Cuts a byte stream into chunks of whole lines, about `chunk_bytes` each, in bounded memory: a
// line longer than `max_line_bytes` becomes a chunk flagged `too_long` with its head only.
// Thread-safe use is the caller's business.
struct Chunk {
  std::string text;
  std::uint64_t index = 0;      // 0, 1, 2 …
  std::uint64_t offset = 0;     // byte of the first character in the file
  std::uint64_t first_line = 0; // from 1
  bool too_long = false;
  // A folder of CSV files: `text` is packed rows (packed_rows.h) instead of lines, each
  // settlement's row before those of its lists.
  const CsvLayout* layout = nullptr;
  // A block file: `text` is one of its blocks, `offset` the number of its first record.
  const BlockFile* blocks = nullptr;
  std::optional<std::uint64_t> source_bytes = {}; // of the input; none: as many as `text` has
};
class LineChunks {
public:
  // `read(buffer, capacity)` returns bytes read, 0 at the end, negative on error.
  explicit LineChunks(std::function<std::int64_t(char*, std::size_t)> read,
                      std::size_t chunk_bytes = 1u << 20, std::size_t max_line_bytes = 64u << 20);
  // False at the end. An Error when the source fails.
  [[nodiscard]] Result<bool> next(Chunk& chunk);

private:
  std::function<std::int64_t(char*, std::size_t)> read_;
  std::size_t chunk_bytes_, max_line_bytes_;
  std::string rest_; // its first held_ bytes; what is behind is room that was used before
  std::size_t held_ = 0;
  std::uint64_t index_ = 0, offset_ = 0, line_ = 1;
  bool ended_ = false;

  [[nodiscard]] std::string_view held() const { return std::string_view(rest_).substr(0, held_); }
  [[nodiscard]] Result<bool> fill(std::size_t bytes);
  [[nodiscard]] Result<bool> skip_long_line(Chunk& chunk);
  void hand_over(Chunk& chunk, std::size_t bytes);
};

// Decodes lines into batches. One object per worker (holds the parser's buffers).
class NdjsonReader {
public:
  // Batches have values of the columns in `kept` only (none named: of all); what is refused does
  // not depend on it.
  NdjsonReader(const schema::Schema& schema, const batch::Dictionaries& dictionaries,
               const batch::Kept& kept = {});
  ~NdjsonReader();
  NdjsonReader(const NdjsonReader&) = delete;
  NdjsonReader& operator=(const NdjsonReader&) = delete;

  // Reads every line of the chunk; calls `full` with each batch of `batch_settlements` visits and
  // with the last one, in order. Rejected lines go to `rejects`. `file` goes into the origins.
  void read(const Chunk& chunk, std::uint32_t file, std::uint32_t batch_settlements,
            const std::function<void(batch::Batch)>& full, std::vector<Reject>& rejects,
            ReadCounts& counts);

  // Encounters that a request is not about come into batches too, marked as context.
  void keep_context();
  // Values that no column of the schema takes need not be JSON: for a look at what records say of a
  // few fields, by somebody who will read them again. A record is refused for less, never for more.
  void skim();
  // Without the quick way (quick_record.h): the same, slower. For tests.
  void read_slowly();
  // As where a processor has but narrow vectors: the same again. For tests, before any record.
  void read_narrowly();
  // Records that went the quick way.
  [[nodiscard]] std::uint64_t read_quickly() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace sanku::io
