// bind: an image and knowledge tables become a Program that can run. Codes get dense ids (frequent
// ones first), tables become columns and key look-ups, constants are filled in, and the index is
// built (index.cpp): for each value of a column the rules that concern it, and one 64-bit word that
// says whether any of them can matter for a settlement with a given header mask. The filter errs on
// one side only.
#pragma once

#include "runtime/codes/dictionary.h"
#include "runtime/exec/code_sets.h"
#include "runtime/exec/image.h"
#include "runtime/knowledge/table.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sanku::exec {

inline constexpr std::uint64_t always_bit = 1; // checks whose header cannot rule them out
inline constexpr std::uint32_t variant_bits = 63;

// A rule whose test a value passes. Walked only where word & mask is not zero.
struct Check {
  std::uint64_t bits = 0; // header variants of the rows
  std::uint32_t rule = 0;
  bool visit = false; // the whole visit is proposed, not the element
  friend auto operator<=>(const Check&, const Check&) = default;
};

// What a value's rules are. Many values share one, so that all stay in the nearest cache.
struct Profile {
  std::uint64_t word = 0; // of all its checks
  std::uint32_t begin = 0, end = 0;
};

// The index over one column of one list. Values have places as codes have ids: codes::no_code that
// of a missing one, from codes::first_code on codes by their id, listed enum values in their order
// and texts by their number in `texts`; the last place is that of all others.
struct ColumnIndex {
  std::uint32_t relation = 0;
  std::uint32_t column = 0;
  Kind kind = Kind::code;       // of all but codes, enums and texts only whether there is a value
  std::uint32_t dictionary = 0; // of codes
  codes::Dictionary texts;      // of texts, all that some table has
  std::vector<std::uint32_t> profile_of; // by place
  std::vector<Profile> profiles;
  std::vector<Check> checks; // by profile, then rule
};

// A header variant: `rule` run with `row` bound says which settlements get `bit`.
struct Variant {
  std::uint32_t rule = 0;
  std::uint32_t key = 0; // of RuleImage::keys
  std::uint32_t row = 0; // a representative of all rows with the same header parameters
  std::uint64_t bit = 0;
};

// The key of a table; `dictionary` only of codes.
struct KeyColumn {
  std::uint32_t column = 0, dictionary = 0;
};

struct Program {
  const ProgramImage* image = nullptr; // owned by the caller
  const schema::Schema* schema = nullptr;
  batch::Dictionaries dictionaries; // frozen
  batch::Kept read;                 // columns that rules read; empty: nobody says which
  std::vector<knowledge::BoundTable> tables;
  std::vector<KeyColumn> key_columns; // by table
  std::vector<std::vector<abi::ColumnView>> table_columns;
  std::vector<abi::RelationView> table_views;
  std::vector<std::uint8_t> zeros;    // what columns without values read as, of long tables
  std::vector<std::uint64_t> fullest; // by table: what a look-up finds at most, if a budget asks
  std::vector<abi::KeyedView> keyed;
  std::vector<abi::Slot> constants;
  std::deque<std::string> texts; // text constants
  CodeSetTables sets;
  std::vector<ColumnIndex> indexes;
  std::vector<Variant> variants;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> as_of; // IndexKey::as_of of all of those
  std::vector<std::uint32_t> scanned; // rules that no index proposes subjects for
  std::vector<std::pair<std::uint32_t, std::uint32_t>> by_visit; // rules of visit keys, and the key
  // Rules of which the visit alone decides whether their subjects are looked at, and the key.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> gates;
};

struct BindOptions {
  bool use_index = true; // false: every subject is examined; for the differential
};

// Fills indexes, variants, scanned, by_visit and gates of a program whose tables are bound.
void build_index(Program& program, bool use_index);

[[nodiscard]] std::unique_ptr<Program> bind(const ProgramImage& image, const schema::Schema& schema,
                                            const std::vector<knowledge::TableShape>& shapes,
                                            const std::vector<knowledge::Table>& tables,
                                            const BindOptions& options);

} // namespace sanku::exec
