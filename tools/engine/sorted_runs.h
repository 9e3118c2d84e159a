// Texts by the place that they speak of, put in order within bounded memory: what does not fit is
// written as sorted runs to a temporary file and merged at the end. Places that come in order
// already go into a run of their own at no cost. Entry: SortedRuns. Tested by
// tests/unit/tools/sorted_runs_test.cpp.
#pragma once

#include "tools/engine/entries.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::engine {

// File, byte, which visit of that record.
// Records of a history store stand before all of the input.
inline constexpr std::uint32_t stored_file = 0xffffffffu;
[[nodiscard]] inline bool is_stored(const batch::Origin& origin) {
  return origin.file == stored_file;
}
[[nodiscard]] bool comes_before(const batch::Origin& a, const batch::Origin& b);

class SortedRuns {
public:
  explicit SortedRuns(std::size_t memory);

  [[nodiscard]] Result<void> add(const batch::Origin& origin, std::string_view text);
  // Not before what was added this way until now.
  [[nodiscard]] Result<void> add_in_order(const batch::Origin& origin, std::string_view text);

  using Take = std::function<Result<void>(const batch::Origin&, std::string_view)>;
  // All in order of place; once.
  [[nodiscard]] Result<void> drain(const Take& take);

private:
  struct Held {
    batch::Origin origin;
    std::string text;
  };
  [[nodiscard]] Result<void> flush();
  [[nodiscard]] Result<void> merge(std::size_t first, const Take& take) const;

  std::size_t memory_;
  std::vector<Held> held_;
  std::size_t held_bytes_ = 0;
  io::Spill spill_; // lane 0: what came in order
  std::size_t next_run_ = 1;
};

} // namespace sanku::engine
