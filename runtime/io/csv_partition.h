// Joining the files of a folder in any order (csv_folder.h): rows go to partitions by visit number,
// each partition is joined in memory, and the joined settlements are merged back into the order of
// the settlement file. A row that names only its settlement is first sent to where that
// settlement's visit goes. Shared by csv_folder.cpp only. Entry: CsvPartition::open. Tested by
// tests/unit/runtime/csv_folder_test.cpp.
#pragma once

#include "runtime/io/csv_cursor.h"
#include "runtime/io/spill.h"

#include <functional>
#include <queue>
#include <utility>

namespace sanku::io {

class CsvPartition {
public:
  // Reads all files and joins them.
  [[nodiscard]] static Result<CsvPartition> open(const CsvLayout& layout,
                                                 const CsvOptions& options);
  // Appends the packed rows of the next settlement, or one that stands alone; false at the end.
  [[nodiscard]] Result<bool> next(std::string& out);
  [[nodiscard]] bool on_disk() const { return joined_.on_disk(); }

private:
  CsvPartition(std::size_t lanes, std::size_t memory, std::size_t settlement_files)
      : joined_(lanes + 1, memory), settlement_files_(settlement_files) {}
  [[nodiscard]] Result<void> join(const Spill& parts, std::size_t lane);
  [[nodiscard]] Result<void> add_orphan(const PackedRow& row);
  [[nodiscard]] Result<void> queue_next(std::size_t lane);
  [[nodiscard]] Result<bool> next_orphans(std::string& out);

  // A settlement's rows, and behind the settlements' lanes one of orphans.
  Spill joined_;
  std::size_t settlement_files_; // the first of the layout's files
  std::vector<LaneReader> readers_;
  // Sequence of the settlement row that comes next in a lane.
  using Next = std::pair<std::uint64_t, std::size_t>;
  std::priority_queue<Next, std::vector<Next>, std::greater<>> next_;
  std::string row_; // reused
};

} // namespace sanku::io
