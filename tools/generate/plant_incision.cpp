// Operations of one group on one day, charged at the full price although only the dearest may be.
// The findings are reckoned at the end over the whole claim, because an item may stand in several
// groups and a planted pair of items may be of one group.
#include "tools/generate/lines.h"
#include "tools/generate/plant_shapes.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace sanku::generate {

namespace {

// What the operations after the first may cost is half the list price: what so many of the line's
// are above that, to the cent half away from zero. 0 where the line keeps it.
Cents beyond_half(const Line& line, Hundredths later) {
  const Cents excess = (2 * line.price - line.list_price) * later; // in 1/200 cents
  return excess <= 0 ? 0 : std::min((excess + 100) / 200, line.amount);
}

struct Scene {
  std::string_view kind;
  std::vector<int> percents; // of the list price, one an operation
  bool same_day = true;
};

Scene draw_scene(Random& random, bool decoy) {
  if (decoy)
    return random.percent(60) ? Scene{"", {100, 50}} : Scene{"", {100, 100}, false};
  switch (random.below(4)) {
  case 0:
    return {"two operations", {100, 100}};
  case 1:
    return {"three operations", {100, 100, 100}};
  case 2:
    return {"discounted too little", {100, 70}};
  default:
    return {"one of two discounted", {100, 50, 100}};
  }
}

// Different operations of one group that are free beside each other.
std::vector<std::uint32_t> draw_operations(const Catalogue& catalogue, const Claim& claim,
                                           Random& random, std::size_t count) {
  const auto group = static_cast<std::size_t>(random.below(catalogue.operations_of_group.size()));
  const std::vector<std::uint32_t>& rows = catalogue.operations_of_group[group];
  std::vector<std::uint32_t> drawn;
  for (int attempt = 0; attempt < attempts && drawn.size() < count; ++attempt) {
    const std::uint32_t at = random.pick(rows);
    const Item& item = catalogue.items[at];
    const bool apart = std::none_of(drawn.begin(), drawn.end(), [&](std::uint32_t other) {
      return other == at || std::binary_search(item.partners.begin(), item.partners.end(), other);
    });
    if (apart && is_free(catalogue, claim, at))
      drawn.push_back(at);
  }
  // The dearest first, so that the discounts of a scene are those of the others.
  std::sort(drawn.begin(), drawn.end(), [&](std::uint32_t a, std::uint32_t b) {
    return catalogue.items[a].price > catalogue.items[b].price;
  });
  return drawn;
}

// From the dearest; of equal prices the earlier first.
void rank(const Catalogue& catalogue, std::vector<Line>& lines) {
  lines = in_order(catalogue, std::move(lines));
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return a.list_price > b.list_price; });
}

} // namespace

void plant_incision(const Catalogue& catalogue, Claim& claim, Random& random, bool decoy) {
  if (catalogue.operations_of_group.empty())
    return;
  const Scene scene = draw_scene(random, decoy);
  const std::vector<std::uint32_t> drawn =
      draw_operations(catalogue, claim, random, scene.percents.size());
  if (drawn.size() < scene.percents.size() || (!scene.same_day && claim.days < 2))
    return;
  // Which of two equally dear operations counts as the second is the order's to say.
  if (decoy && catalogue.items[drawn[0]].price == catalogue.items[drawn[1]].price)
    return;
  const auto day = static_cast<int>(random.between(0, claim.days - (scene.same_day ? 1 : 2)));
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const Cents list = price_at_level(catalogue.items[drawn[i]], claim.institution->level);
    const int later = scene.same_day ? 0 : static_cast<int>(i);
    add_reserved_line(catalogue, claim,
                      {.item = drawn[i],
                       .at = usual_moment(claim, random, day + later),
                       .quantity = 100,
                       .price = list * scene.percents[i] / 100});
  }
  claim.incision_kind = scene.kind;
}

void record_incisions(const Catalogue& catalogue, Claim& claim) {
  std::map<std::pair<std::uint32_t, Day>, std::vector<Line>> groups;
  for (const Line& line : claim.lines) {
    for (const std::uint32_t group : catalogue.items[line.item].groups)
      groups[{group, day_of(line.at)}].push_back(line);
  }
  // A line of two groups is found once, by the group that takes more.
  std::map<std::uint32_t, Cents> most;
  for (auto& [key, lines] : groups) {
    const bool different = std::any_of(lines.begin(), lines.end(), [&](const Line& line) {
      return line.item != lines.front().item;
    });
    rank(catalogue, lines);
    Hundredths first = 100; // what is left of the one operation at the full price
    for (const Line& line : lines) {
      const Hundredths in_full = std::min(first, line.quantity);
      first -= in_full;
      const Cents amount = different ? beyond_half(line, line.quantity - in_full) : 0;
      if (amount > 0)
        most[line.key] = std::max(most[line.key], amount);
    }
  }
  const std::string_view how =
      claim.incision_kind.empty() ? "beside another" : std::string_view(claim.incision_kind);
  for (const auto& [key, amount] : most) {
    Line line = line_of(claim, key);
    line.amount = amount;
    claim.findings.push_back(
        finding_of(Rule::incision, key, {line}, fmt::format("incision/{}", how)));
  }
}

} // namespace sanku::generate
