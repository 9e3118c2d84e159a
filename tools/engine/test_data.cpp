// See test_data.h. Names and values were checked with the rules, so what does not fit here is our
// own fault.
#include "tools/engine/test_data.h"

#include "compiler/hir/data.h"
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
  if (visit && !writer.given.contains(*visit))
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

void add_claim(const Rules& rules, const hir::CheckedSchema& schema,
               const std::vector<const ast::DataRecord*>& claim,
               const std::vector<const ast::GivenAnswer*>& answers, batch::BatchBuilder& builder) {
  builder.begin();
  builder.begin_row(0);
  Writer writer{.schema = schema, .builder = builder, .given = {}, .lists = {}};
  for (const ast::DataRecord* record : claim)
    writer.record(*record, schema.names.of_relation[0]);
  add_defaults(rules, schema, writer);
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
  auto text = knowledge::read_file(path, rules.pack.read);
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

Result<void> replace_rows(const Rules& rules, const ast::GivenKnowledge& given,
                          std::vector<knowledge::Table>& tables) {
  const hir::Program& program = engine::program(rules);
  const auto found = std::ranges::find_if(program.tables, [&](const hir::Table& table) {
    const schema::Names& names = table.shape.relation.names;
    return names.en == given.table.text || names.zh == given.table.text;
  });
  check(found != program.tables.end(), "a test gives rows of tables that exist");
  const knowledge::TableShape& shape = found->shape;
  knowledge::Table& table = tables[static_cast<std::size_t>(found - program.tables.begin())];
  const bool was_unique = table.unique_key;
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
  if (!knowledge::finish(shape, table) || (was_unique && !table.unique_key))
    return failure(
        fmt::format(
            "two rows given for `{}` have the same key, and the published table has each key once",
            given.table.text),
        fmt::format("为“{}”给定的行中有重复的键，而公布的知识表每键一行", given.table.text));
  return {};
}

} // namespace

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
  std::vector<knowledge::Table> tables = rules.checked->tables;
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
  for (const auto& given : test.ast->given) {
    if (const auto* answer = std::get_if<ast::GivenAnswer>(&given))
      answers.push_back(answer);
    if (const auto* record = std::get_if<ast::GivenClaim>(&given))
      claim.push_back(&record->claim);
    const auto* file = std::get_if<ast::GivenFile>(&given);
    if (file == nullptr)
      continue;
    auto batch = file_batch(rules, *file, schema, dictionaries);
    if (batch)
      assemble::assemble(*batch, schema.schema, dictionaries, assembly(engine));
    return batch;
  }
  batch::BatchBuilder builder(schema.schema, dictionaries);
  add_claim(rules, schema, claim, answers, builder);
  batch::Batch batch = builder.take();
  assemble::assemble(batch, schema.schema, dictionaries, assembly(engine));
  return batch;
}

} // namespace sanku::engine
