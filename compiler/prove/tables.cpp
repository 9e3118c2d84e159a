// See tables.h.
#include "compiler/prove/tables.h"

#include "runtime/types/match.h"

#include <algorithm>

namespace sanku::prove {

std::string key_text(const Value& key) {
  return std::visit(match{
                        [](const CodeText& code) { return code.text; },
                        [](const std::string& text) { return text; },
                        [](const Integer& number) { return std::to_string(number.value); },
                        [](const EnumValue& value) { return std::to_string(value.id); },
                        [](const auto&) { return std::string(); },
                    },
                    key);
}

Tables::Tables(const hir::Program& program, const std::vector<knowledge::Table>& tables)
    : program_(program), tables_(tables), rows_(tables.size()), keys_(tables.size()) {
  for (hir::TableId id = 0; id < tables.size(); ++id) {
    given_.emplace_back(hir::relation_of(program, id));
    const std::uint32_t column = shape(id).key;
    for (std::uint32_t row = 0; row < tables[id].rows.size(); ++row) {
      const std::string key = key_text(tables[id].rows[row][column]);
      std::vector<std::uint32_t>& rows = rows_[id][key];
      if (rows.empty())
        keys_[id].push_back(key);
      rows.push_back(row);
    }
  }
}

void Tables::stand_beside(const Tables& other) {
  for (hir::TableId id = 0; id < given_.size(); ++id) {
    given_[id].reset();
    const schema::Relation& own = shape(id).relation;
    for (hir::TableId its = 0; its < other.tables_.size(); ++its) {
      const schema::Relation& relation = other.shape(its).relation;
      const bool same =
          relation.names.en == own.names.en && relation.columns.size() == own.columns.size() &&
          std::ranges::equal(
              relation.columns, own.columns, {}, [](const schema::Column& c) { return c.type; },
              [](const schema::Column& c) { return c.type; });
      if (same && other.is_given(its))
        given_[id] = other.given(its);
    }
  }
}

const std::vector<std::uint32_t>& Tables::keyed(hir::TableId id, const std::string& key) const {
  static const std::vector<std::uint32_t> none;
  const auto found = rows_[id].find(key);
  return found == rows_[id].end() ? none : found->second;
}

std::vector<std::vector<std::uint32_t>> Tables::found(hir::TableId id,
                                                      const std::string& key) const {
  std::vector<std::vector<std::uint32_t>> all;
  const bool prefix = shape(id).key_prefix.has_value();
  for (std::size_t length = key.size(); length > 0; --length) {
    if (const auto& rows = keyed(id, key.substr(0, length)); !rows.empty())
      all.push_back(rows);
    if (!prefix)
      break;
  }
  return all;
}

} // namespace sanku::prove
