// NdjsonReader (ndjson.h). A line becomes a tape of nodes, the tape a list of visits (which node is
// the visit, the person, the envelope), each visit a record of the batch. Public senders disagree
// on nesting, spelling of missing values and types; what is accepted is written at the functions
// that accept it. Tested by tests/unit/runtime/ndjson_test.cpp.
#include "runtime/io/ndjson.h"

#include "runtime/batch/cell.h"
#include "runtime/io/claim_layout.h"
#include "runtime/io/json_tape.h"
#include "runtime/io/quick_record.h"
#include "runtime/io/reasons.h"
#include "runtime/io/visits.h"
#include "runtime/types/check.h"

#include <algorithm>

namespace sanku::io {
namespace {

constexpr std::size_t record_bytes_kept = 64u << 10;
// Behind the end of a line that is read the quick way.
constexpr std::size_t bytes_behind = 64;
// After so many records in a row that the quick way does not know, ever fewer are tried.
constexpr std::uint32_t patience = 8, most_patience = 64;

} // namespace

struct NdjsonReader::State {
  const schema::Schema& schema; // owned by the caller, outlives the reader
  ClaimLayout layout;
  batch::BatchBuilder builder;
  JsonTape tape;
  VisitFinder finder;
  std::vector<std::vector<std::uint32_t>> lists; // element nodes by relation, reused
  std::vector<std::uint32_t> found;              // fields of one element, reused

  std::unique_ptr<QuickRecord> quick;
  bool quickly = true;
  bool keeps_context = false;
  std::uint64_t read_quickly = 0;
  std::uint32_t failed = 0, left_out = 0; // in a row; of those to be left out
  std::string tail;                       // the last lines of a chunk, with bytes behind
  std::size_t tail_begin = 0;

  State(const schema::Schema& s, const batch::Dictionaries& dictionaries, const batch::Kept& kept)
      : schema(s), layout(claim_layout(s)), builder(s, dictionaries, kept), finder(layout, tape),
        quick(QuickRecord::make(schema, layout, builder)) {}

  void prepare_tail(std::string_view all);
  std::size_t read_quick(std::string_view all, std::size_t begin, const batch::Origin& origin);

  bool refuse(Error why) {
    if (!finder.reason)
      finder.reason = std::move(why);
    return false;
  }

