// Questions to the solver: each kind of conflict is planted and found, what is no conflict is not,
// and every claim that is shown is one that the engine judges so.
#include "tests/unit/tools/engine_fixture.h"
#include "tools/engine/run_tests.h"
#include "tools/prove/analyse.h"
#include "tools/prove/generate.h"
#include "tools/prove/report.h"
#include "tools/prove/versions.h"

#include <map>

namespace sanku::prove {
namespace {

using engine::PackFolder;

constexpr const char* planted =
    "param most / 上限 = 5\n"
    "rule A001 \"从不触发\" { category medical  basis law  on settlement\n"
    "  when settlement.gestation > 10 and settlement.gestation < 5  report suspected \"x\" }\n"
    "rule A002 \"遮住\" { category medical  basis law  on settlement\n"
    "  when settlement.fetuses >= 2 report suspected \"x\"\n"
    "  when settlement.fetuses >= 3 report violation \"y\" }\n"
    "rule A003 \"多余的条件\" { category medical  basis law  on settlement\n"
    "  when settlement.allowance_days > most and (settlement.allowance_days > 3 or patient.sex = "
    "female)\n  report suspected \"x\" }\n"
    "rule A004 \"同义一\" { category policy  basis law  on item\n"
    "  when item.quantity > most  report violation \"x\" }\n"
    "rule A005 \"同义二\" { category policy  basis law  on item\n"
    "  when not (item.quantity <= most)  report violation \"x\" }\n"
    "rule A006 \"成年\" { category medical  basis law  on item\n"
    "  when patient.age >= 18岁 and patient.sex = male  report suspected \"x\" }\n"
    "rule A007 \"四行\" { category medical  basis law  on settlement\n"
    "  when count(i in items) >= 4  report suspected \"x\" }\n"
    "rule A008 \"超出\" { category medical  basis law  on items by code\n"
    "  when sum(i in group.items take i.quantity) > 3\n"
    "  report violation on group.items beyond first 3 of quantity \"x\" }\n"
    "rule A009 \"再入院\" { category medical  basis law  on settlement\n"
    "  with past in history(10 days) where past.provider.id = settlement.provider.id\n"
    "  when settlement.begin - past.end <= 10 days  report suspected \"x\" }\n"
    "rule A010 \"空表\" { category medical  basis law  on item\n"
    "  let row = limit[item.code]  when item.quantity > row.max  report violation \"x\" }\n"
    "rule A011 \"已知\" { category medical  basis law  on settlement\n"
    "  when known settlement.total and settlement.total > 1000元  report suspected \"x\" }\n"
    "knowledge limit / 限量 from \"limit.csv\" { item : ServiceCode key  max : decimal(16,4) }\n";

struct Planted {
  PackFolder folder;

