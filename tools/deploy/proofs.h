// What a solver finds of a pack's own rules: when its file is built with proofs, all of it; where
// such a file is installed, of a sample of rules, and that against what the file says. The solver
// is stopped by its own steps alone, so the same sources give the same report on every machine;
// where time would have to stop it, there is no report. Entries: proofs_of, compare_proofs. Tested
// by tests/unit/tools/proofs_test.cpp.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "runtime/types/result.h"
#include "tools/engine/rules.h"
#include "tools/pack/container.h"
#include "tools/pack/proofs.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace sanku::deploy {

struct Proven {
  pack::Proofs proofs;
  // Of a sample: the rules of which all claims but those about lines they share are here, and the
  // rules of packs below that were looked at for what an overlay makes of them.
  std::set<std::string> examined = {}, compared = {};
  std::set<std::string> rules = {}; // that there are
  bool in_time = true;              // false: time ended it, and it says nothing
};

// `seed`: of a sample; none: all. Errors: the JIT.
[[nodiscard]] Result<Proven> proofs_of(const engine::Rules& rules,
                                       std::optional<std::uint64_t> seed);

// The report of a file against what a sample of its rules gave here.
void compare_proofs(const pack::PackFile& file, const Proven& found, source::Span place,
                    diag::Diagnostics& diagnostics);
// That nothing is said where time ended it.
void tell_time(source::Span place, diag::Diagnostics& diagnostics);

} // namespace sanku::deploy
