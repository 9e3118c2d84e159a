// See kernels.h: logic, what looks at whether a value is known, and the way to the other families.
#include "compiler/prove/kernels.h"

#include "runtime/types/check.h"

namespace sanku::prove {
namespace {

Term all_known(Scope& scope, const std::vector<Sym>& arguments) {
  Term known = scope.logic().yes();
  for (const Sym& each : arguments)
    known = both(known, each.known);
  return known;
}

// Kernels that take unknown arguments.
std::optional<Sym> logic_call(Scope& scope, std::string_view name, const std::vector<Sym>& of) {
  Logic& l = scope.logic();
  if (name == "and")
    return l.sym(both(truth_of(of[0]), truth_of(of[1])));
  if (name == "or")
    return l.sym(either(truth_of(of[0]), truth_of(of[1])));
  if (name == "not")
    return l.sym(negated(truth_of(of[0])));
  if (name.starts_with("known_") && !name.starts_with("known_since") &&
      !name.starts_with("known_until"))
    return l.sym(Truth{of[0].known, negated(of[0].known)});
  if (name.starts_with("otherwise_")) {
    if (of[0].kind != Kind::boolean)
      return choose(scope, of[0].known, of[0], of[1]);
    const Term open = negated(of[0].known);
    return l.sym(Truth{either(of[0].parts[0], both(open, of[1].parts[0])),
                       either(of[0].parts[1], both(open, of[1].parts[1]))});
  }
  if (name.starts_with("pick_")) {
    Sym made = choose(scope, of[0].parts[0], of[1], of[2]);
    if (made.kind == Kind::boolean)
      return l.sym(Truth{both(of[0].known, made.parts[0]), both(of[0].known, made.parts[1])});
    made.known = both(of[0].known, made.known);
    return made;
  }
  if (name == "as_count")
    return Sym{.kind = Kind::count,
               .known = l.yes(),
               .parts = {choose(of[0].parts[0], l.number(1), l.number(0)),
                         choose(of[0].parts[1], l.number(0), l.number(1))}};
  if (name == "moment")
    return Sym{.kind = Kind::integer,
               .known = of[0].known,
               .parts = {of[0].parts[0], choose(of[1].known, of[1].parts[0], l.number(-1))}};
  if (name == "in_zones") {
    const Term row = both(of[1].known, of[2].known);
    const Term everywhere = all_of(l, {row, less_equal(of[1].parts[0], l.number(0)),
                                       less_equal(l.number(last_zone), of[2].parts[0])});
    const Term inside = both(less_equal(of[1].parts[0], of[0].parts[0]),
                             less_equal(of[0].parts[0], of[2].parts[0]));
    return l.sym(Truth{either(everywhere, all_of(l, {row, of[0].known, inside})),
                       all_of(l, {row, negated(everywhere), of[0].known, negated(inside)})});
  }
  return std::nullopt;
}

} // namespace

Sym call(Scope& scope, const hir::Call& form, std::vector<Sym> arguments, const Type& type) {
  const std::string_view name = form.builtin->kernel->name;
  if (auto made = logic_call(scope, name, arguments))
    return std::move(*made);
  const Calling calling{scope, arguments, type, all_known(scope, arguments)};
  for (const auto family : {compare_call, number_call, time_call, text_call})
    if (auto made = family(calling, name))
      return std::move(*made);
  return scope.freed(type, "call of " + std::string(name));
}

} // namespace sanku::prove
