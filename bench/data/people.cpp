// See people.h. Items and persons here; the tables in people_tables.cpp.
#include "bench/data/people.h"

#include "tools/generate/calendar.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <numeric>

namespace sanku::bench {
namespace {

namespace fs = std::filesystem;
using generate::Purpose;
using generate::Random;

constexpr std::int64_t day_long = 86'400;
constexpr std::int64_t first_day = generate::day_of(generate::Civil{2025, 1, 1});
constexpr std::int64_t last_day = generate::day_of(generate::Civil{2025, 12, 31});
constexpr std::uint32_t providers = 36, people_of_an_employer = 10;
// Far dearer than its peers; and the largest, where one test is done on nearly everybody.
constexpr std::uint32_t dear_provider = 0, large_provider = 1;

// The first `most` records of a published table by two of its columns.
std::vector<std::pair<std::string, std::string>> rows_of(const fs::path& file, std::size_t code,
                                                         std::size_t name, std::size_t most) {
  std::ifstream in(file);
  std::vector<std::pair<std::string, std::string>> rows;
  std::string line;
  std::getline(in, line);
  while (rows.size() < most && std::getline(in, line)) {
    std::vector<std::string> cells(1);
    for (const char c : line)
      c == ',' ? static_cast<void>(cells.emplace_back()) : cells.back().push_back(c);
    rows.emplace_back(cells[code], cells[name]);
  }
  return rows;
}

// Where the kinds of items begin in People::items.
struct Shelves {
  std::size_t routine = 0; // of `published`: a test that nearly everybody should not need
  std::vector<std::uint32_t> services, published, dialysis, beds, drugs, second, consumables;
};

class Making {
public:
  Making(const fs::path& registry, const fs::path& published, std::uint64_t seed)
      : random_(seed, Purpose::person, 7) {
    lay_shelves(published);
    for (auto& [code, name] : rows_of(registry, 0, 1, 40'000))
      if (code.size() == 7 && ++read_ % 90 == 0)
        made_.diagnoses.push_back(code);
    made_.providers = providers;
  }

  [[nodiscard]] bool is_complete() const {
    return made_.diagnoses.size() > 20 && shelves_.second.size() > 20 &&
           shelves_.published.size() > 20;
  }

  People make(std::uint32_t visits) {
    while (made_.visits.size() < visits)
      person();
    return std::move(made_);
  }

private:
  std::uint32_t add(std::string code, std::string name, const char* list, const char* category,
                    std::uint32_t molecule = 0) {
    made_.items.push_back({.code = std::move(code),
                           .name = std::move(name),
                           .list_type = list,
                           .category = category,
                           .price = 2 * random_.between(100, 12'000),
                           .molecule = molecule});
    return static_cast<std::uint32_t>(made_.items.size() - 1);
  }

  void lay_shelves(const fs::path& published) {
    constexpr const char* kinds[] = {"03", "04", "05", "05", "07", "02"};
    for (std::uint32_t i = 0; i < 300; ++i)
      shelves_.services.push_back(
          add(fmt::format("0099{:011}", i), fmt::format("服务{:03}", i), "201", kinds[i % 6]));
    for (std::uint32_t i = 0; i < 60; ++i)
      shelves_.consumables.push_back(
          add(fmt::format("C{:019}", i), fmt::format("耗材{:02}", i), "301", "08"));
    for (std::uint32_t i = 0; i < 200; ++i)
      shelves_.drugs.push_back(add(fmt::format("XB01AA{:03}A{:013}", i / 5, i),
                                   fmt::format("药品{:02}之{}", i / 5, i % 5), "101",
                                   i % 3 == 0 ? "11" : "09", i / 5 + 1));
    for (const auto& [code, name] : rows_of(published / "second_line.csv", 0, 1, 60))
      shelves_.second.push_back(add(code, name, "101", "09"));
    for (const char* table : {"item_course.csv", "item_period.csv"})
      for (const auto& [code, name] : rows_of(published / table, 0, 1, 20))
        shelves_.published.push_back(add(code, name, "201", "05"));
    shelves_.routine = shelves_.published.size();
    for (const auto& [code, name] : rows_of(published / "routine_test.csv", 2, 2, 10))
      shelves_.published.push_back(
          add(fmt::format("0098{:011}", shelves_.published.size()), name, "201", "04"));
    for (std::uint32_t i = 0; i < 3; ++i) {
      shelves_.published.push_back(add(fmt::format("002103000000{:03}", i), "平扫", "201", "03"));
      shelves_.published.push_back(add(fmt::format("002102000000{:03}", i), "成像", "201", "03"));
      shelves_.published.push_back(add(fmt::format("003402000240{:03}", i), "训练", "201", "05"));
    }
    for (int i = 0; i < 4; ++i) // drawn more often than others
      shelves_.published.push_back(i == 0 ? add("001102000050000", "首诊", "201", "02")
                                          : shelves_.published.back());
    for (const char* code : {"003110000060000", "003110000070000", "003110000080000"})
      shelves_.dialysis.push_back(add(code, "血液透析", "201", "05"));
    for (const char* code : {"001109000010000", "001109000020000"})
      shelves_.beds.push_back(add(code, "床位费", "201", "01"));
  }

  // ---- one person's year

  void person() {
    const std::uint64_t often = random_.below(100);
    const auto wanted = often < 50   ? random_.between(1, 6)
                        : often < 85 ? random_.between(5, 13)
                                     : random_.between(12, 32);
    std::vector<std::int64_t> days;
    for (std::int64_t i = 0; i < wanted; ++i)
      days.push_back(random_.between(first_day, last_day));
    std::ranges::sort(days);
    home_ =
        random_.percent(30) ? large_provider : static_cast<std::uint32_t>(random_.below(providers));
    const bool chronic = random_.percent(10);
    for (const std::int64_t day : days)
      visit(day, chronic);
    plant(made_.persons % 200);
    ++made_.persons;
  }

  // Of every two hundred people some do what rules look for.
  void plant(std::uint32_t number) {
    const std::int64_t day = random_.between(first_day + 31, last_day - 30);
    switch (number) {
    case 11:
      return sessions(day);
    case 22:
    case 122:
      return resold(day);
    case 33:
    case 83:
      return returned(day);
    case 44:
      return crowd(day);
    case 55:
      return hurried(day);
    case 66:
      return hoarded(day);
    case 77:
      return moved(day);
    default:
      return;
    }
  }

  PeopleVisit& begin(Came came, std::int64_t day) {
    PeopleVisit& visit = made_.visits.emplace_back();
    visit.came = came;
    visit.person = made_.persons;
    visit.provider =
        random_.percent(75) ? home_ : static_cast<std::uint32_t>(random_.below(providers));
    visit.terminal = visit.provider * 3 + static_cast<std::uint32_t>(random_.below(3));
    visit.invoice = static_cast<std::uint32_t>(made_.visits.size());
    visit.main = static_cast<std::uint32_t>(random_.below(made_.diagnoses.size()));
    visit.other = static_cast<std::uint32_t>(random_.below(made_.diagnoses.size()));
    visit.acquired = random_.percent(20);
    visit.begin = day * day_long + 8 * 3600 + random_.between(1, 9 * 3600);
    visit.end = visit.begin + random_.between(1200, 3600);
    if (came == Came::inpatient)
      visit.end += random_.between(1, 12) * day_long;
    visit.settled = visit.end + random_.between(60, 600);
    return visit;
  }

  void visit(std::int64_t day, bool chronic) {
    const std::uint64_t drawn = random_.below(100);
    const Came came = drawn < 55 ? Came::outpatient : drawn < 75 ? Came::inpatient : Came::pharmacy;
    PeopleVisit& made = begin(came, day);
    if (chronic && came == Came::outpatient)
      made.disease = 1 + static_cast<std::uint32_t>(random_.below(4));
    if (random_.chance(0.01) && made_.visits.size() > 1) {
      made.manual = true;
      made.invoice =
          random_.percent(20) ? made_.visits[made_.visits.size() - 2].invoice : made.invoice;
    }
    const auto lines = came == Came::outpatient  ? random_.between(2, 8)
                       : came == Came::inpatient ? random_.between(8, 30)
                                                 : random_.between(1, 4);
    for (std::int64_t i = 0; i < lines; ++i)
      line(made, i == 0 && came == Came::inpatient ? random_.pick(shelves_.beds) : item_for(came));
    if (came == Came::inpatient && made.provider == dear_provider)
      made.lines.front().price *= 300;
    if (came == Came::inpatient && made.provider == large_provider && random_.percent(90))
      line(made, shelves_.published[shelves_.routine]);
  }

  std::uint32_t item_for(Came came) {
    const std::uint64_t drawn = random_.below(100);
    if (came == Came::pharmacy || drawn < 35)
      return random_.percent(5) ? random_.pick(shelves_.second) : random_.pick(shelves_.drugs);
    if (drawn < 42)
      return random_.pick(shelves_.consumables);
    return random_.percent(4) ? random_.pick(shelves_.published) : random_.pick(shelves_.services);
  }

  void line(PeopleVisit& visit, std::uint32_t item) {
    PeopleLine& made = visit.lines.emplace_back();
    made.item = item;
    made.at = visit.begin + random_.between(0, visit.end - visit.begin);
    made.at += made.at % day_long == 0 ? 1 : 0;
    made.quantity = random_.percent(80) ? 1 : random_.between(2, 4);
    made.self_paid = random_.percent(2);
    made.price = made_.items[item].price;
    if (made.self_paid && random_.percent(50))
      made.price = made.price * 9 / 10;
    made.days = made_.items[item].list_type == "101" ? random_.between(3, 14) : 1;
    made.staff = visit.provider * 20 + static_cast<std::uint32_t>(random_.below(20));
    if (visit.came == Came::pharmacy && random_.percent(60))
      made.trace = random_.chance(0.002) && traces_ > 0 ? traces_ : ++traces_;
    if (made.trace != 0)
      made.quantity = 1;
  }

  // Dialysis on day after day.
  void sessions(std::int64_t day) {
    for (std::int64_t i = 0; i < 5; ++i)
      line(begin(Came::outpatient, day + i), random_.pick(shelves_.dialysis));
  }

  // One drug bought in one shop after the other.
  void resold(std::int64_t day) {
    const std::uint32_t drug = random_.pick(shelves_.drugs);
    for (std::uint32_t i = 0; i < 8; ++i) {
      PeopleVisit& made = begin(Came::pharmacy, day + i / 3);
      made.provider = (home_ + i) % providers;
      line(made, drug);
    }
  }

  // To one department after the other on one day.
  void hurried(std::int64_t day) {
    for (std::int64_t i = 0; i < 5; ++i)
      line(begin(Came::outpatient, day), random_.pick(shelves_.services));
  }

  // Of a monitored drug little in one month and a great deal in the next.
  void hoarded(std::int64_t day) {
    const std::uint32_t drug = shelves_.drugs[5 + random_.below(5)];
    for (const std::int64_t on : {day - 31, day}) {
      PeopleVisit& made = begin(Came::pharmacy, on);
      made.provider = 2;
      line(made, drug);
      if (on == day)
        made.lines.back().quantity = 900;
    }
  }

  // Admitted again soon after, for the same.
  void returned(std::int64_t day) {
    const PeopleVisit first = begin(Came::inpatient, day);
    line(made_.visits.back(), random_.pick(shelves_.beds));
    PeopleVisit& again = begin(Came::inpatient, first.end / day_long + random_.between(1, 8));
    again.provider = first.provider;
    again.main = first.main;
    line(again, random_.pick(shelves_.beds));
  }

  // An implant that is paid on the day after leaving.
  void moved(std::int64_t day) {
    const PeopleVisit stay = begin(Came::inpatient, day);
    line(made_.visits.back(), random_.pick(shelves_.beds));
    PeopleVisit& after = begin(Came::outpatient, stay.end / day_long + 1);
    after.provider = stay.provider;
    line(after, random_.pick(shelves_.consumables));
    after.lines.back().price = 60'000;
  }

  // Colleagues who come within minutes, on three days for the same, and are then admitted together.
  void crowd(std::int64_t day) {
    const std::uint32_t own = made_.persons, first = own - own % people_of_an_employer;
    for (std::int64_t i = 0; i < 4; ++i) {
      PeopleVisit first_visit = begin(i < 3 ? Came::outpatient : Came::inpatient, day + i);
      first_visit.provider = home_;
      line(first_visit, random_.pick(shelves_.services));
      made_.visits.pop_back();
      for (std::uint32_t other = 0; other < 6; ++other) {
        PeopleVisit& made = made_.visits.emplace_back(first_visit);
        made.person = first + other;
        made.invoice = static_cast<std::uint32_t>(made_.visits.size());
        made.settled += random_.between(0, 300);
      }
    }
  }

  Random random_;
  People made_;
  Shelves shelves_;
  std::uint32_t home_ = 0, traces_ = 0, read_ = 0;
};

} // namespace

std::int64_t PeopleVisit::total() const {
  return std::accumulate(
      lines.begin(), lines.end(), std::int64_t{0},
      [](std::int64_t sum, const PeopleLine& line) { return sum + line.amount(); });
}

std::string provider_name(std::uint32_t provider) { return fmt::format("H{:04}", provider); }
std::string employer_name(std::uint32_t employer) { return fmt::format("E{:05}", employer); }
std::uint32_t employer_of(std::uint32_t person) { return person / people_of_an_employer; }
std::uint32_t level_of(std::uint32_t provider) { return 1 + provider % 3; }

Result<People> make_people(const fs::path& registry, const fs::path& published,
                           std::uint32_t visits, std::uint64_t seed) {
  Making making(registry, published, seed);
  if (!making.is_complete())
    return failure(
        fmt::format("{} or {} hold too little to draw from", registry.string(), published.string()),
        fmt::format("{} 或 {} 中可抽取的内容太少", registry.string(), published.string()));
  return making.make(visits);
}

} // namespace sanku::bench
