// Reading a Batch (batch.h): single values for the evaluator and for messages, and the views that
// generated code takes. Both read the same bytes; tests/unit/runtime/batch_test.cpp holds them
// against each other.
#include "runtime/batch/batch.h"
#include "runtime/batch/column.h"
#include "runtime/batch/refresh.h"
#include "runtime/types/candidates.h"
#include "runtime/types/check.h"

#include <algorithm>

namespace sanku::batch {

Value value_at(const Batch& batch, const schema::Schema& schema, const Dictionaries& dictionaries,
               std::uint32_t relation, std::uint32_t column, std::uint32_t row) {
  const ColumnData& data = batch.relations[relation].columns[column];
  const Type& type = schema.relations[relation].columns[column].type;
  check(row < data.rows, "the row is in the batch");
  if (!is_known(data, row))
    return Unknown{};
  switch (type.kind) {
  case Kind::boolean:
    return Bool{stored<std::uint8_t>(data, row) != 0};
  case Kind::integer:
    return Integer{stored<std::int64_t>(data, row)};
  case Kind::decimal:
  case Kind::money:
    return Decimal{stored<std::int64_t>(data, row)};
  case Kind::date:
    return Date{stored<std::int32_t>(data, row)};
  case Kind::datetime:
    return DateTime{stored<std::int64_t>(data, row)};
  case Kind::span:
    return Span{stored<std::int64_t>(data, row)};
  case Kind::window:
    return Window{stored<std::int64_t>(data, row)};
  case Kind::age:
    return Age{stored<std::int64_t>(data, row)};
  case Kind::count:
    return stored<Count>(data, row);
  case Kind::text:
    return std::string(stored_text(data, row));
  case Kind::code: {
    const std::uint32_t dictionary = schema.systems[type.domain].dictionary;
    return CodeText{
        std::string(code_text(batch, dictionaries, dictionary, stored<std::uint32_t>(data, row)))};
  }
  case Kind::score:
  case Kind::reasons:
    break;
  case Kind::enumeration: {
    const std::uint32_t id = stored<std::uint32_t>(data, row);
    if (id < first_unlisted)
      return EnumValue{.id = id, .unlisted = {}};
    return EnumValue{
        .id = 0, .unlisted = std::string(batch.unlisted[type.domain].texts[id - first_unlisted])};
  }
  }
  unreachable("every kind of value is read");
}

std::string_view code_text(const Batch& batch, const Dictionaries& dictionaries,
                           std::uint32_t dictionary, std::uint32_t id) {
  const codes::Dictionary& frozen = dictionaries[dictionary];
  const std::uint32_t size = codes::frozen_size(frozen);
  id &= ~candidates_bit;
  if (id < codes::first_code)
    return {};
  if (id < size)
    return frozen.texts[id - codes::first_code];
  check(id - size < batch.overflow[dictionary].texts.size(), "the code id belongs to this batch");
  return batch.overflow[dictionary].texts[id - size];
}

namespace {

// Never written, so that they take address space alone.
constexpr std::size_t most_zeros = std::size_t{4} << 20;
alignas(64) std::uint8_t zeros[most_zeros];

void add_views(const RelationData& relation, const std::uint8_t* missing,
               std::vector<abi::ColumnView>& views) {
  views.clear();
  for (const ColumnData& column : relation.columns) {
    views.push_back({.values = column.values.empty() ? missing : column.values.data(),
                     .validity = column.validity.data(),
                     .offsets = column.offsets.empty() ? nullptr : column.offsets.data()});
  }
}

} // namespace

const std::uint8_t* zeros_of(std::uint32_t rows, std::vector<std::uint8_t>& own) {
  constexpr std::size_t widest = 8; // bytes of a value
  const std::size_t bytes = std::size_t{rows} * widest;
  if (bytes <= most_zeros)
    return zeros;
  if (own.size() < bytes)
    own.resize(bytes);
  return own.data();
}

void refresh(View& into, const Batch& batch, const Kept& read) {
  into.columns.resize(batch.relations.size());
  into.relations.clear();
  std::uint32_t longest = 0;
  for (const RelationData& relation : batch.relations)
    longest = std::max(longest, relation.rows);
  const std::uint8_t* missing = zeros_of(longest, into.zeros);
  for (std::size_t r = 0; r < batch.relations.size(); ++r) {
    const RelationData& relation = batch.relations[r];
    add_views(relation, missing, into.columns[r]);
    for (std::size_t c = 0; c < relation.columns.size(); ++c)
      if ((read.empty() || read[r][c]) && all_known(relation.columns[c]))
        into.columns[r][c].validity = nullptr;
    into.relations.push_back(
        {.columns = into.columns[r].data(),
         .offsets = relation.offsets.empty() ? nullptr : relation.offsets.data(),
         .order = relation.order.empty() ? nullptr : relation.order.data(),
         .rows = relation.rows});
  }
}

View view(const Batch& batch) {
  View made;
  refresh(made, batch);
  return made;
}

} // namespace sanku::batch
