// Calls, folds and lists: the forms with their own names and clauses.
#include "compiler/ast/build_expression.h"

#include <algorithm>
#include <array>

namespace sanku::ast {

namespace {

// Words that are function names in Chinese; the Ast knows them by their English name.
struct FunctionWord {
  std::string_view en, zh;
};

} // namespace

Built ExpressionBuilder::call(const Node& call) {
  constexpr std::array functions{FunctionWord{"within", "同期"}, FunctionWord{"smaller", "较小者"},
                                 FunctionWord{"larger", "较大者"}};
  constexpr std::array later{FunctionWord{"history", "既往"},    FunctionWord{"timeline", "病程"},
                             FunctionWord{"later", "后续"},      FunctionWord{"ask", "待证"},
                             FunctionWord{"first", "首个"},      FunctionWord{"last", "末个"},
                             FunctionWord{"percentile", "分位"}, FunctionWord{"reasons", "原因"}};
  Name function = build_name(build, call.children.front());
  const auto same = [&](const FunctionWord& each) {
    return each.en == function.text || each.zh == function.text;
  };
  if (const auto* word = std::ranges::find_if(later, same); word != later.end())
    return not_yet(call.children.front(), word->zh, word->en);
  if (const auto* word = std::ranges::find_if(functions, same); word != functions.end())
    function.text = word->en;
  std::vector<ExprPtr> arguments;
  std::size_t height = 0;
  for (std::size_t i = 2; i + 1 < call.children.size(); i += 2) {
    Built each = node(call.children[i]);
    if (!each.expr)
      return {};
    height = std::max(height, each.height);
    arguments.push_back(std::move(each.expr));
  }
  return made(call.span, Call{.function = std::move(function), .arguments = std::move(arguments)},
              height);
}

ExpressionBuilder::Parts ExpressionBuilder::parts(const Node& fold) {
  Parts out;
  const auto take = [&](const Node& from) {
    Built built = node(from);
    out.complete = out.complete && built.expr != nullptr;
    out.height = std::max(out.height, built.height);
    return std::move(built.expr);
  };
  for (std::size_t i = 0; i < fold.children.size(); ++i) {
    const Node& each = fold.children[i];
    if (each.is("binder"_f)) {
      if (const Node* then = each.child("later_then"_f)) {
        out.complete = not_yet(then->children[0], "随后", "then").expr != nullptr;
        continue;
      }
      Binder binder{.name = std::nullopt, .source = take(each.children.back())};
      if (each.children.size() > 1)
        binder.name = build_name(build, each.children.front());
      out.binders.push_back(std::move(binder));
    } else if (each.is("where"_w)) {
      out.where = take(fold.children[++i]);
    } else if (each.is("take"_w)) {
      out.take = take(fold.children[++i]);
    } else if (each.is("has"_w)) {
      out.has = take(fold.children[++i]);
    }
  }
  return out;
}

Built ExpressionBuilder::fold(const Node& fold) {
  const Node& word = fold.children.front().children.front();
  if (word.is("distinct"_w))
    return not_yet(word, "去重", "distinct");
  const auto kind = word.is("count"_w)  ? FoldKind::count
                    : word.is("sum"_w)  ? FoldKind::sum
                    : word.is("min"_w)  ? FoldKind::min
                    : word.is("max"_w)  ? FoldKind::max
                    : word.is("any"_w)  ? FoldKind::any
                    : word.is("none"_w) ? FoldKind::none
                                        : FoldKind::every;
  Parts parts = this->parts(fold);
  if (!parts.complete)
    return {};
  const bool takes = kind == FoldKind::sum || kind == FoldKind::min || kind == FoldKind::max;
  const bool has = kind == FoldKind::every;
  const std::string_view written = build.text_of(word);
  const auto part = [](Word each) { return diag::Words{row_of(each).zh, row_of(each).en}; };
  std::size_t before = build.diags.all.size();
  if (takes && !parts.take) {
    diag::Diagnostic& lacks =
        diag::report<"fold_lacks">(build.diags, fold.span, written, part("take"_w));
    if (parts.binders.size() > 1 && !parts.binders[0].name && kind != FoldKind::sum) {
      lacks.help("比较两个值请写 `较小者(甲, 乙)` 或 `较大者(甲, 乙)`",
                 "of two values write `smaller(a, b)` or `larger(a, b)`");
    }
  }
  if (has && !parts.has)
    diag::report<"fold_lacks">(build.diags, fold.span, written, part("has"_w));
  if (!takes && parts.take)
    diag::report<"fold_refuses">(build.diags, fold.span, written, part("take"_w));
  if (!has && parts.has)
    diag::report<"fold_refuses">(build.diags, fold.span, written, part("has"_w));
  if (build.diags.all.size() != before)
    return {};
  return made(fold.span,
              Fold{.kind = kind,
                   .binders = std::move(parts.binders),
                   .where = std::move(parts.where),
                   .take = std::move(has ? parts.has : parts.take)},
              parts.height);
}

Built ExpressionBuilder::those(const Node& those) {
  Parts parts = this->parts(those);
  if (!parts.complete)
    return {};
  return made(those.span,
              Those{.binders = std::move(parts.binders), .where = std::move(parts.where)},
              parts.height);
}

} // namespace sanku::ast
