// ProgramImage: a compiled program as the executor sees it: what bind has to fill in, and its
// machine code, of which a better tier may take the place while blocks run. Made by compiler/jit;
// holds no LLVM type. Tested through every case file and tests/unit/compiler/tiers_test.cpp.
#pragma once

#include "runtime/abi/frame.h"
#include "runtime/exec/peers.h"
#include "runtime/exec/steps.h"
#include "runtime/knowledge/table.h"
#include "runtime/models/reasons.h"
#include "runtime/schema/schema.h"
#include "runtime/types/type.h"
#include "runtime/types/value.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sanku::exec {

enum class Shape : std::uint8_t { settlement, element, group };

using RunSubjects = void (*)(abi::Frame*, const abi::Candidate*, std::uint64_t, abi::Tally*);
using RunGroups = void (*)(abi::Frame*, const abi::Candidate*, std::uint64_t, abi::Tally*,
                           std::uint32_t relation);
using RunMasks = void (*)(abi::Frame*, std::uint32_t settlements, std::uint32_t row,
                          std::uint64_t bit, std::uint64_t* masks);

// A place where rules ask whether a code is in a set: a literal set text, or a column of a table.
struct SetUse {
  std::uint32_t dictionary = 0;
  bool below = false; // an element stands for all codes that begin with it
  std::string text;   // of a literal one
  std::uint32_t table = 0;
  std::optional<std::uint32_t> column;
  friend bool operator==(const SetUse&, const SetUse&) = default;
};

// What a rule asks of one column of its subjects, so that it can be answered once a value: whether
// a code or a text is the key of a table, a code in a literal set, an enum one of these values, or
// whether there is a value at all.
struct InTable {
  std::uint32_t table = 0;
  friend bool operator==(const InTable&, const InTable&) = default;
};
struct OneOf {
  std::vector<std::uint32_t> values; // ascending
  friend bool operator==(const OneOf&, const OneOf&) = default;
};
struct IsKnown {
  friend bool operator==(const IsKnown&, const IsKnown&) = default;
};
using ColumnTest = std::variant<InTable, SetUse, OneOf, IsKnown>;

// By which the index may propose subjects: the rule is not applicable where the test fails.
struct IndexKey {
  // Nothing: of all subjects those are proposed whose visit RuleCode::run_masks marks.
  std::optional<ColumnTest> test;
  std::uint32_t relation = 0; // list of the subject
  std::uint32_t column = 0;   // of the list, that the test is about
  std::vector<std::uint32_t>
      row_columns; // of the table: what the header conditions read; the variant is their tuple
  // (relation, column): while one of them is missing nobody knows which row it is, so that those
  // conditions decide nothing; of dated tables.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> as_of;
  bool masks = false; // some condition depends on header and row alone
  // What those conditions ask, whatever the rule and the table: keys of one text, for rows with
  // the same cells, are answered alike.
  std::string header;
  // The rule has nothing to say of visits where no element of the list passes the test, but those
  // that RuleCode::run_masks marks.
  bool visit = false;
};

struct RuleImage {
  Shape shape = Shape::settlement;
  std::uint32_t relation = 0;
  std::uint32_t binders = 2;
  std::vector<IndexKey> keys;            // bind takes the rarest with a test, and the one without
  std::vector<std::uint64_t> parameters; // where rules of one shape share functions
  bool across = false;                   // groups of the whole population
  std::vector<PeerShape> peers;          // where its groups are compared
  std::vector<Steps> heavy;              // of conditions that may be too much, by their number
};

struct ConstantSlot {
  Type type;
  Value value;
};

// A model as the program has it: what it was trained to (null: a scorecard) and how its inputs are
// called. Both are the typed program's, which outlives the image.
struct ModelImage {
  const models::Model* trained = nullptr;
  const std::vector<models::InputNames>* inputs = nullptr;
};

// Keeps the machine code alive; defined by compiler/jit.
struct MachineCode {
  void* owner = nullptr;
  void (*release)(void*) = nullptr;
  MachineCode() = default;
  MachineCode(const MachineCode&) = delete;
  MachineCode& operator=(const MachineCode&) = delete;
  ~MachineCode() {
    if (release != nullptr)
      release(owner);
  }
};

// The entry points of one rule.
struct RuleCode {
  RunSubjects run_subjects = nullptr; // settlement and element subjects
  RunGroups run_groups = nullptr;     // group subjects
  std::vector<RunMasks> run_masks;    // by key; null where the key has no masks
};

// One tier of a program. All tiers give the same findings.
struct Tier {
  std::vector<RuleCode> rules;
  MachineCode machine;
};

struct ProgramImage {
  std::vector<RuleImage> rules; // as in hir::Program
  std::uint64_t budget = 0;     // steps.h: what would take more is not begun
  std::vector<ConstantSlot> constants;
  std::vector<Type> sink_types; // by the type number that keys and holes name
  std::vector<SetUse> sets;
  std::vector<ModelImage> models;
  // The tier in force: read once at the beginning of a block, so that a block runs in one tier.
  std::atomic<const Tier*> tier{nullptr};
  std::vector<std::unique_ptr<Tier>> tiers; // all there were: blocks may still run in any of them
};

// Puts a tier in force. One thread at a time; blocks may be running.
inline void put_in_force(ProgramImage& image, std::unique_ptr<Tier> tier) {
  const Tier* made = image.tiers.emplace_back(std::move(tier)).get();
  image.tier.store(made, std::memory_order_release);
}

} // namespace sanku::exec
