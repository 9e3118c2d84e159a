// See test_data.h. Names and values were checked with the rules, so what does not fit here is our
// own fault.
#include "tools/engine/test_data.h"

#include "compiler/hir/data.h"
#include "compiler/hir/walk.h"
#include "runtime/assemble/assemble.h"
#include "runtime/io/ndjson.h"
#include "runtime/knowledge/csv.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sanku::engine {
namespace {

// Writes one record of the test's settlement into the builder. Lists are put off: their rows come
// after the settlement's own.
struct Writer {
  const hir::CheckedSchema& schema;
  batch::BatchBuilder& builder;
  std::set<std::uint32_t> given; // columns of the settlement
  struct PutOff {
    std::uint32_t relation;
    const ast::DataList* list;
  };
  std::vector<PutOff> lists;

  void record(const ast::DataRecord& fields, hir::SpaceId in) {
    const hir::Space& space = schema.names.spaces[in];
    for (const ast::DataField& field : fields.fields) {
      const hir::Entry* entry = hir::find_entry(space, field.name.text);
      check(entry != nullptr, "test data names fields of the schema");
      std::visit(
          match{
              [&](const hir::ColumnEntry& column) {
                scalar(space.relation, column.column, *field.value);
              },
              [](const hir::DerivedEntry&) { unreachable("test data gives no derived field"); },
              [&](const hir::RecordEntry& nested) {
                record(std::get<ast::DataRecord>(field.value->form), nested.space);
              },
              [&](const hir::SetColumn& set) { scalar(space.relation, set.column, *field.value); },
              [](const hir::PeriodEntry&) { unreachable("test data gives no period"); },
              [](const hir::PickEntry&) { unreachable("test data gives no derived element"); },
              [](const hir::PeriodColumns&) { unreachable("test data gives the ends"); },
              [](const hir::RangeColumns&) { unreachable("test data gives the ends"); },
              [&](const hir::ListEntry& list) {
                lists.push_back({list.relation, &std::get<ast::DataList>(field.value->form)});
              },
          },
          entry->form);
    }
  }

  void scalar(std::uint32_t relation, std::uint32_t column, const ast::DataValue& value) {
    const Type& type = schema.schema.relations[relation].columns[column].type;
    const auto made = hir::data_value(schema.schema, type, *std::get<ast::ExprPtr>(value.form));
    check(made.has_value(), "test data fits the schema's types");
    if (relation == 0)
      given.insert(column);
    if (is_known(*made))
      builder.set_value(relation, column, *made);
  }

