// See columns.h. A mark; the CSV's SHA-256; columns and rows, four bytes each; then for each column
// the head's cell, how many distinct cells, these in the order of their first row, and the rows'
// numbers of as many whole bits as they need, packed from the low end. Lengths are LEB128.
#include "tools/pack/columns.h"

#include "runtime/knowledge/csv.h"
#include "runtime/types/check.h"
#include "tools/pack/visible.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <memory>
#include <unordered_map>
#include <vector>

namespace sanku::pack {
namespace {

constexpr std::string_view mark = "SANKU COLUMNS 1\n";

bool needs_quotes(std::string_view cell) {
  return cell.find_first_of(",\"\n\r") != std::string_view::npos;
}

void append_cell(std::string& out, std::string_view cell, bool alone) {
  if (!needs_quotes(cell) && !(alone && cell.empty())) {
    out += cell;
    return;
  }
  out += '"';
  for (const char c : cell) {
    if (c == '"')
      out += '"';
    out += c;
  }
  out += '"';
}

void append_number(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7)
    out += static_cast<char>(0x80 | (number & 0x7F));
  out += static_cast<char>(number);
}

void append_bytes(std::string& out, std::string_view bytes) {
  append_number(out, bytes.size());
  out += bytes;
}

void append_fixed(std::string& out, std::uint64_t number) {
  for (int byte = 0; byte < 4; ++byte)
    out += static_cast<char>(number >> (8 * byte) & 0xFF);
}

// Bits of a number below `count`.
unsigned width_of(std::uint64_t count) {
  return count < 2 ? 0 : static_cast<unsigned>(std::bit_width(count - 1));
}

void append_packed(std::string& out, const std::vector<std::uint32_t>& numbers, unsigned width) {
  std::uint64_t waiting = 0;
  unsigned bits = 0;
  for (const std::uint32_t number : numbers) {
    waiting |= std::uint64_t{number} << bits;
    for (bits += width; bits >= 8; bits -= 8, waiting >>= 8)
      out += static_cast<char>(waiting & 0xFF);
  }
  if (bits > 0)
    out += static_cast<char>(waiting & 0xFF);
}

// Reads what the functions above wrote; `ok` is false from the first thing that cannot be.
struct Cursor {
  std::string_view rest;
  bool ok = true;

  std::uint64_t fixed() {
    std::uint64_t number = 0;
    const std::string_view four = bytes(4);
    for (std::size_t i = 0; i < four.size(); ++i)
      number |= std::uint64_t{static_cast<unsigned char>(four[i])} << (8 * i);
    return number;
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      const std::string_view one = bytes(1);
      if (one.empty())
        return 0;
      const auto byte = static_cast<unsigned char>(one[0]);
      value |= std::uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) {
        // A length has one form: no zeros in front.
        ok = ok && (byte != 0 || shift == 0);
        return value;
      }
    }
    ok = false;
    return 0;
  }
  std::string_view bytes(std::uint64_t count) {
    if (count > rest.size()) {
      ok = false;
      return {};
    }
    const std::string_view taken = rest.substr(0, count);
    rest.remove_prefix(count);
    return taken;
  }
};

// Eight bytes from `at` on, or what is left of them.
std::uint64_t eight(std::string_view bytes, std::size_t at) {
  std::uint64_t word = 0;
  if (bytes.size() - at >= sizeof word)
    std::memcpy(&word, bytes.data() + at, sizeof word);
  else
    std::memcpy(&word, bytes.data() + at, bytes.size() - at);
  return word;
}

// How many bytes may be read from where a cell begins, whatever its size.
constexpr std::size_t readable = 16;

// Whether `text` begins with `cell`; most cells are short.
bool begins_with(std::string_view text, std::string_view cell) {
  if (cell.size() > text.size())
    return false;
  if (cell.size() > readable || text.size() < readable)
    return std::memcmp(text.data(), cell.data(), cell.size()) == 0;
  std::uint64_t left = 0, right = 0;
  std::memcpy(&left, text.data(), 8);
  std::memcpy(&right, cell.data(), 8);
  if (cell.size() < 8)
    return ((left ^ right) & ((std::uint64_t{1} << (8 * cell.size())) - 1)) == 0;
  if (left != right)
    return false;
  std::memcpy(&left, text.data() + cell.size() - 8, 8);
  std::memcpy(&right, cell.data() + cell.size() - 8, 8);
  return left == right;
}

// What a byte of a cell may ask for: quotes around the cell, or a closer look at its characters.
enum : std::uint8_t { wants_quotes = 1, wants_look = 2 };
constexpr std::array<std::uint8_t, 256> wishes = [] {
  std::array<std::uint8_t, 256> all{};
  for (std::size_t byte = 0; byte < 256; ++byte)
    all[byte] = byte < 0x20 || byte >= 0x7F ? wants_look : 0;
  for (const char c : {',', '"', '\n', '\r'})
    all[static_cast<unsigned char>(c)] |= wants_quotes;
  return all;
}();

// The cells as they stand in the CSV, without what is behind them: views of the file of columns but
// for those that need quotes or stand at its very end.
struct Column {
  std::vector<std::string_view> written; // the head's, then the distinct cells
  std::vector<std::unique_ptr<std::string>> own;
  std::string_view packed;
  unsigned width = 0;
  bool is_seen = true;

