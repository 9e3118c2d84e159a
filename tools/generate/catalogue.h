// Everything a settlement is made of and that does not change from one to the next: items (drugs,
// services, pieces, consumables) with what the national rules say about them, diagnoses,
// operations, institutions with their doctors, and the popularity curves. One entry:
// load_catalogue. Codes and names of restricted items are the published tables of the pack; beside
// them stands a fixed pool of well-formed invented codes that are in no table, because most of what
// is billed is restricted by nothing. What never changes is kept as a ready piece of JSON, so that
// writing a line is mostly copying. Tested by tests/unit/tools/generate_test.cpp through the
// settlements made from it.
#pragma once

#include "runtime/types/result.h"
#include "tools/generate/random.h"
#include "tools/generate/rule.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sanku::generate {

enum class Sex : std::uint8_t { any = 0, male = 1, female = 2 };

enum class ItemKind : std::uint8_t { western_drug, patent_drug, service, consumable, piece };

// Whom an item is for, as the tables name it: under 18 years, under 3 years, up to 28 days.
enum class People : std::uint8_t { everyone, child, infant, newborn };

// The fund that alone pays an item.
enum class Fund : std::uint8_t { any, work_injury, maternity };

// The visits that an item is for.
enum class Visits : std::uint8_t { all, inpatient, emergency_or_inpatient };

// Hundredths: the interface's cnt is N6,2. Cents: pric and sumamt are N16,2.
using Hundredths = std::int64_t;
using Cents = std::int64_t;

struct Item {
  std::string code;
  std::string name;
  ItemKind kind = ItemKind::service;
  std::string_view category = {};  // chrg_type
  std::string_view dose_form = {}; // static words, as the next two
  std::string_view spec = {};
  std::string_view unit = {};
  Sex sex = Sex::any;                // drug_sex, item_sex
  People people = People::everyone;  // drug_child, item_child
  Fund fund = Fund::any;             // drug_insurance
  Visits visits = Visits::all;       // drug_visit_mode
  int min_level = 0;                 // drug_level: paid in a hospital of this level or above
  std::optional<int> open_from = {}; // from this level on the remark knows an exception
  int course_days = 0;               // drug_course: paid on so many days of a visit; 0 = no limit
  bool course_doubtful = false;      // column and remark contradict each other
  bool internet_forbidden = false;   // internet_forbidden
  bool never_paid = false;           // tcm_never
  bool not_paid_alone = false;       // tcm_alone
  Hundredths daily_max = 0;          // per_day; 0 = no limit
  bool by_hour = false;              // per_day counts hours, not days
  std::vector<std::uint32_t> groups = {}; // incision_group: rows of Catalogue::operations_of_group
  bool wholly_self_paid = false;          // 丙类; never for an item of a table
  bool partly_self_paid = false;          // 乙类
  bool apart = false;                     // the rest of the library speaks of it: not drawn
  Cents price = 0;                        // in a second-level hospital
  // Items that exclude this one or are excluded by it, sorted; of a piece: those it must not meet
  // in one prescription.
  std::vector<std::uint32_t> partners = {};
  std::vector<std::uint32_t> pairs = {}; // rows of `pairs` whose sub this item is
  std::string json = {};                 // the fields of an order line that only depend on the item
};

enum class PairWindow : std::uint8_t { day, visit, six_hours, same_hour };
inline constexpr std::size_t pair_windows = 4;

struct Pair {
  std::uint32_t sub; // items
  std::uint32_t main;
  PairWindow window;
};

// Pieces that must not meet; the finding stands at `first`.
struct PiecePair {
  std::uint32_t first; // items
  std::uint32_t second;
};

struct Diagnosis {
  std::string code;
  std::string name;
  Sex sex = Sex::any;
  bool newborn = false;
  bool unclear_sex = false; // sex_unclear: the rule on services of one sex leaves the patient alone
  bool birth = false;       // of a birth: rules on sex and age ask whether a charge is the child's
  bool apart = false;       // of one sex or age by a table of the rest of the library: not drawn
  std::string json;
};

