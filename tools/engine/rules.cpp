// Reading and checking a pack (rules.h).
#include "tools/engine/rules.h"

#include "runtime/types/check.h"

namespace sanku::engine {

Result<std::unique_ptr<Rules>> check_rules(std::unique_ptr<Rules> rules) {
  // Without its schema nothing of a pack can be checked.
  if (diag::has_errors(rules->diagnostics))
    return rules;
  PackSources sources;
  sources.knowledge_folder = rules->pack.knowledge_folder;
  sources.models_folder = rules->pack.models_folder;
  sources.defaults = rules->pack.defaults;
  sources.read = rules->pack.read;
  const auto schema = add_text(rules->map, rules->pack, rules->pack.schema);
  if (!schema)
    return tl::unexpected(schema.error());
  rules->schema_file = *schema;
  sources.schema_files.push_back(*schema);
  for (const std::filesystem::path& file : rules->pack.rule_files) {
    const auto read = add_text(rules->map, rules->pack, file);
    if (!read)
      return tl::unexpected(read.error());
    sources.rule_files.push_back(*read);
  }
  rules->checked = check_pack(rules->map, sources, rules->diagnostics);
  diag::sort(rules->diagnostics);
  return rules;
}

Result<std::unique_ptr<Rules>> read_rules(const std::filesystem::path& place,
                                          const PackTrust& trust) {
  auto rules = std::make_unique<Rules>();
  auto pack = load_pack(place, rules->map, rules->diagnostics, trust);
  if (!pack)
    return tl::unexpected(pack.error());
  rules->pack = std::move(*pack);
  return check_rules(std::move(rules));
}

Result<std::unique_ptr<Rules>> read_rules(pack::PackFile file, const std::filesystem::path& place) {
  auto rules = std::make_unique<Rules>();
  auto pack = load_packed(std::move(file), place, rules->map, rules->diagnostics);
  if (!pack)
    return tl::unexpected(pack.error());
  rules->pack = std::move(*pack);
  return check_rules(std::move(rules));
}

bool is_ready(const Rules& rules) {
  return rules.checked.has_value() && !diag::has_errors(rules.diagnostics);
}

const hir::Program& program(const Rules& rules) {
  check(rules.checked.has_value(), "the program of rules that were not checked");
  return rules.checked->program;
}

} // namespace sanku::engine
