// One JSON document as a flat list of nodes in document order, every value checked: strings
// unescaped, numbers kept as they are written (a decimal never passes through a double), containers
// with the place where they end. simdjson's On-Demand parser reads each document forwards once; the
// tape lets the reader ask in any order afterwards. Entry: JsonTape::parse. Why a tape: On-Demand
// checks only what is visited, its DOM loses the digits of numbers. Tested by
// tests/unit/runtime/ndjson_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::io {

enum class NodeKind : std::uint8_t { null, boolean, number, text, object, list };

struct Node {
  NodeKind kind = NodeKind::null;
  std::uint32_t next = 0; // the node after this one and all below it
  std::string_view key;   // in an object
  std::string_view text;  // scalars, as text
};

// The ways a document can fail to be one.
enum class JsonFault : std::uint8_t {
  none,
  not_utf8,
  incomplete,
  malformed,
  not_an_object,
  too_deep,
  too_large
};

class JsonTape {
public:
  JsonTape();
  ~JsonTape();
  JsonTape(const JsonTape&) = delete;
  JsonTape& operator=(const JsonTape&) = delete;

  // Reads one document that is an object and nothing after it. `readable`: bytes that may be read
  // from text.data() on; fewer than text.size() + padding means a copy. The tape is valid until the
  // next call, as long as the text is.
  [[nodiscard]] JsonFault parse(std::string_view text, std::size_t readable);

  // Node 0 is the root. The children of container i begin at i + 1 and end before nodes[i].next.
  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }

private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
  std::string padded_;
  std::vector<Node> nodes_;
};

// Deeper than any request of the interface, and shallow enough for the stack.
inline constexpr int max_json_depth = 64;

} // namespace sanku::io
