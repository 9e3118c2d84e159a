// Scope (scope.h): the value of every form of expression. Its other half, which enumerates, is
// query.cpp.
#include "compiler/evaluate/scope.h"

#include "compiler/evaluate/population.h"
#include "runtime/kernels/text.h"
#include "runtime/kernels/time.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace sanku::evaluate {
namespace {

Value from_tri(Tri truth) {
  return truth == Tri::unknown ? Value(Unknown{}) : Value(Bool{truth == Tri::yes});
}

Tri to_tri(const Value& value) {
  if (!is_known(value))
    return Tri::unknown;
  check(std::holds_alternative<Bool>(value), "a condition is not a truth value");
  return std::get<Bool>(value).value ? Tri::yes : Tri::no;
}

// Texts as `=` reads them.
Value comparable(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr)
    return value;
  std::string folded;
  for (std::uint64_t at = 0; at < text->size();)
    folded += static_cast<char>(kernels::next_folded(Text{text->data(), text->size()}, at));
  return folded;
}

} // namespace

Tri tri_not(Tri a) { return a == Tri::unknown ? a : (a == Tri::yes ? Tri::no : Tri::yes); }

Tri tri_and(Tri a, Tri b) {
  if (a == Tri::no || b == Tri::no)
    return Tri::no;
  return a == Tri::unknown || b == Tri::unknown ? Tri::unknown : Tri::yes;
}

Tri tri_or(Tri a, Tri b) { return tri_not(tri_and(tri_not(a), tri_not(b))); }

Tri together(const std::vector<Tri>& each) {
  const bool all = std::ranges::all_of(each, [](Tri one) { return one == Tri::yes; });
  const bool none = std::ranges::all_of(each, [](Tri one) { return one == Tri::no; });
  return all ? Tri::yes : none ? Tri::no : Tri::unknown;
}

std::optional<Int128> rounded(Int128 units, unsigned from, unsigned to) {
  for (; from < to; ++from) {
    if (__builtin_mul_overflow(units, Int128{10}, &units))
      return std::nullopt;
  }
  if (from == to)
    return units;
  Int128 power = 1;
  for (; from > to; --from) {
    if (__builtin_mul_overflow(power, Int128{10}, &power))
      return std::nullopt;
  }
  const Int128 remainder = units % power;
  const Int128 size = remainder < 0 ? -remainder : remainder;
  const Int128 away = size >= power - size ? (units < 0 ? -1 : 1) : 0;
  return units / power + away;
}

Scope::Scope(Rows& rows, const hir::Rule& rule)
    : rows_(rows), rule_(rule), bound_(rule.binders), lets_(rule.lets.size()) {
  bound_[hir::settlement_binder].row = rows.settlement();
}

void Scope::bind(hir::BinderId binder, const Element& element) {
  bound_[binder] = element;
  lets_.assign(lets_.size(), std::nullopt);
}

std::uint64_t Scope::length(const exec::Factor& factor) {
  const auto together = [&](const std::vector<std::uint32_t>& visits) {
    std::uint64_t sum = 0;
    for (const std::uint32_t visit : visits)
      sum += rows_.children(factor.id, visit).size();
    return sum;
  };
  switch (factor.of) {
  case exec::Length::list:
    return rows_.children(factor.id).size();
  case exec::Length::visits:
    return rows_.visits().size();
  case exec::Length::past_list:
    return together(rows_.visits());
  case exec::Length::group:
    return group_.size();
  case exec::Length::group_list:
    return together(group_);
  case exec::Length::same:
    return rows_.length(factor, [&] {
      return exec::same_most(values(rows_.children(factor.id), factor.id, factor.column),
                             values(rows_.children(factor.by), factor.by, factor.by_column));
    });
  case exec::Length::same_in_group:
    return exec::same_most(values(group_, factor.id, factor.column),
                           values(group_, factor.by, factor.by_column));
  case exec::Length::table:
    return rows_.input().tables[factor.id].rows.size();
  case exec::Length::rows:
    return rows_.fullest(factor.id);
  }
  unreachable("a length of no known kind");
}

exec::ValueCounts Scope::values(const std::vector<std::uint32_t>& rows, hir::RelationId relation,
                                std::uint32_t column) {
  exec::ValueCounts counts{.elements = rows.size()};
  std::map<Value, std::uint64_t, ValueLess> of_value;
  for (const std::uint32_t row : rows) {
    const Value& value = rows_.value(relation, column, row);
    if (!is_known(value) || is_undecided(value))
      ++counts.unknown;
    else
      counts.most = std::max(counts.most, ++of_value[comparable(value)]);
  }
  return counts;
}

Tri Scope::truth(const hir::Expr& condition) { return to_tri(value(condition)); }

