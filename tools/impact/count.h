// Adds findings of both sides up, pair by pair, and keeps those pairs that move the most money.
// Entry: Counter. Tested by tests/unit/tools/impact_test.cpp.
#pragma once

#include "tools/impact/told.h"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace sanku::impact {

// A difference to show, without its JSON.
struct Example {
  std::int64_t weight = 0; // cents that it moves
  std::optional<Told> before, after;
};
// The `most` weightiest; of equals the first of the input, then by rule and id.
class Examples {
public:
  explicit Examples(std::size_t most) : most_(most) {}
  void offer(const Difference& difference);
  void add(const Examples& others);
  [[nodiscard]] const std::vector<Example>& all() const { return kept_; }

private:
  void put_in(Example example);
  std::size_t most_;
  std::vector<Example> kept_; // the weightiest first
};

class Counter {
public:
  Counter(std::size_t rules, std::size_t examples) : examples_(examples) {
    tallies_.rules.resize(rules);
  }

  // The tallies that findings in that place add to; for as long as the counter.
  using Spot = std::array<Tally*, 3>;
  [[nodiscard]] Spot spot(const Place& place);
  // A finding that is the same on both sides.
  void same(std::uint32_t rule, const Spot& spot, const Sum& sum, ast::Severity severity);
  // A finding that only one side has, or both; true: there is a difference.
  bool pair(std::uint32_t rule, const Difference& difference);

  void add(const Counter& other);
  void undecided(std::uint32_t rule, std::uint64_t before, std::uint64_t after);
  [[nodiscard]] const Tallies& tallies() const { return tallies_; }
  [[nodiscard]] const Examples& examples() const { return examples_; }

private:
  Tallies tallies_;
  Examples examples_;
};

// Findings of both sides by identity, which each has once on a side: counted, and those that differ
// given on, in the order of the input. `rules` are the ids that tallies stand for, in order.
using GiveOn = std::function<void(const Difference&)>;
void match(std::vector<Told> before, std::vector<Told> after, const std::vector<std::string>& rules,
           Counter& counter, const GiveOn& give_on);

} // namespace sanku::impact
