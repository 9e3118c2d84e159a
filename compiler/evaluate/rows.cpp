// Rows (rows.h): cells, canonical order and rows by key, all from the values themselves.
#include "compiler/evaluate/rows.h"

#include "runtime/knowledge/fullest_key.h"
#include "runtime/types/candidates.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <array>

namespace sanku::evaluate {
namespace {

template <class T> int order(const T& a, const T& b) { return a < b ? -1 : (b < a ? 1 : 0); }

// The parts of canonical order after the time, in their order.
constexpr std::array order_roles = {schema::Role::code, schema::Role::unit_price,
                                    schema::Role::quantity, schema::Role::key};

const Value nothing = Unknown{};
const std::vector<std::uint32_t> no_rows;

} // namespace

int compare(const Value& a, const Value& b) {
  if (a.index() != b.index()) {
    check(!is_known(a) || !is_known(b), "values of two types are compared");
    return is_known(a) ? 1 : -1;
  }
  return std::visit(
      match{
          [](const Unknown&) { return 0; },
          [&](const Count& x) {
            const Count& y = std::get<Count>(b);
            return x.low != y.low ? order(x.low, y.low) : order(x.high, y.high);
          },
          [&](const CodeText& x) { return order(x.text, std::get<CodeText>(b).text); },
          [&](const EnumValue& x) {
            const EnumValue& y = std::get<EnumValue>(b);
            return x.id != y.id ? order(x.id, y.id) : order(x.unlisted, y.unlisted);
          },
          [&](const std::string& x) { return order(x, std::get<std::string>(b)); },
          [&](const Score& x) { return order(x.value, std::get<Score>(b).value); },
          [&](const Bool& x) { return order(x.value, std::get<Bool>(b).value); },
          [&](const Integer& x) { return order(x.value, std::get<Integer>(b).value); },
          [&](const Decimal& x) { return order(x.units, std::get<Decimal>(b).units); },
          [&](const Date& x) { return order(x.days, std::get<Date>(b).days); },
          [&](const DateTime& x) { return order(x.seconds, std::get<DateTime>(b).seconds); },
          [&](const Span& x) { return order(x.packed, std::get<Span>(b).packed); },
          [&](const Window& x) { return order(x.packed, std::get<Window>(b).packed); },
          [&](const Age& x) { return order(x.packed, std::get<Age>(b).packed); },
      },
      a);
}

bool is_undecided(const Value& value) {
  const auto* code = std::get_if<CodeText>(&value);
  return code != nullptr && code->text.find(candidate_separator) != std::string::npos;
}

std::vector<Value> candidates(const Value& value) {
  if (!is_undecided(value))
    return {value};
  std::vector<Value> all;
  std::string rest = std::get<CodeText>(value).text;
  for (std::size_t end = 0; end != std::string::npos; rest.erase(0, end + 1)) {
    end = rest.find(candidate_separator);
    all.emplace_back(CodeText{rest.substr(0, end)});
    if (end == std::string::npos)
      break;
  }
  return all;
}

bool ValueLess::operator()(const std::vector<Value>& a, const std::vector<Value>& b) const {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), ValueLess{});
}

Rows::Rows(const Input& input) : input_(input) {
  check(input.tables.size() == input.program.tables.size(),
        "a table of the program was not loaded");
  keyed_.resize(input.program.tables.size());
  if (input.batch.settlements > 0)
    enter(0);
}

Rows::Lists Rows::lists_of(std::uint32_t settlement) const {
  Lists made(input_.program.schema.relations.size());
  for (std::size_t relation = 0; relation < made.size(); ++relation) {
    List& list = made[relation];
    const std::vector<std::uint32_t>& offsets = input_.batch.relations[relation].offsets;
    list.first = relation == 0 ? settlement : offsets[settlement];
    list.count = relation == 0 ? 1 : offsets[settlement + 1] - list.first;
    list.cells.assign(list.count * input_.program.schema.relations[relation].columns.size(),
                      std::nullopt);
  }
  return made;
}

void Rows::enter(std::uint32_t settlement) {
  check(settlement < input_.batch.settlements, "no such settlement in the batch");
  settlement_ = settlement;
  lists_ = lists_of(settlement);
  others_.clear();
  lengths_.clear();
}

