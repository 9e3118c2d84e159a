// The independent judge of the generator: reads the written output with simdjson and the published
// tables, and recomputes every finding of the five rules from their definitions, slowly and without
// a line of the generator's logic (it shares only the CSV reader, which has its own tests).
// Entries: for_each_line, read_claim, Judge, read_manifest. Used by generate_test.cpp.
#pragma once

#include "tools/generate/csv.h"

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
  std::string id, code, at;
  std::int64_t price, quantity, amount, own;
  std::string date() const { return at.substr(0, 10); }
};

struct ReadClaim {
  std::string visit, settlement, person, sex, birth, kind;
  std::vector<ReadLine> lines;
  std::vector<std::pair<std::string, std::string>> operations; // id, code
};

inline ReadClaim read_claim(element data) {
  const element patient = data["patient_dtos"].at(0).value();
  const element visit = patient["fsi_encounter_dtos"].at(0).value();
  ReadClaim claim{.visit = text(visit, "mdtrt_id"),
                  .settlement = text(visit, "setl_id"),
                  .person = text(patient, "patn_id"),
                  .sex = text(patient, "gend"),
                  .birth = text(patient, "brdy"),
                  .kind = text(visit, "med_mdtrt_type"),
                  .lines = {},
                  .operations = {}};
  for (const element order : list(visit, "fsi_order_dtos")) {
    const bool own = order["ownpay_amt"].error() == simdjson::SUCCESS;
    claim.lines.push_back({.id = text(order, "rx_id"),
                           .code = text(order, "hilist_code"),
                           .at = text(order, "drord_begn_date"),
                           .price = hundredths_in(order, "pric"),
                           .quantity = hundredths_in(order, "cnt"),
                           .amount = hundredths_in(order, "sumamt"),
                           .own = own ? hundredths_in(order, "ownpay_amt") : 0});
  }
  for (const element operation : list(visit, "fsi_operation_dtos")) {
    claim.operations.emplace_back(text(operation, "setl_list_oprn_id"),
                                  text(operation, "oprn_code"));
  }
  return claim;
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

class Judge {
public:
  // The pack whose knowledge/ holds the tables.
  explicit Judge(const std::filesystem::path& pack) {
    read_table(pack / "knowledge" / "drug_sex.csv", {"code", "sex"},
               [&](auto& row) { drug_sex_[row[0]] = row[1]; });
    read_table(pack / "knowledge" / "drug_child.csv", {"code"},
               [&](auto& row) { drug_child_.insert(row[0]); });
    read_table(pack / "knowledge" / "per_day.csv", {"code", "max"},
               [&](auto& row) { per_day_[row[0]] = std::stoll(row[1]) * 100; });
    read_table(pack / "knowledge" / "exclusive.csv", {"sub", "main", "window"},
               [&](auto& row) { exclusive_[row[0]].push_back({row[1], row[2]}); });
    read_table(pack / "knowledge" / "op_sex.csv", {"code", "sex"},
               [&](auto& row) { op_sex_[row[0]] = row[1]; });
  }

  // One text a finding: everything the manifest says but the kind.
  void findings(const ReadClaim& claim, std::vector<std::string>& out) const {
    for (const ReadLine& line : claim.lines) {
      const auto limit = drug_sex_.find(line.code);
      if (limit != drug_sex_.end() && limit->second != sex_of(claim)) {
        out.push_back(of_line(claim, "GZ10000301004", line, line.amount));
      }
      if (drug_child_.contains(line.code) && years_on(claim.birth, line.date()) >= 18) {
        out.push_back(of_line(claim, "GZ10000301002", line, line.amount));
      }
      repeated(claim, line, out);
    }
    too_many(claim, out);
    for (const auto& [id, code] : claim.operations) {
      const auto limit = op_sex_.find(code);
      if (limit != op_sex_.end() && limit->second != sex_of(claim)) {
        out.push_back(
            fmt::format("{} {} GZ10000201005 {} null", claim.visit, claim.settlement, id));
      }
    }
  }

  // What a claim carries that is close to a rule and yet outside it, by name.
  void near_misses(const ReadClaim& claim, std::map<std::string, int>& count) const {
    std::map<std::pair<std::string, std::string>, std::int64_t> sums;
    for (const ReadLine& line : claim.lines) {
      sums[{line.code, line.date()}] += line.quantity;
      if (drug_child_.contains(line.code)) {
        const std::string tomorrow = next_day(line.date());
        const bool leap = claim.birth.substr(4) == "-02-29";
        if (years_on(claim.birth, line.date()) == 17 && years_on(claim.birth, tomorrow) == 18) {
          ++count[leap ? "eve of the 18th year, born 29 February" : "eve of the 18th birthday"];
        }
      }
      const auto rows = exclusive_.find(line.code);
      if (rows == exclusive_.end())
        continue;
      for (const auto& [main, window] : rows->second) {
        for (const ReadLine& other : claim.lines) {
          if (other.code == main && !within(window, other, line))
            ++count[window];
        }
      }
    }
    for (const auto& [key, sum] : sums) {
      const auto limit = per_day_.find(key.first);
      if (limit != per_day_.end() && limit->second == sum)
        ++count["exactly the maximum"];
    }
  }

  bool restricted(const std::string& code) const {
    return drug_sex_.contains(code) || drug_child_.contains(code) || per_day_.contains(code) ||
           exclusive_.contains(code);
  }

private:
  template <class Use>
  static void read_table(const std::filesystem::path& file,
                         const std::vector<std::string_view>& names, Use use) {
    const Result<CsvTable> table = read_csv(file);
    ASSERT_TRUE(table) << table.error().en;
    const std::vector<std::size_t> at = columns(*table, names).value();
    for (const std::vector<std::string>& row : table->rows) {
      std::vector<std::string> cells;
      for (const std::size_t position : at)
        cells.push_back(row[position]);
      use(cells);
    }
  }

  static std::string sex_of(const ReadClaim& claim) { return claim.sex == "1" ? "男" : "女"; }

  // In a year without 29 February, as all generated ones are.
  static std::string next_day(const std::string& date) {
    constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = std::stoi(date), month = std::stoi(date.substr(5)), day = std::stoi(date.substr(8));
    if (++day > lengths[month - 1])
      day = 1, ++month;
    if (month > 12)
      month = 1, ++year;
    return fmt::format("{}-{:02}-{:02}", year, month, day);
  }

  static bool within(const std::string& window, const ReadLine& a, const ReadLine& b) {
    if (window == "单次就诊")
      return true;
    if (window == "单日")
      return a.date() == b.date();
    if (window == "同一小时")
      return a.at.substr(0, 13) == b.at.substr(0, 13);
    EXPECT_EQ(window, "6小时");
    return std::abs(second_number(a.at) - second_number(b.at)) <= 6 * 3600;
  }

  static bool earlier(const ReadLine& a, const ReadLine& b) {
    return std::tie(a.at, a.code, a.price, a.quantity, a.id) <
           std::tie(b.at, b.code, b.price, b.quantity, b.id);
  }

  static std::string of_line(const ReadClaim& claim, const char* rule, const ReadLine& line,
                             std::int64_t cents) {
    return fmt::format("{} {} {} {} {} {}={}", claim.visit, claim.settlement, rule, line.id,
                       money(cents), line.id, money(cents));
  }

  // a / b for positive numbers, half away from zero.
  static std::int64_t divided(std::int64_t a, std::int64_t b) {
    return a / b + (a % b * 2 >= b ? 1 : 0);
  }

  void repeated(const ReadClaim& claim, const ReadLine& item, std::vector<std::string>& out) const {
    const auto rows = exclusive_.find(item.code);
    if (rows == exclusive_.end())
      return;
    std::int64_t largest = -1;
    for (const auto& [main, window] : rows->second) {
      std::int64_t mains = 0, before = 0;
      for (const ReadLine& other : claim.lines) {
        if (!within(window, other, item))
          continue;
        if (other.code == main)
          mains += other.quantity;
        if (other.code == item.code && earlier(other, item))
          before += other.quantity;
      }
      if (mains <= before)
        continue;
      const std::int64_t cents = divided(item.price * std::min(item.quantity, mains - before), 100);
      largest = std::max(largest, std::min(cents, item.amount));
    }
    if (largest >= 0)
      out.push_back(of_line(claim, "GZ10000102012", item, largest));
  }

  void too_many(const ReadClaim& claim, std::vector<std::string>& out) const {
    std::map<std::pair<std::string, std::string>, std::vector<ReadLine>> groups;
    for (const ReadLine& line : claim.lines) {
      if (per_day_.contains(line.code))
        groups[{line.code, line.date()}].push_back(line);
    }
    for (auto& [key, lines] : groups) {
      std::sort(lines.begin(), lines.end(), earlier);
      std::int64_t left = per_day_.at(key.first), total = 0;
      std::string offending;
      for (const ReadLine& line : lines) {
        const std::int64_t kept = std::min(left, line.quantity), part = line.quantity - kept;
        left -= kept;
        if (part == 0)
          continue;
        const std::int64_t cents =
            kept == 0 ? line.amount : divided(line.amount * part, line.quantity);
        offending += fmt::format(" {}={}", line.id, money(cents));
        total += cents;
      }
      if (offending.empty())
        continue;
      out.push_back(fmt::format("{} {} GZ10000102014 {}@{} {}{}", claim.visit, claim.settlement,
                                key.first, key.second, money(total), offending));
    }
  }

  std::map<std::string, std::string> drug_sex_, op_sex_;
  std::set<std::string> drug_child_;
  std::map<std::string, std::int64_t> per_day_;
  std::map<std::string, std::vector<std::pair<std::string, std::string>>> exclusive_;
};

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
        fmt::format("{} {} {} {} {}", text(finding, "mdtrt_id"), text(finding, "setl_id"),
                    text(finding, "rule"), text(finding, "subject"),
                    unknown ? "null" : text(finding, "amount"));
    for (const element part : list(finding, "lines")) {
      line += fmt::format(" {}={}", text(part, "id"), text(part, "amount"));
    }
    manifest.findings.push_back(line);
    manifest.visits.push_back(text(finding, "mdtrt_id"));
    ++manifest.kinds[text(finding, "kind")];
    ++manifest.rules[text(finding, "rule")];
  });
  return manifest;
}

} // namespace sanku::generate
