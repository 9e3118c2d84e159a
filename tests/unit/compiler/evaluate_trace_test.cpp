// Traces and distances, against results worked out by hand.
#include "compiler/evaluate/distance.h"
#include "compiler/evaluate/trace.h"
#include "tests/unit/compiler/evaluate_world.h"

#include <gtest/gtest.h>

namespace sanku::evaluate_test {
namespace {

using namespace hir::build; // NOLINT(google-build-using-namespace): builders read as the language
                            // does
using evaluate::Node;

constexpr EnumValue male{.id = 1, .unlisted = {}}, female{.id = 2, .unlisted = {}};

Date day(const char* iso) {
  Date made{};
  check(parse_date(iso, made), "a test writes a date");
  return made;
}
DateTime time_at(const char* iso) {
  DateTime made{};
  check(parse_datetime(iso, made), "a test writes a time");
  return made;
}
std::string away(std::string_view symbol, const Value& left, const Value& right, Type type = {}) {
  const schema::Schema none;
  const auto found = evaluate::distance(symbol, left, right, type);
  return found ? printed(*found, none, Language::en) : "-";
}

TEST(EvaluateDistance, OfAgesIsInDaysToTheFirstOrFromTheLastDayThatWouldDo) {
  struct Case {
    const char *birth, *at, *symbol;
    Span limit;
    const char* expected;
  };
  const Span eighteen = make_span(18, SpanUnit::years);
  const Case cases[] = {
      {"2008-03-06", "2026-03-05", ">=", eighteen, "1 day"},
      {"2008-03-06", "2025-03-06", ">=", eighteen, "365 days"},
      {"2008-03-05", "2026-03-05", "<", eighteen, "1 day"},
      {"2007-03-06", "2026-03-05", "<=", eighteen, "-"}, // 18 years and 364 days still is 18
      {"2007-03-05", "2026-03-05", "<=", eighteen, "1 day"},
      {"2008-03-05", "2026-03-05", ">", eighteen, "365 days"},
      {"2008-02-29", "2026-02-27", ">=", eighteen, "1 day"}, // completed on 28 February
      {"2026-03-01", "2026-03-05", "<=", make_span(3, SpanUnit::days), "1 day"},
      {"2026-01-31", "2026-02-27", ">=", make_span(1, SpanUnit::months), "1 day"},
      {"2000-03-05", "2026-03-05", "=", make_span(25, SpanUnit::years), "1 day"},
      {"2000-03-05", "2026-03-05", "=", make_span(27, SpanUnit::years), "365 days"},
      {"2000-03-05", "2026-03-05", "!=", make_span(26, SpanUnit::years), "-"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(away(each.symbol, make_age(day(each.birth), day(each.at)), each.limit), each.expected)
        << each.birth << ' ' << each.symbol;
  }
}

TEST(EvaluateDistance, OfNumbersDatesAndCountsIsTheirDifference) {
  EXPECT_EQ(away(">", Integer{3}, Integer{5}), "3");
  EXPECT_EQ(away(">=", Integer{3}, Integer{5}), "2");
  EXPECT_EQ(away("<", Integer{5}, Integer{5}), "1");
  EXPECT_EQ(away("<=", Integer{5}, Integer{5}), "-");
  EXPECT_EQ(away("=", Integer{2}, Integer{5}), "3");
  EXPECT_EQ(away(">", Count{.low = 2, .high = 2}, Integer{3}), "2");
  EXPECT_EQ(away(">", Count{.low = 2, .high = 3}, Integer{3}), "-");
  EXPECT_EQ(away(">", Decimal{150}, Decimal{200}, money), "more than 0.50");
  EXPECT_EQ(away(">=", Decimal{150}, Decimal{200}, money), "0.50");
  EXPECT_EQ(away("<=", day("2026-03-08"), day("2026-03-05")), "3 days");
  EXPECT_EQ(away("<=", time_at("2026-03-05 10:30"), time_at("2026-03-05 09:00")),
            "1 hour 30 minutes");
  EXPECT_EQ(away("<=", time_at("2026-03-07 09:00"), time_at("2026-03-05 09:00")), "2 days");
  EXPECT_EQ(away("<=", make_span(16, SpanUnit::days), make_span(15, SpanUnit::days)), "1 day");
  EXPECT_EQ(away("<=", make_span(25, SpanUnit::hours), make_span(1, SpanUnit::days)), "1 hour");
  EXPECT_EQ(away(">", Decimal{~(Int128{1} << 127) * -1}, Decimal{~(Int128{1} << 127)}, money),
            "-"); // too far to say
  EXPECT_EQ(away("=", CodeText{"A"}, CodeText{"B"}), "-");
  EXPECT_EQ(away(">", Unknown{}, Integer{1}), "-");
}

TEST(EvaluateDistance, AgesArePrintedWithYearsAndDays) {
  const Age seventeen = make_age(day("2008-03-06"), day("2026-03-05"));
  EXPECT_EQ(evaluate::exact_age(seventeen, Language::zh), "17岁364天");
  EXPECT_EQ(evaluate::exact_age(seventeen, Language::en), "17 years 364 days");
  EXPECT_EQ(evaluate::exact_age(make_age(day("2026-03-04"), day("2026-03-05")), Language::en),
            "1 day");
  EXPECT_EQ(evaluate::exact_age(make_age(day("2025-03-05"), day("2026-03-05")), Language::zh),
            "1岁");
}

TEST(EvaluateTrace, ShowsGuardsConditionOperandsRowAndDistance) {
  World world;
  world.row(limits, {code("A"), limit_of(2), female, Unknown{}});
  world.visit(
      {{"sex", "1"}, {"birth", "2008-03-06"}},
      {line("A", "09:00", "1", "1"), line("B", "09:00", "1", "1"), line("", "10:00", "1", "1")});
  hir::Rule rule = hir::build::rule(hir::SubjectKind::element, items, {world.relation_of(limits)});
  rule.guards.push_back(hir::RowGuard{2, limits, world.item(1, "code"), nullptr});
  rule.guards.push_back(hir::ConditionGuard{truth(true), "emergency"});
  rule.lets.push_back({"age", call("age_at", age_type, world.field(0, settlement, "birth"),
                                   constant(date, day("2026-03-05")))});
  rule.branches.push_back(branch(test("and",
                                      test("not_equal_enum", world.field(0, settlement, "sex"),
                                           world.field(2, world.relation_of(limits), "sex")),
                                      test("greater_equal_age", let(age_type, 0),
                                           constant(span_type, make_span(18, SpanUnit::years)))),
                                 report()));
  world.program.rules.push_back(std::move(rule));
  const auto traces = evaluate::trace(world.input(), 0, 0);
  ASSERT_EQ(traces.size(), 3u);

  const evaluate::Trace& clear = traces[0];
  EXPECT_EQ(clear.outcome.outcome, abi::Outcome::clear);
  ASSERT_EQ(clear.guards.size(), 2u);
  EXPECT_EQ(clear.guards[0].truth, Tri::yes);
  EXPECT_EQ(clear.guards[0].table, limits);
  EXPECT_EQ(clear.guards[0].row->row, 0u);
  EXPECT_EQ(clear.guards[1].exemption, "emergency");
  ASSERT_EQ(clear.branches.size(), 1u);
  EXPECT_EQ(clear.branches[0].rejected, 1u);
  const Node& both = *clear.branches[0].condition;
  ASSERT_EQ(both.operands.size(), 2u);
  const Node& unequal = both.operands[0];
  EXPECT_EQ(unequal.builtin->symbol, "!=");
  EXPECT_TRUE(std::get<Bool>(unequal.value).value);
  const auto shown = [&](const Node& node, Language language) {
    return evaluate::printed(node.value, node.type, world.program.schema, language);
  };
  EXPECT_EQ(shown(unequal.operands[0], Language::zh) + " ≠ " +
                shown(unequal.operands[1], Language::zh),
            "男 ≠ 女");
  const Node& grown = both.operands[1];
  EXPECT_EQ(grown.operands[0].let, "age");
  EXPECT_EQ(shown(grown.operands[0], Language::en), "17 years 364 days");
  EXPECT_EQ(printed(*grown.distance, world.program.schema, Language::zh), "1天");

  EXPECT_EQ(traces[1].outcome.outcome, abi::Outcome::not_applicable);
  EXPECT_EQ(traces[1].guards[0].truth, Tri::no);
  EXPECT_FALSE(traces[1].guards[0].row.has_value());
  EXPECT_TRUE(traces[1].branches.empty());
  EXPECT_EQ(traces[2].guards[0].truth, Tri::unknown);
  EXPECT_EQ(traces[2].outcome.missing, std::vector<std::string>{"item.code"});
}

TEST(EvaluateTrace, ShowsTheNearestMatchAndHowManyThereWere) {
  World world;
  world.row(pairs, {code("A"), code("X")});
  world.row(pairs, {code("A"), Unknown{}});
  world.row(pairs, {code("A"), code("Y")});
  world.visit({}, {line("A", "09:00", "1", "1")});
  const auto nearest = [&](const char* wanted) {
    hir::Rule rule = hir::build::rule(hir::SubjectKind::element, items, {world.relation_of(pairs)});
    rule.guards.emplace_back(hir::MatchGuard{0});
    rule.matches.push_back({in_rows(world.program, 2, pairs, world.item(1, "code")), {}});
    rule.branches.push_back(
        branch(test("equal_code", world.field(2, world.relation_of(pairs), "main"),
                    constant(item_code, code(wanted))),
               report()));
    world.program.rules.clear();
    world.program.rules.push_back(std::move(rule));
    return evaluate::trace(world.input(), 0, 0).front();
  };
  const evaluate::Trace fired = nearest("Y");
  EXPECT_EQ(fired.outcome.outcome, abi::Outcome::fired);
  EXPECT_EQ(fired.branches[0].sure, 1u);
  EXPECT_EQ(fired.branches[0].perhaps, 1u);
  EXPECT_EQ(fired.branches[0].rejected, 1u);
  EXPECT_EQ(fired.branches[0].rows.at(0).row, 2u);
  const evaluate::Trace open = nearest("Z");
  EXPECT_EQ(open.branches[0].truth, Tri::unknown);
  EXPECT_EQ(open.branches[0].rows.at(0).row, 1u);
  EXPECT_EQ(open.guards[0].table, pairs);
}

TEST(EvaluateTrace, LeavesOutConversionsAndOpensALetOnce) {
  World world;
  world.visit({}, {line("A", "09:00", "3", "1")});
  hir::Rule rule = hir::build::rule(hir::SubjectKind::element, items);
  rule.lets.push_back({"n", call("widen_integer", {.kind = Kind::decimal}, number(4))});
  const Type whole{.kind = Kind::decimal};
  rule.branches.push_back(
      branch(test("and", test("greater_decimal", let(whole, 0), constant(whole, Decimal{9})),
                  test("less_decimal", let(whole, 0), constant(whole, Decimal{1}))),
             report()));
  world.program.rules.push_back(std::move(rule));
  const auto traces = evaluate::trace(world.input(), 0, 0);
  const Node& both = *traces.at(0).branches.at(0).condition;
  const Node& first = both.operands[0].operands[0];
  EXPECT_EQ(first.let, "n");
  ASSERT_EQ(first.operands.size(), 1u);
  EXPECT_EQ(first.operands[0].type.kind,
            Kind::integer); // the 4 that was written, not its widened form
  EXPECT_TRUE(both.operands[1].operands[0].operands.empty());
}

} // namespace
} // namespace sanku::evaluate_test
