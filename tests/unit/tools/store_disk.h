// A disk in memory that can be stopped before any step, and then loses or reorders whatever was not
// made lasting: contents that were not synced may be old, new or cut; what was made, renamed or
// removed in a folder that was not synced may have happened or not, each by itself. Entry:
// FragileDisk. For store_crash_test.
#pragma once

#include "tools/pack/disk.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace sanku::pack {

class FragileDisk {
public:
  // The steps that may still be done, then every one fails. `keeps` says whether syncing helps.
  std::uint64_t steps = UINT64_MAX;
  std::uint64_t done = 0;
  bool keeps = true;

  [[nodiscard]] Disk disk() {
    Disk made;
    made.read = [this](const std::string& name) -> Result<std::optional<std::string>> {
      const auto found = names_.find(name);
      return found == names_.end() ? std::optional<std::string>()
                                   : std::optional(files_[found->second].now);
    };
    made.list = [this](const std::string& folder) -> Result<std::vector<std::string>> {
      std::vector<std::string> inside;
      for (const auto& [name, file] : names_)
        if (name.starts_with(folder + "/"))
          inside.push_back(name.substr(folder.size() + 1));
      return inside;
    };
    made.make_folder = [this](const std::string&) { return step([] {}); };
    made.write = [this](const std::string& name, std::string_view bytes) {
      return step([&] {
        File& file = files_[file_at(name)];
        file.now = bytes;
        file.untouched = 0;
      });
    };
    made.append = [this](const std::string& name, std::uint64_t at, std::string_view bytes) {
      return step([&] {
        File& file = files_[file_at(name)];
        file.now.resize(at);
        file.now += bytes;
        file.untouched = std::min<std::size_t>(file.untouched, at);
      });
    };
    made.sync = [this](const std::string& name) {
      return step([&] {
        File& file = files_[file_at(name)];
        if (!keeps)
          return;
        file.lasting = file.now;
        file.untouched = file.now.size();
      });
    };
    made.rename = [this](const std::string& from, const std::string& to) {
      return step([&] {
        const std::size_t file = file_at(from);
        names_.erase(from);
        names_[to] = file;
        pending_.push_back({.removed = from, .made = to, .file = file});
      });
    };
    made.sync_folder = [this](const std::string& folder) {
      return step([&] {
        if (!keeps)
          return;
        std::erase_if(pending_, [&](const Change& change) {
          if (folder_of(change) != folder)
            return false;
          apply(change, lasting_);
          return true;
        });
      });
    };
    made.remove = [this](const std::string& name) {
      return step([&] {
        if (names_.erase(name) != 0)
          pending_.push_back({.removed = name, .made = {}, .file = 0});
      });
    };
    return made;
  }

  // The disk after the power came back.
  [[nodiscard]] FragileDisk after_crash(std::uint32_t seed) const {
    std::mt19937 random(seed);
    FragileDisk next;
    next.lasting_ = lasting_;
    for (const Change& change : pending_)
      if (random() % 2 == 0)
        apply(change, next.lasting_);
    next.names_ = next.lasting_;
    for (const File& file : files_) {
      std::string left = file.lasting;
      if (random() % 3 == 0)
        left = file.now;
      else if (random() % 2 == 0 && file.now.size() > file.untouched)
        left =
            file.now.substr(0, file.untouched + random() % (file.now.size() - file.untouched + 1));
      next.files_.push_back({.now = left, .lasting = left, .untouched = left.size()});
    }
    return next;
  }

private:
  struct File {
    std::string now, lasting;
    std::size_t untouched = 0; // bytes at the beginning that lasted and were not written since
  };
  struct Change {
    std::string removed, made;
    std::size_t file = 0;
  };
  using Names = std::map<std::string, std::size_t>;

  static void apply(const Change& change, Names& names) {
    if (!change.removed.empty())
      names.erase(change.removed);
    if (!change.made.empty())
      names[change.made] = change.file;
  }
  static std::string folder_of(const Change& change) {
    const std::string& name = change.made.empty() ? change.removed : change.made;
    const std::size_t end = name.rfind('/');
    return end == std::string::npos ? "." : name.substr(0, end);
  }
  std::size_t file_at(const std::string& name) {
    const auto [found, is_new] = names_.try_emplace(name, files_.size());
    if (is_new) {
      files_.emplace_back();
      pending_.push_back({.removed = {}, .made = name, .file = found->second});
    }
    return found->second;
  }
  template <class Act> Result<void> step(const Act& act) {
    if (done >= steps)
      return failure("the power is gone", "断电");
    ++done;
    act();
    return {};
  }

  std::vector<File> files_;
  Names names_, lasting_;
  std::vector<Change> pending_;
};

} // namespace sanku::pack
