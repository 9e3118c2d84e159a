// See analyse.h; pairs of rules are in pairs.cpp, samples in sample.cpp.
#include "tools/prove/analyse.h"

#include "compiler/analysis/steps.h"
#include "compiler/hir/walk.h"
#include "compiler/prove/outcome_parts.h"
#include "compiler/prove/test_block.h"
#include "tools/engine/reasons.h"
#include "tools/engine/test_data.h"
#include "tools/prove/asking.h"
#include "tools/prove/refute.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::prove {

std::uint64_t effort_of(double seconds) {
  constexpr double steps_a_second = 1'500'000;
  return static_cast<std::uint64_t>(std::max(1.0, seconds * steps_a_second));
}

std::uint64_t milliseconds_of(double seconds) {
  return static_cast<std::uint64_t>(std::max(1.0, seconds * 3000));
}

std::string title_of(const hir::Rule& rule, bool chinese) {
  return chinese || rule.title_en.empty() ? rule.title_zh : rule.title_en;
}

// ---- one rule

bool is_written_in(source::Span inner, source::Span rule) {
  // What the checker put in stands for the whole rule.
  return inner.file == rule.file && inner.begin > rule.begin && inner.end < rule.end;
}

namespace {

bool inside(source::Span inner, source::Span outer) {
  return inner.file == outer.file && inner.begin >= outer.begin && inner.end <= outer.end;
}

struct RuleAnalysis {
  Asking& asking;
  std::uint32_t rule;
  Session& session;
  Report& report;
  const hir::Rule& form = asking.program().rules[rule];

  Finding finding(Kind kind, const Answer& answer) const {
    return {.kind = kind,
            .rule = rule,
            .other = std::nullopt,
            .branch = std::nullopt,
            .span = std::nullopt,
            .written = {},
            .test = {},
            .bound = answer.bound,
            .proved = answer.proved,
            .limited = answer.limited};
  }
  void open(Kind kind, Why why, const Answer& answer,
            std::optional<std::uint32_t> branch = std::nullopt,
            std::optional<std::uint32_t> condition = std::nullopt) {
    report.open.push_back({.rule = rule,
                           .other = std::nullopt,
                           .kind = kind,
                           .why = why,
                           .forms = answer.freed,
                           .branch = branch,
                           .condition = condition});
  }
  Answer ask(Does does, std::uint32_t which, bool minimal) {
    return session.ask(
        {.demands = {{.rule = 0, .does = does, .which = which}}, .silent = {}, .minimal = minimal});
  }
  // The claim replayed; none where the replay does not confirm it.
  std::optional<Replayed> shown(const Answer& answer, const std::string& zh, const std::string& en,
                                const auto& confirms) {
    auto replayed = asking.replay(*answer.claim, {rule}, zh, en);
    if (replayed && confirms(replayed->done.front()))
      return replayed;
    return std::nullopt;
  }

  // Asked of what is said of all claims: what is said of small ones larger ones do not disprove.
  bool shown_by_tests(const Never& never) const {
    const engine::Rules& rules = asking.replayer.rules();
    return is_shown_by_tests(rules, engine::schema_names(rules), rule, never);
  }

  // Whether the rule can fire; false also where nobody knows.
  bool fires() {
    const Answer answer = ask(Does::fires, 0, true);
    if (answer.kind == Answer::Kind::none) {
      if (answer.proved && shown_by_tests({.kind = Kind::never_fires}))
        open(Kind::never_fires, Why::replay, answer);
      else
        report.findings.push_back(finding(Kind::never_fires, answer));
      return false;
    }
    if (answer.kind == Answer::Kind::unknown) {
      open(Kind::never_fires, Why::effort, answer);
      return false;
    }
    const auto replayed = shown(answer, "触发", "fires", [](const Done& d) { return d.fired(); });
    if (!replayed) {
      open(Kind::never_fires, answer.freed.empty() ? Why::replay : Why::form, answer);
      return false;
    }
    Finding witness = finding(Kind::never_fires, answer);
    witness.test = replayed->text;
    asking.witness(rule, *answer.claim);
    report.witnesses.push_back(std::move(witness));
    return true;
  }

  void branches() {
    if (form.branches.size() < 2)
      return;
    for (std::uint32_t branch = 0; branch < form.branches.size(); ++branch) {
      const Answer answer = ask(Does::speaks, branch, false);
      if (answer.kind == Answer::Kind::found)
        continue;
      if (answer.kind == Answer::Kind::unknown) {
        open(Kind::never_speaks, Why::effort, answer, branch);
        continue;
      }
      if (answer.proved && shown_by_tests({.kind = Kind::never_speaks, .branch = branch})) {
        open(Kind::never_speaks, Why::replay, answer, branch);
        continue;
      }
      const Answer alone = ask(Does::holds, branch, true);
      Finding made = finding(Kind::never_speaks, answer);
      made.branch = branch;
      made.span = form.branches[branch].when.span;
      made.written = engine::written_text(asking.replayer.rules().map, *made.span);
      if (alone.kind == Answer::Kind::found) {
        made.kind = Kind::shadowed;
        const auto replayed =
            shown(alone, fmt::format("第 {} 个分支被之前的分支遮住", branch + 1),
                  fmt::format("branch {} stands behind an earlier one", branch + 1),
                  [&](const Done& done) { return done.fired() && !done.fired_by(branch); });
        if (!replayed) {
          open(Kind::shadowed, alone.freed.empty() ? Why::replay : Why::form, alone, branch);
          continue;
        }
        made.test = replayed->text;
      }
      report.findings.push_back(std::move(made));
    }
  }

