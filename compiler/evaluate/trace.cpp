// Traces (trace.h): the evaluator's own judgement once more, with every value on the way kept.
#include "compiler/evaluate/trace.h"

#include "compiler/evaluate/distance.h"
#include "compiler/evaluate/nearness.h"
#include "compiler/evaluate/population.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace sanku::evaluate {
namespace {

// Builds nodes for one subject. A let is opened where it is first used and only named after that.
class Nodes {
public:
  explicit Nodes(Scope& scope) : scope_(scope) {}

  [[nodiscard]] Node node(const hir::Expr& expr) {
    Node made{.span = expr.span,
              .type = expr.type,
              .value = scope_.value(expr),
              .builtin = nullptr,
              .let = {},
              .operands = {},
              .distance = {}};
    std::visit(match{
                   [&](const hir::Constant&) { made.fixed = true; },
                   [&](const hir::FieldOf& form) { made.fixed = is_table(form.relation); },
                   [&](const hir::LetOf& form) { open_let(form.let, made); },
                   [&](const hir::Call& form) { open_call(form, made); },
                   [&](const hir::InTable& form) { made.operands.push_back(node(*form.key)); },
                   [&](const hir::CodeTextOf& form) { made = node(*form.code); },
                   [&](const hir::EmptyCell&) { made.fixed = true; },
                   [&](const hir::Ask& form) { made.operands.push_back(node(*form.question)); },
                   [](const hir::Earlier&) {},
                   [](const hir::OfVisit&) {},
                   [&](const hir::PeersOf& form) {
                     for (const hir::Expr& key : form.keys)
                       made.operands.push_back(node(key));
                     if (form.rank)
                       made.operands.push_back(node(*form.rank));
                   },
                   [&](const hir::ScoreOf& form) {
                     for (const hir::Expr& input : form.inputs)
                       made.operands.push_back(node(input));
                     made.model = form.model;
                     made.reasons = scope_.reasons(form.model, form.inputs, form.inputs.size());
                   },
                   [](const hir::ReasonsOf&) {},
                   [&](const hir::Fold& form) { open_fold(form, made); },
               },
               expr.form);
    return made;
  }

private:
  [[nodiscard]] bool is_table(hir::RelationId relation) const {
    return relation >= scope_.program().schema.relations.size();
  }

  // How many elements there are is what decides; of the one that nearly did, what failed.
  void open_fold(const hir::Fold& fold, Node& made) {
    const bool every = fold.kind == hir::FoldKind::every;
    if (!every && fold.kind != hir::FoldKind::any && fold.kind != hir::FoldKind::none)
      return;
    made.fold = fold.kind;
    std::optional<Nearness> nearest;
    scope_.each(*fold.query, [&](Tri keep) {
      // Of `every` the conditions say which elements are meant.
      if (every && keep == Tri::no)
        return;
      const Tri holds = every ? scope_.truth(*fold.value) : keep;
      ++made.all;
      made.sure += holds == Tri::yes;
      made.perhaps += holds == Tri::unknown;
      if (holds == Tri::yes)
        return;
      Nearness own;
      for (const hir::Binding& binding : fold.query->from)
        own.add_element(scope_, binding.binder, binding.relation);
      for (const hir::Expr& where : fold.query->where)
        own.add(scope_, where);
      if (every)
        own.add(scope_, *fold.value);
      if (nearest && !own.is_nearer(*nearest))
        return;
      nearest = own;
      made.nearest.clear();
      if (every)
        made.nearest.push_back(node(*fold.value));
      for (const hir::Expr& where : fold.query->where)
        if (!every)
          made.nearest.push_back(node(where));
    });
    if (!every && made.sure != 0)
      made.nearest.clear();
  }

  void open_let(std::uint32_t let, Node& made) {
    const hir::ValueLet& form = scope_.rule().lets[let];
    made.let = form.name;
    if (opened_.insert(let).second)
      made.operands.push_back(node(form.value));
  }

