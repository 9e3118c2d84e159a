// Bit rows of codes against the meaning of set texts, which the kernel states.
#include "runtime/exec/code_sets.h"
#include "runtime/kernels/sets.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sanku::exec {
namespace {

const std::vector<std::string> codes = {
    "",    "A17", "A17.0",   "A17.0+G01*", "B99+",  "E10",         "E10.900", "E14.9x001", "E15",
    "G01", "I21", "I21.000", "I10.x00",    "O24.4", "O24.400x002", "Z99.9",   "E1",        "E"};
const std::vector<std::string> sets = {
    "E10..E14",    "E10..E14|O24.4",          "I21", "G01|A17.0+G01*", "A17.0..A17.0", "Z", "E",
    "B99|I10.x00", "O24.400x001..O24.400x003"};

TEST(CodeSets, RowsSayWhatTheKernelSays) {
  batch::Dictionaries dictionaries(1);
  for (const std::string& code : codes)
    codes::intern(dictionaries[0], code);
  std::vector<SetUse> uses;
  for (const bool below : {false, true})
    for (const std::string& set : sets)
      uses.push_back({.dictionary = 0, .below = below, .text = set, .table = 0, .column = {}});
  const CodeSetTables built = build_code_sets(uses, dictionaries, {});
  ASSERT_EQ(built.views.size(), uses.size());
  for (std::size_t use = 0; use < uses.size(); ++use)
    for (const std::string& code : codes) {
      const abi::SetView& view = built.views[use];
      const CodeSets& all = built.sets[view.sets];
      const std::uint32_t set = view.numbers[0];
      const std::string& text = uses[use].text;
      const bool wanted = kernels::one_code_in_set({code.data(), code.size()},
                                                   {text.data(), text.size()}, {uses[use].below})
                              .value;
      const auto bit = [&](const std::uint64_t* row) {
        return ((row[set / 64] >> (set % 64)) & 1) != 0;
      };
      const std::uint32_t id = codes::find(dictionaries[0], code);
      EXPECT_EQ(bit(view.bits + std::size_t{id} * view.words), wanted) << code << " in " << text;
      std::vector<std::uint64_t> row(all.words);
      member_row(all, code, row.data());
      EXPECT_EQ(bit(row.data()), wanted) << code << " in " << text;
    }
}

} // namespace
} // namespace sanku::exec
