// Calls, folds and lists: the forms with their own names and clauses.
#include "compiler/ast/build_expression.h"
#include "compiler/source/nfkc.h"

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
  constexpr std::array functions{
      FunctionWord{"within", "同期"},   FunctionWord{"smaller", "较小者"},
      FunctionWord{"larger", "较大者"}, FunctionWord{"ask", "待证"},
      FunctionWord{"reasons", "原因"},  FunctionWord{"history", "既往"},
      FunctionWord{"timeline", "病程"}, FunctionWord{"later", "后续"}};
  Name function = build_name(build, call.children.front());
  const auto same = [&](const FunctionWord& each) {
    return each.en == function.text || each.zh == function.text;
  };
  if (const auto* word = std::ranges::find_if(functions, same); word != functions.end())
    function.text = word->en;
  std::vector<ExprPtr> arguments;
  std::size_t height = 0;
  // `ask "…"` has no parentheses: its text is the second child.
  const bool bare = call.children.size() == 2;
  for (std::size_t i = bare ? 1 : 2; bare ? i == 1 : i + 1 < call.children.size(); i += 2) {
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
      Binder binder{
          .name = std::nullopt, .then = std::nullopt, .source = take(each.children.back())};
      if (each.children.size() > 1)
        binder.name = build_name(build, each.children.front());
      if (const Node* then = each.child("then"_f))
        binder.then = build_name(build, then->children[1]);
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
  const auto kind = word.is("count"_w)      ? FoldKind::count
                    : word.is("sum"_w)      ? FoldKind::sum
                    : word.is("min"_w)      ? FoldKind::min
                    : word.is("max"_w)      ? FoldKind::max
                    : word.is("any"_w)      ? FoldKind::any
                    : word.is("none"_w)     ? FoldKind::none
                    : word.is("distinct"_w) ? FoldKind::distinct
                    : word.is("covered"_w)  ? FoldKind::covered
                                            : FoldKind::every;
  Parts parts = this->parts(fold);
  if (!parts.complete)
    return {};
  const bool takes = kind == FoldKind::sum || kind == FoldKind::min || kind == FoldKind::max ||
                     kind == FoldKind::distinct || kind == FoldKind::covered;
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

Built ExpressionBuilder::set_literal(const Node& set) {
  SetLiteral out;
  std::size_t height = 0;
  for (const Node& each : set.children) {
    if (!each.is("set_element"_f))
      continue;
    Built low = node(each.children.front());
    Built high;
    if (each.children.size() > 1) {
      high = node(each.children.back());
      if (!high.expr)
        return {};
    }
    if (!low.expr)
      return {};
    height = std::max({height, low.height, high.height});
    out.elements.push_back({.low = std::move(low.expr), .high = std::move(high.expr)});
  }
  if (!short_enough(set, out.elements.size(), max_set_elements))
    return {};
  return made(set.span, std::move(out), height);
}

ExpressionBuilder::Arms ExpressionBuilder::arms(const Node& of) {
  Arms out;
  const auto take = [&](const Node& from) {
    Built built = node(from);
    out.complete = out.complete && built.expr != nullptr;
    out.height = std::max(out.height, built.height);
    return std::move(built.expr);
  };
  for (const Node& each : of.children) {
    if (each.is("last_arm"_f))
      out.choose.otherwise = take(each.children[1]);
    if (!each.is("arm"_f))
      continue;
    Arm arm;
    for (std::size_t i = 0; i < each.children.size(); ++i) {
      if (each.children[i].is("take"_w))
        arm.take = take(each.children[i + 1]);
      else if (each.children[i].is("when"_w))
        arm.when = take(each.children[each.children[i + 1].is("colon"_w) ? i + 2 : i + 1]);
    }
    out.choose.arms.push_back(std::move(arm));
  }
  out.complete = out.complete && short_enough(of, out.choose.arms.size(), max_conditions);
  return out;
}

Built ExpressionBuilder::choose(const Node& choose) {
  Arms arms = this->arms(choose);
  if (!arms.complete)
    return {};
  return made(choose.span, std::move(arms.choose), arms.height);
}

Built ExpressionBuilder::count_of(const Node& count) {
  CountOf out;
  std::size_t height = 0;
  if (!short_enough(count, count.children.size() / 2, max_conditions))
    return {};
  for (std::size_t i = 3; i + 1 < count.children.size(); i += 2) {
    Built each = node(count.children[i]);
    if (!each.expr)
      return {};
    height = std::max(height, each.height);
    out.conditions.push_back(std::move(each.expr));
  }
  return made(count.span, std::move(out), height);
}

Built ExpressionBuilder::peers(const Node& peers) {
  const Node& word = peers.children.front().children.front();
  Peers out;
  out.kind = word.is("percentile"_w) ? PeerKind::percentile
             : word.is("mean"_w)     ? PeerKind::mean
                                     : PeerKind::deviation;
  std::size_t height = 0;
  bool complete = true;
  const auto take = [&](const Node& from) {
    Built each = node(from);
    complete = complete && each.expr != nullptr;
    height = std::max(height, each.height);
    return std::move(each.expr);
  };
  const auto rank = [&](const Node& from, auto form) {
    out.rank = std::make_unique<Expr>(Expr{from.span, std::move(form)});
  };
  bool among = false, least = false;
  for (std::size_t i = 2; i < peers.children.size(); ++i) {
    const Node& each = peers.children[i];
    if (each.is("among"_w))
      among = true;
    else if (each.is("at_least"_w))
      least = true;
    else if (each.is("number"_w) && least)
      out.at_least = source::nfkc(build.text_of(each));
    else if (each.is("number"_w))
      rank(each, NumberLiteral{.digits = source::nfkc(build.text_of(each)), .unit = Unit::none});
    else if (each.is("peer_rank"_f))
      rank(each, NameRef{build_name(build, each)});
    else if (each.form != "token"_f)
      among ? out.among.push_back(take(each)) : void(out.value = take(each));
  }
  if ((out.rank != nullptr) != (out.kind == PeerKind::percentile)) {
    diag::report<"percentile_form">(build.diags, peers.span);
    return {};
  }
  if (!complete)
    return {};
  return made(peers.span, std::move(out), height);
}

std::optional<Choose> build_rows(Builder& build, const Node& rows) {
  ExpressionBuilder::Arms arms = ExpressionBuilder{.build = build}.arms(rows);
  if (!arms.complete)
    return std::nullopt;
  return std::move(arms.choose);
}

} // namespace sanku::ast
