// Files (files.h), on POSIX calls: std::ofstream reports neither what failed nor a failed close.
#include "runtime/io/files.h"

#include "runtime/io/json_text.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace sanku::io {
namespace {

constexpr std::size_t buffer_bytes = 256u << 10;

Error error_of(std::string_view doing_en, std::string_view doing_zh, const std::string& name,
               int error) {
  const char* why = std::strerror(error);
  return Error{.en = fmt::format("cannot {} `{}`: {}", doing_en, name, why),
               .zh = fmt::format("无法{}“{}”：{}", doing_zh, name, why)};
}

// The directory is synced too, or a crash could undo the rename. Some file systems refuse this, and
// that harms nothing.
void sync_directory(const std::string& file) {
  const std::filesystem::path parent = std::filesystem::path(file).parent_path();
  const std::filesystem::path directory = parent.empty() ? std::filesystem::path(".") : parent;
  const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), true);
  if (opened.number() >= 0)
    (void)::fsync(opened.number());
}

} // namespace

Descriptor::~Descriptor() { (void)close(); }

Descriptor::Descriptor(Descriptor&& other) noexcept
    : number_(std::exchange(other.number_, -1)), owned_(std::exchange(other.owned_, false)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  std::swap(owned_, other.owned_);
  return *this;
}

bool Descriptor::close() {
  const int number = std::exchange(number_, -1);
  if (number < 0 || !std::exchange(owned_, false))
    return true;
  // After EINTR Linux has closed the descriptor all the same.
  return ::close(number) == 0 || errno == EINTR;
}

Result<InputFile> InputFile::open(const std::string& path) {
  InputFile file;
  if (path == "-") {
    file.descriptor_ = Descriptor(STDIN_FILENO, false);
    return file;
  }
  file.descriptor_ = Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC), true);
  struct stat status{};
  int error = 0;
  if (file.descriptor_.number() < 0 || ::fstat(file.descriptor_.number(), &status) != 0) {
    error = errno;
  } else if (S_ISDIR(status.st_mode)) {
    error = EISDIR;
  }
  if (error != 0)
    return tl::unexpected(error_of("read", "读取", path, error));
  return file;
}

std::int64_t InputFile::read(char* buffer, std::size_t capacity) {
  while (true) {
    const ssize_t read = ::read(descriptor_.number(), buffer, capacity);
    if (read >= 0 || errno != EINTR)
      return read;
  }
}

bool InputFile::can_rewind() const {
  struct stat status{};
  return ::fstat(descriptor_.number(), &status) == 0 && S_ISREG(status.st_mode) &&
         ::lseek(descriptor_.number(), 0, SEEK_CUR) == 0;
}

Result<void> InputFile::rewind() {
  if (::lseek(descriptor_.number(), 0, SEEK_SET) == 0)
    return {};
  return failure("the input cannot be read a second time", "输入无法再次读取");
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : descriptor_(std::move(other.descriptor_)), name_(std::move(other.name_)),
      target_(std::move(other.target_)), temporary_(std::exchange(other.temporary_, {})),
      buffer_(std::move(other.buffer_)) {}

OutputFile::~OutputFile() {
  if (!temporary_.empty())
    ::unlink(temporary_.c_str());
}

Result<OutputFile> OutputFile::create(const std::string& path) {
  OutputFile file;
  file.name_ = path;
  if (path == "-") {
    file.descriptor_ = Descriptor(STDOUT_FILENO, false);
    return file;
  }
  auto refused = [&](int error) { return tl::unexpected(error_of("write", "写入", path, error)); };
  file.target_ = path;
  struct stat status{};
  if (::stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode))
      return refused(EISDIR);
    if (!S_ISREG(status.st_mode)) {
      // A rename would put a file in the place of the device.
      file.target_.clear();
      file.descriptor_ = Descriptor(::open(path.c_str(), O_WRONLY | O_CLOEXEC), true);
      if (file.descriptor_.number() < 0)
        return refused(errno);
      return file;
    }
    std::error_code failed;
    const std::filesystem::path real = std::filesystem::canonical(path, failed);
    if (!failed)
      file.target_ = real.string();
  }
  // Another run that ended without cleaning up may have left such a name.
  for (int attempt = 0; attempt < 100; ++attempt) {
    const std::filesystem::path target(file.target_);
    const std::string name =
        fmt::format(".{}.{}.{}.tmp", target.filename().string(), ::getpid(), attempt);
    const std::string temporary = (target.parent_path() / name).string();
    file.descriptor_ =
        Descriptor(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), true);
    if (file.descriptor_.number() >= 0) {
      file.temporary_ = temporary;
      return file;
    }
    if (errno != EEXIST)
      return refused(errno);
  }
  return refused(EEXIST);
}

