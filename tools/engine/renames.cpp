// See renames.h.
#include "tools/engine/renames.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace sanku::engine {
namespace {

bool has(const hir::Program& program, const std::string& id) {
  return std::ranges::find(program.rules, id, &hir::Rule::id) != program.rules.end();
}

} // namespace

Renames renames(const Rules& rules) {
  Renames made;
  for (const auto& file : rules.checked->files)
    for (const ast::Decl& decl : file->decls)
      if (const auto* rule = std::get_if<ast::Rule>(&decl); rule != nullptr && rule->standing.was)
        for (const ast::Name& old : rule->standing.was->ids)
          made.emplace(old.text, rule->id.text);
  return made;
}

Renames renames(const Rules& before, const Rules& now) {
  Renames made = renames(now);
  std::erase_if(made, [&](const auto& each) {
    const auto& [old_id, new_id] = each;
    return !has(program(before), old_id) || has(program(now), old_id) ||
           has(program(before), new_id) || !has(program(now), new_id);
  });
  // Of several that became one only the first is that rule, the others are gone.
  std::map<std::string, std::string> first;
  std::erase_if(made,
                [&](const auto& each) { return !first.emplace(each.second, each.first).second; });
  return made;
}

void rename(Rules& rules, const Renames& renames) {
  if (renames.empty())
    return;
  hir::Program& program = rules.checked->program;
  for (hir::Rule& rule : program.rules)
    if (const auto found = renames.find(rule.id); found != renames.end())
      rule.id = found->second;
  std::vector<std::uint32_t> order(program.rules.size()), place(program.rules.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::stable_sort(
      order, {}, [&](std::uint32_t rule) -> const std::string& { return program.rules[rule].id; });
  std::vector<hir::Rule> sorted;
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    place[order[i]] = i;
    sorted.push_back(std::move(program.rules[order[i]]));
  }
  program.rules = std::move(sorted);
  for (hir::Test& test : program.tests)
    for (std::size_t i = 0; i < test.expect_rules.size(); ++i)
      if (test.ast->expect[i].outcome != ast::Expected::nothing)
        test.expect_rules[i] = place[test.expect_rules[i]];
  // Code that is kept is that of other rules, or of these in another order.
  for (const auto& [old_id, new_id] : renames)
    rules.checked->beside += "renamed " + old_id + " " + new_id + "\n";
}

} // namespace sanku::engine
