// See packed_form.h.
#include "tools/engine/packed_form.h"

#include "compiler/ast/print.h"
#include "tools/engine/toml_text.h"
#include "tools/pack/proofs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sanku::engine {
namespace {

using diag::report;
using diag::Words;

constexpr std::array<std::string_view, 6> single = {"pack.toml",
                                                    "reports/tests.txt",
                                                    "reports/cost.txt",
                                                    "reports/coverage.txt",
                                                    "reports/mutation.txt",
                                                    pack::proofs_report};
// Columns stand beside their table, which the container sees to.
constexpr std::array<std::string_view, 5> kinds = {".sanku", ".csv", ".columns", ".json",
                                                   ".ndjson"};

bool is_laid_out(const ast::File& file, std::string_view text) {
  return ast::print(file, ast::spelling_of(file)) == text;
}

// The report of proofs is in its one form, and the manifest says what it says; without it, nothing.
void check_proofs(const pack::PackFile& file, source::Span place, diag::Diagnostics& diagnostics) {
  const auto text = pack::member(file, pack::proofs_report);
  const auto proofs = text ? pack::read_proofs(*text) : std::nullopt;
  if (text && !proofs) {
    report<"pack_file_form">(diagnostics, place, pack::proofs_report);
    return;
  }
  const auto hold = [&](std::string_view key, const std::string& said) {
    const std::string_view claimed = pack::fact(file.manifest, key);
    if (claimed != said && !proofs)
      report<"pack_file_lacks">(diagnostics, place, pack::proofs_report);
    else if (claimed != said)
      report<"store_claim">(diagnostics, place, key, claimed, said);
  };
  hold("conflicts", proofs ? fmt::format("{}", proofs->conflicts()) : std::string());
  hold("unknown", proofs ? fmt::format("{}", proofs->unknown()) : std::string());
}

} // namespace

bool is_member_kind(std::string_view name) {
  if (std::ranges::find(single, name) != single.end())
    return true;
  return !name.starts_with("reports/") &&
         (name.starts_with("models/") ||
          std::ranges::any_of(kinds, [&](std::string_view kind) { return name.ends_with(kind); }));
}

void check_members(const pack::PackFile& file, source::Span place, diag::Diagnostics& diagnostics) {
  for (const auto& [name, bytes] : file.members)
    if (!is_member_kind(name))
      report<"pack_file_name">(diagnostics, place, name,
                               Words{"不是规则包会有的文件", "is none that a pack has"});
  if (const auto toml = pack::member(file, "pack.toml"))
    if (const auto again = canonical_toml(*toml, {}); again && *again != *toml)
      report<"pack_file_form">(diagnostics, place, "pack.toml");
  check_proofs(file, place, diagnostics);
}

void check_layouts(Rules& rules) {
  if (!rules.checked || diag::has_errors(rules.diagnostics))
    return;
  const auto is_packed_text = [&](const std::filesystem::path& path) {
    return std::ranges::any_of(rules.layers, [&](const Pack& layer) {
      return layer.packed != nullptr &&
             (path == layer.schema ||
              std::ranges::find(layer.rule_files, path) != layer.rule_files.end());
    });
  };
  for (const auto& file : rules.checked->files) {
    const source::File& text = rules.map.files[file->source];
    if (is_packed_text(text.path) && !is_laid_out(*file, text.text))
      report<"pack_file_form">(rules.diagnostics, source::Span{.file = file->source}, text.path);
  }
}

} // namespace sanku::engine
