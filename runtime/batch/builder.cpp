// BatchBuilder (batch.h): cells to columns, a record at a time, all or nothing. Rows are reserved
// in growing steps and are zero and missing until they are set, so that a row costs no allocation
// and a missing cell costs nothing. Tested by tests/unit/runtime/batch_test.cpp.
#include "runtime/batch/batch.h"
#include "runtime/batch/candidates.h"
#include "runtime/batch/cell.h"
#include "runtime/batch/column.h"
#include "runtime/types/check.h"
#include "runtime/types/name_index.h"

#include <algorithm>

namespace sanku::batch {
namespace {

// Wire codes of one enum: member id, or `means_missing`.
constexpr std::uint32_t means_missing = 0xffffffffu;

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
  std::int64_t bound = 0;       // exclusive, numbers only
  std::uint32_t dictionary = 0; // codes only
};

struct RelationPlan {
  std::vector<ColumnPlan> columns;
  std::vector<std::uint32_t> texts; // columns that need an offset for each row
  std::uint32_t room = 0;           // rows reserved
};

// Cells about time, into the last row.
bool set_time(ColumnData& data, Kind kind, std::string_view text) {
  const std::uint32_t row = data.rows - 1;
  if (kind == Kind::span) {
    Span value{};
    if (!parse_span(text, value))
      return false;
    store(data, row, value.packed);
    return true;
  }
  if (kind == Kind::window) {
    Window value{};
    if (!parse_window(text, value))
      return false;
    store(data, row, value.packed);
    return true;
  }
  DateTime value{};
  if (!parse_datetime(text, value))
    return false;
  if (kind == Kind::datetime) {
    store(data, row, value.seconds);
    return true;
  }
  // Birth dates often come with a clock of 00:00:00; the day is exact either way.
  const std::int64_t into_day = ((value.seconds % 86400) + 86400) % 86400;
  store(data, row, static_cast<std::int32_t>((value.seconds - into_day) / 86400));
  return true;
}

} // namespace

struct BatchBuilder::Prepared {
  std::vector<RelationPlan> relations;
  std::vector<NameIndex> enums;
  std::string buffer; // for codes::normalise
};

