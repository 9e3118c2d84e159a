// A trust root as people write it, in TOML, and its signing. Entry: make_root. Tested by
// tests/unit/tools/pack_trust_test.cpp.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "tools/pack/trust.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sanku::deploy {

// `file` is TOML (tools/pack/README.md), the files of public keys it names lie beside it. Signed by
// `signers`, in that order, which have to be enough and to hold at `now`. Empty: told.
[[nodiscard]] std::optional<pack::TrustRoot> make_root(const std::filesystem::path& file,
                                                       const std::vector<pack::PrivateKey>& signers,
                                                       pack::Moment now, source::SourceMap& map,
                                                       diag::Diagnostics& diagnostics);

} // namespace sanku::deploy
