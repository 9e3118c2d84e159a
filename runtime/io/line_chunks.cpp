// LineChunks (ndjson.h): whole lines in bounded memory. At most `max_line_bytes` and one byte are
// held at a time. Tested by tests/unit/runtime/line_chunks_test.cpp.
#include "runtime/io/ndjson.h"

#include <algorithm>

namespace sanku::io {
namespace {

// How much of a line that is too long goes to the rejects.
constexpr std::size_t head_bytes = 64u << 10;

} // namespace

LineChunks::LineChunks(std::function<std::int64_t(char*, std::size_t)> read,
                       std::size_t chunk_bytes, std::size_t max_line_bytes)
    : read_(std::move(read)),
      chunk_bytes_(std::max<std::size_t>(1, std::min(chunk_bytes, max_line_bytes))),
      max_line_bytes_(std::max<std::size_t>(1, max_line_bytes)) {}

// Reads until `bytes` are held or the source ends.
Result<bool> LineChunks::fill(std::size_t bytes) {
  std::size_t size = rest_.size();
  if (ended_ || size >= bytes)
    return true;
  rest_.resize(bytes);
  while (size < bytes) {
    const std::int64_t read = read_(rest_.data() + size, bytes - size);
    if (read < 0) {
      rest_.resize(size);
      return failure("reading the input failed", "读取输入失败");
    }
    if (read == 0) {
      ended_ = true;
      break;
    }
    size += static_cast<std::size_t>(read);
  }
  rest_.resize(size);
  return true;
}

// The head of a line that is too long; the rest of the line is read and dropped.
Result<bool> LineChunks::skip_long_line(Chunk& chunk) {
  chunk.too_long = true;
  chunk.text.assign(rest_, 0, std::min(head_bytes, rest_.size()));
  while (true) {
    const std::size_t end = rest_.find('\n');
    if (end != std::string::npos) {
      offset_ += end + 1;
      rest_.erase(0, end + 1);
      ++line_;
      return true;
    }
    offset_ += rest_.size();
    rest_.clear();
    if (ended_)
      return true;
    if (const Result<bool> filled = fill(chunk_bytes_); !filled)
      return filled;
  }
}

Result<bool> LineChunks::next(Chunk& chunk) {
  std::size_t wanted = chunk_bytes_;
  std::size_t searched = 0;
  while (true) {
    if (const Result<bool> filled = fill(wanted); !filled)
      return filled;
    if (rest_.empty())
      return false;
    chunk.index = index_++;
    chunk.offset = offset_;
    chunk.first_line = line_;
    chunk.too_long = false;
    const std::size_t end =
        rest_.find('\n', searched) == std::string::npos ? std::string::npos : rest_.rfind('\n');
    if (end == std::string::npos) {
      if (rest_.size() > max_line_bytes_)
        return skip_long_line(chunk);
      if (ended_) {
        chunk.text = std::move(rest_);
        rest_.clear();
        offset_ += chunk.text.size();
        return true;
      }
      --index_;
      searched = rest_.size();
      wanted = std::min(max_line_bytes_ + 1, rest_.size() * 2);
      continue;
    }
    // What follows the last line end waits for the next chunk; the buffers change places instead of
    // being copied whole.
    chunk.text.assign(rest_, end + 1, std::string::npos);
    rest_.resize(end + 1);
    std::swap(chunk.text, rest_);
    offset_ += chunk.text.size();
    line_ += static_cast<std::uint64_t>(std::count(chunk.text.begin(), chunk.text.end(), '\n'));
    return true;
  }
}

} // namespace sanku::io
