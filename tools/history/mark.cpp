// See mark.h.
#include "tools/history/mark.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>
#include <xxhash.h>

namespace sanku::history {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t block = 1u << 20;
constexpr const char* digest_name = "digest";
constexpr const char* mark_name = "changing";

Error cannot(const fs::path& path, const char* what_en, const char* what_zh) {
  const std::string why = std::strerror(errno);
  return Error{.en = fmt::format("`{}` cannot be {}: {}", path.string(), what_en, why),
               .zh = fmt::format("“{}”无法{}：{}", path.string(), what_zh, why)};
}

struct File {
  int number = -1;
  explicit File(int opened) : number(opened) {}
  ~File() {
    if (number >= 0)
      (void)::close(number);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
};

Result<void> sync_folder(const fs::path& folder) {
  const File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.number < 0 || ::fsync(file.number) != 0)
    return tl::unexpected(cannot(folder, "synced", "同步"));
  return {};
}

// Beside its place first, then renamed: there is the old one or the new one.
Result<void> write_lasting(const fs::path& path, const std::string& text) {
  const fs::path beside = path.string() + ".new";
  {
    const File file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (file.number < 0 ||
        ::write(file.number, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::fsync(file.number) != 0)
      return tl::unexpected(cannot(beside, "written", "写入"));
  }
  if (::rename(beside.c_str(), path.c_str()) != 0)
    return tl::unexpected(cannot(path, "written", "写入"));
  return sync_folder(path.parent_path());
}

// Size and digest of a file as a text; none: there is no such file.
Result<std::optional<std::string>> digest_of(const fs::path& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number < 0 && errno == ENOENT)
    return std::optional<std::string>();
  if (file.number < 0)
    return tl::unexpected(cannot(path, "read", "读取"));
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(),
                                                                       XXH3_freeState);
  XXH3_128bits_reset(state.get());
  std::vector<char> bytes(block);
  std::uint64_t size = 0;
  for (ssize_t got = 0; (got = ::read(file.number, bytes.data(), bytes.size())) != 0;) {
    if (got < 0)
      return tl::unexpected(cannot(path, "read", "读取"));
    XXH3_128bits_update(state.get(), bytes.data(), static_cast<std::size_t>(got));
    size += static_cast<std::uint64_t>(got);
  }
  const XXH128_hash_t hash = XXH3_128bits_digest(state.get());
  return std::optional(fmt::format("{} {:016x}{:016x}\n", size, hash.high64, hash.low64));
}

Result<std::optional<std::string>> text_of(const fs::path& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number < 0 && errno == ENOENT)
    return std::optional<std::string>();
  if (file.number < 0)
    return tl::unexpected(cannot(path, "read", "读取"));
  std::string text(256, '\0');
  const ssize_t got = ::read(file.number, text.data(), text.size());
  if (got < 0)
    return tl::unexpected(cannot(path, "read", "读取"));
  text.resize(static_cast<std::size_t>(got));
  return std::optional(std::move(text));
}

} // namespace

fs::path data_file(const fs::path& folder) { return folder / "data.mdb"; }

Result<Rest> look(const fs::path& folder) {
  std::error_code failed;
  if (fs::exists(folder / mark_name, failed))
    return Rest::interrupted;
  const auto written = text_of(folder / digest_name);
  if (!written)
    return tl::unexpected(written.error());
  const auto found = digest_of(data_file(folder));
  if (!found)
    return tl::unexpected(found.error());
  if (!*written && !*found)
    return Rest::fresh;
  return *written == *found ? Rest::whole : Rest::damaged;
}

Result<void> begin_change(const fs::path& folder) { return write_lasting(folder / mark_name, ""); }

Result<void> end_change(const fs::path& folder) {
  const auto digest = digest_of(data_file(folder));
  if (!digest)
    return tl::unexpected(digest.error());
  if (auto written = write_lasting(folder / digest_name, digest->value_or("")); !written)
    return written;
  if (::unlink((folder / mark_name).c_str()) != 0 && errno != ENOENT)
    return tl::unexpected(cannot(folder / mark_name, "removed", "删除"));
  return sync_folder(folder);
}

} // namespace sanku::history
