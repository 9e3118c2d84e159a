// See container.h.
#include "tools/pack/container.h"

#include "runtime/types/check.h"
#include "runtime/types/utf8.h"
#include "tools/pack/columns.h"
#include "tools/pack/in_parallel.h"
#include "tools/pack/lines.h"
#include "tools/pack/visible.h"

#include <algorithm>
#include <functional>

namespace sanku::pack {
namespace {

using diag::report;
using diag::Words;

constexpr std::string_view pack_mark = "SANKU PACK 1\n", delta_mark = "SANKU DIFF 1\n";
static_assert(pack_mark.size() == delta_mark.size());

// Where the parts lie; `file` holds the lengths that were compared.
struct Parts {
  FileKind kind;
  std::string_view manifest, signatures, payload;
};

std::string head_text(FileKind kind, std::uint64_t all, std::uint64_t manifest,
                      std::uint64_t signatures) {
  return fmt::format("{}{:020} {:010} {:010}\n\n", kind == FileKind::pack ? pack_mark : delta_mark,
                     all, manifest, signatures);
}

std::optional<std::string_view> taken(std::string_view& rest, std::uint64_t size) {
  if (size > rest.size())
    return std::nullopt;
  const std::string_view part = rest.substr(0, size);
  rest.remove_prefix(size);
  return part;
}

bool is_within(Words what, std::uint64_t found, std::uint64_t limit, source::Span place,
               diag::Diagnostics& diagnostics) {
  if (found <= limit)
    return true;
  report<"pack_file_limit">(diagnostics, place, what, found, limit);
  return false;
}

// ---- length

std::optional<Parts> parts_of(std::string_view bytes, const Limits& limits, source::Span place,
                              diag::Diagnostics& diagnostics) {
  const bool is_pack = bytes.starts_with(pack_mark);
  if (!is_pack && !bytes.starts_with(delta_mark)) {
    report<"pack_file_mark">(diagnostics, place, excerpt(bytes.substr(0, 12)));
    return std::nullopt;
  }
  if (!is_within({"文件字节数", "bytes of the file"}, bytes.size(), limits.bytes, place,
                 diagnostics))
    return std::nullopt;
  const FileKind kind = is_pack ? FileKind::pack : FileKind::delta;
  const std::string_view head = bytes.substr(0, head_bytes);
  const auto number = [&](std::size_t at, std::size_t size) {
    return head.size() == head_bytes ? whole_number(head.substr(at, size)) : std::nullopt;
  };
  const auto all = number(13, 20), manifest = number(34, 10), signatures = number(45, 10);
  if (!all || !manifest || !signatures || head != head_text(kind, *all, *manifest, *signatures)) {
    report<"pack_file_head">(diagnostics, place, 2,
                             Words{"不是三个长度", "does not hold three lengths"});
    return std::nullopt;
  }
  if (*all != bytes.size()) {
    report<"pack_file_length">(diagnostics, place, bytes.size(), *all);
    return std::nullopt;
  }
  if (!is_within({"清单字节数", "bytes of the manifest"}, *manifest, limits.manifest, place,
                 diagnostics))
    return std::nullopt;
  std::string_view rest = bytes.substr(head_bytes);
  const auto manifest_part = taken(rest, *manifest), signature_part = taken(rest, *signatures);
  if (!manifest_part || !signature_part) {
    report<"pack_file_length">(diagnostics, place, bytes.size(),
                               head_bytes + *manifest + *signatures);
    return std::nullopt;
  }
  return Parts{
      .kind = kind, .manifest = *manifest_part, .signatures = *signature_part, .payload = rest};
}

// ---- signatures

bool is_signed(PackFile& file, const Parts& parts, const Trust& trust, source::Span place,
               diag::Diagnostics& diagnostics) {
  auto signatures = parse_signatures(parts.signatures, trust.limits.signatures, place, diagnostics);
  if (!signatures)
    return false;
  file.signatures = std::move(*signatures);
  if (trust.root == nullptr)
    return true;
  const Signed what{.kind = parts.kind, .manifest = digests_of(parts.manifest)};
  When when{.now = trust.now};
  if (trust.seen != nullptr) {
    const auto found = trust.seen->find(hex(what.manifest.sha256));
    when.first = found == trust.seen->end() ? trust.now : found->second;
  }
  if (!verify_signatures(file.signatures, what, *trust.root, when, place, diagnostics))
    return false;
  // What a delta gives is held to the policy by itself; that the delta comes from somebody who is
  // known is enough.
  if (parts.kind == FileKind::pack &&
      !meets_signing_policy(file.signatures, *trust.root, place, diagnostics))
    return false;
  if (file.signatures.empty())
    report<"signature_absent">(diagnostics, place, "author");
  return !file.signatures.empty();
}

// The manifest, once enough have vouched for it; what it says of itself the policy may bound.
bool is_wanted(PackFile& file, const Parts& parts, const Trust& trust, source::Span place,
               diag::Diagnostics& diagnostics) {
  file.kind = parts.kind;
  file.manifest_text = parts.manifest;
  auto manifest = parse_manifest(parts.manifest, parts.kind, place, diagnostics);
  if (!manifest)
    return false;
  file.manifest = std::move(*manifest);
  for (const Signature& each : file.signatures)
    if (each.edition != fact(file.manifest, "edition")) {
      report<"signature_wrong">(diagnostics, place, each.role, short_id(each.key));
      return false;
    }
  return trust.root == nullptr || parts.kind != FileKind::pack ||
         meets_figures_policy(file.manifest, *trust.root, place, diagnostics);
}

// ---- sizes, digests

bool sizes_fit(PackFile& file, const Parts& parts, const Limits& limits, source::Span place,
               diag::Diagnostics& diagnostics) {
  if (!is_within({"成员数", "members"}, file.manifest.members.size(), limits.members, place,
                 diagnostics))
    return false;
  std::uint64_t sum = 0;
  for (const MemberEntry& each : file.manifest.members) {
    if (!is_within({"一个成员的字节数", "bytes of a member"}, each.size, limits.member, place,
                   diagnostics))
      return false;
    sum += each.size;
  }
  if (sum != parts.payload.size()) {
    report<"pack_file_sizes">(diagnostics, place, sum, parts.payload.size());
    return false;
  }
  std::string_view rest = parts.payload;
  for (const MemberEntry& each : file.manifest.members)
    file.members.emplace(each.name, *taken(rest, each.size));
  return true;
}

// The members, the largest first, and all their bytes.
struct BySize {
  std::vector<std::size_t> order; // of the manifest
  std::uint64_t bytes = 0;
};
BySize by_size(const Manifest& manifest) {
  BySize found;
  for (std::size_t i = 0; i < manifest.members.size(); ++i) {
    found.order.push_back(i);
    found.bytes += manifest.members[i].size;
  }
  std::ranges::stable_sort(found.order, std::greater(),
                           [&](std::size_t i) { return manifest.members[i].size; });
  return found;
}

bool digests_fit(const PackFile& file, source::Span place, diag::Diagnostics& diagnostics) {
  const std::vector<MemberEntry>& members = file.manifest.members;
  const BySize sized = by_size(file.manifest);
  std::vector<Digests> found(members.size());
  // SM3 takes several times as long as SHA-256, so all of it comes first.
  in_parallel(2 * members.size(), sized.bytes, [&](std::size_t task) {
    const std::size_t i = sized.order[task % members.size()];
    const std::string_view bytes = file.members.find(members[i].name)->second;
    if (task < members.size())
      found[i].sm3 = sm3_of(bytes);
    else
      found[i].sha256 = sha256_of(bytes);
  });
  bool fit = true;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (found[i] == members[i].digests)
      continue;
    report<"pack_file_digest">(diagnostics, place, members[i].name,
                               found[i].sha256 != members[i].digests.sha256 ? "SHA-256" : "SM3");
    fit = false;
  }
  return fit;
}

// ---- texts

// What is wrong with a member's text.
struct TextFault {
  std::optional<Hidden> hidden = {};
  std::optional<std::string> lacks = {}; // a member
  bool differs = false;                  // from its columns
};

// Tables are looked through by columns, with less to read. Every table of knowledge is there in
// both forms, and they say the same; of a delta, what it brings is only text.
TextFault text_fault(const PackFile& file, const MemberEntry& entry) {
  const std::string_view name = entry.name;
  const std::string_view bytes = file.members.find(name)->second;
  const bool is_delta = file.kind == FileKind::delta;
  if (name.ends_with(".columns")) {
    std::string csv = std::string(name.substr(0, name.size() - 8)) + ".csv";
    if (is_delta || member(file, csv))
      return {};
    return {.lacks = std::move(csv)};
  }
  if (is_delta || !name.ends_with(".csv"))
    return {.hidden = first_hidden(bytes)};
  const auto columns = member(file, columns_name(name));
  if (!columns)
    return {.lacks = columns_name(name)};
  if (columns_say(*columns, bytes, entry.digests.sha256) == Said::same)
    return {};
  const auto hidden = first_hidden(bytes);
  return {.hidden = hidden, .differs = !hidden};
}

bool texts_are_sound(const PackFile& file, source::Span place, diag::Diagnostics& diagnostics) {
  const std::vector<MemberEntry>& members = file.manifest.members;
  const BySize sized = by_size(file.manifest);
  std::vector<TextFault> found(members.size());
  in_parallel(members.size(), sized.bytes, [&](std::size_t task) {
    const std::size_t i = sized.order[task];
    found[i] = text_fault(file, members[i]);
  });
  bool are_sound = true;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const TextFault& fault = found[i];
    if (fault.hidden)
      report<"pack_file_text">(diagnostics, place, members[i].name, fault.hidden->at,
                               static_cast<std::uint32_t>(fault.hidden->found));
    if (fault.lacks)
      report<"pack_file_lacks">(diagnostics, place, *fault.lacks);
    if (fault.differs)
      report<"pack_file_columns">(diagnostics, place, columns_name(members[i].name),
                                  members[i].name);
    are_sound = are_sound && !fault.hidden && !fault.lacks && !fault.differs;
  }
  return are_sound;
}

} // namespace

