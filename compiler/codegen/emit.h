// Shared by the files of this folder only: what emitting one module and one rule needs. The four
// files emit expressions, queries, reports and rules; each function they make takes the frame and
// leaves its result in a slot whose inside only the bitcode knows.
#pragma once

#include "compiler/analysis/same_value.h"
#include "compiler/analysis/steps.h"
#include "compiler/hir/hir.h"
#include "compiler/plan/plan.h"
#include "runtime/exec/image.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

#include <array>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sanku::codegen {

// The module under construction: the runtime's bitcode with generated functions beside it.
struct ModuleEmitter {
  llvm::Module& module;
  const hir::Program& program;
  std::vector<exec::ConstantSlot>& constants;
  std::vector<Type>& sink_types;
  std::vector<exec::SetUse>& sets;
  std::vector<llvm::Function*> thunks; // by kernel row
  std::uint32_t line_relation;         // the fee lines
  bool known_apart;                    // codegen.h
};

// One generated function: where instructions go, its entry block for slots, the frame, and what
// the binders stand on.
struct Body {
  llvm::IRBuilder<>& builder;
  llvm::Function& function;
  llvm::Value* frame;
  llvm::Value* env;
};

// Something of the frame that code looks through, and that stays while code runs.
struct View {
  enum class Kind : std::uint8_t { relation, column, table, set };
  Kind kind;
  std::uint32_t number; // of the relation, the knowledge table, or the use of a set
  std::uint32_t column = 0;
  friend bool operator==(const View&, const View&) = default;
};

// Where what is emitted runs. Inside an entry point everything becomes one function, whose binders
// and views are its own; outside, `env` is Frame::bound and views are looked up.
enum class Place : std::uint8_t {
  inside,
  outside, // called where it stands apart, or back
  cold,    // runs when the rule fires: small, not fast
};
inline constexpr std::size_t places = 3;

// A rule's functions as they come into being.
struct RuleEmitter {
  ModuleEmitter& out;
  const hir::Rule& rule;
  std::uint32_t index;
  std::array<std::vector<llvm::Function*>, places> lets; // by place
  std::vector<llvm::Function*> lets_outside;             // that stand apart
  std::vector<bool> lets_apart; // by let: too large to stand at each of its uses
  // By let: where its value is kept while a subject is looked at, of those that loops ask for.
  std::vector<std::optional<std::uint32_t>> lets_kept = {};
  analysis::RuleSteps steps = {};
  analysis::SameValues same = {}; // of loops that need not look at all elements
  std::vector<View> views = {};   // behind the binders in `env`, in the order of first use
  const std::vector<const hir::Fold*>* empty = nullptr; // folds that are over nothing, in a probe
  Place place = Place::inside;
  // While a probe is emitted for blocks in which the header is known: the columns it reads of it,
  // and of the tables' rows.
  std::vector<View>* known_header = nullptr;
  unsigned named = 0; // running number for names of helper functions
};

// What is emitted while one lives runs outside.
struct Outside {
  RuleEmitter& rule;
  Place was;
  explicit Outside(RuleEmitter& emitter) : rule(emitter), was(emitter.place) {
    if (was == Place::inside)
      rule.place = Place::outside;
  }
  ~Outside() { rule.place = was; }
  Outside(const Outside&) = delete;
  Outside& operator=(const Outside&) = delete;
};

using Hook = std::pair<const char*, llvm::Function*>;

// ---- functions and calls (module.cpp)

// Every function begins with the frame; `env` follows where the binders are the caller's own.
enum class Signature : std::uint8_t {
  value,   // void(Frame*, Bound* env, void* out)
  key,     // void(Frame*, Bound* env, void* key, void* date)
  body,    // bool(Frame*, Bound* env, void* accumulator)
  lines,   // void(Frame*, Bound* env, u32 buffer)
  subject, // Outcome(Frame*, Bound* env)
  probe,   // bool(Frame*, Bound* env)
  hash,    // u64(Frame*, Bound* env, bool* complete)
  same,    // bool(Frame*, Bound* env, u32, u32)
  entered, // bool(Frame*, Bound* env, u32, u32 row, u32, u32 row)
  enter,   // void(Frame*, Bound* env)
  compare, // bool(Frame*, u32, u32), called back: binders in Frame::bound
  known,   // bool(Frame*, u32), likewise
  fire,    // void(Frame*, u64 unknown branches), likewise
};
[[nodiscard]] llvm::Function* make_function(RuleEmitter& rule, Signature signature,
                                            const char* what);
