// Forms of code systems (runtime/schema/code_form.h).
#include "runtime/schema/code_form.h"

#include <gtest/gtest.h>

#include <string>

namespace sanku::schema {
namespace {

TEST(CodeForm, matches_the_whole_code) {
  const auto form = CodeForm::make("[A-Z][A-Z0-9]{2,4}|[0-9]{3}");
  ASSERT_TRUE(form);
  for (const char* good : {"A12", "ABCDE", "123"})
    EXPECT_TRUE(form->fits(good)) << good;
  for (const char* bad : {"", "A1", "ABCDEF", "1234", "x123", "123 ", "\xFF"})
    EXPECT_FALSE(form->fits(bad)) << bad;
}

// With an engine that goes back and tries again it takes 2 to the power of its length.
TEST(CodeForm, takes_no_longer_because_counts_stand_in_counts) {
  const auto form = CodeForm::make("(A+)+B");
  ASSERT_TRUE(form);
  EXPECT_TRUE(form->fits(std::string(100'000, 'A') + "B"));
  EXPECT_FALSE(form->fits(std::string(100'000, 'A') + "C"));
}

TEST(CodeForm, is_none_where_it_is_no_regular_expression) {
  for (const char* bad : {"[0-9", "(A", "A{2,1}", "(A)\\1", "A(?=B)", "((A{900}){900}){900}"})
    EXPECT_FALSE(CodeForm::make(bad)) << bad;
}

} // namespace
} // namespace sanku::schema
