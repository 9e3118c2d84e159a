// Verdicts read, kept and joined to findings: which lines are refused and why, which verdict
// counts, what precision comes out and which rules are to be demoted.
#include "runtime/io/json_tape.h"
#include "tests/unit/tools/pack_fixture.h"
#include "tools/outcomes/outcomes.h"

#include <cmath>

namespace sanku::outcomes {
namespace {

using deploy::PackFolder;

std::string id(int number) { return fmt::format("{:032x}", number); }

struct Read {
  std::vector<Verdict> verdicts;
  std::vector<io::Reject> rejects;
  std::string fault;
};
Read read(const PackFolder& folder, const std::string& name, const std::string& text) {
  folder.write(name, text);
  Read made;
  const auto done = read_verdicts(
      folder.path(name),
      {.take = [&](Verdict verdict, std::uint64_t) { made.verdicts.push_back(std::move(verdict)); },
       .reject =
           [&](const io::Reject& reject) {
             made.rejects.push_back(reject);
             return Result<void>();
           }});
  if (!done)
    made.fault = done.error().en;
  return made;
}

TEST(Outcomes, verdicts_are_read_alike_from_ndjson_and_csv) {
  const PackFolder folder;
  const Read json = read(folder, "v.ndjson",
                         fmt::format("{{\"finding\":\"{}\",\"verdict\":\"partly\",\"amount\":12.5,"
                                     "\"date\":\"2026-03-05\",\"stage\":\"appeal\",\"region\":"
                                     "\"330106\",\"by\":\"李\",\"note\":\"a,\\\"b\\\"\"}}\n\n",
                                     id(1)));
  const Read csv = read(folder, "v.csv",
                        fmt::format("\xEF\xBB\xBF"
                                    "date,finding,verdict,amount,note,by,region,"
                                    "stage\r\n20260305,{},partly,12.50,\"a,\"\"b\"\"\",李,330106,"
                                    "appeal\r\n",
                                    id(1)));
  ASSERT_EQ(json.verdicts.size(), 1u) << (json.rejects.empty() ? "" : json.rejects[0].reason_en);
  ASSERT_EQ(csv.verdicts.size(), 1u) << (csv.rejects.empty() ? "" : csv.rejects[0].reason_en);
  EXPECT_EQ(to_json(json.verdicts[0]), to_json(csv.verdicts[0]));
  EXPECT_EQ(to_json(json.verdicts[0]),
            fmt::format("{{\"finding\":\"{}\",\"verdict\":\"partly\",\"amount\":\"12.50\",\"date\":"
                        "\"2026-03-05\",\"stage\":\"appeal\",\"region\":\"330106\",\"by\":\"李\","
                        "\"note\":\"a,\\\"b\\\"\"}}",
                        id(1)));
  // What was written is read again.
  const Read again = read(folder, "again.ndjson", to_json(json.verdicts[0]) + "\n");
  ASSERT_EQ(again.verdicts.size(), 1u);
  EXPECT_EQ(to_json(again.verdicts[0]), to_json(json.verdicts[0]));
}

TEST(Outcomes, a_wrong_line_is_refused_with_its_place_and_the_others_count) {
  const PackFolder folder;
  const auto line = [](const std::string& members) { return "{" + members + "}\n"; };
  const std::string head = fmt::format("\"finding\":\"{}\",", id(1));
  struct Case {
    std::string line, word;
  };
  const std::vector<Case> cases = {
      {line("\"finding\":\"12\",\"verdict\":\"confirmed\",\"date\":\"2026-01-01\""), "`finding`"},
      {line(head + "\"verdict\":\"maybe\",\"date\":\"2026-01-01\""), "`verdict`"},
      {line(head + "\"verdict\":\"confirmed\""), "`date`"},
      {line(head + "\"verdict\":\"confirmed\",\"date\":\"2026-13-01\""), "`date`"},
      {line(head + "\"verdict\":\"partly\",\"date\":\"2026-01-01\""), "`amount` is missing"},
      {line(head + "\"verdict\":\"partly\",\"amount\":\"1.234\",\"date\":\"2026-01-01\""),
       "`amount`"},
      {line(head + "\"verdict\":\"partly\",\"amount\":\"-1\",\"date\":\"2026-01-01\""), "`amount`"},
      {line(head + "\"verdict\":\"rejected\",\"amount\":\"5\",\"date\":\"2026-01-01\""),
       "upholds no amount"},
      {line(head + "\"verdict\":\"confirmed\",\"date\":\"2026-01-01\",\"stage\":\"x\""), "`stage`"},
      {line(head + "\"verdict\":\"confirmed\",\"date\":\"2026-01-01\",\"region\":\"33\""),
       "`region`"},
      {line(head + "\"verdict\":\"confirmed\",\"date\":\"2026-01-01\",\"who\":\"x\""), "`who`"},
      {line(head + "\"verdict\":[1],\"date\":\"2026-01-01\""), "neither a text"},
      {"{\"cut\n", "no JSON object"},
  };
  const std::string good = line(head + "\"verdict\":\"confirmed\",\"date\":\"2026-01-01\"");
  for (const Case& each : cases) {
    const Read made = read(folder, "v.ndjson", good + each.line + good);
    EXPECT_EQ(made.verdicts.size(), 2u) << each.line;
    ASSERT_EQ(made.rejects.size(), 1u) << each.line;
    EXPECT_EQ(made.rejects[0].line, 2u);
    EXPECT_EQ(made.rejects[0].offset, good.size());
    EXPECT_NE(made.rejects[0].reason_en.find(each.word), std::string::npos)
        << made.rejects[0].reason_en;
    EXPECT_FALSE(made.rejects[0].reason_zh.empty());
  }
  const Read rows = read(folder, "v.csv",
                         fmt::format("finding,verdict,date\n{},confirmed,2026-01-01\n{},confirmed\n"
                                     "{},rejected,2026-01-02\n",
                                     id(1), id(2), id(3)));
  EXPECT_EQ(rows.verdicts.size(), 2u);
  ASSERT_EQ(rows.rejects.size(), 1u);
  EXPECT_EQ(rows.rejects[0].line, 3u);
  EXPECT_NE(read(folder, "v.csv", "finding,date\n").fault.find("`verdict`"), std::string::npos);
  EXPECT_NE(read(folder, "v.csv", "finding,verdict,date,x\n").fault.find("`x`"), std::string::npos);
  EXPECT_NE(read(folder, "v.csv", "").fault.find("`finding`"), std::string::npos);
}

Verdict verdict(int finding, Ruling ruling, const char* date, Stage stage = Stage::review,
                std::optional<std::int64_t> cents = {}) {
  Verdict made{.finding = id(finding), .ruling = ruling, .cents = cents, .stage = stage};
  EXPECT_TRUE(parse_date(date, made.date));
  return made;
}

TEST(Outcomes, a_repeated_verdict_changes_nothing_and_a_later_one_counts_instead) {
  Ledger ledger;
  EXPECT_TRUE(ledger.add(verdict(1, Ruling::confirmed, "2026-01-05")));
  EXPECT_FALSE(ledger.add(verdict(1, Ruling::confirmed, "2026-01-05")));
  const auto counts = [&] { return ledger.verdicts().at(id(1)).front().ruling; };
  // Told later, but older.
  EXPECT_TRUE(ledger.add(verdict(1, Ruling::rejected, "2026-01-04")));
  EXPECT_EQ(counts(), Ruling::confirmed);
  EXPECT_TRUE(ledger.add(verdict(1, Ruling::partly, "2026-01-05", Stage::appeal, 100)));
  EXPECT_EQ(counts(), Ruling::partly);
  EXPECT_TRUE(ledger.add(verdict(1, Ruling::rejected, "2026-01-05")));
  EXPECT_EQ(counts(), Ruling::partly) << "an appeal of the same day counts";
  EXPECT_TRUE(ledger.add(verdict(1, Ruling::rejected, "2026-01-05", Stage::appeal)));
  EXPECT_EQ(counts(), Ruling::rejected) << "of equals the one told last";
  EXPECT_FALSE(ledger.add(verdict(1, Ruling::confirmed, "2026-01-05")));
  EXPECT_EQ(ledger.size(), 5u) << "all are kept";
}

TEST(Outcomes, a_ledger_on_disk_only_grows) {
  const PackFolder folder;
  const std::string path = folder.path("ledger.ndjson");
  const auto contents = [&] {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  ASSERT_TRUE(append(path, "{\"a\":1}\n"));
  ASSERT_TRUE(append(path, "{\"b\":2}\n{\"c\":3}\n"));
  EXPECT_EQ(contents(), "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n");
  folder.write("ledger.ndjson", "{\"a\":1}\n{\"cut");
  ASSERT_TRUE(append(path, "{\"b\":2}\n"));
  EXPECT_EQ(contents(), "{\"a\":1}\n{\"cut\n{\"b\":2}\n")
      << "a line that was cut off stays by itself";
  EXPECT_FALSE(append(folder.path("no/such/folder"), "x\n"));
}

TEST(Outcomes, policies_are_read_with_their_mistakes_named) {
  const auto policy = read_policy("precision = 0.8\nleast = 5\n[rules.R1]\nprecision = 0.95\n"
                                  "[rules.\"R 2\"]\nleast = 1\n",
                                  "p.toml");
  ASSERT_TRUE(policy) << policy.error().en;
  EXPECT_EQ(demand_of(*policy, "R1").precision, 0.95);
  EXPECT_EQ(demand_of(*policy, "R1").least, 5u);
  EXPECT_EQ(demand_of(*policy, "R 2").precision, 0.8);
  EXPECT_EQ(demand_of(*policy, "other").least, 5u);
  struct Case {
    const char *text, *word;
  };
  for (const Case& each : {Case{"precision = 1.5\n", "p.toml:1: `precision`"},
                           Case{"least = 0\n", "`least`"}, Case{"\nmost = 3\n", "p.toml:2: `most`"},
                           Case{"rules = 3\n", "`rules`"}, Case{"[rules]\nR1 = 1\n", "table"},
                           Case{"[rules.R1]\nx = 1\n", "`x`"}, Case{"precision =\n", "p.toml:1"}}) {
    const auto wrong = read_policy(each.text, "p.toml");
    ASSERT_FALSE(wrong) << each.text;
    EXPECT_NE(wrong.error().en.find(each.word), std::string::npos) << wrong.error().en;
    EXPECT_NE(wrong.error().zh.find("第"), std::string::npos) << wrong.error().zh;
  }
}

TEST(Outcomes, wilsons_interval_is_the_published_one) {
  // Wilson 1927; figures as statistics texts give them.
  struct Case {
    std::uint64_t upheld, rejected;
    double low, high;
  };
  for (const Case& each : {Case{8, 2, 0.4902, 0.9433}, Case{0, 10, 0.0, 0.2775},
                           Case{10, 0, 0.7225, 1.0}, Case{81, 182, 0.2553, 0.3662}}) {
    const auto [low, high] = interval({.confirmed = each.upheld, .rejected = each.rejected});
    EXPECT_NEAR(low, each.low, 5e-5);
    EXPECT_NEAR(high, each.high, 5e-5);
  }
}

std::string finding(int number, const std::string& rule, const std::string& severity,
                    const std::string& amount, const std::string& pack, const std::string& region) {
  return fmt::format(
      "{{\"id\":\"{}\",\"mdtrt_id\":\"M\",\"setl_id\":\"S\",\"region\":{},\"rule\":"
      "\"{}\",\"name\":\"名{}\",\"severity\":\"{}\",\"amount\":{},\"lines\":[{{\"id\":"
      "\"1\",\"amount\":\"7.00\"}}],\"message\":\"m\",\"pack\":\"{}\"}}\n",
      id(number), region.empty() ? "null" : '"' + region + '"', rule, rule, severity,
      amount.empty() ? "null" : '"' + amount + '"', pack);
}

TEST(Outcomes, precision_by_rule_version_and_place_and_rules_to_demote) {
  const PackFolder folder;
  // Ten of R1, of which two were rejected; R2 suspects only, R3 has a policy of its own.
  std::string first, second;
  Ledger ledger;
  for (int i = 0; i < 10; ++i) {
    first += finding(i, "R1", "violation", "10.00", "p 1", i < 5 ? "330100" : "");
    if (i < 6)
      second += finding(i, "R1", "violation", "10.00", "p 2", i < 5 ? "330100" : "");
    EXPECT_TRUE(ledger.add(verdict(i, i < 8 ? Ruling::confirmed : Ruling::rejected, "2026-01-05")));
  }
  first += finding(20, "R2", "suspected", "5.00", "p 1", "330200") +
           finding(21, "R3", "violation", "5.00", "p 1", "330200") +
           finding(22, "R3", "violation", "", "p 1", "330200") +
           finding(23, "R3", "violation", "8.00", "p 1", "330200");
  EXPECT_TRUE(ledger.add(verdict(20, Ruling::rejected, "2026-01-05")));
  EXPECT_TRUE(ledger.add(verdict(21, Ruling::partly, "2026-01-05", Stage::review, 600)));
  EXPECT_TRUE(ledger.add(verdict(22, Ruling::rejected, "2026-01-05")));
  EXPECT_TRUE(ledger.add(verdict(99, Ruling::confirmed, "2026-01-05")));
  folder.write("first.ndjson", first);
  folder.write("second.ndjson", second);
  Join join(ledger);
  ASSERT_TRUE(join.read(folder.path("first.ndjson")));
  ASSERT_TRUE(join.read(folder.path("second.ndjson")));
  const Outcomes outcomes = join.take();
  const RuleOutcome& r1 = outcomes.rules.at("R1");
  EXPECT_EQ(r1.all.findings, 16u);
  EXPECT_EQ(reviewed(r1.all), 10u) << "a finding of two versions is reviewed once";
  EXPECT_EQ(*precision(r1.all), 0.8);
  EXPECT_EQ(static_cast<std::int64_t>(r1.all.found), 10000);
  EXPECT_EQ(static_cast<std::int64_t>(r1.all.upheld), 8000);
  EXPECT_EQ(reviewed(r1.packs.at("p 2")), 6u);
  EXPECT_EQ(*precision(r1.packs.at("p 2")), 1.0);
  EXPECT_EQ(reviewed(outcomes.regions.at("330100")), 5u);
  EXPECT_EQ(reviewed(outcomes.regions.at("")), 5u);
  EXPECT_EQ(reviewed(outcomes.rules.at("R3").all), 2u);
  EXPECT_EQ(outcomes.unknown, std::set<std::string>{id(99)});
  EXPECT_EQ(outcomes.above, std::set<std::string>{id(21)});

  Policy policy;
  policy.all.precision = 0.85;
  policy.rules["R3"] = {.precision = 0.4, .least = 1};
  std::vector<Demotion> found = demotions(outcomes, policy);
  ASSERT_EQ(found.size(), 1u) << "a rule that only suspects is no violation";
  EXPECT_EQ(found[0].rule, "R1");
  EXPECT_FALSE(found[0].sure);
  policy.all.precision = 0.95;
  EXPECT_TRUE(demotions(outcomes, policy).at(0).sure);
  policy.all.precision = 0.8;
  EXPECT_TRUE(demotions(outcomes, policy).empty()) << "as much as is asked for is enough";
  policy.all = {.precision = 0.95, .least = 11};
  EXPECT_TRUE(demotions(outcomes, policy).empty()) << "too few say nothing";
  policy.rules["R3"].precision = 0.6;
  EXPECT_EQ(demotions(outcomes, policy).at(0).rule, "R3");

  const Told told{.outcomes = outcomes, .policy = policy, .added = 14};
  const std::string text = report_text(told, Language::en), json = report_json(told);
  EXPECT_NE(text.find("to be demoted from violation to suspected"), std::string::npos) << text;
  EXPECT_NE(report_text(told, Language::zh).find("降为“可疑”"), std::string::npos);
  EXPECT_NE(json.find("\"demote\":[{\"rule\":\"R3\""), std::string::npos) << json;
  io::JsonTape tape;
  EXPECT_EQ(tape.parse(json, json.size()), io::JsonFault::none);
}

TEST(Outcomes, what_is_no_finding_is_told_with_its_line) {
  const PackFolder folder;
  folder.write("f.ndjson", finding(1, "R", "violation", "1", "p", "") + "{\"x\":1}\n");
  const Ledger ledger;
  Join join(ledger);
  const auto done = join.read(folder.path("f.ndjson"));
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().en.find("f.ndjson:2"), std::string::npos) << done.error().en;
}

} // namespace
} // namespace sanku::outcomes
