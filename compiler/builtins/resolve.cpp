// Overload resolution: the row whose parameters take the arguments with the fewest conversions,
// then its typing rule gives the result's type, the powers of ten by which numbers are brought to
// one scale, and the constants a kernel needs besides (scales).
#include "compiler/builtins/builtin.h"

#include <algorithm>

namespace sanku::builtins {
namespace {

using kernels::Tag;

constexpr std::uint8_t quotient_scale = 10;
constexpr std::uint8_t integer_digits = 19;

// What it takes to pass an argument of that type; cost 0 is none. Negative: impossible.
struct Fit {
  int cost;
  Conversion conversion;
};
Fit fit(Tag parameter, const Type& argument) {
  const Kind wanted = kind_of(parameter);
  if (argument.kind == wanted)
    return {0, Conversion::none};
  if (wanted == Kind::decimal && argument.kind == Kind::money)
    return {0, Conversion::none};
  if (wanted == Kind::decimal && argument.kind == Kind::integer)
    return {1, Conversion::widen_integer};
  if (wanted == Kind::integer && argument.kind == Kind::count)
    return {1, Conversion::exact_count};
  if (wanted == Kind::datetime && argument.kind == Kind::date)
    return {1, Conversion::start_of_day};
  if (wanted == Kind::window && argument.kind == Kind::span)
    return {1, Conversion::span_to_window};
  if (wanted == Kind::score && (argument.kind == Kind::decimal || argument.kind == Kind::integer))
    return {2, Conversion::number_to_score};
  return {-1, Conversion::none};
}

// The types as they are after the first conversion.
Type converted(const Type& argument, Conversion conversion) {
  switch (conversion) {
  case Conversion::none:
  case Conversion::rescale:
    return argument;
  case Conversion::widen_integer:
    return {.kind = Kind::decimal, .scale = 0, .digits = integer_digits};
  case Conversion::exact_count:
    return {.kind = Kind::integer, .digits = integer_digits};
  case Conversion::start_of_day:
    return {.kind = Kind::datetime};
  case Conversion::span_to_window:
    return {.kind = Kind::window};
  case Conversion::number_to_score:
  case Conversion::truth_to_score:
    return {.kind = Kind::score};
  }
  return argument;
}

struct Attempt {
  Resolved resolved;
  std::vector<Type> types; // after conversion
};

std::uint8_t clamp_digits(unsigned digits) {
  return static_cast<std::uint8_t>(std::min(digits, 200u));
}

// Numbers of one kind brought to the larger scale. An integer literal or column may stand beside a
// plain number, not beside money.
bool align(Attempt& attempt, bool result_is_number) {
  std::uint8_t scale = 0;
  unsigned whole = 0;
  for (const Type& type : attempt.types) {
    if (type.kind != attempt.types[0].kind)
      return false;
    scale = std::max(scale, type.scale);
    whole = std::max(whole, type.digits > type.scale ? unsigned{type.digits} - type.scale : 0u);
  }
  for (std::size_t i = 0; i < attempt.types.size(); ++i)
    attempt.resolved.steps[i].rescale_by =
        static_cast<std::uint8_t>(scale - attempt.types[i].scale);
  if (result_is_number) {
    attempt.resolved.result = attempt.types[0];
    attempt.resolved.result.scale = scale;
    attempt.resolved.result.digits = clamp_digits(whole + scale + 1);
  }
  return true;
}

// The two values of a choice, whatever stands before them.
bool choice(Attempt& attempt) {
  const Type condition = attempt.types[0];
  const ArgumentStep step = attempt.resolved.steps[0];
  attempt.types.erase(attempt.types.begin());
  attempt.resolved.steps.erase(attempt.resolved.steps.begin());
  bool fine = attempt.types[0].kind == attempt.types[1].kind;
  attempt.resolved.result = attempt.types[0];
  if (fine && is_number(attempt.types[0].kind)) {
    fine = align(attempt, true);
    --attempt.resolved.result.digits; // one of them, not their sum
  } else if (fine) {
    fine = attempt.types[0].kind != Kind::enumeration ||
           attempt.types[0].domain == attempt.types[1].domain;
  }
  attempt.types.insert(attempt.types.begin(), condition);
  attempt.resolved.steps.insert(attempt.resolved.steps.begin(), step);
  return fine;
}

bool product(Attempt& attempt) {
  const Type& a = attempt.types[0];
  const Type& b = attempt.types[1];
  if (a.kind == Kind::money && b.kind == Kind::money)
    return false;
  const unsigned scale = unsigned{a.scale} + b.scale;
  if (scale > 18)
    return false;
  attempt.resolved.result = {.kind = a.kind == Kind::money || b.kind == Kind::money ? Kind::money
                                                                                    : Kind::decimal,
                             .scale = static_cast<std::uint8_t>(scale),
                             .digits = clamp_digits(unsigned{a.digits} + b.digits)};
  return true;
}

bool quotient(Attempt& attempt) {
  const Type& a = attempt.types[0];
  const Type& b = attempt.types[1];
  if (a.kind == Kind::decimal && b.kind == Kind::money)
    return false;
  const bool money = a.kind == Kind::money && b.kind != Kind::money;
  attempt.resolved.result = {.kind = money ? Kind::money : Kind::decimal,
                             .scale = quotient_scale,
                             .digits = clamp_digits(unsigned{a.digits} + b.scale + quotient_scale)};
  attempt.resolved.extra_integers.push_back(std::int64_t{quotient_scale} + b.scale - a.scale);
  return attempt.resolved.extra_integers.back() >= 0;
}

bool same_domain(const Attempt& attempt) {
  // Code systems of one union share a dictionary; whether two systems are comparable is the
  // checker's question, since it owns the schema. Enums must be the very same.
  const Type& a = attempt.types[0];
  for (const Type& type : attempt.types)
    if (type.kind == Kind::enumeration && type.domain != a.domain)
      return false;
  return true;
}

bool apply_typing(Attempt& attempt) {
  const Builtin& row = *attempt.resolved.builtin;
  attempt.resolved.result = {.kind = kind_of(row.kernel->result)};
  if (attempt.resolved.result.kind == Kind::integer)
    attempt.resolved.result.digits = integer_digits;
  switch (row.typing) {
  case Typing::plain:
    return true;
  case Typing::ordered:
    return same_domain(attempt);
  case Typing::same: {
    if (!same_domain(attempt))
      return false;
    if (row.kernel->result != Tag::boolean || row.kernel->params[0].tag == Tag::boolean)
      attempt.resolved.result = attempt.types[0];
    if (row.name == "equal" || row.name == "not_equal")
      attempt.resolved.result = {.kind = Kind::boolean};
    return true;
  }
  case Typing::aligned:
    return align(attempt, true);
  case Typing::compared:
    return align(attempt, false);
  case Typing::product:
    return product(attempt);
  case Typing::quotient:
    return quotient(attempt);
  case Typing::choice:
    return choice(attempt);
  case Typing::first:
    attempt.resolved.result = attempt.types[0];
    return true;
  }
  return false;
}

// Kernels that take more parameters than the author writes get constants (quotient, rescale,
// round): fewer arguments may match.
bool arity_fits(const Builtin& row, std::size_t arguments) {
  if (row.typing == Typing::quotient)
    return arguments == 2;
  return row.kernel->arity == arguments;
}

} // namespace

Kind kind_of(Tag tag) {
  switch (tag) {
  case Tag::boolean:
    return Kind::boolean;
  case Tag::integer:
    return Kind::integer;
  case Tag::decimal:
    return Kind::decimal;
  case Tag::date:
    return Kind::date;
  case Tag::datetime:
    return Kind::datetime;
  case Tag::span:
    return Kind::span;
  case Tag::window:
    return Kind::window;
  case Tag::age:
    return Kind::age;
  case Tag::count:
    return Kind::count;
  case Tag::code:
    return Kind::code;
  case Tag::enumeration:
    return Kind::enumeration;
  case Tag::text:
    return Kind::text;
  case Tag::score:
    return Kind::score;
  }
  return Kind::boolean;
}

std::optional<Resolved> resolve(std::string_view name, std::span<const Type> arguments) {
  std::optional<Resolved> best;
  int best_cost = 0;
  for (const Builtin* row : candidates(name)) {
    if (!arity_fits(*row, arguments.size()))
      continue;
    Attempt attempt;
    attempt.resolved.builtin = row;
    int cost = 0;
    bool possible = true;
    for (std::size_t i = 0; i < arguments.size() && possible; ++i) {
      const Fit fitted = fit(row->kernel->params[i].tag, arguments[i]);
      possible = fitted.cost >= 0;
      cost += fitted.cost;
      attempt.resolved.steps.push_back({fitted.conversion, 0});
      attempt.types.push_back(converted(arguments[i], fitted.conversion));
    }
    if (!possible || !apply_typing(attempt))
      continue;
    if (best && best_cost <= cost)
      continue;
    const Type& result = attempt.resolved.result;
    attempt.resolved.may_overflow_18_digits =
        is_number(result.kind) && result.digits > result.scale && result.digits - result.scale > 18;
    best = std::move(attempt.resolved);
    best_cost = cost;
  }
  return best;
}

} // namespace sanku::builtins
