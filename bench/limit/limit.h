// The ten reference rules (bench/packs/ten_rules) written by hand, as well as we can: the ceiling
// that the compiled rules are measured against. It sees the same columns, block by block, and
// writes the same findings: rule, subject, rows of evidence, lines with amounts, keys, values for
// the message; and it counts the same outcomes. What it may do and compiled rules may not: it
// knows the ten rules, their tables and their fields, and that of lines and of settlements' money
// and days nothing is missing. Entries: prepare, run_scalar, run_flat. `bench_run --check` compares
// its findings with those of the evaluator and of the compiled rules, one by one.
//
// The source is fixed: bench/limit/limit.sha256 holds the hash of these two files, and every report
// names it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::bench::limit {

inline constexpr std::size_t rule_count = 10;

// ---- what the tables say, by item code

struct TableRow {
  std::uint32_t table = 0, row = 0;
};

// One item code in the words of the rules; members of tables that do not name it are 0.
struct ItemRow {
  std::uint8_t sex = 0; // the only one allowed
  std::uint8_t age_low = 0, age_high = 0;
  std::uint8_t level = 0;
  std::uint16_t group = 0; // of diagnoses
  std::uint16_t family = 0;
  std::uint32_t day_limit = 0;
  std::uint32_t other = 0; // the code excluded
  bool aged = false, once = false, bed = false, second = false, first = false;
  // Rows of evidence, by rule; of R03 that of the group is in Tables::group_rows.
  TableRow sex_row, age_row, group_row, other_row, limit_row, level_row, second_row;
};

inline constexpr std::uint32_t group_words = 8; // up to 511 groups of diagnoses

struct Tables {
  std::vector<ItemRow> items;           // by code id; ids above the last are in no table
  std::vector<TableRow> group_rows;     // by group
  std::vector<std::uint64_t> groups_of; // by diagnosis id: a row of group_words, one bit a group
  std::vector<std::string_view> texts;  // by code id
  std::vector<std::uint64_t> words;     // filled by prepare
};
void prepare(Tables& tables);

// ---- one block of settlements, as columns

template <class T> struct Column {
  const T* values = nullptr;
  const std::uint8_t* known = nullptr; // one bit a row
};

struct Block {
  std::uint32_t settlements = 0;
  Column<std::uint32_t> sex, level;
  Column<std::int32_t> birth;
  const std::int64_t* total = nullptr; // cents
  const std::int64_t *admitted = nullptr, *discharged = nullptr;
  const std::uint32_t* first_line = nullptr; // by settlement, one more at the end
  const std::uint32_t* code = nullptr;
  const std::int64_t* at = nullptr;
  const std::int64_t* quantity = nullptr; // ten-thousandths
  const std::int64_t* amount = nullptr;   // cents
  const std::uint32_t* rank = nullptr;    // canonical, within the settlement
  const std::uint32_t* name_begin = nullptr;
  const char* names = nullptr;
  const std::uint32_t* first_diagnosis = nullptr;
  const std::uint32_t* diagnosis = nullptr;
};

// ---- what is found

struct Payload {
  std::uint32_t settlement = 0, subject = 0, rule = 0;
  std::uint32_t rows = 0, lines = 0, keys = 0, holes = 0; // where each part begins
  std::uint16_t row_count = 0, line_count = 0, key_count = 0, hole_count = 0;
  std::uint64_t order = 0; // subject's place in the settlement
};
struct PayloadLine {
  std::uint32_t row = 0;
  bool offending = false, known = false;
  std::int64_t cents = 0;
};
struct PayloadValue {
  bool text = false;
  std::int64_t number = 0; // or where the text begins
  std::uint32_t size = 0;
};
struct Output {
  std::vector<Payload> findings; // in the total order of the block
  std::vector<TableRow> rows;
  std::vector<PayloadLine> lines;
  std::vector<PayloadValue> keys, holes;
  std::string texts;
  std::uint64_t fired[rule_count] = {}, indeterminate[rule_count] = {};
  void clear();
};

// A thread's memory, used again for the next block.
struct Scratch {
  std::vector<std::uint32_t> candidates; // lines
  std::vector<std::uint16_t> parents;    // settlement of each line
  std::vector<std::int64_t> sums;        // of amounts up to each line
  std::vector<std::uint64_t> masks;      // by settlement
  std::vector<std::uint32_t> group;
};

// One pass, settlement by settlement.
void run_scalar(const Tables& tables, const Block& block, Scratch& scratch, Output& out);
// Passes over all lines of the block at once, no loop a settlement; then what is left of them.
void run_flat(const Tables& tables, const Block& block, Scratch& scratch, Output& out);

} // namespace sanku::bench::limit
