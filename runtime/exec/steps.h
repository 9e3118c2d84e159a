// How much there is to do, as a formula of the lengths of lists: a sum of products, known before
// anything runs. A condition that would take more steps than the program's budget is not begun: it
// is unknown, and what is missing is the budget. Made by compiler/analysis; counted by both
// executions. Tested by tests/unit/compiler/steps_test.cpp.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <vector>

namespace sanku::exec {

// What a factor is the length of.
enum class Length : std::uint8_t {
  list,       // `id`: a list of the visit
  visits,     // the visits of its person that stand beside it, itself among them
  past_list,  // `id`: that list of all of those
  group,      // the elements of the group, of a population
  group_list, // `id`: that list of all of those
  table,      // `id`: the rows of a table
  rows,       // `id`: the rows of that key of a table that has most
  same,       // the elements of `id`, a list of the visit, with the value of another: see same_most
  same_in_group // likewise of the group
};
struct Factor {
  Length of = Length::list;
  std::uint32_t id = 0;
  // Of `same`: where the value stands, and where the one that it has to be: also the list that this
  // other element is of.
  std::uint32_t column = 0, by = 0, by_column = 0;
  friend auto operator<=>(const Factor&, const Factor&) = default;
};
using Product = std::vector<Factor>; // in order; empty: once
using Steps = std::vector<Product>;  // a sum

// The values of one column of a list, or of a group.
struct ValueCounts {
  std::uint64_t elements = 0, unknown = 0;
  std::uint64_t most = 0; // have the same known value
};
// How many elements have the value of another at most, which an element without a value perhaps
// has: on the average over the others, of which those without one perhaps have that of any.
constexpr std::uint64_t same_most(const ValueCounts& of, const ValueCounts& by) {
  const std::uint64_t each = of.most + of.unknown;
  if (by.unknown == 0)
    return std::min(each, of.elements);
  return std::min(each + (of.elements * by.unknown + by.elements - 1) / by.elements, of.elements);
}

// `length`: of a factor. As many as fit into the type.
template <class Length> std::uint64_t count(const Steps& steps, Length&& length) {
  std::uint64_t sum = 0;
  for (const Product& product : steps) {
    std::uint64_t times = 1;
    for (const Factor& factor : product)
      if (__builtin_mul_overflow(times, std::uint64_t{length(factor)}, &times))
        times = ~std::uint64_t{0};
    sum = std::max(sum, sum + times); // a sum that runs over is smaller
    if (sum < times)
      sum = ~std::uint64_t{0};
  }
  return sum;
}

} // namespace sanku::exec
