// DuckDB through its C interface, loaded when it is asked for: SQL, Parquet, and a rival in the
// benchmarks. The library is no part of the program: it is opened by its full path, from the very
// file whose SHA-256 was found to be the pinned one (pinned.h); without it everything else works.
// Entry: Database::open. Tested by tests/unit/runtime/duckdb_test.cpp.
#pragma once

#include "runtime/types/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sanku::duckdb {

// Where the library lies: named by SANKU_DUCKDB, else duckdb/ beside the folder of the program.
[[nodiscard]] std::string library_path();

using Row = std::vector<std::optional<std::string>>;

class Database {
public:
  // In memory. Refused, with what to do: no library, other bytes than the pinned ones.
  [[nodiscard]] static Result<Database> open(const std::string& library = library_path());
  ~Database();
  Database(Database&&) noexcept;
  Database& operator=(Database&&) = delete;

  // One or several statements; what the last gives is dropped.
  [[nodiscard]] Result<void> run(const std::string& sql);
  [[nodiscard]] Result<std::vector<Row>> rows(const std::string& sql);

  // Rows into a table; what is none is NULL. Every column is one of whole numbers or a date in
  // days.
  class Appender {
  public:
    Appender(Database& database, const std::string& table);
    ~Appender();
    Appender(const Appender&) = delete;
    Appender& operator=(const Appender&) = delete;
    void number(std::optional<std::int64_t> value);
    void date(std::optional<std::int32_t> days);
    void end_row();
    // False: something was refused on the way.
    [[nodiscard]] bool finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
  };

private:
  struct State;
  explicit Database(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// A text as SQL has it, in quotes.
[[nodiscard]] std::string quoted(const std::string& text);

} // namespace sanku::duckdb