Result<void> OutputFile::failed(int error) {
  (void)descriptor_.close();
  if (!temporary_.empty())
    ::unlink(std::exchange(temporary_, {}).c_str());
  return tl::unexpected(error_of("write", "写入", name_, error));
}

Result<void> OutputFile::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::write(descriptor_.number(), bytes.data(), bytes.size());
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (sent == 0 || errno != EINTR) {
      return failed(sent == 0 ? ENOSPC : errno);
    }
  }
  return {};
}

Result<void> OutputFile::write(std::string_view text) {
  if (buffer_.size() + text.size() <= buffer_bytes) {
    buffer_ += text;
    return {};
  }
  if (Result<void> sent = send(buffer_); !sent)
    return sent;
  buffer_.clear();
  if (text.size() > buffer_bytes)
    return send(text);
  buffer_ += text;
  return {};
}

Result<void> OutputFile::finish() {
  if (Result<void> sent = send(buffer_); !sent)
    return sent;
  buffer_.clear();
  if (!temporary_.empty() && ::fsync(descriptor_.number()) != 0)
    return failed(errno);
  if (!descriptor_.close())
    return failed(errno);
  if (temporary_.empty())
    return {};
  if (::rename(temporary_.c_str(), target_.c_str()) != 0)
    return failed(errno);
  temporary_.clear();
  sync_directory(target_);
  return {};
}

Result<void> OutputFile::look_like_target() {
  struct stat status{};
  if (temporary_.empty() || ::stat(target_.c_str(), &status) != 0)
    return {};
  // Only the superuser may give files away; for others the file becomes their own.
  if (::fchown(descriptor_.number(), status.st_uid, status.st_gid) != 0)
    errno = 0;
  if (::fchmod(descriptor_.number(), status.st_mode & 07777) != 0)
    return failed(errno);
  return {};
}

Result<void> replace_file(const std::string& path, std::string_view text) {
  Result<OutputFile> file = OutputFile::create(path);
  if (!file)
    return tl::unexpected(file.error());
  if (Result<void> alike = file->look_like_target(); !alike)
    return alike;
  if (Result<void> written = file->write(text); !written)
    return written;
  return file->finish();
}

Result<void> RejectsWriter::write(const Reject& reject) {
  if (!file_) {
    Result<OutputFile> created = OutputFile::create(path_);
    if (!created)
      return tl::unexpected(created.error());
    file_.emplace(std::move(*created));
  }
  line_.clear();
  line_ += '{';
  if (!reject.file.empty()) {
    line_ += "\"file\":";
    append_json_string(line_, reject.file);
    line_ += ',';
  }
  fmt::format_to(std::back_inserter(line_), "\"line\":{},\"offset\":{},\"reason\":", reject.line,
                 reject.offset);
  append_json_string(line_, reject.reason_en);
  line_ += ",\"reason_zh\":";
  append_json_string(line_, reject.reason_zh);
  line_ += ",\"record\":";
  append_json_string(line_, reject.text);
  line_ += "}\n";
  ++written_;
  return file_->write(line_);
}

Result<void> RejectsWriter::finish() {
  if (!file_)
    return {};
  return file_->finish();
}

} // namespace sanku::io
