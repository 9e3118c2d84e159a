// See same_value.h; and the externals behind loops by value.
#include "runtime/exec/same_value.h"

#include "runtime/exec/worker.h"
#include "runtime/kernels/text.h"
#include "runtime/types/candidates.h"
#include "runtime/types/check.h"

#include <algorithm>

namespace sanku::exec {
namespace {

// As `=` reads it.
std::uint64_t hash_of(Text text) {
  std::uint64_t hash = 0;
  for (std::uint64_t at = 0; at < text.size;)
    hash = (hash ^ kernels::next_folded(text, at)) * 0x100000001B3u;
  return (hash ^ (hash >> 29)) * 0x9E3779B97F4A7C15u;
}

template <class T> std::uint64_t number_at(const abi::ColumnView& cells, std::uint32_t row) {
  return static_cast<std::uint64_t>(static_cast<const T*>(cells.values)[row]);
}

} // namespace

bool value_of_cell(const abi::ColumnView& cells, Physical physical, std::uint32_t row,
                   std::uint64_t& value) {
  if (cells.validity != nullptr && ((cells.validity[row >> 3] >> (row & 7u)) & 1u) == 0)
    return false;
  switch (physical) {
  case Physical::id32:
    value = number_at<std::uint32_t>(cells, row);
    return !has_candidates(Code{static_cast<std::uint32_t>(value)});
  case Physical::day32:
    value = number_at<std::int32_t>(cells, row);
    return true;
  case Physical::word64:
  case Physical::wide128: // of columns 64 bits
    value = number_at<std::int64_t>(cells, row);
    return true;
  case Physical::bytes:
    value = hash_of(Text{static_cast<const char*>(cells.values) + cells.offsets[row],
                         cells.offsets[row + 1] - cells.offsets[row]});
    return true;
  default:
    unreachable("a value by which elements are looked up has one of these forms");
  }
}

void ByValue::build(const abi::ColumnView& cells, Physical physical, const Elements& elements) {
  sorted_.clear();
  rows_.clear();
  unknown_.clear();
  for (std::uint32_t i = 0; i < elements.count; ++i) {
    const std::uint32_t row = elements[i];
    std::uint64_t value = 0;
    if (value_of_cell(cells, physical, row, value))
      sorted_.emplace_back(value, row);
    else
      unknown_.push_back(row);
  }
  std::ranges::sort(sorted_);
  counts_ = {.elements = elements.count, .unknown = unknown_.size()};
  std::uint64_t run = 0;
  for (std::size_t i = 0; i < sorted_.size(); ++i) {
    run = i != 0 && sorted_[i].first == sorted_[i - 1].first ? run + 1 : 1;
    counts_.most = std::max(counts_.most, run);
    rows_.push_back(sorted_[i].second);
  }
}

std::span<const std::uint32_t> ByValue::with(std::uint64_t value) const {
  const auto found =
      std::ranges::equal_range(sorted_, value, {}, &std::pair<std::uint64_t, std::uint32_t>::first);
  return std::span(rows_).subspan(static_cast<std::size_t>(found.begin() - sorted_.begin()),
                                  found.size());
}

const ByValue* ByValues::find(const Of& of, std::uint64_t where, std::uint32_t asked_before,
                              const abi::ColumnView& cells, Physical physical,
                              const Elements& elements) {
  auto entry = std::ranges::find(entries_, of, &Entry::of);
  if (entry == entries_.end())
    entry = entries_.insert(entry, Entry{.of = of, .values = {}});
  if (!entry->fresh || entry->where != where) {
    entry->where = where;
    entry->asked = 0;
    entry->built = false;
    entry->fresh = true;
  }
  if (!entry->built) {
    if (entry->asked++ < asked_before)
      return nullptr;
    entry->values.build(cells, physical, elements);
    entry->built = true;
  }
  return &entry->values;
}

void ByValues::forget() {
  for (Entry& entry : entries_)
    entry.fresh = false;
}

namespace {

const ByValue* by_value(const abi::Frame& frame, const ByValues::Of& of, std::uint32_t visit,
                        std::uint32_t asked_before) {
  Worker& worker = *frame.sink->worker;
  const abi::RelationView& list = frame.relations[of.relation];
  const Type& type = worker.program.schema->relations[of.relation].columns[of.column].type;
  const Elements elements = of.group
                                ? Elements{.rows = frame.group, .count = frame.group_size}
                                : Elements{.first = list.offsets[visit],
                                           .count = list.offsets[visit + 1] - list.offsets[visit]};
  return worker.by_values.find(of, of.group ? frame.groups : visit, asked_before,
                               list.columns[of.column], info(type.kind).physical, elements);
}

} // namespace

ValueCounts value_counts(const abi::Frame& frame, const ByValues::Of& of) {
  return by_value(frame, of, frame.settlement, 0)->counts();
}

} // namespace sanku::exec

using namespace sanku;      // NOLINT(check): C entry points of this project only
using namespace sanku::abi; // NOLINT(check): likewise

extern "C" bool sanku_same_rows(Frame* frame, std::uint32_t visit, const SameValue* ask,
                                std::uint32_t by, SameRows* out) {
  const exec::Worker& worker = *frame->sink->worker;
  const RelationView& others = frame->relations[ask->by_relation];
  const auto& columns = worker.program.schema->relations[ask->by_relation].columns;
  std::uint64_t value = 0;
  if (!exec::value_of_cell(others.columns[ask->by_column],
                           info(columns[ask->by_column].type.kind).physical, by, value))
    return false;
  // A loop or two are over before their elements are put in order.
  const std::uint32_t asked_before = worker.options.few == 0 ? 0 : 2;
  const exec::ByValue* found = exec::by_value(
      *frame, {.relation = ask->relation, .column = ask->column, .group = ask->group}, visit,
      asked_before);
  if (found == nullptr)
    return false;
  const auto with = found->with(value), without = found->without();
  *out = {with.data(), without.data(), static_cast<std::uint32_t>(with.size()),
          static_cast<std::uint32_t>(without.size())};
  return true;
}
