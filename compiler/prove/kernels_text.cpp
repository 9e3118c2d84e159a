// Texts and sets (kernels.h): decided for each text that there is, by the kernels themselves.
#include "compiler/prove/kernels.h"
#include "runtime/kernels/place.h"
#include "runtime/kernels/sets.h"
#include "runtime/kernels/text.h"

namespace sanku::prove {
namespace {

Text view(const std::string& text) { return {text.data(), text.size()}; }

// The first element of a set: a code that is in it.
std::string first_of(const std::string& set) {
  std::uint64_t at = 0;
  const kernels::SetPart part = kernels::next_part(view(set), at);
  return {part.low.data, part.low.size};
}

Sym integers_in_set(const Calling& c, bool enums) {
  Logic& l = c.logic();
  if (!c.of[1].literal)
    return c.scope.freed(c.type, "membership in a set of numbers out of a table");
  const std::string& set = *c.of[1].literal;
  std::vector<Term> any;
  for (std::uint64_t at = 0; at < set.size();) {
    const kernels::SetPart part = kernels::next_part(view(set), at);
    const Term low = l.number(kernels::decimal_of(part.low));
    any.push_back(part.range ? both(less_equal(low, c.part(0)),
                                    less_equal(c.part(0), l.number(kernels::decimal_of(part.high))))
                             : equal(c.part(0), low));
  }
  const Term listed = enums ? less(c.part(0), l.number(first_unlisted)) : l.yes();
  return c.decided_if(listed, any_of(l, any));
}

Sym code_in_set(const Calling& c) {
  const bool below = c.part(2).is_true();
  Domains& domains = c.scope.shared().domains;
  if (c.of[1].literal && !c.of[0].literal)
    static_cast<void>(domains.want(c.of[0].domain, first_of(*c.of[1].literal)));
  else if (!c.of[1].literal && !c.of[0].literal)
    c.scope.shared().notes.limited.insert("texts");
  return c.decided(
      c.scope.holds(c.of[0], c.of[1], [&](const std::string& code, const std::string& set) {
        const auto in = kernels::code_in_set(view(code), view(set), Bool{below});
        return in.known && in.value.value;
      }));
}

Sym part_of_text(const Calling& c, bool begins) {
  Domains& domains = c.scope.shared().domains;
  c.scope.shared().notes.limited.insert("texts");
  if (c.of[1].literal && !c.of[0].literal)
    static_cast<void>(domains.want(c.of[0].domain, *c.of[1].literal));
  return c.decided(
      c.scope.holds(c.of[0], c.of[1], [&](const std::string& text, const std::string& part) {
        return begins ? kernels::starts_with(view(text), view(part)).value
                      : kernels::contains(view(text), view(part)).value;
      }));
}

Sym zone_of(const Calling& c) {
  Logic& l = c.logic();
  if (!c.of[1].literal)
    return c.scope.freed(c.type, "the region of a place");
  const std::string& regions = *c.of[1].literal;
  Domains& domains = c.scope.shared().domains;
  for (std::size_t at = 0; at + 6 <= regions.size() && !c.of[0].literal; at += 6)
    static_cast<void>(domains.want(c.of[0].domain, regions.substr(at, 6)));
  Term zone = l.number(0);
  const auto zones = static_cast<std::int64_t>(regions.size() / 6);
  for (std::int64_t each = 1; each <= zones; ++each)
    zone = choose(c.scope.holds(c.of[0],
                                [&](const std::string& place) {
                                  return kernels::zone_of(view(place), view(regions)).value == each;
                                }),
                  l.number(each), zone);
  return c.made({zone});
}

} // namespace

std::optional<Sym> text_call(const Calling& c, std::string_view name) {
  if (name == "contains")
    return part_of_text(c, false);
  if (name == "starts_with")
    return part_of_text(c, true);
  if (name == "integer_in_set")
    return integers_in_set(c, false);
  if (name == "enum_in_set")
    return integers_in_set(c, true);
  if (name == "code_in_set")
    return code_in_set(c);
  if (name == "zone_of")
    return zone_of(c);
  return std::nullopt;
}

} // namespace sanku::prove
