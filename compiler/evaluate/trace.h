// Traces for `sanku explain`: why a rule came out as it did on a subject, as plain data. Values and
// truths are those that the evaluator finds; words and layout are the caller's (tools/engine), the
// printing of single values is offered here. Entry: trace. Tested by
// tests/unit/compiler/evaluate_trace_test.cpp.
#pragma once

#include "compiler/evaluate/evaluate.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::evaluate {

// How far a comparison that does not hold is from holding: days for ages and dates, minutes or
// months for times and spans, else the operands' own kind. Never negative; when `exclusive`, it
// takes more than that (an equal pair of `<` is 0 away).
struct Distance {
  Value value;
  Type type;
  bool exclusive = false;
};

// An expression with its value, conversions that nobody wrote left out.
struct Node {
  source::Span span;
  Type type;
  Value value;
  const builtins::Builtin* builtin = nullptr; // of a call: `symbol` or name; its operands in order
  std::string let; // of a `let`: its name; the one operand is its expression, where first used
  std::vector<Node> operands;
  // Of a comparison that does not hold, how far it is from holding; of one that holds, from not
  // holding.
  std::optional<Distance> distance;
  // Knowledge alone decides it: no other claim would change it.
  bool fixed = false;
  // Of `any`, `none` and `every`: which it is, how many there were, and of how many what is asked
  // holds for sure or perhaps (of `every` what it asks of each). Where no element does (of `every`,
  // where one does not): what was asked of the one that came nearest.
  std::optional<hir::FoldKind> fold = std::nullopt;
  std::uint64_t all = 0, sure = 0, perhaps = 0;
  std::vector<Node> nearest = {};
  // Of a score: the model, whose inputs are the operands, and all that moved it (a list of
  // reasons).
  std::optional<hir::ModelId> model = std::nullopt;
  Value reasons = {};
};

struct GuardTrace {
  Tri truth = Tri::yes;
  std::optional<Node> condition;        // or the key of a table row
  std::optional<hir::TableId> table;    // of guards that ask for a row
  std::optional<exec::EvidenceRow> row; // the row a `let` bound
  std::string exemption;
};

struct BranchTrace {
  std::uint32_t branch = 0;
  Tri truth = Tri::no;
  // How many matches satisfy it for sure, perhaps, not; of rules without `with` one match counts.
  std::uint64_t sure = 0, perhaps = 0, rejected = 0;
  // The condition with the first of the matches that come closest (sure before perhaps before
  // rejected); none without a match.
  std::optional<Node> condition;
  std::vector<Node> where;             // what that match has to fulfil
  std::vector<exec::EvidenceRow> rows; // table rows of that match
  // The condition held, but the patient alone paid for all that offends.
  bool self_paid = false;
};

struct Trace {
  SubjectOutcome outcome;
  std::vector<GuardTrace> guards;    // all of them, as written
  std::vector<BranchTrace> branches; // up to the one that fired; none where the guards decided
};

// One trace for each subject of the rule in the settlement, in order of their row.
[[nodiscard]] std::vector<Trace> trace(const Input& input, std::uint32_t settlement,
                                       std::uint32_t rule);

// A group across visits that an element of the settlement belongs to, with all of its elements in
// canonical order.
struct GroupOfSettlement {
  Trace trace;
  std::vector<std::uint32_t> elements;
  std::vector<Value> keys;
};
// Of a rule over groups across visits, over all of the batch.
[[nodiscard]] std::vector<GroupOfSettlement>
trace_groups(const Input& input, std::uint32_t settlement, std::uint32_t rule);

// A value for a person: enum values by name, ages with years and days (`17岁364天`), the rest as
// to_text.
[[nodiscard]] std::string printed(const Value& value, const Type& type,
                                  const schema::Schema& schema, Language language);
// `差 1天`-style amount without its verb: `1 day`, `0.50`.
[[nodiscard]] std::string printed(const Distance& distance, const schema::Schema& schema,
                                  Language language);

} // namespace sanku::evaluate
