// See test.h.
#include "runtime/io/files.h"
#include "tools/measure/coverage_html.h"
#include "tools/measure/coverage_text.h"
#include "tools/measure/files.h"
#include "tools/measure/mutation_text.h"
#include "tools/prove/generate.h"
#include "tools/sanku/test.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace sanku::command {
namespace {

using measure::Coverage;
using measure::Tally;

struct FormRow {
  std::string_view name;
  ReportForm form;
};
constexpr std::array<FormRow, 6> forms = {{
    {"json", ReportForm::json},
    {"lcov", ReportForm::lcov},
    {"cobertura", ReportForm::cobertura},
    {"html", ReportForm::html},
    {"junit", ReportForm::junit},
    {"mutation", ReportForm::mutation},
}};

std::optional<measure::Measure> measure_named(std::string_view key) {
  for (std::size_t i = 0; i < measure::measure_count; ++i)
    if (measure::words_of(static_cast<measure::Measure>(i)).key == key)
      return static_cast<measure::Measure>(i);
  return std::nullopt;
}

Error wrong(std::string_view option, std::string_view text, std::string_view zh,
            std::string_view en) {
  return {.en = fmt::format("{} `{}`: {}", option, text, en),
          .zh = fmt::format("{} “{}”：{}", option, text, zh)};
}

Result<WantedMeasures::Report> report_of(const std::string& text) {
  const std::size_t equals = text.find('=');
  const auto row =
      std::ranges::find(forms, std::string_view(text).substr(0, equals), &FormRow::name);
  if (equals == std::string::npos || row == forms.end() || equals + 1 == text.size())
    return tl::unexpected(wrong(
        "--report", text, "写作 形式=文件，形式为 json、lcov、cobertura、html、junit 或 mutation",
        "is written FORM=FILE, the form being json, lcov, cobertura, html, junit or mutation"));
  return WantedMeasures::Report{.form = row->form, .path = text.substr(equals + 1)};
}

Result<WantedMeasures::Demand> demand_of(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string what = text.substr(0, equals);
  Int128 hundredths = 0;
  const bool is_named = what == "coverage" || what == "mutation" || measure_named(what);
  if (equals == std::string::npos || !is_named ||
      !parse_decimal(std::string_view(text).substr(equals + 1), 2, hundredths) || hundredths < 0 ||
      hundredths > 10'000) {
    std::string names = "coverage, mutation";
    for (std::size_t i = 0; i < measure::measure_count; ++i)
      names += fmt::format(", {}", measure::words_of(static_cast<measure::Measure>(i)).key);
    return tl::unexpected(wrong("--at-least", text,
                                fmt::format("写作 度量=百分比，度量为 {}", names),
                                fmt::format("is written WHAT=PERCENT, of {}", names)));
  }
  return WantedMeasures::Demand{.what = what, .hundredths = static_cast<std::uint32_t>(hundredths)};
}

bool is_of_coverage(ReportForm form) {
  return form != ReportForm::junit && form != ReportForm::mutation;
}

int write_report(const std::string& path, std::string_view text, const Terminal& terminal) {
  auto file = io::OutputFile::create(path);
  if (!file)
    return fail(file.error(), terminal, exit_code::refused_by_system);
  if (const auto sent = file->write(text); !sent)
    return fail(sent.error(), terminal, exit_code::refused_by_system);
  if (const auto done = file->finish(); !done)
    return fail(done.error(), terminal, exit_code::refused_by_system);
  return exit_code::clean;
}

// What was measured, as far as it was asked for.
struct Measured {
  const engine::Rules& rules;
  const engine::TestRun& run;
  std::optional<Coverage> coverage = std::nullopt;
  std::optional<measure::Mutation> mutation = std::nullopt;
};

std::string report_text(ReportForm form, const Measured& measured, const Terminal& terminal) {
  switch (form) {
  case ReportForm::json:
    return measure::coverage_json(measured.rules, *measured.coverage);
  case ReportForm::lcov:
    return measure::lcov(measured.rules, *measured.coverage);
  case ReportForm::cobertura:
    return measure::cobertura(measured.rules, *measured.coverage);
  case ReportForm::html:
    return measure::coverage_html(measured.rules, *measured.coverage, terminal.language);
  case ReportForm::junit:
    return measure::junit(measured.rules, measured.run, terminal.language);
  case ReportForm::mutation:
    break;
  }
  return measure::mutation_json(measured.rules, *measured.mutation);
}

std::uint32_t found_of(const WantedMeasures::Demand& demand, const Measured& measured) {
  if (demand.what == "mutation")
    return measure::per_cent(measured.mutation->score());
  if (const auto one = measure_named(demand.what))
    return measure::per_cent(measured.coverage->tallies[static_cast<std::size_t>(*one)]);
  return measure::per_cent(measured.coverage->whole);
}

// Says which demands are not met.
bool meets(const WantedMeasures& wanted, const Measured& measured, const Terminal& terminal) {
  bool met = true;
  for (const WantedMeasures::Demand& demand : wanted.demands) {
    const std::uint32_t found = found_of(demand, measured);
    if (found >= demand.hundredths)
      continue;
    met = false;
    const std::string is = measure::per_cent_text(found),
                      should = measure::per_cent_text(demand.hundredths);
    complain(terminal.pick(
        fmt::format("{} 为 {}，低于要求的 {}", demand.what, is, should),
        fmt::format("{} is {}, less than the {} that is demanded", demand.what, is, should)));
  }
  return met;
}

} // namespace

