// BatchBuilder (batch.h): cells to columns, a record at a time, all or nothing. Rows are reserved
// in growing steps and are zero and missing until they are set, so that a row costs no allocation
// and a missing cell costs nothing. Tested by tests/unit/runtime/batch_test.cpp.
#include "runtime/batch/batch.h"
#include "runtime/batch/candidates.h"
#include "runtime/batch/cell.h"
#include "runtime/batch/cells.h"
#include "runtime/batch/column.h"
#include "runtime/types/check.h"
#include "runtime/types/name_index.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace sanku::batch {
namespace {

// Wire codes of one enum: member id, or `means_missing`.
constexpr std::uint32_t means_missing = missing_value;

NameIndex wire_codes(const schema::EnumType& type) {
  NameIndex index;
  for (const std::string& code : type.missing)
    index.add(code, means_missing);
  for (std::size_t i = 0; i < type.members.size(); ++i) {
    for (const std::string& code : type.members[i].codes)
      index.add(code, static_cast<std::uint32_t>(i + 1));
  }
  return index;
}

struct ColumnPlan {
  Type type;
  Physical physical = Physical::bit8;
  ColumnBuilding building;
};

struct RelationPlan {
  std::vector<ColumnPlan> columns;
  std::uint32_t expected = 0; // rows, as many as the batch before had
};

// The codes that are short enough, as words.
void add_words(EnumWords& words, const schema::EnumType& type, const NameIndex& index) {
  const auto add = [&](std::string_view code) {
    if (code.size() > 8 || codes::trim(code) != code || is_blank(code))
      return;
    std::uint64_t word = 0;
    std::memcpy(&word, code.data(), code.size());
    // The first wins: others are looked up as any text.
    if (EnumWords::Slot& slot = words.slot(word); slot.word == 0)
      slot = {word, index.find(code)};
  };
  for (const std::string& code : type.missing)
    add(code);
  for (const schema::EnumMember& member : type.members)
    for (const std::string& code : member.codes)
      add(code);
}

// Cells about time.
bool set_time(ColumnBuilding& column, std::uint32_t row, std::string_view text) {
  if (column.kind == Kind::span) {
    Span value{};
    if (!parse_span(text, value))
      return false;
    put_fixed(column, row, value.packed);
    return true;
  }
  if (column.kind == Kind::window) {
    Window value{};
    if (!parse_window(text, value))
      return false;
    put_fixed(column, row, value.packed);
    return true;
  }
  DateTime value{};
  if (!parse_datetime(text, value))
    return false;
  if (column.kind == Kind::datetime) {
    put_fixed(column, row, value.seconds);
    return true;
  }
  // Birth dates often come with a clock of 00:00:00; the day is exact either way.
  const std::int64_t into_day = ((value.seconds % 86400) + 86400) % 86400;
  put_fixed(column, row, static_cast<std::int32_t>((value.seconds - into_day) / 86400));
  return true;
}

bool has_values(const ColumnBuilding& column) {
  return column.values != nullptr || column.offsets != nullptr;
}

// Nothing beyond the last row is left; of a column that is not kept no value.
void finish_column(ColumnPlan& plan, std::uint32_t rows) {
  ColumnBuilding& column = plan.building;
  ColumnData& data = *column.data;
  if (!has_values(column))
    return make_missing(data, plan.physical, rows);
  data.rows = rows;
  reserve_rows(data, plan.physical, rows);
  if (plan.physical != Physical::bytes)
    return;
  std::fill(data.offsets.begin() + column.filled + 1, data.offsets.end(), column.used);
  column.room_before = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(UINT32_MAX, std::uint64_t{column.used} * 9 / 8));
  data.values.resize(column.used);
}

} // namespace

struct BatchBuilder::Prepared {
  std::vector<RelationPlan> relations;
  std::vector<NameIndex> enums;
  std::vector<EnumWords> words;     // by enum
  std::vector<CodesBuilding> codes; // by dictionary
  std::uint32_t batch = 0;          // the number of the batch
};

