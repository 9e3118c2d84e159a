// Formatting a file and making sure of it (reformat.h).
#include "tools/engine/reformat.h"

#include "compiler/ast/dump.h"
#include "compiler/ast/from_parse_tree.h"
#include "runtime/types/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

namespace sanku::engine {
namespace {

namespace fs = std::filesystem;

// All comments without blanks: two that came to share a line are one now, but nothing of them is
// lost.
std::string comments_of(const ast::File& file) {
  std::string out;
  for (const ast::Comment& each : file.comments)
    for (const char c : each.text)
      if (c != ' ')
        out += c;
  return out;
}

Result<std::vector<fs::path>> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failed;
  fs::recursive_directory_iterator at(folder, failed);
  for (; !failed && at != fs::recursive_directory_iterator(); at.increment(failed)) {
    if (at->path().filename().string().starts_with(".") && at->is_directory(failed))
      at.disable_recursion_pending();
    else if (at->path().extension() == ".sanku" && at->is_regular_file(failed))
      files.push_back(at->path().lexically_normal());
  }
  if (failed)
    return failure(fmt::format("cannot read `{}`: {}", folder.string(), failed.message()),
                   fmt::format("无法读取“{}”：{}", folder.string(), failed.message()));
  if (files.empty())
    return failure(fmt::format("`{}` holds no rule file (*.sanku)", folder.string()),
                   fmt::format("“{}”中没有规则文件(*.sanku)", folder.string()));
  std::ranges::sort(files, {}, [](const fs::path& path) { return path.generic_string(); });
  return files;
}

} // namespace

std::optional<std::string> reformatted(const source::SourceMap& map, std::uint32_t file,
                                       std::optional<ast::Spelling> spelling,
                                       diag::Diagnostics& diagnostics) {
  const ast::File parsed = ast::parse(map, file, diagnostics);
  if (diag::has_errors(diagnostics))
    return std::nullopt;
  std::string text = ast::print(parsed, spelling.value_or(ast::spelling_of(parsed)));
  source::SourceMap again;
  diag::Diagnostics none;
  const ast::File printed = ast::parse(again, source::add(again, map.files[file].path, text), none);
  check(none.all.empty() && ast::same_tree(parsed, printed),
        "the formatter changed what a file means");
  check(comments_of(parsed) == comments_of(printed), "the formatter lost a comment");
  return text;
}

Result<std::vector<fs::path>> formatted_files(const std::vector<std::string>& paths) {
  std::vector<fs::path> files;
  const auto add = [&](const fs::path& file) {
    if (std::ranges::find(files, file) == files.end())
      files.push_back(file);
  };
  for (const std::string& path : paths) {
    std::error_code failed;
    if (!fs::exists(path, failed))
      return failure(fmt::format("there is no `{}`", path), fmt::format("没有“{}”", path));
    if (!fs::is_directory(path, failed)) {
      add(fs::path(path).lexically_normal());
      continue;
    }
    const auto below = files_below(path);
    if (!below)
      return tl::unexpected(below.error());
    for (const fs::path& each : *below)
      add(each);
  }
  return files;
}

} // namespace sanku::engine
