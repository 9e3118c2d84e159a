// See test_block.h.
#include "compiler/prove/test_block.h"

#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sanku::prove {
namespace {

using schema::Role;

ast::ExprPtr expr_of(auto form) {
  return std::make_unique<ast::Expr>(ast::Expr{.span = {}, .form = std::move(form)});
}
ast::ExprPtr number(const std::string& digits, ast::Unit unit = ast::Unit::none) {
  if (!digits.starts_with('-'))
    return expr_of(ast::NumberLiteral{.digits = digits, .unit = unit});
  return expr_of(ast::Unary{.op = ast::UnaryOp::negate, .operand = number(digits.substr(1), unit)});
}

ast::Unit unit_for(Span span) {
  switch (unit_of(span)) {
  case SpanUnit::days:
    return ast::Unit::days;
  case SpanUnit::months:
    return ast::Unit::months;
  case SpanUnit::years:
    return ast::Unit::years;
  case SpanUnit::hours:
    return ast::Unit::hours;
  case SpanUnit::minutes:
    return ast::Unit::minutes;
  }
  return ast::Unit::days;
}

struct Writer {
  const Claim& claim;
  const hir::Program& program;
  bool chinese;

  ast::Name name(const schema::Names& names) const {
    return {.text = chinese ? names.zh : names.en, .span = {}};
  }

  ast::ExprPtr literal(const Value& value, const Type& type) const {
    return std::visit(
        match{
            [&](const Bool& v) { return expr_of(ast::BoolLiteral{v.value}); },
            [&](const Integer& v) { return number(std::to_string(v.value)); },
            [&](const Decimal& v) {
              return number(decimal_text(v.units, type.scale, type.kind == Kind::money ? 2 : 0));
            },
            [&](const Date& v) { return expr_of(ast::DateLiteral{date_text(v)}); },
            [&](const DateTime& v) {
              const std::string text = datetime_text(v);
              return text.size() == 10 ? expr_of(ast::DateLiteral{text})
                                       : expr_of(ast::TextLiteral{text});
            },
            [&](const Span& v) { return number(std::to_string(number_of(v)), unit_for(v)); },
            [&](const Window& v) {
              const bool hours = sanku::unit_of(v) == WindowUnit::hours;
              return number(std::to_string(number_of(v)),
                            hours ? ast::Unit::hours : ast::Unit::days);
            },
            [&](const CodeText& v) { return expr_of(ast::TextLiteral{v.text}); },
            [&](const std::string& v) { return expr_of(ast::TextLiteral{v}); },
            [&](const EnumValue& v) {
              if (v.id == 0)
                return expr_of(ast::TextLiteral{v.unlisted});
              const schema::Names& names =
                  program.schema.enums[type.domain].members[v.id - 1].names;
              return expr_of(ast::NameRef{name(names)});
            },
            [](const auto&) -> ast::ExprPtr { unreachable("a claim holds values of fields"); },
        },
        value);
  }

  // Puts a field where its path says: `patient.sex` into the record `patient`.
  void put(ast::DataRecord& record, std::string path, ast::DataValue value) const {
    const std::size_t dot = path.find('.');
    if (dot == std::string::npos) {
      record.fields.push_back({.name = {.text = std::move(path), .span = {}},
                               .value = std::make_unique<ast::DataValue>(std::move(value))});
      return;
    }
    const std::string first = path.substr(0, dot);
    auto found = std::ranges::find(record.fields, first,
                                   [](const ast::DataField& field) { return field.name.text; });
    if (found == record.fields.end()) {
      record.fields.push_back({.name = {.text = first, .span = {}},
                               .value = std::make_unique<ast::DataValue>(
                                   ast::DataValue{.form = ast::DataRecord{}, .span = {}})});
      found = std::prev(record.fields.end());
    }
    put(std::get<ast::DataRecord>(found->value->form), path.substr(dot + 1), std::move(value));
  }

  std::string path_of(const schema::Relation& relation, const schema::Column& column) const {
    const schema::Names& path = column.path.en.empty() ? column.names : column.path;
    std::string text = chinese ? path.zh : path.en;
    // The settlement's own fields stand in no record.
    const std::string own = (chinese ? relation.each.zh : relation.each.en) + ".";
    const std::string list = (chinese ? relation.names.zh : relation.names.en) + ".";
    if (relation.kind == schema::RelationKind::settlement)
      for (const std::string& begin : {own, list})
        if (text.starts_with(begin))
          text.erase(0, begin.size());
    return text;
  }

