// The registries of code systems (`code DiagnosisCode from "codes/icd10_yb.csv"`): which codes
// there are, so that a published table's slips are told. Entries: load_registry, judge_code. Tested
// by tests/unit/runtime/knowledge_test.cpp.
#pragma once

#include "runtime/schema/code_form.h"
#include "runtime/schema/schema.h"
#include "runtime/types/read_file.h"
#include "runtime/types/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::knowledge {

// Codes in their normal form, sorted.
using Registry = std::vector<std::string>;

// The file's column `code`, or its first.
[[nodiscard]] Result<Registry> load_registry(const std::filesystem::path& file,
                                             const ReadFile& read = {});

// What is known about the codes of a schema's systems. By number of the system.
struct CodeRules {
  schema::CodeForms forms;
  std::map<std::uint32_t, Registry> registries; // those that were read
};
// The forms; registries are added by the caller.
[[nodiscard]] CodeRules code_rules(const schema::Schema& schema);

enum class CodeVerdict : std::uint8_t { good, wrong_form, not_registered };
// Of a union the best verdict of its members. Of a hierarchical system a code is registered when
// one begins with it.
[[nodiscard]] CodeVerdict judge_code(const schema::Schema& schema, const CodeRules& rules,
                                     std::uint32_t system, const std::string& code);
// The forms of a system, of a union its members', for messages.
[[nodiscard]] std::string forms_of(const schema::Schema& schema, std::uint32_t system);

} // namespace sanku::knowledge
