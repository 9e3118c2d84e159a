// CsvRows (csv_rows.h). The only file that sees libcsv.
#include "runtime/io/csv_rows.h"

#include "runtime/io/files.h"
#include "runtime/types/check.h"
#include "runtime/types/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <csv.h>
#include <system_error>
#include <utility>

namespace sanku::io {
namespace {

constexpr std::size_t read_bytes = 256u << 10;
constexpr std::size_t sample_bytes = 1u << 20;
constexpr std::size_t kept_bytes = 64u << 10;

// Only LF ends a row; the CR before it is a blank at the end of the last field.
int is_row_end(unsigned char c) { return c == '\n' ? 1 : 0; }
int is_blank(unsigned char c) { return c == ' ' || c == '\t' || c == '\r' ? 1 : 0; }

struct Parser {
  csv_parser parser{};
  std::string text; // the fields of the row, one behind another
  std::vector<std::size_t> ends;
  bool ended = false;

  Parser() { reset(); }
  ~Parser() { csv_free(&parser); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  void reset() {
    csv_free(&parser);
    check(csv_init(&parser, CSV_STRICT) == 0, "libcsv begins");
    csv_set_term_func(&parser, is_row_end);
    csv_set_space_func(&parser, is_blank);
    begin();
  }
  void begin() {
    text.clear();
    ends.clear();
    ended = false;
  }
  // False: the bytes break the rules of CSV.
  bool feed(std::string_view bytes) {
    const auto on_field = [](void* field, std::size_t size, void* self) {
      auto& me = *static_cast<Parser*>(self);
      me.text.append(static_cast<const char*>(field), size);
      me.ends.push_back(me.text.size());
    };
    const auto on_row = [](int, void* self) { static_cast<Parser*>(self)->ended = true; };
    return csv_parse(&parser, bytes.data(), bytes.size(), on_field, on_row, this) == bytes.size();
  }
};

} // namespace

struct CsvRows::State {
  std::string path;
  InputFile file;
  Converter to_utf8;
  std::optional<Encoding> encoding;
  Parser parser;
  std::string buffer;       // what was read and not yet given, from the row's first byte on
  std::size_t at = 0;       // the row's first byte in it
  std::uint64_t offset = 0; // of buffer[0] in the file
  std::uint64_t line = 1;
  bool ended = false;    // the file; what is left is in the buffer
  std::string converted; // of this row

  State(std::string name, InputFile opened, Converter converter)
      : path(std::move(name)), file(std::move(opened)), to_utf8(std::move(converter)) {}

  Result<void> fill(std::size_t bytes) {
    if (at > 0) {
      buffer.erase(0, at);
      offset += at;
      at = 0;
    }
    const std::size_t size = buffer.size();
    buffer.resize(size + bytes);
    const std::int64_t got = file.read(buffer.data() + size, bytes);
    const int error = errno;
    buffer.resize(size + static_cast<std::size_t>(std::max<std::int64_t>(0, got)));
    if (got < 0) {
      const std::string why = std::system_category().message(error);
      return failure(fmt::format("cannot read `{}`: {}", path, why),
                     fmt::format("无法读取“{}”：{}", path, why));
    }
    ended = got == 0;
    return {};
  }

  // Where the line that begins `behind` bytes after the row's first ends, as a distance from the
  // row's first byte; the line end included.
  Result<std::size_t> line_end(std::size_t behind) {
    std::size_t searched = at + behind;
    while (true) {
      const std::size_t found = buffer.find('\n', searched);
      if (found != std::string::npos)
        return found + 1 - at;
      if (ended || buffer.size() - at > max_row_bytes)
        return buffer.size() - at;
      const std::size_t known = buffer.size() - at;
      if (auto filled = fill(read_bytes); !filled)
        return tl::unexpected(filled.error());
      searched = at + known;
    }
  }

