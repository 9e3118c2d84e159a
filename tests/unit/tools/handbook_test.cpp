// The handbook: every rule has a page, every link leads somewhere, every code of a table is found,
// and what a pack says is shown as text, never as HTML.
#include "tests/unit/tools/pack_fixture.h"
#include "tools/handbook/codes.h"
#include "tools/handbook/handbook.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>

namespace sanku::handbook {
namespace {

using Files = std::map<std::string, std::string>;

std::unique_ptr<engine::Rules> ready(const std::filesystem::path& place,
                                     const engine::ReadOptions& options = {}) {
  auto rules = engine::read_rules(place, options);
  EXPECT_TRUE(rules && engine::is_ready(**rules))
      << (rules ? diag::text((*rules)->diagnostics, (*rules)->map, {}) : rules.error().en);
  return rules && engine::is_ready(**rules) ? std::move(*rules) : nullptr;
}

Files files_of(const engine::Rules& rules,
               const std::vector<Language>& languages = {Language::zh, Language::en}) {
  Files files;
  for (File& each : handbook(rules, languages))
    EXPECT_TRUE(files.emplace(each.path, std::move(each.text)).second) << each.path;
  return files;
}

// A small pack with what HTML would take for its own, and an overlay that changes a parameter.
struct Small {
  deploy::PackFolder folder;