  void open_call(const hir::Call& call, Node& made) {
    const builtins::Builtin& builtin = *call.builtin;
    if (builtin.symbol.empty() && !builtin.callable) {
      made = node(call.arguments.front()); // a conversion
      return;
    }
    made.builtin = &builtin;
    // A quotient's third argument is a scale that nobody wrote.
    const std::size_t written =
        builtin.typing == builtins::Typing::quotient ? 2 : call.arguments.size();
    for (std::size_t i = 0; i < written; ++i)
      made.operands.push_back(node(call.arguments[i]));
    made.fixed = std::ranges::all_of(made.operands, &Node::fixed);
    const auto* holds = std::get_if<Bool>(&made.value);
    if (holds == nullptr || call.arguments.size() != 2)
      return;
    made.distance = distance(holds->value ? opposite(builtin.symbol) : builtin.symbol,
                             scope_.value(call.arguments[0]), scope_.value(call.arguments[1]),
                             call.arguments[0].type);
  }
  // What holds where the comparison does not.
  static std::string_view opposite(std::string_view symbol) {
    constexpr std::pair<std::string_view, std::string_view> pairs[] = {
        {"<", ">="}, {"<=", ">"}, {">", "<="}, {">=", "<"}, {"!=", "="}};
    for (const auto& [one, other] : pairs)
      if (symbol == one)
        return other;
    return {};
  }

  Scope& scope_;
  std::set<std::uint32_t> opened_;
};

std::optional<exec::EvidenceRow> table_row(Scope& scope, hir::BinderId binder) {
  const auto lists = static_cast<hir::RelationId>(scope.program().schema.relations.size());
  const hir::RelationId relation = scope.rule().binder_relations[binder];
  if (relation < lists || scope.bound(binder).is_unknown())
    return std::nullopt;
  return exec::EvidenceRow{.table = relation - lists, .row = scope.bound(binder).row};
}

// A condition that was not begun.
Node not_begun(const hir::Expr& expr) {
  return {.span = expr.span,
          .type = expr.type,
          .value = Unknown{},
          .builtin = nullptr,
          .let = {},
          .operands = {},
          .distance = {}};
}

// What a guard goes by: its condition, or the key that it looks for.
const hir::Expr& asked_by(const Scope& scope, const hir::Guard& form) {
  if (const auto* condition = std::get_if<hir::ConditionGuard>(&form))
    return condition->condition;
  if (const auto* row = std::get_if<hir::RowGuard>(&form))
    return row->key;
  const hir::Match& match = scope.rule().matches[std::get<hir::MatchGuard>(form).match];
  return *std::get<hir::RowsSource>(match.binding.source).key;
}

GuardTrace trace_guard(Scope& scope, const hir::Guard& form) {
  GuardTrace made;
  made.truth = guard(scope, form);
  if (is_too_much(scope, heavy_of(scope, form))) {
    made.condition = not_begun(asked_by(scope, form));
    return made;
  }
  Nodes nodes(scope);
  std::visit(match{
                 [&](const hir::ConditionGuard& condition) {
                   made.condition = nodes.node(condition.condition);
                   made.exemption = condition.exemption;
                 },
                 [&](const hir::RowGuard& row) {
                   made.condition = nodes.node(row.key);
                   made.table = row.table;
                   made.row = table_row(scope, row.binder);
                 },
                 [&](const hir::MatchGuard& match) {
                   const auto& source =
                       std::get<hir::RowsSource>(scope.rule().matches[match.match].binding.source);
                   made.condition = nodes.node(*source.key);
                   made.table = source.table;
                 },
             },
             form);
  return made;
}

// Rejected, perhaps, sure: how near a match comes.
int nearness(Tri truth) { return truth == Tri::no ? 0 : (truth == Tri::unknown ? 1 : 2); }

BranchTrace trace_branch(Scope& scope, std::uint32_t index) {
  const hir::Branch& form = scope.rule().branches[index];
  BranchTrace made;
  made.branch = index;
  if (is_too_much(scope, heavy_of(scope, form))) {
    made.truth = Tri::unknown;
    made.perhaps = 1;
    made.condition = not_begun(form.when);
    return made;
  }
  std::optional<std::pair<int, Nearness>> nearest; // truth first
  const Scope::Visit visit = [&](Tri keep) {
    const Tri when = tri_and(keep, scope.truth(form.when));
    const Tri truth = tri_and(when, holds(scope, form));
    made.self_paid = made.self_paid || (when == Tri::yes && truth == Tri::no);
    made.truth = tri_or(made.truth, truth);
    made.sure += truth == Tri::yes;
    made.perhaps += truth == Tri::unknown;
    made.rejected += truth == Tri::no;
    std::pair<int, Nearness> own(nearness(truth), {});
    own.second.add(scope, form.when);
    for (const hir::Match& match : scope.rule().matches) {
      own.second.add_element(scope, match.binding.binder, match.binding.relation);
      for (const hir::Expr& where : match.where)
        own.second.add(scope, where);
    }
    if (nearest && (own.first < nearest->first ||
                    (own.first == nearest->first && !own.second.is_nearer(nearest->second))))
      return;
    nearest = own;
    Nodes nodes(scope);
    made.where.clear();
    for (const hir::Match& match : scope.rule().matches)
      for (const hir::Expr& where : match.where)
        made.where.push_back(nodes.node(where));
    made.condition = nodes.node(form.when);
    made.rows.clear();
    for (const hir::Match& match : scope.rule().matches) {
      if (const auto row = table_row(scope, match.binding.binder))
        made.rows.push_back(*row);
    }
  };
  if (scope.rule().matches.empty())
    visit(Tri::yes);
  else
    scope.each_match(visit);
  return made;
}

} // namespace

