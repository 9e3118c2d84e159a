// The loops of queries: over a child list, a group, the rows of a table, the lines of another
// query. Each sets its binder and calls the body, which is another loop or the step of a fold.
// Where a list or a key is not known, the body runs once with the binder on the unknown row, so
// that every fold sees that something may be there. Bitcode only.
#include "runtime/abi/hooks.h"
#include "runtime/abi/keyed.h"
#include "runtime/kernels/time.h"

using namespace sanku; // NOLINT(google-build-using-namespace): C entry points of this project only
using namespace sanku::abi; // NOLINT(google-build-using-namespace): likewise

namespace {

void bind(Bound* env, std::uint32_t binder, std::uint32_t row) { stand(env[binder], row); }
// On a line of a buffer, or the part of it that is meant.
void stand_on(Frame* frame, std::uint32_t buffer, std::uint32_t at, Bound& bound) {
  std::uint32_t index = 0, part = 0;
  sanku_lines_at(frame, buffer, at, &index, &part);
  bound.index = index;
  bound.part = part;
}
void bind_unknown(Bound* env, std::uint32_t binder) { stand(env[binder], unknown_row); }

// `named`: the window is one of names, else a span.
[[maybe_unused]] std::int64_t earliest_in_window(Frame* frame, Bound* env, std::int64_t begin,
                                                 bool named) {
  Slot slot;
  sanku_hook_window(frame, env, &slot);
  if (named) {
    const auto& window = *reinterpret_cast<const Maybe<Window>*>(&slot);
    return window.known ? kernels::earliest_reached(begin, window.value) : kernels::since_always;
  }
  const auto& span = *reinterpret_cast<const Maybe<Span>*>(&slot);
  return span.known ? kernels::earliest_reached(begin, span.value) : kernels::since_always;
}

// Whether all elements are to be gone through, since they are few or nobody knows the value that
// they are to have; else the rows of those that perhaps have it.
bool all_of(Frame* frame, const Bound* env, std::uint32_t count, const SameValue& ask,
            std::uint32_t by, SameRows& same) {
  return count < frame->few || env[by].index == unknown_row ||
         !sanku_same_rows(frame, env[0].index, &ask, env[by].index, &same);
}
bool over_rows(Frame* frame, Bound* env, void* accumulator, std::uint32_t binder,
               const SameRows& rows) {
  for (std::uint32_t i = 0; i < rows.with_count + rows.without_count; ++i) {
    bind(env, binder, i < rows.with_count ? rows.with[i] : rows.without[i - rows.with_count]);
    if (sanku_hook_body(frame, env, accumulator))
      return true;
  }
  return false;
}

bool has_row(const KeyedView& view, const KeyEntry& entry, std::uint32_t row) {
  for (std::uint32_t i = 0; i < entry.count; ++i)
    if (row_at(view, entry, i) == row)
      return true;
  return false;
}

} // namespace

