// A batch of records as bytes, column by column, and back: what the block file is made of. Each
// column is a frame of its own, packed by LZ4 where that helps, so that a reader unpacks only those
// it needs; whole numbers, days and ids are stored from the smallest on in as few bytes as they
// need; a column that no record fills takes no room. Codes are numbers of the block's own, in the
// order of their texts, which stand beside them or, for systems whose codes come again from block
// to block, are numbers in the file's dictionary. Entries: pack_block, finish_block; Reader::read.
// Tested by tests/unit/runtime/block_file_test.cpp.
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

// The texts of codes that a file's blocks share, by Schema dictionary: those of systems of which
// the second block that has any has a quarter that the first had too. Persons and prescriptions
// hardly come again, and in the file's dictionary would only fill everybody's memory.
struct Shared {
  struct One {
    codes::Overflow first; // of the first block with any, until it is decided
    codes::Overflow codes;
    bool decided = false, shared = false;
  };
  std::vector<One> dictionaries;
};

struct Packed {
  std::uint32_t settlements = 0;
  std::string head, frames;
  std::vector<codes::Texts> codes; // by dictionary: the block's own texts, in their order
};

// `batch`: as a reader made it against empty dictionaries, not assembled.
[[nodiscard]] Packed pack_block(batch::Batch batch, const schema::Schema& schema,
                                const batch::Dictionaries& none);
// The bytes of the block; adds to the file's dictionary.
[[nodiscard]] std::string finish_block(Packed packed, Shared& shared);
// The file's dictionary, which stands after all blocks: one after another.
void put_shared(std::string& out, const Shared& shared);
// False: two texts or two numbers of one are the same, or the bytes are none.
[[nodiscard]] bool take_shared(Take& from, std::vector<codes::Texts>& shared);

// Which columns are wanted, by relation and column.
using Columns = std::vector<std::vector<bool>>;
[[nodiscard]] Columns all_columns(const schema::Schema& schema);

// What describes a schema as far as blocks depend on it, a field a line: to tell whether a file was
// written for this one, and where it differs.
[[nodiscard]] std::string signature(const schema::Schema& schema);

// What the codes of a file's dictionary are to one reader.
struct SharedIds {
  struct One {
    std::uint32_t frozen = codes::no_code; // id
    std::uint32_t block = 0;               // the last that has it
  };
  std::vector<One> codes; // by number
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
