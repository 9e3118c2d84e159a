// See manifest.h. A line a fact, in the order of the table; then a line a member.
#include "tools/pack/manifest.h"

#include "runtime/types/utf8.h"
#include "tools/pack/limits.h"
#include "tools/pack/lines.h"
#include "tools/pack/pack_name.h"
#include "tools/pack/pin.h"
#include "tools/pack/visible.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace sanku::pack {
namespace {

using diag::report;
using diag::Words;

struct FactRow {
  std::string_view key;
  bool of_pack, of_delta; // must be there
  bool may_be = false;    // in a pack, need not
  bool is_word = false;   // without blanks
};
// What a manifest says, in this order. Figures of the pack are computed again when it is installed.
constexpr std::array<FactRow, 17> rows = {{
    {"name", true, true, false, true},
    {"version", true, true, false, true},
    {"edition", true, true, false, true},
    {"schema", true, false},
    {"layer", true, true, false, true},
    {"regions", false, false, true},
    {"base", false, false, true}, // of an overlay: name, versions, digests (pin.h)
    {"rules", true, false},
    {"tables", true, false},
    {"tests", true, false},
    {"coverage", false, false, true},
    {"mutation", false, false, true},
    {"conflicts", false, false, true}, // with a report of proofs, as that says
    {"unknown", false, false, true},   // likewise
    {"from", false, true},             // what a delta is applied to, by SHA-256 and SM3
    {"gives", false, true},            // what it makes, likewise
    {"length", false, true},           // of that
}};

bool is_wanted(const FactRow& row, FileKind kind) {
  return kind == FileKind::pack ? row.of_pack : row.of_delta;
}

constexpr std::string_view member_word = "member";

void head_fault(std::size_t line, Words what, source::Span place, diag::Diagnostics& diagnostics) {
  report<"pack_file_head">(diagnostics, place, line, what);
}

std::optional<MemberEntry> member_of(std::string_view rest) {
  const auto words = words_of(rest, 4);
  if (words.size() != 4)
    return std::nullopt;
  const auto size = whole_number(words[0]);
  const auto sha256 = digest_from_hex(words[1]), sm3 = digest_from_hex(words[2]);
  if (!size || !sha256 || !sm3)
    return std::nullopt;
  return MemberEntry{
      .name = std::string(words[3]), .size = *size, .digests = {.sha256 = *sha256, .sm3 = *sm3}};
}

bool facts_are_complete(const Manifest& manifest, FileKind kind, source::Span place,
                        diag::Diagnostics& diagnostics) {
  std::size_t next = 0;
  for (std::size_t i = 0; i < manifest.facts.size(); ++i) {
    const auto row = std::find_if(
        rows.begin() + static_cast<std::ptrdiff_t>(next), rows.end(), [&](const FactRow& each) {
          return each.key == manifest.facts[i].key && (is_wanted(each, kind) || each.may_be);
        });
    const std::string& value = manifest.facts[i].value;
    const bool is_word = value.find(' ') == std::string::npos;
    const bool is_pin = row != rows.end() && row->key == "base";
    const auto pin = is_pin ? parse_pin(value) : std::nullopt;
    if (is_pin && (!pin || pin_text(*pin) != value)) {
      head_fault(i + 1,
                 {"应为 base 名称 版本 SHA-256 SM3", "is no base, name, versions, two digests"},
                 place, diagnostics);
      return false;
    }
    if (row == rows.end() || value.empty() || (row->is_word && !is_word)) {
      head_fault(i + 1, {"不在应有的位置，或没有值", "is out of place, or says nothing"}, place,
                 diagnostics);
      return false;
    }
    if (row->key == "name" && !is_pack_name(value)) {
      head_fault(i + 1,
                 {"不是规则包的名称：小写字母、数字和其间的 - _ .",
                  "is no name of a pack: small letters and digits, with - _ . between them"},
                 place, diagnostics);
      return false;
    }
    next = static_cast<std::size_t>(row - rows.begin()) + 1;
  }
  for (const FactRow& row : rows)
    if (is_wanted(row, kind) && fact(manifest, row.key).empty()) {
      head_fault(manifest.facts.size() + 1,
                 {"之前缺少应有的一行", "comes before a line that has to be there"}, place,
                 diagnostics);
      return false;
    }
  return true;
}

// The first name that another takes on some system: in another case, as its folder, or with a
// folder in another case. Empty: none.
std::string first_clash(const std::vector<MemberEntry>& members) {
  std::map<std::string, std::string> folders; // as they are written, by their folded names
  std::set<std::string> names;
  for (const MemberEntry& each : members) {
    if (!names.insert(folded_name(each.name)).second)
      return each.name;
    for (std::size_t at = each.name.find('/'); at != std::string::npos;
         at = each.name.find('/', at + 1)) {
      const std::string folder = each.name.substr(0, at);
      if (folders.try_emplace(folded_name(folder), folder).first->second != folder)
        return each.name;
    }
  }
  for (const auto& [folded, folder] : folders)
    if (names.contains(folded))
      return folder;
  return {};
}

// Names are safe, sorted, and no two are one on any system.
bool names_are_sound(const Manifest& manifest, source::Span place, diag::Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < manifest.members.size(); ++i) {
    const std::string& name = manifest.members[i].name;
    auto fault = name_fault(name);
    if (!fault && i > 0 && manifest.members[i - 1].name >= name)
      fault = Fault{"没有按顺序，或重复", "is out of order, or there twice"};
    if (fault) {
      report<"pack_file_name">(diagnostics, place, excerpt(name), Words{fault->zh, fault->en});
      return false;
    }
  }
  const std::string clash = first_clash(manifest.members);
  if (!clash.empty())
    report<"pack_file_name">(
        diagnostics, place, excerpt(clash),
        Words{"与另一成员或其文件夹只有大小写之别，或是另一成员的文件夹",
              "differs from another, or its folder from another, only in case, or has another as "
              "its folder"});
  return clash.empty();
}

