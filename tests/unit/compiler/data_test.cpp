// Data of test blocks: literals as values of a field's type, and the paths of missing fields.
#include "compiler/hir/data.h"
#include "compiler/hir/schema_from_ast.h"
#include "tests/unit/compiler/checked_rules.h"

#include <gtest/gtest.h>

#include <array>

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
      {"9999.99", {.kind = Kind::money, .scale = 2, .digits = 6}, Decimal{999999}},
      {"10000", {.kind = Kind::money, .scale = 2, .digits = 6}, std::nullopt},
      {"-10000", {.kind = Kind::money, .scale = 2, .digits = 6}, std::nullopt},
      {"9999999999999999.99", money, Decimal{999999999999999999}},
      {"10000000000000000", money, std::nullopt},
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

// What readers of claims and tables would refuse is refused in tests, before anything runs.
TEST(Data, what_does_not_fit_is_told_with_what_would) {
  const std::string rows = "knowledge t from \"t.csv\" { n : int key  sorts : set of int }\n";
  const std::vector<std::array<const char*, 3>> table = {
      {"given { total: 100000000000000 }",
       "the number does not fit the field `total`, which holds -99999999999999.99 to "
       "99999999999999.99, with at most 2 digits behind the point",
       "这个数超出字段“总费用”的范围：-99999999999999.99 至 99999999999999.99，小数最多 2 位"},
      {"given { gestation: 3.5 }",
       "the number does not fit the field `gestation`, which holds -9223372036854775808 to "
       "9223372036854775807, with at most 0 digits behind the point",
       "这个数超出字段“孕周”的范围：-9223372036854775808 至 9223372036854775807，小数最多 0 位"},
      {"given { gestation: 3 years }",
       "the field `gestation` has the type int, which this value is not",
       "字段“孕周”的类型是整数，这个值不符合"},
      {"given knowledge t [ { n: 2147483648 } ]",
       "the number does not fit the field `n`, which holds 0 to 2147483647, with at most 0 digits "
       "behind the point",
       "这个数超出字段“n”的范围：0 至 2147483647，小数最多 0 位"},
      {"given knowledge t [ { n: 2147483647, sorts: \"a\" } ]",
       "the field `sorts` has the type set of int, which this value is not",
       "字段“sorts”的类型是一组 整数，这个值不符合"},
      {"given knowledge t [ { n: 0, sorts: \"1..3、5\" } ]", "", ""},
  };
  for (const auto& [given, en, zh] : table) {
    const Checked checked = check(rows + rule_text("on item\nreport lead \"x\"") +
                                  fmt::format("test \"t\" {{ {} expect R clear }}\n", given));
    std::string told_en, told_zh;
    for (const diag::Diagnostic& each : checked.diagnostics.all) {
      told_en += each.en;
      told_zh += each.zh;
      EXPECT_FALSE(each.helps.empty()) << given;
    }
    EXPECT_EQ(told_en, en) << given;
    EXPECT_EQ(told_zh, zh) << given;
  }
}

} // namespace
} // namespace sanku::hir
