// See reference.h.
#include "bench/data/reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <set>
#include <system_error>

namespace sanku::bench {
namespace {

namespace fs = std::filesystem;
using generate::Purpose;
using generate::Random;

// Weight of rank i is 1 / (i + 1)^0.9; which item has which rank is drawn.
generate::Weighted popularity(std::size_t count, Random& random) {
  std::vector<std::uint64_t> weights(count);
  for (std::size_t rank = 0; rank < count; ++rank)
    weights[rank] =
        1 + static_cast<std::uint64_t>(1e9 / std::pow(static_cast<double>(rank + 1), 0.9));
  random.shuffle(weights);
  return generate::Weighted(weights);
}

// Lines of a settlement: log-normal around 5, what falls below 3 counted as 3, at most 200: mean
// 7.9, median 5, 90 % below 17, 99 % below 42.
generate::Weighted line_counts() {
  const auto below = [](double n) {
    return 0.5 * std::erfc(-(std::log(n) - std::log(5.0)) / 0.9076 / std::sqrt(2.0));
  };
  std::vector<std::uint64_t> weights;
  for (int n = 3; n <= 200; ++n)
    weights.push_back(
        static_cast<std::uint64_t>(1e9 * (below(n + 0.5) - (n == 3 ? 0.0 : below(n - 0.5)))));
  return generate::Weighted(weights);
}

// As national codes are: 23 characters of a drug, 15 digits of a service.
std::string item_code(std::uint32_t number) {
  const std::uint32_t mixed = number * 2654435761u;
  const auto letter = [&](unsigned shift) {
    return static_cast<char>('A' + ((mixed >> shift) & 31u) % 26u);
  };
  if (number % 5 < 3)
    return fmt::format("X{}{:02}{}{}{}{:03}A001010{:06}", letter(0), (mixed >> 5) % 17, letter(8),
                       letter(13), letter(18), (mixed >> 20) % 1000, number);
  return fmt::format("00{}{:02}{:02}{:08}", 1 + mixed % 4, (mixed >> 4) % 13, (mixed >> 9) % 17,
                     number);
}

constexpr AgeRange age_ranges[] = {{18, 150}, {0, 17}, {0, 13}, {12, 55}, {60, 150}, {3, 150}};

void fill_item(Item& item, std::uint32_t number, const ReferenceSize& size, Random& random) {
  item.code = item_code(number);
  constexpr const char* forms[] = {"片", "胶囊", "注射液", "检查", "治疗", "口服溶液", "测定"};
  item.name = fmt::format("参考项目{:05}{}", number, random.pick(forms));
  item.price = 2 * random.between(25, 20'000);
  if (random.chance(0.02))
    item.sex = random.percent(50) ? 1 : 2;
  if (random.chance(0.02))
    item.age = random.pick(age_ranges);
  if (random.chance(0.05))
    item.level = random.percent(60) ? 3 : 4;
  if (random.chance(0.05))
    item.diagnosis_group = static_cast<std::uint32_t>(random.between(1, size.diagnosis_groups));
  if (random.chance(0.08))
    item.day_limit = static_cast<int>(random.between(1, 6));
  item.once_a_day = random.chance(0.05);
  item.bed = random.chance(0.002);
  if (random.chance(0.03))
    item.excluded = static_cast<std::uint32_t>(random.below(size.items));
  if (item.excluded == number)
    item.excluded.reset();
}

void fill_families(Reference& made, const ReferenceSize& size, Random& random) {
  made.first_line.resize(size.families + 1);
  for (std::uint32_t number = 0; number < made.items.size(); ++number) {
    Item& item = made.items[number];
    if (item.bed || !random.chance(0.06))
      continue;
    item.family = static_cast<std::uint32_t>(random.between(1, size.families));
    item.second_line = random.percent(33);
    if (!item.second_line)
      made.first_line[item.family].push_back(number);
  }
}

void fill_groups(Reference& made, const ReferenceSize& size, Random& random) {
  made.groups.resize(size.diagnosis_groups + 1);
  for (std::uint32_t group = 1; group <= size.diagnosis_groups; ++group) {
    // 20 to 2,000 codes, as many small groups as large ones by magnitude.
    const double exponent = static_cast<double>(random.below(1000)) / 1000.0;
    const auto count = static_cast<std::size_t>(20.0 * std::pow(100.0, exponent));
    std::vector<std::uint32_t>& codes = made.groups[group];
    for (std::size_t i = 0; i < count; ++i)
      codes.push_back(static_cast<std::uint32_t>(made.diagnosis_weights.draw(random)));
    std::ranges::sort(codes);
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  }
}

Result<std::vector<std::string>> registered(const fs::path& registry) {
  std::ifstream file(registry);
  std::vector<std::string> codes;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    const std::string code = line.substr(0, line.find(','));
    if (code.size() >= 5 && code.find_first_of("\"+*") == std::string::npos)
      codes.push_back(code);
  }
  if (codes.size() < 1000)
    return failure(fmt::format("{} holds too few diagnoses to draw from", registry.string()),
                   fmt::format("{} 中的诊断编码太少", registry.string()));
  return codes;
}

// First cells of the tables' rows that have the form of an item's code, each once, in order.
std::vector<std::string> published_codes(const fs::path& folder) {
  std::set<std::string> codes;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      const std::string code = line.substr(0, line.find(','));
      const bool drug = code.size() >= 18 && code[0] >= 'A' && code[0] <= 'Z';
      const bool service =
          code.size() == 15 && code.find_first_not_of("0123456789") == std::string::npos;
      if (drug || service)
        codes.insert(code);
    }
  }
  return {codes.begin(), codes.end()};
}

