// A finding as both executions deliver it, with codes as text so that findings of different batches
// and engines compare. Compiled code captures the same facts in a block's arena when a rule fires;
// nothing is looked up again later. describe (tools/engine) turns it into words; attribute (later)
// into recoverable amounts.
#pragma once

#include "runtime/abi/frame.h"
#include "runtime/types/value.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sanku::exec {

enum class LineRole : std::uint8_t { offending = 1, involved = 2 };

struct FindingLine {
  std::uint32_t row = 0; // absolute row of the fee-line list in the batch
  LineRole role = LineRole::offending;
  bool amount_known = false; // offending lines only; false: not computed
  std::int64_t amount = 0;   // cents
  // Of payment limits: nobody says whether the patient alone paid for the line; it is taken as
  // paid.
  bool paid_unknown = false;
  // What can be had back of the line by this finding, in cents, each line's money once over all
  // findings; filled by attribute.
  bool recoverable_known = false;
  std::int64_t recoverable = 0;
};

struct EvidenceRow {
  std::uint32_t table = 0;
  std::uint32_t row = 0; // of knowledge::Table::rows
};

inline constexpr std::uint32_t when_unknown_branch = 0xffffffffu;

// The name of something that is missing: a column, or without one a list of which the claim must
// have at least one element and has none; or the question of an answer (relation no_relation).
inline constexpr std::uint32_t no_relation = 0xffffffffu;
// What is missing is room: the condition would take more steps than the budget (steps.h).
inline constexpr std::uint32_t the_budget = 0xfffffffeu;
// Nothing is missing, and there is no value all the same.
inline constexpr std::uint32_t the_division = 0xfffffffdu; // by zero
inline constexpr std::uint32_t the_range = 0xfffffffcu;    // too large, or of something that is not
inline constexpr std::uint32_t the_elements = 0xfffffffbu; // none of which one could be taken
inline constexpr std::uint32_t the_case = 0xfffffffau;     // of a choice: none or several hold
inline constexpr std::uint32_t the_peers = 0xfffffff9u;    // too few
inline constexpr std::uint32_t the_period = 0xfffffff8u;   // there is none before
struct MissingName {
  std::uint32_t relation = 0; // as in hir::Program: lists, then tables
  std::optional<std::uint32_t> column;
  std::string question = {};
  friend auto operator<=>(const MissingName&, const MissingName&) = default;
};

struct Finding {
  std::uint32_t settlement = 0; // row in the batch
  std::uint32_t rule = 0;       // index in hir::Program::rules
  std::uint32_t branch = 0;     // index, or when_unknown_branch
  std::uint32_t subject =
      0; // absolute row of the element, of the group's first element, or the settlement
  std::uint64_t unknown_branches = 0; // bit b: branch b < 64 was unknown and passed over
  std::vector<EvidenceRow> evidence;  // rows bound by `let` and `with`, in binder order
  std::vector<FindingLine>
      lines; // offending in canonical order, then involved in canonical order without repeats
  std::vector<Value> keys;          // group subjects: the key values
  std::vector<Value> holes;         // of the branch's message, in order; then an indicator's value
  bool trial = false;               // nobody acts on it yet
  std::vector<MissingName> missing; // where the message names them; in schema order, each once
};

[[nodiscard]] bool same(const Finding& a, const Finding& b);

// The sum of the offending lines' amounts in cents; not known when any of them is not computed or
// there are none.
[[nodiscard]] bool amount_of(const Finding& finding, std::int64_t& cents);

// A subject whose outcome could not be decided.
struct Indeterminate {
  std::uint32_t settlement = 0;
  std::uint32_t rule = 0;
  std::uint32_t subject = 0;
  friend bool operator==(const Indeterminate&, const Indeterminate&) = default;
};

// How often each outcome came out, by rule. Fired and indeterminate are always exact; clear and not
// applicable only when counted.
struct OutcomeCounts {
  std::uint64_t fired = 0, indeterminate = 0, clear = 0, not_applicable = 0;
};

} // namespace sanku::exec
