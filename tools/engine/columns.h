// Which columns of the records a run needs: those that rules read, and those with a role, by which
// visits are made and findings are told. Of inputs that hold columns apart only these are unpacked;
// of a record that waits for another all are, because its whole content is compared. Entries:
// columns_read, identity_columns. Tested by tests/unit/tools/block_input_test.cpp.
#pragma once

#include "compiler/hir/hir.h"
#include "runtime/block/block.h"

namespace sanku::engine {

// `identities`: what names a person is shown too.
[[nodiscard]] block::Columns columns_read(const hir::Program& program, bool identities);

// Those that say which visit and settlement a record belongs to.
[[nodiscard]] block::Columns identity_columns(const schema::Schema& schema);

} // namespace sanku::engine
