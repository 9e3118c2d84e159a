// A verdict: what a review, or an appeal against it, made of a finding. Read from NDJSON or CSV
// (tools/outcomes/README.md has the members); a line that is wrong is refused with its place and
// what would be right, and the others count. Entries: read_verdicts, to_json. Tested by
// tests/unit/tools/outcomes_test.cpp.
#pragma once

#include "runtime/io/ndjson.h"
#include "runtime/types/result.h"
#include "runtime/types/scalar.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace sanku::outcomes {

enum class Ruling : std::uint8_t { confirmed, partly, rejected };
enum class Stage : std::uint8_t { review, appeal }; // of one day the later counts

struct Verdict {
  std::string finding; // its identity
  Ruling ruling = Ruling::confirmed;
  std::optional<std::int64_t> cents; // upheld; of a confirmed one by default the finding's amount
  Date date{};                       // when it was given
  Stage stage = Stage::review;
  std::string region = {}, by = {}, note = {};
};

[[nodiscard]] std::string_view ruling_word(Ruling ruling);
[[nodiscard]] std::string_view stage_word(Stage stage);
// One line in one form, without a line break; the same verdict is the same text.
[[nodiscard]] std::string to_json(const Verdict& verdict);

struct VerdictPorts {
  std::function<void(Verdict, std::uint64_t line)> take;
  std::function<Result<void>(const io::Reject&)> reject;
};
// A path that ends in .csv is CSV, any other NDJSON; `-` is standard input.
[[nodiscard]] Result<void> read_verdicts(const std::string& path, const VerdictPorts& ports);

} // namespace sanku::outcomes
