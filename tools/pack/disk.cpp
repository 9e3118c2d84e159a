// See disk.h.
#include "tools/pack/disk.h"

#include "runtime/io/files.h"
#include "tools/pack/limits.h"
#include "tools/pack/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace sanku::pack {
namespace {

namespace fs = std::filesystem;
using io::Descriptor;

tl::unexpected<Error> failed(std::string_view en, std::string_view zh, const fs::path& path) {
  const char* why = std::strerror(errno);
  return failure(fmt::format("cannot {} `{}`: {}", en, path.string(), why),
                 fmt::format("无法{}“{}”：{}", zh, path.string(), why));
}

Result<void> write_all(const Descriptor& file, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file.number(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return failed("write", "写入", path);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<void> write_file(const fs::path& path, std::string_view bytes) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600),
                  true);
  if (file.number() < 0)
    return failed("write", "写入", path);
  if (auto written = write_all(file, bytes, path); !written)
    return written;
  if (!file.close())
    return failed("write", "写入", path);
  return {};
}

Result<void> append_file(const fs::path& path, std::uint64_t at, std::string_view bytes) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600), true);
  if (file.number() < 0 || ::ftruncate(file.number(), static_cast<off_t>(at)) != 0 ||
      ::lseek(file.number(), 0, SEEK_END) < 0)
    return failed("write", "写入", path);
  if (auto written = write_all(file, bytes, path); !written)
    return written;
  if (!file.close())
    return failed("write", "写入", path);
  return {};
}

Result<void> sync_at(const fs::path& path, int flags) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags), true);
  if (file.number() < 0 || ::fsync(file.number()) != 0)
    return failed("write", "写入", path);
  return {};
}

Result<std::vector<std::string>> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    names.push_back(at->path().filename().string());
  if (error && error != std::errc::no_such_file_or_directory)
    return failure(fmt::format("cannot read `{}`: {}", folder.string(), error.message()),
                   fmt::format("无法读取“{}”：{}", folder.string(), error.message()));
  std::ranges::sort(names);
  return names;
}

Result<std::optional<std::string>> read_if_there(const fs::path& path) {
  struct stat about{};
  if (::lstat(path.c_str(), &about) != 0 && (errno == ENOENT || errno == ENOTDIR))
    return std::optional<std::string>();
  auto text = read_whole(path, Limits{}.bytes);
  if (!text)
    return tl::unexpected(text.error());
  return std::optional(std::move(*text));
}

} // namespace

Disk real_disk(const fs::path& folder) {
  Disk disk;
  disk.read = [=](const std::string& name) { return read_if_there(folder / name); };
  disk.list = [=](const std::string& name) { return names_in(folder / name); };
  disk.make_folder = [=](const std::string& name) -> Result<void> {
    std::error_code error;
    fs::create_directories((folder / name).lexically_normal(), error);
    if (!error)
      return {};
    return failure(fmt::format("cannot make `{}`: {}", (folder / name).string(), error.message()),
                   fmt::format("无法建立“{}”：{}", (folder / name).string(), error.message()));
  };
  disk.write = [=](const std::string& name, std::string_view bytes) {
    return write_file(folder / name, bytes);
  };
  disk.append = [=](const std::string& name, std::uint64_t at, std::string_view bytes) {
    return append_file(folder / name, at, bytes);
  };
  disk.sync = [=](const std::string& name) { return sync_at(folder / name, 0); };
  disk.rename = [=](const std::string& from, const std::string& to) -> Result<void> {
    if (::rename((folder / from).c_str(), (folder / to).c_str()) != 0)
      return failed("write", "写入", folder / to);
    return {};
  };
  disk.sync_folder = [=](const std::string& name) {
    return sync_at((folder / name).lexically_normal(), O_DIRECTORY);
  };
  disk.remove = [=](const std::string& name) -> Result<void> {
    if (::unlink((folder / name).c_str()) != 0 && errno != ENOENT)
      return failed("remove", "删除", folder / name);
    return {};
  };
  return disk;
}

Result<StoreLock> StoreLock::take(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  const fs::path path = folder / "lock";
  StoreLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (lock.number_ < 0)
    return failed("write", "写入", path);
  if (::flock(lock.number_, LOCK_EX | LOCK_NB) != 0)
    return failure(fmt::format("another process is changing the store `{}`; try again when it is "
                               "done",
                               folder.string()),
                   fmt::format("另一进程正在改动仓库“{}”，请稍后再试", folder.string()));
  return lock;
}

StoreLock::~StoreLock() {
  if (number_ >= 0)
    ::close(number_);
}

StoreLock::StoreLock(StoreLock&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

} // namespace sanku::pack
