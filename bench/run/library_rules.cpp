// What the national rules cost, kind by kind: those inside one visit all together against the
// first eighteen; each rule over a person's other visits against a loop written by hand, each rule
// over a population against a group-by written by hand (bench/limit/library.h), one rule a program,
// on one thread and the same columns. Nothing is timed before both have found the same.
#include "bench/run/blocks.h"
#include "bench/run/check.h"
#include "bench/run/measurements.h"
#include "bench/run/people_by_hand.h"
#include "tools/engine/stopwatch.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

namespace sanku::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t visits_wanted = 24'000;

// The pack's rules that `wanted` says, compiled and bound as a program of their own; the others
// come back when it goes.
class SomeRules {
public:
  template <class Wanted>
  SomeRules(std::unique_ptr<engine::Rules>& rules, const Wanted& wanted) : rules_(rules) {
    all_ = std::move(program().rules);
    program().rules.clear();
    for (std::size_t r = 0; r < all_.size(); ++r)
      if (wanted(all_[r])) {
        program().rules.push_back(std::move(all_[r]));
        taken_.push_back(r);
      }
    reach_ = engine::reach_of(program());
  }
  ~SomeRules() {
    compiled_.engine.reset();
    if (compiled_.rules)
      rules_ = std::move(compiled_.rules);
    for (std::size_t i = 0; i < taken_.size(); ++i)
      all_[taken_[i]] = std::move(program().rules[i]);
    program().rules = std::move(all_);
  }
  SomeRules(const SomeRules&) = delete;
  SomeRules& operator=(const SomeRules&) = delete;

  [[nodiscard]] assemble::Reach reach() const { return reach_; }
  // What can be had back of findings is worked out over all rules and is no cost of one.
  const Compiled& compile() {
    auto code = engine::compile(program(), jit::Level::optimised);
    if (!code)
      stop(code.error().en);
    compiled_.rules = std::move(rules_);
    compiled_.code = std::move(*code);
    compiled_.engine = engine::make_engine(compiled_.program(), compiled_.tables(),
                                           compiled_.code.image.get(), {.attribute = false});
    return compiled_;
  }

private:
  hir::Program& program() { return (rules_ ? rules_ : compiled_.rules)->checked->program; }
  std::unique_ptr<engine::Rules>& rules_;
  Compiled compiled_;
  std::vector<hir::Rule> all_;
  std::vector<std::size_t> taken_;
  assemble::Reach reach_ = assemble::Reach::visit;
};

std::unique_ptr<engine::Rules> read_pack(const fs::path& folder) {
  auto rules = engine::read_rules(folder);
  if (!rules)
    stop(rules.error().en);
  if (!engine::is_ready(**rules))
    stop(fmt::format("the rules of {} have errors: see `sanku check`", folder.string()));
  return std::move(*rules);
}

// What a rule found, as both ways of running it can say it.
struct Summary {
  std::set<std::pair<std::uint32_t, std::uint32_t>> subjects;
  std::uint64_t findings = 0, lines = 0, indeterminate = 0;
  friend bool operator==(const Summary&, const Summary&) = default;
};
Summary of_engine(const Compiled& compiled, const batch::Batch& batch) {
  engine::Judge judge(*compiled.engine);
  Summary made;
  for (const exec::Finding& finding : judge.judge(batch).findings) {
    made.subjects.emplace(finding.settlement, finding.subject);
    made.lines += finding.lines.size();
    ++made.findings;
  }
  made.indeterminate = judge.outcomes().front().indeterminate;
  return made;
}
Summary of_hand(const limit::RuleByHand& rule, const limit::World& world) {
  limit::Discovery found;
  rule.run(world, found);
  Summary made{.subjects = {},
               .findings = found.findings.size(),
               .lines = found.lines.size(),
               .indeterminate = found.indeterminate};
  for (const limit::Found& each : found.findings)
    made.subjects.emplace(each.visit, each.subject);
  return made;
}

