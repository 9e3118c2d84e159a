// See told.h.
#include "tools/impact/told.h"

#include "runtime/io/json_text.h"
#include "runtime/types/check.h"
#include "tools/engine/describe.h"
#include "tools/engine/entries.h"
#include "tools/engine/write.h"

#include <array>

namespace sanku::impact {
namespace {

using engine::Block;
using engine::Described;
using engine::put;
using engine::put_text;
using engine::take;
using engine::take_text;

// Everything of the lines but what can be had back, which is its own difference.
std::string text_of(const std::vector<engine::DescribedLine>& lines) {
  std::string text;
  for (const engine::DescribedLine& line : lines) {
    for (const std::string& part : {line.key, line.visit})
      put_text(text, part);
    text += line.role == exec::LineRole::offending ? 'o' : 'i';
    text += line.taken_as_paid ? 'p' : ' ';
    put_text(text, line.cents ? decimal_text(*line.cents, 2, 2) : std::string());
  }
  return text;
}

void put_money(std::string& out, const std::optional<std::int64_t>& cents) {
  put(out, cents.has_value());
  put(out, cents.value_or(0));
}
std::optional<std::int64_t> take_money(std::string_view& from) {
  const bool known = take<bool>(from);
  const auto cents = take<std::int64_t>(from);
  return known ? std::optional(cents) : std::nullopt;
}

// The texts of a told finding, in the order in which they wait.
template <class T> auto texts_of(T& told) {
  return std::array{&told.id,         &told.rule,       &told.line_text,    &told.recoverable_text,
                    &told.message,    &told.evidence,   &told.value,        &told.json,
                    &told.visit,      &told.settlement, &told.place.region, &told.place.institution,
                    &told.place.name, &told.place.month};
}

} // namespace

Told tell(const Block& block, const engine::Engine& engine, const exec::Finding& finding,
          const TellOptions& options) {
  const Described described = engine::describe(
      block, finding, {.language = Language::zh, .identities = options.identities});
  Told told{.id = described.id,
            .rule = described.rule->id,
            .severity = described.report->severity,
            .trial = described.trial,
            .cents = described.cents,
            .recoverable = described.recoverable,
            .line_text = text_of(described.lines),
            .recoverable_text = {},
            .message = described.message,
            .evidence = {},
            .value = described.value.value_or(""),
            .json = {},
            .visit = described.visit,
            .settlement = described.settlement,
            .place = {},
            .origin = block.batch.origins[finding.settlement]};
  for (const engine::DescribedLine& line : described.lines) {
    told.lines += line.role == exec::LineRole::offending;
    told.recoverable_text +=
        (line.recoverable ? decimal_text(*line.recoverable, 2, 2) : std::string("?")) + ' ';
  }
  engine::append_evidence(told.evidence, described, engine.program, engine.tables);
  told.place = described.rule->subject.across
                   ? engine::place_of(engine.program, *described.rule, finding)
                   : engine::place_of(block, finding.settlement);
  if (options.json) {
    engine::append_json(told.json, described, engine.program, engine.tables, options.pack);
    told.json.pop_back(); // the line break
  }
  return told;
}

Sum sum_of(const Told& told) {
  return {.findings = 1,
          .lines = told.lines,
          .not_computed = told.cents ? 0u : 1u,
          .trial = told.trial ? 1u : 0u,
          .cents = told.trial ? 0 : told.cents.value_or(0),
          .recoverable = told.trial ? 0 : told.recoverable.value_or(0)};
}

std::vector<What> what_differs(const Told& before, const Told& after) {
  std::vector<What> what;
  const auto note = [&](What which, bool is_so) {
    if (is_so)
      what.push_back(which);
  };
  note(What::severity, before.severity != after.severity);
  note(What::trial, before.trial != after.trial);
  note(What::amount, before.cents != after.cents);
  note(What::recoverable, before.recoverable_text != after.recoverable_text);
  note(What::lines, before.line_text != after.line_text);
  note(What::message, before.message != after.message);
  note(What::evidence, before.evidence != after.evidence);
  note(What::value, before.value != after.value);
  return what;
}

std::string_view what_word(What what) {
  constexpr std::array<std::string_view, what_count> words = {
      "severity", "trial", "amount", "recoverable", "lines", "message", "evidence", "value"};
  return words[static_cast<std::size_t>(what)];
}

std::string difference_json(const Difference& difference) {
  const Told* any = difference.after ? difference.after : difference.before;
  check(any != nullptr, "a difference has a side");
  std::string out = R"({"change":")";
  out += !difference.before ? "added" : !difference.after ? "removed" : "changed";
  out += R"(","what":[)";
  if (difference.before && difference.after)
    for (const What what : what_differs(*difference.before, *difference.after)) {
      out += out.back() == '[' ? "\"" : ",\"";
      out += what_word(what);
      out += '"';
    }
  out += "]";
  const std::array<std::pair<const char*, const std::string*>, 5> members = {
      {{"id", &any->id},
       {"rule", &any->rule},
       {"region", &any->place.region},
       {"institution", &any->place.institution},
       {"month", &any->place.month}}};
  for (const auto& [name, text] : members) {
    out += fmt::format(",\"{}\":", name);
    if (text->empty())
      out += "null";
    else
      io::append_json_string(out, *text);
  }
  out += R"(,"before":)" + (difference.before ? difference.before->json : "null");
  out += R"(,"after":)" + (difference.after ? difference.after->json : "null");
  return out + "}\n";
}

void put_told(std::string& out, const Told& told) {
  for (const std::string* text : texts_of(told))
    put_text(out, *text);
  put(out, told.severity);
  put(out, told.trial);
  put_money(out, told.cents);
  put_money(out, told.recoverable);
  put(out, told.lines);
  engine::put_origin(out, told.origin);
}

Told take_told(std::string_view& from) {
  Told told;
  for (std::string* text : texts_of(told))
    *text = take_text(from);
  told.severity = take<ast::Severity>(from);
  told.trial = take<bool>(from);
  told.cents = take_money(from);
  told.recoverable = take_money(from);
  told.lines = take<std::uint64_t>(from);
  told.origin = engine::take_origin(from);
  return told;
}

} // namespace sanku::impact
