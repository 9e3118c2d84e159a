// The national rules on generated settlements, stage by stage: compiling, reading, assembling,
// judging.
#include "bench/run/blocks.h"
#include "bench/run/measurements.h"
#include "bench/run/world.h"
#include "runtime/assemble/assemble.h"
#include "tools/generate/generate.h"

#include <fmt/format.h>

#include <memory>

namespace sanku::bench {
namespace {

constexpr const char* pack = "bench/packs/first_eighteen";

std::string make_claims(std::uint64_t settlements) {
  std::string claims;
  generate::Options options;
  options.settlements = settlements;
  options.pack = pack;
  options.codes = "stdlib-rules/schema/codes";
  options.compact = true;
  const auto made = generate::generate(
      options,
      [&](std::string_view text) {
        claims += text;
        return true;
      },
      [](std::string_view) { return true; });
  if (!made)
    stop(made.error().en);
  return claims;
}

} // namespace

void measure_national(Bench& bench) {
  std::vector<Run>& numbers = bench.report.numbers;
  const auto compiled = compile_pack(pack);
  for (const auto& [name, level] : {std::pair("compile_unoptimised", jit::Level::none),
                                    std::pair("compile_optimised", jit::Level::optimised)})
    numbers.push_back(bench.time({.name = name, .unit = "s", .timed = {}}, [&, level = level] {
      if (const auto image = engine::compile(compiled->program(), level); !image)
        stop(image.error().en);
    }));
  const std::uint64_t count = std::min<std::uint64_t>(bench.settlements, 100'000);
  const std::string claims = make_claims(count);
  const auto settlements = static_cast<double>(count);
  const auto bytes = static_cast<double>(claims.size());
  std::vector<batch::Batch> batches;
  Run read = bench.time(
      {.name = "read_ndjson", .unit = "settlements/s", .work = settlements, .timed = {}}, [&] {
        batches =
            read_batches(claims, *compiled->engine, {.settlements = 4096, .assembled = false});
      });
  read.facts = {{"bytes", bytes}};
  numbers.push_back(read);
  numbers.push_back(bench.time(
      {.name = "assemble", .unit = "settlements/s", .work = settlements, .timed = {}}, [&] {
        for (batch::Batch& batch : batches)
          assemble::assemble(batch, compiled->program().schema,
                             engine::dictionaries(*compiled->engine),
                             engine::assembly(*compiled->engine));
      }));
  for (const unsigned threads : {1u, 2u}) {
    std::uint64_t findings = 0;
    numbers.push_back(bench.time({.name = fmt::format("judge_{}t", threads),
                                  .unit = "settlements/s",
                                  .threads = threads,
                                  .work = settlements,
                                  .timed = {}},
                                 [&] {
                                   findings = over_blocks(batches.size(), threads, [&] {
                                     return [&, judge = std::make_unique<engine::Judge>(
                                                    *compiled->engine)](std::size_t at) {
                                       return judge->judge(batches[at]).findings.size();
                                     };
                                   });
                                 }));
    if (findings == 0)
      stop("the generated violations were not found");
  }
}

} // namespace sanku::bench
