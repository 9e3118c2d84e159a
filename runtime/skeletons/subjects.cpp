// The outermost loops: over the subjects that the index or a full scan proposes, over groups of
// them, and over settlements for the header masks. The condition of a rule is a hook; nothing here
// knows a rule. Bitcode only.
#include "runtime/abi/hooks.h"
#include "runtime/types/candidates.h"

using namespace sanku; // NOLINT(google-build-using-namespace): C entry points of this project only
using namespace sanku::abi; // NOLINT(google-build-using-namespace): likewise

namespace {

// Counted in registers, added to the worker's at the end.
struct Counts {
  std::uint64_t fired = 0, indeterminate = 0, clear = 0, not_applicable = 0;

  void count(Frame* frame, std::uint32_t subject, Outcome outcome) {
    fired += outcome == Outcome::fired;
    clear += outcome == Outcome::clear;
    not_applicable += outcome == Outcome::not_applicable;
    if (outcome != Outcome::indeterminate)
      return;
    ++indeterminate;
    sanku_sink_indeterminate(frame, subject);
  }
  void add_to(Tally* tally) const {
    tally->fired += fired;
    tally->indeterminate += indeterminate;
    tally->clear += clear;
    tally->not_applicable += not_applicable;
  }
};

std::uint64_t end_of_settlement(const Candidate* candidates, std::uint64_t begin,
                                std::uint64_t count) {
  std::uint64_t end = begin + 1;
  while (end < count && candidates[end].settlement == candidates[begin].settlement)
    ++end;
  return end;
}

// More entries than this are sorted by hash first; few are compared each with each.
constexpr std::uint32_t few = 16;

// Whether entry a stands before b in a group: canonical order; what has no time stands last. Rows
// break ties only between interchangeable lines.
bool before(const std::uint32_t* order, const GroupEntry& a, const GroupEntry& b) {
  if (order[a.row] != order[b.row])
    return order[a.row] < order[b.row];
  return a.row != b.row ? a.row < b.row : a.entered < b.entered;
}

// Takes all entries of the first's group out of the entries, into Frame::rows in canonical order,
// an element once; the group's size. `leader` becomes the first of them.
template <class Same>
std::uint32_t collect(Frame* frame, std::uint32_t relation, std::uint32_t first,
                      std::uint32_t count, GroupEntry& leader, const Same& same) {
  const std::uint32_t* order = frame->relations[relation].order;
  GroupEntry* entries = frame->entries;
  std::uint32_t* rows = frame->rows;
  leader = entries[first];
  rows[0] = leader.row;
  std::uint32_t size = 1;
  for (std::uint32_t i = first + 1; i < count; ++i) {
    GroupEntry& entry = entries[i];
    if (count > few && entry.hash != leader.hash)
      break;
    if (entry.taken || entry.hash != leader.hash || !same(entries[first], entry))
      continue;
    entry.taken = true;
    if (before(order, entry, leader))
      leader = entry;
    std::uint32_t at = size;
    while (at > 0 && (order[entry.row] < order[rows[at - 1]] ||
                      (order[entry.row] == order[rows[at - 1]] && entry.row < rows[at - 1])))
      --at;
    if (at > 0 && rows[at - 1] == entry.row)
      continue;
#pragma clang loop vectorize(disable)
    for (std::uint32_t j = size; j > at; --j)
      rows[j] = rows[j - 1];
    rows[at] = entry.row;
    ++size;
  }
  return size;
}

void begin_group(Frame* frame, Bound* env, const GroupEntry& leader, std::uint32_t size) {
  frame->group = frame->rows;
  frame->group_size = size;
  frame->group_complete = leader.complete;
  ++frame->groups;
  stand(env[1], leader.row);
}
void end_groups(Frame* frame) {
  frame->group = nullptr;
  frame->group_size = 0;
  frame->group_complete = true;
}

} // namespace

