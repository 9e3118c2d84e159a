// The rules over populations of visits (library.h).
#include "bench/limit/group_rules.h"
#include "bench/limit/groups.h"

#include <cmath>
#include <unordered_map>
#include <utility>

namespace sanku::bench::limit {
namespace {

std::int64_t date_of(const Visits& v, std::uint32_t s) { return day_of(v.end[s]); }

// ---- visits that are alike

void cash_out(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  const Grouping groups = group_visits(v, [&](std::uint32_t s) -> std::optional<Key> {
    return pair(v.terminal[s], 0, date_of(v, s));
  });
  std::vector<std::uint32_t> sorted, people;
  for (std::uint32_t g = 0; g < groups.count(); ++g) {
    const auto members = groups.of(g);
    if (members.size() < 5)
      continue;
    sorted.assign(members.begin(), members.end());
    std::sort(sorted.begin(), sorted.end(),
              [&](std::uint32_t a, std::uint32_t b) { return v.total[a] < v.total[b]; });
    // The most people who settled for one amount.
    std::size_t most = 0;
    for (std::size_t i = 0, end = 0; i < sorted.size(); i = end) {
      people.clear();
      for (end = i; end < sorted.size() && v.total[sorted[end]] == v.total[sorted[i]]; ++end)
        people.push_back(v.person[sorted[end]]);
      most = std::max(most, distinct(people));
    }
    if (most >= 5)
      report_visits(w, out, members, static_cast<std::int64_t>(most));
  }
}

// Visits with enough people within half an hour of them, and of those the people who came so on
// days enough.
void travelling_cards(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  const Grouping groups = group_visits(
      v, [&](std::uint32_t s) -> std::optional<Key> { return pair(v.provider[s], v.employer[s]); });
  std::vector<std::uint32_t> near, people;
  std::vector<std::pair<std::uint32_t, std::int64_t>> came; // who, on what day
  for (std::uint32_t g = 0; g < groups.count(); ++g) {
    near.clear();
    for (const std::uint32_t s : groups.of(g))
      if (v.kind[s] != inpatient)
        near.push_back(s);
    if (near.size() < 9)
      continue;
    came.clear();
    for (const std::uint32_t s : near) {
      people.clear();
      for (const std::uint32_t o : near)
        if (std::abs(v.settled[s] - v.settled[o]) / 60 <= 30)
          people.push_back(v.person[o]);
      if (distinct(people) >= 3)
        came.emplace_back(v.person[s], date_of(v, s));
    }
    std::sort(came.begin(), came.end());
    came.erase(std::unique(came.begin(), came.end()), came.end());
    std::size_t count = 0;
    for (std::size_t i = 0, end = 0; i < came.size(); i = end) {
      while (end < came.size() && came[end].first == came[i].first)
        ++end;
      count += end - i >= 3;
    }
    if (count >= 3)
      report_visits(w, out, groups.of(g), static_cast<std::int64_t>(count));
  }
}

void rings(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  const Grouping groups = group_visits(v, [&](std::uint32_t s) -> std::optional<Key> {
    const auto day = static_cast<std::uint64_t>(day_of(v.begin[s]));
    return Key{(std::uint64_t{v.provider[s]} << 32) | v.employer[s],
               (std::uint64_t{v.main_diagnosis[s]} << 32) | (day & 0xffffffffu)};
  });
  std::vector<std::uint32_t> people;
  for (std::uint32_t g = 0; g < groups.count(); ++g) {
    const auto members = groups.of(g);
    if (members.size() < 3)
      continue;
    people.clear();
    for (const std::uint32_t s : members)
      if (v.kind[s] == inpatient)
        people.push_back(v.person[s]);
    if (const std::size_t count = distinct(people); count >= 3)
      report_visits(w, out, members, static_cast<std::int64_t>(count));
  }
}

void identical_cases(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  const auto days = [&](std::uint32_t s) {
    return std::max<std::int64_t>(1, day_of(v.end[s]) - day_of(v.begin[s]));
  };
  // A month has less than 16 bits, days and lines of a visit less than 24 each.
  const Grouping groups = group_visits(v, [&](std::uint32_t s) -> std::optional<Key> {
    return pair(v.provider[s], v.main_diagnosis[s],
                (month_of(date_of(v, s)) << 48) | (days(s) << 24) |
                    (v.first_line[s + 1] - v.first_line[s]));
  });
  std::vector<std::uint32_t> stays, people;
  for (std::uint32_t g = 0; g < groups.count(); ++g) {
    const auto members = groups.of(g);
    if (members.size() < 3)
      continue;
    stays.clear();
    for (const std::uint32_t s : members)
      if (v.kind[s] == inpatient)
        stays.push_back(s);
    // The most people whose stays cost what one of them costs.
    std::size_t most = 0;
    for (const std::uint32_t s : stays) {
      people.clear();
      for (const std::uint32_t o : stays)
        if (v.total[o] == v.total[s])
          people.push_back(v.person[o]);
      most = std::max(most, distinct(people));
    }
    if (most >= 3)
      report_visits(w, out, members, static_cast<std::int64_t>(most));
  }
}

void chronic_places(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  const Grouping groups =
      group_visits(v, [&](std::uint32_t s) -> std::optional<Key> { return pair(v.person[s], 0); });
  std::vector<std::uint32_t> places, diseases;
  for (std::uint32_t g = 0; g < groups.count(); ++g) {
    places.clear();
    diseases.clear();
    for (const std::uint32_t s : groups.of(g))
      if (v.med_type[s] == chronic || v.med_type[s] == special) {
        places.push_back(v.provider[s]);
        diseases.push_back(v.disease[s]);
      }
    if (places.size() < 4)
      continue;
    const std::size_t count = distinct(places);
    if (count >= 4 && distinct(diseases) >= 3)
      report_visits(w, out, groups.of(g), static_cast<std::int64_t>(count));
  }
}

// ---- institutions beside their peers

// A share or mean of each group; values of those that are peers, and where they stand.
struct Shares {
  Grouping groups;
  std::vector<double> value;      // by group
  std::vector<bool> known;        // likewise
  std::vector<std::uint32_t> set; // of peers
  std::vector<std::vector<double>> peers;
};

template <class PeersOf> void gather_peers(Shares& shares, const PeersOf& peers_of) {
  Numbering sets;
  for (std::uint32_t g = 0; g < shares.groups.count(); ++g) {
    const std::uint32_t set = sets.add(peers_of(shares.groups.keys.key(g)));
    shares.set.push_back(set);
    if (shares.peers.size() <= set)
      shares.peers.emplace_back();
    if (shares.known[g])
      shares.peers[set].push_back(shares.value[g]);
  }
  for (std::vector<double>& values : shares.peers)
    std::sort(values.begin(), values.end());
}
// The 95th percentile by nearest rank; of fewer than five peers there is none.
std::int64_t high_share(const std::vector<double>& values) {
  if (values.size() < 5)
    return -1;
  const std::size_t place = (values.size() * 95 + 99) / 100;
  return static_cast<std::int64_t>(values[place - 1] * 1e10);
}

// What share of an institution's month lies on lines of a kind, as an indicator.
template <class Counts> void share_of_lines(const World& w, Discovery& out, const Counts& counts) {
  const Visits& v = w.visits;
  Shares shares;
  shares.groups = group_visits(v, [&](std::uint32_t s) -> std::optional<Key> {
    return pair(v.provider[s], v.level[s], month_of(date_of(v, s)));
  });
  for (std::uint32_t g = 0; g < shares.groups.count(); ++g) {
    std::int64_t all = 0, part = 0;
    for (const std::uint32_t s : shares.groups.of(g)) {
      all += v.total[s];
      for (std::uint32_t i = v.first_line[s]; i < v.first_line[s + 1]; ++i)
        part += counts(i) ? w.lines.amount[i] : 0;
    }
    shares.known.push_back(all > 0);
    shares.value.push_back(all > 0 ? static_cast<double>(part) / static_cast<double>(all) : 0);
  }
  gather_peers(shares, [](const Key& key) { return Key{key.high & 0xffffffffu, key.low}; });
  for (std::uint32_t g = 0; g < shares.groups.count(); ++g)
    if (shares.known[g])
      report_visits(w, out, shares.groups.of(g), high_share(shares.peers[shares.set[g]]));
}

template <std::uint32_t... wanted> void share_of_category(const World& w, Discovery& out) {
  share_of_lines(w, out, [&](std::uint32_t i) { return ((w.lines.category[i] == wanted) || ...); });
}
template <std::uint8_t kind> void share_of_imaging(const World& w, Discovery& out) {
  share_of_lines(w, out,
                 [&](std::uint32_t i) { return w.tables.lines[w.lines.code[i]].imaging == kind; });
}

// Cases among the stays of each group. An indicator of every group with any case.
template <class IsCase, class PeersOf>
void rate_of_stays(const World& w, Discovery& out, Grouping groups, const IsCase& cases,
                   const PeersOf& peers_of) {
  const Visits& v = w.visits;
  Shares shares;
  shares.groups = std::move(groups);
  for (std::uint32_t g = 0; g < shares.groups.count(); ++g) {
    const auto members = shares.groups.of(g);
    const auto stays =
        std::ranges::count_if(members, [&](std::uint32_t s) { return v.kind[s] == inpatient; });
    const std::size_t found = cases(members);
    shares.known.push_back(stays > 0);
    shares.value.push_back(stays > 0 ? static_cast<double>(found) / static_cast<double>(stays) : 0);
  }
  gather_peers(shares, peers_of);
  for (std::uint32_t g = 0; g < shares.groups.count(); ++g)
    if (shares.known[g] && shares.value[g] > 0)
      report_visits(w, out, shares.groups.of(g), high_share(shares.peers[shares.set[g]]));
}

void infections(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  rate_of_stays(
      w, out,
      group_visits(v,
                   [&](std::uint32_t s) -> std::optional<Key> {
                     return pair(v.provider[s], v.level[s], month_of(date_of(v, s)));
                   }),
      [&](std::span<const std::uint32_t> members) {
        std::size_t infected = 0;
        for (const std::uint32_t s : members) {
          bool found = false;
          if (v.kind[s] == inpatient)
            for (std::uint32_t d = v.first_diagnosis[s]; d < v.first_diagnosis[s + 1]; ++d)
              found |= w.diagnoses.admission[d] == absent_on_admission &&
                       w.tables.diagnoses[w.diagnoses.code[d]].infection;
          infected += found;
        }
        return infected;
      },
      [](const Key& key) { return Key{key.high & 0xffffffffu, key.low}; });
}

void readmissions(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  std::vector<std::uint32_t> sorted;
  rate_of_stays(
      w, out,
      group_visits(v,
                   [&](std::uint32_t s) -> std::optional<Key> {
                     return v.kind[s] == inpatient ? pair(v.provider[s], v.level[s])
                                                   : std::optional<Key>();
                   }),
      [&](std::span<const std::uint32_t> members) {
        sorted.assign(members.begin(), members.end());
        std::sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) {
          return v.person[a] != v.person[b] ? v.person[a] < v.person[b] : a < b;
        });
        std::size_t again = 0, from = 0;
        for (std::size_t i = 0; i < sorted.size(); ++i) {
          const std::uint32_t b = sorted[i];
          if (v.person[sorted[from]] != v.person[b])
            from = i;
          if (w.tables.diagnoses[v.main_diagnosis[b]].planned)
            continue;
          bool found = false;
          for (std::size_t k = from; k < i && !found; ++k) {
            const std::int64_t gap = day_of(v.begin[b]) - day_of(v.end[sorted[k]]);
            found = gap >= 1 && gap <= 31;
          }
          again += found;
        }
        return again;
      },
      [](const Key& key) { return Key{key.high & 0xffffffffu, 0}; });
}

