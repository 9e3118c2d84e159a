// The command as a shell sees it: exit codes, what goes to which stream, files that are whole or
// not there. Runs the program that was built beside this test.
#include "tests/unit/tools/csv_row.h"
#include "tests/unit/tools/engine_fixture.h"

#include <cstdlib>
#include <regex>
#include <set>
#include <sys/wait.h>

namespace sanku::engine {
namespace {

struct Shell {
  int code = -1;
  std::string out, err;
};

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A folder of its own, the national pack and a few claims.
class Command : public testing::Test {
protected:
  void SetUp() override {
    const std::filesystem::path program =
        std::filesystem::read_symlink("/proc/self/exe").parent_path() / "sanku";
    ASSERT_TRUE(std::filesystem::exists(program)) << program << " is built with all targets";
    program_ = program.string();
    ::setenv("SANKU_CACHE", "", 1); // never the user's
    const std::string line = item("L1", "XA11CCA351E002010101121", "1", "12.50");
    folder_.write("claims.ndjson", claim("1", R"("gend":"1","brdy":"1980-01-01")", line));
    folder_.write("clean.ndjson", claim("2", R"("gend":"2","brdy":"1980-01-01")", line));
  }
  // `{}` in the arguments stands for the test's folder.
  [[nodiscard]] Shell sanku(std::string arguments,
                            const std::string& environment = "LC_ALL=C.UTF-8") const {
    for (std::size_t at = 0; (at = arguments.find("{}")) != std::string::npos;)
      arguments.replace(at, 2, folder_.path());
    const std::string command = fmt::format("{{ {} '{}' {} ; }} >{} 2>{}", environment, program_,
                                            arguments, folder_.path("out"), folder_.path("err"));
    const int status = std::system(command.c_str());
    Shell shell{.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                .out = contents(folder_.path("out")),
                .err = contents(folder_.path("err"))};
    return shell;
  }
  [[nodiscard]] std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& each : std::filesystem::directory_iterator(folder_.path()))
      names.push_back(each.path().filename().string());
    std::ranges::sort(names);
    return names;
  }

  PackFolder folder_;
  std::string program_;
};

constexpr const char* run_national = "run --engine evaluator --pack bench/packs/first_eighteen ";

