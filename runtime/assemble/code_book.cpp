// See code_book.h. Tables hold codes as text, so the evaluator and compiled code complete alike.
#include "runtime/assemble/code_book.h"

#include "runtime/batch/candidates.h"
#include "runtime/batch/column.h"
#include "runtime/kernels/place.h"
#include "runtime/kernels/time.h"
#include "runtime/types/moment.h"
#include "runtime/types/value.h"

#include <algorithm>
#include <limits>
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

// The columns of a table that maps local codes, beside its key.
struct MapColumns {
  std::uint32_t provider, code;
};
std::optional<MapColumns> map_columns(const schema::Schema& schema,
                                      const knowledge::TableShape& shape, const Systems& systems) {
  const auto provider = column_in(schema, shape.relation, systems.provider),
             code = column_in(schema, shape.relation, systems.code);
  if (dictionary_of(schema, shape.relation, shape.key) != systems.local || !provider || !code)
    return std::nullopt;
  return MapColumns{*provider, *code};
}

std::int32_t day_in(const std::vector<Value>& row, std::optional<std::uint32_t> column,
                    std::int32_t open) {
  const auto* day = column ? std::get_if<Date>(&row[*column]) : nullptr;
  return day != nullptr ? day->days : open;
}

void add_local(const schema::Schema& schema, const MapTable& map, const Systems& systems,
               CodeBook& book) {
  const auto columns = map_columns(schema, map.shape, systems);
  if (!columns)
    return;
  using Days = std::numeric_limits<std::int32_t>;
  for (const std::vector<Value>& row : map.table.rows) {
    const std::string *at = code_in(row, columns->provider), *from = code_in(row, map.shape.key),
                      *to = code_in(row, columns->code);
    if (at == nullptr || from == nullptr || to == nullptr)
      continue;
    // A layer's own table counts where the layer does, whatever narrower ones make of its rows.
    const knowledge::Zones zones = knowledge::zones_of(map.shape, row);
    MappedCode made{
        .code = *to,
        .from = day_in(row, map.shape.valid_from, Days::min()),
        .to = day_in(row, map.shape.valid_to, Days::max()),
        .zones = {std::max(zones.first, map.zones.first), std::min(zones.last, map.zones.last)},
        .insured = map.insured};
    if (made.zones.first > made.zones.last)
      continue;
    std::vector<MappedCode>& known = book.local[*at][*from];
    if (std::ranges::find(known, made) == known.end())
      known.push_back(std::move(made));
  }
}