Value Scope::value(const hir::Expr& expr) {
  Value found = computed(expr);
  const Observer* observer = rows_.input().observer;
  if (observer != nullptr && observer->value)
    observer->value(expr, found);
  return found;
}

Value Scope::computed(const hir::Expr& expr) {
  return std::visit(
      match{
          [](const hir::Constant& form) { return form.value; },
          [&](const hir::FieldOf& form) { return field(form); },
          [&](const hir::LetOf& form) { return let(form.let); },
          [&](const hir::Call& form) { return call(expr, form); },
          [&](const hir::InTable& form) { return in_table(form); },
          [&](const hir::CodeTextOf& form) { return code_text(*form.code); },
          [&](const hir::EmptyCell& form) { return empty_cell(form); },
          [&](const hir::Ask& form) { return value(*form.answer); },
          [&](const hir::Earlier& form) { return earlier(form); },
          [&](const hir::OfVisit& form) { return of_visit(form); },
          [&](const hir::PeersOf& form) { return of_peers(form, expr.type); },
          [&](const hir::ScoreOf& form) { return score(form); },
          [&](const hir::ReasonsOf& form) { return reasons(form.model, form.inputs, form.most); },
          [&](const hir::Fold& form) { return fold(form); },
      },
      expr.form);
}

Value Scope::field(const hir::FieldOf& field) {
  const Element& element = bound_[field.binder];
  if (element.is_unknown())
    return Unknown{};
  if (field.whole)
    return rows_.value(field.relation, field.column, element.row);
  return of_element(element, field.relation, field.column);
}

Value Scope::of_element(const Element& element, hir::RelationId relation, std::uint32_t column) {
  const Value& whole = rows_.value(relation, column, element.row);
  if (!element.is_part)
    return whole;
  const schema::Column& info = hir::relation(program(), relation).columns[column];
  const auto number = [&](Int128 units) {
    return info.type.kind == Kind::integer ? Value(Integer{static_cast<std::int64_t>(units)})
                                           : Value(Decimal{units});
  };
  if (info.role == schema::Role::quantity)
    return element.part_known ? number(element.part) : Value(Unknown{});
  if (info.role == schema::Role::amount) {
    return element.part_amount_known ? number(element.part_amount) : Value(Unknown{});
  }
  return whole;
}

Value Scope::let(std::uint32_t let) {
  if (!lets_[let]) {
    Value result = value(rule_.lets[let].value);
    lets_[let] = std::move(result);
  }
  return *lets_[let];
}

Value Scope::call(const hir::Expr& expr, const hir::Call& call) {
  std::vector<Value> arguments;
  for (const hir::Expr& argument : call.arguments)
    arguments.push_back(value(argument));
  const Observer* observer = rows_.input().observer;
  if (observer != nullptr && observer->call)
    observer->call(expr, arguments);
  return lifted(call, arguments);
}

// A truth about codes of which one has several candidates: all, none, or unknown.
Value Scope::lifted(const hir::Call& call, std::vector<Value> arguments) {
  const bool truth = call.builtin->kernel->result == kernels::Tag::boolean;
  for (std::size_t i = 0; truth && i < arguments.size(); ++i) {
    if (!is_undecided(arguments[i]))
      continue;
    std::vector<Tri> each;
    for (Value& candidate : candidates(arguments[i])) {
      std::vector<Value> one = arguments;
      one[i] = std::move(candidate);
      each.push_back(to_tri(lifted(call, std::move(one))));
    }
    return from_tri(together(each));
  }
  return calls_.call(*call.builtin->kernel, arguments);
}

// Of keys that are prefixes, or of two parts, nobody says which one of several codes means.
bool Scope::by_text(hir::TableId table) const {
  return knowledge::by_text(program().tables[table].shape, program().schema);
}

std::optional<std::vector<std::uint32_t>> Scope::rows_of(hir::TableId table, const hir::Expr& by,
                                                         const hir::ExprPtr& at) {
  const Value key = value(by);
  if (!is_known(key))
    return std::nullopt;
  const std::vector<Value> plain = candidates(key);
  const bool agree = std::ranges::all_of(
      plain, [&](const Value& other) { return rows_.agree(table, plain.front(), other); });
  if (plain.size() > 1 && (by_text(table) || !agree))
    return std::nullopt;
  const Value day = at ? value(*at) : Value(Unknown{});
  auto rows = rows_.keyed_at(table, plain.front(), day);
  if (rows)
    watch_rows(table, plain.front(), day, *rows);
  return rows;
}

void Scope::watch_rows(hir::TableId table, const Value& key, const Value& at,
                       const std::vector<std::uint32_t>& rows) {
  const Observer* observer = rows_.input().observer;
  if (observer != nullptr && observer->rows)
    observer->rows(table, key, at, rows);
}

