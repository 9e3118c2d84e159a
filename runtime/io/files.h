// Files as commands need them. Input: a path or `-`, plain reads. Output: written to a temporary
// file beside the target with mode 0600 and renamed last, so that a reader never sees half a result
// and a failed run leaves the old one; every error of the disk and of a closed pipe is a Result.
// The program that writes to pipes ignores SIGPIPE (a library may not decide that), otherwise the
// signal ends it before the error can be returned. Entries: InputFile::open, OutputFile::create,
// replace_file, RejectsWriter. Tested by tests/unit/runtime/files_test.cpp.
#pragma once

#include "runtime/io/ndjson.h"
#include "runtime/types/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sanku::io {

// An open file descriptor, closed at the end unless it is standard input or output.
class Descriptor {
public:
  Descriptor() = default;
  Descriptor(int number, bool owned) : number_(number), owned_(owned) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int number() const { return number_; }
  // Closes now; false (errno is set) when the system says that what was written may be lost.
  [[nodiscard]] bool close();

private:
  int number_ = -1;
  bool owned_ = false;
};

class InputFile {
public:
  // `-` is standard input. A directory is refused.
  [[nodiscard]] static Result<InputFile> open(const std::string& path);

  // Bytes read, 0 at the end, negative on error: as LineChunks asks.
  [[nodiscard]] std::int64_t read(char* buffer, std::size_t capacity);
  // Whether it can be read again from its beginning: not a pipe.
  [[nodiscard]] bool can_rewind() const;
  [[nodiscard]] Result<void> rewind();

private:
  Descriptor descriptor_;
};

// Without `finish` everything written is removed again, except what has gone to standard output or
// to a device.
class OutputFile {
public:
  // `-` is standard output. What exists and is no regular file (a device, a pipe) is written
  // directly; a link is followed.
  [[nodiscard]] static Result<OutputFile> create(const std::string& path);
  ~OutputFile();
  OutputFile(OutputFile&&) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;

  [[nodiscard]] Result<void> write(std::string_view text);
  // Sends what is buffered, syncs, renames. Once, last.
  [[nodiscard]] Result<void> finish();
  // Takes the mode and owner of what stands in the target's place.
  [[nodiscard]] Result<void> look_like_target();

private:
  OutputFile() = default;
  [[nodiscard]] Result<void> send(std::string_view bytes);
  [[nodiscard]] Result<void> failed(int error);

  Descriptor descriptor_;
  std::string name_;      // as the user gave it, for messages
  std::string target_;    // where it ends; empty when written directly
  std::string temporary_; // empty once renamed or removed
  std::string buffer_;
};

// A file of the user's that is changed in place: beside it and renamed, with the mode and, where
// the system allows it, the owner that it had.
[[nodiscard]] Result<void> replace_file(const std::string& path, std::string_view text);

// The records that were refused, one object a line:
// {"line","offset","reason","reason_zh","record"}, with "file" in front where there are several.
// The file comes into being with the first of them.
class RejectsWriter {
public:
  explicit RejectsWriter(std::string path) : path_(std::move(path)) {}

  [[nodiscard]] Result<void> write(const Reject& reject);
  [[nodiscard]] Result<void> finish();
  [[nodiscard]] std::uint64_t written() const { return written_; }

private:
  std::string path_;
  std::optional<OutputFile> file_;
  std::string line_;
  std::uint64_t written_ = 0;
};

} // namespace sanku::io
