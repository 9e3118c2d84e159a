// Rules: subject, clauses, branches, reports. See generator.h.
#include "compiler/ast/choices.h"
#include "runtime/types/check.h"
#include "tests/differential/generator.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::differential {
namespace {

constexpr int guard_depth = 1, when_depth = 2, report_depth = 1;

// `violation` may not be decided by `known` or `otherwise` on a patient's identity; by neither at
// all is the safe side of that.
bool guesses(const Piece& piece) {
  const std::string text = render(piece);
  return text.find("known ") != std::string::npos || text.find("otherwise") != std::string::npos;
}

template <std::size_t size, class T>
std::string word_of(Random& random, const std::array<ast::Choice<T>, size>& choices) {
  const ast::Choice<T>& choice = choices[random.below(size)];
  return std::string(random.chance(75) ? choice.en : choice.zh);
}

Piece clause_line(const char* word, Piece rest) {
  return optional(join("  ", word, " ", std::move(rest), "\n"));
}

} // namespace

Piece Generator::subject() {
  const auto& relations = world_.schema().relations;
  const std::uint64_t choice =
      shape_.indexed ? random_.between(25, 99) : static_cast<std::int64_t>(random_.below(100));
  if (choice < 25)
    return join("  on ", random_.chance(70) ? relations[0].names.en : relations[0].names.zh, "\n");
  const bool lines = random_.chance(70);
  const auto relation = lines ? world_.lines
                              : static_cast<std::uint32_t>(random_.between(
                                    1, static_cast<std::int64_t>(relations.size()) - 1));
  if (choice < 70) {
    const schema::Names& each = relations[relation].each;
    const std::string name = random_.chance(70) ? each.en : each.zh;
    scope_.elements.push_back({.name = name, .relation = relation, .table = {}, .match = false});
    return join("  on ", name, "\n");
  }
  const schema::Names& names = relations[relation].names;
  Piece keys = group_keys(relation);
  return join("  on ", random_.chance(70) ? names.en : names.zh, std::move(keys), "\n");
}

Type Generator::key_type() {
  constexpr Kind kinds[] = {Kind::code,        Kind::code,    Kind::date,   Kind::date,
                            Kind::enumeration, Kind::integer, Kind::boolean};
  const Kind kind = random_.of(kinds);
  return type_of_some_field(kind).value_or(Type{.kind = Kind::date});
}

// A field alone, or anything under a name of its own. In `by` the element's fields come first.
Piece Generator::group_keys(std::uint32_t relation) {
  Scope inner;
  inner.keys = true;
  inner.folds = 0;
  inner.elements.push_back({.name = "", .relation = relation, .table = {}, .match = false});
  std::swap(scope_, inner);
  std::vector<Named> keys;
  Piece enters;
  if (random_.chance(20))
    enters = entering(relation);
  Piece piece = join(std::move(enters), " by ");
  const std::int64_t count = random_.between(1, 3);
  for (std::int64_t i = 0; i < count; ++i) {
    const bool has_code = std::ranges::any_of(
        world_.fields[relation], [](const Field& each) { return each.bare == "code"; });
    const bool own_code = shape_.indexed && i == 0 && has_code;
    std::vector<const Field*> plain;
    for (const Field& each : world_.fields[relation]) {
      const Kind kind = each.type.kind;
      const bool fine = kind == Kind::code || kind == Kind::date || kind == Kind::enumeration ||
                        kind == Kind::integer || kind == Kind::boolean;
      const bool taken =
          std::ranges::any_of(keys, [&](const Named& key) { return key.name == each.bare; });
      if (!each.bare.empty() && fine && !taken && (!own_code || each.bare == "code"))
        plain.push_back(&each);
    }
    Piece part;
    if (plain.empty() && i > 0)
      break;
    if (own_code || (!plain.empty() && random_.chance(65))) {
      const Field& field = *random_.of(plain);
      keys.push_back({.name = field.bare, .type = field.type, .match = false});
      part = Piece(field.bare);
    } else {
      const Type type = key_type();
      const Made made = value(type, 1);
      const std::string name = fresh_name();
      if (made.flexible && (type.kind == Kind::code || type.kind == Kind::enumeration)) {
        part = Piece(name + " = (date = 2026-03-01)");
        keys.push_back({.name = name, .type = {.kind = Kind::boolean}, .match = false});
      } else {
        part = join(name, " = ", at(made, Level::operand));
        keys.push_back({.name = name, .type = made.type, .match = false});
      }
    }
    piece.parts.push_back(i == 0 ? std::move(part) : optional(join(", ", std::move(part))));
  }
  std::swap(scope_, inner);
  scope_.group = relation;
  scope_.elements.push_back({.name = random_.chance(70) ? "group.first" : "组的首个",
                             .relation = relation,
                             .table = {},
                             .match = false});
  for (Named& key : keys)
    scope_.values.push_back({.name = "group." + key.name, .type = key.type, .match = false});
  return piece;
}

