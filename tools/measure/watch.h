// What happened while the tests of one rule were evaluated: which way each condition went, and
// whether that decided. Entry: watch. Tested by tests/unit/tools/coverage_test.cpp.
#pragma once

#include "tools/measure/coverage.h"
#include "tools/measure/parts.h"

#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace sanku::measure {

enum class Way : std::uint8_t { yes, no, unknown };
inline constexpr std::array<Way, 3> ways = {Way::yes, Way::no, Way::unknown};

struct Went {
  std::uint64_t tests = 0;          // in how many
  const hir::Test* shown = nullptr; // where it decided
};
struct SeenRows {
  std::set<std::uint32_t> own;                        // of the pack's rows, by number
  std::set<std::vector<std::string>> given;           // the tests', by what they say
  bool before = false, inside = false, after = false; // of the days of a row
};

// Of the whole pack, rule after rule.
struct Seen {
  std::map<std::uint32_t, SeenRows> rows;                                        // by table
  std::map<std::uint32_t, std::set<std::pair<std::size_t, std::size_t>>> leaves; // tree, node
  std::map<std::uint32_t, std::vector<std::set<double>>> points; // by model: of each line
};

// Of one rule.
struct Watched {
  RuleCover cover;
  std::map<abi::Outcome, const hir::Test*> outcomes;                // the first test
  std::vector<std::pair<std::uint64_t, const hir::Test*>> branches; // `when unknown` last
  std::vector<std::array<Went, 3>> conditions;                      // by Parts::conditions
  std::vector<std::array<Went, 3>> edges;                           // by Parts::edges
  // Of Parts::compared, with the parameter and the value that was in force, and of Parts::used.
  std::map<std::tuple<const hir::Expr*, std::uint32_t, std::uint32_t>, const hir::Test*> at_bound;
  std::map<const hir::Expr*, const hir::Test*> used;
  std::uint64_t unread = 0;
};
[[nodiscard]] Watched watch(const Rules& rules, const hir::CheckedSchema& schema,
                            const Parts& parts, std::uint32_t rule,
                            const std::vector<const hir::Test*>& tests, Seen& seen);

} // namespace sanku::measure
