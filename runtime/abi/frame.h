// What generated code, kernels, skeletons and the executor share: PODs only, no library. The JIT
// never restates a layout: every access from generated code goes through functions of the bitcode
// that this header is compiled into. Slots are opaque there.
#pragma once

#include "runtime/types/scalar.h"

namespace sanku::abi {

// Room for any Maybe<T>. Generated code passes slots by address and never looks inside.
struct alignas(32) Slot {
  unsigned char bytes[32];
};

// Arrow-shaped: `values` by physical type (bit8: one byte a value; text: bytes with `offsets`, rows
// + 1 of them), `validity` one bit a row, least significant first; null = all known.
struct ColumnView {
  const void* values;
  const std::uint8_t* validity;
  const std::uint32_t* offsets;
};

// Settlements, a child list, or a knowledge table. Children of settlement s: rows offsets[s] ..
// offsets[s + 1].
struct RelationView {
  const ColumnView* columns;
  const std::uint32_t* offsets; // child lists only
  const std::uint32_t*
      order; // child lists only: canonical rank inside the settlement; no_rank without a time
  std::uint32_t rows;
};
inline constexpr std::uint32_t kept_room = 64; // of Frame::kept
inline constexpr std::uint32_t no_rank = 0xffffffffu;

// Rows of one knowledge table by key id: those from `begin` on in KeyedView::rows; where there is
// one only, `begin` is the row itself.
struct KeyRun {
  std::uint32_t begin;
  std::uint32_t count; // 0 = free
};
struct KeyEntry {
  std::uint32_t id;
  std::uint32_t begin;
  std::uint32_t count;
};
struct KeyedView {
  const KeyEntry* entries; // an open-addressing table
  const KeyRun* runs;      // or by id - first below `span`, where the ids lie close together
  const std::uint32_t* rows;
  std::uint32_t mask; // entries - 1, a power of two minus one
  std::uint32_t first;
  std::uint32_t span; // 0: only `entries` are there
  // By row: the days between which it counts, both included, unbounded where the table leaves them
  // open; null when the table has no dates. Where `zoned`, two numbers a row: the day and the zone
  // (runtime/types/moment.h).
  const std::int32_t* valid_from;
  const std::int32_t* valid_to;
  // Of a table whose keys are looked up by their texts, because they are prefixes or because a code
  // may have two parts, else null. By code id below `codes`: the key of that code, or the longest
  // that begins it, and the longest that begins it and is shorter; 0 where there is none. The keys
  // in the order of their texts. `falls_back`: where no row of the longest key counts on the day,
  // those of the next do.
  const std::uint32_t* key_of;
  const std::uint32_t* shorter; // prefixes only
  const std::uint32_t* keys;
  std::uint32_t key_count;
  std::uint32_t codes;
  bool falls_back;
  bool two_parts; // `A17.0+G01*`: as a whole first, else by either part
  bool zoned;     // overlays change the table
};

// The codes of one dictionary as text: ids from `first` to below `end` are the program's, those
// from `end` on the block's own.
struct CodeTexts {
  const Text* frozen;
  const Text* overflow;
  std::uint32_t first;
  std::uint32_t end;
};

// An element or row that a name stands for: `index` is absolute in its relation. `part` is 0 for
// the whole line, else a place in Frame::parts.
struct Bound {
  std::uint32_t index;
  std::uint32_t part;
};
inline constexpr std::uint32_t unknown_row = 0xffffffffu;
// Field by field, so that generated code keeps them apart.
inline void stand(Bound& bound, std::uint32_t row) {
  bound.index = row;
  bound.part = 0;
}

// Some of a line: `quantity` units (at the scale of the quantity field) and their share of the
// money. What is not known could not be decided.
struct Part {
  Int128 quantity;
  Int128 amount;
  bool quantity_known;
  bool amount_known;
};

// An element on its way into a group.
struct GroupEntry {
  std::uint64_t hash;
  std::uint32_t row;
  std::uint32_t entered; // the table's row by which it entered; unknown_row where none is needed
  bool complete;
  bool taken;
};

// Which codes belong to the sets that one expression asks for: a bit row of `words` words by code
// id below `codes`; codes of the block's own are asked for by sanku_set_other.
struct SetView {
  const std::uint64_t* bits;
  const std::uint32_t* numbers; // of the set: one, or by row of a table; no_set: the cell is empty
  std::uint32_t words;
  std::uint32_t codes;
  std::uint32_t sets;
};
inline constexpr std::uint32_t no_set = 0xffffffffu;

struct Sink;    // findings of a block; runtime/exec
struct Scratch; // line buffers of a worker; runtime/exec

// What a loop asks for that keeps only elements with the value of another: the elements of a list
// of the visit, or of the group, with the value in `column` that the other has in `by_column`.
struct SameValue {
  std::uint32_t relation;
  std::uint32_t column;
  std::uint32_t by_relation;
  std::uint32_t by_column;
  bool group;
};
// Rows of those that perhaps have it, and of those of which it is not known. They stay until the
// next visit or group.
struct SameRows {
  const std::uint32_t* with;
  const std::uint32_t* without;
  std::uint32_t with_count;
  std::uint32_t without_count;
};

// Generated code keeps the binders of a subject in an array of its own, `env`, which stays in
// registers; `bound` is where they are put for what runs outside: firing, and functions that
// externals call back.
struct Frame {
  const RelationView* relations;     // by relation id of the schema, then knowledge tables
  const KeyedView* keyed;            // by knowledge table
  const CodeTexts* codes;            // by dictionary
  const Slot* constants;             // the program's constants and parameters, filled at bind
  const SetView* sets;               // by use, as the program image lists them
  const std::uint64_t* parameters;   // of the rule: numbers in which rules of one shape differ
  const std::uint32_t* person_begin; // by settlement: the rows of its person's visits, in time
  const std::uint32_t* person_end;   // order; null in a block without persons
  // By settlement: on which day its visit began, the least number where that is not known, and on
  // which it ended, the largest.
  const std::int32_t* first_day;
  const std::int32_t* last_day;
  Sink* sink;
  Scratch* scratch;
  Bound* bound;               // by binder slot; 0 the settlement, 1 the subject
  const Part* parts;          // of lines, by Bound::part
  const std::uint32_t* group; // elements of the group in canonical order; group subjects only
  Slot* kept;                 // values of lets, each once a subject, by their places
  std::uint64_t kept_values;  // by place: is it there already?
  GroupEntry* entries;        // room for grouping: see sanku_group_room
  std::uint32_t* rows;        // likewise
  std::uint32_t room;
  std::uint32_t settlement; // row of the settlement under examination
  std::uint32_t group_size;
  std::uint64_t groups;  // how many there were before: the group's number
  std::uint32_t few;     // elements are all gone through, and not looked up by a value
  std::uint32_t rule;    // index, for the sink
  std::uint32_t binders; // slots in use
  bool group_complete;   // false: some key of the group is unknown
  bool weighty;          // some condition of the rule may be too much in this block
  bool collecting;       // groups only add their values to those of their peers
};

// A subject that the index (or a full scan) proposes: an element of a list, or the settlement
// itself.
struct Candidate {
  std::uint32_t settlement;
  std::uint32_t element;
};

struct Tally {
  std::uint64_t fired, indeterminate, clear, not_applicable;
};

enum class Outcome : std::uint8_t { not_applicable = 0, clear = 1, indeterminate = 2, fired = 3 };

} // namespace sanku::abi
