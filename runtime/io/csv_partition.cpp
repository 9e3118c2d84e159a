// CsvPartition (csv_partition.h).
#include "runtime/io/csv_partition.h"

#include "runtime/types/check.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>

namespace sanku::io {
namespace {

constexpr std::size_t most_lanes = 1024;
// Marks a row that says which visit a settlement belongs to.
constexpr std::uint32_t pair_file = 0xffffffffu;

// FNV-1a: the same lanes in every run.
std::size_t lane_of(std::string_view number, std::size_t lanes) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : number)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return static_cast<std::size_t>((hash ^ (hash >> 32)) % lanes);
}

// Lanes of `parts`: by visit, then as many by settlement, then one for rows told alone.
struct Parting {
  const CsvLayout& layout;
  const CsvOptions& options;
  std::size_t lanes;
  Spill parts;
  std::uint64_t sequence = 0;
  std::string packed;

  Result<void> put(std::size_t lane, const PackedRow& row) {
    packed.clear();
    append_packed(packed, row);
    return parts.append(lane, packed);
  }
  [[nodiscard]] std::size_t alone() const { return 2 * lanes; }

  Result<void> part(std::uint32_t relation);
  Result<void> part_row(PackedRow row, bool settlement);
  Result<void> resolve(std::size_t lane);
};

Result<void> Parting::part_row(PackedRow row, bool settlement) {
  if (!settlement) {
    if (stands_alone(row))
      return put(alone(), row);
    return row.visit.empty() ? put(lanes + lane_of(row.settlement, lanes), row)
                             : put(lane_of(row.visit, lanes), row);
  }
  // Also one that stands alone keeps its place among the settlements.
  row.sequence = sequence++;
  if (auto done = put(lane_of(row.visit, lanes), row); !done)
    return done;
  if (stands_alone(row) || row.settlement.empty())
    return {};
  row.file = pair_file;
  row.fields = {};
  return put(lanes + lane_of(row.settlement, lanes), row);
}

Result<void> Parting::part(std::uint32_t relation) {
  CsvCursor cursor(layout, options.encoding, relation);
  while (true) {
    const auto more = cursor.next();
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      return {};
    if (auto done = part_row(cursor.row(), relation == 0); !done)
      return done;
  }
}

Result<std::string> whole_lane(const Spill& spill, std::size_t lane) {
  std::string all, block;
  for (std::size_t number = 0;; ++number) {
    const auto more = spill.block(lane, number, block);
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      return all;
    all += block;
  }
}

// Rows with a settlement's number only: to the lane of its visit. The first settlement row of that
// number says which.
Result<void> Parting::resolve(std::size_t lane) {
  const auto all = whole_lane(parts, lanes + lane);
  if (!all)
    return tl::unexpected(all.error());
  std::map<std::string_view, std::string_view> visits;
  PackedRow row;
  for (std::string_view rest = *all; take_packed(rest, row);)
    if (row.file == pair_file)
      visits.try_emplace(row.settlement, row.visit);
  for (std::string_view rest = *all; take_packed(rest, row);) {
    if (row.file == pair_file)
      continue;
    const auto found = visits.find(row.settlement);
    if (found == visits.end())
      row.fault = RowFault::no_match;
    else
      row.visit = found->second;
    if (auto done = put(found == visits.end() ? alone() : lane_of(row.visit, lanes), row); !done)
      return done;
  }
  return {};
}

void append_number(std::string& out, std::uint64_t number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof number);
}
std::uint64_t number_at(std::string_view bytes) {
  std::uint64_t number = 0;
  check(bytes.size() >= sizeof number, "a joined settlement begins with two numbers");
  std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}
constexpr std::size_t item_head = 2 * sizeof(std::uint64_t);

} // namespace

Result<CsvPartition> CsvPartition::open(const CsvLayout& layout, const CsvOptions& options) {
  const std::size_t room = std::max<std::size_t>(1, options.partition_bytes);
  // Packed, a row is about twice as long as it was.
  const auto lanes = static_cast<std::size_t>(
      std::clamp<std::uint64_t>(2 * layout.bytes / room + 1, 1, most_lanes));
  Parting parting{.layout = layout,
                  .options = options,
                  .lanes = lanes,
                  .parts = Spill(2 * lanes + 1, room),
                  .sequence = 0,
                  .packed = {}};
  for (const std::uint32_t relation : relations_of(layout))
    if (auto done = parting.part(relation); !done)
      return tl::unexpected(done.error());
  for (std::size_t lane = 0; lane < lanes; ++lane)
    if (auto done = parting.resolve(lane); !done)
      return tl::unexpected(done.error());
  CsvPartition made(
      lanes, room,
      static_cast<std::size_t>(std::ranges::count(layout.files, 0u, &CsvFile::relation)));
  for (std::size_t lane = 0; lane < lanes; ++lane)
    if (auto done = made.join(parting.parts, lane); !done)
      return tl::unexpected(done.error());
  const auto alone = whole_lane(parting.parts, parting.alone());
  if (!alone)
    return tl::unexpected(alone.error());
  PackedRow row;
  for (std::string_view rest = *alone; take_packed(rest, row);)
    if (auto done = made.add_orphan(row); !done)
      return tl::unexpected(done.error());
  return made;
}

