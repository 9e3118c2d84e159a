// See reasons.h.
#include "tools/engine/reasons.h"

#include "tools/engine/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sanku::engine {
namespace {

using evaluate::Node;

struct Sign {
  std::string_view symbol, shown;
};
constexpr std::array<Sign, 4> signs = {{{"!=", "≠"}, {"<=", "≤"}, {">=", "≥"}, {"==", "="}}};

std::string_view shown_sign(std::string_view symbol) {
  const auto found = std::ranges::find(signs, symbol, &Sign::symbol);
  return found == signs.end() ? symbol : found->shown;
}

std::string value_of(const Node& node, const schema::Schema& schema, Language language) {
  return evaluate::printed(node.value, node.type, schema, language);
}

// Of any, none and every: of how many elements it holds.
std::string elements_text(const Node& node, Language language) {
  const std::string unknown = node.perhaps == 0 ? ""
                              : language == Language::zh
                                  ? fmt::format("，不明 {} 个", count_text(node.perhaps))
                                  : fmt::format(", {} unknown", count_text(node.perhaps));
  return language == Language::zh
             ? fmt::format("{} 个中有 {} 个{}", count_text(node.all), count_text(node.sure),
                           unknown)
             : fmt::format("{} of {}{}", count_text(node.sure), count_text(node.all), unknown);
}

std::string values_text(const Node& node, const schema::Schema& schema, Language language) {
  if (node.fold)
    return elements_text(node, language);
  if (node.builtin == nullptr || node.operands.empty())
    return value_of(node, schema, language);
  if (!node.builtin->symbol.empty() && node.operands.size() == 2) {
    std::string right = value_of(node.operands[1], schema, language);
    // Years beside an age are years of age.
    constexpr std::string_view years = "年";
    if (node.operands[0].type.kind == Kind::age && right.ends_with(years))
      right = right.substr(0, right.size() - years.size()) + "岁";
    return value_of(node.operands[0], schema, language) + " " +
           std::string(shown_sign(node.builtin->symbol)) + " " + right;
  }
  std::string text;
  for (const Node& operand : node.operands)
    text += (text.empty() ? "" : ", ") + value_of(operand, schema, language);
  return text;
}

} // namespace

bool joins(const Node& node) {
  return node.builtin != nullptr &&
         (node.builtin->symbol == "and" || node.builtin->symbol == "or") &&
         node.operands.size() > 1;
}

// An equal pair of `<` is short by less than can be said.
std::string distance_of(const Node& condition, const schema::Schema& schema, Language language) {
  // `not x` turns over where x does.
  if (condition.builtin != nullptr && condition.builtin->symbol == "not")
    return distance_of(condition.operands.front(), schema, language);
  if (!condition.distance)
    return {};
  const evaluate::Distance& distance = *condition.distance;
  const std::string size = evaluate::printed(distance.value, distance.type, schema, language);
  if (size.find_first_of("123456789") == std::string::npos)
    return distance.exclusive ? std::string(words(language, "恰好相等", "just equal")) : "";
  const bool money = distance.type.kind == Kind::money;
  if (language == Language::zh)
    return fmt::format("差 {}{}{}", size, money ? "元" : "", distance.exclusive ? "以上" : "");
  return fmt::format("short by {}{}{}", distance.exclusive ? "more than " : "", size,
                     money ? " yuan" : "");
}

std::vector<Reason> reasons(const Node& condition, const schema::Schema& schema,
                            const source::SourceMap& map, Language language) {
  std::vector<Reason> made;
  // A let stands for what it was given.
  if (!condition.let.empty() && condition.operands.size() == 1 &&
      condition.type.kind == Kind::boolean)
    return reasons(condition.operands.front(), schema, map, language);
  if (joins(condition)) {
    for (const Node& operand : condition.operands) {
      const std::vector<Reason> parts = reasons(operand, schema, map, language);
      made.insert(made.end(), parts.begin(), parts.end());
    }
    return made;
  }
  Reason& reason = made.emplace_back();
  reason.written = written_text(map, condition.span);
  reason.values = values_text(condition, schema, language);
  reason.truth = truth_of(condition.value);
  if (reason.truth == Tri::no)
    reason.distance = distance_of(condition, schema, language);
  return made;
}

Tri truth_of(const Value& value) {
  const auto* held = std::get_if<Bool>(&value);
  if (held == nullptr)
    return Tri::unknown;
  return held->value ? Tri::yes : Tri::no;
}

std::string_view truth_text(Tri truth, Language language) {
  switch (truth) {
  case Tri::yes:
    return words(language, "成立", "holds");
  case Tri::no:
    return words(language, "不成立", "does not hold");
  case Tri::unknown:
    break;
  }
  return words(language, "不明", "unknown");
}

std::string written_text(const source::SourceMap& map, source::Span span) {
  std::string text;
  bool blank = false;
  for (const char c : source::text_of(map, span)) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      blank = true;
      continue;
    }
    if (blank && !text.empty())
      text += ' ';
    blank = false;
    text += c;
  }
  return text;
}

} // namespace sanku::engine
