// Reading: NDJSON to columns beside simdjson that only finds the structure of the same bytes, keys
// in order and shuffled; a block file of the same records.
#include "bench/run/measurements.h"
#include "bench/run/world.h"
#include "runtime/duckdb/duckdb.h"
#include "runtime/io/block_file.h"
#include "runtime/io/ndjson.h"
#include "tools/engine/columns.h"
#include "tools/engine/convert.h"
#include "tools/engine/run.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <fstream>

namespace sanku::bench {
namespace {

constexpr std::uint64_t settlements = 40'000;
constexpr std::size_t batch_bytes = std::size_t{1} << 20;

// `threads`: the reader beside it has one; left alone, simdjson looks ahead on a second.
std::uint64_t structure_only(const simdjson::padded_string& claims, unsigned threads = 1) {
  simdjson::ondemand::parser parser;
  parser.threaded = threads > 1;
  simdjson::ondemand::document_stream documents;
  if (parser.iterate_many(claims, batch_bytes).get(documents) != simdjson::SUCCESS)
    stop("simdjson refuses the claims");
  std::uint64_t count = 0;
  for (auto document : documents)
    count += document.error() == simdjson::SUCCESS ? 1 : 0;
  return count;
}

// The same, 1 thread, with vectors of a certain width; 0 where this processor has none such. The
// one that simdjson chooses is the measure; this one tells how much of its rate is the width.
std::uint64_t structure_with(const char* name, const simdjson::padded_string& claims) {
  const auto* wanted = simdjson::get_available_implementations()[name];
  if (wanted == nullptr || !wanted->supported_by_runtime_system())
    return 0;
  const simdjson::implementation* chosen = simdjson::get_active_implementation();
  simdjson::get_active_implementation() = wanted;
  const std::uint64_t count = structure_only(claims);
  simdjson::get_active_implementation() = chosen;
  return count;
}

// The claims as chunks of whole lines, as a run has them in memory.
std::vector<io::Chunk> chunks_of(const std::string& claims) {
  std::size_t at = 0;
  io::LineChunks lines([&](char* buffer, std::size_t capacity) {
    const std::size_t count = std::min(capacity, claims.size() - at);
    std::copy_n(claims.data() + at, count, buffer);
    at += count;
    return static_cast<std::int64_t>(count);
  });
  std::vector<io::Chunk> chunks(1);
  for (auto more = lines.next(chunks.back()); more && *more; more = lines.next(chunks.back()))
    chunks.emplace_back();
  chunks.pop_back();
  return chunks;
}

// Each batch is dropped as soon as it is made, as a run does.
std::uint64_t to_columns(const std::vector<io::Chunk>& chunks, const engine::Engine& engine,
                         const batch::Kept& kept) {
  io::NdjsonReader reader(engine.program.schema, engine::dictionaries(engine), kept);
  std::uint64_t count = 0;
  std::vector<io::Reject> rejects;
  io::ReadCounts counts;
  for (const io::Chunk& chunk : chunks)
    reader.read(
        chunk, 0, 4096, [&](const batch::Batch& batch) { count += batch.settlements; }, rejects,
        counts);
  if (!rejects.empty())
    stop("a generated record was refused: " + rejects.front().reason_en);
  return count;
}

// How many of the fields that these claims have come into columns.
double columns_filled(const std::vector<io::Chunk>& chunks, const engine::Engine& engine,
                      const batch::Kept& kept) {
  io::NdjsonReader reader(engine.program.schema, engine::dictionaries(engine), kept);
  std::vector<std::vector<bool>> filled = kept;
  for (std::vector<bool>& relation : filled)
    relation.assign(relation.size(), false);
  std::vector<io::Reject> rejects;
  io::ReadCounts counts;
  const auto look = [&](const batch::Batch& batch) {
    for (std::size_t r = 0; r < batch.relations.size(); ++r)
      for (std::size_t c = 0; c < batch.relations[r].columns.size(); ++c)
        for (const std::uint8_t byte : batch.relations[r].columns[c].validity)
          filled[r][c] = filled[r][c] || byte != 0;
  };
  reader.read(chunks.front(), 0, 4096, look, rejects, counts);
  double count = 0;
  for (const std::vector<bool>& relation : filled)
    count += static_cast<double>(std::ranges::count(relation, true));
  return count;
}

// With the records as a block file.
std::string write_blocks(const std::string& folder, const std::string& claims,
                         const schema::Schema& schema) {
  const std::string path = folder + "/claims.skb";
  std::size_t at = 0;
  io::LineChunks lines(
      [&](char* buffer, std::size_t capacity) {
        const std::size_t count = std::min(capacity, claims.size() - at);
        std::copy_n(claims.data() + at, count, buffer);
        at += count;
        return static_cast<std::int64_t>(count);
      },
      std::size_t{8} << 20);
  engine::ConvertPorts ports;
  ports.next = [&](io::Chunk& chunk) { return lines.next(chunk); };
  ports.reject = [](const io::Reject& reject) -> Result<void> {
    stop("a generated record was refused: " + reject.reason_en);
  };
  const auto converted =
      engine::convert(schema, {.to = engine::ClaimsForm::block, .out = path, .threads = 2}, ports);
  if (!converted)
    stop(converted.error().en);
  return path;
}

std::uint64_t from_blocks(const std::string& path, const Compiled& compiled,
                          const block::Columns& wanted) {
  auto file = io::BlockFile::open(path, compiled.program().schema);
  if (!file)
    stop(file.error().en);
  block::Reader reader(compiled.program().schema, engine::dictionaries(*compiled.engine),
                       file->shared());
  std::uint64_t count = 0;
  io::Chunk chunk;
  for (auto more = file->next(chunk); more && *more; more = file->next(chunk)) {
    const auto batch = reader.read(chunk.text, wanted, chunk.offset);
    if (!batch)
      stop("a block cannot be read");
    count += batch->settlements;
  }
  return count;
}

// Claims in, findings out, on one thread; the number of findings.
std::uint64_t end_to_end(const std::string& path, const engine::Engine& engine) {
  auto file = io::InputFile::open(path);
  if (!file)
    stop(file.error().en);
  std::uint64_t bytes = 0;
  engine::RunPorts ports;
  ports.read = [&](char* buffer, std::size_t size) { return file->read(buffer, size); };
  ports.rewind = [&] { return file->rewind(); };
  ports.write = [&](std::string_view text) -> Result<void> {
    bytes += text.size();
    return {};
  };
  ports.reject = [](const io::Reject& reject) -> Result<void> {
    stop("a generated record was refused: " + reject.reason_en);
  };
  const auto summary = engine::run(engine, {.threads = 1}, ports);
  if (!summary)
    stop(summary.error().en);
  if (bytes == 0)
    stop("the run found nothing");
  return engine::total(*summary).findings;
}

// The fields that the ten rules read, and no more.
constexpr const char* read_json = R"(CREATE OR REPLACE TABLE claims AS SELECT * FROM read_json('{}',
  format = 'newline_delimited', maximum_object_size = 67108864, columns = {{patient_dtos:
  'STRUCT(gend VARCHAR, brdy VARCHAR, fsi_encounter_dtos STRUCT(mdtrt_id VARCHAR, setl_id VARCHAR,
  medins_lv VARCHAR, adm_date TIMESTAMP, dscg_date TIMESTAMP, medfee_sumamt DECIMAL(18, 2),
  fsi_diagnose_dtos STRUCT(dise_codg VARCHAR)[], fsi_order_dtos STRUCT(hilist_code VARCHAR,
  hilist_name VARCHAR, cnt DECIMAL(18, 4), sumamt DECIMAL(18, 2), drord_begn_date TIMESTAMP)[])[])[]'}}))";

void measure_end_to_end(Bench& bench, const std::string& claims, const Compiled& compiled) {
  constexpr const char* name = "ndjson_end_to_end_vs_duckdb";
  auto database = duckdb::Database::open();
  if (!database)
    return bench.skip(name, database.error().en);
  const std::string path = bench.folder + "/claims.ndjson";
  std::ofstream(path, std::ios::binary) << claims;
  if (auto set = database->run("SET threads = 1; SET autoinstall_known_extensions = false"); !set)
    stop(set.error().en);
  const auto records = [&](const char* named) {
    return Run{.name = named,
               .unit = "settlements/s",
               .work = static_cast<double>(settlements),
               .timed = {}};
  };
  const auto runs = bench.interleave({records("end_to_end"), records("duckdb_read_json")},
                                     {[&] { (void)end_to_end(path, *compiled.engine); },
                                      [&] {
                                        const auto read =
                                            database->run(fmt::format(read_json, path));
                                        if (!read)
                                          stop(read.error().en);
                                      }});
  const auto rows = database->rows("SELECT count(*) FROM claims");
  if (!rows || (*rows)[0][0] != std::to_string(settlements))
    stop("DuckDB reads another number of records");
  bench.ratio(name, runs[0], runs[1]);
}

// The rate of reading all fields beside that of finding the structure of the same bytes; then that
// of the fields that the pack reads.
void measure_structure(Bench& bench, const std::string& claims,
                       const std::vector<io::Chunk>& chunks, const Compiled& compiled,
                       bool shuffled) {
  const block::Columns wanted = engine::columns_read(compiled.program(), false);
  const block::Columns all = block::all_columns(compiled.program().schema);
  const simdjson::padded_string padded(claims);
  const auto run = [&](const char* name) {
    return Run{.name = fmt::format("{}{}", name, shuffled ? "_shuffled" : ""),
               .unit = "bytes/s",
               .work = static_cast<double>(claims.size()),
               .timed = {},
               .facts = {{"bytes_a_record",
                          static_cast<double>(claims.size()) / static_cast<double>(settlements)}}};
  };
  std::uint64_t columns = 0, some = 0, structure = 0, narrow = 0;
  auto runs = bench.interleave({run("ndjson_to_columns"), run("simdjson_structure"),
                                run("ndjson_to_columns_of_the_pack"),
                                run("simdjson_structure_avx2"), run("simdjson_structure_2t")},
                               {[&] { columns = to_columns(chunks, *compiled.engine, all); },
                                [&] { structure = structure_only(padded); },
                                [&] { some = to_columns(chunks, *compiled.engine, wanted); },
                                [&] { narrow = structure_with("haswell", padded); },
                                [&] { (void)structure_only(padded, 2); }});
  if (columns != settlements || structure != settlements || some != settlements ||
      (narrow != 0 && narrow != settlements))
    stop("records are lost in reading");
  runs[4].threads = 2;
  runs[0].facts.emplace_back("columns", columns_filled(chunks, *compiled.engine, all));
  runs[2].facts.emplace_back("columns", columns_filled(chunks, *compiled.engine, wanted));
  bench.ratio(shuffled ? "ndjson_shuffled_vs_structure" : "ndjson_vs_structure", runs[0], runs[1]);
  bench.report.numbers.push_back(runs[2]);
  bench.report.numbers.push_back(runs[4]);
  if (narrow != 0)
    bench.report.numbers.push_back(runs[3]);
}

// The same columns from a block file of the same records.
void measure_block_file(Bench& bench, const std::string& claims,
                        const std::vector<io::Chunk>& chunks, const Compiled& compiled) {
  const block::Columns wanted = engine::columns_read(compiled.program(), false);
  const std::string path = write_blocks(bench.folder, claims, compiled.program().schema);
  const auto records = [&](const char* name) {
    return Run{.name = name,
               .unit = "settlements/s",
               .work = static_cast<double>(settlements),
               .timed = {}};
  };
  std::uint64_t loaded = 0;
  const auto loads =
      bench.interleave({records("load_block_file"), records("load_ndjson")},
                       {[&] { loaded = from_blocks(path, compiled, wanted); },
                        [&] { (void)to_columns(chunks, *compiled.engine, wanted); }});
  if (loaded != settlements)
    stop("records are lost in the block file");
  bench.ratio("block_file_vs_ndjson", loads[0], loads[1]);
}

} // namespace

void measure_reading(Bench& bench) {
  const ReferenceWorld world = make_reference_world({.work = bench.folder, .settlements = 1});
  const Compiled& compiled = *world.compiled;
  for (const bool shuffled : {false, true}) {
    std::string claims;
    append_claims(world.reference, 4, 0, settlements, claims, {.shuffled = shuffled});
    const std::vector<io::Chunk> chunks = chunks_of(claims);
    measure_structure(bench, claims, chunks, compiled, shuffled);
    if (shuffled)
      continue;
    measure_end_to_end(bench, claims, compiled);
    measure_block_file(bench, claims, chunks, compiled);
  }
}

} // namespace sanku::bench
