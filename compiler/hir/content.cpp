// See content.h. Each form writes its number first and every text its length, so that different
// rules cannot write the same bytes.
#include "compiler/hir/content.h"

#include "compiler/hir/content_writer.h"
#include "runtime/types/match.h"

#include <algorithm>

namespace sanku::hir {
namespace {

struct RuleWriter {
  const Program& program;
  std::set<TableId>& tables;
  std::set<ModelId>& models;
  ContentWriter out = {};
  // Without what overlays change (layers, below).
  bool as_written = false;
  // Of a report by itself, what it names of this rule: written behind it, in the order named.
  const Rule* named_of = nullptr;
  std::vector<std::uint32_t> lets = {};
  std::vector<BinderId> binders = {};

  template <class Id> static std::size_t place_in(std::vector<Id>& named, Id id) {
    const auto found = std::ranges::find(named, id);
    const auto place = static_cast<std::size_t>(found - named.begin());
    if (found == named.end())
      named.push_back(id);
    return place;
  }
  void binder(BinderId id) {
    const bool always = id <= subject_binder || named_of == nullptr;
    out.number(always ? id : subject_binder + 1 + place_in(binders, id));
  }
  void bound(BinderId id) {
    for (const Guard& guard : named_of->guards)
      if (const auto* row = std::get_if<RowGuard>(&guard); row != nullptr && row->binder == id)
        write(guard);
    for (const Match& match : named_of->matches)
      if (match.binding.binder == id) {
        write(match.binding);
        all(match.where);
      }
  }
  // What is named by what was named is written as well.
  void all_named() {
    for (std::size_t i = 0, j = 0; i < lets.size() || j < binders.size();)
      if (i < lets.size())
        write(named_of->lets[lets[i++]].value);
      else
        bound(binders[j++]);
  }

  void table(TableId id) {
    tables.insert(id);
    out.text(program.tables[id].shape.relation.names.en);
  }
  void relation(RelationId id) {
    const auto lists = static_cast<RelationId>(program.schema.relations.size());
    out.number(id < lists ? id : lists);
    if (id >= lists)
      table(id - lists);
  }
  void model(ModelId id) {
    models.insert(id);
    out.text(program.models[id].names.en);
  }
  void maybe(const ExprPtr& expr) {
    out.flag(expr != nullptr);
    if (expr)
      write(*expr);
  }
  void all(const std::vector<Expr>& exprs) {
    out.number(exprs.size());
    for (const Expr& expr : exprs)
      write(expr);
  }

  void write(const Expr& expr) {
    out.type(expr.type);
    out.number(expr.form.index());
    std::visit(match{
                   [&](const Constant& form) { out.value(form.value); },
                   [&](const FieldOf& form) {
                     binder(form.binder);
                     relation(form.relation);
                     out.number(form.column);
                     out.flag(form.whole);
                   },
                   [&](const LetOf& form) {
                     out.number(named_of == nullptr ? form.let : place_in(lets, form.let));
                   },
                   [&](const Call& form) {
                     out.text(form.builtin->name);
                     out.text(form.builtin->kernel->name);
                     all(form.arguments);
                   },
                   [&](const InTable& form) {
                     table(form.table);
                     write(*form.key);
                     maybe(form.at);
                   },
                   [&](const CodeTextOf& form) { write(*form.code); },
                   [&](const EmptyCell& form) {
                     binder(form.binder);
                     relation(form.relation);
                     out.number(form.column);
                   },
                   [&](const Ask& form) {
                     write(*form.question);
                     write(*form.answer);
                   },
                   [&](const Earlier& form) {
                     binder(form.left);
                     binder(form.right);
                     relation(form.relation);
                   },
                   [&](const OfVisit& form) {
                     binder(form.element);
                     relation(form.relation);
                   },
                   [&](const PeersOf& form) {
                     out.number(form.number);
                     all(form.keys);
                     maybe(form.rank);
                   },
                   [&](const ScoreOf& form) {
                     model(form.model);
                     all(form.inputs);
                     maybe(form.total);
                   },
                   [&](const ReasonsOf& form) {
                     model(form.model);
                     all(form.inputs);
                     out.number(form.most);
                   },
                   [&](const Fold& form) {
                     out.number(static_cast<std::size_t>(form.kind));
                     write(*form.query);
                     maybe(form.value);
                   },
               },
               expr.form);
  }

