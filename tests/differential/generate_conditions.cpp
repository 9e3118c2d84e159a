// Conditions, and conditions that call a given row of compiler/builtins: see generator.h.
#include "runtime/types/check.h"
#include "tests/differential/generator.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::differential {
namespace {

constexpr Type boolean_type{.kind = Kind::boolean};

Made made(Piece piece, Level level) {
  piece.kind = "bool 0";
  return {.piece = std::move(piece), .type = boolean_type, .level = level, .flexible = false};
}

} // namespace

Made Generator::boolean(int depth) {
  if (depth <= 0) {
    if (random_.chance(20))
      return field_or(boolean_type, literal(boolean_type));
    return comparison(0);
  }
  if (random_.chance(18))
    return member_or_period(depth);
  switch (random_.below(may_fold() ? 18 : 13)) {
  case 0:
  case 1:
  case 2:
    return junction(depth);
  case 3:
    return made(join("not ", at(condition(depth - 1), Level::negation)), Level::negation);
  case 4:
    return known(depth);
  case 5:
    return text_test(depth);
  case 6:
    return chain(depth);
  case 7:
    return within(depth);
  case 8:
    return earlier().value_or(comparison(depth));
  case 9:
    return in_table(depth).value_or(comparison(depth));
  case 10:
    return otherwise(field_or(boolean_type, comparison(depth - 1)),
                     random_.chance(50) ? literal(boolean_type) : condition(depth - 1));
  case 13:
    return fold("any", "", nullptr, boolean_type, depth);
  case 14:
    return fold("none", "", nullptr, boolean_type, depth);
  case 15:
    return fold("every", " has ", &boolean_type, boolean_type, depth);
  default:
    return comparison(depth);
  }
}

Made Generator::member_or_period(int depth) {
  switch (random_.below(6)) {
  case 0:
  case 1:
    return member(depth);
  case 4:
    return scope_.keys ? question() : collected_truth();
  case 2:
    return meets(depth).value_or(member(depth));
  case 3:
    return periods();
  default:
    return question();
  }
}

Made Generator::junction(int depth) {
  const char* const word = random_.chance(55) ? " and " : " or ";
  Piece piece;
  const std::int64_t parts = random_.chance(80) ? 2 : random_.between(3, 4);
  for (std::int64_t i = 0; i < parts; ++i) {
    Piece part = at(condition(depth - 1), Level::negation);
    piece.parts.push_back(i == 0 ? std::move(part) : optional(join(word, std::move(part))));
  }
  return made(std::move(piece), Level::expression);
}

Made Generator::known(int depth) {
  const Made inner = value(any_type(true), depth - 1);
  // A literal without company is a text or a plain name: known of what?
  if (inner.flexible && (inner.type.kind == Kind::enumeration || inner.type.kind == Kind::code))
    return comparison(depth);
  return made(join("known ", at(inner, Level::postfix)), Level::prefix);
}

Type Generator::any_type(bool for_known) {
  constexpr Kind kinds[] = {Kind::boolean,     Kind::integer,     Kind::integer, Kind::decimal,
                            Kind::decimal,     Kind::money,       Kind::money,   Kind::date,
                            Kind::datetime,    Kind::span,        Kind::age,     Kind::code,
                            Kind::enumeration, Kind::enumeration, Kind::text,    Kind::window,
                            Kind::count};
  Kind kind = random_.of(kinds);
  if (random_.chance(5) && scope_.scores && !scope_.keys && !shape_.cheap)
    return {.kind = Kind::score};
  if (kind == Kind::window && !for_known)
    kind = Kind::money;
  if (kind == Kind::count && (for_known || !may_fold()))
    kind = Kind::integer;
  return type_of_some_field(kind).value_or(
      Type{.kind = kind == Kind::enumeration || kind == Kind::code ? Kind::money : kind});
}

Made Generator::compared(const Made& left, const Made& right, bool ordered) {
  constexpr const char* equalities[] = {" = ", " != ", " ≠ "};
  constexpr const char* orders[] = {" < ", " <= ", " > ", " >= ", " ≤ ", " ≥ ", " = ", " != "};
  const std::string op = ordered ? random_.of(orders) : random_.of(equalities);
  return made(join(at(left, Level::operand), op, at(right, Level::operand)), Level::comparison);
}

