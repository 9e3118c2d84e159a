// Test blocks: rules that exist, data that the schema has, expectations that can be met. The data
// stays Ast; the test runner reads it through data.h. Tested by tests/cases/errors/SK41*.
#include "compiler/hir/data.h"
#include "compiler/hir/scope.h"
#include "compiler/hir/suggest.h"
#include "runtime/types/match.h"

#include <algorithm>

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

struct Checker {
  const Declarations& pack;
  const DeclaredRules& declared_rules;
  const Program& program;
  diag::Diagnostics& diagnostics;
  bool failed = false;

  void shape(Span at, const schema::Names& names, Words wanted) {
    report<"data_shape">(diagnostics, at, Words{names.zh, names.en}, wanted);
    failed = true;
  }

  void scalar(const ast::DataValue& value, const Entry& entry, const Type& type) {
    const auto* literal = std::get_if<ast::ExprPtr>(&value.form);
    const TypeName wanted = type_name(pack.schema, type);
    if (literal && data_value(pack.schema, type, **literal))
      return;
    report<"data_value">(diagnostics, value.span, Words{entry.names.zh, entry.names.en},
                         Words{wanted.zh, wanted.en})
        .label(entry.span, "字段声明于此", "the field is declared here");
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
                scalar(*field.value, *entry,
                       relation(pack, space.relation).columns[column.column].type);
              },
              [&](const DerivedEntry&) {
                report<"data_derived">(diagnostics, field.name.span, field.name.text)
                    .label(entry->span, "由此计算", "computed here");
                failed = true;
              },
              [&](const RecordEntry& nested) { record(*field.value, entry->names, nested.space); },
              [&](const SetColumn&) { scalar(*field.value, *entry, {.kind = Kind::text}); },
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
    const schema::Names& names = pack.tables[table->second].shape.relation.names;
    for (const ast::DataValue& row : given.rows)
      record(row, names, pack.names.of_relation[relation_of(pack, table->second)]);
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
