// knowledge::load and finish (table.h): a CSV file to rows of typed values, with every fault of the
// file reported at once. Tested by tests/unit/runtime/knowledge_test.cpp.
#include "runtime/batch/cell.h"
#include "runtime/codes/dictionary.h"
#include "runtime/knowledge/csv.h"
#include "runtime/knowledge/layers.h"
#include "runtime/knowledge/publications.h"
#include "runtime/knowledge/repeats.h"
#include "runtime/knowledge/set_cell.h"
#include "runtime/knowledge/table.h"
#include "runtime/knowledge/validity.h"
#include "runtime/knowledge/window_bound.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"
#include "runtime/types/name_index.h"
#include "runtime/types/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <optional>

namespace sanku::knowledge {
namespace {

// Members by name in either language or by wire code, once for a column.
NameIndex member_names(const schema::EnumType& type) {
  NameIndex index;
  for (std::size_t i = 0; i < type.members.size(); ++i) {
    const auto id = static_cast<std::uint32_t>(i + 1);
    index.add(type.members[i].names.en, id);
    index.add(type.members[i].names.zh, id);
    for (const std::string& code : type.members[i].codes)
      index.add(code, id);
  }
  return index;
}

template <class T>
std::optional<Value> read(std::string_view text, bool (*parse)(std::string_view, T&)) {
  T value{};
  return parse(text, value) ? std::optional<Value>(value) : std::nullopt;
}

// Parses the cells of one column.
struct CellReader {
  const schema::Column* column = nullptr;
  std::size_t field = 0; // which field of a record
  bool is_key = false, is_prefix = false;
  std::optional<Type> set; // the element's type where the cell is a set
  NameIndex members;       // enums only
  std::string buffer;
  // Unknown codes are told once.
  std::uint64_t unknown_codes = 0, first_unknown_line = 0;
  std::string first_unknown = {};

  // None: the text is not of the column's form.
  std::optional<Value> parse(std::string_view text) {
    if (!set)
      return parse_as(column->type, text);
    auto made = parse_set(text, [&](std::string_view part) { return element(part); });
    return made ? std::optional<Value>(std::move(*made)) : std::nullopt;
  }

  // An element of a set text: a code as it is, an enum's id, a number.
  std::optional<std::string> element(std::string_view part) {
    const std::optional<Value> value = parse_as(*set, part);
    if (!value)
      return std::nullopt;
    if (const auto* code = std::get_if<CodeText>(&*value))
      return code->text;
    if (const auto* member = std::get_if<EnumValue>(&*value))
      return std::to_string(member->id);
    return std::to_string(std::get<Integer>(*value).value);
  }

  std::optional<Value> parse_as(const Type& type, std::string_view text) {
    switch (type.kind) {
    case Kind::boolean: {
      bool value = false;
      return parse_bool(text, value) ? std::optional<Value>(Bool{value}) : std::nullopt;
    }
    case Kind::integer: {
      std::int64_t value = 0;
      if (!parse_integer(text, value))
        return std::nullopt;
      if (is_key && (value < 0 || value >= int_key_bound))
        return std::nullopt;
      return Integer{value};
    }
    case Kind::decimal:
    case Kind::money: {
      Int128 units = 0;
      const std::int64_t bound = batch::unit_bound(type);
      if (!parse_decimal(text, type.scale, units) || units >= bound || units <= -bound)
        return std::nullopt;
      return Decimal{units};
    }
    case Kind::date:
      return read<Date>(text, parse_date);
    case Kind::datetime:
      return read<DateTime>(text, parse_datetime);
    case Kind::span:
      return read<Span>(text, parse_span);
    case Kind::window:
      return read<Window>(text, parse_window);
    case Kind::code:
      return CodeText{std::string(codes::normalise(text, buffer))};
    case Kind::enumeration: {
      const std::uint32_t id = members.find(text);
      return id != 0 ? std::optional<Value>(EnumValue{.id = id, .unlisted = {}}) : std::nullopt;
    }
    case Kind::text:
      return std::string(text);
    case Kind::age:
    case Kind::count:
    case Kind::score:
    case Kind::reasons:
      return std::nullopt;
    }
    unreachable("every kind of cell is parsed");
  }
};

struct Loading {
  std::string file;
  const schema::Schema& schema; // of the table
  const CodeRules& rules;
  std::vector<TableFault>& faults;

