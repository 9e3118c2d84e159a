// A batch of records as bytes, column by column, and back: what the block file is made of. Each
// column is an LZ4 frame of its own, so that a reader unpacks only those it needs; whole numbers,
// days and ids are stored from the smallest on in as few bytes as they need; a column that no
// record fills takes no room. Codes are ids of the block's own, with their texts beside them or,
// for systems whose codes come again and again, their numbers in the file's dictionary. Entries:
// pack_block, finish_block; Reader::read. Tested by tests/unit/runtime/block_test.cpp.
//
// Two steps of writing, because a file's dictionary grows in the order of its blocks and everything
// else may be done on any thread: pack_block does the work, finish_block joins the dictionary.
#pragma once

#include "runtime/batch/batch.h"
#include "runtime/block/bytes.h"
#include "runtime/types/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::block {

// The texts of codes that a file's blocks share, by Schema dictionary. A dictionary of which the
// first block that has any shows mostly different codes (persons, prescriptions) is not shared.
struct Shared {
  struct One {
    codes::Overflow codes;
    bool decided = false, shared = false;
  };
  std::vector<One> dictionaries;
};

struct Packed {
  std::uint32_t settlements = 0;
  std::string head, frames;
  std::vector<codes::Overflow> codes; // by dictionary: the block's own texts
  std::vector<std::uint64_t> uses;    // by dictionary: values
};

// `batch`: as a reader made it against empty dictionaries, not assembled.
[[nodiscard]] Packed pack_block(batch::Batch batch, const schema::Schema& schema,
                                const batch::Dictionaries& none);
// The bytes of the block; adds to the file's dictionary.
[[nodiscard]] std::string finish_block(Packed packed, Shared& shared);

// Which columns are wanted, by relation and column.
using Columns = std::vector<std::vector<bool>>;
[[nodiscard]] Columns all_columns(const schema::Schema& schema);

// What describes a schema as far as blocks depend on it, a field a line: to tell whether a file was
// written for this one, and where it differs.
[[nodiscard]] std::string signature(const schema::Schema& schema);

// What the codes of a file's dictionary are to one reader.
struct SharedIds {
  std::vector<std::uint32_t> frozen; // id, or no_code
  std::vector<std::uint32_t> taken;  // the last block that has it
  std::uint32_t block = 0;
};

// Reads blocks of one file; one object a thread. Schema and dictionaries are the caller's.
class Reader {
public:
  Reader(const schema::Schema& schema, const batch::Dictionaries& dictionaries,
         const std::vector<codes::Texts>& shared);

  // Empty: the bytes are no block of this form. Columns that are not wanted come back without any
  // value. Of a list whose elements only other columns tell apart all columns come. `first`: the
  // number of the block's first record in its file.
  [[nodiscard]] std::optional<batch::Batch> read(std::string_view bytes, const Columns& wanted,
                                                 std::uint64_t first);

private:
  const schema::Schema& schema_;
  const batch::Dictionaries& dictionaries_;
  const std::vector<codes::Texts>& shared_; // by dictionary, by number
  std::vector<SharedIds> ids_;              // by dictionary
  Unpacker unpacker_;
};

} // namespace sanku::block
