// Rows of CSV files: what exports do to the format, the place of each row, what is refused and
// where reading goes on behind it.
#include "runtime/io/csv_rows.h"
#include "runtime/io/csv_text.h"
#include "tests/unit/runtime/io_folder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace sanku::io {
namespace {

class CsvRowsTest : public ::testing::Test {
protected:
  // Each row as `line@offset:field|field`, with its fault behind it.
  std::vector<std::string> rows(std::string_view text, std::optional<Encoding> encoding = {}) {
    folder_.write("t.csv", text);
    auto file = CsvRows::open(folder_.path("t.csv"), encoding);
    EXPECT_TRUE(file);
    std::vector<std::string> all;
    CsvRow row;
    while (true) {
      const auto more = file->next(row);
      EXPECT_TRUE(more);
      if (!more || !*more)
        break;
      std::string shown = fmt::format("{}@{}:", row.line, row.offset);
      for (std::size_t i = 0; i < row.fields.size(); ++i)
        shown += (i == 0 ? "" : "|") + std::string(row.fields[i]);
      if (row.fault != RowFault::none)
        shown += fmt::format(" !{}", static_cast<int>(row.fault));
      all.push_back(shown);
    }
    EXPECT_EQ(file->bytes_read(), text.size());
    return all;
  }

  TestFolder folder_;
};

TEST_F(CsvRowsTest, AreReadWithTheirPlaces) {
  struct Case {
    std::string text;
    std::vector<std::string> rows;
  };
  const std::vector<Case> cases = {
      {"", {}},
      {"\n \r\n\t\n", {}},
      {"a,b\n1,2\n", {"1@0:a|b", "2@4:1|2"}},
      {"a,b\r\n1,2", {"1@0:a|b", "2@5:1|2"}},
      {"\xEF\xBB\xBF男,b\n", {"1@3:男|b"}},
      {"a,,\n,b,\n", {"1@0:a||", "2@4:|b|"}},
      {" a , \"b\" \r\n", {"1@0:a|b"}},
      {"\"x, \"\"y\"\"\",\"1\n2\"\n\nlast\n", {"1@0:x, \"y\"|1\n2", "4@18:last"}},
      {"\"\r\n\r\n\",1\nb,2\n", {"1@0:\r\n\r\n|1", "4@9:b|2"}},
  };
  for (const Case& c : cases)
    EXPECT_EQ(rows(c.text), c.rows) << c.text;
}

TEST_F(CsvRowsTest, ABrokenRowCostsOneLine) {
  struct Case {
    std::string text;
    std::vector<std::string> rows;
  };
  const int malformed = static_cast<int>(RowFault::malformed),
            too_long = static_cast<int>(RowFault::too_long);
  const std::vector<Case> cases = {
      {"a\"b,c\n1,2\n", {fmt::format("1@0:a\"b,c !{}", malformed), "2@6:1|2"}},
      {"\"a\"b,c\n1,2\n", {fmt::format("1@0:\"a\"b,c !{}", malformed), "2@7:1|2"}},
      // A quote that is never closed would swallow the rest of the file.
      {"x\n\"open,1\n1,2\n3,4",
       {"1@0:x", fmt::format("2@2:\"open,1 !{}", malformed), "3@10:1|2", "4@14:3|4"}},
      {"\"open", {fmt::format("1@0:\"open !{}", malformed)}},
  };
  for (const Case& c : cases)
    EXPECT_EQ(rows(c.text), c.rows) << c.text;
  const std::string longer(3u << 20, 'x');
  const std::vector<std::string> cut = rows("a\n" + longer + "\nb\n");
  ASSERT_EQ(cut.size(), 3u);
  EXPECT_TRUE(cut[1].starts_with("2@2:xxx"));
  EXPECT_TRUE(cut[1].ends_with(fmt::format(" !{}", too_long)));
  EXPECT_LT(cut[1].size(), 70'000u);
  EXPECT_EQ(cut[2], fmt::format("3@{}:b", longer.size() + 3));
  // Quotes around line breaks without end.
  std::string lines = "\"";
  for (int i = 0; i < 300'000; ++i)
    lines += "line\n";
  EXPECT_EQ(rows(lines + "x\"\nb,1\n")[0], fmt::format("1@0:\"line !{}", too_long));
}

TEST_F(CsvRowsTest, Gb18030IsFoundOutAndConverted) {
  // 男 is C4 D0; the second bytes of 陓 and 颸 are a bar and a backslash.
  const std::string text = "a,\xC4\xD0\n\"\xEA\x7C\",\xEF\x5C\n";
  const std::vector<std::string> expected = {"1@0:a|男", "2@5:陓|颸"};
  const std::vector<std::string> got = rows(text);
  EXPECT_EQ(got, expected);
  EXPECT_EQ(rows(text, Encoding::gb18030), expected);
  const int wrong = static_cast<int>(RowFault::wrong_encoding);
  EXPECT_EQ(rows("a,\xC4\xD0\n", Encoding::utf8)[0], fmt::format("1@0:a|\xC4\xD0 !{}", wrong));
  EXPECT_TRUE(rows("\xC4\xD0\n\xFF\xFF,1\n\xC4\xD0\n")[1].ends_with(fmt::format("!{}", wrong)));
  // The encoding shows late.
  std::string late = "x\n";
  while (late.size() < (2u << 20))
    late += "plain ASCII,1\n";
  EXPECT_TRUE(rows(late + "\xC4\xD0\n").back().ends_with(":男"));
}

TEST_F(CsvRowsTest, AMissingFileIsTold) {
  const auto missing = CsvRows::open(folder_.path("absent.csv"), {});
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().en.find("absent.csv"), std::string::npos);
}

TEST_F(CsvRowsTest, WhatIsWrittenAsACellIsReadAsItWas) {
  constexpr unsigned seed = 4180;
  std::mt19937 random(seed);
  const std::string_view letters = "a,\"\n\r x男";
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> cells(1 + random() % 4);
    std::string text;
    for (std::string& cell : cells) {
      for (std::uint64_t n = random() % 6; n > 0; --n) {
        const std::size_t at = random() % 8;
        cell += at == 7 ? letters.substr(7) : letters.substr(at, 1);
      }
      text += (&cell == cells.data() ? "" : ",");
      append_csv_cell(text, cell);
    }
    // An empty line is no row, and a line break of a file is none of a cell's.
    if (cells.size() == 1 && cells[0].empty())
      continue;
    folder_.write("r.csv", text + "\r\n");
    auto file = CsvRows::open(folder_.path("r.csv"), Encoding::utf8);
    ASSERT_TRUE(file);
    CsvRow row;
    ASSERT_TRUE(file->next(row).value()) << text;
    EXPECT_EQ(std::vector<std::string>(row.fields.begin(), row.fields.end()), cells)
        << "seed " << seed << " round " << round << ": " << text;
  }
}

} // namespace
} // namespace sanku::io
