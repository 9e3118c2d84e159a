// People come from blocks, so that one is seen again; a plan that wants a birthday or a sex gets a
// person of its own.
#include "tools/generate/visit.h"

#include "tools/generate/invented.h"
#include "tools/generate/vocabulary.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::generate {

namespace {

// People come in blocks of settlements, so that a person has several visits although settlement k
// knows nothing of its neighbours.
constexpr std::uint64_t settlements_a_block = 16, people_a_block = 6;

std::string_view draw_insurance(Random& random, int years) {
  const std::uint64_t at = random.below(100);
  if (years < 18 || at < 45)
    return "390";
  return at < 98 ? "310" : "340";
}

// Ages 0 to 94 on the first day of the data: children, people of working age, the old.
int draw_years(Random& random) {
  const std::uint64_t at = random.below(100);
  return static_cast<int>(at < 16   ? random.between(0, 17)
                          : at < 62 ? random.between(18, 59)
                                    : random.between(60, 94));
}

// Born on the same day of the year as `day`, so many years before. Not for 29 February.
Day years_before(Day day, int years) {
  const Civil civil = civil_of(day);
  return day_of(Civil{civil.year - years, civil.month, civil.day});
}

Person person(Random& random, std::string number, int years) {
  Person made{.number = std::move(number), .name = {}, .area = {}, .insurance = {}};
  made.sex = random.percent(47) ? Sex::male : Sex::female;
  made.name = invented_name(random, made.sex);
  made.area = random.pick(places).area;
  made.insurance = draw_insurance(random, years);
  const auto within_year = static_cast<Day>(random.between(0, 364));
  made.birth = years_before(first_day_of_data, years) - within_year;
  return made;
}

Person person_of_block(std::uint64_t seed, Random& random, std::uint64_t number) {
  const std::uint64_t block = (number - 1) / settlements_a_block;
  const std::uint64_t id = block * people_a_block + random.below(people_a_block);
  Random own(seed, Purpose::person, id);
  const int years = draw_years(own);
  return person(own, fmt::format("P{:012}", id + 1), years);
}

// A plan that wants a birthday gets a person of its own, seen once.
Person person_of_plan(Random& random, std::uint64_t number, Day first_day, const Wish& wish) {
  Person made =
      person(random, fmt::format("Q{:012}", number), static_cast<int>(random.between(19, 90)));
  if (wish.sex != Sex::any && made.sex != wish.sex) {
    made.sex = wish.sex;
    made.name = invented_name(random, made.sex);
  }
  switch (wish.birthday) {
  case Birthday::any:
  case Birthday::adult:
    break;
  case Birthday::on_first_day:
    made.birth = years_before(first_day, 18);
    break;
  case Birthday::after_first_day:
    made.birth = years_before(first_day + 1, 18);
    break;
  case Birthday::leap_day:
  case Birthday::after_leap_day:
    made.birth = day_of(Civil{2008, 2, 29});
    break;
  case Birthday::third:
    made.birth = years_before(first_day, 3);
    break;
  case Birthday::before_third:
    made.birth = years_before(first_day + 1, 3);
    break;
  case Birthday::newborn_over:
    made.birth = first_day - 29;
    break;
  case Birthday::newborn_last:
    made.birth = first_day - 28;
    break;
  }
  if (completed_years(made.birth, first_day) < 18)
    made.insurance = "390";
  return made;
}

bool serves(const Institution& institution, const Claim& claim, const Wish& wish) {
  if (institution.online && claim.kind == VisitKind::inpatient)
    return false; // nobody lies in an internet hospital
  return (!wish.level || institution.level == *wish.level) &&
         (!institution.online || wish.online.value_or(true));
}

} // namespace

Wish wishes_of(const std::vector<Plan>& plans) {
  Wish wish;
  for (const Plan& plan : plans) {
    const Wish& own = plan.wish;
    if (wish.birthday == Birthday::any)
      wish.birthday = own.birthday;
    if (wish.sex == Sex::any)
      wish.sex = own.sex;
    if (!wish.level)
      wish.level = own.level;
    if (!wish.online)
      wish.online = own.online;
    if (wish.med_type.empty())
      wish.med_type = own.med_type;
    if (wish.insurance.empty())
      wish.insurance = own.insurance;
    wish.unclear_sex = wish.unclear_sex || own.unclear_sex;
    wish.days = std::max(wish.days, own.days);
  }
  return wish;
}

void draw_dates(Claim& claim, Random& random, const Wish& wish) {
  claim.days = claim.kind != VisitKind::inpatient ? 1
               : random.percent(80)               ? static_cast<int>(random.between(2, 10))
                                                  : static_cast<int>(random.between(11, 25));
  if (claim.kind == VisitKind::inpatient)
    claim.days = std::max(claim.days, wish.days);
  const auto offset = static_cast<Day>(random.between(0, days_of_data - claim.days));
  claim.first_day = first_day_of_data + offset;
  if (wish.birthday == Birthday::leap_day)
    claim.first_day = day_of(Civil{2026, 2, 28});
  if (wish.birthday == Birthday::after_leap_day)
    claim.first_day = day_of(Civil{2026, 2, 27});
  claim.opening = at(claim.first_day, 8, 0) + random.between(0, 9 * hour_long);
}

void draw_patient(Claim& claim, Random& random, std::uint64_t seed, const Wish& wish) {
  claim.patient = person_of_block(seed, random, claim.number);
  const bool adult = completed_years(claim.patient.birth, claim.first_day) >= 18;
  const bool born = wish.birthday == Birthday::any || (wish.birthday == Birthday::adult && adult);
  const bool sexed = wish.sex == Sex::any || wish.sex == claim.patient.sex;
  if (!born || !sexed)
    claim.patient = person_of_plan(random, claim.number, claim.first_day, wish);
  if (!wish.insurance.empty())
    claim.patient.insurance = wish.insurance;
}

void draw_institution(const Catalogue& catalogue, Claim& claim, Random& random, const Wish& wish) {
  const bool pharmacy = claim.kind == VisitKind::pharmacy;
  const std::vector<Institution>& all = pharmacy ? catalogue.pharmacies : catalogue.hospitals;
  claim.institution = &random.pick(all);
  for (int tries = 0; tries < 60 && !serves(*claim.institution, claim, wish); ++tries)
    claim.institution = &random.pick(all);
  const std::vector<Doctor>& doctors = claim.institution->doctors;
  claim.doctor = &random.pick(doctors);
  // The first of a hospital's doctors sees patients over the internet: outpatients only.
  const bool online_wanted = wish.online.value_or(false) && !claim.institution->online;
  if (online_wanted && claim.kind == VisitKind::outpatient)
    claim.doctor = &doctors.front();
  else if (claim.doctor->online && (claim.kind == VisitKind::inpatient || wish.online.has_value()))
    claim.doctor = &doctors.back();
}

} // namespace sanku::generate
