// Visits judged beside one another through a whole run: the same bytes whatever the order, the
// batches, the memory and the threads; what requests bring along is looked at and not judged.
#include "tests/unit/tools/past_fixture.h"

namespace sanku::engine {
namespace {

TEST(Together, FindsTheSameWhateverTheOrderAndTheRoom) {
  const Past past;
  std::vector<std::string> lines;
  for (int person = 0; person < 40; ++person)
    for (int visit = 0; visit < 1 + person % 4; ++visit)
      lines.push_back(stay(fmt::format("V{}-{}", person, visit), fmt::format("P{}", person),
                           fmt::format("2026-0{}-{:02}", 1 + visit, 1 + (person * 7 + visit) % 28),
                           5 + person % 9));
  std::string text;
  for (const std::string& line : lines)
    text += line;
  const Ran whole = past.run(text);
  EXPECT_GE(whole.summary.work.findings, 20u);
  for (const RunOptions& options :
       {RunOptions{.threads = 2, .batch = 3}, RunOptions{.batch = 1, .memory = 1u << 16},
        RunOptions{.threads = 3, .chunk_bytes = 700}})
    EXPECT_EQ(past.run(text, options).written, whole.written);
  std::ranges::reverse(lines);
  std::string reversed;
  for (const std::string& line : lines)
    reversed += line;
  EXPECT_EQ(Past::without_places(past.run(reversed).written), Past::without_places(whole.written));
}

TEST(Together, KnowsOnlyTheDaysOfTheInputUnlessToldMore) {
  const Past past;
  const std::string alone = stay("V2", "P1", "2026-02-10", 3);
  // Nobody knows whether there was a stay before.
  EXPECT_EQ(past.outcomes(alone), (Outcomes{.fired = 0, .indeterminate = 1}));
  EXPECT_EQ(past.outcomes(alone, {.known_since = Date{20454}}), // 2026-01-01
            (Outcomes{.fired = 0, .indeterminate = 0}));
  EXPECT_EQ(past.outcomes(stay("V1", "P1", "2026-02-01", 3) + alone),
            (Outcomes{.fired = 1, .indeterminate = 1}));
  // What a request says of an old visit says nothing of whether that was the only one.
  EXPECT_EQ(past.outcomes(alone + request_of("P2", "V9",
                                             {encounter("V9", "2026-02-10", 3),
                                              encounter("V8", "2025-12-01", 3)})),
            (Outcomes{.fired = 0, .indeterminate = 2}));
}

TEST(Together, LooksAtWhatARequestBringsAlongAndDoesNotJudgeIt) {
  const Past past;
  const std::string request =
      request_of("P1", "V2", {encounter("V2", "2026-02-10", 3), encounter("V1", "2026-02-01", 3)});
  const Ran ran = past.run(request);
  EXPECT_EQ(fields(ran.written, "mdtrt_id"), (Texts{"V2"}));
  EXPECT_EQ(account_of(ran), "1 = 1 + 0 + 0 + 0 + 0");
  EXPECT_EQ(ran.summary.read.context, 1u);
  // A visit's own record counts before what a request says of it.
  const std::string own = stay("V1", "P1", "2025-12-01", 3);
  EXPECT_EQ(past.run(own + request).written, "");
  // Two requests that bring the same visit along bring one.
  const std::string other =
      request_of("P1", "V3", {encounter("V3", "2026-02-12", 3), encounter("V1", "2026-02-01", 3)});
  EXPECT_EQ(fields(past.run(request + other).written, "message"), (Texts{"至少1", "至少2"}));
}

TEST(Together, RefusesARequestWhosePastCannotBeRead) {
  const Past past;
  const Ran ran = past.run(
      request_of("P1", "V2", {encounter("V2", "2026-02-10", 3), encounter("V1", "2026-02-31", 3)}));
  ASSERT_EQ(ran.rejects.size(), 1u);
  EXPECT_NE(ran.rejects[0].reason_zh.find("2026-02-31"), std::string::npos)
      << ran.rejects[0].reason_zh;
}

} // namespace
} // namespace sanku::engine
