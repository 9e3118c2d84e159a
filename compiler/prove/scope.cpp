// Scope (scope.h): the terms of every form of expression. What enumerates is in query.cpp, folds
// are in fold.cpp, look-ups in look_up.cpp, kernels in kernels.cpp.
#include "compiler/prove/scope.h"

#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace sanku::prove {

Scope::Scope(Shared shared, const Tables& tables, const hir::Rule& rule)
    : shared_(shared), tables_(tables), rule_(rule), bound_(rule.binders), lets_(rule.lets.size()) {
  bound_[hir::settlement_binder].form = Element::Form::visit;
}

void Scope::bind(hir::BinderId binder, Element element) {
  bound_[binder] = std::move(element);
  lets_.assign(lets_.size(), std::nullopt);
}

Sym Scope::value(const hir::Expr& expr) {
  return std::visit(match{
                        [&](const hir::Constant& form) { return constant(form.value, expr.type); },
                        [&](const hir::FieldOf& form) { return field(form, expr.type); },
                        [&](const hir::LetOf& form) { return let(form.let); },
                        [&](const hir::Call& form) {
                          std::vector<Sym> arguments;
                          for (const hir::Expr& argument : form.arguments)
                            arguments.push_back(value(argument));
                          return call(*this, form, std::move(arguments), expr.type);
                        },
                        [&](const hir::InTable& form) {
                          return logic().sym(has_row(look_up(form.table, *form.key, form.at)));
                        },
                        [&](const hir::CodeTextOf& form) {
                          Sym code = value(*form.code);
                          code.kind = Kind::text;
                          return code;
                        },
                        [&](const hir::EmptyCell& form) { return empty_cell(form); },
                        [&](const hir::Ask& form) { return value(*form.answer); },
                        [&](const hir::Earlier& form) { return earlier(form, expr.type); },
                        [&](const hir::OfVisit& form) { return of_visit(form); },
                        [&](const hir::PeersOf&) { return freed(expr.type, "peers"); },
                        [&](const hir::ScoreOf& form) { return score(form, expr.type); },
                        [&](const hir::ReasonsOf&) { return logic().unknown(Kind::reasons); },
                        [&](const hir::Fold& form) { return fold(form, expr.type); },
                    },
                    expr.form);
}

Sym Scope::freed(const Type& type, const std::string& form) {
  shared_.notes.freed.insert(form);
  const Term known = logic().fresh_bool("known " + form);
  Sym made = logic().unknown(type.kind);
  made.known = known;
  if (type.kind == Kind::boolean) {
    const Term holds = logic().fresh_bool(form);
    return logic().sym(Truth{both(known, holds), both(known, negated(holds))});
  }
  for (Term& part : made.parts)
    part = type.kind == Kind::score ? logic().fresh_real(form) : logic().fresh_int(form);
  if (type.kind == Kind::count) {
    made.known = logic().yes();
    logic().facts.push_back(less_equal(logic().number(0), made.parts[0]));
    logic().facts.push_back(less_equal(made.parts[0], made.parts[1]));
  }
  if (type.kind == Kind::code || type.kind == Kind::text) {
    made.domain = shared_.domains.of(type);
    logic().facts.push_back(less_equal(logic().number(0), made.parts[0]));
  }
  return made;
}

namespace {

std::string shortest(double value) {
  std::array<char, 400> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  return {text.data(), end.ptr};
}

} // namespace

