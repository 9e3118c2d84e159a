// propose: which subjects each rule looks at. One pass over each indexed list keeps the rows whose
// word has a bit of some settlement's mask, without a branch a row; a second walks the checks of
// those that have one of their own settlement's. See ARCHITECTURE.md, "The index". Tested with and
// without an index by the differential.
#include "runtime/codes/dictionary.h"
#include "runtime/exec/worker.h"
#include "runtime/types/candidates.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <string_view>

namespace sanku::exec {
namespace {

bool is_known(const abi::ColumnView& column, std::uint32_t row) {
  return column.validity == nullptr || ((column.validity[row >> 3] >> (row & 7u)) & 1u) != 0;
}

// The place of a row's value in the index (ColumnIndex), by its kind. Codes are known by their id;
// one of several candidates may, like a missing one, be of any table.
struct CodePlace {
  const std::uint32_t* ids;
  std::uint32_t last;
  std::uint32_t operator()(std::uint32_t row) const { return std::min(ids[row], last); }
};
struct CodeOfSeveralPlace {
  const std::uint32_t* ids;
  std::uint32_t last;
  std::uint32_t operator()(std::uint32_t row) const {
    return has_candidates(Code{ids[row]}) ? codes::no_code : std::min(ids[row], last);
  }
};
struct EnumPlace {
  const abi::ColumnView& column;
  std::uint32_t last;
  std::uint32_t operator()(std::uint32_t row) const {
    if (!is_known(column, row))
      return codes::no_code;
    const std::uint32_t id = static_cast<const std::uint32_t*>(column.values)[row];
    return std::min(id - 1 + codes::first_code, last);
  }
};
// Of values of which only is asked whether there are any.
struct AnyPlace {
  const abi::ColumnView& column;
  std::uint32_t last;
  std::uint32_t operator()(std::uint32_t row) const {
    return is_known(column, row) ? last : codes::no_code;
  }
};
struct TextPlace {
  const abi::ColumnView& column;
  const codes::Dictionary& texts;
  std::uint32_t last;
  std::uint32_t operator()(std::uint32_t row) const {
    if (!is_known(column, row))
      return codes::no_code;
    const auto* bytes = static_cast<const char*>(column.values);
    const std::uint32_t begin = column.offsets[row], end = column.offsets[row + 1];
    const std::uint32_t place = codes::find(texts, std::string_view(bytes + begin, end - begin));
    return place == codes::no_code ? last : place;
  }
};

// Of which settlements whatever, some header leaves a check of the row a chance; how many such
// rows. Lists are short, so this goes over all of them at once, without a branch.
template <class Place>
std::size_t scan(Worker& worker, const ColumnIndex& index, const Place& place) {
  const std::uint32_t rows = worker.relations[index.relation].rows;
  const std::uint32_t* profiles = index.profile_of.data();
  LiveRow* const out = worker.live.data();
  std::size_t found = 0;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const std::uint32_t profile = profiles[place(row)];
    out[found] = {row, profile};
    found += (index.profiles[profile].word & worker.any_mask) != 0 ? 1u : 0u;
  }
  return found;
}

std::size_t scan_kind(Worker& worker, const ColumnIndex& index) {
  const abi::RelationView& relation = worker.relations[index.relation];
  const abi::ColumnView& column = relation.columns[index.column];
  const auto last = static_cast<std::uint32_t>(index.profile_of.size() - 1);
  if (index.kind == Kind::text && !index.texts.texts.empty())
    return scan(worker, index, TextPlace{column, index.texts, last});
  if (index.kind == Kind::enumeration)
    return scan(worker, index, EnumPlace{column, last});
  if (index.kind != Kind::code)
    return scan(worker, index, AnyPlace{column, last});
  const auto* ids = static_cast<const std::uint32_t*>(column.values);
  if (column.validity != nullptr && any_candidates(ids, relation.rows))
    return scan(worker, index, CodeOfSeveralPlace{ids, last});
  return scan(worker, index, CodePlace{ids, last});
}

// Each rule once a subject, however many of its rows survive.
void propose_live(Worker& worker, const ColumnIndex& index, const LiveRow& live,
                  std::uint32_t settlement, std::vector<std::uint64_t>& walks) {
  const Profile& profile = index.profiles[live.profile];
  const std::uint64_t variants = profile.word & worker.masks[settlement];
  if (variants == 0)
    return;
  for (std::uint32_t i = profile.begin; i < profile.end; ++i) {
    const Check& check = index.checks[i];
    if ((check.bits & variants) == 0)
      continue;
    Candidates& proposed = worker.candidates[check.rule];
    if (!check.visit)
      add(proposed, {settlement, live.row});
    else if (proposed.size == 0 || proposed.room[proposed.size - 1].settlement != settlement)
      add(proposed, {settlement, settlement});
  }
  ++walks[live.profile];
}

void scan_index(Worker& worker, const ColumnIndex& index) {
  const abi::RelationView& relation = worker.relations[index.relation];
  if (worker.live.size() < relation.rows + std::size_t{1})
    worker.live.resize(relation.rows + std::size_t{1});
  const std::size_t found = scan_kind(worker, index);
  std::vector<std::uint64_t>& walks =
      worker.walks[static_cast<std::size_t>(&index - worker.program.indexes.data())];
  std::uint32_t settlement = 0;
  for (std::size_t i = 0; i < found; ++i) {
    while (relation.offsets[settlement + 1] <= worker.live[i].row)
      ++settlement;
    propose_live(worker, index, worker.live[i], settlement, walks);
  }
}

void propose_elements(Worker& worker, std::uint32_t rule, std::uint32_t settlement) {
  const abi::RelationView& relation = worker.relations[worker.program.image->rules[rule].relation];
  for (std::uint32_t row = relation.offsets[settlement]; row < relation.offsets[settlement + 1];
       ++row)
    add(worker.candidates[rule], {settlement, row});
}

// Says in worker.probed of which visits the header, or guards on the visit alone, leave the rule a
// chance.
void probe(Worker& worker, std::uint32_t rule, std::uint32_t key, std::uint32_t settlements) {
  worker.probed.assign(settlements, 0);
  abi::Frame frame = make_frame(worker, rule);
  worker.tier->rules[rule].run_masks[key](&frame, settlements, 0, 1, worker.probed.data());
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
    probe(worker, rule, number, settlements);
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

// Where lists may be so long that a condition is not even begun, it is unknown of every subject,
// whatever its key says.
void propose_weighty(Worker& worker, std::uint32_t settlements) {
  for (std::uint32_t rule = 0; rule < worker.candidates.size(); ++rule)
    if (is_weighty(worker, rule)) {
      worker.candidates[rule].size = 0;
      propose_all(worker, rule, settlements);
    }
}

// Keeps the proposed subjects of visits of which `stays` holds.
template <class Stays> void keep(Candidates& proposed, const Stays& stays) {
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < proposed.size; ++i) {
    const abi::Candidate candidate = proposed.room[i];
    proposed.room[kept] = candidate;
    kept += stays(candidate.settlement) ? 1u : 0u;
  }
  proposed.size = kept;
}

// Of a population every visit counts; nobody else is judged that only stands beside.
void leave_context(Worker& worker, std::uint32_t rule) {
  const std::vector<bool>& context = *worker.context;
  if (!context.empty() && !worker.program.image->rules[rule].across)
    keep(worker.candidates[rule], [&](std::uint32_t settlement) { return !context[settlement]; });
}

} // namespace

