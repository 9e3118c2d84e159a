// bind: see program.h. Order matters: codes first (so that every table and constant finds its id),
// then tables, constants, index.
#include "runtime/abi/keyed.h"
#include "runtime/exec/program.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <cstring>
#include <map>
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
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const knowledge::BoundTable& table = program.tables[i];
    std::vector<abi::ColumnView>& columns = program.table_columns.emplace_back();
    for (const batch::ColumnData& column : table.data.columns)
      columns.push_back({column.values.data(), column.validity.data(), column.offsets.data()});
    const bool dated = !table.valid_from.empty();
    program.keyed.push_back(
        {.entries = table.entries.data(),
         .mask = static_cast<std::uint32_t>(table.entries.size() - 1),
         .rows = table.rows.data(),
         .valid_from = dated ? table.valid_from.data() : nullptr,
         .valid_to = dated ? table.valid_to.data() : nullptr,
         .key_of = table.key_of.data(),
         .shorter = table.shorter.empty() ? nullptr : table.shorter.data(),
         .keys = table.keys.data(),
         .key_count = static_cast<std::uint32_t>(table.keys.size()),
         .codes = static_cast<std::uint32_t>(table.key_of.size()),
         .falls_back = dated && shapes[i].key_prefix == knowledge::KeyPrefix::longest,
         .two_parts = knowledge::has_two_parts(shapes[i], *program.schema)});
  }
  for (std::size_t i = 0; i < program.tables.size(); ++i)
    program.table_views.push_back(
        {program.table_columns[i].data(), nullptr, nullptr, program.tables[i].data.rows});
}

void bind_code_texts(Program& program) {
  for (const codes::Dictionary& dictionary : program.dictionaries) {
    std::vector<Text>& texts = program.code_texts.emplace_back();
    for (const std::string& text : dictionary.texts)
      texts.push_back({text.data(), text.size()});
  }
}

void bind_sets(Program& program) {
  std::vector<const batch::RelationData*> tables;
  for (const knowledge::BoundTable& table : program.tables)
    tables.push_back(&table.data);
  program.sets = build_code_sets(program.image->sets, program.dictionaries, tables);
}

// ---- the index

// The bytes of one cell, so that rows with the same header parameters are found to be the same.
std::string cell_bytes(const batch::ColumnData& column, std::uint32_t row) {
  const bool known = ((column.validity[row >> 3] >> (row & 7)) & 1) != 0;
  if (!known)
    return "?";
  if (!column.offsets.empty())
    return "=" +
           std::string(reinterpret_cast<const char*>(column.values.data()) + column.offsets[row],
                       column.offsets[row + 1] - column.offsets[row]);
  const std::size_t width = column.values.size() / column.rows;
  return "=" +
         std::string(reinterpret_cast<const char*>(column.values.data()) + row * width, width);
}

struct IndexBuilder {
  Program& program;
  std::uint64_t next_bit = 1; // bit number of the next variant
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> index_of; // (relation, column)

  std::uint32_t key_of(std::uint32_t rule) const {
    const std::vector<IndexKey>& keys = program.image->rules[rule].keys;
    const auto rarest = std::ranges::min_element(
        keys, {}, [&](const IndexKey& key) { return program.tables[key.table].data.rows; });
    return static_cast<std::uint32_t>(rarest - keys.begin());
  }

  CodeIndex& index_for(const IndexKey& key) {
    const auto [at, is_new] = index_of.try_emplace(
        {key.relation, key.column}, static_cast<std::uint32_t>(program.indexes.size()));
    if (is_new)
      program.indexes.push_back({.relation = key.relation,
                                 .column = key.column,
                                 .words = {},
                                 .begins = {},
                                 .checks = {}});
    return program.indexes[at->second];
  }