void far_from_peers(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  Shares shares;
  shares.groups = group_visits(
      v, [&](std::uint32_t s) -> std::optional<Key> { return pair(v.provider[s], v.level[s]); });
  for (std::uint32_t g = 0; g < shares.groups.count(); ++g) {
    std::int64_t spent = 0, stays = 0;
    for (const std::uint32_t s : shares.groups.of(g))
      if (v.kind[s] == inpatient) {
        spent += v.total[s];
        ++stays;
      }
    shares.known.push_back(stays > 0);
    shares.value.push_back(stays > 0 ? static_cast<double>(spent) / static_cast<double>(stays) : 0);
  }
  gather_peers(shares, [](const Key& key) { return Key{key.high & 0xffffffffu, 0}; });
  for (std::uint32_t g = 0; g < shares.groups.count(); ++g) {
    const std::vector<double>& peers = shares.peers[shares.set[g]];
    if (!shares.known[g] || peers.size() < 5) {
      ++out.indeterminate;
      continue;
    }
    double sum = 0, squares = 0;
    for (const double value : peers)
      sum += value;
    const double mean = sum / static_cast<double>(peers.size());
    for (const double value : peers)
      squares += (value - mean) * (value - mean);
    const double spread = std::sqrt(squares / static_cast<double>(peers.size()));
    if (shares.value[g] > mean + 3 * spread)
      report_visits(w, out, shares.groups.of(g), static_cast<std::int64_t>(shares.value[g]));
  }
}