BatchBuilder::BatchBuilder(const schema::Schema& schema, const Dictionaries& dictionaries)
    : BatchBuilder(schema, dictionaries, {}) {}

BatchBuilder::BatchBuilder(const schema::Schema& schema, const Dictionaries& dictionaries,
                           const Kept& kept)
    : schema_(schema), dictionaries_(dictionaries), prepared_(std::make_unique<Prepared>()) {
  check(dictionaries.size() >= schema.dictionaries,
        "there is a dictionary for each group of code systems");
  for (const schema::EnumType& type : schema.enums) {
    prepared_->enums.push_back(wire_codes(type));
    add_words(prepared_->words.emplace_back(), type, prepared_->enums.back());
  }
  prepared_->codes.resize(schema.dictionaries);
  for (const schema::Relation& relation : schema.relations) {
    if (relation.kind == schema::RelationKind::table)
      continue;
    const std::size_t r = prepared_->relations.size();
    RelationPlan plan;
    for (const schema::Column& column : relation.columns) {
      const std::size_t c = plan.columns.size();
      ColumnPlan added{
          .type = column.type, .physical = info(column.type.kind).physical, .building = {}};
      added.building.kind = column.type.kind;
      added.building.scale = static_cast<std::uint8_t>(column.type.scale);
      added.building.kept = kept.empty() || kept[r][c];
      added.building.bound = is_number(column.type.kind) ? unit_bound(column.type) : INT64_MAX;
      if (column.type.kind == Kind::code)
        added.building.codes = &prepared_->codes[schema.systems[column.type.domain].dictionary];
      if (column.type.kind == Kind::enumeration)
        added.building.words = &prepared_->words[column.type.domain];
      plan.columns.push_back(added);
    }
    prepared_->relations.push_back(std::move(plan));
  }
  start();
}

BatchBuilder::~BatchBuilder() = default;
BatchBuilder::BatchBuilder(BatchBuilder&&) noexcept = default;

void BatchBuilder::start() {
  batch_ = Batch{};
  batch_.relations.resize(prepared_->relations.size());
  batch_.overflow.resize(schema_.dictionaries);
  batch_.unlisted.resize(schema_.enums.size());
  rows_.assign(prepared_->relations.size(), {});
  ++prepared_->batch;
  for (std::uint32_t d = 0; d < prepared_->codes.size(); ++d) {
    CodesBuilding& codes = prepared_->codes[d];
    codes.own = &batch_.overflow[d];
    codes.dictionary = &dictionaries_[d];
    codes.frozen = codes::frozen_size(dictionaries_[d]);
    codes.batch = prepared_->batch;
    codes.uncached = false;
    codes.cache.forget_if_full();
  }
  for (std::size_t r = 0; r < batch_.relations.size(); ++r) {
    RelationPlan& plan = prepared_->relations[r];
    RelationData& relation = batch_.relations[r];
    relation.columns.resize(plan.columns.size());
    if (r != 0)
      relation.offsets.push_back(0);
    for (std::size_t c = 0; c < plan.columns.size(); ++c) {
      ColumnBuilding& column = plan.columns[c].building;
      column.data = &relation.columns[c];
      column.values = column.validity = nullptr;
      column.offsets = nullptr;
      column.used = column.room = column.filled = 0;
    }
  }
}

void BatchBuilder::make_room(std::uint32_t relation) {
  RelationPlan& plan = prepared_->relations[relation];
  Rows& rows = rows_[relation];
  rows.room = std::max<std::uint32_t>({8, plan.expected, rows.room * 2});
  for (ColumnPlan& each : plan.columns) {
    ColumnBuilding& column = each.building;
    ColumnData& data = *column.data;
    column.room_rows = rows.room;
    if (has_values(column)) {
      reserve_rows(data, each.physical, rows.room);
      column.values = data.values.data();
      column.offsets = data.offsets.data();
    } else {
      data.validity.resize((std::size_t{rows.room} + 7) / 8);
    }
    column.validity = data.validity.data();
  }
}

ColumnBuilding& BatchBuilder::building(std::uint32_t relation, std::uint32_t column) {
  return prepared_->relations[relation].columns[column].building;
}

