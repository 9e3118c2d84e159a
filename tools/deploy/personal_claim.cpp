// Persons in a claim's file. A field that the schema declares holds what it declares; of others
// nobody knows, so they are gone by what they are called and by what they hold. Entry:
// personal_in_file (personal.h). Tested by tests/unit/tools/personal_test.cpp.
#include "compiler/source/utf8.h"
#include "runtime/types/utf8.h"
#include "tools/deploy/personal.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace sanku::deploy {
namespace {

using Fields = std::set<std::string, std::less<>>;

int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  const char small = static_cast<char>(c | 0x20);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

// The sixteen bits of a `\uXXXX` that begins the text.
std::optional<char32_t> escaped_unit(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u"))
    return std::nullopt;
  char32_t unit = 0;
  for (const char c : text.substr(2, 4)) {
    if (hex_digit(c) < 0)
      return std::nullopt;
    unit = unit * 16 + static_cast<char32_t>(hex_digit(c));
  }
  return unit;
}

// JSON with its letters and digits as they are read: `\u0031` is 1. What ends a text stays escaped.
std::string unescaped(std::string_view json) {
  std::string out;
  while (!json.empty()) {
    const auto unit = escaped_unit(json);
    const std::size_t length =
        unit ? 6 : std::min<std::size_t>(json[0] == '\\' ? 2 : 1, json.size());
    if (unit && *unit >= 0x20 && *unit != '"' && *unit != '\\' &&
        (*unit < 0xD800 || *unit > 0xDFFF))
      source::append(out, *unit);
    else
      out += json.substr(0, length);
    json.remove_prefix(length);
  }
  return out;
}

// What senders call the schema's fields, and of these those that hold a person's name.
struct Declared {
  Fields all, names;
};
Declared declared_in(const schema::Schema& schema) {
  Declared declared;
  const auto add = [&](const schema::Names& names, const std::vector<std::string>& wire) {
    declared.all.insert({names.zh, names.en});
    declared.all.insert(wire.begin(), wire.end());
  };
  for (const schema::Relation& relation : schema.relations) {
    add(relation.names, relation.wire);
    for (const schema::Column& column : relation.columns) {
      add(column.names, column.wire);
      if (is_name_column(column))
        declared.names.insert(column.wire.begin(), column.wire.end());
    }
  }
  return declared;
}

std::string lower(std::string_view text) {
  std::string small(text);
  for (char& c : small)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return small;
}

// Fields of things, not of persons, whose names may begin like a surname: 高血压, 白细胞.
bool is_of_things(std::string_view field) {
  constexpr std::array<std::string_view, 17> things = {
      "dise", "diag", "hilist", "drug", "item", "dept", "medins", "hosp", "oprn",
      "spec", "unit", "prod",   "dosf", "type", "memo", "admdvs", "inst"};
  return std::ranges::any_of(
      things, [&](std::string_view thing) { return field.find(thing) != field.npos; });
}

// Two to four Han characters and nothing else; 买买提·阿依古丽 has a dot between.
bool is_like_a_name(std::string_view text) {
  constexpr std::size_t han = 3;
  const std::size_t dot = text.find("·");
  if (dot != text.npos)
    return is_like_a_name(text.substr(0, dot)) && dot + 2 < text.size();
  std::size_t characters = 0;
  for (; !text.empty(); text.remove_prefix(han), ++characters)
    if (utf8_length(text) != han || text < "\u4E00" || text > "\u9FFF")
      return false;
  return characters >= 2 && characters <= 4;
}

// Whether what stands in such a field is somebody's name.
bool is_a_person(const Declared& declared, std::string_view written, std::string_view value) {
  if (declared.names.contains(written))
    return !is_invented_name(value);
  if (declared.all.contains(written))
    return false;
  const std::string field = lower(written);
  if (is_of_things(field) || !is_like_a_name(value) || is_invented_name(value))
    return false;
  return has_surname(value) || field.ends_with("name") || field.ends_with("xm") ||
         field.ends_with("姓名");
}

// The text in quotes that begins at `at`, which is moved behind it.
std::string_view quoted(std::string_view json, std::size_t& at) {
  std::size_t end = at + 1;
  while (end < json.size() && json[end] != '"')
    end += json[end] == '\\' ? 2 : 1;
  const std::string_view text =
      json.substr(at + 1, std::min(end, json.size()) - std::min(at + 1, json.size()));
  at = end + 1;
  return text;
}

bool names_a_person(std::string_view json, const Declared& declared) {
  std::string_view field;
  for (std::size_t at = 0; (at = json.find('"', at)) < json.size();) {
    const std::string_view text = quoted(json, at);
    const std::size_t next = std::min(json.find_first_not_of(" \t\r\n", at), json.size());
    if (next < json.size() && json[next] == ':')
      field = text;
    else if (is_a_person(declared, field, text))
      return true;
  }
  return false;
}

} // namespace

void personal_in_file(std::string_view json, const schema::Schema& schema, source::Span place,
                      diag::Diagnostics& diagnostics) {
  const std::string text = unescaped(json);
  if (const auto found = personal_number(text))
    tell_personal(*found, place, diagnostics);
  if (is_addressed(text) || names_a_person(text, declared_in(schema)))
    tell_personal(Personal::name, place, diagnostics);
}

} // namespace sanku::deploy