  void write(const Binding& binding) {
    binder(binding.binder);
    relation(binding.relation);
    out.flag(binding.parts);
    out.number(binding.source.index());
    std::visit(match{
                   [&](const ListSource& source) {
                     relation(source.relation);
                     binder(source.owner);
                   },
                   [](const GroupSource&) {},
                   [&](const RowsSource& source) {
                     table(source.table);
                     write(*source.key);
                     maybe(source.at);
                   },
                   [&](const TableSource& source) { table(source.table); },
                   [&](const LinesSource& source) { write(*source.lines); },
                   [&](const PairSource& source) {
                     write(*source.lines);
                     binder(source.next);
                   },
                   [&](const VisitsSource& source) {
                     out.number(static_cast<std::size_t>(source.past));
                     write(*source.window);
                     write(*source.member);
                     write(*source.complete);
                   },
                   [&](const EachSource& source) {
                     write(*source.visits);
                     relation(source.relation);
                   },
               },
               binding.source);
  }

  void write(const Query& query) {
    out.number(query.from.size());
    for (const Binding& binding : query.from)
      write(binding);
    all(query.where);
    out.number(query.beyond.index());
    std::visit(match{
                   [](std::monostate) {},
                   [&](const BeyondQuantity& beyond) { write(*beyond.limit); },
                   [&](const BeyondDistinct& beyond) {
                     write(*beyond.limit);
                     write(*beyond.key);
                   },
               },
               query.beyond);
    out.flag(query.rank.has_value());
    if (query.rank) {
      write(*query.rank->key);
      out.flag(query.rank->descending);
    }
  }

  void write(const Guard& guard) {
    out.number(guard.index());
    std::visit(match{
                   [&](const ConditionGuard& form) { write(form.condition); },
                   [&](const RowGuard& form) {
                     binder(form.binder);
                     table(form.table);
                     write(form.key);
                     maybe(form.at);
                   },
                   [&](const MatchGuard& form) { out.number(form.match); },
               },
               guard);
  }

  void write(const std::optional<Expr>& expr) {
    out.flag(expr.has_value());
    if (expr)
      write(*expr);
  }

  // All of a report but its severity and message.
  void lines(const Report& report) {
    offending(report);
    involving(report);
    amount(report);
    write(report.value);
    self_paid(report);
  }

  void offending(const Report& report) {
    binder(report.line);
    out.flag(report.line_parts);
    out.number(report.on.index());
    std::visit(match{
                   [](const OwnLine&) {},
                   [&](const QueryPtr& query) { write(*query); },
                   [](const NoLines&) {},
               },
               report.on);
  }
  void involving(const Report& report) {
    out.flag(report.involving.has_value());
    if (report.involving)
      write(**report.involving);
  }
  void amount(const Report& report) {
    out.number(report.amount.index());
    std::visit(match{
                   [](const AmountOfLine&) {},
                   [](const AmountUnknown&) {},
                   [&](const AmountExpr& amount) { write(amount.value); },
               },
               report.amount);
  }
  void self_paid(const Report& report) {
    write(report.stands);
    write(report.self_paid);
  }

  void message(const Report& report) {
    out.number(report.message.size());
    for (const MessagePart& part : report.message) {
      out.number(part.index());
      std::visit(match{
                     [&](const std::string& words) { out.text(words); },
                     [&](const Hole& hole) {
                       write(hole.value);
                       out.flag(hole.as_percent);
                     },
                     [](const MissingHole&) {},
                 },
                 part);
    }
  }

  void subject(const Rule& rule) {
    out.number(static_cast<std::size_t>(rule.subject.kind));
    relation(rule.subject.relation);
    out.flag(rule.subject.across);
    out.number(rule.subject.keys.size());
    for (const GroupKey& key : rule.subject.keys) {
      out.text(key.name_en);
      write(key.value);
    }
    out.flag(rule.subject.entering.has_value());
    if (rule.subject.entering)
      write(rule.subject.entering->binding);
    out.number(rule.binders);
    for (const RelationId id : rule.binder_relations)
      relation(id);
  }

