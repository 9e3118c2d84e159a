// Operations: one for the other sex; and a main operation for which the visit has none of the
// diagnoses that the table allows. Decoys of the latter: an allowed diagnosis, or the operation as
// one that is not the main one. Amounts are not computed, and the lines named are all those charged
// as surgery (complete_findings).
#include "tools/generate/plant_shapes.h"

#include <algorithm>

namespace sanku::generate {

namespace {

std::uint32_t add(Claim& claim, Random& random, std::uint32_t operation) {
  const auto key = static_cast<std::uint32_t>(claim.operations.size() + 1);
  const auto day = static_cast<Day>(claim.first_day + random.between(0, claim.days - 1));
  claim.operations.push_back({.operation = operation, .key = key, .day = day});
  return key;
}

// An operation of no table.
void add_ordinary(const Catalogue& catalogue, Claim& claim, Random& random) {
  const auto& pool = catalogue.operations_of_sex[static_cast<std::size_t>(Sex::any)];
  const std::uint32_t operation = random.pick(pool);
  if (catalogue.operations[operation].allowed.empty())
    add(claim, random, operation);
}

void record(Claim& claim, Rule rule, std::uint32_t key, std::string kind) {
  Finding finding = finding_of(rule, key, {}, std::move(kind));
  finding.amount = std::nullopt;
  claim.findings.push_back(std::move(finding));
}

// Whether the code is one of the list, or above or below one: what a table's row says of these is
// the rule's to say, and what is generated has to be right either way.
bool lists(const std::vector<std::string>& allowed, std::string_view code) {
  return std::any_of(allowed.begin(), allowed.end(), [&](const std::string& one) {
    return code.starts_with(one) || std::string_view(one).starts_with(code);
  });
}

} // namespace

void plant_operation(const Catalogue& catalogue, Claim& claim, Random& random) {
  const Sex other = claim.patient.sex == Sex::male ? Sex::female : Sex::male;
  const auto& pool = catalogue.operations_of_sex[static_cast<std::size_t>(other)];
  if (pool.empty())
    return;
  const std::uint32_t key = add(claim, random, random.pick(pool));
  record(claim, Rule::operation_sex, key, "operation/one");
}

void plant_diagnosis(const Catalogue& catalogue, Claim& claim, Random& random, bool decoy) {
  if (catalogue.judged_operations.empty() || (!decoy && !claim.operations.empty()))
    return;
  const std::uint32_t operation = random.pick(catalogue.judged_operations);
  if (!decoy) {
    record(claim, Rule::operation_diagnosis, add(claim, random, operation), "diagnosis/none");
    return;
  }
  if (claim.operations.empty() && random.percent(40))
    add_ordinary(catalogue, claim, random);
  if (!claim.operations.empty()) { // not the main operation
    add(claim, random, operation);
    return;
  }
  const std::vector<std::string>& allowed = catalogue.operations[operation].allowed;
  const std::string& wanted = random.pick(allowed);
  const auto found =
      std::find_if(catalogue.diagnoses.begin(), catalogue.diagnoses.end(),
                   [&](const Diagnosis& diagnosis) { return diagnosis.code == wanted; });
  if (found == catalogue.diagnoses.end())
    return;
  const bool fits = found->sex == Sex::any || found->sex == claim.patient.sex;
  if (!fits || found->newborn)
    return;
  claim.diagnoses.push_back({static_cast<std::uint32_t>(found - catalogue.diagnoses.begin())});
  add(claim, random, operation);
}

bool would_justify(const Catalogue& catalogue, const Claim& claim, const Diagnosis& diagnosis) {
  return std::any_of(claim.findings.begin(), claim.findings.end(), [&](const Finding& finding) {
    if (finding.rule != Rule::operation_diagnosis)
      return false;
    const PerformedOperation& performed = claim.operations[finding.key - 1];
    return lists(catalogue.operations[performed.operation].allowed, diagnosis.code);
  });
}

} // namespace sanku::generate
