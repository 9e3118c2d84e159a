// run_block: masks once a settlement and variant, one flat pass over each indexed list (word AND
// mask, then exact rows), then each rule over its candidates. See run.h; the shape is explained in
// ARCHITECTURE.md, "The index".
#include "runtime/exec/run.h"

#include "runtime/exec/worker.h"
#include "runtime/schema/schema.h"
#include "runtime/types/candidates.h"
#include "runtime/types/check.h"

#include <algorithm>

namespace sanku::exec {
namespace {

abi::Frame make_frame(Worker& worker, std::uint32_t rule) {
  abi::Frame frame{};
  frame.relations = worker.relations.data();
  frame.keyed = worker.program.keyed.data();
  frame.codes = worker.codes.data();
  frame.constants = worker.program.constants.data();
  frame.sets = worker.program.sets.views.data();
  frame.parameters = worker.program.image->rules[rule].parameters.data();
  frame.sink = &worker.sink;
  frame.scratch = &worker.scratch;
  frame.bound = worker.bound.data();
  frame.parts = worker.scratch.parts.data();
  frame.entries = worker.scratch.entries.data();
  frame.rows = worker.scratch.group.data();
  frame.room = static_cast<std::uint32_t>(worker.scratch.entries.size());
  frame.group_complete = true;
  frame.rule = rule;
  frame.binders = worker.program.image->rules[rule].binders;
  return frame;
}

void compute_masks(Worker& worker, std::uint32_t settlements) {
  worker.masks.assign(settlements, always_bit);
  for (const Variant& variant : worker.program.variants) {
    abi::Frame frame = make_frame(worker, variant.rule);
    const IndexKey& key = worker.program.image->rules[variant.rule].keys[variant.key];
    worker.tier->rules[variant.rule].run_masks[variant.key](
        &frame, settlements, key.binder, variant.row, variant.bit, worker.masks.data());
  }
}

// The rows of one code that survive the word: each rule once a subject, however many of its rows
// do.
void propose(Worker& worker, const CodeIndex& index, std::uint32_t code, std::uint64_t live,
             abi::Candidate candidate) {
  std::uint32_t last = no_index;
  for (std::uint32_t i = index.begins[code]; i < index.begins[code + 1]; ++i) {
    const Check& row = index.checks[i];
    ++worker.work.checks;
    if ((row.bit & live) == 0 || row.rule == last)
      continue;
    last = row.rule;
    std::vector<abi::Candidate>& proposed = worker.candidates[row.rule];
    if ((row.flags & visit_check) == 0)
      proposed.push_back(candidate);
    else if (proposed.empty() || proposed.back().settlement != candidate.settlement)
      proposed.push_back({candidate.settlement, candidate.settlement});
  }
}

void scan_index(Worker& worker, const CodeIndex& index, std::uint32_t settlements) {
  const abi::RelationView& relation = worker.relations[index.relation];
  const auto* ids = static_cast<const std::uint32_t*>(relation.columns[index.column].values);
  const auto frozen = static_cast<std::uint32_t>(index.words.size());
  for (std::uint32_t settlement = 0; settlement < settlements; ++settlement) {
    const std::uint64_t mask = worker.masks[settlement];
    for (std::uint32_t row = relation.offsets[settlement]; row < relation.offsets[settlement + 1];
         ++row) {
      // A code of several candidates may, like a missing one, be of any table.
      const std::uint32_t other =
          has_candidates(Code{ids[row]}) ? codes::no_code : codes::unlisted_code;
      const std::uint32_t code = ids[row] < frozen ? ids[row] : other;
      const std::uint64_t live = index.words[code] & mask;
      if (live != 0)
        propose(worker, index, code, live, {settlement, row});
    }
  }
}

void propose_elements(Worker& worker, std::uint32_t rule, std::uint32_t settlement) {
  const abi::RelationView& relation = worker.relations[worker.program.image->rules[rule].relation];
  for (std::uint32_t row = relation.offsets[settlement]; row < relation.offsets[settlement + 1];
       ++row)
    worker.candidates[rule].push_back({settlement, row});
}

// Beside the visits that the index found: those whose list must not be empty and is, and those that
// the header alone makes interesting. Then the groups' elements in place of their visits.
void complete_visits(Worker& worker, std::uint32_t rule, std::uint32_t number,
                     std::uint32_t settlements) {
  const IndexKey& key = worker.program.image->rules[rule].keys[number];
  std::vector<abi::Candidate>& proposed = worker.candidates[rule];
  const std::size_t found = proposed.size();
  if (worker.program.schema->relations[key.relation].nonempty) {
    const std::uint32_t* offsets = worker.relations[key.relation].offsets;
    for (std::uint32_t settlement = 0; settlement < settlements; ++settlement)
      if (offsets[settlement] == offsets[settlement + 1])
        proposed.push_back({settlement, settlement});
  }
  if (key.masks) {
    worker.probed.assign(settlements, 0);
    abi::Frame frame = make_frame(worker, rule);
    worker.tier->rules[rule].run_masks[number](&frame, settlements, 0, 0, 1, worker.probed.data());
    for (std::uint32_t settlement = 0; settlement < settlements; ++settlement)
      if (worker.probed[settlement] != 0)
        proposed.push_back({settlement, settlement});
  }
  const auto place = [](const abi::Candidate& candidate) { return candidate.settlement; };
  if (proposed.size() != found) {
    std::ranges::sort(proposed, {}, place);
    const auto repeated = std::ranges::unique(proposed, {}, place);
    proposed.erase(repeated.begin(), repeated.end());
  }
  if (worker.program.image->rules[rule].shape != Shape::group)
    return;
  worker.visits.swap(proposed);
  proposed.clear();
  for (const abi::Candidate& visit : worker.visits)
    propose_elements(worker, rule, visit.settlement);
}

void propose_all(Worker& worker, std::uint32_t rule, std::uint32_t settlements) {
  for (std::uint32_t settlement = 0; settlement < settlements; ++settlement) {
    if (worker.program.image->rules[rule].shape == Shape::settlement)
      worker.candidates[rule].push_back({settlement, settlement});
    else
      propose_elements(worker, rule, settlement);
  }
}

void run_rule(Worker& worker, std::uint32_t rule) {
  const std::vector<abi::Candidate>& candidates = worker.candidates[rule];
  worker.work.candidates += candidates.size();
  if (candidates.empty())
    return;
  const RuleImage& image = worker.program.image->rules[rule];
  const RuleCode& code = worker.tier->rules[rule];
  abi::Frame frame = make_frame(worker, rule);
  abi::Tally counts{};
  if (image.shape == Shape::group)
    code.run_groups(&frame, candidates.data(), candidates.size(), &counts, image.relation);
  else
    code.run_subjects(&frame, candidates.data(), candidates.size(), &counts);
  OutcomeCounts& total = worker.outcomes[rule];
  total.fired += counts.fired;
  total.indeterminate += counts.indeterminate;
  total.clear += counts.clear;
  total.not_applicable += counts.not_applicable;
}

// The total order inside a block. Elements come in canonical order, never in the file's.
template <class Entry> void sort_by_subject(Worker& worker, std::vector<Entry>& entries) {
  const auto rank = [&](const Entry& entry) {
    const RuleImage& image = worker.program.image->rules[entry.rule];
    const bool element = image.shape != Shape::settlement;
    const std::uint32_t list = element ? image.relation : 0;
    return std::tuple(entry.settlement, list,
                      element ? worker.relations[list].order[entry.subject] : 0u, entry.subject,
                      entry.rule);
  };
  std::ranges::sort(entries, [&](const Entry& a, const Entry& b) { return rank(a) < rank(b); });
}

} // namespace

void DeleteWorker::operator()(Worker* worker) const { std::default_delete<Worker>()(worker); }

WorkerPtr make_worker(const Program& program, const RunOptions& options) {
  auto worker = std::unique_ptr<Worker>(new Worker{.program = program,
                                                   .options = options,
                                                   .scratch = {},
                                                   .sink = {},
                                                   .bound = {},
                                                   .relations = {},
                                                   .block_codes = {},
                                                   .codes = {},
                                                   .members = {},
                                                   .masks = {},
                                                   .probed = {},
                                                   .visits = {},
                                                   .candidates = {},
                                                   .outcomes = {},
                                                   .work = {}});
  std::uint32_t binders = 2;
  for (const RuleImage& rule : program.image->rules)
    binders = std::max(binders, rule.binders);
  worker->bound.resize(binders);
  worker->candidates.resize(program.image->rules.size());
  worker->outcomes.resize(program.image->rules.size());
  worker->members.resize(program.sets.sets.size());
  worker->sink.worker = worker.get();
  worker->sink.program = &program;
  worker->sink.list_indeterminate = options.list_indeterminate;
  worker->sink.line_relation = schema::line_relation(*program.schema).value_or(0);
  return WorkerPtr(worker.release());
}

namespace {

void enter_codes(Worker& worker, const batch::Batch& batch) {
  const Program& program = worker.program;
  worker.block_codes.resize(program.dictionaries.size());
  worker.codes.clear();
  for (std::size_t d = 0; d < program.dictionaries.size(); ++d) {
    std::vector<Text>& own = worker.block_codes[d];
    own.clear();
    for (const std::string& text : batch.overflow[d].texts)
      own.push_back({text.data(), text.size()});
    worker.codes.push_back({program.code_texts[d].data(), own.data(), codes::first_code,
                            codes::frozen_size(program.dictionaries[d])});
  }
  for (std::size_t i = 0; i < worker.members.size(); ++i)
    worker.members[i].of_block.assign(batch.overflow[program.sets.sets[i].dictionary].texts.size(),
                                      abi::no_set);
}

} // namespace

BlockResult run_block(Worker& worker, const batch::Batch& batch) {
  worker.tier = worker.program.image->tier.load(std::memory_order_acquire);
  const batch::View view = batch::view(batch);
  worker.relations = view.relations;
  worker.relations.insert(worker.relations.end(), worker.program.table_views.begin(),
                          worker.program.table_views.end());
  worker.sink.batch = &batch;
  enter_codes(worker, batch);
  for (auto& candidates : worker.candidates)
    candidates.clear();
  compute_masks(worker, batch.settlements);
  for (const CodeIndex& index : worker.program.indexes)
    scan_index(worker, index, batch.settlements);
  for (const auto& [rule, key] : worker.program.by_visit)
    complete_visits(worker, rule, key, batch.settlements);
  for (const std::uint32_t rule : worker.program.scanned)
    propose_all(worker, rule, batch.settlements);
  for (std::uint32_t rule = 0; rule < worker.candidates.size(); ++rule)
    run_rule(worker, rule);
  worker.work.settlements += batch.settlements;
  if (worker.sink.line_relation != 0)
    worker.work.items += worker.relations[worker.sink.line_relation].rows;
  BlockResult result{.findings = std::move(worker.sink.findings),
                     .indeterminate = std::move(worker.sink.indeterminate)};
  worker.sink.findings.clear();
  worker.sink.indeterminate.clear();
  sort_by_subject(worker, result.findings);
  sort_by_subject(worker, result.indeterminate);
  worker.work.findings += result.findings.size();
  return result;
}

const std::vector<OutcomeCounts>& outcomes(const Worker& worker) { return worker.outcomes; }
const WorkCounts& work(const Worker& worker) { return worker.work; }

} // namespace sanku::exec
