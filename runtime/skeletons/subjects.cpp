// The outermost loops: over the subjects that the index or a full scan proposes, over groups of
// them, and over settlements for the header masks. The condition of a rule is a hook; nothing here
// knows a rule. Bitcode only.
#include "runtime/abi/hooks.h"

using namespace sanku; // NOLINT(google-build-using-namespace): C entry points of this project only
using namespace sanku::abi; // NOLINT(google-build-using-namespace): likewise

namespace {

void bind(Frame* frame, std::uint32_t binder, std::uint32_t row) {
  frame->bound[binder] = Bound{row, false, false, 0, 0, false};
}

void tally(Frame* frame, Outcome outcome, Tally* counts) {
  counts->fired += outcome == Outcome::fired;
  counts->clear += outcome == Outcome::clear;
  counts->not_applicable += outcome == Outcome::not_applicable;
  if (outcome != Outcome::indeterminate)
    return;
  ++counts->indeterminate;
  sanku_sink_indeterminate(frame);
}

} // namespace

extern "C" {

// Subjects that are elements, or settlements (element = the settlement's row).
void sanku_run_subjects(Frame* frame, const Candidate* candidates, std::uint64_t count,
                        Tally* counts) {
  for (std::uint64_t i = 0; i < count; ++i) {
    frame->settlement = candidates[i].settlement;
    bind(frame, 0, candidates[i].settlement);
    bind(frame, 1, candidates[i].element);
    tally(frame, sanku_hook_subject(frame), counts);
  }
}

// Subjects that are groups: candidates of one settlement stand together.
void sanku_run_groups(Frame* frame, const Candidate* candidates, std::uint64_t count, Tally* counts,
                      std::uint32_t relation) {
  std::uint64_t begin = 0;
  while (begin < count) {
    std::uint64_t end = begin + 1;
    while (end < count && candidates[end].settlement == candidates[begin].settlement)
      ++end;
    frame->settlement = candidates[begin].settlement;
    bind(frame, 0, candidates[begin].settlement);
    sanku_each_group(frame, candidates + begin, end - begin, relation, sanku_hook_hash,
                     sanku_hook_same, sanku_hook_subject, counts);
    begin = end;
  }
}

// Likewise where an element enters a group for each row of a table.
void sanku_run_groups_entering(Frame* frame, const Candidate* candidates, std::uint64_t count,
                               Tally* counts, std::uint32_t relation) {
  std::uint64_t begin = 0;
  while (begin < count) {
    std::uint64_t end = begin + 1;
    while (end < count && candidates[end].settlement == candidates[begin].settlement)
      ++end;
    frame->settlement = candidates[begin].settlement;
    bind(frame, 0, candidates[begin].settlement);
    sanku_each_group_entering(frame, candidates + begin, end - begin, relation, sanku_hook_enter,
                              sanku_hook_hash, sanku_hook_entered, sanku_hook_subject, counts);
    begin = end;
  }
}

// Sets `bit` in the mask of every settlement whose header leaves the rule a chance with the row
// bound to `binder`.
void sanku_run_masks(Frame* frame, std::uint32_t settlements, std::uint32_t binder,
                     std::uint32_t row, std::uint64_t bit, std::uint64_t* masks) {
  bind(frame, binder, row);
  for (std::uint32_t settlement = 0; settlement < settlements; ++settlement) {
    frame->settlement = settlement;
    bind(frame, 0, settlement);
    if (sanku_hook_probe(frame))
      masks[settlement] |= bit;
  }
}

// Identity of key values: unknown equals unknown.
#define KEY(NAME, TYPE, FIELD)                                                                     \
  std::uint64_t sanku_key_hash_##NAME(std::uint64_t hash, const void* value, bool* complete) {     \
    const auto& key = *static_cast<const Maybe<TYPE>*>(value);                                     \
    *complete = *complete && key.known;                                                            \
    const auto part = key.known ? static_cast<std::uint64_t>(key.value.FIELD) : ~std::uint64_t{0}; \
    return (hash ^ part) * 0x9E3779B97F4A7C15u;                                                    \
  }                                                                                                \
  bool sanku_key_same_##NAME(const void* left, const void* right) {                                \
    const auto& a = *static_cast<const Maybe<TYPE>*>(left);                                        \
    const auto& b = *static_cast<const Maybe<TYPE>*>(right);                                       \
    return a.known == b.known && a.value.FIELD == b.value.FIELD;                                   \
  }                                                                                                \
  bool sanku_key_known_##NAME(const void* value) {                                                 \
    return static_cast<const Maybe<TYPE>*>(value)->known;                                          \
  }
KEY(bool, Bool, value)
KEY(integer, Integer, value)
KEY(date, Date, days)
KEY(code, Code, id)
KEY(enum, Enum, id)
KEY(datetime, DateTime, seconds)
KEY(decimal, Decimal, units)
#undef KEY

std::uint64_t sanku_key_hash_text(std::uint64_t hash, const void* value, bool* complete) {
  const auto& key = *static_cast<const Maybe<Text>*>(value);
  *complete = *complete && key.known;
  hash ^= key.known ? key.value.size : ~std::uint64_t{0};
  for (std::uint64_t i = 0; i < key.value.size; ++i)
    hash = (hash ^ static_cast<unsigned char>(key.value.data[i])) * 0x100000001B3u;
  return hash * 0x9E3779B97F4A7C15u;
}
bool sanku_key_same_text(const void* left, const void* right) {
  const auto& a = *static_cast<const Maybe<Text>*>(left);
  const auto& b = *static_cast<const Maybe<Text>*>(right);
  if (a.known != b.known || a.value.size != b.value.size)
    return false;
  for (std::uint64_t i = 0; i < a.value.size; ++i)
    if (a.value.data[i] != b.value.data[i])
      return false;
  return true;
}
bool sanku_key_known_text(const void* value) {
  return static_cast<const Maybe<Text>*>(value)->known;
}

} // extern "C"