// That two elements of one list have the same value: what loops look elements up by.
std::optional<Made> Generator::same_value() {
  std::vector<const Element*> found;
  for (const Element& each : scope_.elements)
    if (!each.table && !each.name.empty() && !(scope_.guard && each.match))
      found.push_back(&each);
  if (found.size() < 2)
    return std::nullopt;
  const Element& inner = *found.back();
  const Element& outer = *found[random_.below(found.size() - 1)];
  if (outer.relation != inner.relation)
    return std::nullopt;
  const auto& fields = inner.relation == 0 ? world_.visits : world_.fields[inner.relation];
  const Field& of = random_.of(fields);
  if (of.type.kind == Kind::boolean)
    return std::nullopt;
  Made left{
      .piece = Piece(inner.name + of.paths.front()), .type = of.type, .level = Level::postfix};
  Made right{
      .piece = Piece(outer.name + random_.of(of.paths)), .type = of.type, .level = Level::postfix};
  if (random_.chance(40))
    std::swap(left, right);
  return made(join(left.piece, " = ", right.piece), Level::comparison);
}

Made Generator::comparison(int depth) {
  if (random_.chance(12))
    if (auto same = same_value())
      return std::move(*same);
  const Type type = any_type(false);
  Made left = value(type, depth - 1);
  const auto partner = [&]() -> Made {
    switch (type.kind) {
    case Kind::integer:
      if (depth > 0 && may_fold() && random_.chance(15))
        return count(depth - 1);
      return random_.chance(15) ? decimal(depth - 1) : integer(depth - 1);
    case Kind::decimal:
      return random_.chance(20) ? integer(depth - 1) : decimal(depth - 1);
    case Kind::count:
      return random_.chance(25)   ? count(depth - 1)
             : random_.chance(15) ? number_literal({.kind = Kind::decimal})
                                  : integer(depth - 1);
    case Kind::score:
      return random_.chance(60) ? number_literal({.kind = Kind::decimal}) : decimal(depth - 1);
    case Kind::age:
      return span(random_.chance(80) ? 0 : depth - 1);
    case Kind::datetime:
      return random_.chance(25) ? date(depth - 1) : datetime(depth - 1);
    case Kind::code:
    case Kind::enumeration:
      return left.flexible || random_.chance(60) ? value(left.type, depth - 1) : literal(left.type);
    default:
      return value(type, depth - 1);
    }
  };
  Made right = partner();
  const bool bare = type.kind == Kind::code || type.kind == Kind::enumeration;
  if (bare && left.flexible && right.flexible)
    right = left = field(type).value_or(left);
  const bool ordered =
      type.kind != Kind::boolean && type.kind != Kind::code && type.kind != Kind::text &&
      (type.kind != Kind::enumeration || world_.schema().enums[type.domain].ordered);
  if (random_.chance(25))
    std::swap(left, right);
  return compared(left, right, ordered);
}

// `low <= middle < high`
Made Generator::chain(int depth) {
  constexpr const char* orders[] = {" < ", " <= ", " > ", " >= ", " = "};
  constexpr Kind kinds[] = {Kind::integer, Kind::decimal, Kind::money,
                            Kind::date,    Kind::age,     Kind::enumeration};
  const Kind kind = random_.of(kinds);
  const Type type = type_of_some_field(kind).value_or(Type{.kind = Kind::money});
  if (type.kind == Kind::enumeration && !world_.schema().enums[type.domain].ordered)
    return comparison(depth);
  const Made middle = type.kind == Kind::age ? age(0) : field_or(type, value(type, depth - 1));
  const auto side = [&]() -> Made {
    if (type.kind == Kind::age)
      return literal({.kind = Kind::span});
    return random_.chance(60) ? literal(type) : value(type, depth - 1);
  };
  Piece piece = join(at(side(), Level::operand), random_.of(orders), at(middle, Level::operand),
                     random_.of(orders), at(side(), Level::operand));
  if (type.kind != Kind::age && random_.chance(20)) {
    piece.parts.emplace_back(random_.of(orders));
    piece.parts.push_back(at(value(type, 0), Level::operand));
  }
  return made(std::move(piece), Level::comparison);
}

Made Generator::text_test(int depth) {
  const Made left = text(depth - 1);
  return made(join(at(left, Level::operand), random_.chance(50) ? " contains " : " starts with ",
                   at(text(0), Level::operand)),
              Level::comparison);
}

