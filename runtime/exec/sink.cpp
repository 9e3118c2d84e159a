// The sink: a finding put together piece by piece as generated code hands it over, with codes and
// texts copied out of the batch, so that nothing is looked up again later.
#include "runtime/exec/worker.h"
#include "runtime/types/check.h"

#include <algorithm>
#include <limits>

namespace sanku::abi {
namespace {

exec::Finding& current(Frame* frame) { return frame->sink->findings.back(); }

template <class T> const T& known_value(const void* value) {
  return static_cast<const Maybe<T>*>(value)->value;
}

// All slots begin with the value; whether it is known stands behind it, so each type must be asked
// by its own layout.
template <class T> Value captured(const void* value) {
  const auto& maybe = *static_cast<const Maybe<T>*>(value);
  return maybe.known ? Value{maybe.value} : Value{Unknown{}};
}

Value capture_code(const Sink& sink, const Type& type, const void* value) {
  const auto& code = *static_cast<const Maybe<Code>*>(value);
  if (!code.known)
    return Unknown{};
  const std::uint32_t dictionary = sink.program->schema->systems[type.domain].dictionary;
  return CodeText{std::string(
      batch::code_text(*sink.batch, sink.program->dictionaries, dictionary, code.value.id))};
}

Value capture_enum(const Sink& sink, const Type& type, const void* value) {
  const auto& listed = *static_cast<const Maybe<Enum>*>(value);
  if (!listed.known)
    return Unknown{};
  if (listed.value.id < first_unlisted)
    return EnumValue{.id = listed.value.id, .unlisted = {}};
  return EnumValue{.id = 0,
                   .unlisted = std::string(
                       sink.batch->unlisted[type.domain].texts[listed.value.id - first_unlisted])};
}

} // namespace

Value captured_value(const Sink& sink, const Type& type, const void* value) {
  switch (type.kind) {
  case Kind::boolean:
    return captured<Bool>(value);
  case Kind::integer:
    return captured<Integer>(value);
  case Kind::decimal:
  case Kind::money:
    return captured<Decimal>(value);
  case Kind::date:
    return captured<Date>(value);
  case Kind::datetime:
    return captured<DateTime>(value);
  case Kind::span:
    return captured<Span>(value);
  case Kind::window:
    return captured<Window>(value);
  case Kind::age:
    return captured<Age>(value);
  case Kind::count:
    return captured<Count>(value);
  case Kind::code:
    return capture_code(sink, type, value);
  case Kind::enumeration:
    return capture_enum(sink, type, value);
  case Kind::score:
    return captured<Score>(value);
  case Kind::reasons:
  case Kind::text: {
    const auto& text = *static_cast<const Maybe<Text>*>(value);
    return text.known ? Value{std::string(text.value.data, text.value.size)} : Value{Unknown{}};
  }
  }
  unreachable("a value has one of the listed kinds");
}

} // namespace sanku::abi

using namespace sanku;      // NOLINT(check): C entry points of this project only
using namespace sanku::abi; // NOLINT(check): likewise

