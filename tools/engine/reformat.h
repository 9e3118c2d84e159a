// Rule text as the formatter writes it, and the files that a formatter is pointed at. Entries:
// reformatted, formatted_files. What was written is read again before it counts: a layout that
// changed the meaning or lost a comment would be our fault, and the author's file stays as it is.
// Tested by tests/unit/tools/command_test.cpp.
#pragma once

#include "compiler/ast/print.h"
#include "compiler/diag/diagnostic.h"
#include "compiler/source/source.h"
#include "runtime/types/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sanku::engine {

// One file of `map` in a spelling, by default the one that most of its words have. Empty where
// `diagnostics` has mistakes of syntax.
[[nodiscard]] std::optional<std::string> reformatted(const source::SourceMap& map,
                                                     std::uint32_t file,
                                                     std::optional<ast::Spelling> spelling,
                                                     diag::Diagnostics& diagnostics);

// The files that paths mean, each once, in order: a file is itself, a folder all of its rule files
// (*.sanku) at any depth, hidden folders left out. No pack is needed.
[[nodiscard]] Result<std::vector<std::filesystem::path>>
formatted_files(const std::vector<std::string>& paths);

} // namespace sanku::engine
