// The half of Scope that enumerates (scope.h): lists, groups, rows of tables, visits, other
// queries' lines, and what lies `beyond first N`. An element that is not there is kept by nobody.
#include "compiler/prove/scope.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <algorithm>

namespace sanku::prove {
namespace {

Element child(std::uint32_t visit, std::uint32_t slot) {
  return {.form = Element::Form::child, .visit = visit, .slot = slot};
}

} // namespace

bool in_order(const hir::Query& query) {
  const auto& source = query.from.front().source;
  if (query.rank || std::holds_alternative<hir::EachSource>(source))
    return false;
  const auto* inner = std::get_if<hir::LinesSource>(&source);
  return inner == nullptr || in_order(*inner->lines);
}

void Scope::each(const hir::Query& query, const Visit& visit) {
  if (std::holds_alternative<std::monostate>(query.beyond)) {
    Loops loops;
    for (const hir::Binding& binding : query.from)
      loops.from.push_back(&binding);
    for (const hir::Expr& where : query.where)
      loops.where.push_back(&where);
    loop(loops, 0, logic().truth(true), visit);
    return;
  }
  for (const Kept& kept : lines(query)) {
    place(query.from.front().binder, kept.element);
    visit(kept.keep);
  }
  place(query.from.front().binder, Element{});
}

void Scope::each_match(const Visit& visit) {
  Loops loops{.from = {}, .where = {}, .matches = true};
  for (const hir::Match& match : rule_.matches) {
    loops.from.push_back(&match.binding);
    for (const hir::Expr& where : match.where)
      loops.where.push_back(&where);
  }
  loop(loops, 0, logic().truth(true), visit);
}

void Scope::set(const Loops& loops, hir::BinderId binder, Element element) {
  if (loops.matches)
    bind(binder, std::move(element));
  else
    place(binder, std::move(element));
}

void Scope::loop(const Loops& loops, std::size_t depth, const Truth& keep, const Visit& visit) {
  if (keep.no.is_true())
    return;
  if (depth == loops.from.size()) {
    Truth kept = keep;
    for (const hir::Expr* where : loops.where)
      kept = both(kept, truth(*where));
    if (!kept.no.is_true())
      visit(kept);
    return;
  }
  const hir::Binding& binding = *loops.from[depth];
  const auto* pair = std::get_if<hir::PairSource>(&binding.source);
  if (pair == nullptr) {
    for (const Kept& kept : elements(binding)) {
      set(loops, binding.binder, kept.element);
      loop(loops, depth + 1, both(keep, kept.keep), visit);
    }
    set(loops, binding.binder, Element{});
    return;
  }
  // Neighbours: two elements that are there with none between them; while some element is only
  // perhaps there, a pair that nobody knows.
  const std::vector<Kept> all = lines(*pair->lines);
  Term perhaps = logic().no();
  for (const Kept& kept : all)
    perhaps = either(perhaps, unknown(kept.keep));
  const auto pass = [&](Element first, Element second, const Truth& together) {
    set(loops, binding.binder, std::move(first));
    set(loops, pair->next, std::move(second));
    loop(loops, depth + 1, both(keep, together), visit);
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    Term between = logic().no();
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      const Term here =
          all_of(logic(), {negated(perhaps), all[i].keep.yes, all[j].keep.yes, negated(between)});
      pass(all[i].element, all[j].element, {here, negated(here)});
      between = either(between, all[j].keep.yes);
    }
  }
  pass(Element{}, Element{}, {logic().no(), negated(perhaps)});
  set(loops, binding.binder, Element{});
  set(loops, pair->next, Element{});
}

void Scope::rest(const hir::Query& query, const Truth& keep, const Visit& visit) {
  Loops loops;
  for (const hir::Binding& binding : query.from)
    loops.from.push_back(&binding);
  for (const hir::Expr& where : query.where)
    loops.where.push_back(&where);
  loop(loops, 1, keep, visit);
}

std::vector<Kept> Scope::of_list(const hir::Binding& binding, const hir::ListSource& source) {
  const Element& owner = bound_[source.owner];
  if (owner.form != Element::Form::visit)
    return {{Element{}, logic().unknown()}};
  shared_.notes.limited.insert("lines");
  std::vector<Kept> all;
  Term some = logic().no();
  for (std::uint32_t slot = 0; slot < shared_.world.bound().lines; ++slot) {
    const Term there = shared_.world.present(owner.visit, source.relation, slot);
    some = either(some, there);
    all.push_back({child(owner.visit, slot), {there, negated(there)}});
  }
  if (hir::relation(tables_.program(), source.relation).nonempty)
    all.push_back({Element{}, {logic().no(), some}});
  static_cast<void>(binding);
  return all;
}

std::vector<Kept> Scope::of_rows(const hir::RowsSource& source) {
  const Found found = look_up(source.table, *source.key, source.at);
  std::vector<Kept> all;
  for (const Choice& choice : found.rows) {
    Element row{.form = Element::Form::row, .rows = {{logic().yes(), choice.row}}};
    const Term there = both(choice.when, negated(found.not_known));
    all.push_back({std::move(row), {there, negated(there)}});
  }
  all.push_back({Element{}, {logic().no(), negated(found.not_known)}});
  return all;
}

