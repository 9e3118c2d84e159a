// What the files of the printer share: the words, the lines, and the comments that wait for their
// place. Only print_….cpp include it.
#pragma once

#include "compiler/ast/print.h"
#include "compiler/ast/words.h"

#include <string>
#include <string_view>
#include <vector>

namespace sanku::ast {

// Longer lines are broken where a clause or a member begins.
inline constexpr std::size_t line_cells = 120;

struct Printer {
  const File* file = nullptr; // null while a single expression is printed
  Spelling spelling = Spelling::en;
  std::string out = {};
  std::size_t next_comment = 0, next_blank = 0;

  [[nodiscard]] std::string word(Word word) const {
    return std::string(spelling == Spelling::zh ? row_of(word).zh : row_of(word).en);
  }
  [[nodiscard]] std::string_view either(std::string_view zh, std::string_view en) const {
    return spelling == Spelling::zh ? zh : en;
  }

  // ---- lines and comments (print.cpp)
  // Before what begins at `place`: the comments and blank lines that stood in front of it,
  // indented. Inside braces the first thing has no blank line before it, nor has the closing brace.
  enum class Position : std::uint8_t { first, between, closing };
  void before(std::uint32_t place, std::size_t indent, Position position);
  [[nodiscard]] bool has_comments(Span span) const;
  // Comments that stood behind text that is now printed, up to `place`, at the end of its last
  // line.
  void trailing(std::uint32_t place);
  void line(std::size_t indent, std::string_view text);

  // ---- expressions (print_expression.cpp)
  [[nodiscard]] std::string expr(const Expr& expr) const;
  [[nodiscard]] std::string operator_text(BinaryOp op) const;
  [[nodiscard]] std::string operator_text(CompareOp op) const;
  // `count(x in list`, `those(x in list`
  [[nodiscard]] std::string loop_head(const Fold& fold) const;
  [[nodiscard]] std::string loop_head(const Those& those) const;
  // An expression over several lines where it does not fit (print_wide.cpp).
  struct Room {
    std::size_t indent;   // of further lines
    std::size_t used;     // cells of its first line that are taken
    std::size_t tail = 0; // cells that follow on its last line
    std::size_t hang = 2; // how much deeper `and` and `or` begin
  };
  [[nodiscard]] std::string wide(const Expr& expr, Room room) const;
  // `when p take a`, …, `otherwise c`
  [[nodiscard]] std::vector<std::string> arms(const Choose& choose) const;
  // The same for lines one below the other: what is taken stands in a column.
  [[nodiscard]] std::vector<std::string> table(const Choose& choose) const;
  [[nodiscard]] std::string type(const ColumnType& type) const;
  [[nodiscard]] std::string number(const NumberLiteral& number) const;
  [[nodiscard]] std::string quoted(std::string_view text) const;
  [[nodiscard]] std::string message(const Message& message) const;
  [[nodiscard]] std::string names(const Names& names) const;
  // Between the items of a plain list, as in `stage pre, mid`.
  [[nodiscard]] std::string comma() const { return std::string(either("、", ", ")); }

  // ---- declarations (print_rule.cpp, print_schema.cpp, print_test.cpp)
  void rule(const Rule& rule);
  void test(const Test& test);
  void schema_head(const SchemaHead& head);
  void code(const CodeSystem& code);
  void enumeration(const EnumDecl& decl);
  void record(const Record& record);
  void knowledge(const Knowledge& knowledge);
  void source(const Source& source);
  void set(const SetDecl& set);
  void param(const Param& param);
  void define(const Define& define);
  void decide(const Decide& decide);
  void model(const ModelDecl& model);
  void declaration(const Decl& decl);
  // With the declarations inside its braces, which begin at `next` of the file's; gives the first
  // behind them.
  [[nodiscard]] std::size_t overlay(const Overlay& overlay, std::size_t next);
  // `{`, the items, each with its place, on lines of their own, and `}`.
  struct Item {
    std::uint32_t place;
    std::string text; // may have several lines, each but the first indented already
  };
  void block(std::string_view head, const std::vector<Item>& items, Span span);
};

[[nodiscard]] Span span_of(const Decl& decl);

// `text` filled with blanks to a width in cells.
[[nodiscard]] std::string padded(std::string_view text, std::size_t cells);

} // namespace sanku::ast
