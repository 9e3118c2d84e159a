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
#include <vector>

namespace sanku::testing {

struct Texts {
  std::string schema;                        // empty: the schema that ships
  std::string rules;                         // rules, knowledge and source declarations, tests
  std::map<std::string, std::string> tables; // CSV by file name
  // Overlays, each on the pack, or on one before it: what its manifest says, and its text. Tables
  // are shared by all.
  struct Overlay {
    std::string name;
    std::uint32_t below = 0; // 0: the pack; else the overlay of that number, from 1
    std::string text;
    hir::LocalDefaults defaults = {};
  };
  std::vector<Overlay> overlays = {};
  hir::LocalDefaults defaults = {};                   // of the pack
  std::string as_of = {}, as_known = {}, region = {}; // empty: as claims say
  std::uint64_t budget = 0;                           // of steps; 0: the usual one
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
