// A rule made to stand in another program of the same schema: the numbers of tables and models that
// it reads become those of that program. Entry: renumber. Tested by
// tests/unit/tools/impact_test.cpp.
#pragma once

#include "compiler/hir/hir.h"

#include <vector>

namespace sanku::hir {

// By old number the new one.
struct Renumbering {
  RelationId lists = 0; // relations of the schema, which stay
  std::vector<TableId> tables;
  std::vector<ModelId> models;
};
void renumber(Rule& rule, const Renumbering& numbers);

} // namespace sanku::hir