Piece Generator::let_value() {
  const std::string name = fresh_name();
  const Type type = any_type(true);
  Made made = value(type, guard_depth);
  const bool bare = made.flexible && (type.kind == Kind::code || type.kind == Kind::enumeration);
  if (bare)
    made = money(1);
  scope_.values.push_back({.name = name, .type = made.type, .match = has_match_ && !scope_.guard});
  return clause_line("let", join(name, " = ", made.piece));
}

Piece Generator::let_list() {
  const std::string name = fresh_name();
  MadeList list = random_.chance(60) ? those(std::nullopt, 1)
                                     : beyond(std::nullopt, 1).value_or(those(std::nullopt, 1));
  Piece piece = clause_line("let", join(name, " = ", list.piece));
  scope_.lists.push_back(
      {.name = name, .list = std::move(list), .match = has_match_ && !scope_.guard});
  return piece;
}

std::optional<Piece> Generator::let_row() {
  const std::size_t index = random_.below(tables_.size());
  const Table& table = tables_[index];
  if (!table.unique)
    return std::nullopt;
  auto key = lookup(table, 1);
  if (!key)
    return std::nullopt;
  const std::string name = fresh_name();
  scope_.elements.push_back({.name = name, .relation = 0, .table = index, .match = false});
  return clause_line("let", join(name, " = ", std::move(*key)));
}

Piece Generator::with() {
  const auto some_rows = random_.chance(55) || shape_.cheap ? rows(1) : std::nullopt;
  const MadeList source = some_rows ? *some_rows : shape_.cheap ? child_list(1) : list(1);
  const std::string name = fresh_name();
  bind(name, source, true);
  has_match_ = true;
  Piece where;
  if (random_.chance(50))
    where = optional(join(" where ", condition(1).piece));
  return clause_line(
      "with", join(name, random_.chance(75) ? " in " : " 于 ", source.piece, std::move(where)));
}

Piece Generator::guard() {
  if (random_.chance(60))
    return clause_line("provided", condition(guard_depth).piece);
  Piece exemption;
  if (random_.chance(60))
    exemption = optional(Piece(" “急诊”"));
  return clause_line("unless", join(condition(guard_depth).piece, std::move(exemption)));
}

Piece Generator::clause() {
  // What `with` binds is not for guards; half of what may use it does.
  const std::uint64_t choice = random_.below(6);
  if (choice == 0 && scope_.elements.size() < 5)
    return with();
  const bool outside = choice >= 3;
  scope_.guard = outside || random_.chance(50);
  Piece piece;
  if (choice <= 1)
    piece = let_value();
  else if (choice == 2)
    piece = let_list();
  else if (choice == 3)
    piece = let_row().value_or(guard());
  else
    piece = guard();
  scope_.guard = false;
  return piece;
}

// The subject's codes, texts and enums, as a rule names them; of a group what it is grouped by.
std::vector<Generator::Named> Generator::own_columns() const {
  const std::string each = scope_.group ? "group" : scope_.elements.front().name;
  std::vector<Named> own;
  for (const Field& field : world_.fields[scope_.elements.front().relation]) {
    const std::string name = each + "." + field.bare;
    const bool has_values = field.type.kind == Kind::code || field.type.kind == Kind::text ||
                            field.type.kind == Kind::enumeration;
    if (field.column && has_values && !field.bare.empty() &&
        (!scope_.group ||
         std::ranges::any_of(scope_.values, [&](const Named& key) { return key.name == name; })))
      own.push_back({.name = name, .type = field.type, .match = false});
  }
  return own;
}

