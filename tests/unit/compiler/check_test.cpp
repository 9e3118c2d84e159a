// Rules that are right: what the checker makes of each form, as `sanku dump hir` shows it; the
// invariants, and that verify sees each one broken. Rules that are wrong stand in errors_test.cpp.
#include "compiler/ast/from_parse_tree.h"
#include "compiler/hir/from_ast.h"
#include "compiler/hir/print.h"
#include "compiler/hir/verify.h"
#include "tests/unit/compiler/checked_rules.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

namespace sanku::hir {
namespace {

// The dump without indentation and line ends, so that a fragment can be written on one line: "a; b;
// c".
std::string flat(const std::string& dump) {
  std::string text;
  bool start = true;
  for (const char c : dump) {
    if (c == '\n') {
      text += "; ";
      start = true;
    } else if (c != ' ' || !start) {
      text += c;
      start = false;
    }
  }
  return text;
}

struct Form {
  const char* name;
  const char* body;
  std::vector<const char*> fragments;
};

const std::vector<Form>& forms() {
  static const std::vector<Form> table = {
      {"integers widen to the scale of a quantity",
       "on item\nwhen item.quantity > 2\nreport lead \"x\"",
       {"greater_decimal : bool; $1:item.item.quantity : decimal(4); 2 : decimal(4)"}},
      {"percentages are numbers",
       "on item\nwhen item.quantity > 12.5%\nreport lead \"x\"",
       {"0.125 : decimal(4)"}},
      {"weeks are days",
       "on item\nwhen item.date - patient.birth > 2 weeks\nreport lead \"x\"",
       {"14 days : duration"}},
      {"a length of time beside an age turns round",
       "on item\nwhen 18岁 <= patient.age\nreport lead \"x\"",
       {"greater_equal_age : bool; age_at : age"}},
      {"chains compare neighbours",
       "on item\nwhen 18岁 <= patient.age < 60岁\nreport lead \"x\"",
       {"and : bool; greater_equal_age : bool; age_at : age", "less_age : bool; age_at : age"}},
      {"an age is taken on the date of the element in scope",
       "on settlement\nwhen any(o in operations where patient.age < 18岁)\nreport lead \"x\"",
       {"$2:o in operations; where; less_age : bool; age_at : age; "
        "$0:settlement.settlement.patient.birth : date; date_of : date; $2:o.operation.at : "
        "datetime"}},
      {"an age of a group without a date is taken on its last date",
       "on items by code\nwhen patient.age < 18岁\nreport lead \"x\"",
       {"$0:settlement.settlement.patient.birth : date; max : date; $3 in group; take; date_of : "
        "date; $3.item.at : datetime"}},
      {"an age of a group is taken on its date",
       "on items by code, date\nwhen patient.age < 18岁\nreport lead \"x\"",
       {"age_at : age; $0:settlement.settlement.patient.birth : date; date_of : date; $1.item.at : "
        "datetime"}},
      {"an age of a visit is taken on its date",
       "on settlement\nwhen patient.age < 18岁\nreport lead \"x\"",
       {"age_at : age; $0:settlement.settlement.patient.birth : date; date_of : date; "
        "otherwise_datetime : datetime; "
        "$0:settlement.settlement.settlement.discharged : datetime"}},
      {"enum values stand opposite their type",
       "on settlement\nwhen patient.sex = 女 or male = patient.sex\nreport lead \"x\"",
       {"equal_enum : bool; $0:settlement.settlement.patient.sex : Sex; female : Sex",
        "male : Sex; $0:settlement.settlement.patient.sex : Sex"}},
      {"enum values stand behind their type",
       "on settlement\nwhen patient.sex = 性别的男\nreport lead \"x\"",
       {"male : Sex"}},
      {"a code literal takes the system opposite",
       "on item\nwhen item.code = \"001102000030000\"\nreport lead \"x\"",
       {"\"001102000030000\" : ItemCode"}},
      {"named lists merge into the query over them",
       "on settlement\nlet a = those(i in items where i.amount > 1元)\nwhen any(x in a where "
       "x.quantity > 1)\nreport lead \"x\"",
       {"any : bool; $3:x in items; where; greater_decimal : bool; $3:x.item.amount : money(2); "
        "1.00 : money(2); where; greater_decimal : bool; $3:x.item.quantity"}},
      {"parts of lines stay lines",
       "on items by code\nlet a = group.items beyond first 1 of quantity\nwhen sum(x in a take "
       "x.amount) > 1元\nreport lead \"x\"",
       {"in lines parts; $4 in group; beyond quantity; 1 : decimal(4)"}},
      {"beyond of a date counts days",
       "on items by code\nwhen count(group.items) > 1\nreport lead on group.items beyond first 2 "
       "of date \"x\"",
       {"on $5 parts; $4 in group; beyond distinct; 2 : int; date_of : date; $4.item.at : "
        "datetime"}},
      {"a row is a guard",
       "on item\nlet r = drug_sex[item.code]\nwhen r.sex != patient.sex\nreport lead \"x\"",
       {"guard $2:r in drug_sex at; $1:item.item.code : ItemCode"}},
      {"with tries rows",
       "on item\nwith p in pairs[item.code]\nwhen any(m in items where m.code = p.main)\nreport "
       "lead \"x\"",
       {"guard match 0; match; $2:p in pairs at; $1:item.item.code : ItemCode"}},
      {"with tries elements",
       "on item\nwith o in items where o.date = item.date\nwhen o earlier item\nreport lead \"x\"",
       {"match; $2:o in items; where; equal_date : bool", "$2:o earlier $1:item : bool"}},
      {"folds bind rows",
       "on settlement\nwhen any(i in items, r in drug_sex[i.code] where r.sex != "
       "patient.sex)\nreport lead \"x\"",
       {"any : bool; $2:i in items; $3:r in drug_sex at; $2:i.item.code : ItemCode; where"}},
      {"membership is a value",
       "on item\nprovided item.code in drug_sex\nreport lead \"x\"",
       {"guard; in drug_sex : bool; $1:item.item.code : ItemCode", "when; yes : bool"}},
      {"unless stands as not",
       "on item\nunless item.code in drug_sex \"急诊\"\nreport lead \"x\"",
       {"guard unless \"急诊\"; not : bool; in drug_sex"}},
      {"counted windows",
       "on item\nwhen any(i in items where within(i, item, 30天))\nreport lead \"x\"",
       {"within : bool; $2:i.item.at : datetime; $1:item.item.at : datetime; 30 days : window"}},
      {"dates become instants",
       "on item\nwhen within(item.date, item, 自然月)\nreport lead \"x\"",
       {"within : bool; start_of_day : datetime; date_of : date"}},
      {"rounding drops digits",
       "on item\nwhen item.unit_price rounded to 2 = 1.25元\nreport lead \"x\"",
       {"round : money(2); $1:item.item.unit_price : money(6); 4 : int"}},
      {"counts compare with their bounds",
       "on settlement\nwhen count(items) > 3\nreport lead \"x\"",
       {"greater_count_integer : bool; count : count"}},
      {"counts beside numbers are exact",
       "on settlement\nwhen count(items) * 1.5 > 3\nreport lead \"x\"",
       {"exact_count : int; count : count"}},
      {"every has",
       "on settlement\nwhen every(i in items has i.amount > 1元)\nreport lead \"x\"",
       {"every : bool; $2:i in items; has; greater_decimal : bool"}},
      {"lines of a visit by default", "on diagnosis\nreport lead \"x\"", {"on $3; $2 in items"}},
      {"lines of a group by default",
       "on items by code\nreport lead \"x\"",
       {"on $4; $3 in group"}},
      {"an amount for each line",
       "on settlement\nreport lead on o in items amount o.unit_price * o.quantity \"x\"",
       {"amount; multiply_decimal : money(10); $3:o.item.unit_price : money(6); $3:o.item.quantity "
        ": decimal(4)"}},
      {"keys name the group",
       "on items by dept = department\nwhen count(group.items) > 1\nreport lead "
       "\"{group.dept}{group.first.name}\"",
       {"dept; $1.item.department : DepartmentCode",
        "shows; $1.item.department : DepartmentCode; shows; $1.item.name : text"}},
      {"the sender's names answer",
       "on item\nwhen item.hilist_code = \"001102000030000\" and patient.gend = male\nreport lead "
       "\"x\"",
       {"$1:item.item.code : ItemCode"}},
      {"Chinese names the list and its element",
       "对象：明细\n如果：存在(甲 于 明细 其中 甲 早于 明细)\n判为：线索 “x”",
       {"$2:甲 in items; where; $2:甲 earlier $1:明细 : bool"}},
      {"only current lines are judged",
       "on item\nreport lead \"x\"",
       {"guard; otherwise_bool : bool; $1:item.item.is_current : bool; yes : bool"}},
      {"groups with a current line are judged",
       "on items by code\nreport lead \"x\"",
       {"guard; any : bool; $2 in group; where; otherwise_bool"}},
      {"the unknown speaks",
       "on item\nwhen patient.sex = male\nreport violation \"x\"\nwhen unknown\nreport suspected "
       "\"y\"",
       {"when unknown; report suspected"}},
      {"a negative number",
       "on item\nwhen item.quantity < -1.5\nreport lead \"x\"",
       {"-1.5 : decimal(4)"}},
  };
  return table;
}

TEST(Check, every_form_becomes_what_it_means) {
  for (const Form& form : forms()) {
    const Checked checked = check(rule_text(form.body));
    ASSERT_TRUE(checked.program) << form.name;
    EXPECT_EQ("", told(checked)) << form.name;
    if (checked.program->rules.size() != 1)
      continue;
    EXPECT_TRUE(verify(*checked.program).empty())
        << form.name << ": " << verify(*checked.program)[0];
    const std::string text = flat(dump(*checked.program, checked.program->rules[0]));
    for (const char* fragment : form.fragments)
      EXPECT_NE(std::string::npos, text.find(fragment)) << form.name << "\n"
                                                        << fragment << "\n"
                                                        << text;
  }
}

TEST(Check, heads_have_their_defaults) {
  const Checked checked =
      check("rule A \"甲\" / \"a\" { category management on item report lead \"x\" }\n"
            "rule B \"乙\" { category policy behaviour behaviour stage post, pre on item report "
            "lead \"x\" }\n");
  ASSERT_EQ("", told(checked));
  const Rule& a = checked.program->rules[0];
  EXPECT_EQ("甲", a.title_zh);
  EXPECT_EQ("a", a.title_en);
  EXPECT_EQ(ast::Behaviour::behaviour, a.behaviour);
  EXPECT_EQ((std::vector<ast::Stage>{ast::Stage::pre, ast::Stage::mid, ast::Stage::post}),
            a.stages);
  const Rule& b = checked.program->rules[1];
  EXPECT_EQ("乙", b.title_en);
  EXPECT_EQ((std::vector<ast::Stage>{ast::Stage::pre, ast::Stage::post}), b.stages);
}

TEST(Check, a_wrong_rule_hides_no_other) {
  const Checked checked = check("rule B \"b\" { on item when item.foo = 1 report lead \"x\" }\n"
                                "rule C \"c\" { on item report lead \"x\" }\n"
                                "rule A \"a\" { on item report lead \"x\" }\n");
  ASSERT_TRUE(checked.program);
  ASSERT_EQ(2u, checked.program->rules.size());
  EXPECT_EQ("A", checked.program->rules[0].id);
  EXPECT_EQ("C", checked.program->rules[1].id);
  EXPECT_EQ(1u, checked.diagnostics.all.size());
}

TEST(Check, all_mistakes_of_a_rule_are_told_and_none_twice) {
  const Checked checked = check(rule_text(
      "on item\nlet a = drug_sxe[item.code]\nlet b = item.nmae\n"
      "when a.sex = patient.sex and b = \"x\" and item.quantty > 1\nreport lead \"{item.unitt}\""));
  EXPECT_EQ(4u, checked.diagnostics.all.size()) << told(checked);
}

TEST(Check, fixes_are_offered_where_they_are_safe) {
  const std::vector<std::pair<const char*, const char*>> table = {
      {"on item\nwhen item.amount > 100\nreport lead \"x\"", "元"},
      {"on item\nwhen patient.age >= 18\nreport lead \"x\"", "岁"},
      {"on item\nwhen patient.sex = \"男\"\nreport lead \"x\"", "男"},
      {"on item\nwhen item.date = \"20260305\"\nreport lead \"x\"", "2026-03-05"},
      {"on item\nwhen item.qantity > 1\nreport lead \"x\"", "quantity"},
      {"on settlement\nwhen total > 1元\nreport lead \"x\"", "settlement.total"},
      {"on item\nwhen 非患者的性别 = 男\nreport lead \"x\"", "非 患者"},
  };
  for (const auto& [body, fix] : table) {
    const Checked checked = check(rule_text(body));
    ASSERT_FALSE(checked.diagnostics.all.empty()) << body;
    ASSERT_FALSE(checked.diagnostics.all[0].fixes.empty()) << body << told(checked);
    EXPECT_EQ(fix, checked.diagnostics.all[0].fixes[0].replacement) << body;
  }
}

TEST(Check, a_key_that_is_not_unique_needs_with) {
  const std::pair<std::string, KeyFact> facts{
      "pairs", {.unique = false, .first_line = "2", .second_line = "5"}};
  const std::string let = rule_text("on item\nlet p = pairs[item.code]\nwhen any(m in items where "
                                    "m.code = p.main)\nreport lead \"x\"");
  EXPECT_EQ("", told(check(let)));
  EXPECT_EQ("SK2204 the key of `pairs` is not unique: lines 2 and 5 share one\n",
            told(check(let, facts)));
}

TEST(Check, a_violation_does_not_guess_through_lets) {
  const char* body =
      "on item\nlet s = patient.sex otherwise male\nlet t = s = male\nwhen t\nreport {} \"x\"";
  EXPECT_EQ("", told(check(rule_text(fmt::format(fmt::runtime(body), "suspected")))));
  EXPECT_NE("", told(check(rule_text(fmt::format(fmt::runtime(body), "violation")))));
  EXPECT_EQ("", told(check(rule_text(
                    "on item\nwhen item.quantity otherwise 1 > 2\nreport violation \"x\""))));
}

TEST(Check, a_chain_of_a_thousand_terms_nests_no_deeper_than_its_logarithm) {
  std::string body = "on item\nwhen item.amount > 0元";
  for (int i = 1; i < 1000; ++i)
    body += fmt::format(" or item.amount > {}元", i);
  const Checked checked = check(rule_text(body + "\nreport lead \"x\""));
  ASSERT_EQ("", told(checked));
  std::size_t depth = 0;
  const Expr* at = &checked.program->rules[0].branches[0].when;
  for (; const auto* call = std::get_if<Call>(&at->form); at = &call->arguments[0])
    ++depth;
  EXPECT_LE(depth, 12u);
}

TEST(Check, the_national_rules_are_right) {
  Checked made;
  std::vector<const ast::File*> rules;
  const auto parse = [&](const std::filesystem::path& path) {
    const auto id = source::read(made.map, path);
    EXPECT_TRUE(id.has_value()) << path;
    made.files.push_back(std::make_unique<ast::File>(ast::parse(made.map, *id, made.diagnostics)));
    return made.files.back().get();
  };
  const ast::File* schema = parse("stdlib-rules/schema/settlement.sanku");
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("stdlib-rules/national"))
    if (entry.path().extension() == ".sanku")
      paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths)
    rules.push_back(parse(path));
  const KeyFact repeated{.unique = false, .first_line = {}, .second_line = {}};
  made.program = from_ast(
      {schema}, only(rules),
      {.tables = facts_of("exclusive", repeated, schema, only(rules)),
       .models = read_model_files(rules, "stdlib-rules/national/models", made.diagnostics)},
      made.diagnostics);
  ASSERT_TRUE(made.program);
  EXPECT_EQ("", told(made));
  EXPECT_TRUE(verify(*made.program).empty());
  EXPECT_GE(made.program->rules.size(), 5u);
  for (const Rule& rule : made.program->rules)
    EXPECT_FALSE(rule.bases.empty() && rule.title_en == rule.title_zh) << rule.id;
}

