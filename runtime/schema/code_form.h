// The form of a code system: a regular expression that a well-formed code is matched by as a whole.
// Both come from whoever wrote the schema and the claims, so the engine takes time that is linear
// in the text, whatever the expression: one that goes back and tries again may take for ever. What
// needs that (back references, looking ahead) is no form. Entry: CodeForm::make. Tested by
// tests/unit/runtime/code_form_test.cpp.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace sanku::schema {

struct Schema;

class CodeForm {
public:
  // None: it is no regular expression, or one that is too large.
  [[nodiscard]] static std::optional<CodeForm> make(std::string_view form);
  // Whether the whole of the text has the form.
  [[nodiscard]] bool fits(std::string_view code) const;

  CodeForm(CodeForm&& other) noexcept;
  CodeForm& operator=(CodeForm&& other) noexcept;
  ~CodeForm();

private:
  explicit CodeForm(std::unique_ptr<const re2::RE2> regex);
  std::unique_ptr<const re2::RE2> regex_;
};

// By number of the system; none: any text is well-formed.
using CodeForms = std::vector<std::optional<CodeForm>>;
[[nodiscard]] CodeForms code_forms(const Schema& schema);

} // namespace sanku::schema
