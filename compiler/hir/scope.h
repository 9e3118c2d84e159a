// What one rule's checking knows, and what its parts (names, expressions, queries, reports) offer
// one another. Private to this folder. Every function that returns an optional has reported why
// when it is empty.
#pragma once

#include "compiler/hir/copy.h"
#include "compiler/hir/declarations.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace sanku::hir {

// The element, row or record bound to a binder. `whole` is the element itself rather than a record
// inside it.
struct ElementRef {
  BinderId binder;
  SpaceId space;
  bool whole;
};
struct GroupRef {};
struct ListRef {
  RelationId relation;
  BinderId owner;
}; // of the visit bound to `owner`
struct GroupItemsRef {};
struct LinesRef {
  std::uint32_t lines;
}; // of Scope::lines
struct TableRef {
  TableId table;
};
struct EnumRef {
  std::uint32_t type;
};
struct SetRef {
  const ValueSet* set;
}; // owned by the Declarations
struct PeriodRef {
  Expr begin, end;
  bool open; // a missing end has no limit (tables); else it is not known
};
struct RangeRef {
  BinderId binder;
  RelationId relation;
  RangeColumns columns;
}; // of a table's row
struct PickRef {
  QueryPtr list;
  ElementRef element; // of the list, or a record inside it
  bool last;
}; // `list.first`, `first(list)`, of which a field has to follow
struct SetCellRef {
  BinderId binder;
  RelationId relation;
  SetColumn column;
}; // likewise
// What a name, or a path of names, stands for: a value or one of the things that are not values.
using Meaning = std::variant<Expr, ElementRef, GroupRef, ListRef, GroupItemsRef, LinesRef, TableRef,
                             EnumRef, SetRef, PeriodRef, RangeRef, SetCellRef, PickRef>;

struct Failed {}; // its declaration is wrong and was told; uses stay silent
struct LetName {
  std::uint32_t let;
};
struct ArgumentName {
  std::uint32_t argument;
}; // of Scope::arguments
struct PeriodName {
  std::uint32_t period;
}; // of Scope::periods
struct Local {
  Span span;
  std::variant<Failed, LetName, ElementRef, LinesRef, PeriodName, ArgumentName> meaning;
  bool used = false;
};

struct Scope {
  const Declarations& pack;
  diag::Diagnostics& diagnostics;
  Rule& rule;

  std::map<std::string, Local, std::less<>> locals = {};
  std::vector<Query> lines = {};       // named lists; copied where they are used
  std::vector<PeriodRef> periods = {}; // named periods; likewise
  std::vector<Expr> arguments = {};    // of the definitions being inlined; copied likewise
  bool in_function = false;            // only its parameters and the pack's names resolve
  bool declaring = false;              // a definition is checked by itself, where it stands
  std::vector<std::uint32_t> calling =
      {}; // definitions being inlined, each called by the one before
  std::vector<BinderId> dated =
      {}; // binders of folds and lists around, innermost last: they date ages
  std::optional<ElementRef> record =
      std::nullopt; // while a derived field is inlined: only its record's names
  std::optional<ElementRef> first =
      std::nullopt;                       // in `by` keys: the element whose fields come first
  std::optional<Span> use = std::nullopt; // while a derived field is inlined: where it is used
  bool subject_known = false;             // names of the subject resolve
  bool visit_known = true;                // names of the settlement say which one they mean
  bool whole_lines = false;               // fields of a part of a line mean the whole line's
  std::size_t nodes = 0;                  // copied or inlined so far
  std::size_t levels = 0;                 // of values that stand in one another, right here
  bool overflowed = false;
  std::set<BinderId> match_binders = {};     // bound by `with`
  std::set<BinderId> elsewhere = {};         // that may stand on what is of other visits
  std::set<const ast::Field*> inlining = {}; // derived fields being inlined
  std::vector<bool> let_uses_match = {}; // by value let: whether it depends on what `with` binds
  std::vector<bool> let_guesses =
      {}; // by value let: `known` or `otherwise` on the patient's identity
  std::set<BinderId> perhaps_nobodys = {}; // may be bound to an element that nobody knows
  std::vector<bool> let_identifies = {};   // by value let: whether it reads the patient's identity
  std::vector<std::size_t> let_sizes = {}; // by value let: nodes, its lets written out
  std::size_t written_out = 0;             // nodes of lets where they are named so far
};

