// See verify.h. Binders are followed as a stack, the way evaluation sets them. Tested by
// tests/unit/compiler/check_test.cpp, which breaks a program in each of these ways.
#include "compiler/hir/verify.h"

#include "runtime/types/match.h"

#include <fmt/format.h>

namespace sanku::hir {
namespace {

bool takes(kernels::Tag tag, Kind kind) {
  switch (tag) {
  case kernels::Tag::boolean:
    return kind == Kind::boolean;
  case kernels::Tag::integer:
    return kind == Kind::integer;
  case kernels::Tag::decimal:
    return is_number(kind);
  case kernels::Tag::date:
    return kind == Kind::date;
  case kernels::Tag::datetime:
    return kind == Kind::datetime;
  case kernels::Tag::span:
    return kind == Kind::span;
  case kernels::Tag::window:
    return kind == Kind::window;
  case kernels::Tag::age:
    return kind == Kind::age;
  case kernels::Tag::count:
    return kind == Kind::count;
  case kernels::Tag::code:
    return kind == Kind::code;
  case kernels::Tag::enumeration:
    return kind == Kind::enumeration;
  case kernels::Tag::text:
    return kind == Kind::text;
  case kernels::Tag::score:
    return kind == Kind::score;
  }
  return false;
}

bool holds(const Value& value, Kind kind) {
  switch (kind) {
  case Kind::boolean:
    return std::holds_alternative<Bool>(value);
  case Kind::integer:
    return std::holds_alternative<Integer>(value);
  case Kind::decimal:
  case Kind::money:
    return std::holds_alternative<Decimal>(value);
  case Kind::date:
    return std::holds_alternative<Date>(value);
  case Kind::datetime:
    return std::holds_alternative<DateTime>(value);
  case Kind::span:
    return std::holds_alternative<sanku::Span>(value);
  case Kind::window:
    return std::holds_alternative<Window>(value);
  case Kind::age:
    return std::holds_alternative<Age>(value);
  case Kind::count:
    return std::holds_alternative<Count>(value);
  case Kind::code:
    return std::holds_alternative<CodeText>(value);
  case Kind::enumeration:
    return std::holds_alternative<EnumValue>(value);
  case Kind::text:
  case Kind::reasons:
    return std::holds_alternative<std::string>(value);
  case Kind::score:
    return std::holds_alternative<Score>(value);
  }
  return false;
}

struct Verifier {
  const Program& program;
  const Rule& rule;
  std::vector<std::string>& faults;
  std::vector<bool> open = {};     // binders in scope
  std::vector<bool> declared = {}; // binders ever declared
  bool in_key = false;             // of a group, which does not exist yet
  std::size_t lets = 0;            // readable so far

  template <class... Arguments>
  void require(bool condition, fmt::format_string<Arguments...> why, Arguments&&... arguments) {
    if (!condition)
      faults.push_back(
          fmt::format("{}: {}", rule.id, fmt::format(why, std::forward<Arguments>(arguments)...)));
  }
  std::size_t relation_count() const {
    return program.schema.relations.size() + program.tables.size();
  }

  void type(const Type& shown) {
    if (shown.kind == Kind::code)
      require(shown.domain < program.schema.systems.size(), "code system {} of none", shown.domain);
    if (shown.kind == Kind::enumeration)
      require(shown.domain < program.schema.enums.size(), "enum {} of none", shown.domain);
    if (is_number(shown.kind))
      require(shown.scale <= 18, "scale {}", shown.scale);
  }

  void bind(BinderId id, RelationId of) {
    if (id >= rule.binders)
      return require(false, "binder {} of {}", id, rule.binders);
    require(!declared[id], "binder {} is declared twice", id);
    require(rule.binder_relations[id] == of, "binder {} is bound to relation {}", id, of);
    declared[id] = open[id] = true;
  }
  void read(BinderId id, RelationId as) {
    if (id >= rule.binders)
      return require(false, "binder {} of {}", id, rule.binders);
    require(open[id], "binder {} is read out of scope", id);
    require(rule.binder_relations[id] == as, "binder {} is read as relation {}", id, as);
  }
  void close(const Binding& binding) {
    if (binding.binder < rule.binders)
      open[binding.binder] = false;
    const auto* pairs = std::get_if<PairSource>(&binding.source);
    if (pairs && pairs->next < rule.binders)
      open[pairs->next] = false;
  }
  void close(const Query& query) {
    for (const Binding& binding : query.from)
      close(binding);
  }

