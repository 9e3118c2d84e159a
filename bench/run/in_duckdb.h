// The ten reference rules in DuckDB (bench/rivals/ten_rules.sql): the batches' columns as its
// tables, and the proof that its findings are those of the compiled rules. Entry: InDuckDb.
#pragma once

#include "bench/run/world.h"
#include "runtime/duckdb/duckdb.h"

#include <string>

namespace sanku::bench {

class InDuckDb {
public:
  // Fills the tables. An error: the library is not there.
  [[nodiscard]] static Result<InDuckDb> open(const ReferenceWorld& world);

  void threads(unsigned count);
  // All ten rules; the number of findings.
  std::uint64_t run();
  // Stops at the first difference.
  void compare(const ReferenceWorld& world);
  [[nodiscard]] duckdb::Database& database() { return database_; }

private:
  explicit InDuckDb(duckdb::Database database);
  void must(const std::string& sql);
  void fill_tables(const ReferenceWorld& world);
  void fill_claims(const ReferenceWorld& world);

  duckdb::Database database_;
  std::string sql_;
};

} // namespace sanku::bench
