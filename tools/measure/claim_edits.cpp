// See claim_edits.h; which values are tried is in claim_values.cpp.
#include "tools/measure/claim_edits.h"

#include "compiler/hir/walk.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace sanku::measure {
namespace {

using ast::DataField;
using ast::DataList;
using ast::DataRecord;
using ast::DataValue;

// Goes through all places; `visit` gets each with what may be done there.
struct Place {
  std::size_t number = 0;
  bool of_table = false;
  std::optional<Type> scalar = std::nullopt;            // a field of that type
  std::optional<hir::RelationId> record = std::nullopt; // an element of it, or the settlement
  DataRecord* in = nullptr;                             // of a field
  DataList* list = nullptr;                             // of an element; null: the settlement
  std::vector<DataValue>* values = nullptr;             // likewise of rows and other visits
  std::size_t index = 0;
  DataRecord* self = nullptr;               // of an element or the settlement
  std::vector<DataValue>* around = nullptr; // of a field: where its element stands, if any …
  std::size_t around_index = 0;             // … and which it is
};

template <class Visit> struct Walk {
  const Rules& rules;
  const hir::CheckedSchema& schema;
  Visit visit;
  std::size_t next = 0;
  bool of_table = false;
  std::vector<DataValue>* around = nullptr;
  std::size_t around_index = 0;

  void place(Place at) {
    at.number = next++;
    at.of_table = of_table;
    at.around = around;
    at.around_index = around_index;
    visit(at);
  }

  void record(DataRecord& of, hir::SpaceId in) {
    const hir::Space& space = schema.names.spaces[in];
    for (std::size_t i = 0; i < of.fields.size(); ++i) {
      DataField& field = of.fields[i];
      const hir::Entry* entry = hir::find_entry(space, field.name.text);
      if (entry == nullptr)
        continue;
      if (const auto* column = std::get_if<hir::ColumnEntry>(&entry->form)) {
        place({.scalar = schema.schema.relations[space.relation].columns[column->column].type,
               .in = &of,
               .index = i});
      } else if (const auto* nested = std::get_if<hir::RecordEntry>(&entry->form)) {
        // Before what it holds, which is left out first.
        place({.in = &of, .index = i});
        record(std::get<DataRecord>(field.value->form), nested->space);
      } else if (const auto* list = std::get_if<hir::ListEntry>(&entry->form)) {
        place({.in = &of, .index = i});
        elements(std::get<DataList>(field.value->form).values, list->relation);
      }
    }
  }

  void elements(std::vector<DataValue>& values, hir::RelationId relation) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      auto* own = std::get_if<DataRecord>(&values[i].form);
      if (own == nullptr)
        continue;
      place({.record = relation, .values = &values, .index = i, .self = own});
      const auto outer = std::pair(around, around_index);
      around = &values, around_index = i;
      record(*own, schema.names.of_relation[relation]);
      std::tie(around, around_index) = outer;
    }
  }

  // Columns of tables are asked of their shape: they have no space in the schema by itself.
  void rows(ast::GivenKnowledge& given) {
    const hir::Program& program = engine::program(rules);
    for (std::size_t t = 0; t < program.tables.size(); ++t) {
      const schema::Relation& table = program.tables[t].shape.relation;
      if (table.names.en != given.table.text && table.names.zh != given.table.text)
        continue;
      for (std::size_t i = 0; i < given.rows.size(); ++i) {
        auto* own = std::get_if<DataRecord>(&given.rows[i].form);
        if (own == nullptr)
          continue;
        place({.record = hir::relation_of(program, static_cast<hir::TableId>(t)),
               .values = &given.rows,
               .index = i,
               .self = own});
        around = &given.rows, around_index = i;
        for (std::size_t f = 0; f < own->fields.size(); ++f)
          for (std::size_t c = 0; c < table.columns.size(); ++c) {
            const schema::Column& column = table.columns[c];
            const std::string& name = own->fields[f].name.text;
            if ((column.names.en == name || column.names.zh == name) &&
                !program.tables[t].shape.sets[c])
              place({.scalar = column.type, .in = own, .index = f});
          }
        around = nullptr;
      }
    }
  }

  void all(GivenList& given) {
    for (auto& each : given)
      std::visit(match{
                     [&](ast::GivenClaim& claim) {
                       place({.record = 0, .self = &claim.claim});
                       record(claim.claim, schema.names.of_relation[0]);
                     },
                     [](ast::GivenFile&) {},
                     [&](ast::GivenKnowledge& of) {
                       of_table = true;
                       rows(of);
                       of_table = false;
                     },
                     [](ast::GivenAnswer&) {},
                     [&](ast::GivenHistory& history) { elements(history.visits, 0); },
                     [](ast::GivenRegion&) {},
                 },
                 each);
  }
};

