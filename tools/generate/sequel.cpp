// See sequel.h.
#include "tools/generate/sequel.h"

#include "tools/generate/plant_scene.h"

#include <algorithm>
#include <string_view>

namespace sanku::generate {

namespace {

// Of visits that may follow another and are to violate. Few stays follow a stay.
constexpr double share_of_visits = 0.3, share_of_stays = 2;

// On what day the visit begins; none: it does not fit behind the stay before.
std::optional<Day> first_day_of(const Sequel& sequel, Random& random) {
  const Day begin = day_of(sequel.before.admitted), end = day_of(sequel.before.discharged);
  switch (sequel.rule) {
  case Rule::two_stays:
  case Rule::visit_in_stay:
    if (end - begin < 3)
      return std::nullopt;
    return begin + 1 + static_cast<Day>(random.below(static_cast<std::uint64_t>(end - begin - 2)));
  case Rule::split_stay:
    return end + 1 + static_cast<Day>(random.below(7));
  default:
    return std::nullopt;
  }
}

const Diagnosis& main_diagnosis(const Catalogue& catalogue, const Claim& claim) {
  return catalogue.diagnoses[claim.diagnoses.front().diagnosis];
}

// What comes in courses is no split stay (stay_past.sanku).
bool is_planned(std::string_view code) {
  constexpr std::string_view beginnings[] = {"N18.5", "Z49", "Z51.0", "Z51.1", "Z51.2", "Z51.8"};
  return std::ranges::any_of(beginnings,
                             [&](std::string_view each) { return code.starts_with(each); });
}

} // namespace

std::optional<Sequel> draw_sequel(const Catalogue& catalogue, const Settings& settings,
                                  const Claim& claim, Random& random) {
  const double share = claim.kind == VisitKind::inpatient ? share_of_stays : share_of_visits;
  if (!catalogue.library.present || claim.number % 2 != 0 ||
      !random.chance(settings.violation_rate * share))
    return std::nullopt;
  Sequel sequel;
  compose(catalogue, settings, claim.number - 1, sequel.before);
  sequel.rule = claim.kind != VisitKind::inpatient ? Rule::visit_in_stay
                : random.percent(50)               ? Rule::two_stays
                                                   : Rule::split_stay;
  // Codes of two parts belong to two categories.
  const bool plain = sequel.before.kind == VisitKind::inpatient && sequel.before.findings.empty() &&
                     !sequel.before.unclear_sex &&
                     main_diagnosis(catalogue, sequel.before).code.find('+') == std::string::npos;
  if (!plain || !first_day_of(sequel, random))
    return std::nullopt;
  // Nor is a stay that begins as an emergency.
  if (sequel.rule == Rule::split_stay &&
      (claim.med_type == "24" || is_planned(main_diagnosis(catalogue, sequel.before).code)))
    return std::nullopt;
  return sequel;
}

void begin_sequel(const Catalogue& catalogue, Claim& claim, Random& random, const Sequel& sequel) {
  claim.patient = sequel.before.patient;
  claim.first_day = *first_day_of(sequel, random);
  claim.opening = at(claim.first_day, 8, 0) + random.between(0, 9 * hour_long);
  if (sequel.rule == Rule::split_stay) {
    claim.institution = sequel.before.institution;
    claim.doctor = sequel.before.doctor;
    claim.diagnoses.push_back(sequel.before.diagnoses.front());
  }
  for (int tries = 0; sequel.rule == Rule::two_stays && tries < 60 &&
                      (claim.institution == sequel.before.institution || claim.institution->online);
       ++tries) {
    claim.institution = &random.pick(catalogue.hospitals);
    claim.doctor = &claim.institution->doctors.back();
  }
}

void end_sequel(const Catalogue& catalogue, Claim& claim, Random& random, const Sequel& sequel) {
  // The first line of a stay may be later than its first day.
  const Day begin = day_of(claim.admitted), left = day_of(sequel.before.discharged);
  if (sequel.rule != Rule::split_stay && begin >= left)
    return;
  if (sequel.rule == Rule::split_stay && begin > left + 14)
    return;
  Scene scene{.catalogue = catalogue, .claim = claim, .random = random};
  std::vector<OffendingLine> lines = scene.all_lines();
  for (OffendingLine& each : lines)
    each.amount = scene.line_of_key(each.key).amount;
  const bool sure = sequel.rule == Rule::two_stays;
  scene.find(sequel.rule, sure ? Says::violation : Says::suspected, 0, std::move(lines));
}

} // namespace sanku::generate