TEST_F(Command, exit_codes_tell_clean_from_findings_from_wrong_usage) {
  struct Case {
    std::string arguments;
    int code;
  };
  const std::string run(run_national);
  const std::vector<Case> cases = {
      {"--help", 0},
      {"--version", 0},
      {"", 2},
      {"nonsense", 2},
      {"run", 2},
      {"run --pak x", 2},
      {run + "--in {}/nothing.ndjson", 2},
      {run + "--in {}/clean.ndjson --batch 0", 2},
      {run + "--in {}/clean.ndjson --threads many", 2},
      {run + "--in {}/clean.ndjson --format xml", 2},
      {run + "--in {}/clean.ndjson --in-format xml", 2},
      {run + "--in {}/clean.ndjson --in-format csv", 2},
      {run + "--in {}/clean.ndjson --encoding gb18030", 2},
      {run + "--in {}/clean.ndjson --bom", 2},
      {run + "--in {}/clean.csv", 2},
      {run + "--in {} --encoding latin1", 2},
      {run + "--in {}", 3}, // a folder without settlement.csv
      {run + "--in {}/clean.ndjson --format 3101", 0},
      {run + "--in {}/claims.ndjson --format csv --bom", 1},
      {run + "--in {}/clean.ndjson --out {}/clean.ndjson", 2},
      {"--lang fr check stdlib-rules/national", 2},
      {run + "--in {}/clean.ndjson", 0},
      {run + "--in {}/claims.ndjson", 1},
      {"run --pack {}/nothing --in {}/claims.ndjson", 2},
      {"check stdlib-rules/national", 0},
      {"check stdlib-rules", 0}, // the packs below
      {"check {}/nothing", 2},
      {"fmt", 2},
      {"fmt {}/nothing", 2},
      {"fmt {}/knowledge", 2}, // nothing to format
      {"fmt --stdin {}/claims.ndjson", 2},
      {"fmt --to fr stdlib-rules/national", 2},
      {"check --fix", 2},
      {"check --format sarif stdlib-rules/national {}", 2},
      {"explain --pack bench/packs/first_eighteen --in {}/claims.ndjson --settlement S1", 1},
      {"explain --pack bench/packs/first_eighteen --in {}/clean.ndjson --settlement S2", 0},
      {"explain --pack bench/packs/first_eighteen --in {}/clean.ndjson --settlement S9", 2},
      {"explain --pack bench/packs/first_eighteen --in {}/clean.ndjson --settlement S2 --rule NONE",
       2},
      {"impact", 2},
      {"impact bench/packs/first_eighteen --in {}/claims.ndjson", 2},
      {"impact bench/packs/first_eighteen {}/nothing --in {}/claims.ndjson", 2},
      {"impact bench/packs/first_eighteen bench/packs/first_eighteen --in {}/nothing.ndjson", 2},
      {"impact bench/packs/first_eighteen bench/packs/first_eighteen --in {}/claims.ndjson "
       "--engine "
       "evaluator --format json --html {}/page.html --out {}/list.ndjson",
       0},
      {"impact bench/packs/first_eighteen bench/packs/first_eighteen --in {}/claims.ndjson "
       "--format "
       "csv",
       2},
      {"outcomes", 2},
      {"outcomes --findings {}/nothing.ndjson --verdicts {}/nothing.csv", 2},
      {"outcomes --findings {}/claims.ndjson --verdicts {}/claims.ndjson --rejects {}/no", 3},
      {"explain-code SK2101", 0},
      {"explain-code SK0", 2},
      {"dump ast stdlib-rules/national", 0},
      {"dump hir stdlib-rules/national --rule GZ10000301004", 0},
      {"dump plan stdlib-rules/national", 0},
      {"dump everything stdlib-rules/national", 2},
      {"generate --settlements 5 --out {}/made.ndjson --violations 2", 2},
      {"generate --settlements 5 --out {}/made --form xml", 2},
      {"generate --settlements 5 --out - --form csv", 2},
  };
  for (const Case& each : cases) {
    const Shell shell = sanku(each.arguments);
    EXPECT_EQ(shell.code, each.code) << each.arguments << "\n" << shell.out << shell.err;
    if (each.code == 2 && !each.arguments.empty()) {
      EXPECT_TRUE(shell.out.empty() && shell.err.starts_with("sanku: ")) << each.arguments;
    }
  }
}

TEST_F(Command, stdout_carries_data_only_and_stderr_nothing_off_a_terminal) {
  const Shell shell = sanku(std::string(run_national) + "--in {}/claims.ndjson");
  EXPECT_TRUE(shell.out.starts_with("{\"id\":\"")) << shell.out;
  EXPECT_EQ(std::ranges::count(shell.out, '\n'), 1);
  EXPECT_EQ(shell.err, "");
  const Shell piped = sanku(std::string(run_national) + "--in - < {}/claims.ndjson");
  EXPECT_EQ(piped.out, shell.out);
  const Shell stats = sanku(std::string(run_national) + "--in {}/claims.ndjson --stats");
  EXPECT_EQ(stats.out, shell.out);
  EXPECT_TRUE(stats.err.starts_with("{\"pack\":\"first_eighteen ")) << stats.err;
}

TEST_F(Command, compiled_and_evaluated_runs_write_the_same_file) {
  const Shell jit =
      sanku("run --pack bench/packs/first_eighteen --in {}/claims.ndjson --out {}/a.ndjson");
  const Shell evaluator =
      sanku(std::string(run_national) + "--in {}/claims.ndjson --out {}/b.ndjson");
  EXPECT_EQ(jit.code, 1) << jit.err;
  EXPECT_EQ(evaluator.code, 1);
  EXPECT_EQ(contents(folder_.path("a.ndjson")), contents(folder_.path("b.ndjson")));
  EXPECT_TRUE(
      jit.out.starts_with("read 1 records, evaluated 1, merged 0, repeated 0, refunded 0, rejected "
                          "0; 1 findings, 12.50 yuan"))
      << jit.out;
}

