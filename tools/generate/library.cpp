// One function a table, or a few that are alike. What is planted from is chosen so that one rule
// speaks of it and no other: an item that two tables restrict is left out altogether.
#include "tools/generate/library.h"

#include "tools/generate/invented.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace sanku::generate {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view bed_fees[] = {
    "001109000010000", "001109000010100", "001109000010200", "001109000010300", "001109000010400",
    "001109000010500", "001109000020000", "001109000020100", "001109000020200", "001109000020300",
    "001109000030000", "001109000030100", "001109000040000"};
constexpr std::string_view graded_nursing[] = {"001201000020000", "001201000030000",
                                               "001201000040000", "001201000050000"};
// Of those, what is in no table of daily limits: another kind of bed, and the highest grade.
constexpr std::string_view other_bed = "001109000010200", other_nursing = "001201000020000";

struct Reader {
  Draft& draft;
  const fs::path folder;
  Catalogue& catalogue = draft.catalogue;
  std::set<std::string> names = {}; // that tables of labels and of the problem list go by
  std::map<std::uint32_t, int> spoken_of = {}; // items: by how many of these tables
  std::uint64_t made = 0;                      // codes for names

  // The rows of a table; none where the pack has no such table, or not these columns.
  [[nodiscard]] Rows rows(std::string_view table, const std::vector<std::string_view>& columns) {
    auto read = read_columns(folder / table, columns);
    return read ? std::move(*read) : Rows();
  }
  [[nodiscard]] bool is_new(const std::string& code) const { return !draft.by_code.contains(code); }

  // An item that is known by its name only gets a code of its own.
  std::uint32_t named(const std::string& name, ItemKind kind) {
    ++made;
    const std::string code = kind == ItemKind::consumable ? fmt::format("C99{:017}", made)
                             : kind == ItemKind::service
                                 ? fmt::format("0099{:011}", made)
                                 : fmt::format("XV99ZZZ{:03}A001010100{:03}", made, made);
    const std::uint32_t at = item_of(draft, code, name, kind);
    if (kind == ItemKind::consumable) {
      Item& item = catalogue.items[at];
      item.category = "08", item.spec = "1个/包", item.unit = "个";
    }
    catalogue.items[at].apart = true;
    return at;
  }
  std::uint32_t apart(const std::string& code, const std::string& name, ItemKind kind) {
    const std::uint32_t at = item_of(draft, code, name, kind);
    catalogue.items[at].apart = true;
    ++spoken_of[at];
    return at;
  }

  // ---- drugs by code

  static ItemKind drug_kind(const std::string& code) {
    return code.starts_with('X') ? ItemKind::western_drug : ItemKind::patent_drug;
  }
  void indications() {
    std::map<std::string, LibraryItem> found;
    std::set<std::string> open; // some way of them names no disease, or an age
    for (const Row& row : rows("indication.csv", {"code", "drug_name", "diagnosis"})) {
      const bool fresh = is_new(row[0]);
      const std::uint32_t at = item_of(draft, row[0], row[1], drug_kind(row[0]));
      catalogue.items[at].apart = true;
      auto [entry, first] =
          found.try_emplace(row[0], LibraryItem{.item = at, .name = {}, .set = {}});
      spoken_of[at] += first ? 1 : 0;
      if (first && !fresh)
        open.insert(row[0]);
      if (row[2].empty())
        open.insert(row[0]);
      entry->second.set += (entry->second.set.empty() ? "" : ";") + row[2];
    }
    for (auto& [code, item] : found)
      if (!open.contains(code))
        catalogue.library.indicated.push_back(std::move(item));
  }
  void children() {
    std::map<std::string, bool> fresh;
    for (const Row& row : rows("drug_child_pay.csv", {"code", "drug_name"})) {
      const bool is = is_new(row[0]);
      const std::uint32_t at = apart(row[0], row[1], drug_kind(row[0]));
      if (is)
        catalogue.library.for_children.push_back(at);
    }
  }

  // ---- drugs by name

