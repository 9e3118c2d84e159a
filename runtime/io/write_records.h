// Records as text again: what a block file or a table held, in the forms that the readers read. A
// field has its first wire name, a code its text, an enum value the first code that means it;
// what is missing is left out. What is read from it is the same record. Entries: append_request,
// CsvText. Tested by tests/unit/tools/convert_test.cpp, which reads it back.
#pragma once

#include "runtime/batch/batch.h"
#include "runtime/types/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sanku::io {

struct RecordText {
  const batch::Batch& batch;
  const schema::Schema& schema;
  const batch::Dictionaries& dictionaries;
};

// A settlement as one line of NDJSON: a visit of the audit interface, its lists inside.
void append_request(std::string& out, const RecordText& records, std::uint32_t settlement);

// A cell as senders write it; empty when missing.
[[nodiscard]] std::string wire_text(const RecordText& records, std::uint32_t relation,
                                    std::uint32_t column, std::uint32_t row);

// ---- a folder of CSV files, one a list, rows joined by visit and settlement number

// The files' names by relation; empty: the list is not sent.
[[nodiscard]] std::vector<std::string> csv_files(const schema::Schema& schema);
[[nodiscard]] std::string csv_head(const schema::Schema& schema, std::uint32_t relation);
// Appends the rows of one settlement to the files' texts, by relation.
void append_csv_rows(std::vector<std::string>& out, const RecordText& records,
                     std::uint32_t settlement);

} // namespace sanku::io
