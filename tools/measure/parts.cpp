// See parts.h. One walk over a rule; what is asked for its truth on the way is a condition.
#include "tools/measure/parts.h"

#include "compiler/hir/walk.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"
#include "tools/engine/reasons.h"
#include "tools/measure/told.h"
#include "tools/measure/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace sanku::measure {
namespace {

using source::Span;

constexpr std::array<std::string_view, 3> connectives = {"and", "or", "not"};
// Calls that ask for the truth of an argument without being a condition themselves.
constexpr std::array<std::string_view, 3> askers = {"pick", "as_count", "truth_to_score"};
// Only the checker writes these.
constexpr std::array<std::string_view, 4> of_zones = {"zone_of", "in_zones", "moment",
                                                      "begins_before"};

template <class Names> bool is_call(const hir::Expr& expr, const Names& names) {
  const auto* call = std::get_if<hir::Call>(&expr.form);
  return call != nullptr && std::ranges::find(names, call->builtin->name) != names.end();
}

bool inside(Span inner, Span outer) {
  return inner.file == outer.file && inner.begin >= outer.begin && inner.end <= outer.end;
}

bool asks_for_zone(const hir::Expr& expr) {
  return hir::any_part(expr, [](const hir::Expr& part) { return is_call(part, of_zones); });
}

struct Collector {
  const Rules& rules;
  const hir::Program& program;
  const hir::Rule& rule;
  const ast::Rule& ast;
  Parts parts = {};
  bool told = false;                  // only said, where no expectation asks for it
  bool in_choice = false;             // between several values of a parameter
  std::vector<Span> queries = {};     // under way
  std::vector<Span> whole_spans = {}; // of conditions under way that the checker spelled out

  // ---- what is no condition of an author's

  // The `provided` or `unless` of a guard; null: the checker's.
  const ast::Clause* written_as(const hir::ConditionGuard& guard) const {
    const auto found = std::ranges::find_if(ast.clauses, [&](const ast::Clause& clause) {
      const auto* provided = std::get_if<ast::Provided>(&clause);
      const auto* unless = std::get_if<ast::Unless>(&clause);
      const ast::ExprPtr* condition = provided != nullptr ? &provided->condition
                                      : unless != nullptr ? &unless->condition
                                                          : nullptr;
      return condition != nullptr && inside(guard.condition.span, (*condition)->span);
    });
    return found == ast.clauses.end() ? nullptr : &*found;
  }

  // The filter that the checker puts around the lines of a payment limit.
  bool spares_self_paid(const hir::Expr& expr) const {
    const hir::Expr* asked = &expr;
    if (is_call(expr, std::array<std::string_view, 1>{"known"}))
      asked = &std::get<hir::Call>(expr.form).arguments.front();
    const auto* field = std::get_if<hir::FieldOf>(&asked->form);
    return field != nullptr &&
           hir::relation(program, field->relation).columns[field->column].role ==
               schema::Role::self_paid &&
           std::ranges::find(queries, expr.span) != queries.end();
  }

  bool is_inserted(const hir::Expr& expr) const {
    return std::holds_alternative<hir::OfVisit>(expr.form) || is_call(expr, of_zones) ||
           spares_self_paid(expr) || (compares(expr) && asks_for_zone(expr));
  }

  // One condition as it is written, which the checker spelled out: a derived field of the schema,
  // `a meets b`. What a definition or a decision table says is the author's, condition by
  // condition.
  bool is_spelled_out(const hir::Expr& expr) const {
    const auto* call = std::get_if<hir::Call>(&expr.form);
    const auto is_here = [&](const hir::Expr& argument) { return argument.span == expr.span; };
    if (call == nullptr || chooses_value(expr) || !std::ranges::all_of(call->arguments, is_here))
      return false;
    const std::string text = engine::written_text(rules.map, expr.span);
    // However it is laid out.
    const std::size_t name = text.find_first_of(" ()[]<>=+-*/\"");
    const std::size_t next = name == std::string::npos ? name : text.find_first_not_of(' ', name);
    return next == std::string::npos || text[next] != '(';
  }

  // ---- whether a truth can be missing

  bool can_be_unknown(const hir::Expr& expr) const {
    return std::visit(
        match{
            [](const hir::Constant& form) { return !is_known(form.value); },
            [&](const hir::FieldOf& form) {
              const schema::Relation& of = hir::relation(program, form.relation);
              return of.kind != schema::RelationKind::table || of.columns[form.column].optional;
            },
            [&](const hir::LetOf& form) { return can_be_unknown(rule.lets[form.let].value); },
            [&](const hir::Call& form) {
              if (form.builtin->name == "known")
                return false;
              if (form.builtin->name == "otherwise")
                return can_be_unknown(form.arguments[1]);
              return std::ranges::any_of(
                  form.arguments, [&](const hir::Expr& each) { return can_be_unknown(each); });
            },
            [](const hir::EmptyCell&) { return false; },
            [](const auto&) { return true; },
        },
        expr.form);
  }

