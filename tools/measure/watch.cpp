// See watch.h. A condition decided in a test where the rule would have come out otherwise had the
// condition been otherwise wherever it went that way, and all else the same: that is evaluated.
#include "tools/measure/watch.h"

#include "compiler/evaluate/model.h"
#include "runtime/types/moment.h"
#include "tools/engine/reasons.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sanku::measure {
namespace {

using abi::Outcome;
using evaluate::SubjectOutcome;

Way way_of(Tri truth) {
  return truth == Tri::yes ? Way::yes : truth == Tri::no ? Way::no : Way::unknown;
}
std::size_t number(Way way) { return static_cast<std::size_t>(way); }

std::vector<std::string> said(const std::vector<Value>& row) {
  std::vector<std::string> cells;
  for (const Value& cell : row) {
    const auto* listed = std::get_if<EnumValue>(&cell);
    cells.push_back(listed != nullptr ? fmt::format("{} {}", listed->id, listed->unlisted)
                                      : to_text(cell, {}, Language::en, ""));
  }
  return cells;
}

// Whether a comparison stood with both sides equal.
bool are_equal(const Value& a, const Value& b) {
  const auto whole = [](const Value& value) -> std::optional<std::int64_t> {
    if (const auto* integer = std::get_if<Integer>(&value))
      return integer->value;
    const auto* count = std::get_if<Count>(&value);
    return count != nullptr && count->low == count->high ? std::optional(count->low) : std::nullopt;
  };
  if (const auto left = whole(a), right = whole(b); left && right)
    return *left == *right;
  return is_known(a) && a.index() == b.index() && same(a, b);
}

// What one test showed of the ways that conditions and edges went.
using Went3 = std::array<bool, 3>;
struct OfTest {
  std::vector<Went3> conditions, edges;
};

struct Watcher {
  const Rules& rules;
  const hir::Program& program;
  const Parts& parts;
  std::uint32_t rule;
  Seen& seen;
  Watched made = {};
  std::map<const void*, std::size_t> condition_of = {}, edge_of = {};
  OfTest now = {};
  // Of parameters with several values the one that was chosen last; null: nobody knows which.
  std::map<std::uint32_t, const hir::Expr*> chosen = {};

  void prepare() {
    for (std::size_t i = 0; i < parts.conditions.size(); ++i) {
      for (const hir::Expr* expr : parts.conditions[i].exprs)
        condition_of[expr] = i;
      for (const hir::Guard* guard : parts.conditions[i].guards)
        condition_of[guard] = i;
    }
    for (std::size_t i = 0; i < parts.edges.size(); ++i)
      for (const hir::Expr* expr : parts.edges[i].exprs)
        edge_of[expr] = i;
    made.conditions.resize(parts.conditions.size());
    made.edges.resize(parts.edges.size());
    made.branches.resize(program.rules[rule].branches.size() + 1);
  }

  // ---- listening

  void note(const hir::Expr& expr, const Value& value, const Trial& trial) {
    if (const auto found = condition_of.find(&expr); found != condition_of.end())
      now.conditions[found->second][number(way_of(engine::truth_of(value)))] = true;
    if (const auto found = edge_of.find(&expr); found != edge_of.end())
      now.edges[found->second][number(way_of(engine::truth_of(value)))] = true;
    // Where there are several values all are looked at, and one is used.
    const auto used = parts.used.find(&expr);
    if (used != parts.used.end() &&
        std::ranges::all_of(used->second, [this](const hir::Constant::OfParam& of) {
          return program.params[of.param].values.size() == 1;
        }))
      made.used.emplace(&expr, trial.test);
  }