TEST_F(Command, refused_records_go_to_their_own_file_and_strict_leaves_nothing) {
  folder_.write("bad.ndjson", contents(folder_.path("claims.ndjson")) + "{\"cut\":\n");
  const Shell shell = sanku(std::string(run_national) + "--in {}/bad.ndjson --out {}/found.ndjson");
  EXPECT_EQ(shell.code, 1);
  EXPECT_EQ(std::ranges::count(contents(folder_.path("bad.rejects.ndjson")), '\n'), 1);
  EXPECT_NE(shell.err.find("1 record was rejected"), std::string::npos) << shell.err;
  std::filesystem::remove(folder_.path("found.ndjson"));
  std::filesystem::remove(folder_.path("bad.rejects.ndjson"));
  const auto before = files();
  const Shell strict =
      sanku(std::string(run_national) + "--strict --in {}/bad.ndjson --out {}/found.ndjson");
  EXPECT_EQ(strict.code, 3);
  EXPECT_NE(strict.err.find("bad.ndjson:2 "), std::string::npos) << strict.err;
  EXPECT_EQ(files(), before);
  folder_.write("hopeless.ndjson", "{}\n");
  EXPECT_EQ(sanku(std::string(run_national) + "--in {}/hopeless.ndjson --out {}/found.ndjson").code,
            3);
}

TEST_F(Command, a_full_disk_and_a_closed_pipe_are_told) {
  const Shell full = sanku(std::string(run_national) + "--in {}/claims.ndjson --out /dev/full");
  EXPECT_EQ(full.code, 74);
  EXPECT_NE(full.err.find("No space left"), std::string::npos) << full.err;
  const Shell generated = sanku("generate --settlements 1000 --out /dev/full");
  EXPECT_EQ(generated.code, 74);
  EXPECT_EQ(generated.out, "");
  const Shell unwritable =
      sanku(std::string(run_national) + "--in {}/claims.ndjson --out {}/no/such/folder");
  EXPECT_EQ(unwritable.code, 74);
  const Shell closed = sanku("generate --settlements 2000 --out - | head -c 10");
  EXPECT_NE(closed.err.find("Broken pipe"), std::string::npos) << closed.err;
}

// Owner only, whatever the mask.
std::filesystem::perms mode(const std::string& path) {
  return std::filesystem::status(path).permissions() & std::filesystem::perms::mask;
}

TEST_F(Command, a_folder_of_csv_is_read_and_findings_leave_in_every_form) {
  (void)sanku("generate --settlements 60 --seed 3 --violations 0.5 --out {}/nested.ndjson");
  const Shell made = sanku("generate --settlements 60 --seed 3 --violations 0.5 --form csv-gb18030 "
                           "--out {}/claims");
  ASSERT_EQ(made.code, 0) << made.err;
  constexpr auto owner = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;
  for (const char* name : {"settlement.csv", "diagnoses.csv", "operations.csv", "items.csv"})
    EXPECT_EQ(mode(folder_.path("claims/" + std::string(name))), owner);
  const Shell nested = sanku(std::string(run_national) + "--in {}/nested.ndjson");
  const Shell csv = sanku(std::string(run_national) + "--in {}/claims/");
  EXPECT_EQ(csv.code, 1) << csv.err;
  EXPECT_EQ(csv.err, "");
  EXPECT_EQ(csv.out, nested.out);
  EXPECT_EQ(sanku(std::string(run_national) + "--in {}/claims --in-format csv --encoding GBK").out,
            nested.out);
  const Shell wrong =
      sanku(std::string(run_national) + "--in {}/claims --encoding utf-8 --rejects {}/rejects");
  EXPECT_EQ(wrong.code, 3) << "every row with a Chinese name is refused";
  const Shell sheet =
      sanku(std::string(run_national) + "--in {}/claims --format csv --bom --out {}/found.csv");
  EXPECT_EQ(sheet.code, 1) << sheet.err;
  const std::string written = contents(folder_.path("found.csv"));
  EXPECT_TRUE(written.starts_with("\xEF\xBB\xBFid,mdtrt_id,")) << written.substr(0, 40);
  EXPECT_EQ(std::ranges::count(written, '\n'), std::ranges::count(nested.out, '\n') + 1);
  EXPECT_EQ(mode(folder_.path("found.csv")), owner);
  const Shell replies = sanku(std::string(run_national) + "--in {}/claims --format 3101");
  EXPECT_EQ(std::ranges::count(replies.out, '\n'), 60);
  const Shell explained =
      sanku("explain --pack bench/packs/first_eighteen --in {}/claims --settlement "
            "S000000000007");
  EXPECT_LE(explained.code, 1) << explained.err;
}

