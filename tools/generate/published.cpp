// Each table is read by its columns' names and merged into items found by code; a value that the
// generator does not understand refuses the table rather than making wrong settlements.
#include "tools/generate/published.h"

#include "tools/generate/csv.h"
#include "tools/generate/invented.h"
#include "tools/generate/json_text.h"
#include "tools/generate/vocabulary.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <system_error>
#include <utility>
#include <variant>

namespace sanku::generate {

namespace {

using Row = std::vector<std::string>;
using Rows = std::vector<Row>;

// The catalogue while it is read: items are found by code.
struct Draft {
  Catalogue catalogue;
  std::map<std::string, std::uint32_t> by_code;
};

// The named columns of a file, in the order asked for.
Result<Rows> read_columns(const std::filesystem::path& file,
                          const std::vector<std::string_view>& names) {
  const Result<CsvTable> table = read_csv(file);
  if (!table)
    return tl::unexpected<Error>(table.error());
  const Result<std::vector<std::size_t>> positions = columns(*table, names);
  if (!positions)
    return tl::unexpected<Error>(positions.error());
  Rows rows;
  for (const Row& row : table->rows) {
    Row& cells = rows.emplace_back();
    for (const std::size_t position : *positions)
      cells.push_back(row[position]);
  }
  return rows;
}

tl::unexpected<Error> bad_cell(const std::filesystem::path& file, const std::string& key,
                               const std::string& cell) {
  return failure(fmt::format("{}: the row of {} has a value that is not known here: {}",
                             file.string(), key, cell),
                 fmt::format("{}：{} 一行的取值无法识别：{}", file.string(), key, cell));
}

Sex sex_of(std::string_view word) {
  return word == "男" ? Sex::male : word == "女" ? Sex::female : Sex::any;
}

std::uint32_t item_of(Draft& draft, const std::string& code, const std::string& name,
                      ItemKind kind) {
  std::vector<Item>& items = draft.catalogue.items;
  const auto [at, fresh] =
      draft.by_code.try_emplace(code, static_cast<std::uint32_t>(items.size()));
  if (fresh)
    items.push_back(Item{.code = code, .name = name, .kind = kind});
  return at->second;
}

std::uint32_t drug_of(Draft& draft, const std::string& code, const std::string& name) {
  return item_of(draft, code, name,
                 code.starts_with('X') ? ItemKind::western_drug : ItemKind::patent_drug);
}

Result<std::monostate> read_drug_sex(Draft& draft, const std::filesystem::path& file) {
  const Result<Rows> rows = read_columns(file, {"code", "drug_name", "sex"});
  if (!rows)
    return tl::unexpected<Error>(rows.error());
  for (const Row& row : *rows) {
    const Sex sex = sex_of(row[2]);
    if (sex == Sex::any)
      return bad_cell(file, row[0], row[2]);
    draft.catalogue.items[drug_of(draft, row[0], row[1])].sex = sex;
  }
  return std::monostate{};
}

Result<std::monostate> read_drug_child(Draft& draft, const std::filesystem::path& file) {
  const Result<Rows> rows = read_columns(file, {"code", "drug_name"});
  if (!rows)
    return tl::unexpected<Error>(rows.error());
  for (const Row& row : *rows)
    draft.catalogue.items[drug_of(draft, row[0], row[1])].child = true;
  return std::monostate{};
}

// A whole or decimal number of at most two places, as hundredths; 0 when it is none.
Hundredths parse_hundredths(std::string_view text) {
  Hundredths value = 0;
  int places = -1;
  for (const char c : text) {
    if (c == '.' && places < 0) {
      places = 0;
    } else if (c >= '0' && c <= '9' && value < 1'000'000'000 && places < 2) {
      value = value * 10 + (c - '0');
      if (places >= 0)
        ++places;
    } else {
      return 0;
    }
  }
  for (places = std::max(places, 0); places < 2; ++places)
    value *= 10;
  return value;
}

Result<std::monostate> read_per_day(Draft& draft, const std::filesystem::path& file) {
  const Result<Rows> rows = read_columns(file, {"code", "item_name", "max", "unit"});
  if (!rows)
    return tl::unexpected<Error>(rows.error());
  for (const Row& row : *rows) {
    const Hundredths max = parse_hundredths(row[2]);
    if (max <= 0)
      return bad_cell(file, row[0], row[2]);
    const std::uint32_t at = item_of(draft, row[0], row[1], ItemKind::service);
    draft.catalogue.items[at].daily_max = max;
    draft.catalogue.items[at].by_hour = row[3] == "小时";
    draft.catalogue.limited.push_back(at);
  }
  return std::monostate{};
}

Result<std::monostate> read_exclusive(Draft& draft, const std::filesystem::path& file) {
  const Result<Rows> rows = read_columns(file, {"sub", "sub_name", "main", "main_name", "window"});
  if (!rows)
    return tl::unexpected<Error>(rows.error());
  const std::map<std::string_view, PairWindow> windows = {{"单日", PairWindow::day},
                                                          {"单次就诊", PairWindow::visit},
                                                          {"6小时", PairWindow::six_hours},
                                                          {"同一小时", PairWindow::same_hour}};
  Catalogue& catalogue = draft.catalogue;
  for (const Row& row : *rows) {
    const auto window = windows.find(row[4]);
    if (window == windows.end())
      return bad_cell(file, row[0], row[4]);
    const std::uint32_t sub = item_of(draft, row[0], row[1], ItemKind::service);
    const std::uint32_t main = item_of(draft, row[2], row[3], ItemKind::service);
    const auto pair = static_cast<std::uint32_t>(catalogue.pairs.size());
    catalogue.pairs.push_back({.sub = sub, .main = main, .window = window->second});
    catalogue.pairs_of_window[static_cast<std::size_t>(window->second)].push_back(pair);
    catalogue.items[sub].pairs.push_back(pair);
    catalogue.items[sub].partners.push_back(main);
    catalogue.items[main].partners.push_back(sub);
  }
  for (Item& item : catalogue.items)
    std::sort(item.partners.begin(), item.partners.end());
  return std::monostate{};
}

// Drugs of real codes that a further published table restricts only by the hospital's level or to
// stays. A pack without these tables is as good.
Result<std::monostate> read_further_drugs(Draft& draft, const std::filesystem::path& folder) {
  const std::filesystem::path level = folder / "drug_level.csv",
                              mode = folder / "drug_visit_mode.csv";
  std::set<std::uint32_t> drugs;
  std::error_code ignored; // a file that cannot be looked up counts as absent
  if (std::filesystem::exists(level, ignored)) {
    const Result<Rows> rows = read_columns(level, {"code", "drug_name", "min_level"});
    if (!rows)
      return tl::unexpected<Error>(rows.error());
    for (const Row& row : *rows) {
      const std::uint32_t at = drug_of(draft, row[0], row[1]);
      draft.catalogue.items[at].min_level = row[2] == "二级" ? 2 : 3;
      drugs.insert(at);
    }
  }
  if (std::filesystem::exists(mode, ignored)) {
    const Result<Rows> rows = read_columns(mode, {"code", "drug_name"});
    if (!rows)
      return tl::unexpected<Error>(rows.error());
    for (const Row& row : *rows) {
      const std::uint32_t at = drug_of(draft, row[0], row[1]);
      draft.catalogue.items[at].inpatient_only = true;
      drugs.insert(at);
    }
  }
  for (const std::uint32_t at : drugs) {
    const Item& item = draft.catalogue.items[at];
    if (item.sex == Sex::any && !item.child)
      draft.catalogue.drugs.items.push_back(at);
  }
  return std::monostate{};
}

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

Result<std::monostate> read_diagnoses(Draft& draft, const std::filesystem::path& file) {
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
                        .json = {}};
    append_field(diagnosis.json, "dise_codg", row[0]);
    append_field(diagnosis.json, "dise_name", row[1]);
    diagnoses.push_back(std::move(diagnosis));
  }
  Random(catalogue_seed, Purpose::order, 1).shuffle(diagnoses);
  const std::set<std::string_view> common(std::begin(common_diagnoses), std::end(common_diagnoses));
  const auto rest =
      std::stable_partition(diagnoses.begin(), diagnoses.end(), [&](const Diagnosis& diagnosis) {
        return common.contains(diagnosis.code);
      });
  if (rest == diagnoses.begin())
    return bad_cell(file, "code", "");
  draft.catalogue.diagnosis_popularity = zipf(diagnoses.size());
  draft.catalogue.common_diagnosis_popularity =
      zipf(static_cast<std::size_t>(rest - diagnoses.begin()));
  return std::monostate{};
}

