// Rules on claims of one size, as terms with a solver: what a session asks again and again.
// Entry: Encoded::goal and find. Tested by tests/unit/compiler/prove_test.cpp.
#pragma once

#include "compiler/prove/outcome.h"
#include "compiler/prove/seed.h"
#include "compiler/prove/session.h"

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

namespace sanku::prove {

// Takes the time that something takes off what may be spent.
class Spending {
public:
  explicit Spending(Effort& effort) : effort_(effort), begun_(std::chrono::steady_clock::now()) {}
  ~Spending();
  Spending(const Spending&) = delete;
  Spending& operator=(const Spending&) = delete;

  [[nodiscard]] std::uint64_t microseconds() const; // so far

private:
  Effort& effort_;
  std::chrono::steady_clock::time_point begun_;
};

struct Search {
  bool unknown = false; // the solver gave up
  std::optional<Claim> claim;
};

class Encoded {
public:
  Encoded(const std::vector<RuleIn>& rules, const Bound& bound, std::size_t kinds,
          const Limits& limits);

  [[nodiscard]] Term goal(const Question& question);
  // A claim that meets it. `plain`: without refunds.
  [[nodiscard]] Search find(const Term& goal, bool plain, const Question& question);

  [[nodiscard]] Term any(const std::vector<Term>& goals) { return any_of(logic_, goals); }
  // Whether the claim that was found last meets it.
  [[nodiscard]] bool is_met(const Term& goal) const { return holds(goal); }

  [[nodiscard]] const Notes& notes() const { return notes_; }
  [[nodiscard]] const Bound& bound() const { return bound_; }
  // Whether claims bring rows for tables that are empty.
  [[nodiscard]] bool gives_rows() const;
  [[nodiscard]] std::uint64_t spent() const { return spent_; }

private:
  enum class Said : std::uint8_t { yes, no, unknown };
  [[nodiscard]] Said ask(const std::vector<Term>& assumed);
  void encode(const std::vector<RuleIn>& rules, const Limits& limits);
  [[nodiscard]] Term does(const Subject& subject, std::size_t rule, const Demand& demand);
  [[nodiscard]] Term all_demands(const Question& question, std::size_t rule,
                                 const Subject& subject);
  // What the branch that speaks takes of the line, and whether that is known.
  [[nodiscard]] std::pair<Term, Term> taken(const Subject& subject);
  [[nodiscard]] Term overlap(const std::vector<const Subject*>& of);
  [[nodiscard]] Term differ(const Subject& a, const Subject& b);
  [[nodiscard]] Term takes_less(const Subject& a, const Subject& b);
  void shrink(std::vector<Term>& assumed);
  void come_near(const Question& question, std::vector<Term>& assumed);
  bool wish(const Term& term, std::vector<Term>& assumed);
  void improve(const Place& place, const Sym& cell, std::vector<Term>& assumed);
  [[nodiscard]] std::vector<Term> wishes(const Place& place, const Sym& cell);
  [[nodiscard]] bool is_there(const Place& place) const;
  [[nodiscard]] bool holds(const Term& term) const;
  [[nodiscard]] Claim claim() const;
  [[nodiscard]] Value value(const Place& place, const Sym& cell) const;

  const std::vector<RuleIn>& rules_;
  Limits limits_;
  Bound bound_;
  Logic logic_;
  Domains domains_;
  Notes notes_;
  std::unique_ptr<World> world_;
  std::vector<std::vector<Subject>> subjects_; // by rule
  std::optional<z3::solver> solver_;
  std::optional<Term> plain_;
  std::optional<z3::model> model_;
  std::size_t facts_ = 0; // that the solver was told
  std::uint64_t spent_ = 0;
};

} // namespace sanku::prove