  void call(const Expr& expr, const Call& form) {
    if (!form.builtin || !form.builtin->kernel)
      return require(false, "a call of nothing");
    const kernels::KernelRow& kernel = *form.builtin->kernel;
    require(kernel.arity == form.arguments.size(), "{} has {} arguments", kernel.name,
            form.arguments.size());
    for (std::size_t i = 0; i < form.arguments.size() && i < kernel.arity; ++i)
      require(takes(kernel.params[i].tag, form.arguments[i].type.kind), "argument {} of {} is {}",
              i, kernel.name, info(form.arguments[i].type.kind).en);
    require(takes(kernel.result, expr.type.kind), "{} gives {}", kernel.name,
            info(expr.type.kind).en);
    for (const Expr& argument : form.arguments)
      value(argument);
  }

  void model(ModelId id, const std::vector<Expr>& inputs, bool trained) {
    if (id >= program.models.size())
      return require(false, "model {} of none", id);
    const Model& of = program.models[id];
    require(trained == (of.trained != nullptr), "model {} is read as another kind", id);
    require(inputs.size() == of.inputs.size() &&
                (!of.trained || of.trained->feature_count == inputs.size()),
            "model {} has {} inputs", id, inputs.size());
    for (const Expr& input : inputs) {
      require(input.type.kind == Kind::score, "an input of a model is no score");
      value(input);
    }
  }

  void fold(const Expr& expr, const Fold& form) {
    const bool takes_value = form.kind == FoldKind::sum || form.kind == FoldKind::min ||
                             form.kind == FoldKind::max || form.kind == FoldKind::first ||
                             form.kind == FoldKind::last || form.kind == FoldKind::covered;
    query(*form.query);
    const bool counts = form.kind == FoldKind::count || form.kind == FoldKind::distinct;
    const bool wanted =
        takes_value || form.kind == FoldKind::every || form.kind == FoldKind::distinct;
    require(wanted == (form.value != nullptr), "a fold of kind {} with or without its value",
            static_cast<int>(form.kind));
    if (form.value)
      value(*form.value);
    close(*form.query);
    if (takes_value && form.value)
      require(form.value->type == expr.type, "a fold has another type than its value");
    if (counts)
      require(expr.type.kind == Kind::count, "count is {}", info(expr.type.kind).en);
    if (!takes_value && !counts)
      require(expr.type.kind == Kind::boolean, "a test of a list is no bool");
    if (form.kind == FoldKind::every && form.value)
      require(form.value->type.kind == Kind::boolean, "every has no condition");
  }

