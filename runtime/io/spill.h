// Bytes that wait in lanes until they are read again, lane by lane: in memory up to a limit, then
// in one temporary file that no one else can open (mode 0600, no name) and that vanishes with the
// process. Entries: Spill, LaneReader. Why lanes in one file: there may be a thousand of them, and
// open files are few. Tested by tests/unit/runtime/spill_test.cpp.
#pragma once

#include "runtime/io/files.h"
#include "runtime/types/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::io {

class Spill {
public:
  // `memory`: bytes kept before the file comes into being.
  Spill(std::size_t lanes, std::size_t memory) : lanes_(lanes), memory_(memory) {}

  [[nodiscard]] Result<void> append(std::size_t lane, std::string_view bytes);
  // Block `number` of a lane, in the order of writing; false when there is none.
  [[nodiscard]] Result<bool> block(std::size_t lane, std::size_t number, std::string& bytes) const;
  [[nodiscard]] std::size_t lanes() const { return lanes_.size(); }
  [[nodiscard]] bool on_disk() const { return file_.number() >= 0; }

private:
  struct Block {
    std::string bytes;        // in memory, or
    std::uint64_t offset = 0; // in the file
    std::uint64_t size = 0;   // when in the file
  };
  struct Lane {
    std::string open; // the last block, still growing
    std::vector<Block> blocks;
  };
  [[nodiscard]] Result<void> close_block(Lane& lane);
  [[nodiscard]] Result<void> open_file();

  std::vector<Lane> lanes_;
  std::size_t memory_;
  std::size_t held_ = 0; // bytes of closed blocks in memory
  Descriptor file_;
  std::uint64_t file_bytes_ = 0;
};

// Reads one lane from its beginning.
class LaneReader {
public:
  // The spill stays with the caller and is not written meanwhile.
  LaneReader(const Spill& spill, std::size_t lane) : spill_(&spill), lane_(lane) {}

  // At least `bytes` bytes in front, or all there are; until the next call.
  [[nodiscard]] Result<std::string_view> front(std::size_t bytes);
  void skip(std::size_t bytes) { at_ += bytes; }

private:
  const Spill* spill_;
  std::size_t lane_;
  std::size_t next_block_ = 0;
  std::string buffer_, block_;
  std::size_t at_ = 0;
};

} // namespace sanku::io