// ---- what is registered beside what was settled

void shell_employers(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  const Grouping groups = group_visits(v, [&](std::uint32_t s) -> std::optional<Key> {
    if (!w.tables.employers[v.employer[s]].known)
      return std::nullopt;
    return pair(v.employer[s], 0);
  });
  for (std::uint32_t g = 0; g < groups.count(); ++g) {
    const EmployerRow& row = w.tables.employers[groups.keys.key(g).high >> 32];
    const std::int64_t until = months_on(row.since, 6);
    std::int64_t spent = 0;
    for (const std::uint32_t s : groups.of(g))
      spent += date_of(v, s) < until ? v.fund_paid[s] : 0;
    if (row.people <= 5 && spent > 5'000'000)
      report_visits(w, out, groups.of(g), spent);
  }
}

Grouping by_month_of_settling(const World& w, const Numbering& due) {
  const Visits& v = w.visits;
  return group_visits(v, [&](std::uint32_t s) -> std::optional<Key> {
    const Key key = pair(v.provider[s], 0, month_of(day_of(v.settled[s])));
    return due.find(key) != Numbering::none ? std::optional(key) : std::nullopt;
  });
}

void clearing(const World& w, Discovery& out) {
  const Tables& tables = w.tables;
  const Grouping groups = by_month_of_settling(w, tables.declared);
  for (std::uint32_t g = 0; g < groups.count(); ++g) {
    std::int64_t total = 0;
    for (const std::uint32_t s : groups.of(g))
      total += w.visits.total[s];
    const std::int64_t claimed =
        tables.declared_due[tables.declared.find(groups.keys.key(g))].units;
    if (claimed > total + 1 || claimed < total - 1)
      report_visits(w, out, groups.of(g), claimed - total);
  }
}

