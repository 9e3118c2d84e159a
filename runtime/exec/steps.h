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
  rows        // `id`: the rows of that key of a table that has most
};
struct Factor {
  Length of = Length::list;
  std::uint32_t id = 0;
  friend auto operator<=>(const Factor&, const Factor&) = default;
};
using Product = std::vector<Factor>; // in order; empty: once
using Steps = std::vector<Product>;  // a sum

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
