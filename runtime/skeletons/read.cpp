// Reading columns and tables from generated code. Compiled to bitcode only; every function here is
// inlined into what calls it. Tested through every case file.
#include "runtime/abi/hooks.h"
#include "runtime/abi/keyed.h"
#include "runtime/types/candidates.h"

using namespace sanku; // NOLINT(google-build-using-namespace): C entry points of this project only
using namespace sanku::abi; // NOLINT(google-build-using-namespace): likewise

namespace {

bool is_valid(const ColumnView& column, std::uint32_t row) {
  return column.validity == nullptr || ((column.validity[row >> 3] >> (row & 7)) & 1) != 0;
}

// Every row may be read, also where there is no value.
template <class T, class Stored>
void read(const ColumnView* column, const Bound* env, std::uint32_t binder, void* out) {
  const std::uint32_t row = env[binder].index;
  Maybe<T> value{};
  if (row != unknown_row) {
    const Stored stored = static_cast<const Stored*>(column->values)[row];
    value.known = is_valid(*column, row);
    value.value = T{value.known ? stored : Stored{}};
  }
  *static_cast<Maybe<T>*>(out) = value;
}

// The first row of a key of a table without dates; unknown_row when there is none.
std::uint32_t row_of(const KeyedView& view, std::uint32_t id, Maybe<Bool>& found) {
  const KeyEntry entry = find_key(view, id);
  found = {Bool{entry.count != 0}, true};
  return entry.count != 0 ? row_at(view, entry, 0) : unknown_row;
}

// The first row of one key that counts on the day; unknown_row when there is none. `found` is
// unknown when there are rows and the day is not known.
std::uint32_t row_on(const KeyedView& view, std::uint32_t id, const void* at, Maybe<Bool>& found) {
  KeyEntry entry = find_key(view, id);
  found = {Bool{entry.count != 0}, true};
  if (entry.count == 0)
    return unknown_row;
  const When when = when_of(view, at);
  if (unknown_at(view, entry, when)) {
    found = {};
    return unknown_row;
  }
  if (view.falls_back)
    entry = find_on(view, id, when.moment);
  for (std::uint32_t i = 0; i < entry.count; ++i) {
    const std::uint32_t row = row_at(view, entry, i);
    if (counts_on(view, row, when.moment))
      return row;
  }
  found = {Bool{false}, true};
  return unknown_row;
}

Maybe<Bool> belongs(Frame* frame, const SetView& view, std::uint32_t use, const void* code,
                    std::uint32_t place) {
  const auto& id = *static_cast<const Maybe<Code>*>(code);
  const std::uint32_t set = view.numbers[place];
  if (!id.known || set == no_set)
    return {};
  if (has_candidates(id.value)) {
    const auto in = static_cast<Tri>(sanku_candidates_in_set(frame, use, id.value.id, set));
    return {Bool{in == Tri::yes}, in != Tri::unknown};
  }
  if (id.value.id >= view.codes)
    return {Bool{sanku_set_other(frame, use, id.value.id, set)}, true};
  const std::uint64_t word = view.bits[std::uint64_t{id.value.id} * view.words + set / 64];
  return {Bool{((word >> (set % 64)) & 1) != 0}, true};
}

// Likewise of a look-up, whose key may not be known, or may have two parts.
std::uint32_t first_row(const KeyedView& view, const void* key, const void* at,
                        Maybe<Bool>& found) {
  found = {};
  const auto& ids = *static_cast<const KeyIds*>(key);
  if (!ids.known || (view.zoned && ids.second != 0 &&
                     unknown_at(view, find_key(view, ids.second), when_of(view, at))))
    return unknown_row;
  const auto one = [&](std::uint32_t id) {
    return view.valid_from == nullptr ? row_of(view, id, found) : row_on(view, id, at, found);
  };
  const std::uint32_t row = one(ids.first);
  const bool none = found.known && !found.value.value;
  return none && ids.second != 0 ? one(ids.second) : row;
}

} // namespace

