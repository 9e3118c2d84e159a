// Which codes belong to which sets, decided once: at bind for every code of the frozen dictionary,
// one bit row a code, and for a block's own codes when one is first asked for. Sets are set texts
// (runtime/kernels/sets.h, which is their meaning); entries: intern_elements, build_code_sets,
// member_row. Tested by tests/unit/runtime/code_sets_test.cpp against that meaning.
#pragma once

#include "runtime/abi/frame.h"
#include "runtime/batch/batch.h"
#include "runtime/exec/image.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sanku::exec {

// Sets over one dictionary that are read the same way.
struct CodeSets {
  std::uint32_t dictionary = 0;
  bool below = false; // an element stands for all codes that begin with it
  std::map<std::string, std::uint32_t, std::less<>> numbers; // by set text
  std::uint32_t words = 0;                                   // of a row
  std::vector<std::uint64_t> bits; // rows by code id, up to the dictionary's frozen size
  // What rows are made from.
  struct Range {
    std::string low, high;
    std::uint32_t set;
  };
  std::unordered_map<std::string_view, std::vector<std::uint32_t>> by_element; // into `numbers`
  std::vector<Range> ranges;                                                   // by low
};

// One SetUse bound: where its sets are, and which set a row of its table has.
struct BoundSetUse {
  std::uint32_t sets = 0;             // into the vector of CodeSets
  std::vector<std::uint32_t> numbers; // of a literal one; of a column by row, abi::no_set if empty
};

struct CodeSetTables {
  std::vector<CodeSets> sets;
  std::vector<BoundSetUse> uses; // as ProgramImage::sets
  std::vector<abi::SetView> views;
};

// Puts the elements of a set text into the dictionary, so that blocks know them by number.
void intern_elements(std::string_view set, codes::Dictionary& dictionary);
// `tables`: the columns of bound tables by number. The dictionaries are frozen.
[[nodiscard]] CodeSetTables build_code_sets(const std::vector<SetUse>& uses,
                                            const batch::Dictionaries& dictionaries,
                                            const std::vector<const batch::RelationData*>& tables);
// Sets the bit of every set that the code belongs to; `row` has CodeSets::words words, all zero.
void member_row(const CodeSets& sets, std::string_view code, std::uint64_t* row);

} // namespace sanku::exec