void special_cases(const World& w, Discovery& out) {
  const Tables& tables = w.tables;
  const Grouping groups = by_month_of_settling(w, tables.special);
  for (std::uint32_t g = 0; g < groups.count(); ++g) {
    std::int64_t stays = 0;
    for (const std::uint32_t s : groups.of(g))
      stays += w.visits.kind[s] == inpatient;
    const Due& due = tables.special_due[tables.special.find(groups.keys.key(g))];
    if (due.units * 1000 > stays * (due.by_point ? 5 : 50))
      report_visits(w, out, groups.of(g), due.units);
  }
}

// ---- a test on nearly everybody

void routine_tests(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  const Lines& l = w.lines;
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  for (const std::string_view name : w.tables.routine)
    numbers.try_emplace(name, static_cast<std::uint32_t>(numbers.size()));
  const Grouping groups = group_visits(v, [&](std::uint32_t s) -> std::optional<Key> {
    return pair(v.provider[s], 0, month_of(date_of(v, s)));
  });
  std::vector<std::uint32_t> tested, seen_in;
  for (std::uint32_t g = 0; g < groups.count(); ++g) {
    tested.assign(numbers.size(), 0);
    seen_in.assign(numbers.size(), Numbering::none);
    std::int64_t stays = 0;
    for (const std::uint32_t s : groups.of(g)) {
      if (v.kind[s] != inpatient)
        continue;
      ++stays;
      for (std::uint32_t i = v.first_line[s]; i < v.first_line[s + 1]; ++i) {
        const auto found = numbers.find(text_at(l.names, l.name_at, i));
        if (found == numbers.end() || l.quantity[i] <= 0 || seen_in[found->second] == s)
          continue;
        seen_in[found->second] = s;
        ++tested[found->second];
      }
    }
    if (stays < 20)
      continue;
    for (const std::string_view name : w.tables.routine)
      if (const std::int64_t count = tested[numbers.find(name)->second]; count * 100 > stays * 80) {
        report_visits(w, out, groups.of(g), count, [&](std::uint32_t i) {
          return text_at(l.names, l.name_at, i) == name && l.quantity[i] > 0;
        });
        break;
      }
  }
}

constexpr RuleByHand rules[] = {
    {"ML133", cash_out},
    {"ML135", travelling_cards},
    {"ML136", rings},
    {"ML137", identical_cases},
    {"ML140", chronic_places},
    {"ML141", far_from_peers},
    {"ZB10000205001", share_of_category<western_drug, patent_drug, piece>},
    {"ZB10000205002", share_of_category<examination, laboratory>},
    {"ZB10000205003", share_of_category<material>},
    {"ZB10000205004", share_of_category<treatment, surgery>},
    {"ZB10000205005", share_of_imaging<1>},
    {"ZB10000205006", share_of_imaging<2>},
    {"ZB10000205007", infections},
    {"ZB10000205008", readmissions},
    {"JB146", shell_employers},
    {"JB152", clearing},
    {"JB153", special_cases},
    {"WT103", routine_tests},
};

} // namespace

std::span<const RuleByHand> rules_over_visits() { return rules; }

} // namespace sanku::bench::limit