  Small() {
    deploy::write_small(folder);
    folder.write("schema/tiny.sanku",
                 "schema settlement / 结算单 edition \"1.0\"\n"
                 "code ItemCode / 项目编码 form \"[A-Z][0-9]+\"\n"
                 "code AreaCode / 区划编码\n"
                 "record Person / 人 { name / 姓名 : text? wire pname identity }\n"
                 "record Item / 明细项 { code / 编码 : ItemCode? wire code role code\n"
                 "  quantity / 数量 : decimal(16,4)? wire cnt role quantity\n"
                 "  amount / 金额 : money(16,2)? wire amt role amount }\n"
                 "record Answer / 答 { question / 问 : text? wire q role question  answer / 答 : "
                 "bool? wire a role answer }\n"
                 "record settlement / 结算单 { patient / 患者 : Person\n"
                 "  area / 区划 : AreaCode? wire area role care_area\n"
                 "  settled / 结算时间 : datetime? wire setl_time role time\n"
                 "  items / 明细表 : list of Item each item / 明细 wire items\n"
                 "  answers / 答复 : list of Answer wire answers }\n");
    folder.write(
        "rules.sanku",
        "source law / 法规 \"条例<第1版>\" issued 2024-05-06\n"
        "param slack / 容差 : int = 2 between 0 and 9\n"
        "knowledge most / 上限 from \"most.csv\" { code : ItemCode key  most : int }\n"
        "set special / 特殊 : ItemCode = { \"C7\", \"D1\"..\"D3\" }\n"
        "// 数量超过上限的明细。另有说明。\n"
        "// A line with more than it may have. And a note.\n"
        "rule R1 \"超<b>量\" / \"Too <i>many\" { category policy basis law \"第三条\"\n"
        "  stage pre on item let m = most[item.code]\n"
        "  unless item.code in special \"特殊项目\"\n"
        "  when item.quantity > m.most + slack and ask(\"有<医嘱>\")\n"
        "  report violation \"「{item.code}」超过 {m.most}\" }\n"
        "rule r1 \"同名\" { on settlement when patient.name = \"<script>\" report reminder \"x\" "
        "}\n"
        "test \"多<\" { given { patient { name: \"<script>alert(1)</script>\" }\n"
        "  items [ { code: \"A1\", quantity: 9, amount: 5.00 } ] } given answer \"有<医嘱>\" true\n"
        "  expect R1 violation amount 5.00 }\n");
    std::filesystem::create_directories(folder.path("over"));
  }
};

// Every link of every page leads to a page, and to a place on it.
void expect_links(const Files& files) {
  const std::regex link("href=\"([^\"]*)\"");
  for (const auto& [path, whole] : files) {
    if (!path.ends_with(".html"))
      continue;
    const std::string text = whole.substr(0, whole.find("<script"));
    for (std::sregex_iterator at(text.begin(), text.end(), link), end; at != end; ++at) {
      const std::string to = (*at)[1];
      const std::size_t hash = to.find('#');
      const std::string page = to.substr(0, hash);
      const std::string target =
          page.empty()
              ? path
              : (std::filesystem::path(path).parent_path() / page).lexically_normal().string();
      ASSERT_TRUE(files.contains(target)) << path << " → " << to;
      const std::string place =
          hash == std::string::npos ? "" : " id=\"" + to.substr(hash + 1) + "\"";
      EXPECT_NE(files.at(target).find(place), std::string::npos) << path << " → " << to;
    }
  }
}

TEST(Handbook, every_rule_has_a_page_and_every_link_leads_somewhere) {
  const Small small;
  const auto rules = ready(small.folder.path());
  ASSERT_TRUE(rules);
  const Files files = files_of(*rules);
  expect_links(files);
  for (const char* page : {"index.html", "rules/R1.html", "en/index.html", "en/rules/R1.html"})
    EXPECT_TRUE(files.contains(page)) << page;
  // Names that differ only in case would be one file on some disks.
  EXPECT_FALSE(files.contains("rules/r1.html"));
  EXPECT_TRUE(files.contains("rules/r1~2.html"));
  EXPECT_EQ(files, files_of(*rules)) << "the same bytes";
  EXPECT_FALSE(files_of(*rules, {Language::en}).contains("en/index.html"));
}

TEST(Handbook, a_page_says_what_the_rule_rests_on) {
  const Small small;
  const auto rules = ready(small.folder.path());
  ASSERT_TRUE(rules);
  const Files files = files_of(*rules);
  const std::string& zh = files.at("rules/R1.html");
  for (const char* text : {"数量超过上限的明细。", "A line with more than it may have.",
                           "条例&lt;第1版&gt;", "第三条", "2024-05-06", "容差", "0 – 9", "most.csv",
                           "3 行 × 2 列", "特殊项目", "有&lt;医嘱&gt;", "可能无法判定", "明细.数量",
                           "cnt", "→ 命中，明确违规，金额 5.00 元", "超过 <span class=\"hole\">"})
    EXPECT_NE(zh.find(text), std::string::npos) << text;
  EXPECT_NE(zh.find("另有说明。"), std::string::npos);
  const std::string& en = files.at("en/rules/R1.html");
  for (const char* text :
       {"数量超过上限的明细。", "A line with more than it may have.", "And a note.",
        "Too &lt;i&gt;many", "violation", "→ found, violation, amount 5.00 yuan",
        "may leave it undecided", "3 rows × 2 columns"})
    EXPECT_NE(en.find(text), std::string::npos) << text;
  // Without a comment the sentences are made of what there is.
  EXPECT_NE(files.at("rules/r1~2.html").find("在每张结算单中查找“同名”：x。"), std::string::npos);
}

TEST(Handbook, what_a_pack_says_is_text) {
  const Small small;
  const auto rules = ready(small.folder.path());
  ASSERT_TRUE(rules);
  for (const auto& [path, text] : files_of(*rules)) {
    if (!path.ends_with(".html"))
      continue;
    for (const char* markup : {"<b>量", "<i>many", "<第1版", "<医嘱", "alert(1)</script>"})
      EXPECT_EQ(text.find(markup), std::string::npos) << path << " " << markup;
    std::size_t scripts = 0;
    for (std::size_t at = 0; (at = text.find("<script", at)) != std::string::npos; ++at)
      ++scripts;
    EXPECT_EQ(scripts, path.ends_with("index.html") ? 1u : 0u) << path;
  }
}

TEST(Handbook, layers_of_overlays_are_told) {
  const Small small;
  small.folder.write("over/over.sanku", "overlay over on small region \"330000\" {\n"
                                        "  param slack = 5 from 2026-02-01\n"
                                        "  severity R1 suspected because \"过渡<期\"\n}\n");
  const std::filesystem::path over = small.folder.path() + "-over";
  std::filesystem::rename(small.folder.path("over"), over);
  std::ofstream(over / "pack.toml")
      << fmt::format("name = \"over\"\nversion = \"1\"\nlanguage = \"1\"\nbase = \"../{}\"\n",
                     std::filesystem::path(small.folder.path()).filename().string());
  const auto rules = ready(small.folder.path(), {.overlays = {over}});
  std::filesystem::remove_all(over);
  ASSERT_TRUE(rules);
  const Files files = files_of(*rules);
  const std::string& zh = files.at("rules/R1.html");
  for (const char* shown : {"over (330000)", "2026-02-01", ">5<", "程度改为可疑", "过渡&lt;期"})
    EXPECT_NE(zh.find(shown), std::string::npos) << shown;
  expect_links(files);
}

// As the page's script looks a code up.
bool fits(const CodeEntry& entry, const std::string& code) {
  if (!entry.high.empty())
    return (code >= entry.code && (code <= entry.high || code.starts_with(entry.high)));
  return entry.code.starts_with(code) || (entry.below && code.starts_with(entry.code));
}

TEST(Handbook, the_national_library_is_found_by_every_code_of_its_tables) {
  const auto rules = ready("stdlib-rules/national");
  ASSERT_TRUE(rules);
  const hir::Program& program = engine::program(*rules);
  const std::vector<RuleFacts> facts = facts_of(*rules);
  const Book book{.rules = *rules,
                  .program = program,
                  .facts = facts,
                  .language = Language::zh,
                  .other = {},
                  .page_names = page_names(program)};
  const Codes codes = codes_of(book);
  const std::vector<Shard> shards = shards_of(codes);
  // Each entry stands in one file, whose prefix its code begins with, so that typing the code loads
  // it.
  std::map<std::string, const CodeEntry*> by_code;
  for (const CodeEntry& each : codes.codes)
    if (each.high.empty())
      by_code.emplace(each.code, &each);
  std::size_t looked = 0;
  for (hir::TableId id = 0; id < program.tables.size(); ++id) {
    const knowledge::TableShape& shape = program.tables[id].shape;
    const bool is_read =
        std::ranges::any_of(facts, [&](const RuleFacts& each) { return each.tables.contains(id); });
    if (!is_read || shape.relation.columns[shape.key].type.kind != Kind::code ||
        shape.sets[shape.key])
      continue;
    for (const std::vector<Value>& row : rules->checked->tables[id].rows) {
      const std::string& code = std::get<CodeText>(row[shape.key]).text;
      const auto found = by_code.find(code);
      ASSERT_NE(found, by_code.end()) << code;
      EXPECT_TRUE(fits(*found->second, code));
      const bool told = std::ranges::any_of(found->second->mentions, [&](const Mention& each) {
        return codes.places[each.place].name == shape.relation.names.zh;
      });
      EXPECT_TRUE(told) << code << " " << shape.relation.names.en;
      ++looked;
    }
  }
  EXPECT_GT(looked, 20000u);
  std::set<std::string> in_files;
  for (const Shard& shard : shards) {
    EXPECT_LT(shard.text.size(), 600'000u) << shard.file;
    const std::regex entry("\n\\[\"([^\"]*)\",\"\"");
    for (std::sregex_iterator at(shard.text.begin(), shard.text.end(), entry), end; at != end;
         ++at) {
      EXPECT_FALSE(shard.ranges);
      EXPECT_TRUE((*at)[1].str().starts_with(shard.prefix)) << shard.file;
      in_files.insert((*at)[1]);
    }
  }
  EXPECT_EQ(in_files.size(), by_code.size());
}

TEST(Handbook, the_national_library_has_a_page_a_rule_and_no_broken_link) {
  const auto rules = ready("stdlib-rules/national");
  ASSERT_TRUE(rules);
  const hir::Program& program = engine::program(*rules);
  const Files files = files_of(*rules);
  expect_links(files);
  // Fields that a test gives are called as the page's language calls them.
  EXPECT_NE(files.at("rules/GZ10000204001.html").find("结算单.就诊类型 <b>住院</b>"),
            std::string::npos);
  for (const hir::Rule& rule : program.rules) {
    for (const std::string folder : {"rules/", "en/rules/"}) {
      const auto page = files.find(folder + rule.id + ".html");
      ASSERT_NE(page, files.end()) << rule.id;
      EXPECT_NE(page->second.find("<div class=\"sum\">"), std::string::npos);
      for (const hir::Basis& basis : rule.bases)
        EXPECT_NE(page->second.find(html::escaped(basis.source_title)), std::string::npos)
            << rule.id;
    }
    EXPECT_NE(files.at("index.html").find("\"rules/" + rule.id + ".html\""), std::string::npos);
  }
}

TEST(Handbook, a_folder_with_something_else_is_left_alone) {
  const deploy::PackFolder place;
  const auto other = std::filesystem::path(place.path("mine.txt"));
  std::ofstream(other) << "mine";
  const auto refused = write_handbook(place.path(), {{"index.html", "x"}});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().zh.find("请另选"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(place.path("index.html")));
  EXPECT_TRUE(std::filesystem::exists(other));
}

TEST(Handbook, what_an_earlier_one_left_and_this_one_has_not_is_removed) {
  const deploy::PackFolder place;
  const std::filesystem::path folder = place.path("book");
  const std::vector<File> first{{"index.html", "1"},
                                {"rules/old.html", "1"},
                                {"sanku-handbook.txt", "index.html\nrules/old.html\n../escape\n"}};
  const std::vector<File> second{{"index.html", "2"}, {"sanku-handbook.txt", "index.html\n"}};
  std::ofstream(place.path("escape")) << "outside";
  ASSERT_TRUE(write_handbook(folder, first));
  EXPECT_TRUE(std::filesystem::exists(folder / "rules/old.html"));
  ASSERT_TRUE(write_handbook(folder, second));
  EXPECT_FALSE(std::filesystem::exists(folder / "rules/old.html"));
  EXPECT_TRUE(std::filesystem::exists(place.path("escape"))) << "outside of the handbook";
  std::ifstream in(folder / "index.html");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "2");
}

} // namespace
} // namespace sanku::handbook