  void labels() {
    std::map<std::string, int> tables;
    std::map<std::string, Row> elder, maternal;
    std::vector<Row> contra, interact;
    for (Row& row : rows("drug_elder.csv", {"drug_name"}))
      ++tables[row[0]], elder.emplace(row[0], row);
    for (Row& row : rows("drug_maternal.csv", {"drug_name", "group"}))
      ++tables[row[0]], maternal.emplace(row[0], row);
    for (Row& row : rows("drug_contra.csv", {"drug_name", "diagnosis", "severe"}))
      ++tables[row[0]], contra.push_back(row);
    std::map<std::string, int> partners;
    for (Row& row : rows("drug_interact.csv", {"drug_name", "partner"})) {
      if (partners[row[0]]++ == 0)
        ++tables[row[0]];
      interact.push_back(row);
    }
    for (const auto& [name, count] : tables)
      names.insert(name);
    const auto alone = [&](const std::string& name) { return tables[name] == 1; };
    for (const auto& [name, row] : elder)
      if (alone(name))
        catalogue.library.for_the_old.push_back(named(name, ItemKind::western_drug));
    for (const auto& [name, row] : maternal)
      if (alone(name) && row[1] != "哺乳期")
        catalogue.library.in_pregnancy.push_back(named(name, ItemKind::western_drug));
    for (const Row& row : contra)
      if (alone(row[0]) && row[2].empty() && !row[1].empty())
        contraindicated(row);
    for (const Row& row : interact)
      if (alone(row[0]) && !row[1].empty() && !tables.contains(row[1]))
        catalogue.library.interacting.push_back(
            {named(row[0], ItemKind::western_drug), named(row[1], ItemKind::western_drug)});
  }
  void contraindicated(const Row& row) {
    LibraryItem item{.item = named(row[0], ItemKind::western_drug), .name = {}, .set = row[1]};
    for (std::uint32_t i = 0; i < catalogue.diagnoses.size() && item.diagnoses.size() < 20; ++i) {
      const Diagnosis& diagnosis = catalogue.diagnoses[i];
      const bool plain = diagnosis.sex == Sex::any && !diagnosis.newborn &&
                         !diagnosis.unclear_sex && diagnosis.code.find('+') == std::string::npos;
      if (plain && holds(row[1], diagnosis.code))
        item.diagnoses.push_back(i);
    }
    if (!item.diagnoses.empty())
      catalogue.library.contraindicated.push_back(std::move(item));
  }

  // ---- services and consumables

  void services() {
    for (const Row& row : rows("surcharge.csv", {"code", "item_name", "main"})) {
      const std::uint32_t at = apart(row[0], row[1], ItemKind::service);
      catalogue.library.surcharges.push_back({.item = at, .name = row[2], .set = {}});
    }
    for (const Row& row : rows("item_period.csv", {"code", "item_name", "max"})) {
      const std::uint32_t at = apart(row[0], row[1], ItemKind::service);
      if (row[2] == "1")
        catalogue.library.by_period.push_back(at);
    }
    for (const Row& row : rows("item_course.csv", {"code", "item_name"}))
      // One line begins a course and cannot be beyond it.
      --spoken_of[apart(row[0], row[1], ItemKind::service)];
    for (const Row& row : rows("item_age.csv", {"code", "item_name"}))
      catalogue.library.of_working_age.push_back(apart(row[0], row[1], ItemKind::service));
  }
  void problems() {
    std::set<std::string> excused;
    for (const Row& row : rows("problem_unless.csv", {"name"}))
      excused.insert(row[0]);
    const Rows limits = rows("problem_limit.csv", {"name", "max"});
    const Rows pairs = rows("problem_pair.csv", {"sub", "main", "window", "evidence"});
    std::set<std::string> subs;
    for (const Row& row : pairs)
      subs.insert(row[0]);
    std::set<std::string> limited;
    for (const Row& row : limits)
      limited.insert(row[0]);
    names.insert(subs.begin(), subs.end());
    names.insert(limited.begin(), limited.end());
    for (const Row& row : limits)
      if (row[1] == "1" && !excused.contains(row[0]) && !subs.contains(row[0]))
        catalogue.library.once.push_back(named(row[0], ItemKind::service));
    std::set<std::string> planted;
    for (const Row& row : pairs) {
      const std::string main = row[1] + "（甲）";
      const bool plain = row[3].empty() && row[2] == "单日" && !limited.contains(row[0]) &&
                         row[0].find(row[1]) == std::string::npos;
      if (plain && planted.insert(row[0]).second)
        catalogue.library.contained.push_back(
            {named(row[0], ItemKind::service), named(main, ItemKind::service)});
    }
  }
  void consumables() {
    for (const Row& row : rows("consumable_disease.csv", {"name", "diagnosis"}))
      if (names.insert(row[0]).second && !row[1].empty())
        catalogue.library.for_diseases.push_back(
            {.item = named(row[0], ItemKind::consumable), .name = {}, .set = row[1]});
  }
  void stays() {
    for (const std::string_view code : bed_fees)
      mark_stay(code);
    for (const std::string_view code : graded_nursing)
      mark_stay(code);
    const auto of = [&](std::string_view code) -> std::optional<std::uint32_t> {
      const auto found = draft.by_code.find(std::string(code));
      return found == draft.by_code.end() ? std::nullopt : std::optional(found->second);
    };
    catalogue.library.other_bed = of(other_bed);
    catalogue.library.other_nursing = of(other_nursing);
  }
  void mark_stay(std::string_view code) {
    const auto found = draft.by_code.find(std::string(code));
    if (found != draft.by_code.end())
      catalogue.items[found->second].apart = true;
  }

