// See look_alike.h.
#include "compiler/hir/look_alike.h"

#include <array>
#include <utility>

namespace sanku::hir {
namespace {

// Each character, and the one that stands for all that look like it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 52> alike = {{
    {"0", "O"},   {"o", "O"},   {"1", "l"},   {"I", "l"},   {"Α", "A"},   {"Β", "B"},
    {"Ε", "E"},   {"Ζ", "Z"},   {"Η", "H"},   {"Ι", "l"},   {"Κ", "K"},   {"Μ", "M"},
    {"Ν", "N"},   {"Ο", "O"},   {"Ρ", "P"},   {"Τ", "T"},   {"Υ", "Y"},   {"Χ", "X"},
    {"α", "a"},   {"γ", "y"},   {"ι", "i"},   {"κ", "k"},   {"ν", "v"},   {"ο", "O"},
    {"ρ", "p"},   {"τ", "t"},   {"υ", "u"},   {"χ", "x"},   {"ω", "w"},   {"末", "未"},
    {"已", "己"}, {"巳", "己"}, {"曰", "日"}, {"士", "土"}, {"千", "干"}, {"于", "干"},
    {"入", "人"}, {"戌", "戊"}, {"戍", "戊"}, {"刺", "剌"}, {"侯", "候"}, {"拆", "折"},
    {"析", "折"}, {"冶", "治"}, {"拔", "拨"}, {"栗", "粟"}, {"炙", "灸"}, {"诀", "决"},
    {"徒", "徙"}, {"暑", "署"}, {"壁", "璧"}, {"祟", "崇"},
}};

} // namespace

std::string skeleton(std::string_view name) {
  std::string made;
  while (!name.empty()) {
    bool replaced = false;
    for (const auto& [character, stands] : alike)
      if (name.starts_with(character)) {
        made += stands;
        name.remove_prefix(character.size());
        replaced = true;
        break;
      }
    if (replaced)
      continue;
    made += name.front();
    name.remove_prefix(1);
  }
  return made;
}

} // namespace sanku::hir
