// One place that turns a near miss into help and a fix; see suggest.h. Tested by
// tests/cases/errors/SK13*.
#include "compiler/hir/suggest.h"

#include "compiler/diag/nearest.h"

namespace sanku::hir {

void suggest(diag::Diagnostic& found, const ast::Name& written,
             std::span<const std::string_view> candidates) {
  const auto near = diag::nearest(written.text, candidates);
  if (!near)
    return;
  found.help(fmt::format("您是否想写 `{}`？", *near), fmt::format("did you mean `{}`?", *near));
  found.fix(written.span, *near);
}

} // namespace sanku::hir
