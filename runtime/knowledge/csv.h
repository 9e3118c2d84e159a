// CSV as RFC 4180 has it, with what spreadsheets do to it: a byte order mark, CR LF or LF, quotes
// around line breaks. Own because the header-only readers that Debian carries know neither quoted
// line breaks nor the physical line of a record, and a fault in a published table has to name that
// line. Entry: CsvReader::next. Tested by tests/unit/runtime/csv_test.cpp.
#pragma once

#include "runtime/types/read_file.h"
#include "runtime/types/result.h"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::knowledge {

// Fields borrow from the text, or from the reader for fields with doubled quotes; both until the
// next record.
struct CsvRecord {
  std::vector<std::string_view> fields;
  std::uint64_t line = 0; // physical line of its first character, from 1
  bool well_formed = true;
  std::string_view raw; // as it stands in the file, for messages
};

class CsvReader {
public:
  // The text stays with the caller and outlives the reader.
  explicit CsvReader(std::string_view text);

  // False at the end. Lines without any character are passed over. A record that breaks the rules
  // (text after a closing quote, a quote inside a bare field, an open quote at the end, bytes that
  // are not UTF-8) comes with well_formed = false.
  [[nodiscard]] bool next(CsvRecord& record);

private:
  void quoted_field(CsvRecord& record);
  void bare_field(CsvRecord& record);
  [[nodiscard]] bool at_line_end() const;

  std::string_view rest_;
  std::uint64_t line_ = 1;
  std::deque<std::string>
      unescaped_; // stable addresses, reused; `used_` of them hold fields of this record
  std::size_t used_ = 0;
};

// The whole file; by `read`, if it is not empty.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& file,
                                            const ReadFile& read = {});

} // namespace sanku::knowledge