struct Damage {
  const char* name;
  std::function<void(Rule&)> break_it;
};

TEST(Verify, sees_each_invariant_broken) {
  const char* body =
      "on item\nlet n = sum(i in items take i.amount)\nlet r = drug_sex[item.code]\nwhen n > 1元 "
      "and r.sex = male\n"
      "report lead on o in items beyond first 1 of quantity amount o.amount \"{item.name}\"";
  const auto when = [](Rule& rule) -> Call& { return std::get<Call>(rule.branches[0].when.form); };
  const auto sum = [](Rule& rule) -> Fold& { return std::get<Fold>(rule.lets[0].value.form); };
  const auto on = [](Rule& rule) -> Query& {
    return *std::get<QueryPtr>(rule.branches[0].report.on);
  };
  const std::vector<Damage> table = {
      {"a call without arguments", [&](Rule& rule) { when(rule).arguments.clear(); }},
      {"an argument of another type",
       [&](Rule& rule) { when(rule).arguments[0].type.kind = Kind::text; }},
      {"a condition that is none",
       [&](Rule& rule) { rule.branches[0].when.type.kind = Kind::integer; }},
      {"a let before its time", [&](Rule& rule) { rule.lets[0].value.form = LetOf{0}; }},
      {"a fold without its value", [&](Rule& rule) { sum(rule).value.reset(); }},
      {"a query over nothing", [&](Rule& rule) { sum(rule).query->from.clear(); }},
      {"a binder of none", [&](Rule& rule) { sum(rule).query->from[0].binder = rule.binders; }},
      {"a binder declared twice",
       [&](Rule& rule) { sum(rule).query->from[0].binder = on(rule).from[0].binder; }},
      {"a binder out of scope",
       [&](Rule& rule) {
         std::get<FieldOf>(sum(rule).value->form).binder = on(rule).from[0].binder;
       }},
      {"a column of none",
       [&](Rule& rule) { std::get<FieldOf>(sum(rule).value->form).column = 99; }},
      {"parts of a list", [&](Rule& rule) { sum(rule).query->from[0].parts = true; }},
      {"a limit at another scale",
       [&](Rule& rule) { std::get<BeyondQuantity>(on(rule).beyond).limit->type.scale = 2; }},
      {"an amount that is no money",
       [&](Rule& rule) {
         std::get<AmountExpr>(rule.branches[0].report.amount).value.type.kind = Kind::decimal;
       }},
      {"the own line of a list", [&](Rule& rule) { rule.branches[0].report.on = OwnLine{}; }},
      {"a guard of no match", [&](Rule& rule) { rule.guards.emplace_back(MatchGuard{0}); }},
      {"a row of another table", [&](Rule& rule) { std::get<RowGuard>(rule.guards[1]).table = 1; }},
      {"no stage", [&](Rule& rule) { rule.stages.clear(); }},
      {"no branch", [&](Rule& rule) { rule.branches.clear(); }},
      {"keys without groups",
       [&](Rule& rule) {
         rule.subject.keys.push_back({"a", "a", std::move(rule.branches[0].when)});
         rule.branches.clear();
       }},
  };
  EXPECT_TRUE(verify(*check(rule_text(body)).program).empty());
  for (const Damage& damage : table) {
    Checked checked = check(rule_text(body));
    ASSERT_EQ("", told(checked));
    damage.break_it(checked.program->rules[0]);
    EXPECT_FALSE(verify(*checked.program).empty()) << damage.name;
  }
}

} // namespace
} // namespace sanku::hir
