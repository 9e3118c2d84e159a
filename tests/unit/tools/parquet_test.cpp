// Claims into Parquet and back are the same records; without DuckDB's library nothing is left
// behind.
#include "runtime/duckdb/duckdb.h"
#include "tests/unit/tools/engine_fixture.h"
#include "tools/engine/convert.h"
#include "tools/engine/parquet.h"
#include "tools/generate/generate.h"

#include <cstdlib>

namespace sanku::engine {
namespace {

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Parquet : public testing::Test {
protected:
  void SetUp() override {
    rules_ = rules_at("bench/packs/first_eighteen");
    ASSERT_TRUE(rules_);
    std::string text;
    ASSERT_TRUE(generate::generate(
        {.settlements = 200,
         .seed = 29,
         .violation_rate = 0.3,
         .pack = "bench/packs/first_eighteen",
         .codes = "stdlib-rules/schema/codes"},
        [&](std::string_view more) {
          text += more;
          return true;
        },
        [](std::string_view) { return true; }));
    std::string_view rest = text;
    io::LineChunks lines([&](char* buffer, std::size_t size) {
      const std::size_t taken = std::min(size, rest.size());
      std::memcpy(buffer, rest.data(), taken);
      rest.remove_prefix(taken);
      return static_cast<std::int64_t>(taken);
    });
    const auto next = [&](io::Chunk& chunk) { return lines.next(chunk); };
    ASSERT_TRUE(to(ClaimsForm::csv, "csv", next));
    csv_to_lines("csv", "expected.ndjson");
  }
  [[nodiscard]] Result<ConvertSummary> to(ClaimsForm form, const std::string& name,
                                          std::function<Result<bool>(io::Chunk&)> next) const {
    ConvertPorts ports;
    ports.next = std::move(next);
    ports.reject = [](const io::Reject& reject) -> Result<void> {
      ADD_FAILURE() << reject.reason_en;
      return {};
    };
    return convert(schema(), {.to = form, .out = folder_.path(name)}, ports);
  }
  void csv_to_lines(const std::string& from, const std::string& name) const {
    auto opened = io::CsvFolder::open(folder_.path(from), schema(), {});
    ASSERT_TRUE(opened);
    ASSERT_TRUE(
        to(ClaimsForm::ndjson, name, [&](io::Chunk& chunk) { return opened->next(chunk); }));
  }
  [[nodiscard]] const schema::Schema& schema() const { return program(*rules_).schema; }

  PackFolder folder_;
  std::unique_ptr<Rules> rules_;
};

TEST_F(Parquet, records_come_back_as_they_were) {
  if (!std::filesystem::exists(duckdb::library_path()))
    GTEST_SKIP() << "DuckDB's library is not there";
  auto made = parquet_from_csv(folder_.path("csv"), folder_.path("parquet"), schema());
  ASSERT_TRUE(made) << made.error().en;
  EXPECT_TRUE(is_parquet_folder(folder_.path("parquet")));
  std::filesystem::create_directory(folder_.path("back"));
  auto back = csv_from_parquet(folder_.path("parquet"), folder_.path("back"), schema());
  ASSERT_TRUE(back) << back.error().en;
  csv_to_lines("back", "got.ndjson");
  EXPECT_EQ(file_text(folder_.path("got.ndjson")), file_text(folder_.path("expected.ndjson")));
  EXPECT_EQ(std::filesystem::status(folder_.path("parquet/items.parquet")).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(Parquet, without_the_library_nothing_is_left) {
  ::setenv("SANKU_DUCKDB", folder_.path("none.so").c_str(), 1);
  const auto made = parquet_from_csv(folder_.path("csv"), folder_.path("parquet"), schema());
  ::unsetenv("SANKU_DUCKDB");
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().en.find("./dev duckdb"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder_.path("parquet")));
}

TEST_F(Parquet, a_private_folder_is_gone_afterwards) {
  std::string path;
  {
    const auto folder = PrivateFolder::create(folder_.path("out/"));
    ASSERT_TRUE(folder) << folder.error().en;
    path = folder->path();
    EXPECT_EQ(std::filesystem::status(path).permissions(), std::filesystem::perms::owner_all);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

} // namespace
} // namespace sanku::engine
