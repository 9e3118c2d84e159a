// Views: what generated code looks through to find values. An entry point copies those that its
// rule uses into its env once, so that loops read columns through registers instead of through the
// frame. Tested through every case file.
#include "compiler/codegen/emit.h"
#include "runtime/types/check.h"

#include <algorithm>

namespace sanku::codegen {
namespace {

std::uint64_t bytes_of(View::Kind kind) {
  switch (kind) {
  case View::Kind::relation:
    return sizeof(abi::RelationView);
  case View::Kind::column:
    return sizeof(abi::ColumnView);
  case View::Kind::table:
    return sizeof(abi::KeyedView);
  case View::Kind::set:
    return sizeof(abi::SetView);
  }
  unreachable("a view has one of these kinds");
}

std::uint64_t binder_bytes(const RuleEmitter& rule) {
  return std::max(2u, rule.rule.binders) * sizeof(abi::Bound);
}

llvm::Value* in_frame(RuleEmitter& rule, llvm::IRBuilder<>& builder, llvm::Value* frame,
                      const View& view) {
  llvm::Value* index = number(builder, view.number);
  switch (view.kind) {
  case View::Kind::relation:
    return call(rule.out, builder, "sanku_relation_view", {frame, index});
  case View::Kind::column:
    return call(rule.out, builder, "sanku_column_view",
                {frame, index, number(builder, view.column)});
  case View::Kind::table:
    return call(rule.out, builder, "sanku_table_view", {frame, index});
  case View::Kind::set:
    return call(rule.out, builder, "sanku_set_view", {frame, index});
  }
  unreachable("a view has one of these kinds");
}

llvm::Value* at(llvm::IRBuilder<>& builder, llvm::Value* env, std::uint64_t offset) {
  return builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), env, offset);
}

} // namespace

llvm::Value* emit_view(RuleEmitter& rule, const Body& body, const View& view) {
  if (rule.place != Place::inside)
    return in_frame(rule, body.builder, body.frame, view);
  std::uint64_t offset = binder_bytes(rule);
  for (const View& known : rule.views) {
    if (known == view)
      return at(body.builder, body.env, offset);
    offset += bytes_of(known.kind);
  }
  rule.views.push_back(view);
  return at(body.builder, body.env, offset);
}

std::uint64_t env_bytes(const RuleEmitter& rule) {
  std::uint64_t bytes = binder_bytes(rule);
  for (const View& view : rule.views)
    bytes += bytes_of(view.kind);
  return bytes;
}

void copy_views(RuleEmitter& rule, llvm::IRBuilder<>& builder, llvm::Value* frame,
                llvm::Value* env) {
  std::uint64_t offset = binder_bytes(rule);
  const llvm::Align align(alignof(std::uint64_t));
  for (const View& view : rule.views) {
    builder.CreateMemCpy(at(builder, env, offset), align, in_frame(rule, builder, frame, view),
                         align, bytes_of(view.kind));
    offset += bytes_of(view.kind);
  }
}

namespace {

bool is_flag(const RuleEmitter& rule, const View& view) {
  return hir::relation(rule.out.program, view.number).columns[view.column].type.kind ==
         Kind::boolean;
}

// Each column that senders fill in wherever they can. Flags are left out where they are not set, so
// that hardly a block has them all.
template <class Each>
void each_column(const RuleEmitter& rule, llvm::IRBuilder<>& builder, llvm::Value* env,
                 const Each& each) {
  std::uint64_t offset = binder_bytes(rule);
  for (const View& view : rule.views) {
    if (view.kind == View::Kind::column && !is_flag(rule, view))
      each(at(builder, env, offset));
    offset += bytes_of(view.kind);
  }
}

} // namespace

llvm::Value* all_known(RuleEmitter& rule, llvm::IRBuilder<>& builder, llvm::Value* env) {
  llvm::Value* all = builder.getInt1(true);
  each_column(rule, builder, env, [&](llvm::Value* column) {
    all = builder.CreateAnd(all, call(rule.out, builder, "sanku_all_known", {column}));
  });
  return all;
}

void make_known(RuleEmitter& rule, llvm::IRBuilder<>& builder, llvm::Value* env) {
  each_column(rule, builder, env,
              [&](llvm::Value* column) { call(rule.out, builder, "sanku_make_known", {column}); });
}

} // namespace sanku::codegen
