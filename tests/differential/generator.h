// Random well-typed rules as text, so that lexer, parser and checker are in the loop. Every form of
// the language that exists is written here; coverage.h counts over the checked Hir that none was
// left out. Typed from the top: a value of some kind is asked for, and one of the ways to write
// such a value is chosen. Entry: Generator::rule. Files: generate_conditions, generate_values
// (expressions), generate_lists (folds and lists), generate_orders, generate_rules.
#pragma once

#include "compiler/builtins/builtin.h"
#include "tests/differential/piece.h"
#include "tests/differential/random.h"
#include "tests/differential/world.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sanku::differential {

// How tightly what was written binds, as in grammar/SankuParser.g4.
enum class Level : std::uint8_t {
  expression,
  negation,
  comparison,
  operand,
  sum,
  product,
  prefix,
  postfix
};

struct Made {
  Piece piece;
  Type type;
  Level level = Level::postfix;
  bool flexible = false; // takes its type from what stands opposite
};

struct MadeList {
  Piece piece;
  std::uint32_t relation = 0; // of the schema; of table rows unused
  std::optional<std::size_t> table;
  bool plain = false;  // `beyond` may follow
  bool ranked = false; // has an order of its own
};

struct RuleShape {
  bool cheap = false;                         // no loop within a loop over lines: for giant lists
  bool indexed = false;                       // the subject's own code is looked up in a table
  const builtins::Builtin* builtin = nullptr; // to be called somewhere in the rule
  bool past = false;                          // looks at the person's other visits
  bool post = false;                          // with it, at later ones too
};

// The declarations of the pack's own names, which every module has.
[[nodiscard]] std::string_view prelude();
// The files that they name.
[[nodiscard]] std::map<std::string, std::string> prelude_files();

// The same of models: generate_models.cpp.
[[nodiscard]] std::string_view model_prelude();
[[nodiscard]] std::map<std::string, std::string> model_files();

class Generator {
public:
  // All of it owned by the caller.
  Generator(Random& random, const World& world, const std::vector<Table>& tables)
      : random_(random), world_(world), tables_(tables) {}

  [[nodiscard]] Piece rule(const std::string& id, const RuleShape& shape);
  // On groups across visits.
  [[nodiscard]] Piece population_rule(const std::string& id);

private:
  struct Element {
    std::string name; // empty in `by` keys, where fields stand alone
    std::uint32_t relation = 0;
    std::optional<std::size_t> table;
    bool match = false;
  };
  struct Named {
    std::string name;
    Type type;
    bool match = false;
  };
  struct NamedList {
    std::string name;
    MadeList list;
    bool match = false;
  };
  struct Scope {
    std::vector<Element> elements;
    std::vector<Named> values;
    std::vector<NamedList> lists;
    std::optional<std::uint32_t> group; // relation of the group's elements
    unsigned folds = 2;                 // how deep loops may still nest
    bool guard = false;                 // nothing that `with` binds
    bool keys = false;                  // in `by`
    bool scores = true;                 // may depend on models: amounts may not
  };

  // ---- values
  [[nodiscard]] Made value(const Type& wanted, int depth);
  [[nodiscard]] Made boolean(int depth);
  [[nodiscard]] Made integer(int depth);
  [[nodiscard]] Made decimal(int depth);
  [[nodiscard]] Made money(int depth);
  [[nodiscard]] Made date(int depth);
  [[nodiscard]] Made datetime(int depth);
  [[nodiscard]] Made span(int depth);
  [[nodiscard]] Made window(int depth);
  [[nodiscard]] Made age(int depth);
  [[nodiscard]] Made code(const Type& wanted, int depth);
  [[nodiscard]] Made enumeration(const Type& wanted, int depth);
  [[nodiscard]] Made text(int depth);
  [[nodiscard]] Made count(int depth);
  [[nodiscard]] Made score(int depth);
  [[nodiscard]] Made model_call();
  [[nodiscard]] Piece reasons();
  [[nodiscard]] Made literal(const Type& wanted);
  [[nodiscard]] Made number_literal(const Type& wanted);
  [[nodiscard]] std::optional<Made> field(const Type& wanted);
  [[nodiscard]] std::vector<Made> fields(const Type& wanted);
  [[nodiscard]] Made field_or(const Type& wanted, const Made& otherwise);
  [[nodiscard]] std::optional<Type> type_of_some_field(Kind kind);
  [[nodiscard]] Type key_type(); // something whose values can be keys of groups
  [[nodiscard]] bool fits(const Type& wanted, const Type& found) const;
  [[nodiscard]] Made sum_of(Made left, const char* op, Made right);
  [[nodiscard]] Made product_of(Made left, Made right);
  [[nodiscard]] Made quotient_of(Made left, Made right, bool money);
  [[nodiscard]] Made rounded(Made value, unsigned places);
  [[nodiscard]] Made at_most_scale(Made value, unsigned scale);
  [[nodiscard]] Made otherwise(Made left, Made right);
  [[nodiscard]] Made call(const char* en, const char* zh, std::vector<Made> arguments,
                          const Type& type);
  [[nodiscard]] Made negated(Made value);
  [[nodiscard]] Made instant(int depth); // an argument of `within`

