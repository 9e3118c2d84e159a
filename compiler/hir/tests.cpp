// Test blocks: rules that exist, data that the schema has, expectations that can be met. The data
// stays Ast; the test runner reads it through data.h. Tested by tests/cases/errors/SK41*.
#include "compiler/hir/data.h"
#include "compiler/hir/scope.h"
#include "compiler/hir/suggest.h"
#include "runtime/knowledge/repeats.h"
#include "runtime/knowledge/window_bound.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

// How a value of the type is written.
TypeName sample_of(const schema::Schema& schema, const Type& type) {
  switch (type.kind) {
  case Kind::boolean:
    return {"`是` 或 `否`", "`true` or `false`"};
  case Kind::integer:
    return {"整数，例如 `3`", "a whole number, such as `3`"};
  case Kind::decimal:
    return {"数，例如 `1.5`", "a number, such as `1.5`"};
  case Kind::money:
    return {"金额，例如 `35.00`", "an amount, such as `35.00`"};
  case Kind::date:
    return {"日期，例如 `2027-01-31`", "a date, such as `2027-01-31`"};
  case Kind::datetime:
    return {"时间，例如 `\"2027-01-31 09:30\"`", "a time, such as `\"2027-01-31 09:30\"`"};
  case Kind::window:
    return {"时间窗，例如 `30天`", "a window, such as `30 days`"};
  case Kind::enumeration: {
    const schema::EnumMember& first = schema.enums[type.domain].members.front();
    return {fmt::format("其中的名称，例如 `{}`，或加引号的编码", first.names.zh),
            fmt::format("one of its names, such as `{}`, or a code in quotes", first.names.en)};
  }
  case Kind::code:
    return {"加引号的编码", "a code in quotes"};
  case Kind::text:
    return {"加引号的文本", "a text in quotes"};
  case Kind::span:
  case Kind::age:
  case Kind::count:
  case Kind::score:
  case Kind::reasons:
    break;
  }
  return {"时长，例如 `30天`", "a length of time, such as `30 days`"};
}

struct Checker {
  const Declarations& pack;
  const DeclaredRules& declared_rules;
  const Program& program;
  diag::Diagnostics& diagnostics;
  bool failed = false;
  // The row of a table that is given.
  struct Cell {
    Span span;
    Value value;
  };
  struct Row {
    const knowledge::TableShape& shape;
    bool has_key = false;
    std::map<std::uint32_t, Cell> cells = {}; // by column; those that are right
  };
  std::optional<Row> row = {};

  void shape(Span at, const schema::Names& names, Words wanted) {
    report<"data_shape">(diagnostics, at, Words{names.zh, names.en}, wanted);
    failed = true;
  }

  // The value where it is one of the column's; of a table's row it is kept with the others.
  void scalar(const ast::DataValue& value, const Entry& entry, std::uint32_t column,
              const schema::Relation& of) {
    const Type& type = of.columns[column].type;
    if (row && column == row->shape.key)
      row->has_key = true;
    const auto* literal = std::get_if<ast::ExprPtr>(&value.form);
    auto made = literal ? data_value(pack.schema, type, **literal) : std::nullopt;
    if (literal && (!made || is_far_key(column, *made))) {
      if (auto range = range_for(type, **literal)) {
        if (made)
          range->low = std::to_string(0),
          range->high = std::to_string(knowledge::int_key_bound - 1);
        report<"data_number">(diagnostics, value.span, Words{entry.names.zh, entry.names.en},
                              range->low, range->high, range->behind_point)
            .label(entry.span, "字段声明于此", "the field is declared here");
        failed = true;
        return;
      }
    }
    if (!made)
      return unfit(value, entry, type_name(pack.schema, type), sample_of(pack.schema, type));
    if (!row)
      return;
    const auto& bound = row->shape.bounds[column];
    if (const auto* window = std::get_if<Window>(&*made);
        window && bound && !knowledge::is_within(*window, *bound))
      too_long(value, entry, *window, *bound);
    row->cells[column] = {value.span, std::move(*made)};
  }

  // A cell that is a set is a text, whose elements are of the column's type.
  void set(const ast::DataValue& value, const Entry& entry, const SetColumn& column) {
    const auto* literal = std::get_if<ast::ExprPtr>(&value.form);
    const auto made =
        literal ? data_value(pack.schema, {.kind = Kind::text}, **literal) : std::nullopt;
    const bool good =
        made && row &&
        knowledge::set_text(row->shape, pack.schema, column.column, std::get<std::string>(*made));
    if (good)
      return;
    const TypeName element = type_name(pack.schema, column.element);
    unfit(value, entry, {fmt::format("一组 {}", element.zh), fmt::format("set of {}", element.en)},
          {"加引号的元素，例如 `\"A、B\"`、`\"1..3\"`",
           "elements in quotes, for example `\"A, B\"` or `\"1..3\"`"});
  }

