// Rows of ColumnData (column.h).
#include "runtime/batch/column.h"

#include "runtime/batch/cell.h"
#include "runtime/types/check.h"

#include <algorithm>

namespace sanku::batch {
namespace {

template <class T> const T& expect(const Value& value) {
  const T* held = std::get_if<T>(&value);
  check(held != nullptr, "the value's form is not that of its column");
  return *held;
}

} // namespace

void store_text(ColumnData& column, std::uint32_t row, std::string_view text) {
  check(row + 1 == column.rows, "text is stored in the last row");
  column.values.resize(column.offsets[row]);
  check(column.values.size() + text.size() <= UINT32_MAX,
        "the texts of one column of a batch fit in 4 GiB");
  column.values.insert(column.values.end(), text.begin(), text.end());
  column.offsets[row + 1] = static_cast<std::uint32_t>(column.values.size());
  column.validity[row >> 3] =
      static_cast<std::uint8_t>(column.validity[row >> 3] | (1u << (row & 7u)));
}

void reserve_rows(ColumnData& column, Physical physical, std::uint32_t rows) {
  if (physical == Physical::bytes) {
    column.offsets.resize(std::size_t{rows} + 1);
  } else {
    column.values.resize(std::size_t{rows} * stored_width(physical));
  }
  column.validity.resize((std::size_t{rows} + 7) / 8);
}

void make_missing(ColumnData& column, Physical physical, std::uint32_t rows) {
  column.rows = rows;
  column.values.clear();
  column.validity.assign((std::size_t{rows} + 7) / 8, 0);
  if (physical == Physical::bytes)
    column.offsets.assign(std::size_t{rows} + 1, 0);
}

void add_row(ColumnData& column, Physical physical) {
  const std::uint32_t row = column.rows++;
  if (physical == Physical::bytes)
    column.offsets[row + 1] = column.offsets[row];
}

void store_plain(ColumnData& column, const Type& type, std::uint32_t row, const Value& value) {
  if (!sanku::is_known(value))
    return;
  switch (type.kind) {
  case Kind::boolean:
    store<std::uint8_t>(column, row, expect<Bool>(value).value ? 1 : 0);
    return;
  case Kind::integer:
    store(column, row, expect<Integer>(value).value);
    return;
  case Kind::decimal:
  case Kind::money: {
    const Int128 units = expect<Decimal>(value).units;
    const std::int64_t bound = unit_bound(type);
    check(units < bound && units > -bound,
          "the number has no more digits than its column declares");
    store(column, row, static_cast<std::int64_t>(units));
    return;
  }
  case Kind::date:
    store(column, row, expect<Date>(value).days);
    return;
  case Kind::datetime:
    store(column, row, expect<DateTime>(value).seconds);
    return;
  case Kind::span:
    store(column, row, expect<Span>(value).packed);
    return;
  case Kind::window:
    store(column, row, expect<Window>(value).packed);
    return;
  case Kind::age:
    store(column, row, expect<Age>(value).packed);
    return;
  case Kind::count:
    store(column, row, expect<Count>(value));
    return;
  case Kind::text:
    store_text(column, row, expect<std::string>(value));
    return;
  case Kind::code:
  case Kind::enumeration:
    break;
  case Kind::score:
  case Kind::reasons:
    unreachable("scores are computed, never stored");
  }
  unreachable("codes and enums are stored by id");
}

} // namespace sanku::batch