// Clones a skeleton with its hooks replaced.
[[nodiscard]] llvm::Function* instantiate(RuleEmitter& rule, const char* skeleton,
                                          std::initializer_list<Hook> hooks);
// Calls a function of the bitcode by name.
llvm::Value* call(ModuleEmitter& out, llvm::IRBuilder<>& builder, const std::string& name,
                  llvm::ArrayRef<llvm::Value*> arguments);
llvm::Value* call(llvm::IRBuilder<>& builder, llvm::Function* function,
                  llvm::ArrayRef<llvm::Value*> arguments);
[[nodiscard]] llvm::Value* number(llvm::IRBuilder<>& builder, std::uint32_t value);
// The body of a function just made, for its frame and binders.
[[nodiscard]] Body open_body(RuleEmitter& rule, llvm::IRBuilder<>& builder,
                             llvm::Function& function);
// Puts the binders where firing and callbacks find them.
void publish(RuleEmitter& rule, Body& body);
// ---- views (views.cpp)

// The address of a view: beside the binders, where it stays in registers, or through the frame.
[[nodiscard]] llvm::Value* emit_view(RuleEmitter& rule, const Body& body, const View& view);
// Bytes of binders and views of an entry point.
[[nodiscard]] std::uint64_t env_bytes(const RuleEmitter& rule);
// Fills the views of an entry point's env from the frame.
void copy_views(RuleEmitter& rule, llvm::IRBuilder<>& builder, llvm::Value* frame,
                llvm::Value* env);

// Whether every column among them has all its values; and that they have, from here on.
[[nodiscard]] llvm::Value* all_known(RuleEmitter& rule, llvm::IRBuilder<>& builder,
                                     llvm::Value* env);
void make_known(RuleEmitter& rule, llvm::IRBuilder<>& builder, llvm::Value* env);

// Room for one value, in the function's entry block.
[[nodiscard]] llvm::Value* make_slot(Body& body);
// if (condition) { then(); }, where `then` may end its block with a return.
template <class Then>
void emit_if(RuleEmitter& rule, Body& body, llvm::Value* condition, Then then) {
  llvm::LLVMContext& context = rule.out.module.getContext();
  auto* yes = llvm::BasicBlock::Create(context, "", &body.function);
  auto* done = llvm::BasicBlock::Create(context, "", &body.function);
  body.builder.CreateCondBr(condition, yes, done);
  body.builder.SetInsertPoint(yes);
  then();
  if (body.builder.GetInsertBlock()->getTerminator() == nullptr)
    body.builder.CreateBr(done);
  body.builder.SetInsertPoint(done);
}

// Truth of a slot as an i8: sanku::Tri.
[[nodiscard]] llvm::Value* truth(ModuleEmitter& out, Body& body, llvm::Value* slot);
[[nodiscard]] std::uint32_t constant_slot(ModuleEmitter& out, const Type& type, Value value);
[[nodiscard]] std::uint32_t sink_type(ModuleEmitter& out, const Type& type);
// The physical name in the bitcode's reading functions: "decimal", "code", …
[[nodiscard]] const char* reading_name(Kind kind);

// ---- expressions (emit_expr.cpp)

// The one place where conditions, amounts, keys and holes become code. Returns a slot.
[[nodiscard]] llvm::Value* emit_expr(RuleEmitter& rule, Body& body, const hir::Expr& expr);
// The expression as a key of the table: a slot with the 32-bit id that rows are looked up by.
[[nodiscard]] llvm::Value* emit_key(RuleEmitter& rule, Body& body, const hir::Expr& key,
                                    hir::TableId table);