extern "C" {

// What code looks through, in the frame.
const RelationView* sanku_relation_view(const Frame* f, std::uint32_t relation) {
  return &f->relations[relation];
}
const ColumnView* sanku_column_view(const Frame* f, std::uint32_t relation, std::uint32_t column) {
  return &f->relations[relation].columns[column];
}
const KeyedView* sanku_table_view(const Frame* f, std::uint32_t table) { return &f->keyed[table]; }
const SetView* sanku_set_view(const Frame* f, std::uint32_t use) { return &f->sets[use]; }

// Whether every row of the column is known; and that it is, for what is emitted where that was
// asked, of a column or of the caller's copy of its view.
bool sanku_all_known(const ColumnView* column) { return column->validity == nullptr; }
void sanku_known_column(const ColumnView* column) { __builtin_assume(column->validity == nullptr); }
void sanku_make_known(ColumnView* column) { column->validity = nullptr; }

void sanku_read_bool(const ColumnView* column, const Bound* e, std::uint32_t b, void* out) {
  const std::uint32_t row = e[b].index;
  Maybe<Bool> value{};
  if (row != unknown_row) {
    const bool stored = static_cast<const std::uint8_t*>(column->values)[row] != 0;
    value.known = is_valid(*column, row);
    value.value = Bool{value.known && stored};
  }
  *static_cast<Maybe<Bool>*>(out) = value;
}
#define READ(NAME, TYPE, STORED)                                                                   \
  void sanku_read_##NAME(const ColumnView* column, const Bound* e, std::uint32_t b, void* out) {   \
    read<TYPE, STORED>(column, e, b, out);                                                         \
  }
READ(integer, Integer, std::int64_t)
READ(decimal, Decimal, std::int64_t)
READ(date, Date, std::int32_t)
READ(datetime, DateTime, std::int64_t)
READ(span, Span, std::int64_t)
READ(window, Window, std::int64_t)
READ(enum, Enum, std::uint32_t)
#undef READ
// A code from a column without gaps is no one of several: whoever asks need not look.
void sanku_read_code(const ColumnView* column, const Bound* e, std::uint32_t b, void* out) {
  read<Code, std::uint32_t>(column, e, b, out);
  std::uint32_t& id = static_cast<Maybe<Code>*>(out)->value.id;
  id = column->validity == nullptr ? id & ~candidates_bit : id;
}
void sanku_read_text(const ColumnView* column, const Bound* e, std::uint32_t b, void* out) {
  const std::uint32_t row = e[b].index;
  Maybe<Text> value{};
  if (row != unknown_row && is_valid(*column, row))
    value = {Text{static_cast<const char*>(column->values) + column->offsets[row],
                  column->offsets[row + 1] - column->offsets[row]},
             true};
  *static_cast<Maybe<Text>*>(out) = value;
}

// The quantity and the money of a line, or of the part that is meant.
void sanku_read_part_quantity(const Frame* f, const ColumnView* column, const Bound* e,
                              std::uint32_t b, void* out) {
  if (e[b].part == 0)
    return sanku_read_decimal(column, e, b, out);
  const Part& part = f->parts[e[b].part];
  *static_cast<Maybe<Decimal>*>(out) = {Decimal{part.quantity}, part.quantity_known};
}
void sanku_read_part_amount(const Frame* f, const ColumnView* column, const Bound* e,
                            std::uint32_t b, void* out) {
  if (e[b].part == 0)
    return sanku_read_decimal(column, e, b, out);
  const Part& part = f->parts[e[b].part];
  *static_cast<Maybe<Decimal>*>(out) = {Decimal{part.amount}, part.amount_known};
}

void sanku_constant(const Frame* f, std::uint32_t constant, void* out) {
  *static_cast<Slot*>(out) = f->constants[constant];
}

// Where rules share functions: one of the numbers in which they differ.
std::uint64_t sanku_parameter(const Frame* f, std::uint32_t parameter) {
  return f->parameters[parameter];
}

// Values that code may know by itself, since no binding changes them.
#define LITERAL(NAME, TYPE, ...)                                                                   \
  void sanku_literal_##NAME(std::uint64_t low, std::uint64_t high, void* out) {                    \
    (void)high;                                                                                    \
    *static_cast<Maybe<TYPE>*>(out) = {TYPE{__VA_ARGS__}, true};                                   \
  }
LITERAL(bool, Bool, low != 0)
LITERAL(integer, Integer, static_cast<std::int64_t>(low))
LITERAL(decimal, Decimal, static_cast<Int128>(high) << 64 | low)
LITERAL(count, Count, static_cast<std::int64_t>(low), static_cast<std::int64_t>(low))
LITERAL(date, Date, static_cast<std::int32_t>(low))
LITERAL(datetime, DateTime, static_cast<std::int64_t>(low))
LITERAL(span, Span, static_cast<std::int64_t>(low))
LITERAL(window, Window, static_cast<std::int64_t>(low))
LITERAL(enum, Enum, static_cast<std::uint32_t>(low))
#undef LITERAL

