// Definitions, decision tables and derived fields that stand on one another (compiler/hir/nesting).
#include "compiler/hir/scope.h"
#include "tests/unit/compiler/checked_rules.h"

#include <gtest/gtest.h>

namespace sanku::hir {
namespace {

std::string codes(const Checked& checked) {
  std::string found;
  for (const diag::Diagnostic& each : checked.diagnostics.all)
    found += (found.empty() ? "" : " ") + fmt::format("SK{}", each.number);
  return found;
}

std::string defines(std::size_t count, std::string_view body) {
  std::string text = "define d0(s : Settlement) : int = count(items)\n";
  for (std::size_t i = 1; i < count; ++i)
    text += fmt::format("define d{}(s : Settlement) : int = {}\n", i,
                        fmt::format(fmt::runtime(body), i - 1));
  return text;
}

std::string rule_over(std::size_t last) {
  return fmt::format("rule R1 \"规则\" {{ on settlement when d{}(settlement) > 3 report suspected "
                     "\"提示\" }}\n",
                     last);
}

TEST(Nesting, a_chain_of_definitions_may_be_so_long) {
  EXPECT_EQ(codes(check(defines(most_uses, "d{}(s) + 1") + rule_over(most_uses - 1))), "");
}

TEST(Nesting, a_longer_one_is_told_once_where_it_becomes_too_long) {
  const Checked checked = check(defines(5000, "d{}(s) + 1") + rule_over(4999));
  ASSERT_EQ(codes(checked), "SK2221");
  EXPECT_NE(checked.diagnostics.all[0].en.find("`d200`"), std::string::npos)
      << checked.diagnostics.all[0].en;
}

TEST(Nesting, so_it_is_whatever_the_order) {
  std::string text;
  for (std::size_t i = 3000; i > 0; --i)
    text += fmt::format("define d{}(s : Settlement) : int = d{}(s) + 1\n", i, i - 1);
  text += "define d0(s : Settlement) : int = count(items)\n";
  EXPECT_EQ(codes(check(text + rule_over(3000))), "SK2221");
}

TEST(Nesting, decision_tables_are_definitions_too) {
  std::string text = "decide d0(q : int) : int hit first { when q > 1 take 1 otherwise 0 }\n";
  for (int i = 1; i < 3000; ++i)
    text += fmt::format("decide d{}(q : int) : int hit first {{ when q > 1 take d{}(q) "
                        "otherwise 0 }}\n",
                        i, i - 1);
  EXPECT_EQ(codes(check(text)), "SK2221");
}

// What each comes to is added, not written out: one too many is told at once, and nothing that uses
// it is tried.
TEST(Nesting, those_that_double_are_told_once) {
  EXPECT_EQ(codes(check(defines(190, "d{0}(s) + d{0}(s)") + rule_over(189))), "SK2210");
  EXPECT_EQ(codes(check(defines(3000, "d{0}(s) + d{0}(s)") + rule_over(2999))), "SK2221 SK2210");
}

TEST(Nesting, arguments_add_no_depth_of_their_own) {
  std::string call = "1";
  for (int i = 0; i < 20; ++i)
    call = "d(" + call + ")";
  EXPECT_EQ(codes(check("define d(n : int) : int = n + 1\n"
                        "rule R1 \"规则\" { on settlement when " +
                        call + " > count(items) report suspected \"提示\" }\n")),
            "");
}

std::string derived(std::size_t count, std::string_view body) {
  std::string text = "  z0 / 零0 : int? = n + 1\n";
  for (std::size_t i = 1; i < count; ++i)
    text += fmt::format("  z{0} / 零{0} : int? = {1}\n", i, fmt::format(fmt::runtime(body), i - 1));
  return "schema claim / 结算 edition \"1.0\"\nrecord Claim / 结算单 {\n  n / 数 : int?\n" + text +
         "}\n";
}

std::string schema_codes(const std::string& schema) {
  Checked made;
  const auto id = source::add(made.map, "schema.sanku", schema);
  const ast::File file = ast::parse(made.map, id, made.diagnostics);
  static_cast<void>(check_schema({&file}, made.diagnostics));
  return codes(made);
}

TEST(Nesting, derived_fields_are_bounded_likewise) {
  EXPECT_EQ(schema_codes(derived(150, "z{} + 1")), "");
  EXPECT_EQ(schema_codes(derived(1500, "z{} + 1")), "SK2221");
  EXPECT_EQ(schema_codes(derived(1500, "z{0} + z{0}")), "SK2210");
}

} // namespace
} // namespace sanku::hir
