// See place.h.
#include "tools/engine/place.h"

#include "runtime/kernels/time.h"

#include <algorithm>
#include <array>
#include <optional>

namespace sanku::engine {
namespace {

using schema::Role;

constexpr std::array<Role, 3> days = {Role::end, Role::settled, Role::begin};

std::string month_of(const Value& time) {
  std::optional<Date> day;
  if (const auto* instant = std::get_if<DateTime>(&time))
    day = kernels::date_of(*instant);
  else if (const auto* date = std::get_if<Date>(&time))
    day = *date;
  return day ? date_text(*day).substr(0, 7) : std::string();
}

// The role of the visit's field that a key is; none: it is something else.
Role role_of(const hir::Program& program, const hir::Expr& key) {
  const auto* field = std::get_if<hir::FieldOf>(&key.form);
  if (field == nullptr || field->relation != 0)
    return Role::none;
  return program.schema.relations[0].columns[field->column].role;
}

} // namespace

std::vector<std::uint32_t> place_columns(const schema::Schema& schema) {
  std::vector<std::uint32_t> columns;
  const schema::Relation& visit = schema.relations[0];
  for (const Role role : {Role::care_area, Role::provider, Role::end, Role::settled, Role::begin})
    if (const auto column = schema::column_with(visit, role))
      columns.push_back(*column);
  if (const auto column = column_at(visit, "provider.name"))
    columns.push_back(*column);
  return columns;
}

Place place_of(const Block& block, std::uint32_t settlement) {
  Place place{.region = cell_text(block, 0, Role::care_area, settlement),
              .institution = cell_text(block, 0, Role::provider, settlement),
              .name = {},
              .month = {}};
  const Value name = cell(block, 0, "provider.name", settlement);
  if (is_known(name))
    place.name = to_text(name, {}, Language::zh, {});
  for (const Role role : days)
    if (place.month.empty())
      place.month = month_of(cell(block, 0, role, settlement));
  return place;
}

Place place_of(const hir::Program& program, const hir::Rule& rule, const exec::Finding& finding) {
  Place place;
  for (std::size_t i = 0; i < finding.keys.size(); ++i) {
    const hir::Expr& key = rule.subject.keys[i].value;
    const Role role = role_of(program, key);
    if (role == Role::provider || role == Role::care_area)
      (role == Role::provider ? place.institution : place.region) =
          is_known(finding.keys[i]) ? to_text(finding.keys[i], {}, Language::zh, {})
                                    : std::string();
    // `month(settled)` is its first day.
    const auto* call = std::get_if<hir::Call>(&key.form);
    const bool is_day =
        call != nullptr && (call->builtin->name == "month" || call->builtin->name == "date_of");
    if (place.month.empty() && (is_day || std::ranges::find(days, role) != days.end()))
      place.month = month_of(finding.keys[i]);
  }
  return place;
}

} // namespace sanku::engine
