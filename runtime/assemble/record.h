// A settlement record apart from any batch: what it says about which visit it belongs to, and its
// content as bytes that do not depend on the order of its lines, so that it can wait outside of
// memory for the other records of its visit, and so that equal content is equal bytes. Entries:
// keys_of, KeyReader, pack, unpack, add_visit, add_packed. Tested by
// tests/unit/runtime/settle_test.cpp.
#pragma once

#include "runtime/batch/batch.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sanku::assemble {

// Keys are pairs of texts; empty: the record has none.
struct RecordKeys {
  std::string visit;      // provider and visit number
  std::string settlement; // provider and settlement number
  std::string takes_back; // provider and the number of the settlement that it takes back
  bool refund = false;    // it says that it is a refund, or names what it takes back
};

[[nodiscard]] RecordKeys keys_of(const batch::Batch& batch, const schema::Schema& schema,
                                 const batch::Dictionaries& dictionaries, std::uint32_t settlement);

// Of those keys, as visit_hash and settlement_hash give them.
struct KeyHashes {
  std::uint64_t visit = 0;
  std::optional<std::uint64_t> settlement, takes_back;
  bool refund = false;
};

// Reads the keys of one batch's records, which are the caller's: where the columns are is found
// once, and for hashes no key is made.
class KeyReader {
public:
  KeyReader(const batch::Batch& batch, const schema::Schema& schema,
            const batch::Dictionaries& dictionaries);
  [[nodiscard]] RecordKeys keys(std::uint32_t settlement) const;
  [[nodiscard]] KeyHashes hashes(std::uint32_t settlement);

private:
  using Text = std::optional<std::string_view>;
  struct Column {
    const batch::ColumnData* data = nullptr; // null: the schema has none
    Type type;
    std::uint32_t dictionary = 0; // of codes
  };
  struct Texts {
    Text provider, visit, settlement, refunded;
    bool refund = false, takes_back = false;
  };
  [[nodiscard]] Column column(const schema::Schema& schema, schema::Role role) const;
  [[nodiscard]] Text text(const Column& column, std::uint32_t settlement) const;
  [[nodiscard]] Texts texts(std::uint32_t settlement) const;

  const batch::Batch& batch_;
  const batch::Dictionaries& dictionaries_;
  Column provider_, visit_, settlement_, refunded_, refund_;
  std::string key_; // room
};

// The same on every machine. A visit's number may be a settlement's too, so each has its own.
[[nodiscard]] std::uint64_t visit_hash(std::string_view key);
[[nodiscard]] std::uint64_t settlement_hash(std::string_view key);

// A visit as values: [relation][row][column].
using Row = std::vector<Value>;
using Rows = std::vector<std::vector<Row>>;

[[nodiscard]] std::string pack(const batch::Batch& batch, const schema::Schema& schema,
                               const batch::Dictionaries& dictionaries, std::uint32_t settlement);
[[nodiscard]] Rows unpack(const schema::Schema& schema, std::string_view packed);

// `context`: looked at, not judged.
void add_visit(batch::BatchBuilder& builder, const Rows& rows, const batch::Origin& origin,
               bool context = false);

// As add_visit of what `unpack` gives, without the detour of values: visits are put together many
// times. `where_missing`: what the settlement's columns have where the record has nothing.
using HeaderCells = std::vector<std::pair<std::uint32_t, Value>>;
void add_packed(batch::BatchBuilder& builder, const schema::Schema& schema, std::string_view packed,
                const batch::Origin& origin, bool context, const HeaderCells& where_missing);

// The settlement record's own identity alone, as a schema: what a first look at a file reads.
[[nodiscard]] schema::Schema identity_schema(const schema::Schema& schema);

} // namespace sanku::assemble
