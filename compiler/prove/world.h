// A claim nobody has seen yet: visits with up to so many elements in each list, whose fields are
// variables within what the schema allows. Fields come into being when a rule reads them; what no
// rule reads is missing. The claim is what a test can give: a person's visits, the first of them
// the one that is looked at, and rows of tables that the pack leaves empty. Entry: World. Tested by
// tests/unit/compiler/prove_test.cpp.
#pragma once

#include "compiler/hir/hir.h"
#include "compiler/prove/domain.h"
#include "compiler/prove/logic.h"
#include "compiler/prove/place.h"

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace sanku::prove {

class World {
public:
  // `wide`: fields may be all that their types hold; else days and numbers that claims have.
  World(Logic& logic, Domains& domains, const hir::Program& program, Bound bound, bool wide)
      : logic_(logic), domains_(domains), program_(program), bound_(bound), wide_(wide) {}

  [[nodiscard]] const Sym& cell(const Place& place);
  // Whether that element, or given row, is there at all; the ones before it then are as well.
  [[nodiscard]] Term present(std::uint32_t visit, hir::RelationId relation, std::uint32_t slot);
  [[nodiscard]] Term visit_present(std::uint32_t visit);
  // The elements' numbers are their canonical order: of lists of which the order is asked.
  void put_in_order(hir::RelationId relation) { ordered_.insert(relation); }

  // What the schema, the canonical order and the form of a test demand of these fields. `plain`:
  // likewise that nothing is refunded.
  [[nodiscard]] std::vector<Term> demands(bool plain);

  [[nodiscard]] const Bound& bound() const { return bound_; }
  [[nodiscard]] const std::map<Place, Sym>& cells() const { return cells_; }
  // Element by element: those asked about.
  [[nodiscard]] const std::map<Place, Term>& elements() const { return present_; }
  [[nodiscard]] const std::vector<Term>& visits() const { return visits_; }
  [[nodiscard]] const hir::Program& program() const { return program_; }

private:
  [[nodiscard]] Sym make(const Place& place);
  [[nodiscard]] Sym text(const schema::Column& column, DomainId domain, const std::string& name,
                         const Term& known);
  [[nodiscard]] std::vector<Term> plain_demands();
  [[nodiscard]] std::vector<Term> order_demands(std::uint32_t visit, hir::RelationId relation);
  void visit_demands(std::vector<Term>& all);
  [[nodiscard]] const Sym* existing(const Place& place) const;
  // Of two neighbours: whether the first stands before the second or equals it, by the columns
  // from `role` on.
  [[nodiscard]] Term stands_before(const Place& first, const Place& second,
                                   const std::vector<std::uint32_t>& columns, std::size_t at);

  Logic& logic_;
  Domains& domains_;
  const hir::Program& program_;
  Bound bound_;
  bool wide_;
  std::map<Place, Sym> cells_;
  std::map<Place, Term> present_; // column 0
  std::vector<Term> visits_;
  std::set<hir::RelationId> ordered_;
  std::vector<Term> limits_; // of the variables made
};

// The columns of the settlement that date it, in the order in which they are asked.
[[nodiscard]] std::vector<std::uint32_t> dating_columns(const schema::Schema& schema);

} // namespace sanku::prove
