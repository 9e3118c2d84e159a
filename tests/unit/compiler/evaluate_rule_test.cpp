// Subjects, guards, branches and matches of the evaluator, against results worked out by hand.
#include "compiler/evaluate/evaluate.h"
#include "tests/unit/compiler/evaluate_world.h"

#include <gtest/gtest.h>

#include <array>

namespace sanku::evaluate_test {
namespace {

using namespace hir::build; // NOLINT(google-build-using-namespace): builders read as the language
                            // does
using abi::Outcome;
using evaluate::SubjectOutcome;
using exec::LineRole;
using hir::SubjectKind;
using Names = std::vector<std::string>;

constexpr Tri no = Tri::no, yes = Tri::yes, unknown = Tri::unknown;
hir::Expr tri(Tri value) { return value == unknown ? not_known() : truth(value == yes); }
hir::Rule on(SubjectKind kind, hir::RelationId relation, std::vector<hir::RelationId> slots = {}) {
  return hir::build::rule(kind, relation, std::move(slots));
}
hir::ConditionGuard provided(hir::Expr condition, std::string exemption = "") {
  return {std::move(condition), std::move(exemption)};
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

TEST(EvaluateRule, GuardsAreOneKleeneConjunction) {
  const Tri all[] = {no, yes, unknown};
  World world;
  world.visit({}, {line("A", "09:00", "1", "1")});
  for (const Tri first : all) {
    for (const Tri second : all) {
      for (const Tri third : all) {
        hir::Rule rule = on(SubjectKind::element, items);
        for (const Tri each : {first, second, third})
          rule.guards.push_back(provided(tri(each)));
        rule.branches.push_back(branch(truth(true), report()));
        const bool fails = first == no || second == no || third == no;
        const bool open = first == unknown || second == unknown || third == unknown;
        const Outcome expected = fails  ? Outcome::not_applicable
                                 : open ? Outcome::indeterminate
                                        : Outcome::fired;
        EXPECT_EQ(world.judge(std::move(rule)).front().outcome, expected);
      }
    }
  }
}

TEST(EvaluateRule, TheFirstFailedUnlessGivesTheExemption) {
  World world;
  world.visit({}, {line("A", "09:00", "1", "1")});
  hir::Rule rule = on(SubjectKind::element, items);
  rule.guards.push_back(provided(truth(true), "transfer"));
  rule.guards.push_back(provided(truth(false)));
  rule.guards.push_back(provided(truth(false), "emergency"));
  rule.guards.push_back(provided(truth(false), "planned"));
  rule.branches.push_back(branch(truth(true), report()));
  const SubjectOutcome outcome = world.judge(std::move(rule)).front();
  EXPECT_EQ(outcome.outcome, Outcome::not_applicable);
  EXPECT_EQ(outcome.exemption, "emergency");
}

TEST(EvaluateRule, ARowGuardFailsWithoutARowAndIsOpenWithoutAKey) {
  World world;
  world.row(limits, {code("B"), limit_of(1), Unknown{}, Unknown{}});
  world.row(limits, {code("A"), limit_of(2), Unknown{}, std::string("note")});
  world.visit({}, {line("A", "09:00", "1", "1"), line("C", "09:00", "1", "1"),
                   line("", "09:00", "1", "1")});
  const auto made = [&](bool other) {
    hir::Rule rule = on(SubjectKind::element, items, {world.relation_of(limits)});
    rule.guards.push_back(hir::RowGuard{2, limits, world.item(1, "code"), nullptr});
    rule.guards.push_back(provided(truth(other)));
    rule.branches.push_back(
        branch(test("equal_text", world.field(2, world.relation_of(limits), "note"),
                    constant({.kind = Kind::text}, std::string("note"))),
               report()));
    return rule;
  };
  const auto outcomes = world.judge(made(true));
  ASSERT_EQ(outcomes.size(), 3u);
  EXPECT_EQ(outcomes[0].outcome, Outcome::fired);
  ASSERT_EQ(outcomes[0].finding->evidence.size(), 1u);
  EXPECT_EQ(outcomes[0].finding->evidence[0].table, limits);
  EXPECT_EQ(outcomes[0].finding->evidence[0].row, 1u);
  EXPECT_EQ(outcomes[1].outcome, Outcome::not_applicable);
  EXPECT_EQ(outcomes[2].outcome, Outcome::indeterminate);
  EXPECT_EQ(outcomes[2].missing, Names{"item.code"});
  EXPECT_EQ(world.judge(made(false))[2].outcome, Outcome::not_applicable);
}

TEST(EvaluateRule, TheFirstSureBranchFiresAndUnknownOnesAreNoted) {
  struct Case {
    std::vector<Tri> branches;
    Outcome outcome;
    std::uint32_t fired;
    std::uint64_t noted;
  };
  const Case cases[] = {{{no, no}, Outcome::clear, 0, 0},
                        {{no, yes, yes}, Outcome::fired, 1, 0},
                        {{unknown, no, unknown, yes, unknown}, Outcome::fired, 3, 5},
                        {{no, unknown}, Outcome::indeterminate, 0, 0}};
  World world;
  world.visit({}, {line("A", "09:00", "1", "1")});
  for (const Case& each : cases) {
    hir::Rule rule = on(SubjectKind::element, items);
    for (const Tri when : each.branches)
      rule.branches.push_back(branch(tri(when), report()));
    const SubjectOutcome outcome = world.judge(std::move(rule)).front();
    EXPECT_EQ(outcome.outcome, each.outcome);
    EXPECT_EQ(outcome.finding.has_value(), each.outcome == Outcome::fired);
    if (!outcome.finding)
      continue;
    EXPECT_EQ(outcome.finding->branch, each.fired);
    EXPECT_EQ(outcome.finding->unknown_branches, each.noted);
  }
}

TEST(EvaluateRule, WhenUnknownSpeaksOnlyIfNothingFiredAndSomethingIsOpen) {
  World world;
  world.visit({}, {line("A", "09:00", "1", "1.25")});
  const auto outcome_of = [&](Tri first, Tri second) {
    hir::Rule rule = on(SubjectKind::element, items);
    rule.branches.push_back(branch(test("and", tri(first),
                                        test("equal_enum", world.field(0, settlement, "sex"),
                                             constant(sex, EnumValue{.id = 1, .unlisted = {}}))),
                                   report()));
    rule.branches.push_back(branch(tri(second), report()));
    rule.when_unknown = report();
    return world.judge(std::move(rule)).front();
  };
  const SubjectOutcome open = outcome_of(yes, no);
  EXPECT_EQ(open.outcome, Outcome::fired);
  EXPECT_EQ(open.finding->branch, exec::when_unknown_branch);
  EXPECT_EQ(open.finding->unknown_branches, 1u);
  EXPECT_EQ(lines_of(*open.finding), Names{"0=1.25"});
  EXPECT_EQ(open.missing, Names{"patient.sex"});
  EXPECT_EQ(outcome_of(no, no).outcome, Outcome::clear);
  EXPECT_EQ(outcome_of(yes, yes).finding->branch, 1u);
}

TEST(EvaluateRule, GroupsAreByValueInOrderOfTheirFirstElementAndIncompleteOnesAreOpen) {
  World world;
  const auto dated = [](std::string item, std::string time, std::string day) {
    Cells cells = line(std::move(item), std::move(time), "1", "1");
    if (!day.empty())
      cells["date"] = "2026-03-" + day;
    return cells;
  };
  world.visit({}, {dated("A", "12:00", "05"), dated("B", "09:00", "05"), dated("A", "08:00", "05"),
                   dated("A", "09:00", ""), dated("", "10:00", "05"), dated("", "09:30", "05"),
                   dated("A", "", "05"), dated("", "11:00", "")});
  const auto made = [&](std::string skipped) {
    hir::Rule rule = on(SubjectKind::group, items, {items});
    rule.subject.keys.push_back({"code", "编码", world.item(1, "code")});
    rule.subject.keys.push_back({"date", "日期", world.item(1, "date")});
    rule.guards.push_back(provided(test("not_equal_code", world.item(1, "code"),
                                        constant(item_code, code(std::move(skipped))))));
    rule.branches.push_back(branch(truth(true), report_on(query(bindings(in_group(2, items))), 2)));
    return rule;
  };
  const auto outcomes = world.judge(made("Z"));
  ASSERT_EQ(outcomes.size(), 5u); // B, A, A without date, without code, without both
  const std::vector<std::uint32_t> subjects{1, 2, 3, 5, 7};
  for (std::size_t i = 0; i < subjects.size(); ++i)
    EXPECT_EQ(outcomes[i].subject, subjects[i]);
  EXPECT_EQ(lines_of(*outcomes[1].finding), (Names{"2=1.00", "0=1.00", "6=1.00"}));
  EXPECT_TRUE(same(outcomes[1].finding->keys.at(0), code("A")));
  EXPECT_TRUE(is_known(outcomes[1].finding->keys.at(1)));
  for (const std::size_t incomplete : {2u, 3u, 4u})
    EXPECT_EQ(outcomes[incomplete].outcome, Outcome::indeterminate);
  EXPECT_EQ(outcomes[2].missing, Names{"item.date"});
  EXPECT_EQ(outcomes[3].missing, Names{"item.code"});
  EXPECT_EQ(outcomes[4].missing, (Names{"item.code", "item.date"}));
  // A guard that surely fails decides an incomplete group too.
  EXPECT_EQ(world.judge(made("A"))[2].outcome, Outcome::not_applicable);
}

// Subject line A; other lines match with `when` quantity > 1; the amount is the other line's.
hir::Rule over_others(const World& world) {
  hir::Rule rule = on(SubjectKind::element, items, {items, items});
  rule.guards.push_back(
      provided(test("equal_code", world.item(1, "code"), constant(item_code, code("A")))));
  rule.matches.push_back({in_list(2, items), exprs(test("equal_code", world.item(2, "code"),
                                                        constant(item_code, code("B"))))});
  hir::Report speaks =
      report_on(query(bindings(in_list(3, items)),
                      exprs(test("equal_text", world.item(3, "id"), world.item(2, "id")))),
                3);
  speaks.message.push_back(hir::Hole{world.item(2, "id"), false});
  speaks.involving = boxed(
      query(bindings(in_list(3, items)),
            exprs(test("equal_code", world.item(3, "code"), constant(item_code, code("C"))))));
  rule.branches.push_back(
      branch(test("greater_decimal", world.item(2, "quantity"), constant(number4, limit_of(1))),
             std::move(speaks)));
  return rule;
}
Cells other(std::string id, std::string item, std::string time, std::string quantity,
            std::string amount) {
  Cells cells = line(std::move(item), std::move(time), std::move(quantity), std::move(amount));
  cells["id"] = std::move(id);
  return cells;
}

TEST(EvaluateRule, TheMatchWithTheLargestAmountSpeaksAndTiesGoToTheEarlier) {
  World world;
  world.visit({},
              {other("a", "A", "09:00", "1", "1"), other("late", "B", "12:00", "2", "9.00"),
               other("small", "B", "10:00", "2", "3.00"), other("early", "B", "11:00", "2", "9.00"),
               other("one", "B", "08:00", "1", "99.00"), other("none", "B", "07:00", "2", ""),
               other("c2", "C", "10:30", "1", "1"), other("c1", "C", "06:00", "1", "1")});
  const SubjectOutcome outcome = world.judge(over_others(world)).front();
  ASSERT_EQ(outcome.outcome, Outcome::fired);
  EXPECT_EQ(std::get<std::string>(outcome.finding->holes.at(0)), "early");
  // Every satisfying match is involved, and the C lines; never the offending one.
  EXPECT_EQ(lines_of(*outcome.finding), (Names{"3=9.00", "(7)", "(5)", "(2)", "(6)", "(1)"}));
}

TEST(EvaluateRule, AMatchWithoutAComputedAmountSpeaksOnlyIfNoOtherDoes) {
  World world;
  world.visit({}, {other("a", "A", "09:00", "1", "1"), other("second", "B", "12:00", "2", ""),
                   other("first", "B", "11:00", "2", ""), other("open", "B", "10:00", "", "5.00")});
  const SubjectOutcome outcome = world.judge(over_others(world)).front();
  EXPECT_EQ(std::get<std::string>(outcome.finding->holes.at(0)), "first");
  EXPECT_EQ(lines_of(*outcome.finding), (Names{"2=?", "(1)"}));
}

TEST(EvaluateRule, AMatchThatIsOpenLeavesTheBranchOpenAndNoMatchLeavesItClear) {
  World world;
  world.visit({}, {other("a", "A", "09:00", "1", "1"), other("open", "B", "10:00", "", "5.00"),
                   other("no", "B", "10:00", "1", "5.00")});
  const SubjectOutcome open = world.judge(over_others(world)).front();
  EXPECT_EQ(open.outcome, Outcome::indeterminate);
  EXPECT_EQ(open.missing, Names{"item.quantity"});
  World none;
  none.visit({}, {other("a", "A", "09:00", "1", "1")});
  EXPECT_EQ(none.judge(over_others(none)).front().outcome, Outcome::clear);
}

TEST(EvaluateRule, WithATableKeepsTheSpeakingRowAsEvidence) {
  World world;
  world.row(pairs, {code("A"), code("X")});
  world.row(pairs, {code("A"), code("B")});
  world.visit({}, {line("A", "09:00", "1", "5.00"), line("B", "10:00", "1", "7.00"),
                   line("", "11:00", "1", "1"), line("Q", "11:00", "1", "1")});
  hir::Rule rule = on(SubjectKind::element, items, {world.relation_of(pairs), items});
  rule.guards.emplace_back(hir::MatchGuard{0});
  rule.matches.push_back({in_rows(world.program, 2, pairs, world.item(1, "code")), {}});
  const auto mains = [&] {
    return query(bindings(in_list(3, items)),
                 exprs(test("equal_code", world.item(3, "code"),
                            world.field(2, world.relation_of(pairs), "main"))));
  };
  rule.lets.push_back({"mains", sum(mains(), world.item(3, "quantity"))});
  hir::Report speaks = report();
  speaks.involving = boxed(
      query(bindings(in_list(3, items)),
            exprs(test("equal_code", world.item(3, "code"), constant(item_code, code("B"))))));
  speaks.message.push_back(hir::Hole{let(number4, 0), false});
  rule.branches.push_back(branch(
      test("greater_decimal", let(number4, 0), constant(number4, limit_of(0))), std::move(speaks)));
  const auto outcomes = world.judge(std::move(rule));
  EXPECT_EQ(outcomes[0].outcome, Outcome::indeterminate); // the third line may be a main item
  EXPECT_EQ(outcomes[0].missing, Names{"item.code"});
  EXPECT_EQ(outcomes[1].outcome, Outcome::not_applicable);
  EXPECT_EQ(outcomes[2].outcome, Outcome::indeterminate);
  EXPECT_EQ(outcomes[3].outcome, Outcome::not_applicable);

  World whole;
  whole.row(pairs, {code("A"), code("X")});
  whole.row(pairs, {code("A"), code("B")});
  whole.visit({}, {line("A", "09:00", "1", "5.00"), line("B", "10:00", "3", "7.00")});
  hir::Rule again = std::move(world.program.rules.front());
  const SubjectOutcome fired = whole.judge(std::move(again)).front();
  ASSERT_EQ(fired.outcome, Outcome::fired);
  EXPECT_EQ(fired.finding->evidence.at(0).table, pairs);
  EXPECT_EQ(fired.finding->evidence.at(0).row, 1u);
  EXPECT_EQ(lines_of(*fired.finding), (Names{"0=5.00", "(1)"}));
  // The let is that of the speaking row, though the first row was looked at before and gave 0.
  EXPECT_TRUE(same(fired.finding->holes.at(0), limit_of(3)));
}

} // namespace
} // namespace sanku::evaluate_test
