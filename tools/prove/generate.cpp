// See generate.h.
#include "tools/prove/generate.h"

#include "compiler/prove/outcome_parts.h"
#include "compiler/prove/test_block.h"
#include "tools/engine/reasons.h"
#include "tools/prove/asking.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sanku::prove {
namespace {

struct Edge {
  Does condition;
  Does rule;   // what it should come to, where it can
  bool not_so; // it should not come to that
  std::string_view zh, en;
};

bool is_made_of_others(const hir::Expr& expr) {
  const auto* call = std::get_if<hir::Call>(&expr.form);
  if (call == nullptr)
    return false;
  const std::string_view name = call->builtin->kernel->name;
  return name == "and" || name == "or" || name == "not";
}

constexpr std::array edges = {Edge{Does::yes, Does::fires, false, "恰好成立", "just holds"},
                              Edge{Does::no, Does::fires, true, "恰好不成立", "just does not hold"},
                              Edge{Does::unknown, Does::undecided, false, "不明", "is not known"}};

// A condition that the rule's author wrote, and that no others make.
bool has_edges(const hir::Expr& condition, const hir::Rule& form) {
  return is_written_in(condition.span, form.span) && !is_made_of_others(condition) &&
         !std::holds_alternative<hir::Constant>(condition.form);
}

// A claim on which the condition goes that way, and the rule with it where it can.
Answer at(Session& session, std::uint32_t which, const Edge& edge) {
  const Demand condition{.rule = 0, .does = edge.condition, .which = which};
  const Demand comes{.rule = 0, .does = edge.rule, .not_so = edge.not_so};
  Question question{.demands = {condition, comes}, .silent = {}, .near = condition};
  Answer answer = session.ask(question);
  if (answer.kind != Answer::Kind::none)
    return answer;
  question.demands.pop_back();
  return session.ask(question);
}

struct Generator {
  Asking& asking;
  Generated& made;
  // By tests that say something of the rule, and by those that were made for it: what another rule
  // is tested with says nothing of this one.
  std::set<std::string> given = {};

  void there_already(std::uint32_t rule) {
    given.clear();
    for (const hir::Test& test : asking.program().tests)
      if (std::ranges::find(test.expect_rules, rule) != test.expect_rules.end())
        given.insert(asking.replayer.given(*test.ast));
  }

  void edge(Session& session, std::uint32_t rule, std::uint32_t which, const std::string& written,
            const Edge& edge) {
    const Answer answer = at(session, which, edge);
    if (answer.kind == Answer::Kind::none)
      return;
    if (answer.kind == Answer::Kind::unknown) {
      ++made.open;
      return;
    }
    const auto replayed =
        asking.replay(*answer.claim, {rule}, fmt::format("{} {}", written, edge.zh),
                      fmt::format("{} {}", written, edge.en));
    if (!replayed || replayed->done.front().subjects.empty()) {
      ++made.open;
      return;
    }
    if (!given.insert(asking.replayer.given(replayed->text)).second) {
      ++made.known;
      return;
    }
    ++made.tests;
    made.text += (made.text.empty() ? "" : "\n") + replayed->text;
  }

  void rule(std::uint32_t id) {
    there_already(id);
    const hir::Rule& form = asking.program().rules[id];
    Limits limits = asking.limits(id);
    limits.near = true;
    Session session({{.tables = &asking.tables, .rule = id}}, limits);
    const std::vector<const hir::Expr*> exprs = condition_exprs(form);
    for (std::uint32_t i = 0; i < exprs.size(); ++i) {
      const source::Span span = exprs[i]->span;
      if (!has_edges(*exprs[i], form))
        continue;
      std::string written = engine::written_text(asking.replayer.rules().map, span);
      std::erase(written, '"');
      if (written.size() > 90)
        written =
            fmt::format(fmt::runtime(asking.options.chinese ? "条件 {}" : "condition {}"), i + 1);
      for (const Edge& each : edges)
        edge(session, id, i, written, each);
    }
  }
};

} // namespace

Generated generate(const Replayer& replayer, const Options& options) {
  const Tables tables(engine::program(replayer.rules()), replayer.rules().checked->tables);
  Generated made;
  Asking asking{.replayer = replayer, .tables = tables, .options = options};
  Generator generator{.asking = asking, .made = made};
  const std::size_t all = asking.program().rules.size();
  for (std::uint32_t rule = 0; rule < all; ++rule)
    if (options.rules.empty() || options.rules.contains(rule)) {
      generator.rule(rule);
      if (options.progress)
        options.progress(rule + 1, all);
    }
  return made;
}

EdgeClaims::EdgeClaims(const engine::Rules& rules, Options options)
    : program_(engine::program(rules)), tables_(program_, rules.checked->tables),
      options_(std::move(options)) {}

std::vector<ast::Test> EdgeClaims::of(std::uint32_t rule) const {
  const hir::Rule& form = program_.rules[rule];
  Effort left = effort_of(options_.limits);
  Limits limits = options_.limits;
  limits.left = &left;
  limits.near = true;
  Session session({{.tables = &tables_, .rule = rule}}, limits);
  const std::vector<const hir::Expr*> exprs = condition_exprs(form);
  std::vector<ast::Test> made;
  for (std::uint32_t i = 0; i < exprs.size(); ++i)
    for (const Edge& each : edges) {
      if (!has_edges(*exprs[i], form))
        continue;
      const Answer answer = at(session, i, each);
      if (answer.kind != Answer::Kind::found)
        continue;
      ast::Test test = given_of(*answer.claim, program_, options_.chinese);
      ast::Expect about;
      about.rule = ast::Name{.text = form.id, .span = {}};
      about.outcome = ast::Expected::clear;
      test.expect.push_back(std::move(about));
      made.push_back(std::move(test));
    }
  return made;
}

} // namespace sanku::prove
