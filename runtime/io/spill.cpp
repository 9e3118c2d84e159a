// Spill (spill.h).
#include "runtime/io/spill.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace sanku::io {
namespace {

constexpr std::size_t block_bytes = 64u << 10;

Error disk_error(const std::string& place, int error) {
  const std::string why = std::system_category().message(error);
  return Error{
      .en = fmt::format("cannot keep data in the temporary folder `{}`: {}; set TMPDIR to a "
                        "folder with more room",
                        place, why),
      .zh = fmt::format("无法在临时文件夹“{}”中暂存数据：{}；请用 TMPDIR 指定空间充足的文件夹",
                        place, why)};
}

std::string temporary_folder() {
  std::error_code failed;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(failed);
  return failed ? "/tmp" : folder.string();
}

} // namespace

Result<void> Spill::open_file() {
  const std::string folder = temporary_folder();
  int number = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (number < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
    // A file system without nameless files: the name goes as soon as the file is there.
    std::string name = folder + "/sanku-XXXXXX";
    number = ::mkostemp(name.data(), O_CLOEXEC);
    if (number >= 0)
      ::unlink(name.c_str());
  }
  if (number < 0)
    return tl::unexpected(disk_error(folder, errno));
  file_ = Descriptor(number, true);
  return {};
}

Result<void> Spill::close_block(Lane& lane) {
  Block& block = lane.blocks.emplace_back();
  if (!on_disk() && held_ + lane.open.size() <= memory_) {
    held_ += lane.open.size();
    block.bytes = std::exchange(lane.open, {});
    return {};
  }
  if (!on_disk()) {
    if (auto opened = open_file(); !opened)
      return opened;
  }
  block.offset = file_bytes_;
  block.size = lane.open.size();
  for (std::string_view rest = lane.open; !rest.empty();) {
    const ssize_t written =
        ::pwrite(file_.number(), rest.data(), rest.size(), static_cast<off_t>(file_bytes_));
    if (written == 0 || (written < 0 && errno != EINTR))
      return tl::unexpected(disk_error(temporary_folder(), written == 0 ? ENOSPC : errno));
    if (written > 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
      file_bytes_ += static_cast<std::uint64_t>(written);
    }
  }
  lane.open.clear();
  return {};
}

Result<void> Spill::append(std::size_t lane, std::string_view bytes) {
  Lane& to = lanes_[lane];
  to.open += bytes;
  if (to.open.size() < block_bytes)
    return {};
  return close_block(to);
}

Result<bool> Spill::block(std::size_t lane, std::size_t number, std::string& bytes) const {
  const Lane& from = lanes_[lane];
  if (number > from.blocks.size() || (number == from.blocks.size() && from.open.empty()))
    return false;
  if (number == from.blocks.size()) {
    bytes = from.open;
    return true;
  }
  const Block& block = from.blocks[number];
  if (block.size == 0) {
    bytes = block.bytes;
    return true;
  }
  bytes.resize(block.size);
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t got = ::pread(file_.number(), bytes.data() + at, bytes.size() - at,
                                static_cast<off_t>(block.offset + at));
    if (got == 0 || (got < 0 && errno != EINTR))
      return tl::unexpected(disk_error(temporary_folder(), got == 0 ? EIO : errno));
    at += static_cast<std::size_t>(std::max<ssize_t>(0, got));
  }
  return true;
}

Result<std::string_view> LaneReader::front(std::size_t bytes) {
  while (buffer_.size() - at_ < bytes) {
    const auto more = spill_->block(lane_, next_block_, block_);
    if (!more)
      return tl::unexpected(more.error());
    if (!*more)
      break;
    ++next_block_;
    buffer_.erase(0, at_);
    at_ = 0;
    buffer_ += block_;
  }
  return std::string_view(buffer_).substr(at_);
}

} // namespace sanku::io
