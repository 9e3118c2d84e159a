// See proofs.h.
#include "tools/deploy/proofs.h"

#include "tools/deploy/below.h"
#include "tools/prove/analyse.h"
#include "tools/prove/report.h"
#include "tools/prove/versions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

namespace sanku::deploy {
namespace {

using diag::report;
using pack::ProofLine;

// How far is looked for each rule; a report says it, and no other report is taken.
constexpr std::uint64_t steps_a_rule = 5'000'000;
constexpr std::uint64_t turns_a_rule = 100'000;
// Of a sample, so that it takes seconds: writing a rule down for the solver takes longer than most
// answers, and is no step.
constexpr std::uint64_t steps_a_sample = 8'000'000;
constexpr std::size_t rules_a_sample = 40;
// None of these is met where the solver's steps count all that it does.
constexpr std::uint64_t most_seconds_a_rule = 600, most_seconds_a_sample = 60;

prove::Options options_of(bool is_sample) {
  prove::Options options;
  options.limits.effort = steps_a_rule;
  options.limits.milliseconds = 1000 * (is_sample ? most_seconds_a_sample : most_seconds_a_rule);
  options.pairs_alone = true;
  options.most_turns = turns_a_rule;
  return options;
}

// Rules in an order of their own for each seed (splitmix64).
std::vector<std::uint32_t> shuffled(std::size_t count, std::uint64_t seed) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  for (std::size_t left = count; left > 1; --left) {
    seed += 0x9E3779B97F4A7C15u;
    std::uint64_t mixed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    std::swap(order[left - 1], order[(mixed ^ (mixed >> 31)) % left]);
  }
  return order;
}

// One word: parts of names by a hyphen, several by a comma.
std::string without(const std::set<std::string>& limited) {
  std::vector<std::string> parts;
  for (std::string each : limited) {
    if (each == "lines" || each == "visits")
      continue;
    std::ranges::replace(each, ' ', '-');
    parts.push_back(std::move(each));
  }
  return fmt::format("{}", fmt::join(parts, ","));
}

std::string_view because(prove::Why why) {
  switch (why) {
  case prove::Why::effort:
    return "effort";
  case prove::Why::form:
    return "form";
  case prove::Why::replay:
    return "replay";
  case prove::Why::parts:
    break;
  }
  return "parts";
}

struct Writing {
  const hir::Program& program;
  pack::Proofs& proofs;

  ProofLine line(std::uint32_t rule, prove::Kind kind, std::optional<std::uint32_t> other) const {
    return {.rule = program.rules[rule].id,
            .kind = std::string(prove::name_of(kind)),
            .other = other ? program.rules[*other].id : std::string()};
  }
  void add(const prove::Report& found) {
    for (const prove::Finding& each : found.findings) {
      ProofLine made = line(each.rule, each.kind, each.other);
      const bool by_claim = each.kind == prove::Kind::overlap || each.kind == prove::Kind::loosened;
      made.state = by_claim      ? ProofLine::State::shown
                   : each.proved ? ProofLine::State::proved
                                 : ProofLine::State::bounded;
      made.branch = each.branch ? *each.branch + 1 : 0;
      made.condition = each.condition ? *each.condition + 1 : 0;
      if (made.state == ProofLine::State::bounded) {
        made.lines = each.bound.lines;
        made.visits = each.bound.visits;
        made.without = without(each.limited);
      }
      proofs.claims.push_back(std::move(made));
    }
    for (const prove::Open& each : found.open) {
      ProofLine made = line(each.rule, each.kind, each.other);
      made.branch = each.branch ? *each.branch + 1 : 0;
      made.condition = each.condition ? *each.condition + 1 : 0;
      made.because = because(each.why);
      proofs.claims.push_back(std::move(made));
    }
  }
};

struct Proving {
  const engine::Rules& rules;
  std::optional<std::uint64_t> seed;
  Proven made = {};
  const hir::Program& program = engine::program(rules);

  bool is_own(std::uint32_t rule) const {
    return engine::is_named(rules, program.rules[rule].layer);
  }
  prove::Sample sample() const {
    return {.order = shuffled(program.rules.size(), *seed),
            .most_steps = steps_a_sample,
            .most_milliseconds = 1000 * most_seconds_a_sample};
  }
  void take(const prove::Report& found, std::set<std::string>& examined) {
    Writing{.program = program, .proofs = made.proofs}.add(found);
    made.in_time = made.in_time && !found.by_time;
    for (const std::uint32_t rule : found.examined)
      examined.insert(program.rules[rule].id);
  }

