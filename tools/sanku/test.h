// What `sanku test` was asked to measure beside running the tests: what is printed, written to
// files and demanded. Entries: wanted_measures, measure_tests (measure.cpp).
#pragma once

#include "tools/engine/run_tests.h"
#include "tools/sanku/command.h"
#include "tools/sanku/scope.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sanku::command {

enum class ReportForm : std::uint8_t { json, lcov, cobertura, html, junit, mutation };

struct WantedMeasures {
  bool coverage = false, mutation = false; // listed
  struct Report {
    ReportForm form = ReportForm::json;
    std::string path;
  };
  std::vector<Report> reports;
  struct Demand {
    std::string what;             // `coverage`, `mutation` or a measure's key
    std::uint32_t hundredths = 0; // of a per cent
  };
  std::vector<Demand> demands;
  std::uint64_t sample = 0, seed = 1; // of mutants; 0: all of them
};
// Errors say what was typed wrong.
[[nodiscard]] Result<WantedMeasures> wanted_measures(const Arguments& arguments);

// Adds what is to be printed to `out`; the exit code.
[[nodiscard]] int measure_tests(const Scope& scope, const engine::TestRun& run,
                                const WantedMeasures& wanted, const Terminal& terminal,
                                std::string& out);

} // namespace sanku::command
