// Stays in which something is done every few days, and more than examined (plant_library.h): two
// rules of the library look at what a stay has too little of.
#include "tools/generate/plant_library.h"
#include "tools/generate/plant_scene.h"

#include <iterator>
#include <optional>
#include <set>

namespace sanku::generate {

namespace {

constexpr int idle_days = 3;

bool is_treatment(const Catalogue& catalogue, const Line& line) {
  const std::string_view category = catalogue.items[line.item].category;
  return category == "05" || category == "06" || category == "09" || category == "11";
}
// What shows that the patient is there: pieces and tests as well.
bool is_active(const Catalogue& catalogue, const Line& line) {
  const std::string_view category = catalogue.items[line.item].category;
  return is_treatment(catalogue, line) || category == "03" || category == "04" || category == "10";
}

// The first day after which nothing is done for too long; none. A stay begins on the day of its
// first line and ends on that of its last.
std::optional<Day> pause_of(const Catalogue& catalogue, const Claim& claim) {
  const Stretch stretch = stretch_of(claim);
  std::set<Day> days = {stretch.first_day, stretch.last_day};
  for (const Line& line : claim.lines)
    if (is_active(catalogue, line))
      days.insert(day_of(line.at));
  for (auto day = days.begin(); day != days.end() && std::next(day) != days.end(); ++day)
    if (*std::next(day) - *day > idle_days)
      return *day;
  return std::nullopt;
}

bool add_treatment(const Catalogue& catalogue, Claim& claim, Random& random, Day day) {
  for (int attempt = 0; attempt < 4 * attempts; ++attempt) {
    // A treatment; where none fits, a drug.
    const bool late = attempt >= 2 * attempts;
    const std::uint32_t item = (late ? catalogue.drugs : catalogue.services).draw(random);
    const Candidate candidate{.item = item,
                              .at = usual_moment(claim, random, day - claim.first_day)};
    if ((!late && catalogue.items[item].category != "05") ||
        !admissible(catalogue, claim, candidate))
      continue;
    add_line(catalogue, claim, candidate);
    return true;
  }
  return false;
}

// Mostly examinations, in a short stay without an operation.
bool is_check_up(const Catalogue& catalogue, const Claim& claim) {
  Cents examined = 0, treated = 0, total = 0;
  for (const Line& line : claim.lines) {
    const std::string_view category = catalogue.items[line.item].category;
    total += line.amount;
    examined += category == "03" || category == "04" ? line.amount : 0;
    treated += is_treatment(catalogue, line) ? line.amount : 0;
  }
  const Stretch stretch = stretch_of(claim);
  return claim.operations.empty() && stretch.last_day - stretch.first_day <= 3 &&
         examined * 100 >= total * 65 && treated * 100 <= total * 15;
}

} // namespace

void keep_busy(const Catalogue& catalogue, Claim& claim, Random& random, bool idle) {
  if (claim.kind != VisitKind::inpatient)
    return;
  for (int more = 0; more < 60 && is_check_up(catalogue, claim); ++more)
    (void)add_treatment(catalogue, claim, random, stretch_of(claim).first_day);
  if (idle && pause_of(catalogue, claim)) {
    Scene scene{.catalogue = catalogue, .claim = claim, .random = random};
    std::vector<OffendingLine> lines;
    for (const Line& each : in_order(catalogue, claim.lines))
      if (catalogue.items[each.item].category == "01")
        lines.push_back({each.key, std::nullopt});
    scene.find(Rule::idle, Says::suspected, 0, std::move(lines)).amount = std::nullopt;
    return;
  }
  while (const auto pause = pause_of(catalogue, claim))
    if (!add_treatment(catalogue, claim, random, *pause + idle_days))
      return;
}

} // namespace sanku::generate
