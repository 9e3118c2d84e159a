// DuckDB's library: what is not there or not the pinned one is refused with what to do; where it is
// there, it answers, and what SQL refuses is told.
#include "runtime/duckdb/duckdb.h"
#include "runtime/duckdb/pinned.h"
#include "tests/unit/runtime/io_folder.h"

namespace sanku::duckdb {
namespace {

TEST(DuckDb, without_its_library_says_what_to_do) {
  const io::TestFolder folder;
  const auto opened = Database::open(folder.path("libduckdb.so"));
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().en.find("./dev duckdb"), std::string::npos);
  EXPECT_NE(opened.error().zh.find("./dev duckdb"), std::string::npos);
}

TEST(DuckDb, other_bytes_are_never_loaded) {
  const io::TestFolder folder;
  folder.write("libduckdb.so", "abc");
  const auto opened = Database::open(folder.path("libduckdb.so"));
  ASSERT_FALSE(opened);
  // SHA-256 of "abc", as the standard gives it.
  EXPECT_NE(
      opened.error().en.find("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      std::string::npos);
  EXPECT_NE(opened.error().en.find(std::string(pinned_sha256)), std::string::npos);
}

TEST(DuckDb, answers_where_its_library_is_there) {
  if (!std::filesystem::exists(library_path()))
    GTEST_SKIP() << "DuckDB's library is not there";
  auto database = Database::open();
  ASSERT_TRUE(database) << database.error().en;
  ASSERT_TRUE(database->run("CREATE TABLE t (n BIGINT, d DATE)"));
  {
    Database::Appender rows(*database, "t");
    rows.number(7);
    rows.date(0);
    rows.end_row();
    rows.number(std::nullopt);
    rows.date(std::nullopt);
    rows.end_row();
    ASSERT_TRUE(rows.finish());
  }
  const auto rows = database->rows("SELECT n, d FROM t ORDER BY n");
  ASSERT_TRUE(rows);
  EXPECT_EQ(*rows, (std::vector<Row>{{"7", "1970-01-01"}, {std::nullopt, std::nullopt}}));
  const auto wrong = database->run("SELECT nonsense");
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().en.find("nonsense"), std::string::npos);
  EXPECT_EQ(quoted("it's"), "'it''s'");
}

} // namespace
} // namespace sanku::duckdb
