// A drug that is paid for so many days, used on more days of a stay; some days have two lines. A
// decoy uses exactly the days that are paid.
#include "tools/generate/lines.h"
#include "tools/generate/plant_shapes.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace sanku::generate {

namespace {

// So many different days of the visit, in order.
std::vector<int> draw_days(const Claim& claim, Random& random, int count) {
  std::vector<int> days(static_cast<std::size_t>(claim.days));
  std::iota(days.begin(), days.end(), 0);
  random.shuffle(days);
  days.resize(static_cast<std::size_t>(count));
  std::sort(days.begin(), days.end());
  return days;
}

std::optional<std::uint32_t> draw_drug(const Catalogue& catalogue, const Claim& claim,
                                       Random& random, int most_days) {
  for (int attempt = 0; attempt < attempts && !catalogue.courses.empty(); ++attempt) {
    const std::uint32_t at = random.pick(catalogue.courses);
    const Item& drug = catalogue.items[at];
    const bool used = std::any_of(claim.lines.begin(), claim.lines.end(), [&](const Line& line) {
      return is_course_of(catalogue.items[line.item], drug);
    });
    if (!used && drug.course_days <= most_days && is_free(catalogue, claim, at))
      return at;
  }
  return std::nullopt;
}

} // namespace

void plant_course(const Catalogue& catalogue, Claim& claim, Random& random, bool decoy) {
  const std::optional<std::uint32_t> drug =
      draw_drug(catalogue, claim, random, claim.days - (decoy ? 0 : 1));
  if (!drug)
    return;
  const int limit = catalogue.items[*drug].course_days;
  const int extra =
      decoy ? 0 : static_cast<int>(random.between(1, std::min(3, claim.days - limit)));
  const std::vector<int> days = draw_days(claim, random, limit + extra);
  bool twice = false;
  std::vector<Line> late;
  for (int nth = 0; nth < limit + extra; ++nth) {
    const bool two = random.percent(15);
    for (int line = 0; line < (two ? 2 : 1); ++line) {
      const Candidate candidate{
          .item = *drug,
          .at = usual_moment(claim, random, days[static_cast<std::size_t>(nth)]),
          .quantity = usual_quantity(random, catalogue.items[*drug])};
      const std::uint32_t key = add_reserved_line(catalogue, claim, candidate);
      if (nth >= limit) {
        late.push_back(line_of(claim, key));
        twice = twice || two;
      }
    }
  }
  if (decoy)
    return;
  Finding finding = finding_of(Rule::course, 0, in_order(catalogue, std::move(late)),
                               fmt::format("course/{} {}{}", extra, extra == 1 ? "day" : "days",
                                           twice ? ", two lines on one" : ""));
  finding.item = *drug;
  finding.says =
      catalogue.items[*drug].course_doubtful ? Finding::Says::suspected : Finding::Says::violation;
  claim.findings.push_back(std::move(finding));
}

} // namespace sanku::generate
