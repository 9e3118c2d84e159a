// The independent judge of the generator: recomputes every finding of the eighteen rules from their
// definitions and the published tables, slowly and without a line of the generator's logic (it
// shares only the CSV reader, which has its own tests). Entry: Judge. Used by generate_test.cpp.
#pragma once

#include "tests/unit/tools/generate_read.h"
#include "tools/generate/csv.h"

#include <set>

namespace sanku::generate {

class Judge {
public:
  // The pack whose knowledge/ holds the tables.
  explicit Judge(const std::filesystem::path& pack) {
    const auto values = [&](const char* table, const char* key, const char* value, Values& into) {
      read_table(pack / "knowledge" / table, {key, value},
                 [&](auto& row) { into.emplace(row[0], row[1]); });
    };
    values("drug_sex.csv", "code", "sex", drug_sex_);
    values("item_sex.csv", "code", "sex", item_sex_);
    values("sex_unclear.csv", "code", "code", unclear_);
    values("drug_child.csv", "code", "group", drug_child_);
    values("item_child.csv", "code", "group", item_child_);
    values("drug_insurance.csv", "code", "insurance", insurance_);
    values("drug_level.csv", "code", "min_level", level_);
    values("drug_level.csv", "code", "open_from", level_doubts_);
    values("drug_course.csv", "code", "exception", course_doubts_);
    values("drug_visit_mode.csv", "code", "visit_mode", visit_mode_);
    values("drug_course.csv", "code", "max_days", course_);
    values("drug_course.csv", "code", "drug_name", course_names_);
    values("internet_forbidden.csv", "code", "drug_name", internet_);
    values("tcm_never.csv", "code", "piece", never_);
    values("tcm_alone.csv", "code", "piece", alone_);
    values("tcm_pair.csv", "piece_a", "piece_b", piece_pairs_);
    values("incision_group.csv", "code", "group", incision_);
    values("op_dx_allowed.csv", "op", "dx", allowed_);
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
      for (const std::string& rule : rules_of_line(claim, line))
        out.push_back(of_line(claim, rule + severity(claim, line, rule), line, line.amount));
      repeated(claim, line, out);
      undiscounted(claim, line, out);
      incompatible(claim, line, out);
    }
    too_many(claim, out);
    too_long(claim, out);
    alone(claim, out);
    for (const ReadOperation& operation : claim.operations) {
      const auto limit = op_sex_.find(operation.code);
      if (limit != op_sex_.end() && limit->second != sex_of(claim))
        out.push_back(of_operation(claim, "GZ10000201005 violation", operation));
      if (operation.is_main && unjustified(claim, operation.code))
        out.push_back(of_operation(claim, "GZ10000201006 suspected", operation));
    }
  }

  // The rules that a line breaks by itself.
  std::vector<std::string> rules_of_line(const ReadClaim& claim, const ReadLine& line) const {
    std::vector<std::string> rules;
    const auto test = [&](const char* rule, const Values& table, bool payment, auto broken) {
      const auto row = table.find(line.code);
      if (row != table.end() && !(payment && line.self_paid()) && broken(row->second))
        rules.emplace_back(rule);
    };
    const auto other_sex = [&](const std::string& sex) { return sex != sex_of(claim); };
    const auto outgrown = [&](const std::string& group) { return too_old(claim, line, group); };
    const bool stay = claim.kind == "2";
    const bool emergency = claim.med_type == "13" || claim.med_type == "24";
    const bool maternity =
        claim.insurance == "510" || claim.med_type == "51" || claim.med_type == "52";
    const bool online = claim.hospital.find("互联网医院") != std::string::npos ||
                        claim.department.find("互联网") != std::string::npos;
    test("GZ10000301004", drug_sex_, false, other_sex);
    const bool unclear = std::any_of(claim.diagnoses.begin(), claim.diagnoses.end(),
                                     [&](const auto& code) { return unclear_.contains(code); });
    test("GZ10000302004", item_sex_, false,
         [&](const std::string& sex) { return other_sex(sex) && !unclear; });
    test("GZ10000301002", drug_child_, false, outgrown);
    test("GZ10000302003", item_child_, false, outgrown);
    test("GZ10000101001", insurance_, true,
         [&](const std::string& fund) { return fund == "工伤" && claim.insurance != "410"; });
    test("GZ10000101002", insurance_, true,
         [&](const std::string& fund) { return fund == "生育" && !maternity; });
    test("GZ10000101012", level_, true,
         [&](const std::string& level) { return level_of(claim) < (level == "二级" ? 2 : 3); });
    test("N2025013", visit_mode_, true,
         [&](const std::string& mode) { return !stay && !(mode == "急诊或住院" && emergency); });
    test("N2025047", internet_, false, [&](const std::string&) { return online; });
    test("GZ10000101003", never_, true, [](const std::string&) { return true; });
    return rules;
  }

