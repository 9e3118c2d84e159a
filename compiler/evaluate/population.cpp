// See population.h.
#include "compiler/evaluate/population.h"

#include "runtime/types/check.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace sanku::evaluate {
namespace {

// Which group an element with a code of several candidates belongs to nobody knows.
Value settled(Value key) { return is_undecided(key) ? Value(Unknown{}) : std::move(key); }

std::uint32_t owner_of(const Input& input, hir::RelationId relation, std::uint32_t row) {
  if (relation == 0)
    return row;
  const std::vector<std::uint32_t>& offsets = input.batch.relations[relation].offsets;
  return static_cast<std::uint32_t>(std::ranges::upper_bound(offsets, row) - offsets.begin() - 1);
}

} // namespace

std::vector<Subject> population(const Input& input, const hir::Rule& rule) {
  const hir::RelationId relation = rule.subject.relation;
  std::map<std::vector<Value>, std::vector<std::uint32_t>, ValueLess> groups;
  Rows rows(input);
  for (std::uint32_t settlement = 0; settlement < input.batch.settlements; ++settlement) {
    rows.enter(settlement);
    Scope scope(rows, rule);
    const std::vector<std::uint32_t> elements =
        relation == 0 ? std::vector{settlement} : rows.children(relation);
    for (const std::uint32_t row : elements) {
      scope.bind(hir::subject_binder, Element{.row = row});
      std::vector<Value> keys;
      for (const hir::GroupKey& key : rule.subject.keys)
        keys.push_back(settled(scope.value(key.value)));
      groups[keys].push_back(row);
    }
  }
  std::vector<Subject> result;
  for (auto& [keys, members] : groups) {
    rows.put_in_order(relation, members);
    Subject subject{.settlement = owner_of(input, relation, members.front()),
                    .row = members.front(),
                    .group = members,
                    .keys = keys,
                    .incomplete =
                        std::ranges::any_of(keys, [](const Value& key) { return !is_known(key); }),
                    .entered = {}};
    result.push_back(std::move(subject));
  }
  // Groups that begin with the same element stay in the order of their keys.
  std::ranges::stable_sort(result, {}, &Subject::row);
  return result;
}

std::optional<std::vector<Value>> peer_keys(Scope& scope, const std::vector<hir::Expr>& keys) {
  std::vector<Value> made;
  for (const hir::Expr& key : keys) {
    made.push_back(settled(scope.value(key)));
    if (!is_known(made.back()))
      return std::nullopt;
  }
  return made;
}

exec::PeerShape peer_shape(const hir::PeerUse& use) {
  const auto statistic = [&] {
    switch (use.statistic) {
    case hir::PeerStatistic::percentile:
      return exec::PeerStatistic::percentile;
    case hir::PeerStatistic::mean:
      return exec::PeerStatistic::mean;
    case hir::PeerStatistic::deviation:
      return exec::PeerStatistic::deviation;
    case hir::PeerStatistic::same:
      return exec::PeerStatistic::same;
    }
    unreachable("a statistic is one of these");
  };
  return {.statistic = statistic(),
          .rank = use.rank,
          .at_least = use.at_least,
          .more_scale = use.more_scale};
}

} // namespace sanku::evaluate