// The visits of the person in the window, and one that nobody knows unless all of them are known.
std::vector<Kept> Scope::of_visits(hir::BinderId binder, const hir::VisitsSource& source) {
  shared_.notes.limited.insert("visits");
  const auto person =
      schema::column_with(tables_.program().schema.relations[0], schema::Role::person);
  const std::uint32_t own = bound_[hir::settlement_binder].visit;
  std::vector<Kept> all;
  // In time order the one that is looked at stands behind its past.
  for (std::uint32_t i = 1; i <= shared_.world.bound().visits; ++i) {
    const std::uint32_t visit = i % shared_.world.bound().visits;
    Term there = shared_.world.visit_present(visit);
    if (visit != own && person) {
      const Sym mine = shared_.world.cell({.visit = own, .column = *person});
      const Sym other = shared_.world.cell({.visit = visit, .column = *person});
      there =
          all_of(logic(), {there, mine.known, other.known, equal(mine.parts[0], other.parts[0])});
    }
    place(binder, {.form = Element::Form::visit, .visit = visit});
    all.push_back({bound_[binder], both(Truth{there, negated(there)}, truth(*source.member))});
  }
  place(binder, Element{});
  const Truth complete = truth(*source.complete), member = truth(*source.member);
  all.push_back({Element{}, {logic().no(), either(complete.yes, member.no)}});
  return all;
}

std::vector<Kept> Scope::of_each(const hir::EachSource& source) {
  const hir::Binding& first = source.visits->from.front();
  std::vector<Kept> all;
  Term nobody_knows = logic().no();
  for (const Kept& visit : elements(first)) {
    place(first.binder, visit.element);
    Truth kept = logic().truth(false);
    rest(*source.visits, visit.keep, [&](const Truth& keep) { kept = either(kept, keep); });
    if (visit.element.form != Element::Form::visit) {
      nobody_knows = either(nobody_knows, negated(kept.no));
      continue;
    }
    shared_.notes.limited.insert("lines");
    Term some = logic().no();
    for (std::uint32_t slot = 0; slot < shared_.world.bound().lines; ++slot) {
      const Term there = shared_.world.present(visit.element.visit, source.relation, slot);
      some = either(some, there);
      all.push_back({child(visit.element.visit, slot), both(Truth{there, negated(there)}, kept)});
    }
    if (hir::relation(tables_.program(), source.relation).nonempty)
      nobody_knows = either(nobody_knows, both(negated(kept.no), negated(some)));
  }
  place(first.binder, Element{});
  all.push_back({Element{}, {logic().no(), negated(nobody_knows)}});
  return all;
}

std::vector<Kept> Scope::elements(const hir::Binding& binding) {
  return std::visit(
      match{
          [&](const hir::ListSource& source) { return of_list(binding, source); },
          [&](const hir::GroupSource&) { return group_; },
          [&](const hir::RowsSource& source) { return of_rows(source); },
          [&](const hir::TableSource& source) {
            std::vector<Kept> all;
            const auto rows = tables_.table(source.table).rows.size();
            for (std::uint32_t row = 0; row < rows; ++row)
              all.push_back({{.form = Element::Form::row, .rows = {{logic().yes(), row}}},
                             logic().truth(true)});
            return all;
          },
          [&](const hir::LinesSource& source) { return lines(*source.lines); },
          [&](const hir::PairSource& source) { return lines(*source.lines); },
          [&](const hir::VisitsSource& source) { return of_visits(binding.binder, source); },
          [&](const hir::EachSource& source) { return of_each(source); },
      },
      binding.source);
}

std::vector<Kept> Scope::lines(const hir::Query& query) {
  std::vector<Kept> result;
  const hir::Binding& first = query.from.front();
  for (const Kept& kept : elements(first)) {
    place(first.binder, kept.element);
    Truth any = logic().truth(false);
    rest(query, kept.keep, [&](const Truth& keep) { any = either(any, keep); });
    if (!any.no.is_true())
      result.push_back({kept.element, any});
  }
  place(first.binder, Element{});
  if (std::holds_alternative<std::monostate>(query.beyond))
    return result;
  if (!in_order(query))
    return without_order(query);
  for (Kept& kept : result)
    kept.keep.no = negated(kept.keep.yes);
  return std::visit(
      match{
          [&](const std::monostate&) { return result; },
          [&](const hir::BeyondQuantity& form) {
            return beyond_quantity(query, result, value(*form.limit));
          },
          [&](const hir::BeyondDistinct& form) { return beyond_distinct(query, form, result); },
      },
      query.beyond);
}

