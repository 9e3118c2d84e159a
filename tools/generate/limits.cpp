// One row a rule. Conditions are stated over what the claim will show, never over what was planned.
#include "tools/generate/limits.h"

#include <algorithm>
#include <iterator>

namespace sanku::generate {

namespace {

bool is_drug(const Item& item) {
  return item.kind == ItemKind::western_drug || item.kind == ItemKind::patent_drug;
}

bool other_sex(const Item& item, const Claim& claim, Day /*day*/) {
  return item.sex != claim.patient.sex;
}

// A patient of unclear sex is left alone with services.
bool other_sex_of_service(const Item& item, const Claim& claim, Day day) {
  return other_sex(item, claim, day) && !claim.unclear_sex;
}

bool outgrown(const Item& item, const Claim& claim, Day day) {
  const int years = completed_years(claim.patient.birth, day);
  switch (item.people) {
  case People::everyone:
    return false;
  case People::child:
    return years >= 18;
  case People::infant:
    return years >= 3;
  case People::newborn:
    return day - claim.patient.birth > 28;
  }
  return false;
}

bool not_a_stay(const Item& item, const Claim& claim, Day /*day*/) {
  const bool emergency = claim.med_type == "13" || claim.med_type == "24";
  return claim.kind != VisitKind::inpatient &&
         !(item.visits == Visits::emergency_or_inpatient && emergency);
}

bool not_maternity(const Item& /*item*/, const Claim& claim, Day /*day*/) {
  return claim.patient.insurance != "510" && claim.med_type != "51" && claim.med_type != "52";
}

} // namespace

const ItemLimit item_limits[item_rules] = {
    {Rule::drug_sex, false, [](const Item& item) { return is_drug(item) && item.sex != Sex::any; },
     other_sex},
    {Rule::service_sex, false,
     [](const Item& item) { return !is_drug(item) && item.sex != Sex::any; }, other_sex_of_service},
    {Rule::drug_child, false,
     [](const Item& item) { return is_drug(item) && item.people != People::everyone; }, outgrown},
    {Rule::service_child, false,
     [](const Item& item) { return !is_drug(item) && item.people != People::everyone; }, outgrown},
    {Rule::work_injury, true, [](const Item& item) { return item.fund == Fund::work_injury; },
     [](const Item&, const Claim& claim, Day) { return claim.patient.insurance != "410"; }},
    {Rule::maternity, true, [](const Item& item) { return item.fund == Fund::maternity; },
     not_maternity},
    {Rule::level, true, [](const Item& item) { return item.min_level > 0; },
     [](const Item& item, const Claim& claim, Day) {
       return claim.institution->level < item.min_level;
     }},
    {Rule::visit_mode, true, [](const Item& item) { return item.visits != Visits::all; },
     not_a_stay},
    {Rule::internet, false, [](const Item& item) { return item.internet_forbidden; },
     [](const Item&, const Claim& claim, Day) {
       return claim.institution->online || claim.doctor->online;
     }},
    {Rule::tcm_never, true, [](const Item& item) { return item.never_paid; },
     [](const Item&, const Claim&, Day) { return true; }},
};

std::vector<Rule> broken_by(const Item& item, const Claim& claim, Day day, bool self_paid) {
  std::vector<Rule> broken;
  for (const ItemLimit& limit : item_limits) {
    if (limit.restricts(item) && !(limit.payment && self_paid) && limit.broken(item, claim, day))
      broken.push_back(limit.rule);
  }
  return broken;
}

bool may_be_the_childs(const Claim& claim, Day day) {
  return claim.patient.sex == Sex::female && completed_years(claim.patient.birth, day) >= 10 &&
         (claim.patient.insurance == "510" || claim.med_type == "51" || claim.med_type == "52" ||
          claim.med_type == "53");
}

bool asks(Rule rule, const Item& item, const Claim& claim, Day day) {
  switch (rule) {
  case Rule::drug_child:
    return true; // what the groups' ages are is a reading
  case Rule::drug_sex:
  case Rule::service_sex:
    return day - claim.patient.birth <= 28 || may_be_the_childs(claim, day);
  case Rule::service_child:
    return completed_years(claim.patient.birth, day) < 18 || may_be_the_childs(claim, day);
  case Rule::level: // nobody knows who prescribed what a pharmacy sold
    return claim.kind == VisitKind::pharmacy ||
           (item.open_from && claim.institution->level >= *item.open_from);
  default:
    return false;
  }
}

bool keeps_limits(const Item& item, const Claim& claim, Day day) {
  return std::none_of(std::begin(item_limits), std::end(item_limits), [&](const ItemLimit& limit) {
    return limit.restricts(item) && limit.broken(item, claim, day);
  });
}

} // namespace sanku::generate
