// Rule text to Ast: both spellings, every diagnostic of the parser, hostile input, places of nodes.
#include "compiler/ast/choices.h"
#include "compiler/ast/dump.h"
#include "compiler/ast/from_parse_tree.h"
#include "compiler/ast/words.h"
#include "compiler/diag/render.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <variant>
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
  [[nodiscard]] std::vector<std::uint16_t> numbers() const {
    std::vector<std::uint16_t> out;
    for (const diag::Diagnostic& each : diags.all)
      out.push_back(each.number);
    return out;
  }
};

std::string in_rule(std::string_view clauses) {
  return fmt::format("rule R \"t\" {{\n  on item\n{}\n}}\n", clauses);
}
std::string in_let(std::string_view expression) {
  return in_rule(fmt::format("  let x = {}\n  report violation \"m\"", expression));
}

// The outline of `let x = …`'s value, without places.
std::string let_outline(std::string_view expression) {
  const Parsed parsed(in_let(expression));
  EXPECT_TRUE(parsed.diags.all.empty()) << expression << "\n" << parsed.messages();
  std::istringstream lines(dump(parsed.file, parsed.map));
  std::string out;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    line.resize(line.rfind("  @"));
    if (line.starts_with("  branch"))
      break;
    if (inside)
      out += line.substr(4) + "\n";
    inside = inside || line == "  let x";
  }
  return out;
}

TEST(Words, BothSpellingsOfEveryWordAreThatWord) {
  // Where a word cannot stand the parser says what it found, so a word is shown to be one by the
  // words around it: here by lexing the two spellings at the same place and finding the same
  // complaint or none.
  for (const WordRow& row : word_rows) {
    if (row.en.empty() || row.en == row.zh || row.symbol == "lines" || row.symbol == "pending" ||
        row.symbol == "based_on" || row.symbol == "addition")
      continue;
    if (row.symbol == "month")
      continue; // `1 month` is a number, 自然月 is not
    if (row.symbol == "in" || row.symbol == "binds" || row.symbol == "member")
      continue; // English has one word for three
    const auto numbers = [&](std::string_view word) {
      std::vector<std::vector<std::uint16_t>> out;
      for (const std::string_view frame :
           {"rule R \"t\" { @ }", "@ x \"t\"",
            "rule R \"t\" { on item let x = a @ b report violation \"m\" }",
            "rule R \"t\" { on item let x = @(i in a where b) report violation \"m\" }",
            "rule R \"t\" { on item let x = 3 @ report violation \"m\" }",
            "rule R \"t\" { on item let x = @ report violation \"m\" }", "record A { b : T @ x }",
            "record A { b : @ X }", "code A @ \"x\"", "enum A @ { a \"1\" }",
            "source a \"t\" @ \"u\"", "test \"t\" { given @ \"f\" }", "test \"t\" { @ nothing }",
            "test \"t\" { expect R @ }",
            "rule R \"t\" { on item let x = sum(i in a @ b) report violation \"m\" }",
            "rule R \"t\" { on item report violation @ a \"m\" }"}) {
        std::string text(frame);
        text.replace(text.find('@'), 1, word);
        out.push_back(Parsed(text).numbers());
      }
      return out;
    };
    EXPECT_EQ(numbers(row.en), numbers(row.zh)) << row.symbol;
  }
}

// What could stand there is shown as the author would write it, in messages of either language.
TEST(Words, AreShownInTheSpellingOfWhatIsAroundThem) {
  const Parsed chinese("测试 “甲” E1 { 给定 { } 预期 E1 线索 }\n");
  ASSERT_FALSE(chinese.diags.all.empty());
  EXPECT_NE(chinese.diags.all[0].en.find("之"), std::string::npos) << chinese.messages();
  EXPECT_EQ(chinese.diags.all[0].en.find("`of`"), std::string::npos) << chinese.messages();
  const Parsed english("test \"a\" E1 { given { } expect E1 lead }\n");
  ASSERT_FALSE(english.diags.all.empty());
  EXPECT_NE(english.diags.all[0].en.find("`of`"), std::string::npos) << english.messages();
}

struct Spellings {
  std::string_view en, zh;
};

