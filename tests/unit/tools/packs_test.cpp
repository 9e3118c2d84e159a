// What is wrong with a pack.toml, by the cases of tests/cases/errors: each tells exactly the codes
// of its first line, in its place, in both languages.
#include "compiler/diag/render.h"
#include "tests/unit/tools/engine_fixture.h"
#include "tools/engine/pack_defaults.h"

#include <set>

namespace sanku::engine {
namespace {

struct Case {
  std::string name, expected, text;
};

std::vector<Case> cases() {
  std::vector<Case> found;
  for (const auto& entry : std::filesystem::directory_iterator("tests/cases/errors")) {
    if (entry.path().extension() != ".toml")
      continue;
    std::ifstream file(entry.path(), std::ios::binary);
    Case read{.name = entry.path().stem().string(),
              .expected = {},
              .text = std::string(std::istreambuf_iterator<char>(file), {})};
    const std::string head = "# expect: ";
    if (read.text.starts_with(head))
      read.expected = read.text.substr(head.size(), read.text.find('\n') - head.size());
    found.push_back(std::move(read));
  }
  std::ranges::sort(found, {}, &Case::name);
  return found;
}

TEST(PackFaults, every_case_tells_exactly_the_codes_of_its_first_line) {
  const auto all = cases();
  ASSERT_FALSE(all.empty());
  for (const Case& one : all) {
    const PackFolder folder;
    folder.write("schema.sanku", "schema settlement / 结算 edition \"1.0\"\n");
    folder.write("pack.toml", one.text);
    const auto rules = read_rules(folder.path());
    ASSERT_TRUE(rules) << one.name;
    std::string codes;
    for (const diag::Diagnostic& each : (*rules)->diagnostics.all) {
      codes += fmt::format("{}SK{}", codes.empty() ? "" : " ", each.number);
      EXPECT_NE(each.zh, each.en);
      EXPECT_EQ(each.span.file, (*rules)->pack.file);
    }
    EXPECT_EQ(codes, one.expected) << one.name;
    EXPECT_TRUE(one.name.starts_with(one.expected.substr(0, 6))) << one.name;
    EXPECT_FALSE(is_ready(**rules));
    // What a pack lies on is looked for when rules are read.
    if (one.expected == "SK1208")
      continue;
    // Who needs a pack that is right is told the first mistake.
    const auto refused = load_pack(folder.path());
    ASSERT_FALSE(refused) << one.name;
    EXPECT_NE(refused.error().en.find("pack.toml`:"), std::string::npos) << refused.error().en;
    EXPECT_NE(refused.error().zh.find("pack.toml”第 "), std::string::npos) << refused.error().zh;
  }
}

TEST(PackFaults, every_code_has_a_case) {
  std::set<std::string> covered;
  for (const Case& one : cases())
    covered.insert(one.name.substr(0, 6));
  for (const diag::Row& row : diag::rows)
    if (row.number / 100 == 12) {
      EXPECT_TRUE(covered.contains(fmt::format("SK{}", row.number))) << row.name;
    }
}

TEST(PackFaults, the_place_is_that_of_the_value) {
  const PackFolder folder;
  folder.write("pack.toml", "# 说明\nname = \"a\"\nversion = \"1\"\nlanguage = \"1\"\n"
                            "schema = \"absent.sanku\"\ntest_date = \"soon\"\n");
  const auto rules = read_rules(folder.path());
  ASSERT_TRUE(rules);
  const std::string shown = diag::text((*rules)->diagnostics, (*rules)->map,
                                       {.language = diag::Language::en, .colour = false});
  EXPECT_NE(shown.find("pack.toml:5:10"), std::string::npos) << shown;
  EXPECT_NE(shown.find("pack.toml:6:13"), std::string::npos) << shown;
  EXPECT_NE(shown.find("`test_date` is expected to be a date such as 2026-03-05"),
            std::string::npos)
      << shown;
}

TEST(PackDefaults, are_read_and_take_effect_in_the_rules) {
  const auto truth = [](const std::string& defaults, const std::string& condition) {
    const PackFolder folder;
    std::ifstream schema("stdlib-rules/schema/settlement.sanku", std::ios::binary);
    folder.write("schema.sanku", std::string(std::istreambuf_iterator<char>(schema), {}));
    folder.write("pack.toml", "name = \"a\"\nversion = \"1\"\nlanguage = \"1\"\nschema = "
                              "\"schema.sanku\"\nschema_version = \"1.0\"\n" +
                                  defaults);
    folder.write("rules.sanku", "rule R \"规则\" { on settlement  when " + condition +
                                    " report lead amount unknown \"是\" }\n");
    const auto rules = read_rules(folder.path());
    EXPECT_TRUE(rules && is_ready(**rules))
        << (rules ? diag::text((*rules)->diagnostics, (*rules)->map, {}) : std::string());
    if (!rules || !is_ready(**rules))
      return std::string();
    const auto engine = make_engine(program(**rules), (*rules)->checked->tables, nullptr,
                                    {.kind = EngineKind::evaluator});
    const auto ran = run_text(
        *engine,
        R"({"mdtrt_id":"M1","brdy":"2026-02-01","adm_time":"2026-03-01 08:00:00","dscg_time":"2026-03-03 09:00:00"})"
        "\n",
        {});
    return ran->written.empty() ? std::string("no") : std::string("yes");
  };
  const std::string stay = "(settlement.admitted .. settlement.discharged).days = ";
  const std::string same = "(settlement.admitted .. settlement.admitted).days = ";
  EXPECT_EQ(truth("", stay + "2"), "yes");
  EXPECT_EQ(truth("[defaults]\nstay_counts_last = true\n", stay + "3"), "yes");
  EXPECT_EQ(truth("", same + "1"), "yes");
  EXPECT_EQ(truth("[defaults]\nstay_at_least = 0\n", same + "0"), "yes");
  EXPECT_EQ(truth("", "patient.age > newborn_days"), "yes") << "30 days old";
  EXPECT_EQ(truth("[defaults]\nnewborn_days = 30\n", "patient.age > 新生儿天数"), "no");
  EXPECT_EQ(truth("[defaults]\nrolling_includes_current = true\npercentile_at_least = 9\n",
                  "patient.age > newborn_days"),
            "yes");
  const std::string year = "within(settlement.admitted, settlement.discharged, insurance year)";
  EXPECT_EQ(truth("", year), "yes");
  EXPECT_EQ(truth("[defaults]\ninsurance_year = \"03-04\"\n", year), "yes");
  EXPECT_EQ(truth("[defaults]\ninsurance_year = \"03-03\"\n", year), "no");
}

TEST(PackDefaults, a_day_of_the_year_is_one_that_every_year_has) {
  for (const auto& [text, day] : std::initializer_list<std::pair<const char*, std::int64_t>>{
           {"01-01", 101}, {"07-01", 701}, {"12-31", 1231}, {"02-28", 228}})
    EXPECT_EQ(day_of_year(text), day) << text;
  for (const char* text :
       {"02-29", "7-1", "07-1", "13-01", "00-10", "04-31", "07-00", "07/01", "07-01 ", "a7-01", ""})
    EXPECT_FALSE(day_of_year(text)) << text;
}

TEST(PackDefaults, an_unknown_one_is_a_fault_with_the_name_that_was_meant) {
  const PackFolder folder;
  folder.write("schema.sanku", "");
  folder.write("pack.toml", "name = \"a\"\nversion = \"1\"\nlanguage = \"1\"\nschema = "
                            "\"schema.sanku\"\n[defaults]\nnewborn_day = 28\n");
  const auto rules = read_rules(folder.path());
  ASSERT_TRUE(rules);
  const std::string shown = diag::text((*rules)->diagnostics, (*rules)->map,
                                       {.language = diag::Language::en, .colour = false});
  EXPECT_NE(shown.find("did you mean `newborn_days`?"), std::string::npos) << shown;
  EXPECT_NE(shown.find("pack.toml:6:"), std::string::npos) << shown;
}

} // namespace
} // namespace sanku::engine
