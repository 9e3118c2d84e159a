// What a pack's knowledge says about codes that senders leave out or cut short, applied while
// visits are completed, so that rules see national codes only.
//
// Local codes: a knowledge table whose key is of the system of the lines' `local_code`, with a
// column of the system of the settlement's `provider` and one of the system of the lines' `code`,
// maps a hospital's code to the national one. It is applied where the national code is missing. A
// row counts when and where a rule would find it: on the line's own day, if the table has `valid`,
// and in the zones that layers leave it, by the place that the table's `region` says. One candidate
// becomes the code, several a code with candidates (runtime/batch/candidates.h). Of rows of which
// nobody knows whether they count, all are candidates where another row surely counts; else the
// code stays missing, because there may be none.
//
// Cut codes: a code of exactly 20 characters (the width of 3101) that no table has, while tables
// have longer codes that begin with it. Where each table's rows of those codes agree in every
// column but the key, and one code is in all tables that have any of them, the least such code
// stands for it. Else it becomes a code with all of these as candidates. The lists as sent keep
// what was sent. Rows of all layers and days are asked: which codes there are depends on neither.
//
// Entries: make_code_book, complete_codes. Tested by tests/unit/runtime/code_book_test.cpp.
#pragma once

#include "runtime/assemble/place.h"
#include "runtime/batch/batch.h"
#include "runtime/knowledge/table.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sanku::assemble {

// A row of a map: the national code, and when and where it counts, all ends included.
struct MappedCode {
  std::string code;
  std::int32_t from = 0, to = 0; // days
  knowledge::Zones zones;
  bool insured = false; // zones of insurance, not of care
  friend bool operator==(const MappedCode&, const MappedCode&) = default;
};
using HospitalCodes = std::map<std::string, std::vector<MappedCode>, std::less<>>;

struct CodeBook {
  std::map<std::string, HospitalCodes, std::less<>> local; // by provider
  Regions where; // of the maps' zones; empty where all rows count everywhere
  std::unordered_map<std::string, std::string> cut; // what it stands for, or its candidates
  // Of those, which the dictionaries have all the same: where they hold codes of other tables too.
  std::vector<std::string> cut_in_dictionary;
};
[[nodiscard]] bool same_maps(const CodeBook& a, const CodeBook& b);

// A table of a pack. `zones`: of the layer that declares it. All the caller's.
struct MapTable {
  const knowledge::TableShape& shape;
  const knowledge::Table& table;
  knowledge::Zones zones = {};
  bool insured = false; // its layers go by where the patient is insured
};

// Whether a table maps hospitals' codes.
[[nodiscard]] bool maps_codes(const schema::Schema& schema, const knowledge::TableShape& shape);

// `named`: codes that rules name themselves, which are therefore no cut ones.
[[nodiscard]] CodeBook make_code_book(const schema::Schema& schema,
                                      const std::vector<MapTable>& tables, const Regions& where,
                                      const std::set<std::string, std::less<>>& named);

// When and where a line is, as far as it is known.
struct Standing {
  std::optional<std::int32_t> day = std::nullopt;
  std::optional<std::int64_t> care = std::nullopt, insured = std::nullopt; // zones
};
// What a hospital's code may mean, in order; empty: nothing, or nobody knows.
[[nodiscard]] std::vector<std::string_view> candidates(const CodeBook& book,
                                                       std::string_view provider,
                                                       std::string_view local,
                                                       const Standing& standing);

void complete_codes(batch::Batch& batch, const schema::Schema& schema,
                    const batch::Dictionaries& dictionaries, const CodeBook& book);

} // namespace sanku::assemble
