// Synthetic settlements in the shape of the national audit interface 3101/3102, clean by
// construction, with violations of the national rules planted in some and written to a manifest.
// One entry: generate. No one's data: people, institutions and prices are invented; codes and names
// of restricted items, diagnoses and operations are the published ones, so that the rules have
// something to find. Settlement k depends on (seed, k) only, so the output streams and any part of
// it can be made again. Who uses it: the command `generate`, the demo, the benchmarks, the tests
// that compare the engine with the manifest. Tested by tests/unit/tools/generate_test.cpp.
#pragma once

#include "runtime/types/result.h"
#include "tools/generate/rule.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

namespace sanku::generate {

struct Options {
  std::uint64_t settlements = 0;
  std::uint64_t seed = 1;
  // Share of settlements with something planted, 0 to 1.
  double violation_rate = 0.02;
  // Folder whose knowledge/ holds the published tables.
  std::filesystem::path pack;
  // Folder with icd10_yb.csv and icd9cm3_yb.csv.
  std::filesystem::path codes;
  // Only the fields that rules read: about 3.1 KB a settlement instead of 8.4.
  bool compact = false;
};

struct Planted {
  std::string_view rule; // the official code
  std::uint64_t findings = 0;
};

struct Summary {
  std::uint64_t settlements = 0, lines = 0, diagnoses = 0, operations = 0;
  std::uint64_t bytes = 0;
  std::array<Planted, rule_count> planted; // sorted by rule
};

// Takes some whole lines of text; false stops the run (a full disk).
using Sink = std::function<bool(std::string_view)>;

// Claims: NDJSON, one `data` node a line. Manifest: NDJSON, one planted finding a line, in the
// order of the claims:
// {"mdtrt_id","setl_id","rule","severity","subject","amount","lines":[{"id","amount"}],"kind"}.
// `subject` is an rx_id, a setl_list_oprn_id, an rxno, a code, or code@date; `amount` is null where
// it is not computed; `lines` are the offending ones. Errors: a table that cannot be read or used,
// a sink that refuses.
Result<Summary> generate(const Options& options, const Sink& claims_sink,
                         const Sink& manifest_sink);

} // namespace sanku::generate
