// See write_records.h.
#include "runtime/io/write_records.h"

#include "runtime/io/csv_text.h"
#include "runtime/io/json_text.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

namespace sanku::io {
namespace {

const std::string& name_of(const schema::Column& column) {
  return column.wire.empty() ? column.path.en : column.wire.front();
}

const std::string& name_of(const schema::Relation& relation) {
  return relation.wire.empty() ? relation.names.en : relation.wire.front();
}

std::string enum_text(const schema::EnumType& type, const EnumValue& value) {
  if (value.id == 0)
    return value.unlisted;
  const schema::EnumMember& member = type.members[value.id - 1];
  return member.codes.empty() ? member.names.en : member.codes.front();
}

// Members of an object, one row; a comma before each but the first of the object.
void append_members(std::string& out, const RecordText& records, std::uint32_t relation,
                    std::uint32_t row) {
  const schema::Relation& shape = records.schema.relations[relation];
  for (std::uint32_t c = 0; c < shape.columns.size(); ++c) {
    const std::string text = wire_text(records, relation, c, row);
    if (text.empty())
      continue;
    if (out.back() != '{')
      out += ',';
    append_json_string(out, name_of(shape.columns[c]));
    out += ':';
    append_json_string(out, text);
  }
}

std::uint32_t joined_column(const schema::Schema& schema, schema::Role role) {
  const auto column = schema::column_with(schema.relations[0], role);
  check(column.has_value(), "the claim schema names visits and settlements");
  return *column;
}

constexpr schema::Role joins[] = {schema::Role::visit_id, schema::Role::settlement_id};

} // namespace

std::string wire_text(const RecordText& records, std::uint32_t relation, std::uint32_t column,
                      std::uint32_t row) {
  const Type& type = records.schema.relations[relation].columns[column].type;
  const Value value =
      batch::value_at(records.batch, records.schema, records.dictionaries, relation, column, row);
  return std::visit(
      match{
          [](const Unknown&) { return std::string(); },
          [](const Bool& truth) { return std::string(truth.value ? "1" : "0"); },
          [](const CodeText& code) { return code.text; },
          [](const std::string& text) { return text; },
          [](const Date& date) { return date_text(date); },
          [](const DateTime& time) { return datetime_text(time); },
          [&](const Decimal& number) { return decimal_text(number.units, type.scale, 0); },
          [&](const EnumValue& listed) {
            return enum_text(records.schema.enums[type.domain], listed);
          },
          [&](const Integer& number) { return std::to_string(number.value); },
          [&](const auto& other) { return to_text(other, type, Language::zh, {}); },
      },
      value);
}

void append_request(std::string& out, const RecordText& records, std::uint32_t settlement) {
  out += '{';
  append_members(out, records, 0, settlement);
  for (std::uint32_t r = 1; r < records.batch.relations.size(); ++r) {
    const schema::Relation& shape = records.schema.relations[r];
    const batch::RelationData& list = records.batch.relations[r];
    if (shape.raw_of || list.offsets[settlement] == list.offsets[settlement + 1])
      continue;
    if (out.back() != '{')
      out += ',';
    append_json_string(out, name_of(shape));
    out += ":[";
    for (std::uint32_t row = list.offsets[settlement]; row < list.offsets[settlement + 1]; ++row) {
      out += row == list.offsets[settlement] ? "{" : ",{";
      append_members(out, records, r, row);
      out += '}';
    }
    out += ']';
  }
  out += "}\n";
}

std::vector<std::string> csv_files(const schema::Schema& schema) {
  std::vector<std::string> names;
  for (const schema::Relation& relation : schema.relations) {
    if (relation.kind == schema::RelationKind::table)
      continue;
    const bool sent = relation.kind == schema::RelationKind::settlement || !relation.raw_of;
    names.push_back(!sent ? ""
                    : relation.kind == schema::RelationKind::settlement
                        ? "settlement.csv"
                        : relation.names.en + ".csv");
  }
  return names;
}

std::string csv_head(const schema::Schema& schema, std::uint32_t relation) {
  std::string head;
  const auto add = [&](const schema::Column& column) {
    head += head.empty() ? "" : ",";
    append_csv_cell(head, name_of(column));
  };
  if (relation != 0)
    for (const schema::Role role : joins)
      add(schema.relations[0].columns[joined_column(schema, role)]);
  for (const schema::Column& column : schema.relations[relation].columns)
    add(column);
  return head + "\n";
}

void append_csv_rows(std::vector<std::string>& out, const RecordText& records,
                     std::uint32_t settlement) {
  out.resize(records.batch.relations.size());
  std::string keys;
  for (const schema::Role role : joins) {
    append_csv_cell(keys, wire_text(records, 0, joined_column(records.schema, role), settlement));
    keys += ',';
  }
  const auto append_row = [&](std::uint32_t relation, std::uint32_t row) {
    std::string& text = out[relation];
    if (relation != 0)
      text += keys;
    for (std::uint32_t c = 0; c < records.schema.relations[relation].columns.size(); ++c) {
      text += c == 0 ? "" : ",";
      append_csv_cell(text, wire_text(records, relation, c, row));
    }
    text += '\n';
  };
  append_row(0, settlement);
  for (std::uint32_t r = 1; r < records.batch.relations.size(); ++r) {
    const schema::Relation& shape = records.schema.relations[r];
    if (shape.raw_of)
      continue;
    const batch::RelationData& list = records.batch.relations[r];
    for (std::uint32_t row = list.offsets[settlement]; row < list.offsets[settlement + 1]; ++row)
      append_row(r, row);
  }
}

} // namespace sanku::io
