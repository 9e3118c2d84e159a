// Codes are built sign by sign after the national forms (drug: X or Z + chapter + name + dose form
// + strength + pack + maker; service: 15 digits; consumable: C + 19 digits) and drawn again when a
// published table has them.
#include "tools/generate/invented.h"

#include "tools/generate/json_text.h"
#include "tools/generate/vocabulary.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>
#include <utility>

namespace sanku::generate {

namespace {

constexpr std::size_t western_drugs = 1'800, patent_drugs = 700, services = 1'400,
                      consumables = 500;
constexpr std::size_t hospital_count = 360, pharmacy_count = 240, doctors_a_hospital = 14;

void describe_drug(Item& item, const DoseForm& form) {
  item.category = item.kind == ItemKind::western_drug ? "09" : "11";
  item.dose_form = form.name;
  item.spec = form.spec;
  item.unit = form.unit;
}

char letter(Random& random) { return static_cast<char>('A' + random.below(26)); }

std::string drug_code(Random& random, bool western, std::string_view form) {
  constexpr std::string_view anatomical = "ABCDGHJLMNPRSV";
  std::string code(1, western ? 'X' : 'Z');
  code += random.pick(anatomical);
  append_padded(code, 1 + random.below(16), 2);
  code += letter(random);
  code += letter(random);
  code += letter(random);
  append_padded(code, random.below(western ? 1'000 : 10'000), western ? 3 : 4);
  code += form;
  append_padded(code, 1 + random.below(4), 2);
  append_padded(code, 1 + random.below(4), 2);
  append_padded(code, random.below(100'000), 5);
  return code;
}

std::string_view drug_name(Random& random, bool western, const DoseForm& form) {
  if (!western)
    return random.pick(patent_drug_names);
  const bool injected = &form >= std::end(western_forms) - injected_forms;
  return injected ? random.pick(injection_names) : random.pick(western_drug_names);
}

Item drug(Random& random, bool western) {
  const DoseForm& form = western ? random.pick(western_forms) : random.pick(patent_forms);
  std::string code = drug_code(random, western, form.code);
  std::string name(drug_name(random, western, form));
  name += form.name;
  Item item{.code = std::move(code),
            .name = std::move(name),
            .kind = western ? ItemKind::western_drug : ItemKind::patent_drug};
  describe_drug(item, form);
  return item;
}

std::string_view variant(Random& random, std::string_view category) {
  if (category == "04")
    return random.pick(laboratory_variants);
  return category == "03" ? random.pick(examination_variants) : random.pick(treatment_variants);
}

Item service(Random& random) {
  const ServiceWord& word = random.pick(service_words);
  Item item{.code = std::string(word.chapter),
            .name = std::string(word.name) + std::string(variant(random, word.category)),
            .kind = ItemKind::service,
            .category = word.category,
            .spec = "/",
            .unit = "次"};
  append_padded(item.code, random.below(1'000), 3);
  append_padded(item.code, random.below(10'000), 4);
  append_padded(item.code, random.below(100), 2);
  return item;
}

Item consumable(Random& random) {
  Item item{.code = "C",
            .name = std::string(random.pick(consumable_words)),
            .kind = ItemKind::consumable,
            .category = "08",
            .spec = "1个/包",
            .unit = "个"};
  append_padded(item.code, random.below(100), 2);
  append_padded(item.code, random.below(1'000'000'000'000), 12);
  append_padded(item.code, random.below(100'000), 5);
  return item;
}

// Pieces are invented one a name, so that a prescription never has one under two codes.
void add_pieces(Catalogue& catalogue, std::set<std::string>& taken) {
  for (std::size_t i = 0; i < std::size(piece_names); ++i) {
    std::string code = fmt::format("T97{:07}", 100 + i);
    if (taken.insert(code).second)
      catalogue.items.push_back(
          {.code = std::move(code), .name = std::string(piece_names[i]), .kind = ItemKind::piece});
  }
}

template <class Make>
Pool invent(Catalogue& catalogue, std::set<std::string>& taken, std::size_t count, Make make) {
  Pool pool;
  while (pool.items.size() < count) {
    Item item = make();
    if (!taken.insert(item.code).second)
      continue;
    pool.items.push_back(static_cast<std::uint32_t>(catalogue.items.size()));
    catalogue.items.push_back(std::move(item));
  }
  return pool;
}

constexpr Department pharmacy_counter{"A99", "药房"}, online_clinic{"A69.01", "互联网门诊"};

Doctor doctor(Random& random, std::string_view area, std::uint64_t number, const Department* only) {
  const Department& department = only != nullptr ? *only : random.pick(departments);
  Doctor made{.code = fmt::format("D{}{:06}", area, number),
              .name = invented_name(random, random.percent(50) ? Sex::male : Sex::female),
              .department = {},
              .department_name = std::string(department.name),
              .json = {},
              .online = only == &online_clinic};
  for (const std::string_view when : {"adm", "dscg"}) {
    append_field(made.department, fmt::format("{}_dept_codg", when), department.code);
    append_field(made.department, fmt::format("{}_dept_name", when), department.name);
  }
  append_field(made.json, "drord_dept_codg", department.code);
  append_field(made.json, "drord_dept_name", department.name);
  append_field(made.json, "drord_dr_codg", made.code);
  append_field(made.json, "drord_dr_name", made.name);
  append_field(made.json, "drord_dr_profttl", fmt::format("{}", 2 + random.below(4)));
  return made;
}

// 20 of a hundred hospitals are third-level, 40 second, 30 first, 10 without a level.
int hospital_level(Random& random) {
  const std::uint64_t at = random.below(100);
  return at < 20 ? 3 : at < 60 ? 2 : at < 90 ? 1 : 0;
}

Institution institution(Random& random, std::uint64_t number, bool pharmacy) {
  constexpr std::string_view level_codes[] = {"11", "08", "05", "02"};
  constexpr std::string_view kinds[] = {"社区卫生服务中心", "卫生院", "人民医院",
                                        "医科大学附属医院"};
  const Place& place = random.pick(places);
  const bool online = !pharmacy && number % 24 == 0;
  Institution made{.level = pharmacy ? 0 : hospital_level(random),
                   .online = online,
                   .area = std::string(place.area),
                   .json = {},
                   .doctors = {}};
  const auto level = static_cast<std::size_t>(made.level);
  const std::string name = fmt::format("{}第{}{}", place.city, number + 1,
                                       pharmacy ? std::string_view("大药房")
                                       : online ? std::string_view("互联网医院")
                                                : kinds[level]);
  append_field(made.json, "medins_id",
               fmt::format("{}{}{:05}", pharmacy ? 'P' : 'H', place.area, number + 1));
  append_field(made.json, "medins_name", name);
  append_field(made.json, "medins_admdvs", place.area);
  append_field(made.json, "medins_type", pharmacy ? "2" : "1");
  append_field(made.json, "medins_lv", level_codes[level]);
  const std::uint64_t staff = pharmacy ? 2 : doctors_a_hospital;
  for (std::uint64_t i = 0; i < staff; ++i) {
    // The first doctor of a hospital sees patients over the internet.
    const Department* only = pharmacy ? &pharmacy_counter : i == 0 ? &online_clinic : nullptr;
    made.doctors.push_back(
        doctor(random, place.area, number * 100 + i + (pharmacy ? 500'000 : 0), only));
  }
  return made;
}

} // namespace

void describe_piece(Item& item) {
  item.category = "10";
  item.dose_form = "饮片";
  item.spec = "1g";
  item.unit = "g";
}

void describe_published_drug(Item& item) {
  const bool western = item.kind == ItemKind::western_drug;
  const std::span<const DoseForm> forms =
      western ? std::span<const DoseForm>(western_forms) : std::span<const DoseForm>(patent_forms);
  const auto named = std::find_if(forms.begin(), forms.end(), [&](const DoseForm& form) {
    return std::string_view(item.name).ends_with(form.name);
  });
  describe_drug(item, named == forms.end() ? forms.front() : *named);
}

std::string invented_name(Random& random, Sex sex) {
  constexpr std::size_t third = std::size(given_names) / 3;
  const std::size_t from = sex == Sex::female ? third : 0;
  std::string name(random.pick(surnames));
  const std::uint64_t signs = random.percent(70) ? 2 : 1;
  for (std::uint64_t i = 0; i < signs; ++i)
    name += given_names[from + random.below(2 * third)];
  return name;
}

Cents invented_price(Random& random, ItemKind kind) {
  struct Scale {
    std::int64_t low, high;
  };
  constexpr Scale scales[] = {{150, 2'500}, {2'500, 9'000}, {9'000, 60'000}};
  if (kind == ItemKind::piece)
    return random.between(4, 180); // a gram
  const std::uint64_t at = random.below(100);
  const std::size_t usual = at < 60 ? 0 : at < 92 || kind == ItemKind::patent_drug ? 1 : 2;
  const Scale& scale = scales[kind == ItemKind::consumable && usual < 2 ? usual + 1 : usual];
  const Cents price = random.between(scale.low, scale.high);
  // Services are priced in whole or half yuan, goods to the cent.
  return kind == ItemKind::service ? (price + 49) / 50 * 50 : price;
}

void add_invented_items(Catalogue& catalogue, std::set<std::string>& taken) {
  Random random(catalogue_seed, Purpose::catalogue, 1);
  add_pieces(catalogue, taken);
  // Drugs join the published ones in the catalogue's pool.
  (void)invent(catalogue, taken, western_drugs, [&] { return drug(random, true); });
  (void)invent(catalogue, taken, patent_drugs, [&] { return drug(random, false); });
  catalogue.services = invent(catalogue, taken, services, [&] { return service(random); });
  catalogue.consumables = invent(catalogue, taken, consumables, [&] { return consumable(random); });
}

Institutions invented_institutions() {
  Random random(catalogue_seed, Purpose::catalogue, 2);
  Institutions made;
  for (std::uint64_t i = 0; i < hospital_count; ++i) {
    made.hospitals.push_back(institution(random, i, false));
  }
  for (std::uint64_t i = 0; i < pharmacy_count; ++i) {
    made.pharmacies.push_back(institution(random, i, true));
  }
  return made;
}

} // namespace sanku::generate
