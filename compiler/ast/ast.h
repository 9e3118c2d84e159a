// The Ast: what an author wrote, names unresolved, both spellings alike. Plain structs; every
// category's forms are one std::variant, so a pass that has not decided about a form does not
// compile. from_parse_tree.cpp is the one way in, print.cpp writes it back in either spelling.
// Ownership: parents own children by value or unique_ptr.
#pragma once

#include "compiler/ast/expression.h"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sanku::ast {

// ---- rules

enum class Severity : std::uint8_t { violation, suspected, reminder, lead, indicator };
enum class Category : std::uint8_t { policy, management, medical };
enum class Behaviour : std::uint8_t { behaviour, item }; // 行为类, 项目类
enum class Stage : std::uint8_t { pre, mid, post };

enum class Region : std::uint8_t { care, insured }; // 就医地, 参保地

struct Basis {
  Name source;
  std::string place;
  Span span;
};

// Further header clauses, each at most once. Dates are ISO texts; empty: open.
struct Effective {
  std::string from, until;
  Span span;
};
struct Trial {
  std::string until;
  Span span;
};
struct Mandatory {
  Span span;
};
struct RegionClause {
  Region region;
  Span span;
};
struct Was {
  std::vector<Name> ids; // that the rule had before
  Span span;
};
struct BreaksSplit {
  std::string reason;
  Span span;
};
struct EvenSelfPaid {
  Span span;
};
struct Standing {
  std::optional<Effective> effective;
  std::optional<Trial> trial;
  std::optional<Mandatory> mandatory;
  std::optional<RegionClause> region;
  std::optional<Was> was;
  std::optional<BreaksSplit> breaks_split;
  std::optional<EvenSelfPaid> even_self_paid;
};

struct Let {
  Name name;
  ExprPtr value;
  Span span;
}; // a value, a row `t[key]`, or a list `those(…)`
struct With {
  Name name;
  ExprPtr source;
  ExprPtr where;
  Span span;
}; // where may be null
struct Provided {
  ExprPtr condition;
  Span span;
};
struct Unless {
  ExprPtr condition;
  std::string exemption;
  Span span;
};

// `[o in] LINES`
struct LinesClause {
  std::optional<Name> binder;
  ExprPtr lines;
  Span span;
};
struct Report {
  Severity severity;
  ExprPtr value; // of an indicator; may be null
  std::optional<LinesClause> on;
  ExprPtr involving;           // may be null
  bool amount_unknown = false; // `amount unknown`
  ExprPtr amount;              // may be null
  Message message;
  Span span;
};
struct Branch {
  bool when_unknown = false; // `when unknown report …`
  ExprPtr when;              // null: wherever the guards hold
  Report report;
  Span span;
};

struct GroupKey {
  std::optional<Name> name;
  ExprPtr value;
}; // `by dept = ordering.dept`, `by code`
struct Subject {
  Name what;
  bool all = false;             // `on all items by …`: of the whole population
  std::optional<With> entering; // `on items with r in t[code] by r.group`
  std::vector<GroupKey> by;
  Span span;
};

// Clauses as written, in order; the checker demands the order and the numbers.
using Clause = std::variant<Let, With, Provided, Unless>;
struct Rule {
  Name id;
  std::string title;                   // the first title
  std::optional<std::string> title_en; // a second one, after `/`
  std::optional<Category> category;
  std::vector<Basis> bases;
  std::optional<Behaviour> behaviour;
  std::vector<Stage> stages;
  Standing standing;
  Span category_span, behaviour_span, stages_span; // of the clauses, where given
  std::optional<Subject> subject;                  // absent: a diagnostic of the checker
  std::vector<Clause> clauses;
  std::vector<Branch> branches;
  std::vector<std::string> comments; // lines before the declaration, without `//`
  Span span;                         // the whole declaration
};

// ---- knowledge, sources