  void unfit(const ast::DataValue& value, const Entry& entry, const TypeName& wanted,
             const TypeName& sample) {
    report<"data_value">(diagnostics, value.span, Words{entry.names.zh, entry.names.en},
                         Words{wanted.zh, wanted.en})
        .label(entry.span, "字段声明于此", "the field is declared here")
        .help(fmt::format("请写{}", sample.zh), fmt::format("write {}", sample.en));
    failed = true;
  }

  // A row that a test gives is held to what rows of files are.
  bool is_far_key(std::uint32_t column, const Value& value) const {
    const auto* integer = std::get_if<Integer>(&value);
    return row && column == row->shape.key && integer != nullptr &&
           (integer->value < 0 || integer->value >= knowledge::int_key_bound);
  }

  void too_long(const ast::DataValue& value, const Entry& entry, Window window, sanku::Span bound) {
    const auto words = [](const Value& length, Kind kind) {
      const Type type{.kind = kind};
      return std::pair(to_text(length, type, Language::zh, {}),
                       to_text(length, type, Language::en, {}));
    };
    const auto found = words(window, Kind::window), most = words(bound, Kind::span);
    report<"data_window">(diagnostics, value.span, Words{found.first, found.second},
                          Words{entry.names.zh, entry.names.en}, Words{most.first, most.second})
        .label(entry.span, "字段声明于此", "the field is declared here");
    failed = true;
  }

  void whole_row(const ast::DataValue& value, const schema::Names& table) {
    const knowledge::TableShape& shape = row->shape;
    const schema::Names& key = shape.relation.columns[shape.key].names;
    if (!row->has_key) {
      report<"data_key">(diagnostics, value.span, Words{table.zh, table.en}, Words{key.zh, key.en});
      failed = true;
    }
    if (!shape.valid_from)
      return;
    const auto from = row->cells.find(*shape.valid_from), to = row->cells.find(*shape.valid_to);
    if (from == row->cells.end() || to == row->cells.end())
      return;
    const Date first = std::get<Date>(from->second.value), last = std::get<Date>(to->second.value);
    if (last.days >= first.days)
      return;
    report<"data_period">(diagnostics, to->second.span, date_text(last), date_text(first));
    failed = true;
  }

  void list(const ast::DataValue& value, const Entry& entry, SpaceId element) {
    const auto* elements = std::get_if<ast::DataList>(&value.form);
    if (!elements)
      return shape(value.span, entry.names, {"列表 `[ … ]`", "a list `[ … ]`"});
    for (const ast::DataValue& one : elements->values)
      record(one, entry.names, element);
  }

  void record(const ast::DataValue& value, const schema::Names& names, SpaceId space) {
    const auto* fields = std::get_if<ast::DataRecord>(&value.form);
    if (!fields)
      return shape(value.span, names, {"记录 `{ … }`", "a record `{ … }`"});
    record(*fields, space);
  }

  void record(const ast::DataRecord& fields, SpaceId in) {
    const Space& space = pack.names.spaces[in];
    std::set<const Entry*> seen;
    for (const ast::DataField& field : fields.fields) {
      const Entry* entry = find_entry(space, field.name.text);
      if (!entry) {
        std::vector<std::string_view> near;
        for (const auto& [name, id] : space.by_name)
          near.push_back(name);
        suggest(report<"unknown_field">(diagnostics, field.name.span,
                                        Words{space.names.zh, space.names.en}, field.name.text),
                field.name, near);
        failed = true;
        continue;
      }
      if (!seen.insert(entry).second) {
        report<"declared_twice">(diagnostics, field.name.span, field.name.text);
        failed = true;
        continue;
      }
      std::visit(
          match{
              [&](const ColumnEntry& column) {
                scalar(*field.value, *entry, column.column, relation(pack, space.relation));
              },
              [&](const DerivedEntry&) {
                report<"data_derived">(diagnostics, field.name.span, field.name.text)
                    .label(entry->span, "由此计算", "computed here");
                failed = true;
              },
              [&](const RecordEntry& nested) { record(*field.value, entry->names, nested.space); },
              [&](const SetColumn& column) { set(*field.value, *entry, column); },
              [&](const PeriodEntry&) { ends_instead(field); },
              [&](const PickEntry&) {
                report<"data_derived">(diagnostics, field.name.span, field.name.text)
                    .label(entry->span, "由此计算", "computed here");
                failed = true;
              },
              [&](const PeriodColumns&) { ends_instead(field); },
              [&](const RangeColumns&) { ends_instead(field); },
              [&](const ListEntry& child) {
                if (relation(pack, child.relation).raw_of) {
                  report<"data_derived">(diagnostics, field.name.span, field.name.text)
                      .label(entry->span, "由此得出", "made of the lines that are given");
                  failed = true;
                  return;
                }
                list(*field.value, *entry, pack.names.of_relation[child.relation]);
              },
          },
          entry->form);
    }
  }

