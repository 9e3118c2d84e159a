// See files.h.
#include "tools/measure/files.h"

#include "runtime/io/json_text.h"
#include "tools/engine/layout.h"
#include "tools/html/page.h"
#include "tools/measure/coverage_text.h"
#include "tools/measure/lines.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::measure {
namespace {

using html::escaped; // what HTML escapes, XML does

std::string in_json(std::string_view text) {
  std::string out;
  io::append_json_string(out, text);
  return out;
}

std::string number_of(const Tally& tally) {
  const std::uint32_t share = per_cent(tally);
  return fmt::format("{}.{:02}", share / 100, share % 100);
}
// Between 0 and 1, as Cobertura has it.
std::string rate(const Tally& tally) {
  const std::uint32_t share = per_cent(tally);
  return fmt::format("{}.{:04}", share / 10'000, share % 10'000);
}

std::string place(const Rules& rules, source::Span span) {
  const source::Place at = source::place_of(rules.map, span.file, span.begin);
  return fmt::format("\"file\":{},\"line\":{},\"column\":{}",
                     in_json(rules.map.files[span.file].path), at.line, at.column);
}

std::string goal_json(const Rules& rules, const Goal& goal) {
  std::string out = fmt::format("{{\"measure\":\"{}\"", words_of(goal.measure).key);
  if (goal.rule)
    out += ",\"rule\":" + in_json(engine::program(rules).rules[*goal.rule].id);
  out += fmt::format(",{},\"what\":{},\"what_zh\":{},\"way\":{},\"tests\":{},\"reached\":{}",
                     place(rules, goal.span), in_json(goal.en), in_json(goal.zh),
                     in_json(goal.way_en), goal.tests, goal.reached);
  if (goal.by != nullptr)
    out += ",\"by\":" + in_json(goal.by->ast->title);
  return out + "}";
}

std::string tally_json(const Tally& tally) {
  return fmt::format("\"reached\":{},\"all\":{},\"per_cent\":{}", tally.reached, tally.all,
                     number_of(tally));
}

std::string rule_json(const Rules& rules, const RuleCover& cover) {
  const hir::Rule& rule = engine::program(rules).rules[cover.rule];
  return fmt::format("{{\"rule\":{},\"title\":{},\"title_zh\":{},{},\"tests\":{},\"fired\":{},"
                     "\"clear\":{},\"not_applicable\":{},\"indeterminate\":{}}}",
                     in_json(rule.id), in_json(rule.title_en), in_json(rule.title_zh),
                     place(rules, rule.span), cover.tests.size(), cover.fired, cover.clear,
                     cover.not_applicable, cover.indeterminate);
}

template <class Each, class Write>
void append_array(std::string& out, std::string_view name, const std::vector<Each>& all,
                  const Write& write) {
  out += fmt::format(",\n\"{}\":[", name);
  for (std::size_t i = 0; i < all.size(); ++i)
    out += (i == 0 ? "\n" : ",\n") + write(all[i]);
  out += "]";
}

} // namespace

std::string coverage_json(const Rules& rules, const Coverage& coverage) {
  std::string out = fmt::format("{{\"pack\":{},\n\"coverage\":{{{}}},\n\"measures\":{{",
                                in_json(engine::label(rules)), tally_json(coverage.whole));
  for (std::size_t i = 0; i < measure_count; ++i)
    out += fmt::format("{}\"{}\":{{{},\"counted\":{}}}", i == 0 ? "\n" : ",\n",
                       words_of(static_cast<Measure>(i)).key, tally_json(coverage.tallies[i]),
                       counts(static_cast<Measure>(i)));
  out += "}";
  append_array(out, "rules", coverage.rules,
               [&](const RuleCover& cover) { return rule_json(rules, cover); });
  append_array(out, "goals", coverage.goals,
               [&](const Goal& goal) { return goal_json(rules, goal); });
  append_array(out, "shares", coverage.shares, [&](const Share& share) {
    return fmt::format("{{\"measure\":\"{}\",\"name\":{},{},\"given\":{}}}",
                       words_of(share.measure).key, in_json(share.names.en),
                       tally_json({.all = share.all, .reached = share.reached}), share.given);
  });
  append_array(out, "unused_sources", coverage.unused, [&](const UnusedSource& each) {
    return fmt::format("{{\"title\":{},{}}}", in_json(each.title), place(rules, each.span));
  });
  return out + "}\n";
}

