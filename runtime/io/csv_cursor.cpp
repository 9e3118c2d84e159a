// CsvCursor (csv_cursor.h).
#include "runtime/io/csv_cursor.h"

#include "runtime/batch/cell.h"

#include <algorithm>
#include <tuple>

namespace sanku::io {

CsvCursor::CsvCursor(const CsvLayout& layout, std::optional<Encoding> encoding,
                     std::uint32_t relation)
    : layout_(&layout), encoding_(encoding), relation_(relation) {}

Result<void> CsvCursor::open_file() {
  auto rows = CsvRows::open(layout_->files[file_].path, encoding_);
  if (!rows)
    return tl::unexpected(rows.error());
  rows_.emplace(std::move(*rows));
  // The header.
  if (const auto first = rows_->next(read_); !first)
    return tl::unexpected(first.error());
  return {};
}

void CsvCursor::join_numbers(const CsvFile& file) {
  const auto number = [&](const std::optional<std::uint32_t>& field, std::string& to) {
    to.clear();
    if (!field || *field >= read_.fields.size())
      return;
    const std::string_view text = codes::trim(read_.fields[*field]);
    if (!batch::is_blank(text))
      to = text;
  };
  number(file.visit, visit_);
  number(file.settlement, settlement_);
}

Result<bool> CsvCursor::next() {
  while (true) {
    if (!rows_) {
      while (file_ < layout_->files.size() && layout_->files[file_].relation != relation_)
        ++file_;
      if (file_ == layout_->files.size())
        return false;
      if (auto opened = open_file(); !opened)
        return tl::unexpected(opened.error());
    }
    const auto more = rows_->next(read_);
    if (!more)
      return tl::unexpected(more.error());
    if (*more)
      break;
    rows_.reset();
    ++file_;
  }
  const CsvFile& file = layout_->files[file_];
  row_ = PackedRow{.file = file_,
                   .fault = read_.fault,
                   .line = read_.line,
                   .offset = read_.offset,
                   .sequence = 0,
                   .visit = {},
                   .settlement = {},
                   .fields = {}};
  visit_.clear();
  settlement_.clear();
  if (row_.fault == RowFault::none || row_.fault == RowFault::wrong_encoding) {
    // Empty cells behind the last column are what spreadsheets leave.
    const std::size_t width = file.header.size();
    while (read_.fields.size() > width && codes::trim(read_.fields.back()).empty())
      read_.fields.pop_back();
    if (read_.fields.size() != width)
      row_.fault = RowFault::wrong_width;
    else
      join_numbers(file);
    const bool joined = relation_ == 0 ? !visit_.empty() : !visit_.empty() || !settlement_.empty();
    if (!joined && row_.fault == RowFault::none)
      row_.fault = RowFault::no_key;
  }
  fields_.clear();
  for (const std::string_view field : read_.fields)
    append_field(fields_, field);
  row_.visit = visit_;
  row_.settlement = settlement_;
  row_.fields = fields_;
  return true;
}

bool stands_alone(const PackedRow& row) {
  switch (row.fault) {
  case RowFault::none:
    return false;
  case RowFault::wrong_encoding:
    return row.visit.empty() && row.settlement.empty();
  case RowFault::malformed:
  case RowFault::too_long:
  case RowFault::wrong_width:
  case RowFault::no_key:
  case RowFault::no_match:
    return true;
  }
  return true;
}

namespace {

constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

// See csv_folder.h.
std::size_t owner(const std::vector<PackedRow>& settlements, const PackedRow& row) {
  const auto last = [&](std::string_view number) {
    for (std::size_t i = settlements.size(); i-- > 0;)
      if (settlements[i].settlement == number)
        return i;
    return nowhere;
  };
  if (row.settlement.empty())
    return settlements.empty() ? nowhere : settlements.size() - 1;
  const std::size_t same = last(row.settlement);
  return same != nowhere ? same : last({});
}

} // namespace

void share_out(CsvGroup& group,
               const std::function<void(const PackedRow&, std::span<const PackedRow* const>)>& sink,
               const std::function<void(const PackedRow&)>& orphan) {
  std::ranges::stable_sort(group.others, {},
                           [](const PackedRow& row) { return std::tuple(row.file, row.line); });
  std::vector<std::vector<const PackedRow*>> shares(group.settlements.size());
  for (const PackedRow& row : group.others)
    if (const std::size_t at = owner(group.settlements, row); at != nowhere)
      shares[at].push_back(&row);
  for (std::size_t i = 0; i < shares.size(); ++i)
    sink(group.settlements[i], shares[i]);
  for (const PackedRow& row : group.others)
    if (owner(group.settlements, row) == nowhere)
      orphan(row);
}

void append_orphan(std::string& out, PackedRow row) {
  if (!stands_alone(row))
    row.fault = RowFault::no_match;
  append_packed(out, row);
}

std::vector<std::uint32_t> relations_of(const CsvLayout& layout) {
  std::vector<std::uint32_t> all;
  for (const CsvFile& file : layout.files)
    if (all.empty() || all.back() != file.relation)
      all.push_back(file.relation);
  return all;
}

} // namespace sanku::io
