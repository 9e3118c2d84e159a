// The same settlements in every input form: what generate writes (nested NDJSON) is read again and
// written as another. So a test can show that findings do not depend on the form. Entry:
// FormWriter. Tested by tests/unit/tools/forms_test.cpp.
//
// nested          one `data` node a line, numbers as texts: as generate writes
// flat            all nodes side by side, inner ones first, single elements as objects, numbers as
//                 numbers
// envelope        within `input.data` of the interface's common envelope
// csv             settlement.csv, diagnoses.csv, operations.csv, items.csv with the settlement
//                 tables' field names
// csv-gb18030     the same in GB18030
#pragma once

#include "runtime/io/encoding.h"
#include "runtime/io/json_tape.h"
#include "runtime/types/result.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sanku::generate {

enum class Form : std::uint8_t { nested, flat, envelope, csv, csv_gb18030 };
[[nodiscard]] std::optional<Form> form_named(std::string_view name);
[[nodiscard]] inline bool is_folder(Form form) {
  return form == Form::csv || form == Form::csv_gb18030;
}

// What goes into each file; of forms with one file, into the first.
using FormTexts = std::array<std::string, 4>;
inline constexpr std::array<std::string_view, 4> form_files = {"settlement.csv", "diagnoses.csv",
                                                               "operations.csv", "items.csv"};

class FormWriter {
public:
  [[nodiscard]] static Result<std::unique_ptr<FormWriter>> create(Form form);
  FormWriter(Form form, std::optional<io::Converter> to_gb18030);

  // The headers of CSV files.
  void begin(FormTexts& out);
  // Whole lines of nested NDJSON, as generate gives them.
  void add(std::string_view lines, FormTexts& out);

private:
  void add_line(std::string_view line, FormTexts& out);
  void add_rows(FormTexts& out);
  void write_cell(std::string& out, std::string_view cell);

  Form form_;
  io::JsonTape tape_;
  std::optional<io::Converter> to_gb18030_;
};

} // namespace sanku::generate
