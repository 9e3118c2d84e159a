// The engine whole, on the national rules and on generated settlements: what was planted is found
// exactly, and the bytes do not depend on threads, batches, engine or index.
#include "tests/unit/tools/engine_fixture.h"
#include "tools/engine/explain.h"
#include "tools/engine/run_tests.h"
#include "tools/generate/generate.h"

#include <simdjson.h>

#include <map>
#include <set>
#include <tuple>

namespace sanku::engine {
namespace {

constexpr const char* national = "bench/packs/first_eighteen";

struct Generated {
  std::string claims, manifest;
};
Generated generated(std::uint64_t settlements, double rate) {
  Generated made;
  const generate::Options options{.settlements = settlements,
                                  .seed = 11,
                                  .violation_rate = rate,
                                  .pack = national,
                                  .codes = "stdlib-rules/schema/codes",
                                  .compact = true};
  const auto summary = generate::generate(
      options, [&](std::string_view text) { return made.claims.append(text), true; },
      [&](std::string_view text) { return made.manifest.append(text), true; });
  EXPECT_TRUE(summary) << summary.error().en;
  return made;
}

// ---- what was found and what was planted, as sorted texts: visit, rule, subject, amount,
// offending lines

using simdjson::dom::element;

std::string text_or_null(element value) {
  return value.is_null() ? "null" : std::string(value.get_string().value());
}

std::string offending(element finding) {
  std::string out;
  const simdjson::dom::array lines = finding["lines"].get_array().value();
  for (const element line : lines) {
    if (line["role"].error() == simdjson::SUCCESS &&
        line["role"].get_string().value() != "offending")
      continue;
    out += " " + text_or_null(line["id"].value()) + "=" + text_or_null(line["amount"].value());
  }
  return out;
}

// The subject as the manifest names it, as far as the finding shows it: the code of a group, the
// one line. What several lines are about, the lines themselves say.
std::string subject(element finding, const std::string& rule) {
  if (rule == "GZ10000102014" || rule == "GZ10000101010")
    return text_or_null(finding["evidence"].at(0)["row"]["code"].value());
  const simdjson::dom::array lines = finding["lines"].get_array().value();
  std::vector<std::string> offending_lines;
  for (const element line : lines)
    if (line["role"].get_string().value() == "offending")
      offending_lines.push_back(text_or_null(line["id"].value()));
  return offending_lines.size() == 1 ? offending_lines.front() : "several";
}
std::string planted_subject(element planted, const std::string& rule) {
  if (rule == "GZ10000102014" || rule == "GZ10000101010") {
    const std::string written = text_or_null(planted["subject"].value());
    return written.substr(0, written.find('@'));
  }
  const simdjson::dom::array lines = planted["lines"].get_array().value();
  return lines.size() == 1 ? text_or_null(lines.at(0)["id"].value()) : "several";
}

template <class Subject>
std::vector<std::string> facts(const std::string& ndjson, Subject subject_of) {
  std::vector<std::string> out;
  simdjson::dom::parser parser;
  for (std::size_t begin = 0; begin < ndjson.size();) {
    const std::size_t end = ndjson.find('\n', begin);
    const element each = parser.parse(ndjson.substr(begin, end - begin)).value();
    begin = end + 1;
    const std::string rule = text_or_null(each["rule"].value());
    out.push_back(fmt::format("{} {} {} {} {}{}", text_or_null(each["mdtrt_id"].value()), rule,
                              text_or_null(each["severity"].value()), subject_of(each, rule),
                              text_or_null(each["amount"].value()), offending(each)));
  }
  std::ranges::sort(out);
  return out;
}

TEST(Engine, finds_exactly_what_was_planted_in_every_way_of_running) {
  const Generated data = generated(3000, 0.2);
  const auto rules = rules_at(national);
  ASSERT_TRUE(rules);
  const hir::Program& all = program(*rules);
  const auto compiled = compile(all, jit::Level::optimised), plain = compile(all, jit::Level::none);
  ASSERT_TRUE(compiled && plain);
  const auto& tables = rules->checked->tables;
  const auto jit = make_engine(all, tables, compiled->image.get(), {});
  const auto first = run_text(*jit, data.claims, {});
  ASSERT_TRUE(first);
  const std::vector<std::string> found = facts(first->written, subject);
  EXPECT_GT(found.size(), 500u);
  EXPECT_EQ(found, facts(data.manifest, planted_subject));
  EXPECT_EQ(first->summary.settlements, 3000u);
  EXPECT_EQ(first->summary.read.records, 3000u);
  EXPECT_EQ(total(first->summary).findings, found.size());

  const auto unoptimised =
      make_engine(all, tables, plain->image.get(), {.level = jit::Level::none});
  const auto scanning = make_engine(all, tables, compiled->image.get(), {.use_index = false});
  const auto evaluator = make_engine(all, tables, nullptr, {.kind = EngineKind::evaluator});
  struct Way {
    const char* name;
    const Engine& engine;
    RunOptions options;
  };
  const std::vector<Way> ways = {
      {"two threads", *jit, {.threads = 2, .chunk_bytes = 1u << 16}},
      {"four threads, batches of 7", *jit, {.threads = 4, .batch = 7, .chunk_bytes = 5000}},
      {"batches of 1", *jit, {.batch = 1}},
      {"one chunk", *jit, {.threads = 2, .chunk_bytes = 1u << 30}},
      {"not optimised", *unoptimised, {.batch = 7}},
      {"without index", *scanning, {.threads = 2, .batch = 100}},
      {"evaluator", *evaluator, {}},
      {"evaluator, two threads", *evaluator, {.threads = 2, .batch = 500, .chunk_bytes = 1u << 18}},
  };
  for (const Way& way : ways) {
    const auto again = run_text(way.engine, data.claims, way.options);
    ASSERT_TRUE(again) << way.name;
    EXPECT_TRUE(again->written == first->written) << way.name;
    for (std::size_t rule = 0; rule < all.rules.size(); ++rule) {
      EXPECT_EQ(again->summary.rules[rule].outcomes.fired,
                first->summary.rules[rule].outcomes.fired)
          << way.name;
      EXPECT_EQ(again->summary.rules[rule].outcomes.indeterminate,
                first->summary.rules[rule].outcomes.indeterminate)
          << way.name;
    }
  }
}

TEST(Engine, every_finding_has_an_identity_of_its_own) {
  const Generated data = generated(2000, 0.5);
  const auto rules = rules_at(national);
  ASSERT_TRUE(rules);
  const auto evaluator = make_engine(program(*rules), rules->checked->tables, nullptr,
                                     {.kind = EngineKind::evaluator});
  const auto ran = run_text(*evaluator, data.claims, {});
  ASSERT_TRUE(ran);
  std::set<std::string> ids;
  for (std::size_t at = ran->written.find("{\"id\":\""); at != std::string::npos;
       at = ran->written.find("{\"id\":\"", at + 1))
    if (at == 0 || ran->written[at - 1] == '\n')
      ids.insert(ran->written.substr(at + 7, 32));
  EXPECT_EQ(ids.size(), total(ran->summary).findings);
}

// ---- rejects

std::string three_good_two_bad() {
  const Generated data = generated(3, 0);
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < data.claims.size();) {
    const std::size_t end = data.claims.find('\n', begin) + 1;
    lines.push_back(data.claims.substr(begin, end - begin));
    begin = end;
  }
  return lines[0] + "{\"cut\":\n" + lines[1] + "\n[]\n" + lines[2];
}

TEST(Engine, a_record_that_cannot_be_read_is_told_with_its_place_and_the_others_are_judged) {
  const std::string text = three_good_two_bad();
  const auto rules = rules_at(national);
  ASSERT_TRUE(rules);
  const auto engine = make_engine(program(*rules), rules->checked->tables, nullptr,
                                  {.kind = EngineKind::evaluator});
  for (const std::size_t chunk : {std::size_t{100}, std::size_t{1} << 20}) {
    const auto ran = run_text(*engine, text, {.threads = 2, .chunk_bytes = chunk});
    ASSERT_TRUE(ran);
    EXPECT_EQ(ran->summary.read.records, 5u);
    EXPECT_EQ(ran->summary.account.read, 5u);
    EXPECT_EQ(ran->summary.account.evaluated, 3u);
    EXPECT_EQ(ran->summary.account.rejected, 2u);
    EXPECT_EQ(ran->summary.settlements, 3u);
    ASSERT_EQ(ran->rejects.size(), 2u);
    EXPECT_EQ(ran->rejects[0].line, 2u);
    EXPECT_EQ(ran->rejects[0].offset, text.find("{\"cut\""));
    EXPECT_EQ(ran->rejects[1].line, 5u);
    EXPECT_EQ(ran->rejects[1].offset, text.find("[]\n"));
  }
  const auto strict = run_text(*engine, text, {.strict = true});
  ASSERT_TRUE(strict);
  ASSERT_TRUE(strict->summary.stopped_at);
  EXPECT_EQ(strict->summary.stopped_at->line, 2u);
  EXPECT_TRUE(strict->rejects.empty());
}

TEST(Engine, a_sink_that_refuses_ends_the_run_with_its_reason) {
  const Generated data = generated(500, 1);
  const auto rules = rules_at(national);
  ASSERT_TRUE(rules);
  const auto engine = make_engine(program(*rules), rules->checked->tables, nullptr,
                                  {.kind = EngineKind::evaluator});
  const auto ran = run_text(*engine, data.claims, {.threads = 2, .chunk_bytes = 20000}, 3000);
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().en, "the sink is full");
}

