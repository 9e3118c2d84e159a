// See seed.h.
#include "compiler/prove/seed.h"

#include "compiler/hir/walk.h"
#include "runtime/kernels/sets.h"

#include <fmt/format.h>

#include <cctype>
#include <map>
#include <string_view>

namespace sanku::prove {
namespace {

struct Seeds {
  const std::vector<RuleIn>& rules;
  Seeding how;
  Domains& domains;
  Notes& notes;
  std::set<std::uint32_t> systems = {}; // of fields that are read
  bool texts = false;
  // By system what codes are compared with (codes and beginnings of codes), and by how many
  // conditions and tables.
  std::map<std::uint32_t, std::set<std::string>> marks = {};
  std::map<std::uint32_t, std::size_t> tests = {};
  // By table and program: which of its columns are read.
  std::map<std::pair<const Tables*, hir::TableId>, std::set<std::uint32_t>> columns = {};

  // ---- what rules name

  void set_of_codes(const Tables& tables, const hir::Call& call,
                    std::set<const hir::Expr*>& skipped) {
    const auto* code = std::get_if<hir::CodeTextOf>(&call.arguments[0].form);
    const auto* set = std::get_if<hir::Constant>(&call.arguments[1].form);
    if (set == nullptr)
      return;
    skipped.insert(&call.arguments[1]);
    const auto* text = std::get_if<std::string>(&set->value);
    if (code == nullptr || text == nullptr)
      return;
    const Type& type = code->code->type;
    ++tests[type.domain];
    for (std::uint64_t at = 0; at < text->size();) {
      const kernels::SetPart part = kernels::next_part({text->data(), text->size()}, at);
      want_named(type, std::string(part.low.data, part.low.size));
      if (part.range)
        want_named(type, std::string(part.high.data, part.high.size));
    }
    static_cast<void>(tables);
  }

  // What rules and tables name.
  void want_named(const Type& type, const std::string& begin) {
    marks[type.domain].insert(begin);
    want_code(type, begin);
  }

  void want_code(const Type& type, const std::string& begin) {
    const std::string code = domains.code_from(type.domain, begin);
    if (!code.empty() && !domains.want(domains.of(type), code))
      notes.limited.insert("codes");
  }

  void expression(const Tables& tables, const hir::Expr& expr,
                  std::set<const hir::Expr*>& skipped) {
    if (const auto* call = std::get_if<hir::Call>(&expr.form)) {
      if (call->builtin->of_code_set)
        set_of_codes(tables, *call, skipped);
      else if (std::string_view(call->builtin->kernel->name).ends_with("_in_set") ||
               std::string_view(call->builtin->kernel->name) == "zone_of")
        skipped.insert(&call->arguments[1]);
    } else if (const auto* constant = std::get_if<hir::Constant>(&expr.form)) {
      if (skipped.contains(&expr))
        return;
      if (const auto* code = std::get_if<CodeText>(&constant->value)) {
        static_cast<void>(domains.want(domains.of(expr.type), code->text));
        marks[expr.type.domain].insert(code->text);
        ++tests[expr.type.domain];
      }
      if (const auto* text = std::get_if<std::string>(&constant->value))
        static_cast<void>(domains.want(domains.texts(), *text));
    } else if (const auto* field = std::get_if<hir::FieldOf>(&expr.form)) {
      read(tables, field->relation, field->column);
      if (expr.type.kind == Kind::code)
        systems.insert(expr.type.domain);
      texts = texts || expr.type.kind == Kind::text;
    } else if (const auto* cell = std::get_if<hir::EmptyCell>(&expr.form)) {
      read(tables, cell->relation, cell->column);
    } else if (const auto* in = std::get_if<hir::InTable>(&expr.form)) {
      static_cast<void>(columns[{&tables, in->table}]);
    }
  }

  void read(const Tables& tables, hir::RelationId relation, std::uint32_t column) {
    const std::size_t lists = tables.program().schema.relations.size();
    if (relation >= lists)
      columns[{&tables, static_cast<hir::TableId>(relation - lists)}].insert(column);
  }

