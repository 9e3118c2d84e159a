// run_block: masks once a settlement and variant, one pass over each indexed list (propose.cpp),
// then each rule over its candidates. See run.h; the shape is explained in ARCHITECTURE.md, "The
// index".
#include "runtime/exec/run.h"

#include "runtime/batch/column.h"
#include "runtime/batch/refresh.h"
#include "runtime/exec/worker.h"
#include "runtime/schema/schema.h"
#include "runtime/types/candidates.h"
#include "runtime/types/check.h"
#include "runtime/types/value_order.h"

#include <algorithm>
#include <tuple>

namespace sanku::exec {
namespace {

// Code takes a column without gaps for one of plain values: those that are one of several, which
// are always the block's own, are found by asking each row.
void leave_gaps(Worker& worker, const batch::Batch& batch) {
  for (std::size_t r = 0; r < batch.relations.size(); ++r)
    for (std::size_t c = 0; c < batch.relations[r].columns.size(); ++c) {
      const Type& type = worker.program.schema->relations[r].columns[c].type;
      abi::ColumnView& view = worker.view.columns[r][c];
      if (type.kind != Kind::code || view.validity != nullptr ||
          batch.overflow[worker.program.schema->systems[type.domain].dictionary].texts.empty())
        continue;
      if (any_candidates(static_cast<const std::uint32_t*>(view.values), batch.relations[r].rows))
        view.validity = batch.relations[r].columns[c].validity.data();
    }
}

// Of a settlement where a look-up's day is missing no row is ruled out.
void open_masks(Worker& worker, std::uint32_t settlements) {
  for (const auto& [list, column] : worker.program.as_of) {
    const abi::RelationView& relation = worker.relations[list];
    const std::uint8_t* validity = relation.columns[column].validity;
    if (validity == nullptr || batch::all_known(validity, relation.rows))
      continue;
    std::uint32_t row = 0;
    for (std::uint32_t settlement = 0; settlement < settlements; ++settlement) {
      const std::uint32_t end = list == 0 ? settlement + 1 : relation.offsets[settlement + 1];
      for (; row < end; ++row)
        if (((validity[row >> 3] >> (row & 7u)) & 1u) == 0)
          worker.masks[settlement] = ~std::uint64_t{0};
    }
  }
}

void compute_masks(Worker& worker, std::uint32_t settlements) {
  worker.masks.assign(settlements, always_bit);
  open_masks(worker, settlements);
  for (const Variant& variant : worker.program.variants) {
    abi::Frame frame = make_frame(worker, variant.rule);
    worker.tier->rules[variant.rule].run_masks[variant.key](&frame, settlements, variant.row,
                                                            variant.bit, worker.masks.data());
  }
}

abi::Tally run_code(Worker& worker, std::uint32_t rule) {
  const Candidates& candidates = worker.candidates[rule];
  const RuleImage& image = worker.program.image->rules[rule];
  const RuleCode& code = worker.tier->rules[rule];
  abi::Frame frame = make_frame(worker, rule);
  abi::Tally counts{};
  if (image.shape == Shape::group)
    code.run_groups(&frame, candidates.room.data(), candidates.size, &counts, image.relation);
  else
    code.run_subjects(&frame, candidates.room.data(), candidates.size, &counts);
  return counts;
}

void run_rule(Worker& worker, std::uint32_t rule) {
  const Candidates& candidates = worker.candidates[rule];
  worker.rule_work[rule].candidates += candidates.size;
  if (candidates.size == 0)
    return;
  const abi::Tally counts = run_code(worker, rule);
  OutcomeCounts& total = worker.outcomes[rule];
  total.fired += counts.fired;
  total.indeterminate += counts.indeterminate;
  total.clear += counts.clear;
  total.not_applicable += counts.not_applicable;
}

// Of groups that begin with the same element.
bool keys_before(const Finding& a, const Finding& b) {
  return std::ranges::lexicographical_compare(a.keys, b.keys, before);
}
bool keys_before(const Indeterminate&, const Indeterminate&) { return false; }

// The total order inside a block. Elements come in canonical order, never in the file's.
struct Place {
  std::uint32_t settlement, list, order, subject, rule;
  std::uint32_t at; // where it was found
};

template <class Entry> void sort_by_subject(Worker& worker, std::vector<Entry>& entries) {
  std::vector<Place> places;
  places.reserve(entries.size());
  for (const Entry& entry : entries) {
    const RuleImage& image = worker.program.image->rules[entry.rule];
    const std::uint32_t list = image.shape != Shape::settlement ? image.relation : 0;
    const std::uint32_t order =
        image.shape != Shape::settlement ? worker.relations[list].order[entry.subject] : 0u;
    places.push_back({entry.settlement, list, order, entry.subject, entry.rule,
                      static_cast<std::uint32_t>(places.size())});
  }
  const auto rank = [](const Place& place) {
    return std::tie(place.settlement, place.list, place.order, place.subject, place.rule);
  };
  std::ranges::sort(places, [&](const Place& a, const Place& b) {
    return rank(a) != rank(b) ? rank(a) < rank(b) : keys_before(entries[a.at], entries[b.at]);
  });
  std::vector<Entry> sorted;
  sorted.reserve(entries.size());
  for (const Place& place : places)
    sorted.push_back(std::move(entries[place.at]));
  entries = std::move(sorted);
}

} // namespace

abi::Frame make_frame(Worker& worker, std::uint32_t rule) {
  worker.by_values.forget();
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
  frame.kept = worker.scratch.kept.data();
  frame.entries = worker.scratch.entries.data();
  frame.rows = worker.scratch.group.data();
  frame.room = static_cast<std::uint32_t>(worker.scratch.entries.size());
  frame.group_complete = true;
  frame.weighty = is_weighty(worker, rule);
  frame.collecting = worker.collecting != nullptr;
  frame.person_begin = worker.person_begin;
  frame.person_end = worker.person_end;
  frame.first_day = worker.first_day;
  frame.last_day = worker.last_day;
  frame.rule = rule;
  frame.few = worker.options.few;
  frame.binders = worker.program.image->rules[rule].binders;
  return frame;
}

void DeleteWorker::operator()(Worker* worker) const { std::default_delete<Worker>()(worker); }

WorkerPtr make_worker(const Program& program, const RunOptions& options) {
  auto worker = std::unique_ptr<Worker>(new Worker{.program = program,
                                                   .options = options,
                                                   .scratch = {},
                                                   .sink = {},
                                                   .bound = {},
                                                   .view = {},
                                                   .relations = {},
                                                   .codes = {},
                                                   .members = {},
                                                   .weighed = weighed_lists(program),
                                                   .longest = {},
                                                   .by_values = {},
                                                   .masks = {},
                                                   .probed = {},
                                                   .live = {},
                                                   .visits = {},
                                                   .candidates = {},
                                                   .outcomes = {},
                                                   .rule_work = {},
                                                   .walks = {},
                                                   .work = {}});
  std::uint32_t binders = 2;
  for (const RuleImage& rule : program.image->rules)
    binders = std::max(binders, rule.binders);
  worker->bound.resize(binders);
  worker->candidates.resize(program.image->rules.size());
  worker->outcomes.resize(program.image->rules.size());
  worker->rule_work.resize(program.image->rules.size());
  for (const ColumnIndex& index : program.indexes)
    worker->walks.emplace_back(index.profiles.size());
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
  worker.codes.clear();
  for (std::size_t d = 0; d < program.dictionaries.size(); ++d)
    worker.codes.push_back({program.dictionaries[d].texts.views(), batch.overflow[d].texts.views(),
                            codes::first_code, codes::frozen_size(program.dictionaries[d])});
  for (std::size_t i = 0; i < worker.members.size(); ++i)
    worker.members[i].of_block.assign(batch.overflow[program.sets.sets[i].dictionary].texts.size(),
                                      abi::no_set);
}

} // namespace

