// Plain values in bytes, least significant first, and LZ4 frames around them. A reader takes
// nothing beyond the end and no size on trust. Header only, for the files of this folder. Tested
// through tests/unit/runtime/block_test.cpp.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <lz4frame.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

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

// As one LZ4 frame, appended.
inline std::size_t put_frame(std::string& out, std::string_view bytes) {
  LZ4F_preferences_t preferences{};
  preferences.frameInfo.contentSize = bytes.size();
  preferences.frameInfo.blockMode = LZ4F_blockIndependent;
  preferences.frameInfo.blockSizeID = LZ4F_max4MB;
  const std::size_t begin = out.size();
  out.resize(begin + LZ4F_compressFrameBound(bytes.size(), &preferences));
  const std::size_t size = LZ4F_compressFrame(out.data() + begin, out.size() - begin, bytes.data(),
                                              bytes.size(), &preferences);
  out.resize(begin + size);
  return size;
}

// Unpacks frame after frame with one context and into one memory, which has a whole LZ4 block more
// room than the largest frame filled: what LZ4 cannot put where it is wanted at once it copies.
class Unpacker {
public:
  Unpacker() = default;
  ~Unpacker() { LZ4F_freeDecompressionContext(context_); }
  Unpacker(Unpacker&& other) noexcept
      : context_(std::exchange(other.context_, nullptr)), room_(std::move(other.room_)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;

  // The `size` bytes of the frame, until the next call; empty: it is no frame, or of another size.
  [[nodiscard]] std::optional<std::string_view> unpack(std::string_view frame, std::size_t size) {
    if (context_ == nullptr &&
        LZ4F_isError(LZ4F_createDecompressionContext(&context_, LZ4F_VERSION)) != 0)
      return std::nullopt;
    if (capacity_ < size + most_block) {
      capacity_ = std::max(size, capacity_) + most_block;
      room_ = std::make_unique_for_overwrite<char[]>(capacity_);
    }
    LZ4F_resetDecompressionContext(context_);
    std::size_t written = 0, read = 0, left = 1;
    while (left != 0 && read < frame.size()) {
      std::size_t room = capacity_ - written, given = frame.size() - read;
      left = LZ4F_decompress(context_, room_.get() + written, &room, frame.data() + read, &given,
                             nullptr);
      if (LZ4F_isError(left) != 0 || (room == 0 && given == 0))
        return std::nullopt;
      written += room;
      read += given;
    }
    if (left != 0 || written != size || read != frame.size())
      return std::nullopt;
    return std::string_view(room_.get(), size);
  }

private:
  static constexpr std::size_t most_block = std::size_t{4} << 20;
  LZ4F_dctx* context_ = nullptr;
  std::unique_ptr<char[]> room_;
  std::size_t capacity_ = 0;
};

} // namespace sanku::block
