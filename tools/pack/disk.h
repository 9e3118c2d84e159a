// What a store of packs does to its folder, step by step, so that a test can stop after any of them
// and lose or reorder what was not yet made lasting. Paths are relative to the folder. Entry:
// real_disk. Tested by tests/unit/tools/store_crash_test.cpp.
#pragma once

#include "runtime/types/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::pack {

struct Disk {
  using Name = const std::string&;

  std::function<Result<std::optional<std::string>>(Name)> read; // nullopt: it is not there
  std::function<Result<std::vector<std::string>>(Name)> list;   // of a folder, sorted
  std::function<Result<void>(Name)> make_folder;                // or it is there already
  std::function<Result<void>(Name, std::string_view)> write;    // the whole file, new or not
  std::function<Result<void>(Name, std::uint64_t, std::string_view)>
      append;                             // what stands behind that byte goes
  std::function<Result<void>(Name)> sync; // what was written lasts
  std::function<Result<void>(Name, Name)> rename;
  std::function<Result<void>(Name)> sync_folder; // what was made, renamed and removed in it lasts
  std::function<Result<void>(Name)> remove;
};

// The folder is made if it is not there; files are for their owner.
[[nodiscard]] Disk real_disk(const std::filesystem::path& folder);

// Held while a store is written; empty: another process holds it.
class StoreLock {
public:
  [[nodiscard]] static Result<StoreLock> take(const std::filesystem::path& folder);
  ~StoreLock();
  StoreLock(StoreLock&& other) noexcept;
  StoreLock& operator=(StoreLock&&) = delete;

private:
  explicit StoreLock(int number) : number_(number) {}
  int number_;
};

} // namespace sanku::pack
