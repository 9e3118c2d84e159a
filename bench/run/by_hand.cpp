// See by_hand.h.
#include "bench/run/by_hand.h"

#include "runtime/batch/column.h"
#include "runtime/types/match.h"
#include "tools/engine/identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

namespace sanku::bench {
namespace {

constexpr std::string_view prefix_separator = "|";

std::uint32_t column_of(const schema::Relation& relation, std::string_view path) {
  if (const auto column = engine::column_at(relation, path))
    return *column;
  stop(fmt::format("the claim schema has no field {}", path));
}

const batch::ColumnData& data_of(const Compiled& compiled, const batch::Batch& batch,
                                 std::uint32_t relation, std::string_view path) {
  const schema::Relation& shape = compiled.program().schema.relations[relation];
  return batch.relations[relation].columns[column_of(shape, path)];
}

std::uint32_t relation_of(const schema::Schema& schema, std::string_view name) {
  for (std::uint32_t r = 0; r < schema.relations.size(); ++r)
    if (schema.relations[r].names.en == name)
      return r;
  stop(fmt::format("the claim schema has no list {}", name));
}

template <class T> const T* values(const batch::ColumnData& column) {
  return reinterpret_cast<const T*>(column.values.data());
}
template <class T> limit::Column<T> optional(const batch::ColumnData& column) {
  return {values<T>(column), column.validity.data()};
}

// A column that the hand-written rules take as complete.
const batch::ColumnData& complete(const batch::ColumnData& column, std::string_view name) {
  for (std::uint32_t row = 0; row < column.rows; ++row)
    if (!batch::is_known(column, row))
      stop(fmt::format("{} is missing somewhere; the hand-written rules rely on it", name));
  return column;
}

struct NamedTable {
  std::uint32_t id = 0;
  const knowledge::Table* table = nullptr;
};

NamedTable table_of(const Compiled& compiled, std::string_view name) {
  const auto& shapes = compiled.program().tables;
  for (std::uint32_t t = 0; t < shapes.size(); ++t)
    if (shapes[t].shape.relation.names.en == name)
      return {t, &compiled.tables()[t]};
  stop(fmt::format("the pack has no table {}", name));
}

const std::string& code_at(const std::vector<Value>& row, std::size_t column) {
  return std::get<CodeText>(row[column]).text;
}
std::int64_t number_at(const std::vector<Value>& row, std::size_t column) {
  return std::get<Integer>(row[column]).value;
}

} // namespace

HandWritten::HandWritten(const Compiled& compiled, const std::vector<batch::Batch>& batches) {
  lay_tables(compiled);
  lay_diagnoses(compiled, batches);
  lay_blocks(compiled, batches);
}

void HandWritten::lay_tables(const Compiled& compiled) {
  const schema::Schema& schema = compiled.program().schema;
  const std::uint32_t items = *schema::line_relation(schema);
  const Type code =
      schema.relations[items].columns[column_of(schema.relations[items], "code")].type;
  const codes::Dictionary& dictionary =
      engine::dictionaries(*compiled.engine)[schema.systems[code.domain].dictionary];
  tables_.items.resize(codes::frozen_size(dictionary));
  tables_.texts.resize(codes::frozen_size(dictionary));
  for (std::uint32_t i = 0; i < dictionary.texts.size(); ++i)
    tables_.texts[i + codes::first_code] = dictionary.texts[i];
  using Fill = void (*)(limit::ItemRow&, const std::vector<Value>&, limit::TableRow);
  const auto each = [&](std::string_view name, Fill fill) {
    const NamedTable named = table_of(compiled, name);
    for (std::uint32_t row = 0; row < named.table->rows.size(); ++row) {
      const std::vector<Value>& values = named.table->rows[row];
      fill(tables_.items[codes::find(dictionary, code_at(values, 0))], values, {named.id, row});
    }
  };
  each("sex_only", [](auto& item, const auto& row, auto at) {
    item.sex = static_cast<std::uint8_t>(std::get<EnumValue>(row[1]).id);
    item.sex_row = at;
  });
  each("age_only", [](auto& item, const auto& row, auto at) {
    item.aged = true;
    item.age_low = static_cast<std::uint8_t>(number_of(std::get<Span>(row[1])));
    item.age_high = static_cast<std::uint8_t>(number_of(std::get<Span>(row[2])));
    item.age_row = at;
  });
  each("for_diagnosis", [](auto& item, const auto& row, auto at) {
    item.group = static_cast<std::uint16_t>(number_at(row, 1));
    item.group_row = at;
  });
  each("once_a_day", [](auto& item, const auto&, auto) { item.once = true; });
  each("day_limit", [](auto& item, const auto& row, auto at) {
    item.day_limit = static_cast<std::uint32_t>(number_at(row, 1));
    item.limit_row = at;
  });
  each("bed", [](auto& item, const auto&, auto) { item.bed = true; });
  each("level_limit", [](auto& item, const auto& row, auto at) {
    item.level = static_cast<std::uint8_t>(std::get<EnumValue>(row[1]).id);
    item.level_row = at;
  });
  each("second_line", [](auto& item, const auto& row, auto at) {
    item.second = true;
    item.family = static_cast<std::uint16_t>(number_at(row, 1));
    item.second_row = at;
  });
  each("first_line", [](auto& item, const auto& row, auto) {
    item.first = true;
    item.family = static_cast<std::uint16_t>(number_at(row, 1));
  });
  const NamedTable excluded = table_of(compiled, "excluded");
  for (std::uint32_t row = 0; row < excluded.table->rows.size(); ++row) {
    const std::vector<Value>& values = excluded.table->rows[row];
    limit::ItemRow& item = tables_.items[codes::find(dictionary, code_at(values, 0))];
    item.other = codes::find(dictionary, code_at(values, 1));
    item.other_row = {excluded.id, row};
  }
  limit::prepare(tables_);
}

// A code belongs to the groups that name it or one that it begins with.
void HandWritten::lay_diagnoses(const Compiled& compiled,
                                const std::vector<batch::Batch>& batches) {
  const NamedTable sets = table_of(compiled, "diagnosis_set");
  std::unordered_map<std::string, std::vector<std::uint32_t>> groups_of;
  for (std::uint32_t row = 0; row < sets.table->rows.size(); ++row) {
    const auto group = static_cast<std::uint32_t>(number_at(sets.table->rows[row], 0));
    if (group >= limit::group_words * 64)
      stop("the hand-written rules hold fewer groups of diagnoses");
    tables_.group_rows.resize(std::max<std::size_t>(tables_.group_rows.size(), group + 1u));
    tables_.group_rows[group] = {sets.id, row};
    std::string_view rest = std::get<std::string>(sets.table->rows[row][1]);
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find(prefix_separator), rest.size());
      groups_of[std::string(rest.substr(0, end))].push_back(group);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  const schema::Schema& schema = compiled.program().schema;
  const std::uint32_t list = relation_of(schema, "diagnoses");
  const std::uint32_t column = column_of(schema.relations[list], "code");
  const Type type = schema.relations[list].columns[column].type;
  std::unordered_map<std::string, std::uint32_t> ids;
  for (const batch::Batch& batch : batches) {
    std::vector<std::uint32_t>& own = diagnoses_.emplace_back();
    const batch::ColumnData& data =
        complete(batch.relations[list].columns[column], "a diagnosis code");
    for (std::uint32_t row = 0; row < data.rows; ++row) {
      const std::string text(batch::code_text(batch, engine::dictionaries(*compiled.engine),
                                              schema.systems[type.domain].dictionary,
                                              batch::stored<std::uint32_t>(data, row)));
      const auto [at, fresh] = ids.try_emplace(text, static_cast<std::uint32_t>(ids.size()));
      own.push_back(at->second);
      if (!fresh)
        continue;
      const std::size_t begin = tables_.groups_of.size();
      tables_.groups_of.resize(begin + limit::group_words);
      for (std::size_t size = 1; size <= text.size(); ++size)
        if (const auto found = groups_of.find(text.substr(0, size)); found != groups_of.end())
          for (const std::uint32_t group : found->second)
            tables_.groups_of[begin + (group >> 6)] |= std::uint64_t{1} << (group & 63u);
    }
  }
}

void HandWritten::lay_blocks(const Compiled& compiled, const std::vector<batch::Batch>& batches) {
  const schema::Schema& schema = compiled.program().schema;
  const std::uint32_t items = *schema::line_relation(schema);
  const std::uint32_t diagnoses = relation_of(schema, "diagnoses");
  for (std::size_t b = 0; b < batches.size(); ++b) {
    const batch::Batch& batch = batches[b];
    const auto header = [&](std::string_view path) -> const batch::ColumnData& {
      return data_of(compiled, batch, 0, path);
    };
    const auto line = [&](std::string_view path) -> const batch::ColumnData& {
      return complete(data_of(compiled, batch, items, path), path);
    };
    limit::Block block;
    block.settlements = batch.settlements;
    block.sex = optional<std::uint32_t>(header("patient.sex"));
    block.level = optional<std::uint32_t>(header("provider.level"));
    block.birth = optional<std::int32_t>(header("patient.birth"));
    block.total = values<std::int64_t>(complete(header("total"), "the total"));
    block.admitted = values<std::int64_t>(complete(header("admitted"), "the admission"));
    block.discharged = values<std::int64_t>(complete(header("discharged"), "the discharge"));
    block.first_line = batch.relations[items].offsets.data();
    block.code = values<std::uint32_t>(line("code"));
    block.at = values<std::int64_t>(line("at"));
    block.quantity = values<std::int64_t>(line("quantity"));
    block.amount = values<std::int64_t>(line("amount"));
    block.rank = batch.relations[items].order.data();
    block.name_begin = line("name").offsets.data();
    block.names = values<char>(line("name"));
    block.first_diagnosis = batch.relations[diagnoses].offsets.data();
    block.diagnosis = diagnoses_[b].data();
    blocks_.push_back(block);
  }
}

namespace {

struct Text {
  std::string said;
  void head(std::uint32_t settlement, std::uint32_t rule, std::uint32_t subject) {
    said = fmt::format("settlement {} rule {} subject {}", settlement, rule + 1, subject);
  }
  void row(std::uint32_t table, std::uint32_t row) {
    said += fmt::format(" row {}:{}", table, row);
  }
  void line(std::uint32_t row, bool offending, bool known, std::int64_t cents) {
    said += fmt::format(" {} {}", offending ? "on" : "with", row);
    if (offending)
      said += known ? fmt::format("={}", cents) : "=?";
  }
  void number(std::string_view role, std::int64_t number) {
    said += fmt::format(" {} {}", role, number);
  }
  void words(std::string_view role, std::string_view text) {
    said += fmt::format(" {} '{}'", role, text);
  }
  void value(std::string_view role, const Value& value) {
    std::visit(match{
                   [&](const CodeText& code) { words(role, code.text); },
                   [&](const std::string& text) { words(role, text); },
                   [&](const EnumValue& listed) { number(role, listed.id); },
                   [&](const Integer& number) { this->number(role, number.value); },
                   [&](const Decimal& number) {
                     this->number(role, static_cast<std::int64_t>(number.units));
                   },
                   [&](const Date& date) { number(role, date.days); },
                   [&](const auto&) { words(role, "of another kind"); },
               },
               value);
  }
};

} // namespace

std::string text_of(const exec::Finding& finding) {
  Text text;
  text.head(finding.settlement, finding.rule, finding.subject);
  for (const exec::EvidenceRow& row : finding.evidence)
    text.row(row.table, row.row);
  for (const exec::FindingLine& line : finding.lines)
    text.line(line.row, line.role == exec::LineRole::offending, line.amount_known, line.amount);
  for (const Value& key : finding.keys)
    text.value("key", key);
  for (const Value& hole : finding.holes)
    text.value("says", hole);
  return text.said;
}

std::vector<std::string> texts_of(const limit::Output& output) {
  std::vector<std::string> texts;
  for (const limit::Payload& finding : output.findings) {
    Text text;
    text.head(finding.settlement, finding.rule, finding.subject);
    for (std::uint32_t i = finding.rows; i < finding.rows + finding.row_count; ++i)
      text.row(output.rows[i].table, output.rows[i].row);
    for (std::uint32_t i = finding.lines; i < finding.lines + finding.line_count; ++i) {
      const limit::PayloadLine& line = output.lines[i];
      text.line(line.row, line.offending, line.known, line.cents);
    }
    const auto value = [&](std::string_view role, const limit::PayloadValue& said) {
      if (said.text)
        text.words(role, std::string_view(output.texts)
                             .substr(static_cast<std::size_t>(said.number), said.size));
      else
        text.number(role, said.number);
    };
    for (std::uint32_t i = finding.keys; i < finding.keys + finding.key_count; ++i)
      value("key", output.keys[i]);
    for (std::uint32_t i = finding.holes; i < finding.holes + finding.hole_count; ++i)
      value("says", output.holes[i]);
    texts.push_back(text.said);
  }
  return texts;
}

std::optional<std::string> difference(const std::vector<exec::Finding>& compiled,
                                      const limit::Output& by_hand) {
  const std::vector<std::string> other = texts_of(by_hand);
  for (std::size_t i = 0; i < std::max(compiled.size(), other.size()); ++i) {
    const std::string a = i < compiled.size() ? text_of(compiled[i]) : "nothing more";
    const std::string b = i < other.size() ? other[i] : "nothing more";
    if (a != b)
      return fmt::format("compiled: {}\n by hand: {}", a, b);
  }
  return std::nullopt;
}

} // namespace sanku::bench
