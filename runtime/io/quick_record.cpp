// See quick_record.h. A function that reads gives what is behind the thing read, null where it is
// not what was hoped for; then the whole record goes to the general reader, so nothing here
// explains itself to a user. Tested by tests/unit/runtime/quick_record_test.cpp.
#include "runtime/io/quick_record.h"

#include "runtime/batch/cell.h"
#include "runtime/batch/cells.h"
#include "runtime/io/quick_scan.h"

#include <algorithm>

namespace sanku::io {
namespace {

constexpr std::size_t scopes = 5;
constexpr std::size_t most_keys = 120; // of one kind of object
constexpr std::size_t scratch_bytes = 64u << 10;
constexpr std::size_t step_bytes = 32;
// From asking for a code's slot to reading it.
constexpr std::size_t codes_between = 3;

} // namespace

QuickRecord::QuickRecord(const schema::Schema& schema, const ClaimLayout& layout,
                         batch::BatchBuilder& builder)
    : schema_(schema), layout_(layout), builder_(builder), scratch_(scratch_bytes) {
  shapes_.resize(scopes + layout.children.size());
  listed_.resize(layout.children.size());
  learn_meanings();
  for (Shape& shape : shapes_) {
    shape.steps.reserve(most_keys + 1);
    shape.steps.emplace_back();
    if (shape.layout == nullptr)
      continue;
    const schema::Relation& relation = schema.relations[shape.relation];
    for (std::uint32_t c = 0; c < relation.columns.size(); ++c)
      if (!relation.columns[c].optional || relation.columns[c].role == schema::Role::visit_id)
        shape.needed.push_back(c);
  }
}

// What the general reader looks for in each kind of object; a name of two meanings is its alone.
void QuickRecord::learn_meanings() {
  const auto set = [](std::vector<Meaning>& meanings, std::uint32_t slot, Meaning meaning) {
    meanings[slot] = meanings[slot].use == Use::nothing ? meaning : Meaning{Use::general, 0};
  };
  std::vector<Meaning> visit(layout_.visit.slots);
  for (const ColumnSource& source : layout_.visit.columns)
    for (const std::uint32_t slot : source.slots)
      set(visit, slot, {Use::cell, source.column});
  for (std::uint32_t r = 1; r < layout_.child_nodes.size(); ++r)
    for (const std::uint32_t slot : layout_.child_nodes[r])
      set(visit, slot, {Use::list, r});
  const auto nodes = [&](const std::vector<std::uint32_t>& slots, Use use, std::size_t scope) {
    for (const std::uint32_t slot : slots)
      set(visit, slot, {use, static_cast<std::uint32_t>(scope)});
  };
  nodes(layout_.input, Use::node, input_scope);
  nodes(layout_.data, Use::node, data_scope);
  nodes(layout_.patients, Use::node, patient_scope);
  nodes(layout_.encounters, Use::node, visit_scope);
  nodes(layout_.current_visit, Use::current, 0);
  for (std::size_t scope = 0; scope < scopes; ++scope) {
    shapes_[scope].meanings = visit;
    shapes_[scope].layout = &layout_.visit;
  }
  for (std::uint32_t r = 1; r < layout_.children.size(); ++r) {
    Shape& shape = shapes_[scopes + r];
    shape.layout = &layout_.children[r];
    shape.relation = r;
    shape.meanings.resize(shape.layout->slots);
    for (const ColumnSource& source : shape.layout->columns)
      for (const std::uint32_t slot : source.slots)
        set(shape.meanings, slot, {Use::cell, source.column});
  }
}

const char* QuickRecord::read(const char* at, const batch::Origin& origin) {
  if (*at != '{')
    return nullptr;
  opened_ = {};
  std::fill(listed_.begin(), listed_.end(), false);
  number_ = wanted_ = {};
  missing_.clear();
  codes_.clear();
  scratch_used_ = 0;
  builder_.begin();
  row_ = builder_.begin_row(0);
  opened_[line_scope] = true;
  at = object(at + 1, {&shapes_[line_scope], line_scope, row_});
  if (at != nullptr)
    at = *at == '\r' ? at + 1 : at;
  if (at == nullptr || *at != '\n' || !complete()) {
    builder_.rollback();
    return nullptr;
  }
  builder_.commit(origin);
  return at;
}

// Whether what was read is one visit that the general reader would find in the same way.
bool QuickRecord::complete() {
  if (!put_codes())
    return false;
  std::uint32_t innermost = 0;
  while (!opened_[innermost])
    ++innermost;
  if (wanted_.scope != no_scope && layout_.visit_source &&
      (number_.scope != innermost || codes::trim(number_.text) != codes::trim(wanted_.text)))
    return false;
  for (const Missing& missing : missing_)
    batch::unmark(*missing.column, missing.row);
  return std::ranges::none_of(shapes_[line_scope].needed,
                              [&](std::uint32_t column) { return builder_.is_missing(0, column); });
}

// ---- cells --------------------------------------------------------------------------------------

// The usual cell is a string without escapes, in ASCII or not.
inline const char* QuickRecord::cell(const char* at, const Step& step, const Place& place) {
  if (*at != '"') [[unlikely]]
    return odd_cell(at, step, place);
  bool plain = true;
  const char* const stop = quick::string_stop(at + 1, plain);
  if (*stop != '"' || (!plain && !quick::good_utf8(at + 1, stop))) [[unlikely]]
    return odd_cell(at, step, place);
  return put(step, place, {at + 1, static_cast<std::size_t>(stop - at - 1)}, plain) ? stop + 1
                                                                                    : nullptr;
}

const char* QuickRecord::odd_cell(const char* at, const Step& step, const Place& place) {
  std::string_view text;
  bool plain = true;
  at = scalar(at, text, plain);
  return at != nullptr && put(step, place, text, plain) ? at : nullptr;
}

inline bool QuickRecord::put(const Step& step, const Place& place, std::string_view text,
                             bool plain) {
  batch::ColumnBuilding& column = *step.column;
  if (batch::is_set(column, place.row)) [[unlikely]]
    // Another field says it too: only what is blank may.
    return batch::is_blank(codes::trim(text));
  if (column.kind == Kind::code && column.kept && plain && text.size() > 4 &&
      text.size() <= codes::cell_bytes) {
    put_off(column, place.row, text);
    if (step.visit)
      number_ = {text, place.scope};
    return true;
  }
  const batch::Put done = batch::put_cell(column, place.row, text.data(),
                                          static_cast<std::uint32_t>(text.size()), plain);
  if (done == batch::Put::blank)
    return true;
  if (done != batch::Put::done && !put_otherwise(step, place, text, done == batch::Put::missing))
    return false;
  if (step.visit && batch::is_set(column, place.row))
    number_ = {text, place.scope};
  return true;
}

// Its place is taken at once.
inline void QuickRecord::put_off(batch::ColumnBuilding& column, std::uint32_t row,
                                 std::string_view code) {
  WaitingCode& waiting = codes_.emplace_back();
  waiting.cell = codes::cell_of(code.data(), code.size());
  waiting.hash = codes::CodeCache::hash_of(waiting.cell, code.size());
  waiting.column = &column;
  waiting.at = code.data();
  waiting.row = row;
  waiting.size = static_cast<std::uint32_t>(code.size());
  column.codes->cache.fetch_slot(waiting.hash);
  batch::mark(column, row);
  if (codes_.size() > codes_between)
    fetch_entry(codes_[codes_.size() - 1 - codes_between]);
}

void QuickRecord::fetch_entry(const WaitingCode& code) {
  code.column->codes->cache.fetch_entry(code.hash);
}

bool QuickRecord::put_codes() {
  for (std::size_t i = codes_.size() - std::min(codes_.size(), codes_between); i < codes_.size();
       ++i)
    fetch_entry(codes_[i]);
  for (const WaitingCode& code : codes_) {
    batch::CodesBuilding& building = *code.column->codes;
    const std::string_view text(code.at, code.size);
    auto* entry = building.cache.find(code.cell, code.size, code.hash);
    if (entry == nullptr && codes::is_plainly_normal(code.cell)) {
      entry = &building.cache.add(code.cell, code.size);
      entry->frozen = codes::find(*building.dictionary, text);
    }
    if (entry != nullptr)
      batch::put_fixed(*code.column, code.row, building.id_of(*entry, text));
    else if (batch::put_code_text(*code.column, code.row, codes::trim(text)) != batch::Put::done)
      return false;
  }
  return true;
}

// What means that there is no value keeps its place until the record is read, so that another field
// is noticed that says it too.
bool QuickRecord::put_otherwise(const Step& step, const Place& place, std::string_view text,
                                bool is_missing) {
  if (!is_missing) {
    if (!builder_.set_text(place.shape->relation, step.meaning.number, text))
      return false;
    is_missing = !batch::is_set(*step.column, place.row) && !batch::is_blank(codes::trim(text));
  }
  if (is_missing) {
    batch::mark(*step.column, place.row);
    missing_.push_back({step.column, place.row});
  }
  return true;
}

// ---- objects ------------------------------------------------------------------------------------

// From behind the opening brace.
const char* QuickRecord::object(const char* at, const Place& place) {
  Shape& shape = *place.shape;
  std::uint16_t number = shape.first, before = 0;
  while (true) {
    const Step* step = &shape.steps[number];
    if (step->mask != 0 && quick::same_bytes(at, step->text, step->mask)) [[likely]] {
      at += step->length;
    } else {
      at = unexpected(at, shape, before, number);
      if (at == nullptr)
        return nullptr;
      step = &shape.steps[number];
    }
    at = step->meaning.use == Use::cell ? cell(at, *step, place) : value(at, *step, place);
    if (at == nullptr)
      return nullptr;
    if (*at <= ' ')
      at = quick::skip_blanks(at);
    if (*at != ',')
      return *at == '}' ? at + 1 : nullptr;
    ++at;
    before = number;
    number = step->next;
  }
}

// Another key than the one that was expected.
const char* QuickRecord::unexpected(const char* at, Shape& shape, std::uint16_t before,
                                    std::uint16_t& step) {
  Step& last = shape.steps[before];
  if (before != 0) {
    const Step& other = shape.steps[last.other];
    if (other.mask != 0 && quick::same_bytes(at, other.text, other.mask)) {
      step = last.other;
      return at + other.length;
    }
  }
  const char* key = quick::skip_blanks(at);
  if (*key != '"')
    return nullptr;
  bool plain = true;
  const char* end = quick::string_stop(++key, plain);
  if (*end != '"' || (!plain && !quick::good_utf8(key, end)))
    return nullptr;
  const char* behind = quick::skip_blanks(end + 1);
  if (*behind != ':')
    return nullptr;
  behind = quick::skip_blanks(behind + 1);
  step = learn(shape, {key, static_cast<std::size_t>(end - key)});
  if (step == 0)
    return nullptr;
  Step& found = shape.steps[step];
  const auto length = static_cast<std::size_t>(behind - at);
  const bool known =
      found.length == length && quick::same_bytes(at, found.text, found.mask); // 0: never written
  if (length <= step_bytes && !known) {
    std::memcpy(found.text, at, length);
    found.length = static_cast<std::uint32_t>(length);
    found.mask = length == step_bytes ? ~0u : (1u << length) - 1;
  }
  if (before != 0) {
    last.other = last.next;
    last.next = step;
  } else {
    shape.first = step;
  }
  return behind;
}

// The step of a key; 0: there are too many.
std::uint16_t QuickRecord::learn(Shape& shape, std::string_view key) {
  if (const std::uint32_t known = shape.names.find(key); known != 0)
    return static_cast<std::uint16_t>(known);
  if (shape.steps.size() > most_keys)
    return 0;
  const auto number = static_cast<std::uint16_t>(shape.steps.size());
  shape.names.add(shape.keys.emplace_back(key), number);
  Step& step = shape.steps.emplace_back();
  if (const std::uint32_t slot = shape.layout->names.find(key); slot != 0)
    step.meaning = shape.meanings[slot - 1];
  if (step.meaning.use == Use::cell) {
    step.column = &builder_.building(shape.relation, step.meaning.number);
    step.visit = shape.relation == 0 && layout_.visit_source &&
                 layout_.visit.columns[*layout_.visit_source].column == step.meaning.number;
  }
  return number;
}

const char* QuickRecord::value(const char* at, const Step& step, const Place& place) {
  switch (step.meaning.use) {
  case Use::nothing:
    return skip(at, 0);
  case Use::cell:
    return cell(at, step, place);
  case Use::list:
    return list(at, step.meaning.number);
  case Use::node:
    return node(at, step.meaning.number, place.scope);
  case Use::current:
    return current(at, place.scope);
  case Use::general:
    return nullptr;
  }
  return nullptr;
}

// A node with one object, where the general reader looks for it: from the inside out the scopes are
// numbered, and `input` stands in the line alone.
const char* QuickRecord::node(const char* at, std::uint32_t scope, std::uint32_t inside) {
  const bool here = scope == input_scope  ? inside == line_scope
                    : scope == data_scope ? inside == line_scope || inside == input_scope
                                          : scope < inside;
  if (!here || opened_[scope])
    return nullptr;
  const bool listed = *at == '[';
  if (listed)
    at = quick::skip_blanks(at + 1);
  if (*at != '{')
    return nullptr;
  opened_[scope] = true;
  at = object(at + 1, {&shapes_[scope], scope, row_});
  if (at == nullptr || !listed)
    return at;
  at = quick::skip_blanks(at);
  return *at == ']' ? at + 1 : nullptr;
}

const char* QuickRecord::list(const char* at, std::uint32_t relation) {
  std::string_view text;
  bool plain = true;
  if (*at != '[' && *at != '{') {
    at = scalar(at, text, plain);
    return text.empty() ? at : nullptr;
  }
  // Its keys may be questions.
  if (*at == '{' && layout_.answers && layout_.answers->relation == relation)
    return nullptr;
  const char* inside = *at == '[' ? quick::skip_blanks(at + 1) : at;
  if (*inside == ']')
    return inside + 1;
  if (listed_[relation])
    return nullptr;
  listed_[relation] = true;
  if (*at == '{')
    return element(at, relation);
  at = inside;
  while (true) {
    at = element(at, relation);
    if (at == nullptr)
      return nullptr;
    at = quick::skip_blanks(at);
    if (*at != ',')
      return *at == ']' ? at + 1 : nullptr;
    at = quick::skip_blanks(at + 1);
  }
}

const char* QuickRecord::element(const char* at, std::uint32_t relation) {
  if (*at != '{')
    return nullptr;
  Shape& shape = shapes_[scopes + relation];
  at = object(at + 1, {&shape, no_scope, builder_.begin_row(relation)});
  if (at == nullptr || shape.needed.empty())
    return at;
  // What is marked may yet be missing.
  const bool whole = missing_.empty() && std::ranges::none_of(shape.needed, [&](std::uint32_t c) {
                       return builder_.is_missing(relation, c);
                     });
  return whole ? at : nullptr;
}

} // namespace sanku::io
