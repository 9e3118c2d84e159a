// The half of Scope that enumerates: lists, groups, table rows, other queries' lines, and what lies
// `beyond first N`.
#include "compiler/evaluate/scope.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace sanku::evaluate {
namespace {

// A value that the schema does not list stands nowhere.
bool has_rank(const Value& value) {
  const auto* choice = std::get_if<EnumValue>(&value);
  return is_known(value) && (choice == nullptr || choice->unlisted.empty());
}

constexpr Kept unknown_element{.element = {}, .keep = Tri::unknown};

// A line of which it is not known how much of it is meant.
Kept undetermined(const Kept& kept) {
  return Kept{.element = {.row = kept.element.row, .is_part = true}, .keep = Tri::yes};
}

std::vector<Kept> rows_for_sure(const std::vector<std::uint32_t>& rows) {
  std::vector<Kept> kept;
  for (const std::uint32_t row : rows)
    kept.push_back(Kept{.element = {.row = row}, .keep = Tri::yes});
  return kept;
}

// A number's units at its own scale.
Int128 units_of(const Value& value) {
  if (std::holds_alternative<Integer>(value))
    return std::get<Integer>(value).value;
  check(std::holds_alternative<Decimal>(value), "a quantity is not a number");
  return std::get<Decimal>(value).units;
}

// amount × part ÷ whole, half away from zero; all three at 64 bits, so the product fits 128.
Int128 share(Int128 amount, Int128 part, Int128 whole) {
  const Int128 product = amount * part;
  const Int128 remainder = product % whole;
  const Int128 size = remainder < 0 ? -remainder : remainder;
  const Int128 away = size >= whole - size ? (product < 0 ? -1 : 1) : 0;
  return product / whole + away;
}

} // namespace

