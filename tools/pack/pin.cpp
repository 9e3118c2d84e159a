// See pin.h.
#include "tools/pack/pin.h"

#include "tools/pack/lines.h"
#include "tools/pack/store.h"

namespace sanku::pack {
namespace {

using diag::report;

constexpr std::string_view until = "..";

// One that a word of a manifest can be, and that no range is taken for.
bool is_version(std::string_view text) {
  return !text.empty() && !text.starts_with('.') && !text.ends_with('.') &&
         text.find(until) == text.npos && text.find_first_of(" \t\r\n") == text.npos;
}

} // namespace

std::optional<Versions> parse_versions(std::string_view text) {
  const std::size_t at = text.find(until);
  const std::string_view least = text.substr(0, at);
  if (!is_version(least))
    return std::nullopt;
  if (at == text.npos)
    return Versions{.least = std::string(least), .most = std::string(least)};
  const std::string_view most = text.substr(at + until.size());
  if (!most.empty() && (!is_version(most) || compare_versions(least, most) >= 0))
    return std::nullopt;
  return Versions{.least = std::string(least), .most = std::string(most)};
}

std::string versions_text(const Versions& versions) {
  if (versions.least == versions.most)
    return versions.least;
  return fmt::format("{}{}{}", versions.least, until, versions.most);
}

bool has_version(const Versions& versions, std::string_view version) {
  return compare_versions(versions.least, version) <= 0 &&
         (versions.most.empty() || compare_versions(version, versions.most) <= 0);
}

std::string pin_text(const Pin& pin) {
  return fmt::format("{} {} {} {}", pin.name, versions_text(pin.versions), hex(pin.manifest.sha256),
                     hex(pin.manifest.sm3));
}

std::optional<Pin> parse_pin(std::string_view text) {
  const auto words = words_of(text, 4);
  if (words.size() != 4 || words[0].empty())
    return std::nullopt;
  const auto versions = parse_versions(words[1]);
  const auto sha256 = digest_from_hex(words[2]), sm3 = digest_from_hex(words[3]);
  if (!versions || !sha256 || !sm3)
    return std::nullopt;
  return Pin{.name = std::string(words[0]),
             .versions = *versions,
             .manifest = {.sha256 = *sha256, .sm3 = *sm3}};
}

std::optional<Pin> pin_of(const Manifest& manifest) { return parse_pin(fact(manifest, "base")); }

Pin pin_on(const PackFile& below, const Versions& versions) {
  return {.name = std::string(fact(below.manifest, "name")),
          .versions = versions,
          .manifest = digests_of(below.manifest_text)};
}

bool is_meant(const Pin& pin, const PackFile& below) {
  const std::string_view version = fact(below.manifest, "version");
  return pin.name == fact(below.manifest, "name") && has_version(pin.versions, version) &&
         pin.manifest == digests_of(below.manifest_text);
}

bool lies_on(const Pin& pin, const PackFile& below, std::string_view above, source::Span place,
             diag::Diagnostics& diagnostics) {
  const std::string_view name = fact(below.manifest, "name"),
                         version = fact(below.manifest, "version");
  if (pin.name != name)
    report<"pin_absent">(diagnostics, place, above,
                         fmt::format("{} {}", pin.name, versions_text(pin.versions)),
                         diag::Words{fmt::format("所给为 `{} {}`", name, version),
                                     fmt::format("what was given is `{} {}`", name, version)});
  else if (!has_version(pin.versions, version))
    report<"pin_version">(diagnostics, place, above, pin.name, versions_text(pin.versions),
                          version);
  else if (const Digests found = digests_of(below.manifest_text); pin.manifest != found)
    report<"pin_digest">(diagnostics, place, above, fmt::format("{} {}", name, version),
                         hex(pin.manifest.sha256).substr(0, 16), hex(found.sha256).substr(0, 16));
  return is_meant(pin, below);
}

} // namespace sanku::pack
