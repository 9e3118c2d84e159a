// What all builders share: names, numbers, dates, messages, and the choice of the builder by
// declaration. See build.h.
#include "compiler/ast/build.h"

#include "compiler/ast/message.h"
#include "compiler/source/nfkc.h"
#include "runtime/types/check.h"

namespace sanku::ast {

namespace {

bool is_calendar_date(std::string_view iso) {
  const auto number = [&](std::size_t at, std::size_t size) {
    return std::stoi(std::string(iso.substr(at, size)));
  };
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1 || month < 1 || month > 12 || day < 1)
    return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= days[month - 1] + (leap && month == 2 ? 1 : 0);
}

} // namespace

Unit build_unit(Word word) {
  if (word == "days"_w)
    return Unit::days;
  if (word == "weeks"_w)
    return Unit::weeks;
  if (word == "months"_w || word == "month"_w)
    return Unit::months;
  if (word == "years"_w)
    return Unit::years;
  if (word == "years_old"_w)
    return Unit::years_of_age;
  if (word == "hours"_w)
    return Unit::hours;
  if (word == "minutes"_w)
    return Unit::minutes;
  return word == "yuan"_w ? Unit::yuan : Unit::percent;
}

Name build_name(const Builder& build, const Node& word) {
  return {.text = source::nfkc(build.text_of(word)), .span = word.span};
}

Names build_names(const Builder& build, const Node& names) {
  Names out{.first = build_name(build, names.children.front()), .second = std::nullopt};
  if (names.children.size() > 1)
    out.second = build_name(build, names.children.back());
  return out;
}

NumberLiteral build_number(Builder& build, const Node& number) {
  NumberLiteral out{.digits = source::nfkc(build.text_of(number.children.front())),
                    .unit = Unit::none};
  if (number.children.size() == 1)
    return out;
  const Node& unit = number.children.back().children.front();
  if (unit.is("month"_w) && build.text_of(unit) != "month")
    diag::report<"unit_misplaced">(build.diags, unit.span, build.text_of(unit));
  out.unit = build_unit(unit.word);
  return out;
}

std::string unquoted(const Builder& build, const Node& string) {
  const std::string_view literal = build.text_of(string);
  const std::size_t quote = quote_size(literal);
  return std::string(literal.substr(quote, literal.size() - 2 * quote));
}

std::string build_date(Builder& build, const Node& date) {
  std::string iso = source::nfkc(build.text_of(date));
  if (!is_calendar_date(iso))
    diag::report<"no_such_date">(build.diags, date.span, iso);
  return iso;
}

Message build_message(Builder& build, const Node& string) {
  Message out{.parts = {}, .span = string.span};
  const std::string_view literal = build.text_of(string);
  std::size_t holes = 0;
  for (const MessagePiece& piece : split_message(literal)) {
    if (!piece.hole) {
      const std::string_view text = literal.substr(piece.begin, piece.end - piece.begin);
      // Pieces of text meet where a brace was written twice.
      if (!out.parts.empty() && std::holds_alternative<std::string>(out.parts.back().form))
        std::get<std::string>(out.parts.back().form) += text;
      else
        out.parts.push_back({.form = std::string(text)});
      continue;
    }
    const Node& hole = string.children[holes++];
    if (hole.children.empty())
      continue; // already reported
    ExprPtr value = build_expression(build, hole.children.front());
    const bool as_percent = hole.child("as_percent"_f) != nullptr;
    const auto* name = value ? std::get_if<NameRef>(&value->form) : nullptr;
    if (name && !as_percent && (name->name.text == "missing" || name->name.text == "缺失"))
      out.parts.push_back({.form = MissingHole{.span = hole.span}});
    else
      out.parts.push_back({.form = Hole{.value = std::move(value), .as_percent = as_percent}});
  }
  return out;
}

void report_not_yet(Builder& build, source::Span span, diag::Words what) {
  diag::report<"not_yet">(build.diags, span, what);
}

namespace {

Decl build_declaration(Builder& build, const Node& node) {
  if (node.is("schema_decl"_f))
    return build_schema_head(build, node);
  if (node.is("code_decl"_f))
    return build_code(build, node);
  if (node.is("enum_decl"_f))
    return build_enum(build, node);
  if (node.is("record_decl"_f))
    return build_record(build, node);
  if (node.is("knowledge_decl"_f))
    return build_knowledge(build, node);
  if (node.is("source_decl"_f))
    return build_source(build, node);
  if (node.is("set_decl"_f))
    return build_set(build, node);
  if (node.is("param_decl"_f))
    return build_param(build, node);
  if (node.is("define_decl"_f))
    return build_define(build, node);
  if (node.is("decide_decl"_f))
    return build_decide(build, node);
  if (node.is("model_decl"_f))
    return build_model(build, node);
  if (node.is("test_decl"_f))
    return build_test(build, node);
  check(node.is("rule_decl"_f), "a declaration of the grammar that the builder does not know");
  return build_rule(build, node);
}

} // namespace

std::vector<Decl> build_declarations(Builder& build, const Node& declaration) {
  const Node& node = declaration.children.front();
  std::vector<Decl> out;
  if (!node.is("overlay_decl"_f)) {
    out.push_back(build_declaration(build, node));
    return out;
  }
  out.push_back(build_overlay(build, node));
  for (const Node& item : node.children)
    if (item.is("overlay_item"_f) && !is_change(item.children.front()))
      out.push_back(build_declaration(build, item.children.front()));
  return out;
}

} // namespace sanku::ast