  // Which value a choice between those of a parameter came to.
  void note_choice(const hir::Expr& expr, bool whole, const Value& later, const Trial& trial) {
    const auto& call = std::get<hir::Call>(expr.form);
    const std::uint32_t param = std::get<hir::Constant>(call.arguments[1].form).of->param;
    const hir::Expr*& value = chosen[param];
    const Tri truth = engine::truth_of(later);
    if (truth == Tri::unknown)
      value = nullptr;
    else if (truth == Tri::yes)
      value = &call.arguments[1];
    else if (std::holds_alternative<hir::Constant>(call.arguments[2].form))
      value = &call.arguments[2];
    if (whole && value != nullptr)
      made.used.emplace(value, trial.test);
  }

  void note_at_bound(const hir::Expr& expr, const Trial& trial) {
    for (const hir::Constant::OfParam& of : parts.compared.at(&expr)) {
      const auto found = chosen.find(of.param);
      const bool in_force = found == chosen.end() ||
                            (found->second != nullptr &&
                             std::get<hir::Constant>(found->second->form).of->value == of.value);
      if (in_force)
        made.at_bound.emplace(std::tuple(&expr, of.param, of.value), trial.test);
    }
  }

  void note_rows(const Trial& trial, hir::TableId table, const Value& key, const Value& at,
                 const std::vector<std::uint32_t>& rows) {
    SeenRows& of = seen.rows[table];
    for (const std::uint32_t row : rows)
      if (trial.given[table])
        of.given.insert(said(trial.tables[table].rows[row]));
      else
        of.own.insert(row);
    const knowledge::TableShape& shape = program.tables[table].shape;
    if (!shape.valid_from || !is_known(at) || !is_known(key))
      return;
    const std::int32_t day =
        shape.zone_from ? moment_of(std::get<Integer>(at).value).day : std::get<Date>(at).days;
    for (const std::vector<Value>& cells : trial.tables[table].rows) {
      if (!same(cells[shape.key], key))
        continue;
      const auto* from = std::get_if<Date>(&cells[*shape.valid_from]);
      const auto* to = std::get_if<Date>(&cells[*shape.valid_to]);
      const bool before = from != nullptr && day < from->days,
                 after = to != nullptr && day > to->days;
      of.before = of.before || before;
      of.after = of.after || after;
      of.inside = of.inside || (!before && !after && (from != nullptr || to != nullptr));
    }
  }

  void note_inputs(hir::ModelId id, const std::vector<double>& inputs) {
    const hir::Model& model = program.models[id];
    if (!model.trained) {
      auto& lines = seen.points[id];
      lines.resize(inputs.size());
      for (std::size_t i = 0; i < inputs.size(); ++i)
        if (!std::isnan(inputs[i]))
          lines[i].insert(inputs[i]);
      return;
    }
    const std::vector<std::size_t> leaves = evaluate::leaves(*model.trained, inputs);
    for (std::size_t tree = 0; tree < leaves.size(); ++tree)
      seen.leaves[id].insert({tree, leaves[tree]});
  }

  void listen(Trial& trial) {
    now.conditions.assign(parts.conditions.size(), {});
    now.edges.assign(parts.edges.size(), {});
    trial.observer.value = [this, &trial](const hir::Expr& expr, const Value& value) {
      note(expr, value, trial);
    };
    trial.observer.guard = [this](const hir::Guard& guard, const Tri& truth) {
      if (const auto found = condition_of.find(&guard); found != condition_of.end())
        now.conditions[found->second][number(way_of(truth))] = true;
    };
    trial.observer.call = [this, &trial](const hir::Expr& call, const std::vector<Value>& of) {
      if (const auto choice = parts.choices.find(&call); choice != parts.choices.end())
        note_choice(call, choice->second, of[0], trial);
      if (parts.compared.contains(&call) && are_equal(of[0], of[1]))
        note_at_bound(call, trial);
    };
    trial.observer.rows = [this, &trial](hir::TableId table, const Value& key, const Value& at,
                                         const std::vector<std::uint32_t>& rows) {
      note_rows(trial, table, key, at, rows);
    };
    trial.observer.inputs = [this](hir::ModelId model, const std::vector<double>& inputs) {
      note_inputs(model, inputs);
    };
  }

  // ---- asking what a condition decided

