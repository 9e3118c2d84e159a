// See peers.h.
#include "runtime/exec/peers.h"

#include "runtime/kernels/number.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <algorithm>

namespace sanku::exec {
namespace {

template <class T> void put(std::string& out, const T& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}
void put_text(std::string& out, const std::string& text) {
  put(out, text.size());
  out += text;
}

std::string bytes_of(const std::vector<Value>& keys) {
  std::string out;
  for (const Value& key : keys) {
    out += static_cast<char>(key.index());
    std::visit(
        match{
            [](const Unknown&) {},
            [&](const Bool& value) { put(out, value.value); },
            [&](const Integer& value) { put(out, value.value); },
            [&](const Date& value) { put(out, value.days); },
            [&](const CodeText& value) { put_text(out, value.text); },
            [&](const std::string& value) { put_text(out, value); },
            [&](const EnumValue& value) { put(out, value.id), put_text(out, value.unlisted); },
            [](const auto&) { unreachable("a key is of one of these kinds"); },
        },
        key);
  }
  return out;
}

// The root of a whole number, half away from zero: the least r with (r + 1/2)^2 > n.
Int128 rounded_root(Int128 n) {
  Int128 low = 0, high = Int128{1} << 63;
  while (low < high) {
    const Int128 middle = low + (high - low) / 2;
    if (middle * middle + middle + 1 > n)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

std::optional<Int128> scaled(Int128 value, std::uint32_t places) {
  for (; places > 0; --places)
    if (__builtin_mul_overflow(value, Int128{10}, &value))
      return std::nullopt;
  return value;
}

std::optional<Int128> sum_of(const std::vector<Int128>& values) {
  Int128 sum = 0;
  for (const Int128 value : values)
    if (__builtin_add_overflow(sum, value, &sum))
      return std::nullopt;
  return sum;
}

// The root of (n Σx² − (Σx)²) / n², with more places.
std::optional<Int128> deviation(const std::vector<Int128>& values, std::uint32_t places) {
  const auto count = static_cast<Int128>(values.size());
  const auto sum = sum_of(values);
  Int128 squares = 0, square = 0;
  for (const Int128 value : values)
    if (__builtin_mul_overflow(value, value, &square) ||
        __builtin_add_overflow(squares, square, &squares))
      return std::nullopt;
  Int128 whole = 0, of_sum = 0;
  if (!sum || __builtin_mul_overflow(squares, count, &whole) ||
      __builtin_mul_overflow(*sum, *sum, &of_sum))
    return std::nullopt;
  const auto variance = scaled(whole - of_sum, 2 * places);
  if (!variance)
    return std::nullopt;
  return rounded_root(kernels::divide_half_away(*variance, count * count));
}

} // namespace

std::optional<Int128> statistic(const PeerShape& shape, const std::vector<Int128>& values) {
  if (values.empty() || values.size() < shape.at_least)
    return std::nullopt;
  const auto count = static_cast<Int128>(values.size());
  switch (shape.statistic) {
  case PeerStatistic::percentile: {
    constexpr Int128 whole = 1'000'000; // 100 %
    const Int128 place = (shape.rank * count + whole - 1) / whole;
    return values[static_cast<std::size_t>(std::clamp(place, Int128{1}, count) - 1)];
  }
  case PeerStatistic::mean: {
    const auto sum = sum_of(values);
    const auto fine = sum ? scaled(*sum, shape.more_scale) : std::nullopt;
    return fine ? std::optional(kernels::divide_half_away(*fine, count)) : std::nullopt;
  }
  case PeerStatistic::deviation:
    return deviation(values, shape.more_scale);
  case PeerStatistic::same:
    return values.size() == 1 ? std::optional(values.front()) : std::nullopt;
  }
  unreachable("a statistic is one of these");
}

void Peers::add(const std::vector<Value>& keys, Int128 value) {
  groups_[bytes_of(keys)].push_back(value);
}

void Peers::add(const Peers& others) {
  for (const auto& [keys, values] : others.groups_) {
    std::vector<Int128>& own = groups_[keys];
    own.insert(own.end(), values.begin(), values.end());
  }
}

void Peers::finish() {
  for (auto& [keys, values] : groups_)
    std::ranges::sort(values);
}

void add(PeersOfRules& peers, const PeersOfRules& others) {
  for (std::size_t rule = 0; rule < peers.size(); ++rule)
    for (std::size_t place = 0; place < peers[rule].size(); ++place)
      peers[rule][place].add(others[rule][place]);
}

void finish(PeersOfRules& peers) {
  for (std::vector<Peers>& of_rule : peers)
    for (Peers& each : of_rule)
      each.finish();
}

std::optional<Int128> Peers::find(const PeerShape& shape, const std::vector<Value>& keys) const {
  const auto found = groups_.find(bytes_of(keys));
  return found == groups_.end() ? std::nullopt : statistic(shape, found->second);
}

} // namespace sanku::exec
