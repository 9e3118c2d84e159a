// Parquet by way of DuckDB: a folder of flat tables, one a list, with the columns and the names of
// the CSV form (settlement.parquet, items.parquet …), typed, each sorted by visit and settlement
// number. Both ways go through a folder of CSV files that no one else can read and that is removed
// again. Entries: is_parquet_folder, csv_from_parquet, parquet_from_csv. Tested by
// tests/unit/tools/parquet_test.cpp.
#pragma once

#include "runtime/schema/schema.h"
#include "runtime/types/result.h"

#include <string>

namespace sanku::engine {

// A folder of one's own, removed with all that is in it.
class PrivateFolder {
public:
  // Beside `place`; where that is empty, among the temporary files.
  [[nodiscard]] static Result<PrivateFolder> create(const std::string& place);
  ~PrivateFolder();
  PrivateFolder(PrivateFolder&& other) noexcept;
  PrivateFolder& operator=(PrivateFolder&&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

private:
  explicit PrivateFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

[[nodiscard]] bool is_parquet_folder(const std::string& path);

// Every table of `from` that the schema knows, as a CSV file of `to`.
[[nodiscard]] Result<void> csv_from_parquet(const std::string& from, const std::string& to,
                                            const schema::Schema& schema);
// And back. The tables are renamed into `to` when all of them are written.
[[nodiscard]] Result<void> parquet_from_csv(const std::string& from, const std::string& to,
                                            const schema::Schema& schema);

} // namespace sanku::engine
