// See identity.h. FNV-1a because the identity has to be the same on every machine and in every
// release, which rules out hashes that libraries may change, and because it is ten lines.
#include "tools/engine/identity.h"

#include "runtime/assemble/order.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace sanku::engine {
namespace {

__extension__ typedef unsigned __int128 Bits128;

class Hash {
public:
  void add(std::string_view field) {
    const std::uint64_t size = field.size();
    for (unsigned shift = 0; shift < 64; shift += 8)
      add_byte(static_cast<unsigned char>(size >> shift));
    for (const char c : field)
      add_byte(static_cast<unsigned char>(c));
  }
  [[nodiscard]] std::string text() const {
    return fmt::format("{:016x}{:016x}", static_cast<std::uint64_t>(state_ >> 64),
                       static_cast<std::uint64_t>(state_));
  }

private:
  void add_byte(unsigned char byte) {
    state_ ^= byte;
    state_ *= prime;
  }

  // The published parameters for 128 bits.
  static constexpr Bits128 prime = (Bits128{1} << 88) + 0x13b;
  Bits128 state_ = (Bits128{0x6c62272e07bb0142} << 64) + 0x62b821756295c58d;
};

// Unknown is not the same as an empty text.
std::string key_text(const Value& value, const Type& type) {
  if (!is_known(value))
    return "?";
  if (const auto* listed = std::get_if<EnumValue>(&value))
    return listed->id != 0 ? fmt::format("={}", listed->id) : "!" + listed->unlisted;
  return "=" + to_text(value, type, Language::en, {});
}

std::string key_text(const Block& block, hir::RelationId relation, schema::Role role,
                     std::uint32_t row) {
  const schema::Relation& list = hir::relation(block.program, relation);
  const auto column = schema::column_with(list, role);
  return column ? key_text(cell(block, relation, *column, row), list.columns[*column].type) : "?";
}

std::string without_number(const Block& block, hir::RelationId relation, std::uint32_t row) {
  using schema::Role;
  std::string text;
  for (const Role role : {Role::code, Role::time, Role::unit_price, Role::quantity})
    text += key_text(block, relation, role, row) + '\n';
  return text;
}

// The fields of the keys of a visit's elements: its number, and where that does not tell it from
// others of the visit, what does.
std::vector<std::vector<std::string>> keys_of_visit(const Block& block, hir::RelationId relation,
                                                    std::uint32_t settlement) {
  const std::vector<std::uint32_t>& offsets = block.batch.relations[relation].offsets;
  const std::uint32_t begin = offsets[settlement], end = offsets[settlement + 1];
  std::vector<std::vector<std::string>> keys(end - begin);
  std::vector<std::pair<std::string, std::uint32_t>> numbers;
  numbers.reserve(keys.size());
  for (std::uint32_t row = begin; row < end; ++row)
    numbers.emplace_back(key_text(block, relation, schema::Role::key, row), row);
  std::ranges::sort(numbers);
  std::optional<assemble::Order> order; // where some number does not tell them apart
  for (auto next = numbers.begin(); next != numbers.end();) {
    const auto first = next;
    const std::string& number = first->first;
    while (next != numbers.end() && next->first == number)
      ++next;
    if (number.starts_with('=') && next - first == 1) {
      keys[first->second - begin] = {number};
      continue;
    }
    std::vector<std::uint32_t> rows;
    for (auto each = first; each != next; ++each)
      rows.push_back(each->second);
    // Not the order of the file: elements that are equal in all columns are interchangeable.
    if (!order)
      order.emplace(assemble::canonical_order(block.batch, block.program.schema, block.dictionaries,
                                              relation));
    std::ranges::sort(rows, [&](std::uint32_t one, std::uint32_t other) {
      const auto compared = order->compare(one, other);
      return compared < 0 || (compared == 0 && one < other);
    });
    std::map<std::string, std::size_t> running;
    for (const std::uint32_t row : rows) {
      std::string content = without_number(block, relation, row);
      std::string place = fmt::format("{}", running[content]++);
      keys[row - begin] = {number, std::move(content), std::move(place)};
    }
  }
  return keys;
}

const std::vector<std::string>& key_fields(const Block& block, hir::RelationId relation,
                                           std::uint32_t settlement, std::uint32_t row) {
  const auto [at, is_new] = block.keys->try_emplace({relation, settlement});
  if (is_new)
    at->second = keys_of_visit(block, relation, settlement);
  return at->second[row - block.batch.relations[relation].offsets[settlement]];
}

} // namespace

