// See replay.h.
#include "tools/prove/replay.h"

#include "compiler/ast/from_parse_tree.h"
#include "compiler/evaluate/trace.h"
#include "compiler/prove/test_block.h"
#include "runtime/exec/finding.h"
#include "tools/engine/describe.h"
#include "tools/engine/expectations.h"
#include "tools/engine/test_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sanku::prove {

using abi::Outcome;

bool Done::any(Outcome outcome) const {
  return std::ranges::any_of(subjects, [&](const evaluate::SubjectOutcome& subject) {
    return subject.outcome == outcome;
  });
}

bool Done::fired_by(std::uint32_t branch) const {
  return std::ranges::any_of(subjects, [&](const evaluate::SubjectOutcome& subject) {
    return subject.finding && subject.finding->branch == branch;
  });
}

Outcome Done::outcome() const {
  for (const Outcome outcome : {Outcome::fired, Outcome::indeterminate, Outcome::clear})
    if (any(outcome))
      return outcome;
  return Outcome::not_applicable;
}

namespace {

ast::Expect expectation(const hir::Rule& rule, const Done& done) {
  ast::Expect expect;
  expect.rule = ast::Name{.text = rule.id, .span = {}};
  switch (done.outcome()) {
  case Outcome::fired:
    break;
  case Outcome::indeterminate: {
    expect.outcome = ast::Expected::indeterminate;
    std::set<std::string> missing;
    for (const evaluate::SubjectOutcome& subject : done.subjects)
      missing.insert(subject.missing.begin(), subject.missing.end());
    for (const std::string& name : missing)
      expect.missing.push_back(path_of(name));
    return expect;
  }
  case Outcome::clear:
    expect.outcome = ast::Expected::clear;
    return expect;
  case Outcome::not_applicable:
    expect.outcome = ast::Expected::not_applicable;
    return expect;
  }
  expect.outcome = ast::Expected::fired;
  std::set<ast::Severity> severities;
  bool computed = true;
  Int128 cents = 0;
  for (const evaluate::SubjectOutcome& subject : done.subjects) {
    if (!subject.finding)
      continue;
    severities.insert(engine::report_of(rule, subject.finding->branch).severity);
    std::int64_t amount = 0;
    computed = exec::amount_of(*subject.finding, amount) && computed;
    cents += amount;
  }
  if (severities.size() == 1)
    expect.severity = *severities.begin();
  if (computed)
    expect.amount = decimal_text(cents, 2, 2);
  else
    expect.amount_unknown = true;
  return expect;
}

std::string rows_text(const hir::Program& program, const knowledge::TableShape& shape,
                      const knowledge::Table& table) {
  std::string text = shape.relation.names.en + "\n";
  for (const std::vector<Value>& row : table.rows)
    for (std::size_t column = 0; column < row.size(); ++column)
      if (is_known(row[column]))
        text += fmt::format("{}={}\n", column,
                            evaluate::printed(row[column], shape.relation.columns[column].type,
                                              program.schema, Language::en));
  return text;
}

} // namespace

Replayer::Replayer(const engine::Rules& rules, engine::Compiled compiled)
    : rules_(rules), schema_(engine::schema_names(rules)), compiled_(std::move(compiled)),
      slow_(engine::make_engine(engine::program(rules), rules.checked->tables, nullptr,
                                {.kind = engine::EngineKind::evaluator})) {}

Result<std::unique_ptr<Replayer>> Replayer::make(const engine::Rules& rules) {
  auto compiled = engine::compile(engine::program(rules), jit::Level::none);
  if (!compiled)
    return tl::unexpected(compiled.error());
  return std::make_unique<Replayer>(rules, std::move(*compiled));
}

