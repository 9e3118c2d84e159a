// What was planned comes first, while every item is still free; then ordinary lines up to the
// length drawn, each kept only if it stays clean beside the rest; then what follows from the lines
// (times of the visit, prescriptions). Each draw is a statement of its own where two would meet in
// one expression, because C++ leaves their order open.
#include "tools/generate/compose.h"

#include "runtime/types/check.h"
#include "tools/generate/lines.h"
#include "tools/generate/plant_library.h"
#include "tools/generate/plant_shapes.h"
#include "tools/generate/sequel.h"
#include "tools/generate/visit.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::generate {

namespace {

constexpr int tries_a_line = 6;
constexpr std::uint64_t tcm_share = 3; // of a hundred visits have a prescription of pieces

VisitKind draw_kind(Random& random) {
  const std::uint64_t at = random.below(100);
  return at < 15 ? VisitKind::inpatient : at < 28 ? VisitKind::pharmacy : VisitKind::outpatient;
}

std::string_view draw_med_type(Random& random, VisitKind kind) {
  const std::uint64_t at = random.below(100);
  switch (kind) {
  case VisitKind::outpatient:
    return at < 60 ? "11" : at < 70 ? "13" : at < 88 ? "14" : "15";
  case VisitKind::inpatient:
    return at < 88 ? "21" : at < 94 ? "22" : "24";
  case VisitKind::pharmacy:
    return "41";
  }
  unreachable("a kind of visit has a medical category");
}

bool suits(const Diagnosis& diagnosis, const Claim& claim) {
  if (diagnosis.sex != Sex::any && diagnosis.sex != claim.patient.sex)
    return false;
  return !diagnosis.newborn || claim.first_day - claim.patient.birth <= 28;
}

void add_diagnosis(const Catalogue& catalogue, Claim& claim, std::uint32_t diagnosis) {
  claim.diagnoses.push_back({diagnosis});
  claim.unclear_sex = claim.unclear_sex || catalogue.diagnoses[diagnosis].unclear_sex;
}

// Whether a diagnosis would take away the ground of a finding that was planted.
bool would_excuse(const Catalogue& catalogue, const Claim& claim, const Diagnosis& diagnosis) {
  const bool about_sex =
      std::any_of(claim.findings.begin(), claim.findings.end(),
                  [](const Finding& finding) { return finding.rule == Rule::service_sex; });
  const bool about_child =
      std::any_of(claim.findings.begin(), claim.findings.end(), [](const Finding& finding) {
        return finding.rule == Rule::drug_sex || finding.rule == Rule::service_sex ||
               finding.rule == Rule::service_child || finding.rule == Rule::child_pay;
      });
  return (diagnosis.unclear_sex && about_sex) || (diagnosis.birth && about_child) ||
         would_justify(catalogue, claim, diagnosis);
}

void draw_diagnoses(const Catalogue& catalogue, Claim& claim, Random& random) {
  const std::uint64_t at = random.below(100);
  const std::size_t usual = at < 50 ? 1 : at < 80 ? 2 : 3;
  const std::size_t wanted = claim.kind == VisitKind::inpatient  ? usual + 1 + at % 2
                             : claim.kind == VisitKind::pharmacy ? 1
                                                                 : usual;
  for (int tries = 0; tries < 100 && claim.diagnoses.size() < wanted; ++tries) {
    // Two thirds of what people come for is a short list.
    const Weighted& popularity =
        random.percent(66) ? catalogue.common_diagnosis_popularity : catalogue.diagnosis_popularity;
    const auto drawn = static_cast<std::uint32_t>(popularity.draw(random));
    const bool again = std::any_of(claim.diagnoses.begin(), claim.diagnoses.end(),
                                   [&](DiagnosedAs other) { return other.diagnosis == drawn; });
    const Diagnosis& diagnosis = catalogue.diagnoses[drawn];
    if (!again && !diagnosis.apart && suits(diagnosis, claim) &&
        !would_excuse(catalogue, claim, diagnosis))
      add_diagnosis(catalogue, claim, drawn);
  }
}

void draw_operations(const Catalogue& catalogue, Claim& claim, Random& random) {
  const std::uint64_t share = claim.kind == VisitKind::inpatient    ? 38
                              : claim.kind == VisitKind::outpatient ? 3
                                                                    : 0;
  if (!random.percent(share))
    return;
  const std::int64_t wanted = random.between(1, claim.kind == VisitKind::inpatient ? 3 : 1);
  for (std::int64_t i = 0; i < wanted; ++i) {
    const auto drawn = static_cast<std::uint32_t>(catalogue.operation_popularity.draw(random));
    const Sex sex = catalogue.operations[drawn].sex;
    if (sex != Sex::any && sex != claim.patient.sex)
      continue;
    // What diagnoses justify a main operation is a table's to say: such come by plan only.
    if (claim.operations.empty() && !catalogue.operations[drawn].allowed.empty())
      continue;
    const auto key = static_cast<std::uint32_t>(claim.operations.size() + 1);
    const auto day = static_cast<Day>(claim.first_day + random.between(0, claim.days - 1));
    claim.operations.push_back({.operation = drawn, .key = key, .day = day});
  }
}

std::uint32_t draw_drug(const Catalogue& catalogue, const Claim& claim, Random& random) {
  const std::uint64_t at = random.below(100);
  const Pool& own_sex = catalogue.drugs_of_sex[static_cast<std::size_t>(claim.patient.sex)];
  if (at < 4 && !own_sex.empty())
    return own_sex.draw(random);
  const bool young = completed_years(claim.patient.birth, claim.first_day) < 18;
  if (at < 24 && young && !catalogue.child_drugs.empty())
    return catalogue.child_drugs.draw(random);
  return catalogue.drugs.draw(random);
}

std::uint32_t draw_item(const Catalogue& catalogue, const Claim& claim, Random& random) {
  const std::uint64_t at = random.below(100);
  if (claim.kind == VisitKind::pharmacy || at < 46)
    return draw_drug(catalogue, claim, random);
  if (at < 54)
    return catalogue.consumables.draw(random);
  if (at < 65 && !catalogue.published_services.empty()) {
    return catalogue.published_services.draw(random);
  }
  return catalogue.services.draw(random);
}

Hundredths draw_quantity(Random& random, const Item& item) {
  const std::uint64_t at = random.below(100);
  switch (item.kind) {
  case ItemKind::western_drug:
  case ItemKind::patent_drug:
    return at < 4 ? 50 : at < 60 ? 100 : 100 * random.between(2, 6);
  case ItemKind::piece:
    return 100 * random.between(3, 60);
  case ItemKind::consumable:
    return at < 50 ? 100 : 100 * random.between(2, 12);
  case ItemKind::service:
    return item.by_hour ? 100 * random.between(1, 12)
           : at < 92    ? 100
           : at < 94    ? 50
                        : 100 * random.between(2, 4);
  }
  unreachable("an item has a kind");
}

// What a ward bills every day: bed, nursing, consultation. At most half of the lines.
void fill_routine(const Catalogue& catalogue, Claim& claim, Random& random, std::size_t wanted) {
  for (int day = 0; day < claim.days; ++day) {
    for (const std::uint32_t item : catalogue.routine) {
      if (claim.lines.size() >= wanted / 2)
        return;
      const Candidate candidate{.item = item, .at = usual_moment(claim, random, day)};
      if (admissible(catalogue, claim, candidate))
        add_line(catalogue, claim, candidate);
    }
  }
}

void fill_lines(const Catalogue& catalogue, Claim& claim, Random& random) {
  const bool inpatient = claim.kind == VisitKind::inpatient;
  const Weighted& lengths = inpatient ? catalogue.inpatient_lines : catalogue.outpatient_lines;
  const std::size_t wanted = 3 + lengths.draw(random);
  if (inpatient)
    fill_routine(catalogue, claim, random, wanted);
  while (claim.lines.size() < wanted) {
    Candidate candidate;
    bool found = false;
    for (int tries = 0; tries < tries_a_line && !found; ++tries) {
      candidate.item = draw_item(catalogue, claim, random);
      candidate.quantity = draw_quantity(random, catalogue.items[candidate.item]);
      const auto day = static_cast<int>(random.between(0, claim.days - 1));
      candidate.at = usual_moment(claim, random, day);
      found = admissible(catalogue, claim, candidate);
    }
    if (found)
      add_line(catalogue, claim, candidate);
  }
}

// Exactly midnight would read as a bare date.
Moment not_midnight(Moment moment) { return moment % seconds_a_day == 0 ? moment + 60 : moment; }

void close_visit(Claim& claim, Random& random) {
  std::sort(claim.lines.begin(), claim.lines.end(), [](const Line& a, const Line& b) {
    return a.at != b.at ? a.at < b.at : a.key < b.key;
  });
  for (std::size_t i = 0; i < claim.lines.size(); ++i) {
    if (claim.lines[i].prescription == 0)
      claim.lines[i].prescription = static_cast<std::uint32_t>(i / 5 + 1);
  }
  const Moment first = claim.lines.front().at, last = claim.lines.back().at;
  claim.admitted = not_midnight(first - random.between(300, 3600));
  const Moment leaving = last + random.between(600, 5400);
  claim.discharged = claim.kind == VisitKind::inpatient ? not_midnight(leaving) : claim.admitted;
  claim.settled = not_midnight(leaving + random.between(60, 1800));
  // The order of lines in a file means nothing, and some senders show it.
  if (random.percent(25))
    random.shuffle(claim.lines);
}

void clear(Claim& claim, std::uint64_t number) {
  claim.number = number;
  claim.diagnoses.clear();
  claim.operations.clear();
  claim.lines.clear();
  claim.findings.clear();
  claim.reserved.clear();
  claim.coupled.clear();
  claim.unclear_sex = false;
  claim.incision_kind.clear();
  claim.total_off = 0;
  claim.more.clear();
  claim.no_main_operation = false;
  // Prescriptions of pieces are numbered behind those that are numbered at the end.
  claim.next_prescription = 50;
}

} // namespace