inline constexpr std::size_t most_names = 200; // lets and binders that an author writes in one rule
inline constexpr std::size_t most_nodes = 20'000;        // copied and inlined in one rule
inline constexpr std::size_t most_written_out = 100'000; // of one rule, its lets written out
// Definitions and derived fields, each used by the one before; people write a few. And values that
// stand in one another before one more is put in place: a level costs some kilobytes of stack.
inline constexpr std::size_t most_uses = 200, most_levels = 800;
// Of all definitions of a pack together, or of all derived fields, each with what it uses in place.
inline constexpr std::size_t most_declared = 5'000'000;

// The ends of a list, as fields and as functions.
inline constexpr std::string_view first_en = "first", first_zh = "首个", last_en = "last",
                                  last_zh = "末个";
// Visits in the plural.
inline constexpr std::string_view settlements_en = "settlements", visits_zh = "就诊";

// ---- names.cpp

[[nodiscard]] std::optional<Meaning> meaning_of(Scope& scope, const ast::Expr& expr,
                                                const Type* opposite = nullptr);
[[nodiscard]] std::optional<Meaning> meaning_of_name(Scope& scope, const ast::Name& name,
                                                     const Type* opposite);
[[nodiscard]] std::optional<TableId> table_named(Scope& scope, const ast::Name& name);
// Adds a name of this rule; a name that is taken is reported.
bool declare(Scope& scope, const ast::Name& name, decltype(Local::meaning) meaning);
void forget(Scope& scope, const ast::Name& name);
// Whether the expression means more beside a type: a literal, or a name that may be a value of an
// enum.
[[nodiscard]] bool is_flexible(const Scope& scope, const ast::Expr& expr);
[[nodiscard]] Span place(const Scope& scope, Span span);

// ---- fields.cpp

[[nodiscard]] std::optional<Meaning> meaning_of_entry(Scope& scope, ElementRef base,
                                                      const Entry& entry, Span at);
[[nodiscard]] std::optional<Meaning> meaning_of_member(Scope& scope, const ast::Expr& whole,
                                                       const ast::Member& member);
void report_unknown_field(Scope& scope, SpaceId of, const ast::Name& field);

// ---- dates.cpp

// The element's time (DateTime or Date), or empty without a report when its relation has none.
[[nodiscard]] std::optional<Expr> time_of(Scope& scope, BinderId binder, Span at);
// The date of the element in scope, for ages.
[[nodiscard]] std::optional<Expr> scope_date(Scope& scope, Span at);
// The date as of which rows of a dated table are read by that key: of the element that the key
// comes from; null for a table without dates.
[[nodiscard]] std::optional<ExprPtr> row_date(Scope& scope, TableId table, const Expr& key,
                                              const ast::ExprPtr& at);
[[nodiscard]] std::optional<Expr> as_date(Scope& scope, std::optional<Expr> time, Span at);

// The day by which the language's own dates go: the run's, else that of the element in scope.
[[nodiscard]] std::optional<Expr> rule_date(Scope& scope, Span at);

// ---- places.cpp: where a visit was, as overlays ask

// The zone of the place by which the rule goes; a table may have another.
[[nodiscard]] std::optional<Expr> zone_at(Scope& scope, std::optional<ast::Region> region, Span at,
                                          BinderId visited = settlement_binder);
// Whether the visit is in a layer's region, by the place that the rule goes by unless another is
// named; and whether a day lies between two, both included.
[[nodiscard]] std::optional<Expr> in_layer(Scope& scope, LayerId layer, Span at,
                                           std::optional<ast::Region> region = std::nullopt);
[[nodiscard]] std::optional<Expr> in_force(Scope& scope, std::optional<Date> from,
                                           std::optional<Date> until, Span at);
[[nodiscard]] std::optional<Expr> both(Scope& scope, Expr left, std::optional<Expr> right, Span at);
// Whether a change of the rule is in force.
[[nodiscard]] std::optional<Expr> is_changed(Scope& scope, const RuleChange& change);
// Of a table that overlays change: as of when and where rows are read, made of the day if it has
// dates; and of a walk over all its rows, which of them count.
[[nodiscard]] std::optional<Expr> with_zone(Scope& scope, TableId table, std::optional<Expr> day,
                                            Span at);
[[nodiscard]] std::optional<Expr> row_counts(Scope& scope, TableId table, BinderId row, Span at);
// What overlays say of the rule as a whole: where it counts, where it does not apply.
void check_layers(Scope& scope);

// ---- regional.cpp: what a region decides otherwise of the language

// A length in days as those of a stay: whether the last day counts, and how many there are at
// least.
[[nodiscard]] std::optional<Expr> days_of_stay(Scope& scope, Expr length, Span at);
// A window as the insured area means it, which says on which day its insurance year begins.
[[nodiscard]] std::optional<Expr> insured_window(Scope& scope, Expr window, Span at);

// ---- periods.cpp