  // ---- conditions

  void add(const hir::Expr* expr, const hir::Guard* guard, Span span, bool can_be_unknown) {
    std::string zh, en;
    if (expr != nullptr) {
      zh = text(program, rule, *expr, Language::zh);
      en = text(program, rule, *expr, Language::en);
    } else {
      const std::string key = engine::written_text(rules.map, span);
      zh = fmt::format("{}[{}]", names_of(*guard).zh, key);
      en = fmt::format("{}[{}]", names_of(*guard).en, key);
    }
    auto found = std::ranges::find_if(parts.conditions, [&](const Condition& each) {
      return each.span == span && each.en == en && each.guards.empty() == (guard == nullptr);
    });
    if (found == parts.conditions.end()) {
      parts.conditions.push_back({.span = span,
                                  .zh = std::move(zh),
                                  .en = std::move(en),
                                  .exprs = {},
                                  .guards = {},
                                  .can_be_unknown = can_be_unknown});
      found = parts.conditions.end() - 1;
    }
    if (expr != nullptr)
      found->exprs.push_back(expr);
    else
      found->guards.push_back(guard);
  }

  // What something asks for its truth by itself.
  void clause(const hir::Expr& at) {
    if (!told && !is_inserted(at))
      parts.clauses.push_back(&at);
    expr(at, true);
  }

  // Of the table that a guard looks into.
  const schema::Names& names_of(const hir::Guard& guard) const {
    const auto* row = std::get_if<hir::RowGuard>(&guard);
    const hir::TableId table =
        row != nullptr ? row->table
                       : std::get<hir::RowsSource>(
                             rule.matches[std::get<hir::MatchGuard>(guard).match].binding.source)
                             .table;
    return program.tables[table].shape.relation.names;
  }

  // `asked`: what it is used for is its truth.
  void expr(const hir::Expr& at, bool asked) {
    const bool spelled_out = is_spelled_out(at);
    if (at.type.kind == Kind::boolean && asked) {
      if (is_inserted(at))
        return;
      const bool passes_on = is_call(at, connectives) || is_call(at, askers) ||
                             std::holds_alternative<hir::LetOf>(at.form) ||
                             std::holds_alternative<hir::Constant>(at.form);
      const bool part = std::ranges::find(whole_spans, at.span) != whole_spans.end();
      // What is only told, no expectation can speak of.
      if ((!passes_on || spelled_out) && !part && !told)
        add(&at, nullptr, at.span, can_be_unknown(at));
    }
    note_params(at);
    if (spelled_out) {
      if (!told && std::ranges::find(whole_spans, at.span) == whole_spans.end())
        parts.exprs.push_back(&at);
      whole_spans.push_back(at.span);
    }
    inside_of(at, asked);
    if (spelled_out)
      whole_spans.pop_back();
  }

  // What joins a written condition to one that the checker added.
  bool joins_added(const hir::Expr& at) const {
    const auto* call = std::get_if<hir::Call>(&at.form);
    return call != nullptr && is_call(at, connectives) &&
           std::ranges::any_of(call->arguments, [&](const hir::Expr& argument) {
             return is_inserted(argument) || (argument.span == at.span && asks_for_zone(argument));
           });
  }

  void inside_of(const hir::Expr& at, bool asked) {
    if (!told && !joins_added(at) && std::ranges::find(whole_spans, at.span) == whole_spans.end())
      parts.exprs.push_back(&at);
    if (const auto* call = std::get_if<hir::Call>(&at.form))
      return arguments(at, *call, asked);
    if (std::holds_alternative<hir::Ask>(at.form))
      return;
    if (const auto* fold = std::get_if<hir::Fold>(&at.form)) {
      query(*fold->query);
      if (fold->value)
        expr(*fold->value, fold->kind == hir::FoldKind::every);
      return;
    }
    below(at);
  }

  void arguments(const hir::Expr& at, const hir::Call& call, bool asked) {
    const bool passes_on = (asked && is_call(at, connectives)) || is_call(at, askers);
    if (is_param_choice(call))
      return choice(at, call);
    for (std::size_t i = 0; i < written_arguments(call); ++i)
      expr(call.arguments[i], passes_on);
  }

  void choice(const hir::Expr& at, const hir::Call& call) {
    parts.choices.emplace(&at, !std::exchange(in_choice, true));
    if (!told)
      edges(call.arguments[0], call.arguments[0].span);
    expr(call.arguments[1], false);
    expr(call.arguments[2], false);
    in_choice = !parts.choices.at(&at);
  }

