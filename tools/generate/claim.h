// One settlement as numbers, before it is written: the visit, its lines and operations, and the
// findings that were planted in it. Plain data; compose makes it, plant puts violations in, write
// turns it into JSON. Tested by tests/unit/tools/generate_test.cpp through what is written.
#pragma once

#include "tools/generate/calendar.h"
#include "tools/generate/catalogue.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::generate {

enum class VisitKind : std::uint8_t { outpatient, inpatient, pharmacy };

struct Person {
  std::string number; // patn_id
  std::string name;
  Sex sex = Sex::any;
  Day birth = 0;
  std::string_view area; // poolarea
  std::string_view insurance;
};

struct Line {
  std::uint32_t item = 0; // Catalogue::items
  std::uint32_t key = 0;  // from 1 in the order of making; the last digits of rx_id
  Moment at = 0;
  Cents price = 0;
  Hundredths quantity = 0;
  Cents amount = 0;
  Cents list_price = 0; // what the catalogue allows in this hospital
  std::uint32_t prescription = 0;
  bool self_paid = false; // the patient paid for all of it
  std::string more = {};  // further fields, as they are written
};

struct PerformedOperation {
  std::uint32_t operation = 0; // Catalogue::operations
  std::uint32_t key = 0;
  Day day = 0;
};

struct DiagnosedAs {
  std::uint32_t diagnosis = 0; // Catalogue::diagnoses
  bool dated = false;          // the day is written also where few fields are
};

struct OffendingLine {
  std::uint32_t key;
  std::optional<Cents> amount;
};

// What the engine has to report. `key` is a line's or an operation's, or the number of a
// prescription; other groups are named by what they have of item and day.
struct Finding {
  enum class Says : std::uint8_t { violation, suspected, reminder };
  Rule rule = Rule::drug_sex;
  Says says = Says::violation;
  std::uint32_t key = 0; // of a diagnosis its rank
  std::uint32_t item = 0;
  Day day = 0;
  std::optional<Cents> amount;
  std::vector<OffendingLine> lines;
  std::string kind; // what was planted, such as pair/6小时/edge
};

struct Claim {
  std::uint64_t number = 0; // from 1
  std::uint64_t task[2] = {};
  VisitKind kind = VisitKind::outpatient;
  std::string_view med_type;
  Person patient;
  const Institution* institution = nullptr; // owned by the catalogue
  const Doctor* doctor = nullptr;
  Day first_day = 0; // lines fall on first_day .. first_day + days - 1
  int days = 1;
  Moment opening = 0; // of an outpatient visit: its lines follow within 80 minutes
  Moment admitted = 0, discharged = 0, settled = 0;
  bool unclear_sex = false;           // one of the diagnoses says so
  std::vector<DiagnosedAs> diagnoses; // the first is the main one
  std::vector<PerformedOperation> operations;
  std::vector<Line> lines;
  std::vector<Finding> findings;
  std::string more;               // further fields of the visit, as they are written
  bool no_main_operation = false; // no operation is marked as the main one
  Cents total_off = 0;            // by how much the total that is written differs from the sum
  std::uint32_t next_prescription = 0;
  std::string incision_kind;           // the scene that put operations of one group together
  std::vector<std::uint32_t> reserved; // items of planted lines: no other line may use them
  std::vector<std::uint32_t> coupled;  // items present that have partners
};

} // namespace sanku::generate
