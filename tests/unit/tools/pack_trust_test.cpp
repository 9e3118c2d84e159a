// Keys, the trust root and its successors, moments.
#include "tests/unit/tools/pack_fixture.h"
#include "tools/deploy/trust_file.h"
#include "tools/pack/root_term.h"
#include "tools/pack/store.h"

namespace sanku::deploy {
namespace {

using pack::Algorithm;
using pack::TrustRoot;

std::string read_codes(const std::string& text) {
  diag::Diagnostics diagnostics;
  const auto root = pack::read_root(text, {}, diagnostics);
  EXPECT_EQ(root.has_value(), diagnostics.all.empty());
  return codes_of(diagnostics);
}

TEST(PackKeys, sign_with_ed25519_and_sm2_and_are_known_by_their_public_half) {
  for (const Algorithm algorithm : {Algorithm::ed25519, Algorithm::sm2}) {
    const pack::PrivateKey key = pack::make_key(algorithm), other = pack::make_key(algorithm);
    diag::Diagnostics diagnostics;
    const auto again = pack::read_private(pack::private_pem(key), "k", {}, diagnostics);
    const auto open = pack::read_public(pack::public_pem(key.open), "k", {}, diagnostics);
    ASSERT_TRUE(again && open);
    EXPECT_EQ(again->open.id, key.open.id);
    EXPECT_EQ(open->id, key.open.id);
    EXPECT_NE(other.open.id, key.open.id);
    const std::string signature = pack::sign(*again, "message");
    EXPECT_TRUE(pack::verifies(*open, "message", signature));
    EXPECT_FALSE(pack::verifies(*open, "messagf", signature));
    EXPECT_FALSE(pack::verifies(other.open, "message", signature));
    EXPECT_FALSE(pack::verifies(*open, "message", signature + "x"));
    EXPECT_FALSE(pack::verifies(*open, "message", ""));
    EXPECT_TRUE(diagnostics.all.empty());
  }
}

// The standard's own id (GB/T 35276): what another implementation signs is taken. Signed by
// `openssl pkeyutl -sign -rawin -digest sm3 -pkeyopt distid:1234567812345678`.
TEST(PackKeys, sm2_uses_the_standards_user_id) {
  const PackFolder folder;
  const pack::PrivateKey key = pack::make_key(Algorithm::sm2);
  folder.write("key.pem", pack::private_pem(key));
  folder.write("message", "as others sign");
  const std::string command = fmt::format(
      "cd {} && openssl pkeyutl -sign -inkey key.pem -in message -rawin -digest sm3 -pkeyopt "
      "distid:1234567812345678 -out signature 2>/dev/null",
      folder.path());
  if (std::system(command.c_str()) != 0)
    GTEST_SKIP() << "the openssl command is not here";
  std::ifstream file(folder.path("signature"), std::ios::binary);
  const std::string signature(std::istreambuf_iterator<char>(file), {});
  EXPECT_TRUE(pack::verifies(key.open, "as others sign", signature));
}

// A signature on a root has no time: it is held to the days of its key when the root is taken up.
TEST(PackTrust, a_root_key_signs_within_its_days) {
  struct Case {
    std::string from, until, codes;
  };
  for (const Case& one : std::vector<Case>{{"2020-01-01", "2030-12-31", ""},
                                           {"2020-01-01", "2021-12-31", "SK6213"},
                                           {"2027-01-01", "2030-12-31", "SK6213"}}) {
    const Keys keys;
    TrustRoot root = keys.trust();
    for (pack::TrustedKey& key : root.keys)
      if (key.holder == "bureau") {
        key.from = *pack::parse_day(one.from);
        key.until = *pack::parse_day(one.until);
      }
    pack::sign_root(root, keys.root);
    EXPECT_EQ(read_codes(pack::root_text(root)), "") << "who reads it cannot know when it was made";
    diag::Diagnostics diagnostics;
    EXPECT_EQ(pack::signers_hold(root, root, noon, {}, diagnostics), one.codes.empty());
    EXPECT_EQ(codes_of(diagnostics), one.codes);
    // Neither does such a key name its successor, in a store that holds the root.
    const PackFolder folder;
    const pack::PrivateKey key = pack::make_key(Algorithm::ed25519);
    const pack::Disk disk = pack::real_disk(folder.path("store"));
    ASSERT_TRUE(pack::make_store(disk, key, root, noon));
    diag::Diagnostics told;
    auto store = pack::open_store(disk, {}, told);
    ASSERT_TRUE(store && *store);
    const auto put = pack::put_trust(**store, key, keys.trust(2), noon, {}, told);
    ASSERT_TRUE(put);
    EXPECT_EQ(codes_of(told), one.codes);
  }
  // A root that has ended is followed by keys that held until then.
  const Keys keys;
  diag::Diagnostics diagnostics;
  const pack::Moment late = *pack::parse_day("2031-06-01");
  TrustRoot next = keys.trust(2);
  EXPECT_TRUE(pack::signers_hold(keys.trust(), next, late, {}, diagnostics));
}

TEST(PackKeys, other_keys_are_refused_with_a_reason) {
  for (const std::string& pem :
       {std::string(), std::string("nonsense"),
        std::string("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")}) {
    diag::Diagnostics diagnostics;
    EXPECT_FALSE(pack::read_private(pem, "k", {}, diagnostics));
    EXPECT_FALSE(pack::read_public(pem, "k", {}, diagnostics));
    EXPECT_EQ(codes_of(diagnostics), "SK6215 SK6215");
  }
}

TEST(TrustRoot, has_one_form_and_enough_signatures) {
  const Keys keys;
  const TrustRoot root = keys.trust();
  const std::string text = pack::root_text(root);
  EXPECT_EQ(read_codes(text), "");
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string damaged = text;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    EXPECT_NE(read_codes(damaged), "") << at;
    EXPECT_NE(read_codes(text.substr(0, at)), "") << at;
  }
  TrustRoot two = root;
  two.threshold = 2;
  two.signatures.clear();
  pack::sign_root(two, keys.root);
  EXPECT_EQ(read_codes(pack::root_text(two)), "SK6213") << "one of the two that it wants";
  TrustRoot by_author = root;
  by_author.signatures.clear();
  pack::sign_root(by_author, keys.author);
  EXPECT_EQ(read_codes(pack::root_text(by_author)), "SK6213") << "not a root key";
}

TEST(TrustRoot, is_followed_by_the_next_version_that_both_have_signed) {
  const Keys keys, next_keys;
  const TrustRoot root = keys.trust();
  const auto verdict = [&](const TrustRoot& next) {
    diag::Diagnostics diagnostics;
    const bool follows = pack::follows(root, next, {}, diagnostics);
    EXPECT_EQ(follows, diagnostics.all.empty());
    return codes_of(diagnostics);
  };
  EXPECT_EQ(verdict(keys.trust(2)), "");
  EXPECT_EQ(verdict(keys.trust(1)), "SK6214");
  EXPECT_EQ(verdict(keys.trust(3)), "SK6214");
  TrustRoot stolen = next_keys.trust(2);
  EXPECT_EQ(verdict(stolen), "SK6213") << "its own keys only";
  pack::sign_root(stolen, keys.root);
  EXPECT_EQ(verdict(stolen), "") << "the old key has handed over";
  TrustRoot unsigned_by_new = next_keys.trust(2);
  unsigned_by_new.signatures.clear();
  pack::sign_root(unsigned_by_new, keys.root);
  EXPECT_EQ(verdict(unsigned_by_new), "SK6213");
}

TEST(TrustRoot, demands_are_met_or_told) {
  const Keys keys;
  TrustRoot root = keys.trust();
  // One person who is both author and reviewer, with two keys.
  for (pack::TrustedKey& key : root.keys)
    key.holder = "zhang";
  const PackFolder folder;
  write_small(folder);
  const Opened made = opened(signed_by_both(built(folder), keys));
  const auto verdict = [&](const TrustRoot& with) {
    diag::Diagnostics diagnostics;
    (void)pack::meets_signing_policy(made.file->signatures, with, {}, diagnostics);
    (void)pack::meets_figures_policy(made.file->manifest, with, {}, diagnostics);
    return codes_of(diagnostics);
  };
  EXPECT_EQ(verdict(keys.trust()), "");
  EXPECT_EQ(verdict(root), "SK6207");
  root = keys.trust();
  root.policy.push_back({.kind = pack::Demand::Kind::coverage, .one = "85", .other = {}});
  EXPECT_EQ(verdict(root), "SK6207") << "the manifest says nothing of coverage";
}

TEST(TrustFile, is_written_by_people_and_read_as_it_will_be) {
  const PackFolder folder;
  const Keys keys;
  folder.write("root.pub", pack::public_pem(keys.root.open));
  folder.write("author.pub", pack::public_pem(keys.author.open));
  const std::string key_rows =
      "[[key]]\nfile = \"root.pub\"\nholder = \"bureau\"\nroles = [\"root\"]\n"
      "from = 2020-01-01\nuntil = 2030-12-31\n"
      "[[key]]\nfile = \"author.pub\"\nholder = \"zhang\"\nroles = "
      "[\"author\"]\nfrom = 2020-01-01\nuntil = 2030-12-31\n";
  const std::string head = "version = 1\nexpires = 2030-12-31\nthreshold = 1\n";
  const std::string policy = "[policy]\nroles = [\"author\"]\n";
  std::string first; // of what was told
  const auto make = [&](const std::string& text, const pack::PrivateKey& signer) {
    folder.write("trust.toml", text);
    source::SourceMap map;
    diag::Diagnostics diagnostics;
    std::vector<pack::PrivateKey> signers;
    diag::Diagnostics none;
    signers.push_back(*pack::read_private(pack::private_pem(signer), "k", {}, none));
    const auto root = make_root(folder.path("trust.toml"), signers, noon, map, diagnostics);
    EXPECT_EQ(root.has_value(), diagnostics.all.empty());
    first = diagnostics.all.empty() ? std::string() : diagnostics.all[0].en;
    return codes_of(diagnostics);
  };
  EXPECT_EQ(make(head + key_rows + policy, keys.root), "");
  EXPECT_EQ(make(head + key_rows + policy, keys.author), "SK6213");
  EXPECT_EQ(make(head + key_rows, keys.root), "SK6211") << "no policy";
  EXPECT_EQ(make(head + policy, keys.root), "SK6211") << "no keys";
  EXPECT_EQ(make("version = 0\n" + key_rows + policy, keys.root), "SK6211 SK6211 SK6211");
  EXPECT_EQ(make(head + "surprise = 1\n" + key_rows + policy, keys.root), "SK6211");
  EXPECT_EQ(make("= broken", keys.root), "SK6211");
  for (const char* line : {"conflicts = 0\n", "unknown = 20\n", "reports = [\"proofs\"]\n"})
    EXPECT_EQ(make(head + key_rows + policy + line, keys.root), "") << line;
  for (const char* line :
       {"conflicts = -1\n", "conflicts = \"0\"\n", "unknown = 0.5\n", "reports = \"proofs\"\n",
        "reports = [\"tests\"]\n", "reports = [\"proofs\", \"proofs\"]\n"})
    EXPECT_EQ(make(head + key_rows + policy + line, keys.root).substr(0, 6), "SK6211") << line;
  // Where it was written, not where it would stand in the root that is made of it.
  EXPECT_EQ(make(head + key_rows + policy + "coverage = 101\n", keys.root), "SK6211");
  EXPECT_EQ(first,
            "line 18 of the trust root has `coverage`, expected to be per cent, from 1 to 100");
  EXPECT_EQ(make(head + key_rows + key_rows.substr(key_rows.rfind("[[key]]")) + policy, keys.root),
            "SK6211");
  EXPECT_EQ(first, "line 17 of the trust root has `file`, expected to be another key: this one is "
                   "there already");
  const std::string taken = "revoked_since = 2026-01-01\n";
  EXPECT_EQ(make(head + key_rows + taken + policy, keys.root), "");
  EXPECT_EQ(make(head + key_rows + taken + "revoked = 2026-01-01\n" + policy, keys.root), "SK6211");
}

TEST(Moments, have_one_form) {
  for (const char* text : {"2026-05-28T20:26:40Z", "1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z"})
    EXPECT_EQ(pack::moment_text(*pack::parse_moment(text)), text);
  EXPECT_EQ(pack::moment_text(noon), "2026-05-28T20:26:40Z");
  for (const char* text :
       {"2026-02-29T00:00:00Z", "2026-05-28 20:26:40Z", "2026-05-28T24:00:00Z",
        "2026-05-28T20:26:40", "2026-05-28T20:26:4xZ", "2026-5-28T020:26:40Z", ""})
    EXPECT_FALSE(pack::parse_moment(text)) << text;
}

} // namespace
} // namespace sanku::deploy
