// See column_bytes.h. What is missing is zero in a column, so numbers are taken as they lie.
#include "runtime/block/column_bytes.h"

#include "runtime/batch/column.h"
#include "runtime/types/check.h"

#include <algorithm>
#include <vector>

namespace sanku::block {
namespace {

using Known = ColumnEntry::Known;

// Signed values keep their order when they count from the smallest.
std::uint64_t wide_value(const batch::ColumnData& column, std::size_t width, std::uint32_t row) {
  if (width == 1)
    return batch::stored<std::uint8_t>(column, row);
  if (width == 4)
    return static_cast<std::uint64_t>(std::int64_t{batch::stored<std::int32_t>(column, row)});
  return static_cast<std::uint64_t>(batch::stored<std::int64_t>(column, row));
}

Known known_of(std::size_t known_rows, std::size_t rows) {
  return known_rows == 0 ? Known::none : known_rows == rows ? Known::all : Known::some;
}

void put_entry(Known known, std::string_view bytes, std::string& head, std::string& frames) {
  put(head, static_cast<std::uint8_t>(known));
  put_size(head, known == Known::none ? FrameSize{} : put_frame(frames, bytes));
}

bool take_validity(Known known, Take& from, std::uint32_t rows, batch::ColumnData& column) {
  const std::size_t size = (std::size_t{rows} + 7) / 8;
  if (known == Known::some) {
    const std::string_view bits = from.piece(size);
    const auto* first = reinterpret_cast<const std::uint8_t*>(bits.data());
    column.validity.assign(first, first + bits.size());
    if (!from.good())
      return false;
  } else {
    column.validity.assign(size, 0xff);
  }
  // Beyond the last row nothing is known, as everywhere.
  if ((rows & 7u) != 0)
    column.validity.back() =
        static_cast<std::uint8_t>(column.validity.back() & ((1u << (rows & 7u)) - 1u));
  return true;
}

} // namespace

void put_values(const batch::ColumnData& column, Physical physical, std::string& head,
                std::string& frames) {
  std::uint32_t known_rows = 0;
  for (std::uint32_t row = 0; row < column.rows; ++row)
    known_rows += batch::is_known(column, row) ? 1 : 0;
  const Known known = known_of(known_rows, column.rows);
  if (known == Known::none)
    return put_entry(known, {}, head, frames);
  std::string bytes;
  if (known == Known::some)
    bytes.assign(column.validity.begin(), column.validity.begin() + (column.rows + 7) / 8);
  std::vector<std::uint64_t> numbers(column.rows);
  if (physical == Physical::bytes) {
    for (std::uint32_t row = 0; row < column.rows; ++row)
      numbers[row] = column.offsets[row + 1] - column.offsets[row];
    put_numbers(bytes, numbers);
    bytes.append(column.values.begin(), column.values.begin() + column.offsets[column.rows]);
  } else {
    check(physical != Physical::pair64, "counts are no columns of records");
    const std::size_t width = batch::stored_width(physical);
    for (std::uint32_t row = 0; row < column.rows; ++row)
      numbers[row] = wide_value(column, width, row);
    put_numbers(bytes, numbers);
  }
  put_entry(known, bytes, head, frames);
}

void put_ids(std::span<const std::uint64_t> numbers, std::string& head, std::string& frames) {
  const auto missing = static_cast<std::size_t>(std::ranges::count(numbers, std::uint64_t{0}));
  std::string bytes;
  put_numbers(bytes, numbers);
  put_entry(known_of(numbers.size() - missing, numbers.size()), bytes, head, frames);
}

bool take_entry(Take& head, ColumnEntry& entry) {
  const auto known = head.value<std::uint8_t>();
  entry.known = static_cast<Known>(known);
  entry.size = take_size(head);
  return head.good() && known <= 2 && is_plausible(entry.size);
}

bool take_values(Known known, std::string_view bytes, const Type& type, std::uint32_t rows,
                 batch::ColumnData& column) {
  Take from(bytes);
  column.rows = rows;
  if (!take_validity(known, from, rows, column))
    return false;
  const Physical physical = info(type.kind).physical;
  const auto numbers = take_numbers(from, rows);
  if (!numbers || (type.kind == Kind::boolean && !all_below(*numbers, 2)))
    return false;
  if (physical != Physical::bytes) {
    const std::size_t width = batch::stored_width(physical);
    column.values.resize(rows * width);
    spread(*numbers, width, column.values.data());
    return from.at_end();
  }
  column.offsets.resize(std::size_t{rows} + 1);
  const auto size = to_offsets(*numbers, column.offsets.data());
  // No offset is beyond what 32 bits hold when the last is where the bytes end.
  if (!size || *size != from.rest().size())
    return false;
  const auto* first = reinterpret_cast<const std::uint8_t*>(from.rest().data());
  column.values.assign(first, first + *size);
  return true;
}

bool take_ids(Known known, std::string_view bytes, std::span<const std::uint32_t> table,
              std::uint32_t rows, batch::ColumnData& column) {
  Take from(bytes);
  column.rows = rows;
  const auto numbers = take_numbers(from, rows);
  if (!numbers || !from.at_end())
    return false;
  column.values.resize(std::size_t{rows} * sizeof(std::uint32_t));
  if (!look_up(*numbers, table, column.values.data()))
    return false;
  if (known == Known::all)
    return !has_zero(column.values.data(), rows) && take_validity(known, from, rows, column);
  column.validity.resize((std::size_t{rows} + 7) / 8);
  bits_of_ids(column.values.data(), rows, column.validity.data());
  return true;
}

void put_texts(std::string& out, const codes::Texts& texts) {
  std::vector<std::uint64_t> sizes;
  for (std::size_t i = 0; i < texts.size(); ++i)
    sizes.push_back(texts[i].size());
  put_numbers(out, sizes);
  for (std::size_t i = 0; i < texts.size(); ++i)
    out += texts[i];
}

bool take_texts(Take& from, std::size_t count, TextsTaken& texts) {
  // None is empty, so no count is believed that the bytes have no room for.
  if (count > from.rest().size())
    return false;
  const auto sizes = take_numbers(from, count);
  if (!sizes || (count != 0 && sizes->base == 0 && sizes->width == 0))
    return false;
  texts.offsets.resize(count + 1);
  const auto size = to_offsets(*sizes, texts.offsets.data());
  if (!size || *size > UINT32_MAX)
    return false;
  texts.bytes = from.piece(*size);
  return from.good();
}

bool is_ascending(const TextsTaken& texts) {
  for (std::size_t i = 1; i + 1 < texts.offsets.size(); ++i)
    if (texts[i - 1] >= texts[i])
      return false;
  return true;
}

} // namespace sanku::block