  void own(const prove::Replayer& replayer) {
    prove::Options options = options_of(seed.has_value());
    for (std::uint32_t rule = 0; rule < program.rules.size(); ++rule)
      if (is_own(rule))
        options.rules.insert(rule);
    if (options.rules.empty())
      return;
    if (!seed)
      return take(prove::analyse(replayer, options), made.examined);
    prove::Sample which = sample();
    std::erase_if(which.order, [&](std::uint32_t rule) { return !is_own(rule); });
    which.order.resize(std::min(which.order.size(), rules_a_sample));
    take(prove::sample(replayer, options, which), made.examined);
  }

  // What it lies on, by itself; none: no rule of that is mandatory.
  Result<std::unique_ptr<engine::Rules>> below() const {
    const std::uint32_t layer = rules.named.front();
    const bool is_bound = std::ranges::any_of(program.rules, &hir::Rule::mandatory);
    if (layer == 0 || !is_bound)
      return std::unique_ptr<engine::Rules>();
    std::vector<pack::PackFile> bases = bases_of(rules, layer);
    pack::PackFile first = std::move(bases.front());
    bases.erase(bases.begin());
    return engine::read_rules(std::move(first), rules.layers[rules.below[layer]].folder,
                              std::move(bases));
  }

  Result<void> loosened(const prove::Replayer& now) {
    const auto base = below();
    if (!base)
      return tl::unexpected(base.error());
    if (*base == nullptr || !engine::is_ready(**base))
      return {};
    const auto before = prove::Replayer::make(**base);
    if (!before)
      return tl::unexpected(before.error());
    const prove::Options options = options_of(seed.has_value());
    const auto found =
        seed ? prove::compare(**before, now, prove::Comparing::overlays, options, sample())
             : prove::compare(**before, now, prove::Comparing::overlays, options);
    if (!found)
      return tl::unexpected(found.error());
    take(*found, made.compared);
    return {};
  }
};

void differs(const std::string& claimed, const std::string& again, source::Span place,
             diag::Diagnostics& diagnostics) {
  report<"store_claim">(diagnostics, place, pack::proofs_report, claimed, again);
}

// A claim of the report that the sample has to have as well.
bool is_examined(const ProofLine& line, const Proven& found) {
  if (line.kind == "overlap")
    return false;
  if (line.kind == "loosened")
    return found.compared.contains(line.rule);
  return found.examined.contains(line.rule) || found.examined.contains(line.other);
}

} // namespace

Result<Proven> proofs_of(const engine::Rules& rules, std::optional<std::uint64_t> seed) {
  const auto replayer = prove::Replayer::make(rules);
  if (!replayer)
    return tl::unexpected(replayer.error());
  Proving proving{.rules = rules, .seed = seed};
  const prove::Options options = options_of(seed.has_value());
  proving.made.proofs = {.solver = prove::solver_version(),
                         .lines = options.limits.most.lines,
                         .visits = options.limits.most.visits,
                         .steps = options.limits.effort,
                         .claims = {}};
  proving.own(**replayer);
  for (const hir::Rule& rule : proving.program.rules)
    proving.made.rules.insert(rule.id);
  if (const auto done = proving.loosened(**replayer); !done)
    return tl::unexpected(done.error());
  return std::move(proving.made);
}

void compare_proofs(const pack::PackFile& file, const Proven& found, source::Span place,
                    diag::Diagnostics& diagnostics) {
  const auto text = pack::member(file, pack::proofs_report);
  const auto claimed = text ? pack::read_proofs(*text) : std::nullopt;
  if (!claimed)
    return report<"pack_file_lacks">(diagnostics, place, pack::proofs_report), void();
  const pack::Proofs& here = found.proofs;
  if (claimed->lines != here.lines || claimed->visits != here.visits ||
      claimed->steps != here.steps)
    return differs(
        fmt::format("lines {} visits {} steps {}", claimed->lines, claimed->visits, claimed->steps),
        fmt::format("lines {} visits {} steps {}", here.lines, here.visits, here.steps), place,
        diagnostics);
  const std::set<ProofLine> said(claimed->claims.begin(), claimed->claims.end()),
      again(here.claims.begin(), here.claims.end());
  for (const ProofLine& line : said)
    if (!found.rules.contains(line.rule) ||
        (!line.other.empty() && !found.rules.contains(line.other)))
      return differs(pack::line_text(line), "-", place, diagnostics);
  // Another version of the solver may get less far, or further: what it proves is still so.
  const bool is_same = claimed->solver == here.solver;
  for (const ProofLine& line : again)
    if (!said.contains(line) && (is_same || pack::is_conflict(line)))
      return differs("-", pack::line_text(line), place, diagnostics);
  for (const ProofLine& line : said)
    if (is_same && is_examined(line, found) && !again.contains(line))
      return differs(pack::line_text(line), "-", place, diagnostics);
}

void tell_time(source::Span place, diag::Diagnostics& diagnostics) {
  report<"proof_time">(diagnostics, place);
}

} // namespace sanku::deploy
