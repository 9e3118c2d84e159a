// The order of a line buffer, and what lies behind `beyond first`: comparisons as functions of
// rows, which the buffers of runtime/exec call. Part of emit_lines. Tested through the case files.
#include "compiler/builtins/ordering.h"
#include "compiler/codegen/emit.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <utility>
#include <variant>

namespace sanku::codegen {
namespace {

// bool same(Frame*, left row, right row): have two elements one value of the key, and bool
// known(Frame*, row): has it one?
std::pair<llvm::Function*, llvm::Function*>
distinct_functions(RuleEmitter& rule, hir::BinderId binder, const hir::Expr& key) {
  const Outside outside(rule);
  llvm::LLVMContext& context = rule.out.module.getContext();
  const std::string name = reading_name(key.type.kind);
  llvm::Function* same = make_function(rule, Signature::compare, "same");
  {
    llvm::IRBuilder<> builder(context);
    Body body = open_body(rule, builder, *same);
    llvm::Value* values[2];
    for (unsigned side = 0; side < 2; ++side) {
      call(rule.out, builder, "sanku_bind",
           {body.env, number(builder, binder), same->getArg(side + 1)});
      values[side] = emit_expr(rule, body, key);
    }
    builder.CreateRet(call(rule.out, builder, "sanku_key_same_" + name, {values[0], values[1]}));
  }
  llvm::Function* known = make_function(rule, Signature::known, "has_value");
  llvm::IRBuilder<> builder(context);
  Body body = open_body(rule, builder, *known);
  call(rule.out, builder, "sanku_bind", {body.env, number(builder, binder), known->getArg(1)});
  llvm::Value* value = emit_expr(rule, body, key);
  builder.CreateRet(call(rule.out, builder, "sanku_key_known_" + name, {value}));
  return {same, known};
}

llvm::Value* emit_rank_of(RuleEmitter& rule, Body& body, hir::BinderId binder,
                          const hir::Rank& rank, llvm::Value* row) {
  call(rule.out, body.builder, "sanku_bind", {body.env, number(body.builder, binder), row});
  return emit_expr(rule, body, *rank.key);
}

// bool before(Frame*, left row, right row): does the one stand before the other by the key alone?
llvm::Function* before_function(RuleEmitter& rule, hir::BinderId binder, const hir::Rank& rank) {
  const Outside outside(rule);
  llvm::Function* before = make_function(rule, Signature::compare, "before");
  llvm::IRBuilder<> builder(rule.out.module.getContext());
  Body body = open_body(rule, builder, *before);
  const Type types[] = {rank.key->type, rank.key->type};
  const auto less = builtins::resolve(builtins::ordering, types);
  check(less.has_value(), "a list is ranked by what has an order");
  llvm::Value* left = emit_rank_of(rule, body, binder, rank, before->getArg(1));
  llvm::Value* right = emit_rank_of(rule, body, binder, rank, before->getArg(2));
  if (rank.descending)
    std::swap(left, right);
  if (rank.key->type.kind == Kind::datetime) {
    builder.CreateRet(call(rule.out, builder, "sanku_key_before_datetime", {left, right}));
    return before;
  }
  llvm::Value* slot = make_slot(body);
  const auto row = static_cast<std::size_t>(less->builtin->kernel - sanku_kernels);
  call(builder, rule.out.thunks[row], {left, right, slot});
  builder.CreateRet(builder.CreateICmpEQ(truth(rule.out, body, slot),
                                         builder.getInt8(static_cast<std::uint8_t>(Tri::yes))));
  return before;
}

// bool known(Frame*, row): does it stand anywhere in that order?
llvm::Function* ranked_function(RuleEmitter& rule, hir::BinderId binder, const hir::Rank& rank) {
  const Outside outside(rule);
  llvm::Function* known = make_function(rule, Signature::known, "has_rank");
  llvm::IRBuilder<> builder(rule.out.module.getContext());
  Body body = open_body(rule, builder, *known);
  llvm::Value* value = emit_rank_of(rule, body, binder, rank, known->getArg(1));
  const Kind kind = rank.key->type.kind;
  const std::string test = kind == Kind::enumeration
                               ? "sanku_key_listed_enum"
                               : std::string("sanku_key_known_") + reading_name(kind);
  builder.CreateRet(call(rule.out, builder, test, {value}));
  return known;
}

} // namespace

void emit_rank(RuleEmitter& rule, Body& body, const hir::Query& query, llvm::Value* buffer) {
  if (!query.rank)
    return;
  const hir::BinderId binder = query.from.front().binder;
  publish(rule, body);
  call(rule.out, body.builder, "sanku_lines_rank",
       {body.frame, buffer, before_function(rule, binder, *query.rank),
        ranked_function(rule, binder, *query.rank)});
}

void emit_beyond(RuleEmitter& rule, Body& body, const hir::Query& query, llvm::Value* buffer) {
  const hir::Binding& element = query.from.front();
  llvm::IRBuilder<>& builder = body.builder;
  std::visit(
      match{
          [](const std::monostate&) {},
          [&](const hir::BeyondQuantity& beyond) {
            const schema::Relation& relation = hir::relation(rule.out.program, element.relation);
            const auto quantity = schema::column_with(relation, schema::Role::quantity).value_or(0);
            const auto amount = schema::column_with(relation, schema::Role::amount).value_or(0);
            llvm::Value* limit = emit_expr(rule, body, *beyond.limit);
            call(rule.out, builder, "sanku_lines_beyond_quantity",
                 {body.frame, buffer, number(builder, element.relation), number(builder, quantity),
                  number(builder, amount), limit});
          },
          [&](const hir::BeyondDistinct& beyond) {
            const auto [same, known] = distinct_functions(rule, element.binder, *beyond.key);
            llvm::Value* limit = emit_expr(rule, body, *beyond.limit);
            publish(rule, body);
            call(rule.out, builder, "sanku_lines_beyond_distinct",
                 {body.frame, buffer, limit, same, known});
          },
      },
      query.beyond);
}

} // namespace sanku::codegen