TEST(Spellings, ChineseAndEnglishGiveTheSameTree) {
  constexpr Spellings rules[] = {
      {R"(rule GZ10000301004 "药品区分性别使用" {
  category medical
  basis    nrdl_2024 "备注"
  stage    pre, mid, post

  on       item
  let      limit = drug_sex[item.code]
  when     patient.sex != limit.sex
  report   violation "「{item.name}」限{limit.sex}使用，患者为{patient.sex}"
})",
       R"(规则 GZ10000301004 “药品区分性别使用” {
  类别：医疗
  依据：nrdl_2024 “备注”
  环节：事前、事中、事后

  对象：item
  设：  limit = drug_sex[item的code]
  如果：patient的sex ≠ limit的sex
  判为：明确违规 “「{item的name}」限{limit的sex}使用，患者为{patient的sex}”
})"},
      {R"(rule GZ10000102012 "医疗服务项目重复收费" {             // 900 published pairs, four kinds of window
  category policy   basis nhsa_batch_7
  on   item
  with pair in exclusive[item.code]
  let  mains  = sum(m in items where m.code = pair.main and within(m, item, pair.window) take m.quantity)
  let  before = sum(s in items where s.code = item.code and within(s, item, pair.window) and s earlier item take s.quantity)
  when mains > before
  report violation involving those(m in items where m.code = pair.main and within(m, item, pair.window))
         amount item.unit_price * smaller(item.quantity, mains - before)
         "「{item.name}」已包含在「{pair.main}」中，{pair.window}内不得同时收费"
})",
       R"(规则 GZ10000102012 「医疗服务项目重复收费」 {
  类别 政策；依据 nhsa_batch_7。
  对象 item
  另有 pair 于 exclusive［item.code］
  设 mains ＝ 求和（m 于 items 其中 m的code = pair的main 且 同期（m，item，pair的window） 取 m的quantity）
  设 before = 求和(s 于 items 其中 s.code = item.code 且 同期(s、item、pair.window) 且 s 早于 item 取 s.quantity)
  如果 mains ＞ before
  判为 明确违规 涉及项 选出(m 于 items 其中 m.code = pair.main 且 同期(m, item, pair.window))
       金额 item.unit_price × 较小者(item.quantity, mains － before)
       「「{item.name}」已包含在「{pair.main}」中，{pair.window}内不得同时收费」
})"},
      {R"(rule GZ10000102014 "医疗服务项目限定频次" {
  on   items by code, date
  let  limit = per_day[group.code]
  when sum(i in group.items take i.quantity) > limit.max
  report violation on group.items beyond first limit.max of quantity "每日限 {limit.max} {limit.unit}"
})",
       R"(规则 GZ10000102014 “医疗服务项目限定频次” {
  对象：items 按 code、date
  设：limit = per_day[group.code]
  如果：求和(i 于 group.items 取 i.quantity) > limit.max
  判为：明确违规 违规项 group.items 超出前 limit.max 之 quantity “每日限 {limit.max} {limit.unit}”
})"},
      {R"(rule A "a" / "an a" {
  behaviour item
  on items by dept = ordering.dept, code
  with other in items where other.date = date
  provided known group.code and not (a or b)
  unless emergency[group.code] "急诊"
  when any(x in items, r in t[x.code] where r.a) or none(x in items where x.b) or every(x in items where x.c has x.d)
  report suspected on o in items amount o.amount rounded to 2 "{o.amount / 3 as %}"
  when count(items) > 3 report reminder amount unknown "x"
  when unknown report suspected "y"
})",
       R"(规则 A “a” / “an a” {
  行为：项目类
  对象：items 按 dept = ordering.dept、code
  另有：other 于 items 其中 other.date = date
  前提：已知 group.code 且 非 (a 或 b)
  除非：emergency[group.code] “急诊”
  如果：存在(x 于 items, r 于 t[x.code] 其中 r.a) 或 不存在(x 于 items 其中 x.b) 或 全部(x 于 items 其中 x.c 都 x.d)
  判为：可疑 违规项 o 于 items 金额 o.amount 保留 2 “{o.amount / 3 作 %}”
  如果：计数(items) > 3 判为：提醒 金额 待核 “x”
  如果：不明 判为：可疑 “y”
})"},
      {R"(knowledge drug_sex / 药品限性别 "药品限性别知识" from "drug_sex.csv" { item / 编码 : DrugCode key from "code"  max : decimal(16,4)? }
source nrdl_2024 / 药品目录2024 "目录" issued 2024-11-28 url "u"
test "t" of R, S { given { patient { sex: male }  items [ { code: "X", amount: -35.00 }, { } ] }
  given file "f.json"  given knowledge drug_sex [ { item: "X" } ]
  expect R violation amount 35.00  expect S indeterminate missing patient.sex, item.code  expect R clear  expect R not applicable  expect nothing })",
       R"(知识 drug_sex / 药品限性别 “药品限性别知识” 自 “drug_sex.csv” { item / 编码 ： DrugCode 键 自 “code”  max : decimal（16，4）？ }
