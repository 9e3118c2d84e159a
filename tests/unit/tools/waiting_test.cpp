// Visits that come in several records, through a whole run: split, permuted, repeated, taken back,
// contradicted, in hardly any memory.
#include "tests/unit/tools/engine_fixture.h"
#include "tools/generate/generate.h"

#include <map>
#include <random>
#include <set>

namespace sanku::engine {
namespace {

// Texts as senders write them; equal numbers of visits at one provider.
struct Sent {
  std::string visit, number;
  std::vector<std::string> items = {};
  std::string more = {}; // further fields of the visit, each with a comma before it
  std::string provider = "H1";
};

std::string line_of(const Sent& sent) {
  std::string items;
  for (const std::string& each : sent.items)
    items += (items.empty() ? "" : ",") + each;
  const std::string number =
      sent.number.empty() ? "" : fmt::format(R"("setl_id":"{}",)", sent.number);
  return fmt::format(R"({{"mdtrt_id":"{}",{}"medins_id":"{}","gend":"1"{},"fsi_order_dtos":[{}]}})",
                     sent.visit, number, sent.provider, sent.more, items) +
         "\n";
}

constexpr const char* code = "001102000040000";

// One rule that adds up over the visit, one that speaks of a line, one of the visit.
class Small {
public:
  Small() {
    folder_.write("t.sanku", R"(
rule T1 "一次就诊超过二" {
  on items by code
  when sum(i in group.items take i.quantity) > 2
  report suspected on group.items beyond first 2 of quantity "共{sum(i in group.items take i.quantity)}"
}
rule T2 "贵" { on item  when item.amount > 25元 report reminder "{item.id}" }
rule T3 "总额" { on settlement  when settlement.total > 50元 report lead "{settlement.total}" }
)");
    rules_ = rules_at(folder_.path());
    EXPECT_TRUE(rules_);
    engine = make_engine(program(*rules_), rules_->checked->tables, nullptr,
                         {.kind = EngineKind::evaluator});
  }
  [[nodiscard]] Ran run(const std::string& text, const RunOptions& options = {}) const {
    auto ran = run_text(*engine, text, options);
    EXPECT_TRUE(ran) << ran.error().en;
    return ran ? std::move(*ran) : Ran();
  }
  std::unique_ptr<Engine> engine;

private:
  PackFolder folder_;
  std::unique_ptr<Rules> rules_;
};

std::string account_of(const Ran& ran) {
  const Account& a = ran.summary.account;
  return fmt::format("{} = {} + {} + {} + {} + {}", a.read, a.evaluated, a.merged, a.repeated,
                     a.refunded, a.rejected);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin) + 1;
    lines.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return lines;
}
std::vector<std::string> sorted_lines(const std::string& text) {
  std::vector<std::string> lines = lines_of(text);
  std::ranges::sort(lines);
  return lines;
}

// What is said in a finding after its `"message":`, or the whole word after a key.
std::string field(const std::string& finding, const std::string& key) {
  const std::size_t at = finding.find("\"" + key + "\":\"");
  if (at == std::string::npos)
    return "";
  const std::size_t begin = at + key.size() + 4;
  return finding.substr(begin, finding.find('"', begin) - begin);
}
std::vector<std::string> fields(const std::string& findings, const std::string& key) {
  std::vector<std::string> all;
  for (const std::string& line : lines_of(findings))
    all.push_back(field(line, key));
  return all;
}
using Texts = std::vector<std::string>;

TEST(Waiting, parts_of_a_visit_are_judged_as_one_where_the_first_of_them_stands) {
  const Small small;
  const std::string a = line_of({.visit = "V1",
                                 .number = "1",
                                 .items = {item("1", code, "1", "10.00")},
                                 .more = R"(,"medfee_sumamt":"30.00")"}),
                    b = line_of(
                        {.visit = "V2", .number = "2", .items = {item("1", code, "3", "30.00")}}),
                    c = line_of({.visit = "V1",
                                 .number = "3",
                                 .items = {item("2", code, "2", "20.00")},
                                 .more = R"(,"medfee_sumamt":"30.00")"}),
                    d = line_of(
                        {.visit = "V3", .number = "4", .items = {item("1", code, "4", "40.00")}});
  const Ran ran = small.run(a + b + c + d);
  EXPECT_EQ(account_of(ran), "4 = 3 + 1 + 0 + 0 + 0");
  // V1: one of three lies beyond; its total is the sum.
  EXPECT_EQ(fields(ran.written, "mdtrt_id"), (Texts{"V1", "V1", "V2", "V2", "V3", "V3"}));
  EXPECT_EQ(fields(ran.written, "rule"), (Texts{"T3", "T1", "T1", "T2", "T1", "T2"}));
  EXPECT_EQ(fields(ran.written, "message"), (Texts{"60.00", "共3", "共3", "1", "共4", "1"}));
  // Another provider's visit of that number is another visit.
  const std::string other = line_of(
      {.visit = "V1", .number = "3", .items = {item("2", code, "2", "20.00")}, .provider = "H2"});
  EXPECT_EQ(account_of(small.run(a + other)), "2 = 2 + 0 + 0 + 0 + 0");
}

TEST(Waiting, counts_repeats_rejects_contradictions_and_leaves_out_what_was_taken_back) {
  const Small small;
  const auto sent = [](const char* number, const char* quantity, const char* more = "") {
    return line_of({.visit = "V1",
                    .number = number,
                    .items = {item("1", code, quantity, "30.00")},
                    .more = more});
  };
  const std::string first = sent("1", "3"), other = sent("1", "4"),
                    refund = sent("2", "-3", R"(,"refd_setl_flag":"1","init_setl_id":"1")");
  const Ran repeated = small.run(first + first);
  EXPECT_EQ(account_of(repeated), "2 = 1 + 0 + 1 + 0 + 0");
  EXPECT_EQ(repeated.written, small.run(first).written);

  const Ran conflict = small.run(first + "\n" + other);
  EXPECT_EQ(account_of(conflict), "2 = 1 + 0 + 0 + 0 + 1");
  EXPECT_EQ(conflict.written, small.run(first).written);
  ASSERT_EQ(conflict.rejects.size(), 1u);
  EXPECT_EQ(conflict.rejects[0].line, 3u);
  EXPECT_EQ(conflict.rejects[0].offset, first.size() + 1);
  EXPECT_EQ(conflict.rejects[0].text + "\n", other);
  EXPECT_NE(conflict.rejects[0].reason_en.find("line 1"), std::string::npos);
  EXPECT_NE(conflict.rejects[0].reason_zh.find("第 1 行"), std::string::npos);
  const Ran strict = small.run(first + other, {.strict = true});
  ASSERT_TRUE(strict.summary.stopped_at);
  EXPECT_EQ(strict.summary.stopped_at->line, 2u);

  for (const std::string& text : {first + refund, refund + first}) {
    const Ran cancelled = small.run(text);
    EXPECT_EQ(account_of(cancelled), "2 = 0 + 0 + 0 + 2 + 0");
    EXPECT_EQ(cancelled.written, "");
  }
  EXPECT_EQ(account_of(small.run(refund)), "1 = 0 + 0 + 0 + 1 + 0");
  // Settled anew: what is left is judged.
  const Ran again = small.run(first + refund + sent("3", "4"));
  EXPECT_EQ(account_of(again), "3 = 1 + 0 + 0 + 2 + 0");
  EXPECT_EQ(fields(again.written, "message"), (Texts{"共4", "1"}));
}

TEST(Waiting, believes_settlement_numbers_across_visits) {
  const Small small;
  const auto sent = [](const char* visit, const char* number, const char* more = "") {
    return line_of(
        {.visit = visit, .number = number, .items = {item("1", code, "3", "30.00")}, .more = more});
  };
  const std::string first = sent("V1", "1"), thief = sent("V2", "1"),
                    refund = sent("V3", "2", R"(,"init_setl_id":"1")");
  const Ran conflict = small.run(first + thief);
  EXPECT_EQ(account_of(conflict), "2 = 1 + 0 + 0 + 0 + 1");
  ASSERT_EQ(conflict.rejects.size(), 1u);
  EXPECT_EQ(conflict.rejects[0].line, 2u);
  EXPECT_EQ(fields(conflict.written, "mdtrt_id"), (Texts{"V1", "V1"}));
  for (const std::string& text : {first + refund, refund + first})
    EXPECT_EQ(account_of(small.run(text)), "2 = 0 + 0 + 0 + 2 + 0");
  EXPECT_EQ(account_of(small.run(refund + first + first)), "3 = 0 + 0 + 1 + 2 + 0");
}

TEST(Waiting, a_record_that_is_refused_concerns_no_other) {
  const Small small;
  const std::string first =
      line_of({.visit = "V1", .number = "1", .items = {item("1", code, "3", "30.00")}});
  const std::string broken = line_of({.visit = "V1",
                                      .number = "2",
                                      .items = {item("1", code, "many", "30.00")},
                                      .more = R"(,"init_setl_id":"1")"});
  const Ran ran = small.run(broken + first);
  EXPECT_EQ(account_of(ran), "2 = 1 + 0 + 0 + 0 + 1");
  EXPECT_EQ(ran.written, small.run(first).written);
}

// ---- any order, any number of pieces, any memory

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

TEST(Waiting, splitting_repeating_and_permuting_change_no_finding) {
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

TEST(Waiting, permuted_lines_and_settlements_give_the_same_findings_in_the_order_of_the_file) {
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

TEST(Waiting, a_shuffled_file_needs_hardly_any_memory_and_gives_the_same_bytes) {
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

TEST(Waiting, an_input_that_can_be_read_again_is_not_kept) {
  const Small small;
  const std::string text =
      line_of({.visit = "V1", .number = "1", .items = {item("1", code, "3", "30.00")}});
  std::size_t at = 0, read = 0;
  Ran ran;
  RunPorts ports;
  ports.read = [&](char* buffer, std::size_t size) {
    const std::size_t taken = std::min(size, text.size() - at);
    std::memcpy(buffer, text.data() + at, taken);
    at += taken;
    read += taken;
    return static_cast<std::int64_t>(taken);
  };
  ports.rewind = [&]() -> Result<void> {
    at = 0;
    return {};
  };
  ports.write = [&](std::string_view findings) -> Result<void> {
    ran.written += findings;
    return {};
  };
  const auto summary = engine::run(*small.engine, {.pack = "test 1"}, ports);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->account.evaluated, 1u);
  EXPECT_EQ(read, 2 * text.size());
  EXPECT_EQ(ran.written, small.run(text).written);
}

TEST(Waiting, lines_that_share_a_number_show_what_tells_them_apart) {
  const Small small;
  const std::string a = item("7", code, "2", "30.00"), b = item("7", code, "1", "30.00"), c = b;
  const auto keys = [&](const Texts& items) {
    std::set<std::string> found;
    for (const std::string& key :
         fields(small.run(line_of({.visit = "V1", .number = "1", .items = items})).written, "key"))
      found.insert(key);
    return found;
  };
  const std::set<std::string> expected = {"7|001102000040000|2026-03-05 09:30|10.00|1|0",
                                          "7|001102000040000|2026-03-05 09:30|10.00|1|1",
                                          "7|001102000040000|2026-03-05 09:30|10.00|2|0"};
  EXPECT_EQ(keys({a, b, c}), expected);
  EXPECT_EQ(keys({c, b, a}), expected);
  EXPECT_EQ(keys({a}), (std::set<std::string>{""})) << "a number that comes once is enough";
}

} // namespace
} // namespace sanku::engine
