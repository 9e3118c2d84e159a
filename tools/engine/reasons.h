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
  std::string distance; // 1天; empty where there is none
};

// `and` and `or` become their parts, one reason each, in order.
[[nodiscard]] std::vector<Reason> reasons(const evaluate::Node& condition,
                                          const schema::Schema& schema,
                                          const source::SourceMap& map, Language language);

[[nodiscard]] Tri truth_of(const Value& value);
// 成立, 不成立, 不明.
[[nodiscard]] std::string_view truth_text(Tri truth, Language language);

// What is written at a span, blanks and line breaks as one blank each.
[[nodiscard]] std::string written_text(const source::SourceMap& map, source::Span span);

} // namespace sanku::engine
