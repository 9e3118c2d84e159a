// A folder of CSV files, joined into settlements: the source of chunks beside LineChunks. Bounded
// memory whatever the order of the files: when all are sorted by visit number, they are merged as
// they are read; otherwise rows go to partitions by visit number (memory first, then a temporary
// file, see spill.h), each partition is joined in memory, and the joined settlements are merged
// back into the order of the settlement file. Either way settlements come in that order. Needed at
// once: the rows of one partition (about 32 MiB) or one visit, whichever is larger, and a block of
// each lane. Entry: CsvFolder::open. Tested by tests/unit/runtime/csv_folder_test.cpp.
//
// A row of a list belongs to the settlement row with its setl_id inside its visit (mdtrt_id); a row
// without a setl_id to the visit's last settlement row, because earlier ones may have been
// refunded.
#pragma once

#include "runtime/io/csv_layout.h"
#include "runtime/io/ndjson.h"

#include <functional>
#include <memory>

namespace sanku::io {

struct CsvOptions {
  std::optional<Encoding> encoding = {};   // none: guessed, file by file
  std::size_t partition_bytes = 32u << 20; // rows joined in memory at a time, about
  std::size_t chunk_bytes = 1u << 20;      // about; a settlement is never cut
};

class CsvFolder {
public:
  // The schema is the caller's and outlives the folder, which outlives its chunks.
  [[nodiscard]] static Result<CsvFolder>
  open(const std::string& folder, const schema::Schema& schema, const CsvOptions& options);
  ~CsvFolder();
  CsvFolder(CsvFolder&&) noexcept;
  CsvFolder& operator=(CsvFolder&&) = delete;

  // False at the end. Not by two threads at a time.
  [[nodiscard]] Result<bool> next(Chunk& chunk);
  [[nodiscard]] const CsvLayout& layout() const;
  // How the files were joined: for tests and the curious.
  enum class Way : std::uint8_t { not_yet, merged, partitioned };
  [[nodiscard]] Way way() const;

private:
  struct State;
  explicit CsvFolder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

} // namespace sanku::io