// Whether the register puts `code` at, above or below a code of the table.
bool related(const std::map<std::string, Sex>& table, const std::string& code) {
  const auto below = table.lower_bound(code);
  if (below != table.end() && below->first.starts_with(code))
    return true;
  for (std::size_t length = 2; length < code.size(); ++length) {
    if (table.contains(code.substr(0, length)))
      return true;
  }
  return false;
}

// A code above or below one of op_sex is left out: whether a table's key stands for what is below
// it is the table's to say, and what is generated has to be right either way.
Result<std::monostate> read_operations(Draft& draft, const CatalogueFiles& files) {
  const Result<Rows> limits =
      read_columns(files.pack / "knowledge" / "op_sex.csv", {"code", "sex"});
  if (!limits)
    return tl::unexpected<Error>(limits.error());
  std::map<std::string, Sex> sex;
  for (const Row& row : *limits)
    sex.emplace(row[0], sex_of(row[1]));
  const Result<Rows> rows = read_columns(files.codes / "icd9cm3_yb.csv", {"code", "name"});
  if (!rows)
    return tl::unexpected<Error>(rows.error());
  std::vector<Operation>& operations = draft.catalogue.operations;
  for (const Row& row : *rows) {
    const auto limit = sex.find(row[0]);
    if (row[0].size() < 5 || (limit == sex.end() && related(sex, row[0])))
      continue;
    Operation operation{.code = row[0],
                        .name = row[1],
                        .sex = limit == sex.end() ? Sex::any : limit->second,
                        .json = {}};
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
  }
  draft.catalogue.operation_popularity = zipf(operations.size());
  return std::monostate{};
}

} // namespace

Result<Catalogue> read_published(const CatalogueFiles& files) {
  Draft draft;
  const std::filesystem::path folder = files.pack / "knowledge";
  Result<std::monostate> done = read_drug_sex(draft, folder / "drug_sex.csv");
  if (done)
    done = read_drug_child(draft, folder / "drug_child.csv");
  if (done)
    done = read_per_day(draft, folder / "per_day.csv");
  if (done)
    done = read_exclusive(draft, folder / "exclusive.csv");
  if (done)
    done = read_further_drugs(draft, folder);
  if (done)
    done = read_diagnoses(draft, files.codes / "icd10_yb.csv");
  if (done)
    done = read_operations(draft, files);
  if (!done)
    return tl::unexpected<Error>(done.error());
  return std::move(draft.catalogue);
}

} // namespace sanku::generate
