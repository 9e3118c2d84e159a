// See explain_page.h.
#include "tools/engine/explain_page.h"

#include "tools/engine/layout.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::engine {
namespace {

constexpr std::size_t line_cells = 100; // of all but a rule's own line

// On the day that the settlement is dated.
std::string age(const Page& page) {
  const Value birth = cell(page.block, 0, "patient.birth", page.found.settlement);
  Value at = Unknown{};
  for (const std::string_view path : {"discharged", "settled", "admitted"})
    if (!is_known(at))
      at = cell(page.block, 0, path, page.found.settlement);
  const auto* born = std::get_if<Date>(&birth);
  const auto* moment = std::get_if<DateTime>(&at);
  if (born == nullptr || moment == nullptr)
    return {};
  const std::int64_t days =
      moment->seconds >= 0 ? moment->seconds / 86400 : (moment->seconds - 86399) / 86400;
  return page.text(make_age(*born, Date{static_cast<std::int32_t>(days)}), Type{.kind = Kind::age});
}

std::string patient(const Page& page) {
  std::string who = page.at_path(0, "patient.name", page.found.settlement);
  for (const std::string& part : {page.at_path(0, "patient.id", page.found.settlement),
                                  page.at_path(0, "patient.sex", page.found.settlement), age(page)})
    if (!part.empty())
      who += (who.empty() ? "" : " ") + part;
  return who.empty() ? std::string() : fmt::format("{} {}", page.pick("患者", "patient"), who);
}

std::string day(const Page& page) {
  for (const std::string_view path : {"discharged", "settled", "admitted"})
    if (const std::string date = page.at_path(0, path, page.found.settlement); !date.empty())
      return date.substr(0, 10);
  return {};
}

} // namespace

Page::Page(const hir::Program& of, const FoundSettlement& settlement, const ExplainOptions& how)
    : program(of), found(settlement), options(how), none(of.schema.dictionaries),
      block{of, settlement.batch, none} {}

// ---- values

std::string Page::text(const Value& value, const Type& type) const {
  return value_text(value, type, program.schema, options.language);
}
std::string Page::at_path(hir::RelationId relation, std::string_view path,
                          std::uint32_t row) const {
  const schema::Relation& list = hir::relation(program, relation);
  const auto column = column_at(list, path);
  if (!column || (list.columns[*column].identity && !options.identities))
    return {};
  const Value value = cell(block, relation, *column, row);
  return is_known(value) ? text(value, list.columns[*column].type) : std::string();
}
std::string Page::with_role(hir::RelationId relation, schema::Role role, std::uint32_t row) const {
  const schema::Relation& list = hir::relation(program, relation);
  const auto column = schema::column_with(list, role);
  if (!column)
    return {};
  const Value value = cell(block, relation, *column, row);
  return is_known(value) ? text(value, list.columns[*column].type) : std::string();
}

void Page::row(std::string_view zh, std::string_view en, const std::string& what) {
  const std::size_t label = options.language == Language::zh ? 4 : 9, indent = 4 + label + 2;
  // What has line breaks was laid out already.
  written += fmt::format(
      "    {}  {}\n", padded(pick(zh, en), label),
      what.find('\n') == std::string::npos ? folded(what, line_cells, indent, indent) : what);
}

// ---- the settlement

void Page::head() {
  const std::string number = with_role(0, schema::Role::settlement_id, found.settlement);
  written +=
      fmt::format("{} {}", pick("结算", "settlement"),
                  number.empty() ? with_role(0, schema::Role::visit_id, found.settlement) : number);
  for (const std::string& part : {day(*this), at_path(0, "provider.name", found.settlement),
                                  at_path(0, "kind", found.settlement), patient(*this)})
    if (!part.empty())
      written += "  " + part;
  written += "\n\n";
}

// 明细 L17  黄体酮软胶囊 XG03DAH014…  03-05 09:30  1 盒 × 12.50
std::string Page::element(hir::RelationId relation, std::uint32_t row) const {
  using schema::Role;
  std::string out = with_role(relation, Role::key, row);
  const auto add = [&](const std::string& part, std::string_view gap) {
    if (!part.empty())
      out += (out.empty() ? std::string() : std::string(gap)) + part;
  };
  add(at_path(relation, "name", row), "  ");
  add(with_role(relation, Role::code, row), " ");
  add(with_role(relation, Role::time, row), "  ");
  std::string bought = with_role(relation, Role::quantity, row);
  if (const std::string unit = at_path(relation, "unit", row); !bought.empty() && !unit.empty())
    bought += " " + unit;
  if (const std::string price = with_role(relation, Role::unit_price, row);
      !bought.empty() && !price.empty())
    bought += " × " + price;
  add(bought, "  ");
  return out;
}

// S0001  2026-03-05  某医院  100.00, and which of them this one is.
std::string Page::visit(std::uint32_t visit) const {
  std::string out = with_role(0, schema::Role::settlement_id, visit);
  if (out.empty())
    out = with_role(0, schema::Role::visit_id, visit);
  for (const std::string_view path : {"discharged", "settled", "admitted"})
    if (const std::string date = at_path(0, path, visit); !date.empty()) {
      out += "  " + date.substr(0, 10);
      break;
    }
  for (const std::string& part :
       {at_path(0, "provider.name", visit), with_role(0, schema::Role::amount, visit)})
    if (!part.empty())
      out += "  " + part;
  if (visit == found.settlement)
    out += std::string(pick("（本次）", " (this one)"));
  return out;
}

// Appends a cell and a comma, on a new line under the others where the page ends.
void Page::add_cell(std::string& shown, const std::string& cell) const {
  const std::size_t indent = options.language == Language::zh ? 10 : 15;
  const std::size_t line = shown.rfind('\n') == std::string::npos ? 0 : shown.rfind('\n') + 1;
  const std::size_t taken =
      source::display_width(std::string_view(shown).substr(line)) + (line == 0 ? indent : 0);
  if (taken + source::display_width(cell) + 2 > page_cells + 12)
    shown += '\n' + std::string(indent - 1, ' ');
  shown += ' ' + cell + ',';
}

} // namespace sanku::engine