TEST_F(Command, a_refused_row_of_csv_is_told_with_file_line_byte_and_reason) {
  (void)sanku("generate --settlements 5 --form csv --out {}/claims");
  const std::string row =
      engine::csv_row(contents(folder_.path("claims/items.csv")), {{"feedetl_sn", "L"},
                                                                   {"mdtrt_id", "M000000000002"},
                                                                   {"fee_ocur_time", "2026-02-30"},
                                                                   {"cnt", "1"}});
  std::ofstream(folder_.path("claims/items.csv"), std::ios::app) << row;
  const Shell shell = sanku(std::string(run_national) + "--in {}/claims --out {}/found.ndjson");
  EXPECT_NE(shell.err.find("1 record was rejected"), std::string::npos) << shell.err;
  const std::string rejects = contents(folder_.path("claims.rejects.ndjson"));
  EXPECT_TRUE(rejects.starts_with(R"({"file":"items.csv","line":)")) << rejects;
  EXPECT_NE(rejects.find("2026-02-30"), std::string::npos);
  EXPECT_NE(rejects.find("就诊“M000000000002”的结算单"), std::string::npos) << rejects;
  EXPECT_EQ(mode(folder_.path("claims.rejects.ndjson")),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const Shell strict =
      sanku(std::string(run_national) + "--strict --in {}/claims --rejects {}/rejects");
  EXPECT_EQ(strict.code, 3);
  EXPECT_NE(strict.err.find("claims/items.csv:"), std::string::npos) << strict.err;
  folder_.write("claims/items.csv", "mdtrt_id,hilist_code\n");
  const Shell lacking = sanku("--lang zh " + std::string(run_national) + "--in {}/claims");
  EXPECT_EQ(lacking.code, 3);
  EXPECT_NE(lacking.err.find("items.csv”第 1 行：表头缺少“"), std::string::npos) << lacking.err;
}

TEST_F(Command, no_output_form_holds_a_name_or_number_of_the_input) {
  (void)sanku("generate --settlements 80 --seed 5 --violations 1 --full --out {}/made.ndjson");
  const std::string claims = contents(folder_.path("made.ndjson"));
  std::set<std::string> secrets;
  for (const char* field : {"patn_name", "patn_id"}) {
    const std::regex value(fmt::format("\"{}\":\"([^\"]+)\"", field));
    for (std::sregex_iterator at(claims.begin(), claims.end(), value), end; at != end; ++at)
      secrets.insert((*at)[1].str());
  }
  ASSERT_GT(secrets.size(), 60u);
  for (const char* format : {"ndjson", "csv", "table", "3101"}) {
    const Shell shell =
        sanku(fmt::format("{}--in {{}}/made.ndjson --stats --format {}", run_national, format));
    EXPECT_GT(shell.out.size(), 5000u) << format;
    for (const std::string& secret : secrets)
      EXPECT_EQ((shell.out + shell.err).find(secret), std::string::npos) << format << secret;
  }
}

TEST_F(Command, no_half_written_file_is_left_behind) {
  folder_.write("bad.ndjson", contents(folder_.path("claims.ndjson")) + "{\"cut\":\n");
  (void)sanku("--version"); // so that the shell's own files are there
  const auto before = files();
  const Shell rejects = sanku(std::string(run_national) +
                              "--in {}/bad.ndjson --out {}/found.ndjson --rejects /dev/full");
  EXPECT_EQ(rejects.code, 74);
  EXPECT_NE(rejects.err.find("/dev/full"), std::string::npos) << rejects.err;
  EXPECT_EQ(files(), before);
  for (const char* format : {"ndjson", "csv", "table", "3101"}) {
    const Shell full = sanku(
        fmt::format("{}--in {{}}/claims.ndjson --out /dev/full --format {}", run_national, format));
    EXPECT_EQ(full.code, 74) << format << full.err;
    EXPECT_EQ(full.out, "");
  }
  EXPECT_EQ(
      sanku("generate --settlements 50 --violations 1 --out {}/made --manifest /dev/full").code,
      74);
  (void)sanku("generate --settlements 4000 --violations 1 --out {}/many.ndjson");
  (void)sanku(
      "run --pack bench/packs/first_eighteen --in {}/many.ndjson 2>{}/told; echo $? >{}/code; } | "
      "{ head -c 10");
  EXPECT_NE(contents(folder_.path("told")).find("Broken pipe"), std::string::npos);
  EXPECT_EQ(contents(folder_.path("code")), "74\n");
}

TEST_F(Command, generate_ends_with_one_line_and_is_the_same_again) {
  const std::string generate = "generate --settlements 50 --seed 3 --violations 0.5 "
                               "--pack bench/packs/first_eighteen --out {}/";
  const Shell first = sanku(generate + "a.ndjson --manifest {}/m.ndjson");
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_TRUE(std::regex_match(
      first.out, std::regex("50 settlements, [0-9,]+ fee lines, [0-9,]+ violations planted\n")))
      << first.out;
  (void)sanku(generate + "b.ndjson");
  EXPECT_EQ(contents(folder_.path("a.ndjson")), contents(folder_.path("b.ndjson")));
  EXPECT_FALSE(contents(folder_.path("m.ndjson")).empty());
  const Shell run = sanku(std::string(run_national) + "--in {}/a.ndjson");
  EXPECT_EQ(std::ranges::count(run.out, '\n'),
            std::ranges::count(contents(folder_.path("m.ndjson")), '\n'));
}

TEST_F(Command, a_mistake_in_a_rule_is_told_by_check_and_stops_a_run) {
  folder_.write("wrong.sanku", "rule T1 \"错\" { category policy basis law on item when "
                               "item.quantiy > 1 report violation \"多\" }\n");
  folder_.write("right.sanku", "// nothing\n");
  const Shell check = sanku("--lang zh check {}");
  EXPECT_EQ(check.code, 1);
  EXPECT_NE(check.out.find("wrong.sanku:1:"), std::string::npos) << check.out;
  EXPECT_NE(check.out.find("quantity"), std::string::npos) << "the near miss is offered";
  EXPECT_EQ(sanku("check {}/right.sanku").code, 0)
      << "only the files that were named are told about";
  EXPECT_EQ(sanku("check --format json {}").code, 1);
  const Shell sarif = sanku("check --format sarif {}/wrong.sanku");
  EXPECT_NE(sarif.out.find("\"2.1.0\""), std::string::npos);
  const Shell run = sanku("run --engine evaluator --pack {} --in {}/claims.ndjson");
  EXPECT_EQ(run.code, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(sanku("test {}").code, 1);
}

TEST_F(Command, check_plan_says_how_subjects_are_found_and_which_tables_are_walked) {
  folder_.write("knowledge/walked.csv", "item,n\nXA01AAA001A001010100001,1\n");
  folder_.write("walked.sanku",
                "knowledge walked from \"walked.csv\" { item : DrugCode key  n : int }\n"
                "rule W1 \"走\" { on item with w in walked when w.n > 3 report lead \"x\" }\n"
                "rule W2 \"查\" { on item with w in walked[item.code] when w.n > 3 report lead "
                "\"x\" }\n");
  const Shell shown = sanku("check --plan {}/walked.sanku");
  EXPECT_EQ(shown.code, 0) << shown.out;
  const std::size_t second = shown.out.find("rule W2");
  ASSERT_NE(second, std::string::npos) << shown.out;
  const std::string first = shown.out.substr(0, second);
  EXPECT_NE(first.find("walks     every row of walked"), std::string::npos) << shown.out;
  EXPECT_EQ(shown.out.find("walks", second), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("index     item.code in walked", second), std::string::npos);
  EXPECT_EQ(sanku("check --plan --format json {}/walked.sanku").code, 2);

  const Shell chinese = sanku("check --plan --lang zh {}/walked.sanku");
  EXPECT_NE(chinese.out.find("遍历　对每个对象看walked的每一行"), std::string::npos) << chinese.out;
}

TEST_F(Command, check_plan_names_what_would_make_loops_within_loops_few) {
  folder_.write("pairs.sanku", "rule P1 \"对\" { on item with other in items when "
                               "other.quantity > item.quantity report lead \"x\" }\n");
  const Shell shown = sanku("check --plan {}/pairs.sanku");
  EXPECT_EQ(shown.code, 0) << shown.out;
  EXPECT_NE(shown.out.find("quadratic: `provided item.code in TABLE`"), std::string::npos)
      << shown.out;
  const Shell chinese = sanku("check --plan --lang zh {}/pairs.sanku");
  EXPECT_NE(chinese.out.find("平方级；加上“前提：明细的编码 属于 某表”"), std::string::npos)
      << chinese.out;
}

constexpr const char* untidy = "code A // one\r\ncode B form \"[A-Z]\"\r\n// end";
constexpr const char* tidy = "code A  // one\ncode B form \"[A-Z]\"\n// end\n";

TEST_F(Command, fmt_writes_what_changes_and_nothing_else) {
  for (const char* each : {"some/deep", "some/.hidden"})
    std::filesystem::create_directories(folder_.path(each));
  folder_.write("some/a.sanku", untidy);
  folder_.write("some/deep/b.sanku", tidy);
  folder_.write("some/empty.sanku", "");
  folder_.write("some/wrong.sanku", "code  A\nrule { \n");
  folder_.write("some/.hidden/c.sanku", untidy);
  std::filesystem::permissions(folder_.path("some/a.sanku"), std::filesystem::perms(0640));
  const auto time = std::filesystem::last_write_time(folder_.path("some/deep/b.sanku"));
  const Shell checked = sanku("fmt --check {}/some/a.sanku {}/some/deep");
  EXPECT_EQ(checked.code, 1);
  EXPECT_EQ(checked.out, folder_.path("some/a.sanku") + "\n");
  EXPECT_EQ(contents(folder_.path("some/a.sanku")), untidy);
  const Shell shell = sanku("fmt {}/some {}/some/a.sanku");
  EXPECT_EQ(shell.code, 1);
  EXPECT_EQ(shell.out, folder_.path("some/a.sanku") + "\n") << "once";
  EXPECT_NE(shell.err.find("wrong.sanku:2:"), std::string::npos) << shell.err;
  EXPECT_NE(shell.err.find("is left alone"), std::string::npos) << shell.err;
  EXPECT_EQ(contents(folder_.path("some/a.sanku")), tidy);
  EXPECT_EQ(contents(folder_.path("some/wrong.sanku")), "code  A\nrule { \n");
  EXPECT_EQ(contents(folder_.path("some/.hidden/c.sanku")), untidy);
  EXPECT_EQ(contents(folder_.path("some/empty.sanku")), "");
  EXPECT_EQ(mode(folder_.path("some/a.sanku")), std::filesystem::perms(0640));
  EXPECT_EQ(std::filesystem::last_write_time(folder_.path("some/deep/b.sanku")), time);
  EXPECT_EQ(sanku("fmt --check {}/some/a.sanku {}/some/empty.sanku").code, 0);
  std::size_t count = 0;
  for (const auto& each : std::filesystem::directory_iterator(folder_.path("some")))
    count += each.exists() ? 1 : 0;
  EXPECT_EQ(count, 5u) << "nothing was left beside the files";
}

TEST_F(Command, fmt_of_standard_input_and_of_the_other_spelling) {
  folder_.write("rule.sanku", "rule T1 \"名\" { category policy on item when item.quantity > 1 "
                              "report violation \"多\" }\n");
  const Shell zh = sanku("fmt --stdin --to zh < {}/rule.sanku");
  EXPECT_EQ(zh.code, 0) << zh.err;
  EXPECT_NE(zh.out.find("  如果：item.quantity > 1\n"), std::string::npos) << zh.out;
  EXPECT_EQ(sanku("fmt --to zh {}/rule.sanku").code, 0);
  EXPECT_EQ(contents(folder_.path("rule.sanku")), zh.out);
  EXPECT_EQ(sanku("fmt --stdin < {}/rule.sanku").out, zh.out) << "Chinese stays Chinese";
  EXPECT_EQ(sanku("fmt --check --stdin < {}/rule.sanku").code, 0);
  const Shell changes = sanku("fmt --check --to en --stdin < {}/rule.sanku");
  EXPECT_EQ(changes.code, 1);
  EXPECT_EQ(changes.out, "<stdin>\n");
  folder_.write("wrong.sanku", "规则 {\n");
  const Shell wrong = sanku("--lang zh fmt --stdin < {}/wrong.sanku");
  EXPECT_EQ(wrong.code, 1);
  EXPECT_EQ(wrong.out, "");
  EXPECT_NE(wrong.err.find("<stdin>:1:"), std::string::npos) << wrong.err;
}

TEST_F(Command, check_fix_corrects_what_is_sure_and_shows_what_is_left) {
  const std::string rule =
      "rule {} \"错\" {{ category policy basis law on item when item.quantiy > 1 "
      "report violation \"多\" }}\n";
  folder_.write("wrong.sanku", fmt::format(fmt::runtime(rule), "T1") +
                                   "rule T2 \"错\" { category policy basis law on item when "
                                   "item.xyzzyx > 1 report violation \"多\" }\n");
  folder_.write("other.sanku", fmt::format(fmt::runtime(rule), "T3"));
  const std::string other = contents(folder_.path("other.sanku"));
  const Shell shell = sanku("check --fix {}/wrong.sanku");
  EXPECT_EQ(shell.code, 1);
  EXPECT_TRUE(shell.out.starts_with("1 mistake corrected in ")) << shell.out;
  EXPECT_EQ(shell.out.find("quantiy"), std::string::npos) << shell.out;
  EXPECT_NE(shell.out.find("xyzzyx"), std::string::npos) << shell.out;
  EXPECT_NE(contents(folder_.path("wrong.sanku")).find("item.quantity > 1"), std::string::npos);
  EXPECT_EQ(contents(folder_.path("other.sanku")), other) << "it was not asked about";
  const Shell json = sanku("--lang zh check --fix --format json {}/other.sanku");
  EXPECT_NE(json.err.find("已改正 1 处"), std::string::npos) << json.err;
  EXPECT_EQ(json.out.find("quantiy"), std::string::npos) << json.out;
  EXPECT_TRUE(sanku("check --fix {}/wrong.sanku").out.starts_with("nothing that can be")) << "now";
}

TEST_F(Command, verdicts_go_into_a_ledger_and_rules_below_their_policy_are_told) {
  const Shell run = sanku(std::string(run_national) + "--in {}/claims.ndjson --places --out "
                                                      "{}/found.ndjson");
  ASSERT_EQ(run.code, 1) << run.err;
  const std::string id = contents(folder_.path("found.ndjson")).substr(7, 32);
  folder_.write("first.csv", "finding,verdict,date\n" + id + ",confirmed,2026-03-20\n" + id +
                                 ",perhaps,2026-03-20\n");
  folder_.write("second.ndjson",
                "{\"finding\":\"" + id +
                    "\",\"verdict\":\"rejected\",\"date\":\"2026-04-20\",\"stage\":"
                    "\"appeal\"}\n");
  const std::string outcomes = "outcomes --findings {}/found.ndjson --ledger {}/ledger.ndjson "
                               "--rejects {}/bad.ndjson --format json --verdicts {}/";
  const Shell first = sanku(outcomes + "first.csv");
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_NE(first.err.find("first.csv:3"), std::string::npos) << first.err;
  EXPECT_NE(first.out.find("\"confirmed\":1"), std::string::npos) << first.out;
  const std::string kept = contents(folder_.path("ledger.ndjson"));
  EXPECT_EQ(sanku(outcomes + "first.csv").code, 0);
  EXPECT_EQ(contents(folder_.path("ledger.ndjson")), kept) << "a repeated verdict changes nothing";
  const Shell second = sanku(outcomes + "second.ndjson");
  EXPECT_EQ(second.code, 1) << second.out << second.err;
  EXPECT_NE(second.out.find("\"demote\":[{"), std::string::npos) << second.out;
  EXPECT_TRUE(contents(folder_.path("ledger.ndjson")).starts_with(kept)) << "and nothing is lost";
  folder_.write("policy.toml", "least = 2\n");
  EXPECT_EQ(sanku(outcomes + "second.ndjson --policy {}/policy.toml").code, 0);
  folder_.write("policy.toml", "most = 2\n");
  const Shell wrong = sanku(outcomes + "second.ndjson --policy {}/policy.toml");
  EXPECT_EQ(wrong.code, 2);
  EXPECT_NE(wrong.err.find("policy.toml:1"), std::string::npos) << wrong.err;
}

TEST_F(Command, answers_of_an_appeal_are_taken_from_every_form_of_claims) {
  const std::string question = "一线治疗无效、不耐受或禁忌的证据";
  const std::string line = item("L1", "XA02BCA084A012010100453", "1", "12.50");
  const std::string who = R"("gend":"1","brdy":"1980-01-01")";
  folder_.write("asked.ndjson", claim("1", who, line) + claim("2", who, line));
  folder_.write(
      "appeal.csv",
      fmt::format("mdtrt_id,question,answer\nM1,{0},否\nM2,{0},是\nM7,{0},是\n", question));
  const std::string judge = "run --engine evaluator --pack stdlib-rules/national --answers "
                            "{}/appeal.csv --rejects {}/refused.ndjson --in {}/";
  ASSERT_EQ(sanku("convert --in {}/asked.ndjson --out {}/asked.skb").code, 0);
  ASSERT_EQ(sanku("convert --in {}/asked.ndjson --out {}/asked").code, 0);
  const Shell first = sanku(judge + "asked.ndjson");
  EXPECT_EQ(first.code, 1) << first.err;
  EXPECT_NE(first.out.find("\"mdtrt_id\":\"M1\""), std::string::npos) << first.out;
  EXPECT_NE(first.out.find("GZ10000101005"), std::string::npos) << first.out;
  EXPECT_NE(first.err.find(":4: visit `M7` was not judged"), std::string::npos) << first.err;
  EXPECT_NE(first.err.find("3 answers, 2 taken, 1 of visits that were not judged"),
            std::string::npos)
      << first.err;
  EXPECT_NE(contents(folder_.path("refused.ndjson")).find("M7,"), std::string::npos);
  for (const char* form : {"asked.skb", "asked"}) {
    const Shell other = sanku(judge + form);
    EXPECT_EQ(other.out, first.out) << form;
    EXPECT_EQ(other.err, first.err) << form;
  }
  const std::string told = "explain --pack stdlib-rules/national --rule GZ10000101005 --in "
                           "{}/asked.skb --settlement S1";
  EXPECT_EQ(sanku(told).code, 0);
  EXPECT_EQ(sanku(told + " --answers {}/appeal.csv").code, 1);
  folder_.write("appeal.csv", fmt::format("mdtrt_id,question,answer\nM1,{},perhaps\n", question));
  const Shell wrong = sanku("--lang zh " + judge + "asked.ndjson");
  EXPECT_EQ(wrong.code, 3);
  EXPECT_NE(wrong.err.find("appeal.csv:2：answer 为“perhaps”"), std::string::npos) << wrong.err;
  EXPECT_EQ(sanku(told + " --answers {}/appeal.csv").code, 3);
  EXPECT_EQ(sanku(told + " --answers {}/none.csv").code, 2);
}

TEST_F(Command, help_teaches_every_option_in_both_languages) {
  for (const char* name :
       {"check", "fmt", "test", "run", "convert", "explain", "effective", "knowledge", "generate",
        "pack", "impact", "outcomes", "doc", "dump", "explain-code"}) {
    const std::string zh = sanku(fmt::format("{} --help", name), "LC_ALL=zh_CN.UTF-8").out,
                      en = sanku(fmt::format("--lang en {} --help", name)).out;
    EXPECT_NE(zh, en) << name;
    const std::regex option("--[a-z-]+");
    const auto options_in = [&](const std::string& text) {
      std::set<std::string> found;
      for (std::sregex_iterator at(text.begin(), text.end(), option), end; at != end; ++at)
        found.insert(at->str());
      return found;
    };
    EXPECT_EQ(options_in(zh), options_in(en)) << name;
    // An option that help names is one that the command takes: with a wrong value it complains of
    // something else than not knowing it.
    for (const std::string& each : options_in(en))
      EXPECT_EQ(sanku(fmt::format("{} {}", name, each))
                    .err.find(fmt::format("`{}` is not understood", each)),
                std::string::npos)
          << name << " " << each;
  }
  EXPECT_NE(sanku("run --nonsense").err.find("`--nonsense` is not understood"), std::string::npos);
}

TEST_F(Command, the_version_is_that_of_the_project) {
  const std::string cmake = contents("CMakeLists.txt");
  std::smatch version;
  ASSERT_TRUE(std::regex_search(cmake, version, std::regex("VERSION ([0-9.]+) LANGUAGES")));
  EXPECT_EQ(sanku("--version").out, fmt::format("sanku {}\n", version[1].str()));
}

} // namespace
} // namespace sanku::engine
