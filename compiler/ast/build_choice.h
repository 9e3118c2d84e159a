// One of a few words where the grammar takes any: the value, or what was expected. Only build_….cpp
// include it.
#pragma once

#include "compiler/ast/build.h"
#include "compiler/ast/choices.h"
#include "compiler/diag/nearest.h"

#include <span>

namespace sanku::ast {

template <class T>
std::optional<T> chosen(Builder& build, const Node& word, std::span<const Choice<T>> choices,
                        diag::Words kind) {
  const Name written = build_name(build, word);
  std::string zh, en;
  std::vector<std::string_view> candidates;
  for (const Choice<T>& each : choices) {
    if (written.text == each.en || written.text == each.zh)
      return each.value;
    zh += fmt::format("{}{}", zh.empty() ? "" : "、", each.zh);
    en += fmt::format("{}{}", en.empty() ? "" : ", ", each.en);
    candidates.push_back(each.en);
    candidates.push_back(each.zh);
  }
  diag::Diagnostic& out =
      diag::report<"not_among">(build.diags, word.span, written.text, kind, diag::Words{zh, en});
  if (const auto near = diag::nearest(written.text, candidates)) {
    out.help(fmt::format("您是否想写 `{}`？", *near), fmt::format("did you mean `{}`?", *near))
        .fix(word.span, *near);
  }
  return std::nullopt;
}

} // namespace sanku::ast
