// What rules can do at all: which can never fire, which conditions decide nothing, which branches
// are never reached, which rules say the same, and which take the same line twice; each with the
// smallest claim that shows it, replayed. Entry: analyse. Tested by
// tests/unit/tools/prove_test.cpp.
#pragma once

#include "compiler/prove/session.h"
#include "runtime/types/value.h"
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
};

struct Options {
  Limits limits;
  std::set<std::uint32_t> rules; // only these; empty: all
  bool chinese = false;
  bool pairs = true;
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
};

[[nodiscard]] Report analyse(const Replayer& replayer, const Options& options);

// Steps of the solver that take about so long on a machine of today; a limit in steps gives the
// same answers on all machines.
[[nodiscard]] std::uint64_t effort_of(double seconds);
// A few times as long: what ends what the steps do not.
[[nodiscard]] std::uint64_t milliseconds_of(double seconds);

} // namespace sanku::prove
