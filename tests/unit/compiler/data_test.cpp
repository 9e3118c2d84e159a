// Data of test blocks: literals as values of a field's type, and the paths of missing fields.
#include "compiler/hir/data.h"
#include "compiler/hir/schema_from_ast.h"
#include "tests/unit/compiler/checked_rules.h"

#include <gtest/gtest.h>

namespace sanku::hir {
namespace {

struct ParsedSchema {
  source::SourceMap map;
  diag::Diagnostics diagnostics;
  ast::File file;
  std::optional<CheckedSchema> checked;
};
ParsedSchema shipped() {
  ParsedSchema made;
  made.file = ast::parse(made.map, source::add(made.map, "schema.sanku", testing::shipped_schema()),
                         made.diagnostics);
  made.checked = check_schema({&made.file}, made.diagnostics);
  return made;
}

TEST(Data, missing_fields_are_named_by_their_path) {
  const ParsedSchema schema = shipped();
  const std::vector<std::pair<const char*, const char*>> table = {
      {"patient.sex", "patient.sex"},
      {"患者的性别", "patient.sex"},
      {"item.code", "item.code"},
      {"明细的编码", "item.code"},
      {"diagnoses", "diagnoses"},
      {"诊断", "diagnoses"},
      {"settlement.total", "settlement.total"},
      {"item.hilist_code", "item.code"},
      {"patient", ""},
      {"patient.age", ""},
      {"item", ""},
      {"item.foo", ""}};
  for (const auto& [written, path] : table) {
    const Checked checked = check(
        rule_text("on item\nreport lead \"x\"") +
        fmt::format("test \"t\" {{ given {{ }} expect R indeterminate missing {} }}\n", written));
    const auto* test = std::get_if<ast::Test>(&checked.files.back()->decls.back());
    ASSERT_NE(nullptr, test) << written << told(checked);
    const auto found =
        missing_path(schema.checked->schema, schema.checked->names, *test->expect[0].missing[0]);
    EXPECT_EQ(path, found.value_or("")) << written;
    EXPECT_EQ(*path == '\0', !checked.diagnostics.all.empty()) << written;
  }
}

TEST(Data, literals_become_values_of_their_field) {
  const ParsedSchema schema = shipped();
  struct Row {
    const char* literal;
    Type type;
    std::optional<Value> value;
  };
  const Type sex{.kind = Kind::enumeration, .domain = schema.checked->names.enums.at("Sex")};
  const Type med_type{.kind = Kind::enumeration,
                      .domain = schema.checked->names.enums.at("MedType")};
  const Type money{.kind = Kind::money, .scale = 2};
  const std::vector<Row> table = {
      {"35.00", money, Decimal{3500}},
      {"-35元", money, Decimal{-3500}},
      {"35.001", money, std::nullopt},
      {"\"35\"", money, std::nullopt},
      {"3", {.kind = Kind::integer}, Integer{3}},
      {"3.5", {.kind = Kind::integer}, std::nullopt},
      {"male", sex, EnumValue{1, ""}},
      {"女", sex, EnumValue{2, ""}},
      {"Sex.female", sex, EnumValue{2, ""}},
      {"\"2\"", sex, EnumValue{2, ""}},
      {"\"0\"", sex, Unknown{}},
      {"mail", sex, std::nullopt},
      {"\"2101\"", med_type, EnumValue{0, "2101"}},
      {"2026-03-05", {.kind = Kind::date}, Date{20517}},
      {"\"2026-03-05 09:30\"", {.kind = Kind::datetime}, DateTime{20517 * 86400ll + 34200}},
      {"\"fifth\"", {.kind = Kind::date}, std::nullopt},
      {"true", {.kind = Kind::boolean}, Bool{true}},
      {"\"A\"", {.kind = Kind::code}, CodeText{"A"}},
      {"单日", {.kind = Kind::window}, make_window(1, WindowUnit::days)},
      {"6小时", {.kind = Kind::window}, make_window(6, WindowUnit::hours)},
      {"18岁", {.kind = Kind::span}, make_span(18, SpanUnit::years)},
      {"3个月", {.kind = Kind::window}, std::nullopt},
  };
  for (const Row& row : table) {
    Checked checked;
    const auto id = source::add(
        checked.map, "t.sanku",
        fmt::format("test \"t\" {{ given {{ x: {} }} expect nothing }}\n", row.literal));
    const ast::File file = ast::parse(checked.map, id, checked.diagnostics);
    ASSERT_EQ(1u, file.decls.size()) << row.literal << told(checked);
    const auto& claim = std::get<ast::GivenClaim>(std::get<ast::Test>(file.decls[0]).given[0]);
    const auto& literal = std::get<ast::ExprPtr>(claim.claim.fields[0].value->form);
    const auto found = data_value(schema.checked->schema, row.type, *literal);
    ASSERT_EQ(row.value.has_value(), found.has_value()) << row.literal;
    if (found) {
      EXPECT_TRUE(same(*row.value, *found)) << row.literal;
    }
  }
}

} // namespace
} // namespace sanku::hir
