// See trust.h. One line a fact, a key, a demand, a signature, in this order.
#include "tools/pack/trust.h"

#include "runtime/types/check.h"
#include "tools/pack/lines.h"
#include "tools/pack/visible.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace sanku::pack {
namespace {

using diag::report;
using diag::Words;

constexpr std::string_view mark = "SANKU TRUST 1";
constexpr std::string_view domain = "sanku trust root signature 1\n";

struct DemandRow {
  Demand::Kind kind;
  std::string_view name;
};
constexpr std::array<DemandRow, 8> demands = {{
    {Demand::Kind::role, "role"},
    {Demand::Kind::distinct, "distinct"},
    {Demand::Kind::algorithm, "algorithm"},
    {Demand::Kind::coverage, "coverage"},
    {Demand::Kind::mutation, "mutation"},
    {Demand::Kind::conflicts, "conflicts"},
    {Demand::Kind::unknown, "unknown"},
    {Demand::Kind::report, "report"},
}};

std::string demand_text(const Demand& demand) {
  for (const DemandRow& row : demands)
    if (row.kind == demand.kind)
      return fmt::format("demand {} {}{}{}\n", row.name, demand.one,
                         demand.other.empty() ? "" : " ", demand.other);
  unreachable("every demand has a word");
}

constexpr std::string_view since = "since:";

std::string revoked_text(const TrustedKey& key) {
  if (key.revoked)
    return day_text(*key.revoked);
  return key.revoked_since ? fmt::format("{}{}", since, day_text(*key.revoked_since)) : "-";
}

std::string key_text(const TrustedKey& key) {
  return fmt::format("key {} {} {} {} {} {} {} {}\n", key.key.id, algorithm_name(key.key.algorithm),
                     key.holder, fmt::join(key.roles, ","), day_text(key.from), day_text(key.until),
                     revoked_text(key), hex(key.key.spki));
}

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 60 && text.find_first_of(" ,\t\n") == text.npos;
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts(1);
  for (const char c : text)
    if (c == at)
      parts.emplace_back();
    else
      parts.back() += c;
  return parts;
}

// Reads line by line; false where a line is none of what may stand there.
struct Reader {
  TrustRoot root;

  bool line(std::string_view text) {
    const auto words = words_of(text, 2);
    if (words.size() < 2)
      return false;
    if (words[0] == "version" || words[0] == "threshold") {
      const auto number = whole_number(words[1]);
      (words[0] == "version" ? root.version : root.threshold) = number.value_or(0);
      return number && *number > 0;
    }
    if (words[0] == "expires") {
      const auto day = parse_day(words[1]);
      root.expires = day.value_or(Moment{});
      return day.has_value();
    }
    if (words[0] == "key")
      return key(words[1]);
    if (words[0] == "demand")
      return demand(words[1]);
    return words[0] == "sign" && signature(words[1]);
  }

  bool key(std::string_view text) {
    const auto words = split(text, ' ');
    if (words.size() != 8)
      return false;
    const bool is_since = words[6].starts_with(since);
    const auto from = parse_day(words[4]), until = parse_day(words[5]),
               revoked = parse_day(words[6].substr(is_since ? since.size() : 0));
    const auto spki = from_hex(words[7]);
    const auto open = spki ? public_of(*spki) : std::nullopt;
    if (!open || open->id != words[0] || algorithm_name(open->algorithm) != words[1] ||
        !is_word(words[2]) || !from || !until || *from > *until || (words[6] != "-" && !revoked))
      return false;
    TrustedKey made{.key = *open,
                    .holder = words[2],
                    .roles = split(words[3], ','),
                    .from = *from,
                    .until = *until,
                    .revoked = is_since ? std::nullopt : revoked,
                    .revoked_since = is_since ? revoked : std::nullopt};
    for (std::size_t i = 0; i < made.roles.size(); ++i)
      if (!is_word(made.roles[i]) || (i > 0 && made.roles[i - 1] >= made.roles[i]))
        return false;
    if (!root.keys.empty() && root.keys.back().key.id >= made.key.id)
      return false;
    root.keys.push_back(std::move(made));
    return true;
  }

  bool demand(std::string_view text) {
    const auto words = split(text, ' ');
    for (const DemandRow& row : demands) {
      if (words[0] != row.name)
        continue;
      const std::size_t wanted = row.kind == Demand::Kind::distinct ? 3 : 2;
      if (words.size() != wanted || !std::ranges::all_of(words, is_word))
        return false;
      const bool is_share =
          row.kind == Demand::Kind::coverage || row.kind == Demand::Kind::mutation;
      const bool is_count =
          row.kind == Demand::Kind::conflicts || row.kind == Demand::Kind::unknown;
      const auto number = whole_number(words[1]);
      if (((is_share || is_count) && !number) || (is_share && *number > 100))
        return false;
      // Every pack has the others.
      if (row.kind == Demand::Kind::report && words[1] != "proofs")
        return false;
      if (row.kind == Demand::Kind::algorithm && !algorithm_named(words[1]))
        return false;
      root.policy.push_back(
          {.kind = row.kind, .one = words[1], .other = wanted == 3 ? words[2] : std::string()});
      return true;
    }
    return false;
  }