template <class Visit>
void walk(const Rules& rules, const hir::CheckedSchema& schema, GivenList& given,
          const Visit& visit) {
  Walk<Visit>{rules, schema, visit}.all(given);
}

std::vector<std::string> parts_of_path(const std::string& path) {
  std::vector<std::string> parts(1);
  for (const char c : path)
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

// Whether the record has the field; a path that leads to no plain field counts as there.
bool has(const hir::CheckedSchema& schema, const DataRecord& record, hir::SpaceId in,
         const std::vector<std::string>& path, std::size_t at = 0) {
  const hir::Entry* entry = hir::find_entry(schema.names.spaces[in], path[at]);
  const bool last = at + 1 == path.size();
  if (entry == nullptr || (last && !std::holds_alternative<hir::ColumnEntry>(entry->form)))
    return true;
  const auto* nested = last ? nullptr : std::get_if<hir::RecordEntry>(&entry->form);
  if (!last && nested == nullptr)
    return true;
  for (const DataField& field : record.fields)
    if (hir::find_entry(schema.names.spaces[in], field.name.text) == entry) {
      const auto* inner = std::get_if<DataRecord>(&field.value->form);
      return last || inner == nullptr || has(schema, *inner, nested->space, path, at + 1);
    }
  return false;
}

bool put(DataRecord& record, const std::vector<std::string>& path, std::size_t at,
         ast::ExprPtr literal) {
  if (at + 1 == path.size()) {
    auto value = std::make_unique<DataValue>();
    value->form = std::move(literal);
    record.fields.push_back({ast::Name{path[at], {}}, std::move(value)});
    return true;
  }
  for (DataField& field : record.fields)
    if (field.name.text == path[at])
      if (auto* inner = std::get_if<DataRecord>(&field.value->form))
        return put(*inner, path, at + 1, std::move(literal));
  auto value = std::make_unique<DataValue>();
  value->form = DataRecord{};
  record.fields.push_back({ast::Name{path[at], {}}, std::move(value)});
  return put(std::get<DataRecord>(record.fields.back().value->form), path, at + 1,
             std::move(literal));
}

bool apply_at(const Edit& edit, const hir::CheckedSchema& schema, const Place& at) {
  switch (edit.kind) {
  case Edit::Kind::none:
    return true;
  case Edit::Kind::set:
  case Edit::Kind::repeat_other: {
    auto value = literal(schema.schema, edit.type, edit.value);
    // Another edit may have moved the places.
    if (at.in == nullptr || !value || !at.scalar ||
        !hir::data_value(schema.schema, *at.scalar, **value))
      return false;
    const bool repeats = edit.kind == Edit::Kind::repeat_other;
    auto before = repeats && at.around != nullptr ? copied((*at.around)[at.around_index])
                                                  : std::optional<DataValue>();
    if (repeats && !before)
      return false;
    at.in->fields[at.index].value->form = std::move(*value);
    if (before)
      at.around->insert(at.around->begin() + static_cast<std::ptrdiff_t>(at.around_index),
                        std::move(*before));
    return true;
  }
  case Edit::Kind::add: {
    auto value = literal(schema.schema, edit.type, edit.value);
    return at.self != nullptr && at.record == edit.relation && value &&
           !has(schema, *at.self, schema.names.of_relation[edit.relation], edit.path) &&
           put(*at.self, edit.path, 0, std::move(*value));
  }
  case Edit::Kind::remove:
    if (at.in != nullptr)
      at.in->fields.erase(at.in->fields.begin() + static_cast<std::ptrdiff_t>(at.index));
    else if (at.values != nullptr)
      at.values->erase(at.values->begin() + static_cast<std::ptrdiff_t>(at.index));
    return at.in != nullptr || at.values != nullptr;
  case Edit::Kind::repeat: {
    if (at.values == nullptr)
      return false;
    auto again = copied((*at.values)[at.index]);
    if (!again)
      return false;
    at.values->insert(at.values->begin() + static_cast<std::ptrdiff_t>(at.index) + 1,
                      std::move(*again));
    return true;
  }
  }
  return false;
}

} // namespace

