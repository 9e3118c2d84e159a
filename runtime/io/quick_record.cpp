// See quick_record.h. A function that reads gives what is behind the thing read, null where it is
// not what was hoped for; then the whole record goes to the general reader, so nothing here
// explains itself to a user. Tested by tests/unit/runtime/quick_record_test.cpp.
#include "runtime/io/quick_record.h"

#include "runtime/batch/cell.h"
#include "runtime/io/quick_choice.h"
#include "runtime/io/quick_scan.h"

#include <algorithm>

namespace sanku::io {

using quick::Meaning;
using quick::Use;
using quick::Way;

namespace {

constexpr std::size_t scopes = 5;
constexpr std::size_t scratch_bytes = 64u << 10;

// A column that is not kept has codes like a text: any will do that is none of the blank ones.
Way way_of(const batch::ColumnBuilding& column) {
  switch (column.kind) {
  case Kind::boolean:
    return Way::boolean;
  case Kind::integer:
  case Kind::decimal:
  case Kind::money:
    return Way::number;
  case Kind::date:
  case Kind::datetime:
    return Way::time;
  case Kind::code:
    return Way::code;
  case Kind::enumeration:
    return Way::listed;
  case Kind::text:
    return Way::text;
  case Kind::span:
  case Kind::window:
  case Kind::age:
  case Kind::count:
  case Kind::score:
  case Kind::reasons:
    return Way::elsewhere;
  }
  return Way::elsewhere;
}

} // namespace

std::unique_ptr<QuickRecord> QuickRecord::make(const schema::Schema& schema,
                                               const ClaimLayout& layout,
                                               batch::BatchBuilder& builder, Vectors vectors) {
  if (vectors == Vectors::widest)
    if (auto wide = make_wide(schema, layout, builder))
      return wide;
  return make_narrow(schema, layout, builder);
}

QuickRecord::QuickRecord(const schema::Schema& schema, const ClaimLayout& layout,
                         batch::BatchBuilder& builder)
    : schema_(schema), layout_(layout), builder_(builder), scratch_(scratch_bytes) {
  shapes_.resize(scopes + layout.children.size());
  listed_.resize(layout.children.size());
  learn_meanings();
  for (Shape& shape : shapes_) {
    shape.steps.reserve(2 * quick::most_keys + 1);
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
  at = object(at, {&shapes_[line_scope], line_scope, row_});
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
  new_codes_.clear();
  put_known_codes();
  if (!std::ranges::all_of(new_codes_, put_new_code))
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

// The unusual cell: no string, or one with escapes.
const char* QuickRecord::cell(const char* at, const Step& step, const Place& place) {
  std::string_view text;
  bool plain = true;
  at = scalar(at, text, plain);
  if (at == nullptr)
    return nullptr;
  if (batch::is_set(*step.column, place.row)) [[unlikely]]
    return put_again(text) ? at : nullptr;
  const batch::Put done = batch::put_cell(*step.column, place.row, text.data(),
                                          static_cast<std::uint32_t>(text.size()), plain);
  if (done != batch::Put::done && !put_otherwise(step, place, text, done))
    return nullptr;
  if (step.visit && batch::is_set(*step.column, place.row))
    number_ = {text, place.scope};
  return at;
}

// Another field says it too: only what is blank may.
bool QuickRecord::put_again(std::string_view text) const {
  return batch::is_blank(codes::trim(text));
}

bool QuickRecord::put_new_code(const WaitingCode& code) {
  batch::CodesBuilding& building = *code.column->codes;
  const codes::Cell cell = codes::cell_of(code.at, code.size);
  auto* entry = building.cache.find(cell, code.size, code.hash); // the record may have it twice
  if (entry == nullptr && codes::is_plainly_normal(cell)) {
    entry = &building.cache.add(cell, code.size, code.hash);
    entry->frozen = codes::find(*building.dictionary, code.text());
  }
  if (entry == nullptr)
    return batch::put_code_text(*code.column, code.row, codes::trim(code.text())) ==
           batch::Put::done;
  batch::put_fixed(*code.column, code.row, building.id_of(*entry, code.text()));
  return true;
}

// What means that there is no value keeps its place until the record is read, so that another field
// is noticed that says it too.
bool QuickRecord::put_otherwise(const Step& step, const Place& place, std::string_view text,
                                batch::Put done) {
  if (done == batch::Put::blank)
    return true;
  bool is_missing = done == batch::Put::missing;
  if (!is_missing) {
    if (!builder_.set_text(place.shape->relation, step.number, text))
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

// A key that nobody expected, from the brace or comma before it; gives where its value begins, of a
// text behind the quote.
const char* QuickRecord::learn(const char* at, Shape& shape, std::uint8_t& step) {
  const char* key = quick::skip_blanks(at + 1);
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
  const std::string_view name(key, static_cast<std::size_t>(end - key));
  step = steps_of(shape, name);
  if (step == 0)
    return nullptr;
  if (*behind == '"') {
    ++step;
    ++behind;
  }
  Step& found = shape.steps[step];
  const auto length = static_cast<std::size_t>(behind - at);
  if (length <= quick::step_bytes && !name.empty()) {
    if (found.length == 0)
      shape.add(step, key, name.size());
    found.write(at, length);
  }
  return behind;
}

// The first of the two steps of a key; 0: there are too many.
std::uint8_t QuickRecord::steps_of(Shape& shape, std::string_view key) {
  if (const std::uint32_t known = shape.names.find(key); known != 0)
    return static_cast<std::uint8_t>(known);
  if (shape.keys.size() == quick::most_keys)
    return 0;
  Meaning meaning;
  if (const std::uint32_t slot = shape.layout->names.find(key); slot != 0)
    meaning = shape.meanings[slot - 1];
  Step step;
  step.use = meaning.use;
  step.number = meaning.number;
  if (meaning.use == Use::cell) {
    step.column = &builder_.building(shape.relation, meaning.number);
    step.visit = shape.relation == 0 && layout_.visit_source &&
                 layout_.visit.columns[*layout_.visit_source].column == meaning.number;
  }
  const auto number = static_cast<std::uint8_t>(shape.steps.size());
  shape.names.add(shape.keys.emplace_back(key), number);
  shape.steps.push_back(step);
  step.is_text = true;
  if (meaning.use == Use::nothing)
    step.way = Way::nothing;
  else if (meaning.use == Use::cell && !step.visit)
    step.way = way_of(*step.column);
  shape.steps.push_back(step);
  return number;
}

const char* QuickRecord::value(const char* at, const Step& step, const Place& place) {
  switch (step.use) {
  case Use::nothing:
    return skip(at, 0);
  case Use::cell:
    return cell(at, step, place);
  case Use::list:
    return list(at, step.number);
  case Use::node:
    return node(at, step.number, place.scope);
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
  at = object(at, {&shapes_[scope], scope, row_});
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
  at = object(at, {&shape, no_scope, builder_.begin_row(relation)});
  if (at == nullptr || shape.needed.empty())
    return at;
  // What is marked may yet be missing.
  const bool whole = missing_.empty() && std::ranges::none_of(shape.needed, [&](std::uint32_t c) {
                       return builder_.is_missing(relation, c);
                     });
  return whole ? at : nullptr;
}

} // namespace sanku::io
