// Linear scans: a claim has few lines, and only items with a limit or a partner are looked for at
// all.
#include "tools/generate/lines.h"

#include <algorithm>
#include <tuple>

namespace sanku::generate {

namespace {

bool contains(const std::vector<std::uint32_t>& list, std::uint32_t value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool excludes(const Claim& claim, const Item& item) {
  return !item.partners.empty() &&
         std::any_of(claim.coupled.begin(), claim.coupled.end(), [&](std::uint32_t other) {
           return std::binary_search(item.partners.begin(), item.partners.end(), other);
         });
}

Hundredths quantity_on(const Claim& claim, std::uint32_t item, Day day) {
  Hundredths sum = 0;
  for (const Line& line : claim.lines) {
    if (line.item == item && day_of(line.at) == day)
      sum += line.quantity;
  }
  return sum;
}

} // namespace

bool is_free(const Catalogue& catalogue, const Claim& claim, std::uint32_t item) {
  return !contains(claim.reserved, item) && !excludes(claim, catalogue.items[item]) &&
         std::none_of(claim.lines.begin(), claim.lines.end(),
                      [&](const Line& line) { return line.item == item; });
}

bool admissible(const Catalogue& catalogue, const Claim& claim, const Candidate& candidate) {
  const Item& item = catalogue.items[candidate.item];
  if (item.sex != Sex::any && item.sex != claim.patient.sex)
    return false;
  if (item.child && completed_years(claim.patient.birth, day_of(candidate.at)) >= 18)
    return false;
  if (item.min_level > claim.institution->level)
    return false;
  if (item.inpatient_only && claim.kind != VisitKind::inpatient)
    return false;
  if (contains(claim.reserved, candidate.item) || excludes(claim, item))
    return false;
  return item.daily_max == 0 ||
         quantity_on(claim, candidate.item, day_of(candidate.at)) + candidate.quantity <=
             item.daily_max;
}

std::uint32_t add_line(const Catalogue& catalogue, Claim& claim, const Candidate& candidate) {
  const Item& item = catalogue.items[candidate.item];
  const Cents price = price_at_level(item, claim.institution->level);
  const auto key = static_cast<std::uint32_t>(claim.lines.size() + 1);
  claim.lines.push_back({.item = candidate.item,
                         .key = key,
                         .at = candidate.at,
                         .price = price,
                         .quantity = candidate.quantity,
                         .amount = amount_of(price, candidate.quantity)});
  if (!item.partners.empty() && !contains(claim.coupled, candidate.item)) {
    claim.coupled.push_back(candidate.item);
  }
  return key;
}

std::uint32_t add_reserved_line(const Catalogue& catalogue, Claim& claim,
                                const Candidate& candidate) {
  if (!contains(claim.reserved, candidate.item))
    claim.reserved.push_back(candidate.item);
  return add_line(catalogue, claim, candidate);
}

const Line& line_of(const Claim& claim, std::uint32_t key) { return claim.lines[key - 1]; }

bool earlier(const Line& a, const Line& b) {
  return std::tie(a.at, a.price, a.quantity, a.key) < std::tie(b.at, b.price, b.quantity, b.key);
}

} // namespace sanku::generate
