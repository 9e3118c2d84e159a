// See ledger.h.
#include "tools/outcomes/ledger.h"

#include "runtime/io/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>

namespace sanku::outcomes {
namespace {

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

} // namespace

bool Ledger::add(Verdict verdict) {
  std::vector<Verdict>& known = by_finding_[verdict.finding];
  const std::string text = to_json(verdict);
  if (std::ranges::any_of(known, [&](const Verdict& each) { return to_json(each) == text; }))
    return false;
  const auto time = [](const Verdict& each) { return std::tuple(each.date.days, each.stage); };
  // What was told last stands before its equals.
  const auto place =
      std::ranges::find_if(known, [&](const Verdict& each) { return time(each) <= time(verdict); });
  known.insert(place, std::move(verdict));
  ++size_;
  return true;
}

Result<void> append(const std::string& path, std::string_view lines) {
  const io::Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600),
                            true);
  struct stat about{};
  bool done = file.number() >= 0 && ::flock(file.number(), LOCK_EX) == 0 &&
              ::fstat(file.number(), &about) == 0;
  // A line that was cut off stays what it is: nothing is put on it.
  char last = '\n';
  if (done && about.st_size > 0)
    done = ::pread(file.number(), &last, 1, about.st_size - 1) == 1;
  const std::string whole = (last == '\n' ? "" : "\n") + std::string(lines);
  if (done && write_all(file.number(), whole) && ::fsync(file.number()) == 0)
    return {};
  const char* why = std::strerror(errno);
  // Half of it would be no ledger.
  if (done)
    (void)!::ftruncate(file.number(), about.st_size);
  return failure(fmt::format("cannot add to the ledger `{}`: {}", path, why),
                 fmt::format("无法写入台账“{}”：{}", path, why));
}

} // namespace sanku::outcomes
