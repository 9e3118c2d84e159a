// libFuzzer's target: everything that is read of a pack file before anybody is trusted. The first
// byte says which reader gets the rest; the second kind of pack is put together with right digests,
// so that mutation reaches what lies behind them. Built with libFuzzer by `./dev test --fuzz N`,
// and replayed over the corpus by fuzz_replay in every build.
#include "runtime/types/check.h"
#include "tools/pack/columns.h"
#include "tools/pack/container.h"
#include "tools/pack/delta.h"
#include "tools/pack/store.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace sanku::pack {
namespace {

// Lines `NAME=TEXT` with `\` for a line feed in the text: members; `KEY NAME VALUE`: facts.
void put_together(std::string_view text, FileKind kind) {
  std::vector<Fact> facts;
  std::map<std::string, std::string, std::less<>> members;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t equals = line.find('='), blank = line.find(' ');
    if (equals != std::string_view::npos) {
      std::string bytes(line.substr(equals + 1));
      std::ranges::replace(bytes, '\\', '\n');
      members.emplace(line.substr(0, equals), std::move(bytes));
    } else if (blank != std::string_view::npos) {
      facts.push_back({std::string(line.substr(0, blank)), std::string(line.substr(blank + 1))});
    }
  }
  for (auto each = members.begin(); each != members.end(); ++each)
    if (each->first.ends_with(".csv"))
      if (const auto csv = canonical_csv(each->second))
        members.try_emplace(columns_name(each->first), columns_of(*csv));
  diag::Diagnostics diagnostics;
  const std::string bytes = write(kind, facts, members);
  auto file = open(bytes, {}, {}, diagnostics);
  check(file.has_value() == diagnostics.all.empty(), "a file is taken, or it is told why not");
  if (!file)
    return;
  check(with_signatures(*file, {}) == bytes, "what was read is written the same again");
  if (kind == FileKind::delta)
    (void)apply_delta(*file, *file, {}, diagnostics);
}

void raw(std::string_view bytes) {
  diag::Diagnostics diagnostics;
  const auto file = open(std::string(bytes), {}, {}, diagnostics);
  check(file.has_value() == diagnostics.all.empty(), "a file is taken, or it is told why not");
  if (file)
    check(with_signatures(*file, file->signatures) == bytes, "what was read is written the same");
}

void csv(std::string_view bytes) {
  const auto form = canonical_csv(bytes);
  if (!form)
    return;
  check(canonical_csv(*form) == form, "the form is its own form");
  check(columns_say(columns_of(*form), *form, sha256_of(*form)) != Said::other,
        "columns give their CSV");
}

// Columns, and the CSV behind the first blank line.
void columns(std::string_view bytes) {
  const std::size_t end = bytes.find("\n\n");
  if (end != std::string_view::npos)
    (void)columns_say(bytes.substr(0, end), bytes.substr(end + 2), sha256_of(bytes));
  // As long as they are read at all.
  std::string named(bytes);
  const std::string text = "a,b\n1,2\n3,4\n";
  const Digest digest = sha256_of(text);
  if (named.size() >= 16 + digest.size())
    std::ranges::copy(digest, named.begin() + 16);
  (void)columns_say(named, text, digest);
}

void small_texts(std::string_view bytes) {
  diag::Diagnostics diagnostics;
  (void)read_root(bytes, {}, diagnostics);
  (void)read_export(bytes, {}, diagnostics);
  (void)parse_signatures(bytes, 64, {}, diagnostics);
  (void)parse_manifest(bytes, FileKind::pack, {}, diagnostics);
  (void)read_public(bytes, "key", {}, diagnostics);
  (void)public_of(bytes);
}

} // namespace
} // namespace sanku::pack

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0)
    return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
  case 'c':
    sanku::pack::csv(rest);
    break;
  case 'k':
    sanku::pack::columns(rest);
    break;
  case 'm':
    sanku::pack::put_together(rest, sanku::pack::FileKind::pack);
    break;
  case 'd':
    sanku::pack::put_together(rest, sanku::pack::FileKind::delta);
    break;
  case 't':
    sanku::pack::small_texts(rest);
    break;
  default:
    sanku::pack::raw({reinterpret_cast<const char*>(data), size});
  }
  return 0;
}
