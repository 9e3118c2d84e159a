// See column_bytes.h. What is missing is zero in a column, so numbers are taken as they lie.
#include "runtime/block/column_bytes.h"

#include "runtime/batch/column.h"
#include "runtime/types/check.h"

#include <algorithm>
#include <vector>

namespace sanku::block {
namespace {

template <class Small>
void put_small(std::string& out, const std::uint64_t* values, std::size_t count,
               std::uint64_t base) {
  const std::size_t begin = out.size();
  out.resize(begin + count * sizeof(Small));
  char* to = out.data() + begin;
  for (std::size_t i = 0; i < count; ++i) {
    const auto small = static_cast<Small>(values[i] - base);
    std::memcpy(to + i * sizeof(Small), &small, sizeof(Small));
  }
}

// Straight into a column's bytes, whatever its width: `Wide` is the column's.
template <class Small, class Wide>
void take_small(std::string_view from, void* to, std::size_t count, std::uint64_t base) {
  for (std::size_t i = 0; i < count; ++i) {
    Small small;
    std::memcpy(&small, from.data() + i * sizeof(Small), sizeof(Small));
    const auto wide = static_cast<Wide>(base + small);
    std::memcpy(static_cast<char*>(to) + i * sizeof(Wide), &wide, sizeof(Wide));
  }
}

template <class Wide> bool take_wide(Take& from, void* to, std::size_t count) {
  const auto base = from.value<std::uint64_t>();
  const auto width = from.value<std::uint8_t>();
  if (width != 0 && width != 1 && width != 2 && width != 4 && width != 8)
    return false;
  const std::string_view bytes = from.piece(count * width);
  if (!from.good())
    return false;
  switch (width) {
  case 0:
    for (std::size_t i = 0; i < count; ++i) {
      const auto wide = static_cast<Wide>(base);
      std::memcpy(static_cast<char*>(to) + i * sizeof(Wide), &wide, sizeof(Wide));
    }
    break;
  case 1:
    take_small<std::uint8_t, Wide>(bytes, to, count, base);
    break;
  case 2:
    take_small<std::uint16_t, Wide>(bytes, to, count, base);
    break;
  case 4:
    take_small<std::uint32_t, Wide>(bytes, to, count, base);
    break;
  default:
    take_small<std::uint64_t, Wide>(bytes, to, count, base);
  }
  return true;
}

// Signed values keep their order when they count from the smallest.
std::uint64_t wide_value(const batch::ColumnData& column, std::size_t width, std::uint32_t row) {
  if (width == 1)
    return batch::stored<std::uint8_t>(column, row);
  if (width == 4)
    return static_cast<std::uint64_t>(std::int64_t{batch::stored<std::int32_t>(column, row)});
  return static_cast<std::uint64_t>(batch::stored<std::int64_t>(column, row));
}

} // namespace

void put_numbers(std::string& out, const std::uint64_t* values, std::size_t count) {
  std::int64_t low = 0, high = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = static_cast<std::int64_t>(values[i]);
    low = i == 0 ? value : std::min(low, value);
    high = i == 0 ? value : std::max(high, value);
  }
  const auto base = static_cast<std::uint64_t>(low);
  const std::uint64_t span = static_cast<std::uint64_t>(high) - base;
  put(out, base);
  const std::uint8_t width = span == 0            ? 0
                             : span <= UINT8_MAX  ? 1
                             : span <= UINT16_MAX ? 2
                             : span <= UINT32_MAX ? 4
                                                  : 8;
  put(out, width);
  switch (width) {
  case 0:
    return;
  case 1:
    return put_small<std::uint8_t>(out, values, count, base);
  case 2:
    return put_small<std::uint16_t>(out, values, count, base);
  case 4:
    return put_small<std::uint32_t>(out, values, count, base);
  default:
    return put_small<std::uint64_t>(out, values, count, base);
  }
}

bool take_numbers(Take& from, std::uint64_t* values, std::size_t count) {
  return take_wide<std::uint64_t>(from, values, count);
}