  // ---- conditions
  [[nodiscard]] Made condition(int depth) { return boolean(depth); }
  [[nodiscard]] Made comparison(int depth);
  [[nodiscard]] std::optional<Made> same_value();
  [[nodiscard]] Made compared(const Made& left, const Made& right, bool ordered);
  [[nodiscard]] Made chain(int depth);
  [[nodiscard]] Made junction(int depth);
  [[nodiscard]] Made text_test(int depth);
  [[nodiscard]] Made within(int depth);
  [[nodiscard]] Made within_the_past();
  [[nodiscard]] std::optional<Made> earlier();
  [[nodiscard]] std::optional<Made> in_table(int depth);
  [[nodiscard]] Made known(int depth);
  [[nodiscard]] Type any_type(bool for_known);

  // ---- sets, choices, the pack's names
  [[nodiscard]] Piece set_literal(const Type& type);
  [[nodiscard]] Made member(int depth);
  [[nodiscard]] Made member_of(const Type& type, int depth);
  [[nodiscard]] Made member_of_kind(Kind kind);
  [[nodiscard]] Made member_or_period(int depth);
  [[nodiscard]] Type shared_of_choice(const builtins::Builtin& row);
  [[nodiscard]] static Made made_integer(Piece piece);
  [[nodiscard]] std::optional<Made> meets(int depth);
  [[nodiscard]] Made periods();
  [[nodiscard]] Made question();
  [[nodiscard]] Made chosen(const Type& wanted, int depth);
  [[nodiscard]] Made count_of(int depth);
  [[nodiscard]] Made in_unit();
  [[nodiscard]] std::optional<Made> pack_value(const Type& wanted);
  [[nodiscard]] Piece decimal_argument();
  [[nodiscard]] Piece collecting();
  [[nodiscard]] Made collected_truth();
  [[nodiscard]] Made collected_number();

  // ---- rows of compiler/builtins: a condition that calls this one
  [[nodiscard]] Made calling(const builtins::Builtin& row);
  [[nodiscard]] Made argument_of(const builtins::Builtin& row, std::size_t i, const Type& shared);
  [[nodiscard]] Made application_of(const builtins::Builtin& row);
  [[nodiscard]] Made conversion(const builtins::Builtin& row);
  [[nodiscard]] Made integer_product(const std::vector<Made>& factors);
  [[nodiscard]] Made used(const Made& value); // as part of a condition

  // ---- lists
  [[nodiscard]] MadeList list(int depth); // a child list, rows, those, beyond, a named one
  [[nodiscard]] MadeList child_list(std::optional<std::uint32_t> relation);
  [[nodiscard]] std::optional<MadeList> named_list(std::optional<std::uint32_t> relation);
  [[nodiscard]] MadeList those(std::optional<std::uint32_t> relation, int depth);
  [[nodiscard]] std::optional<MadeList> beyond(std::optional<std::uint32_t> relation, int depth);
  [[nodiscard]] MadeList lines(int depth); // of the fee lines

  // ---- beyond one visit: generate_past.cpp
  [[nodiscard]] std::string past_window();
  [[nodiscard]] std::string past();
  [[nodiscard]] MadeList visits();
  [[nodiscard]] MadeList list_of_each(std::uint32_t relation);

  // ---- orders: generate_orders.cpp
  [[nodiscard]] std::optional<MadeList> ranked(std::optional<std::uint32_t> relation, int depth);
  [[nodiscard]] std::optional<Made> picked(const Type& wanted, int depth);
  [[nodiscard]] MadeList whole_table();
  [[nodiscard]] Piece entering(std::uint32_t relation); // within the scope of `by` keys
  [[nodiscard]] std::optional<MadeList> rows(int depth);
  [[nodiscard]] std::optional<Piece> lookup(const Table& table, int depth);
  [[nodiscard]] std::optional<Made> key_for(const Table& table, int depth);
  [[nodiscard]] Made fold(const char* word, const char* value_word, const Type* taken,
                          const Type& result, int depth);
  [[nodiscard]] bool may_fold() const { return scope_.folds > 0 && !scope_.keys; }
  void bind(const std::string& name, const MadeList& list, bool match);

  // ---- rules
  [[nodiscard]] Piece subject();
  [[nodiscard]] Piece group_keys(std::uint32_t relation);
  [[nodiscard]] Piece clause();
  [[nodiscard]] Piece let_value();
  [[nodiscard]] std::optional<Piece> let_row();
  [[nodiscard]] Piece let_list();
  [[nodiscard]] Piece with();
  [[nodiscard]] Piece guard();
  // Clauses that the index can use.
  [[nodiscard]] std::vector<Named> own_columns() const;
  [[nodiscard]] std::optional<Piece> own_lookup();
  [[nodiscard]] std::optional<Piece> own_test();
  [[nodiscard]] Piece branch(const std::optional<Made>& when);
  [[nodiscard]] Piece report(const char* severity, bool unknown);
  [[nodiscard]] Piece message(bool unknown);
  [[nodiscard]] std::string fresh_name();
  [[nodiscard]] std::vector<const Element*>
  elements_of(std::optional<std::uint32_t> relation) const;

  [[nodiscard]] static Piece at(const Made& made, Level level);

  Random& random_;
  const World& world_;
  const std::vector<Table>& tables_;
  Scope scope_;
  RuleShape shape_;
  bool has_match_ = false;
  bool scored_ = false; // the rule reads a score, so that it may not say `violation`
  unsigned names_ = 0;
};

} // namespace sanku::differential
