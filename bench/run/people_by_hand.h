// The invented persons (bench/data/people.h) as a batch of an engine, and the same columns and
// tables as the hand-written rules of bench/limit/library.h take them. Entry: PeopleBlock. Used by
// library_rules.cpp.
#pragma once

#include "bench/data/people.h"
#include "bench/limit/library.h"
#include "bench/run/world.h"

#include <vector>

namespace sanku::bench {

// Everything given stays with the caller.
class PeopleBlock {
public:
  PeopleBlock(const People& people, const Compiled& compiled);
  [[nodiscard]] const batch::Batch& batch() const { return batch_; }
  [[nodiscard]] const limit::World& by_hand() const { return by_hand_; }

private:
  void lay_columns();
  void lay_lines();
  void lay_diagnoses();
  void lay_registers();

  const Compiled& compiled_;
  batch::Batch batch_;
  std::vector<std::uint32_t> disease_; // 0 where missing
  limit::World by_hand_;
};

} // namespace sanku::bench