std::vector<Edit> edits_of(const Rules& rules, const hir::CheckedSchema& schema,
                           const EditsOf& of_rule, const GivenList& given) {
  auto own = copied(given);
  if (!own)
    return {};
  const hir::Program& program = engine::program(rules);
  Pool pool = of_rule.pool;
  walk(rules, schema, *own, [&](const Place& at) {
    if (!at.scalar)
      return;
    const auto value = hir::data_value(
        schema.schema, *at.scalar, *std::get<ast::ExprPtr>(at.in->fields[at.index].value->form));
    if (!value || !is_known(*value))
      return;
    const Kind kind = at.scalar->kind;
    if (!of_rule.few || kind == Kind::date || kind == Kind::datetime)
      note(pool, *at.scalar, *value);
    else
      pool.divisors.emplace_back(*value, *at.scalar);
  });
  std::set<std::pair<hir::RelationId, std::uint32_t>> read;
  hir::for_each_part(of_rule.rule, [&](const hir::Expr& part) {
    if (const auto* field = std::get_if<hir::FieldOf>(&part.form))
      read.insert({field->relation, field->column});
  });
  std::vector<Edit> edits;
  walk(rules, schema, *own, [&](const Place& at) {
    if (at.scalar)
      for (const Value& value : tried_values(schema.schema, *at.scalar, pool))
        for (const Edit::Kind kind : {Edit::Kind::set, Edit::Kind::repeat_other})
          if (kind == Edit::Kind::set || at.around != nullptr)
            edits.push_back({.kind = kind,
                             .place = at.number,
                             .of_table = at.of_table,
                             .type = *at.scalar,
                             .value = value});
    if (at.in != nullptr || at.values != nullptr)
      edits.push_back({.kind = Edit::Kind::remove, .place = at.number, .of_table = at.of_table});
    if (at.values != nullptr && !at.of_table)
      edits.push_back({.kind = Edit::Kind::repeat, .place = at.number});
    if (!at.record || at.of_table)
      return;
    for (const auto& [relation, column] : read) {
      if (relation != *at.record)
        continue;
      const schema::Column& of = program.schema.relations[relation].columns[column];
      const std::vector<std::string> path = parts_of_path(of.path.en);
      if (has(schema, *at.self, schema.names.of_relation[relation], path))
        continue;
      for (Value& value : tried_values(schema.schema, of.type, pool))
        edits.push_back({.kind = Edit::Kind::add,
                         .place = at.number,
                         .of_table = false,
                         .type = of.type,
                         .value = std::move(value),
                         .path = path,
                         .relation = relation});
    }
  });
  return edits;
}

std::vector<Edit> removals_of(const hir::CheckedSchema& schema, const Rules& rules,
                              const GivenList& given) {
  auto own = copied(given);
  std::vector<Edit> edits;
  if (own)
    walk(rules, schema, *own, [&](const Place& at) {
      if (at.in != nullptr || at.values != nullptr)
        edits.push_back({.kind = Edit::Kind::remove, .place = at.number, .of_table = at.of_table});
    });
  return edits;
}

bool apply(const Edit& edit, const Rules& rules, const hir::CheckedSchema& schema,
           GivenList& given) {
  if (edit.kind == Edit::Kind::none)
    return true;
  std::optional<Place> found;
  walk(rules, schema, given, [&](const Place& at) {
    if (at.number == edit.place)
      found = at;
  });
  return found && apply_at(edit, schema, *found);
}

} // namespace sanku::measure