TEST(Engine, nothing_to_read_is_no_fault) {
  const auto rules = rules_at(national);
  ASSERT_TRUE(rules);
  const auto engine = make_engine(program(*rules), rules->checked->tables, nullptr,
                                  {.kind = EngineKind::evaluator});
  for (const char* text : {"", "\n\n"}) {
    const auto ran = run_text(*engine, text, {.threads = 3});
    ASSERT_TRUE(ran);
    EXPECT_EQ(ran->summary.read.records, 0u);
    EXPECT_TRUE(ran->written.empty());
  }
}

// ---- packs

TEST(Packs, the_nearest_manifest_counts_and_files_come_sorted) {
  const PackFolder folder;
  std::filesystem::create_directories(folder.path("b/deep"));
  folder.write("b/deep/z.sanku", "");
  folder.write("a.sanku", "");
  folder.write("b/notes.txt", "");
  for (const std::string& place :
       {folder.path(), folder.path("b"), folder.path("b/deep/z.sanku")}) {
    const auto pack = load_pack(place);
    ASSERT_TRUE(pack) << pack.error().en;
    EXPECT_EQ(label(*pack), "small 1");
    EXPECT_EQ(pack->folder, folder.path());
    ASSERT_EQ(pack->rule_files.size(), 3u);
    EXPECT_EQ(pack->rule_files[0].filename(), "a.sanku");
    EXPECT_EQ(pack->rule_files[1].filename(), "z.sanku");
    EXPECT_EQ(pack->rule_files[2].filename(), "sources.sanku");
  }
}

