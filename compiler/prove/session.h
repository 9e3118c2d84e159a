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

// What may still be spent on a rule, over all that is asked about it. Steps of the solver are the
// same on every machine and decide in practice; time stands behind them, since not all that is done
// is counted in steps.
struct Effort {
  std::uint64_t steps = 0, microseconds = 0;
  bool by_time = false; // a search was ended by time: another machine may know more

  [[nodiscard]] bool is_spent() const { return steps == 0 || microseconds == 0; }
};

struct Limits {
  Bound most{.lines = 3, .visits = 2, .rows = 2};
  std::uint64_t effort = 5'000'000, milliseconds = 15'000; // for each rule
  // What is left of it, shared by several sessions; null: a session has all for itself.
  Effort* left = nullptr;
  bool near = false;     // questions have `near`
  bool any_size = false; // lists may be of any length, and what is folded over them anything
  bool wide = false;     // days, numbers and codes may be all that their types hold
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

// Two rules of a session that take more of a line than there is, and a claim on which they do.
struct Meeting {
  std::size_t other = 0;
  Answer answer; // never `none`
};

[[nodiscard]] Effort effort_of(const Limits& limits);
[[nodiscard]] Question both_take(std::size_t a, std::size_t b, bool minimal);

// Of the solver itself: another version may get further, or less far, with the same steps.
[[nodiscard]] std::string solver_version();

class Session {
public:
  // The rules' programs share one schema. All of it outlives the session.
  Session(std::vector<RuleIn> rules, Limits limits);
  ~Session();
  Session(Session&&) noexcept;

  [[nodiscard]] Answer ask(const Question& question);
  // With which of the others the rule takes more of a line than there is. Asked all at once: a
  // claim shows several, and most rules meet none of the others.
  [[nodiscard]] std::vector<Meeting> meetings(std::size_t rule,
                                              const std::vector<std::size_t>& others);
  // How many conditions the rule's subjects have.
  [[nodiscard]] std::size_t conditions(std::size_t rule) const;
  // The solver's steps so far.
  [[nodiscard]] std::uint64_t spent() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace sanku::prove