Rows::Lists& Rows::lists(std::uint32_t settlement) {
  if (settlement == settlement_)
    return lists_;
  const auto found = others_.find(settlement);
  return found != others_.end() ? found->second
                                : others_.emplace(settlement, lists_of(settlement)).first->second;
}

Rows::List& Rows::list_with(hir::RelationId relation, std::uint32_t row) {
  List& own = lists_[relation];
  if (row >= own.first && row - own.first < own.count)
    return own;
  if (relation == 0)
    return lists(row)[0];
  const std::vector<std::uint32_t>& offsets = input_.batch.relations[relation].offsets;
  const auto behind = std::ranges::upper_bound(offsets, row);
  check(behind != offsets.begin() && behind != offsets.end(), "a row of no settlement is read");
  return lists(static_cast<std::uint32_t>(behind - offsets.begin() - 1))[relation];
}

std::vector<std::uint32_t> Rows::visits() const {
  const batch::People& people = input_.batch.people;
  if (people.begin.empty())
    return {settlement_};
  std::vector<std::uint32_t> all;
  for (std::uint32_t s = people.begin[settlement_]; s < people.end[settlement_]; ++s)
    all.push_back(s);
  return all;
}

const Value& Rows::value(hir::RelationId relation, std::uint32_t column, std::uint32_t row) {
  const std::size_t lists = input_.program.schema.relations.size();
  if (relation >= lists)
    return input_.tables[relation - lists].rows[row][column];
  List& list = list_with(relation, row);
  const std::size_t columns = input_.program.schema.relations[relation].columns.size();
  std::optional<Value>& cell = list.cells[(row - list.first) * columns + column];
  if (!cell) {
    cell = batch::value_at(input_.batch, input_.program.schema, input_.dictionaries, relation,
                           column, row);
  }
  return *cell;
}

const Value& Rows::value(hir::RelationId relation, schema::Role role, std::uint32_t row) {
  const std::optional<std::uint32_t> column =
      schema::column_with(hir::relation(input_.program, relation), role);
  return column ? value(relation, *column, row) : nothing;
}

const std::vector<std::uint32_t>& Rows::children(hir::RelationId relation) {
  return children(relation, settlement_);
}

const std::vector<std::uint32_t>& Rows::children(hir::RelationId relation,
                                                 std::uint32_t settlement) {
  List& list = lists(settlement)[relation];
  if (list.canonical)
    return *list.canonical;
  std::vector<std::uint32_t> rows(list.count);
  for (std::uint32_t i = 0; i < list.count; ++i)
    rows[i] = list.first + i;
  put_in_order(relation, rows);
  list.canonical = std::move(rows);
  return *list.canonical;
}

void Rows::put_in_order(hir::RelationId relation, std::vector<std::uint32_t>& rows) {
  std::ranges::sort(rows);
  if (relation == 0) {
    std::ranges::stable_sort(
        rows, [&](std::uint32_t a, std::uint32_t b) { return compare_visits(a, b) < 0; });
    return;
  }
  std::ranges::stable_sort(rows, [&](std::uint32_t a, std::uint32_t b) {
    if (has_place(relation, a) != has_place(relation, b))
      return has_place(relation, a);
    return has_place(relation, a) && compare_lines(relation, a, b) < 0;
  });
}

Tri Rows::earlier(hir::RelationId relation, std::uint32_t a, std::uint32_t b) {
  if (!has_place(relation, a) || !has_place(relation, b))
    return Tri::unknown;
  return compare_lines(relation, a, b) < 0 ? Tri::yes : Tri::no;
}

// A row whose time is missing stands neither before nor after another. Of lists without times all
// rows have a place.
bool Rows::has_place(hir::RelationId relation, std::uint32_t row) {
  const schema::Relation& list = hir::relation(input_.program, relation);
  return !schema::column_with(list, schema::Role::time) ||
         is_known(value(relation, schema::Role::time, row));
}

// Visits by their beginning, end, provider and number; what is missing comes first. Without a
// beginning or an end of its own a visit has that of its settlement.
int Rows::compare_visits(std::uint32_t a, std::uint32_t b) {
  using schema::Role;
  const auto first = [&](std::uint32_t visit, std::initializer_list<Role> roles) {
    for (const Role role : roles)
      if (is_known(value(0, role, visit)))
        return value(0, role, visit);
    return Value(Unknown{});
  };
  const auto place = [&](std::uint32_t visit) {
    return std::vector{first(visit, {Role::begin, Role::settled}),
                       first(visit, {Role::end, Role::settled, Role::begin}),
                       value(0, Role::provider, visit), value(0, Role::visit_id, visit)};
  };
  const std::vector<Value> left = place(a), right = place(b);
  for (std::size_t i = 0; i < left.size(); ++i)
    if (const int by = compare(left[i], right[i]); by != 0)
      return by;
  return 0;
}

