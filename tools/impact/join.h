// Two packs as one program: the rules of the first, and of the second those that are not the same,
// so that one reading of claims serves both and a rule that both have is judged once. A rule is the
// same when all that decides its findings is (compiler/hir/content.h), with every table and model
// that it reads. Entry: join. Tested by tests/unit/tools/impact_test.cpp.
#pragma once

#include "compiler/hir/content.h"
#include "tools/engine/engine.h"
#include "tools/engine/rules.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace sanku::impact {

// untouched: proven to find the same in every claim; reworded: likewise, but its title, basis or
// stages differ.
enum class State : std::uint8_t { untouched, reworded, changed, added, removed };

struct RuleChange {
  std::string id, title_zh, title_en;
  State state = State::untouched;
  std::vector<hir::Part> parts;            // that differ
  std::vector<std::string> tables, models; // that it reads and that differ, by English name
  bool judged_once = false;
  std::string was = {}; // its id in the first pack, where that is another
};

// A table or a model that differs; of tables how many rows came and went.
struct DataChange {
  std::string name;
  State state = State::changed;
  std::uint64_t rows_added = 0, rows_removed = 0;
};
struct ParamChange {
  std::string name, before, after; // empty: there is none
};

// Whose findings a rule makes.
struct Sides {
  bool before = false, after = false;
};

// How a side completes what senders wrote.
struct Completion {
  assemble::CodeBook codes;
  assemble::LocalCodes local;
};

struct Joined {
  std::unique_ptr<engine::Rules> rules; // the first pack's, extended
  std::vector<Sides> sides;             // by rule
  std::vector<std::uint32_t> change_of; // by rule, into `changes`
  std::vector<RuleChange> changes;      // by id
  std::vector<DataChange> tables, models;
  std::vector<ParamChange> params;
  std::array<std::string, 2> labels; // before, after
  std::array<Completion, 2> completions;
  bool same_completion = true;
};

[[nodiscard]] bool same_schema(const engine::Rules& before, const engine::Rules& after);
// What differs, of any two packs: `changes`, `tables`, `models`, `params` and `labels` alone.
[[nodiscard]] Joined compare(const engine::Rules& before, const engine::Rules& after);
// Both are ready and of the same schema.
[[nodiscard]] Joined join(std::unique_ptr<engine::Rules> before,
                          std::unique_ptr<engine::Rules> after);
// How batches for the second pack are completed.
[[nodiscard]] assemble::Assembly assembly_after(const Joined& joined, const engine::Engine& engine);

} // namespace sanku::impact
