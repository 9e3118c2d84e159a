// Random well-typed rules on random visits: the evaluator against every compiled way there is.
// Prints its seed; what fails is shrunk and printed as a case file. SANKU_SEED and SANKU_RULES
// choose another seed and another number of rules, SANKU_MODULE one module alone, SANKU_PRINT
// prints every module as a case before it runs. The run also fails when a form of the language was
// never generated, or when too many of the rules were refused.
#include "tests/differential/coverage.h"
#include "tests/differential/module.h"
#include "tests/differential/shrink.h"
#include "tests/support/ways.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace sanku::differential {
namespace {

#ifdef SANKU_SANITIZE
constexpr std::uint64_t usual_rules = 64;
constexpr std::size_t giant_lines = 400;
#else
constexpr std::uint64_t usual_rules = 2000;
constexpr std::size_t giant_lines = 3000;
#endif
constexpr std::uint64_t usual_seed = 20260305;
constexpr std::size_t shrink_attempts = 1500;
constexpr std::uint64_t pack_every = 20, giant_every = 40, beyond_every = 8;
constexpr std::size_t ordinary_rules = 16, least_pack = 5,
                      pack_sizes = 16; // packs of 5 to 20 rules
constexpr unsigned workers = 2;

std::uint64_t number_from(const char* variable, std::uint64_t usual) {
  const char* text = std::getenv(variable);
  return text == nullptr ? usual : std::strtoull(text, nullptr, 10);
}

// Every third module is written in Chinese; with 2,000 rules there are packs of several sizes and
// giant lists.
ModuleShape shape_of(std::uint64_t number) {
  ModuleShape shape{.giant_lines = giant_lines,
                    .chinese = number % 3 == 2,
                    .overlays = number % 5 < 2,
                    .rules = ordinary_rules,
                    .first_rule = static_cast<std::uint32_t>(number * (least_pack + pack_sizes)),
                    .first_builtin = number * ordinary_rules};
  shape.past = number % beyond_every == 1 || number % beyond_every == 6;
  shape.populations = number % beyond_every == 3 || number % beyond_every == 6;
  shape.complete = number % 6 == 2;
  if (number % giant_every == 7)
    shape.kind = ModuleKind::giant;
  if (number % pack_every != 4)
    return shape;
  shape.kind = ModuleKind::pack;
  shape.rules = least_pack + number * 7 % pack_sizes;
  return shape;
}

// A module has its own seed, so that one alone can be run again.
Module module_of(const World& world, std::uint64_t seed, std::uint64_t number) {
  Random random(seed * 1'000'003 + number);
  return random_module(random, world, shape_of(number));
}

// The evaluator against the way that failed, and against the simplest compiled one, in whose order
// others must deliver.
bool disagrees(const Module& module, const testing::Way& way) {
  const testing::CheckedTexts checked = testing::check_texts(texts_of(module));
  if (!checked.pack)
    return false;
  const std::vector<testing::Way> all = testing::all_ways();
  const auto compiled =
      std::ranges::find_if(all, [](const testing::Way& each) { return each.compiled; });
  const testing::Sides sides{checked.pack->program, checked.pack->program, checked.pack->tables};
  return testing::run_ways(sides, module.visits, std::vector{all.front(), *compiled, way})
      .difference.has_value();
}

std::string shrunk(const World& world, const Module& module, const testing::Way& way) {
  const Module small =
      shrink(module, [&](const Module& each) { return disagrees(each, way); }, shrink_attempts);
  const testing::CheckedTexts checked = testing::check_texts(texts_of(small));
  const std::string difference =
      testing::run_all_ways(*checked.pack, small.visits).difference.value_or("nothing any more");
  return fmt::format("{}\n\nas a case, expecting what the evaluator says:\n\n{}", difference,
                     case_of(world, small, "found by the differential"));
}

struct Total {
  Coverage coverage;
  std::uint64_t generated = 0, refused = 0, findings = 0, undecided = 0;
  std::string refusals;
  std::optional<std::uint64_t> failed; // the lowest module that did
  std::string failure;
};

class Campaign {
public:
  Campaign(const World& world, std::uint64_t seed, std::uint64_t first, std::uint64_t end)
      : world_(world), seed_(seed), next_(first), end_(end) {}

