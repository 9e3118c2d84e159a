// Entries of bytes in the lanes of a spill, each after its length; and the few things that are
// written into them. Header only, for the files of this folder. Tested by
// tests/unit/tools/sorted_runs_test.cpp.
#pragma once

#include "runtime/batch/batch.h"
#include "runtime/io/spill.h"
#include "runtime/types/check.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace sanku::engine {

template <class T> void put(std::string& out, const T& plain) {
  static_assert(std::is_trivially_copyable_v<T>);
  char bytes[sizeof(T)];
  std::memcpy(bytes, &plain, sizeof(T));
  out.append(bytes, sizeof(T));
}
inline void put_text(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint64_t>(text.size()));
  out += text;
}
// A file may be read by nobody else, so its bytes are as this machine holds them.
template <class T> T take(std::string_view& from) {
  static_assert(std::is_trivially_copyable_v<T>);
  check(sizeof(T) <= from.size(), "an entry is whole");
  T plain;
  std::memcpy(&plain, from.data(), sizeof(T));
  from.remove_prefix(sizeof(T));
  return plain;
}
inline std::string take_text(std::string_view& from) {
  const auto size = take<std::uint64_t>(from);
  check(size <= from.size(), "an entry is whole");
  const std::string text(from.substr(0, size));
  from.remove_prefix(size);
  return text;
}

inline void put_origin(std::string& out, const batch::Origin& origin) {
  put(out, origin.file);
  put(out, origin.offset);
  put(out, origin.line);
  put(out, origin.part);
}
inline batch::Origin take_origin(std::string_view& from) {
  batch::Origin origin;
  origin.file = take<std::uint32_t>(from);
  origin.offset = take<std::uint64_t>(from);
  origin.line = take<std::uint64_t>(from);
  origin.part = take<std::uint32_t>(from);
  return origin;
}

[[nodiscard]] inline Result<void> append_entry(io::Spill& spill, std::size_t lane,
                                               std::string_view entry) {
  std::string head;
  put(head, static_cast<std::uint64_t>(entry.size()));
  if (auto put_head = spill.append(lane, head); !put_head)
    return put_head;
  return spill.append(lane, entry);
}

// The entries of a lane, from the first.
class EntryReader {
public:
  EntryReader(const io::Spill& spill, std::size_t lane) : lane_(spill, lane) {}

  // None at the end. What it gives lives until the next call.
  [[nodiscard]] Result<std::optional<std::string_view>> next() {
    lane_.skip(std::exchange(read_, 0));
    constexpr std::size_t head = sizeof(std::uint64_t);
    Result<std::string_view> front = lane_.front(head);
    if (!front)
      return tl::unexpected(front.error());
    if (front->empty())
      return std::optional<std::string_view>();
    std::string_view bytes = *front;
    const auto size = take<std::uint64_t>(bytes);
    front = lane_.front(head + size);
    if (!front)
      return tl::unexpected(front.error());
    check(front->size() >= head + size, "a spill is read back whole");
    read_ = head + size;
    return std::optional(front->substr(head, size));
  }

private:
  io::LaneReader lane_;
  std::size_t read_ = 0;
};

} // namespace sanku::engine
