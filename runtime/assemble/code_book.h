// What a pack's knowledge says about codes that senders leave out or cut short, applied while
// visits are completed, so that rules see national codes only.
//
// Local codes: a knowledge table whose key is of the system of the lines' `local_code`, with a
// column of the system of the settlement's `provider` and one of the system of the lines' `code`,
// maps a hospital's code to the national one. It is applied where the national code is missing. One
// candidate becomes the code, several a code with candidates (runtime/batch/candidates.h).
//
// Cut codes: a code of exactly 20 characters (the width of 3101) that no table has, while tables
// have longer codes that begin with it. Where each table's rows of those codes agree in every
// column but the key, and one code is in all tables that have any of them, the least such code
// stands for it. Else it becomes a code with all of these as candidates. The lists as sent keep
// what was sent.
//
// Entries: make_code_book, complete_codes. Tested by tests/unit/runtime/code_book_test.cpp.
#pragma once

#include "runtime/batch/batch.h"
#include "runtime/knowledge/table.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sanku::assemble {

struct CodeBook {
  // By provider, then hospital code.
  std::map<std::string, std::map<std::string, std::set<std::string>, std::less<>>, std::less<>>
      local;
  std::unordered_map<std::string, std::string> cut; // what it stands for, or its candidates
  // Of those, which the dictionaries have all the same: where they hold codes of other tables too.
  std::vector<std::string> cut_in_dictionary;
};

// `named`: codes that rules name themselves, which are therefore no cut ones.
[[nodiscard]] CodeBook make_code_book(const schema::Schema& schema,
                                      const std::vector<knowledge::TableShape>& shapes,
                                      const std::vector<knowledge::Table>& tables,
                                      const std::set<std::string, std::less<>>& named);

// What a hospital's code may mean, in order.
[[nodiscard]] std::vector<std::string_view>
candidates(const CodeBook& book, std::string_view provider, std::string_view local);

void complete_codes(batch::Batch& batch, const schema::Schema& schema,
                    const batch::Dictionaries& dictionaries, const CodeBook& book);

} // namespace sanku::assemble
