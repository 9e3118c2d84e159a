// Two items that exclude each other (GZ10000102012): inside each of the four windows, exactly on
// their edges, with more of the one than of the other; and just outside a window as a decoy.
//
// A scene is a few lines of one sub and its mains. Where a scene is about quantities its lines
// share a clock hour, which is inside every window; where it is about time it has one line of each.
// The findings are then reckoned over the lines of the scene, which are all lines of these items in
// the claim.
#include "runtime/types/check.h"
#include "tools/generate/lines.h"
#include "tools/generate/plant_shapes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

namespace sanku::generate {

namespace {

constexpr Moment hour = hour_long;

struct Scene {
  std::string_view kind;
  std::vector<Candidate> lines;
};

struct Stage {
  const Catalogue& catalogue;
  const Claim& claim;
  Random& random;
  const Pair& pair;
};

std::string_view name_of(PairWindow window) {
  switch (window) {
  case PairWindow::day:
    return "单日";
  case PairWindow::visit:
    return "单次就诊";
  case PairWindow::six_hours:
    return "6小时";
  case PairWindow::same_hour:
    return "同一小时";
  }
  unreachable("a window has a name");
}

bool within(PairWindow window, Moment a, Moment b) {
  switch (window) {
  case PairWindow::day:
    return day_of(a) == day_of(b);
  case PairWindow::visit:
    return true;
  case PairWindow::six_hours:
    return std::abs(a - b) <= 6 * hour;
  case PairWindow::same_hour:
    return a / hour == b / hour;
  }
  unreachable("a window has a meaning");
}

// Begin of a clock hour of the working day, on a day of the visit.
Moment some_hour(Stage& stage) {
  const auto day = static_cast<Day>(stage.random.between(0, stage.claim.days - 1));
  const auto clock = static_cast<int>(stage.random.between(8, 17));
  return at(stage.claim.first_day + day, clock, 0);
}

Moment some_moment(Stage& stage) {
  const Moment start = some_hour(stage);
  return start + stage.random.between(0, hour - 1);
}

using Moments = std::pair<Moment, Moment>;

Moments inside(Stage& stage) {
  Random& random = stage.random;
  const Moment first = some_moment(stage);
  const Moment morning = at(day_of(first), 8, 0);
  switch (stage.pair.window) {
  case PairWindow::day:
    return {first, morning + random.between(0, 11 * hour - 1)};
  case PairWindow::visit:
    return {first, some_moment(stage)};
  case PairWindow::six_hours:
    return {first, std::max(morning, first - random.between(0, 6 * hour))};
  case PairWindow::same_hour:
    return {first, first / hour * hour + random.between(0, hour - 1)};
  }
  unreachable("a window has an inside");
}

// As far apart as the window allows. Six hours may reach over midnight in a stay.
Moments edge(Stage& stage) {
  const Claim& claim = stage.claim;
  const bool night = claim.days > 1 && stage.random.percent(50);
  const Moment second = stage.random.between(1, 3599);
  const Moment start = some_hour(stage);
  const Moment late = at(claim.first_day, 21, 30) + second % 1800;
  const Moment early = at(day_of(start), 8, 0) + second;
  switch (stage.pair.window) {
  case PairWindow::day:
    return night ? Moments{at(day_of(start), 0, 0, 1), at(day_of(start), 23, 59, 59)}
                 : Moments{early, at(day_of(start), 18, 0) + second};
  case PairWindow::visit:
    return {at(claim.first_day, 8, 0) + second,
            at(claim.first_day + claim.days - 1, 18, 0) + second};
  case PairWindow::six_hours:
    return night ? Moments{late, late + 6 * hour} : Moments{early, early + 6 * hour};
  case PairWindow::same_hour:
    return {start, start + hour - 1};
  }
  unreachable("a window has an edge");
}

// As near as lines can be without being inside.
std::optional<Moments> outside(Stage& stage) {
  const Claim& claim = stage.claim;
  const Moment second = stage.random.between(1, 3599);
  const Moment start = some_hour(stage);
  const Moment early = at(day_of(start), 8, 0) + second;
  switch (stage.pair.window) {
  case PairWindow::day: {
    if (claim.days < 2)
      return std::nullopt;
    const Moment midnight = at(claim.first_day + 1, 0, 0);
    return Moments{midnight - 1, midnight + second};
  }
  case PairWindow::visit:
    return std::nullopt;
  case PairWindow::six_hours:
    return Moments{early, early + 6 * hour + (stage.random.percent(50) ? 60 : 1)};
  case PairWindow::same_hour:
    return Moments{start + hour - 1, start + hour};
  }
  unreachable("a window has an outside");
}

Scene apart(Stage& stage, std::string_view kind, Moments moments) {
  if (stage.random.percent(50))
    std::swap(moments.first, moments.second);
  return {kind,
          {{.item = stage.pair.main, .at = moments.first, .quantity = 100},
           {.item = stage.pair.sub, .at = moments.second, .quantity = 100}}};
}

// Lines within one clock hour: mains and subs with the given quantities.
Scene together(Stage& stage, std::string_view kind, const std::vector<Hundredths>& mains,
               const std::vector<Hundredths>& subs) {
  Scene scene{kind, {}};
  const Moment start = some_hour(stage);
  const auto add = [&](std::uint32_t item, const std::vector<Hundredths>& quantities) {
    for (const Hundredths quantity : quantities) {
      const Moment moment = start + stage.random.between(0, hour - 1);
      scene.lines.push_back({.item = item, .at = moment, .quantity = quantity});
    }
  };
  add(stage.pair.main, mains);
  add(stage.pair.sub, subs);
  return scene;
}

// A second row of the same sub speaks louder, because there is more of its main.
std::optional<Scene> several_mains(Stage& stage) {
  const Catalogue& catalogue = stage.catalogue;
  const Item& main = catalogue.items[stage.pair.main];
  for (const std::uint32_t row : catalogue.items[stage.pair.sub].pairs) {
    const std::uint32_t other = catalogue.pairs[row].main;
    if (other == stage.pair.main || !is_free(catalogue, stage.claim, other))
      continue;
    if (std::binary_search(main.partners.begin(), main.partners.end(), other))
      continue;
    Scene scene = together(stage, "several mains", {100}, {300});
    const Moment moment = scene.lines.front().at;
    scene.lines.push_back({.item = other, .at = moment, .quantity = 200});
    return scene;
  }
  return std::nullopt;
}

Scene draw_scene(Stage& stage) {
  switch (stage.random.below(9)) {
  case 0:
  case 1:
    return apart(stage, "inside", inside(stage));
  case 2:
  case 3:
    return apart(stage, "edge", edge(stage));
  case 4:
    return together(stage, "more of the sub", {100}, {300});
  case 5:
    return together(stage, "second sub absorbed", {100}, {100, 100});
  case 6:
    return together(stage, "two subs", {100, 100}, {100, 200});
  case 7:
    return together(stage, "half a main", {50}, {150});
  default:
    if (std::optional<Scene> scene = several_mains(stage))
      return *std::move(scene);
    return apart(stage, "inside", inside(stage));
  }
}

bool fits_daily_maxima(const Catalogue& catalogue, const Scene& scene) {
  return std::all_of(scene.lines.begin(), scene.lines.end(), [&](const Candidate& one) {
    const Hundredths max = catalogue.items[one.item].daily_max;
    Hundredths sum = 0;
    for (const Candidate& other : scene.lines) {
      if (other.item == one.item && day_of(other.at) == day_of(one.at))
        sum += other.quantity;
    }
    return max == 0 || sum <= max;
  });
}

// One finding a line of the sub; of several rows that are met the largest amount speaks.
void record_findings(const Catalogue& catalogue, Claim& claim, std::uint32_t sub,
                     const std::string& kind) {
  for (const Line& line : claim.lines) {
    if (line.item != sub)
      continue;
    std::optional<Cents> amount;
    for (const std::uint32_t row : catalogue.items[sub].pairs) {
      const Pair& pair = catalogue.pairs[row];
      Hundredths left = 0;
      for (const Line& other : claim.lines) {
        if (!within(pair.window, other.at, line.at))
          continue;
        if (other.item == pair.main)
          left += other.quantity;
        if (other.item == sub && earlier(other, line))
          left -= other.quantity;
      }
      if (left <= 0)
        continue;
      const Cents excess = amount_of(line.price, std::min(line.quantity, left));
      amount = std::max(amount.value_or(0), std::min(excess, line.amount));
    }
    if (!amount)
      continue;
    claim.findings.push_back({.rule = Rule::exclusive,
                              .key = line.key,
                              .item = sub,
                              .day = day_of(line.at),
                              .amount = amount,
                              .lines = {{line.key, *amount}},
                              .kind = kind});
  }
}

// A decoy must be silent, so its two items are not operations of one incision either.
const Pair* draw_pair(const Catalogue& catalogue, const Claim& claim, Random& random, bool decoy) {
  const auto& rows = catalogue.pairs_of_window[random.below(pair_windows)];
  for (int attempt = 0; attempt < attempts && !rows.empty(); ++attempt) {
    const Pair& pair = catalogue.pairs[random.pick(rows)];
    const bool alone =
        !decoy || !share_incision(catalogue.items[pair.sub], catalogue.items[pair.main]);
    if (alone && is_free(catalogue, claim, pair.sub) && is_free(catalogue, claim, pair.main))
      return &pair;
  }
  return nullptr;
}

} // namespace

void plant_pair(const Catalogue& catalogue, Claim& claim, Random& random, bool decoy) {
  const Pair* pair = draw_pair(catalogue, claim, random, decoy);
  if (pair == nullptr)
    return;
  Stage stage{.catalogue = catalogue, .claim = claim, .random = random, .pair = *pair};
  Scene scene;
  if (decoy) {
    const std::optional<Moments> moments = outside(stage);
    if (!moments)
      return;
    scene = apart(stage, "outside", *moments);
  } else {
    scene = draw_scene(stage);
  }
  if (!fits_daily_maxima(catalogue, scene)) {
    if (decoy)
      return;
    scene = apart(stage, "inside", inside(stage));
  }
  for (const Candidate& line : scene.lines)
    add_reserved_line(catalogue, claim, line);
  if (decoy)
    return;
  record_findings(catalogue, claim, pair->sub,
                  fmt::format("pair/{}/{}", name_of(pair->window), scene.kind));
}

} // namespace sanku::generate
