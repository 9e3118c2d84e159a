// See report.h.
#include "bench/run/report.h"

#include "bench/run/targets.h"
#include "runtime/types/check.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::bench {
namespace {

const TargetRow& row_of(std::string_view name) {
  const auto* found = std::ranges::find(target_table, name, &TargetRow::name);
  check(found != target_table.end(), "every target has its row in the table");
  return *found;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += '\\';
    if (static_cast<unsigned char>(c) >= 0x20)
      out += c;
  }
  return out + '"';
}

std::string number(double value) { return fmt::format("{:.6g}", value); }

std::string render(const Run& run) {
  std::string out = fmt::format("{{\"name\": {}, \"unit\": {}, \"threads\": {}", quoted(run.name),
                                quoted(run.unit), run.threads);
  const double value = run.value();
  out += fmt::format(", \"value\": {}, \"of_all_runs\": {}, \"clean_runs\": {}, \"runs\": {}",
                     value < 0 ? "null" : number(value), number(run.value_of_all()),
                     run.timed.seconds.size(), run.timed.all.size());
  out += ", \"seconds\": [";
  for (std::size_t i = 0; i < run.timed.all.size(); ++i)
    out += (i == 0 ? "" : ", ") + number(run.timed.all[i]);
  out += ']';
  for (const auto& [name, fact] : run.facts)
    out += fmt::format(", {}: {}", quoted(name), number(fact));
  return out + '}';
}

std::string render(const std::vector<Run>& runs, std::string_view indent) {
  std::string out = "[";
  for (std::size_t i = 0; i < runs.size(); ++i)
    out += fmt::format("{}\n{}{}", i == 0 ? "" : ",", indent, render(runs[i]));
  return out + ']';
}

std::string render(const Target& target) {
  const TargetRow& row = row_of(target.name);
  const bool holds = row.at_least ? target.measured >= row.target : target.measured <= row.target;
  const std::string_view state = !target.skipped.empty() ? "skipped"
                                 : !target.clean         ? "inconclusive"
                                 : holds                 ? "held"
                                                         : "missed";
  std::string out = fmt::format("{{\"name\": {}, \"what\": {}, \"what_zh\": {}, ", quoted(row.name),
                                quoted(row.what_en), quoted(row.what_zh));
  out += fmt::format("\"unit\": {}, \"measured\": {}, \"target\": {}, \"is\": \"{}\", ",
                     quoted(row.unit), target.skipped.empty() ? number(target.measured) : "null",
                     number(row.target), row.at_least ? "at least" : "at most");
  out += fmt::format("\"holds\": {}, \"state\": \"{}\"",
                     state == "held"     ? "true"
                     : state == "missed" ? "false"
                                         : "null",
                     state);
  if (!target.skipped.empty())
    out += fmt::format(", \"why\": {}", quoted(target.skipped));
  return out + fmt::format(",\n     \"runs\": {}}}", render(target.runs, "      "));
}

std::string render(const Curve& curve) {
  std::string out = fmt::format("{{\"name\": {}, \"x\": {}, \"y\": {}, \"points\": [",
                                quoted(curve.name), quoted(curve.x_unit), quoted(curve.y_unit));
  for (std::size_t i = 0; i < curve.points.size(); ++i)
    out += fmt::format("{}[{}, {}]", i == 0 ? "" : ", ", number(curve.points[i].first),
                       number(curve.points[i].second));
  return out + "]}";
}

template <class T, class Each> std::string list(const std::vector<T>& entries, const Each& each) {
  std::string out = "[";
  for (std::size_t i = 0; i < entries.size(); ++i)
    out += fmt::format("{}\n    {}", i == 0 ? "" : ",", each(entries[i]));
  return out + (entries.empty() ? "]" : "\n  ]");
}

double rate(const Run& run, double seconds) {
  return seconds < 0 ? -1 : run.work == 0 ? seconds : run.work / seconds;
}

} // namespace

double Run::value() const { return rate(*this, clean_median(timed)); }
double Run::value_of_all() const { return rate(*this, median(timed.all)); }

std::string render_json(const Report& report) {
  std::string machine;
  for (const auto& [name, value] : report.machine)
    machine += fmt::format("{}{}: {}", machine.empty() ? "" : ", ", quoted(name), value);
  return fmt::format("{{\n  \"machine\": {{{}}},\n  \"targets\": {},\n  \"curves\": {},\n"
                     "  \"numbers\": {}\n}}\n",
                     machine, list(report.targets, [](const Target& t) { return render(t); }),
                     list(report.curves, [](const Curve& c) { return render(c); }),
                     list(report.numbers, [](const Run& r) { return render(r); }));
}

Run Bench::time(Run run, const std::function<void()>& work) {
  return interleave({std::move(run)}, {work}).front();
}

std::vector<Run> Bench::interleave(std::vector<Run> runs,
                                   const std::vector<std::function<void()>>& works) {
  check(runs.size() == works.size() && !runs.empty(), "every run has its work");
  std::vector<Timed> timed = probe.measure(runs.front().threads, wanted, attempts, works);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    runs[i].timed = std::move(timed[i]);
    const double value = runs[i].value();
    const double shown = value < 0 ? runs[i].value_of_all() : value;
    fmt::print(stderr, "  {}: {:.4g} {}{}\n", runs[i].name, shown, runs[i].unit,
               value < 0 ? " (no clean probe)" : "");
  }
  return runs;
}

void Bench::ratio(std::string_view name, const Run& mine, const Run& other) {
  const bool clean = mine.value() >= 0 && other.value() >= 0;
  const double measured =
      clean ? mine.value() / other.value() : mine.value_of_all() / other.value_of_all();
  value(name, measured, clean, {mine, other});
}

void Bench::value(std::string_view name, double measured, bool clean, std::vector<Run> runs) {
  Target target{.name = row_of(name).name};
  target.clean = clean;
  target.measured = measured;
  target.runs = std::move(runs);
  fmt::print(stderr, "{}: {:.3g}, target {} {:.3g}{}\n", name, target.measured,
             row_of(name).at_least ? "at least" : "at most", row_of(name).target,
             target.clean ? "" : " (inconclusive)");
  report.targets.push_back(std::move(target));
}

void Bench::skip(std::string_view name, std::string why) {
  fmt::print(stderr, "{}: skipped, {}\n", name, why);
  Target target{.name = row_of(name).name};
  target.skipped = std::move(why);
  report.targets.push_back(std::move(target));
}

} // namespace sanku::bench
