// Registries (registry.h).
#include "runtime/knowledge/registry.h"

#include "runtime/codes/dictionary.h"
#include "runtime/knowledge/csv.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::knowledge {

Result<Registry> load_registry(const std::filesystem::path& file, const ReadFile& read) {
  const Result<std::string> text = read_file(file, read);
  if (!text)
    return tl::unexpected(text.error());
  CsvReader reader(*text);
  CsvRecord record;
  Registry codes;
  std::string buffer;
  std::size_t field = 0;
  if (reader.next(record)) {
    const auto named = std::ranges::find_if(
        record.fields, [](std::string_view name) { return codes::trim(name) == "code"; });
    if (named != record.fields.end())
      field = static_cast<std::size_t>(named - record.fields.begin());
  }
  while (reader.next(record))
    if (field < record.fields.size())
      codes.emplace_back(codes::normalise(record.fields[field], buffer));
  if (codes.empty())
    return failure(fmt::format("`{}` lists no codes", file.string()),
                   fmt::format("“{}”中没有编码", file.string()));
  std::ranges::sort(codes);
  return codes;
}

CodeRules code_rules(const schema::Schema& schema) {
  return {.forms = schema::code_forms(schema), .registries = {}};
}

CodeVerdict judge_code(const schema::Schema& schema, const CodeRules& rules, std::uint32_t system,
                       const std::string& code) {
  const schema::CodeSystem& own = schema.systems[system];
  if (!own.members.empty()) {
    CodeVerdict best = CodeVerdict::wrong_form;
    for (const std::uint32_t member : own.members) {
      const CodeVerdict verdict = judge_code(schema, rules, member, code);
      if (verdict == CodeVerdict::good)
        return verdict;
      if (verdict == CodeVerdict::not_registered)
        best = verdict;
    }
    return best;
  }
  if (rules.forms[system] && !rules.forms[system]->fits(code))
    return CodeVerdict::wrong_form;
  const auto registry = rules.registries.find(system);
  if (registry == rules.registries.end())
    return CodeVerdict::good;
  const auto found = std::ranges::lower_bound(registry->second, code);
  const bool there = found != registry->second.end() &&
                     (own.hierarchical ? found->starts_with(code) : *found == code);
  return there ? CodeVerdict::good : CodeVerdict::not_registered;
}

std::string forms_of(const schema::Schema& schema, std::uint32_t system) {
  const schema::CodeSystem& own = schema.systems[system];
  std::string forms = own.form;
  for (const std::uint32_t member : own.members)
    if (const std::string more = forms_of(schema, member); !more.empty())
      forms += (forms.empty() ? "" : " | ") + more;
  return forms;
}

} // namespace sanku::knowledge
