// assemble: completes the visits of a batch after reading, each of which is whole (visits that came
// in several records are made whole before, by settle.h and merge.h). In this order: the lists that
// the schema calls raw take the lines as they were sent; codes are completed (code_book.h); refund
// lines are netted (net.h); every element gets its canonical rank inside the visit, as `earlier`,
// `beyond first` and every tie need it: time, code, unit price, quantity, line number, then every
// other column, then a running number among equals; without a time: no rank. Nothing that comes out
// depends on the order in which elements came in. Entry: assemble. Tested by
// tests/unit/runtime/assemble_test.cpp.
#pragma once

#include "runtime/batch/batch.h"

namespace sanku::assemble {

struct CodeBook;
struct LocalCodes;

// Among which elements each has its rank: those of its visit, of all visits of its person, or of
// the whole batch.
enum class Reach : std::uint8_t { visit, person, population };

struct Assembly {
  const CodeBook* codes = nullptr;   // the caller's; none: codes stay as they are
  const LocalCodes* local = nullptr; // likewise, of enums
  bool raw = true;                   // false: raw lists stay empty, since no rule reads them
  // Elements without a time are put in canonical order too. False where a person wrote them and
  // numbers them as written: in the project's own cases.
  bool place = true;
  // How far the program looks: beyond a visit, persons' visits stand side by side (people.h).
  Reach reach = Reach::visit;
};

void assemble(batch::Batch& batch, const schema::Schema& schema,
              const batch::Dictionaries& dictionaries, const Assembly& assembly = {});

} // namespace sanku::assemble