// provided item.list_type = drug · provided item.code in { … } · provided any(x in items where
// known x.code)
std::optional<Piece> Generator::own_test() {
  if (random_.chance(20))
    return clause_line(
        "provided",
        Piece(random_.chance(50)
                  ? "known settlement.discharged and any(own in items where known own.code)"
                  : "none(own in diagnoses where own.code in { \"E10\"..\"E14\" })"));
  const std::vector<Named> own = own_columns();
  if (own.empty())
    return std::nullopt;
  const Named& column = random_.of(own);
  if (random_.chance(20))
    return clause_line("provided", join("known ", column.name));
  const auto compared = [&](const char* op) {
    return join(column.name, op, at(literal(column.type), Level::operand));
  };
  if (column.type.kind == Kind::text)
    return clause_line("provided", compared(" = "));
  if (random_.chance(50))
    return clause_line("provided", join(column.name, " in ", set_literal(column.type)));
  Piece test = compared(random_.chance(75) ? " = " : " != ");
  if (random_.chance(25))
    test = join(std::move(test), " or ", compared(" = "));
  return clause_line("provided", std::move(test));
}

// let r = t[item.code] · with r in t[item.code] · provided item.code in t
std::optional<Piece> Generator::own_lookup() {
  std::vector<std::pair<std::size_t, std::string>> fitting;
  for (const Named& column : own_columns())
    for (std::size_t i = 0; i < tables_.size(); ++i)
      if (fits(tables_[i].key, column.type))
        fitting.emplace_back(i, column.name);
  if (fitting.empty())
    return std::nullopt;
  const auto& [index, key] = random_.of(fitting);
  const Table& table = tables_[index];
  const std::uint64_t choice = random_.below(3);
  if (choice == 0)
    return clause_line("provided", join(key, " in ", table.name));
  const std::string name = fresh_name();
  const bool binds = choice == 1 && table.unique;
  scope_.elements.push_back({.name = name, .relation = 0, .table = index, .match = !binds});
  has_match_ = has_match_ || !binds;
  return clause_line(binds ? "let" : "with",
                     join(name, binds ? " = " : " in ", table.name, "[", key, "]"));
}

// Only of `when unknown` does a message name what is missing.
Piece Generator::message(bool unknown) {
  Piece piece = join("\"第");
  const std::int64_t holes = random_.between(0, 2);
  for (std::int64_t i = 0; i < holes; ++i) {
    const Type type = any_type(true);
    const Made made = value(type, random_.chance(30) ? 1 : 0);
    if (made.flexible && (type.kind == Kind::code || type.kind == Kind::enumeration))
      continue;
    const bool number = made.type.kind == Kind::decimal || made.type.kind == Kind::score ||
                        (made.type.kind == Kind::integer && !made.flexible);
    piece.parts.push_back(
        optional(join(" {", made.piece, number && random_.chance(40) ? " as %" : "", "}")));
  }
  if (random_.chance(8))
    piece.parts.push_back(optional(reasons()));
  if (unknown && random_.chance(60))
    piece.parts.push_back(optional(Piece(random_.chance(50) ? " {missing}" : " {缺失}")));
  piece.parts.emplace_back(" 项\"");
  return piece;
}

Piece Generator::report(const char* severity, bool unknown) {
  std::vector<Piece> options;
  Scope before = scope_;
  std::optional<std::pair<std::string, MadeList>> named;
  // Of a giant list each line may fire, so what it names has to be near.
  const bool far = shape_.cheap && !scope_.elements.empty() && !scope_.group;
  if (!far && random_.chance(35)) {
    MadeList on = lines(report_depth);
    if (random_.chance(60)) {
      const std::string name = fresh_name();
      options.push_back(
          optional(join(" on ", name, random_.chance(80) ? " in " : " 于 ", on.piece)));
      named.emplace(name, on);
    } else {
      options.push_back(optional(join(random_.chance(80) ? " on " : " 违规项：", on.piece)));
    }
  }
  if (!far && random_.chance(25))
    options.push_back(optional(join(" involving ", lines(report_depth).piece)));
  if (random_.chance(15))
    options.push_back(optional(Piece(random_.chance(60) ? " amount unknown" : " amount 待核")));
  else if (random_.chance(30)) {
    if (named)
      bind(named->first, named->second, false);
    scope_.scores = false;
    options.push_back(optional(join(" amount ", money(report_depth).piece)));
  }
  scope_ = std::move(before);
  Piece piece;
  for (Piece& option : options)
    piece.parts.push_back(std::move(option));
  piece.parts.emplace_back("\n         ");
  piece.parts.push_back(message(unknown));
  Piece whole = join(" report ", severity);
  whole.parts.push_back(std::move(piece));
  whole.parts.emplace_back("\n");
  return whole;
}