namespace {

Trace trace_subject(Rows& rows, const hir::Rule& form, const Subject& subject,
                    SubjectOutcome outcome) {
  Scope scope(rows, form);
  enter(scope, subject);
  Trace made{.outcome = std::move(outcome), .guards = {}, .branches = {}};
  Tri applies = subject.incomplete ? Tri::unknown : Tri::yes;
  for (const hir::Guard& each : form.guards) {
    made.guards.push_back(trace_guard(scope, each));
    applies = tri_and(applies, made.guards.back().truth);
  }
  for (std::uint32_t b = 0; applies == Tri::yes && b < form.branches.size(); ++b) {
    made.branches.push_back(trace_branch(scope, b));
    if (made.branches.back().truth == Tri::yes)
      break;
  }
  return made;
}

} // namespace

std::vector<Trace> trace(const Input& input, std::uint32_t settlement, std::uint32_t rule) {
  std::vector<SubjectOutcome> outcomes = Evaluator(input).rule(settlement, rule);
  Rows rows(input);
  rows.enter(settlement);
  const hir::Rule& form = input.program.rules[rule];
  std::vector<Subject> of_rule =
      form.subject.across ? population(input, form) : subjects(rows, form);
  std::erase_if(of_rule, [&](const Subject& subject) { return subject.settlement != settlement; });
  std::vector<Trace> traces;
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    traces.push_back(trace_subject(rows, form, of_rule[i], std::move(outcomes[i])));
  return traces;
}

std::vector<GroupOfSettlement> trace_groups(const Input& input, std::uint32_t settlement,
                                            std::uint32_t rule) {
  const hir::Rule& form = input.program.rules[rule];
  const hir::RelationId relation = form.subject.relation;
  const auto is_own = [&](std::uint32_t row) {
    if (relation == 0)
      return row == settlement;
    const std::vector<std::uint32_t>& offsets = input.batch.relations[relation].offsets;
    return offsets[settlement] <= row && row < offsets[settlement + 1];
  };
  Evaluator evaluator(input);
  Rows rows(input);
  std::vector<GroupOfSettlement> groups;
  // A group is judged with the visit of its first element, in which it may be one of several.
  std::vector<std::uint32_t> before(input.batch.settlements, 0);
  for (Subject& subject : population(input, form)) {
    const std::uint32_t place = before[subject.settlement]++;
    if (std::ranges::none_of(subject.group, is_own))
      continue;
    SubjectOutcome outcome = std::move(evaluator.rule(subject.settlement, rule)[place]);
    rows.enter(subject.settlement);
    Trace made = trace_subject(rows, form, subject, std::move(outcome));
    groups.push_back({.trace = std::move(made),
                      .elements = std::move(subject.group),
                      .keys = std::move(subject.keys)});
  }
  return groups;
}

std::string printed(const Value& value, const Type& type, const schema::Schema& schema,
                    Language language) {
  if (const auto* age = std::get_if<Age>(&value))
    return exact_age(*age, language);
  std::string_view name;
  if (const auto* listed = std::get_if<EnumValue>(&value))
    name = schema::enum_name(schema.enums[type.domain], listed->id, language == Language::zh);
  return to_text(value, type, language, name);
}

std::string printed(const Distance& distance, const schema::Schema& schema, Language language) {
  const std::string size = printed(distance.value, distance.type, schema, language);
  if (!distance.exclusive)
    return size;
  return language == Language::zh ? fmt::format("{}以上", size) : fmt::format("more than {}", size);
}

} // namespace sanku::evaluate
