// How far a comparison is from holding. Entry: distance. Tested by
// tests/unit/compiler/evaluate_trace_test.cpp.
#pragma once

#include "compiler/evaluate/trace.h"

#include <optional>
#include <string_view>

namespace sanku::evaluate {

// `symbol` as in builtins::Builtin; `type` of the left operand. No value where there is no such
// measure: operands unknown or of kinds without distance, `!=`, other operators.
[[nodiscard]] std::optional<Distance> distance(std::string_view symbol, const Value& left,
                                               const Value& right, const Type& type);

// Completed years and the days since: `17岁364天`, `17 years 364 days`; below a year days only.
[[nodiscard]] std::string exact_age(Age age, Language language);

} // namespace sanku::evaluate
