// Decision tables while they are checked: gaps, overlaps and rows that are never reached, with the
// example that is told.
#include "tests/unit/compiler/checked_rules.h"

#include <gtest/gtest.h>

namespace sanku::hir {
namespace {

struct Told {
  const char* table;
  const char* expected;
};

TEST(Decision, tells_what_no_row_covers_and_what_two_do) {
  const Told cases[] = {
      {"decide d(n : int) : int hit first { when n > 3 take 1  when n <= 3 take 2 }", ""},
      {"decide d(n : int) : int hit first { when n > 3 take 1  when n < 3 take 2 }",
       "SK2161 no row of `d` holds for n = 3\n"},
      // Between two whole numbers there is nothing, between two decimals there is.
      {"decide d(n : int) : int hit first { when n >= 4 take 1  when n <= 3 take 2 }", ""},
      {"decide d(n : decimal(12,2)) : int hit first { when n >= 4 take 1  when n <= 3 take 2 }",
       "SK2161 no row of `d` holds for n = 3.01\n"},
      {"decide d(n : money) : int hit unique { when n >= 4元 take 1  when n <= 4元 take 2 }",
       "SK2162 two rows of `d` hold for n = 4.00\n"},
      {"decide d(b : bool, n : int) : int hit unique { when b and n > 1 take 1  when not b take 2 "
       "}",
       "SK2161 no row of `d` holds for b = true, n = 1\n"},
      {"decide d(s : Sex) : int hit unique { when s = male take 1  when s != male take 2 }", ""},
      {"decide d(s : Sex) : int hit unique { when s in { male } take 1 }",
       "SK2161 no row of `d` holds for s = female\n"},
      {"decide d(p : Settlement) : int hit first { when p.patient.age < 18岁 take 1  when "
       "p.patient.age > 18岁 take 2 }",
       "SK2161 no row of `d` holds for p.patient.age = 216 months\n"},
      // As it is written, not what a derived field is made of.
      {"decide d(s : Settlement) : int hit first { when s.stay.days > 30 take 1  when s.stay.days "
       "< "
       "30 take 2 }",
       "SK2161 no row of `d` holds for s.stay.days = 30\n"},
      {"decide d(s : Settlement) : int hit unique { when s的住院期的天数 ≥ 30 take 1  when "
       "s的住院期的天数 <= 30 take 2 }",
       "SK2162 two rows of `d` hold for s的住院期的天数 = 30\n"},
      {"decide d(x : date) : int hit unique { when x < 2026-01-01 take 1  when x > 2026-01-01 take "
       "2  otherwise 3 }",
       ""},
      {"decide d(n : int) : int hit first { when n > 3 take 1  when n > 5 take 2  otherwise 3 }",
       "SK2163 this row of `d` is never reached: whenever it holds, an earlier one does\n"},
      {"decide d(n : int) : int hit first { when 1 <= n <= 5 or n = 9 take 1  when not (n > 0) "
       "take "
       "2  when n in { 6..8, 10 } take 3 }",
       "SK2161 no row of `d` holds for n = 11\n"},
      // A table that collects may give nothing, or several.
      {"decide d(n : int) : int hit collect { when n > 3 take 1  when n > 5 take 2 }", ""},
      // What is not judged is not told of: texts, codes, two views of one value.
      {"decide d(t : text) : int hit unique { when t = \"a\" take 1  when t = \"a\" take 2 }", ""},
      {"decide d(n : int, m : int) : int hit unique { when n > m take 1 }", ""},
  };
  for (const Told& each : cases)
    EXPECT_EQ(each.expected, told(check(each.table))) << each.table;
}

TEST(Decision, points_at_both_rows_that_hold) {
  const Checked checked =
      check("decide d(n : int) : int hit unique { when n > 3 take 1  when n < 5 "
            "take 2 }");
  ASSERT_EQ(1u, checked.diagnostics.all.size());
  EXPECT_EQ(2u, checked.diagnostics.all[0].labels.size());
}

} // namespace
} // namespace sanku::hir