void put_column(const batch::ColumnData& column, Physical physical, std::string& head,
                std::string& frames) {
  using Known = ColumnEntry::Known;
  std::uint32_t known_rows = 0;
  for (std::uint32_t row = 0; row < column.rows; ++row)
    known_rows += batch::is_known(column, row) ? 1 : 0;
  const Known known = known_rows == 0             ? Known::none
                      : known_rows == column.rows ? Known::all
                                                  : Known::some;
  put(head, static_cast<std::uint8_t>(known));
  if (known == Known::none) {
    put(head, std::uint32_t{0});
    put(head, std::uint32_t{0});
    return;
  }
  std::string bytes;
  if (known == Known::some)
    bytes.assign(column.validity.begin(), column.validity.begin() + (column.rows + 7) / 8);
  std::vector<std::uint64_t> numbers(column.rows);
  if (physical == Physical::bytes) {
    for (std::uint32_t row = 0; row < column.rows; ++row)
      numbers[row] = column.offsets[row + 1] - column.offsets[row];
    put_numbers(bytes, numbers.data(), numbers.size());
    bytes.append(column.values.begin(), column.values.begin() + column.offsets[column.rows]);
  } else {
    check(physical != Physical::pair64, "counts are no columns of records");
    const std::size_t width = batch::stored_width(physical);
    for (std::uint32_t row = 0; row < column.rows; ++row)
      numbers[row] = wide_value(column, width, row);
    put_numbers(bytes, numbers.data(), numbers.size());
  }
  put(head, static_cast<std::uint32_t>(bytes.size()));
  put(head, static_cast<std::uint32_t>(put_frame(frames, bytes)));
}

bool take_entry(Take& head, ColumnEntry& entry) {
  const auto known = head.value<std::uint8_t>();
  entry.known = static_cast<ColumnEntry::Known>(known);
  entry.raw = head.value<std::uint32_t>();
  entry.packed = head.value<std::uint32_t>();
  return head.good() && known <= 2;
}

bool take_column(const ColumnEntry& entry, std::string_view frame, Physical physical,
                 std::uint32_t rows, Unpacker& unpacker, batch::ColumnData& column) {
  using Known = ColumnEntry::Known;
  column.rows = rows;
  // LZ4 packs at most 255 to one: a larger size is not believed.
  if (entry.raw > (std::uint64_t{entry.packed} + 16) * 255)
    return false;
  const auto bytes = unpacker.unpack(frame, entry.raw);
  if (!bytes)
    return false;
  Take from(*bytes);
  const std::size_t validity = (std::size_t{rows} + 7) / 8;
  if (entry.known == Known::some) {
    const std::string_view bits = from.piece(validity);
    column.validity.assign(bits.begin(), bits.end());
    if (!from.good())
      return false;
  } else {
    column.validity.assign(validity, 0xff);
  }
  // Beyond the last row nothing is known, as everywhere.
  if ((rows & 7u) != 0)
    column.validity.back() =
        static_cast<std::uint8_t>(column.validity.back() & ((1u << (rows & 7u)) - 1u));
  if (physical != Physical::bytes) {
    const std::size_t width = batch::stored_width(physical);
    column.values.resize(rows * width);
    const bool taken = width == 1   ? take_wide<std::uint8_t>(from, column.values.data(), rows)
                       : width == 4 ? take_wide<std::uint32_t>(from, column.values.data(), rows)
                                    : take_wide<std::uint64_t>(from, column.values.data(), rows);
    return taken && from.at_end();
  }
  std::vector<std::uint32_t> sizes(rows);
  if (!take_wide<std::uint32_t>(from, sizes.data(), rows))
    return false;
  column.offsets.resize(std::size_t{rows} + 1);
  std::uint64_t at = 0;
  for (std::uint32_t row = 0; row < rows; ++row) {
    column.offsets[row] = static_cast<std::uint32_t>(at);
    at += sizes[row];
    if (at > entry.raw)
      return false;
  }
  column.offsets[rows] = static_cast<std::uint32_t>(at);
  const std::string_view texts = from.piece(at);
  column.values.assign(texts.begin(), texts.end());
  return from.at_end();
}

} // namespace sanku::block
