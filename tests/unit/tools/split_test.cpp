// Generated settlements and the national rules: what was found in whole settlements is found when
// each was settled in parts, and in whatever order the records come; by the engine and by the
// command.
#include "tests/unit/tools/engine_fixture.h"
#include "tools/generate/generate.h"

#include <random>
#include <sys/wait.h>

namespace sanku::engine {
namespace {

constexpr const char* national = "bench/packs/first_eighteen";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin) + 1;
    lines.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return lines;
}

std::vector<std::string> generated_lines(std::uint64_t settlements) {
  std::string claims;
  const auto summary = generate::generate(
      {.settlements = settlements,
       .seed = 31,
       .violation_rate = 0.5,
       .pack = national,
       .codes = "stdlib-rules/schema/codes",
       .compact = true},
      [&](std::string_view text) {
        claims.append(text);
        return true;
      },
      [](std::string_view) { return true; });
  EXPECT_TRUE(summary) << summary.error().en;
  return lines_of(claims);
}

// A settlement cut into parts: each has the header and a settlement number of its own, and some of
// the lines.
void split(std::mt19937& random, const std::string& record, std::vector<std::string>& parts) {
  const std::string list = "\"fsi_order_dtos\":[", number = "\"setl_id\":\"";
  const std::size_t begin = record.find(list) + list.size(), end = record.find(']', begin);
  ASSERT_LT(end, record.size());
  std::vector<std::vector<std::string>> lines(1 + random() % 3);
  for (std::size_t at = begin; at < end;) {
    const std::size_t close = record.find('}', at) + 1;
    lines[random() % lines.size()].push_back(record.substr(at, close - at));
    at = close + 1;
  }
  for (std::size_t part = 0; part < lines.size(); ++part) {
    std::ranges::shuffle(lines[part], random);
    std::string items;
    for (const std::string& line : lines[part])
      items += (items.empty() ? "" : ",") + line;
    std::string made = record.substr(0, begin) + items + record.substr(end);
    const std::size_t own = made.find(number);
    ASSERT_NE(own, std::string::npos);
    made.insert(own + number.size(), fmt::format("{}-", part));
    parts.push_back(made);
  }
}

std::string joined(const std::vector<std::string>& records) {
  std::string text;
  for (const std::string& record : records)
    text += record;
  return text;
}

// Without the settlement's number, which parts have of their own.
std::vector<std::string> findings_of(const std::string& written) {
  std::vector<std::string> all = lines_of(written);
  for (std::string& line : all) {
    const std::size_t at = line.find("\"setl_id\":"), end = line.find(",\"rule\"");
    line.erase(at, end - at);
  }
  std::ranges::sort(all);
  return all;
}

TEST(Split, parts_in_any_order_give_the_findings_of_the_whole) {
  const std::vector<std::string> whole = generated_lines(400);
  constexpr unsigned seed = 37;
  std::mt19937 random(seed);
  std::vector<std::string> parts;
  for (const std::string& record : whole)
    split(random, record, parts);
  std::ranges::shuffle(parts, random);
  const auto rules = rules_at(national);
  ASSERT_TRUE(rules);
  const auto compiled = compile(program(*rules), jit::Level::optimised);
  ASSERT_TRUE(compiled);
  const auto jit = make_engine(program(*rules), rules->checked->tables, compiled->image.get(), {});
  const auto evaluator = make_engine(program(*rules), rules->checked->tables, nullptr,
                                     {.kind = EngineKind::evaluator});
  const auto expected = run_text(*jit, joined(whole), {});
  ASSERT_TRUE(expected);
  EXPECT_GT(total(expected->summary).findings, 150u);
  for (const Engine* engine : {jit.get(), evaluator.get()}) {
    const auto ran = run_text(*engine, joined(parts), {.threads = 2, .memory = 1});
    ASSERT_TRUE(ran);
    EXPECT_TRUE(findings_of(ran->written) == findings_of(expected->written)) << "seed " << seed;
    EXPECT_EQ(ran->summary.account.evaluated, whole.size());
    EXPECT_EQ(ran->summary.account.merged, parts.size() - whole.size());
  }
}

TEST(Split, the_command_tells_where_every_record_went) {
  const PackFolder folder;
  const std::vector<std::string> whole = generated_lines(60);
  constexpr unsigned seed = 41;
  std::mt19937 random(seed);
  std::vector<std::string> parts;
  for (const std::string& record : whole)
    split(random, record, parts);
  std::string taken_back = parts.back(), refund = taken_back;
  std::vector<std::string> records = parts;
  records.push_back(parts.front()); // a repeat
  records.push_back("{\"cut\":\n"); // unreadable
  const std::size_t number = refund.find("\"setl_id\":\"") + 11;
  const std::string own = refund.substr(number, refund.find('"', number) - number);
  refund.insert(number, "back-");
  refund.insert(refund.find("\"setl_id\""), "\"init_setl_id\":\"" + own + "\",");
  // What was settled wrongly, taken back, and settled anew.
  std::string anew = taken_back;
  anew.insert(number, "anew-");
  records.push_back(refund);
  records.push_back(anew);
  std::ranges::shuffle(records, random);
  folder.write("whole.ndjson", joined(whole));
  folder.write("parts.ndjson", joined(records));
  ::setenv("SANKU_CACHE", "", 1); // never the user's
  const std::string program =
      (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "sanku").string();
  const auto run = [&](const std::string& arguments) {
    const std::string command = fmt::format("LC_ALL=C.UTF-8 '{}' {} > '{}' 2> '{}'", program,
                                            arguments, folder.path("said"), folder.path("err"));
    const int status = std::system(command.c_str());
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) <= 1) << command;
    std::ifstream said(folder.path("said"), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(said), {});
  };
  const auto contents = [&](const std::string& name) {
    std::ifstream file(folder.path(name), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const std::string common =
      fmt::format("run --engine evaluator --pack {} --rejects '{}' ", national, folder.path("r"));
  (void)run(common + fmt::format("--in '{}' --out '{}'", folder.path("whole.ndjson"),
                                 folder.path("whole.out")));
  const std::string said =
      run(common + fmt::format("--in '{}' --out '{}'", folder.path("parts.ndjson"),
                               folder.path("parts.out")));
  const std::size_t merged = parts.size() - whole.size();
  const std::string account =
      fmt::format("read {} records, evaluated {}, merged {}, repeated 1, refunded 2, rejected 1;",
                  records.size(), whole.size(), merged);
  EXPECT_TRUE(said.starts_with(account)) << said << account;
  const std::string zh = run(
      "--lang zh " + common +
      fmt::format("--in '{}' --out '{}'", folder.path("parts.ndjson"), folder.path("again.out")));
  EXPECT_TRUE(
      zh.starts_with(fmt::format("读入 {} 条记录, 评估 {}, 合并 {}, 重复 1, 退费 2, 拒收 1;",
                                 records.size(), whole.size(), merged)))
      << zh;
  EXPECT_GT(contents("whole.out").size(), 0u);
  EXPECT_TRUE(findings_of(contents("parts.out")) == findings_of(contents("whole.out")));
  // Through a pipe, which cannot be read twice.
  const std::string piped =
      run(common + fmt::format("--in - --format ndjson < '{}'", folder.path("parts.ndjson")));
  EXPECT_TRUE(piped == contents("parts.out"));
}

} // namespace
} // namespace sanku::engine
