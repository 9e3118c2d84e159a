// See print.h. Tested by tests/unit/compiler/check_test.cpp.
#include "compiler/hir/print.h"

#include "runtime/types/match.h"

#include <fmt/format.h>

namespace sanku::hir {
namespace {

std::string type_text(const Program& program, const Type& type) {
  if (type.kind == Kind::code)
    return program.schema.systems[type.domain].names.en;
  if (type.kind == Kind::enumeration)
    return program.schema.enums[type.domain].names.en;
  if (is_number(type.kind))
    return fmt::format("{}({})", info(type.kind).en, type.scale);
  return std::string(info(type.kind).en);
}

std::string value_text(const Program& program, const Type& type, const Value& value) {
  if (const auto* code = std::get_if<CodeText>(&value))
    return fmt::format("\"{}\"", code->text);
  if (const auto* text = std::get_if<std::string>(&value))
    return fmt::format("\"{}\"", *text);
  std::string_view name;
  if (const auto* listed = std::get_if<EnumValue>(&value))
    name =
        listed->id == 0
            ? std::string_view(listed->unlisted)
            : std::string_view(program.schema.enums[type.domain].members[listed->id - 1].names.en);
  return to_text(value, type, Language::en, name);
}

constexpr std::string_view fold_word(FoldKind kind) {
  switch (kind) {
  case FoldKind::count:
    return "count";
  case FoldKind::sum:
    return "sum";
  case FoldKind::min:
    return "min";
  case FoldKind::max:
    return "max";
  case FoldKind::any:
    return "any";
  case FoldKind::none:
    return "none";
  case FoldKind::distinct:
    return "distinct";
  case FoldKind::covered:
    return "covered";
  case FoldKind::first:
    return "first";
  case FoldKind::last:
    return "last";
  case FoldKind::every:
    return "every";
  }
  return "";
}
constexpr std::string_view severity_word(ast::Severity severity) {
  switch (severity) {
  case ast::Severity::violation:
    return "violation";
  case ast::Severity::suspected:
    return "suspected";
  case ast::Severity::reminder:
    return "reminder";
  case ast::Severity::lead:
    return "lead";
  case ast::Severity::indicator:
    return "indicator";
  }
  return "";
}
constexpr std::string_view category_word(ast::Category category) {
  switch (category) {
  case ast::Category::policy:
    return "policy";
  case ast::Category::management:
    return "management";
  case ast::Category::medical:
    return "medical";
  }
  return "";
}
constexpr std::string_view stage_word(ast::Stage stage) {
  switch (stage) {
  case ast::Stage::pre:
    return "pre";
  case ast::Stage::mid:
    return "mid";
  case ast::Stage::post:
    return "post";
  }
  return "";
}

struct Printer {
  const Program& program;
  const Rule& rule;
  std::string text = {};

  template <class... Arguments>
  void line(std::size_t depth, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    text.append(depth * 2, ' ');
    fmt::format_to(std::back_inserter(text), format, std::forward<Arguments>(arguments)...);
    text += '\n';
  }
  std::string binder(BinderId id) const {
    return rule.binder_names[id].empty() ? fmt::format("${}", id)
                                         : fmt::format("${}:{}", id, rule.binder_names[id]);
  }
  const std::string& table(TableId id) const { return program.tables[id].shape.relation.names.en; }

  void expr(std::size_t depth, const Expr& shown) {
    const std::string type = type_text(program, shown.type);
    std::visit(
        match{
            [&](const Constant& form) {
              line(depth, "{} : {}", value_text(program, shown.type, form.value), type);
            },
            [&](const FieldOf& form) {
              const schema::Relation& of = relation(program, form.relation);
              line(depth, "{}.{}.{}{} : {}", binder(form.binder), of.each.en,
                   of.columns[form.column].path.en, form.whole ? " whole" : "", type);
            },
            [&](const LetOf& form) { line(depth, "{} : {}", rule.lets[form.let].name, type); },
            [&](const Call& form) {
              line(depth, "{} : {}", form.builtin->kernel->name, type);
              for (const Expr& argument : form.arguments)
                expr(depth + 1, argument);
            },
            [&](const InTable& form) {
              line(depth, "in {} : {}", table(form.table), type);
              expr(depth + 1, *form.key);
              at(depth + 1, form.at);
            },
            [&](const CodeTextOf& form) {
              line(depth, "text of code : {}", type);
              expr(depth + 1, *form.code);
            },
            [&](const EmptyCell& form) {
              line(depth, "{}.{} is empty : {}", binder(form.binder),
                   relation(program, form.relation).columns[form.column].names.en, type);
            },
            [&](const Ask& form) {
              line(depth, "ask : {}", type);
              expr(depth + 1, *form.question);
              expr(depth + 1, *form.answer);
            },
            [&](const PeersOf& form) {
              line(depth, "peers {}", form.number);
              for (const Expr& key : form.keys)
                expr(depth + 1, key);
              if (form.rank) {
                line(depth + 1, "rank");
                expr(depth + 2, *form.rank);
              }
            },
            [&](const OfVisit& form) { line(depth, "{} is of this visit", binder(form.element)); },
            [&](const Earlier& form) {
              line(depth, "{} earlier {} : {}", binder(form.left), binder(form.right), type);
            },
            [&](const ScoreOf& form) {
              line(depth, "score of {} : {}", program.models[form.model].names.en, type);
              inputs(depth + 1, form.model, form.inputs);
              if (form.total) {
                line(depth + 1, "total");
                expr(depth + 2, *form.total);
              }
            },
            [&](const ReasonsOf& form) {
              line(depth, "{} reasons of {} : {}", form.most, program.models[form.model].names.en,
                   type);
              inputs(depth + 1, form.model, form.inputs);
            },
            [&](const Fold& form) {
              line(depth, "{} : {}", fold_word(form.kind), type);
              query(depth + 1, *form.query);
              if (form.value) {
                line(depth + 1, "{}", form.kind == FoldKind::every ? "has" : "take");
                expr(depth + 2, *form.value);
              }
            },
        },
        shown.form);
  }

