// A differential that cannot fail would prove nothing: mistakes are planted in the compiled side,
// and each kind has to be found; what is found has to shrink to something a person can read, and to
// run as a case by itself.
#include "tests/differential/module.h"
#include "tests/differential/mutate.h"
#include "tests/differential/shrink.h"
#include "tests/support/ways.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace sanku::differential {
namespace {

const std::vector<testing::Way> two_ways{{.compiled = false}, {.compiled = true, .index = false}};

// Whether the evaluator on the module and compiled code on the module with the mistake disagree.
// None: nothing to plant it in.
std::optional<bool> finds(Mistake mistake, const Module& module) {
  const testing::CheckedTexts right = testing::check_texts(texts_of(module));
  testing::CheckedTexts wrong = testing::check_texts(texts_of(module));
  if (!right.pack || plant(mistake, wrong.pack->program) == 0)
    return std::nullopt;
  const testing::Sides sides{right.pack->program, wrong.pack->program, right.pack->tables};
  return testing::run_ways(sides, module.visits, two_ways).difference.has_value();
}

Module small_module(const World& world, std::uint64_t seed) {
  Random random(seed);
  Module module =
      random_module(random, world, {.visits = 12, .rules = 6, .first_builtin = seed * 6});
  (void)check_module(module);
  return module;
}

TEST(Differential, FindsEveryKindOfPlantedMistake) {
  const World world = make_world();
  for (const Mistake mistake : all_mistakes) {
    bool found = false;
    for (std::uint64_t seed = 0; seed < 40 && !found; ++seed)
      found = finds(mistake, small_module(world, seed)).value_or(false);
    EXPECT_TRUE(found) << "mistake " << static_cast<int>(mistake) << " was never noticed";
  }
}

TEST(Differential, ShrinksWhatItFindsToACaseThatRuns) {
  const World world = make_world();
  const auto fails = [](const Module& module) {
    return finds(Mistake::flipped_comparison, module).value_or(false);
  };
  std::uint64_t seed = 0;
  Module module = small_module(world, seed);
  while (!fails(module))
    module = small_module(world, ++seed);
  const Module small = shrink(module, fails, 600);
  EXPECT_TRUE(fails(small));
  EXPECT_EQ(small.rules.size(), 1u);
  EXPECT_EQ(small.visits.size(), 1u);
  EXPECT_LT(render(small.rules.front()).size(), 400u) << render(small.rules.front());
  const testing::CaseResult result =
      testing::judge_case(testing::parse_case(case_of(world, small, "shrunk")), false);
  EXPECT_EQ(result.problem, "");
}

// What the differential prints is what it ran: the same visits and tables come back from the text
// of a case.
TEST(Differential, PrintsModulesAsCasesThatMeanTheSame) {
  const World world = make_world();
  for (std::uint64_t seed = 100; seed < 104; ++seed) {
    const Module module = small_module(world, seed);
    const testing::CaseFile file = testing::parse_case(case_of(world, module, "printed"));
    const testing::CheckedTexts checked = testing::check_texts(testing::texts_of(file));
    ASSERT_TRUE(checked.pack.has_value()) << checked.rendered;
    const testing::ReadVisits read =
        testing::read_visits(world.schema(), testing::section(file, "visits")->text);
    ASSERT_EQ(read.rejects, "");
    EXPECT_EQ(testing::render_outcomes(*checked.pack, read.visits),
              testing::section(file, "expect findings")->text)
        << "seed " << seed << "\n"
        << testing::section(file, "rules")->text << testing::section(file, "visits")->text;
  }
}

} // namespace
} // namespace sanku::differential
