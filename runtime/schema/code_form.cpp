// See code_form.h. The only file that sees RE2.
#include "runtime/schema/code_form.h"

#include "runtime/schema/schema.h"

#include <re2/re2.h>

namespace sanku::schema {
namespace {

// Of the compiled expression; counts of counts multiply.
constexpr std::int64_t most_bytes = 1 << 20;

} // namespace

CodeForm::CodeForm(std::unique_ptr<const re2::RE2> regex) : regex_(std::move(regex)) {}
CodeForm::CodeForm(CodeForm&& other) noexcept = default;
CodeForm& CodeForm::operator=(CodeForm&& other) noexcept = default;
CodeForm::~CodeForm() = default;

std::optional<CodeForm> CodeForm::make(std::string_view form) {
  re2::RE2::Options options;
  options.set_log_errors(false); // it is told by whoever asked
  options.set_never_capture(true);
  options.set_max_mem(most_bytes);
  auto regex =
      std::make_unique<const re2::RE2>(re2::StringPiece(form.data(), form.size()), options);
  if (!regex->ok())
    return std::nullopt;
  return CodeForm(std::move(regex));
}

bool CodeForm::fits(std::string_view code) const {
  return re2::RE2::FullMatch(re2::StringPiece(code.data(), code.size()), *regex_);
}

CodeForms code_forms(const Schema& schema) {
  CodeForms forms;
  for (const CodeSystem& system : schema.systems)
    // The form was tried when the system was declared, so it is there.
    forms.push_back(system.form.empty() ? std::nullopt : CodeForm::make(system.form));
  return forms;
}

} // namespace sanku::schema
