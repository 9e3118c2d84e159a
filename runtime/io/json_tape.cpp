// JsonTape (json_tape.h). The only file that sees simdjson.
#include "runtime/io/json_tape.h"

#include "runtime/io/json_token.h"

#include <simdjson.h>

#include <utility>

namespace sanku::io {
namespace {

namespace ondemand = simdjson::ondemand;

JsonFault fault_of(simdjson::error_code error) {
  switch (error) {
  case simdjson::SUCCESS:
    return JsonFault::none;
  case simdjson::UTF8_ERROR:
    return JsonFault::not_utf8;
  case simdjson::UNCLOSED_STRING:
  case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
    return JsonFault::incomplete;
  case simdjson::CAPACITY:
  case simdjson::MEMALLOC:
    return JsonFault::too_large;
  default:
    return JsonFault::malformed;
  }
}

std::string_view token(std::string_view raw) {
  while (!raw.empty() &&
         (raw.back() == ' ' || raw.back() == '\t' || raw.back() == '\r' || raw.back() == '\n')) {
    raw.remove_suffix(1);
  }
  return raw;
}

struct Walk {
  std::vector<Node>& nodes;

  JsonFault object(ondemand::object& object, std::string_view key, int depth) {
    const std::size_t at = open(NodeKind::object, key);
    for (auto&& step : object) {
      ondemand::field field;
      if (const auto error = std::move(step).get(field))
        return fault_of(error);
      std::string_view name;
      if (const auto error = field.unescaped_key().get(name))
        return fault_of(error);
      ondemand::value value = field.value();
      if (const JsonFault fault = this->value(value, name, depth + 1); fault != JsonFault::none)
        return fault;
    }
    close(at);
    return JsonFault::none;
  }

  JsonFault list(ondemand::array& list, std::string_view key, int depth) {
    const std::size_t at = open(NodeKind::list, key);
    for (auto&& step : list) {
      ondemand::value value;
      if (const auto error = std::move(step).get(value))
        return fault_of(error);
      if (const JsonFault fault = this->value(value, {}, depth + 1); fault != JsonFault::none)
        return fault;
    }
    close(at);
    return JsonFault::none;
  }

  JsonFault value(ondemand::value& value, std::string_view key, int depth) {
    if (depth > max_json_depth)
      return JsonFault::too_deep;
    ondemand::json_type type{};
    if (const auto error = value.type().get(type))
      return fault_of(error);
    switch (type) {
    case ondemand::json_type::object: {
      ondemand::object inner;
      if (const auto error = value.get_object().get(inner))
        return fault_of(error);
      return object(inner, key, depth);
    }
    case ondemand::json_type::array: {
      ondemand::array inner;
      if (const auto error = value.get_array().get(inner))
        return fault_of(error);
      return list(inner, key, depth);
    }
    case ondemand::json_type::string: {
      std::string_view text;
      if (const auto error = value.get_string().get(text))
        return fault_of(error);
      return scalar(NodeKind::text, key, text);
    }
    case ondemand::json_type::number: {
      const std::string_view text = token(value.raw_json_token());
      return is_json_number(text) ? scalar(NodeKind::number, key, text) : JsonFault::malformed;
    }
    case ondemand::json_type::boolean: {
      const std::string_view text = token(value.raw_json_token());
      return text == "true" || text == "false" ? scalar(NodeKind::boolean, key, text)
                                               : JsonFault::malformed;
    }
    case ondemand::json_type::null:
      return token(value.raw_json_token()) == "null" ? scalar(NodeKind::null, key, {})
                                                     : JsonFault::malformed;
    }
    return JsonFault::malformed;
  }

  std::size_t open(NodeKind kind, std::string_view key) {
    nodes.push_back({.kind = kind, .next = 0, .key = key, .text = {}});
    return nodes.size() - 1;
  }
  void close(std::size_t at) { nodes[at].next = static_cast<std::uint32_t>(nodes.size()); }
  JsonFault scalar(NodeKind kind, std::string_view key, std::string_view text) {
    nodes.push_back({.kind = kind,
                     .next = static_cast<std::uint32_t>(nodes.size() + 1),
                     .key = key,
                     .text = text});
    return JsonFault::none;
  }
};

} // namespace

struct JsonTape::Parser {
  ondemand::parser parser;
};

JsonTape::JsonTape() : parser_(std::make_unique<Parser>()) {}
JsonTape::~JsonTape() = default;

JsonFault JsonTape::parse(std::string_view text, std::size_t readable) {
  nodes_.clear();
  if (readable < text.size() + simdjson::SIMDJSON_PADDING) {
    padded_.assign(text);
    padded_.append(simdjson::SIMDJSON_PADDING, ' ');
    readable = padded_.size();
    text = std::string_view(padded_).substr(0, text.size());
  }
  ondemand::document document;
  if (const auto error =
          parser_->parser.iterate(simdjson::padded_string_view(text, readable)).get(document)) {
    return fault_of(error);
  }
  ondemand::json_type type{};
  if (const auto error = document.type().get(type))
    return fault_of(error);
  if (type != ondemand::json_type::object)
    return JsonFault::not_an_object;
  ondemand::object root;
  if (const auto error = document.get_object().get(root))
    return fault_of(error);
  const JsonFault fault = Walk{nodes_}.object(root, {}, 1);
  if (fault != JsonFault::none)
    return fault;
  // The position is out of bounds exactly when nothing follows the object.
  return document.current_location().error() == simdjson::OUT_OF_BOUNDS ? JsonFault::none
                                                                        : JsonFault::malformed;
}

} // namespace sanku::io
