// The canonical order of the elements of a list: time, code, unit price, whether the patient paid
// for all of it, quantity, number, then every other column; a missing part comes first. (Who paid
// stands before the quantity, so that a line that is split keeps its place among those of others.)
// Two elements that it calls equal are equal in every column. Entry: canonical_order. Tested by
// tests/unit/runtime/assemble_test.cpp.
#pragma once

#include "runtime/batch/batch.h"

#include <compare>
#include <cstdint>
#include <vector>

namespace sanku::assemble {

// One part of the order: a column of numbers, or one of codes or texts compared bytewise; or
// whether the column, above nothing, is all of another one.
struct OrderPart {
  const batch::ColumnData* column = nullptr;
  Type type;
  std::uint32_t dictionary = 0; // codes only
  const batch::ColumnData* all_of = nullptr;
};

// Borrows the batch, whose columns must stay where they are.
struct Order {
  const batch::Batch& batch;
  const batch::Dictionaries& dictionaries;
  std::vector<OrderPart> parts;

  // By row of the batch.
  [[nodiscard]] std::strong_ordering compare(std::uint32_t a, std::uint32_t b) const;
};

// Whether all elements of each visit differ in time, code, unit price, quantity or number: then no
// other column decides their order, and a batch that lacks some of these is in the same order. May
// say no where they do.
[[nodiscard]] bool told_apart(const batch::Batch& batch, const schema::Schema& schema);

[[nodiscard]] Order canonical_order(const batch::Batch& batch, const schema::Schema& schema,
                                    const batch::Dictionaries& dictionaries,
                                    std::uint32_t relation);

} // namespace sanku::assemble