  void value(const Expr& expr) {
    type(expr.type);
    std::visit(
        match{
            [&](const Constant& form) {
              require(!is_known(form.value) || holds(form.value, expr.type.kind),
                      "a constant of type {} holds another", info(expr.type.kind).en);
            },
            [&](const FieldOf& form) {
              if (form.relation >= relation_count())
                return require(false, "relation {} of none", form.relation);
              read(form.binder, form.relation);
              const auto& columns = relation(program, form.relation).columns;
              if (form.column >= columns.size())
                return require(false, "column {} of none", form.column);
              require(columns[form.column].type == expr.type, "column {} has another type",
                      columns[form.column].path.en);
            },
            [&](const LetOf& form) {
              if (form.let >= lets)
                return require(false, "let {} is read before it is there", form.let);
              require(rule.lets[form.let].value.type == expr.type, "let {} has another type",
                      form.let);
            },
            [&](const Call& form) { call(expr, form); },
            [&](const InTable& form) {
              require(expr.type.kind == Kind::boolean, "membership is no bool");
              key(form.table, *form.key, form.at);
            },
            [&](const CodeTextOf& form) {
              value(*form.code);
              require(form.code->type.kind == Kind::code && expr.type.kind == Kind::text,
                      "the text of what is no code");
            },
            [&](const EmptyCell& form) {
              read(form.binder, form.relation);
              require(expr.type.kind == Kind::boolean &&
                          relation(program, form.relation).kind == schema::RelationKind::table &&
                          form.column < relation(program, form.relation).columns.size(),
                      "an empty cell of no table");
            },
            [&](const Ask& form) {
              value(*form.question);
              value(*form.answer);
              require(form.question->type.kind == Kind::text &&
                          form.answer->type.kind == Kind::boolean &&
                          expr.type.kind == Kind::boolean,
                      "a question is no text, or its answer no bool");
            },
            [&](const Earlier& form) {
              require(expr.type.kind == Kind::boolean, "order is no bool");
              read(form.left, form.relation);
              read(form.right, form.relation);
            },
            [&](const PeersOf& form) {
              for (const Expr& key : form.keys)
                value(key);
              if (form.number >= rule.peers.size())
                return require(false, "peers {} of {}", form.number, rule.peers.size());
              const PeerUse& use = rule.peers[form.number];
              bool same = use.among.size() == form.keys.size();
              for (std::size_t i = 0; same && i < form.keys.size(); ++i)
                same = use.among[i].type.kind == form.keys[i].type.kind;
              require(same && rule.subject.across, "peers by other keys, or of no population");
              const bool asks = use.statistic == PeerStatistic::percentile && use.rank == 0;
              require(asks == (form.rank != nullptr), "a rank of what has none, or none");
              if (form.rank) {
                value(*form.rank);
                require(form.rank->type.kind == Kind::decimal && form.rank->type.scale == 4,
                        "a rank is no number of four places");
              }
              require(is_number(expr.type.kind) || expr.type.kind == Kind::integer,
                      "what comes of peers is no number");
            },
            [&](const OfVisit& form) {
              require(expr.type.kind == Kind::boolean &&
                          form.relation < program.schema.relations.size(),
                      "an element of a visit is no bool, or no element");
              read(form.element, form.relation);
            },
            [&](const ScoreOf& form) {
              require(expr.type.kind == Kind::score, "a score is {}", info(expr.type.kind).en);
              model(form.model, form.inputs, form.total == nullptr);
              if (form.total) {
                value(*form.total);
                require(form.total->type.kind == Kind::score, "a total is no score");
              }
            },
            [&](const ReasonsOf& form) {
              require(expr.type.kind == Kind::reasons && form.most > 0,
                      "reasons are none, or of another type");
              if (form.model < program.models.size())
                model(form.model, form.inputs, program.models[form.model].trained != nullptr);
            },
            [&](const Fold& form) { fold(expr, form); },
        },
        expr.form);
  }

  void condition(const Expr& expr) {
    require(expr.type.kind == Kind::boolean, "a condition is {}", info(expr.type.kind).en);
    value(expr);
  }

  void key(TableId table, const Expr& expr, const ExprPtr& at) {
    value(expr);
    if (at)
      value(*at);
    if (table >= program.tables.size())
      return require(false, "table {} of none", table);
    const knowledge::TableShape& shape = program.tables[table].shape;
    require(shape.relation.columns[shape.key].type.kind == expr.type.kind, "the key of {} is {}",
            shape.relation.names.en, info(expr.type.kind).en);
    const bool zoned = shape.zone_from.has_value();
    require((shape.valid_from.has_value() || zoned) == (at != nullptr), "{} is read {} a date",
            shape.relation.names.en, at ? "as of" : "without");
    require(!at || at->type.kind == (zoned ? Kind::integer : Kind::date), "{} is read as of no {}",
            shape.relation.names.en, zoned ? "moment" : "date");
  }

