// See logic.h; the calendar is in calendar.cpp.
#include "compiler/prove/logic.h"

#include "runtime/types/value.h"

#include <fmt/format.h>

namespace sanku::prove {

Logic::Logic() {
  // The same question gets the same answer on every machine.
  context.set("timeout", 0);
}

Term Logic::number(Int128 value) { return context.int_val(decimal_text(value, 0, 0).c_str()); }

Term Logic::fresh_bool(const std::string& name) {
  return context.bool_const(fmt::format("{}#{}", name, names_++).c_str());
}
Term Logic::fresh_int(const std::string& name) {
  return context.int_const(fmt::format("{}#{}", name, names_++).c_str());
}
Term Logic::fresh_real(const std::string& name) {
  return context.real_const(fmt::format("{}#{}", name, names_++).c_str());
}

Sym Logic::sym(const Truth& truth) {
  return {
      .kind = Kind::boolean, .known = either(truth.yes, truth.no), .parts = {truth.yes, truth.no}};
}

Sym Logic::unknown(Kind kind) {
  if (kind == Kind::boolean)
    return sym(unknown());
  const bool two = kind == Kind::datetime || kind == Kind::span || kind == Kind::window ||
                   kind == Kind::age || kind == Kind::count;
  const Term zero = kind == Kind::score ? context.real_val(0) : number(0);
  Sym made{.kind = kind, .known = no(), .parts = {zero}};
  if (two)
    made.parts.push_back(zero);
  return made;
}

// ---- terms

std::optional<std::int64_t> constant(const Term& term) {
  std::int64_t value = 0;
  if (term.is_numeral() && term.is_int() && term.is_numeral_i64(value))
    return value;
  return std::nullopt;
}

Term both(const Term& a, const Term& b) {
  if (a.is_false() || b.is_true() || z3::eq(a, b))
    return a;
  if (b.is_false() || a.is_true())
    return b;
  return a && b;
}

Term either(const Term& a, const Term& b) {
  if (a.is_true() || b.is_false() || z3::eq(a, b))
    return a;
  if (b.is_true() || a.is_false())
    return b;
  return a || b;
}

Term negated(const Term& a) {
  if (a.is_true())
    return a.ctx().bool_val(false);
  if (a.is_false())
    return a.ctx().bool_val(true);
  return a.is_not() ? a.arg(0) : !a;
}

Term all_of(Logic& logic, const std::vector<Term>& terms) {
  z3::expr_vector parts(logic.context);
  for (const Term& term : terms) {
    if (term.is_false())
      return term;
    if (!term.is_true())
      parts.push_back(term);
  }
  return parts.empty() ? logic.yes() : parts.size() == 1 ? parts[0] : z3::mk_and(parts);
}

Term any_of(Logic& logic, const std::vector<Term>& terms) {
  z3::expr_vector parts(logic.context);
  for (const Term& term : terms) {
    if (term.is_true())
      return term;
    if (!term.is_false())
      parts.push_back(term);
  }
  return parts.empty() ? logic.no() : parts.size() == 1 ? parts[0] : z3::mk_or(parts);
}

Term choose(const Term& condition, const Term& yes, const Term& no) {
  if (condition.is_true() || z3::eq(yes, no))
    return yes;
  if (condition.is_false())
    return no;
  if (yes.is_bool()) {
    if (yes.is_true())
      return either(condition, no);
    if (yes.is_false())
      return both(negated(condition), no);
    if (no.is_true())
      return either(negated(condition), yes);
    if (no.is_false())
      return both(condition, yes);
  }
  return z3::ite(condition, yes, no);
}

Term equal(const Term& a, const Term& b) {
  if (z3::eq(a, b))
    return a.ctx().bool_val(true);
  if (a.is_numeral() && b.is_numeral() && a.is_int() == b.is_int())
    return a.ctx().bool_val(false);
  return a == b;
}

Term less(const Term& a, const Term& b) {
  const auto x = constant(a), y = constant(b);
  return x && y ? a.ctx().bool_val(*x < *y) : a < b;
}

Term less_equal(const Term& a, const Term& b) {
  const auto x = constant(a), y = constant(b);
  return x && y ? a.ctx().bool_val(*x <= *y) : a <= b;
}

Term plus(const Term& a, const Term& b) {
  const auto x = constant(a), y = constant(b);
  if (x == 0)
    return b;
  if (y == 0)
    return a;
  std::int64_t sum = 0;
  if (x && y && !__builtin_add_overflow(*x, *y, &sum))
    return a.ctx().int_val(sum);
  return a + b;
}

Term minus(const Term& a, const Term& b) {
  const auto x = constant(a), y = constant(b);
  if (y == 0)
    return a;
  std::int64_t difference = 0;
  if (x && y && !__builtin_sub_overflow(*x, *y, &difference))
    return a.ctx().int_val(difference);
  return a - b;
}

Term times(const Term& a, const Term& b) {
  const auto x = constant(a), y = constant(b);
  if (x == 1 || y == 0)
    return b;
  if (y == 1 || x == 0)
    return a;
  std::int64_t product = 0;
  if (x && y && !__builtin_mul_overflow(*x, *y, &product))
    return a.ctx().int_val(product);
  return a * b;
}

Term smaller(const Term& a, const Term& b) { return choose(less_equal(a, b), a, b); }
Term larger(const Term& a, const Term& b) { return choose(less_equal(b, a), a, b); }

// ---- Kleene's logic

Truth both(const Truth& a, const Truth& b) { return {both(a.yes, b.yes), either(a.no, b.no)}; }
Truth either(const Truth& a, const Truth& b) { return {either(a.yes, b.yes), both(a.no, b.no)}; }
Truth negated(const Truth& a) { return {a.no, a.yes}; }
Truth truth_of(const Sym& value) { return {value.parts[0], value.parts[1]}; }
Term unknown(const Truth& a) { return both(negated(a.yes), negated(a.no)); }

} // namespace sanku::prove
