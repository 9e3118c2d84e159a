// Hostile rule text: bounded by counts of what comes out, never by a clock.
#include "compiler/ast/from_parse_tree.h"
#include "compiler/diag/render.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::ast {
namespace {

struct Parsed {
  source::SourceMap map;
  diag::Diagnostics diags;
  File file;
  explicit Parsed(std::string text) {
    file = parse(map, source::add(map, "test.sanku", std::move(text)), diags);
  }
  [[nodiscard]] std::string messages() const { return diag::text(diags, map, {}); }
  [[nodiscard]] std::vector<std::uint16_t> numbers() const {
    std::vector<std::uint16_t> out;
    for (const diag::Diagnostic& each : diags.all)
      out.push_back(each.number);
    return out;
  }
};

std::string in_rule(std::string_view clauses) {
  return fmt::format("rule R \"t\" {{\n  on item\n{}\n}}\n", clauses);
}
std::string in_let(std::string_view expression) {
  return in_rule(fmt::format("  let x = {}\n  report violation \"m\"", expression));
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i)
    out += text;
  return out;
}

TEST(Hostile, EndsWithFewDiagnostics) {
  struct Case {
    std::string name, text;
    std::uint16_t number;
  };
  const std::vector<Case> cases = {
      {"parentheses", in_let(repeated("(", 100'000)), 1102},
      {"matched parentheses", in_let(repeated("(", 100'000) + "a" + repeated(")", 100'000)), 1102},
      {"brackets", in_let(repeated("t[", 100'000)), 1102},
      {"braces", repeated("{", 100'000), 1009},
      {"sum", in_let("a" + repeated(" + a", 100'000)), 1104},
      {"and", in_let("a" + repeated(" and a", 100'000)), 1104},
      {"sum below the limit of tokens", in_let("a" + repeated(" + a", 9'000)), 1103},
      {"and below the limit of tokens", in_let("a" + repeated(" and a", 9'000)), 1103},
      {"or below the limit of tokens", in_let("a" + repeated(" or a", 9'000)), 1103},
      {"not", in_let(repeated("not ", 19'000) + "a"), 1103},
      {"minus", in_let(repeated("- ", 19'000) + "a"), 1103},
      {"known", in_let(repeated("known ", 19'000) + "a"), 1103},
      {"members", in_let("a" + repeated(".a", 9'000)), 1103},
      {"comparisons", in_let("a" + repeated(" < a", 9'000)), 1103},
      {"otherwise", in_let("a" + repeated(" otherwise a", 9'000)), 1103},
      {"sums in parentheses",
       in_let(repeated("(", 150) + "a" + repeated(repeated(" + a", 60) + ")", 150)), 1102},
      {"records", "test \"t\" { given " + repeated("{ a ", 5'000), 1102},
      {"quotes", in_let(repeated("\"{", 100'000)), 1102},
      {"corner quotes", in_let(repeated("「", 100'000)), 1004},
      {"holes", in_rule("  report violation \"" + repeated("{a}", 100'000) + "{(}\""), 1006},
      {"nested holes", in_rule("  report violation \"" + repeated("{\"", 100'000)), 1004},
      {"stray", repeated("#", 1'000'000), 1003},
      {"closers", repeated("}", 1'000'000), 1007},
      {"broken declarations", repeated("rule\n", 100'000), 1105},
      {"strings without end", repeated("\"\n", 100'000), 1105},
      {"glued", "rule " + repeated("x", 1'000'000), 1010},
      {"ten megabytes", repeated("a ", 5'000'000), 1101},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const Parsed parsed(each.text);
    const std::vector<std::uint16_t> numbers = parsed.numbers();
    EXPECT_TRUE(std::ranges::find(numbers, each.number) != numbers.end())
        << parsed.messages().substr(0, 2000);
    EXPECT_LE(numbers.size(), 310u);
    EXPECT_LT(parsed.messages().size(), 200'000u);
  }
}

TEST(Hostile, WhatIsWithinTheLimitsParses) {
  for (const std::string& text :
       {in_let(std::string(150, '(') + "a" + std::string(150, ')')),
        in_let("a" + repeated(" + a", 199)), in_let("a" + repeated(" and a", 999)),
        in_let("a" + repeated(" or (a and b)", 999))}) {
    const Parsed parsed(text);
    EXPECT_TRUE(parsed.diags.all.empty()) << parsed.messages().substr(0, 1000);
    EXPECT_EQ(parsed.file.decls.size(), 1u);
  }
}

TEST(Hostile, EveryPrefixAndEveryLostByteOfARuleEndsInDiagnosticsOrATree) {
  const std::string text = "规则 R “t” { 类别：医疗 对象：items 按 code、d = date\n 设：x = 求和(i "
                           "于 items, r 于 t[i的code] 其中 i.a ≠ 3岁 取 i.b 保留 2) 判为：可疑 "
                           "违规项 o 于 x 超出前 1 之 q 金额 o.a “「{o.n}」{a 作 %}” }";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    Parsed(text.substr(0, size));
    Parsed(text.substr(0, size) + text.substr(std::min(size + 1, text.size())));
  }
}

} // namespace
} // namespace sanku::ast
