// See object_cache.h. An entry: a mark, the keyed digest (HMAC-SHA-256) of name and bytes, the
// bytes. Files are opened relative to the folder that was examined, and never through a link.
#include "tools/engine/object_cache.h"

#include "runtime/types/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>
#include <utility>
#include <vector>

namespace sanku::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view mark = "SANKU OBJECT 1\n";
constexpr std::string_view suffix = ".object", unfinished = ".part";
constexpr const char* key_name = "key";
constexpr std::size_t digest_size = 32;
using Digest = std::array<unsigned char, digest_size>;

class File {
public:
  explicit File(int number) : number_(number) {}
  File(File&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (number_ >= 0)
      ::close(number_);
  }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }
  [[nodiscard]] int number() const { return number_; }

private:
  int number_;
};

std::string reason() { return std::strerror(errno); }

void tell(const Warn& warn, const fs::path& path, std::string_view en, std::string_view zh) {
  if (warn)
    warn({.en = fmt::format("`{}`: {}; compiled code is made anew", path.string(), en),
          .zh = fmt::format("“{}”：{}；将重新编译", path.string(), zh)});
}

// Ours, and nobody else may write it.
bool is_private(const struct stat& about, mode_t kind, mode_t forbidden) {
  return (about.st_mode & S_IFMT) == kind && about.st_uid == ::geteuid() &&
         (about.st_mode & forbidden) == 0;
}

