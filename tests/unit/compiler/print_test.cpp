// The formatter and the outline: round trips, spellings, comments, layout; and that the language
// reference parses.
#include "compiler/ast/dump.h"
#include "compiler/ast/from_parse_tree.h"
#include "compiler/ast/print.h"
#include "compiler/diag/render.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::ast {
namespace {

struct Parsed {
  source::SourceMap map;
  diag::Diagnostics diags;
  File file;
  explicit Parsed(std::string text) {
    file = parse(map, source::add(map, "test.sanku", std::move(text)), diags);
  }
  [[nodiscard]] std::string messages() const { return diag::text(diags, map, {}); }
};

std::string read_file(const char* path) {
  std::ifstream stream(path);
  EXPECT_TRUE(stream.is_open()) << path;
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

// Printed in both spellings, read again: the same tree; printed again: the same text.
void expect_round_trip(const std::string& text) {
  SCOPED_TRACE(text.substr(0, 300));
  const Parsed first(text);
  ASSERT_TRUE(first.diags.all.empty()) << first.messages();
  ASSERT_FALSE(first.file.decls.empty());
  for (const Spelling spelling : {Spelling::en, Spelling::zh}) {
    const std::string printed = print(first.file, spelling);
    const Parsed again(printed);
    EXPECT_TRUE(again.diags.all.empty()) << printed << again.messages();
    EXPECT_TRUE(same_tree(first.file, again.file))
        << printed << dump(first.file, first.map) << dump(again.file, again.map);
    EXPECT_EQ(print(again.file, spelling), printed);
    const Spelling other = spelling == Spelling::en ? Spelling::zh : Spelling::en;
    EXPECT_EQ(print(Parsed(print(again.file, other)).file, spelling), printed)
        << "by way of the other spelling";
    EXPECT_EQ(again.file.comments.size(), first.file.comments.size());
  }
}

// The ```sanku blocks of a page.
std::vector<std::string> examples_of(const std::string& page) {
  std::vector<std::string> out;
  std::istringstream lines(page);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "```sanku")
      out.emplace_back(), inside = true;
    else if (line.starts_with("```"))
      inside = false;
    else if (inside)
      out.back() += line + "\n";
  }
  return out;
}

TEST(RoundTrip, TheSchemaOfTheHouse) {
  expect_round_trip(read_file("stdlib-rules/schema/settlement.sanku"));
}

TEST(RoundTrip, EveryExampleOfTheLanguageReference) {
  const std::vector<std::string> examples = examples_of(read_file("grammar/README.md"));
  EXPECT_GE(examples.size(), 7u);
  for (const std::string& each : examples)
    expect_round_trip(each);
}

// A case whose text is wrong shows nothing about the formatter; the others are formatted, their
// comments with them.
TEST(RoundTrip, EveryFileOfRulesInTheRepository) {
  namespace fs = std::filesystem;
  std::size_t files = 0;
  for (const char* folder : {"stdlib-rules", "tests/cases"})
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      const bool rules = entry.path().extension() == ".sanku";
      if (!rules && entry.path().extension() != ".case")
        continue;
      std::string text = read_file(entry.path().c_str());
      if (!rules) {
        const std::size_t begin = text.find("--- rules\n");
        if (begin == std::string::npos)
          continue;
        text = text.substr(begin + 10);
        text.resize(std::min(text.size(), text.find("\n--- ") + 1));
      }
      const Parsed whole(text);
      if (!whole.diags.all.empty() || whole.file.decls.empty())
        continue;
      SCOPED_TRACE(entry.path().string());
      expect_round_trip(text);
      ++files;
    }
  EXPECT_GE(files, 150u);
}

TEST(Print, KnowsTheSpellingOfAFileAndTidiesItsEnds) {
  EXPECT_EQ(spelling_of(Parsed("规则 R “t” { 类别：policy }").file), Spelling::zh);
  EXPECT_EQ(spelling_of(Parsed("rule R \"t\" { category 政策 on 明细 }").file), Spelling::en);
  EXPECT_EQ(print(Parsed("").file, Spelling::en), "");
  EXPECT_EQ(print(Parsed("\n\n \n").file, Spelling::en), "");
  EXPECT_EQ(print(Parsed("\xEF\xBB\xBF"
                         "code  A\r\n\r\n\r\n// b\r\ncode B // c")
                      .file,
                  Spelling::en),
            "code A\n\n// b\ncode B  // c\n");
}

