// explain: every rule on one settlement, why it spoke and why not, by evaluating it again with a
// trace. Entries: find_settlement, whole_visit, with_past, explain. Tested by
// tests/unit/tools/engine_test.cpp and tests/unit/tools/waiting_test.cpp.
#pragma once

#include "runtime/assemble/code_book.h"
#include "runtime/batch/batch.h"
#include "runtime/exec/peers.h"
#include "runtime/io/ndjson.h"
#include "runtime/types/result.h"
#include "runtime/types/value.h"
#include "tools/engine/answers.h"
#include "tools/engine/persons.h"
#include "tools/engine/rules.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sanku::engine {

struct FoundSettlement {
  batch::Batch batch; // assembled, against empty dictionaries
  std::uint32_t settlement = 0;
};

// The first settlement whose settlement or visit number is `id`. `next` gives chunks as
// LineChunks does; of lines only those that hold the number are read. None: there is no such
// settlement, or its record is refused, which `refused` then says.
// `answers`, if any, are put to it.
[[nodiscard]] Result<std::optional<FoundSettlement>>
find_settlement(const hir::Program& program, const std::function<Result<bool>(io::Chunk&)>& next,
                const std::string& id, std::optional<io::Reject>& refused,
                Answers* answers = nullptr);

// The visit of that settlement with all of its records: as a run would judge it, as far as the
// visit's own records tell. `next` gives the same chunks again. None: nothing is left of it, since
// it was taken back.
[[nodiscard]] Result<std::optional<FoundSettlement>>
whole_visit(const hir::Program& program, const assemble::CodeBook& codes,
            const std::function<Result<bool>(io::Chunk&)>& next, const FoundSettlement& found,
            Answers* answers = nullptr);

// The visit among its person's others in the input, for rules that look at the past. `next` gives
// the same chunks a third time; `said`: what the input is known to hold, else from the first to the
// last day on which one of its visits ended.
[[nodiscard]] Result<FoundSettlement> with_past(const hir::Program& program,
                                                const assemble::CodeBook& codes,
                                                const std::function<Result<bool>(io::Chunk&)>& next,
                                                const KnownDays& said,
                                                const FoundSettlement& found);

// The sender's number of its visit; empty: it has none.
[[nodiscard]] std::string visit_number(const hir::Program& program, const FoundSettlement& found);

struct ExplainOptions {
  Language language = Language::zh;
  bool identities = false;
  bool colour = false;
  std::string rule = {}; // only this one; empty: all
};

struct Explanation {
  std::string text;
  std::uint64_t findings = 0;
};
[[nodiscard]] Explanation explain(const Rules& rules, const FoundSettlement& found,
                                  const ExplainOptions& options);

// What the visit stands in, and which rules look at it so (surroundings.h).
struct Surrounding {
  FoundSettlement found;   // assembled, against empty dictionaries
  std::vector<bool> rules; // by rule
  exec::PeersOfRules peers;
};
// The same of a visit among all that rules look at together with it, groups across visits included.
// `parts` are never empty.
[[nodiscard]] Explanation explain(const Rules& rules, const std::vector<Surrounding>& parts,
                                  const ExplainOptions& options);

} // namespace sanku::engine
