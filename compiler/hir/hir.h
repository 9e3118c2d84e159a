// The Hir: typed rules, every name resolved, nothing optional. Two forms carry the language: Expr
// (a value) and Query (elements or lines). A rule is a subject, guards, lets, matches and branches.
// from_ast.cpp is the one way in; verify.cpp states the invariants; evaluate, plan and codegen read
// it. Ownership: by value or unique_ptr inside the Program; builtins rows are static.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/builtins/builtin.h"
#include "compiler/source/source.h"
#include "runtime/knowledge/table.h"
#include "runtime/models/reasons.h"
#include "runtime/schema/schema.h"
#include "runtime/types/value.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sanku::hir {

using source::Span;

using RelationId =
    std::uint32_t; // of the schema; knowledge table t has relation id schema.relations.size() + t
using TableId = std::uint32_t;
using ConstantId = std::uint32_t;
// A slot of the rule's frame: 0 is the settlement, 1 the subject element or the group's first
// element, then one for each binder.
using BinderId = std::uint32_t;
inline constexpr BinderId settlement_binder = 0;
inline constexpr BinderId subject_binder = 1;

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;
struct Query;
using QueryPtr = std::unique_ptr<Query>;

struct Constant {
  Value value;
  // Of the pack's parameter whose value it is: its number in Program::params and that of the value.
  struct OfParam {
    std::uint32_t param = 0, value = 0;
    friend bool operator==(const OfParam&, const OfParam&) = default;
  };
  std::optional<OfParam> of = std::nullopt;
};
// A column of the element or row bound to `binder`. Of a binder over line parts, the quantity and
// amount columns mean the part's.
struct FieldOf {
  BinderId binder;
  RelationId relation;
  std::uint32_t column;
  bool whole = false; // the line's, also of a part
};
struct LetOf {
  std::uint32_t let;
}; // a value let of the rule
struct Call {
  const builtins::Builtin* builtin;
  std::vector<Expr> arguments;
};
struct InTable {
  TableId table;
  ExprPtr key;
  ExprPtr at; // of a dated table: as of this date; else null
}; // has the table a row for this key?
// The text of a code: what sets and hierarchies look at.
struct CodeTextOf {
  ExprPtr code;
};
// Is this cell of a table's row empty, so that it sets no limit?
struct EmptyCell {
  BinderId binder;
  RelationId relation;
  std::uint32_t column;
};
// A fact that a claim cannot carry. `answer` is its value, unknown until the request answers it;
// `question` names it where it is missing.
struct Ask {
  ExprPtr question;
  ExprPtr answer;
};
// a earlier b: canonical order of two elements of one child list; unknown when either has no time.
struct Earlier {
  BinderId left;
  BinderId right;
  RelationId relation;
};
// Whether an element is one of the visit that is looked at, or a visit is that one; unknown of what
// nobody knows.
struct OfVisit {
  BinderId element;
  RelationId relation;
};

using ModelId = std::uint32_t;
// The score of a model. Of a trained one `inputs` are its features in the order of its file, each a
// score, unknown where it is missing; `total` is null. Of a scorecard they are the points of each
// line and `total` their sum, which is the score.
struct ScoreOf {
  ModelId model;
  std::vector<Expr> inputs;
  ExprPtr total;
};
// Of the same, the features that moved the score most.
struct ReasonsOf {
  ModelId model;
  std::vector<Expr> inputs;
  std::uint32_t most;
};

using FoldKind = ast::FoldKind;
// count, distinct (how many distinct values): kind count. covered (how many days packed periods
// cover together): kind integer. sum, min, max: kind of the value. any,
// none, every: boolean; `every` has the condition in `value`; first, last: the value of that
// element. Elements that the query keeps for sure, perhaps or not follow Kleene's logic (language
// reference, "Folds").
struct Fold {
  FoldKind kind;
  QueryPtr query;
  ExprPtr value;
}; // value null for count, any, none