Sym Scope::constant(const Value& value, const Type& type) {
  Logic& l = logic();
  const auto number = [&](Int128 n) { return l.number(n); };
  const auto made = [&](Kind kind, std::vector<Term> parts) {
    return Sym{.kind = kind, .known = l.yes(), .parts = std::move(parts)};
  };
  const auto text = [&](Kind kind, const std::string& written) {
    const DomainId domain = shared_.domains.of(type);
    Sym one = made(kind, {number(shared_.domains.number(domain, written))});
    one.domain = domain;
    one.literal = written;
    return one;
  };
  return std::visit(
      match{
          [&](const Unknown&) {
            Sym none = l.unknown(type.kind);
            none.domain = shared_.domains.of(type);
            return none;
          },
          [&](const Bool& v) { return l.sym(l.truth(v.value)); },
          [&](const Integer& v) { return made(Kind::integer, {number(v.value)}); },
          [&](const Decimal& v) { return made(type.kind, {number(v.units)}); },
          [&](const Date& v) { return made(Kind::date, {number(v.days)}); },
          [&](const DateTime& v) {
            const std::int64_t day =
                v.seconds >= 0 ? v.seconds / 86400 : -((86399 - v.seconds) / 86400);
            return made(Kind::datetime, {number(day), number(v.seconds - day * 86400)});
          },
          [&](const Span& v) {
            return made(Kind::span, {number(number_of(v)), number(static_cast<int>(unit_of(v)))});
          },
          [&](const Window& v) {
            return made(Kind::window, {number(number_of(v)), number(static_cast<int>(unit_of(v)))});
          },
          [&](const Age& v) {
            return made(Kind::age, {number(birth_of(v).days), number(reference_of(v).days)});
          },
          [&](const Count& v) { return made(Kind::count, {number(v.low), number(v.high)}); },
          [&](const CodeText& v) { return text(Kind::code, v.text); },
          [&](const EnumValue& v) {
            return made(Kind::enumeration, {number(v.id != 0 ? v.id : first_unlisted)});
          },
          [&](const std::string& v) { return text(Kind::text, v); },
          [&](const Score& v) { return made(Kind::score, {l.real(shortest(v.value))}); },
      },
      value);
}

namespace {

// Texts of two domains: a text that is written there has a number in the other's as well.
Sym chosen_text(Scope& scope, const Term& condition, const Sym& yes, const Sym& no) {
  if (!yes.literal && !no.literal)
    return scope.freed({.kind = yes.kind}, "texts of two kinds");
  const Sym& written = no.literal ? no : yes;
  const Sym& other = no.literal ? yes : no;
  Domains& domains = scope.shared().domains;
  static_cast<void>(domains.want(other.domain, *written.literal));
  Sym there = written;
  there.domain = other.domain;
  there.parts = {scope.logic().number(domains.number(other.domain, *written.literal))};
  return no.literal ? choose(scope, condition, yes, there) : choose(scope, condition, there, no);
}

} // namespace

Sym choose(Scope& scope, const Term& condition, const Sym& yes, const Sym& no) {
  if (condition.is_true())
    return yes;
  if (condition.is_false())
    return no;
  Sym made{.kind = yes.kind, .known = choose(condition, yes.known, no.known), .parts = {}};
  for (std::size_t i = 0; i < yes.parts.size(); ++i)
    made.parts.push_back(choose(condition, yes.parts[i], no.parts[i]));
  made.domain = yes.domain;
  if (yes.domain != no.domain && (yes.kind == Kind::code || yes.kind == Kind::text)) {
    // Of what is not known the domain says nothing.
    if (yes.known.is_false())
      made.domain = no.domain;
    else if (!no.known.is_false())
      return chosen_text(scope, condition, yes, no);
  }
  if (yes.literal && no.literal && *yes.literal == *no.literal)
    made.literal = yes.literal;
  return made;
}

Sym Scope::cell_of_row(hir::TableId table, std::uint32_t row, std::uint32_t column) {
  const auto& rows = tables_.table(table).rows;
  if (row >= rows.size())
    return shared_.world.cell({.visit = no_visit,
                               .relation = tables_.given(table),
                               .slot = row - static_cast<std::uint32_t>(rows.size()),
                               .column = column});
  Type type = tables_.shape(table).relation.columns[column].type;
  // The text of a set is looked into; it is no code itself.
  return constant(rows[row][column], type);
}

