// See chart.h.
#include "tools/html/chart.h"

#include "tools/html/page.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::html {
namespace {

// Of a side, so that what is written beside a bar has room.
constexpr double widest = 66;

std::int64_t most_of(const DifferenceChart& chart) {
  std::int64_t most = 1;
  for (const Difference& each : chart.rows)
    most = std::max({most, each.up, each.down});
  return most;
}

double share(std::int64_t value, std::int64_t most) {
  return static_cast<double>(value) / static_cast<double>(most);
}

std::string head(const DifferenceChart& chart) {
  return fmt::format("<figure><figcaption>{}</figcaption>\n<div class=\"key\"><span><i "
                     "style=\"background:var(--down)\"></i>{}</span><span><i "
                     "style=\"background:var(--up)\"></i>{}</span></div>\n",
                     escaped(chart.caption), escaped(chart.down_name), escaped(chart.up_name));
}

// A bar and its number; nothing where nothing is.
std::string bar(double percent, const std::string& text, bool number_first) {
  if (percent == 0)
    return {};
  const std::string drawn = fmt::format("<i style=\"width:max(2px,{:.2f}%)\"></i>", percent);
  const std::string written = fmt::format("<span>{}</span>", escaped(text));
  return number_first ? written + drawn : drawn + written;
}

} // namespace

std::string difference_bars(const DifferenceChart& chart) {
  const std::int64_t most = most_of(chart);
  std::string out = head(chart) + "<div class=\"bars\">\n";
  for (const Difference& each : chart.rows)
    out += fmt::format(
        "<div class=\"name\" title=\"{}\">{}</div><div class=\"side left\">{}</div>"
        "<div class=\"side right\">{}</div>\n",
        escaped(each.hint.empty() ? each.name : each.hint), escaped(each.name),
        bar(widest * share(each.down, most), each.down_text, true),
        bar(widest * share(each.up, most), each.up_text, false) +
            (each.note.empty() ? std::string() : fmt::format("<em>{}</em>", escaped(each.note))));
  return out + "</div></figure>\n";
}

std::string difference_columns(const DifferenceChart& chart) {
  constexpr double width = 1060, half = 110, foot = 22;
  const std::int64_t most = most_of(chart);
  // A side on which nothing is takes no room.
  const bool any_up = std::ranges::any_of(chart.rows,
                                          [](const Difference& each) { return each.up > 0; }),
             any_down = std::ranges::any_of(chart.rows,
                                            [](const Difference& each) { return each.down > 0; });
  const double step = width / static_cast<double>(std::max<std::size_t>(chart.rows.size(), 1));
  const double bar_width = std::min(step * 0.6, 46.0);
  // So many that their names would meet are named every second or third.
  const auto every = static_cast<std::size_t>(std::max(1.0, 64.0 / step + 0.999));
  const double axis = any_up ? half + foot : 4;
  const double height = axis + (any_down ? half + foot : 0) + foot;
  std::string out =
      head(chart) + fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n",
                                width, height, escaped(chart.caption));
  for (std::size_t i = 0; i < chart.rows.size(); ++i) {
    const Difference& each = chart.rows[i];
    const double middle = step * (static_cast<double>(i) + 0.5), left = middle - bar_width / 2;
    const double up = half * share(each.up, most), down = half * share(each.down, most);
    out += fmt::format("<g><title>{}: +{} −{}</title>", escaped(each.name), escaped(each.up_text),
                       escaped(each.down_text));
    const auto draw = [&](double y, double tall, const char* colour, double text_y,
                          const std::string& text) {
      out += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
                         "fill=\"var(--{})\"/>",
                         left, y, bar_width, std::max(tall, 1.0), colour);
      if (every == 1)
        out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"12\" "
                           "text-anchor=\"middle\">{}</text>",
                           middle, text_y, escaped(text));
    };
    if (each.up > 0)
      draw(axis - std::max(up, 1.0), up, "up", axis - up - 6, each.up_text);
    if (each.down > 0)
      draw(axis, down, "down", axis + down + 15, each.down_text);
    if (i % every == 0)
      out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"12\" "
                         "text-anchor=\"middle\">{}</text>",
                         middle, height - 7, escaped(each.name));
    out += "</g>\n";
  }
  return out +
         fmt::format("<line x1=\"0\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#9aa5b1\"/>"
                     "</svg></figure>\n",
                     width, axis, axis);
}

} // namespace sanku::html