  void conditions() {
    const std::vector<const hir::Expr*> exprs = condition_exprs(form);
    std::vector<source::Span> told;
    for (std::uint32_t i = 0; i < exprs.size(); ++i) {
      const source::Span span = exprs[i]->span;
      // What is written elsewhere (derived fields, definitions) decides elsewhere.
      if (std::holds_alternative<hir::Constant>(exprs[i]->form) ||
          !is_written_in(span, form.span) ||
          std::ranges::any_of(told, [&](source::Span outer) { return inside(span, outer); }))
        continue;
      if (condition(i, span, Does::yes, Kind::always_false) ||
          condition(i, span, Does::no, Kind::always_true))
        told.push_back(span);
    }
  }

  bool condition(std::uint32_t which, source::Span span, Does never, Kind kind) {
    const Answer answer = ask(never, which, false);
    if (answer.kind == Answer::Kind::found)
      return false;
    if (answer.kind == Answer::Kind::unknown) {
      open(kind, Why::effort, answer, std::nullopt, which);
      return false;
    }
    if (answer.proved &&
        shown_by_tests({.kind = kind, .condition = condition_exprs(form)[which]})) {
      open(kind, Why::replay, answer, std::nullopt, which);
      return false;
    }
    Finding made = finding(kind, answer);
    made.span = span;
    made.condition = which;
    made.written = engine::written_text(asking.replayer.rules().map, span);
    // A claim on which it is asked at all.
    const Answer there = ask(kind == Kind::always_true ? Does::yes : Does::no, which, true);
    if (there.kind == Answer::Kind::found) {
      const auto replayed = shown(there, fmt::format("条件“{}”", made.written),
                                  fmt::format("the condition `{}`", made.written),
                                  [](const Done& done) { return !done.subjects.empty(); });
      if (replayed)
        made.test = replayed->text;
    }
    report.findings.push_back(std::move(made));
    return true;
  }

  void all() {
    if (!fires())
      return;
    branches();
    conditions();
  }
};

// Lists as long as claims are looked at; of tables that many kinds of rows.
std::uint64_t length_of(const exec::Factor& factor, const Limits& limits) {
  const std::uint64_t lines = limits.most.lines, visits = limits.most.visits;
  switch (factor.of) {
  case exec::Length::list:
  case exec::Length::same:
    return lines;
  case exec::Length::visits:
    return visits;
  case exec::Length::past_list:
  case exec::Length::group:
  case exec::Length::group_list:
  case exec::Length::same_in_group:
    return lines * visits;
  case exec::Length::table:
  case exec::Length::rows:
    break;
  }
  return limits.most_kinds;
}

} // namespace

bool is_too_large(const Asking& asking, std::uint32_t rule) {
  const Options& options = asking.options;
  if (options.most_turns == 0)
    return false;
  const exec::Steps steps =
      analysis::whole(analysis::steps_of(asking.program(), asking.program().rules[rule]));
  const auto length = [&](const exec::Factor& factor) { return length_of(factor, options.limits); };
  return exec::count(steps, length) > options.most_turns;
}

void ask_rule(Asking& asking, std::uint32_t rule, Report& report) {
  ++report.rules;
  if (is_too_large(asking, rule)) {
    report.open.push_back({.rule = rule,
                           .other = std::nullopt,
                           .kind = Kind::never_fires,
                           .why = Why::effort,
                           .forms = {}});
    return;
  }
  Session session({{.tables = &asking.tables, .rule = rule}}, asking.limits(rule));
  RuleAnalysis{.asking = asking, .rule = rule, .session = session, .report = report}.all();
}

std::optional<Claim> claim_of(Asking& asking, std::uint32_t rule) {
  if (const auto known = asking.claims.find(rule); known != asking.claims.end())
    return known->second;
  if (is_too_large(asking, rule))
    return std::nullopt;
  Session session({{.tables = &asking.tables, .rule = rule}}, asking.alone());
  Report unused;
  RuleAnalysis{.asking = asking, .rule = rule, .session = session, .report = unused}.fires();
  const auto found = asking.claims.find(rule);
  return found == asking.claims.end() ? std::nullopt : std::optional(found->second);
}

Report analyse(const Replayer& replayer, const Options& options) {
  const hir::Program& program = engine::program(replayer.rules());
  const Tables tables(program, replayer.rules().checked->tables);
  Report report;
  report.limits = options.limits;
  Asking asking{.replayer = replayer, .tables = tables, .options = options};
  const std::size_t all = options.rules.empty() ? program.rules.size() : options.rules.size();
  for (std::uint32_t rule = 0; rule < program.rules.size(); ++rule) {
    if (!options.rules.empty() && !options.rules.contains(rule))
      continue;
    ask_rule(asking, rule, report);
    if (options.progress)
      options.progress(report.rules, all);
  }
  if (options.pairs)
    pairs(asking, report);
  asking.finish(report);
  return report;
}

} // namespace sanku::prove
