// Conditions as boxes, for the cover of decision tables (cover.cpp): a value of a kind whose domain
// is known is a line of whole numbers, a condition on it some intervals of the line. Entry:
// Conditions::boxes_of. Private to this folder.
#pragma once

#include "compiler/hir/scope.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sanku::hir {

inline constexpr Int128 far = Int128{1} << 126;
inline constexpr unsigned common_scale = 18;

// Both ends included. Of a kind with values between any two, 2v is the value v and 2v + 1 all
// between v and the next end.
struct Interval {
  Int128 low, high;
};
using Box = std::map<std::size_t, Interval>; // by line; a line that is absent is not limited

// Something that conditions read, as a line.
struct Axis {
  std::string key, name; // what tells it apart; how it is shown
  Type type;
  bool dense = false;
  bool in_days = false, in_months = false; // ages
  Interval domain{-far, far};
  Span span = {}; // where it is first read
};

[[nodiscard]] Int128 power_of_ten(unsigned n);

using Boxes = std::vector<Box>;

// A table's lines, and its conditions over them.
struct Conditions {
  const Scope& scope;
  std::vector<Axis> lines = {};
  std::vector<std::set<std::string>> read = {}; // by line: the columns

  // Everything that the condition (or its opposite) holds for; none: it is not judged.
  [[nodiscard]] std::optional<Boxes> boxes_of(const Expr& expr, bool holds);

private:
  [[nodiscard]] std::optional<std::size_t> line_of(const Expr& expr);
  [[nodiscard]] std::optional<Interval> place_of(std::size_t number, const Value& value,
                                                 const Type& type);
  [[nodiscard]] Boxes within(std::size_t number, const std::vector<Interval>& parts) const;
  [[nodiscard]] std::optional<Boxes> combined(const Call& call, bool holds, bool both);
  [[nodiscard]] std::optional<Boxes> compared(const Call& call, std::string_view row, bool holds);
  [[nodiscard]] std::optional<Boxes> in_set_boxes(const Call& call, bool holds);
};

} // namespace sanku::hir
