// Findings as NDJSON for programs, as CSV for spreadsheets and databases, and as lines of a table
// for people. Entries: append_json, append_csv_line, append_table_line. Tested by
// tests/unit/tools/describe_test.cpp and formats_test.cpp.
#pragma once

#include "tools/engine/describe.h"

#include <string>
#include <string_view>
#include <vector>

namespace sanku::engine {

// One object and a line break: id, mdtrt_id, setl_id, rule, name, severity, amount, recoverable,
// lines, message, evidence, pack; if asked for region, institution, month; and where it is so
// `"trial":true`, `"taken_as_paid":true` (also of lines). Amounts are texts of plain decimals or
// null; evidence rows have the table's columns by English name with values as append_value writes
// them.
void append_json(std::string& out, const Described& finding, const hir::Program& program,
                 const std::vector<knowledge::Table>& tables, std::string_view pack);

// The evidence alone, as an array.
void append_evidence(std::string& out, const Described& finding, const hir::Program& program,
                     const std::vector<knowledge::Table>& tables);

// A value as JSON, the same in every language: numbers that may have a fraction as texts of plain
// decimals, dates ISO, enum values by English name or by the sender's code, lengths of time in
// English words, what is not known null.
void append_value(std::string& out, const Value& value, const Type& type,
                  const schema::Schema& schema);

// RFC 4180, one row a finding, so that a column of amounts adds up: id, mdtrt_id, setl_id, rule,
// name, severity, amount, recoverable, lines, involved, notes, message, pack. `lines` are the
// offending ones as `L1 12.50; L2 3.00` (`?` where not computed), `involved` the others' numbers,
// `notes` some of `trial; taken_as_paid`. Amounts are empty when they are not computed. The same in
// every language.
void append_csv_head(std::string& out);
void append_csv_line(std::string& out, const Described& finding, std::string_view pack);

void append_table_head(std::string& out, Language language);
void append_table_line(std::string& out, const Described& finding, Language language);

} // namespace sanku::engine
