// See convert.h.
#include "tools/engine/convert.h"

#include "runtime/assemble/record.h"
#include "runtime/io/block_file.h"
#include "runtime/io/record_reader.h"
#include "runtime/io/write_records.h"
#include "runtime/types/check.h"
#include "tools/engine/in_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <unordered_set>
#include <variant>

namespace sanku::engine {
namespace {

namespace fs = std::filesystem;

// What one chunk gives, in the form that is asked for.
struct Converted {
  std::optional<Error> fault;
  std::uint64_t bytes = 0, settlements = 0;
  io::ReadCounts read;
  std::vector<io::Reject> rejects;
  std::vector<std::string> texts; // one for NDJSON, by relation for CSV
  std::vector<block::Packed> blocks;
  // For CSV: visits of records without a settlement number, which rows are joined by then.
  std::vector<std::uint64_t> joined_by_visit;
};

class Worker {
public:
  Worker(const schema::Schema& schema, const ConvertOptions& options)
      : schema_(schema), options_(options), none_(schema.dictionaries), reader_(schema, none_) {}

  Converted work(const io::Chunk& chunk) {
    Converted made;
    made.bytes = chunk.source_bytes.value_or(chunk.text.size());
    const auto full = [&](batch::Batch batch) { take(std::move(batch), made); };
    if (auto read = reader_.read(chunk, options_.block, full, made.rejects, made.read); !read)
      made.fault = std::move(read.error());
    return made;
  }

private:
  void take(batch::Batch batch, Converted& made) {
    made.settlements += batch.settlements;
    const io::RecordText records{batch, schema_, none_};
    switch (options_.to) {
    case ClaimsForm::ndjson:
      made.texts.resize(1);
      for (std::uint32_t s = 0; s < batch.settlements; ++s)
        io::append_request(made.texts.front(), records, s);
      return;
    case ClaimsForm::csv:
      for (std::uint32_t s = 0; s < batch.settlements; ++s) {
        io::append_csv_rows(made.texts, records, s);
        const assemble::RecordKeys keys = assemble::keys_of(batch, schema_, none_, s);
        if (keys.settlement.empty())
          made.joined_by_visit.push_back(assemble::visit_hash(keys.visit));
      }
      return;
    case ClaimsForm::block:
      made.blocks.push_back(block::pack_block(std::move(batch), schema_, none_));
      return;
    }
    unreachable("claims have one of the listed forms");
  }

  const schema::Schema& schema_;
  const ConvertOptions& options_;
  batch::Dictionaries none_;
  io::RecordReader reader_;
};

// Where it goes; nothing stands under its name before `finish`.
class Target {
public:
  static Result<Target> open(const schema::Schema& schema, const ConvertOptions& options) {
    Target target;
    if (options.to == ClaimsForm::block) {
      auto made = io::BlockFileWriter::create(options.out, schema);
      if (!made)
        return tl::unexpected(made.error());
      target.blocks_.emplace(std::move(*made));
    } else if (options.to == ClaimsForm::ndjson) {
      if (auto added = target.add_file(options.out, {}); !added)
        return tl::unexpected(added.error());
    } else if (auto opened = target.open_folder(schema, options.out); !opened) {
      return tl::unexpected(opened.error());
    }
    return target;
  }

  Result<void> take(Converted& made) {
    for (const std::uint64_t visit : made.joined_by_visit)
      if (!visits_.insert(visit).second)
        return failure("a visit comes in several records without a settlement number, and rows of "
                       "CSV could not tell whose they are; convert to NDJSON or a block file",
                       "同一次就诊有多条没有结算号的记录，CSV 各行无法区分其归属；请转换为 NDJSON "
                       "或块文件");
    for (std::size_t i = 0; i < made.texts.size(); ++i)
      if (files_[i])
        if (auto written = files_[i]->write(made.texts[i]); !written)
          return written;
    for (block::Packed& packed : made.blocks)
      if (auto added = blocks_->add(std::move(packed)); !added)
        return added;
    return {};
  }

  Result<void> finish() {
    if (blocks_)
      return blocks_->finish();
    for (auto& file : files_)
      if (file)
        if (auto finished = file->finish(); !finished)
          return finished;
    return {};
  }

private:
  Result<void> add_file(const std::string& path, std::string_view head) {
    auto file = io::OutputFile::create(path);
    if (!file)
      return tl::unexpected(file.error());
    files_.emplace_back(std::make_unique<io::OutputFile>(std::move(*file)));
    return files_.back()->write(head);
  }

  Result<void> open_folder(const schema::Schema& schema, const std::string& folder) {
    std::error_code failed;
    if (fs::create_directory(folder, failed))
      fs::permissions(folder, fs::perms::owner_all, failed);
    if (failed || !fs::is_directory(folder))
      return failure(fmt::format("`{}` cannot be made a folder for CSV files", folder),
                     fmt::format("无法建立存放 CSV 文件的文件夹“{}”", folder));
    const std::vector<std::string> names = io::csv_files(schema);
    for (std::uint32_t r = 0; r < names.size(); ++r) {
      if (names[r].empty()) {
        files_.emplace_back();
        continue;
      }
      const std::string path = (fs::path(folder) / names[r]).string();
      if (auto added = add_file(path, io::csv_head(schema, r)); !added)
        return added;
    }
    return {};
  }

  std::optional<io::BlockFileWriter> blocks_;
  std::vector<std::unique_ptr<io::OutputFile>> files_; // null: of a list that is not sent
  std::unordered_set<std::uint64_t> visits_;
};

// Rejects are told in the order of the input; false: to be strict, it ends here.
Result<bool> let_out(Converted& made, const ConvertOptions& options, const ConvertPorts& ports,
                     Target& target, ConvertSummary& summary, std::uint64_t& bytes) {
  if (made.fault)
    return tl::unexpected(*made.fault);
  for (const io::Reject& reject : made.rejects) {
    if (options.strict) {
      summary.stopped_at = reject;
      return false;
    }
    if (auto told = ports.reject(reject); !told)
      return tl::unexpected(told.error());
  }
  if (auto taken = target.take(made); !taken)
    return tl::unexpected(taken.error());
  summary.settlements += made.settlements;
  summary.read.records += made.read.records;
  summary.read.rejected += made.read.rejected;
  summary.read.encounters += made.read.encounters;
  summary.read.context += made.read.context;
  bytes += made.bytes;
  if (ports.progress)
    ports.progress(bytes, summary.settlements, summary.read.rejected);
  return true;
}

} // namespace

Result<ConvertSummary> convert(const schema::Schema& schema, const ConvertOptions& options,
                               const ConvertPorts& ports) {
  auto target = Target::open(schema, options);
  if (!target)
    return tl::unexpected(target.error());
  ConvertSummary summary;
  std::uint64_t bytes = 0;
  std::vector<std::unique_ptr<Worker>> workers;
  Stages<Converted> stages;
  stages.next = ports.next;
  for (unsigned i = 0; i < std::max(1u, options.threads); ++i) {
    Worker& worker = *workers.emplace_back(std::make_unique<Worker>(schema, options));
    stages.workers.emplace_back([&worker](const io::Chunk& chunk) { return worker.work(chunk); });
  }
  stages.let_out = [&](Converted& made) {
    return let_out(made, options, ports, *target, summary, bytes);
  };
  if (auto done = in_order(stages); !done)
    return tl::unexpected(done.error());
  if (summary.stopped_at)
    return summary;
  if (auto finished = target->finish(); !finished)
    return tl::unexpected(finished.error());
  return summary;
}

} // namespace sanku::engine