TEST(Packs, a_manifest_that_is_wrong_is_told_in_both_languages) {
  struct Case {
    const char *text, *told;
  };
  const std::string right =
      "name = \"a\"\nversion = \"1\"\nlanguage = \"1\"\nschema = \"s.sanku\"\n";
  for (const Case& each : {Case{"version = \"1\"", "`name = \"…\"` is missing"},
                           Case{"name = ", "line 1"}, Case{"naem = \"a\"", "unknown key `naem`"},
                           Case{"regions = 3", "`name = \"…\"` is missing"}}) {
    const PackFolder folder;
    folder.write("pack.toml", each.text);
    const auto pack = load_pack(folder.path());
    ASSERT_FALSE(pack) << each.text;
    EXPECT_NE(pack.error().en.find(each.told), std::string::npos) << pack.error().en;
    EXPECT_FALSE(pack.error().zh.empty());
  }
  const PackFolder folder;
  folder.write("s.sanku", "");
  folder.write("pack.toml", right + "test_date = \"2026\"\n");
  ASSERT_FALSE(load_pack(folder.path()));
  folder.write("pack.toml",
               "name = \"a\"\nversion = \"1\"\nlanguage = \"9\"\nschema = \"s.sanku\"\n");
  ASSERT_FALSE(load_pack(folder.path()));
  folder.write("pack.toml", right);
  EXPECT_TRUE(load_pack(folder.path()));
  EXPECT_FALSE(load_pack("/")) << "no pack.toml above the root";
  EXPECT_FALSE(load_pack(folder.path("nothing_here")));
}

// ---- test blocks

constexpr const char* small_rule = R"(
knowledge sexed / 限性别 "限性别" from "sexed.csv" { code / 编码 : DrugCode key  sex / 性别 : Sex }
rule T1 "限性别" {
  category medical
  basis law
  on item
  let limit = sexed[item.code]
  when patient.sex != limit.sex
  report violation "{patient.name}：「{item.name}」限{limit.sex}"
}
)";
constexpr const char* small_table = "code,sex\nXG03DAG208A001010100001,2\n";

