// QuickRecord: one request straight into the columns, read once and forwards. It learns which keys
// an object of each kind has and which one follows which, expects the next key, and compares every
// byte of it; a key that it did not expect is looked up, so the order may change from record to
// record. It reads what nearly all requests are: one visit, whose nodes are nested or side by side.
// Whatever else it meets (several visits, a field in two places, a cell that cannot be read, bytes
// that are no JSON), it takes back what it wrote and leaves the record to the general reader
// (ndjson.cpp), which alone says what a record means and why one is refused. Entry:
// QuickRecord::read. Tested by tests/unit/runtime/quick_record_test.cpp, which holds it against the
// general reader.
#pragma once

#include "runtime/batch/batch.h"
#include "runtime/codes/code_cache.h"
#include "runtime/io/claim_layout.h"
#include "runtime/io/visits.h"

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::io {

class QuickRecord {
public:
  // All the caller's, who keeps them.
  QuickRecord(const schema::Schema& schema, const ClaimLayout& layout,
              batch::BatchBuilder& builder);

  // The record that begins at `at`, committed; gives the end of its line. Null: nothing was done.
  // There is a line end somewhere behind, and 64 bytes after it may be read.
  [[nodiscard]] const char* read(const char* at, const batch::Origin& origin);
  // From now on values that no column takes are stepped over and not checked.
  void skim() { skims_ = true; }

private:
  // What a key is good for.
  enum class Use : std::uint8_t { nothing, cell, list, node, current, general };
  struct Meaning {
    Use use = Use::nothing;
    std::uint32_t number = 0; // of the column, the list, the scope
  };
  // A key of an object of one kind, and what was seen to follow it.
  struct Step {
    alignas(16) char text[32] = {}; // from behind the comma to the value
    std::uint32_t mask = 0;         // of its bytes; 0: longer, never expected
    std::uint16_t next = 0, other = 0;
    std::uint32_t length = 0;
    Meaning meaning;
    bool visit = false; // the visit's number
    batch::ColumnBuilding* column = nullptr;
  };
  struct Shape {
    std::vector<Meaning> meanings; // by slot
    const ObjectLayout* layout = nullptr;
    std::uint32_t relation = 0;
    std::vector<std::uint32_t> needed; // columns
    std::vector<Step> steps;           // [0] is none's
    std::deque<std::string> keys;
    NameIndex names; // of `keys`: number of the step
    std::uint16_t first = 0;
  };
  // Where an object stands.
  struct Place {
    Shape* shape;
    std::uint32_t scope, row;
  };
  struct Text {
    std::string_view text;
    std::uint32_t scope = no_scope; // no_scope: there is none
  };

  // Codes wait until the record is read, while what their look-up needs is fetched.
  struct WaitingCode {
    codes::Cell cell;
    std::uint64_t hash = 0;
    batch::ColumnBuilding* column = nullptr;
    const char* at = nullptr;
    std::uint32_t row = 0, size = 0;
  };

  void learn_meanings();
  [[nodiscard]] const char* object(const char* at, const Place& place);
  [[nodiscard]] const char* value(const char* at, const Step& step, const Place& place);
  [[nodiscard]] const char* unexpected(const char* at, Shape& shape, std::uint16_t before,
                                       std::uint16_t& step);
  [[nodiscard]] std::uint16_t learn(Shape& shape, std::string_view key);
  [[nodiscard]] const char* cell(const char* at, const Step& step, const Place& place);
  [[nodiscard]] const char* odd_cell(const char* at, const Step& step, const Place& place);
  [[nodiscard]] bool put(const Step& step, const Place& place, std::string_view text, bool plain);
  [[nodiscard]] bool put_otherwise(const Step& step, const Place& place, std::string_view text,
                                   bool is_missing);
  [[nodiscard]] const char* scalar(const char* at, std::string_view& text, bool& plain);
  [[nodiscard]] const char* unescaped(const char* at, const char* stop, std::string_view& text);
  [[nodiscard]] const char* list(const char* at, std::uint32_t relation);
  [[nodiscard]] const char* element(const char* at, std::uint32_t relation);
  [[nodiscard]] const char* node(const char* at, std::uint32_t scope, std::uint32_t inside);
  [[nodiscard]] const char* current(const char* at, std::uint32_t scope);
  [[nodiscard]] const char* skip(const char* at, int depth);
  void put_off(batch::ColumnBuilding& column, std::uint32_t row, std::string_view code);
  static void fetch_entry(const WaitingCode& code);
  [[nodiscard]] bool put_codes();
  [[nodiscard]] bool complete();

  const schema::Schema& schema_;
  const ClaimLayout& layout_;
  batch::BatchBuilder& builder_;
  bool skims_ = false;
  std::vector<Shape> shapes_; // by scope, then by list from `no_scopes` on

  // of the record being read:
  std::uint32_t row_ = 0; // of the settlement
  std::array<bool, 5> opened_ = {};
  std::vector<bool> listed_; // by relation
  Text number_, wanted_;     // the visit's, and that which the request is about
  std::vector<WaitingCode> codes_;
  struct Missing {
    batch::ColumnBuilding* column;
    std::uint32_t row;
  };
  std::vector<Missing> missing_; // what was said to be missing: marked until the end
  std::vector<char> scratch_;    // texts without their escapes
  std::size_t scratch_used_ = 0;
};

} // namespace sanku::io
