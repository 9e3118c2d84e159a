// The seams between skeletons and generated code. A skeleton calls hooks, which have no body
// anywhere: for each use code generation clones the skeleton and puts generated functions in their
// place. Skeletons call externals, which the executor (runtime/exec) defines natively, for what is
// rare or needs memory. All are plain C names because the JIT resolves them. `env` holds what the
// binders stand on; its address never leaves generated code, so that it can live in registers.
#pragma once

#include "runtime/abi/frame.h"

extern "C" {

// ---- hooks: generated per use

// One element of a loop; true stops the loop. `accumulator` belongs to the fold.
bool sanku_hook_body(sanku::abi::Frame* frame, sanku::abi::Bound* env, void* accumulator);
// The same where the binder stands on the unknown row.
bool sanku_hook_absent(sanku::abi::Frame* frame, sanku::abi::Bound* env, void* accumulator);
// The key of a table look-up, KeyIds (keyed.h); and of a dated table the day, a Maybe<Date>.
void sanku_hook_key(sanku::abi::Frame* frame, sanku::abi::Bound* env, void* key, void* at);
// Fills a line buffer.
void sanku_hook_lines(sanku::abi::Frame* frame, sanku::abi::Bound* env, std::uint32_t buffer);
// Decides one subject: guards, branches, firing.
sanku::abi::Outcome sanku_hook_subject(sanku::abi::Frame* frame, sanku::abi::Bound* env);
// Whether the settlement's header and the bound row leave the rule a chance to fire or to be
// unknown.
bool sanku_hook_probe(sanku::abi::Frame* frame, sanku::abi::Bound* env);
// The same where everything that it reads of the header is known in the whole block; whether it is.
bool sanku_hook_probe_known(sanku::abi::Frame* frame, sanku::abi::Bound* env);
bool sanku_hook_header_known(sanku::abi::Frame* frame, sanku::abi::Bound* env);
// Group keys of the element bound to the subject: a hash and whether all are known; whether two
// elements have the same keys.
std::uint64_t sanku_hook_hash(sanku::abi::Frame* frame, sanku::abi::Bound* env, bool* complete);
bool sanku_hook_same(sanku::abi::Frame* frame, sanku::abi::Bound* env, std::uint32_t left,
                     std::uint32_t right);
// Where elements enter groups by rows: hands each row of the subject to sanku_enter_row; and
// whether two elements with two rows have the same keys.
void sanku_hook_enter(sanku::abi::Frame* frame, sanku::abi::Bound* env);
bool sanku_hook_entered(sanku::abi::Frame* frame, sanku::abi::Bound* env, std::uint32_t left,
                        std::uint32_t left_row, std::uint32_t right, std::uint32_t right_row);
// The value that is taken of an element.
void sanku_hook_value(sanku::abi::Frame* frame, sanku::abi::Bound* env, void* out);
// How far a loop over a person's visits looks: a Maybe<Span> or a Maybe<Window>.
void sanku_hook_window(sanku::abi::Frame* frame, sanku::abi::Bound* env, void* out);

// ---- externals: defined in runtime/exec

// Line buffers of the worker's scratch.
std::uint32_t sanku_lines_acquire(sanku::abi::Frame* frame);
void sanku_lines_release(sanku::abi::Frame* frame, std::uint32_t buffer);
void sanku_lines_push(sanku::abi::Frame* frame, std::uint32_t buffer, std::uint32_t index,
                      std::uint32_t part);
// Pushes what surely belongs, and remembers that something perhaps does; `kept` is a Tri.
void sanku_lines_offer(sanku::abi::Frame* frame, std::uint32_t buffer, std::uint32_t index,
                       std::uint32_t part, sanku::Tri kept);
// Brings the lines into the order that `before` says, ties as they are. While the key of a line is
// not known the order is not, and how much is meant of each line neither. The callbacks see the
// binders in Frame::bound.
void sanku_lines_rank(sanku::abi::Frame* frame, std::uint32_t buffer,
                      bool (*before)(sanku::abi::Frame*, std::uint32_t, std::uint32_t),
                      bool (*known)(sanku::abi::Frame*, std::uint32_t));
// Whether something only perhaps belongs, or the order is not known.
bool sanku_lines_unsure(sanku::abi::Frame* frame, std::uint32_t buffer);
std::uint32_t sanku_lines_size(sanku::abi::Frame* frame, std::uint32_t buffer);
void sanku_lines_at(sanku::abi::Frame* frame, std::uint32_t buffer, std::uint32_t at,
                    std::uint32_t* index, std::uint32_t* part);
// Canonical order, each line once.
void sanku_lines_sort(sanku::abi::Frame* frame, std::uint32_t buffer, std::uint32_t relation);
void sanku_lines_beyond_quantity(sanku::abi::Frame* frame, std::uint32_t buffer,
                                 std::uint32_t relation, std::uint32_t quantity_column,
                                 std::uint32_t amount_column, const void* limit);
// `same` of the query's key hook decides which elements have one value; `known` whether they have
// one. They see the binders in Frame::bound.
void sanku_lines_beyond_distinct(sanku::abi::Frame* frame, std::uint32_t buffer, const void* limit,
                                 bool (*same)(sanku::abi::Frame*, std::uint32_t, std::uint32_t),
                                 bool (*known)(sanku::abi::Frame*, std::uint32_t));
// Distinct values of a fold: `accumulator` keeps the worker's set. A value is 128 bits, a text its
// bytes; `kept` is a Tri.
void sanku_distinct_begin(sanku::abi::Frame* frame, void* accumulator);
void sanku_distinct_add(void* accumulator, std::uint8_t kept, bool known, bool uncertain,
                        std::uint64_t low, std::uint64_t high, const char* text,
                        std::uint64_t size);
void sanku_distinct_end(sanku::abi::Frame* frame, const void* accumulator, void* out);
// The same of packed periods: how many days they cover together.
void sanku_covered_end(sanku::abi::Frame* frame, const void* accumulator, void* out);
// Codes that are one of several, in that dictionary. A comparison holds when it does for all, does
// not when it does for none; a table has a row for it (a Tri) likewise; its rows are those of the
// plain code that is given back, no code where its candidates' rows differ in anything but the key.
void sanku_candidates_compare(const sanku::abi::Frame* frame, std::uint32_t dictionary,
                              const void* left, const void* right,
                              void (*compare)(const void*, const void*, void*), void* out);
std::uint8_t sanku_candidates_in(const sanku::abi::Frame* frame, std::uint32_t table,
                                 std::uint32_t id, const void* at);
// Whether it belongs to a set, a Tri likewise; `use` and `set` as sanku_set_other takes them.
std::uint8_t sanku_candidates_in_set(sanku::abi::Frame* frame, std::uint32_t use, std::uint32_t id,
                                     std::uint32_t set);
std::uint32_t sanku_candidates_row(const sanku::abi::Frame* frame, std::uint32_t table,
                                   std::uint32_t id);

// The score of a trained model, Maybe<Score>: `values` by feature, not a number where missing.
void sanku_score(sanku::abi::Frame* frame, std::uint32_t model, const double* values, void* out);
// What moved it most, Maybe<Text>, until the next finding; of a scorecard `values` are the points.
// Of groups across visits: the keys by which they are peers, then a group's value, or what comes of
// the values of those with these keys: a Maybe<Decimal> or Maybe<Integer>.
void sanku_peers_begin(sanku::abi::Frame* frame);
void sanku_peers_key(sanku::abi::Frame* frame, std::uint32_t type, const void* value);
void sanku_peers_rank(sanku::abi::Frame* frame, const void* rank); // of a percentile, if it varies
void sanku_peers_add_decimal(sanku::abi::Frame* frame, std::uint32_t number, const void* value);
void sanku_peers_add_integer(sanku::abi::Frame* frame, std::uint32_t number, const void* value);
void sanku_peers_find_decimal(const sanku::abi::Frame* frame, std::uint32_t number, void* out);
void sanku_peers_find_integer(const sanku::abi::Frame* frame, std::uint32_t number, void* out);
void sanku_reasons(sanku::abi::Frame* frame, std::uint32_t model, const double* values,
                   std::uint32_t most, void* out);

// Rows of a list of the settlement, or of the group, in canonical order; the pointer lives until
// the matching release.
const std::uint32_t* sanku_sorted_rows(sanku::abi::Frame* frame, std::uint32_t relation,
                                       std::uint32_t settlement, std::uint32_t* count);
void sanku_sorted_release(sanku::abi::Frame* frame);

// The elements that perhaps have the value of row `by`; `visit` has the list. False: all are to be
// gone through.
bool sanku_same_rows(sanku::abi::Frame* frame, std::uint32_t visit,
                     const sanku::abi::SameValue* ask, std::uint32_t by, sanku::abi::SameRows* out);

// Whether a code of the block's own belongs to a set.
bool sanku_set_other(sanku::abi::Frame* frame, std::uint32_t use, std::uint32_t code,
                     std::uint32_t set);

// Room in the frame for grouping at least `count` elements; what stands in it stays.
void sanku_group_room(sanku::abi::Frame* frame, std::uint32_t count);
// Whether the condition of that number would take more steps than the budget for this subject.
bool sanku_weigh(sanku::abi::Frame* frame, std::uint32_t number);
// Sorts the first `count` entries by hash and then canonically, so that many are told apart in one
// pass.
void sanku_group_sort(sanku::abi::Frame* frame, std::uint32_t relation, std::uint32_t count);
// The rows by which one element enters groups: begin, enter each, take them.
void sanku_entering_begin(sanku::abi::Frame* frame);
void sanku_entering_row(sanku::abi::Frame* frame, std::uint32_t row);
const std::uint32_t* sanku_entering_rows(sanku::abi::Frame* frame, std::uint32_t* count);

// The speaking match: begin, offer every match that satisfies the branch, take restores the best
// one's binders. `line` adds the amount of one offending line of the match on offer.
void sanku_best_begin(sanku::abi::Frame* frame);
void sanku_best_line(sanku::abi::Frame* frame, const void* amount);
void sanku_best_offer(sanku::abi::Frame* frame);
void sanku_best_take(sanku::abi::Frame* frame);

// A finding, piece by piece, of what stands in Frame::bound.
void sanku_sink_begin(sanku::abi::Frame* frame, std::uint32_t branch,
                      std::uint64_t unknown_branches);
// `until`: a condition, surely false once the trial is over.
void sanku_sink_trial(sanku::abi::Frame* frame, const void* until);
void sanku_sink_row(sanku::abi::Frame* frame, std::uint32_t table, std::uint32_t binder);
void sanku_sink_offending(sanku::abi::Frame* frame, std::uint32_t binder, const void* amount,
                          bool paid_unknown);
void sanku_sink_involved(sanku::abi::Frame* frame, std::uint32_t buffer);
void sanku_sink_key(sanku::abi::Frame* frame, std::uint32_t type, const void* value);
void sanku_sink_hole(sanku::abi::Frame* frame, std::uint32_t type, const void* value);
void sanku_sink_indeterminate(sanku::abi::Frame* frame, std::uint32_t subject);

} // extern "C"
