// See intake.h.
#include "tools/engine/intake.h"

#include "runtime/assemble/record.h"
#include "runtime/io/record_reader.h"
#include "tools/engine/columns.h"
#include "tools/engine/in_order.h"

#include <algorithm>
#include <utility>

namespace sanku::engine {
namespace {

constexpr std::size_t fetched_ahead = 16; // hashes

// What one chunk says about its records.
struct Seen {
  std::uint64_t bytes = 0;
  std::vector<std::uint64_t> hashes;
  std::optional<Error> fault = {}; // the chunk cannot be read at all
};

// One thread's first look. Lines are read against a schema of their numbers alone, and refused for
// no other reason; that they may be refused later does no harm. Rows and blocks are laid out for
// the whole schema; of blocks only the numbers are unpacked.
class Looker {
public:
  explicit Looker(const schema::Schema& schema)
      : whole_(schema), numbers_(assemble::identity_schema(schema)), none_(schema.dictionaries),
        lines_(numbers_, none_), records_(whole_, none_), columns_(identity_columns(schema)) {
    lines_.skim();
  }

  Seen look(const io::Chunk& chunk) {
    Seen seen{.bytes = chunk.source_bytes.value_or(chunk.text.size()), .hashes = {}};
    const bool lines = chunk.layout == nullptr && chunk.blocks == nullptr;
    const schema::Schema& schema = lines ? numbers_ : whole_;
    std::vector<io::Reject> rejects;
    io::ReadCounts counts;
    const auto note = [&](const batch::Batch& batch) {
      assemble::KeyReader keys(batch, schema, none_);
      for (std::uint32_t s = 0; s < batch.settlements; ++s) {
        const assemble::KeyHashes hashes = keys.hashes(s);
        seen.hashes.push_back(hashes.visit);
        for (const auto& settlement : {hashes.settlement, hashes.takes_back})
          if (settlement)
            seen.hashes.push_back(*settlement);
      }
    };
    if (lines) {
      lines_.read(chunk, 0, 4096, note, rejects, counts);
    } else if (chunk.blocks != nullptr) {
      if (const auto batch = records_.read_block(chunk, columns_))
        note(*batch);
      else
        seen.fault = batch.error();
    } else if (auto read = records_.read(chunk, 4096, note, rejects, counts); !read) {
      seen.fault = read.error();
    }
    return seen;
  }

private:
  const schema::Schema& whole_; // the engine's
  schema::Schema numbers_;
  batch::Dictionaries none_;
  io::NdjsonReader lines_;
  io::RecordReader records_;
  block::Columns columns_;
};

} // namespace

Intake::Intake(const Engine& engine, const RunOptions& options, const RunPorts& ports)
    : engine_(engine), options_(options), ports_(ports), recurrence_(options.memory / 4),
      lines_(std::make_unique<io::LineChunks>(ports.read, options.chunk_bytes)),
      kept_(1, options.memory / 8) {}

Result<bool> Intake::read(io::Chunk& chunk) {
  return ports_.next ? ports_.next(chunk) : lines_->next(chunk);
}

Result<bool> Intake::read_and_keep(io::Chunk& chunk) {
  Result<bool> more = read(chunk);
  if (!more || !*more || ports_.rewind)
    return more;
  if (auto kept = kept_.append(0, chunk.text); !kept)
    return tl::unexpected(kept.error());
  sizes_.push_back(chunk.text.size());
  std::string text = std::exchange(chunk.text, {});
  chunks_.push_back(chunk);
  chunk.text = std::move(text);
  return true;
}

Result<void> Intake::look() {
  std::vector<std::unique_ptr<Looker>> lookers;
  Stages<Seen> stages;
  stages.next = [this](io::Chunk& chunk) { return read_and_keep(chunk); };
  for (unsigned i = 0; i < std::max(1u, options_.threads); ++i) {
    Looker& looker = *lookers.emplace_back(std::make_unique<Looker>(engine_.program.schema));
    stages.workers.emplace_back([&looker](const io::Chunk& chunk) { return looker.look(chunk); });
  }
  stages.let_out = [this](const Seen& seen) -> Result<bool> {
    if (seen.fault)
      return tl::unexpected(*seen.fault);
    bytes_ += seen.bytes;
    for (std::size_t i = 0; i < seen.hashes.size(); ++i) {
      if (i + fetched_ahead < seen.hashes.size())
        recurrence_.fetch(seen.hashes[i + fetched_ahead]);
      recurrence_.note(seen.hashes[i]);
    }
    if (ports_.progress)
      ports_.progress({.bytes = bytes_ / 2, .settlements = 0, .rejected = 0});
    return true;
  };
  if (auto done = in_order(stages); !done)
    return done;
  if (!ports_.rewind) {
    reader_.emplace(kept_, 0);
    return {};
  }
  if (auto again = ports_.rewind(); !again)
    return again;
  lines_ = std::make_unique<io::LineChunks>(ports_.read, options_.chunk_bytes);
  return {};
}

Result<bool> Intake::next(io::Chunk& chunk) {
  if (!reader_)
    return read(chunk);
  if (next_ == chunks_.size())
    return false;
  reader_->skip(std::exchange(skip_, sizes_[next_]));
  const auto front = reader_->front(sizes_[next_]);
  if (!front)
    return tl::unexpected(front.error());
  chunk = chunks_[next_];
  chunk.text = front->substr(0, sizes_[next_]);
  ++next_;
  return true;
}

} // namespace sanku::engine
