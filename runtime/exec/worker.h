// A worker's memory, shared by the files of this folder only: scratch for line buffers, groups and
// matches, and the sink that takes a finding piece by piece. Everything grows to what the largest
// visit needs and is kept for the next block.
#pragma once

#include "runtime/abi/hooks.h"
#include "runtime/exec/peers.h"
#include "runtime/exec/program.h"
#include "runtime/exec/run.h"
#include "runtime/exec/same_value.h"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sanku::exec {
struct Worker;
}

namespace sanku::abi {

// Buffers are taken and given back in stack order.
struct LineState {
  bool doubt = false; // something only perhaps belongs
  bool lost = false;  // the order is not known
};
struct LineBuffers {
  std::deque<std::vector<Bound>> buffers; // stable addresses
  std::deque<LineState> states;           // by buffer
  std::uint32_t used = 0;
};

// The best match so far and the one on offer.
struct BestMatch {
  bool any = false;
  bool known = false;
  Int128 amount = 0;
  std::vector<Bound> bound;
  std::uint32_t offered_lines = 0;
  bool offered_known = true;
  Int128 offered = 0;
};

// The values of a fold under way, as often as they come; texts are the batch's, a row's or a
// constant's.
struct DistinctValue {
  std::uint64_t low, high;
  std::string_view text;
  bool perhaps; // it may be that it is not there
  friend auto operator<=>(const DistinctValue&, const DistinctValue&) = default;
};
struct DistinctValues {
  std::vector<DistinctValue> values;
  std::int64_t unknown = 0; // elements, each of a value for itself
  bool some = false;        // an element is surely there
  bool unlimited = false;   // nobody can say how many elements there are
};

// Bound::part of a line of which nobody knows how much is meant; places from `first_part` on are
// taken by lines that are cut, until the last buffer is given back.
inline constexpr std::uint32_t unknown_part = 1;
inline constexpr std::uint32_t first_part = 2;

struct Scratch {
  std::deque<DistinctValues> distinct; // stable addresses
  std::uint32_t distinct_used = 0;
  LineBuffers lines;
  std::vector<Part> parts = std::vector<Part>(first_part); // by Bound::part
  std::deque<std::vector<std::uint32_t>> sorted;
  std::uint32_t sorted_used = 0;
  std::deque<BestMatch> best;
  std::uint32_t best_used = 0;
  std::vector<std::uint32_t> entering; // rows by which the present element enters groups
  std::deque<std::string> reasons;     // of the finding under way; stable addresses
  std::vector<Slot> kept = std::vector<Slot>(kept_room); // Frame::kept
  std::vector<Value> peer_keys; // by which a group is asked for among its peers
  bool peer_keys_known = true;
  std::optional<Int128> peer_rank;       // of a percentile whose rank is not the rule's own
  std::vector<GroupEntry> entries, laid; // laid: by buckets of their hashes
  std::vector<std::uint32_t> bucket_ends;
  std::vector<std::uint32_t> group;
};

struct Sink {
  exec::Worker* worker = nullptr;
  const exec::Program* program = nullptr;
  const batch::Batch* batch = nullptr;
  std::vector<exec::Finding> findings;
  std::vector<exec::Indeterminate> indeterminate;
  bool list_indeterminate = false;
  std::uint32_t line_relation = 0;
};

// A slot of that type as a value of its own.
[[nodiscard]] Value captured_value(const Sink& sink, const Type& type, const void* value);

} // namespace sanku::abi

namespace sanku::exec {

// Bit rows of codes that the frozen dictionary lacks, kept from block to block; by CodeSets.
struct OtherMembers {
  std::unordered_map<std::string, std::uint32_t> places; // by code, into `rows` by words
  std::vector<std::uint64_t> rows;
  std::vector<std::uint32_t> of_block; // by the block's own code: its place, or not asked yet
};

// An element of an indexed list that some rule may have something to say of.
struct LiveRow {
  std::uint32_t row, profile;
};

// Subjects proposed to one rule, in the order of their rows; what lies beyond `size` is room.
struct Candidates {
  std::vector<abi::Candidate> room;
  std::uint32_t size = 0;
};
inline void add(Candidates& candidates, abi::Candidate candidate) {
  if (candidates.size == candidates.room.size())
    candidates.room.resize(std::max<std::size_t>(256, candidates.room.size() * 2));
  candidates.room[candidates.size++] = candidate;
}

struct Worker {
  const Program& program; // owned by the caller, outlives the worker
  RunOptions options;
  const Tier* tier = nullptr; // the tier that the present block runs in
  abi::Scratch scratch;
  abi::Sink sink;
  std::vector<abi::Bound> bound;
  batch::View view; // of the present block
  std::vector<abi::RelationView> relations;
  const std::vector<bool>* context = nullptr;                         // likewise
  const std::uint32_t *person_begin = nullptr, *person_end = nullptr; // of the present block
  const std::int32_t *first_day = nullptr, *last_day = nullptr;       // likewise
  std::vector<abi::CodeTexts> codes;                                  // by dictionary
  std::vector<OtherMembers> members;                                  // by CodeSets
  std::vector<std::uint32_t> weighed; // lists of the schema on whose length steps depend
  std::vector<std::uint32_t> longest; // by list of the schema: the longest of the block, of those
  ByValues by_values;                 // of the rule under examination
  std::vector<std::uint64_t> masks;
  std::uint64_t any_mask = 0; // of all settlements
  std::vector<std::uint64_t> probed;
  std::vector<LiveRow> live; // of the index under examination
  std::vector<abi::Candidate> visits;
  std::vector<Candidates> candidates; // by rule
  std::vector<OutcomeCounts> outcomes;
  std::vector<RuleWork> rule_work; // by rule: candidates
  // By index, by profile: how often its checks were walked, from which follows how many each rule's
  // were.
  std::vector<std::vector<std::uint64_t>> walks;
  WorkCounts work;                     // the others
  const PeersOfRules* peers = nullptr; // of the whole population, as far as it was looked at
  PeersOfRules* collecting = nullptr;  // while they are collected
};

[[nodiscard]] abi::Frame make_frame(Worker& worker, std::uint32_t rule);
// What the lists of the block are at most; budget.cpp.
[[nodiscard]] std::vector<std::uint32_t> weighed_lists(const Program& program);
void measure_lists(Worker& worker, std::uint32_t settlements);
// How often values of a column occur in the visit or group under examination.
[[nodiscard]] ValueCounts value_counts(const abi::Frame& frame, const ByValues::Of& of);
// Whether some condition of the rule may be too much somewhere in the block.
[[nodiscard]] bool is_weighty(const Worker& worker, std::uint32_t rule);
// Finds every rule's candidates in the block, of which `masks` are known; propose.cpp.
void propose(Worker& worker, std::uint32_t settlements);
// Whether some code of a column is one of several.
[[nodiscard]] bool any_candidates(const std::uint32_t* ids, std::uint32_t rows);

} // namespace sanku::exec
