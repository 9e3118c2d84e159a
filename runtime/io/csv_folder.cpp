// CsvFolder (csv_folder.h).
#include "runtime/io/csv_folder.h"

#include "runtime/io/csv_merge.h"
#include "runtime/io/csv_partition.h"

#include <algorithm>

namespace sanku::io {

struct CsvFolder::State {
  CsvOptions options;
  CsvLayout layout;
  std::optional<CsvMerge> merge;
  std::optional<CsvPartition> partition;
  std::uint64_t index = 0, given = 0; // chunks, bytes
  bool ended = false;

  // Small input is joined in memory without looking whether it is sorted.
  Result<void> begin() {
    if (layout.bytes > options.partition_bytes) {
      auto merged = CsvMerge::open(layout, options);
      if (!merged)
        return tl::unexpected(merged.error());
      merge = std::move(*merged);
    }
    if (merge)
      return {};
    auto parted = CsvPartition::open(layout, options);
    if (!parted)
      return tl::unexpected(parted.error());
    partition.emplace(std::move(*parted));
    return {};
  }
};

CsvFolder::CsvFolder(std::unique_ptr<State> state) : state_(std::move(state)) {}
CsvFolder::~CsvFolder() = default;
CsvFolder::CsvFolder(CsvFolder&&) noexcept = default;

Result<CsvFolder> CsvFolder::open(const std::string& folder, const schema::Schema& schema,
                                  const CsvOptions& options) {
  auto layout = csv_layout(folder, schema, options.encoding);
  if (!layout)
    return tl::unexpected(layout.error());
  auto state = std::make_unique<State>();
  state->options = options;
  state->layout = std::move(*layout);
  return CsvFolder(std::move(state));
}

Result<bool> CsvFolder::next(Chunk& chunk) {
  State& s = *state_;
  if (s.ended)
    return false;
  if (!s.merge && !s.partition)
    if (auto begun = s.begin(); !begun)
      return tl::unexpected(begun.error());
  chunk = Chunk{};
  while (chunk.text.size() < s.options.chunk_bytes && !s.ended) {
    const auto more = s.merge ? s.merge->next(chunk.text) : s.partition->next(chunk.text);
    if (!more)
      return tl::unexpected(more.error());
    s.ended = !*more;
  }
  if (chunk.text.empty())
    return false;
  chunk.index = s.index++;
  chunk.layout = &s.layout;
  // Packed rows are a little longer than the files; the last chunk has what is left.
  const std::uint64_t left = s.layout.bytes - s.given;
  chunk.source_bytes = s.ended ? left : std::min<std::uint64_t>(left, chunk.text.size());
  s.given += *chunk.source_bytes;
  return true;
}

const CsvLayout& CsvFolder::layout() const { return state_->layout; }

CsvFolder::Way CsvFolder::way() const {
  if (state_->merge)
    return Way::merged;
  return state_->partition ? Way::partitioned : Way::not_yet;
}

} // namespace sanku::io
