// An appeal file on the command line: reading it, telling what is wrong with it, and afterwards
// what was not taken. Entries: open_answers, tell_answers. Tested by
// tests/unit/tools/command_test.cpp.
#pragma once

#include "tools/engine/answers.h"
#include "tools/sanku/command.h"

namespace sanku::command {

// None without --answers; `code` is not clean when it was told why nothing can be judged.
[[nodiscard]] std::unique_ptr<engine::Answers> open_answers(const Arguments& arguments,
                                                            const engine::Rules& rules,
                                                            const Terminal& terminal, int& code);

// How many were taken, and of the others which and why, the first of them on stderr. `visit`: of
// one alone. Gives them all as rejects.
std::vector<io::Reject> tell_answers(const engine::Answers& answers, const std::string& file,
                                     const std::string& visit, const Terminal& terminal);

} // namespace sanku::command