extern "C" {

// Subjects that are elements, or settlements (element = the settlement's row).
void sanku_run_subjects(Frame* frame, Bound* env, const Candidate* candidates, std::uint64_t count,
                        Tally* tally) {
  Counts counts;
  for (std::uint64_t i = 0; i < count; ++i) {
    frame->settlement = candidates[i].settlement;
    stand(env[0], candidates[i].settlement);
    stand(env[1], candidates[i].element);
    counts.count(frame, candidates[i].element, sanku_hook_subject(frame, env));
  }
  counts.add_to(tally);
}

// Subjects that are groups: candidates of one settlement stand together.
void sanku_run_groups(Frame* frame, Bound* env, const Candidate* candidates, std::uint64_t count,
                      Tally* tally, std::uint32_t relation) {
  Counts counts;
  for (std::uint64_t begin = 0; begin < count;) {
    const std::uint64_t end = end_of_settlement(candidates, begin, count);
    const auto entries = static_cast<std::uint32_t>(end - begin);
    frame->settlement = candidates[begin].settlement;
    stand(env[0], candidates[begin].settlement);
    if (entries > frame->room)
      sanku_group_room(frame, entries);
    for (std::uint32_t i = 0; i < entries; ++i) {
      const std::uint32_t row = candidates[begin + i].element;
      stand(env[1], row);
      bool complete = true;
      const std::uint64_t hash = sanku_hook_hash(frame, env, &complete);
      frame->entries[i] = {hash, row, unknown_row, complete, false};
    }
    if (entries > few)
      sanku_group_sort(frame, relation, entries);
    for (std::uint32_t first = 0; first < entries; ++first) {
      if (frame->entries[first].taken)
        continue;
      GroupEntry leader;
      const std::uint32_t size = collect(frame, relation, first, entries, leader,
                                         [&](const GroupEntry& a, const GroupEntry& b) {
                                           return sanku_hook_same(frame, env, a.row, b.row);
                                         });
      begin_group(frame, env, leader, size);
      counts.count(frame, leader.row, sanku_hook_subject(frame, env));
    }
    begin = end;
  }
  end_groups(frame);
  counts.add_to(tally);
}

// Subjects that are groups of the whole block. An entry's `entered` is its visit.
void sanku_run_population(Frame* frame, Bound* env, const Candidate* candidates,
                          std::uint64_t count, Tally* tally, std::uint32_t relation) {
  Counts counts;
  const auto entries = static_cast<std::uint32_t>(count);
  if (entries > frame->room)
    sanku_group_room(frame, entries);
  for (std::uint32_t i = 0; i < entries; ++i) {
    stand(env[0], candidates[i].settlement);
    stand(env[1], candidates[i].element);
    bool complete = true;
    const std::uint64_t hash = sanku_hook_hash(frame, env, &complete);
    frame->entries[i] = {hash, candidates[i].element, candidates[i].settlement, complete, false};
  }
  if (entries > few)
    sanku_group_sort(frame, relation, entries);
  for (std::uint32_t first = 0; first < entries; ++first) {
    if (frame->entries[first].taken)
      continue;
    GroupEntry leader;
    const std::uint32_t size = collect(
        frame, relation, first, entries, leader, [&](const GroupEntry& a, const GroupEntry& b) {
          return sanku_hook_entered(frame, env, a.row, a.entered, b.row, b.entered);
        });
    begin_group(frame, env, leader, size);
    frame->settlement = leader.entered;
    stand(env[0], leader.entered);
    counts.count(frame, leader.row, sanku_hook_subject(frame, env));
  }
  end_groups(frame);
  counts.add_to(tally);
}

// Likewise where an element enters a group for each row of a table. The group's keys are asked
// again where they are shown: of its first element, by the row of `binder`.
void sanku_run_groups_entering(Frame* frame, Bound* env, const Candidate* candidates,
                               std::uint64_t count, Tally* tally, std::uint32_t relation,
                               std::uint32_t binder) {
  Counts counts;
  for (std::uint64_t begin = 0; begin < count;) {
    const std::uint64_t end = end_of_settlement(candidates, begin, count);
    std::uint32_t entries = 0;
    frame->settlement = candidates[begin].settlement;
    stand(env[0], candidates[begin].settlement);
    for (std::uint64_t i = begin; i < end; ++i) {
      const std::uint32_t row = candidates[i].element;
      stand(env[1], row);
      sanku_entering_begin(frame);
      sanku_hook_enter(frame, env);
      std::uint32_t entered = 0;
      const std::uint32_t* by = sanku_entering_rows(frame, &entered);
      if (entries + entered > frame->room)
        sanku_group_room(frame, entries + entered);
      for (std::uint32_t k = 0; k < entered; ++k) {
        stand(env[1], row);
        stand(env[binder], by[k]);
        bool complete = true;
        const std::uint64_t hash = sanku_hook_hash(frame, env, &complete);
        frame->entries[entries++] = {hash, row, by[k], complete, false};
      }
    }
    if (entries > few)
      sanku_group_sort(frame, relation, entries);
    for (std::uint32_t first = 0; first < entries; ++first) {
      if (frame->entries[first].taken)
        continue;
      GroupEntry leader;
      const std::uint32_t size = collect(
          frame, relation, first, entries, leader, [&](const GroupEntry& a, const GroupEntry& b) {
            return sanku_hook_entered(frame, env, a.row, a.entered, b.row, b.entered);
          });
      begin_group(frame, env, leader, size);
      stand(env[binder], leader.entered);
      counts.count(frame, leader.row, sanku_hook_subject(frame, env));
    }
    begin = end;
  }
  end_groups(frame);
  counts.add_to(tally);
}

// Sets `bit` in the mask of every settlement whose header leaves the rule a chance with the row
// bound to `binder`. Mostly the whole block says what the condition reads of the header, and then
// nothing is asked but the condition itself.
void sanku_run_masks(Frame* frame, Bound* env, std::uint32_t settlements, std::uint32_t row,
                     std::uint64_t bit, std::uint64_t* masks, std::uint32_t binder) {
  stand(env[binder], row);
  if (sanku_hook_header_known(frame, env)) {
    for (std::uint32_t settlement = 0; settlement < settlements; ++settlement) {
      stand(env[0], settlement);
      masks[settlement] |= sanku_hook_probe_known(frame, env) ? bit : 0;
    }
    return;
  }
  for (std::uint32_t settlement = 0; settlement < settlements; ++settlement) {
    frame->settlement = settlement;
    stand(env[0], settlement);
    if (sanku_hook_probe(frame, env))
      masks[settlement] |= bit;
  }
}

bool sanku_key_known_code(const void* value) {
  const auto& code = *static_cast<const Maybe<Code>*>(value);
  return code.known && !has_candidates(code.value);
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
KEY(enum, Enum, id)
KEY(datetime, DateTime, seconds)
KEY(decimal, Decimal, units)
#undef KEY

// Lists are ranked by instants as they stand, so that one without a clock is the first of its day.
bool sanku_key_before_datetime(const void* left, const void* right) {
  const auto& a = *static_cast<const Maybe<DateTime>*>(left);
  const auto& b = *static_cast<const Maybe<DateTime>*>(right);
  return a.known && b.known && a.value.seconds < b.value.seconds;
}

// A value that the schema does not list stands nowhere in an order.
bool sanku_key_listed_enum(const void* value) {
  const auto& key = *static_cast<const Maybe<Enum>*>(value);
  return key.known && key.value.id < first_unlisted;
}

// Which group an element with a code of several candidates belongs to nobody knows.
std::uint64_t sanku_key_hash_code(std::uint64_t hash, const void* value, bool* complete) {
  const bool known = sanku_key_known_code(value);
  *complete = *complete && known;
  const auto part =
      known ? std::uint64_t{static_cast<const Maybe<Code>*>(value)->value.id} : ~std::uint64_t{0};
  return (hash ^ part) * 0x9E3779B97F4A7C15u;
}
bool sanku_key_same_code(const void* left, const void* right) {
  const bool known = sanku_key_known_code(left);
  return known == sanku_key_known_code(right) &&
         (!known || static_cast<const Maybe<Code>*>(left)->value.id ==
                        static_cast<const Maybe<Code>*>(right)->value.id);
}

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
