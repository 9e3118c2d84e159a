// Runs the `test` blocks of a pack, each by the evaluator and by compiled code, which have to agree
// before they are compared with what is expected. Entry: run_tests; test_report prints it. Tested
// by tests/unit/tools/engine_test.cpp.
#pragma once

#include "compiler/jit/jit.h"
#include "runtime/types/result.h"
#include "runtime/types/value.h"
#include "tools/engine/engine.h"
#include "tools/engine/rules.h"

#include <set>
#include <string>
#include <vector>

namespace sanku::engine {

// One expectation that was not met, or another reason why the test failed (then only `found`).
struct TestFailure {
  std::string expected, found, because;
  source::Span span;
};

struct TestResult {
  const hir::Test* test = nullptr;
  std::vector<TestFailure> failures; // none: passed
};

struct TestRun {
  std::vector<TestResult> results; // in the order of files and of tests in them
  bool is_compiled = true;         // false: compiling took too long, so only the evaluator judged
  std::uint64_t disagreements = 0; // tests on which evaluator and compiled code differ
};

struct TestOptions {
  Language language = Language::en;
  // Of the compiled code; what is not optimised is there ten times as soon, and says the same.
  jit::Level level = jit::Level::none;
  double most_seconds = most_compile_seconds;
};
// `files`: only tests that stand in these; empty: all. Errors: the JIT.
[[nodiscard]] Result<TestRun> run_tests(const Rules& rules, const std::set<std::uint32_t>& files,
                                        const TestOptions& options);

struct ReportStyle {
  Language language = Language::zh;
  bool colour = false;
};
// The tests by file with ✓ and ✗, then one line: passed, failed, and which rules lack a firing,
// clear or indeterminate test.
[[nodiscard]] std::string test_report(const Rules& rules, const TestRun& run,
                                      const std::set<std::uint32_t>& files, ReportStyle style);

} // namespace sanku::engine
