// See value_order.h.
#include "runtime/types/value_order.h"

#include "runtime/types/match.h"

namespace sanku {

bool before(const Value& a, const Value& b) {
  if (a.index() != b.index())
    return a.index() < b.index();
  return std::visit(
      match{
          [](const Unknown&) { return false; },
          [&](const Bool& x) { return x.value < std::get<Bool>(b).value; },
          [&](const Integer& x) { return x.value < std::get<Integer>(b).value; },
          [&](const Decimal& x) { return x.units < std::get<Decimal>(b).units; },
          [&](const Date& x) { return x.days < std::get<Date>(b).days; },
          [&](const DateTime& x) { return x.seconds < std::get<DateTime>(b).seconds; },
          [&](const Span& x) { return x.packed < std::get<Span>(b).packed; },
          [&](const Window& x) { return x.packed < std::get<Window>(b).packed; },
          [&](const Age& x) { return x.packed < std::get<Age>(b).packed; },
          [&](const Count& x) {
            const Count& y = std::get<Count>(b);
            return x.low != y.low ? x.low < y.low : x.high < y.high;
          },
          [&](const CodeText& x) { return x.text < std::get<CodeText>(b).text; },
          [&](const EnumValue& x) {
            const EnumValue& y = std::get<EnumValue>(b);
            return x.id != y.id ? x.id < y.id : x.unlisted < y.unlisted;
          },
          [&](const std::string& x) { return x < std::get<std::string>(b); },
          [&](const Score& x) { return x.value < std::get<Score>(b).value; },
      },
      a);
}

} // namespace sanku
