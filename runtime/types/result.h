// Result<T>: what the world (files, memory maps, the JIT) can refuse. A user's mistake in rule text
// is a Diagnostic instead, our own mistake is check().
#pragma once

#include <tl/expected.hpp>

#include <string>

namespace sanku {

// What went wrong, in both languages: one sentence that names the file or resource and what to do.
struct Error {
  std::string en;
  std::string zh;
};

template <class T> class [[nodiscard]] Result : public tl::expected<T, Error> {
public:
  using tl::expected<T, Error>::expected;
};

inline tl::unexpected<Error> failure(std::string en, std::string zh) {
  return tl::unexpected<Error>(Error{.en = std::move(en), .zh = std::move(zh)});
}

} // namespace sanku
