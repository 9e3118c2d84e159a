// See coverage.h. Variants are counted by index up to std::variant_size, enumerations by switches
// without default, so that the compiler asks for whatever is new.
#include "tests/differential/coverage.h"

#include "compiler/analysis/same_value.h"
#include "compiler/hir/walk.h"
#include "runtime/types/match.h"
#include "tests/differential/coverage_words.h"
#include "tests/differential/values.h"

#include <fmt/format.h>

namespace sanku::differential {
namespace {

// ---- what was seen

struct Counter {
  Coverage& coverage;
  const hir::Program& program;

  void add(const std::string& name) const { ++coverage.seen[name]; }
  void add_if(bool seen, const char* name) const {
    if (seen)
      add(name);
  }
  template <class... Forms> void form(const char* what, const std::variant<Forms...>& value) const {
    add(fmt::format("{} form {}", what, value.index()));
  }

  // -- the Ast

  static bool collects(const ast::ExprPtr& expr) {
    const auto* call = expr ? std::get_if<ast::Call>(&expr->form) : nullptr;
    return call && (call->function.text == "d4" || call->function.text == "定丁");
  }
  void binders(const std::vector<ast::Binder>& from) const {
    for (const ast::Binder& each : from) {
      add_if(!each.name, "unnamed binder");
      of(each.source);
    }
  }
  void of(const ast::ExprPtr& expr) const {
    if (!expr)
      return;
    form("ast", expr->form);
    std::visit(match{
                   [&](const ast::NumberLiteral& x) { add(name_of("unit", x.unit)); },
                   [](const ast::TextLiteral&) {},
                   [](const ast::DateLiteral&) {},
                   [](const ast::BoolLiteral&) {},
                   [&](const ast::WindowLiteral& x) { add(name_of("window", x.word)); },
                   [](const ast::NameRef&) {},
                   [&](const ast::Member& x) { of(x.base); },
                   [&](const ast::Lookup& x) { of(x.key); },
                   [&](const ast::Unary& x) { add(name_of("unary", x.op)), of(x.operand); },
                   [&](const ast::Binary& x) {
                     add_if(collects(x.right), "member of what is collected");
                     add(name_of("binary", x.op)), of(x.left), of(x.right);
                   },
                   [&](const ast::Compare& x) {
                     add_if(x.ops.size() > 1, "chain of comparisons");
                     for (const ast::CompareOp op : x.ops)
                       add(name_of("compare", op));
                     for (const ast::ExprPtr& operand : x.operands)
                       of(operand);
                   },
                   [&](const ast::Logical& x) {
                     for (const ast::ExprPtr& operand : x.operands)
                       of(operand);
                   },
                   [&](const ast::Call& x) {
                     add_if(x.function.text == "d5", "decision of a file");
                     for (const ast::ExprPtr& argument : x.arguments)
                       of(argument);
                   },
                   [&](const ast::Rounded& x) { of(x.value); },
                   [&](const ast::Paren& x) { of(x.inner); },
                   [&](const ast::SetLiteral& x) {
                     for (const ast::SetElement& each : x.elements)
                       of(each.low), of(each.high);
                   },
                   [&](const ast::Choose& x) {
                     for (const ast::Arm& arm : x.arms)
                       of(arm.when), of(arm.take);
                     of(x.otherwise);
                   },
                   [&](const ast::CountOf& x) {
                     for (const ast::ExprPtr& each : x.conditions)
                       of(each);
                   },
                   [&](const ast::Peers& x) {
                     of(x.rank), of(x.value);
                     for (const ast::ExprPtr& each : x.among)
                       of(each);
                   },
                   [&](const ast::Period& x) { of(x.begin), of(x.end); },
                   [&](const ast::InUnit& x) { of(x.value); },
                   [&](const ast::Ranked& x) { of(x.list); },
                   [&](const ast::Fold& x) {
                     add_if(collects(x.binders.front().source), "fold over what is collected");
                     add(name_of("fold", x.kind)), binders(x.binders), of(x.where), of(x.take);
                   },
                   [&](const ast::Those& x) { binders(x.binders), of(x.where); },
                   [&](const ast::Beyond& x) { of(x.list), of(x.limit); },
               },
               expr->form);
  }
  void of(const ast::Clause& clause) const {
    form("clause", clause);
    std::visit(match{
                   [&](const ast::Let& x) { of(x.value); },
                   [&](const ast::With& x) { of(x.source), of(x.where); },
                   [&](const ast::Provided& x) { of(x.condition); },
                   [&](const ast::Unless& x) { add("unless"), of(x.condition); },
               },
               clause);
    const auto* let = std::get_if<ast::Let>(&clause);
    if (!let)
      return;
    const auto& value = let->value->form;
    add_if(std::holds_alternative<ast::Lookup>(value), "let row");
    add_if(std::holds_alternative<ast::Those>(value) ||
               std::holds_alternative<ast::Beyond>(value) ||
               std::holds_alternative<ast::Paren>(value),
           "let list");
  }
  void of(const ast::Rule& rule) const {
    add_if(rule.title_en.has_value(), "rule title in two languages");
    if (rule.subject)
      for (const ast::GroupKey& key : rule.subject->by)
        of(key.value);
    for (const ast::Clause& clause : rule.clauses)
      of(clause);
    for (const ast::Branch& branch : rule.branches) {
      of(branch.when);
      if (branch.report.on)
        of(branch.report.on->lines);
      add_if(branch.report.on && branch.report.on->binder, "lines with a name");
      of(branch.report.involving);
      of(branch.report.amount);
      of(branch.report.value);
      add_if(branch.report.value != nullptr, "indicator with a value");
      for (const ast::MessagePart& part : branch.report.message.parts)
        if (const auto* hole = std::get_if<ast::Hole>(&part.form))
          of(hole->value);
    }
  }

