// What a plan says of each rule, for people: how it finds its subjects, what it costs at most, how
// far it looks (plan.h). Tested by tests/unit/compiler/plan_test.cpp.
#include "compiler/analysis/steps.h"
#include "compiler/hir/walk.h"
#include "compiler/plan/plan.h"
#include "compiler/plan/reach.h"
#include "runtime/types/check.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sanku::plan {
namespace {

// The tables of which a rule looks at every row, however many there are.
struct Walked {
  std::set<hir::TableId>& tables;

  void operator()(const hir::Binding& binding) const {
    if (const auto* table = std::get_if<hir::TableSource>(&binding.source))
      tables.insert(table->table);
  }
  void operator()(const hir::Query& query) const {
    for (const hir::Binding& binding : query.from)
      (*this)(binding);
    hir::for_each_child(query, [this](const auto& child) { (*this)(child); });
  }
  void operator()(const hir::Expr& expr) const {
    hir::for_each_child(expr, [this](const auto& child) { (*this)(child); });
  }
};
std::set<hir::TableId> walked(const hir::Rule& rule) {
  std::set<hir::TableId> tables;
  const Walked walk{tables};
  for (const hir::Match& match : rule.matches)
    walk(match.binding);
  hir::for_each_child(rule, [&](const auto& child) { walk(child); });
  return tables;
}

struct Writer {
  const hir::Program& program;
  const hir::Rule& rule;
  const Rule& planned;
  Language language;

  [[nodiscard]] std::string pick(std::string_view zh, std::string_view en) const {
    return std::string(language == Language::zh ? zh : en);
  }
  [[nodiscard]] const std::string& name(const schema::Names& names) const {
    return language == Language::zh ? names.zh : names.en;
  }
  [[nodiscard]] std::string row(std::string_view zh, std::string_view en,
                                const std::string& text) const {
    return fmt::format("  {}{}\n", pick(fmt::format("{}　", zh), fmt::format("{:<10}", en)), text);
  }

  [[nodiscard]] std::string subjects() const {
    const schema::Relation& relation = hir::relation(program, planned.relation);
    switch (planned.shape) {
    case hir::SubjectKind::settlement:
      return pick("每张结算单一次", "once a settlement");
    case hir::SubjectKind::element:
      return pick("每条", "each element of ") + name(relation.names);
    case hir::SubjectKind::group:
      return pick("每组", "each group of ") + name(relation.names);
    }
    unreachable("a subject has one of three shapes");
  }

  [[nodiscard]] std::string index(const Key& key) const {
    const schema::Relation& relation = hir::relation(program, key.relation);
    const schema::Column& column = relation.columns[key.column];
    const std::string field =
        fmt::format("{}{}{}", name(relation.each), pick("的", "."), name(column.path));
    std::string out =
        fmt::format("{}{}{}", key.visit ? pick("有任一", "settlements with any ") : "", field,
                    asked(*key.test, column.type));
    if (key.visit)
      out += pick("的结算单；其余由结算单本身的条件决定", ", and what the header decides without");
    else if (key.has_header_condition())
      out += pick("；结算单本身的条件每张每种只判一次", ", decided once a settlement and variant");
    if (const auto* in = std::get_if<exec::InTable>(&*key.test))
      for (const std::uint32_t of_row : key.row_columns)
        out += pick("\n    分类依据 ", "\n    variant by ") +
               name(program.tables[in->table].shape.relation.columns[of_row].names);
    return out;
  }

  // What a test asks of its column, as it follows the column's name.
  [[nodiscard]] std::string asked(const exec::ColumnTest& test, const Type& type) const {
    return std::visit(
        match{
            [&](const exec::InTable& in) {
              return pick("属于", " in ") + name(program.tables[in.table].shape.relation.names);
            },
            [&](const exec::SetUse&) { return pick("属于所写编码", " in a set of codes"); },
            [&](const exec::OneOf& one) {
              std::string out;
              for (const std::uint32_t value : one.values)
                out += (out.empty() ? "" : pick("、", ", ")) +
                       name(program.schema.enums[type.domain].members[value - 1].names);
              return pick("为", " is ") + out;
            },
            [&](const exec::IsKnown&) { return pick("有值", " is known"); },
        },
        test);
  }

  // Of loops within loops, what would make them few.
  [[nodiscard]] std::string remedy() const {
    if (has_index())
      return pick("；只对索引留下的对象", ", of what the index leaves");
    const schema::Relation& subject = hir::relation(program, planned.relation);
    const auto code = schema::column_with(subject, schema::Role::code);
    if (planned.shape == hir::SubjectKind::element && code) {
      const std::string& each = name(subject.each);
      const std::string& field = name(subject.columns[*code].path);
      return language == Language::zh
                 ? fmt::format("；加上“前提：{}的{} 属于 某表”，就只剩该表中的对象", each, field)
                 : fmt::format(": `provided {}.{} in TABLE` would leave the elements of that table",
                               each, field);
    }
    if (rule.subject.across)
      return {};
    return pick(
        "；在其中一个列表上加“编码 属于 某表”的条件，就只剩有该表编码的结算单",
        ": a `where ….code in TABLE` on one of the lists would leave the visits that have any");
  }

  [[nodiscard]] bool has_index() const {
    return std::ranges::any_of(planned.keys, [](const Key& key) { return key.test.has_value(); });
  }

  [[nodiscard]] std::string steps() const {
    const exec::Steps all = analysis::whole(analysis::steps_of(program, rule));
    const std::size_t loops = analysis::degree(all);
    std::string out = analysis::text_of(program, all, language);
    if (loops < 2)
      return out;
    out += "\n    " + (loops == 2   ? pick("平方级", "quadratic")
                       : loops == 3 ? pick("立方级", "cubic")
                                    : pick("更高次", "of a higher power"));
    return out + remedy();
  }

  [[nodiscard]] std::string text() const {
    std::string out = fmt::format("{} {}\n", pick("规则", "rule"), rule.id);
    out += row("对象", "subjects", subjects());
    for (const Key& key : planned.keys)
      out += key.test ? row("索引", "index", index(key))
                      : row("前提", "gate",
                            pick("每张结算单只判一次，不满足的整张略过",
                                 "decided once a settlement; where it fails, none is examined"));
    out += row("步数", "steps", steps());
    if (const RuleReach reach = reach_of(program, rule); reach.reach != Reach::visit)
      out += row("读取", "reads", text_of(program, reach, language));
    if (!has_index())
      out += row("索引", "index", pick("无：逐个检查所有对象", "none: every subject is examined"));
    for (const hir::TableId table : walked(rule))
      out += row(
          "遍历", "walks",
          language == Language::zh
              ? fmt::format("对每个对象看{}的每一行", program.tables[table].shape.relation.names.zh)
              : fmt::format("every row of {}, for each subject",
                            program.tables[table].shape.relation.names.en));
    return out;
  }
};

} // namespace

std::string text(const hir::Program& program, const Plan& plan, Language language,
                 const std::vector<bool>& shown) {
  std::string out;
  for (std::size_t i = 0; i < plan.rules.size(); ++i)
    if (shown.empty() || shown[i])
      out += Writer{program, program.rules[i], plan.rules[i], language}.text();
  return out;
}

} // namespace sanku::plan
