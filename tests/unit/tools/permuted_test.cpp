// Generated visits split into records that are repeated, taken back and permuted: what is found
// does not change, and hardly any memory is needed.
#include "tests/unit/tools/waiting_fixture.h"

#include <map>
#include <random>

namespace sanku::engine {
namespace {

struct World {
  std::vector<Sent> visits;
};

// Visits with a few lines each; numbers of lines repeat now and then.
World world_of(std::mt19937& random, std::size_t count) {
  World world;
  for (std::size_t v = 0; v < count; ++v) {
    Sent& visit = world.visits.emplace_back();
    visit.visit = fmt::format("V{}", v);
    visit.provider = fmt::format("H{}", random() % 3);
    const std::size_t lines = 1 + random() % 6;
    for (std::size_t i = 0; i < lines; ++i) {
      const std::string number = random() % 8 == 0 ? "7" : fmt::format("{}", i);
      visit.items.push_back(item(number, fmt::format("00110200004000{}", random() % 2),
                                 fmt::format("{}", 1 + random() % 3),
                                 fmt::format("{}.00", 10 * (1 + random() % 3))));
    }
  }
  return world;
}

// The same visits in several records each, with repeats, and settlements that were taken back.
std::vector<std::string> pieces_of(std::mt19937& random, const World& world) {
  std::vector<std::string> records;
  std::size_t number = 0;
  for (const Sent& whole : world.visits) {
    std::vector<Sent> parts(1 + random() % 3);
    for (const std::string& line : whole.items)
      parts[random() % parts.size()].items.push_back(line);
    for (Sent& part : parts) {
      part.visit = whole.visit;
      part.provider = whole.provider;
      part.number = fmt::format("S{}", number++);
      std::ranges::shuffle(part.items, random);
      records.push_back(line_of(part));
      if (random() % 6 == 0)
        records.push_back(records.back());
    }
    if (random() % 5 == 0) {
      Sent wrong{.visit = whole.visit,
                 .number = fmt::format("S{}", number++),
                 .items = {item("9", code, "9", "90.00")},
                 .provider = whole.provider};
      records.push_back(line_of(wrong));
      wrong.more = fmt::format(R"(,"init_setl_id":"{}")", wrong.number);
      wrong.number = fmt::format("S{}", number++);
      records.push_back(line_of(wrong));
    }
  }
  std::ranges::shuffle(records, random);
  return records;
}

std::string joined(const std::vector<std::string>& records) {
  std::string text;
  for (const std::string& record : records)
    text += record;
  return text;
}

// A finding without the settlement's number, which parts have of their own.
std::vector<std::string> findings_of(const std::string& written) {
  std::vector<std::string> all;
  for (std::string line : lines_of(written)) {
    const std::size_t at = line.find("\"setl_id\":"), end = line.find(",\"rule\"");
    line.erase(at, end - at);
    all.push_back(line);
  }
  std::ranges::sort(all);
  return all;
}

TEST(Permuted, splitting_repeating_and_permuting_change_no_finding) {
  const Small small;
  constexpr unsigned seed = 17;
  std::mt19937 random(seed);
  for (int round = 0; round < 20; ++round) {
    const World world = world_of(random, 60);
    std::string whole;
    for (const Sent& visit : world.visits)
      whole += line_of(visit);
    const Ran expected = small.run(whole);
    EXPECT_GT(expected.summary.work.findings, 20u);
    const std::vector<std::string> records = pieces_of(random, world);
    const Ran ran = small.run(joined(records));
    ASSERT_EQ(findings_of(ran.written), findings_of(expected.written))
        << "seed " << seed << " round " << round;
    EXPECT_EQ(ran.summary.account.read, records.size());
    EXPECT_EQ(ran.summary.account.evaluated, world.visits.size());
    EXPECT_EQ(ran.summary.account.rejected, 0u);
    EXPECT_GT(ran.summary.account.merged, 0u);
    EXPECT_GT(ran.summary.account.repeated, 0u);
    EXPECT_GT(ran.summary.account.refunded, 0u);
  }
}

TEST(Permuted, permuted_lines_and_settlements_give_the_same_findings_in_the_order_of_the_file) {
  const Small small;
  constexpr unsigned seed = 19;
  std::mt19937 random(seed);
  World world = world_of(random, 200);
  std::string text;
  for (const Sent& visit : world.visits)
    text += line_of(visit);
  const std::string expected = small.run(text).written;
  for (Sent& visit : world.visits)
    std::ranges::shuffle(visit.items, random);
  text.clear();
  for (const Sent& visit : world.visits)
    text += line_of(visit);
  EXPECT_EQ(small.run(text).written, expected) << "lines of a visit";
  std::ranges::shuffle(world.visits, random);
  text.clear();
  Texts order;
  for (const Sent& visit : world.visits) {
    text += line_of(visit);
    order.push_back(visit.visit);
  }
  const std::string shuffled = small.run(text).written;
  EXPECT_EQ(sorted_lines(shuffled), sorted_lines(expected)) << "visits of a file";
  std::map<std::string, std::size_t> place;
  for (std::size_t i = 0; i < order.size(); ++i)
    place[order[i]] = i;
  const Texts visits = fields(shuffled, "mdtrt_id");
  EXPECT_TRUE(std::ranges::is_sorted(visits, {},
                                     [&](const std::string& visit) { return place.at(visit); }));
}

TEST(Permuted, a_shuffled_file_needs_hardly_any_memory_and_gives_the_same_bytes) {
  const Small small;
  constexpr unsigned seed = 23;
  std::mt19937 random(seed);
  const std::vector<std::string> records = pieces_of(random, world_of(random, 4000));
  const std::string text = joined(records);
  const Ran expected = small.run(text);
  EXPECT_GT(expected.summary.waiting.bytes, std::size_t{2} << 20);
  struct Way {
    std::size_t memory, chunk;
    unsigned threads;
    std::uint32_t batch;
  };
  for (const Way& way :
       {Way{1, 1u << 14, 1, 4096}, Way{1u << 19, 5000, 3, 7}, Way{1u << 28, 1u << 20, 2, 1}}) {
    const Ran ran = small.run(text, {.threads = way.threads,
                                     .batch = way.batch,
                                     .chunk_bytes = way.chunk,
                                     .memory = way.memory});
    EXPECT_TRUE(ran.written == expected.written) << way.memory;
    EXPECT_EQ(account_of(ran), account_of(expected)) << way.memory;
    if (way.memory <= 1u << 19) {
      EXPECT_LE(ran.summary.waiting.most_loaded, std::size_t{128} << 10) << way.memory;
    }
  }
}

} // namespace
} // namespace sanku::engine