std::string write(FileKind kind, std::string_view manifest,
                  const std::vector<Signature>& signatures, std::string_view payload) {
  const std::string signed_by = signatures_text(signatures);
  std::string out =
      head_text(kind, head_bytes + manifest.size() + signed_by.size() + payload.size(),
                manifest.size(), signed_by.size());
  check(out.size() == head_bytes, "the head of a pack file has a fixed size");
  out += manifest;
  out += signed_by;
  out += payload;
  return out;
}

std::string write(FileKind kind, std::vector<Fact> facts,
                  const std::map<std::string, std::string, std::less<>>& members) {
  Manifest manifest{.facts = std::move(facts), .members = {}};
  std::string payload;
  for (const auto& [name, bytes] : members) {
    manifest.members.push_back({.name = name, .size = bytes.size(), .digests = digests_of(bytes)});
    payload += bytes;
  }
  return write(kind, manifest_text(manifest), {}, payload);
}

std::string with_signatures(const PackFile& file, const std::vector<Signature>& signatures) {
  const std::size_t before =
      head_bytes + file.manifest_text.size() + signatures_text(file.signatures).size();
  return write(file.kind, file.manifest_text, signatures,
               std::string_view(*file.bytes).substr(before));
}

std::optional<PackFile> open(std::string bytes, const Trust& trust, source::Span place,
                             diag::Diagnostics& diagnostics) {
  PackFile file;
  file.bytes = std::make_unique<const std::string>(std::move(bytes));
  const auto parts = parts_of(*file.bytes, trust.limits, place, diagnostics);
  if (!parts || !is_signed(file, *parts, trust, place, diagnostics) ||
      !is_wanted(file, *parts, trust, place, diagnostics) ||
      !sizes_fit(file, *parts, trust.limits, place, diagnostics) ||
      !digests_fit(file, place, diagnostics) ||
      (trust.texts && !texts_are_sound(file, place, diagnostics)))
    return std::nullopt;
  return file;
}

bool is_vouched_for(std::string_view bytes, const Trust& trust, source::Span place,
                    diag::Diagnostics& diagnostics) {
  PackFile file;
  const auto parts = parts_of(bytes, trust.limits, place, diagnostics);
  return parts && is_signed(file, *parts, trust, place, diagnostics) &&
         is_wanted(file, *parts, trust, place, diagnostics);
}

std::optional<Manifest> manifest_of(std::string_view bytes, source::Span place,
                                    diag::Diagnostics& diagnostics) {
  const auto parts = parts_of(bytes, {}, place, diagnostics);
  if (!parts)
    return std::nullopt;
  return parse_manifest(parts->manifest, parts->kind, place, diagnostics);
}

Digests identity(const PackFile& file) { return digests_of(*file.bytes); }

std::optional<std::string_view> member(const PackFile& file, std::string_view name) {
  const auto found = file.members.find(name);
  if (found == file.members.end())
    return std::nullopt;
  return found->second;
}

std::string columns_name(std::string_view csv_name) {
  return std::string(csv_name.substr(0, csv_name.size() - 4)) + ".columns";
}

} // namespace sanku::pack
