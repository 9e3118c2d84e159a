// See block_file.h.
#include "runtime/io/block_file.h"

#include "runtime/block/bytes.h"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <xxhash.h>

namespace sanku::io {
namespace {

using block::put;
using block::put_text;
using block::Take;

constexpr std::string_view magic = "\x89SKB\r\n\x1a\n", end_magic = "SKBEND\r\n";
constexpr std::size_t head_bytes = 32, end_bytes = 48;

std::uint64_t checksum(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

std::string head_of(const std::string& signature) {
  std::string head(magic);
  put(head, block_file_version);
  put(head, std::uint32_t{0});
  put(head, checksum(signature));
  put(head, checksum(head));
  return head;
}

Error damage(const std::string& path, std::uint64_t at, std::string_view what_en,
             std::string_view what_zh) {
  return {.en = fmt::format("`{}` is damaged at byte {}, in {}; write it again with `sanku "
                            "convert` from what it was made of",
                            path, at, what_en),
          .zh = fmt::format("“{}”在第 {} 字节处损坏（{}）；请用 sanku convert 从原始数据重新生成",
                            path, at, what_zh)};
}

Error cut_short(const std::string& path, std::uint64_t bytes) {
  return {.en = fmt::format("`{}` is cut short: it ends at byte {} without its foot; copy it "
                            "again, or write it again with `sanku convert`",
                            path, bytes),
          .zh = fmt::format("“{}”不完整：在第 {} 字节处结束，没有文件尾；请重新复制，或用 sanku "
                            "convert 重新生成",
                            path, bytes)};
}

// The first field of which one of them knows nothing, or something else.
Error other_schema(const std::string& path, const std::string& theirs, const std::string& ours) {
  std::size_t at = 0;
  while (at < theirs.size() && at < ours.size() && theirs[at] == ours[at])
    ++at;
  const auto line = [&](const std::string& text) {
    const std::size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
    return text.substr(begin, text.find('\n', begin) - begin);
  };
  const std::string written = line(theirs), wanted = line(ours);
  return {.en = fmt::format("`{}` was written for another claim schema: it has `{}` where this "
                            "pack's schema has `{}`; write it again with `sanku convert --pack`",
                            path, written, wanted),
          .zh = fmt::format("“{}”是按另一份数据结构写成的：其中为“{}”，本规则包的结构为“{}”；请用 "
                            "sanku convert --pack 重新生成",
                            path, written, wanted)};
}

struct BlockPlace {
  std::uint64_t offset = 0, size = 0, checksum = 0;
  std::uint32_t settlements = 0;
};

} // namespace

// ---- reading

struct BlockFile::State {
  std::string path;
  Descriptor descriptor;
  std::uint64_t bytes = 0, settlements = 0;
  std::vector<BlockPlace> blocks;
  std::vector<codes::Texts> shared;
  std::string signature;
  std::size_t next = 0;
  std::uint64_t first = 0; // record of the next block

  [[nodiscard]] Result<void> read(std::uint64_t offset, std::uint64_t size, std::string& into) {
    into.resize(size);
    for (std::uint64_t done = 0; done < size;) {
      const ssize_t count = ::pread(descriptor.number(), into.data() + done, size - done,
                                    static_cast<off_t>(offset + done));
      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0)
        return failure(fmt::format("cannot read `{}`: {}", path, std::strerror(errno)),
                       fmt::format("无法读取“{}”：{}", path, std::strerror(errno)));
      if (count == 0)
        return tl::unexpected(cut_short(path, offset + done));
      done += static_cast<std::uint64_t>(count);
    }
    return {};
  }

  [[nodiscard]] Result<void> read_head(std::uint64_t& schema_digest) {
    std::string head;
    if (bytes >= magic.size())
      if (auto read_magic = read(0, magic.size(), head); !read_magic)
        return read_magic;
    if (head != magic)
      return failure(fmt::format("`{}` is not a block file; `sanku convert` makes one", path),
                     fmt::format("“{}”不是块文件；可用 sanku convert 生成", path));
    if (bytes < head_bytes + end_bytes)
      return tl::unexpected(cut_short(path, bytes));
    if (auto read_all = read(0, head_bytes, head); !read_all)
      return read_all;
    Take from(std::string_view(head).substr(magic.size()));
    const auto version = from.value<std::uint32_t>();
    (void)from.value<std::uint32_t>();
    schema_digest = from.value<std::uint64_t>();
    if (from.value<std::uint64_t>() !=
        checksum(std::string_view(head).substr(0, head_bytes - sizeof(std::uint64_t))))
      return tl::unexpected(damage(path, 0, "its head", "文件头"));
    if (version != block_file_version)
      return failure(fmt::format("`{}` is of version {} of the block file and this program reads "
                                 "version {}; write it again with this program's `sanku convert`",
                                 path, version, block_file_version),
                     fmt::format("“{}”为块文件第 {} 版，本程序只读第 {} 版；请用本程序的 sanku "
                                 "convert 重新生成",
                                 path, version, block_file_version));
    return {};
  }

