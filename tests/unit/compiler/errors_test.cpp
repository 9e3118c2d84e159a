// Every diagnostic of the checker, by the cases of tests/cases/errors: each tells exactly the codes
// of its first line.
#include "tests/support/texts.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace sanku::testing {
namespace {

constexpr const char* folder = "tests/cases/errors";
// The rows of compiler/diag/code.h whose cases stand there: names, types, shape of rules, units,
// schema, knowledge, values, tests.
const std::set<int> checked_ranges = {13, 21, 22, 23, 31, 32, 33, 35, 41};

struct Case {
  std::string name;
  std::string expected; // "SK2104 SK2105"
  std::string text;
  Texts texts;
};

// `// table NAME` and the comment lines behind it are a table's rows; the comments stay in the text
// and mean nothing there.
std::map<std::string, std::string> tables_in(const std::string& text) {
  std::map<std::string, std::string> tables;
  std::istringstream lines(text);
  std::string line, table;
  while (std::getline(lines, line)) {
    if (line.starts_with("// table "))
      table = line.substr(9);
    else if (!line.starts_with("// "))
      table.clear();
    else if (!table.empty())
      tables[table] += line.substr(3) + "\n";
  }
  return tables;
}

// `// overlay NAME on NAME`, or only `// overlay NAME` on the pack: what stands behind it is that
// overlay's.
void take_overlays(Texts& texts) {
  const std::string head = "\n// overlay ", on = " on ";
  for (std::size_t at = texts.rules.find(head); at != std::string::npos;) {
    const std::size_t name_at = at + head.size(), line = texts.rules.find('\n', name_at);
    const std::size_t next = texts.rules.find(head, line);
    const std::string name = texts.rules.substr(name_at, line - name_at);
    Texts::Overlay overlay{.name = name.substr(0, name.find(on)),
                           .below = 0,
                           .text = texts.rules.substr(line, next - line)};
    for (std::uint32_t i = 0; i < texts.overlays.size(); ++i)
      if (name.ends_with(on + texts.overlays[i].name))
        overlay.below = i + 1;
    texts.overlays.push_back(std::move(overlay));
    texts.rules.erase(at, next - at);
    at = texts.rules.find(head);
  }
}

Case read_case(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  Case read{.name = path.stem().string(),
            .expected = "",
            .text = std::string(std::istreambuf_iterator<char>(file), {}),
            .texts = {}};
  const std::string head = "// expect: ";
  if (read.text.starts_with(head))
    read.expected = read.text.substr(head.size(), read.text.find('\n') - head.size());
  const bool schema =
      read.name.starts_with("SK31") || read.text.find("\nschema ") != std::string::npos;
  // A case of both: `// rules` begins the second part.
  const std::size_t rules = read.text.find("\n// rules\n");
  (schema ? read.texts.schema : read.texts.rules) = read.text.substr(0, rules);
  if (rules != std::string::npos)
    read.texts.rules = read.text.substr(rules + 1);
  take_overlays(read.texts);
  read.texts.tables = tables_in(read.text);
  return read;
}

std::vector<Case> cases() {
  std::vector<Case> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".sanku" && entry.path().stem().string().starts_with("SK"))
      found.push_back(read_case(entry.path()));
  return found;
}

std::string codes(const diag::Diagnostics& diagnostics) {
  std::string all;
  for (const diag::Diagnostic& one : diagnostics.all)
    all += fmt::format("{}SK{}", all.empty() ? "" : " ", one.number);
  return all;
}

TEST(Errors, every_case_tells_exactly_the_codes_of_its_first_line) {
  const auto all = cases();
  ASSERT_FALSE(all.empty());
  for (const Case& one : all) {
    EXPECT_TRUE(one.name.starts_with(one.expected.substr(0, 6)))
        << one.name << " is not named by its code";
    const CheckedTexts checked = check_texts(one.texts);
    EXPECT_EQ(one.expected, codes(checked.diagnostics)) << one.name << "\n" << checked.rendered;
  }
}

TEST(Errors, every_diagnostic_of_the_checker_has_a_case) {
  std::set<std::string> covered;
  for (const Case& one : cases())
    covered.insert(one.name.substr(0, 6));
  for (const diag::Row& row : diag::rows)
    if (checked_ranges.contains(row.number / 100)) {
      EXPECT_TRUE(covered.contains(fmt::format("SK{}", row.number))) << row.name;
    }
}

TEST(Errors, every_case_is_of_a_code_that_exists) {
  for (const Case& one : cases())
    EXPECT_NE(nullptr, diag::row_of(static_cast<std::uint16_t>(std::atoi(one.name.c_str() + 2))))
        << one.name;
}

TEST(Errors, messages_stand_in_both_languages_and_are_not_the_same) {
  for (const Case& one : cases())
    for (const diag::Diagnostic& found : check_texts(one.texts).diagnostics.all) {
      EXPECT_FALSE(found.zh.empty()) << one.name;
      EXPECT_NE(found.zh, found.en) << one.name;
    }
}

} // namespace
} // namespace sanku::testing
