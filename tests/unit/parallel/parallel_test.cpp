// What runs at the same time: workers on the blocks of one run, each block in whatever tier is in
// force, while a better one is made and takes its place. `./dev test --thread` runs this with
// ThreadSanitizer, which sees generated code as well: the last test plants a race for it.
#include "tests/unit/tools/engine_fixture.h"
#include "tools/engine/start.h"
#include "tools/generate/generate.h"

#include <atomic>
#include <thread>

namespace sanku::engine {
namespace {

constexpr const char* national = "bench/packs/first_eighteen";

std::string generated_claims(std::uint64_t settlements) {
  std::string claims;
  generate::Options options;
  options.settlements = settlements;
  options.violation_rate = 0.3;
  options.pack = national;
  options.codes = "stdlib-rules/schema/codes";
  const auto made = generate::generate(
      options,
      [&](std::string_view text) {
        claims += text;
        return true;
      },
      [](std::string_view) { return true; });
  EXPECT_TRUE(made);
  return claims;
}

std::string run_on(const Engine& engine, std::string_view claims, unsigned threads) {
  const auto ran =
      run_text(engine, claims, {.threads = threads, .batch = 40, .chunk_bytes = 60'000});
  EXPECT_TRUE(ran);
  return ran ? ran->written : std::string();
}

TEST(Parallel, AnyNumberOfThreadsInAnyTierFindsTheSame) {
  const auto rules = rules_at(national);
  ASSERT_TRUE(rules);
  const std::string claims = generated_claims(1500);
  auto started = start(*rules, {});
  ASSERT_TRUE(started);
  const auto engine =
      make_engine(program(*rules), rules->checked->tables, started->image.get(), {});
  // While the better tier is being made, or after that: whichever comes first.
  const std::string found = run_on(*engine, claims, 4);
  EXPECT_FALSE(found.empty());
  started->behind.join();
  EXPECT_EQ(started->image->tiers.size(), 2u);
  EXPECT_EQ(run_on(*engine, claims, 4), found);
  EXPECT_EQ(run_on(*engine, claims, 1), found);
}

TEST(Tiers, EveryTierMayBePutInForceWhileBlocksRun) {
  const auto rules = rules_at(national);
  ASSERT_TRUE(rules);
  const plan::Plan planned = plan::plan(program(*rules));
  const auto slow = jit::build(program(*rules), planned, {.level = jit::Level::none});
  const auto fast = jit::build(program(*rules), planned, {.level = jit::Level::optimised});
  ASSERT_TRUE(slow && fast);
  auto image = jit::load(program(*rules), planned, *slow);
  ASSERT_TRUE(image);
  const auto engine = make_engine(program(*rules), rules->checked->tables, image->get(), {});
  const std::string claims = generated_claims(600);
  const std::string found = run_on(*engine, claims, 1);
  EXPECT_FALSE(found.empty());
  std::atomic<bool> over = false;
  std::jthread changing([&] {
    for (bool up = true; !over; up = !up)
      EXPECT_TRUE(jit::improve(**image, up ? *fast : *slow));
  });
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(run_on(*engine, claims, 3), found);
  over = true;
}

#ifdef SANKU_THREAD
// One thread writes the amounts that another's generated code reads; no native code looks at them.
void race_with_generated_code() {
  PackFolder folder;
  folder.write("rules.sanku",
               "rule T1 \"x\" { on item when item.amount > 100元 report suspected \"y\" }\n");
  const auto rules = rules_at(folder.path());
  const auto started = start(*rules, {.level = jit::Level::optimised});
  const auto engine =
      make_engine(program(*rules), rules->checked->tables, started->image.get(), {});
  const schema::Schema& schema = engine->program.schema;
  const std::uint32_t items = *schema::line_relation(schema);
  const std::uint32_t amount = *schema::column_with(schema.relations[items], schema::Role::amount);
  batch::BatchBuilder builder(schema, dictionaries(*engine));
  builder.begin();
  builder.begin_row(0);
  for (std::uint32_t i = 0; i < 64; ++i) {
    builder.begin_row(items);
    builder.set_value(items, amount, Value{Decimal{100}});
  }
  builder.commit({});
  batch::Batch batch = builder.take();
  assemble::assemble(batch, schema, dictionaries(*engine), assembly(*engine));
  std::vector<std::uint8_t>& values = batch.relations[items].columns[amount].values;
  const auto worker = exec::make_worker(*engine->bound, {});
  std::jthread writing([&] {
    for (int i = 0; i < 1000; ++i)
      values[8] = static_cast<std::uint8_t>(i % 2);
  });
  for (int i = 0; i < 1000; ++i)
    (void)exec::run_block(*worker, batch);
  writing.join();
}

TEST(ParallelDeathTest, APlantedRaceIsSeenInGeneratedCode) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH(race_with_generated_code(), "data race");
}
#endif

} // namespace
} // namespace sanku::engine
