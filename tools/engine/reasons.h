// The conditions of a trace as lines for a person: what is written in the rule, what stood there,
// and whether it held. Entry: reasons. Tested by tests/unit/tools/engine_test.cpp through
// `explain`.
#pragma once

#include "compiler/evaluate/trace.h"
#include "compiler/source/source.h"
#include "runtime/types/scalar.h"

#include <string>
#include <vector>

namespace sanku::engine {

struct Reason {
  std::string written; // patient.sex != limit.sex
  std::string values;  // 男 ≠ 女
  Tri truth = Tri::unknown;
  std::string distance; // as distance_of, of what does not hold
};

// `and` and `or` become their parts, one reason each, in order.
[[nodiscard]] std::vector<Reason> reasons(const evaluate::Node& condition,
                                          const schema::Schema& schema,
                                          const source::SourceMap& map, Language language);

// Whether an element of a condition is `and` or `or`.
[[nodiscard]] bool joins(const evaluate::Node& node);
// How far a condition is from turning over: 差 1天, short by 0.05 yuan, just equal; empty where
// there is no measure.
[[nodiscard]] std::string distance_of(const evaluate::Node& condition, const schema::Schema& schema,
                                      Language language);

[[nodiscard]] Tri truth_of(const Value& value);
// 成立, 不成立, 不明.
[[nodiscard]] std::string_view truth_text(Tri truth, Language language);

// What is written at a span, blanks and line breaks as one blank each.
[[nodiscard]] std::string written_text(const source::SourceMap& map, source::Span span);

} // namespace sanku::engine
