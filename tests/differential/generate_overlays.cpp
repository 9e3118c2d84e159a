// Random overlays on a random module: rows of its tables move to layers, keys are removed,
// parameters and rules changed, and its visits get places. Entries: add_overlays, overlays_of
// (module.h).
#include "tests/differential/module.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::differential {
namespace {

constexpr std::string_view none = "";

std::vector<std::string> lines_of(const std::string& csv) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < csv.size();) {
    const std::size_t end = csv.find('\n', at);
    lines.push_back(csv.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// The key stands first; one in quotes is left alone.
std::string key_of(const std::string& row) {
  return row.starts_with('"') ? std::string() : row.substr(0, row.find(','));
}

// Some rows of a table become a layer's, and some of those that stay are removed there.
void change_rows(Random& random, Table& table, ModuleOverlay& overlay,
                 std::vector<std::pair<std::string, std::string>>& files) {
  std::vector<std::string> lines = lines_of(table.csv);
  std::string base = lines.front() + "\n", moved = base, removed;
  std::vector<std::string> keys;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const bool stays = std::ranges::find(table.removed, key_of(lines[i])) != table.removed.end();
    if (i > 1 && !stays && random.chance(25)) {
      moved += lines[i] + "\n";
      continue;
    }
    base += lines[i] + "\n";
    const std::string key = key_of(lines[i]);
    // What a later publication ends may be there no more.
    const bool ends = table.declaration.find("replaces") != std::string::npos;
    if (!key.empty() && !ends && !stays && random.chance(15) &&
        std::ranges::find(keys, key) == keys.end()) {
      keys.push_back(key);
      table.removed.push_back(key);
      removed += fmt::format("{}\"{}\"", removed.empty() ? "" : ", ", key);
    }
  }
  table.csv = base;
  std::string change =
      fmt::format("  knowledge {}", random.chance(50) ? table.name : table.name_zh);
  const std::string file = fmt::format("{}_{}.csv", table.name, overlay.name);
  files.emplace_back(file, moved);
  change += fmt::format(" add from \"{}\"", file);
  if (!removed.empty())
    change += fmt::format(" remove {{ {} }}", removed);
  overlay.changes += change + "\n";
}

// What a layer says of a rule; nothing that the checker would refuse.
std::string rule_change(Random& random, const std::string& id, const std::string& rule) {
  const bool mandatory = rule.find("\n  mandatory\n") != std::string::npos ||
                         rule.find("\n  强制\n") != std::string::npos;
  if (mandatory || !random.chance(35))
    return {};
  const std::string_view days[] = {none, " from 2026-03-01", " until 2026-03-01",
                                   " from 2025-01-01 until 2026-03-01"};
  const std::string when(random.of(days));
  if (rule.find("when unknown") != std::string::npos || random.chance(50))
    return fmt::format("  disable {}{} because \"停用\"\n", id, when);
  constexpr std::string_view severities[] = {"suspected", "reminder", "lead"};
  if (rule.find("violation") == std::string::npos)
    return fmt::format("  severity {} indicator{} because \"调整\"\n", id, when);
  return fmt::format("  severity {} {}{} because \"调整\"\n", id, random.of(severities), when);
}

std::string id_of(const std::string& rule) {
  const std::size_t at = rule.find("rule R");
  return at == std::string::npos ? "" : rule.substr(at + 5, rule.find(' ', at + 5) - at - 5);
}

void place(Random& random, const World& world, testing::Visit& visit) {
  constexpr std::string_view places[] = {"330102", "330200", "3301", "440100", "110000", "330000"};
  for (const schema::Role role : {schema::Role::care_area, schema::Role::insured_area}) {
    const auto column = schema::column_with(world.schema().relations[0], role);
    if (!column)
      continue;
    Value& cell = visit.rows[0][0][*column];
    if (random.chance(20))
      cell = Unknown{};
    else
      cell = CodeText{std::string(random.of(places))};
  }
}

} // namespace

hir::LocalDefaults random_defaults(Random& random) {
  using hir::RegionalDefault;
  hir::LocalDefaults made;
  const auto add = [&](RegionalDefault which, std::initializer_list<std::int64_t> values) {
    if (random.chance(50))
      made.push_back(
          {.which = which, .value = *(values.begin() + random.below(values.size())), .span = {}});
  };
  add(RegionalDefault::stay_counts_last, {0, 1});
  add(RegionalDefault::stay_at_least, {0, 1});
  add(RegionalDefault::newborn_days, {1, 30, 365});
  // Days of the dates that visits have, and the ends of years.
  add(RegionalDefault::insurance_year, {101, 228, 301, 303, 701, 1231});
  return made;
}

void add_overlays(Random& random, const World& world, Module& module) {
  module.overlays = {{.name = "north", .below = 0, .region = "330000"},
                     {.name = "city", .below = 1, .region = "330100"},
                     {.name = "south", .below = 0, .region = "440000"}};
  for (ModuleOverlay& overlay : module.overlays) {
    if (random.chance(60))
      overlay.changes += fmt::format("  param p0 = {} days{}\n", random.between(7, 30),
                                     random.chance(50) ? " from 2026-03-01" : "");
    if (random.chance(50))
      overlay.defaults = random_defaults(random);
    if (random.chance(60))
      overlay.changes += "  param p1 = 1.25, 3 from 2026-03-01\n";
    if (random.chance(50))
      overlay.changes +=
          random.chance(50) ? "  param q0 = 25\n" : "  参数 秩甲 = 99.5 自 2026-03-01\n";
    for (Table& table : module.tables)
      if (overlay.name != "city" ? random.chance(50) : random.chance(25))
        change_rows(random, table, overlay, module.files);
    for (const Piece& rule : module.rules) {
      const std::string text = render(rule), id = id_of(text);
      if (!id.empty())
        overlay.of_rules[id] = rule_change(random, id, text);
    }
  }
  for (testing::Visit& visit : module.visits)
    place(random, world, visit);
  if (random.chance(30))
    module.region = "330106";
  if (random.chance(20))
    module.as_of = "2026-03-01";
}

std::vector<testing::Texts::Overlay> overlays_of(const Module& module) {
  std::vector<testing::Texts::Overlay> made;
  for (const ModuleOverlay& overlay : module.overlays) {
    std::string text =
        fmt::format("overlay {} on {} region \"{}\" {{\n{}", overlay.name,
                    overlay.below == 0 ? "national" : module.overlays[overlay.below - 1].name,
                    overlay.region, overlay.changes);
    for (const Piece& rule : module.rules)
      if (const auto change = overlay.of_rules.find(id_of(render(rule)));
          change != overlay.of_rules.end())
        text += change->second;
    text += fmt::format("  rule Z_{} \"本地\" {{\n    on item\n    when item.quantity > 2\n"
                        "    report reminder \"多\"\n  }}\n}}\n",
                        overlay.name);
    made.push_back({.name = overlay.name,
                    .below = overlay.below,
                    .text = std::move(text),
                    .defaults = overlay.defaults});
  }
  return made;
}

} // namespace sanku::differential
