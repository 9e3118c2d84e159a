// What a name stands for. The order is the language's: this rule's names, the subject, the
// settlement's records and lists, the pack; values of an enum stand only opposite their type.
// Tested by tests/unit/compiler/check_test.cpp.
#include "compiler/hir/look_alike.h"
#include "compiler/hir/scope.h"
#include "compiler/hir/suggest.h"
#include "runtime/types/match.h"

#include <array>

namespace sanku::hir {
namespace {

using diag::report;

constexpr std::string_view group_en = "group", group_zh = "组";

// Words that a Chinese author may write without a space before or behind a name.
constexpr std::array<std::string_view, 14> words_beside_names = {
    "非", "且", "或", "于", "按", "设", "取", "都", "已知", "如果", "前提", "除非", "其中", "对象"};

bool is_one_of(const schema::Names& names, std::string_view name) {
  return names.en == name || names.zh == name;
}

const Space& root_space(const Scope& scope) {
  return scope.pack.names.spaces[scope.pack.names.of_relation[settlement_binder]];
}

Expr enum_constant(std::uint32_t domain, std::uint32_t id, Span span) {
  return constant({.kind = Kind::enumeration, .domain = domain},
                  EnumValue{.id = id, .unlisted = {}}, span);
}

std::optional<Meaning> subject_meaning(const Scope& scope, std::string_view name) {
  if (!scope.subject_known)
    return std::nullopt;
  const Subject& subject = scope.rule.subject;
  if (subject.kind == SubjectKind::element &&
      is_one_of(relation(scope.pack, subject.relation).each, name))
    return ElementRef{subject_binder, scope.pack.names.of_relation[subject.relation], true};
  if (subject.kind == SubjectKind::group && (name == group_en || name == group_zh))
    return GroupRef{};
  return std::nullopt;
}

bool is_settlement(const Scope& scope, std::string_view name) {
  return is_one_of(scope.pack.schema.relations[0].names, name) ||
         scope.pack.schema.names.zh == name;
}

// A name of the pack: a table, an enum, a set, a parameter.
std::optional<Meaning> pack_meaning(Scope& scope, std::string_view name, Span at) {
  if (const auto table = scope.pack.table_names.find(name); table != scope.pack.table_names.end())
    return TableRef{table->second};
  if (const auto type = scope.pack.names.enums.find(name); type != scope.pack.names.enums.end())
    return EnumRef{type->second};
  if (const auto set = scope.pack.set_names.find(name); set != scope.pack.set_names.end())
    return SetRef{&scope.pack.sets[set->second].set};
  if (const auto param = scope.pack.param_names.find(name); param != scope.pack.param_names.end()) {
    auto value = check_param(scope, scope.pack.params[param->second], at);
    if (value)
      return std::move(*value);
  }
  return std::nullopt;
}

// The settlement, or one of its records and lists.
bool is_of_visit(const Scope& scope, std::string_view name) {
  const Entry* entry = find_entry(root_space(scope), name);
  return is_settlement(scope, name) ||
         (entry && (std::holds_alternative<RecordEntry>(entry->form) ||
                    std::holds_alternative<ListEntry>(entry->form)));
}

// A name of the settlement's records and lists, or of the pack.
std::optional<Meaning> outer_meaning(Scope& scope, std::string_view name, Span at) {
  if (scope.in_function)
    return pack_meaning(scope, name, at);
  if (!scope.visit_known && is_of_visit(scope, name)) {
    report<"population_reads_visit">(scope.diagnostics, at, name);
    return std::nullopt;
  }
  if (is_settlement(scope, name))
    return ElementRef{settlement_binder, scope.pack.names.of_relation[0], true};
  if (const Entry* entry = find_entry(root_space(scope), name)) {
    if (const auto* record = std::get_if<RecordEntry>(&entry->form))
      return ElementRef{settlement_binder, record->space, false};
    if (const auto* list = std::get_if<ListEntry>(&entry->form))
      return ListRef{list->relation, settlement_binder};
    if (std::holds_alternative<PeriodEntry>(entry->form))
      return std::nullopt;
  }
  return pack_meaning(scope, name, at);
}

// Whether outer_meaning has an answer; what it would be may report.
bool has_outer_meaning(const Scope& scope, std::string_view name) {
  return (!scope.in_function && is_of_visit(scope, name)) ||
         scope.pack.table_names.contains(name) || scope.pack.names.enums.contains(name) ||
         scope.pack.set_names.contains(name) || scope.pack.param_names.contains(name);
}

bool stands_for_something(const Scope& scope, std::string_view name) {
  return scope.locals.contains(name) || subject_meaning(scope, name) ||
         has_outer_meaning(scope, name);
}

void offer(std::vector<std::string_view>& into, const schema::Names& names) {
  into.push_back(names.en);
  if (names.zh != names.en)
    into.push_back(names.zh);
}

std::vector<std::string_view> visible_names(const Scope& scope) {
  std::vector<std::string_view> found;
  if (scope.first)
    for (const Entry& entry : scope.pack.names.spaces[scope.first->space].entries)
      offer(found, entry.names);
  for (const NameMap* names : {&scope.pack.set_names, &scope.pack.param_names})
    for (const auto& [name, id] : *names)
      found.push_back(name);
  for (const auto& [name, local] : scope.locals)
    found.push_back(name);
  const Subject& subject = scope.rule.subject;
  if (scope.subject_known && subject.kind == SubjectKind::element)
    offer(found, relation(scope.pack, subject.relation).each);
  if (scope.subject_known && subject.kind == SubjectKind::group)
    found.insert(found.end(), {group_en, group_zh});
  offer(found, scope.pack.schema.relations[0].names);
  for (const Entry& entry : root_space(scope).entries)
    if (std::holds_alternative<RecordEntry>(entry.form) ||
        std::holds_alternative<ListEntry>(entry.form))
      offer(found, entry.names);
  for (const auto& [name, table] : scope.pack.table_names)
    found.push_back(name);
  for (const auto& [name, type] : scope.pack.names.enums)
    found.push_back(name);
  return found;
}

// `非患者`: the name resolves without the word at its beginning or end.
bool report_glued(Scope& scope, const ast::Name& name) {
  const std::string_view text = name.text;
  for (const std::string_view word : words_beside_names) {
    if (text.size() <= word.size())
      continue;
    const bool before =
        text.starts_with(word) && stands_for_something(scope, text.substr(word.size()));
    const bool behind = text.ends_with(word) &&
                        stands_for_something(scope, text.substr(0, text.size() - word.size()));
    if (!before && !behind)
      continue;
    const std::string apart =
        before ? fmt::format("{} {}", word, text.substr(word.size()))
               : fmt::format("{} {}", text.substr(0, text.size() - word.size()), word);
    report<"glued_word">(scope.diagnostics, name.span, text, word).fix(name.span, apart);
    return true;
  }
  return false;
}

// `male` far from its type.
bool report_lone_value(Scope& scope, const ast::Name& name) {
  const auto& enums = scope.pack.schema.enums;
  for (const schema::EnumType& type : enums) {
    if (!enum_member(type, name.text))
      continue;
    report<"value_alone">(scope.diagnostics, name.span, name.text,
                          diag::Words{type.names.zh, type.names.en})
        .fix(name.span, fmt::format("{}.{}", type.names.en, name.text));
    return true;
  }
  return false;
}

void report_unknown(Scope& scope, const ast::Name& name) {
  if (report_glued(scope, name))
    return;
  if (const Entry* entry = find_entry(root_space(scope), name.text)) {
    const schema::Names& owner = scope.pack.schema.relations[0].names;
    const bool english = name.text == entry->names.en;
    const std::string zh = fmt::format("{}的{}", owner.zh, entry->names.zh);
    const std::string en = fmt::format("{}.{}", owner.en, entry->names.en);
    report<"scalar_needs_owner">(scope.diagnostics, name.span, name.text, diag::Words{zh, en})
        .label(entry->span, "声明于此", "declared here")
        .fix(name.span, english ? en : zh);
    return;
  }
  if (report_lone_value(scope, name))
    return;
  suggest(report<"unknown_name">(scope.diagnostics, name.span, name.text), name,
          visible_names(scope));
}

// The argument of a definition, copied to where it is used.
std::optional<Meaning> argument_value(Scope& scope, const ArgumentName& name, Span at) {
  const Expr& argument = scope.arguments[name.argument];
  scope.nodes += node_count(argument);
  if (scope.nodes > most_nodes) {
    if (!scope.overflowed)
      report<"expands_too_far">(scope.diagnostics, scope.rule.span, most_nodes);
    scope.overflowed = true;
    return std::nullopt;
  }
  Renamed none;
  Expr value = copy(argument, scope.rule, none);
  value.span = place(scope, at);
  return value;
}

} // namespace

Span place(const Scope& scope, Span span) { return scope.use.value_or(span); }

bool is_flexible(const Scope& scope, const ast::Expr& expr) {
  const ast::Expr& inner = without_parens(expr);
  if (std::holds_alternative<ast::NumberLiteral>(inner.form) ||
      std::holds_alternative<ast::TextLiteral>(inner.form))
    return true;
  if (const auto* unary = std::get_if<ast::Unary>(&inner.form))
    return unary->op == ast::UnaryOp::negate && is_flexible(scope, *unary->operand);
  const auto* name = std::get_if<ast::NameRef>(&inner.form);
  if (!name)
    return false;
  if (scope.record)
    return find_entry(scope.pack.names.spaces[scope.record->space], name->name.text) == nullptr;
  if (scope.first && find_entry(scope.pack.names.spaces[scope.first->space], name->name.text))
    return false;
  return !scope.locals.contains(name->name.text) &&
         !scope.pack.param_names.contains(name->name.text);
}

std::optional<Meaning> meaning_of_name(Scope& scope, const ast::Name& name, const Type* opposite) {
  const auto element_field = [&](const ElementRef& element) -> const Entry* {
    return find_entry(scope.pack.names.spaces[element.space], name.text);
  };
  const bool binds = !scope.record || !scope.inlining.empty();
  const Entry* of_record = scope.record ? element_field(*scope.record) : nullptr;
  if (of_record)
    return meaning_of_entry(scope, *scope.record, *of_record, name.span);
  if (const auto local = scope.locals.find(name.text); binds && local != scope.locals.end()) {
    local->second.used = true;
    return std::visit(
        match{
            [](const Failed&) -> std::optional<Meaning> { return std::nullopt; },
            [&](const LetName& let) -> std::optional<Meaning> {
              if (!may_name(scope, let.let, name.span))
                return std::nullopt;
              return Expr{scope.rule.lets[let.let].value.type, place(scope, name.span),
                          LetOf{let.let}};
            },
            [](const ElementRef& element) -> std::optional<Meaning> { return element; },
            [](const LinesRef& lines) -> std::optional<Meaning> { return lines; },
            [&](const PeriodName& period) -> std::optional<Meaning> {
              return copy_period(scope, scope.periods[period.period]);
            },
            [&](const ArgumentName& name_of) -> std::optional<Meaning> {
              return argument_value(scope, name_of, name.span);
            },
        },
        local->second.meaning);
  }
  if (opposite && opposite->kind == Kind::enumeration)
    if (const auto id = enum_member(scope.pack.schema.enums[opposite->domain], name.text))
      return enum_constant(opposite->domain, *id, place(scope, name.span));
  if (scope.first)
    if (const Entry* entry = element_field(*scope.first))
      return meaning_of_entry(scope, *scope.first, *entry, name.span);
  if (!scope.record) {
    if (auto subject = subject_meaning(scope, name.text))
      return subject;
    const bool known = has_outer_meaning(scope, name.text);
    if (auto outer = outer_meaning(scope, name.text, name.span))
      return outer;
    if (!known)
      report_unknown(scope, name);
    return std::nullopt;
  }
  if (auto named = pack_meaning(scope, name.text, name.span))
    return named;
  report_unknown_field(scope, scope.record->space, name);
  return std::nullopt;
}

// `first(list)`, which stands for the element as `list.first` does.
bool is_pick(const Scope& scope, const ast::Call& call) {
  const std::string_view name = call.function.text;
  const bool end = name == first_en || name == first_zh || name == last_en || name == last_zh;
  return end && call.arguments.size() == 1 && !scope.pack.function_names.contains(name);
}

std::optional<Meaning> meaning_of(Scope& scope, const ast::Expr& expr, const Type* opposite) {
  const ast::Expr& inner = without_parens(expr);
  if (const auto* name = std::get_if<ast::NameRef>(&inner.form))
    return meaning_of_name(scope, name->name, opposite);
  if (const auto* member = std::get_if<ast::Member>(&inner.form))
    return meaning_of_member(scope, inner, *member);
  if (const auto* call = std::get_if<ast::Call>(&inner.form); call && is_pick(scope, *call)) {
    const std::string_view name = call->function.text;
    auto pick = pick_of(scope, *call->arguments[0], name == last_en || name == last_zh, inner.span);
    if (!pick)
      return std::nullopt;
    return std::move(*pick);
  }
  if (const auto* period = std::get_if<ast::Period>(&inner.form)) {
    auto begin = as_date(scope, check_value(scope, *period->begin), period->begin->span);
    auto end = as_date(scope, check_value(scope, *period->end), period->end->span);
    if (!begin || !end)
      return std::nullopt;
    for (const Expr* each : {&*begin, &*end}) {
      if (each->type.kind == Kind::date)
        continue;
      const TypeName found = type_name(scope.pack.schema, each->type);
      report<"date_expected">(scope.diagnostics, each->span, diag::Words{found.zh, found.en});
      return std::nullopt;
    }
    return PeriodRef{std::move(*begin), std::move(*end), false};
  }
  auto value = check_value(scope, inner, opposite);
  if (!value)
    return std::nullopt;
  return std::move(*value);
}

std::optional<TableId> table_named(Scope& scope, const ast::Name& name) {
  const auto table = scope.pack.table_names.find(name.text);
  if (table != scope.pack.table_names.end())
    return table->second;
  std::vector<std::string_view> near;
  for (const auto& [known, id] : scope.pack.table_names)
    near.push_back(known);
  suggest(report<"unknown_table">(scope.diagnostics, name.span, name.text), name, near);
  return std::nullopt;
}

void check_looks(Declarations& pack, diag::Diagnostics& diagnostics) {
  const LayerId below = pack.layers[pack.layer].below;
  const PackNames* told = pack.layer != 0 ? &pack.visible[below] : nullptr;
  const auto look = [&](const std::string& name, Span at) {
    // Names of the layers below were looked at with theirs.
    if (told && (told->table_names.contains(name) || told->set_names.contains(name) ||
                 told->param_names.contains(name) || told->function_names.contains(name) ||
                 told->source_names.contains(name)))
      return;
    const auto [other, added] = pack.looks.try_emplace(skeleton(name), name);
    if (!added && other->second != name)
      report<"look_alike_name">(diagnostics, at, name, other->second);
  };
  for (const auto& [name, table] : pack.table_names)
    look(name, pack.tables[table].span);
  for (const auto& [name, set] : pack.set_names)
    look(name, pack.sets[set].span);
  for (const auto& [name, param] : pack.param_names)
    look(name, pack.params[param].span);
  for (const auto& [name, function] : pack.function_names)
    look(name, pack.functions[function].names().first.span);
  for (const auto& [name, source] : pack.source_names)
    look(name, pack.sources[source]->names.first.span);
}

namespace {

// A name of this rule beside its other names and those of the pack.
void check_look(Scope& scope, const ast::Name& name) {
  const std::string look = skeleton(name.text);
  for (const auto& [other, local] : scope.locals)
    if (other != name.text && skeleton(other) == look) {
      report<"look_alike_name">(scope.diagnostics, name.span, name.text, other)
          .label(local.span, "另一个", "the other one");
      return;
    }
  const auto other = scope.pack.looks.find(look);
  if (other != scope.pack.looks.end() && other->second != name.text)
    report<"look_alike_name">(scope.diagnostics, name.span, name.text, other->second);
}

} // namespace

bool declare(Scope& scope, const ast::Name& name, decltype(Local::meaning) meaning) {
  if (scope.locals.size() >= most_names) {
    if (!scope.overflowed)
      report<"too_many_names">(scope.diagnostics, name.span, most_names);
    scope.overflowed = true;
    return false;
  }
  const auto [at, added] =
      scope.locals.emplace(name.text, Local{name.span, std::move(meaning), false});
  if (!added) {
    report<"name_taken">(scope.diagnostics, name.span, name.text)
        .label(at->second.span, "已在此处使用", "already used here");
    return false;
  }
  if (subject_meaning(scope, name.text)) {
    report<"name_taken">(scope.diagnostics, name.span, name.text)
        .label(scope.rule.span, "它是本规则的对象", "it is the subject of this rule");
    scope.locals.erase(at);
    return false;
  }
  check_look(scope, name);
  return true;
}

void forget(Scope& scope, const ast::Name& name) { scope.locals.erase(name.text); }

} // namespace sanku::hir
