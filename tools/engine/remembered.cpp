// See remembered.h.
#include "tools/engine/remembered.h"

#include "compiler/plan/reach.h"
#include "runtime/types/check.h"
#include "tools/engine/entries.h"
#include "tools/engine/sorted_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace sanku::engine {
namespace {

enum class Note : char { put, take_back };

// Everything by which a content is read back.
std::string shape_text(const schema::Schema& schema) {
  std::string text = schema.names.en + " " + schema.edition;
  for (const schema::Relation& relation : schema.relations) {
    text += "\n" + relation.names.en + ":";
    for (const schema::Column& column : relation.columns)
      text += fmt::format(" {}/{}/{}/{}", column.path.en, static_cast<int>(column.type.kind),
                          column.type.digits, column.type.scale);
  }
  return text;
}

batch::Origin origin_of(const history::Record& record) {
  const std::string key = record.person + '\n' + record.visit + '\n' + record.settlement + '\n' +
                          (record.settlement.empty() ? record.content : "");
  return {.file = stored_file, .offset = assemble::settlement_hash(key), .line = 0, .part = 0};
}

} // namespace

std::optional<history::Shape> history_shape(const hir::Program& program) {
  std::optional<history::Shape> shape;
  for (const hir::Rule& rule : program.rules) {
    const plan::RuleReach reach = plan::reach_of(program, rule);
    if (reach.reach != plan::Reach::person)
      continue;
    // A later visit looks at this one as its past does at that.
    const std::int64_t days = std::max(reach.days_back.value_or(0), reach.days_on.value_or(0));
    if (!shape)
      shape = {.schema = shape_text(program.schema), .days_back = 0, .farthest = rule.id};
    if (!shape->days_back || (!reach.endless && days <= *shape->days_back))
      continue;
    shape->farthest = rule.id;
    shape->days_back = reach.endless ? std::nullopt : std::optional(days);
  }
  return shape;
}

Remembered::Remembered(const schema::Schema& schema, const RunOptions& options)
    : schema_(schema), store_(options.history), notes_(1, options.memory / 8) {}

// What cannot be read is told by whoever asks for more.
bool Remembered::mentions(const assemble::RecordKeys& keys) const {
  return store_ != nullptr && store_->mentions(keys.visit, keys.settlement).value_or(true);
}

Result<std::vector<assemble::Part>> Remembered::concerned(const assemble::RecordKeys& keys) const {
  std::vector<assemble::Part> parts;
  if (store_ == nullptr)
    return parts;
  std::set<std::string> visits = {keys.visit};
  for (const std::string& number : {keys.settlement, keys.takes_back}) {
    if (number.empty())
      continue;
    const auto of = store_->of_settlement(number);
    if (!of)
      return tl::unexpected(of.error());
    if (*of)
      visits.insert((*of)->visit);
  }
  for (const std::string& visit : visits) {
    auto records = store_->of_visit(visit);
    if (!records)
      return tl::unexpected(records.error());
    for (history::Record& record : *records) {
      assemble::Part& part = parts.emplace_back();
      part.origin = origin_of(record);
      part.keys.visit = record.visit;
      part.keys.settlement = record.settlement;
      part.content = std::move(record.content);
    }
  }
  return parts;
}

Result<bool> Remembered::was_taken_back(const std::string& settlement) const {
  return store_ == nullptr || settlement.empty() ? Result<bool>(false)
                                                 : store_->was_taken_back(settlement);
}

Result<std::vector<Visit>> Remembered::past_of(const std::string& person,
                                               const std::set<std::string>& gone) const {
  std::vector<Visit> visits;
  if (store_ == nullptr || !is_known_person(person))
    return visits;
  auto records = store_->of_person(person);
  if (!records)
    return tl::unexpected(records.error());
  std::map<std::string, Visit> by_number;
  for (history::Record& record : *records) {
    if (!record.settlement.empty() && gone.contains(record.settlement))
      continue;
    Visit& visit = by_number[record.visit];
    visit.person = person;
    visit.number = record.visit;
    visit.origin = origin_of(record);
    visit.context = true;
    visit.parts.push_back(std::move(record.content));
  }
  for (auto& [number, visit] : by_number)
    visits.push_back(std::move(visit));
  return visits;
}

// The store's days and the input's are one stretch where they touch; else only the input's count,
// and what the store has of before is seen but nobody says that it is all.
KnownDays Remembered::known(const KnownDays& input) const {
  if (store_ == nullptr || !store_->known().since || !store_->known().until || !input.since ||
      !input.until)
    return input;
  const history::Days& own = store_->known();
  const bool touch =
      own.until->days + 1 >= input.since->days && input.until->days + 1 >= own.since->days;
  if (!touch)
    return input;
  KnownDays both = input;
  widen(both, own.since);
  widen(both, own.until);
  return both;
}

Result<void> Remembered::put(const history::Record& record) {
  if (store_ == nullptr || !is_known_person(record.person))
    return {};
  std::string note;
  engine::put(note, Note::put);
  for (const std::string* text : {&record.person, &record.visit, &record.settlement})
    put_text(note, *text);
  engine::put(note, record.last_day);
  put_text(note, record.content);
  return append_entry(notes_, 0, note);
}

Result<void> Remembered::take_back(const std::string& settlement, const std::optional<Date>& day) {
  if (store_ == nullptr || settlement.empty())
    return {};
  std::string note;
  engine::put(note, Note::take_back);
  put_text(note, settlement);
  engine::put(note, day);
  return append_entry(notes_, 0, note);
}

void Remembered::judged_from(const std::optional<Date>& first_day) {
  if (first_day && (!earliest_ || first_day->days < earliest_->days))
    earliest_ = first_day;
}

// What no visit that begins when this run's visits began, or later, could look at leaves.
Result<history::Written> Remembered::keep(const KnownDays& input) {
  check(store_ != nullptr, "only a store keeps");
  const KnownDays both = known(input);
  const history::Days& own = store_->known();
  const bool older = own.until && both.until && both.until->days < own.until->days;
  history::Store::Change change;
  change.known = older || !both.until ? own : history::Days{both.since, both.until};
  if (earliest_ && store_->days_back()) {
    const std::int64_t before = earliest_->days - *store_->days_back();
    change.expire_before = Date{static_cast<std::int32_t>(
        std::max<std::int64_t>(before, std::numeric_limits<std::int32_t>::min() / 2))};
    if (change.known.since && change.known.since->days < change.expire_before->days)
      change.known.since = change.expire_before;
  }
  change.records = [&](history::Writer& writer) -> Result<void> {
    EntryReader reader(notes_, 0);
    auto note = reader.next();
    for (; note && *note; note = reader.next()) {
      std::string_view bytes = **note;
      Result<void> done;
      if (take<Note>(bytes) == Note::put) {
        history::Record record;
        for (std::string* text : {&record.person, &record.visit, &record.settlement})
          *text = take_text(bytes);
        record.last_day = take<std::optional<Date>>(bytes);
        record.content = take_text(bytes);
        done = writer.put(record);
      } else {
        const std::string settlement = take_text(bytes);
        done = writer.take_back(settlement, take<std::optional<Date>>(bytes));
      }
      if (!done)
        return done;
    }
    return note ? Result<void>() : tl::unexpected(note.error());
  };
  return store_->write(change);
}

} // namespace sanku::engine
