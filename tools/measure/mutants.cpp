// See mutants.h. Changes of the tree; those of tables are in mutants_rows.cpp, other values in
// other_values.cpp.
#include "tools/measure/mutants.h"

#include "compiler/evaluate/trace.h"
#include "compiler/hir/walk.h"
#include "runtime/types/match.h"
#include "tools/engine/describe.h"
#include "tools/engine/layout.h"
#include "tools/engine/reasons.h"
#include "tools/measure/mutants_parts.h"
#include "tools/measure/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace sanku::measure {
namespace {

constexpr std::array<KindWords, mutant_kinds> names = {{
    {"comparison", "比较", "comparison"},
    {"logic", "逻辑", "logic"},
    {"clause", "条件略去", "left out"},
    {"arithmetic", "运算", "arithmetic"},
    {"bound", "界限", "bound"},
    {"unit", "单位", "unit"},
    {"window", "时间窗", "window"},
    {"date", "日期", "date"},
    {"severity", "等级", "severity"},
    {"quantifier", "量词", "quantifier"},
    {"order", "次序", "order"},
    {"set", "集合", "set"},
    {"row", "知识行", "knowledge row"},
}};

struct OtherName {
  std::string_view name;
  MutantKind kind;
  std::array<std::string_view, 2> others;
};
constexpr std::array<OtherName, 12> other_names = {{
    {"less", MutantKind::comparison, {"less_equal", "greater"}},
    {"less_equal", MutantKind::comparison, {"less", "greater_equal"}},
    {"greater", MutantKind::comparison, {"greater_equal", "less"}},
    {"greater_equal", MutantKind::comparison, {"greater", "less_equal"}},
    {"equal", MutantKind::comparison, {"not_equal", ""}},
    {"not_equal", MutantKind::comparison, {"equal", ""}},
    {"and", MutantKind::logic, {"or", ""}},
    {"or", MutantKind::logic, {"and", ""}},
    {"add", MutantKind::arithmetic, {"subtract", ""}},
    {"subtract", MutantKind::arithmetic, {"add", ""}},
    {"smaller", MutantKind::arithmetic, {"larger", ""}},
    {"larger", MutantKind::arithmetic, {"smaller", ""}},
}};

// The row of another name for the same types.
const builtins::Builtin* row_like(const builtins::Builtin& row, std::string_view name) {
  const std::string_view kernel = row.kernel->name;
  if (kernel == row.name) // of truths, which have no types to tell apart
    return builtins::find(name);
  if (!kernel.starts_with(row.name))
    return nullptr;
  const std::string wanted = std::string(name) + std::string(kernel.substr(row.name.size()));
  for (const builtins::Builtin& other : builtins::rows())
    if (other.name == name && wanted == other.kernel->name)
      return &other;
  return nullptr;
}

constexpr std::array<std::pair<hir::FoldKind, hir::FoldKind>, 6> other_folds = {{
    {hir::FoldKind::any, hir::FoldKind::none},
    {hir::FoldKind::none, hir::FoldKind::any},
    {hir::FoldKind::min, hir::FoldKind::max},
    {hir::FoldKind::max, hir::FoldKind::min},
    {hir::FoldKind::first, hir::FoldKind::last},
    {hir::FoldKind::last, hir::FoldKind::first},
}};

// What was found in the rule's tree, to be changed there.
struct OwnNodes {
  std::map<const hir::Expr*, hir::Expr*> exprs;
  std::map<const hir::Query*, hir::Query*> queries;

  void operator()(hir::Expr& node) {
    exprs.emplace(&node, &node);
    hir::for_each_child(node, *this);
  }
  void operator()(hir::Query& node) {
    queries.emplace(&node, &node);
    hir::for_each_child(node, *this);
  }
};

struct Finder {
  Rules& rules;
  hir::Program& program;
  hir::Rule& rule;
  std::uint32_t number;
  OwnNodes own = {};
  std::vector<Mutant> made = {};

