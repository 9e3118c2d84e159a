// Plain values in bytes, least significant first, and frames around them: packed by LZ4 where that
// saves something, else as they are. A reader takes nothing beyond the end and no size on trust.
// Header only, for this folder and the block file. Tested through
// tests/unit/runtime/block_file_test.cpp.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <lz4.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace sanku::block {

static_assert(std::endian::native == std::endian::little, "block files are little-endian");

template <class T> void put(std::string& out, T value) {
  static_assert(std::is_integral_v<T>);
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

inline void put_text(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

// Values from the front of `rest`; once something is missing, everything is.
class Take {
public:
  explicit Take(std::string_view bytes) : rest_(bytes) {}

  template <class T> T value() {
    T taken{};
    const std::string_view bytes = piece(sizeof(T));
    if (good_)
      std::memcpy(&taken, bytes.data(), sizeof(T));
    return taken;
  }
  std::string_view piece(std::size_t size) {
    if (!good_ || size > rest_.size()) {
      good_ = false;
      return {};
    }
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::string_view text() { return piece(value<std::uint32_t>()); }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool at_end() const { return good_ && rest_.empty(); }

private:
  std::string_view rest_;
  bool good_ = true;
};

// A frame: its bytes as one LZ4 block where that is a quarter smaller, else themselves. The sizes
// tell which: what LZ4 made is smaller.
struct FrameSize {
  std::uint32_t raw = 0;    // unpacked
  std::uint32_t packed = 0; // in the file
};

inline FrameSize put_frame(std::string& out, std::string_view bytes) {
  const auto raw = static_cast<std::uint32_t>(bytes.size());
  const std::size_t begin = out.size();
  if (bytes.size() <= LZ4_MAX_INPUT_SIZE) {
    const int size = static_cast<int>(bytes.size()), bound = LZ4_compressBound(size);
    out.resize(begin + static_cast<std::size_t>(bound));
    const int packed = LZ4_compress_default(bytes.data(), out.data() + begin, size, bound);
    out.resize(begin + static_cast<std::size_t>(packed));
    if (packed > 0 && packed < size - size / 4)
      return {.raw = raw, .packed = static_cast<std::uint32_t>(packed)};
  }
  out.resize(begin);
  out += bytes;
  return {.raw = raw, .packed = raw};
}

inline void put_size(std::string& out, const FrameSize& size) {
  put(out, size.raw);
  put(out, size.packed);
}
inline FrameSize take_size(Take& from) {
  FrameSize size;
  size.raw = from.value<std::uint32_t>();
  size.packed = from.value<std::uint32_t>();
  return size;
}

// LZ4 packs at most 255 to one: a larger size is not believed.
[[nodiscard]] inline bool is_plausible(const FrameSize& size) {
  return size.packed <= size.raw && size.raw <= (std::uint64_t{size.packed} + 16) * 255;
}

// Unpacks frame after frame into one memory.
class Unpacker {
public:
  // The bytes of a frame, until the next call and while `frame` is there; empty: it is none of this
  // size.
  [[nodiscard]] std::optional<std::string_view> unpack(std::string_view frame, std::size_t size) {
    if (frame.size() == size)
      return frame;
    if (frame.size() > size || size > LZ4_MAX_INPUT_SIZE)
      return std::nullopt;
    if (capacity_ < size) {
      room_ = std::make_unique_for_overwrite<char[]>(size);
      capacity_ = size;
    }
    const int written = LZ4_decompress_safe(frame.data(), room_.get(),
                                            static_cast<int>(frame.size()), static_cast<int>(size));
    if (written < 0 || static_cast<std::size_t>(written) != size)
      return std::nullopt;
    return std::string_view(room_.get(), size);
  }

private:
  std::unique_ptr<char[]> room_;
  std::size_t capacity_ = 0;
};

} // namespace sanku::block
