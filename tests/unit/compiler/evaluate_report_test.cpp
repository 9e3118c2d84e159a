// Reported lines, amounts, missing names, the order of a run and findings, against results worked
// out by hand.
#include "compiler/evaluate/evaluate.h"
#include "tests/unit/compiler/evaluate_world.h"

#include <gtest/gtest.h>

#include <array>

namespace sanku::evaluate_test {
namespace {

using namespace hir::build; // NOLINT(google-build-using-namespace): builders read as the language
                            // does
using evaluate::SubjectOutcome;
using exec::LineRole;
using hir::SubjectKind;
using Names = std::vector<std::string>;

hir::Rule on(SubjectKind kind, hir::RelationId relation, std::vector<hir::RelationId> slots = {}) {
  return hir::build::rule(kind, relation, std::move(slots));
}
// "3=10.00", "4=?" for offending lines, "(5)" for involved ones.
Names lines_of(const exec::Finding& finding) {
  Names result;
  for (const exec::FindingLine& each : finding.lines) {
    const std::string row = std::to_string(each.row);
    result.push_back(each.role == LineRole::involved
                         ? "(" + row + ")"
                         : row + "=" + (each.amount_known ? decimal_text(each.amount, 2, 2) : "?"));
  }
  return result;
}

TEST(EvaluateReport, RoundingIsHalfAwayFromZero) {
  struct Case {
    std::int64_t units;
    unsigned from;
    std::int64_t cents;
  };
  const Case cases[] = {{1005, 3, 101}, {1004, 3, 100}, {-1005, 3, -101}, {-1004, 3, -100},
                        {5, 0, 500},    {0, 9, 0},      {499999, 7, 5},   {-50000, 7, -1}};
  for (const Case& each : cases)
    EXPECT_EQ(static_cast<std::int64_t>(*evaluate::rounded(each.units, each.from, 2)), each.cents);
  EXPECT_FALSE(evaluate::rounded(~(Int128{1} << 127), 0, 2).has_value());
}

TEST(EvaluateReport, AmountsAreRoundedThenClampedToTheLine) {
  struct Case {
    std::string own, expected;
    std::int64_t thousandths;
  };
  const Case cases[] = {{"5.00", "1.01", 1005},  {"5.00", "1.00", 1004},  {"5.00", "5.00", 9000},
                        {"5.00", "0.00", -1},    {"", "9.00", 9000},      {"", "0.00", -9000},
                        {"-5.00", "0.00", 1000}, {"-5.00", "0.00", -9000}};
  for (const Case& each : cases) {
    World world;
    world.visit({}, {line("A", "09:00", "1", each.own)});
    hir::Rule rule = on(SubjectKind::element, items);
    hir::Report speaks = report();
    speaks.amount =
        hir::AmountExpr{constant({.kind = Kind::money, .scale = 3}, Decimal{each.thousandths})};
    rule.branches.push_back(branch(truth(true), std::move(speaks)));
    EXPECT_EQ(lines_of(*world.judge(std::move(rule)).front().finding), Names{"0=" + each.expected});
  }
}

TEST(EvaluateReport, AnAmountIsEvaluatedForEachLineAndMayBeUnknown) {
  World world;
  world.visit({}, {line("A", "09:00", "2", "10.00"), line("B", "08:00", "", "6.00"),
                   line("C", "07:00", "1", "")});
  const auto lines_with = [&](hir::Amount amount) {
    hir::Rule rule = on(SubjectKind::settlement, settlement, {items});
    hir::Report speaks = report_on(query(bindings(in_list(2, items))), 2);
    speaks.amount = std::move(amount);
    rule.branches.push_back(branch(truth(true), std::move(speaks)));
    return lines_of(*world.judge(std::move(rule)).front().finding);
  };
  EXPECT_EQ(lines_with(hir::AmountOfLine{}), (Names{"2=?", "1=6.00", "0=10.00"}));
  EXPECT_EQ(lines_with(hir::AmountUnknown{}), (Names{"2=?", "1=?", "0=?"}));
  const Type six{.kind = Kind::money, .scale = 6};
  EXPECT_EQ(lines_with(hir::AmountExpr{
                call("multiply_decimal", six, world.item(2, "quantity"), yuan(150))}),
            (Names{"2=1.50", "1=?", "0=3.00"}));
}

TEST(EvaluateReport, PartsOfLinesAreOffendingWithTheirShare) {
  World world;
  world.visit({}, {line("A", "09:00", "2", "10.01"), line("A", "08:00", "1", "5.00"),
                   line("A", "10:00", "1", "4.00")});
  hir::Rule rule = on(SubjectKind::group, items, {items, items, items});
  rule.subject.keys.push_back({"code", "编码", world.item(1, "code")});
  rule.branches.push_back(branch(
      test("greater_decimal", sum(query(bindings(in_group(2, items))), world.item(2, "quantity")),
           constant(number4, limit_of(2))),
      report_on(
          beyond_quantity(query(bindings(in_group(3, items))), constant(number4, limit_of(2))),
          4)));
  const SubjectOutcome outcome = world.judge(std::move(rule)).front();
  EXPECT_EQ(lines_of(*outcome.finding), (Names{"0=5.01", "2=4.00"}));
  std::int64_t cents = 0;
  EXPECT_TRUE(exec::amount_of(*outcome.finding, cents));
  EXPECT_EQ(cents, 901);
}

TEST(EvaluateReport, MissingNamesAreAllUnknownLeavesInSchemaOrder) {
  World world;
  world.row(limits, {code("A"), limit_of(1), Unknown{}, Unknown{}});
  world.visit({}, {line("A", "", "", "1.00"), line("", "09:00", "1", "2.00")});
  const auto male = [&] {
    return test("equal_enum", world.field(0, settlement, "sex"),
                constant(sex, EnumValue{.id = 1, .unlisted = {}}));
  };
  const auto missing_of = [&](hir::Expr when) {
    hir::Rule rule = on(SubjectKind::settlement, settlement,
                        {items, items, diagnoses, world.relation_of(limits)});
    rule.lets.push_back({"limit", test("and", male(), in_table(limits, world.item(2, "code")))});
    rule.branches.push_back(
        branch(std::move(when), report_on(query(bindings(in_list(3, items))), 3)));
    const SubjectOutcome outcome = world.judge(std::move(rule)).front();
    EXPECT_EQ(outcome.outcome, abi::Outcome::indeterminate);
    return outcome.missing;
  };
  const auto all = [&](hir::Expr where) {
    return query(bindings(in_list(2, items)), exprs(std::move(where)));
  };
  // Both sides of a conjunction, without short circuit; a known operand hides nothing and adds
  // nothing.
  EXPECT_EQ(
      missing_of(test("and", test("not", any(query(bindings(in_list(4, diagnoses))))), male())),
      (Names{"patient.sex", "diagnoses"}));
  EXPECT_EQ(missing_of(test("or", test("and", male(), truth(false)),
                            any(all(test("equal_code", world.item(2, "code"),
                                         constant(item_code, code("B"))))))),
            Names{"item.code"});
  // Counts are unknown between their bounds.
  EXPECT_EQ(missing_of(test("greater_count_integer",
                            count(all(in_table(limits, world.item(2, "code")))), number(1))),
            Names{"item.code"});
  // Filter and value of a fold.
  EXPECT_EQ(missing_of(test("greater_decimal",
                            sum(query(bindings(in_list(2, items))), world.item(2, "quantity")),
                            constant(number4, limit_of(9)))),
            Names{"item.quantity"});
  // Times of an order, limits and quantities of what lies beyond.
  EXPECT_EQ(missing_of(any(query(bindings(in_list(2, items), in_list(3, items)),
                                 exprs(earlier(2, 3, items))))),
            Names{"item.at"});
  EXPECT_EQ(missing_of(test(
                "greater_decimal",
                sum(query(bindings(in_lines(3, beyond_quantity(query(bindings(in_list(2, items))),
                                                               constant(number4, limit_of(9)))))),
                    world.item(3, "amount")),
                yuan(1))),
            Names{"item.quantity"});
  // A table's own empty cell.
  EXPECT_EQ(missing_of(any(
                query(bindings(in_rows(world.program, 5, limits, constant(item_code, code("A")))),
                      exprs(test("equal_enum", world.field(5, world.relation_of(limits), "sex"),
                                 constant(sex, EnumValue{.id = 1, .unlisted = {}})))))),
            Names{"limits.sex"});
}

TEST(EvaluateReport, MissingNamesReachThroughNestedQueriesAndLets) {
  World world;
  world.visit({{"sex", "1"}}, {line("A", "09:00", "", "1.00"), line("", "09:00", "1", "2.00")});
  hir::Rule rule = on(SubjectKind::settlement, settlement, {items, items});
  const auto inner = [&] {
    return query(bindings(in_list(2, items)),
                 exprs(test("equal_code", world.item(2, "code"), constant(item_code, code("B")))));
  };
  rule.lets.push_back({"some", any(query(bindings(in_lines(3, inner()))))});
  rule.branches.push_back(
      branch(test("and", let(boolean, 0), let(boolean, 0)), report_on(inner(), 2)));
  const SubjectOutcome outcome = world.judge(std::move(rule)).front();
  EXPECT_EQ(outcome.missing, Names{"item.code"});
  ASSERT_EQ(outcome.missing_names.size(), 1u);
  EXPECT_EQ(evaluate::text(world.program, outcome.missing_names[0], Language::zh), "明细.「code」");
}

TEST(EvaluateReport, LetsThatUseEachOtherAreEvaluatedOnce) {
  World world;
  world.visit({}, {line("A", "09:00", "1", "1")});
  hir::Rule rule = on(SubjectKind::element, items);
  rule.lets.push_back({"a0", number(1)});
  // Without keeping values this would take 2^60 steps; the same for the missing names of an open
  // chain.
  for (std::uint32_t i = 0; i < 60; ++i)
    rule.lets.push_back({"a", call("smaller_integer", integer, let(integer, i), let(integer, i))});
  rule.lets.push_back({"b", world.item(1, "units")});
  for (std::uint32_t i = 0; i < 60; ++i)
    rule.lets.push_back(
        {"b", call("smaller_integer", integer, let(integer, 61 + i), let(integer, 61 + i))});
  rule.branches.push_back(
      branch(test("greater_integer", let(integer, 121), let(integer, 60)), report()));
  const SubjectOutcome outcome = world.judge(std::move(rule)).front();
  EXPECT_EQ(outcome.outcome, abi::Outcome::indeterminate);
  EXPECT_EQ(outcome.missing, Names{"item.units"});
}

TEST(EvaluateReport, ARunIsInOrderOfSettlementSubjectAndRule) {
  World world;
  world.visit({}, {line("A", "09:00", "1", "1"), line("", "09:00", "1", "1")});
  world.visit({}, {line("B", "09:00", "1", "1")});
  for (const char* wanted : {"A", "B"}) {
    hir::Rule rule = on(SubjectKind::element, items);
    rule.branches.push_back(branch(
        test("equal_code", world.item(1, "code"), constant(item_code, code(wanted))), report()));
    world.program.rules.push_back(std::move(rule));
  }
  hir::Rule every_line = on(SubjectKind::element, items);
  every_line.branches.push_back(branch(truth(true), report()));
  world.program.rules.push_back(std::move(every_line));
  std::vector<exec::Finding> findings;
  std::vector<exec::Indeterminate> indeterminate;
  std::vector<exec::OutcomeCounts> counts;
  evaluate::run(world.input(), findings, indeterminate, counts);
  std::vector<std::array<std::uint32_t, 3>> order;
  for (const exec::Finding& each : findings)
    order.push_back({each.settlement, each.subject, each.rule});
  EXPECT_EQ(order, (std::vector<std::array<std::uint32_t, 3>>{
                       {0, 0, 0}, {0, 0, 2}, {0, 1, 2}, {1, 2, 1}, {1, 2, 2}}));
  EXPECT_EQ(indeterminate, (std::vector<exec::Indeterminate>{{0, 0, 1}, {0, 1, 1}}));
  ASSERT_EQ(counts.size(), 3u);
  EXPECT_EQ(counts[0].fired + counts[0].clear * 10 + counts[0].indeterminate * 100, 111u);
  EXPECT_EQ(counts[2].fired, 3u);
}

TEST(EvaluateFinding, TwoAreTheSameWhenEveryFactIs) {
  const auto made = [] {
    exec::Finding finding;
    finding.evidence.push_back({1, 2});
    finding.lines.push_back(
        {.row = 3, .role = LineRole::offending, .amount_known = true, .amount = 4});
    finding.keys.push_back(code("A"));
    finding.holes.push_back(Unknown{});
    return finding;
  };
  EXPECT_TRUE(exec::same(made(), made()));
  const auto differs = [&](auto change) {
    exec::Finding other = made();
    change(other);
    return !exec::same(made(), other);
  };
  EXPECT_TRUE(differs([](exec::Finding& f) { f.settlement = 1; }));
  EXPECT_TRUE(differs([](exec::Finding& f) { f.rule = 1; }));
  EXPECT_TRUE(differs([](exec::Finding& f) { f.branch = 1; }));
  EXPECT_TRUE(differs([](exec::Finding& f) { f.subject = 1; }));
  EXPECT_TRUE(differs([](exec::Finding& f) { f.unknown_branches = 1; }));
  EXPECT_TRUE(differs([](exec::Finding& f) { f.evidence[0].row = 1; }));
  EXPECT_TRUE(differs([](exec::Finding& f) { f.evidence[0].table = 0; }));
  EXPECT_TRUE(differs([](exec::Finding& f) { f.lines[0].row = 1; }));
  EXPECT_TRUE(differs([](exec::Finding& f) { f.lines[0].role = LineRole::involved; }));
  EXPECT_TRUE(differs([](exec::Finding& f) { f.lines[0].amount_known = false; }));
  EXPECT_TRUE(differs([](exec::Finding& f) { f.lines[0].amount = 5; }));
  EXPECT_TRUE(differs([](exec::Finding& f) { f.lines.push_back(f.lines[0]); }));
  EXPECT_TRUE(differs([](exec::Finding& f) { f.keys[0] = code("B"); }));
  EXPECT_TRUE(differs([](exec::Finding& f) { f.holes.clear(); }));
}

TEST(EvaluateFinding, AnAmountIsKnownWhenEveryOffendingLineIsAndThereIsOne) {
  exec::Finding finding;
  std::int64_t cents = 7;
  EXPECT_FALSE(exec::amount_of(finding, cents));
  finding.lines.push_back(
      {.row = 0, .role = LineRole::involved, .amount_known = false, .amount = 0});
  EXPECT_FALSE(exec::amount_of(finding, cents));
  finding.lines.push_back(
      {.row = 1, .role = LineRole::offending, .amount_known = true, .amount = 150});
  finding.lines.push_back(
      {.row = 2, .role = LineRole::offending, .amount_known = true, .amount = -50});
  EXPECT_TRUE(exec::amount_of(finding, cents));
  EXPECT_EQ(cents, 100);
  finding.lines.push_back(
      {.row = 3, .role = LineRole::offending, .amount_known = true, .amount = INT64_MAX});
  EXPECT_FALSE(exec::amount_of(finding, cents));
  finding.lines.back().amount_known = false;
  EXPECT_FALSE(exec::amount_of(finding, cents));
}

} // namespace
} // namespace sanku::evaluate_test
