// Texts that are not UTF-8: GB18030, which spreadsheet programs and older exports in China write
// (GBK and GB2312 are parts of it), by way of iconv. Entries: guess_encoding, Converter. Tested by
// tests/unit/runtime/encoding_test.cpp.
#pragma once

#include "runtime/types/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sanku::io {

enum class Encoding : std::uint8_t { utf8, gb18030 };

// `utf-8`, `utf8`, `gb18030`, `gbk`, `gb2312`, in any case.
[[nodiscard]] std::optional<Encoding> encoding_named(std::string_view name);

// Turns texts of one encoding into the other. One a thread.
class Converter {
public:
  [[nodiscard]] static Result<Converter> to_utf8();
  [[nodiscard]] static Result<Converter> to_gb18030();
  ~Converter();
  Converter(Converter&& other) noexcept;
  Converter& operator=(Converter&& other) noexcept;
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  // Appends to `out`. False: the text is not of its encoding; what was appended is unspecified.
  [[nodiscard]] bool append(std::string_view text, std::string& out);

private:
  Converter() = default;
  [[nodiscard]] static Result<Converter> open(const char* to, const char* from);
  void* handle_ = nullptr; // iconv_t; null: closed
  std::string input_;      // reused
};

// What a text says about its encoding; none when it is ASCII only. `whole`: nothing follows, so
// that a character may not be cut off at its end. Chinese text of some length in GB18030 is never
// UTF-8 by chance; what is neither is called UTF-8, whose readers then refuse it row by row.
[[nodiscard]] std::optional<Encoding> guess_encoding(std::string_view text, bool whole,
                                                     Converter& to_utf8);

[[nodiscard]] bool is_ascii(std::string_view text);

} // namespace sanku::io