Sym Scope::row_field(const Element& element, const hir::FieldOf& field, const Type& type) {
  const auto table =
      static_cast<hir::TableId>(field.relation - tables_.program().schema.relations.size());
  Sym made = constant(Unknown{}, type);
  for (const Choice& choice : element.rows) {
    const Sym cell = cell_of_row(table, choice.row, field.column);
    Sym guarded = cell;
    guarded.known = both(choice.when, cell.known);
    if (cell.kind == Kind::boolean) {
      made = logic().sym(Truth{either(both(choice.when, cell.parts[0]), made.parts[0]),
                               either(both(choice.when, cell.parts[1]), made.parts[1])});
      continue;
    }
    made = choose(*this, choice.when, guarded, made);
  }
  return made;
}

Sym Scope::field(const hir::FieldOf& field, const Type& type) {
  const Element& element = bound_[field.binder];
  switch (element.form) {
  case Element::Form::none:
    return constant(Unknown{}, type);
  case Element::Form::row:
    return row_field(element, field, type);
  case Element::Form::visit:
    return shared_.world.cell(
        {.visit = element.visit, .relation = 0, .slot = 0, .column = field.column});
  case Element::Form::child:
    break;
  }
  if (!element.part.empty() && !field.whole) {
    const schema::Role role =
        tables_.program().schema.relations[field.relation].columns[field.column].role;
    if (role == schema::Role::quantity)
      return element.part[0];
    if (role == schema::Role::amount)
      return element.part[1];
  }
  return shared_.world.cell({.visit = element.visit,
                             .relation = field.relation,
                             .slot = element.slot,
                             .column = field.column});
}

Sym Scope::let(std::uint32_t let) {
  if (!lets_[let])
    lets_[let] = value(rule_.lets[let].value);
  return *lets_[let];
}

Sym Scope::empty_cell(const hir::EmptyCell& cell) {
  const Element& element = bound_[cell.binder];
  if (element.form == Element::Form::none)
    return logic().sym(logic().unknown());
  if (element.form != Element::Form::row)
    return freed({.kind = Kind::boolean}, "an empty cell of no table");
  const auto table =
      static_cast<hir::TableId>(cell.relation - tables_.program().schema.relations.size());
  Truth empty = logic().unknown();
  for (const Choice& choice : element.rows) {
    const Term known = cell_of_row(table, choice.row, cell.column).known;
    empty = {either(both(choice.when, negated(known)), empty.yes),
             either(both(choice.when, known), empty.no)};
  }
  return logic().sym(empty);
}

Sym Scope::earlier(const hir::Earlier& test, const Type& type) {
  const Element &left = bound_[test.left], &right = bound_[test.right];
  if (left.form == Element::Form::none || right.form == Element::Form::none)
    return logic().sym(logic().unknown());
  if (test.relation == 0 || left.visit != right.visit)
    return freed(type, "the order of elements of two visits");
  const auto& list = tables_.program().schema.relations[test.relation];
  const auto time = schema::column_with(list, schema::Role::time);
  Term placed = logic().yes();
  for (const Element* element : {&left, &right})
    if (time)
      placed = both(placed, shared_.world
                                .cell({.visit = element->visit,
                                       .relation = test.relation,
                                       .slot = element->slot,
                                       .column = *time})
                                .known);
  const bool first = left.slot < right.slot;
  return logic().sym(Truth{first ? placed : logic().no(), first ? logic().no() : placed});
}

Sym Scope::of_visit(const hir::OfVisit& test) {
  const Element& element = bound_[test.element];
  if (element.form == Element::Form::none)
    return logic().sym(logic().unknown());
  return logic().sym(logic().truth(element.visit == bound_[hir::settlement_binder].visit));
}

Sym Scope::score(const hir::ScoreOf& form, const Type& type) {
  if (form.total)
    return value(*form.total);
  return freed(type, "a trained model");
}

} // namespace sanku::prove
