// The expressions of the Ast, and messages with holes (ast.h, which includes this): names
// unresolved, both spellings alike.
#pragma once

#include "compiler/source/source.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sanku::ast {

using source::Span;

struct Name {
  std::string text; // NFKC
  Span span;
};

// A declared name in up to two languages: `drug_sex / 药品限性别`.
struct Names {
  Name first;
  std::optional<Name> second;
};

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

enum class Unit : std::uint8_t {
  none,
  days,
  weeks,
  months,
  years,
  years_of_age,
  hours,
  minutes,
  yuan,
  percent
};
// `38.5`, `30天`, `18岁`, `100元`. `digits` is ASCII, without sign.
struct NumberLiteral {
  std::string digits;
  Unit unit = Unit::none;
};
struct TextLiteral {
  std::string text;
};
struct DateLiteral {
  std::string text;
}; // 2027-01-01
struct BoolLiteral {
  bool value;
};
// Windows that are words: 当次就诊, 同一小时, 自然月 … (`same visit`, `same hour`, `month`, …).
// Counted ones are NumberLiterals.
enum class WindowWord : std::uint8_t {
  same_day,
  same_visit,
  same_hour,
  month,
  quarter,
  calendar_year,
  insurance_year,
  lifetime
};
struct WindowLiteral {
  WindowWord word;
};
struct NameRef {
  Name name;
};
struct Member {
  ExprPtr base;
  Name field;
}; // `a.b`, `a的b`
struct Lookup {
  Name table;
  ExprPtr key;
  ExprPtr at; // `t[key] at date`; null: as of the element that the key comes from
}; // only where a row is bound

enum class UnaryOp : std::uint8_t { negate, logical_not, known };
struct Unary {
  UnaryOp op;
  ExprPtr operand;
};

enum class BinaryOp : std::uint8_t {
  add,
  subtract,
  multiply,
  divide,
  otherwise,
  contains,
  starts_with,
  earlier,
  member_of, // of a table's keys, a set
  under,
  meets,
  overlaps,
  adjacent
};
struct Binary {
  BinaryOp op;
  ExprPtr left;
  ExprPtr right;
};

enum class CompareOp : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };
// `a < b <= c`: operands.size() == ops.size() + 1.
struct Compare {
  std::vector<ExprPtr> operands;
  std::vector<CompareOp> ops;
  std::vector<Span> op_spans;
};

// `p and q and r`, all of one operator (mixing needs parentheses); at least two operands.
struct Logical {
  bool is_and;
  std::vector<ExprPtr> operands;
};

struct Call {
  Name function;
  std::vector<ExprPtr> arguments;
}; // smaller(a, b), within(a, b, w), date_of(x)
struct Rounded {
  ExprPtr value;
  std::uint32_t places;
}; // `e rounded to 2`
struct Paren {
  ExprPtr inner;
}; // kept for the printer
// `{ "E10".."E14", "O24.4" }`
struct SetElement {
  ExprPtr low, high; // high null: one value
};
struct SetLiteral {
  std::vector<SetElement> elements;
};
// `choose { when p take a  when q take b  otherwise c }`
struct Arm {
  ExprPtr when, take;
};
struct Choose {
  std::vector<Arm> arms; // at least one
  ExprPtr otherwise;     // may be null
};
struct CountOf {
  std::vector<ExprPtr> conditions;
}; // `count of (p, q, r)`
// A group's value beside those of its peers.
enum class PeerKind : std::uint8_t { percentile, mean, deviation };
struct Peers {
  PeerKind kind = PeerKind::percentile;
  ExprPtr rank; // a number or a parameter's name; of a percentile only
  ExprPtr value;
  std::vector<ExprPtr> among; // at least one
  std::optional<std::string> at_least;
}; // `percentile(95 of share) among provider.level, month at least 10`
struct Period {
  ExprPtr begin, end;
}; // `a .. b`, both included
struct InUnit {
  ExprPtr value;
  Unit unit;
}; // `patient.age in years`

// `x in items`, `r in t[x.code]`; without a name for `count(pieces)`.
struct Binder {
  std::optional<Name> name;
  std::optional<Name> then; // `a then b in list`: neighbours
  ExprPtr source;
};

// first and last are written as fields of lists, `list.first.price`.
enum class FoldKind : std::uint8_t {
  count,
  sum,
  min,
  max,
  any,
  none,
  every,
  distinct,
  covered, // how many days periods cover together
  first,
  last
};
// count(x in list where p) · sum(x in list where p take e) · every(x in list where p has q)
struct Fold {
  FoldKind kind;
  std::vector<Binder> binders; // at least one
  ExprPtr where;               // may be null
  ExprPtr take;                // sum, min, max: the value; every: what each must have; else null
};
struct Those {
  std::vector<Binder> binders;
  ExprPtr where;
}; // those(x in list where p)
// `list beyond first N of FIELD`
struct Beyond {
  ExprPtr list;
  ExprPtr limit;
  Name field;
};
// `list ranked by FIELD descending`
struct Ranked {
  ExprPtr list;
  Name field;
  bool descending;
};

struct Expr {
  Span span;
  std::variant<NumberLiteral, TextLiteral, DateLiteral, BoolLiteral, WindowLiteral, NameRef, Member,
               Lookup, Unary, Binary, Compare, Logical, Call, Rounded, Paren, SetLiteral, Choose,
               CountOf, Peers, Period, InUnit, Fold, Those, Beyond, Ranked>
      form;
};

// "「{item.name}」限{limit.sex}使用": literal text and holes in turn.
struct Hole {
  ExprPtr value;
  bool as_percent = false;
};
// `{missing}`: the names of what is missing, in a message of `when unknown`.
struct MissingHole {
  Span span;
};
struct MessagePart {
  std::variant<std::string, Hole, MissingHole> form;
};
struct Message {
  std::vector<MessagePart> parts;
  Span span;
};

} // namespace sanku::ast
