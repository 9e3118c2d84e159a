// What the rules of one module are generated over: the shipped schema's fields, and a few random
// knowledge tables of every key and column type. Entries: make_world, random_tables.
#pragma once

#include "compiler/ast/ast.h"
#include "compiler/hir/schema_from_ast.h"
#include "tests/differential/fields.h"
#include "tests/differential/random.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sanku::differential {

// A column that may set a limit: a set or a range; `meets` compares with it.
struct LimitColumn {
  std::string name;
  Type type; // of what is compared; age for ranges of ages
  bool set = false;
};

struct Table {
  std::string name, name_zh;
  std::string declaration; // `knowledge … { … }`
  std::string file, csv;
  std::vector<Field> fields; // paths behind the row's name
  Type key;
  bool unique = true;
  bool dated = false; // has a column `valid`
  std::vector<LimitColumn> limits;
  std::vector<std::string> removed = {}; // keys that a layer removes: their rows stay below it
};

// The schema with names and fields; lives as long as the generator. Owns the Ast that the names
// point into.
struct World {
  std::unique_ptr<ast::File> schema_file;
  hir::CheckedSchema checked;
  std::vector<std::vector<Field>> fields; // by relation
  std::vector<Field> visits;              // of a visit that has a name: paths behind it
  std::uint32_t lines = 0;                // relation of the fee lines
  [[nodiscard]] const schema::Schema& schema() const { return checked.schema; }
};
[[nodiscard]] World make_world();

enum class TableSize : std::uint8_t { small, large };
[[nodiscard]] std::vector<Table> random_tables(Random& random, const World& world,
                                               std::size_t count, TableSize size);

} // namespace sanku::differential
