// Small pieces around lines and binders that generated code puts together, and the list of
// everything that it may call, so that the bitcode has a declaration of each. Bitcode only.
#include "runtime/abi/hooks.h"
#include "runtime/kernels/number.h"

using namespace sanku; // NOLINT(google-build-using-namespace): C entry points of this project only
using namespace sanku::abi; // NOLINT(google-build-using-namespace): likewise

namespace {
constexpr std::int64_t cents_scale = 2;
constexpr Int128 most_cents = 0x7fffffffffffffff;
} // namespace

extern "C" {

void sanku_bind(Bound* env, std::uint32_t binder, std::uint32_t row) { stand(env[binder], row); }
void sanku_copy_bound(Bound* env, std::uint32_t to, std::uint32_t from) {
  env[to].index = env[from].index;
  env[to].part = env[from].part;
}
// Puts `visit` on the visit to which the element that `binder` stands on belongs: one of the
// person's.
void sanku_bind_owner(const Frame* frame, Bound* env, const RelationView* list,
                      std::uint32_t binder, std::uint32_t visit) {
  const std::uint32_t row = env[binder].index;
  std::uint32_t low = env[0].index, high = low + 1;
  if (frame->person_begin != nullptr) {
    high = frame->person_end[low];
    low = frame->person_begin[low];
  }
  while (high - low > 1) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (list->offsets[middle] <= row)
      low = middle;
    else
      high = middle;
  }
  stand(env[visit], low);
}
// Whether the element is one of the visit that is looked at, or the visit is that one.
void sanku_of_visit(const Bound* env, const RelationView* list, std::uint32_t binder, void* out) {
  const std::uint32_t row = env[binder].index, visit = env[0].index;
  const bool own = list->offsets == nullptr
                       ? row == visit
                       : row >= list->offsets[visit] && row < list->offsets[visit + 1];
  const bool known = row != unknown_row;
  *static_cast<Maybe<Bool>*>(out) = {Bool{known && own}, known};
}
// Rows of a list are never the row that stands for none: said, so that conditions need not ask.
void sanku_stands(const Bound* env, std::uint32_t binder) {
  __builtin_assume(env[binder].index != unknown_row);
}
// Puts the binders where firing and callbacks find them.
void sanku_publish(Frame* frame, const Bound* env, std::uint32_t binders) {
  __builtin_memmove(frame->bound, env, binders * sizeof(Bound));
}
Bound* sanku_published(Frame* frame) { return frame->bound; }
void sanku_push_line(Frame* frame, const Bound* env, std::uint32_t buffer, std::uint32_t binder) {
  sanku_lines_push(frame, buffer, env[binder].index, env[binder].part);
}
void sanku_offer_line(Frame* frame, const Bound* env, std::uint32_t buffer, std::uint32_t binder,
                      Tri kept) {
  sanku_lines_offer(frame, buffer, env[binder].index, env[binder].part, kept);
}
void sanku_enter_row(Frame* frame, const Bound* env, std::uint32_t binder) {
  sanku_entering_row(frame, env[binder].index);
}
// Values of lets that loops ask for again and again, kept while a subject is looked at.
void sanku_forget_values(Frame* frame) { frame->kept_values = 0; }
bool sanku_has_value(const Frame* frame, std::uint32_t place) {
  return ((frame->kept_values >> place) & 1u) != 0;
}
void sanku_keep_value(Frame* frame, std::uint32_t place) {
  frame->kept_values |= std::uint64_t{1} << place;
}
Slot* sanku_value_at(const Frame* frame, std::uint32_t place) { return frame->kept + place; }
// Whether a condition would take more steps than the budget.
bool sanku_over_budget(Frame* frame, std::uint32_t number) {
  return frame->weighty && sanku_weigh(frame, number);
}
// Whether groups only add their values to those of their peers.
bool sanku_collecting(const Frame* frame) { return frame->collecting; }
void sanku_unknown(void* out) { *static_cast<Slot*>(out) = Slot{}; }
void sanku_copy_slot(void* out, const void* in) {
  *static_cast<Slot*>(out) = *static_cast<const Slot*>(in);
}

