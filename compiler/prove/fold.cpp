// Scope's folds (scope.h), unrolled over what may be there. See compiler/evaluate/scope.cpp for
// what each means.
#include "compiler/prove/scope.h"
#include "runtime/types/check.h"

#include <algorithm>

namespace sanku::prove {
namespace {

constexpr std::int64_t nobody_knows_how_many = 1'000'000'000'000;

Term one_if(Logic& logic, const Term& condition) {
  return choose(condition, logic.number(1), logic.number(0));
}

} // namespace

// Whether what is folded is a list, a group or visits, rather than rows of tables.
bool over_lists(const hir::Query& query) {
  return std::ranges::any_of(query.from, [](const hir::Binding& binding) {
    return !std::holds_alternative<hir::RowsSource>(binding.source) &&
           !std::holds_alternative<hir::TableSource>(binding.source);
  });
}

Sym Scope::fold(const hir::Fold& fold, const Type& type) {
  if (shared_.any_size && over_lists(*fold.query))
    return freed(type, "a list of any length");
  switch (fold.kind) {
  case hir::FoldKind::count:
    return count(fold);
  case hir::FoldKind::any:
  case hir::FoldKind::none:
  case hir::FoldKind::every:
    return quantifier(fold);
  case hir::FoldKind::distinct:
    return distinct(fold);
  case hir::FoldKind::first:
  case hir::FoldKind::last:
    return picked(fold, type);
  case hir::FoldKind::sum:
    return sum(fold, type);
  case hir::FoldKind::min:
  case hir::FoldKind::max:
    return extreme(fold, type);
  case hir::FoldKind::covered:
    // The length of a union is no sum over its members; what comes of it is left open, and told.
    return freed(type, "days covered by several periods");
  }
  unreachable("a fold of no known kind");
}

// Whether an element of the tuple bound now is one that nobody knows.
bool Scope::has_unknown(const hir::Query& query) const {
  for (const hir::Binding& binding : query.from)
    if (bound_[binding.binder].form == Element::Form::none)
      return true;
  return false;
}

Sym Scope::count(const hir::Fold& fold) {
  Logic& l = logic();
  Term low = l.number(0), high = l.number(0), unlimited = l.no();
  each(*fold.query, [&](const Truth& keep) {
    low = plus(low, one_if(l, keep.yes));
    if (has_unknown(*fold.query))
      unlimited = either(unlimited, unknown(keep));
    high = plus(high, one_if(l, negated(keep.no)));
  });
  return {.kind = Kind::count,
          .known = l.yes(),
          .parts = {low, choose(unlimited, l.number(nobody_knows_how_many), high)}};
}

Sym Scope::distinct(const hir::Fold& fold) {
  Logic& l = logic();
  struct Taken {
    Sym value;
    Truth keep;
  };
  std::vector<Taken> all;
  Term unlimited = l.no(), some = l.no();
  each(*fold.query, [&](const Truth& keep) {
    if (has_unknown(*fold.query))
      unlimited = either(unlimited, unknown(keep));
    some = either(some, keep.yes);
    all.push_back({value(*fold.value), keep});
  });
  Term sure = l.number(0), possible = l.number(0);
  for (std::size_t i = 0; i < all.size(); ++i) {
    Term seen_sure = l.no(), seen = l.no();
    for (std::size_t j = 0; j < i; ++j) {
      const Term equal = both(all[j].value.known, same(*this, all[j].value, all[i].value));
      seen_sure = either(seen_sure, both(equal, all[j].keep.yes));
      seen = either(seen, both(equal, negated(all[j].keep.no)));
    }
    const Term known = all[i].value.known;
    sure = plus(sure, one_if(l, all_of(l, {known, all[i].keep.yes, negated(seen_sure)})));
    const Term maybe = negated(all[i].keep.no);
    possible = plus(possible, one_if(l, both(maybe, either(negated(known), negated(seen)))));
  }
  const Term least = choose(both(equal(sure, l.number(0)), some), l.number(1), sure);
  return {.kind = Kind::count,
          .known = l.yes(),
          .parts = {least, choose(unlimited, l.number(nobody_knows_how_many), possible)}};
}

Sym Scope::quantifier(const hir::Fold& fold) {
  Truth any = logic().truth(false), every = logic().truth(true);
  each(*fold.query, [&](const Truth& keep) {
    any = either(any, keep);
    if (fold.kind == hir::FoldKind::every)
      every = both(every, either(negated(keep), truth(*fold.value)));
  });
  if (fold.kind == hir::FoldKind::every)
    return logic().sym(every);
  return logic().sym(fold.kind == hir::FoldKind::any ? any : negated(any));
}

Sym Scope::sum(const hir::Fold& fold, const Type& type) {
  Logic& l = logic();
  Term open = l.no(), total = l.number(0);
  each(*fold.query, [&](const Truth& keep) {
    const Sym taken = value(*fold.value);
    open = either(open, either(unknown(keep), both(keep.yes, negated(taken.known))));
    total = plus(total, choose(keep.yes, taken.parts[0], l.number(0)));
  });
  return {.kind = type.kind, .known = negated(open), .parts = {total}};
}

Sym Scope::extreme(const hir::Fold& fold, const Type& type) {
  Logic& l = logic();
  Term open = l.no();
  Sym best = constant(Unknown{}, type);
  each(*fold.query, [&](const Truth& keep) {
    Sym taken = value(*fold.value);
    open = either(open, either(unknown(keep), both(keep.yes, negated(taken.known))));
    const Term better =
        fold.kind == hir::FoldKind::min ? before(*this, taken, best) : before(*this, best, taken);
    taken.known = both(taken.known, keep.yes);
    best = choose(*this, both(taken.known, either(negated(best.known), better)), taken, best);
  });
  best.known = both(best.known, negated(open));
  return best;
}

Sym Scope::picked(const hir::Fold& fold, const Type& type) {
  Logic& l = logic();
  const hir::Query& query = *fold.query;
  if (!in_order(query))
    return freed(type, "elements in another order");
  const std::vector<Kept> all = lines(query);
  Term open = l.no();
  Sym taken = constant(Unknown{}, type);
  // Of the first the last one put on decides, of the last the first.
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t at = fold.kind == hir::FoldKind::first ? all.size() - 1 - i : i;
    open = either(open, unknown(all[at].keep));
    place(query.from.front().binder, all[at].element);
    taken = choose(*this, all[at].keep.yes, value(*fold.value), taken);
  }
  place(query.from.front().binder, Element{});
  if (taken.kind == Kind::boolean)
    return l.sym(Truth{both(taken.parts[0], negated(open)), both(taken.parts[1], negated(open))});
  taken.known = both(taken.known, negated(open));
  return taken;
}

} // namespace sanku::prove
