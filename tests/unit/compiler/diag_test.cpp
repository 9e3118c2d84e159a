// The table of diagnostics, how they are rendered, and near-miss names.
#include "compiler/diag/diagnostic.h"
#include "compiler/diag/nearest.h"
#include "compiler/diag/render.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace sanku::diag {
namespace {

TEST(DiagnosticTable, EveryRowHasItsOwnNumberAndNameAndAllTextsInBothLanguages) {
  std::set<std::uint16_t> numbers;
  std::set<std::string_view> names;
  for (const Row& row : rows) {
    SCOPED_TRACE(std::string(row.name));
    EXPECT_TRUE(numbers.insert(row.number).second);
    EXPECT_TRUE(names.insert(row.name).second);
    const std::set<int> ranges{10, 11, 12, 13, 21, 22, 23, 31, 32, 33,
                               34, 35, 36, 41, 61, 62, 63, 64, 90};
    EXPECT_TRUE(ranges.contains(row.number / 100)) << row.number;
    EXPECT_FALSE(row.message.zh.empty());
    EXPECT_FALSE(row.message.en.empty());
    EXPECT_FALSE(row.explanation.zh.empty());
    EXPECT_FALSE(row.explanation.en.empty());
    EXPECT_EQ(row.help.zh.empty(), row.help.en.empty());
  }
}

TEST(DiagnosticTable, MessagesFollowTheWordingOfTheHouse) {
  for (const Row& row : rows) {
    SCOPED_TRACE(std::string(row.name));
    for (const std::string_view text : {row.message.en, row.help.en}) {
      EXPECT_FALSE(text.ends_with("."));
      EXPECT_FALSE(!text.empty() && text[0] >= 'A' && text[0] <= 'Z');
      for (const std::string_view word : {"invalid", "illegal", "not allowed"})
        EXPECT_EQ(text.find(word), std::string_view::npos);
    }
    for (const std::string_view text : {row.message.zh, row.help.zh}) {
      EXPECT_FALSE(text.ends_with("。"));
      EXPECT_EQ(text.find("非法"), std::string_view::npos);
    }
    EXPECT_TRUE(row.explanation.en.ends_with("."));
    EXPECT_TRUE(row.explanation.zh.ends_with("。"));
  }
}

TEST(Report, FillsTheHolesInBothLanguages) {
  Diagnostics diags;
  report<"not_among">(diags, {}, "grave", Words{"程度", "a severity"}, Words{"甲、乙", "a, b"})
      .help("一", "one")
      .fix({0, 1, 2}, "x");
  ASSERT_EQ(diags.all.size(), 1u);
  const Diagnostic& made = diags.all[0];
  EXPECT_EQ(made.en, "`grave` is not a severity, expected one of a, b");
  EXPECT_EQ(made.zh, "`grave` 不是程度，可以写 甲、乙");
  EXPECT_EQ(made.helps.at(0).en, "one");
  EXPECT_EQ(made.fixes.at(0).replacement, "x");
  EXPECT_TRUE(has_errors(diags));
}

TEST(Report, HelpMayUseTheArgumentsAsWell) {
  Diagnostics diags;
  report<"foreign_operator">(diags, {}, "==", "=");
  EXPECT_EQ(diags.all[0].helps.at(0).en, "write `=`");
}

// Two files; the mistake is in the second, and what it disagrees with in both.
struct Example {
  source::SourceMap map;
  Diagnostics diags;
  Example() {
    source::add(map, "codes.sanku", "set diabetes\n");
    source::add(map, "rules/policy.sanku", "rule X {\n\twhen 明细.编码 in diabetes\n  report\n}\n");
    const Span item{1, 15, 28}, set{1, 32, 40};
    report<"mixed_comparison">(diags, item, "in")
        .label(item, "编码", "ItemCode")
        .label(set, "集合", "set of DiagnosisCode")
        .label({0, 4, 12}, "声明", "declared here");
    report<"stray_closer">(diags, {1, 50, 51}, "}");
    report<"stray_closer">(diags, {0, 0, 3}, "]");
  }
};

TEST(Text, UnderlinesByDisplayWidthAndPutsSeveralLabelsOnALine) {
  Example example;
  example.diags.all.resize(1);
  EXPECT_EQ(text(example.diags, example.map, {.language = Language::en}),
            "error SK1015: `in` cannot be chained with another comparison\n"
            " --> rules/policy.sanku:2:7\n"
            "  |\n"
            "2 |     when 明细.编码 in diabetes\n"
            "  |          ^^^^^^^^^    ^^^^^^^^ set of DiagnosisCode\n"
            "  |          ItemCode\n"
            " --> codes.sanku:1:5\n"
            "  |\n"
            "1 | set diabetes\n"
            "  |     ^^^^^^^^ declared here\n"
            "  = help: join two comparisons with `and`\n"
            "\n");
}

TEST(Text, SpeaksChineseAndColoursOnlyWhenAsked) {
  Example example;
  example.diags.all.resize(1);
  const std::string zh = text(example.diags, example.map, {.language = Language::zh});
  EXPECT_TRUE(zh.starts_with("错误 SK1015: `in` 不能与其他比较连写\n")) << zh;
  EXPECT_NE(zh.find("提示: 请用 `且` 连接两个比较"), std::string::npos);
  EXPECT_EQ(zh.find('\x1b'), std::string::npos);
  EXPECT_NE(text(example.diags, example.map, {.language = Language::zh, .colour = true})
                .find("\x1b[1;31m"),
            std::string::npos);
}

TEST(Text, ShowsAPartOfAVeryLongLine) {
  source::SourceMap map;
  source::add(map, "long", std::string(1'000'000, 'x') + "!" + std::string(1'000'000, 'y'));
  Diagnostics diags;
  report<"stray_character">(diags, {0, 1'000'000, 1'000'001}, "!");
  const std::string shown = text(diags, map, {});
  EXPECT_LT(shown.size(), 1000u);
  // The underline is below the character.
  const std::size_t line = shown.find("1 | "), under = shown.find("  | ", line);
  const std::string above = shown.substr(line, under - line);
  EXPECT_EQ(source::display_width(above.substr(0, above.find('!'))), shown.substr(under).find('^'));
}

TEST(Text, SurvivesTextThatIsNotUtf8) {
  source::SourceMap map;
  source::add(map, "bad", "a\xFF\x01z");
  Diagnostics diags;
  report<"not_utf8">(diags, {0, 1, 2}, 2, 0xFF);
  const std::string shown = text(diags, map, {});
  EXPECT_NE(shown.find("1 | a\uFFFDz\n  |  ^\n"), std::string::npos) << shown;
}

TEST(Summary, CountsInBothLanguages) {
  Example example;
  EXPECT_EQ(summary(example.diags, 3, Language::en),
            "3 errors, 0 warnings in 3 files. `sanku explain-code SK1015` says more.\n");
  EXPECT_EQ(summary(example.diags, 1, Language::zh),
            "1 个文件：3 个错误，0 个警告。详见 `sanku explain-code SK1015`。\n");
  EXPECT_EQ(summary({}, 1, Language::en), "0 errors, 0 warnings in 1 file.\n");
}

TEST(Sort, OrdersByFileAndPlace) {
  Example example;
  sort(example.diags);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> order;
  for (const Diagnostic& each : example.diags.all)
    order.emplace_back(each.span.file, each.span.begin);
  EXPECT_TRUE(std::ranges::is_sorted(order));
  EXPECT_EQ(order.front(), std::pair(0u, 0u));
}

TEST(Json, IsOneObjectALine) {
  Example example;
  const std::string out = json(example.diags, example.map);
  EXPECT_EQ(std::ranges::count(out, '\n'), 3);
  EXPECT_TRUE(out.starts_with(
      R"({"code":"SK1015","severity":"error","file":"rules/policy.sanku","line":2,"column":7,"end_line":2,"end_column":12,"zh":"`in` )"))
      << out;
  EXPECT_NE(out.find(R"("labels":[{"file":"rules/policy.sanku")"), std::string::npos);
}

TEST(Json, EscapesWhatJsonCannotHold) {
  source::SourceMap map;
  source::add(map, "a\"b\\c\n", "x");
  Diagnostics diags;
  report<"stray_character">(diags, {0, 0, 1}, "\x01");
  const std::string out = json(diags, map);
  EXPECT_NE(out.find(R"("file":"a\"b\\c\n")"), std::string::npos) << out;
  EXPECT_NE(out.find(R"(\u0001)"), std::string::npos);
}

TEST(Sarif, NamesVersionRulesAndPlaces) {
  Example example;
  report<"invisible_character">(example.diags, {1, 0, 4}, 0x200Bu).fix({1, 0, 4}, "");
  const std::string out = sarif(example.diags, example.map, Language::en);
  for (const std::string_view part :
       {R"("version":"2.1.0")", R"("ruleId":"SK1015")", R"({"id":"SK1002")",
        R"("startLine":2,"startColumn":7)", R"("relatedLocations":[{"physicalLocation")",
        R"("deletedRegion":{"startLine":1,"startColumn":1,"endLine":1,"endColumn":5})",
        R"("columnKind":"unicodeCodePoints")"}) {
    EXPECT_NE(out.find(part), std::string::npos) << part;
  }
}

TEST(ExplainCode, KnowsEveryCodeInSeveralWritings) {
  for (const Row& row : rows) {
    EXPECT_EQ(explain_code(code_name(row.number), Language::en),
              std::string(row.explanation.en) + "\n");
    EXPECT_EQ(explain_code(std::to_string(row.number), Language::zh),
              std::string(row.explanation.zh) + "\n");
  }
  for (const std::string_view unknown : {"SK0000", "SK", "", "SK10045", "XX1004", "SK10a4"})
    EXPECT_EQ(explain_code(unknown, Language::en), std::nullopt) << unknown;
}

TEST(Nearest, OffersWhatWasProbablyMeant) {
  constexpr std::string_view names[] = {"code", "编码",     "quantity", "unit_price",
                                        "name", "性别限制", "when",     "年龄"};
  struct Case {
    std::string_view wanted;
    std::optional<std::string> offered;
  };
  for (const Case& each :
       {Case{"编马", "编码"}, Case{"quantiy", "quantity"}, Case{"unitprice", "unit_price"},
        Case{"wehn", "when"}, Case{"限制性别", "性别限制"}, Case{"zzz", std::nullopt},
        Case{"码", std::nullopt}, Case{"年", std::nullopt}, Case{"name", std::nullopt},
        Case{"", std::nullopt}, Case{"Code", "code"}}) {
    EXPECT_EQ(nearest(each.wanted, names), each.offered) << each.wanted;
  }
  EXPECT_EQ(nearest(std::string(100'000, 'x'), names), std::nullopt);
}

TEST(Nearest, CountsEditsUpToTheLimit) {
  EXPECT_EQ(distance(U"abc", U"abc", 3), 0u);
  EXPECT_EQ(distance(U"abc", U"acb", 3), 1u);
  EXPECT_EQ(distance(U"kitten", U"sitting", 5), 3u);
  EXPECT_EQ(distance(U"abc", U"xyz", 2), 3u);
  EXPECT_EQ(distance(U"", U"ab", 5), 2u);
}

} // namespace
} // namespace sanku::diag
