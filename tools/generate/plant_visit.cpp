// What is about a visit as a whole: its days, prescriptions, times and sums. See plant_scene.h.
#include "tools/generate/json_text.h"
#include "tools/generate/plant_scene.h"

#include <fmt/format.h>

#include <set>
#include <string_view>

namespace sanku::generate {

namespace {

constexpr std::size_t drugs_on_prescription = 5, pieces_on_prescription = 20;

} // namespace

// ---- stays

static bool is_kind(const Catalogue& catalogue, const Line& line, std::string_view chapter) {
  return catalogue.items[line.item].code.starts_with(chapter);
}

// One bed day more than the stay can have, as the last line of all.
void beds(Scene& scene) {
  if (!scene.is_stay() || !scene.library().other_bed ||
      !is_unused(scene.catalogue, scene.claim, *scene.library().other_bed))
    return;
  const Stretch stretch = stretch_of(scene.claim);
  Hundredths charged = 0;
  for (const Line& each : scene.claim.lines)
    if (is_kind(scene.catalogue, each, "001109"))
      charged += each.quantity;
  // The length of a stay is at least one day; the last one may be charged as well.
  const Hundredths most = std::max<Hundredths>(100, stretch.days()) + 100;
  const Moment at = stretch.last + 60;
  if (charged > most || day_of(at) != stretch.last_day || scene.claim.lines.empty())
    return;
  const std::uint32_t key = scene.line_at(*scene.library().other_bed, at, most - charged + 100);
  scene.find(Rule::beds, Says::violation, key, {{key, scene.line_of_key(key).price}});
}

// One day's nursing becomes the highest grade, on the day of another, which is then one too many:
// the lower grade, whatever the two cost.
void two_grades(Scene& scene) {
  if (!scene.is_stay() || !scene.library().other_nursing ||
      !is_unused(scene.catalogue, scene.claim, *scene.library().other_nursing))
    return;
  std::vector<Line*> daily;
  for (Line& each : scene.claim.lines)
    if (is_kind(scene.catalogue, each, "001201000040000"))
      daily.push_back(&each);
  if (daily.size() < 4)
    return;
  // Neither the first nor the last, so that the stay is as long as before.
  Line &moved = *daily[2], &beside = *daily[1];
  const Item& item = scene.catalogue.items[*scene.library().other_nursing];
  const Cents price = price_at_level(item, scene.claim.institution->level);
  if (day_of(moved.at) == day_of(beside.at))
    return;
  moved.item = *scene.library().other_nursing;
  moved.at = beside.at + 1;
  moved.price = moved.list_price = price;
  moved.amount = amount_of(price, moved.quantity);
  scene.find_line(Rule::two_grades, Says::suspected, beside.key);
}

// ---- prescriptions

// What lies beyond the first codes of pieces or names of drugs on a prescription, in canonical
// order: the packages of a drug have codes of their own.
static std::vector<OffendingLine> beyond(const Scene& scene, std::uint32_t prescription,
                                         std::size_t most, bool pieces) {
  std::set<std::string_view> first;
  std::vector<OffendingLine> out;
  for (const Line& each : in_order(scene.catalogue, scene.claim.lines)) {
    const Item& item = scene.catalogue.items[each.item];
    const ItemKind kind = item.kind;
    const bool counts = pieces ? kind == ItemKind::piece
                               : kind == ItemKind::western_drug || kind == ItemKind::patent_drug;
    if (!counts || each.prescription != prescription)
      continue;
    const std::string_view what = pieces ? item.code : item.name;
    if (first.contains(what))
      continue;
    if (first.size() < most)
      first.insert(what);
    else
      out.push_back({each.key, each.amount});
  }
  return out;
}

void many_pieces(Scene& scene) {
  const std::uint32_t prescription = scene.claim.next_prescription++;
  std::vector<std::uint32_t> pieces = scene.catalogue.harmless;
  std::erase_if(pieces, [&](std::uint32_t at) {
    const Item& piece = scene.catalogue.items[at];
    return !is_unused(scene.catalogue, scene.claim, at) || piece.apart || piece.never_paid;
  });
  scene.random.shuffle(pieces);
  const std::size_t wanted = pieces_on_prescription + 1 + scene.random.below(4);
  if (pieces.size() < wanted)
    return;
  const Moment at = usual_moment(scene.claim, scene.random, 0);
  for (std::size_t i = 0; i < wanted; ++i)
    scene.line_at(pieces[i], at, 100 * scene.random.between(3, 30), prescription);
  scene.find(Rule::many_pieces, Says::suspected, prescription,
             beyond(scene, prescription, pieces_on_prescription, true));
}

// At close: all drugs of the visit stand on one prescription.
void kinds(Scene& scene) {
  if (scene.is_stay())
    return;
  std::set<std::string_view> drugs;
  std::uint32_t prescription = 0;
  for (const Line& each : scene.claim.lines) {
    const Item& item = scene.catalogue.items[each.item];
    if (item.kind == ItemKind::western_drug || item.kind == ItemKind::patent_drug) {
      drugs.insert(item.name);
      prescription = each.prescription;
    }
  }
  for (int attempt = 0; attempt < attempts && drugs.size() <= drugs_on_prescription; ++attempt) {
    const std::uint32_t item = scene.catalogue.drugs.draw(scene.random);
    const Candidate candidate{.item = item, .at = scene.claim.lines.front().at, .prescription = 1};
    const std::string_view name = scene.catalogue.items[item].name;
    if (drugs.contains(name) || !admissible(scene.catalogue, scene.claim, candidate))
      continue;
    add_line(scene.catalogue, scene.claim, candidate);
    drugs.insert(name);
    prescription = prescription == 0 ? 1 : prescription;
  }
  if (drugs.size() <= drugs_on_prescription)
    return;
  for (Line& each : scene.claim.lines) {
    const ItemKind kind = scene.catalogue.items[each.item].kind;
    if (kind == ItemKind::western_drug || kind == ItemKind::patent_drug)
      each.prescription = prescription;
  }
  scene.find(Rule::kinds, Says::reminder, prescription,
             beyond(scene, prescription, drugs_on_prescription, false));
}

// ---- what the visit says of itself, at close

static Line& any_line(Scene& scene) {
  return scene.claim.lines[scene.random.below(scene.claim.lines.size())];
}

// The amount is one yuan more than quantity and price make.
void line_sum(Scene& scene) {
  Line& line = any_line(scene);
  if (line.self_paid)
    return;
  line.amount += 100;
  scene.find(Rule::line_sum, Says::suspected, line.key, {{line.key, Cents{0}}});
}

void total_sum(Scene& scene) {
  scene.claim.total_off = 100;
  std::vector<OffendingLine> lines = scene.all_lines();
  for (OffendingLine& each : lines)
    each.amount = Cents{0};
  scene.find(Rule::total_sum, Says::suspected, 0, std::move(lines));
}

static std::string moment_text(Moment moment) {
  std::string out;
  append_moment(out, moment);
  return out;
}

void late(Scene& scene) {
  Line& line = any_line(scene);
  const Moment sent = line.at + 24 * hour_long + scene.random.between(60, 5 * seconds_a_day);
  line.more = fmt::format(",\"crte_time\":\"{}\"", moment_text(sent));
  scene.remind_line(Rule::late, line.key);
}

// An examination dated days after the patient had left.
void outside(Scene& scene) {
  if (!scene.is_stay())
    return;
  const Day day = day_of(scene.claim.discharged) + 2 + static_cast<Day>(scene.random.below(3));
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const std::uint32_t item = scene.catalogue.services.draw(scene.random);
    const std::string_view category = scene.catalogue.items[item].category;
    if ((category != "03" && category != "04") || scene.catalogue.items[item].apart ||
        !is_free(scene.catalogue, scene.claim, item))
      continue;
    const std::uint32_t key = scene.line_at(item, at(day, 9, 30), 100, 1);
    return scene.find_line(Rule::outside, Says::suspected, key);
  }
}