  Total run() {
    {
      std::vector<std::jthread> running;
      for (unsigned worker = 0; worker < workers; ++worker)
        running.emplace_back([this] { work(); });
    }
    return std::move(total_);
  }

private:
  void work() {
    for (std::uint64_t number = next_++; number < end_ && !stopped_; number = next_++)
      judge(number);
  }

  void judge(std::uint64_t number) {
    // Generated code that crashes takes the test with it: what was running is then the last that
    // was told.
    fmt::print(stderr, "module {}\n", number);
    Module module = module_of(world_, seed_, number);
    const std::size_t generated = module.rules.size();
    const CheckedModule checked = check_module(module);
    if (std::getenv("SANKU_PRINT") != nullptr)
      fmt::print("{}", case_of(world_, module, "printed by the differential"));
    std::string failure;
    testing::Judged judged;
    if (!checked.checked.pack) {
      failure = checked.checked.rendered + case_of(world_, module, "refused as a whole");
    } else {
      judged = testing::run_all_ways(*checked.checked.pack, module.visits);
      if (judged.difference)
        failure = *judged.difference + "\n\nshrunk: " + shrunk(world_, module, judged.differs);
    }
    const std::scoped_lock lock(mutex_);
    total_.generated += generated;
    total_.refused += checked.refused;
    total_.refusals += checked.refusals;
    total_.findings += judged.outcome.findings.size();
    total_.undecided += judged.outcome.indeterminate.size();
    if (checked.checked.pack) {
      count(*checked.checked.pack, total_.coverage);
      count(world_.schema(), module.visits, total_.coverage);
    }
    if (failure.empty() || (total_.failed && *total_.failed < number))
      return;
    total_.failed = number;
    total_.failure = std::move(failure);
    stopped_ = true;
  }

  const World& world_;
  const std::uint64_t seed_;
  std::atomic<std::uint64_t> next_;
  const std::uint64_t end_;
  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;
  Total total_;
};

std::uint64_t modules_for(std::uint64_t rules) {
  std::uint64_t modules = 0;
  for (std::uint64_t sum = 0; sum < rules; ++modules)
    sum += shape_of(modules).rules;
  return modules;
}

TEST(Differential, EvaluatorAndCompiledCodeAgreeOnRandomRules) {
  const std::uint64_t seed = number_from("SANKU_SEED", usual_seed),
                      rules = number_from("SANKU_RULES", usual_rules);
  const bool alone = std::getenv("SANKU_MODULE") != nullptr;
  const std::uint64_t first = number_from("SANKU_MODULE", 0);
  fmt::print("SANKU_SEED={} SANKU_RULES={}\n", seed, rules);
  std::fflush(stdout);
  const World world = make_world();
  (void)testing::shipped_schema();
  const Total total = Campaign(world, seed, first, alone ? first + 1 : modules_for(rules)).run();
  ASSERT_FALSE(total.failed.has_value())
      << "SANKU_SEED=" << seed << " SANKU_MODULE=" << *total.failed << "\n"
      << total.failure;
  fmt::print("{} rules, {} refused, {} findings, {} undecided subjects\n", total.generated,
             total.refused, total.findings, total.undecided);
  EXPECT_LE(total.refused * 20, total.generated) << "more than one rule of twenty was refused:\n"
                                                 << total.refusals.substr(0, 20'000);
  // A short run, as sanitized builds make, cannot have met every form.
  if (alone || rules < 300)
    return;
  EXPECT_GT(total.findings, total.generated) << "the rules hardly ever fire";
  EXPECT_GT(total.undecided, total.generated) << "hardly anything is ever unknown";
  const std::vector<std::string> never = missing(total.coverage);
  EXPECT_TRUE(never.empty()) << "never generated: " << fmt::format("{}", fmt::join(never, "; "));
}

} // namespace
} // namespace sanku::differential
