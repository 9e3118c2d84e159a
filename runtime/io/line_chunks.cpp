// LineChunks (ndjson.h): whole lines in bounded memory. At most `max_line_bytes` and one byte are
// held at a time. Tested by tests/unit/runtime/line_chunks_test.cpp.
#include "runtime/io/ndjson.h"

#include <algorithm>
#include <utility>

namespace sanku::io {
namespace {

// How much of a line that is too long goes to the rejects.
constexpr std::size_t head_bytes = 64u << 10;

// The library's search goes many bytes at a time, and lines are long.
std::uint64_t lines_in(std::string_view text) {
  std::uint64_t lines = 0;
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1))
    ++lines;
  return lines;
}

} // namespace

LineChunks::LineChunks(std::function<std::int64_t(char*, std::size_t)> read,
                       std::size_t chunk_bytes, std::size_t max_line_bytes)
    : read_(std::move(read)),
      chunk_bytes_(std::max<std::size_t>(1, std::min(chunk_bytes, max_line_bytes))),
      max_line_bytes_(std::max<std::size_t>(1, max_line_bytes)) {}

// Reads until `bytes` are held or the source ends.
Result<bool> LineChunks::fill(std::size_t bytes) {
  if (ended_ || held_ >= bytes)
    return true;
  if (rest_.size() < bytes)
    rest_.resize(bytes);
  while (held_ < bytes) {
    const std::int64_t read = read_(rest_.data() + held_, bytes - held_);
    if (read < 0)
      return failure("reading the input failed", "读取输入失败");
    if (read == 0) {
      ended_ = true;
      break;
    }
    held_ += static_cast<std::size_t>(read);
  }
  return true;
}

// The head of a line that is too long; the rest of the line is read and dropped.
Result<bool> LineChunks::skip_long_line(Chunk& chunk) {
  chunk.too_long = true;
  chunk.text = held().substr(0, head_bytes);
  while (true) {
    const std::size_t end = held().find('\n');
    if (end != std::string_view::npos) {
      offset_ += end + 1;
      rest_.erase(0, end + 1);
      held_ -= end + 1;
      ++line_;
      return true;
    }
    offset_ += held_;
    held_ = 0;
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
    if (held_ == 0)
      return false;
    chunk.index = index_++;
    chunk.offset = offset_;
    chunk.first_line = line_;
    chunk.too_long = false;
    const std::size_t end = held().substr(searched).rfind('\n');
    if (end == std::string_view::npos) {
      if (held_ > max_line_bytes_)
        return skip_long_line(chunk);
      if (ended_) {
        rest_.resize(held_);
        chunk.text = std::exchange(rest_, {});
        held_ = 0;
        offset_ += chunk.text.size();
        return true;
      }
      --index_;
      searched = held_;
      wanted = std::min(max_line_bytes_ + 1, held_ * 2);
      continue;
    }
    hand_over(chunk, searched + end + 1);
    return true;
  }
}

// What follows the last line end waits for the next chunk. The buffers change places: neither is
// copied whole, nor is room that was used before cleared again.
void LineChunks::hand_over(Chunk& chunk, std::size_t bytes) {
  const std::string_view behind = held().substr(bytes);
  if (chunk.text.size() < behind.size())
    chunk.text.resize(behind.size());
  std::copy(behind.begin(), behind.end(), chunk.text.begin());
  held_ = behind.size();
  rest_.resize(bytes);
  std::swap(chunk.text, rest_);
  offset_ += bytes;
  line_ += lines_in(chunk.text);
}

} // namespace sanku::io