  // All but what is only said.
  template <class Node> void walk(const Tables& tables, const Node& node) {
    std::set<const hir::Expr*> skipped;
    const auto visit = [&](const auto& self, const auto& child) -> void {
      if constexpr (std::is_same_v<std::decay_t<decltype(child)>, hir::Expr>)
        expression(tables, child, skipped);
      hir::for_each_child(child, [&](const auto& below) { self(self, below); });
    };
    visit(visit, node);
  }

  void rule(const RuleIn& in) {
    const Tables& tables = *in.tables;
    const hir::Rule& rule = in.form();
    for (const hir::RelationId relation : rule.binder_relations)
      if (relation >= tables.program().schema.relations.size())
        static_cast<void>(
            columns[{&tables, static_cast<hir::TableId>(
                                  relation - tables.program().schema.relations.size())}]);
    if (rule.subject.entering)
      hir::for_each_child(rule.subject.entering->binding,
                          [&](const auto& part) { walk(tables, part); });
    for (const hir::GroupKey& key : rule.subject.keys)
      walk(tables, key.value);
    for (const hir::ValueLet& let : rule.lets)
      walk(tables, let.value);
    for (const hir::Guard& guard : rule.guards)
      hir::for_each_child(guard, [&](const auto& part) { walk(tables, part); });
    for (const hir::Match& match : rule.matches) {
      hir::for_each_child(match.binding, [&](const auto& part) { walk(tables, part); });
      for (const hir::Expr& condition : match.where)
        walk(tables, condition);
    }
    for (const hir::Branch& branch : rule.branches) {
      walk(tables, branch.when);
      if (branch.report.stands)
        walk(tables, *branch.report.stands);
      if (const auto* amount = std::get_if<hir::AmountExpr>(&branch.report.amount))
        walk(tables, amount->value);
    }
  }

  // ---- keys of tables

  // What the rules can see of the rows of a key.
  std::string kind_of(const std::pair<const Tables*, hir::TableId>& of, const std::string& key) {
    const Tables& tables = *of.first;
    const knowledge::TableShape& shape = tables.shape(of.second);
    std::string kind;
    for (const auto& rows : tables.found(of.second, key)) {
      kind += '#';
      for (const std::uint32_t row : rows) {
        const std::vector<Value>& cells = tables.table(of.second).rows[row];
        const auto add = [&](std::uint32_t column) {
          kind += to_text(cells[column], shape.relation.columns[column].type, Language::en,
                          key_text(cells[column]));
          kind += '\x1f';
        };
        for (const std::uint32_t column : columns[of])
          if (column != shape.key)
            add(column);
        for (const auto& column :
             {shape.valid_from, shape.valid_to, shape.zone_from, shape.zone_to})
          if (column)
            add(*column);
        kind += '\x1e';
      }
    }
    return kind;
  }

  void keys() {
    using Of = std::pair<const Tables*, hir::TableId>;
    std::vector<Of> tables;
    for (const auto& [of, read] : columns)
      tables.push_back(of);
    for (const Of& of : tables) {
      const knowledge::TableShape& shape = of.first->shape(of.second);
      const Type& type = shape.relation.columns[shape.key].type;
      if (type.kind != Kind::code && type.kind != Kind::text)
        continue;
      std::set<std::string> seen;
      std::size_t chosen = 0;
      if (type.kind == Kind::code)
        ++tests[type.domain];
      if (how.wide && knowledge::has_two_parts(shape, of.first->program().schema))
        notes.limited.insert("codes of two parts");
      for (const std::string& key : of.first->keys(of.second)) {
        const std::string code =
            type.kind == Kind::code ? domains.code_from(type.domain, key) : key;
        std::string kind;
        for (const Of& other : tables) {
          const knowledge::TableShape& its = other.first->shape(other.second);
          const Type& its_type = its.relation.columns[its.key].type;
          if (its_type.kind == type.kind && domains.of(its_type) == domains.of(type))
            kind += kind_of(other, code) + '\x1d';
        }
        if (code.empty() || !seen.insert(kind).second)
          continue;
        if (chosen == how.kinds || !domains.want(domains.of(type), code)) {
          notes.limited.insert(fmt::format("rows of {}", shape.relation.names.en));
          break;
        }
        ++chosen;
        if (type.kind == Kind::code)
          marks[type.domain].insert(key);
      }
    }
  }

