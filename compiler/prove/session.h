// Questions about rules, answered by a solver: is there a claim on which these rules do this? A
// session is about some rules of one schema; it looks at larger and larger claims, so that what it
// finds has as few elements as can be, and then leaves out what is not needed. Only this room sees
// the solver. Entry: Session::ask. Tested by tests/unit/compiler/prove_test.cpp.
#pragma once

#include "compiler/prove/claim.h"
#include "compiler/prove/rule_in.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sanku::prove {

// What some subject of a rule does.
enum class Does : std::uint8_t {
  fires,     // any branch, or `when unknown`
  speaks,    // branch `which`, none before it
  holds,     // the condition of branch `which`, guards included, whatever speaks before it
  clear,     // nothing speaks, all is known
  undecided, // guards or branches
  exempt,    // not applicable
  applies,   // all guards hold
  // Condition `which` (outcome.h), where it is looked at and what stands beside it leaves the
  // decision to it.
  yes,
  no,
  unknown,
};
struct Demand {
  std::size_t rule = 0; // of the session's
  Does does = Does::fires;
  std::uint32_t which = 0;
  bool not_so = false; // it does not
};
// All demands on one rule are about one subject of it, which there must be; a rule that is to be
// silent is so on all of its subjects. `same_subject`: all rules are looked at on the same element.
struct Question {
  std::vector<Demand> demands;
  std::vector<std::size_t> silent = {}; // rules none of whose subjects fires
  bool same_subject = false;
  bool overlap = false; // together they take more of the line than there is
  bool differ = false;  // they do not take the same of the line
  bool less = false;    // the second takes less of the line than the first
  std::optional<Demand> near =
      std::nullopt;    // whose condition is to be decided as closely as can be
  bool minimal = true; // what is found has as little in it as can be
};

struct Limits {
  Bound most{.lines = 3, .visits = 2, .rows = 2};
  std::uint64_t effort = 5'000'000; // steps of the solver, for each size of claim
  bool near = false;                // questions have `near`
  bool any_size = false; // lists may be of any length, and what is folded over them anything
  std::size_t kinds = 6, most_kinds = 48; // of rows of each table that are tried
};

struct Answer {
  enum class Kind : std::uint8_t { found, none, unknown };
  Kind kind = Kind::unknown;
  std::optional<Claim> claim = std::nullopt; // of `found`
  Bound bound = {};                          // of the last claims that were looked at
  // Of `none`: nothing was left out, so that there is no such claim of any size.
  bool proved = false;
  std::set<std::string> freed = {}, limited = {}; // as Notes
};

class Session {
public:
  // The rules' programs share one schema. All of it outlives the session.
  Session(std::vector<RuleIn> rules, Limits limits);
  ~Session();
  Session(Session&&) noexcept;

  [[nodiscard]] Answer ask(const Question& question);
  // How many conditions the rule's subjects have.
  [[nodiscard]] std::size_t conditions(std::size_t rule) const;
  // The solver's steps so far.
  [[nodiscard]] std::uint64_t spent() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace sanku::prove
