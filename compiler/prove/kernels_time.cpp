// Dates, instants and windows (kernels.h): the formulas of runtime/kernels/time.h. A window's or a
// span's unit may itself be a variable, so each unit is a case.
#include "compiler/prove/kernels.h"

namespace sanku::prove {
namespace {

constexpr std::int64_t day_seconds = 86400;

struct Instant {
  Term day, second;
};

struct Time {
  const Calling& c;
  Logic& l = c.logic();

  Instant instant(std::size_t argument) const { return {c.part(argument), c.part(argument, 1)}; }
  Term coarse(const Instant& at) const { return equal(at.second, l.number(0)); }
  Term seconds(const Instant& at) const {
    return plus(times(at.day, l.number(day_seconds)), at.second);
  }
  Term slack(const Instant& at) const {
    return choose(coarse(at), l.number(day_seconds - 1), l.number(0));
  }
  Term unit(std::size_t argument, int unit) const {
    return equal(c.part(argument, 1), l.number(unit));
  }
  Term span_unit(std::size_t argument, SpanUnit unit) const {
    return this->unit(argument, static_cast<int>(unit));
  }
  Term window_unit(std::size_t argument, WindowUnit unit) const {
    return this->unit(argument, static_cast<int>(unit));
  }
  Term hour(const Instant& at) const { return l.floor_divide(at.second, 3600); }

  // The day so much later; `sign` -1: earlier.
  Sym shifted(const Term& day, std::size_t span, int sign) const {
    const Term n = sign > 0 ? c.part(span) : minus(l.number(0), c.part(span));
    const Term far = either(less(l.number(4'000'000), n), less(n, l.number(-4'000'000)));
    const Term days = span_unit(span, SpanUnit::days);
    const Term months = span_unit(span, SpanUnit::months);
    const Term years = span_unit(span, SpanUnit::years);
    Term shifted = day;
    if (!days.is_false())
      shifted = choose(days, plus(day, n), shifted);
    if (!months.is_false())
      shifted = choose(months, l.add_months(day, n), shifted);
    if (!years.is_false())
      shifted = choose(years, l.add_months(day, times(n, l.number(12))), shifted);
    return {.kind = Kind::date,
            .known = both(negated(far), any_of(l, {days, months, years})),
            .parts = {shifted}};
  }