  explicit Planted(const std::string& text = planted) {
    folder.write("rules.sanku", text);
    folder.write("knowledge/limit.csv", "item,max\n");
  }
};

Options options(bool pairs = true) {
  Options made;
  made.limits.effort = effort_of(2);
  made.pairs = pairs;
  return made;
}

Report report_of(const engine::Rules& rules, const Options& wanted) {
  const auto replayer = Replayer::make(rules);
  EXPECT_TRUE(replayer);
  return replayer ? analyse(**replayer, wanted) : Report{};
}

// `A002 shadowed 2`: rule, kind, and the other rule or the branch; ` proved` where it is.
std::vector<std::string> short_form(const Report& report, const engine::Rules& rules) {
  std::vector<std::string> all;
  for (const Finding& each : report.findings) {
    std::string text = engine::program(rules).rules[each.rule].id + " ";
    text += name_of(each.kind);
    if (each.other)
      text += " " + engine::program(rules).rules[*each.other].id;
    if (each.branch)
      text += fmt::format(" {}", *each.branch + 1);
    if (each.proved)
      text += " proved";
    all.push_back(std::move(text));
  }
  return all;
}

bool has(const std::vector<std::string>& all, const std::string& one) {
  return std::ranges::find(all, one) != all.end();
}

TEST(Prove, finds_what_was_planted_and_nothing_else) {
  const Planted pack;
  const auto rules = engine::rules_at(pack.folder.path());
  ASSERT_TRUE(rules);
  const Report report = report_of(*rules, options());
  const std::vector<std::string> found = short_form(report, *rules);
  const std::string all = fmt::format("{}", fmt::join(found, "\n"));
  EXPECT_TRUE(has(found, "A001 never_fires proved")) << all;
  EXPECT_TRUE(has(found, "A002 shadowed 2 proved")) << all;
  EXPECT_TRUE(has(found, "A003 always_true proved")) << all;
  EXPECT_TRUE(has(found, "A004 together A005 proved")) << all;
  EXPECT_TRUE(has(found, "A004 overlap A005")) << all;
  // A bound is no proof, and says itself.
  EXPECT_TRUE(has(found, "A007 never_fires")) << all;
  for (const char* clean : {"A006", "A008", "A009", "A010", "A011"})
    for (const std::string& each : found)
      EXPECT_FALSE(each.starts_with(clean) && each.find("overlap") == std::string::npos) << each;
  EXPECT_TRUE(report.open.empty());
  EXPECT_EQ(report.with_witness, 9u);
  const std::string shown = text(report, *rules, Language::en);
  EXPECT_NE(shown.find("no claim with up to 3 lines in a list shows otherwise (no proof)"),
            std::string::npos)
      << shown;
  EXPECT_NE(shown.find("proved, for claims of any size"), std::string::npos);
  EXPECT_NE(text(report, *rules, Language::zh).find("永远不会触发"), std::string::npos);
  EXPECT_NE(shown.find("A007 \"四行\": no claim with up to 3 lines in a list fires it"),
            std::string::npos)
      << shown;
  for (const Finding& each : report.findings)
    if (each.kind == Kind::never_fires) {
      EXPECT_EQ(is_conflict(each), each.proved);
    }
}

TEST(Prove, what_was_not_found_up_to_a_size_is_no_conflict) {
  const Planted pack(
      "rule W1 \"六行\" { category medical  basis law  on settlement\n"
      "  when count(i in items where i.quantity > 5) >= 6  report suspected \"x\" }\n"
      "knowledge limit / 限量 from \"limit.csv\" { item : ServiceCode key  max : "
      "decimal(16,4) }\n");
  const auto rules = engine::rules_at(pack.folder.path());
  ASSERT_TRUE(rules);
  const Report few = report_of(*rules, options());
  ASSERT_EQ(few.findings.size(), 1u);
  EXPECT_EQ(conflicts(few), 0u);
  Options wanted = options();
  wanted.limits.most.lines = 6;
  EXPECT_EQ(report_of(*rules, wanted).with_witness, 1u);
}

TEST(Prove, every_two_rules_that_take_the_same_line_come_with_their_smallest_claim) {
  const std::string head = " { category medical  basis law  on item  when item.quantity > ";
  const Planted pack("rule O1 \"甲\"" + head + "3 report violation amount item.amount \"x\" }\n" +
                     "rule O2 \"乙\"" + head +
                     "4 report violation amount item.amount * 80% \"x\" }\n" + "rule O3 \"丙\"" +
                     head + "2 report suspected \"x\" }\n" +
                     "knowledge limit / 限量 from \"limit.csv\" { item : ServiceCode key  max : "
                     "decimal(16,4) }\n");
  const auto rules = engine::rules_at(pack.folder.path());
  ASSERT_TRUE(rules);
  const Report report = report_of(*rules, options());
  const std::vector<std::string> found = short_form(report, *rules);
  for (const char* pair : {"O1 overlap O2", "O1 overlap O3", "O2 overlap O3"})
    EXPECT_TRUE(has(found, pair)) << pair;
  for (const Finding& each : report.findings)
    if (each.kind == Kind::overlap) {
      EXPECT_NE(each.test.find("given { items [ { quantity: "), std::string::npos) << each.test;
    }
}

// What a limit is for: cubes of three lines are beyond the solver, and steps alone do not end it.
TEST(Prove, a_limit_is_one_for_a_whole_rule) {
  const Planted pack(
      "rule Q3 \"立方\" { category medical  basis law  on settlement\n"
      "  with a in items with b in items with c in items where a.quantity * a.quantity * "
      "a.quantity "
      "+ b.quantity * b.quantity * b.quantity = c.quantity * c.quantity * c.quantity and "
      "a.quantity "
      "> 1 and b.quantity > 1 and c.quantity > 1\n"
      "  when a.quantity * b.quantity = 77.77  report suspected \"x\" }\n"
      "knowledge limit / 限量 from \"limit.csv\" { item : ServiceCode key  max : decimal(16,4) "
      "}\n");
  const auto rules = engine::rules_at(pack.folder.path());
  ASSERT_TRUE(rules);
  Options wanted = options();
  wanted.limits.effort = effort_of(0.2);
  const Report report = report_of(*rules, wanted);
  ASSERT_EQ(report.open.size(), 1u);
  EXPECT_EQ(report.open[0].why, Why::effort);
  // Of time as well: steps without an end come to one.
  wanted.limits.effort = effort_of(1000);
  wanted.limits.milliseconds = 300;
  EXPECT_EQ(report_of(*rules, wanted).open.size(), 1u);
}

TEST(Prove, every_claim_that_is_shown_passes_as_a_test_of_the_pack) {
  const Planted pack;
  const auto rules = engine::rules_at(pack.folder.path());
  ASSERT_TRUE(rules);
  for (const bool chinese : {false, true}) {
    Options wanted = options();
    wanted.chinese = chinese;
    const Report report = report_of(*rules, wanted);
    std::string blocks;
    for (const auto* all : {&report.findings, &report.witnesses})
      for (const Finding& each : *all)
        blocks += each.test + "\n";
    const Planted with_tests(std::string(planted) + blocks);
    const auto again = engine::rules_at(with_tests.folder.path());
    ASSERT_TRUE(again) << blocks;
    const auto run = engine::run_tests(*again, {}, {});
    ASSERT_TRUE(run);
    EXPECT_GE(run->results.size(), 12u);
    for (const engine::TestResult& each : run->results)
      EXPECT_TRUE(each.failures.empty()) << each.test->ast->title << "\n" << blocks;
  }
}

TEST(Prove, claims_are_as_small_as_can_be) {
  const Planted pack;
  const auto rules = engine::rules_at(pack.folder.path());
  ASSERT_TRUE(rules);
  const Report report = report_of(*rules, options(false));
  std::map<std::string, std::string> tests;
  for (const Finding& each : report.witnesses)
    tests[engine::program(*rules).rules[each.rule].id] = each.test;
  EXPECT_NE(tests["A004"].find("given { items [ { quantity: 6 } ] }"), std::string::npos)
      << tests["A004"];
  // Of a past visit only what the rule asks, and rows of a table that the pack leaves empty.
  EXPECT_NE(tests["A009"].find("given history"), std::string::npos) << tests["A009"];
  EXPECT_NE(tests["A010"].find("given knowledge limit"), std::string::npos) << tests["A010"];
  EXPECT_EQ(tests["A008"].find("}, {"), std::string::npos) << tests["A008"];
}

TEST(Prove, the_same_rules_give_the_same_report) {
  const Planted pack;
  const auto rules = engine::rules_at(pack.folder.path());
  ASSERT_TRUE(rules);
  EXPECT_EQ(json(report_of(*rules, options()), *rules), json(report_of(*rules, options()), *rules));
}

TEST(Prove, versions_are_equal_or_told_apart) {
  std::string later = planted;
  later.replace(later.find("18岁"), std::string_view("18岁").size(), "19岁");
  later.replace(later.find("fetuses >= 2"), 12, "fetuses > 1 ");
  // A test has one folder: the first version is in memory when the second is written.
  const Planted before;
  const auto old_rules = engine::rules_at(before.folder.path());
  const Planted now(later);
  const auto new_rules = engine::rules_at(now.folder.path());
  ASSERT_TRUE(old_rules && new_rules);
  const auto first = Replayer::make(*old_rules), second = Replayer::make(*new_rules);
  ASSERT_TRUE(first && second);
  const auto report = compare(**first, **second, Comparing::versions, options());
  ASSERT_TRUE(report);
  const std::vector<std::string> found = short_form(*report, *new_rules);
  EXPECT_TRUE(has(found, "A006 differs")) << fmt::format("{}", fmt::join(found, "\n"));
  // Written otherwise, and the same: found by asking, so that it is no proof of every word.
  EXPECT_TRUE(has(found, "A002 equal"));
  EXPECT_TRUE(has(found, "A001 equal proved"));
  for (const Finding& each : report->findings)
    if (each.kind == Kind::differs) {
      EXPECT_NE(each.test.find("expect A006"), std::string::npos) << each.test;
    }
}

// What is asked of a rule depends on no other, so whoever asks about some is told the same.
TEST(Prove, a_sample_comes_out_as_the_whole_does) {
  const Planted pack;
  const auto rules = engine::rules_at(pack.folder.path());
  ASSERT_TRUE(rules);
  Options wanted = options();
  wanted.pairs_alone = true;
  const Report whole = report_of(*rules, wanted);
  const auto replayer = Replayer::make(*rules);
  ASSERT_TRUE(replayer);
  const auto alone = [](const Report& report, const engine::Rules& of) {
    std::vector<std::string> all = short_form(report, of);
    std::erase_if(all, [](const std::string& each) { return each.find("overlap") != each.npos; });
    std::ranges::sort(all);
    return all;
  };
  Sample which{.order = {}, .most_steps = ~std::uint64_t{0} >> 1, .most_milliseconds = 3'600'000};
  for (std::uint32_t rule = 11; rule > 0; --rule)
    which.order.push_back(rule - 1);
  const Report again = sample(**replayer, wanted, which);
  EXPECT_EQ(alone(again, *rules), alone(whole, *rules)) << "in any order";
  EXPECT_EQ(again.examined.size(), 11u);
  EXPECT_FALSE(again.by_time);
  which.order = {4};
  EXPECT_TRUE(
      has(short_form(sample(**replayer, wanted, which), *rules), "A004 together A005 proved"))
      << "with a rule that is not of the sample";
  which.most_steps = 1;
  which.order = {0, 1};
  EXPECT_EQ(sample(**replayer, wanted, which).rules, 1u) << "it stops where enough is spent";
}

// Steps are the same on every machine, time is not.
TEST(Prove, says_where_time_ended_a_search) {
  const Planted pack;
  const auto rules = engine::rules_at(pack.folder.path());
  ASSERT_TRUE(rules);
  Options wanted = options(false);
  wanted.rules = {0};
  EXPECT_FALSE(report_of(*rules, wanted).by_time);
  wanted.limits.milliseconds = 0;
  EXPECT_TRUE(report_of(*rules, wanted).by_time);
  wanted = options(false);
  wanted.limits.effort = 1;
  wanted.rules = {3};
  EXPECT_FALSE(report_of(*rules, wanted).by_time) << "steps did";
}

TEST(Prove, what_is_too_large_to_be_written_down_is_unknown) {
  const Planted pack;
  const auto rules = engine::rules_at(pack.folder.path());
  ASSERT_TRUE(rules);
  Options wanted = options(false);
  wanted.rules = {6};
  wanted.most_turns = 1;
  const Report report = report_of(*rules, wanted);
  EXPECT_TRUE(report.findings.empty());
  ASSERT_EQ(report.open.size(), 1u);
  EXPECT_EQ(report.open[0].why, Why::effort);
}

TEST(Prove, an_overlay_that_loosens_a_mandatory_rule_is_found) {
  const PackFolder folder;
  const std::string schema =
      (std::filesystem::current_path() / "stdlib-rules/schema/settlement.sanku").string();
  std::filesystem::create_directories(folder.path("national/knowledge"));
  std::filesystem::create_directories(folder.path("local/knowledge"));
  folder.write("national/pack.toml",
               fmt::format("name = \"national.core\"\nversion = \"1\"\nlanguage = \"1\"\n"
                           "test_date = 2026-03-05\nschema = \"{}\"\n",
                           schema));
  folder.write(
      "national/rules.sanku",
      "param most / 上限 = 5 between 1 and 50\n"
      "rule M1 \"强制\" { mandatory  on item  when item.quantity > most  report violation "
      "\"x\" }\n"
      "rule M2 \"可放宽\" { on item  when item.quantity > most  report violation \"x\" }\n"
      // What a smaller number lets pass, and what it takes less of.
      "rule M3 \"下限\" { mandatory  on item  when item.quantity < least  report violation "
      "\"x\" }\n"
      "rule M4 \"金额\" { mandatory  on item  when item.quantity > 90  report violation amount "
      "1元 * least \"x\" }\n"
      "rule M5 \"收紧\" { mandatory  on item  when item.quantity > least  report violation "
      "\"x\" }\n"
      "param least / 下限 = 5 between 1 and 50\n");
  folder.write("local/pack.toml", "name = \"local\"\nversion = \"1\"\nlanguage = \"1\"\n"
                                  "base = \"../national\"\n");
  folder.write(
      "local/local.sanku",
      "overlay local on national.core region \"330000\" { param most = 9  param least = 3 }\n");
  const auto base = engine::rules_at(folder.path("national"));
  const auto whole = engine::rules_at(folder.path("local"));
  ASSERT_TRUE(base && whole);
  const auto first = Replayer::make(*base), second = Replayer::make(*whole);
  ASSERT_TRUE(first && second);
  const auto report = compare(**first, **second, Comparing::overlays, options());
  ASSERT_TRUE(report);
  const std::vector<std::string> loosened{"M1 loosened", "M3 loosened", "M4 loosened"};
  EXPECT_EQ(short_form(*report, *whole), loosened);
  EXPECT_TRUE(report->open.empty());

  // Where the place of a claim is not given by the pack, a claim without one shows nothing.
  engine::ReadOptions with_overlay;
  with_overlay.overlays = {folder.path("local")};
  const auto both = engine::read_rules(folder.path("national"), with_overlay);
  ASSERT_TRUE(both && engine::is_ready(**both));
  const auto third = Replayer::make(**both);
  ASSERT_TRUE(third);
  const auto again = compare(**first, **third, Comparing::overlays, options());
  ASSERT_TRUE(again);
  EXPECT_EQ(short_form(*again, **both), loosened);
  for (const Finding& each : again->findings)
    EXPECT_NE(each.test.find("area: \"33"), std::string::npos) << each.test;
}

// Rules of one line each, in two versions; a test has one folder, so that the first is in memory
// when the second is written.
Report compared(const std::string& first, const std::string& second) {
  const auto pack = [](const std::string& text) {
    return text + "knowledge limit / 限量 from \"limit.csv\" { item : ServiceCode key  max : "
                  "decimal(16,4) }\n";
  };
  const Planted before(pack(first));
  const auto old_rules = engine::rules_at(before.folder.path());
  const Planted now(pack(second));
  const auto new_rules = engine::rules_at(now.folder.path());
  EXPECT_TRUE(old_rules && new_rules) << first << second;
  if (!old_rules || !new_rules)
    return {};
  const auto a = Replayer::make(*old_rules), b = Replayer::make(*new_rules);
  EXPECT_TRUE(a && b);
  if (!a || !b)
    return {};
  const auto report = compare(**a, **b, Comparing::versions, options());
  EXPECT_TRUE(report);
  if (!report)
    return {};
  for (const Finding& each : report->findings) {
    // What is shown tells the two apart.
    if (!each.test.empty()) {
      EXPECT_TRUE((*b)->passes(each.test)) << each.test;
      EXPECT_FALSE((*a)->passes(each.test)) << each.test;
    }
  }
  return *report;
}

TEST(Prove, versions_that_differ_in_what_has_no_terms_are_not_called_the_same) {
  struct Row {
    const char *before, *now;
    Kind kind;
    const char* part;
    bool shown; // by a test
  };
  const std::string head = "rule V1 \"版本\" { category medical  basis law  ";
  const Row rows[] = {
      {"on item when item.quantity > 7 report violation \"a\"",
       "on item when item.quantity > 7 report suspected \"a\"", Kind::differs, "severity", true},
      {"on item when item.quantity > 7 report violation \"a\"",
       "trial until 2030-12-31 on item when item.quantity > 7 report violation \"a\"",
       Kind::differs, "trial", false},
      {"on item when item.quantity > 7 report violation \"a\" when unknown report reminder \"x\"",
       "on item when item.quantity > 7 report violation \"a\" when unknown report suspected \"x\"",
       Kind::differs, "severity", true},
      {"on items by code when sum(i in group.items take i.quantity) > 3 report violation on "
       "group.items beyond first 3 of quantity \"x\"",
       "on items by code when sum(i in group.items take i.quantity) > 3 report violation on "
       "group.items beyond first 2 of quantity \"x\"",
       Kind::not_compared, "lines", false},
      {"on settlement when count(i in items) >= 1 report violation on i in items amount i.amount * "
       "50% \"x\"",
       "on settlement when count(i in items) >= 1 report violation on i in items amount i.amount * "
       "60% \"x\"",
       Kind::not_compared, "amount", false},
      {"on settlement when count(i in items) >= 1 report violation on those(i in items where "
       "i.quantity > 7) \"x\"",
       "on settlement when count(i in items) >= 1 report violation on those(i in items where "
       "i.quantity > 6) \"x\"",
       Kind::not_compared, "lines", false},
      // A value that the amount names is compared by what it says.
      {"on settlement let f = 50% when count(i in items) >= 1 report violation on i in items "
       "amount "
       "i.amount * f \"x\"",
       "on settlement let f = 60% when count(i in items) >= 1 report violation on i in items "
       "amount "
       "i.amount * f \"x\"",
       Kind::not_compared, "amount", false},
      {"on item when item.quantity > 7 report violation amount unknown \"a\"",
       "on item when item.quantity > 7 report violation amount 5元 \"a\"", Kind::differs, "", true},
      {"on item when item.quantity > 7 report violation amount 5元 \"a\"",
       "on item when item.quantity > 7 report violation amount unknown \"a\"", Kind::differs, "",
       true},
      {"on item when item.quantity > 7 report violation \"a\"",
       "on item when item.quantity > 7 report violation \"b\"", Kind::equal, "texts", false},
      {"on item let x = item.amount * 50% when item.quantity > 7 report violation amount x \"a\"",
       "on item let y = 7 let x = 50% * item.amount when item.quantity > y report violation amount "
       "x \"a\"",
       Kind::equal, "", false},
  };
  for (const Row& row : rows) {
    const Report report = compared(head + row.before + " }\n", head + row.now + " }\n");
    ASSERT_EQ(report.findings.size(), 1u) << row.now;
    const Finding& found = report.findings[0];
    EXPECT_EQ(name_of(found.kind), name_of(row.kind)) << row.now;
    EXPECT_EQ(found.test.empty(), !row.shown) << row.now << found.test;
    std::string parts;
    for (const PartDiffers& part : found.parts)
      parts += part.part;
    EXPECT_EQ(parts, row.part) << row.now;
  }
}

TEST(Prove, a_form_without_terms_is_unknown_and_named) {
  const Planted pack("rule P1 \"同类\" { category medical  basis law  stage post\n"
                     "  on settlements by provider\n"
                     "  let n = count(s in group.settlements)\n"
                     "  let share = sum(s in group.settlements take s.total)\n"
                     "  let peers = mean(share) among provider.level\n"
                     "  when share > peers * 2  report lead amount unknown \"x\" }\n");
  const auto read = engine::read_rules(pack.folder.path());
  ASSERT_TRUE(read);
  ASSERT_TRUE(engine::is_ready(**read)) << (*read)->diagnostics.all.front().en;
  const Report report = report_of(**read, options());
  ASSERT_EQ(report.open.size(), 1u);
  EXPECT_TRUE(report.open[0].forms.contains("peers"));
  EXPECT_NE(text(report, **read, Language::en).find("not encoded: peers"), std::string::npos);
}

TEST(Prove, boundary_tests_are_written_and_not_written_twice) {
  const Planted pack;
  const auto rules = engine::rules_at(pack.folder.path());
  ASSERT_TRUE(rules);
  const auto replayer = Replayer::make(*rules);
  ASSERT_TRUE(replayer);
  Options wanted = options();
  wanted.rules = {5}; // A006
  const Generated made = generate(**replayer, wanted);
  EXPECT_GE(made.tests, 5u) << made.text;
  EXPECT_EQ(made.open, 0u);
  EXPECT_NE(made.text.find("expect A006 suspected"), std::string::npos) << made.text;
  EXPECT_NE(made.text.find("expect A006 clear"), std::string::npos);
  EXPECT_NE(made.text.find("expect A006 indeterminate missing"), std::string::npos);
  const Planted with_tests(std::string(planted) + made.text);
  const auto again = engine::rules_at(with_tests.folder.path());
  ASSERT_TRUE(again);
  const auto run = engine::run_tests(*again, {}, {});
  ASSERT_TRUE(run);
  for (const engine::TestResult& each : run->results)
    EXPECT_TRUE(each.failures.empty()) << each.test->ast->title;
  const auto second = Replayer::make(*again);
  ASSERT_TRUE(second);
  const Generated nothing = generate(**second, wanted);
  EXPECT_EQ(nothing.tests, 0u) << nothing.text;
  EXPECT_EQ(nothing.known, made.tests + made.known);
}

TEST(Prove, two_rules_with_the_same_condition_have_boundary_tests_each) {
  const Planted pack("rule C1 \"一\" { category policy  basis law  on item\n"
                     "  when item.quantity > 5  report violation \"x\" }\n"
                     "rule C2 \"二\" { category policy  basis law  on item\n"
                     "  when item.quantity > 5  report suspected \"y\" }\n");
  const auto rules = engine::rules_at(pack.folder.path());
  ASSERT_TRUE(rules);
  const auto replayer = Replayer::make(*rules);
  ASSERT_TRUE(replayer);
  const Generated made = generate(**replayer, options());
  for (const char* expected : {"expect C1 violation", "expect C1 clear", "expect C1 indeterminate",
                               "expect C2 suspected", "expect C2 clear", "expect C2 indeterminate"})
    EXPECT_NE(made.text.find(expected), std::string::npos) << expected << made.text;
}

} // namespace
} // namespace sanku::prove
