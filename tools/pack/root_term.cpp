// See root_term.h.
#include "tools/pack/root_term.h"

#include <algorithm>

namespace sanku::pack {

bool signers_hold(const TrustRoot& root, const TrustRoot& of, Moment now, source::Span place,
                  diag::Diagnostics& diagnostics) {
  const Moment at = std::min(now, end_of_day(root.expires));
  std::uint64_t count = 0;
  std::string outside;
  for (const RootSignature& each : of.signatures) {
    const TrustedKey* key = find_key(root, each.key);
    if (key == nullptr || !has_role(*key, root_role) || !key->signs_roots())
      continue;
    if (key->from <= at && at <= end_of_day(key->until))
      ++count;
    else
      outside = fmt::format("{} ({}..{})", key->holder, day_text(key->from), day_text(key->until));
  }
  if (count >= root.threshold)
    return true;
  auto& told = diag::report<"trust_signers">(diagnostics, place, count, root.threshold);
  if (!outside.empty())
    told.help(fmt::format("根密钥不在有效期内：{}", outside),
              fmt::format("a root key signed outside of its time: {}", outside));
  return false;
}

} // namespace sanku::pack
