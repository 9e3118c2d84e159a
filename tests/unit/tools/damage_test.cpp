// Damaged requests through the whole engine: whatever is done to a record, the run ends, and each
// record is evaluated or rejected with a reason. Damage knows JSON: values are exchanged, left out,
// repeated; bytes are flipped and lines cut.
#include "tests/unit/tools/engine_fixture.h"
#include "tools/generate/generate.h"

#include <random>

namespace sanku::engine {
namespace {

constexpr unsigned seed = 20260307;

std::vector<std::string> generated_lines(std::uint64_t settlements) {
  std::vector<std::string> lines;
  const auto summary = generate::generate(
      {.settlements = settlements,
       .seed = seed,
       .violation_rate = 0.5,
       .pack = "bench/packs/first_eighteen",
       .codes = "stdlib-rules/schema/codes",
       .compact = true},
      [&](std::string_view text) {
        for (std::size_t at = 0, end = 0; at < text.size(); at = end + 1) {
          end = text.find('\n', at);
          lines.emplace_back(text.substr(at, end - at));
        }
        return true;
      },
      [](std::string_view) { return true; });
  EXPECT_TRUE(summary);
  return lines;
}

// Behind the value that begins at `at`.
std::size_t value_end(const std::string& text, std::size_t at) {
  int depth = 0;
  for (bool quoted = false; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      at += c == '\\' ? 1 : 0;
      quoted = c != '"';
      if (!quoted && depth == 0)
        return at + 1;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth-- == 0)
        return at;
      if (depth == 0)
        return at + 1;
    } else if (c == ',' && depth == 0) {
      return at;
    }
  }
  return at;
}

struct Damage {
  std::mt19937 random{seed};

  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random() % bound); }

  std::string any_value() {
    static const std::vector<std::string> values = {"null",
                                                    "\"\"",
                                                    "\"-\"",
                                                    "{}",
                                                    "[]",
                                                    "[{}]",
                                                    "{\"a\":1}",
                                                    "1e400",
                                                    "-0",
                                                    "0.000001",
                                                    "99999999999999999999",
                                                    "\"2026-02-30\"",
                                                    "\"9999-12-31 24:00:00\"",
                                                    "true",
                                                    "\"\\u0000\"",
                                                    "\"\\ud83d\\ude00\"",
                                                    "\"男\"",
                                                    "[[[[]]]]",
                                                    "[1,\"2\",null]",
                                                    "-1",
                                                    "\"1,5\"",
                                                    "01",
                                                    "nul",
                                                    "\"M000000000001\""};
    if (below(20) == 0)
      return std::string(70, '[') + std::string(70, ']');
    return values[below(values.size())];
  }

  // A place where a value begins: behind a colon outside of texts, as generated text has them.
  std::size_t any_place(const std::string& line) {
    const std::size_t from = below(line.size());
    const std::size_t found = line.find("\":", from);
    return found == std::string::npos ? std::string::npos : found + 2;
  }

  void apply(std::string& line) {
    const std::size_t at = any_place(line);
    const std::size_t kind = below(7);
    if (kind < 4 && at != std::string::npos) {
      const std::size_t end = value_end(line, at);
      if (kind == 0 || kind == 1) {
        line.replace(at, end - at, any_value());
      } else {
        // The member again, the same or with another value.
        const std::size_t key = line.rfind('"', at - 3);
        const std::string member = line.substr(key, at - key);
        line.insert(end, "," + member + (kind == 2 ? any_value() : line.substr(at, end - at)));
      }
      return;
    }
    if (kind == 4)
      line.resize(below(line.size()) + 1);
    else if (kind == 5)
      line[below(line.size())] = static_cast<char>(random() % 256);
    else
      line.erase(below(line.size()), 1 + below(20));
    std::ranges::replace(line, '\n', ' ');
  }
};

TEST(Damage, every_record_is_evaluated_or_rejected_with_a_reason) {
  const auto rules = rules_at("bench/packs/first_eighteen");
  ASSERT_TRUE(rules);
  const auto engine = make_engine(program(*rules), rules->checked->tables, nullptr,
                                  {.kind = EngineKind::evaluator});
  const std::vector<std::string> good = generated_lines(100);
  Damage damage;
  std::uint64_t rejected = 0, evaluated = 0;
  for (int round = 0; round < 40; ++round) {
    std::string text;
    std::uint64_t lines = 0;
    for (std::string line : good) {
      for (std::size_t times = damage.below(3); times > 0 && !line.empty(); --times)
        damage.apply(line);
      lines += line.find_first_not_of(" \t\r") != std::string::npos;
      text += line + "\n";
    }
    // run() checks by itself that the account adds up.
    const auto ran = run_text(*engine, text,
                              {.threads = 2,
                               .batch = 1 + static_cast<std::uint32_t>(damage.below(30)),
                               .chunk_bytes = 2000 + damage.below(100'000)});
    ASSERT_TRUE(ran) << "seed " << seed << " round " << round;
    const io::ReadCounts& read = ran->summary.read;
    EXPECT_LE(read.records, lines);
    const Account& account = ran->summary.account;
    EXPECT_GE(account.read, read.records) << round;
    EXPECT_EQ(ran->rejects.size(), account.rejected);
    for (const io::Reject& reject : ran->rejects) {
      EXPECT_FALSE(reject.reason_en.empty() || reject.reason_zh.empty());
      // The place is the record's.
      EXPECT_EQ(text.compare(reject.offset, reject.text.size(), reject.text), 0)
          << reject.reason_en;
    }
    rejected += account.rejected;
    evaluated += account.evaluated;
  }
  // The damage is neither harmless nor total, or the test would prove little.
  EXPECT_GT(rejected, 500u);
  EXPECT_GT(evaluated, 500u);
}

} // namespace
} // namespace sanku::engine
