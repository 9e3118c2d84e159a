// Elements by the value of one column: of a list of the visit under examination, or of the group.
// What a loop looks at that keeps only elements with the value of another (compiler/analysis/
// same_value.h), and what a condition with such loops may cost. Made when it is asked for often
// enough, kept until the next visit or group. Tested by tests/unit/runtime/same_value_test.cpp.
#pragma once

#include "runtime/abi/frame.h"
#include "runtime/exec/steps.h"
#include "runtime/types/type.h"

#include <cstdint>
#include <deque>
#include <span>
#include <utility>
#include <vector>

namespace sanku::exec {

// Elements of a group, or of a list where they stand one behind the other.
struct Elements {
  const std::uint32_t* rows = nullptr; // null: from `first` on
  std::uint32_t first = 0, count = 0;
  [[nodiscard]] std::uint32_t operator[](std::uint32_t i) const {
    return rows != nullptr ? rows[i] : first + i;
  }
};

class ByValue {
public:
  void build(const abi::ColumnView& cells, Physical physical, const Elements& elements);
  // Those with that value, and those without any, of which each perhaps has it. A row may be in the
  // first that has another value: values are compared by hash.
  [[nodiscard]] std::span<const std::uint32_t> with(std::uint64_t value) const;
  [[nodiscard]] std::span<const std::uint32_t> without() const { return unknown_; }
  [[nodiscard]] const ValueCounts& counts() const { return counts_; }

private:
  std::vector<std::pair<std::uint64_t, std::uint32_t>> sorted_; // value, row
  std::vector<std::uint32_t> rows_;                             // likewise
  std::vector<std::uint32_t> unknown_;
  ValueCounts counts_;
};

// A known cell as a number that equal values share: itself, or of a text a hash. False: it is not
// known, or is a code of several candidates.
[[nodiscard]] bool value_of_cell(const abi::ColumnView& cells, Physical physical, std::uint32_t row,
                                 std::uint64_t& value);

// Those of the subjects of one rule in one block.
class ByValues {
public:
  struct Of {
    std::uint32_t relation = 0, column = 0;
    bool group = false;
    friend bool operator==(const Of&, const Of&) = default;
  };
  // `where`: the visit's row, or the number of the group, that has these elements. Null until it
  // was asked for `asked_before` times there.
  [[nodiscard]] const ByValue* find(const Of& of, std::uint64_t where, std::uint32_t asked_before,
                                    const abi::ColumnView& cells, Physical physical,
                                    const Elements& elements);
  void forget(); // everything; memory is kept

private:
  struct Entry {
    Of of;
    std::uint64_t where = 0;
    std::uint32_t asked = 0;
    bool built = false, fresh = false;
    ByValue values;
  };
  std::deque<Entry> entries_; // stable addresses
};

} // namespace sanku::exec