  // What a claim carries that is close to a rule and yet outside it, by name.
  void near_misses(const ReadClaim& claim, std::map<std::string, int>& count) const {
    std::map<std::pair<std::string, std::string>, std::int64_t> sums;
    for (const ReadLine& line : claim.lines) {
      sums[{line.code, line.date()}] += line.quantity;
      for (const Values* table : {&level_, &visit_mode_, &insurance_, &never_, &alone_}) {
        if (line.self_paid() && table->contains(line.code))
          ++count["paid by the patient"];
      }
      const auto child = drug_child_.find(line.code);
      if (child != drug_child_.end() && child->second == "儿童") {
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
    for (const std::string& code : claim.diagnoses)
      count["unclear sex"] += unclear_.contains(code) ? 1 : 0;
    std::map<std::string, std::set<std::string>> days;
    std::map<std::string, std::pair<int, int>> pieces; // by prescription: of the table, others
    for (const ReadLine& line : claim.lines) {
      if (course_.contains(line.code))
        days[line.code].insert(line.date());
      if (line.type == "102")
        ++(alone_.contains(line.code) ? pieces[line.prescription].first
                                      : pieces[line.prescription].second);
    }
    for (const auto& [code, dates] : days)
      count["all paid days"] += std::to_string(dates.size()) == course_.find(code)->second ? 1 : 0;
    for (const auto& [prescription, kinds] : pieces)
      count["not alone"] += kinds.first > 0 && kinds.second > 0 ? 1 : 0;
    for (const ReadOperation& operation : claim.operations)
      count[operation.is_main ? "justified" : "not the main"] +=
          allowed_.contains(operation.code) ? 1 : 0;
    for (const auto& [key, sum] : sums) {
      const auto limit = per_day_.find(key.first);
      if (limit != per_day_.end() && limit->second == sum)
        ++count["exactly the maximum"];
    }
  }

  bool restricted(const std::string& code) const {
    const bool said = per_day_.contains(code) || exclusive_.contains(code);
    const Values* tables[] = {&drug_sex_,  &item_sex_, &drug_child_, &item_child_,
                              &insurance_, &level_,    &visit_mode_, &course_,
                              &internet_,  &never_,    &alone_,      &incision_};
    return said || std::any_of(std::begin(tables), std::end(tables),
                               [&](const Values* table) { return table->contains(code); });
  }

private:
  using Values = std::multimap<std::string, std::string>;

  template <class Use>
  static void read_table(const std::filesystem::path& file,
                         const std::vector<std::string_view>& names, Use use) {
    const Result<CsvTable> table = read_csv(file);
    ASSERT_TRUE(table) << table.error().en;
    const std::vector<std::size_t> at = columns(*table, names).value();
    const auto superseded = std::ranges::find(table->header, "superseded") - table->header.begin();
    for (const std::vector<std::string>& row : table->rows) {
      if (superseded < std::ssize(row) && !row[superseded].empty())
        continue; // a later publication replaced it
      std::vector<std::string> cells;
      for (const std::size_t position : at)
        cells.push_back(row[position]);
      use(cells);
    }
  }

  static std::string sex_of(const ReadClaim& claim) { return claim.sex == "1" ? "男" : "女"; }

  static bool doubtful(const Values& remarks, const std::string& code) {
    const auto row = remarks.find(code);
    return row != remarks.end() && !row->second.empty();
  }

  // What follows the rule in a finding's text: whether it refuses or asks.
  std::string severity(const ReadClaim& claim, const ReadLine& line,
                       const std::string& rule) const {
    bool asks = rule == "GZ10000301002";
    if (rule == "GZ10000301004" || rule == "GZ10000302004" || rule == "GZ10000302003")
      asks = mother_or_child(claim, line);
    if (rule == "GZ10000302003")
      asks = asks || years_on(claim.birth, line.date()) < 18;
    if (rule == "GZ10000101012")
      asks = claim.kind == "3" ||
             (doubtful(level_doubts_, line.code) &&
              level_of(claim) >= (level_doubts_.find(line.code)->second == "二级" ? 2 : 0));
    return asks ? " suspected" : " violation";
  }

  // A woman who gave birth, or a newborn: what is charged may be the other's.
  static bool mother_or_child(const ReadClaim& claim, const ReadLine& line) {
    const bool maternity = claim.insurance == "510" || claim.med_type == "51" ||
                           claim.med_type == "52" || claim.med_type == "53";
    const bool birth =
        std::any_of(claim.diagnoses.begin(), claim.diagnoses.end(), [](const std::string& code) {
          const std::string category = code.substr(0, 3);
          return ("O80" <= category && category <= "O84") || category == "Z37" || category == "Z38";
        });
    return (claim.sex == "2" && years_on(claim.birth, line.date()) >= 10 && (maternity || birth)) ||
           day_number(line.date()) - day_number(claim.birth) <= 28;
  }

  static int level_of(const ReadClaim& claim) {
    return claim.level == "02" ? 3 : claim.level == "05" ? 2 : claim.level == "08" ? 1 : 0;
  }

  static bool too_old(const ReadClaim& claim, const ReadLine& line, const std::string& group) {
    if (group == "新生儿")
      return day_number(line.date()) - day_number(claim.birth) > 28;
    return years_on(claim.birth, line.date()) >= (group == "婴幼儿" ? 3 : 18);
  }

  static std::string of_line(const ReadClaim& claim, const std::string& rule, const ReadLine& line,
                             std::int64_t cents) {
    return fmt::format("{} {} {} {} {} {}={}", claim.visit, claim.settlement, rule, line.id,
                       money(cents), line.id, money(cents));
  }

  static std::string of_operation(const ReadClaim& claim, const char* rule,
                                  const ReadOperation& operation) {
    std::vector<ReadLine> lines = claim.lines;
    std::erase_if(lines, [](const ReadLine& line) { return line.category != "06"; });
    std::sort(lines.begin(), lines.end(), earlier);
    std::string out =
        fmt::format("{} {} {} {} null", claim.visit, claim.settlement, rule, operation.id);
    for (const ReadLine& line : lines)
      out += fmt::format(" {}=null", line.id);
    return out;
  }

  // A finding about several whole lines.
  static std::string of_lines(const ReadClaim& claim, const std::string& rule,
                              const std::string& subject, std::vector<ReadLine> lines) {
    std::sort(lines.begin(), lines.end(), earlier);
    std::int64_t total = 0;
    std::string offending;
    for (const ReadLine& line : lines) {
      total += line.amount;
      offending += fmt::format(" {}={}", line.id, money(line.amount));
    }
    return fmt::format("{} {} {} {} {}{}", claim.visit, claim.settlement, rule, subject,
                       money(total), offending);
  }

  bool unjustified(const ReadClaim& claim, const std::string& operation) const {
    const auto [begin, end] = allowed_.equal_range(operation);
    if (begin == end)
      return false;
    return std::none_of(begin, end, [&](const auto& row) {
      return std::find(claim.diagnoses.begin(), claim.diagnoses.end(), row.second) !=
             claim.diagnoses.end();
    });
  }

  // Days of use beyond the first so many; nothing where a year stands for all stays.
  void too_long(const ReadClaim& claim, std::vector<std::string>& out) const {
    std::map<std::string, std::map<std::string, std::vector<ReadLine>>> uses; // by drug and date
    for (const ReadLine& line : claim.lines) {
      if (course_.contains(line.code) && line.quantity > 0 && !line.self_paid())
        uses[course_names_.find(line.code)->second][line.date()].push_back(line);
    }
    for (const auto& [drug, days] : uses) {
      const std::string& code = days.begin()->second.front().code;
      const auto limit = static_cast<std::size_t>(std::stoul(course_.find(code)->second));
      std::vector<ReadLine> late;
      std::size_t nth = 0;
      for (const auto& [date, lines] : days) {
        if (++nth > limit)
          late.insert(late.end(), lines.begin(), lines.end());
      }
      if (!late.empty() && limit < 365)
        out.push_back(of_lines(claim,
                               doubtful(course_doubts_, code) ? "GZ10000101010 suspected"
                                                              : "GZ10000101010 violation",
                               code, late));
    }
  }

  void alone(const ReadClaim& claim, std::vector<std::string>& out) const {
    std::map<std::string, std::vector<ReadLine>> prescriptions;
    for (const ReadLine& line : claim.lines) {
      if (line.type == "102")
        prescriptions[line.prescription].push_back(line);
    }
    for (auto& [number, pieces] : prescriptions) {
      const bool all = std::all_of(pieces.begin(), pieces.end(), [&](const ReadLine& piece) {
        return alone_.contains(piece.code);
      });
      std::erase_if(pieces, [](const ReadLine& piece) { return piece.self_paid(); });
      if (all && !pieces.empty())
        out.push_back(of_lines(claim, "GZ10000101004 violation", number, pieces));
    }
  }

  void incompatible(const ReadClaim& claim, const ReadLine& item,
                    std::vector<std::string>& out) const {
    const auto [begin, end] = piece_pairs_.equal_range(item.name);
    for (auto row = begin; row != end && item.type == "102"; ++row) {
      for (const ReadLine& other : claim.lines) {
        if (other.type == "102" && other.prescription == item.prescription &&
            other.name == row->second)
          out.push_back(of_lines(claim, "GZ10000301012 suspected", item.id, {item, other}));
      }
    }
  }

  // What an operation costs above half its list price, when others of its group came before it.
  void undiscounted(const ReadClaim& claim, const ReadLine& item,
                    std::vector<std::string>& out) const {
    std::int64_t most = 0;
    const auto [begin, end] = incision_.equal_range(item.code);
    for (auto row = begin; row != end && !item.self_paid(); ++row) {
      std::int64_t before = 0;
      bool different = false;
      for (const ReadLine& other : claim.lines) {
        if (other.date() != item.date() || !in_group(other.code, row->second))
          continue;
        different = different || other.code != item.code;
        const bool dearer = other.list_price > item.list_price ||
                            (other.list_price == item.list_price && earlier(other, item));
        before += dearer ? other.quantity : 0;
      }
      const std::int64_t later = item.quantity - std::max<std::int64_t>(0, 100 - before);
      const std::int64_t above = 2 * item.price - item.list_price;
      if (different && later > 0 && above > 0)
        most = std::max(most, std::min(divided(above * later, 200), item.amount));
    }
    if (most > 0)
      out.push_back(of_line(claim, "GZ10000102002 suspected", item, most));
  }

  bool in_group(const std::string& code, const std::string& group) const {
    const auto [begin, end] = incision_.equal_range(code);
    return std::any_of(begin, end, [&](const auto& row) { return row.second == group; });
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
      out.push_back(of_line(claim, "GZ10000102012 violation", item, largest));
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
      out.push_back(fmt::format("{} {} GZ10000102014 violation {}@{} {}{}", claim.visit,
                                claim.settlement, key.first, key.second, money(total), offending));
    }
  }

  std::map<std::string, std::string> op_sex_;
  Values drug_sex_, item_sex_, drug_child_, item_child_, insurance_, level_, visit_mode_, course_;
  Values internet_, never_, alone_, piece_pairs_, incision_, allowed_, unclear_;
  Values level_doubts_, course_doubts_, course_names_;
  std::map<std::string, std::int64_t> per_day_;
  std::map<std::string, std::vector<std::pair<std::string, std::string>>> exclusive_;
};

} // namespace sanku::generate
