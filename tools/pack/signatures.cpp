// See signatures.h.
#include "tools/pack/signatures.h"

#include "runtime/types/utf8.h"
#include "tools/pack/lines.h"
#include "tools/pack/proofs.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace sanku::pack {
namespace {

using diag::report;
using diag::Words;

std::string message_of(const Signed& what, const Signature& signature) {
  return fmt::format("sanku {} signature 1\nmanifest {} {}\nrole {}\nkey {}\nedition {}\ntime {}\n",
                     what.kind == FileKind::pack ? "pack" : "delta", hex(what.manifest.sha256),
                     hex(what.manifest.sm3), signature.role, signature.key, signature.edition,
                     moment_text(signature.time));
}

auto order_of(const Signature& signature) { return std::tie(signature.role, signature.key); }

// The last one behind the one before.
bool is_in_order(const std::vector<Signature>& signatures, source::Span place,
                 diag::Diagnostics& diagnostics) {
  const Signature& last = signatures.back();
  const auto is_of_it = [&](const Signature& each) { return order_of(each) == order_of(last); };
  if (std::any_of(signatures.begin(), signatures.end() - 1, is_of_it))
    report<"signature_twice">(diagnostics, place, excerpt(last.role), short_id(last.key));
  else if (order_of(signatures[signatures.size() - 2]) > order_of(last))
    report<"signature_order">(diagnostics, place, excerpt(last.role), short_id(last.key));
  else
    return true;
  return false;
}

// Clocks differ a little between machines.
constexpr std::int64_t clock_slack = 300;

void time_fault(const Signature& signature, Words what, source::Span place,
                diag::Diagnostics& diagnostics) {
  report<"signature_time">(diagnostics, place, short_id(signature.key), moment_text(signature.time),
                           what);
}

// A key that is revoked since a day: what was there before, a store says and nobody else.
bool was_before(const Signature& signature, const TrustedKey& key, const When& when) {
  const Moment since = *key.revoked_since;
  return signature.time < since && when.first && *when.first < since;
}

bool is_in_time(const Signature& signature, const TrustedKey& key, const When& when,
                source::Span place, diag::Diagnostics& diagnostics) {
  if (key.revoked)
    time_fault(signature, {"已被吊销", "was revoked"}, place, diagnostics);
  else if (key.revoked_since && !was_before(signature, key, when))
    time_fault(signature,
               {"已被吊销，只有仓库在吊销之前已启用的内容才算数",
                "was revoked, and counts only on what a store had in force before"},
               place, diagnostics);
  else if (signature.time < key.from)
    time_fault(signature, {"尚未生效", "does not hold yet"}, place, diagnostics);
  else if (signature.time > end_of_day(key.until))
    time_fault(signature, {"已经过期", "does not hold any more"}, place, diagnostics);
  else if (when.first && *when.first > end_of_day(key.until))
    time_fault(signature,
               {"所称的签名时间之后已经过期，新安装的内容不予接受",
                "has ended since, and signs nothing that is installed only now"},
               place, diagnostics);
  else if (signature.time.seconds > when.now.seconds + clock_slack)
    time_fault(signature, {"晚于现在", "signs in the future"}, place, diagnostics);
  else
    return true;
  return false;
}

bool is_sound(const Signature& signature, const Signed& what, const TrustRoot& root,
              const When& when, source::Span place, diag::Diagnostics& diagnostics) {
  const TrustedKey* key = find_key(root, signature.key);
  if (key == nullptr) {
    report<"signature_key">(diagnostics, place, excerpt(short_id(signature.key)));
    return false;
  }
  if (!has_role(*key, signature.role) || signature.role == root_role) {
    report<"signature_role">(diagnostics, place, short_id(signature.key), excerpt(signature.role));
    return false;
  }
  if (!is_in_time(signature, *key, when, place, diagnostics))
    return false;
  if (verifies(key->key, message_of(what, signature), signature.bytes))
    return true;
  report<"signature_wrong">(diagnostics, place, signature.role, short_id(signature.key));
  return false;
}

std::set<std::string> holders(const std::vector<Signature>& signatures, const TrustRoot& root,
                              std::string_view role) {
  std::set<std::string> found;
  for (const Signature& each : signatures)
    if (const TrustedKey* key = find_key(root, each.key); key != nullptr && each.role == role)
      found.insert(key->holder);
  return found;
}

// As the manifest says, `91.5`; none: it says nothing.
bool reaches(const Manifest& manifest, std::string_view figure, std::uint64_t least) {
  const std::string_view said = fact(manifest, figure);
  const auto whole = whole_number(said.substr(0, said.find('.')));
  return whole && *whole >= least;
}

// No more of them than that; a manifest that says nothing is of a pack without the report.
bool is_within(const Manifest& manifest, std::string_view figure, std::uint64_t most) {
  const auto said = whole_number(fact(manifest, figure));
  return said && *said <= most;
}

// What of a demand is not met.
bool is_met(const Demand& demand, const std::vector<Signature>& signatures,
            const Manifest& manifest, const TrustRoot& root) {
  switch (demand.kind) {
  case Demand::Kind::role:
    return !holders(signatures, root, demand.one).empty();
  case Demand::Kind::distinct: {
    // Somebody who signed in one role, and somebody else in the other.
    const auto one = holders(signatures, root, demand.one),
               other = holders(signatures, root, demand.other);
    return !one.empty() && !other.empty() && (one != other || one.size() > 1);
  }
  case Demand::Kind::algorithm:
    return std::ranges::any_of(signatures, [&](const Signature& each) {
      const TrustedKey* key = find_key(root, each.key);
      return key != nullptr && algorithm_name(key->key.algorithm) == demand.one;
    });
  case Demand::Kind::coverage:
    return reaches(manifest, "coverage", *whole_number(demand.one));
  case Demand::Kind::mutation:
    return reaches(manifest, "mutation", *whole_number(demand.one));
  case Demand::Kind::conflicts:
    return is_within(manifest, "conflicts", *whole_number(demand.one));
  case Demand::Kind::unknown:
    return is_within(manifest, "unknown", *whole_number(demand.one));
  case Demand::Kind::report:
    return std::ranges::find(manifest.members, proofs_report, &MemberEntry::name) !=
           manifest.members.end();
  }
  return false;
}

void tell(const Demand& demand, const Manifest& manifest, source::Span place,
          diag::Diagnostics& diagnostics) {
  std::string zh, en;
  // Of a figure that the policy bounds, what the pack has.
  const auto figure = [&](std::string_view key) {
    const std::string_view said = fact(manifest, key);
    return said.empty() ? std::pair<std::string, std::string>("规则包没有证明报告",
                                                              "the pack has no report of proofs")
                        : std::pair(fmt::format("规则包有 {} 处", said),
                                    fmt::format("the pack has {}", said));
  };
  switch (demand.kind) {
  case Demand::Kind::role:
    report<"signature_absent">(diagnostics, place, demand.one);
    return;
  case Demand::Kind::distinct:
    zh = fmt::format("`{}` 与 `{}` 须由不同的持有人签名", demand.one, demand.other);
    en = fmt::format("`{}` and `{}` are to be signed by different holders", demand.one,
                     demand.other);
    break;
  case Demand::Kind::algorithm:
    zh = fmt::format("须有一个 {} 签名", demand.one);
    en = fmt::format("one signature is to be by {}", demand.one);
    break;
  case Demand::Kind::coverage:
    zh = fmt::format("测试覆盖率须达到 {}%", demand.one);
    en = fmt::format("the tests are to cover {} per cent", demand.one);
    break;
  case Demand::Kind::mutation:
    zh = fmt::format("变异得分须达到 {}%", demand.one);
    en = fmt::format("the tests are to notice {} per cent of the mutants", demand.one);
    break;
  case Demand::Kind::conflicts:
    zh = fmt::format("规则之间的冲突至多 {} 处，{}", demand.one, figure("conflicts").first);
    en = fmt::format("at most {} conflicts of rules, and {}", demand.one,
                     figure("conflicts").second);
    break;
  case Demand::Kind::unknown:
    zh = fmt::format("求解器不能回答的问题至多 {} 处，{}", demand.one, figure("unknown").first);
    en = fmt::format("at most {} questions that the solver cannot answer, and {}", demand.one,
                     figure("unknown").second);
    break;
  case Demand::Kind::report:
    zh = "须有证明报告";
    en = "a report of proofs is wanted";
    break;
  }
  auto& told = report<"signature_policy">(diagnostics, place, Words{zh, en});
  if (demand.kind == Demand::Kind::conflicts || demand.kind == Demand::Kind::unknown ||
      demand.kind == Demand::Kind::report)
    told.help("`sanku check --prove` 列出各处；改好后用 sanku pack build --prove 重新生成",
              "`sanku check --prove` lists them: mend them, and build by sanku pack build --prove");
}

// Whether it asks who has signed, rather than what.
bool is_of_signing(Demand::Kind kind) {
  switch (kind) {
  case Demand::Kind::role:
  case Demand::Kind::distinct:
  case Demand::Kind::algorithm:
    return true;
  case Demand::Kind::coverage:
  case Demand::Kind::mutation:
  case Demand::Kind::conflicts:
  case Demand::Kind::unknown:
  case Demand::Kind::report:
    return false;
  }
  return false;
}

bool meets(bool of_signing, const std::vector<Signature>& signatures, const Manifest& manifest,
           const TrustRoot& root, source::Span place, diag::Diagnostics& diagnostics) {
  bool meets = true;
  for (const Demand& demand : root.policy)
    if (is_of_signing(demand.kind) == of_signing && !is_met(demand, signatures, manifest, root)) {
      tell(demand, manifest, place, diagnostics);
      meets = false;
    }
  return meets;
}

} // namespace

