// See outcome.h.
#include "compiler/prove/outcome.h"

#include "compiler/hir/walk.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <functional>

namespace sanku::prove {

Term Subject::fired_by(Logic& logic, std::size_t branch) const {
  std::vector<Term> terms{there, applies.yes, branches[branch].yes};
  for (std::size_t i = 0; i < branch; ++i)
    terms.push_back(negated(branches[i].yes));
  return all_of(logic, terms);
}

Term Subject::told_unknown(Logic& logic, const hir::Rule& rule) const {
  if (!rule.when_unknown)
    return logic.no();
  Term some = logic.no();
  std::vector<Term> terms{there, applies.yes, negated(stands_unknown.no)};
  for (const Truth& branch : branches) {
    terms.push_back(negated(branch.yes));
    some = either(some, unknown(branch));
  }
  terms.push_back(some);
  return all_of(logic, terms);
}

Term Subject::fired(Logic& logic, const hir::Rule& rule) const {
  std::vector<Term> any;
  for (const Truth& branch : branches)
    any.push_back(branch.yes);
  return either(all_of(logic, {there, applies.yes, any_of(logic, any)}), told_unknown(logic, rule));
}

Term Subject::clear(Logic& logic) const {
  std::vector<Term> terms{there, applies.yes};
  for (const Truth& branch : branches)
    terms.push_back(branch.no);
  return all_of(logic, terms);
}

// Also what `when unknown` then speaks of.
Term Subject::undecided(Logic& logic) const {
  Term none = logic.yes(), some = logic.no();
  for (const Truth& branch : branches) {
    none = both(none, negated(branch.yes));
    some = either(some, unknown(branch));
  }
  return both(there, either(unknown(applies), all_of(logic, {applies.yes, none, some})));
}

// ---- order

namespace {

bool order_matters(const hir::Query& query) {
  return !std::holds_alternative<std::monostate>(query.beyond) || query.rank.has_value();
}

// Whether an expression or query below sees an order itself.
template <class Node> bool sees(const Node& node) {
  bool found = false;
  const std::function<void(const hir::Query&)> of_query = [&](const hir::Query& query) {
    found = found || order_matters(query);
    for (const hir::Binding& binding : query.from)
      found = found || std::holds_alternative<hir::PairSource>(binding.source);
  };
  const auto walk = [&](const auto& self, const auto& child) -> void {
    if constexpr (std::is_same_v<std::decay_t<decltype(child)>, hir::Query>)
      of_query(child);
    else if constexpr (std::is_same_v<std::decay_t<decltype(child)>, hir::Expr>) {
      found = found || std::holds_alternative<hir::Earlier>(child.form);
      if (const auto* fold = std::get_if<hir::Fold>(&child.form))
        found = found || fold->kind == hir::FoldKind::first || fold->kind == hir::FoldKind::last;
    }
    hir::for_each_child(child, [&](const auto& below) { self(self, below); });
  };
  hir::for_each_child(node, [&](const auto& child) { walk(walk, child); });
  return found;
}

} // namespace

bool sees_order(const hir::Rule& rule) {
  return rule.subject.kind == hir::SubjectKind::group || sees(rule);
}

void put_in_order(const hir::Rule& rule, World& world) {
  if (!sees_order(rule))
    return;
  const schema::Schema& schema = world.program().schema;
  for (hir::RelationId relation = 1; relation < schema.relations.size(); ++relation)
    if (!schema.relations[relation].raw_of)
      world.put_in_order(relation);
}

// ---- conditions

namespace {

// A condition beside others: how many it is made of before it, and where it can matter. In `a and
// b` the one matters where the other is not false, in `a or b` where the other does not hold.
struct Beside {
  const hir::Expr* expr;
  bool of_and;
};
template <class Fn>
void parts_of(const hir::Expr& expr, const std::vector<Beside>& beside, const Fn& fn) {
  fn(expr, beside);
  const auto* call = std::get_if<hir::Call>(&expr.form);
  if (call == nullptr)
    return;
  const std::string_view name = call->builtin->kernel->name;
  if (name == "not")
    parts_of(call->arguments[0], beside, fn);
  if (name != "and" && name != "or")
    return;
  for (const std::size_t i : {0u, 1u}) {
    std::vector<Beside> inner = beside;
    inner.push_back({&call->arguments[1 - i], name == "and"});
    parts_of(call->arguments[i], inner, fn);
  }
}

// Of a branch whose condition speaks of matches each match would give another answer; those
// conditions are looked at as a whole only.
template <class Fn> void for_each_condition(const hir::Rule& rule, const Fn& fn) {
  for (const hir::Guard& each : rule.guards)
    if (const auto* guard = std::get_if<hir::ConditionGuard>(&each))
      parts_of(guard->condition, {}, [&](const hir::Expr& part, const std::vector<Beside>& beside) {
        fn(part, std::optional<std::uint32_t>(), beside);
      });
  for (std::uint32_t i = 0; i < rule.branches.size() && rule.matches.empty(); ++i)
    parts_of(rule.branches[i].when, {},
             [&](const hir::Expr& part, const std::vector<Beside>& beside) {
               fn(part, std::optional(i), beside);
             });
}

// ---- how close a comparison is

// An age that is just reached on the day, or as many days before as years have.
std::vector<Term> close_ages(Scope& scope, const Sym& age, const Sym& span) {
  Logic& l = scope.logic();
  const Term days = minus(age.parts[1], age.parts[0]);
  const auto unit = [&](SpanUnit of) {
    return equal(span.parts[1], l.number(static_cast<int>(of)));
  };
  const Civil born = l.civil(age.parts[0]), then = l.civil(age.parts[1]);
  const Term anniversary = both(equal(born.day, then.day), equal(born.month, then.month));
  std::vector<Term> near{all_of(
      l, {unit(SpanUnit::years), anniversary, equal(minus(then.year, born.year), span.parts[0])})};
  const Term about = plus(times(span.parts[0], l.number(365)), l.floor_divide(span.parts[0], 4));
  for (const int more : {0, -1, -2})
    near.push_back(both(unit(SpanUnit::years), equal(days, plus(about, l.number(more)))));
  for (const int more : {0, -1, 1})
    near.push_back(both(unit(SpanUnit::days), equal(days, plus(span.parts[0], l.number(more)))));
  return near;
}

std::vector<Term> closest(Scope& scope, const hir::Expr& expr) {
  const auto* call = std::get_if<hir::Call>(&expr.form);
  if (call == nullptr || call->arguments.size() != 2 || call->builtin->symbol.empty())
    return {};
  Logic& l = scope.logic();
  const Sym a = scope.value(call->arguments[0]), b = scope.value(call->arguments[1]);
  const Term known = both(a.known, b.known);
  std::vector<Term> near;
  if (a.kind == Kind::age && b.kind == Kind::span)
    near = close_ages(scope, a, b);
  const bool number = a.kind == Kind::integer || is_number(a.kind) || a.kind == Kind::date ||
                      a.kind == Kind::datetime || a.kind == Kind::count || a.kind == Kind::span;
  const bool other = b.kind == a.kind || b.kind == Kind::integer || b.kind == Kind::count;
  if (number && other) {
    near.push_back(equal(a.parts[0], b.parts[0]));
    std::int64_t step = 1;
    for (std::uint8_t scale = 0; scale <= call->arguments[0].type.scale; ++scale, step *= 10)
      for (const std::int64_t by : {step, -step})
        near.push_back(equal(a.parts[0], plus(b.parts[0], l.number(by))));
  }
  for (Term& one : near)
    one = both(known, one);
  return near;
}

// ---- one subject

struct Judging {
  Scope& scope;
  Subject& made;
  bool near;
  Logic& logic = scope.logic();
  const hir::Rule& rule = scope.rule();

