// A handbook of a pack: a page for each rule and an index by family, by code and by name, as files
// of HTML that open from disk. Entries: handbook makes the files, write_handbook puts them into a
// folder. Tested by tests/unit/tools/handbook_test.cpp.
#pragma once

#include "runtime/types/result.h"
#include "tools/engine/rules.h"

#include <filesystem>
#include <string>
#include <vector>

namespace sanku::handbook {

struct File {
  std::string path; // from the handbook's folder, with slashes
  std::string text;
};

// The first language's pages lie at the root, another's in a folder of its name. Sorted by path.
[[nodiscard]] std::vector<File> handbook(const engine::Rules& rules,
                                         const std::vector<Language>& languages);

// Into `folder`, which is made if it is not there. What an earlier handbook left there and this one
// has not is removed; a folder with anything else in it is refused, and nothing is changed.
[[nodiscard]] Result<void> write_handbook(const std::filesystem::path& folder,
                                          const std::vector<File>& files);

} // namespace sanku::handbook
