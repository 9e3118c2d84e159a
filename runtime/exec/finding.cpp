// Facts about findings (finding.h): equality, fact by fact, and the sum. Tested by
// tests/unit/compiler/evaluate_report_test.cpp.
#include "runtime/exec/finding.h"

#include <algorithm>

namespace sanku::exec {
namespace {

bool same_values(const std::vector<Value>& a, const std::vector<Value>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Value& x, const Value& y) { return sanku::same(x, y); });
}

bool same_lines(const std::vector<FindingLine>& a, const std::vector<FindingLine>& b) {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(), [](const FindingLine& x, const FindingLine& y) {
        return x.row == y.row && x.role == y.role && x.amount_known == y.amount_known &&
               x.amount == y.amount && x.paid_unknown == y.paid_unknown;
      });
}

bool same_evidence(const std::vector<EvidenceRow>& a, const std::vector<EvidenceRow>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const EvidenceRow& x, const EvidenceRow& y) {
                      return x.table == y.table && x.row == y.row;
                    });
}

} // namespace

bool same(const Finding& a, const Finding& b) {
  return a.settlement == b.settlement && a.rule == b.rule && a.branch == b.branch &&
         a.subject == b.subject && a.unknown_branches == b.unknown_branches &&
         same_evidence(a.evidence, b.evidence) && same_lines(a.lines, b.lines) &&
         same_values(a.keys, b.keys) && same_values(a.holes, b.holes) && a.trial == b.trial &&
         a.missing == b.missing;
}

bool amount_of(const Finding& finding, std::int64_t& cents) {
  Int128 sum = 0; // wide enough for any number of 64-bit amounts
  bool any = false;
  for (const FindingLine& line : finding.lines) {
    if (line.role != LineRole::offending)
      continue;
    if (!line.amount_known)
      return false;
    any = true;
    sum += line.amount;
  }
  if (!any || sum < INT64_MIN || sum > INT64_MAX)
    return false;
  cents = static_cast<std::int64_t>(sum);
  return true;
}

} // namespace sanku::exec