Tri counts(const MappedCode& code, const Standing& standing) {
  using Days = std::numeric_limits<std::int32_t>;
  Tri counts = Tri::yes;
  const bool always = code.from == Days::min() && code.to == Days::max();
  if (!always && !standing.day)
    counts = Tri::unknown;
  else if (!always && (*standing.day < code.from || code.to < *standing.day))
    return Tri::no;
  const auto& zone = code.insured ? standing.insured : standing.care;
  const Maybe<Bool> here = kernels::in_zones({Integer{zone.value_or(0)}, zone.has_value()},
                                             Integer{code.zones.first}, Integer{code.zones.last});
  return !here.known ? Tri::unknown : here.value.value ? counts : Tri::no;
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

std::vector<std::string_view> candidates(const std::vector<MappedCode>& rows,
                                         const Standing& standing) {
  std::set<std::string_view> all;
  bool sure = false;
  for (const MappedCode& row : rows) {
    const Tri counted = counts(row, standing);
    if (counted != Tri::no)
      all.insert(row.code);
    sure = sure || counted == Tri::yes;
  }
  return sure ? std::vector<std::string_view>(all.begin(), all.end())
              : std::vector<std::string_view>{};
}

// The day of a line, as far as it says; it is read by whom `column` belongs to.
std::optional<std::int32_t> day_of(const batch::ColumnData& times, Kind kind, std::uint32_t row) {
  if (!batch::is_known(times, row))
    return std::nullopt;
  return kind == Kind::date
             ? batch::stored<std::int32_t>(times, row)
             : kernels::date_of(DateTime{batch::stored<std::int64_t>(times, row)}).days;
}

struct MapLocal {
  batch::Batch& batch;
  const schema::Schema& schema;
  const batch::Dictionaries& dictionaries;
  const CodeBook& book;
  const Systems& systems;
  std::uint32_t lines = *schema::line_relation(schema);

  [[nodiscard]] batch::ColumnData& column(std::uint32_t relation, schema::Role role) const {
    return batch.relations[relation]
        .columns[*schema::column_with(schema.relations[relation], role)];
  }
  [[nodiscard]] Standing standing_of(std::uint32_t settlement) const {
    const auto zone = [&](schema::Role role) {
      return zone_of(batch, schema, dictionaries, book.where, role, settlement);
    };
    return book.where == Regions{} ? Standing{}
                                   : Standing{.care = zone(schema::Role::care_area),
                                              .insured = zone(schema::Role::insured_area)};
  }
  void settlement(std::uint32_t s, const HospitalCodes& codes_here) const {
    batch::ColumnData& codes = column(lines, schema::Role::code);
    const batch::ColumnData& locals = column(lines, schema::Role::local_code);
    const schema::Relation& relation = schema.relations[lines];
    const auto time = schema::column_with(relation, schema::Role::time);
    Standing standing = standing_of(s);
    const std::vector<std::uint32_t>& offsets = batch.relations[lines].offsets;
    for (std::uint32_t row = offsets[s]; row < offsets[s + 1]; ++row) {
      if (batch::is_known(codes, row) || !batch::is_known(locals, row))
        continue;
      const auto known = codes_here.find(batch::code_text(
          batch, dictionaries, systems.local, batch::stored<std::uint32_t>(locals, row)));
      if (known == codes_here.end())
        continue;
      if (time)
        standing.day =
            day_of(batch.relations[lines].columns[*time], relation.columns[*time].type.kind, row);
      if (const auto found = candidates(known->second, standing); !found.empty())
        batch::store(codes, row, id_of(batch, dictionaries, systems.code, batch::joined(found)));
    }
  }
  void all() const {
    const batch::ColumnData& providers = column(0, schema::Role::provider);
    for (std::uint32_t s = 0; s < batch.settlements; ++s) {
      if (!batch::is_known(providers, s))
        continue;
      const auto at = book.local.find(batch::code_text(batch, dictionaries, systems.provider,
                                                       batch::stored<std::uint32_t>(providers, s)));
      if (at != book.local.end())
        settlement(s, at->second);
    }
  }
};

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

bool same_maps(const CodeBook& a, const CodeBook& b) {
  return a.local == b.local && a.where == b.where;
}

bool maps_codes(const schema::Schema& schema, const knowledge::TableShape& shape) {
  const auto systems = systems_of(schema);
  return systems && map_columns(schema, shape, *systems);
}

CodeBook make_code_book(const schema::Schema& schema, const std::vector<MapTable>& tables,
                        const Regions& where, const std::set<std::string, std::less<>>& named) {
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
  for (const MapTable& each : tables) {
    if (systems)
      add_local(schema, each, *systems, book);
    if (code && dictionary_of(schema, each.shape.relation, each.shape.key) == code)
      add_cut(each.shape, each.table, whole, cut);
  }
  for (const auto& [beginning, rows] : cut)
    if (!whole.contains(beginning))
      book.cut.emplace(beginning, stands_for(rows));
  for (const auto& [provider, codes] : book.local)
    for (const auto& [local, rows] : codes)
      if (std::ranges::any_of(rows, [](const MappedCode& row) {
            return row.zones.first > 0 || row.zones.last != last_zone;
          }))
        book.where = where;
  return book;
}

std::vector<std::string_view> candidates(const CodeBook& book, std::string_view provider,
                                         std::string_view local, const Standing& standing) {
  const auto at = book.local.find(provider);
  if (at == book.local.end())
    return {};
  const auto found = at->second.find(local);
  return found == at->second.end() ? std::vector<std::string_view>{}
                                   : candidates(found->second, standing);
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
    MapLocal{batch, schema, dictionaries, book, *systems_of(schema)}.all();
}

} // namespace sanku::assemble
