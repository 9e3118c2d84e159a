// See dosage.h. Texts are first brought into one form: half width, lower case, no spaces; then each
// is read from left to right, and what is left over makes it unreadable.
#include "runtime/assemble/dosage.h"

#include "runtime/types/value.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace sanku::assemble {
namespace {

constexpr unsigned places = 9;
constexpr Int128 one = 1'000'000'000;
constexpr std::size_t longest = 200; // bytes; what is longer is no dose

// ---- one form of writing

struct Spelling {
  std::string_view written, read;
};
constexpr std::array spellings = {
    Spelling{"×", "*"},     Spelling{"✕", "*"},     Spelling{"μ", "u"},
    Spelling{"µ", "u"},     Spelling{"　", ""},     Spelling{"两", "二"},
    Spelling{"天", "日"},   Spelling{"毫克", "mg"}, Spelling{"微克", "ug"},
    Spelling{"千克", "kg"}, Spelling{"公斤", "kg"}, Spelling{"克", "g"},
    Spelling{"毫升", "ml"}, Spelling{"升", "l"},    Spelling{"国际单位", "u"},
    Spelling{"单位", "u"},
};

// Full-width forms U+FF01..U+FF5E stand for ASCII.
bool take_wide(std::string_view& text, std::string& out) {
  if (text.size() < 3 || text[0] != '\xEF' || (text[1] != '\xBC' && text[1] != '\xBD'))
    return false;
  const unsigned code = ((static_cast<unsigned char>(text[1]) & 0x3fu) << 6) |
                        (static_cast<unsigned char>(text[2]) & 0x3fu);
  // U+FF00 is 0xF00 in the last twelve bits, of which the upper four are the same for all.
  const unsigned offset = code & 0xffu;
  if ((code >> 8) != 0xf || offset < 1 || offset > 0x5e)
    return false;
  out += static_cast<char>(offset + 0x20);
  text.remove_prefix(3);
  return true;
}

std::string plain(std::string_view text) {
  std::string out;
  if (text.size() > longest)
    return out;
  while (!text.empty()) {
    const auto* known = std::ranges::find_if(
        spellings, [&](const Spelling& each) { return text.starts_with(each.written); });
    if (known != spellings.end()) {
      out += known->read;
      text.remove_prefix(known->written.size());
    } else if (!take_wide(text, out)) {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  std::erase(out, ' ');
  for (char& c : out)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word))
    return false;
  text.remove_prefix(word.size());
  return true;
}
template <std::size_t n>
bool take_any(std::string_view& text, const std::array<std::string_view, n>& words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return take(text, word); });
}

// ---- numbers

constexpr std::array<std::string_view, 10> numerals = {"一", "二", "三", "四", "五",
                                                       "六", "七", "八", "九", "十"};

// Digits with a point, 一 to 十, or 半; in `one`s. Never a range.
std::optional<Int128> take_number(std::string_view& text) {
  for (std::size_t i = 0; i < numerals.size(); ++i)
    if (take(text, numerals[i]))
      return static_cast<Int128>(i + 1) * one;
  if (take(text, "半"))
    return one / 2;
  const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  Int128 units = 0;
  if (end == 0 || end > 18 || !parse_decimal(text.substr(0, end), places, units) || units <= 0)
    return std::nullopt;
  text.remove_prefix(end);
  return units;
}
std::optional<std::int64_t> take_whole(std::string_view& text) {
  std::string_view rest = text;
  const auto number = take_number(rest);
  if (!number || *number % one != 0 || *number / one > 1'000'000)
    return std::nullopt;
  text = rest;
  return static_cast<std::int64_t>(*number / one);
}

// ---- amounts

