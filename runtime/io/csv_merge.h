// Joining the files of a folder that are sorted by visit number: merged as they are read, in the
// memory of one visit. Shared by csv_folder.cpp only. Entry: CsvMerge::open. Tested by
// tests/unit/runtime/csv_folder_test.cpp.
#pragma once

#include "runtime/io/csv_cursor.h"

#include <utility>

namespace sanku::io {

struct CsvLane {
  CsvCursor cursor;
  bool open = false; // the cursor has a row

  [[nodiscard]] Result<void> advance();
};

class CsvMerge {
public:
  enum class Order : std::uint8_t { bytes, length };

  // None: the files are not sorted alike.
  [[nodiscard]] static Result<std::optional<CsvMerge>> open(const CsvLayout& layout,
                                                            const CsvOptions& options);
  // Appends the packed rows of the next visit, or some that stand alone; false at the end.
  [[nodiscard]] Result<bool> next(std::string& out);

private:
  explicit CsvMerge(Order order) : order_(order) {}
  [[nodiscard]] Result<void> take(CsvLane& lane, std::string_view visit, std::string& rows,
                                  std::string& out) const;
  void share(std::string& out) const;

  Order order_;
  std::vector<CsvLane> lanes_; // by relation; the first: settlements
  bool begun_ = false;
  std::string settlements_, others_; // packed rows of one visit
};

} // namespace sanku::io
