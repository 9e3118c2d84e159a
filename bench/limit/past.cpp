// The rules over a person's other visits (library.h). Visits of a person lie together in time
// order, so the past of a visit is a walk from the person's first visit to it.
#include "bench/limit/library.h"

#include <algorithm>
#include <array>

namespace sanku::bench::limit {
namespace {

// Visits that began before this one and ended on `from` or later.
template <class Each>
void past(const Visits& v, std::uint32_t s, std::int64_t from, const Each& each) {
  for (std::uint32_t h = v.person_begin[s]; h < s; ++h)
    if (v.begin[h] < v.begin[s] && day_of(v.end[h]) >= from)
      each(h);
}
// The same and this visit.
template <class Each>
void timeline(const Visits& v, std::uint32_t s, std::int64_t from, const Each& each) {
  past(v, s, from, each);
  each(s);
}
constexpr std::uint32_t nobody = 0xffffffffu;

template <class Each> void lines_of(const Visits& v, std::uint32_t s, const Each& each) {
  for (std::uint32_t i = v.first_line[s]; i < v.first_line[s + 1]; ++i)
    each(i);
}
template <class Each> void every_line(const Visits& v, const Each& each) {
  for (std::uint32_t s = 0; s < v.count; ++s)
    for (std::uint32_t i = v.first_line[s]; i < v.first_line[s + 1]; ++i)
      each(s, i);
}
std::int64_t begin_day(const Visits& v, std::uint32_t s) { return day_of(v.begin[s]); }
// A stay has at least one day.
std::int64_t days_between(std::int64_t from, std::int64_t to) {
  return std::max<std::int64_t>(1, to - from);
}

// A payment limit does not concern what the patient alone paid for.
bool self_paid(const Lines& l, std::uint32_t i) {
  return l.own_share[i] > 0 && l.own_share[i] >= l.amount[i];
}

void begin(Discovery& out, std::uint32_t visit, std::uint32_t subject, std::int64_t value = 0) {
  out.findings.push_back({visit, subject, static_cast<std::uint32_t>(out.lines.size()), 0, value});
}
void line(const World& w, Discovery& out, std::uint32_t row) {
  out.lines.push_back({row, w.lines.amount[row]});
}
void end(const World& w, Discovery& out, std::uint32_t offending) {
  Found& found = out.findings.back();
  found.line_count = static_cast<std::uint32_t>(out.lines.size()) - found.lines;
  const auto first = out.lines.begin() + found.lines;
  const auto in_order = [&](const FoundLine& a, const FoundLine& b) {
    return w.lines.order[a.row] < w.lines.order[b.row];
  };
  std::sort(first, first + offending, in_order);
  std::sort(first + offending, out.lines.end(), in_order);
}
// A finding on the visit, which names all of its lines, and those of `other` as involved.
void report_visit(const World& w, Discovery& out, std::uint32_t s, std::int64_t value,
                  std::uint32_t other = nobody) {
  begin(out, s, s, value);
  lines_of(w.visits, s, [&](std::uint32_t i) { line(w, out, i); });
  const auto offending = static_cast<std::uint32_t>(out.lines.size()) - out.findings.back().lines;
  if (other != nobody)
    lines_of(w.visits, other, [&](std::uint32_t i) { line(w, out, i); });
  end(w, out, offending);
}
// Of several matches of equal amounts the first in time speaks.
void match(std::uint32_t& first, std::uint32_t visit) { first = first == nobody ? visit : first; }
void report_line(const World& w, Discovery& out, std::uint32_t s, std::uint32_t i,
                 std::int64_t value, std::span<const std::uint32_t> involved = {}) {
  begin(out, s, i, value);
  line(w, out, i);
  for (const std::uint32_t other : involved)
    if (other != i)
      line(w, out, other);
  end(w, out, 1);
}

// ---- scorecards

void split_stay(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  for (std::uint32_t s = 0; s < v.count; ++s) {
    if (v.kind[s] != inpatient || w.tables.diagnoses[v.main_diagnosis[s]].planned)
      continue;
    const std::int64_t day = begin_day(v, s);
    bool near = false, here = false, alike = false, both_short = false;
    const bool is_short = days_between(day, day_of(v.end[s])) <= 5;
    past(v, s, day - 15, [&](std::uint32_t h) {
      if (v.kind[h] != inpatient)
        return;
      const bool same = v.provider[h] == v.provider[s];
      here |= same;
      near |= same && day_of(v.end[h]) >= day - 3;
      alike |= v.main_diagnosis[h] == v.main_diagnosis[s];
      both_short |= is_short && days_between(day_of(v.begin[h]), day_of(v.end[h])) <= 5;
    });
    const int score = (near ? 40 : 0) + (here ? 20 : 0) + (alike ? 20 : 0) + (both_short ? 20 : 0) -
                      (w.tables.diagnoses[v.main_diagnosis[s]].lasting ? 20 : 0);
    if (score >= 60)
      report_visit(w, out, s, score);
  }
}

// How many of few.
struct Few {
  std::array<std::uint32_t, 8> values{};
  std::size_t count = 0;
  void add(std::uint32_t value) {
    const auto last = values.begin() + static_cast<std::ptrdiff_t>(count);
    if (count < values.size() && std::find(values.begin(), last, value) == last)
      values[count++] = value;
  }
};

void drug_diversion(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  for (std::uint32_t s = 0; s < v.count; ++s) {
    if (v.kind[s] != pharmacy)
      continue;
    const std::int64_t day = begin_day(v, s), year = months_on(day, -12);
    Few in_year, in_day;
    std::int64_t spent = 0;
    bool visited = false, again = false;
    past(v, s, year, [&](std::uint32_t h) {
      visited |= v.kind[h] == outpatient;
      if (v.kind[h] != pharmacy)
        return;
      spent += v.total[h];
      in_year.add(v.provider[h]);
      if (day_of(v.end[h]) >= day - 1)
        in_day.add(v.provider[h]);
    });
    lines_of(v, s, [&](std::uint32_t i) {
      if (again || w.lines.list_type[i] != drug)
        return;
      int times = 0;
      past(v, s, day - 30, [&](std::uint32_t h) {
        lines_of(v, h, [&](std::uint32_t o) {
          times += w.lines.code[o] == w.lines.code[i] && w.lines.quantity[o] > 0;
        });
      });
      again = times >= 3;
    });
    const int score = (in_year.count >= 5 ? 30 : 0) + (in_day.count >= 2 ? 30 : 0) +
                      (again ? 20 : 0) + (spent > 3'000'000 && !visited ? 20 : 0);
    if (score >= 60)
      report_visit(w, out, s, score);
  }
}

// ---- visits beside visits

void stay_again(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  for (std::uint32_t s = 0; s < v.count; ++s) {
    const DiagnosisCode& own = w.tables.diagnoses[v.main_diagnosis[s]];
    if (v.kind[s] != inpatient || own.planned || own.category == 0)
      continue;
    std::uint32_t first = nobody;
    past(v, s, begin_day(v, s) - 15, [&](std::uint32_t h) {
      if (v.kind[h] == inpatient && v.provider[h] == v.provider[s] && v.begin[s] >= v.end[h] &&
          (v.begin[s] - v.end[h]) / 60 <= 15 * 1440 &&
          w.tables.diagnoses[v.main_diagnosis[h]].category == own.category)
        match(first, h);
    });
    if (first != nobody)
      report_visit(w, out, s, v.end[first], first);
  }
}

void many_stays(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  for (std::uint32_t s = 0; s < v.count; ++s) {
    if (v.kind[s] != inpatient || w.tables.diagnoses[v.main_diagnosis[s]].frequent)
      continue;
    int stays = 0;
    past(v, s, months_on(begin_day(v, s), -12),
         [&](std::uint32_t h) { stays += v.kind[h] == inpatient; });
    if (stays >= 6)
      report_visit(w, out, s, stays);
  }
}

void many_visits(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  for (std::uint32_t s = 0; s < v.count; ++s) {
    if (v.kind[s] != outpatient || w.tables.diagnoses[v.main_diagnosis[s]].frequent)
      continue;
    const std::int64_t day = begin_day(v, s), month = month_of(day);
    int in_day = 0, in_month = 0;
    const std::int64_t from = months_on(day, -1);
    past(v, s, std::min(from, day - 1), [&](std::uint32_t h) {
      if (v.kind[h] != outpatient)
        return;
      in_day += day_of(v.end[h]) >= day - 1;
      in_month += month_of(day_of(v.end[h])) >= month;
    });
    if (in_day >= 3 || in_month >= 15)
      report_visit(w, out, s, in_day);
  }
}

void many_purchases(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  const Lines& l = w.lines;
  for (std::uint32_t s = 0; s < v.count; ++s) {
    if (v.kind[s] != pharmacy)
      continue;
    const std::int64_t day = begin_day(v, s);
    int purchases = 0;
    past(v, s, day - 7, [&](std::uint32_t h) { purchases += v.kind[h] == pharmacy; });
    if (purchases >= 3) {
      report_visit(w, out, s, purchases);
      continue;
    }
    // Of a line of this visit: does what was bought before last? In days and their hundredths.
    const auto lasts = [&](std::uint32_t i) {
      bool found = false;
      if (l.quantity[i] <= 0)
        return found;
      past(v, s, day - 84, [&](std::uint32_t h) {
        for (std::uint32_t o = v.first_line[h]; !found && o < v.first_line[h + 1]; ++o)
          found = l.code[o] == l.code[i] && l.quantity[o] > 0 &&
                  day_of(l.at[o]) <= day_of(l.at[i]) &&
                  days_between(day_of(l.at[o]), day_of(l.at[i])) * 10'000 < l.days[o] * 80;
      });
      return found;
    };
    bool any = false;
    for (std::uint32_t i = v.first_line[s]; !any && i < v.first_line[s + 1]; ++i)
      any = l.list_type[i] == drug && lasts(i);
    if (!any)
      continue;
    begin(out, s, s);
    lines_of(v, s, [&](std::uint32_t i) {
      if (lasts(i))
        line(w, out, i);
    });
    end(w, out, static_cast<std::uint32_t>(out.lines.size()) - out.findings.back().lines);
  }
}

// ---- lines beside lines

void second_line(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  const Lines& l = w.lines;
  every_line(v, [&](std::uint32_t s, std::uint32_t i) {
    const LineCode& code = w.tables.lines[l.code[i]];
    if (!code.second || self_paid(l, i))
      return;
    bool tried = false;
    if (code.tried != 0)
      timeline(v, s, begin_day(v, s) - 180, [&](std::uint32_t h) {
        for (std::uint32_t o = v.first_line[h]; !tried && o < v.first_line[h + 1]; ++o)
          tried = w.tables.lines[l.code[o]].first == code.tried && l.order[o] < l.order[i];
      });
    out.indeterminate += !tried; // what a claim cannot carry is asked
  });
}

void course(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  const Lines& l = w.lines;
  std::vector<std::uint32_t> before;
  every_line(v, [&](std::uint32_t s, std::uint32_t i) {
    const std::int64_t most = w.tables.lines[l.code[i]].course_days;
    if (most == 0 || l.quantity[i] <= 0 || self_paid(l, i))
      return;
    const std::int64_t day = day_of(l.at[i]);
    std::int64_t first = day, earliest = day;
    const auto used = [&](std::uint32_t o) { return l.code[o] == l.code[i] && l.quantity[o] > 0; };
    lines_of(v, s, [&](std::uint32_t o) {
      if (used(o))
        first = std::min(first, day_of(l.at[o]));
    });
    if (days_between(first, day) >= most)
      return report_line(w, out, s, i, first);
    before.clear();
    earliest = first;
    // A course longer than the usual look-back is looked for further back.
    past(v, s, begin_day(v, s) - (most >= 180 ? 548 : 180), [&](std::uint32_t h) {
      lines_of(v, h, [&](std::uint32_t o) {
        if (!used(o))
          return;
        earliest = std::min(earliest, day_of(l.at[o]));
        before.push_back(o);
      });
    });
    if (days_between(earliest, day) >= most)
      report_line(w, out, s, i, earliest, before);
  });
}

// A cap of the visit, or of the calendar year with what other visits of it took.
void capped(const World& w, Discovery& out, bool consumables) {
  const Visits& v = w.visits;
  const Lines& l = w.lines;
  std::vector<std::uint32_t> others;
  every_line(v, [&](std::uint32_t s, std::uint32_t i) {
    const LineCode& code = w.tables.lines[l.code[i]];
    if (code.capped == 0 || code.cap_of_consumable != consumables || self_paid(l, i))
      return;
    const std::int64_t year = month_of(day_of(l.at[i])) / 12;
    const auto counts = [&](std::uint32_t o) {
      return w.tables.lines[l.code[o]].capped == code.capped &&
             (!code.cap_of_year || month_of(day_of(l.at[o])) / 12 == year);
    };
    std::int64_t before = 0, in_past = 0;
    lines_of(v, s, [&](std::uint32_t o) {
      if (counts(o) && l.order[o] < l.order[i])
        before += l.amount[o];
    });
    if (before + l.amount[i] > code.cap)
      return report_line(w, out, s, i, code.cap);
    if (!code.cap_of_year)
      return;
    others.clear();
    past(v, s, begin_day(v, s) - 366, [&](std::uint32_t h) {
      lines_of(v, h, [&](std::uint32_t o) {
        if (!counts(o))
          return;
        in_past += l.amount[o];
        others.push_back(o);
      });
    });
    if (in_past + before + l.amount[i] > code.cap)
      report_line(w, out, s, i, code.cap, others);
  });
}
void capped_services(const World& w, Discovery& out) { capped(w, out, false); }
void capped_consumables(const World& w, Discovery& out) { capped(w, out, true); }

void in_period(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  const Lines& l = w.lines;
  std::vector<std::uint32_t> others;
  every_line(v, [&](std::uint32_t s, std::uint32_t i) {
    const LineCode& code = w.tables.lines[l.code[i]];
    if (code.period_days == 0)
      return;
    const std::int64_t day = day_of(l.at[i]);
    const auto near = [&](std::uint32_t o) {
      const std::int64_t apart = day_of(l.at[o]) - day;
      return l.code[o] == l.code[i] && apart < code.period_days && -apart < code.period_days;
    };
    std::int64_t before = 0, in_past = 0;
    lines_of(v, s, [&](std::uint32_t o) {
      if (near(o) && l.order[o] < l.order[i])
        before += l.quantity[o];
    });
    others.clear();
    past(v, s, begin_day(v, s) - code.period_days, [&](std::uint32_t h) {
      lines_of(v, h, [&](std::uint32_t o) {
        if (!near(o))
          return;
        in_past += l.quantity[o];
        others.push_back(o);
      });
    });
    if (before + l.quantity[i] > code.most * 10'000)
      report_line(w, out, s, i, before + l.quantity[i]);
    else if (in_past + before + l.quantity[i] > code.most * 10'000)
      report_line(w, out, s, i, in_past + before + l.quantity[i], others);
  });
}

void two_of_a_class(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  const Lines& l = w.lines;
  std::vector<std::uint32_t> named;
  every_line(v, [&](std::uint32_t s, std::uint32_t i) {
    const std::uint32_t classes = w.tables.lines[l.code[i]].classes;
    if (classes == 0)
      return;
    const std::int64_t day = day_of(l.at[i]), from = begin_day(v, s) - 84;
    const std::string_view name = text_at(l.names, l.name_at, i);
    const auto earlier = [&](std::uint32_t o) { return l.order[o] < l.order[i]; };
    const auto matches = [&](std::uint32_t o) {
      if ((w.tables.lines[l.code[o]].classes & classes) == 0 || !earlier(o))
        return false;
      const std::int64_t on = day_of(l.at[o]);
      const std::int64_t days = std::max<std::int64_t>(100, l.days[o]) + (on == day ? 100 : 0);
      return days_between(on, day) * 100 < days && text_at(l.names, l.name_at, o) != name;
    };
    std::uint32_t first = nobody;
    timeline(v, s, from, [&](std::uint32_t h) {
      lines_of(v, h, [&](std::uint32_t o) {
        if (matches(o))
          first = first == nobody || l.order[o] < l.order[first] ? o : first;
      });
    });
    if (first == nobody)
      return;
    // All that match, and whatever has the name of the one that speaks.
    named.clear();
    const std::string_view other = text_at(l.names, l.name_at, first);
    timeline(v, s, from, [&](std::uint32_t h) {
      lines_of(v, h, [&](std::uint32_t o) {
        if (earlier(o) && (text_at(l.names, l.name_at, o) == other || matches(o)))
          named.push_back(o);
      });
    });
    report_line(w, out, s, i, first, named);
  });
}

bool is_consumable(const Lines& l, std::uint32_t i) {
  return l.category[i] == material || l.list_type[i] == consumable;
}
std::int64_t spent_on_consumables(const World& w, std::uint32_t s) {
  std::int64_t spent = 0;
  lines_of(w.visits, s,
           [&](std::uint32_t i) { spent += is_consumable(w.lines, i) ? w.lines.amount[i] : 0; });
  return spent;
}

void moved_before_stay(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  for (std::uint32_t s = 0; s < v.count; ++s) {
    if (v.kind[s] != inpatient)
      continue;
    std::uint32_t first = nobody;
    past(v, s, begin_day(v, s) - 3, [&](std::uint32_t h) {
      if (v.kind[h] != outpatient || v.provider[h] != v.provider[s])
        return;
      bool tested = false;
      lines_of(v, h, [&](std::uint32_t i) {
        const std::uint32_t category = w.lines.category[i];
        tested |= (category == examination || category == laboratory) && w.lines.quantity[i] > 0;
      });
      if (tested || spent_on_consumables(w, h) >= 50'000)
        match(first, h);
    });
    if (first != nobody)
      report_visit(w, out, s, 0, first);
  }
}

void moved_behind_stay(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  for (std::uint32_t s = 0; s < v.count; ++s) {
    if (v.kind[s] != outpatient || spent_on_consumables(w, s) < 50'000)
      continue;
    bool left = false;
    past(v, s, begin_day(v, s) - 3, [&](std::uint32_t h) {
      left |= v.kind[h] == inpatient && v.provider[h] == v.provider[s] && v.begin[s] >= v.end[h];
    });
    if (!left)
      continue;
    begin(out, s, s);
    lines_of(v, s, [&](std::uint32_t i) {
      if (is_consumable(w.lines, i))
        line(w, out, i);
    });
    end(w, out, static_cast<std::uint32_t>(out.lines.size()) - out.findings.back().lines);
  }
}

void during_stay(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  for (std::uint32_t s = 0; s < v.count; ++s) {
    if (v.kind[s] == inpatient)
      continue;
    const std::int64_t date = day_of(v.end[s]);
    std::uint32_t first = nobody;
    past(v, s, begin_day(v, s) - 90, [&](std::uint32_t h) {
      if (v.kind[h] == inpatient && date > day_of(v.begin[h]) && date < day_of(v.end[h]))
        match(first, h);
    });
    if (first != nobody)
      report_visit(w, out, s, v.begin[first], first);
  }
}

void two_stays(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  for (std::uint32_t s = 0; s < v.count; ++s) {
    if (v.kind[s] != inpatient)
      continue;
    std::uint32_t first = nobody;
    past(v, s, begin_day(v, s) - 90, [&](std::uint32_t h) {
      if (v.kind[h] == inpatient && begin_day(v, s) < day_of(v.end[h]))
        match(first, h);
    });
    if (first != nobody)
      report_visit(w, out, s, v.begin[first], first);
  }
}

void dialysis(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  const Lines& l = w.lines;
  every_line(v, [&](std::uint32_t s, std::uint32_t i) {
    if (!w.tables.lines[l.code[i]].dialysis || l.quantity[i] <= 0)
      return;
    const std::int64_t day = day_of(l.at[i]);
    Few days;
    timeline(v, s, begin_day(v, s) - 6, [&](std::uint32_t h) {
      lines_of(v, h, [&](std::uint32_t o) {
        const std::int64_t on = day_of(l.at[o]);
        if (w.tables.lines[l.code[o]].dialysis && l.quantity[o] > 0 && on <= day &&
            days_between(on, day) < 7)
          days.add(static_cast<std::uint32_t>(on));
      });
    });
    if (days.count > 3)
      report_line(w, out, s, i, static_cast<std::int64_t>(days.count));
  });
}

void first_visit_again(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  every_line(v, [&](std::uint32_t s, std::uint32_t i) {
    if (!w.tables.lines[w.lines.code[i]].first_visit || w.lines.quantity[i] <= 0)
      return;
    bool before = false;
    past(v, s, months_on(begin_day(v, s), -12), [&](std::uint32_t h) {
      for (std::uint32_t o = v.first_line[h]; !before && o < v.first_line[h + 1]; ++o)
        before = w.lines.code[o] == w.lines.code[i] && w.lines.quantity[o] > 0;
    });
    if (before)
      report_line(w, out, s, i, 0);
  });
}

void year_end(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  for (std::uint32_t s = 0; s < v.count; ++s) {
    const std::int64_t day = day_of(v.end[s]), month = month_of(day);
    if (v.kind[s] != pharmacy || month_of(day + 31) / 12 == month / 12)
      continue;
    const std::int64_t year = month_of(begin_day(v, s)) / 12;
    std::int64_t before = 0, recent = 0;
    past(v, s, months_on(begin_day(v, s), -12), [&](std::uint32_t h) {
      const std::int64_t on = month_of(day_of(v.end[h]));
      if (v.kind[h] != pharmacy || on / 12 < year)
        return;
      before += v.total[h];
      recent += on == month ? v.total[h] : 0;
    });
    if (before > 0 && recent + v.total[s] >= 20'000 &&
        (recent + v.total[s]) * 100 > (before + v.total[s]) * 40)
      report_visit(w, out, s, recent + v.total[s]);
  }
}

// No invoice is missing, so that the same amount on one day says nothing.
void by_hand_and_on_line(const World& w, Discovery& out) {
  const Visits& v = w.visits;
  for (std::uint32_t s = 0; s < v.count; ++s) {
    if (((v.manual[s >> 3] >> (s & 7u)) & 1u) == 0)
      continue;
    const std::string_view invoice = text_at(v.invoices, v.invoice_at, s);
    std::uint32_t first = nobody;
    past(v, s, months_on(begin_day(v, s), -12), [&](std::uint32_t h) {
      if (text_at(v.invoices, v.invoice_at, h) == invoice)
        match(first, h);
    });
    if (first != nobody)
      report_visit(w, out, s, v.end[first], first);
  }
}

constexpr RuleByHand rules[] = {
    {"ML049", split_stay},
    {"ML132", drug_diversion},
    {"GZ10000204001", stay_again},
    {"GZ10000204004", many_stays},
    {"GZ10000204002", many_visits},
    {"GZ10000204003", many_purchases},
    {"GZ10000101005", second_line},
    {"GZ10000102010", course},
    {"N2025031", in_period},
    {"GZ10000301006", two_of_a_class},
    {"GZ10000102015", capped_services},
    {"GZ10000103003", capped_consumables},
    {"WT107", moved_before_stay},
    {"WT023", moved_behind_stay},
    {"WT108", during_stay},
    {"WT109", two_stays},
    {"WT105", dialysis},
    {"WT128", first_visit_again},
    {"WT125", year_end},
    {"JB150", by_hand_and_on_line},
};

} // namespace

std::span<const RuleByHand> past_rules() { return rules; }

} // namespace sanku::bench::limit
