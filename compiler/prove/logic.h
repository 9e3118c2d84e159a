// Terms of the solver, and how values of the language stand in them. What is built of constants
// is a constant again, so that tables cost what they decide. Only this room sees Z3. Entry:
// Logic. Tested by tests/unit/compiler/prove_test.cpp.
#pragma once

#include "runtime/types/scalar.h"
#include "runtime/types/type.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>
#include <z3++.h>

namespace sanku::prove {

using Term = z3::expr;

// Kleene's three values: never both; neither is unknown.
struct Truth {
  Term yes, no;
};

// A finite set of texts that a text or a code may be: by number.
using DomainId = std::uint32_t;

// A value and whether it is known. Parts by kind: boolean yes and no; integer, decimal, money the
// units; date the day; datetime day and second of it; span and window number and unit; age birth
// and reference day; count its two bounds; code, text the number in `domain`; enum its id; score a
// real. Of a moment (runtime/types/moment.h) day and zone.
struct Sym {
  Kind kind;
  Term known;
  std::vector<Term> parts;
  DomainId domain = 0;
  std::optional<std::string> literal = std::nullopt; // a code or text that is written down
};

// What a date is made of.
struct Civil {
  Term year, month, day;
};

class Logic {
public:
  Logic();

  [[nodiscard]] Term yes() { return context.bool_val(true); }
  [[nodiscard]] Term no() { return context.bool_val(false); }
  [[nodiscard]] Term number(Int128 value);
  [[nodiscard]] Term real(const std::string& decimal) { return context.real_val(decimal.c_str()); }
  // A variable of its own; names are numbered, so that nothing depends on addresses.
  [[nodiscard]] Term fresh_bool(const std::string& name);
  [[nodiscard]] Term fresh_int(const std::string& name);
  [[nodiscard]] Term fresh_real(const std::string& name);

  [[nodiscard]] Truth truth(bool value) { return value ? Truth{yes(), no()} : Truth{no(), yes()}; }
  [[nodiscard]] Truth unknown() { return {no(), no()}; }
  [[nodiscard]] Sym sym(const Truth& truth);
  [[nodiscard]] Sym unknown(Kind kind);

  // Year, month and day of a day: variables that the day defines.
  [[nodiscard]] Civil civil(const Term& day);
  [[nodiscard]] Term day_of(const Civil& date);
  [[nodiscard]] Term days_in_month(const Term& year, const Term& month);
  [[nodiscard]] Term add_months(const Term& day, const Term& months);

  // The nearest whole number to a ÷ b, half away from zero, where b is not zero.
  [[nodiscard]] Term divide_half_away(const Term& dividend, const Term& divisor);
  [[nodiscard]] Term divide_half_away(const Term& dividend, Int128 divisor);
  // Rounds down; the divisor is positive.
  [[nodiscard]] Term floor_divide(const Term& dividend, std::int64_t divisor);

  z3::context context;
  bool all_years = false;  // else those from 1901 to 2099, in which every fourth is a leap year
  std::vector<Term> facts; // that define variables: they hold in every claim

private:
  std::uint64_t names_ = 0;
  std::map<unsigned, Civil> civils_; // by the term's number
  std::vector<Term> kept_;           // so that these numbers stay theirs
};

// ---- terms, simplified where an operand decides

[[nodiscard]] Term both(const Term& a, const Term& b);
[[nodiscard]] Term either(const Term& a, const Term& b);
[[nodiscard]] Term negated(const Term& a);
[[nodiscard]] Term all_of(Logic& logic, const std::vector<Term>& terms);
[[nodiscard]] Term any_of(Logic& logic, const std::vector<Term>& terms);
[[nodiscard]] Term choose(const Term& condition, const Term& yes, const Term& no);
[[nodiscard]] Term equal(const Term& a, const Term& b);
[[nodiscard]] Term less(const Term& a, const Term& b);
[[nodiscard]] Term less_equal(const Term& a, const Term& b);
[[nodiscard]] Term plus(const Term& a, const Term& b);
[[nodiscard]] Term minus(const Term& a, const Term& b);
[[nodiscard]] Term times(const Term& a, const Term& b);
[[nodiscard]] Term smaller(const Term& a, const Term& b);
[[nodiscard]] Term larger(const Term& a, const Term& b);
// The number that a term is, if it is one of 64 bits.
[[nodiscard]] std::optional<std::int64_t> constant(const Term& term);

// ---- Kleene's logic

[[nodiscard]] Truth both(const Truth& a, const Truth& b);
[[nodiscard]] Truth either(const Truth& a, const Truth& b);
[[nodiscard]] Truth negated(const Truth& a);
[[nodiscard]] Truth truth_of(const Sym& value);
[[nodiscard]] Term unknown(const Truth& a);

} // namespace sanku::prove
