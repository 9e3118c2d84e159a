// Which forms of the language were generated: counted over what the parser and the checker made of
// the rules, and over the visits, never over what the generator meant to write. A form that is
// added to the Ast, the Hir or the table of built-ins and not generated is missing here, and the
// test that asks `missing` fails. Entries: count, missing.
#pragma once

#include "compiler/compile.h"
#include "tests/support/visit.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace sanku::differential {

struct Coverage {
  std::map<std::string, std::size_t> seen; // by the form's name
};

void count(const Checked& pack, Coverage& coverage);
// Of visits: how what rules ask by name is answered.
void count(const schema::Schema& schema, const std::vector<testing::Visit>& visits,
           Coverage& coverage);
// Names of forms that exist and were never seen, in order.
[[nodiscard]] std::vector<std::string> missing(const Coverage& coverage);

} // namespace sanku::differential
