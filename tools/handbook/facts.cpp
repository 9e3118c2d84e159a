// Gathering what rules read (facts.h).
#include "tools/handbook/facts.h"

#include "compiler/ast/walk.h"
#include "compiler/hir/walk.h"
#include "runtime/types/check.h"

#include <algorithm>

namespace sanku::handbook {
namespace {

// ---- from the typed tree

struct Reads {
  const hir::Program& program;
  RuleFacts& facts;
  std::set<ColumnRef>* fields; // where a field of the claim goes

  [[nodiscard]] bool is_table(hir::RelationId relation) const {
    return relation >= program.schema.relations.size();
  }
  void column(hir::RelationId relation, std::uint32_t column) {
    if (is_table(relation))
      facts.tables[relation - static_cast<hir::TableId>(program.schema.relations.size())].insert(
          column);
    else
      fields->insert({relation, column});
  }
  void table(hir::TableId id) { facts.tables[id].insert(program.tables[id].shape.key); }

  void question(const hir::Ask& ask) {
    Question asked;
    if (const auto* constant = std::get_if<hir::Constant>(&ask.question->form)) {
      if (const auto* text = std::get_if<std::string>(&constant->value))
        asked.text = *text;
    } else if (const auto* field = std::get_if<hir::FieldOf>(&ask.question->form)) {
      asked.column = {field->relation, field->column};
    }
    const bool known = std::ranges::any_of(facts.questions, [&](const Question& each) {
      return each.text == asked.text && each.column == asked.column;
    });
    if (!known)
      facts.questions.push_back(std::move(asked));
  }

  void binding(const hir::Binding& from) {
    if (const auto* rows = std::get_if<hir::RowsSource>(&from.source))
      table(rows->table);
    if (const auto* all = std::get_if<hir::TableSource>(&from.source))
      table(all->table);
    hir::for_each_child(from, *this);
  }
  void operator()(const hir::Query& query) {
    for (const hir::Binding& each : query.from)
      if (std::holds_alternative<hir::RowsSource>(each.source) ||
          std::holds_alternative<hir::TableSource>(each.source))
        table(std::holds_alternative<hir::RowsSource>(each.source)
                  ? std::get<hir::RowsSource>(each.source).table
                  : std::get<hir::TableSource>(each.source).table);
    hir::for_each_child(query, *this);
  }
  void operator()(const hir::Expr& expr) {
    if (const auto* field = std::get_if<hir::FieldOf>(&expr.form))
      column(field->relation, field->column);
    else if (const auto* empty = std::get_if<hir::EmptyCell>(&expr.form))
      column(empty->relation, empty->column);
    else if (const auto* in = std::get_if<hir::InTable>(&expr.form))
      table(in->table);
    else if (const auto* ask = std::get_if<hir::Ask>(&expr.form))
      question(*ask);
    // An answer is no field of the claim that a sender fills in by itself.
    if (const auto* ask = std::get_if<hir::Ask>(&expr.form)) {
      (*this)(*ask->question);
      return;
    }
    hir::for_each_child(expr, *this);
  }
};

void read_rule(const hir::Program& program, const hir::Rule& rule, RuleFacts& facts) {
  Reads reads{.program = program, .facts = facts, .fields = &facts.decides};
  if (rule.subject.entering)
    reads.binding(rule.subject.entering->binding);
  for (const hir::GroupKey& key : rule.subject.keys)
    reads(key.value);
  for (const hir::ValueLet& let : rule.lets)
    reads(let.value);
  for (const hir::Guard& guard : rule.guards) {
    if (const auto* row = std::get_if<hir::RowGuard>(&guard))
      reads.table(row->table);
    hir::for_each_child(guard, reads);
  }
  for (const hir::Match& match : rule.matches) {
    reads.binding(match.binding);
    for (const hir::Expr& condition : match.where)
      reads(condition);
  }
  for (const hir::PeerUse& use : rule.peers) {
    reads(use.value);
    for (const hir::Expr& key : use.among)
      reads(key);
  }
  for (const hir::Branch& branch : rule.branches)
    reads(branch.when);
  reads.fields = &facts.reports;
  for (const hir::Branch& branch : rule.branches)
    hir::for_each_child(branch.report, reads);
  if (rule.when_unknown)
    hir::for_each_child(*rule.when_unknown, reads);
  for (const ColumnRef& each : facts.decides)
    facts.reports.erase(each);
}

// ---- from the text: names that the checker has put their values in for

struct Declared {
  std::map<std::string, std::size_t, std::less<>> params, models;
  std::map<std::string, const ast::Define*, std::less<>> defines;
  std::map<std::string, const ast::Decide*, std::less<>> decides;
  std::map<std::string, const ast::ModelDecl*, std::less<>> written_models;
  std::map<std::string, const ast::SetDecl*, std::less<>> sets;
  struct Place {
    const ast::Rule* rule = nullptr;
    const ast::File* file = nullptr;
  };
  std::map<std::pair<std::uint32_t, std::uint32_t>, Place> rules; // by file and where they begin
};

template <class Map, class Value>
void declare(Map& map, const ast::Names& names, const Value& value) {
  map.emplace(names.first.text, value);
  if (names.second)
    map.emplace(names.second->text, value);
}

Declared declared_in(const engine::Rules& rules) {
  Declared all;
  const hir::Program& program = engine::program(rules);
  for (std::size_t i = 0; i < program.params.size(); ++i)
    for (const std::string& name : {program.params[i].names.en, program.params[i].names.zh})
      all.params.emplace(name, i);
  for (std::size_t i = 0; i < program.models.size(); ++i)
    for (const std::string& name : {program.models[i].names.en, program.models[i].names.zh})
      all.models.emplace(name, i);
  for (const auto& file : rules.checked->files)
    for (const ast::Decl& decl : file->decls) {
      if (const auto* define = std::get_if<ast::Define>(&decl))
        declare(all.defines, define->names, define);
      else if (const auto* decide = std::get_if<ast::Decide>(&decl))
        declare(all.decides, decide->names, decide);
      else if (const auto* model = std::get_if<ast::ModelDecl>(&decl))
        declare(all.written_models, model->names, model);
      else if (const auto* set = std::get_if<ast::SetDecl>(&decl))
        declare(all.sets, set->names, set);
      else if (const auto* rule = std::get_if<ast::Rule>(&decl))
        all.rules.emplace(std::pair(rule->span.file, rule->span.begin),
                          Declared::Place{rule, file.get()});
    }
  return all;
}

struct Names {
  const Declared& all;
  RuleFacts& facts;
  std::set<std::string, std::less<>> seen = {};

