// The readers of every input form behind one call: the form of a chunk says which one reads it.
// Header only. Entry: RecordReader::read. Tested with the forms it joins.
#pragma once

#include "runtime/io/block_file.h"
#include "runtime/io/ndjson.h"
#include "runtime/io/row_reader.h"

#include <optional>

namespace sanku::io {

class RecordReader {
public:
  // Of lines and rows only the columns in `kept` (none named: all) come into batches.
  RecordReader(const schema::Schema& schema, const batch::Dictionaries& dictionaries,
               const batch::Kept& kept = {})
      : schema_(schema), dictionaries_(dictionaries), lines_(schema, dictionaries, kept),
        rows_(schema, dictionaries, kept), all_(block::all_columns(schema)) {}

  // Records of the chunk as batches of `batch_settlements`, in order, each with its place; what
  // cannot be read goes to `rejects`. A block of a block file is one batch. An error: the block is
  // none.
  [[nodiscard]] Result<void> read(const Chunk& chunk, std::uint32_t batch_settlements,
                                  const std::function<void(batch::Batch)>& full,
                                  std::vector<Reject>& rejects, ReadCounts& counts) {
    if (chunk.blocks != nullptr) {
      auto batch = read_block(chunk, all_);
      if (!batch)
        return tl::unexpected(batch.error());
      count(*batch, counts);
      full(std::move(*batch));
    } else if (chunk.layout != nullptr) {
      rows_.read(chunk, batch_settlements, full, rejects, counts);
    } else {
      lines_.read(chunk, 0, batch_settlements, full, rejects, counts);
    }
    return {};
  }

  // Also what requests say of other visits of their persons, marked as context.
  void keep_context() { lines_.keep_context(); }

  // Only some columns of a block.
  [[nodiscard]] Result<batch::Batch> read_block(const Chunk& chunk, const block::Columns& wanted) {
    if (!blocks_)
      blocks_.emplace(schema_, dictionaries_, chunk.blocks->shared());
    auto batch = blocks_->read(chunk.text, wanted, chunk.offset);
    if (!batch)
      return tl::unexpected(damaged_block(chunk));
    return std::move(*batch);
  }
  [[nodiscard]] const block::Columns& all_columns() const { return all_; }

  static void count(const batch::Batch& batch, ReadCounts& counts) {
    counts.records += batch.settlements;
    counts.encounters += batch.settlements;
  }

private:
  const schema::Schema& schema_;
  const batch::Dictionaries& dictionaries_;
  NdjsonReader lines_;
  RowReader rows_;
  block::Columns all_;
  std::optional<block::Reader> blocks_; // of the file whose chunks come
};

} // namespace sanku::io
