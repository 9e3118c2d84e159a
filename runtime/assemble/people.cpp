// See people.h.
#include "runtime/assemble/people.h"

#include "runtime/batch/column.h"
#include "runtime/batch/gather.h"

#include <algorithm>
#include <compare>
#include <numeric>
#include <optional>
#include <string>
#include <tuple>

namespace sanku::assemble {
namespace {

// A visit as the order of visits compares it: what is missing comes first.
struct Place {
  bool known = false; // whose visit it is
  std::string person;
  std::optional<std::int64_t> begin, end;
  std::string provider, visit;
};

std::optional<std::int64_t> seconds_at(const batch::Batch& batch, const schema::Schema& schema,
                                       schema::Role role, std::uint32_t row) {
  const auto column = schema::column_with(schema.relations[0], role);
  if (!column || !batch::is_known(batch.relations[0].columns[*column], row))
    return std::nullopt;
  const batch::ColumnData& data = batch.relations[0].columns[*column];
  return schema.relations[0].columns[*column].type.kind == Kind::date
             ? batch::stored<std::int32_t>(data, row) * std::int64_t{86400}
             : batch::stored<std::int64_t>(data, row);
}

std::optional<std::string> text_at(const batch::Batch& batch, const schema::Schema& schema,
                                   const batch::Dictionaries& dictionaries, schema::Role role,
                                   std::uint32_t row) {
  const auto column = schema::column_with(schema.relations[0], role);
  if (!column)
    return std::nullopt;
  const Value value = batch::value_at(batch, schema, dictionaries, 0, *column, row);
  if (const auto* code = std::get_if<CodeText>(&value))
    return code->text;
  if (const auto* text = std::get_if<std::string>(&value))
    return *text;
  return std::nullopt;
}

Place place_of(const batch::Batch& batch, const schema::Schema& schema,
               const batch::Dictionaries& dictionaries, std::uint32_t row) {
  using schema::Role;
  const auto time = [&](Role role) { return seconds_at(batch, schema, role, row); };
  const auto text = [&](Role role) { return text_at(batch, schema, dictionaries, role, row); };
  Place place;
  const auto person = text(Role::person);
  place.known = person.has_value();
  place.person = person.value_or("");
  const auto begin = time(Role::begin), end = time(Role::end), settled = time(Role::settled);
  place.begin = begin ? begin : settled;
  place.end = end ? end : settled ? settled : begin;
  place.provider = text(Role::provider).value_or("");
  place.visit = text(Role::visit_id).value_or("");
  return place;
}

std::int32_t day_of(std::int64_t seconds) {
  constexpr std::int64_t day = 86'400;
  return static_cast<std::int32_t>(seconds / day - (seconds % day < 0 ? 1 : 0));
}

auto in_time(const Place& place) {
  return std::tie(place.begin, place.end, place.provider, place.visit);
}

} // namespace

void stand_by_person(batch::Batch& batch, const schema::Schema& schema,
                     const batch::Dictionaries& dictionaries) {
  std::vector<Place> places;
  for (std::uint32_t s = 0; s < batch.settlements; ++s)
    places.push_back(place_of(batch, schema, dictionaries, s));
  std::vector<std::uint32_t> order(batch.settlements);
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) {
    const Place &x = places[a], &y = places[b];
    if (std::tie(x.known, x.person) != std::tie(y.known, y.person))
      return std::tie(x.known, x.person) < std::tie(y.known, y.person);
    return in_time(x) < in_time(y);
  });
  if (!std::ranges::is_sorted(order))
    batch::keep_settlements(batch, schema, order);
  batch.people.begin.assign(batch.settlements, 0);
  batch.people.end.assign(batch.settlements, 0);
  for (std::uint32_t begin = 0, end = 0; begin < batch.settlements; begin = end) {
    const Place& first = places[order[begin]];
    end = begin + 1;
    while (first.known && end < batch.settlements && places[order[end]].known &&
           places[order[end]].person == first.person)
      ++end;
    for (std::uint32_t s = begin; s < end; ++s) {
      batch.people.begin[s] = begin;
      batch.people.end[s] = end;
    }
  }
  batch.people.first_day.clear();
  batch.people.last_day.clear();
  for (const std::uint32_t at : order) {
    const Place& place = places[at];
    batch.people.first_day.push_back(place.begin ? day_of(*place.begin) : INT32_MIN);
    batch.people.last_day.push_back(place.end ? day_of(*place.end) : INT32_MAX);
  }
  std::vector<std::uint32_t> by_time(batch.settlements);
  std::iota(by_time.begin(), by_time.end(), 0u);
  std::ranges::stable_sort(by_time, [&](std::uint32_t a, std::uint32_t b) {
    return in_time(places[order[a]]) < in_time(places[order[b]]);
  });
  batch.relations[0].order.assign(batch.settlements, 0);
  for (std::uint32_t rank = 0; rank < batch.settlements; ++rank)
    batch.relations[0].order[by_time[rank]] = rank;
}

} // namespace sanku::assemble
