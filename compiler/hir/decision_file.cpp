// Decision tables from files: the first line names what each column is compared with, each line
// behind it is a row, its last cell the result. Cells are read as those of knowledge tables are; a
// row becomes the condition that an author would have written. Tested by
// tests/unit/compiler/decision_test.cpp and tests/cases/errors/SK324*.
#include "compiler/hir/decisions.h"
#include "runtime/knowledge/csv.h"
#include "runtime/knowledge/set_cell.h"
#include "runtime/types/utf8.h"

#include <fmt/format.h>

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

constexpr Type boolean{.kind = Kind::boolean};

// False: a line of the file is no line of a table.
bool read_rows(const ast::Decide& decide, const std::string& text, DecisionFile& file,
               diag::Diagnostics& diagnostics) {
  knowledge::CsvReader reader(text);
  knowledge::CsvRecord record;
  const Span at = decide.names.first.span;
  bool fine = true;
  while (reader.next(record)) {
    std::vector<std::string> cells;
    for (const std::string_view cell : record.fields)
      cells.emplace_back(knowledge::trimmed(cell));
    if (!record.well_formed) {
      report<"table_line">(diagnostics, at, decide.file, record.line, excerpt(record.raw));
      fine = false;
    } else if (file.headers.empty()) {
      file.headers = std::move(cells);
    } else if (cells.size() != file.headers.size()) {
      report<"decide_shape">(diagnostics, at, decide.file, record.line);
      fine = false;
    } else {
      file.rows.push_back({record.line, std::move(cells)});
    }
  }
  if (fine && (file.headers.size() < 2 || file.rows.empty())) {
    report<"decide_shape">(diagnostics, at, decide.file, 1);
    return false;
  }
  return fine;
}

// What stands for one file while its rows are made.
struct FileTable {
  Scope& scope;
  const ast::Decide& decide;
  const DecisionFile& file;
  Span at;
  bool fine = true;

  void cell_fault(const DecisionFile::Row& row, std::size_t column, const Type& type) {
    fine = false;
    if (!scope.declaring)
      return;
    const TypeName wanted = type_name(scope.pack.schema, type);
    report<"decide_cell">(scope.diagnostics, at, decide.file, row.line, file.headers[column],
                          row.cells[column], Words{wanted.zh, wanted.en});
  }
};

// `s.patient.age`, `s的患者的年龄`: a parameter, or a field of one.
ast::ExprPtr path_of(std::string_view header, Span at) {
  ast::ExprPtr path;
  while (true) {
    const std::size_t dot = header.find('.'), of = header.find("的");
    const std::size_t end = std::min(dot, of);
    const ast::Name name{std::string(knowledge::trimmed(header.substr(0, end))), at};
    auto next = std::make_unique<ast::Expr>();
    next->span = at;
    if (path)
      next->form = ast::Member{std::move(path), name};
    else
      next->form = ast::NameRef{name};
    path = std::move(next);
    if (end == std::string_view::npos)
      return path;
    header.remove_prefix(end + (end == dot ? 1 : std::string_view("的").size()));
  }
}

// What a column is compared with, and the type of its cells.
struct Condition {
  Expr value;
  Type cell;
};
std::optional<Condition> condition_of(FileTable& table, std::size_t column) {
  Scope& scope = table.scope;
  const ast::ExprPtr path = path_of(table.file.headers[column], table.at);
  const ast::Expr* root = path.get();
  while (const auto* member = std::get_if<ast::Member>(&root->form))
    root = member->base.get();
  const bool parameter = scope.locals.contains(std::get<ast::NameRef>(root->form).name.text);
  auto value = parameter ? check_value(scope, *path) : std::optional<Expr>();
  const bool comparable =
      value && value->type.kind != Kind::window && value->type.kind != Kind::count;
  if (comparable) {
    // Of a parameter itself the type that it declares: an argument may have fewer digits.
    Type cell = value->type;
    for (const ast::Parameter& each : table.decide.parameters)
      if (each.name.text == table.file.headers[column])
        if (const auto declared = type_from_ast(each.type, scope.pack.names, scope.diagnostics))
          cell = *declared;
    if (cell.kind == Kind::age)
      cell = {.kind = Kind::span};
    if (cell.kind == Kind::datetime)
      cell = {.kind = Kind::date};
    return Condition{std::move(*value), cell};
  }
  if (scope.declaring)
    report<"decide_column">(scope.diagnostics, table.at, table.decide.file,
                            table.file.headers[column]);
  table.fine = false;
  return std::nullopt;
}

bool is_good_code(const Scope& scope, const Type& type, const Value& value) {
  const auto* code = std::get_if<CodeText>(&value);
  return !code || code_fits(scope.pack, type.domain, code->text) ||
         scope.pack.schema.systems[type.domain].hierarchical;
}

