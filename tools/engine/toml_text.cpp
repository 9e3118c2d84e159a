// See toml_text.h. Written here and not by the library, whose layout may change with its version.
#include "tools/engine/toml_text.h"

#include <fmt/format.h>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace sanku::engine {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += fmt::format("\\{}", c);
    else if (byte < 0x20 || byte == 0x7F)
      out += fmt::format("\\u{:04X}", byte);
    else
      out += c;
  }
  return out + '"';
}

std::string key_text(std::string_view key) {
  const bool is_bare = !key.empty() && key.find_first_not_of("abcdefghijklmnopqrstuvwxyz"
                                                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                             "0123456789_-") == key.npos;
  return is_bare ? std::string(key) : quoted(key);
}

std::string date_text(const toml::date& date) {
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}
std::string time_text(const toml::time& time) {
  return fmt::format("{:02}:{:02}:{:02}.{:09}", time.hour, time.minute, time.second,
                     time.nanosecond);
}

// On one line, tables as well.
std::string value_text(const toml::node& node) {
  if (const auto* text = node.as_string())
    return quoted(text->get());
  if (const auto* number = node.as_integer())
    return fmt::format("{}", number->get());
  if (const auto* number = node.as_floating_point()) {
    const std::string shortest = fmt::format("{}", number->get());
    return shortest.find_first_of(".en") == shortest.npos ? shortest + ".0" : shortest;
  }
  if (const auto* flag = node.as_boolean())
    return flag->get() ? "true" : "false";
  if (const auto* date = node.as_date())
    return date_text(date->get());
  if (const auto* time = node.as_time())
    return time_text(time->get());
  if (const auto* moment = node.as_date_time()) {
    std::string out = date_text(moment->get().date) + "T" + time_text(moment->get().time);
    if (const auto& offset = moment->get().offset)
      out += fmt::format("{}{:02}:{:02}", offset->minutes < 0 ? '-' : '+',
                         std::abs(offset->minutes) / 60, std::abs(offset->minutes) % 60);
    return out;
  }
  std::string out;
  if (const auto* list = node.as_array()) {
    for (const toml::node& each : *list)
      out += (out.empty() ? "" : ", ") + value_text(each);
    return "[" + out + "]";
  }
  for (const auto& [key, value] : *node.as_table())
    out += (out.empty() ? "" : ", ") + key_text(key.str()) + " = " + value_text(value);
  return "{" + out + "}";
}

} // namespace

std::optional<std::string> canonical_toml(std::string_view text,
                                          const std::map<std::string, std::string>& replaced) {
  toml::parse_result parsed = toml::parse(text);
  if (!parsed)
    return std::nullopt;
  toml::table& table = parsed.table();
  for (const auto& [key, value] : replaced)
    table.insert_or_assign(key, value);
  std::string plain, sections;
  for (const auto& [key, value] : table) {
    const toml::table* section = value.as_table();
    if (section == nullptr) {
      plain += key_text(key.str()) + " = " + value_text(value) + "\n";
      continue;
    }
    sections += "\n[" + key_text(key.str()) + "]\n";
    for (const auto& [inner, each] : *section)
      sections += key_text(inner.str()) + " = " + value_text(each) + "\n";
  }
  return plain + sections;
}

} // namespace sanku::engine
