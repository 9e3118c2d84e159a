// A folder for temporary files that goes away with everything in it: where texts of a case become
// files. Tested through every case.
#pragma once

#include "runtime/types/check.h"

#include <cstdlib>
#include <filesystem>
#include <string>

namespace sanku::testing {

class Folder {
public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sanku_test_XXXXXX").string();
    check(mkdtemp(pattern.data()) != nullptr, "a folder for temporary files can be made");
    path_ = pattern;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace sanku::testing
