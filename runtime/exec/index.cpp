// build_index: see program.h. Each value that passes the test of a rule's key says that the rule
// concerns it: of a table under the header variant of its row; values with the same rules and
// variants share a profile. Tested by tests/unit/runtime/exec_test.cpp and, with and without an
// index, by the differential.
#include "runtime/abi/keyed.h"
#include "runtime/batch/column.h"
#include "runtime/exec/program.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <algorithm>
#include <map>
#include <optional>

namespace sanku::exec {
namespace {

using Checks = std::vector<Check>;
using ChecksByPlace = std::map<std::uint32_t, Checks>; // ColumnIndex

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
  std::vector<Checks> everywhere = {};      // by index, of every value that is there
  std::vector<ChecksByPlace> by_place = {}; // by index

  // By how many values pass a test, as far as that is known without asking them.
  std::size_t rarity(const IndexKey& key) const {
    return std::visit(
        match{
            [&](const InTable& in) -> std::size_t { return program.tables[in.table].data.rows; },
            [](const SetUse& use) -> std::size_t { return 1 + std::ranges::count(use.text, '|'); },
            // Of a few values each is that of many elements.
            [](const OneOf&) { return ~std::size_t{0}; },
            [](const IsKnown&) { return ~std::size_t{0} - 1; },
        },
        *key.test);
  }

  // Of the keys with a test the rarest, and the key without.
  void choose(std::uint32_t rule) {
    const std::vector<IndexKey>& keys = program.image->rules[rule].keys;
    const IndexKey* rarest = nullptr;
    for (const IndexKey& key : keys) {
      if (!key.test)
        program.gates.emplace_back(rule, static_cast<std::uint32_t>(&key - keys.data()));
      else if (rarest == nullptr || rarity(key) < rarity(*rarest))
        rarest = &key;
    }
    if (rarest == nullptr)
      program.scanned.push_back(rule);
    else
      add_rule(rule, static_cast<std::uint32_t>(rarest - keys.data()));
  }

  std::size_t index_for(const IndexKey& key) {
    const auto [at, is_new] = index_of.try_emplace(
        {key.relation, key.column}, static_cast<std::uint32_t>(program.indexes.size()));
    if (is_new) {
      const Type& type = program.schema->relations[key.relation].columns[key.column].type;
      ColumnIndex& index = program.indexes.emplace_back();
      index.relation = key.relation;
      index.column = key.column;
      index.kind = type.kind;
      if (type.kind == Kind::code)
        index.dictionary = program.schema->systems[type.domain].dictionary;
      by_place.emplace_back();
      everywhere.emplace_back();
    }
    return at->second;
  }

  void add_rule(std::uint32_t rule, std::uint32_t chosen) {
    const IndexKey& key = program.image->rules[rule].keys[chosen];
    const std::size_t at = index_for(key);
    if (key.visit)
      program.by_visit.emplace_back(rule, chosen);
    const Target target{rule, chosen, program.indexes[at], by_place[at]};
    if (!std::holds_alternative<IsKnown>(*key.test))
      enter(target, codes::no_code);
    std::visit(match{
                   [&](const InTable& in) { add_table(target, in.table); },
                   [&](const SetUse& use) { add_set(target, use); },
                   [&](const OneOf& one) {
                     for (const std::uint32_t value : one.values)
                       enter(target, place_of(value));
                     enter(target, codes::unlisted_code); // equal to none, nor different from any
                   },
                   [&](const IsKnown&) {
                     everywhere[at].push_back(
                         {.bits = always_bit, .rule = rule, .visit = key.visit});
                   },
               },
               *key.test);
  }

  // Where the values of a rule's test are entered.
  struct Target {
    std::uint32_t rule, key;
    ColumnIndex& index;
    ChecksByPlace& checks;
  };
  static std::uint32_t place_of(std::uint32_t enum_value) {
    return enum_value - 1 + codes::first_code;
  }

  // The row says of which variant the value is; of a value that no row speaks of, all are possible.
  void enter(const Target& target, std::uint32_t place,
             std::optional<std::uint32_t> row = std::nullopt) {
    const IndexKey& key = program.image->rules[target.rule].keys[target.key];
    std::uint64_t bit = always_bit;
    if (key.masks && !key.visit && place >= codes::first_code)
      bit = variant_bit(target.rule, target.key, row.value_or(0));
    exec::enter(target.checks[place], {.bits = bit, .rule = target.rule, .visit = key.visit});
  }

  void add_entry(const Target& target, std::uint32_t table, std::uint32_t place,
                 const abi::KeyEntry& entry) {
    for (std::uint32_t i = 0; i < entry.count; ++i)
      enter(target, place, abi::row_at(program.keyed[table], entry, i));
  }

