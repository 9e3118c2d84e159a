// See claim_values.h.
#include "tools/measure/claim_values.h"

#include "compiler/hir/data.h"
#include "compiler/hir/walk.h"
#include "runtime/kernels/sets.h"
#include "runtime/kernels/time.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::measure {
namespace {

void add(std::vector<Value>& values, const Pool& pool, Value value) {
  const bool there =
      std::ranges::any_of(values, [&](const Value& each) { return same(each, value); });
  if (!there && values.size() < pool.most)
    values.push_back(std::move(value));
}

// The ends of what a set holds: codes, texts, numbers of enums.
std::vector<std::string> elements_of(const std::string& set) {
  std::vector<std::string> all;
  const Text text{set.data(), set.size()};
  for (std::uint64_t at = 0; at < set.size();) {
    const kernels::SetPart part = kernels::next_part(text, at);
    all.emplace_back(part.low.data, part.low.size);
    if (part.range)
      all.emplace_back(part.high.data, part.high.size);
  }
  return all;
}

// A number at another scale, where it can be written there.
std::optional<Int128> units_at(const Value& value, const Type& type, unsigned scale) {
  Int128 units = 0;
  unsigned from = 0;
  if (const auto* whole = std::get_if<Integer>(&value)) {
    units = whole->value;
  } else if (const auto* decimal = std::get_if<Decimal>(&value)) {
    units = decimal->units;
    from = type.scale;
  } else {
    return std::nullopt;
  }
  for (; from < scale; ++from)
    units *= 10;
  for (; from > scale; --from) {
    if (units % 10 != 0)
      return std::nullopt;
    units /= 10;
  }
  return units;
}

// Units divided by a number, where that leaves nothing.
std::optional<Int128> quotient(Int128 units, const Value& by, const Type& type) {
  const auto divisor = units_at(by, type, type.kind == Kind::integer ? 0 : type.scale);
  if (!divisor || *divisor == 0 || *divisor > Int128{1} << 40)
    return std::nullopt;
  for (unsigned at = 0; type.kind != Kind::integer && at < type.scale; ++at)
    units *= 10;
  return units % *divisor == 0 ? std::optional(units / *divisor) : std::nullopt;
}

std::vector<Value> numbers(const Type& type, const Pool& pool) {
  const unsigned scale = type.kind == Kind::integer ? 0 : type.scale;
  const unsigned places = type.kind == Kind::money ? 2 : 0;
  Int128 step = 1;
  for (unsigned at = places; at < scale; ++at)
    step *= 10;
  std::vector<Int128> spoken;
  for (const auto& [value, of] : pool.values)
    if (const auto units = units_at(value, of, scale);
        units && *units < Int128{1} << 60 && *units > -(Int128{1} << 60) &&
        std::ranges::find(spoken, *units) == spoken.end())
      spoken.push_back(*units);
  std::vector<Value> values;
  const auto take = [&](Int128 units) {
    Int128 bound = 1;
    for (unsigned at = 0; at < type.digits && at < 18; ++at)
      bound *= 10;
    if (units < 0 || units >= bound)
      return;
    add(values, pool,
        type.kind == Kind::integer ? Value(Integer{static_cast<std::int64_t>(units)})
                                   : Value(Decimal{units}));
  };
  for (const Int128 each : spoken)
    for (const Int128 by : {Int128{0}, step, -step})
      take(each + by);
  for (const Int128 each : spoken)
    for (const auto& [value, of] : pool.divisors)
      for (const Int128 by : {Int128{0}, step, -step})
        if (const auto part = quotient(each + by, value, of))
          take(*part);
  for (std::size_t i = 0; i < spoken.size() && i < 5; ++i)
    for (std::size_t j = i; j < spoken.size() && j < 5; ++j) {
      take(spoken[i] + spoken[j]);
      take(spoken[i] > spoken[j] ? spoken[i] - spoken[j] : spoken[j] - spoken[i]);
    }
  take(0);
  return values;
}

std::int64_t length_in_days(const Value& value) {
  if (const auto* span = std::get_if<sanku::Span>(&value)) {
    const std::int64_t number = number_of(*span);
    return unit_of(*span) == SpanUnit::years    ? number * 365 + number / 4
           : unit_of(*span) == SpanUnit::months ? number * 30
           : unit_of(*span) == SpanUnit::days   ? number
                                                : 0;
  }
  const auto* window = std::get_if<Window>(&value);
  return window != nullptr && unit_of(*window) == WindowUnit::days ? number_of(*window) : 0;
}

std::vector<Date> days(const Pool& pool) {
  std::vector<Date> spoken, all;
  for (const auto& [value, type] : pool.values) {
    if (const auto* date = std::get_if<Date>(&value))
      spoken.push_back(*date);
    if (const auto* time = std::get_if<DateTime>(&value); time != nullptr && is_known(value))
      if (Date date{}; parse_date(datetime_text(*time).substr(0, 10), date))
        spoken.push_back(date);
  }
  const auto take = [&](Date date) {
    if (std::ranges::find(all, date.days, &Date::days) == all.end())
      all.push_back(date);
  };
  for (const Date date : spoken)
    take(date);
  for (const Date date : spoken)
    for (const int by : {1, -1})
      take(Date{date.days + by});
  for (const Date date : spoken)
    for (const auto& [value, type] : pool.values) {
      const std::int64_t length = length_in_days(value);
      if (length == 0)
        continue;
      for (const std::int64_t by :
           {length, -length, length + 1, -length - 1, length - 1, 1 - length})
        take(Date{static_cast<std::int32_t>(date.days + by)});
    }
  return all;
}

ast::ExprPtr made(decltype(ast::Expr::form) form) {
  auto expr = std::make_unique<ast::Expr>();
  expr->form = std::move(form);
  return expr;
}

ast::ExprPtr number_literal(std::string digits, ast::Unit unit) {
  const bool negative = digits.starts_with('-');
  if (negative)
    digits.erase(0, 1);
  ast::ExprPtr plain = made(ast::NumberLiteral{.digits = std::move(digits), .unit = unit});
  return negative ? made(ast::Unary{.op = ast::UnaryOp::negate, .operand = std::move(plain)})
                  : std::move(plain);
}

ast::Unit unit_for(SpanUnit unit) {
  switch (unit) {
  case SpanUnit::days:
    return ast::Unit::days;
  case SpanUnit::months:
    return ast::Unit::months;
  case SpanUnit::years:
    return ast::Unit::years;
  case SpanUnit::hours:
    return ast::Unit::hours;
  case SpanUnit::minutes:
    break;
  }
  return ast::Unit::minutes;
}

ast::ExprPtr written(const schema::Schema& schema, const Type& type, const Value& value) {
  return std::visit(
      match{
          [&](const Integer& of) {
            return number_literal(fmt::format("{}", of.value), ast::Unit::none);
          },
          [&](const Decimal& of) {
            return number_literal(
                decimal_text(of.units, type.scale, type.kind == Kind::money ? 2 : 0),
                ast::Unit::none);
          },
          [](const Date& of) { return made(ast::DateLiteral{date_text(of)}); },
          [](const DateTime& of) { return made(ast::TextLiteral{datetime_text(of)}); },
          [](const Bool& of) { return made(ast::BoolLiteral{of.value}); },
          [](const CodeText& of) { return made(ast::TextLiteral{of.text}); },
          [](const std::string& of) { return made(ast::TextLiteral{of}); },
          [&](const EnumValue& of) {
            if (of.id == 0)
              return made(ast::TextLiteral{of.unlisted});
            return made(ast::NameRef{{schema.enums[type.domain].members[of.id - 1].names.en, {}}});
          },
          [](const sanku::Span& of) {
            return number_literal(fmt::format("{}", number_of(of)), unit_for(unit_of(of)));
          },
          [&](const Window& of) {
            return made(ast::TextLiteral{to_text(of, type, Language::zh, "")});
          },
          [](const auto&) { return ast::ExprPtr(); },
      },
      value);
}

} // namespace

