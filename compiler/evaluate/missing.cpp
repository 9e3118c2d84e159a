// Missing names (missing.h): a walk down the unknown nodes of a condition, one arm a form.
#include "compiler/evaluate/missing.h"

#include "compiler/evaluate/judge.h"
#include "runtime/types/candidates.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

namespace sanku::evaluate {
namespace {

bool is_determined(const Value& value) {
  if (const auto* count = std::get_if<Count>(&value))
    return count->low == count->high;
  // The text of a code that is one of several is not that of any.
  if (const auto* text = std::get_if<std::string>(&value))
    return text->find(candidate_separator) == std::string::npos;
  return is_known(value) && !is_undecided(value);
}

// The builtin of one value or the other.
constexpr std::string_view the_choice = "pick";

// Further reasons of the kind of exec::the_budget: a time of day beside a bare date; no value of
// the enum.
constexpr std::uint32_t the_values = 0xfffffff7u, the_listed = 0xfffffff6u;

// Why there is no value although nothing is missing.
struct Reason {
  std::uint32_t relation; // of a MissingName
  std::string_view zh, en;
};
constexpr Reason reasons[] = {
    {exec::the_budget, "计算量上限", "budget"},
    {exec::the_division, "除数为 0", "division by zero"},
    {exec::the_range, "数值超出可计算的范围", "value out of range"},
    {exec::the_elements, "没有可取值的元素", "no element to take a value of"},
    {the_values, "所给的值不足以判定", "not decided by the values given"},
    {the_listed, "取值未列明", "a value that is not listed"},
    {exec::the_case, "此情形下没有值", "no value in this case"},
    {exec::the_peers, "同组数量不足", "too few peers"},
    {exec::the_period, "没有上一期", "no period before"},
};
constexpr const Reason* reason_of(std::uint32_t relation) {
  for (const Reason& each : reasons)
    if (each.relation == relation)
      return &each;
  return nullptr;
}

} // namespace

std::string text(const hir::Program& program, const MissingName& name, Language language) {
  const bool chinese = language == Language::zh;
  const auto pick = [&](const schema::Names& names) { return chinese ? names.zh : names.en; };
  if (name.relation == no_relation)
    return chinese ? fmt::format("“{}”", name.question) : fmt::format("\"{}\"", name.question);
  if (const Reason* reason = reason_of(name.relation))
    return std::string(chinese ? reason->zh : reason->en);
  const schema::Relation& relation = hir::relation(program, name.relation);
  if (!name.column)
    return pick(relation.names);
  const std::string path = pick(relation.columns[*name.column].path);
  // A path of the settlement begins with its record; a path of an element begins with its field.
  return relation.kind == schema::RelationKind::settlement ? path
                                                           : pick(relation.each) + "." + path;
}

void Missing::add(const hir::Expr& expr) {
  if (is_determined(scope_.value(expr)))
    return;
  std::visit(match{
                 [&](const hir::Constant&) { add_reason(exec::the_case); },
                 [&](const hir::FieldOf& form) { add_field(form); },
                 [&](const hir::LetOf& form) { add_let(form.let); },
                 [&](const hir::Call& form) { add_call(expr, form); },
                 [&](const hir::InTable& form) { add_key(form.table, *form.key, form.at); },
                 [&](const hir::CodeTextOf& form) { add(*form.code); },
                 [](const hir::EmptyCell&) {},
                 [&](const hir::Ask& form) { add_ask(form); },
                 [&](const hir::Earlier& form) { add_earlier(form); },
                 [](const hir::OfVisit&) {},
                 [&](const hir::PeersOf& form) { add_peers(form); },
                 [&](const hir::ScoreOf& form) {
                   if (form.total)
                     return add(*form.total);
                   for (const hir::Expr& input : form.inputs)
                     add(input);
                 },
                 [](const hir::ReasonsOf&) {},
                 [&](const hir::Fold& form) { add_fold(form); },
             },
             expr.form);
}

void Missing::add_reason(std::uint32_t reason) {
  names_.insert(MissingName{.relation = reason, .column = {}});
}

bool Missing::is_known_exactly(const hir::Expr& expr) { return is_determined(scope_.value(expr)); }

// Where all that it is made of is known, why there is no value. What a choice has for no value says
// so only where it was chosen.
void Missing::add_call(const hir::Expr& expr, const hir::Call& call) {
  bool all = true, unlisted = false;
  for (const hir::Expr& argument : call.arguments) {
    const Value value = scope_.value(argument);
    const auto* listed = std::get_if<EnumValue>(&value);
    unlisted = unlisted || (listed != nullptr && !listed->unlisted.empty());
    all = all && is_determined(value);
    if (!std::holds_alternative<hir::Constant>(argument.form))
      add(argument);
  }
  if (call.builtin->name == the_choice) {
    const Tri which = scope_.truth(call.arguments[0]);
    if (which != Tri::unknown)
      add(call.arguments[which == Tri::yes ? 1 : 2]);
    return;
  }
  if (!all)
    return;
  const bool number = is_number(expr.type.kind) || expr.type.kind == Kind::integer;
  add_reason(call.builtin->name == builtins::division ? exec::the_division
             : unlisted                               ? the_listed
             : number                                 ? exec::the_range
                                                      : the_values);
}

void Missing::add_peers(const hir::PeersOf& form) {
  const hir::PeerUse& use = scope_.rule().peers[form.number];
  bool all = is_known_exactly(use.value) && (!form.rank || is_known_exactly(*form.rank));
  for (const hir::Expr& key : form.keys) {
    all = all && is_known_exactly(key);
    add(key);
  }
  if (form.rank)
    add(*form.rank);
  add(use.value);
  if (all)
    add_reason(use.statistic == hir::PeerStatistic::same ? exec::the_period : exec::the_peers);
}

void Missing::add_field(const hir::FieldOf& field) {
  const Element& element = scope_.bound(field.binder);
  // Why the row itself is unknown is said where it is bound.
  if (element.is_unknown())
    return;
  if (is_determined(scope_.rows().value(field.relation, field.column, element.row)))
    return;
  names_.insert(MissingName{.relation = field.relation, .column = field.column});
}

// The key, or the date by which its rows are told apart; nothing where the rows are known, although
// the key may be one of several.
void Missing::add_key(hir::TableId table, const hir::Expr& key, const hir::ExprPtr& at) {
  if (!is_undecided(scope_.value(key)) || !scope_.rows_of(table, key, at))
    add(key);
  if (!at || !is_known(scope_.value(key)))
    return;
  add(*at);
  // When and where are known together although the place is not: only rows that places decide then
  // are unknown.
  const auto* moment = std::get_if<hir::Call>(&at->form);
  if (moment && scope_.program().tables[table].shape.zone_from && is_known(scope_.value(*at)) &&
      !scope_.rows_of(table, key, at))
    for (const hir::Expr& argument : moment->arguments)
      add(argument);
}

// An answer is missing by its question; a question that is itself unknown by what it comes from.
void Missing::add_ask(const hir::Ask& ask) {
  const Value question = scope_.value(*ask.question);
  if (const auto* words = std::get_if<std::string>(&question))
    names_.insert(MissingName{.relation = no_relation, .column = {}, .question = *words});
  else
    add(*ask.question);
}

void Missing::add_let(std::uint32_t let) {
  if (!lets_.insert(let).second)
    return;
  add(scope_.rule().lets[let].value);
}

void Missing::add_earlier(const hir::Earlier& test) {
  const auto time =
      schema::column_with(hir::relation(scope_.program(), test.relation), schema::Role::time);
  for (const hir::BinderId binder : {test.left, test.right}) {
    if (time)
      add_field(hir::FieldOf{.binder = binder, .relation = test.relation, .column = *time});
  }
}

void Missing::add_fold(const hir::Fold& fold) {
  const hir::Query& query = *fold.query;
  const bool is_every = fold.kind == hir::FoldKind::every;
  if (fold.kind == hir::FoldKind::first || fold.kind == hir::FoldKind::last)
    add_order(query);
  add_beyond(query);
  bool blamed = !std::holds_alternative<std::monostate>(query.beyond), some = false;
  scope_.each(query, [&](Tri keep) {
    if (keep == Tri::no)
      return;
    some = true;
    blamed = blamed || keep == Tri::unknown || (fold.value && !is_known_exactly(*fold.value));
    if (is_every && scope_.truth(*fold.value) == Tri::yes)
      return;
    if (keep == Tri::unknown)
      add_tuple(query.from, query.where, 0);
    if (fold.value)
      add(*fold.value);
    // Parts without amounts: which limit or quantity is not known.
    for (const hir::Binding& binding : query.from) {
      const Element& element = scope_.bound(binding.binder);
      const auto* source = std::get_if<hir::LinesSource>(&binding.source);
      if (source != nullptr && element.is_part && !element.part_known)
        add_beyond(*source->lines);
    }
  });
  if (!blamed)
    add_reason(some ? exec::the_range : exec::the_elements);
}

// Why the tuple that is bound now is only perhaps there: elements from `first` on, and the
// conditions on it.
void Missing::add_tuple(const std::vector<hir::Binding>& from, const std::vector<hir::Expr>& where,
                        std::size_t first) {
  for (std::size_t i = first; i < from.size(); ++i)
    add_element(from[i]);
  for (const hir::Expr& condition : where)
    add(condition);
}

void Missing::add_element(const hir::Binding& binding) {
  const Element element = scope_.bound(binding.binder);
  std::visit(
      match{
          [&](const hir::ListSource& source) {
            // The list of a visit that nobody knows: why is said where the visit is bound.
            const bool visit_known =
                source.owner == hir::settlement_binder || !scope_.bound(source.owner).is_unknown();
            if (element.is_unknown() && visit_known)
              names_.insert(MissingName{.relation = source.relation, .column = {}});
          },
          [](const hir::GroupSource&) {},
          [&](const hir::VisitsSource& source) { add_visit(source, element); },
          [&](const hir::EachSource& source) { add_each(source, element); },
          [&](const hir::RowsSource& source) { add_key(source.table, *source.key, source.at); },
          [](const hir::TableSource&) {},
          [&](const hir::PairSource& source) {
            if (element.is_unknown())
              add_order(*source.lines);
          },
          [&](const hir::LinesSource& source) {
            const hir::Query& inner = *source.lines;
            if (!std::holds_alternative<std::monostate>(inner.beyond)) {
              if (element.is_unknown())
                add_doubt(inner);
              return;
            }
            const hir::Binding& first = inner.from.front();
            scope_.place(first.binder, element);
            add_element(first);
            scope_.rest(inner, Tri::yes, [&](Tri keep) {
              if (keep == Tri::unknown)
                add_tuple(inner.from, inner.where, 1);
            });
            scope_.place(first.binder, Element{});
          },
      },
      binding.source);
}

// Why there may be one more behind `beyond`: elements that are only perhaps in the list, and values
// that they count by.
void Missing::add_doubt(const hir::Query& query) {
  const hir::Binding& first = query.from.front();
  const auto* distinct = std::get_if<hir::BeyondDistinct>(&query.beyond);
  for (const Kept& kept : scope_.listed(query)) {
    scope_.place(first.binder, kept.element);
    if (kept.keep == Tri::unknown)
      add_tuple(query.from, query.where, 0);
    else if (distinct != nullptr)
      add(*distinct->key);
  }
  scope_.place(first.binder, Element{});
}

// Why a visit is only perhaps there: what the window asks of it; or why not all visits are known.
void Missing::add_visit(const hir::VisitsSource& source, const Element& visit) {
  if (!visit.is_unknown()) {
    if (scope_.truth(*source.member) == Tri::yes)
      return;
    const std::size_t told = names_.size();
    add(*source.member);
    // Both begin on one day, and nobody says at what time.
    if (names_.size() == told)
      names_.insert(MissingName{
          .relation = 0,
          .column = schema::column_with(hir::relation(scope_.program(), 0), schema::Role::begin)});
    return;
  }
  add(*source.complete);
  const auto role =
      source.past == hir::Past::later ? schema::Role::known_until : schema::Role::known_since;
  const auto column = schema::column_with(hir::relation(scope_.program(), 0), role);
  if (scope_.truth(*source.complete) == Tri::no)
    names_.insert(MissingName{.relation = 0, .column = column});
}

// Why the visit with that element is only perhaps there, or has elements that nobody knows.
void Missing::add_each(const hir::EachSource& source, const Element& element) {
  const hir::Binding& first = source.visits->from.front();
  for (const Kept& visit : scope_.elements(first)) {
    scope_.place(first.binder, visit.element);
    const bool lists_none = !visit.element.is_unknown() && element.is_unknown() &&
                            scope_.rows().children(source.relation, visit.element.row).empty() &&
                            hir::relation(scope_.program(), source.relation).nonempty;
    if (lists_none)
      names_.insert(MissingName{.relation = source.relation, .column = {}});
    const bool has =
        visit.element.is_unknown()
            ? element.is_unknown()
            : std::ranges::count(scope_.rows().children(source.relation, visit.element.row),
                                 element.row) != 0;
    scope_.rest(*source.visits, visit.keep, [&](Tri keep) {
      if (has && keep == Tri::unknown)
        add_tuple(source.visits->from, source.visits->where, 0);
    });
  }
  scope_.place(first.binder, Element{});
}

// Why the order of a query's elements is not known: elements that are only perhaps there, and
// unknown keys.
void Missing::add_order(const hir::Query& query) {
  const hir::Binding& first = query.from.front();
  for (const Kept& kept : scope_.lines(query)) {
    scope_.place(first.binder, kept.element);
    if (kept.keep == Tri::unknown)
      add_tuple(query.from, query.where, 0);
    if (query.rank)
      add(*query.rank->key);
  }
  scope_.place(first.binder, Element{});
}

// What `beyond first N` needs: N, and the quantities of the lines it counts.
void Missing::add_beyond(const hir::Query& query) {
  const hir::Expr* limit = nullptr;
  if (const auto* form = std::get_if<hir::BeyondQuantity>(&query.beyond))
    limit = form->limit.get();
  if (const auto* form = std::get_if<hir::BeyondDistinct>(&query.beyond))
    limit = form->limit.get();
  if (limit == nullptr)
    return;
  add(*limit);
  if (query.rank)
    for (const Kept& kept : scope_.lines(query)) {
      scope_.place(query.from.front().binder, kept.element);
      add(*query.rank->key);
      scope_.place(query.from.front().binder, Element{});
    }
  const hir::RelationId relation = query.from.front().relation;
  const auto quantity =
      schema::column_with(hir::relation(scope_.program(), relation), schema::Role::quantity);
  if (!std::holds_alternative<hir::BeyondQuantity>(query.beyond) || !quantity)
    return;
  for (const Kept& kept : scope_.lines(query)) {
    if (is_known(scope_.rows().value(relation, *quantity, kept.element.row)))
      continue;
    names_.insert(MissingName{.relation = relation, .column = quantity});
  }
}

// Whether it was not begun; then nothing is known of what else is missing.
bool Missing::over_budget(const std::optional<std::uint32_t>& heavy) {
  if (!is_too_much(scope_, heavy))
    return false;
  add_reason(exec::the_budget);
  return true;
}

void Missing::add(const hir::Guard& guard) {
  if (over_budget(heavy_of(scope_, guard)))
    return;
  std::visit(match{
                 [&](const hir::ConditionGuard& form) { add(form.condition); },
                 [&](const hir::RowGuard& form) { add_key(form.table, form.key, form.at); },
                 [&](const hir::MatchGuard& form) {
                   const hir::Binding& binding = scope_.rule().matches[form.match].binding;
                   const auto& rows = std::get<hir::RowsSource>(binding.source);
                   if (scope_.has_row(rows.table, *rows.key, rows.at) == Tri::unknown)
                     add_key(rows.table, *rows.key, rows.at);
                 },
             },
             guard);
}

void Missing::add(const hir::Branch& branch) {
  if (over_budget(heavy_of(scope_, branch)))
    return;
  const std::vector<hir::Match>& matches = scope_.rule().matches;
  const auto add_conditions = [&] {
    add(branch.when);
    if (branch.report.stands)
      add(*branch.report.stands);
  };
  if (matches.empty())
    return add_conditions();
  scope_.each_match([&](Tri keep) {
    if (tri_and(keep, holds(scope_, branch)) != Tri::unknown)
      return;
    lets_.clear();
    for (const hir::Match& match : matches) {
      if (keep == Tri::unknown)
        add_element(match.binding);
      for (const hir::Expr& condition : match.where)
        add(condition);
    }
    add_conditions();
  });
  lets_.clear();
}

} // namespace sanku::evaluate