std::string difference(const Summary& compiled, const Summary& by_hand) {
  const auto place = [](const auto& pair) {
    return fmt::format("visit {} subject {}", pair.first, pair.second);
  };
  std::string text =
      fmt::format("compiled {} findings, {} lines, {} indeterminate; by hand {}, {}, {}",
                  compiled.findings, compiled.lines, compiled.indeterminate, by_hand.findings,
                  by_hand.lines, by_hand.indeterminate);
  for (const auto& each : compiled.subjects)
    if (!by_hand.subjects.contains(each))
      return text + ", only compiled: " + place(each);
  for (const auto& each : by_hand.subjects)
    if (!compiled.subjects.contains(each))
      return text + ", only by hand: " + place(each);
  return text;
}

struct Library {
  People people;
  std::unique_ptr<engine::Rules> rules;
};
Library make_library(const fs::path& work, std::uint32_t visits) {
  auto people = make_people("stdlib-rules/schema/codes/icd10_yb.csv",
                            "stdlib-rules/national/knowledge", visits, 1);
  if (!people)
    stop(people.error().en);
  const fs::path pack = work / "people_pack";
  if (auto written = write_people_pack(*people, "stdlib-rules/national", pack); !written)
    stop(written.error().en);
  return {std::move(*people), read_pack(pack)};
}

// How far each rule looks; and that every one that looks beyond one visit is written by hand.
std::set<std::string> inside_one_visit(Library& library) {
  std::set<std::string> inside, beyond, by_hand;
  for (const auto& rules :
       {std::vector(limit::past_rules().begin(), limit::past_rules().end()), limit::group_rules()})
    for (const limit::RuleByHand& rule : rules)
      by_hand.emplace(rule.id);
  std::vector<std::string> all;
  for (const hir::Rule& rule : library.rules->checked->program.rules)
    all.push_back(rule.id);
  for (const std::string& id : all) {
    const SomeRules one(library.rules, [&](const hir::Rule& rule) { return rule.id == id; });
    (one.reach() == assemble::Reach::visit ? inside : beyond).insert(id);
  }
  for (const std::string& id : beyond)
    if (!by_hand.contains(id))
      stop(fmt::format("the rule {} looks beyond one visit and is not written by hand", id));
  return inside;
}

// Calls `each` with every rule beyond one visit that is written by hand, on a block of its own
// program, after both ways of running it have found the same.
template <class Each>
void over_rules(Library& library, std::span<const limit::RuleByHand> rules, const Each& each) {
  for (const limit::RuleByHand& rule : rules) {
    SomeRules one(library.rules, [&](const hir::Rule& of) { return of.id == rule.id; });
    if (one.reach() == assemble::Reach::visit)
      stop(fmt::format("the national pack has no rule {} that looks beyond one visit", rule.id));
    const Compiled& compiled = one.compile();
    const PeopleBlock block(library.people, compiled);
    const Summary found = of_engine(compiled, block.batch());
    const Summary by_hand = of_hand(rule, block.by_hand());
    if (found != by_hand)
      stop(fmt::format("{}: {}", rule.id, difference(found, by_hand)));
    if (found.findings + found.indeterminate == 0)
      stop(fmt::format("{}: nothing is found, so nothing is shown", rule.id));
    each(rule, compiled, block, found);
  }
}

