// The loop: compose, write, hand over in blocks.
#include "tools/generate/generate.h"

#include "tools/generate/catalogue.h"
#include "tools/generate/compose.h"
#include "tools/generate/write.h"

#include <algorithm>
#include <string>

namespace sanku::generate {

namespace {

constexpr std::size_t block_bytes = 1 << 18;

struct Output {
  const Sink& sink;
  std::string block;
};

// Hands the block over when it is large enough, or what there is when `last`.
bool flush(Output& output, bool last) {
  if (output.block.empty() || (!last && output.block.size() < block_bytes))
    return true;
  const bool taken = output.sink(output.block);
  output.block.clear();
  return taken;
}

tl::unexpected<Error> refused() {
  return failure("the output does not take more data: the disk may be full, or the reader gone",
                 "输出端拒绝继续写入：磁盘可能已满，或读取方已关闭");
}

Summary empty_summary() {
  Summary summary;
  for (std::size_t i = 0; i < rule_count; ++i)
    summary.planted[i].rule = rule_names[i].id;
  return summary;
}

void count(Summary& summary, const Claim& claim) {
  ++summary.settlements;
  summary.lines += claim.lines.size();
  summary.diagnoses += claim.diagnoses.size();
  summary.operations += claim.operations.size();
  for (const Finding& finding : claim.findings) {
    ++summary.planted[static_cast<std::size_t>(finding.rule)].findings;
  }
}

} // namespace

Result<Summary> generate(const Options& options, const Sink& claims_sink,
                         const Sink& manifest_sink) {
  const Result<Catalogue> catalogue =
      load_catalogue({.pack = options.pack, .codes = options.codes, .compact = options.compact});
  if (!catalogue)
    return tl::unexpected<Error>(catalogue.error());

  const Settings settings{.seed = options.seed, .violation_rate = options.violation_rate};
  Summary summary = empty_summary();
  Output claims{claims_sink, {}}, manifest{manifest_sink, {}};
  claims.block.reserve(2 * block_bytes);
  Claim claim;
  for (std::uint64_t number = 1; number <= options.settlements; ++number) {
    compose(*catalogue, settings, number, claim);
    const std::size_t before = claims.block.size();
    append_claim(claims.block, *catalogue, claim, options.compact);
    summary.bytes += claims.block.size() - before;
    append_manifest(manifest.block, *catalogue, claim);
    count(summary, claim);
    if (!flush(claims, false) || !flush(manifest, false))
      return refused();
  }
  if (!flush(claims, true) || !flush(manifest, true))
    return refused();
  std::sort(summary.planted.begin(), summary.planted.end(),
            [](const Planted& a, const Planted& b) { return a.rule < b.rule; });
  return summary;
}

} // namespace sanku::generate
