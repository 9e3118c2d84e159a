// An item that may be charged so often a day, charged more often: whole lines, a line that
// straddles the limit, lines of one moment. A decoy meets the limit exactly, on two days if there
// are two.
#include "tools/generate/lines.h"
#include "tools/generate/plant_shapes.h"

#include <algorithm>

namespace sanku::generate {

namespace {

// The quantities of one item on one day, in percent of the day's maximum.
struct DayScene {
  std::string_view kind;
  std::vector<Hundredths> percents;
  bool same_moment = false;
};

DayScene draw_excess(Random& random) {
  switch (random.below(7)) {
  case 0:
    return {"day/one line, double", {200}};
  case 1:
    return {"day/one line, half over", {150}};
  case 2:
    return {"day/whole lines", {100, 100, 100}};
  case 3:
    return {"day/straddling line", {60, 70}};
  case 4:
    return {"day/straddling and whole line", {60, 70, 50}};
  case 5:
    return {"day/same moment", {80, 60}, true};
  default:
    return {"day/equal lines", {60, 60}, true};
  }
}

// What lies beyond the first `max` of quantity, in canonical order of lines.
Finding beyond_first(const Claim& claim, std::uint32_t item, Day day, Hundredths max) {
  std::vector<Line> lines;
  for (const Line& line : claim.lines) {
    if (line.item == item && day_of(line.at) == day)
      lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end(), earlier);
  std::vector<Line> beyond;
  Hundredths before = 0;
  for (Line line : lines) {
    const Hundredths part = std::min(line.quantity, before + line.quantity - max);
    before += line.quantity;
    if (part <= 0)
      continue;
    // amount × part / quantity, half away from zero; a whole line is its own amount.
    line.amount = (2 * line.amount * part + line.quantity) / (2 * line.quantity);
    beyond.push_back(line);
  }
  Finding finding = finding_of(Rule::per_day, 0, beyond, {});
  finding.item = item;
  finding.day = day;
  return finding;
}

void add_day(const Catalogue& catalogue, Claim& claim, Random& random, std::uint32_t item, int day,
             const DayScene& scene) {
  const Hundredths max = catalogue.items[item].daily_max;
  const Moment moment = usual_moment(claim, random, day);
  Hundredths rest = max;
  for (const Hundredths percent : scene.percents) {
    // What would leave a rounding rest takes it, so that decoys meet the maximum exactly.
    const Hundredths share = max * percent / 100;
    const Hundredths quantity = share + 1 == rest ? rest : share;
    rest -= quantity;
    const Moment at = scene.same_moment ? moment : usual_moment(claim, random, day);
    add_reserved_line(catalogue, claim, {.item = item, .at = at, .quantity = quantity});
  }
}

} // namespace

void plant_day(const Catalogue& catalogue, Claim& claim, Random& random, bool decoy) {
  if (catalogue.limited.empty())
    return;
  std::uint32_t item = random.pick(catalogue.limited);
  for (int attempt = 0; !is_free(catalogue, claim, item); ++attempt) {
    if (attempt == attempts)
      return;
    item = random.pick(catalogue.limited);
  }
  const int day = static_cast<int>(random.between(0, claim.days - 1));
  if (decoy) {
    const bool whole = random.percent(50);
    const DayScene exact{"",
                         whole ? std::vector<Hundredths>{100} : std::vector<Hundredths>{40, 60}};
    add_day(catalogue, claim, random, item, day, exact);
    if (day + 1 < claim.days)
      add_day(catalogue, claim, random, item, day + 1, exact);
    return;
  }
  const DayScene scene = draw_excess(random);
  add_day(catalogue, claim, random, item, day, scene);
  const Day date = claim.first_day + day;
  Finding finding = beyond_first(claim, item, date, catalogue.items[item].daily_max);
  finding.kind = scene.kind;
  claim.findings.push_back(std::move(finding));
}

} // namespace sanku::generate
