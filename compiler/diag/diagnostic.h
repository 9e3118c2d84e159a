// What the compiler tells an author: report<"name">(diags, span, arguments…) makes a diagnostic of
// a row of compiler/diag/code.h, and labels, further help and fixes can be attached to what it
// returns:
//
//   report<"unknown_name">(diags, span, name).label(other, "声明于此", "declared here").fix(span,
//   nearest);
//
// Messages exist in both languages at once; which is shown is decided when they are rendered. An
// argument that differs between the languages is passed as Words. Holes are checked against the
// arguments when the call is compiled. Tested by diag_test.cpp.
#pragma once

#include "compiler/diag/code.h"
#include "compiler/source/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sanku::diag {

using source::Span;

struct Label {
  Span span;
  std::string zh, en;
};
struct Help {
  std::string zh, en;
};
// Replacing the bytes of `span` by `replacement`; an empty span inserts.
struct Fix {
  Span span;
  std::string replacement;
};

struct Diagnostic {
  std::uint16_t number = 0;
  Severity severity = Severity::error;
  Span span;
  std::string zh, en;
  std::vector<Label> labels;
  std::vector<Help> helps;
  std::vector<Fix> fixes;

  Diagnostic& label(Span where, std::string zh_text, std::string en_text);
  Diagnostic& help(std::string zh_text, std::string en_text);
  Diagnostic& fix(Span where, std::string replacement);
};

struct Diagnostics {
  std::vector<Diagnostic> all;
};

[[nodiscard]] std::size_t count(const Diagnostics& diags, Severity severity);
[[nodiscard]] bool has_errors(const Diagnostics& diags);
// In source order: by file, place, number; equal ones stay as reported.
void sort(Diagnostics& diags);

// ---- report, checked at compile time

template <std::size_t size> struct RowName {
  char text[size];
  consteval RowName(const char (&literal)[size]) { std::copy_n(literal, size, text); }
  [[nodiscard]] constexpr std::string_view view() const { return {text, size - 1}; }
};

consteval const Row& row_named(std::string_view name) {
  for (const Row& row : rows) {
    if (row.name == name)
      return row;
  }
  throw "no row of compiler/diag/code.h has this name";
}

// How many arguments a format uses: automatic holes, or the largest index plus one.
consteval std::size_t holes_in(std::string_view format) {
  std::size_t automatic = 0, indexed = 0;
  for (std::size_t at = 0; at < format.size(); ++at) {
    if (format[at] != '{')
      continue;
    const char next = format[at + 1];
    if (next == '{') {
      ++at;
    } else if (next >= '0' && next <= '9') {
      const auto index = static_cast<std::size_t>(next - '0');
      indexed = index + 1 > indexed ? index + 1 : indexed;
    } else {
      ++automatic;
    }
  }
  return automatic > indexed ? automatic : indexed;
}

template <class T> struct Shown {
  using type = T;
};
template <> struct Shown<Words> {
  using type = std::string_view;
};
template <class T> using ShownAs = typename Shown<std::remove_cvref_t<T>>::type;

template <class T> const T& in_chinese(const T& value) { return value; }
inline std::string_view in_chinese(const Words& words) { return words.zh; }
template <class T> const T& in_english(const T& value) { return value; }
inline std::string_view in_english(const Words& words) { return words.en; }

template <RowName name, class... Arguments>
Diagnostic& report(Diagnostics& diags, Span span, const Arguments&... arguments) {
  static constexpr const Row& row = row_named(name.view());
  static_assert(std::max(holes_in(row.message.zh), holes_in(row.help.zh)) == sizeof...(Arguments),
                "the Chinese message and help have other holes than the call");
  static_assert(std::max(holes_in(row.message.en), holes_in(row.help.en)) == sizeof...(Arguments),
                "the English message and help have other holes than the call");
  // Checks the types of the holes; the formatting itself is the same code for every row.
  using Format = fmt::format_string<const ShownAs<Arguments>&...>;
  [[maybe_unused]] constexpr Format checked[] = {row.message.zh, row.message.en, row.help.zh,
                                                 row.help.en};
  Diagnostic diagnostic;
  diagnostic.number = row.number;
  diagnostic.severity = row.severity;
  diagnostic.span = span;
  diagnostic.zh = fmt::vformat(row.message.zh, fmt::make_format_args(in_chinese(arguments)...));
  diagnostic.en = fmt::vformat(row.message.en, fmt::make_format_args(in_english(arguments)...));
  if constexpr (!row.help.en.empty()) {
    diagnostic.help(fmt::vformat(row.help.zh, fmt::make_format_args(in_chinese(arguments)...)),
                    fmt::vformat(row.help.en, fmt::make_format_args(in_english(arguments)...)));
  }
  diags.all.push_back(std::move(diagnostic));
  return diags.all.back();
}

} // namespace sanku::diag
