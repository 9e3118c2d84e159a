// The report of a test run (run_tests.h).
#include "tools/engine/layout.h"
#include "tools/engine/run_tests.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace sanku::engine {
namespace {

constexpr std::string_view green = "\x1b[32m", red = "\x1b[31m", plain = "\x1b[0m";

std::string place_text(const Rules& rules, source::Span span) {
  return fmt::format("{}:{}", rules.map.files[span.file].path,
                     source::place_of(rules.map, span.file, span.begin).line);
}

void append_result(std::string& out, const Rules& rules, const TestResult& result,
                   ReportStyle style) {
  const bool passed = result.failures.empty();
  const std::string_view mark = passed ? "✓" : "✗";
  if (style.colour)
    out += fmt::format("  {}{}{} {}\n", passed ? green : red, mark, plain, result.test->ast->title);
  else
    out += fmt::format("  {} {}\n", mark, result.test->ast->title);
  const auto row = [&](std::string_view zh, std::string_view en, const std::string& text) {
    if (!text.empty())
      out += fmt::format("      {} {}\n", padded(words(style.language, zh, en), 9), text);
  };
  for (const TestFailure& failure : result.failures) {
    row("预期", "expected", failure.expected);
    row("实际", "found", failure.found);
    row("原因", "because", failure.because);
    row("位置", "at", place_text(rules, failure.span));
  }
}

// Which outcomes of a rule some test expects.
struct Covered {
  bool firing = false, clear = false, indeterminate = false;
  [[nodiscard]] bool whole() const { return firing && clear && indeterminate; }
};

std::vector<Covered> coverage(const hir::Program& program) {
  std::vector<Covered> covered(program.rules.size());
  if (covered.empty())
    return covered;
  for (const hir::Test& test : program.tests) {
    for (std::size_t i = 0; i < test.ast->expect.size(); ++i) {
      Covered& rule = covered[test.expect_rules[i]];
      switch (test.ast->expect[i].outcome) {
      case ast::Expected::fired:
        rule.firing = true;
        break;
      case ast::Expected::clear:
        rule.clear = true;
        break;
      case ast::Expected::indeterminate:
        rule.indeterminate = true;
        break;
      case ast::Expected::not_applicable:
      case ast::Expected::nothing:
        break;
      }
    }
  }
  return covered;
}

std::string lacking(const std::string& rule, const Covered& covered, Language language) {
  std::vector<std::string_view> kinds;
  if (!covered.firing)
    kinds.push_back(words(language, "触发", "a firing"));
  if (!covered.clear)
    kinds.push_back(words(language, "未触发", "a clear"));
  if (!covered.indeterminate)
    kinds.push_back(words(language, "无法判定", "an indeterminate"));
  return language == Language::zh ? fmt::format("{} 缺少{}的测试", rule, fmt::join(kinds, "、"))
                                  : fmt::format("{} lacks {} one", rule, fmt::join(kinds, ", "));
}

std::string coverage_text(const std::vector<const hir::Rule*>& rules,
                          const std::vector<Covered>& covered, Language language) {
  const auto whole = static_cast<std::size_t>(std::ranges::count_if(covered, &Covered::whole));
  std::string out = language == Language::zh
                        ? fmt::format("{} 条规则, 其中 {} 条三种测试(触发、未触发、无法判定)齐全",
                                      rules.size(), whole)
                        : fmt::format("{} {}; {} with a firing, a clear and an indeterminate test",
                                      rules.size(), rules.size() == 1 ? "rule" : "rules", whole);
  for (std::size_t i = 0; i < covered.size(); ++i)
    if (!covered[i].whole())
      out += "; " + lacking(rules[i]->id, covered[i], language);
  return out;
}

} // namespace

std::string test_report(const Rules& rules, const TestRun& run,
                        const std::set<std::uint32_t>& files, ReportStyle style) {
  std::string out;
  std::optional<std::uint32_t> file;
  std::size_t failed = 0;
  for (const TestResult& result : run.results) {
    const std::uint32_t own = result.test->ast->span.file;
    if (file != own)
      out += fmt::format("{}{}\n", file ? "\n" : "", rules.map.files[own].path);
    file = own;
    append_result(out, rules, result, style);
    failed += !result.failures.empty();
  }
  const hir::Program& program = engine::program(rules);
  const std::vector<Covered> all = coverage(program);
  std::vector<const hir::Rule*> shown;
  std::vector<Covered> covered;
  for (std::size_t i = 0; i < program.rules.size(); ++i) {
    if (!files.empty() && !files.contains(program.rules[i].span.file))
      continue;
    shown.push_back(&program.rules[i]);
    covered.push_back(all[i]);
  }
  const std::size_t passed = run.results.size() - failed;
  const std::string counts = style.language == Language::zh
                                 ? fmt::format("{} 项通过, {} 项未通过", passed, failed)
                                 : fmt::format("{} passed, {} failed", passed, failed);
  out += fmt::format("{}{}  ({})\n", run.results.empty() ? "" : "\n", counts,
                     coverage_text(shown, covered, style.language));
  if (!run.is_compiled)
    out += words(style.language, "编译用时超过上限，测试仅由解释执行完成\n",
                 "compiling took longer than the limit, so only the evaluator judged the tests\n");
  return out;
}

} // namespace sanku::engine
