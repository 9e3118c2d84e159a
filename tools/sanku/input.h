// The claims that a command was given: a file of NDJSON, standard input, a folder of CSV files or
// of Parquet tables, or a block file.
// Entry: ClaimsInput::open. Tested by tests/unit/tools/command_test.cpp.
#pragma once

#include "runtime/io/block_file.h"
#include "runtime/io/csv_folder.h"
#include "tools/engine/parquet.h"
#include "tools/sanku/command.h"

#include <functional>

namespace sanku::command {

class ClaimsInput {
public:
  // The form is the path's (a folder holds CSV, a block file begins as one) or `--in-format`'s.
  // None: it was told why, and `code` is what to exit with. What the folder holds beside the data
  // is told on stderr.
  [[nodiscard]] static std::optional<ClaimsInput> open(const Arguments& arguments,
                                                       const schema::Schema& schema,
                                                       const Terminal& terminal, int& code);

  [[nodiscard]] bool is_blocks() const { return blocks_.has_value(); }
  // Asked for chunks; else for a file's bytes.
  [[nodiscard]] bool has_chunks() const { return folder_ || blocks_; }
  [[nodiscard]] std::int64_t read(char* buffer, std::size_t capacity) {
    return file_->read(buffer, capacity);
  }
  [[nodiscard]] Result<bool> next(io::Chunk& chunk) {
    return folder_ ? folder_->next(chunk) : blocks_->next(chunk);
  }
  // Whether it can be asked again from its beginning: only a file.
  [[nodiscard]] bool can_rewind() const { return blocks_ || (file_ && file_->can_rewind()); }
  [[nodiscard]] Result<void> rewind() {
    if (file_)
      return file_->rewind();
    blocks_->rewind();
    return {};
  }
  [[nodiscard]] std::uint64_t size() const { return size_; } // 0: not known

private:
  std::optional<engine::PrivateFolder> unpacked_; // of Parquet; outlives what reads it
  std::optional<io::InputFile> file_;
  std::optional<io::CsvFolder> folder_;
  std::optional<io::BlockFile> blocks_;
  std::uint64_t size_ = 0;
};

// How messages and files made for it name the input: without folders, and without ending if `stem`.
[[nodiscard]] std::string input_name(const std::string& in, bool stem);
// claims.ndjson:12 (byte 345), or claims/items.csv:12 (byte 345).
[[nodiscard]] Error reject_text(const std::string& in, const io::Reject& reject);

} // namespace sanku::command
