// See merge.h.
#include "runtime/assemble/merge.h"

#include "runtime/batch/cell.h"
#include "runtime/types/check.h"
#include "runtime/types/value_order.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace sanku::assemble {
namespace {

using schema::Role;

struct RowLess {
  bool operator()(const Row& a, const Row& b) const {
    return std::ranges::lexicographical_compare(a, b, before);
  }
};

Value sum(const std::vector<Rows>& parts, std::uint32_t column, const Type& type) {
  Int128 units = 0;
  for (const Rows& part : parts) {
    const auto* money = std::get_if<Decimal>(&part[0][0][column]);
    if (money == nullptr)
      return Unknown{};
    units += money->units;
  }
  const std::int64_t bound = batch::unit_bound(type);
  if (units >= bound || units <= -bound)
    return Unknown{};
  return Decimal{units};
}

Value agreed(const std::vector<Rows>& parts, std::uint32_t column) {
  Value found;
  for (const Rows& part : parts) {
    const Value& value = part[0][0][column];
    if (!is_known(value))
      continue;
    if (is_known(found) && !same(found, value))
      return Unknown{};
    found = value;
  }
  return found;
}

Value extreme(const std::vector<Rows>& parts, std::uint32_t column, bool latest) {
  Value found;
  for (const Rows& part : parts) {
    const Value& value = part[0][0][column];
    if (!is_known(value))
      continue;
    if (!is_known(found) || (latest ? before(found, value) : before(value, found)))
      found = value;
  }
  return found;
}

Row merge_headers(const schema::Relation& shape, const std::vector<Rows>& parts) {
  Row made;
  for (std::uint32_t c = 0; c < shape.columns.size(); ++c) {
    switch (header_rule(shape.columns[c])) {
    case HeaderRule::first:
      made.push_back(parts.front()[0][0][c]);
      break;
    case HeaderRule::earliest:
      made.push_back(extreme(parts, c, false));
      break;
    case HeaderRule::latest:
      made.push_back(extreme(parts, c, true));
      break;
    case HeaderRule::sum:
      made.push_back(sum(parts, c, shape.columns[c].type));
      break;
    case HeaderRule::agree:
      made.push_back(agreed(parts, c));
      break;
    }
  }
  return made;
}

// Each element as often as in the part that has it most often.
std::vector<Row> union_of(const std::vector<Rows>& parts, std::uint32_t relation) {
  std::map<Row, std::size_t, RowLess> most;
  for (const Rows& part : parts) {
    std::map<Row, std::size_t, RowLess> here;
    for (const Row& row : part[relation])
      ++here[row];
    for (const auto& [row, count] : here)
      most[row] = std::max(most[row], count);
  }
  std::vector<Row> made;
  for (const auto& [row, count] : most)
    made.insert(made.end(), count, row);
  return made;
}

// Lines of requests, apart from which of them asks about the line.
std::vector<Row> lines_of_requests(const schema::Relation& shape, const std::vector<Rows>& parts,
                                   std::uint32_t relation) {
  const auto key = schema::column_with(shape, Role::key),
             current = schema::column_with(shape, Role::current);
  std::vector<Row> made;
  std::map<Row, Value, RowLess> numbered; // the line without its mark, and the mark
  std::map<Row, std::size_t, RowLess> most;
  for (const Rows& part : parts) {
    std::map<Row, std::size_t, RowLess> here;
    for (const Row& row : part[relation]) {
      if (!key || !is_known(row[*key])) {
        made.push_back(row);
        continue;
      }
      Row line = row;
      Value mark = current ? std::exchange(line[*current], Unknown{}) : Unknown{};
      Value& known = numbered[line];
      const auto* yes = std::get_if<Bool>(&mark);
      if (!is_known(known) || (yes != nullptr && yes->value))
        known = mark;
      ++here[line];
    }
    for (const auto& [line, count] : here)
      most[line] = std::max(most[line], count);
  }
  for (const auto& [line, count] : most) {
    Row row = line;
    if (current)
      row[*current] = numbered[line];
    made.insert(made.end(), count, row);
  }
  return made;
}

std::vector<Row> merge_lines(const schema::Schema& schema, const std::vector<Rows>& parts,
                             std::uint32_t relation) {
  const auto number = schema::column_with(schema.relations[0], Role::settlement_id);
  std::vector<Row> made;
  std::vector<Rows> requests;
  for (const Rows& part : parts) {
    if (number && is_known(part[0][0][*number]))
      made.insert(made.end(), part[relation].begin(), part[relation].end());
    else
      requests.push_back(part);
  }
  const std::vector<Row> others = lines_of_requests(schema.relations[relation], requests, relation);
  made.insert(made.end(), others.begin(), others.end());
  return made;
}

} // namespace

HeaderRule header_rule(const schema::Column& column) {
  for (const RoleRule& row : header_rules)
    if (row.role == column.role)
      return row.rule;
  return column.type.kind == Kind::money ? HeaderRule::sum : HeaderRule::agree;
}

Rows merge(const schema::Schema& schema, std::vector<Rows> parts) {
  check(!parts.empty(), "a visit has a part");
  if (parts.size() == 1)
    return std::move(parts.front());
  // The part settled first is the first; one without a time comes last.
  const auto settled = schema::column_with(schema.relations[0], Role::settled);
  std::ranges::sort(parts, [&](const Rows& a, const Rows& b) {
    if (settled) {
      const Value &first = a[0][0][*settled], &second = b[0][0][*settled];
      if (is_known(first) != is_known(second))
        return is_known(first);
      if (before(first, second) || before(second, first))
        return before(first, second);
    }
    return RowLess()(a[0][0], b[0][0]);
  });
  const auto lines = schema::line_relation(schema);
  Rows made(schema.relations.size());
  made[0].push_back(merge_headers(schema.relations[0], parts));
  for (std::uint32_t r = 1; r < schema.relations.size(); ++r) {
    if (schema.relations[r].raw_of)
      continue;
    made[r] = r == lines ? merge_lines(schema, parts, r) : union_of(parts, r);
  }
  return made;
}

} // namespace sanku::assemble