void note(Pool& pool, const Type& type, const Value& value) {
  pool.values.emplace_back(value, type);
}

Pool constants_of(const hir::Rule& rule) {
  Pool pool;
  hir::for_each_part(rule, [&](const hir::Expr& part) {
    const auto* constant = std::get_if<hir::Constant>(&part.form);
    if (constant == nullptr || !is_known(constant->value))
      return;
    const auto there = [&](const auto& each) { return same(each.first, constant->value); };
    if (std::ranges::none_of(pool.values, there))
      note(pool, part.type, constant->value);
  });
  return pool;
}

namespace {

constexpr std::size_t most_of_mutants = 96, most_keys = 4;

void note_once(Pool& pool, const Type& type, const Value& value) {
  const auto there = [&](const auto& each) { return same(each.first, value); };
  if (is_known(value) && std::ranges::none_of(pool.values, there))
    note(pool, type, value);
}

struct OfMutant {
  const hir::Program& program;
  const Trials& trials;
  Pool& pool;

  void keys(hir::TableId table) {
    const knowledge::TableShape& shape = program.tables[table].shape;
    const Type& type = shape.relation.columns[shape.key].type;
    for (const auto& trial : trials) {
      const auto& rows = trial->tables[table].rows;
      for (std::size_t i = 0; i < rows.size() && i < most_keys; ++i)
        note_once(pool, type, rows[i][shape.key]);
    }
  }

