// See fullest_key.h.
#include "runtime/knowledge/fullest_key.h"

#include "runtime/types/value_order.h"

#include <algorithm>
#include <map>

namespace sanku::knowledge {
namespace {

struct Order {
  bool operator()(const Value& a, const Value& b) const { return before(a, b); }
};
using Counts = std::map<Value, std::uint64_t, Order>;

// The rows of the key and of those that begin it.
std::uint64_t along(const Counts& counts, const std::string& text) {
  std::uint64_t rows = 0;
  for (std::size_t length = 1; length <= text.size(); ++length)
    if (const auto found = counts.find(CodeText{text.substr(0, length)}); found != counts.end())
      rows += found->second;
  return rows;
}

} // namespace

std::uint64_t fullest_key(const TableShape& shape, const schema::Schema& schema,
                          const Table& table) {
  Counts counts;
  for (const std::vector<Value>& row : table.rows)
    ++counts[row[shape.key]];
  std::uint64_t most = 0;
  for (const auto& [key, rows] : counts) {
    const auto* code = std::get_if<CodeText>(&key);
    const bool all = shape.key_prefix == KeyPrefix::all && code != nullptr;
    most = std::max(most, all ? along(counts, code->text) : rows);
  }
  return has_two_parts(shape, schema) ? 2 * most : most;
}

} // namespace sanku::knowledge