  void guards() {
    for (const hir::Guard& guard : rule.guards)
      made.applies = both(made.applies,
                          std::visit(match{
                                         [&](const hir::ConditionGuard& form) {
                                           return scope.truth(form.condition);
                                         },
                                         [&](const hir::RowGuard& form) { return row(form); },
                                         [&](const hir::MatchGuard& form) { return matched(form); },
                                     },
                                     guard));
  }

  Truth row(const hir::RowGuard& guard) {
    const Found found = scope.look_up(guard.table, guard.key, guard.at);
    Element element{.form = Element::Form::row, .rows = {}};
    for (const Choice& choice : found.rows)
      if (const Term when = both(choice.when, negated(found.not_known)); !when.is_false())
        element.rows.push_back({when, choice.row});
    scope.bind(guard.binder, std::move(element));
    return scope.has_row(found);
  }

  Truth matched(const hir::MatchGuard& guard) {
    const auto* source = std::get_if<hir::RowsSource>(&rule.matches[guard.match].binding.source);
    check(source != nullptr, "a match guard over something that is not a table");
    return scope.has_row(scope.look_up(source->table, *source->key, source->at));
  }

  Truth holds(const hir::Branch& branch) {
    const Truth when = scope.truth(branch.when);
    return branch.report.stands ? both(when, scope.truth(*branch.report.stands)) : when;
  }

