// See claims.h.
#include "bench/data/claims.h"

#include "tools/generate/calendar.h"
#include "tools/generate/json_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::bench {
namespace {

using generate::Day;
using generate::Moment;
using generate::Purpose;
using generate::Random;

constexpr double violated = 0.05; // of what would be a violation
constexpr int redraws = 20;

struct Line {
  std::uint32_t item = 0;
  Moment at = 0;
  std::int64_t halves = 2; // quantity, in halves
};

struct Claim {
  std::uint8_t sex = 1;   // 1 male, 2 female
  std::uint8_t level = 1; // 1 none, 2 first …
  Day birth = 0, admitted = 0, discharged = 0;
  bool sex_known = true, birth_known = true;
  std::vector<std::uint32_t> diagnoses;
  std::vector<Line> lines;
};

class Drawing {
public:
  Drawing(const Reference& reference, Random& random) : reference_(reference), random_(random) {}

  Claim draw(std::uint32_t lines) {
    header();
    const auto wanted =
        lines != 0 ? lines : static_cast<std::uint32_t>(3 + reference_.line_counts.draw(random_));
    while (claim_.lines.size() < wanted)
      add_line();
    return std::move(claim_);
  }

private:
  void header() {
    claim_.sex = random_.percent(50) ? 1 : 2;
    claim_.sex_known = !random_.chance(0.002);
    claim_.birth_known = !random_.chance(0.001);
    const std::uint64_t level = random_.below(100);
    claim_.level = level < 5 ? 1 : level < 30 ? 2 : level < 65 ? 3 : 4;
    claim_.discharged = static_cast<Day>(generate::first_day_of_data +
                                         random_.between(20, generate::days_of_data - 1));
    const bool stays = random_.percent(15);
    claim_.admitted = static_cast<Day>(claim_.discharged - (stays ? random_.between(1, 14) : 0));
    claim_.birth = static_cast<Day>(claim_.admitted - random_.between(30, 90 * 365));
    const std::uint64_t count = 1 + (random_.percent(50) ? 1 : 0) + (random_.percent(25) ? 1 : 0) +
                                (random_.percent(10) ? 1 : 0);
    while (claim_.diagnoses.size() < count)
      claim_.diagnoses.push_back(
          static_cast<std::uint32_t>(reference_.diagnosis_weights.draw(random_)));
  }

  void add_line() {
    Line line;
    line.at =
        generate::at(static_cast<Day>(random_.between(claim_.admitted, claim_.discharged)),
                     static_cast<int>(random_.between(7, 18)), static_cast<int>(random_.below(60)));
    line.halves = random_.percent(97) ? 2 * random_.between(1, 3) : random_.between(1, 6);
    for (int tries = 0; tries < redraws; ++tries) {
      line.item = static_cast<std::uint32_t>(reference_.item_weights.draw(random_));
      if (fits(line))
        break;
    }
    claim_.lines.push_back(line);
    const Item& item = reference_.items[line.item];
    if (item.excluded && random_.chance(violated))
      claim_.lines.push_back({*item.excluded, line.at, 2});
    if (item.once_a_day && random_.chance(violated))
      claim_.lines.push_back({line.item, line.at + 1800, 2});
  }

  // Whether the line stays. It may bring a diagnosis or another drug with it.
  bool fits(Line& line) {
    const Item& item = reference_.items[line.item];
    const bool spared = random_.chance(violated);
    if (item.sex != 0 && item.sex != claim_.sex && !spared)
      return false;
    if (item.level > claim_.level && !spared)
      return false;
    if (item.age && !spared && !of_age(*item.age, generate::day_of(line.at)))
      return false;
    if (item.diagnosis_group != 0 && !spared && !diagnosed(item.diagnosis_group))
      return false;
    if (item.second_line && !spared && !preceded(item.family, line.at))
      return false;
    return fits_the_day(line, item, spared);
  }

  bool of_age(const AgeRange& range, Day on) const {
    const int years = generate::completed_years(claim_.birth, on);
    return range.low <= years && years <= range.high;
  }

