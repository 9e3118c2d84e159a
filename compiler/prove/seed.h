// What codes and texts a claim is made of to begin with: those that the rules name, of each table
// one key for each kind of row that the rules can tell apart, and some that are none of these.
// Entry: seed. Tested by tests/unit/compiler/prove_test.cpp.
#pragma once

#include "compiler/prove/rule_in.h"
#include "compiler/prove/scope.h"

#include <cstddef>
#include <vector>

namespace sanku::prove {

struct Seeding {
  std::size_t kinds; // of rows of each table, at most; where there are more, the notes say so
  // For every way in which a code can lie to all that the rules name one that does, also of two
  // parts; else only such as claims have.
  bool wide;
};
void seed(const std::vector<RuleIn>& rules, const Seeding& how, Domains& domains, Notes& notes);

} // namespace sanku::prove
