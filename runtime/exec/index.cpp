// build_index: see program.h. Each row of a rule's key table says of one code that the rule
// concerns it, under the header variant of the row; codes with the same rules and variants share a
// profile. Tested by tests/unit/runtime/exec_test.cpp and, with and without an index, by the
// differential.
#include "runtime/abi/keyed.h"
#include "runtime/exec/program.h"

#include <algorithm>
#include <map>

namespace sanku::exec {
namespace {

using Checks = std::vector<Check>;
using ChecksByCode = std::map<std::uint32_t, Checks>;

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

// Rules come one after the other, so the checks of one rule stand together at the end.
void enter(Checks& checks, const Check& check) {
  if (!checks.empty() && checks.back().rule == check.rule)
    checks.back().bits |= check.bits;
  else
    checks.push_back(check);
}

struct IndexBuilder {
  Program& program;
  std::uint64_t next_bit = 1;                         // bit number of the next variant
  std::map<std::string, std::uint64_t> variants = {}; // by what is asked and the cells it reads
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> index_of; // (relation, column)
  std::vector<ChecksByCode> by_code = {};                                    // by index

  std::uint32_t key_of(std::uint32_t rule) const {
    const std::vector<IndexKey>& keys = program.image->rules[rule].keys;
    const auto rarest = std::ranges::min_element(
        keys, {}, [&](const IndexKey& key) { return program.tables[key.table].data.rows; });
    return static_cast<std::uint32_t>(rarest - keys.begin());
  }

  ChecksByCode& checks_for(const IndexKey& key) {
    const auto [at, is_new] = index_of.try_emplace(
        {key.relation, key.column}, static_cast<std::uint32_t>(program.indexes.size()));
    if (is_new) {
      CodeIndex& index = program.indexes.emplace_back();
      index.relation = key.relation;
      index.column = key.column;
      by_code.emplace_back();
    }
    return by_code[at->second];
  }

  std::uint32_t dictionary_of(std::uint32_t relation, std::uint32_t column) const {
    const Type& type = program.schema->relations[relation].columns[column].type;
    return program.schema->systems[type.domain].dictionary;
  }

  void add_rule(std::uint32_t rule) {
    const std::uint32_t chosen = key_of(rule);
    const IndexKey& key = program.image->rules[rule].keys[chosen];
    ChecksByCode& checks = checks_for(key);
    if (key.visit)
      add_visits(rule, chosen, checks);
    else
      add_rows(rule, chosen, checks);
  }

  void add_visits(std::uint32_t rule, std::uint32_t chosen, ChecksByCode& checks) {
    const Check proposed{.bits = always_bit, .rule = rule, .visit = true};
    program.by_visit.emplace_back(rule, chosen);
    for (const abi::KeyEntry& entry :
         program.tables[program.image->rules[rule].keys[chosen].table].entries)
      if (entry.count != 0)
        enter(checks[entry.id], proposed);
    enter(checks[codes::no_code], proposed);
  }

  // One bit for each condition and distinct tuple of its cells while bits last; the rest share the
  // bit that is always set.
  void add_rows(std::uint32_t rule, std::uint32_t chosen, ChecksByCode& checks) {
    const IndexKey& key = program.image->rules[rule].keys[chosen];
    const knowledge::BoundTable& table = program.tables[key.table];
    const abi::KeyedView& keyed = program.keyed[key.table];
    const auto add_entry = [&](std::uint32_t code, const abi::KeyEntry& entry) {
      for (std::uint32_t i = 0; i < entry.count; ++i) {
        const std::uint32_t row = abi::row_at(keyed, entry, i);
        const std::uint64_t bit = key.masks ? variant_bit(rule, chosen, row) : always_bit;
        enter(checks[code], {.bits = bit, .rule = rule});
      }
    };
    const Check always{.bits = always_bit, .rule = rule};
    enter(checks[codes::no_code], always);
    if (keyed.codes == 0) {
      for (const abi::KeyEntry& entry : table.entries)
        add_entry(entry.id, entry);
      return;
    }
    const codes::Dictionary& dictionary =
        program.dictionaries[dictionary_of(key.relation, key.column)];
    const abi::CodeTexts frozen{dictionary.texts.views(), nullptr, codes::first_code, keyed.codes};
    for (std::uint32_t code = codes::first_code; code < keyed.codes; ++code) {
      const abi::KeyIds ids = abi::key_ids(keyed, frozen, code);
      for (std::uint32_t at : {ids.first, ids.second})
        for (; at != codes::no_code; at = keyed.falls_back ? keyed.shorter[at] : codes::no_code)
          add_entry(code, abi::find_key(keyed, at));
    }
    // Of a code that no table knows a part may be a key all the same, where there are keys.
    if (std::ranges::any_of(table.entries, [](const auto& entry) { return entry.count != 0; }))
      enter(checks[codes::unlisted_code], always);
  }

  std::uint64_t variant_bit(std::uint32_t rule, std::uint32_t chosen, std::uint32_t row) {
    const IndexKey& key = program.image->rules[rule].keys[chosen];
    std::string tuple = std::to_string(key.header.size()) + ':' + key.header;
    for (const std::uint32_t column : key.row_columns) {
      const std::string cell = cell_bytes(program.tables[key.table].data.columns[column], row);
      tuple += std::to_string(cell.size()) + ':' + cell;
    }
    const auto [at, is_new] = variants.try_emplace(tuple, always_bit);
    if (is_new && next_bit <= variant_bits) {
      at->second = std::uint64_t{1} << next_bit++;
      program.variants.push_back({rule, chosen, row, at->second});
    }
    for (const auto& field : key.as_of)
      if (std::ranges::find(program.as_of, field) == program.as_of.end())
        program.as_of.push_back(field);
    return at->second;
  }
};

void finish(CodeIndex& index, std::uint32_t frozen, const ChecksByCode& by_code) {
  std::map<Checks, std::uint32_t> profiles;
  const auto profile = [&](const Checks& checks) {
    const auto [at, is_new] =
        profiles.try_emplace(checks, static_cast<std::uint32_t>(index.profiles.size()));
    if (is_new) {
      Profile& made = index.profiles.emplace_back();
      made.begin = static_cast<std::uint32_t>(index.checks.size());
      for (const Check& check : checks)
        made.word |= check.bits;
      index.checks.insert(index.checks.end(), checks.begin(), checks.end());
      made.end = static_cast<std::uint32_t>(index.checks.size());
    }
    return at->second;
  };
  index.profile_of.assign(frozen + std::size_t{1}, profile({}));
  for (const auto& [code, checks] : by_code)
    index.profile_of[code] = profile(checks);
  index.profile_of[frozen] = index.profile_of[codes::unlisted_code];
}

} // namespace

void build_index(Program& program, bool use_index) {
  IndexBuilder builder{.program = program, .index_of = {}};
  for (std::uint32_t rule = 0; rule < program.image->rules.size(); ++rule) {
    if (!use_index || program.image->rules[rule].keys.empty())
      program.scanned.push_back(rule);
    else
      builder.add_rule(rule);
  }
  for (std::size_t i = 0; i < program.indexes.size(); ++i) {
    CodeIndex& index = program.indexes[i];
    const std::uint32_t dictionary = builder.dictionary_of(index.relation, index.column);
    finish(index, codes::frozen_size(program.dictionaries[dictionary]), builder.by_code[i]);
  }
}

} // namespace sanku::exec