  // What is written once is changed in all its places at once.
  void add(MutantKind kind, source::Span span, const hir::Expr* at,
           std::pair<std::string, std::string> zh, std::pair<std::string, std::string> en,
           Change change) {
    auto found = std::ranges::find_if(made, [&](const Mutant& each) {
      return each.kind == kind && each.span == span && each.from_en == en.first &&
             each.to_en == en.second;
    });
    if (found == made.end()) {
      made.push_back({.kind = kind,
                      .rule = number,
                      .span = span,
                      .from_zh = std::move(zh.first),
                      .from_en = std::move(en.first),
                      .to_zh = std::move(zh.second),
                      .to_en = std::move(en.second),
                      .changes = {},
                      .reaching = {},
                      .branch = std::nullopt});
      found = made.end() - 1;
    }
    found->changes.push_back(std::move(change));
    if (at != nullptr)
      found->reaching.push_back(at);
  }

  std::string said(const hir::Expr& expr, Language language) const {
    return text(program, rule, expr, language);
  }

  // What is changed in a place, before and after.
  void add_changed(MutantKind kind, hir::Expr& at, Change change) {
    std::pair zh{said(at, Language::zh), std::string()}, en{said(at, Language::en), std::string()};
    Trials none;
    Mutant once;
    once.changes.push_back(std::move(change));
    toggle(once, none);
    zh.second = said(at, Language::zh);
    en.second = said(at, Language::en);
    toggle(once, none);
    add(kind, at.span, &at, std::move(zh), std::move(en), std::move(once.changes.front()));
  }

  void call(hir::Expr& at, hir::Call& form) {
    const auto found = std::ranges::find(other_names, form.builtin->name, &OtherName::name);
    if (found == other_names.end())
      return;
    for (const std::string_view name : found->others)
      if (const builtins::Builtin* other = name.empty() ? nullptr : row_like(*form.builtin, name))
        add_changed(found->kind, at, OtherCall{&form, other});
  }

  void fold(hir::Expr& at, hir::Fold& form) {
    for (const auto& [kind, other] : other_folds)
      if (form.kind == kind)
        add_changed(MutantKind::quantifier, at, OtherFold{&form, other});
  }

  void constant(hir::Expr& at, hir::Constant& form) {
    for (auto& [kind, other] : other_values(form.value, at.type)) {
      if (!form.of) {
        add_changed(kind, at, OtherValue{&form, std::move(other)});
        continue;
      }
      // A parameter is written once.
      const hir::Param& param = program.params[form.of->param];
      const auto shown = [&](const Value& value, Language language) {
        return fmt::format("{} = {}", language == Language::zh ? param.names.zh : param.names.en,
                           evaluate::printed(value, at.type, program.schema, language));
      };
      add(kind, param.values[form.of->value].span, &at,
          {shown(form.value, Language::zh), shown(other, Language::zh)},
          {shown(form.value, Language::en), shown(other, Language::en)},
          OtherValue{&form, std::move(other)});
    }
  }

  void expr(const hir::Expr* expr) {
    hir::Expr& at = *own.exprs.at(expr);
    if (auto* called = std::get_if<hir::Call>(&at.form))
      call(at, *called);
    else if (auto* folded = std::get_if<hir::Fold>(&at.form))
      fold(at, *folded);
    else if (auto* written_value = std::get_if<hir::Constant>(&at.form))
      constant(at, *written_value);
  }

  void clause(const hir::Expr* expr) {
    hir::Expr& at = *own.exprs.at(expr);
    if (std::holds_alternative<hir::Constant>(at.form))
      return;
    add(MutantKind::clause, at.span, &at, {written(at), "（略去）"}, {written(at), "(left out)"},
        LeftOut{&at, hir::Expr{at.type, at.span, hir::Constant{Bool{true}}}});
  }

  std::string written(const hir::Expr& at) const {
    return engine::written_text(rules.map, at.span);
  }

  // Conditions that no comparison makes.
  void condition(const Condition& of) {
    for (const hir::Expr* expr : of.exprs) {
      hir::Expr& at = *own.exprs.at(expr);
      const auto* fold = std::get_if<hir::Fold>(&at.form);
      const bool has_own = compares(at) || (fold != nullptr && fold->kind != hir::FoldKind::every);
      if (!has_own)
        add(MutantKind::logic, of.span, &at, {of.zh, "非 " + of.zh}, {of.en, "not " + of.en},
            TurnedRound{&at});
    }
  }