Result<WantedMeasures> wanted_measures(const Arguments& arguments) {
  WantedMeasures wanted{.coverage = arguments.coverage,
                        .mutation = arguments.mutate,
                        .reports = {},
                        .demands = {},
                        .sample = arguments.sample,
                        .seed = arguments.seed};
  for (const std::string& text : arguments.reports) {
    auto report = report_of(text);
    if (!report)
      return tl::unexpected(report.error());
    wanted.reports.push_back(std::move(*report));
  }
  for (const std::string& text : arguments.at_least) {
    auto demand = demand_of(text);
    if (!demand)
      return tl::unexpected(demand.error());
    wanted.demands.push_back(std::move(*demand));
  }
  return wanted;
}

// Where the tests of a rule decide nothing, the solver brings claims to look from.
static measure::Mutation mutated(const Scope& scope, const WantedMeasures& wanted,
                                 const Terminal& terminal) {
  std::optional<prove::EdgeClaims> edges;
  const auto more_claims = [&](std::uint32_t rule) {
    if (!edges)
      edges.emplace(*scope.rules, prove::Options());
    return edges->of(rule);
  };
  return measure::mutation(*scope.rules, {.files = scope.files,
                                          .sample = wanted.sample,
                                          .seed = wanted.seed,
                                          .language = terminal.language,
                                          .more_claims = more_claims});
}

int measure_tests(const Scope& scope, const engine::TestRun& run, const WantedMeasures& wanted,
                  const Terminal& terminal, std::string& out) {
  Measured measured{.rules = *scope.rules, .run = run};
  const engine::ReportStyle style{.language = terminal.language, .colour = terminal.colour_out};
  const bool covers =
      wanted.coverage ||
      std::ranges::any_of(wanted.reports,
                          [](const auto& each) { return is_of_coverage(each.form); }) ||
      std::ranges::any_of(wanted.demands, [](const auto& each) { return each.what != "mutation"; });
  if (covers)
    measured.coverage = measure::coverage(*scope.rules, scope.files);
  if (wanted.coverage)
    out += measure::coverage_text(*scope.rules, *measured.coverage, style);
  const bool mutates =
      wanted.mutation ||
      std::ranges::any_of(wanted.reports,
                          [](const auto& each) { return each.form == ReportForm::mutation; }) ||
      std::ranges::any_of(wanted.demands, [](const auto& each) { return each.what == "mutation"; });
  if (mutates)
    measured.mutation = mutated(scope, wanted, terminal);
  if (wanted.mutation)
    out += measure::mutation_text(*scope.rules, *measured.mutation, style);
  for (const WantedMeasures::Report& report : wanted.reports)
    if (const int code =
            write_report(report.path, report_text(report.form, measured, terminal), terminal);
        code != exit_code::clean)
      return code;
  return meets(wanted, measured, terminal) ? exit_code::clean : exit_code::findings;
}

} // namespace sanku::command
