// What rules read, as bytes to compare: schema, tables, models (content.h).
#include "compiler/hir/content.h"
#include "compiler/hir/content_writer.h"

#include <algorithm>

namespace sanku::hir {
namespace {

void names(ContentWriter& out, const schema::Names& both) {
  out.text(both.en);
  out.text(both.zh);
}

void texts(ContentWriter& out, const std::vector<std::string>& all) {
  out.number(all.size());
  for (const std::string& each : all)
    out.text(each);
}

template <class T> void maybe(ContentWriter& out, const std::optional<T>& number) {
  out.flag(number.has_value());
  if (number)
    out.number(static_cast<std::uint64_t>(*number));
}

void relation(ContentWriter& out, const schema::Relation& shown) {
  out.number(static_cast<std::size_t>(shown.kind));
  names(out, shown.names);
  names(out, shown.each);
  out.flag(shown.nonempty);
  maybe(out, shown.raw_of);
  texts(out, shown.wire);
  out.number(shown.columns.size());
  for (const schema::Column& column : shown.columns) {
    names(out, column.names);
    names(out, column.path);
    out.type(column.type);
    out.flag(column.optional);
    out.flag(column.identity);
    out.number(static_cast<std::size_t>(column.role));
    texts(out, column.wire);
  }
}

void node(ContentWriter& out, const models::Node& each) {
  for (const std::uint32_t number :
       {each.left, each.right, each.feature, static_cast<std::uint32_t>(each.test),
        static_cast<std::uint32_t>(each.absent), each.categories, each.category_count})
    out.number(number);
  out.flag(each.default_left);
  for (const double real : {each.threshold, each.value, each.weight, each.expected})
    out.real(real);
}

void trained(ContentWriter& out, const models::Model& model) {
  out.number(static_cast<std::size_t>(model.format));
  texts(out, model.features);
  out.number(model.feature_count);
  out.number(model.trees.size());
  for (const models::Tree& tree : model.trees) {
    out.number(tree.nodes.size());
    for (const models::Node& each : tree.nodes)
      node(out, each);
  }
  out.number(model.categories.size());
  for (const std::uint32_t category : model.categories)
    out.number(category);
  out.number(model.terms.size());
  for (const models::Term& term : model.terms) {
    out.real(term.coefficient);
    out.flag(term.filled);
    out.real(term.fill);
    out.real(term.mean);
  }
  out.flag(model.floats);
  out.flag(model.linear);
  out.flag(model.averaged);
  out.real(model.base);
  out.number(static_cast<std::size_t>(model.link));
  out.real(model.steepness);
}

// As in content.cpp: headers, publications and the file decide which rows there are, and no more.
[[maybe_unused]] void every_field_is_known(const knowledge::TableShape& shape,
                                           const schema::Relation& list,
                                           const schema::Column& column) {
  [[maybe_unused]] const auto& [of, key, headers, sets, prefix, key_prefix, bounds, valid_from,
                                valid_to, zone_from, zone_to, publications, file] = shape;
  [[maybe_unused]] const auto& [kind, list_names, each, nonempty, raw_of, list_wire, columns] =
      list;
  [[maybe_unused]] const auto& [names_, path, type, optional, identity, role, wire] = column;
}

} // namespace

std::string content_of(const schema::Schema& schema) {
  ContentWriter out;
  names(out, schema.names);
  out.text(schema.edition);
  out.number(schema.systems.size());
  for (const schema::CodeSystem& system : schema.systems) {
    names(out, system.names);
    out.text(system.form);
    out.flag(system.hierarchical);
    out.number(system.members.size());
    for (const std::uint32_t member : system.members)
      out.number(member);
    out.number(system.dictionary);
  }
  out.number(schema.dictionaries);
  out.number(schema.enums.size());
  for (const schema::EnumType& type : schema.enums) {
    names(out, type.names);
    out.flag(type.closed);
    out.flag(type.ordered);
    out.number(type.members.size());
    for (const schema::EnumMember& member : type.members) {
      names(out, member.names);
      texts(out, member.codes);
    }
    texts(out, type.missing);
  }
  out.number(schema.relations.size());
  for (const schema::Relation& each : schema.relations)
    relation(out, each);
  return std::move(out.bytes);
}

std::string content_of(const knowledge::TableShape& shape) {
  ContentWriter out;
  relation(out, shape.relation);
  out.number(shape.key);
  out.number(shape.sets.size());
  for (const std::optional<Type>& type : shape.sets) {
    out.flag(type.has_value());
    if (type)
      out.type(*type);
  }
  for (const bool below : shape.prefix)
    out.flag(below);
  maybe(out, shape.key_prefix);
  out.number(shape.bounds.size());
  for (const std::optional<sanku::Span>& bound : shape.bounds) {
    out.flag(bound.has_value());
    if (bound)
      out.signed_number(bound->packed);
  }
  for (const auto& column : {shape.valid_from, shape.valid_to, shape.zone_from, shape.zone_to})
    maybe(out, column);
  return std::move(out.bytes);
}

bool same_rows(const knowledge::Table& a, const knowledge::Table& b) {
  const auto same_cells = [](const std::vector<Value>& left, const std::vector<Value>& right) {
    return std::ranges::equal(left, right,
                              [](const Value& x, const Value& y) { return same(x, y); });
  };
  return a.unique_key == b.unique_key && std::ranges::equal(a.rows, b.rows, same_cells);
}

std::string content_of(const Model& model) {
  ContentWriter out;
  names(out, model.names);
  out.number(model.inputs.size());
  for (const models::InputNames& input : model.inputs) {
    out.text(input.en);
    out.text(input.zh);
  }
  out.flag(model.trained != nullptr);
  if (model.trained)
    trained(out, *model.trained);
  return std::move(out.bytes);
}

} // namespace sanku::hir
