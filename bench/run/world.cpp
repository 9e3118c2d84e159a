// See world.h.
#include "bench/run/world.h"

#include "runtime/assemble/assemble.h"
#include "runtime/io/ndjson.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace sanku::bench {

void stop(const std::string& why) {
  fmt::print(stderr, "bench: {}\n", why);
  std::exit(1);
}

std::unique_ptr<Compiled> compile_pack(const std::filesystem::path& folder, jit::Level level) {
  auto made = std::make_unique<Compiled>();
  auto rules = engine::read_rules(folder);
  if (!rules)
    stop(rules.error().en);
  made->rules = std::move(*rules);
  if (!engine::is_ready(*made->rules))
    stop(fmt::format("the rules of {} have errors: see `sanku check`", folder.string()));
  auto code = engine::compile(made->program(), level);
  if (!code)
    stop(code.error().en);
  made->code = std::move(*code);
  made->engine = engine::make_engine(made->program(), made->tables(), made->code.image.get(), {});
  return made;
}

std::vector<batch::Batch> read_batches(std::string_view claims, const engine::Engine& engine,
                                       const BatchSettings& settings) {
  const schema::Schema& schema = engine.program.schema;
  const batch::Dictionaries& dictionaries = engine::dictionaries(engine);
  std::size_t at = 0;
  io::LineChunks chunks([&](char* buffer, std::size_t capacity) {
    const std::size_t count = std::min(capacity, claims.size() - at);
    std::copy_n(claims.data() + at, count, buffer);
    at += count;
    return static_cast<std::int64_t>(count);
  });
  io::NdjsonReader reader(schema, dictionaries);
  std::vector<batch::Batch> batches;
  std::vector<io::Reject> rejects;
  io::ReadCounts counts;
  io::Chunk chunk;
  for (auto more = chunks.next(chunk); more && *more; more = chunks.next(chunk))
    reader.read(
        chunk, 0, settings.settlements,
        [&](batch::Batch batch) {
          if (settings.assembled)
            assemble::assemble(batch, schema, dictionaries, engine::assembly(engine));
          batches.push_back(std::move(batch));
        },
        rejects, counts);
  if (!rejects.empty())
    stop("a generated record was refused: " + rejects.front().reason_en);
  return batches;
}

ReferenceWorld make_reference_world(const ReferenceSettings& settings) {
  auto reference = make_reference("stdlib-rules/schema/codes/icd10_yb.csv",
                                  "stdlib-rules/national/knowledge", settings.seed);
  if (!reference)
    stop(reference.error().en);
  ReferenceWorld world;
  world.reference = std::move(*reference);
  world.pack = settings.work / "ten_rules";
  world.settlements = settings.settlements;
  if (auto written = write_reference_pack(world.reference, "bench/packs/ten_rules", world.pack);
      !written)
    stop(written.error().en);
  world.compiled = compile_pack(world.pack);
  const std::uint32_t lines = *schema::line_relation(world.compiled->program().schema);
  // A chunk is read at a time, so that the text is never there as a whole; a chunk is a batch.
  for (std::uint64_t first = 0; first < settings.settlements; first += settings.batch) {
    std::string claims;
    append_claims(world.reference, settings.seed, first,
                  std::min<std::uint64_t>(settings.batch, settings.settlements - first), claims);
    for (batch::Batch& batch :
         read_batches(claims, *world.compiled->engine, {.settlements = settings.batch})) {
      world.items += batch.relations[lines].rows;
      world.batches.push_back(std::move(batch));
    }
  }
  return world;
}

} // namespace sanku::bench
