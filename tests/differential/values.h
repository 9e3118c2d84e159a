// Random values of every type, out of pools small enough that things meet: codes that tables and
// lines share, days and hours that coincide, texts that differ in width only; now and then the
// largest that a column holds. Entries: value_of, literal_code, random_visit.
#pragma once

#include "runtime/schema/schema.h"
#include "runtime/types/value.h"
#include "tests/differential/random.h"
#include "tests/support/visit.h"

#include <string>
#include <vector>

namespace sanku::differential {

enum class Place : std::uint8_t {
  visit, // codes and enum values that nobody lists may stand here
  table, // listed ones only
  key,   // of a table: whole numbers that are not negative
};
[[nodiscard]] Value value_of(Random& random, const schema::Schema& schema, const Type& type,
                             Place place);
// A code of that system as an author writes it; of a union one of a member's.
[[nodiscard]] std::string code_of(Random& random, const schema::Schema& schema,
                                  std::uint32_t system, Place place);
[[nodiscard]] std::string text_of(Random& random);

// What generated rules ask by name, and visits answer.
inline constexpr const char* questions[] = {"甲", "乙", "丙"};

struct VisitShape {
  std::uint32_t most_rows = 8; // of each list
  std::uint32_t missing_percent = 12;
};
[[nodiscard]] testing::Visit random_visit(Random& random, const schema::Schema& schema,
                                          const VisitShape& shape);

} // namespace sanku::differential