  [[nodiscard]] std::uint32_t number(std::uint64_t row) const {
    if (width == 0)
      return 0;
    const std::uint64_t bit = row * width;
    return static_cast<std::uint32_t>(eight(packed, bit / 8) >> (bit % 8) &
                                      ((std::uint64_t{1} << width) - 1));
  }
  // `behind`: bytes of the file behind the cell.
  void add(std::string_view cell, std::size_t behind, bool alone) {
    std::uint8_t wish = alone && cell.empty() ? wants_quotes : 0;
    for (const char c : cell)
      wish |= wishes[static_cast<unsigned char>(c)];
    if ((wish & wants_look) != 0)
      is_seen = is_seen && !first_hidden(cell);
    if ((wish & wants_quotes) != 0 || cell.size() + behind < readable) {
      std::string& text = *own.emplace_back(std::make_unique<std::string>());
      append_cell(text, cell, alone);
      const std::size_t size = text.size();
      text.resize(size + readable);
      cell = std::string_view(text).substr(0, size);
    }
    written.push_back(cell);
  }
};

struct Shape {
  std::uint64_t columns = 0, rows = 0;
};

std::optional<Column> read_column(Cursor& cursor, const Shape& shape) {
  Column column;
  const auto cell = [&] {
    const std::string_view text = cursor.bytes(cursor.number());
    column.add(text, cursor.rest.size(), shape.columns == 1);
  };
  cell();
  const std::uint64_t distinct = cursor.number();
  // Each takes a byte at least, so the file bounds how many there are.
  if (!cursor.ok || distinct > shape.rows || distinct > cursor.rest.size())
    return std::nullopt;
  column.written.reserve(distinct + 1);
  for (std::uint64_t i = 0; i < distinct && cursor.ok; ++i)
    cell();
  column.width = width_of(distinct);
  column.packed = cursor.bytes((shape.rows * column.width + 7) / 8);
  if (!cursor.ok || (shape.rows > 0) != (distinct > 0))
    return std::nullopt;
  return column;
}

// Whether the columns, row by row, are the CSV.
bool are_same(const std::vector<Column>& columns, std::uint64_t rows, std::string_view csv) {
  for (std::uint64_t row = 0; row <= rows; ++row)
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const Column& column = columns[i];
      const std::uint32_t number = row == 0 ? 0 : column.number(row - 1) + 1;
      if (number >= column.written.size())
        return false;
      const std::string_view cell = column.written[number];
      if (!begins_with(csv, cell) || csv.size() == cell.size() ||
          csv[cell.size()] != (i + 1 == columns.size() ? '\n' : ','))
        return false;
      csv.remove_prefix(cell.size() + 1);
    }
  return csv.empty();
}

std::string_view without_mark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

} // namespace

std::optional<std::string> canonical_csv(std::string_view text) {
  knowledge::CsvReader reader(without_mark(text));
  knowledge::CsvRecord record;
  std::string out;
  std::size_t width = 0;
  while (reader.next(record)) {
    if (!record.well_formed || (width != 0 && record.fields.size() != width))
      return std::nullopt;
    width = record.fields.size();
    for (std::size_t i = 0; i < width; ++i) {
      if (i > 0)
        out += ',';
      append_cell(out, record.fields[i], width == 1);
    }
    out += '\n';
  }
  if (width == 0)
    return std::nullopt;
  return out;
}

std::string columns_of(std::string_view csv) {
  struct Made {
    std::string head;
    std::vector<std::string> distinct;
    std::unordered_map<std::string, std::uint32_t> numbers; // looked up only, never walked
    std::vector<std::uint32_t> rows;
  };
  std::vector<Made> columns;
  knowledge::CsvReader reader(csv);
  knowledge::CsvRecord record;
  bool is_head = true;
  std::uint64_t rows = 0;
  while (reader.next(record)) {
    check(record.well_formed && (is_head || record.fields.size() == columns.size()),
          "columns are made of canonical CSV");
    if (is_head)
      columns.resize(record.fields.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      Made& column = columns[i];
      std::string cell(record.fields[i]);
      if (is_head) {
        column.head = std::move(cell);
        continue;
      }
      const auto [found, is_new] =
          column.numbers.try_emplace(cell, static_cast<std::uint32_t>(column.distinct.size()));
      if (is_new)
        column.distinct.push_back(std::move(cell));
      column.rows.push_back(found->second);
    }
    rows += is_head ? 0 : 1;
    is_head = false;
  }
  std::string out(mark);
  const Digest digest = sha256_of(csv);
  out.append(reinterpret_cast<const char*>(digest.data()), digest.size());
  append_fixed(out, columns.size());
  append_fixed(out, rows);
  for (const Made& column : columns) {
    append_bytes(out, column.head);
    append_number(out, column.distinct.size());
    for (const std::string& cell : column.distinct)
      append_bytes(out, cell);
    append_packed(out, column.rows, width_of(column.distinct.size()));
  }
  return out;
}

Said columns_say(std::string_view columns, std::string_view csv, const Digest& digest) {
  Cursor cursor{.rest = columns};
  const std::string_view begin = cursor.bytes(mark.size());
  const std::string_view named = cursor.bytes(digest.size());
  Shape shape;
  shape.columns = cursor.fixed();
  shape.rows = cursor.fixed();
  // Each cell takes a byte of the CSV at least: itself, its comma or the end of its line.
  if (!cursor.ok || begin != mark || shape.columns == 0 ||
      shape.rows + 1 > csv.size() / shape.columns)
    return Said::other;
  if (!std::equal(named.begin(), named.end(), digest.begin(),
                  [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; }))
    return Said::other;
  std::vector<Column> made;
  bool are_seen = true;
  for (std::uint64_t i = 0; i < shape.columns; ++i) {
    auto column = read_column(cursor, shape);
    if (!column)
      return Said::other;
    are_seen = are_seen && column->is_seen;
    made.push_back(std::move(*column));
  }
  if (!cursor.rest.empty() || !are_same(made, shape.rows, csv))
    return Said::other;
  return are_seen ? Said::same : Said::hidden;
}

} // namespace sanku::pack