// Whether what is written may be a period, as far as that can be seen before names are looked up.
[[nodiscard]] bool may_be_period(const ast::Expr& expr);
[[nodiscard]] PeriodRef copy_period(Scope& scope, const PeriodRef& period);
// `known period`: both ends are; where a missing end has no limit, either.
[[nodiscard]] std::optional<Expr> known_period(Scope& scope, PeriodRef period, Span at);
// `.begin`, `.end`, `.days` of a period.
[[nodiscard]] std::optional<Meaning> period_member(Scope& scope, PeriodRef period,
                                                   const ast::Name& field);
[[nodiscard]] std::optional<Expr> check_adjacent(Scope& scope, const ast::Expr& expr,
                                                 const ast::Binary& binary);
// A period as one number: what `covered` goes by.
[[nodiscard]] std::optional<Expr> packed_period(Scope& scope, const ast::Expr& expr);
[[nodiscard]] std::optional<Expr> check_overlaps(Scope& scope, const ast::Expr& expr,
                                                 const ast::Binary& binary);
// `period contains date`; empty where the left side is no period: nothing was reported.
[[nodiscard]] std::optional<std::optional<Expr>>
check_period_contains(Scope& scope, const ast::Expr& expr, const ast::Binary& binary);

// ---- literals.cpp

[[nodiscard]] std::optional<Expr> check_number(Scope& scope, const ast::Expr& expr,
                                               const ast::NumberLiteral& literal,
                                               const Type* opposite);
[[nodiscard]] std::optional<Expr> check_text(Scope& scope, const ast::Expr& expr,
                                             const ast::TextLiteral& literal, const Type* opposite);
[[nodiscard]] std::optional<Expr> check_date(Scope& scope, const ast::Expr& expr,
                                             const ast::DateLiteral& literal);
// A length of time that is a whole number of a unit; none: it is none.
[[nodiscard]] std::optional<sanku::Span> whole_span(const ast::NumberLiteral& literal);
[[nodiscard]] Expr window_constant(Span span, ast::WindowWord word);
[[nodiscard]] Expr constant(Type type, Value value, Span span);
// Whether a code is well-formed in its system, or in a member of the union.
[[nodiscard]] bool code_fits(const Declarations& pack, std::uint32_t system,
                             const std::string& code);

// ---- nesting.cpp

// Whether one more definition or derived field may be put in place here.
[[nodiscard]] bool may_nest(Scope& scope, const ast::Name& name, Span at);
// Whether there is room for all that the definition comes to, as adding says.
[[nodiscard]] bool may_expand(Scope& scope, const NamedFunction& function);

// ---- calls.cpp

// The arguments of a call; expressions only move, which initialiser lists cannot.
template <class... Parts> std::vector<Expr> list_of(Parts... parts) {
  std::vector<Expr> list;
  list.reserve(sizeof...(parts));
  (list.push_back(std::move(parts)), ...);
  return list;
}

// `shown` is how the author wrote the operator or function.
struct Operation {
  std::string_view name;
  std::string_view shown;
  Span span;
};
[[nodiscard]] std::optional<Expr> apply(Scope& scope, const Operation& operation,
                                        std::vector<Expr> arguments);
// As a model reads it: numbers, yuan and counts by their size, true as 1; none: it is nothing of
// these.
[[nodiscard]] std::optional<Expr> as_score(Expr expr);
[[nodiscard]] bool codes_compare(const schema::Schema& schema, std::uint32_t a, std::uint32_t b);
// A key or another place with a declared type: same kind, comparable codes, same enum.
[[nodiscard]] bool fits(const schema::Schema& schema, const Type& wanted, const Type& found);
// How a type reads in each language.
struct TypeName {
  std::string zh, en;
};
[[nodiscard]] TypeName type_name(const schema::Schema& schema, const Type& type);

// ---- expressions.cpp

[[nodiscard]] std::optional<Expr> check_value(Scope& scope, const ast::Expr& expr,
                                              const Type* opposite = nullptr);
[[nodiscard]] std::optional<Expr> check_condition(Scope& scope, const ast::Expr& expr);
// parts[begin..end) under one operator, as a balanced tree.
[[nodiscard]] std::optional<Expr> joined(Scope& scope, const Operation& operation,
                                         std::vector<Expr>& parts, std::size_t begin,
                                         std::size_t end);
// Splits `p and q` into its parts: a conjunction means the same and the planner sees more.
[[nodiscard]] bool check_conjunction(Scope& scope, const ast::Expr& expr, std::vector<Expr>& into);
[[nodiscard]] const ast::Expr& without_parens(const ast::Expr& expr);
[[nodiscard]] std::optional<Expr> check_key(Scope& scope, TableId table, const ast::Expr& key);

