// Writes values so that different ones are different bytes. For the files content*.cpp of this
// folder. Entry: ContentWriter.
#pragma once

#include "runtime/types/match.h"
#include "runtime/types/type.h"
#include "runtime/types/value.h"

#include <fmt/format.h>

#include <bit>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

namespace sanku::hir {

struct ContentWriter {
  std::string bytes = {};

  void number(std::uint64_t number) { fmt::format_to(std::back_inserter(bytes), "{} ", number); }
  void signed_number(std::int64_t number) {
    fmt::format_to(std::back_inserter(bytes), "{} ", number);
  }
  void flag(bool is_so) { bytes += is_so ? 'y' : 'n'; }
  void text(std::string_view text) {
    number(text.size());
    bytes += text;
  }
  void real(double number_) { number(std::bit_cast<std::uint64_t>(number_)); }
  void type(const Type& type) {
    number(static_cast<std::uint64_t>(type.kind));
    number(type.scale);
    number(type.digits);
    number(type.domain);
  }
  void value(const Value& value) {
    number(value.index());
    std::visit(match{
                   [](const Unknown&) {},
                   [&](const Bool& x) { flag(x.value != 0); },
                   [&](const Integer& x) { signed_number(x.value); },
                   [&](const Decimal& x) { text(decimal_text(x.units, 0, 0)); },
                   [&](const Date& x) { signed_number(x.days); },
                   [&](const DateTime& x) { signed_number(x.seconds); },
                   [&](const sanku::Span& x) { signed_number(x.packed); },
                   [&](const Window& x) { signed_number(x.packed); },
                   [&](const Age& x) { signed_number(x.packed); },
                   [&](const Count& x) {
                     signed_number(x.low);
                     signed_number(x.high);
                   },
                   [&](const CodeText& x) { text(x.text); },
                   [&](const EnumValue& x) {
                     number(x.id);
                     text(x.unlisted);
                   },
                   [&](const std::string& x) { text(x); },
                   [&](const Score& x) { real(x.value); },
               },
               value);
  }
};

} // namespace sanku::hir
