// `./dev bench`: the measurements of measurements.h, printed as JSON; progress on stderr. With
// --check or --check-library nothing is timed: only what all programs find is compared.
#include "bench/run/check.h"
#include "bench/run/measurements.h"
#include "bench/run/world.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace sanku::bench {
namespace {

std::vector<std::pair<std::string, std::string>> describe_machine(const Bench& bench) {
  return {{"processor", fmt::format("\"{}\"", processor())},
          {"threads", std::to_string(std::thread::hardware_concurrency())},
          {"plain_read_bytes_per_second", fmt::format("{:.4g}", plain_read_rate())},
          {"best_spin_seconds_1t", fmt::format("{:.4g}", bench.probe.best(1))},
          {"best_spin_seconds_2t", fmt::format("{:.4g}", bench.probe.best(2))},
          {"settlements", std::to_string(bench.settlements)}};
}

int measure(Bench bench, const std::vector<std::string>& only, const std::string& out) {
  for (const Measurement& measurement : measurements) {
    if (!only.empty() && std::ranges::find(only, measurement.name) == only.end())
      continue;
    fmt::print(stderr, "{}\n", measurement.name);
    measurement.measure(bench);
  }
  bench.report.machine = describe_machine(bench);
  const std::string text = render_json(bench.report);
  if (out.empty()) {
    fmt::print("{}", text);
    return 0;
  }
  std::ofstream file(out, std::ios::binary);
  file << text;
  if (!file.flush())
    stop("cannot write " + out);
  return 0;
}

std::string names() {
  std::string all;
  for (const Measurement& measurement : measurements)
    all += fmt::format(" {}", measurement.name);
  return all;
}

} // namespace
} // namespace sanku::bench

int main(int argc, char** argv) {
  sanku::bench::Bench bench{.folder = "build/bench"};
  bool check = false, check_library = false;
  std::vector<std::string> only;
  std::string out;
  CLI::App app{"Measures the engine beside its rivals; prints JSON."};
  app.add_flag("--check", check, "compare what all programs find, and measure nothing");
  app.add_flag("--check-library", check_library,
               "the same of each national rule that looks beyond one visit");
  app.add_option("--only", only, "only these of:" + sanku::bench::names());
  app.add_option("--out", out, "write the JSON here instead of printing it");
  app.add_option("--work", bench.folder, "folder for what is written on the way");
  app.add_option("--settlements", bench.settlements, "how many settlements to generate");
  app.add_option("--memory-settlements", bench.memory_settlements,
                 "how many settlements the peak of memory is measured on");
  app.add_option("--runs", bench.wanted, "clean runs wanted of each measurement");
  app.add_option("--attempts", bench.attempts, "runs tried at the most");
  CLI11_PARSE(app, argc, argv);
  std::filesystem::create_directories(bench.folder);
  ::setenv("SANKU_CACHE", "", 1); // of the programs that are started: never the user's
  if (check) {
    sanku::bench::check_world(bench.folder, 3000);
    return 0;
  }
  if (check_library) {
    sanku::bench::check_library_rules(bench.folder, 6000);
    return 0;
  }
  return sanku::bench::measure(std::move(bench), only, out);
}