// ---- membership.cpp

[[nodiscard]] std::optional<Expr> check_has_row(Scope& scope, const ast::Expr& expr,
                                                const ast::Lookup& lookup);
[[nodiscard]] std::optional<Expr> check_member(Scope& scope, const ast::Expr& expr,
                                               const ast::Binary& binary);
[[nodiscard]] std::optional<Expr> in_set(Scope& scope, Span at, Expr value, const ValueSet& set);
[[nodiscard]] std::optional<Expr> check_under(Scope& scope, const ast::Expr& expr,
                                              const ast::Binary& binary);
[[nodiscard]] std::optional<Expr> check_meets(Scope& scope, const ast::Expr& expr,
                                              const ast::Binary& binary);
// ---- sets.cpp

void report_member_type(Scope& scope, Span at, const Type& value, const Type& element);
// The elements of a literal, all of one type; `element` may be null: of the first that has one.
[[nodiscard]] std::optional<ValueSet> check_set(Scope& scope, const ast::SetLiteral& literal,
                                                Span span, const Type* element);

// ---- choices.cpp

[[nodiscard]] std::optional<Expr> check_choose(Scope& scope, const ast::Expr& expr,
                                               const ast::Choose& choose, const Type* opposite);
[[nodiscard]] std::optional<Expr> check_count_of(Scope& scope, const ast::Expr& expr,
                                                 const ast::CountOf& count);
// ---- peers.cpp

[[nodiscard]] std::optional<Expr> check_peers(Scope& scope, const ast::Expr& expr,
                                              const ast::Peers& peers);
[[nodiscard]] std::optional<Expr> check_peer_key(Scope& scope, const ast::Expr& written);
// The same of the group one period before: `previous(share)`.
[[nodiscard]] std::optional<Expr> check_previous(Scope& scope, const ast::Expr& expr,
                                                 const ast::Call& call);
// No guard may depend on peers, since guards say who is one.
void check_peer_guards(Scope& scope);

[[nodiscard]] std::optional<Expr> check_in_unit(Scope& scope, const ast::Expr& expr,
                                                const ast::InUnit& form);
[[nodiscard]] std::optional<Expr> check_ask(Scope& scope, const ast::Expr& expr,
                                            const ast::Call& call);
// A constant that nobody knows.
[[nodiscard]] Expr unknown_of(Type type, Span span);

// ---- decisions.cpp

// The value of a decision table whose parameters are in scope.
[[nodiscard]] std::optional<Expr> check_decision(Scope& scope, const ast::Decide& decide);
// The table that a call collects results of.
[[nodiscard]] std::optional<std::uint32_t> collecting(const Scope& scope, const ast::Expr& expr);
[[nodiscard]] std::optional<Expr> check_collected_fold(Scope& scope, const ast::Expr& expr,
                                                       const ast::Fold& fold, std::uint32_t table);
[[nodiscard]] std::optional<Expr> in_collected(Scope& scope, const ast::Expr& expr,
                                               const ast::Binary& binary, std::uint32_t table);

// ---- parameters.cpp

[[nodiscard]] std::optional<Expr> check_param(Scope& scope, const NamedParam& param, Span at);
// A call of a definition or a decision table, inlined.
[[nodiscard]] std::optional<Expr> check_function(Scope& scope, const ast::Expr& expr,
                                                 const ast::Call& call, std::uint32_t function);

// ---- models.cpp

// The score of a model whose parameter is in scope.
[[nodiscard]] std::optional<Expr> check_model(Scope& scope, const NamedModel& model);
[[nodiscard]] std::optional<Expr> check_reasons(Scope& scope, const ast::Expr& expr,
                                                const ast::Call& call);
// Whether its value depends on a score, through lets too.
[[nodiscard]] bool reads_score(const Scope& scope, const Expr& expr);
// A branch that reports `violation` needs a condition that is no model's: `fact`, whether its own
// condition, without where a change of the rule is in force, says one. The change that makes it
// violation, or null.
void check_model_alone(Scope& scope, const Branch& branch, bool fact, const RuleChange* change);
// Whether the condition holds only where the claim says something that no model does.
[[nodiscard]] bool is_fact(const Scope& scope, const Expr& condition);
// Whether lines are chosen by a score alone.
[[nodiscard]] bool score_chooses(const Scope& scope, const Query& lines);

// ---- functions.cpp

[[nodiscard]] std::optional<Expr> check_call(Scope& scope, const ast::Expr& expr,
                                             const ast::Call& call);
