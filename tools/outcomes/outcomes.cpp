// See outcomes.h.
#include "tools/outcomes/outcomes.h"

#include "runtime/io/files.h"
#include "runtime/io/json_tape.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sanku::outcomes {

struct Join::Finding {
  std::string id, rule, name, severity, pack, region;
  std::optional<std::int64_t> cents;
  bool trial = false;
};

namespace {

void add(Outcome& to, Ruling ruling, Int128 found, Int128 upheld) {
  switch (ruling) {
  case Ruling::confirmed:
    ++to.confirmed;
    break;
  case Ruling::partly:
    ++to.partly;
    break;
  case Ruling::rejected:
    ++to.rejected;
    break;
  }
  to.found += found;
  to.upheld += upheld;
}

// What can be had of money: of a confirmed finding all, unless the verdict says how much.
std::int64_t upheld_of(const Verdict& verdict, std::int64_t found) {
  switch (verdict.ruling) {
  case Ruling::confirmed:
    return verdict.cents.value_or(found);
  case Ruling::partly:
    return verdict.cents.value_or(0);
  case Ruling::rejected:
    return 0;
  }
  return 0;
}

} // namespace

std::uint64_t reviewed(const Outcome& outcome) {
  return outcome.confirmed + outcome.partly + outcome.rejected;
}

std::optional<double> precision(const Outcome& outcome) {
  const std::uint64_t all = reviewed(outcome);
  if (all == 0)
    return std::nullopt;
  return static_cast<double>(outcome.confirmed + outcome.partly) / static_cast<double>(all);
}

std::pair<double, double> interval(const Outcome& outcome) {
  const std::uint64_t all = reviewed(outcome);
  if (all == 0)
    return {0, 1};
  constexpr double z = 1.959963984540054;
  const auto n = static_cast<double>(all);
  const double p = *precision(outcome), square = z * z;
  const double middle = (p + square / (2 * n)) / (1 + square / n);
  const double half = z / (1 + square / n) * std::sqrt(p * (1 - p) / n + square / (4 * n * n));
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

std::vector<Demotion> demotions(const Outcomes& outcomes, const Policy& policy) {
  std::vector<Demotion> made;
  for (const auto& [id, rule] : outcomes.rules) {
    const Demand& demand = demand_of(policy, id);
    const auto share = precision(rule.all);
    if (!rule.violation || !share || reviewed(rule.all) < demand.least ||
        *share >= demand.precision)
      continue;
    made.push_back({.rule = id,
                    .name = rule.name,
                    .outcome = rule.all,
                    .demand = demand,
                    .sure = interval(rule.all).second < demand.precision});
  }
  return made;
}

Join::Join(const Ledger& ledger, engine::Renames renamed)
    : ledger_(ledger), renamed_(std::move(renamed)) {
  outcomes_.verdicts = ledger.verdicts().size();
}

Result<void> Join::one(const Finding& finding) {
  const auto renamed = renamed_.find(finding.rule);
  RuleOutcome& rule = outcomes_.rules[renamed == renamed_.end() ? finding.rule : renamed->second];
  if (rule.name.empty())
    rule.name = finding.name;
  rule.violation = rule.violation || finding.severity == "violation";
  const auto verdicts = ledger_.verdicts().find(finding.id);
  const Verdict* verdict =
      verdicts == ledger_.verdicts().end() ? nullptr : &verdicts->second.front();
  const std::string& region =
      finding.region.empty() && verdict != nullptr ? verdict->region : finding.region;
  for (Outcome* each :
       {&outcomes_.all, &rule.all, &rule.packs[finding.pack], &outcomes_.packs[finding.pack],
        &rule.regions[region], &outcomes_.regions[region]})
    ++each->findings;
  if (verdict == nullptr)
    return {};
  Seen& seen = seen_[finding.id];
  const bool counts_money = finding.cents && !finding.trial;
  const std::int64_t found = counts_money ? *finding.cents : 0,
                     upheld = counts_money ? upheld_of(*verdict, found) : 0;
  if (finding.cents && upheld_of(*verdict, *finding.cents) > *finding.cents)
    outcomes_.above.insert(finding.id);
  if (seen.packs.insert(finding.pack).second)
    for (Outcome* each : {&rule.packs[finding.pack], &outcomes_.packs[finding.pack]})
      add(*each, verdict->ruling, found, upheld);
  if (!std::exchange(seen.counted, true))
    for (Outcome* each :
         {&outcomes_.all, &rule.all, &rule.regions[region], &outcomes_.regions[region]})
      add(*each, verdict->ruling, found, upheld);
  return {};
}

Result<void> Join::read(const std::string& path) {
  auto file = io::InputFile::open(path);
  if (!file)
    return tl::unexpected(file.error());
  io::LineChunks lines([&](char* buffer, std::size_t size) { return file->read(buffer, size); });
  io::JsonTape tape;
  io::Chunk chunk;
  auto more = lines.next(chunk);
  for (; more && *more; more = lines.next(chunk)) {
    std::uint64_t line = chunk.first_line;
    for (std::string_view rest = chunk.text; !rest.empty(); ++line) {
      const std::string_view text = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), text.size() + 1));
      if (text.find_first_not_of(" \r") == std::string_view::npos)
        continue;
      Finding finding;
      const bool is_object = tape.parse(text, text.size()) == io::JsonFault::none;
      const std::vector<io::Node>& nodes = tape.nodes();
      for (std::uint32_t i = 1; is_object && i < nodes[0].next; i = nodes[i].next) {
        for (const auto& [name, to] :
             {std::pair("id", &finding.id), std::pair("rule", &finding.rule),
              std::pair("name", &finding.name), std::pair("severity", &finding.severity),
              std::pair("pack", &finding.pack), std::pair("region", &finding.region)})
          if (nodes[i].key == name && nodes[i].kind == io::NodeKind::text)
            *to = nodes[i].text;
        Int128 units = 0;
        if (nodes[i].key == "amount" && nodes[i].kind == io::NodeKind::text &&
            parse_decimal(nodes[i].text, 2, units))
          finding.cents = static_cast<std::int64_t>(units);
        finding.trial = finding.trial || (nodes[i].key == "trial" && nodes[i].text == "true");
      }
      if (finding.id.empty() || finding.rule.empty())
        return failure(
            fmt::format("{}:{} is no finding: give what `sanku run --format ndjson` "
                        "wrote",
                        path, line),
            fmt::format("{} 第 {} 行不是疑点：应为 sanku run --format ndjson 的输出", path, line));
      if (auto done = one(finding); !done)
        return done;
    }
  }
  return more ? Result<void>() : tl::unexpected(more.error());
}

Outcomes Join::take() {
  for (const auto& [finding, verdicts] : ledger_.verdicts())
    if (!seen_.contains(finding))
      outcomes_.unknown.insert(finding);
  return std::move(outcomes_);
}

} // namespace sanku::outcomes
