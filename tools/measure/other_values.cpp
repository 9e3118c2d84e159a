// See mutants_parts.h.
#include "runtime/types/match.h"
#include "tools/measure/mutants_parts.h"

#include <algorithm>

namespace sanku::measure {
namespace {

using Others = std::vector<std::pair<MutantKind, Value>>;

// One more in the last place that says something; of money a cent at least.
Int128 step_of(Int128 units, const Type& type) {
  unsigned places = type.scale;
  Int128 rest = units;
  while (places > 0 && rest % 10 == 0) {
    rest /= 10;
    --places;
  }
  const unsigned least = type.kind == Kind::money ? 2 : 0;
  Int128 step = 1;
  for (unsigned at = std::max(places, least); at < type.scale; ++at)
    step *= 10;
  return step;
}

void lengths(const sanku::Span& span, Others& others) {
  const std::int64_t number = number_of(span);
  const SpanUnit unit = unit_of(span);
  others.emplace_back(MutantKind::bound, make_span(number + 1, unit));
  if (number > 1)
    others.emplace_back(MutantKind::bound, make_span(number - 1, unit));
  const SpanUnit other = unit == SpanUnit::days     ? SpanUnit::months
                         : unit == SpanUnit::months ? SpanUnit::days
                         : unit == SpanUnit::years  ? SpanUnit::months
                         : unit == SpanUnit::hours  ? SpanUnit::minutes
                                                    : SpanUnit::hours;
  others.emplace_back(MutantKind::unit, make_span(number, other));
}

void windows(const Window& window, Others& others) {
  const std::int64_t number = window.packed >> 8;
  switch (static_cast<WindowUnit>(window.packed & 255)) {
  case WindowUnit::days:
    others.emplace_back(MutantKind::window, make_window(number + 1, WindowUnit::days));
    if (number > 1)
      others.emplace_back(MutantKind::window, make_window(number - 1, WindowUnit::days));
    others.emplace_back(MutantKind::unit, make_window(number, WindowUnit::hours));
    return;
  case WindowUnit::hours:
    others.emplace_back(MutantKind::window, make_window(number + 1, WindowUnit::hours));
    others.emplace_back(MutantKind::unit, make_window(number, WindowUnit::days));
    return;
  default: // a word: a day instead
    others.emplace_back(MutantKind::window, make_window(1, WindowUnit::days));
    return;
  }
}

// The text of a set without its first element, and without its last.
void elements(const std::string& set, Others& others) {
  others.emplace_back(MutantKind::set, set.substr(set.find('|') + 1));
  others.emplace_back(MutantKind::set, set.substr(0, set.rfind('|')));
}

} // namespace

std::vector<std::pair<MutantKind, Value>> other_values(const Value& value, const Type& type) {
  Others others;
  std::visit(match{
                 [&](const Integer& of) {
                   others.emplace_back(MutantKind::bound, Integer{of.value + 1});
                   others.emplace_back(MutantKind::bound, Integer{of.value - 1});
                 },
                 [&](const Decimal& of) {
                   const Int128 step = step_of(of.units, type);
                   others.emplace_back(MutantKind::bound, Decimal{of.units + step});
                   others.emplace_back(MutantKind::bound, Decimal{of.units - step});
                 },
                 [&](const Date& of) {
                   others.emplace_back(MutantKind::date, Date{of.days + 1});
                   others.emplace_back(MutantKind::date, Date{of.days - 1});
                 },
                 [&](const sanku::Span& of) { lengths(of, others); },
                 [&](const Window& of) { windows(of, others); },
                 [&](const Bool& of) { others.emplace_back(MutantKind::logic, Bool{!of.value}); },
                 [&](const std::string& of) {
                   if (of.find('|') != std::string::npos)
                     elements(of, others);
                 },
                 [](const auto&) {},
             },
             value);
  return others;
}

} // namespace sanku::measure
