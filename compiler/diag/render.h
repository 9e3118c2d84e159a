// Diagnostics as a person or a program reads them: text with the source lines underlined by display
// width, JSON with one object a line, SARIF 2.1.0; and the texts behind `sanku explain-code`. All
// print what they are given, in that order; sort() comes first. Tested by
// tests/unit/compiler/diag_test.cpp.
#pragma once

#include "compiler/diag/diagnostic.h"
#include "compiler/source/source.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace sanku::diag {

enum class Language : std::uint8_t { zh, en };

struct TextOptions {
  Language language = Language::en;
  bool colour = false; // ANSI escapes
};

[[nodiscard]] std::string code_name(std::uint16_t number); // SK1004
[[nodiscard]] std::string text(const Diagnostics& diags, const source::SourceMap& map,
                               TextOptions options);
// `2 errors, 0 warnings in 3 files. …`, with where to read more when there is something to read
// about; ends with a newline.
[[nodiscard]] std::string summary(const Diagnostics& diags, std::size_t files, Language language);
[[nodiscard]] std::string json(const Diagnostics& diags, const source::SourceMap& map);
[[nodiscard]] std::string sarif(const Diagnostics& diags, const source::SourceMap& map,
                                Language language);
// What a code means, in a few sentences; none when there is no such code. Accepts `SK1004`,
// `sk1004` and `1004`.
[[nodiscard]] std::optional<std::string> explain_code(std::string_view code, Language language);

} // namespace sanku::diag
