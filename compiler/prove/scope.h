// What every name of one rule stands for while one subject of an unseen claim is looked at: the
// same semantics as compiler/evaluate/scope.h, with terms for values. A form that has no terms is
// a variable of its own, which may be anything: what cannot be even so is sure, and what can be has
// to be replayed. Entry: Scope. Tested by tests/unit/compiler/prove_test.cpp.
#pragma once

#include "compiler/hir/hir.h"
#include "compiler/prove/tables.h"
#include "compiler/prove/world.h"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sanku::prove {

// Why an answer is about less than all claims, or about more.
struct Notes {
  std::set<std::string> freed;   // forms that stand as variables
  std::set<std::string> limited; // what was left out: `lines`, `visits`, `rows of t`, `texts`
};

struct Shared {
  Logic& logic;
  Domains& domains;
  World& world;
  Notes& notes;
  // What is folded over lists and visits may be anything: what cannot be even so cannot be in
  // claims of any size.
  bool any_size = false;
};

// One of the rows that a name may stand for; rows behind the table's own are the claim's.
struct Choice {
  Term when;
  std::uint32_t row;
};
// What a name stands for: nothing that is known, a visit, an element of a list, or one of several
// rows of a table.
struct Element {
  enum class Form : std::uint8_t { none, visit, child, row };
  Form form = Form::none;
  std::uint32_t visit = 0, slot = 0;
  std::vector<Choice> rows = {};
  // Of a part of a line: its quantity and its share of the money.
  std::vector<Sym> part = {};
};
struct Kept {
  Element element;
  Truth keep;
};
struct Found {
  std::vector<Choice> rows;
  Term not_known; // the key, or which rows count
};

class Scope {
public:
  using Visit = std::function<void(const Truth& keep)>;

  Scope(Shared shared, const Tables& tables, const hir::Rule& rule);

  [[nodiscard]] Sym value(const hir::Expr& expr);
  [[nodiscard]] Truth truth(const hir::Expr& condition) { return truth_of(value(condition)); }
  [[nodiscard]] Found look_up(hir::TableId table, const hir::Expr& key, const hir::ExprPtr& at);
  [[nodiscard]] Truth has_row(const Found& found);

  void each(const hir::Query& query, const Visit& visit);
  void each_match(const Visit& visit);
  [[nodiscard]] std::vector<Kept> lines(const hir::Query& query);
  [[nodiscard]] std::vector<Kept> elements(const hir::Binding& binding);

  // Lets depend on names bound from outside of any query.
  void bind(hir::BinderId binder, Element element);
  void place(hir::BinderId binder, Element element) { bound_[binder] = std::move(element); }
  [[nodiscard]] const Element& bound(hir::BinderId binder) const { return bound_[binder]; }
  void set_group(std::vector<Kept> elements) { group_ = std::move(elements); }

  [[nodiscard]] const hir::Rule& rule() const { return rule_; }
  [[nodiscard]] const Tables& tables() const { return tables_; }
  [[nodiscard]] Shared& shared() { return shared_; }
  [[nodiscard]] Logic& logic() { return shared_.logic; }

  // A variable that may be anything of the type, and a note of what it stands for.
  [[nodiscard]] Sym freed(const Type& type, const std::string& form);
  [[nodiscard]] Sym constant(const Value& value, const Type& type);
  // What a predicate over texts says of values that may each be several.
  using TextTest = std::function<bool(const std::string&)>;
  using TextsTest = std::function<bool(const std::string&, const std::string&)>;
  [[nodiscard]] Term holds(const Sym& text, const TextTest& test);
  [[nodiscard]] Term holds(const Sym& left, const Sym& right, const TextsTest& test);

private:
  struct Loops {
    std::vector<const hir::Binding*> from;
    std::vector<const hir::Expr*> where;
    bool matches = false;
  };
  void loop(const Loops& loops, std::size_t depth, const Truth& keep, const Visit& visit);
  void rest(const hir::Query& query, const Truth& keep, const Visit& visit);
  void set(const Loops& loops, hir::BinderId binder, Element element);
  [[nodiscard]] std::vector<Kept> of_list(const hir::Binding& binding,
                                          const hir::ListSource& source);
  [[nodiscard]] std::vector<Kept> of_rows(const hir::RowsSource& source);
  [[nodiscard]] std::vector<Kept> of_visits(hir::BinderId binder, const hir::VisitsSource& source);
  [[nodiscard]] std::vector<Kept> of_each(const hir::EachSource& source);
  [[nodiscard]] std::vector<Kept> beyond_quantity(const hir::Query& query,
                                                  const std::vector<Kept>& sure, const Sym& limit);
  [[nodiscard]] std::vector<Kept> beyond_distinct(const hir::Query& query,
                                                  const hir::BeyondDistinct& form,
                                                  const std::vector<Kept>& sure);
  [[nodiscard]] std::vector<Kept> without_order(const hir::Query& query);

  [[nodiscard]] Sym field(const hir::FieldOf& field, const Type& type);
  [[nodiscard]] Sym row_field(const Element& element, const hir::FieldOf& field, const Type& type);
  [[nodiscard]] Sym cell_of_row(hir::TableId table, std::uint32_t row, std::uint32_t column);
  [[nodiscard]] Sym let(std::uint32_t let);
  [[nodiscard]] Sym empty_cell(const hir::EmptyCell& cell);
  [[nodiscard]] Sym earlier(const hir::Earlier& test, const Type& type);
  [[nodiscard]] Sym of_visit(const hir::OfVisit& test);
  [[nodiscard]] Sym score(const hir::ScoreOf& form, const Type& type);
  [[nodiscard]] Sym fold(const hir::Fold& fold, const Type& type);
  [[nodiscard]] Sym count(const hir::Fold& fold);
  [[nodiscard]] Sym distinct(const hir::Fold& fold);
  [[nodiscard]] Sym quantifier(const hir::Fold& fold);
  [[nodiscard]] Sym sum(const hir::Fold& fold, const Type& type);
  [[nodiscard]] Sym extreme(const hir::Fold& fold, const Type& type);
  [[nodiscard]] Sym picked(const hir::Fold& fold, const Type& type);
  [[nodiscard]] bool has_unknown(const hir::Query& query) const;

  Shared shared_;
  const Tables& tables_;
  const hir::Rule& rule_;
  std::vector<Element> bound_;
  std::vector<Kept> group_;
  std::vector<std::optional<Sym>> lets_;
};

// Whether the elements of a query come in canonical order, which is that of their slots.
[[nodiscard]] bool in_order(const hir::Query& query);
// A call of a kernel with those arguments (kernels.cpp).
[[nodiscard]] Sym call(Scope& scope, const hir::Call& form, std::vector<Sym> arguments,
                       const Type& type);
// Whether two values of one kind are the same, unknown being the same as unknown.
[[nodiscard]] Term same(Scope& scope, const Sym& a, const Sym& b);
// Whether one lies before the other, in the order of the values themselves.
[[nodiscard]] Term before(Scope& scope, const Sym& a, const Sym& b);
// One value or the other.
[[nodiscard]] Sym choose(Scope& scope, const Term& condition, const Sym& yes, const Sym& no);

} // namespace sanku::prove
