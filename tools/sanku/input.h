// The claims that a command was given: a file of NDJSON, standard input, or a folder of CSV files.
// Entry: ClaimsInput::open. Tested by tests/unit/tools/command_test.cpp.
#pragma once

#include "runtime/io/csv_folder.h"
#include "tools/sanku/command.h"

#include <functional>

namespace sanku::command {

class ClaimsInput {
public:
  // The form is the path's (a folder holds CSV) or `--in-format`'s. None: it was told why, and
  // `code` is what to exit with. What the folder holds beside the data is told on stderr.
  [[nodiscard]] static std::optional<ClaimsInput> open(const Arguments& arguments,
                                                       const schema::Schema& schema,
                                                       const Terminal& terminal, int& code);

  [[nodiscard]] bool is_folder() const { return folder_.has_value(); }
  // A file's bytes; a folder is asked for chunks instead.
  [[nodiscard]] std::int64_t read(char* buffer, std::size_t capacity) {
    return file_->read(buffer, capacity);
  }
  [[nodiscard]] Result<bool> next(io::Chunk& chunk) { return folder_->next(chunk); }
  // Whether it can be asked again from its beginning: only a file.
  [[nodiscard]] bool can_rewind() const { return file_ && file_->can_rewind(); }
  [[nodiscard]] Result<void> rewind() { return file_->rewind(); }
  [[nodiscard]] std::uint64_t size() const { return size_; } // 0: not known

private:
  std::optional<io::InputFile> file_;
  std::optional<io::CsvFolder> folder_;
  std::uint64_t size_ = 0;
};

// How messages and files made for it name the input: without folders, and without ending if `stem`.
[[nodiscard]] std::string input_name(const std::string& in, bool stem);
// claims.ndjson:12 (byte 345), or claims/items.csv:12 (byte 345).
[[nodiscard]] Error reject_text(const std::string& in, const io::Reject& reject);

} // namespace sanku::command
