// The runner of the case files: every .case below tests/cases is a test of its own, run every way
// there is. With --update (or SANKU_UPDATE set) the expect sections are rewritten to what is true
// now, so that a diff is the review. Why own main: tests are registered from files, and a flag of
// ours stands beside gtest's. What a case is: tests/support/case_file.h.
#include "tests/support/case_file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace sanku::testing {
namespace {

namespace fs = std::filesystem;
const fs::path cases = "tests/cases";

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void update(const fs::path& path, CaseFile file, const Section& actual) {
  for (Section& each : file.sections)
    if (each.name == actual.name)
      each = actual;
  const std::string text = print_case(file);
  std::ofstream(path, std::ios::binary)
      .write(text.data(), static_cast<std::streamsize>(text.size()));
}

class CaseTest : public ::testing::Test {
public:
  CaseTest(fs::path path, bool updates) : path_(std::move(path)), updates_(updates) {}
  void TestBody() override {
    const CaseFile file = parse_case(read(path_));
    const CaseResult result = judge_case(file, path_.stem().string().starts_with("fail_"));
    ASSERT_EQ(result.problem, "") << path_;
    if (!result.actual)
      return; // what it expects is in its own tests, which passed
    if (updates_)
      update(path_, file, *result.actual);
    else
      EXPECT_EQ(section(file, result.actual->name)->text, result.actual->text) << path_;
  }

private:
  fs::path path_;
  bool updates_;
};

std::vector<fs::path> case_files() {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(cases))
    if (entry.path().extension() == ".case")
      files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

// gtest's own characters may not stand in a test's name.
std::string name_of(std::string text) {
  std::ranges::replace_if(text, [](unsigned char c) { return !std::isalnum(c); }, '_');
  return text;
}

void add_cases(bool updates) {
  for (const fs::path& path : case_files()) {
    const std::string folder = fs::relative(path.parent_path(), cases).string();
    ::testing::RegisterTest(
        name_of(folder == "." ? "cases" : folder).c_str(), name_of(path.stem().string()).c_str(),
        nullptr, nullptr, path.c_str(), 1,
        [path, updates]() -> ::testing::Test* { return new CaseTest(path, updates); });
  }
}

} // namespace
} // namespace sanku::testing

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  const bool flag = argc > 1 && std::string_view(argv[1]) == "--update";
  sanku::testing::add_cases(flag || std::getenv("SANKU_UPDATE") != nullptr);
  return RUN_ALL_TESTS();
}