// Whether the patient surely paid for all of a line.
bool Rows::is_self_paid(hir::RelationId relation, std::uint32_t row) {
  using schema::Role;
  const schema::Relation& list = hir::relation(input_.program, relation);
  const auto share = schema::column_with(list, Role::own_share),
             amount = schema::column_with(list, Role::amount);
  if (!share || !amount || list.columns[*share].type.scale != list.columns[*amount].type.scale)
    return false;
  const Value paid = value(relation, *share, row), all = value(relation, *amount, row);
  return is_known(paid) && is_known(all) && std::get<Decimal>(paid).units > 0 &&
         compare(paid, all) >= 0;
}

int Rows::compare_lines(hir::RelationId relation, std::uint32_t a, std::uint32_t b) {
  const int by_time =
      compare(value(relation, schema::Role::time, a), value(relation, schema::Role::time, b));
  if (by_time != 0)
    return by_time;
  for (const schema::Role role : order_roles) {
    if (role == schema::Role::quantity)
      if (const int by_payer = order(is_self_paid(relation, a), is_self_paid(relation, b));
          by_payer != 0)
        return by_payer;
    const int by_role = compare(value(relation, role, a), value(relation, role, b));
    if (by_role != 0)
      return by_role;
  }
  // Lines that share even their number: by whatever else tells them apart; what nothing tells apart
  // is interchangeable and numbered as it comes.
  const auto columns = hir::relation(input_.program, relation).columns.size();
  for (std::uint32_t column = 0; column < columns; ++column) {
    const int by_column = compare(value(relation, column, a), value(relation, column, b));
    if (by_column != 0)
      return by_column;
  }
  return order(a, b);
}

const std::vector<std::uint32_t>& Rows::keyed(hir::TableId table, const Value& key) {
  std::optional<Keyed>& rows_by_key = keyed_[table];
  if (!rows_by_key) {
    rows_by_key.emplace();
    const std::uint32_t column = input_.program.tables[table].shape.key;
    const std::vector<std::vector<Value>>& rows = input_.tables[table].rows;
    for (std::uint32_t row = 0; row < rows.size(); ++row)
      (*rows_by_key)[rows[row][column]].push_back(row);
  }
  const auto found = rows_by_key->find(key);
  return found == rows_by_key->end() ? no_rows : found->second;
}

std::uint64_t Rows::fullest(hir::TableId table) {
  const auto known = fullest_.find(table);
  if (known != fullest_.end())
    return known->second;
  const hir::Program& program = input_.program;
  return fullest_
      .emplace(table, knowledge::fullest_key(program.tables[table].shape, program.schema,
                                             input_.tables[table]))
      .first->second;
}

const analysis::RuleSteps& Rows::steps(const hir::Rule& rule) {
  const auto known = steps_.find(&rule);
  return known != steps_.end()
             ? known->second
             : steps_.emplace(&rule, analysis::steps_of(input_.program, rule)).first->second;
}

bool Rows::agree(hir::TableId table, const Value& a, const Value& b) {
  const std::vector<std::uint32_t> left = keyed(table, a), right = keyed(table, b);
  const std::uint32_t key = input_.program.tables[table].shape.key;
  const auto same_row = [&](std::uint32_t x, std::uint32_t y) {
    const std::vector<Value>&one = input_.tables[table].rows[x],
          &other = input_.tables[table].rows[y];
    for (std::uint32_t column = 0; column < one.size(); ++column)
      if (column != key && !same(one[column], other[column]))
        return false;
    return true;
  };
  return std::ranges::equal(left, right, same_row);
}

std::vector<std::vector<std::uint32_t>> Rows::found_by(hir::TableId table, const Value& key) {
  std::vector<std::vector<std::uint32_t>> found;
  if (!input_.program.tables[table].shape.key_prefix) {
    if (const auto& rows = keyed(table, key); !rows.empty())
      found.push_back(rows);
    return found;
  }
  const std::string& code = std::get<CodeText>(key).text;
  for (std::size_t length = code.size(); length > 0; --length) {
    const std::vector<std::uint32_t>& rows = keyed(table, CodeText{code.substr(0, length)});
    if (!rows.empty())
      found.push_back(rows);
  }
  return found;
}

