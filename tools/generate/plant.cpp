// The plans, and the planting of all rules but the pairs (plant_pair.cpp). A planted line is made
// of an item that nothing else in the claim touches, so that what follows from it can be said on
// the spot.
#include "tools/generate/plant.h"

#include "runtime/types/check.h"
#include "tools/generate/lines.h"
#include "tools/generate/plant_pair.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::generate {

namespace {

constexpr int attempts = 40;         // at finding a row that fits
constexpr double decoy_share = 0.03; // of settlements

bool planned(const std::vector<Plan>& plans, Rule rule) {
  return std::any_of(plans.begin(), plans.end(),
                     [&](const Plan& plan) { return plan.rule == rule; });
}

Rule draw_rule(Random& random, VisitKind kind) {
  // A pharmacy sells drugs only; the pairs weigh more because they have four windows.
  constexpr Rule any[] = {Rule::drug_sex,  Rule::drug_sex,  Rule::drug_child, Rule::drug_child,
                          Rule::per_day,   Rule::per_day,   Rule::per_day,    Rule::exclusive,
                          Rule::exclusive, Rule::exclusive, Rule::exclusive,  Rule::op_sex,
                          Rule::op_sex,    Rule::op_sex};
  return kind == VisitKind::pharmacy ? any[random.below(4)] : random.pick(any);
}

Birthday draw_birthday(Random& random, VisitKind kind, bool decoy) {
  const std::uint64_t at = random.below(100);
  if (decoy)
    return at < 75 ? Birthday::after_first_day : Birthday::after_leap_day;
  if (at < 50)
    return Birthday::adult;
  if (at < 60)
    return Birthday::leap_day;
  return at < 75 && kind == VisitKind::inpatient ? Birthday::after_first_day
                                                 : Birthday::on_first_day;
}

Plan draw_plan(Random& random, VisitKind kind, Rule rule, bool decoy) {
  const Birthday birthday =
      rule == Rule::drug_child ? draw_birthday(random, kind, decoy) : Birthday::any;
  return {.rule = rule, .decoy = decoy, .birthday = birthday};
}

Hundredths packs(Random& random) { return random.percent(10) ? 50 : 100 * random.between(1, 4); }

void record_line(Claim& claim, Rule rule, std::uint32_t key, std::string kind) {
  const Line& line = line_of(claim, key);
  claim.findings.push_back({.rule = rule,
                            .key = key,
                            .item = line.item,
                            .day = day_of(line.at),
                            .amount = line.amount,
                            .lines = {{key, line.amount}},
                            .kind = std::move(kind)});
}

std::optional<std::uint32_t> free_item(const Catalogue& catalogue, const Claim& claim,
                                       Random& random, const Pool& pool) {
  if (pool.empty())
    return std::nullopt;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    // Not by popularity: every published row is as likely to be violated.
    const std::uint32_t item = random.pick(pool.items);
    if (is_free(catalogue, claim, item))
      return item;
  }
  return std::nullopt;
}

void plant_drug_sex(const Catalogue& catalogue, Claim& claim, Random& random) {
  const Sex other = claim.patient.sex == Sex::male ? Sex::female : Sex::male;
  const Pool& pool = catalogue.drugs_of_sex[static_cast<std::size_t>(other)];
  const auto item = free_item(catalogue, claim, random, pool);
  if (!item)
    return;
  const std::uint64_t count = random.percent(75) ? 1 : 2;
  for (std::uint64_t i = 0; i < count; ++i) {
    const int day = static_cast<int>(random.between(0, claim.days - 1));
    const Candidate candidate{
        .item = *item, .at = usual_moment(claim, random, day), .quantity = packs(random)};
    const std::uint32_t key = add_reserved_line(catalogue, claim, candidate);
    record_line(claim, Rule::drug_sex, key, count == 1 ? "sex/one line" : "sex/two lines");
  }
}

std::string_view name_of(Birthday birthday) {
  switch (birthday) {
  case Birthday::any:
    return "any";
  case Birthday::adult:
    return "adult";
  case Birthday::on_first_day:
    return "18th birthday";
  case Birthday::after_first_day:
    return "18th birthday in stay";
  case Birthday::leap_day:
    return "born 29 February";
  case Birthday::after_leap_day:
    return "born 29 February, day before";
  }
  unreachable("a birthday has a name");
}

