// See delta.h. Members: the result's manifest and signatures, and each member of the result that is
// none of the base's, under new/.
#include "tools/pack/delta.h"

#include "runtime/types/check.h"
#include "tools/pack/lines.h"

#include <map>

namespace sanku::pack {
namespace {

using diag::report;

constexpr const char *manifest_name = "manifest", *signatures_name = "signatures";
constexpr std::string_view new_folder = "new/";

std::string both(const Digests& digests) {
  return fmt::format("{} {}", hex(digests.sha256), hex(digests.sm3));
}

// By what they hold: a member that only moved need not be sent.
std::map<std::string, std::string_view> by_content(const PackFile& file) {
  std::map<std::string, std::string_view> found;
  for (const MemberEntry& each : file.manifest.members)
    found.emplace(both(each.digests), file.members.find(each.name)->second);
  return found;
}

} // namespace

std::string make_delta(const PackFile& base, const PackFile& result) {
  check(base.kind == FileKind::pack && result.kind == FileKind::pack,
        "a delta lies between two packs");
  std::map<std::string, std::string, std::less<>> members;
  members.emplace(manifest_name, result.manifest_text);
  members.emplace(signatures_name, signatures_text(result.signatures));
  const auto known = by_content(base);
  for (const MemberEntry& each : result.manifest.members)
    if (!known.contains(both(each.digests)))
      members.emplace(std::string(new_folder) + each.name, result.members.find(each.name)->second);
  std::vector<Fact> facts;
  for (const char* key : {"name", "version", "edition", "layer"})
    facts.push_back({key, std::string(fact(result.manifest, key))});
  facts.push_back({"from", both(identity(base))});
  facts.push_back({"gives", both(identity(result))});
  facts.push_back({"length", fmt::format("{}", result.bytes->size())});
  return write(FileKind::delta, std::move(facts), members);
}

std::string base_of(const PackFile& delta) {
  return std::string(fact(delta.manifest, "from").substr(0, 2 * sizeof(Digest)));
}

std::optional<std::string> apply_delta(const PackFile& base, const PackFile& delta,
                                       source::Span place, diag::Diagnostics& diagnostics) {
  if (both(identity(base)) != fact(delta.manifest, "from")) {
    report<"store_base">(diagnostics, place, base_of(delta).substr(0, 16));
    return std::nullopt;
  }
  const auto text = member(delta, manifest_name), signed_by = member(delta, signatures_name);
  const auto length = whole_number(fact(delta.manifest, "length"));
  if (!text || !signed_by || !length || *length > Limits{}.bytes) {
    report<"pack_file_lacks">(diagnostics, place, text ? signatures_name : manifest_name);
    return std::nullopt;
  }
  const auto manifest = parse_manifest(*text, FileKind::pack, place, diagnostics);
  const auto signatures =
      manifest ? parse_signatures(*signed_by, Limits{}.signatures, place, diagnostics)
               : std::nullopt;
  if (!signatures)
    return std::nullopt;
  const auto known = by_content(base);
  std::string payload;
  for (const MemberEntry& each : manifest->members) {
    const auto brought = member(delta, std::string(new_folder) + each.name);
    const auto there = known.find(both(each.digests));
    if (!brought && there == known.end()) {
      report<"pack_file_lacks">(diagnostics, place, each.name);
      return std::nullopt;
    }
    payload += brought ? *brought : there->second;
    if (payload.size() > *length)
      break;
  }
  std::string made = write(FileKind::pack, *text, *signatures, payload);
  if (both(digests_of(made)) != fact(delta.manifest, "gives") || made.size() != *length) {
    report<"pack_file_digest">(diagnostics, place, fact(delta.manifest, "name"), "SHA-256");
    return std::nullopt;
  }
  return made;
}

} // namespace sanku::pack
