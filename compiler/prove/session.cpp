// See session.h.
#include "compiler/prove/session.h"

#include "compiler/hir/walk.h"
#include "compiler/prove/encoded.h"
#include "runtime/types/check.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::prove {
namespace {

bool looks_at_visits(const hir::Rule& rule) {
  bool any = rule.subject.across;
  const auto walk = [&](const auto& self, const auto& child) -> void {
    if constexpr (std::is_same_v<std::decay_t<decltype(child)>, hir::Query>)
      for (const hir::Binding& binding : child.from)
        any = any || std::holds_alternative<hir::VisitsSource>(binding.source);
    hir::for_each_child(child, [&](const auto& below) { self(self, below); });
  };
  for (const hir::Match& match : rule.matches)
    any = any || std::holds_alternative<hir::VisitsSource>(match.binding.source);
  hir::for_each_child(rule, [&](const auto& child) { walk(walk, child); });
  return any;
}

// Sizes of claims, smaller ones first.
std::vector<Bound> sizes(const std::vector<RuleIn>& rules, const Bound& most) {
  const bool visits =
      std::ranges::any_of(rules, [](const RuleIn& in) { return looks_at_visits(in.form()); });
  std::vector<Bound> all;
  for (std::uint32_t lines = 1; lines <= most.lines; ++lines)
    for (std::uint32_t count = 1; count <= (visits ? most.visits : 1); ++count)
      all.push_back({.lines = lines, .visits = count, .rows = 1});
  std::ranges::stable_sort(all, {}, [](const Bound& bound) { return bound.lines + bound.visits; });
  all.back().rows = most.rows;
  return all;
}

} // namespace

Effort effort_of(const Limits& limits) {
  return {.steps = limits.effort, .microseconds = limits.milliseconds * 1000, .by_time = false};
}

struct Session::State {
  Effort own;
  std::vector<RuleIn> rules;
  Limits limits;
  std::vector<Bound> bounds;
  std::map<std::pair<std::size_t, std::size_t>, std::unique_ptr<Encoded>> encoded;
  std::unique_ptr<Encoded> any_size, everything;

  Encoded& at(std::size_t size, std::size_t kinds) {
    std::unique_ptr<Encoded>& made = encoded[{size, kinds}];
    if (!made) {
      const Spending spending(*limits.left);
      made = std::make_unique<Encoded>(rules, bounds[size], kinds, limits);
    }
    return *made;
  }

  Answer of(const Encoded& world, Answer::Kind kind) const {
    return {.kind = kind,
            .claim = std::nullopt,
            .bound = world.bound(),
            .proved = false,
            .freed = world.notes().freed,
            .limited = world.notes().limited};
  }

  // Nothing was found among the small claims: with more kinds of rows, and with refunds.
  Answer widen(std::size_t size, const Question& question) {
    const auto& few = at(size, limits.kinds).notes().limited;
    const bool rows = std::ranges::any_of(
        few, [](const std::string& each) { return each.starts_with("rows of "); });
    Encoded& wide = at(size, rows ? limits.most_kinds : limits.kinds);
    const Term goal = wide.goal(question);
    for (const bool plain : {true, false}) {
      if (plain && !rows)
        continue;
      const Search found = wide.find(goal, plain, question);
      if (found.unknown)
        return of(wide, Answer::Kind::unknown);
      if (!found.claim)
        continue;
      Answer answer = of(wide, Answer::Kind::found);
      answer.claim = found.claim;
      return answer;
    }
    return question.near ? of(wide, Answer::Kind::none) : of_all(size, question);
  }

  // There is none among days, numbers and codes as claims have them: among all that there can be?
  Answer of_all(std::size_t size, const Question& question) {
    if (limits.left->is_spent()) {
      Answer answer = of(at(size, limits.kinds), Answer::Kind::none);
      answer.limited.insert("days and numbers");
      return answer;
    }
    if (!everything) {
      Limits free = limits;
      free.wide = true;
      const Spending spending(*limits.left);
      everything = std::make_unique<Encoded>(rules, bounds[size], limits.most_kinds, free);
    }
    const Search found = everything->find(everything->goal(question), false, question);
    Answer answer = of(*everything, found.claim ? Answer::Kind::found : Answer::Kind::none);
    answer.claim = found.claim;
    if (found.unknown)
      answer.limited.insert("days and numbers");
    if (answer.kind == Answer::Kind::none)
      answer.proved = answer.limited.empty() || holds_for_any_size(answer.limited, question);
    return answer;
  }