struct ColumnType {
  enum class Form : std::uint8_t { named, decimal, money } form = Form::named;
  enum class Of : std::uint8_t { one, set, range } of = Of::one; // `set of T`, `range of T`
  Name name;                           // named: a basic type, a code system or an enum
  std::uint32_t digits = 0, scale = 0; // decimal(16,4), money(16,6)
  bool optional = false;               // `?`
  Span span;
};
// What a later publication ends: all that was published before, or the rows that it names.
enum class ReplacesWhat : std::uint8_t { table, rows };
struct Replaces {
  ReplacesWhat what = ReplacesWhat::table;
  std::optional<Name> column; // of rows: where they are named …
  std::optional<Name> of;     // … and what names them; absent: their key
  Span span;
};
struct Column {
  Names names;
  ColumnType type;
  bool key = false;
  bool prefix = false;                // its codes stand for all that begin with them
  bool longest = false, all = false;  // of a key: which rows count where several do
  std::optional<std::string> from;    // header in the file if it differs from the first name
  std::optional<std::string> to;      // of a range or a period: the header of its end
  std::optional<NumberLiteral> up_to; // of a window: its longest
  std::optional<Replaces> replaces;   // of `published`
  Span span;
};
struct Knowledge {
  Names names;
  std::string title; // may be empty
  std::string file;  // `from "drug_sex.csv"`
  Span file_span;
  std::optional<RegionClause> region; // whose rows count; absent: as the rule that reads says
  std::vector<Column> columns;
  std::vector<std::string> comments;
  Span span;
};
struct Source {
  Names names;
  std::string title;
  std::string issued; // ISO date or empty
  std::string url;    // or empty
  std::vector<std::string> comments;
  Span span;
};

// ---- names for values

struct SetDecl {
  Names names;
  ColumnType type; // of an element
  ExprPtr literal; // a SetLiteral
  std::vector<std::string> comments;
  Span span;
};
struct ParamValue {
  ExprPtr value;
  std::string from; // ISO date; empty: from the beginning
};
struct Param {
  Names names;
  std::optional<ColumnType> type;
  std::vector<ParamValue> values; // at least one
  ExprPtr least, most;            // `between a and b`; both or neither
  std::vector<std::string> comments;
  Span span;
};
struct Parameter {
  Name name;
  ColumnType type; // also a record or an element
};
struct Define {
  Names names;
  std::vector<Parameter> parameters;
  std::optional<ColumnType> type;
  ExprPtr body;
  std::vector<std::string> comments;
  Span span;
};
enum class Hit : std::uint8_t { first, unique, collect };
struct Decide {
  Names names;
  std::vector<Parameter> parameters;
  ColumnType type;
  Hit hit = Hit::first;
  Choose rows;      // no arms: from `file`
  std::string file; // `from "table.csv"`
  std::vector<std::string> comments;
  Span span;
};

// ---- models

// `add 40 "title" when p otherwise 5`: the points where p surely holds, else the others, else 0.
struct Points {
  ExprPtr points, when, otherwise; // otherwise may be null
  std::string title;               // may be empty
  Span span;
};
// `age = patient.age in years`; `from` names the model's feature where the names do not.
struct ModelInput {
  Names names;
  std::optional<std::string> from;
  ExprPtr value;
  Span span;
};
enum class ModelFormat : std::uint8_t { lightgbm, xgboost, linear };
// A scorecard, or a trained model out of a file.
struct ModelDecl {
  Names names;
  std::optional<Parameter> parameter; // absent: the settlement
  std::string title;                  // may be empty
  std::vector<Points> points;         // of a scorecard; else empty
  std::string file;
  Span file_span;
  std::optional<ModelFormat> format; // absent: the file says
  std::vector<ModelInput> inputs;
  std::vector<std::string> comments;
  Span span;
};

// ---- schema

struct SchemaHead {
  Names names;
  std::string edition;
  Span span;
};
struct CodeSystem {
  Names names;
  std::string form; // regular expression of a well-formed code, or empty
  std::string file; // registry of codes, or empty
  bool hierarchical = false;
  std::vector<Name> members; // a union of systems
  std::vector<std::string> comments;
  Span span;
};
struct EnumMember {
  Names names;
  std::vector<std::string> codes;
  Span span;
}; // names.first English, second Chinese
struct EnumDecl {
  Names names;
  bool closed = false, ordered = false;
  std::vector<EnumMember> members;
  std::vector<std::string> missing; // codes that mean "no value"
  std::vector<std::string> comments;
  Span span;
};
struct Field {
  Names names;
  ColumnType type;                     // also record names
  bool list = false, nonempty = false; // `list of Item nonempty`
  std::optional<Names> each;           // name of one element of a list
  std::vector<Name> wire;              // field names that senders use, in order of preference
  std::optional<Name> role;
  bool identity = false; // never printed unless asked for
  ExprPtr derived;       // null unless `= expression`
  Span span;
};
struct Record {
  Names names;
  std::vector<Field> fields;
  std::vector<std::string> comments;
  Span span;
};

