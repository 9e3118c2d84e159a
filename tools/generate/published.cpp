// Each table is read by its columns' names and merged into items found by code; a value that the
// generator does not understand refuses the table rather than making wrong settlements. A table
// that says one thing of each item is one row of `item_tables`.
#include "tools/generate/published.h"

#include "tools/generate/json_text.h"
#include "tools/generate/library.h"
#include "tools/generate/published_read.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sanku::generate {

namespace {

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

ItemKind drug_kind(const std::string& code) {
  return code.starts_with('X') ? ItemKind::western_drug : ItemKind::patent_drug;
}

// Setters of what a cell says; false where they do not know it.
bool set_sex(Item& item, std::string_view cell) { return (item.sex = sex_of(cell)) != Sex::any; }

bool set_people(Item& item, std::string_view cell) {
  item.people = cell == "新生儿"   ? People::newborn
                : cell == "婴幼儿" ? People::infant
                : cell == "儿童"   ? People::child
                                   : People::everyone;
  return item.people != People::everyone;
}

bool set_fund(Item& item, std::string_view cell) {
  item.fund = cell == "工伤" ? Fund::work_injury : Fund::maternity;
  return cell == "工伤" || cell == "生育";
}

bool set_level(Item& item, std::string_view cell) {
  item.min_level = cell == "二级" ? 2 : 3;
  return cell == "二级" || cell == "三级";
}

bool set_open_from(Item& item, std::string_view cell) {
  if (!cell.empty())
    item.open_from = cell == "二级" ? 2 : 0;
  return cell.empty() || cell == "二级" || cell == "未定级";
}

bool set_visits(Item& item, std::string_view cell) {
  item.visits = cell == "住院" ? Visits::inpatient : Visits::emergency_or_inpatient;
  return cell == "住院" || cell == "急诊或住院";
}

// The days of a year stand for twelve months over all stays: within one visit nothing follows.
bool set_course(Item& item, std::string_view cell) {
  const Hundredths days = parse_hundredths(cell) / 100;
  item.course_days = days < 100 ? static_cast<int>(days) : 0;
  return days > 0;
}

bool set_course_doubt(Item& item, std::string_view cell) {
  item.course_doubtful = !cell.empty();
  return true;
}

bool set_internet(Item& item, std::string_view /*cell*/) { return item.internet_forbidden = true; }
bool set_never(Item& item, std::string_view /*cell*/) { return item.never_paid = true; }
bool set_alone(Item& item, std::string_view /*cell*/) { return item.not_paid_alone = true; }

struct ItemTable {
  std::string_view file;
  std::vector<std::string_view> columns; // code, name, value
  bool (*set)(Item& item, std::string_view cell);
};

const std::vector<ItemTable>& item_tables() {
  static const std::vector<ItemTable> tables = {
      {"drug_sex.csv", {"code", "drug_name", "sex"}, set_sex},
      {"item_sex.csv", {"code", "item_name", "sex"}, set_sex},
      {"drug_child.csv", {"code", "drug_name", "group"}, set_people},
      {"item_child.csv", {"code", "item_name", "group"}, set_people},
      {"drug_insurance.csv", {"code", "drug_name", "insurance"}, set_fund},
      {"drug_level.csv", {"code", "drug_name", "min_level"}, set_level},
      {"drug_level.csv", {"code", "drug_name", "open_from"}, set_open_from},
      {"drug_visit_mode.csv", {"code", "drug_name", "visit_mode"}, set_visits},
      {"drug_course.csv", {"code", "drug_name", "max_days"}, set_course},
      {"drug_course.csv", {"code", "drug_name", "exception"}, set_course_doubt},
      {"internet_forbidden.csv", {"code", "drug_name", "code"}, set_internet},
      {"tcm_never.csv", {"code", "piece", "code"}, set_never},
      {"tcm_alone.csv", {"code", "piece", "code"}, set_alone},
  };
  return tables;
}

Result<std::monostate> read_item_table(Draft& draft, const std::filesystem::path& folder,
                                       const ItemTable& table) {
  const std::filesystem::path file = folder / table.file;
  const Result<Rows> rows = read_columns(file, table.columns);
  if (!rows)
    return tl::unexpected<Error>(rows.error());
  for (const Row& row : *rows) {
    const ItemKind kind = table.columns[1] == "piece"       ? ItemKind::piece
                          : table.columns[1] == "drug_name" ? drug_kind(row[0])
                                                            : ItemKind::service;
    Item& item = draft.catalogue.items[item_of(draft, row[0], row[1], kind)];
    if (!table.set(item, row[2]))
      return bad_cell(file, row[0], row[2]);
  }
  return std::monostate{};
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
  return std::monostate{};
}

Result<std::monostate> read_incisions(Draft& draft, const std::filesystem::path& file) {
  const Result<Rows> rows = read_columns(file, {"code", "item_name", "group"});
  if (!rows)
    return tl::unexpected<Error>(rows.error());
  Catalogue& catalogue = draft.catalogue;
  std::map<std::string, std::uint32_t> groups;
  for (const Row& row : *rows) {
    const auto [at, fresh] = groups.try_emplace(
        row[2], static_cast<std::uint32_t>(catalogue.operations_of_group.size()));
    if (fresh)
      catalogue.operations_of_group.emplace_back();
    const std::uint32_t item = item_of(draft, row[0], row[1], ItemKind::service);
    catalogue.items[item].groups.push_back(at->second);
    catalogue.operations_of_group[at->second].push_back(item);
  }
  return std::monostate{};
}

// The pairs are published by name only: a piece that no table gives a code gets an invented one.
Result<std::monostate> read_piece_pairs(Draft& draft, const std::filesystem::path& file) {
  const Result<Rows> rows = read_columns(file, {"piece_a", "piece_b"});
  if (!rows)
    return tl::unexpected<Error>(rows.error());
  Catalogue& catalogue = draft.catalogue;
  std::map<std::string, std::uint32_t> by_name;
  for (std::uint32_t at = 0; at < catalogue.items.size(); ++at) {
    if (catalogue.items[at].kind == ItemKind::piece)
      by_name.emplace(catalogue.items[at].name, at);
  }
  const auto piece = [&](const std::string& name) {
    const auto known = by_name.find(name);
    if (known != by_name.end())
      return known->second;
    const std::uint32_t at =
        item_of(draft, fmt::format("T98{:07}", by_name.size()), name, ItemKind::piece);
    by_name.emplace(name, at);
    return at;
  };
  for (const Row& row : *rows) {
    const std::uint32_t first = piece(row[0]), second = piece(row[1]);
    catalogue.piece_pairs.push_back({.first = first, .second = second});
    catalogue.items[first].partners.push_back(second);
    catalogue.items[second].partners.push_back(first);
  }
  return std::monostate{};
}

Result<std::monostate> read_items(Draft& draft, const std::filesystem::path& folder) {
  Result<std::monostate> done = std::monostate{};
  for (const ItemTable& table : item_tables()) {
    if (done)
      done = read_item_table(draft, folder, table);
  }
  if (done)
    done = read_per_day(draft, folder / "per_day.csv");
  if (done)
    done = read_exclusive(draft, folder / "exclusive.csv");
  if (done)
    done = read_incisions(draft, folder / "incision_group.csv");
  if (done)
    done = read_piece_pairs(draft, folder / "tcm_pair.csv");
  for (Item& item : draft.catalogue.items)
    std::sort(item.partners.begin(), item.partners.end());
  return done;
}

} // namespace

Result<Rows> read_columns(const std::filesystem::path& file,
                          const std::vector<std::string_view>& names) {
  const Result<CsvTable> table = read_csv(file);
  if (!table)
    return tl::unexpected<Error>(table.error());
  const Result<std::vector<std::size_t>> positions = columns(*table, names);
  if (!positions)
    return tl::unexpected<Error>(positions.error());
  // What a later publication replaced says nothing any more.
  const Result<std::vector<std::size_t>> superseded = columns(*table, {"superseded"});
  Rows rows;
  for (const Row& row : table->rows) {
    if (superseded && !row[superseded->front()].empty())
      continue;
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

Result<Catalogue> read_published(const CatalogueFiles& files) {
  Draft draft;
  Result<std::monostate> done = read_items(draft, files.pack / "knowledge");
  if (done)
    done = read_codes(draft, files);
  if (done)
    done = read_library(draft, files);
  if (!done)
    return tl::unexpected<Error>(done.error());
  return std::move(draft.catalogue);
}

} // namespace sanku::generate