  [[nodiscard]] Result<void> read_foot() {
    std::string end, packed;
    const std::uint64_t end_at = bytes - end_bytes;
    if (auto read_end = read(end_at, end_bytes, end); !read_end)
      return read_end;
    Take from(end);
    const auto offset = from.value<std::uint64_t>(), size = from.value<std::uint64_t>(),
               raw = from.value<std::uint64_t>(), sum = from.value<std::uint64_t>(),
               own_sum = from.value<std::uint64_t>();
    if (from.rest() != end_magic)
      return tl::unexpected(cut_short(path, bytes));
    if (own_sum != checksum(std::string_view(end).substr(0, 4 * sizeof(std::uint64_t))) ||
        offset > end_at || size != end_at - offset || raw > (size + 16) * 255)
      return tl::unexpected(damage(path, end_at, "its end", "文件末尾"));
    if (auto read_packed = read(offset, size, packed); !read_packed)
      return read_packed;
    block::Unpacker unpacker;
    if (sum != checksum(packed))
      return tl::unexpected(damage(path, offset, "its foot", "文件尾"));
    if (const auto foot = unpacker.unpack(packed, raw); !foot || !take_foot(*foot, offset))
      return tl::unexpected(damage(path, offset, "its foot", "文件尾"));
    return {};
  }

  bool take_foot(std::string_view foot, std::uint64_t end) {
    Take from(foot);
    const auto count = from.value<std::uint64_t>();
    std::uint64_t at = head_bytes;
    for (std::uint64_t i = 0; i < count && from.good(); ++i) {
      BlockPlace& place = blocks.emplace_back();
      place.offset = from.value<std::uint64_t>();
      place.size = from.value<std::uint64_t>();
      place.checksum = from.value<std::uint64_t>();
      place.settlements = from.value<std::uint32_t>();
      if (place.offset != at || place.size > end - at)
        return false;
      at += place.size;
      settlements += place.settlements;
    }
    if (!block::take_shared(from, shared))
      return false;
    signature = from.text();
    return from.at_end() && at == end;
  }
};

BlockFile::BlockFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
BlockFile::~BlockFile() = default;
BlockFile::BlockFile(BlockFile&&) noexcept = default;

bool BlockFile::looks_like_one(const std::string& path) {
  struct stat status{};
  if (path == "-" || ::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
    return false;
  auto file = InputFile::open(path);
  std::string begin(magic.size(), '\0');
  return file &&
         file->read(begin.data(), begin.size()) == static_cast<std::int64_t>(begin.size()) &&
         begin == magic;
}

Result<BlockFile> BlockFile::open(const std::string& path, const schema::Schema& schema) {
  auto state = std::make_unique<State>();
  state->path = path;
  state->descriptor = Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC), true);
  struct stat status{};
  if (state->descriptor.number() < 0 || ::fstat(state->descriptor.number(), &status) != 0)
    return failure(fmt::format("cannot read `{}`: {}", path, std::strerror(errno)),
                   fmt::format("无法读取“{}”：{}", path, std::strerror(errno)));
  if (!S_ISREG(status.st_mode))
    return failure(fmt::format("`{}` is no file; a block file cannot come through a pipe, because "
                               "its end is read first",
                               path),
                   fmt::format("“{}”不是普通文件；块文件须先读末尾，不能经管道传入", path));
  state->bytes = static_cast<std::uint64_t>(status.st_size);
  std::uint64_t digest = 0;
  if (auto head = state->read_head(digest); !head)
    return tl::unexpected(head.error());
  if (auto foot = state->read_foot(); !foot)
    return tl::unexpected(foot.error());
  const std::string ours = block::signature(schema);
  if (digest != checksum(state->signature))
    return tl::unexpected(damage(path, 0, "its head", "文件头"));
  if (state->signature != ours)
    return tl::unexpected(other_schema(path, state->signature, ours));
  return BlockFile(std::move(state));
}

