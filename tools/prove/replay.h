// Replaying a claim: the text of a test is read as a file of the pack would be, and judged by the
// evaluator and by compiled code. What they say is the only truth; an answer that they do not
// confirm is none. Entry: Replayer::replay. Tested by tests/unit/tools/prove_test.cpp.
#pragma once

#include "compiler/evaluate/evaluate.h"
#include "compiler/hir/schema_from_ast.h"
#include "runtime/types/result.h"
#include "tools/engine/engine.h"
#include "tools/engine/rules.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sanku::prove {

// What a rule did, over all of its subjects.
struct Done {
  std::vector<evaluate::SubjectOutcome> subjects;

  [[nodiscard]] bool any(abi::Outcome outcome) const;
  [[nodiscard]] bool fired() const { return any(abi::Outcome::fired); }
  // Whether some subject fired by that branch.
  [[nodiscard]] bool fired_by(std::uint32_t branch) const;
  // The outcome that stands for the rule, as `sanku test` sees it.
  [[nodiscard]] abi::Outcome outcome() const;
};

// A claim as a test block, with what each of the rules did on it. The test's text has these as its
// expectations.
struct Replayed {
  std::vector<Done> done; // by the rules asked about
  std::string text;
};

class Replayer {
public:
  // Compiles the rules once; they outlive it. Errors: the JIT.
  [[nodiscard]] static Result<std::unique_ptr<Replayer>> make(const engine::Rules& rules);

  // `test` has a title and what is given. Expectations of `rules` are added, and the whole is
  // judged as it reads. Nothing: evaluator and compiled code differ, or the text is refused.
  [[nodiscard]] std::optional<Replayed>
  replay(ast::Test test, const std::vector<std::uint32_t>& rules, bool chinese) const;
  // All that a test gives, as values: two tests that give the same have the same.
  [[nodiscard]] std::string given(const ast::Test& test) const;
  [[nodiscard]] std::string given(const std::string& text) const;
  // Whether a test, as it reads, passes by the evaluator.
  [[nodiscard]] bool passes(const std::string& text) const;
  // Which rules fire on what a test gives, by the evaluator alone: to tell rules apart, not to
  // show.
  [[nodiscard]] std::vector<bool> fired(const ast::Test& test) const;
  [[nodiscard]] const engine::Rules& rules() const { return rules_; }

  Replayer(const engine::Rules& rules, engine::Compiled compiled);

private:
  [[nodiscard]] hir::Test checked(const ast::Test& test) const;
  [[nodiscard]] std::optional<std::vector<Done>>
  judge(const ast::Test& test, const std::vector<std::uint32_t>& rules) const;

  const engine::Rules& rules_;
  hir::CheckedSchema schema_;
  engine::Compiled compiled_;
  std::unique_ptr<engine::Engine> slow_; // the evaluator, over the pack's own tables
};

} // namespace sanku::prove