std::vector<bool> Replayer::fired(const ast::Test& written) const {
  const hir::Program& program = engine::program(rules_);
  std::vector<bool> fired(program.rules.size(), false);
  const hir::Test test = checked(written);
  const bool own_rows = std::ranges::any_of(written.given, [](const auto& given) {
    return std::holds_alternative<ast::GivenKnowledge>(given);
  });
  const auto given =
      own_rows ? engine::given_tables(rules_, test) : Result<std::vector<knowledge::Table>>();
  const auto batch = engine::given_batch(rules_, schema_, test, *slow_);
  if (!batch || !given)
    return fired;
  const auto& tables = own_rows ? *given : rules_.checked->tables;
  const evaluate::Input input{program, tables, *batch, engine::dictionaries(*slow_)};
  evaluate::Evaluator evaluator(input);
  const std::vector<bool>& context = batch->people.context;
  for (std::uint32_t settlement = 0; settlement < batch->settlements; ++settlement)
    for (std::uint32_t rule = 0; rule < program.rules.size(); ++rule) {
      if (!context.empty() && context[settlement] && !program.rules[rule].subject.across)
        continue;
      for (const evaluate::SubjectOutcome& outcome :
           evaluator.rule(settlement, rule, evaluate::Evaluator::Names::skip))
        fired[rule] = fired[rule] || outcome.outcome == Outcome::fired;
    }
  return fired;
}

// The test as the checker would hand it over, in the layer that was named.
hir::Test Replayer::checked(const ast::Test& written) const {
  const hir::Program& program = engine::program(rules_);
  const std::uint32_t layer = rules_.named.empty() ? 0 : rules_.named.front();
  hir::Test test{.ast = &written,
                 .expect_rules = {},
                 .layer = layer,
                 .region = program.layers.empty() ? std::string() : program.layers[layer].region};
  for (const ast::Expect& expect : written.expect) {
    const auto found = expect.rule
                           ? std::ranges::find(program.rules, expect.rule->text, &hir::Rule::id)
                           : program.rules.begin();
    test.expect_rules.push_back(static_cast<std::uint32_t>(found - program.rules.begin()));
  }
  return test;
}

std::optional<std::vector<Done>> Replayer::judge(const ast::Test& written,
                                                 const std::vector<std::uint32_t>& rules) const {
  const hir::Program& program = engine::program(rules_);
  const hir::Test test = checked(written);
  const auto tables = engine::given_tables(rules_, test);
  if (!tables)
    return std::nullopt;
  const auto slow =
      engine::make_engine(program, *tables, nullptr,
                          {.kind = engine::EngineKind::evaluator, .list_indeterminate = true});
  const auto fast =
      engine::make_engine(program, *tables, compiled_.image.get(), {.list_indeterminate = true});
  const auto batch = engine::given_batch(rules_, schema_, test, *slow);
  const auto same_batch = engine::given_batch(rules_, schema_, test, *fast);
  if (!batch || !same_batch)
    return std::nullopt;
  exec::PeersOfRules peers = engine::no_peers(program);
  engine::Judge(*slow).collect(*batch, peers);
  exec::finish(peers);
  const exec::BlockResult expected = engine::Judge(*slow).judge(*batch);
  const exec::BlockResult found = engine::Judge(*fast).judge(*same_batch);
  if (!std::ranges::equal(expected.findings, found.findings, exec::same) ||
      expected.indeterminate != found.indeterminate)
    return std::nullopt;
  std::vector<Done> done(rules.size());
  const evaluate::Input input{program, *tables, *batch, engine::dictionaries(*slow), &peers};
  evaluate::Evaluator evaluator(input);
  const std::vector<bool>& context = batch->people.context;
  for (std::uint32_t settlement = 0; settlement < batch->settlements; ++settlement)
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const bool beside = !context.empty() && context[settlement];
      if (beside && !program.rules[rules[i]].subject.across)
        continue;
      std::ranges::move(evaluator.rule(settlement, rules[i]), std::back_inserter(done[i].subjects));
    }
  return done;
}

