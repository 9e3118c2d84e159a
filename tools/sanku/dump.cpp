// sanku dump: what the compiler made of a pack, representation by representation.
#include "compiler/ast/dump.h"

#include "compiler/hir/print.h"
#include "tools/engine/engine.h"
#include "tools/sanku/command.h"
#include "tools/sanku/scope.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::command {
namespace {

std::string ast_text(const Scope& scope, const std::string& rule) {
  std::string out;
  for (const auto& file : scope.rules->checked->files) {
    if (!scope.files.empty() && !scope.files.contains(file->source))
      continue;
    if (rule.empty()) {
      out += fmt::format("// {}\n{}", scope.rules->map.files[file->source].path,
                         ast::dump(*file, scope.rules->map));
      continue;
    }
    ast::File only{.source = file->source,
                   .decls = {},
                   .comments = {},
                   .blank_lines = {},
                   .trailing_comments = {}};
    for (ast::Decl& decl : file->decls)
      if (const auto* own = std::get_if<ast::Rule>(&decl); own != nullptr && own->id.text == rule)
        only.decls.push_back(std::move(decl));
    if (!only.decls.empty())
      out += ast::dump(only, scope.rules->map);
  }
  return out;
}

// Leaves the rules of the scope's files, or the one rule. Their tests go: they count rules.
void narrow(const Scope& scope, const std::string& rule, hir::Program& program) {
  program.tests.clear();
  std::erase_if(program.rules, [&](const hir::Rule& each) {
    return rule.empty() ? !scope.files.empty() && !scope.files.contains(each.span.file)
                        : each.id != rule;
  });
}

Result<std::string> text_of(const std::string& what, const hir::Program& program,
                            jit::Level level) {
  if (what == "hir")
    return hir::dump(program);
  const plan::Plan plan = plan::plan(program);
  if (what == "plan")
    return plan::text(program, plan, Language::en);
  return what == "ir" ? jit::dump_ir(program, plan, level)
                      : jit::dump_assembly(program, plan, level);
}

} // namespace

int dump(const Arguments& arguments, const Terminal& terminal) {
  constexpr std::string_view kinds[] = {"ast", "hir", "plan", "ir", "asm"};
  if (std::ranges::find(kinds, arguments.what) == std::end(kinds) || arguments.paths.size() != 1)
    return wrong_usage(terminal, "用法：sanku dump ast|hir|plan|ir|asm 路径 [--rule 规则]",
                       "use it as: sanku dump ast|hir|plan|ir|asm PATH [--rule ID]");
  if (!arguments.level.empty() && arguments.level != "none" && arguments.level != "optimised")
    return wrong_usage(terminal, "--level 的取值为 none 或 optimised",
                       "--level takes none or optimised");
  const auto reading = read_options(arguments);
  if (!reading)
    return fail(reading.error(), terminal, exit_code::usage);
  auto scopes = read_scopes(arguments.paths, *reading);
  if (!scopes)
    return fail(scopes.error(), terminal, exit_code::usage);
  const Scope& scope = scopes->front();
  // What cannot be checked still has an Ast, unless the schema is wrong.
  const bool enough =
      arguments.what == "ast" ? scope.rules->checked.has_value() : engine::is_ready(*scope.rules);
  if (!enough) {
    (void)tell(scope.rules->diagnostics, scope.rules->map, terminal);
    complain(terminal.pick("规则包中有错误", "the pack has mistakes"));
    return exit_code::findings;
  }
  hir::Program& program = scope.rules->checked->program;
  if (!arguments.rule.empty() &&
      std::ranges::find(program.rules, arguments.rule, &hir::Rule::id) == program.rules.end())
    return wrong_usage(terminal, fmt::format("规则包中没有规则“{}”", arguments.rule),
                       fmt::format("the pack has no rule `{}`", arguments.rule));
  if (arguments.what == "ast")
    return print(ast_text(scope, arguments.rule), terminal, exit_code::clean);
  narrow(scope, arguments.rule, program);
  const auto text = text_of(arguments.what, program,
                            arguments.level == "none" ? jit::Level::none : jit::Level::optimised);
  if (!text)
    return fail(text.error(), terminal, exit_code::own_fault);
  return print(*text, terminal, exit_code::clean);
}

} // namespace sanku::command
