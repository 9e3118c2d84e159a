// Packs that lie on one another, as folders: how they are found, run, tested and shown.
#include "tests/unit/tools/engine_fixture.h"
#include "tests/unit/tools/overlay_fixture.h"
#include "tests/unit/tools/waiting_fixture.h"
#include "tools/engine/effective.h"
#include "tools/engine/run_tests.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <set>

namespace sanku::engine {
namespace {

TEST(Overlays, lie_on_what_their_manifests_name_and_count_where_the_visit_was) {
  const Folders folders;
  const auto national = ready(folders.path("national"));
  ASSERT_TRUE(national);
  EXPECT_EQ(outcomes(*national, {"330100", "110000", ""}), "0 fired, 0 undecided");
  // An overlay that is named as the pack is where claims are from that do not say.
  const auto zhejiang = ready(folders.path("overlays/zhejiang"));
  ASSERT_TRUE(zhejiang);
  EXPECT_EQ(label(*zhejiang), "zhejiang 2");
  EXPECT_EQ(outcomes(*zhejiang, {"330100", "110000", ""}), "2 fired, 0 undecided");
  // Beside the pack it says nothing of them.
  const auto both = ready(folders.path("national"), {.overlays = {folders.path("overlays")}});
  ASSERT_TRUE(both);
  EXPECT_EQ(label(*both), "national.core 1 + hangzhou 3 + zhejiang 2");
  EXPECT_EQ(both->layers.size(), 3u);
  EXPECT_EQ(outcomes(*both, {"330100", "110000", ""}), "1 fired, 1 undecided");
  const auto at =
      ready(folders.path("national"), {.overlays = {folders.path("overlays")}, .region = "330106"});
  ASSERT_TRUE(at);
  EXPECT_EQ(outcomes(*at, {"330100", "110000", ""}), "2 fired, 0 undecided");
}

TEST(Overlays, tests_of_an_overlay_are_of_its_region_unless_they_say) {
  const Folders folders;
  const auto rules = ready(folders.path("overlays/zhejiang"));
  ASSERT_TRUE(rules);
  const auto run = run_tests(*rules, {}, {});
  ASSERT_TRUE(run);
  EXPECT_EQ(run->results.size(), 2u);
  EXPECT_EQ(run->disagreements, 0u);
  for (const TestResult& each : run->results)
    EXPECT_TRUE(each.failures.empty()) << each.test->ast->title << each.failures[0].found;
}

TEST(Overlays, local_codes_mean_what_the_overlay_of_the_place_says) {
  const Folders folders;
  folders.write("national/stays.sanku",
                "rule A1 \"住院\" { on settlement  when settlement.med_type = MedType.inpatient\n"
                "  report lead amount unknown \"{settlement.med_type}\" }\n");
  folders.write("overlays/jiangsu/pack.toml", "name = \"jiangsu\"\nversion = \"1\"\nlanguage = "
                                              "\"1\"\nbase = \"../../national\"\n");
  folders.write("overlays/jiangsu/jiangsu.sanku",
                "地方化 jiangsu 基于 national.core 地区 “320000” {\n"
                "  枚举 医疗类别 增加 “2101” 作 普通门诊\n}\n");
  const auto rules = ready(folders.path("national"), {.overlays = {folders.path("overlays")}});
  ASSERT_TRUE(rules);
  std::string claims;
  for (const char* place : {"330100", "320100", "110000"})
    claims += fmt::format(R"({{"mdtrt_id":"{}","fix_blng_admdvs":"{}","med_type":"2101"}})"
                          "\n",
                          place, place);
  for (const EngineKind kind : {EngineKind::evaluator, EngineKind::jit}) {
    std::unique_ptr<exec::ProgramImage> image;
    if (kind == EngineKind::jit)
      image = std::move(compile(program(*rules), jit::Level::optimised)->image);
    const auto engine = make_engine(program(*rules), rules->checked->tables, image.get(),
                                    {.kind = kind, .list_indeterminate = true});
    const auto ran = run_text(*engine, claims, {});
    // In the one it is a stay, in the other none, and elsewhere nobody knows what it means.
    EXPECT_EQ(ran->summary.rules[0].outcomes.fired, 1u);
    EXPECT_EQ(ran->summary.rules[0].outcomes.indeterminate, 1u);
    EXPECT_NE(ran->written.find("330100"), std::string::npos) << ran->written;
  }
}

// Through folders, both executions and what a run reads of the columns: the province ends the
// nation's row and adds one of its own for a while, the city adds another.
TEST(Overlays, hospitals_codes_mean_what_the_map_says_then_and_there) {
  for (const bool insured : {false, true}) {
    const Folders folders;
    folders.write(
        "national/map.sanku",
        fmt::format("knowledge local_codes {}from \"map.csv\" {{\n  local : LocalItemCode "
                    "key\n  provider : ProviderCode\n  code : ItemCode\n  valid : "
                    "period\n}}\n"
                    "rule A1 \"编码\" {{ on item  when item.code in {{ \"110000000000001\", "
                    "\"110000000000002\" }}\n"
                    "  report lead \"{{item.id}}\" }}\n",
                    insured ? "region insured " : ""));
    folders.write("national/knowledge/map.csv", "local,provider,code,valid_from,valid_to\nL1,H1,"
                                                "110000000000001,,\nL2,H1,110000000000001,,\n");
    folders.write("overlays/zhejiang/zhejiang.sanku",
                  "overlay zhejiang on national.core region \"330000\" {\n"
                  "  knowledge local_codes add from \"map.csv\" remove { \"L1\" }\n}\n");
    folders.write("overlays/zhejiang/knowledge/map.csv",
                  "local,provider,code,valid_from,valid_to\nL1,H1,110000000000003,,2025-12-31\n"
                  "L1,H1,110000000000002,2026-01-01,\n");
    folders.write("overlays/hangzhou/hangzhou.sanku",
                  "overlay hangzhou on zhejiang region \"330100\" {\n"
                  "  knowledge local_codes add from \"map.csv\"\n}\n");
    folders.write("overlays/hangzhou/knowledge/map.csv",
                  "local,provider,code,valid_from,valid_to\nL2,H1,110000000000004,,\n");
    const auto rules = ready(folders.path("national"), {.overlays = {folders.path("overlays")}});
    ASSERT_TRUE(rules);
    // Lines are named by place; L1 then is of the old year, L1 now and L2 of the new.
    std::string claims;
    for (const std::string place : {"110000", "330200", "330100", ""}) {
      std::string lines;
      for (const auto& [local, day] : {std::pair("L1", "2025-12-31"), std::pair("L1", "2026-01-01"),
                                       std::pair("L2", "2026-01-01")})
        lines +=
            fmt::format(R"({}{{"rx_id":"{}{}{}","medins_list_codg":"{}","fee_ocur_time":"{}"}})",
                        lines.empty() ? "" : ",", place, local, day[3], local, day);
      claims += fmt::format(
          R"({{"mdtrt_id":"{}","fixmedins_code":"H1"{},"fsi_order_dtos":[{}]}})"
          "\n",
          "V" + place,
          place.empty()
              ? ""
              : fmt::format(R"(,"{}":"{}")", insured ? "insu_admdvs" : "fix_blng_admdvs", place),
          lines);
    }
    for (const EngineKind kind : {EngineKind::evaluator, EngineKind::jit}) {
      std::unique_ptr<exec::ProgramImage> image;
      if (kind == EngineKind::jit)
        image = std::move(compile(program(*rules), jit::Level::optimised)->image);
      const auto engine = make_engine(program(*rules), rules->checked->tables, image.get(),
                                      {.kind = kind, .list_indeterminate = true});
      const auto ran = run_text(*engine, claims, {});
      ASSERT_TRUE(ran);
      std::set<std::string> fired;
      for (const std::string& message : fields(ran->written, "message"))
        fired.insert(message);
      // What the province said of L1 until the new year is no such code; in the city L2 is one of
      // two; without a place L1 may be what one layer or the other says, and of L2 nobody knows
      // whether the city counts.
      EXPECT_TRUE((fired == std::set<std::string>{"110000L15", "110000L16", "110000L26",
                                                  "330200L16", "330200L26", "330100L16"}))
          << ran->written;
      EXPECT_EQ(ran->summary.rules[0].outcomes.indeterminate, 4u) << ran->written;
    }
  }
}

TEST(Overlays, effective_names_the_layer_of_everything) {
  const Folders folders;
  const auto rules = ready(folders.path("overlays/hangzhou"));
  ASSERT_TRUE(rules);
  const auto text = [&](const std::string& region, const std::string& day) {
    EffectiveOptions options{
        .region = region, .date = {}, .rows = "limit", .json = false, .language = Language::en};
    EXPECT_TRUE(parse_date(day, options.date));
    return effective(*rules, options).value();
  };
  const std::string city = text("330100", "2026-03-05"), nation = text("110000", "2026-03-05"),
                    later = text("330200", "2026-07-01");
  const auto has = [](const std::string& whole, std::string_view part) {
    EXPECT_NE(whole.find(part), std::string::npos) << part << "\n" << whole;
  };
  const auto lacks = [](const std::string& whole, std::string_view part) {
    EXPECT_EQ(whole.find(part), std::string::npos) << part << "\n" << whole;
  };
  has(city, "hangzhou  330100  on zhejiang");
  has(city, "R1  上限  national.core  suspected  (zhejiang from 2026-02-01: 过渡期)");
  has(city, "R2  限量  national.core  disabled  (zhejiang until 2026-06-30: 另有规则)");
  has(city, "Z1  本地  zhejiang  reminder");
  has(city, "most / 上限  3  hangzhou  (national.core: 10)  2..20");
  has(city, "limit / 限量  2 rows  national.core 1 (1 removed)  zhejiang 1");
  has(city, "zhejiang  zhejiang/limit.csv:2  110000000000003  9");
  has(city, "\"2101\" = inpatient  zhejiang");
  has(nation, "R1  上限  national.core  violation\n");
  has(nation, "most / 上限  10  national.core  2..20");
  has(nation, "limit / 限量  2 rows  national.core 2\n");
  lacks(nation, "Z1");
  lacks(nation, "zhejiang/");
  has(later, "R2  限量  national.core  violation\n");
  has(later, "most / 上限  5  zhejiang");
  const auto json = effective(*rules, {.region = "330100",
                                       .date = Date{20000},
                                       .rows = {},
                                       .json = true,
                                       .language = Language::en});
  ASSERT_TRUE(json);
  has(*json, R"("name":"most","name_zh":"上限","value":"3","layer":"hangzhou")");
  EXPECT_FALSE(effective(*rules, {.region = {}, .date = {}, .rows = "nothing"}));
}

TEST(Overlays, decide_otherwise_what_a_region_may_of_the_language) {
  const Folders folders;
  folders.write("overlays/zhejiang/pack.toml",
                "name = \"zhejiang\"\nversion = \"2\"\nlanguage = \"1\"\nbase = "
                "\"../../national\"\n[defaults]\ninsurance_year = \"07-01\"\nnewborn_days = 30\n");
  folders.write("overlays/hangzhou/pack.toml",
                "name = \"hangzhou\"\nversion = \"3\"\nlanguage = \"1\"\nbase = "
                "\"../zhejiang\"\n[defaults]\nstay_counts_last = true\nstay_at_least = 0\n");
  const auto rules = ready(folders.path("overlays/hangzhou"));
  ASSERT_TRUE(rules);
  const auto text = [&](const std::string& region) {
    return effective(*rules, {.region = region,
                              .date = Date{20000},
                              .rows = {},
                              .json = false,
                              .language = Language::en})
        .value();
  };
  const auto has = [](const std::string& whole, std::string_view part) {
    EXPECT_NE(whole.find(part), std::string::npos) << part << "\n" << whole;
  };
  const std::string city = text("330100"), nation = text("110000");
  has(city, "insurance_year / 医保年度起日  07-01  zhejiang  (national.core: 01-01)\n");
  has(city, "newborn_days / 新生儿天数  30 days  zhejiang  (national.core: 28 days)\n");
  has(city, "stay_counts_last / 住院计末日  yes  hangzhou  (national.core: no)\n");
  has(city, "stay_at_least / 住院至少天数  0  hangzhou  (national.core: 1)\n");
  has(nation, "insurance_year / 医保年度起日  01-01  national.core\n");
  has(nation, "stay_counts_last / 住院计末日  no  national.core\n");
}

TEST(Overlays, that_decide_one_thing_twice_in_one_place_are_told) {
  const Folders folders;
  const std::string manifest = "version = \"1\"\nlanguage = \"1\"\nbase = \"../../national\"\n"
                               "[defaults]\nnewborn_days = ";
  folders.write("overlays/zhejiang/pack.toml", "name = \"zhejiang\"\n" + manifest + "30\n");
  folders.write("overlays/ningbo/pack.toml", "name = \"ningbo\"\n" + manifest + "29\n");
  folders.write("overlays/ningbo/ningbo.sanku",
                "overlay ningbo on national.core region \"330200\" {}\n");
  const auto told = [&] {
    const auto rules =
        read_rules(folders.path("national"), {.overlays = {folders.path("overlays")}});
    EXPECT_TRUE(rules);
    return shown(**rules);
  };
  const std::string conflict = told();
  EXPECT_NE(conflict.find("SK3510"), std::string::npos) << conflict;
  EXPECT_NE(conflict.find("newborn_days"), std::string::npos) << conflict;
  EXPECT_NE(conflict.find("pack.toml:6"), std::string::npos) << conflict;
  // A name that the pack gives to something of its own is the pack's.
  folders.write("overlays/ningbo/pack.toml", "name = \"ningbo\"\nversion = \"1\"\nlanguage = "
                                             "\"1\"\nbase = \"../../national\"\n");
  folders.write("national/more.sanku", "param newborn_days = 3\n");
  const std::string twice = told();
  EXPECT_NE(twice.find("SK1305"), std::string::npos) << twice;
  EXPECT_NE(twice.find("pack.toml:6"), std::string::npos) << twice;
}

TEST(Overlays, published_tells_what_a_row_takes_in_memory) {
  PackFolder folder;
  std::string rows = "item,most\n";
  constexpr int count = 1000;
  for (int i = 0; i < count; ++i)
    rows += fmt::format("{:015},{}\n", 110000000000000 + i, i);
  folder.write("knowledge/many.csv", rows);
  folder.write("rules.sanku",
               "knowledge many from \"many.csv\" { item : ItemCode key  most : int }\n"
               "rule R1 \"x\" { on item with r in many[item.code] "
               "when item.quantity > r.most report lead \"\" }\n");
  const auto rules = ready(folder.path());
  ASSERT_TRUE(rules);
  const auto text = published(*rules, {.table = {}, .json = false, .language = Language::en});
  ASSERT_TRUE(text);
  int told = 0;
  ASSERT_EQ(std::sscanf(text->c_str(), "many  1000 rows, %d bytes a row in memory", &told), 1)
      << *text;
  // A code's id and a whole number; what finds the row is a hash table at most half full.
  EXPECT_GE(told, 12);
  EXPECT_LE(told, 64);
  const auto json = published(*rules, {.table = {}, .json = true, .language = Language::en});
  ASSERT_TRUE(json);
  EXPECT_NE(json->find(R"("name":"many","name_zh":"many","rows":1000,"bytes":)"), std::string::npos)
      << *json;
}

TEST(Overlays, what_is_wrong_with_a_base_is_told_where_it_is_named) {
  const Folders folders;
  const auto told = [&](const std::string& place, const ReadOptions& options = {}) {
    const auto rules = read_rules(folders.path(place), options);
    EXPECT_TRUE(rules);
    EXPECT_FALSE(is_ready(**rules));
    return shown(**rules);
  };
  folders.write("overlays/lost/pack.toml",
                "name = \"lost\"\nversion = \"1\"\nlanguage = \"1\"\nbase = \"../nowhere\"\n");
  EXPECT_NE(told("overlays/lost").find("SK1208"), std::string::npos);
  folders.write("overlays/lost/pack.toml",
                "name = \"lost\"\nversion = \"1\"\nlanguage = \"1\"\nbase = \".\"\n");
  EXPECT_NE(told("overlays/lost").find("SK3601"), std::string::npos);
  folders.write("other/pack.toml", "name = \"other\"\nversion = \"1\"\nlanguage = \"1\"\n"
                                   "schema = \"../schema.sanku\"\n");
  folders.write("overlays/lost/pack.toml",
                "name = \"lost\"\nversion = \"1\"\nlanguage = \"1\"\nbase = \"../../other\"\n");
  EXPECT_NE(told("national", {.overlays = {folders.path("overlays/lost")}}).find("SK3602"),
            std::string::npos);
  EXPECT_NE(told("overlays/lost").find("SK3501"), std::string::npos);
  EXPECT_FALSE(read_rules(folders.path("national"), {.overlays = {folders.path("nowhere")}}));
}

// A pack file may be what overlays lie on; they themselves are folders.
TEST(Overlays, lie_on_a_pack_file_as_on_its_folder) {
  const Folders folders;
  const std::vector<std::string> places = {"330100", "110000", "310000", ""};
  const auto as_folder =
      ready(folders.path("national"), {.overlays = {folders.path("overlays")}, .region = "330106"});
  ASSERT_TRUE(as_folder);
  const std::string expected = outcomes(*as_folder, places);
  const deploy::Keys keys;
  auto built = deploy::build(folders.path("national"), {});
  ASSERT_TRUE(built);
  ASSERT_FALSE(built->bytes.empty()) << shown(*built->rules);
  folders.write("national.pack", deploy::signed_by_both(built->bytes, keys));
  folders.write("trust.root", pack::root_text(keys.trust()));
  const PackTrust trust{.root = folders.path("trust.root"), .now = deploy::noon};
  const auto told = [&](const std::string& place, const ReadOptions& options) {
    const auto rules = read_rules(folders.path(place), options);
    EXPECT_TRUE(rules);
    return rules ? deploy::codes_of((*rules)->diagnostics) : rules.error().en;
  };
  EXPECT_EQ(
      told("national.pack", {.trust = trust, .overlays = {folders.path("overlays/zhejiang")}}),
      "SK3602")
      << "it lies on the folder, not on the file";
  const auto overlay = deploy::build(folders.path("overlays/zhejiang"), {});
  ASSERT_TRUE(overlay);
  EXPECT_EQ(deploy::codes_of(overlay->rules->diagnostics), "SK6114");
  EXPECT_TRUE(overlay->bytes.empty());
  folders.write("overlays/zhejiang/pack.toml",
                "name = \"zhejiang\"\nversion = \"2\"\nlanguage = \"1\"\n"
                "base = \"../../national.pack\"\n");
  std::filesystem::remove_all(folders.path("national"));
  const auto as_file =
      ready(folders.path("national.pack"),
            {.trust = trust, .overlays = {folders.path("overlays")}, .region = "330106"});
  ASSERT_TRUE(as_file);
  ASSERT_EQ(as_file->layers.size(), 3u);
  EXPECT_NE(as_file->layers[0].packed, nullptr);
  EXPECT_EQ(outcomes(*as_file, places), expected);
  const auto zhejiang = ready(folders.path("overlays/zhejiang"), {.trust = trust});
  ASSERT_TRUE(zhejiang);
  EXPECT_EQ(label(*zhejiang), "zhejiang 2");
  const auto tests = run_tests(*zhejiang, {}, {});
  ASSERT_TRUE(tests);
  EXPECT_EQ(tests->results.size(), 2u);
  for (const TestResult& each : tests->results)
    EXPECT_TRUE(each.failures.empty());
  EXPECT_EQ(told("overlays/zhejiang", {}), "SK6210") << "nobody vouches for what it lies on";
}

// A file that an overlay adds lies in its own folder, and its rows count toward the table's limit.
TEST(Overlays, add_files_of_their_own_folder_only) {
  const Folders folders;
  folders.write("overlays/zhejiang/zhejiang.sanku",
                "overlay zhejiang on national.core region \"330000\" {\n"
                "  knowledge limit add from \"../../../national/knowledge/limit.csv\"\n}\n");
  const auto rules = read_rules(folders.path("overlays/zhejiang"));
  ASSERT_TRUE(rules);
  EXPECT_EQ(deploy::codes_of((*rules)->diagnostics), "SK3225");
  folders.write("overlays/zhejiang/zhejiang.sanku",
                "overlay zhejiang on national.core region \"330000\" {\n"
                "  knowledge limit add from \"linked.csv\"\n}\n");
  std::filesystem::create_symlink(folders.path("national/knowledge/limit.csv"),
                                  folders.path("overlays/zhejiang/knowledge/linked.csv"));
  const auto linked = read_rules(folders.path("overlays/zhejiang"));
  ASSERT_TRUE(linked);
  EXPECT_EQ(deploy::codes_of((*linked)->diagnostics), "SK3211");
}

} // namespace
} // namespace sanku::engine