TEST(RoundTrip, EveryForm) {
  const auto let = [](std::string_view e) {
    return fmt::format("rule R \"t\" {{ on item let x = {} report violation \"m\" }}", e);
  };
  for (const std::string_view e :
       {"1 + 2 * 3 - -4 / (5 - a.b)",
        "a otherwise b otherwise 0",
        "a rounded to 2",
        "items beyond first limit.max of quantity",
        "not known a and not (b or c)",
        "1天 + 1周 + 1 month + 2 months + 1年 + 18岁 + 6 hours + 1分钟 + 2元 + 95%",
        "within(a, b, same day) or within(a, b, 当次就诊) or within(a, b, 同一小时)",
        "a = month or a = 季度 or a = 自然年 or a = lifetime",
        "month(a) = quarter(b)",
        "0 < a <= b != c >= d > e < f",
        "x in t",
        "a contains \"b\" or a starts with \"c\" or a earlier b",
        "count(items) + sum(i in items take i.a) + min(i in items where i.b take i.a) + max(i in "
        "items, r in t[i.code] take r.a)",
        "any(i in items) or none(i in items where i.a) or every(i in items where i.a has i.b)",
        "those(i in a.items, r in t[i.code] where r.x)",
        "smaller(a, larger(b, c))",
        "true or false",
        "2027-01-01",
        "\"a “b” 「c」\"",
        "“a \"b\"”",
        "「“”」",
        "f(g())",
        "a.when.and.of",
        "t[t2[a].b].c"}) {
    expect_round_trip(let(e));
  }
  expect_round_trip(
      "rule R \"t\" / \"u\" { category policy behaviour behaviour basis a \"b\" basis c stage post "
      "on items by d = e.f, g with o in items where o.a provided a unless b \"急诊\" unless c "
      "when a report violation on o in l involving m amount a.b \"x{{y}}{a as %}{b}“z”\" when "
      "unknown report lead amount unknown \"\" report indicator on a \"i\" }");
  expect_round_trip(
      "test \"t\" of A, B { given { a: 1.5 b: -2元 c { } d [ ] e [ { f: \"x\" }, { } ] g: true h: "
      "male i: Sex.male j: 2027-01-01 } given file \"f\" given knowledge t [ { a: 1 } { b: 2 } ] "
      "expect A violation amount 1.00 expect A expect A suspected amount unknown expect B clear "
      "expect B not applicable expect B indeterminate missing a.b, c }");
}

TEST(Print, LaysARuleOutInOneColumn) {
  const Parsed parsed(
      "rule X \"名\"{category medical basis b \"c\" stage pre,mid\n\n\non items by code,date let "
      "l=t[group.code]\nwhen sum(i in group.items take i.quantity)>l.max report violation "
      "involving those(m in items where m.code = pair.main and within(m, item, pair.window)) "
      "amount item.unit_price*2 \"「{l.unit}」\"}");
  ASSERT_TRUE(parsed.diags.all.empty()) << parsed.messages();
  EXPECT_EQ(print(parsed.file, Spelling::en), R"(rule X "名" {
  category medical
  basis    b "c"
  stage    pre, mid

  on       items by code, date
  let      l = t[group.code]
  when     sum(i in group.items take i.quantity) > l.max
  report   violation involving those(m in items where m.code = pair.main and within(m, item, pair.window))
           amount item.unit_price * 2
           "「{l.unit}」"
}
)");
  EXPECT_EQ(print(parsed.file, Spelling::zh), R"(规则 X “名” {
  类别：医疗
  依据：b “c”
  环节：事前、事中

  对象：items 按 code, date
  设：  l = t[group.code]
  如果：求和(i 于 group.items 取 i.quantity) > l.max
  判为：明确违规 涉及项 选出(m 于 items 其中 m.code = pair.main 且 同期(m, item, pair.window))
        金额 item.unit_price * 2
        “「{l.unit}」”
}
)");
}

