// What generated code says to peers and asks of them (runtime/abi/hooks.h): keys one by one, then
// the value that a group has, or what comes of those of its peers.
#include "runtime/exec/worker.h"
#include "runtime/types/candidates.h"

using namespace sanku;      // NOLINT(check): C entry points of this project only
using namespace sanku::abi; // NOLINT(check): likewise

namespace {

// Nothing where some key is not known, or which of several codes it is.
std::optional<Int128> found(const Frame* frame, std::uint32_t number) {
  const exec::Worker& worker = *frame->sink->worker;
  if (worker.peers == nullptr || !frame->scratch->peer_keys_known)
    return std::nullopt;
  const exec::RuleImage& rule = worker.program.image->rules[frame->rule];
  exec::PeerShape shape = rule.peers[number];
  shape.rank = frame->scratch->peer_rank.value_or(shape.rank);
  return (*worker.peers)[frame->rule][number].find(shape, frame->scratch->peer_keys);
}

void add(Frame* frame, std::uint32_t number, Int128 value) {
  if (frame->scratch->peer_keys_known)
    (*frame->sink->worker->collecting)[frame->rule][number].add(frame->scratch->peer_keys, value);
}

} // namespace

extern "C" {

void sanku_peers_begin(Frame* frame) {
  frame->scratch->peer_keys.clear();
  frame->scratch->peer_keys_known = true;
  frame->scratch->peer_rank.reset();
}
void sanku_peers_key(Frame* frame, std::uint32_t type, const void* value) {
  const Sink& sink = *frame->sink;
  Value key = captured_value(sink, sink.program->image->sink_types[type], value);
  const auto* code = std::get_if<CodeText>(&key);
  const bool undecided =
      code != nullptr && code->text.find(candidate_separator) != std::string::npos;
  if (!is_known(key) || undecided)
    frame->scratch->peer_keys_known = false;
  frame->scratch->peer_keys.push_back(std::move(key));
}
// While nobody knows the rank, nobody knows what stands there.
void sanku_peers_rank(Frame* frame, const void* rank) {
  const auto& units = *static_cast<const Maybe<Decimal>*>(rank);
  frame->scratch->peer_rank = units.value.units;
  frame->scratch->peer_keys_known = frame->scratch->peer_keys_known && units.known;
}
void sanku_peers_add_decimal(Frame* frame, std::uint32_t number, const void* value) {
  const auto& own = *static_cast<const Maybe<Decimal>*>(value);
  if (own.known)
    add(frame, number, own.value.units);
}
void sanku_peers_add_integer(Frame* frame, std::uint32_t number, const void* value) {
  const auto& own = *static_cast<const Maybe<Integer>*>(value);
  if (own.known)
    add(frame, number, own.value.value);
}
void sanku_peers_find_decimal(const Frame* frame, std::uint32_t number, void* out) {
  const auto units = found(frame, number);
  *static_cast<Maybe<Decimal>*>(out) = {Decimal{units.value_or(0)}, units.has_value()};
}
void sanku_peers_find_integer(const Frame* frame, std::uint32_t number, void* out) {
  const auto units = found(frame, number);
  *static_cast<Maybe<Integer>*>(out) = {Integer{static_cast<std::int64_t>(units.value_or(0))},
                                        units.has_value()};
}

} // extern "C"
