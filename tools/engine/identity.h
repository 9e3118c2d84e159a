// The identity of a finding: the same rule on the same subject has the same identity in every run,
// whatever was found there, in whichever file, batch or order it came. Entry: finding_id. Tested by
// tests/unit/tools/describe_test.cpp.
#pragma once

#include "compiler/hir/hir.h"
#include "runtime/batch/batch.h"
#include "runtime/exec/finding.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sanku::engine {

// The keys of the elements of those visits of a block that were asked for, of all elements of a
// visit at once: what tells one from the others takes a look at all of them.
using KeysOfVisits =
    std::map<std::pair<hir::RelationId, std::uint32_t>, std::vector<std::vector<std::string>>>;

// A block's rows with what it takes to read them, which is the caller's. Of one thread.
struct Block {
  const hir::Program& program;
  const batch::Batch& batch;
  const batch::Dictionaries& dictionaries;
  std::shared_ptr<KeysOfVisits> keys = std::make_shared<KeysOfVisits>();
};

// The column of that English path (`patient.sex`); the name of the relation's own element may be
// left out (`kind`).
[[nodiscard]] std::optional<std::uint32_t> column_at(const schema::Relation& relation,
                                                     std::string_view path);

[[nodiscard]] Value cell(const Block& block, hir::RelationId relation, std::uint32_t column,
                         std::uint32_t row);
// The cell with that role, or of that English path; unknown when the schema has no such column.
[[nodiscard]] Value cell(const Block& block, hir::RelationId relation, schema::Role role,
                         std::uint32_t row);
[[nodiscard]] Value cell(const Block& block, hir::RelationId relation, std::string_view path,
                         std::uint32_t row);
// As text; empty when unknown.
[[nodiscard]] std::string cell_text(const Block& block, hir::RelationId relation, schema::Role role,
                                    std::uint32_t row);

// What tells an element from all others of its visit, the same in every run: its number; where the
// visit repeats that number or has none, number|code|time|unit price|quantity|running number.
[[nodiscard]] std::string element_key(const Block& block, hir::RelationId relation,
                                      std::uint32_t settlement, std::uint32_t row);

// The settlement in whose list the row stands.
[[nodiscard]] std::uint32_t owner_of(const Block& block, hir::RelationId relation,
                                     std::uint32_t row);

// 32 hexadecimal digits: FNV-1a with 128 bits over the rule's id and the subject's key, each field
// preceded by its length. The key: provider, visit (without one the settlement's number), and then
// nothing for a settlement, the key values for a group, for an element its number; where the visit
// repeats that number or has none, also code, time, unit price and quantity, and a running number
// among equals. Of a group across visits the key values alone. Not a safeguard against forgery.
[[nodiscard]] std::string finding_id(const Block& block, const exec::Finding& finding);

// Of the same finding, what was found: 32 hexadecimal digits over its amount and its lines with
// theirs. Another revision is another result on the same subject.
[[nodiscard]] std::string revision_of(const std::vector<std::string>& lines_and_amounts);

} // namespace sanku::engine
