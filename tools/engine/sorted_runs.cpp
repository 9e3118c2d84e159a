// See sorted_runs.h.
#include "tools/engine/sorted_runs.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace sanku::engine {
namespace {

constexpr std::size_t most_runs = 64;
constexpr std::size_t least_memory = 64u << 10;

io::Spill fresh() { return io::Spill(most_runs, 0); }

struct Run {
  EntryReader reader;
  batch::Origin origin = {};
  std::string_view text = {}; // lives until the next entry
};

// False at the end of the run.
Result<bool> advance(Run& run) {
  auto entry = run.reader.next();
  if (!entry)
    return tl::unexpected(entry.error());
  if (!*entry)
    return false;
  run.text = **entry;
  run.origin = take_origin(run.text);
  return true;
}

std::string entry_of(const batch::Origin& origin, std::string_view text) {
  std::string entry;
  put_origin(entry, origin);
  entry += text;
  return entry;
}

} // namespace

bool comes_before(const batch::Origin& a, const batch::Origin& b) {
  if (is_stored(a) != is_stored(b))
    return is_stored(a);
  return std::tie(a.file, a.offset, a.part) < std::tie(b.file, b.offset, b.part);
}

SortedRuns::SortedRuns(std::size_t memory)
    : memory_(std::max(memory, least_memory)), spill_(fresh()) {}

Result<void> SortedRuns::add(const batch::Origin& origin, std::string_view text) {
  held_.push_back({origin, std::string(text)});
  held_bytes_ += text.size() + sizeof(Held);
  return held_bytes_ < memory_ ? Result<void>() : flush();
}

Result<void> SortedRuns::add_in_order(const batch::Origin& origin, std::string_view text) {
  return append_entry(spill_, 0, entry_of(origin, text));
}

Result<void> SortedRuns::flush() {
  if (held_.empty())
    return {};
  if (next_run_ == most_runs) {
    // Of all runs but the one in order one.
    io::Spill merged = fresh();
    const auto keep = [&](std::size_t lane) {
      return [&merged, lane](const batch::Origin& origin, std::string_view text) {
        return append_entry(merged, lane, entry_of(origin, text));
      };
    };
    if (auto done = merge(1, keep(1)); !done)
      return done;
    Run in_order{EntryReader(spill_, 0)};
    Result<bool> more = advance(in_order);
    for (; more && *more; more = advance(in_order))
      if (auto kept = keep(0)(in_order.origin, in_order.text); !kept)
        return kept;
    if (!more)
      return tl::unexpected(more.error());
    spill_ = std::move(merged);
    next_run_ = 2;
  }
  std::ranges::stable_sort(held_, comes_before, &Held::origin);
  for (const Held& each : held_)
    if (auto kept = append_entry(spill_, next_run_, entry_of(each.origin, each.text)); !kept)
      return kept;
  ++next_run_;
  held_.clear();
  held_bytes_ = 0;
  return {};
}

Result<void> SortedRuns::merge(std::size_t first, const Take& take) const {
  std::vector<Run> runs;
  for (std::size_t lane = first; lane < next_run_; ++lane)
    runs.push_back({EntryReader(spill_, lane)});
  std::vector<Run*> open;
  for (Run& run : runs) {
    const Result<bool> more = advance(run);
    if (!more)
      return tl::unexpected(more.error());
    if (*more)
      open.push_back(&run);
  }
  while (!open.empty()) {
    const auto least = std::ranges::min_element(
        open, comes_before, [](const Run* run) -> const batch::Origin& { return run->origin; });
    if (auto taken = take((*least)->origin, (*least)->text); !taken)
      return taken;
    const Result<bool> more = advance(**least);
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      open.erase(least);
  }
  return {};
}

Result<void> SortedRuns::drain(const Take& take) {
  if (auto flushed = flush(); !flushed)
    return flushed;
  return merge(0, take);
}

} // namespace sanku::engine
