// See coverage.h. Variants are counted by index up to std::variant_size, enumerations by switches
// without default, so that the compiler asks for whatever is new.
#include "tests/differential/coverage.h"

#include "compiler/hir/walk.h"
#include "runtime/types/match.h"

#include <fmt/format.h>

namespace sanku::differential {
namespace {

// ---- what there is. An enumerator that has no name here does not compile; numbers stop at the
// first without a name.

constexpr std::string_view word(ast::Unit unit) {
  switch (unit) {
  case ast::Unit::none:
    return "none";
  case ast::Unit::days:
    return "days";
  case ast::Unit::weeks:
    return "weeks";
  case ast::Unit::months:
    return "months";
  case ast::Unit::years:
    return "years";
  case ast::Unit::years_of_age:
    return "years old";
  case ast::Unit::hours:
    return "hours";
  case ast::Unit::minutes:
    return "minutes";
  case ast::Unit::yuan:
    return "yuan";
  case ast::Unit::percent:
    return "percent";
  }
  return {};
}
constexpr std::string_view word(ast::WindowWord window) {
  switch (window) {
  case ast::WindowWord::same_day:
    return "same day";
  case ast::WindowWord::same_visit:
    return "same visit";
  case ast::WindowWord::same_hour:
    return "same hour";
  case ast::WindowWord::month:
    return "month";
  case ast::WindowWord::quarter:
    return "quarter";
  case ast::WindowWord::calendar_year:
    return "calendar year";
  case ast::WindowWord::insurance_year:
    return "insurance year";
  case ast::WindowWord::lifetime:
    return "lifetime";
  }
  return {};
}
constexpr std::string_view word(ast::UnaryOp op) {
  switch (op) {
  case ast::UnaryOp::negate:
    return "negate";
  case ast::UnaryOp::logical_not:
    return "not";
  case ast::UnaryOp::known:
    return "known";
  }
  return {};
}
constexpr std::string_view word(ast::BinaryOp op) {
  switch (op) {
  case ast::BinaryOp::add:
    return "add";
  case ast::BinaryOp::subtract:
    return "subtract";
  case ast::BinaryOp::multiply:
    return "multiply";
  case ast::BinaryOp::divide:
    return "divide";
  case ast::BinaryOp::otherwise:
    return "otherwise";
  case ast::BinaryOp::contains:
    return "contains";
  case ast::BinaryOp::starts_with:
    return "starts with";
  case ast::BinaryOp::earlier:
    return "earlier";
  case ast::BinaryOp::member_of:
    return "member of";
  case ast::BinaryOp::under:
    return "under";
  case ast::BinaryOp::meets:
    return "meets";
  case ast::BinaryOp::overlaps:
    return "overlaps";
  }
  return {};
}
constexpr std::string_view word(ast::CompareOp op) {
  switch (op) {
  case ast::CompareOp::equal:
    return "=";
  case ast::CompareOp::not_equal:
    return "!=";
  case ast::CompareOp::less:
    return "<";
  case ast::CompareOp::less_equal:
    return "<=";
  case ast::CompareOp::greater:
    return ">";
  case ast::CompareOp::greater_equal:
    return ">=";
  }
  return {};
}
constexpr std::string_view word(ast::FoldKind kind) {
  switch (kind) {
  case ast::FoldKind::count:
    return "count";
  case ast::FoldKind::sum:
    return "sum";
  case ast::FoldKind::min:
    return "min";
  case ast::FoldKind::max:
    return "max";
  case ast::FoldKind::any:
    return "any";
  case ast::FoldKind::none:
    return "none";
  case ast::FoldKind::every:
    return "every";
  case ast::FoldKind::distinct:
    return "distinct";
  case ast::FoldKind::first:
  case ast::FoldKind::last:
    break; // not generated yet: tests/cases/lists has them
  }
  return {};
}
constexpr std::string_view word(ast::Severity severity) {
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
  return {};
}
constexpr std::string_view word(hir::SubjectKind kind) {
  switch (kind) {
  case hir::SubjectKind::settlement:
    return "settlement";
  case hir::SubjectKind::element:
    return "element";
  case hir::SubjectKind::group:
    return "group";
  }
  return {};
}

template <class E> std::string name_of(const char* what, E value) {
  return fmt::format("{} {}", what, word(value));
}
template <class E> void expect_enum(const char* what, std::set<std::string>& all) {
  for (int i = 0; i < 64 && !word(static_cast<E>(i)).empty(); ++i)
    all.insert(name_of(what, static_cast<E>(i)));
}
template <class V> void expect_variant(const char* what, std::set<std::string>& all) {
  for (std::size_t i = 0; i < std::variant_size_v<V>; ++i)
    all.insert(fmt::format("{} form {}", what, i));
}
std::string row_name(const builtins::Builtin& row) {
  return fmt::format("built-in {} ({})", row.name, row.kernel->name);
}

// Features that are no alternative of their own.
constexpr const char* features[] = {
    "subject relation 1",
    "subject relation 2",
    "subject relation 3",
    "several group keys",
    "group key code",
    "group key enum",
    "group key date",
    "group key int",
    "group key bool",
    "several branches",
    "branch without when",
    "when unknown",
    "exemption",
    "unless",
    "several matches",
    "match with where",
    "match over rows",
    "match over list",
    "let value",
    "guard of an index",
    "involving",
    "lines with a name",
    "amount of parts",
    "hole",
    "hole as percent",
    "query with several binders",
    "binder over parts",
    "beyond over a group",
    "fold within a fold",
    "fold over rows",
    "key of kind code",
    "key of kind enum",
    "key of kind text",
    "key of kind int",
    "table with repeated keys",
    "table column missing",
    "rule title in two languages",
    "source named",
    "chain of comparisons",
    "unnamed binder",
    "let list",
    "table with a set",
    "table with a range",
    "dated table",
    "let row",
    "even self_paid",
    "mandatory",
    "region insured",
    "trial",
    "self-paid own line",
    "self-paid lines of a list",
    "self-paid parts of lines",
    "self-paid with a match",
};

std::set<std::string> everything() {
  std::set<std::string> all(std::begin(features), std::end(features));
  expect_enum<ast::Unit>("unit", all);
  expect_enum<ast::WindowWord>("window", all);
  expect_enum<ast::UnaryOp>("unary", all);
  expect_enum<ast::BinaryOp>("binary", all);
  expect_enum<ast::CompareOp>("compare", all);
  expect_enum<ast::FoldKind>("fold", all);
  expect_enum<ast::Severity>("severity", all);
  expect_enum<hir::SubjectKind>("subject", all);
  expect_variant<decltype(ast::Expr::form)>("ast", all);
  // Not generated yet: tests/cases/lists has them.
  all.erase(fmt::format("ast form {}", decltype(ast::Expr::form)(ast::Ranked{}).index()));
  expect_variant<ast::Clause>("clause", all);
  expect_variant<decltype(hir::Expr::form)>("expr", all);
  expect_variant<decltype(hir::Binding::source)>("source", all);
  all.erase(
      fmt::format("source form {}", decltype(hir::Binding::source)(hir::TableSource{}).index()));
  all.erase(
      fmt::format("source form {}", decltype(hir::Binding::source)(hir::PairSource{}).index()));
  expect_variant<decltype(hir::Query::beyond)>("beyond", all);
  expect_variant<hir::Guard>("guard", all);
  expect_variant<hir::Lines>("lines", all);
  expect_variant<hir::Amount>("amount", all);
  expect_variant<hir::MessagePart>("message", all);
  // Every type but age and count can be a column.
  for (const KindInfo& kind : kind_table)
    if (kind.en != "age" && kind.en != "count")
      all.insert(fmt::format("column of kind {}", kind.en));
  for (const builtins::Builtin& row : builtins::rows())
    all.insert(row_name(row));
  return all;
}

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
    std::visit(
        match{
            [&](const ast::NumberLiteral& x) { add(name_of("unit", x.unit)); },
            [](const ast::TextLiteral&) {},
            [](const ast::DateLiteral&) {},
            [](const ast::BoolLiteral&) {},
            [&](const ast::WindowLiteral& x) { add(name_of("window", x.word)); },
            [](const ast::NameRef&) {},
            [&](const ast::Member& x) { of(x.base); },
            [&](const ast::Lookup& x) { of(x.key); },
            [&](const ast::Unary& x) { add(name_of("unary", x.op)), of(x.operand); },
            [&](const ast::Binary& x) { add(name_of("binary", x.op)), of(x.left), of(x.right); },
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
            [&](const ast::Period& x) { of(x.begin), of(x.end); },
            [&](const ast::InUnit& x) { of(x.value); },
            [&](const ast::Ranked& x) { of(x.list); },
            [&](const ast::Fold& x) {
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
    const bool fold = std::holds_alternative<hir::Fold>(expr.form);
    add_if(fold && in_fold, "fold within a fold");
    if (fold)
      add_if(std::holds_alternative<hir::RowsSource>(
                 std::get<hir::Fold>(expr.form).query->from[0].source),
             "fold over rows");
    hir::for_each_child(expr, [&](const auto& child) { of(child, in_fold || fold); });
  }
  void of(const hir::Query& query, bool in_fold) const {
    form("beyond", query.beyond);
    add_if(query.from.size() > 1, "query with several binders");
    for (const hir::Binding& binding : query.from) {
      form("source", binding.source);
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
    hir::for_each_child(rule, [&](const auto& child) { of(child, false); });
  }
  void of(const hir::Table& table, const knowledge::Table& rows) const {
    const auto& columns = table.shape.relation.columns;
    add(fmt::format("key of kind {}", info(columns[table.shape.key].type.kind).en));
    add_if(!rows.unique_key, "table with repeated keys");
    add_if(table.shape.valid_from.has_value(), "dated table");
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
  for (const plan::Rule& rule : planned.rules)
    counter.add_if(!rule.keys.empty(), "guard of an index");
}

std::vector<std::string> missing(const Coverage& coverage) {
  std::vector<std::string> names;
  for (const std::string& name : everything())
    if (!coverage.seen.contains(name))
      names.push_back(name);
  return names;
}

} // namespace sanku::differential
