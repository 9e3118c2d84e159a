// The plans: which rule, what it wants of the visit; and what all planters share.
#include "tools/generate/plant.h"

#include "runtime/types/check.h"
#include "tools/generate/lines.h"
#include "tools/generate/plant_shapes.h"

#include <algorithm>
#include <tuple>

namespace sanku::generate {

namespace {

constexpr double decoy_share = 0.05; // of settlements

bool planned(const std::vector<Plan>& plans, Rule rule) {
  return std::any_of(plans.begin(), plans.end(),
                     [&](const Plan& plan) { return plan.rule == rule; });
}

// A pharmacy sells drugs and pieces; a course and most operations need a stay. The pairs weigh more
// because they have four windows.
Rule draw_rule(Random& random, VisitKind kind) {
  using enum Rule;
  constexpr Rule outpatient[] = {drug_sex,  service_sex, drug_child, service_child, work_injury,
                                 maternity, level,       visit_mode, internet,      tcm_never,
                                 tcm_alone, tcm_pair,    per_day,    per_day,       exclusive,
                                 exclusive, exclusive,   exclusive,  incision,      operation_sex};
  constexpr Rule inpatient[] = {drug_sex,
                                service_sex,
                                drug_child,
                                service_child,
                                work_injury,
                                maternity,
                                level,
                                tcm_never,
                                tcm_alone,
                                tcm_pair,
                                course,
                                course,
                                course,
                                course,
                                per_day,
                                per_day,
                                exclusive,
                                exclusive,
                                exclusive,
                                exclusive,
                                incision,
                                incision,
                                operation_sex,
                                operation_sex,
                                operation_diagnosis,
                                operation_diagnosis,
                                operation_diagnosis};
  constexpr Rule pharmacy[] = {drug_sex,   drug_child, work_injury, maternity, level,
                               visit_mode, tcm_never,  tcm_alone,   tcm_pair};
  switch (kind) {
  case VisitKind::outpatient:
    return random.pick(outpatient);
  case VisitKind::inpatient:
    return random.pick(inpatient);
  case VisitKind::pharmacy:
    return random.pick(pharmacy);
  }
  unreachable("a kind of visit has rules");
}

Rule draw_near_miss(Random& random, VisitKind kind) {
  using enum Rule;
  constexpr Rule hospital[] = {
      drug_child, service_child, work_injury,         maternity, level,   visit_mode,
      internet,   tcm_never,     tcm_alone,           tcm_pair,  per_day, exclusive,
      exclusive,  incision,      operation_diagnosis, course};
  constexpr Rule pharmacy[] = {drug_child, work_injury, maternity, level,
                               visit_mode, tcm_never,   tcm_alone, tcm_pair};
  return kind == VisitKind::pharmacy ? random.pick(pharmacy) : random.pick(hospital);
}

Birthday draw_birthday(Random& random, VisitKind kind, bool decoy) {
  using enum Birthday;
  constexpr Birthday over[] = {adult,    adult,        adult,        adult,
                               leap_day, on_first_day, on_first_day, on_first_day,
                               third,    third,        newborn_over, newborn_over};
  // A stay may begin before the birthday and go on after it.
  constexpr Birthday within[] = {after_first_day, before_third, newborn_last};
  constexpr Birthday eves[] = {after_first_day, after_first_day, after_leap_day, before_third,
                               newborn_last};
  if (decoy)
    return random.pick(eves);
  return kind == VisitKind::inpatient && random.percent(40) ? random.pick(within)
                                                            : random.pick(over);
}

Wish draw_wish(Random& random, VisitKind kind, Rule rule, bool decoy) {
  Wish wish;
  const bool stay = kind == VisitKind::inpatient;
  switch (rule) {
  case Rule::drug_child:
  case Rule::service_child:
    wish.birthday = draw_birthday(random, kind, decoy);
    break;
  case Rule::service_sex:
    wish.unclear_sex = decoy;
    break;
  case Rule::work_injury:
    if (decoy)
      wish.insurance = "410";
    break;
  case Rule::maternity:
    wish.sex = random.percent(85) ? Sex::female : Sex::any; // the drugs are for women
    if (decoy && (random.percent(50) || kind == VisitKind::pharmacy))
      wish.insurance = "510";
    else if (decoy)
      wish.med_type = stay ? "52" : "51";
    break;
  case Rule::level:
    wish.level = static_cast<int>(random.between(0, 1)) + (decoy ? 2 : 0);
    break;
  case Rule::visit_mode:
    if (decoy && !stay)
      wish.med_type = "13";
    break;
  case Rule::internet:
    wish.online = !decoy;
    break;
  case Rule::course:
    wish.days = static_cast<int>(random.between(16, 24));
    break;
  default:
    break;
  }
  return wish;
}

Plan draw_plan(Random& random, VisitKind kind, Rule rule, bool decoy) {
  const bool payment = rule == Rule::work_injury || rule == Rule::maternity ||
                       rule == Rule::level || rule == Rule::visit_mode || rule == Rule::tcm_alone;
  Plan plan{.rule = rule, .decoy = decoy, .self_paid = false, .wish = {}};
  // The one near miss of what is never paid is that nobody asked for payment.
  plan.self_paid = decoy && (rule == Rule::tcm_never || (payment && random.percent(40)));
  plan.wish = draw_wish(random, kind, rule, decoy && !plan.self_paid);
  return plan;
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
    const Rule rule = draw_near_miss(random, kind);
    if (!planned(plans, rule))
      plans.push_back(draw_plan(random, kind, rule, true));
  }
  return plans;
}

void plant(const Catalogue& catalogue, Claim& claim, Random& random, const Plan& plan) {
  switch (plan.rule) {
  case Rule::drug_sex:
  case Rule::service_sex:
  case Rule::drug_child:
  case Rule::service_child:
  case Rule::work_injury:
  case Rule::maternity:
  case Rule::level:
  case Rule::visit_mode:
  case Rule::internet:
  case Rule::tcm_never:
    return plant_item(catalogue, claim, random, plan);
  case Rule::tcm_alone:
    return plant_alone(catalogue, claim, random, plan);
  case Rule::tcm_pair:
    return plant_piece_pair(catalogue, claim, random, plan.decoy);
  case Rule::course:
    return plant_course(catalogue, claim, random, plan.decoy);
  case Rule::per_day:
    return plant_day(catalogue, claim, random, plan.decoy);
  case Rule::exclusive:
    return plant_pair(catalogue, claim, random, plan.decoy);
  case Rule::incision:
    return plant_incision(catalogue, claim, random, plan.decoy);
  case Rule::operation_sex:
    return plant_operation(catalogue, claim, random);
  case Rule::operation_diagnosis:
    return plant_diagnosis(catalogue, claim, random, plan.decoy);
  default: // one a visit: plant_library.h
    return;
  }
}

void complete_findings(const Catalogue& catalogue, Claim& claim) {
  record_incisions(catalogue, claim);
  std::vector<Line> surgery;
  for (const Line& line : claim.lines) {
    if (catalogue.items[line.item].category == "06")
      surgery.push_back(line);
  }
  surgery = in_order(catalogue, std::move(surgery));
  for (Finding& finding : claim.findings) {
    if (finding.rule != Rule::operation_sex && finding.rule != Rule::operation_diagnosis)
      continue;
    for (const Line& line : surgery)
      finding.lines.push_back({line.key, std::nullopt});
  }
}

std::vector<Line> in_order(const Catalogue& catalogue, std::vector<Line> lines) {
  std::sort(lines.begin(), lines.end(), [&](const Line& a, const Line& b) {
    return std::tie(a.at, catalogue.items[a.item].code, a.price, a.quantity, a.key) <
           std::tie(b.at, catalogue.items[b.item].code, b.price, b.quantity, b.key);
  });
  return lines;
}

Finding finding_of(Rule rule, std::uint32_t key, const std::vector<Line>& lines, std::string kind) {
  const bool asks =
      rule == Rule::incision || rule == Rule::operation_diagnosis || rule == Rule::tcm_pair;
  Finding finding{.rule = rule,
                  .says = asks ? Finding::Says::suspected : Finding::Says::violation,
                  .key = key,
                  .amount = Cents{0},
                  .lines = {},
                  .kind = std::move(kind)};
  for (const Line& line : lines) {
    finding.lines.push_back({line.key, line.amount});
    finding.amount = *finding.amount + line.amount;
  }
  return finding;
}

Hundredths usual_quantity(Random& random, const Item& item) {
  switch (item.kind) {
  case ItemKind::western_drug:
  case ItemKind::patent_drug:
    return random.percent(10) ? 50 : 100 * random.between(1, 4);
  case ItemKind::piece:
    return 100 * random.between(3, 60);
  case ItemKind::service:
  case ItemKind::consumable:
    return 100;
  }
  unreachable("an item has a kind");
}

Moment usual_moment(const Claim& claim, Random& random, int day) {
  if (claim.kind != VisitKind::inpatient)
    return claim.opening + random.between(0, Moment{80} * 60);
  return at(claim.first_day + day, 8, 0) + random.between(0, 11 * hour_long - 1);
}

} // namespace sanku::generate
