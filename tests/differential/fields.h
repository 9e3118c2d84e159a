// Which fields there are: every path of the schema (and of the module's tables) that a rule may
// write, with its type, in the English, the Chinese and the senders' spelling. Read from the
// checker's own names, so a new field is generated without a change here. Entry: fields_of.
#pragma once

#include "compiler/hir/schema_from_ast.h"
#include "runtime/types/type.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sanku::differential {

// How a field of an element is written behind the element's name: `.code`, `的编码`. Of the
// settlement the whole path, since its records stand by themselves: `patient.sex`,
// `settlement.total`.
struct Field {
  std::vector<std::string> paths;
  std::string bare; // the last name alone, as in `by` keys and after `of`; empty where it does not
                    // stand alone
  Type type;
  bool column = false; // stored, not derived
  bool is_quantity = false;
};

// By relation of the schema.
[[nodiscard]] std::vector<std::vector<Field>> fields_of(const hir::CheckedSchema& schema);
// Of a visit that stands under a name: `x.patient.sex`.
[[nodiscard]] std::vector<Field> fields_of_visits(const hir::CheckedSchema& schema);

} // namespace sanku::differential
