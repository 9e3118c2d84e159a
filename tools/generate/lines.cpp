// Linear scans: a claim has few lines, and only items with a limit or a partner are looked for at
// all.
#include "tools/generate/lines.h"

#include "tools/generate/limits.h"

#include <algorithm>
#include <set>
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

bool meets_incision(const Catalogue& catalogue, const Claim& claim, std::uint32_t item) {
  return !catalogue.items[item].groups.empty() &&
         std::any_of(claim.lines.begin(), claim.lines.end(), [&](const Line& line) {
           return line.item != item &&
                  share_incision(catalogue.items[line.item], catalogue.items[item]);
         });
}

// Whether one more day would leave the course within its limit. The limit is the drug's, whichever
// of its codes is charged.
bool within_course(const Catalogue& catalogue, const Claim& claim, const Item& item, Day day) {
  std::set<Day> days{day};
  for (const Line& line : claim.lines) {
    if (is_course_of(catalogue.items[line.item], item))
      days.insert(day_of(line.at));
  }
  return days.size() <= static_cast<std::size_t>(item.course_days);
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

bool is_course_of(const Item& item, const Item& drug) {
  return item.course_days > 0 && item.name == drug.name;
}

bool is_unused(const Catalogue& catalogue, const Claim& claim, std::uint32_t item) {
  return !contains(claim.reserved, item) && !excludes(claim, catalogue.items[item]) &&
         !meets_incision(catalogue, claim, item) &&
         std::none_of(claim.lines.begin(), claim.lines.end(),
                      [&](const Line& line) { return line.item == item; });
}

bool is_free(const Catalogue& catalogue, const Claim& claim, std::uint32_t item) {
  return is_unused(catalogue, claim, item) &&
         keeps_limits(catalogue.items[item], claim, claim.first_day) &&
         keeps_limits(catalogue.items[item], claim, claim.first_day + claim.days - 1);
}

bool admissible(const Catalogue& catalogue, const Claim& claim, const Candidate& candidate) {
  const Item& item = catalogue.items[candidate.item];
  const Day day = day_of(candidate.at);
  if (!keeps_limits(item, claim, day) || contains(claim.reserved, candidate.item) ||
      excludes(claim, item) || meets_incision(catalogue, claim, candidate.item))
    return false;
  if (item.course_days > 0 && !within_course(catalogue, claim, item, day))
    return false;
  return item.daily_max == 0 ||
         quantity_on(claim, candidate.item, day) + candidate.quantity <= item.daily_max;
}

std::uint32_t add_line(const Catalogue& catalogue, Claim& claim, const Candidate& candidate) {
  const Item& item = catalogue.items[candidate.item];
  const Cents list_price = price_at_level(item, claim.institution->level);
  const Cents price = candidate.price > 0 ? candidate.price : list_price;
  const auto key = static_cast<std::uint32_t>(claim.lines.size() + 1);
  claim.lines.push_back({.item = candidate.item,
                         .key = key,
                         .at = candidate.at,
                         .price = price,
                         .quantity = candidate.quantity,
                         .amount = amount_of(price, candidate.quantity),
                         .list_price = list_price,
                         .prescription = candidate.prescription,
                         .self_paid = candidate.self_paid || item.wholly_self_paid});
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

bool share_incision(const Item& a, const Item& b) {
  return std::any_of(a.groups.begin(), a.groups.end(), [&](std::uint32_t group) {
    return std::find(b.groups.begin(), b.groups.end(), group) != b.groups.end();
  });
}

const Line& line_of(const Claim& claim, std::uint32_t key) { return claim.lines[key - 1]; }

bool earlier(const Line& a, const Line& b) {
  return std::tie(a.at, a.price, a.quantity, a.key) < std::tie(b.at, b.price, b.quantity, b.key);
}

} // namespace sanku::generate
