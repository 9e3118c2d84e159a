// See examine.h.
#include "tools/impact/examine.h"

#include "tools/engine/describe.h"

#include <algorithm>
#include <utility>

namespace sanku::impact {
namespace {

using engine::Block;
using exec::Finding;

std::uint64_t offending_lines(const Finding& finding) {
  return static_cast<std::uint64_t>(
      std::ranges::count(finding.lines, exec::LineRole::offending, &exec::FindingLine::role));
}

Sum sum_of(const Finding& finding) {
  Sum sum{.findings = 1, .lines = offending_lines(finding), .trial = finding.trial ? 1u : 0u};
  std::int64_t cents = 0;
  if (!exec::amount_of(finding, cents))
    sum.not_computed = 1;
  else if (!finding.trial)
    sum.cents = cents;
  if (cents = 0; exec::recoverable_of(finding, cents) && !finding.trial)
    sum.recoverable = cents;
  return sum;
}

bool same_recoverable(const Finding& a, const Finding& b) {
  const auto of = [](const exec::FindingLine& line) {
    return std::pair(line.recoverable_known, line.recoverable);
  };
  return std::ranges::equal(a.lines, b.lines, {}, of, of);
}

std::optional<std::uint32_t> line_codes(const schema::Schema& schema) {
  const auto lines = schema::line_relation(schema);
  if (!lines)
    return std::nullopt;
  const schema::Relation& list = schema.relations[*lines];
  const auto code = schema::column_with(list, schema::Role::code);
  if (!code || list.columns[*code].type.kind != Kind::code)
    return std::nullopt;
  return schema.systems[list.columns[*code].type.domain].dictionary;
}

} // namespace

CompletionDifference settle_completions(Joined& joined, engine::Engine& engine) {
  CompletionDifference made;
  made.dictionary = line_codes(engine.program.schema);
  for (Completion& side : joined.completions)
    for (const auto& [code, meaning] : side.codes.cut)
      if (made.dictionary &&
          codes::find(engine::dictionaries(engine)[*made.dictionary], code) != codes::no_code)
        side.codes.cut_in_dictionary.push_back(code);
  Completion &before = joined.completions[0], &after = joined.completions[1];
  for (Completion* side : {&before, &after})
    std::ranges::sort(side->codes.cut_in_dictionary);
  engine.codes = before.codes;
  engine.local = before.local;
  if (joined.same_completion)
    return made;
  for (const auto& [one, other] : {std::pair(&before, &after), std::pair(&after, &before)})
    for (const auto& [code, meaning] : one->codes.cut) {
      const auto found = other->codes.cut.find(code);
      if (found == other->codes.cut.end() || found->second != meaning)
        made.codes.insert(code);
    }
  made.always = made.codes.empty() || !assemble::same_maps(before.codes, after.codes) ||
                !before.local.codes.empty() || !after.local.codes.empty() ||
                !before.codes.cut_in_dictionary.empty() || !after.codes.cut_in_dictionary.empty();
  return made;
}

// The findings of one batch by what is to be done with them.
struct Examination::Found {
  // Of rules that only one side has as they are; and what both have, but other money can be had
  // back.
  Findings gone, come;
};

Examination::Examination(const Joined& joined, const engine::Engine& engine,
                         const CompletionDifference& completion, const ExamineOptions& options)
    : joined_(joined), engine_(engine), completion_(completion), options_(options),
      after_(assembly_after(joined, engine)), judge_(engine), judge_after_(engine),
      undecided_otherwise_(engine.program.rules.size(), 0),
      counter_(joined.changes.size(), options.examples) {
  for (const RuleChange& change : joined.changes)
    rule_ids_.push_back(change.id);
}

bool Examination::completes_otherwise(const batch::Batch& batch) const {
  if (joined_.same_completion)
    return false;
  if (completion_.always || !completion_.dictionary)
    return true;
  const codes::Overflow& own = batch.overflow[*completion_.dictionary];
  for (std::uint32_t i = 0; i < own.texts.size(); ++i)
    if (completion_.codes.contains(std::string_view(own.texts[i])))
      return true;
  return false;
}

std::vector<std::uint64_t> Examination::undecided() const {
  std::vector<std::uint64_t> counts;
  for (const exec::OutcomeCounts& outcome : judge_.outcomes())
    counts.push_back(outcome.indeterminate);
  return counts;
}

void Examination::judge(batch::Batch batch, const exec::Pass& pass, engine::ChunkResult& result) {
  const schema::Schema& schema = engine_.program.schema;
  const batch::Dictionaries& dictionaries = engine::dictionaries(engine_);
  std::optional<batch::Batch> otherwise;
  if (completes_otherwise(batch))
    otherwise = batch;
  const std::vector<std::uint64_t> earlier = otherwise ? undecided() : std::vector<std::uint64_t>();
  assemble::assemble(batch, schema, dictionaries, engine::assembly(engine_));
  Findings findings = judge_.judge(batch, pass).findings;
  for (const Finding& finding : findings)
    ++result.rules[finding.rule].findings;
  const Block block{engine_.program, batch, dictionaries};
  Found found;
  if (!otherwise) {
    for (std::size_t begin = 0, end = 0; begin < findings.size(); begin = end) {
      while (end < findings.size() && findings[end].settlement == findings[begin].settlement)
        ++end;
      one_visit(block, std::span(findings).subspan(begin, end - begin), found);
    }
    match_all(tell_all(block, found.gone, false), tell_all(block, found.come, true), result);
  } else {
    for (std::size_t i = 0; i < earlier.size(); ++i)
      undecided_otherwise_[i] += judge_.outcomes()[i].indeterminate - earlier[i];
    assemble::assemble(*otherwise, schema, dictionaries, after_);
    Findings second = judge_after_.judge(*otherwise, pass).findings;
    const Block block_after{engine_.program, *otherwise, dictionaries};
    std::erase_if(findings, [&](const Finding& f) { return !joined_.sides[f.rule].before; });
    std::erase_if(second, [&](const Finding& f) { return !joined_.sides[f.rule].after; });
    engine::attribute(engine_, batch, findings, ledger_);
    engine::attribute(engine_, *otherwise, second, ledger_);
    match_all(tell_all(block, findings, false), tell_all(block_after, second, true), result);
  }
}

// Where both sides say the same of a visit, they have the same back.
void Examination::one_visit(const Block& block, std::span<Finding> findings, Found& found) {
  if (!std::ranges::all_of(findings, [&](const Finding& f) { return is_shared(f); }))
    return split_visit(block, findings, found);
  engine::attribute(engine_, block.batch, findings, ledger_);
  const Counter::Spot spot = counter_.spot(engine::place_of(block, findings.front().settlement));
  for (const Finding& finding : findings)
    same(spot, finding);
}

// A group across visits is of no one place.
void Examination::same(const Counter::Spot& spot, const Finding& finding) {
  const hir::Rule& rule = engine_.program.rules[finding.rule];
  counter_.same(joined_.change_of[finding.rule], rule.subject.across ? counter_.spot({}) : spot,
                sum_of(finding), engine::report_of(rule, finding.branch).severity);
}

// Each side's findings take from a visit's money by themselves.
void Examination::split_visit(const Block& block, std::span<Finding> findings, Found& found) {
  before_visit_.clear();
  after_visit_.clear();
  for (const Finding& finding : findings) {
    if (joined_.sides[finding.rule].before)
      before_visit_.push_back(finding);
    if (joined_.sides[finding.rule].after)
      after_visit_.push_back(finding);
  }
  engine::attribute(engine_, block.batch, before_visit_, ledger_);
  engine::attribute(engine_, block.batch, after_visit_, ledger_);
  const Counter::Spot spot = counter_.spot(engine::place_of(block, findings.front().settlement));
  auto after = after_visit_.begin();
  for (Finding& before : before_visit_) {
    if (!is_shared(before)) {
      found.gone.push_back(std::move(before));
      continue;
    }
    // What both have stands in the same order on both sides.
    for (; !is_shared(*after); ++after)
      found.come.push_back(std::move(*after));
    if (same_recoverable(before, *after)) {
      same(spot, before);
    } else {
      found.gone.push_back(std::move(before));
      found.come.push_back(std::move(*after));
    }
    ++after;
  }
  for (; after != after_visit_.end(); ++after)
    found.come.push_back(std::move(*after));
}

std::vector<Told> Examination::tell_all(const Block& block, const Findings& findings,
                                        bool after) const {
  std::vector<Told> told;
  for (const Finding& finding : findings)
    told.push_back(tell(block, engine_, finding,
                        {.json = options_.list,
                         .identities = options_.identities,
                         .pack = joined_.labels[after ? 1 : 0]}));
  return told;
}

void Examination::match_all(std::vector<Told> before, std::vector<Told> after,
                            engine::ChunkResult& result) {
  match(std::move(before), std::move(after), rule_ids_, counter_,
        [&](const Difference& difference) {
          if (!options_.list)
            return;
          const Told& shown = difference.after ? *difference.after : *difference.before;
          result.marks.push_back({shown.origin, result.written.size()});
          result.written += difference_json(difference);
        });
}

void Examination::collect(batch::Batch batch, exec::PeersOfRules& into) {
  const schema::Schema& schema = engine_.program.schema;
  const batch::Dictionaries& dictionaries = engine::dictionaries(engine_);
  if (!completes_otherwise(batch)) {
    assemble::assemble(batch, schema, dictionaries, engine::assembly(engine_));
    return judge_.collect(batch, into);
  }
  // A rule with peers belongs to one side then.
  batch::Batch otherwise = batch;
  exec::PeersOfRules after = engine::no_peers(engine_.program);
  assemble::assemble(batch, schema, dictionaries, engine::assembly(engine_));
  assemble::assemble(otherwise, schema, dictionaries, after_);
  exec::PeersOfRules before = engine::no_peers(engine_.program);
  judge_.collect(batch, before);
  judge_after_.collect(otherwise, after);
  for (std::size_t rule = 0; rule < before.size(); ++rule)
    if (!joined_.sides[rule].before)
      before[rule] = std::move(after[rule]);
  exec::add(into, before);
}

void Examination::add_to(engine::RunSummary& summary) {
  engine::add_judged(judge_, summary);
  const std::vector<exec::OutcomeCounts>& once = judge_.outcomes();
  const std::vector<exec::OutcomeCounts>& again = judge_after_.outcomes();
  for (std::size_t rule = 0; rule < once.size(); ++rule) {
    const Sides sides = joined_.sides[rule];
    const std::uint64_t both = once[rule].indeterminate;
    const std::uint64_t after =
        both - undecided_otherwise_[rule] + (again.empty() ? 0 : again[rule].indeterminate);
    counter_.undecided(joined_.change_of[rule], sides.before ? both : 0, sides.after ? after : 0);
  }
}

} // namespace sanku::impact