TEST(TestBlocks, the_national_ones_pass_by_evaluator_and_compiled_code) {
  const auto rules = rules_at("stdlib-rules/national");
  ASSERT_TRUE(rules);
  const auto run = run_tests(*rules, {}, {.level = jit::Level::optimised});
  ASSERT_TRUE(run) << run.error().en;
  EXPECT_GE(run->results.size(), 54u) << "three for each of the eighteen rules";
  EXPECT_EQ(run->disagreements, 0u);
  for (const TestResult& result : run->results)
    EXPECT_TRUE(result.failures.empty())
        << result.test->ast->title << ": " << result.failures.front().found;
}

TEST(TestBlocks, an_expectation_that_is_not_met_says_what_was_found_and_why) {
  const PackFolder folder;
  folder.write("knowledge/sexed.csv", small_table);
  folder.write("rules.sanku", std::string(small_rule) + R"(
test "right" of T1 { given { patient { sex: male } items [ { code: "XG03DAG208A001010100001", amount: 3.00 } ] } expect T1 violation amount 3.00 }
test "amount" of T1 { given { patient { sex: male } items [ { code: "XG03DAG208A001010100001", amount: 3.00 } ] } expect T1 violation amount 4.00 }
test "severity" of T1 { given { patient { sex: male } items [ { code: "XG03DAG208A001010100001", amount: 3.00 } ] } expect T1 suspected }
test "missing" of T1 { given { items [ { code: "XG03DAG208A001010100001" } ] } expect T1 clear }
test "wrong name" of T1 { given { items [ { code: "XG03DAG208A001010100001" } ] } expect T1 indeterminate missing patient.birth }
test "own rows" of T1 { given knowledge sexed [ { code: "XG03DAG208A001010100001", sex: male } ] given { patient { sex: male } items [ { code: "XG03DAG208A001010100001" } ] } expect T1 clear }
test "nothing" of T1 { given { patient { sex: male } items [ { code: "XG03DAG208A001010100001" } ] } expect nothing }
test "other code" of T1 { given { patient { sex: male } items [ { code: "XA03DAG208A001010100001" } ] } expect T1 clear }
)");
  const auto rules = rules_at(folder.path());
  ASSERT_TRUE(rules);
  const auto run = run_tests(*rules, {}, {.level = jit::Level::optimised});
  ASSERT_TRUE(run) << run.error().en;
  ASSERT_EQ(run->results.size(), 8u);
  const std::map<std::string, std::string> found = {
      {"amount", "T1 violation amount 3.00"},
      {"severity", "T1 violation amount 3.00"},
      {"missing", "T1 indeterminate (missing patient.sex)"},
      {"wrong name", "T1 indeterminate (missing patient.sex)"},
      {"nothing", "T1 violation amount unknown"},
      {"other code", "T1 not applicable"}};
  for (const TestResult& result : run->results) {
    const auto expected = found.find(result.test->ast->title);
    ASSERT_EQ(result.failures.size(), expected == found.end() ? 0u : 1u) << result.test->ast->title;
    if (expected != found.end()) {
      EXPECT_EQ(result.failures.front().found, expected->second);
    }
  }
  const std::string report = test_report(*rules, *run, {}, {.language = Language::en});
  EXPECT_NE(
      report.find("  ✗ other code\n      expected  T1 clear\n      found     T1 not applicable\n"
                  "      because   table sexed has no row for XA03DAG208A001010100001\n"),
      std::string::npos)
      << report;
  EXPECT_NE(report.find(
                "2 passed, 6 failed  (1 rule; 1 with a firing, a clear and an indeterminate test)"),
            std::string::npos)
      << report;
}

// ---- explain

std::optional<FoundSettlement> found_in(const hir::Program& program, std::string_view text,
                                        const std::string& id, std::optional<io::Reject>& refused) {
  io::LineChunks lines([&](char* buffer, std::size_t size) {
    const std::size_t taken = std::min(size, text.size());
    std::memcpy(buffer, text.data(), taken);
    text.remove_prefix(taken);
    return static_cast<std::int64_t>(taken);
  });
  auto found =
      find_settlement(program, [&](io::Chunk& chunk) { return lines.next(chunk); }, id, refused);
  EXPECT_TRUE(found);
  return found ? std::move(*found) : std::nullopt;
}