static std::vector<Line*> drugs_of(Scene& scene) {
  std::vector<Line*> found;
  for (Line& each : scene.claim.lines) {
    const ItemKind kind = scene.catalogue.items[each.item].kind;
    if (kind == ItemKind::western_drug || kind == ItemKind::patent_drug)
      found.push_back(&each);
  }
  return found;
}

// All boxes but one have their code.
void trace(Scene& scene) {
  const std::vector<Line*> drugs = drugs_of(scene);
  if (scene.is_stay() || drugs.size() < 2)
    return;
  const std::size_t without = scene.random.below(drugs.size());
  for (std::size_t i = 0; i < drugs.size(); ++i)
    if (i != without)
      drugs[i]->more = fmt::format(",\"drug_trac_codg\":\"8{:012}{:03}{:04}\"", scene.claim.number,
                                   drugs[i]->key, scene.random.below(10'000));
  // A code is for one box.
  for (std::size_t i = 0; i < drugs.size(); ++i)
    if (i != without) {
      Line& line = *drugs[i];
      line.quantity = 100;
      line.amount = amount_of(line.price, line.quantity);
    }
  scene.remind_line(Rule::trace, drugs[without]->key);
}

// More days than a prescription may be for: a week, in an emergency three days, at most twelve
// weeks.
void supply(Scene& scene) {
  std::vector<Line*> drugs = drugs_of(scene);
  std::erase_if(drugs, [](const Line* each) { return each->self_paid; });
  if (scene.is_stay() || drugs.empty())
    return;
  const bool chronic = scene.claim.med_type == "14" || scene.claim.med_type == "16";
  const std::int64_t usual = scene.claim.med_type == "13" ? 3 : 7;
  const bool beyond_long = chronic || scene.random.percent(40);
  const std::int64_t days =
      beyond_long ? scene.random.between(85, 120) : scene.random.between(8, 84);
  Line& line = *scene.random.pick(drugs);
  line.more = fmt::format(",\"prd_days\":\"{}.00\"", days);
  const std::int64_t over = line.amount * (days - (beyond_long ? 84 : usual));
  const Cents amount = (2 * over + days) / (2 * days);
  scene.find(Rule::supply, beyond_long ? Says::violation : Says::suspected, line.key,
             {{line.key, amount}});
}

// A list of operations none of which is the main one.
void no_main(Scene& scene) {
  if (!scene.is_stay() || scene.claim.operations.empty())
    return;
  scene.claim.no_main_operation = true;
  std::vector<OffendingLine> lines = scene.all_lines();
  for (OffendingLine& each : lines)
    each.amount = Cents{0};
  scene.find(Rule::no_main, Says::reminder, 0, std::move(lines));
}

// An injury for which the sender says that a third party pays.
void third_party(Scene& scene) {
  const auto* injury = scene.draw(scene.library().of_injury);
  if (injury == nullptr || scene.claim.patient.insurance == "410")
    return;
  scene.claim.diagnoses.push_back({*injury});
  scene.claim.more += R"(,"ttp_pay_flag":"1")";
  std::vector<OffendingLine> lines = scene.all_lines();
  for (OffendingLine& each : lines)
    each.amount = scene.line_of_key(each.key).amount;
  scene.find(Rule::third_party, Says::suspected, 0, std::move(lines));
}

// More days of allowance than a natural birth of one child gives.
void allowance(Scene& scene) {
  if (scene.claim.patient.sex != Sex::female)
    return;
  scene.claim.more += fmt::format(R"(,"matn_type":"1","fetus_cnt":"1","birctrl_alwn_days":"{}")",
                                  99 + scene.random.below(60));
  scene.find(Rule::allowance, Says::violation, 0, scene.all_lines()).amount = std::nullopt;
}

} // namespace sanku::generate