  // Whether there is none either where lists are of any length.
  bool holds_for_any_size(const std::set<std::string>& limited, const Question& question) {
    const bool only_sizes = std::ranges::all_of(
        limited, [](const std::string& each) { return each == "lines" || each == "visits"; });
    if (!only_sizes)
      return false;
    if (!any_size) {
      Limits free = limits;
      free.any_size = free.wide = true;
      const Spending spending(*limits.left);
      any_size = std::make_unique<Encoded>(
          rules, Bound{.lines = 1, .visits = 1, .rows = limits.most.rows}, limits.most_kinds, free);
    }
    const Search found = any_size->find(any_size->goal(question), false, question);
    return !found.unknown && !found.claim && any_size->notes().limited.empty();
  }

  Answer spent(std::size_t size) const {
    return {.kind = Answer::Kind::unknown, .claim = std::nullopt, .bound = bounds[size]};
  }

  // From what is asked of all to what is asked of halves, where that is too much at once.
  void meet(std::size_t rule, const std::vector<std::size_t>& others, std::vector<Meeting>& made) {
    std::vector<std::size_t> left = others;
    while (!left.empty()) {
      const auto unknown = [&](const std::size_t other) {
        made.push_back({.other = other, .answer = spent(0)});
      };
      if (limits.left->is_spent())
        return std::ranges::for_each(left, unknown), void();
      Encoded& world = at(0, limits.kinds);
      std::vector<Term> goals;
      for (const std::size_t other : left)
        goals.push_back(world.goal(both_take(rule, other, false)));
      const Search found = world.find(world.any(goals), true, both_take(rule, left[0], false));
      if (found.unknown && left.size() == 1)
        return unknown(left[0]);
      if (found.unknown) {
        const auto middle = left.begin() + static_cast<std::ptrdiff_t>(left.size() / 2);
        meet(rule, {left.begin(), middle}, made);
        return meet(rule, {middle, left.end()}, made);
      }
      if (!found.claim)
        return;
      std::vector<std::size_t> rest;
      for (std::size_t i = 0; i < left.size(); ++i) {
        if (!world.is_met(goals[i])) {
          rest.push_back(left[i]);
          continue;
        }
        made.push_back({.other = left[i], .answer = of(world, Answer::Kind::found)});
        made.back().answer.claim = found.claim;
      }
      check(rest.size() < left.size(), "a claim that was found shows what was asked");
      left = std::move(rest);
    }
  }

  Answer ask(const Question& question) {
    std::size_t size = 0;
    for (;; ++size) {
      if (limits.left->is_spent())
        return spent(size);
      Encoded& world = at(size, limits.kinds);
      const Search found = world.find(world.goal(question), true, question);
      if (found.unknown)
        return of(world, Answer::Kind::unknown);
      if (found.claim) {
        Answer answer = of(world, Answer::Kind::found);
        answer.claim = found.claim;
        return answer;
      }
      const std::set<std::string>& limited = world.notes().limited;
      const bool grows =
          limited.contains("lines") || limited.contains("visits") ||
          (size + 1 < bounds.size() && bounds[size + 1].rows > 1 && world.gives_rows());
      if (size + 1 == bounds.size() || !grows)
        break;
    }
    return widen(size, question);
  }
};

std::string solver_version() {
  unsigned major = 0, minor = 0, build = 0, revision = 0;
  Z3_get_version(&major, &minor, &build, &revision);
  return fmt::format("z3 {}.{}.{}", major, minor, build);
}

Session::Session(std::vector<RuleIn> rules, Limits limits) : state_(std::make_unique<State>()) {
  check(!rules.empty(), "a question about no rule");
  state_->bounds = sizes(rules, limits.most);
  state_->rules = std::move(rules);
  state_->limits = limits;
  state_->own = effort_of(limits);
  if (limits.left == nullptr)
    state_->limits.left = &state_->own;
}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;

Answer Session::ask(const Question& question) {
  try {
    return state_->ask(question);
  } catch (const z3::exception&) {
    // The solver gives up on what it cannot hold in memory.
    return {};
  }
}

std::vector<Meeting> Session::meetings(std::size_t rule, const std::vector<std::size_t>& others) {
  std::vector<Meeting> made;
  try {
    state_->meet(rule, others, made);
  } catch (const z3::exception&) {
    // As above: of those that were not reached nobody knows.
    for (const std::size_t other : others)
      if (std::ranges::find(made, other, &Meeting::other) == made.end())
        made.push_back({.other = other, .answer = {}});
  }
  std::ranges::sort(made, {}, &Meeting::other);
  return made;
}

Question both_take(std::size_t a, std::size_t b, bool minimal) {
  return {.demands = {{.rule = a, .does = Does::fires}, {.rule = b, .does = Does::fires}},
          .silent = {},
          .same_subject = true,
          .overlap = true,
          .minimal = minimal};
}

std::size_t Session::conditions(std::size_t rule) const {
  return condition_exprs(state_->rules[rule].form()).size();
}

std::uint64_t Session::spent() const {
  std::uint64_t all = 0;
  for (const auto& [key, world] : state_->encoded)
    all += world->spent();
  return all;
}

} // namespace sanku::prove
