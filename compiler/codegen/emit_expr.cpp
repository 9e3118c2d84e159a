// emit_expr: every condition, amount, key and hole becomes code here and nowhere else. A value is a
// slot; operators and built-ins are calls of their kernel's thunk, found by the row, so no function
// is named. Tested through every case file and the differential.
#include "compiler/codegen/emit.h"
#include "compiler/hir/walk.h"
#include "compiler/plan/column_test.h"
#include "compiler/plan/header_check.h"
#include "runtime/schema/schema.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <array>
#include <optional>

namespace sanku::codegen {
namespace {

// What a literal is in two words, when binding cannot change it: ids of codes and texts can.
std::optional<std::array<std::uint64_t, 2>> words_of(const Value& value) {
  using Words = std::array<std::uint64_t, 2>;
  const auto word = [](std::int64_t number) {
    return Words{static_cast<std::uint64_t>(number), 0};
  };
  return std::visit(
      match{
          [&](const Bool& it) -> std::optional<Words> { return word(it.value ? 1 : 0); },
          [&](const Integer& it) -> std::optional<Words> { return word(it.value); },
          [&](const Decimal& it) -> std::optional<Words> {
            return Words{static_cast<std::uint64_t>(it.units),
                         static_cast<std::uint64_t>(it.units >> 64)};
          },
          [&](const Date& it) -> std::optional<Words> { return word(it.days); },
          [&](const DateTime& it) -> std::optional<Words> { return word(it.seconds); },
          [&](const Span& it) -> std::optional<Words> { return word(it.packed); },
          [&](const Window& it) -> std::optional<Words> { return word(it.packed); },
          [&](const EnumValue& it) -> std::optional<Words> { return word(it.id); },
          [](const auto&) -> std::optional<Words> { return std::nullopt; },
      },
      value);
}

llvm::Value* emit_constant(RuleEmitter& rule, Body& body, const Type& type, const Value& value) {
  llvm::Value* slot = make_slot(body);
  llvm::IRBuilder<>& builder = body.builder;
  if (std::holds_alternative<Unknown>(value)) {
    builder.CreateMemSet(slot, builder.getInt8(0), sizeof(abi::Slot),
                         llvm::Align(alignof(abi::Slot)));
    return slot;
  }
  if (const auto words = words_of(value)) {
    call(rule.out, builder, std::string("sanku_literal_") + reading_name(type.kind),
         {builder.getInt64((*words)[0]), builder.getInt64((*words)[1]), slot});
    return slot;
  }
  const std::uint32_t constant = constant_slot(rule.out, type, value);
  call(rule.out, builder, "sanku_constant", {body.frame, number(builder, constant), slot});
  return slot;
}

std::string read_function(RuleEmitter& rule, const hir::FieldOf& field, const Type& type) {
  const schema::Column& column =
      hir::relation(rule.out.program, field.relation).columns[field.column];
  // Of a part of a line, in whatever list of lines.
  const bool line = !field.whole && hir::relation(rule.out.program, field.relation).kind ==
                                        schema::RelationKind::child;
  if (line && column.role == schema::Role::quantity)
    return "sanku_read_part_quantity";
  if (line && column.role == schema::Role::amount)
    return "sanku_read_part_amount";
  return std::string("sanku_read_") + reading_name(type.kind);
}

llvm::Value* emit_field(RuleEmitter& rule, Body& body, const hir::FieldOf& field,
                        const Type& type) {
  llvm::Value* slot = make_slot(body);
  llvm::IRBuilder<>& builder = body.builder;
  const std::string read = read_function(rule, field, type);
  const View view{View::Kind::column, field.relation, field.column};
  llvm::Value* column = emit_view(rule, body, view);
  const bool of_table = field.relation >= rule.out.program.schema.relations.size();
  if (rule.known_header != nullptr && (of_table || field.binder == hir::settlement_binder)) {
    if (std::ranges::find(*rule.known_header, view) == rule.known_header->end())
      rule.known_header->push_back(view);
    call(rule.out, builder, "sanku_known_column", {column});
  }
  std::vector<llvm::Value*> arguments{column, body.env, number(builder, field.binder), slot};
  if (read.starts_with("sanku_read_part_"))
    arguments.insert(arguments.begin(), body.frame);
  call(rule.out, builder, read, arguments);
  return slot;
}

// A code asked for in a set that bind knows: a literal, or a cell of a bound row.
struct SetQuestion {
  const hir::Expr* code;
  exec::SetUse use;
  hir::BinderId row; // of the cell
};
std::optional<SetQuestion> set_question(RuleEmitter& rule, const hir::Call& made) {
  if (!made.builtin->of_code_set)
    return std::nullopt;
  const hir::Program& program = rule.out.program;
  if (auto literal = plan::literal_set(program, made))
    return SetQuestion{literal->code, std::move(literal->use), 0};
  const auto* text = std::get_if<hir::CodeTextOf>(&made.arguments[0].form);
  const auto* below = std::get_if<hir::Constant>(&made.arguments[2].form);
  if (text == nullptr || below == nullptr)
    return std::nullopt;
  SetQuestion asked{text->code.get(), {}, 0};
  asked.use.dictionary = program.schema.systems[text->code->type.domain].dictionary;
  asked.use.below = std::get<Bool>(below->value).value;
  const auto* cell = std::get_if<hir::FieldOf>(&made.arguments[1].form);
  if (cell == nullptr || cell->relation < program.schema.relations.size())
    return std::nullopt;
  asked.use.table = cell->relation - static_cast<std::uint32_t>(program.schema.relations.size());
  asked.use.column = cell->column;
  asked.row = cell->binder;
  return asked;
}

llvm::Value* emit_set_question(RuleEmitter& rule, Body& body, const SetQuestion& asked) {
  std::vector<exec::SetUse>& uses = rule.out.sets;
  const auto at = std::ranges::find(uses, asked.use);
  const auto use = static_cast<std::uint32_t>(at - uses.begin());
  if (at == uses.end())
    uses.push_back(asked.use);
  llvm::IRBuilder<>& builder = body.builder;
  llvm::Value* code = emit_expr(rule, body, *asked.code);
  llvm::Value* slot = make_slot(body);
  llvm::Value* set = emit_view(rule, body, {View::Kind::set, use});
  if (asked.use.column)
    call(rule.out, builder, "sanku_in_cell_set",
         {body.frame, set, body.env, number(builder, asked.row), number(builder, use), code, slot});
  else
    call(rule.out, builder, "sanku_in_literal_set",
         {body.frame, set, number(builder, use), code, slot});
  return slot;
}

// A truth about two codes, of which either may be one of several. The choice of a code is none.
bool compares_codes(const hir::Call& made) {
  return made.arguments.size() == 2 && made.builtin->kernel->result == kernels::Tag::boolean &&
         std::ranges::all_of(made.arguments, [](const hir::Expr& argument) {
           return argument.type.kind == Kind::code;
         });
}

// Whether a trained model is asked for its score, which costs as much as hundreds of comparisons.
bool asks_model(const RuleEmitter& rule, const hir::Expr& expr) {
  return hir::any_part(expr, [&](const hir::Expr& part) {
    if (const auto* let = std::get_if<hir::LetOf>(&part.form))
      return asks_model(rule, rule.rule.lets[let->let].value);
    const auto* score = std::get_if<hir::ScoreOf>(&part.form);
    return score != nullptr && score->total == nullptr;
  });
}

// Of a conjunction the part that a model decides, where the other one does without: it is asked
// only where the other does not surely fail, since both orders mean the same.
const hir::Expr* costly_part(const RuleEmitter& rule, const hir::Call& made) {
  if (made.builtin->name != builtins::conjunction || made.arguments.size() != 2)
    return nullptr;
  const bool first = asks_model(rule, made.arguments[0]);
  if (first == asks_model(rule, made.arguments[1]))
    return nullptr;
  return &made.arguments[first ? 0 : 1];
}

llvm::Value* emit_models_last(RuleEmitter& rule, Body& body, const hir::Call& made,
                              const hir::Expr& costly) {
  llvm::IRBuilder<>& builder = body.builder;
  const hir::Expr& cheap = made.arguments[&costly == &made.arguments[0] ? 1 : 0];
  llvm::Value* slot = make_slot(body);
  llvm::Value* first = emit_expr(rule, body, cheap);
  call(rule.out, builder, "sanku_copy_slot", {slot, first});
  auto* more = llvm::BasicBlock::Create(rule.out.module.getContext(), "", &body.function);
  auto* done = llvm::BasicBlock::Create(rule.out.module.getContext(), "", &body.function);
  llvm::Value* failed = builder.CreateICmpEQ(truth(rule.out, body, first),
                                             builder.getInt8(static_cast<std::uint8_t>(Tri::no)));
  builder.CreateCondBr(failed, done, more);
  builder.SetInsertPoint(more);
  llvm::Value* both = emit_and(rule, body, first, emit_expr(rule, body, costly));
  call(rule.out, builder, "sanku_copy_slot", {slot, both});
  builder.CreateBr(done);
  builder.SetInsertPoint(done);
  return slot;
}

llvm::Value* emit_call(RuleEmitter& rule, Body& body, const hir::Expr& expr) {
  const auto& made = std::get<hir::Call>(expr.form);
  if (rule.empty != nullptr && plan::is_false_of(*rule.empty, expr))
    return emit_constant(rule, body, expr.type, Bool{false});
  if (const auto asked = set_question(rule, made))
    return emit_set_question(rule, body, *asked);
  if (const hir::Expr* costly = costly_part(rule, made))
    return emit_models_last(rule, body, made, *costly);
  std::vector<llvm::Value*> arguments;
  for (const hir::Expr& argument : made.arguments)
    arguments.push_back(emit_expr(rule, body, argument));
  llvm::Value* slot = make_slot(body);
  const auto row = static_cast<std::size_t>(made.builtin->kernel - sanku_kernels);
  arguments.push_back(slot);
  call(body.builder, rule.out.thunks[row], arguments);
  if (compares_codes(made)) {
    const std::uint32_t domain = made.arguments.front().type.domain;
    call(rule.out, body.builder, "sanku_compare_again",
         {body.frame, number(body.builder, rule.out.program.schema.systems[domain].dictionary),
          arguments[0], arguments[1], rule.out.thunks[row], slot});
  }
  return slot;
}

llvm::Value* emit_in_table(RuleEmitter& rule, Body& body, const hir::InTable& in_table) {
  return emit_has_row(rule, body, {in_table.table, *in_table.key, in_table.at});
}

llvm::Value* emit_code_text(RuleEmitter& rule, Body& body, const hir::Expr& code) {
  llvm::Value* value = emit_expr(rule, body, code);
  llvm::Value* slot = make_slot(body);
  const std::uint32_t dictionary = rule.out.program.schema.systems[code.type.domain].dictionary;
  call(rule.out, body.builder, "sanku_code_text",
       {body.frame, number(body.builder, dictionary), value, slot});
  return slot;
}

llvm::Value* emit_empty_cell(RuleEmitter& rule, Body& body, const hir::EmptyCell& cell) {
  llvm::Value* slot = make_slot(body);
  llvm::IRBuilder<>& builder = body.builder;
  call(rule.out, builder, "sanku_empty_cell",
       {emit_view(rule, body, {View::Kind::column, cell.relation, cell.column}), body.env,
        number(builder, cell.binder), slot});
  return slot;
}

llvm::Value* emit_earlier(RuleEmitter& rule, Body& body, const hir::Earlier& earlier) {
  llvm::Value* slot = make_slot(body);
  llvm::IRBuilder<>& builder = body.builder;
  call(rule.out, builder, "sanku_earlier",
       {emit_view(rule, body, {View::Kind::relation, earlier.relation}), body.env,
        number(builder, earlier.left), number(builder, earlier.right), slot});
  return slot;
}

llvm::Value* emit_peers(RuleEmitter& rule, Body& body, const hir::PeersOf& peers,
                        const Type& type) {
  llvm::Value* rank = peers.rank ? emit_expr(rule, body, *peers.rank) : nullptr;
  emit_peer_keys(rule, body, peers.keys);
  if (rank != nullptr)
    call(rule.out, body.builder, "sanku_peers_rank", {body.frame, rank});
  llvm::Value* slot = make_slot(body);
  const bool integer = type.kind == Kind::integer;
  call(rule.out, body.builder, integer ? "sanku_peers_find_integer" : "sanku_peers_find_decimal",
       {body.frame, number(body.builder, peers.number), slot});
  return slot;
}

// The inputs of a model side by side, as doubles.
llvm::Value* emit_inputs(RuleEmitter& rule, Body& body, const std::vector<hir::Expr>& inputs) {
  llvm::BasicBlock& entry = body.function.getEntryBlock();
  llvm::IRBuilder<> at_entry(&entry, entry.begin());
  llvm::Value* values =
      at_entry.CreateAlloca(llvm::ArrayType::get(at_entry.getDoubleTy(), inputs.size()));
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    llvm::Value* slot = emit_expr(rule, body, inputs[i]);
    call(rule.out, body.builder, "sanku_model_input",
         {values, number(body.builder, static_cast<std::uint32_t>(i)), slot});
  }
  return values;
}

llvm::Value* emit_score(RuleEmitter& rule, Body& body, const hir::ScoreOf& form) {
  if (form.total)
    return emit_expr(rule, body, *form.total);
  llvm::Value* values = emit_inputs(rule, body, form.inputs);
  llvm::Value* slot = make_slot(body);
  call(rule.out, body.builder, "sanku_score",
       {body.frame, number(body.builder, form.model), values, slot});
  return slot;
}

llvm::Value* emit_reasons(RuleEmitter& rule, Body& body, const hir::ReasonsOf& form) {
  llvm::Value* values = emit_inputs(rule, body, form.inputs);
  llvm::Value* slot = make_slot(body);
  call(rule.out, body.builder, "sanku_reasons",
       {body.frame, number(body.builder, form.model), values, number(body.builder, form.most),
        slot});
  return slot;
}

} // namespace

