// Random well-typed rules on random visits: the evaluator against every compiled way there is. Prints its seed; what fails is shrunk
// and printed as a case file. SANKU_SEED and SANKU_RULES choose another seed and another number of rules.
// The run also fails when a form of the language was never generated, or when too many of the rules were refused.
#include <cstdlib>
#include <chrono>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/differential/coverage.h"
#include "tests/differential/module.h"
#include "tests/differential/shrink.h"
#include "tests/support/ways.h"

namespace sanku::differential {
namespace {

#ifdef SANKU_SANITIZE
constexpr std::uint64_t usual_rules = 300;
constexpr std::size_t giant_lines = 400;
#else
constexpr std::uint64_t usual_rules = 2000;
constexpr std::size_t giant_lines = 2500;
#endif
constexpr std::uint64_t usual_seed = 20260305;
constexpr std::size_t shrink_attempts = 2000;
constexpr std::uint64_t pack_every = 20, giant_every = 40;

std::uint64_t number_from(const char* variable, std::uint64_t usual) {
  const char* text = std::getenv(variable);
  return text == nullptr ? usual : std::strtoull(text, nullptr, 10);
}

ModuleShape shape_of(std::uint64_t number, std::uint32_t first_rule) {
  ModuleShape shape{.giant_lines = giant_lines, .chinese = number % 3 == 2, .first_rule = first_rule};
  if (number % pack_every == 4) shape.kind = ModuleKind::pack;
  if (number % giant_every == 7) shape.kind = ModuleKind::giant;
  return shape;
}

// The evaluator against the way that failed, and against the simplest compiled one, in whose order others must deliver.
bool disagrees(const Module& module, const testing::Way& way) {
  const testing::CheckedTexts checked = testing::check_texts(texts_of(module));
  if (!checked.pack) return false;
  const std::vector<testing::Way> all = testing::all_ways();
  const auto compiled = std::ranges::find_if(all, [](const testing::Way& each) { return each.compiled; });
  const testing::Sides sides{checked.pack->program, checked.pack->program, checked.pack->tables};
  return testing::run_ways(sides, module.visits, std::vector{all.front(), *compiled, way}).difference.has_value();
}

std::string report(const World& world, const Module& module, const testing::Judged& judged) {
  const Module small = shrink(module, [&](const Module& each) { return disagrees(each, judged.differs); }, shrink_attempts);
  const testing::CheckedTexts checked = testing::check_texts(texts_of(small));
  const testing::Sides sides{checked.pack->program, checked.pack->program, checked.pack->tables};
  const testing::Judged again = testing::run_all_ways(sides, small.visits);
  return fmt::format("{}\n\nshrunk, as a case:\n{}", again.difference.value_or(*judged.difference), case_of(world, small, "found by the differential"));
}

TEST(Differential, EvaluatorAndCompiledCodeAgreeOnRandomRules) {
  const std::uint64_t seed = number_from("SANKU_SEED", usual_seed), rules = number_from("SANKU_RULES", usual_rules);
  fmt::print("SANKU_SEED={} SANKU_RULES={}\n", seed, rules);
  const World world = make_world();
  Coverage coverage;
  std::uint64_t generated = 0, refused = 0, findings = 0, undecided = 0;
  std::string refusals;
  for (std::uint64_t number = 0; generated < rules; ++number) {
    // A module has its own seed, so that one alone can be run again.
    Random random(seed * 1'000'003 + number);
    Module module = random_module(random, world, shape_of(number, static_cast<std::uint32_t>(generated)));
    generated += module.rules.size();
    const CheckedModule checked = check_module(module);
    refused += checked.refused;
    refusals += checked.refusals;
    ASSERT_TRUE(checked.checked.pack.has_value()) << "module " << number << "\n" << checked.checked.rendered << case_of(world, module, "refused");
    count(*checked.checked.pack, coverage);
    const auto t0 = std::chrono::steady_clock::now();
    const testing::Judged judged = testing::run_all_ways(*checked.checked.pack, module.visits);
    fmt::print(stderr, "TIME module {} kind {} {} ms\n", number, (int)shape_of(number, 0).kind, std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - t0).count());
    findings += judged.outcome.findings.size();
    undecided += judged.outcome.indeterminate.size();
    ASSERT_FALSE(judged.difference.has_value()) << "module " << number << " of seed " << seed << ":\n" << report(world, module, judged);
  }
  fmt::print("{} rules, {} refused, {} findings, {} undecided subjects\n", generated, refused, findings, undecided);
  if (std::getenv("SANKU_REFUSED") != nullptr) fmt::print("{}\n", refusals);
  EXPECT_LE(refused * 20, generated) << "more than one rule of twenty was refused:\n" << refusals.substr(0, 20'000);
  EXPECT_GT(findings, generated) << "the rules hardly ever fire";
  EXPECT_GT(undecided, generated) << "hardly anything is ever unknown";
  const std::vector<std::string> never = missing(coverage);
  EXPECT_TRUE(never.empty()) << "never generated: " << fmt::format("{}", fmt::join(never, "; "));
}

}  // namespace
}  // namespace sanku::differential
