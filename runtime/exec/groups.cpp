// Groups of one settlement's candidates, and the choice of the match that speaks. Candidates are
// hashed by their keys; equal hashes are told apart by the keys themselves; a group's elements come
// in canonical order.
#include "runtime/exec/worker.h"

#include <algorithm>

using namespace sanku;      // NOLINT(check): C entry points of this project only
using namespace sanku::abi; // NOLINT(check): likewise

namespace {

void tally(Frame* frame, Outcome outcome, Tally* counts) {
  counts->fired += outcome == Outcome::fired ? 1 : 0;
  counts->clear += outcome == Outcome::clear ? 1 : 0;
  counts->not_applicable += outcome == Outcome::not_applicable ? 1 : 0;
  if (outcome != Outcome::indeterminate)
    return;
  ++counts->indeterminate;
  sanku_sink_indeterminate(frame);
}

void bind_row(Frame* frame, std::uint32_t binder, std::uint32_t row) {
  frame->bound[binder] = Bound{row, false, false, 0, 0, false};
}

// Puts the entries of one hash together where `same` says so, an element once, in canonical order.
template <class Same>
void decide_groups(Frame* frame, std::uint32_t relation, bool entering, const Same& same,
                   Outcome (*decide)(Frame*), Tally* counts) {
  Scratch& scratch = *frame->scratch;
  const std::uint32_t* order = frame->relations[relation].order;
  std::ranges::sort(scratch.entries, [&](const GroupEntry& a, const GroupEntry& b) {
    if (a.hash != b.hash)
      return a.hash < b.hash;
    if (order[a.row] != order[b.row])
      return order[a.row] < order[b.row];
    return a.row != b.row ? a.row < b.row : a.entered < b.entered;
  });
  for (std::size_t first = 0; first < scratch.entries.size(); ++first) {
    if (scratch.entries[first].taken)
      continue;
    const GroupEntry leader = scratch.entries[first];
    scratch.group.clear();
    for (std::size_t i = first;
         i < scratch.entries.size() && scratch.entries[i].hash == leader.hash; ++i) {
      if (scratch.entries[i].taken || (i != first && !same(leader, scratch.entries[i])))
        continue;
      scratch.entries[i].taken = true;
      if (scratch.group.empty() || scratch.group.back() != scratch.entries[i].row)
        scratch.group.push_back(scratch.entries[i].row);
    }
    frame->group = scratch.group.data();
    frame->group_size = static_cast<std::uint32_t>(scratch.group.size());
    frame->group_complete = leader.complete;
    bind_row(frame, 1, leader.row);
    // The group's keys are asked again where they are shown: of its first element, by its row.
    if (entering)
      bind_row(frame, scratch.entering_binder, leader.entered);
    tally(frame, decide(frame), counts);
  }
  frame->group = nullptr;
  frame->group_size = 0;
  frame->group_complete = true;
}

} // namespace

extern "C" {

void sanku_each_group(Frame* frame, const Candidate* candidates, std::uint64_t count,
                      std::uint32_t relation, std::uint64_t (*hash)(Frame*, bool*),
                      bool (*same)(Frame*, std::uint32_t, std::uint32_t), Outcome (*decide)(Frame*),
                      Tally* counts) {
  Scratch& scratch = *frame->scratch;
  scratch.entries.clear();
  for (std::uint64_t i = 0; i < count; ++i) {
    bind_row(frame, 1, candidates[i].element);
    bool complete = true;
    const std::uint64_t value = hash(frame, &complete);
    scratch.entries.push_back({value, candidates[i].element, unknown_row, complete, false});
  }
  decide_groups(
      frame, relation, false,
      [&](const GroupEntry& a, const GroupEntry& b) { return same(frame, a.row, b.row); }, decide,
      counts);
}

// One more row by which the present element enters a group.
void sanku_group_enter(Frame* frame, std::uint32_t binder) {
  frame->scratch->entering_binder = binder;
  frame->scratch->entering.push_back(frame->bound[binder].index);
}

void sanku_each_group_entering(Frame* frame, const Candidate* candidates, std::uint64_t count,
                               std::uint32_t relation, void (*enter)(Frame*),
                               std::uint64_t (*hash)(Frame*, bool*),
                               bool (*same)(Frame*, std::uint32_t, std::uint32_t, std::uint32_t,
                                            std::uint32_t),
                               Outcome (*decide)(Frame*), Tally* counts) {
  Scratch& scratch = *frame->scratch;
  scratch.entries.clear();
  for (std::uint64_t i = 0; i < count; ++i) {
    bind_row(frame, 1, candidates[i].element);
    scratch.entering.clear();
    enter(frame);
    for (const std::uint32_t row : scratch.entering) {
      bind_row(frame, scratch.entering_binder, row);
      bool complete = true;
      const std::uint64_t value = hash(frame, &complete);
      scratch.entries.push_back({value, candidates[i].element, row, complete, false});
    }
  }
  decide_groups(
      frame, relation, true,
      [&](const GroupEntry& a, const GroupEntry& b) {
        return same(frame, a.row, a.entered, b.row, b.entered);
      },
      decide, counts);
}

void sanku_best_begin(Frame* frame) {
  Scratch& scratch = *frame->scratch;
  if (scratch.best_used == scratch.best.size())
    scratch.best.emplace_back();
  BestMatch& best = scratch.best[scratch.best_used++];
  best.any = best.known = false;
  best.amount = best.offered = 0;
  best.offered_lines = 0;
  best.offered_known = true;
}

void sanku_best_line(Frame* frame, const void* amount) {
  BestMatch& best = frame->scratch->best[frame->scratch->best_used - 1];
  const auto& cents = *static_cast<const Maybe<Decimal>*>(amount);
  ++best.offered_lines;
  best.offered_known = best.offered_known && cents.known;
  best.offered += cents.value.units;
}

// Largest amount speaks; not computed ranks lowest; of equals the first.
void sanku_best_offer(Frame* frame) {
  BestMatch& best = frame->scratch->best[frame->scratch->best_used - 1];
  const bool known = best.offered_known && best.offered_lines > 0;
  const bool better = !best.any || (known && (!best.known || best.offered > best.amount));
  if (better) {
    best.any = true;
    best.known = known;
    best.amount = best.offered;
    best.bound.assign(frame->bound, frame->bound + frame->binders);
  }
  best.offered = 0;
  best.offered_lines = 0;
  best.offered_known = true;
}

void sanku_best_take(Frame* frame) {
  BestMatch& best = frame->scratch->best[--frame->scratch->best_used];
  if (best.any)
    std::ranges::copy(best.bound, frame->bound);
}

} // extern "C"