  // ---- codes that lie to these in other ways than they themselves do

  // Behind what is named, so that it begins so and no longer one does; and behind all that begin
  // so.
  void behind(const Type& type, const std::set<std::string>& named) {
    for (const std::string& each : named) {
      for (const char next : std::string_view("01x.A")) {
        const std::string longer = each + next;
        const auto other = named.lower_bound(longer);
        if (other != named.end() && other->starts_with(longer))
          continue;
        want_code(type, longer);
        break;
      }
      std::string next = each;
      if (!next.empty())
        ++next.back();
      if (!next.empty() && std::isalnum(static_cast<unsigned char>(next.back())) != 0)
        want_code(type, next);
    }
  }

  // Two parts belong by either.
  void of_two_parts(const Type& type, const std::set<std::string>& named) {
    constexpr std::size_t most = 11;
    // Of look-ups there are no terms in which each part finds rows.
    if (notes.limited.contains("codes of two parts"))
      return;
    if (named.size() > most) {
      notes.limited.insert("codes of two parts");
      return;
    }
    std::vector<std::string> parts(named.begin(), named.end());
    parts.emplace_back("Z71.9");
    for (const std::string& first : parts)
      for (const std::string& second : parts)
        if (first != second)
          want_code(type, first + "+" + second + "*");
  }

  void every_way(const schema::Schema& schema) {
    std::map<DomainId, std::set<std::string>> named;
    std::map<DomainId, std::size_t> how_often;
    for (const auto& [system, texts_of] : marks)
      named[schema.systems[system].dictionary].insert(texts_of.begin(), texts_of.end());
    for (const auto& [system, count] : tests)
      how_often[schema.systems[system].dictionary] += count;
    for (const std::uint32_t system : systems) {
      const schema::CodeSystem& of = schema.systems[system];
      const Type type{.kind = Kind::code, .domain = system};
      behind(type, named[of.dictionary]);
      // Of one condition alone a part decides as the whole does.
      if (of.hierarchical && how_often[of.dictionary] > 1)
        of_two_parts(type, named[of.dictionary]);
    }
  }

  // ---- what is none of these

  void others(const Tables& tables) {
    std::set<std::uint32_t> all = systems;
    for (const std::uint32_t system : systems)
      for (const std::uint32_t member : tables.program().schema.systems[system].members)
        all.insert(member);
    for (const std::uint32_t system : all) {
      const schema::CodeSystem& of = tables.program().schema.systems[system];
      if (!of.members.empty())
        continue;
      const Type type{.kind = Kind::code, .domain = system};
      // At least two codes of each form: the shortest one, and one that goes on otherwise.
      if (const std::string base = domains.code_from(system, "");
          !of.form.empty() && !base.empty()) {
        want_code(type, base);
        want_code(type, base.substr(0, 1) + "1");
      }
      const bool area = of.form.empty() && !of.hierarchical;
      for (const char* begin : {"A1", "B2", "Z71.9", "Z00.0", "ZZ", "9", "8"}) {
        const bool diagnosis = std::string_view(begin).size() == 5;
        if (of.form.empty() && (area ? diagnosis || begin[0] == 'Z' || begin[1] == 0 : !diagnosis))
          continue;
        want_code(type, begin);
      }
    }
    if (texts)
      for (const char* text : {"甲", "乙"})
        static_cast<void>(domains.want(domains.texts(), text));
  }
};

} // namespace

void seed(const std::vector<RuleIn>& rules, const Seeding& how, Domains& domains, Notes& notes) {
  Seeds seeds{.rules = rules, .how = how, .domains = domains, .notes = notes};
  for (const RuleIn& in : rules)
    seeds.rule(in);
  seeds.keys();
  if (!rules.empty())
    seeds.others(*rules.front().tables);
  if (!rules.empty() && how.wide)
    seeds.every_way(rules.front().tables->program().schema);
}

} // namespace sanku::prove
