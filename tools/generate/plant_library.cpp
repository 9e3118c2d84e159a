// A row for each rule: in which visits it can be planted, how often, and by what. See
// plant_library.h.
#include "tools/generate/plant_library.h"

#include "tools/generate/plant_scene.h"

#include <algorithm>
#include <iterator>

namespace sanku::generate {

namespace {

struct Way {
  Rule rule;
  int weight; // what fits few visits is drawn more often in those
  bool at_close;
  bool (*may)(const Claim& claim);
  void (*plant)(Scene& scene);
};
constexpr auto any_visit = [](const Claim&) { return true; };
constexpr auto a_stay = [](const Claim& claim) { return claim.kind == VisitKind::inpatient; };
constexpr auto no_stay = [](const Claim& claim) { return claim.kind != VisitKind::inpatient; };
constexpr auto in_hospital = [](const Claim& claim) { return claim.kind != VisitKind::pharmacy; };

constexpr Way ways[] = {
    {Rule::indication, 1, false, any_visit, indication},
    {Rule::elder, 2, false,
     [](const Claim& claim) { return completed_years(claim.patient.birth, claim.first_day) >= 65; },
     elder},
    {Rule::maternal, 3, false,
     [](const Claim& claim) {
       const int years = completed_years(claim.patient.birth, claim.first_day);
       return claim.patient.sex == Sex::female && years >= 18 && years <= 45;
     },
     maternal},
    {Rule::contra, 1, false, any_visit, contra},
    {Rule::interact, 1, false, any_visit, interact},
    {Rule::child_pay, 1, false, any_visit, child_pay},
    {Rule::working_age, 4, false,
     [](const Claim& claim) {
       return claim.kind != VisitKind::pharmacy &&
              completed_years(claim.patient.birth, claim.first_day) < 16;
     },
     working_age},
    {Rule::surcharge, 2, false, in_hospital, surcharge},
    {Rule::consumable_disease, 1, false, in_hospital, for_diseases},
    {Rule::problem_limit, 1, false, in_hospital, problem_limit},
    {Rule::problem_pair, 1, false, in_hospital, problem_pair},
    {Rule::period, 1, false, in_hospital, period},
    {Rule::diagnosis_sex, 1, false, any_visit, diagnosis_sex},
    {Rule::diagnosis_age, 1, false, any_visit, diagnosis_age},
    {Rule::beds, 8, false, a_stay, beds},
    {Rule::two_grades, 14, false, a_stay, two_grades},
    {Rule::many_pieces, 1, false, any_visit, many_pieces},
    {Rule::idle, 14, false, a_stay, [](Scene&) {}}, // a pause that keep_busy leaves
    {Rule::third_party, 1, false, any_visit, third_party},
    {Rule::allowance, 1, false, [](const Claim& claim) { return claim.patient.sex == Sex::female; },
     allowance},
    {Rule::no_main, 16, true,
     [](const Claim& claim) {
       return claim.kind == VisitKind::inpatient && !claim.operations.empty();
     },
     no_main},
    {Rule::kinds, 1, true, no_stay, kinds},
    {Rule::line_sum, 1, true, any_visit, line_sum},
    {Rule::total_sum, 1, true, any_visit, total_sum},
    {Rule::late, 1, true, any_visit, late},
    {Rule::outside, 5, true, a_stay, outside},
    {Rule::trace, 1, true, no_stay, trace},
    {Rule::supply, 1, true, no_stay, supply},
};

void plant_way(const Catalogue& catalogue, Claim& claim, Random& random, Rule rule, bool at_close) {
  const Way* way = std::ranges::find(ways, rule, &Way::rule);
  if (way == std::end(ways) || way->at_close != at_close)
    return;
  Scene scene{.catalogue = catalogue, .claim = claim, .random = random};
  way->plant(scene);
}

} // namespace

std::optional<Rule> draw_library_plan(const Catalogue& catalogue, const Claim& claim,
                                      Random& random) {
  if (!catalogue.library.present)
    return std::nullopt;
  std::vector<Rule> may;
  for (const Way& way : ways)
    if (way.may(claim))
      may.insert(may.end(), static_cast<std::size_t>(way.weight), way.rule);
  return random.pick(may);
}

void plant_in_lines(const Catalogue& catalogue, Claim& claim, Random& random, Rule rule) {
  plant_way(catalogue, claim, random, rule, false);
}

void plant_at_close(const Catalogue& catalogue, Claim& claim, Random& random, Rule rule) {
  plant_way(catalogue, claim, random, rule, true);
}

SubjectOf subject_kind(Rule rule) {
  switch (rule) {
  case Rule::total_sum:
  case Rule::no_main:
  case Rule::third_party:
  case Rule::allowance:
  case Rule::two_stays:
  case Rule::visit_in_stay:
  case Rule::split_stay:
  case Rule::beds:
  case Rule::idle:
    return SubjectOf::visit;
  case Rule::diagnosis_sex:
  case Rule::diagnosis_age:
    return SubjectOf::diagnosis;
  case Rule::many_pieces:
  case Rule::kinds:
  case Rule::tcm_alone:
    return SubjectOf::prescription;
  default:
    return SubjectOf::line;
  }
}

} // namespace sanku::generate