来源 nrdl_2024 / 药品目录2024 “目录” 发布 ２０２４－１１－２８ 网址 “u”
测试 “t” 之 R、S { 给定：{ patient { sex：male }  items [ { code: “X”，amount：－35．00 }、{ } ] }
  给定 文件 “f.json”  给定 知识 drug_sex [ { item: “X” } ]
  预期 R 明确违规 金额 35.00 预期 S 无法判定 缺失 patient的sex、item的code 预期：R 未触发 预期 R 不适用 预期 无 })"},
      {R"(schema s / 结 edition "1"
code A / 甲 form "[0-9]{15}"
code B from "b.csv" hierarchical
code C = A, B
enum E / 枚 closed ordered { none "1" "2" 无级  first "3"  missing "0" }
record R / 录 { id : text? identity   items / 明细 : list of I nonempty each item / 项 wire a, b   date : date? = date_of(at) role time })",
       R"(结构 s / 结 版本 “1”
编码 A / 甲 形式 “[0-9]{15}”
编码 B 自 “b.csv” 分级
编码 C = A、B
枚举 E / 枚 封闭 有序 { none “1” “2” 无级  first “3”  缺失 “0” }
记录 R / 录 { id : text？ 身份   items / 明细 : 列表 I 非空 每个 item / 项 报文 a、b   date : date? = date_of(at) 用途 time })"}};
  for (const Spellings& each : rules) {
    const Parsed en{std::string(each.en)}, zh{std::string(each.zh)};
    EXPECT_TRUE(en.diags.all.empty()) << en.messages();
    EXPECT_TRUE(zh.diags.all.empty()) << zh.messages();
    EXPECT_FALSE(en.file.decls.empty());
    EXPECT_TRUE(same_tree(en.file, zh.file)) << dump(en.file, en.map) << dump(zh.file, zh.map);
  }
}

TEST(Expressions, HaveTheTreesOfTheReference) {
  struct Case {
    std::string_view text, outline;
  };
  for (const Case& each : {
           Case{"1 + 2 * 3 - 4", "subtract\n  add\n    number 1\n    multiply\n      number 2\n    "
                                 "  number 3\n  number 4\n"},
           Case{"18 <= age <= 60岁",
                "compare <= <=\n  number 18\n  name age\n  number 60 years old\n"},
           Case{"not a = b and c",
                "and\n  not\n    compare =\n      name a\n      name b\n  name c\n"},
           Case{"a and b and (c or d)",
                "and\n  name a\n  name b\n  parentheses\n    or\n      name c\n      name d\n"},
           Case{"a otherwise 0 > 3",
                "compare >\n  otherwise\n    name a\n    number 0\n  number 3\n"},
           Case{"a / b rounded to 2 > 3",
                "compare >\n  rounded to 2\n    divide\n      name a\n      name b\n  number 3\n"},
           Case{"known a.b and not known c",
                "and\n  known\n    member b\n      name a\n  not\n    known\n      name c\n"},
           Case{"-a ÷ 2", "divide\n  negate\n    name a\n  number 2\n"},
           Case{"x in t", "member of\n  name x\n  name t\n"},
           Case{"名称 包含 “针” 且 名称 开头为 “注”",
                "and\n  contains\n    name 名称\n    text \"针\"\n  starts with\n    name 名称\n   "
                " text \"注\"\n"},
           Case{"within(a, b, 当次就诊)", "call within\n  name a\n  name b\n  window same visit\n"},
           Case{"within(a, b, 6 hours)", "call within\n  name a\n  name b\n  number 6 hours\n"},
           Case{"month(a) = month", "compare =\n  call month\n    name a\n  window month\n"},
           Case{"1 month + 2个月", "add\n  number 1 months\n  number 2 months\n"},
           Case{"2027-01-01", "date 2027-01-01\n"},
           Case{"f()", "call f\n"},
           Case{"t[a.b].c", "member c\n  lookup t\n    member b\n      name a\n"},
           Case{"l beyond first 3 of date",
                "beyond first, of date\n  list: name l\n  limit: number 3\n"},
           Case{"max(i in items take i.max)",
                "max\n  binder i: name items\n  take: member max\n    name i\n"},
           Case{"true = 假", "compare =\n  bool true\n  bool false\n"},
       }) {
    EXPECT_EQ(let_outline(each.text), each.outline) << each.text;
  }
}

