// An invented year of persons who come again and again: visits of each in time order, in a few
// institutions, with lines out of the tables that rules over other visits read; and rows for those
// tables that only regions fill. Violations are rare, and every kind is there. Made of a seed, the
// same on every machine. Entries: make_people, write_people_pack. Used by the measurement of the
// rules that look beyond one visit, which proves that none of them is silent for lack of rows.
#pragma once

#include "runtime/types/result.h"
#include "tools/generate/random.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace sanku::bench {

struct PeopleItem {
  std::string code, name, list_type, category; // the last two as senders write them
  std::int64_t price = 0;                      // cents
  std::uint32_t molecule = 0;                  // of the invented drugs, from 1
};

struct PeopleLine {
  std::uint32_t item = 0; // in People::items
  std::int64_t at = 0;    // seconds
  std::int64_t quantity = 1, price = 0, days = 0;
  std::uint32_t staff = 0, trace = 0; // 0: none
  bool self_paid = false;
  [[nodiscard]] std::int64_t amount() const { return quantity * price; }
};

enum class Came : std::uint8_t { outpatient = 1, inpatient = 2, pharmacy = 3 };

struct PeopleVisit {
  Came came = Came::outpatient;
  std::uint32_t person = 0, provider = 0, terminal = 0, disease = 0; // the last: 0 for none
  std::uint32_t main = 0, other = 0;                                 // diagnoses
  bool acquired = false; // the other diagnosis was not there on admission
  bool manual = false;
  std::uint32_t invoice = 0;
  std::int64_t begin = 0, end = 0, settled = 0; // seconds, never midnight
  std::vector<PeopleLine> lines;
  [[nodiscard]] std::int64_t total() const;
};

struct People {
  std::vector<PeopleItem> items;
  std::vector<std::string> diagnoses;
  std::vector<PeopleVisit> visits;
  std::uint32_t providers = 0, persons = 0;
};

// How somebody is called in claims and tables.
[[nodiscard]] std::string provider_name(std::uint32_t provider);
[[nodiscard]] std::string employer_name(std::uint32_t employer);
[[nodiscard]] std::uint32_t employer_of(std::uint32_t person);
[[nodiscard]] std::uint32_t level_of(std::uint32_t provider); // 1 first … 3 third

// `registry`: a file `code,name` of diagnoses; `published`: a folder of knowledge tables.
[[nodiscard]] Result<People> make_people(const std::filesystem::path& registry,
                                         const std::filesystem::path& published,
                                         std::uint32_t visits, std::uint64_t seed);

// A copy of the pack in `from` at `to`, its empty tables filled, the schema by its full path.
[[nodiscard]] Result<void> write_people_pack(const People& people,
                                             const std::filesystem::path& from,
                                             const std::filesystem::path& to);

} // namespace sanku::bench
