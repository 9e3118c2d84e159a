// Queries: nested loops around a body, folds around loops, and line buffers. A loop is a clone of a
// skeleton whose body hook is the next loop or the fold's step; a fold keeps its accumulator in the
// function that asks for it.
#include "compiler/builtins/ordering.h"
#include "compiler/codegen/emit.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <variant>

namespace sanku::codegen {
namespace {

constexpr std::uint64_t accumulator_bytes = 64;

// A function of signature body that passes on to a loop what it needs beside frame, env and
// accumulator.
using Argument = std::variant<std::uint32_t, bool, View>;
llvm::Function* wrap(RuleEmitter& rule, llvm::Function* loop, const std::vector<Argument>& more) {
  llvm::Function* function = make_function(rule, Signature::body, "loop");
  llvm::IRBuilder<> builder(rule.out.module.getContext());
  const Body body = open_body(rule, builder, *function);
  std::vector<llvm::Value*> arguments{body.frame, body.env, function->getArg(2)};
  for (const Argument& argument : more)
    arguments.push_back(
        std::visit(match{
                       [&](std::uint32_t value) -> llvm::Value* { return number(builder, value); },
                       [&](bool value) -> llvm::Value* { return builder.getInt1(value); },
                       [&](const View& view) { return emit_view(rule, body, view); },
                   },
                   argument));
  builder.CreateRet(call(builder, loop, arguments));
  return function;
}

// A binder over another query without `beyond` is that query's first binder under a new name.
llvm::Function* alias(RuleEmitter& rule, hir::BinderId to, hir::BinderId from,
                      llvm::Function* inner) {
  llvm::Function* function = make_function(rule, Signature::body, "alias");
  llvm::IRBuilder<> builder(rule.out.module.getContext());
  const Body body = open_body(rule, builder, *function);
  call(rule.out, builder, "sanku_copy_bound",
       {body.env, number(builder, to), number(builder, from)});
  builder.CreateRet(call(builder, inner, {body.frame, body.env, function->getArg(2)}));
  return function;
}

// The body of a loop where the binder surely stands on a row.
llvm::Function* on_a_row(RuleEmitter& rule, hir::BinderId binder, llvm::Function* inner) {
  llvm::Function* function = make_function(rule, Signature::body, "row");
  llvm::IRBuilder<> builder(rule.out.module.getContext());
  const Body body = open_body(rule, builder, *function);
  call(rule.out, builder, "sanku_stands", {body.env, number(builder, binder)});
  builder.CreateRet(call(builder, inner, {body.frame, body.env, function->getArg(2)}));
  return function;
}

bool has_beyond(const hir::Query& query) {
  return !std::holds_alternative<std::monostate>(query.beyond);
}

llvm::Function* emit_sorted(RuleEmitter& rule, std::span<const hir::Binding> bindings,
                            const std::vector<hir::Expr>& where);

// The elements of a list of each visit, in the order that goes through all of them: through a
// buffer of those that surely are there, each with its visit bound again.
llvm::Function* ordered_each(RuleEmitter& rule, const hir::Binding& binding,
                             llvm::Function* inner) {
  const auto& each = std::get<hir::EachSource>(binding.source);
  llvm::Function* owned = make_function(rule, Signature::body, "owned");
  {
    llvm::IRBuilder<> builder(rule.out.module.getContext());
    const Body body = open_body(rule, builder, *owned);
    llvm::Value* list = emit_view(rule, body, {View::Kind::relation, each.relation});
    call(rule.out, builder, "sanku_bind_owner",
         {body.frame, body.env, list, number(builder, binding.binder),
          number(builder, each.visits->from.front().binder)});
    builder.CreateRet(call(builder, inner, {body.frame, body.env, owned->getArg(2)}));
  }
  llvm::Function* fill = emit_sorted(rule, std::span(&binding, 1), {});
  return wrap(rule,
              instantiate(rule, "sanku_loop_lines",
                          {{"sanku_hook_body", owned}, {"sanku_hook_lines", fill}}),
              {binding.binder});
}

llvm::Function* of_meant_visits(RuleEmitter& rule, const hir::Query& visits, llvm::Function* lines);

// Where only elements with the value of another are kept: the loop over those.
llvm::Function* emit_loop_same(RuleEmitter& rule, const hir::Binding& binding,
                               const analysis::SameValue& same, const Hook& body,
                               const Hook& absent) {
  const exec::Factor& of = same.of;
  if (of.of == exec::Length::same_in_group)
    return wrap(rule, instantiate(rule, "sanku_loop_group_same", {body}),
                {binding.binder, of.id, of.column, same.by, of.by, of.by_column});
  const bool nonempty = hir::relation(rule.out.program, of.id).nonempty;
  return wrap(rule, instantiate(rule, "sanku_loop_list_same", {body, absent}),
              {binding.binder, View{View::Kind::relation, of.id}, nonempty, of.id, of.column,
               same.by, of.by, of.by_column});
}

// What the conditions on a binder leave of its elements; in order they are gone through as they
// are.
const analysis::SameValue* same_of(const RuleEmitter& rule, const hir::Binding& binding,
                                   bool ordered) {
  const auto found = rule.same.find(binding.binder);
  return found == rule.same.end() || ordered ? nullptr : &found->second;
}

llvm::Function* emit_loop(RuleEmitter& rule, const hir::Binding& binding, llvm::Function* inner,
                          bool ordered, const analysis::SameValue* named = nullptr) {
  // `named`: of the binder that is another name for this one.
  const analysis::SameValue* same = named != nullptr ? named : same_of(rule, binding, ordered);
  const Hook body{"sanku_hook_body", on_a_row(rule, binding.binder, inner)};
  const Hook absent{"sanku_hook_absent", inner};
  return std::visit(
      match{
          [&](const hir::ListSource& list) {
            if (same != nullptr)
              return emit_loop_same(rule, binding, *same, body, absent);
            const bool nonempty = hir::relation(rule.out.program, list.relation).nonempty;
            if (ordered)
              return wrap(rule, instantiate(rule, "sanku_loop_list_ordered", {body, absent}),
                          {binding.binder, list.relation, nonempty, list.owner});
            return wrap(
                rule, instantiate(rule, "sanku_loop_list", {body, absent}),
                {binding.binder, View{View::Kind::relation, list.relation}, nonempty, list.owner});
          },
          [&](const hir::VisitsSource& visits) {
            llvm::Function* complete = value_function(rule, *visits.complete, "complete");
            llvm::Function* window = value_function(rule, *visits.window, "window");
            const bool back = visits.past != hir::Past::later;
            const bool names = visits.window->type.kind == Kind::window;
            return wrap(
                rule,
                instantiate(
                    rule, "sanku_loop_visits",
                    {body, absent, {"sanku_hook_value", complete}, {"sanku_hook_window", window}}),
                {binding.binder, back, names});
          },
          [&](const hir::EachSource& each) {
            const hir::Binding& visits = each.visits->from.front();
            if (ordered)
              return ordered_each(rule, binding, inner);
            const bool nonempty = hir::relation(rule.out.program, each.relation).nonempty;
            llvm::Function* list = wrap(rule, instantiate(rule, "sanku_loop_list", {body, absent}),
                                        {binding.binder, View{View::Kind::relation, each.relation},
                                         nonempty, visits.binder});
            return emit_loop(rule, visits, of_meant_visits(rule, *each.visits, list), false);
          },
          [&](const hir::GroupSource&) {
            if (same != nullptr)
              return emit_loop_same(rule, binding, *same, body, absent);
            return wrap(rule, instantiate(rule, "sanku_loop_group", {body}), {binding.binder});
          },
          [&](const hir::RowsSource& rows) {
            llvm::Function* key = key_function(rule, rows);
            llvm::Function* loop = instantiate(
                rule,
                has_plain_keys(rule.out, rows.table) ? "sanku_loop_rows_plain" : "sanku_loop_rows",
                {body, absent, {"sanku_hook_key", key}});
            return wrap(rule, loop, {binding.binder, View{View::Kind::table, rows.table}});
          },
          [&](const hir::TableSource& table) {
            const hir::RelationId relation = hir::relation_of(rule.out.program, table.table);
            return wrap(rule, instantiate(rule, "sanku_loop_table", {body}),
                        {binding.binder, View{View::Kind::relation, relation}});
          },
          [&](const hir::PairSource& pairs) {
            llvm::Function* fill = emit_lines(rule, *pairs.lines);
            return wrap(
                rule,
                instantiate(rule, "sanku_loop_pairs", {body, absent, {"sanku_hook_lines", fill}}),
                {binding.binder, pairs.next});
          },
          [&](const hir::LinesSource& lines) {
            if (!has_beyond(*lines.lines)) {
              const hir::Binding& first = lines.lines->from.front();
              return emit_loop(rule, first, alias(rule, binding.binder, first.binder, inner),
                               ordered, same);
            }
            llvm::Function* fill = emit_lines(rule, *lines.lines);
            return wrap(
                rule,
                instantiate(rule, "sanku_loop_parts", {body, absent, {"sanku_hook_lines", fill}}),
                {binding.binder});
          },
      },
      binding.source);
}

llvm::Value* emit_any(RuleEmitter& rule, Body& body, const std::vector<hir::Binding>& bindings,
                      std::size_t from, const std::vector<hir::Expr>& where);

// Of a visit that surely is not meant no line is looked at.
llvm::Function* of_meant_visits(RuleEmitter& rule, const hir::Query& visits,
                                llvm::Function* lines) {
  llvm::Function* function = make_function(rule, Signature::body, "visit");
  llvm::IRBuilder<> builder(rule.out.module.getContext());
  Body body = open_body(rule, builder, *function);
  static_cast<void>(emit_keep(rule, body, visits.from, visits.where, Leave::when_no));
  builder.CreateRet(call(builder, lines, {body.frame, body.env, function->getArg(2)}));
  return function;
}

// Leaves a function of signature body, going on with the next element, when the slot is surely
// false.
void leave_if_no(RuleEmitter& rule, Body& body, llvm::Value* slot) {
  llvm::IRBuilder<>& builder = body.builder;
  llvm::LLVMContext& context = rule.out.module.getContext();
  llvm::Value* no = builder.CreateICmpEQ(truth(rule.out, body, slot),
                                         builder.getInt8(static_cast<std::uint8_t>(Tri::no)));
  auto* leave = llvm::BasicBlock::Create(context, "", &body.function);
  auto* stay = llvm::BasicBlock::Create(context, "", &body.function);
  builder.CreateCondBr(no, leave, stay);
  builder.SetInsertPoint(leave);
  builder.CreateRet(builder.getInt1(false));
  builder.SetInsertPoint(stay);
}

// The parts of a conjunction, in the order written.
void conjuncts(const hir::Expr& expr, std::vector<const hir::Expr*>& parts) {
  const auto* call_form = std::get_if<hir::Call>(&expr.form);
  if (call_form == nullptr || call_form->builtin->name != builtins::conjunction) {
    parts.push_back(&expr);
    return;
  }
  for (const hir::Expr& argument : call_form->arguments)
    conjuncts(argument, parts);
}

// keep and every part of the condition.
llvm::Value* emit_conjunction(RuleEmitter& rule, Body& body, llvm::Value* keep,
                              const hir::Expr& condition, Leave leave) {
  std::vector<const hir::Expr*> parts;
  conjuncts(condition, parts);
  for (const hir::Expr* part : parts) {
    keep = emit_and(rule, body, keep, emit_expr(rule, body, *part));
    if (leave == Leave::when_no)
      leave_if_no(rule, body, keep);
  }
  return keep;
}

// What an inner query without `beyond` adds to the conditions of the one that ranges over it.
llvm::Value* emit_inner_keep(RuleEmitter& rule, Body& body, const hir::Query& inner) {
  if (inner.from.size() == 1)
    return emit_keep(rule, body, inner.from, inner.where, Leave::never);
  const std::vector<hir::Binding>& bindings = inner.from;
  llvm::Value* kept = make_slot(body);
  call(rule.out, body.builder, "sanku_known_row",
       {body.env, number(body.builder, bindings.front().binder), kept});
  return emit_and(rule, body, kept, emit_any(rule, body, bindings, 1, inner.where));
}

// Calls `step` of a fold; the fold's name picks the functions of the bitcode.
struct FoldNames {
  std::string init, step, done;
  bool needs_frame = false; // init and done take the frame first
};
// Of numbers that have 64 bits, since they, or the lines that they are parts of, stand in a column.
bool sums_a_column(const hir::Fold& fold) {
  return info(fold.value->type.kind).physical == Physical::wide128 &&
         std::holds_alternative<hir::FieldOf>(fold.value->form);
}
FoldNames fold_names(const hir::Fold& fold) {
  const auto named = [](const std::string& base) {
    return FoldNames{base + "_init", base + "_step", base + "_done", false};
  };
  const auto typed = [&](const char* kind) {
    return named(std::string("sanku_fold_") + kind + "_" + reading_name(fold.value->type.kind));
  };
  switch (fold.kind) {
  case hir::FoldKind::count:
    return named("sanku_fold_count");
  case hir::FoldKind::distinct: {
    FoldNames names = typed("distinct");
    names.init = "sanku_distinct_begin";
    names.done = "sanku_distinct_end";
    names.needs_frame = true;
    return names;
  }
  case hir::FoldKind::covered: {
    FoldNames names = typed("distinct");
    names.init = "sanku_distinct_begin";
    names.done = "sanku_covered_end";
    names.needs_frame = true;
    return names;
  }
  case hir::FoldKind::any:
    return named("sanku_fold_any");
  case hir::FoldKind::none:
    return named("sanku_fold_none");
  case hir::FoldKind::every:
    return named("sanku_fold_every");
  case hir::FoldKind::first:
  case hir::FoldKind::last:
    break;
  case hir::FoldKind::sum:
    return sums_a_column(fold) ? named("sanku_fold_sum_column") : typed("sum");
  case hir::FoldKind::min:
    return typed("min");
  case hir::FoldKind::max:
    return typed("max");
  }
  unreachable("a fold has one of seven kinds");
}

llvm::Value* emit_uncertain(RuleEmitter& rule, Body& body,
                            const std::vector<hir::Binding>& bindings) {
  llvm::Value* uncertain = body.builder.getInt1(false);
  for (const hir::Binding& binding : bindings)
    uncertain =
        body.builder.CreateOr(uncertain, call(rule.out, body.builder, "sanku_is_unknown_row",
                                              {body.env, number(body.builder, binding.binder)}));
  return uncertain;
}

struct FoldParts {
  const std::vector<hir::Binding>& bindings;
  std::size_t from; // loops start at this binding
  const std::vector<hir::Expr>& where;
  const hir::Expr* value; // may be null
  FoldNames names;
};

llvm::Value* run_fold(RuleEmitter& rule, Body& body, const FoldParts& parts) {
  const std::vector<hir::Binding>& bindings = parts.bindings;
  llvm::Function* step = make_function(rule, Signature::body, "step");
  {
    llvm::IRBuilder<> builder(rule.out.module.getContext());
    Body inside = open_body(rule, builder, *step);
    llvm::Value* keep = emit_keep(rule, inside, bindings, parts.where, Leave::when_no);
    llvm::Value* value = parts.value == nullptr ? keep : emit_expr(rule, inside, *parts.value);
    llvm::Value* uncertain = emit_uncertain(rule, inside, bindings);
    builder.CreateRet(
        call(rule.out, builder, parts.names.step, {step->getArg(2), keep, value, uncertain}));
  }
  llvm::Function* loops = step;
  for (std::size_t level = bindings.size(); level-- > parts.from;)
    loops = emit_loop(rule, bindings[level], loops, false);
  llvm::BasicBlock& entry = body.function.getEntryBlock();
  llvm::IRBuilder<> at_entry(&entry, entry.begin());
  auto* accumulator =
      at_entry.CreateAlloca(llvm::ArrayType::get(at_entry.getInt8Ty(), accumulator_bytes));
  accumulator->setAlignment(llvm::Align(alignof(abi::Slot)));
  llvm::Value* slot = make_slot(body);
  const auto with_frame = [&](const std::string& name, std::vector<llvm::Value*> arguments) {
    if (parts.names.needs_frame)
      arguments.insert(arguments.begin(), body.frame);
    call(rule.out, body.builder, name, arguments);
  };
  with_frame(parts.names.init, {accumulator});
  call(body.builder, loops, {body.frame, body.env, accumulator});
  with_frame(parts.names.done, {accumulator, slot});
  return slot;
}

llvm::Value* emit_any(RuleEmitter& rule, Body& body, const std::vector<hir::Binding>& bindings,
                      std::size_t from, const std::vector<hir::Expr>& where) {
  return run_fold(rule, body,
                  {bindings,
                   from,
                   where,
                   nullptr,
                   {"sanku_fold_any_init", "sanku_fold_any_step", "sanku_fold_any_done", false}});
}

} // namespace

llvm::Function* emit_loops(RuleEmitter& rule, std::span<const hir::Binding> bindings,
                           llvm::Function* innermost, bool ordered) {
  llvm::Function* loops = innermost;
  for (std::size_t level = bindings.size(); level-- > 0;)
    loops = emit_loop(rule, bindings[level], loops, ordered);
  return loops;
}

// Whether what the binder stands on surely belongs to what it ranges over.
llvm::Value* emit_belongs(RuleEmitter& rule, Body& body, const hir::Binding& binding,
                          llvm::Value* keep, Leave leave, bool named = false) {
  const auto* lines = std::get_if<hir::LinesSource>(&binding.source);
  const bool parts = lines != nullptr && has_beyond(*lines->lines);
  llvm::Value* known = make_slot(body);
  llvm::Value* binder = number(body.builder, binding.binder);
  if (parts && !named)
    call(rule.out, body.builder, "sanku_known_part", {body.frame, body.env, binder, known});
  else
    call(rule.out, body.builder, "sanku_known_row", {body.env, binder, known});
  keep = emit_and(rule, body, keep, known);
  if (lines != nullptr)
    return parts ? keep : emit_and(rule, body, keep, emit_inner_keep(rule, body, *lines->lines));
  if (const auto* visits = std::get_if<hir::VisitsSource>(&binding.source))
    return emit_conjunction(rule, body, keep, *visits->member, leave);
  if (const auto* each = std::get_if<hir::EachSource>(&binding.source))
    return emit_and(rule, body, keep,
                    emit_keep(rule, body, each->visits->from, each->visits->where, leave));
  return keep;
}

llvm::Value* emit_keep(RuleEmitter& rule, Body& body, std::span<const hir::Binding> bindings,
                       const std::vector<hir::Expr>& where, Leave leave) {
  llvm::Value* keep = emit_true(rule, body);
  for (const hir::Binding& binding : bindings)
    keep = emit_belongs(rule, body, binding, keep, leave);
  for (const hir::Expr& condition : where)
    keep = emit_conjunction(rule, body, keep, condition, leave);
  return keep;
}

namespace {

// The value at the first or last line of a buffer, into which the binder is put.
llvm::Value* emit_pick(RuleEmitter& rule, Body& body, const hir::Fold& fold) {
  llvm::IRBuilder<>& builder = body.builder;
  llvm::Function* take = value_function(rule, *fold.value, "picked");
  llvm::Function* pick = instantiate(
      rule, "sanku_pick_line",
      {{"sanku_hook_lines", emit_lines(rule, *fold.query)}, {"sanku_hook_value", take}});
  llvm::Value* slot = make_slot(body);
  const std::uint32_t binder = fold.query->from.front().binder;
  call(builder, pick,
       {body.frame, body.env, number(builder, binder),
        builder.getInt1(fold.kind == hir::FoldKind::last), slot});
  return slot;
}

} // namespace

namespace {

// What a fold over nothing is.
llvm::Value* emit_empty(RuleEmitter& rule, Body& body, const hir::Fold& fold, const Type& type) {
  llvm::Value* slot = make_slot(body);
  const auto literal = [&](const std::string& name, std::uint64_t value) {
    call(rule.out, body.builder, "sanku_literal_" + name,
         {body.builder.getInt64(value), body.builder.getInt64(0), slot});
    return slot;
  };
  switch (fold.kind) {
  case hir::FoldKind::count:
  case hir::FoldKind::distinct:
    return literal("count", 0);
  case hir::FoldKind::any:
    return literal("bool", 0);
  case hir::FoldKind::none:
  case hir::FoldKind::every:
    return literal("bool", 1);
  case hir::FoldKind::sum:
  case hir::FoldKind::covered:
    return literal(reading_name(type.kind), 0);
  case hir::FoldKind::min:
  case hir::FoldKind::max:
  case hir::FoldKind::first:
  case hir::FoldKind::last:
    call(rule.out, body.builder, "sanku_unknown", {slot});
    return slot;
  }
  unreachable("a fold has one of these kinds");
}

} // namespace

llvm::Value* emit_fold(RuleEmitter& rule, Body& body, const hir::Fold& fold, const Type& type) {
  if (rule.empty != nullptr && std::ranges::find(*rule.empty, &fold) != rule.empty->end())
    return emit_empty(rule, body, fold, type);
  if (fold.kind == hir::FoldKind::first || fold.kind == hir::FoldKind::last)
    return emit_pick(rule, body, fold);
  check(!has_beyond(*fold.query), "a fold ranges over `beyond` through a LinesSource");
  return run_fold(rule, body,
                  {fold.query->from, 0, fold.query->where, fold.value.get(), fold_names(fold)});
}

llvm::Value* emit_over_matches(RuleEmitter& rule, Body& body, const hir::Branch& branch) {
  llvm::Function* step = make_function(rule, Signature::body, "match");
  {
    llvm::IRBuilder<> builder(rule.out.module.getContext());
    Body inside = open_body(rule, builder, *step);
    llvm::Value* keep = emit_matched(rule, inside, branch);
    call(rule.out, builder, "sanku_fold_any_step",
         {step->getArg(2), keep, keep, builder.getInt1(false)});
    builder.CreateRet(builder.CreateICmpEQ(truth(rule.out, inside, keep),
                                           builder.getInt8(static_cast<std::uint8_t>(Tri::yes))));
  }
  llvm::Function* loops = step;
  for (std::size_t level = rule.rule.matches.size(); level-- > 0;)
    loops = emit_loop(rule, rule.rule.matches[level].binding, loops, false);
  llvm::Value* slot = make_slot(body);
  call(rule.out, body.builder, "sanku_fold_any_init", {slot});
  call(body.builder, loops, {body.frame, body.env, slot});
  return slot;
}

llvm::Value* emit_matched(RuleEmitter& rule, Body& body, const hir::Branch& branch) {
  llvm::Value* keep = emit_true(rule, body);
  for (const hir::Match& matched : rule.rule.matches) {
    keep = emit_belongs(rule, body, matched.binding, keep, Leave::when_no);
    for (const hir::Expr& condition : matched.where)
      keep = emit_conjunction(rule, body, keep, condition, Leave::when_no);
  }
  keep = emit_conjunction(rule, body, keep, branch.when, Leave::when_no);
  const auto& stands = branch.report.stands;
  return stands ? emit_conjunction(rule, body, keep, *stands, Leave::when_no) : keep;
}

llvm::Function* emit_match_loops(RuleEmitter& rule, llvm::Function* innermost) {
  llvm::Function* loops = innermost;
  for (std::size_t level = rule.rule.matches.size(); level-- > 0;)
    loops = emit_loop(rule, rule.rule.matches[level].binding, loops, true);
  return loops;
}

namespace {

// Puts the sure elements into a buffer, in canonical order.
void emit_push(RuleEmitter& rule, Body& body, std::span<const hir::Binding> bindings,
               const std::vector<hir::Expr>& where, llvm::Value* buffer, bool named = false) {
  const hir::Binding& element = bindings.front();
  llvm::Function* push = make_function(rule, Signature::body, "push");
  {
    llvm::IRBuilder<> builder(rule.out.module.getContext());
    Body inside = open_body(rule, builder, *push);
    llvm::Value* keep =
        emit_belongs(rule, inside, element, emit_true(rule, inside), Leave::when_no, named);
    keep = emit_and(rule, inside, keep,
                    emit_keep(rule, inside, bindings.subspan(1), where, Leave::when_no));
    llvm::Value* into = builder.CreateLoad(builder.getInt32Ty(), push->getArg(2));
    call(rule.out, builder, "sanku_offer_line",
         {inside.frame, inside.env, into, number(builder, element.binder),
          truth(rule.out, inside, keep)});
    builder.CreateRet(builder.getInt1(false));
  }
  llvm::Function* loops = emit_loops(rule, bindings, push, false);
  llvm::Value* accumulator = make_slot(body);
  body.builder.CreateStore(buffer, accumulator);
  call(body.builder, loops, {body.frame, body.env, accumulator});
  call(rule.out, body.builder, "sanku_lines_sort",
       {body.frame, buffer, number(body.builder, element.relation)});
}

llvm::Function* emit_sorted(RuleEmitter& rule, std::span<const hir::Binding> bindings,
                            const std::vector<hir::Expr>& where) {
  llvm::Function* fill = make_function(rule, Signature::lines, "sorted");
  llvm::IRBuilder<> builder(rule.out.module.getContext());
  Body body = open_body(rule, builder, *fill);
  emit_push(rule, body, bindings, where, fill->getArg(2));
  builder.CreateRetVoid();
  return fill;
}

} // namespace

llvm::Function* emit_lines(RuleEmitter& rule, const hir::Query& query, bool named) {
  llvm::Function* fill = make_function(rule, Signature::lines, "lines");
  llvm::IRBuilder<> builder(rule.out.module.getContext());
  Body body = open_body(rule, builder, *fill);
  llvm::Value* buffer = fill->getArg(2);
  emit_push(rule, body, query.from, query.where, buffer, named);
  emit_rank(rule, body, query, buffer);
  emit_beyond(rule, body, query, buffer);
  builder.CreateRetVoid();
  return fill;
}

} // namespace sanku::codegen
