// Numbers (kernels.h): whole numbers of any size, so that only what could overflow 128 bits is
// asked about its size.
#include "compiler/prove/kernels.h"
#include "runtime/kernels/number.h"

namespace sanku::prove {
namespace {

// Types know how many digits a value has at most. 38 fit 128 bits, 18 fit 64.
Sym sized(const Calling& c, const Term& value) {
  const bool whole = c.type.kind == Kind::integer;
  if (!whole && c.type.digits != 0 && c.type.digits <= 38)
    return c.made({value});
  const Int128 most = whole ? Int128{INT64_MAX} : ((Int128{1} << 126) - 1) * 2 + 1;
  const Term fits = both(less_equal(c.logic().number(-most - 1), value),
                         less_equal(value, c.logic().number(most)));
  return c.made_if(fits, {value});
}

Sym quotient(const Calling& c) {
  Logic& l = c.logic();
  const auto shift = constant(c.part(2));
  if (!shift)
    return c.scope.freed(c.type, "a quotient");
  const Term by = l.number(kernels::power_of_ten(*shift < 0 ? -*shift : *shift));
  const Term over = *shift < 0 ? c.part(0) : times(c.part(0), by);
  const Term under = *shift < 0 ? times(c.part(1), by) : c.part(1);
  return c.made_if(negated(equal(under, l.number(0))), {l.divide_half_away(over, under)});
}

Sym age_in(const Calling& c, SpanUnit unit) {
  Logic& l = c.logic();
  if (unit == SpanUnit::days)
    return c.made({minus(c.part(0, 1), c.part(0))});
  const Civil from = l.civil(c.part(0)), to = l.civil(c.part(0, 1));
  const Term whole =
      plus(times(minus(to.year, from.year), l.number(12)), minus(to.month, from.month));
  const Term last = smaller(from.day, l.days_in_month(to.year, to.month));
  const Term months = minus(whole, choose(less(to.day, last), l.number(1), l.number(0)));
  return c.made({unit == SpanUnit::months ? months : l.floor_divide(months, 12)});
}

Sym span_in(const Calling& c, SpanUnit unit) {
  Logic& l = c.logic();
  const auto is = [&](SpanUnit of) { return equal(c.part(0, 1), l.number(static_cast<int>(of))); };
  const Term calendar = either(is(SpanUnit::months), is(SpanUnit::years));
  const auto scaled = [&](std::int64_t by) { return times(c.part(0), l.number(by)); };
  const Term base = choose(
      is(SpanUnit::days), scaled(1440),
      choose(is(SpanUnit::hours), scaled(60), choose(is(SpanUnit::years), scaled(12), c.part(0))));
  const bool wanted = unit == SpanUnit::months || unit == SpanUnit::years;
  const std::int64_t one = unit == SpanUnit::days    ? 1440
                           : unit == SpanUnit::hours ? 60
                           : unit == SpanUnit::years ? 12
                                                     : 1;
  // Of days the division is none.
  const Term whole = unit == SpanUnit::days && is(SpanUnit::days).is_true()
                         ? c.part(0)
                         : l.floor_divide(base, one);
  return c.made_if(wanted ? calendar : negated(calendar), {whole});
}

} // namespace

std::optional<Sym> number_call(const Calling& c, std::string_view name) {
  Logic& l = c.logic();
  if (name == "add_integer" || name == "add_decimal")
    return sized(c, plus(c.part(0), c.part(1)));
  if (name == "subtract_integer" || name == "subtract_decimal")
    return sized(c, minus(c.part(0), c.part(1)));
  if (name == "multiply_integer" || name == "multiply_decimal")
    return sized(c, times(c.part(0), c.part(1)));
  if (name == "negate_integer" || name == "negate_decimal")
    return sized(c, minus(l.number(0), c.part(0)));
  if (name == "divide")
    return quotient(c);
  if (name == "rescale") {
    const auto places = constant(c.part(1));
    return places ? sized(c, times(c.part(0), l.number(kernels::power_of_ten(*places))))
                  : c.scope.freed(c.type, "a change of scale");
  }
  if (name == "round") {
    const auto places = constant(c.part(1));
    return places ? c.made({l.divide_half_away(c.part(0), kernels::power_of_ten(*places))})
                  : c.scope.freed(c.type, "a rounding");
  }
  if (name == "widen_integer")
    return c.made({c.part(0)});
  if (name.starts_with("smaller_") || name.starts_with("larger_")) {
    const bool smaller = name.starts_with("smaller_");
    const Term first =
        negated(smaller ? before(c.scope, c.of[1], c.of[0]) : before(c.scope, c.of[0], c.of[1]));
    Sym made = choose(c.scope, first, c.of[0], c.of[1]);
    made.known = c.known;
    return made;
  }
  if (name == "add_counts")
    return c.made({plus(c.part(0), c.part(1)), plus(c.part(0, 1), c.part(1, 1))});
  if (name == "exact_count")
    return c.made_if(equal(c.part(0), c.part(0, 1)), {c.part(0)});
  if (name == "number_to_score") {
    const auto scale = constant(c.part(1));
    if (!scale)
      return c.scope.freed(c.type, "a score");
    const Term power = l.real("1" + std::string(static_cast<std::size_t>(*scale), '0'));
    return c.made({z3::to_real(c.part(0)) / power});
  }
  if (name == "truth_to_score")
    return c.made({z3::ite(c.part(0), l.real("1"), l.real("0"))});
  constexpr std::pair<std::string_view, SpanUnit> units[] = {{"days", SpanUnit::days},
                                                             {"months", SpanUnit::months},
                                                             {"years", SpanUnit::years},
                                                             {"hours", SpanUnit::hours},
                                                             {"minutes", SpanUnit::minutes}};
  for (const auto& [word, unit] : units) {
    if (name.starts_with("age_in_") && name.substr(7) == word)
      return age_in(c, unit);
    if (name.starts_with("span_in_") && name.substr(8) == word)
      return span_in(c, unit);
  }
  return std::nullopt;
}

} // namespace sanku::prove
