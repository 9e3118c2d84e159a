// One finding as far as comparisons and lists of differences need it, apart from the batch that it
// was found in, so that it can wait on disk. Entries: tell, what_differs, difference_json. Tested
// by tests/unit/tools/impact_test.cpp.
#pragma once

#include "runtime/batch/batch.h"
#include "tools/engine/engine.h"
#include "tools/engine/place.h"
#include "tools/impact/tally.h"

#include <optional>
#include <string>
#include <string_view>

namespace sanku::impact {

struct Told {
  std::string id, rule;
  ast::Severity severity = ast::Severity::violation;
  bool trial = false;
  std::optional<std::int64_t> cents, recoverable;
  std::uint64_t lines = 0; // offending
  // As texts that are the same when what they say is.
  std::string line_text, recoverable_text, message, evidence, value;
  std::string json;              // the whole finding, if asked for
  std::string visit, settlement; // the sender's numbers
  Place place;
  batch::Origin origin;
};

struct TellOptions {
  bool json = false;
  bool identities = false;
  std::string_view pack;
};
[[nodiscard]] Told tell(const engine::Block& block, const engine::Engine& engine,
                        const exec::Finding& finding, const TellOptions& options);

[[nodiscard]] Sum sum_of(const Told& told);
[[nodiscard]] std::vector<What> what_differs(const Told& before, const Told& after);
[[nodiscard]] std::string_view what_word(What what); // for machines

// A finding that only one side has, or that differs; either may be null, not both.
struct Difference {
  const Told* before = nullptr;
  const Told* after = nullptr;
};
// One object and a line break: change, what, rule, region, institution, month, before, after.
[[nodiscard]] std::string difference_json(const Difference& difference);

// For findings that wait on disk.
void put_told(std::string& out, const Told& told);
[[nodiscard]] Told take_told(std::string_view& from);

} // namespace sanku::impact
