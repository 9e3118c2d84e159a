// What build_expression.cpp and build_fold.cpp share: expressions with the height of their tree, so
// that none grows too deep for those who walk it later. Only these two include it.
#pragma once

#include "compiler/ast/build.h"
#include "compiler/ast/limits.h"

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace sanku::ast {

// An expression and the height of its tree; null when something was reported.
struct Built {
  ExprPtr expr;
  std::size_t height = 0;
};

template <class T> Built made(source::Span span, T form, std::size_t height) {
  return {.expr = std::make_unique<Expr>(Expr{.span = span, .form = std::move(form)}),
          .height = height + 1};
}

struct ExpressionBuilder {
  Builder& build;

  Built node(const Node& node);

  // A subtree that may not grow further: reported once, then dropped.
  Built limited(Built built, source::Span span) {
    if (built.expr && built.height > max_depth) {
      diag::report<"nested_too_deeply">(build.diags, span, max_depth);
      return {};
    }
    return built;
  }

  bool short_enough(const Node& chain, std::size_t terms, std::size_t most) {
    if (terms <= most)
      return true;
    diag::report<"chain_too_long">(build.diags, chain.span, most);
    return false;
  }

  Built not_yet(const Node& at, std::string_view zh, std::string_view en) {
    report_not_yet(build, at.span, {zh, en});
    return {};
  }

  Built logical(const Node& chain);
  Built negation(const Node& chain);
  Built comparison(const Node& chain);
  Built operand(const Node& chain);
  Built arithmetic(const Node& chain);
  Built rounded(Built value, const Node& step, source::Span span);
  Built prefix(const Node& chain);
  Built postfix(const Node& chain);
  Built lookup(Built base, const Node& brackets, source::Span span);
  Built named(const Node& name);
  Built call(const Node& call);
  Built fold(const Node& fold);
  Built those(const Node& those);
  Built set_literal(const Node& set);
  Built choose(const Node& choose);
  Built count_of(const Node& count);
  Built peers(const Node& peers);
  Built window(const Node& window);
  Built single(const Node& node);

  // The binders and the expression behind WHERE, TAKE and HAS of a fold.
  struct Parts {
    std::vector<Binder> binders;
    ExprPtr where, take, has;
    std::size_t height = 0;
    bool complete = true;
  };
  Parts parts(const Node& fold);

  // The arms of a choice or of the rows of a decision; null operands where something was reported.
  struct Arms {
    Choose choose;
    std::size_t height = 0;
    bool complete = true;
  };
  Arms arms(const Node& node);
};

} // namespace sanku::ast
