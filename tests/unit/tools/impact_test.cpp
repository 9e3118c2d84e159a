// A comparison of two packs against what two runs by themselves find, joined here by identity: the
// same differences, whatever the threads, batches and engine.
#include "runtime/io/json_tape.h"
#include "tests/unit/tools/overlay_fixture.h"
#include "tools/impact/impact.h"
#include "tools/impact/report.h"

#include <map>

namespace sanku::impact {
namespace {

using deploy::PackFolder;

// The national schema, three tables, and rules that each differ in another way between A and B.
struct Two {
  PackFolder before, after;

  Two() {
    for (const PackFolder* folder : {&before, &after}) {
      folder->write(
          "pack.toml",
          fmt::format(
              "name = \"small\"\nversion = \"{}\"\nlanguage = \"1\"\ntest_date = "
              "2026-03-05\nschema = \"{}\"\n",
              folder == &before ? 1 : 2,
              (std::filesystem::current_path() / "stdlib-rules/schema/settlement.sanku").string()));
      folder->write("sources.sanku", "source law / 法规 \"条例\"\n");
      folder->write("knowledge/same.csv", "code,most\nXA11CCA351E002010101121,2\n"
                                          "XA11CCA351E002010101122,2\nXB05CXP064B001010100001,1\n");
      folder->write("knowledge/other.csv", folder == &before
                                               ? "code,most\nXA11CCA351E002010101121,3\n"
                                               : "code,most\nXA11CCA351E002010101121,3\n"
                                                 "XA11CCA351E002010101122,5\n");
    }
    before.write("rules.sanku", rules(3, "violation", "policy", "other[item.code]", "removed"));
    after.write("rules.sanku", rules(5, "suspected", "medical", "other[item.code]", "added"));
  }

