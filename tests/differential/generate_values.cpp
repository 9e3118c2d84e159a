// Values of every type but truth: see generator.h.
#include "runtime/types/check.h"
#include "tests/differential/generator.h"
#include "tests/differential/values.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::differential {
namespace {

std::string kind_of(const Type& type) {
  return fmt::format("{} {}", info(type.kind).en, type.domain);
}

Made made(Piece piece, const Type& type, Level level) {
  piece.kind = kind_of(type);
  return {.piece = std::move(piece), .type = type, .level = level, .flexible = false};
}

} // namespace

Piece Generator::at(const Made& made, Level level) {
  if (made.level >= level)
    return made.piece;
  return join("(", made.piece, ")");
}

bool Generator::fits(const Type& wanted, const Type& found) const {
  if (wanted.kind != found.kind)
    return false;
  if (wanted.kind == Kind::enumeration)
    return wanted.domain == found.domain;
  if (wanted.kind != Kind::code || wanted.domain == found.domain)
    return true;
  const auto holds = [&](std::uint32_t whole, std::uint32_t part) {
    return std::ranges::count(world_.schema().systems[whole].members, part) != 0;
  };
  return holds(wanted.domain, found.domain) || holds(found.domain, wanted.domain);
}

std::vector<Made> Generator::fields(const Type& wanted) {
  std::vector<Made> found;
  const auto add = [&](const std::string& name, const Field& each) {
    if (!fits(wanted, each.type))
      return;
    const std::string path = name.empty() && !each.bare.empty() ? each.bare
                             : random_.chance(65)               ? each.paths.front()
                                                                : random_.of(each.paths);
    found.push_back(made(Piece(name + path), each.type, Level::postfix));
  };
  for (const Element& element : scope_.elements) {
    if (scope_.guard && element.match)
      continue;
    for (const Field& each : element.table           ? tables_[*element.table].fields
                             : element.relation == 0 ? world_.visits
                                                     : world_.fields[element.relation])
      if (!element.name.empty() || !each.bare.empty())
        add(element.name, each);
  }
  for (const Named& each : scope_.values)
    if (!(scope_.guard && each.match) && fits(wanted, each.type))
      found.push_back(made(Piece(each.name), each.type, Level::postfix));
  // The settlement's own weigh less where there is something nearer.
  if (found.empty() || random_.chance(25))
    for (const Field& each : world_.fields[0])
      if (fits(wanted, each.type))
        found.push_back(
            made(Piece(random_.chance(65) ? each.paths.front() : random_.of(each.paths)), each.type,
                 Level::postfix));
  return found;
}

std::optional<Made> Generator::field(const Type& wanted) {
  const std::vector<Made> found = fields(wanted);
  if (found.empty())
    return std::nullopt;
  return random_.of(found);
}

Made Generator::field_or(const Type& wanted, const Made& otherwise) {
  return field(wanted).value_or(otherwise);
}

std::optional<Type> Generator::type_of_some_field(Kind kind) {
  std::vector<Type> types;
  const auto add = [&](const Field& each) {
    if (each.type.kind == kind)
      types.push_back(each.type);
  };
  for (const Element& element : scope_.elements) {
    if (scope_.guard && element.match)
      continue;
    for (const Field& each :
         element.table ? tables_[*element.table].fields : world_.fields[element.relation])
      add(each);
  }
  if (types.empty() || random_.chance(20))
    std::ranges::for_each(world_.fields[0], add);
  if (types.empty())
    return std::nullopt;
  return random_.of(types);
}

Made Generator::number_literal(const Type& wanted) {
  constexpr const char* whole[] = {"0", "1", "2", "3", "5", "10", "30", "1000000000000000"};
  constexpr const char* broken[] = {
      "0.5", "1.0", "2.0", "2.50", "0.3333", "10.0", "999999999999999.9999", "0.00"};
  constexpr const char* percents[] = {"30%", "100%", "12.5 %", "5％"};
  constexpr const char* amounts[] = {
      "0元", "35 yuan", "12.50元", "1 yuan", "0.01元", "100 yuan", "1000000000000000 yuan"};
  if (wanted.kind == Kind::integer)
    return {.piece = random_.of(whole),
            .type = {.kind = Kind::integer},
            .level = Level::postfix,
            .flexible = true};
  const bool percent = wanted.kind == Kind::decimal && random_.chance(20);
  const std::string digits = wanted.kind == Kind::money ? random_.of(amounts)
                             : percent                  ? random_.of(percents)
                                                        : random_.of(broken);
  const std::size_t point = digits.find('.');
  const std::size_t end = digits.find_first_not_of("0123456789.");
  const std::size_t places =
      point == std::string::npos ? 0 : std::min(end, digits.size()) - point - 1;
  const Type type{.kind = wanted.kind,
                  .scale = static_cast<std::uint8_t>(places + (percent ? 2 : 0))};
  Made number = made(Piece(digits), type, Level::postfix);
  number.flexible = true;
  return number;
}