void Scope::each(const hir::Query& query, const Visit& visit) {
  if (std::holds_alternative<std::monostate>(query.beyond)) {
    Loops loops;
    for (const hir::Binding& binding : query.from)
      loops.from.push_back(&binding);
    for (const hir::Expr& where : query.where)
      loops.where.push_back(&where);
    loop(loops, 0, Tri::yes, visit);
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
  loop(loops, 0, Tri::yes, visit);
}

void Scope::set_next(const Loops& loops, hir::BinderId binder, const Element& element) {
  if (loops.matches)
    bind(binder, element);
  else
    place(binder, element);
}

void Scope::set(const Loops& loops, const hir::Binding& binding, const Element& element) {
  if (loops.matches)
    bind(binding.binder, element);
  else
    place(binding.binder, element);
}

// The nested loops themselves. An element that is not known leaves the tuple unknown unless a
// condition surely fails.
void Scope::loop(const Loops& loops, std::size_t depth, Tri keep, const Visit& visit) {
  if (depth == loops.from.size()) {
    for (const hir::Expr* where : loops.where)
      keep = tri_and(keep, truth(*where));
    visit(keep);
    return;
  }
  const hir::Binding& binding = *loops.from[depth];
  const auto* pair = std::get_if<hir::PairSource>(&binding.source);
  const std::vector<Kept> all = elements(binding);
  // Of neighbours the last has none behind it.
  const std::size_t count = pair != nullptr && !all.empty() ? all.size() - 1 : all.size();
  for (std::size_t i = 0; i < count; ++i) {
    set(loops, binding, all[i].element);
    if (pair != nullptr)
      set_next(loops, pair->next, all[i + 1].element);
    loop(loops, depth + 1, tri_and(keep, all[i].keep), visit);
  }
  set(loops, binding, Element{});
  if (pair != nullptr)
    set_next(loops, pair->next, Element{});
}

void Scope::rest(const hir::Query& query, Tri keep, const Visit& visit) {
  Loops loops;
  for (const hir::Binding& binding : query.from)
    loops.from.push_back(&binding);
  for (const hir::Expr& where : query.where)
    loops.where.push_back(&where);
  loop(loops, 1, keep, visit);
}

std::vector<Kept> Scope::elements(const hir::Binding& binding) {
  return std::visit(
      match{
          [&](const hir::ListSource& source) -> std::vector<Kept> {
            const Element& owner = bound_[source.owner];
            if (owner.is_unknown())
              return std::vector{unknown_element};
            const std::vector<std::uint32_t>& rows = rows_.children(source.relation, owner.row);
            const bool not_known =
                rows.empty() && hir::relation(program(), source.relation).nonempty;
            return not_known ? std::vector{unknown_element} : rows_for_sure(rows);
          },
          [&](const hir::GroupSource&) { return rows_for_sure(group_); },
          [&](const hir::RowsSource& source) -> std::vector<Kept> {
            const auto rows = rows_of(source.table, *source.key, source.at);
            return rows ? rows_for_sure(*rows) : std::vector{unknown_element};
          },
          [&](const hir::TableSource& source) {
            const auto rows = rows_.input().tables[source.table].rows.size();
            std::vector<std::uint32_t> all(rows);
            std::iota(all.begin(), all.end(), 0u);
            watch_rows(source.table, Unknown{}, Unknown{}, all);
            return rows_for_sure(all);
          },
          [&](const hir::LinesSource& source) { return ranged(*source.lines); },
          [&](const hir::PairSource& source) { return pairs(*source.lines); },
          [&](const hir::VisitsSource& source) { return visits(binding.binder, source); },
          [&](const hir::EachSource& source) { return of_each(source); },
      },
      binding.source);
}

// The visits in the window, and one that nobody knows unless all of them are known.
std::vector<Kept> Scope::visits(hir::BinderId binder, const hir::VisitsSource& source) {
  std::vector<Kept> result;
  for (const std::uint32_t visit : rows_.visits()) {
    place(binder, Element{.row = visit});
    const Tri keep = truth(*source.member);
    if (keep != Tri::no)
      result.push_back(Kept{.element = {.row = visit}, .keep = keep});
  }
  place(binder, Element{});
  if (truth(*source.complete) != Tri::yes && truth(*source.member) != Tri::no)
    result.push_back(unknown_element);
  return result;
}

// The elements of all those visits, in the canonical order that goes through all of them.
std::vector<Kept> Scope::of_each(const hir::EachSource& source) {
  const hir::Binding& first = source.visits->from.front();
  std::vector<std::uint32_t> rows;
  std::map<std::uint32_t, Tri> keeps;
  bool unknown = false;
  for (const Kept& visit : elements(first)) {
    place(first.binder, visit.element);
    Tri kept = Tri::no;
    rest(*source.visits, visit.keep, [&](Tri keep) { kept = tri_or(kept, keep); });
    if (kept == Tri::no)
      continue;
    const std::vector<std::uint32_t> none;
    const std::vector<std::uint32_t>& own =
        visit.element.is_unknown() ? none : rows_.children(source.relation, visit.element.row);
    const bool nonempty = hir::relation(program(), source.relation).nonempty;
    unknown = unknown || visit.element.is_unknown() || (own.empty() && nonempty);
    for (const std::uint32_t row : own) {
      rows.push_back(row);
      keeps[row] = kept;
    }
  }
  place(first.binder, Element{});
  rows_.put_in_order(source.relation, rows);
  std::vector<Kept> result;
  for (const std::uint32_t row : rows)
    result.push_back(Kept{.element = {.row = row}, .keep = keeps[row]});
  if (unknown)
    result.push_back(unknown_element);
  return result;
}

std::vector<Kept> Scope::listed(const hir::Query& query, bool named) {
  std::vector<Kept> result;
  const hir::Binding& first = query.from.front();
  const auto* source = std::get_if<hir::LinesSource>(&first.source);
  for (const Kept& kept : named&& source != nullptr ? lines(*source->lines) : elements(first)) {
    place(first.binder, kept.element);
    Tri any = Tri::no;
    rest(query, kept.keep, [&](Tri keep) { any = tri_or(any, keep); });
    if (any != Tri::no)
      result.push_back(Kept{.element = kept.element, .keep = any});
  }
  place(first.binder, Element{});
  // Lines of a ranked list are lines again: in canonical order.
  if (source != nullptr && source->lines->rank) {
    std::vector<std::uint32_t> order;
    for (const Kept& kept : result)
      if (!kept.element.is_unknown())
        order.push_back(kept.element.row);
    rows_.put_in_order(first.relation, order);
    std::ranges::stable_sort(result, {}, [&](const Kept& kept) {
      return std::ranges::find(order, kept.element.row) - order.begin();
    });
  }
  return result;
}

std::vector<Kept> Scope::lines(const hir::Query& query, bool named) {
  std::vector<Kept> result = listed(query, named);
  if (std::holds_alternative<std::monostate>(query.beyond))
    return result;
  std::vector<Kept> sure;
  for (const Kept& kept : result) {
    if (kept.keep == Tri::yes)
      sure.push_back(kept);
  }
  if (!rank(query, sure)) {
    for (Kept& kept : sure)
      kept = undetermined(kept);
    return sure;
  }
  return beyond(query, std::move(sure));
}

// What a fold over lines ranges over. Of those behind `beyond` a line of which nobody can say how
// much of it lies there is only perhaps there; and there may be one more while an element, or the
// value by which it counts, is not known.
std::vector<Kept> Scope::ranged(const hir::Query& query) {
  std::vector<Kept> result = lines(query);
  if (std::holds_alternative<std::monostate>(query.beyond))
    return result;
  for (Kept& kept : result)
    if (kept.element.is_part && !kept.element.part_known)
      kept.keep = Tri::unknown;
  const auto* distinct = std::get_if<hir::BeyondDistinct>(&query.beyond);
  bool doubt = false;
  for (const Kept& kept : listed(query)) {
    doubt = doubt || kept.keep == Tri::unknown;
    place(query.from.front().binder, kept.element);
    doubt = doubt || (distinct != nullptr && !has_key(*distinct->key));
  }
  place(query.from.front().binder, Element{});
  if (doubt)
    result.push_back(unknown_element);
  return result;
}

bool Scope::has_key(const hir::Expr& key) {
  const Value found = value(key);
  return is_known(found) && !is_undecided(found);
}

// Brings the elements into the query's order; false while nobody knows it.
bool Scope::rank(const hir::Query& query, std::vector<Kept>& sure) {
  if (!query.rank)
    return true;
  std::vector<std::pair<Value, Kept>> keyed;
  bool known = true;
  for (const Kept& kept : sure) {
    place(query.from.front().binder, kept.element);
    keyed.emplace_back(value(*query.rank->key), kept);
    known = known && has_rank(keyed.back().first);
  }
  place(query.from.front().binder, Element{});
  if (!known)
    return false;
  std::ranges::stable_sort(keyed, [&](const auto& a, const auto& b) {
    const int order = compare(a.first, b.first);
    return query.rank->descending ? order > 0 : order < 0;
  });
  for (std::size_t i = 0; i < sure.size(); ++i)
    sure[i] = keyed[i].second;
  return true;
}

// The elements that surely are there, in order; one that nobody knows, and one behind it, while an
// element is only perhaps there or the order is not known.
std::vector<Kept> Scope::ordered(const hir::Query& query, bool& known) {
  std::vector<Kept> sure = lines(query);
  known = std::ranges::all_of(sure, [](const Kept& kept) { return kept.keep == Tri::yes; }) &&
          rank(query, sure);
  return sure;
}

std::vector<Kept> Scope::pairs(const hir::Query& query) {
  bool known = true;
  std::vector<Kept> sure = ordered(query, known);
  return known ? sure : std::vector{unknown_element, unknown_element};
}

Value Scope::picked(const hir::Fold& fold) {
  bool known = true;
  const std::vector<Kept> sure = ordered(*fold.query, known);
  const hir::BinderId binder = fold.query->from.front().binder;
  const bool some = known && !sure.empty();
  const bool first = fold.kind == hir::FoldKind::first;
  place(binder, some ? (first ? sure.front() : sure.back()).element : Element{});
  Value taken = some ? value(*fold.value) : Value(Unknown{});
  place(binder, Element{});
  return taken;
}

std::vector<Kept> Scope::beyond(const hir::Query& query, std::vector<Kept> sure) {
  return std::visit(
      match{
          [&](const std::monostate&) { return std::move(sure); },
          [&](const hir::BeyondQuantity& form) {
            return beyond_quantity(query, value(*form.limit), sure);
          },
          [&](const hir::BeyondDistinct& form) { return beyond_distinct(query, form, sure); },
      },
      query.beyond);
}

// The first N units in canonical order are allowed; what is listed lies after them. The line that
// straddles N is split.
std::vector<Kept> Scope::beyond_quantity(const hir::Query& query, const Value& limit,
                                         const std::vector<Kept>& sure) {
  const hir::RelationId relation = query.from.front().relation;
  const std::optional<std::uint32_t> quantity =
      schema::column_with(hir::relation(program(), relation), schema::Role::quantity);
  const std::optional<std::uint32_t> amount =
      schema::column_with(hir::relation(program(), relation), schema::Role::amount);
  check(quantity.has_value(), "beyond first N of a quantity, in a list without one");
  bool determined = is_known(limit);
  Int128 remaining = determined ? std::max(units_of(limit), Int128{0}) : 0;
  std::vector<Kept> result;
  for (const Kept& kept : sure) {
    const Value value = of_element(kept.element, relation, *quantity);
    if (!is_known(value))
      determined = false; // from here on nobody can say where N is reached
    if (!determined) {
      result.push_back(undetermined(kept));
      continue;
    }
    const Int128 units = units_of(value);
    if (units <= 0)
      continue;
    if (units <= remaining) {
      remaining -= units;
      continue;
    }
    const Int128 part = units - remaining;
    remaining = 0;
    if (part == units) {
      result.push_back(kept);
      continue;
    }
    Element split{.row = kept.element.row,
                  .is_part = true,
                  .part_known = true,
                  .part_amount_known = false,
                  .part = part,
                  .part_amount = 0};
    const Value whole = amount ? of_element(kept.element, relation, *amount) : Value(Unknown{});
    if (is_known(whole)) {
      split.part_amount_known = true;
      split.part_amount = share(units_of(whole), part, units);
    }
    result.push_back(Kept{.element = split, .keep = Tri::yes});
  }
  return result;
}

// The first N distinct values are allowed; what is listed has another one.
std::vector<Kept> Scope::beyond_distinct(const hir::Query& query, const hir::BeyondDistinct& form,
                                         const std::vector<Kept>& sure) {
  const Value limit = value(*form.limit);
  std::vector<Kept> result;
  std::set<Value, ValueLess> allowed;
  for (const Kept& kept : sure) {
    if (!is_known(limit)) {
      result.push_back(undetermined(kept));
      continue;
    }
    place(query.from.front().binder, kept.element);
    Value key = value(*form.key);
    if (!is_known(key) || is_undecided(key) || allowed.contains(key))
      continue;
    if (static_cast<Int128>(allowed.size()) < units_of(limit))
      allowed.insert(std::move(key));
    else
      result.push_back(kept);
  }
  place(query.from.front().binder, Element{});
  return result;
}

std::optional<std::int64_t> amount_of(Rows& rows, hir::RelationId lines, const Element& line) {
  const schema::Relation& relation = hir::relation(rows.input().program, lines);
  const std::optional<std::uint32_t> column = schema::column_with(relation, schema::Role::amount);
  if (!column)
    return std::nullopt;
  Int128 units = line.part_amount;
  if (line.is_part && !line.part_amount_known)
    return std::nullopt;
  if (!line.is_part) {
    const Value& value = rows.value(lines, *column, line.row);
    if (!is_known(value))
      return std::nullopt;
    units = units_of(value);
  }
  const std::optional<Int128> cents = rounded(units, relation.columns[*column].type.scale, 2);
  if (!cents || *cents < INT64_MIN || *cents > INT64_MAX)
    return std::nullopt;
  return static_cast<std::int64_t>(*cents);
}

} // namespace sanku::evaluate
