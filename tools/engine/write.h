// Findings as NDJSON for programs and as lines of a table for people. Entries: append_json,
// append_table_head, append_table_line. Tested by tests/unit/tools/describe_test.cpp.
#pragma once

#include "tools/engine/describe.h"

#include <string>
#include <string_view>
#include <vector>

namespace sanku::engine {

// One object and a line break: id, mdtrt_id, setl_id, rule, name, severity, amount, lines, message,
// evidence, pack. Amounts are texts of plain decimals or null; evidence rows have the table's
// columns by English name with values as append_value writes them.
void append_json(std::string& out, const Described& finding, const hir::Program& program,
                 const std::vector<knowledge::Table>& tables, std::string_view pack);

// A value as JSON, the same in every language: numbers that may have a fraction as texts of plain
// decimals, dates ISO, enum values by English name or by the sender's code, lengths of time in
// English words, what is not known null.
void append_value(std::string& out, const Value& value, const Type& type,
                  const schema::Schema& schema);

void append_table_head(std::string& out, Language language);
void append_table_line(std::string& out, const Described& finding, Language language);

} // namespace sanku::engine