// A computed amount at `scale` becomes cents, rounded once half away from zero, clamped to 0 ..
// `own` where that is known.
void sanku_settle_amount(const void* computed, std::uint32_t scale, const void* own, void* out) {
  const auto& amount = *static_cast<const Maybe<Decimal>*>(computed);
  const auto& limit = *static_cast<const Maybe<Decimal>*>(own);
  Maybe<Decimal> settled{};
  if (amount.known) {
    settled = static_cast<std::int64_t>(scale) >= cents_scale
                  ? Maybe<Decimal>{kernels::round_off(
                                       amount.value,
                                       Integer{static_cast<std::int64_t>(scale) - cents_scale}),
                                   true}
                  : kernels::rescale(amount.value,
                                     Integer{cents_scale - static_cast<std::int64_t>(scale)});
    if (settled.known && limit.known && settled.value.units > limit.value.units)
      settled.value = limit.value;
    if (settled.value.units < 0)
      settled.value.units = 0;
    if (settled.value.units > most_cents)
      settled.known = false; // more than any column of money can hold
    if (!settled.known)
      settled.value.units = 0;
  }
  *static_cast<Maybe<Decimal>*>(out) = settled;
}

// Keeps a declaration of every external in the bitcode; code generation drops the array.
__attribute__((used)) const void* const sanku_externals[] = {
    reinterpret_cast<const void*>(&sanku_lines_acquire),
    reinterpret_cast<const void*>(&sanku_lines_release),
    reinterpret_cast<const void*>(&sanku_lines_push),
    reinterpret_cast<const void*>(&sanku_lines_offer),
    reinterpret_cast<const void*>(&sanku_lines_rank),
    reinterpret_cast<const void*>(&sanku_lines_unsure),
    reinterpret_cast<const void*>(&sanku_lines_size),
    reinterpret_cast<const void*>(&sanku_lines_sort),
    reinterpret_cast<const void*>(&sanku_lines_beyond_quantity),
    reinterpret_cast<const void*>(&sanku_lines_beyond_distinct),
    reinterpret_cast<const void*>(&sanku_entering_row),
    reinterpret_cast<const void*>(&sanku_set_other),
    reinterpret_cast<const void*>(&sanku_score),
    reinterpret_cast<const void*>(&sanku_reasons),
    reinterpret_cast<const void*>(&sanku_peers_begin),
    reinterpret_cast<const void*>(&sanku_peers_key),
    reinterpret_cast<const void*>(&sanku_peers_rank),
    reinterpret_cast<const void*>(&sanku_peers_add_decimal),
    reinterpret_cast<const void*>(&sanku_peers_add_integer),
    reinterpret_cast<const void*>(&sanku_peers_find_decimal),
    reinterpret_cast<const void*>(&sanku_peers_find_integer),
    reinterpret_cast<const void*>(&sanku_distinct_begin),
    reinterpret_cast<const void*>(&sanku_distinct_add),
    reinterpret_cast<const void*>(&sanku_distinct_end),
    reinterpret_cast<const void*>(&sanku_covered_end),
    reinterpret_cast<const void*>(&sanku_best_begin),
    reinterpret_cast<const void*>(&sanku_best_line),
    reinterpret_cast<const void*>(&sanku_best_offer),
    reinterpret_cast<const void*>(&sanku_best_take),
    reinterpret_cast<const void*>(&sanku_candidates_compare),
    reinterpret_cast<const void*>(&sanku_candidates_in),
    reinterpret_cast<const void*>(&sanku_candidates_in_set),
    reinterpret_cast<const void*>(&sanku_candidates_row),
    reinterpret_cast<const void*>(&sanku_sink_begin),
    reinterpret_cast<const void*>(&sanku_sink_trial),
    reinterpret_cast<const void*>(&sanku_sink_row),
    reinterpret_cast<const void*>(&sanku_sink_offending),
    reinterpret_cast<const void*>(&sanku_sink_involved),
    reinterpret_cast<const void*>(&sanku_sink_key),
    reinterpret_cast<const void*>(&sanku_sink_hole),
};

} // extern "C"