Made Generator::literal(const Type& wanted) {
  constexpr const char* days[] = {"2026-03-01", "2026-02-28", "2024-02-29", "2008-03-05",
                                  "1900-01-01"};
  constexpr const char* lengths[] = {"1 day",   "3 days",       "2 weeks", "6 months",
                                     "1 month", "18 years old", "2 years", "28天",
                                     "60岁",    "90 minutes",   "6 hours", "0 days"};
  constexpr const char* windows[] = {"same day", "same visit",     "same hour", "month",
                                     "quarter",  "calendar year",  "lifetime",  "当次就诊",
                                     "自然月",   "insurance year", "医保年度"};
  const auto flexible = [&](Piece piece) {
    Made one = made(std::move(piece), wanted, Level::postfix);
    one.flexible = true;
    return one;
  };
  switch (wanted.kind) {
  case Kind::boolean:
    return made(random_.chance(50) ? "true" : "false", wanted, Level::postfix);
  case Kind::integer:
  case Kind::decimal:
  case Kind::money:
    return number_literal(wanted);
  case Kind::score:
    return number_literal({.kind = Kind::decimal});
  case Kind::date:
  case Kind::datetime:
    return made(random_.of(days), {.kind = Kind::date}, Level::postfix);
  case Kind::span:
    return flexible(random_.of(lengths));
  case Kind::window:
    return made(random_.of(windows), wanted, Level::postfix);
  case Kind::code:
    return flexible("\"" + code_of(random_, world_.schema(), wanted.domain, Place::table) + "\"");
  case Kind::text:
    return flexible("\"" + text_of(random_) + "\"");
  case Kind::enumeration: {
    const schema::EnumType& type = world_.schema().enums[wanted.domain];
    const schema::EnumMember& member = random_.of(type.members);
    const bool chinese = random_.chance(30);
    const std::string name =
        chinese && !member.names.zh.empty() ? member.names.zh : member.names.en;
    if (random_.chance(60))
      return flexible(Piece(name));
    return made((chinese ? type.names.zh : type.names.en) + "." + name, wanted, Level::postfix);
  }
  case Kind::age:
  case Kind::count:
  case Kind::reasons:
    break;
  }
  unreachable("ages and counts have no literals");
}

Made Generator::value(const Type& wanted, int depth) {
  const bool choosable = wanted.kind != Kind::age && wanted.kind != Kind::count &&
                         wanted.kind != Kind::window && wanted.kind != Kind::boolean &&
                         wanted.kind != Kind::score;
  if (depth > 0 && choosable && random_.chance(5))
    return chosen(wanted, depth);
  if (depth >= 0 && random_.chance(4))
    if (auto named = pack_value(wanted))
      return std::move(*named);
  if (depth > 0 && random_.chance(6))
    if (auto end = picked(wanted, depth))
      return std::move(*end);
  switch (wanted.kind) {
  case Kind::boolean:
    return boolean(depth);
  case Kind::integer:
    return integer(depth);
  case Kind::decimal:
    return decimal(depth);
  case Kind::money:
    return money(depth);
  case Kind::date:
    return date(depth);
  case Kind::datetime:
    return datetime(depth);
  case Kind::span:
    return span(depth);
  case Kind::window:
    return window(depth);
  case Kind::age:
    return age(depth);
  case Kind::count:
    return count(depth);
  case Kind::code:
    return code(wanted, depth);
  case Kind::enumeration:
    return enumeration(wanted, depth);
  case Kind::text:
    return text(depth);
  case Kind::score:
    return score(depth);
  case Kind::reasons:
    break;
  }
  unreachable("every kind has values");
}

// ---- operators

Made Generator::otherwise(Made left, Made right) {
  Type type = left.type;
  if (is_number(type.kind))
    type.scale = std::max(left.type.scale, right.type.scale);
  return made(join(at(left, Level::operand), " otherwise ", at(right, Level::sum)), type,
              Level::operand);
}

