// In (arrow.h). The sender's structures are checked as far as they can be: types, names, numbers of
// buffers; where a buffer ends only the sender knows.
#include "runtime/arrow/arrow.h"
#include "runtime/batch/cell.h"

#include <fmt/format.h>

#include <cstring>
#include <optional>
#include <string_view>

namespace sanku::arrow {
namespace {

tl::unexpected<Error> refused(std::string_view name, std::string_view en, std::string_view zh) {
  return failure(fmt::format("Arrow: `{}` {}", name, en), fmt::format("Arrow：“{}”{}", name, zh));
}

bool is_known(const ArrowArray& array, std::int64_t at) {
  const auto* bits = static_cast<const std::uint8_t*>(array.buffers[0]);
  return bits == nullptr || ((bits[at >> 3] >> (at & 7)) & 1) != 0;
}

template <class T> T value(const ArrowArray& array, std::int64_t at) {
  T taken;
  std::memcpy(&taken, static_cast<const char*>(array.buffers[1]) + at * std::int64_t{sizeof(T)},
              sizeof(T));
  return taken;
}

struct Field {
  std::uint32_t relation = 0, column = 0;
  const ArrowArray* array = nullptr;
  std::string_view name, format;
};
struct List {
  std::uint32_t relation = 0;
  const ArrowArray *array = nullptr, *elements = nullptr;
  std::vector<Field> fields;
};

std::optional<std::uint32_t> column_named(const schema::Relation& relation, std::string_view name) {
  for (std::uint32_t c = 0; c < relation.columns.size(); ++c)
    if (relation.columns[c].path.en == name)
      return c;
  return std::nullopt;
}

bool is_format_of(const Type& type, std::string_view format) {
  switch (type.kind) {
  case Kind::integer:
    return format == "l";
  case Kind::date:
    return format == "tdD";
  case Kind::datetime:
    return format == "tss:";
  case Kind::boolean:
    return format == "b";
  case Kind::decimal:
  case Kind::money:
    return format.starts_with("d:") && format.ends_with(fmt::format(",{}", type.scale));
  default:
    return format == "u";
  }
}

Result<Field> field_of(const schema::Schema& schema, std::uint32_t relation,
                       const ArrowSchema& types, const ArrowArray& array) {
  const std::string_view name = types.name == nullptr ? "" : types.name;
  const auto column = column_named(schema.relations[relation], name);
  if (!column)
    return refused(name, "is no field of the claim schema", "不是结算单结构中的字段");
  const Type& type = schema.relations[relation].columns[*column].type;
  if (!is_format_of(type, types.format) ||
      array.n_buffers < (std::string_view(types.format) == "u" ? 3 : 2))
    return refused(
        name, fmt::format("comes as `{}`, and its field is {}", types.format, info(type.kind).en),
        fmt::format("的类型为 {}，而该字段为{}", types.format, info(type.kind).zh));
  return Field{relation, *column, &array, name, types.format};
}

// False: out of the column's range or form.
bool set(batch::BatchBuilder& builder, const schema::Schema& schema, const Field& field,
         std::int64_t at) {
  at += field.array->offset;
  if (!is_known(*field.array, at))
    return true;
  const Type& type = schema.relations[field.relation].columns[field.column].type;
  const auto put = [&](const Value& value) {
    builder.set_value(field.relation, field.column, value);
    return true;
  };
  switch (type.kind) {
  case Kind::integer:
    return put(Integer{value<std::int64_t>(*field.array, at)});
  case Kind::date:
    return put(Date{value<std::int32_t>(*field.array, at)});
  case Kind::datetime:
    return put(DateTime{value<std::int64_t>(*field.array, at)});
  case Kind::boolean: {
    const auto* bits = static_cast<const std::uint8_t*>(field.array->buffers[1]);
    return put(Bool{((bits[at >> 3] >> (at & 7)) & 1) != 0});
  }
  case Kind::decimal:
  case Kind::money: {
    const auto units = value<Int128>(*field.array, at);
    const std::int64_t bound = batch::unit_bound(type);
    return units < bound && units > -bound && put(Decimal{units});
  }
  default: {
    const auto begin = value<std::int32_t>(*field.array, at),
               end = value<std::int32_t>(*field.array, at + 1);
    const auto* texts = static_cast<const char*>(field.array->buffers[2]);
    return end >= begin && builder.set_text(field.relation, field.column,
                                            {texts + begin, static_cast<std::size_t>(end - begin)});
  }
  }
}

Result<List> list_of(const schema::Schema& schema, std::uint32_t relation, const ArrowSchema& types,
                     const ArrowArray& array) {
  const std::string_view name = types.name;
  if (std::string_view(types.format) != "+l" || types.n_children != 1 || array.n_children != 1 ||
      array.n_buffers < 2 || std::string_view(types.children[0]->format) != "+s")
    return refused(name, "is a list and has to come as a list of structs",
                   "是列表，须以结构的列表传入");
  List list{.relation = relation, .array = &array, .elements = array.children[0], .fields = {}};
  for (std::int64_t i = 0; i < types.children[0]->n_children; ++i) {
    auto field =
        field_of(schema, relation, *types.children[0]->children[i], *list.elements->children[i]);
    if (!field)
      return tl::unexpected(field.error());
    list.fields.push_back(*field);
  }
  return list;
}

tl::unexpected<Error> bad_value(const Field& field, std::int64_t settlement) {
  return refused(field.name, fmt::format("has a value out of range in row {}", settlement),
                 fmt::format("第 {} 行的值超出范围", settlement));
}

} // namespace

Result<batch::Batch> from_arrow(const ArrowSchema& types, const ArrowArray& array,
                                const schema::Schema& schema,
                                const batch::Dictionaries& dictionaries) {
  if (std::string_view(types.format) != "+s" || types.n_children != array.n_children)
    return refused("batch", "has to come as an array of structs", "须以结构数组传入");
  std::vector<Field> fields;
  std::vector<List> lists;
  for (std::int64_t i = 0; i < types.n_children; ++i) {
    const ArrowSchema& type = *types.children[i];
    const std::string_view name = type.name == nullptr ? "" : type.name;
    std::uint32_t relation = 1;
    while (relation < schema.relations.size() && schema.relations[relation].names.en != name)
      ++relation;
    if (relation < schema.relations.size() && !schema.relations[relation].raw_of) {
      auto list = list_of(schema, relation, type, *array.children[i]);
      if (!list)
        return tl::unexpected(list.error());
      lists.push_back(std::move(*list));
      continue;
    }
    auto field = field_of(schema, 0, type, *array.children[i]);
    if (!field)
      return tl::unexpected(field.error());
    fields.push_back(*field);
  }
  batch::BatchBuilder builder(schema, dictionaries);
  for (std::int64_t s = 0; s < array.length; ++s) {
    const std::int64_t row = s + array.offset;
    builder.begin();
    builder.begin_row(0);
    for (const Field& field : fields)
      if (!set(builder, schema, field, row))
        return bad_value(field, s);
    for (const List& list : lists) {
      const std::int64_t at = row + list.array->offset;
      if (!is_known(*list.array, at))
        continue;
      const auto begin = value<std::int32_t>(*list.array, at),
                 end = value<std::int32_t>(*list.array, at + 1);
      for (std::int64_t element = begin; element < end; ++element) {
        builder.begin_row(list.relation);
        for (const Field& field : list.fields)
          if (!set(builder, schema, field, element + list.elements->offset))
            return bad_value(field, s);
      }
    }
    builder.commit({.file = 0,
                    .offset = static_cast<std::uint64_t>(s),
                    .line = static_cast<std::uint64_t>(s) + 1,
                    .part = 0});
  }
  return builder.take();
}

} // namespace sanku::arrow