  void inputs(std::size_t depth, ModelId model, const std::vector<Expr>& shown) {
    for (std::size_t i = 0; i < shown.size(); ++i) {
      line(depth, "{}", program.models[model].inputs[i].en);
      expr(depth + 1, shown[i]);
    }
  }

  void at(std::size_t depth, const ExprPtr& date) {
    if (!date)
      return;
    line(depth, "as of");
    expr(depth + 1, *date);
  }

  void binding(std::size_t depth, const Binding& shown) {
    const std::string_view parts = shown.parts ? " parts" : "";
    std::visit(
        match{
            [&](const ListSource& source) {
              const std::string of = source.owner == settlement_binder
                                         ? ""
                                         : fmt::format(" of {}", binder(source.owner));
              line(depth, "{} in {}{}{}", binder(shown.binder),
                   relation(program, source.relation).names.en, of, parts);
            },
            [&](const GroupSource&) { line(depth, "{} in group{}", binder(shown.binder), parts); },
            [&](const RowsSource& source) {
              line(depth, "{} in {} at", binder(shown.binder), table(source.table));
              expr(depth + 1, *source.key);
              at(depth + 1, source.at);
            },
            [&](const TableSource& source) {
              line(depth, "{} in all of {}", binder(shown.binder), table(source.table));
            },
            [&](const LinesSource& source) {
              line(depth, "{} in lines{}", binder(shown.binder), parts);
              query(depth + 1, *source.lines);
            },
            [&](const PairSource& source) {
              line(depth, "{} then {} in lines", binder(shown.binder), binder(source.next));
              query(depth + 1, *source.lines);
            },
            [&](const VisitsSource& source) {
              line(depth, "{} in {} within", binder(shown.binder), past_name(source.past));
              expr(depth + 1, *source.window);
              line(depth, "of which");
              expr(depth + 1, *source.member);
              line(depth, "known while");
              expr(depth + 1, *source.complete);
            },
            [&](const EachSource& source) {
              line(depth, "{} in {} of each", binder(shown.binder),
                   relation(program, source.relation).names.en);
              query(depth + 1, *source.visits);
            },
        },
        shown.source);
  }

  void query(std::size_t depth, const Query& shown) {
    for (const Binding& one : shown.from)
      binding(depth, one);
    for (const Expr& condition : shown.where) {
      line(depth, "where");
      expr(depth + 1, condition);
    }
    if (shown.rank) {
      line(depth, "ranked{} by", shown.rank->descending ? " descending" : "");
      expr(depth + 1, *shown.rank->key);
    }
    std::visit(match{
                   [](std::monostate) {},
                   [&](const BeyondQuantity& beyond) {
                     line(depth, "beyond quantity");
                     expr(depth + 1, *beyond.limit);
                   },
                   [&](const BeyondDistinct& beyond) {
                     line(depth, "beyond distinct");
                     expr(depth + 1, *beyond.limit);
                     expr(depth + 1, *beyond.key);
                   },
               },
               shown.beyond);
  }

  void amount(std::size_t depth, const Report& shown) {
    std::visit(match{
                   [&](const AmountOfLine&) { line(depth, "amount of line"); },
                   [&](const AmountUnknown&) { line(depth, "amount unknown"); },
                   [&](const AmountExpr& form) {
                     line(depth, "amount");
                     expr(depth + 1, form.value);
                   },
               },
               shown.amount);
  }

