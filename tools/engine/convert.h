// Claims from one form into another: chunks are read on worker threads, as in a run, and what was
// read leaves in the order of the input: as NDJSON, as a folder of CSV files, or as a block file.
// Nothing is assembled: records stay as they were sent, and what cannot be read goes to the
// rejects. Entry: convert. Tested by tests/unit/tools/convert_test.cpp, which goes there and back.
#pragma once

#include "runtime/batch/batch.h"
#include "runtime/io/ndjson.h"
#include "runtime/types/result.h"

#include <cstdint>
#include <functional>
#include <string>

namespace sanku::engine {

enum class ClaimsForm : std::uint8_t { ndjson, csv, block };

struct ConvertOptions {
  ClaimsForm to = ClaimsForm::ndjson;
  std::string out; // a file, a folder for CSV, `-` for NDJSON to standard output
  unsigned threads = 1;
  std::uint32_t block = 4096; // records a block, at most
  bool strict = false;        // stop at the first record that is refused
};

struct ConvertPorts {
  std::function<Result<bool>(io::Chunk&)> next;
  std::function<Result<void>(const io::Reject&)> reject;
  std::function<void(std::uint64_t bytes, std::uint64_t records, std::uint64_t rejected)> progress;
};

struct ConvertSummary {
  io::ReadCounts read;
  std::uint64_t settlements = 0;
  std::optional<io::Reject> stopped_at; // strict only; then nothing was written
};

[[nodiscard]] Result<ConvertSummary>
convert(const schema::Schema& schema, const ConvertOptions& options, const ConvertPorts& ports);

} // namespace sanku::engine
