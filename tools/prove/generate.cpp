// See generate.h.
#include "tools/prove/generate.h"

#include "compiler/prove/outcome_parts.h"
#include "compiler/prove/test_block.h"
#include "tools/engine/reasons.h"
#include "tools/prove/asking.h"

#include <fmt/format.h>

#include <algorithm>

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

struct Generator {
  Asking& asking;
  Generated& made;
  std::set<std::string> given = {}; // by tests that there are, and that were made

  // Tests that say something of the rule.
  void there_already(std::uint32_t rule) {
    for (const hir::Test& test : asking.program().tests)
      if (std::ranges::find(test.expect_rules, rule) != test.expect_rules.end())
        given.insert(asking.replayer.given(*test.ast));
  }

  void edge(Session& session, std::uint32_t rule, std::uint32_t which, const std::string& written,
            const Edge& edge) {
    const Demand condition{.rule = 0, .does = edge.condition, .which = which};
    const Demand comes{.rule = 0, .does = edge.rule, .not_so = edge.not_so};
    Question question{.demands = {condition, comes}, .silent = {}, .near = condition};
    Answer answer = session.ask(question);
    if (answer.kind == Answer::Kind::none) {
      question.demands.pop_back();
      answer = session.ask(question);
    }
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
      if (!is_written_in(span, form.span) || is_made_of_others(*exprs[i]) ||
          std::holds_alternative<hir::Constant>(exprs[i]->form))
        continue;
      std::string written = engine::written_text(asking.replayer.rules().map, span);
      std::erase(written, '"');
      if (written.size() > 90)
        written =
            fmt::format(fmt::runtime(asking.options.chinese ? "条件 {}" : "condition {}"), i + 1);
      for (const Edge& each :
           {Edge{Does::yes, Does::fires, false, "恰好成立", "just holds"},
            Edge{Does::no, Does::fires, true, "恰好不成立", "just does not hold"},
            Edge{Does::unknown, Does::undecided, false, "不明", "is not known"}})
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

} // namespace sanku::prove
