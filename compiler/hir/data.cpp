// See data.h. Tested by tests/unit/compiler/data_test.cpp.
#include "compiler/hir/data.h"

#include "compiler/hir/scope.h"
#include "runtime/types/match.h"
#include "runtime/types/units.h"

#include <limits>

namespace sanku::hir {
namespace {

struct Signed {
  const ast::Expr& literal;
  bool negative;
};
Signed without_sign(const ast::Expr& written) {
  const ast::Expr& inner = without_parens(written);
  const auto* unary = std::get_if<ast::Unary>(&inner.form);
  if (unary && unary->op == ast::UnaryOp::negate)
    return {without_parens(*unary->operand), true};
  return {inner, false};
}

template <class T> const T* form_of(const ast::Expr& expr) { return std::get_if<T>(&expr.form); }

// The number where it has no unit that the type has not.
const ast::NumberLiteral* plain_number(const Type& type, const Signed& written) {
  const auto* literal = form_of<ast::NumberLiteral>(written.literal);
  if (!literal)
    return nullptr;
  const bool yuan = literal->unit == ast::Unit::yuan && type.kind == Kind::money;
  return literal->unit == ast::Unit::none || yuan ? literal : nullptr;
}

std::optional<Value> number(const Type& type, const Signed& written) {
  const ast::NumberLiteral* literal = plain_number(type, written);
  if (!literal)
    return std::nullopt;
  const std::string digits = (written.negative ? "-" : "") + literal->digits;
  if (type.kind == Kind::integer) {
    Integer value{};
    if (!parse_integer(digits, value.value))
      return std::nullopt;
    return value;
  }
  Decimal value{};
  const std::int64_t bound = unit_bound(type);
  if (!parse_decimal(digits, type.scale, value.units) || value.units >= bound ||
      value.units <= -bound)
    return std::nullopt;
  return value;
}

std::optional<Value> enum_value(const schema::Schema& schema, const Type& type,
                                const ast::Expr& literal) {
  const schema::EnumType& domain = schema.enums[type.domain];
  const ast::Name* name = nullptr;
  if (const auto* bare = form_of<ast::NameRef>(literal))
    name = &bare->name;
  if (const auto* member = form_of<ast::Member>(literal)) {
    const auto* of = form_of<ast::NameRef>(*member->base);
    if (!of || (of->name.text != domain.names.en && of->name.text != domain.names.zh))
      return std::nullopt;
    name = &member->field;
  }
  if (name) {
    const auto id = enum_member(domain, name->text);
    if (!id)
      return std::nullopt;
    return EnumValue{.id = *id, .unlisted = {}};
  }
  const auto* text = form_of<ast::TextLiteral>(literal);
  if (!text)
    return std::nullopt;
  const std::uint32_t id = schema::enum_id(domain, text->text);
  if (id == 0)
    return Unknown{};
  if (id >= first_unlisted)
    return EnumValue{.id = 0, .unlisted = text->text};
  return EnumValue{.id = id, .unlisted = {}};
}

std::optional<Value> time(const Type& type, const ast::Expr& literal) {
  const auto* bare = form_of<ast::DateLiteral>(literal);
  const auto* quoted = form_of<ast::TextLiteral>(literal);
  if (!bare && !quoted)
    return std::nullopt;
  const std::string& text = bare ? bare->text : quoted->text;
  if (type.kind == Kind::date) {
    Date date{};
    if (!parse_date(text, date))
      return std::nullopt;
    return date;
  }
  DateTime instant{};
  if (!parse_datetime(text, instant))
    return std::nullopt;
  return instant;
}

std::optional<Value> length(const Type& type, const ast::Expr& literal) {
  if (const auto* text = form_of<ast::TextLiteral>(literal); text && type.kind == Kind::window) {
    Window window{};
    if (!parse_window(text->text, window))
      return std::nullopt;
    return window;
  }
  if (const auto* word = form_of<ast::WindowLiteral>(literal); word && type.kind == Kind::window)
    return std::get<Constant>(window_constant({}, word->word).form).value;
  const auto* number = form_of<ast::NumberLiteral>(literal);
  std::int64_t n = 0;
  if (!number || number->digits.size() > 6 || !parse_integer(number->digits, n))
    return std::nullopt;
  const bool window = type.kind == Kind::window;
  switch (number->unit) {
  case ast::Unit::weeks:
    n *= 7;
    [[fallthrough]];
  case ast::Unit::days:
    if (window)
      return make_window(n, WindowUnit::days);
    return make_span(n, SpanUnit::days);
  case ast::Unit::hours:
    if (window)
      return make_window(n, WindowUnit::hours);
    return make_span(n, SpanUnit::hours);
  case ast::Unit::months:
    return window ? std::nullopt : std::optional<Value>(make_span(n, SpanUnit::months));
  case ast::Unit::years:
  case ast::Unit::years_of_age:
    return window ? std::nullopt : std::optional<Value>(make_span(n, SpanUnit::years));
  case ast::Unit::minutes:
    return window ? std::nullopt : std::optional<Value>(make_span(n, SpanUnit::minutes));
  case ast::Unit::none:
  case ast::Unit::yuan:
  case ast::Unit::percent:
    break;
  }
  return std::nullopt;
}

std::optional<Value> text_or_code(const Type& type, const ast::Expr& literal) {
  const auto* text = form_of<ast::TextLiteral>(literal);
  if (!text)
    return std::nullopt;
  if (type.kind == Kind::code)
    return CodeText{text->text};
  return text->text;
}

} // namespace

std::optional<Value> data_value(const schema::Schema& schema, const Type& type,
                                const ast::Expr& literal) {
  const Signed written = without_sign(literal);
  switch (type.kind) {
  case Kind::integer:
  case Kind::decimal:
  case Kind::money:
    return number(type, written);
  case Kind::boolean: {
    const auto* truth = form_of<ast::BoolLiteral>(written.literal);
    if (!truth || written.negative)
      return std::nullopt;
    return Bool{truth->value};
  }
  case Kind::date:
  case Kind::datetime:
    return time(type, literal);
  case Kind::span:
  case Kind::window:
    return written.negative ? std::nullopt : length(type, written.literal);
  case Kind::enumeration:
    return enum_value(schema, type, literal);
  case Kind::code:
  case Kind::text:
    return text_or_code(type, literal);
  case Kind::age:
  case Kind::count:
  case Kind::score:
  case Kind::reasons:
    return std::nullopt;
  }
  return std::nullopt;
}

std::optional<NumberRange> range_for(const Type& type, const ast::Expr& literal) {
  const bool integer = type.kind == Kind::integer;
  if ((!integer && !is_number(type.kind)) || !plain_number(type, without_sign(literal)))
    return std::nullopt;
  if (integer)
    return NumberRange{.low = std::to_string(std::numeric_limits<std::int64_t>::min()),
                       .high = std::to_string(std::numeric_limits<std::int64_t>::max())};
  const std::int64_t most = unit_bound(type) - 1;
  return NumberRange{.low = decimal_text(-most, type.scale, type.scale),
                     .high = decimal_text(most, type.scale, type.scale),
                     .behind_point = type.scale};
}

std::optional<std::string> missing_path(const schema::Schema& schema, const SchemaNames& names,
                                        const ast::Expr& path) {
  if (const auto* question = form_of<ast::TextLiteral>(path)) // of what a rule asks
    return "\"" + question->text + "\"";
  std::vector<const ast::Name*> parts;
  const ast::Expr* at = &path;
  while (const auto* member = form_of<ast::Member>(*at)) {
    parts.insert(parts.begin(), &member->field);
    at = member->base.get();
  }
  const auto* base = form_of<ast::NameRef>(*at);
  if (!base)
    return std::nullopt;
  const auto is = [&](const schema::Names& both) {
    return both.en == base->name.text || both.zh == base->name.text;
  };
  if (parts.empty()) {
    for (const schema::Relation& list : schema.relations)
      if (list.kind == schema::RelationKind::child && is(list.names))
        return list.names.en;
    return std::nullopt;
  }
  SpaceId space = names.of_relation[0];
  bool found = is(schema.relations[0].names);
  for (std::uint32_t id = 1; id < schema.relations.size() && !found; ++id)
    if (is(schema.relations[id].each))
      found = true, space = names.of_relation[id];
  if (!found)
    parts.insert(parts.begin(), &base->name);
  for (const ast::Name* part : parts) {
    const Entry* entry = find_entry(names.spaces[space], part->text);
    if (!entry)
      return std::nullopt;
    if (const auto* record = std::get_if<RecordEntry>(&entry->form)) {
      space = record->space;
      continue;
    }
    const auto* column = std::get_if<ColumnEntry>(&entry->form);
    if (!column || part != parts.back())
      return std::nullopt;
    const schema::Relation& of = schema.relations[names.spaces[space].relation];
    const std::string& own = of.columns[column->column].path.en;
    return of.kind == schema::RelationKind::child ? of.each.en + "." + own : own;
  }
  return std::nullopt;
}

} // namespace sanku::hir
