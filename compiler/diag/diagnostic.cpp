// Attaching to, counting and ordering diagnostics. See diagnostic.h.
#include "compiler/diag/diagnostic.h"

#include <algorithm>
#include <tuple>

namespace sanku::diag {

Diagnostic& Diagnostic::label(Span where, std::string zh_text, std::string en_text) {
  labels.push_back({.span = where, .zh = std::move(zh_text), .en = std::move(en_text)});
  return *this;
}

Diagnostic& Diagnostic::help(std::string zh_text, std::string en_text) {
  helps.push_back({.zh = std::move(zh_text), .en = std::move(en_text)});
  return *this;
}

Diagnostic& Diagnostic::fix(Span where, std::string replacement) {
  fixes.push_back({.span = where, .replacement = std::move(replacement)});
  return *this;
}

std::size_t count(const Diagnostics& diags, Severity severity) {
  return static_cast<std::size_t>(std::ranges::count_if(
      diags.all, [&](const Diagnostic& each) { return each.severity == severity; }));
}

bool has_errors(const Diagnostics& diags) { return count(diags, Severity::error) != 0; }

void sort(Diagnostics& diags) {
  std::ranges::stable_sort(diags.all, {}, [](const Diagnostic& each) {
    return std::tuple(each.span.file, each.span.begin, each.span.end, each.number);
  });
}

} // namespace sanku::diag
