// See test_load.h. Lengths are read off the tests as they are written, and counted too long rather
// than too short: each list of a claim as all of its records.
#include "tools/deploy/test_load.h"

#include "compiler/analysis/steps.h"
#include "runtime/knowledge/csv.h"
#include "runtime/knowledge/fullest_key.h"
#include "runtime/types/match.h"
#include "tools/engine/test_data.h"

#include <algorithm>
#include <map>

namespace sanku::deploy {
namespace {

using diag::report;
using diag::Words;

// What one test gives.
struct Given {
  std::uint64_t elements = 0, visits = 1;
  std::map<std::string, std::uint64_t> rows = {}; // by table
};

std::uint64_t records(const ast::DataRecord& record);
std::uint64_t records(const ast::DataValue& value) {
  return std::visit(match{[](const ast::ExprPtr&) { return std::uint64_t{0}; },
                          [](const ast::DataRecord& record) { return records(record); },
                          [](const ast::DataList& list) {
                            std::uint64_t sum = 0;
                            for (const ast::DataValue& each : list.values)
                              sum += records(each);
                            return sum;
                          }},
                    value.form);
}
std::uint64_t records(const ast::DataRecord& record) {
  std::uint64_t sum = 1;
  for (const ast::DataField& field : record.fields)
    sum += records(*field.value);
  return sum;
}

std::uint64_t records(const std::vector<ast::DataValue>& values) {
  std::uint64_t sum = 0;
  for (const ast::DataValue& each : values)
    sum += records(each);
  return sum;
}

// A record of JSON has a brace.
std::uint64_t records_of_file(const engine::Rules& rules, const ast::GivenFile& given) {
  const std::filesystem::path beside =
      std::filesystem::path(rules.map.files[given.span.file].path).parent_path();
  const auto text = knowledge::read_file((beside / given.path).lexically_normal().string(),
                                         engine::reader_of(rules, given.span.file));
  return text ? static_cast<std::uint64_t>(std::ranges::count(*text, '{')) : 0;
}

Given given_by(const engine::Rules& rules, const ast::Test& test) {
  Given all;
  for (const auto& given : test.given)
    std::visit(
        match{[&](const ast::GivenClaim& claim) { all.elements += records(claim.claim); },
              [&](const ast::GivenFile& file) { all.elements += records_of_file(rules, file); },
              [&](const ast::GivenKnowledge& table) {
                all.rows[table.table.text] += table.rows.size();
                all.elements += table.rows.size();
              },
              [&](const ast::GivenHistory& past) {
                all.visits += past.visits.size();
                all.elements += records(past.visits);
              },
              [](const ast::GivenAnswer&) {}, [](const ast::GivenRegion&) {}},
        given);
  return all;
}

struct Counting {
  const engine::Rules& rules;
  const hir::Program& program = engine::program(rules);
  std::vector<exec::Steps> formulas = {};              // by rule
  std::map<std::uint32_t, std::uint64_t> fullest = {}; // by table
  std::vector<std::uint64_t> taken = {};               // steps by rule, of all tests

  std::uint64_t fullest_of(std::uint32_t table) {
    const auto known = fullest.find(table);
    if (known != fullest.end())
      return known->second;
    const std::uint64_t most = knowledge::fullest_key(program.tables[table].shape, program.schema,
                                                      rules.checked->tables[table]);
    return fullest.emplace(table, most).first->second;
  }

  std::uint64_t rows_of(std::uint32_t table, const Given& given, bool by_key) {
    const schema::Names& names = program.tables[table].shape.relation.names;
    for (const std::string& name : {names.en, names.zh})
      if (const auto found = given.rows.find(name); found != given.rows.end())
        return found->second;
    return by_key ? fullest_of(table) : rules.checked->tables[table].rows.size();
  }

  std::uint64_t length(const exec::Factor& factor, const Given& given,
                       const std::vector<bool>& asked) {
    switch (factor.of) {
    case exec::Length::list:
    case exec::Length::past_list:
    case exec::Length::group:
    case exec::Length::group_list:
    case exec::Length::same:
    case exec::Length::same_in_group:
      return given.elements;
    case exec::Length::visits:
      return given.visits;
    case exec::Length::table:
    case exec::Length::rows:
      break;
    }
    return asked[factor.id] ? rows_of(factor.id, given, factor.of == exec::Length::rows) : 0;
  }

  void add(const hir::Test& test, TestLoad& load) {
    const Given given = given_by(rules, *test.ast);
    const std::vector<bool> asked = engine::tables_asked(program, test);
    const auto sum = [](std::uint64_t& into, std::uint64_t more) {
      if (__builtin_add_overflow(into, more, &into))
        into = ~std::uint64_t{0};
    };
    ++load.tests;
    sum(load.elements, given.elements);
    for (std::uint32_t table = 0; table < asked.size(); ++table)
      if (asked[table])
        sum(load.rows, rows_of(table, given, false));
    for (std::size_t rule = 0; rule < formulas.size(); ++rule) {
      const std::uint64_t steps = exec::count(
          formulas[rule], [&](const exec::Factor& factor) { return length(factor, given, asked); });
      sum(load.steps, steps);
      sum(taken[rule], steps);
      load.heaviest = std::max(load.heaviest, taken[rule]);
    }
  }
};

} // namespace

TestLoad load_of(const engine::Rules& rules) {
  Counting counting{.rules = rules};
  for (const hir::Rule& rule : counting.program.rules)
    counting.formulas.push_back(analysis::whole(analysis::steps_of(counting.program, rule)));
  counting.taken.resize(counting.formulas.size());
  TestLoad load;
  for (const hir::Test& test : counting.program.tests)
    if (engine::is_named(rules, test.layer))
      counting.add(test, load);
  return load;
}

bool is_bearable(const TestLoad& load, const TestLoad& most, source::Span place,
                 diag::Diagnostics& diagnostics) {
  bool is = true;
  const auto hold = [&](const Words& what, std::uint64_t found, std::uint64_t limit) {
    if (found <= limit)
      return;
    report<"pack_file_limit">(diagnostics, place, what, found, limit);
    is = false;
  };
  hold({"测试数", "tests"}, load.tests, most.tests);
  hold({"测试给定的记录数", "records that tests give"}, load.elements, most.elements);
  hold({"测试用到的知识表行数", "rows of tables that tests look into"}, load.rows, most.rows);
  hold({"测试的步数", "steps of the tests"}, load.steps, most.steps);
  hold({"一条规则在测试中的步数", "steps of one rule in the tests"}, load.heaviest, most.heaviest);
  return is;
}

} // namespace sanku::deploy
