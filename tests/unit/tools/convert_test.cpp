// Claims into every form and back: the same records, and the same findings to the byte, also where
// records wait for others of their visit; damage ends a run and leaves no findings.
#include "runtime/io/block_file.h"
#include "tests/unit/tools/waiting_fixture.h"
#include "tools/engine/convert.h"
#include "tools/generate/generate.h"

namespace sanku::engine {
namespace {

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string generated(std::uint64_t settlements) {
  std::string text;
  const auto summary = generate::generate(
      {.settlements = settlements,
       .seed = 23,
       .violation_rate = 0.5,
       .pack = "bench/packs/first_eighteen",
       .codes = "stdlib-rules/schema/codes"},
      [&](std::string_view more) {
        text += more;
        return true;
      },
      [](std::string_view) { return true; });
  EXPECT_TRUE(summary);
  return text;
}

class Convert : public testing::Test {
protected:
  void SetUp() override {
    rules_ = rules_at("bench/packs/first_eighteen");
    ASSERT_TRUE(rules_);
    engine_ = make_engine(program(*rules_), rules_->checked->tables, nullptr,
                          {.kind = EngineKind::evaluator});
  }

  [[nodiscard]] Result<ConvertSummary> to(ClaimsForm form, const std::string& name,
                                          std::function<Result<bool>(io::Chunk&)> next,
                                          unsigned threads = 2) const {
    ConvertPorts ports;
    ports.next = std::move(next);
    ports.reject = [](const io::Reject&) -> Result<void> { return {}; };
    return convert(program(*rules_).schema,
                   {.to = form, .out = folder_.path(name), .threads = threads, .block = 64}, ports);
  }
  [[nodiscard]] Result<ConvertSummary> lines_to(ClaimsForm form, const std::string& name,
                                                const std::string& text,
                                                unsigned threads = 2) const {
    std::string_view rest = text;
    io::LineChunks lines(
        [&](char* buffer, std::size_t size) {
          const std::size_t taken = std::min(size, rest.size());
          std::memcpy(buffer, rest.data(), taken);
          rest.remove_prefix(taken);
          return static_cast<std::int64_t>(taken);
        },
        200'000);
    return to(form, name, [&](io::Chunk& chunk) { return lines.next(chunk); }, threads);
  }
  [[nodiscard]] Result<ConvertSummary> blocks_to(ClaimsForm form, const std::string& name,
                                                 const std::string& from) const {
    auto file = io::BlockFile::open(folder_.path(from), program(*rules_).schema);
    if (!file)
      return tl::unexpected(file.error());
    return to(form, name, [&](io::Chunk& chunk) { return file->next(chunk); });
  }
  [[nodiscard]] Result<ConvertSummary> csv_to(ClaimsForm form, const std::string& name,
                                              const std::string& from) const {
    auto opened = io::CsvFolder::open(folder_.path(from), program(*rules_).schema, {});
    if (!opened)
      return tl::unexpected(opened.error());
    return to(form, name, [&](io::Chunk& chunk) { return opened->next(chunk); });
  }

  // Findings of a block file.
  static Result<Ran> run_blocks(const Engine& engine, const std::string& path,
                                const RunOptions& options) {
    auto file = io::BlockFile::open(path, engine.program.schema);
    if (!file)
      return tl::unexpected(file.error());
    RunPorts ports;
    ports.next = [&](io::Chunk& chunk) { return file->next(chunk); };
    ports.rewind = [&]() -> Result<void> {
      file->rewind();
      return {};
    };
    return run_ports(engine, std::move(ports), options);
  }

  PackFolder folder_;
  std::unique_ptr<Rules> rules_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(Convert, records_come_back_as_they_were_from_every_form) {
  const std::string text = generated(300);
  ASSERT_TRUE(lines_to(ClaimsForm::ndjson, "a.ndjson", text));
  const std::string records = file_text(folder_.path("a.ndjson"));
  EXPECT_EQ(std::ranges::count(records, '\n'), 300);
  ASSERT_TRUE(lines_to(ClaimsForm::ndjson, "again.ndjson", records));
  EXPECT_EQ(file_text(folder_.path("again.ndjson")), records);
  ASSERT_TRUE(lines_to(ClaimsForm::block, "a.skb", text));
  ASSERT_TRUE(blocks_to(ClaimsForm::ndjson, "b.ndjson", "a.skb"));
  EXPECT_EQ(file_text(folder_.path("b.ndjson")), records);
  ASSERT_TRUE(blocks_to(ClaimsForm::csv, "csv", "a.skb"));
  ASSERT_TRUE(csv_to(ClaimsForm::block, "c.skb", "csv"));
  ASSERT_TRUE(blocks_to(ClaimsForm::ndjson, "c.ndjson", "c.skb"));
  EXPECT_EQ(file_text(folder_.path("c.ndjson")), records);
  // The same bytes whatever the threads.
  ASSERT_TRUE(lines_to(ClaimsForm::block, "one.skb", text, 1));
  EXPECT_EQ(file_text(folder_.path("one.skb")), file_text(folder_.path("a.skb")));
  EXPECT_LT(file_text(folder_.path("a.skb")).size() * 5, text.size());
}

// A field or a list that no sender has a name for goes by the schema's, in every form.
TEST_F(Convert, what_has_no_wire_name_comes_back_too) {
  std::ifstream shipped("stdlib-rules/schema/settlement.sanku", std::ios::binary);
  std::string schema(std::istreambuf_iterator<char>(shipped), {});
  const std::string wire = "  wire answers\n";
  const std::size_t at = schema.find(wire);
  ASSERT_NE(at, std::string::npos);
  schema.replace(at, wire.size(), "\n");
  const PackFolder pack;
  pack.write("schema.sanku", schema);
  pack.write("pack.toml", "name = \"a\"\nversion = \"1\"\nlanguage = \"1\"\nschema = "
                          "\"schema.sanku\"\n");
  rules_ = rules_at(pack.path());
  ASSERT_TRUE(rules_);
  const std::string text =
      R"({"setl_id":"S1","mdtrt_id":"M1","fsi_order_dtos":[{"rx_id":"1","hilist_code":"X1",)"
      R"("fee_ocur_time":"2026-03-05 08:00:00","cnt":"1","det_item_fee_sumamt":"1.00",)"
      R"("dosed_days":"3.50"}],"answers":[{"question":"q","answer":"1"}]})"
      "\n";
  ASSERT_TRUE(lines_to(ClaimsForm::ndjson, "a.ndjson", text));
  const std::string records = file_text(folder_.path("a.ndjson"));
  EXPECT_NE(records.find(R"("dosed_days":"3.5")"), std::string::npos) << records;
  EXPECT_NE(records.find(R"("answers":[{"question":"q","answer":"1"}])"), std::string::npos)
      << records;
  ASSERT_TRUE(lines_to(ClaimsForm::csv, "csv", records));
  ASSERT_TRUE(csv_to(ClaimsForm::block, "a.skb", "csv"));
  ASSERT_TRUE(blocks_to(ClaimsForm::ndjson, "b.ndjson", "a.skb"));
  EXPECT_EQ(file_text(folder_.path("b.ndjson")), records);
}

TEST_F(Convert, a_block_file_gives_the_findings_of_its_text_byte_for_byte) {
  const std::string text = generated(300);
  ASSERT_TRUE(lines_to(ClaimsForm::block, "a.skb", text));
  for (const Format format : {Format::ndjson, Format::reply}) {
    const RunOptions options{.threads = 2, .format = format, .identities = true};
    const auto expected = run_text(*engine_, text, options);
    const auto got = run_blocks(*engine_, folder_.path("a.skb"), options);
    ASSERT_TRUE(expected && got) << (got ? "" : got.error().en);
    EXPECT_EQ(got->written, expected->written);
    EXPECT_GT(std::ranges::count(got->written, '\n'), 100);
  }
}

// Parts, repeats, refunds: such records are compared whole, so all their columns are unpacked.
TEST_F(Convert, records_of_one_visit_are_settled_as_those_of_its_text) {
  const Small small;
  std::string text;
  for (int visit = 0; visit < 200; ++visit)
    text += line_of({.visit = fmt::format("V{}", visit),
                     .number = fmt::format("S{}", visit),
                     .items = {item("1", code, "2", "20.00")},
                     .more = fmt::format(R"(,"medfee_sumamt":"{}")", visit)});
  for (int visit = 0; visit < 200; visit += 9)
    text += line_of({.visit = fmt::format("V{}", visit),
                     .number = fmt::format("T{}", visit),
                     .items = {item("2", code, "2", "30.00")}});
  text += line_of({.visit = "V5",
                   .number = "S5",
                   .items = {item("1", code, "2", "20.00")},
                   .more = R"(,"medfee_sumamt":"5")"});
  text += line_of(
      {.visit = "V7", .number = "R7", .more = R"(,"refd_setl_flag":"1","init_setl_id":"S7")"});
  ASSERT_TRUE(lines_to(ClaimsForm::block, "a.skb", text));
  const Ran expected = small.run(text, {.threads = 2});
  const auto got = run_blocks(*small.engine, folder_.path("a.skb"), {.threads = 2});
  ASSERT_TRUE(got) << got.error().en;
  EXPECT_EQ(got->written, expected.written);
  EXPECT_FALSE(got->written.empty());
  EXPECT_EQ(got->summary.account.merged, 23u);
  EXPECT_EQ(got->summary.account.repeated, 1u);
  EXPECT_EQ(got->summary.account.refunded, 2u);
}

TEST_F(Convert, damage_in_a_block_ends_the_run_without_findings) {
  ASSERT_TRUE(lines_to(ClaimsForm::block, "a.skb", generated(300)));
  std::string bytes = file_text(folder_.path("a.skb"));
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] + 1);
  folder_.write("a.skb", bytes);
  const auto got = run_blocks(*engine_, folder_.path("a.skb"), {.threads = 2});
  ASSERT_FALSE(got);
  EXPECT_NE(got.error().en.find("block "), std::string::npos) << got.error().en;
  EXPECT_FALSE(blocks_to(ClaimsForm::ndjson, "half.ndjson", "a.skb"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path("half.ndjson")));
}

TEST_F(Convert, what_cannot_be_read_is_told_and_the_rest_is_converted) {
  const std::string text = "{\"mdtrt_id\":\"1\"}\nnonsense\n{\"mdtrt_id\":\"2\"}\n";
  const auto summary = lines_to(ClaimsForm::block, "a.skb", text);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->settlements, 2u);
  EXPECT_EQ(summary->read.rejected, 1u);
}

TEST_F(Convert, csv_is_refused_where_its_rows_could_not_tell_whose_they_are) {
  const std::string text = "{\"mdtrt_id\":\"1\"}\n{\"mdtrt_id\":\"1\"}\n";
  EXPECT_FALSE(lines_to(ClaimsForm::csv, "csv", text));
  EXPECT_TRUE(lines_to(ClaimsForm::block, "a.skb", text));
}

} // namespace
} // namespace sanku::engine
