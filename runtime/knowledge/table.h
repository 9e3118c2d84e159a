// Knowledge tables: published rows as typed columns. Loaded once from CSV with every cell checked
// (file, line, column in each error), kept both as text-faithful Values for the evaluator and as
// columns with dense codes for compiled code after bind.
#pragma once

#include "runtime/abi/frame.h"
#include "runtime/batch/batch.h"
#include "runtime/knowledge/registry.h"
#include "runtime/schema/schema.h"
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
    too_long, // more rows than may be
  };
  Kind kind;
  std::string file;
  std::uint64_t line = 0;
  std::string column;
  std::string found;
  std::string wanted = {}; // the form of a code; the number without its unit
  std::uint64_t more = 0;  // unknown codes: how many other rows
};

struct Table {
  std::vector<std::vector<Value>> rows; // [row][column]
  std::vector<std::uint64_t> lines;     // line in the file, for evidence ("第 2,318 行")
  bool unique_key = true;
  // When not unique: a row, and an earlier one that a look-up finds together with it.
  std::uint64_t first_duplicate = 0, duplicate_of = 0;
};

// What a table may be at most: packs of unknown origin must not use up the memory.
inline constexpr std::uint64_t most_rows = 4'000'000;
struct LoadOptions {
  ReadFile read = {};
  std::uint64_t rows = most_rows;
};

// All faults at once; an empty list, or one of unknown codes only, means success.
[[nodiscard]] std::vector<TableFault> load(const std::filesystem::path& file,
                                           const TableShape& shape, const schema::Schema& schema,
                                           const CodeRules& rules, Table& table,
                                           const LoadOptions& options = {});

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
  std::vector<std::int32_t> valid_from, valid_to; // by row; empty for a table without dates
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
