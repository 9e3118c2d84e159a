// Tests as examples (example.h).
#include "tools/handbook/example.h"

#include "compiler/ast/choices.h"
#include "compiler/ast/print.h"
#include "compiler/hir/data.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace sanku::handbook {
namespace {

constexpr std::size_t shown_rows = 12; // of a list; the others are folded away

// A record of test data, laid flat: fields by path, and its lists.
struct Flat {
  std::vector<std::pair<std::string, std::string>> fields; // path and value, as shown
  struct List {
    std::string name;
    hir::RelationId relation = 0;
    std::vector<Flat> elements;
  };
  std::vector<List> lists;
};

struct Teller {
  const Book& book;
  std::string out = {};

  [[nodiscard]] std::string literal(const ast::Expr& expr, const Type* type) const {
    if (type != nullptr) {
      const auto value = hir::data_value(book.program.schema, *type, expr);
      if (value && is_known(*value))
        return book.value(*value, *type);
    }
    if (const auto* text = std::get_if<ast::TextLiteral>(&expr.form))
      return type == nullptr || type->kind != Kind::enumeration
                 ? text->text
                 : fmt::format(fmt::runtime(book.pick("{}（等于未填）", "{} (which says nothing)")),
                               text->text);
    return ast::print(expr, book.zh() ? ast::Spelling::zh : ast::Spelling::en);
  }

  // The columns of `in` whose path begins with `prefix` and goes on with `name`, in either
  // language; the canonical (English) path of it.
  [[nodiscard]] static std::string next(const schema::Relation& in, const std::string& prefix,
                                        const std::string& name) {
    for (const schema::Column& column : in.columns) {
      if (!column.path.en.starts_with(prefix))
        continue;
      const std::string en = column.path.en.substr(prefix.size());
      const std::string first = en.substr(0, en.find('.'));
      const auto depth = std::ranges::count(prefix, '.');
      std::string zh = column.path.zh;
      for (std::ptrdiff_t i = 0; i < depth && zh.find('.') != std::string::npos; ++i)
        zh = zh.substr(zh.find('.') + 1);
      if (first == name || zh.substr(0, zh.find('.')) == name)
        return prefix + first;
    }
    // What stands in the settlement itself goes by the settlement's name.
    if (prefix.empty() && in.kind == schema::RelationKind::settlement)
      for (const schema::Column& column : in.columns)
        if (const std::string own = in.names.en + ".";
            column.path.en.starts_with(own) && (column.names.en == name || column.names.zh == name))
          return column.path.en;
    return prefix + name;
  }

  void flatten(const ast::DataRecord& record, hir::RelationId relation, const std::string& prefix,
               Flat& flat) const {
    const schema::Relation& in = hir::relation(book.program, relation);
    for (const ast::DataField& field : record.fields) {
      const std::string path = next(in, prefix, field.name.text);
      std::visit(
          match{[&](const ast::ExprPtr& value) {
                  const auto column = std::ranges::find(
                      in.columns, path, [](const auto& each) { return each.path.en; });
                  const bool known = column != in.columns.end();
                  flat.fields.emplace_back(known ? book.of(column->path) : field.name.text,
                                           literal(*value, known ? &column->type : nullptr));
                },
                [&](const ast::DataRecord& nested) { flatten(nested, relation, path + ".", flat); },
                [&](const ast::DataList& list) { this->list(list, field.name.text, flat); }},
          field.value->form);
    }
  }
  void list(const ast::DataList& list, const std::string& name, Flat& flat) const {
    const auto& relations = book.program.schema.relations;
    Flat::List made{.name = name, .relation = 0, .elements = {}};
    for (hir::RelationId id = 1; id < relations.size(); ++id)
      if (relations[id].names.en == name || relations[id].names.zh == name) {
        made.relation = id;
        made.name = book.of(relations[id].names);
      }
    for (const ast::DataValue& value : list.values)
      if (const auto* record = std::get_if<ast::DataRecord>(&value.form))
        flatten(*record, made.relation, "", made.elements.emplace_back());
    flat.lists.push_back(std::move(made));
  }

  // ---- HTML

  // Elements one below the other, a column for each field that any of them has.
  void elements(const std::vector<Flat>& all) {
    std::vector<html::Column> columns;
    for (const Flat& each : all)
      for (const auto& [name, value] : each.fields)
        if (std::ranges::find(columns, name, &html::Column::name) == columns.end())
          columns.push_back({.name = name});
    std::vector<std::vector<std::string>> rows;
    for (const Flat& each : all) {
      std::vector<std::string> row(columns.size());
      for (const auto& [name, value] : each.fields)
        row[static_cast<std::size_t>(std::ranges::find(columns, name, &html::Column::name) -
                                     columns.begin())] = value;
      rows.push_back(std::move(row));
    }
    if (columns.empty())
      return;
    if (rows.size() <= shown_rows) {
      out += html::table(columns, rows);
      return;
    }
    out += fmt::format("<details><summary>{}</summary>{}</details>\n",
                       fmt::format(fmt::runtime(book.pick("{} 行", "{} rows")), rows.size()),
                       html::table(columns, rows));
  }
  void record(const Flat& flat) {
    std::string line;
    for (const auto& [name, value] : flat.fields)
      line += fmt::format("{}{} <b>{}</b>", line.empty() ? "" : book.pick("，", ", "),
                          html::escaped(name), html::escaped(value));
    if (!line.empty())
      out += fmt::format("<p>{}</p>\n", line);
    for (const Flat::List& list : flat.lists) {
      out += fmt::format("<p class=\"note\">{}</p>\n",
                         list.elements.empty() ? fmt::format("{}: {}", html::escaped(list.name),
                                                             book.pick("没有", "none"))
                                               : html::escaped(list.name));
      elements(list.elements);
    }
  }