// A table without overlays is read as of a day, one with them as of a day and a zone.
void Rows::keep_on(hir::TableId table, const Value& at, std::vector<std::uint32_t>& rows) {
  const knowledge::TableShape& shape = input_.program.tables[table].shape;
  const Moment moment = shape.zone_from ? moment_of(std::get<Integer>(at).value)
                                        : Moment{.day = std::get<Date>(at).days, .zone = 0};
  std::erase_if(rows, [&](std::uint32_t row) {
    const std::vector<Value>& cells = input_.tables[table].rows[row];
    const auto cell = [&](std::optional<std::uint32_t> column) {
      return column ? std::get_if<Date>(&cells[*column]) : nullptr;
    };
    const Date *from = cell(shape.valid_from), *to = cell(shape.valid_to);
    const bool other_day =
        (from != nullptr && moment.day < from->days) || (to != nullptr && moment.day > to->days);
    const knowledge::Zones zones = knowledge::zones_of(shape, cells);
    return other_day ||
           (moment.zone != unknown_zone && (moment.zone < zones.first || moment.zone > zones.last));
  });
}

// Whether some of the rows count in some places only, while the place is not known.
bool Rows::differ_by_place(hir::TableId table, const Value& at,
                           const std::vector<std::vector<std::uint32_t>>& found) const {
  const knowledge::TableShape& shape = input_.program.tables[table].shape;
  if (!shape.zone_from || moment_of(std::get<Integer>(at).value).zone != unknown_zone)
    return false;
  for (const std::vector<std::uint32_t>& rows : found)
    for (const std::uint32_t row : rows)
      if (knowledge::zones_of(shape, input_.tables[table].rows[row]) != knowledge::Zones{})
        return true;
  return false;
}

std::optional<std::vector<std::uint32_t>>
Rows::counting(hir::TableId table, std::vector<std::vector<std::uint32_t>> found, const Value& at) {
  const knowledge::TableShape& shape = input_.program.tables[table].shape;
  if (found.empty())
    return std::vector<std::uint32_t>();
  if (shape.valid_from || shape.zone_from) {
    if (!is_known(at) || differ_by_place(table, at, found))
      return std::nullopt;
    for (std::vector<std::uint32_t>& rows : found)
      keep_on(table, at, rows);
    std::erase_if(found, [](const std::vector<std::uint32_t>& rows) { return rows.empty(); });
  }
  std::vector<std::uint32_t> result;
  for (const std::vector<std::uint32_t>& rows : found)
    if (result.empty() || shape.key_prefix == knowledge::KeyPrefix::all)
      result.insert(result.end(), rows.begin(), rows.end());
  std::ranges::sort(result);
  return result;
}

std::optional<std::vector<std::uint32_t>> Rows::keyed_at(hir::TableId table, const Value& key,
                                                         const Value& at) {
  const knowledge::TableShape& shape = input_.program.tables[table].shape;
  auto whole = found_by(table, key);
  const auto* code = std::get_if<CodeText>(&key);
  if (!whole.empty() || code == nullptr || !knowledge::has_two_parts(shape, input_.program.schema))
    return counting(table, std::move(whole), at);
  // Dagger and asterisk: each part with its sign, or without where the table does not have it so.
  const auto by_part = [&](std::string part) {
    auto found = found_by(table, CodeText{part});
    if (!found.empty() || !(part.ends_with('+') || part.ends_with('*')))
      return found;
    part.pop_back();
    return found_by(table, CodeText{part});
  };
  const std::size_t plus = code->text.find('+');
  if (plus == std::string::npos)
    return counting(table, by_part(code->text), at);
  auto rows = counting(table, by_part(code->text.substr(0, plus + 1)), at);
  const auto others = counting(table, by_part(code->text.substr(plus + 1)), at);
  if (!rows || !others)
    return std::nullopt;
  for (const std::uint32_t row : *others)
    if (std::ranges::find(*rows, row) == rows->end())
      rows->push_back(row);
  return rows;
}

} // namespace sanku::evaluate