// What comes of a value of the peers of a group: Rule::peers[number], of those with these keys. Of
// a percentile whose rank is a parameter, the rank that counts for the group: a decimal of four
// places.
struct PeersOf {
  std::uint32_t number;
  std::vector<Expr> keys;
  ExprPtr rank; // else null
};

struct Expr {
  Type type;
  Span span;
  std::variant<Constant, FieldOf, LetOf, Call, InTable, CodeTextOf, EmptyCell, Ask, Earlier,
               OfVisit, PeersOf, ScoreOf, ReasonsOf, Fold>
      form;
};

// Where a binder's elements come from.
struct ListSource {
  RelationId relation;
  BinderId owner = settlement_binder; // whose list: this settlement, or another visit
}; // a child list of a settlement; empty and `nonempty` = one unknown element
struct GroupSource {}; // the elements of the group, canonical order
struct RowsSource {
  TableId table;
  ExprPtr key;
  ExprPtr at; // as in InTable
}; // rows of that key; unknown key or date = one unknown row
struct TableSource {
  TableId table;
}; // every row of a table, in its order
struct LinesSource {
  QueryPtr lines;
}; // another query's result: lines, or parts of lines if it has `beyond`
// Neighbours: the elements that another query surely keeps, in its order, each but the last with
// the one behind it, to which `next` is bound. While an element is only perhaps there, one pair
// that nobody knows.
struct PairSource {
  QueryPtr lines;
  BinderId next;
};
// The visits of the person for which `member` holds, in time order. Unless the supplier surely
// knows all that the window may hold (`complete`), there is one more visit that nobody knows.
enum class Past : std::uint8_t { history, timeline, later };
struct VisitsSource {
  Past past;
  ExprPtr window; // a span or a window: for the look-back, and for people
  ExprPtr member; // of the visit bound: whether it lies in the window
  ExprPtr complete;
};
// The elements of a list of each of those visits: `history(w).items`. Of a visit that is only
// perhaps there, each is perhaps there; of one that nobody knows, one element that nobody knows.
struct EachSource {
  QueryPtr visits;
  RelationId relation;
};
[[nodiscard]] constexpr std::string_view past_name(Past past) {
  constexpr std::string_view names[] = {"history", "timeline", "later"};
  return names[static_cast<std::size_t>(past)];
}
struct Binding {
  BinderId binder;
  RelationId relation; // what the binder is bound to
  bool parts = false;  // over a LinesSource with `beyond`
  std::variant<ListSource, GroupSource, RowsSource, TableSource, LinesSource, PairSource,
               VisitsSource, EachSource>
      source;
};

// `beyond first N of FIELD`: in canonical order, what lies after the first N.
struct BeyondQuantity {
  ExprPtr limit;
}; // a number at the quantity column's scale; splits the straddling line
struct BeyondDistinct {
  ExprPtr limit;
  ExprPtr key;
}; // int; elements after the first N distinct known values of `key`

// Another order than the canonical one, which breaks ties. While the key of an element is unknown,
// nobody knows the order.
struct Rank {
  ExprPtr key;
  bool descending = false;
};

struct Query {
  std::vector<Binding> from; // nested loops, first outermost; at least one
  std::vector<Expr> where;   // conjunction; may be empty
  std::variant<std::monostate, BeyondQuantity, BeyondDistinct>
      beyond;               // only with one binding over a child list or group
  std::optional<Rank> rank; // likewise; where the order matters
  Span span;
};

// ---- rules

struct ValueLet {
  std::string name;
  Expr value;
};

// Guards form one Kleene conjunction: any surely false: not applicable; else any unknown:
// indeterminate.
struct ConditionGuard {
  Expr condition;
  std::string exemption;
}; // `unless c "x"` stands as not c; exemption may be empty
struct RowGuard {
  BinderId binder;
  TableId table;
  Expr key;
  ExprPtr at; // as in InTable
}; // let r = t[key], unique key: binds the row
struct MatchGuard {
  std::uint32_t match;
}; // with r in t[key]: fails without a row
using Guard = std::variant<ConditionGuard, RowGuard, MatchGuard>;