Result<void> CsvPartition::add_orphan(const PackedRow& row) {
  row_.clear();
  append_orphan(row_, row);
  return joined_.append(joined_.lanes() - 1, row_);
}

// One partition: its visits' rows, then each settlement as an item: its sequence, how many bytes,
// its rows.
Result<void> CsvPartition::join(const Spill& parts, std::size_t lane) {
  const auto all = whole_lane(parts, lane);
  if (!all)
    return tl::unexpected(all.error());
  std::map<std::string_view, CsvGroup> visits;
  std::deque<PackedRow> alone;
  struct Item {
    const PackedRow* settlement; // in `visits` or `alone`, as are the others
    std::vector<const PackedRow*> own;
  };
  std::vector<Item> items;
  PackedRow row;
  for (std::string_view rest = *all; take_packed(rest, row);) {
    const bool settlement = row.file < settlement_files_;
    if (settlement && stands_alone(row))
      items.push_back({.settlement = &alone.emplace_back(row), .own = {}});
    else
      (settlement ? visits[row.visit].settlements : visits[row.visit].others).push_back(row);
  }
  Result<void> orphans;
  for (auto& [visit, group] : visits)
    share_out(
        group,
        [&](const PackedRow& settlement, std::span<const PackedRow* const> own) {
          items.push_back({.settlement = &settlement, .own = {own.begin(), own.end()}});
        },
        [&](const PackedRow& orphan) {
          if (orphans)
            orphans = add_orphan(orphan);
        });
  if (!orphans)
    return orphans;
  std::ranges::sort(items, {}, [](const Item& item) { return item.settlement->sequence; });
  std::string bytes;
  for (const Item& item : items) {
    bytes.clear();
    append_packed(bytes, *item.settlement);
    for (const PackedRow* each : item.own)
      append_packed(bytes, *each);
    row_.clear();
    append_number(row_, item.settlement->sequence);
    append_number(row_, bytes.size());
    row_ += bytes;
    if (auto done = joined_.append(lane, row_); !done)
      return done;
  }
  return {};
}

Result<void> CsvPartition::queue_next(std::size_t lane) {
  const auto front = readers_[lane].front(item_head);
  if (!front)
    return tl::unexpected(front.error());
  if (!front->empty())
    next_.emplace(number_at(*front), lane);
  return {};
}

// Some of the rows that stand alone: as many as the next piece holds whole.
Result<bool> CsvPartition::next_orphans(std::string& out) {
  LaneReader& reader = readers_.back();
  for (std::size_t piece = 64u << 10;; piece *= 2) {
    const auto front = reader.front(piece);
    if (!front)
      return tl::unexpected(front.error());
    std::string_view rest = *front;
    PackedRow row;
    while (take_packed(rest, row)) {
    }
    const std::size_t taken = front->size() - rest.size();
    if (taken == 0 && front->size() >= piece)
      continue;
    out += front->substr(0, taken);
    reader.skip(taken);
    return taken != 0;
  }
}

Result<bool> CsvPartition::next(std::string& out) {
  const std::size_t orphans = joined_.lanes() - 1;
  if (readers_.empty()) {
    for (std::size_t lane = 0; lane <= orphans; ++lane) {
      readers_.emplace_back(joined_, lane);
      if (lane < orphans)
        if (auto queued = queue_next(lane); !queued)
          return tl::unexpected(queued.error());
    }
  }
  if (next_.empty())
    return next_orphans(out);
  const std::size_t lane = next_.top().second;
  next_.pop();
  const auto head = readers_[lane].front(item_head);
  if (!head)
    return tl::unexpected(head.error());
  const std::uint64_t size = number_at(head->substr(sizeof(std::uint64_t)));
  const auto item = readers_[lane].front(item_head + size);
  if (!item)
    return tl::unexpected(item.error());
  check(item->size() >= item_head + size, "a joined settlement is whole");
  out += item->substr(item_head, size);
  readers_[lane].skip(item_head + size);
  if (auto queued = queue_next(lane); !queued)
    return tl::unexpected(queued.error());
  return true;
}

} // namespace sanku::io