  // The checker adds scales, and whether an element of a set stands for all below it.
  static std::size_t written_arguments(const hir::Call& call) {
    const builtins::Builtin& builtin = *call.builtin;
    const std::size_t most =
        builtin.symbol.empty() && !builtin.callable && builtin.name != "add_counts" ? 1
        : builtin.name == "pick"                                                    ? 3
        : !builtin.symbol.empty()                                                   ? 2
                                  : call.arguments.size();
    return std::min(most, call.arguments.size());
  }

  // Which value of a parameter counts, also as another kind of number, is no condition, and its
  // values are each an author's.
  static bool chooses_value(const hir::Expr& expr) {
    const auto* call = std::get_if<hir::Call>(&expr.form);
    if (call == nullptr || call->arguments.empty())
      return false;
    const bool converts = call->builtin->symbol.empty() && !call->builtin->callable;
    return is_param_choice(*call) || (converts && chooses_value(call->arguments.front()));
  }

  // Which value of a parameter is in force.
  static bool is_param_choice(const hir::Call& call) {
    if (call.builtin->name != "pick")
      return false;
    const auto* value = std::get_if<hir::Constant>(&call.arguments[1].form);
    return value != nullptr && value->of && value->of->value > 0;
  }

  void query(const hir::Query& at) {
    queries.push_back(at.span);
    for (const hir::Binding& each : at.from)
      binding(each);
    if (!told)
      parts.queries.push_back(&at);
    for (const hir::Expr& where : at.where)
      clause(where);
    if (at.rank)
      expr(*at.rank->key, false);
    std::visit(match{[](std::monostate) {},
                     [&](const hir::BeyondQuantity& form) { expr(*form.limit, false); },
                     [&](const hir::BeyondDistinct& form) {
                       expr(*form.limit, false);
                       expr(*form.key, false);
                     }},
               at.beyond);
    queries.pop_back();
  }

  // Which visits lie in a window is not for the author to say.
  void binding(const hir::Binding& at) {
    if (const auto* visits = std::get_if<hir::VisitsSource>(&at.source))
      return expr(*visits->window, false);
    hir::for_each_child(at, [&](const auto& child) { child_of(child); });
  }
  void below(const hir::Expr& at) {
    hir::for_each_child(at, [&](const auto& child) { child_of(child); });
  }
  void child_of(const hir::Expr& child) { expr(child, false); }
  void child_of(const hir::Query& child) { query(child); }

  // ---- days

  // Comparisons of days inside of what the checker wrote.
  void edges(const hir::Expr& root, Span span) {
    hir::for_each_part(root, [&](const hir::Expr& part) {
      const auto* call = std::get_if<hir::Call>(&part.form);
      if (call == nullptr || !compares(part))
        return;
      const auto* day = std::get_if<hir::Constant>(&call->arguments[1].form);
      const auto* date = day == nullptr ? nullptr : std::get_if<Date>(&day->value);
      if (date == nullptr)
        return;
      const bool begins = call->builtin->symbol == ">=";
      const auto same = [&](const Edge& each) {
        return each.span == span && each.day.days == date->days && each.begins == begins;
      };
      auto found = std::ranges::find_if(parts.edges, same);
      if (found == parts.edges.end()) {
        const std::string what = engine::written_text(rules.map, span);
        parts.edges.push_back(
            {.span = span, .day = *date, .begins = begins, .zh = what, .en = what, .exprs = {}});
        found = parts.edges.end() - 1;
      }
      found->exprs.push_back(&part);
    });
  }

  // ---- parameters

  void note_params(const hir::Expr& at) {
    if (const auto* constant = std::get_if<hir::Constant>(&at.form); constant && constant->of)
      parts.used[&at].push_back(*constant->of);
    if (told || !compares(at))
      return;
    std::vector<hir::Constant::OfParam> found;
    for (const hir::Expr& side : std::get<hir::Call>(at.form).arguments)
      params_of(side, found);
    if (!found.empty())
      parts.compared.emplace(&at, std::move(found));
  }
  // Not those that stand in a list or in a condition below.
  void params_of(const hir::Expr& at, std::vector<hir::Constant::OfParam>& found) const {
    if (const auto* constant = std::get_if<hir::Constant>(&at.form); constant && constant->of)
      found.push_back(*constant->of);
    if (const auto* let = std::get_if<hir::LetOf>(&at.form))
      params_of(rule.lets[let->let].value, found);
    const auto* call = std::get_if<hir::Call>(&at.form);
    if (call == nullptr || compares(at))
      return;
    for (const hir::Expr& argument : call->arguments)
      params_of(argument, found);
  }

  // ---- the rule

