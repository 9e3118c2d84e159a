// See persons.h.
#include "tools/engine/persons.h"

#include "runtime/assemble/merge.h"
#include "runtime/kernels/time.h"

#include <algorithm>
#include <initializer_list>
#include <tuple>
#include <utility>

namespace sanku::engine {
namespace {

using schema::Role;

// What a visit says itself of since and until when everything is known comes first.
assemble::HeaderCells cells_of(const schema::Schema& schema, const KnownDays& days) {
  assemble::HeaderCells cells;
  const auto add = [&](Role role, const std::optional<Date>& day) {
    if (const auto column = schema::column_with(schema.relations[0], role); column && day)
      cells.emplace_back(*column, *day);
  };
  add(Role::known_since, days.since);
  add(Role::known_until, days.until);
  return cells;
}

void add(batch::BatchBuilder& builder, const schema::Schema& schema, const Visit& visit,
         const assemble::HeaderCells& where_missing) {
  if (visit.parts.size() == 1)
    return assemble::add_packed(builder, schema, visit.parts.front(), visit.origin, visit.context,
                                where_missing);
  std::vector<assemble::Rows> parts;
  for (const std::string& part : visit.parts)
    parts.push_back(assemble::unpack(schema, part));
  assemble::Rows rows = assemble::merge(schema, std::move(parts));
  for (const auto& [column, value] : where_missing)
    if (!is_known(rows[0][0][column]))
      rows[0][0][column] = value;
  assemble::add_visit(builder, rows, visit.origin, visit.context);
}

bool same_visit(const Visit& a, const Visit& b) {
  return std::tie(a.person, a.number) == std::tie(b.person, b.number);
}

std::size_t bytes_of(const Visit& visit) {
  std::size_t bytes = 0;
  for (const std::string& part : visit.parts)
    bytes += part.size();
  return bytes;
}

std::optional<Date> first_known(const Header& header, std::initializer_list<Role> roles) {
  for (const Role role : roles) {
    const Value time = header(role);
    if (const auto* instant = std::get_if<DateTime>(&time))
      return kernels::date_of(*instant);
    if (const auto* day = std::get_if<Date>(&time))
      return *day;
  }
  return std::nullopt;
}

} // namespace

void widen(KnownDays& days, const std::optional<Date>& by) {
  if (!by)
    return;
  days.since = days.since ? Date{std::min(days.since->days, by->days)} : *by;
  days.until = days.until ? Date{std::max(days.until->days, by->days)} : *by;
}

Header header_of(const Block& block, std::uint32_t settlement) {
  return [&block, settlement](Role role) { return cell(block, 0, role, settlement); };
}

Header header_of(const schema::Schema& schema, const assemble::Rows& rows) {
  return [&schema, &rows](Role role) {
    const auto column = schema::column_with(schema.relations[0], role);
    return column ? rows[0][0][*column] : Value(Unknown{});
  };
}

std::string person_of(const Header& header, const std::string& visit) {
  const Value whose = header(Role::person);
  return is_known(whose) ? "=" + to_text(whose, {}, Language::en, {}) : "?" + visit;
}

bool is_known_person(const std::string& person) { return person.starts_with('='); }

std::optional<Date> last_day(const Header& header) {
  return first_known(header, {Role::end, Role::settled, Role::begin});
}
std::optional<Date> first_day(const Header& header) {
  return first_known(header, {Role::begin, Role::settled, Role::end});
}

batch::Batch side_by_side(const schema::Schema& schema, const batch::Dictionaries& dictionaries,
                          const std::vector<Visit>& visits, const KnownDays& days) {
  // Of what is said of one visit, that which counts comes first; what is judged stays in order.
  std::vector<const Visit*> order;
  for (const Visit& visit : visits)
    order.push_back(&visit);
  std::ranges::stable_sort(order, [](const Visit* a, const Visit* b) {
    if (!same_visit(*a, *b))
      return std::tie(a->person, a->number) < std::tie(b->person, b->number);
    if (a->context != b->context)
      return b->context;
    return a->context && std::tuple(bytes_of(*b), b->parts) < std::tuple(bytes_of(*a), a->parts);
  });
  batch::BatchBuilder builder(schema, dictionaries);
  const assemble::HeaderCells cells = cells_of(schema, days);
  const Visit* before = nullptr;
  for (const Visit* visit : order) {
    const bool said = before != nullptr && same_visit(*before, *visit) && visit->context;
    before = visit;
    if (said)
      continue;
    add(builder, schema, *visit, cells);
  }
  return builder.take();
}

} // namespace sanku::engine
