// The plan of a rule, made without looking at any row: which loop finds its subjects, by which
// table keys the index may propose them, and which of its conditions depend on the settlement's
// header and a key's row alone, so that they can be decided once a settlement and variant instead
// of once a subject. Tested by tests/unit/compiler/plan_test.cpp.
#pragma once

#include "compiler/hir/hir.h"
#include "runtime/exec/image.h"
#include "runtime/types/value.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sanku::plan {

// A column of the settlement (relation 0) or of one of its lists.
struct Field {
  hir::RelationId relation = 0;
  std::uint32_t column = 0;
  friend bool operator==(const Field&, const Field&) = default;
};

// A test of one column of the subject without which the rule is not applicable. Or, of a `visit`
// key: while no element of the list passes the test, every fold of `empty` is over nothing, and
// what the header says then decides for the whole visit. Or, of a key without a test: guards on the
// visit alone, which are its header_guards though they may loop over the visit's lists.
struct Key {
  std::optional<exec::ColumnTest> test;
  hir::RelationId relation = 0;
  std::uint32_t column = 0;
  hir::BinderId row = 0; // binder of the table's row that a header condition may read; 0: none
  std::vector<bool> header_guards;        // by guard: depends on header and row alone
  std::vector<bool> header_branches;      // by branch
  std::vector<std::uint32_t> row_columns; // of the table, read by those
  // What the day and the place of the look-up are read from, where row_columns are not empty. While
  // one of them is missing the row is unknown, and with it what those conditions say.
  std::vector<Field> as_of;
  std::string header; // what they ask: header_text.h; not of visit keys
  bool visit = false;
  std::vector<const hir::Fold*> empty; // of the program that was planned
  [[nodiscard]] bool has_header_condition() const;
};

struct Rule {
  hir::SubjectKind shape = hir::SubjectKind::settlement;
  hir::RelationId relation = 0;
  std::vector<Key> keys;
};

struct Plan {
  std::vector<Rule> rules; // as in hir::Program
};

[[nodiscard]] Plan plan(const hir::Program& program);
// For `sanku dump plan` and `check --plan`: one block a rule, what it costs and why.
// `shown`: by rule; empty: all.
[[nodiscard]] std::string text(const hir::Program& program, const Plan& plan, Language language,
                               const std::vector<bool>& shown = {});

} // namespace sanku::plan