// What lies beyond in an order that has no terms: perhaps each element, perhaps none.
std::vector<Kept> Scope::without_order(const hir::Query& query) {
  std::vector<Kept> all;
  const hir::Binding& first = query.from.front();
  const auto info = [&](schema::Role role) {
    const auto& relation = hir::relation(tables_.program(), first.relation);
    const auto column = schema::column_with(relation, role);
    return column ? relation.columns[*column].type : Type{.kind = Kind::decimal};
  };
  for (const Kept& kept : elements(first)) {
    const Truth beyond = truth_of(freed({.kind = Kind::boolean}, "elements in another order"));
    Element element = kept.element;
    element.part = {freed(info(schema::Role::quantity), "elements in another order"),
                    freed(info(schema::Role::amount), "elements in another order")};
    all.push_back({std::move(element), both(kept.keep, {beyond.yes, negated(beyond.yes)})});
  }
  return all;
}

// The first N units are allowed; the line that straddles N is split, and its money with it.
std::vector<Kept> Scope::beyond_quantity(const hir::Query& query, const std::vector<Kept>& sure,
                                         const Sym& limit) {
  Logic& l = logic();
  const hir::RelationId relation = query.from.front().relation;
  const schema::Relation& list = hir::relation(tables_.program(), relation);
  const auto quantity = schema::column_with(list, schema::Role::quantity);
  const auto amount = schema::column_with(list, schema::Role::amount);
  check(quantity.has_value(), "beyond first N of a quantity, in a list without one");
  const Type money = amount ? list.columns[*amount].type : Type{.kind = Kind::money, .scale = 2};
  Term determined = limit.known;
  Term remaining = larger(limit.parts[0], l.number(0));
  std::vector<Kept> result;
  for (const Kept& kept : sure) {
    if (kept.element.form != Element::Form::child)
      continue;
    const auto read = [&](std::uint32_t column) {
      return shared_.world.cell({.visit = kept.element.visit,
                                 .relation = relation,
                                 .slot = kept.element.slot,
                                 .column = column});
    };
    const Sym units = read(*quantity);
    const Sym whole = amount ? read(*amount) : l.unknown(Kind::money);
    const Term here = kept.keep.yes;
    determined = both(determined, either(negated(here), units.known));
    const Term counts = both(here, both(determined, less(l.number(0), units.parts[0])));
    const Term left = less(remaining, units.parts[0]);
    const Term part = minus(units.parts[0], remaining);
    const Term share = l.divide_half_away(times(whole.parts[0], part), units.parts[0]);
    const Term full = equal(part, units.parts[0]);
    Kept out = kept;
    Sym of_quantity{.kind = units.kind, .known = determined, .parts = {part}};
    Sym of_amount{.kind = money.kind,
                  .known = both(determined, whole.known),
                  .parts = {choose(full, whole.parts[0], share)}};
    out.element.part = {std::move(of_quantity), std::move(of_amount)};
    const Term emitted = either(both(here, negated(determined)), both(counts, left));
    out.keep = {emitted, negated(emitted)};
    remaining =
        choose(counts, choose(left, l.number(0), minus(remaining, units.parts[0])), remaining);
    result.push_back(std::move(out));
  }
  return result;
}

// The first N distinct values are allowed; what is listed has another one.
std::vector<Kept> Scope::beyond_distinct(const hir::Query& query, const hir::BeyondDistinct& form,
                                         const std::vector<Kept>& sure) {
  Logic& l = logic();
  const Sym limit = value(*form.limit);
  const hir::BinderId binder = query.from.front().binder;
  struct Seen {
    Sym key;
    Term allowed;
  };
  std::vector<Seen> seen;
  std::vector<Kept> result;
  const schema::Relation& list = hir::relation(tables_.program(), query.from.front().relation);
  for (const Kept& kept : sure) {
    if (kept.element.form != Element::Form::child)
      continue;
    place(binder, kept.element);
    const Sym key = value(*form.key);
    Term count = l.number(0), known_before = l.no();
    for (const Seen& one : seen) {
      known_before = either(known_before, both(one.allowed, same(*this, one.key, key)));
      count = plus(count, z3::ite(one.allowed, l.number(1), l.number(0)));
    }
    const Term fresh = all_of(l, {kept.keep.yes, key.known, negated(known_before)});
    const Term room = less(count, limit.parts[0]);
    seen.push_back({key, all_of(l, {limit.known, fresh, room})});
    Kept out = kept;
    // While nobody knows the limit, nobody knows how much of a line is meant.
    if (!limit.known.is_true())
      for (const schema::Role role : {schema::Role::quantity, schema::Role::amount}) {
        const auto column = schema::column_with(list, role);
        Sym cell = column ? shared_.world.cell({.visit = kept.element.visit,
                                                .relation = query.from.front().relation,
                                                .slot = kept.element.slot,
                                                .column = *column})
                          : l.unknown(Kind::money);
        cell.known = both(cell.known, limit.known);
        out.element.part.push_back(cell);
      }
    const Term emitted = either(both(kept.keep.yes, negated(limit.known)),
                                all_of(l, {limit.known, fresh, negated(room)}));
    out.keep = {emitted, negated(emitted)};
    result.push_back(std::move(out));
  }
  place(binder, Element{});
  return result;
}

} // namespace sanku::prove