  void severity(hir::Report& report, std::uint32_t branch) {
    const ast::Severity from = report.severity;
    const ast::Severity to =
        from == ast::Severity::violation ? ast::Severity::suspected : ast::Severity::violation;
    if (from == ast::Severity::indicator)
      return;
    const auto word = [](ast::Severity each, Language language) {
      return std::string(engine::severity_text(each, language));
    };
    add(MutantKind::severity, report.span, nullptr,
        {word(from, Language::zh), word(to, Language::zh)},
        {word(from, Language::en), word(to, Language::en)}, OtherSeverity{&report.severity, to});
    made.back().branch = branch;
  }

  void order(const hir::Query* query) {
    hir::Query& at = *own.queries.at(query);
    if (!at.rank)
      return;
    const bool down = at.rank->descending;
    add(MutantKind::order, at.rank->key->span, at.rank->key.get(),
        {down ? "降序" : "升序", down ? "升序" : "降序"},
        {down ? "descending" : "ascending", down ? "ascending" : "descending"},
        OtherOrder{&*at.rank});
  }

  void edge(const Edge& of) {
    for (const hir::Expr* expr : of.exprs) {
      hir::Expr& at = *own.exprs.at(expr);
      auto& day = std::get<hir::Constant>(std::get<hir::Call>(at.form).arguments[1].form);
      for (const int by : {-1, 1}) {
        const std::string from = date_text(of.day), to = date_text(Date{of.day.days + by});
        add(MutantKind::date, of.span, &at, {from, to}, {from, to},
            OtherValue{&day, Date{of.day.days + by}});
      }
    }
  }

  void whole() {
    hir::for_each_child(rule, own);
    const Parts parts = parts_of(rules, number);
    for (const hir::Expr* each : parts.exprs)
      expr(each);
    for (const Condition& each : parts.conditions)
      condition(each);
    for (const hir::Expr* each : parts.clauses)
      clause(each);
    for (const hir::Query* each : parts.queries)
      order(each);
    for (const Edge& each : parts.edges)
      edge(each);
    for (std::uint32_t i = 0; i < rule.branches.size(); ++i)
      severity(rule.branches[i].report, i);
    if (rule.when_unknown)
      severity(*rule.when_unknown, exec::when_unknown_branch);
  }
};

void toggle_one(Change& change, Trials& trials) {
  std::visit(match{
                 [](OtherCall& of) { std::swap(of.at->builtin, of.other); },
                 [](OtherValue& of) { std::swap(of.at->value, of.other); },
                 [](TurnedRound& of) {
                   if (of.is_turned) {
                     hir::Expr inner = std::move(std::get<hir::Call>(of.at->form).arguments[0]);
                     *of.at = std::move(inner);
                   } else {
                     hir::Expr inner = std::move(*of.at);
                     *of.at =
                         hir::Expr{inner.type, inner.span,
                                   hir::Call{.builtin = builtins::find("not"), .arguments = {}}};
                     std::get<hir::Call>(of.at->form).arguments.push_back(std::move(inner));
                   }
                   of.is_turned = !of.is_turned;
                 },
                 [](LeftOut& of) { std::swap(*of.at, of.other); },
                 [](OtherSeverity& of) { std::swap(*of.at, of.other); },
                 [](OtherFold& of) { std::swap(of.at->kind, of.other); },
                 [](OtherOrder& of) { of.at->descending = !of.at->descending; },
                 [&](OtherCell& of) {
                   std::swap(trials[of.trial]->tables[of.table].rows[of.row][of.column], of.other);
                 },
             },
             change);
}

} // namespace

const KindWords& words_of(MutantKind kind) { return names[static_cast<std::size_t>(kind)]; }

std::vector<Mutant> mutants_of(Rules& rules, std::uint32_t rule, Trials& trials) {
  hir::Program& program = rules.checked->program;
  Finder finder{.rules = rules, .program = program, .rule = program.rules[rule], .number = rule};
  finder.whole();
  add_rows(rules, rule, trials, finder.made);
  return std::move(finder.made);
}

void toggle(Mutant& mutant, Trials& trials) {
  for (Change& change : mutant.changes)
    toggle_one(change, trials);
}

bool changes_tables(const Mutant& mutant) {
  return std::ranges::any_of(mutant.changes, [](const Change& change) {
    return std::holds_alternative<OtherCell>(change);
  });
}

} // namespace sanku::measure