// The cell's elements; none: one is not of the column's type.
std::optional<ValueSet> elements_of(const Scope& scope, const Type& type, std::string_view cell) {
  ValueSet set{.type = type, .elements = {}};
  const auto read = [&](std::string_view text) -> std::optional<Value> {
    auto value = knowledge::cell_value(scope.pack.schema, type, text);
    return value && is_good_code(scope, type, *value) ? value : std::nullopt;
  };
  const bool ordered =
      type.kind != Kind::boolean && type.kind != Kind::text &&
      (type.kind != Kind::enumeration || scope.pack.schema.enums[type.domain].ordered);
  for (const knowledge::CellPart& part : knowledge::cell_parts(cell)) {
    const bool open = part.is_range && (part.low.empty() || part.high.empty());
    if (part.is_range &&
        (!ordered || (part.low.empty() && part.high.empty()) || (open && type.kind == Kind::code)))
      return std::nullopt;
    auto low = part.low.empty() ? Value(Unknown{}) : read(part.low);
    std::optional<Value> high;
    if (part.is_range)
      high = part.high.empty() ? Value(Unknown{}) : read(part.high);
    if (!low || (part.is_range && !high))
      return std::nullopt;
    set.elements.push_back({std::move(*low), std::move(high)});
  }
  return set.elements.empty() ? std::nullopt : std::optional(std::move(set));
}

std::optional<Expr> row_condition(FileTable& table, const std::vector<Condition>& conditions,
                                  const DecisionFile::Row& row) {
  Scope& scope = table.scope;
  std::vector<Expr> parts;
  for (std::size_t column = 0; column < conditions.size(); ++column) {
    if (row.cells[column].empty())
      continue; // no limit
    const auto set = elements_of(scope, conditions[column].cell, row.cells[column]);
    if (!set) {
      table.cell_fault(row, column, conditions[column].cell);
      continue;
    }
    Renamed none;
    scope.nodes += node_count(conditions[column].value);
    auto part = in_set(scope, table.at, copy(conditions[column].value, scope.rule, none), *set);
    table.fine = table.fine && part;
    if (part)
      parts.push_back(std::move(*part));
  }
  if (!table.fine)
    return std::nullopt;
  if (parts.empty())
    return constant(boolean, Bool{true}, place(scope, table.at));
  return joined(scope, {"and", "and", table.at}, parts, 0, parts.size());
}

} // namespace

DecisionFiles read_decision_files(const std::vector<const ast::File*>& rule_files,
                                  const std::filesystem::path& folder,
                                  diag::Diagnostics& diagnostics, const ReadFile& read) {
  DecisionFiles files;
  for (const ast::File* file : rule_files)
    for (const ast::Decl& decl : file->decls) {
      const auto* decide = std::get_if<ast::Decide>(&decl);
      if (!decide || decide->file.empty() || files.contains(decide))
        continue;
      if (!stays_below(decide->file)) {
        report<"table_path">(diagnostics, decide->names.first.span, decide->file);
        continue;
      }
      const Result<std::string> text = knowledge::read_file(folder / decide->file, read);
      DecisionFile rows;
      if (!text)
        report<"table_unreadable">(diagnostics, decide->names.first.span, decide->file,
                                   diag::Words{text.error().zh, text.error().en});
      else if (read_rows(*decide, *text, rows, diagnostics))
        files.emplace(decide, std::move(rows));
    }
  return files;
}

std::optional<Decision> rows_of_file(Scope& scope, const ast::Decide& decide, const Type& type) {
  const auto found = scope.pack.decisions.find(&decide);
  if (found == scope.pack.decisions.end())
    return std::nullopt;
  FileTable table{scope, decide, found->second, decide.names.first.span};
  const std::size_t results = table.file.headers.size() - 1;
  std::vector<Condition> conditions;
  for (std::size_t column = 0; column < results; ++column)
    if (auto condition = condition_of(table, column))
      conditions.push_back(std::move(*condition));
  if (!table.fine)
    return std::nullopt;
  Decision decision{.written = &decide, .type = type, .rows = {}, .otherwise = std::nullopt};
  for (const DecisionFile::Row& row : table.file.rows) {
    auto when = row_condition(table, conditions, row);
    auto take = knowledge::cell_value(scope.pack.schema, type, row.cells[results]);
    if (!take || row.cells[results].empty() || !is_good_code(scope, type, *take)) {
      table.cell_fault(row, results, type);
      continue;
    }
    if (when)
      decision.rows.push_back({std::move(*when),
                               constant(type, std::move(*take), place(scope, table.at)), table.at,
                               row.line});
    if (scope.nodes > most_nodes)
      break;
  }
  if (!table.fine)
    return std::nullopt;
  return decision;
}

} // namespace sanku::hir
