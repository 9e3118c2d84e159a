// The values of QuickRecord (quick_record.h) that are no usual cell: numbers, escaped strings, what
// nobody reads. Tested by tests/unit/runtime/quick_record_test.cpp.
#include "runtime/batch/cell.h"
#include "runtime/io/json_token.h"
#include "runtime/io/quick_record.h"
#include "runtime/io/quick_scan.h"

#include <algorithm>

namespace sanku::io {
namespace {

constexpr int deepest = 32; // less than what the general reader allows

} // namespace

const char* QuickRecord::current(const char* at, std::uint32_t scope) {
  std::string_view text;
  bool plain = true;
  at = scalar(at, text, plain);
  if (at == nullptr || scope == visit_scope || batch::is_blank(codes::trim(text)))
    return at;
  if (wanted_.scope != no_scope)
    return nullptr;
  wanted_ = {text, scope};
  return at;
}

// A text, a number, true, false; null is an empty text.
const char* QuickRecord::scalar(const char* at, std::string_view& text, bool& plain) {
  if (*at == '"') {
    const char* stop = quick::string_stop(at + 1, plain);
    text = {at + 1, static_cast<std::size_t>(stop - at - 1)};
    if (*stop == '"' && plain)
      return stop + 1;
    plain = false;
    return unescaped(at + 1, stop, text);
  }
  const char* end = at;
  while (*end > ' ' && *end != ',' && *end != '}' && *end != ']')
    ++end;
  text = {at, static_cast<std::size_t>(end - at)};
  if (text == "null")
    text = {at, 0};
  else if (!is_json_number(text) && !is_json_word(text))
    return nullptr;
  return end;
}

// A string of which `stop` is the first byte that is not simply a part of it. Without escapes the
// text stays where it is.
const char* QuickRecord::unescaped(const char* at, const char* stop, std::string_view& text) {
  if (*stop == '"') {
    text = {at, static_cast<std::size_t>(stop - at)};
    return quick::good_utf8(at, stop) ? stop + 1 : nullptr;
  }
  char* const begin = scratch_.data() + scratch_used_;
  const char* const most = scratch_.data() + scratch_.size() - 64;
  char* to = begin;
  while (true) {
    if (!quick::good_utf8(at, stop) || stop - at > most - to)
      return nullptr;
    to = std::copy(at, stop, to);
    if (*stop == '"')
      break;
    std::uint32_t character = 0;
    if (*stop != '\\' || (at = quick::escaped_character(stop + 1, character)) == nullptr)
      return nullptr;
    to = quick::write_utf8(to, character);
    bool plain = true;
    stop = quick::string_stop(at, plain);
    if (to > most)
      return nullptr;
  }
  text = {begin, static_cast<std::size_t>(to - begin)};
  scratch_used_ = static_cast<std::size_t>(to - scratch_.data());
  return stop + 1;
}

// A value that nobody reads is JSON all the same; where records are only skimmed nobody asks.
const char* QuickRecord::skip(const char* at, int depth) {
  std::string_view text;
  bool plain = true;
  if (*at == '"' && skims_) {
    const char* const stop = quick::string_stop(at + 1, plain);
    return *stop == '"' ? stop + 1 : scalar(at, text, plain);
  }
  if (*at != '[' && *at != '{')
    return scalar(at, text, plain);
  if (skims_)
    if (const char* const behind = quick::behind_brackets(at); behind != nullptr)
      return behind;
  if (depth > deepest)
    return nullptr;
  const bool fields = *at == '{';
  const char close = fields ? '}' : ']';
  at = quick::skip_blanks(at + 1);
  if (*at == close)
    return at + 1;
  while (true) {
    if (fields) {
      at = *at == '"' ? scalar(at, text, plain) : nullptr;
      if (at == nullptr || *(at = quick::skip_blanks(at)) != ':')
        return nullptr;
      at = quick::skip_blanks(at + 1);
    }
    at = skip(at, depth + 1);
    if (at == nullptr)
      return nullptr;
    at = quick::skip_blanks(at);
    if (*at != ',')
      return *at == close ? at + 1 : nullptr;
    at = quick::skip_blanks(at + 1);
  }
}

} // namespace sanku::io