  void name(const std::string& text) {
    if (!seen.insert(text).second)
      return;
    if (const auto found = all.params.find(text); found != all.params.end())
      facts.params.insert(found->second);
    if (const auto found = all.models.find(text); found != all.models.end())
      facts.models.insert(found->second);
    if (const auto found = all.sets.find(text); found != all.sets.end())
      if (std::ranges::find(facts.sets, found->second) == facts.sets.end())
        facts.sets.push_back(found->second);
    if (const auto found = all.defines.find(text); found != all.defines.end())
      look(*found->second->body);
    if (const auto found = all.decides.find(text); found != all.decides.end())
      rows(found->second->rows);
    if (const auto found = all.written_models.find(text); found != all.written_models.end())
      look(*found->second);
  }
  void rows(const ast::Choose& choose) {
    for (const ast::Arm& arm : choose.arms) {
      if (arm.when)
        look(*arm.when);
      if (arm.take)
        look(*arm.take);
    }
    if (choose.otherwise)
      look(*choose.otherwise);
  }
  template <class Node> void look(const Node& node) {
    ast::for_each_part(node, [&](const ast::Expr& part) {
      if (const auto* used = std::get_if<ast::NameRef>(&part.form))
        name(used->name.text);
      else if (const auto* call = std::get_if<ast::Call>(&part.form))
        name(call->function.text);
      else if (const auto* set = std::get_if<ast::SetLiteral>(&part.form))
        facts.literals.push_back(set);
    });
  }
};

} // namespace

std::vector<RuleFacts> facts_of(const engine::Rules& rules) {
  const hir::Program& program = engine::program(rules);
  const Declared all = declared_in(rules);
  std::vector<RuleFacts> facts(program.rules.size());
  for (std::size_t i = 0; i < program.rules.size(); ++i) {
    const hir::Rule& rule = program.rules[i];
    const auto place = all.rules.find({rule.span.file, rule.span.begin});
    check(place != all.rules.end(), "a typed rule was written somewhere");
    facts[i].written = place->second.rule;
    facts[i].file = place->second.file;
    read_rule(program, rule, facts[i]);
    Names{.all = all, .facts = facts[i]}.look(*facts[i].written);
  }
  for (std::size_t t = 0; t < program.tests.size(); ++t) {
    const hir::Test& test = program.tests[t];
    std::set<std::size_t> about;
    for (std::size_t e = 0; e < test.ast->expect.size() && e < test.expect_rules.size(); ++e)
      if (test.ast->expect[e].rule)
        about.insert(test.expect_rules[e]);
    for (const ast::Name& name : test.ast->of)
      for (std::size_t i = 0; i < program.rules.size(); ++i)
        if (program.rules[i].id == name.text)
          about.insert(i);
    for (const std::size_t each : about)
      if (each < facts.size())
        facts[each].tests.push_back(t);
  }
  return facts;
}

} // namespace sanku::handbook
