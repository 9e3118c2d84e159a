// Texts, places, widths, UTF-8 and NFKC.
#include "compiler/source/nfkc.h"
#include "compiler/source/source.h"
#include "compiler/source/utf8.h"

#include <gtest/gtest.h>

#include <fstream>

namespace sanku::source {
namespace {

TEST(Source, PlacesCountLinesFromOneAndCharactersRatherThanBytes) {
  SourceMap map;
  const std::uint32_t file = add(map, "a.sanku", "规则 X\r\n  对象：明细\n");
  struct Case {
    std::uint32_t offset, line, column;
  };
  for (const Case& each : {Case{0, 1, 1}, Case{3, 1, 2}, Case{7, 1, 4}, Case{10, 2, 1},
                           Case{12, 2, 3}, Case{18, 2, 5}, Case{28, 3, 1}, Case{999, 3, 1}}) {
    const Place place = place_of(map, file, each.offset);
    EXPECT_EQ(place.line, each.line) << each.offset;
    EXPECT_EQ(place.column, each.column) << each.offset;
  }
  EXPECT_EQ(line_text(map, file, 1), "规则 X");
  EXPECT_EQ(line_text(map, file, 2), "  对象：明细");
  EXPECT_EQ(line_text(map, file, 3), "");
  EXPECT_EQ(line_text(map, file, 4), "");
}

TEST(Source, TextOfASpanIsCutAtTheEndOfTheText) {
  SourceMap map;
  add(map, "a", "x");
  const std::uint32_t file = add(map, "b", "abcdef");
  EXPECT_EQ(text_of(map, {file, 1, 3}), "bc");
  EXPECT_EQ(text_of(map, {file, 4, 99}), "ef");
  EXPECT_EQ(text_of(map, {file, 99, 100}), "");
  EXPECT_EQ(text_of(map, cover({file, 0, 1}, {file, 4, 6})), "abcdef");
}

TEST(Source, ReadingNamesWhatIsWrongInBothLanguages) {
  SourceMap map;
  const std::string path = testing::TempDir() + "source_test.sanku";
  std::ofstream(path) << "rule X";
  ASSERT_TRUE(read(map, path).has_value());
  EXPECT_EQ(map.files.at(0).text, "rule X");
  EXPECT_EQ(map.files.at(0).path, path);
  EXPECT_TRUE(read(map, path, 6).has_value());
  const auto large = read(map, path, 5);
  ASSERT_FALSE(large.has_value());
  EXPECT_NE(large.error().en.find("more than 5 bytes"), std::string::npos);
  EXPECT_NE(large.error().zh.find("5 字节"), std::string::npos);
  EXPECT_FALSE(read(map, path + ".absent").has_value());
  EXPECT_FALSE(read(map, testing::TempDir()).has_value());
}

TEST(Source, HanTakesTwoCellsAndCombiningMarksNone) {
  struct Case {
    std::string_view text;
    std::size_t cells;
  };
  for (const Case& each :
       {Case{"abc", 3}, Case{"规则：", 6}, Case{"，（）", 6}, Case{"“x”", 3}, Case{"e\u0301", 1},
        Case{"\u200B", 0}, Case{"𠮷", 2}, Case{"≠≤", 2}, Case{"", 0}}) {
    EXPECT_EQ(display_width(each.text), each.cells) << each.text;
  }
}

TEST(Utf8, WhatIsNotUtf8ReadsAsOneReplacementAByte) {
  for (const std::string_view text : {"\x80", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80",
                                      "\xF4\x90\x80\x80", "\xFF", "\xE8\xA7"}) {
    EXPECT_FALSE(decode(text, 0).valid) << testing::PrintToString(text);
    EXPECT_EQ(decode(text, 0).size, 1u);
    EXPECT_EQ(code_points(text).size(), text.size());
  }
  EXPECT_EQ(decode("规", 0).code_point, U'规');
  for (const std::u32string_view text :
       {U"a\u007F\u0080\u07FF\u0800\uFFFF", U"\U00010000\U0010FFFF"})
    EXPECT_EQ(code_points(to_utf8(text)), text);
}

TEST(Nfkc, MapsWhatIdentifiersMayHold) {
  struct Case {
    std::string_view from, to;
  };
  // Expected forms from the Unicode Character Database, by another implementation (Python's
  // unicodedata).
  for (const Case& each :
       {Case{"ＡＢｃ１＿", "ABc1_"}, Case{"药品", "药品"}, Case{"\u2F25", "女"},
        Case{"\u2F00", "一"}, Case{"\u2FD5", "龠"}, Case{"\u2EF3", "龟"}, Case{"\u2E9F", "母"},
        Case{"\uF900", "豈"}, Case{"\uFA6A", "頻"}, Case{"\uFA0E", "\uFA0E"}, Case{"\uFAD9", "龎"},
        Case{"\U0002F800", "丽"}, Case{"\U0002FA1D", "𪘀"}, Case{"α", "α"}}) {
    EXPECT_EQ(nfkc(each.from), each.to);
  }
}

} // namespace
} // namespace sanku::source
