// See check.h.
#include "bench/run/check.h"

#include "bench/run/by_hand.h"
#include "bench/run/world.h"

#include <fmt/format.h>

#include <array>

namespace sanku::bench {
namespace {

using Way = void (*)(const limit::Tables&, const limit::Block&, limit::Scratch&, limit::Output&);

// Findings of one engine on the reference settlements, as texts by batch.
std::vector<std::vector<std::string>>
found_by(const Compiled& compiled, const engine::EngineOptions& options, std::string_view claims) {
  const auto made = engine::make_engine(
      compiled.program(), compiled.tables(),
      options.kind == engine::EngineKind::jit ? compiled.code.image.get() : nullptr, options);
  std::vector<std::vector<std::string>> found;
  engine::Judge judge(*made);
  for (const batch::Batch& batch : read_batches(claims, *made)) {
    std::vector<std::string>& texts = found.emplace_back();
    for (const exec::Finding& finding : judge.judge(batch).findings)
      texts.push_back(text_of(finding));
  }
  return found;
}

void same(std::string_view name, const std::vector<std::vector<std::string>>& expected,
          const std::vector<std::vector<std::string>>& found) {
  for (std::size_t b = 0; b < expected.size(); ++b)
    for (std::size_t i = 0; i < std::max(expected[b].size(), found[b].size()); ++i) {
      const std::string a = i < expected[b].size() ? expected[b][i] : "nothing more";
      const std::string other = i < found[b].size() ? found[b][i] : "nothing more";
      if (a != other)
        stop(fmt::format("batch {}: compiled: {}\n{}: {}", b, a, name, other));
    }
}

void same_by_hand(const ReferenceWorld& world, const HandWritten& by_hand, Way way) {
  engine::Judge judge(*world.compiled->engine);
  limit::Scratch scratch;
  limit::Output output;
  for (std::size_t b = 0; b < world.batches.size(); ++b) {
    output.clear();
    way(by_hand.tables(), by_hand.blocks()[b], scratch, output);
    const auto found = judge.judge(world.batches[b]);
    if (const auto wrong = difference(found.findings, output))
      stop(fmt::format("batch {}: {}", b, *wrong));
  }
  for (std::size_t rule = 0; rule < limit::rule_count; ++rule) {
    const exec::OutcomeCounts& counts = judge.outcomes()[rule];
    if (counts.fired != output.fired[rule] || counts.indeterminate != output.indeterminate[rule])
      stop(fmt::format("rule {}: {} fired and {} indeterminate compiled, {} and {} by hand",
                       rule + 1, counts.fired, counts.indeterminate, output.fired[rule],
                       output.indeterminate[rule]));
    if (counts.fired == 0)
      stop(fmt::format("rule {} finds nothing on this data, so nothing is proved", rule + 1));
  }
}

} // namespace

void check_world(const std::filesystem::path& work, std::uint64_t settlements) {
  const ReferenceWorld world =
      make_reference_world({.work = work, .settlements = settlements, .batch = 1000});
  const HandWritten by_hand(*world.compiled, world.batches);
  same_by_hand(world, by_hand, limit::run_scalar);
  same_by_hand(world, by_hand, limit::run_flat);
  std::string claims;
  append_claims(world.reference, 1, 0, settlements, claims);
  const auto expected = found_by(*world.compiled, {}, claims);
  std::uint64_t findings = 0;
  for (const auto& batch : expected)
    findings += batch.size();
  same("evaluator", expected,
       found_by(*world.compiled, {.kind = engine::EngineKind::evaluator}, claims));
  const auto plain = compile_pack(world.pack, jit::Level::none);
  same("unoptimised", expected, found_by(*plain, {}, claims));
  fmt::print("{} settlements, {} lines, {} findings: the same by hand (two ways), evaluator, "
             "compiled unoptimised and optimised\n",
             settlements, world.items, findings);
}

} // namespace sanku::bench
