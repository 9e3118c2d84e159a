// Value: one value of the language outside of columns: constants in the Hir, what the evaluator
// computes, the holes of a finding. Codes stand here as text, never as dictionary ids, so that
// values of different batches and executions compare.
#pragma once

#include "runtime/types/scalar.h"
#include "runtime/types/type.h"

#include <string>
#include <string_view>
#include <variant>

namespace sanku {

struct Unknown {};
struct CodeText {
  std::string text;
};
// A listed value (id in schema order, from 1) or, when id is 0, a code that the schema does not
// list.
struct EnumValue {
  std::uint32_t id = 0;
  std::string unlisted;
};

using Value = std::variant<Unknown, Bool, Integer, Decimal, Date, DateTime, Span, Window, Age,
                           Count, CodeText, EnumValue, std::string, Score>;

inline bool is_known(const Value& value) { return !std::holds_alternative<Unknown>(value); }

[[nodiscard]] bool same(const Value& a, const Value& b);

enum class Language : std::uint8_t { zh, en };

// How a value reads for a person: money with two decimals at least and no thousands separators,
// dates ISO, spans and windows in words (`6小时` / `6 hours`). Codes and texts as they are. Enum
// values by `enum_name`, which the caller looks up in the schema.
[[nodiscard]] std::string to_text(const Value& value, const Type& type, Language language,
                                  std::string_view enum_name);

// Decimal digits: units × 10^-scale in plain notation, trailing zeros kept up to `keep` digits
// after the point, others dropped.
[[nodiscard]] std::string decimal_text(Int128 units, unsigned scale, unsigned keep);
[[nodiscard]] std::string date_text(Date date); // 2026-03-05
[[nodiscard]] std::string
datetime_text(DateTime time); // 2026-03-05 09:30, with seconds if any; a date at day precision

// Readers of single cells, shared by claim readers, knowledge tables and literals. Empty optional:
// not of that form. `parse_decimal` needs an exact value: more digits after the point than `scale`
// are accepted only if they are zeros.
[[nodiscard]] bool parse_decimal(std::string_view text, unsigned scale, Int128& units);
[[nodiscard]] bool parse_integer(std::string_view text, std::int64_t& value);
[[nodiscard]] bool parse_bool(std::string_view text, bool& value); // 1/0, true/false, 是/否, Y/N
[[nodiscard]] bool parse_date(std::string_view text, Date& date);  // 2026-03-05, 20260305, 2026/3/5
[[nodiscard]] bool
parse_datetime(std::string_view text,
               DateTime& time); // the above, then optionally [ T]hh:mm[:ss[.fff]]
[[nodiscard]] bool parse_span(std::string_view text, Span& span); // 28天, 18岁, 6个月, 2 hours
[[nodiscard]] bool
parse_window(std::string_view text,
             Window& window); // 单日, 6小时, 同一小时, 单次就诊, 14天, 6 hours, same visit, …

} // namespace sanku
