// Fixes of diagnostics applied to texts: from the end, all of a diagnostic's or none, never two at
// one place.
#include "tools/engine/fixes.h"

#include <gtest/gtest.h>

namespace sanku::engine {
namespace {

diag::Diagnostic with_fixes(std::vector<diag::Fix> fixes) {
  diag::Diagnostic made;
  made.fixes = std::move(fixes);
  return made;
}

TEST(Fixes, are_applied_whole_in_any_order_and_never_two_at_one_place) {
  source::SourceMap map;
  (void)source::add(map, "untouched", "abc");
  const std::uint32_t file = source::add(map, "text", "0123456789");
  struct Case {
    std::vector<std::vector<diag::Fix>> diagnostics;
    std::string text;
    std::size_t mistakes;
  };
  const std::vector<Case> cases = {
      {{{{{file, 2, 4}, "xyz"}}}, "01xyz456789", 1},
      {{{{{file, 8, 9}, ""}}, {{{file, 1, 2}, "long"}}}, "0long2345679", 2},
      {{{{{file, 2, 2}, "("}, {{file, 5, 5}, ")"}}}, "01(234)56789", 1},
      // The second would be applied in half; the third is far enough away.
      {{{{{file, 3, 5}, "x"}}, {{{file, 4, 6}, "y"}, {{file, 8, 8}, "z"}}, {{{file, 9, 9}, "!"}}},
       "012x5678!9",
       2},
      // Told twice, corrected once; two insertions at one place have no order.
      {{{{{file, 3, 5}, "x"}}, {{{file, 3, 5}, "x"}}}, "012x56789", 1},
      {{{{{file, 3, 3}, "a"}}, {{{file, 3, 3}, "b"}}}, "012a3456789", 1},
      {{{{{file, 0, 10}, ""}}}, "", 1},
  };
  for (const Case& each : cases) {
    diag::Diagnostics diagnostics;
    for (const auto& fixes : each.diagnostics)
      diagnostics.all.push_back(with_fixes(fixes));
    const auto fixed = apply_fixes(diagnostics, map);
    ASSERT_EQ(fixed.size(), 1u) << each.text;
    EXPECT_EQ(fixed[0].file, file);
    EXPECT_EQ(fixed[0].text, each.text);
    EXPECT_EQ(fixed[0].mistakes, each.mistakes) << each.text;
  }
  EXPECT_TRUE(apply_fixes({.all = {with_fixes({})}}, map).empty());
}

} // namespace
} // namespace sanku::engine
