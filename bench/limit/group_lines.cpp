// The rules over populations of lines (library.h).
#include "bench/limit/group_rules.h"
#include "bench/limit/groups.h"

namespace sanku::bench::limit {
namespace {

Key month_of_code(const World& w, std::uint32_t s, std::uint32_t i) {
  return pair(w.visits.provider[s], w.lines.code[i], month_of(day_of(w.lines.at[i])));
}

void key_drug_growth(const World& w, Discovery& out) {
  const Grouping groups =
      group_lines(w.visits, [&](std::uint32_t s, std::uint32_t i) -> std::optional<Key> {
        if (!w.tables.lines[w.lines.code[i]].key_drug)
          return std::nullopt;
        return month_of_code(w, s, i);
      });
  std::vector<std::int64_t> spent(groups.count());
  for (std::uint32_t g = 0; g < groups.count(); ++g)
    for (const std::uint32_t i : groups.of(g))
      spent[g] += w.lines.amount[i];
  for (std::uint32_t g = 0; g < groups.count(); ++g) {
    if (spent[g] < 1'000'000)
      continue;
    Key before = groups.keys.key(g);
    --before.low;
    const std::uint32_t previous = groups.keys.find(before);
    if (previous == Numbering::none)
      ++out.indeterminate;
    else if (spent[g] > spent[previous] * 2)
      report_lines(w, out, groups, g, spent[g]);
  }
}

template <std::uint32_t list_type> void stock(const World& w, Discovery& out) {
  const Tables& tables = w.tables;
  const Grouping groups =
      group_lines(w.visits, [&](std::uint32_t s, std::uint32_t i) -> std::optional<Key> {
        if (!tables.lines[w.lines.code[i]].stocked)
          return std::nullopt;
        const Key key = month_of_code(w, s, i);
        return tables.stock.find(key) != Numbering::none ? std::optional(key) : std::nullopt;
      });
  for (std::uint32_t g = 0; g < groups.count(); ++g) {
    const auto members = groups.of(g);
    if (w.lines.list_type[members[leader(members, w.lines.order)]] != list_type)
      continue;
    std::int64_t sold = 0;
    for (const std::uint32_t i : members)
      sold += w.lines.quantity[i];
    if (sold * 100 > tables.stock_units[tables.stock.find(groups.keys.key(g))] * 105)
      report_lines(w, out, groups, g, sold);
  }
}

void beds(const World& w, Discovery& out) {
  const Tables& tables = w.tables;
  const Grouping groups =
      group_lines(w.visits, [&](std::uint32_t s, std::uint32_t i) -> std::optional<Key> {
        if (tables.beds[w.visits.provider[s]] == 0)
          return std::nullopt;
        return pair(w.visits.provider[s], 0, day_of(w.lines.at[i]));
      });
  const auto is_bed = [&](std::uint32_t i) { return tables.lines[w.lines.code[i]].bed; };
  for (std::uint32_t g = 0; g < groups.count(); ++g) {
    std::int64_t used = 0;
    for (const std::uint32_t i : groups.of(g))
      used += is_bed(i) ? w.lines.quantity[i] : 0;
    if (used > tables.beds[groups.keys.key(g).high >> 32] * 12'000)
      report_lines(w, out, groups, g, used, is_bed);
  }
}

void therapists(const World& w, Discovery& out) {
  const auto minutes = [&](std::uint32_t i) { return w.tables.lines[w.lines.code[i]].minutes; };
  const Grouping groups =
      group_lines(w.visits, [&](std::uint32_t s, std::uint32_t i) -> std::optional<Key> {
        return pair(w.visits.provider[s], w.lines.staff[i], day_of(w.lines.at[i]));
      });
  for (std::uint32_t g = 0; g < groups.count(); ++g) {
    std::int64_t sum = 0;
    for (const std::uint32_t i : groups.of(g))
      sum += w.lines.quantity[i] * minutes(i);
    if (sum > 480 * 10'000)
      report_lines(w, out, groups, g, sum, [&](std::uint32_t i) { return minutes(i) != 0; });
  }
}

void agreed_volume(const World& w, Discovery& out) {
  const Tables& tables = w.tables;
  const Grouping groups =
      group_lines(w.visits, [&](std::uint32_t s, std::uint32_t i) -> std::optional<Key> {
        if (!tables.lines[w.lines.code[i]].agreed)
          return std::nullopt;
        const Key key = pair(w.visits.provider[s], w.lines.code[i]);
        return tables.agreed.find(key) != Numbering::none ? std::optional(key) : std::nullopt;
      });
  for (std::uint32_t g = 0; g < groups.count(); ++g) {
    const auto members = groups.of(g);
    std::int64_t used = 0, first = day_of(w.lines.at[members.front()]), last = first;
    for (const std::uint32_t i : members) {
      used += w.lines.quantity[i];
      first = std::min(first, day_of(w.lines.at[i]));
      last = std::max(last, day_of(w.lines.at[i]));
    }
    // Agreed is a year's volume.
    const std::int64_t agreed = tables.agreed_units[tables.agreed.find(groups.keys.key(g))];
    if (used * 365 < agreed * (last + 1 - first))
      report_lines(w, out, groups, g, used);
  }
}

// The lines of a code in one visit, beside its other visits: those after the first day, and all
// where they are of one day. Shares of one box come to no more than half a box each on the mean.
void trace_codes(const World& w, Discovery& out) {
  const Grouping groups =
      group_lines(w.visits, [&](std::uint32_t s, std::uint32_t i) -> std::optional<Key> {
        if (w.lines.trace[i] == 0)
          return std::nullopt;
        return pair(w.lines.trace[i], s);
      });
  struct Code {
    std::int64_t visits = 0, boxes = 0, first = 0, last = 0;
  };
  Numbering numbers;
  std::vector<Code> codes;
  std::vector<std::int64_t> boxes(groups.count()), day(groups.count());
  for (std::uint32_t g = 0; g < groups.count(); ++g) {
    const std::span<const std::uint32_t> members = groups.of(g);
    day[g] = day_of(w.lines.at[members.front()]);
    for (const std::uint32_t i : members) {
      boxes[g] += w.lines.quantity[i];
      day[g] = std::min(day[g], day_of(w.lines.at[i]));
    }
    if (boxes[g] <= 0)
      continue;
    const std::uint32_t number = numbers.add({groups.keys.key(g).high >> 32, 0});
    if (number == codes.size())
      codes.push_back({.visits = 0, .boxes = 0, .first = day[g], .last = day[g]});
    Code& code = codes[number];
    ++code.visits;
    code.boxes += boxes[g];
    code.first = std::min(code.first, day[g]);
    code.last = std::max(code.last, day[g]);
  }
  for (std::uint32_t g = 0; g < groups.count(); ++g) {
    if (boxes[g] <= 0)
      continue;
    const Code& code = codes[numbers.find({groups.keys.key(g).high >> 32, 0})];
    if (code.visits >= 2 && code.boxes * 2 > code.visits * 10'000 &&
        (day[g] > code.first || code.first == code.last))
      report_lines(w, out, groups, g, day[g]);
  }
}

void two_prices(const World& w, Discovery& out) {
  const Lines& l = w.lines;
  const Grouping groups =
      group_lines(w.visits, [&](std::uint32_t s, std::uint32_t i) -> std::optional<Key> {
        return pair(w.visits.provider[s], l.code[i], day_of(l.at[i]));
      });
  const auto self_paid = [&](std::uint32_t i) {
    return l.own_share[i] > 0 && l.own_share[i] >= l.amount[i];
  };
  for (std::uint32_t g = 0; g < groups.count(); ++g) {
    std::int64_t cheap = -1;
    for (const std::uint32_t i : groups.of(g))
      if (self_paid(i) && (cheap < 0 || l.unit_price[i] < cheap))
        cheap = l.unit_price[i];
    if (cheap < 0)
      continue;
    const auto dear = [&](std::uint32_t i) { return !self_paid(i) && l.unit_price[i] > cheap; };
    if (std::ranges::any_of(groups.of(g), dear))
      report_lines(w, out, groups, g, cheap, dear);
  }
}

constexpr RuleByHand rules[] = {
    {"ML134", key_drug_growth},
    {"GZ10000202001", stock<drug>},
    {"GZ10000203001", stock<consumable>},
    {"JB158", beds},
    {"WT106", therapists},
    {"WT121", agreed_volume},
    {"WT122", trace_codes},
    {"WT130", two_prices},
};

} // namespace

std::span<const RuleByHand> rules_over_lines() { return rules; }

std::vector<RuleByHand> group_rules() {
  std::vector<RuleByHand> all(rules_over_visits().begin(), rules_over_visits().end());
  all.insert(all.end(), rules_over_lines().begin(), rules_over_lines().end());
  return all;
}

} // namespace sanku::bench::limit
