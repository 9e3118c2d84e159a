// `known` and `otherwise` of an element that nobody knows: of a visit that may be there or not, of
// a list that is not known. They decide what is missing in a record; of a record that nobody has
// seen nothing is decided, so that a first request without a past accuses nobody.
// from: `known x.f`, to: `pick(x is somebody's, known x.f, known x.f)`, unknown while x is
// nobody's. Tested by tests/cases/past and tests/cases/lists.
#include "compiler/hir/copy.h"
#include "compiler/hir/scope.h"
#include "compiler/hir/walk.h"
#include "runtime/types/match.h"

#include <set>
#include <utility>

namespace sanku::hir {
namespace {

bool may_be_nobodys(const Scope& scope, const Binding& binding);

bool may_be_nobodys(const Scope& scope, const Query& query) {
  for (const Binding& binding : query.from)
    if (may_be_nobodys(scope, binding))
      return true;
  return false;
}

bool may_be_nobodys(const Scope& scope, const Binding& binding) {
  return std::visit(
      match{
          [&](const ListSource& list) {
            return list.owner != settlement_binder || relation(scope.pack, list.relation).nonempty;
          },
          [&](const LinesSource& lines) { return may_be_nobodys(scope, *lines.lines); },
          // Where one of them is only perhaps there, no pair is known.
          [](const PairSource&) { return true; },
          [](const VisitsSource&) { return true; },
          [](const EachSource&) { return true; },
          [](const auto&) { return false; },
      },
      binding.source);
}

// Those of them that the expression reads, itself or through lets, and does not bind itself: of a
// fold's own elements the fold says what it makes.
struct Reads {
  const Scope& scope;
  const std::set<BinderId>& among;
  std::set<BinderId> read = {};
  std::set<BinderId> own = {};

  void operator()(const Expr& expr) {
    if (const auto* field = std::get_if<FieldOf>(&expr.form);
        field && among.contains(field->binder))
      read.insert(field->binder);
    if (const auto* let = std::get_if<LetOf>(&expr.form))
      (*this)(scope.rule.lets[let->let].value);
    for_each_child(expr, *this);
  }
  void operator()(const Query& query) {
    for (const Binding& binding : query.from) {
      own.insert(binding.binder);
      if (const auto* pairs = std::get_if<PairSource>(&binding.source))
        own.insert(pairs->next);
    }
    for_each_child(query, *this);
  }
};

} // namespace

void note_source(Scope& scope, const Binding& binding) {
  if (!may_be_nobodys(scope, binding))
    return;
  scope.perhaps_nobodys.insert(binding.binder);
  if (const auto* pairs = std::get_if<PairSource>(&binding.source))
    scope.perhaps_nobodys.insert(pairs->next);
}

std::set<BinderId> read_in(const Scope& scope, const Expr& expr, const std::set<BinderId>& among) {
  Reads reads{scope, among};
  reads(expr);
  std::erase_if(reads.read, [&](BinderId binder) { return reads.own.contains(binder); });
  return std::move(reads.read);
}

std::optional<Expr> undecided_for(Scope& scope, const Operation& of,
                                  const std::set<BinderId>& nobodys, Expr value) {
  std::optional<Expr> made = std::move(value);
  for (const BinderId binder : nobodys) {
    const RelationId list = scope.rule.binder_relations[binder];
    const auto somebodys = [&] {
      return Expr{{.kind = Kind::boolean}, place(scope, of.span), OfVisit{binder, list}};
    };
    std::vector<Expr> both;
    both.push_back(somebodys());
    both.push_back(somebodys());
    auto certain = apply(scope, {"equal", of.shown, of.span}, std::move(both));
    if (!certain || !made)
      return std::nullopt;
    Renamed none;
    std::vector<Expr> choice;
    choice.push_back(std::move(*certain));
    choice.push_back(copy(*made, scope.rule, none));
    choice.push_back(std::move(*made));
    made = apply(scope, {"pick", of.shown, of.span}, std::move(choice));
  }
  return made;
}

} // namespace sanku::hir
