// The formatter on rules that nobody wrote by hand: random modules, printed in both spellings, are
// the same trees when they are read again, and printing once more changes nothing.
#include "compiler/ast/dump.h"
#include "compiler/ast/from_parse_tree.h"
#include "compiler/ast/print.h"
#include "compiler/diag/render.h"
#include "tests/differential/module.h"

#include <gtest/gtest.h>

namespace sanku::differential {
namespace {

ast::File parsed(source::SourceMap& map, std::string text) {
  diag::Diagnostics mistakes;
  ast::File file = ast::parse(map, source::add(map, "random", std::move(text)), mistakes);
  EXPECT_TRUE(mistakes.all.empty()) << diag::text(mistakes, map, {});
  return file;
}

TEST(Differential, FormatsRandomRulesWithoutChangingThem) {
  const World world = make_world();
  std::size_t rules = 0;
  for (std::uint64_t seed = 500; seed < 525; ++seed) {
    Random random(seed);
    const Module module =
        random_module(random, world, {.visits = 1, .rules = 12, .first_builtin = seed * 12});
    source::SourceMap map;
    const ast::File file = parsed(map, texts_of(module).rules);
    rules += module.rules.size();
    for (const ast::Spelling spelling : {ast::Spelling::en, ast::Spelling::zh}) {
      const std::string text = ast::print(file, spelling);
      const ast::File again = parsed(map, text);
      EXPECT_TRUE(ast::same_tree(file, again)) << "seed " << seed << "\n" << text;
      EXPECT_EQ(ast::print(again, spelling), text) << "seed " << seed;
      EXPECT_EQ(ast::spelling_of(again), spelling) << "seed " << seed << "\n" << text;
    }
  }
  EXPECT_GE(rules, 300u);
}

} // namespace
} // namespace sanku::differential
