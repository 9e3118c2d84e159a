// A claim as the `given` part of a test, in names of the schema; and a test as text. Entry:
// given_of, print. Tested by tests/unit/compiler/prove_test.cpp and through `sanku check --prove`.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/ast/print.h"
#include "compiler/prove/claim.h"

#include <string>

namespace sanku::prove {

// `chinese`: the Chinese names of fields and values.
[[nodiscard]] ast::Test given_of(const Claim& claim, const hir::Program& program, bool chinese);
// `missing` as explanations print it: `patient.sex`, `"HER2阳性"`.
[[nodiscard]] ast::ExprPtr path_of(const std::string& missing);
[[nodiscard]] std::string print(ast::Test test, ast::Spelling spelling);

} // namespace sanku::prove
