// The loops of queries: over a child list, a group, the rows of a table, the lines of another
// query. Each sets its binder and calls the body, which is another loop or the step of a fold.
// Where a list or a key is not known, the body runs once with the binder on the unknown row, so
// that every fold sees that something may be there. Bitcode only.
#include "runtime/abi/hooks.h"
#include "runtime/abi/keyed.h"

using namespace sanku; // NOLINT(google-build-using-namespace): C entry points of this project only
using namespace sanku::abi; // NOLINT(google-build-using-namespace): likewise

namespace {

void bind(Frame* frame, std::uint32_t binder, std::uint32_t row) {
  frame->bound[binder] = Bound{row, false, false, 0, 0, false};
}

} // namespace

extern "C" {

bool sanku_loop_list(Frame* frame, void* accumulator, std::uint32_t binder, std::uint32_t relation,
                     bool nonempty) {
  const std::uint32_t* offsets = frame->relations[relation].offsets;
  const std::uint32_t begin = offsets[frame->settlement];
  const std::uint32_t end = offsets[frame->settlement + 1];
  if (nonempty && begin == end) {
    bind(frame, binder, unknown_row);
    return sanku_hook_body(frame, accumulator);
  }
  for (std::uint32_t row = begin; row < end; ++row) {
    bind(frame, binder, row);
    if (sanku_hook_body(frame, accumulator))
      return true;
  }
  return false;
}

// The same in canonical order, where the order can be observed (which match speaks).
bool sanku_loop_list_ordered(Frame* frame, void* accumulator, std::uint32_t binder,
                             std::uint32_t relation, bool nonempty) {
  std::uint32_t count = 0;
  const std::uint32_t* rows = sanku_sorted_rows(frame, relation, &count);
  bool stop = false;
  if (nonempty && count == 0) {
    bind(frame, binder, unknown_row);
    stop = sanku_hook_body(frame, accumulator);
  }
  for (std::uint32_t i = 0; i < count && !stop; ++i) {
    bind(frame, binder, rows[i]);
    stop = sanku_hook_body(frame, accumulator);
  }
  sanku_sorted_release(frame);
  return stop;
}

bool sanku_loop_group(Frame* frame, void* accumulator, std::uint32_t binder) {
  for (std::uint32_t i = 0; i < frame->group_size; ++i) {
    bind(frame, binder, frame->group[i]);
    if (sanku_hook_body(frame, accumulator))
      return true;
  }
  return false;
}

bool sanku_loop_rows(Frame* frame, void* accumulator, std::uint32_t binder, std::uint32_t table) {
  Slot key_slot, at_slot;
  sanku_hook_key(frame, &key_slot, &at_slot);
  const auto& key = *reinterpret_cast<const Maybe<Code>*>(&key_slot);
  const auto& at = *reinterpret_cast<const Maybe<Date>*>(&at_slot);
  const KeyedView& view = frame->keyed[table];
  const bool dated = view.valid_from != nullptr;
  const KeyEntry entry = key.known ? find_key(view, key.value.id) : KeyEntry{0, 0, 0};
  if (!key.known || (dated && entry.count != 0 && !at.known)) {
    bind(frame, binder, unknown_row);
    return sanku_hook_body(frame, accumulator);
  }
  for (std::uint32_t i = 0; i < entry.count; ++i) {
    if (dated && !counts_on(view, view.rows[entry.begin + i], at.value))
      continue;
    bind(frame, binder, view.rows[entry.begin + i]);
    if (sanku_hook_body(frame, accumulator))
      return true;
  }
  return false;
}

// Every row of a table.
bool sanku_loop_table(Frame* frame, void* accumulator, std::uint32_t binder,
                      std::uint32_t relation) {
  const std::uint32_t rows = frame->relations[relation].rows;
  for (std::uint32_t row = 0; row < rows; ++row) {
    bind(frame, binder, row);
    if (sanku_hook_body(frame, accumulator))
      return true;
  }
  return false;
}

// Neighbours in a list; one pair that nobody knows while it is not known which they are.
bool sanku_loop_pairs(Frame* frame, void* accumulator, std::uint32_t binder, std::uint32_t next) {
  const std::uint32_t buffer = sanku_lines_acquire(frame);
  sanku_hook_lines(frame, buffer);
  bool stop = false;
  if (sanku_lines_unsure(frame, buffer)) {
    bind(frame, binder, unknown_row);
    bind(frame, next, unknown_row);
    stop = sanku_hook_body(frame, accumulator);
  } else {
    const std::uint32_t size = sanku_lines_size(frame, buffer);
    for (std::uint32_t i = 0; i + 1 < size && !stop; ++i) {
      sanku_lines_bind(frame, buffer, i, binder);
      sanku_lines_bind(frame, buffer, i + 1, next);
      stop = sanku_hook_body(frame, accumulator);
    }
  }
  sanku_lines_release(frame, buffer);
  return stop;
}

// The value at the first or the last element of a list; unknown of none, and while it is not known
// which that is.
void sanku_pick_line(Frame* frame, std::uint32_t binder, bool last, void* out) {
  const std::uint32_t buffer = sanku_lines_acquire(frame);
  sanku_hook_lines(frame, buffer);
  const std::uint32_t size = sanku_lines_size(frame, buffer);
  *static_cast<Slot*>(out) = Slot{};
  if (size != 0 && !sanku_lines_unsure(frame, buffer)) {
    sanku_lines_bind(frame, buffer, last ? size - 1 : 0, binder);
    sanku_hook_value(frame, out);
  }
  sanku_lines_release(frame, buffer);
}

bool sanku_loop_lines(Frame* frame, void* accumulator, std::uint32_t binder) {
  const std::uint32_t buffer = sanku_lines_acquire(frame);
  sanku_hook_lines(frame, buffer);
  bool stop = false;
  const std::uint32_t size = sanku_lines_size(frame, buffer);
  for (std::uint32_t i = 0; i < size && !stop; ++i) {
    sanku_lines_bind(frame, buffer, i, binder);
    stop = sanku_hook_body(frame, accumulator);
  }
  sanku_lines_release(frame, buffer);
  return stop;
}

} // extern "C"
