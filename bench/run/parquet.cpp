// Parquet in: from a folder of tables to columns, beside DuckDB that fetches the same tables
// through the same interface and drops them.
#include "tools/engine/parquet.h"

#include "bench/run/measurements.h"
#include "bench/run/world.h"
#include "runtime/duckdb/duckdb.h"
#include "runtime/io/csv_folder.h"
#include "runtime/io/row_reader.h"
#include "tools/engine/convert.h"

#include <fmt/format.h>

#include <filesystem>

namespace sanku::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t settlements = 20'000;

template <class T> T must(Result<T> result) {
  if (!result)
    stop(result.error().en);
  return std::move(*result);
}
void must(Result<void> result) {
  if (!result)
    stop(result.error().en);
}

// The claims as a folder of Parquet tables.
std::string write_parquet(const std::string& folder, const std::string& claims,
                          const schema::Schema& schema) {
  const std::string flat = folder + "/parquet_flat", path = folder + "/claims.parquet";
  fs::remove_all(flat);
  fs::remove_all(path);
  std::size_t at = 0;
  io::LineChunks lines([&](char* buffer, std::size_t capacity) {
    const std::size_t count = std::min(capacity, claims.size() - at);
    std::copy_n(claims.data() + at, count, buffer);
    at += count;
    return static_cast<std::int64_t>(count);
  });
  engine::ConvertPorts ports;
  ports.next = [&](io::Chunk& chunk) { return lines.next(chunk); };
  ports.reject = [](const io::Reject& reject) -> Result<void> {
    stop("a generated record was refused: " + reject.reason_en);
  };
  static_cast<void>(must(
      engine::convert(schema, {.to = engine::ClaimsForm::csv, .out = flat, .threads = 2}, ports)));
  must(engine::parquet_from_csv(flat, path, schema));
  fs::remove_all(flat);
  return path;
}

// As a run reads it: by way of flat files.
std::uint64_t load(const std::string& path, const Compiled& compiled) {
  const schema::Schema& schema = compiled.program().schema;
  const engine::PrivateFolder flat = must(engine::PrivateFolder::create({}));
  must(engine::csv_from_parquet(path, flat.path(), schema));
  io::CsvFolder folder = must(io::CsvFolder::open(flat.path(), schema, {}));
  io::RowReader reader(schema, engine::dictionaries(*compiled.engine));
  std::uint64_t count = 0;
  std::vector<io::Reject> rejects;
  io::ReadCounts counts;
  io::Chunk chunk;
  while (must(folder.next(chunk)))
    reader.read(
        chunk, 4096, [&](const batch::Batch& batch) { count += batch.settlements; }, rejects,
        counts);
  if (!rejects.empty())
    stop("a row of Parquet was refused: " + rejects.front().reason_en);
  return count;
}

void fetch(const std::string& path, duckdb::Database& database) {
  for (const fs::directory_entry& table : fs::directory_iterator(path))
    must(database.run(
        fmt::format("SELECT * FROM read_parquet({})", duckdb::quoted(table.path().string()))));
}

} // namespace

void measure_parquet(Bench& bench) {
  constexpr const char* name = "parquet_vs_duckdb_fetch";
  auto database = duckdb::Database::open();
  if (!database)
    return bench.skip(name, database.error().en);
  must(database->run("SET autoinstall_known_extensions = false"));
  const ReferenceWorld world = make_reference_world({.work = bench.folder, .settlements = 1});
  std::string claims;
  append_claims(world.reference, 4, 0, settlements, claims, {});
  const std::string path = write_parquet(bench.folder, claims, world.compiled->program().schema);
  const auto records = [&](const char* named) {
    return Run{.name = named,
               .unit = "settlements/s",
               .work = static_cast<double>(settlements),
               .timed = {}};
  };
  std::uint64_t loaded = 0;
  const auto runs = bench.interleave(
      {records("load_parquet"), records("duckdb_fetch_parquet")},
      {[&] { loaded = load(path, *world.compiled); }, [&] { fetch(path, *database); }});
  if (loaded != settlements)
    stop("records are lost in Parquet");
  bench.ratio(name, runs[0], runs[1]);
}

} // namespace sanku::bench
