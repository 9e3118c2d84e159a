// QuickRecord: one request straight into the columns, read once and forwards. It learns which keys
// an object of each kind has and which one follows which, expects the next key, and compares every
// byte of it; a key that it did not expect is looked up, so the order may change from record to
// record. It reads what nearly all requests are: one visit, whose nodes are nested or side by side.
// Whatever else it meets (several visits, a field in two places, a cell that cannot be read, bytes
// that are no JSON), it takes back what it wrote and leaves the record to the general reader
// (ndjson.cpp), which alone says what a record means and why one is refused. What is done for every
// key and every value is in quick_objects.h, once for each width of vectors. Entries: QuickRecord
// ::make and read. Tested by tests/unit/runtime/quick_record_test.cpp, which holds it against the
// general reader.
#pragma once

#include "runtime/batch/batch.h"
#include "runtime/io/quick_shape.h"
#include "runtime/io/visits.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace sanku::io {

// Of 16 bytes; of 32, where the processor has such.
enum class Vectors : std::uint8_t { narrow, widest };

class QuickRecord {
public:
  // All the caller's, who keeps them.
  [[nodiscard]] static std::unique_ptr<QuickRecord> make(const schema::Schema& schema,
                                                         const ClaimLayout& layout,
                                                         batch::BatchBuilder& builder,
                                                         Vectors vectors = Vectors::widest);
  virtual ~QuickRecord() = default;
  QuickRecord(const QuickRecord&) = delete;
  QuickRecord& operator=(const QuickRecord&) = delete;

  // The record that begins at `at`, committed; gives the end of its line. Null: nothing was done.
  // There is a line end somewhere behind, and 64 bytes after it may be read.
  [[nodiscard]] const char* read(const char* at, const batch::Origin& origin);
  // From now on values that no column takes are stepped over and not checked.
  void skim() { skims_ = true; }

protected:
  using Step = quick::Step;
  using Shape = quick::Shape;
  using Place = quick::Place;

  struct Text {
    std::string_view text;
    std::uint32_t scope = no_scope; // no_scope: there is none
  };
  // Codes wait until the record is read, while what their look-up needs is fetched.
  struct WaitingCode {
    std::uint64_t hash;
    batch::ColumnBuilding* column;
    const char* at;
    std::uint32_t row, size;

    [[nodiscard]] std::string_view text() const { return {at, size}; }
  };

  QuickRecord(const schema::Schema& schema, const ClaimLayout& layout,
              batch::BatchBuilder& builder);

  // From the opening brace.
  [[nodiscard]] virtual const char* object(const char* at, const Place& place) = 0;
  // The codes that are known already; the others go to `new_codes_`.
  virtual void put_known_codes() = 0;

  [[nodiscard]] const char* value(const char* at, const Step& step, const Place& place);
  [[nodiscard]] const char* learn(const char* at, Shape& shape, std::uint8_t& step);
  [[nodiscard]] bool put_again(std::string_view text) const;
  [[nodiscard]] bool put_otherwise(const Step& step, const Place& place, std::string_view text,
                                   batch::Put done);

  bool skims_ = false;
  std::vector<WaitingCode> codes_, new_codes_; // of the record being read

private:
  void learn_meanings();
  [[nodiscard]] std::uint8_t steps_of(Shape& shape, std::string_view key);
  [[nodiscard]] bool complete();
  [[nodiscard]] const char* cell(const char* at, const Step& step, const Place& place);
  [[nodiscard]] const char* scalar(const char* at, std::string_view& text, bool& plain);
  [[nodiscard]] const char* unescaped(const char* at, const char* stop, std::string_view& text);
  [[nodiscard]] const char* list(const char* at, std::uint32_t relation);
  [[nodiscard]] const char* element(const char* at, std::uint32_t relation);
  [[nodiscard]] const char* node(const char* at, std::uint32_t scope, std::uint32_t inside);
  [[nodiscard]] const char* current(const char* at, std::uint32_t scope);
  [[nodiscard]] const char* skip(const char* at, int depth);
  [[nodiscard]] static bool put_new_code(const WaitingCode& code);

  const schema::Schema& schema_;
  const ClaimLayout& layout_;
  batch::BatchBuilder& builder_;
  std::vector<Shape> shapes_; // by scope, then by list from `no_scopes` on

  // of the record being read:
  std::uint32_t row_ = 0; // of the settlement
  std::array<bool, 5> opened_ = {};
  std::vector<bool> listed_; // by relation
  Text number_, wanted_;     // the visit's, and that which the request is about
  struct Missing {
    batch::ColumnBuilding* column;
    std::uint32_t row;
  };
  std::vector<Missing> missing_; // what was said to be missing: marked until the end
  std::vector<char> scratch_;    // texts without their escapes
  std::size_t scratch_used_ = 0;
};

} // namespace sanku::io
