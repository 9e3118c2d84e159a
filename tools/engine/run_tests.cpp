// See run_tests.h; the report is in test_report.cpp.
#include "tools/engine/run_tests.h"

#include "compiler/evaluate/trace.h"
#include "compiler/hir/data.h"
#include "runtime/types/check.h"
#include "tools/engine/describe.h"
#include "tools/engine/engine.h"
#include "tools/engine/expectations.h"
#include "tools/engine/reasons.h"
#include "tools/engine/test_data.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::engine {
namespace {

using abi::Outcome;
using ast::Expected;

struct Runner {
  const Rules& rules;
  const hir::Program& program;
  hir::CheckedSchema schema;
  Compiled compiled;
  Language language;

  std::string_view pick(std::string_view zh, std::string_view en) const {
    return language == Language::zh ? zh : en;
  }

  std::string outcome_text(Outcome outcome) const {
    switch (outcome) {
    case Outcome::fired:
      return std::string(pick("触发", "fired"));
    case Outcome::indeterminate:
      return std::string(pick("无法判定", "indeterminate"));
    case Outcome::clear:
      return std::string(pick("未触发", "clear"));
    case Outcome::not_applicable:
      break;
    }
    return std::string(pick("不适用", "not applicable"));
  }

  // ---- expectations

  std::string missing_text(const std::set<std::string>& missing) const {
    return missing.empty()
               ? std::string()
               : fmt::format(" ({} {})", pick("缺失", "missing"), fmt::join(missing, ", "));
  }

  std::string expected_text(const ast::Expect& expect, const std::string& rule) const {
    switch (expect.outcome) {
    case Expected::nothing:
      return std::string(pick("没有疑点", "nothing"));
    case Expected::clear:
      return rule + " " + outcome_text(Outcome::clear);
    case Expected::not_applicable:
      return rule + " " + outcome_text(Outcome::not_applicable) +
             (expect.exemption ? " " + *expect.exemption : "");
    case Expected::indeterminate:
      return rule + " " + outcome_text(Outcome::indeterminate) +
             missing_text(expected_missing(expect, schema));
    case Expected::fired:
      break;
    }
    std::string text = rule + " " +
                       (expect.severity ? std::string(severity_text(*expect.severity, language))
                                        : outcome_text(Outcome::fired));
    if (expect.amount)
      text += fmt::format(" {} {}", pick("金额", "amount"), *expect.amount);
    if (expect.amount_unknown)
      text += pick(" 金额待核", " amount unknown");
    if (!expect.lines.empty())
      text += fmt::format(" {} {}", pick("明细行", "lines"), fmt::join(expect.lines, ", "));
    return text;
  }

  std::string found_text(const Did& did, const std::string& rule) const {
    const Outcome outcome = outcome_of(did);
    if (outcome != Outcome::fired)
      return rule + " " + outcome_text(outcome) + missing_text(did.missing) +
             (did.exemptions.empty() ? std::string()
                                     : fmt::format(" {}", fmt::join(did.exemptions, ", ")));
    std::string text = rule;
    for (const ast::Severity severity : did.severities)
      text += " " + std::string(severity_text(severity, language));
    if (!did.computed)
      return text + std::string(pick(" 金额待核", " amount unknown"));
    return text + fmt::format(" {} {}", pick("金额", "amount"), decimal_text(did.cents, 2, 2));
  }

  // The conditions of the subject that came nearest, with what stood there.
  std::string because(const evaluate::Input& input, std::uint32_t rule) const {
    std::vector<evaluate::Trace> traces;
    for (std::uint32_t settlement = 0; settlement < input.batch.settlements; ++settlement)
      if (is_judged(input, settlement, rule))
        std::ranges::move(evaluate::trace(input, settlement, rule), std::back_inserter(traces));
    if (input.batch.settlements == 0)
      return {};
    const auto nearest = std::ranges::max_element(traces, {}, [](const evaluate::Trace& trace) {
      return static_cast<int>(trace.outcome.outcome);
    });
    if (nearest == traces.end())
      return std::string(
          pick("结算单中没有该规则的对象", "the settlement has nothing that the rule is about"));
    std::string text;
    const auto add = [&](const evaluate::Node& node) {
      for (const Reason& reason : reasons(node, program.schema, rules.map, language))
        text += fmt::format("{}{}: {} {}", text.empty() ? "" : "; ", reason.written, reason.values,
                            truth_text(reason.truth, language));
    };
    for (const evaluate::GuardTrace& guard : nearest->guards) {
      if (guard.truth == Tri::yes || !guard.condition)
        continue;
      if (guard.table && guard.truth == Tri::no)
        text += fmt::format(
            "{}{}", text.empty() ? "" : "; ",
            fmt::format(fmt::runtime(pick("知识表 {} 中没有 {}", "table {} has no row for {}")),
                        program.tables[*guard.table].shape.relation.names.en,
                        evaluate::printed(guard.condition->value, guard.condition->type,
                                          program.schema, language)));
      else
        add(*guard.condition);
    }
    for (const evaluate::BranchTrace& branch : nearest->branches)
      if (branch.condition)
        add(*branch.condition);
    return text;
  }

