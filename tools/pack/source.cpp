// See source.h. Each part of a path is opened relative to the one before, so that nobody can put a
// link in its place between a look and an opening.
#include "tools/pack/source.h"

#include "runtime/io/files.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace sanku::pack {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> refused(const fs::path& path, std::string_view en, std::string_view zh) {
  return failure(fmt::format("cannot read `{}`: {}", path.string(), en),
                 fmt::format("无法读取“{}”：{}", path.string(), zh));
}

tl::unexpected<Error> refused(const fs::path& path, int error) {
  if (error == ELOOP || error == ENOTDIR)
    return refused(path, "it is reached by a link, and a pack reads its own files only",
                   "要经过链接才能到达，而规则包只读取自己的文件");
  const char* why = std::strerror(error);
  return refused(path, why, why);
}

Result<std::string> contents(const io::Descriptor& file, const fs::path& path, std::uint64_t most) {
  struct stat about{};
  if (::fstat(file.number(), &about) != 0)
    return refused(path, errno);
  if (!S_ISREG(about.st_mode))
    return refused(path, "it is no regular file", "不是普通文件");
  if (static_cast<std::uint64_t>(about.st_size) > most)
    return refused(path, fmt::format("it has {} bytes, the limit is {}", about.st_size, most),
                   fmt::format("有 {} 字节，上限为 {} 字节", about.st_size, most));
  std::string text(static_cast<std::size_t>(about.st_size), '\0');
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t count = ::read(file.number(), text.data() + at, text.size() - at);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return refused(path, errno);
    if (count == 0)
      return refused(path, "it became shorter while it was read", "读取时文件变短");
    at += static_cast<std::size_t>(count);
  }
  return text;
}

Result<std::string> read_below(const fs::path& folder, const fs::path& below, const fs::path& path,
                               std::uint64_t most) {
  io::Descriptor at(
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), true);
  if (at.number() < 0)
    return refused(path, errno);
  for (auto part = below.begin(); part != below.end(); ++part) {
    const bool is_last = std::next(part) == below.end();
    // What is opened may be a pipe that nobody writes into.
    const int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | (is_last ? O_NONBLOCK : O_DIRECTORY);
    io::Descriptor next(::openat(at.number(), part->c_str(), flags), true);
    if (next.number() < 0)
      return refused(path, errno);
    at = std::move(next);
  }
  return contents(at, path, most);
}

} // namespace

ReadFile folder_reader(std::vector<fs::path> folders, std::uint64_t most) {
  return [folders = std::move(folders), most](const fs::path& path) -> Result<std::string> {
    const fs::path normal = path.lexically_normal();
    for (const fs::path& folder : folders) {
      const fs::path below = normal.lexically_relative(folder.lexically_normal());
      if (stays_below(below) && below != ".")
        return read_below(folder, below, path, most);
    }
    return refused(path, "it lies outside of the pack", "不在规则包内");
  };
}

ReadFile member_reader(const PackFile& file, fs::path place) {
  return [&file, place = std::move(place)](const fs::path& path) -> Result<std::string> {
    const auto found =
        member(file, path.lexically_normal().lexically_relative(place).generic_string());
    if (!found)
      return refused(path, "the pack file has no such member", "规则包文件中没有该成员");
    return std::string(*found);
  };
}

Result<std::string> read_whole(const fs::path& path, std::uint64_t most) {
  const io::Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC), true);
  if (file.number() < 0) {
    const char* why = std::strerror(errno);
    return refused(path, why, why);
  }
  return contents(file, path, most);
}

} // namespace sanku::pack