  void add_table(const Target& target, std::uint32_t number) {
    const knowledge::BoundTable& table = program.tables[number];
    const abi::KeyedView& keyed = program.keyed[number];
    if (target.index.kind == Kind::text) {
      const batch::ColumnData& keys = table.data.columns[program.key_columns[number].column];
      for (std::uint32_t row = 0; row < table.data.rows; ++row)
        enter(target, codes::intern(target.index.texts, batch::stored_text(keys, row)), row);
    } else if (target.index.kind == Kind::enumeration) {
      for (const abi::KeyEntry& entry : table.entries)
        if (entry.count != 0)
          add_entry(target, number, place_of(entry.id), entry);
      enter(target, codes::unlisted_code);
    } else if (keyed.codes == 0) {
      for (const abi::KeyEntry& entry : table.entries)
        add_entry(target, number, entry.id, entry);
    } else {
      add_keys_by_text(target, number);
    }
  }

  void add_keys_by_text(const Target& target, std::uint32_t number) {
    const abi::KeyedView& keyed = program.keyed[number];
    const codes::Dictionary& dictionary = program.dictionaries[target.index.dictionary];
    const abi::CodeTexts frozen{dictionary.texts.views(), nullptr, codes::first_code, keyed.codes};
    for (std::uint32_t code = codes::first_code; code < keyed.codes; ++code) {
      const abi::KeyIds ids = abi::key_ids(keyed, frozen, code);
      for (std::uint32_t at : {ids.first, ids.second})
        for (; at != codes::no_code; at = keyed.falls_back ? keyed.shorter[at] : codes::no_code)
          add_entry(target, number, code, abi::find_key(keyed, at));
    }
    // Of a code that no table knows a part may be a key all the same, where there are keys.
    if (std::ranges::any_of(program.tables[number].entries,
                            [](const auto& entry) { return entry.count != 0; }))
      enter(target, codes::unlisted_code);
  }

  void add_set(const Target& target, const SetUse& use) {
    const auto at = std::ranges::find(program.image->sets, use);
    check(at != program.image->sets.end(), "a set of the index is one that its rule asks for");
    const BoundSetUse& bound =
        program.sets.uses[static_cast<std::size_t>(at - program.image->sets.begin())];
    const CodeSets& sets = program.sets.sets[bound.sets];
    const std::uint32_t set = bound.numbers.front();
    const std::uint32_t frozen = codes::frozen_size(program.dictionaries[use.dictionary]);
    for (std::uint32_t code = codes::first_code; code < frozen; ++code)
      if (((sets.bits[std::size_t{code} * sets.words + set / 64] >> (set % 64)) & 1) != 0)
        enter(target, code);
    // Ranges, and elements that stand for all below, may hold codes that no rule names.
    if (use.below || use.text.find("..") != std::string::npos)
      enter(target, codes::unlisted_code);
  }

  // How many places values have that a table, a set or the schema knows.
  std::uint32_t places(const ColumnIndex& index) const {
    if (index.kind == Kind::text)
      return codes::frozen_size(index.texts);
    if (index.kind == Kind::code)
      return codes::frozen_size(program.dictionaries[index.dictionary]);
    const Type& type = program.schema->relations[index.relation].columns[index.column].type;
    if (index.kind != Kind::enumeration)
      return codes::first_code;
    return codes::first_code +
           static_cast<std::uint32_t>(program.schema->enums[type.domain].members.size());
  }

  std::uint64_t variant_bit(std::uint32_t rule, std::uint32_t chosen, std::uint32_t row) {
    const IndexKey& key = program.image->rules[rule].keys[chosen];
    std::string tuple = std::to_string(key.header.size()) + ':' + key.header;
    for (const std::uint32_t column : key.row_columns) {
      const std::uint32_t table = std::get<InTable>(*key.test).table;
      const std::string cell = cell_bytes(program.tables[table].data.columns[column], row);
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

void finish(ColumnIndex& index, std::uint32_t places, const Checks& everywhere,
            const ChecksByPlace& by_place) {
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
  index.profile_of.assign(places + std::size_t{1}, profile(everywhere));
  index.profile_of[codes::no_code] = profile({});
  for (const auto& [place, own] : by_place) {
    Checks checks = own;
    if (place != codes::no_code)
      checks.insert(checks.end(), everywhere.begin(), everywhere.end());
    std::ranges::sort(checks, {}, &Check::rule);
    index.profile_of[place] = profile(checks);
  }
  index.profile_of[places] = index.profile_of[codes::unlisted_code];
}

} // namespace

void build_index(Program& program, bool use_index) {
  IndexBuilder builder{.program = program, .index_of = {}};
  for (std::uint32_t rule = 0; rule < program.image->rules.size(); ++rule) {
    if (use_index)
      builder.choose(rule);
    else
      program.scanned.push_back(rule);
  }
  for (std::size_t i = 0; i < program.indexes.size(); ++i)
    finish(program.indexes[i], builder.places(program.indexes[i]), builder.everywhere[i],
           builder.by_place[i]);
}

} // namespace sanku::exec
