// Rows: the raw world as the evaluator sees it. Values come from batch::value_at and
// knowledge::Table::rows, codes as text; the canonical order is computed here from those values,
// and rows by key stand in an ordinary std::map. No dictionary, rank, view or index is read: what
// compiled code gets from those is exactly what this file is compared with. Entry: Rows. Cells of
// one settlement are kept while it is being looked at; tables are keyed when first asked for.
// Tested by tests/unit/compiler/evaluate_test.cpp.
#pragma once

#include "compiler/analysis/steps.h"
#include "compiler/evaluate/observe.h"
#include "compiler/hir/hir.h"
#include "runtime/batch/batch.h"
#include "runtime/exec/peers.h"
#include "runtime/knowledge/table.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace sanku::evaluate {

// What there is to evaluate: all of it owned by the caller and unchanged while an evaluator lives.
// `tables` by TableId.
struct Input {
  const hir::Program& program;
  const std::vector<knowledge::Table>& tables;
  const batch::Batch& batch;
  const batch::Dictionaries& dictionaries;
  const exec::PeersOfRules* peers = nullptr; // of the whole population; null: nobody knows them
  const Observer* observer = nullptr;        // null: nobody watches
};

// A total order of the values of one type: unknown first, numbers by size, codes and texts
// bytewise. Negative, zero or positive. It serves keys and canonical order, where an unknown equals
// an unknown; the language's own comparisons are kernels.
[[nodiscard]] int compare(const Value& a, const Value& b);

// Is the value a code that is one of several? And which these are; of any other value itself.
[[nodiscard]] bool is_undecided(const Value& value);
[[nodiscard]] std::vector<Value> candidates(const Value& value);

struct ValueLess {
  bool operator()(const Value& a, const Value& b) const { return compare(a, b) < 0; }
  bool operator()(const std::vector<Value>& a, const std::vector<Value>& b) const;
};

class Rows {
public:
  explicit Rows(const Input& input);

  // Makes `settlement` the one whose rows are read.
  void enter(std::uint32_t settlement);
  [[nodiscard]] std::uint32_t settlement() const { return settlement_; }
  [[nodiscard]] const Input& input() const { return input_; }

  // The cell of a settlement's own row, of one of its child rows, or of a table's row.
  [[nodiscard]] const Value& value(hir::RelationId relation, std::uint32_t column,
                                   std::uint32_t row);
  // The cell with that role; unknown when the relation has no such column.
  [[nodiscard]] const Value& value(hir::RelationId relation, schema::Role role, std::uint32_t row);

  // The settlement's rows of a child list in canonical order: time, code, unit price, self-paid,
  // quantity, key, as far as the list has them, what is missing first; rows equal in all of these
  // by row. Rows whose time is missing come last, by row.
  [[nodiscard]] const std::vector<std::uint32_t>& children(hir::RelationId relation);
  // The same of another settlement.
  [[nodiscard]] const std::vector<std::uint32_t>& children(hir::RelationId relation,
                                                           std::uint32_t settlement);
  // Brings rows of several settlements into that order.
  void put_in_order(hir::RelationId relation, std::vector<std::uint32_t>& rows);
  // All visits of the settlement's person in time order, its own among them.
  [[nodiscard]] std::vector<std::uint32_t> visits() const;
  // Does row a of a child list stand strictly before row b? Unknown when the time of either is
  // missing.
  [[nodiscard]] Tri earlier(hir::RelationId relation, std::uint32_t a, std::uint32_t b);

  // The rows of a table whose key is that known value, in row order.
  [[nodiscard]] const std::vector<std::uint32_t>& keyed(hir::TableId table, const Value& key);
  // How many a look-up finds at most.
  [[nodiscard]] std::uint64_t fullest(hir::TableId table);
  // Those of them that count on a day; `at` is unknown when the day is. Empty optional: a dated
  // table has rows for the key, and nobody knows which count.
  [[nodiscard]] std::optional<std::vector<std::uint32_t>>
  keyed_at(hir::TableId table, const Value& key, const Value& at);

  // Whether the rows of both keys are the same but for the key.
  [[nodiscard]] bool agree(hir::TableId table, const Value& a, const Value& b);

  // A length of this settlement's lists, computed once.
  template <class Fn> std::uint64_t length(const exec::Factor& factor, const Fn& compute) {
    const auto known = lengths_.find(factor);
    return known != lengths_.end() ? known->second
                                   : lengths_.emplace(factor, compute()).first->second;
  }

  // What the rule may cost; kept.
  [[nodiscard]] const analysis::RuleSteps& steps(const hir::Rule& rule);

private:
  // The rows of a key: where keys are prefixes, of each length that finds any, longest first.
  [[nodiscard]] std::vector<std::vector<std::uint32_t>> found_by(hir::TableId table,
                                                                 const Value& key);
  // Of one such list, the rows that count; none: nobody knows.
  [[nodiscard]] std::optional<std::vector<std::uint32_t>>
  counting(hir::TableId table, std::vector<std::vector<std::uint32_t>> found, const Value& at);
  void keep_on(hir::TableId table, const Value& at, std::vector<std::uint32_t>& rows);
  [[nodiscard]] bool differ_by_place(hir::TableId table, const Value& at,
                                     const std::vector<std::vector<std::uint32_t>>& found) const;

  using Keyed = std::map<Value, std::vector<std::uint32_t>, ValueLess>;
  struct List {
    std::uint32_t first = 0, count = 0;      // rows of the settlement
    std::vector<std::optional<Value>> cells; // [row - first][column], filled as read
    std::optional<std::vector<std::uint32_t>> canonical;
  };
  using Lists = std::vector<List>; // by relation of the schema
  [[nodiscard]] Lists lists_of(std::uint32_t settlement) const;
  // The lists of a settlement: the one whose rows are read, or another that is looked at beside it.
  [[nodiscard]] Lists& lists(std::uint32_t settlement);
  // The list in which a row stands.
  [[nodiscard]] List& list_with(hir::RelationId relation, std::uint32_t row);

  [[nodiscard]] bool has_place(hir::RelationId relation, std::uint32_t row);
  [[nodiscard]] int compare_visits(std::uint32_t a, std::uint32_t b);
  [[nodiscard]] bool is_self_paid(hir::RelationId relation, std::uint32_t row);
  [[nodiscard]] int compare_lines(hir::RelationId relation, std::uint32_t a, std::uint32_t b);

  Input input_;
  std::uint32_t settlement_ = 0;
  Lists lists_;
  std::map<std::uint32_t, Lists> others_;   // by settlement, as far as they were looked at
  std::vector<std::optional<Keyed>> keyed_; // by table
  std::map<hir::TableId, std::uint64_t> fullest_;
  std::map<const hir::Rule*, analysis::RuleSteps> steps_;
  std::map<exec::Factor, std::uint64_t> lengths_; // of this settlement
};

} // namespace sanku::evaluate
