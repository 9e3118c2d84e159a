// See code_book.h. Tables hold codes as text, so the evaluator and compiled code complete alike.
#include "runtime/assemble/code_book.h"

#include "runtime/batch/candidates.h"
#include "runtime/batch/column.h"
#include "runtime/types/value.h"

#include <algorithm>
#include <optional>

namespace sanku::assemble {
namespace {

constexpr std::size_t cut_length = 20; // of a code in 3101

// The dictionary of a column of codes; none for any other column, or where there is no column.
std::optional<std::uint32_t> dictionary_of(const schema::Schema& schema,
                                           const schema::Relation& relation,
                                           std::optional<std::uint32_t> column) {
  if (!column || relation.columns[*column].type.kind != Kind::code)
    return std::nullopt;
  return schema.systems[relation.columns[*column].type.domain].dictionary;
}

std::optional<std::uint32_t> column_in(const schema::Schema& schema,
                                       const schema::Relation& relation, std::uint32_t dictionary) {
  for (std::uint32_t c = 0; c < relation.columns.size(); ++c)
    if (dictionary_of(schema, relation, c) == dictionary)
      return c;
  return std::nullopt;
}

const std::string* code_in(const std::vector<Value>& row, std::uint32_t column) {
  const auto* code = std::get_if<CodeText>(&row[column]);
  return code != nullptr ? &code->text : nullptr;
}

// The dictionaries of the three columns that local codes are about.
struct Systems {
  std::uint32_t provider, local, code;
};
std::optional<Systems> systems_of(const schema::Schema& schema) {
  using schema::Role;
  const auto lines = schema::line_relation(schema);
  if (!lines)
    return std::nullopt;
  const auto of = [&](std::uint32_t relation, Role role) {
    return dictionary_of(schema, schema.relations[relation],
                         schema::column_with(schema.relations[relation], role));
  };
  const auto provider = of(0, Role::provider), local = of(*lines, Role::local_code),
             code = of(*lines, Role::code);
  if (!provider || !local || !code)
    return std::nullopt;
  return Systems{*provider, *local, *code};
}

void add_local(const schema::Schema& schema, const knowledge::TableShape& shape,
               const knowledge::Table& table, const Systems& systems, CodeBook& book) {
  const schema::Relation& relation = shape.relation;
  const auto provider = column_in(schema, relation, systems.provider),
             code = column_in(schema, relation, systems.code);
  if (dictionary_of(schema, relation, shape.key) != systems.local || !provider || !code)
    return;
  for (const std::vector<Value>& row : table.rows) {
    const std::string *at = code_in(row, *provider), *from = code_in(row, shape.key),
                      *to = code_in(row, *code);
    if (at != nullptr && from != nullptr && to != nullptr)
      book.local[*at][*from].insert(*to);
  }
}

// Rows of the codes that begin alike, in one table.
struct CutRows {
  std::set<std::string> codes;
  const std::vector<Value>* first = nullptr;
  bool agree = true;
};

bool agree(const std::vector<Value>& a, const std::vector<Value>& b, std::uint32_t key) {
  for (std::uint32_t c = 0; c < a.size(); ++c)
    if (c != key && !same(a[c], b[c]))
      return false;
  return true;
}

using CutByTable = std::map<std::string, std::vector<CutRows>>; // by beginning

void add_cut(const knowledge::TableShape& shape, const knowledge::Table& table,
             std::set<std::string, std::less<>>& whole, CutByTable& cut) {
  std::map<std::string, CutRows> here;
  for (const std::vector<Value>& row : table.rows) {
    const std::string* code = code_in(row, shape.key);
    if (code == nullptr)
      continue;
    if (code->size() == cut_length)
      whole.insert(*code);
    if (code->size() <= cut_length)
      continue;
    CutRows& rows = here[code->substr(0, cut_length)];
    rows.codes.insert(*code);
    if (rows.first == nullptr)
      rows.first = &row;
    rows.agree = rows.agree && agree(*rows.first, row, shape.key);
  }
  for (auto& [beginning, rows] : here)
    cut[beginning].push_back(std::move(rows));
}

std::string stands_for(const std::vector<CutRows>& tables) {
  if (std::ranges::all_of(tables, &CutRows::agree))
    for (const std::string& code : tables.front().codes)
      if (std::ranges::all_of(tables,
                              [&](const CutRows& rows) { return rows.codes.contains(code); }))
        return code;
  std::set<std::string_view> all;
  for (const CutRows& rows : tables)
    all.insert(rows.codes.begin(), rows.codes.end());
  return batch::joined({all.begin(), all.end()});
}

std::uint32_t id_of(batch::Batch& batch, const batch::Dictionaries& dictionaries,
                    std::uint32_t dictionary, const std::string& code) {
  return batch::code_id(batch.overflow[dictionary], dictionaries[dictionary], code);
}

void map_local(batch::Batch& batch, const schema::Schema& schema,
               const batch::Dictionaries& dictionaries, const CodeBook& book,
               const Systems& systems) {
  using schema::Role;
  const std::uint32_t lines = *schema::line_relation(schema);
  const std::uint32_t provider = *schema::column_with(schema.relations[0], Role::provider);
  batch::RelationData& relation = batch.relations[lines];
  batch::ColumnData& codes =
      relation.columns[*schema::column_with(schema.relations[lines], Role::code)];
  const batch::ColumnData& locals =
      relation.columns[*schema::column_with(schema.relations[lines], Role::local_code)];
  const batch::ColumnData& providers = batch.relations[0].columns[provider];
  for (std::uint32_t s = 0; s < batch.settlements; ++s) {
    if (!batch::is_known(providers, s))
      continue;
    const std::string_view at = batch::code_text(batch, dictionaries, systems.provider,
                                                 batch::stored<std::uint32_t>(providers, s));
    for (std::uint32_t row = relation.offsets[s]; row < relation.offsets[s + 1]; ++row) {
      if (batch::is_known(codes, row) || !batch::is_known(locals, row))
        continue;
      const std::string_view local = batch::code_text(batch, dictionaries, systems.local,
                                                      batch::stored<std::uint32_t>(locals, row));
      if (const auto found = candidates(book, at, local); !found.empty())
        batch::store(codes, row, id_of(batch, dictionaries, systems.code, batch::joined(found)));
    }
  }
}

// A code that no table has is one of the batch's own, so a batch without such a code of that length
// is left alone.
void complete_cut(batch::Batch& batch, const schema::Schema& schema,
                  const batch::Dictionaries& dictionaries, const CodeBook& book,
                  std::uint32_t dictionary) {
  std::map<std::uint32_t, std::uint32_t> meant; // by id
  const std::uint32_t frozen = codes::frozen_size(dictionaries[dictionary]);
  const std::size_t own = batch.overflow[dictionary].texts.size();
  for (std::uint32_t i = 0; i < own; ++i) {
    const std::string_view text = batch.overflow[dictionary].texts[i];
    const auto found =
        text.size() == cut_length ? book.cut.find(std::string(text)) : book.cut.end();
    if (found != book.cut.end())
      meant[frozen + i] = id_of(batch, dictionaries, dictionary, found->second);
  }
  for (const std::string& code : book.cut_in_dictionary)
    meant[codes::find(dictionaries[dictionary], code)] =
        id_of(batch, dictionaries, dictionary, book.cut.at(code));
  if (meant.empty())
    return;
  const std::uint32_t lines = *schema::line_relation(schema);
  batch::ColumnData& column =
      batch.relations[lines]
          .columns[*schema::column_with(schema.relations[lines], schema::Role::code)];
  for (std::uint32_t row = 0; row < column.rows; ++row) {
    const auto found = meant.find(batch::stored<std::uint32_t>(column, row));
    if (found != meant.end())
      batch::store(column, row, found->second);
  }
}

} // namespace

CodeBook make_code_book(const schema::Schema& schema,
                        const std::vector<knowledge::TableShape>& shapes,
                        const std::vector<knowledge::Table>& tables,
                        const std::set<std::string, std::less<>>& named) {
  CodeBook book;
  const auto systems = systems_of(schema);
  const auto lines = schema::line_relation(schema);
  if (!lines)
    return book;
  const auto code =
      dictionary_of(schema, schema.relations[*lines],
                    schema::column_with(schema.relations[*lines], schema::Role::code));
  std::set<std::string, std::less<>> whole = named;
  CutByTable cut;
  for (std::size_t t = 0; t < tables.size(); ++t) {
    if (systems)
      add_local(schema, shapes[t], tables[t], *systems, book);
    if (code && dictionary_of(schema, shapes[t].relation, shapes[t].key) == code)
      add_cut(shapes[t], tables[t], whole, cut);
  }
  for (const auto& [beginning, rows] : cut)
    if (!whole.contains(beginning))
      book.cut.emplace(beginning, stands_for(rows));
  return book;
}

std::vector<std::string_view> candidates(const CodeBook& book, std::string_view provider,
                                         std::string_view local) {
  const auto at = book.local.find(provider);
  if (at == book.local.end())
    return {};
  const auto found = at->second.find(local);
  if (found == at->second.end())
    return {};
  return {found->second.begin(), found->second.end()};
}

void complete_codes(batch::Batch& batch, const schema::Schema& schema,
                    const batch::Dictionaries& dictionaries, const CodeBook& book) {
  const auto lines = schema::line_relation(schema);
  if (!lines)
    return;
  if (!book.cut.empty()) {
    const auto dictionary =
        dictionary_of(schema, schema.relations[*lines],
                      schema::column_with(schema.relations[*lines], schema::Role::code));
    complete_cut(batch, schema, dictionaries, book, *dictionary);
  }
  if (!book.local.empty())
    map_local(batch, schema, dictionaries, book, *systems_of(schema));
}

} // namespace sanku::assemble
