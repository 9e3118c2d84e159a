// See mutate.h. The walk is the mutable twin of compiler/hir/walk.h.
#include "tests/differential/mutate.h"

#include "runtime/types/match.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sanku::differential {
namespace {

const builtins::Builtin* opposite(const builtins::Builtin& row) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> opposites = {
      {{"less", "greater_equal"},
       {"greater_equal", "less"},
       {"less_equal", "greater"},
       {"greater", "less_equal"},
       {"equal", "not_equal"},
       {"not_equal", "equal"}}};
  for (const auto& [name, other] : opposites)
    for (const builtins::Builtin& candidate : builtins::rows())
      if (row.name == name && candidate.name == other &&
          candidate.kernel->params[0].tag == row.kernel->params[0].tag &&
          candidate.kernel->params[1].tag == row.kernel->params[1].tag)
        return &candidate;
  return nullptr;
}

struct Planter {
  Mistake mistake;
  std::size_t planted = 0;

  bool is(Mistake wanted) const { return mistake == wanted; }

  void at(hir::Expr& expr) {
    std::visit(match{
                   [](hir::Constant&) {},
                   [](hir::FieldOf&) {},
                   [](hir::LetOf&) {},
                   [](hir::Earlier&) {},
                   [](hir::OfVisit&) {},
                   [&](hir::PeersOf& form) {
                     for (hir::Expr& key : form.keys)
                       at(key);
                   },
                   [&](hir::Call& call) {
                     for (hir::Expr& argument : call.arguments)
                       at(argument);
                     const builtins::Builtin* other =
                         is(Mistake::flipped_comparison) ? opposite(*call.builtin) : nullptr;
                     if (other)
                       call.builtin = other, ++planted;
                   },
                   [&](hir::InTable& test) { at(*test.key); },
                   [&](hir::CodeTextOf& text) { at(*text.code); },
                   [](hir::EmptyCell&) {},
                   [&](hir::Ask& ask) { at(*ask.answer); },
                   [&](hir::ScoreOf& score) {
                     for (hir::Expr& input : score.inputs)
                       at(input);
                     if (score.total)
                       at(*score.total);
                   },
                   [](hir::ReasonsOf&) {},
                   [&](hir::Fold& fold) {
                     at(*fold.query);
                     if (fold.value)
                       at(*fold.value);
                     const bool any = fold.kind == hir::FoldKind::any,
                                none = fold.kind == hir::FoldKind::none;
                     if (!is(Mistake::flipped_quantifier) || (!any && !none))
                       return;
                     fold.kind = any ? hir::FoldKind::none : hir::FoldKind::any;
                     ++planted;
                   },
               },
               expr.form);
    const auto* call = std::get_if<hir::Call>(&expr.form);
    if (!is(Mistake::lost_otherwise) || !call || call->builtin->name != "otherwise")
      return;
    hir::Expr first = std::move(std::get<hir::Call>(expr.form).arguments.front());
    expr = std::move(first);
    ++planted;
  }
  void at(hir::Binding& binding) {
    if (auto* rows = std::get_if<hir::RowsSource>(&binding.source))
      at(*rows->key);
    if (auto* lines = std::get_if<hir::LinesSource>(&binding.source))
      at(*lines->lines);
  }
  void lose_first(std::vector<hir::Expr>& conditions) {
    if (!is(Mistake::lost_condition) || conditions.empty())
      return;
    conditions.erase(conditions.begin());
    ++planted;
  }
  void at(hir::Query& query) {
    for (hir::Binding& binding : query.from)
      at(binding);
    lose_first(query.where);
    for (hir::Expr& condition : query.where)
      at(condition);
    if (!is(Mistake::lost_beyond) || !std::holds_alternative<hir::BeyondQuantity>(query.beyond))
      return;
    // Beyond the first 0 lies everything.
    std::get<hir::BeyondQuantity>(query.beyond).limit = std::make_unique<hir::Expr>(
        hir::Expr{std::get<hir::BeyondQuantity>(query.beyond).limit->type, query.span,
                  hir::Constant{Decimal{0}}});
    ++planted;
  }
  void at(hir::Report& report) {
    if (auto* query = std::get_if<hir::QueryPtr>(&report.on))
      at(**query);
    if (report.involving)
      at(**report.involving);
    if (auto* amount = std::get_if<hir::AmountExpr>(&report.amount))
      at(amount->value);
    if (is(Mistake::other_amount) && std::holds_alternative<hir::AmountOfLine>(report.amount))
      report.amount = hir::AmountUnknown{}, ++planted;
    const auto hole = std::ranges::find_if(report.message, [](const hir::MessagePart& part) {
      return std::holds_alternative<hir::Hole>(part);
    });
    if (is(Mistake::lost_hole) && hole != report.message.end())
      report.message.erase(hole), ++planted;
  }
  void at(hir::Rule& rule) {
    for (hir::ValueLet& let : rule.lets)
      at(let.value);
    for (hir::Guard& guard : rule.guards)
      if (auto* condition = std::get_if<hir::ConditionGuard>(&guard))
        at(condition->condition);
    for (hir::Match& each : rule.matches) {
      at(each.binding);
      lose_first(each.where);
    }
    for (hir::Branch& branch : rule.branches)
      at(branch.when), at(branch.report);
    if (rule.when_unknown)
      at(*rule.when_unknown);
    const bool guard =
        !rule.guards.empty() && std::holds_alternative<hir::ConditionGuard>(rule.guards.back());
    if (is(Mistake::lost_guard) && guard)
      rule.guards.pop_back(), ++planted;
    if (is(Mistake::lost_branch) && rule.branches.size() > 1)
      rule.branches.pop_back(), ++planted;
    if (is(Mistake::lost_key) && rule.subject.keys.size() > 1)
      rule.subject.keys.pop_back(), ++planted;
  }
};

} // namespace

std::size_t plant(Mistake mistake, hir::Program& program) {
  Planter planter{.mistake = mistake};
  for (hir::Rule& rule : program.rules)
    planter.at(rule);
  return planter.planted;
}

} // namespace sanku::differential
