// CSV records, their physical lines, and what is refused.
#include "runtime/knowledge/csv.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sanku::knowledge {
namespace {

struct Record {
  std::vector<std::string> fields;
  std::uint64_t line;
  bool well_formed;
  bool operator==(const Record&) const = default;
};

std::vector<Record> records(std::string_view text) {
  CsvReader reader(text);
  CsvRecord record;
  std::vector<Record> all;
  while (reader.next(record))
    all.push_back({{record.fields.begin(), record.fields.end()}, record.line, record.well_formed});
  return all;
}

TEST(Csv, ReadsRecordsWithTheirLines) {
  struct Case {
    std::string_view text;
    std::vector<Record> records;
  };
  const std::vector<Case> cases = {
      {"", {}},
      {"\xEF\xBB\xBF"
       "a,b\n1,2\n",
       {{{"a", "b"}, 1, true}, {{"1", "2"}, 2, true}}},
      {"a,b\r\n1,2", {{{"a", "b"}, 1, true}, {{"1", "2"}, 2, true}}},
      {"a,\n\n\r\n,b\n", {{{"a", ""}, 1, true}, {{"", "b"}, 4, true}}},
      {"\"a,1\",\"b\"\"c\"\n\"x\ny\",z\nlast,1",
       {{{"a,1", "b\"c"}, 1, true}, {{"x\ny", "z"}, 2, true}, {{"last", "1"}, 4, true}}},
      {"\"\",\"\"\"\",\"\"\"\"\"\"\n", {{{"", "\"", "\"\""}, 1, true}}},
      {"\"a\"\r\n\"b\r\nc\"\r\nd\r\n", {{{"a"}, 1, true}, {{"b\r\nc"}, 2, true}, {{"d"}, 4, true}}},
      {"a\rb,c\n", {{{"a\rb", "c"}, 1, true}}},
      {"a,b,", {{{"a", "b", ""}, 1, true}}},
      // Refused: text after a quote, a quote in a bare field, an open quote, GBK bytes; what
      // follows is read on.
      {"\"a\"b,c\nd,e\n", {{{"a", "c"}, 1, false}, {{"d", "e"}, 2, true}}},
      {"a\"b\",c\nd,e\n", {{{"a\"b\"", "c"}, 1, false}, {{"d", "e"}, 2, true}}},
      {"a,\"b\nc", {{{"a", "b\nc"}, 1, false}}},
      {"\"", {{{""}, 1, false}}},
      {"\xC4\xD0,1\na,2\n", {{{"\xC4\xD0", "1"}, 1, false}, {{"a", "2"}, 2, true}}},
  };
  for (const Case& c : cases)
    EXPECT_EQ(records(c.text), c.records) << c.text;
}

TEST(Csv, SaysWhichFileCannotBeRead) {
  const Result<std::string> missing = read_file("/nonexistent/table.csv");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().en.find("/nonexistent/table.csv"), std::string::npos);
  EXPECT_NE(missing.error().zh.find("无法读取"), std::string::npos);
  EXPECT_FALSE(read_file("/"));
}

} // namespace
} // namespace sanku::knowledge
