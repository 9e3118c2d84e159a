// The walk-through of README.md and README.zh-CN.md, its blocks as they are written there, by a
// shell; and what `sanku pack` refuses.
#include "compiler/source/source.h"
#include "tests/unit/tools/pack_fixture.h"

#include <sstream>
#include <sys/stat.h>
#include <sys/wait.h>

namespace sanku::deploy {
namespace {

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// All that stands between ```sh and ```.
std::string script_of(const std::string& page) {
  std::string script, line;
  std::istringstream lines(contents(page));
  bool is_in = false;
  while (std::getline(lines, line)) {
    if (line.starts_with("```"))
      is_in = line == "```sh";
    else if (is_in)
      script += line + '\n';
  }
  return script;
}

constexpr const char* trust = "version = 1\nexpires = 2099-12-31\nthreshold = 1\n"
                              "[[key]]\nfile = \"root.pub\"\nholder = \"bureau\"\nroles = "
                              "[\"root\"]\nfrom = 2020-01-01\nuntil = 2099-12-31\n"
                              "[[key]]\nfile = \"author.pub\"\nholder = \"zhang\"\nroles = "
                              "[\"author\"]\nfrom = 2020-01-01\nuntil = 2099-12-31\n"
                              "[[key]]\nfile = \"reviewer.pub\"\nholder = \"li\"\nroles = "
                              "[\"reviewer\"]\nfrom = 2020-01-01\nuntil = 2099-12-31\n"
                              "[policy]\nroles = [\"author\", \"reviewer\"]\ndistinct = "
                              "[\"author\", \"reviewer\"]\nalgorithms = [\"sm2\"]\n";

struct Walk {
  PackFolder folder;
  std::string program =
      (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "sanku").string();