  void report(std::size_t depth, const Report& shown) {
    line(depth, "report {}", severity_word(shown.severity));
    if (const auto* lines = std::get_if<QueryPtr>(&shown.on)) {
      line(depth + 1, "on {}{}", binder(shown.line), shown.line_parts ? " parts" : "");
      query(depth + 2, **lines);
    } else {
      line(depth + 1, "on own line");
    }
    if (shown.stands) {
      line(depth + 1, "stands");
      expr(depth + 2, *shown.stands);
    }
    if (shown.self_paid) {
      line(depth + 1, "self-paid");
      expr(depth + 2, *shown.self_paid);
    }
    if (shown.involving) {
      line(depth + 1, "involving");
      query(depth + 2, **shown.involving);
    }
    amount(depth + 1, shown);
    for (const MessagePart& part : shown.message)
      std::visit(match{
                     [&](const std::string& words) { line(depth + 1, "says \"{}\"", words); },
                     [&](const Hole& hole) {
                       line(depth + 1, "shows{}", hole.as_percent ? " %" : "");
                       expr(depth + 2, hole.value);
                     },
                     [&](const MissingHole&) { line(depth + 1, "shows what is missing"); },
                 },
                 part);
  }

  void guard(const Guard& shown) {
    std::visit(match{
                   [&](const ConditionGuard& form) {
                     if (form.exemption.empty())
                       line(1, "guard");
                     else
                       line(1, "guard unless \"{}\"", form.exemption);
                     expr(2, form.condition);
                   },
                   [&](const RowGuard& form) {
                     line(1, "guard {} in {} at", binder(form.binder), table(form.table));
                     expr(2, form.key);
                     at(2, form.at);
                   },
                   [&](const MatchGuard& form) { line(1, "guard match {}", form.match); },
               },
               shown);
  }

  void subject() {
    const Subject& shown = rule.subject;
    const schema::Relation& of = relation(program, shown.relation);
    switch (shown.kind) {
    case SubjectKind::settlement:
      line(1, "on settlement");
      break;
    case SubjectKind::element:
      line(1, "on {}", of.each.en);
      break;
    case SubjectKind::group:
      line(1, "on {} by", of.names.en);
      break;
    }
    if (shown.entering) {
      line(2, "entering by");
      binding(3, shown.entering->binding);
    }
    for (const GroupKey& key : shown.keys) {
      line(2, "{}", key.name_en);
      expr(3, key.value);
    }
  }

  void whole() {
    std::string stages;
    for (const ast::Stage stage : rule.stages)
      stages += fmt::format(" {}", stage_word(stage));
    line(0, "rule {} \"{}\" {} {} stage{}", rule.id, rule.title_zh, category_word(rule.category),
         rule.behaviour == ast::Behaviour::item ? "item" : "behaviour", stages);
    for (const Basis& basis : rule.bases)
      line(1, "basis \"{}\" \"{}\"", basis.source_title, basis.place);
    if (rule.even_self_paid)
      line(1, "even self_paid");
    if (rule.mandatory)
      line(1, "mandatory");
    if (rule.region != ast::Region::care)
      line(1, "region insured");
    if (rule.trial) {
      line(1, "trial until {}", rule.trial_until);
      expr(2, *rule.trial);
    }
    subject();
    for (const ValueLet& let : rule.lets) {
      line(1, "let {}", let.name);
      expr(2, let.value);
    }
    for (const Guard& one : rule.guards)
      guard(one);
    for (const Match& one : rule.matches) {
      line(1, "match");
      binding(2, one.binding);
      for (const Expr& condition : one.where) {
        line(2, "where");
        expr(3, condition);
      }
    }
    for (const Branch& branch : rule.branches) {
      line(1, "when");
      expr(2, branch.when);
      report(1, branch.report);
    }
    if (!rule.when_unknown)
      return;
    line(1, "when unknown");
    report(1, *rule.when_unknown);
  }
};

} // namespace

std::string dump(const Program& program, const Rule& rule) {
  Printer printer{program, rule};
  printer.whole();
  return std::move(printer.text);
}

std::string dump(const Program& program) {
  std::string text;
  for (const Table& table : program.tables) {
    const knowledge::TableShape& shape = table.shape;
    text += fmt::format("table {} from \"{}\"\n", shape.relation.names.en, shape.file);
    for (std::size_t i = 0; i < shape.relation.columns.size(); ++i) {
      const schema::Column& column = shape.relation.columns[i];
      text += fmt::format("  {} : {}{}{}\n", column.names.en, type_text(program, column.type),
                          column.optional ? "?" : "", i == shape.key ? " key" : "");
    }
  }
  for (const Rule& rule : program.rules)
    text += dump(program, rule);
  return text;
}

} // namespace sanku::hir
