// What a test gives, as a batch and as tables. Entries: given_batch, given_tables. Tested by
// tests/unit/tools/engine_test.cpp and by every test block of the national rules.
#pragma once

#include "compiler/hir/schema_from_ast.h"
#include "runtime/batch/batch.h"
#include "runtime/knowledge/table.h"
#include "tools/engine/engine.h"
#include "tools/engine/rules.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace sanku::engine {

// The names of the claim schema, as the checker sees them.
[[nodiscard]] hir::CheckedSchema schema_names(const Rules& rules);

// Which tables the rules of a test look into: those that it names. A test that expects nothing of
// nobody in particular is about all.
[[nodiscard]] std::vector<bool> tables_asked(const hir::Program& program, const hir::Test& test);
// The tables for one test: the pack's, those that the test gives in their place. Tables that none
// of the rules it is about looks into stand empty, so that a test costs what it is about.
[[nodiscard]] Result<std::vector<knowledge::Table>> given_tables(const Rules& rules,
                                                                 const hir::Test& test);

// The test's settlements, assembled: of `given { … }` one, of `given file` those of the file. A
// settlement without a visit number gets one; without any date of its own it is dated by the pack's
// test date. Elements of lists get nothing: that their time is missing may be what the test is
// about.
[[nodiscard]] Result<batch::Batch> given_batch(const Rules& rules, const hir::CheckedSchema& schema,
                                               const hir::Test& test, const Engine& engine);

} // namespace sanku::engine
