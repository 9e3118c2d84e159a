// Which nodes of a request are its visits, and where around them the other fields stand: the part
// of reading that knows how public senders differ in nesting. Entry: VisitFinder::find. Tested by
// tests/unit/runtime/ndjson_test.cpp.
#pragma once

#include "runtime/io/claim_layout.h"
#include "runtime/io/json_tape.h"
#include "runtime/types/result.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sanku::io {

inline constexpr std::uint32_t no_scope = 0xffffffffu;
inline constexpr std::size_t visit_scope = 0, patient_scope = 1, data_scope = 2, input_scope = 3,
                             line_scope = 4;

// One visit of a line: its own node, then the nodes around it from the inside out (person, data,
// input, line), as numbers of scopes.
struct VisitRef {
  std::array<std::uint32_t, 5> scopes = {no_scope, no_scope, no_scope, no_scope, no_scope};
  std::uint32_t part = 0;
  bool context = false; // not what the request is about, but the same person's
};

class VisitFinder {
public:
  // Both stay with the caller and outlive the finder.
  VisitFinder(const ClaimLayout& layout, const JsonTape& tape) : layout_(layout), tape_(tape) {}

  // Finds the visits of the document on the tape. False: `reason` says why it is refused.
  [[nodiscard]] bool find();
  // The objects of a node that is an object or a list of objects; blank ones are left out.
  // False: it is neither, and `reason` says so.
  [[nodiscard]] bool elements(std::uint32_t at, std::vector<std::uint32_t>& objects);

  // Where the known fields of an object are. False: a field stands twice with different content,
  // and `reason` says which. The same content twice is harmless, and so is a blank beside a value.
  [[nodiscard]] bool scan(const ObjectLayout& layout, std::uint32_t object,
                          std::vector<std::uint32_t>& places);
  // "", "-", null, {} and [] all say that there is nothing.
  [[nodiscard]] bool is_blank(std::uint32_t at) const;
  // The first of these slots that holds something in a scope, 0 if none.
  [[nodiscard]] std::uint32_t look(std::uint32_t scope,
                                   const std::vector<std::uint32_t>& slots) const;
  [[nodiscard]] const Node& node(std::uint32_t at) const { return tape_.nodes()[at]; }

  std::vector<VisitRef> visits; // in the order of the document, context too
  std::uint32_t encounters = 0; // of them
  std::uint32_t context = 0;    // of those, how many the request is not about
  std::optional<Error> reason;  // of the first refusal since it was reset

private:
  bool refuse(Error why);
  // False: its fields cannot be told apart (scan).
  [[nodiscard]] bool open_scope(std::uint32_t object, std::uint32_t& scope);
  [[nodiscard]] bool same_value(std::uint32_t a, std::uint32_t b) const;
  [[nodiscard]] bool has(std::uint32_t scope, const std::vector<std::uint32_t>& slots) const;
  [[nodiscard]] bool find_in_data(VisitRef around);
  [[nodiscard]] bool find_of_patient(VisitRef around, bool only_patient);
  [[nodiscard]] bool is_current(const VisitRef& visit, std::string_view wanted) const;

  const ClaimLayout& layout_;
  const JsonTape& tape_;
  // An object above the child lists: its node by slot, 0 = not there. Reused; the first `used_`
  // belong to this line.
  std::vector<std::vector<std::uint32_t>> scopes_;
  std::uint32_t used_ = 0;
};

} // namespace sanku::io