Made Generator::instant(int depth) {
  std::vector<std::string> names;
  for (const Element& element : scope_.elements)
    if (!element.name.empty() && !element.table && !(scope_.guard && element.match))
      names.push_back(element.name);
  if (!names.empty() && random_.chance(65))
    return {.piece = random_.of(names), .type = {.kind = Kind::datetime}, .level = Level::postfix};
  return random_.chance(50) ? datetime(depth) : date(depth);
}

// A window of which the text does not say that it is a visit.
Made Generator::within_the_past() {
  return made(join("any(h in ", past(), ".items where within(h.at, ", instant(0).piece, ", ",
                   sum_of(date(0), " - ", date(0)).piece, "))"),
              Level::postfix);
}

Made Generator::within(int depth) {
  if (shape_.past && random_.chance(25))
    return within_the_past();
  const Made first = instant(depth - 1), second = instant(depth - 1);
  // A length of time is a window where one is wanted: written as a difference, or from a table's
  // column.
  const Made wide = random_.chance(80)
                        ? window(depth - 1)
                        : field_or({.kind = Kind::span}, literal({.kind = Kind::window}));
  return made(join(random_.chance(70) ? "within(" : "同期(", first.piece, ", ", second.piece, ", ",
                   wide.piece, ")"),
              Level::postfix);
}

std::vector<const Generator::Element*>
Generator::elements_of(std::optional<std::uint32_t> relation) const {
  std::vector<const Element*> found;
  for (const Element& element : scope_.elements)
    if (!element.table && !element.name.empty() && !(scope_.guard && element.match) &&
        (!relation || element.relation == *relation))
      found.push_back(&element);
  return found;
}

std::optional<Made> Generator::earlier() {
  const auto all = elements_of(std::nullopt);
  if (all.empty())
    return std::nullopt;
  const Element& left = *random_.of(all);
  const Element& right = *random_.of(elements_of(left.relation));
  constexpr const char* words[] = {" earlier ", " 早于 "};
  return made(join(left.name, random_.of(words), right.name), Level::comparison);
}

std::optional<Made> Generator::in_table(int depth) {
  const Table& table = random_.of(tables_);
  const auto key = key_for(table, depth - 1);
  if (!key)
    return std::nullopt;
  return made(
      join(at(*key, Level::operand), " in ", random_.chance(60) ? table.name : table.name_zh),
      Level::comparison);
}

// ---- calling a given row

Made Generator::argument_of(const builtins::Builtin& row, std::size_t i, const Type& shared) {
  const Kind kind = builtins::kind_of(row.kernel->params[i].tag);
  if (kind == shared.kind || (is_number(kind) && is_number(shared.kind)))
    return i == 0 || kind == Kind::boolean ? field_or(shared, value(shared, 1)) : value(shared, 0);
  if (kind == Kind::count)
    return count(1);
  return value({.kind = kind}, 0);
}

Made Generator::used(const Made& made_value) {
  if (made_value.type.kind == Kind::boolean)
    return made_value;
  if (made_value.type.kind == Kind::window) {
    const Made first = instant(0);
    return made(join("within(", first.piece, ", ", instant(0).piece, ", ", made_value.piece, ")"),
                Level::postfix);
  }
  const bool ordered = made_value.type.kind != Kind::code &&
                       made_value.type.kind != Kind::enumeration &&
                       made_value.type.kind != Kind::text;
  const Made other = made_value.type.kind == Kind::age ? span(0) : value(made_value.type, 0);
  return compared(made_value, other, ordered);
}

Made Generator::conversion(const builtins::Builtin& row) {
  if (row.name == "as_count" || row.name == "add_counts")
    return used(count_of(1));
  const Made moment = datetime(0), number = field_or({.kind = Kind::integer}, integer(1));
  const std::string_view name = row.name;
  if (name == "number_to_score" || name == "truth_to_score")
    return compared(model_call(), decimal(0), true);
  if (name == "widen_integer")
    return compared(decimal(0), number, true);
  if (name == "exact_count")
    return used(sum_of(count(1), " + ", integer(0)));
  if (name == "start_of_day")
    return compared(moment, date(0), true);
  if (name == "span_to_window") {
    const Made difference = sum_of(date(0), " - ", date(0));
    return made(
        join("within(", instant(0).piece, ", ", instant(0).piece, ", ", difference.piece, ")"),
        Level::postfix);
  }
  // Numbers of two scales: `rescale`.
  return compared(sum_of(rounded(money(0), 0), " + ", money(0)),
                  quotient_of(money(0), decimal(0), true), true);
}