void compose(const Catalogue& catalogue, const Settings& settings, std::uint64_t number,
             Claim& claim) {
  Random random(settings.seed, Purpose::settlement, number);
  clear(claim, number);
  for (std::uint64_t& word : claim.task)
    word = random.next();
  claim.kind = draw_kind(random);
  claim.med_type = draw_med_type(random, claim.kind);
  // With the whole library, half of the violations are those that come one a visit.
  const double rate = settings.violation_rate * (catalogue.library.present ? 0.5 : 1.0);
  const std::vector<Plan> plans = draw_plans(random, claim.kind, rate);
  const Wish wish = wishes_of(plans);
  if (!wish.med_type.empty())
    claim.med_type = wish.med_type;
  draw_dates(claim, random, wish);
  draw_patient(claim, random, settings.seed, wish);
  // Stays of one person would overlap by chance, and purchases come too often; the library looks
  // beyond a visit.
  Random more(settings.seed, Purpose::library, number);
  if (catalogue.library.present && claim.kind != VisitKind::outpatient)
    claim.patient.number = fmt::format("Q{:012}", number);
  draw_institution(catalogue, claim, random, wish);
  const std::optional<Sequel> sequel =
      plans.empty() ? draw_sequel(catalogue, settings, claim, more) : std::nullopt;
  if (sequel)
    begin_sequel(catalogue, claim, more, *sequel);
  if (wish.unclear_sex && !catalogue.unclear_sex.empty())
    add_diagnosis(catalogue, claim, random.pick(catalogue.unclear_sex));
  for (const Plan& plan : plans)
    plant(catalogue, claim, random, plan);
  if (random.percent(tcm_share))
    add_harmless_prescription(catalogue, claim, random);
  draw_diagnoses(catalogue, claim, random);
  draw_operations(catalogue, claim, random);
  fill_lines(catalogue, claim, random);
  std::optional<Rule> beyond;
  if (plans.empty() && !sequel && more.chance(rate))
    beyond = draw_library_plan(catalogue, claim, more);
  if (catalogue.library.present)
    keep_busy(catalogue, claim, more, beyond == Rule::idle);
  if (beyond && *beyond != Rule::idle) {
    plant_in_lines(catalogue, claim, more, *beyond);
    keep_busy(catalogue, claim, more, false);
  }
  complete_findings(catalogue, claim);
  close_visit(claim, random);
  if (beyond)
    plant_at_close(catalogue, claim, more, *beyond);
  if (sequel)
    end_sequel(catalogue, claim, more, *sequel);
}

} // namespace sanku::generate