TEST(Names, WordsOfTheLanguageNameFieldsToo) {
  EXPECT_EQ(let_outline("date"), "name date\n");
  for (const std::string_view name :
       {"date", "amount", "class", "code", "rank", "first", "kind", "key", "max", "count",
        "category", "stage", "form", "金额", "编码", "类别", "来源"}) {
    EXPECT_EQ(let_outline(name), fmt::format("name {}\n", name));
    EXPECT_EQ(let_outline(fmt::format("{0} + 1 = {0}", name)),
              fmt::format("compare =\n  add\n    name {0}\n    number 1\n  name {0}\n", name));
    const Parsed record(fmt::format("record {0} / {0} {{ {0} / {0} : {0} role {0} }}\nknowledge "
                                    "{0} from \"f\" {{ {0} : {0} key {0} : {0} }}",
                                    name));
    EXPECT_TRUE(record.diags.all.empty()) << record.messages();
  }
  for (const std::string_view name :
       {"when", "and", "not", "如果", "属于", "month", "rule", "true", "on", "days"}) {
    EXPECT_EQ(let_outline(fmt::format("a.{}", name)), fmt::format("member {}\n  name a\n", name));
    EXPECT_EQ(let_outline(fmt::format("a的{}", name)), fmt::format("member {}\n  name a\n", name));
  }
}

TEST(Names, AreNfkcAndNeverSplit) {
  EXPECT_EQ(let_outline("ａｂ１"), "name ab1\n");
  EXPECT_EQ(let_outline("⼥性"), "name 女性\n");
  EXPECT_EQ(let_outline("且患者"), "name 且患者\n");
  EXPECT_EQ(let_outline("患者的性别"), "member 性别\n  name 患者\n");
  EXPECT_EQ(let_outline("a ａｎｄ b"), "and\n  name a\n  name b\n");
}

