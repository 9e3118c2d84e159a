// Missing names: what would have to be known for a condition to be decided. All unknown leaves
// under its unknown nodes, without short circuit, in schema order, each once. Entry: Missing.
// Tested by tests/unit/compiler/evaluate_test.cpp.
#pragma once

#include "compiler/evaluate/scope.h"
#include "runtime/exec/finding.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace sanku::evaluate {

using exec::MissingName;
using exec::no_relation;

// `patient.sex`, `item.code`, `diagnoses`; 患者.性别, 明细.编码, 诊断.
[[nodiscard]] std::string text(const hir::Program& program, const MissingName& name,
                               Language language);

// Collects names; each function takes the names bound in `scope` at that moment.
class Missing {
public:
  explicit Missing(Scope& scope) : scope_(scope) {}

  // Nothing when the value is known (a count: exactly known).
  void add(const hir::Expr& expr);
  void add(const hir::Guard& guard);
  void add(const hir::Branch& branch);

  [[nodiscard]] const std::set<MissingName>& names() const { return names_; }

private:
  [[nodiscard]] bool over_budget(const std::optional<std::uint32_t>& heavy);
  [[nodiscard]] bool is_known_exactly(const hir::Expr& expr);
  void add_reason(std::uint32_t reason); // exec::the_budget and its like
  void add_call(const hir::Expr& expr, const hir::Call& call);
  void add_peers(const hir::PeersOf& form);
  void add_field(const hir::FieldOf& field);
  void add_key(hir::TableId table, const hir::Expr& key, const hir::ExprPtr& at);
  void add_ask(const hir::Ask& ask);
  void add_let(std::uint32_t let);
  void add_earlier(const hir::Earlier& test);
  void add_visit(const hir::VisitsSource& source, const Element& visit);
  void add_each(const hir::EachSource& source, const Element& element);
  void add_fold(const hir::Fold& fold);
  void add_tuple(const std::vector<hir::Binding>& from, const std::vector<hir::Expr>& where,
                 std::size_t first);
  void add_element(const hir::Binding& binding);
  void add_beyond(const hir::Query& query);
  void add_order(const hir::Query& query);
  void add_doubt(const hir::Query& query);

  Scope& scope_;
  std::set<MissingName> names_;
  std::set<std::uint32_t> lets_; // looked into under the present outer names
};

} // namespace sanku::evaluate