  void given(const ast::GivenClaim& claim) {
    Flat flat;
    flatten(claim.claim, 0, "", flat);
    if (flat.fields.empty() && flat.lists.empty())
      out += fmt::format("<p class=\"quiet\">{}</p>\n",
                         book.pick("一张什么都没有填的结算单", "a settlement that says nothing"));
    record(flat);
  }
  void given(const ast::GivenFile& file) {
    out += fmt::format("<p>{} <code>{}</code></p>\n", book.pick("结算单文件", "claims in the file"),
                       html::escaped(file.path));
  }
  void given(const ast::GivenAnswer& answer) {
    out += fmt::format(
        "<p>{}</p>\n",
        html::escaped(fmt::format(fmt::runtime(book.pick("已答复“{}”：{}", "answered “{}”: {}")),
                                  answer.question,
                                  book.pick(answer.yes ? "是" : "否", answer.yes ? "yes" : "no"))));
  }
  void given(const ast::GivenRegion& region) {
    out += fmt::format("<p>{} <b>{}</b></p>\n", book.pick("地区", "region"),
                       html::escaped(region.code));
  }
  void given(const ast::GivenHistory& history) {
    out += fmt::format("<p class=\"note\">{}</p>\n", book.pick("其他就诊", "other visits"));
    std::vector<Flat> visits;
    for (const ast::DataValue& value : history.visits)
      if (const auto* visit = std::get_if<ast::DataRecord>(&value.form))
        flatten(*visit, 0, "", visits.emplace_back());
    const bool plain =
        std::ranges::all_of(visits, [](const Flat& each) { return each.lists.empty(); });
    if (plain)
      elements(visits);
    else
      for (const Flat& each : visits)
        record(each);
  }
  void given(const ast::GivenKnowledge& knowledge) {
    const auto& tables = book.program.tables;
    for (hir::TableId id = 0; id < tables.size(); ++id) {
      const schema::Names& names = tables[id].shape.relation.names;
      if (names.en != knowledge.table.text && names.zh != knowledge.table.text)
        continue;
      out += fmt::format("<p class=\"note\">{}</p>\n",
                         html::escaped(fmt::format(
                             fmt::runtime(book.pick("知识表“{}”的行", "rows of the table “{}”")),
                             book.of(names))));
      std::vector<Flat> rows;
      for (const ast::DataValue& value : knowledge.rows)
        if (const auto* row = std::get_if<ast::DataRecord>(&value.form))
          flatten(*row, hir::relation_of(book.program, id), "", rows.emplace_back());
      elements(rows);
    }
  }
};

std::string_view outcome_text(const Book& book, ast::Expected outcome) {
  switch (outcome) {
  case ast::Expected::fired:
    return book.pick("命中", "found");
  case ast::Expected::clear:
    return book.pick("未触发", "clear");
  case ast::Expected::not_applicable:
    return book.pick("不适用", "not applicable");
  case ast::Expected::indeterminate:
    return book.pick("无法判定", "cannot be decided");
  case ast::Expected::nothing:
    return book.pick("所有规则都没有结果", "no rule says anything");
  }
  return "";
}

std::string expectation(const Book& book, const ast::Expect& expect, bool name_rule) {
  std::string text;
  if (name_rule && expect.rule)
    text += expect.rule->text + "  ";
  text += outcome_text(book, expect.outcome);
  if (expect.severity)
    text += fmt::format("{}{}", book.pick("，", ", "),
                        ast::word_for(ast::severities, *expect.severity, book.zh()));
  if (expect.exemption)
    text += fmt::format(fmt::runtime(book.pick("（{}）", " ({})")), *expect.exemption);
  if (expect.amount)
    text +=
        fmt::format(fmt::runtime(book.pick("，金额 {} 元", ", amount {} yuan")), *expect.amount);
  if (expect.amount_unknown)
    text += book.pick("，金额待核", ", amount not computed");
  for (std::size_t i = 0; i < expect.lines.size(); ++i)
    text += fmt::format("{}{}", i == 0 ? book.pick("，明细 ", ", line ") : ", ", expect.lines[i]);
  for (std::size_t i = 0; i < expect.missing.size(); ++i)
    text += fmt::format(
        "{}{}", i == 0 ? book.pick("，缺少 ", ", missing ") : book.pick("、", ", "),
        ast::print(*expect.missing[i], book.zh() ? ast::Spelling::zh : ast::Spelling::en));
  return text;
}

std::string_view tone_of(ast::Expected outcome) {
  if (outcome == ast::Expected::fired)
    return "bad";
  return outcome == ast::Expected::indeterminate ? "quiet" : "good";
}

} // namespace

std::string example(const Book& book, const hir::Test& test) {
  Teller teller{.book = book};
  for (const auto& given : test.ast->given)
    std::visit([&](const auto& each) { teller.given(each); }, given);
  std::string expected;
  for (const ast::Expect& each : test.ast->expect)
    expected += fmt::format("<p class=\"{}\">→ {}</p>\n", tone_of(each.outcome),
                            html::escaped(expectation(book, each, test.ast->expect.size() > 1)));
  const std::string where =
      test.layer == 0 ? std::string() : " " + tag(book.program.layers[test.layer].name, "quiet");
  return fmt::format("<div class=\"example\"><h3>{}{}</h3>\n{}{}</div>\n",
                     html::escaped(test.ast->title), where, teller.out, expected);
}

} // namespace sanku::handbook