  void fault(TableFault::Kind kind, std::uint64_t line, std::string column, std::string found) {
    faults.push_back({.kind = kind,
                      .file = file,
                      .line = line,
                      .column = std::move(column),
                      .found = std::move(found)});
  }
};

// `14` of `14天`; empty when the text does not begin with a number or has nothing behind it.
std::string_view number_before_unit(std::string_view text) {
  std::size_t end = text.starts_with('-') ? 1 : 0;
  while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') || text[end] == '.'))
    ++end;
  std::int64_t whole = 0;
  Int128 units = 0;
  const std::string_view number = text.substr(0, end);
  const bool is_number = parse_integer(number, whole) || parse_decimal(number, 6, units);
  // More digits, or an exponent, are no unit.
  const bool unit = end < text.size() && text[end] != 'e' && text[end] != 'E' && text[end] != ',';
  return is_number && unit ? number : std::string_view();
}

void tell_bad_cell(const CellReader& reader, const std::string& header, std::uint64_t line,
                   std::string_view text, Loading& loading) {
  const Kind kind = reader.column->type.kind;
  const bool number = kind == Kind::integer || kind == Kind::decimal || kind == Kind::money;
  const std::string_view without = number ? number_before_unit(text) : std::string_view();
  loading.fault(without.empty() ? TableFault::Kind::bad_cell : TableFault::Kind::unit_in_cell, line,
                header, excerpt(text));
  loading.faults.back().wanted = without;
}

// False: the window is longer than the column says.
bool check_bound(const std::optional<Span>& bound, const std::string& header, std::uint64_t line,
                 std::string_view text, const Value& value, Loading& loading) {
  const auto* window = std::get_if<Window>(&value);
  if (!bound || window == nullptr || is_within(*window, *bound))
    return true;
  loading.fault(TableFault::Kind::window_bound, line, header, excerpt(text));
  return false;
}

// False: the code is not of its system's form.
bool check_code(CellReader& reader, const std::string& header, std::uint64_t line,
                const Value& value, Loading& loading) {
  const CodeText* code = std::get_if<CodeText>(&value);
  // The beginning of a code has neither its form nor a place in a registry.
  if (code == nullptr || reader.is_prefix)
    return true;
  const std::uint32_t system = reader.column->type.domain;
  switch (judge_code(loading.schema, loading.rules, system, code->text)) {
  case CodeVerdict::good:
    return true;
  case CodeVerdict::wrong_form:
    loading.fault(TableFault::Kind::code_form, line, header, excerpt(code->text));
    loading.faults.back().wanted = forms_of(loading.schema, system);
    return false;
  case CodeVerdict::not_registered:
    if (reader.unknown_codes++ == 0) {
      reader.first_unknown = excerpt(code->text);
      reader.first_unknown_line = line;
    }
    return true;
  }
  unreachable("a code is judged");
}

void tell_unknown_codes(const std::vector<CellReader>& readers, const TableShape& shape,
                        Loading& loading) {
  for (std::size_t c = 0; c < readers.size(); ++c) {
    if (readers[c].unknown_codes == 0)
      continue;
    loading.fault(TableFault::Kind::unknown_code, readers[c].first_unknown_line, shape.headers[c],
                  readers[c].first_unknown);
    loading.faults.back().more = readers[c].unknown_codes - 1;
  }
}

// Which field each column reads. Missing headers and headers that stand twice are faults of line 1.
std::vector<CellReader> match_headers(const CsvRecord& header, const TableShape& shape,
                                      const schema::Schema& schema, Loading& loading) {
  std::vector<CellReader> readers;
  for (std::size_t c = 0; c < shape.relation.columns.size(); ++c) {
    if (c == shape.zone_from)
      break; // no file has zones
    const schema::Column& column = shape.relation.columns[c];
    const std::string& wanted = shape.headers[c];
    const std::optional<Type> set = c < shape.sets.size() ? shape.sets[c] : std::nullopt;
    CellReader reader{.column = &column,
                      .field = 0,
                      .is_key = c == shape.key,
                      .is_prefix = (c < shape.prefix.size() && shape.prefix[c]) ||
                                   (c == shape.key && shape.key_prefix.has_value()),
                      .set = set,
                      .members = {},
                      .buffer = {}};
    std::size_t matches = 0;
    for (std::size_t f = 0; f < header.fields.size(); ++f) {
      if (codes::trim(header.fields[f]) != wanted)
        continue;
      if (matches++ == 0)
        reader.field = f;
    }
    if (matches == 0)
      loading.fault(TableFault::Kind::missing_column, header.line, wanted, {});
    if (matches > 1)
      loading.fault(TableFault::Kind::malformed_line, header.line, wanted, excerpt(header.raw));
    const Type& type = set ? *set : column.type;
    if (type.kind == Kind::enumeration)
      reader.members = member_names(schema.enums[type.domain]);
    readers.push_back(std::move(reader));
  }
  return readers;
}

// One record to one row; false when a cell of it is at fault.
bool read_row(const CsvRecord& record, std::vector<CellReader>& readers, const TableShape& shape,
              Loading& loading, std::vector<Value>& row) {
  bool whole = true;
  row.reserve(readers.size());
  for (std::size_t c = 0; c < readers.size(); ++c) {
    CellReader& reader = readers[c];
    const std::string_view text = codes::trim(record.fields[reader.field]);
    if (!text.empty()) {
      if (reader.set && has_too_many_elements(text)) {
        loading.fault(TableFault::Kind::set_too_long, record.line, shape.headers[c],
                      std::to_string(most_cell_elements));
        whole = false;
        row.emplace_back(Unknown{});
        continue;
      }
      if (std::optional<Value> value = reader.parse(text)) {
        whole = check_code(reader, shape.headers[c], record.line, *value, loading) && whole;
        if (c < shape.bounds.size())
          whole =
              check_bound(shape.bounds[c], shape.headers[c], record.line, text, *value, loading) &&
              whole;
        row.push_back(std::move(*value));
        continue;
      }
      tell_bad_cell(reader, shape.headers[c], record.line, text, loading);
      whole = false;
    } else if (reader.is_key) {
      loading.fault(TableFault::Kind::empty_key, record.line, shape.headers[c], {});
      whole = false;
    } else if (!reader.column->optional) {
      loading.fault(TableFault::Kind::empty_cell, record.line, shape.headers[c], {});
      whole = false;
    }
    row.emplace_back(Unknown{});
  }
  return whole;
}

} // namespace

std::optional<std::string> set_text(const TableShape& shape, const schema::Schema& schema,
                                    std::uint32_t column, std::string_view cell) {
  CellReader reader{.column = &shape.relation.columns[column],
                    .field = 0,
                    .is_key = false,
                    .is_prefix = false,
                    .set = shape.sets[column],
                    .members = {},
                    .buffer = {}};
  if (reader.set->kind == Kind::enumeration)
    reader.members = member_names(schema.enums[reader.set->domain]);
  auto value = reader.parse(codes::trim(cell));
  return value ? std::optional(std::get<std::string>(std::move(*value))) : std::nullopt;
}

std::optional<Value> cell_value(const schema::Schema& schema, const Type& type,
                                std::string_view cell) {
  CellReader reader{};
  if (type.kind == Kind::enumeration)
    reader.members = member_names(schema.enums[type.domain]);
  return reader.parse_as(type, codes::trim(cell));
}

namespace {

// How many rows may be read, and how many were, also those with faults.
struct Limit {
  std::uint64_t most = most_rows, read = 0;
};

// The rows of one file behind those that the table has.
void read_file_of(const TablePart& part, const TablePart::File& file, const TableShape& shape,
                  const CodeRules& rules, const schema::Schema& schema, Table& table, Limit& limit,
                  std::vector<TableFault>& faults) {
  Loading loading{.file = file.shown, .schema = schema, .rules = rules, .faults = faults};
  const auto number = static_cast<std::uint32_t>(table.files.size());
  table.files.push_back({.shown = file.shown, .layer = part.layer});
  const Result<std::string> text = read_file(file.path, file.read);
  if (!text) {
    // There is no column: why, in both languages.
    loading.fault(TableFault::Kind::unreadable, 0, text.error().zh, text.error().en);
    return;
  }
  CsvReader reader(*text);
  CsvRecord record;
  if (!reader.next(record) || !record.well_formed) {
    loading.fault(TableFault::Kind::malformed_line, 1, {}, excerpt(record.raw));
    return;
  }
  const std::size_t width = record.fields.size(), before = faults.size();
  std::vector<CellReader> readers = match_headers(record, shape, schema, loading);
  if (faults.size() != before)
    return;
  while (reader.next(record)) {
    if (limit.read == limit.most) {
      loading.fault(TableFault::Kind::too_long, record.line, {}, std::to_string(limit.most));
      break;
    }
    ++limit.read;
    if (!record.well_formed || record.fields.size() != width) {
      loading.fault(TableFault::Kind::malformed_line, record.line, {}, excerpt(record.raw));
      continue;
    }
    std::vector<Value> row;
    if (!read_row(record, readers, shape, loading, row))
      continue;
    if (shape.zone_from) {
      row.emplace_back(Integer{part.zones.first});
      row.emplace_back(Integer{part.zones.last});
    }
    table.rows.push_back(std::move(row));
    table.lines.push_back(record.line);
    table.file_of.push_back(number);
  }
  table.files.back().rows = static_cast<std::uint64_t>(std::ranges::count(table.file_of, number));
  tell_unknown_codes(readers, shape, loading);
}

} // namespace

std::vector<TableFault> load(const std::vector<TablePart>& parts, const TableShape& shape,
                             const schema::Schema& schema, const CodeRules& rules,
                             std::optional<Date> as_known, Table& table, std::uint64_t most) {
  table = Table{};
  std::vector<TableFault> faults;
  check(shape.headers.size() == shape.relation.columns.size(),
        "each column of a table names its header");
  Limit limit{.most = most};
  for (const TablePart& part : parts)
    for (const TablePart::File& file : part.files)
      read_file_of(part, file, shape, rules, schema, table, limit, faults);
  report_repeats(table, faults);
  settle_publications(shape, as_known, table, faults);
  if (shape.zone_from)
    compose(parts, shape, table, faults);
  gather(shape, table);
  check_validity(shape, table, faults);
  if (table.files.size() == 1)
    table.file_of.clear();
  check(finish(shape, table), "every row that was read has a key");
  return faults;
}

std::vector<TableFault> load(const std::filesystem::path& file, const TableShape& shape,
                             const schema::Schema& schema, const CodeRules& rules, Table& table,
                             const LoadOptions& options) {
  const std::string shown = shape.file.empty() ? file.string() : shape.file;
  const TablePart part{.layer = 0,
                       .below = {},
                       .zones = {},
                       .files = {{.path = file, .shown = shown, .read = options.read}},
                       .removed = {}};
  return load({part}, shape, schema, rules, std::nullopt, table, options.rows);
}

} // namespace sanku::knowledge
