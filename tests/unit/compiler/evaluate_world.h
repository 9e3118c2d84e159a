// A small world for tests of the evaluator: a schema with fee lines and diagnoses, two tables, and
// a batch written row by row.
#pragma once

#include "compiler/evaluate/evaluate.h"
#include "runtime/batch/batch.h"
#include "runtime/codes/dictionary.h"
#include "runtime/types/check.h"
#include "tests/unit/compiler/hir_builders.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace sanku::evaluate_test {

// Relations of the schema, and the two tables after them.
inline constexpr hir::RelationId settlement = 0, diagnoses = 1, items = 2, notes = 3;
inline constexpr hir::TableId limits = 0, pairs = 1;
inline constexpr Type item_code{.kind = Kind::code, .domain = 0};
inline constexpr Type sex{.kind = Kind::enumeration, .domain = 0};
inline constexpr Type level{.kind = Kind::enumeration, .domain = 1};
inline constexpr Type number4{.kind = Kind::decimal, .scale = 4};

inline schema::Column column(std::string name, Type type, schema::Role role = schema::Role::none) {
  schema::Column made;
  made.path = {name, "「" + name + "」"};
  if (const auto dot = name.find('.'); dot != std::string::npos)
    name = name.substr(dot + 1);
  made.names = {name, name};
  made.type = type;
  made.role = role;
  return made;
}

inline schema::Schema small_schema() {
  using schema::Role;
  schema::Schema made;
  made.systems = {{.names = {"ItemCode", "明细编码"},
                   .form = "",
                   .registry = "",
                   .hierarchical = false,
                   .members = {},
                   .dictionary = 0},
                  {.names = {"DiagnosisCode", "诊断编码"},
                   .form = "",
                   .registry = "",
                   .hierarchical = false,
                   .members = {},
                   .dictionary = 1}};
  made.dictionaries = 2;
  made.enums = {{.names = {"Sex", "性别"},
                 .closed = true,
                 .ordered = false,
                 .members = {{{"male", "男"}, {"1"}}, {{"female", "女"}, {"2"}}},
                 .missing = {"0"}},
                {.names = {"Level", "等级"},
                 .closed = false,
                 .ordered = true,
                 .members = {{{"first", "一级"}, {"1"}}, {{"second", "二级"}, {"2"}}},
                 .missing = {}}};
  const auto list = [](schema::Names names, schema::Names each, bool nonempty,
                       std::vector<schema::Column> columns) {
    return schema::Relation{.kind = schema::RelationKind::child,
                            .names = std::move(names),
                            .each = std::move(each),
                            .nonempty = nonempty,
                            .wire = {},
                            .columns = std::move(columns)};
  };
  made.relations.push_back(
      {.kind = schema::RelationKind::settlement,
       .names = {"settlement", "结算单"},
       .each = {"settlement", "结算单"},
       .nonempty = false,
       .wire = {},
       .columns = {column("settlement.visit", {.kind = Kind::text}, Role::visit_id),
                   column("patient.sex", sex), column("patient.birth", {.kind = Kind::date}),
                   column("provider.level", level)}});
  made.relations.push_back(list({"diagnoses", "诊断"}, {"diagnosis", "诊断"}, true,
                                {column("code", {.kind = Kind::code, .domain = 1}, Role::code)}));
  made.relations.push_back(
      list({"items", "明细"}, {"item", "明细"}, false,
           {column("id", {.kind = Kind::text}, Role::key), column("code", item_code, Role::code),
            column("at", {.kind = Kind::datetime}, Role::time),
            column("date", {.kind = Kind::date}), column("quantity", number4, Role::quantity),
            column("price", {.kind = Kind::money, .scale = 6}, Role::unit_price),
            column("amount", {.kind = Kind::money, .scale = 2}, Role::amount),
            column("units", {.kind = Kind::integer})}));
  made.relations.push_back(
      list({"notes", "记录"}, {"note", "记录"}, false, {column("flag", {.kind = Kind::boolean})}));
  return made;
}

inline hir::Table table(std::string name, std::vector<schema::Column> columns) {
  hir::Table made;
  made.shape.relation = {.kind = schema::RelationKind::table,
                         .names = {name, name},
                         .each = {name, name},
                         .nonempty = false,
                         .wire = {},
                         .columns = std::move(columns)};
  return made;
}