struct Operation {
  std::string code;
  std::string name;
  Sex sex = Sex::any;
  std::vector<std::string> allowed = {}; // op_dx_allowed, sorted; empty: the table is silent
  std::string json;
};

struct Doctor {
  std::string code;
  std::string name;
  std::string department; // the fields of an encounter: adm_dept and dscg_dept, code and name
  std::string department_name;
  std::string json;    // the fields of an order line
  bool online = false; // of a department for visits over the internet
};

struct Institution {
  int level = 0;       // 0 none, 1 to 3
  bool online = false; // an internet hospital
  std::string area;
  std::string json;
  std::vector<Doctor> doctors;
};

// Items in order of popularity, and the curve over them.
struct Pool {
  std::vector<std::uint32_t> items;
  Weighted popularity;
  [[nodiscard]] bool empty() const { return items.empty(); }
  std::uint32_t draw(Random& random) const { return items[popularity.draw(random)]; }
};

// An item with what its row says: the diseases as a set, a name or the beginning of a code.
struct LibraryItem {
  std::uint32_t item = 0;
  std::string name;
  std::string set;
  std::vector<std::uint32_t> diagnoses = {}; // of the set
};

// What the violations of the rest of the library are planted from (library.h): items and pairs of
// items of which one rule speaks and no other.
struct Library {
  bool present = false;
  std::set<std::string> names; // that rules go by
  std::vector<LibraryItem> indicated, contraindicated, surcharges, for_diseases;
  std::vector<std::uint32_t> for_the_old, in_pregnancy, for_children, of_working_age, once,
      by_period;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> interacting, contained;
  std::vector<std::uint32_t> of_sex[3], of_the_young, of_pregnancy, of_injury; // diagnoses
  std::optional<std::uint32_t> other_bed, other_nursing;
};

struct Catalogue {
  std::vector<Item> items;
  std::vector<std::vector<std::uint32_t>> operations_of_group; // items, by incision group
  std::vector<PiecePair> piece_pairs;
  std::vector<Pair> pairs;
  std::vector<std::uint32_t> pairs_of_window[pair_windows];
  std::vector<Diagnosis> diagnoses; // by popularity; the common ones come first
  Weighted diagnosis_popularity, common_diagnosis_popularity;
  std::vector<Operation> operations; // free of op_sex, or of one sex; by popularity
  Weighted operation_popularity;
  std::vector<Institution> hospitals, pharmacies;

  Pool drugs, services, consumables, pieces; // pieces: of prescriptions, with those of the tables
  Pool drugs_of_sex[3];                      // by Sex; [any] stays empty
  Pool child_drugs;
  Pool published_services;                        // of any table
  std::vector<std::uint32_t> limited;             // per_day
  std::vector<std::uint32_t> courses;             // drug_course
  std::vector<std::uint32_t> alone;               // tcm_alone
  std::vector<std::uint32_t> harmless;            // pieces of no table
  std::vector<std::uint32_t> by_rule[item_rules]; // what each rule about single items restricts
  std::vector<std::uint32_t> unclear_sex;         // diagnoses
  std::vector<std::uint32_t> judged_operations;   // with a list of allowed diagnoses
  std::vector<std::uint32_t> routine; // what a ward bills every day: bed, nursing, consultation
  std::vector<std::uint32_t> operations_of_sex[3];

  Library library;

  Weighted outpatient_lines, inpatient_lines; // index i stands for 3 + i lines
};

struct CatalogueFiles {
  std::filesystem::path pack;  // its knowledge/ holds the tables
  std::filesystem::path codes; // icd10_yb.csv, icd9cm3_yb.csv
  bool compact = false;        // fewer optional fields in the JSON pieces
};

// Services cost a tenth less in a first-level hospital and a tenth more in a third-level one.
Cents price_at_level(const Item& item, int level);

Result<Catalogue> load_catalogue(const CatalogueFiles& files);

} // namespace sanku::generate
