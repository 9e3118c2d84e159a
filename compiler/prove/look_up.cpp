// Scope's look-ups in tables (scope.h): for each code or text that a key may be, what the table has
// for it; and predicates over texts. Rows that the claim brings are compared with the key itself.
#include "compiler/prove/scope.h"
#include "runtime/kernels/place.h"
#include "runtime/types/check.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::prove {
namespace {

// The numbers that a term may be: its constants, and whether a variable is among them.
struct Possible {
  std::set<std::int64_t> numbers;
  bool any = false;
};
void collect(const Term& term, std::set<unsigned>& seen, Possible& into) {
  if (!seen.insert(term.id()).second)
    return;
  if (const auto number = constant(term)) {
    into.numbers.insert(*number);
  } else if (term.is_ite()) {
    collect(term.arg(1), seen, into);
    collect(term.arg(2), seen, into);
  } else {
    into.any = true;
  }
}
Possible possible(const Term& term) {
  Possible found;
  std::set<unsigned> seen;
  collect(term, seen, found);
  return found;
}

// When a row counts, as far as the day and the place decide; and when they would have to be known.
struct Counts {
  Term yes, depends;
};

} // namespace

// ---- texts

Term Scope::holds(const Sym& text, const TextTest& test) {
  Logic& l = logic();
  if (text.literal)
    return test(*text.literal) ? l.yes() : l.no();
  Possible may = possible(text.parts[0]);
  if (may.any)
    for (std::size_t i = 0; i < shared_.domains.size(text.domain); ++i)
      may.numbers.insert(static_cast<std::int64_t>(i));
  std::vector<Term> any;
  for (const std::int64_t number : may.numbers) {
    const auto& all = shared_.domains.all(text.domain);
    if (number >= 0 && static_cast<std::size_t>(number) < all.size() &&
        test(all[static_cast<std::size_t>(number)]))
      any.push_back(equal(text.parts[0], l.number(number)));
  }
  return any_of(l, any);
}

Term Scope::holds(const Sym& left, const Sym& right, const TextsTest& test) {
  if (right.literal)
    return holds(left, [&](const std::string& text) { return test(text, *right.literal); });
  if (left.literal)
    return holds(right, [&](const std::string& text) { return test(*left.literal, text); });
  Logic& l = logic();
  Possible may = possible(right.parts[0]);
  if (may.any)
    for (std::size_t i = 0; i < shared_.domains.size(right.domain); ++i)
      may.numbers.insert(static_cast<std::int64_t>(i));
  std::vector<Term> any;
  for (const std::int64_t number : may.numbers) {
    if (number < 0 || static_cast<std::size_t>(number) >= shared_.domains.all(right.domain).size())
      continue;
    const std::string second = shared_.domains.all(right.domain)[static_cast<std::size_t>(number)];
    any.push_back(both(equal(right.parts[0], l.number(number)),
                       holds(left, [&](const std::string& text) { return test(text, second); })));
  }
  return any_of(l, any);
}

// ---- rows

namespace {

struct Looking {
  Scope& scope;
  hir::TableId table;
  Sym key, at;
  bool dated;

  Logic& logic() const { return scope.logic(); }
  const knowledge::TableShape& shape() const { return scope.tables().shape(table); }

  Counts counts(const std::vector<Value>& row) const {
    Logic& l = logic();
    Counts made{.yes = l.yes(), .depends = l.no()};
    const auto day = [&](std::optional<std::uint32_t> column) {
      return column ? std::get_if<Date>(&row[*column]) : nullptr;
    };
    if (const Date* from = day(shape().valid_from))
      made.yes = both(made.yes, less_equal(l.number(from->days), at.parts[0]));
    if (const Date* to = day(shape().valid_to))
      made.yes = both(made.yes, less_equal(at.parts[0], l.number(to->days)));
    const knowledge::Zones zones = knowledge::zones_of(shape(), row);
    if (zones == knowledge::Zones{} || at.parts.size() < 2)
      return made;
    // A place that nobody knows is zone -1.
    const Term& zone = at.parts[1];
    made.depends = equal(zone, l.number(unknown_zone));
    made.yes = both(made.yes, both(less_equal(l.number(zones.first), zone),
                                   less_equal(zone, l.number(zones.last))));
    return made;
  }