  bool decode(const VisitRef& visit, const batch::Origin& origin);
  bool decode_settlement(const VisitRef& visit);
  bool decode_list(const VisitRef& visit, std::uint32_t relation);
  bool decode_answers(std::uint32_t list);
  bool set_cell(std::uint32_t relation, const ColumnSource& source, std::uint32_t at,
                std::uint64_t element);
  bool check_needed(std::uint32_t relation, const ColumnSource& source, std::uint64_t element);
  bool decode_line(std::string_view line, std::size_t readable, batch::Origin origin,
                   std::uint32_t batch_settlements, const std::function<void(batch::Batch)>& full);
};

// ---- nodes to rows ------------------------------------------------------------------------------

bool NdjsonReader::State::set_cell(std::uint32_t relation, const ColumnSource& source,
                                   std::uint32_t at, std::uint64_t element) {
  const Node& cell = finder.node(at);
  const schema::Relation& shape = schema.relations[relation];
  if (cell.kind == NodeKind::object || cell.kind == NodeKind::list) {
    return refuse(not_a_value({shape, shape.columns[source.column], cell.key, element}, cell.kind));
  }
  if (builder.set_text(relation, source.column, cell.text))
    return true;
  return refuse(
      wrong_cell({shape, shape.columns[source.column], cell.key, element}, codes::trim(cell.text)));
}

bool NdjsonReader::State::check_needed(std::uint32_t relation, const ColumnSource& source,
                                       std::uint64_t element) {
  const schema::Relation& shape = schema.relations[relation];
  const schema::Column& column = shape.columns[source.column];
  const bool needed = !column.optional || column.role == schema::Role::visit_id;
  if (!needed || !builder.is_missing(relation, source.column))
    return true;
  const std::string_view wire = column.wire.empty() ? std::string_view(column.path.en)
                                                    : std::string_view(column.wire.front());
  return refuse(missing_field({shape, column, wire, element}));
}

bool NdjsonReader::State::decode_settlement(const VisitRef& visit) {
  builder.begin_row(0);
  for (const ColumnSource& source : layout.visit.columns) {
    std::uint32_t at = 0;
    if (source.of_patient)
      at = finder.look(visit.scopes[patient_scope], source.slots);
    for (std::size_t i = 0; i < visit.scopes.size() && at == 0; ++i) {
      if (i != visit_scope && source.of_visit && finder.encounters > 1)
        break;
      at = finder.look(visit.scopes[i], source.slots);
    }
    if (at != 0 && !set_cell(0, source, at, 0))
      return false;
    if (!check_needed(0, source, 0))
      return false;
  }
  return true;
}

// An object with a key for each question, as `{"HER2阳性": true}`; a blank answers nothing.
bool NdjsonReader::State::decode_answers(std::uint32_t list) {
  const ClaimLayout::Answers& answers = *layout.answers;
  std::uint64_t element = 0;
  for (std::uint32_t at = list + 1; at < finder.node(list).next; at = finder.node(at).next) {
    ++element;
    if (finder.is_blank(at))
      continue;
    builder.begin_row(answers.relation);
    const schema::Relation& shape = schema.relations[answers.relation];
    const std::string_view question = finder.node(at).key;
    if (!builder.set_text(answers.relation, answers.question, question))
      return refuse(wrong_cell({shape, shape.columns[answers.question], question, element},
                               codes::trim(question)));
    if (!set_cell(answers.relation, answers.answer, at, element))
      return false;
  }
  return true;
}

bool NdjsonReader::State::decode_list(const VisitRef& visit, std::uint32_t relation) {
  std::uint32_t list = 0;
  for (std::size_t i = 0; i < visit.scopes.size() && list == 0; ++i) {
    // Lists beside several visits cannot be said to be of one of them.
    if (i != visit_scope && finder.encounters > 1)
      break;
    list = finder.look(visit.scopes[i], layout.child_nodes[relation]);
  }
  if (list == 0)
    return true;
  const ObjectLayout& element_layout = layout.children[relation];
  std::vector<std::uint32_t>& objects = lists[relation];
  const bool may_be_keyed = layout.answers && layout.answers->relation == relation;
  if (may_be_keyed && finder.node(list).kind == NodeKind::object) {
    if (!finder.scan(element_layout, list, found))
      return false;
    if (std::ranges::all_of(found, [](std::uint32_t at) { return at == 0; }))
      return decode_answers(list);
  }
  if (!finder.elements(list, objects))
    return false;
  for (std::size_t e = 0; e < objects.size(); ++e) {
    builder.begin_row(relation);
    if (!finder.scan(element_layout, objects[e], found))
      return false;
    for (const ColumnSource& source : element_layout.columns) {
      for (const std::uint32_t slot : source.slots) {
        const std::uint32_t at = found[slot];
        if (at == 0 || finder.is_blank(at))
          continue;
        if (!set_cell(relation, source, at, e + 1))
          return false;
        break;
      }
      if (!check_needed(relation, source, e + 1))
        return false;
    }
  }
  return true;
}

bool NdjsonReader::State::decode(const VisitRef& visit, const batch::Origin& origin) {
  builder.begin();
  bool whole = decode_settlement(visit);
  for (std::uint32_t r = 1; r < layout.children.size() && whole; ++r)
    whole = decode_list(visit, r);
  // What only stands beside is checked like the rest, so that what is refused does not depend on
  // who reads.
  if (!whole || (visit.context && !keeps_context)) {
    builder.rollback();
    return whole;
  }
  batch::Origin place = origin;
  place.part = visit.part;
  builder.commit(place, visit.context);
  return true;
}

// All visits of the line or none. A line whose visits fill a batch and begin the next is decoded
// twice: the first time shows that none of its visits is refused, so that a batch may be handed
// over in the middle of the line.
bool NdjsonReader::State::decode_line(std::string_view line, std::size_t readable,
                                      batch::Origin origin, std::uint32_t batch_settlements,
                                      const std::function<void(batch::Batch)>& full) {
  finder.reason.reset();
  if (const JsonFault fault = tape.parse(line, readable); fault != JsonFault::none)
    return refuse(unreadable_json(fault));
  if (!finder.find())
    return false;
  const std::uint32_t before = builder.settlements();
  for (const VisitRef& visit : finder.visits) {
    if (decode(visit, origin))
      continue;
    builder.drop_to(before);
    return false;
  }
  if (builder.settlements() < batch_settlements)
    return true;
  if (builder.settlements() > batch_settlements) {
    builder.drop_to(before);
    for (const VisitRef& visit : finder.visits) {
      check(decode(visit, origin), "a visit that was read once is read again");
      if (builder.settlements() == batch_settlements)
        full(builder.take());
    }
  } else {
    full(builder.take());
  }
  return true;
}

// ---- the quick way ------------------------------------------------------------------------------

// Lines near the end of a chunk are read from a copy that goes on behind it.
void NdjsonReader::State::prepare_tail(std::string_view all) {
  const std::size_t end = all.size() > bytes_behind ? all.rfind('\n', all.size() - bytes_behind - 1)
                                                    : std::string_view::npos;
  tail_begin = end == std::string_view::npos ? 0 : end + 1;
  tail.assign(all.substr(tail_begin));
  tail.append(bytes_behind + 1, '\n');
}

// The end of the line that begins there; npos: it is not read.
std::size_t NdjsonReader::State::read_quick(std::string_view all, std::size_t begin,
                                            const batch::Origin& origin) {
  if (!quickly)
    return std::string_view::npos;
  if (left_out != 0) {
    --left_out;
    return std::string_view::npos;
  }
  const char* const from =
      begin < tail_begin ? all.data() + begin : tail.data() + (begin - tail_begin);
  const char* const end = quick->read(from, origin);
  if (end == nullptr) {
    if (++failed >= patience)
      left_out = std::min(failed, most_patience);
    return std::string_view::npos;
  }
  failed = 0;
  ++read_quickly;
  return begin + static_cast<std::size_t>(end - from);
}

// ---- lines --------------------------------------------------------------------------------------

NdjsonReader::NdjsonReader(const schema::Schema& schema, const batch::Dictionaries& dictionaries,
                           const batch::Kept& kept)
    : state_(std::make_unique<State>(schema, dictionaries, kept)) {
  state_->lists.resize(state_->layout.children.size());
}

void NdjsonReader::keep_context() { state_->keeps_context = true; }
void NdjsonReader::skim() { state_->quick->skim(); }
void NdjsonReader::read_narrowly() {
  state_->quick =
      QuickRecord::make(state_->schema, state_->layout, state_->builder, Vectors::narrow);
}
void NdjsonReader::read_slowly() { state_->quickly = false; }

std::uint64_t NdjsonReader::read_quickly() const { return state_->read_quickly; }

NdjsonReader::~NdjsonReader() = default;

void NdjsonReader::read(const Chunk& chunk, std::uint32_t file, std::uint32_t batch_settlements,
                        const std::function<void(batch::Batch)>& full, std::vector<Reject>& rejects,
                        ReadCounts& counts) {
  check(batch_settlements > 0, "a batch holds at least one visit");
  const std::string_view all = chunk.text;
  auto reject = [&](std::uint64_t line, std::size_t begin, std::string_view text,
                    const Error& why) {
    ++counts.rejected;
    rejects.push_back({.line = line,
                       .offset = chunk.offset + begin,
                       .reason_en = why.en,
                       .reason_zh = why.zh,
                       .text = std::string(text.substr(0, record_bytes_kept))});
  };
  if (chunk.too_long) {
    ++counts.records;
    reject(chunk.first_line, 0, all, line_too_long());
    return;
  }
  std::uint64_t line = chunk.first_line;
  state_->prepare_tail(all);
  for (std::size_t begin = 0; begin < all.size(); ++line) {
    const std::size_t quick_end = state_->read_quick(
        all, begin, {.file = file, .offset = chunk.offset + begin, .line = line, .part = 0});
    if (quick_end != std::string_view::npos) {
      begin = quick_end + 1;
      ++counts.records;
      ++counts.encounters;
      if (state_->builder.settlements() == batch_settlements)
        full(state_->builder.take());
      continue;
    }
    const std::size_t end = std::min(all.find('\n', begin), all.size());
    std::size_t from = begin;
    begin = end + 1;
    // A byte order mark belongs to the file, not to its first record.
    if (chunk.offset + from == 0 && all.starts_with("\xEF\xBB\xBF"))
      from = 3;
    const std::string_view text = codes::trim(all.substr(from, end - from));
    if (text.empty())
      continue;
    ++counts.records;
    const auto at = static_cast<std::size_t>(text.data() - all.data());
    const batch::Origin origin{
        .file = file, .offset = chunk.offset + from, .line = line, .part = 0};
    if (state_->decode_line(text, all.size() - at, origin, batch_settlements, full)) {
      counts.encounters += state_->finder.visits.size() - state_->finder.context;
      counts.context += state_->finder.context;
    } else {
      reject(line, from, text, *state_->finder.reason);
    }
  }
  if (state_->builder.settlements() != 0)
    full(state_->builder.take());
}

} // namespace sanku::io
