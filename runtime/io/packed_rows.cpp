// Packed rows (packed_rows.h): a head of fixed size, two numbers, the fields, each text behind its
// length.
#include "runtime/io/packed_rows.h"

#include "runtime/types/check.h"

#include <cstring>
#include <limits>

namespace sanku::io {
namespace {

struct Head {
  std::uint64_t bytes = 0; // of what follows
  std::uint64_t line = 0, offset = 0, sequence = 0;
  std::uint32_t file = 0;
  std::uint32_t fault = 0;
};

} // namespace

bool PackedFields::next(std::string_view& field) {
  std::uint32_t size = 0;
  if (rest_.size() < sizeof size)
    return false;
  std::memcpy(&size, rest_.data(), sizeof size);
  field = rest_.substr(sizeof size, size);
  rest_.remove_prefix(sizeof size + size);
  return true;
}

void append_field(std::string& packed, std::string_view field) {
  check(field.size() <= std::numeric_limits<std::uint32_t>::max(), "a row is bounded");
  const auto size = static_cast<std::uint32_t>(field.size());
  char bytes[sizeof size];
  std::memcpy(bytes, &size, sizeof size);
  packed.append(bytes, sizeof size);
  packed += field;
}

void append_packed(std::string& out, const PackedRow& row) {
  const Head head{.bytes = row.visit.size() + row.settlement.size() + 2 * sizeof(std::uint32_t) +
                           row.fields.size(),
                  .line = row.line,
                  .offset = row.offset,
                  .sequence = row.sequence,
                  .file = row.file,
                  .fault = static_cast<std::uint32_t>(row.fault)};
  char bytes[sizeof head];
  std::memcpy(bytes, &head, sizeof head);
  out.append(bytes, sizeof head);
  append_field(out, row.visit);
  append_field(out, row.settlement);
  out += row.fields;
}

bool take_packed(std::string_view& rest, PackedRow& row) {
  Head head;
  if (rest.size() < sizeof head)
    return false;
  std::memcpy(&head, rest.data(), sizeof head);
  if (rest.size() - sizeof head < head.bytes)
    return false;
  PackedFields numbers(rest.substr(sizeof head, head.bytes));
  row = PackedRow{.file = head.file,
                  .fault = static_cast<RowFault>(head.fault),
                  .line = head.line,
                  .offset = head.offset,
                  .sequence = head.sequence,
                  .visit = {},
                  .settlement = {},
                  .fields = {}};
  check(numbers.next(row.visit) && numbers.next(row.settlement), "a packed row has its numbers");
  const std::size_t used =
      sizeof head + row.visit.size() + row.settlement.size() + 2 * sizeof(std::uint32_t);
  row.fields = rest.substr(used, sizeof head + head.bytes - used);
  rest.remove_prefix(sizeof head + head.bytes);
  return true;
}

} // namespace sanku::io
