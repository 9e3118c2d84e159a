// Reading and checking a pack (rules.h).
#include "tools/engine/rules.h"

#include "runtime/types/check.h"

namespace sanku::engine {

Result<std::unique_ptr<Rules>> read_rules(const std::filesystem::path& place) {
  auto rules = std::make_unique<Rules>();
  auto pack = load_pack(place, rules->map, rules->diagnostics);
  if (!pack)
    return tl::unexpected(pack.error());
  rules->pack = std::move(*pack);
  // Without its schema nothing of a pack can be checked.
  if (diag::has_errors(rules->diagnostics))
    return rules;
  PackSources sources;
  sources.knowledge_folder = rules->pack.knowledge_folder;
  sources.models_folder = rules->pack.models_folder;
  sources.defaults = rules->pack.defaults;
  const auto schema = source::read(rules->map, rules->pack.schema);
  if (!schema)
    return tl::unexpected(schema.error());
  rules->schema_file = *schema;
  sources.schema_files.push_back(*schema);
  for (const std::filesystem::path& file : rules->pack.rule_files) {
    const auto read = source::read(rules->map, file);
    if (!read)
      return tl::unexpected(read.error());
    sources.rule_files.push_back(*read);
  }
  rules->checked = check_pack(rules->map, sources, rules->diagnostics);
  diag::sort(rules->diagnostics);
  return rules;
}

bool is_ready(const Rules& rules) {
  return rules.checked.has_value() && !diag::has_errors(rules.diagnostics);
}

const hir::Program& program(const Rules& rules) {
  check(rules.checked.has_value(), "the program of rules that were not checked");
  return rules.checked->program;
}

} // namespace sanku::engine
