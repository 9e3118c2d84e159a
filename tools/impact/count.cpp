// See count.h.
#include "tools/impact/count.h"

#include "tools/engine/sorted_runs.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace sanku::impact {
namespace {

std::int64_t distance(std::optional<std::int64_t> a, std::optional<std::int64_t> b) {
  const Int128 between = Int128{a.value_or(0)} - b.value_or(0);
  return static_cast<std::int64_t>(std::min<Int128>(between < 0 ? -between : between, INT64_MAX));
}

std::int64_t weight_of(const Difference& difference) {
  const auto money = [](const Told* told, auto member) {
    return told != nullptr && !told->trial ? told->*member : std::optional<std::int64_t>();
  };
  return std::max(
      distance(money(difference.before, &Told::cents), money(difference.after, &Told::cents)),
      distance(money(difference.before, &Told::recoverable),
               money(difference.after, &Told::recoverable)));
}

const Told& shown(const Example& example) {
  return example.after ? *example.after : *example.before;
}
const Told& shown(const Difference& difference) {
  return difference.after ? *difference.after : *difference.before;
}

// In the order of the input.
bool comes_before(const Told& a, const Told& b) {
  if (engine::comes_before(a.origin, b.origin))
    return true;
  if (engine::comes_before(b.origin, a.origin))
    return false;
  return std::tie(a.rule, a.id) < std::tie(b.rule, b.id);
}

bool goes_before(const Example& a, const Example& b) {
  return a.weight != b.weight ? a.weight > b.weight : comes_before(shown(a), shown(b));
}

std::optional<Told> without_json(const Told* told) {
  if (told == nullptr)
    return std::nullopt;
  Told made = *told;
  made.json.clear();
  return made;
}

std::size_t number(ast::Severity severity) { return static_cast<std::size_t>(severity); }

} // namespace

void Examples::put_in(Example example) {
  kept_.insert(std::ranges::upper_bound(kept_, example, goes_before), std::move(example));
  if (kept_.size() > most_)
    kept_.pop_back();
}

void Examples::offer(const Difference& difference) {
  const std::int64_t weight = weight_of(difference);
  if (most_ == 0 || (kept_.size() == most_ && weight < kept_.back().weight))
    return;
  put_in({.weight = weight,
          .before = without_json(difference.before),
          .after = without_json(difference.after)});
}

void Examples::add(const Examples& others) {
  for (const Example& each : others.kept_)
    put_in(each);
}

Counter::Spot Counter::spot(const Place& place) {
  if (!place.institution.empty() && !place.name.empty())
    if (const auto [at, is_new] = tallies_.names.try_emplace(place.institution, place.name);
        !is_new && place.name < at->second)
      at->second = place.name;
  return {&tallies_.regions[place.region], &tallies_.institutions[place.institution],
          &tallies_.months[place.month]};
}

void Counter::same(std::uint32_t rule, const Spot& spot, const Sum& sum, ast::Severity severity) {
  for (Tally* tally : {&tallies_.all, &tallies_.rules[rule], spot[0], spot[1], spot[2]}) {
    impact::add(tally->before, sum);
    impact::add(tally->after, sum);
    ++tally->severity_before[number(severity)];
    ++tally->severity_after[number(severity)];
  }
}

bool Counter::pair(std::uint32_t rule, const Difference& difference) {
  const Told *before = difference.before, *after = difference.after;
  const std::vector<What> what =
      before && after ? what_differs(*before, *after) : std::vector<What>();
  const bool is_difference = !before || !after || !what.empty();
  const Spot at = spot((after ? after : before)->place);
  for (Tally* tally : {&tallies_.all, &tallies_.rules[rule], at[0], at[1], at[2]}) {
    if (before) {
      impact::add(tally->before, sum_of(*before));
      ++tally->severity_before[number(before->severity)];
    }
    if (after) {
      impact::add(tally->after, sum_of(*after));
      ++tally->severity_after[number(after->severity)];
    }
    if (!before)
      impact::add(tally->added, sum_of(*after));
    else if (!after)
      impact::add(tally->removed, sum_of(*before));
    else if (is_difference) {
      impact::add(tally->changed_before, sum_of(*before));
      impact::add(tally->changed_after, sum_of(*after));
    }
    for (const What each : what)
      ++tally->what[static_cast<std::size_t>(each)];
  }
  if (is_difference)
    examples_.offer(difference);
  return is_difference;
}

void Counter::add(const Counter& other) {
  impact::add(tallies_, other.tallies_);
  examples_.add(other.examples_);
}

void Counter::undecided(std::uint32_t rule, std::uint64_t before, std::uint64_t after) {
  for (Tally* tally : {&tallies_.all, &tallies_.rules[rule]}) {
    tally->undecided_before += before;
    tally->undecided_after += after;
  }
}

void match(std::vector<Told> before, std::vector<Told> after, const std::vector<std::string>& rules,
           Counter& counter, const GiveOn& give_on) {
  std::ranges::sort(before, {}, &Told::id);
  std::ranges::sort(after, {}, &Told::id);
  std::vector<Difference> differences;
  auto a = before.begin();
  auto b = after.begin();
  while (a != before.end() || b != after.end()) {
    const bool first = b == after.end() || (a != before.end() && a->id <= b->id);
    const bool second = a == before.end() || (b != after.end() && b->id <= a->id);
    const Difference pair{.before = first ? &*a : nullptr, .after = second ? &*b : nullptr};
    a += first ? 1 : 0;
    b += second ? 1 : 0;
    const auto rule = std::ranges::lower_bound(rules, shown(pair).rule);
    if (counter.pair(static_cast<std::uint32_t>(rule - rules.begin()), pair))
      differences.push_back(pair);
  }
  std::ranges::sort(differences, [](const Difference& x, const Difference& y) {
    return comes_before(shown(x), shown(y));
  });
  for (const Difference& each : differences)
    give_on(each);
}

} // namespace sanku::impact
