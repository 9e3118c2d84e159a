// What the tests of the generator read back: the written claims and the manifest, by simdjson, and
// the little arithmetic of dates and money that the judge (generate_judge.h) needs. Without a line
// of the generator's own logic. Entries: for_each_line, read_claim, read_manifest. Used by
// generate_test.cpp.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace sanku::generate {

using simdjson::dom::element;

inline std::string text(element object, const char* key) {
  return std::string(object[key].get_string().value());
}

inline std::vector<element> list(element object, const char* key) {
  const simdjson::dom::array elements = object[key].get_array().value();
  std::vector<element> copied;
  for (const element one : elements)
    copied.push_back(one);
  return copied;
}

// "12.50" as 1250.
inline std::int64_t hundredths_in(element object, const char* key) {
  const std::string written = text(object, key);
  const std::size_t dot = written.find('.');
  return std::stoll(written.substr(0, dot)) * 100 + std::stoll(written.substr(dot + 1));
}

inline std::string money(std::int64_t cents) {
  return fmt::format("{}.{:02}", cents / 100, cents % 100);
}

// Seconds on a scale where all days have 86,400 of them; the day number counts from an arbitrary
// epoch by the common algorithm for the Gregorian calendar with years that begin in March.
inline std::int64_t day_number(const std::string& date) {
  std::int64_t year = std::stoll(date.substr(0, 4)), month = std::stoll(date.substr(5, 2));
  const std::int64_t day = std::stoll(date.substr(8, 2));
  year -= month <= 2 ? 1 : 0;
  month += month <= 2 ? 9 : -3;
  return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day;
}
inline std::int64_t second_number(const std::string& moment) {
  return day_number(moment) * 86'400 + std::stoll(moment.substr(11, 2)) * 3600 +
         std::stoll(moment.substr(14, 2)) * 60 + std::stoll(moment.substr(17, 2));
}

// Completed years from the written dates.
inline int years_on(std::string birth, const std::string& date) {
  if (birth.substr(4) == "-02-29")
    birth.replace(8, 2, "28");
  const int years = std::stoi(date.substr(0, 4)) - std::stoi(birth.substr(0, 4));
  return date.substr(5, 5) < birth.substr(5, 5) ? years - 1 : years;
}

struct ReadLine {
  std::string id, code, name, at, type, category, prescription;
  std::int64_t price, quantity, amount, own, list_price; // list_price 0: not written
  std::string date() const { return at.substr(0, 10); }
  bool self_paid() const { return own > 0 && own == amount; }
};

struct ReadOperation {
  std::string id, code;
  bool is_main;
};

struct ReadClaim {
  std::string visit, settlement, person, sex, birth, kind, med_type, insurance;
  std::string level, hospital, department;
  std::vector<ReadLine> lines;
  std::vector<std::string> diagnoses;
  std::vector<ReadOperation> operations;
};

inline std::int64_t optional_hundredths(element object, const char* key) {
  return object[key].error() == simdjson::SUCCESS ? hundredths_in(object, key) : 0;
}

inline ReadLine read_line(element order) {
  return {.id = text(order, "rx_id"),
          .code = text(order, "hilist_code"),
          .name = text(order, "hilist_name"),
          .at = text(order, "drord_begn_date"),
          .type = text(order, "hilist_type"),
          .category = text(order, "chrg_type"),
          .prescription = text(order, "rxno"),
          .price = hundredths_in(order, "pric"),
          .quantity = hundredths_in(order, "cnt"),
          .amount = hundredths_in(order, "sumamt"),
          .own = optional_hundredths(order, "ownpay_amt"),
          .list_price = optional_hundredths(order, "hilist_pric")};
}

