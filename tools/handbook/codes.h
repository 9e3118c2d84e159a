// Which rules concern a code or a name: every code of every table and set that a rule looks into,
// with what its row says, and every name that tables go by. Entry: codes_of; the index page looks
// it up in files of a few hundred codes each. Tested by tests/unit/tools/handbook_test.cpp.
#pragma once

#include "tools/handbook/book.h"

namespace sanku::handbook {

// Where codes stand: a table, a named set, or a set in a rule's own text.
struct Place {
  std::string name;               // for people
  std::vector<std::size_t> rules; // by Program::rules
};
// Of a set in a rule's text nobody says of what.
inline constexpr std::uint32_t no_system = UINT32_MAX;
// A row in which a code or name stands.
struct Mention {
  std::size_t place = 0;  // by Codes::places
  std::uint64_t line = 0; // of its file; 0: no file
  std::string says;       // what the row has in the columns that rules read
};
struct CodeEntry {
  std::string code, high;           // `high` not empty: all from the one to the other
  std::uint32_t system = no_system; // by Schema::systems
  bool below = false;               // and all that begin with it
  std::string name;
  std::vector<Mention> mentions;
};
struct NameEntry {
  std::string name;
  std::vector<std::size_t> places; // in order, each once
  std::vector<std::string> codes;  // likewise; none where the table goes by the name itself
};
struct Codes {
  std::vector<Place> places;
  std::vector<CodeEntry> codes; // by code
  std::vector<NameEntry> names; // by name
};
[[nodiscard]] Codes codes_of(const Book& book);

// A file of entries whose codes begin alike.
struct Shard {
  std::string prefix; // ranges stand in one of their own, which is always looked at
  bool ranges = false;
  std::string file; // `data/c12.js`
  std::string text;
};
[[nodiscard]] std::vector<Shard> shards_of(const Codes& codes);
[[nodiscard]] std::string names_file(const Codes& codes);

} // namespace sanku::handbook
