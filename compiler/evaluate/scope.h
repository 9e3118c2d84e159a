// Scope: what every name of one rule stands for while one subject is looked at, and the value of
// every expression under that. This is the written meaning of expressions, queries and folds: each
// form is evaluated in full, nothing is skipped because something else already decided, so no order
// of evaluation can show. Entry: Scope::value, Scope::each, Scope::lines. Tested by
// tests/unit/compiler/evaluate_test.cpp.
#pragma once

#include "compiler/evaluate/call.h"
#include "compiler/evaluate/rows.h"
#include "runtime/abi/frame.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace sanku::evaluate {

[[nodiscard]] Tri tri_not(Tri a);
[[nodiscard]] Tri tri_and(Tri a, Tri b);
[[nodiscard]] Tri tri_or(Tri a, Tri b);
// All, none, or unknown: what holds of a code that is one of several.
[[nodiscard]] Tri together(const std::vector<Tri>& each);
// units × 10^-from at another scale, half away from zero; no value when it does not fit 128 bits.
[[nodiscard]] std::optional<Int128> rounded(Int128 units, unsigned from, unsigned to);

// A row that a name stands for, or the unknown element (row unknown_row). A part of a line has a
// quantity `part` at the quantity column's scale and a share of the money `part_amount` at the
// amount column's scale; either may not be known.
struct Element {
  std::uint32_t row = abi::unknown_row;
  bool is_part = false;
  bool part_known = false;
  bool part_amount_known = false;
  Int128 part = 0;
  Int128 part_amount = 0;

  [[nodiscard]] bool is_unknown() const { return row == abi::unknown_row; }
};
// An element of a list or query that is there for sure, or perhaps (unknown); never `no`.
struct Kept {
  Element element;
  Tri keep = Tri::yes;
};

class Scope {
public:
  // Called with the binders of a tuple set: is the tuple kept?
  using Visit = std::function<void(Tri keep)>;

  // All of it owned by the caller. No name is bound yet but the settlement.
  Scope(Rows& rows, const hir::Rule& rule);

  [[nodiscard]] Value value(const hir::Expr& expr);
  // The rows of that key, as of that date; empty optional: the key, or which rows count, is not
  // known.
  [[nodiscard]] std::optional<std::vector<std::uint32_t>>
  rows_of(hir::TableId table, const hir::Expr& by, const hir::ExprPtr& at);
  [[nodiscard]] Tri truth(const hir::Expr& condition);
  // What moved a score most, as a list of reasons.
  [[nodiscard]] Value reasons(hir::ModelId model, const std::vector<hir::Expr>& inputs,
                              std::size_t most);
  // Whether the table has a row for that key as of that date.
  [[nodiscard]] bool by_text(hir::TableId table) const;
  [[nodiscard]] Tri has_row(hir::TableId table, const hir::Expr& by, const hir::ExprPtr& at);

  // Every tuple of the query that is kept for sure or perhaps not, first binding outermost; after
  // `beyond`, what it leaves.
  void each(const hir::Query& query, const Visit& visit);
  // Every combination of the rule's matches.
  void each_match(const Visit& visit);
  // The query's result as lines: elements of its first binding, each once, kept if any tuple with
  // it is.
  // Named in a finding, lines behind `beyond` are there although nobody can say how much of them.
  [[nodiscard]] std::vector<Kept> lines(const hir::Query& query, bool named = false);
  // The same before `beyond`.
  [[nodiscard]] std::vector<Kept> listed(const hir::Query& query, bool named = false);
  // What a binder is bound to in turn.
  [[nodiscard]] std::vector<Kept> elements(const hir::Binding& binding);
  // Of these, with the names of the first binding set: is it kept by the rest of the query?
  void rest(const hir::Query& query, Tri keep, const Visit& visit);

  // Lets depend on names bound from outside of any query: binding one of those forgets their
  // values.
  void bind(hir::BinderId binder, const Element& element);
  void place(hir::BinderId binder, const Element& element) { bound_[binder] = element; }
  [[nodiscard]] const Element& bound(hir::BinderId binder) const { return bound_[binder]; }
  void set_group(std::vector<std::uint32_t> rows) { group_ = std::move(rows); }

  // How long what a factor of the rule's steps names is, for the subject that is bound.
  [[nodiscard]] std::uint64_t length(const exec::Factor& factor);