Result<bool> BlockFile::next(Chunk& chunk) {
  State& state = *state_;
  if (state.next == state.blocks.size())
    return false;
  const BlockPlace& place = state.blocks[state.next];
  chunk = Chunk{};
  if (auto read = state.read(place.offset, place.size, chunk.text); !read)
    return tl::unexpected(read.error());
  chunk.index = state.next++;
  chunk.offset = state.first;
  chunk.first_line = state.first + 1;
  chunk.blocks = this;
  state.first += place.settlements;
  if (checksum(chunk.text) != place.checksum)
    return tl::unexpected(damage(
        state.path, place.offset,
        fmt::format("block {}, records {} to {}", state.next, chunk.offset + 1, state.first),
        fmt::format("第 {} 块，第 {} 至 {} 条记录", state.next, chunk.offset + 1, state.first)));
  return true;
}

void BlockFile::rewind() {
  state_->next = 0;
  state_->first = 0;
}

std::uint64_t BlockFile::bytes() const { return state_->bytes; }
std::uint64_t BlockFile::settlements() const { return state_->settlements; }
const std::vector<codes::Texts>& BlockFile::shared() const { return state_->shared; }
const std::string& BlockFile::path() const { return state_->path; }

Error damaged_block(const Chunk& chunk) {
  const std::uint64_t block = chunk.index + 1, record = chunk.offset + 1;
  return {.en = fmt::format("`{}`: block {}, from record {} on, is not what its file says; write "
                            "it again with `sanku convert` from what it was made of",
                            chunk.blocks->path(), block, record),
          .zh = fmt::format("“{}”第 {} 块（自第 {} 条记录起）与文件所述不符；请用 sanku convert "
                            "从原始数据重新生成",
                            chunk.blocks->path(), block, record)};
}

// ---- writing

struct BlockFileWriter::State {
  OutputFile file;
  std::string signature;
  block::Shared shared;
  std::vector<BlockPlace> blocks;
  std::uint64_t at = 0;

  [[nodiscard]] Result<void> write(std::string_view bytes) {
    at += bytes.size();
    return file.write(bytes);
  }
};

BlockFileWriter::BlockFileWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
BlockFileWriter::~BlockFileWriter() = default;
BlockFileWriter::BlockFileWriter(BlockFileWriter&&) noexcept = default;

Result<BlockFileWriter> BlockFileWriter::create(const std::string& path,
                                                const schema::Schema& schema) {
  auto file = OutputFile::create(path);
  if (!file)
    return tl::unexpected(file.error());
  auto state = std::make_unique<State>(State{.file = std::move(*file),
                                             .signature = block::signature(schema),
                                             .shared = {},
                                             .blocks = {},
                                             .at = 0});
  state->shared.dictionaries.resize(schema.dictionaries);
  if (auto written = state->write(head_of(state->signature)); !written)
    return tl::unexpected(written.error());
  return BlockFileWriter(std::move(state));
}

Result<void> BlockFileWriter::add(block::Packed packed) {
  State& state = *state_;
  const std::uint32_t settlements = packed.settlements;
  const std::string bytes = block::finish_block(std::move(packed), state.shared);
  state.blocks.push_back({.offset = state.at,
                          .size = bytes.size(),
                          .checksum = checksum(bytes),
                          .settlements = settlements});
  return state.write(bytes);
}

Result<void> BlockFileWriter::finish() {
  State& state = *state_;
  std::string foot;
  put(foot, std::uint64_t{state.blocks.size()});
  for (const BlockPlace& place : state.blocks) {
    put(foot, place.offset);
    put(foot, place.size);
    put(foot, place.checksum);
    put(foot, place.settlements);
  }
  block::put_shared(foot, state.shared);
  put_text(foot, state.signature);
  std::string packed, end;
  (void)block::put_frame(packed, foot);
  put(end, state.at);
  put(end, std::uint64_t{packed.size()});
  put(end, std::uint64_t{foot.size()});
  put(end, checksum(packed));
  put(end, checksum(end));
  end += end_magic;
  for (const std::string& bytes : {packed, end})
    if (auto written = state.write(bytes); !written)
      return written;
  return state.file.finish();
}

} // namespace sanku::io
