// What tests of pack files share: a small pack that builds, keys, a trust root, signing. Entries:
// SmallPack, Keys, opened.
#pragma once

#include "compiler/diag/render.h"
#include "tests/unit/tools/engine_fixture.h"
#include "tools/deploy/build.h"
#include "tools/pack/container.h"
#include "tools/pack/trust.h"

#include <set>

namespace sanku::deploy {

// An empty folder of its own, removed at the end; a test may have several.
class PackFolder {
public:
  PackFolder() {
    std::string name = testing::TempDir() + "sanku-pack-XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    std::filesystem::create_directories(folder_ / "knowledge");
  }
  ~PackFolder() { std::filesystem::remove_all(folder_); }
  PackFolder(const PackFolder&) = delete;
  PackFolder& operator=(const PackFolder&) = delete;

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  [[nodiscard]] std::string path(const std::string& name = {}) const {
    return (name.empty() ? folder_ : folder_ / name).string();
  }

private:
  std::filesystem::path folder_;
};

inline constexpr pack::Moment noon{1'780'000'000}; // 2026-05-28

// A rule, a table of three rows, a test of each kind; its own small schema, so that it is small.
inline void write_small(const PackFolder& folder, const std::string& version = "1",
                        const std::string& limit = "2") {
  std::filesystem::create_directories(folder.path("schema"));
  folder.write(
      "schema/tiny.sanku",
      "schema settlement / 结算单 edition \"1.0\"\n"
      "code ItemCode / 项目编码 form \"[A-Z][0-9]+\"\n"
      "record Person / 人 { id / 编号 : text? wire pid identity  name / 姓名 : text? wire "
      "pname identity }\n"
      "record Item / 明细项 { id / 行号 : text? wire rid role key  code / 编码 : ItemCode? "
      "wire code role code  quantity / 数量 : decimal(16,4)? wire cnt role quantity  amount "
      "/ 金额 : money(16,2)? wire amt role amount }\n"
      "record settlement / 结算单 { id / 结算号 : text? wire setl_id  patient / 患者 : Person "
      " settled / 结算时间 : datetime? wire setl_time role time  items / 明细表 : list of "
      "Item each item / 明细 wire items }\n");
  folder.write("pack.toml", fmt::format("# 小\nname = \"small\"\nversion = \"{}\"\nlanguage = "
                                        "\"1\"\ntest_date = 2026-03-05\nschema = "
                                        "\"schema/tiny.sanku\"\n",
                                        version));
  folder.write("knowledge/most.csv", "code,most\r\nA1,2\r\nA2,\"3\"\r\n\r\nB7,1\r\n");
  folder.write(
      "rules.sanku",
      fmt::format("source law / 法规 \"条例\"\n"
                  "knowledge most / 上限 from \"most.csv\" {{ code : ItemCode key  most : int "
                  "}}\n"
                  "rule R1 \"超量\" {{ category policy basis law on item let m = "
                  "most[item.code] when item.quantity > m.most + {} report violation "
                  "\"超过 {{m.most}}\" }}\n"
                  "test \"多\" {{ given {{ items [ {{ code: \"A1\", quantity: 9, amount: "
                  "5.00 }} ] }} expect R1 violation }}\n",
                  limit));
}

struct Keys {
  pack::PrivateKey root = pack::make_key(pack::Algorithm::ed25519),
                   author = pack::make_key(pack::Algorithm::ed25519),
                   reviewer = pack::make_key(pack::Algorithm::sm2);

  [[nodiscard]] static pack::TrustedKey trusted(const pack::PrivateKey& key, std::string holder,
                                                std::string role) {
    return {.key = key.open,
            .holder = std::move(holder),
            .roles = {std::move(role)},
            .from = *pack::parse_day("2020-01-01"),
            .until = *pack::parse_day("2030-12-31"),
            .revoked = {}};
  }
  // Signed; author and reviewer differ, one SM2.
  [[nodiscard]] pack::TrustRoot trust(std::uint64_t version = 1) const {
    using Kind = pack::Demand::Kind;
    pack::TrustRoot made;
    made.version = version;
    made.expires = *pack::parse_day("2030-12-31");
    made.keys = {trusted(root, "bureau", "root"), trusted(author, "zhang", "author"),
                 trusted(reviewer, "li", "reviewer")};
    std::ranges::sort(made.keys, {}, [](const pack::TrustedKey& each) { return each.key.id; });
    made.policy = {{.kind = Kind::role, .one = "author", .other = {}},
                   {.kind = Kind::role, .one = "reviewer", .other = {}},
                   {.kind = Kind::distinct, .one = "author", .other = "reviewer"},
                   {.kind = Kind::algorithm, .one = "sm2", .other = {}}};
    pack::sign_root(made, root);
    return made;
  }
};

// The file's codes, one after another; empty: it was taken.
inline std::string codes_of(const diag::Diagnostics& diagnostics) {
  std::string all;
  for (const diag::Diagnostic& each : diagnostics.all) {
    EXPECT_FALSE(each.zh.empty());
    EXPECT_NE(each.zh, each.en);
    all += fmt::format("{}SK{}", all.empty() ? "" : " ", each.number);
  }
  return all;
}

struct Opened {
  std::optional<pack::PackFile> file;
  diag::Diagnostics diagnostics;
  [[nodiscard]] std::string codes() const { return codes_of(diagnostics); }
};
inline Opened opened(std::string bytes, const pack::TrustRoot* root = nullptr,
                     pack::Moment now = noon, const pack::Limits& limits = {}) {
  Opened made;
  made.file = pack::open(std::move(bytes), {.root = root, .now = now, .limits = limits}, {},
                         made.diagnostics);
  EXPECT_EQ(made.file.has_value(), !diag::has_errors(made.diagnostics)) << made.codes();
  return made;
}

inline std::string built(const PackFolder& folder) {
  auto made = build(folder.path(), {});
  EXPECT_TRUE(made) << (made ? "" : made.error().en);
  if (!made)
    return {};
  for (const diag::Diagnostic& each : made->rules->diagnostics.all)
    ADD_FAILURE() << each.en;
  return std::move(made->bytes);
}

inline pack::Signature signature(const pack::PackFile& file, const std::string& role,
                                 const pack::PrivateKey& key, pack::Moment time = noon) {
  return pack::make_signature({.kind = file.kind, .manifest = pack::digests_of(file.manifest_text)},
                              role, pack::fact(file.manifest, "edition"), time, key);
}
inline std::string signed_by(const std::string& bytes,
                             const std::vector<std::pair<std::string, const pack::PrivateKey*>>& by,
                             pack::Moment time = noon) {
  const Opened made = opened(bytes);
  if (!made.file)
    return {};
  std::vector<pack::Signature> signatures;
  for (const auto& [role, key] : by)
    signatures.push_back(signature(*made.file, role, *key, time));
  return pack::with_signatures(*made.file, signatures);
}
inline std::string signed_by_both(const std::string& bytes, const Keys& keys) {
  return signed_by(bytes, {{"author", &keys.author}, {"reviewer", &keys.reviewer}});
}

} // namespace sanku::deploy
