// A Batch: a block of visits as Arrow-shaped columns, with the codes that the frozen dictionaries
// lack and where each visit came from. Built by readers through BatchBuilder, completed by
// assemble, read by generated code through `view` and by the evaluator through `value_at`. A batch
// may hold any number of settlements (1 is usual for a request, 4,096 for a file).
#pragma once

#include "runtime/abi/frame.h"
#include "runtime/codes/dictionary.h"
#include "runtime/schema/schema.h"
#include "runtime/types/value.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::batch {

// values: raw bytes by Physical; numbers (decimal, money) are stored as 64-bit units at the
// column's scale, not 128.
struct ColumnData {
  std::vector<std::uint8_t> values;   // text: the bytes
  std::vector<std::uint8_t> validity; // one bit a row
  std::vector<std::uint32_t> offsets; // text only
  std::uint32_t rows = 0;
};

struct RelationData {
  std::vector<ColumnData> columns;
  std::vector<std::uint32_t> offsets; // child lists: settlements + 1
  std::vector<std::uint32_t> order;   // filled by assemble
  std::uint32_t rows = 0;
};

// Where a visit came from: for messages, rejects and the output order.
struct Origin {
  std::uint32_t file = 0;
  std::uint64_t offset = 0; // byte of the record's first character
  std::uint64_t line = 0;   // from 1
  std::uint32_t part = 0;   // which encounter of that record
};

// Whose visits stand beside each other: those of one person, in time order. `begin` and `end` are
// filled by assemble for programs that look beyond one visit; else empty, and every visit stands
// for itself.
struct People {
  std::vector<std::uint32_t> begin, end; // by settlement: the rows of its person's visits
  // By settlement: the days on which its visit began and ended; the least and the largest number
  // where that is not known. With `begin` and `end`.
  std::vector<std::int32_t> first_day, last_day;
  std::vector<bool> context; // by settlement: looked at, not judged; empty: none
};

struct Batch {
  std::vector<RelationData> relations;   // settlement and child lists, as in the schema
  std::vector<codes::Overflow> overflow; // by dictionary
  std::vector<codes::Overflow> unlisted; // by enum: codes that the schema does not list
  std::vector<Origin> origins;           // by settlement
  People people;
  std::uint32_t settlements = 0;
};

[[nodiscard]] inline bool is_context(const Batch& batch, std::uint32_t settlement) {
  return !batch.people.context.empty() && batch.people.context[settlement];
}
// How many settlements are judged, and how many rows a child list of theirs has.
[[nodiscard]] std::uint32_t judged(const Batch& batch);
[[nodiscard]] std::uint32_t judged_rows(const Batch& batch, std::uint32_t relation);

// The frozen dictionaries a batch is built against, by Schema dictionary index.
using Dictionaries = std::vector<codes::Dictionary>;

struct ColumnBuilding; // cells.h

// Which columns are kept, by relation and column.
using Kept = std::vector<std::vector<bool>>;

// Sets values of the row being built. A record is all or nothing: `begin` … `commit` or `rollback`.
// Usage: begin(); begin_row(0); set(...); begin_row(items); set(...); …; commit(origin) |
// rollback(). Cells of columns that are not kept are checked as all others, and the batch has no
// value of them.
class BatchBuilder {
public:
  BatchBuilder(const schema::Schema& schema, const Dictionaries& dictionaries); // all are kept
  BatchBuilder(const schema::Schema& schema, const Dictionaries& dictionaries, const Kept& kept);
  ~BatchBuilder();
  BatchBuilder(BatchBuilder&&) noexcept;
  BatchBuilder(const BatchBuilder&) = delete;
  BatchBuilder& operator=(const BatchBuilder&) = delete;

  void begin();
  // Starts a row of a relation (0 exactly once a record); all its columns are missing until set.
  // Gives its number.
  std::uint32_t begin_row(std::uint32_t relation) {
    Rows& rows = rows_[relation];
    if (rows.count == rows.room)
      make_room(relation);
    return rows.count++;
  }
  // True if the column of the current row is still missing.
  [[nodiscard]] bool is_missing(std::uint32_t relation, std::uint32_t column) const;
  // Parses one wire cell by the column's type; blank, "-" and "null" are missing and leave the
  // column as it is. False: the text is not of the column's form or range (the caller rejects the
  // record, naming column and text).
  [[nodiscard]] bool set_text(std::uint32_t relation, std::uint32_t column, std::string_view cell);
  // Sets a typed value (tests, the random generator). Code and enum texts are interned.
  void set_value(std::uint32_t relation, std::uint32_t column, const Value& value);
  // For put_cell (cells.h). Stays where it is as long as the builder.
  [[nodiscard]] ColumnBuilding& building(std::uint32_t relation, std::uint32_t column);
  void commit(const Origin& origin, bool context = false);
  void rollback();
  // Takes committed records back from the end until `settlements` are left: a line with several
  // visits is all or nothing too.
  void drop_to(std::uint32_t settlements);

  [[nodiscard]] std::uint32_t settlements() const { return batch_.settlements; }
  // Approximate bytes held, for --memory.
  [[nodiscard]] std::size_t bytes() const;
  // Hands over the batch and starts an empty one.
  [[nodiscard]] Batch take();

private:
  struct Rows {
    std::uint32_t count = 0, room = 0;
    std::uint32_t mark = 0; // at `begin`
  };
  const schema::Schema& schema_;     // owned by the caller, outlives the builder
  const Dictionaries& dictionaries_; // likewise
  Batch batch_;
  std::vector<Rows> rows_; // by relation
  bool begun_ = false;     // inside of a record
  struct Prepared;         // per column: how to parse, and where to
  std::unique_ptr<Prepared> prepared_;

  void start();
  void make_room(std::uint32_t relation);
  [[nodiscard]] bool set_code(ColumnBuilding& column, std::uint32_t row, std::string_view text);
  void set_enum(ColumnBuilding& column, std::uint32_t row, std::uint32_t domain, std::uint32_t id,
                std::string_view text);
  void cut(std::uint32_t relation, std::uint32_t rows);
};

// One value out of a batch, codes and unlisted enum values as text.
[[nodiscard]] Value value_at(const Batch& batch, const schema::Schema& schema,
                             const Dictionaries& dictionaries, std::uint32_t relation,
                             std::uint32_t column, std::uint32_t row);
[[nodiscard]] std::string_view code_text(const Batch& batch, const Dictionaries& dictionaries,
                                         std::uint32_t dictionary, std::uint32_t id);

// The batch as generated code sees it: relation and column views that point into the batch (which
// must outlive them).
struct View {
  std::vector<std::vector<abi::ColumnView>> columns;
  std::vector<abi::RelationView> relations;
  std::vector<std::uint8_t> zeros; // what columns without values read as, where they are long
};
[[nodiscard]] View view(const Batch& batch);

} // namespace sanku::batch