// ---- overlays

// The days on which a change is in force, both included. Dates are ISO texts; empty: open.
struct Days {
  std::string from, until;
};
struct NewValue {
  Name param;
  std::vector<ParamValue> values; // the first may have a date as well
  Span span;
}; // param split_gap = 10 days from 2026-07-01
struct Disable {
  Name rule;
  Days days;
  std::optional<std::string> reason;
  Span span;
};
struct NewSeverity {
  Name rule;
  Severity severity;
  Days days;
  std::optional<std::string> reason;
  Span span;
};
struct AddedRows {
  std::string file;
  Span span;
};
struct RowChange {
  Name table;
  std::vector<AddedRows> add;
  std::vector<SetElement> remove; // keys
  Span span;
};
struct AddedCode {
  std::string code;
  Name member;
  Span span;
}; // "2101" as inpatient
struct CodeChange {
  Name type;
  std::vector<AddedCode> codes;
  Span span;
};
using Change = std::variant<NewValue, Disable, NewSeverity, RowChange, CodeChange>;
// What a region changes of the pack below it. Declarations that stand inside its braces follow it
// in the file's list; their spans lie in its span.
struct Overlay {
  Name name;
  Name base;
  std::string region;
  Span region_span;
  std::vector<Change> changes;
  std::vector<std::string> comments;
  Span span;
};

// ---- tests

struct Given;
// A literal of the schema's shape: `{ sex: male }`, `[ {…}, {…} ]`, scalars as expressions
// (literals only).
struct DataValue;
struct DataField {
  Name name;
  std::unique_ptr<DataValue> value;
};
struct DataRecord {
  std::vector<DataField> fields;
};
struct DataList {
  std::vector<DataValue> values;
};
struct DataValue {
  std::variant<ExprPtr, DataRecord, DataList> form;
  Span span;
};

struct GivenClaim {
  DataRecord claim;
  Span span;
}; // given { patient {…} items [ … ] }
struct GivenFile {
  std::string path;
  Span span;
}; // given file "claims/c0017.json"
struct GivenKnowledge {
  Name table;
  std::vector<DataValue> rows;
  Span span;
}; // given knowledge t [ {…} … ]
struct GivenAnswer {
  std::string question;
  bool yes;
  Span span;
}; // given answer "HER2阳性" true
struct GivenHistory {
  std::vector<DataValue> visits;
  Span span;
}; // given history [ {…} … ]: the person's other visits, or the population's
struct GivenRegion {
  std::string code;
  Span span;
}; // given region "330000": where treated and insured, unless the claim says
enum class Expected : std::uint8_t { fired, clear, not_applicable, indeterminate, nothing };
struct Expect {
  Expected outcome = Expected::nothing;
  std::optional<Name> rule;          // absent for `nothing`
  std::optional<Severity> severity;  // fired
  std::optional<std::string> amount; // `amount 35.00`
  bool amount_unknown = false;
  std::optional<std::string> exemption; // `not applicable "急诊"`
  std::vector<std::string> lines;       // `lines "L1", "L2"`: the offending ones
  std::vector<ExprPtr> missing;         // `missing patient.sex, item.code`
  Span span;
};
struct Test {
  std::string title;
  std::vector<Name> of; // rules it is about
  std::vector<
      std::variant<GivenClaim, GivenFile, GivenKnowledge, GivenAnswer, GivenHistory, GivenRegion>>
      given;
  std::vector<Expect> expect;
  std::vector<std::string> comments;
  Span span;
};

using Decl = std::variant<SchemaHead, CodeSystem, EnumDecl, Record, Knowledge, Source, SetDecl,
                          Param, Define, Decide, ModelDecl, Rule, Overlay, Test>;

// A `//` comment, wherever it stands; the printer puts it back where it was.
struct Comment {
  std::string text; // with the slashes, without blanks at the end
  Span span;
  bool own_line = false; // nothing but blanks before it on its line
};

struct File {
  std::uint32_t source = 0; // in the SourceMap
  std::vector<Decl> decls;
  std::vector<Comment> comments; // all of them, in source order
  std::vector<std::uint32_t>
      blank_lines; // offsets of the empty lines, of several in a row the first
  std::vector<std::string> trailing_comments;
  // How many words of the language were written in each spelling.
  std::uint32_t zh_words = 0, en_words = 0;
};

} // namespace sanku::ast