  // Of a period or a range the two ends are given, each by its own name.
  void ends_instead(const ast::DataField& field) {
    report<"data_ends">(diagnostics, field.name.span, field.name.text);
    failed = true;
  }

  void answer(const ast::GivenAnswer& given) {
    for (const schema::Relation& list : pack.schema.relations)
      if (schema::column_with(list, schema::Role::question) &&
          schema::column_with(list, schema::Role::answer))
        return;
    report<"no_answers">(diagnostics, given.span);
    failed = true;
  }

  void region(const ast::GivenRegion& given, Test& made) {
    made.region = given.code;
    if (!is_region(given.code))
      report<"overlay_region">(diagnostics, given.span, given.code);
    else if (!schema::column_with(pack.schema.relations[0], schema::Role::care_area))
      report<"overlay_no_place">(diagnostics, given.span, "care_area");
    else
      return;
    failed = true;
  }

  void knowledge(const ast::GivenKnowledge& given) {
    const auto table = pack.table_names.find(given.table.text);
    if (table == pack.table_names.end()) {
      std::vector<std::string_view> near;
      for (const auto& [name, id] : pack.table_names)
        near.push_back(name);
      suggest(report<"unknown_table">(diagnostics, given.table.span, given.table.text), given.table,
              near);
      failed = true;
      return;
    }
    const knowledge::TableShape& of = pack.tables[table->second].shape;
    for (const ast::DataValue& each : given.rows) {
      row.emplace(Row{of});
      record(each, of.relation.names, pack.names.of_relation[relation_of(pack, table->second)]);
      whole_row(each, of.relation.names);
    }
    row.reset();
  }

  // The rule's index among those that are right; one that is declared but wrong drops the test
  // without another word.
  std::optional<std::uint32_t> rule(const ast::Name& name) {
    const auto found =
        std::lower_bound(program.rules.begin(), program.rules.end(), name.text,
                         [](const Rule& a, const std::string& id) { return a.id < id; });
    if (found != program.rules.end() && found->id == name.text)
      return static_cast<std::uint32_t>(found - program.rules.begin());
    failed = true;
    if (declared_rules.contains(name.text))
      return std::nullopt;
    std::vector<std::string_view> near;
    for (const auto& [id, at] : declared_rules)
      near.push_back(id);
    suggest(report<"unknown_rule">(diagnostics, name.span, name.text), name, near);
    return std::nullopt;
  }

  void expect(const ast::Expect& written, Test& made) {
    made.expect_rules.push_back(written.rule ? rule(*written.rule).value_or(0) : 0);
    for (const ast::ExprPtr& path : written.missing) {
      if (missing_path(pack.schema, pack.names, *path))
        continue;
      report<"missing_path">(diagnostics, path->span);
      failed = true;
    }
  }

  std::optional<Test> check(const ast::Test& written) {
    Test made{.ast = &written,
              .expect_rules = {},
              .layer = pack.layer,
              .region = pack.layers[pack.layer].region};
    for (const ast::Name& name : written.of)
      static_cast<void>(rule(name));
    for (const auto& given : written.given)
      std::visit(
          match{
              [&](const ast::GivenClaim& claim) { record(claim.claim, pack.names.of_relation[0]); },
              [](const ast::GivenFile&) {},
              [&](const ast::GivenKnowledge& rows) { knowledge(rows); },
              [&](const ast::GivenAnswer& given_answer) { answer(given_answer); },
              [&](const ast::GivenHistory& history) {
                for (const ast::DataValue& visit : history.visits)
                  record(visit, pack.schema.relations[0].names, pack.names.of_relation[0]);
              },
              [&](const ast::GivenRegion& given_region) { region(given_region, made); },
          },
          given);
    for (const ast::Expect& expected : written.expect)
      expect(expected, made);
    if (failed)
      return std::nullopt;
    return made;
  }
};

} // namespace

void check_tests(const std::vector<const ast::File*>& files, const Declarations& pack,
                 const DeclaredRules& declared_rules, Program& program,
                 diag::Diagnostics& diagnostics) {
  for (const ast::File* file : files)
    for (const ast::Decl& decl : file->decls) {
      const auto* written = std::get_if<ast::Test>(&decl);
      if (!written)
        continue;
      Checker checker{pack, declared_rules, program, diagnostics};
      if (auto made = checker.check(*written))
        program.tests.push_back(std::move(*made));
    }
}

} // namespace sanku::hir
