// See candidates.h.
#include "runtime/batch/candidates.h"

namespace sanku::batch {

std::string joined(const std::vector<std::string_view>& candidates) {
  std::string text;
  for (const std::string_view& each : candidates) {
    if (&each != candidates.data())
      text += candidate_separator;
    text += each;
  }
  return text;
}

std::vector<std::string_view> members(std::string_view code) {
  std::vector<std::string_view> found;
  for (std::size_t at = 0;;) {
    const std::size_t end = std::min(code.find(candidate_separator, at), code.size());
    found.push_back(code.substr(at, end - at));
    if (end == code.size())
      return found;
    at = end + 1;
  }
}

std::uint32_t code_id(codes::Overflow& own, const codes::Dictionary& frozen,
                      std::string_view code) {
  const bool several = code.find(candidate_separator) != std::string_view::npos;
  // Each candidate gets an id, so that it can be compared.
  if (several)
    for (const std::string_view each : members(code))
      static_cast<void>(code_id(own, frozen, each));
  const std::uint32_t id = several ? codes::no_code : codes::find(frozen, code);
  if (id != codes::no_code)
    return id;
  return (codes::frozen_size(frozen) + codes::intern(own, code)) | (several ? candidates_bit : 0u);
}

} // namespace sanku::batch
