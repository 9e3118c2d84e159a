// sanku check: the mistakes of a pack, all of them, as text, JSON or SARIF.
#include "tools/sanku/command.h"
#include "tools/sanku/scope.h"

namespace sanku::command {

int check(const Arguments& arguments, const Terminal& terminal) {
  if (arguments.paths.empty())
    return wrong_usage(terminal, "请给出规则包或规则文件：sanku check 路径…",
                       "name a pack or a rule file: sanku check PATH…");
  const std::string format = arguments.format.empty() ? "text" : arguments.format;
  if (format != "text" && format != "json" && format != "sarif")
    return wrong_usage(terminal, "--format 的取值为 text、json 或 sarif",
                       "--format takes text, json or sarif");
  const auto scopes = read_scopes(arguments.paths);
  if (!scopes)
    return fail(scopes.error(), terminal, exit_code::usage);
  std::string out;
  diag::Diagnostics all;
  std::size_t files = 0;
  for (const Scope& scope : *scopes) {
    const diag::Diagnostics own = diagnostics_in(scope);
    all.all.insert(all.all.end(), own.all.begin(), own.all.end());
    files += scope.files.empty() ? scope.rules->map.files.size() : scope.files.size();
    if (format == "json")
      out += diag::json(own, scope.rules->map);
    else if (format == "sarif")
      out += diag::sarif(own, scope.rules->map, terminal.diag_language());
    else
      out += diag::text(own, scope.rules->map, {terminal.diag_language(), terminal.colour_out});
  }
  if (format == "text")
    out += diag::summary(all, files, terminal.diag_language());
  return print(out, terminal, diag::has_errors(all) ? exit_code::findings : exit_code::clean);
}

} // namespace sanku::command
