// Firing: what a branch does once it is sure. Rare, so nothing here is inlined into the loops:
// choose the match that speaks, then hand the finding to the sink piece by piece: evidence rows,
// key values, offending lines with amounts, involved lines, message holes.
#include "compiler/codegen/emit.h"
#include "runtime/schema/schema.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <utility>

namespace sanku::codegen {
namespace {

struct Firing {
  RuleEmitter& rule;
  const hir::Report& report;
  llvm::LLVMContext& context;
};

std::uint32_t amount_column(RuleEmitter& rule) {
  const schema::Relation& lines = hir::relation(rule.out.program, rule.out.line_relation);
  return schema::column_with(lines, schema::Role::amount).value_or(0);
}

// The amount of the offending line that `report.line` stands on, in cents.
llvm::Value* emit_amount(const Firing& firing, Body& body) {
  llvm::IRBuilder<>& builder = body.builder;
  RuleEmitter& rule = firing.rule;
  llvm::Value* own = make_slot(body);
  const auto read_own = [&] {
    call(rule.out, builder, "sanku_read_part_amount",
         {body.frame,
          emit_view(rule, body, {View::Kind::column, rule.out.line_relation, amount_column(rule)}),
          body.env, number(builder, firing.report.line), own});
  };
  return std::visit(match{
                        [&](const hir::AmountOfLine&) {
                          read_own();
                          return own;
                        },
                        [&](const hir::AmountUnknown&) {
                          call(rule.out, builder, "sanku_unknown", {own});
                          return own;
                        },
                        [&](const hir::AmountExpr& amount) {
                          llvm::Value* computed = emit_expr(rule, body, amount.value);
                          read_own();
                          llvm::Value* settled = make_slot(body);
                          call(rule.out, builder, "sanku_settle_amount",
                               {computed, number(builder, amount.value.type.scale), own, settled});
                          return settled;
                        },
                    },
                    firing.report.amount);
}

// Of a payment limit: whether it is not known who paid for the line that `report.line` stands on.
llvm::Value* emit_paid_unknown(const Firing& firing, Body& body) {
  if (!firing.report.self_paid)
    return body.builder.getInt1(false);
  llvm::Value* self_paid = emit_expr(firing.rule, body, *firing.report.self_paid);
  return body.builder.CreateICmpEQ(truth(firing.rule.out, body, self_paid),
                                   body.builder.getInt8(static_cast<std::uint8_t>(Tri::unknown)));
}

// A function of signature `value` (the slot is unused) that hands each offending line's amount to
// `taker`, an external: that of the choice between matches, or of the sink, which takes more.
enum class Taker : std::uint8_t { best, sink };
llvm::Function* each_offending(const Firing& firing, Taker taker) {
  RuleEmitter& rule = firing.rule;
  llvm::Function* step = make_function(rule, Signature::body, "offending");
  {
    llvm::IRBuilder<> builder(firing.context);
    Body body = open_body(rule, builder, *step);
    llvm::Value* amount = emit_amount(firing, body);
    if (taker == Taker::best)
      call(rule.out, builder, "sanku_best_line", {body.frame, amount});
    else
      call(rule.out, builder, "sanku_sink_offending",
           {body.frame, number(builder, firing.report.line), amount,
            emit_paid_unknown(firing, body)});
    builder.CreateRet(builder.getInt1(false));
  }
  llvm::Function* all = make_function(rule, Signature::value, "each_offending");
  llvm::IRBuilder<> builder(firing.context);
  const Body body = open_body(rule, builder, *all);
  std::visit(
      match{
          [&](const hir::OwnLine&) {
            call(rule.out, builder, "sanku_copy_bound",
                 {body.env, number(builder, firing.report.line),
                  number(builder, hir::subject_binder)});
            call(builder, step, {body.frame, body.env, all->getArg(2)});
          },
          [](const hir::NoLines&) {},
          [&](const hir::QueryPtr& query) {
            llvm::Function* fill = emit_lines(rule, *query, true);
            llvm::Function* loop = instantiate(
                rule, "sanku_loop_lines", {{"sanku_hook_body", step}, {"sanku_hook_lines", fill}});
            call(builder, loop,
                 {body.frame, body.env, all->getArg(2), number(builder, firing.report.line)});
          },
      },
      firing.report.on);
  builder.CreateRetVoid();
  return all;
}

bool binds_lines(RuleEmitter& rule, const hir::Match& matched) {
  return matched.binding.relation == rule.out.line_relation &&
         !std::holds_alternative<hir::RowsSource>(matched.binding.source);
}

// Tries every match that satisfies the branch: its amount goes to the choice, its lines into the
// buffer of involved ones.
llvm::Function* choose_match(const Firing& firing, const hir::Branch& branch,
                             llvm::Function* total) {
  RuleEmitter& rule = firing.rule;
  llvm::Function* step = make_function(rule, Signature::body, "offer");
  llvm::IRBuilder<> builder(firing.context);
  Body body = open_body(rule, builder, *step);
  llvm::Value* keep = emit_matched(rule, body, branch);
  llvm::Value* sure = builder.CreateICmpEQ(truth(rule.out, body, keep),
                                           builder.getInt8(static_cast<std::uint8_t>(Tri::yes)));
  auto* yes = llvm::BasicBlock::Create(firing.context, "", step);
  auto* done = llvm::BasicBlock::Create(firing.context, "", step);
  builder.CreateCondBr(sure, yes, done);
  builder.SetInsertPoint(yes);
  llvm::Value* buffer = builder.CreateLoad(builder.getInt32Ty(), step->getArg(2));
  for (const hir::Match& matched : rule.rule.matches)
    if (binds_lines(rule, matched))
      call(rule.out, builder, "sanku_push_line",
           {body.frame, body.env, buffer, number(builder, matched.binding.binder)});
  call(builder, total, {body.frame, body.env, make_slot(body)});
  call(rule.out, builder, "sanku_best_offer", {body.frame});
  builder.CreateBr(done);
  builder.SetInsertPoint(done);
  builder.CreateRet(builder.getInt1(false));
  return emit_match_loops(rule, step);
}

// Puts the query's lines beside those that are in the buffer already. The query fills a buffer of
// its own, because `beyond` counts from that buffer's first line.
void add_involved(const Firing& firing, Body& body, const hir::Query& query, llvm::Value* buffer) {
  RuleEmitter& rule = firing.rule;
  const hir::BinderId binder = query.from.front().binder;
  llvm::Function* push = make_function(rule, Signature::body, "involve");
  {
    llvm::IRBuilder<> builder(firing.context);
    const Body inside = open_body(rule, builder, *push);
    llvm::Value* into = builder.CreateLoad(builder.getInt32Ty(), push->getArg(2));
    call(rule.out, builder, "sanku_push_line",
         {inside.frame, inside.env, into, number(builder, binder)});
    builder.CreateRet(builder.getInt1(false));
  }
  llvm::Function* loop =
      instantiate(rule, "sanku_loop_lines",
                  {{"sanku_hook_body", push}, {"sanku_hook_lines", emit_lines(rule, query, true)}});
  llvm::Value* accumulator = make_slot(body);
  body.builder.CreateStore(buffer, accumulator);
  call(body.builder, loop, {body.frame, body.env, accumulator, number(body.builder, binder)});
}

// Rows bound by `let` and `with`, in binder order.
void emit_evidence(RuleEmitter& rule, Body& body) {
  std::vector<std::pair<hir::BinderId, hir::TableId>> rows;
  for (const hir::Guard& guard : rule.rule.guards)
    if (const auto* row = std::get_if<hir::RowGuard>(&guard))
      rows.emplace_back(row->binder, row->table);
  for (const hir::Match& matched : rule.rule.matches)
    if (hir::relation(rule.out.program, matched.binding.relation).kind ==
        schema::RelationKind::table)
      rows.emplace_back(matched.binding.binder,
                        matched.binding.relation -
                            static_cast<hir::TableId>(rule.out.program.schema.relations.size()));
  std::ranges::sort(rows);
  for (const auto& [binder, table] : rows)
    call(rule.out, body.builder, "sanku_sink_row",
         {body.frame, number(body.builder, table), number(body.builder, binder)});
}

void emit_values(const Firing& firing, Body& body) {
  RuleEmitter& rule = firing.rule;
  llvm::IRBuilder<>& builder = body.builder;
  const auto hand_over = [&](const char* external, const hir::Expr& expr) {
    llvm::Value* slot = emit_expr(rule, body, expr);
    call(rule.out, builder, external,
         {body.frame, number(builder, sink_type(rule.out, expr.type)), slot});
  };
  for (const hir::GroupKey& key : rule.rule.subject.keys)
    hand_over("sanku_sink_key", key.value);
  for (const hir::MessagePart& part : firing.report.message)
    if (const auto* hole = std::get_if<hir::Hole>(&part))
      hand_over("sanku_sink_hole", hole->value);
  if (firing.report.value)
    hand_over("sanku_sink_hole", *firing.report.value);
}

} // namespace

llvm::Function* emit_fire(RuleEmitter& rule, const hir::Report& report, const hir::Branch* branch,
                          std::uint32_t branch_number) {
  Firing firing{rule, report, rule.out.module.getContext()};
  const Place was = std::exchange(rule.place, Place::cold);
  llvm::Function* fire = make_function(rule, Signature::fire, "fire");
  llvm::IRBuilder<> builder(firing.context);
  Body body = open_body(rule, builder, *fire);
  llvm::Value* unused = make_slot(body);
  llvm::Value* involved = call(rule.out, builder, "sanku_lines_acquire", {body.frame});
  const bool chooses = branch != nullptr && !rule.rule.matches.empty();
  if (chooses) {
    llvm::Function* total = each_offending(firing, Taker::best);
    llvm::Value* accumulator = make_slot(body);
    builder.CreateStore(involved, accumulator);
    call(rule.out, builder, "sanku_best_begin", {body.frame});
    call(builder, choose_match(firing, *branch, total), {body.frame, body.env, accumulator});
    call(rule.out, builder, "sanku_best_take", {body.frame});
  }
  call(rule.out, builder, "sanku_sink_begin",
       {body.frame, number(builder, branch_number), fire->getArg(1)});
  if (rule.rule.trial)
    call(rule.out, builder, "sanku_sink_trial",
         {body.frame, emit_expr(rule, body, *rule.rule.trial)});
  emit_evidence(rule, body);
  emit_values(firing, body);
  call(builder, each_offending(firing, Taker::sink), {body.frame, body.env, unused});
  if (report.involving)
    add_involved(firing, body, **report.involving, involved);
  call(rule.out, builder, "sanku_lines_sort",
       {body.frame, involved, number(builder, rule.out.line_relation)});
  call(rule.out, builder, "sanku_sink_involved", {body.frame, involved});
  call(rule.out, builder, "sanku_lines_release", {body.frame, involved});
  builder.CreateRetVoid();
  rule.place = was;
  return fire;
}

} // namespace sanku::codegen
