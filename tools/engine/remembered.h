// What a run takes out of a history store and what it adds: which of its records the store knows
// something of, the past of the persons it judges, and at the end, in one change, the records it
// read. Where there is no store it knows nothing and keeps nothing. Entry: Remembered. Tested by
// tests/unit/tools/history_test.cpp.
#pragma once

#include "runtime/assemble/settle.h"
#include "runtime/io/spill.h"
#include "tools/engine/persons.h"
#include "tools/engine/run.h"
#include "tools/history/store.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sanku::engine {

// What a store has to hold for these rules; none: no rule looks at a person's past.
[[nodiscard]] std::optional<history::Shape> history_shape(const hir::Program& program);

class Remembered {
public:
  // Options, with the store, are the caller's.
  Remembered(const schema::Schema& schema, const RunOptions& options);

  [[nodiscard]] bool is_kept() const { return store_ != nullptr; }

  // From any thread.
  [[nodiscard]] bool mentions(const assemble::RecordKeys& keys) const;
  // Records of the visits that one with these keys may belong to, repeat or take back.
  [[nodiscard]] Result<std::vector<assemble::Part>>
  concerned(const assemble::RecordKeys& keys) const;
  [[nodiscard]] Result<bool> was_taken_back(const std::string& settlement) const;
  // The person's visits, without records that this run took back.
  [[nodiscard]] Result<std::vector<Visit>> past_of(const std::string& person,
                                                   const std::set<std::string>& gone) const;
  // What is known with what this input knows.
  [[nodiscard]] KnownDays known(const KnownDays& input) const;

  // Noted, from one thread at a time; in the store after `keep`.
  [[nodiscard]] Result<void> put(const history::Record& record);
  [[nodiscard]] Result<void> take_back(const std::string& settlement,
                                       const std::optional<Date>& day);
  void judged_from(const std::optional<Date>& first_day);
  [[nodiscard]] Result<history::Written> keep(const KnownDays& input);

private:
  const schema::Schema& schema_;
  history::Store* store_;
  io::Spill notes_;
  std::optional<Date> earliest_; // day on which a visit of this run began
};

} // namespace sanku::engine
