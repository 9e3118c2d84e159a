// A line, or two, and diagnoses of which one rule of the library speaks. See plant_scene.h.
#include "tools/generate/limits.h"
#include "tools/generate/plant_scene.h"

namespace sanku::generate {

// ---- one line

void indication(Scene& scene) {
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const LibraryItem* item = scene.draw(scene.library().indicated);
    if (item == nullptr)
      return;
    if (!scene.has_any(item->set))
      return scene.find_line(Rule::indication, Says::suspected, scene.line(item->item));
  }
}

void elder(Scene& scene) {
  if (const auto* item = scene.draw(scene.library().for_the_old); item && scene.years() >= 65)
    scene.remind_line(Rule::elder, scene.line(*item));
}

void maternal(Scene& scene) {
  const auto* item = scene.draw(scene.library().in_pregnancy);
  const auto* diagnosis = scene.draw(scene.library().of_pregnancy);
  const bool may_be =
      scene.claim.patient.sex == Sex::female && scene.years() >= 18 && scene.years() <= 45;
  if (item == nullptr || diagnosis == nullptr || !may_be)
    return;
  scene.claim.diagnoses.push_back({*diagnosis});
  scene.find_line(Rule::maternal, Says::suspected, scene.line(*item));
}

void contra(Scene& scene) {
  const LibraryItem* item = scene.draw(scene.library().contraindicated);
  if (item == nullptr)
    return;
  const std::uint32_t diagnosis = scene.random.pick(item->diagnoses);
  if (std::ranges::find(scene.claim.diagnoses, diagnosis, &DiagnosedAs::diagnosis) ==
      scene.claim.diagnoses.end())
    scene.claim.diagnoses.push_back({diagnosis});
  scene.find_line(Rule::contra, Says::suspected, scene.line(item->item));
}

void interact(Scene& scene) {
  const auto* pair = scene.draw(scene.library().interacting);
  if (pair == nullptr)
    return;
  const std::uint32_t own = scene.line(pair->first);
  const Moment then = scene.line_of_key(own).at;
  const std::uint32_t other = scene.line_at(pair->second, then);
  std::vector<OffendingLine> lines;
  for (const Line& each : in_order(scene.catalogue, scene.claim.lines))
    if (each.key == own || each.key == other)
      lines.push_back({each.key, each.amount});
  scene.find(Rule::interact, Says::suspected, own, std::move(lines));
}

void child_pay(Scene& scene) {
  const auto* item = scene.draw(scene.library().for_children);
  if (item && scene.years() >= 18)
    scene.find_line(Rule::child_pay,
                    may_be_the_childs(scene.claim, scene.claim.first_day) ? Says::suspected
                                                                          : Says::violation,
                    scene.line(*item));
}

void working_age(Scene& scene) {
  const auto* item = scene.draw(scene.library().of_working_age);
  if (item && scene.last_years() < 16 && is_free(scene.catalogue, scene.claim, *item))
    scene.find_line(Rule::working_age, Says::violation, scene.line(*item));
}

void surcharge(Scene& scene) {
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const LibraryItem* item = scene.draw(scene.library().surcharges);
    if (item == nullptr)
      return;
    const bool has_main = std::ranges::any_of(scene.claim.lines, [&](const Line& each) {
      return scene.catalogue.items[each.item].code.starts_with(item->name);
    });
    const Item& own = scene.catalogue.items[item->item];
    if (has_main || !own.groups.empty() || !is_free(scene.catalogue, scene.claim, item->item))
      continue;
    return scene.find_line(Rule::surcharge, Says::violation, scene.line(item->item));
  }
}

void for_diseases(Scene& scene) {
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const LibraryItem* item = scene.draw(scene.library().for_diseases);
    if (item == nullptr)
      return;
    if (!scene.has_any(item->set))
      return scene.find_line(Rule::consumable_disease, Says::suspected, scene.line(item->item));
  }
}

// One more than once: what is beyond the first.
static void twice(Scene& scene, Rule rule, Says says, std::uint32_t item) {
  const std::uint32_t key = scene.line(item, 200);
  scene.find(rule, says, key, {{key, scene.line_of_key(key).price}});
}
void problem_limit(Scene& scene) {
  if (const auto* item = scene.draw(scene.library().once))
    twice(scene, Rule::problem_limit, Says::suspected, *item);
}
void period(Scene& scene) {
  const auto* item = scene.draw(scene.library().by_period);
  if (item && is_free(scene.catalogue, scene.claim, *item))
    twice(scene, Rule::period, Says::violation, *item);
}

void problem_pair(Scene& scene) {
  const auto* pair = scene.draw(scene.library().contained);
  if (pair == nullptr)
    return;
  const std::uint32_t sub = scene.line(pair->first);
  scene.line_at(pair->second, scene.line_of_key(sub).at);
  scene.find(Rule::problem_pair, Says::suspected, sub, {{sub, scene.line_of_key(sub).price}});
}

// ---- diagnoses

static void add_diagnosis(Scene& scene, Rule rule, Says says, std::uint32_t diagnosis) {
  scene.claim.diagnoses.push_back({.diagnosis = diagnosis, .dated = true});
  const auto rank = static_cast<std::uint32_t>(scene.claim.diagnoses.size());
  scene.find(rule, says, rank, scene.all_lines()).amount = std::nullopt;
}
void diagnosis_sex(Scene& scene) {
  const bool male = scene.claim.patient.sex == Sex::male;
  const auto& other =
      scene.library().of_sex[static_cast<std::size_t>(male ? Sex::female : Sex::male)];
  if (const auto* diagnosis = scene.draw(other))
    add_diagnosis(scene, Rule::diagnosis_sex, Says::violation, *diagnosis);
}
void diagnosis_age(Scene& scene) {
  const auto* diagnosis = scene.draw(scene.library().of_the_young);
  if (diagnosis && scene.years() >= 18)
    add_diagnosis(scene, Rule::diagnosis_age, Says::suspected, *diagnosis);
}

} // namespace sanku::generate
