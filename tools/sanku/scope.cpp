// See scope.h.
#include "tools/sanku/scope.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <system_error>

namespace sanku::command {
namespace {

namespace fs = std::filesystem;

bool is_below(const fs::path& file, const fs::path& folder) {
  const fs::path relative = file.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

// The files of the pack that a path names; none when it names the pack itself.
Result<std::optional<std::set<std::uint32_t>>> files_at(const engine::Rules& rules,
                                                        const std::string& path) {
  std::error_code failed;
  const fs::path wanted = fs::weakly_canonical(path, failed);
  // Where pack.toml is wrong, nothing else was read, and the path is as good as the pack.
  if (wanted == fs::weakly_canonical(rules.pack.folder, failed) || rules.map.files.size() == 1)
    return std::optional<std::set<std::uint32_t>>();
  std::set<std::uint32_t> files;
  for (std::uint32_t i = 0; i < rules.map.files.size(); ++i) {
    const fs::path file = fs::weakly_canonical(rules.map.files[i].path, failed);
    if (file == wanted || is_below(file, wanted))
      files.insert(i);
  }
  if (files.empty())
    return failure(fmt::format("`{}` holds no rule file (*.sanku)", path),
                   fmt::format("“{}”中没有规则文件(*.sanku)", path));
  return std::optional(files);
}

// A folder that is in no pack stands for the packs below it, in order of their paths.
std::vector<std::string> packs_at(const std::vector<std::string>& paths,
                                  const engine::ReadOptions& options) {
  std::vector<std::string> found;
  for (const std::string& path : paths) {
    std::error_code failed;
    source::SourceMap map;
    diag::Diagnostics told_later;
    engine::PackFiles files;
    std::vector<std::string> below;
    if (fs::is_directory(path, failed) &&
        !engine::load_pack(path, map, told_later, options.trust, files))
      for (fs::recursive_directory_iterator at(path, failed), end; !failed && at != end;
           at.increment(failed))
        if (at->path().filename() == "pack.toml")
          below.push_back(at->path().parent_path().string());
    std::ranges::sort(below);
    if (below.empty())
      below.push_back(path);
    found.insert(found.end(), below.begin(), below.end());
  }
  return found;
}

} // namespace

Result<std::vector<Scope>> read_scopes(const std::vector<std::string>& paths,
                                       const engine::ReadOptions& options) {
  std::vector<Scope> scopes;
  for (const std::string& path : packs_at(paths, options)) {
    source::SourceMap map;
    diag::Diagnostics told_later;
    engine::PackFiles kept;
    auto pack = engine::load_pack(path, map, told_later, options.trust, kept);
    if (!pack)
      return tl::unexpected(pack.error());
    std::error_code failed;
    auto scope = std::ranges::find_if(scopes, [&](const Scope& known) {
      return fs::equivalent(known.rules->pack.folder, pack->folder, failed);
    });
    const bool is_new = scope == scopes.end();
    if (is_new) {
      auto rules = engine::read_rules(path, options);
      if (!rules)
        return tl::unexpected(rules.error());
      scopes.push_back({.rules = std::move(*rules), .files = {}});
      scope = std::prev(scopes.end());
    }
    const auto files = files_at(*scope->rules, path);
    if (!files)
      return tl::unexpected(files.error());
    if (!*files)
      scope->files.clear();
    else if (is_new || !scope->files.empty())
      scope->files.insert((*files)->begin(), (*files)->end());
  }
  return scopes;
}

diag::Diagnostics diagnostics_in(const Scope& scope) {
  diag::Diagnostics own;
  for (const diag::Diagnostic& each : scope.rules->diagnostics.all)
    if (scope.files.empty() || scope.files.contains(each.span.file) ||
        each.span.file == scope.rules->pack.file)
      own.all.push_back(each);
  return own;
}

} // namespace sanku::command
