// Which rules share functions, and with which parameters. That they find the same is for the case
// files (tests/cases/index/one_shape.case) and the differential.
#include "compiler/jit/jit.h"
#include "tests/unit/compiler/checked_rules.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sanku {
namespace {

std::string rule(const std::string& id, const std::string& condition) {
  return "rule " + id + " \"x\" { on item when " + condition + " report suspected \"y\" }\n";
}

jit::Native built(const std::string& text, std::uint32_t from) {
  const hir::Checked checked = hir::check(text);
  EXPECT_EQ(hir::told(checked), "");
  auto native = jit::build(*checked.program, plan::plan(*checked.program),
                           {.level = jit::Level::none, .share_from = from});
  EXPECT_TRUE(native.has_value());
  return std::move(*native);
}

std::vector<codegen::Shape> shapes_of(const std::vector<std::string>& conditions,
                                      std::uint32_t from) {
  std::string text;
  for (std::size_t i = 0; i < conditions.size(); ++i)
    text += rule("R" + std::to_string(i), conditions[i]);
  return built(text, from).shapes;
}

struct Alike {
  const char* first;
  const char* second;
  bool shared;
  std::size_t parameters; // of each, if shared
};

TEST(Share, RulesThatDifferInNumbersOnlyRunTheSameFunctions) {
  const Alike cases[] = {
      {"item.amount > 1元", "item.amount > 2元", true, 1},
      {"item.amount > 1元", "item.amount > 1元", true, 0},
      // The same two numbers at two places each: one parameter a pair.
      {"item.amount > 1元 and settlement.total > 1元",
       "item.amount > 2元 and settlement.total > 2元", true, 1},
      {"item.amount > 1元 and settlement.total > 3元",
       "item.amount > 2元 and settlement.total > 4元", true, 2},
      {"item.amount > 1元", "item.amount >= 1元", false, 0},
      {"item.amount > 1元", "item.amount > 1元 and item.amount > 1元", false, 0},
      {"item.amount > 1元", "settlement.total > 1元", false, 0},
      {"item.code = \"001100000000001\"", "item.code = \"001100000000002\"", true, 1},
      {"item.name = \"a\"", "item.name = \"b\"", true, 1},
      {"count(i in items where i.amount > 1元) > 2", "count(i in items where i.amount > 7元) > 9",
       true, 2},
      {"count(i in items where i.amount > 1元) > 2", "any(i in items where i.amount > 7元)", false,
       0},
  };
  for (const Alike& each : cases) {
    const auto shapes = shapes_of({each.first, each.second}, 2);
    ASSERT_EQ(shapes.size(), 2u);
    EXPECT_EQ(shapes[0].rule, 0u);
    EXPECT_EQ(shapes[1].rule, each.shared ? 0u : 1u) << each.first << " / " << each.second;
    for (const codegen::Shape& shape : shapes)
      EXPECT_EQ(shape.parameters.size(), each.shared ? each.parameters : 0u)
          << each.first << " / " << each.second;
  }
}

TEST(Share, AShapeOfFewRulesKeepsItsNumbersInTheCode) {
  const std::vector<std::string> three = {"item.amount > 1元", "item.amount > 2元",
                                          "item.amount > 3元"};
  for (const codegen::Shape& shape : shapes_of(three, 4))
    EXPECT_TRUE(shape.parameters.empty());
  const auto shared = shapes_of(three, 3);
  EXPECT_EQ(shared[2].rule, 0u);
  EXPECT_NE(shared[0].parameters, shared[1].parameters);
  EXPECT_NE(shared[1].parameters, shared[2].parameters);
}

TEST(Share, ManyRulesOfOneShapeMakeNoMoreCodeThanFew) {
  std::string few, many;
  for (int i = 0; i < 200; ++i) {
    const std::string each =
        rule("R" + std::to_string(i), "item.amount > " + std::to_string(i) + "元");
    many += each;
    if (i < 10)
      few += each;
  }
  EXPECT_EQ(built(few, 4).objects[0].size(), built(many, 4).objects[0].size());
}

} // namespace
} // namespace sanku
