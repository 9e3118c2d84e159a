// See progress.h.
#include "tools/sanku/progress.h"

#include "tools/engine/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

namespace sanku::command {
namespace {

constexpr std::size_t bar_cells = 26;
constexpr double seconds_between = 0.1;

// A bar in eighths of a cell.
std::string bar(double share) {
  constexpr std::string_view eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto filled = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * bar_cells * 8);
  std::string out;
  for (std::size_t i = 0; i < filled / 8; ++i)
    out += "█";
  out += eighths[filled % 8];
  const std::size_t used = filled / 8 + (filled % 8 != 0 ? 1 : 0);
  return "▕" + out + std::string(bar_cells - used, ' ') + "▏";
}

std::string short_number(double number) {
  if (number >= 1e6)
    return fmt::format("{:.2f} M", number / 1e6);
  if (number >= 1e4)
    return fmt::format("{:.0f} k", number / 1e3);
  return fmt::format("{:.0f}", number);
}

std::size_t terminal_cells() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

} // namespace

ProgressLine::ProgressLine(const Terminal& terminal, std::string name, std::uint64_t bytes,
                           std::string rejects)
    : terminal_(terminal), name_(std::move(name)), rejects_(std::move(rejects)), bytes_(bytes) {}

ProgressLine::~ProgressLine() { clear(); }

std::string ProgressLine::text(const engine::Progress& progress) const {
  const double seconds = std::max(since_start_.seconds(), 1e-3);
  const double rate = static_cast<double>(progress.settlements) / seconds;
  std::string out = name_ + "  ";
  if (bytes_ != 0 && progress.bytes != 0) {
    const double share =
        std::min(1.0, static_cast<double>(progress.bytes) / static_cast<double>(bytes_));
    out += fmt::format(
        "{}  {:2.0f} %   {} {} ~{}   {}/s   ", bar(share), share * 100,
        short_number(static_cast<double>(progress.settlements)), terminal_.pick("共", "of"),
        short_number(static_cast<double>(progress.settlements) / share), short_number(rate));
    out += fmt::format(fmt::runtime(terminal_.pick("剩余 {:.1f} s", "{:.1f} s left")),
                       seconds * (1 - share) / share);
  } else {
    out += fmt::format("{}   {}/s", short_number(static_cast<double>(progress.settlements)),
                       short_number(rate));
  }
  if (progress.rejected != 0)
    out += fmt::format("   {} {} → {}", terminal_.pick("拒收", "rejected"),
                       engine::count_text(progress.rejected), rejects_);
  return out;
}

void ProgressLine::show(const engine::Progress& progress) {
  if (!terminal_.err_is_terminal || (drawn_ && since_shown_.seconds() < seconds_between))
    return;
  // A line that wraps could not be redrawn in place.
  const std::string line = "\r\x1b[K" + engine::fitted(text(progress), terminal_cells() - 1);
  (void)std::fwrite(line.data(), 1, line.size(), stderr);
  (void)std::fflush(stderr);
  drawn_ = true;
  (void)since_shown_.lap();
}

void ProgressLine::clear() {
  if (!drawn_)
    return;
  (void)std::fputs("\r\x1b[K", stderr);
  drawn_ = false;
}

} // namespace sanku::command
