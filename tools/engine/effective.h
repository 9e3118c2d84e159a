// What a pack comes to in one region on one day, and what its publications leave: `sanku effective`
// and `sanku knowledge`. Entries: effective, published; each as text for people or as JSON. Tested
// by tests/unit/tools/overlays_test.cpp.
#pragma once

#include "runtime/types/result.h"
#include "runtime/types/value.h"
#include "tools/engine/rules.h"

#include <string>

namespace sanku::engine {

struct EffectiveOptions {
  std::string region; // six digits; empty: the pack alone
  Date date;
  std::string rows; // the rows of this table too; empty: only how many
  bool json = false;
  Language language = Language::zh;
};
// Each rule, parameter, table and code with the layer that it comes from. Errors: a table that
// there is not.
[[nodiscard]] Result<std::string> effective(const Rules& rules, const EffectiveOptions& options);

struct PublishedOptions {
  std::string table; // this one only, row by row; empty: all
  bool json = false;
  Language language = Language::zh;
};
// Of each table its rows, its publications, and which rows a later one ended.
[[nodiscard]] Result<std::string> published(const Rules& rules, const PublishedOptions& options);

} // namespace sanku::engine