bool Replayer::passes(const std::string& text) const {
  const hir::Program& program = engine::program(rules_);
  source::SourceMap map;
  diag::Diagnostics told;
  const ast::File file = ast::parse(map, source::add(map, "test", text), told);
  const auto* read = file.decls.empty() ? nullptr : std::get_if<ast::Test>(&file.decls.front());
  if (read == nullptr)
    return false;
  const hir::Test test = checked(*read);
  const auto tables = engine::given_tables(rules_, test);
  const auto batch = engine::given_batch(rules_, schema_, test, *slow_);
  if (!tables || !batch)
    return false;
  exec::PeersOfRules peers = engine::no_peers(program);
  const evaluate::Input input{program, *tables, *batch, engine::dictionaries(*slow_), &peers};
  evaluate::Evaluator evaluator(input);
  evaluator.collect(peers);
  exec::finish(peers);
  for (std::size_t i = 0; i < read->expect.size(); ++i)
    if (test.expect_rules[i] >= program.rules.size() ||
        !engine::met(read->expect[i], engine::did(evaluator, input, test.expect_rules[i]), schema_))
      return false;
  return true;
}

std::string Replayer::given(const std::string& text) const {
  source::SourceMap map;
  diag::Diagnostics told;
  const ast::File file = ast::parse(map, source::add(map, "test", text), told);
  const auto* read = file.decls.empty() ? nullptr : std::get_if<ast::Test>(&file.decls.front());
  return read == nullptr ? std::string() : given(*read);
}

std::string Replayer::given(const ast::Test& written) const {
  const hir::Program& program = engine::program(rules_);
  const hir::Test test = checked(written);
  std::string text;
  const auto tables = engine::given_tables(rules_, test);
  for (std::size_t i = 0; tables && i < tables->size(); ++i)
    if (rules_.checked->tables[i].rows.empty() && !(*tables)[i].rows.empty())
      text += rows_text(program, program.tables[i].shape, (*tables)[i]);
  const auto batch = engine::given_batch(rules_, schema_, test, *slow_);
  if (!batch)
    return {};
  for (std::uint32_t relation = 0; relation < program.schema.relations.size(); ++relation) {
    const schema::Relation& list = program.schema.relations[relation];
    const std::uint32_t rows =
        relation == 0 ? batch->settlements : batch->relations[relation].offsets.back();
    for (std::uint32_t row = 0; row < rows; ++row)
      for (std::uint32_t column = 0; column < list.columns.size(); ++column) {
        const Value value = batch::value_at(*batch, program.schema, engine::dictionaries(*slow_),
                                            relation, column, row);
        if (is_known(value))
          text += fmt::format(
              "{}.{}.{}={}\n", relation, row, column,
              evaluate::printed(value, list.columns[column].type, program.schema, Language::en));
      }
  }
  return text;
}

std::optional<Replayed> Replayer::replay(ast::Test test, const std::vector<std::uint32_t>& rules,
                                         bool chinese) const {
  const hir::Program& program = engine::program(rules_);
  for (const std::uint32_t rule : rules) {
    const hir::Rule& form = program.rules[rule];
    test.of.push_back({.text = form.id, .span = {}});
    ast::Expect expect;
    expect.rule = ast::Name{.text = form.id, .span = {}};
    expect.outcome = ast::Expected::fired;
    test.expect.push_back(std::move(expect));
  }
  const auto done = judge(test, rules);
  if (!done)
    return std::nullopt;
  for (std::size_t i = 0; i < rules.size(); ++i)
    test.expect[i] = expectation(program.rules[rules[i]], (*done)[i]);
  const ast::Spelling spelling = chinese ? ast::Spelling::zh : ast::Spelling::en;
  Replayed made{.done = {}, .text = prove::print(std::move(test), spelling)};
  // As it reads: the text alone decides what is said about it.
  source::SourceMap map;
  diag::Diagnostics told;
  const ast::File file = ast::parse(map, source::add(map, "witness", made.text), told);
  if (diag::has_errors(told) || file.decls.size() != 1)
    return std::nullopt;
  const auto* read = std::get_if<ast::Test>(&file.decls.front());
  auto again = read == nullptr ? std::nullopt : judge(*read, rules);
  if (!again)
    return std::nullopt;
  made.done = std::move(*again);
  return made;
}

} // namespace sanku::prove
