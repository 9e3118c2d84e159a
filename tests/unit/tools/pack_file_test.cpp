// Pack files: what is written is read, what is hidden is found, what a folder may give.
#include "tests/unit/tools/pack_fixture.h"
#include "tools/pack/source.h"
#include "tools/pack/visible.h"

#include <sys/stat.h>

namespace sanku::deploy {
namespace {

TEST(PackFile, holds_what_the_folder_held_in_its_one_form) {
  const PackFolder folder;
  write_small(folder);
  const std::string bytes = built(folder);
  const Opened made = opened(bytes);
  ASSERT_TRUE(made.file);
  std::set<std::string> names;
  for (const auto& [name, text] : made.file->members)
    names.insert(name);
  EXPECT_EQ(names, (std::set<std::string>{"knowledge/most.columns", "knowledge/most.csv",
                                          "pack.toml", "reports/cost.txt", "reports/coverage.txt",
                                          "reports/mutation.txt", "reports/tests.txt",
                                          "rules.sanku", "schema/tiny.sanku"}));
  EXPECT_EQ(*pack::member(*made.file, "knowledge/most.csv"), "code,most\nA1,2\nA2,3\nB7,1\n");
  EXPECT_EQ(*pack::member(*made.file, "pack.toml"),
            "language = \"1\"\nname = \"small\"\nschema = \"schema/tiny.sanku\"\ntest_date = "
            "2026-03-05\nversion = \"1\"\n");
  EXPECT_NE(pack::member(*made.file, "reports/tests.txt")->find("passed rules.sanku \"多\""),
            std::string_view::npos);
  EXPECT_EQ(pack::fact(made.file->manifest, "tests"), "1");
  EXPECT_EQ(pack::fact(made.file->manifest, "schema"), "settlement 1.0");
}

TEST(PackFile, the_same_sources_give_the_same_bytes_wherever_and_however_they_lie) {
  const PackFolder one;
  write_small(one);
  const std::string first = built(one);
  ASSERT_FALSE(first.empty());
  // Another place, other order of making, other line ends and layout, what no rule asks for.
  const std::filesystem::path place = std::filesystem::path(one.path()) / "deep" / "规则 包";
  std::filesystem::create_directories(place.parent_path());
  const auto read = [&](const std::string& name) {
    std::ifstream file(one.path(name), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const auto write = [&](const std::string& name, const std::string& text) {
    std::filesystem::create_directories((place / name).parent_path());
    std::ofstream(place / name, std::ios::binary) << text;
  };
  write("schema/tiny.sanku", read("schema/tiny.sanku"));
  std::string rules = read("rules.sanku");
  rules.replace(rules.find("category"), 8, "\n\n   category");
  write("rules.sanku", rules);
  write("notes.txt", "not asked for");
  write("knowledge/most.csv", "\xEF\xBB\xBF"
                              "code,most\nA1,2\nA2,3\n\nB7,\"1\"\n");
  write("pack.toml", "version = \"1\" # same\nschema = \"schema/tiny.sanku\"\nlanguage = "
                     "\"1\"\ntest_date = 2026-03-05\nname = \"small\"\n");
  for (const char* locale : {"C", "zh_CN.UTF-8", "tr_TR.UTF-8"}) {
    ::setenv("LC_ALL", locale, 1);
    ::setenv("TZ", "Asia/Shanghai", 1);
    ::tzset();
    const auto second = build(place, {.language = Language::zh});
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->bytes == first) << locale;
  }
  ::unsetenv("LC_ALL");
  ::unsetenv("TZ");
}

TEST(PackFile, a_registry_that_has_no_one_form_is_told_of) {
  const PackFolder folder;
  write_small(folder);
  std::ifstream file(folder.path("schema/tiny.sanku"), std::ios::binary);
  std::string schema(std::istreambuf_iterator<char>(file), {});
  const std::string form = "form \"[A-Z][0-9]+\"";
  schema.replace(schema.find(form), form.size(), "from \"items.csv\"");
  folder.write("schema/tiny.sanku", schema);
  folder.write("schema/items.csv", "code,name\nA1,x\nA2,y\nB7,z\n");
  ASSERT_FALSE(built(folder).empty());
  folder.write("schema/items.csv", "code,name\nA1,x\nA2,y\nB7,z,more\n");
  const auto made = build(folder.path(), {});
  ASSERT_TRUE(made);
  EXPECT_EQ(codes_of(made->rules->diagnostics), "SK6112");
  EXPECT_TRUE(made->bytes.empty());
}

TEST(PackFile, runs_as_the_folder_does) {
  const PackFolder folder;
  write_small(folder);
  Opened made = opened(built(folder));
  ASSERT_TRUE(made.file);
  const auto packed = engine::read_rules(std::move(*made.file), "small.pack");
  ASSERT_TRUE(packed && engine::is_ready(**packed));
  const auto plain = engine::rules_at(folder.path());
  ASSERT_TRUE(plain);
  const std::string claims =
      R"({"setl_id":"S1","items":[{"rid":"1","code":"A1","cnt":"5","amt":"9.00"}]})"
      "\n";
  std::vector<std::string> found;
  for (const engine::Rules* rules : {packed->get(), plain.get()}) {
    const auto made_engine = engine::make_engine(engine::program(*rules), rules->checked->tables,
                                                 nullptr, {.kind = engine::EngineKind::evaluator});
    const auto ran = engine::run_text(*made_engine, claims, {});
    ASSERT_TRUE(ran);
    found.push_back(ran->written);
  }
  EXPECT_EQ(found[0], found[1]);
  EXPECT_NE(found[0].find("R1"), std::string::npos);
}

TEST(PackFile, finds_what_a_reader_would_not_see) {
  struct Case {
    std::string text;
    std::optional<char32_t> found;
  };
  const std::vector<Case> cases = {
      {"plain text, 汉字，。「」“”\t\n", {}},
      {"a\u200bb", U'\u200b'},
      {"\u202egnihtemos", U'\u202e'},
      {"a\u2066b", U'\u2066'},
      {"\ufeffa", U'\ufeff'},
      {"soft\u00adhyphen", U'\u00ad'},
      {"汉\ufe0f", U'\ufe0f'},
      {"\U000e0041", U'\U000e0041'},
      {std::string("12345678\0", 9), U'\0'},
      {"abcdefg\x7f", U'\x7f'},
      {"line\r\n", U'\r'},
      {"\xff", U'\ufffd'},
      {"\xe4\xb8", U'\ufffd'},
      {"\xed\xa0\x80", U'\ufffd'},
      {"囧𠀀", {}},
  };
  for (const Case& one : cases)
    for (const std::string& before :
         {std::string(), std::string("0123456789abcdef"), std::string("汉")}) {
      const auto hidden = pack::first_hidden(before + one.text);
      EXPECT_EQ(hidden.has_value(), one.found.has_value()) << one.text;
      if (hidden && one.found) {
        EXPECT_EQ(static_cast<std::uint32_t>(hidden->found),
                  static_cast<std::uint32_t>(*one.found));
        EXPECT_GE(hidden->at, before.size());
      }
    }
}

TEST(PackSource, reads_regular_files_of_the_folder_only) {
  const PackFolder folder;
  folder.write("inside.txt", "in");
  std::filesystem::create_directories(folder.path("sub"));
  std::filesystem::create_directories(folder.path() + "-other");
  std::ofstream(folder.path() + "-other/secret") << "out";
  std::filesystem::create_symlink(folder.path("inside.txt"), folder.path("link"));
  std::filesystem::create_directory_symlink(folder.path() + "-other", folder.path("sub/away"));
  ASSERT_EQ(::mkfifo(folder.path("pipe").c_str(), 0600), 0);
  const ReadFile read = pack::folder_reader({folder.path()}, 3);
  const auto place = [&](const std::string& name) {
    return std::filesystem::path(folder.path()) / name;
  };
  EXPECT_EQ(read(place("inside.txt")).value(), "in");
  EXPECT_EQ(read(place("sub/../inside.txt")).value(), "in");
  for (const char* name : {"link", "sub/away/secret", "pipe", "sub", "absent", ".",
                           "../../../etc/hostname", "sub/../../x"}) {
    const auto refused = read(place(name));
    EXPECT_FALSE(refused) << name;
    if (!refused) {
      EXPECT_NE(refused.error().zh, refused.error().en) << name;
    }
  }
  folder.write("inside.txt", "long");
  EXPECT_FALSE(read(place("inside.txt"))) << "more than it may have";
  std::filesystem::remove_all(folder.path() + "-other");
}

TEST(PackSource, a_table_that_is_a_link_stops_the_pack) {
  const PackFolder folder;
  write_small(folder);
  std::filesystem::rename(folder.path("knowledge/most.csv"), folder.path("elsewhere.csv"));
  std::filesystem::create_symlink("../elsewhere.csv", folder.path("knowledge/most.csv"));
  const auto told = [&] {
    const auto rules = engine::read_rules(folder.path());
    EXPECT_EQ(codes_of((*rules)->diagnostics), "SK3211");
    return (*rules)->diagnostics.all.front().en;
  };
  EXPECT_NE(told().find("reached by a link"), std::string::npos) << "why is told";
  std::filesystem::remove(folder.path("knowledge/most.csv"));
  ASSERT_EQ(::mkfifo(folder.path("knowledge/most.csv").c_str(), 0600), 0);
  EXPECT_NE(told().find("no regular file"), std::string::npos);
}

// A folder for development may share files by links; where they may lead stands in its pack.toml.
TEST(PackSource, links_lead_where_pack_toml_says_and_never_into_a_pack_file) {
  const PackFolder folder;
  write_small(folder);
  const PackFolder other;
  std::filesystem::create_directories(other.path("deep"));
  other.write("deep/most.csv", "code,most\nA1,2\nA2,3\nB7,1\n");
  other.write("away", "");
  std::filesystem::remove(folder.path("knowledge/most.csv"));
  std::filesystem::create_symlink(other.path("deep/most.csv"), folder.path("knowledge/most.csv"));
  const auto with = [&](const std::string& line) {
    folder.write("pack.toml", "name = \"small\"\nversion = \"1\"\nlanguage = \"1\"\nschema = "
                              "\"schema/tiny.sanku\"\n" +
                                  line);
    const auto rules = engine::read_rules(folder.path());
    EXPECT_TRUE(rules);
    return rules ? codes_of((*rules)->diagnostics) : rules.error().en;
  };
  const auto relative = [&](const std::string& name) {
    return std::filesystem::path(other.path(name)).lexically_relative(folder.path()).string();
  };
  const std::string right = fmt::format("linked = \"{}\"\n", relative("deep"));
  EXPECT_EQ(with(""), "SK3211");
  EXPECT_EQ(with(right), "");
  EXPECT_EQ(with(fmt::format("linked = \"{}\"\n", relative(""))), "") << "or below it";
  EXPECT_EQ(with("linked = \"schema\"\n"), "SK3211") << "the link leads elsewhere";
  EXPECT_EQ(with("linked = 1\n"), "SK1204");
  EXPECT_EQ(with("linked = \"\"\n"), "SK1204");
  // Links on the way there are followed to their end, which counts.
  std::filesystem::create_symlink(folder.path("pack.toml"), other.path("deep/back.csv"));
  std::filesystem::remove(folder.path("knowledge/most.csv"));
  std::filesystem::create_symlink(other.path("deep/back.csv"), folder.path("knowledge/most.csv"));
  EXPECT_EQ(with(right), "SK3211");
  std::filesystem::remove(folder.path("knowledge/most.csv"));
  std::filesystem::create_symlink(other.path("deep/most.csv"), folder.path("knowledge/most.csv"));
  EXPECT_EQ(with(right), "");
  const auto made = build(folder.path(), {});
  ASSERT_TRUE(made);
  EXPECT_EQ(codes_of(made->rules->diagnostics), "SK1204") << "a pack file brings all that it needs";
  EXPECT_TRUE(made->bytes.empty());
}

} // namespace
} // namespace sanku::deploy
