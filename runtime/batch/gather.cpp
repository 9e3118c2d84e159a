// See gather.h. A column at a time, since rows of one column lie together.
#include "runtime/batch/gather.h"

#include "runtime/batch/column.h"

#include <cstring>
#include <utility>

namespace sanku::batch {
namespace {

void set_known(ColumnData& column, std::uint32_t row) {
  column.validity[row >> 3] =
      static_cast<std::uint8_t>(column.validity[row >> 3] | (1u << (row & 7u)));
}

ColumnData gather_column(const ColumnData& from, Physical physical,
                         const std::vector<std::uint32_t>& rows) {
  ColumnData made;
  const auto count = static_cast<std::uint32_t>(rows.size());
  make_missing(made, physical, count);
  // Texts may all be empty.
  if (from.values.empty() && physical != Physical::bytes)
    return made;
  const std::size_t width = stored_width(physical);
  made.values.resize(count * width);
  for (std::uint32_t to = 0; to < count; ++to) {
    const std::uint32_t row = rows[to];
    if (is_known(from, row))
      set_known(made, to);
    if (physical == Physical::bytes) {
      const std::string_view text = stored_text(from, row);
      made.values.insert(made.values.end(), text.begin(), text.end());
      made.offsets[to + 1] = static_cast<std::uint32_t>(made.values.size());
    } else {
      std::memcpy(made.values.data() + to * width, from.values.data() + row * width, width);
    }
  }
  return made;
}

} // namespace

RelationData gather(const RelationData& from, const schema::Relation& shape,
                    const std::vector<std::uint32_t>& rows, std::vector<std::uint32_t> offsets) {
  RelationData made;
  made.rows = static_cast<std::uint32_t>(rows.size());
  made.offsets = std::move(offsets);
  for (std::size_t c = 0; c < from.columns.size(); ++c)
    made.columns.push_back(
        gather_column(from.columns[c], info(shape.columns[c].type.kind).physical, rows));
  return made;
}

void add_rows(RelationData& relation, const schema::Relation& shape,
              const std::vector<NewRow>& rows) {
  const std::uint32_t before = relation.rows;
  const auto after = before + static_cast<std::uint32_t>(rows.size());
  for (std::size_t c = 0; c < relation.columns.size(); ++c) {
    const Type& type = shape.columns[c].type;
    reserve_rows(relation.columns[c], info(type.kind).physical, after);
    for (std::uint32_t n = 0; n < rows.size(); ++n) {
      add_row(relation.columns[c], info(type.kind).physical);
      for (const auto& [column, value] : rows[n].cells)
        if (column == c)
          store_plain(relation.columns[c], type, before + n, value);
    }
  }
  relation.rows = after;
  std::vector<std::uint32_t> order, offsets{0};
  std::uint32_t next = 0;
  for (std::uint32_t s = 0; s + 1 < relation.offsets.size(); ++s) {
    for (std::uint32_t row = relation.offsets[s]; row < relation.offsets[s + 1]; ++row)
      order.push_back(row);
    for (; next < rows.size() && rows[next].settlement == s; ++next)
      order.push_back(before + next);
    offsets.push_back(static_cast<std::uint32_t>(order.size()));
  }
  relation = gather(relation, shape, order, std::move(offsets));
}

void keep_settlements(Batch& batch, const schema::Schema& schema,
                      const std::vector<std::uint32_t>& settlements) {
  for (std::size_t r = 1; r < batch.relations.size(); ++r) {
    RelationData& relation = batch.relations[r];
    std::vector<std::uint32_t> rows, offsets{0};
    for (const std::uint32_t s : settlements) {
      for (std::uint32_t row = relation.offsets[s]; row < relation.offsets[s + 1]; ++row)
        rows.push_back(row);
      offsets.push_back(static_cast<std::uint32_t>(rows.size()));
    }
    relation = gather(relation, schema.relations[r], rows, std::move(offsets));
  }
  batch.relations[0] = gather(batch.relations[0], schema.relations[0], settlements, {});
  std::vector<Origin> origins;
  for (const std::uint32_t s : settlements)
    origins.push_back(batch.origins[s]);
  batch.origins = std::move(origins);
  std::vector<bool> context;
  for (const std::uint32_t s : settlements)
    if (!batch.people.context.empty())
      context.push_back(batch.people.context[s]);
  batch.people.context = std::move(context);
  batch.settlements = static_cast<std::uint32_t>(settlements.size());
}

} // namespace sanku::batch
