// A rule: the function that decides one subject (guards as one conjunction, branches in order), the
// probe that asks whether a settlement's header leaves it a chance, and the skeletons that run
// both.
#include "compiler/codegen/codegen.h"
#include "compiler/codegen/emit.h"
#include "compiler/hir/walk.h"
#include "runtime/exec/finding.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <utility>

namespace sanku::codegen {
namespace {

using abi::Outcome;

llvm::Value* small(llvm::IRBuilder<>& builder, Outcome outcome) {
  return builder.getInt8(static_cast<std::uint8_t>(outcome));
}
llvm::Value* is(llvm::IRBuilder<>& builder, llvm::Value* truth_value, Tri wanted) {
  return builder.CreateICmpEQ(truth_value, builder.getInt8(static_cast<std::uint8_t>(wanted)));
}

// Leaves the row of a `with` over a table behind: only whether there is one matters here.
llvm::Value* emit_match_guard(RuleEmitter& rule, Body& body, const hir::Match& matched) {
  const auto& rows = std::get<hir::RowsSource>(matched.binding.source);
  return emit_has_row(rule, body, {rows.table, *rows.key, rows.at});
}

llvm::Value* emit_row_guard(RuleEmitter& rule, Body& body, const hir::RowGuard& row) {
  llvm::Value* key = emit_key(rule, body, row.key, row.table);
  llvm::Value* slot = make_slot(body);
  llvm::Value* at = emit_at(rule, body, row.at);
  call(rule.out, body.builder, "sanku_bind_row",
       {emit_view(rule, body, {View::Kind::table, row.table}), body.env,
        number(body.builder, row.binder), key, at,
        body.builder.getInt1(has_plain_keys(rule.out, row.table)), slot});
  return slot;
}

// `emit()`, or unknown where the condition would take more steps than the budget.
template <class Emit>
llvm::Value* emit_within_budget(RuleEmitter& rule, Body& body,
                                const std::optional<std::uint32_t>& heavy, Emit emit) {
  if (!heavy)
    return emit();
  llvm::IRBuilder<>& builder = body.builder;
  llvm::Value* result = make_slot(body);
  call(rule.out, builder, "sanku_unknown", {result});
  llvm::Value* over =
      call(rule.out, builder, "sanku_over_budget", {body.frame, number(builder, *heavy)});
  emit_if(rule, body, builder.CreateNot(over),
          [&] { call(rule.out, builder, "sanku_copy_slot", {result, emit()}); });
  return result;
}

llvm::Value* emit_guard(RuleEmitter& rule, Body& body, const hir::Guard& guard) {
  return std::visit(match{
                        [&](const hir::ConditionGuard& condition) {
                          return emit_expr(rule, body, condition.condition);
                        },
                        [&](const hir::RowGuard& row) { return emit_row_guard(rule, body, row); },
                        [&](const hir::MatchGuard& with) {
                          return emit_match_guard(rule, body, rule.rule.matches[with.match]);
                        },
                    },
                    guard);
}

void forget_matches(RuleEmitter& rule, Body& body) {
  for (const hir::Match& matched : rule.rule.matches)
    call(rule.out, body.builder, "sanku_forget_row",
         {body.env, number(body.builder, matched.binding.binder)});
}

// The guards' truth; leaves the function as soon as one surely fails.
void emit_guards(RuleEmitter& rule, Body& body) {
  llvm::IRBuilder<>& builder = body.builder;
  llvm::Value* all = emit_true(rule, body);
  if (rule.rule.subject.kind == hir::SubjectKind::group) {
    all = make_slot(body);
    call(rule.out, builder, "sanku_group_complete", {body.frame, all});
  }
  forget_matches(rule, body);
  for (std::size_t i = 0; i < rule.rule.guards.size(); ++i) {
    const auto& heavy = rule.steps.guards[i].heavy;
    // A row that is not looked for is one that nobody knows.
    if (const auto* row = std::get_if<hir::RowGuard>(&rule.rule.guards[i]); row && heavy)
      call(rule.out, builder, "sanku_forget_row", {body.env, number(builder, row->binder)});
    llvm::Value* guard = emit_within_budget(
        rule, body, heavy, [&] { return emit_guard(rule, body, rule.rule.guards[i]); });
    all = emit_and(rule, body, all, guard);
    emit_if(rule, body, is(builder, truth(rule.out, body, all), Tri::no),
            [&] { builder.CreateRet(small(builder, Outcome::not_applicable)); });
  }
  emit_if(rule, body, is(builder, truth(rule.out, body, all), Tri::unknown),
          [&] { builder.CreateRet(small(builder, Outcome::indeterminate)); });
}

// Whether a line is left is asked only where the condition may hold.
llvm::Value* emit_holds(RuleEmitter& rule, Body& body, const hir::Branch& branch) {
  llvm::Value* when = emit_expr(rule, body, branch.when);
  if (!branch.report.stands)
    return when;
  llvm::Value* holds = make_slot(body);
  call(rule.out, body.builder, "sanku_copy_slot", {holds, when});
  llvm::Value* no = is(body.builder, truth(rule.out, body, when), Tri::no);
  emit_if(rule, body, body.builder.CreateNot(no), [&] {
    llvm::Value* stands = emit_expr(rule, body, *branch.report.stands);
    call(rule.out, body.builder, "sanku_copy_slot", {holds, emit_and(rule, body, when, stands)});
  });
  return holds;
}

void emit_branch(RuleEmitter& rule, Body& body, std::uint32_t branch_number,
                 llvm::Value* unknown_branches, llvm::Value* any_unknown) {
  llvm::IRBuilder<>& builder = body.builder;
  const hir::Branch& branch = rule.rule.branches[branch_number];
  llvm::Value* value =
      emit_within_budget(rule, body, rule.steps.branches[branch_number].heavy, [&] {
        return rule.rule.matches.empty() ? emit_holds(rule, body, branch)
                                         : emit_over_matches(rule, body, branch);
      });
  llvm::Value* decided = truth(rule.out, body, value);
  emit_if(rule, body, is(builder, decided, Tri::yes), [&] {
    llvm::Value* mask = builder.CreateLoad(builder.getInt64Ty(), unknown_branches);
    publish(rule, body);
    call(builder, emit_fire(rule, branch.report, &branch, branch_number), {body.frame, mask});
    builder.CreateRet(small(builder, Outcome::fired));
  });
  emit_if(rule, body, is(builder, decided, Tri::unknown), [&] {
    builder.CreateStore(builder.getInt8(1), any_unknown);
    if (branch_number >= 64)
      return;
    llvm::Value* mask = builder.CreateLoad(builder.getInt64Ty(), unknown_branches);
    builder.CreateStore(builder.CreateOr(mask, builder.getInt64(std::uint64_t{1} << branch_number)),
                        unknown_branches);
  });
}

// While peers are collected a group to which the rule applies adds its values, and no more.
void emit_collecting(RuleEmitter& rule, Body& body) {
  if (rule.rule.peers.empty())
    return;
  llvm::IRBuilder<>& builder = body.builder;
  llvm::Value* collecting = call(rule.out, builder, "sanku_collecting", {body.frame});
  emit_if(rule, body, collecting, [&] {
    for (std::uint32_t i = 0; i < rule.rule.peers.size(); ++i) {
      const hir::PeerUse& use = rule.rule.peers[i];
      llvm::Value* value = emit_expr(rule, body, use.value);
      emit_peer_keys(rule, body, use.among);
      const bool integer = use.value.type.kind == Kind::integer;
      call(rule.out, builder, integer ? "sanku_peers_add_integer" : "sanku_peers_add_decimal",
           {body.frame, number(builder, i), value});
    }
    builder.CreateRet(small(builder, Outcome::not_applicable));
  });
}

// Whoever calls has put these binders on rows that there are.
void emit_stands(RuleEmitter& rule, Body& body, std::initializer_list<hir::BinderId> binders) {
  for (const hir::BinderId binder : binders)
    call(rule.out, body.builder, "sanku_stands", {body.env, number(body.builder, binder)});
}

llvm::Function* emit_subject(RuleEmitter& rule) {
  llvm::Function* function = make_function(rule, Signature::subject, "subject");
  llvm::IRBuilder<> builder(rule.out.module.getContext());
  Body body = open_body(rule, builder, *function);
  emit_stands(rule, body, {hir::settlement_binder, hir::subject_binder});
  llvm::Value* unknown_branches = make_slot(body);
  llvm::Value* any_unknown = make_slot(body);
  builder.CreateStore(builder.getInt64(0), unknown_branches);
  builder.CreateStore(builder.getInt8(0), any_unknown);
  if (std::ranges::any_of(rule.lets_kept, [](const auto& place) { return place.has_value(); }))
    call(rule.out, builder, "sanku_forget_values", {body.frame});
  emit_guards(rule, body);
  emit_collecting(rule, body);
  for (std::uint32_t i = 0; i < rule.rule.branches.size(); ++i)
    emit_branch(rule, body, i, unknown_branches, any_unknown);
  llvm::Value* undecided = builder.CreateICmpNE(
      builder.CreateLoad(builder.getInt8Ty(), any_unknown), builder.getInt8(0));
  emit_if(rule, body, undecided, [&] {
    if (!rule.rule.when_unknown) {
      builder.CreateRet(small(builder, Outcome::indeterminate));
      return;
    }
    forget_matches(rule, body);
    if (const auto& heavy = rule.steps.unknown.heavy) {
      llvm::Value* over =
          call(rule.out, builder, "sanku_over_budget", {body.frame, number(builder, *heavy)});
      emit_if(rule, body, over, [&] { builder.CreateRet(small(builder, Outcome::indeterminate)); });
    }
    if (const auto& stands = rule.rule.when_unknown->stands) {
      llvm::Value* left = truth(rule.out, body, emit_expr(rule, body, *stands));
      emit_if(rule, body, is(builder, left, Tri::no),
              [&] { builder.CreateRet(small(builder, Outcome::indeterminate)); });
    }
    llvm::Value* mask = builder.CreateLoad(builder.getInt64Ty(), unknown_branches);
    publish(rule, body);
    call(builder, emit_fire(rule, *rule.rule.when_unknown, nullptr, exec::when_unknown_branch),
         {body.frame, mask});
    builder.CreateRet(small(builder, Outcome::fired));
  });
  builder.CreateRet(small(builder, Outcome::clear));
  return function;
}

// False only when a guard that reads header and row surely fails, or when all
// guards are decided and no branch can be anything but false. A guard that is unknown keeps the
// subject, which is then indeterminate whatever the branches say.
llvm::Function* emit_probe_body(RuleEmitter& rule, const plan::Key& key) {
  llvm::Function* function = make_function(rule, Signature::probe, "probe");
  llvm::IRBuilder<> builder(rule.out.module.getContext());
  Body body = open_body(rule, builder, *function);
  emit_stands(rule, body, {hir::settlement_binder, key.row});
  llvm::Value* undecided = builder.getInt1(false);
  for (std::size_t i = 0; i < rule.rule.guards.size(); ++i) {
    if (!key.header_guards[i])
      continue;
    const auto& guard = std::get<hir::ConditionGuard>(rule.rule.guards[i]);
    llvm::Value* decided = truth(rule.out, body, emit_expr(rule, body, guard.condition));
    emit_if(rule, body, is(builder, decided, Tri::no),
            [&] { builder.CreateRet(builder.getInt1(false)); });
    undecided = builder.CreateOr(undecided, is(builder, decided, Tri::unknown));
  }
  emit_if(rule, body, undecided, [&] { builder.CreateRet(builder.getInt1(true)); });
  for (std::size_t i = 0; i < rule.rule.branches.size(); ++i) {
    if (!key.header_branches[i]) {
      builder.CreateRet(builder.getInt1(true));
      return function;
    }
    llvm::Value* value = emit_expr(rule, body, rule.rule.branches[i].when);
    llvm::Value* no = is(builder, truth(rule.out, body, value), Tri::no);
    emit_if(rule, body, builder.CreateNot(no), [&] { builder.CreateRet(builder.getInt1(true)); });
  }
  builder.CreateRet(builder.getInt1(false));
  return function;
}

// Whether all of the columns are known in the block.
llvm::Function* emit_header_known(RuleEmitter& rule, const std::vector<View>& columns) {
  llvm::Function* function = make_function(rule, Signature::probe, "header_known");
  llvm::IRBuilder<> builder(rule.out.module.getContext());
  const Body body = open_body(rule, builder, *function);
  llvm::Value* all = builder.getInt1(true);
  for (const View& column : columns)
    all = builder.CreateAnd(
        all, call(rule.out, builder, "sanku_all_known", {emit_view(rule, body, column)}));
  builder.CreateRet(all);
  return function;
}

llvm::Function* emit_masks(RuleEmitter& rule, const plan::Key& key) {
  const auto lets = rule.lets;
  // Values of `let` mean something else while folds are over nothing, or the header is known.
  const auto probe = [&] {
    for (std::vector<llvm::Function*>& of_place : rule.lets)
      std::ranges::fill(of_place, nullptr);
    return emit_probe_body(rule, key);
  };
  rule.empty = &key.empty;
  const Hook any{"sanku_hook_probe", probe()};
  std::vector<View> columns;
  rule.known_header = &columns;
  const Hook known{"sanku_hook_probe_known", probe()};
  rule.known_header = nullptr;
  rule.empty = nullptr;
  rule.lets = lets;
  return instantiate(rule, "sanku_run_masks",
                     {any, known, {"sanku_hook_header_known", emit_header_known(rule, columns)}});
}

llvm::Function* emit_hash(RuleEmitter& rule) {
  llvm::Function* function = make_function(rule, Signature::hash, "hash");
  llvm::IRBuilder<> builder(rule.out.module.getContext());
  Body body = open_body(rule, builder, *function);
  emit_stands(rule, body, {hir::settlement_binder, hir::subject_binder});
  llvm::Value* hash = builder.getInt64(0);
  for (const hir::GroupKey& key : rule.rule.subject.keys) {
    llvm::Value* value = emit_expr(rule, body, key.value);
    hash =
        call(rule.out, builder, std::string("sanku_key_hash_") + reading_name(key.value.type.kind),
             {hash, value, function->getArg(2)});
  }
  builder.CreateRet(hash);
  return function;
}

// void enter(Frame*): hands every row by which the subject enters a group to the executor.
llvm::Function* emit_enter(RuleEmitter& rule) {
  const hir::Binding& entering = rule.rule.subject.entering->binding;
  llvm::LLVMContext& context = rule.out.module.getContext();
  llvm::Function* step = make_function(rule, Signature::body, "entering");
  {
    llvm::IRBuilder<> builder(context);
    const Body inside = open_body(rule, builder, *step);
    call(rule.out, builder, "sanku_enter_row",
         {inside.frame, inside.env, number(builder, entering.binder)});
    builder.CreateRet(builder.getInt1(false));
  }
  llvm::Function* loop = emit_loops(rule, std::span(&entering, 1), step, false);
  llvm::Function* enter = make_function(rule, Signature::enter, "enter");
  llvm::IRBuilder<> builder(context);
  Body body = open_body(rule, builder, *enter);
  call(builder, loop, {body.frame, body.env, make_slot(body)});
  builder.CreateRetVoid();
  return enter;
}

// Whether two elements have the same keys; of those of a population each with its visit bound, of
// those that enter by a row with that.
llvm::Function* emit_same(RuleEmitter& rule) {
  const hir::Subject& subject = rule.rule.subject;
  const bool entering = subject.across || subject.entering.has_value();
  const hir::BinderId beside =
      subject.entering ? subject.entering->binding.binder : hir::settlement_binder;
  llvm::Function* function =
      make_function(rule, entering ? Signature::entered : Signature::same, "same");
  llvm::IRBuilder<> builder(rule.out.module.getContext());
  Body body = open_body(rule, builder, *function);
  std::vector<llvm::Value*> sides[2];
  for (unsigned side = 0; side < 2; ++side) {
    call(rule.out, builder, "sanku_bind",
         {body.env, number(builder, hir::subject_binder),
          function->getArg(entering ? 2 * side + 2 : side + 2)});
    if (entering)
      call(rule.out, builder, "sanku_bind",
           {body.env, number(builder, beside), function->getArg(2 * side + 3)});
    emit_stands(rule, body, {hir::settlement_binder, hir::subject_binder});
    for (const hir::GroupKey& key : rule.rule.subject.keys)
      sides[side].push_back(emit_expr(rule, body, key.value));
  }
  llvm::Value* all = builder.getInt1(true);
  for (std::size_t i = 0; i < rule.rule.subject.keys.size(); ++i)
    all = builder.CreateAnd(all, call(rule.out, builder,
                                      std::string("sanku_key_same_") +
                                          reading_name(rule.rule.subject.keys[i].value.type.kind),
                                      {sides[0][i], sides[1][i]}));
  builder.CreateRet(all);
  return function;
}

enum class KnownApart : std::uint8_t { no, yes };

// Calls `run` twice: for blocks in which every column that the rule reads has all its values, where
// nothing asks whether there is one, and for all others.
template <class Run>
void emit_known_apart(RuleEmitter& rule, llvm::IRBuilder<>& builder, llvm::Value* env,
                      const Run& run) {
  llvm::Value* all = all_known(rule, builder, env);
  llvm::LLVMContext& context = rule.out.module.getContext();
  llvm::Function* function = builder.GetInsertBlock()->getParent();
  auto* known = llvm::BasicBlock::Create(context, "", function);
  auto* others = llvm::BasicBlock::Create(context, "", function);
  builder.CreateCondBr(all, known, others);
  builder.SetInsertPoint(known);
  make_known(rule, builder, env);
  run();
  builder.CreateRetVoid();
  builder.SetInsertPoint(others);
}

// An entry point: makes room for binders and views and runs the skeleton with it. `numbers` follow
// the arguments of the entry point.
void enter_at(RuleEmitter& rule, const std::string& name, llvm::Function* skeleton,
              std::initializer_list<std::uint32_t> numbers, KnownApart apart = KnownApart::yes) {
  llvm::LLVMContext& context = rule.out.module.getContext();
  const llvm::FunctionType* inner = skeleton->getFunctionType();
  std::vector<llvm::Type*> types;
  for (unsigned i = 0; i + numbers.size() < inner->getNumParams(); ++i)
    if (i != 1)
      types.push_back(inner->getParamType(i));
  auto* entry =
      llvm::Function::Create(llvm::FunctionType::get(inner->getReturnType(), types, false),
                             llvm::GlobalValue::ExternalLinkage, name, rule.out.module);
  entry->addFnAttr(llvm::Attribute::NoUnwind);
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", entry));
  auto* env = builder.CreateAlloca(llvm::ArrayType::get(builder.getInt8Ty(), env_bytes(rule)));
  env->setAlignment(llvm::Align(alignof(std::uint64_t)));
  builder.CreateMemSet(env, builder.getInt8(0),
                       sizeof(abi::Bound) * std::max(2u, rule.rule.binders), env->getAlign());
  copy_views(rule, builder, entry->getArg(0), env);
  std::vector<llvm::Value*> arguments{entry->getArg(0), env};
  for (unsigned i = 1; i < entry->arg_size(); ++i)
    arguments.push_back(entry->getArg(i));
  for (const std::uint32_t value : numbers)
    arguments.push_back(number(builder, value));
  const auto run = [&] { call(builder, skeleton, arguments); };
  if (rule.out.known_apart && apart == KnownApart::yes)
    emit_known_apart(rule, builder, env, run);
  run();
  builder.CreateRetVoid();
}

} // namespace

void emit_rule(ModuleEmitter& out, const plan::Rule& planned, std::uint32_t index) {
  RuleEmitter rule{.out = out,
                   .rule = out.program.rules[index],
                   .index = index,
                   .lets = {},
                   .lets_outside = {},
                   .lets_apart = {}};
  rule.steps = analysis::steps_of(out.program, rule.rule);
  rule.same = analysis::same_values(rule.rule);
  place_lets(rule);
  for (std::vector<llvm::Function*>& of_place : rule.lets)
    of_place.resize(rule.rule.lets.size(), nullptr);
  const Hook subject{"sanku_hook_subject", emit_subject(rule)};
  if (planned.shape != hir::SubjectKind::group)
    enter_at(rule, run_name(index), instantiate(rule, "sanku_run_subjects", {subject}), {});
  else if (rule.rule.subject.across)
    enter_at(rule, run_name(index),
             instantiate(rule, "sanku_run_population",
                         {subject,
                          {"sanku_hook_hash", emit_hash(rule)},
                          {"sanku_hook_entered", emit_same(rule)}}),
             {});
  else if (rule.rule.subject.entering)
    enter_at(rule, run_name(index),
             instantiate(rule, "sanku_run_groups_entering",
                         {subject,
                          {"sanku_hook_enter", emit_enter(rule)},
                          {"sanku_hook_hash", emit_hash(rule)},
                          {"sanku_hook_entered", emit_same(rule)}}),
             {rule.rule.subject.entering->binding.binder});
  else
    enter_at(
        rule, run_name(index),
        instantiate(
            rule, "sanku_run_groups",
            {subject, {"sanku_hook_hash", emit_hash(rule)}, {"sanku_hook_same", emit_same(rule)}}),
        {});
  for (std::size_t k = 0; k < planned.keys.size(); ++k)
    if (planned.keys[k].has_header_condition())
      enter_at(rule, masks_name(index, k), emit_masks(rule, planned.keys[k]), {planned.keys[k].row},
               KnownApart::no);
}

} // namespace sanku::codegen
