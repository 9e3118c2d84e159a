// Persons have no place in a pack: identity numbers, telephone numbers and names in tests are
// refused before they are handed on. Entries: personal_in_tests, personal_in_file. Tested by
// tests/unit/tools/personal_test.cpp.
#pragma once

#include "tools/engine/rules.h"

#include <optional>
#include <string_view>

namespace sanku::deploy {

enum class Personal : std::uint8_t { identity_number, telephone, name };

// The first in a text, wherever it stands and however its digits are divided: numbers of 18 digits
// with the right last one (GB 11643) or of 15 with a date of birth, mobile and fixed telephone
// numbers. Full-width digits count.
[[nodiscard]] std::optional<Personal> personal_number(std::string_view text);
// Whether what stands where a person's name does is nobody's: 患者甲, 张某, 某某, 测试1, 张三, P1,
// or nothing. There are more names than any list of surnames holds, so what is not one of these
// forms is taken for a name.
[[nodiscard]] bool is_invented_name(std::string_view text);

// Whether a common surname begins it; and 王先生, 王小明女士, wherever it stands in a text.
[[nodiscard]] bool has_surname(std::string_view name);
[[nodiscard]] bool is_addressed(std::string_view text);
// A column of identity that holds what a person is called, rather than a number.
[[nodiscard]] bool is_name_column(const schema::Column& column);
void tell_personal(Personal what, source::Span place, diag::Diagnostics& diagnostics);

// Tells all of the layers that were named, each with its place.
void personal_in_tests(const engine::Rules& rules, diag::Diagnostics& diagnostics);
// A claim in a file that a test names; `place` is that of the file (personal_claim.cpp).
void personal_in_file(std::string_view text, const schema::Schema& schema, source::Span place,
                      diag::Diagnostics& diagnostics);

} // namespace sanku::deploy