TEST(Explain, tells_what_fired_what_is_clear_and_what_is_missing_without_naming_the_patient) {
  const PackFolder folder;
  folder.write("knowledge/sexed.csv", small_table);
  folder.write("rules.sanku", small_rule);
  const auto rules = rules_at(folder.path());
  ASSERT_TRUE(rules);
  const std::string line = item("L1", "XG03DAG208A001010100001", "1", "12.50");
  const std::string text =
      claim("1", R"("gend":"1","brdy":"1980-01-01")", line) + claim("2", R"("gend":"2")", line) +
      claim("3", R"("gend":"9")", line) +
      claim("4", R"("gend":"1")", item("L1", "XA03DAG208A001010100001", "1", "1.00")) +
      claim("5", R"("gend":"1","brdy":"never")", line);
  struct Case {
    const char* id;
    std::vector<const char*> told;
  };
  const std::vector<Case> cases = {
      {"S1",
       {"结算 S1  2026-03-05  患者 男 46岁", "● T1 限性别", "明确违规  12.50 元", "男 ≠ 女", "成立",
        "知识  sexed 第 2 行", "依据  医疗保障基金", "***：「项目」限女"}},
      {"M2", {"结算 S2", "○ T1 限性别", "女 ≠ 女", "不成立"}},
      {"S3", {"? T1 限性别", "缺少  患者.性别 (gend)"}},
      {"S4", {"– T1 限性别", "1 个明细不适用(知识表 sexed 无此编码)"}},
  };
  for (const Case& each : cases) {
    std::optional<io::Reject> refused;
    const auto found = found_in(program(*rules), text, each.id, refused);
    ASSERT_TRUE(found) << each.id;
    const Explanation told = explain(*rules, *found, {.language = Language::zh});
    for (const char* part : each.told)
      EXPECT_NE(told.text.find(part), std::string::npos) << each.id << ": " << part << "\n"
                                                         << told.text;
    EXPECT_EQ(told.text.find("张三"), std::string::npos);
    EXPECT_EQ(told.findings, each.id == std::string("S1") ? 1u : 0u);
  }
  std::optional<io::Reject> refused;
  EXPECT_FALSE(found_in(program(*rules), text, "S9", refused));
  EXPECT_FALSE(refused);
  EXPECT_FALSE(found_in(program(*rules), text, "S5", refused));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->line, 5u);
  std::optional<io::Reject> none;
  const auto named = found_in(program(*rules), text, "S1", none);
  ASSERT_TRUE(named);
  EXPECT_NE(explain(*rules, *named, {.identities = true}).text.find("张三：「项目」限女"),
            std::string::npos);
}

TEST(Explain, shows_a_models_inputs_score_and_reasons) {
  const PackFolder folder;
  std::filesystem::create_directories(folder.path("models"));
  folder.write("models/risk.json", R"({"model": "linear", "intercept": 1, "inputs": [
    {"name": "age", "coefficient": 0.5, "mean": 40}, {"name": "lines", "coefficient": -2}]})");
  folder.write("rules.sanku",
               "model risk / 风险 \"风险评分\" from \"risk.json\" {\n"
               "  age / 年龄 = patient.age in years\n  lines / 行数 = count(items)\n}\n"
               "model card scorecard { add 3 \"男性\" when patient.sex = male }\n"
               "rule X1 \"评分\" { on settlement  let p = risk(settlement)\n"
               "  when p >= 20 and card(settlement) > 2\n"
               "  report lead \"{p}：{reasons(p, 1)}\" }\n"
               "rule X2 \"太高\" { on settlement  when risk(settlement) > 30 report lead \"\" }\n");
  const auto rules = rules_at(folder.path());
  ASSERT_TRUE(rules);
  const std::string text = claim("1", R"("gend":"1","brdy":"1980-01-01")",
                                 item("L1", "XG03DAG208A001010100001", "1", "12.50"));
  std::optional<io::Reject> refused;
  const auto found = found_in(program(*rules), text, "S1", refused);
  ASSERT_TRUE(found);
  const Explanation zh = explain(*rules, *found, {.language = Language::zh});
  for (const char* part : {"● X1 评分", "22：年龄 46（+3）", "模型  风险 风险评分  22",
                           "输入  年龄 46, 行数 1", "因素  年龄 46（+3）、行数 1（-2）",
                           "模型  card  3", "因素  男性（+3）", "○ X2 太高", "22 > 30", "差 8以上"})
    EXPECT_NE(zh.text.find(part), std::string::npos) << part << "\n" << zh.text;
  const Explanation en = explain(*rules, *found, {.language = Language::en});
  for (const char* part : {"model      risk 风险评分  22", "inputs     age 46, lines 1",
                           "reasons    age 46 (+3), lines 1 (-2)"})
    EXPECT_NE(en.text.find(part), std::string::npos) << part << "\n" << en.text;
}

} // namespace
} // namespace sanku::engine
