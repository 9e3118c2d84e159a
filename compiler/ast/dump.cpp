// Every field of the Ast is printed here: same_tree compares the outlines without places.
#include "compiler/ast/dump.h"

#include "compiler/ast/choices.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

namespace sanku::ast {

namespace {

struct Outline {
  const source::SourceMap* map; // null: without places
  std::string out = {};
  std::size_t indent = 0;

  template <class... Arguments>
  void line(Span span, fmt::format_string<const Arguments&...> format,
            const Arguments&... arguments) {
    out.append(indent * 2, ' ');
    out += fmt::format(format, arguments...);
    if (map != nullptr) {
      const source::Place place = source::place_of(*map, span.file, span.begin);
      out += fmt::format("  @{}:{}", place.line, place.column);
    }
    out += '\n';
  }

  template <class F> void inside(F print) {
    ++indent;
    print();
    --indent;
  }

  void expr(const ExprPtr& pointer, std::string_view role = "");
  void choose(const Choose& choose);
  void with(const With& with);
  void binders(const std::vector<Binder>& binders);
  void data(const DataValue& value, std::string_view name);
  void record(const DataRecord& record);
  void clause(const Clause& clause);
  void branch(const Branch& branch);
  void decl(const Decl& decl);
  void parameters(const std::vector<Parameter>& list, Span span);
  void comments(const std::vector<std::string>& lines, Span span) {
    for (const std::string& each : lines)
      line(span, "comment {}", each);
  }
};

std::string text_of(const Names& names) {
  return names.second ? fmt::format("{} / {}", names.first.text, names.second->text)
                      : names.first.text;
}

std::string text_of(const std::optional<Name>& name) { return name ? name->text : "-"; }

std::string_view text_of(ColumnType::Of of) {
  return of == ColumnType::Of::set ? "set of " : of == ColumnType::Of::range ? "range of " : "";
}

std::string text_of(const ColumnType& type) {
  const std::string digits =
      type.form == ColumnType::Form::named ? "" : fmt::format("({},{})", type.digits, type.scale);
  return fmt::format("{}{}{}{}", text_of(type.of), type.name.text, digits,
                     type.optional ? "?" : "");
}

std::string text_of(const std::vector<Name>& names) {
  std::string out;
  for (const Name& each : names)
    out += (out.empty() ? "" : ", ") + each.text;
  return out;
}

std::string text_of(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& each : texts)
    out += fmt::format("{}\"{}\"", out.empty() ? "" : " ", each);
  return out;
}

constexpr std::string_view unit_names[] = {"",           " days",  " weeks",   " months", " years",
                                           " years old", " hours", " minutes", " yuan",   " %"};
constexpr std::string_view window_names[] = {"same day",       "same visit", "same hour",
                                             "month",          "quarter",    "calendar year",
                                             "insurance year", "lifetime"};
constexpr std::string_view unary_names[] = {"negate", "not", "known"};
constexpr std::string_view binary_names[] = {
    "add",     "subtract",  "multiply", "divide", "otherwise", "contains", "starts with",
    "earlier", "member of", "under",    "meets",  "overlaps",  "adjacent"};
constexpr std::string_view compare_names[] = {"=", "!=", "<", "<=", ">", ">="};
constexpr std::string_view fold_names[] = {"count", "sum",      "min",     "max",   "any", "none",
                                           "every", "distinct", "covered", "first", "last"};

template <class T> std::string_view named(const T& names, auto value) {
  return names[static_cast<std::size_t>(value)];
}

void Outline::binders(const std::vector<Binder>& list) {
  for (const Binder& each : list)
    expr(each.source, fmt::format("binder {}{}: ", text_of(each.name),
                                  each.then ? " then " + each.then->text : ""));
}

void Outline::expr(const ExprPtr& pointer, std::string_view role) {
  if (!pointer)
    return;
  const Span span = pointer->span;
  const auto children = [&](auto&&... each) { inside([&] { (expr(each), ...); }); };
  std::visit(
      match{
          [&](const NumberLiteral& form) {
            line(span, "{}number {}{}", role, form.digits, named(unit_names, form.unit));
          },
          [&](const TextLiteral& form) { line(span, "{}text \"{}\"", role, form.text); },
          [&](const DateLiteral& form) { line(span, "{}date {}", role, form.text); },
          [&](const BoolLiteral& form) { line(span, "{}bool {}", role, form.value); },
          [&](const WindowLiteral& form) {
            line(span, "{}window {}", role, named(window_names, form.word));
          },
          [&](const NameRef& form) { line(span, "{}name {}", role, form.name.text); },
          [&](const Member& form) {
            line(span, "{}member {}", role, form.field.text), children(form.base);
          },
          [&](const Lookup& form) {
            line(span, "{}lookup {}", role, form.table.text);
            inside([&] { expr(form.key), expr(form.at, "at: "); });
          },
          [&](const Unary& form) {
            line(span, "{}{}", role, named(unary_names, form.op)), children(form.operand);
          },
          [&](const Binary& form) {
            line(span, "{}{}", role, named(binary_names, form.op)), children(form.left, form.right);
          },
          [&](const Compare& form) {
            std::string ops;
            for (const CompareOp op : form.ops)
              ops += fmt::format(" {}", named(compare_names, op));
            line(span, "{}compare{}", role, ops);
            inside([&] {
              for (const ExprPtr& each : form.operands)
                expr(each);
            });
          },
          [&](const Logical& form) {
            line(span, "{}{}", role, form.is_and ? "and" : "or");
            inside([&] {
              for (const ExprPtr& each : form.operands)
                expr(each);
            });
          },
          [&](const Call& form) {
            line(span, "{}call {}", role, form.function.text);
            inside([&] {
              for (const ExprPtr& each : form.arguments)
                expr(each);
            });
          },
          [&](const Rounded& form) {
            line(span, "{}rounded to {}", role, form.places), children(form.value);
          },
          [&](const Paren& form) { line(span, "{}parentheses", role), children(form.inner); },
          [&](const SetLiteral& form) {
            line(span, "{}set", role);
            inside([&] {
              for (const SetElement& each : form.elements)
                expr(each.low), expr(each.high, "to: ");
            });
          },
          [&](const Choose& form) { line(span, "{}choose", role), choose(form); },
          [&](const CountOf& form) {
            line(span, "{}count of", role);
            inside([&] {
              for (const ExprPtr& each : form.conditions)
                expr(each);
            });
          },
          [&](const Peers& form) {
            constexpr std::string_view kinds[] = {"percentile", "mean", "deviation"};
            line(span, "{}{} at least {}", role, kinds[static_cast<std::size_t>(form.kind)],
                 form.at_least.value_or("-"));
            inside([&] {
              if (form.rank)
                expr(form.rank, "rank: ");
              expr(form.value);
              for (const ExprPtr& each : form.among)
                expr(each, "among: ");
            });
          },
          [&](const Period& form) { line(span, "{}period", role), children(form.begin, form.end); },
          [&](const InUnit& form) {
            line(span, "{}in{}", role, named(unit_names, form.unit)), children(form.value);
          },
          [&](const Fold& form) {
            line(span, "{}{}", role, named(fold_names, form.kind));
            inside([&] {
              binders(form.binders), expr(form.where, "where: "), expr(form.take, "take: ");
            });
          },
          [&](const Those& form) {
            line(span, "{}those", role);
            inside([&] { binders(form.binders), expr(form.where, "where: "); });
          },
          [&](const Beyond& form) {
            line(span, "{}beyond first, of {}", role, form.field.text);
            inside([&] { expr(form.list, "list: "), expr(form.limit, "limit: "); });
          },
          [&](const Ranked& form) {
            line(span, "{}ranked by {}{}", role, form.field.text,
                 form.descending ? " descending" : "");
            children(form.list);
          }},
      pointer->form);
}

void Outline::choose(const Choose& choose) {
  inside([&] {
    for (const Arm& each : choose.arms)
      expr(each.when, "when: "), expr(each.take, "take: ");
    expr(choose.otherwise, "otherwise: ");
  });
}

void Outline::record(const DataRecord& record) {
  inside([&] {
    for (const DataField& each : record.fields)
      data(*each.value, each.name.text + " = ");
  });
}

void Outline::data(const DataValue& value, std::string_view name) {
  std::visit(
      match{[&](const ExprPtr& each) { expr(each, name); },
            [&](const DataRecord& each) { line(value.span, "{}record", name), record(each); },
            [&](const DataList& each) {
              line(value.span, "{}list", name);
              inside([&] {
                for (const DataValue& element : each.values)
                  data(element, "");
              });
            }},
      value.form);
}

void Outline::with(const With& each) {
  line(each.span, "with {}", each.name.text);
  inside([&] { expr(each.source), expr(each.where, "where: "); });
}

void Outline::clause(const Clause& clause) {
  std::visit(match{[&](const Let& each) {
                     line(each.span, "let {}", each.name.text), inside([&] { expr(each.value); });
                   },
                   [&](const With& each) { with(each); },
                   [&](const Provided& each) {
                     line(each.span, "provided"), inside([&] { expr(each.condition); });
                   },
                   [&](const Unless& each) {
                     line(each.span, "unless \"{}\"", each.exemption),
                         inside([&] { expr(each.condition); });
                   }},
             clause);
}

void Outline::branch(const Branch& branch) {
  line(branch.span, "branch{}", branch.when_unknown ? " when unknown" : "");
  const Report& report = branch.report;
  inside([&] {
    expr(branch.when, "when: ");
    line(report.span, "report {}{}", word_for(severities, report.severity, false),
         report.amount_unknown ? ", amount unknown" : "");
    inside([&] {
      expr(report.value, "value: ");
      if (report.on)
        expr(report.on->lines, fmt::format("on {}: ", text_of(report.on->binder)));
      expr(report.involving, "involving: ");
      expr(report.amount, "amount: ");
      for (const MessagePart& part : report.message.parts) {
        std::visit(match{[&](const std::string& text) {
                           line(report.message.span, "message \"{}\"", text);
                         },
                         [&](const Hole& hole) {
                           expr(hole.value, hole.as_percent ? "hole as %: " : "hole: ");
                         },
                         [&](const MissingHole& hole) { line(hole.span, "hole: missing names"); }},
                   part.form);
      }
    });
  });
}

void standing(Outline& to, const Standing& of) {
  if (of.effective)
    to.line(of.effective->span, "effective {} .. {}", of.effective->from, of.effective->until);
  if (of.trial)
    to.line(of.trial->span, "trial until {}", of.trial->until);
  if (of.mandatory)
    to.line(of.mandatory->span, "mandatory");
  if (of.region)
    to.line(of.region->span, "region {}", word_for(regions, of.region->region, false));
  if (of.was)
    to.line(of.was->span, "was {}", text_of(of.was->ids));
  if (of.breaks_split)
    to.line(of.breaks_split->span, "breaks split \"{}\"", of.breaks_split->reason);
  if (of.even_self_paid)
    to.line(of.even_self_paid->span, "even self_paid");
}

void rule(Outline& to, const Rule& rule) {
  to.line(rule.span, "rule {} \"{}\"", rule.id.text, rule.title);
  to.inside([&] {
    to.comments(rule.comments, rule.span);
    if (rule.title_en)
      to.line(rule.span, "second title \"{}\"", *rule.title_en);
    if (rule.category)
      to.line(rule.category_span, "category {}", word_for(categories, *rule.category, false));
    for (const Basis& each : rule.bases)
      to.line(each.span, "basis {} \"{}\"", each.source.text, each.place);
    if (rule.behaviour)
      to.line(rule.behaviour_span, "behaviour {}", word_for(behaviours, *rule.behaviour, false));
    for (const Stage each : rule.stages)
      to.line(rule.stages_span, "stage {}", word_for(stages, each, false));
    standing(to, rule.standing);
    if (rule.subject) {
      to.line(rule.subject->span, "on {}{}", rule.subject->all ? "all " : "",
              rule.subject->what.text);
      to.inside([&] {
        if (rule.subject->entering)
          to.with(*rule.subject->entering);
        for (const GroupKey& key : rule.subject->by)
          to.expr(key.value, fmt::format("by {}: ", text_of(key.name)));
      });
    }
    for (const Clause& each : rule.clauses)
      to.clause(each);
    for (const Branch& each : rule.branches)
      to.branch(each);
  });
}

void field(Outline& to, const Field& field) {
  to.line(field.span, "field {} : {}{}{}{}", text_of(field.names), field.list ? "list of " : "",
          text_of(field.type), field.nonempty ? " nonempty" : "",
          field.identity ? " identity" : "");
  to.inside([&] {
    if (field.each)
      to.line(field.span, "each {}", text_of(*field.each));
    if (!field.wire.empty())
      to.line(field.span, "wire {}", text_of(field.wire));
    if (field.role)
      to.line(field.span, "role {}", field.role->text);
    to.expr(field.derived, "derived: ");
  });
}

void test(Outline& to, const Test& test) {
  to.line(test.span, "test \"{}\" of {}", test.title, text_of(test.of));
  to.inside([&] {
    to.comments(test.comments, test.span);
    for (const auto& given : test.given) {
      std::visit(
          match{[&](const GivenClaim& each) { to.line(each.span, "given"), to.record(each.claim); },
                [&](const GivenFile& each) { to.line(each.span, "given file \"{}\"", each.path); },
                [&](const GivenAnswer& each) {
                  to.line(each.span, "given answer \"{}\" {}", each.question, each.yes);
                },
                [&](const GivenHistory& each) {
                  to.line(each.span, "given history");
                  to.inside([&] {
                    for (const DataValue& visit : each.visits)
                      to.data(visit, "");
                  });
                },
                [&](const GivenRegion& each) {
                  to.line(each.span, "given region \"{}\"", each.code);
                },
                [&](const GivenKnowledge& each) {
                  to.line(each.span, "given knowledge {}", each.table.text);
                  to.inside([&] {
                    for (const DataValue& row : each.rows)
                      to.data(row, "");
                  });
                }},
          given);
    }
    for (const Expect& each : test.expect) {
      to.line(each.span, "expect {} {} {} amount {}", text_of(each.rule),
              word_for(outcomes, each.outcome, false),
              each.severity ? word_for(severities, *each.severity, false) : "-",
              each.amount_unknown ? "unknown" : each.amount.value_or("-"));
      to.inside([&] {
        if (each.exemption)
          to.line(each.span, "exemption \"{}\"", *each.exemption);
        if (!each.lines.empty())
          to.line(each.span, "lines {}", text_of(each.lines));
        for (const ExprPtr& missing : each.missing)
          to.expr(missing, "missing: ");
      });
    }
  });
}

void change(Outline& to, const Change& change) {
  const auto days = [](const Days& of) {
    return fmt::format("from {} until {}", of.from, of.until);
  };
  std::visit(match{[&](const NewValue& each) {
                     to.line(each.span, "param {}", each.param.text);
                     to.inside([&] {
                       for (const ParamValue& value : each.values)
                         to.expr(value.value, value.from + ": ");
                     });
                   },
                   [&](const Disable& each) {
                     to.line(each.span, "disable {} {} because {}", each.rule.text, days(each.days),
                             each.reason.value_or("-"));
                   },
                   [&](const NewSeverity& each) {
                     to.line(each.span, "severity {} {} {} because {}", each.rule.text,
                             word_for(severities, each.severity, false), days(each.days),
                             each.reason.value_or("-"));
                   },
                   [&](const RowChange& each) {
                     to.line(each.span, "knowledge {}", each.table.text);
                     to.inside([&] {
                       for (const AddedRows& rows : each.add)
                         to.line(rows.span, "add from \"{}\"", rows.file);
                       for (const SetElement& key : each.remove)
                         to.expr(key.low, "remove: "), to.expr(key.high, "to: ");
                     });
                   },
                   [&](const CodeChange& each) {
                     to.line(each.span, "enum {}", each.type.text);
                     to.inside([&] {
                       for (const AddedCode& code : each.codes)
                         to.line(code.span, "add \"{}\" as {}", code.code, code.member.text);
                     });
                   }},
             change);
}

void overlay(Outline& to, const Overlay& overlay) {
  to.line(overlay.span, "overlay {} on {} region \"{}\"", overlay.name.text, overlay.base.text,
          overlay.region);
  to.inside([&] {
    to.comments(overlay.comments, overlay.span);
    for (const Change& each : overlay.changes)
      change(to, each);
  });
}

void Outline::parameters(const std::vector<Parameter>& list, Span span) {
  for (const Parameter& each : list)
    line(span, "parameter {} : {}", each.name.text, text_of(each.type));
}

void Outline::decl(const Decl& decl) {
  std::visit(
      match{[&](const SchemaHead& each) {
              line(each.span, "schema {} \"{}\"", text_of(each.names), each.edition);
            },
            [&](const CodeSystem& each) {
              line(each.span, "code {} form \"{}\" from \"{}\"{} = {}", text_of(each.names),
                   each.form, each.file, each.hierarchical ? " hierarchical" : "",
                   text_of(each.members));
              inside([&] { comments(each.comments, each.span); });
            },
            [&](const EnumDecl& each) {
              line(each.span, "enum {}{}{} missing {}", text_of(each.names),
                   each.closed ? " closed" : "", each.ordered ? " ordered" : "",
                   text_of(each.missing));
              inside([&] {
                comments(each.comments, each.span);
                for (const EnumMember& member : each.members)
                  line(member.span, "member {} {}", text_of(member.names), text_of(member.codes));
              });
            },
            [&](const Record& each) {
              line(each.span, "record {}", text_of(each.names));
              inside([&] {
                comments(each.comments, each.span);
                for (const Field& one : each.fields)
                  field(*this, one);
              });
            },
            [&](const Knowledge& each) {
              line(each.span, "knowledge {} \"{}\" region {} from \"{}\"", text_of(each.names),
                   each.title, each.region ? word_for(regions, each.region->region, false) : "-",
                   each.file);
              inside([&] {
                comments(each.comments, each.span);
                for (const Column& column : each.columns) {
                  line(column.span, "column {} : {}{}{}{} from \"{}\" \"{}\"{}",
                       text_of(column.names), text_of(column.type), column.key ? " key" : "",
                       column.prefix ? " prefix" : "",
                       column.longest ? " longest"
                       : column.all   ? " all"
                                      : "",
                       column.from.value_or(""), column.to.value_or(""),
                       column.up_to ? fmt::format(" up to {}{}", column.up_to->digits,
                                                  named(unit_names, column.up_to->unit))
                                    : "");
                  if (column.replaces)
                    line(column.replaces->span, "replaces {} {} of {}",
                         word_for(replaced, column.replaces->what, false),
                         text_of(column.replaces->column), text_of(column.replaces->of));
                }
              });
            },
            [&](const Source& each) {
              line(each.span, "source {} \"{}\" issued {} url {}", text_of(each.names), each.title,
                   each.issued, each.url);
              inside([&] { comments(each.comments, each.span); });
            },
            [&](const SetDecl& each) {
              line(each.span, "set {} : {}", text_of(each.names), text_of(each.type));
              inside([&] { comments(each.comments, each.span), expr(each.literal); });
            },
            [&](const Param& each) {
              line(each.span, "param {} : {}", text_of(each.names),
                   each.type ? text_of(*each.type) : "-");
              inside([&] {
                comments(each.comments, each.span);
                for (const ParamValue& value : each.values)
                  expr(value.value, value.from + ": ");
                expr(each.least, "least: "), expr(each.most, "most: ");
              });
            },
            [&](const Define& each) {
              line(each.span, "define {} : {}", text_of(each.names),
                   each.type ? text_of(*each.type) : "-");
              inside([&] {
                comments(each.comments, each.span), parameters(each.parameters, each.span);
                expr(each.body);
              });
            },
            [&](const Decide& each) {
              line(each.span, "decide {} : {} hit {} from \"{}\"", text_of(each.names),
                   text_of(each.type), word_for(hits, each.hit, false), each.file);
              inside([&] {
                comments(each.comments, each.span), parameters(each.parameters, each.span);
                choose(each.rows);
              });
            },
            [&](const ModelDecl& each) {
              line(each.span, "model {} \"{}\" from \"{}\" format {}", text_of(each.names),
                   each.title, each.file,
                   each.format ? word_for(model_formats, *each.format, false) : "-");
              inside([&] {
                comments(each.comments, each.span);
                if (each.parameter)
                  parameters({{each.parameter->name, each.parameter->type}}, each.span);
                for (const Points& one : each.points) {
                  line(one.span, "add \"{}\"", one.title);
                  inside([&] {
                    expr(one.points, "points: "), expr(one.when, "when: ");
                    expr(one.otherwise, "otherwise: ");
                  });
                }
                for (const ModelInput& one : each.inputs) {
                  line(one.span, "input {} from \"{}\"", text_of(one.names), one.from.value_or(""));
                  inside([&] { expr(one.value); });
                }
              });
            },
            [&](const Rule& each) { rule(*this, each); },
            [&](const Overlay& each) { overlay(*this, each); },
            [&](const Test& each) { test(*this, each); }},
      decl);
}

std::string outline(const File& file, const source::SourceMap* map) {
  Outline out{.map = map};
  for (const Decl& each : file.decls)
    out.decl(each);
  out.comments(file.trailing_comments, {file.source, 0, 0});
  return std::move(out.out);
}

} // namespace

std::string dump(const File& file, const source::SourceMap& map) { return outline(file, &map); }

bool same_tree(const File& a, const File& b) { return outline(a, nullptr) == outline(b, nullptr); }

} // namespace sanku::ast