  // -- the Hir

  void of(const hir::Expr& expr, bool in_fold) const {
    form("expr", expr.form);
    if (const auto* call = std::get_if<hir::Call>(&expr.form))
      add(row_name(*call->builtin));
    const auto* folded = std::get_if<hir::Fold>(&expr.form);
    const bool fold = folded != nullptr;
    add_if(fold && in_fold, "fold within a fold");
    const bool end =
        fold && (folded->kind == hir::FoldKind::first || folded->kind == hir::FoldKind::last);
    if (end) {
      add(name_of("fold", folded->kind));
      add_if(folded->query->rank.has_value(), "end of a ranked list");
      add_if(folded->query->from[0].parts, "end of parts");
    }
    if (fold)
      add_if(std::holds_alternative<hir::RowsSource>(
                 std::get<hir::Fold>(expr.form).query->from[0].source),
             "fold over rows");
    hir::for_each_child(expr, [&](const auto& child) { of(child, in_fold || fold); });
  }
  void of(const hir::Query& query, bool in_fold) const {
    form("beyond", query.beyond);
    if (query.rank) {
      add(query.rank->descending ? "list ranked descending" : "list ranked ascending");
      add_if(!std::holds_alternative<std::monostate>(query.beyond), "beyond in a ranked list");
    }
    add_if(query.from.size() > 1, "query with several binders");
    for (const hir::Binding& binding : query.from) {
      form("source", binding.source);
      if (const auto* visits = std::get_if<hir::VisitsSource>(&binding.source))
        add(std::string(hir::past_name(visits->past)));
      const auto* list = std::get_if<hir::ListSource>(&binding.source);
      add_if(list != nullptr && list->owner != hir::settlement_binder, "list of another visit");
      add_if(binding.parts, "binder over parts");
    }
    const bool group = std::holds_alternative<hir::GroupSource>(query.from[0].source);
    add_if(group && !std::holds_alternative<std::monostate>(query.beyond), "beyond over a group");
    hir::for_each_child(query, [&](const auto& child) { of(child, in_fold); });
  }
  void of(const hir::Report& report) const {
    add(name_of("severity", report.severity));
    form("lines", report.on);
    form("amount", report.amount);
    add_if(report.involving.has_value(), "involving");
    add_if(report.line_parts, "amount of parts");
    for (const hir::MessagePart& part : report.message) {
      form("message", part);
      const auto* hole = std::get_if<hir::Hole>(&part);
      add_if(hole != nullptr, "hole");
      add_if(hole && hole->as_percent, "hole as percent");
    }
  }
  void of_standing(const hir::Rule& rule) const {
    add_if(rule.even_self_paid, "even self_paid");
    add_if(rule.mandatory, "mandatory");
    add_if(rule.region == ast::Region::insured, "region insured");
    add_if(rule.trial.has_value(), "trial");
    for (const hir::Branch& branch : rule.branches) {
      const hir::Report& report = branch.report;
      const bool own = std::holds_alternative<hir::OwnLine>(report.on);
      add_if(report.stands && own, "self-paid own line");
      add_if(report.stands && !own, "self-paid lines of a list");
      add_if(report.stands && report.line_parts, "self-paid parts of lines");
      add_if(report.stands && !rule.matches.empty(), "self-paid with a match");
    }
  }
  void of(const hir::Rule& rule) const {
    of_standing(rule);
    add(name_of("subject", rule.subject.kind));
    if (rule.subject.kind != hir::SubjectKind::settlement)
      add(fmt::format("subject relation {}", rule.subject.relation));
    add_if(rule.subject.keys.size() > 1, "several group keys");
    add_if(rule.subject.entering.has_value(), "entering");
    add_if(rule.subject.across, "groups across visits");
    for (const auto& [binder, same] : analysis::same_values(rule))
      add(same.of.of == exec::Length::same ? "elements of a list by a value"
                                           : "elements of a group by a value");
    for (const hir::PeerUse& use : rule.peers)
      add(fmt::format("peers {}", static_cast<int>(use.statistic)));
    for (const hir::GroupKey& key : rule.subject.keys)
      add(fmt::format("group key {}", info(key.value.type.kind).en));
    add_if(rule.branches.size() > 1, "several branches");
    add_if(rule.when_unknown.has_value(), "when unknown");
    add_if(!rule.lets.empty(), "let value");
    add_if(!rule.bases.empty(), "source named");
    add_if(rule.matches.size() > 1, "several matches");
    for (const hir::Match& each : rule.matches) {
      form("source", each.binding.source);
      add_if(!each.where.empty(), "match with where");
      const bool rows = std::holds_alternative<hir::RowsSource>(each.binding.source);
      add(rows ? "match over rows" : "match over list");
    }
    for (const hir::Guard& guard : rule.guards) {
      form("guard", guard);
      const auto* condition = std::get_if<hir::ConditionGuard>(&guard);
      add_if(condition && !condition->exemption.empty(), "exemption");
    }
    for (const hir::Branch& branch : rule.branches) {
      add_if(std::holds_alternative<hir::Constant>(branch.when.form), "branch without when");
      of(branch.report);
    }
    if (rule.when_unknown)
      of(*rule.when_unknown);
    add_if(rule.layer != 0, "rule of an overlay");
    for (const hir::RuleChange& change : rule.changes)
      add(change.severity ? "severity of an overlay" : "rule that an overlay disables");
    hir::for_each_child(rule, [&](const auto& child) { of(child, false); });
  }
  void of(const hir::Table& table, const knowledge::Table& rows) const {
    const auto& columns = table.shape.relation.columns;
    add(fmt::format("key of kind {}", info(columns[table.shape.key].type.kind).en));
    add_if(!rows.unique_key, "table with repeated keys");
    add_if(table.shape.valid_from.has_value(), "dated table");
    add_if(table.shape.zone_from.has_value(), "table that overlays change");
    add_if(table.shape.zone_from && table.shape.key_prefix, "prefixes that overlays change");
    add_if(table.shape.zone_from && table.shape.valid_from, "dated table that overlays change");
    add_if(table.shape.publications.has_value(), "published table");
    add_if(!rows.superseded.empty(), "row that was replaced");
    if (table.shape.key_prefix)
      add(*table.shape.key_prefix == knowledge::KeyPrefix::all ? "key prefix all"
                                                               : "key prefix longest");
    for (const auto& set : table.shape.sets)
      add_if(set.has_value(), "table with a set");
    for (const schema::Column& column : columns)
      add_if(column.names.en.ends_with("_min"), "table with a range");
    for (const schema::Column& column : columns)
      add(fmt::format("column of kind {}", info(column.type.kind).en));
    for (const std::vector<Value>& row : rows.rows)
      for (const Value& cell : row)
        add_if(!is_known(cell), "table column missing");
  }
  void of(const plan::Key& key) const {
    add_if(!key.test, "guard of an index by visit");
    if (!key.test)
      return;
    const auto* table = std::get_if<exec::InTable>(&*key.test);
    add_if(std::holds_alternative<exec::SetUse>(*key.test), "guard of an index by a set");
    add_if(std::holds_alternative<exec::OneOf>(*key.test), "guard of an index by values");
    add_if(std::holds_alternative<exec::IsKnown>(*key.test), "guard of an index by what is known");
    if (table == nullptr)
      return;
    const knowledge::TableShape& shape = program.tables[table->table].shape;
    add_if(shape.key_prefix.has_value(), "guard of an index by a prefix");
    add_if(shape.relation.columns[shape.key].type.kind == Kind::text,
           "guard of an index by a text");
  }
};

} // namespace

void count(const Checked& pack, Coverage& coverage) {
  const Counter counter{coverage, pack.program};
  for (const auto& file : pack.files)
    for (const ast::Decl& decl : file->decls)
      if (const auto* rule = std::get_if<ast::Rule>(&decl))
        counter.of(*rule);
  for (const hir::Rule& rule : pack.program.rules)
    counter.of(rule);
  for (std::size_t i = 0; i < pack.program.tables.size(); ++i)
    counter.of(pack.program.tables[i], pack.tables[i]);
  const plan::Plan planned = plan::plan(pack.program);
  for (const plan::Rule& rule : planned.rules) {
    counter.add_if(!rule.keys.empty(), "guard of an index");
    for (const plan::Key& key : rule.keys)
      counter.of(key);
  }
}

void count(const schema::Schema& schema, const std::vector<testing::Visit>& visits,
           Coverage& coverage) {
  for (std::size_t relation = 1; relation < schema.relations.size(); ++relation) {
    const auto question = schema::column_with(schema.relations[relation], schema::Role::question),
               answer = schema::column_with(schema.relations[relation], schema::Role::answer);
    if (!question || !answer)
      continue;
    for (const testing::Visit& visit : visits)
      for (const std::string_view asked : questions) {
        bool yes = false, no = false;
        for (const std::vector<Value>& row : visit.rows[relation]) {
          const auto* text = std::get_if<std::string>(&row[*question]);
          const auto* said = std::get_if<Bool>(&row[*answer]);
          if (text == nullptr || *text != asked || said == nullptr)
            continue;
          (said->value ? yes : no) = true;
        }
        if (yes || no)
          ++coverage.seen[yes && no ? "contradictory answers" : yes ? "answer yes" : "answer no"];
      }
  }
}

std::vector<std::string> missing(const Coverage& coverage) {
  std::vector<std::string> names;
  for (const std::string& name : everything())
    if (!coverage.seen.contains(name))
      names.push_back(name);
  return names;
}

} // namespace sanku::differential