namespace {

void enter_block(Worker& worker, const batch::Batch& batch) {
  worker.tier = worker.program.image->tier.load(std::memory_order_acquire);
  batch::refresh(worker.view, batch, worker.program.read);
  leave_gaps(worker, batch);
  worker.relations = worker.view.relations;
  worker.relations.insert(worker.relations.end(), worker.program.table_views.begin(),
                          worker.program.table_views.end());
  worker.sink.batch = &batch;
  const batch::People& people = batch.people;
  worker.context = &people.context;
  worker.person_begin = people.begin.empty() ? nullptr : people.begin.data();
  worker.person_end = people.end.empty() ? nullptr : people.end.data();
  worker.first_day = people.first_day.empty() ? nullptr : people.first_day.data();
  worker.last_day = people.last_day.empty() ? nullptr : people.last_day.data();
  enter_codes(worker, batch);
  measure_lists(worker, batch.settlements);
  compute_masks(worker, batch.settlements);
  propose(worker, batch.settlements);
}

} // namespace

void collect_peers(Worker& worker, const batch::Batch& batch, PeersOfRules& into) {
  enter_block(worker, batch);
  worker.collecting = &into;
  for (std::uint32_t rule = 0; rule < worker.candidates.size(); ++rule)
    if (!worker.program.image->rules[rule].peers.empty())
      static_cast<void>(run_code(worker, rule));
  worker.collecting = nullptr;
  worker.sink.indeterminate.clear();
}

BlockResult run_block(Worker& worker, const batch::Batch& batch, const Pass& pass) {
  enter_block(worker, batch);
  worker.peers = pass.peers;
  for (std::uint32_t rule = 0; rule < worker.candidates.size(); ++rule)
    if (pass.rules == nullptr || (*pass.rules)[rule])
      run_rule(worker, rule);
  if (!pass.again)
    worker.work.settlements += batch::judged(batch);
  if (!pass.again && worker.sink.line_relation != 0)
    worker.work.items += batch::judged_rows(batch, worker.sink.line_relation);
  BlockResult result{.findings = std::move(worker.sink.findings),
                     .indeterminate = std::move(worker.sink.indeterminate)};
  worker.sink.findings.clear();
  worker.sink.indeterminate.clear();
  worker.sink.findings.reserve(result.findings.size() + result.findings.size() / 4);
  sort_by_subject(worker, result.findings);
  sort_by_subject(worker, result.indeterminate);
  worker.work.findings += result.findings.size();
  return result;
}

const std::vector<OutcomeCounts>& outcomes(const Worker& worker) { return worker.outcomes; }
std::vector<RuleWork> rule_work(const Worker& worker) {
  std::vector<RuleWork> rules = worker.rule_work;
  for (std::size_t i = 0; i < worker.walks.size(); ++i) {
    const ColumnIndex& index = worker.program.indexes[i];
    for (std::size_t p = 0; p < index.profiles.size(); ++p)
      for (std::uint32_t c = index.profiles[p].begin; c < index.profiles[p].end; ++c)
        rules[index.checks[c].rule].checks += worker.walks[i][p];
  }
  return rules;
}
WorkCounts work(const Worker& worker) {
  WorkCounts sum = worker.work;
  for (const RuleWork& rule : rule_work(worker)) {
    sum.candidates += rule.candidates;
    sum.checks += rule.checks;
  }
  return sum;
}

} // namespace sanku::exec