  void rows_of_lists() {
    const std::vector<PutOff> all = lists;
    for (const PutOff& list : all) {
      for (const ast::DataValue& element : list.list->values) {
        builder.begin_row(list.relation);
        record(std::get<ast::DataRecord>(element.form), schema.names.of_relation[list.relation]);
      }
    }
  }
};

// The columns that the settlement's own time is computed from, as written.
struct NamesIn {
  std::vector<std::string> names;
  void operator()(const ast::Expr& expr) {
    std::visit(match{
                   [&](const ast::NameRef& name) { names.push_back(name.name.text); },
                   [&](const ast::Binary& form) { (*this)(*form.left), (*this)(*form.right); },
                   [&](const ast::Paren& form) { (*this)(*form.inner); },
                   [&](const ast::Call& form) {
                     for (const ast::ExprPtr& argument : form.arguments)
                       (*this)(*argument);
                   },
                   [](const auto&) {},
               },
               expr.form);
  }
};

std::vector<std::uint32_t> time_columns(const hir::CheckedSchema& schema) {
  const auto time = schema.names.time.empty() ? std::nullopt : schema.names.time[0];
  if (!time)
    return {};
  const hir::Space& space = schema.names.spaces[schema.names.of_relation[0]];
  const hir::Entry& entry = space.entries[*time];
  if (const auto* column = std::get_if<hir::ColumnEntry>(&entry.form))
    return {column->column};
  const auto* derived = std::get_if<hir::DerivedEntry>(&entry.form);
  if (derived == nullptr)
    return {};
  NamesIn search;
  search(*derived->field->derived);
  std::vector<std::uint32_t> columns;
  for (const std::string& name : search.names) {
    const hir::Entry* found = hir::find_entry(space, name);
    const auto* column = found == nullptr ? nullptr : std::get_if<hir::ColumnEntry>(&found->form);
    if (column != nullptr)
      columns.push_back(column->column);
  }
  return columns;
}

void add_defaults(const Rules& rules, const hir::CheckedSchema& schema, Writer& writer) {
  const schema::Relation& settlement = schema.schema.relations[0];
  const auto visit = schema::column_with(settlement, schema::Role::visit_id);
  if (visit && writer.builder.is_missing(0, *visit))
    writer.builder.set_value(0, *visit, std::string("test"));
  const std::vector<std::uint32_t> times = time_columns(schema);
  const bool dated = std::ranges::any_of(
      times, [&](std::uint32_t column) { return writer.given.contains(column); });
  if (dated || times.empty() || !rules.pack.test_date)
    return;
  const Date date = *rules.pack.test_date;
  const std::uint32_t column = times.front();
  if (settlement.columns[column].type.kind == Kind::date)
    writer.builder.set_value(0, column, date);
  else
    writer.builder.set_value(0, column, DateTime{std::int64_t{date.days} * 86400});
}

// Where the claim is from, unless it says: the test's region.
void add_region(const schema::Schema& schema, const std::string& region, Writer& writer) {
  const schema::Relation& settlement = schema.relations[0];
  for (const schema::Role role : {schema::Role::care_area, schema::Role::insured_area}) {
    const auto column = schema::column_with(settlement, role);
    if (region.empty() || !column || writer.given.contains(*column))
      continue;
    if (settlement.columns[*column].type.kind == Kind::code)
      writer.builder.set_value(0, *column, CodeText{region});
    else
      writer.builder.set_value(0, *column, region);
  }
}

void add_answer(const schema::Schema& schema, const ast::GivenAnswer& given,
                batch::BatchBuilder& builder) {
  for (std::uint32_t list = 1; list < schema.relations.size(); ++list) {
    const auto question = schema::column_with(schema.relations[list], schema::Role::question);
    const auto answer = schema::column_with(schema.relations[list], schema::Role::answer);
    if (!question || !answer)
      continue;
    builder.begin_row(list);
    builder.set_value(list, *question, given.question);
    builder.set_value(list, *answer, Bool{given.yes});
    return;
  }
  unreachable("an answer is given where the schema has a place for it");
}

// Every visit has a number of its own, and without a person of their own all are of one person. The
// past that is given is all there is, unless the test says since when it is known.
struct Others {
  std::size_t number = 0; // of the visit among the others; 0: the one that the test is about
  bool given = false;     // a past is given
};
void add_person(const schema::Schema& schema, const Others& others, Writer& writer) {
  const schema::Relation& settlement = schema.relations[0];
  const auto set = [&](schema::Role role, const Value& value) {
    const auto column = schema::column_with(settlement, role);
    if (column && !writer.given.contains(*column))
      writer.builder.set_value(0, *column, value);
  };
  const auto person = schema::column_with(settlement, schema::Role::person);
  if (!others.given || !person)
    return;
  const bool code = settlement.columns[*person].type.kind == Kind::code;
  set(schema::Role::person, code ? Value(CodeText{"test"}) : Value(std::string("test")));
  set(schema::Role::known_since, Date{-25567});  // 1900-01-01: of all times
  set(schema::Role::known_until, Date{2932896}); // 9999-12-31
  if (others.number > 0)
    set(schema::Role::visit_id, fmt::format("history {}", others.number));
}

void add_claim(const Rules& rules, const hir::CheckedSchema& schema,
               const std::vector<const ast::DataRecord*>& claim,
               const std::vector<const ast::GivenAnswer*>& answers, const Others& others,
               const std::string& region, batch::BatchBuilder& builder) {
  builder.begin();
  builder.begin_row(0);
  Writer writer{.schema = schema, .builder = builder, .given = {}, .lists = {}};
  for (const ast::DataRecord* record : claim)
    writer.record(*record, schema.names.of_relation[0]);
  add_person(schema.schema, others, writer);
  add_defaults(rules, schema, writer);
  add_region(schema.schema, region, writer);
  writer.rows_of_lists();
  for (const ast::GivenAnswer* answer : answers)
    add_answer(schema.schema, *answer, builder);
  builder.commit({});
}

// A file of one document, which may run over several lines: line breaks inside texts are escaped in
// JSON, so any other is a blank.
Result<batch::Batch> file_batch(const Rules& rules, const ast::GivenFile& given,
                                const hir::CheckedSchema& schema,
                                const batch::Dictionaries& dictionaries) {
  const std::filesystem::path beside =
      std::filesystem::path(rules.map.files[given.span.file].path).parent_path();
  const std::string path = (beside / given.path).lexically_normal().string();
  auto text = knowledge::read_file(path, reader_of(rules, given.span.file));
  if (!text)
    return tl::unexpected(text.error());
  io::Chunk chunk;
  chunk.first_line = 1;
  chunk.text = std::move(*text);
  std::ranges::replace(chunk.text, '\n', ' ');
  std::ranges::replace(chunk.text, '\r', ' ');
  chunk.text += '\n';
  std::vector<io::Reject> rejects;
  io::ReadCounts counts;
  std::optional<batch::Batch> made;
  io::NdjsonReader reader(schema.schema, dictionaries);
  reader.read(
      chunk, 0, 1u << 20, [&](batch::Batch batch) { made = std::move(batch); }, rejects, counts);
  if (!rejects.empty())
    return failure(fmt::format("`{}`: {}", path, rejects.front().reason_en),
                   fmt::format("“{}”：{}", path, rejects.front().reason_zh));
  if (!made)
    return failure(fmt::format("`{}` holds no settlement", path),
                   fmt::format("“{}”中没有结算单", path));
  return std::move(*made);
}

std::optional<std::uint32_t> column_named(const schema::Relation& table, const std::string& name) {
  for (std::uint32_t i = 0; i < table.columns.size(); ++i) {
    const schema::Column& column = table.columns[i];
    if (column.names.en == name || column.names.zh == name ||
        std::ranges::find(column.wire, name) != column.wire.end())
      return i;
  }
  return std::nullopt;
}

Result<std::vector<Value>> table_row(const schema::Schema& schema,
                                     const knowledge::TableShape& shape,
                                     const ast::DataRecord& record) {
  const schema::Relation& table = shape.relation;
  std::vector<Value> row(table.columns.size(), Unknown{});
  for (const ast::DataField& field : record.fields) {
    const auto column = column_named(table, field.name.text);
    check(column.has_value(), "test data names columns of the table");
    auto made = hir::data_value(schema, table.columns[*column].type,
                                *std::get<ast::ExprPtr>(field.value->form));
    check(made.has_value(), "test data fits the table's types");
    const auto* cell = std::get_if<std::string>(&*made);
    if (cell == nullptr || !shape.sets[*column]) {
      row[*column] = std::move(*made);
      continue;
    }
    auto set = knowledge::set_text(shape, schema, *column, *cell);
    if (!set)
      return failure(
          fmt::format("`{}` is not a set of the elements of `{}`", *cell,
                      table.columns[*column].names.en),
          fmt::format("“{}”不是“{}”的元素的集合", *cell, table.columns[*column].names.zh));
    row[*column] = std::move(*set);
  }
  return row;
}

// Whether a rule takes a row of the table for the only one of its key: `let r = t[key]`.
bool binds_only_row(const hir::Program& program, hir::TableId table) {
  return std::ranges::any_of(program.rules, [&](const hir::Rule& rule) {
    return std::ranges::any_of(rule.guards, [&](const hir::Guard& guard) {
      const auto* row = std::get_if<hir::RowGuard>(&guard);
      return row != nullptr && row->table == table;
    });
  });
}

Result<void> replace_rows(const Rules& rules, const ast::GivenKnowledge& given,
                          std::vector<knowledge::Table>& tables) {
  const hir::Program& program = engine::program(rules);
  const auto found = std::ranges::find_if(program.tables, [&](const hir::Table& table) {
    const schema::Names& names = table.shape.relation.names;
    return names.en == given.table.text || names.zh == given.table.text;
  });
  check(found != program.tables.end(), "a test gives rows of tables that exist");
  const knowledge::TableShape& shape = found->shape;
  const auto number = static_cast<hir::TableId>(found - program.tables.begin());
  knowledge::Table& table = tables[number];
  table = {};
  for (const ast::DataValue& row : given.rows) {
    auto cells = table_row(program.schema, shape, std::get<ast::DataRecord>(row.form));
    if (!cells)
      return tl::unexpected(cells.error());
    table.rows.push_back(std::move(*cells));
    table.lines.push_back(source::place_of(rules.map, row.span.file, row.span.begin).line);
    if (!is_known(table.rows.back()[shape.key]))
      return failure(fmt::format("a row given for `{}` has no `{}`, which is its key",
                                 given.table.text, shape.relation.columns[shape.key].names.en),
                     fmt::format("为“{}”给定的一行缺少键“{}”", given.table.text,
                                 shape.relation.columns[shape.key].names.zh));
  }
  if (!knowledge::finish(shape, table) || (!table.unique_key && binds_only_row(program, number)))
    return failure(
        fmt::format(
            "two rows given for `{}` have the same key, and a rule takes the only row of it",
            given.table.text),
        fmt::format("为“{}”给定的行中有重复的键，而有规则取该键唯一的一行", given.table.text));
  return {};
}

} // namespace

