// zone_of (place.h).
#include "runtime/assemble/place.h"

#include "runtime/batch/column.h"
#include "runtime/kernels/place.h"

namespace sanku::assemble {

std::optional<std::int64_t> zone_of(const batch::Batch& batch, const schema::Schema& schema,
                                    const batch::Dictionaries& dictionaries, const Regions& regions,
                                    schema::Role role, std::uint32_t settlement) {
  const auto column = schema::column_with(schema.relations[0], role);
  if (!column)
    return std::nullopt;
  const batch::ColumnData& areas = batch.relations[0].columns[*column];
  std::string area = regions.home;
  if (batch::is_known(areas, settlement)) {
    const Type& type = schema.relations[0].columns[*column].type;
    area = type.kind == Kind::code
               ? std::string(batch::code_text(batch, dictionaries,
                                              schema.systems[type.domain].dictionary,
                                              batch::stored<std::uint32_t>(areas, settlement)))
               : std::string(batch::stored_text(areas, settlement));
  }
  if (area.empty())
    return std::nullopt;
  return kernels::zone_of(Text{area.data(), area.size()},
                          Text{regions.regions.data(), regions.regions.size()})
      .value;
}

} // namespace sanku::assemble