void plant_drug_child(const Catalogue& catalogue, Claim& claim, Random& random, const Plan& plan) {
  const auto item = free_item(catalogue, claim, random, catalogue.child_drugs);
  if (!item)
    return;
  const bool eve =
      plan.birthday == Birthday::after_first_day || plan.birthday == Birthday::after_leap_day;
  if (eve) { // the last day under 18: paid
    add_reserved_line(catalogue, claim,
                      {.item = *item, .at = usual_moment(claim, random, 0), .quantity = 100});
  }
  if (plan.decoy)
    return;
  const Moment moment = usual_moment(claim, random, eve ? 1 : 0);
  const std::uint32_t key =
      add_reserved_line(catalogue, claim, {.item = *item, .at = moment, .quantity = packs(random)});
  record_line(claim, Rule::drug_child, key, fmt::format("child/{}", name_of(plan.birthday)));
}

void plant_op_sex(const Catalogue& catalogue, Claim& claim, Random& random) {
  const Sex other = claim.patient.sex == Sex::male ? Sex::female : Sex::male;
  const auto& pool = catalogue.operations_of_sex[static_cast<std::size_t>(other)];
  if (pool.empty())
    return;
  const std::uint32_t operation = random.pick(pool);
  const auto key = static_cast<std::uint32_t>(claim.operations.size() + 1);
  const auto day = static_cast<Day>(claim.first_day + random.between(0, claim.days - 1));
  claim.operations.push_back({.operation = operation, .key = key, .day = day});
  claim.findings.push_back({.rule = Rule::op_sex,
                            .key = key,
                            .item = 0,
                            .day = day,
                            .amount = std::nullopt,
                            .lines = {},
                            .kind = "operation/one"});
}

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
  Finding finding{.rule = Rule::per_day,
                  .key = 0,
                  .item = item,
                  .day = day,
                  .amount = 0,
                  .lines = {},
                  .kind = {}};
  Hundredths before = 0;
  for (const Line& line : lines) {
    const Hundredths part = std::min(line.quantity, before + line.quantity - max);
    before += line.quantity;
    if (part <= 0)
      continue;
    // amount × part / quantity, half away from zero; a whole line is its own amount.
    const Cents amount = (2 * line.amount * part + line.quantity) / (2 * line.quantity);
    finding.lines.push_back({line.key, amount});
    finding.amount = *finding.amount + amount;
  }
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

void plant_per_day(const Catalogue& catalogue, Claim& claim, Random& random, bool decoy) {
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

} // namespace

std::vector<Plan> draw_plans(Random& random, VisitKind kind, double violation_rate) {
  std::vector<Plan> plans;
  if (random.chance(violation_rate)) {
    const std::uint64_t at = random.below(100);
    const std::size_t count = at < 80 ? 1 : at < 95 ? 2 : 3;
    for (std::size_t i = 0; i < count; ++i) {
      const Rule rule = draw_rule(random, kind);
      if (!planned(plans, rule))
        plans.push_back(draw_plan(random, kind, rule, false));
    }
  }
  if (random.chance(decoy_share)) {
    constexpr Rule near_misses[] = {Rule::drug_child, Rule::per_day, Rule::exclusive,
                                    Rule::exclusive};
    const Rule rule = kind == VisitKind::pharmacy ? Rule::drug_child : random.pick(near_misses);
    if (!planned(plans, rule))
      plans.push_back(draw_plan(random, kind, rule, true));
  }
  return plans;
}

void plant(const Catalogue& catalogue, Claim& claim, Random& random, const Plan& plan) {
  switch (plan.rule) {
  case Rule::drug_sex:
    return plant_drug_sex(catalogue, claim, random);
  case Rule::drug_child:
    return plant_drug_child(catalogue, claim, random, plan);
  case Rule::per_day:
    return plant_per_day(catalogue, claim, random, plan.decoy);
  case Rule::exclusive:
    return plant_pair(catalogue, claim, random, plan.decoy);
  case Rule::op_sex:
    return plant_op_sex(catalogue, claim, random);
  }
}

Moment usual_moment(const Claim& claim, Random& random, int day) {
  if (claim.kind != VisitKind::inpatient)
    return claim.opening + random.between(0, Moment{80} * 60);
  return at(claim.first_day + day, 8, 0) + random.between(0, 11 * hour_long - 1);
}

} // namespace sanku::generate
