// Knowledge tables: published rows as typed columns. Loaded once from CSV with every cell checked
// (file, line, column in each error), kept both as text-faithful Values for the evaluator and as
// columns with dense codes for compiled code after bind.
#pragma once

#include "runtime/abi/frame.h"
#include "runtime/batch/batch.h"
#include "runtime/knowledge/registry.h"
#include "runtime/schema/schema.h"
#include "runtime/types/moment.h"
#include "runtime/types/read_file.h"
#include "runtime/types/result.h"
#include "runtime/types/value.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sanku::knowledge {

// Declared shape: a schema Relation of kind `table` plus which columns are the key and which header
// each reads.
// A row whose key is a prefix stands for every code that begins with it: the rows of the longest
// such key, or those of all.
enum class KeyPrefix : std::uint8_t { longest, all };

// An interval of zones (runtime/types/moment.h), both ends included.
struct Zones {
  std::int32_t first = 0, last = last_zone;
  friend bool operator==(const Zones&, const Zones&) = default;
};
[[nodiscard]] inline bool contains(Zones outer, Zones inner) {
  return outer.first <= inner.first && inner.last <= outer.last;
}
[[nodiscard]] inline bool overlap(Zones a, Zones b) {
  return a.first <= b.last && b.first <= a.last;
}

// When a row became known, and which earlier ones it ends: none, all of the table, or those whose
// `named` column has what its `naming` column says.
struct Publications {
  enum class Replaces : std::uint8_t { nothing, table, rows };
  std::uint32_t published = 0; // column
  Replaces replaces = Replaces::nothing;
  std::uint32_t naming = 0, named = 0; // of `rows`
};

struct TableShape {
  schema::Relation relation;
  std::uint32_t key = 0;            // key column; of kind code, enum, text or int
  std::vector<std::string> headers; // by column
  // By column: the element's type where a cell is a set, stored as a set text
  // (runtime/kernels/sets.h); and whether its codes stand for all that begin with them.
  std::vector<std::optional<Type>> sets;
  std::vector<bool> prefix;
  std::optional<KeyPrefix> key_prefix;
  std::vector<std::optional<Span>> bounds; // by column: how long a cell's window may be
  // The days between which a row counts, both included; an empty cell is open. Both or neither.
  std::optional<std::uint32_t> valid_from, valid_to;
  // The last two columns, whole numbers that no file has: the zones in which a row counts. Of
  // tables that overlays change.
  std::optional<std::uint32_t> zone_from, zone_to;
  std::optional<Publications> publications;
  std::string file; // as declared, relative to the pack's knowledge folder
};

// Whether a code has two parts, `A17.0+G01*`, so that a look-up tries each where the whole is no
// key.
[[nodiscard]] inline bool has_two_parts(const TableShape& shape, const schema::Schema& schema) {
  const Type& key = shape.relation.columns[shape.key].type;
  return key.kind == Kind::code && schema.systems[key.domain].hierarchical;
}
// Whether a look-up goes by the text of the code.
[[nodiscard]] inline bool by_text(const TableShape& shape, const schema::Schema& schema) {
  return shape.key_prefix.has_value() || has_two_parts(shape, schema);
}

// What is wrong with a table, with place and remedy. `line` counts from 1 (the header), `column` is
// the header's name or empty.
struct TableFault {
  enum class Kind : std::uint8_t {
    unreadable,
    missing_column,
    bad_cell,
    empty_cell,
    empty_key,
    duplicate_row,
    malformed_line,
    unit_in_cell, // 14天 where a number is expected
    code_form,
    unknown_code,   // a warning: no registry lists it; once a column, with how many more there are
    period_overlap, // `found`: the line of the other row
    period_order,
    window_bound,
    too_long,          // more rows than may be
    set_too_long,      // more elements in a cell than may be
    nothing_removed,   // an overlay removes a key that no row of the layers below has
    removed_already,   // the same, of rows that another overlay of the region has removed
    row_there_already, // an overlay adds a row that a layer below has: `found` is its place
    nothing_replaced,  // a publication ends a row that was not published before
  };
  Kind kind;
  std::string file;
  std::uint64_t line = 0;
  std::string column;
  std::string found;
  std::string wanted = {};         // the form of a code; the number without its unit
  std::uint64_t more = 0;          // unknown codes: how many other rows
  std::uint32_t part = 0, key = 0; // nothing_removed, removed_already: of which part, which key
};

