// What overlays change of the layers below them: rules, rows, codes. Parameters are changed where
// they are declared (values.cpp). Tested by tests/cases/overlays and tests/cases/errors/SK35*.
#include "compiler/hir/data.h"
#include "compiler/hir/declarations.h"
#include "compiler/hir/scope.h"
#include "compiler/hir/suggest.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

template <class T, class Do> void each_change(const Declarations& pack, Do act) {
  for (LayerId layer = 1; layer < pack.layers.size(); ++layer) {
    if (!pack.overlays[layer])
      continue;
    for (const ast::Change& change : pack.overlays[layer]->changes)
      if (const auto* found = std::get_if<T>(&change))
        act(layer, *found);
  }
}

std::optional<Date> day_of(const std::string& iso) {
  Date day{};
  if (iso.empty() || !parse_date(iso, day))
    return std::nullopt;
  return day;
}

// Whether both are in force on some day.
bool meet(const RuleChange& a, const RuleChange& b) {
  const bool apart = (a.until && b.from && a.until->days < b.from->days) ||
                     (b.until && a.from && b.until->days < a.from->days);
  return !apart;
}

std::vector<ast::Severity> severities_of(const ast::Rule& rule) {
  std::vector<ast::Severity> found;
  for (const ast::Branch& branch : rule.branches)
    if (!branch.when_unknown)
      found.push_back(branch.report.severity);
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

struct RuleChanges {
  const DeclaredRules& rules;
  Declarations& pack;
  diag::Diagnostics& diagnostics;

  // The rule that a layer may change: of a layer that it lies on, or of its own.
  const DeclaredRule* find(LayerId layer, const ast::Name& name) {
    const auto found = rules.find(name.text);
    if (found != rules.end() && lies_on(pack, layer, found->second.layer))
      return &found->second;
    std::vector<std::string_view> near;
    for (const auto& [id, rule] : rules)
      if (lies_on(pack, layer, rule.layer))
        near.push_back(id);
    suggest(report<"unknown_rule">(diagnostics, name.span, name.text), name, near);
    return nullptr;
  }

  void need_reason(const std::optional<std::string>& reason, const ast::Name& rule, Span at) {
    if (!reason || reason->empty())
      report<"overlay_reason">(diagnostics, at, rule.text);
  }

  bool may_soften(const DeclaredRule& rule, Span at) {
    if (!rule.rule->standing.mandatory)
      return true;
    report<"overlay_mandatory">(diagnostics, at, rule.rule->id.text)
        .label(rule.rule->standing.mandatory->span, "强制在此", "mandatory here");
    return false;
  }

  // Severities stand in the order of their weight.
  bool may_become(const DeclaredRule& rule, const ast::NewSeverity& change) {
    const std::vector<ast::Severity> had = severities_of(*rule.rule);
    if (had.empty())
      return false;
    if (change.severity > had.front() && !may_soften(rule, change.span))
      return false;
    const ast::Branch* unknown = nullptr;
    for (const ast::Branch& branch : rule.rule->branches)
      if (branch.when_unknown)
        unknown = &branch;
    // What is not decided would weigh more than what is.
    if (unknown && change.severity > unknown->report.severity) {
      report<"overlay_severity_unknown">(diagnostics, change.span, change.rule.text)
          .label(unknown->span, "不明时的判定在此", "what is reported when unknown");
      return false;
    }
    if (had.size() > 1 && change.severity < had.front()) {
      report<"overlay_severity_which">(diagnostics, change.span, change.rule.text);
      return false;
    }
    return true;
  }

  void add(const std::string& id, RuleChange change) {
    std::vector<RuleChange>& all = pack.rule_changes[id];
    for (const RuleChange& other : all) {
      if (!meet(other, change))
        continue;
      const bool stacked = other.layer != change.layer && lies_on(pack, change.layer, other.layer);
      if (stacked && !other.severity)
        report<"overlay_moot">(diagnostics, change.span, id, pack.layers[other.layer].name)
            .label(other.span, "停用在此", "disabled here");
      else if (!stacked &&
               knowledge::overlap(pack.layers[other.layer].zones, pack.layers[change.layer].zones))
        report_conflict(pack, change.span, change.layer, other.span, other.layer, id, diagnostics);
    }
    all.push_back(std::move(change));
  }

  void operator()(LayerId layer, const ast::Disable& change) {
    const DeclaredRule* rule = find(layer, change.rule);
    need_reason(change.reason, change.rule, change.span);
    if (!rule || !may_soften(*rule, change.span))
      return;
    add(change.rule.text, {.layer = layer,
                           .severity = std::nullopt,
                           .from = day_of(change.days.from),
                           .until = day_of(change.days.until),
                           .reason = change.reason.value_or(""),
                           .span = change.span});
  }
  void operator()(LayerId layer, const ast::NewSeverity& change) {
    const DeclaredRule* rule = find(layer, change.rule);
    need_reason(change.reason, change.rule, change.span);
    if (!rule || !may_become(*rule, change))
      return;
    add(change.rule.text, {.layer = layer,
                           .severity = change.severity,
                           .from = day_of(change.days.from),
                           .until = day_of(change.days.until),
                           .reason = change.reason.value_or(""),
                           .span = change.span});
  }
};

// The key that an author wrote, as a cell of the file would be read.
std::optional<Value> key_of(const Declarations& pack, const Type& type, const ast::Expr& written) {
  if (const auto* text = std::get_if<ast::TextLiteral>(&written.form)) {
    auto value = knowledge::cell_value(pack.schema, type, text->text);
    const bool good = value && (type.kind != Kind::code ||
                                code_fits(pack, type.domain, std::get<CodeText>(*value).text));
    return good ? value : std::nullopt;
  }
  return data_value(pack.schema, type, written);
}

void remove_keys(const ast::RowChange& written, const Table& table, const Declarations& pack,
                 TableChange& made, diag::Diagnostics& diagnostics) {
  const schema::Column& key = table.shape.relation.columns[table.shape.key];
  for (const ast::SetElement& each : written.remove) {
    std::optional<Value> value;
    Type type = key.type;
    // The beginning of a code has no form of its own.
    if (!each.high && table.shape.key_prefix && type.kind == Kind::code) {
      if (const auto* text = std::get_if<ast::TextLiteral>(&each.low->form))
        value = knowledge::cell_value(pack.schema, type, text->text);
    } else if (!each.high) {
      value = key_of(pack, type, *each.low);
    }
    if (!value || !is_known(*value)) {
      const TypeName shown = type_name(pack.schema, type);
      report<"overlay_key">(diagnostics, each.low->span, Words{shown.zh, shown.en});
      continue;
    }
    made.removed.push_back(std::move(*value));
    made.removed_spans.push_back(each.low->span);
  }
}

} // namespace