// The row as it is written: an operator or a function.
Made Generator::application_of(const builtins::Builtin& row) {
  const std::size_t arity = row.typing == builtins::Typing::quotient ? 2 : row.kernel->arity;
  const Kind first = builtins::kind_of(row.kernel->params[0].tag);
  Type shared = type_of_some_field(first).value_or(Type{.kind = first});
  if (first == Kind::decimal && row.typing != builtins::Typing::product && random_.chance(50))
    shared = {.kind = Kind::money};
  const bool ordered_enum = row.typing == builtins::Typing::ordered;
  while (ordered_enum && !world_.schema().enums[shared.domain].ordered)
    shared.domain = static_cast<std::uint32_t>(random_.below(world_.schema().enums.size()));
  if (shared.kind == Kind::code && !field(shared))
    shared = *type_of_some_field(Kind::code);
  std::vector<Made> arguments;
  for (std::size_t i = 0; i < arity; ++i)
    arguments.push_back(argument_of(row, i, shared));
  // What is compared with an unlisted value or a literal still has a type of its own on the left.
  if (arguments.size() == 2 && arguments[0].flexible && arguments[1].flexible)
    arguments[0] = field(shared).value_or(arguments[0]);
  const Kind result = builtins::kind_of(row.kernel->result);
  const std::string symbol(row.symbol);
  if (symbol == "choose")
    return chosen(shared_of_choice(row), 1);
  if (symbol == "in")
    return member_of_kind(first);
  if (symbol.starts_with("in "))
    return made_integer(join(at(first == Kind::age ? age(0) : span(1), Level::sum), " ", symbol));
  if (row.callable) {
    if (row.name == "within")
      return within(1);
    return call(std::string(row.name).c_str(), std::string(row.name_zh).c_str(), arguments,
                is_number(shared.kind) ? shared : Type{.kind = result});
  }
  if (symbol == "known")
    return made(join("known ", at(arguments[0], Level::postfix)), Level::prefix);
  if (symbol == "otherwise")
    return otherwise(arguments[0], arguments[1]);
  if (symbol == "rounded to")
    return rounded(quotient_of(arguments[0], decimal(0), arguments[0].type.kind == Kind::money), 2);
  if (symbol == "not")
    return made(join("not ", at(arguments[0], Level::negation)), Level::negation);
  if (symbol == "and" || symbol == "or")
    return made(join(at(arguments[0], Level::negation), " " + symbol + " ",
                     at(arguments[1], Level::negation)),
                Level::expression);
  if (symbol == "-" && arity == 1)
    return negated(arguments[0]);
  if (symbol == "*")
    return row.typing == builtins::Typing::product ? product_of(arguments[0], decimal(0))
                                                   : integer_product(arguments);
  if (symbol == "/")
    return quotient_of(arguments[0], decimal(0), arguments[0].type.kind == Kind::money);
  if (symbol == "+" || symbol == "-") {
    Made total = sum_of(arguments[0], symbol == "+" ? " + " : " - ", arguments[1]);
    if (result == Kind::span)
      total.type = {.kind = Kind::span};
    return total;
  }
  return made(
      join(at(arguments[0], Level::operand), " " + symbol + " ", at(arguments[1], Level::operand)),
      Level::comparison);
}

Made Generator::integer_product(const std::vector<Made>& factors) {
  Made product = factors[0];
  product.piece = join(at(factors[0], Level::product), " * ", at(factors[1], Level::prefix));
  product.level = Level::product;
  product.flexible = false;
  return product;
}

Made Generator::calling(const builtins::Builtin& row) {
  const bool of_past = row.name == "begins_before" || row.name.starts_with("reaches") ||
                       row.name.starts_with("known_since") || row.name.starts_with("known_until");
  if (of_past && !shape_.past)
    return condition(1);
  // A window of which the text does not say what it is.
  if (row.name == "insured_window") {
    Made year = made(Piece("医保年度"), Level::postfix);
    year.type = {.kind = Kind::window};
    year.piece.kind = "window 0";
    return used(otherwise(window(1), year));
  }
  if (row.name == "reaches_beyond")
    return within_the_past();
  if (of_past)
    return made(join("any(h in ", visits().piece, " where known h.visit)"), Level::postfix);
  if (!row.callable && row.symbol.empty())
    return conversion(row);
  return used(application_of(row));
}

} // namespace sanku::differential
