// See visit.h. Codes go through the reader's normalisation once and through set_value afterwards,
// so a visit that was read and the batches built from it hold the same texts.
#include "tests/support/visit.h"

#include "runtime/assemble/assemble.h"
#include "runtime/io/json_text.h"
#include "runtime/io/ndjson.h"
#include "runtime/types/candidates.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::testing {
namespace {

void put_visit(batch::BatchBuilder& builder, const Visit& visit, std::size_t number) {
  builder.begin();
  for (std::uint32_t relation = 0; relation < visit.rows.size(); ++relation)
    for (const std::vector<Value>& row : visit.rows[relation]) {
      builder.begin_row(relation);
      for (std::uint32_t column = 0; column < row.size(); ++column)
        builder.set_value(relation, column, row[column]);
    }
  builder.commit({.line = number});
}

// `A 或 B`, as people read a code that is one of several. No sender can write one.
std::string with_candidates(std::string code) {
  constexpr std::string_view between = " 或 ";
  for (std::size_t at = code.find(between); at != std::string::npos; at = code.find(between))
    code.replace(at, between.size(), 1, candidate_separator);
  return code;
}

std::vector<Value> row_of(const batch::Batch& batch, const schema::Schema& schema,
                          const batch::Dictionaries& dictionaries, std::uint32_t relation,
                          std::uint32_t row) {
  std::vector<Value> values;
  for (std::uint32_t column = 0; column < schema.relations[relation].columns.size(); ++column) {
    values.push_back(batch::value_at(batch, schema, dictionaries, relation, column, row));
    if (auto* code = std::get_if<CodeText>(&values.back()))
      code->text = with_candidates(std::move(code->text));
  }
  return values;
}

Visit visit_of(const batch::Batch& batch, const schema::Schema& schema,
               const batch::Dictionaries& dictionaries, std::uint32_t settlement) {
  Visit visit;
  visit.rows.resize(schema.relations.size());
  visit.rows[0].push_back(row_of(batch, schema, dictionaries, 0, settlement));
  for (std::uint32_t relation = 1; relation < schema.relations.size(); ++relation) {
    const std::vector<std::uint32_t>& offsets = batch.relations[relation].offsets;
    for (std::uint32_t row = offsets[settlement]; row < offsets[settlement + 1]; ++row)
      visit.rows[relation].push_back(row_of(batch, schema, dictionaries, relation, row));
  }
  return visit;
}

void append_cells(std::string& out, const schema::Schema& schema, const schema::Relation& relation,
                  const std::vector<Value>& row) {
  for (std::size_t column = 0; column < row.size(); ++column) {
    if (!is_known(row[column]))
      continue;
    const schema::Column& declared = relation.columns[column];
    if (out.back() != '{')
      out += ',';
    io::append_json_string(out, declared.wire.empty() ? declared.names.en : declared.wire.front());
    out += ':';
    io::append_json_string(out, cell_text(schema, declared.type, row[column]));
  }
}

} // namespace

std::vector<Value> empty_row(const schema::Relation& relation) {
  return std::vector<Value>(relation.columns.size());
}

Visit empty_visit(const schema::Schema& schema) {
  Visit visit;
  visit.rows.resize(schema.relations.size());
  visit.rows[0].push_back(empty_row(schema.relations[0]));
  return visit;
}

namespace {

// The order in which visits enter blocks, and which of them must stay with the one before.
struct Sequence {
  std::vector<std::size_t> order;
  std::vector<bool> with_before; // by place in `order`
};
Sequence sequence(const schema::Schema& schema, const std::vector<Visit>& visits,
                  assemble::Reach reach) {
  Sequence made;
  made.with_before.assign(visits.size(), reach == assemble::Reach::population);
  const auto person = schema::column_with(schema.relations[0], schema::Role::person);
  const auto person_of = [&](std::size_t i) -> Value {
    return person ? visits[i].rows[0][0][*person] : Value(Unknown{});
  };
  std::vector<bool> taken(visits.size());
  for (std::size_t i = 0; i < visits.size(); ++i) {
    if (taken[i])
      continue;
    made.order.push_back(i);
    for (std::size_t j = i + 1; reach == assemble::Reach::person && j < visits.size(); ++j) {
      if (taken[j] || !is_known(person_of(i)) || !same(person_of(i), person_of(j)))
        continue;
      taken[j] = true;
      made.with_before[made.order.size()] = true;
      made.order.push_back(j);
    }
  }
  return made;
}

} // namespace

std::vector<batch::Batch> build_batches(const schema::Schema& schema,
                                        const batch::Dictionaries& dictionaries,
                                        const std::vector<Visit>& visits, std::size_t size,
                                        assemble::Reach reach) {
  std::vector<batch::Batch> batches;
  batch::BatchBuilder builder(schema, dictionaries);
  const Sequence all = sequence(schema, visits, reach);
  for (std::size_t i = 0; i < visits.size(); ++i) {
    put_visit(builder, visits[all.order[i]], all.order[i]);
    const bool more = i + 1 < visits.size();
    if (more && (builder.settlements() < size || all.with_before[i + 1]))
      continue;
    batches.push_back(builder.take());
    assemble::assemble(batches.back(), schema, dictionaries, {.place = false, .reach = reach});
  }
  return batches;
}

ReadVisits read_visits(const schema::Schema& schema, std::string_view ndjson) {
  const batch::Dictionaries dictionaries(schema.dictionaries);
  io::NdjsonReader reader(schema, dictionaries);
  std::vector<io::Reject> rejects;
  io::ReadCounts counts;
  ReadVisits read;
  const auto take = [&](const batch::Batch& batch) {
    for (std::uint32_t settlement = 0; settlement < batch.settlements; ++settlement)
      read.visits.push_back(visit_of(batch, schema, dictionaries, settlement));
  };
  reader.read(
      {.text = std::string(ndjson), .index = 0, .offset = 0, .first_line = 1, .too_long = false}, 0,
      4096, take, rejects, counts);
  for (const io::Reject& reject : rejects)
    read.rejects += fmt::format("line {}: {}\n", reject.line, reject.reason_en);
  return read;
}

std::string cell_text(const schema::Schema& schema, const Type& type, const Value& value) {
  if (const auto* member = std::get_if<EnumValue>(&value); member && member->id != 0)
    return schema.enums[type.domain].members[member->id - 1].codes.front();
  if (const auto* number = std::get_if<Decimal>(&value))
    return decimal_text(number->units, type.scale, 0);
  if (const auto* window = std::get_if<Window>(&value);
      window && unit_of(*window) == WindowUnit::calendar_year)
    return "自然年";
  return to_text(value, type, Language::zh, "");
}

std::string to_ndjson(const schema::Schema& schema, const Visit& visit) {
  std::string out = "{";
  append_cells(out, schema, schema.relations[0], visit.rows[0].front());
  for (std::size_t relation = 1; relation < visit.rows.size(); ++relation) {
    if (visit.rows[relation].empty())
      continue;
    const schema::Relation& declared = schema.relations[relation];
    if (out.back() != '{')
      out += ',';
    io::append_json_string(out, declared.wire.front());
    out += ":[";
    for (const std::vector<Value>& row : visit.rows[relation]) {
      if (out.back() != '[')
        out += ',';
      out += '{';
      append_cells(out, schema, declared, row);
      // An empty object is no element to the reader; one with a field that it does not know is.
      if (out.back() == '{')
        out += R"("nothing_known":"1")";
      out += '}';
    }
    out += ']';
  }
  return out + "}";
}

} // namespace sanku::testing