std::string signatures_text(const std::vector<Signature>& signatures) {
  std::string text;
  for (const Signature& each : signatures)
    text += fmt::format("sign {} {} {} {} {}\n", each.role, each.key, each.edition,
                        moment_text(each.time), hex(each.bytes));
  return text;
}

std::optional<std::vector<Signature>> parse_signatures(std::string_view text, std::uint64_t most,
                                                       source::Span place,
                                                       diag::Diagnostics& diagnostics) {
  std::vector<Signature> signatures;
  const auto lines = lines_of(text);
  if (lines.size() > most) {
    report<"pack_file_limit">(diagnostics, place, Words{"签名数", "signatures"}, lines.size(),
                              most);
    return std::nullopt;
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto words = words_of(lines[i], 6);
    const auto time = words.size() == 6 ? parse_moment(words[4]) : std::nullopt;
    const auto bytes = time ? from_hex(words[5]) : std::nullopt;
    if (!bytes || words[0] != "sign" || words[1].empty() || words[3].empty() ||
        !digest_from_hex(words[2])) {
      report<"pack_file_head">(
          diagnostics, place, i + 1,
          Words{"的签名应为 sign 角色 密钥 版本 时间 签名",
                "of the signatures is no sign, role, key, edition, time, signature"});
      return std::nullopt;
    }
    signatures.push_back({.role = std::string(words[1]),
                          .key = std::string(words[2]),
                          .edition = std::string(words[3]),
                          .time = *time,
                          .bytes = *bytes});
    if (i > 0 && !is_in_order(signatures, place, diagnostics))
      return std::nullopt;
  }
  if (const std::string again = signatures_text(signatures); again != text) {
    report<"pack_file_head">(
        diagnostics, place, first_other_line(text, again),
        Words{"的签名不是规范写法", "of the signatures is not in its one form"});
    return std::nullopt;
  }
  return signatures;
}

Signature make_signature(const Signed& what, std::string_view role, std::string_view edition,
                         Moment time, const PrivateKey& key) {
  Signature made{.role = std::string(role),
                 .key = key.open.id,
                 .edition = std::string(edition),
                 .time = time,
                 .bytes = {}};
  made.bytes = sign(key, message_of(what, made));
  return made;
}

bool verify_signatures(const std::vector<Signature>& signatures, const Signed& what,
                       const TrustRoot& root, const When& when, source::Span place,
                       diag::Diagnostics& diagnostics) {
  if (!is_current(root, when.now, place, diagnostics))
    return false;
  bool are_sound = true;
  for (const Signature& each : signatures)
    are_sound = is_sound(each, what, root, when, place, diagnostics) && are_sound;
  return are_sound;
}

bool meets_signing_policy(const std::vector<Signature>& signatures, const TrustRoot& root,
                          source::Span place, diag::Diagnostics& diagnostics) {
  return meets(true, signatures, {}, root, place, diagnostics);
}

bool meets_figures_policy(const Manifest& manifest, const TrustRoot& root, source::Span place,
                          diag::Diagnostics& diagnostics) {
  return meets(false, {}, manifest, root, place, diagnostics);
}

} // namespace sanku::pack