  bool signature(std::string_view text) {
    const auto words = split(text, ' ');
    const auto bytes = words.size() == 2 ? from_hex(words[1]) : std::nullopt;
    if (!bytes || (!root.signatures.empty() && root.signatures.back().key >= words[0]))
      return false;
    root.signatures.push_back({.key = words[0], .bytes = *bytes});
    return true;
  }
};

// How many root keys of `root` have rightly signed `text`; a signature that fails counts against.
std::optional<std::uint64_t> signers(const TrustRoot& root, const TrustRoot& of) {
  const std::string message = std::string(domain) + signed_text(of);
  std::uint64_t count = 0;
  for (const RootSignature& each : of.signatures) {
    const TrustedKey* key = find_key(root, each.key);
    if (key == nullptr || !has_role(*key, root_role))
      continue;
    if (!verifies(key->key, message, each.bytes))
      return std::nullopt;
    if (key->signs_roots())
      ++count;
  }
  return count;
}

bool has_signers(const TrustRoot& root, const TrustRoot& of, source::Span place,
                 diag::Diagnostics& diagnostics) {
  const auto found = signers(root, of);
  if (found && *found >= root.threshold)
    return true;
  report<"trust_signers">(diagnostics, place, found.value_or(0), root.threshold);
  return false;
}

void form_fault(std::size_t line, Words what, source::Span place, diag::Diagnostics& diagnostics) {
  report<"trust_form">(diagnostics, place, line, what);
}

} // namespace

std::string signed_text(const TrustRoot& root) {
  std::string text = fmt::format("{}\nversion {}\nexpires {}\nthreshold {}\n", mark, root.version,
                                 day_text(root.expires), root.threshold);
  for (const TrustedKey& key : root.keys)
    text += key_text(key);
  for (const Demand& demand : root.policy)
    text += demand_text(demand);
  return text;
}

std::string root_text(const TrustRoot& root) {
  std::string text = signed_text(root);
  for (const RootSignature& each : root.signatures)
    text += fmt::format("sign {} {}\n", each.key, hex(each.bytes));
  return text;
}

std::optional<TrustRoot> read_root(std::string_view text, source::Span place,
                                   diag::Diagnostics& diagnostics) {
  Reader reader;
  const auto lines = lines_of(text);
  if (first_hidden(text) || lines.empty() || lines[0] != mark) {
    form_fault(1,
               {"不是 SANKU TRUST 1，或含有看不见的字符",
                "is not SANKU TRUST 1, or the text has characters that are not seen"},
               place, diagnostics);
    return std::nullopt;
  }
  for (std::size_t i = 1; i < lines.size(); ++i)
    if (!reader.line(lines[i])) {
      form_fault(i + 1, {"不能理解", "cannot be understood"}, place, diagnostics);
      return std::nullopt;
    }
  if (const std::string again = root_text(reader.root); again != text) {
    form_fault(first_other_line(text, again), {"不是规范写法", "is not in its one form"}, place,
               diagnostics);
    return std::nullopt;
  }
  // Every signature is of a key that is known, here or to the root before.
  if (!has_signers(reader.root, reader.root, place, diagnostics))
    return std::nullopt;
  return std::move(reader.root);
}

void sign_root(TrustRoot& root, const PrivateKey& key) {
  std::erase_if(root.signatures,
                [&](const RootSignature& each) { return each.key == key.open.id; });
  root.signatures.push_back(
      {.key = key.open.id, .bytes = sign(key, std::string(domain) + signed_text(root))});
  std::ranges::sort(root.signatures, {}, &RootSignature::key);
}

bool follows(const TrustRoot& root, const TrustRoot& next, source::Span place,
             diag::Diagnostics& diagnostics) {
  if (next.version != root.version + 1) {
    report<"trust_version">(diagnostics, place, next.version, root.version + 1);
    return false;
  }
  return has_signers(root, next, place, diagnostics) && has_signers(next, next, place, diagnostics);
}

bool is_current(const TrustRoot& root, Moment now, source::Span place,
                diag::Diagnostics& diagnostics) {
  if (now <= end_of_day(root.expires))
    return true;
  report<"trust_expired">(diagnostics, place, day_text(root.expires));
  return false;
}

const TrustedKey* find_key(const TrustRoot& root, std::string_view id) {
  for (const TrustedKey& each : root.keys)
    if (each.key.id == id)
      return &each;
  return nullptr;
}

bool has_role(const TrustedKey& key, std::string_view role) {
  return std::ranges::find(key.roles, role) != key.roles.end();
}

} // namespace sanku::pack