  static std::string rules(int limit, const std::string& severity, const std::string& category,
                           const std::string& table, const std::string& own) {
    const auto rule = [](const std::string& id, const std::string& which, const std::string& rest) {
      return fmt::format("rule {} \"规则{}\" {{ category {} basis law stage post {} }}\n", id, id,
                         which, rest);
    };
    std::string text = fmt::format("param limit / 限量 : int = {} between 1 and 9\n"
                                   "knowledge same / 不变 from \"same.csv\" {{ code : DrugCode key "
                                   " most : int }}\n"
                                   "knowledge other / 另表 from \"other.csv\" {{ code : DrugCode "
                                   "key  most : int }}\n",
                                   limit);
    text += rule("A1", "policy",
                 "on item let m = same[item.code] when item.quantity > m.most report violation "
                 "\"超 {m.most}\"");
    text += rule("A2", "policy", "on item when item.quantity > limit report suspected \"多\"");
    text += rule("A3", "policy", "on item when item.quantity > 6 report " + severity + " \"很多\"");
    text += rule("A4", "policy",
                 "on item let m = " + table +
                     " when item.quantity > m.most report violation \"另 {m.most}\"");
    text += rule("A5", category,
                 "on items by code when sum(i in group.items take i.quantity) > 8 report violation "
                 "on group.items beyond first 8 of quantity \"合计\"");
    text += rule("A6", "management",
                 "on settlements by patient.id when count(group.settlements) > limit report lead "
                 "amount 0 yuan \"{count(group.settlements)} 次\"");
    text += rule("A7", "management",
                 "on settlements by provider = provider.id let n = count(group.settlements) when n "
                 ">= percentile(50 of n) among provider at least 1 report lead amount 0 yuan "
                 "\"{n} 次\"");
    text += rule("A8", "management",
                 "on settlement when count(history(30 days)) > 1 report suspected on items amount "
                 "0 yuan \"常来 {count(history(30 days))}\"");
    text += rule(own == "removed" ? "A9" : "B9", "policy",
                 "on settlement when count(items) > 2 report reminder on items \"多行\"");
    return text;
  }
};

std::string claims(int count) {
  const std::array<const char*, 5> codes = {"XA11CCA351E002010101121", "XA11CCA351E002010101122",
                                            "XB05CXP064B001010100001", "XA11CCA351E002010101",
                                            "XB05CXP064B001010100"};
  std::string text;
  unsigned state = 7;
  const auto next = [&](unsigned below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 16) % below;
  };
  for (int i = 0; i < count; ++i) {
    std::string items;
    const unsigned lines = 1 + next(4);
    for (unsigned line = 0; line < lines; ++line)
      items += fmt::format(
          R"({}{{"rx_id":"L{}","hilist_code":"{}","hilist_name":"项目","cnt":"{}","pric":"10.00","sumamt":"{}.00","drord_begn_date":"2026-03-{:02} 09:30:00"}})",
          line == 0 ? "" : ",", line + 1, codes[next(5)], 1 + next(9), 10 + next(90), 1 + next(9));
    // Every seventh visit comes in two parts.
    const int visit = i % 7 == 6 ? i - 1 : i;
    text += fmt::format(
        R"({{"patient_dtos":[{{"patn_id":"P{}","gend":"1","brdy":"1980-01-01","curr_mdtrt_id":"M{}","fsi_encounter_dtos":[{{"mdtrt_id":"M{}","setl_id":"S{}","medins_id":"H{}","medins_name":"医院{}","medins_admdvs":"3301{:02}","adm_date":"2026-0{}-01 08:00:00","dscg_date":"2026-0{}-10 10:00:00","fsi_diagnose_dtos":[{{"dise_id":"D1","dise_codg":"J00"}}],"fsi_order_dtos":[{}]}}]}}]}})"
        "\n",
        visit % 5, visit, visit, i, visit % 4, visit % 4, visit % 3, 1 + visit % 3, 1 + visit % 3,
        items);
  }
  return text + "{\"cut\":\n";
}

std::unique_ptr<engine::Rules> rules_at(const std::string& place) {
  auto rules = engine::read_rules(place);
  EXPECT_TRUE(rules) << (rules ? "" : rules.error().en);
  for (const diag::Diagnostic& each : (*rules)->diagnostics.all)
    EXPECT_NE(each.severity, diag::Severity::error) << each.en;
  return engine::is_ready(**rules) ? std::move(*rules) : nullptr;
}

engine::RunPorts ports_of(const std::string& text) {
  engine::RunPorts ports;
  ports.read = [rest = std::string_view(text)](char* buffer, std::size_t size) mutable {
    const std::size_t taken = std::min(size, rest.size());
    std::memcpy(buffer, rest.data(), taken);
    rest.remove_prefix(taken);
    return static_cast<std::int64_t>(taken);
  };
  ports.reject = [](const io::Reject&) { return Result<void>(); };
  return ports;
}

struct Compared {
  std::string list, json = {}, text = {}, page = {};
  Impact impact = {};
};
Compared compared(const std::string& before, const std::string& after, const std::string& text,
                  unsigned threads, std::uint32_t batch, engine::EngineKind kind,
                  std::size_t memory = 64u << 20) {
  Options options;
  options.engine.kind = kind;
  options.start.level = jit::Level::none;
  options.run = {.threads = threads, .batch = batch, .memory = memory};
  options.run.chunk_bytes = 2048;
  options.examine = {.list = true, .examples = 5};
  std::string list;
  auto impact = run(
      rules_at(before), rules_at(after), options,
      [&](const schema::Schema&) { return Result<engine::RunPorts>(ports_of(text)); },
      [&](std::string_view written) {
        list += written;
        return Result<void>();
      });
  EXPECT_TRUE(impact) << (impact ? "" : impact.error().en);
  Compared made{.list = std::move(list), .impact = std::move(*impact)};
  made.json = json(made.impact);
  made.text = impact::text(made.impact, Language::en);
  made.page = page(made.impact, Language::zh);
  return made;
}

// By identity the whole finding without the pack that made it.
std::map<std::string, std::string> found(const std::string& pack, const std::string& text) {
  const auto rules = rules_at(pack);
  const auto engine = engine::make_engine(engine::program(*rules), rules->checked->tables, nullptr,
                                          {.kind = engine::EngineKind::evaluator});
  engine::RunPorts ports = ports_of(text);
  std::string written;
  ports.write = [&](std::string_view findings) {
    written += findings;
    return Result<void>();
  };
  const auto summary = engine::run(*engine, {.pack = "-"}, ports);
  EXPECT_TRUE(summary);
  std::map<std::string, std::string> by_id;
  std::istringstream lines(written);
  for (std::string line; std::getline(lines, line);)
    EXPECT_TRUE(by_id.emplace(line.substr(7, 32), line).second) << line;
  return by_id;
}

std::string without_pack(std::string finding) {
  const std::size_t at = finding.rfind(",\"pack\":");
  return finding.substr(0, at);
}

// One difference out of the list.
struct Listed {
  std::string change, before, after;
};
std::map<std::string, Listed> listed(const std::string& list) {
  std::map<std::string, Listed> by_id;
  std::istringstream lines(list);
  for (std::string line; std::getline(lines, line);) {
    const auto behind = [&](const std::string& mark) {
      const std::size_t at = line.find(mark);
      EXPECT_NE(at, std::string::npos) << line;
      return at + mark.size();
    };
    const std::size_t before = behind("\"before\":"), after = line.rfind(",\"after\":");
    Listed each{.change = line.substr(11, line.find('"', 11) - 11),
                .before = line.substr(before, after - before),
                .after = line.substr(after + 9, line.size() - after - 10)};
    EXPECT_TRUE(by_id.emplace(line.substr(behind("\"id\":\""), 32), each).second) << line;
  }
  return by_id;
}

// What two runs by themselves say.
void expect_as_two_runs(const Compared& made, const std::string& before, const std::string& after,
                        const std::string& text) {
  const auto old_ones = found(before, text), new_ones = found(after, text);
  const auto differences = listed(made.list);
  std::size_t expected = 0;
  for (const auto& [id, finding] : old_ones) {
    const auto other = new_ones.find(id);
    if (other != new_ones.end() && without_pack(other->second) == without_pack(finding)) {
      EXPECT_FALSE(differences.contains(id)) << finding;
      continue;
    }
    ++expected;
    ASSERT_TRUE(differences.contains(id)) << finding;
    const Listed& each = differences.at(id);
    EXPECT_EQ(each.change, other == new_ones.end() ? "removed" : "changed");
    EXPECT_EQ(without_pack(each.before), without_pack(finding));
    if (other != new_ones.end()) {
      EXPECT_EQ(without_pack(each.after), without_pack(other->second));
    }
  }
  for (const auto& [id, finding] : new_ones)
    if (!old_ones.contains(id)) {
      ++expected;
      ASSERT_TRUE(differences.contains(id)) << finding;
      EXPECT_EQ(differences.at(id).change, "added");
      EXPECT_EQ(without_pack(differences.at(id).after), without_pack(finding));
    }
  EXPECT_EQ(differences.size(), expected);
  const Tally& all = made.impact.counter.tallies().all;
  EXPECT_EQ(all.before.findings, old_ones.size());
  EXPECT_EQ(all.after.findings, new_ones.size());
  EXPECT_EQ(all.after.findings, all.before.findings + all.added.findings - all.removed.findings);
  EXPECT_EQ(all.added.findings + all.removed.findings + all.changed_after.findings, expected);
  Tally by_rule, by_month, by_region, by_institution;
  for (const Tally& each : made.impact.counter.tallies().rules)
    add(by_rule, each);
  for (const auto& [sum, parts] :
       {std::pair(&by_month, &made.impact.counter.tallies().months),
        std::pair(&by_region, &made.impact.counter.tallies().regions),
        std::pair(&by_institution, &made.impact.counter.tallies().institutions)})
    for (const auto& [name, tally] : *parts)
      add(*sum, tally);
  for (const Tally* each : {&by_rule, &by_month, &by_region, &by_institution}) {
    EXPECT_EQ(each->before, all.before);
    EXPECT_EQ(each->after, all.after);
    EXPECT_EQ(each->changed_after, all.changed_after);
  }
}

State state_of(const Impact& impact, const std::string& rule) {
  for (const RuleChange& change : impact.joined.changes)
    if (change.id == rule)
      return change.state;
  ADD_FAILURE() << rule;
  return State::untouched;
}

TEST(Impact, finds_what_two_runs_by_themselves_find) {
  const Two packs;
  const std::string text = claims(60);
  const Compared made = compared(packs.before.path(), packs.after.path(), text, 1, 4096,
                                 engine::EngineKind::evaluator);
  EXPECT_FALSE(made.impact.apart);
  // A table has one more code of 23 characters, so one of 20 may be either.
  EXPECT_FALSE(made.impact.joined.same_completion);
  expect_as_two_runs(made, packs.before.path(), packs.after.path(), text);
  EXPECT_EQ(state_of(made.impact, "A1"), State::untouched);
  EXPECT_EQ(state_of(made.impact, "A2"), State::changed);
  EXPECT_EQ(state_of(made.impact, "A7"), State::untouched);
  EXPECT_EQ(state_of(made.impact, "A9"), State::removed);
  EXPECT_EQ(state_of(made.impact, "B9"), State::added);
  EXPECT_GT(made.impact.counter.tallies().all.added.findings, 0u);
  EXPECT_GT(made.impact.counter.tallies().all.changed_before.findings, 0u);
}

TEST(Impact, is_the_same_whatever_threads_batches_memory_and_engine) {
  const Two packs;
  const std::string text = claims(60);
  const Compared first = compared(packs.before.path(), packs.after.path(), text, 1, 4096,
                                  engine::EngineKind::evaluator);
  struct Way {
    unsigned threads;
    std::uint32_t batch;
    engine::EngineKind kind;
    std::size_t memory;
  };
  for (const Way& way : {Way{3, 1, engine::EngineKind::evaluator, 1u << 16},
                         Way{2, 7, engine::EngineKind::jit, 1u << 26},
                         Way{1, 4096, engine::EngineKind::jit, 1u << 16}}) {
    const Compared other = compared(packs.before.path(), packs.after.path(), text, way.threads,
                                    way.batch, way.kind, way.memory);
    EXPECT_EQ(other.list, first.list);
    EXPECT_EQ(other.json, first.json);
    EXPECT_EQ(other.text, first.text);
    EXPECT_EQ(other.page, first.page);
  }
}

TEST(Impact, a_pack_against_itself_changes_nothing_and_judges_every_rule_once) {
  const Two packs;
  const Compared made = compared(packs.before.path(), packs.before.path(), claims(30), 1, 4096,
                                 engine::EngineKind::evaluator);
  EXPECT_EQ(made.list, "");
  for (const RuleChange& change : made.impact.joined.changes) {
    EXPECT_EQ(change.state, State::untouched) << change.id;
    EXPECT_TRUE(change.judged_once) << change.id;
  }
  EXPECT_FALSE(differs(made.impact.counter.tallies().all));
  EXPECT_GT(made.impact.counter.tallies().all.before.findings, 0u);
  EXPECT_NE(made.text.find("the findings are the same"), std::string::npos) << made.text;
}

TEST(Impact, rows_of_a_table_touch_only_the_rules_that_read_it) {
  const Two packs;
  packs.after.write("rules.sanku",
                    Two::rules(3, "violation", "policy", "other[item.code]", "removed"));
  const std::string text = claims(60);
  const Compared made =
      compared(packs.before.path(), packs.after.path(), text, 2, 16, engine::EngineKind::evaluator);
  for (const RuleChange& change : made.impact.joined.changes)
    EXPECT_EQ(change.state, change.id == "A4" ? State::changed : State::untouched) << change.id;
  expect_as_two_runs(made, packs.before.path(), packs.after.path(), text);
  EXPECT_NE(made.json.find(R"("tables":["other"])"), std::string::npos) << made.json;
  EXPECT_NE(made.json.find(R"({"name":"other","state":"changed","rows_added":1,"rows_removed":0})"),
            std::string::npos)
      << made.json;
}

TEST(Impact, a_code_that_is_cut_for_one_pack_may_be_a_key_of_the_other) {
  const Two packs;
  packs.after.write("rules.sanku",
                    Two::rules(3, "violation", "policy", "other[item.code]", "removed"));
  packs.after.write("knowledge/other.csv", "code,most\nXA11CCA351E002010101121,3\n"
                                           "XB05CXP064B001010100,1\n");
  const std::string text = claims(60);
  for (const auto& [before, after] :
       {std::pair(&packs.before, &packs.after), std::pair(&packs.after, &packs.before)})
    expect_as_two_runs(
        compared(before->path(), after->path(), text, 1, 4096, engine::EngineKind::jit),
        before->path(), after->path(), text);
}

// What a hospital's code meant until a day touches the lines before and after it.
TEST(Impact, a_map_of_hospitals_codes_that_ends_changes_what_lines_are) {
  const Two packs;
  for (const PackFolder* folder : {&packs.before, &packs.after}) {
    folder->write("rules.sanku",
                  Two::rules(3, "violation", "policy", "other[item.code]", "removed") +
                      "knowledge map from \"map.csv\" { local : LocalItemCode key  provider : "
                      "ProviderCode  code : ItemCode  valid : period }\n");
    folder->write("knowledge/map.csv", fmt::format("local,provider,code,valid_from,valid_to\n"
                                                   "L1,H1,XA11CCA351E002010101121,,{}\n",
                                                   folder == &packs.before ? "" : "2026-03-04"));
  }
  std::string text;
  for (const char* day : {"2026-03-04", "2026-03-05"})
    text += fmt::format(R"({{"mdtrt_id":"{0}","setl_id":"{0}","medins_id":"H1","fsi_order_dtos":[)"
                        R"({{"rx_id":"1","hosplist_code":"L1","cnt":"3","sumamt":"30.00",)"
                        R"("fee_ocur_time":"{0}"}}]}})"
                        "\n",
                        day);
  const Compared made =
      compared(packs.before.path(), packs.after.path(), text, 1, 4096, engine::EngineKind::jit);
  EXPECT_FALSE(made.impact.joined.same_completion);
  EXPECT_GT(made.impact.counter.tallies().all.removed.findings, 0u);
  expect_as_two_runs(made, packs.before.path(), packs.after.path(), text);
}

TEST(Impact, what_can_be_had_back_is_worked_out_again_for_rules_that_are_the_same) {
  const Two packs;
  // A5 takes after A1 once it is no policy any more; A1 itself did not change.
  std::string rules = Two::rules(3, "violation", "policy", "other[item.code]", "removed");
  const std::size_t a1 = rules.find("\"规则A1\" { category policy");
  ASSERT_NE(a1, std::string::npos);
  packs.before.write("rules.sanku", rules);
  packs.after.write("rules.sanku",
                    Two::rules(3, "violation", "medical", "other[item.code]", "removed"));
  packs.after.write("knowledge/other.csv", "code,most\nXA11CCA351E002010101121,3\n");
  const std::string text = claims(60);
  const Compared made = compared(packs.before.path(), packs.after.path(), text, 1, 4096,
                                 engine::EngineKind::evaluator);
  EXPECT_EQ(state_of(made.impact, "A5"), State::changed);
  EXPECT_TRUE(made.impact.joined.same_completion);
  expect_as_two_runs(made, packs.before.path(), packs.after.path(), text);
  const auto what = made.impact.counter.tallies().all.what;
  EXPECT_GT(what[static_cast<std::size_t>(What::recoverable)], 0u);
  EXPECT_EQ(what[static_cast<std::size_t>(What::amount)], 0u);
}

TEST(Impact, packs_of_different_schemas_are_compared_by_runs_of_their_own) {
  const PackFolder before, after;
  deploy::write_small(before, "1", "2");
  deploy::write_small(after, "2", "0");
  std::ifstream file(after.path("schema/tiny.sanku"), std::ios::binary);
  std::string schema{std::istreambuf_iterator<char>(file), {}};
  schema.replace(schema.find("amount / 金额"), 0, "note / 备注 : text? wire note  ");
  after.write("schema/tiny.sanku", schema);
  std::string text;
  for (int i = 0; i < 40; ++i)
    text += fmt::format("{{\"setl_id\":\"S{}\",\"items\":[{{\"rid\":\"1\",\"code\":\"A1\",\"cnt\":"
                        "\"{}\",\"amt\":\"9.00\"}}]}}\n",
                        i, i % 7);
  const Compared made =
      compared(before.path(), after.path(), text, 1, 4096, engine::EngineKind::evaluator);
  EXPECT_TRUE(made.impact.apart);
  expect_as_two_runs(made, before.path(), after.path(), text);
  EXPECT_GT(made.impact.counter.tallies().all.added.findings, 0u);
  const Compared other =
      compared(before.path(), after.path(), text, 3, 2, engine::EngineKind::evaluator, 1u << 16);
  EXPECT_EQ(other.list, made.list);
  EXPECT_EQ(other.json, made.json);
}

TEST(Impact, the_page_fetches_nothing_and_shows_rules_months_and_places) {
  const Two packs;
  const Compared made = compared(packs.before.path(), packs.after.path(), claims(60), 1, 4096,
                                 engine::EngineKind::evaluator);
  for (const char* part : {"small 1 → small 2", "规则A4", "2026-02", "医院1", "330101", "limit",
                           "3 → 5", "知识表 other"})
    EXPECT_NE(made.page.find(part), std::string::npos) << part;
  for (const char* elsewhere : {"http:", "https:", "<script", "url(", "src="})
    EXPECT_EQ(made.page.find(elsewhere), std::string::npos) << elsewhere;
  io::JsonTape tape;
  EXPECT_EQ(tape.parse(made.json, made.json.size()), io::JsonFault::none);
}

// A group across visits is of no one visit, but its keys may name the place.
TEST(Impact, groups_by_institution_and_month_are_counted_there) {
  const Two packs;
  for (const auto& [folder, most] : {std::pair(&packs.before, 1), std::pair(&packs.after, 100)})
    folder->write("rules.sanku",
                  fmt::format("rule A1 \"规则\" {{ category policy basis law stage post on "
                              "settlements by provider = provider.id, month = month(settled) when "
                              "count(group.settlements) > {} report lead amount 0 yuan \"多\" }}\n",
                              most));
  std::string text = claims(60);
  const std::string settled = "\"setl_time\":\"2026-02-10 10:00:00\",";
  for (std::size_t at = 0; (at = text.find("\"dscg_date\"", at)) != text.npos;
       at += settled.size() + 1)
    text.insert(at, settled);
  const Compared made =
      compared(packs.before.path(), packs.after.path(), text, 1, 7, engine::EngineKind::evaluator);
  ASSERT_FALSE(made.list.empty());
  EXPECT_EQ(made.list.find("\"institution\":null"), std::string::npos) << made.list;
  EXPECT_EQ(made.list.find("\"month\":null"), std::string::npos) << made.list;
  EXPECT_NE(made.list.find("\"institution\":\"H"), std::string::npos) << made.list;
  EXPECT_NE(made.list.find("\"month\":\"2026-02\""), std::string::npos) << made.list;
}

// It stands all over the rule once that is checked, but is one thing.
TEST(Impact, what_an_overlay_says_of_a_rule_is_named_as_that) {
  const engine::Folders folders;
  const auto why = [&](const std::string& changes) {
    folders.write("overlays/zhejiang/zhejiang.sanku",
                  "overlay zhejiang on national.core region \"330000\" {\n" + changes + "}\n");
    const auto before = engine::ready(folders.path("national")),
               after = engine::ready(folders.path("overlays/zhejiang"));
    std::string all;
    for (const RuleChange& each : compare(*before, *after).changes)
      if (each.state != State::untouched)
        all += each.id + " " + why_text(each, Language::en) + ";";
    return all;
  };
  EXPECT_EQ(why("  severity R1 suspected because \"过渡期\"\n"), "R1 severity;");
  EXPECT_EQ(why("  disable R2 because \"另有规则\"\n"), "R2 conditions;");
  EXPECT_EQ(why("  disable R2 because \"另有规则\"\n  severity R1 reminder because \"过渡期\"\n"),
            "R1 severity;R2 conditions;");
  EXPECT_EQ(why("  severity R1 suspected because \"过渡期\"\n  param most = 5\n"),
            "R1 conditions, severity, message;");
}

// Each way in which a rule may differ is seen, and nothing else is a difference.
TEST(Impact, a_rule_is_the_same_only_if_all_of_it_is) {
  const std::string base = "on item let x = item.quantity when x > 3 report violation \"多 {x}\"";
  struct Case {
    std::string rest;
    hir::Part part;
  };
  const std::vector<Case> cases = {
      {"on item let x = item.quantity when x > 4 report violation \"多 {x}\"",
       hir::Part::conditions},
      {"on item let x = item.quantity when x >= 3 report violation \"多 {x}\"",
       hir::Part::conditions},
      {"on item let x = item.quantity when x > 3 report suspected \"多 {x}\"", hir::Part::severity},
      {"on item let x = item.quantity when x > 3 report violation \"过多 {x}\"",
       hir::Part::message},
      {"on item let x = item.quantity when x > 3 report violation amount 1 yuan \"多 {x}\"",
       hir::Part::report},
      {"on items by code let x = count(group.items) when x > 3 report violation \"多 {x}\"",
       hir::Part::subject},
      {"effective from 2026-01-01 on item let x = item.quantity when x > 3 report violation "
       "\"多 {x}\"",
       hir::Part::period},
  };
  const auto content = [](const std::string& rest, const std::string& title) {
    const Two packs;
    packs.before.write("rules.sanku", fmt::format("// 注\nrule R \"{}\" {{ category policy basis "
                                                  "law stage post\n {} }}\n",
                                                  title, rest));
    const auto rules = rules_at(packs.before.path());
    return rules ? hir::content_of(engine::program(*rules), engine::program(*rules).rules[0])
                 : hir::RuleContent();
  };
  const hir::RuleContent same = content(base, "题");
  EXPECT_EQ(content("  on item\n  let x = item.quantity\n  when x > 3\n  report violation \"多 "
                    "{x}\"",
                    "题")
                .parts,
            same.parts);
  EXPECT_NE(content(base, "新题").parts[static_cast<std::size_t>(hir::Part::words)],
            same.parts[static_cast<std::size_t>(hir::Part::words)]);
  for (const Case& each : cases) {
    const hir::RuleContent other = content(each.rest, "题");
    const auto part = static_cast<std::size_t>(each.part);
    EXPECT_NE(other.parts[part], same.parts[part]) << each.rest;
  }
}

} // namespace
} // namespace sanku::impact
