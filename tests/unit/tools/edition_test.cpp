// Packs that earlier builds made and signed say today what they said then, byte for byte: one
// folder a pack below tests/editions, never made anew (tests/README.md).
#include "tests/support/folder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/wait.h>

namespace sanku::engine {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Edition, packs_of_earlier_builds_say_what_they_said) {
  const fs::path program = fs::read_symlink("/proc/self/exe").parent_path() / "sanku";
  const testing::Folder folder;
  std::size_t packs = 0;
  for (const fs::directory_entry& edition : fs::directory_iterator("tests/editions")) {
    ++packs;
    const std::string at = edition.path().string(), expected = bytes_of(at + "/findings.ndjson");
    ASSERT_FALSE(expected.empty()) << at;
    for (const char* engine : {"jit", "evaluator"}) {
      const std::string out = (folder.path() / fmt::format("{}.ndjson", engine)).string();
      const std::string command = fmt::format(
          "SANKU_CACHE= LC_ALL=C.UTF-8 '{}' run --engine {} --pack {}/replay.pack --trust "
          "{}/trust.root --in {}/claims.ndjson --out '{}' 2>'{}'",
          program.string(), engine, at, at, at, out, (folder.path() / "told").string());
      const int status = std::system(command.c_str());
      ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 1)
          << at << "\n"
          << bytes_of(folder.path() / "told");
      EXPECT_EQ(bytes_of(out), expected) << at << " by " << engine;
    }
  }
  EXPECT_GE(packs, 1u);
}

} // namespace
} // namespace sanku::engine
