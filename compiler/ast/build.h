// From Nodes to the Ast: one function a kind of declaration, for from_parse_tree.cpp. A function
// that finds a mistake reports it and returns what it can; the caller drops the declaration when
// errors were added. Tested by tests/unit/compiler/parse_test.cpp.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/ast/syntax.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/source/source.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::ast {

struct Builder {
  const source::SourceMap& map;
  diag::Diagnostics& diags;

  [[nodiscard]] std::string_view text_of(const Node& node) const {
    return source::text_of(map, node.span);
  }
};

// The declaration and, of an overlay, those inside it.
[[nodiscard]] std::vector<Decl> build_declarations(Builder& build, const Node& declaration);

// ---- one file each
[[nodiscard]] Decl build_schema_head(Builder& build, const Node& node);
[[nodiscard]] Decl build_code(Builder& build, const Node& node);
[[nodiscard]] Decl build_enum(Builder& build, const Node& node);
[[nodiscard]] Decl build_record(Builder& build, const Node& node);
[[nodiscard]] Decl build_knowledge(Builder& build, const Node& node);
[[nodiscard]] Decl build_source(Builder& build, const Node& node);
[[nodiscard]] Decl build_set(Builder& build, const Node& node);
[[nodiscard]] Decl build_param(Builder& build, const Node& node);
[[nodiscard]] Decl build_define(Builder& build, const Node& node);
[[nodiscard]] Decl build_decide(Builder& build, const Node& node);
[[nodiscard]] Decl build_model(Builder& build, const Node& node);
[[nodiscard]] Decl build_rule(Builder& build, const Node& node);
[[nodiscard]] Decl build_test(Builder& build, const Node& node);
[[nodiscard]] Overlay build_overlay(Builder& build, const Node& node);
// Of an overlay's item: whether it changes the pack below, rather than declaring something.
[[nodiscard]] bool is_change(const Node& item);

// ---- shared
// An expression of any level of the grammar. Null when something was reported.
[[nodiscard]] ExprPtr build_expression(Builder& build, const Node& node);
[[nodiscard]] Message build_message(Builder& build, const Node& string);
[[nodiscard]] Name build_name(const Builder& build, const Node& word);
[[nodiscard]] Names build_names(const Builder& build, const Node& names);
// Of a field, a column, a parameter; `list of` is the field's.
[[nodiscard]] ColumnType build_type(Builder& build, const Node& type);
// The rows of a choice. Empty when something was reported.
[[nodiscard]] std::optional<Choose> build_rows(Builder& build, const Node& rows);
[[nodiscard]] Unit build_unit(Word word);
[[nodiscard]] NumberLiteral build_number(Builder& build, const Node& number);
// `region insured`, of a rule or a table.
[[nodiscard]] RegionClause build_region(Builder& build, const Node& clause);
[[nodiscard]] ParamValue build_param_value(Builder& build, const Node& node);
// The text between the quotes.
[[nodiscard]] std::string unquoted(const Builder& build, const Node& string);
// The date in ASCII digits; reports one that the calendar lacks.
[[nodiscard]] std::string build_date(Builder& build, const Node& date);
void report_not_yet(Builder& build, source::Span span, diag::Words what);

} // namespace sanku::ast