llvm::Value* emit_expr(RuleEmitter& rule, Body& body, const hir::Expr& expr) {
  return std::visit(
      match{
          [&](const hir::Constant& form) {
            return emit_constant(rule, body, expr.type, form.value);
          },
          [&](const hir::FieldOf& form) { return emit_field(rule, body, form, expr.type); },
          [&](const hir::LetOf& form) { return emit_let(rule, body, form); },
          [&](const hir::Call&) { return emit_call(rule, body, expr); },
          [&](const hir::InTable& form) { return emit_in_table(rule, body, form); },
          [&](const hir::CodeTextOf& form) { return emit_code_text(rule, body, *form.code); },
          [&](const hir::EmptyCell& form) { return emit_empty_cell(rule, body, form); },
          [&](const hir::Ask& form) { return emit_expr(rule, body, *form.answer); },
          [&](const hir::Earlier& form) { return emit_earlier(rule, body, form); },
          [&](const hir::PeersOf& form) { return emit_peers(rule, body, form, expr.type); },
          [&](const hir::OfVisit& form) {
            llvm::Value* slot = make_slot(body);
            llvm::Value* list = emit_view(rule, body, {View::Kind::relation, form.relation});
            call(rule.out, body.builder, "sanku_of_visit",
                 {body.env, list, number(body.builder, form.element), slot});
            return slot;
          },
          [&](const hir::ScoreOf& form) { return emit_score(rule, body, form); },
          [&](const hir::ReasonsOf& form) { return emit_reasons(rule, body, form); },
          [&](const hir::Fold& form) { return emit_fold(rule, body, form, expr.type); },
      },
      expr.form);
}

