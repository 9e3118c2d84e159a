// GB18030 to UTF-8 and back, and how the encoding of a text is found out.
#include "runtime/io/encoding.h"

#include <gtest/gtest.h>

#include <vector>

namespace sanku::io {
namespace {

Converter open(Result<Converter> made) {
  EXPECT_TRUE(made) << (made ? "" : made.error().en);
  return std::move(*made);
}

TEST(Encoding, ConvertsEveryPlaneBothWays) {
  Converter to_utf8 = open(Converter::to_utf8()), to_gb = open(Converter::to_gb18030());
  // Two bytes, four bytes of the basic plane, four bytes beyond it, ASCII.
  for (const std::string text : {"注射用头孢", "ꀀ", "𠮷", "plain, \"ASCII\"", ""}) {
    std::string gb, back;
    ASSERT_TRUE(to_gb.append(text, gb)) << text;
    ASSERT_TRUE(to_utf8.append(gb, back)) << text;
    EXPECT_EQ(back, text);
  }
  std::string gb;
  ASSERT_TRUE(to_gb.append("男", gb));
  EXPECT_EQ(gb, "\xC4\xD0");
  const std::string longer(10'000, 'x');
  std::string out = "before:";
  ASSERT_TRUE(to_utf8.append(longer, out));
  EXPECT_EQ(out, "before:" + longer);
}

TEST(Encoding, RefusesBytesThatAreNotGb18030AndGoesOnAfterwards) {
  Converter to_utf8 = open(Converter::to_utf8());
  std::string out;
  EXPECT_FALSE(to_utf8.append("a\xFF\xFF", out));
  EXPECT_FALSE(to_utf8.append("cut \xC4", out));
  out.clear();
  EXPECT_TRUE(to_utf8.append("\xC4\xD0", out));
  EXPECT_EQ(out, "男");
}

TEST(Encoding, IsFoundOutFromTheText) {
  Converter to_utf8 = open(Converter::to_utf8());
  struct Case {
    std::string text;
    bool whole;
    std::optional<Encoding> encoding;
  };
  const std::string gb = "\xC4\xD0\xD0\xD4\n"; // 男性
  const std::vector<Case> cases = {
      {"", true, std::nullopt},
      {"mdtrt_id,cnt\n", true, std::nullopt},
      {"男性\n", true, Encoding::utf8},
      {"男性\n女", false, Encoding::utf8},
      {std::string("男性\n女").substr(0, 9), false, Encoding::utf8}, // cut within a character
      {gb, true, Encoding::gb18030},
      {gb + gb + "\xFF\xFF\n", true, Encoding::gb18030}, // one broken line
      {"男\n男\n\xFF\xFF\n", true, Encoding::utf8},
      {"\xFF\xFF\n", true, Encoding::utf8},
  };
  for (const Case& c : cases)
    EXPECT_EQ(guess_encoding(c.text, c.whole, to_utf8), c.encoding) << c.text;
}

TEST(Encoding, HasTheNamesThatPeopleUse) {
  for (const char* name : {"utf-8", "UTF8"})
    EXPECT_EQ(encoding_named(name), Encoding::utf8);
  for (const char* name : {"GB18030", "gbk", "GB2312"})
    EXPECT_EQ(encoding_named(name), Encoding::gb18030);
  EXPECT_EQ(encoding_named("latin1"), std::nullopt);
}

} // namespace
} // namespace sanku::io
