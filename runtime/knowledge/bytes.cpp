// See bytes.h.
#include "runtime/knowledge/bytes.h"

namespace sanku::knowledge {
namespace {

template <class T> std::uint64_t held(const std::vector<T>& values) {
  return values.size() * sizeof(T);
}

} // namespace

std::uint64_t bytes_of(const BoundTable& table) {
  std::uint64_t bytes = held(table.entries) + held(table.runs) + held(table.rows) +
                        held(table.valid_from) + held(table.valid_to) + held(table.key_of) +
                        held(table.shorter) + held(table.keys);
  for (const batch::ColumnData& column : table.data.columns)
    bytes += held(column.values) + held(column.validity) + held(column.offsets);
  return bytes;
}

} // namespace sanku::knowledge