extern "C" {

bool sanku_loop_list(Frame* frame, Bound* env, void* accumulator, std::uint32_t binder,
                     const RelationView* list, bool nonempty, std::uint32_t owner) {
  const std::uint32_t settlement = env[owner].index;
  if (owner != 0 && settlement == unknown_row) {
    bind_unknown(env, binder);
    return sanku_hook_absent(frame, env, accumulator);
  }
  const std::uint32_t begin = list->offsets[settlement];
  const std::uint32_t end = list->offsets[settlement + 1];
  if (nonempty && begin == end) {
    bind_unknown(env, binder);
    return sanku_hook_absent(frame, env, accumulator);
  }
  for (std::uint32_t row = begin; row < end; ++row) {
    bind(env, binder, row);
    if (sanku_hook_body(frame, env, accumulator))
      return true;
  }
  return false;
}

// A list of the visit of which the body keeps only elements with the value that another has: those
// that surely have a different one are passed over.
bool sanku_loop_list_same(Frame* frame, Bound* env, void* accumulator, std::uint32_t binder,
                          const RelationView* list, bool nonempty, std::uint32_t relation,
                          std::uint32_t column, std::uint32_t by, std::uint32_t by_relation,
                          std::uint32_t by_column) {
  const std::uint32_t begin = list->offsets[env[0].index];
  const std::uint32_t end = list->offsets[env[0].index + 1];
  if (nonempty && begin == end) {
    bind_unknown(env, binder);
    return sanku_hook_absent(frame, env, accumulator);
  }
  SameRows same;
  if (!all_of(frame, env, end - begin, {relation, column, by_relation, by_column, false}, by, same))
    return over_rows(frame, env, accumulator, binder, same);
  for (std::uint32_t row = begin; row < end; ++row) {
    bind(env, binder, row);
    if (sanku_hook_body(frame, env, accumulator))
      return true;
  }
  return false;
}

// The same in canonical order, where the order can be observed (which match speaks).
bool sanku_loop_list_ordered(Frame* frame, Bound* env, void* accumulator, std::uint32_t binder,
                             std::uint32_t relation, bool nonempty, std::uint32_t owner) {
  if (owner != 0 && env[owner].index == unknown_row) {
    bind_unknown(env, binder);
    return sanku_hook_absent(frame, env, accumulator);
  }
  std::uint32_t count = 0;
  const std::uint32_t* rows = sanku_sorted_rows(frame, relation, env[owner].index, &count);
  bool stop = false;
  if (nonempty && count == 0) {
    bind_unknown(env, binder);
    stop = sanku_hook_absent(frame, env, accumulator);
  }
  for (std::uint32_t i = 0; i < count && !stop; ++i) {
    bind(env, binder, rows[i]);
    stop = sanku_hook_body(frame, env, accumulator);
  }
  sanku_sorted_release(frame);
  return stop;
}

// The person's visits in time order, and one that nobody knows unless all of them are known. Where
// they look back, those that surely lie outside of the window are passed over: what began on a
// later day than this visit, with all behind it, and what ended before the window's first day. The
// body decides exactly.
bool sanku_loop_visits(Frame* frame, Bound* env, void* accumulator, std::uint32_t binder, bool back,
                       bool named) {
  const std::uint32_t settlement = env[0].index;
  const bool persons = frame->person_begin != nullptr;
  const std::uint32_t begin = persons ? frame->person_begin[settlement] : settlement;
  const std::uint32_t end = persons ? frame->person_end[settlement] : settlement + 1;
  std::int64_t latest = INT64_MAX, earliest = kernels::since_always;
  if (back && persons && frame->first_day[settlement] != INT32_MIN) {
    latest = frame->first_day[settlement];
    earliest = earliest_in_window(frame, env, latest, named);
  }
  for (std::uint32_t visit = begin; visit < end; ++visit) {
    if (persons && frame->first_day[visit] > latest)
      break;
    if (persons && frame->last_day[visit] < earliest && visit != settlement)
      continue;
    bind(env, binder, visit);
    if (sanku_hook_body(frame, env, accumulator))
      return true;
  }
  Slot slot;
  sanku_hook_value(frame, env, &slot);
  const auto& complete = *reinterpret_cast<const Maybe<Bool>*>(&slot);
  if (complete.known && complete.value.value)
    return false;
  bind_unknown(env, binder);
  return sanku_hook_absent(frame, env, accumulator);
}

bool sanku_loop_group(Frame* frame, Bound* env, void* accumulator, std::uint32_t binder) {
  for (std::uint32_t i = 0; i < frame->group_size; ++i) {
    bind(env, binder, frame->group[i]);
    if (sanku_hook_body(frame, env, accumulator))
      return true;
  }
  return false;
}

// Of which the body keeps only elements with the value that another has.
bool sanku_loop_group_same(Frame* frame, Bound* env, void* accumulator, std::uint32_t binder,
                           std::uint32_t relation, std::uint32_t column, std::uint32_t by,
                           std::uint32_t by_relation, std::uint32_t by_column) {
  SameRows same;
  if (all_of(frame, env, frame->group_size, {relation, column, by_relation, by_column, true}, by,
             same))
    same = {frame->group, nullptr, frame->group_size, 0};
  return over_rows(frame, env, accumulator, binder, same);
}

bool sanku_loop_rows(Frame* frame, Bound* env, void* accumulator, std::uint32_t binder,
                     const KeyedView* table) {
  Slot key_slot, at_slot;
  sanku_hook_key(frame, env, &key_slot, &at_slot);
  const auto& key = *reinterpret_cast<const KeyIds*>(&key_slot);
  const KeyedView& view = *table;
  const bool dated = view.valid_from != nullptr;
  const When when = dated ? when_of(view, &at_slot) : When{};
  std::uint32_t id = key.first;
  KeyEntry before{0, 0, 0}; // of a code of two parts: what its first has found
  for (std::uint32_t next = key.known ? key.second : 0;; id = next, next = 0) {
    KeyEntry entry = key.known ? find_key(view, id) : KeyEntry{0, 0, 0};
    if (!key.known || (dated && unknown_at(view, entry, when)) ||
        (view.zoned && next != 0 && unknown_at(view, find_key(view, next), when))) {
      bind_unknown(env, binder);
      return sanku_hook_absent(frame, env, accumulator);
    }
    if (view.falls_back && entry.count != 0)
      entry = find_on(view, id, when.moment);
    for (std::uint32_t i = 0; i < entry.count; ++i) {
      const std::uint32_t row = row_at(view, entry, i);
      if ((dated && !counts_on(view, row, when.moment)) || has_row(view, before, row))
        continue;
      bind(env, binder, row);
      if (sanku_hook_body(frame, env, accumulator))
        return true;
    }
    if (next == 0)
      return false;
    before = entry;
  }
}

// The same of a table without dates or keys of two parts.
bool sanku_loop_rows_plain(Frame* frame, Bound* env, void* accumulator, std::uint32_t binder,
                           const KeyedView* table) {
  Slot key_slot, at_slot;
  sanku_hook_key(frame, env, &key_slot, &at_slot);
  const auto& key = *reinterpret_cast<const KeyIds*>(&key_slot);
  if (!key.known) {
    bind_unknown(env, binder);
    return sanku_hook_absent(frame, env, accumulator);
  }
  const KeyEntry entry = find_key(*table, key.first);
  for (std::uint32_t i = 0; i < entry.count; ++i) {
    bind(env, binder, row_at(*table, entry, i));
    if (sanku_hook_body(frame, env, accumulator))
      return true;
  }
  return false;
}

// Every row of a table.
bool sanku_loop_table(Frame* frame, Bound* env, void* accumulator, std::uint32_t binder,
                      const RelationView* table) {
  const std::uint32_t rows = table->rows;
  for (std::uint32_t row = 0; row < rows; ++row) {
    bind(env, binder, row);
    if (sanku_hook_body(frame, env, accumulator))
      return true;
  }
  return false;
}

// Neighbours in a list; one pair that nobody knows while it is not known which they are.
bool sanku_loop_pairs(Frame* frame, Bound* env, void* accumulator, std::uint32_t binder,
                      std::uint32_t next) {
  const std::uint32_t buffer = sanku_lines_acquire(frame);
  sanku_hook_lines(frame, env, buffer);
  bool stop = false;
  if (sanku_lines_unsure(frame, buffer)) {
    bind_unknown(env, binder);
    bind_unknown(env, next);
    stop = sanku_hook_absent(frame, env, accumulator);
  } else {
    const std::uint32_t size = sanku_lines_size(frame, buffer);
    for (std::uint32_t i = 0; i + 1 < size && !stop; ++i) {
      stand_on(frame, buffer, i, env[binder]);
      stand_on(frame, buffer, i + 1, env[next]);
      stop = sanku_hook_body(frame, env, accumulator);
    }
  }
  sanku_lines_release(frame, buffer);
  return stop;
}

// The value at the first or the last element of a list; unknown of none, and while it is not known
// which that is.
void sanku_pick_line(Frame* frame, Bound* env, std::uint32_t binder, bool last, void* out) {
  const std::uint32_t buffer = sanku_lines_acquire(frame);
  sanku_hook_lines(frame, env, buffer);
  const std::uint32_t size = sanku_lines_size(frame, buffer);
  *static_cast<Slot*>(out) = Slot{};
  if (size != 0 && !sanku_lines_unsure(frame, buffer)) {
    stand_on(frame, buffer, last ? size - 1 : 0, env[binder]);
    sanku_hook_value(frame, env, out);
  }
  sanku_lines_release(frame, buffer);
}

// The lines behind `beyond first`, and one more that nobody knows while there may be one.
bool sanku_loop_parts(Frame* frame, Bound* env, void* accumulator, std::uint32_t binder) {
  const std::uint32_t buffer = sanku_lines_acquire(frame);
  sanku_hook_lines(frame, env, buffer);
  bool stop = false;
  const std::uint32_t size = sanku_lines_size(frame, buffer);
  for (std::uint32_t i = 0; i < size && !stop; ++i) {
    stand_on(frame, buffer, i, env[binder]);
    stop = sanku_hook_body(frame, env, accumulator);
  }
  if (!stop && sanku_lines_unsure(frame, buffer)) {
    bind_unknown(env, binder);
    stop = sanku_hook_absent(frame, env, accumulator);
  }
  sanku_lines_release(frame, buffer);
  return stop;
}

bool sanku_loop_lines(Frame* frame, Bound* env, void* accumulator, std::uint32_t binder) {
  const std::uint32_t buffer = sanku_lines_acquire(frame);
  sanku_hook_lines(frame, env, buffer);
  bool stop = false;
  const std::uint32_t size = sanku_lines_size(frame, buffer);
  for (std::uint32_t i = 0; i < size && !stop; ++i) {
    stand_on(frame, buffer, i, env[binder]);
    stop = sanku_hook_body(frame, env, accumulator);
  }
  sanku_lines_release(frame, buffer);
  return stop;
}

} // extern "C"
