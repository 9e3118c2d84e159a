// See tally.h.
#include "tools/impact/tally.h"

#include "runtime/types/check.h"

namespace sanku::impact {
namespace {

void add(ByName& to, const ByName& of) {
  for (const auto& [name, tally] : of)
    impact::add(to[name], tally);
}

} // namespace

void add(Tallies& to, const Tallies& of) {
  add(to.all, of.all);
  check(to.rules.size() == of.rules.size(), "tallies of one comparison");
  for (std::size_t i = 0; i < to.rules.size(); ++i)
    add(to.rules[i], of.rules[i]);
  add(to.regions, of.regions);
  add(to.institutions, of.institutions);
  add(to.months, of.months);
  for (const auto& [id, name] : of.names)
    if (const auto [at, is_new] = to.names.try_emplace(id, name); !is_new && name < at->second)
      at->second = name;
}

} // namespace sanku::impact
