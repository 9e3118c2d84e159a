// Diagnoses and operations: the registers, and what op_sex and op_dx_allowed say of operations.
#include "tools/generate/invented.h"
#include "tools/generate/json_text.h"
#include "tools/generate/published_read.h"
#include "tools/generate/vocabulary.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace sanku::generate {

namespace {

Sex sex_of_diagnosis(std::string_view code) {
  const std::string_view category = code.substr(0, 3);
  const auto between = [&](std::string_view low, std::string_view high) {
    return low <= category && category <= high;
  };
  if (code.starts_with('O') || between("C51", "C58") || between("D25", "D28") ||
      between("N70", "N98") || between("Z32", "Z39")) {
    return Sex::female;
  }
  return between("C60", "C63") || between("N40", "N51") ? Sex::male : Sex::any;
}

bool is_birth(std::string_view code) {
  const std::string_view category = code.substr(0, 3);
  return ("O80" <= category && category <= "O84") || category == "Z37" || category == "Z38";
}

Result<std::monostate> read_diagnoses(Draft& draft, const CatalogueFiles& files) {
  const std::filesystem::path file = files.codes / "icd10_yb.csv";
  const Result<Rows> listed = read_columns(files.pack / "knowledge" / "sex_unclear.csv", {"code"});
  if (!listed)
    return tl::unexpected<Error>(listed.error());
  std::set<std::string> unclear;
  for (const Row& row : *listed)
    unclear.insert(row[0]);
  const Result<Rows> rows = read_columns(file, {"code", "name"});
  if (!rows)
    return tl::unexpected<Error>(rows.error());
  std::vector<Diagnosis>& diagnoses = draft.catalogue.diagnoses;
  for (const Row& row : *rows) {
    // V to Y say how an injury came about; they are not what a patient comes for.
    if (row[0].size() < 5 || (row[0][0] >= 'V' && row[0][0] <= 'Y'))
      continue;
    Diagnosis diagnosis{.code = row[0],
                        .name = row[1],
                        .sex = sex_of_diagnosis(row[0]),
                        .newborn = row[0][0] == 'P',
                        .birth = is_birth(row[0]),
                        .json = {}};
    append_field(diagnosis.json, "dise_codg", row[0]);
    append_field(diagnosis.json, "dise_name", row[1]);
    diagnoses.push_back(std::move(diagnosis));
  }
  for (Diagnosis& diagnosis : diagnoses)
    diagnosis.unclear_sex = unclear.contains(diagnosis.code);
  Random(catalogue_seed, Purpose::order, 1).shuffle(diagnoses);
  const std::set<std::string_view> common(std::begin(common_diagnoses), std::end(common_diagnoses));
  const auto rest =
      std::stable_partition(diagnoses.begin(), diagnoses.end(), [&](const Diagnosis& diagnosis) {
        return common.contains(diagnosis.code);
      });
  if (rest == diagnoses.begin())
    return bad_cell(file, "code", "");
  for (std::uint32_t at = 0; at < diagnoses.size(); ++at) {
    if (diagnoses[at].unclear_sex)
      draft.catalogue.unclear_sex.push_back(at);
  }
  draft.catalogue.diagnosis_popularity = zipf(diagnoses.size());
  draft.catalogue.common_diagnosis_popularity =
      zipf(static_cast<std::size_t>(rest - diagnoses.begin()));
  return std::monostate{};
}

// What the tables say of an operation.
struct OperationLimits {
  Sex sex = Sex::any;
  std::vector<std::string> allowed; // diagnoses
};
using Limits = std::map<std::string, OperationLimits>;

// Whether the register puts `code` above or below a code of the tables.
bool related(const Limits& limits, const std::string& code) {
  const auto below = limits.lower_bound(code);
  if (below != limits.end() && below->first.starts_with(code))
    return true;
  for (std::size_t length = 2; length < code.size(); ++length) {
    if (limits.contains(code.substr(0, length)))
      return true;
  }
  return false;
}

Result<Limits> read_limits(const CatalogueFiles& files) {
  const std::filesystem::path folder = files.pack / "knowledge";
  const Result<Rows> sexes = read_columns(folder / "op_sex.csv", {"code", "sex"});
  if (!sexes)
    return tl::unexpected<Error>(sexes.error());
  const Result<Rows> allowed = read_columns(folder / "op_dx_allowed.csv", {"op", "dx"});
  if (!allowed)
    return tl::unexpected<Error>(allowed.error());
  Limits limits;
  for (const Row& row : *sexes)
    limits[row[0]].sex = sex_of(row[1]);
  for (const Row& row : *allowed)
    limits[row[0]].allowed.push_back(row[1]);
  for (auto& [code, limit] : limits)
    std::sort(limit.allowed.begin(), limit.allowed.end());
  return limits;
}

// A code above or below one of the tables is left out: whether a table's key stands for what is
// below it is the table's to say, and what is generated has to be right either way.
Result<std::monostate> read_operations(Draft& draft, const CatalogueFiles& files) {
  const Result<Limits> limits = read_limits(files);
  if (!limits)
    return tl::unexpected<Error>(limits.error());
  const Result<Rows> rows = read_columns(files.codes / "icd9cm3_yb.csv", {"code", "name"});
  if (!rows)
    return tl::unexpected<Error>(rows.error());
  std::vector<Operation>& operations = draft.catalogue.operations;
  for (const Row& row : *rows) {
    const auto limit = limits->find(row[0]);
    if (row[0].size() < 5 || (limit == limits->end() && related(*limits, row[0])))
      continue;
    const OperationLimits none;
    const OperationLimits& said = limit == limits->end() ? none : limit->second;
    Operation operation{
        .code = row[0], .name = row[1], .sex = said.sex, .allowed = said.allowed, .json = {}};
    append_field(operation.json, "oprn_code", row[0]);
    append_field(operation.json, "oprn_name", row[1]);
    operations.push_back(std::move(operation));
  }
  Random(catalogue_seed, Purpose::order, 2).shuffle(operations);
  if (operations.empty())
    return bad_cell(files.codes / "icd9cm3_yb.csv", "code", "");
  for (std::uint32_t i = 0; i < operations.size(); ++i) {
    const auto of = static_cast<std::size_t>(operations[i].sex);
    draft.catalogue.operations_of_sex[of].push_back(i);
    if (!operations[i].allowed.empty())
      draft.catalogue.judged_operations.push_back(i);
  }
  draft.catalogue.operation_popularity = zipf(operations.size());
  return std::monostate{};
}

} // namespace

Result<std::monostate> read_codes(Draft& draft, const CatalogueFiles& files) {
  const Result<std::monostate> done = read_diagnoses(draft, files);
  return done ? read_operations(draft, files) : done;
}

} // namespace sanku::generate
