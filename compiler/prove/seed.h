// What codes and texts a claim is made of to begin with: those that the rules name, of each table
// one key for each kind of row that the rules can tell apart, and some that are none of these.
// Entry: seed. Tested by tests/unit/compiler/prove_test.cpp.
#pragma once

#include "compiler/prove/rule_in.h"
#include "compiler/prove/scope.h"

#include <cstddef>
#include <vector>

namespace sanku::prove {

// `kinds`: of rows of each table, at most; where there are more, `notes` says so.
void seed(const std::vector<RuleIn>& rules, std::size_t kinds, Domains& domains, Notes& notes);

} // namespace sanku::prove