  void field(ast::DataRecord& record, const schema::Relation& relation, std::uint32_t column,
             const Value& value) const {
    put(record, path_of(relation, relation.columns[column]),
        {.form = literal(value, relation.columns[column].type), .span = {}});
  }

  ast::DataRecord element(const Place& at, bool numbered) const {
    const schema::Relation& relation = hir::relation(program, at.relation);
    ast::DataRecord record;
    const auto key = schema::column_with(relation, Role::key);
    for (std::uint32_t column = 0; column < relation.columns.size(); ++column) {
      Place place = at;
      place.column = column;
      const auto found = claim.cells.find(place);
      if (found != claim.cells.end())
        field(record, relation, column, found->second);
      else if (numbered && key == column && !claim.read.contains(place) &&
               relation.columns[column].type.kind == Kind::text)
        field(record, relation, column, std::to_string(at.slot + 1));
    }
    return record;
  }

  ast::DataRecord visit(std::uint32_t visit) const {
    ast::DataRecord record = element({.visit = visit}, false);
    date(record, visit);
    for (hir::RelationId list = 1; list < program.schema.relations.size(); ++list) {
      ast::DataList elements;
      const auto count = std::ranges::count_if(claim.elements, [&](const Place& place) {
        return place.visit == visit && place.relation == list;
      });
      for (const Place& place : claim.elements)
        if (place.visit == visit && place.relation == list)
          elements.values.push_back({.form = element(place, count > 1), .span = {}});
      if (elements.values.empty())
        continue;
      record.fields.push_back({.name = name(program.schema.relations[list].names),
                               .value = std::make_unique<ast::DataValue>(
                                   ast::DataValue{.form = std::move(elements), .span = {}})});
    }
    return record;
  }

  // A visit that rules read and that says no date is dated by one that they do not read.
  void date(ast::DataRecord& record, std::uint32_t visit) const {
    const schema::Relation& settlement = program.schema.relations[0];
    std::optional<std::uint32_t> free;
    bool read = false;
    for (const Role role : {Role::settled, Role::end, Role::begin})
      if (const auto column = schema::column_with(settlement, role)) {
        const Place place{.visit = visit, .relation = 0, .slot = 0, .column = *column};
        if (claim.cells.contains(place))
          return;
        read = read || claim.read.contains(place);
        if (!claim.read.contains(place) && !free)
          free = column;
      }
    // 2026-03-05, as in the documents.
    constexpr std::int32_t day = 20517;
    if (!read || !free)
      return;
    const bool instant = settlement.columns[*free].type.kind == Kind::datetime;
    field(record, settlement, *free,
          instant ? Value(DateTime{std::int64_t{day} * 86400}) : Value(Date{day}));
  }
};

} // namespace

ast::Test given_of(const Claim& claim, const hir::Program& program, bool chinese) {
  const Writer writer{.claim = claim, .program = program, .chinese = chinese};
  ast::Test test;
  test.given.emplace_back(ast::GivenClaim{.claim = writer.visit(0), .span = {}});
  if (claim.visits > 1) {
    ast::GivenHistory history;
    for (std::uint32_t visit = 1; visit < claim.visits; ++visit)
      history.visits.push_back({.form = writer.visit(visit), .span = {}});
    test.given.emplace_back(std::move(history));
  }
  const auto lists = static_cast<hir::RelationId>(program.schema.relations.size());
  std::map<hir::RelationId, ast::GivenKnowledge> tables;
  for (const Place& place : claim.elements) {
    if (place.visit != no_visit || place.relation < lists)
      continue;
    ast::GivenKnowledge& given = tables[place.relation];
    given.table = writer.name(hir::relation(program, place.relation).names);
    given.rows.push_back({.form = writer.element(place, false), .span = {}});
  }
  for (auto& [relation, given] : tables)
    test.given.emplace_back(std::move(given));
  return test;
}

ast::ExprPtr path_of(const std::string& missing) {
  if (missing.starts_with('"'))
    return expr_of(ast::TextLiteral{missing.substr(1, missing.size() - 2)});
  const std::size_t dot = missing.rfind('.');
  if (dot == std::string::npos)
    return expr_of(ast::NameRef{{.text = missing, .span = {}}});
  return expr_of(ast::Member{.base = path_of(missing.substr(0, dot)),
                             .field = {.text = missing.substr(dot + 1), .span = {}}});
}

std::string print(ast::Test test, ast::Spelling spelling) {
  ast::File file;
  file.decls.emplace_back(std::move(test));
  return ast::print(file, spelling);
}

} // namespace sanku::prove
