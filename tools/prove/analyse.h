// What rules can do at all: which can never fire, which conditions decide nothing, which branches
// are never reached, which rules say the same, and which take the same line twice; each with the
// smallest claim that shows it, replayed. Entry: analyse. Tested by
// tests/unit/tools/prove_test.cpp.
#pragma once

#include "compiler/prove/session.h"
#include "runtime/types/value.h"
#include "tools/engine/renames.h"
#include "tools/prove/replay.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sanku::prove {

enum class Kind : std::uint8_t {
  never_fires,
  never_speaks, // a branch whose condition can never hold
  shadowed,     // a branch that speaks only where an earlier one does
  always_true,  // a condition that is never false
  always_false, // a condition that never holds
  together,     // two rules that fire on the same claims
  overlap,      // two rules that take more of a line than there is
  loosened,     // an overlay lets pass what a mandatory rule finds
  differs,      // two versions of a rule, told apart
  not_compared, // two versions, parts of which are written otherwise and have no terms
  equal,        // two versions of a rule that nothing tells apart
};

// A part of a rule without terms that two versions do not share: `severity`. `sure`: findings
// differ wherever it speaks, or only what is shown of them, or nobody knows.
enum class Sure : std::uint8_t { yes, no, text };
struct PartDiffers {
  std::string part;
  Sure sure = Sure::no;
  std::string before, now; // where it can be said in a word
};

// A claim that was found and replayed, as a test block.
struct Finding {
  Kind kind = Kind::never_fires;
  std::uint32_t rule = 0;
  std::optional<std::uint32_t> other, branch;
  std::optional<source::Span> span; // of the condition
  std::string written;              // likewise
  std::string test;                 // empty: there is no claim to show
  Bound bound;                      // of what there is no claim for
  bool proved = false;              // of any size
  std::set<std::string> limited;
  std::vector<PartDiffers> parts = {}; // of two versions
  // Of a condition of the rule, which one, in the order in which they are written.
  std::optional<std::uint32_t> condition = std::nullopt;
};

// A question that got no answer, and why.
enum class Why : std::uint8_t {
  form,
  effort,
  replay,
  parts, // of two versions: `forms` are parts without terms
};
struct Open {
  std::uint32_t rule = 0;
  std::optional<std::uint32_t> other;
  Kind kind = Kind::never_fires; // what was asked for
  Why why = Why::effort;
  std::set<std::string> forms;
  std::optional<std::uint32_t> branch = std::nullopt, condition = std::nullopt;
};

// Some of the rules, asked about again: in this order, until so many steps are spent.
struct Sample {
  std::vector<std::uint32_t> order;
  std::uint64_t most_steps = 0, most_milliseconds = 0;
};

struct Options {
  Limits limits;
  std::set<std::uint32_t> rules; // only these; empty: all
  bool chinese = false;
  bool pairs = true;
  // Two rules are asked about with an effort of their own, whatever was asked of either before: the
  // answer is the same whichever other rules there are.
  bool pairs_alone = false;
  // A rule that may take more turns of its loops on a claim as large as is looked at is not asked
  // about: writing it down for the solver would take as long. 0: none is too large.
  std::uint64_t most_turns = 0;
  std::function<void(std::size_t done, std::size_t of)> progress = {};
};

struct Report {
  std::uint64_t rules = 0, with_witness = 0;
  std::vector<Finding> findings;
  std::vector<Finding> witnesses; // by rule: a claim on which it fires
  std::vector<Open> open;
  Limits limits;
  bool compared = false;                          // of two versions, and then:
  std::vector<std::string> only_now, only_before; // rules that only one of them has
  engine::Renames renamed = {};                   // of rules that both have
  bool by_time = false; // time ended some search: another machine may find otherwise
  // Rules of a sample of which everything was asked, but what they take of a line with others.
  std::set<std::uint32_t> examined = {};
};

[[nodiscard]] Report analyse(const Replayer& replayer, const Options& options);
// What `analyse` finds of some of the rules, pairs that take the same line aside.
[[nodiscard]] Report sample(const Replayer& replayer, const Options& options, const Sample& which);

// Steps of the solver that take about so long on a machine of today; a limit in steps gives the
// same answers on all machines.
[[nodiscard]] std::uint64_t effort_of(double seconds);
// A few times as long: what ends what the steps do not.
[[nodiscard]] std::uint64_t milliseconds_of(double seconds);

} // namespace sanku::prove
