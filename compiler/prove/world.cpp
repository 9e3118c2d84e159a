// See world.h.
#include "compiler/prove/world.h"

#include "runtime/kernels/number.h"

#include <fmt/format.h>

namespace sanku::prove {
namespace {

using schema::Role;

Term between(Logic& logic, std::int64_t low, const Term& value, std::int64_t high) {
  return both(less_equal(logic.number(low), value), less_equal(value, logic.number(high)));
}

} // namespace

std::vector<std::uint32_t> dating_columns(const schema::Schema& schema) {
  std::vector<std::uint32_t> columns;
  for (const Role role : {Role::end, Role::settled, Role::begin})
    if (const auto column = schema::column_with(schema.relations[0], role))
      columns.push_back(*column);
  return columns;
}

const Sym* World::existing(const Place& place) const {
  const auto found = cells_.find(place);
  return found == cells_.end() ? nullptr : &found->second;
}

const Sym& World::cell(const Place& wanted) {
  Place place = wanted;
  // Lines as they were sent are the lines, where nothing is taken back.
  if (place.visit != no_visit)
    if (const auto raw = program_.schema.relations[place.relation].raw_of)
      place.relation = *raw;
  if (const Sym* known = existing(place))
    return *known;
  // Of one that stands in an order all have the field, and so has the time that orders them.
  Sym made = make(place);
  return cells_.emplace(place, std::move(made)).first->second;
}

Sym World::text(const schema::Column& column, DomainId domain, const std::string& name,
                const Term& known) {
  const Term number = logic_.fresh_int(name);
  const std::size_t size = domains_.size(domain);
  std::vector<Term> allowed;
  if (column.type.kind == Kind::code) {
    for (std::uint32_t i = 0; i < size; ++i)
      if (domains_.fits(column.type.domain, domains_.all(domain)[i]))
        allowed.push_back(equal(number, logic_.number(i)));
    limits_.push_back(allowed.size() == size
                          ? between(logic_, 0, number, static_cast<std::int64_t>(size) - 1)
                          : any_of(logic_, allowed));
  } else {
    limits_.push_back(between(logic_, 0, number, static_cast<std::int64_t>(size) - 1));
  }
  // Nothing fits: the field is missing.
  if (size == 0 || (column.type.kind == Kind::code && allowed.empty())) {
    limits_.back() = equal(number, logic_.number(0));
    return {.kind = column.type.kind, .known = logic_.no(), .parts = {number}, .domain = domain};
  }
  return {.kind = column.type.kind, .known = known, .parts = {number}, .domain = domain};
}

// A cell of a set column that is given holds one element.
static const Type* element_type(const hir::Program& program, const Place& place) {
  const std::size_t lists = program.schema.relations.size();
  if (place.relation < lists)
    return nullptr;
  const auto& set = program.tables[place.relation - lists].shape.sets[place.column];
  return set && set->kind == Kind::code ? &*set : nullptr;
}

Sym World::make(const Place& place) {
  const schema::Relation& relation = hir::relation(program_, place.relation);
  const schema::Column& column = relation.columns[place.column];
  const std::string name = column.path.en.empty() ? column.names.en : column.path.en;
  const Term known = column.optional ? logic_.fresh_bool("known " + name) : logic_.yes();
  if (const Type* element = element_type(program_, place)) {
    schema::Column one = column;
    one.type = *element;
    Sym made = text(one, domains_.of(*element), name, known);
    made.kind = Kind::text;
    return made;
  }
  const auto number = [&](std::int64_t low, std::int64_t high) {
    Term made = logic_.fresh_int(name);
    limits_.push_back(between(logic_, low, made, high));
    return made;
  };
  const std::int64_t earliest = wide_ ? first_day_of_all : first_day,
                     latest = wide_ ? last_day_of_all : last_day;
  Sym made{.kind = column.type.kind, .known = known, .parts = {}};
  switch (column.type.kind) {
  case Kind::boolean: {
    const Term value = logic_.fresh_bool(name);
    return logic_.sym(Truth{both(known, value), both(known, negated(value))});
  }
  case Kind::integer:
    made.parts = {wide_ ? number(-INT64_MAX, INT64_MAX)
                        : number(-1'000'000'000'000, 1'000'000'000'000)};
    break;
  case Kind::decimal:
  case Kind::money: {
    const Int128 most =
        kernels::power_of_ten(column.type.digits == 0 ? 18 : column.type.digits) - 1;
    made.parts = {logic_.fresh_int(name)};
    limits_.push_back(both(less_equal(logic_.number(-most), made.parts[0]),
                           less_equal(made.parts[0], logic_.number(most))));
    break;
  }
  case Kind::date:
    made.parts = {number(earliest, latest)};
    break;
  case Kind::datetime:
    made.parts = {number(earliest, latest), number(0, 86399)};
    break;
  case Kind::span:
    made.parts = {wide_ ? number(0, INT32_MAX) : number(0, 36500),
                  number(1, wide_ ? static_cast<int>(SpanUnit::minutes) : 3)};
    break;
  case Kind::window:
    made.parts = {number(1, 366), logic_.number(static_cast<int>(WindowUnit::days))};
    break;
  case Kind::code:
  case Kind::text:
    return text(column, domains_.of(column.type), name, known);
  case Kind::enumeration: {
    const schema::EnumType& type = program_.schema.enums[column.type.domain];
    const auto listed = static_cast<std::int64_t>(type.members.size());
    made.parts = {logic_.fresh_int(name)};
    const Term one = between(logic_, 1, made.parts[0], listed);
    limits_.push_back(
        type.closed ? one : either(one, equal(made.parts[0], logic_.number(first_unlisted))));
    break;
  }
  case Kind::age:
  case Kind::count:
  case Kind::score:
  case Kind::reasons:
    return logic_.unknown(column.type.kind);
  }
  return made;
}

Term World::present(std::uint32_t visit, hir::RelationId relation, std::uint32_t slot) {
  if (visit != no_visit)
    if (const auto raw = program_.schema.relations[relation].raw_of)
      relation = *raw;
  const Place place{.visit = visit, .relation = relation, .slot = slot, .column = 0};
  if (const auto found = present_.find(place); found != present_.end())
    return found->second;
  const Term made = logic_.fresh_bool(
      fmt::format("{} {} there", hir::relation(program_, relation).names.en, slot));
  present_.emplace(place, made);
  if (slot > 0)
    limits_.push_back(either(negated(made), present(visit, relation, slot - 1)));
  if (visit != no_visit && visit > 0)
    limits_.push_back(either(negated(made), visit_present(visit)));
  return made;
}

Term World::visit_present(std::uint32_t visit) {
  while (visits_.size() <= visit) {
    if (visits_.empty()) {
      visits_.push_back(logic_.yes());
      continue;
    }
    const Term made = logic_.fresh_bool(fmt::format("visit {} there", visits_.size()));
    if (visits_.size() > 1)
      limits_.push_back(either(negated(made), visits_.back()));
    visits_.push_back(made);
  }
  return visits_[visit];
}

// What a refund is, and what takes one back.
std::vector<Term> World::plain_demands() {
  std::vector<Term> all;
  for (const auto& [place, cell] : cells_) {
    if (place.visit == no_visit)
      continue;
    const schema::Column& column = program_.schema.relations[place.relation].columns[place.column];
    if (column.role == Role::quantity && place.relation != 0)
      all.push_back(less(logic_.number(0), cell.parts[0]));
    if ((column.role == Role::amount || column.role == Role::unit_price) && place.relation != 0)
      all.push_back(less_equal(logic_.number(0), cell.parts[0]));
    if (column.role == Role::refund && cell.kind == Kind::boolean)
      all.push_back(negated(cell.parts[0]));
    if (column.role == Role::reverses || column.role == Role::refunded_id)
      all.push_back(negated(cell.known));
  }
  return all;
}

Term World::stands_before(const Place& first, const Place& second,
                          const std::vector<std::uint32_t>& columns, std::size_t at) {
  if (at == columns.size())
    return logic_.yes();
  Place a = first, b = second;
  a.column = b.column = columns[at];
  const Sym *x = existing(a), *y = existing(b);
  const Term rest = stands_before(first, second, columns, at + 1);
  if (x == nullptr || y == nullptr)
    return rest;
  Term smaller = logic_.no(), same = logic_.yes();
  for (std::size_t i = x->parts.size(); i-- > 0;) {
    smaller =
        either(less(x->parts[i], y->parts[i]), both(equal(x->parts[i], y->parts[i]), smaller));
    same = both(same, equal(x->parts[i], y->parts[i]));
  }
  // What is missing comes first, but for the time: of what has none nothing is asked.
  const Term both_known = both(x->known, y->known);
  const Term neither = both(negated(x->known), negated(y->known));
  const Term before = both(negated(x->known), y->known);
  return any_of(logic_,
                {before, both(neither, rest), both(both_known, either(smaller, both(same, rest)))});
}

// The elements in canonical order: time, code, price, quantity. Of several that share all of these
// the printed numbers decide, which are the slots'.
std::vector<Term> World::order_demands(std::uint32_t visit, hir::RelationId relation) {
  const schema::Relation& list = program_.schema.relations[relation];
  const auto time = schema::column_with(list, Role::time);
  std::vector<std::uint32_t> columns;
  for (const Role role : {Role::code, Role::unit_price, Role::quantity, Role::key})
    if (const auto column = schema::column_with(list, role))
      columns.push_back(*column);
  std::vector<Term> all;
  for (std::uint32_t slot = 0; slot + 1 < bound_.lines; ++slot) {
    const Place first{.visit = visit, .relation = relation, .slot = slot, .column = 0};
    const Place second{.visit = visit, .relation = relation, .slot = slot + 1, .column = 0};
    Place a = first, b = second;
    a.column = b.column = time.value_or(0);
    const Sym* x = time ? existing(a) : nullptr;
    const Sym* y = time ? existing(b) : nullptr;
    Term fits = logic_.yes();
    if (x != nullptr && y != nullptr) {
      std::vector<std::uint32_t> with_time = columns;
      with_time.insert(with_time.begin(), *time);
      // Those without a time stand behind, as they were given.
      const Term known = both(x->known, y->known);
      fits = either(negated(y->known), both(known, stands_before(first, second, with_time, 0)));
    } else if (!time) {
      fits = stands_before(first, second, columns, 0);
    }
    all.push_back(either(negated(present(visit, relation, slot + 1)), fits));
  }
  return all;
}

// What a test says of visits beside the one that it is about: all are of known persons, and it is
// known since when all of them are known.
void World::visit_demands(std::vector<Term>& all) {
  const schema::Relation& settlement = program_.schema.relations[0];
  for (const Role role : {Role::person, Role::known_since, Role::known_until})
    if (const auto column = schema::column_with(settlement, role))
      for (std::uint32_t visit = 0; visit < bound_.visits; ++visit)
        if (const Sym* cell =
                existing({.visit = visit, .relation = 0, .slot = 0, .column = *column}))
          all.push_back(either(negated(visit_present(1)), cell->known));
  std::vector<std::uint32_t> columns;
  for (const Role role : {Role::begin, Role::end})
    if (const auto column = schema::column_with(settlement, role))
      columns.push_back(*column);
  for (std::uint32_t visit = 1; visit + 1 < bound_.visits; ++visit)
    all.push_back(either(negated(visit_present(visit + 1)),
                         stands_before({.visit = visit}, {.visit = visit + 1}, columns, 0)));
}

std::vector<Term> World::demands(bool plain) {
  std::vector<Term> all;
  for (std::uint32_t visit = 0; visit < bound_.visits; ++visit)
    for (const hir::RelationId relation : ordered_)
      if (relation != 0 && relation < program_.schema.relations.size())
        for (const Term& term : order_demands(visit, relation))
          all.push_back(term);
  if (bound_.visits > 1)
    visit_demands(all);
  // A visit without any date is dated by whoever runs the test.
  const std::vector<std::uint32_t> dates = dating_columns(program_.schema);
  for (std::uint32_t visit = 0; visit < bound_.visits && !dates.empty(); ++visit) {
    std::vector<Term> some;
    for (const std::uint32_t column : dates) {
      const Sym* cell = existing({.visit = visit, .relation = 0, .slot = 0, .column = column});
      some.push_back(cell == nullptr ? logic_.yes() : cell->known);
    }
    all.push_back(any_of(logic_, some));
  }
  if (plain)
    for (const Term& term : plain_demands())
      all.push_back(term);
  all.insert(all.end(), limits_.begin(), limits_.end());
  all.insert(all.end(), logic_.facts.begin(), logic_.facts.end());
  return all;
}

} // namespace sanku::prove