  void conditions(const Rule& rule) {
    out.number(static_cast<std::size_t>(rule.region));
    out.flag(rule.even_self_paid);
    out.number(rule.lets.size());
    for (const ValueLet& let : rule.lets)
      write(let.value);
    for (const Guard& guard : rule.guards) {
      if (is_left_out(rule, guard))
        continue;
      out.flag(true);
      write(guard);
    }
    out.flag(false);
    out.number(rule.matches.size());
    for (const Match& match : rule.matches) {
      write(match.binding);
      all(match.where);
    }
    out.number(rule.peers.size());
    for (const PeerUse& use : rule.peers) {
      out.number(static_cast<std::size_t>(use.statistic));
      out.signed_number(use.rank);
      out.number(use.at_least);
      out.number(use.more_scale);
      write(use.value);
      all(use.among);
    }
    for (const Branch& branch : rule.branches) {
      if (is_left_out(rule, branch))
        continue;
      out.flag(true);
      if (const Expr* when = as_written ? written_when(rule, branch) : &branch.when)
        write(*when);
    }
    out.flag(false);
    out.flag(rule.when_unknown.has_value());
  }

  void period(const Rule& rule) {
    for (const std::optional<Date>& day : {rule.effective_from, rule.effective_until}) {
      out.flag(day.has_value());
      if (day)
        out.signed_number(day->days);
    }
    write(rule.trial);
    out.text(rule.trial_until);
  }

  void words(const Rule& rule) {
    out.text(rule.title_zh);
    out.text(rule.title_en);
    out.number(static_cast<std::size_t>(rule.behaviour));
    out.flag(rule.mandatory);
    out.number(rule.stages.size());
    for (const ast::Stage stage : rule.stages)
      out.number(static_cast<std::size_t>(stage));
    for (const Basis& basis : rule.bases) {
      out.text(basis.source_title);
      out.text(basis.place);
    }
    for (const Guard& guard : rule.guards)
      if (const auto* condition = std::get_if<ConditionGuard>(&guard);
          condition != nullptr && !is_left_out(rule, guard))
        out.text(condition->exemption);
  }

  // ---- what overlays say: a guard for each that lets the rule not apply, a copy of a branch for
  // each that changes its severity