std::string lcov(const Rules& rules, const Coverage& coverage) {
  std::string out = "TN:\n";
  for (const FileCover& file : files_of(rules, coverage)) {
    out += fmt::format("SF:{}\n", rules.map.files[file.file].path);
    std::uint64_t functions = 0, called = 0;
    std::string hits;
    for (const auto& [at, line] : file.lines)
      for (const std::uint32_t rule : line.rules) {
        ++functions;
        called += line.tests > 0;
        const std::string& id = engine::program(rules).rules[rule].id;
        out += fmt::format("FN:{},{}\n", at, id);
        hits += fmt::format("FNDA:{},{}\n", line.tests, id);
      }
    out += hits + fmt::format("FNF:{}\nFNH:{}\n", functions, called);
    for (const auto& [at, line] : file.lines)
      for (std::size_t i = 0; i < line.goals.size(); ++i)
        out += fmt::format("BRDA:{},0,{},{}\n", at, i,
                           line.tests == 0 ? "-"
                           : line.goals[i]->reached
                               ? fmt::format("{}", std::max<std::uint64_t>(line.goals[i]->tests, 1))
                               : "0");
    out += fmt::format("BRF:{}\nBRH:{}\n", file.branch.all, file.branch.reached);
    for (const auto& [at, line] : file.lines)
      out += fmt::format("DA:{},{}\n", at, line.tests);
    out += fmt::format("LF:{}\nLH:{}\nend_of_record\n", file.line.all, file.line.reached);
  }
  return out;
}

std::string cobertura(const Rules& rules, const Coverage& coverage) {
  const std::vector<FileCover> files = files_of(rules, coverage);
  Tally line, branch;
  std::string classes;
  for (const FileCover& file : files) {
    line = {line.all + file.line.all, line.reached + file.line.reached};
    branch = {branch.all + file.branch.all, branch.reached + file.branch.reached};
    const std::string path = escaped(rules.map.files[file.file].path);
    classes += fmt::format("<class name=\"{}\" filename=\"{}\" line-rate=\"{}\" branch-rate=\"{}\" "
                           "complexity=\"0\"><methods/><lines>\n",
                           path, path, rate(file.line), rate(file.branch));
    for (const auto& [at, each] : file.lines) {
      Tally goals{.all = each.goals.size()};
      for (const Goal* goal : each.goals)
        goals.reached += goal->reached;
      classes += fmt::format("<line number=\"{}\" hits=\"{}\"", at, each.tests);
      if (goals.all == 0)
        classes += " branch=\"false\"/>\n";
      else
        classes += fmt::format(" branch=\"true\" condition-coverage=\"{}% ({}/{})\"/>\n",
                               per_cent(goals) / 100, goals.reached, goals.all);
    }
    classes += "</lines></class>\n";
  }
  const std::string rates =
      fmt::format("line-rate=\"{}\" branch-rate=\"{}\"", rate(line), rate(branch));
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<!DOCTYPE coverage SYSTEM \"http://cobertura.sourceforge.net/xml/coverage-04.dtd\">\n"
      "<coverage {} lines-covered=\"{}\" lines-valid=\"{}\" branches-covered=\"{}\" "
      "branches-valid=\"{}\" complexity=\"0\" version=\"sanku\" timestamp=\"0\">\n"
      "<sources><source>.</source></sources>\n<packages>\n<package name=\"{}\" {} "
      "complexity=\"0\"><classes>\n{}</classes></package>\n</packages>\n</coverage>\n",
      rates, line.reached, line.all, branch.reached, branch.all, escaped(engine::label(rules)),
      rates, classes);
}

std::string junit(const Rules& rules, const engine::TestRun& run, Language language) {
  std::map<std::uint32_t, std::vector<const engine::TestResult*>> suites;
  std::size_t failed = 0;
  for (const engine::TestResult& result : run.results) {
    suites[result.test->ast->span.file].push_back(&result);
    failed += !result.failures.empty();
  }
  std::string out = fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "
                                "name=\"{}\" tests=\"{}\" failures=\"{}\">\n",
                                escaped(engine::label(rules)), run.results.size(), failed);
  for (const auto& [file, results] : suites) {
    const std::string path = escaped(rules.map.files[file].path);
    const auto failures = std::ranges::count_if(
        results, [](const engine::TestResult* each) { return !each->failures.empty(); });
    out += fmt::format("<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" "
                       "skipped=\"0\">\n",
                       path, results.size(), failures);
    for (const engine::TestResult* result : results) {
      const ast::Test& test = *result->test->ast;
      out +=
          fmt::format("<testcase name=\"{}\" classname=\"{}\" file=\"{}\" line=\"{}\"",
                      escaped(test.title), test.of.empty() ? path : escaped(test.of.front().text),
                      path, source::place_of(rules.map, file, test.span.begin).line);
      if (result->failures.empty()) {
        out += "/>\n";
        continue;
      }
      out += ">\n";
      for (const engine::TestFailure& failure : result->failures) {
        const auto row = [&](std::string_view zh, std::string_view en, const std::string& text) {
          return text.empty() ? std::string()
                              : fmt::format("{} {}\n", engine::words(language, zh, en), text);
        };
        const std::string all = row("预期", "expected", failure.expected) +
                                row("实际", "found", failure.found) +
                                row("原因", "because", failure.because);
        out += fmt::format("<failure message=\"{}\">{}</failure>\n", escaped(failure.found),
                           escaped(all));
      }
      out += "</testcase>\n";
    }
    out += "</testsuite>\n";
  }
  return out + "</testsuites>\n";
}

} // namespace sanku::measure