std::vector<bool> tables_asked(const hir::Program& program, const hir::Test& test) {
  std::vector<bool> asked(program.tables.size());
  const auto lists = program.schema.relations.size();
  const auto add = [&](const hir::Rule& rule) {
    for (const hir::RelationId relation : rule.binder_relations)
      if (relation >= lists)
        asked[relation - lists] = true;
    hir::for_each_part(rule, [&](const hir::Expr& part) {
      if (const auto* in = std::get_if<hir::InTable>(&part.form))
        asked[in->table] = true;
    });
  };
  for (std::size_t i = 0; i < test.ast->expect.size(); ++i) {
    const bool nothing = test.ast->expect[i].outcome == ast::Expected::nothing;
    if (nothing && test.ast->of.empty())
      return std::vector<bool>(program.tables.size(), true);
    if (!nothing)
      add(program.rules[test.expect_rules[i]]);
  }
  for (const hir::Rule& rule : program.rules)
    if (std::ranges::find(test.ast->of, rule.id, &ast::Name::text) != test.ast->of.end())
      add(rule);
  return asked;
}

hir::CheckedSchema schema_names(const Rules& rules) {
  check(rules.checked.has_value(), "the schema of rules that were not checked");
  std::vector<const ast::File*> files;
  for (const auto& file : rules.checked->files)
    if (file->source == rules.schema_file)
      files.push_back(file.get());
  diag::Diagnostics told_before;
  auto schema = hir::check_schema(files, told_before);
  check(schema.has_value(), "a schema that was right is right again");
  return std::move(*schema);
}