bool sanku_is_unknown_row(const Bound* e, std::uint32_t b) { return e[b].index == unknown_row; }
void sanku_known_row(const Bound* e, std::uint32_t b, void* out) {
  const bool known = e[b].index != unknown_row;
  *static_cast<Maybe<Bool>*>(out) = {Bool{known}, known};
}
// Of a line behind `beyond first`: also how much of it lies there.
void sanku_known_part(const Frame* f, const Bound* e, std::uint32_t b, void* out) {
  const bool known =
      e[b].index != unknown_row && (e[b].part == 0 || f->parts[e[b].part].quantity_known);
  *static_cast<Maybe<Bool>*>(out) = {Bool{known}, known};
}
void sanku_forget_row(Bound* e, std::uint32_t b) { stand(e[b], unknown_row); }
void sanku_group_complete(const Frame* f, void* out) {
  *static_cast<Maybe<Bool>*>(out) = {Bool{f->group_complete}, f->group_complete};
}

// A key of any kind as the 32-bit id that tables are looked up by. An integer that no key can be
// finds no row.
void sanku_key_id_enum(const void* key, void* out) {
  const auto& id = *static_cast<const Maybe<Enum>*>(key);
  *static_cast<KeyIds*>(out) = {id.value.id, 0, id.known};
}
void sanku_key_id_integer(const void* key, void* out) {
  const auto& id = *static_cast<const Maybe<Integer>*>(key);
  const bool possible = id.value.value >= 0 && id.value.value < 0x80000000;
  *static_cast<KeyIds*>(out) = {possible ? static_cast<std::uint32_t>(id.value.value) : 0xffffffffu,
                                0, id.known};
}

// A code that is one of several is looked up by one whose rows are those of all; unknown where
// there is none.
void sanku_code_key_id(const Frame* f, std::uint32_t table, const void* key, void* out) {
  Maybe<Code> id = *static_cast<const Maybe<Code>*>(key);
  if (id.known && has_candidates(id.value)) {
    id.value.id = sanku_candidates_row(f, table, id.value.id);
    id.known = id.value.id != 0;
  }
  *static_cast<KeyIds*>(out) = {id.value.id, 0, id.known};
}

// A text stands in the table under the id of its hash or one of those that follow, where texts of
// the same hash meet.
void sanku_text_key_id(const KeyedView* table, const ColumnView* keys, const void* key, void* out) {
  const auto& text = *static_cast<const Maybe<Text>*>(key);
  Maybe<Code> id{};
  if (text.known) {
    const KeyedView& keyed = *table;
    const ColumnView& view = *keys;
    id = {Code{text_key_hash(text.value.data, text.value.size)}, true};
    for (KeyEntry entry = find_key(keyed, id.value.id); entry.count != 0;
         entry = find_key(keyed, ++id.value.id)) {
      const std::uint32_t row = row_at(keyed, entry, 0);
      const char* const data = static_cast<const char*>(view.values) + view.offsets[row];
      const std::uint64_t size = view.offsets[row + 1] - view.offsets[row];
      bool equal = size == text.value.size;
      for (std::uint64_t i = 0; equal && i < size; ++i)
        equal = data[i] == text.value.data[i];
      if (equal)
        break;
    }
  }
  *static_cast<KeyIds*>(out) = {id.value.id, 0, id.known};
}

// Of a table whose keys are looked up by their texts. Of a code that is one of several nobody knows
// which.
void sanku_key_id_text_of_code(const Frame* f, const KeyedView* table, std::uint32_t dictionary,
                               const void* key, void* out) {
  const auto& id = *static_cast<const Maybe<Code>*>(key);
  KeyIds found{};
  if (id.known && !has_candidates(id.value))
    found = key_ids(*table, f->codes[dictionary], id.value.id);
  *static_cast<KeyIds*>(out) = found;
}

// The row of a key, or that there is one. Most tables have neither dates nor keys of two parts.
void sanku_bind_row(const KeyedView* table, Bound* e, std::uint32_t b, const void* key,
                    const void* at, bool plain, void* out) {
  const auto& ids = *static_cast<const KeyIds*>(key);
  Maybe<Bool> found{};
  std::uint32_t row = unknown_row;
  if (!plain)
    row = first_row(*table, key, at, found);
  else if (ids.known)
    row = row_of(*table, ids.first, found);
  stand(e[b], row);
  *static_cast<Maybe<Bool>*>(out) = found;
}
void sanku_in_table(const KeyedView* table, const void* key, const void* at, bool plain,
                    void* out) {
  const auto& ids = *static_cast<const KeyIds*>(key);
  Maybe<Bool> found{};
  if (!plain)
    first_row(*table, key, at, found);
  else if (ids.known)
    found = {Bool{find_key(*table, ids.first).count != 0}, true};
  *static_cast<Maybe<Bool>*>(out) = found;
}

