// See trust_file.h.
#include "tools/deploy/trust_file.h"

#include "tools/pack/root_term.h"
#include "tools/pack/source.h"

#include <fmt/format.h>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <array>

namespace sanku::deploy {
namespace {

namespace fs = std::filesystem;
using diag::report;
using diag::Words;
using pack::Moment;

struct Reading {
  const fs::path& folder;
  source::Span place;
  diag::Diagnostics& diagnostics;
  bool ok = true;

  void wrong(const toml::node* node, const char* key, std::string_view zh, std::string_view en) {
    ok = false;
    mend(report<"trust_form">(diagnostics, place, node == nullptr ? 1 : node->source().begin.line,
                              Words{fmt::format("的 {} 应为{}", key, zh),
                                    fmt::format("has `{}`, expected to be {}", key, en)}));
  }
  // It is being written here, so there is nothing to get again.
  static void mend(diag::Diagnostic& told) {
    told.helps.clear();
    told.help("请改正这一行", "correct that line");
  }
  Moment day(const toml::table& in, const char* key) {
    const auto date = in[key].value_exact<toml::date>();
    const auto read =
        date ? pack::parse_day(fmt::format("{:04}-{:02}-{:02}", date->year, date->month, date->day))
             : std::nullopt;
    if (!read)
      wrong(in.get(key), key, "日期，如 2030-12-31", "a date such as 2030-12-31");
    return read.value_or(Moment{});
  }
  std::uint64_t number(const toml::table& in, const char* key) {
    const auto value = in[key].value_exact<std::int64_t>();
    if (!value || *value < 1)
      wrong(in.get(key), key, "正整数", "a whole number from 1");
    return value && *value > 0 ? static_cast<std::uint64_t>(*value) : 1;
  }
  std::uint64_t share(const toml::table& in, const char* key) {
    const auto value = in[key].value_exact<std::int64_t>();
    const bool is_share = value && *value >= 1 && *value <= 100;
    if (!is_share)
      wrong(in.get(key), key, "1 至 100 的百分数", "per cent, from 1 to 100");
    return is_share ? static_cast<std::uint64_t>(*value) : 1;
  }
  // At most so many, of what there may be none.
  std::string count(const toml::table& in, const char* key) {
    const auto value = in[key].value_exact<std::int64_t>();
    if (!value || *value < 0)
      wrong(in.get(key), key, "非负整数", "a whole number from 0");
    return fmt::format("{}", value && *value > 0 ? *value : 0);
  }
  std::string word(const toml::table& in, const char* key) {
    const auto text = in[key].value_exact<std::string>();
    if (!text || text->empty() || text->find_first_of(" ,\t\n") != text->npos)
      wrong(in.get(key), key, "一个词，不含空格和逗号", "one word without blanks and commas");
    return text.value_or(std::string());
  }
  std::vector<std::string> words(const toml::table& in, const char* key) {
    std::vector<std::string> found;
    if (const toml::array* list = in[key].as_array())
      for (const toml::node& each : *list)
        found.push_back(each.value_or(std::string()));
    if (found.empty() || std::ranges::find(found, "") != found.end())
      wrong(in.get(key), key, "文字的列表", "a list of texts");
    return found;
  }
  void known(const toml::table& in, std::initializer_list<std::string_view> keys) {
    for (const auto& [key, value] : in)
      if (std::ranges::find(keys, key.str()) == keys.end())
        wrong(&value, std::string(key.str()).c_str(), "已知的项", "a key that is known");
  }
};

pack::TrustedKey key_of(Reading& reading, const toml::table& in) {
  reading.known(in, {"file", "holder", "roles", "from", "until", "revoked", "revoked_since"});
  pack::TrustedKey key{.key = {},
                       .holder = reading.word(in, "holder"),
                       .roles = reading.words(in, "roles"),
                       .from = reading.day(in, "from"),
                       .until = reading.day(in, "until"),
                       .revoked = {}};
  std::ranges::sort(key.roles);
  if (in.contains("revoked"))
    key.revoked = reading.day(in, "revoked");
  else if (in.contains("revoked_since"))
    key.revoked_since = reading.day(in, "revoked_since");
  if (in.contains("revoked") && in.contains("revoked_since"))
    reading.wrong(in.get("revoked_since"), "revoked_since", "revoked 之外的另一写法",
                  "there without `revoked`");
  const fs::path file = reading.folder / in["file"].value_or(std::string());
  const auto pem = pack::read_whole(file, 1u << 16);
  auto open = pem ? pack::read_public(*pem, file.string(), reading.place, reading.diagnostics)
                  : std::nullopt;
  if (!pem)
    reading.wrong(in.get("file"), "file", "公钥文件", "the file of a public key");
  if (open)
    key.key = std::move(*open);
  else
    reading.ok = false;
  return key;
}

void read_policy(Reading& reading, const toml::table& in, pack::TrustRoot& root) {
  using Kind = pack::Demand::Kind;
  reading.known(in, {"roles", "distinct", "algorithms", "coverage", "mutation", "conflicts",
                     "unknown", "reports"});
  const auto add = [&](const char* key, Kind kind) {
    if (in.contains(key))
      for (const std::string& word : reading.words(in, key))
        root.policy.push_back({.kind = kind, .one = word, .other = {}});
  };
  add("roles", Kind::role);
  if (in.contains("distinct")) {
    const auto pair = reading.words(in, "distinct");
    if (pair.size() == 2)
      root.policy.push_back({.kind = Kind::distinct, .one = pair[0], .other = pair[1]});
    else
      reading.wrong(in.get("distinct"), "distinct", "两个角色", "two roles");
  }
  add("algorithms", Kind::algorithm);
  for (const auto& [key, kind] : std::array<std::pair<const char*, Kind>, 2>{
           {{"coverage", Kind::coverage}, {"mutation", Kind::mutation}}})
    if (in.contains(key))
      root.policy.push_back(
          {.kind = kind, .one = fmt::format("{}", reading.share(in, key)), .other = {}});
  for (const auto& [key, kind] : std::array<std::pair<const char*, Kind>, 2>{
           {{"conflicts", Kind::conflicts}, {"unknown", Kind::unknown}}})
    if (in.contains(key))
      root.policy.push_back({.kind = kind, .one = reading.count(in, key), .other = {}});
  if (in.contains("reports") && reading.words(in, "reports") != std::vector<std::string>{"proofs"})
    reading.wrong(in.get("reports"), "reports", "[\"proofs\"]", "[\"proofs\"]");
  add("reports", Kind::report);
}

pack::TrustRoot read_fields(Reading& reading, const toml::table& table) {
  pack::TrustRoot root;
  reading.known(table, {"version", "expires", "threshold", "key", "policy"});
  root.version = reading.number(table, "version");
  root.expires = reading.day(table, "expires");
  root.threshold = reading.number(table, "threshold");
  if (const toml::array* keys = table["key"].as_array())
    for (const toml::node& each : *keys)
      if (const toml::table* in = each.as_table()) {
        pack::TrustedKey key = key_of(reading, *in);
        if (reading.ok &&
            std::ranges::find(root.keys, key.key.id, [](const pack::TrustedKey& other) {
              return other.key.id;
            }) != root.keys.end())
          reading.wrong(in->get("file"), "file", "另一密钥：这一密钥前面已有",
                        "another key: this one is there already");
        root.keys.push_back(std::move(key));
      }
  if (root.keys.empty())
    reading.wrong(table.get("key"), "key", "各密钥，写作 [[key]]", "the keys, each a [[key]]");
  std::ranges::sort(root.keys, {}, [](const pack::TrustedKey& key) { return key.key.id; });
  if (const toml::table* policy = table["policy"].as_table())
    read_policy(reading, *policy, root);
  if (root.policy.empty())
    reading.wrong(table.get("policy"), "policy", "对规则包的要求", "what is demanded of a pack");
  return root;
}

} // namespace

std::optional<pack::TrustRoot> make_root(const fs::path& file,
                                         const std::vector<pack::PrivateKey>& signers, Moment now,
                                         source::SourceMap& map, diag::Diagnostics& diagnostics) {
  const auto text = pack::read_whole(file, 1u << 20);
  const source::Span place{.file = source::add(map, file.string(), text ? *text : std::string())};
  if (!text) {
    report<"trust_form">(diagnostics, place, 1, Words{text.error().zh, text.error().en});
    return std::nullopt;
  }
  const toml::parse_result parsed = toml::parse(*text);
  if (!parsed) {
    Reading::mend(report<"trust_form">(diagnostics, place, parsed.error().source().begin.line,
                                       Words{"不符合 TOML 格式", "is not TOML"}));
    return std::nullopt;
  }
  const fs::path folder = file.parent_path();
  Reading reading{.folder = folder, .place = place, .diagnostics = diagnostics};
  pack::TrustRoot root = read_fields(reading, parsed.table());
  if (!reading.ok)
    return std::nullopt;
  for (const pack::PrivateKey& signer : signers)
    pack::sign_root(root, signer);
  // As everybody will read it.
  auto made = pack::read_root(pack::root_text(root), place, diagnostics);
  if (made && !pack::signers_hold(*made, *made, now, place, diagnostics))
    return std::nullopt;
  return made;
}

} // namespace sanku::deploy
