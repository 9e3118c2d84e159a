// The parse tree without ANTLR: tokens and nodes named by the rules of grammar/SankuParser.g4. Made
// by from_parse_tree.cpp, read by the build_… files, gone when parse() returns. A Form is named in
// code by its rule, `"rule_decl"_f`, checked when compiled; that the table has every rule of the
// grammar is checked when a parser is made.
#pragma once

#include "compiler/ast/words.h"
#include "compiler/source/source.h"

#include <cstdint>
#include <iterator>
#include <string_view>
#include <vector>

namespace sanku::ast {

inline constexpr std::string_view form_names[] = {
    "declaration",
    "hole",
    "as_percent",
    "schema_decl",
    "code_decl",
    "code_attribute",
    "enum_decl",
    "enum_flag",
    "enum_missing",
    "enum_member",
    "record_decl",
    "field",
    "field_attribute",
    "type",
    "knowledge_decl",
    "column",
    "column_attribute",
    "replaces",
    "source_decl",
    "source_attribute",
    "set_decl",
    "param_decl",
    "param_value",
    "param_bounds",
    "define_decl",
    "parameter",
    "decide_decl",
    "decide_rows",
    "model_decl",
    "points",
    "model_input",
    "rule_decl",
    "rule_item",
    "category",
    "basis",
    "behaviour",
    "stage",
    "effective",
    "trial",
    "mandatory",
    "region",
    "was",
    "breaks_split",
    "even_self_paid",
    "subject",
    "entering",
    "group_key",
    "let_clause",
    "with_clause",
    "provided",
    "unless",
    "branch",
    "report",
    "report_value",
    "report_lines",
    "involving",
    "amount",
    "overlay_decl",
    "pack_name",
    "overlay_item",
    "new_value",
    "disable",
    "severity",
    "days_of",
    "because",
    "row_change",
    "code_change",
    "test_decl",
    "given",
    "data_record",
    "data_field",
    "data_list",
    "literal",
    "expect",
    "outcome",
    "expected_lines",
    "expected_amount",
    "expected_missing",
    "expression",
    "negation",
    "comparison",
    "comparator",
    "operand",
    "otherwise",
    "rounded",
    "beyond",
    "ranked",
    "period",
    "in_unit",
    "sum",
    "product",
    "prefix",
    "postfix",
    "member",
    "lookup",
    "primary",
    "paren",
    "number",
    "unit",
    "window",
    "fold",
    "fold_word",
    "those",
    "binder",
    "then",
    "binds",
    "call",
    "set_literal",
    "set_element",
    "choose",
    "arm",
    "last_arm",
    "count_of",
    "peers",
    "peer_word",
    "peer_rank",
    "names",
    "word",
    "name",
    "callee",
    "window_word",
    "soft_word",
    "hard_word",
    "token",
};

enum class Form : std::uint8_t {};

consteval Form operator""_f(const char* rule, std::size_t size) {
  for (std::size_t i = 0; i < std::size(form_names); ++i) {
    if (form_names[i] == std::string_view(rule, size))
      return static_cast<Form>(i);
  }
  throw "no rule of the grammar has this name";
}

struct Token {
  Word word;
  std::uint32_t begin = 0, end = 0; // bytes of the file
};

struct Node {
  Form form = "token"_f;
  Word word = "eof"_w; // of a token
  source::Span span;
  std::vector<Node> children; // a message's token has its holes as children

  // The first child of that kind, or null.
  [[nodiscard]] const Node* child(Form wanted) const {
    for (const Node& each : children) {
      if (each.form == wanted)
        return &each;
    }
    return nullptr;
  }
  [[nodiscard]] const Node* token(Word wanted) const {
    for (const Node& each : children) {
      if (each.form == "token"_f && each.word == wanted)
        return &each;
    }
    return nullptr;
  }
  [[nodiscard]] bool is(Form wanted) const { return form == wanted; }
  [[nodiscard]] bool is(Word wanted) const { return form == "token"_f && word == wanted; }
};

} // namespace sanku::ast