  Truth speaks(const hir::Branch& branch) {
    if (rule.matches.empty())
      return holds(branch);
    const bool rows = std::ranges::all_of(rule.matches, [](const hir::Match& match) {
      return std::holds_alternative<hir::RowsSource>(match.binding.source);
    });
    if (scope.shared().any_size && !rows)
      return truth_of(scope.freed({.kind = Kind::boolean}, "a list of any length"));
    Truth any = logic.truth(false);
    scope.each_match([&](const Truth& keep) { any = either(any, both(keep, holds(branch))); });
    return any;
  }

  // What a branch takes of the subject's own line: between nothing and the line's amount, in
  // cents.
  std::optional<Sym> amount(const hir::Branch& branch) {
    const auto lines = schema::line_relation(scope.tables().program().schema);
    if (!std::holds_alternative<hir::OwnLine>(branch.report.on) || !lines ||
        !rule.matches.empty() || rule.subject.kind != hir::SubjectKind::element)
      return std::nullopt;
    const schema::Relation& list = scope.tables().program().schema.relations[*lines];
    const auto column = schema::column_with(list, schema::Role::amount);
    if (!column || rule.subject.relation != *lines)
      return std::nullopt;
    Sym own = scope.shared().world.cell(
        {.visit = made.visit, .relation = *lines, .slot = made.slot, .column = *column});
    own.parts[0] = cents(own.parts[0], list.columns[*column].type.scale);
    if (std::holds_alternative<hir::AmountOfLine>(branch.report.amount))
      return own;
    const auto* form = std::get_if<hir::AmountExpr>(&branch.report.amount);
    if (form == nullptr)
      return std::nullopt;
    Sym computed = scope.value(form->value);
    Term capped = cents(computed.parts[0], form->value.type.scale);
    capped = choose(own.known, smaller(capped, own.parts[0]), capped);
    computed.parts[0] = larger(capped, logic.number(0));
    return computed;
  }

  Term cents(const Term& units, unsigned scale) {
    Int128 power = 1;
    for (unsigned i = 2; i < scale; ++i)
      power *= 10;
    return scale >= 2 ? logic.divide_half_away(units, power)
                      : times(units, logic.number(scale == 1 ? 10 : 100));
  }

  void all() {
    guards();
    for (const hir::Branch& branch : rule.branches) {
      made.branches.push_back(speaks(branch));
      made.amounts.push_back(amount(branch));
    }
    if (rule.when_unknown && rule.when_unknown->stands)
      made.stands_unknown = scope.truth(*rule.when_unknown->stands);
    for_each_condition(rule, [&](const hir::Expr& expr, std::optional<std::uint32_t> branch,
                                 const std::vector<Beside>& beside) {
      Term matters = logic.yes();
      for (const Beside& other : beside) {
        const Truth truth = scope.truth(*other.expr);
        matters = both(matters, negated(other.of_and ? truth.no : truth.yes));
      }
      made.conditions.push_back({&expr, branch, scope.truth(expr), matters});
      if (near)
        made.conditions.back().near = closest(scope, expr);
    });
  }
};

// ---- all subjects

struct Subjects {
  Shared shared;
  const Tables& tables;
  const hir::Rule& rule;
  Asked asked;
  std::vector<Subject> made = {};

  Logic& logic() { return shared.logic; }

  Scope scope_at(std::uint32_t visit, const Element& subject) {
    Scope scope(shared, tables, rule);
    scope.bind(hir::settlement_binder, {.form = Element::Form::visit, .visit = visit});
    scope.bind(hir::subject_binder, subject);
    return scope;
  }

  void judge(Scope& scope, std::uint32_t visit, std::uint32_t slot, const Term& there,
             const Term& complete) {
    if (there.is_false())
      return;
    Subject subject{.visit = visit,
                    .slot = slot,
                    .there = there,
                    // While a key is not known, guards are never sure to hold.
                    .applies = {complete, logic().no()},
                    .branches = {},
                    .stands_unknown = logic().truth(true),
                    .conditions = {},
                    .amounts = {}};
    Judging{.scope = scope, .made = subject, .near = asked.near}.all();
    made.push_back(std::move(subject));
  }

  Element element(std::uint32_t visit, std::uint32_t slot) const {
    if (rule.subject.relation == 0)
      return {.form = Element::Form::visit, .visit = visit};
    return {.form = Element::Form::child, .visit = visit, .slot = slot};
  }
  Term there(const Element& element) {
    return element.form == Element::Form::visit
               ? shared.world.visit_present(element.visit)
               : both(shared.world.visit_present(element.visit),
                      shared.world.present(element.visit, rule.subject.relation, element.slot));
  }