TEST(Print, BreaksLongLinesWhereAReaderTakesBreath) {
  const Parsed parsed(R"(rule X "x" { on item
let before = sum(s in items where s.code = item.code and within(s, item, pair.window) and s earlier item take s.quantity_that_was_charged)
let limit = choose { when item.code_of_the_hospital in { "first", "second" } take 100yuan when item.quantity_that_was_charged > 10 take 200yuan otherwise 3yuan }
provided count of (item.code_of_the_hospital = "first", item.code_of_the_hospital = "second", patient.age_of_the_patient > 3) >= 2
unless patient.age_of_the_patient >= 18 years old or (patient.group_of_patients = "infant" and patient.age_of_the_patient >= 3 years old and a) "out"
when item.code in { "long code one", "long code two", "long code three", "long code four", "long code five", "long code six", "long code seven" }
report violation on those(i in items where i.prescription_of_the_line = item.prescription_of_the_line and i.list_type = ListType.tcm_piece) "a message" }
set codes : drug = { "a", // about a
 "b",

 // about c
 "c" }
)");
  ASSERT_TRUE(parsed.diags.all.empty()) << parsed.messages();
  const std::string printed = print(parsed.file, Spelling::en);
  EXPECT_EQ(printed, R"(rule X "x" {
  on       item
  let      before = sum(s in items
             where s.code = item.code and within(s, item, pair.window) and s earlier item
             take s.quantity_that_was_charged)
  let      limit = choose {
             when item.code_of_the_hospital in { "first", "second" } take 100 yuan
             when item.quantity_that_was_charged > 10                take 200 yuan
             otherwise 3 yuan
           }
  provided count of (
             item.code_of_the_hospital = "first",
             item.code_of_the_hospital = "second",
             patient.age_of_the_patient > 3
           ) >= 2
  unless   patient.age_of_the_patient >= 18 years old
           or (patient.group_of_patients = "infant" and patient.age_of_the_patient >= 3 years old and a) "out"
  when     item.code in {
             "long code one", "long code two", "long code three", "long code four", "long code five", "long code six",
             "long code seven"
           }
  report   violation on those(i in items
             where i.prescription_of_the_line = item.prescription_of_the_line and i.list_type = ListType.tcm_piece)
           "a message"
}
set codes : drug = {
  "a",  // about a
  "b",

  // about c
  "c",
}
)");
  const Parsed again(printed);
  EXPECT_TRUE(same_tree(parsed.file, again.file)) << again.messages();
  EXPECT_EQ(print(again.file, Spelling::en), printed);
}

TEST(Print, KeepsCommentsWhereTheyWere) {
  const Parsed parsed(R"(// head

// about A
code A // after A
// about R

rule R "t" { // behind the brace
  // above the category
  category medical // behind it


  // above on
  on item
  when a // in the middle
    and b
  report violation "m // no comment"
  // before the end
}
enum E { a "1" 甲 // one
  b "2" 乙 }
// the end
)");
  ASSERT_TRUE(parsed.diags.all.empty()) << parsed.messages();
  EXPECT_EQ(print(parsed.file, Spelling::en), R"(// head

// about A
code A  // after A
// about R

rule R "t" {  // behind the brace
  // above the category
  category medical  // behind it

  // above on
  on       item
  when     a and b  // in the middle
  report   violation "m // no comment"
  // before the end
}
enum E {
  a "1" 甲  // one
  b "2" 乙
}
// the end
)");
  EXPECT_EQ(std::get<CodeSystem>(parsed.file.decls.at(0)).comments,
            std::vector<std::string>{"about A"});
  EXPECT_TRUE(std::get<Rule>(parsed.file.decls.at(1)).comments.empty());
  EXPECT_EQ(parsed.file.trailing_comments, std::vector<std::string>{"the end"});
}

TEST(SameTree, SeesWhatDiffersAndNothingElse) {
  const auto file = [](std::string_view body) {
    return Parsed(fmt::format("rule R \"t\" {{ on item {} }}", body));
  };
  const Parsed base = file("let x = a + 1 report violation \"m {x}\"");
  EXPECT_TRUE(same_tree(base.file, file("设：x ＝ a\n + 1\n判为：明确违规 “m {x}”").file));
  for (const std::string_view other :
       {"let x = a + 2 report violation \"m {x}\"", "let x = a - 1 report violation \"m {x}\"",
        "let y = a + 1 report violation \"m {x}\"", "let x = a + 1 report suspected \"m {x}\"",
        "let x = a + 1 report violation \"m {x as %}\"",
        "let x = (a + 1) report violation \"m {x}\"",
        "let x = a + 1 when x report violation \"m {x}\"",
        "let x = a + 1 天 report violation \"m {x}\""}) {
    EXPECT_FALSE(same_tree(base.file, file(other).file)) << other;
  }
}

TEST(Dump, ShowsTheTreeWithPlaces) {
  const Parsed parsed(
      "rule R \"t\" {\n  on item\n  when a.b > 3\n  report violation \"m {c}\"\n}\n");
  EXPECT_EQ(dump(parsed.file, parsed.map), R"(rule R "t"  @1:1
  on item  @2:3
  branch  @3:3
    when: compare >  @3:8
      member b  @3:8
        name a  @3:8
      number 3  @3:14
    report violation  @4:3
      message "m "  @4:20
      hole: name c  @4:24
)");
}

} // namespace
} // namespace sanku::ast