  // The exit code; what it said is in `said`.
  int run(const std::string& command) const {
    const std::string whole =
        fmt::format("cd '{}' && {{ sanku() {{ '{}' \"$@\"; }}; export SANKU_CACHE= LC_ALL=C.UTF-8; "
                    "{}; }} >said 2>&1",
                    folder.path(), program, command);
    const int status = std::system(whole.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  [[nodiscard]] std::string said() const { return contents(folder.path("said")); }
};

// A pack called `my` for claims of the national shape, in a folder below.
void write_my(const Walk& walk, const std::string& folder, const std::string& version,
              const std::string& limit) {
  std::filesystem::create_directories(walk.folder.path(folder) + "/knowledge");
  const std::string schema =
      (std::filesystem::current_path() / "stdlib-rules/schema/settlement.sanku").string();
  walk.folder.write(folder + "/pack.toml",
                    fmt::format("name = \"my\"\nversion = \"{}\"\nlanguage = \"1\"\ntest_date = "
                                "2026-03-05\nschema = \"{}\"\n",
                                version, schema));
  walk.folder.write(
      folder + "/rules.sanku",
      fmt::format(
          "source law / 法规 \"条例\"\nrule R1 \"超量\" {{ category policy basis law on item "
          "when item.quantity > {} report violation \"超过 {}\" }}\ntest \"多\" {{ given {{ "
          "items [ {{ code: \"XA11CCA351E002010101121\", quantity: 9, amount: 5.00 }} ] }} "
          "expect R1 violation }}\n",
          limit, limit));
}

// An overlay on it.
void write_province(const Walk& walk) {
  std::filesystem::create_directories(walk.folder.path("my-province"));
  walk.folder.write("my-province/pack.toml",
                    "name = \"my-province\"\nversion = \"1\"\nlanguage = \"1\"\ntest_date = "
                    "2026-03-05\nbase = \"../my-pack\"\n");
  walk.folder.write(
      "my-province/rules.sanku",
      "overlay \"my-province\" on my region \"330000\" {\n"
      "  rule P1 \"超量\" { category policy basis law on item when item.quantity > 1 report "
      "reminder \"超过 1\" }\n}\n"
      "test \"本省\" of P1 { given { items [ { code: \"XA11CCA351E002010101121\", quantity: 2, "
      "amount: 5.00 } ] } expect P1 reminder }\n");
}

// Where the page is read: a folder with `dev`, which has nothing to build here, the program where
// that puts it, and the rules.
void write_repository(const Walk& walk) {
  namespace fs = std::filesystem;
  walk.folder.write("dev", "#!/bin/sh\n");
  fs::permissions(walk.folder.path("dev"), fs::perms::owner_all);
  fs::create_directories(walk.folder.path("build"));
  fs::create_directory_symlink(fs::path(walk.program).parent_path(),
                               walk.folder.path("build/release"));
  fs::create_directory_symlink(fs::current_path() / "stdlib-rules",
                               walk.folder.path("stdlib-rules"));
}

class WalkThrough : public testing::TestWithParam<const char*> {};

// Nothing of the page is replaced but the number of settlements, of which as many as it says take
// minutes. A run that finds something says so by its code; any other code ends the script.
TEST_P(WalkThrough, runs_as_written) {
  const Walk walk;
  write_repository(walk);
  std::string script = script_of(GetParam());
  const std::string many = "--settlements 1000000";
  ASSERT_NE(script.find(many), std::string::npos);
  script.replace(script.find(many), many.size(), "--settlements 300");
  walk.folder.write("script", "sanku() { local code=0; command sanku \"$@\" || code=$?; "
                              "[ \"$1 $code\" = 'run 1' ] || return $code; }\nset -eo pipefail\n" +
                                  script);
  ASSERT_EQ(walk.run("bash script"), 0) << walk.said();
  const std::string said = walk.said(), at = "demo/walk/";
  for (const char* words :
       {"comparison   item.quantity > 2 → item.quantity >= 2", "4 passed, 0 failed",
        "my 1 (national): verified", "my 2 (national)  is in force", "in place of 2",
        "my-province 1 (330000)", "on my 1  "})
    EXPECT_NE(said.find(words), std::string::npos) << words << "\n" << said;
  EXPECT_EQ(said.rfind("survived 0"), said.rfind("survived")) << "what was missed is mended";
  const std::string findings = contents(walk.folder.path(at + "findings.ndjson"));
  EXPECT_NE(findings.find("\"R1\""), std::string::npos);
  EXPECT_NE(findings.find("\"region\":\""), std::string::npos);
  const std::string province = contents(walk.folder.path(at + "province.ndjson"));
  EXPECT_NE(province.find("\"P1\""), std::string::npos);
  EXPECT_NE(province.find("my-province 1"), std::string::npos);
  EXPECT_EQ(contents(walk.folder.path(at + "ledger.ndjson")).substr(12, 32),
            findings.substr(7, 32));
  EXPECT_NE(contents(walk.folder.path(at + "impact.html")).find("my 1 → my 2"), std::string::npos);
  // The same findings from the folder.
  EXPECT_EQ(walk.run("cd demo/walk && sanku run --pack my-pack --in claims.ndjson --out "
                     "again.ndjson --places"),
            1);
  EXPECT_NE(walk.said().find("is a folder, for development"), std::string::npos) << walk.said();
  EXPECT_EQ(contents(walk.folder.path(at + "again.ndjson")), findings);
}

TEST(WalkThroughPages, have_the_same_blocks) {
  EXPECT_EQ(script_of("README.md"), script_of("README.zh-CN.md"));
}

INSTANTIATE_TEST_SUITE_P(Pages, WalkThrough, testing::Values("README.md", "README.zh-CN.md"),
                         [](const auto& page) {
                           return std::string(page.param) == "README.md" ? "English" : "Chinese";
                         });

TEST(PackCommand, refuses_with_codes_and_exit_codes) {
  const Walk walk;
  write_my(walk, "my-pack", "1", "2");
  walk.folder.write("trust.toml", trust);
  const auto expect = [&](const std::string& command, int code, const std::string& word) {
    EXPECT_EQ(walk.run(command), code) << command << "\n" << walk.said();
    EXPECT_NE(walk.said().find(word), std::string::npos) << command << "\n" << walk.said();
  };
  ASSERT_EQ(walk.run("sanku pack key root && sanku pack key author && sanku pack key reviewer "
                     "--algorithm sm2 && sanku pack trust trust.toml --key root.pem -o trust.root "
                     "&& sanku pack build my-pack -o my.pack"),
            0)
      << walk.said();
  struct stat about{};
  ASSERT_EQ(::stat(walk.folder.path("root.pem").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  expect("sanku pack", 2, "the actions are");
  expect("sanku pack build my-pack", 2, "-o");
  expect("sanku pack key root", 74, "File exists");
  expect("sanku pack key x --algorithm rsa", 2, "ed25519");
  expect("sanku pack verify my.pack", 2, "--trust");
  expect("sanku pack verify my.pack --trust trust.root", 1, "SK6201");
  expect("sanku pack verify absent --trust trust.root", 2, "absent");
  expect("sanku pack verify pack.toml --trust trust.root", 2, "pack.toml");
  expect("sanku pack sign my.pack --key author.pub --role author", 1, "SK6215");
  expect("sanku pack sign my.pack --key author.pem", 2, "--role");
  expect("sanku pack show my.pack", 0, "name my");
  expect("sanku pack show my.pack absent", 2, "absent");
  expect("sanku pack diff my.pack my.pack", 0, "signatures were not verified");
  expect("sanku check my.pack", 1, "SK6210");
  expect("sanku test my.pack", 1, "SK6210");
  expect("sanku run --pack my.pack --in my.pack", 2, "SK6210");
  expect("sanku explain --pack my.pack --in my.pack --settlement 1", 2, "SK6210");
  expect("sanku check --trust trust.root my.pack", 1, "SK6201");
  expect("SANKU_TRUST=trust.root sanku check my.pack", 1, "SK6201");
  expect("sanku dump hir my.pack", 1, "SK6210");
  expect("sanku fmt my.pack", 2, "is a pack file");
  expect("sanku pack key stranger && cp my.pack other.pack && sanku pack sign other.pack --key "
         "stranger.pem --role author && sanku pack sign other.pack --key author.pem --role author "
         "--trust trust.root",
         0, "left out the signature as author");
  expect("sanku pack sign other.pack --key reviewer.pem --role reviewer && sanku pack verify "
         "other.pack --trust trust.root",
         0, "verified");
  expect("sanku check --format json my.pack", 1, "6210");
  expect("sanku --lang zh check my.pack", 1, "没有信任根");
  expect("sanku pack install my.pack --store store", 2, "no store");
  expect("sanku pack list", 2, "--store");
  expect("sanku pack trust trust.root --store store", 0, "in force");
  expect("sanku pack install my.pack --store store", 1, "what served goes on serving");
  expect("sanku pack rollback my --store store", 1, "SK6305");
  expect("sanku pack trust trust.root --store store", 1, "SK6214");
  expect("sanku pack list --store store --export log.txt && sanku pack verify log.txt", 0,
         "1 entries");
}

TEST(PackCommand, takes_an_overlay_with_what_it_lies_on) {
  const Walk walk;
  write_my(walk, "my-pack", "1", "2");
  write_my(walk, "my-2-pack", "2", "2");
  write_province(walk);
  walk.folder.write("trust.toml", trust);
  const auto expect = [&](const std::string& command, int code, const std::string& word) {
    EXPECT_EQ(walk.run(command), code) << command << "\n" << walk.said();
    EXPECT_NE(walk.said().find(word), std::string::npos) << command << "\n" << walk.said();
  };
  const std::string sign = "for role in author reviewer; do sanku pack sign $pack --key $role.pem "
                           "--role $role || exit; done";
  ASSERT_EQ(walk.run("sanku pack key root && sanku pack key author && sanku pack key reviewer "
                     "--algorithm sm2 && sanku pack trust trust.toml --key root.pem -o trust.root "
                     "&& sanku pack build my-pack -o my.pack && pack=my.pack && " +
                     sign + " && sanku pack build my-2-pack -o my-2.pack && pack=my-2.pack && " +
                     sign),
            0)
      << walk.said();
  const std::string build = "sanku pack build my-province -o province.pack --trust trust.root";
  expect(build, 1, "SK6114");
  expect(build + " --base absent.pack", 2, "absent.pack");
  expect("sanku pack build my-province -o province.pack --base my.pack", 1, "SK6210");
  expect(build + " --base my.pack && pack=province.pack && " + sign, 0, "my-province 1");
  expect("export SANKU_TRUST=trust.root; sanku pack verify province.pack", 0, "not looked at");
  const std::string trusted = "export SANKU_TRUST=trust.root; sanku ";
  expect(trusted + "pack verify province.pack --base my.pack", 0, "lies on my 1 (national)");
  expect(trusted + "pack verify province.pack --base my-2.pack --base my.pack", 0, "lies on my 1");
  expect(trusted + "pack verify province.pack --base my-2.pack", 1, "SK6116");
  expect(trusted + "pack verify province.pack --base province.pack", 1, "SK6115");
  expect("sanku pack show province.pack", 0, "base my 1 ");
  walk.folder.write("claims.ndjson", "{\"mdtrt_id\":\"1\",\"fsi_order_dtos\":[{\"rx_id\":\"1\","
                                     "\"cnt\":2}]}\n");
  const std::vector<std::pair<std::string, int>> commands = {
      {"check province.pack", 0},
      {"test province.pack", 0},
      {"effective province.pack --region 330000 --date 2026-03-05", 0},
      {"knowledge province.pack", 0},
      {"doc province.pack --out book", 0},
      {"run --pack province.pack --in claims.ndjson --out f.ndjson", 1},
      {"explain --pack province.pack --in claims.ndjson --settlement 1", 1},
      {"impact my.pack province.pack --in claims.ndjson", 0}};
  for (const auto& [command, code] : commands) {
    expect(trusted + command + " --base my.pack", code, "");
    EXPECT_NE(walk.run(trusted + command), code) << command;
    EXPECT_NE(walk.said().find("SK6115"), std::string::npos) << command << walk.said();
    EXPECT_NE(walk.run(trusted + command + " --base my-2.pack"), code) << command;
    EXPECT_NE(walk.said().find("SK6116"), std::string::npos) << command << walk.said();
  }
  expect(trusted + "dump hir province.pack --base my.pack", 0, "P1");
  expect(trusted + "--lang zh check province.pack", 1, "没有给出该规则包");
  const std::string store = "--store store";
  expect("sanku pack trust trust.root " + store, 0, "in force");
  expect("sanku pack install province.pack " + store, 1, "SK6115");
  expect("sanku pack install province.pack my.pack " + store, 0, "my-province 1 (330000)");
  expect("sanku pack install my-2.pack " + store, 1, "SK6309");
  expect("sanku --lang zh pack install my-2.pack " + store, 1, "基于 my 1，而此后在用的将是 my 2");
  expect("sanku pack list --layer 330000 " + store, 0, "on my 1");
  EXPECT_EQ(walk.said().find("(national)"), std::string::npos) << walk.said();
  const std::string lost = "for f in store/packs/*; do mv $f kept/ ; done; ";
  expect("mkdir kept; " + lost + "sanku pack list " + store, 1, "my-province 1 (330000)");
  EXPECT_NE(walk.said().find("SK6312"), std::string::npos) << walk.said();
  EXPECT_NE(walk.said().find("its file is missing"), std::string::npos) << walk.said();
  expect("mv kept/* store/packs/; sanku pack list " + store, 0, "on my 1");
  expect("sanku pack rollback my my-province --to 1 " + store, 2, "NAME@LAYER");
  expect("sanku pack rollback my@national my-province " + store, 1, "SK6305");
  expect("sanku test store/my-province", 0, "1 passed");
  expect("sanku test store/my store/my-province", 0, "1 passed");
}

// What `./dev demo` shows beyond one settlement, by the functions of that script, on fewer claims.
TEST(Demo, shows_a_rule_over_history_an_indicator_and_a_model_with_its_reasons) {
  const Walk walk;
  const std::string root = std::filesystem::current_path().string();
  ASSERT_EQ(
      walk.run(fmt::format("sanku generate --settlements 400 --seed 2 --violations 0.9 --pack "
                           "'{}/stdlib-rules/national' --out claims.ndjson",
                           root)),
      0)
      << walk.said();
  ASSERT_EQ(walk.run(fmt::format("sanku run --engine evaluator --pack '{}/stdlib-rules/national' "
                                 "--in claims.ndjson --out findings.ndjson",
                                 root)),
            1)
      << walk.said();
  for (const char* lang : {"zh", "en"}) {
    ASSERT_EQ(
        walk.run(fmt::format("bash -c \"source '{0}/dev' --lang {1} help >help && show_beyond "
                             "'{2}' '{0}/stdlib-rules/national' .\"",
                             root, lang, walk.program)),
        0)
        << walk.said();
    const std::string said = walk.said();
    for (const std::string& each :
         std::string_view(lang) == "zh"
             ? std::vector<std::string>{"看既往的规则", "● GZ10000204001", "机构指标",
                                        "    ZB10000205001  药费占比", "● ML131", "    因素  "}
             : std::vector<std::string>{"over the past", "● GZ10000204001", "Indicators",
                                        "    ZB10000205001  药费占比", "● ML131",
                                        "    reasons    "})
      EXPECT_NE(said.find(each), std::string::npos) << each << "\n" << said;
    EXPECT_EQ(said.find("    offending "), std::string::npos) << said;
    std::istringstream lines(said);
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count)
      EXPECT_LE(source::display_width(line), 100u) << line;
    EXPECT_LT(count, 60u) << said;
  }
}

} // namespace
} // namespace sanku::deploy
