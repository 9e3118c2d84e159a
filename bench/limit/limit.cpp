// See limit.h. Each code has one word of bits: what could concern it. Anded with the settlement's
// mask it says which lines are candidates; whatever is left is decided exactly, by hand.
#include "bench/limit/limit.h"

#include <algorithm>
#include <cstring>

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace sanku::bench::limit {
namespace {

constexpr std::uint64_t male_only = 1, female_only = 2;
constexpr std::uint64_t level_bits = 4; // level 2, 3, 4: bits 2, 3, 4
constexpr std::uint64_t aged = 1u << 5, grouped = 1u << 6, once = 1u << 7, limited = 1u << 8,
                        excluding = 1u << 9, bed = 1u << 10, second = 1u << 11;
constexpr std::uint64_t any_sex = male_only | female_only, any_level = 7 * level_bits;
constexpr std::uint64_t always = aged | grouped | once | limited | excluding | bed | second;
constexpr std::int64_t day_seconds = 86'400;

template <class T> bool is_known(const Column<T>& column, std::uint32_t row) {
  return ((column.known[row >> 3] >> (row & 7u)) & 1u) != 0;
}

std::int64_t day_of(std::int64_t at) { return at / day_seconds - (at % day_seconds < 0 ? 1 : 0); }

// Which restrictions this settlement breaks or may break.
std::uint64_t mask_of(const Block& block, std::uint32_t settlement) {
  std::uint64_t mask = always;
  if (!is_known(block.sex, settlement))
    mask |= any_sex;
  else
    mask |= block.sex.values[settlement] == 1 ? female_only : male_only;
  if (!is_known(block.level, settlement))
    return mask | any_level;
  const std::uint32_t level = block.level.values[settlement];
  return mask | (any_level & ~((level_bits << (level - 1)) - 1));
}

struct Civil {
  std::int64_t year, month, day;
};

// Years run from March; 400 of them have 146,097 days.
Civil civil_of(std::int64_t days) {
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const std::int64_t of_era = days - era * 146'097;
  const std::int64_t year = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const std::int64_t shifted = (5 * of_year + 2) / 153;
  const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {year + era * 400 + (month <= 2 ? 1 : 0), month, of_year - (153 * shifted + 2) / 5 + 1};
}

std::int64_t completed_years(std::int64_t birth, std::int64_t on) {
  Civil born = civil_of(birth);
  const Civil now = civil_of(on);
  const bool leap = now.year % 4 == 0 && (now.year % 100 != 0 || now.year % 400 == 0);
  if (born.month == 2 && born.day == 29 && !leap)
    born.day = 28;
  const bool before = now.month < born.month || (now.month == born.month && now.day < born.day);
  return now.year - born.year - (before ? 1 : 0);
}

class Judge {
public:
  Judge(const Tables& tables, const Block& block, Scratch& scratch, Output& out)
      : tables_(tables), block_(block), scratch_(scratch), out_(out) {}

  // What is left of one settlement: its candidates, in the order of lines, and its sum.
  void settle(std::uint32_t settlement, const std::uint32_t* candidates, std::size_t count,
              std::int64_t sum) {
    settlement_ = settlement;
    candidates_ = candidates;
    count_ = count;
    const std::size_t before = out_.findings.size();
    if (block_.total[settlement] != sum)
      total(sum);
    bool beds = false;
    for (std::size_t i = 0; i < count; ++i)
      beds |= line(i);
    if (beds)
      bed_days();
    if (out_.findings.size() == before)
      return;
    close();
    if (out_.findings.size() - before > 1)
      std::sort(out_.findings.begin() + static_cast<std::ptrdiff_t>(before), out_.findings.end(),
                [](const Payload& a, const Payload& b) { return a.order < b.order; });
  }

private:
  const ItemRow& item(std::uint32_t row) const { return tables_.items[block_.code[row]]; }
  std::int64_t day(std::uint32_t row) const { return day_of(block_.at[row]); }

  // True for bed items.
  bool line(std::size_t candidate) {
    const std::uint32_t row = candidates_[candidate];
    const std::uint64_t word = tables_.words[block_.code[row]];
    const ItemRow& known = item(row);
    if ((word & any_sex) != 0)
      wrong_sex(row, known);
    if ((word & aged) != 0)
      wrong_age(row, known);
    if ((word & grouped) != 0)
      wrong_diagnosis(row, known);
    if ((word & (once | limited)) != 0)
      day_group(candidate, word);
    if ((word & excluding) != 0)
      excluded(row, known);
    if ((word & any_level) != 0)
      wrong_level(row, known);
    if ((word & second) != 0)
      no_first_line(row, known);
    return (word & bed) != 0;
  }

  void wrong_sex(std::uint32_t row, const ItemRow& known) {
    if (!is_known(block_.sex, settlement_)) {
      ++out_.indeterminate[0];
    } else if (block_.sex.values[settlement_] != known.sex) {
      begin(0, row);
      out_.rows.push_back(known.sex_row);
      own_line(row);
      name(row);
      number(known.sex);
    }
  }

  void wrong_age(std::uint32_t row, const ItemRow& known) {
    if (!is_known(block_.birth, settlement_)) {
      ++out_.indeterminate[1];
      return;
    }
    const std::int64_t years = completed_years(block_.birth.values[settlement_], day(row));
    if (known.age_low <= years && years <= known.age_high)
      return;
    begin(1, row);
    out_.rows.push_back(known.age_row);
    own_line(row);
    name(row);
  }

  void wrong_diagnosis(std::uint32_t row, const ItemRow& known) {
    const std::uint32_t group = known.group;
    for (std::uint32_t i = block_.first_diagnosis[settlement_];
         i < block_.first_diagnosis[settlement_ + 1]; ++i) {
      const std::uint64_t* groups =
          tables_.groups_of.data() + std::size_t{block_.diagnosis[i]} * group_words;
      if (((groups[group >> 6] >> (group & 63u)) & 1u) != 0)
        return;
    }
    begin(2, row);
    out_.rows.push_back(known.group_row);
    out_.rows.push_back(tables_.group_rows[group]);
    own_line(row);
    name(row);
  }

  // R04 and R06 where this line is the first candidate of its code and day.
  void day_group(std::size_t candidate, std::uint64_t word) {
    const std::uint32_t row = candidates_[candidate];
    const std::uint32_t code = block_.code[row];
    const std::int64_t on = day(row);
    for (std::size_t i = 0; i < candidate; ++i)
      if (block_.code[candidates_[i]] == code && day(candidates_[i]) == on)
        return;
    std::int64_t sum = block_.quantity[row];
    std::vector<std::uint32_t>& group = scratch_.group;
    group.assign(1, row);
    for (std::size_t i = candidate + 1; i < count_; ++i) {
      if (block_.code[candidates_[i]] != code || day(candidates_[i]) != on)
        continue;
      group.push_back(candidates_[i]);
      sum += block_.quantity[candidates_[i]];
    }
    in_order(group);
    if ((word & once) != 0 && group.size() > 1) {
      begin_group(3, group.front(), on);
      for (const std::uint32_t line : group)
        own_line(line);
      name(group.front());
      number(on);
    }
    const ItemRow& known = item(row);
    if ((word & limited) != 0 && sum > std::int64_t{known.day_limit} * 10'000) {
      begin_group(5, group.front(), on);
      out_.rows.push_back(known.limit_row);
      beyond(group, std::int64_t{known.day_limit} * 10'000);
      name(group.front());
      number(on);
      number(known.day_limit);
    }
  }

  void excluded(std::uint32_t row, const ItemRow& known) {
    const std::int64_t on = day(row);
    std::vector<std::uint32_t>& others = scratch_.group;
    others.clear();
    for (std::uint32_t i = block_.first_line[settlement_]; i < block_.first_line[settlement_ + 1];
         ++i)
      if (block_.code[i] == known.other && day(i) == on)
        others.push_back(i);
    if (others.empty())
      return;
    in_order(others);
    begin(4, row);
    out_.rows.push_back(known.other_row);
    own_line(row);
    for (const std::uint32_t other : others)
      if (other != row)
        out_.lines.push_back({other, false, false, 0});
    name(row);
    text(out_.holes, tables_.texts[known.other]);
  }

  void wrong_level(std::uint32_t row, const ItemRow& known) {
    if (!is_known(block_.level, settlement_)) {
      ++out_.indeterminate[8];
    } else if (block_.level.values[settlement_] < known.level) {
      begin(8, row);
      out_.rows.push_back(known.level_row);
      own_line(row);
      name(row);
      number(known.level);
    }
  }

  void no_first_line(std::uint32_t row, const ItemRow& known) {
    for (std::uint32_t i = block_.first_line[settlement_]; i < block_.first_line[settlement_ + 1];
         ++i) {
      if (block_.code[i] >= tables_.items.size())
        continue;
      const ItemRow& other = item(i);
      if (other.first && other.family == known.family)
        return;
    }
    begin(9, row);
    out_.rows.push_back(known.second_row);
    own_line(row);
    name(row);
  }

  void total(std::int64_t sum) {
    std::vector<std::uint32_t>& lines = scratch_.group;
    lines.clear();
    for (std::uint32_t i = block_.first_line[settlement_]; i < block_.first_line[settlement_ + 1];
         ++i)
      lines.push_back(i);
    in_order(lines);
    begin_settlement(6);
    for (const std::uint32_t row : lines)
      out_.lines.push_back({row, true, false, 0});
    number(block_.total[settlement_]);
    number(sum);
  }

  void bed_days() {
    const std::int64_t stay = std::max<std::int64_t>(1, day_of(block_.discharged[settlement_]) -
                                                            day_of(block_.admitted[settlement_]));
    std::vector<std::uint32_t>& beds = scratch_.group;
    beds.clear();
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      if ((tables_.words[block_.code[candidates_[i]]] & bed) == 0)
        continue;
      beds.push_back(candidates_[i]);
      sum += block_.quantity[candidates_[i]];
    }
    if (sum <= stay * 10'000)
      return;
    in_order(beds);
    begin_settlement(7);
    beyond(beds, stay * 10'000);
    number(sum);
    number(stay);
  }

  void in_order(std::vector<std::uint32_t>& lines) const {
    if (lines.size() > 1)
      std::sort(lines.begin(), lines.end(),
                [&](std::uint32_t a, std::uint32_t b) { return block_.rank[a] < block_.rank[b]; });
  }

  // What lies after the first `left` units; the line that straddles them is cut.
  void beyond(const std::vector<std::uint32_t>& lines, std::int64_t left) {
    for (const std::uint32_t row : lines) {
      const std::int64_t units = block_.quantity[row];
      if (units <= left) {
        left -= std::max<std::int64_t>(units, 0);
        continue;
      }
      const std::int64_t part = units - left;
      left = 0;
      const std::int64_t cents = std::max<std::int64_t>(0, block_.amount[row]);
      __extension__ using Wide = __int128;
      const auto share =
          part == units
              ? cents
              : static_cast<std::int64_t>((Wide{cents} * part * 2 + units) / (Wide{units} * 2));
      out_.lines.push_back({row, true, true, share});
    }
  }

  // ---- writing a finding

  void begin(std::uint32_t rule, std::uint32_t subject) {
    start(rule, subject, ((std::uint64_t{block_.rank[subject]} + 1) << 8) | rule);
  }
  void begin_settlement(std::uint32_t rule) { start(rule, settlement_, rule); }
  void begin_group(std::uint32_t rule, std::uint32_t subject, std::int64_t on) {
    begin(rule, subject);
    text(out_.keys, tables_.texts[block_.code[subject]]);
    out_.keys.push_back({false, on, 0});
  }
  void start(std::uint32_t rule, std::uint32_t subject, std::uint64_t order) {
    close();
    open_ = true;
    ++out_.fired[rule];
    Payload payload;
    payload.settlement = settlement_;
    payload.subject = subject;
    payload.rule = rule;
    payload.rows = static_cast<std::uint32_t>(out_.rows.size());
    payload.lines = static_cast<std::uint32_t>(out_.lines.size());
    payload.keys = static_cast<std::uint32_t>(out_.keys.size());
    payload.holes = static_cast<std::uint32_t>(out_.holes.size());
    payload.order = order;
    out_.findings.push_back(payload);
  }
  // The parts of the finding written last end here.
  void close() {
    if (!open_)
      return;
    open_ = false;
    Payload& payload = out_.findings.back();
    payload.row_count = static_cast<std::uint16_t>(out_.rows.size() - payload.rows);
    payload.line_count = static_cast<std::uint16_t>(out_.lines.size() - payload.lines);
    payload.key_count = static_cast<std::uint16_t>(out_.keys.size() - payload.keys);
    payload.hole_count = static_cast<std::uint16_t>(out_.holes.size() - payload.holes);
  }
  void own_line(std::uint32_t row) {
    out_.lines.push_back({row, true, true, std::max<std::int64_t>(0, block_.amount[row])});
  }
  void name(std::uint32_t row) {
    text(out_.holes, {block_.names + block_.name_begin[row],
                      block_.name_begin[row + 1] - block_.name_begin[row]});
  }
  void number(std::int64_t value) { out_.holes.push_back({false, value, 0}); }
  void text(std::vector<PayloadValue>& to, std::string_view value) {
    to.push_back({true, static_cast<std::int64_t>(out_.texts.size()),
                  static_cast<std::uint32_t>(value.size())});
    out_.texts += value;
  }

  const Tables& tables_;
  const Block& block_;
  Scratch& scratch_;
  Output& out_;
  std::uint32_t settlement_ = 0;
  const std::uint32_t* candidates_ = nullptr;
  std::size_t count_ = 0;
  bool open_ = false; // the last finding is still being written
};

// The settlement of each line, sums of amounts up to each line.
void lay_flat(const Block& block, Scratch& scratch) {
  const std::uint32_t lines = block.first_line[block.settlements];
  constexpr std::uint32_t width = 16;
  scratch.parents.resize(lines + width);
  scratch.sums.resize(lines + std::size_t{1});
  for (std::uint32_t s = 0; s < block.settlements; ++s)
    for (std::uint32_t row = block.first_line[s]; row < block.first_line[s + 1]; row += width)
      for (std::uint32_t i = 0; i < width; ++i)
        scratch.parents[row + i] = static_cast<std::uint16_t>(s);
  std::int64_t sum = 0;
  for (std::uint32_t row = 0; row < lines; ++row) {
    scratch.sums[row] = sum;
    sum += block.amount[row];
  }
  scratch.sums[lines] = sum;
}

// Lines of which the word and the settlement's mask share a bit, packed to the left.
std::uint32_t find_candidates(const Tables& tables, const Block& block, Scratch& scratch) {
  const std::uint32_t lines = block.first_line[block.settlements];
  const auto known = static_cast<std::uint32_t>(tables.items.size());
  scratch.candidates.resize(lines + 8);
  std::uint32_t* out = scratch.candidates.data();
  std::uint32_t found = 0, row = 0;
#ifdef __AVX2__
  const auto* words = reinterpret_cast<const long long*>(tables.words.data());
  const auto* masks = reinterpret_cast<const long long*>(scratch.masks.data());
  const __m128i last = _mm_set1_epi32(static_cast<int>(known));
  for (; row + 4 <= lines; row += 4) {
    const __m128i codes =
        _mm_min_epu32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(block.code + row)), last);
    const __m128i parents = _mm_cvtepu16_epi32(
        _mm_loadl_epi64(reinterpret_cast<const __m128i*>(scratch.parents.data() + row)));
    const __m256i both = _mm256_and_si256(_mm256_i32gather_epi64(words, codes, 8),
                                          _mm256_i32gather_epi64(masks, parents, 8));
    unsigned live = 15u & ~static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(
                              _mm256_cmpeq_epi64(both, _mm256_setzero_si256()))));
    out[found] = row;
    found += live & 1u;
    out[found] = row + 1;
    found += (live >> 1) & 1u;
    out[found] = row + 2;
    found += (live >> 2) & 1u;
    out[found] = row + 3;
    found += live >> 3;
  }
#endif
  for (; row < lines; ++row) {
    const std::uint64_t word = tables.words[std::min(block.code[row], known)];
    out[found] = row;
    found += (word & scratch.masks[scratch.parents[row]]) != 0 ? 1u : 0u;
  }
  return found;
}

} // namespace