void BatchBuilder::begin() {
  check(!begun_, "a record is committed or rolled back before the next begins");
  begun_ = true;
  for (Rows& rows : rows_)
    rows.mark = rows.count;
}

bool BatchBuilder::is_missing(std::uint32_t relation, std::uint32_t column) const {
  return !is_set(prepared_->relations[relation].columns[column].building,
                 rows_[relation].count - 1);
}

bool BatchBuilder::set_text(std::uint32_t relation, std::uint32_t column, std::string_view cell) {
  const std::string_view text = codes::trim(cell);
  if (is_blank(text))
    return true;
  ColumnPlan& plan = prepared_->relations[relation].columns[column];
  ColumnBuilding& to = plan.building;
  const std::uint32_t row = rows_[relation].count - 1;
  switch (plan.type.kind) {
  case Kind::boolean: {
    bool value = false;
    if (!parse_bool(text, value))
      return false;
    put_fixed(to, row, static_cast<std::uint8_t>(value));
    return true;
  }
  case Kind::integer: {
    std::int64_t value = 0;
    if (!parse_integer(text, value))
      return false;
    put_fixed(to, row, value);
    return true;
  }
  case Kind::decimal:
  case Kind::money: {
    Int128 units = 0;
    if (!parse_decimal(text, plan.type.scale, units))
      return false;
    if (units >= to.bound || units <= -to.bound)
      return false;
    put_fixed(to, row, static_cast<std::int64_t>(units));
    return true;
  }
  case Kind::date:
  case Kind::datetime:
  case Kind::span:
  case Kind::window:
    return set_time(to, row, text);
  case Kind::code:
    return set_code(to, row, text);
  case Kind::enumeration:
    set_enum(to, row, plan.type.domain, prepared_->enums[plan.type.domain].find(text), text);
    return true;
  case Kind::text:
    put_bytes<false>(to, row, text);
    return true;
  case Kind::age:
  case Kind::count:
  case Kind::score:
  case Kind::reasons:
    break;
  }
  unreachable("ages and counts are computed, never read");
}

bool BatchBuilder::set_code(ColumnBuilding& column, std::uint32_t row, std::string_view text) {
  return put_code_text(column, row, text) != Put::ask;
}

void BatchBuilder::set_enum(ColumnBuilding& column, std::uint32_t row, std::uint32_t domain,
                            std::uint32_t id, std::string_view text) {
  if (id == means_missing)
    return;
  if (id == 0) {
    // A closed enum has no other values: what it does not list is no value.
    if (schema_.enums[domain].closed)
      return;
    id = first_unlisted + codes::intern(batch_.unlisted[domain], text);
  }
  put_fixed(column, row, id);
}

void BatchBuilder::set_value(std::uint32_t relation, std::uint32_t column, const Value& value) {
  ColumnPlan& plan = prepared_->relations[relation].columns[column];
  ColumnBuilding& to = plan.building;
  const std::uint32_t row = rows_[relation].count - 1;
  if (!sanku::is_known(value))
    return;
  if (const CodeText* code = std::get_if<CodeText>(&value)) {
    check(plan.type.kind == Kind::code, "a code goes into a column of codes");
    if (code->text.find(candidate_separator) != std::string::npos) {
      const std::uint32_t dictionary = schema_.systems[plan.type.domain].dictionary;
      to.codes->uncached = true;
      put_fixed(to, row,
                code_id(batch_.overflow[dictionary], dictionaries_[dictionary], code->text));
    } else {
      (void)set_code(to, row, code->text);
    }
  } else if (const EnumValue* listed = std::get_if<EnumValue>(&value)) {
    check(plan.type.kind == Kind::enumeration, "an enum value goes into a column of enums");
    check(listed->id <= schema_.enums[plan.type.domain].members.size(), "the enum lists the value");
    set_enum(to, row, plan.type.domain, listed->id, listed->unlisted);
  } else if (const std::string* text = std::get_if<std::string>(&value)) {
    check(plan.type.kind == Kind::text, "a text goes into a column of texts");
    put_bytes<false>(to, row, *text);
  } else if (to.kept) {
    if (!has_values(to))
      begin_values(to);
    store_plain(*to.data, plan.type, row, value);
  } else {
    mark(to, row);
  }
}