void change_tables(Declarations& pack, diag::Diagnostics& diagnostics) {
  each_change<ast::RowChange>(pack, [&](LayerId layer, const ast::RowChange& written) {
    const NameMap& names = pack.visible[layer].table_names;
    const auto found = names.find(written.table.text);
    if (found == names.end()) {
      std::vector<std::string_view> near;
      for (const auto& [name, id] : names)
        near.push_back(name);
      suggest(report<"unknown_table">(diagnostics, written.table.span, written.table.text),
              written.table, near);
      return;
    }
    Table& table = pack.tables[found->second];
    TableChange made{
        .layer = layer, .files = {}, .removed = {}, .file_spans = {}, .removed_spans = {}};
    for (const ast::AddedRows& rows : written.add) {
      made.files.push_back(rows.file);
      made.file_spans.push_back(rows.span);
    }
    remove_keys(written, table, pack, made, diagnostics);
    table.changes.push_back(std::move(made));
  });
  for (Table& table : pack.tables) {
    if (table.changes.empty())
      continue;
    const auto add = [&](const char* name) {
      schema::Relation& relation = table.shape.relation;
      relation.columns.push_back({.names = {name, name},
                                  .path = {name, name},
                                  .type = {.kind = Kind::integer},
                                  .optional = true,
                                  .identity = false,
                                  .role = schema::Role::none,
                                  .wire = {}});
      table.shape.headers.emplace_back();
      table.shape.sets.emplace_back();
      table.shape.prefix.push_back(false);
      table.shape.bounds.emplace_back();
      return static_cast<std::uint32_t>(relation.columns.size() - 1);
    };
    table.shape.zone_from = add("zone_from");
    table.shape.zone_to = add("zone_to");
  }
}

void change_rules(const DeclaredRules& rules, Declarations& pack, diag::Diagnostics& diagnostics) {
  RuleChanges changes{rules, pack, diagnostics};
  // In the order of layers, of a layer as written.
  for (LayerId layer = 1; layer < pack.layers.size(); ++layer) {
    if (!pack.overlays[layer])
      continue;
    for (const ast::Change& change : pack.overlays[layer]->changes) {
      if (const auto* disable = std::get_if<ast::Disable>(&change))
        changes(layer, *disable);
      else if (const auto* severity = std::get_if<ast::NewSeverity>(&change))
        changes(layer, *severity);
    }
  }
  for (const NewValues& values : pack.new_values) {
    if (values.taken)
      continue;
    const ast::Name& name = values.written->param;
    std::vector<std::string_view> near;
    for (const auto& [known, id] : pack.visible[values.layer].param_names)
      near.push_back(known);
    suggest(report<"unknown_param">(diagnostics, name.span, name.text), name, near);
  }
}

void change_codes(Declarations& pack, diag::Diagnostics& diagnostics) {
  each_change<ast::CodeChange>(pack, [&](LayerId layer, const ast::CodeChange& written) {
    const auto type = pack.names.enums.find(written.type.text);
    if (type == pack.names.enums.end()) {
      std::vector<std::string_view> near;
      for (const auto& [name, id] : pack.names.enums)
        near.push_back(name);
      suggest(report<"unknown_type">(diagnostics, written.type.span, written.type.text),
              written.type, near);
      return;
    }
    const schema::EnumType& values = pack.schema.enums[type->second];
    for (const ast::AddedCode& each : written.codes) {
      const auto member = enum_member(values, each.member.text);
      if (!member) {
        std::vector<std::string_view> near;
        for (const schema::EnumMember& known : values.members)
          near.insert(near.end(), {known.names.en, known.names.zh});
        suggest(report<"unknown_value">(diagnostics, each.member.span,
                                        Words{values.names.zh, values.names.en}, each.member.text),
                each.member, near);
        continue;
      }
      const std::uint32_t listed = schema::enum_id(values, each.code);
      if (each.code.empty() || values.closed || listed != first_unlisted) {
        report<"overlay_code">(diagnostics, each.span, each.code,
                               Words{values.names.zh, values.names.en});
        continue;
      }
      for (const LocalCode& other : pack.local_codes)
        if (other.type == type->second && other.code == each.code &&
            (other.layer == layer || !lies_on(pack, layer, other.layer)) &&
            knowledge::overlap(pack.layers[other.layer].zones, pack.layers[layer].zones))
          report_conflict(pack, each.span, layer, other.span, other.layer, each.code, diagnostics);
      pack.local_codes.push_back({.layer = layer,
                                  .type = type->second,
                                  .code = each.code,
                                  .member = *member,
                                  .span = each.span});
    }
  });
}

} // namespace sanku::hir
