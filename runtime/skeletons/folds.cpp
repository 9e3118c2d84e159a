// Folds as three steps each: init, step, done. `keep` is whether the element belongs to the query;
// `value` what the fold takes of it; `uncertain` that the element itself is unknown, so that there
// may be any number of them. Semantics: the language reference, "Folds"; the evaluator has its own
// code for the same. Bitcode only.
#include "runtime/abi/hooks.h"
#include "runtime/types/candidates.h"

using namespace sanku; // NOLINT(google-build-using-namespace): C entry points of this project only
using namespace sanku::abi; // NOLINT(google-build-using-namespace): likewise

namespace {

constexpr std::int64_t unbounded = 0x7fffffffffffffff;

const Maybe<Bool>& truth(const void* value) { return *static_cast<const Maybe<Bool>*>(value); }
bool surely(const Maybe<Bool>& value) { return value.known && value.value.value; }
bool never(const Maybe<Bool>& value) { return value.known && !value.value.value; }

// sum, min, max share one accumulator: the value so far, how often the sum has wrapped around
// (exactly, so that the answer does not depend on the order), whether any element counted, whether
// something unknown did.
template <class T> struct Running {
  T value;
  std::int64_t wraps;
  bool any;
  bool unknown;
};

// A sum begins with nothing, so its first element needs no case of its own.
template <bool FromZero, class T, class Combine>
bool run(void* accumulator, const void* keep, const void* value, Combine combine) {
  auto& running = *static_cast<Running<T>*>(accumulator);
  const Maybe<Bool>& kept = truth(keep);
  if (never(kept))
    return false;
  const auto& taken = *static_cast<const Maybe<T>*>(value);
  if (!surely(kept) || !taken.known) {
    running.unknown = true;
    return true;
  }
  if (FromZero || running.any)
    combine(running, taken.value);
  else
    running.value = taken.value;
  running.any = true;
  return false;
}

template <class T> void settle_running(const void* accumulator, void* out, bool empty_is_known) {
  const auto& running = *static_cast<const Running<T>*>(accumulator);
  const bool known = !running.unknown && running.wraps == 0 && (running.any || empty_is_known);
  *static_cast<Maybe<T>*>(out) = known ? Maybe<T>{running.value, true} : Maybe<T>{T{}, false};
}

template <class T> void init_running(void* accumulator) {
  *static_cast<Running<T>*>(accumulator) = Running<T>{};
}

bool less(Integer a, Integer b) { return a.value < b.value; }
bool less(Decimal a, Decimal b) { return a.units < b.units; }
bool less(Date a, Date b) { return a.days < b.days; }
bool less(DateTime a, DateTime b) { return a.seconds < b.seconds; }

void add_to(Running<Integer>& sum, Integer part) {
  if (__builtin_add_overflow(sum.value.value, part.value, &sum.value.value))
    sum.wraps += part.value > 0 ? 1 : -1;
}
void add_to(Running<Decimal>& sum, Decimal part) {
  if (__builtin_add_overflow(sum.value.units, part.units, &sum.value.units))
    sum.wraps += part.units > 0 ? 1 : -1;
}
// Fewer than 2^63 numbers of 64 bits never wrap around in 128.
void add_narrow(Running<Decimal>& sum, Decimal part) { sum.value.units += part.units; }
template <class T> void keep_smaller(Running<T>& least, T value) {
  if (less(value, least.value))
    least.value = value;
}
template <class T> void keep_larger(Running<T>& most, T value) {
  if (less(most.value, value))
    most.value = value;
}

void add_distinct(void* accumulator, const void* keep, bool known, bool uncertain, Int128 value,
                  Text text) {
  const Maybe<Bool>& kept = truth(keep);
  const Tri tri = !kept.known ? Tri::unknown : kept.value.value ? Tri::yes : Tri::no;
  sanku_distinct_add(accumulator, static_cast<std::uint8_t>(tri), known, uncertain,
                     static_cast<std::uint64_t>(value), static_cast<std::uint64_t>(value >> 64),
                     text.data, text.size);
}

} // namespace