[[nodiscard]] std::optional<Expr> check_rounded(Scope& scope, const ast::Expr& expr,
                                                const ast::Rounded& rounded);

// ---- queries.cpp

// The result of `list`, ready to stand in one place: fresh binders.
[[nodiscard]] std::optional<Query> check_lines(Scope& scope, const ast::Expr& list);
[[nodiscard]] std::optional<Expr> check_fold(Scope& scope, const ast::Expr& expr,
                                             const ast::Fold& fold);
// Binds one more element over the result of `list`: merged where the meaning allows, else over its
// lines.
// To be called of every binding over a list, when its binder is made.
void note_source(Scope& scope, const Binding& binding);
// Those of the binders that the expression reads, itself or through lets, and does not bind itself:
// of a fold's own elements the fold says what it makes.
[[nodiscard]] std::set<BinderId> read_in(const Scope& scope, const Expr& expr,
                                         const std::set<BinderId>& among);
// Binders of the expression that may be bound to an element that nobody knows.
[[nodiscard]] inline std::set<BinderId> nobodys_in(const Scope& scope, const Expr& expr) {
  return read_in(scope, expr, scope.perhaps_nobodys);
}
// The value, unknown while one of these is bound to such an element.
[[nodiscard]] std::optional<Expr> undecided_for(Scope& scope, const Operation& of,
                                                const std::set<BinderId>& nobodys, Expr value);

BinderId bind_over(Scope& scope, Query list, std::string name, Query& into);
// All elements of one source, under a fresh binder without a name.
[[nodiscard]] Query query_over(Scope& scope, RelationId of, decltype(Binding::source) source,
                               Span span);
[[nodiscard]] RelationId relation_of(const Query& query);
[[nodiscard]] bool is_parts(const Query& query);
[[nodiscard]] bool is_list(const ast::Expr& expr, Scope& scope);

// ---- past.cpp

// Whether it is `history(w)`, `timeline(w)` or `later(w)`; and the visits that it is.
[[nodiscard]] bool is_past(const Scope& scope, const ast::Expr& expr);
[[nodiscard]] std::optional<Query> check_past(Scope& scope, const ast::Expr& expr);
// The elements of a list of each visit: `history(w).items`.
[[nodiscard]] std::optional<Query> check_each(Scope& scope, Query visits, const ast::Name& field,
                                              Span at);

// ---- portions.cpp

[[nodiscard]] std::optional<Query> check_beyond(Scope& scope, const ast::Expr& expr,
                                                const ast::Beyond& beyond);
[[nodiscard]] std::optional<Query> check_ranked(Scope& scope, const ast::Expr& expr,
                                                const ast::Ranked& ranked);
// The element at one end of any list of elements; a field of it.
[[nodiscard]] std::optional<PickRef> pick_of(Scope& scope, const ast::Expr& list, bool last,
                                             Span at);
[[nodiscard]] std::optional<Meaning> picked_member(Scope& scope, PickRef pick,
                                                   const ast::Name& field);

// ---- subjects.cpp, clauses.cpp, reports.cpp, traits.cpp: they report and go on; the rule is
// dropped if there was an error

[[nodiscard]] bool check_subject(Scope& scope, const ast::Rule& rule);
void add_current_guard(Scope& scope);
void check_clauses(Scope& scope, const ast::Rule& rule);
void check_branches(Scope& scope, const ast::Rule& rule);

// Whether it depends on what `with` binds, which no guard may.
[[nodiscard]] bool uses_match(const Scope& scope, const Expr& expr);
void note_let(Scope& scope, const Expr& value);
// Passes follow a name into the value of its let each time, so lets built on lets double: whether
// the rule stays small with one more use of a let, and with all that it has become.
[[nodiscard]] bool may_name(Scope& scope, std::uint32_t let, Span at);
void check_written_out(Scope& scope);
// A branch that reports `violation` may not decide by `known` or `otherwise` on sex, birth date or
// diagnoses.
void check_violation(Scope& scope, const Branch& branch);
// Warns of a condition that reads nothing.
void check_not_constant(Scope& scope, const Expr& condition);

// ---- self_paid.cpp

// Of a payment limit: keeps lines that the patient alone paid for out of the report.
void spare_self_paid(Scope& scope, Report& made);

// ---- rules.cpp, tests.cpp

[[nodiscard]] std::optional<Rule> check_rule(const Declarations& pack, const ast::Rule& rule,
                                             diag::Diagnostics& diagnostics);
void check_tests(const std::vector<const ast::File*>& files, const Declarations& pack,
                 const DeclaredRules& declared_rules, Program& program,
                 diag::Diagnostics& diagnostics);

} // namespace sanku::hir
