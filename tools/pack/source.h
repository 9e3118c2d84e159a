// Where a pack's files come from: its folder, of which only regular files are read and no link is
// followed, or a pack file that was verified. Entries: folder_reader, member_reader. Tested by
// tests/unit/tools/pack_file_test.cpp.
#pragma once

#include "runtime/types/read_file.h"
#include "tools/pack/container.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sanku::pack {

// Of a file that is read.
inline constexpr std::uint64_t most_file_bytes = std::uint64_t{256} << 20;

// Reads files below one of the folders. What leads out of them, by `..` or by a link, what is no
// regular file and what is too large is refused. The folders themselves may be reached by links.
[[nodiscard]] ReadFile folder_reader(std::vector<std::filesystem::path> folders,
                                     std::uint64_t most = most_file_bytes);

// Reads `place/NAME` as the member NAME; the file outlives the reader.
[[nodiscard]] ReadFile member_reader(const PackFile& file, std::filesystem::path place);

// A whole file of at most `most` bytes, wherever it lies: a pack file, a key, a trust root.
[[nodiscard]] Result<std::string> read_whole(const std::filesystem::path& path, std::uint64_t most);

} // namespace sanku::pack
