// Chunks put together again are the stream, whatever the sizes; long lines are cut out; failures
// come back.
#include "runtime/io/ndjson.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace sanku::io {
namespace {

// Gives `text` in pieces of at most `piece` bytes.
struct Source {
  std::string text;
  std::size_t piece;
  std::size_t at = 0;

  std::int64_t read(char* buffer, std::size_t capacity) {
    const std::size_t n = std::min({piece, capacity, text.size() - at});
    std::memcpy(buffer, text.data() + at, n);
    at += n;
    return static_cast<std::int64_t>(n);
  }
};

std::vector<Chunk> chunks(std::string text, std::size_t piece, std::size_t chunk_bytes,
                          std::size_t max_line) {
  Source source{std::move(text), piece};
  LineChunks lines(
      [&](char* buffer, std::size_t capacity) { return source.read(buffer, capacity); },
      chunk_bytes, max_line);
  std::vector<Chunk> all;
  for (Chunk chunk;;) {
    const Result<bool> more = lines.next(chunk);
    EXPECT_TRUE(more);
    if (!more || !*more)
      return all;
    all.push_back(chunk);
  }
}

TEST(LineChunks, JoinToTheStreamAndEndAtLineEnds) {
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += std::string(static_cast<std::size_t>(i * 7 % 23), 'a') + "\n";
  for (const std::string& stream :
       {text, text + "without an end", std::string(), std::string("\n\n")}) {
    for (const std::size_t piece : {1u, 7u, 4096u}) {
      for (const std::size_t size : {1u, 10u, 64u, 100000u}) {
        std::string joined;
        std::uint64_t line = 1, index = 0;
        for (const Chunk& chunk : chunks(stream, piece, size, 64)) {
          EXPECT_EQ(chunk.offset, joined.size());
          EXPECT_EQ(chunk.first_line, line);
          EXPECT_EQ(chunk.index, index++);
          EXPECT_FALSE(chunk.too_long);
          EXPECT_LE(chunk.text.size(), std::max<std::size_t>(size, 65));
          joined += chunk.text;
          EXPECT_TRUE(chunk.text.ends_with('\n') || joined.size() == stream.size());
          line +=
              static_cast<std::uint64_t>(std::count(chunk.text.begin(), chunk.text.end(), '\n'));
        }
        EXPECT_EQ(joined, stream);
      }
    }
  }
}

TEST(LineChunks, FlagALineThatIsTooLongAndGoOnAfterIt) {
  struct Case {
    std::string middle;
    bool too_long;
  };
  for (const Case& c : {Case{std::string(50, 'x'), false}, Case{std::string(51, 'x'), true},
                        Case{std::string(5000, 'x'), true}}) {
    for (const std::size_t piece : {1u, 13u, 4096u}) {
      std::vector<std::pair<std::uint64_t, bool>> lines; // first line, too long
      std::string kept;
      for (const Chunk& chunk : chunks("a\n" + c.middle + "\nb\n", piece, 16, 50)) {
        if (chunk.too_long) {
          EXPECT_EQ(chunk.offset, 2u);
          EXPECT_EQ(chunk.first_line, 2u);
          EXPECT_TRUE(c.middle.starts_with(chunk.text));
          EXPECT_FALSE(chunk.text.empty());
        } else {
          kept += chunk.text;
        }
        lines.emplace_back(chunk.first_line, chunk.too_long);
      }
      EXPECT_EQ(std::count(lines.begin(), lines.end(), std::pair<std::uint64_t, bool>(2, true)),
                c.too_long ? 1 : 0);
      EXPECT_EQ(kept, c.too_long ? "a\nb\n" : "a\n" + c.middle + "\nb\n");
      EXPECT_EQ(lines.back().first, 3u);
    }
  }
}

TEST(LineChunks, FlagALongLastLineWithoutAnEnd) {
  const std::vector<Chunk> all = chunks("a\n" + std::string(500, 'x'), 13, 16, 50);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_TRUE(all[1].too_long);
}

TEST(LineChunks, ReturnTheFailureOfTheSource) {
  LineChunks lines([](char*, std::size_t) -> std::int64_t { return -1; });
  Chunk chunk;
  const Result<bool> more = lines.next(chunk);
  ASSERT_FALSE(more);
  EXPECT_FALSE(more.error().zh.empty());
}

} // namespace
} // namespace sanku::io
