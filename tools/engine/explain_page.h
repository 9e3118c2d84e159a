// What an explanation is written on: a page of labelled rows, and how values, elements and visits
// of the claim read on it. Used by explain.cpp. Entry: Page.
#pragma once

#include "tools/engine/describe.h"
#include "tools/engine/explain.h"
#include "tools/engine/layout.h"

#include <string>
#include <string_view>

namespace sanku::engine {

inline constexpr std::size_t page_cells = 84; // where the amount of a rule's line ends

// All but the text is the caller's.
struct Page {
  const hir::Program& program;
  const FoundSettlement& found;
  const ExplainOptions& options;
  batch::Dictionaries none;
  Block block;
  std::string written = {};

  Page(const hir::Program& of, const FoundSettlement& settlement, const ExplainOptions& how);
  Page(const Page&) = delete; // the block refers to it
  Page& operator=(const Page&) = delete;

  [[nodiscard]] std::string_view pick(std::string_view zh, std::string_view en) const {
    return words(options.language, zh, en);
  }
  [[nodiscard]] std::string text(const Value& value, const Type& type) const;
  // Empty: missing, or nobody may see it.
  [[nodiscard]] std::string at_path(hir::RelationId relation, std::string_view path,
                                    std::uint32_t row) const;
  [[nodiscard]] std::string with_role(hir::RelationId relation, schema::Role role,
                                      std::uint32_t row) const;
  // A line with its number, name, code, time and what was bought.
  [[nodiscard]] std::string element(hir::RelationId relation, std::uint32_t row) const;
  // A visit with its number, day, place and amount, and whether it is the one explained.
  [[nodiscard]] std::string visit(std::uint32_t visit) const;

  void head();
  void row(std::string_view zh, std::string_view en, const std::string& what);
  // Appends a cell and a comma, on a new line under the others where the page ends.
  void add_cell(std::string& shown, const std::string& cell) const;
};

} // namespace sanku::engine