bool any_candidates(const std::uint32_t* ids, std::uint32_t rows) {
  constexpr std::uint32_t at_once = 8;
  std::uint64_t all[at_once / 2] = {};
  std::uint32_t row = 0;
  for (; row + at_once <= rows; row += at_once) {
    std::uint64_t words[at_once / 2];
    std::memcpy(words, ids + row, sizeof words);
    for (std::uint32_t i = 0; i < at_once / 2; ++i)
      all[i] |= words[i];
  }
  std::uint32_t rest = 0;
  for (; row < rows; ++row)
    rest |= ids[row];
  const std::uint64_t both = all[0] | all[1] | all[2] | all[3];
  return has_candidates(
      Code{rest | static_cast<std::uint32_t>(both) | static_cast<std::uint32_t>(both >> 32)});
}

void propose(Worker& worker, std::uint32_t settlements) {
  for (Candidates& candidates : worker.candidates)
    candidates.size = 0;
  worker.any_mask = 0;
  for (const std::uint64_t mask : worker.masks)
    worker.any_mask |= mask;
  for (const ColumnIndex& index : worker.program.indexes)
    scan_index(worker, index);
  for (const auto& [rule, key] : worker.program.by_visit)
    complete_visits(worker, rule, key, settlements);
  for (const std::uint32_t rule : worker.program.scanned)
    propose_all(worker, rule, settlements);
  propose_weighty(worker, settlements);
  for (const auto& [rule, key] : worker.program.gates) {
    if (worker.candidates[rule].size == 0 || is_weighty(worker, rule))
      continue;
    probe(worker, rule, key, settlements);
    keep(worker.candidates[rule],
         [&](std::uint32_t settlement) { return worker.probed[settlement] != 0; });
  }
  for (std::uint32_t rule = 0; rule < worker.candidates.size(); ++rule)
    leave_context(worker, rule);
}

} // namespace sanku::exec