llvm::Value* emit_key(RuleEmitter& rule, Body& body, const hir::Expr& key, hir::TableId table) {
  llvm::Value* value = emit_expr(rule, body, key);
  llvm::Value* slot = make_slot(body);
  const knowledge::TableShape& shape = rule.out.program.tables[table].shape;
  const Type& type = shape.relation.columns[shape.key].type;
  if (knowledge::by_text(shape, rule.out.program.schema)) {
    call(rule.out, body.builder, "sanku_key_id_text_of_code",
         {body.frame, emit_view(rule, body, {View::Kind::table, table}),
          number(body.builder, rule.out.program.schema.systems[type.domain].dictionary), value,
          slot});
    return slot;
  }
  if (key.type.kind == Kind::text) {
    const hir::RelationId relation = hir::relation_of(rule.out.program, table);
    call(rule.out, body.builder, "sanku_text_key_id",
         {emit_view(rule, body, {View::Kind::table, table}),
          emit_view(rule, body, {View::Kind::column, relation, shape.key}), value, slot});
    return slot;
  }
  if (key.type.kind == Kind::code) {
    call(rule.out, body.builder, "sanku_code_key_id",
         {body.frame, number(body.builder, table), value, slot});
    return slot;
  }
  call(rule.out, body.builder, std::string("sanku_key_id_") + reading_name(key.type.kind),
       {value, slot});
  return slot;
}