// Whether the table has a row for the key.
struct Asked {
  hir::TableId table;
  const hir::Expr& key;
  const hir::ExprPtr& at;
};
[[nodiscard]] llvm::Value* emit_has_row(RuleEmitter& rule, Body& body, const Asked& asked);
// Neither dates nor keys of two parts: a key has its rows or none.
[[nodiscard]] bool has_plain_keys(const ModuleEmitter& out, hir::TableId table);
// Functions of signature `value` that evaluate the expression, or the key.
[[nodiscard]] llvm::Function* value_function(RuleEmitter& rule, const hir::Expr& expr,
                                             const char* what);
// The date as of which a dated table is read; a null pointer for other tables.
[[nodiscard]] llvm::Value* emit_at(RuleEmitter& rule, Body& body, const hir::ExprPtr& at);
[[nodiscard]] llvm::Function* key_function(RuleEmitter& rule, const hir::RowsSource& rows);
[[nodiscard]] llvm::Value* emit_true(RuleEmitter& rule, Body& body);
// Names the peers with these keys, before they are added to or asked.
void emit_peer_keys(RuleEmitter& rule, Body& body, const std::vector<hir::Expr>& keys);
// left and right, Kleene.
[[nodiscard]] llvm::Value* emit_and(RuleEmitter& rule, Body& body, llvm::Value* left,
                                    llvm::Value* right);

// ---- lets (emit_let.cpp)

// Decides of every let of the rule where it stands and whether its value is kept.
void place_lets(RuleEmitter& rule);
[[nodiscard]] llvm::Value* emit_let(RuleEmitter& rule, Body& body, const hir::LetOf& let);

// ---- queries (emit_query.cpp)

// Nested loops over the bindings with `innermost` (signature body) inside; returns a function of
// signature body.
[[nodiscard]] llvm::Function* emit_loops(RuleEmitter& rule, std::span<const hir::Binding> bindings,
                                         llvm::Function* innermost, bool ordered);
// Whether the tuple that the bindings stand on belongs: all binders known, and every condition.
// Inside a function of signature body the first condition that surely fails may end it: a false
// conjunct decides, whatever the others are.
enum class Leave : std::uint8_t { never, when_no };
[[nodiscard]] llvm::Value* emit_keep(RuleEmitter& rule, Body& body,
                                     std::span<const hir::Binding> bindings,
                                     const std::vector<hir::Expr>& where, Leave leave);
[[nodiscard]] llvm::Value* emit_fold(RuleEmitter& rule, Body& body, const hir::Fold& fold,
                                     const Type& type);
// A function of signature `lines` that fills a buffer with the query's sure lines, in canonical
// order, `beyond` applied. Named in a finding, lines behind an inner `beyond` are there although
// nobody can say how much of them.
[[nodiscard]] llvm::Function* emit_lines(RuleEmitter& rule, const hir::Query& query,
                                         bool named = false);
// Puts the lines of a buffer into the query's order, and leaves those behind its `beyond`.
void emit_rank(RuleEmitter& rule, Body& body, const hir::Query& query, llvm::Value* buffer);
void emit_beyond(RuleEmitter& rule, Body& body, const hir::Query& query, llvm::Value* buffer);
// Whether the matches that the binders stand on are kept, and the branch speaks; only inside
// functions of signature body, which it may leave.
[[nodiscard]] llvm::Value* emit_matched(RuleEmitter& rule, Body& body, const hir::Branch& branch);
// Loops over all matches in the order that can be observed.
[[nodiscard]] llvm::Function* emit_match_loops(RuleEmitter& rule, llvm::Function* innermost);
// Kleene's or over all matches of (keep and the branch speaks).
[[nodiscard]] llvm::Value* emit_over_matches(RuleEmitter& rule, Body& body,
                                             const hir::Branch& branch);

// ---- reports (emit_report.cpp) and rules (emit_rule.cpp)

// A function of signature `fire`. `branch` is null for `when unknown`.
[[nodiscard]] llvm::Function* emit_fire(RuleEmitter& rule, const hir::Report& report,
                                        const hir::Branch* branch, std::uint32_t number);
void emit_rule(ModuleEmitter& out, const plan::Rule& planned, std::uint32_t index);

} // namespace sanku::codegen
