// Visits of one person side by side: whose a visit is, on which days it was, since when everything
// is known, and a batch of visits of which some are only looked at. Entry: side_by_side. Tested by
// tests/unit/tools/together_test.cpp.
#pragma once

#include "runtime/assemble/record.h"
#include "tools/engine/identity.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sanku::engine {

// Since when, and until when, all visits of everybody are known.
struct KnownDays {
  std::optional<Date> since, until;
};
void widen(KnownDays& days, const std::optional<Date>& by);

// A visit's own fields by what they are for; unknown where the schema has no such field.
using Header = std::function<Value(schema::Role)>;
[[nodiscard]] Header header_of(const Block& block, std::uint32_t settlement);
[[nodiscard]] Header header_of(const schema::Schema& schema, const assemble::Rows& rows);

// The person's number; of somebody who is not known the visit's own, so that it stands alone.
[[nodiscard]] std::string person_of(const Header& header, const std::string& visit);
[[nodiscard]] bool is_known_person(const std::string& person);
// On which the visit ended, else was settled, else began; and the other way round.
[[nodiscard]] std::optional<Date> last_day(const Header& header);
[[nodiscard]] std::optional<Date> first_day(const Header& header);

struct Visit {
  std::string person, number; // number: provider and visit number
  batch::Origin origin;
  bool context = false;           // looked at, not judged
  std::vector<std::string> parts; // packed; of several, merged
};
// Not assembled. Of a visit that is judged nothing else counts that is said of it; of one that
// several say something of and that is not judged, what says most.
[[nodiscard]] batch::Batch side_by_side(const schema::Schema& schema,
                                        const batch::Dictionaries& dictionaries,
                                        const std::vector<Visit>& visits, const KnownDays& days);

} // namespace sanku::engine