void sanku_code_in_table(const Frame* f, std::uint32_t number, const KeyedView* table,
                         const void* code, const void* at, bool plain, void* out) {
  const auto& id = *static_cast<const Maybe<Code>*>(code);
  if (!id.known || !has_candidates(id.value)) {
    const KeyIds key{id.value.id, 0, id.known};
    return sanku_in_table(table, &key, at, plain, out);
  }
  const auto in = static_cast<Tri>(sanku_candidates_in(f, number, id.value.id, at));
  *static_cast<Maybe<Bool>*>(out) = {Bool{in == Tri::yes}, in != Tri::unknown};
}

// After two codes were compared as if they were plain: where either is one of several, again. What
// the external sees are copies, field by field, so that the values themselves can stay in registers
// and nobody copies padding.
void sanku_compare_again(const Frame* f, std::uint32_t dictionary, const void* left,
                         const void* right, void (*compare)(const void*, const void*, void*),
                         void* out) {
  const auto& a = *static_cast<const Maybe<Code>*>(left);
  const auto& b = *static_cast<const Maybe<Code>*>(right);
  if (!(a.known && has_candidates(a.value)) && !(b.known && has_candidates(b.value)))
    return;
  Maybe<Code> copies[2];
  copies[0].value.id = a.value.id;
  copies[0].known = a.known;
  copies[1].value.id = b.value.id;
  copies[1].known = b.known;
  Maybe<Bool> again;
  sanku_candidates_compare(f, dictionary, &copies[0], &copies[1], compare, &again);
  auto& result = *static_cast<Maybe<Bool>*>(out);
  result.value.value = again.value.value;
  result.known = again.known;
}

void sanku_code_text(const Frame* f, std::uint32_t dictionary, const void* code, void* out) {
  const auto& id = *static_cast<const Maybe<Code>*>(code);
  Maybe<Text> text{};
  if (id.known) {
    const CodeTexts& texts = f->codes[dictionary];
    const std::uint32_t plain = id.value.id & ~candidates_bit;
    text.value =
        plain < texts.end ? texts.frozen[plain - texts.first] : texts.overflow[plain - texts.end];
    text.known = true;
  }
  *static_cast<Maybe<Text>*>(out) = text;
}

// An input of a model: its value, or nothing that is a number.
void sanku_model_input(double* values, std::uint32_t place, const void* slot) {
  const auto& score = *static_cast<const Maybe<Score>*>(slot);
  values[place] = score.known ? score.value.value : __builtin_nan("");
}

// Whether a code is in the set of a use that has one, or in the set of a row of a table.
void sanku_in_literal_set(Frame* f, const SetView* set, std::uint32_t use, const void* code,
                          void* out) {
  *static_cast<Maybe<Bool>*>(out) = belongs(f, *set, use, code, 0);
}
void sanku_in_cell_set(Frame* f, const SetView* set, const Bound* e, std::uint32_t b,
                       std::uint32_t use, const void* code, void* out) {
  Maybe<Bool> result{};
  if (e[b].index != unknown_row)
    result = belongs(f, *set, use, code, e[b].index);
  *static_cast<Maybe<Bool>*>(out) = result;
}

void sanku_empty_cell(const ColumnView* column, const Bound* e, std::uint32_t b, void* out) {
  const std::uint32_t row = e[b].index;
  Maybe<Bool> empty{};
  if (row != unknown_row)
    empty = {Bool{!is_valid(*column, row)}, true};
  *static_cast<Maybe<Bool>*>(out) = empty;
}

// a earlier b, by the canonical ranks of assemble.
void sanku_earlier(const RelationView* list, const Bound* e, std::uint32_t left,
                   std::uint32_t right, void* out) {
  const std::uint32_t a = e[left].index;
  const std::uint32_t b = e[right].index;
  Maybe<Bool> result{};
  if (a != unknown_row && b != unknown_row) {
    const std::uint32_t* order = list->order;
    if (order[a] != no_rank && order[b] != no_rank)
      result = {Bool{order[a] < order[b]}, true};
  }
  *static_cast<Maybe<Bool>*>(out) = result;
}

Tri sanku_truth(const void* value) {
  const auto& truth = *static_cast<const Maybe<Bool>*>(value);
  return !truth.known ? Tri::unknown : truth.value.value ? Tri::yes : Tri::no;
}
void sanku_set_truth(void* out, Tri truth) {
  *static_cast<Maybe<Bool>*>(out) = {Bool{truth == Tri::yes}, truth != Tri::unknown};
}

} // extern "C"
