// The files of a handbook, and the folder that they lie in (handbook.h).
#include "tools/handbook/handbook.h"

#include "runtime/io/files.h"
#include "tools/handbook/index_page.h"
#include "tools/handbook/rule_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>

namespace sanku::handbook {
namespace {

namespace fs = std::filesystem;

// Lists what a handbook consists of, so that the next one knows what it may remove.
constexpr std::string_view list_name = "sanku-handbook.txt";

void add_pages(const Book& book, const std::string& folder, std::vector<File>& files) {
  const Codes codes = codes_of(book);
  const std::vector<Shard> shards = shards_of(codes);
  files.push_back({folder + "index.html", index_page(book, codes, shards)});
  for (std::size_t i = 0; i < book.program.rules.size(); ++i)
    files.push_back({folder + "rules/" + book.page_names[i], rule_page(book, i)});
  for (const Shard& each : shards)
    files.push_back({folder + each.file, each.text});
  files.push_back({folder + "data/names.js", names_file(codes)});
}

Error cannot(const fs::path& path, std::string_view zh, std::string_view en) {
  return {fmt::format("`{}`: {}", path.string(), en), fmt::format("“{}”：{}", path.string(), zh)};
}

// The files of the handbook that lies there; an error: something else does.
Result<std::set<std::string>> listed(const fs::path& folder) {
  std::set<std::string> names;
  std::error_code failed;
  if (!fs::exists(folder, failed))
    return names;
  if (!fs::is_directory(folder, failed))
    return tl::unexpected(cannot(folder, "不是文件夹", "is no folder"));
  if (fs::is_empty(folder, failed))
    return names;
  auto list = io::InputFile::open((folder / list_name).string());
  if (!list)
    return tl::unexpected(
        cannot(folder, "已有其他内容，且不是规则手册；请另选一个空文件夹",
               "has something else in it, and no handbook; name an empty folder"));
  std::string text, buffer(1u << 16, '\0');
  for (std::int64_t read = 0; (read = list->read(buffer.data(), buffer.size())) > 0;)
    text.append(buffer, 0, static_cast<std::size_t>(read));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const fs::path path = text.substr(at, end - at);
    const bool inside = !path.empty() && path.is_relative() && *path.begin() != ".." &&
                        path.lexically_normal() == path;
    if (inside)
      names.insert(path.string());
    at = end + 1;
  }
  return names;
}

} // namespace

std::vector<File> handbook(const engine::Rules& rules, const std::vector<Language>& languages) {
  const hir::Program& program = engine::program(rules);
  const std::vector<RuleFacts> facts = facts_of(rules);
  const std::vector<std::string> names = page_names(program);
  std::vector<File> files;
  for (const Language language : languages) {
    const bool first = language == languages.front();
    const auto folder_of = [](Language each) {
      return std::string(each == Language::zh ? "zh/" : "en/");
    };
    const std::string other = languages.size() < 2 ? std::string()
                              : first              ? folder_of(languages.back())
                                                   : std::string("../");
    const Book book{.rules = rules,
                    .program = program,
                    .facts = facts,
                    .language = language,
                    .other = other,
                    .page_names = names,
                    .chinese = language == Language::zh
                                   ? chinese_names(rules)
                                   : std::map<std::string, std::string, std::less<>>()};
    add_pages(book, first ? std::string() : folder_of(language), files);
  }
  std::string list;
  std::ranges::sort(files, {}, &File::path);
  for (const File& each : files)
    list += each.path + "\n";
  files.push_back({std::string(list_name), list});
  std::ranges::sort(files, {}, &File::path);
  return files;
}

Result<void> write_handbook(const fs::path& folder, const std::vector<File>& files) {
  const auto before = listed(folder);
  if (!before)
    return tl::unexpected(before.error());
  std::error_code failed;
  std::set<fs::path> made;
  for (const File& each : files) {
    const fs::path path = folder / each.path;
    if (made.insert(path.parent_path()).second)
      fs::create_directories(path.parent_path(), failed);
    if (failed)
      return tl::unexpected(cannot(path.parent_path(), "无法建立：" + failed.message(),
                                   "cannot be made: " + failed.message()));
    auto out = io::OutputFile::create(path.string());
    if (!out)
      return tl::unexpected(out.error());
    if (auto done = out->write(each.text); !done)
      return done;
    if (auto done = out->finish(); !done)
      return done;
    // Pages are there to be read by others; nothing in them is of a person.
    fs::permissions(path, fs::perms::group_read | fs::perms::others_read, fs::perm_options::add,
                    failed);
  }
  for (const std::string& old : *before)
    if (std::ranges::none_of(files, [&](const File& each) { return each.path == old; }))
      fs::remove(folder / old, failed);
  return {};
}

} // namespace sanku::handbook
