// Encodings (encoding.h).
#include "runtime/io/encoding.h"

#include "runtime/types/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iconv.h>
#include <system_error>
#include <utility>

namespace sanku::io {
namespace {

iconv_t as_handle(void* handle) { return static_cast<iconv_t>(handle); }

} // namespace

std::optional<Encoding> encoding_named(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (lower == "utf-8" || lower == "utf8")
    return Encoding::utf8;
  if (lower == "gb18030" || lower == "gbk" || lower == "gb2312")
    return Encoding::gb18030;
  return std::nullopt;
}

Result<Converter> Converter::open(const char* to, const char* from) {
  Converter made;
  made.handle_ = ::iconv_open(to, from);
  // iconv_open's answer for "no" is the address -1.
  if (made.handle_ ==
      reinterpret_cast<void*>(-1)) { // NOLINT(performance-no-int-to-ptr): iconv's own form
    made.handle_ = nullptr;
    const std::string why = std::system_category().message(errno);
    return failure(fmt::format("this system cannot convert {} to {}: {}", from, to, why),
                   fmt::format("系统不支持由 {} 转换为 {}：{}", from, to, why));
  }
  return made;
}

Result<Converter> Converter::to_utf8() { return open("UTF-8", "GB18030"); }
Result<Converter> Converter::to_gb18030() { return open("GB18030", "UTF-8"); }

Converter::~Converter() {
  if (handle_ != nullptr)
    ::iconv_close(as_handle(handle_));
}
Converter::Converter(Converter&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
Converter& Converter::operator=(Converter&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

bool Converter::append(std::string_view text, std::string& out) {
  (void)::iconv(as_handle(handle_), nullptr, nullptr, nullptr, nullptr);
  // iconv asks for text that it might write; it does not.
  input_.assign(text);
  char* from = input_.data();
  std::size_t left = text.size();
  std::array<char, 4096> piece;
  while (left > 0) {
    char* to = piece.data();
    std::size_t room = piece.size();
    const std::size_t done = ::iconv(as_handle(handle_), &from, &left, &to, &room);
    out.append(piece.data(), piece.size() - room);
    if (done == static_cast<std::size_t>(-1) && errno != E2BIG)
      return false;
  }
  return true;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Line by line, so that a few broken ones do not decide: a line end is never part of a character of
// either encoding.
std::optional<Encoding> guess_encoding(std::string_view text, bool whole, Converter& to_utf8) {
  if (is_ascii(text))
    return std::nullopt;
  if (const std::size_t end = text.rfind('\n'); !whole && end != std::string_view::npos)
    text = text.substr(0, end);
  std::size_t utf8_lines = 0, gb18030_lines = 0;
  std::string converted;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (is_ascii(line))
      continue;
    converted.clear();
    if (is_utf8(line))
      ++utf8_lines;
    else if (to_utf8.append(line, converted))
      ++gb18030_lines;
  }
  return utf8_lines >= gb18030_lines ? Encoding::utf8 : Encoding::gb18030;
}

} // namespace sanku::io