  // ---- one test

  void judge(const hir::Test& test, const evaluate::Input& input, TestResult& result) const {
    evaluate::Evaluator evaluator(input);
    for (std::size_t i = 0; i < test.ast->expect.size(); ++i) {
      const ast::Expect& expect = test.ast->expect[i];
      if (expect.outcome == Expected::nothing) {
        expect_nothing(test, expect, evaluator, input, result);
        continue;
      }
      const std::uint32_t rule = test.expect_rules[i];
      const Did done = did(evaluator, input, rule);
      if (met(expect, done, schema))
        continue;
      const std::string& id = program.rules[rule].id;
      std::string found = found_text(done, id);
      if (!expect.lines.empty() && !done.lines.empty())
        found += fmt::format(" {} {}", pick("明细行", "lines"), fmt::join(done.lines, ", "));
      result.failures.push_back({.expected = expected_text(expect, id),
                                 .found = std::move(found),
                                 .because = because(input, rule),
                                 .span = expect.span});
    }
  }

  // Of the rules that the test is about; of all when it names none.
  void expect_nothing(const hir::Test& test, const ast::Expect& expect,
                      evaluate::Evaluator& evaluator, const evaluate::Input& input,
                      TestResult& result) const {
    for (const std::uint32_t rule : rules_of_nothing(program, test)) {
      const std::string& id = program.rules[rule].id;
      const Did done = did(evaluator, input, rule);
      if (done.outcomes.contains(Outcome::fired))
        result.failures.push_back({.expected = expected_text(expect, id),
                                   .found = found_text(done, id),
                                   .because = because(input, rule),
                                   .span = expect.span});
    }
  }

  // Evaluator and compiled code over the same rows: the same findings and the same undecided
  // subjects.
  Result<bool> agree(const hir::Test& test, const std::vector<knowledge::Table>& tables,
                     const exec::BlockResult& expected) const {
    const auto engine =
        make_engine(program, tables, compiled.image.get(), {.list_indeterminate = true});
    auto batch = given_batch(rules, schema, test, *engine);
    if (!batch)
      return tl::unexpected(batch.error());
    const exec::BlockResult found = Judge(*engine).judge(*batch);
    return std::ranges::equal(expected.findings, found.findings, exec::same) &&
           expected.indeterminate == found.indeterminate;
  }

  TestResult run(const hir::Test& test, TestRun& whole) const {
    TestResult result{.test = &test, .failures = {}};
    const auto failed = [&](const Error& error) {
      result.failures.push_back({.expected = {},
                                 .found = std::string(pick(error.zh, error.en)),
                                 .because = {},
                                 .span = test.ast->span});
      return result;
    };
    const auto tables = given_tables(rules, test);
    if (!tables)
      return failed(tables.error());
    const auto engine = make_engine(program, *tables, nullptr,
                                    {.kind = EngineKind::evaluator, .list_indeterminate = true});
    auto batch = given_batch(rules, schema, test, *engine);
    if (!batch)
      return failed(batch.error());
    exec::PeersOfRules peers = no_peers(program);
    Judge(*engine).collect(*batch, peers);
    exec::finish(peers);
    judge(test, {program, *tables, *batch, dictionaries(*engine), &peers}, result);
    if (!compiled.image)
      return result;
    const auto agreed = agree(test, *tables, Judge(*engine).judge(*batch));
    if (!agreed)
      return failed(agreed.error());
    if (!*agreed) {
      ++whole.disagreements;
      return failed(
          {.en = "evaluator and compiled code disagree on this test; this is a fault of sanku, not "
                 "of the rule",
           .zh = "解释执行与编译执行在此测试上结果不同；这是 sanku 的缺陷，不是规则的问题"});
    }
    return result;
  }
};

} // namespace

Result<TestRun> run_tests(const Rules& rules, const std::set<std::uint32_t>& files,
                          const TestOptions& options) {
  const hir::Program& program = engine::program(rules);
  auto compiled = compile(program, options.level, options.most_seconds);
  if (!compiled)
    return tl::unexpected(compiled.error());
  const Runner runner{.rules = rules,
                      .program = program,
                      .schema = schema_names(rules),
                      .compiled = std::move(*compiled),
                      .language = options.language};
  TestRun run;
  run.is_compiled = runner.compiled.image != nullptr;
  for (const hir::Test& test : program.tests)
    if (files.empty() ? is_named(rules, test.layer) : files.contains(test.ast->span.file))
      run.results.push_back(runner.run(test, run));
  return run;
}

} // namespace sanku::engine
