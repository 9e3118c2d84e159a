// The readers of every input form behind one call: the form of a chunk says which one reads it.
// Header only. Entry: RecordReader::read. Tested with the forms it joins.
#pragma once

#include "runtime/io/ndjson.h"
#include "runtime/io/row_reader.h"

namespace sanku::io {

class RecordReader {
public:
  RecordReader(const schema::Schema& schema, const batch::Dictionaries& dictionaries)
      : lines_(schema, dictionaries), rows_(schema, dictionaries) {}

  // Records of the chunk as batches of `batch_settlements`, in order, each with its place; what
  // cannot be read goes to `rejects`.
  void read(const Chunk& chunk, std::uint32_t batch_settlements,
            const std::function<void(batch::Batch)>& full, std::vector<Reject>& rejects,
            ReadCounts& counts) {
    if (chunk.layout != nullptr)
      rows_.read(chunk, batch_settlements, full, rejects, counts);
    else
      lines_.read(chunk, 0, batch_settlements, full, rejects, counts);
  }

private:
  NdjsonReader lines_;
  RowReader rows_;
};

} // namespace sanku::io