File open_folder(const fs::path& folder) {
  return File(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

// The whole of a file of ours; nullopt with errno when it cannot be read.
std::optional<std::string> read_private(const File& folder, const std::string& name,
                                        mode_t forbidden) {
  const File file(::openat(folder.number(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  struct stat about{};
  if (!file.is_open() || ::fstat(file.number(), &about) != 0)
    return std::nullopt;
  if (!is_private(about, S_IFREG, forbidden)) {
    errno = EPERM;
    return std::nullopt;
  }
  std::string bytes(static_cast<std::size_t>(about.st_size), '\0');
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t count = ::read(file.number(), bytes.data() + at, bytes.size() - at);
    if (count < 0)
      return std::nullopt;
    if (count == 0)
      break;
    at += static_cast<std::size_t>(count);
  }
  bytes.resize(at);
  return bytes;
}

bool write_all(const File& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file.number(), bytes.data(), bytes.size());
    if (count < 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return ::fsync(file.number()) == 0;
}

std::string some_name() {
  std::uint64_t number = 0;
  check(RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof number) == 1,
        "there is no source of random numbers");
  return fmt::format("{}.{:016x}{}", ::getpid(), number, unfinished);
}

// A new file of its own name with those bytes; empty if it could not be written.
std::string write_beside(const File& folder, std::string_view bytes) {
  const std::string name = some_name();
  const File file(::openat(folder.number(), name.c_str(),
                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.is_open())
    return {};
  if (write_all(file, bytes))
    return name;
  const int failed = errno;
  (void)::unlinkat(folder.number(), name.c_str(), 0);
  errno = failed;
  return {};
}

// The key that is there, or a new one; of two processes that make one, the first is right.
std::optional<Digest> read_or_make_key(const File& folder) {
  Digest key{};
  auto there = read_private(folder, key_name, 077);
  if (!there && errno == ENOENT) {
    check(RAND_bytes(key.data(), static_cast<int>(key.size())) == 1,
          "there is no source of random numbers");
    const std::string made =
        write_beside(folder, {reinterpret_cast<const char*>(key.data()), key.size()});
    if (made.empty())
      return std::nullopt;
    (void)::linkat(folder.number(), made.c_str(), folder.number(), key_name, 0);
    (void)::unlinkat(folder.number(), made.c_str(), 0);
    there = read_private(folder, key_name, 077);
  }
  if (!there)
    return std::nullopt;
  if (there->size() != key.size()) {
    errno = EBADMSG;
    return std::nullopt;
  }
  std::ranges::copy(*there, key.begin());
  return key;
}

Digest digest_of(const ObjectCache& cache, const std::string& name, std::string_view bytes) {
  Digest digest{};
  std::string signed_bytes = name + '\n';
  signed_bytes += bytes;
  unsigned size = 0;
  const auto* made = HMAC(EVP_sha256(), cache.key.data(), static_cast<int>(cache.key.size()),
                          reinterpret_cast<const unsigned char*>(signed_bytes.data()),
                          signed_bytes.size(), digest.data(), &size);
  check(made != nullptr && size == digest_size, "HMAC-SHA-256 gives 32 bytes");
  return digest;
}

struct Entry {
  std::string name;
  timespec used;
  std::uint64_t bytes = 0;
};

// The oldest go until what is left fits; `newest` stays.
void make_room(const ObjectCache& cache, const File& folder, const std::string& newest) {
  DIR* listing = ::fdopendir(::dup(folder.number()));
  if (listing == nullptr)
    return;
  ::rewinddir(listing);
  std::vector<Entry> entries;
  std::uint64_t sum = 0;
  while (const dirent* each = ::readdir(listing)) {
    const std::string_view name = each->d_name;
    struct stat about{};
    if ((!name.ends_with(suffix) && !name.ends_with(unfinished)) ||
        ::fstatat(folder.number(), each->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0)
      continue;
    entries.push_back(
        {std::string(name), about.st_mtim, static_cast<std::uint64_t>(about.st_size)});
    sum += entries.back().bytes;
  }
  ::closedir(listing);
  std::ranges::sort(entries, {}, [](const Entry& entry) {
    return std::tuple(entry.used.tv_sec, entry.used.tv_nsec, entry.name);
  });
  for (const Entry& entry : entries) {
    if (sum <= cache.options.most_bytes)
      return;
    if (entry.name == newest)
      continue;
    (void)::unlinkat(folder.number(), entry.name.c_str(), 0);
    sum -= entry.bytes;
  }
}

} // namespace

std::optional<ObjectCache> open_cache(const CacheOptions& options, const Warn& warn) {
  std::error_code failed;
  fs::create_directories(options.folder.parent_path(), failed);
  (void)::mkdir(options.folder.c_str(), 0700);
  const File folder = open_folder(options.folder);
  struct stat about{};
  if (!folder.is_open() || ::fstat(folder.number(), &about) != 0) {
    tell(warn, options.folder, "cannot be used as a cache: " + reason(),
         "不能用作缓存：" + reason());
    return std::nullopt;
  }
  if (!is_private(about, S_IFDIR, 022)) {
    tell(warn, options.folder,
         "is not used as a cache, since others may write it (it must be yours, and `chmod go-w`)",
         "其他用户可写，不用作缓存（须归本人所有，并执行 chmod go-w）");
    return std::nullopt;
  }
  const auto key = read_or_make_key(folder);
  if (!key) {
    tell(warn, options.folder / key_name,
         "the cache's key cannot be used, it must be yours, of mode 600 and 32 bytes: " + reason(),
         "缓存密钥不可用，须归本人所有、权限 600、32 字节：" + reason());
    return std::nullopt;
  }
  return ObjectCache{.options = options, .key = *key};
}

std::optional<std::string> fetch(const ObjectCache& cache, const std::string& name,
                                 const Warn& warn) {
  const File folder = open_folder(cache.options.folder);
  const std::string file = name + std::string(suffix);
  auto bytes = read_private(folder, file, 022);
  if (!bytes) {
    if (errno != ENOENT)
      tell(warn, cache.options.folder / file, "the cached code is not used: " + reason(),
           "缓存的代码未采用：" + reason());
    return std::nullopt;
  }
  const std::size_t head = mark.size() + digest_size;
  const std::string_view content = std::string_view(*bytes).substr(std::min(head, bytes->size()));
  if (bytes->size() < head || !bytes->starts_with(mark) ||
      CRYPTO_memcmp(bytes->data() + mark.size(), digest_of(cache, name, content).data(),
                    digest_size) != 0) {
    tell(warn, cache.options.folder / file, "the cached code is damaged or not of this cache",
         "缓存的代码已损坏，或不属于本缓存");
    return std::nullopt;
  }
  // It was of use just now: older ones go before it.
  (void)::utimensat(folder.number(), file.c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
  bytes->erase(0, head);
  return bytes;
}

void keep(const ObjectCache& cache, const std::string& name, std::string_view bytes,
          const Warn& warn) {
  const File folder = open_folder(cache.options.folder);
  const Digest digest = digest_of(cache, name, bytes);
  std::string entry(mark);
  entry.append(reinterpret_cast<const char*>(digest.data()), digest.size());
  entry += bytes;
  const std::string file = name + std::string(suffix);
  const std::string made = folder.is_open() ? write_beside(folder, entry) : std::string();
  if (made.empty() ||
      ::renameat(folder.number(), made.c_str(), folder.number(), file.c_str()) != 0) {
    tell(warn, cache.options.folder / file, "the code could not be kept: " + reason(),
         "未能存入缓存：" + reason());
    if (!made.empty())
      (void)::unlinkat(folder.number(), made.c_str(), 0);
    return;
  }
  (void)::fsync(folder.number());
  make_room(cache, folder, file);
}

void forget(const ObjectCache& cache, const std::string& name) {
  if (const File folder = open_folder(cache.options.folder); folder.is_open())
    (void)::unlinkat(folder.number(), (name + std::string(suffix)).c_str(), 0);
}

std::string name_of(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (const std::string_view part : parts) {
    all += fmt::format("{}:", part.size());
    all += part;
  }
  Digest digest{};
  check(EVP_Digest(all.data(), all.size(), digest.data(), nullptr, EVP_sha256(), nullptr) == 1,
        "SHA-256 gives 32 bytes");
  std::string name;
  for (const unsigned char byte : digest)
    name += fmt::format("{:02x}", byte);
  return name;
}

std::optional<fs::path> cache_folder() {
  if (const char* own = std::getenv("SANKU_CACHE"))
    return *own == '\0' ? std::nullopt : std::optional<fs::path>(own);
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/')
    return fs::path(cache) / "sanku";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/')
    return fs::path(home) / ".cache" / "sanku";
  return std::nullopt;
}

} // namespace sanku::engine
