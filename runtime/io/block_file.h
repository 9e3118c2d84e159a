// The block file (.skb): records as columns (runtime/block), block after block, to be read again
// faster than any text. It is read and written a block at a time; what all blocks share (the
// dictionary of codes, where each block lies, with how many records) stands at its end, so a file
// that was cut short is known at once. Every byte is under a checksum. Entries: BlockFile::open, a
// source of chunks beside LineChunks and CsvFolder; BlockFileWriter::create. Tested by
// tests/unit/runtime/block_file_test.cpp.
//
//   head     magic, version, digest of the schema's signature, checksum
//   blocks   as runtime/block writes them
//   foot     a frame: place, size, records, checksum of each block; the dictionaries' texts;
//            the schema's signature
//   end      place, size, checksum of the foot; checksum; magic
#pragma once

#include "runtime/block/block.h"
#include "runtime/io/files.h"
#include "runtime/io/ndjson.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sanku::io {

inline constexpr std::uint32_t block_file_version = 2;

class BlockFile {
public:
  // Refused, with place and remedy: another kind of file, another version, another schema, damage.
  [[nodiscard]] static Result<BlockFile> open(const std::string& path,
                                              const schema::Schema& schema);
  // Whether a file begins as one.
  [[nodiscard]] static bool looks_like_one(const std::string& path);
  ~BlockFile();
  BlockFile(BlockFile&&) noexcept;
  BlockFile& operator=(BlockFile&&) = delete;

  // The next block, checked; false at the end. Not by two threads at a time.
  [[nodiscard]] Result<bool> next(Chunk& chunk);
  void rewind();

  [[nodiscard]] std::uint64_t bytes() const;
  [[nodiscard]] std::uint64_t settlements() const;
  // The texts that the blocks' code numbers stand for, by dictionary.
  [[nodiscard]] const std::vector<codes::Texts>& shared() const;
  [[nodiscard]] const std::string& path() const;

private:
  struct State;
  explicit BlockFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The block that passed its checksum and yet is none: said where, as all damage.
[[nodiscard]] Error damaged_block(const Chunk& chunk);

class BlockFileWriter {
public:
  [[nodiscard]] static Result<BlockFileWriter> create(const std::string& path,
                                                      const schema::Schema& schema);
  ~BlockFileWriter();
  BlockFileWriter(BlockFileWriter&&) noexcept;
  BlockFileWriter& operator=(BlockFileWriter&&) = delete;

  [[nodiscard]] Result<void> add(block::Packed packed);
  // Without it nothing is left of the file.
  [[nodiscard]] Result<void> finish();

private:
  struct State;
  explicit BlockFileWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

} // namespace sanku::io
