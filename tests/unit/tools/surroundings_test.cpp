// Explaining groups across visits, and a visit with the past that a history store has.
#include "tests/unit/tools/past_fixture.h"
#include "tools/engine/remembered.h"
#include "tools/engine/surroundings.h"

#include <filesystem>

namespace sanku::engine {
namespace {

namespace fs = std::filesystem;

RunPorts ports_of(const std::string& text) {
  RunPorts ports;
  ports.read = [rest = std::string_view(text)](char* buffer, std::size_t size) mutable {
    const std::size_t taken = std::min(size, rest.size());
    std::memcpy(buffer, rest.data(), taken);
    rest.remove_prefix(taken);
    return static_cast<std::int64_t>(taken);
  };
  return ports;
}

// What is told of the visit with that number.
std::string told(const Rules& rules, const std::string& text, const std::string& settlement,
                 const SurroundingOptions& options, Language language = Language::en) {
  io::LineChunks chunks(ports_of(text).read);
  std::optional<io::Reject> refused;
  const auto found = find_settlement(
      program(rules), [&](io::Chunk& chunk) { return chunks.next(chunk); }, settlement, refused);
  EXPECT_TRUE(found && *found);
  if (!options.groups && options.rule.empty() && options.run.history == nullptr)
    return explain(rules, **found, {.language = language}).text;
  const auto around =
      surroundings(rules, visit_key(program(rules), **found), options, ports_of(text));
  EXPECT_TRUE(around) << (around ? "" : around.error().en);
  if (!around || around->empty())
    return "";
  return explain(rules, *around, {.language = language, .rule = options.rule}).text;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Surroundings, a_group_is_told_with_its_visits_its_conditions_and_what_would_make_it_fire) {
  const PackFolder folder;
  folder.write("t.sanku", R"(
rule G1 "一人多次" { stage post
  on settlements by person = patient.id
  when count(group.settlements) >= 3
  report lead "{count(group.settlements)} 次"
}
rule G2 "一码" { stage post
  on all items by code
  let sold = sum(i in group.items take i.quantity)
  when sold > 10
  report lead "{sold}"
}
rule G3 "同级" { stage post
  on settlements by person = patient.id, provider = provider.id
  let visits = sum(s in group.settlements take 1)
  let usual = mean(visits) among provider at least 2
  when visits > usual
  report lead "{visits}，平均 {usual}"
}
)");
  const auto rules = rules_at(folder.path());
  ASSERT_TRUE(rules);
  const std::string text = stay("V1", "P1", "2026-02-01", 4) + stay("V2", "P1", "2026-02-05", 4) +
                           stay("V3", "P2", "2026-02-05", 1) + stay("V4", "P3", "2026-02-06", 3);
  const std::string one = told(*rules, text, "SV1", {.groups = true});
  EXPECT_TRUE(holds(one, "○ G1")) << one;
  EXPECT_TRUE(holds(one, "person P1")) << one;
  EXPECT_TRUE(holds(one, "SV1  2026-02-01")) << one;
  EXPECT_TRUE(holds(one, "(this one)")) << one;
  EXPECT_TRUE(holds(one, "SV2  2026-02-05")) << one;
  EXPECT_FALSE(holds(one.substr(0, one.find("G2")), "SV3")) << one;
  EXPECT_TRUE(holds(one, "`count(group.settlements) >= 3` held (short by 1)")) << one;
  // The code is one of all four visits: 12.
  EXPECT_TRUE(holds(one, "● G2")) << one;
  EXPECT_TRUE(holds(one, "4, 4 items")) << one;
  // Peers are those of the whole input: (2 + 1 + 1) / 3.
  EXPECT_TRUE(holds(one, "● G3")) << one;
  EXPECT_TRUE(holds(one, "平均 1.333333")) << one;
  const std::string zh = told(*rules, text, "SV1", {.groups = true, .rule = "G1"}, Language::zh);
  EXPECT_TRUE(holds(zh, "（本次）")) << zh;
  EXPECT_FALSE(holds(zh, "G2")) << zh;
  // What was not asked for is said, and how to ask.
  EXPECT_TRUE(holds(told(*rules, text, "SV1", {}), "--groups"));
}

TEST(Surroundings, say_the_same_as_a_run) {
  const PackFolder folder;
  folder.write("t.sanku", R"(
rule G1 "一人多次" { stage post
  on settlements by person = patient.id
  when count(group.settlements) >= 2
  report lead "{count(group.settlements)} 次"
}
)");
  const auto rules = rules_at(folder.path());
  ASSERT_TRUE(rules);
  std::string text;
  for (int visit = 0; visit < 30; ++visit)
    text += stay(fmt::format("V{}", visit), fmt::format("P{}", visit * visit % 11),
                 fmt::format("2026-02-{:02}", 1 + visit % 28), 1);
  const auto engine = make_engine(program(*rules), rules->checked->tables, nullptr,
                                  {.kind = EngineKind::evaluator});
  const auto ran = run_text(*engine, text, {});
  ASSERT_TRUE(ran);
  for (int visit = 0; visit < 30; ++visit) {
    int same = 0;
    for (int other = 0; other < 30; ++other)
      same += other * other % 11 == visit * visit % 11;
    const std::string one = told(*rules, text, fmt::format("SV{}", visit), {.groups = true});
    EXPECT_EQ(holds(one, "● G1"), same >= 2) << visit << one;
    if (same >= 2) {
      EXPECT_TRUE(holds(ran->written, fmt::format("{} 次", same)) &&
                  holds(one, fmt::format("{} 次", same)))
          << one;
    }
  }
}

TEST(Surroundings, a_store_lends_its_visits_and_stays_as_it_is) {
  const PackFolder folder;
  folder.write("t.sanku", R"(
rule T1 "三十天内再次住院" {
  on settlement
  when count(h in history(30 days) where known h.begin) > 0
  report suspected "{count(h in history(30 days) where known h.begin)}"
}
)");
  const auto rules = rules_at(folder.path());
  ASSERT_TRUE(rules);
  const fs::path at = fs::path(folder.path("history"));
  const auto shape = *history_shape(program(*rules));
  const auto engine = make_engine(program(*rules), rules->checked->tables, nullptr,
                                  {.kind = EngineKind::evaluator});
  {
    const auto store = history::Store::open(at, shape);
    ASSERT_TRUE(store);
    ASSERT_TRUE(run_text(*engine, stay("V1", "P1", "2026-02-01", 3), {.history = store->get()}));
  }
  const std::string later = stay("V2", "P1", "2026-02-10", 3);
  const auto store = history::Store::open(at, shape);
  ASSERT_TRUE(store);
  SurroundingOptions with;
  with.run.history = store->get();
  const std::string known = told(*rules, later, "SV2", with);
  EXPECT_TRUE(holds(known, "● T1")) << known;
  EXPECT_FALSE(holds(told(*rules, later, "SV2", {}), "● T1"));
  // The visit that was explained was not remembered.
  const auto records = (*store)->of_person("=P1");
  ASSERT_TRUE(records);
  EXPECT_EQ(records->size(), 1u);
}

TEST(Surroundings, of_a_visit_that_was_taken_back_there_are_none) {
  const PackFolder folder;
  folder.write("t.sanku", "rule G1 \"甲\" { stage post  on settlements by person = patient.id\n"
                          "  when count(group.settlements) >= 1  report lead \"x\" }\n");
  const auto rules = rules_at(folder.path());
  ASSERT_TRUE(rules);
  const std::string text =
      line_of({.visit = "V1", .number = "SV1", .items = {item("1", code, "1", "10.00")}}) +
      line_of({.visit = "V1",
               .number = "R1",
               .items = {item("1", code, "-1", "-10.00")},
               .more = R"(,"refd_setl_flag":"1","init_setl_id":"SV1")"});
  EXPECT_EQ(told(*rules, text, "SV1", {.groups = true}), "");
}

} // namespace
} // namespace sanku::engine
