// Packed rows of a CSV folder to batches: the counterpart of NdjsonReader. A settlement with the
// rows of its lists is all or nothing: if a cell of one row cannot be read, the whole is refused
// with the place of that row, because a visit without one of its lines could be judged wrongly.
// Rows that belong to no settlement are refused one by one. Entry: RowReader::read. Tested by
// tests/unit/runtime/csv_folder_test.cpp.
#pragma once

#include "runtime/io/ndjson.h"

#include <functional>
#include <memory>
#include <vector>

namespace sanku::io {

class RowReader {
public:
  // The caller's, both outlive the reader. `kept`: as of NdjsonReader.
  RowReader(const schema::Schema& schema, const batch::Dictionaries& dictionaries,
            const batch::Kept& kept = {});
  ~RowReader();
  RowReader(const RowReader&) = delete;
  RowReader& operator=(const RowReader&) = delete;

  // As NdjsonReader::read, for a chunk with a layout.
  void read(const Chunk& chunk, std::uint32_t batch_settlements,
            const std::function<void(batch::Batch)>& full, std::vector<Reject>& rejects,
            ReadCounts& counts);

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace sanku::io
