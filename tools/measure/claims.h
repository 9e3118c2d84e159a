// The smallest claim that tells a mutant from its rule, found by changing the claims of the rule's
// own tests: a field set to a value near the rule's constants or to one that stands elsewhere in
// the claim, a field or an element left out, an element twice; two such changes where one is not
// enough. Or by changing claims that somebody else brings. What is found is made smaller while it
// still tells them apart. Entry: claims_that_notice. Tested by tests/unit/tools/mutation_test.cpp.
#pragma once

#include "tools/measure/mutants.h"

#include <string>
#include <vector>

namespace sanku::measure {

struct ClaimsOf {
  const hir::CheckedSchema& schema;
  std::uint32_t rule = 0;
  Language language = Language::zh;          // of titles
  std::vector<ast::Test>* written = nullptr; // what the trials are of; null: tests of the rules
};
// By mutant: a test as it would be written, with what the rule itself says; empty: none was found.
// `tried` counts the claims.
[[nodiscard]] std::vector<std::string> claims_that_notice(Rules& rules, const ClaimsOf& of,
                                                          Trials& trials,
                                                          const std::vector<Mutant*>& mutants,
                                                          std::uint64_t& tried);

} // namespace sanku::measure
