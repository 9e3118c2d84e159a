// See difference.h. Rules are compared as they are laid out in their one form, so what is told is
// no matter of blanks.
#include "tools/deploy/difference.h"

#include "compiler/ast/from_parse_tree.h"
#include "tools/engine/layout.h"
#include "tools/pack/lines.h"
#include "tools/pack/proofs.h"

#include <fmt/format.h>

#include <map>
#include <set>

namespace sanku::deploy {
namespace {

using engine::words;
using pack::PackFile;

struct WrittenRule {
  std::string file, text;
};
// Rules by id, and what an overlay changes of those below it, by what was written of it.
struct Written {
  std::map<std::string, WrittenRule> rules;
  std::map<std::string, std::string> changes; // file
};

Written written_in(const PackFile& file) {
  Written all;
  for (const auto& [name, bytes] : file.members) {
    if (!name.ends_with(".sanku"))
      continue;
    source::SourceMap map;
    diag::Diagnostics ignored;
    const ast::File parsed = ast::parse(map, source::add(map, name, std::string(bytes)), ignored);
    for (const ast::Decl& decl : parsed.decls) {
      if (const auto* rule = std::get_if<ast::Rule>(&decl))
        all.rules[rule->id.text] = {.file = name,
                                    .text = std::string(source::text_of(map, rule->span))};
      if (const auto* overlay = std::get_if<ast::Overlay>(&decl))
        for (const ast::Change& change : overlay->changes)
          all.changes.emplace(
              std::visit(
                  [&](const auto& each) { return std::string(source::text_of(map, each.span)); },
                  change),
              name);
    }
  }
  return all;
}

std::map<std::string_view, std::int64_t> rows_of(std::string_view csv) {
  std::map<std::string_view, std::int64_t> rows;
  for (const std::string_view line : pack::lines_of(csv))
    ++rows[line];
  return rows;
}

// How many lines are new, and how many are gone.
std::pair<std::int64_t, std::int64_t> changed_rows(std::string_view old_csv,
                                                   std::string_view new_csv) {
  auto rows = rows_of(new_csv);
  for (const auto& [line, count] : rows_of(old_csv))
    rows[line] -= count;
  std::int64_t added = 0, removed = 0;
  for (const auto& [line, count] : rows)
    (count > 0 ? added : removed) += count;
  return {added, -removed};
}

struct Telling {
  Language language;
  std::string out = {};

  void line(std::string_view mark, std::string_view what, const std::string& name,
            const std::string& more = {}) {
    out += fmt::format("{} {} {}{}{}\n", mark, what, name, more.empty() ? "" : "  ", more);
  }

  void facts(const PackFile& old_one, const PackFile& new_one) {
    for (const pack::Fact& each : new_one.manifest.facts) {
      const std::string_view before = pack::fact(old_one.manifest, each.key);
      if (before != each.value)
        line("~", words(language, "清单", "manifest"), each.key,
             fmt::format("{} → {}", before.empty() ? "-" : before, each.value));
    }
    for (const pack::Fact& each : old_one.manifest.facts)
      if (pack::fact(new_one.manifest, each.key).empty())
        line("-", words(language, "清单", "manifest"), each.key, each.value);
  }

  void rules(const PackFile& old_one, const PackFile& new_one) {
    const auto [before, old_changes] = written_in(old_one);
    const auto [after, new_changes] = written_in(new_one);
    const std::string_view what = words(language, "规则", "rule");
    for (const auto& [id, rule] : after) {
      const auto known = before.find(id);
      if (known == before.end())
        line("+", what, id, rule.file);
      else if (known->second.text != rule.text)
        line("~", what, id, rule.file);
    }
    for (const auto& [id, rule] : before)
      if (!after.contains(id))
        line("-", what, id, rule.file);
    const std::string_view change = words(language, "地方化", "change");
    for (const auto& [text, file] : new_changes)
      if (!old_changes.contains(text))
        line("+", change, text, file);
    for (const auto& [text, file] : old_changes)
      if (!new_changes.contains(text))
        line("-", change, text, file);
  }

  // What the solver found, claim by claim.
  void proofs(const PackFile& old_one, const PackFile& new_one) {
    const auto claims = [](const PackFile& file) {
      const auto text = pack::member(file, pack::proofs_report);
      const auto read = text ? pack::read_proofs(*text) : std::nullopt;
      return read ? std::set(read->claims.begin(), read->claims.end())
                  : std::set<pack::ProofLine>();
    };
    const auto before = claims(old_one), after = claims(new_one);
    const std::string_view what = words(language, "证明", "proof");
    for (const pack::ProofLine& each : after)
      if (!before.contains(each))
        line("+", what, pack::told(each, language));
    for (const pack::ProofLine& each : before)
      if (!after.contains(each))
        line("-", what, pack::told(each, language));
  }

  void members(const PackFile& old_one, const PackFile& new_one) {
    const std::string_view what = words(language, "文件", "file");
    for (const auto& [name, bytes] : new_one.members) {
      const auto before = pack::member(old_one, name);
      if (name.ends_with(".columns") || before == bytes)
        continue;
      std::string more;
      if (before && name.ends_with(".csv")) {
        const auto [added, removed] = changed_rows(*before, bytes);
        more = fmt::format("+{} −{} {}", added, removed, words(language, "行", "rows"));
      }
      line(before ? "~" : "+", what, name, more);
    }
    for (const auto& [name, bytes] : old_one.members)
      if (!name.ends_with(".columns") && !pack::member(new_one, name))
        line("-", what, name);
  }
};

} // namespace

std::string difference(const PackFile& old_one, const PackFile& new_one, Language language) {
  Telling telling{.language = language};
  telling.facts(old_one, new_one);
  telling.rules(old_one, new_one);
  telling.proofs(old_one, new_one);
  telling.members(old_one, new_one);
  return telling.out;
}

} // namespace sanku::deploy