  bool is_left_out(const Rule& rule, const Guard& guard) const {
    const auto* condition = std::get_if<ConditionGuard>(&guard);
    return as_written && condition != nullptr &&
           std::ranges::any_of(rule.changes, [&](const RuleChange& change) {
             return !change.severity && change.span == condition->condition.span;
           });
  }
  static bool are_copies(const Branch& a, const Branch& b) {
    return a.report.span == b.report.span;
  }
  // The last of the copies speaks as written.
  bool is_left_out(const Rule& rule, const Branch& branch) const {
    return as_written && &branch != &rule.branches.back() && are_copies(branch, *(&branch + 1));
  }
  // Without the condition that no change is in force, which the copies stand beside; null: the
  // author wrote no other.
  static const Expr* written_when(const Rule& rule, const Branch& branch) {
    if (&branch == &rule.branches.front() || !are_copies(branch, *(&branch - 1)))
      return &branch.when;
    const auto* call = std::get_if<Call>(&branch.when.form);
    const bool has_more = call != nullptr && call->builtin->name == "and" &&
                          call->arguments[0].span != branch.when.span;
    return has_more ? &call->arguments[0] : nullptr;
  }
  void change(const RuleChange& change) {
    out.text(program.layers[change.layer].region);
    out.number(change.severity ? static_cast<std::size_t>(*change.severity) : 0);
    for (const std::optional<Date>& day : {change.from, change.until}) {
      out.flag(day.has_value());
      if (day)
        out.signed_number(day->days);
    }
  }
};

// A field more stops the build here, until it is written above or known to change no finding:
// otherwise two rules could be taken for the same that are not.
[[maybe_unused]] void every_field_is_known(const Rule& rule, const Report& report,
                                           const Subject& subject, const Query& query,
                                           const Binding& binding, const PeerUse& peers) {
  [[maybe_unused]] const auto& [id, title_zh, title_en, category, behaviour, stages, bases,
                                even_self_paid, mandatory, region, layer, changes, written, from,
                                until, trial, trial_until, rule_subject, binders, binder_relations,
                                binder_names, lets, guards, matches, rule_peers, branches,
                                when_unknown, rule_span] = rule;
  [[maybe_unused]] const auto& [severity, line, line_parts, on, involving, amount, message,
                                report_span, value, stands, self_paid] = report;
  [[maybe_unused]] const auto& [kind, relation, keys, entering, across] = subject;
  [[maybe_unused]] const auto& [sources, where, beyond, rank, query_span] = query;
  [[maybe_unused]] const auto& [binder, bound_to, parts, source] = binding;
  [[maybe_unused]] const auto& [statistic, percent, at_least, more_scale, of, among] = peers;
}

template <class Fn> void for_each_report(const RuleWriter& writer, const Rule& rule, const Fn& fn) {
  for (const Branch& branch : rule.branches)
    if (!writer.is_left_out(rule, branch))
      fn(branch.report);
  if (rule.when_unknown)
    fn(*rule.when_unknown);
}

std::array<std::string, part_count> parts_of(const Program& program, const Rule& rule,
                                             bool as_written, std::set<TableId>& tables,
                                             std::set<ModelId>& models) {
  std::array<std::string, part_count> parts;
  const auto write = [&](Part part, const auto& fn) {
    RuleWriter writer{
        .program = program, .tables = tables, .models = models, .as_written = as_written};
    fn(writer);
    parts[static_cast<std::size_t>(part)] = std::move(writer.out.bytes);
  };
  write(Part::subject, [&](RuleWriter& writer) { writer.subject(rule); });
  write(Part::conditions, [&](RuleWriter& writer) { writer.conditions(rule); });
  write(Part::period, [&](RuleWriter& writer) { writer.period(rule); });
  write(Part::report, [&](RuleWriter& writer) {
    for_each_report(writer, rule, [&](const Report& report) { writer.lines(report); });
  });
  write(Part::severity, [&](RuleWriter& writer) {
    for_each_report(writer, rule, [&](const Report& report) {
      writer.out.number(static_cast<std::size_t>(report.severity));
    });
  });
  write(Part::message, [&](RuleWriter& writer) {
    for_each_report(writer, rule, [&](const Report& report) { writer.message(report); });
  });
  write(Part::category,
        [&](RuleWriter& writer) { writer.out.number(static_cast<std::size_t>(rule.category)); });
  write(Part::words, [&](RuleWriter& writer) { writer.words(rule); });
  return parts;
}

} // namespace

RuleContent content_of(const Program& program, const Rule& rule) {
  RuleContent content;
  content.parts = parts_of(program, rule, false, content.tables, content.models);
  content.written = parts_of(program, rule, true, content.tables, content.models);
  RuleWriter softened{.program = program, .tables = content.tables, .models = content.models};
  RuleWriter disabled = softened;
  for (const RuleChange& change : rule.changes)
    (change.severity ? softened : disabled).change(change);
  content.severities = std::move(softened.out.bytes);
  content.disabled = std::move(disabled.out.bytes);
  return content;
}

ReportContent content_of(const Program& program, const Rule& rule, const Report& report) {
  ReportContent content;
  const auto write = [&](ReportPart part, const auto& fn) {
    RuleWriter writer{.program = program, .tables = content.tables, .models = content.models};
    writer.named_of = &rule;
    fn(writer);
    writer.all_named();
    content.parts[static_cast<std::size_t>(part)] = std::move(writer.out.bytes);
  };
  write(ReportPart::lines, [&](RuleWriter& writer) { writer.offending(report); });
  write(ReportPart::amount, [&](RuleWriter& writer) { writer.amount(report); });
  write(ReportPart::involving, [&](RuleWriter& writer) { writer.involving(report); });
  write(ReportPart::value, [&](RuleWriter& writer) { writer.write(report.value); });
  write(ReportPart::self_paid, [&](RuleWriter& writer) { writer.self_paid(report); });
  write(ReportPart::message, [&](RuleWriter& writer) { writer.message(report); });
  return content;
}

} // namespace sanku::hir
