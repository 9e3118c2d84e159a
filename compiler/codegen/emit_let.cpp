// Lets: each stands where it is used, or apart from uses that are many, or its value is kept while
// a subject is looked at when loops ask for it. Tested by tests/cases and the differential.
#include "compiler/codegen/emit.h"
#include "compiler/hir/walk.h"

#include <algorithm>

namespace sanku::codegen {
namespace {

// How often each let is asked for, and whether by a loop.
struct LetUses {
  std::vector<unsigned> uses;
  std::vector<bool> in_loops;

  void walk(const hir::Expr& expr, bool in_loop) {
    if (const auto* let = std::get_if<hir::LetOf>(&expr.form)) {
      ++uses[let->let];
      in_loops[let->let] = in_loops[let->let] || in_loop;
    }
    const bool loops = in_loop || std::holds_alternative<hir::Fold>(expr.form);
    hir::for_each_child(expr, [&](const auto& child) { walk(child, loops); });
  }
  void walk(const hir::Query& query, bool) {
    hir::for_each_child(query, [&](const auto& child) { walk(child, true); });
  }
};

LetUses uses_of(const hir::Rule& rule) {
  LetUses found{.uses = std::vector<unsigned>(rule.lets.size()),
                .in_loops = std::vector<bool>(rule.lets.size())};
  // Combinations of matches are a loop around all that is asked of them.
  hir::for_each_child(rule, [&](const auto& child) { found.walk(child, !rule.matches.empty()); });
  return found;
}

// The function of a let that stands apart from its uses.
llvm::Function* apart(RuleEmitter& rule, const hir::LetOf& let) {
  const Outside outside(rule);
  llvm::Function*& function = rule.lets_outside[let.let];
  if (function == nullptr) {
    llvm::Function* made = value_function(rule, rule.rule.lets[let.let].value, "let");
    made->removeFnAttr(llvm::Attribute::AlwaysInline);
    made->addFnAttr(llvm::Attribute::NoInline);
    function = made;
  }
  return function;
}

// The value is computed where it is asked for first, and kept.
llvm::Value* emit_kept(RuleEmitter& rule, Body& body, const hir::LetOf& let) {
  llvm::IRBuilder<>& builder = body.builder;
  llvm::Value* place = number(builder, *rule.lets_kept[let.let]);
  llvm::Value* slot = call(rule.out, builder, "sanku_value_at", {body.frame, place});
  llvm::Value* has = call(rule.out, builder, "sanku_has_value", {body.frame, place});
  emit_if(rule, body, builder.CreateNot(has), [&] {
    publish(rule, body);
    llvm::Value* env = call(rule.out, builder, "sanku_published", {body.frame});
    call(builder, apart(rule, let), {body.frame, env, slot});
    call(rule.out, builder, "sanku_keep_value", {body.frame, place});
  });
  return slot;
}

} // namespace

// A `let` that loops is not done again and again: one that is the same for all of a subject is
// kept, another stands at one place when it is used at many.
void place_lets(RuleEmitter& rule) {
  constexpr unsigned few_uses = 2;
  const std::vector<hir::ValueLet>& lets = rule.rule.lets;
  const LetUses found = uses_of(rule.rule);
  const std::vector<bool> of_matches = analysis::lets_of_matches(rule.rule);
  std::vector<bool> loops(lets.size());
  rule.lets_outside.resize(lets.size(), nullptr);
  rule.lets_apart.resize(lets.size());
  rule.lets_kept.resize(lets.size());
  std::uint32_t kept = 0;
  for (std::size_t i = 0; i < lets.size(); ++i) {
    loops[i] = hir::any_part(lets[i].value, [&](const hir::Expr& part) {
      const auto* let = std::get_if<hir::LetOf>(&part.form);
      return std::holds_alternative<hir::Fold>(part.form) || (let != nullptr && loops[let->let]);
    });
    const bool often = found.in_loops[i] || found.uses[i] > few_uses;
    if (loops[i] && often && kept < abi::kept_room && !of_matches[i])
      rule.lets_kept[i] = kept++;
    else
      rule.lets_apart[i] = loops[i] && found.uses[i] > few_uses;
  }
}

llvm::Value* emit_let(RuleEmitter& rule, Body& body, const hir::LetOf& let) {
  if (rule.lets_kept[let.let] && rule.empty == nullptr)
    return emit_kept(rule, body, let);
  const bool stands_apart = rule.place == Place::inside && rule.lets_apart[let.let];
  llvm::Function*& here = rule.lets[static_cast<std::size_t>(rule.place)][let.let];
  if (here == nullptr && !stands_apart)
    here = value_function(rule, rule.rule.lets[let.let].value, "let");
  llvm::Function* function = stands_apart ? apart(rule, let) : here;
  llvm::Value* slot = make_slot(body);
  llvm::Value* env = body.env;
  // What stands apart would keep the binders out of registers everywhere.
  if (stands_apart) {
    publish(rule, body);
    env = call(rule.out, body.builder, "sanku_published", {body.frame});
  }
  call(body.builder, function, {body.frame, env, slot});
  return slot;
}

} // namespace sanku::codegen
