// Groups of the whole population and what they are compared with, for the evaluator. Entries:
// population, peer_keys. Tested by tests/cases/populations and the differential.
#pragma once

#include "compiler/evaluate/judge.h"
#include "runtime/exec/peers.h"

#include <optional>
#include <vector>

namespace sanku::evaluate {

// The rule's groups over all settlements of the batch, in the order of their first elements.
[[nodiscard]] std::vector<Subject> population(const Input& input, const hir::Rule& rule);

// The keys by which a group is asked for among its peers; none: one of them is not known.
[[nodiscard]] std::optional<std::vector<Value>> peer_keys(Scope& scope,
                                                          const std::vector<hir::Expr>& keys);
[[nodiscard]] exec::PeerShape peer_shape(const hir::PeerUse& use);

} // namespace sanku::evaluate
