// What the readers of published tables share: the named columns of a file as rows of text, the
// catalogue while it is read, and the error that a value is not known here. Entries: read_columns,
// item_of, read_codes. Tested by tests/unit/tools/generate_test.cpp.
#pragma once

#include "tools/generate/catalogue.h"
#include "tools/generate/csv.h"

#include <map>
#include <string>
#include <variant>
#include <vector>

namespace sanku::generate {

using Row = std::vector<std::string>;
using Rows = std::vector<Row>;

// The catalogue while it is read: items are found by code.
struct Draft {
  Catalogue catalogue;
  std::map<std::string, std::uint32_t> by_code;
};

// The named columns of a file, in the order asked for.
Result<Rows> read_columns(const std::filesystem::path& file,
                          const std::vector<std::string_view>& names);

tl::unexpected<Error> bad_cell(const std::filesystem::path& file, const std::string& key,
                               const std::string& cell);

Sex sex_of(std::string_view word); // 男, 女; any for what is neither

// The item of a code, made if it is new.
std::uint32_t item_of(Draft& draft, const std::string& code, const std::string& name,
                      ItemKind kind);

// The registered diagnoses and operations, with what the tables say of operations.
Result<std::monostate> read_codes(Draft& draft, const CatalogueFiles& files);

} // namespace sanku::generate
