// National rules that look beyond one visit, written by hand over the same columns: each rule over
// a person's other visits as a loop over clustered events, each rule over a population as a
// group-by. What its compiled rule is measured against, one by one. It may do what limit.h says:
// it knows the rules and their tables, that tables are looked up by dense ids, and that of the
// fields it reads nothing is missing where a row says so below. It names each finding by its
// subject and gathers the lines that the finding reports; the measurement compares both with the
// compiled rule's before it times anything. Entries: past_rules, group_rules.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace sanku::bench::limit {

// ---- values of the claim schema, by their places in it

enum VisitKind : std::uint32_t { outpatient = 1, inpatient = 2, pharmacy = 3 };
enum MedType : std::uint32_t { chronic = 4, special = 6 };
enum ListType : std::uint32_t { drug = 1, consumable = 8 };
enum FeeCategory : std::uint32_t {
  examination = 3,
  laboratory = 4,
  treatment = 5,
  surgery = 6,
  material = 8,
  western_drug = 9,
  piece = 10,
  patent_drug = 11
};
inline constexpr std::uint32_t absent_on_admission = 4;

// ---- visits and their lines, as columns; visits of a person stand together, in time order

struct Visits {
  std::uint32_t count = 0;
  const std::uint32_t *person_begin = nullptr, *person_end = nullptr; // by visit
  const std::uint32_t* order = nullptr;                               // by time, over all visits
  const std::uint32_t *kind = nullptr, *med_type = nullptr, *person = nullptr, *provider = nullptr,
                      *level = nullptr, *main_diagnosis = nullptr, *terminal = nullptr,
                      *employer = nullptr, *disease = nullptr; // the last: 0 where missing
  const std::int64_t *begin = nullptr, *end = nullptr, *settled = nullptr; // seconds
  const std::int64_t *total = nullptr, *fund_paid = nullptr;               // cents
  const std::uint8_t* manual = nullptr;                                    // one bit a visit
  const char* invoices = nullptr;
  const std::uint32_t* invoice_at = nullptr;
  const std::uint32_t *first_line = nullptr, *first_diagnosis = nullptr; // one more at the end
};

struct Lines {
  const std::uint32_t* order = nullptr; // canonical: within the person, or over all lines
  const std::uint32_t *code = nullptr, *list_type = nullptr, *category = nullptr, *staff = nullptr,
                      *trace = nullptr; // the last: 0 where missing
  const std::int64_t *at = nullptr, *quantity = nullptr, *unit_price = nullptr, *amount = nullptr,
                     *days = nullptr, *own_share = nullptr;
  const char* names = nullptr;
  const std::uint32_t* name_at = nullptr;
};

struct Diagnoses {
  const std::uint32_t *code = nullptr, *admission = nullptr;
};

// ---- what tables and sets say, by dense id

struct LineCode {
  bool second = false, dialysis = false, first_visit = false, key_drug = false, bed = false;
  std::uint8_t imaging = 0;     // 1 CT, 2 MRI
  std::uint16_t tried = 0;      // of a second-line drug: which first-line drugs come before it
  std::uint16_t first = 0;      // which second-line drugs this one comes before
  std::uint32_t classes = 0;    // of drugs of one action, a bit each
  std::int64_t course_days = 0; // 0: none
  std::int64_t most = 0, period_days = 0; // 0: none
  std::int64_t minutes = 0;
  std::uint32_t capped = 0; // what is capped together has one number; 0: nothing
  std::int64_t cap = 0;     // cents
  bool cap_of_year = false, cap_of_consumable = false;
  bool stocked = false, agreed = false;
};
struct DiagnosisCode {
  bool planned = false, frequent = false, lasting = false, infection = false;
  std::uint32_t category = 0;
};
struct EmployerRow {
  bool known = false;
  std::int64_t since = 0, people = 0; // day
};
struct Due {
  bool known = false;
  std::int64_t units = 0;
  bool by_point = false;
};

// A pair or triple of ids and a month, as one key.
struct Key {
  std::uint64_t high = 0, low = 0;
  friend bool operator==(const Key&, const Key&) = default;
};
// Open addressing; numbers keys in the order in which they come.
class Numbering {
public:
  explicit Numbering(std::size_t expected = 64);
  std::uint32_t add(Key key);
  [[nodiscard]] std::uint32_t find(Key key) const; // none
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(keys_.size()); }
  [[nodiscard]] const Key& key(std::uint32_t number) const { return keys_[number]; }
  static constexpr std::uint32_t none = 0xffffffffu;

private:
  [[nodiscard]] std::size_t slot_of(Key key) const;
  void grow();
  std::vector<std::uint32_t> slots_;
  std::vector<Key> keys_;
};

struct Tables {
  std::vector<LineCode> lines;
  std::vector<DiagnosisCode> diagnoses;
  std::vector<EmployerRow> employers;
  std::vector<std::int64_t> beds; // by provider; 0: not registered
  // By provider and month, or by code, provider and month; months from year 0.
  Numbering stock, declared, special, agreed;
  std::vector<std::int64_t> stock_units, agreed_units;
  std::vector<Due> declared_due, special_due;
  std::vector<std::string_view> routine; // names of tests
};

struct World {
  Visits visits;
  Lines lines;
  Diagnoses diagnoses;
  Tables tables;
};

// ---- what is found

struct Found {
  std::uint32_t visit = 0, subject = 0; // rows; of a group its first element
  std::uint32_t lines = 0, line_count = 0;
  std::int64_t value = 0; // what the message says first
};
struct FoundLine {
  std::uint32_t row = 0;
  std::int64_t amount = 0;
};
struct Discovery {
  std::vector<Found> findings;
  std::vector<FoundLine> lines;
  std::uint64_t indeterminate = 0;
  void clear();
};

struct RuleByHand {
  std::string_view id;
  void (*run)(const World&, Discovery&);
};
[[nodiscard]] std::span<const RuleByHand> past_rules();
// Over visits and over lines (group_rules.h).
[[nodiscard]] std::vector<RuleByHand> group_rules();

// ---- shared by both

inline constexpr std::int64_t seconds_a_day = 86'400;
inline std::int64_t day_of(std::int64_t at) {
  return at / seconds_a_day - (at % seconds_a_day < 0 ? 1 : 0);
}
// Months since year 0, and back to the day of the month.
[[nodiscard]] std::int64_t month_of(std::int64_t day);
// The same day so many months before or after, or the last of that month.
[[nodiscard]] std::int64_t months_on(std::int64_t day, std::int64_t months);
[[nodiscard]] inline std::string_view text_at(const char* texts, const std::uint32_t* at,
                                              std::uint32_t row) {
  return {texts + at[row], at[row + 1] - at[row]};
}

} // namespace sanku::bench::limit