// What a layer says of a table: files that bring in rows, and keys whose rows of the layers below
// end. The table's own declaration is the first part.
struct TablePart {
  struct File {
    std::filesystem::path path;
    std::string shown;  // in messages
    ReadFile read = {}; // of its layer
  };
  std::uint32_t layer = 0;
  std::vector<std::uint32_t> below = {}; // all layers that it lies on
  Zones zones;
  std::vector<File> files;
  std::vector<Value> removed;
};

// What became of a publication's rows.
struct Publication {
  std::optional<Date> published; // none: the rows do not say
  std::uint64_t rows = 0;        // that were read
  std::uint64_t surviving = 0;   // that count on some day
};
// A row that a later one ended, by lines of files.
struct Superseded {
  std::uint32_t file = 0;
  std::uint64_t line = 0, by_line = 0;
  std::optional<Date> until; // none: it counts on no day
};

struct Table {
  std::vector<std::vector<Value>> rows; // [row][column]
  std::vector<std::uint64_t> lines;     // line in the file, for evidence ("第 2,318 行")
  // By row: which of `files` it stands in. Empty where there is one file.
  std::vector<std::uint32_t> file_of;
  struct File {
    std::string shown;
    std::uint32_t layer = 0;
    std::uint64_t rows = 0, removed = 0; // read; ended by a narrower layer somewhere
  };
  std::vector<File> files;
  std::vector<Publication> publications;
  std::vector<Superseded> superseded;
  std::uint64_t not_yet_known = 0; // rows left out, since they were published later
  bool unique_key = true;
  // When not unique: a row, and an earlier one that a look-up finds together with it.
  std::uint64_t first_duplicate = 0, duplicate_of = 0;
};

// What a table may have at most: packs of unknown origin must not use up the memory.
inline constexpr std::uint64_t most_rows = 4'000'000;
// As many as a set in a rule's text may have.
inline constexpr std::size_t most_cell_elements = 5000;
struct LoadOptions {
  ReadFile read = {};
  std::uint64_t rows = most_rows;
};

// All faults at once; an empty list, or one of unknown codes only, means success.
[[nodiscard]] std::vector<TableFault> load(const std::filesystem::path& file,
                                           const TableShape& shape, const schema::Schema& schema,
                                           const CodeRules& rules, Table& table,
                                           const LoadOptions& options = {});

// Likewise of several layers, each behind those that it lies on. Rows that were published after
// `as_known` are left out, and end nothing. `most`: rows, of all files together.
[[nodiscard]] std::vector<TableFault> load(const std::vector<TablePart>& parts,
                                           const TableShape& shape, const schema::Schema& schema,
                                           const CodeRules& rules, std::optional<Date> as_known,
                                           Table& table, std::uint64_t most = most_rows);

// Where a row counts; the whole of what there is for tables that no overlay changes.
[[nodiscard]] Zones zones_of(const TableShape& shape, const std::vector<Value>& row);

// A cell of a set column as a set text; none: an element is not of the column's form.
[[nodiscard]] std::optional<std::string> set_text(const TableShape& shape,
                                                  const schema::Schema& schema,
                                                  std::uint32_t column, std::string_view cell);

// A cell of that type by itself; none: it is not of its form.
[[nodiscard]] std::optional<Value> cell_value(const schema::Schema& schema, const Type& type,
                                              std::string_view cell);

// Rows given in a test instead of a file.
[[nodiscard]] bool finish(const TableShape& shape, Table& table); // fills unique_key

// Compiled form: columns against the frozen dictionaries (every code of the table must be in them)
// and rows by key id. Key ids: code ids, enum ids, or for int keys the value itself when 0 <= value
// < 2^31.
struct BoundTable {
  batch::RelationData data;
  std::vector<abi::KeyEntry> entries;
  std::vector<abi::KeyRun> runs; // by id from `first` on; empty where the ids lie far apart
  std::uint32_t first = 0;
  std::vector<std::uint32_t> rows;
  // By row, two each where overlays change the table; empty for one without dates and overlays.
  std::vector<std::int32_t> valid_from, valid_to;
  // Of a table that is looked up by text (runtime/abi/keyed.h), by code id of the frozen
  // dictionary, `shorter` of prefixes alone; and its keys by text. Empty for others.
  std::vector<std::uint32_t> key_of, shorter, keys;
};
void intern_codes(const TableShape& shape, const schema::Schema& schema, const Table& table,
                  batch::Dictionaries& dictionaries);
[[nodiscard]] BoundTable bind(const TableShape& shape, const schema::Schema& schema,
                              const Table& table, const batch::Dictionaries& dictionaries);
// As generated code looks rows up; points into the table.
[[nodiscard]] abi::KeyedView keyed_view(const BoundTable& table, const TableShape& shape,
                                        const schema::Schema& schema);

} // namespace sanku::knowledge
