// What follows from the published tables: the invented items beside them, prices, popularity, and
// the ready pieces of JSON. The order of popularity is a fixed shuffle, so that the published order
// (by name) does not make one letter of the alphabet popular.
#include "tools/generate/catalogue.h"

#include "tools/generate/invented.h"
#include "tools/generate/json_text.h"
#include "tools/generate/limits.h"
#include "tools/generate/published.h"

#include <set>
#include <utility>

namespace sanku::generate {

namespace {

bool is_drug(const Item& item) {
  return item.kind == ItemKind::western_drug || item.kind == ItemKind::patent_drug;
}

// The pools that ordinary lines are drawn from. Whether one is clean in a visit is lines.h's to
// say.
void fill_background(Catalogue& catalogue, std::uint32_t at) {
  const Item& item = catalogue.items[at];
  if (item.apart) {
    // The rest of the library speaks of it.
  } else if (is_drug(item)) {
    if (item.people != People::everyone && item.sex == Sex::any)
      catalogue.child_drugs.items.push_back(at);
    else if (item.sex != Sex::any && item.people == People::everyone)
      catalogue.drugs_of_sex[static_cast<std::size_t>(item.sex)].items.push_back(at);
    else if (item.people == People::everyone)
      catalogue.drugs.items.push_back(at);
  } else if (item.kind == ItemKind::piece) {
    if (!item.never_paid)
      catalogue.pieces.items.push_back(at);
    if (!item.not_paid_alone && item.partners.empty())
      catalogue.harmless.push_back(at);
  } else if (item.daily_max > 0 || !item.partners.empty() || item.sex != Sex::any ||
             item.people != People::everyone || !item.groups.empty()) {
    catalogue.published_services.items.push_back(at);
  }
  for (const std::string_view code : {"001109000010000", "001201000040000", "001102000050000"}) {
    if (item.code == code)
      catalogue.routine.push_back(at);
  }
}

// What violations are planted from.
void fill_restricted(Catalogue& catalogue, std::uint32_t at) {
  const Item& item = catalogue.items[at];
  if (item.apart)
    return;
  for (const ItemLimit& limit : item_limits) {
    if (limit.restricts(item))
      catalogue.by_rule[static_cast<std::size_t>(limit.rule)].push_back(at);
  }
  if (item.course_days > 0)
    catalogue.courses.push_back(at);
  if (item.not_paid_alone)
    catalogue.alone.push_back(at);
}

// What is invented has an ordinary name, and some rules go by names.
void set_apart(Catalogue& catalogue) {
  for (Item& item : catalogue.items)
    item.apart = item.apart || catalogue.library.names.contains(item.name);
  const auto is_apart = [&](std::uint32_t at) { return catalogue.items[at].apart; };
  for (Pool* pool : {&catalogue.services, &catalogue.consumables})
    std::erase_if(pool->items, is_apart);
  // More than a day's hours are also more than the stay's, for another rule of the library.
  std::erase_if(catalogue.limited, [&](std::uint32_t at) {
    return is_apart(at) || (catalogue.library.present && catalogue.items[at].by_hour);
  });
  for (std::vector<std::uint32_t>& pairs : catalogue.pairs_of_window)
    std::erase_if(pairs, [&](std::uint32_t pair) {
      return is_apart(catalogue.pairs[pair].sub) || is_apart(catalogue.pairs[pair].main);
    });
}

void fill_pools(Catalogue& catalogue) {
  set_apart(catalogue);
  for (std::uint32_t at = 0; at < catalogue.items.size(); ++at) {
    fill_background(catalogue, at);
    fill_restricted(catalogue, at);
  }
  std::uint64_t number = 10;
  for (Pool* pool : {&catalogue.drugs, &catalogue.services, &catalogue.consumables,
                     &catalogue.drugs_of_sex[1], &catalogue.drugs_of_sex[2], &catalogue.child_drugs,
                     &catalogue.published_services, &catalogue.pieces}) {
    Random(catalogue_seed, Purpose::order, ++number).shuffle(pool->items);
    pool->popularity = zipf(pool->items.size());
  }
}

std::string_view category_of_service(std::string_view code) {
  struct Chapter {
    std::string_view prefix, category;
  };
  constexpr Chapter chapters[] = {{"001109", "01"}, {"0011", "02"}, {"0012", "07"}, {"0021", "03"},
                                  {"0022", "03"},   {"0023", "03"}, {"0024", "05"}, {"0025", "04"},
                                  {"0026", "04"},   {"0027", "04"}, {"0033", "06"}};
  for (const Chapter& chapter : chapters) {
    if (code.starts_with(chapter.prefix))
      return chapter.category;
  }
  return "05";
}

// What the published tables do not say of their items. Class c (wholly self-paid) is drawn for
// invented items only: a rule about payment leaves lines alone that nobody pays for.
void complete(Item& item, Random& random, bool invented) {
  item.price = invented_price(random, item.kind);
  const std::uint64_t at = random.below(100);
  item.wholly_self_paid = invented && at < 6;
  item.partly_self_paid = !item.wholly_self_paid && at < 45;
  if (!item.unit.empty())
    return;
  if (item.kind == ItemKind::service) {
    item.category = category_of_service(item.code);
    if (item.category == "06") // an operation costs more than most of what is billed
      item.price = 1'000 * random.between(20, 300);
    item.spec = "/";
    item.unit = item.by_hour ? "小时" : item.daily_max > 0 ? "日" : "次";
  } else if (item.kind == ItemKind::piece) {
    describe_piece(item);
  } else {
    describe_published_drug(item);
  }
}

std::string_view list_type(ItemKind kind) {
  switch (kind) {
  case ItemKind::western_drug:
  case ItemKind::patent_drug:
    return "101";
  case ItemKind::piece:
    return "102";
  case ItemKind::service:
    return "201";
  case ItemKind::consumable:
    return "301";
  }
  return "105";
}

void write_piece(Item& item, std::size_t number, bool compact) {
  const bool service = item.kind == ItemKind::service;
  const std::string_view item_class = item.wholly_self_paid   ? "03"
                                      : item.partly_self_paid ? "02"
                                                              : "01";
  std::string& json = item.json;
  append_field(json, "hilist_type", list_type(item.kind));
  append_field(json, "chrg_type", item.category);
  if (!compact)
    append_field(json, "drord_bhvr", "0");
  append_field(json, "hilist_code", item.code);
  append_field(json, "hilist_name", item.name);
  if (compact)
    return;
  append_field(json, "hilist_dosform", item.dose_form);
  append_field(json, "hilist_lv", item_class);
  append_field(json, "lv1_hosp_item_pric", hundredths(price_at_level(item, 1)));
  append_field(json, "lv2_hosp_item_pric", hundredths(price_at_level(item, 2)));
  append_field(json, "lv3_hosp_item_pric", hundredths(price_at_level(item, 3)));
  append_field(json, "hilist_memo", "");
  std::string local(1, service ? 'S' : 'D');
  append_padded(local, number + 1, 6);
  append_field(json, "hosplist_code", local);
  append_field(json, "hosplist_name", item.name);
  append_field(json, "hosplist_dosform", item.dose_form);
  append_field(json, "spec", item.spec);
  append_field(json, "spec_unt", item.unit);
}

} // namespace

Cents price_at_level(const Item& item, int level) {
  if (item.kind != ItemKind::service || level == 2 || level == 0)
    return item.price;
  return level == 1 ? item.price * 9 / 10 : item.price * 11 / 10;
}

Result<Catalogue> load_catalogue(const CatalogueFiles& files) {
  Result<Catalogue> published = read_published(files);
  if (!published)
    return published;
  Catalogue& catalogue = *published;
  const std::size_t published_items = catalogue.items.size();
  std::set<std::string> taken;
  for (const Item& item : catalogue.items)
    taken.insert(item.code);
  add_invented_items(catalogue, taken);
  Random random(catalogue_seed, Purpose::catalogue, 3);
  for (std::size_t at = 0; at < catalogue.items.size(); ++at) {
    complete(catalogue.items[at], random, at >= published_items);
    write_piece(catalogue.items[at], at, files.compact);
  }
  fill_pools(catalogue);
  Institutions institutions = invented_institutions();
  catalogue.hospitals = std::move(institutions.hospitals);
  catalogue.pharmacies = std::move(institutions.pharmacies);
  // Together a mean of about 8 lines at 85 outpatient visits in a hundred.
  catalogue.outpatient_lines = log_normal({.low = 3, .high = 200, .mu = 1.45, .sigma = 0.55});
  catalogue.inpatient_lines = log_normal({.low = 3, .high = 200, .mu = 2.85, .sigma = 0.75});
  return published;
}

} // namespace sanku::generate
