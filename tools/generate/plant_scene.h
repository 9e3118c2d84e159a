// What the planters of the rest of the library share: the visit that something is planted in, and
// how lines are added and findings recorded; and the planters, by what they are about. Only
// plant_library.cpp and the files of the planters include it. Tested by
// tests/unit/tools/library_test.cpp.
#pragma once

#include "tools/generate/library.h"
#include "tools/generate/lines.h"
#include "tools/generate/plant_shapes.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sanku::generate {

using Says = Finding::Says;

struct Scene {
  const Catalogue& catalogue;
  Claim& claim;
  Random& random;

  [[nodiscard]] const Library& library() const { return catalogue.library; }
  [[nodiscard]] bool is_stay() const { return claim.kind == VisitKind::inpatient; }
  [[nodiscard]] int years() const { return completed_years(claim.patient.birth, claim.first_day); }
  [[nodiscard]] int last_years() const {
    return completed_years(claim.patient.birth, claim.first_day + claim.days - 1);
  }
  // Codes of two parts belong to sets by either part: such visits are left alone.
  [[nodiscard]] bool has_any(std::string_view set) const {
    return std::ranges::any_of(claim.diagnoses, [&](DiagnosedAs each) {
      const std::string& code = catalogue.diagnoses[each.diagnosis].code;
      return code.find('+') != std::string::npos || holds(set, code);
    });
  }
  // A line whose item nothing else in the visit has to do with.
  std::uint32_t line(std::uint32_t item, Hundredths quantity = 100,
                     std::uint32_t prescription = 0) {
    const int day = static_cast<int>(random.between(0, claim.days - 1));
    return line_at(item, usual_moment(claim, random, day), quantity, prescription);
  }
  std::uint32_t line_at(std::uint32_t item, Moment at, Hundredths quantity = 100,
                        std::uint32_t prescription = 0) {
    return add_reserved_line(
        catalogue, claim,
        {.item = item, .at = at, .quantity = quantity, .prescription = prescription});
  }
  Finding& find(Rule rule, Finding::Says says, std::uint32_t key,
                std::vector<OffendingLine> lines) {
    Finding finding{.rule = rule,
                    .says = says,
                    .key = key,
                    .amount = Cents{0},
                    .lines = std::move(lines),
                    .kind = std::string(slug_of(rule))};
    for (const OffendingLine& each : finding.lines)
      if (each.amount && finding.amount)
        finding.amount = *finding.amount + *each.amount;
      else
        finding.amount = std::nullopt;
    claim.findings.push_back(std::move(finding));
    return claim.findings.back();
  }
  void find_line(Rule rule, Finding::Says says, std::uint32_t key) {
    find(rule, says, key, {{key, line_of_key(key).amount}});
  }
  void remind_line(Rule rule, std::uint32_t key) {
    find(rule, Finding::Says::reminder, key, {{key, Cents{0}}});
  }
  // Also after the lines were put in another order.
  [[nodiscard]] Line& line_of_key(std::uint32_t key) const {
    return *std::ranges::find(claim.lines, key, &Line::key);
  }
  [[nodiscard]] std::vector<OffendingLine> all_lines() const {
    std::vector<OffendingLine> out;
    for (const Line& each : in_order(catalogue, claim.lines))
      out.push_back({each.key, std::nullopt});
    return out;
  }
  template <class List> auto draw(const List& list) -> const typename List::value_type* {
    return list.empty() ? nullptr : &random.pick(list);
  }
};

// The days from the first line to the last.
struct Stretch {
  Moment last = 0;
  Day first_day = 0, last_day = 0;
  [[nodiscard]] Hundredths days() const { return 100 * (last_day - first_day); }
};
inline Stretch stretch_of(const Claim& claim) {
  Stretch made{.last = claim.lines.front().at, .first_day = day_of(claim.lines.front().at)};
  for (const Line& each : claim.lines) {
    made.last = std::max(made.last, each.at);
    made.first_day = std::min(made.first_day, day_of(each.at));
  }
  made.last_day = day_of(made.last);
  return made;
}

// ---- plant_line.cpp: a line, or two, and diagnoses

void indication(Scene& scene);
void elder(Scene& scene);
void maternal(Scene& scene);
void contra(Scene& scene);
void interact(Scene& scene);
void child_pay(Scene& scene);
void working_age(Scene& scene);
void surcharge(Scene& scene);
void for_diseases(Scene& scene);
void problem_limit(Scene& scene);
void problem_pair(Scene& scene);
void period(Scene& scene);
void diagnosis_sex(Scene& scene);
void diagnosis_age(Scene& scene);

// ---- plant_visit.cpp: the visit as a whole

void beds(Scene& scene);
void two_grades(Scene& scene);
void many_pieces(Scene& scene);
void kinds(Scene& scene);
void line_sum(Scene& scene);
void total_sum(Scene& scene);
void late(Scene& scene);
void outside(Scene& scene);
void trace(Scene& scene);
void supply(Scene& scene);
void no_main(Scene& scene);
void third_party(Scene& scene);
void allowance(Scene& scene);

} // namespace sanku::generate