// Letters and digits of ASCII, `-_./`, and Han characters: of others, systems disagree which are
// the same in another case or in another form.
bool is_plain_name(std::string_view name) {
  while (!name.empty()) {
    const char c = name[0];
    const bool is_ascii = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '/';
    // Three bytes from U+4E00 to U+9FFF.
    const bool is_han = utf8_length(name) == 3 && name.substr(0, 3) >= "\xE4\xB8\x80" &&
                        name.substr(0, 3) <= "\xE9\xBF\xBF";
    if (!is_ascii && !is_han)
      return false;
    name.remove_prefix(is_han ? 3 : 1);
  }
  return true;
}

} // namespace

std::string_view fact(const Manifest& manifest, std::string_view key) {
  const auto found = std::ranges::find(manifest.facts, key, &Fact::key);
  return found == manifest.facts.end() ? std::string_view() : std::string_view(found->value);
}

std::optional<Fault> name_fault(std::string_view name) {
  if (name.empty() || name.size() > most_name_bytes)
    return Fault{"为空或过长", "is empty or too long"};
  if (!is_plain_name(name))
    return Fault{"含有字母、数字、- _ . 和汉字以外的字符",
                 "has a character beside letters, digits, - _ . and Han ones"};
  while (true) {
    const std::size_t end = name.find('/');
    const std::string_view part = name.substr(0, end);
    if (part.empty() || part.starts_with('.') || part.ends_with('.'))
      return Fault{"会离开规则包，或为隐藏文件", "leaves the pack, or names a hidden file"};
    if (end == std::string_view::npos)
      return std::nullopt;
    name.remove_prefix(end + 1);
  }
}

std::string folded_name(std::string_view name) {
  std::string folded(name);
  for (char& c : folded)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return folded;
}

std::string manifest_text(const Manifest& manifest) {
  std::string text;
  for (const Fact& each : manifest.facts)
    text += each.key + ' ' + each.value + '\n';
  for (const MemberEntry& each : manifest.members)
    text += fmt::format("{} {} {} {} {}\n", member_word, each.size, hex(each.digests.sha256),
                        hex(each.digests.sm3), each.name);
  return text;
}

std::optional<Manifest> parse_manifest(std::string_view text, FileKind kind, source::Span place,
                                       diag::Diagnostics& diagnostics) {
  if (const auto hidden = first_hidden(text)) {
    report<"pack_file_text">(diagnostics, place, "manifest", hidden->at,
                             static_cast<std::uint32_t>(hidden->found));
    return std::nullopt;
  }
  Manifest manifest;
  const auto lines = lines_of(text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto words = words_of(lines[i], 2);
    if (words[0] == member_word && words.size() == 2) {
      auto member = member_of(words[1]);
      if (!member) {
        head_fault(i + 1,
                   {"应为 member 大小 摘要 摘要 名称", "is no member, size, two digests, name"},
                   place, diagnostics);
        return std::nullopt;
      }
      manifest.members.push_back(std::move(*member));
    } else if (words.size() == 2) {
      manifest.facts.push_back({std::string(words[0]), std::string(words[1])});
    } else {
      head_fault(i + 1, {"只有一个词", "is a single word"}, place, diagnostics);
      return std::nullopt;
    }
  }
  if (!facts_are_complete(manifest, kind, place, diagnostics) ||
      !names_are_sound(manifest, place, diagnostics))
    return std::nullopt;
  if (const std::string again = manifest_text(manifest); again != text) {
    head_fault(first_other_line(text, again), {"不是规范写法", "is not in its one form"}, place,
               diagnostics);
    return std::nullopt;
  }
  return manifest;
}

} // namespace sanku::pack