  // One bit for each distinct tuple of header parameters while bits last; the rest share the bit
  // that is always set.
  void add_rule(std::uint32_t rule, std::multimap<std::uint32_t, Check>& by_code) {
    const std::uint32_t chosen = key_of(rule);
    const IndexKey& key = program.image->rules[rule].keys[chosen];
    const knowledge::BoundTable& table = program.tables[key.table];
    if (key.visit) {
      program.by_visit.emplace_back(rule, chosen);
      for (const abi::KeyEntry& entry : table.entries)
        if (entry.count != 0)
          by_code.emplace(entry.id,
                          make_check(rule, table.rows[entry.begin], always_bit, visit_check));
      by_code.emplace(codes::no_code, make_check(rule, abi::unknown_row, always_bit, visit_check));
      return;
    }
    std::map<std::string, std::uint64_t> variants;
    const auto add_entry = [&](std::uint32_t code, const abi::KeyEntry& entry) {
      for (std::uint32_t i = 0; i < entry.count; ++i) {
        const std::uint32_t row = table.rows[entry.begin + i];
        const std::uint64_t bit =
            key.masks ? variant_bit(rule, chosen, row, table, variants) : always_bit;
        by_code.emplace(code, make_check(rule, row, bit));
      }
    };
    const abi::KeyedView& keyed = program.keyed[key.table];
    for (const abi::KeyEntry& entry : table.entries)
      if (keyed.codes == 0)
        add_entry(entry.id, entry);
    const Type& type = program.schema->relations[key.relation].columns[key.column].type;
    const std::vector<Text>& texts = program.code_texts[dictionary_of(*program.schema, type)];
    const abi::CodeTexts frozen{texts.data(), nullptr, codes::first_code, keyed.codes};
    for (std::uint32_t code = codes::first_code; code < keyed.codes; ++code) {
      const abi::KeyIds ids = abi::key_ids(keyed, frozen, code);
      for (std::uint32_t at : {ids.first, ids.second})
        for (; at != codes::no_code; at = keyed.falls_back ? keyed.shorter[at] : codes::no_code)
          add_entry(code, abi::find_key(keyed, at));
    }
    // Of a code that no table knows a part may be a key all the same.
    if (keyed.codes != 0)
      by_code.emplace(codes::unlisted_code, make_check(rule, abi::unknown_row, always_bit));
    by_code.emplace(codes::no_code, make_check(rule, abi::unknown_row, always_bit));
  }

  static Check make_check(std::uint32_t rule, std::uint32_t row, std::uint64_t bit,
                          std::uint32_t flags = 0) {
    Check made;
    made.rule = rule;
    made.row = row;
    made.valid_from = std::numeric_limits<std::int32_t>::min();
    made.valid_to = std::numeric_limits<std::int32_t>::max();
    made.bit = bit;
    made.flags = flags;
    return made;
  }

  std::uint64_t variant_bit(std::uint32_t rule, std::uint32_t chosen, std::uint32_t row,
                            const knowledge::BoundTable& table,
                            std::map<std::string, std::uint64_t>& variants) {
    std::string tuple;
    for (const std::uint32_t column : program.image->rules[rule].keys[chosen].row_columns) {
      const std::string cell = cell_bytes(table.data.columns[column], row);
      tuple += std::to_string(cell.size()) + ':' + cell;
    }
    const auto [at, is_new] = variants.try_emplace(tuple, always_bit);
    if (is_new && next_bit <= variant_bits) {
      at->second = std::uint64_t{1} << next_bit++;
      program.variants.push_back({rule, chosen, row, at->second});
    }
    return at->second;
  }

  void finish(CodeIndex& index, std::uint32_t frozen,
              const std::multimap<std::uint32_t, Check>& by_code) const {
    index.words.assign(frozen, 0);
    index.begins.assign(frozen + 1, 0);
    for (const auto& [code, check_row] : by_code) {
      index.words[code] |= check_row.bit;
      index.checks.push_back(check_row);
      ++index.begins[code + 1];
    }
    for (std::uint32_t code = 0; code < frozen; ++code)
      index.begins[code + 1] += index.begins[code];
  }
};

void build_index(Program& program, const BindOptions& options) {
  IndexBuilder builder{.program = program, .index_of = {}};
  program.rule_index.assign(program.image->rules.size(), no_index);
  std::vector<std::multimap<std::uint32_t, Check>> by_code;
  for (std::uint32_t rule = 0; rule < program.image->rules.size(); ++rule) {
    if (!options.use_index || program.image->rules[rule].keys.empty()) {
      program.scanned.push_back(rule);
      continue;
    }
    const CodeIndex& index =
        builder.index_for(program.image->rules[rule].keys[builder.key_of(rule)]);
    const auto number = static_cast<std::uint32_t>(&index - program.indexes.data());
    program.rule_index[rule] = number;
    by_code.resize(program.indexes.size());
    builder.add_rule(rule, by_code[number]);
  }
  for (std::size_t i = 0; i < program.indexes.size(); ++i) {
    CodeIndex& index = program.indexes[i];
    const Type& type = program.schema->relations[index.relation].columns[index.column].type;
    builder.finish(index,
                   codes::frozen_size(program.dictionaries[dictionary_of(*program.schema, type)]),
                   by_code[i]);
  }
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
  bind_constants(*program);
  bind_code_texts(*program);
  bind_sets(*program);
  build_index(*program, options);
  return program;
}

} // namespace sanku::exec