// Cells as a sender writes them, by column; what is left out is missing.
using Cells = std::map<std::string, std::string>;

struct World {
  hir::Program program;
  std::vector<knowledge::Table> tables = std::vector<knowledge::Table>(2);
  batch::Dictionaries dictionaries;
  batch::Batch batch;

  World() {
    program.schema = small_schema();
    dictionaries.resize(program.schema.dictionaries);
    program.tables.push_back(
        table("limits", {column("code", item_code), column("max", number4), column("sex", sex),
                         column("note", {.kind = Kind::text})}));
    program.tables.push_back(
        table("pairs", {column("code", item_code), column("main", item_code)}));
  }

  // One settlement with its lists.
  void visit(const Cells& header, const std::vector<Cells>& item_rows = {},
             const std::vector<Cells>& diagnosis_rows = {},
             const std::vector<Cells>& note_rows = {}) {
    visits.push_back({header, item_rows, diagnosis_rows, note_rows});
    batch::BatchBuilder builder(program.schema, dictionaries);
    for (const Visit& each : visits) {
      builder.begin();
      put(builder, settlement, each.header);
      for (const Cells& row : each.items)
        put(builder, items, row);
      for (const Cells& row : each.diagnoses)
        put(builder, diagnoses, row);
      for (const Cells& row : each.notes)
        put(builder, notes, row);
      builder.commit({});
    }
    batch = builder.take();
  }
  void row(hir::TableId id, std::vector<Value> cells) {
    tables[id].rows.push_back(std::move(cells));
    tables[id].lines.push_back(tables[id].rows.size() + 1);
  }

  [[nodiscard]] hir::Expr field(hir::BinderId binder, hir::RelationId relation,
                                std::string_view name) const {
    return hir::build::field(program, binder, relation, name);
  }
  [[nodiscard]] hir::Expr item(hir::BinderId binder, std::string_view name) const {
    return field(binder, items, name);
  }
  [[nodiscard]] hir::RelationId relation_of(hir::TableId id) const {
    return hir::relation_of(program, id);
  }

  [[nodiscard]] evaluate::Input input() const { return {program, tables, batch, dictionaries}; }
  // Outcomes of one rule alone.
  std::vector<evaluate::SubjectOutcome> judge(hir::Rule rule, std::uint32_t at = 0) {
    program.rules.clear();
    program.rules.push_back(std::move(rule));
    return evaluate::Evaluator(input()).rule(at, 0);
  }
  // A value in the first settlement.
  Value value(const hir::Expr& expr, std::uint32_t binders = 8) {
    hir::Rule rule = hir::build::rule(hir::SubjectKind::settlement, settlement,
                                      std::vector<hir::RelationId>(binders - 2, items));
    evaluate::Rows rows(input());
    evaluate::Scope scope(rows, rule);
    return scope.value(expr);
  }

private:
  struct Visit {
    Cells header;
    std::vector<Cells> items, diagnoses, notes;
  };
  std::vector<Visit> visits;

  void put(batch::BatchBuilder& builder, hir::RelationId relation, const Cells& cells) {
    builder.begin_row(relation);
    const std::vector<schema::Column>& columns = program.schema.relations[relation].columns;
    for (const auto& [name, cell] : cells) {
      const auto found =
          std::find_if(columns.begin(), columns.end(),
                       [&](const schema::Column& each) { return each.names.en == name; });
      check(found != columns.end(), "a test sets a column that is not there");
      check(builder.set_text(relation, static_cast<std::uint32_t>(found - columns.begin()), cell),
            "a test writes a malformed cell");
    }
  }
};

// A fee line at a minute of 5 March 2026; an empty time is missing.
inline Cells line(std::string code, std::string time, std::string quantity, std::string amount) {
  Cells cells{
      {"code", std::move(code)}, {"quantity", std::move(quantity)}, {"amount", std::move(amount)}};
  if (!time.empty())
    cells["at"] = "2026-03-05 " + time;
  return cells;
}
inline Value code(std::string text) { return CodeText{std::move(text)}; }
inline Value limit_of(std::int64_t whole) { return Decimal{Int128{whole} * 10000}; }

} // namespace sanku::evaluate_test