  // The rule with the condition `instead` wherever it went that way.
  bool decides(Trial& trial, std::size_t condition, Way way, Tri instead,
               const std::vector<SubjectOutcome>& found) {
    const auto is_it = [this, condition](const void* node) {
      const auto at = condition_of.find(node);
      return at != condition_of.end() && at->second == condition;
    };
    trial.observer = {};
    if (parts.conditions[condition].guards.empty())
      trial.observer.value = [=](const hir::Expr& expr, Value& value) {
        if (is_it(&expr) && way_of(engine::truth_of(value)) == way)
          value = Bool{instead == Tri::yes};
      };
    else
      trial.observer.guard = [=](const hir::Guard& guard, Tri& truth) {
        if (is_it(&guard) && way_of(truth) == way)
          truth = instead;
      };
    const bool differs = !same_outcomes(judge(program, trial, rule), found);
    trial.observer = {};
    return differs;
  }

  void ask(Trial& trial, const std::vector<SubjectOutcome>& found) {
    for (std::size_t i = 0; i < parts.conditions.size(); ++i)
      for (const Way way : ways) {
        Went& went = made.conditions[i][number(way)];
        if (!now.conditions[i][number(way)])
          continue;
        ++went.tests;
        if (went.shown != nullptr)
          continue;
        const bool decided = (way != Way::no && decides(trial, i, way, Tri::no, found)) ||
                             (way != Way::yes && decides(trial, i, way, Tri::yes, found));
        if (decided)
          went.shown = trial.test;
      }
  }

  void note_outcomes(const Trial& trial, const std::vector<SubjectOutcome>& found) {
    std::set<Outcome> outcomes;
    std::set<std::uint32_t> branches;
    for (const SubjectOutcome& each : found) {
      outcomes.insert(each.outcome);
      // What speaks `when unknown` has fired, and could not be decided.
      if (each.finding && each.finding->branch == exec::when_unknown_branch)
        outcomes.insert(Outcome::indeterminate);
      if (each.finding)
        branches.insert(std::min<std::uint32_t>(
            each.finding->branch, static_cast<std::uint32_t>(made.branches.size()) - 1));
    }
    for (const Outcome outcome : outcomes)
      made.outcomes.emplace(outcome, trial.test);
    made.cover.fired += outcomes.contains(Outcome::fired);
    made.cover.clear += outcomes.contains(Outcome::clear);
    made.cover.not_applicable += outcomes.contains(Outcome::not_applicable);
    made.cover.indeterminate += outcomes.contains(Outcome::indeterminate);
    for (const std::uint32_t branch : branches) {
      auto& [count, first] = made.branches[branch];
      ++count;
      if (first == nullptr)
        first = trial.test;
    }
  }

  void one(Trial& trial) {
    listen(trial);
    const std::vector<SubjectOutcome> found = judge(program, trial, rule);
    trial.observer = {};
    note_outcomes(trial, found);
    for (std::size_t i = 0; i < parts.edges.size(); ++i)
      for (const Way way : ways)
        if (now.edges[i][number(way)]) {
          Went& went = made.edges[i][number(way)];
          ++went.tests;
          if (went.shown == nullptr)
            went.shown = trial.test;
        }
    ask(trial, found);
  }
};

} // namespace

Watched watch(const Rules& rules, const hir::CheckedSchema& schema, const Parts& parts,
              std::uint32_t rule, const std::vector<const hir::Test*>& tests, Seen& seen) {
  Watcher watcher{.rules = rules,
                  .program = engine::program(rules),
                  .parts = parts,
                  .rule = rule,
                  .seen = seen};
  watcher.prepare();
  watcher.made.cover.rule = rule;
  watcher.made.cover.tests = tests;
  for (const hir::Test* test : tests) {
    const auto ready = trial(rules, schema, *test);
    if (ready)
      watcher.one(*ready);
    else
      ++watcher.made.unread;
  }
  return std::move(watcher.made);
}

} // namespace sanku::measure
