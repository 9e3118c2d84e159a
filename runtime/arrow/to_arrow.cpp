// Out (arrow.h). Each array owns its own buffers, moved out of the batch, so that a receiver may
// keep one column and release the rest.
#include "runtime/arrow/arrow.h"
#include "runtime/batch/column.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

#include <array>
#include <memory>
#include <utility>

namespace sanku::arrow {
namespace {

struct HeldArray {
  std::vector<std::uint8_t> validity, values;
  std::vector<std::uint32_t> offsets;
  std::array<const void*, 3> buffers{};
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
};
struct HeldSchema {
  std::string format, name;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
};

template <class Held, class Arrow> void release(Arrow* arrow) {
  const std::unique_ptr<Held> held(static_cast<Held*>(arrow->private_data));
  for (Arrow& child : held->children)
    if (child.release != nullptr)
      child.release(&child);
  arrow->release = nullptr;
  arrow->private_data = nullptr;
}

void give(std::unique_ptr<HeldSchema> held, ArrowSchema& types) {
  types = ArrowSchema{};
  types.flags = ARROW_FLAG_NULLABLE;
  for (ArrowSchema& child : held->children)
    held->pointers.push_back(&child);
  types.n_children = static_cast<std::int64_t>(held->children.size());
  types.children = held->pointers.data();
  types.format = held->format.c_str();
  types.name = held->name.c_str();
  types.release = release<HeldSchema, ArrowSchema>;
  types.private_data = held.release();
}

void give(std::unique_ptr<HeldArray> held, std::int64_t length, std::int64_t buffers,
          ArrowArray& array) {
  array = ArrowArray{};
  for (ArrowArray& child : held->children)
    held->pointers.push_back(&child);
  array.length = length;
  array.null_count = held->validity.empty() ? 0 : -1;
  array.n_buffers = buffers;
  array.buffers = held->buffers.data();
  array.n_children = static_cast<std::int64_t>(held->children.size());
  array.children = held->pointers.data();
  array.release = release<HeldArray, ArrowArray>;
  array.private_data = held.release();
}

std::string format_of(const Type& type) {
  switch (type.kind) {
  case Kind::integer:
    return "l";
  case Kind::date:
    return "tdD";
  case Kind::datetime:
    return "tss:";
  case Kind::boolean:
    return "b";
  case Kind::decimal:
  case Kind::money:
    return fmt::format("d:38,{}", type.scale);
  default:
    return "u";
  }
}

void convert_numbers(const batch::ColumnData& column, std::vector<std::uint8_t>& out) {
  out.resize(std::size_t{column.rows} * sizeof(Int128));
  for (std::uint32_t row = 0; row < column.rows; ++row) {
    const Int128 units = batch::stored<std::int64_t>(column, row);
    std::memcpy(out.data() + row * sizeof(units), &units, sizeof(units));
  }
}

void convert_truths(const batch::ColumnData& column, std::vector<std::uint8_t>& out) {
  out.assign((std::size_t{column.rows} + 7) / 8, 0);
  for (std::uint32_t row = 0; row < column.rows; ++row)
    if (batch::stored<std::uint8_t>(column, row) != 0)
      out[row >> 3] = static_cast<std::uint8_t>(out[row >> 3] | (1u << (row & 7u)));
}

std::string text_of(const Value& value, const schema::Schema& schema, const Type& type) {
  if (const auto* code = std::get_if<CodeText>(&value))
    return code->text;
  if (const auto* listed = std::get_if<EnumValue>(&value)) {
    if (listed->id == 0)
      return listed->unlisted;
    const schema::EnumMember& member = schema.enums[type.domain].members[listed->id - 1];
    return member.codes.empty() ? member.names.en : member.codes.front();
  }
  return is_known(value) ? to_text(value, type, Language::zh, {}) : std::string();
}

struct Giver {
  batch::Batch batch;
  const schema::Schema& schema;
  const batch::Dictionaries& dictionaries;

  void column(std::uint32_t r, std::uint32_t c, ArrowSchema& types, ArrowArray& array) {
    const schema::Column& shape = schema.relations[r].columns[c];
    auto named = std::make_unique<HeldSchema>();
    named->format = format_of(shape.type);
    named->name = shape.path.en;
    give(std::move(named), types);
    batch::ColumnData& data = batch.relations[r].columns[c];
    auto held = std::make_unique<HeldArray>();
    const Kind kind = shape.type.kind;
    const bool texts = format_of(shape.type) == "u";
    if (kind == Kind::text) {
      held->offsets = std::move(data.offsets);
      held->values = std::move(data.values);
    } else if (texts) {
      held->offsets.push_back(0);
      for (std::uint32_t row = 0; row < data.rows; ++row) {
        const std::string text =
            text_of(batch::value_at(batch, schema, dictionaries, r, c, row), schema, shape.type);
        held->values.insert(held->values.end(), text.begin(), text.end());
        held->offsets.push_back(static_cast<std::uint32_t>(held->values.size()));
      }
    } else if (is_number(kind)) {
      convert_numbers(data, held->values);
    } else if (kind == Kind::boolean) {
      convert_truths(data, held->values);
    } else {
      batch::reserve_rows(data, info(kind).physical, data.rows);
      held->values = std::move(data.values);
    }
    held->validity = std::move(data.validity);
    held->buffers = {held->validity.data(),
                     texts ? static_cast<const void*>(held->offsets.data()) : held->values.data(),
                     held->values.data()};
    give(std::move(held), data.rows, texts ? 3 : 2, array);
  }

  // Fields, and behind those of the settlement its lists.
  void rows(std::uint32_t r, std::string name, ArrowSchema& types, ArrowArray& array) {
    auto named = std::make_unique<HeldSchema>();
    named->format = "+s";
    named->name = std::move(name);
    auto held = std::make_unique<HeldArray>();
    const auto add = [&](const auto& fill) {
      fill(named->children.emplace_back(), held->children.emplace_back());
    };
    for (std::uint32_t c = 0; c < schema.relations[r].columns.size(); ++c)
      add([&](ArrowSchema& type, ArrowArray& values) { column(r, c, type, values); });
    for (std::uint32_t child = 1; r == 0 && child < batch.relations.size(); ++child)
      if (!schema.relations[child].raw_of)
        add([&](ArrowSchema& type, ArrowArray& values) { list(child, type, values); });
    give(std::move(named), types);
    give(std::move(held), batch.relations[r].rows, 1, array);
  }

  void list(std::uint32_t r, ArrowSchema& types, ArrowArray& array) {
    auto named = std::make_unique<HeldSchema>();
    named->format = "+l";
    named->name = schema.relations[r].names.en;
    auto held = std::make_unique<HeldArray>();
    rows(r, "item", named->children.emplace_back(), held->children.emplace_back());
    held->offsets = std::move(batch.relations[r].offsets);
    held->buffers = {nullptr, held->offsets.data(), nullptr};
    give(std::move(named), types);
    give(std::move(held), batch.settlements, 2, array);
  }
};

} // namespace

void to_arrow(batch::Batch batch, const schema::Schema& schema,
              const batch::Dictionaries& dictionaries, ArrowSchema& types, ArrowArray& array) {
  Giver{std::move(batch), schema, dictionaries}.rows(0, "", types, array);
}

} // namespace sanku::arrow
