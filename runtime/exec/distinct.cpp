// Counts of distinct values: the externals behind `count(distinct(…))`, and `covered(…)`, which
// counts the days of periods. The least counts what is
// surely there, one if only unknown values are; the most also what perhaps is, and each unknown
// value for itself. Tested through the case files.
#include "runtime/exec/worker.h"
#include "runtime/kernels/time.h"

#include <algorithm>
#include <limits>

namespace sanku::abi {
namespace {

bool same_value(const DistinctValue& a, const DistinctValue& b) {
  return a.low == b.low && a.high == b.high && a.text == b.text;
}

std::int64_t first_day(const DistinctValue& period) {
  return kernels::days_of_packed(static_cast<std::int64_t>(period.low)).first;
}

} // namespace
} // namespace sanku::abi

using namespace sanku;      // NOLINT(check): C entry points of this project only
using namespace sanku::abi; // NOLINT(check): likewise

extern "C" {

void sanku_distinct_begin(Frame* frame, void* accumulator) {
  Scratch& scratch = *frame->scratch;
  if (scratch.distinct_used == scratch.distinct.size())
    scratch.distinct.emplace_back();
  DistinctValues& values = scratch.distinct[scratch.distinct_used++];
  values.values.clear();
  values.unknown = 0;
  values.some = values.unlimited = false;
  *static_cast<DistinctValues**>(accumulator) = &values;
}

void sanku_distinct_add(void* accumulator, std::uint8_t kept, bool known, bool uncertain,
                        std::uint64_t low, std::uint64_t high, const char* text,
                        std::uint64_t size) {
  DistinctValues& values = **static_cast<DistinctValues**>(accumulator);
  const Tri keep = static_cast<Tri>(kept);
  if (keep == Tri::no)
    return;
  values.unlimited = values.unlimited || (keep == Tri::unknown && uncertain);
  values.some = values.some || keep == Tri::yes;
  if (!known) {
    ++values.unknown;
    return;
  }
  values.values.push_back({low, high,
                           text == nullptr ? std::string_view() : std::string_view(text, size),
                           keep != Tri::yes});
}

void sanku_distinct_end(Frame* frame, const void* accumulator, void* out) {
  DistinctValues& values = **static_cast<DistinctValues* const*>(accumulator);
  // What is surely there stands before the same that perhaps is.
  std::ranges::sort(values.values);
  std::int64_t sure = 0, possible = 0;
  for (std::size_t i = 0; i < values.values.size(); ++i) {
    const DistinctValue& value = values.values[i];
    if (i != 0 && same_value(values.values[i - 1], value))
      continue;
    ++possible;
    sure += value.perhaps ? 0 : 1;
  }
  *static_cast<Maybe<Count>*>(out) = {Count{.low = sure == 0 && values.some ? 1 : sure,
                                            .high = values.unlimited
                                                        ? std::numeric_limits<std::int64_t>::max()
                                                        : possible + values.unknown},
                                      true};
  --frame->scratch->distinct_used;
}

void sanku_covered_end(Frame* frame, const void* accumulator, void* out) {
  DistinctValues& values = **static_cast<DistinctValues* const*>(accumulator);
  bool known = values.unknown == 0 && !values.unlimited;
  for (const DistinctValue& value : values.values)
    known = known && !value.perhaps;
  std::ranges::sort(values.values, [](const DistinctValue& a, const DistinctValue& b) {
    return first_day(a) < first_day(b);
  });
  std::int64_t count = 0, next = std::numeric_limits<std::int64_t>::min(); // not counted yet
  for (const DistinctValue& value : values.values) {
    const kernels::Days days = kernels::days_of_packed(static_cast<std::int64_t>(value.low));
    const std::int64_t from = std::max(days.first, next);
    if (from > days.last)
      continue;
    count += days.last - from + 1;
    next = days.last + 1;
  }
  *static_cast<Maybe<Integer>*>(out) = {Integer{known ? count : 0}, known};
  --frame->scratch->distinct_used;
}

} // extern "C"