Value cell(const Block& block, hir::RelationId relation, std::uint32_t column, std::uint32_t row) {
  return batch::value_at(block.batch, block.program.schema, block.dictionaries, relation, column,
                         row);
}

Value cell(const Block& block, hir::RelationId relation, schema::Role role, std::uint32_t row) {
  const auto column = schema::column_with(hir::relation(block.program, relation), role);
  return column ? cell(block, relation, *column, row) : Value(Unknown{});
}

std::optional<std::uint32_t> column_at(const schema::Relation& relation, std::string_view path) {
  const std::string whole = relation.each.en + "." + std::string(path);
  for (std::uint32_t i = 0; i < relation.columns.size(); ++i) {
    const std::string& own = relation.columns[i].path.en;
    if (own == path || own == whole)
      return i;
  }
  return std::nullopt;
}

Value cell(const Block& block, hir::RelationId relation, std::string_view path, std::uint32_t row) {
  const auto column = column_at(hir::relation(block.program, relation), path);
  return column ? cell(block, relation, *column, row) : Value(Unknown{});
}

std::string cell_text(const Block& block, hir::RelationId relation, schema::Role role,
                      std::uint32_t row) {
  const Value value = cell(block, relation, role, row);
  return is_known(value) ? to_text(value, {}, Language::en, {}) : std::string();
}

std::string element_key(const Block& block, hir::RelationId relation, std::uint32_t settlement,
                        std::uint32_t row) {
  const std::vector<std::string>& fields = key_fields(block, relation, settlement, row);
  if (fields.size() == 1)
    return fields.front().substr(1);
  using schema::Role;
  std::string key = cell_text(block, relation, Role::key, row);
  const schema::Relation& list = hir::relation(block.program, relation);
  for (const Role role : {Role::code, Role::time, Role::unit_price, Role::quantity}) {
    const auto column = schema::column_with(list, role);
    const Value value = cell(block, relation, role, row);
    key += '|';
    if (column && is_known(value))
      key += to_text(value, list.columns[*column].type, Language::en, {});
  }
  return key + '|' + fields.back();
}

std::uint32_t owner_of(const Block& block, hir::RelationId relation, std::uint32_t row) {
  if (relation == 0)
    return row;
  const std::vector<std::uint32_t>& offsets = block.batch.relations[relation].offsets;
  return static_cast<std::uint32_t>(std::ranges::upper_bound(offsets, row) - offsets.begin() - 1);
}

std::string finding_id(const Block& block, const exec::Finding& finding) {
  const hir::Rule& rule = block.program.rules[finding.rule];
  Hash hash;
  hash.add(rule.id);
  if (rule.subject.across) {
    for (std::size_t i = 0; i < finding.keys.size(); ++i)
      hash.add(key_text(finding.keys[i], rule.subject.keys[i].value.type));
    return hash.text();
  }
  hash.add(key_text(cell(block, 0, "provider.id", finding.settlement), {}));
  const std::string visit = key_text(block, 0, schema::Role::visit_id, finding.settlement);
  hash.add(visit);
  if (!visit.starts_with('='))
    hash.add(key_text(block, 0, schema::Role::settlement_id, finding.settlement));
  switch (rule.subject.kind) {
  case hir::SubjectKind::settlement:
    return hash.text();
  case hir::SubjectKind::element:
    for (const std::string& field :
         key_fields(block, rule.subject.relation, finding.settlement, finding.subject))
      hash.add(field);
    return hash.text();
  case hir::SubjectKind::group:
    check(finding.keys.size() == rule.subject.keys.size(),
          "a group's finding carries all of its keys");
    for (std::size_t i = 0; i < finding.keys.size(); ++i)
      hash.add(key_text(finding.keys[i], rule.subject.keys[i].value.type));
    return hash.text();
  }
  unreachable("a rule has a subject");
}

std::string revision_of(const std::vector<std::string>& lines_and_amounts) {
  Hash hash;
  for (const std::string& part : lines_and_amounts)
    hash.add(part);
  return hash.text();
}

} // namespace sanku::engine