struct Unit {
  std::string_view name;
  Measured what;
  std::int64_t times = 1, of = 1; // the base unit
};
// Longer names before those that begin them.
constexpr std::array measures = {
    Unit{"mg", Measured::mass},
    Unit{"mcg", Measured::mass, 1, 1000},
    Unit{"ug", Measured::mass, 1, 1000},
    Unit{"kg", Measured::mass, 1'000'000},
    Unit{"g", Measured::mass, 1000},
    Unit{"ml", Measured::volume},
    Unit{"l", Measured::volume, 1000},
    Unit{"万iu", Measured::activity, 10'000},
    Unit{"万u", Measured::activity, 10'000},
    Unit{"iu", Measured::activity},
    Unit{"u", Measured::activity},
};
struct Piece {
  std::string_view written, name;
};
constexpr std::array pieces = {
    Piece{"片", "片"},   Piece{"tablets", "片"}, Piece{"tablet", "片"},   Piece{"tabs", "片"},
    Piece{"tab", "片"},  Piece{"粒", "粒"},      Piece{"capsules", "粒"}, Piece{"capsule", "粒"},
    Piece{"caps", "粒"}, Piece{"cap", "粒"},     Piece{"丸", "丸"},       Piece{"支", "支"},
    Piece{"袋", "袋"},   Piece{"包", "包"},      Piece{"瓶", "瓶"},       Piece{"贴", "贴"},
    Piece{"枚", "枚"},   Piece{"颗", "颗"},      Piece{"滴", "滴"},       Piece{"喷", "喷"},
    Piece{"吸", "吸"},   Piece{"揿", "揿"},      Piece{"栓", "栓"},       Piece{"盒", "盒"},
    Piece{"板", "板"},   Piece{"罐", "罐"},      Piece{"筒", "筒"},       Piece{"管", "管"},
    Piece{"听", "听"},
};
// What a quantity is counted in where the specification does not name its pack.
constexpr std::array<std::string_view, 7> packs = {"盒", "瓶", "罐", "筒", "听", "袋", "包"};

std::optional<std::string> take_piece(std::string_view& text) {
  for (const Piece& piece : pieces)
    if (take(text, piece.written))
      return std::string(piece.name);
  return std::nullopt;
}

std::optional<Amount> take_amount(std::string_view& text) {
  std::string_view rest = text;
  const auto number = take_number(rest);
  if (!number)
    return std::nullopt;
  for (const Unit& unit : measures)
    if (take(rest, unit.name)) {
      // `0.5g` and not the beginning of another word.
      if (*number * unit.times % unit.of != 0 ||
          (!rest.empty() && rest.front() >= 'a' && rest.front() <= 'z' && rest.front() != 'x'))
        return std::nullopt;
      text = rest;
      return Amount{.what = unit.what, .units = *number * unit.times / unit.of};
    }
  if (auto piece = take_piece(rest)) {
    text = rest;
    return Amount{.what = Measured::pieces, .piece = std::move(*piece), .units = *number};
  }
  return std::nullopt;
}

// ---- frequencies

struct Abbreviation {
  std::string_view text;
  Frequency frequency;
};
constexpr std::array abbreviations = {
    Abbreviation{"qd", {1, 1}},       Abbreviation{"bid", {2, 1}},
    Abbreviation{"tid", {3, 1}},      Abbreviation{"qid", {4, 1}},
    Abbreviation{"qod", {1, 2}},      Abbreviation{"qn", {1, 1}},
    Abbreviation{"hs", {1, 1}},       Abbreviation{"qm", {1, 1}},
    Abbreviation{"qw", {1, 7}},       Abbreviation{"biw", {2, 7}},
    Abbreviation{"tiw", {3, 7}},      Abbreviation{"q2w", {1, 14}},
    Abbreviation{"隔日一次", {1, 2}}, Abbreviation{"隔日1次", {1, 2}},
    Abbreviation{"隔日", {1, 2}},     Abbreviation{"每晚一次", {1, 1}},
    Abbreviation{"每晚1次", {1, 1}},  Abbreviation{"每晚", {1, 1}},
    Abbreviation{"睡前一次", {1, 1}}, Abbreviation{"睡前1次", {1, 1}},
    Abbreviation{"每早一次", {1, 1}}, Abbreviation{"每早1次", {1, 1}},
};

// Of a length of time behind 每, 一 or a stroke: in days, or hours of one day.
std::optional<Frequency> once_in(std::string_view& text) {
  const std::int64_t count = take_whole(text).value_or(1);
  if (take(text, "小时") || take(text, "h"))
    return count <= 24 && 24 % count == 0 ? std::optional(Frequency{24 / count, 1})
                                          : std::optional(Frequency{24, count});
  if (take(text, "日") || take(text, "d"))
    return Frequency{1, count};
  if (take(text, "周") || take(text, "星期") || take(text, "w"))
    return Frequency{1, 7 * count};
  return std::nullopt;
}

// `每日三次`, `一日3次`, `日三次`, `每8小时一次`, `每周二次`.
std::optional<Frequency> spoken(std::string_view text) {
  static_cast<void>(take(text, "每"));
  const auto period = once_in(text);
  const auto times = period ? take_whole(text) : std::nullopt;
  if (!times || !take(text, "次") || !text.empty())
    return std::nullopt;
  return Frequency{period->times * *times, period->days};
}
// `3次/日`, `1次/8小时`, `2/日`.
std::optional<Frequency> with_stroke(std::string_view text) {
  const auto times = take_whole(text);
  static_cast<void>(take(text, "次"));
  if (!times || !take(text, "/"))
    return std::nullopt;
  const auto period = once_in(text);
  if (!period || !text.empty())
    return std::nullopt;
  return Frequency{period->times * *times, period->days};
}
// `q8h`, `q3d`.
std::optional<Frequency> abbreviated(std::string_view text) {
  const auto* known = std::ranges::find(abbreviations, text, &Abbreviation::text);
  if (known != abbreviations.end())
    return known->frequency;
  if (!take(text, "q"))
    return std::nullopt;
  const auto period = once_in(text);
  return period && text.empty() ? period : std::nullopt;
}

// ---- specifications

// `24片`, `7片/板`, `0.25g`, `5ml:0.2g`; false: it is none of them.
struct Segment {
  std::vector<Amount> amounts;
  std::string container;
};
std::optional<Segment> segment_of(std::string_view text) {
  Segment made;
  do {
    auto amount = take_amount(text);
    if (!amount)
      return std::nullopt;
    made.amounts.push_back(std::move(*amount));
  } while (take(text, ":"));
  if (take(text, "/")) {
    const auto container = take_piece(text);
    if (!container)
      return std::nullopt;
    made.container = *container;
  }
  return text.empty() ? std::optional(std::move(made)) : std::nullopt;
}

std::vector<std::string_view> segments_of(std::string_view text) {
  std::vector<std::string_view> segments;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const bool digit_next = i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9';
    if (i < text.size() && text[i] != '*' && !(text[i] == 'x' && digit_next && i > 0))
      continue;
    segments.push_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  return segments;
}

bool add_strength(Contents& made, Segment segment) {
  if (!made.strengths.empty() || made.pieces != 1 || !made.piece.empty())
    return false;
  made.strengths = std::move(segment.amounts);
  made.piece = segment.container;
  return true;
}
// Of `7片*2板/盒` the pieces are those named first.
bool add_count(Contents& made, const Segment& segment, bool counted) {
  const Amount& count = segment.amounts.front();
  if (segment.amounts.size() != 1 || count.units % one != 0 || !made.pack.empty())
    return false;
  const auto number = static_cast<std::int64_t>(count.units / one);
  if (number > 1'000'000 || made.pieces > 1'000'000)
    return false;
  made.pieces *= number;
  if (!counted && !made.piece.empty() && made.piece != count.piece)
    return false; // 0.25g/粒*24片
  if (!counted)
    made.piece = count.piece;
  made.pack = segment.container;
  return true;
}

// How many pieces the quantity is, in ten-thousandths.
std::optional<Int128> pieces_of(const Contents& contents, const std::string& unit,
                                Int128 quantity) {
  if (unit == contents.piece)
    return quantity;
  const bool pack =
      contents.pack.empty() ? std::ranges::count(packs, unit) != 0 : contents.pack == unit;
  if (!pack || contents.piece.empty())
    return std::nullopt;
  return quantity * contents.pieces;
}

} // namespace

std::optional<Amount> dose_of(std::string_view text) {
  const std::string read = plain(text);
  std::string_view rest = read;
  constexpr std::array<std::string_view, 4> before = {"每次", "一次", "1次", "次"};
  static_cast<void>(take_any(rest, before));
  auto amount = take_amount(rest);
  static_cast<void>(amount && take(rest, "/次"));
  return amount && rest.empty() ? amount : std::nullopt;
}

std::optional<Frequency> frequency_of(std::string_view text) {
  std::string read = plain(text);
  std::erase(read, '.');
  for (const auto way : {abbreviated, spoken, with_stroke})
    if (const auto frequency = way(read))
      return frequency;
  return std::nullopt;
}

std::optional<Contents> contents_of(std::string_view text) {
  const std::string read = plain(text);
  Contents made;
  bool counted = false;
  for (const std::string_view each : segments_of(read)) {
    auto segment = segment_of(each);
    if (!segment)
      return std::nullopt;
    const bool count = segment->amounts.front().what == Measured::pieces;
    // A pack may be named inside of what it holds: `7片/板*2板/盒`.
    if (count && counted && made.pack == segment->amounts.front().piece)
      made.pack.clear();
    if (!(count ? add_count(made, *segment, counted) : add_strength(made, std::move(*segment))))
      return std::nullopt;
    counted = counted || count;
  }
  return made;
}

std::optional<std::int64_t> days_of_supply(const Dosage& dosage) {
  const auto dose = dose_of(dosage.dose);
  const auto frequency = frequency_of(dosage.frequency);
  const std::string written = plain(dosage.unit);
  std::string_view rest = written;
  const auto unit = take_piece(rest);
  constexpr Int128 most = Int128{1'000'000'000} * 10'000;
  if (!dose || !frequency || !unit || !rest.empty() || dosage.quantity <= 0 ||
      dosage.quantity > most)
    return std::nullopt;
  // What there is, in ten-thousandths of `one`s of the dose's measure.
  std::optional<Int128> there;
  const auto contents = contents_of(dosage.spec);
  if (dose->what == Measured::pieces && dose->piece == *unit) {
    there = dosage.quantity * one;
  } else if (contents) {
    const auto count = pieces_of(*contents, *unit, dosage.quantity);
    const auto strength = std::ranges::find(contents->strengths, dose->what, &Amount::what);
    if (count && dose->what == Measured::pieces && dose->piece == contents->piece)
      there = *count * one;
    else if (count && dose->what != Measured::pieces && strength != contents->strengths.end() &&
             strength->units < Int128{1} << 70)
      if (Int128 all = 0; !__builtin_mul_overflow(*count, strength->units, &all))
        there = all;
  }
  Int128 above = 0, below = 0;
  if (!there || __builtin_mul_overflow(*there, Int128{frequency->days} * 2, &above) ||
      __builtin_mul_overflow(dose->units, Int128{frequency->times} * 100, &below) || below <= 0)
    return std::nullopt;
  const Int128 days = (above + below) / (below * 2); // half away from zero
  constexpr Int128 longest_supply = 999'999'99;
  return days <= longest_supply ? std::optional(static_cast<std::int64_t>(days)) : std::nullopt;
}

} // namespace sanku::assemble