llvm::Value* emit_has_row(RuleEmitter& rule, Body& body, const Asked& asked) {
  const bool code =
      asked.key.type.kind == Kind::code &&
      !knowledge::by_text(rule.out.program.tables[asked.table].shape, rule.out.program.schema);
  llvm::Value* key =
      code ? emit_expr(rule, body, asked.key) : emit_key(rule, body, asked.key, asked.table);
  llvm::Value* at = emit_at(rule, body, asked.at);
  llvm::Value* slot = make_slot(body);
  std::vector<llvm::Value*> arguments{
      emit_view(rule, body, {View::Kind::table, asked.table}), key, at,
      body.builder.getInt1(has_plain_keys(rule.out, asked.table)), slot};
  if (code)
    arguments.insert(arguments.begin(), {body.frame, number(body.builder, asked.table)});
  call(rule.out, body.builder, code ? "sanku_code_in_table" : "sanku_in_table", arguments);
  return slot;
}

bool has_plain_keys(const ModuleEmitter& out, hir::TableId table) {
  const knowledge::TableShape& shape = out.program.tables[table].shape;
  return !shape.valid_from && !shape.zone_from && !knowledge::by_text(shape, out.program.schema);
}

llvm::Value* emit_at(RuleEmitter& rule, Body& body, const hir::ExprPtr& at) {
  if (at)
    return emit_expr(rule, body, *at);
  return llvm::ConstantPointerNull::get(llvm::PointerType::getUnqual(rule.out.module.getContext()));
}