Made Generator::sum_of(Made left, const char* op, Made right) {
  Type type = is_number(right.type.kind) ? right.type : left.type;
  if (is_number(type.kind))
    type.scale = std::max(left.type.scale, right.type.scale);
  if (type.kind == Kind::count)
    type = {.kind = Kind::integer};
  return made(join(at(left, Level::sum), op, at(right, Level::product)), type, Level::sum);
}

Made Generator::at_most_scale(Made value, unsigned scale) {
  return value.type.scale <= scale ? value : rounded(std::move(value), scale);
}

Made Generator::rounded(Made value, unsigned places) {
  Type type = value.type;
  if (is_number(type.kind))
    type.scale = static_cast<std::uint8_t>(std::min<unsigned>(type.scale, places));
  return made(join(at(value, Level::operand), fmt::format(" rounded to {}", places)), type,
              Level::operand);
}

Made Generator::product_of(Made left, Made right) {
  left = at_most_scale(std::move(left), 9);
  right = at_most_scale(std::move(right), 9);
  const bool money = left.type.kind == Kind::money || right.type.kind == Kind::money;
  const Type type{.kind = money ? Kind::money : Kind::decimal,
                  .scale = static_cast<std::uint8_t>(left.type.scale + right.type.scale)};
  constexpr const char* signs[] = {" * ", " × "};
  return made(join(at(left, Level::product), random_.of(signs), at(right, Level::prefix)), type,
              Level::product);
}

Made Generator::quotient_of(Made left, Made right, bool money) {
  left = at_most_scale(std::move(left), 9);
  constexpr const char* signs[] = {" / ", " ÷ "};
  const Type type{.kind = money ? Kind::money : Kind::decimal, .scale = 10};
  return made(join(at(left, Level::product), random_.of(signs), at(right, Level::prefix)), type,
              Level::product);
}

Made Generator::negated(Made value) {
  const Type type = value.type;
  Made result = made(join("-", at(value, Level::postfix)), type, Level::prefix);
  result.flexible = value.flexible;
  return result;
}

Made Generator::call(const char* en, const char* zh, std::vector<Made> arguments,
                     const Type& type) {
  Piece piece = join(random_.chance(70) ? en : zh, "(");
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (i > 0)
      piece.parts.emplace_back(", ");
    piece.parts.push_back(arguments[i].piece);
  }
  piece.parts.emplace_back(")");
  Type result = type;
  if (is_number(type.kind))
    for (const Made& each : arguments)
      result.scale = std::max(result.scale, each.type.scale);
  return made(std::move(piece), result, Level::postfix);
}

// ---- numbers

Made Generator::integer(int depth) {
  const Type type{.kind = Kind::integer};
  if (depth <= 0)
    return random_.chance(75) ? field_or(type, number_literal(type)) : number_literal(type);
  const auto some = [&] { return integer(depth - 1); };
  const auto plain = [&] { return field_or(type, number_literal(type)); };
  if (random_.chance(10))
    return in_unit();
  if (may_fold() && random_.chance(8)) {
    const Type days{.kind = Kind::date};
    return fold(random_.chance(70) ? "covered" : "覆盖", " take ", &days, type, depth);
  }
  switch (random_.below(may_fold() ? 11 : 7)) {
  case 0:
    return sum_of(some(), " + ", some());
  case 1:
    return sum_of(some(), " - ", some());
  case 2: {
    Made product = made(join(at(some(), Level::product), " * ", at(some(), Level::prefix)), type,
                        Level::product);
    return product;
  }
  case 3:
    return negated(plain());
  case 4:
    return call("smaller", "较小者", {some(), some()}, type);
  case 5:
    return call("larger", "较大者", {some(), some()}, type);
  case 6:
    return otherwise(plain(), some());
  case 7:
    return fold("sum", " take ", &type, type, depth);
  case 8:
    return fold(random_.chance(50) ? "min" : "max", " take ", &type, type, depth);
  case 9:
    return sum_of(count(depth - 1), random_.chance(50) ? " + " : " - ", some());
  default:
    return rounded(some(), 0);
  }
}

