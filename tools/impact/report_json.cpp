// The comparison as one JSON object (report.h).
#include "runtime/io/json_text.h"
#include "tools/engine/describe.h"
#include "tools/impact/report.h"

#include <fmt/format.h>

namespace sanku::impact {
namespace {

using io::append_json_string;

std::string in_quotes(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}
std::string text_or_null(std::string_view text) { return text.empty() ? "null" : in_quotes(text); }
std::string money(Int128 cents) { return '"' + decimal_text(cents, 2, 2) + '"'; }

// Joins what `one` makes of each.
template <class Range, class One> std::string list(const Range& range, const One& one) {
  std::string out = "[";
  for (const auto& each : range) {
    const std::string text = one(each);
    if (!text.empty())
      out += (out.size() == 1 ? "\n" : ",\n") + text;
  }
  return out + "]";
}

std::string sum_json(const Sum& sum) {
  return fmt::format(R"({{"findings":{},"lines":{},"amount":{},"recoverable":{},)"
                     R"("not_computed":{},"trial":{}}})",
                     sum.findings, sum.lines, money(sum.cents), money(sum.recoverable),
                     sum.not_computed, sum.trial);
}

std::string severities(const std::array<std::uint64_t, severity_count>& counts) {
  std::string out = "{";
  for (std::size_t i = 0; i < counts.size(); ++i)
    out += fmt::format("{}\"{}\":{}", i == 0 ? "" : ",",
                       engine::severity_word(static_cast<ast::Severity>(i)), counts[i]);
  return out + "}";
}

// Without the braces, so that names may stand in front.
std::string tally_json(const Tally& tally) {
  std::string what = "{";
  for (std::size_t i = 0; i < what_count; ++i)
    what += fmt::format("{}\"{}\":{}", i == 0 ? "" : ",", what_word(static_cast<What>(i)),
                        tally.what[i]);
  return fmt::format(
      R"("before":{},"after":{},"added":{},"removed":{},"changed":{{"before":{},"after":{},)"
      R"("what":{}}}}},"severity":{{"before":{},"after":{}}})",
      sum_json(tally.before), sum_json(tally.after), sum_json(tally.added), sum_json(tally.removed),
      sum_json(tally.changed_before), sum_json(tally.changed_after), what,
      severities(tally.severity_before), severities(tally.severity_after));
}

std::string undecided(const Tally& tally) {
  return fmt::format(R"(,"undecided":{{"before":{},"after":{}}})", tally.undecided_before,
                     tally.undecided_after);
}

std::string texts(const std::vector<std::string>& all) {
  std::string out = "[";
  for (const std::string& each : all)
    out += (out.size() == 1 ? "" : ",") + in_quotes(each);
  return out + "]";
}

std::string rule_json(const RuleChange& change, const Tally& tally) {
  std::vector<std::string> parts;
  for (const hir::Part part : change.parts)
    parts.emplace_back(part_word(part));
  return fmt::format(R"({{"rule":{},{}"name":{},"state":"{}","judged_once":{},"parts":{},)"
                     R"("tables":{},"models":{},{}{}}})",
                     in_quotes(change.id),
                     change.was.empty() ? "" : fmt::format(R"("was":{},)", in_quotes(change.was)),
                     in_quotes(change.title_zh), state_word(change.state), change.judged_once,
                     texts(parts), texts(change.tables), texts(change.models), tally_json(tally),
                     undecided(tally));
}

std::string data_json(const DataChange& change, bool rows) {
  std::string out =
      fmt::format(R"({{"name":{},"state":"{}")", in_quotes(change.name), state_word(change.state));
  if (rows)
    out += fmt::format(R"(,"rows_added":{},"rows_removed":{})", change.rows_added,
                       change.rows_removed);
  return out + "}";
}

std::string named_json(const ByName& tallies, std::string_view member,
                       const std::map<std::string, std::string, std::less<>>* names = nullptr) {
  return list(tallies, [&](const auto& each) {
    const auto& [name, tally] = each;
    if (!differs(tally))
      return std::string();
    std::string out = fmt::format(R"({{"{}":{})", member, text_or_null(name));
    if (names) {
      const auto found = names->find(name);
      out += R"(,"name":)" + (found == names->end() ? "null" : in_quotes(found->second));
    }
    return out + ',' + tally_json(tally) + '}';
  });
}

std::string side_json(const std::optional<Told>& told) {
  if (!told)
    return "null";
  const auto amount = [](const std::optional<std::int64_t>& cents) {
    return cents ? money(*cents) : std::string("null");
  };
  return fmt::format(R"({{"severity":"{}","amount":{},"recoverable":{},"lines":{},"message":{}}})",
                     engine::severity_word(told->severity), amount(told->cents),
                     amount(told->recoverable), told->lines, in_quotes(told->message));
}

std::string example_json(const Example& example) {
  const Told& shown = example.after ? *example.after : *example.before;
  return fmt::format(R"({{"id":{},"rule":{},"mdtrt_id":{},"setl_id":{},"before":{},"after":{}}})",
                     in_quotes(shown.id), in_quotes(shown.rule), text_or_null(shown.visit),
                     text_or_null(shown.settlement), side_json(example.before),
                     side_json(example.after));
}

} // namespace

std::string json(const Impact& impact) {
  const Joined& joined = impact.joined;
  const Tallies& tallies = impact.counter.tallies();
  const engine::Account& account = impact.summary.account;
  std::string out = fmt::format(
      "{{\"before\":{},\"after\":{},\"apart\":{},\n\"records\":{{\"read\":{},\"evaluated\":{},"
      "\"merged\":{},\"repeated\":{},\"refunded\":{},\"rejected\":{}}},\"lines\":{},\n",
      in_quotes(joined.labels[0]), in_quotes(joined.labels[1]), impact.apart, account.read,
      account.evaluated, account.merged, account.repeated, account.refunded, account.rejected,
      impact.summary.lines);
  out += "\"total\":{" + tally_json(tallies.all) + undecided(tallies.all) + "},\n";
  std::size_t next = 0;
  out += "\"rules\":" + list(joined.changes, [&](const RuleChange& change) {
           return rule_json(change, tallies.rules[next++]);
         });
  out += ",\n\"tables\":" +
         list(joined.tables, [](const DataChange& each) { return data_json(each, true); });
  out += ",\n\"models\":" +
         list(joined.models, [](const DataChange& each) { return data_json(each, false); });
  out += ",\n\"parameters\":" + list(joined.params, [](const ParamChange& each) {
           return fmt::format(R"({{"name":{},"before":{},"after":{}}})", in_quotes(each.name),
                              text_or_null(each.before), text_or_null(each.after));
         });
  out += ",\n\"regions\":" + named_json(tallies.regions, "region");
  out += ",\n\"institutions\":" + named_json(tallies.institutions, "institution", &tallies.names);
  out += ",\n\"months\":" + named_json(tallies.months, "month");
  out += ",\n\"largest\":" + list(impact.counter.examples().all(), example_json);
  return out + "}\n";
}

} // namespace sanku::impact
