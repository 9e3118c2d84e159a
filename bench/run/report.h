// What the measurements say, and how it is written: one JSON object with the machine, every target
// with its measured value, and the runs behind it. Entries: Report, render_json. Read by
// bench/report.py.
#pragma once

#include "bench/run/probe.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sanku::bench {

// How much was done, how often and how fast.
struct Run {
  std::string name, unit; // of the rate or, where `work` is 0, of seconds
  unsigned threads = 1;
  double work = 0; // in one run: rate = work / seconds
  Timed timed;
  std::vector<std::pair<std::string, double>> facts = {}; // bytes touched, findings …

  // Of clean runs; negative: there were too few.
  [[nodiscard]] double value() const;
  [[nodiscard]] double value_of_all() const;
};

struct Target {
  std::string_view name; // of target_table
  double measured = 0;
  bool clean = true;        // false: no clean probe; `measured` is then of all runs
  std::string skipped = {}; // why it was not measured; then nothing else counts
  std::vector<Run> runs = {};
};

// A curve for the report page.
struct Curve {
  std::string name, x_unit, y_unit;
  std::vector<std::pair<double, double>> points = {};
};

struct Report {
  std::vector<std::pair<std::string, std::string>> machine; // values are JSON
  std::vector<Target> targets;
  std::vector<Curve> curves;
  std::vector<Run> numbers; // that no target asks for
};

[[nodiscard]] std::string render_json(const Report& report);

// What every measurement is given.
struct Bench {
  std::string folder = {}; // for what is written on the way
  std::uint64_t settlements = 200'000;
  std::uint64_t memory_settlements = 10'000'000;
  unsigned wanted = 5, attempts = 40; // clean runs wanted, runs tried at the most
  Probe probe = {};
  Report report = {};

  // One work.
  [[nodiscard]] Run time(Run run, const std::function<void()>& work);
  // Several, one after the other in each round, so that a drift of the machine meets all.
  [[nodiscard]] std::vector<Run> interleave(std::vector<Run> runs,
                                            const std::vector<std::function<void()>>& works);
  // A target that compares the rate of the first of two runs with the second's.
  void ratio(std::string_view name, const Run& mine, const Run& other);
  // A number of another kind, from runs of its own.
  void value(std::string_view name, double measured, bool clean, std::vector<Run> runs);
  void skip(std::string_view name, std::string why);
};

} // namespace sanku::bench
