// The ledger of verdicts: what was decided, in the order in which it was told, never changed. A
// verdict that is there already changes nothing; a later one on the same finding counts instead,
// and both stay. On disk it is a file of verdicts, one a line, to which lines are only added.
// Entries: Ledger, append. Tested by tests/unit/tools/outcomes_test.cpp.
#pragma once

#include "tools/outcomes/verdict.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::outcomes {

class Ledger {
public:
  // False: it is there already.
  bool add(Verdict verdict);
  // Of a finding, the one that counts first: by day, then an appeal before a review, then what was
  // told last.
  using ByFinding = std::map<std::string, std::vector<Verdict>, std::less<>>;
  [[nodiscard]] const ByFinding& verdicts() const { return by_finding_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }

private:
  ByFinding by_finding_;
  std::uint64_t size_ = 0;
};

// Adds lines to the end of a file, whole and lasting, or says why not. Makes it if it is not there.
[[nodiscard]] Result<void> append(const std::string& path, std::string_view lines);

} // namespace sanku::outcomes
