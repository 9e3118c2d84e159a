// The parts of cells.h that are not worth inlining.
#include "runtime/batch/cells.h"

#include "runtime/batch/cell.h"
#include "runtime/batch/column.h"
#include "runtime/types/candidates.h"
#include "runtime/types/check.h"

#include <algorithm>
#include <array>

namespace sanku::batch {

void begin_values(ColumnBuilding& column) {
  ColumnData& data = *column.data;
  const Physical physical = info(column.kind).physical;
  reserve_rows(data, physical, column.room_rows);
  if (physical == Physical::bytes) {
    data.values.resize(column.room_before);
    column.room = column.room_before;
  }
  column.values = data.values.data();
  column.offsets = data.offsets.data();
}

void grow_texts(ColumnBuilding& column, std::size_t bytes) {
  const std::size_t needed = std::size_t{column.used} + bytes;
  check(needed < UINT32_MAX, "the texts of one column of a batch fit in 4 GiB");
  column.data->values.resize(std::min<std::size_t>(UINT32_MAX, std::max(needed, needed * 2)));
  column.values = column.data->values.data();
  column.room = static_cast<std::uint32_t>(column.data->values.size());
}

// A code that is written as it should be goes through the cache, any other by its normal form.
Put put_code_text(ColumnBuilding& column, std::uint32_t row, std::string_view text) {
  // Nobody may write what only a hospital's code with several meanings has.
  if (text.find(candidate_separator) != std::string_view::npos)
    return Put::ask;
  std::string buffer;
  const std::string_view code = codes::normalise(text, buffer);
  if (is_blank(code))
    return Put::missing;
  if (!column.kept) {
    mark(column, row);
    return Put::done;
  }
  CodesBuilding& building = *column.codes;
  if (code.size() > codes::cell_bytes) {
    std::uint32_t id = codes::find(*building.dictionary, code);
    if (id == codes::no_code) {
      building.uncached = true;
      id = building.frozen + codes::intern(*building.own, code);
    }
    put_fixed(column, row, id);
    return Put::done;
  }
  std::array<char, codes::cell_bytes> bytes = {};
  std::copy(code.begin(), code.end(), bytes.begin());
  const codes::Cell cell = codes::cell_of(bytes.data(), code.size());
  const std::uint64_t hash = codes::CodeCache::hash_of(cell, code.size());
  codes::CodeCache::Entry* entry = building.cache.find(cell, code.size(), hash);
  if (entry == nullptr) {
    entry = &building.cache.add(cell, code.size(), hash);
    entry->frozen = codes::find(*building.dictionary, code);
  }
  put_fixed(column, row, building.id_of(*entry, code));
  return Put::done;
}

} // namespace sanku::batch
