// What sets, grouping and the choice of the match that speaks need memory for. The grouping itself
// is in runtime/skeletons/subjects.cpp.
#include "runtime/exec/worker.h"

#include <algorithm>
#include <bit>
#include <span>
#include <vector>

namespace sanku::exec {
namespace {

// By key, in a group by the canonical order of its elements.
struct EntryOrder {
  const std::uint32_t* order;

  bool operator()(const abi::GroupEntry& a, const abi::GroupEntry& b) const {
    if (a.hash != b.hash)
      return a.hash < b.hash;
    if (order[a.row] != order[b.row])
      return order[a.row] < order[b.row];
    return a.row != b.row ? a.row < b.row : a.entered < b.entered;
  }
};

// Those of one key into their places: counted by rank, since the rows of each rank come in order.
// False: they do not, or ranks are far more than entries.
bool count_ranks(std::span<const abi::GroupEntry> entries, std::uint64_t hash,
                 const EntryOrder& before, std::span<abi::GroupEntry> out) {
  constexpr std::size_t most_ranks = 8; // an entry
  std::vector<std::uint32_t> ends(2);   // by rank; the last but one is of those without
  for (const abi::GroupEntry& entry : entries) {
    const std::uint32_t rank = before.order[entry.row];
    if (entry.hash != hash || rank == abi::no_rank)
      continue;
    if (rank / most_ranks > out.size())
      return false;
    ends.resize(std::max(ends.size(), rank + std::size_t{3}));
  }
  const auto place = [&](const abi::GroupEntry& entry) {
    return std::min<std::size_t>(before.order[entry.row], ends.size() - 2);
  };
  for (const abi::GroupEntry& entry : entries)
    if (entry.hash == hash)
      ++ends[place(entry) + 1];
  for (std::size_t i = 1; i < ends.size(); ++i)
    ends[i] += ends[i - 1];
  for (const abi::GroupEntry& entry : entries)
    if (entry.hash == hash)
      out[ends[place(entry)]++] = entry;
  return std::ranges::is_sorted(out, before);
}

// A bucket of many has one key that many have, above all that of the elements that lack one, and
// some beside it.
void sort_bucket(std::span<const abi::GroupEntry> entries, const EntryOrder& before,
                 abi::GroupEntry* out) {
  constexpr std::size_t many = 64;
  if (entries.size() < many) {
    std::ranges::copy(entries, out);
    return std::sort(out, out + entries.size(), before);
  }
  const std::uint64_t hash = entries[entries.size() / 2].hash;
  abi::GroupEntry *low = out, *const end = out + entries.size(), *high = end;
  for (const abi::GroupEntry& entry : entries)
    if (entry.hash < hash)
      *low++ = entry;
    else if (entry.hash > hash)
      *--high = entry;
  std::sort(out, low, before);
  std::sort(high, end, before);
  if (count_ranks(entries, hash, before, {low, high}))
    return;
  std::ranges::copy_if(entries, low, [&](const auto& entry) { return entry.hash == hash; });
  std::sort(low, high, before);
}

} // namespace
} // namespace sanku::exec

using namespace sanku;      // NOLINT(check): C entry points of this project only
using namespace sanku::abi; // NOLINT(check): likewise

extern "C" {

bool sanku_set_other(Frame* frame, std::uint32_t use, std::uint32_t code, std::uint32_t set) {
  exec::Worker& worker = *frame->sink->worker;
  const std::uint32_t number = frame->sets[use].sets;
  const exec::CodeSets& sets = worker.program.sets.sets[number];
  exec::OtherMembers& members = worker.members[number];
  std::uint32_t& place = members.of_block[code - frame->sets[use].codes];
  if (place == no_set) {
    const Text text = frame->codes[sets.dictionary].overflow[code - frame->sets[use].codes];
    const auto [at, is_new] =
        members.places.try_emplace(std::string(text.data, text.size),
                                   static_cast<std::uint32_t>(members.rows.size() / sets.words));
    if (is_new) {
      members.rows.resize(members.rows.size() + sets.words);
      exec::member_row(sets, at->first, members.rows.data() + members.rows.size() - sets.words);
    }
    place = at->second;
  }
  return ((members.rows[std::size_t{place} * sets.words + set / 64] >> (set % 64)) & 1) != 0;
}

void sanku_group_room(Frame* frame, std::uint32_t count) {
  Scratch& scratch = *frame->scratch;
  scratch.entries.resize(std::max<std::size_t>(64, std::size_t{count} * 2));
  scratch.group.resize(scratch.entries.size());
  frame->entries = scratch.entries.data();
  frame->rows = scratch.group.data();
  frame->room = static_cast<std::uint32_t>(scratch.entries.size());
}

// Many are first laid into buckets by the upper bits of their hashes, of a few each.
void sanku_group_sort(Frame* frame, std::uint32_t relation, std::uint32_t count) {
  const exec::EntryOrder before{frame->relations[relation].order};
  constexpr std::uint32_t many = 256, of_a_bucket = 4;
  if (count < many) {
    std::sort(frame->entries, frame->entries + count, before);
    return;
  }
  const int bits = std::bit_width(count / of_a_bucket);
  const auto bucket = [&](const GroupEntry& entry) { return entry.hash >> (64 - bits); };
  std::vector<std::uint32_t>& ends = frame->scratch->bucket_ends;
  std::vector<GroupEntry>& laid = frame->scratch->laid;
  ends.assign((std::size_t{1} << bits) + 1, 0);
  laid.resize(count);
  for (std::uint32_t i = 0; i < count; ++i)
    ++ends[bucket(frame->entries[i]) + 1];
  for (std::size_t i = 1; i < ends.size(); ++i)
    ends[i] += ends[i - 1];
  for (std::uint32_t i = 0; i < count; ++i)
    laid[ends[bucket(frame->entries[i])]++] = frame->entries[i];
  std::uint32_t begin = 0;
  for (std::size_t i = 0; i + 1 < ends.size(); begin = ends[i++])
    exec::sort_bucket({laid.data() + begin, laid.data() + ends[i]}, before, frame->entries + begin);
}

void sanku_entering_begin(Frame* frame) { frame->scratch->entering.clear(); }
void sanku_entering_row(Frame* frame, std::uint32_t row) {
  frame->scratch->entering.push_back(row);
}
const std::uint32_t* sanku_entering_rows(Frame* frame, std::uint32_t* count) {
  *count = static_cast<std::uint32_t>(frame->scratch->entering.size());
  return frame->scratch->entering.data();
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
