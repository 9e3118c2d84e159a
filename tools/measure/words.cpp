// See words.h. One arm a form; brackets stand around what an operator joins inside another.
#include "tools/measure/words.h"

#include "compiler/evaluate/trace.h"
#include "runtime/types/match.h"
#include "tools/engine/layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sanku::measure {
namespace {

using engine::words;

struct Writer {
  const hir::Program& program;
  const hir::Rule& rule;
  Language language;

  const std::string& name(const schema::Names& names) const {
    return language == Language::zh ? names.zh : names.en;
  }

  std::string binder(hir::BinderId id) const {
    if (!rule.binder_names[id].empty() && id != hir::settlement_binder)
      return rule.binder_names[id];
    return name(hir::relation(program, rule.binder_relations[id]).each);
  }

  std::string field(hir::BinderId id, hir::RelationId relation, std::uint32_t column) const {
    const schema::Relation& of = hir::relation(program, relation);
    const std::string& path = name(of.columns[column].path);
    if (id == hir::settlement_binder)
      return path;
    const std::string of_whom = binder(id);
    return of_whom.empty() ? path : of_whom + "." + path;
  }

  std::string call(const hir::Call& form) const {
    const builtins::Builtin& builtin = *form.builtin;
    const auto argument = [&](std::size_t i) { return expr(form.arguments[i], true); };
    // By its name, whichever value counts.
    if (const auto* value =
            builtin.name == "pick" ? std::get_if<hir::Constant>(&form.arguments[1].form) : nullptr;
        value != nullptr && value->of)
      return name(program.params[value->of->param].names);
    if (builtin.name == "pick")
      return fmt::format("{}({}, {}, {})", words(language, "择", "choose"), argument(0),
                         argument(1), argument(2));
    if (builtin.symbol.empty() && !builtin.callable)
      return argument(0); // a conversion
    const bool is_word = !builtin.symbol.empty() && builtin.symbol[0] >= 'a';
    const std::string_view sign =
        is_word && language == Language::zh ? builtin.name_zh : builtin.symbol;
    if (!builtin.symbol.empty() && form.arguments.size() == 1)
      return fmt::format("{}{}{}", sign, is_word ? " " : "", argument(0));
    if (!builtin.symbol.empty())
      return fmt::format("{} {} {}", argument(0), sign, argument(1));
    std::vector<std::string> all;
    for (std::size_t i = 0; i < form.arguments.size(); ++i)
      all.push_back(expr(form.arguments[i], false));
    return fmt::format("{}({})", language == Language::zh ? builtin.name_zh : builtin.name,
                       fmt::join(all, ", "));
  }

  std::string source(const hir::Binding& binding) const {
    return std::visit(
        match{
            [&](const hir::ListSource& list) {
              return name(hir::relation(program, list.relation).names);
            },
            [&](const hir::GroupSource&) { return std::string(words(language, "本组", "group")); },
            [&](const hir::RowsSource& rows) {
              return fmt::format("{}[{}]", name(program.tables[rows.table].shape.relation.names),
                                 expr(*rows.key, false));
            },
            [&](const hir::TableSource& table) {
              return name(program.tables[table.table].shape.relation.names);
            },
            [&](const hir::LinesSource& lines) { return query(*lines.lines); },
            [&](const hir::PairSource& pairs) { return query(*pairs.lines); },
            [&](const hir::VisitsSource& visits) {
              return fmt::format("{}({})", hir::past_name(visits.past),
                                 expr(*visits.window, false));
            },
            [&](const hir::EachSource& each) {
              return fmt::format("{}.{}", query(*each.visits),
                                 name(hir::relation(program, each.relation).names));
            },
        },
        binding.source);
  }

  std::string query(const hir::Query& form) const {
    std::string made;
    for (const hir::Binding& binding : form.from) {
      made += made.empty() ? "" : ", ";
      // `count(items)` has no name for each.
      if (!rule.binder_names[binding.binder].empty())
        made += fmt::format("{} {} ", binder(binding.binder), words(language, "于", "in"));
      made += source(binding);
    }
    for (std::size_t i = 0; i < form.where.size(); ++i)
      made += fmt::format(" {} {}",
                          i == 0 ? words(language, "其中", "where") : words(language, "且", "and"),
                          expr(form.where[i], true));
    if (!std::holds_alternative<std::monostate>(form.beyond))
      made += words(language, " 超出部分", " beyond");
    return made;
  }

