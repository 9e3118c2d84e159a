// sanku explain-code: what the code of a message means.
#include "tools/sanku/command.h"

#include <fmt/format.h>

namespace sanku::command {

int explain_code(const Arguments& arguments, const Terminal& terminal) {
  if (arguments.code.empty())
    return wrong_usage(terminal, "请给出代码，如 sanku explain-code SK2104",
                       "name a code, such as sanku explain-code SK2104");
  const auto text = diag::explain_code(arguments.code, terminal.diag_language());
  if (!text)
    return wrong_usage(
        terminal, fmt::format("没有代码“{}”；代码形如 SK2104", arguments.code),
        fmt::format("there is no code `{}`; codes look like SK2104", arguments.code));
  return print(text->ends_with('\n') ? *text : *text + '\n', terminal, exit_code::clean);
}

} // namespace sanku::command
