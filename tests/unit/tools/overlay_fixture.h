// What tests of overlays share: a small pack, a province and a city on it, as folders and as pack
// files, and what becomes of visits under them. Entries: Folders, Packed, ready, outcomes.
#pragma once

#include "compiler/diag/render.h"
#include "tests/unit/tools/pack_fixture.h"
#include "tools/engine/effective.h"
#include "tools/engine/run_tests.h"

namespace sanku::engine {

struct Folders {
  PackFolder folder;

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(path(name).parent_path());
    folder.write(name, text);
  }
  Folders() {
    std::ifstream schema("stdlib-rules/schema/settlement.sanku", std::ios::binary);
    write("schema.sanku", std::string(std::istreambuf_iterator<char>(schema), {}));
    write("national/pack.toml", "name = \"national.core\"\nversion = \"1\"\nlanguage = \"1\"\n"
                                "schema = \"../schema.sanku\"\ntest_date = 2026-03-05\n");
    write("national/rules.sanku",
          "param most / 上限 = 10 between 2 and 20\n"
          "knowledge limit / 限量 from \"limit.csv\" { item : ServiceCode key  max : int }\n"
          "rule R1 \"上限\" { on item  when item.quantity > most  report violation \"{most}\" }\n"
          "rule R2 \"限量\" { on item  let row = limit[item.code]  when item.quantity > row.max\n"
          "  report violation \"{row.max}\" }\n");
    write("national/knowledge/limit.csv", "item,max\n110000000000001,4\n110000000000002,4\n");
    write("overlays/zhejiang/pack.toml", "name = \"zhejiang\"\nversion = \"2\"\nlanguage = \"1\"\n"
                                         "base = \"../../national\"\n");
    write("overlays/zhejiang/zhejiang.sanku",
          "overlay zhejiang on national.core region \"330000\" {\n"
          "  param most = 5\n"
          "  disable R2 until 2026-06-30 because \"另有规则\"\n"
          "  severity R1 suspected from 2026-02-01 because \"过渡期\"\n"
          "  knowledge limit add from \"limit.csv\" remove { \"110000000000002\" }\n"
          "  enum MedType add \"2101\" as inpatient\n"
          "  rule Z1 \"本地\" { on item  when item.quantity > 100  report reminder \"多\" }\n"
          "}\n"
          "test \"本省\" of R1 { given { items [ { quantity: 6, at: \"2026-03-05\" } ] }  expect "
          "R1 suspected }\n"
          "test \"外省\" of R1 { given region \"110000\"  given { items [ { quantity: 6, at: "
          "\"2026-03-05\" } ] }\n"
          "  expect R1 clear }\n");
    write("overlays/zhejiang/knowledge/limit.csv", "item,max\n110000000000003,9\n");
    write("overlays/hangzhou/pack.toml", "name = \"hangzhou\"\nversion = \"3\"\nlanguage = \"1\"\n"
                                         "base = \"../zhejiang\"\n[defaults]\nnewborn_days = 30\n");
    write("overlays/hangzhou/hangzhou.sanku",
          "overlay hangzhou on zhejiang region \"330100\" { param most = 3 }\n");
  }
  [[nodiscard]] std::filesystem::path path(const std::string& name) const {
    return std::filesystem::path(folder.path()) / name;
  }
};

inline std::string shown(const Rules& rules) {
  return diag::text(rules.diagnostics, rules.map, {});
}

inline std::unique_ptr<Rules> ready(const std::filesystem::path& place,
                                    const ReadOptions& options = {}) {
  auto rules = read_rules(place, options);
  EXPECT_TRUE(rules && is_ready(**rules)) << (rules ? shown(**rules) : rules.error().en);
  return rules && is_ready(**rules) ? std::move(*rules) : nullptr;
}

// The outcome of R1 by visits of six pieces each, from the places named; "" says no place.
inline std::string outcomes(const Rules& rules, const std::vector<std::string>& places) {
  std::string claims;
  for (const std::string& place : places)
    claims += fmt::format(R"({{"mdtrt_id":"{}"{},"fsi_order_dtos":[{{"rx_id":"1",)"
                          R"("cnt":6,"fee_ocur_time":"2026-03-05"}}]}})"
                          "\n",
                          claims.size(),
                          place.empty() ? "" : fmt::format(R"(,"fix_blng_admdvs":"{}")", place));
  std::string both;
  for (const EngineKind kind : {EngineKind::evaluator, EngineKind::jit}) {
    std::unique_ptr<exec::ProgramImage> image;
    if (kind == EngineKind::jit)
      image = std::move(compile(program(rules), jit::Level::optimised)->image);
    const auto engine = make_engine(program(rules), rules.checked->tables, image.get(),
                                    {.kind = kind, .list_indeterminate = true});
    const auto ran = run_text(*engine, claims, {});
    std::string found = fmt::format("{} fired, {} undecided", ran->summary.rules[0].outcomes.fired,
                                    ran->summary.rules[0].outcomes.indeterminate);
    EXPECT_TRUE(both.empty() || both == found) << both << found;
    both = found;
  }
  return both;
}

// The same as pack files, signed by both: national.pack, zhejiang.pack on it, hangzhou.pack on
// that.
struct Packed {
  Folders folders;
  deploy::Keys keys;
  PackTrust trust;

  Packed() {
    folders.write("trust.root", pack::root_text(keys.trust()));
    trust = {.root = folders.path("trust.root"), .now = deploy::noon};
    (void)build("national", "national.pack");
    (void)build("overlays/zhejiang", "zhejiang.pack", {"national.pack"});
    (void)build("overlays/hangzhou", "hangzhou.pack", {"zhejiang.pack", "national.pack"});
  }
  [[nodiscard]] std::vector<std::filesystem::path>
  paths(const std::vector<std::string>& names) const {
    std::vector<std::filesystem::path> all;
    for (const std::string& name : names)
      all.push_back(folders.path(name));
    return all;
  }
  // Codes of the refusal; empty: it is there.
  [[nodiscard]] std::string build(const std::string& from, const std::string& to,
                                  const std::vector<std::string>& bases = {}) const {
    auto built = deploy::build(folders.path(from), {.trust = trust, .bases = paths(bases)});
    EXPECT_TRUE(built) << (built ? "" : built.error().en);
    if (!built)
      return "error";
    EXPECT_EQ(built->bytes.empty(), diag::has_errors(built->rules->diagnostics))
        << shown(*built->rules);
    if (!built->bytes.empty())
      folders.write(to, deploy::signed_by_both(built->bytes, keys));
    return deploy::codes_of(built->rules->diagnostics);
  }
  [[nodiscard]] std::string bytes(const std::string& name) const {
    std::ifstream file(folders.path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // The same, of reading one.
  [[nodiscard]] std::string read(const std::string& name, const std::vector<std::string>& bases,
                                 const std::vector<std::string>& overlays = {}) const {
    const auto rules = read_rules(
        folders.path(name), {.trust = trust, .bases = paths(bases), .overlays = paths(overlays)});
    EXPECT_TRUE(rules) << (rules ? "" : rules.error().en);
    if (!rules)
      return "error";
    EXPECT_EQ(is_ready(**rules), !diag::has_errors((*rules)->diagnostics));
    return deploy::codes_of((*rules)->diagnostics);
  }
};

} // namespace sanku::engine