void BatchBuilder::commit(const Origin& origin, bool context) {
  check(begun_ && rows_[0].count == rows_[0].mark + 1, "a record has one settlement row");
  for (std::size_t r = 1; r < batch_.relations.size(); ++r)
    batch_.relations[r].offsets.push_back(rows_[r].count);
  batch_.origins.push_back(origin);
  std::vector<bool>& beside = batch_.people.context;
  if (context || !beside.empty()) {
    beside.resize(batch_.settlements, false);
    beside.push_back(context);
  }
  ++batch_.settlements;
  begun_ = false;
}

void BatchBuilder::rollback() {
  check(begun_, "only a record that has begun is rolled back");
  for (std::uint32_t r = 0; r < rows_.size(); ++r)
    cut(r, rows_[r].mark);
  begun_ = false;
}

void BatchBuilder::drop_to(std::uint32_t settlements) {
  check(!begun_ && settlements <= batch_.settlements,
        "committed records are dropped between records");
  cut(0, settlements);
  for (std::uint32_t r = 1; r < batch_.relations.size(); ++r) {
    cut(r, batch_.relations[r].offsets[settlements]);
    batch_.relations[r].offsets.resize(std::size_t{settlements} + 1);
  }
  batch_.origins.resize(settlements);
  if (!batch_.people.context.empty())
    batch_.people.context.resize(settlements);
  batch_.settlements = settlements;
}

std::uint32_t judged(const Batch& batch) {
  std::uint32_t count = 0;
  for (std::uint32_t s = 0; s < batch.settlements; ++s)
    count += !is_context(batch, s);
  return count;
}

std::uint32_t judged_rows(const Batch& batch, std::uint32_t relation) {
  const RelationData& rows = batch.relations[relation];
  std::uint32_t count = 0;
  for (std::uint32_t s = 0; s < batch.settlements; ++s)
    count += is_context(batch, s) ? 0 : rows.offsets[s + 1] - rows.offsets[s];
  return count;
}

// What is cut off is zero and missing again.
void BatchBuilder::cut(std::uint32_t relation, std::uint32_t rows) {
  Rows& held = rows_[relation];
  for (ColumnPlan& plan : prepared_->relations[relation].columns) {
    ColumnBuilding& column = plan.building;
    for (std::uint32_t row = rows; row < held.count; ++row)
      unmark(column, row);
    if (!has_values(column))
      continue;
    if (plan.physical == Physical::bytes) {
      if (column.filled > rows) {
        column.used = column.offsets[rows];
        column.filled = rows;
      }
    } else if (held.count > rows) {
      const std::size_t width = stored_width(plan.physical);
      std::memset(column.values + rows * width, 0, (held.count - rows) * width);
    }
  }
  held.count = rows;
}

std::size_t BatchBuilder::bytes() const {
  std::size_t total = 0;
  for (const RelationData& relation : batch_.relations) {
    for (const ColumnData& column : relation.columns) {
      total +=
          column.values.capacity() + column.validity.capacity() + column.offsets.capacity() * 4;
    }
    total += relation.offsets.capacity() * 4;
  }
  for (const codes::Overflow& overflow : batch_.overflow)
    total += overflow.texts.bytes();
  for (const codes::Overflow& overflow : batch_.unlisted)
    total += overflow.texts.bytes();
  return total + batch_.origins.capacity() * sizeof(Origin);
}

Batch BatchBuilder::take() {
  check(!begun_, "a batch is taken between records");
  for (std::uint32_t r = 0; r < batch_.relations.size(); ++r) {
    RelationPlan& plan = prepared_->relations[r];
    const std::uint32_t rows = rows_[r].count;
    batch_.relations[r].rows = rows;
    for (ColumnPlan& each : plan.columns)
      finish_column(each, rows);
    plan.expected = rows + rows / 8;
  }
  Batch taken = std::move(batch_);
  start();
  return taken;
}

} // namespace sanku::batch