// The dearest rule is the measure; the runs say what each costs.
void measure_rules(Bench& bench, Library& library, std::string_view target,
                   std::span<const limit::RuleByHand> rules) {
  std::vector<Run> all;
  double dearest = 0;
  bool clean = true;
  over_rules(library, rules,
             [&](const limit::RuleByHand& rule, const Compiled& compiled, const PeopleBlock& block,
                 const Summary& found) {
               engine::Judge judge(*compiled.engine);
               limit::Discovery discovery;
               const auto run = [&](std::string name) {
                 return Run{.name = std::move(name),
                            .unit = "settlements/s",
                            .work = static_cast<double>(block.batch().settlements),
                            .timed = {}};
               };
               std::vector<Run> runs = bench.interleave(
                   {run(std::string(rule.id)), run(fmt::format("{}_by_hand", rule.id))},
                   {[&] { (void)judge.judge(block.batch()); },
                    [&] {
                      discovery.clear();
                      rule.run(block.by_hand(), discovery);
                    }});
               const bool both = runs[0].value() >= 0 && runs[1].value() >= 0;
               const double ratio = both ? runs[1].value() / runs[0].value()
                                         : runs[1].value_of_all() / runs[0].value_of_all();
               runs[0].facts = {{"ratio", ratio},
                                {"findings", static_cast<double>(found.findings)},
                                {"indeterminate", static_cast<double>(found.indeterminate)}};
               clean = clean && both;
               dearest = std::max(dearest, ratio);
               all.insert(all.end(), runs.begin(), runs.end());
             });
  bench.value(target, dearest, clean, std::move(all));
}

void measure_inside_visits(Bench& bench, Library& library) {
  const std::uint64_t settlements = std::min<std::uint64_t>(bench.settlements, 50'000);
  const ReferenceWorld world = make_reference_world({.work = bench.folder, .settlements = 1});
  std::string claims;
  append_claims(world.reference, 1, 0, settlements, claims);
  const auto eighteen = compile_pack("bench/packs/first_eighteen");
  const std::set<std::string> inside = inside_one_visit(library);
  SomeRules rules(library.rules, [&](const hir::Rule& rule) { return inside.contains(rule.id); });
  const Compiled& all = rules.compile();
  const auto ten_batches = read_batches(claims, *world.compiled->engine);
  const auto few_batches = read_batches(claims, *eighteen->engine);
  const auto all_batches = read_batches(claims, *all.engine);
  const auto judge = [](const Compiled& compiled, const std::vector<batch::Batch>& batches) {
    return over_blocks(batches.size(), 1, [&] {
      return [&, judge = std::make_unique<engine::Judge>(*compiled.engine)](std::size_t at) {
        return judge->judge(batches[at]).findings.size();
      };
    });
  };
  const auto run = [&](const char* name) {
    return Run{.name = name,
               .unit = "settlements/s",
               .work = static_cast<double>(settlements),
               .timed = {}};
  };
  std::vector<Run> runs = bench.interleave(
      {run("ten_rules"), run("rules_inside_one_visit"), run("first_eighteen")},
      {[&] { (void)judge(*world.compiled, ten_batches); }, [&] { (void)judge(all, all_batches); },
       [&] { (void)judge(*eighteen, few_batches); }});
  runs[1].facts = {{"rules", static_cast<double>(inside.size())}};
  runs[2].facts = {{"rules", static_cast<double>(eighteen->program().rules.size())}};
  bench.ratio("visit_rules_vs_ten_rules", runs[0], runs[1]);
  bench.report.numbers.push_back(runs[2]);
}

} // namespace

void measure_library_rules(Bench& bench) {
  Library library = make_library(bench.folder, visits_wanted);
  measure_rules(bench, library, "history_rules_vs_hand_loop", limit::past_rules());
  measure_rules(bench, library, "population_rules_vs_hand_group_by", limit::group_rules());
  measure_inside_visits(bench, library);
}

void check_library_rules(const fs::path& work, std::uint32_t visits) {
  Library library = make_library(work, visits);
  static_cast<void>(inside_one_visit(library));
  const auto told = [](const limit::RuleByHand& rule, const Compiled&, const PeopleBlock&,
                       const Summary& found) {
    fmt::print("{}: {} findings, {} indeterminate, by hand and compiled\n", rule.id, found.findings,
               found.indeterminate);
  };
  over_rules(library, limit::past_rules(), told);
  over_rules(library, limit::group_rules(), told);
}

} // namespace sanku::bench
