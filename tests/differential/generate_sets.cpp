// Membership, choices, counts of conditions, and the pack's own names: see generator.h. The pack's
// names are declared in the prelude that every module begins with.
#include "tests/differential/generator.h"
#include "tests/differential/values.h"

#include <fmt/format.h>

namespace sanku::differential {
namespace {

Made made(Piece piece, const Type& type, Level level) {
  piece.kind = fmt::format("{} {}", info(type.kind).en, type.domain);
  return {.piece = std::move(piece), .type = type, .level = level, .flexible = false};
}
Made condition_made(Piece piece, Level level) {
  return made(std::move(piece), {.kind = Kind::boolean}, level);
}

} // namespace

std::string_view prelude() {
  return "set s0 / 集甲 : DiagnosisCode = { \"E10\"..\"E14\", \"I2\", \"O24.4\" }\n"
         "set s1 / 集乙 : ServiceCode = { \"001102000010000\"..\"001102000040002\" }\n"
         "set s2 / 集丙 : int = { 1, 3..5, -2 }\n"
         "set s3 : MedType = { outpatient, inpatient }\n"
         "param p0 / 参甲 = 15 days, 10 days from 2026-03-02 between 7 days and 30 days\n"
         "param p1 : decimal(12,4) = 2, 2.50 from 2025-01-01, 0.5 from 2026-03-01\n"
         "param p2 / 参乙 = 35元\n"
         "param q0 / 秩甲 : decimal(7,4) = 50, 97.5 from 2026-03-01 between 1 and 100\n"
         "param q1 / 秩乙 = 30, 70 from 2026-03-01\n"
         "define d0(s : Settlement) = (s.discharged - s.admitted) in days\n"
         "define d1 / 定乙(i : Item, n : decimal(12,4)) : money = i.amount * n\n"
         "decide d2(a : decimal(12,4), b : bool) : int hit first {\n"
         "  when a > 2.0 take 1\n  when b take 2\n  otherwise 3\n}\n"
         "decide d3(a : int) : int hit unique { when a > 1 take 1  when a < 3 take 2 }\n"
         "decide d4 / 定丁(a : int, b : bool) : int hit collect {\n"
         "  when a > 1 take 1\n  when b take 3\n  when a < 5 take a\n  otherwise 7\n}\n"
         "decide d5(n : int, x : money) : int hit first from \"d5.csv\"\n";
}

std::map<std::string, std::string> prelude_files() {
  return {{"d5.csv", "n,x,result\n..0,,1\n1..3;5,10..20.50,2\n,100..,3\n2..9,,4\n"}};
}

// `d4(…)`, whose results are collected.
Piece Generator::collecting() {
  return join(random_.chance(70) ? "d4(" : "定丁(", integer(0).piece, ", ", condition(0).piece,
              ")");
}

Made Generator::collected_truth() {
  if (random_.chance(35))
    return condition_made(join(at(integer(0), Level::operand), " in ", collecting()),
                          Level::comparison);
  const std::string name = fresh_name();
  constexpr const char* words[] = {"any(", "none(", "every(", "存在("};
  const std::string word = random_.of(words);
  Piece piece = join(word, name, " in ", collecting());
  scope_.values.push_back({.name = name, .type = {.kind = Kind::integer}, .match = false});
  piece.parts.push_back(join(word == "every(" ? " has " : " where ", condition(0).piece, ")"));
  scope_.values.pop_back();
  return condition_made(std::move(piece), Level::postfix);
}

Made Generator::collected_number() {
  const std::string name = fresh_name();
  constexpr const char* words[] = {"sum(", "min(", "max(", "求和("};
  Piece piece = join(random_.of(words), name, " in ", collecting());
  scope_.values.push_back({.name = name, .type = {.kind = Kind::integer}, .match = false});
  if (random_.chance(50))
    piece.parts.push_back(optional(join(" where ", condition(0).piece)));
  piece.parts.push_back(join(" take ", integer(0).piece, ")"));
  scope_.values.pop_back();
  return made(std::move(piece), {.kind = Kind::integer}, Level::postfix);
}

// Some literals of a type in braces, ranges among them.
Piece Generator::set_literal(const Type& type) {
  Piece piece = join("{ ");
  const std::int64_t count = random_.between(1, 4);
  for (std::int64_t i = 0; i < count; ++i) {
    Piece element = literal(type).piece;
    if (type.kind != Kind::enumeration && random_.chance(30))
      element = join(std::move(element), "..", literal(type).piece);
    piece.parts.push_back(i == 0 ? std::move(element) : optional(join(", ", std::move(element))));
  }
  piece.parts.emplace_back(" }");
  return piece;
}

Made Generator::member(int depth) {
  constexpr Kind kinds[] = {Kind::code, Kind::code,  Kind::enumeration, Kind::integer,
                            Kind::date, Kind::money, Kind::age,         Kind::code};
  const Kind kind = random_.of(kinds);
  // The hierarchical systems are few.
  if (kind == Kind::code && random_.chance(40))
    for (std::uint32_t system = 0; system < world_.schema().systems.size(); ++system)
      if (world_.schema().systems[system].hierarchical &&
          field({.kind = Kind::code, .domain = system}))
        return member_of({.kind = Kind::code, .domain = system}, depth);
  return member_of(kind == Kind::age ? Type{.kind = kind}
                                     : type_of_some_field(kind).value_or(Type{.kind = Kind::date}),
                   depth);
}

// A membership that is a call of `in_set` on values of that kind; code sets are looked up as text.
Made Generator::member_of_kind(Kind kind) {
  const Kind wanted = kind == Kind::text ? Kind::code : kind;
  return member_of(type_of_some_field(wanted).value_or(Type{.kind = Kind::integer}), 1);
}

Type Generator::shared_of_choice(const builtins::Builtin& row) {
  const Kind kind = builtins::kind_of(row.kernel->params[1].tag);
  return type_of_some_field(kind).value_or(Type{.kind = kind});
}

Made Generator::made_integer(Piece piece) {
  return made(std::move(piece), {.kind = Kind::integer}, Level::operand);
}

Made Generator::member_of(const Type& type, int depth) {
  Made left = type.kind == Kind::age ? age(0) : field_or(type, value(type, depth - 1));
  if (left.flexible && type.kind == Kind::integer && !scope_.keys)
    left = made(Piece("d0(settlement)"), type, Level::postfix);
  if (left.flexible)
    return comparison(depth);
  const bool hierarchical =
      type.kind == Kind::code && world_.schema().systems[left.type.domain].hierarchical;
  if (hierarchical && random_.chance(50)) {
    const std::string code = render(literal(left.type).piece);
    // A code above: its first few characters.
    const std::size_t length = static_cast<std::size_t>(random_.between(3, 6));
    const std::string above = code.substr(0, std::min(length + 1, code.size() - 1)) + "\"";
    return condition_made(join(at(left, Level::operand), random_.chance(70) ? " under " : " 隶属 ",
                               above.size() > 4 ? above : code),
                          Level::comparison);
  }
  Piece set = set_literal(type.kind == Kind::age ? Type{.kind = Kind::span} : left.type);
  if (type.kind == Kind::integer && random_.chance(30))
    set = Piece(random_.chance(50) ? "s2" : "集丙");
  const auto& systems = world_.schema().systems;
  if (type.kind == Kind::code && systems[left.type.domain].names.en == "DiagnosisCode" &&
      random_.chance(50))
    set = Piece(random_.chance(50) ? "s0" : "集甲");
  if (type.kind == Kind::code && systems[left.type.domain].names.en == "ServiceCode" &&
      random_.chance(50))
    set = Piece("s1");
  if (type.kind == Kind::enumeration &&
      world_.schema().enums[left.type.domain].names.en == "MedType" && random_.chance(50))
    set = Piece("s3");
  return condition_made(join(at(left, Level::operand), " in ", std::move(set)), Level::comparison);
}

// A column of a row in scope that may set a limit or none.
std::optional<Made> Generator::meets(int depth) {
  struct Limit {
    std::string path;
    const LimitColumn* column;
  };
  std::vector<Limit> limits;
  for (const Element& element : scope_.elements) {
    if (!element.table || (scope_.guard && element.match))
      continue;
    for (const LimitColumn& column : tables_[*element.table].limits)
      limits.push_back({element.name + "." + column.name, &column});
  }
  if (limits.empty())
    return std::nullopt;
  const Limit& limit = random_.of(limits);
  const Type& type = limit.column->type;
  const Made left = type.kind == Kind::age ? age(0) : field_or(type, value(type, depth - 1));
  if (left.flexible && type.kind != Kind::age)
    return std::nullopt;
  const bool set = limit.column->set && random_.chance(25);
  return condition_made(join(at(left, Level::operand),
                             set                  ? " in "
                             : random_.chance(70) ? " meets "
                                                  : " 符合 ",
                             limit.path),
                        Level::comparison);
}

// Two periods, or a day in one.
Made Generator::periods() {
  const auto period = [&] {
    return join("(", at(date(0), Level::sum), " .. ", at(date(0), Level::sum), ")");
  };
  std::vector<std::string> rows;
  for (const Element& element : scope_.elements)
    if (element.table && tables_[*element.table].dated && !(scope_.guard && element.match))
      rows.push_back(element.name + ".valid");
  const Piece left = !rows.empty() && random_.chance(60) ? Piece(random_.of(rows)) : period();
  if (random_.chance(50))
    return condition_made(join(left, " contains ", at(date(0), Level::operand)), Level::comparison);
  if (random_.chance(30))
    return condition_made(join(left, random_.chance(70) ? " adjacent " : " 相接 ", period()),
                          Level::comparison);
  return condition_made(join(left, random_.chance(70) ? " overlaps " : " 重叠 ", period()),
                        Level::comparison);
}

Made Generator::question() {
  const auto text_cell = field({.kind = Kind::text});
  if (text_cell && random_.chance(30))
    return condition_made(join("ask(", text_cell->piece, ")"), Level::postfix);
  const std::string asked = random_.of(questions);
  return condition_made(Piece(asked == "乙" ? "待证(“乙”)" : "ask(\"" + asked + "\")"),
                        Level::postfix);
}

// `choose { when p take a … otherwise b }`; an arm takes a sum.
Made Generator::chosen(const Type& wanted, int depth) {
  const auto one = [&]() -> std::optional<Made> {
    const bool nominal = wanted.kind == Kind::code || wanted.kind == Kind::enumeration;
    if (nominal)
      return field(wanted);
    return random_.chance(60) ? field_or(wanted, value(wanted, 0)) : value(wanted, depth - 1);
  };
  const auto first = one();
  if (!first)
    return value(wanted, 0);
  Type type = first->type;
  Piece piece =
      join("choose { when ", condition(depth - 1).piece, " take ", at(*first, Level::sum));
  const auto add = [&](Piece head, const Made& each) {
    if (is_number(type.kind))
      type.scale = std::max(type.scale, each.type.scale);
    piece.parts.push_back(optional(join(std::move(head), at(each, Level::sum))));
  };
  if (random_.chance(40))
    if (const auto second = one())
      add(join("  when ", condition(depth - 1).piece, " take "), *second);
  if (random_.chance(75))
    if (const auto last = one())
      add(join("  otherwise "), *last);
  piece.parts.emplace_back(" }");
  return made(std::move(piece), type, Level::postfix);
}

Made Generator::count_of(int depth) {
  Piece piece = join("count of (", condition(depth - 1).piece);
  const std::int64_t more = random_.between(1, 3);
  for (std::int64_t i = 0; i < more; ++i)
    piece.parts.push_back(optional(join(", ", condition(depth - 1).piece)));
  piece.parts.emplace_back(")");
  return made(std::move(piece), {.kind = Kind::count}, Level::postfix);
}

// `age in years`, `(a - b) in days`, `(a .. b).days`.
Made Generator::in_unit() {
  constexpr const char* of_age[] = {" in days", " in months", " in years"};
  constexpr const char* of_span[] = {" in days", " in months", " in years", " in hours",
                                     " in minutes"};
  const Type type{.kind = Kind::integer};
  if (random_.chance(40))
    return made(join(at(age(0), Level::sum), random_.of(of_age)), type, Level::operand);
  if (random_.chance(25))
    return made(join("(", at(date(0), Level::sum), " .. ", at(date(0), Level::sum), ").days"), type,
                Level::postfix);
  return made(join(at(span(1), Level::sum), random_.of(of_span)), type, Level::operand);
}

// A parameter, or a call of a definition.
std::optional<Made> Generator::pack_value(const Type& wanted) {
  if (scope_.keys)
    return std::nullopt;
  switch (wanted.kind) {
  case Kind::span:
    return made(Piece(random_.chance(60) ? "p0" : "参甲"), wanted, Level::postfix);
  case Kind::decimal:
    return made(Piece("p1"), {.kind = Kind::decimal, .scale = 4}, Level::postfix);
  case Kind::money: {
    const auto lines = elements_of(world_.lines);
    if (!lines.empty() && random_.chance(60))
      return made(join("d1(", random_.of(lines)->name, ", ", decimal_argument(), ")"),
                  {.kind = Kind::money, .scale = 6}, Level::postfix);
    return made(Piece(random_.chance(50) ? "p2" : "参乙"), {.kind = Kind::money}, Level::postfix);
  }
  case Kind::integer:
    if (random_.chance(30))
      return made(Piece("d0(settlement)"), wanted, Level::postfix);
    if (random_.chance(30))
      return collected_number();
    if (random_.chance(30))
      return made(
          join("d5(", integer(0).piece, ", ", field_or({.kind = Kind::money}, money(0)).piece, ")"),
          wanted, Level::postfix);
    if (random_.chance(30))
      return made(join("d3(", field_or(wanted, literal(wanted)).piece, ")"), wanted,
                  Level::postfix);
    return made(join("d2(", decimal_argument(), ", ", condition(0).piece, ")"), wanted,
                Level::postfix);
  default:
    return std::nullopt;
  }
}

Piece Generator::decimal_argument() {
  return random_.chance(50) ? Piece("p1") : literal({.kind = Kind::decimal}).piece;
}

} // namespace sanku::differential
