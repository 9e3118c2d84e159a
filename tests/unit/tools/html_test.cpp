// Pages of HTML: what is escaped, that nothing is fetched, that a picture shows what it is given.
#include "tools/html/chart.h"
#include "tools/html/page.h"

#include <gtest/gtest.h>

namespace sanku::html {
namespace {

TEST(Html, escapes_what_means_something_in_html) {
  EXPECT_EQ(escaped("a<b>&\"c\"'d' 三库\n"), "a&lt;b&gt;&amp;&quot;c&quot;&#39;d&#39; 三库\n");
  EXPECT_EQ(escaped(std::string_view("a\0b\x1b\x7f", 5)), "a\xEF\xBF\xBD"
                                                          "b\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Html, a_page_is_whole_and_fetches_nothing) {
  const std::string text = page({.language = Language::en,
                                 .title = "A <b>",
                                 .subtitle = "x & y",
                                 .facts = {{"found", "7", "of 9", "bad"}},
                                 .body = "<p>body</p>",
                                 .style = ".own{color:red}"});
  EXPECT_TRUE(text.starts_with("<!doctype html>\n<html lang=\"en\">")) << text;
  EXPECT_TRUE(text.ends_with("</html>\n"));
  EXPECT_NE(text.find("<title>A &lt;b&gt;</title>"), std::string::npos);
  EXPECT_NE(text.find("x &amp; y"), std::string::npos);
  EXPECT_NE(text.find("<dd class=\"bad\">7<small>of 9</small></dd>"), std::string::npos);
  EXPECT_NE(text.find("<p>body</p>"), std::string::npos);
  EXPECT_NE(text.find(".own{color:red}"), std::string::npos);
  EXPECT_NE(text.find("default-src 'none'"), std::string::npos);
  for (const char* from_elsewhere : {"http:", "https:", "<script", "url(", "src="})
    EXPECT_EQ(text.find(from_elsewhere), std::string::npos) << from_elsewhere;
  EXPECT_NE(page({.language = Language::zh, .title = "题", .subtitle = {}, .body = {}})
                .find("<html lang=\"zh-CN\">"),
            std::string::npos);
}

TEST(Html, a_table_of_texts) {
  EXPECT_EQ(table({{"rule"}, {"n", true}}, {{"<R1>", "1,234"}}),
            "<div class=\"wide\"><table><thead><tr><th>rule</th><th class=\"n\">n</th></tr></thead>"
            "<tbody>\n<tr><td>&lt;R1&gt;</td><td class=\"n\">1,234</td></tr>\n"
            "</tbody></table></div>\n");
}

TEST(Html, bars_are_to_one_scale_and_what_is_nothing_has_none) {
  const std::string text = difference_bars(
      {.caption = "by <rule>",
       .up_name = "added",
       .down_name = "removed",
       .rows = {{"R1", "the first", 200, 50, "200", "50"}, {"R2", "", 0, 100, "0", "100"}}});
  EXPECT_NE(text.find("by &lt;rule&gt;"), std::string::npos);
  EXPECT_NE(text.find("title=\"the first\">R1<"), std::string::npos) << text;
  EXPECT_NE(text.find("66.00%"), std::string::npos) << text; // 200 of 200
  EXPECT_NE(text.find("16.50%"), std::string::npos) << text; // 50
  EXPECT_NE(text.find("33.00%"), std::string::npos) << text; // 100
  EXPECT_NE(text.find("<div class=\"side right\"></div>"), std::string::npos) << text;
}

TEST(Html, a_note_stands_beside_the_bars) {
  const std::string text = difference_bars(
      {.caption = "c", .up_name = "u", .down_name = "d", .rows = {{"R", "", 0, 0, "", "", "±3"}}});
  EXPECT_NE(text.find("<em>±3</em>"), std::string::npos) << text;
}

TEST(Html, columns_of_which_many_are_named_only_here_and_there) {
  DifferenceChart chart{
      .caption = "by month", .up_name = "added", .down_name = "removed", .rows = {}};
  chart.rows.push_back({"2026-01", "", 4, 2, "4", "2"});
  const std::string one = difference_columns(chart);
  EXPECT_NE(one.find(">2026-01</text>"), std::string::npos) << one;
  EXPECT_NE(one.find("height=\"110.0\" fill=\"var(--up)\""), std::string::npos) << one;
  EXPECT_NE(one.find("height=\"55.0\" fill=\"var(--down)\""), std::string::npos) << one;
  for (int i = 0; i < 59; ++i)
    chart.rows.push_back({"m" + std::to_string(i), "", 1, 0, "1", "0"});
  const std::string many = difference_columns(chart);
  EXPECT_NE(many.find(">2026-01</text>"), std::string::npos);
  EXPECT_EQ(many.find(">m0</text>"), std::string::npos);
}

} // namespace
} // namespace sanku::html
