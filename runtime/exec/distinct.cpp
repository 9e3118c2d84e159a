// Counts of distinct values: the externals behind `count(distinct(…))`. The least counts what is
// surely there, one if only unknown values are; the most also what perhaps is, and each unknown
// value for itself. Tested through the case files.
#include "runtime/exec/worker.h"

#include <limits>

using namespace sanku;      // NOLINT(check): C entry points of this project only
using namespace sanku::abi; // NOLINT(check): likewise

extern "C" {

void sanku_distinct_begin(Frame* frame, void* accumulator) {
  Scratch& scratch = *frame->scratch;
  if (scratch.distinct_used == scratch.distinct.size())
    scratch.distinct.emplace_back();
  DistinctValues& values = scratch.distinct[scratch.distinct_used++];
  values = {};
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
  const DistinctValue value{low, high, std::string(text == nullptr ? "" : text, size)};
  values.possible.insert(value);
  if (keep == Tri::yes)
    values.sure.insert(value);
}

void sanku_distinct_end(Frame* frame, const void* accumulator, void* out) {
  const DistinctValues& values = **static_cast<DistinctValues* const*>(accumulator);
  const auto sure = static_cast<std::int64_t>(values.sure.size());
  const auto possible = static_cast<std::int64_t>(values.possible.size());
  *static_cast<Maybe<Count>*>(out) = {Count{.low = sure == 0 && values.some ? 1 : sure,
                                            .high = values.unlimited
                                                        ? std::numeric_limits<std::int64_t>::max()
                                                        : possible + values.unknown},
                                      true};
  --frame->scratch->distinct_used;
}

} // extern "C"