void Output::clear() {
  findings.clear();
  rows.clear();
  lines.clear();
  keys.clear();
  holes.clear();
  texts.clear();
}

void prepare(Tables& tables) {
  tables.words.clear();
  for (const ItemRow& row : tables.items) {
    std::uint64_t word = 0;
    word |= row.sex == 1 ? male_only : row.sex == 2 ? female_only : 0;
    word |= row.level >= 2 ? level_bits << (row.level - 2) : 0;
    word |= row.aged ? aged : 0;
    word |= row.group != 0 ? grouped : 0;
    word |= row.once ? once : 0;
    word |= row.day_limit != 0 ? limited : 0;
    word |= row.other != 0 ? excluding : 0;
    word |= row.bed ? bed : 0;
    word |= row.second ? second : 0;
    tables.words.push_back(word);
  }
  tables.words.push_back(0); // codes of no table
}

void run_scalar(const Tables& tables, const Block& block, Scratch& scratch, Output& out) {
  const auto known = static_cast<std::uint32_t>(tables.items.size());
  Judge judge(tables, block, scratch, out);
  std::vector<std::uint32_t>& candidates = scratch.candidates;
  for (std::uint32_t s = 0; s < block.settlements; ++s) {
    const std::uint64_t mask = mask_of(block, s);
    const std::uint32_t begin = block.first_line[s], end = block.first_line[s + 1];
    if (candidates.size() < end - begin)
      candidates.resize(end - begin);
    std::size_t count = 0;
    std::int64_t sum = 0;
    for (std::uint32_t row = begin; row < end; ++row) {
      candidates[count] = row;
      count += (tables.words[std::min(block.code[row], known)] & mask) != 0 ? 1 : 0;
      sum += block.amount[row];
    }
    judge.settle(s, candidates.data(), count, sum);
  }
}

void run_flat(const Tables& tables, const Block& block, Scratch& scratch, Output& out) {
  scratch.masks.resize(block.settlements);
  for (std::uint32_t s = 0; s < block.settlements; ++s)
    scratch.masks[s] = mask_of(block, s);
  lay_flat(block, scratch);
  const std::uint32_t found = find_candidates(tables, block, scratch);
  Judge judge(tables, block, scratch, out);
  // Only settlements with candidates or another total have anything left to decide.
  std::uint32_t at = 0;
  for (std::uint32_t s = 0; s < block.settlements; ++s) {
    const std::uint32_t begin = at;
    const std::uint32_t end = block.first_line[s + 1];
    while (at < found && scratch.candidates[at] < end)
      ++at;
    const std::int64_t sum = scratch.sums[end] - scratch.sums[block.first_line[s]];
    if (at != begin || sum != block.total[s])
      judge.settle(s, scratch.candidates.data() + begin, at - begin, sum);
  }
}

} // namespace sanku::bench::limit
