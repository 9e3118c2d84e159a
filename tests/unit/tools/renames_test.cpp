// Rules that say what they were called before: one rule, wherever packs are compared or a record of
// rules is kept.
#include "tests/unit/tools/engine_fixture.h"
#include "tools/engine/renames.h"
#include "tools/impact/impact.h"
#include "tools/impact/report.h"
#include "tools/outcomes/outcomes.h"
#include "tools/prove/report.h"
#include "tools/prove/versions.h"

namespace sanku::engine {
namespace {

std::string rule(std::string_view id, std::string_view was, int most) {
  return fmt::format("rule {} \"多\" {{ category policy {} basis law on item\n"
                     "  when item.quantity > {} report violation \"x\" }}\n",
                     id, was, most);
}

std::unique_ptr<Rules> read(const PackFolder& folder, const std::string& text) {
  folder.write("rules.sanku", text);
  auto rules = read_rules(folder.path());
  EXPECT_TRUE(rules);
  return rules ? std::move(*rules) : nullptr;
}

constexpr std::string_view other = "rule M1 \"别\" { category policy basis law on item\n"
                                   "  when item.quantity > 90 report violation \"y\" }\n";

TEST(Renames, are_those_of_rules_that_one_side_has_by_the_old_id_alone) {
  const PackFolder folder;
  const auto before = read(folder, rule("Z1", "", 3) + rule("Z2", "", 4));
  const auto now = read(folder, rule("A1", "was Z1", 3) + rule("A2", "was Y7", 4));
  EXPECT_EQ(renames(*now), (Renames{{"Y7", "A2"}, {"Z1", "A1"}}));
  EXPECT_EQ(renames(*before, *now), (Renames{{"Z1", "A1"}}));
}

TEST(Renames, give_a_rule_its_new_id_and_the_tests_stay_its_own) {
  const PackFolder folder;
  const auto rules =
      read(folder, rule("Z1", "", 3) + std::string(other) +
                       "test \"多\" { given { items [ { quantity: 4 } ] } expect Z1 violation }\n");
  rename(*rules, {{"Z1", "A1"}});
  const hir::Program& all = program(*rules);
  EXPECT_EQ(all.rules[0].id, "A1");
  EXPECT_EQ(all.rules[1].id, "M1");
  EXPECT_EQ(all.tests[0].expect_rules, (std::vector<std::uint32_t>{0}));
}

TEST(Renames, a_rule_that_is_still_there_is_no_old_id) {
  const PackFolder folder;
  const auto rules = read(folder, rule("Z1", "", 3) + rule("A1", "was Z1", 3));
  ASSERT_EQ(rules->diagnostics.all.size(), 1u);
  const diag::Diagnostic& found = rules->diagnostics.all.front();
  EXPECT_EQ(found.severity, diag::Severity::error);
  EXPECT_EQ(source::place_of(rules->map, found.span.file, found.span.begin).line, 3u);
}

impact::Impact compared(const PackFolder& folder, const std::string& before,
                        const std::string& now) {
  auto first = read(folder, before), second = read(folder, now);
  const std::string text = claim("S1", "\"gend\":\"1\"", item("1", "A1", "5", "50.00"));
  auto made = impact::run(
      std::move(first), std::move(second), {.engine = {.kind = EngineKind::evaluator}},
      [&](const schema::Schema&) -> Result<RunPorts> {
        RunPorts ports;
        ports.read = [rest = std::string_view(text)](char* buffer, std::size_t size) mutable {
          const std::size_t taken = std::min(size, rest.size());
          std::memcpy(buffer, rest.data(), taken);
          rest.remove_prefix(taken);
          return static_cast<std::int64_t>(taken);
        };
        ports.reject = [](const io::Reject&) { return Result<void>(); };
        return ports;
      },
      [](std::string_view) { return Result<void>(); });
  EXPECT_TRUE(made);
  return std::move(*made);
}

TEST(Renames, impact_takes_both_for_one_rule) {
  const PackFolder folder;
  const impact::Impact same = compared(folder, rule("Z1", "", 3) + std::string(other),
                                       rule("A1", "was Z1", 3) + std::string(other));
  ASSERT_EQ(same.joined.changes.size(), 2u);
  EXPECT_EQ(same.joined.changes[0].state, impact::State::untouched);
  EXPECT_TRUE(same.joined.changes[0].judged_once);
  EXPECT_FALSE(impact::differs(same.counter.tallies().all));
  EXPECT_GT(same.counter.tallies().all.before.findings, 0u);
  const impact::Impact changed = compared(folder, rule("Z1", "", 3), rule("A1", "was Z1", 7));
  ASSERT_EQ(changed.joined.changes.size(), 1u);
  EXPECT_EQ(changed.joined.changes[0].state, impact::State::changed);
  EXPECT_NE(impact::text(changed, Language::en).find("A1 (was Z1)"), std::string::npos);
  EXPECT_NE(impact::text(changed, Language::zh).find("A1（原 Z1）"), std::string::npos);
  EXPECT_NE(impact::json(changed).find(R"("was":"Z1")"), std::string::npos);
}

TEST(Renames, versions_are_compared_under_the_new_id) {
  for (const int most : {3, 4}) {
    const PackFolder folder;
    const auto before = read(folder, rule("Z1", "", 3)),
               now = read(folder, rule("A1", "was Z1", most));
    const Renames renamed = renames(*before, *now);
    rename(*before, renamed);
    const auto first = prove::Replayer::make(*before), second = prove::Replayer::make(*now);
    ASSERT_TRUE(first && second);
    auto report = prove::compare(**first, **second, prove::Comparing::versions, prove::Options());
    ASSERT_TRUE(report);
    report->renamed = renamed;
    EXPECT_TRUE(report->only_now.empty());
    EXPECT_TRUE(report->only_before.empty());
    ASSERT_EQ(report->findings.size(), 1u);
    EXPECT_EQ(report->findings[0].kind, most == 3 ? prove::Kind::equal : prove::Kind::differs);
    EXPECT_NE(prove::text(*report, *now, Language::en).find("renamed Z1 → A1"), std::string::npos);
  }
}

TEST(Renames, reviews_of_findings_by_the_old_id_are_the_renamed_rules) {
  const PackFolder folder;
  outcomes::Ledger ledger;
  for (const char* id : {"f1", "f2"})
    EXPECT_TRUE(ledger.add({.finding = id, .ruling = outcomes::Ruling::rejected, .cents = {}}));
  folder.write("findings.ndjson", "{\"id\":\"f1\",\"rule\":\"Z1\",\"severity\":\"violation\"}\n"
                                  "{\"id\":\"f2\",\"rule\":\"A1\",\"severity\":\"violation\"}\n");
  outcomes::Join join(ledger, {{"Z1", "A1"}});
  ASSERT_TRUE(join.read(folder.path("findings.ndjson")));
  const outcomes::Outcomes found = join.take();
  ASSERT_EQ(found.rules.size(), 1u);
  EXPECT_EQ(outcomes::reviewed(found.rules.at("A1").all), 2u);
}

} // namespace
} // namespace sanku::engine