  bool diagnosed(std::uint32_t group) {
    const std::vector<std::uint32_t>& codes = reference_.groups[group];
    for (const std::uint32_t code : claim_.diagnoses)
      if (std::ranges::binary_search(codes, code))
        return true;
    if (claim_.diagnoses.size() >= 8 || random_.percent(50))
      return false;
    claim_.diagnoses.push_back(random_.pick(codes));
    return true;
  }

  bool preceded(std::uint32_t family, Moment at) {
    for (const Line& other : claim_.lines) {
      const Item& item = reference_.items[other.item];
      if (item.family == family && !item.second_line)
        return true;
    }
    if (reference_.first_line[family].empty() || random_.percent(50))
      return false;
    claim_.lines.push_back({random_.pick(reference_.first_line[family]), at, 2});
    return true;
  }

  bool fits_the_day(Line& line, const Item& item, bool spared) const {
    std::int64_t that_day = 0, in_all = 0;
    for (const Line& other : claim_.lines) {
      if (other.item != line.item)
        continue;
      in_all += other.halves;
      if (generate::day_of(other.at) == generate::day_of(line.at))
        that_day += other.halves;
    }
    if (spared)
      return true;
    if (item.once_a_day && that_day != 0)
      return false;
    const std::int64_t stay = std::max<std::int64_t>(1, claim_.discharged - claim_.admitted);
    std::int64_t room = line.halves;
    if (item.day_limit != 0)
      room = std::min(room, 2 * item.day_limit - that_day);
    if (item.bed)
      room = std::min(room, 2 * stay - in_all);
    if (room <= 0)
      return false;
    line.halves = room;
    return true;
  }

  const Reference& reference_;
  Random& random_;
  Claim claim_;
};

// Keys and values of one object, written in their order or shuffled.
class Object {
public:
  explicit Object(const ClaimsShape& shape) : shuffled_(shape.shuffled) {}

  void text(std::string_view key, std::string_view value) {
    std::string& out = fields_.emplace_back();
    out += fmt::format("\"{}\":\"", key);
    // A sender may escape any character: here the first Han one of a text, as UTF-16.
    if (shuffled_ && value.starts_with("\xE5\x8F\x82")) { // 参
      out += "\\u53c2";
      value.remove_prefix(3);
    }
    generate::append_escaped(out, value);
    out += '"';
  }
  void raw(std::string_view key, std::string_view json) {
    fields_.push_back(fmt::format("\"{}\":{}", key, json));
  }
  void write(std::string& out, Random& random) {
    if (shuffled_)
      random.shuffle(fields_);
    out += '{';
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (i != 0)
        out += ',';
      out += fields_[i];
    }
    out += '}';
  }

private:
  bool shuffled_;
  std::vector<std::string> fields_;
};

std::string moment(Moment at) {
  std::string out;
  generate::append_moment(out, at);
  return out;
}
std::string day(Day at) {
  std::string out;
  generate::append_day(out, at);
  return out;
}

std::string diagnoses_json(const Reference& reference, const Claim& claim, std::uint64_t number,
                           const ClaimsShape& shape, Random& order) {
  std::string out = "[";
  for (std::size_t i = 0; i < claim.diagnoses.size(); ++i) {
    Object object(shape);
    object.text("dise_id", fmt::format("Z{:012}{:02}", number, i + 1));
    object.text("maindise_flag", i == 0 ? "1" : "0");
    object.text("dise_codg", reference.diagnoses[claim.diagnoses[i]]);
    out += i == 0 ? "" : ",";
    object.write(out, order);
  }
  return out + "]";
}

std::int64_t amount_of(const Reference& reference, const Line& line) {
  return reference.items[line.item].price / 2 * line.halves;
}

std::string lines_json(const Reference& reference, const Claim& claim, std::uint64_t number,
                       const ClaimsShape& shape, Random& order) {
  std::string out = "[";
  for (std::size_t i = 0; i < claim.lines.size(); ++i) {
    const Line& line = claim.lines[i];
    const Item& item = reference.items[line.item];
    Object object(shape);
    object.text("rx_id", fmt::format("R{:012}{:04}", number, i + 1));
    object.text("rxno", fmt::format("N{:012}", number));
    object.text("hilist_code", item.code);
    object.text("hilist_name", item.name);
    object.text("cnt", generate::hundredths(line.halves * 50));
    object.text("pric", generate::hundredths(item.price));
    object.text("sumamt", generate::hundredths(amount_of(reference, line)));
    object.text("drord_begn_date", moment(line.at));
    out += i == 0 ? "" : ",";
    object.write(out, order);
  }
  return out + "]";
}