extern "C" {

void sanku_sink_begin(Frame* frame, std::uint32_t branch, std::uint64_t unknown_branches) {
  frame->scratch->reasons.clear();
  exec::Finding finding;
  finding.settlement = frame->settlement;
  finding.rule = frame->rule;
  finding.branch = branch;
  finding.subject = frame->bound[1].index;
  finding.unknown_branches = unknown_branches;
  frame->sink->findings.push_back(std::move(finding));
}
void sanku_sink_trial(Frame* frame, const void* until) {
  const auto& not_over = *static_cast<const Maybe<Bool>*>(until);
  current(frame).trial = !not_over.known || not_over.value.value;
}
void sanku_sink_row(Frame* frame, std::uint32_t table, std::uint32_t binder) {
  if (frame->bound[binder].index != unknown_row)
    current(frame).evidence.push_back({table, frame->bound[binder].index});
}
void sanku_sink_offending(Frame* frame, std::uint32_t binder, const void* amount,
                          bool paid_unknown) {
  const auto& cents = *static_cast<const Maybe<Decimal>*>(amount);
  constexpr Int128 most = std::numeric_limits<std::int64_t>::max();
  const bool fits = cents.known && cents.value.units <= most;
  current(frame).lines.push_back({frame->bound[binder].index, exec::LineRole::offending, fits,
                                  fits ? static_cast<std::int64_t>(cents.value.units) : 0,
                                  paid_unknown});
}
void sanku_sink_involved(Frame* frame, std::uint32_t buffer) {
  std::vector<exec::FindingLine>& lines = current(frame).lines;
  const auto offending = static_cast<std::ptrdiff_t>(lines.size());
  for (const Bound& line : frame->scratch->lines.buffers[buffer]) {
    const bool already =
        std::any_of(lines.begin(), lines.begin() + offending,
                    [&](const exec::FindingLine& other) { return other.row == line.index; });
    if (!already)
      lines.push_back({line.index, exec::LineRole::involved, false, 0, false});
  }
}
void sanku_sink_key(Frame* frame, std::uint32_t type, const void* value) {
  const Sink& sink = *frame->sink;
  current(frame).keys.push_back(captured_value(sink, sink.program->image->sink_types[type], value));
}
void sanku_sink_hole(Frame* frame, std::uint32_t type, const void* value) {
  const Sink& sink = *frame->sink;
  current(frame).holes.push_back(
      captured_value(sink, sink.program->image->sink_types[type], value));
}
void sanku_sink_indeterminate(Frame* frame, std::uint32_t subject) {
  if (frame->sink->list_indeterminate)
    frame->sink->indeterminate.push_back({frame->settlement, frame->rule, subject});
}

} // extern "C"

namespace sanku::exec {

std::vector<External> externals() {
#define EXTERNAL(NAME)                                                                             \
  External { #NAME, reinterpret_cast<void*>(&NAME) }
  return {EXTERNAL(sanku_lines_acquire),
          EXTERNAL(sanku_lines_release),
          EXTERNAL(sanku_lines_push),
          EXTERNAL(sanku_lines_offer),
          EXTERNAL(sanku_lines_rank),
          EXTERNAL(sanku_lines_unsure),
          EXTERNAL(sanku_lines_size),
          EXTERNAL(sanku_lines_at),
          EXTERNAL(sanku_lines_sort),
          EXTERNAL(sanku_lines_beyond_quantity),
          EXTERNAL(sanku_lines_beyond_distinct),
          EXTERNAL(sanku_distinct_begin),
          EXTERNAL(sanku_distinct_add),
          EXTERNAL(sanku_distinct_end),
          EXTERNAL(sanku_covered_end),
          EXTERNAL(sanku_sorted_rows),
          EXTERNAL(sanku_sorted_release),
          EXTERNAL(sanku_set_other),
          EXTERNAL(sanku_score),
          EXTERNAL(sanku_reasons),
          EXTERNAL(sanku_peers_begin),
          EXTERNAL(sanku_peers_key),
          EXTERNAL(sanku_peers_rank),
          EXTERNAL(sanku_peers_add_decimal),
          EXTERNAL(sanku_peers_add_integer),
          EXTERNAL(sanku_peers_find_decimal),
          EXTERNAL(sanku_peers_find_integer),
          EXTERNAL(sanku_group_room),
          EXTERNAL(sanku_weigh),
          EXTERNAL(sanku_group_sort),
          EXTERNAL(sanku_entering_begin),
          EXTERNAL(sanku_entering_row),
          EXTERNAL(sanku_entering_rows),
          EXTERNAL(sanku_best_begin),
          EXTERNAL(sanku_best_line),
          EXTERNAL(sanku_best_offer),
          EXTERNAL(sanku_best_take),
          EXTERNAL(sanku_same_rows),
          EXTERNAL(sanku_candidates_compare),
          EXTERNAL(sanku_candidates_in),
          EXTERNAL(sanku_candidates_in_set),
          EXTERNAL(sanku_candidates_row),
          EXTERNAL(sanku_sink_begin),
          EXTERNAL(sanku_sink_trial),
          EXTERNAL(sanku_sink_row),
          EXTERNAL(sanku_sink_offending),
          EXTERNAL(sanku_sink_involved),
          EXTERNAL(sanku_sink_key),
          EXTERNAL(sanku_sink_hole),
          EXTERNAL(sanku_sink_indeterminate)};
#undef EXTERNAL
}

} // namespace sanku::exec