  // The instant so much later.
  Sym shifted(const Instant& at, std::size_t span, int sign) const {
    const Term n = sign > 0 ? c.part(span) : minus(l.number(0), c.part(span));
    const Term hours = span_unit(span, SpanUnit::hours),
               minutes = span_unit(span, SpanUnit::minutes);
    const Term most = choose(hours, l.number(96'000'000), l.number(5'760'000'000));
    const Term near = both(less_equal(n, most), less_equal(minus(l.number(0), most), n));
    const Sym by_day = shifted(at.day, span, sign);
    const Term by_time = either(hours, minutes);
    if (by_time.is_false())
      return {.kind = Kind::datetime, .known = by_day.known, .parts = {by_day.parts[0], at.second}};
    const Term total = plus(seconds(at), times(n, choose(hours, l.number(3600), l.number(60))));
    const Term day = l.floor_divide(total, day_seconds);
    return {.kind = Kind::datetime,
            .known = either(by_day.known, all_of(l, {by_time, near, negated(coarse(at))})),
            .parts = {choose(by_time, day, by_day.parts[0]),
                      choose(by_time, minus(total, times(day, l.number(day_seconds))), at.second)}};
  }

  // A number that is the same for all days of a calendar period.
  Term period(const Instant& at, std::size_t window) const {
    const Civil day = l.civil(at.day);
    const Term in_year = plus(times(day.month, l.number(100)), day.day);
    const Term insured =
        minus(day.year, choose(less(in_year, c.part(window)), l.number(1), l.number(0)));
    const Term quarter =
        plus(times(day.year, l.number(4)), l.floor_divide(minus(day.month, l.number(1)), 3));
    const Term month = plus(times(day.year, l.number(12)), day.month);
    return choose(
        window_unit(window, WindowUnit::month), month,
        choose(window_unit(window, WindowUnit::quarter), quarter,
               choose(window_unit(window, WindowUnit::insurance_year), insured, day.year)));
  }
  Term is_period(std::size_t window) const {
    return any_of(l,
                  {window_unit(window, WindowUnit::month), window_unit(window, WindowUnit::quarter),
                   window_unit(window, WindowUnit::calendar_year),
                   window_unit(window, WindowUnit::insurance_year)});
  }

  Truth within_hours(const Instant& a, const Instant& b, const Term& hours) const {
    const Term limit = times(hours, l.number(3600)), minus_limit = minus(l.number(0), limit);
    const Term lowest = minus(seconds(a), plus(seconds(b), slack(b)));
    const Term highest = minus(plus(seconds(a), slack(a)), seconds(b));
    return {both(less_equal(minus_limit, lowest), less_equal(highest, limit)),
            either(less(limit, lowest), less(highest, minus_limit))};
  }

  Sym within() const {
    const Instant a = instant(0), b = instant(1);
    const Term apart = minus(a.day, b.day);
    const Term size = choose(less(apart, l.number(0)), minus(b.day, a.day), apart);
    Truth made = l.unknown();
    const auto when = [&](WindowUnit unit, const auto& truth) {
      const Term is = window_unit(2, unit);
      if (is.is_false())
        return;
      const Truth one = truth();
      made = {either(both(is, one.yes), made.yes), either(both(is, one.no), made.no)};
    };
    const auto sure = [&](const Term& holds) { return Truth{holds, negated(holds)}; };
    when(WindowUnit::days, [&] { return sure(less(size, c.part(2))); });
    when(WindowUnit::hours, [&] { return within_hours(a, b, c.part(2)); });
    when(WindowUnit::same_hour, [&] {
      const Term day = equal(a.day, b.day), precise = negated(either(coarse(a), coarse(b)));
      const Term same = all_of(l, {day, precise, equal(hour(a), hour(b))});
      return Truth{same, both(either(negated(day), precise), negated(same))};
    });
    when(WindowUnit::visit, [&] { return l.truth(true); });
    when(WindowUnit::lifetime, [&] { return l.truth(true); });
    if (const Term is = is_period(2); !is.is_false()) {
      const Truth one = sure(equal(period(a, 2), period(b, 2)));
      made = {either(both(is, one.yes), made.yes), either(both(is, one.no), made.no)};
    }
    return l.sym(Truth{both(c.known, made.yes), both(c.known, made.no)});
  }

  Truth at_most_after(const Instant& late, const Instant& early, const Term& limit) const {
    const Term surely = less_equal(minus(plus(seconds(late), slack(late)), seconds(early)), limit);
    const Term never = less(limit, minus(seconds(late), plus(seconds(early), slack(early))));
    return {surely, never};
  }

  // Is `late` no later than `early` and the span together?
  Truth reaches_span(const Instant& early, const Instant& late, std::size_t span, int sign) const {
    const Term hours = span_unit(span, SpanUnit::hours),
               minutes = span_unit(span, SpanUnit::minutes);
    Truth made = l.unknown();
    if (const Term by_time = either(hours, minutes); !by_time.is_false()) {
      const Term limit = times(c.part(span), choose(hours, l.number(3600), l.number(60)));
      const Truth one = at_most_after(late, early, limit);
      made = {both(by_time, one.yes), both(by_time, one.no)};
      if (by_time.is_true())
        return made;
    }
    const Sym end = shifted(sign > 0 ? early.day : late.day, span, sign);
    const Term holds =
        sign > 0 ? less_equal(late.day, end.parts[0]) : less_equal(end.parts[0], early.day);
    // Cases that exclude one another, not alternatives: what one says is said.
    return {either(made.yes, both(end.known, holds)),
            either(made.no, both(end.known, negated(holds)))};
  }

  Truth reaches_window(const Instant& early, const Instant& late, std::size_t window,
                       int sign) const {
    Truth made = l.unknown();
    const auto add = [&](const Term& is, const Truth& one) {
      made = {either(both(is, one.yes), made.yes), either(both(is, one.no), made.no)};
    };
    const auto sure = [&](const Term& holds) { return Truth{holds, negated(holds)}; };
    if (const Term is = window_unit(window, WindowUnit::days); !is.is_false())
      add(is, sure(sign > 0 ? less_equal(late.day, plus(early.day, c.part(window)))
                            : less_equal(minus(late.day, c.part(window)), early.day)));
    if (const Term is = window_unit(window, WindowUnit::hours); !is.is_false())
      add(is, at_most_after(late, early, times(c.part(window), l.number(3600))));
    if (const Term is = window_unit(window, WindowUnit::same_hour); !is.is_false()) {
      const Term day = equal(late.day, early.day);
      const Term precise = negated(either(coarse(early), coarse(late)));
      const Term same = all_of(l, {day, precise, less_equal(hour(late), hour(early))});
      const Term before = less(late.day, early.day);
      const Term known = either(negated(day), precise);
      add(is, {either(before, same), both(known, negated(either(before, same)))});
    }
    add(window_unit(window, WindowUnit::visit), l.truth(false));
    add(window_unit(window, WindowUnit::lifetime), l.truth(true));
    if (const Term is = is_period(window); !is.is_false())
      add(is, sure(less_equal(period(late, window), period(early, window))));
    return made;
  }

  Truth reaches(const Instant& early, const Instant& late, std::size_t length, int sign) const {
    return c.of[length].kind == Kind::span ? reaches_span(early, late, length, sign)
                                           : reaches_window(early, late, length, sign);
  }

  Sym made(const Truth& truth) const {
    return l.sym(Truth{both(c.known, truth.yes), both(c.known, truth.no)});
  }

  Sym known_since() const {
    // The last second before the day.
    const Instant before{minus(c.part(0), l.number(1)), l.number(day_seconds - 1)};
    const Truth reached = reaches(before, instant(1), 2, -1);
    const Term ever = less_equal(c.part(0), l.number(-25567));
    return made({either(ever, reached.no), both(negated(ever), reached.yes)});
  }
  Sym known_until() const {
    const Instant after{plus(c.part(0), l.number(1)), l.number(1)};
    const Truth reached = reaches(instant(1), after, 2, 1);
    return made({reached.no, reached.yes});
  }
  Sym begins_before() const {
    const Instant a = instant(0), b = instant(1);
    const Term day = equal(a.day, b.day), precise = negated(either(coarse(a), coarse(b)));
    return c.decided_if(either(negated(day), precise),
                        either(less(a.day, b.day), both(day, less(a.second, b.second))));
  }
  Sym difference() const {
    const Instant a = instant(0), b = instant(1);
    const Term by_day = either(coarse(a), coarse(b));
    const Term days = minus(a.day, b.day);
    const Term minutes = l.floor_divide(minus(seconds(a), seconds(b)), 60);
    return c.made(
        {choose(by_day, days, minutes), choose(by_day, l.number(static_cast<int>(SpanUnit::days)),
                                               l.number(static_cast<int>(SpanUnit::minutes)))});
  }
  // A window that is no insurance year needs none.
  Sym insured_window() const {
    const Term year = window_unit(0, WindowUnit::insurance_year);
    const Sym& window = c.of[0];
    const Sym& begun = c.of[1];
    return {.kind = Kind::window,
            .known = both(window.known, either(negated(year), begun.known)),
            .parts = {choose(year, begun.parts[0], window.parts[0]),
                      choose(year, begun.parts[1], window.parts[1])}};
  }
  Sym to_window() const {
    const Term days = span_unit(0, SpanUnit::days), hours = span_unit(0, SpanUnit::hours);
    return c.made_if(either(days, hours),
                     {c.part(0), choose(days, l.number(static_cast<int>(WindowUnit::days)),
                                        l.number(static_cast<int>(WindowUnit::hours)))});
  }
};

} // namespace

std::optional<Sym> time_call(const Calling& c, std::string_view name) {
  const Time t{.c = c};
  Logic& l = c.logic();
  if (name == "add_date" || name == "subtract_date") {
    const Sym made = t.shifted(c.part(0), 1, name == "add_date" ? 1 : -1);
    return c.made_if(made.known, made.parts);
  }
  if (name == "add_datetime" || name == "subtract_datetime") {
    const Sym made = t.shifted(t.instant(0), 1, name == "add_datetime" ? 1 : -1);
    return c.made_if(made.known, made.parts);
  }
  if (name == "difference_date")
    return c.made({minus(c.part(0), c.part(1)), l.number(static_cast<int>(SpanUnit::days))});
  if (name == "difference_datetime")
    return t.difference();
  if (name == "within")
    return t.within();
  if (name == "begins_before")
    return t.begins_before();
  // Arguments of reaches_back: an end, a beginning, a window; of reaches_on: a beginning, an end.
  if (name.starts_with("reaches_back"))
    return t.made(t.reaches(t.instant(0), t.instant(1), 2, -1));
  if (name.starts_with("reaches_on"))
    return t.made(t.reaches(t.instant(1), t.instant(0), 2, 1));
  if (name == "reaches_beyond") {
    const Term visit = t.window_unit(0, WindowUnit::visit);
    return t.made(Truth{negated(visit), visit});
  }
  if (name.starts_with("known_since"))
    return t.known_since();
  if (name.starts_with("known_until"))
    return t.known_until();
  if (name == "month_of")
    return c.made({plus(minus(c.part(0), l.civil(c.part(0)).day), l.number(1))});
  if (name == "date_of")
    return c.made({c.part(0)});
  if (name == "packed_period") {
    const Term modulus = l.number(Int128{1} << 32), last = c.part(1);
    const Term low = choose(less(last, l.number(0)), plus(last, modulus), last);
    return c.made({plus(times(c.part(0), modulus), low)});
  }
  if (name == "start_of_day")
    return c.made({c.part(0), l.number(0)});
  if (name == "age_at")
    return c.made_if(less_equal(c.part(0), c.part(1)), {c.part(0), c.part(1)});
  if (name == "span_to_window")
    return t.to_window();
  if (name == "insured_window")
    return t.insured_window();
  return std::nullopt;
}

} // namespace sanku::prove
