// One or two lines of an item that a rule restricts. What a line breaks is asked of the table of
// limits, so a line that breaks two rules is recorded under both.
#include "tools/generate/limits.h"
#include "tools/generate/lines.h"
#include "tools/generate/plant_shapes.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::generate {

namespace {

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
  case Birthday::third:
    return "third birthday";
  case Birthday::before_third:
    return "third birthday in stay";
  case Birthday::newborn_over:
    return "29 days old";
  case Birthday::newborn_last:
    return "29 days old in stay";
  }
  return "";
}

// The last day on which the patient is still young enough.
bool is_eve(Birthday birthday) {
  return birthday == Birthday::after_first_day || birthday == Birthday::after_leap_day ||
         birthday == Birthday::before_third || birthday == Birthday::newborn_last;
}

// Whether the item's group is the one that the birthday is about.
bool suits(const Item& item, Birthday birthday) {
  switch (birthday) {
  case Birthday::any:
  case Birthday::adult:
    return true;
  case Birthday::on_first_day:
  case Birthday::after_first_day:
  case Birthday::leap_day:
  case Birthday::after_leap_day:
    return item.people == People::child;
  case Birthday::third:
  case Birthday::before_third:
    return item.people == People::infant;
  case Birthday::newborn_over:
  case Birthday::newborn_last:
    return item.people == People::newborn;
  }
  return false;
}

std::vector<std::uint32_t> rows_for(const Catalogue& catalogue, const Plan& plan) {
  std::vector<std::uint32_t> rows = catalogue.by_rule[static_cast<std::size_t>(plan.rule)];
  std::erase_if(rows,
                [&](std::uint32_t at) { return !suits(catalogue.items[at], plan.wish.birthday); });
  return rows;
}

std::vector<int> draw_days(const Claim& claim, Random& random, const Plan& plan) {
  if (is_eve(plan.wish.birthday) && plan.decoy)
    return {0};
  if (is_eve(plan.wish.birthday))
    return {0, 1};
  if (plan.wish.birthday != Birthday::any)
    return {0};
  std::vector<int> days;
  const std::size_t count = random.percent(75) ? 1 : 2;
  days.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    days.push_back(static_cast<int>(random.between(0, claim.days - 1)));
  return days;
}

bool breaks(const Item& item, const Claim& claim, int day, const Plan& plan, bool self_paid) {
  const std::vector<Rule> broken = broken_by(item, claim, claim.first_day + day, self_paid);
  return std::find(broken.begin(), broken.end(), plan.rule) != broken.end();
}

// A decoy is silent altogether, and would not be if nobody had paid for it.
bool fits(const Item& item, const Claim& claim, const std::vector<int>& days, const Plan& plan) {
  if (!plan.decoy)
    return breaks(item, claim, days.back(), plan, plan.self_paid);
  const bool silent = std::all_of(days.begin(), days.end(), [&](int day) {
    return broken_by(item, claim, claim.first_day + day, plan.self_paid).empty();
  });
  if (plan.wish.unclear_sex)
    return silent && item.sex != claim.patient.sex;
  return silent && (!plan.self_paid || breaks(item, claim, days.front(), plan, false));
}

} // namespace

void plant_item(const Catalogue& catalogue, Claim& claim, Random& random, const Plan& plan) {
  const std::vector<std::uint32_t> rows = rows_for(catalogue, plan);
  const std::vector<int> days = draw_days(claim, random, plan);
  for (int attempt = 0; attempt < attempts && !rows.empty(); ++attempt) {
    // Not by popularity: every published row is as likely to be violated.
    const std::uint32_t at = random.pick(rows);
    const Item& item = catalogue.items[at];
    if (!is_unused(catalogue, claim, at) || !fits(item, claim, days, plan))
      continue;
    const bool once = item.daily_max > 0 && days.size() > 1 && days[0] == days[1];
    const std::string_view scene = plan.wish.birthday != Birthday::any ? name_of(plan.wish.birthday)
                                   : days.size() == 1 || once          ? "one line"
                                                                       : "two lines";
    for (const int day : once ? std::vector<int>{days[0]} : days) {
      const std::uint32_t prescription =
          item.kind == ItemKind::piece ? claim.next_prescription++ : 0;
      const Candidate candidate{.item = at,
                                .at = usual_moment(claim, random, day),
                                .quantity = usual_quantity(random, item),
                                .prescription = prescription,
                                .self_paid = plan.self_paid};
      const std::uint32_t key = add_reserved_line(catalogue, claim, candidate);
      const Day date = claim.first_day + day;
      for (const Rule rule : broken_by(item, claim, date, plan.self_paid)) {
        const std::string_view how = rule == plan.rule ? scene : "beside another";
        Finding finding =
            finding_of(rule, key, {line_of(claim, key)}, fmt::format("{}/{}", slug_of(rule), how));
        finding.says =
            asks(rule, item, claim, date) ? Finding::Says::suspected : Finding::Says::violation;
        claim.findings.push_back(std::move(finding));
      }
    }
    return;
  }
}

} // namespace sanku::generate