  // ---- diagnoses

  void diagnoses() {
    std::map<std::string, std::uint32_t> by_code;
    for (std::uint32_t i = 0; i < catalogue.diagnoses.size(); ++i)
      by_code.emplace(catalogue.diagnoses[i].code, i);
    const auto find = [&](const std::string& code) -> std::optional<std::uint32_t> {
      const auto found = by_code.find(code);
      if (found == by_code.end())
        return std::nullopt;
      catalogue.diagnoses[found->second].apart = true;
      return found->second;
    };
    for (const Row& row : rows("dx_sex.csv", {"code", "sex"}))
      if (const auto at = find(row[0]))
        catalogue.library.of_sex[static_cast<std::size_t>(sex_of(row[1]))].push_back(*at);
    for (const Row& row : rows("dx_age.csv", {"code", "group"}))
      if (const auto at = find(row[0]))
        catalogue.library.of_the_young.push_back(*at);
    for (std::uint32_t i = 0; i < catalogue.diagnoses.size(); ++i) {
      const Diagnosis& diagnosis = catalogue.diagnoses[i];
      if (diagnosis.code.starts_with("O2") && diagnosis.code.find('+') == std::string::npos)
        catalogue.library.of_pregnancy.push_back(i);
      const bool plain = diagnosis.sex == Sex::any && diagnosis.code.find('+') == std::string::npos;
      if (plain && diagnosis.code.starts_with('S'))
        catalogue.library.of_injury.push_back(i);
    }
  }

  // An item of another table that goes by one of these names, or that several of these tables speak
  // of, is nothing to plant from; ordinary lines leave out all of them.
  void settle() {
    for (Item& item : catalogue.items)
      item.apart = item.apart || names.contains(item.name);
    const auto crowded = [&](std::uint32_t at) {
      const Item& item = catalogue.items[at];
      return spoken_of[at] > 1 || names.contains(item.name) || item.daily_max > 0;
    };
    std::erase_if(catalogue.library.surcharges,
                  [&](const LibraryItem& each) { return crowded(each.item); });
    for (auto* list : {&catalogue.library.by_period, &catalogue.library.of_working_age,
                       &catalogue.library.for_children})
      std::erase_if(*list, crowded);
    std::erase_if(catalogue.library.indicated,
                  [&](const LibraryItem& each) { return crowded(each.item); });
    catalogue.library.names = names;
  }
};

} // namespace

bool holds(std::string_view set, std::string_view code) {
  while (!set.empty()) {
    const std::size_t end = std::min(set.find_first_of(";|"), set.size());
    const std::string_view element = set.substr(0, end);
    set.remove_prefix(std::min(end + 1, set.size()));
    const std::size_t dots = element.find("..");
    const std::string_view low = element.substr(0, std::min(dots, element.size()));
    const std::string_view high = dots == std::string_view::npos ? low : element.substr(dots + 2);
    if (low.empty())
      continue;
    if (code.starts_with(low) || code.starts_with(high) || (low <= code && code <= high))
      return true;
  }
  return false;
}

Result<std::monostate> read_library(Draft& draft, const CatalogueFiles& files) {
  const fs::path folder = files.pack / "knowledge";
  std::error_code failed;
  if (!fs::exists(folder / "indication.csv", failed))
    return std::monostate{};
  draft.catalogue.library.present = true;
  Reader reader{.draft = draft, .folder = folder};
  reader.indications();
  reader.children();
  reader.labels();
  reader.services();
  reader.problems();
  reader.consumables();
  reader.stays();
  reader.diagnoses();
  reader.settle();
  return std::monostate{};
}

} // namespace sanku::generate
