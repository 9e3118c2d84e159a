// Whole runs on generated settlements: compile time of the national rules, unoptimised and
// optimised; reading alone; the compiled run with columns in memory, on one and two threads. Prints
// JSON; every number is a median of clean runs (see probe.h).
#include "bench/run/probe.h"
#include "runtime/assemble/assemble.h"
#include "runtime/io/ndjson.h"
#include "tools/engine/engine.h"
#include "tools/engine/rules.h"
#include "tools/generate/generate.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <thread>

namespace sanku::bench {
namespace {

struct Settings {
  std::string pack = "stdlib-rules/national";
  std::string out;
  std::uint64_t settlements = 100'000;
  unsigned runs = 5;
  unsigned attempts = 40;
};

[[noreturn]] void stop(const std::string& why) {
  fmt::print(stderr, "bench: {}\n", why);
  std::exit(1);
}

std::string make_claims(const Settings& settings) {
  std::string claims;
  generate::Options options;
  options.settlements = settings.settlements;
  options.pack = settings.pack;
  options.codes = std::filesystem::path(settings.pack).parent_path() / "schema" / "codes";
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

std::vector<batch::Batch> read_all(const std::string& claims, const schema::Schema& schema,
                                   const batch::Dictionaries& dictionaries) {
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
        chunk, 0, 4096, [&](batch::Batch batch) { batches.push_back(std::move(batch)); }, rejects,
        counts);
  if (!rejects.empty())
    stop("a generated record was refused: " + rejects.front().reason_en);
  return batches;
}

// Blocks from one counter, each worker with its own judge; the number of findings, so that the work
// cannot be dropped.
std::uint64_t judge_all(const engine::Engine& engine, const std::vector<batch::Batch>& batches,
                        unsigned threads) {
  std::atomic<std::size_t> next = 0;
  std::atomic<std::uint64_t> findings = 0;
  {
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < threads; ++i)
      workers.emplace_back([&] {
        engine::Judge judge(engine);
        for (std::size_t at = next++; at < batches.size(); at = next++)
          findings += judge.judge(batches[at]).findings.size();
      });
  }
  return findings;
}

struct Number {
  std::string name, unit;
  double value = 0;   // negative: no clean probe, inconclusive
  double unclean = 0; // the same from all runs, clean or not
  Timed timed;
};

std::string render(const Settings& settings, const std::vector<Number>& numbers,
                   std::size_t bytes) {
  std::string out =
      fmt::format("{{\n  \"machine\": {{\"processor\": \"{}\", \"threads\": {}, "
                  "\"plain_read_bytes_per_second\": {:.4g}}},\n",
                  processor(), std::thread::hardware_concurrency(), plain_read_rate());
  out += fmt::format(
      "  \"work\": {{\"pack\": \"{}\", \"settlements\": {}, \"bytes\": {}}},\n  \"numbers\": [",
      settings.pack, settings.settlements, bytes);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const Number& number = numbers[i];
    out += fmt::format("{}\n    {{\"name\": \"{}\", \"unit\": \"{}\", \"value\": {}, "
                       "\"of_all_runs\": {:.6g}, \"clean_runs\": {}, \"runs\": {}}}",
                       i == 0 ? "" : ",", number.name, number.unit,
                       number.value < 0 ? "null" : fmt::format("{:.6g}", number.value),
                       number.unclean, number.timed.seconds.size(), number.timed.all.size());
  }
  return out + "\n  ]\n}\n";
}

struct Bench {
  const Settings& settings;
  Probe probe;
  std::vector<Number> numbers;

  // `per`: how much work one run does, for rates; 0 for plain seconds.
  void add(const std::string& name, const std::string& unit, unsigned threads, double per,
           const std::function<void()>& work) {
    fmt::print(stderr, "{} … ", name);
    Timed timed = probe.measure(threads, settings.runs, settings.attempts, work);
    const auto figure = [&](double seconds) {
      return seconds < 0 ? -1 : per == 0 ? seconds : per / seconds;
    };
    const double value = figure(clean_median(timed));
    const double unclean = figure(median(timed.all));
    fmt::print(stderr, "{}\n",
               value < 0 ? fmt::format("inconclusive, no clean probe ({:.4g} {} over all runs)",
                                       unclean, unit)
                         : fmt::format("{:.4g} {}", value, unit));
    numbers.push_back({name, unit, value, unclean, std::move(timed)});
  }
};

int run(const Settings& settings) {
  const auto rules = engine::read_rules(settings.pack);
  if (!rules)
    stop(rules.error().en);
  if (!engine::is_ready(**rules))
    stop("the rules have errors: see `sanku check`");
  const hir::Program& program = engine::program(**rules);
  const std::vector<knowledge::Table>& tables = (*rules)->checked->tables;
  Bench bench{.settings = settings, .probe = {}, .numbers = {}};
  for (const auto& [name, level] : {std::pair("compile_unoptimised", jit::Level::none),
                                    std::pair("compile_optimised", jit::Level::optimised)})
    bench.add(name, "s", 1, 0, [&, level = level] {
      if (const auto image = engine::compile(program, level); !image)
        stop(image.error().en);
    });
  const auto compiled = engine::compile(program, jit::Level::optimised);
  if (!compiled)
    stop(compiled.error().en);
  const auto engine = engine::make_engine(program, tables, compiled->image.get(), {});
  const std::string claims = make_claims(settings);
  const auto settlements = static_cast<double>(settings.settlements);
  const batch::Dictionaries& dictionaries = engine::dictionaries(*engine);
  std::vector<batch::Batch> batches;
  bench.add("read_bytes", "bytes/s", 1, static_cast<double>(claims.size()),
            [&] { batches = read_all(claims, program.schema, dictionaries); });
  const Number bytes = bench.numbers.back();
  const double records_a_byte = settlements / static_cast<double>(claims.size());
  bench.numbers.push_back({"read_records", "settlements/s",
                           bytes.value < 0 ? -1 : bytes.value * records_a_byte,
                           bytes.unclean * records_a_byte, bytes.timed});
  bench.add("assemble", "settlements/s", 1, settlements, [&] {
    for (batch::Batch& batch : batches)
      assemble::assemble(batch, program.schema, dictionaries);
  });
  for (const unsigned threads : {1u, 2u}) {
    std::uint64_t findings = 0;
    bench.add(fmt::format("judge_{}t", threads), "settlements/s", threads, settlements,
              [&] { findings = judge_all(*engine, batches, threads); });
    if (findings == 0)
      stop("the generated violations were not found");
  }
  const std::string text = render(settings, bench.numbers, claims.size());
  if (settings.out.empty()) {
    fmt::print("{}", text);
    return 0;
  }
  std::ofstream file(settings.out, std::ios::binary);
  file << text;
  if (!file.flush())
    stop("cannot write " + settings.out);
  return 0;
}

} // namespace
} // namespace sanku::bench

int main(int argc, char** argv) {
  sanku::bench::Settings settings;
  CLI::App app{"Whole runs on generated settlements; prints JSON."};
  app.add_option("--pack", settings.pack, "folder of the rule pack");
  app.add_option("--out", settings.out, "write the JSON here instead of printing it");
  app.add_option("--settlements", settings.settlements, "how many settlements to generate");
  app.add_option("--runs", settings.runs, "clean runs wanted of each measurement");
  app.add_option("--attempts", settings.attempts, "runs tried at the most");
  CLI11_PARSE(app, argc, argv);
  return sanku::bench::run(settings);
}
