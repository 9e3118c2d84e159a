// The externals about codes that are one of several (runtime/batch/candidates.h). Such codes are
// rare, so this is plain code that goes from the text. Tested by tests/cases/sets/candidates.case
// and the differential.
#include "runtime/batch/candidates.h"

#include "runtime/abi/keyed.h"
#include "runtime/batch/column.h"
#include "runtime/exec/worker.h"
#include "runtime/types/check.h"

#include <algorithm>
#include <cstring>

namespace sanku::abi {
namespace {

std::vector<std::uint32_t> ids_of(const Frame* frame, std::uint32_t dictionary, Code code) {
  if (!has_candidates(code))
    return {code.id};
  const Sink& sink = *frame->sink;
  const codes::Dictionary& frozen = sink.program->dictionaries[dictionary];
  const codes::Overflow& own = sink.batch->overflow[dictionary];
  std::vector<std::uint32_t> ids;
  for (const std::string_view each : batch::members(
           batch::code_text(*sink.batch, sink.program->dictionaries, dictionary, code.id))) {
    std::uint32_t id = codes::find(frozen, each);
    if (id == codes::no_code) {
      const std::uint32_t found = codes::find(own, each);
      check(found != codes::no_offset, "each candidate has an id of its own");
      id = codes::frozen_size(frozen) + found;
    }
    ids.push_back(id);
  }
  return ids;
}

// All, none, or neither.
Tri together(const std::vector<Tri>& each) {
  const bool all = std::ranges::all_of(each, [](Tri one) { return one == Tri::yes; });
  const bool none = std::ranges::all_of(each, [](Tri one) { return one == Tri::no; });
  return all ? Tri::yes : none ? Tri::no : Tri::unknown;
}

bool same_cell(const batch::ColumnData& column, std::uint32_t a, std::uint32_t b) {
  if (batch::is_known(column, a) != batch::is_known(column, b))
    return false;
  if (!batch::is_known(column, a))
    return true;
  if (!column.offsets.empty())
    return batch::stored_text(column, a) == batch::stored_text(column, b);
  const std::size_t width = column.values.size() / column.rows;
  return std::memcmp(column.values.data() + a * width, column.values.data() + b * width, width) ==
         0;
}

bool same_rows(const exec::Program& program, std::uint32_t table, const KeyedView& keyed,
               const KeyEntry& a, const KeyEntry& b) {
  if (a.count != b.count)
    return false;
  const auto& columns = program.tables[table].data.columns;
  for (std::uint32_t i = 0; i < a.count; ++i)
    for (std::uint32_t c = 0; c < columns.size(); ++c)
      if (c != program.key_columns[table].column &&
          !same_cell(columns[c], row_at(keyed, a, i), row_at(keyed, b, i)))
        return false;
  return true;
}

Tri in_table(const KeyedView& keyed, std::uint32_t id, const void* at) {
  const KeyEntry entry = find_key(keyed, id);
  if (entry.count == 0 || keyed.valid_from == nullptr)
    return entry.count != 0 ? Tri::yes : Tri::no;
  const When when = when_of(keyed, at);
  if (unknown_at(keyed, entry, when))
    return Tri::unknown;
  for (std::uint32_t i = 0; i < entry.count; ++i)
    if (counts_on(keyed, row_at(keyed, entry, i), when.moment))
      return Tri::yes;
  return Tri::no;
}

} // namespace
} // namespace sanku::abi

using namespace sanku;      // NOLINT(check): C entry points of this project only
using namespace sanku::abi; // NOLINT(check): likewise

extern "C" {

void sanku_candidates_compare(const Frame* frame, std::uint32_t dictionary, const void* left,
                              const void* right, void (*compare)(const void*, const void*, void*),
                              void* out) {
  const auto& a = *static_cast<const Maybe<Code>*>(left);
  const auto& b = *static_cast<const Maybe<Code>*>(right);
  auto& result = *static_cast<Maybe<Bool>*>(out);
  result = {};
  if (!a.known || !b.known)
    return;
  std::vector<Tri> each;
  for (const std::uint32_t x : ids_of(frame, dictionary, a.value))
    for (const std::uint32_t y : ids_of(frame, dictionary, b.value)) {
      const Maybe<Code> one{Code{x}, true}, other{Code{y}, true};
      Slot slot{};
      compare(&one, &other, &slot);
      const auto& holds = *reinterpret_cast<const Maybe<Bool>*>(&slot);
      each.push_back(!holds.known ? Tri::unknown : holds.value.value ? Tri::yes : Tri::no);
    }
  const Tri all = together(each);
  result = {Bool{all == Tri::yes}, all != Tri::unknown};
}

std::uint8_t sanku_candidates_in(const Frame* frame, std::uint32_t table, std::uint32_t id,
                                 const void* at) {
  const exec::Program& program = *frame->sink->program;
  std::vector<Tri> each;
  for (const std::uint32_t plain : ids_of(frame, program.key_columns[table].dictionary, Code{id}))
    each.push_back(in_table(frame->keyed[table], plain, at));
  return static_cast<std::uint8_t>(together(each));
}

std::uint8_t sanku_candidates_in_set(Frame* frame, std::uint32_t use, std::uint32_t id,
                                     std::uint32_t set) {
  const SetView& view = frame->sets[use];
  const exec::CodeSets& sets = frame->sink->program->sets.sets[view.sets];
  std::vector<Tri> each;
  for (const std::uint32_t plain : ids_of(frame, sets.dictionary, Code{id})) {
    const std::uint64_t* row = view.bits + std::uint64_t{plain} * view.words;
    const bool in = plain < view.codes ? ((row[set / 64] >> (set % 64)) & 1) != 0
                                       : sanku_set_other(frame, use, plain, set);
    each.push_back(in ? Tri::yes : Tri::no);
  }
  return static_cast<std::uint8_t>(together(each));
}

std::uint32_t sanku_candidates_row(const Frame* frame, std::uint32_t table, std::uint32_t id) {
  const exec::Program& program = *frame->sink->program;
  const KeyedView& keyed = frame->keyed[table];
  const auto ids = ids_of(frame, program.key_columns[table].dictionary, Code{id});
  const KeyEntry first = find_key(keyed, ids.front());
  for (const std::uint32_t plain : ids)
    if (!same_rows(program, table, keyed, first, find_key(keyed, plain)))
      return codes::no_code;
  return ids.front();
}

} // extern "C"
