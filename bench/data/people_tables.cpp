// The tables that only regions fill, for the persons of people.h: what is registered mostly agrees
// with what was settled. Entry: write_people_pack.
#include "bench/data/people.h"
#include "tools/generate/calendar.h"

#include <fmt/format.h>

#include <fstream>
#include <set>
#include <sstream>
#include <system_error>
#include <tuple>

namespace sanku::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t molecules = 40;

struct Table {
  const char* file;
  std::string text;
};

using Month = std::pair<int, int>;
Month month_of(std::int64_t seconds) {
  const generate::Civil civil = generate::civil_of(generate::day_of(seconds));
  return {civil.year, civil.month};
}
std::string text_of(const Month& month) {
  return fmt::format("{:04}-{:02}-01", month.first, month.second);
}

// One row in twenty says otherwise.
bool is_off(std::size_t row) { return row % 20 == 7; }

Table stock(const People& people) {
  std::map<std::tuple<std::uint32_t, std::uint32_t, Month>, std::int64_t> sold;
  for (const PeopleVisit& visit : people.visits)
    for (const PeopleLine& line : visit.lines)
      if (const std::string& list = people.items[line.item].list_type;
          line.item % 10 == 3 && list != "201")
        sold[{line.item, visit.provider, month_of(line.at)}] += line.quantity;
  Table made{"stock.csv", "code,provider,month,opening,purchased,closing,source\n"};
  std::size_t row = 0;
  for (const auto& [key, units] : sold) {
    const auto& [item, provider, month] = key;
    made.text += fmt::format("{},{},{},5,{},5,\n", people.items[item].code, provider_name(provider),
                             text_of(month), is_off(row++) ? units / 2 : units);
  }
  return made;
}

Table agreed(const People& people) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> used;
  for (const PeopleVisit& visit : people.visits)
    for (const PeopleLine& line : visit.lines)
      if (people.items[line.item].molecule != 0 && line.item % 20 == 5)
        used[{line.item, visit.provider}] += line.quantity;
  Table made{"agreed_volume.csv", "code,provider,agreed,valid_from,valid_to,source\n"};
  std::size_t row = 0;
  for (const auto& [key, units] : used)
    made.text += fmt::format("{},{},{},,,\n", people.items[key.first].code,
                             provider_name(key.second), is_off(row++) ? units * 2 : units);
  return made;
}

Table declared(const People& people) {
  std::map<std::pair<std::uint32_t, Month>, std::int64_t> totals;
  for (const PeopleVisit& visit : people.visits)
    totals[{visit.provider, month_of(visit.settled)}] += visit.total();
  Table made{"declared.csv", "provider,month,total,source\n"};
  std::size_t row = 0;
  for (const auto& [key, cents] : totals) {
    const std::int64_t said = cents + (is_off(row++) ? 5'000 : 0);
    made.text += fmt::format("{},{},{}.{:02},\n", provider_name(key.first), text_of(key.second),
                             said / 100, said % 100);
  }
  return made;
}

Table special(const People& people) {
  std::set<std::pair<std::uint32_t, Month>> months;
  for (const PeopleVisit& visit : people.visits)
    months.emplace(visit.provider, month_of(visit.settled));
  Table made{"special_review.csv", "provider,month,asked,by_point,source\n"};
  std::size_t row = 0;
  for (const auto& [provider, month] : months)
    made.text += fmt::format("{},{},{},{},\n", provider_name(provider), text_of(month),
                             is_off(row) ? 9 : 0, row % 2 == 0 ? "true" : "false"),
        ++row;
  return made;
}

Table employers(const People& people) {
  Table made{"employer.csv", "employer,since,people,source\n"};
  for (std::uint32_t e = 0; e <= employer_of(people.persons); ++e)
    made.text += fmt::format("{},2025-06-10,{},\n", employer_name(e), is_off(e) ? 4 : 80);
  return made;
}

Table capacity(const People& people) {
  Table made{"capacity.csv", "provider,beds,valid_from,valid_to,source\n"};
  for (std::uint32_t p = 0; p < people.providers; ++p)
    made.text += fmt::format("{},{},,,\n", provider_name(p), is_off(p) ? 1 : 200);
  return made;
}

// Of every second-line drug the invented molecule that comes first.
Table first_line(const People& people) {
  Table made{"first_line.csv", "second,first,first_name,valid_from,valid_to,source\n"};
  std::set<std::string> named;
  for (const PeopleItem& item : people.items)
    if (item.list_type == "101" && item.molecule == 0 &&
        named.insert(item.code.substr(0, 9)).second)
      made.text +=
          fmt::format("{},XB01AA{:03},,,,\n", item.code.substr(0, 9), named.size() % molecules);
  return made;
}

Table classes() {
  Table made{"drug_class.csv", "code,class,valid_from,valid_to,source\n"};
  for (std::uint32_t molecule = 0; molecule < molecules; molecule += 2)
    made.text += fmt::format("XB01AA{:03},第{}类,,,\n", molecule, molecule / 4);
  return made;
}

std::string all_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return (std::stringstream() << in.rdbuf()).str();
}

Result<void> write(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  if (!out.flush())
    return failure(fmt::format("cannot write {}", file.string()),
                   fmt::format("无法写入 {}", file.string()));
  return {};
}

std::vector<Table> tables_of(const People& people) {
  const std::string& planned = people.diagnoses[3];
  return {
      stock(people),
      agreed(people),
      declared(people),
      special(people),
      employers(people),
      capacity(people),
      first_line(people),
      classes(),
      {"planned_cycle.csv",
       "diagnosis,name,valid_from,valid_to,source\n" + planned.substr(0, 3) + ",,,,\n"},
      {"item_cap.csv", "code,item_name,cap,period,valid_from,valid_to,source\n"
                       "009900000000001,,200.00,,,,\n009900000000002,,200.00,自然年,,,\n"
                       "009900000000003,,500.00,自然年,,,\n009900000000004,,100.00,自然年,,,\n"},
      {"consumable_cap.csv", "code,name,cap,period,valid_from,valid_to,source\n"
                             "C000000000000000001,,300.00,,,,\n"
                             "C000000000000000002,,600.00,自然年,,,\n"},
      {"key_drug.csv", "code,drug_name,valid_from,valid_to,source\nXB01AA001,,,,\nXB01AA002,,,,\n"},
      {"first_visit_item.csv", "code,item_name,valid_from,valid_to,source\n001102000050000,,,,\n"},
      {"rehab_minutes.csv",
       "code,item_name,minutes,valid_from,valid_to,source\n003402000240000,,300,,,\n"
       "003402000240001,,40,,,\n"}};
}

} // namespace

Result<void> write_people_pack(const People& people, const fs::path& from, const fs::path& to) {
  std::error_code failed;
  fs::remove_all(to, failed);
  fs::create_directories(to, failed);
  fs::copy(from, to, fs::copy_options::recursive, failed);
  if (failed)
    return failure(fmt::format("cannot copy {}", from.string()),
                   fmt::format("无法复制 {}", from.string()));
  std::string description = all_of(from / "pack.toml");
  const std::size_t begin = description.find("schema = \"") + 10;
  const std::size_t end = description.find('"', begin);
  const fs::path schema = fs::absolute(from / description.substr(begin, end - begin));
  description.replace(begin, end - begin, schema.lexically_normal().string());
  if (auto written = write(to / "pack.toml", description); !written)
    return written;
  for (const Table& table : tables_of(people))
    if (auto written = write(to / "knowledge" / table.file, table.text); !written)
      return written;
  return {};
}

} // namespace sanku::bench