Piece Generator::branch(const std::optional<Made>& when) {
  Piece body = report("", false);
  const bool safe = !scored_ && !guesses(body) && (!when || !guesses(when->piece));
  std::string severity = word_of(random_, ast::severities);
  while (!safe && (severity == ast::severities[0].en || severity == ast::severities[0].zh))
    severity = word_of(random_, ast::severities);
  body.parts[1] = Piece(severity);
  Piece piece = join("  ");
  if (when)
    piece.parts.push_back(join("when ", when->piece, random_.chance(50) ? "\n " : "，"));
  piece.parts.push_back(std::move(body));
  return piece;
}

Piece Generator::rule(const std::string& id, const RuleShape& shape) {
  scope_ = {};
  shape_ = shape;
  has_match_ = false;
  scored_ = false;
  names_ = 0;
  Piece piece =
      join("rule ", id, " “随机规则”", random_.chance(20) ? " / “random rule”" : "", " {\n");
  if (random_.chance(60))
    piece.parts.push_back(
        optional(Piece("  category " + word_of(random_, ast::categories) + "\n")));
  if (random_.chance(30))
    piece.parts.push_back(
        optional(Piece(random_.chance(50) ? "  basis src “第1条”\n" : "  basis src\n")));
  if (random_.chance(20))
    piece.parts.push_back(
        optional(Piece("  behaviour " + word_of(random_, ast::behaviours) + "\n")));
  if (shape.post)
    piece.parts.emplace_back("  stage post\n");
  else if (random_.chance(30))
    piece.parts.push_back(optional(Piece("  stage " + word_of(random_, ast::stages) + "\n")));
  constexpr const char* standing[] = {"  even self_paid\n",
                                      "  含自费\n",
                                      "  mandatory\n",
                                      "  强制\n",
                                      "  region care\n",
                                      "  region insured\n",
                                      "  trial until 2026-03-03\n",
                                      "  试运行 至 2026-03-05\n"};
  if (random_.chance(30))
    piece.parts.push_back(optional(Piece(random_.of(standing))));
  piece.parts.push_back(subject());
  if (shape.cheap)
    scope_.folds = scope_.elements.empty() || scope_.group ? 1 : 0;
  else if (!scope_.elements.empty())
    scope_.folds = random_.chance(60) ? 2 : 1;
  if (shape.indexed || (!scope_.elements.empty() && random_.chance(20)))
    if (auto first = own_lookup())
      piece.parts.push_back(std::move(*first));
  if (!scope_.elements.empty() && random_.chance(15))
    if (auto test = own_test())
      piece.parts.push_back(std::move(*test));
  const std::int64_t clauses = random_.between(0, shape.cheap ? 1 : 3);
  for (std::int64_t i = 0; i < clauses; ++i)
    piece.parts.push_back(clause());

  const std::int64_t branches = random_.chance(70) ? 1 : random_.between(2, 3);
  const bool speaks_unknown = random_.chance(25);
  for (std::int64_t i = 0; i < branches; ++i) {
    const bool last = i + 1 == branches;
    std::optional<Made> when;
    if (!last || speaks_unknown || random_.chance(80))
      when = condition(static_cast<int>(random_.chance(10) ? 3 : random_.between(1, when_depth)));
    if (i == 0 && shape.builtin != nullptr) {
      const Made call = calling(*shape.builtin);
      if (when)
        when->piece = join(at(*when, Level::negation), random_.chance(50) ? " or " : " and ",
                           at(call, Level::negation));
      else
        when = call;
    }
    piece.parts.push_back(i == 0 ? branch(when) : optional(branch(when)));
  }
  if (speaks_unknown) {
    constexpr const char* severities[] = {"suspected", "提醒", "lead"};
    piece.parts.push_back(optional(join("  when unknown", report(random_.of(severities), true))));
  }
  piece.parts.emplace_back("}\n");
  return piece;
}

} // namespace sanku::differential
