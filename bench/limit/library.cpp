// What both files of library.h share: dates and the numbering of keys.
#include "bench/limit/library.h"

namespace sanku::bench::limit {
namespace {

struct Civil {
  std::int64_t year, month, day;
};

// Years run from March; 400 of them have 146,097 days.
Civil civil_of(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const std::int64_t of_era = days - era * 146'097;
  const std::int64_t year = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const std::int64_t shifted = (5 * of_year + 2) / 153;
  const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {year + era * 400 + (month <= 2 ? 1 : 0), month, of_year - (153 * shifted + 2) / 5 + 1};
}

std::int64_t day_number(Civil civil) {
  const std::int64_t year = civil.year - (civil.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year =
      (153 * (civil.month + (civil.month > 2 ? -3 : 9)) + 2) / 5 + civil.day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

std::int64_t days_in_month(std::int64_t year, std::int64_t month) {
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2                                              ? (leap ? 29 : 28)
         : month == 4 || month == 6 || month == 9 || month == 11 ? 30
                                                                 : 31;
}

} // namespace

std::int64_t month_of(std::int64_t day) {
  const Civil civil = civil_of(day);
  return civil.year * 12 + civil.month - 1;
}

std::int64_t months_on(std::int64_t day, std::int64_t months) {
  const Civil civil = civil_of(day);
  const std::int64_t month = civil.year * 12 + civil.month - 1 + months;
  const std::int64_t last = days_in_month(month / 12, month % 12 + 1);
  return day_number({month / 12, month % 12 + 1, civil.day < last ? civil.day : last});
}

Numbering::Numbering(std::size_t expected) {
  std::size_t room = 64;
  while (room < expected * 2)
    room *= 2;
  slots_.assign(room, none);
}

std::size_t Numbering::slot_of(Key key) const {
  std::uint64_t hash = (key.high ^ (key.low >> 32)) * 0x9E3779B97F4A7C15u;
  hash = (hash ^ key.low ^ (hash >> 29)) * 0xBF58476D1CE4E5B9u;
  std::size_t at = (hash ^ (hash >> 32)) & (slots_.size() - 1);
  while (slots_[at] != none && !(keys_[slots_[at]] == key))
    at = (at + 1) & (slots_.size() - 1);
  return at;
}

void Numbering::grow() {
  slots_.assign(slots_.size() * 2, none);
  for (std::uint32_t number = 0; number < keys_.size(); ++number)
    slots_[slot_of(keys_[number])] = number;
}

std::uint32_t Numbering::add(Key key) {
  std::size_t at = slot_of(key);
  if (slots_[at] != none)
    return slots_[at];
  if ((keys_.size() + 1) * 2 > slots_.size()) {
    grow();
    at = slot_of(key);
  }
  slots_[at] = size();
  keys_.push_back(key);
  return size() - 1;
}

std::uint32_t Numbering::find(Key key) const { return slots_[slot_of(key)]; }

void Discovery::clear() {
  findings.clear();
  lines.clear();
  indeterminate = 0;
}

} // namespace sanku::bench::limit