// `with x in …`: all combinations of matches are tried for a branch.
struct Match {
  Binding binding;
  std::vector<Expr> where;
};

struct Hole {
  Expr value;
  bool as_percent = false;
};
struct MissingHole {}; // the names of what is missing; only of `when unknown`
using MessagePart = std::variant<std::string, Hole, MissingHole>;

struct OwnLine {}; // the subject itself (subjects of the fee-line list)
struct NoLines {}; // of groups of visits, unless the report names some
using Lines = std::variant<OwnLine, QueryPtr, NoLines>;
struct AmountOfLine {};  // the line's (or part's) own amount
struct AmountUnknown {}; // 待核
struct AmountExpr {
  Expr value;
}; // per offending line; `on o in …` names binder Report::line
using Amount = std::variant<AmountOfLine, AmountUnknown, AmountExpr>;

struct Report {
  ast::Severity severity;
  BinderId line = subject_binder; // bound to each offending line in turn
  bool line_parts = false;
  Lines on;
  std::optional<QueryPtr> involving;
  Amount amount;
  std::vector<MessagePart> message;
  Span span;
  std::optional<Expr> value = std::nullopt; // of an indicator
  // Of payment limits: whether a line is left that somebody else than the patient may have paid
  // for, without which the report is not made; and, of each offending line, whether it was wholly
  // self-paid: never surely so, and where it is unknown the line is taken as paid, and noted.
  std::optional<Expr> stands = std::nullopt;
  std::optional<Expr> self_paid = std::nullopt;
};
// A value that every group has for which the rule applies, and by what groups are peers.
enum class PeerStatistic : std::uint8_t { percentile, mean, deviation, same };
struct PeerUse {
  PeerStatistic statistic = PeerStatistic::percentile;
  std::int64_t rank = 0; // of a percentile: units of 10^-4 percent; 0: as the group asks
  std::uint32_t at_least = 1;
  std::uint32_t more_scale = 0; // places of the result beyond those of the value
  Expr value = {};              // a number
  std::vector<Expr> among = {};
};

struct Branch {
  Expr when; // constant true without `when`
  Report report;
};

enum class SubjectKind : std::uint8_t { settlement, element, group };
struct GroupKey {
  std::string name_en, name_zh;
  Expr value;
}; // over subject_binder
// `on items with r in t[code] by r.group`: an element enters a group for each of the rows.
struct Entering {
  Binding binding; // over RowsSource
};
struct Subject {
  SubjectKind kind = SubjectKind::settlement;
  RelationId relation = 0;    // list of the element or group
  std::vector<GroupKey> keys; // of kinds code, enum, date, int, bool
  std::optional<Entering> entering;
  bool across = false; // groups of the whole population, not of one visit
};

struct Basis {
  std::string source_title;
  std::string place;
};

using LayerId = std::uint32_t; // 0: the pack that overlays lie on

// The pack, or an overlay on it: what it is called, what it lies on, and where it counts.
struct Layer {
  std::string name;
  LayerId below = 0;
  std::string region; // six digits; empty: everywhere
  knowledge::Zones zones;
  Span span; // what declares it
};

// What an overlay says of a rule that lies below it.
struct RuleChange {
  LayerId layer = 0;
  std::optional<ast::Severity> severity; // none: it does not apply
  std::optional<Date> from, until;       // both included
  std::string reason;
  Span span;
};

