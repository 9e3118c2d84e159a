// The kernels as terms: one encoder a family, found by the kernel's name. What is strict in
// runtime/kernels is strict here. Entry: call (scope.h). Tested by
// tests/unit/compiler/prove_kernels_test.cpp, which compares every encoder with its kernel.
#pragma once

#include "compiler/prove/scope.h"

#include <span>
#include <string_view>

namespace sanku::prove {

// A call under way: its arguments, what it gives, and whether all arguments are known.
struct Calling {
  Scope& scope;
  const std::vector<Sym>& of;
  const Type& type;
  Term known;

  [[nodiscard]] Logic& logic() const { return scope.logic(); }
  [[nodiscard]] const Term& part(std::size_t argument, std::size_t part = 0) const {
    return of[argument].parts[part];
  }
  // Of the call's type, known where all arguments are.
  [[nodiscard]] Sym made(std::vector<Term> parts) const {
    return {.kind = type.kind, .known = known, .parts = std::move(parts)};
  }
  [[nodiscard]] Sym made_if(const Term& also, std::vector<Term> parts) const {
    return {.kind = type.kind, .known = both(known, also), .parts = std::move(parts)};
  }
  [[nodiscard]] Sym decided(const Term& holds) const {
    return logic().sym(Truth{both(known, holds), both(known, negated(holds))});
  }
  [[nodiscard]] Sym decided_if(const Term& also, const Term& holds) const {
    const Term sure = both(known, also);
    return logic().sym(Truth{both(sure, holds), both(sure, negated(holds))});
  }
};

// Each gives nothing when the name is none of its family.
[[nodiscard]] std::optional<Sym> compare_call(const Calling& calling, std::string_view name);
[[nodiscard]] std::optional<Sym> number_call(const Calling& calling, std::string_view name);
[[nodiscard]] std::optional<Sym> time_call(const Calling& calling, std::string_view name);
[[nodiscard]] std::optional<Sym> text_call(const Calling& calling, std::string_view name);

} // namespace sanku::prove
