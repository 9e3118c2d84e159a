// Small text tools of the runtime: UTF-8, the index of names, normal forms of codes, enum look-ups.
#include "runtime/codes/code_cache.h"
#include "runtime/codes/dictionary.h"
#include "runtime/schema/schema.h"
#include "runtime/types/name_index.h"
#include "runtime/types/utf8.h"
#include "tests/unit/runtime/claim_schema.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace sanku {
namespace {

TEST(Utf8, TellsWellFormedBytes) {
  struct Case {
    std::string_view text;
    bool good;
  };
  const std::vector<Case> cases = {{"", true},
                                   {"abc", true},
                                   {"黄体酮", true},
                                   {"\xF0\x9F\x98\x80", true},
                                   {"\x7F", true},
                                   {"\xC3\xA9", true},
                                   {"\xC0\x80", false},
                                   {"\xE0\x80\x80", false},
                                   {"\xED\xA0\x80", false},
                                   {"\xF4\x90\x80\x80", false},
                                   {"\xF5\x80\x80\x80", false},
                                   {"\x80", false},
                                   {"\xE9\xBB", false},
                                   {"\xB9\xC6\xCC\xE5", false},
                                   {"a\xFF", false}};
  for (const Case& c : cases)
    EXPECT_EQ(is_utf8(c.text), c.good) << c.text;
}

TEST(Excerpt, CutsByCharactersAndShowsNoControls) {
  EXPECT_EQ(excerpt("黄体酮胶囊", 3), "黄体酮…");
  EXPECT_EQ(excerpt("黄体酮", 3), "黄体酮");
  EXPECT_EQ(excerpt("a\nb\x01"
                    "c"),
            "a b c");
  EXPECT_EQ(excerpt("a\xFF"
                    "b"),
            "a\xEF\xBF\xBD"
            "b");
}

TEST(NameIndex, FindsEveryNameAndNoOther) {
  std::vector<std::string> names;
  for (int i = 0; i < 1000; ++i)
    names.push_back("field_" + std::to_string(i * 37) +
                    std::string(static_cast<std::size_t>(i % 9), 'x'));
  NameIndex index;
  EXPECT_EQ(index.find("field_0"), 0u);
  for (std::size_t i = 0; i < names.size(); ++i)
    index.add(names[i], static_cast<std::uint32_t>(i + 1));
  index.add(names[5], 77);
  for (std::size_t i = 0; i < names.size(); ++i)
    EXPECT_EQ(index.find(names[i]), i + 1) << names[i];
  for (const std::string_view absent : {"", "f", "field_", "field_1", "field_0x", "字段"})
    EXPECT_EQ(index.find(absent), 0u) << absent;
}

TEST(Normalise, WritesCodesOneWay) {
  struct Case {
    std::string_view raw, code;
  };
  const std::vector<Case> cases = {{"XG03DAG208A001010100001", "XG03DAG208A001010100001"},
                                   {" xg03dag208a001010100001 ", "XG03DAG208A001010100001"},
                                   {"ＸＧ０３", "XG03"},
                                   {"　I21.900\t", "I21.900"},
                                   {"\xC2\xA0I21.9", "I21.9"},
                                   {"i21.9", "I21.9"},
                                   // The extension mark of ICD codes stays small, wherever it was
                                   // typed large; elsewhere x is a letter.
                                   {"38.4600x006", "38.4600x006"},
                                   {"38.4600X006", "38.4600x006"},
                                   {"W65.x00", "W65.x00"},
                                   {"w65.X00", "W65.x00"},
                                   {"x59.900", "X59.900"},
                                   {"XJ05AXM176X006010181735", "XJ05AXM176X006010181735"},
                                   {"xj05axm176x006010181735", "XJ05AXM176X006010181735"},
                                   {"A18.1X", "A18.1X"},
                                   {"Ａ１８．１＋", "A18.1+"},
                                   {"M80000/3", "M80000/3"},
                                   {"", ""},
                                   {"  ", ""},
                                   {"院内1a", "院内1A"},
                                   {"A　1", "A 1"}};
  for (const Case& c : cases) {
    std::string buffer, again;
    const std::string code(codes::normalise(c.raw, buffer));
    EXPECT_EQ(code, c.code) << c.raw;
    EXPECT_EQ(codes::normalise(code, again), code) << c.raw;
  }
}

// What a glance takes for normal is normal, and it takes what codes look like.
TEST(Codes, ANormalFormIsSeenAtAGlance) {
  const auto at_a_glance = [](std::string_view text) {
    char bytes[codes::cell_bytes] = {};
    std::ranges::copy(text, bytes);
    return codes::is_plainly_normal(codes::cell_of(bytes, text.size()));
  };
  for (const char* usual : {"XB01ABD093A010010100963", "250403045", "E11.900",
                            "C0301010010000902000", "H33010900123", "M80000/3", "A18.1+G01*", "X"})
    EXPECT_TRUE(at_a_glance(usual)) << usual;
  std::mt19937 random(7);
  const std::string_view letters = "AZXxaz09.-_`{~ @\x80\xc2\x7f\x01";
  std::uint32_t taken = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text(1 + random() % codes::cell_bytes, 'A');
    for (std::uint32_t changes = random() % 4; changes > 0; --changes)
      text[random() % text.size()] = letters[random() % letters.size()];
    std::string buffer;
    const bool normal = codes::normalise(text, buffer) == text;
    taken += at_a_glance(text) ? 1 : 0;
    EXPECT_TRUE(normal || !at_a_glance(text)) << text;
  }
  EXPECT_GT(taken, 50'000u);
}

TEST(Dictionary, GivesDenseIdsFromTwo) {
  codes::Dictionary dictionary;
  EXPECT_EQ(codes::intern(dictionary, "A"), codes::first_code);
  EXPECT_EQ(codes::intern(dictionary, "B"), codes::first_code + 1);
  EXPECT_EQ(codes::intern(dictionary, "A"), codes::first_code);
  EXPECT_EQ(codes::find(dictionary, "C"), codes::no_code);
  EXPECT_EQ(codes::frozen_size(dictionary), codes::first_code + 2);
  const codes::Dictionary moved = std::move(dictionary);
  EXPECT_EQ(codes::find(moved, "B"), codes::first_code + 1);
}

TEST(Schema, LooksUpRolesAndEnums) {
  const schema::Schema s = testing::claim_schema();
  EXPECT_EQ(schema::line_relation(s), testing::items);
  EXPECT_EQ(schema::column_with(s.relations[testing::items], schema::Role::amount),
            testing::i_amount);
  EXPECT_EQ(schema::column_with(s.relations[testing::diagnoses], schema::Role::amount),
            std::nullopt);
  struct Case {
    std::uint32_t type;
    std::string_view code;
    std::uint32_t id;
  };
  const std::vector<Case> cases = {
      {testing::sex, "1", 1}, {testing::sex, "2", 2},    {testing::sex, "9", 0},
      {testing::sex, "7", 0}, {testing::level, "05", 2}, {testing::level, "77", first_unlisted}};
  for (const Case& c : cases)
    EXPECT_EQ(schema::enum_id(s.enums[c.type], c.code), c.id) << c.code;
  EXPECT_EQ(schema::enum_name(s.enums[testing::sex], 2, true), "女");
  EXPECT_EQ(schema::enum_name(s.enums[testing::sex], 2, false), "female");
  EXPECT_EQ(schema::enum_name(s.enums[testing::sex], 3, false), "");
}

} // namespace
} // namespace sanku
