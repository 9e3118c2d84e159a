// Verifying the national pack as one file, as `sanku pack verify` does, against OpenSSL's own
// digests of the same bytes; and opening it with a look at its texts, as each command does that
// loads it.
#include "bench/run/measurements.h"
#include "bench/run/world.h"
#include "tools/deploy/build.h"
#include "tools/engine/packed_form.h"
#include "tools/pack/container.h"

#include <algorithm>
#include <openssl/evp.h>

namespace sanku::bench {
namespace {

// Far from every bound of the keys.
constexpr pack::Moment now{1'780'000'000};

pack::TrustedKey trusted(const pack::PrivateKey& key, std::string holder, std::string role) {
  return {.key = key.open,
          .holder = std::move(holder),
          .roles = {std::move(role)},
          .from = *pack::parse_day("2020-01-01"),
          .until = *pack::parse_day("2030-12-31"),
          .revoked = {}};
}

struct Signed {
  std::string bytes;
  pack::TrustRoot root;
};

Signed signed_pack() {
  auto built = deploy::build("stdlib-rules/national", {});
  if (!built || built->bytes.empty())
    stop(built ? "the national pack cannot be built" : built.error().en);
  const auto author = pack::make_key(pack::Algorithm::ed25519),
             reviewer = pack::make_key(pack::Algorithm::sm2),
             root = pack::make_key(pack::Algorithm::ed25519);
  Signed made;
  made.root.expires = *pack::parse_day("2030-12-31");
  made.root.keys = {trusted(author, "a", "author"), trusted(reviewer, "b", "reviewer"),
                    trusted(root, "c", "root")};
  std::ranges::sort(made.root.keys, {}, [](const pack::TrustedKey& key) { return key.key.id; });
  made.root.policy = {{.kind = pack::Demand::Kind::role, .one = "author", .other = {}},
                      {.kind = pack::Demand::Kind::role, .one = "reviewer", .other = {}}};
  pack::sign_root(made.root, root);
  diag::Diagnostics diagnostics;
  const auto file = pack::open(std::move(built->bytes), {}, {}, diagnostics);
  if (!file)
    stop("the national pack does not open");
  const pack::Signed what{.kind = file->kind, .manifest = pack::digests_of(file->manifest_text)};
  made.bytes =
      pack::with_signatures(*file, {pack::make_signature(what, "author", "1", now, author),
                                    pack::make_signature(what, "reviewer", "1", now, reviewer)});
  return made;
}

// What OpenSSL takes for both digests of each member.
void digest_members(const pack::PackFile& file) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  for (const auto& [name, bytes] : file.members)
    for (const EVP_MD* algorithm : {EVP_sha256(), EVP_sm3()})
      if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, algorithm, nullptr) != 1)
        stop("OpenSSL has no SHA-256 or no SM3");
}

} // namespace

void measure_packs(Bench& bench) {
  const Signed made = signed_pack();
  diag::Diagnostics diagnostics;
  const auto file = pack::open(made.bytes, {}, {}, diagnostics);
  if (!file)
    stop("the national pack does not open");
  // Reading the file is not verifying it.
  std::vector<std::string> copies(2 * (bench.attempts + bench.wanted + 8), made.bytes);
  const auto open = [&](bool texts) {
    diag::Diagnostics told;
    std::string bytes = copies.empty() ? made.bytes : std::move(copies.back());
    if (!copies.empty())
      copies.pop_back();
    const auto opened =
        pack::open(std::move(bytes), {.root = &made.root, .now = now, .texts = texts}, {}, told);
    if (opened)
      engine::check_members(*opened, {}, told);
    if (!opened || diag::has_errors(told))
      stop("the national pack does not verify");
  };
  const auto named = [&](const char* name) {
    return Run{.name = name,
               .unit = "s",
               .timed = {},
               .facts = {{"bytes", static_cast<double>(made.bytes.size())}}};
  };
  const std::vector<Run> runs =
      bench.interleave({named("pack_verify"), named("openssl_digests"), named("pack_open")},
                       {[&] { open(false); }, [&] { digest_members(*file); }, [&] { open(true); }});
  bench.value("pack_verify_vs_openssl", runs[1].value_of_all() / runs[0].value_of_all(),
              runs[0].value() >= 0 && runs[1].value() >= 0, runs);
}

} // namespace sanku::bench
