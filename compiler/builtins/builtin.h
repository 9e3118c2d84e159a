// Built-in functions and operators: every operator is a call. A row joins names, documentation and
// a typing rule to a kernel; the parameter and result types come from the kernel's own C++
// signature. Code generation knows rows only as "call this kernel". Rows are listed in rows.cpp;
// tests/unit/compiler/builtins_test.cpp checks that each row has a kernel, a doc and a case.
#pragma once

#include "runtime/kernels/kernels.h"
#include "runtime/types/type.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace sanku::builtins {

// How the types of arguments and result hang together beyond the kernel's signature.
enum class Typing : std::uint8_t {
  plain,    // as in the signature
  same,     // code and enum arguments share one system (or union) or one enum; no numbers
  ordered,  // as `same`, and the enum must be ordered
  aligned,  // numbers of one kind (both money or both plain), brought to the larger scale; result
            // likewise
  compared, // as aligned, but the result is the kernel's
  product,  // number × number, money × number; scales add
  quotient, // number ÷ number, money ÷ number, money ÷ money (a number); 10 places, half away from
            // zero
  choice,   // the first is a condition, the others of one type (numbers: aligned), as the result
  first,    // result has the type of the first argument; the others are brought to it
};

struct Builtin {
  std::string_view name; // English, also the internal name: "smaller", "less"
  std::string_view name_zh;
  std::string_view symbol; // as written for operators: "<", "and"; empty for functions
  bool callable;           // may be written as name(arguments) in rules
  const kernels::KernelRow* kernel;
  Typing typing;
  std::string_view doc_en, doc_zh;
  // Of a code's text, a set text, and whether elements stand for all below: bind can decide it for
  // every code beforehand.
  bool of_code_set = false;
};

[[nodiscard]] std::span<const Builtin> rows();
[[nodiscard]] const Builtin* find(std::string_view internal_name);
// The kind of the values that a kernel takes or gives under the tag.
[[nodiscard]] Kind kind_of(kernels::Tag tag);

// What must happen to an argument before the call.
enum class Conversion : std::uint8_t {
  none,
  widen_integer,
  rescale,
  exact_count,
  start_of_day,
  span_to_window,
  number_to_score, // of a number at its scale
  truth_to_score   // of inputs of models only
};
struct ArgumentStep {
  Conversion conversion = Conversion::none;
  std::uint8_t rescale_by = 0; // powers of ten, after widen_integer if the argument was an integer
};
struct Resolved {
  const Builtin* builtin = nullptr;
  Type result;
  std::vector<ArgumentStep> steps;          // by argument
  std::vector<std::int64_t> extra_integers; // constants appended to the arguments (scales)
  bool may_overflow_18_digits = false;      // declared ranges may pass 18 digits before the point
};

// Picks the row named `name` (internal, English or Chinese) that fits the argument types. Empty: no
// row of that name fits.
[[nodiscard]] std::optional<Resolved> resolve(std::string_view name,
                                              std::span<const Type> arguments);
// The internal name of the operator that joins conditions: queries, guards and matches are
// conjunctions by themselves.
inline constexpr std::string_view conjunction = "and";
inline constexpr std::string_view equality = "equal";  // of the rows for `=`
inline constexpr std::string_view division = "divide"; // and for `/`
// Every row with that name, for messages.
[[nodiscard]] std::vector<const Builtin*> candidates(std::string_view name);

// The internal rows of the conversions.
[[nodiscard]] const Builtin& conversion_row(Conversion conversion);

} // namespace sanku::builtins
