// Shared by the readers of this folder: faults, numbers, and what every tree is checked for before
// it is walked.
#pragma once

#include "runtime/models/load.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace sanku::models {

inline tl::unexpected<Fault> fault(Fault::Kind kind, std::string zh, std::string en) {
  return tl::unexpected<Fault>(Fault{.kind = kind, .zh = std::move(zh), .en = std::move(en)});
}
inline tl::unexpected<Fault> damaged(std::string zh, std::string en) {
  return fault(Fault::Kind::damaged, std::move(zh), std::move(en));
}
inline tl::unexpected<Fault> unsupported(std::string zh, std::string en) {
  return fault(Fault::Kind::unsupported, std::move(zh), std::move(en));
}
inline tl::unexpected<Fault> too_large(std::string zh, std::string en) {
  return fault(Fault::Kind::too_large, std::move(zh), std::move(en));
}

// Finite numbers only, and nothing behind them.
[[nodiscard]] bool read_number(std::string_view text, double& number);
[[nodiscard]] bool read_number(std::string_view text, float& number);
[[nodiscard]] bool read_number(std::string_view text, std::int64_t& number);

[[nodiscard]] Loaded<Model> parse_lightgbm(std::string_view text, const Limits& limits);
[[nodiscard]] Loaded<Model> parse_xgboost(std::string_view text, const Limits& limits);
[[nodiscard]] Loaded<Model> parse_linear(std::string_view text, const Limits& limits);

// How many nodes a model has already, and whether one more tree may be read.
[[nodiscard]] Loaded<void> room_for(const Model& model, std::size_t nodes, const Limits& limits);
// Every node but the root is the child of one node before it or behind it, no way leads in a
// circle, features are there; then depth and expected values are filled in.
[[nodiscard]] Loaded<void> seal(Tree& tree, std::size_t number, const Model& model,
                                const Limits& limits);
// Model::packed of a sound model.
void pack(Model& model);

} // namespace sanku::models