Tri Scope::has_row(hir::TableId table, const hir::Expr& by, const hir::ExprPtr& at) {
  const Value key = value(by);
  if (!is_known(key))
    return Tri::unknown;
  if (is_undecided(key) && by_text(table))
    return Tri::unknown;
  std::vector<Tri> each;
  for (const Value& plain : candidates(key)) {
    const Value day = at ? value(*at) : Value(Unknown{});
    const auto rows = rows_.keyed_at(table, plain, day);
    if (rows)
      watch_rows(table, plain, day, *rows);
    each.push_back(!rows ? Tri::unknown : rows->empty() ? Tri::no : Tri::yes);
  }
  return together(each);
}

Value Scope::in_table(const hir::InTable& test) {
  return from_tri(has_row(test.table, *test.key, test.at));
}

Value Scope::code_text(const hir::Expr& code) {
  Value found = value(code);
  if (!is_known(found))
    return found;
  check(std::holds_alternative<CodeText>(found), "the text of what is no code");
  return std::move(std::get<CodeText>(found).text);
}

Value Scope::empty_cell(const hir::EmptyCell& cell) {
  const Element& row = bound_[cell.binder];
  if (row.is_unknown())
    return Unknown{};
  return Bool{!is_known(rows_.value(cell.relation, cell.column, row.row))};
}

Value Scope::earlier(const hir::Earlier& test) {
  const Element& left = bound_[test.left];
  const Element& right = bound_[test.right];
  if (left.is_unknown() || right.is_unknown())
    return Unknown{};
  return from_tri(rows_.earlier(test.relation, left.row, right.row));
}

Value Scope::of_visit(const hir::OfVisit& test) {
  const Element& element = bound_[test.element];
  if (element.is_unknown())
    return Unknown{};
  const std::uint32_t visit = rows_.settlement();
  if (test.relation == 0)
    return Bool{element.row == visit};
  const auto& offsets = rows_.input().batch.relations[test.relation].offsets;
  return Bool{element.row >= offsets[visit] && element.row < offsets[visit + 1]};
}

Value Scope::of_peers(const hir::PeersOf& asked, const Type& type) {
  const auto keys = peer_keys(*this, asked.keys);
  const exec::PeersOfRules* peers = rows_.input().peers;
  if (!keys || peers == nullptr)
    return Unknown{};
  const auto rule = static_cast<std::size_t>(&rule_ - program().rules.data());
  exec::PeerShape shape = peer_shape(rule_.peers[asked.number]);
  if (asked.rank) {
    const Value rank = value(*asked.rank);
    if (!is_known(rank))
      return Unknown{};
    shape.rank = std::get<Decimal>(rank).units;
  }
  const auto found = (*peers)[rule][asked.number].find(shape, *keys);
  if (!found)
    return Unknown{};
  if (type.kind == Kind::integer)
    return Integer{static_cast<std::int64_t>(*found)};
  return Decimal{*found};
}

Value Scope::fold(const hir::Fold& fold) {
  switch (fold.kind) {
  case hir::FoldKind::count:
    return count(fold);
  case hir::FoldKind::any:
  case hir::FoldKind::none:
  case hir::FoldKind::every:
    return quantifier(fold);
  case hir::FoldKind::distinct:
    return distinct(fold);
  case hir::FoldKind::covered:
    return covered(fold);
  case hir::FoldKind::first:
  case hir::FoldKind::last:
    return picked(fold);
  case hir::FoldKind::sum:
  case hir::FoldKind::min:
  case hir::FoldKind::max:
    return aggregate(fold);
  }
  unreachable("a fold of no known kind");
}

Value Scope::count(const hir::Fold& fold) {
  Count count{.low = 0, .high = 0};
  bool unlimited = false;
  each(*fold.query, [&](Tri keep) {
    if (keep == Tri::yes)
      ++count.low;
    if (keep != Tri::no)
      ++count.high;
    for (const hir::Binding& binding : fold.query->from) {
      // A list that is not known: nobody can say how many elements it has.
      if (keep == Tri::unknown && bound_[binding.binder].is_unknown())
        unlimited = true;
    }
  });
  if (unlimited)
    count.high = INT64_MAX;
  return count;
}