  [[nodiscard]] Rows& rows() { return rows_; }
  [[nodiscard]] const hir::Rule& rule() const { return rule_; }
  [[nodiscard]] const hir::Program& program() const { return rows_.input().program; }

private:
  struct Loops {
    std::vector<const hir::Binding*> from;
    std::vector<const hir::Expr*> where;
    bool matches = false; // the rule's own `with`, on whose names its lets may depend
  };
  [[nodiscard]] std::vector<Kept> visits(hir::BinderId binder, const hir::VisitsSource& source);
  [[nodiscard]] std::vector<Kept> of_each(const hir::EachSource& source);
  void set(const Loops& loops, const hir::Binding& binding, const Element& element);
  void set_next(const Loops& loops, hir::BinderId binder, const Element& element);
  [[nodiscard]] bool rank(const hir::Query& query, std::vector<Kept>& sure);
  [[nodiscard]] std::vector<Kept> ordered(const hir::Query& query, bool& known);
  [[nodiscard]] std::vector<Kept> pairs(const hir::Query& query);
  [[nodiscard]] Value picked(const hir::Fold& fold);
  void loop(const Loops& loops, std::size_t depth, Tri keep, const Visit& visit);
  [[nodiscard]] std::vector<Kept> ranged(const hir::Query& query);
  [[nodiscard]] bool has_key(const hir::Expr& key);
  [[nodiscard]] std::vector<Kept> beyond(const hir::Query& query, std::vector<Kept> sure);
  [[nodiscard]] std::vector<Kept> beyond_quantity(const hir::Query& query, const Value& limit,
                                                  const std::vector<Kept>& sure);
  [[nodiscard]] std::vector<Kept> beyond_distinct(const hir::Query& query,
                                                  const hir::BeyondDistinct& form,
                                                  const std::vector<Kept>& sure);

  // Of the elements in those rows.
  [[nodiscard]] exec::ValueCounts values(const std::vector<std::uint32_t>& rows,
                                         hir::RelationId relation, std::uint32_t column);
  [[nodiscard]] Value computed(const hir::Expr& expr);
  [[nodiscard]] Value field(const hir::FieldOf& field);
  // The column with that role at the element, of a part the part's.
  [[nodiscard]] Value of_element(const Element& element, hir::RelationId relation,
                                 std::uint32_t column);
  [[nodiscard]] Value let(std::uint32_t let);
  [[nodiscard]] Value call(const hir::Expr& expr, const hir::Call& call);
  [[nodiscard]] Value lifted(const hir::Call& call, std::vector<Value> arguments);
  [[nodiscard]] Value in_table(const hir::InTable& test);
  [[nodiscard]] Value distinct(const hir::Fold& fold);
  [[nodiscard]] Value covered(const hir::Fold& fold);
  [[nodiscard]] Value code_text(const hir::Expr& code);
  [[nodiscard]] Value empty_cell(const hir::EmptyCell& cell);
  [[nodiscard]] Value earlier(const hir::Earlier& test);
  [[nodiscard]] Value of_visit(const hir::OfVisit& test);
  [[nodiscard]] Value of_peers(const hir::PeersOf& asked, const Type& type);
  [[nodiscard]] Value score(const hir::ScoreOf& form);
  [[nodiscard]] std::vector<double> inputs(const std::vector<hir::Expr>& inputs);
  void watch_rows(hir::TableId table, const Value& key, const Value& at,
                  const std::vector<std::uint32_t>& rows);
  [[nodiscard]] Value fold(const hir::Fold& fold);
  [[nodiscard]] Value count(const hir::Fold& fold);
  [[nodiscard]] Value quantifier(const hir::Fold& fold);
  [[nodiscard]] Value aggregate(const hir::Fold& fold);

  Rows& rows_;
  const hir::Rule& rule_;
  Calls calls_;
  std::vector<Element> bound_;             // by binder
  std::vector<std::uint32_t> group_;       // elements of the group, canonical order
  std::vector<std::optional<Value>> lets_; // values of lets under the present outer names
};

// The line's amount in cents: of a part its share, of a whole line its amount column.
[[nodiscard]] std::optional<std::int64_t> amount_of(Rows& rows, hir::RelationId lines,
                                                    const Element& line);

} // namespace sanku::evaluate