Result<std::vector<knowledge::Table>> given_tables(const Rules& rules, const hir::Test& test) {
  const std::vector<bool> asked = tables_asked(engine::program(rules), test);
  std::vector<knowledge::Table> tables(asked.size());
  for (std::size_t i = 0; i < asked.size(); ++i)
    if (asked[i])
      tables[i] = rules.checked->tables[i];
  for (const auto& given : test.ast->given) {
    const auto* rows = std::get_if<ast::GivenKnowledge>(&given);
    if (rows == nullptr)
      continue;
    if (auto replaced = replace_rows(rules, *rows, tables); !replaced)
      return tl::unexpected(replaced.error());
  }
  return tables;
}

Result<batch::Batch> given_batch(const Rules& rules, const hir::CheckedSchema& schema,
                                 const hir::Test& test, const Engine& engine) {
  const batch::Dictionaries& dictionaries = engine::dictionaries(engine);
  std::vector<const ast::DataRecord*> claim;
  std::vector<const ast::GivenAnswer*> answers;
  std::vector<const ast::DataRecord*> past;
  bool has_past = false;
  for (const auto& given : test.ast->given) {
    if (const auto* answer = std::get_if<ast::GivenAnswer>(&given))
      answers.push_back(answer);
    if (const auto* record = std::get_if<ast::GivenClaim>(&given))
      claim.push_back(&record->claim);
    if (const auto* history = std::get_if<ast::GivenHistory>(&given)) {
      has_past = true;
      for (const ast::DataValue& visit : history->visits)
        past.push_back(&std::get<ast::DataRecord>(visit.form));
    }
    const auto* file = std::get_if<ast::GivenFile>(&given);
    if (file == nullptr)
      continue;
    auto batch = file_batch(rules, *file, schema, dictionaries);
    if (batch)
      assemble::assemble(*batch, schema.schema, dictionaries, assembly(engine));
    return batch;
  }
  batch::BatchBuilder builder(schema.schema, dictionaries);
  add_claim(rules, schema, claim, answers, {.number = 0, .given = has_past}, test.region, builder);
  for (std::size_t i = 0; i < past.size(); ++i)
    add_claim(rules, schema, {past[i]}, {}, {.number = i + 1, .given = true}, test.region, builder);
  batch::Batch batch = builder.take();
  if (!past.empty()) {
    batch.people.context.assign(batch.settlements, true);
    batch.people.context.front() = false;
  }
  assemble::assemble(batch, schema.schema, dictionaries, assembly(engine));
  return batch;
}

} // namespace sanku::engine
