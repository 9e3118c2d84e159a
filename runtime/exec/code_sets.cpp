// See code_sets.h. A code belongs to an element that it begins with, so a row is made by asking for
// each beginning of the code; ranges, of which there are few, are walked.
#include "runtime/exec/code_sets.h"

#include "runtime/batch/column.h"
#include "runtime/kernels/sets.h"

#include <algorithm>

namespace sanku::exec {
namespace {

Text text_of(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view_of(Text text) { return {text.data, text.size}; }

std::uint32_t number_of(CodeSets& sets, std::string_view text) {
  const auto found = sets.numbers.find(text);
  if (found != sets.numbers.end())
    return found->second;
  const auto number = static_cast<std::uint32_t>(sets.numbers.size());
  sets.numbers.emplace(text, number);
  return number;
}

// Elements point into the texts, which the map keeps in place.
void enter_elements(CodeSets& sets) {
  for (const auto& [text, number] : sets.numbers)
    for (std::uint64_t at = 0; at < text.size();) {
      const kernels::SetPart part = kernels::next_part(text_of(text), at);
      if (part.range)
        sets.ranges.push_back(
            {std::string(view_of(part.low)), std::string(view_of(part.high)), number});
      else
        sets.by_element[view_of(part.low)].push_back(number);
    }
  std::ranges::sort(sets.ranges, {}, &CodeSets::Range::low);
}

void mark(std::uint64_t* row, std::uint32_t set) {
  row[set / 64] |= std::uint64_t{1} << (set % 64);
}

// A code of one part, or one part of a code.
void mark_part(const CodeSets& sets, std::string_view code, std::uint64_t* row) {
  for (std::size_t size = sets.below ? 0 : code.size(); size <= code.size(); ++size)
    if (const auto found = sets.by_element.find(code.substr(0, size));
        found != sets.by_element.end())
      for (const std::uint32_t set : found->second)
        mark(row, set);
  for (const CodeSets::Range& range : sets.ranges) {
    if (range.low > code)
      break;
    if (code <= range.high || (sets.below && code.starts_with(range.high)))
      mark(row, range.set);
  }
}

CodeSets& sets_of(std::vector<CodeSets>& all, const SetUse& use, std::uint32_t& index) {
  const auto found = std::ranges::find_if(all, [&](const CodeSets& sets) {
    return sets.dictionary == use.dictionary && sets.below == use.below;
  });
  index = static_cast<std::uint32_t>(found - all.begin());
  if (found != all.end())
    return *found;
  CodeSets& made = all.emplace_back();
  made.dictionary = use.dictionary;
  made.below = use.below;
  return made;
}

BoundSetUse bind_use(std::vector<CodeSets>& all, const SetUse& use,
                     const std::vector<const batch::RelationData*>& tables) {
  BoundSetUse bound;
  CodeSets& sets = sets_of(all, use, bound.sets);
  if (!use.column) {
    bound.numbers.push_back(number_of(sets, use.text));
    return bound;
  }
  const batch::ColumnData& column = tables[use.table]->columns[*use.column];
  for (std::uint32_t row = 0; row < column.rows; ++row)
    bound.numbers.push_back(batch::is_known(column, row)
                                ? number_of(sets, batch::stored_text(column, row))
                                : abi::no_set);
  return bound;
}

} // namespace

void member_row(const CodeSets& sets, std::string_view code, std::uint64_t* row) {
  mark_part(sets, code, row);
  // Dagger and asterisk: as a whole or by either part, with its sign or without.
  const auto without_star = [&](std::string_view part) {
    if (!part.ends_with('*'))
      return;
    part.remove_suffix(1);
    mark_part(sets, part, row);
  };
  const std::size_t plus = code.find('+');
  if (plus == std::string_view::npos)
    return without_star(code);
  mark_part(sets, code.substr(0, plus), row);
  mark_part(sets, code.substr(0, plus + 1), row);
  mark_part(sets, code.substr(plus + 1), row);
  without_star(code.substr(plus + 1));
}

void intern_elements(std::string_view set, codes::Dictionary& dictionary) {
  for (std::uint64_t at = 0; at < set.size();)
    if (const kernels::SetPart part = kernels::next_part(text_of(set), at); !part.range)
      codes::intern(dictionary, view_of(part.low));
}

CodeSetTables build_code_sets(const std::vector<SetUse>& uses,
                              const batch::Dictionaries& dictionaries,
                              const std::vector<const batch::RelationData*>& tables) {
  CodeSetTables built;
  for (const SetUse& use : uses)
    built.uses.push_back(bind_use(built.sets, use, tables));
  for (CodeSets& sets : built.sets) {
    enter_elements(sets);
    sets.words = static_cast<std::uint32_t>((sets.numbers.size() + 63) / 64);
    const codes::Dictionary& dictionary = dictionaries[sets.dictionary];
    sets.bits.assign(std::size_t{codes::frozen_size(dictionary)} * sets.words, 0);
    for (std::size_t i = 0; i < dictionary.texts.size(); ++i)
      member_row(sets, dictionary.texts[i],
                 sets.bits.data() + (i + codes::first_code) * sets.words);
  }
  for (const BoundSetUse& use : built.uses) {
    const CodeSets& sets = built.sets[use.sets];
    built.views.push_back({.bits = sets.bits.data(),
                           .numbers = use.numbers.data(),
                           .words = sets.words,
                           .codes = codes::frozen_size(dictionaries[sets.dictionary]),
                           .sets = use.sets});
  }
  return built;
}

} // namespace sanku::exec
