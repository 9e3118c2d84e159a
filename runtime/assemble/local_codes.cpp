// map_local_codes (local_codes.h).
#include "runtime/assemble/local_codes.h"

#include "runtime/batch/column.h"

#include <optional>

namespace sanku::assemble {
namespace {

// The value that a code means in a zone; 0: none.
std::uint32_t member_of(const LocalCodes& codes, std::int64_t zone, std::uint32_t type,
                        std::string_view code) {
  std::uint32_t member = 0;
  for (const LocalCode& each : codes.codes)
    if (each.type == type && each.first <= zone && zone <= each.last && each.code == code)
      member = each.member;
  return member;
}

} // namespace

void map_local_codes(batch::Batch& batch, const schema::Schema& schema,
                     const batch::Dictionaries& dictionaries, const LocalCodes& codes) {
  std::vector<std::optional<std::int64_t>> zones;
  for (std::uint32_t s = 0; s < batch.settlements; ++s)
    zones.push_back(zone_of(batch, schema, dictionaries, codes.where, schema::Role::care_area, s));
  for (std::uint32_t r = 0; r < batch.relations.size(); ++r) {
    batch::RelationData& relation = batch.relations[r];
    for (std::uint32_t c = 0; c < relation.columns.size(); ++c) {
      const Type& type = schema.relations[r].columns[c].type;
      batch::ColumnData& column = relation.columns[c];
      if (type.kind != Kind::enumeration || batch.unlisted[type.domain].texts.empty() ||
          column.rows == 0)
        continue;
      for (std::uint32_t s = 0; s < batch.settlements; ++s) {
        const std::uint32_t begin = r == 0 ? s : relation.offsets[s];
        const std::uint32_t end = r == 0 ? s + 1 : relation.offsets[s + 1];
        for (std::uint32_t row = begin; row < end && zones[s]; ++row) {
          const bool known = batch::is_known(column, row);
          const auto id = known ? batch::stored<std::uint32_t>(column, row) : 0;
          if (id < first_unlisted)
            continue;
          const std::uint32_t member =
              member_of(codes, *zones[s], type.domain,
                        batch.unlisted[type.domain].texts[id - first_unlisted]);
          if (member != 0)
            batch::store(column, row, member);
        }
      }
    }
  }
}

} // namespace sanku::assemble