BatchBuilder::BatchBuilder(const schema::Schema& schema, const Dictionaries& dictionaries)
    : schema_(schema), dictionaries_(dictionaries), prepared_(std::make_unique<Prepared>()) {
  check(dictionaries.size() >= schema.dictionaries,
        "there is a dictionary for each group of code systems");
  for (const schema::EnumType& type : schema.enums)
    prepared_->enums.push_back(wire_codes(type));
  for (const schema::Relation& relation : schema.relations) {
    if (relation.kind == schema::RelationKind::table)
      continue;
    RelationPlan plan;
    for (const schema::Column& column : relation.columns) {
      ColumnPlan added{.type = column.type, .physical = info(column.type.kind).physical};
      if (is_number(column.type.kind))
        added.bound = unit_bound(column.type);
      if (column.type.kind == Kind::code)
        added.dictionary = schema.systems[column.type.domain].dictionary;
      if (added.physical == Physical::bytes)
        plan.texts.push_back(static_cast<std::uint32_t>(plan.columns.size()));
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
  for (std::size_t r = 0; r < batch_.relations.size(); ++r) {
    RelationPlan& plan = prepared_->relations[r];
    RelationData& relation = batch_.relations[r];
    relation.columns.resize(plan.columns.size());
    if (r != 0)
      relation.offsets.push_back(0);
    plan.room = 0;
    for (std::size_t c = 0; c < plan.columns.size(); ++c) {
      reserve_rows(relation.columns[c], plan.columns[c].physical, 0);
    }
  }
}

void BatchBuilder::begin() {
  check(mark_.empty(), "a record is committed or rolled back before the next begins");
  for (const RelationData& relation : batch_.relations)
    mark_.push_back(relation.rows);
}

void BatchBuilder::begin_row(std::uint32_t relation) {
  RelationData& data = batch_.relations[relation];
  RelationPlan& plan = prepared_->relations[relation];
  check(!mark_.empty() && (relation != 0 || data.rows == mark_[0]),
        "one settlement row a record, after begin");
  if (data.rows == plan.room) {
    plan.room = std::max<std::uint32_t>(8, plan.room * 2);
    for (std::size_t c = 0; c < plan.columns.size(); ++c) {
      reserve_rows(data.columns[c], plan.columns[c].physical, plan.room);
    }
  }
  ++data.rows;
  for (ColumnData& column : data.columns)
    ++column.rows;
  for (const std::uint32_t c : plan.texts) {
    data.columns[c].offsets[data.rows] = data.columns[c].offsets[data.rows - 1];
  }
}

bool BatchBuilder::is_missing(std::uint32_t relation, std::uint32_t column) const {
  const RelationData& data = batch_.relations[relation];
  return !is_known(data.columns[column], data.rows - 1);
}

bool BatchBuilder::set_text(std::uint32_t relation, std::uint32_t column, std::string_view cell) {
  const std::string_view text = codes::trim(cell);
  if (is_blank(text))
    return true;
  const ColumnPlan& plan = prepared_->relations[relation].columns[column];
  ColumnData& data = batch_.relations[relation].columns[column];
  const std::uint32_t row = data.rows - 1;
  switch (plan.type.kind) {
  case Kind::boolean: {
    bool value = false;
    if (!parse_bool(text, value))
      return false;
    store<std::uint8_t>(data, row, value ? 1 : 0);
    return true;
  }
  case Kind::integer: {
    std::int64_t value = 0;
    if (!parse_integer(text, value))
      return false;
    store(data, row, value);
    return true;
  }
  case Kind::decimal:
  case Kind::money: {
    Int128 units = 0;
    if (!parse_decimal(text, plan.type.scale, units))
      return false;
    if (units >= plan.bound || units <= -plan.bound)
      return false;
    store(data, row, static_cast<std::int64_t>(units));
    return true;
  }
  case Kind::date:
  case Kind::datetime:
  case Kind::span:
  case Kind::window:
    return set_time(data, plan.type.kind, text);
  case Kind::code:
    // Nobody may write what only a hospital's code with several meanings has.
    if (text.find(candidate_separator) != std::string_view::npos)
      return false;
    return set_code(data, plan.dictionary, text);
  case Kind::enumeration: {
    const std::uint32_t id = prepared_->enums[plan.type.domain].find(text);
    set_enum(data, plan.type.domain, id, text);
    return true;
  }
  case Kind::text:
    store_text(data, row, text);
    return true;
  case Kind::age:
  case Kind::count:
  case Kind::score:
  case Kind::reasons:
    break;
  }
  unreachable("ages and counts are computed, never read");
}

bool BatchBuilder::set_code(ColumnData& data, std::uint32_t dictionary, std::string_view text) {
  const std::string_view code = codes::normalise(text, prepared_->buffer);
  if (is_blank(code))
    return true;
  std::uint32_t id = codes::find(dictionaries_[dictionary], code);
  if (id == codes::no_code) {
    id = codes::frozen_size(dictionaries_[dictionary]) +
         codes::intern(batch_.overflow[dictionary], code);
  }
  store(data, data.rows - 1, id);
  return true;
}

void BatchBuilder::set_enum(ColumnData& data, std::uint32_t domain, std::uint32_t id,
                            std::string_view text) {
  if (id == means_missing)
    return;
  if (id == 0) {
    // A closed enum has no other values: what it does not list is no value.
    if (schema_.enums[domain].closed)
      return;
    id = first_unlisted + codes::intern(batch_.unlisted[domain], text);
  }
  store(data, data.rows - 1, id);
}

void BatchBuilder::set_value(std::uint32_t relation, std::uint32_t column, const Value& value) {
  const ColumnPlan& plan = prepared_->relations[relation].columns[column];
  ColumnData& data = batch_.relations[relation].columns[column];
  if (!sanku::is_known(value))
    return;
  if (const CodeText* code = std::get_if<CodeText>(&value)) {
    check(plan.type.kind == Kind::code, "a code goes into a column of codes");
    if (code->text.find(candidate_separator) != std::string::npos)
      store(data, data.rows - 1,
            code_id(batch_.overflow[plan.dictionary], dictionaries_[plan.dictionary], code->text));
    else
      (void)set_code(data, plan.dictionary, code->text);
  } else if (const EnumValue* listed = std::get_if<EnumValue>(&value)) {
    check(plan.type.kind == Kind::enumeration, "an enum value goes into a column of enums");
    check(listed->id <= schema_.enums[plan.type.domain].members.size(), "the enum lists the value");
    set_enum(data, plan.type.domain, listed->id, listed->unlisted);
  } else {
    store_plain(data, plan.type, data.rows - 1, value);
  }
}

void BatchBuilder::commit(const Origin& origin) {
  check(!mark_.empty() && batch_.relations[0].rows == mark_[0] + 1,
        "a record has one settlement row");
  for (std::size_t r = 1; r < batch_.relations.size(); ++r) {
    batch_.relations[r].offsets.push_back(batch_.relations[r].rows);
  }
  batch_.origins.push_back(origin);
  ++batch_.settlements;
  mark_.clear();
}

void BatchBuilder::rollback() {
  check(!mark_.empty(), "only a record that has begun is rolled back");
  cut(mark_);
  mark_.clear();
}

void BatchBuilder::drop_to(std::uint32_t settlements) {
  check(mark_.empty() && settlements <= batch_.settlements,
        "committed records are dropped between records");
  std::vector<std::uint32_t> rows{settlements};
  for (std::size_t r = 1; r < batch_.relations.size(); ++r) {
    rows.push_back(batch_.relations[r].offsets[settlements]);
    batch_.relations[r].offsets.resize(std::size_t{settlements} + 1);
  }
  cut(rows);
  batch_.origins.resize(settlements);
  batch_.settlements = settlements;
}

void BatchBuilder::cut(const std::vector<std::uint32_t>& rows) {
  for (std::size_t r = 0; r < batch_.relations.size(); ++r) {
    RelationData& relation = batch_.relations[r];
    const RelationPlan& plan = prepared_->relations[r];
    for (std::size_t c = 0; c < plan.columns.size(); ++c) {
      cut_rows(relation.columns[c], plan.columns[c].physical, rows[r]);
    }
    relation.rows = rows[r];
  }
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
  // A text of its own and its place in the map, by and large.
  constexpr std::size_t interned = 128;
  for (const codes::Overflow& overflow : batch_.overflow)
    total += overflow.texts.size() * interned;
  for (const codes::Overflow& overflow : batch_.unlisted)
    total += overflow.texts.size() * interned;
  return total + batch_.origins.capacity() * sizeof(Origin);
}

Batch BatchBuilder::take() {
  check(mark_.empty(), "a batch is taken between records");
  for (std::size_t r = 0; r < batch_.relations.size(); ++r) {
    const RelationPlan& plan = prepared_->relations[r];
    for (std::size_t c = 0; c < plan.columns.size(); ++c) {
      trim_rows(batch_.relations[r].columns[c], plan.columns[c].physical);
    }
  }
  Batch taken = std::move(batch_);
  start();
  return taken;
}

} // namespace sanku::batch