  // What is written is the condition inside of the `not` that the checker put around it, which
  // stands in the same place.
  void unless(const hir::Expr& opposite) {
    parts.clauses.push_back(&opposite);
    expr(std::get<hir::Call>(opposite.form).arguments.front(), true);
  }

  void guard(const hir::Guard& at) {
    std::visit(match{
                   [&](const hir::ConditionGuard& form) {
                     const ast::Clause* clause_of = written_as(form);
                     if (clause_of == nullptr)
                       return edges(form.condition, form.condition.span);
                     parts.has_guards = true;
                     if (std::holds_alternative<ast::Unless>(*clause_of) &&
                         is_call(form.condition, std::array<std::string_view, 1>{"not"}))
                       unless(form.condition);
                     else
                       clause(form.condition);
                   },
                   [&](const hir::RowGuard& form) {
                     parts.has_guards = true;
                     add(nullptr, &at, form.key.span, true);
                     expr(form.key, false);
                   },
                   [&](const hir::MatchGuard& form) {
                     parts.has_guards = true;
                     const auto& rows =
                         std::get<hir::RowsSource>(rule.matches[form.match].binding.source);
                     add(nullptr, &at, rows.key->span, true);
                   },
               },
               at);
  }

  void report(const hir::Report& at) {
    if (const auto* lines = std::get_if<hir::QueryPtr>(&at.on))
      query(**lines);
    if (const auto* amount = std::get_if<hir::AmountExpr>(&at.amount))
      expr(amount->value, false);
    told = true;
    if (at.involving)
      query(**at.involving);
    if (at.value)
      expr(*at.value, false);
    for (const hir::MessagePart& part : at.message)
      if (const auto* hole = std::get_if<hir::Hole>(&part))
        expr(hole->value, false);
    told = false;
  }

  void whole() {
    if (rule.subject.entering)
      binding(rule.subject.entering->binding);
    for (const hir::GroupKey& key : rule.subject.keys)
      expr(key.value, false);
    const std::set<std::uint32_t> asked = lets_asked_for(rule);
    for (std::uint32_t i = 0; i < rule.lets.size(); ++i) {
      told = !asked.contains(i);
      expr(rule.lets[i].value, true);
    }
    told = false;
    for (const hir::Guard& each : rule.guards)
      guard(each);
    for (const hir::Match& match : rule.matches) {
      binding(match.binding);
      for (const hir::Expr& where : match.where)
        clause(where);
    }
    for (const hir::PeerUse& use : rule.peers)
      expr(use.value, false);
    if (rule.trial)
      edges(*rule.trial, rule.trial->span);
    for (const hir::Branch& branch : rule.branches) {
      // A report without `when`: that it always holds is the checker's word.
      const auto* always = std::get_if<hir::Constant>(&branch.when.form);
      if (always == nullptr || always->of)
        clause(branch.when);
      report(branch.report);
    }
    if (rule.when_unknown)
      report(*rule.when_unknown);
  }
};

// What is written says more than the tree in words, where it is said of one condition alone.
void take_written(const Rules& rules, std::vector<Condition>& conditions) {
  for (Condition& each : conditions) {
    const auto of_span = std::ranges::count(conditions, each.span, &Condition::span);
    if (of_span == 1 && each.guards.empty())
      each.zh = each.en = engine::written_text(rules.map, each.span);
  }
}

} // namespace

bool compares(const hir::Expr& expr) {
  constexpr std::array<std::string_view, 6> signs = {"<", "<=", ">", ">=", "=", "!="};
  const auto* call = std::get_if<hir::Call>(&expr.form);
  return call != nullptr && call->arguments.size() == 2 &&
         std::ranges::find(signs, call->builtin->symbol) != signs.end();
}

const ast::Rule& written(const Rules& rules, const hir::Rule& rule) {
  for (const auto& file : rules.checked->files)
    for (const ast::Decl& decl : file->decls)
      if (const auto* made = std::get_if<ast::Rule>(&decl); made && made->span == rule.span)
        return *made;
  unreachable("a rule was written somewhere");
}

Parts parts_of(const Rules& rules, std::uint32_t rule) {
  const hir::Program& program = engine::program(rules);
  const hir::Rule& of = program.rules[rule];
  Collector collector{.rules = rules, .program = program, .rule = of, .ast = written(rules, of)};
  collector.whole();
  Parts& parts = collector.parts;
  take_written(rules, parts.conditions);
  const auto place = [](const auto& each) {
    return std::tuple(each.span.file, each.span.begin, each.span.end);
  };
  std::ranges::stable_sort(parts.conditions, {}, place);
  std::ranges::stable_sort(parts.edges, {}, place);
  return std::move(parts);
}

} // namespace sanku::measure
