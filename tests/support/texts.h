// A pack given as texts: what a case file and a generated module are. Entry: check_texts, which
// goes the whole way of the product (compiler/compile.h), tables as CSV files in a folder of their
// own for as long as it takes.
#pragma once

#include "compiler/compile.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/source/source.h"

#include <map>
#include <optional>
#include <string>

namespace sanku::testing {

struct Texts {
  std::string schema;                        // empty: the schema that ships
  std::string rules;                         // rules, knowledge and source declarations, tests
  std::map<std::string, std::string> tables; // CSV by file name
};

struct CheckedTexts {
  source::SourceMap map;
  diag::Diagnostics diagnostics; // sorted
  std::optional<Checked> pack;   // empty when there are errors
  std::string rendered;          // the diagnostics in English, as `check` prints them
};

[[nodiscard]] CheckedTexts check_texts(const Texts& texts);
// The text of the schema that ships.
[[nodiscard]] const std::string& shipped_schema();
// The shipped schema, checked.
[[nodiscard]] const schema::Schema& shipped();

} // namespace sanku::testing
