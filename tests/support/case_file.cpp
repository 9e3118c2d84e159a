// See case_file.h.
#include "tests/support/case_file.h"

#include "runtime/types/check.h"
#include "tests/support/declared_tests.h"
#include "tests/support/ways.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace sanku::testing {
namespace {

constexpr std::string_view mark = "--- ";
constexpr std::string_view table_word = "table ";
constexpr std::string_view overlay_word = "overlay ";
constexpr std::string_view budget_word = "budget ", as_of_word = "as of ",
                           as_known_word = "as known ", region_word = "region ",
                           proves_word = "proves ", defaults_word = "defaults";

std::string trimmed_end(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
    text.pop_back();
  return text.empty() ? text : text + "\n";
}

bool is_section_name(const std::string& name) {
  constexpr std::string_view names[] = {"about",  "schema",          "rules",
                                        "visits", "expect findings", "expect errors"};
  for (const std::string_view word : {table_word, overlay_word, as_of_word, as_known_word,
                                      region_word, proves_word, budget_word, defaults_word})
    if (name.starts_with(word))
      return true;
  return std::ranges::find(names, name) != std::end(names);
}

// `overlay hangzhou on zhejiang`; without `on` it lies on the pack.
Texts::Overlay overlay_of(const Section& section, const std::vector<Texts::Overlay>& before) {
  constexpr std::string_view on = " on ";
  std::string name = section.name.substr(overlay_word.size());
  Texts::Overlay made{.name = name.substr(0, name.find(on)), .below = 0, .text = section.text};
  if (name.find(on) == std::string::npos)
    return made;
  const std::string base = name.substr(name.find(on) + on.size());
  for (std::uint32_t i = 0; i < before.size(); ++i)
    if (before[i].name == base)
      made.below = i + 1;
  return made;
}

constexpr std::string_view default_names[] = {"stay_counts_last", "stay_at_least", "newborn_days",
                                              "insurance_year"};

// What a manifest decides otherwise.
hir::LocalDefaults defaults_of(const std::string& text) {
  hir::LocalDefaults made;
  std::istringstream lines(text);
  std::string name, equals;
  std::int64_t value = 0;
  while (lines >> name >> equals >> value) {
    const auto found = std::ranges::find(default_names, name);
    check(found != std::end(default_names), "a default of a case has one of the names");
    made.push_back({.which = static_cast<hir::RegionalDefault>(found - std::begin(default_names)),
                    .value = value,
                    .span = {}});
  }
  return made;
}

// Of the pack, or of an overlay that stands before it.
hir::LocalDefaults& defaults_of(const Section& section, Texts& texts) {
  if (section.name == defaults_word)
    return texts.defaults;
  const std::string name = section.name.substr(defaults_word.size() + 1);
  const auto overlay = std::ranges::find(texts.overlays, name, &Texts::Overlay::name);
  check(overlay != texts.overlays.end(), "defaults of a case are those of an overlay before them");
  return overlay->defaults;
}

std::string shape_problem(const CaseFile& file, bool must_fail) {
  for (const Section& each : file.sections)
    if (!is_section_name(each.name))
      return fmt::format("there is no section `{}`", each.name);
  for (const char* needed : {"about", "rules"})
    if (!section(file, needed))
      return fmt::format("the section `{}` is missing", needed);
  const bool errors = section(file, "expect errors") != nullptr,
             findings = section(file, "expect findings") != nullptr;
  if (errors && findings)
    return "a case has one section of `expect findings` and `expect errors`";
  if (!errors && !findings && section(file, "visits"))
    return "the section `expect findings` is missing";
  if (errors != must_fail)
    return "a case expects errors if and only if its name starts with fail_";
  if (findings && !section(file, "visits"))
    return "the section `visits` is missing";
  return {};
}

} // namespace

CaseFile parse_case(const std::string& text) {
  CaseFile file;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.starts_with(mark))
      file.sections.push_back({.name = line.substr(mark.size()), .text = {}});
    else if (!file.sections.empty())
      file.sections.back().text += line + "\n";
  }
  for (Section& each : file.sections)
    each.text = trimmed_end(std::move(each.text));
  return file;
}

std::string print_case(const CaseFile& file) {
  std::string text;
  for (const Section& each : file.sections)
    text += fmt::format("{}{}\n{}", mark, each.name, each.text);
  return text;
}

std::string defaults_text(const hir::LocalDefaults& defaults) {
  std::string text;
  for (const hir::LocalDefault& each : defaults)
    text +=
        fmt::format("{} = {}\n", default_names[static_cast<std::size_t>(each.which)], each.value);
  return text;
}

const Section* section(const CaseFile& file, const std::string& name) {
  const auto found = std::ranges::find(file.sections, name, &Section::name);
  return found == file.sections.end() ? nullptr : &*found;
}

Texts texts_of(const CaseFile& file) {
  Texts texts;
  for (const Section& each : file.sections) {
    if (each.name == "schema")
      texts.schema = each.text;
    if (each.name == "rules")
      texts.rules = each.text;
    if (each.name.starts_with(overlay_word))
      texts.overlays.push_back(overlay_of(each, texts.overlays));
    if (each.name.starts_with(defaults_word))
      defaults_of(each, texts) = defaults_of(each.text);
    if (each.name.starts_with(as_of_word))
      texts.as_of = each.name.substr(as_of_word.size());
    if (each.name.starts_with(as_known_word))
      texts.as_known = each.name.substr(as_known_word.size());
    if (each.name.starts_with(budget_word))
      texts.budget = std::stoull(each.name.substr(budget_word.size()));
    if (each.name.starts_with(region_word))
      texts.region = each.name.substr(region_word.size());
    if (!each.name.starts_with(table_word))
      continue;
    const std::string name = each.name.substr(table_word.size());
    texts.tables[name.find('.') == std::string::npos ? name + ".csv" : name] = each.text;
  }
  return texts;
}

CaseResult judge_case(const CaseFile& file, bool must_fail) {
  CaseResult result{.problem = shape_problem(file, must_fail), .actual = {}};
  if (!result.problem.empty())
    return result;
  const Texts texts = texts_of(file);
  const CheckedTexts checked = check_texts(texts);
  if (must_fail) {
    if (checked.pack)
      result.problem = "the rules were accepted";
    else
      result.actual = Section{.name = "expect errors", .text = trimmed_end(checked.rendered)};
    return result;
  }
  if (!checked.pack) {
    result.problem = checked.rendered;
    return result;
  }
  if (checked.pack->program.tests.empty() && !section(file, "visits"))
    result.problem = "a case has visits, or tests among its rules";
  else if (!checked.pack->program.tests.empty())
    result.problem = declared_tests_fail(texts);
  if (!result.problem.empty() || !section(file, "visits"))
    return result;
  const ReadVisits read = read_visits(checked.pack->program.schema, section(file, "visits")->text);
  result.problem = read.rejects;
  if (!result.problem.empty())
    return result;
  const Judged judged = run_all_ways(*checked.pack, read.visits);
  if (judged.difference)
    result.problem = *judged.difference;
  result.actual =
      Section{.name = "expect findings", .text = render_outcomes(*checked.pack, read.visits)};
  return result;
}

} // namespace sanku::testing
