// The rows of one relation, file by file, with the numbers they are joined by: what both ways of
// joining a folder (csv_merge, csv_partition) read. Shared by those files only. Entry: CsvCursor.
#pragma once

#include "runtime/io/csv_folder.h"
#include "runtime/io/packed_rows.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sanku::io {

class CsvCursor {
public:
  // The layout stays with the caller.
  CsvCursor(const CsvLayout& layout, std::optional<Encoding> encoding, std::uint32_t relation);

  // The next row, valid until the next call; false at the end. Its fault is also that it has no
  // number to be joined by.
  [[nodiscard]] Result<bool> next();
  [[nodiscard]] const PackedRow& row() const { return row_; }

private:
  [[nodiscard]] Result<void> open_file();
  void join_numbers(const CsvFile& file);

  const CsvLayout* layout_;
  std::optional<Encoding> encoding_;
  std::uint32_t relation_;
  std::uint32_t file_ = 0; // in the layout; the one that is open, or the next
  std::optional<CsvRows> rows_;
  CsvRow read_;
  PackedRow row_;
  std::string fields_, visit_, settlement_;
};

// Such a row is told alone: it belongs to no visit, or that cannot be said.
[[nodiscard]] bool stands_alone(const PackedRow& row);

// One visit's rows: each settlement with the rows of its lists, in the order of the files.
struct CsvGroup {
  std::vector<PackedRow> settlements, others;
};
// `sink(settlement row, its other rows)` for each settlement, then `orphan(row)` for each row that
// belongs to none of them.
void share_out(CsvGroup& group,
               const std::function<void(const PackedRow&, std::span<const PackedRow* const>)>& sink,
               const std::function<void(const PackedRow&)>& orphan);

// A row that share_out gave back, or that no settlement came for: packed as told alone.
void append_orphan(std::string& out, PackedRow row);

// Relations of the settlement and its lists that have a file.
[[nodiscard]] std::vector<std::uint32_t> relations_of(const CsvLayout& layout);

} // namespace sanku::io
