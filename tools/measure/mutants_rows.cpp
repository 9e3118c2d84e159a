// Mutants of knowledge rows. See mutants_parts.h.
#include "compiler/evaluate/trace.h"
#include "compiler/hir/walk.h"
#include "runtime/types/match.h"
#include "tools/measure/mutants_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace sanku::measure {
namespace {

using Key = std::pair<hir::TableId, std::vector<std::string>>;
struct Place {
  std::size_t trial;
  std::uint32_t row;
  friend auto operator<=>(const Place&, const Place&) = default;
};

std::string shown(const hir::Program& program, const schema::Column& column, const Value& value,
                  Language language) {
  return is_known(value) ? evaluate::printed(value, column.type, program.schema, language)
                         : std::string(language == Language::zh ? "空" : "empty");
}

// Columns of a table whose cells the rule reads, other than its key and what is only told.
std::set<std::uint32_t> columns_read(const hir::Program& program, const Parts& parts,
                                     hir::TableId table) {
  const knowledge::TableShape& shape = program.tables[table].shape;
  const hir::RelationId relation = hir::relation_of(program, table);
  std::set<std::uint32_t> columns;
  const auto note = [&](const hir::Expr& part) {
    if (const auto* field = std::get_if<hir::FieldOf>(&part.form);
        field && field->relation == relation)
      columns.insert(field->column);
    if (const auto* cell = std::get_if<hir::EmptyCell>(&part.form);
        cell && cell->relation == relation)
      columns.insert(cell->column);
  };
  for (const hir::Expr* each : parts.exprs)
    hir::for_each_part(*each, note);
  columns.erase(shape.key);
  for (const auto& hidden : {shape.zone_from, shape.zone_to})
    if (hidden)
      columns.erase(*hidden);
  return columns;
}

// Another value that a cell could have; none where nothing is near.
std::optional<Value> other_cell(const hir::Program& program, const Value& cell,
                                const schema::Column& column) {
  if (const auto* listed = std::get_if<EnumValue>(&cell)) {
    const auto count =
        static_cast<std::uint32_t>(program.schema.enums[column.type.domain].members.size());
    return EnumValue{.id = listed->id % count + 1, .unlisted = {}};
  }
  if (const auto* code = std::get_if<CodeText>(&cell))
    return CodeText{code->text + "0"};
  if (const auto* text = std::get_if<std::string>(&cell); text && text->find('|') == text->npos)
    return *text + "0";
  auto others = other_values(cell, column.type);
  if (others.empty())
    return std::nullopt;
  return std::move(others.front().second);
}

struct Finder {
  const Rules& rules;
  const hir::Program& program;
  std::uint32_t rule;
  Trials& trials;
  Parts parts;
  std::map<Key, std::set<Place>> rows = {};

  void look(std::size_t number) {
    Trial& trial = *trials[number];
    trial.observer = {};
    trial.observer.rows = [&](hir::TableId table, const Value& key, const Value&,
                              const std::vector<std::uint32_t>& found) {
      // Of a table that is gone through, and of many rows of one key, a condition says which count;
      // no single one is what was asked for.
      constexpr std::size_t few = 8;
      if (!is_known(key) || found.size() > few)
        return;
      for (const std::uint32_t row : found) {
        std::vector<std::string> cells;
        const auto& columns = program.tables[table].shape.relation.columns;
        for (std::size_t i = 0; i < columns.size(); ++i)
          cells.push_back(
              shown(program, columns[i], trial.tables[table].rows[row][i], Language::en));
        rows[{table, std::move(cells)}].insert({number, row});
      }
    };
    static_cast<void>(judge(program, trial, rule));
    trial.observer = {};
  }

  std::string head(hir::TableId table, const Value& key, Language language) const {
    const knowledge::TableShape& shape = program.tables[table].shape;
    return fmt::format("{}[{}]",
                       language == Language::zh ? shape.relation.names.zh : shape.relation.names.en,
                       shown(program, shape.relation.columns[shape.key], key, language));
  }

  Mutant mutant(hir::TableId table) const {
    Mutant made;
    made.kind = MutantKind::row;
    made.rule = rule;
    made.span = program.tables[table].span;
    return made;
  }

  void add(const Key& key, const std::set<Place>& places, std::vector<Mutant>& mutants) const {
    const hir::TableId table = key.first;
    const knowledge::TableShape& shape = program.tables[table].shape;
    const std::vector<Value>& first =
        trials[places.begin()->trial]->tables[table].rows[places.begin()->row];
    const std::string zh = head(table, first[shape.key], Language::zh),
                      en = head(table, first[shape.key], Language::en);
    Mutant without = mutant(table);
    without.from_zh = zh;
    without.from_en = en;
    without.to_zh = "（略去该行）";
    without.to_en = "(row left out)";
    for (const Place& place : places)
      without.changes.push_back(OtherCell{place.trial, table, place.row, shape.key, Unknown{}});
    mutants.push_back(std::move(without));
    for (const std::uint32_t column : columns_read(program, parts, table)) {
      const schema::Column& of = shape.relation.columns[column];
      const auto other = other_cell(program, first[column], of);
      if (!other)
        continue;
      Mutant changed = mutant(table);
      changed.from_zh = fmt::format("{}.{} = {}", zh, of.names.zh,
                                    shown(program, of, first[column], Language::zh));
      changed.from_en = fmt::format("{}.{} = {}", en, of.names.en,
                                    shown(program, of, first[column], Language::en));
      changed.to_zh = shown(program, of, *other, Language::zh);
      changed.to_en = shown(program, of, *other, Language::en);
      for (const Place& place : places)
        changed.changes.push_back(OtherCell{place.trial, table, place.row, column, *other});
      mutants.push_back(std::move(changed));
    }
  }
};

} // namespace

void add_rows(const Rules& rules, std::uint32_t rule, Trials& trials,
              std::vector<Mutant>& mutants) {
  Finder finder{.rules = rules,
                .program = engine::program(rules),
                .rule = rule,
                .trials = trials,
                .parts = parts_of(rules, rule)};
  for (std::size_t i = 0; i < trials.size(); ++i)
    finder.look(i);
  for (const auto& [key, places] : finder.rows)
    finder.add(key, places, mutants);
}

} // namespace sanku::measure
