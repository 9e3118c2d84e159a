// When keys of a trust root may sign one. A signature on a root has no time of its own, so it is
// held to the day on which the root is made, and to that on which it is taken up. Entry:
// signers_hold. Tested by tests/unit/tools/pack_trust_test.cpp.
#pragma once

#include "tools/pack/trust.h"

namespace sanku::pack {

// Whether enough root keys of `root` that hold at `now` are among those that signed `of`, whose
// signatures were verified. A root that has ended is still followed, by keys that held at its end.
[[nodiscard]] bool signers_hold(const TrustRoot& root, const TrustRoot& of, Moment now,
                                source::Span place, diag::Diagnostics& diagnostics);

} // namespace sanku::pack