  void expr(const hir::Expr& at, const Mutant& mutant) {
    hir::for_each_part(at, [&](const hir::Expr& part) {
      if (const auto* asked = std::get_if<hir::InTable>(&part.form))
        keys(asked->table);
      const auto* constant = std::get_if<hir::Constant>(&part.form);
      if (constant == nullptr)
        return;
      note_once(pool, part.type, constant->value);
      for (const Change& change : mutant.changes)
        if (const auto* other = std::get_if<OtherValue>(&change); other && other->at == constant)
          note_once(pool, part.type, other->other);
    });
  }

  void cell(const OtherCell& of) {
    const knowledge::TableShape& shape = program.tables[of.table].shape;
    const std::vector<Value>& row = trials[of.trial]->tables[of.table].rows[of.row];
    for (const std::uint32_t column : {static_cast<std::uint32_t>(shape.key), of.column})
      note_once(pool, shape.relation.columns[column].type, row[column]);
    note_once(pool, shape.relation.columns[of.column].type, of.other);
  }

  void all(const Mutant& mutant) {
    for (const hir::Expr* at : mutant.reaching)
      expr(*at, mutant);
    for (const Change& change : mutant.changes)
      if (const auto* of = std::get_if<OtherCell>(&change))
        cell(*of);
  }
};

} // namespace

Pool values_of(const hir::Program& program, const std::vector<Mutant*>& mutants,
               const Trials& trials) {
  Pool pool{.most = most_of_mutants, .values = {}};
  for (const Mutant* mutant : mutants)
    OfMutant{.program = program, .trials = trials, .pool = pool}.all(*mutant);
  return pool;
}

std::vector<Value> tried_values(const schema::Schema& schema, const Type& type, const Pool& pool) {
  std::vector<Value> values;
  switch (type.kind) {
  case Kind::integer:
  case Kind::decimal:
  case Kind::money:
    return numbers(type, pool);
  case Kind::boolean:
    return {Bool{true}, Bool{false}};
  case Kind::date:
    for (const Date date : days(pool))
      add(values, pool, date);
    return values;
  case Kind::datetime:
    for (const auto& [value, of] : pool.values)
      if (const auto* time = std::get_if<DateTime>(&value))
        add(values, pool, *time);
    for (const Date date : days(pool))
      for (const std::string_view at : {" 09:00", " 10:30"})
        if (DateTime time{}; parse_datetime(date_text(date) + std::string(at), time))
          add(values, pool, time);
    return values;
  case Kind::enumeration: {
    for (const auto& [value, of] : pool.values)
      if (of.kind == type.kind && of.domain == type.domain)
        add(values, pool, value);
    const auto count = static_cast<std::uint32_t>(schema.enums[type.domain].members.size());
    for (std::uint32_t id = 1; id <= count && id <= 12; ++id)
      add(values, pool, EnumValue{.id = id, .unlisted = {}});
    return values;
  }
  case Kind::code:
  case Kind::text:
  case Kind::span:
  case Kind::window:
    for (const auto& [value, of] : pool.values)
      if (of.kind == type.kind && (type.kind != Kind::code || of.domain == type.domain))
        if (const auto* set = std::get_if<std::string>(&value); !set || set->find('|') == set->npos)
          add(values, pool, value);
    if (type.kind == Kind::code || type.kind == Kind::text)
      for (const auto& [value, of] : pool.values)
        if (const auto* set = std::get_if<std::string>(&value))
          for (const std::string& each : elements_of(*set))
            add(values, pool, type.kind == Kind::code ? Value(CodeText{each}) : Value(each));
    if (type.kind == Kind::text)
      add(values, pool, std::string("甲"));
    return values;
  default:
    return values;
  }
}

std::optional<ast::ExprPtr> literal(const schema::Schema& schema, const Type& type,
                                    const Value& value) {
  ast::ExprPtr made = written(schema, type, value);
  if (!made || !hir::data_value(schema, type, *made))
    return std::nullopt;
  return made;
}

} // namespace sanku::measure