// At least the values that are surely there, one if only unknown ones are; at most also those that
// perhaps are, and each unknown one for itself.
Value Scope::distinct(const hir::Fold& fold) {
  std::set<Value, ValueLess> sure, possible;
  std::int64_t unknown = 0;
  bool some = false, unlimited = false;
  each(*fold.query, [&](Tri keep) {
    for (const hir::Binding& binding : fold.query->from)
      if (keep == Tri::unknown && bound_[binding.binder].is_unknown())
        unlimited = true;
    if (keep == Tri::no)
      return;
    some = some || keep == Tri::yes;
    Value taken = value(*fold.value);
    if (!is_known(taken) || is_undecided(taken)) {
      ++unknown;
      return;
    }
    possible.insert(taken);
    if (keep == Tri::yes)
      sure.insert(std::move(taken));
  });
  const auto least = static_cast<std::int64_t>(sure.size());
  return Count{.low = least == 0 && some ? 1 : least,
               .high =
                   unlimited ? INT64_MAX : static_cast<std::int64_t>(possible.size()) + unknown};
}

// Each day that lies in one of the periods once; unknown while a period, or whether it is there, is
// not known. A period that ends before it begins covers nothing.
Value Scope::covered(const hir::Fold& fold) {
  std::set<std::pair<std::int64_t, std::int64_t>> periods;
  bool known = true;
  each(*fold.query, [&](Tri keep) {
    if (keep == Tri::no)
      return;
    const Value taken = value(*fold.value);
    const auto* packed = std::get_if<Integer>(&taken);
    known = known && keep == Tri::yes && packed != nullptr;
    if (packed == nullptr)
      return;
    const kernels::Days days = kernels::days_of_packed(packed->value);
    if (days.first <= days.last)
      periods.emplace(days.first, days.last);
  });
  if (!known)
    return Unknown{};
  std::int64_t count = 0;
  std::optional<std::int64_t> reached; // the last day that was counted
  for (const auto& [first, last] : periods) {
    const std::int64_t from = reached ? std::max(first, *reached + 1) : first;
    count += std::max<std::int64_t>(last - from + 1, 0);
    reached = reached ? std::max(*reached, last) : last;
  }
  return Integer{count};
}

Value Scope::quantifier(const hir::Fold& fold) {
  Tri any = Tri::no;
  Tri every = Tri::yes;
  each(*fold.query, [&](Tri keep) {
    any = tri_or(any, keep);
    if (fold.kind == hir::FoldKind::every)
      every = tri_and(every, tri_or(tri_not(keep), truth(*fold.value)));
  });
  if (fold.kind == hir::FoldKind::every)
    return from_tri(every);
  return from_tri(fold.kind == hir::FoldKind::any ? any : tri_not(any));
}

namespace {

// An exact sum of 128-bit numbers, kept in two halves so that no partial sum can overflow: whether
// the total fits 128 bits does not depend on the order.
struct ExactSum {
  Int128 high = 0; // in units of 2^64
  Int128 low = 0;

  void add(Int128 units) {
    high += units >> 64;
    low += static_cast<std::uint64_t>(units);
  }
  [[nodiscard]] std::optional<Int128> total() const {
    const Int128 top = high + static_cast<Int128>(low >> 64);
    if (top < INT64_MIN || top > INT64_MAX)
      return std::nullopt;
    return top * (Int128{1} << 64) + static_cast<Int128>(static_cast<std::uint64_t>(low));
  }
};

bool ordered_or_summed(Kind kind) {
  return kind == Kind::integer || is_number(kind) || kind == Kind::date || kind == Kind::datetime;
}

Value sum_of(const std::vector<Value>& values, Kind kind) {
  ExactSum sum;
  for (const Value& value : values) {
    if (kind == Kind::integer)
      sum.add(std::get<Integer>(value).value);
    else
      sum.add(std::get<Decimal>(value).units);
  }
  const std::optional<Int128> total = sum.total();
  if (!total)
    return Unknown{};
  if (kind != Kind::integer)
    return Decimal{*total};
  if (*total < INT64_MIN || *total > INT64_MAX)
    return Unknown{};
  return Integer{static_cast<std::int64_t>(*total)};
}

} // namespace

Value Scope::aggregate(const hir::Fold& fold) {
  bool unknown = false;
  std::vector<Value> values;
  each(*fold.query, [&](Tri keep) {
    if (keep == Tri::unknown)
      unknown = true;
    if (keep != Tri::yes)
      return;
    Value element = value(*fold.value);
    if (is_known(element))
      values.push_back(std::move(element));
    else
      unknown = true;
  });
  if (unknown)
    return Unknown{};
  check(ordered_or_summed(fold.value->type.kind),
        "a fold of values that have neither sum nor order");
  if (fold.kind == hir::FoldKind::sum)
    return sum_of(values, fold.value->type.kind);
  if (values.empty())
    return Unknown{};
  Value best = values.front();
  for (const Value& value : values) {
    const int order = compare(value, best);
    if (fold.kind == hir::FoldKind::min ? order < 0 : order > 0)
      best = value;
  }
  return best;
}

} // namespace sanku::evaluate
