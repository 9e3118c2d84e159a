// The claim schema after checking: code systems, enums, and relations (the settlement, its child
// lists, knowledge tables) with their columns. One-to-one records are flattened: `patient.sex` is a
// column of the settlement, `item.ordering.dept` of the items. Made by
// compiler/hir/schema_from_ast; read by the readers, the batch, the checker and describe. Plain
// data.
#pragma once

#include "runtime/types/type.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sanku::schema {

struct Names {
  std::string en;
  std::string zh; // equals `en` when only one name was declared
};

// A system of codes. Systems of one union share one dictionary (`dictionary` indexes
// Schema::dictionaries).
struct CodeSystem {
  Names names;
  std::string form;     // regular expression, may be empty
  std::string registry; // CSV file `code,name` beside the schema, may be empty
  bool hierarchical = false;
  std::vector<std::uint32_t> members; // of a union
  std::uint32_t dictionary = 0;
};

struct EnumMember {
  Names names;
  std::vector<std::string> codes; // wire codes with this meaning
};
struct EnumType {
  Names names;
  bool closed = false;
  bool ordered = false;
  std::vector<EnumMember> members;  // value id = index + 1
  std::vector<std::string> missing; // wire codes that mean "no value"
};

enum class Role : std::uint8_t {
  none,
  settlement_id,
  visit_id,
  key,
  code,
  time,
  quantity,
  unit_price,
  amount,
  current,
  self_paid, // whether nobody but the patient paid for the line
  question,  // of an answered fact: what was asked …
  answer,    // … and whether it is so
  // What a visit is made of, for runtime/assemble.
  provider,     // of the settlement: where the visit was; with visit_id its key
  begin,        // of the visit: the earliest of its parts'
  end,          // the latest
  settled,      // the latest
  refund,       // of the settlement: it takes a settlement back, or was taken back
  refunded_id,  // the number of the settlement that it takes back
  reverses,     // of a line: the number of the line that it takes back
  local_code,   // of a line: the hospital's own code
  prescription, // of a line
  // How a drug is taken, in the sender's words, and how many days it lasts by them, which
  // runtime/assemble fills.
  dose,
  frequency,
  spec,
  unit, // of the quantity
  supply,
  // What was paid, for runtime/exec/attribute.
  own_share, // of a line: what the patient paid outside of insurance
  in_scope,  // of a line, of the settlement: what lies within the scope of insurance
  fund_paid, // of the settlement: what the fund paid
  // Of the settlement, for what looks beyond one visit.
  person,      // whose visit it is
  known_since, // from this day on the supplier knows all visits of the person …
  known_until, // … and until this one
  // Whose overlays touch a settlement: where it was treated, where the patient is insured.
  care_area,
  insured_area,
};

struct Column {
  Names names; // the last name of the path: `sex`
  Names path;  // the whole path: `patient.sex`, `患者.性别`
  Type type;
  bool optional = true;  // may be missing
  bool identity = false; // never printed unless asked for
  Role role = Role::none;
  std::vector<std::string> wire; // sender's names; also answer in rules
};

enum class RelationKind : std::uint8_t { settlement, child, table };

struct Relation {
  RelationKind kind = RelationKind::settlement;
  Names names;           // list name: items / 明细; table name: drug_sex / 药品限性别
  Names each;            // one element: item / 明细
  bool nonempty = false; // an empty list means that it is not known
  std::optional<std::uint32_t> raw_of =
      {};                        // this list is that one as it was sent; assemble fills it
  std::vector<std::string> wire; // node names of a child list
  std::vector<Column> columns;
};

// Relation 0 is the settlement, then the child lists in declaration order.
struct Schema {
  Names names;
  std::string edition;
  std::vector<CodeSystem> systems;
  std::uint32_t dictionaries = 0; // how many
  std::vector<EnumType> enums;
  std::vector<Relation> relations;
};

// The column with that role, or none.
[[nodiscard]] std::optional<std::uint32_t> column_with(const Relation& relation, Role role);
// Index of the child list that carries the fee lines: the first with a quantity and an amount.
[[nodiscard]] std::optional<std::uint32_t> line_relation(const Schema& schema);
// The list that holds `relation` as it was sent, if the schema declares one.
[[nodiscard]] std::optional<std::uint32_t> raw_twin(const Schema& schema, std::uint32_t relation);

// A wire code of an enum: a listed value (1..), `first_unlisted` when the schema does not list it
// and the enum is open, 0 when it means "no value" (or is unlisted in a closed enum).
[[nodiscard]] std::uint32_t enum_id(const EnumType& type, std::string_view wire_code);
[[nodiscard]] std::string_view enum_name(const EnumType& type, std::uint32_t id, bool chinese);

} // namespace sanku::schema
