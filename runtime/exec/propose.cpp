// propose: which subjects each rule looks at. One pass over each indexed list keeps the rows whose
// word has a bit of the settlement's mask, without a branch a row; a second walks the checks of
// those. See ARCHITECTURE.md, "The index". Tested with and without an index by the differential.
#include "runtime/exec/worker.h"
#include "runtime/types/candidates.h"

#include <algorithm>
#include <span>

namespace sanku::exec {
namespace {

// A code of several candidates may, like a missing one, be of any table.
std::uint32_t profile_of(const CodeIndex& index, std::uint32_t id) {
  const auto frozen = static_cast<std::uint32_t>(index.profile_of.size() - 1);
  if (has_candidates(Code{id}))
    return index.profile_of[codes::no_code];
  return index.profile_of[std::min(id, frozen)];
}

// Writes each row of the list and keeps it where it is live; how many.
template <bool plain>
std::size_t scan(const Worker& worker, const CodeIndex& index, std::uint32_t settlements,
                 LiveRow* out, std::uint32_t& all_ids) {
  const abi::RelationView& relation = worker.relations[index.relation];
  const auto* ids = static_cast<const std::uint32_t*>(relation.columns[index.column].values);
  const std::uint32_t* profiles = index.profile_of.data();
  const auto frozen = static_cast<std::uint32_t>(index.profile_of.size() - 1);
  std::size_t found = 0;
  std::uint32_t row = 0;
  for (std::uint32_t settlement = 0; settlement < settlements; ++settlement) {
    const std::uint64_t mask = worker.masks[settlement];
    for (const std::uint32_t end = relation.offsets[settlement + 1]; row < end; ++row) {
      const std::uint32_t id = ids[row];
      all_ids |= id;
      const std::uint32_t profile = plain ? profiles[std::min(id, frozen)] : profile_of(index, id);
      const std::uint64_t variants = index.profiles[profile].word & mask;
      out[found] = {variants, settlement, row, profile};
      found += variants != 0 ? 1u : 0u;
    }
  }
  return found;
}

// Each rule once a subject, however many of its rows survive.
void propose_live(Worker& worker, const CodeIndex& index, const LiveRow& live,
                  std::vector<std::uint64_t>& walks) {
  const Profile& profile = index.profiles[live.profile];
  for (std::uint32_t i = profile.begin; i < profile.end; ++i) {
    const Check& check = index.checks[i];
    if ((check.bits & live.variants) == 0)
      continue;
    Candidates& proposed = worker.candidates[check.rule];
    if (!check.visit)
      add(proposed, {live.settlement, live.row});
    else if (proposed.size == 0 || proposed.room[proposed.size - 1].settlement != live.settlement)
      add(proposed, {live.settlement, live.settlement});
  }
  ++walks[live.profile];
}

void scan_index(Worker& worker, const CodeIndex& index, std::uint32_t settlements) {
  const std::size_t rows = worker.relations[index.relation].rows;
  if (worker.live.size() < rows + 1)
    worker.live.resize(rows + 1);
  std::uint32_t all_ids = 0;
  std::size_t found = scan<true>(worker, index, settlements, worker.live.data(), all_ids);
  if (has_candidates(Code{all_ids}))
    found = scan<false>(worker, index, settlements, worker.live.data(), all_ids);
  std::vector<std::uint64_t>& walks =
      worker.walks[static_cast<std::size_t>(&index - worker.program.indexes.data())];
  for (std::size_t i = 0; i < found; ++i)
    propose_live(worker, index, worker.live[i], walks);
}

void propose_elements(Worker& worker, std::uint32_t rule, std::uint32_t settlement) {
  const abi::RelationView& relation = worker.relations[worker.program.image->rules[rule].relation];
  for (std::uint32_t row = relation.offsets[settlement]; row < relation.offsets[settlement + 1];
       ++row)
    add(worker.candidates[rule], {settlement, row});
}

// Beside the visits that the index found: those whose list must not be empty and is, and those that
// the header alone makes interesting. Then the groups' elements in place of their visits.
void complete_visits(Worker& worker, std::uint32_t rule, std::uint32_t number,
                     std::uint32_t settlements) {
  const IndexKey& key = worker.program.image->rules[rule].keys[number];
  Candidates& proposed = worker.candidates[rule];
  const std::uint32_t found = proposed.size;
  if (worker.program.schema->relations[key.relation].nonempty) {
    const std::uint32_t* offsets = worker.relations[key.relation].offsets;
    for (std::uint32_t settlement = 0; settlement < settlements; ++settlement)
      if (offsets[settlement] == offsets[settlement + 1])
        add(proposed, {settlement, settlement});
  }
  if (key.masks) {
    worker.probed.assign(settlements, 0);
    abi::Frame frame = make_frame(worker, rule);
    worker.tier->rules[rule].run_masks[number](&frame, settlements, 0, 0, 1, worker.probed.data());
    for (std::uint32_t settlement = 0; settlement < settlements; ++settlement)
      if (worker.probed[settlement] != 0)
        add(proposed, {settlement, settlement});
  }
  if (proposed.size != found) {
    const auto place = [](const abi::Candidate& candidate) { return candidate.settlement; };
    const std::span all(proposed.room.data(), proposed.size);
    std::ranges::sort(all, {}, place);
    proposed.size -= static_cast<std::uint32_t>(std::ranges::unique(all, {}, place).size());
  }
  if (worker.program.image->rules[rule].shape != Shape::group)
    return;
  worker.visits.assign(proposed.room.data(), proposed.room.data() + proposed.size);
  proposed.size = 0;
  for (const abi::Candidate& visit : worker.visits)
    propose_elements(worker, rule, visit.settlement);
}

void propose_all(Worker& worker, std::uint32_t rule, std::uint32_t settlements) {
  for (std::uint32_t settlement = 0; settlement < settlements; ++settlement) {
    const RuleImage& image = worker.program.image->rules[rule];
    if (image.relation == 0)
      add(worker.candidates[rule], {settlement, settlement});
    else
      propose_elements(worker, rule, settlement);
  }
}

} // namespace

namespace {

// Of a population every visit counts; nobody else is judged that only stands beside.
void leave_context(Worker& worker, std::uint32_t rule) {
  const std::vector<bool>& context = *worker.context;
  if (context.empty() || worker.program.image->rules[rule].across)
    return;
  Candidates& proposed = worker.candidates[rule];
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < proposed.size; ++i)
    if (!context[proposed.room[i].settlement])
      proposed.room[kept++] = proposed.room[i];
  proposed.size = kept;
}

} // namespace

void propose(Worker& worker, std::uint32_t settlements) {
  for (Candidates& candidates : worker.candidates)
    candidates.size = 0;
  for (const CodeIndex& index : worker.program.indexes)
    scan_index(worker, index, settlements);
  for (const auto& [rule, key] : worker.program.by_visit)
    complete_visits(worker, rule, key, settlements);
  for (const std::uint32_t rule : worker.program.scanned)
    propose_all(worker, rule, settlements);
  for (std::uint32_t rule = 0; rule < worker.candidates.size(); ++rule)
    leave_context(worker, rule);
}

} // namespace sanku::exec