Made Generator::decimal(int depth) {
  const Type type{.kind = Kind::decimal};
  if (depth <= 0)
    return random_.chance(75) ? field_or(type, number_literal(type)) : number_literal(type);
  const auto some = [&] { return decimal(depth - 1); };
  const auto number = [&] { return random_.chance(25) ? integer(depth - 1) : decimal(depth - 1); };
  switch (random_.below(may_fold() ? 12 : 9)) {
  case 0:
    return sum_of(some(), " + ", number());
  case 1:
    return sum_of(number(), " - ", some());
  case 2:
    return product_of(some(), number());
  case 3:
    return quotient_of(number(), number(), false);
  case 4:
    return quotient_of(money(depth - 1), money(depth - 1), false);
  case 5:
    return rounded(some(), static_cast<unsigned>(random_.below(3)));
  case 6:
    return negated(field_or(type, some()));
  case 7:
    return call(random_.chance(50) ? "smaller" : "larger", random_.chance(50) ? "较小者" : "较大者",
                {some(), number()}, type);
  case 8:
    return otherwise(field_or(type, some()), number());
  case 9:
    return fold("sum", " take ", &type, type, depth);
  case 10:
    return fold("min", " take ", &type, type, depth);
  default:
    return fold("max", " take ", &type, type, depth);
  }
}

Made Generator::money(int depth) {
  const Type type{.kind = Kind::money};
  if (depth <= 0)
    return random_.chance(75) ? field_or(type, number_literal(type)) : number_literal(type);
  const auto some = [&] { return money(depth - 1); };
  const auto number = [&] { return random_.chance(30) ? integer(depth - 1) : decimal(depth - 1); };
  switch (random_.below(may_fold() ? 11 : 8)) {
  case 0:
    return sum_of(some(), " + ", some());
  case 1:
    return sum_of(some(), " - ", some());
  case 2:
    return random_.chance(50) ? product_of(some(), number()) : product_of(number(), some());
  case 3:
    return quotient_of(some(), number(), true);
  case 4:
    return rounded(some(), static_cast<unsigned>(random_.below(3)));
  case 5:
    return negated(field_or(type, some()));
  case 6:
    return call(random_.chance(50) ? "smaller" : "larger", random_.chance(50) ? "较小者" : "较大者",
                {some(), some()}, type);
  case 7:
    return otherwise(field_or(type, some()), some());
  case 8:
    return fold("sum", " take ", &type, type, depth);
  case 9:
    return fold("min", " take ", &type, type, depth);
  default:
    return fold("max", " take ", &type, type, depth);
  }
}

// ---- names of things

Made Generator::code(const Type& wanted, int depth) {
  const Made plain = field_or(wanted, literal(wanted));
  if (depth <= 0 || plain.flexible || random_.chance(75))
    return plain;
  // The second of the first one's system, so that whatever stands opposite is of one system with
  // both.
  return otherwise(plain, random_.chance(40) ? literal(plain.type) : plain);
}

Made Generator::enumeration(const Type& wanted, int depth) {
  if (random_.chance(15)) {
    Made lone = literal(wanted);
    if (!lone.flexible)
      return lone;
  }
  const auto plain = field(wanted);
  if (!plain) {
    Made lone = literal(wanted);
    while (lone.flexible)
      lone = literal(wanted);
    return lone;
  }
  if (depth <= 0 || random_.chance(75))
    return *plain;
  return otherwise(*plain, literal(wanted));
}

Made Generator::text(int depth) {
  const Type type{.kind = Kind::text};
  if (depth <= 0 || random_.chance(70))
    return random_.chance(85) ? field_or(type, literal(type)) : literal(type);
  return otherwise(field_or(type, literal(type)), text(depth - 1));
}

Made Generator::count(int depth) {
  if (random_.chance(20))
    return count_of(std::max(depth, 1));
  if (random_.chance(6) && !scope_.keys) {
    Made counted = made(join("count(", collecting(), ")"), {.kind = Kind::count}, Level::postfix);
    return counted;
  }
  if (random_.chance(25)) {
    constexpr Kind kinds[] = {Kind::date,    Kind::code,     Kind::money,
                              Kind::text,    Kind::boolean,  Kind::enumeration,
                              Kind::integer, Kind::datetime, Kind::span};
    const Type type = type_of_some_field(random_.of(kinds)).value_or(Type{.kind = Kind::date});
    Made distinct = fold("distinct", " take ", &type, {.kind = Kind::count}, depth);
    distinct.piece = join("count(", std::move(distinct.piece), ")");
    distinct.piece.kind = "count 0";
    return distinct;
  }
  return fold("count", "", nullptr, {.kind = Kind::count}, depth);
}

} // namespace sanku::differential