inline ReadClaim read_claim(element data) {
  const element patient = data["patient_dtos"].at(0).value();
  const element visit = patient["fsi_encounter_dtos"].at(0).value();
  ReadClaim claim{.visit = text(visit, "mdtrt_id"),
                  .settlement = text(visit, "setl_id"),
                  .person = text(patient, "patn_id"),
                  .sex = text(patient, "gend"),
                  .birth = text(patient, "brdy"),
                  .kind = text(visit, "med_mdtrt_type"),
                  .med_type = text(visit, "med_type"),
                  .insurance = text(visit, "insutype"),
                  .level = text(visit, "medins_lv"),
                  .hospital = text(visit, "medins_name"),
                  .department = text(visit, "dscg_dept_name"),
                  .lines = {},
                  .diagnoses = {},
                  .operations = {}};
  for (const element order : list(visit, "fsi_order_dtos"))
    claim.lines.push_back(read_line(order));
  for (const element diagnosis : list(visit, "fsi_diagnose_dtos"))
    claim.diagnoses.push_back(text(diagnosis, "dise_codg"));
  for (const element operation : list(visit, "fsi_operation_dtos"))
    claim.operations.push_back({.id = text(operation, "setl_list_oprn_id"),
                                .code = text(operation, "oprn_code"),
                                .is_main = text(operation, "main_oprn_flag") == "1"});
  return claim;
}

// In a year without 29 February, as all generated ones are.
inline std::string next_day(const std::string& date) {
  constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int year = std::stoi(date), month = std::stoi(date.substr(5)), day = std::stoi(date.substr(8));
  if (++day > lengths[month - 1])
    day = 1, ++month;
  if (month > 12)
    month = 1, ++year;
  return fmt::format("{}-{:02}-{:02}", year, month, day);
}

inline bool within(const std::string& window, const ReadLine& a, const ReadLine& b) {
  if (window == "单次就诊")
    return true;
  if (window == "单日")
    return a.date() == b.date();
  if (window == "同一小时")
    return a.at.substr(0, 13) == b.at.substr(0, 13);
  EXPECT_EQ(window, "6小时");
  return std::abs(second_number(a.at) - second_number(b.at)) <= 6 * 3600;
}

inline bool earlier(const ReadLine& a, const ReadLine& b) {
  return std::tie(a.at, a.code, a.price, a.quantity, a.id) <
         std::tie(b.at, b.code, b.price, b.quantity, b.id);
}

// a / b for positive numbers, half away from zero.
inline std::int64_t divided(std::int64_t a, std::int64_t b) {
  return a / b + (a % b * 2 >= b ? 1 : 0);
}

template <class Use> void for_each_line(const std::string& ndjson, Use use) {
  simdjson::dom::parser parser;
  for (std::size_t begin = 0; begin < ndjson.size();) {
    const std::size_t end = ndjson.find('\n', begin);
    ASSERT_NE(end, std::string::npos);
    use(parser.parse(ndjson.substr(begin, end - begin)).value());
    begin = end + 1;
  }
}

struct Manifest {
  std::vector<std::string> findings; // as the judge writes them
  std::vector<std::string> visits;
  std::map<std::string, int> kinds, rules;
};

inline Manifest read_manifest(const std::string& ndjson) {
  Manifest manifest;
  for_each_line(ndjson, [&](element finding) {
    const bool unknown = finding["amount"].is_null();
    std::string line =
        fmt::format("{} {} {} {} {} {}", text(finding, "mdtrt_id"), text(finding, "setl_id"),
                    text(finding, "rule"), text(finding, "severity"), text(finding, "subject"),
                    unknown ? "null" : text(finding, "amount"));
    for (const element part : list(finding, "lines")) {
      line += fmt::format(" {}={}", text(part, "id"),
                          part["amount"].is_null() ? "null" : text(part, "amount"));
    }
    manifest.findings.push_back(line);
    manifest.visits.push_back(text(finding, "mdtrt_id"));
    ++manifest.kinds[text(finding, "kind")];
    ++manifest.rules[text(finding, "rule")];
  });
  return manifest;
}

} // namespace sanku::generate