  // The rows of one key, as far as `is` it: adds them, and when it is not known which count.
  void add(const Term& is, const std::vector<std::vector<std::uint32_t>>& groups, Found& found) {
    Logic& l = logic();
    if (groups.empty() || is.is_false())
      return;
    std::vector<std::pair<std::uint32_t, Counts>> all;
    Term depends = l.no(), before = l.no();
    for (const auto& rows : groups) {
      Term any = l.no();
      for (const std::uint32_t row : rows) {
        Counts one = counts(scope.tables().table(table).rows[row]);
        depends = either(depends, one.depends);
        any = either(any, one.yes);
        // Of prefixes the longest whose rows count.
        if (shape().key_prefix != knowledge::KeyPrefix::all)
          one.yes = both(one.yes, negated(before));
        all.emplace_back(row, one);
      }
      before = either(before, any);
    }
    const Term open = dated ? either(negated(at.known), depends) : l.no();
    found.not_known = either(found.not_known, both(is, open));
    const Term counted = both(is, negated(open));
    for (const auto& [row, one] : all)
      if (const Term when = both(counted, one.yes); !when.is_false())
        found.rows.push_back({when, row});
  }

  void add_keys(Found& found) {
    Logic& l = logic();
    const Tables& tables = scope.tables();
    if (key.kind != Kind::code && key.kind != Kind::text) {
      for (const std::string& each : tables.keys(table))
        add(both(key.known, equal(key.parts[0], l.context.int_val(each.c_str()))),
            tables.found(table, each), found);
      return;
    }
    if (key.literal)
      return add(key.known, tables.found(table, *key.literal), found);
    Possible may = possible(key.parts[0]);
    if (may.any)
      for (std::size_t i = 0; i < scope.shared().domains.size(key.domain); ++i)
        may.numbers.insert(static_cast<std::int64_t>(i));
    for (const std::int64_t number : may.numbers) {
      const auto& all = scope.shared().domains.all(key.domain);
      if (number >= 0 && static_cast<std::size_t>(number) < all.size())
        add(both(key.known, equal(key.parts[0], l.number(number))),
            tables.found(table, all[static_cast<std::size_t>(number)]), found);
    }
  }

  // Rows that the claim gives for a table that is empty. They count on all days.
  void add_given(Found& found) {
    World& world = scope.shared().world;
    const hir::RelationId relation = scope.tables().given(table);
    scope.shared().notes.limited.insert("given rows");
    for (std::uint32_t slot = 0; slot < world.bound().rows; ++slot) {
      const Sym own = world.cell(
          {.visit = no_visit, .relation = relation, .slot = slot, .column = shape().key});
      const bool prefix = shape().key_prefix.has_value();
      const Term fits = prefix ? scope.holds(key, own,
                                             [](const std::string& code, const std::string& begin) {
                                               return code.starts_with(begin);
                                             })
                               : equal(key.parts[0], own.parts[0]);
      const Term there = both(world.present(no_visit, relation, slot), own.known);
      Term when = all_of(logic(), {key.known, there, fits});
      if (prefix && slot > 0)
        scope.shared().notes.limited.insert("prefixes of given rows");
      if (shape().valid_from || shape().zone_from) {
        found.not_known = either(found.not_known, both(when, negated(at.known)));
        when = both(when, at.known);
      }
      found.rows.push_back({when, slot});
    }
  }
};

} // namespace

Found Scope::look_up(hir::TableId table, const hir::Expr& key, const hir::ExprPtr& at) {
  Logic& l = logic();
  Looking looking{.scope = *this,
                  .table = table,
                  .key = value(key),
                  .at = at ? value(*at) : l.unknown(Kind::date),
                  .dated = tables_.shape(table).valid_from || tables_.shape(table).zone_from};
  Found found{.rows = {}, .not_known = negated(looking.key.known)};
  if (tables_.is_given(table))
    looking.add_given(found);
  else
    looking.add_keys(found);
  return found;
}

Truth Scope::has_row(const Found& found) {
  std::vector<Term> any;
  for (const Choice& choice : found.rows)
    any.push_back(choice.when);
  const Term some = any_of(logic(), any);
  return {both(negated(found.not_known), some), both(negated(found.not_known), negated(some))};
}

} // namespace sanku::prove
