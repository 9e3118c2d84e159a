// The same settlements in every input form give the same findings, to the byte: generated, written
// in each form, read, judged by the national rules.
#include "tests/unit/tools/csv_row.h"
#include "tests/unit/tools/engine_fixture.h"
#include "tools/generate/forms.h"
#include "tools/generate/generate.h"

#include <map>

namespace sanku::engine {
namespace {

using generate::Form;

constexpr std::uint64_t settlements = 400;

// All settlements in one form, and the manifest of what was planted.
generate::FormTexts made_in(Form form, std::string& manifest) {
  generate::FormTexts texts;
  auto writer = generate::FormWriter::create(form);
  EXPECT_TRUE(writer);
  (*writer)->begin(texts);
  const auto summary = generate::generate(
      {.settlements = settlements,
       .seed = 17,
       .violation_rate = 0.5,
       .pack = "bench/packs/first_eighteen",
       .codes = "stdlib-rules/schema/codes"},
      [&](std::string_view text) {
        (*writer)->add(text, texts);
        return true;
      },
      [&](std::string_view text) {
        manifest += text;
        return true;
      });
  EXPECT_TRUE(summary);
  return texts;
}

class Forms : public testing::Test {
protected:
  void SetUp() override {
    rules_ = rules_at("bench/packs/first_eighteen");
    ASSERT_TRUE(rules_);
    engine_ = make_engine(program(*rules_), rules_->checked->tables, nullptr,
                          {.kind = EngineKind::evaluator});
  }
  [[nodiscard]] Ran found(Result<Ran> ran) const {
    EXPECT_TRUE(ran) << (ran ? "" : ran.error().en);
    if (!ran)
      return {};
    EXPECT_TRUE(ran->rejects.empty()) << ran->rejects.front().reason_en;
    EXPECT_EQ(ran->summary.settlements, settlements);
    return std::move(*ran);
  }
  void write_folder(const std::string& name, const generate::FormTexts& texts) const {
    std::filesystem::create_directories(folder_.path(name));
    for (std::size_t file = 0; file < texts.size(); ++file)
      folder_.write(name + "/" + std::string(generate::form_files[file]), texts[file]);
  }

  PackFolder folder_;
  std::unique_ptr<Rules> rules_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(Forms, every_input_form_gives_the_same_findings_byte_for_byte) {
  std::string manifest;
  const std::string nested = made_in(Form::nested, manifest)[0];
  const Ran expected = found(run_text(*engine_, nested, {.threads = 2}));
  // What was planted was found, so that equal outputs are not equally empty.
  EXPECT_EQ(std::ranges::count(expected.written, '\n'), std::ranges::count(manifest, '\n'));
  EXPECT_GT(std::ranges::count(manifest, '\n'), 100);
  for (const Form form : {Form::flat, Form::envelope}) {
    std::string same_manifest;
    const std::string text = made_in(form, same_manifest)[0];
    EXPECT_NE(text, nested);
    EXPECT_EQ(same_manifest, manifest);
    EXPECT_EQ(found(run_text(*engine_, text, {.threads = 2, .batch = 7})).written,
              expected.written);
  }
  for (const Form form : {Form::csv, Form::csv_gb18030}) {
    std::string same_manifest;
    write_folder("claims", made_in(form, same_manifest));
    // Merged, on disk, in memory.
    for (const std::size_t partition : {std::size_t{10'000}, std::size_t{1} << 25})
      EXPECT_EQ(
          found(run_folder(*engine_, folder_.path("claims"), {.threads = 2, .batch = 50},
                           {.encoding = {}, .partition_bytes = partition, .chunk_bytes = 30'000}))
              .written,
          expected.written);
  }
}

TEST_F(Forms, rows_in_any_order_give_the_same_findings) {
  std::string manifest;
  generate::FormTexts texts = made_in(Form::csv, manifest);
  write_folder("sorted", texts);
  const Ran expected = found(run_folder(*engine_, folder_.path("sorted"), {}));
  EXPECT_FALSE(expected.written.empty());
  // The lists' rows backwards; no generated cell holds a line break.
  for (std::size_t file = 1; file < texts.size(); ++file) {
    std::vector<std::string> lines;
    for (std::size_t at = 0, end = 0; at < texts[file].size(); at = end) {
      end = texts[file].find('\n', at) + 1;
      lines.push_back(texts[file].substr(at, end - at));
    }
    std::reverse(lines.begin() + 1, lines.end());
    texts[file].clear();
    for (const std::string& line : lines)
      texts[file] += line;
  }
  write_folder("backwards", texts);
  const Ran got = found(run_folder(*engine_, folder_.path("backwards"), {},
                                   {.encoding = {}, .partition_bytes = 20'000}));
  EXPECT_EQ(got.written, expected.written);
}

TEST_F(Forms, a_refused_row_is_told_with_its_place_and_records_add_up) {
  std::string manifest;
  generate::FormTexts texts = made_in(Form::csv, manifest);
  const std::size_t second = texts[3].find('\n', texts[3].find('\n') + 1) + 1;
  const auto row = [&](const char* line, const char* visit, const char* day) {
    return csv_row(texts[3], {{"feedetl_sn", line}, {"mdtrt_id", visit}, {"fee_ocur_time", day}});
  };
  texts[3].insert(second, row("X1", "M000000000005", "2026-13-01") +
                              row("X2", "M999999999999", "2026-03-01"));
  write_folder("claims", texts);
  const auto ran = run_folder(*engine_, folder_.path("claims"), {});
  ASSERT_TRUE(ran);
  ASSERT_EQ(ran->rejects.size(), 2u);
  EXPECT_EQ(ran->rejects[0].file, "items.csv");
  EXPECT_EQ(ran->rejects[0].line, 3u);
  EXPECT_EQ(ran->rejects[0].offset, second);
  EXPECT_NE(ran->rejects[0].reason_zh.find("2026-13-01"), std::string::npos);
  EXPECT_EQ(ran->rejects[1].line, 4u);
  EXPECT_EQ(ran->summary.read.records, settlements + 1);
  EXPECT_EQ(ran->summary.account.read, settlements + 1);
  EXPECT_EQ(ran->summary.account.evaluated, settlements - 1);
  EXPECT_EQ(ran->summary.read.rejected, 2u);
  const auto strict = run_folder(*engine_, folder_.path("claims"), {.strict = true});
  ASSERT_TRUE(strict);
  ASSERT_TRUE(strict->summary.stopped_at);
  EXPECT_EQ(strict->summary.stopped_at->line, 3u);
}

} // namespace
} // namespace sanku::engine