// Evenly out of all tables.
void take_published(const std::vector<std::string>& codes, std::vector<Item>& items) {
  constexpr std::size_t one_in = 20;
  const std::size_t count = std::min(items.size() / one_in, codes.size());
  for (std::size_t i = 0; i < count; ++i)
    items[i * one_in].code = codes[i * codes.size() / count];
}

Result<void> write_file(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (!file.flush())
    return failure(fmt::format("{} cannot be written", path.string()),
                   fmt::format("无法写入 {}", path.string()));
  return {};
}

struct Table {
  const char* file;
  std::string text;
};

std::vector<Table> tables_of(const Reference& reference) {
  Table sex{"sex_only.csv", "code,sex\n"}, age{"age_only.csv", "code,age_min,age_max\n"},
      diagnosis{"for_diagnosis.csv", "code,group\n"}, set{"diagnosis_set.csv", "group,codes\n"},
      once{"once_a_day.csv", "code\n"}, excluded{"excluded.csv", "code,other\n"},
      limit{"day_limit.csv", "code,max\n"}, bed{"bed.csv", "code\n"},
      level{"level_limit.csv", "code,level\n"}, second{"second_line.csv", "code,family\n"},
      first{"first_line.csv", "code,family\n"};
  constexpr const char* levels[] = {"", "未定级", "一级", "二级", "三级"};
  for (const Item& item : reference.items) {
    if (item.sex != 0)
      sex.text += fmt::format("{},{}\n", item.code, item.sex == 1 ? "男" : "女");
    if (item.age)
      age.text += fmt::format("{},{}岁,{}岁\n", item.code, item.age->low, item.age->high);
    if (item.diagnosis_group != 0)
      diagnosis.text += fmt::format("{},{}\n", item.code, item.diagnosis_group);
    if (item.once_a_day)
      once.text += item.code + "\n";
    if (item.excluded)
      excluded.text += fmt::format("{},{}\n", item.code, reference.items[*item.excluded].code);
    if (item.day_limit != 0)
      limit.text += fmt::format("{},{}\n", item.code, item.day_limit);
    if (item.bed)
      bed.text += item.code + "\n";
    if (item.level != 0)
      level.text += fmt::format("{},{}\n", item.code, levels[item.level]);
    if (item.family != 0)
      (item.second_line ? second : first).text += fmt::format("{},{}\n", item.code, item.family);
  }
  for (std::size_t group = 1; group < reference.groups.size(); ++group) {
    set.text += fmt::format("{},", group);
    for (std::size_t i = 0; i < reference.groups[group].size(); ++i)
      set.text += (i == 0 ? "" : ";") + reference.diagnoses[reference.groups[group][i]];
    set.text += '\n';
  }
  return {sex, age, diagnosis, set, once, excluded, limit, bed, level, second, first};
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

Result<Reference> make_reference(const fs::path& registry, const fs::path& published,
                                 std::uint64_t seed, const ReferenceSize& size) {
  auto codes = registered(registry);
  if (!codes)
    return tl::unexpected(codes.error());
  Random random(seed, Purpose::catalogue, 0);
  Reference made;
  made.diagnoses = std::move(*codes);
  made.diagnosis_weights = popularity(made.diagnoses.size(), random);
  made.item_weights = popularity(size.items, random);
  made.line_counts = line_counts();
  made.items.resize(size.items);
  for (std::uint32_t number = 0; number < size.items; ++number)
    fill_item(made.items[number], number, size, random);
  take_published(published_codes(published), made.items);
  fill_families(made, size, random);
  fill_groups(made, size, random);
  return made;
}

Result<void> write_reference_pack(const Reference& reference, const fs::path& from,
                                  const fs::path& to) {
  std::error_code failed;
  fs::create_directories(to / "knowledge", failed);
  std::string description = read_file(from / "pack.toml");
  const std::size_t at = description.find("schema = \"");
  const std::size_t begin = at + 10, end = description.find('"', begin);
  if (at == std::string::npos || end == std::string::npos)
    return failure(fmt::format("{} is no pack", from.string()),
                   fmt::format("{} 不是规则包", from.string()));
  const fs::path schema = fs::absolute(from / description.substr(begin, end - begin));
  description.replace(begin, end - begin, schema.lexically_normal().string());
  if (auto written = write_file(to / "pack.toml", description); !written)
    return written;
  if (auto written = write_file(to / "rules.sanku", read_file(from / "rules.sanku")); !written)
    return written;
  for (const Table& table : tables_of(reference))
    if (auto written = write_file(to / "knowledge" / table.file, table.text); !written)
      return written;
  return {};
}

} // namespace sanku::bench