  // An element with its keys: of one that enters by rows, once for each.
  struct Entered {
    Element element, row;
    Term there;
    std::vector<Sym> keys;
  };
  std::vector<Entered> entered(const Element& of) {
    std::vector<Entered> all;
    Scope scope = scope_at(of.visit, of);
    const auto add = [&](const Element& row, const Term& when) {
      Entered one{.element = of, .row = row, .there = both(there(of), when), .keys = {}};
      for (const hir::GroupKey& key : rule.subject.keys)
        one.keys.push_back(scope.value(key.value));
      all.push_back(std::move(one));
    };
    if (!rule.subject.entering) {
      add(Element{}, logic().yes());
      return all;
    }
    const hir::Binding& binding = rule.subject.entering->binding;
    for (const Kept& kept : scope.elements(binding)) {
      scope.bind(binding.binder, kept.element);
      add(kept.element, negated(kept.keep.no));
    }
    return all;
  }

  Term same_keys(Scope& scope, const Entered& a, const Entered& b) {
    std::vector<Term> all;
    for (std::size_t i = 0; i < a.keys.size(); ++i)
      all.push_back(same(scope, a.keys[i], b.keys[i]));
    return all_of(logic(), all);
  }

  // Of a group of any size its first element is all that is looked at.
  void group_of_any_size() {
    const Element first = element(0, 0);
    for (const Entered& leader : entered(first)) {
      Scope scope = scope_at(0, first);
      Term complete = logic().yes();
      for (const Sym& key : leader.keys)
        complete = both(complete, key.known);
      if (rule.subject.entering)
        scope.bind(rule.subject.entering->binding.binder, leader.row);
      judge(scope, 0, 0, leader.there, complete);
    }
  }

  void groups() {
    if (shared.any_size)
      return group_of_any_size();
    std::vector<Element> places;
    const Bound& bound = shared.world.bound();
    const std::uint32_t visits = rule.subject.across ? bound.visits : 1;
    for (std::uint32_t i = 1; i <= visits; ++i)
      for (std::uint32_t slot = 0; slot < (rule.subject.relation == 0 ? 1 : bound.lines); ++slot)
        places.push_back(element(i % visits, slot));
    shared.notes.limited.insert(rule.subject.relation == 0 ? "visits" : "lines");
    if (rule.subject.across)
      shared.notes.limited.insert("visits");
    std::vector<std::vector<Entered>> all;
    for (const Element& place : places)
      all.push_back(entered(place));
    for (std::size_t first = 0; first < all.size(); ++first)
      for (const Entered& leader : all[first])
        group(all, first, leader);
  }

  void group(const std::vector<std::vector<Entered>>& all, std::size_t first,
             const Entered& leader) {
    Scope scope = scope_at(leader.element.visit, leader.element);
    std::vector<Kept> members;
    Term leads = leader.there, complete = logic().yes();
    for (std::size_t i = 0; i < all.size(); ++i) {
      Term in = i == first ? leader.there : logic().no();
      for (const Entered& other : all[i])
        if (i != first)
          in = either(in, both(other.there, same_keys(scope, leader, other)));
      if (i < first)
        leads = both(leads, negated(in));
      else
        members.push_back({all[i].front().element, {in, negated(in)}});
    }
    for (const Sym& key : leader.keys)
      complete = both(complete, key.known);
    scope.set_group(std::move(members));
    if (rule.subject.entering)
      scope.bind(rule.subject.entering->binding.binder, leader.row);
    judge(scope, leader.element.visit, leader.element.slot, leads, complete);
  }

  void all() {
    switch (rule.subject.kind) {
    case hir::SubjectKind::settlement: {
      Scope scope = scope_at(0, {.form = Element::Form::visit});
      return judge(scope, 0, 0, logic().yes(), logic().yes());
    }
    case hir::SubjectKind::element: {
      const std::uint32_t slots =
          asked.all || (!shared.any_size && sees_order(rule)) ? shared.world.bound().lines : 1;
      for (std::uint32_t slot = 0; slot < slots; ++slot) {
        const Element subject = element(0, slot);
        Scope scope = scope_at(0, subject);
        judge(scope, 0, slot, there(subject), logic().yes());
      }
      return;
    }
    case hir::SubjectKind::group:
      return groups();
    }
  }
};

} // namespace

std::vector<Subject> subjects(Shared shared, const Tables& tables, const hir::Rule& rule,
                              Asked asked) {
  if (!shared.any_size)
    put_in_order(rule, shared.world);
  Subjects subjects{.shared = shared, .tables = tables, .rule = rule, .asked = asked};
  subjects.all();
  return std::move(subjects.made);
}

std::vector<const hir::Expr*> condition_exprs(const hir::Rule& rule) {
  std::vector<const hir::Expr*> all;
  for_each_condition(rule, [&](const hir::Expr& expr, std::optional<std::uint32_t>,
                               const std::vector<Beside>&) { all.push_back(&expr); });
  return all;
}

} // namespace sanku::prove