  Result<bool> next(CsvRow& row);
  Result<bool> next_row(CsvRow& row, std::size_t first_end);
  Result<bool> give_up(CsvRow& row, std::size_t first_end, RowFault fault);
  void finish(CsvRow& row);
  void decide_encoding(std::string_view text);
};

// The first line of the row alone is the row; the next one begins behind it.
Result<bool> CsvRows::State::give_up(CsvRow& row, std::size_t first_end, RowFault fault) {
  parser.reset();
  row.fault = fault;
  std::string_view raw(buffer.data() + at, std::min(first_end, kept_bytes));
  while (!raw.empty() && (raw.back() == '\n' || raw.back() == '\r'))
    raw.remove_suffix(1);
  decide_encoding(raw);
  converted.clear();
  if (is_utf8(raw) || encoding != Encoding::gb18030 || !to_utf8.append(raw, converted))
    converted.assign(raw);
  row.fields = {converted};
  bool whole = buffer[at + first_end - 1] == '\n';
  at += first_end;
  // The rest of a line that was too long to keep.
  while (!whole && !ended) {
    at = buffer.size();
    if (auto filled = fill(read_bytes); !filled)
      return tl::unexpected(filled.error());
    const std::size_t found = buffer.find('\n');
    whole = found != std::string::npos;
    at = whole ? found + 1 : buffer.size();
  }
  ++line;
  return true;
}

void CsvRows::State::decide_encoding(std::string_view text) {
  if (!encoding)
    encoding = guess_encoding(text, true, to_utf8);
}

void CsvRows::State::finish(CsvRow& row) {
  decide_encoding(parser.text);
  std::string_view all = parser.text;
  if (encoding == Encoding::gb18030 && !is_ascii(all)) {
    converted.clear();
    std::size_t begin = 0;
    for (std::size_t& end : parser.ends) {
      if (!to_utf8.append(all.substr(begin, end - begin), converted))
        row.fault = RowFault::wrong_encoding;
      begin = end;
      end = converted.size();
    }
    all = converted;
  } else if (!is_utf8(all)) {
    row.fault = RowFault::wrong_encoding;
  }
  std::size_t begin = 0;
  for (const std::size_t end : parser.ends) {
    row.fields.push_back(all.substr(begin, end - begin));
    begin = end;
  }
}

Result<bool> CsvRows::State::next_row(CsvRow& row, std::size_t first_end) {
  parser.begin();
  std::uint64_t lines = 0;
  for (std::size_t fed = 0, end = first_end;;) {
    const std::string_view slice(buffer.data() + at + fed, end - fed);
    bool well_formed = parser.feed(slice);
    if (well_formed && !slice.ends_with('\n') && ended)
      well_formed = parser.feed("\n");
    if (!well_formed)
      return give_up(row, first_end, RowFault::malformed);
    ++lines;
    if (parser.ended) {
      finish(row);
      at += end;
      line += lines;
      return true;
    }
    fed = end;
    if (fed > max_row_bytes)
      return give_up(row, first_end, RowFault::too_long);
    const auto next_end = line_end(fed);
    if (!next_end)
      return tl::unexpected(next_end.error());
    end = *next_end;
    // The file ends inside of quotes.
    if (end == fed)
      return give_up(row, first_end, RowFault::malformed);
  }
}

Result<bool> CsvRows::State::next(CsvRow& row) {
  row.fields.clear();
  row.fault = RowFault::none;
  while (true) {
    const auto end = line_end(0);
    if (!end)
      return tl::unexpected(end.error());
    if (*end == 0)
      return false;
    row.line = line;
    row.offset = offset + at;
    const std::string_view first(buffer.data() + at, *end);
    if (!std::ranges::all_of(first, [](char c) {
          return c == '\n' || is_blank(static_cast<unsigned char>(c)) != 0;
        }))
      return *end > max_row_bytes ? give_up(row, *end, RowFault::too_long) : next_row(row, *end);
    at += *end;
    ++line;
  }
}

CsvRows::CsvRows(std::unique_ptr<State> state) : state_(std::move(state)) {}
CsvRows::~CsvRows() = default;
CsvRows::CsvRows(CsvRows&&) noexcept = default;
CsvRows& CsvRows::operator=(CsvRows&&) noexcept = default;

Result<CsvRows> CsvRows::open(const std::string& path, std::optional<Encoding> encoding) {
  auto file = InputFile::open(path);
  if (!file)
    return tl::unexpected(file.error());
  auto converter = Converter::to_utf8();
  if (!converter)
    return tl::unexpected(converter.error());
  auto state = std::make_unique<State>(path, std::move(*file), std::move(*converter));
  state->encoding = encoding;
  while (!state->ended && state->buffer.size() < sample_bytes) {
    if (auto filled = state->fill(read_bytes); !filled)
      return tl::unexpected(filled.error());
  }
  // A byte order mark says what the file is, whatever was said about it.
  if (state->buffer.starts_with("\xEF\xBB\xBF")) {
    state->at = 3;
    state->encoding = Encoding::utf8;
  } else if (!encoding) {
    state->encoding = guess_encoding(state->buffer, state->ended, state->to_utf8);
  }
  return CsvRows(std::move(state));
}

Result<bool> CsvRows::next(CsvRow& row) { return state_->next(row); }
std::uint64_t CsvRows::bytes_read() const { return state_->offset + state_->at; }

} // namespace sanku::io
