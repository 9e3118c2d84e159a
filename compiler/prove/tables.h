// The rows of knowledge tables by key, and which columns rules read. A program's tables are looked
// at by many questions; their keys are put in order once. Entry: Tables. Tested by
// tests/unit/compiler/prove_test.cpp.
#pragma once

#include "compiler/hir/hir.h"
#include "runtime/knowledge/table.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sanku::prove {

// A key as a text: of a code or text itself, of a number or enum its digits.
[[nodiscard]] std::string key_text(const Value& key);

class Tables {
public:
  // Both are the caller's and outlive it.
  Tables(const hir::Program& program, const std::vector<knowledge::Table>& tables);

  [[nodiscard]] const hir::Program& program() const { return program_; }
  [[nodiscard]] const knowledge::Table& table(hir::TableId id) const { return tables_[id]; }
  [[nodiscard]] const knowledge::TableShape& shape(hir::TableId id) const {
    return program_.tables[id].shape;
  }
  // The pack leaves it empty: claims bring rows of their own.
  [[nodiscard]] bool is_given(hir::TableId id) const {
    return tables_[id].rows.empty() && given_[id].has_value();
  }
  // As what these rows stand in claims.
  [[nodiscard]] hir::RelationId given(hir::TableId id) const { return *given_[id]; }
  // Beside rules of another program claims are of that one: its tables are found by their names.
  void stand_beside(const Tables& other);
  // Keys in the order of their rows, each once.
  [[nodiscard]] const std::vector<std::string>& keys(hir::TableId id) const { return keys_[id]; }
  [[nodiscard]] const std::vector<std::uint32_t>& keyed(hir::TableId id,
                                                        const std::string& key) const;
  // What a look-up of that key finds, before days and places are asked: of prefixes the longest
  // key first.
  [[nodiscard]] std::vector<std::vector<std::uint32_t>> found(hir::TableId id,
                                                              const std::string& key) const;

private:
  const hir::Program& program_;
  const std::vector<knowledge::Table>& tables_;
  std::vector<std::map<std::string, std::vector<std::uint32_t>>> rows_; // by table, key
  std::vector<std::vector<std::string>> keys_;
  std::vector<std::optional<hir::RelationId>> given_; // by table
};

} // namespace sanku::prove