struct Rule {
  std::string id;
  std::string title_zh, title_en;
  ast::Category category = ast::Category::medical;
  ast::Behaviour behaviour = ast::Behaviour::item;
  std::vector<ast::Stage> stages; // never empty
  std::vector<Basis> bases;
  bool even_self_paid = false;            // self-paid lines offend as well
  bool mandatory = false;                 // no overlay may disable or soften it
  ast::Region region = ast::Region::care; // whose layer of knowledge and parameters it reads
  LayerId layer = 0;                      // that declares it
  std::vector<RuleChange> changes;        // wider layers first
  std::vector<ast::Severity> written;     // of its branches, each once, before changes
  std::optional<Date> effective_from, effective_until; // both included
  // `trial until`: on this day and before, and while the day is not known, nobody acts on what is
  // found. The condition says that the day has not passed.
  std::optional<Expr> trial = std::nullopt;
  std::string trial_until = {}; // ISO; empty without a trial
  Subject subject;
  std::uint32_t binders = 2;                // how many slots
  std::vector<RelationId> binder_relations; // by slot
  std::vector<std::string> binder_names;    // by slot, as written; for messages
  std::vector<ValueLet> lets;
  std::vector<Guard> guards; // in the order written; the implicit "is current" guard first
  std::vector<Match> matches;
  std::vector<PeerUse> peers = {}; // of groups across visits
  std::vector<Branch> branches;
  std::optional<Report> when_unknown;
  Span span;
};

// What an overlay says of a table's rows: files to read in its folder, keys to leave out, and where
// each was written.
struct TableChange {
  LayerId layer = 0;
  std::vector<std::string> files;
  std::vector<Value> removed;
  std::vector<Span> file_spans, removed_spans;
};
struct Table {
  knowledge::TableShape shape;
  std::string title;
  Span span;
  LayerId layer = 0;                 // that declares it
  std::optional<ast::Region> region; // whose rows count; none: as the rule says
  std::vector<TableChange> changes;  // wider layers first
};

// A parameter as it was declared and as layers set it: kept to be shown, since rules have its
// values in them.
struct ParamValue {
  Value value;
  std::optional<Date> from; // none: from the beginning
  LayerId layer = 0;
  Span span;
};
struct Param {
  schema::Names names;
  Type type;
  LayerId layer = 0;
  std::vector<ParamValue> values; // wider layers first, of a layer by day
  std::optional<Value> least, most;
  Span span;
};

// A code that a region's senders use for a value of an enum, instead of the schema's.
struct LocalCode {
  LayerId layer = 0;
  std::uint32_t type = 0; // enum
  std::string code;
  std::uint32_t member = 0; // value id
  Span span;
};

struct Model {
  schema::Names names;
  std::string title;
  std::vector<models::InputNames> inputs;
  std::unique_ptr<models::Model> trained; // null: a scorecard
  Span span;
};

// A test block with its expectations resolved; given data stays Ast, checked against the schema.
struct Test {
  const ast::Test* ast = nullptr;          // owned by the Program's files
  std::vector<std::uint32_t> expect_rules; // by expectation; unused for `nothing`
  LayerId layer = 0;                       // that declares it
  std::string region;                      // where its claim is from unless it says; may be empty
};

struct Program {
  schema::Schema schema;
  std::vector<Layer> layers; // the pack first, each behind the one that it lies on
  std::string regions;       // of the overlays: six digits each, in order (runtime/kernels/place.h)
  std::string home;          // where claims are from that do not say; empty: nobody knows
  std::vector<Param> params;
  std::vector<LocalCode> local_codes; // wider layers first
  std::vector<Table> tables;
  std::vector<Model> models;
  std::vector<Rule> rules; // in order of id
  std::vector<Test> tests;
  std::uint64_t budget = 1u << 30; // runtime/exec/steps.h: what would take more is not begun
};

// Whether a message of the report names what is missing.
[[nodiscard]] inline bool names_missing(const Report& report) {
  return std::ranges::any_of(report.message, [](const MessagePart& part) {
    return std::holds_alternative<MissingHole>(part);
  });
}

[[nodiscard]] inline RelationId relation_of(const Program& program, TableId table) {
  return static_cast<RelationId>(program.schema.relations.size()) + table;
}
[[nodiscard]] inline const schema::Relation& relation(const Program& program, RelationId id) {
  const auto lists = program.schema.relations.size();
  return id < lists ? program.schema.relations[id] : program.tables[id - lists].shape.relation;
}

} // namespace sanku::hir