  std::string fold(const hir::Fold& form) const {
    std::string made = fmt::format("{}({}", fold_word(form.kind, language), query(*form.query));
    if (form.value)
      made += fmt::format(" {} {}",
                          form.kind == hir::FoldKind::every ? words(language, "都", "has")
                                                            : words(language, "取", "take"),
                          expr(*form.value, true));
    return made + ")";
  }

  std::string list(std::string_view head, const std::vector<hir::Expr>& of) const {
    std::vector<std::string> all;
    for (const hir::Expr& each : of)
      all.push_back(expr(each, false));
    return fmt::format("{}({})", head, fmt::join(all, ", "));
  }

  // `inner`: an operator stands around it.
  std::string expr(const hir::Expr& shown, bool inner) const {
    return std::visit(
        match{
            [&](const hir::Constant& form) {
              // By its name, as the author wrote it.
              if (form.of)
                return name(program.params[form.of->param].names);
              return evaluate::printed(form.value, shown.type, program.schema, language);
            },
            [&](const hir::FieldOf& form) {
              return field(form.binder, form.relation, form.column);
            },
            [&](const hir::LetOf& form) { return rule.lets[form.let].name; },
            [&](const hir::Call& form) {
              std::string made = call(form);
              const bool joins = !form.builtin->symbol.empty() && form.arguments.size() > 1;
              return joins && inner ? "(" + made + ")" : made;
            },
            [&](const hir::InTable& form) {
              return fmt::format("{} {} {}", expr(*form.key, true), words(language, "属于", "in"),
                                 name(program.tables[form.table].shape.relation.names));
            },
            [&](const hir::CodeTextOf& form) { return expr(*form.code, inner); },
            [&](const hir::EmptyCell& form) {
              return fmt::format("{} {}", field(form.binder, form.relation, form.column),
                                 words(language, "为空", "is empty"));
            },
            [&](const hir::Ask& form) {
              return fmt::format("{}({})", words(language, "询问", "ask"),
                                 expr(*form.question, false));
            },
            [&](const hir::Earlier& form) {
              return fmt::format("{} {} {}", binder(form.left), words(language, "早于", "earlier"),
                                 binder(form.right));
            },
            [&](const hir::OfVisit& form) {
              return fmt::format("{} {}", binder(form.element),
                                 words(language, "属于本次就诊", "is of this visit"));
            },
            [&](const hir::PeersOf& form) {
              return list(words(language, "同组比较", "among peers"), form.keys);
            },
            [&](const hir::ScoreOf& form) { return name(program.models[form.model].names); },
            [&](const hir::ReasonsOf& form) {
              return fmt::format("{}({})", words(language, "理由", "reasons"),
                                 name(program.models[form.model].names));
            },
            [&](const hir::Fold& form) { return fold(form); },
        },
        shown.form);
  }
};

} // namespace

std::string text(const hir::Program& program, const hir::Rule& rule, const hir::Expr& expr,
                 Language language) {
  return Writer{program, rule, language}.expr(expr, false);
}

std::string text(const hir::Program& program, const hir::Rule& rule, const hir::Query& query,
                 Language language) {
  return Writer{program, rule, language}.query(query);
}

std::string_view fold_word(hir::FoldKind kind, Language language) {
  switch (kind) {
  case hir::FoldKind::count:
    return words(language, "计数", "count");
  case hir::FoldKind::sum:
    return words(language, "求和", "sum");
  case hir::FoldKind::min:
    return words(language, "最小值", "min");
  case hir::FoldKind::max:
    return words(language, "最大值", "max");
  case hir::FoldKind::any:
    return words(language, "存在", "any");
  case hir::FoldKind::none:
    return words(language, "不存在", "none");
  case hir::FoldKind::every:
    return words(language, "全部", "every");
  case hir::FoldKind::distinct:
    return words(language, "去重", "distinct");
  case hir::FoldKind::covered:
    return words(language, "覆盖", "covered");
  case hir::FoldKind::first:
    return words(language, "首个", "first");
  case hir::FoldKind::last:
    return words(language, "末个", "last");
  }
  return "";
}

} // namespace sanku::measure
