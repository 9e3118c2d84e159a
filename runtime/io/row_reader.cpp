// RowReader (row_reader.h).
#include "runtime/io/row_reader.h"

#include "runtime/batch/cell.h"
#include "runtime/io/csv_layout.h"
#include "runtime/io/csv_text.h"
#include "runtime/io/packed_rows.h"
#include "runtime/io/reasons.h"
#include "runtime/types/check.h"

#include <algorithm>

namespace sanku::io {
namespace {

constexpr std::size_t record_bytes_kept = 64u << 10;

// A row as a line of CSV again, in UTF-8.
std::string row_text(const PackedRow& row) {
  std::string text;
  PackedFields fields(row.fields);
  std::string_view field;
  // Of a line that is no row there is one field: the line itself.
  const bool whole = row.fault == RowFault::malformed || row.fault == RowFault::too_long;
  for (bool first = true; fields.next(field); first = false) {
    if (!first)
      text += ',';
    if (whole)
      text += field;
    else
      append_csv_cell(text, field);
  }
  text.resize(std::min(text.size(), record_bytes_kept));
  return text;
}

} // namespace

struct RowReader::State {
  const schema::Schema& schema; // the caller's
  batch::BatchBuilder builder;
  std::vector<std::string_view> fields; // of one row, reused

  State(const schema::Schema& s, const batch::Dictionaries& dictionaries, const batch::Kept& kept)
      : schema(s), builder(s, dictionaries, kept) {}

  std::optional<Error> set_row(const PackedRow& row, const CsvFile& file);
  std::optional<Error> set_column(std::uint32_t relation, const CsvColumn& source,
                                  const CsvFile& file);
};

std::optional<Error> RowReader::State::set_column(std::uint32_t relation, const CsvColumn& source,
                                                  const CsvFile& file) {
  const schema::Relation& shape = schema.relations[relation];
  const schema::Column& column = shape.columns[source.column];
  for (const std::uint32_t field : source.fields) {
    const std::string_view cell = codes::trim(fields[field]);
    if (batch::is_blank(cell))
      continue;
    if (!builder.set_text(relation, source.column, cell))
      return wrong_cell({shape, column, file.header[field], 0}, cell);
    return std::nullopt;
  }
  const bool needed = !column.optional || column.role == schema::Role::visit_id;
  if (needed && builder.is_missing(relation, source.column))
    return missing_field({shape, column, file.header[source.fields.front()], 0});
  return std::nullopt;
}

// Into a new row of its relation; the reason if it cannot be.
std::optional<Error> RowReader::State::set_row(const PackedRow& row, const CsvFile& file) {
  if (row.fault != RowFault::none)
    return unusable_row(row.fault);
  fields.clear();
  PackedFields packed(row.fields);
  for (std::string_view field; packed.next(field);)
    fields.push_back(field);
  check(fields.size() == file.header.size(), "a row without a fault has the header's width");
  builder.begin_row(file.relation);
  for (const CsvColumn& source : file.columns)
    if (auto why = set_column(file.relation, source, file))
      return why;
  return std::nullopt;
}

RowReader::RowReader(const schema::Schema& schema, const batch::Dictionaries& dictionaries,
                     const batch::Kept& kept)
    : state_(std::make_unique<State>(schema, dictionaries, kept)) {}
RowReader::~RowReader() = default;

void RowReader::read(const Chunk& chunk, std::uint32_t batch_settlements,
                     const std::function<void(batch::Batch)>& full, std::vector<Reject>& rejects,
                     ReadCounts& counts) {
  check(batch_settlements > 0 && chunk.layout != nullptr, "a chunk of rows, into batches");
  State& s = *state_;
  const std::vector<CsvFile>& files = chunk.layout->files;
  const auto reject = [&](const PackedRow& row, const Error& why) {
    ++counts.rejected;
    rejects.push_back({.file = files[row.file].name,
                       .line = row.line,
                       .offset = row.offset,
                       .reason_en = why.en,
                       .reason_zh = why.zh,
                       .text = row_text(row)});
  };
  std::string_view rest = chunk.text;
  PackedRow row;
  bool more = take_packed(rest, row);
  while (more) {
    ++counts.records;
    // Rows told alone are no settlement's; a settlement's row without a fault begins one.
    const bool begins = files[row.file].relation == 0 && row.fault != RowFault::malformed &&
                        row.fault != RowFault::too_long && row.fault != RowFault::wrong_width &&
                        row.fault != RowFault::no_key;
    if (!begins) {
      reject(row, unusable_row(row.fault));
      more = take_packed(rest, row);
      continue;
    }
    const PackedRow head = row;
    PackedRow bad;
    std::optional<Error> why;
    std::uint64_t rows = 0;
    s.builder.begin();
    do {
      if (!why) {
        why = s.set_row(row, files[row.file]);
        bad = row;
      }
      ++rows;
      more = take_packed(rest, row);
    } while (more && files[row.file].relation != 0 && row.fault != RowFault::no_match &&
             (row.fault == RowFault::none || row.fault == RowFault::wrong_encoding));
    if (why) {
      s.builder.rollback();
      reject(bad, left_out_with(*why, head.visit, rows));
      continue;
    }
    s.builder.commit({.file = head.file, .offset = head.offset, .line = head.line, .part = 0});
    ++counts.encounters;
    if (s.builder.settlements() == batch_settlements)
      full(s.builder.take());
  }
  if (s.builder.settlements() != 0)
    full(s.builder.take());
}

} // namespace sanku::io