std::string visit_json(const Reference& reference, const Claim& claim, std::uint64_t number,
                       const ClaimsShape& shape, Random& random) {
  std::int64_t total = 0;
  for (const Line& line : claim.lines)
    total += amount_of(reference, line);
  if (random.chance(0.0125))
    total += random.between(1, 5'000);
  constexpr const char* levels[] = {"", "11", "08", "05", "01"};
  const bool inpatient = claim.admitted != claim.discharged;
  const Moment end = generate::at(claim.discharged, 19, 0);
  const std::uint64_t hospital = random.below(5'000);
  Object visit(shape);
  visit.text("mdtrt_id", fmt::format("M{:014}", number));
  visit.text("setl_id", fmt::format("S{:014}", number));
  visit.text("setl_time", moment(end + 600));
  visit.text("medins_id", fmt::format("H{:011}", hospital));
  visit.text("medins_name", fmt::format("第{}人民医院", hospital));
  visit.text("medins_admdvs", "340100");
  visit.text("medins_type", "1");
  visit.text("medins_lv", levels[claim.level]);
  visit.text("adm_date", moment(generate::at(claim.admitted, 6, 30)));
  visit.text("dscg_date", moment(end));
  visit.text("dscg_main_dise_codg", reference.diagnoses[claim.diagnoses[0]]);
  visit.raw("fsi_diagnose_dtos", diagnoses_json(reference, claim, number, shape, random));
  visit.text("dr_codg", fmt::format("D{:011}", random.below(40'000)));
  visit.text("dscg_dept_codg", fmt::format("A{:02}", random.below(40)));
  visit.text("dscg_dept_name", "内科");
  visit.text("med_mdtrt_type", inpatient ? "2" : "1");
  visit.text("med_type", inpatient ? "21" : "11");
  visit.raw("fsi_order_dtos", lines_json(reference, claim, number, shape, random));
  visit.text("medfee_sumamt", generate::hundredths(total));
  visit.text("ownpay_amt", "0.00");
  visit.text("acct_payamt", "0.00");
  visit.text("hifp_payamt", generate::hundredths(total));
  visit.text("insutype", random.percent(40) ? "310" : "390");
  visit.text("reim_flag", "1");
  visit.text("out_setl_flag", "0");
  visit.raw("fsi_operation_dtos", "[]");
  std::string out;
  visit.write(out, random);
  return out;
}

} // namespace

void append_claims(const Reference& reference, std::uint64_t seed, std::uint64_t first,
                   std::uint64_t count, std::string& out, const ClaimsShape& shape) {
  for (std::uint64_t number = first; number < first + count; ++number) {
    Random random(seed, Purpose::settlement, number);
    const Claim claim = Drawing(reference, random).draw(shape.lines);
    Random text(seed, Purpose::order, number);
    Object patient(shape);
    patient.text("patn_id", fmt::format("P{:014}", text.below(700'000)));
    patient.text("patn_name", "张某某");
    patient.text("gend", !claim.sex_known ? "" : claim.sex == 1 ? "1" : "2");
    patient.text("brdy", claim.birth_known ? day(claim.birth) : "");
    patient.text("poolarea", "340100");
    patient.text("curr_mdtrt_id", fmt::format("M{:014}", number));
    patient.raw("fsi_encounter_dtos",
                "[" + visit_json(reference, claim, number, shape, text) + "]");
    std::string person;
    patient.write(person, text);
    Object data(shape);
    data.text("syscode", "SANKU");
    data.text("task_id", fmt::format("{:032x}", number));
    data.text("trig_scen", "10");
    data.raw("patient_dtos", "[" + person + "]");
    data.write(out, text);
    out += '\n';
  }
}

} // namespace sanku::bench
