// See supply.h.
#include "runtime/assemble/supply.h"

#include "runtime/assemble/dosage.h"
#include "runtime/batch/column.h"

#include <optional>

namespace sanku::assemble {
namespace {

constexpr std::uint8_t quantity_places = 4, days_places = 2; // of Dosage, of its days

struct Columns {
  const batch::ColumnData &dose, &frequency, &spec, &unit, &quantity;
  std::int64_t quantity_times = 1, days_times = 1; // to those places, and from them
};

std::int64_t ten_to(unsigned power) {
  std::int64_t ten = 1;
  for (; power > 0; --power)
    ten *= 10;
  return ten;
}

// Missing text is empty, and then nothing is read.
std::string_view text(const batch::ColumnData& column, std::uint32_t row) {
  return batch::is_known(column, row) ? batch::stored_text(column, row) : std::string_view();
}

void fill(const Columns& of, batch::ColumnData& supply, std::uint32_t rows) {
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (batch::is_known(supply, row) || !batch::is_known(of.dose, row) ||
        !batch::is_known(of.frequency, row) || !batch::is_known(of.quantity, row))
      continue;
    const auto days = days_of_supply(
        {.dose = text(of.dose, row),
         .frequency = text(of.frequency, row),
         .spec = text(of.spec, row),
         .unit = text(of.unit, row),
         .quantity = Int128{batch::stored<std::int64_t>(of.quantity, row)} * of.quantity_times});
    std::int64_t units = 0;
    if (days && !__builtin_mul_overflow(*days, of.days_times, &units))
      batch::store(supply, row, units);
  }
}

} // namespace

void fill_supply(batch::Batch& batch, const schema::Schema& schema) {
  using schema::Role;
  for (std::size_t r = 0; r < schema.relations.size(); ++r) {
    const schema::Relation& shape = schema.relations[r];
    const auto supply = schema::column_with(shape, Role::supply);
    const auto dose = schema::column_with(shape, Role::dose);
    const auto frequency = schema::column_with(shape, Role::frequency);
    const auto spec = schema::column_with(shape, Role::spec);
    const auto unit = schema::column_with(shape, Role::unit);
    const auto quantity = schema::column_with(shape, Role::quantity);
    if (!supply || !dose || !frequency || !spec || !unit || !quantity ||
        shape.columns[*quantity].type.scale > quantity_places)
      continue;
    std::vector<batch::ColumnData>& columns = batch.relations[r].columns;
    fill({.dose = columns[*dose],
          .frequency = columns[*frequency],
          .spec = columns[*spec],
          .unit = columns[*unit],
          .quantity = columns[*quantity],
          .quantity_times = ten_to(quantity_places - shape.columns[*quantity].type.scale),
          .days_times = ten_to(shape.columns[*supply].type.scale - days_places)},
         columns[*supply], batch.relations[r].rows);
  }
}

} // namespace sanku::assemble
