// Expressions, queries and folds of the evaluator, against results worked out by hand.
#include "compiler/evaluate/evaluate.h"
#include "compiler/evaluate/scope.h"
#include "tests/unit/compiler/evaluate_world.h"

#include <gtest/gtest.h>

#include <limits>

namespace sanku::evaluate_test {
namespace {

using namespace hir::build; // NOLINT(google-build-using-namespace): builders read as the language
                            // does
using evaluate::Element;
using evaluate::Kept;

constexpr Tri no = Tri::no, yes = Tri::yes, unknown = Tri::unknown;

hir::Expr tri(Tri truth) {
  return truth == unknown ? not_known() : hir::build::truth(truth == yes);
}
Tri tri(const Value& value) {
  return !is_known(value) ? unknown : std::get<Bool>(value).value ? yes : no;
}
std::string shown(const Value& value, Type type = money) {
  return to_text(value, type, Language::en, "listed");
}

// The elements' truths as flags of the list of notes: a missing flag is unknown.
World with_flags(const std::vector<Tri>& flags) {
  World world;
  std::vector<Cells> rows;
  for (const Tri flag : flags)
    rows.push_back(flag == unknown ? Cells{} : Cells{{"flag", flag == yes ? "1" : "0"}});
  world.visit({}, {}, {}, rows);
  return world;
}
hir::Query flagged(const World& world) {
  return query(bindings(in_list(2, notes)), exprs(world.field(2, notes, "flag")));
}

TEST(Evaluate, FoldsOverTruthsFollowKleene) {
  struct Case {
    std::vector<Tri> keep;
    Tri any, none;
    std::int64_t low, high;
  };
  const Case cases[] = {
      {{}, no, yes, 0, 0},
      {{no, no}, no, yes, 0, 0},
      {{yes}, yes, no, 1, 1},
      {{no, unknown}, unknown, unknown, 0, 1},
      {{unknown, yes}, yes, no, 1, 2},
      {{yes, unknown, unknown, no, yes}, yes, no, 2, 4},
  };
  for (const Case& each : cases) {
    World world = with_flags(each.keep);
    EXPECT_EQ(tri(world.value(any(flagged(world)))), each.any);
    EXPECT_EQ(tri(world.value(none(flagged(world)))), each.none);
    const auto counted = std::get<Count>(world.value(count(flagged(world))));
    EXPECT_EQ(counted.low, each.low);
    EXPECT_EQ(counted.high, each.high);
  }
}

TEST(Evaluate, EveryIsKleenesAndOfNotKeptOrHas) {
  struct Case {
    Tri keep, has, every;
  };
  const Case cases[] = {{no, no, yes},          {no, unknown, yes},          {no, yes, yes},
                        {unknown, no, unknown}, {unknown, unknown, unknown}, {unknown, yes, yes},
                        {yes, no, no},          {yes, unknown, unknown},     {yes, yes, yes}};
  for (const Case& each : cases) {
    World world = with_flags({each.keep});
    EXPECT_EQ(tri(world.value(every(flagged(world), tri(each.has)))), each.every);
  }
  World empty = with_flags({});
  EXPECT_EQ(tri(empty.value(every(flagged(empty), tri(no)))), yes);
}

TEST(Evaluate, ASureFailureWinsOverAnUnknownOne) {
  World world = with_flags({unknown});
  EXPECT_EQ(tri(world.value(any(query(bindings(in_list(2, notes)),
                                      exprs(world.field(2, notes, "flag"), truth(false)))))),
            no);
  EXPECT_EQ(tri(world.value(test("and", not_known(), truth(false)))), no);
  EXPECT_EQ(tri(world.value(test("or", not_known(), truth(true)))), yes);
  EXPECT_EQ(tri(world.value(test("not", not_known()))), unknown);
}

TEST(Evaluate, AnEmptyListThatMayNotBeEmptyIsOneUnknownElement) {
  World world;
  world.visit({}, {}, {});
  const auto all = [] { return query(bindings(in_list(2, diagnoses))); };
  EXPECT_EQ(tri(world.value(any(all()))), unknown);
  EXPECT_EQ(tri(world.value(none(all()))), unknown);
  EXPECT_EQ(tri(world.value(every(all(), truth(false)))), unknown);
  EXPECT_EQ(tri(world.value(every(all(), truth(true)))), yes);
  EXPECT_EQ(tri(world.value(any(query(bindings(in_list(2, diagnoses)), exprs(truth(false)))))), no);
  const auto counted = std::get<Count>(world.value(count(all())));
  EXPECT_EQ(counted.low, 0);
  EXPECT_EQ(counted.high, std::numeric_limits<std::int64_t>::max());
  EXPECT_FALSE(is_known(world.value(sum(all(), yuan(100)))));
  EXPECT_EQ(shown(world.value(
                sum(query(bindings(in_list(2, diagnoses)), exprs(truth(false))), yuan(100)))),
            "0.00");
  // With a diagnosis, or in a list that may be empty, nothing is unknown.
  World one;
  one.visit({}, {}, {{{"code", "I21"}}});
  EXPECT_EQ(tri(one.value(any(all()))), yes);
  EXPECT_EQ(tri(one.value(any(query(bindings(in_list(2, items)))))), no);
}

TEST(Evaluate, CountsCompareByTheirBounds) {
  World world = with_flags({yes, yes, unknown}); // 2 to 3
  const auto more_than = [&](std::int64_t n) {
    return tri(world.value(test("greater_count_integer", count(flagged(world)), number(n))));
  };
  EXPECT_EQ(more_than(1), yes);
  EXPECT_EQ(more_than(2), unknown);
  EXPECT_EQ(more_than(3), no);
}

World with_amounts(const std::vector<std::string>& amounts) {
  World world;
  std::vector<Cells> rows;
  for (const std::string& amount : amounts)
    rows.push_back(line("A", "09:00", "1", amount));
  world.visit({}, rows);
  return world;
}

TEST(Evaluate, SumMinMaxNeedEveryKeptValue) {
  struct Case {
    std::vector<std::string> amounts;
    std::string sum, min, max;
  };
  const Case cases[] = {{{}, "0.00", "unknown", "unknown"},
                        {{"1.50"}, "1.50", "1.50", "1.50"},
                        {{"1.50", "-2.00", "7"}, "6.50", "-2.00", "7.00"},
                        {{"1.50", ""}, "unknown", "unknown", "unknown"}};
  for (const Case& each : cases) {
    World world = with_amounts(each.amounts);
    const auto all = [] { return query(bindings(in_list(2, items))); };
    EXPECT_EQ(shown(world.value(sum(all(), world.item(2, "amount")))), each.sum);
    EXPECT_EQ(shown(world.value(smallest(all(), world.item(2, "amount")))), each.min);
    EXPECT_EQ(shown(world.value(largest(all(), world.item(2, "amount")))), each.max);
  }
}

TEST(Evaluate, SumsAreExactWhateverTheOrderAndUnknownPastTheirWidth) {
  const Int128 most = ~(Int128{1} << 127); // 2^127 - 1
  World world = with_amounts({});
  const auto value_of = [&](std::vector<Int128> units) {
    world.tables[limits].rows.clear();
    for (const Int128 each : units)
      world.row(limits, {code("K"), Decimal{each}, Unknown{}, Unknown{}});
    return world.value(
        sum(query(bindings(in_rows(world.program, 2, limits, constant(item_code, code("K"))))),
            world.field(2, world.relation_of(limits), "max")));
  };
  EXPECT_TRUE(same(value_of({most, 1, -1}), Value(Decimal{most})));
  EXPECT_FALSE(is_known(value_of({most, 1})));
  EXPECT_TRUE(same(value_of({-most, -1}), Value(Decimal{-most - 1})));
  EXPECT_FALSE(is_known(value_of({-most, -2})));
}

TEST(Evaluate, IntegerSumsAreUnknownPastSixtyFourBits) {
  World world;
  world.visit({}, {{{"units", "9223372036854775807"}}, {{"units", "1"}}, {{"units", "-1"}}});
  const auto total = [&](std::int64_t above) {
    return world.value(
        sum(query(bindings(in_list(2, items)),
                  exprs(test("greater_integer", world.item(2, "units"), number(above)))),
            world.item(2, "units")));
  };
  EXPECT_FALSE(is_known(total(0)));
  EXPECT_EQ(shown(total(-5), integer), "9223372036854775807");
}

TEST(Evaluate, TableRowsAreFoundByTextAndAnUnknownKeyIsOneUnknownRow) {
  World world;
  world.row(limits, {code("A"), limit_of(2), Unknown{}, Unknown{}});
  world.row(limits, {code("A"), limit_of(3), Unknown{}, Unknown{}});
  world.visit({}, {line("A", "09:00", "1", "1"), line("B", "09:01", "1", "1"),
                   line("", "09:02", "1", "1")});
  const auto rows_of = [&](hir::BinderId item) {
    return count(query(bindings(in_rows(world.program, 3, limits, world.item(item, "code")))));
  };
  evaluate::Rows rows(world.input());
  const hir::Rule rule = hir::build::rule(hir::SubjectKind::settlement, settlement,
                                          {items, world.relation_of(limits)});
  evaluate::Scope scope(rows, rule);
  struct Case {
    std::uint32_t row;
    std::int64_t low, high;
    Tri in;
  };
  const Case cases[] = {
      {0, 2, 2, yes}, {1, 0, 0, no}, {2, 0, std::numeric_limits<std::int64_t>::max(), unknown}};
  for (const Case& each : cases) {
    scope.place(2, Element{.row = each.row});
    const auto counted = std::get<Count>(scope.value(rows_of(2)));
    EXPECT_EQ(counted.low, each.low);
    EXPECT_EQ(counted.high, each.high);
    EXPECT_EQ(tri(scope.value(in_table(limits, world.item(2, "code")))), each.in);
  }
}

TEST(Evaluate, CodesAndUnlistedEnumValuesCompareByText) {
  World world;
  world.visit({{"level", "1"}}, {line("A", "09:00", "1", "1"), line("A", "09:01", "1", "1"),
                                 line("B", "09:02", "1", "1")});
  const auto pairs_of = [&](std::string_view kernel) {
    return std::get<Count>(world.value(
        count(query(bindings(in_list(2, items), in_list(3, items)),
                    exprs(test(kernel, world.item(2, "code"), world.item(3, "code")))))));
  };
  EXPECT_EQ(pairs_of("equal_code").low, 5);
  EXPECT_EQ(pairs_of("not_equal_code").low, 4);

  const Value odd = EnumValue{.id = 0, .unlisted = "77"};
  const auto equal = [&](Value a, Value b) {
    return tri(world.value(
        test("equal_enum", constant(level, std::move(a)), constant(level, std::move(b)))));
  };
  EXPECT_EQ(equal(odd, odd), yes);
  EXPECT_EQ(equal(odd, EnumValue{.id = 0, .unlisted = "78"}), unknown);
  EXPECT_EQ(equal(odd, EnumValue{.id = 1, .unlisted = {}}), unknown);
  EXPECT_EQ(equal(EnumValue{.id = 2, .unlisted = {}}, EnumValue{.id = 1, .unlisted = {}}), no);
  const Value kept = world.value(call("otherwise_enum", level, constant(level, odd),
                                      constant(level, EnumValue{.id = 1, .unlisted = {}})));
  EXPECT_TRUE(same(kept, odd));
}

TEST(Evaluate, CanonicalOrderIsTimeCodePriceQuantityKeyAndNeverTheFile) {
  World world;
  const auto full = [](std::string id, std::string item, std::string time, std::string price,
                       std::string quantity) {
    Cells cells = line(std::move(item), std::move(time), std::move(quantity), "1");
    cells["id"] = std::move(id);
    cells["price"] = std::move(price);
    return cells;
  };
  world.visit({}, {full("9", "A", "", "1", "1"), full("8", "B", "09:00", "1", "1"),
                   full("7", "A", "09:00", "2", "1"), full("6", "A", "09:00", "1", "2"),
                   full("5", "A", "09:00", "1", "1"), full("4", "A", "09:00", "", "9"),
                   full("3", "Z", "08:00", "9", "9"), full("10", "A", "09:00", "1", "1"),
                   full("", "", "09:00", "1", "1"), full("5", "A", "09:00", "1", "1")});
  evaluate::Rows rows(world.input());
  EXPECT_EQ(rows.children(items), (std::vector<std::uint32_t>{6, 8, 5, 7, 4, 9, 3, 2, 1, 0}));
  EXPECT_EQ(rows.earlier(items, 6, 8), yes);
  EXPECT_EQ(rows.earlier(items, 8, 6), no);
  EXPECT_EQ(rows.earlier(items, 4, 9), yes); // equal in all: numbered as they come
  EXPECT_EQ(rows.earlier(items, 9, 4), no);
  EXPECT_EQ(rows.earlier(items, 6, 0), unknown); // no time
  EXPECT_EQ(rows.earlier(items, 0, 0), unknown);
}

// What beyond leaves, as "row", "row:part=amount" or "row?" where not known.
std::vector<std::string> left(World& world, const hir::Query& of) {
  const hir::Rule rule =
      hir::build::rule(hir::SubjectKind::settlement, settlement, {items, items, items});
  evaluate::Rows rows(world.input());
  evaluate::Scope scope(rows, rule);
  std::vector<std::string> result;
  for (const Kept& kept : scope.lines(of)) {
    const Element& element = kept.element;
    std::string shape = std::to_string(element.row);
    if (element.is_part && !element.part_known)
      shape += "?";
    else if (element.is_part)
      shape += ":" + decimal_text(element.part, 4, 0) + "=" +
               (element.part_amount_known ? decimal_text(element.part_amount, 2, 2) : "?");
    if (kept.keep != yes)
      shape += " perhaps";
    result.push_back(shape);
  }
  return result;
}
hir::Query all_items() { return query(bindings(in_list(2, items))); }

TEST(Evaluate, BeyondFirstOfQuantitySplitsTheLineThatStraddlesTheLimit) {
  World world;
  world.visit({}, {line("C", "11:00", "3", "10.00"), line("A", "09:00", "1", "5.00"),
                   line("B", "10:00", "2", "10.01"), line("D", "12:00", "0", "1.00"),
                   line("E", "13:00", "-1", "-3.00")});
  using Left = std::vector<std::string>;
  const auto beyond = [&](std::int64_t n) {
    return left(world, beyond_quantity(all_items(), constant(number4, limit_of(n))));
  };
  EXPECT_EQ(beyond(0), (Left{"1", "2", "0"}));
  EXPECT_EQ(beyond(-3), (Left{"1", "2", "0"}));
  EXPECT_EQ(beyond(1), (Left{"2", "0"}));
  EXPECT_EQ(beyond(2), (Left{"2:1=5.01", "0"})); // 10.01 / 2 = 5.005, half away from zero
  EXPECT_EQ(beyond(4), (Left{"0:2=6.67"}));      // 10.00 × 2/3 = 6.666…
  EXPECT_EQ(beyond(5), (Left{"0:1=3.33"}));
  EXPECT_EQ(beyond(6), Left{});
  EXPECT_EQ(left(world, beyond_quantity(all_items(), not_known(number4))),
            (Left{"1?", "2?", "0?", "3?", "4?"}));
}

TEST(Evaluate,
     BeyondFirstOfQuantityKnowsNothingAfterAnUnknownQuantityNorTheShareOfAnUnknownAmount) {
  World world;
  world.visit({}, {line("A", "09:00", "2", "5.00"), line("B", "10:00", "", "7.00"),
                   line("C", "11:00", "2", "-9.99")});
  EXPECT_EQ(left(world, beyond_quantity(all_items(), constant(number4, limit_of(1)))),
            (std::vector<std::string>{"0:1=2.50", "1?", "2?"}));
  World negative;
  negative.visit({}, {line("A", "09:00", "2", "-5.01"), line("B", "10:00", "2", "")});
  EXPECT_EQ(left(negative, beyond_quantity(all_items(), constant(number4, limit_of(1)))),
            (std::vector<std::string>{"0:1=-2.51", "1"}));
  EXPECT_EQ(left(negative, beyond_quantity(all_items(), constant(number4, limit_of(3)))),
            (std::vector<std::string>{"1:1=?"}));
}

TEST(Evaluate, BeyondTakesOnlySureElements) {
  World world;
  world.visit({}, {line("A", "09:00", "5", "5.00"), line("", "08:00", "9", "7.00")});
  const auto coded = [&] {
    return query(bindings(in_list(2, items)),
                 exprs(test("equal_code", world.item(2, "code"), constant(item_code, code("A")))));
  };
  EXPECT_EQ(left(world, coded()), (std::vector<std::string>{"1 perhaps", "0"}));
  EXPECT_EQ(left(world, beyond_quantity(coded(), constant(number4, limit_of(4)))),
            (std::vector<std::string>{"0:1=1.00"}));
}

TEST(Evaluate, BeyondFirstDistinctDropsUnknownKeysAndTheFirstValues) {
  World world;
  const auto on_day = [](std::string day, std::string time) {
    Cells cells = line("A", std::move(time), "1", "1");
    if (!day.empty())
      cells["date"] = "2026-03-" + day;
    return cells;
  };
  world.visit({}, {on_day("07", "12:00"), on_day("05", "09:00"), on_day("06", "10:00"),
                   on_day("05", "11:00"), on_day("", "10:30")});
  using Left = std::vector<std::string>;
  const auto beyond = [&](std::int64_t n) {
    return left(world, beyond_distinct(all_items(), number(n), world.item(2, "date")));
  };
  EXPECT_EQ(beyond(0), (Left{"1", "2", "3", "0"}));
  EXPECT_EQ(beyond(1), (Left{"2", "0"}));
  EXPECT_EQ(beyond(2), (Left{"0"}));
  EXPECT_EQ(beyond(3), Left{});
  EXPECT_EQ(left(world, beyond_distinct(all_items(), not_known(integer), world.item(2, "date"))),
            (Left{"1?", "2?", "4?", "3?", "0?"}));
}

TEST(Evaluate, AFoldOverPartsTakesTheirQuantityAndMoney) {
  World world;
  world.visit({}, {line("A", "09:00", "2", "10.00"), line("B", "10:00", "3", "9.00")});
  const auto parts = [&](std::int64_t n) {
    return query(
        bindings(in_lines(3, beyond_quantity(all_items(), constant(number4, limit_of(n))))));
  };
  EXPECT_EQ(shown(world.value(sum(parts(1), world.item(3, "amount")))), "14.00");
  EXPECT_EQ(shown(world.value(sum(parts(3), world.item(3, "quantity"))), number4), "2");
  const auto blind = [&] {
    return query(bindings(in_lines(3, beyond_quantity(all_items(), not_known(number4)))));
  };
  EXPECT_FALSE(is_known(world.value(sum(blind(), world.item(3, "amount")))));
  EXPECT_FALSE(is_known(world.value(sum(blind(), world.item(3, "quantity")))));
  // Nobody can say how much of a line lies there, so to a fold it is only perhaps there.
  EXPECT_EQ(std::get<Count>(world.value(count(blind()))).low, 0);
  EXPECT_EQ(std::get<Count>(world.value(count(blind()))).high, 2);
}

TEST(Evaluate, ElementsThatAQueryKeepsPerhapsStayPerhaps) {
  World world;
  world.visit({}, {line("A", "09:00", "1", "1"), line("", "10:00", "2", "1"),
                   line("B", "11:00", "3", "1")});
  const auto named = [&](hir::Expr outer) {
    return query(bindings(in_lines(3, query(bindings(in_list(2, items)),
                                            exprs(test("equal_code", world.item(2, "code"),
                                                       constant(item_code, code("A"))))))),
                 exprs(std::move(outer)));
  };
  const auto counted = std::get<Count>(world.value(count(named(truth(true)))));
  EXPECT_EQ(counted.low, 1);
  EXPECT_EQ(counted.high, 2);
  const auto small = std::get<Count>(world.value(count(
      named(test("less_decimal", world.item(3, "quantity"), constant(number4, limit_of(2)))))));
  EXPECT_EQ(small.low, 1);
  EXPECT_EQ(small.high, 1);
}

} // namespace
} // namespace sanku::evaluate_test