namespace {

// A function of signature `value` around what `emit` leaves in a slot.
template <class Emit>
llvm::Function* function_of(RuleEmitter& rule, const char* what, const Emit& emit) {
  llvm::Function* function = make_function(rule, Signature::value, what);
  llvm::IRBuilder<> builder(rule.out.module.getContext());
  Body body = open_body(rule, builder, *function);
  llvm::Value* slot = emit(body);
  call(rule.out, builder, "sanku_copy_slot", {function->getArg(2), slot});
  builder.CreateRetVoid();
  return function;
}

} // namespace

void emit_peer_keys(RuleEmitter& rule, Body& body, const std::vector<hir::Expr>& keys) {
  std::vector<llvm::Value*> slots;
  for (const hir::Expr& key : keys)
    slots.push_back(emit_expr(rule, body, key));
  call(rule.out, body.builder, "sanku_peers_begin", {body.frame});
  for (std::size_t i = 0; i < keys.size(); ++i)
    call(rule.out, body.builder, "sanku_peers_key",
         {body.frame, number(body.builder, sink_type(rule.out, keys[i].type)), slots[i]});
}

llvm::Function* value_function(RuleEmitter& rule, const hir::Expr& expr, const char* what) {
  return function_of(rule, what, [&](Body& body) { return emit_expr(rule, body, expr); });
}
llvm::Function* key_function(RuleEmitter& rule, const hir::RowsSource& rows) {
  llvm::Function* function = make_function(rule, Signature::key, "key");
  llvm::IRBuilder<> builder(rule.out.module.getContext());
  Body body = open_body(rule, builder, *function);
  llvm::Value* key = emit_key(rule, body, *rows.key, rows.table);
  call(rule.out, builder, "sanku_copy_slot", {function->getArg(2), key});
  if (rows.at)
    call(rule.out, builder, "sanku_copy_slot",
         {function->getArg(3), emit_expr(rule, body, *rows.at)});
  builder.CreateRetVoid();
  return function;
}

llvm::Value* emit_true(RuleEmitter& rule, Body& body) {
  return emit_constant(rule, body, Type{.kind = Kind::boolean}, Value{Bool{true}});
}

llvm::Value* emit_and(RuleEmitter& rule, Body& body, llvm::Value* left, llvm::Value* right) {
  llvm::Value* slot = make_slot(body);
  static const builtins::Builtin* const row = builtins::find(builtins::conjunction);
  call(body.builder, rule.out.thunks[static_cast<std::size_t>(row->kernel - sanku_kernels)],
       {left, right, slot});
  return slot;
}

} // namespace sanku::codegen
