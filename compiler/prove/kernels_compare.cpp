// Equality and order (kernels.h).
#include "compiler/prove/kernels.h"
#include "runtime/kernels/text.h"
#include "runtime/types/check.h"

namespace sanku::prove {
namespace {

enum class Relation : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

struct Named {
  Relation relation;
  std::string_view of; // the kernel's types
};
std::optional<Named> named(std::string_view name) {
  constexpr std::pair<std::string_view, Relation> words[] = {
      {"equal_", Relation::equal},
      {"not_equal_", Relation::not_equal},
      {"less_equal_", Relation::less_equal},
      {"less_", Relation::less},
      {"greater_equal_", Relation::greater_equal},
      {"greater_", Relation::greater}};
  for (const auto& [word, relation] : words)
    if (name.starts_with(word))
      return Named{relation, name.substr(word.size())};
  return std::nullopt;
}

// Of two terms that have an order; `first_less` and the like for those of several parts.
Term relate(Relation relation, const Term& same, const Term& first_less, const Term& second_less) {
  switch (relation) {
  case Relation::equal:
    return same;
  case Relation::not_equal:
    return negated(same);
  case Relation::less:
    return first_less;
  case Relation::less_equal:
    return negated(second_less);
  case Relation::greater:
    return second_less;
  case Relation::greater_equal:
    return negated(first_less);
  }
  unreachable("no such relation");
}
Term relate(Relation relation, const Term& a, const Term& b) {
  if (a.is_bool())
    return relate(relation, equal(a, b), a, b);
  return relate(relation, equal(a, b), less(a, b), less(b, a));
}

Sym of_instants(const Calling& c, Relation relation) {
  const Term day = equal(c.part(0), c.part(1));
  const Term zero = c.logic().number(0);
  const Term coarse = both(day, equal(c.part(0, 1), zero) != equal(c.part(1, 1), zero));
  const Term first =
      either(less(c.part(0), c.part(1)), both(day, less(c.part(0, 1), c.part(1, 1))));
  const Term second =
      either(less(c.part(1), c.part(0)), both(day, less(c.part(1, 1), c.part(0, 1))));
  return c.decided_if(
      negated(coarse),
      relate(relation, both(day, equal(c.part(0, 1), c.part(1, 1))), first, second));
}

Term unit_is(const Calling& c, std::size_t argument, SpanUnit unit) {
  return equal(c.part(argument, 1), c.logic().number(static_cast<int>(unit)));
}
Term is_calendar(const Calling& c, std::size_t argument) {
  return either(unit_is(c, argument, SpanUnit::months), unit_is(c, argument, SpanUnit::years));
}
Term base_units(const Calling& c, std::size_t argument) {
  Logic& l = c.logic();
  const Term& n = c.part(argument);
  const auto scaled = [&](std::int64_t by) { return times(n, l.number(by)); };
  return choose(unit_is(c, argument, SpanUnit::days), scaled(1440),
                choose(unit_is(c, argument, SpanUnit::hours), scaled(60),
                       choose(unit_is(c, argument, SpanUnit::years), scaled(12), n)));
}

Sym of_spans(const Calling& c, Relation relation) {
  return c.decided_if(equal(is_calendar(c, 0), is_calendar(c, 1)),
                      relate(relation, base_units(c, 0), base_units(c, 1)));
}

// An age against a span, in the span's unit.
Sym of_ages(const Calling& c, Relation relation) {
  Logic& l = c.logic();
  const Term days = minus(c.part(0, 1), c.part(0));
  const Term by_days = unit_is(c, 1, SpanUnit::days);
  Term age = days;
  if (!by_days.is_true()) {
    const Civil from = l.civil(c.part(0)), to = l.civil(c.part(0, 1));
    const Term whole =
        plus(times(minus(to.year, from.year), l.number(12)), minus(to.month, from.month));
    const Term last = smaller(from.day, l.days_in_month(to.year, to.month));
    const Term months = minus(whole, choose(less(to.day, last), l.number(1), l.number(0)));
    age = choose(by_days, days,
                 choose(unit_is(c, 1, SpanUnit::years), l.floor_divide(months, 12), months));
  }
  const Term counted = any_of(l, {by_days, is_calendar(c, 1)});
  return c.decided_if(counted, relate(relation, age, c.part(1)));
}

Sym of_counts(const Calling& c, Relation relation) {
  Logic& l = c.logic();
  const auto low = [&](std::size_t i) { return c.part(i); };
  const auto high = [&](std::size_t i) {
    return c.of[i].kind == Kind::count ? c.part(i, 1) : c.part(i);
  };
  const auto made = [&](const Term& yes, const Term& no) {
    return l.sym(Truth{both(c.known, yes), both(c.known, no)});
  };
  const auto less_than = [&](std::size_t a, std::size_t b) {
    return made(less(high(a), low(b)), less_equal(high(b), low(a)));
  };
  const auto at_most = [&](std::size_t a, std::size_t b) {
    return made(less_equal(high(a), low(b)), less(high(b), low(a)));
  };
  switch (relation) {
  case Relation::less:
    return less_than(0, 1);
  case Relation::less_equal:
    return at_most(0, 1);
  case Relation::greater:
    return less_than(1, 0);
  case Relation::greater_equal:
    return at_most(1, 0);
  case Relation::equal:
  case Relation::not_equal:
    break;
  }
  const Term apart = either(less(high(0), low(1)), less(high(1), low(0)));
  const Term same =
      all_of(l, {equal(low(0), high(0)), equal(low(1), high(1)), equal(low(0), low(1))});
  return relation == Relation::equal ? made(same, apart) : made(apart, same);
}

Sym of_enums(const Calling& c, Relation relation) {
  Logic& l = c.logic();
  const auto listed = [&](std::size_t i) { return less(c.part(i), l.number(first_unlisted)); };
  const Term known = either(both(listed(0), listed(1)), equal(c.part(0), c.part(1)));
  return c.decided_if(known, relate(relation, c.part(0), c.part(1)));
}

// The same code, or the same text as texts compare: full-width forms read as narrow ones.
Term same_text(Scope& scope, const Sym& a, const Sym& b) {
  const bool codes = a.kind == Kind::code;
  Domains& domains = scope.shared().domains;
  // What a variable is compared with may be what it has to be.
  for (const auto& [one, other] : {std::pair{&a, &b}, std::pair{&b, &a}})
    if (one->literal && !other->literal)
      static_cast<void>(domains.want(other->domain, *one->literal));
  if (!a.literal && !b.literal && a.domain == b.domain)
    return equal(a.parts[0], b.parts[0]);
  return scope.holds(a, b, [&](const std::string& x, const std::string& y) {
    return codes ? x == y
                 : kernels::equal_text(Text{x.data(), x.size()}, Text{y.data(), y.size()}).value;
  });
}

} // namespace

std::optional<Sym> compare_call(const Calling& c, std::string_view name) {
  const auto form = named(name);
  if (!form)
    return std::nullopt;
  if (form->of == "datetime")
    return of_instants(c, form->relation);
  if (form->of == "span")
    return of_spans(c, form->relation);
  if (form->of == "age")
    return of_ages(c, form->relation);
  if (form->of == "count" || form->of == "count_integer" || form->of == "integer_count")
    return of_counts(c, form->relation);
  if (form->of == "enum")
    return of_enums(c, form->relation);
  if (form->of == "text" || form->of == "code") {
    const Term same = same_text(c.scope, c.of[0], c.of[1]);
    return c.decided(form->relation == Relation::equal ? same : negated(same));
  }
  return c.decided(relate(form->relation, c.part(0), c.part(1)));
}

Term same(Scope& scope, const Sym& a, const Sym& b) {
  Term parts = scope.logic().yes();
  if (a.kind == Kind::code || a.kind == Kind::text)
    parts = same_text(scope, a, b);
  else if (a.kind != Kind::boolean)
    for (std::size_t i = 0; i < a.parts.size() && i < b.parts.size(); ++i)
      parts = both(parts, equal(a.parts[i], b.parts[i]));
  else
    parts = equal(a.parts[0], b.parts[0]);
  return both(equal(a.known, b.known), either(negated(a.known), parts));
}

Term before(Scope& scope, const Sym& a, const Sym& b) {
  Term smaller = scope.logic().no();
  for (std::size_t i = a.parts.size(); i-- > 0;)
    smaller = either(less(a.parts[i], b.parts[i]), both(equal(a.parts[i], b.parts[i]), smaller));
  return smaller;
}

} // namespace sanku::prove
