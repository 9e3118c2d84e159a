// A visit of very many lines of which the rules cannot say anything: each finding names what is
// missing, and looking for the names takes no longer than judging the visit a few times.
#include "tests/unit/tools/engine_fixture.h"

namespace sanku::engine {
namespace {

std::uint64_t occurrences(std::string_view text, std::string_view part) {
  std::uint64_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

TEST(ManyLines, name_what_is_missing_once_a_rule_and_only_where_that_is_little) {
  const PackFolder folder;
  folder.write("rules.sanku",
               "rule L1 \"逐条\" { on item  when item.self_paid > 3元 report suspected \"x\"  when "
               "unknown report reminder \"{missing}\" }\n"
               "rule L2 \"两两\" { on item  when any(o in items where o.self_paid > item.amount) "
               "report suspected \"x\"  when unknown report reminder \"{missing}\" }\n");
  const auto rules = rules_at(folder.path());
  ASSERT_NE(rules, nullptr);
  constexpr std::uint64_t lines = 1100; // each beside each: more than 2^20
  std::string items;
  for (std::uint64_t i = 0; i < lines; ++i)
    items += (i == 0 ? "" : ",") + item(fmt::format("L{}", i), "003102000010000", "1", "12.50");
  const std::string text = claim("1", R"("gend":"1","brdy":"1980-03-06")", items);
  const auto compiled = compile(program(*rules), jit::Level::none);
  ASSERT_TRUE(compiled);
  std::vector<std::string> written;
  for (const EngineKind kind : {EngineKind::jit, EngineKind::evaluator}) {
    const auto engine =
        make_engine(program(*rules), rules->checked->tables,
                    kind == EngineKind::jit ? compiled->image.get() : nullptr, {.kind = kind});
    const auto ran = run_text(*engine, text, {});
    ASSERT_TRUE(ran) << ran.error().en;
    written.push_back(ran->written);
  }
  EXPECT_EQ(occurrences(written[0], R"("message":"明细.自费金额")"), lines);
  EXPECT_EQ(occurrences(written[0], R"("message":"计算量上限")"), lines);
  EXPECT_EQ(written[0], written[1]);
}

} // namespace
} // namespace sanku::engine