  void binding(const Binding& shown) {
    bool parts = shown.parts;
    std::visit(match{
                   [&](const ListSource& source) {
                     read(source.owner, 0);
                     require(source.relation == shown.relation && source.relation > 0 &&
                                 source.relation < program.schema.relations.size(),
                             "a binding over relation {}", source.relation);
                     require(!parts, "parts of a list");
                   },
                   [&](const GroupSource&) {
                     require(rule.subject.kind == SubjectKind::group &&
                                 rule.subject.relation == shown.relation,
                             "the group of a rule without groups");
                     require(!in_key, "the group in a key of the group");
                     require(!parts, "parts of a group");
                   },
                   [&](const RowsSource& source) {
                     key(source.table, *source.key, source.at);
                     require(shown.relation == program.schema.relations.size() + source.table,
                             "rows of another table");
                     require(!parts, "parts of rows");
                   },
                   [&](const TableSource& source) {
                     require(shown.relation == program.schema.relations.size() + source.table,
                             "rows of another table");
                     require(!parts, "parts of rows");
                   },
                   [&](const PairSource& source) {
                     query(*source.lines);
                     close(*source.lines);
                     require(!parts && !source.lines->from.empty() &&
                                 source.lines->from[0].relation == shown.relation,
                             "neighbours of another relation");
                     bind(source.next, shown.relation);
                   },
                   [&](const VisitsSource& source) {
                     value(*source.window);
                     condition(*source.complete);
                     require(!parts && shown.relation == 0 && !rule.subject.across,
                             "visits of another relation, or of a population");
                     bind(shown.binder, 0);
                     condition(*source.member);
                     if (shown.binder < rule.binders)
                       open[shown.binder] = declared[shown.binder] = false;
                   },
                   [&](const EachSource& source) {
                     query(*source.visits);
                     require(!parts && source.visits->from.size() == 1 &&
                                 source.visits->from[0].relation == 0 &&
                                 std::holds_alternative<std::monostate>(source.visits->beyond) &&
                                 source.relation == shown.relation && source.relation > 0 &&
                                 source.relation < program.schema.relations.size(),
                             "elements of each of something else than visits");
                     close(*source.visits);
                   },
                   [&](const LinesSource& source) {
                     query(*source.lines);
                     close(*source.lines);
                     if (source.lines->from.empty())
                       return;
                     const Binding& inner = source.lines->from[0];
                     require(inner.relation == shown.relation, "lines of another relation");
                     const bool split = inner.parts || !std::holds_alternative<std::monostate>(
                                                           source.lines->beyond);
                     require(parts == split, "parts do not come from `beyond`");
                   },
               },
               shown.source);
    bind(shown.binder, shown.relation);
  }

  // Its binders stay open for what stands in its scope; close() ends them.
  void query(const Query& shown) {
    require(!shown.from.empty(), "a query over nothing");
    for (const Binding& one : shown.from)
      binding(one);
    for (const Expr& one : shown.where)
      condition(one);
    if (shown.rank) {
      value(*shown.rank->key);
      require(shown.from.size() == 1, "an order of several binders");
    }
    if (std::holds_alternative<std::monostate>(shown.beyond) || shown.from.empty())
      return;
    require(shown.from.size() == 1 && !std::holds_alternative<RowsSource>(shown.from[0].source) &&
                !std::holds_alternative<LinesSource>(shown.from[0].source),
            "`beyond` of something else than one list");
    if (const auto* quantity = std::get_if<BeyondQuantity>(&shown.beyond)) {
      value(*quantity->limit);
      const schema::Relation& of = relation(program, shown.from[0].relation);
      const auto column = schema::column_with(of, schema::Role::quantity);
      require(column && quantity->limit->type.kind == Kind::decimal &&
                  quantity->limit->type.scale == of.columns[*column].type.scale,
              "the limit of `beyond` is not at the quantity's scale");
    }
    if (const auto* distinct = std::get_if<BeyondDistinct>(&shown.beyond)) {
      value(*distinct->limit);
      value(*distinct->key);
      require(distinct->limit->type.kind == Kind::integer, "the limit of `beyond` is no integer");
    }
  }

  void fee_lines(const Query& shown) {
    query(shown);
    require(!shown.from.empty() && shown.from[0].relation == schema::line_relation(program.schema),
            "lines that are no fee lines");
    close(shown);
  }