extern "C" {

void sanku_fold_count_init(void* accumulator) { *static_cast<Count*>(accumulator) = Count{0, 0}; }
bool sanku_fold_count_step(void* accumulator, const void* keep, const void*, bool uncertain) {
  auto& count = *static_cast<Count*>(accumulator);
  const Maybe<Bool>& kept = truth(keep);
  if (never(kept))
    return false;
  if (surely(kept)) {
    ++count.low;
    if (count.high != unbounded)
      ++count.high;
    return false;
  }
  if (uncertain) {
    count.high = unbounded;
  } else if (count.high != unbounded) {
    ++count.high;
  }
  return false;
}
void sanku_fold_count_done(const void* accumulator, void* out) {
  *static_cast<Maybe<Count>*>(out) = {*static_cast<const Count*>(accumulator), true};
}

// any: Kleene's or. none is its negation.
void sanku_fold_any_init(void* accumulator) {
  *static_cast<Maybe<Bool>*>(accumulator) = {Bool{false}, true};
}
bool sanku_fold_any_step(void* accumulator, const void* keep, const void*, bool) {
  auto& result = *static_cast<Maybe<Bool>*>(accumulator);
  const Maybe<Bool>& kept = truth(keep);
  if (surely(kept))
    result = {Bool{true}, true};
  if (!kept.known)
    result = {Bool{false}, false};
  return surely(kept);
}
void sanku_fold_any_done(const void* accumulator, void* out) {
  *static_cast<Maybe<Bool>*>(out) = *static_cast<const Maybe<Bool>*>(accumulator);
}
void sanku_fold_none_init(void* accumulator) { sanku_fold_any_init(accumulator); }
bool sanku_fold_none_step(void* accumulator, const void* keep, const void* value, bool uncertain) {
  return sanku_fold_any_step(accumulator, keep, value, uncertain);
}
void sanku_fold_none_done(const void* accumulator, void* out) {
  const auto& any = *static_cast<const Maybe<Bool>*>(accumulator);
  *static_cast<Maybe<Bool>*>(out) = {Bool{any.known && !any.value.value}, any.known};
}

// every: Kleene's and of "not kept, or has the value".
void sanku_fold_every_init(void* accumulator) {
  *static_cast<Maybe<Bool>*>(accumulator) = {Bool{true}, true};
}
bool sanku_fold_every_step(void* accumulator, const void* keep, const void* value, bool) {
  auto& result = *static_cast<Maybe<Bool>*>(accumulator);
  const Maybe<Bool>& kept = truth(keep);
  const Maybe<Bool>& has = truth(value);
  if (never(kept) || surely(has))
    return false;
  if (surely(kept) && never(has)) {
    result = {Bool{false}, true};
    return true;
  }
  result = {Bool{false}, false};
  return false;
}
void sanku_fold_every_done(const void* accumulator, void* out) {
  sanku_fold_any_done(accumulator, out);
}

#define RUNNING(KIND, NAME, TYPE, COMBINE, EMPTY)                                                  \
  void sanku_fold_##KIND##_##NAME##_init(void* a) { init_running<TYPE>(a); }                       \
  bool sanku_fold_##KIND##_##NAME##_step(void* a, const void* keep, const void* value, bool) {     \
    return run<EMPTY, TYPE>(a, keep, value, [](Running<TYPE>& x, TYPE y) { COMBINE(x, y); });      \
  }                                                                                                \
  void sanku_fold_##KIND##_##NAME##_done(const void* a, void* out) {                               \
    settle_running<TYPE>(a, out, EMPTY);                                                           \
  }

RUNNING(sum, integer, Integer, add_to, true)
RUNNING(sum, decimal, Decimal, add_to, true)
RUNNING(sum, column, Decimal, add_narrow, true) // of numbers as they stand in a column
RUNNING(min, integer, Integer, keep_smaller, false)
RUNNING(min, decimal, Decimal, keep_smaller, false)
RUNNING(min, date, Date, keep_smaller, false)
RUNNING(min, datetime, DateTime, keep_smaller, false)
RUNNING(max, integer, Integer, keep_larger, false)
RUNNING(max, decimal, Decimal, keep_larger, false)
RUNNING(max, date, Date, keep_larger, false)
RUNNING(max, datetime, DateTime, keep_larger, false)
#undef RUNNING

#define DISTINCT(NAME, TYPE, FIELD)                                                                \
  bool sanku_fold_distinct_##NAME##_step(void* a, const void* keep, const void* value,             \
                                         bool uncertain) {                                         \
    const auto& taken = *static_cast<const Maybe<TYPE>*>(value);                                   \
    add_distinct(a, keep, taken.known, uncertain, static_cast<Int128>(taken.value.FIELD),          \
                 Text{nullptr, 0});                                                                \
    return false;                                                                                  \
  }
DISTINCT(bool, Bool, value)
DISTINCT(integer, Integer, value)
DISTINCT(decimal, Decimal, units)
DISTINCT(date, Date, days)
DISTINCT(datetime, DateTime, seconds)
DISTINCT(span, Span, packed)
DISTINCT(window, Window, packed)
DISTINCT(enum, Enum, id)
#undef DISTINCT
bool sanku_fold_distinct_code_step(void* a, const void* keep, const void* value, bool uncertain) {
  const auto& taken = *static_cast<const Maybe<Code>*>(value);
  add_distinct(a, keep, taken.known && !has_candidates(taken.value), uncertain,
               static_cast<Int128>(taken.value.id), Text{nullptr, 0});
  return false;
}
bool sanku_fold_distinct_text_step(void* a, const void* keep, const void* value, bool uncertain) {
  const auto& taken = *static_cast<const Maybe<Text>*>(value);
  add_distinct(a, keep, taken.known, uncertain, 0, taken.value);
  return false;
}

} // extern "C"