TEST(Strings, NestInOneAnother) {
  struct Case {
    std::string_view text, content;
  };
  for (const Case& each :
       {Case{R"("a “b” 「c」")", "a “b” 「c」"}, Case{R"(“他说“好””)", "他说“好”"},
        Case{R"(「a「b「c」」d")", "?"}, Case{R"("[0-9]{15}")", "[0-9]{15}"},
        Case{R"("[{]")", "[{]"}, Case{R"(“"”)", "\""}, Case{R"("")", ""},
        Case{R"("a // b")", "a // b"}}) {
    const Parsed parsed(in_let(each.text));
    if (each.content == "?") {
      EXPECT_EQ(parsed.numbers(), std::vector<std::uint16_t>{1004});
      continue;
    }
    EXPECT_EQ(let_outline(each.text), fmt::format("text \"{}\"\n", each.content));
  }
}

TEST(Messages, HoldHolesWithTheirPlaces) {
  const Parsed parsed(in_rule(
      R"(  report violation "限{a.b}用{{x}}，{any(i in items where i.code = "A{1}") as %}。")"));
  ASSERT_TRUE(parsed.diags.all.empty()) << parsed.messages();
  const Message& message = std::get<Rule>(parsed.file.decls.at(0)).branches.at(0).report.message;
  ASSERT_EQ(message.parts.size(), 5u);
  EXPECT_EQ(std::get<std::string>(message.parts[0].form), "限");
  EXPECT_EQ(source::text_of(parsed.map, std::get<Hole>(message.parts[1].form).value->span), "a.b");
  EXPECT_EQ(std::get<std::string>(message.parts[2].form), "用{x}，");
  const Hole& fold = std::get<Hole>(message.parts[3].form);
  EXPECT_TRUE(fold.as_percent);
  EXPECT_EQ(source::text_of(parsed.map, fold.value->span),
            R"(any(i in items where i.code = "A{1}"))");
  const auto& where = std::get<Compare>(std::get<Fold>(fold.value->form).where->form);
  EXPECT_EQ(source::text_of(parsed.map, where.operands[1]->span), R"("A{1}")");
  EXPECT_EQ(std::get<std::string>(message.parts[4].form), "。");
}

TEST(Places, AreExact) {
  const Parsed parsed("// c\nrule 甲 \"t\" {\n  on item\n  let 限制 = 表[明细的编码]\n  report "
                      "violation \"m\"\n}\n");
  ASSERT_EQ(parsed.file.decls.size(), 1u);
  const Rule& rule = std::get<Rule>(parsed.file.decls[0]);
  EXPECT_EQ(source::text_of(parsed.map, rule.id.span), "甲");
  EXPECT_EQ(source::place_of(parsed.map, 0, rule.span.begin).line, 2u);
  EXPECT_EQ(parsed.map.files[0].text[rule.span.end - 1], '}');
  const Let& let = std::get<Let>(rule.clauses.at(0));
  EXPECT_EQ(source::text_of(parsed.map, let.span), "let 限制 = 表[明细的编码]");
  EXPECT_EQ(source::text_of(parsed.map, let.value->span), "表[明细的编码]");
  EXPECT_EQ(source::text_of(parsed.map, std::get<Lookup>(let.value->form).key->span), "明细的编码");
  EXPECT_EQ(rule.comments, std::vector<std::string>{"c"});
}

// ---- diagnostics

struct Mistake {
  std::uint16_t number;
  std::string text;
  std::string_view help = ""; // part of a help text in English
};

std::vector<Mistake> mistakes() {
  std::string long_chain = "a";
  for (int i = 0; i < 250; ++i)
    long_chain += " + a";
  return {
      {1001, "rule R \"\xB9\xE6\" {}"},
      {1002, in_let("a\u200Bb"), "delete"},
      {1002, in_rule("  report violation \"\u202E\""), "delete"},
      {1003, in_let("a # b")},
      {1004, in_rule("  report violation \"abc"), "close it with `\"`"},
      {1004, in_rule("  report violation “abc"), "close it with `”`"},
      {1005, in_rule("  report violation \"a {b\"")},
      {1006, "rule R \"t\" { on item report violation \"m\"\n", "add the missing `}`"},
      {1007, "}\nrule R \"t\" { on item report violation \"m\" }", "delete it"},
      {1008, in_let("(a]"), "match"},
      {1009, "rul R \"t\" { on item }", "did you mean `rule`?"},
      {1009, "规贝 R “t” { 对象：item }", "did you mean `规则`?"},
      {1010, in_rule("  wehn a\n  report violation \"m\""), "did you mean `when`?"},
      {1010, in_rule("  let x = a\n  wehn b\n  report violation \"m\""), "did you mean `when`?"},
      {1010, in_rule("  when a reprot violation \"m\""), "did you mean `report`?"},
      {1010, in_let("3xyz"), "units of numbers"},
      {1010, in_rule("  report violation \"a {}\"")},
      {1010, "rule R { on item }"},
      {1010, "code"},
      {1011, in_let("a == b"), "write `=`"},
      {1011, in_let("a && b"), "write `and`"},
      {1011, in_let("a <> b"), "write `!=`"},
      {1012, in_let("a and b or c"), "parentheses"},
      {1013, in_let("sum(i in items)")},
      {1013, in_let("max(a, b)"), "`larger(a, b)`"},
      {1013, in_let("every(i in items where a)")},
      {1014, in_let("count(i in items take i.amount)")},
      {1014, in_let("any(i in items has i.amount)")},
      {1015, in_let("a in t = b"), "join two comparisons"},
      {1016, in_rule("  report violaton \"m\""), "did you mean `violation`?"},
      {1016, "rule R \"t\" { category medicl on item report violation \"m\" }",
       "did you mean `medical`?"},
      {1016, "test \"t\" { expect R cleer }"},
      {1017, "rule R \"t\" { category medical category policy on item report violation \"m\" }",
       "keep one"},
      {1017, in_rule("  on item report violation \"m\""), "keep one"},
      {1017, "record A { b : T role x role y }", "keep one"},
      {1018, in_rule("  category medical report violation \"m\""), "the order is"},
      {1018, in_rule("  report violation \"m\" let x = a"), "the order is"},
      {1019, "规则 R “t” {\n  对象：item\n  如果患者的性别 = 男\n  判为：可疑 “m”\n}",
       "a space between `如果`"},
      {1019, in_let("a 且患者"), "a space between `且`"},
      {1020, in_let("2027-02-29"), "2027-01-31"},
      {1021, in_let("a.b[c]")},
      {1022, in_let("3自然月"), "units are"},
      {1023, "record A { b : decimal(2,3) }"},
      {1023, "record A { b : text(2,3) }"},
      {1024, in_let("a rounded to 2.5")},
      {1101, std::string(10u << 20, ' '), "divide"},
      {1102, in_let(std::string(201, '(') + "a" + std::string(201, ')')), "let"},
      {1103, in_let(long_chain)},
      {1104, "enum E { " +
                 [] {
                   std::string all;
                   for (int i = 0; i < 10'001; ++i)
                     all += "a \"1\" ";
                   return all;
                 }() +
                 "}"},
      {1105, std::string(10'000, '\x07')},
      {1025, "rule R \"t\" { effective on item report violation \"m\" }"},
      {1026,
       "rule R \"t\" { effective from 2026-01-02 until 2026-01-01 on item report violation \"m\" }",
       "exchange"},
      {9001, "knowledge t from \"t.csv\" { k : DrugCode key  x : list of int }"},
      {2326, in_let("percentile(v) among w")},
      {2326, in_let("mean(5 of v) among w")},
  };
}

TEST(Mistakes, EachIsToldByItsCodeAndItsDeclarationIsLeftOut) {
  for (const Mistake& each : mistakes()) {
    SCOPED_TRACE(each.text.substr(0, 200));
    const Parsed parsed("code Before\n" + each.text + "\ncode After\n");
    ASSERT_FALSE(parsed.diags.all.empty());
    const std::set<std::uint16_t> kinds = [&] {
      const auto all = parsed.numbers();
      return std::set(all.begin(), all.end());
    }();
    EXPECT_TRUE(kinds.contains(each.number)) << parsed.messages().substr(0, 2000);
    // One mistake, one diagnostic; only many of one kind add that there are too many.
    EXPECT_EQ(kinds.size(), each.number == 1105 ? 2u : 1u) << parsed.messages().substr(0, 2000);
    if (each.number != 1001 && each.number != 1101) {
      for (const std::string_view kept : {"Before", "After"}) {
        EXPECT_TRUE(std::ranges::any_of(parsed.file.decls,
                                        [&](const Decl& decl) {
                                          const auto* code = std::get_if<CodeSystem>(&decl);
                                          return code != nullptr && code->names.first.text == kept;
                                        }))
            << kept << " is lost";
      }
      const bool no_declaration = each.number != 1007 && each.number != 1002 && each.number != 1105;
      EXPECT_TRUE(!no_declaration || parsed.file.decls.size() == 2u);
    }
    std::string helps;
    for (const diag::Diagnostic& one : parsed.diags.all) {
      for (const diag::Help& help : one.helps)
        helps += help.en + "\n";
    }
    EXPECT_NE(helps.find(each.help), std::string::npos) << helps;
  }
}

TEST(Mistakes, EveryCodeOfTheParserIsTriggered) {
  std::set<std::uint16_t> covered;
  for (const Mistake& each : mistakes())
    covered.insert(each.number);
  for (const diag::Row& row : diag::rows) {
    // How long a table may be is told when its rows are read.
    const bool ours = (row.number < 1200 && row.name != "table_too_long") || row.number == 9001;
    EXPECT_TRUE(!ours || covered.contains(row.number)) << row.name;
  }
}

// Applying every fix of the diagnostics to the text; from the end, so that places stay true.
std::string fixed(const Parsed& parsed) {
  std::string text = parsed.map.files[0].text;
  std::vector<diag::Fix> fixes;
  for (const diag::Diagnostic& each : parsed.diags.all)
    fixes.insert(fixes.end(), each.fixes.begin(), each.fixes.end());
  std::ranges::stable_sort(fixes, std::greater<>{},
                           [](const diag::Fix& fix) { return fix.span.begin; });
  for (const diag::Fix& each : fixes)
    text.replace(each.span.begin, each.span.end - each.span.begin, each.replacement);
  return text;
}

TEST(Mistakes, FixesMakeTheTextParse) {
  for (const std::string& text :
       {in_let("a == b"), in_let("a && !b"), in_let("a and b or c"), in_let("a\u200B + b"),
        in_let("a 且患者"), in_rule("  wehn a report violation \"m\""),
        in_rule("  report violaton \"m\""),
        std::string("规则 R “t” {\n对象：item\n如果患者的性别 = 男\n判为：可疑 “m” }"),
        std::string("rul R \"t\" { on item report violation \"m\" }")}) {
    const Parsed broken(text);
    EXPECT_FALSE(broken.diags.all.empty()) << text;
    const Parsed again(fixed(broken));
    EXPECT_TRUE(again.diags.all.empty()) << fixed(broken) << "\n" << again.messages();
    EXPECT_EQ(again.file.decls.size(), 1u);
  }
}

TEST(Mistakes, OneBrokenDeclarationHidesNoOther) {
  const Parsed parsed(in_let("a ==") + in_let("(a") + in_let("b") +
                      "rule S \"t\" {\n  on item\n  report violation \"m\"\n" + in_let("c +") +
                      in_let("d"));
  EXPECT_EQ(parsed.file.decls.size(), 2u);
  EXPECT_EQ(parsed.diags.all.size(), 5u) << parsed.messages();
}

// Where the braces come out even, the lines of an overlay may begin where they like; where one is
// missing, what begins a line is no part of it.
TEST(Mistakes, LinesOfAnOverlayNeedNoIndentation) {
  const std::string head = "overlay z on b region \"330000\" {\n";
  const std::string body = "param gap = 40 days\ndisable R1 because \"x\"\n"
                           "rule S \"t\" {\non item\nreport violation \"m\"\n}\n";
  const std::string other = "rule T \"t\" {\n  on item\n  report violation \"m\"\n}\n";
  const Parsed whole(head + body + "}\n" + other);
  EXPECT_TRUE(whole.diags.all.empty()) << whole.messages();
  EXPECT_EQ(whole.file.decls.size(), 3u);
  const Parsed open(head + "  disable R1 because \"x\"\n" + other);
  EXPECT_EQ(open.diags.all.size(), 1u) << open.messages();
  EXPECT_EQ(open.file.decls.size(), 1u);
  const Parsed reversed(head + "disable R1 from 2026-02-01 until 2026-01-01 because \"x\"\n}\n");
  ASSERT_EQ(reversed.diags.all.size(), 1u) << reversed.messages();
  EXPECT_EQ(reversed.diags.all.front().number, 1026);
}

TEST(Schema, OfTheHouseParsesWhole) {
  std::ifstream stream("stdlib-rules/schema/settlement.sanku");
  ASSERT_TRUE(stream.is_open());
  std::stringstream text;
  text << stream.rdbuf();
  const Parsed parsed(text.str());
  EXPECT_TRUE(parsed.diags.all.empty()) << parsed.messages();
  ASSERT_FALSE(parsed.file.decls.empty());
  EXPECT_EQ(std::get<SchemaHead>(parsed.file.decls[0]).names.second->text, "结算");
  std::size_t fields = 0, records = 0;
  for (const Decl& decl : parsed.file.decls) {
    if (const auto* record = std::get_if<Record>(&decl))
      ++records, fields += record->fields.size();
  }
  // Every field stands on a line of its own, with ` : ` before its type.
  std::size_t lines = 0;
  std::istringstream again(text.str());
  for (std::string line; std::getline(again, line);)
    lines += line.starts_with("  ") && line.find(" : ") != std::string::npos;
  EXPECT_EQ(fields, lines);
  EXPECT_GE(records, 6u);
}

} // namespace
} // namespace sanku::ast
