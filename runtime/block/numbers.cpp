// See numbers.h.
#include "runtime/block/numbers.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace sanku::block {
namespace {

template <class T> T loaded(const void* from, std::size_t at) {
  T value;
  std::memcpy(&value, static_cast<const char*>(from) + at * sizeof(T), sizeof(T));
  return value;
}
template <class T> void stored(void* to, std::size_t at, T value) {
  std::memcpy(static_cast<char*>(to) + at * sizeof(T), &value, sizeof(T));
}

// Calls `each` with a value of the type that the numbers have in their bytes.
template <class Each> auto with_type(std::uint8_t width, Each each) {
  switch (width) {
  case 1:
    return each(std::uint8_t{});
  case 2:
    return each(std::uint16_t{});
  case 4:
    return each(std::uint32_t{});
  default:
    return each(std::uint64_t{});
  }
}

template <class Small>
void put_above(std::string& out, std::span<const std::uint64_t> values, std::uint64_t base) {
  const std::size_t begin = out.size();
  out.resize(begin + values.size() * sizeof(Small));
  for (std::size_t i = 0; i < values.size(); ++i)
    stored(out.data() + begin, i, static_cast<Small>(values[i] - base));
}

template <class Wide> void spread_to(const Numbers& numbers, void* to) {
  const auto base = static_cast<Wide>(numbers.base);
  if (numbers.width == 0) {
    for (std::size_t i = 0; i < numbers.count; ++i)
      stored(to, i, base);
    return;
  }
  with_type(numbers.width, [&]<class Small>(Small) {
    for (std::size_t i = 0; i < numbers.count; ++i)
      stored(to, i, static_cast<Wide>(base + static_cast<Wide>(loaded<Small>(numbers.above, i))));
  });
}

std::uint64_t largest_above(const Numbers& numbers) {
  if (numbers.width == 0)
    return 0;
  return with_type(numbers.width, [&]<class Small>(Small) -> std::uint64_t {
    Small largest = 0;
    for (std::size_t i = 0; i < numbers.count; ++i)
      largest = std::max(largest, loaded<Small>(numbers.above, i));
    return largest;
  });
}

} // namespace

void put_numbers(std::string& out, std::span<const std::uint64_t> values) {
  std::int64_t low = 0, high = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto value = static_cast<std::int64_t>(values[i]);
    low = i == 0 ? value : std::min(low, value);
    high = i == 0 ? value : std::max(high, value);
  }
  const auto base = static_cast<std::uint64_t>(low);
  const std::uint64_t span = static_cast<std::uint64_t>(high) - base;
  put(out, base);
  const std::uint8_t width = span == 0            ? 0
                             : span <= UINT8_MAX  ? 1
                             : span <= UINT16_MAX ? 2
                             : span <= UINT32_MAX ? 4
                                                  : 8;
  put(out, width);
  if (width != 0)
    with_type(width, [&]<class Small>(Small) { put_above<Small>(out, values, base); });
}

std::optional<Numbers> take_numbers(Take& from, std::size_t count) {
  Numbers numbers;
  numbers.base = from.value<std::uint64_t>();
  numbers.width = from.value<std::uint8_t>();
  numbers.count = count;
  const bool known_width = numbers.width <= 2 || numbers.width == 4 || numbers.width == 8;
  numbers.above = from.piece(known_width ? count * numbers.width : 0).data();
  if (!known_width || !from.good())
    return std::nullopt;
  return numbers;
}

void spread(const Numbers& numbers, std::size_t width, void* to) {
  if (width == 1)
    return spread_to<std::uint8_t>(numbers, to);
  if (width == 4)
    return spread_to<std::uint32_t>(numbers, to);
  spread_to<std::uint64_t>(numbers, to);
}

bool all_below(const Numbers& numbers, std::uint64_t bound) {
  return numbers.count == 0 ||
         (numbers.base < bound && largest_above(numbers) < bound - numbers.base);
}

bool look_up(const Numbers& numbers, std::span<const std::uint32_t> table, void* to) {
  if (!all_below(numbers, table.size()))
    return false;
  if (numbers.count == 0)
    return true;
  const std::uint32_t* from = table.data() + numbers.base;
  if (numbers.width == 0) {
    for (std::size_t i = 0; i < numbers.count; ++i)
      stored(to, i, *from);
    return true;
  }
  with_type(numbers.width, [&]<class Small>(Small) {
    for (std::size_t i = 0; i < numbers.count; ++i)
      stored(to, i, from[loaded<Small>(numbers.above, i)]);
  });
  return true;
}

std::optional<std::uint64_t> to_offsets(const Numbers& sizes, std::uint32_t* offsets) {
  offsets[0] = 0;
  // Below 2^32 rows of below 2^33 each: their sum has room.
  if (sizes.base > UINT32_MAX || sizes.width == 8)
    return std::nullopt;
  std::uint64_t at = 0;
  if (sizes.width == 0) {
    for (std::size_t i = 1; i <= sizes.count; ++i)
      offsets[i] = static_cast<std::uint32_t>(i * sizes.base);
    return sizes.base * sizes.count;
  }
  with_type(sizes.width, [&]<class Small>(Small) {
    for (std::size_t i = 0; i < sizes.count; ++i) {
      at += sizes.base + loaded<Small>(sizes.above, i);
      offsets[i + 1] = static_cast<std::uint32_t>(at);
    }
  });
  return at;
}

bool has_zero(const void* ids, std::size_t rows) {
  std::uint32_t zero = 0;
  for (std::size_t i = 0; i < rows; ++i)
    zero |= loaded<std::uint32_t>(ids, i) == 0 ? 1u : 0u;
  return zero != 0;
}

void bits_of_ids(const void* ids, std::size_t rows, std::uint8_t* bits) {
  for (std::size_t begin = 0; begin < rows; begin += 8) {
    const std::size_t count = std::min<std::size_t>(8, rows - begin);
    unsigned byte = 0;
    for (std::size_t i = 0; i < count; ++i)
      byte |= static_cast<unsigned>(loaded<std::uint32_t>(ids, begin + i) != 0) << i;
    bits[begin / 8] = static_cast<std::uint8_t>(byte);
  }
}

} // namespace sanku::block
