// Generated claims against the whole national library: without planted violations no rule accuses
// anybody, and with them the engine finds exactly what the manifest says, rule by rule, to the
// cent. Every rule is planted, or it is said why not.
#include "tests/unit/tools/engine_fixture.h"
#include "tools/generate/generate.h"
#include "tools/generate/library.h"
#include "tools/generate/plant_library.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace sanku::engine {
namespace {

using simdjson::dom::element;

constexpr const char* whole = "stdlib-rules/national";

struct Made {
  std::string claims, manifest;
  generate::Summary summary;
};
Made made(std::uint64_t settlements, std::uint64_t seed, double rate, bool compact = true) {
  Made out;
  const auto summary = generate::generate(
      {.settlements = settlements,
       .seed = seed,
       .violation_rate = rate,
       .pack = whole,
       .codes = "stdlib-rules/schema/codes",
       .compact = compact},
      [&](std::string_view text) {
        out.claims += text;
        return true;
      },
      [&](std::string_view text) {
        out.manifest += text;
        return true;
      });
  EXPECT_TRUE(summary) << (summary ? "" : summary.error().en);
  if (summary)
    out.summary = *summary;
  return out;
}

std::string text_of(element value) {
  return value.is_null() ? "null" : std::string(value.get_string().value());
}

// Settlement, rule, severity, amount and the offending lines; of what accuses somebody.
std::vector<std::string> facts(const std::string& ndjson) {
  std::vector<std::string> out;
  simdjson::dom::parser parser;
  for (std::size_t begin = 0; begin < ndjson.size();) {
    const std::size_t end = ndjson.find('\n', begin);
    const element each = parser.parse(ndjson.substr(begin, end - begin)).value();
    begin = end + 1;
    const std::string severity = text_of(each["severity"].value());
    if (severity == "indicator" || severity == "lead")
      continue;
    std::vector<std::string> lines;
    const simdjson::dom::array of = each["lines"].get_array().value();
    for (const element line : of) {
      if (line["role"].error() == simdjson::SUCCESS && text_of(line["role"].value()) != "offending")
        continue;
      lines.push_back(text_of(line["id"].value()) + "=" + text_of(line["amount"].value()));
    }
    std::ranges::sort(lines);
    out.push_back(fmt::format("{} {} {} {} {}", text_of(each["setl_id"].value()),
                              text_of(each["rule"].value()), severity,
                              text_of(each["amount"].value()), fmt::join(lines, " ")));
  }
  std::ranges::sort(out);
  return out;
}

std::vector<std::string> found(const Made& data, const Rules& rules) {
  const auto compiled = compile(program(rules), jit::Level::none);
  EXPECT_TRUE(compiled);
  if (!compiled)
    return {};
  const auto engine = make_engine(program(rules), rules.checked->tables, compiled->image.get(),
                                  {.level = jit::Level::none});
  const auto ran = run_text(*engine, data.claims, {.threads = 2});
  EXPECT_TRUE(ran);
  return ran ? facts(ran->written) : std::vector<std::string>();
}

void expect_same(const std::vector<std::string>& planted, const std::vector<std::string>& found) {
  std::vector<std::string> missed, beyond;
  std::ranges::set_difference(planted, found, std::back_inserter(missed));
  std::ranges::set_difference(found, planted, std::back_inserter(beyond));
  EXPECT_EQ(missed.size(), 0u) << "planted and not found, first: " << missed.front();
  EXPECT_EQ(beyond.size(), 0u) << "found and not planted, first: " << beyond.front();
}

TEST(Library, nobody_is_accused_where_nothing_is_planted) {
  const auto rules = rules_at(whole);
  ASSERT_TRUE(rules);
  const Made data = made(5'000, 3, 0);
  EXPECT_EQ(data.manifest, "");
  expect_same({}, found(data, *rules));
}

TEST(Library, finds_exactly_what_was_planted) {
  const auto rules = rules_at(whole);
  ASSERT_TRUE(rules);
  for (const bool compact : {true, false}) {
    const Made data = made(compact ? 12'000 : 3'000, 5, 0.3, compact);
    const std::vector<std::string> planted = facts(data.manifest);
    EXPECT_GT(planted.size(), 500u);
    expect_same(planted, found(data, *rules));
    for (const generate::Planted& each : data.summary.planted)
      EXPECT_GE(each.findings, compact ? 3u : 0u) << each.rule;
  }
}

bool is_named(std::string_view list, const std::string& rule) {
  std::istringstream words{std::string(list)};
  for (std::string word; words >> word;)
    if (word == rule || (word.ends_with('*') && rule.starts_with(word.substr(0, word.size() - 1))))
      return true;
  return false;
}

TEST(Library, every_rule_is_planted_or_it_is_said_why_not) {
  const auto rules = rules_at(whole);
  ASSERT_TRUE(rules);
  for (const hir::Rule& rule : program(*rules).rules) {
    const bool planted = std::ranges::any_of(
        generate::rule_names, [&](const generate::RuleName& each) { return each.id == rule.id; });
    const auto reasons =
        std::ranges::count_if(generate::not_planted(), [&](const generate::NotPlanted& each) {
          return is_named(each.rules, rule.id);
        });
    EXPECT_EQ(reasons, planted ? 0 : 1) << rule.id;
  }
  for (const generate::NotPlanted& each : generate::not_planted()) {
    EXPECT_FALSE(each.why_zh.empty());
    EXPECT_NE(each.why_zh, each.why_en);
  }
}

// The page of what is planted, as it should be.
std::string planted_page() {
  std::string out =
      "# What `sanku generate` plants\n\nMade by `SANKU_UPDATE=1 unit_tools "
      "--gtest_filter=Library.the_page*`; do not edit. Of the national library these rules are "
      "planted,\nand the engine finds exactly what was planted.\n\n| rule | kind |\n|---|---|\n";
  for (const generate::RuleName& each : generate::rule_names)
    out += fmt::format("| {} | {} |\n", each.id, each.slug);
  out += "\nOf these nothing is planted:\n\n| rules | 原因 | why |\n|---|---|---|\n";
  for (const generate::NotPlanted& each : generate::not_planted())
    out += fmt::format("| {} | {} | {} |\n", each.rules, each.why_zh, each.why_en);
  return out;
}

TEST(Library, the_page_of_what_is_planted_is_fresh) {
  const char* page = "tools/generate/PLANTED.md";
  if (std::getenv("SANKU_UPDATE") != nullptr)
    std::ofstream(page) << planted_page();
  std::ifstream in(page);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), planted_page());
}

TEST(Library, a_cell_holds_what_it_lists_and_what_lies_below) {
  EXPECT_TRUE(generate::holds("E10..E14;O24.4", "E11.900"));
  EXPECT_TRUE(generate::holds("E10..E14;O24.4", "E14.201"));
  EXPECT_TRUE(generate::holds("E10..E14;O24.4", "O24.400"));
  EXPECT_FALSE(generate::holds("E10..E14;O24.4", "E15.000"));
  EXPECT_FALSE(generate::holds("E10..E14;O24.4", "O24.300"));
  EXPECT_FALSE(generate::holds("", "O24.300"));
}

} // namespace
} // namespace sanku::engine
