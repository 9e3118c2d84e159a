// Operators, from the loosest to the tightest, each chain of the grammar to its tree. See build.h
// and build_expression.h.
#include "compiler/ast/build_expression.h"

#include "compiler/source/nfkc.h"
#include "runtime/types/check.h"

#include <algorithm>
#include <utility>

namespace sanku::ast {

namespace {

BinaryOp arithmetic_op(Word word) {
  if (word == "plus"_w)
    return BinaryOp::add;
  if (word == "minus"_w)
    return BinaryOp::subtract;
  return word == "times"_w ? BinaryOp::multiply : BinaryOp::divide;
}

std::optional<CompareOp> compare_op(Word word) {
  if (word == "equal"_w)
    return CompareOp::equal;
  if (word == "not_equal"_w)
    return CompareOp::not_equal;
  if (word == "less"_w)
    return CompareOp::less;
  if (word == "less_equal"_w)
    return CompareOp::less_equal;
  if (word == "greater"_w)
    return CompareOp::greater;
  if (word == "greater_equal"_w)
    return CompareOp::greater_equal;
  return std::nullopt;
}

std::optional<BinaryOp> joint_op(Word word) {
  if (word == "in"_w || word == "member"_w)
    return BinaryOp::member_of;
  if (word == "contains"_w)
    return BinaryOp::contains;
  if (word == "starts_with"_w)
    return BinaryOp::starts_with;
  if (word == "earlier"_w)
    return BinaryOp::earlier;
  if (word == "under"_w)
    return BinaryOp::under;
  if (word == "meets"_w)
    return BinaryOp::meets;
  if (word == "overlaps"_w)
    return BinaryOp::overlaps;
  if (word == "adjacent"_w)
    return BinaryOp::adjacent;
  return std::nullopt;
}

} // namespace

Built ExpressionBuilder::logical(const Node& chain) {
  const Word first = chain.children[1].word;
  std::vector<ExprPtr> operands;
  std::size_t height = 0;
  if (!short_enough(chain, chain.children.size() / 2 + 1, max_conditions))
    return {};
  for (std::size_t i = 1; i < chain.children.size(); i += 2) {
    const Node& connective = chain.children[i];
    if (connective.word == first)
      continue;
    // The fix puts the part of one operator in front of this place into parentheses.
    const Span before{chain.span.file, chain.span.begin, chain.children[i - 1].span.end};
    diag::report<"mixed_and_or">(build.diags, connective.span)
        .label(chain.children[1].span, "前面用的是这个词", "the other word is here")
        .fix({before.file, before.begin, before.begin}, "(")
        .fix({before.file, before.end, before.end}, ")");
    return {};
  }
  for (std::size_t i = 0; i < chain.children.size(); i += 2) {
    Built each = node(chain.children[i]);
    if (!each.expr)
      return {};
    height = std::max(height, each.height);
    operands.push_back(std::move(each.expr));
  }
  return made(chain.span, Logical{.is_and = first == "and"_w, .operands = std::move(operands)},
              height);
}

Built ExpressionBuilder::negation(const Node& chain) {
  if (!short_enough(chain, chain.children.size() - 1, max_terms))
    return {};
  Built out = node(chain.children.back());
  for (std::size_t i = chain.children.size() - 1; i-- > 0 && out.expr;) {
    const Span span = cover(chain.children[i].span, chain.span);
    out = limited(
        made(span, Unary{.op = UnaryOp::logical_not, .operand = std::move(out.expr)}, out.height),
        span);
  }
  return out;
}

Built ExpressionBuilder::comparison(const Node& chain) {
  if (!short_enough(chain, chain.children.size() / 2 + 1, max_terms))
    return {};
  std::vector<ExprPtr> operands;
  std::vector<CompareOp> ops;
  std::vector<Span> op_spans;
  std::size_t height = 0;
  std::optional<BinaryOp> joint;
  for (std::size_t i = 1; i < chain.children.size(); i += 2) {
    const Node& comparator = chain.children[i].children.front();
    joint = joint_op(comparator.word);
    if (joint && chain.children.size() > 3) {
      diag::report<"mixed_comparison">(build.diags, comparator.span, build.text_of(comparator));
      return {};
    }
    if (const auto op = compare_op(comparator.word))
      ops.push_back(*op);
    op_spans.push_back(comparator.span);
  }
  for (std::size_t i = 0; i < chain.children.size(); i += 2) {
    Built each = node(chain.children[i]);
    if (!each.expr)
      return {};
    height = std::max(height, each.height);
    operands.push_back(std::move(each.expr));
  }
  if (joint)
    return made(
        chain.span,
        Binary{.op = *joint, .left = std::move(operands[0]), .right = std::move(operands[1])},
        height);
  return made(chain.span,
              Compare{.operands = std::move(operands),
                      .ops = std::move(ops),
                      .op_spans = std::move(op_spans)},
              height);
}

Built ExpressionBuilder::rounded(Built value, const Node& step, Span span) {
  const NumberLiteral places = {.digits = source::nfkc(build.text_of(step.children[1])),
                                .unit = Unit::none};
  // More places than a decimal has digits mean nothing.
  if (places.digits.size() > 2 || places.digits.find('.') != std::string::npos ||
      std::stoi(places.digits) > 38) {
    diag::report<"not_a_number">(build.diags, step.children[1].span, places.digits, 38);
    return {};
  }
  return made(span,
              Rounded{.value = std::move(value.expr),
                      .places = static_cast<std::uint32_t>(std::stoi(places.digits))},
              value.height);
}

// A sum and what follows it: otherwise, rounded to, beyond first, ranked by, .. and in years.
Built ExpressionBuilder::operand(const Node& chain) {
  if (!short_enough(chain, chain.children.size(), max_terms))
    return {};
  Built out = node(chain.children.front());
  for (std::size_t i = 1; i < chain.children.size() && out.expr; ++i) {
    const Node& step = chain.children[i];
    const Span span = cover(chain.span, step.span);
    if (step.is("rounded"_f)) {
      out = rounded(std::move(out), step, span);
    } else if (step.is("ranked"_f)) {
      out = made(span,
                 Ranked{.list = std::move(out.expr),
                        .field = build_name(build, step.children[1]),
                        .descending = step.token("descending"_w) != nullptr},
                 out.height);
    } else if (step.is("in_unit"_f)) {
      out = made(span,
                 InUnit{.value = std::move(out.expr), .unit = build_unit(step.children[1].word)},
                 out.height);
    } else {
      Built argument = node(step.children[1]);
      if (!argument.expr)
        return {};
      const std::size_t height = std::max(out.height, argument.height);
      if (step.is("period"_f)) {
        out = made(span, Period{.begin = std::move(out.expr), .end = std::move(argument.expr)},
                   height);
      } else if (step.is("otherwise"_f)) {
        out = made(span,
                   Binary{.op = BinaryOp::otherwise,
                          .left = std::move(out.expr),
                          .right = std::move(argument.expr)},
                   height);
      } else {
        out = made(span,
                   Beyond{.list = std::move(out.expr),
                          .limit = std::move(argument.expr),
                          .field = build_name(build, step.children[3])},
                   height);
      }
    }
    out = limited(std::move(out), span);
  }
  return out;
}

Built ExpressionBuilder::arithmetic(const Node& chain) {
  if (!short_enough(chain, chain.children.size() / 2 + 1, max_terms))
    return {};
  Built out = node(chain.children.front());
  for (std::size_t i = 1; i < chain.children.size() && out.expr; i += 2) {
    Built right = node(chain.children[i + 1]);
    if (!right.expr)
      return {};
    const Span span = cover(chain.span, chain.children[i + 1].span);
    const std::size_t height = std::max(out.height, right.height);
    out = limited(made(span,
                       Binary{.op = arithmetic_op(chain.children[i].word),
                              .left = std::move(out.expr),
                              .right = std::move(right.expr)},
                       height),
                  span);
  }
  return out;
}

Built ExpressionBuilder::prefix(const Node& chain) {
  if (!short_enough(chain, chain.children.size() - 1, max_terms))
    return {};
  Built out = node(chain.children.back());
  for (std::size_t i = chain.children.size() - 1; i-- > 0 && out.expr;) {
    const Span span = cover(chain.children[i].span, chain.span);
    const UnaryOp op = chain.children[i].is("minus"_w) ? UnaryOp::negate : UnaryOp::known;
    out = limited(made(span, Unary{.op = op, .operand = std::move(out.expr)}, out.height), span);
  }
  return out;
}

Built ExpressionBuilder::postfix(const Node& chain) {
  if (!short_enough(chain, chain.children.size(), max_terms))
    return {};
  Built out = node(chain.children.front());
  for (std::size_t i = 1; i < chain.children.size() && out.expr; ++i) {
    const Node& step = chain.children[i];
    const Span span = cover(chain.span, step.span);
    out = step.is("member"_f) ? made(span,
                                     Member{.base = std::move(out.expr),
                                            .field = build_name(build, step.children[1])},
                                     out.height)
                              : lookup(std::move(out), step, span);
    out = limited(std::move(out), span);
  }
  return out;
}

Built ExpressionBuilder::lookup(Built base, const Node& brackets, Span span) {
  auto* table = std::get_if<NameRef>(&base.expr->form);
  if (table == nullptr) {
    diag::report<"lookup_of_value">(build.diags, brackets.children.front().span);
    return {};
  }
  Built key = node(brackets.children[1]);
  Built at;
  if (brackets.token("at"_w) != nullptr) {
    at = node(brackets.children.back());
    if (!at.expr)
      return {};
  }
  if (!key.expr)
    return {};
  return made(
      span,
      Lookup{.table = std::move(table->name), .key = std::move(key.expr), .at = std::move(at.expr)},
      std::max(key.height, at.height));
}

Built ExpressionBuilder::named(const Node& name) {
  return made(name.span, NameRef{.name = build_name(build, name)}, 0);
}

Built ExpressionBuilder::window(const Node& window) {
  const Word word = window.children.front().word;
  const auto is = [&](WindowWord value) {
    return made(window.span, WindowLiteral{.word = value}, 0);
  };
  if (word == "same_day"_w)
    return is(WindowWord::same_day);
  if (word == "same_visit"_w)
    return is(WindowWord::same_visit);
  if (word == "same_hour"_w)
    return is(WindowWord::same_hour);
  if (word == "month"_w)
    return is(WindowWord::month);
  if (word == "quarter"_w)
    return is(WindowWord::quarter);
  if (word == "calendar_year"_w)
    return is(WindowWord::calendar_year);
  if (word == "insurance_year"_w)
    return is(WindowWord::insurance_year);
  return is(WindowWord::lifetime);
}

Built ExpressionBuilder::single(const Node& node) {
  if (node.is("date"_w))
    return made(node.span, DateLiteral{.text = build_date(build, node)}, 0);
  if (node.is("string"_w))
    return made(node.span, TextLiteral{.text = unquoted(build, node)}, 0);
  check(node.is("true"_w) || node.is("false"_w), "a token that is no expression");
  return made(node.span, BoolLiteral{.value = node.is("true"_w)}, 0);
}

Built ExpressionBuilder::node(const Node& node) {
  if (node.is("expression"_f))
    return limited(logical(node), node.span);
  if (node.is("negation"_f))
    return negation(node);
  if (node.is("comparison"_f))
    return limited(comparison(node), node.span);
  if (node.is("operand"_f))
    return operand(node);
  if (node.is("sum"_f) || node.is("product"_f))
    return arithmetic(node);
  if (node.is("prefix"_f))
    return prefix(node);
  if (node.is("postfix"_f))
    return postfix(node);
  if (node.is("number"_f))
    return made(node.span, build_number(build, node), 0);
  if (node.is("name"_f))
    return named(node);
  if (node.is("call"_f))
    return limited(call(node), node.span);
  if (node.is("fold"_f))
    return limited(fold(node), node.span);
  if (node.is("those"_f))
    return limited(those(node), node.span);
  if (node.is("window"_f))
    return window(node);
  if (node.is("paren"_f)) {
    Built inner = this->node(node.children[1]);
    if (!inner.expr)
      return {};
    return limited(made(node.span, Paren{.inner = std::move(inner.expr)}, inner.height), node.span);
  }
  if (node.is("set_literal"_f))
    return set_literal(node);
  if (node.is("choose"_f))
    return limited(choose(node), node.span);
  if (node.is("count_of"_f))
    return limited(count_of(node), node.span);
  if (node.is("peers"_f))
    return limited(peers(node), node.span);
  return single(node);
}

ExprPtr build_expression(Builder& build, const Node& node) {
  return ExpressionBuilder{.build = build}.node(node).expr;
}

} // namespace sanku::ast
