// bind: see program.h. Order matters: codes first (so that every table and constant finds its id),
// then tables, constants, index.
#include "runtime/abi/keyed.h"
#include "runtime/batch/column.h"
#include "runtime/batch/refresh.h"
#include "runtime/exec/program.h"
#include "runtime/knowledge/fullest_key.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <tuple>

namespace sanku::exec {
namespace {

template <class T> abi::Slot slot_of(const T& value) {
  static_assert(sizeof(Maybe<T>) <= sizeof(abi::Slot));
  Maybe<T> maybe;
  std::memset(&maybe, 0, sizeof maybe);
  maybe.value = value;
  maybe.known = true;
  abi::Slot slot{};
  std::memcpy(slot.bytes, &maybe, sizeof maybe);
  return slot;
}

std::uint32_t dictionary_of(const schema::Schema& schema, const Type& type) {
  return schema.systems[type.domain].dictionary;
}

abi::Slot constant_slot(Program& program, const ConstantSlot& constant) {
  return std::visit(match{
                        [](const Unknown&) { return abi::Slot{}; },
                        [&](const CodeText& code) {
                          const auto& dictionary =
                              program.dictionaries[dictionary_of(*program.schema, constant.type)];
                          return slot_of(Code{codes::find(dictionary, code.text)});
                        },
                        [](const EnumValue& value) { return slot_of(Enum{value.id}); },
                        [&](const std::string& text) {
                          const std::string& kept = program.texts.emplace_back(text);
                          return slot_of(Text{kept.data(), kept.size()});
                        },
                        [](const auto& scalar) { return slot_of(scalar); },
                    },
                    constant.value);
}

void bind_constants(Program& program) {
  for (const ConstantSlot& constant : program.image->constants)
    program.constants.push_back(constant_slot(program, constant));
}

void intern_everything(Program& program, const std::vector<knowledge::TableShape>& shapes,
                       const std::vector<knowledge::Table>& tables) {
  program.dictionaries.resize(program.schema->dictionaries);
  for (std::size_t i = 0; i < tables.size(); ++i)
    knowledge::intern_codes(shapes[i], *program.schema, tables[i], program.dictionaries);
  for (const ConstantSlot& constant : program.image->constants)
    if (const auto* code = std::get_if<CodeText>(&constant.value))
      codes::intern(program.dictionaries[dictionary_of(*program.schema, constant.type)],
                    code->text);
  for (const SetUse& use : program.image->sets) {
    codes::Dictionary& dictionary = program.dictionaries[use.dictionary];
    if (!use.column) {
      intern_elements(use.text, dictionary);
      continue;
    }
    for (const std::vector<Value>& row : tables[use.table].rows)
      if (const auto* set = std::get_if<std::string>(&row[*use.column]))
        intern_elements(*set, dictionary);
  }
}

void bind_tables(Program& program, const std::vector<knowledge::TableShape>& shapes,
                 const std::vector<knowledge::Table>& tables) {
  for (std::size_t i = 0; i < tables.size(); ++i) {
    program.tables.push_back(
        knowledge::bind(shapes[i], *program.schema, tables[i], program.dictionaries));
    const Type& key = shapes[i].relation.columns[shapes[i].key].type;
    program.key_columns.push_back(
        {shapes[i].key, key.kind == Kind::code ? dictionary_of(*program.schema, key) : 0});
  }
  std::uint32_t longest = 0;
  for (const knowledge::BoundTable& table : program.tables)
    longest = std::max(longest, table.data.rows);
  const std::uint8_t* missing = batch::zeros_of(longest, program.zeros);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const knowledge::BoundTable& table = program.tables[i];
    std::vector<abi::ColumnView>& columns = program.table_columns.emplace_back();
    for (const batch::ColumnData& column : table.data.columns)
      columns.push_back({column.values.empty() ? missing : column.values.data(),
                         batch::all_known(column) ? nullptr : column.validity.data(),
                         column.offsets.data()});
    program.keyed.push_back(knowledge::keyed_view(table, shapes[i], *program.schema));
  }
  for (std::size_t i = 0; i < program.tables.size(); ++i)
    program.table_views.push_back(
        {program.table_columns[i].data(), nullptr, nullptr, program.tables[i].data.rows});
}

// Of the tables whose rows a condition goes through that may be too much.
void bind_fullest(Program& program, const std::vector<knowledge::TableShape>& shapes,
                  const std::vector<knowledge::Table>& tables) {
  program.fullest.resize(tables.size());
  std::set<std::uint32_t> asked;
  for (const RuleImage& rule : program.image->rules)
    for (const Steps& steps : rule.heavy)
      for (const Product& product : steps)
        for (const Factor& factor : product)
          if (factor.of == Length::rows)
            asked.insert(factor.id);
  for (const std::uint32_t table : asked)
    program.fullest[table] = knowledge::fullest_key(shapes[table], *program.schema, tables[table]);
}

void bind_sets(Program& program) {
  std::vector<const batch::RelationData*> tables;
  for (const knowledge::BoundTable& table : program.tables)
    tables.push_back(&table.data);
  program.sets = build_code_sets(program.image->sets, program.dictionaries, tables);
}

} // namespace

std::unique_ptr<Program> bind(const ProgramImage& image, const schema::Schema& schema,
                              const std::vector<knowledge::TableShape>& shapes,
                              const std::vector<knowledge::Table>& tables,
                              const BindOptions& options) {
  check(shapes.size() == tables.size(), "every declared table must be loaded before bind");
  auto program = std::make_unique<Program>();
  program->image = &image;
  program->schema = &schema;
  intern_everything(*program, shapes, tables);
  bind_tables(*program, shapes, tables);
  bind_fullest(*program, shapes, tables);
  bind_constants(*program);
  bind_sets(*program);
  build_index(*program, options.use_index);
  return program;
}

} // namespace sanku::exec