  void report(const Report& shown) {
    if (shown.stands)
      condition(*shown.stands);
    const bool own = std::holds_alternative<OwnLine>(shown.on);
    if (std::holds_alternative<NoLines>(shown.on)) {
      require(rule.subject.across, "no lines of a visit");
    } else if (own) {
      require(rule.subject.kind == SubjectKind::element &&
                  rule.subject.relation == schema::line_relation(program.schema),
              "the own line of a subject that is none");
      require(shown.line == subject_binder, "the own line is bound elsewhere");
    } else {
      fee_lines(*std::get<QueryPtr>(shown.on));
      bind(shown.line, schema::line_relation(program.schema).value_or(0));
    }
    if (shown.self_paid)
      condition(*shown.self_paid);
    if (const auto* amount = std::get_if<AmountExpr>(&shown.amount)) {
      value(amount->value);
      require(amount->value.type.kind == Kind::money, "an amount is {}",
              info(amount->value.type.kind).en);
    }
    if (std::holds_alternative<QueryPtr>(shown.on) && shown.line < rule.binders)
      open[shown.line] = false;
    if (shown.value)
      value(*shown.value);
    if (shown.involving)
      fee_lines(**shown.involving);
    for (const MessagePart& part : shown.message)
      if (const auto* hole = std::get_if<Hole>(&part))
        value(hole->value);
    require(!names_missing(shown) || &shown == (rule.when_unknown ? &*rule.when_unknown : nullptr),
            "missing names of a report that is decided");
  }

  void guard(const Guard& shown) {
    std::visit(match{
                   [&](const ConditionGuard& form) { condition(form.condition); },
                   [&](const RowGuard& form) {
                     key(form.table, form.key, form.at);
                     bind(form.binder,
                          static_cast<RelationId>(program.schema.relations.size()) + form.table);
                   },
                   [&](const MatchGuard& form) {
                     require(form.match < rule.matches.size(), "guard of match {}", form.match);
                   },
               },
               shown);
  }

  void whole() {
    require(rule.binders >= 2 && rule.binder_relations.size() == rule.binders &&
                rule.binder_names.size() == rule.binders,
            "binders without relation or name");
    require(!rule.stages.empty(), "no stage");
    require(!rule.branches.empty(), "no branch");
    if (rule.binders < 2 || rule.binder_relations.size() != rule.binders)
      return;
    open.assign(rule.binders, false);
    declared.assign(rule.binders, false);
    bind(settlement_binder, 0);
    bind(subject_binder, rule.subject.relation);
    require((rule.subject.kind == SubjectKind::group) == !rule.subject.keys.empty(),
            "keys without groups, or groups without keys");
    if (rule.subject.entering) {
      require(rule.subject.kind == SubjectKind::group &&
                  std::holds_alternative<RowsSource>(rule.subject.entering->binding.source),
              "elements enter something else than groups");
      binding(rule.subject.entering->binding);
    }
    for (const GroupKey& one : rule.subject.keys) {
      in_key = true;
      value(one.value);
      in_key = false;
      const Kind kind = one.value.type.kind;
      require(kind == Kind::code || kind == Kind::enumeration || kind == Kind::date ||
                  kind == Kind::integer || kind == Kind::boolean || kind == Kind::text,
              "a key of kind {}", info(kind).en);
    }
    // Lets are evaluated where they are read, so their trees may name rows and matches that are
    // bound later on; those are bound first.
    std::vector<bool> guard_binders = open;
    for (const Guard& one : rule.guards)
      if (const auto* row = std::get_if<RowGuard>(&one); row && row->binder < rule.binders)
        open[row->binder] = true;
    for (const Match& one : rule.matches)
      if (one.binding.binder < rule.binders)
        open[one.binding.binder] = true;
    for (; lets < rule.lets.size(); ++lets)
      value(rule.lets[lets].value);
    open = std::move(guard_binders);
    for (const Guard& one : rule.guards)
      guard(one);
    for (const Match& one : rule.matches) {
      binding(one.binding);
      for (const Expr& expr : one.where)
        condition(expr);
    }
    require(rule.trial.has_value() == !rule.trial_until.empty(), "a trial without its end");
    if (rule.trial)
      condition(*rule.trial);
    for (const Branch& branch : rule.branches) {
      condition(branch.when);
      report(branch.report);
    }
    if (rule.when_unknown)
      report(*rule.when_unknown);
  }
};

} // namespace

std::vector<std::string> verify(const Program& program) {
  std::vector<std::string> faults;
  for (const Rule& rule : program.rules)
    Verifier{program, rule, faults}.whole();
  for (std::size_t i = 1; i < program.rules.size(); ++i)
    if (!(program.rules[i - 1].id < program.rules[i].id))
      faults.push_back(fmt::format("{}: rules are not in order", program.rules[i].id));
  return faults;
}

} // namespace sanku::hir
