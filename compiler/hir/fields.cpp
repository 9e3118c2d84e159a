// Fields of what a binder is bound to, derived fields among them, and the dates of elements. Tested
// by check_test.cpp.
#include "compiler/hir/schema_records.h"
#include "compiler/hir/scope.h"
#include "compiler/hir/suggest.h"
#include "compiler/hir/walk.h"
#include "runtime/types/match.h"

namespace sanku::hir {
namespace {

using diag::report;

constexpr std::string_view first_en = "first", first_zh = "首个", items_en = "items";

bool is_one_of(const schema::Names& names, std::string_view name) {
  return names.en == name || names.zh == name;
}

// from: `patient.age`, to: `age_at(birth)` of that very patient.
std::optional<Expr> inline_derived(Scope& scope, ElementRef base, const DerivedEntry& derived,
                                   Span at) {
  if (!scope.inlining.insert(derived.field).second) {
    report<"derived_cycle">(scope.diagnostics, derived.field->names.first.span,
                            derived.field->names.first.text);
    return std::nullopt;
  }
  const auto outer_record = scope.record;
  const auto outer_use = scope.use;
  scope.record = base;
  if (!scope.use)
    scope.use = at;
  auto value = check_value(scope, *derived.field->derived, &derived.type);
  scope.record = outer_record;
  scope.use = outer_use;
  scope.inlining.erase(derived.field);
  return value;
}

std::optional<Meaning> group_member(Scope& scope, const ast::Name& field) {
  const Subject& subject = scope.rule.subject;
  const schema::Relation& list = relation(scope.pack, subject.relation);
  if (field.text == first_en || field.text == first_zh)
    return ElementRef{subject_binder, scope.pack.names.of_relation[subject.relation], true};
  if (field.text == items_en || is_one_of(list.names, field.text))
    return GroupItemsRef{};
  for (const GroupKey& key : subject.keys) {
    if (key.name_en != field.text && key.name_zh != field.text)
      continue;
    Renamed none;
    Expr value = copy(key.value, scope.rule, none);
    value.span = field.span;
    return value;
  }
  std::vector<std::string_view> near = {first_en, items_en, list.names.en, list.names.zh};
  for (const GroupKey& key : subject.keys)
    near.insert(near.end(), {key.name_en, key.name_zh});
  suggest(report<"unknown_field">(scope.diagnostics, field.span, diag::Words{"组", "group"},
                                  field.text),
          field, near);
  return std::nullopt;
}

std::optional<Meaning> enum_value(Scope& scope, const EnumRef& of, const ast::Name& field,
                                  Span span) {
  const schema::EnumType& type = scope.pack.schema.enums[of.type];
  if (const auto id = enum_member(type, field.text))
    return constant({.kind = Kind::enumeration, .domain = of.type},
                    EnumValue{.id = *id, .unlisted = {}}, place(scope, span));
  std::vector<std::string_view> near;
  for (const schema::EnumMember& member : type.members)
    near.insert(near.end(), {member.names.en, member.names.zh});
  suggest(report<"unknown_value">(scope.diagnostics, field.span,
                                  diag::Words{type.names.zh, type.names.en}, field.text)
              .label(scope.pack.names.enum_spans[of.type], "声明于此", "declared here"),
          field, near);
  return std::nullopt;
}

// The latest date of the group's elements; not known when one of them is not.
std::optional<Expr> latest_of_group(Scope& scope, Span at) {
  const RelationId list = scope.rule.subject.relation;
  auto query = std::make_unique<Query>(query_over(scope, list, GroupSource{}, at));
  auto date = as_date(scope, time_of(scope, query->from[0].binder, at), at);
  if (!date)
    return std::nullopt;
  const Type type = date->type;
  return Expr{type, at,
              Fold{FoldKind::max, std::move(query), std::make_unique<Expr>(std::move(*date))}};
}

// The first element in scope that an expression reads; what a fold ranges over is not in scope.
std::optional<BinderId> first_binder(const Expr& expr) {
  if (std::holds_alternative<Fold>(expr.form))
    return std::nullopt;
  if (const auto* field = std::get_if<FieldOf>(&expr.form))
    return field->binder;
  std::optional<BinderId> found;
  for_each_child(expr, [&](const auto& child) {
    if constexpr (std::is_same_v<std::decay_t<decltype(child)>, Expr>)
      if (!found)
        found = first_binder(child);
  });
  return found;
}

// `list.first.price`: the field of the element that stands first or last.
std::optional<Meaning> picked_member(Scope& scope, PickRef pick, const ast::Name& field) {
  Query over;
  over.span = field.span;
  const bool plain =
      pick.list->from.size() == 1 && std::holds_alternative<std::monostate>(pick.list->beyond);
  if (!plain) {
    report<"pick_of_what">(scope.diagnostics, field.span);
    return std::nullopt;
  }
  const BinderId binder = pick.list->from[0].binder;
  const SpaceId space = scope.pack.names.of_relation[relation_of(*pick.list)];
  const Entry* entry = find_entry(scope.pack.names.spaces[space], field.text);
  if (!entry) {
    report_unknown_field(scope, space, field);
    return std::nullopt;
  }
  scope.dated.push_back(binder);
  auto meaning = meaning_of_entry(scope, {binder, space, true}, *entry, field.span);
  scope.dated.pop_back();
  if (!meaning)
    return std::nullopt;
  auto* value = std::get_if<Expr>(&*meaning);
  if (!value || value->type.kind == Kind::count || value->type.kind == Kind::age) {
    report<"pick_of_what">(scope.diagnostics, field.span);
    return std::nullopt;
  }
  const Type type = value->type;
  return Expr{type, place(scope, field.span),
              Fold{pick.last ? FoldKind::last : FoldKind::first, std::move(pick.list),
                   std::make_unique<Expr>(std::move(*value))}};
}

bool has_time(const Scope& scope, RelationId relation) {
  return scope.pack.names.time[relation].has_value();
}

// A derived `period? = a .. b`, inlined like any derived field.
std::optional<Meaning> inline_period(Scope& scope, ElementRef base, const PeriodEntry& entry,
                                     Span at) {
  if (!scope.inlining.insert(entry.field).second) {
    report<"derived_cycle">(scope.diagnostics, entry.field->names.first.span,
                            entry.field->names.first.text);
    return std::nullopt;
  }
  const auto outer_record = scope.record;
  const auto outer_use = scope.use;
  scope.record = base;
  if (!scope.use)
    scope.use = at;
  auto meaning = meaning_of(scope, *entry.field->derived);
  scope.record = outer_record;
  scope.use = outer_use;
  scope.inlining.erase(entry.field);
  return meaning;
}

// `.begin`, `.end`, `.days` of a period. Days are those of a stay: the first counts, the last does
// not, and there is at least one.
std::optional<Meaning> period_member(Scope& scope, PeriodRef period, const ast::Name& field) {
  const auto is = [&](std::string_view en, std::string_view zh) {
    return field.text == en || field.text == zh;
  };
  if (is("begin", "起"))
    return std::move(period.begin);
  if (is("end", "止"))
    return std::move(period.end);
  if (!is("days", "天数")) {
    const std::vector<std::string_view> known = {"begin", "end", "days", "起", "止", "天数"};
    suggest(report<"unknown_field">(scope.diagnostics, field.span, diag::Words{"时段", "period"},
                                    field.text),
            field, known);
    return std::nullopt;
  }
  auto length = apply(scope, {"subtract", "days", field.span},
                      list_of(std::move(period.end), std::move(period.begin)));
  if (length)
    length = apply(scope, {"in_days", "days", field.span}, list_of(std::move(*length)));
  const Defaults& defaults = scope.pack.defaults;
  const auto number = [&](std::int64_t value) {
    return constant({.kind = Kind::integer, .digits = 4}, Integer{value}, place(scope, field.span));
  };
  if (length && defaults.stay_counts_last)
    length = apply(scope, {"add", "days", field.span}, list_of(std::move(*length), number(1)));
  if (length)
    length = apply(scope, {"larger", "days", field.span},
                   list_of(std::move(*length), number(defaults.stay_at_least)));
  if (!length)
    return std::nullopt;
  return std::move(*length);
}

} // namespace

std::optional<Expr> as_date(Scope& scope, std::optional<Expr> time, Span at) {
  if (!time || time->type.kind != Kind::datetime)
    return time;
  std::vector<Expr> arguments;
  arguments.push_back(std::move(*time));
  return apply(scope, {"date_of", "date_of", at}, std::move(arguments));
}

void report_unknown_field(Scope& scope, SpaceId of, const ast::Name& field) {
  const Space& space = scope.pack.names.spaces[of];
  std::vector<std::string_view> near;
  for (const auto& [name, entry] : space.by_name)
    near.push_back(name);
  auto& found = report<"unknown_field">(scope.diagnostics, field.span,
                                        diag::Words{space.names.zh, space.names.en}, field.text);
  suggest(found, field, near);
  if (found.fixes.empty())
    return;
  const Entry& entry = *find_entry(space, found.fixes.back().replacement);
  std::string others =
      entry.names.en == entry.names.zh ? entry.names.en : entry.names.en + " / " + entry.names.zh;
  for (const std::string& wire : entry.wire)
    others += ", " + wire;
  found.label(entry.span, others, others);
}

std::optional<Meaning> meaning_of_entry(Scope& scope, ElementRef base, const Entry& entry,
                                        Span at) {
  const Space& space = scope.pack.names.spaces[base.space];
  return std::visit(
      match{
          [&](const ColumnEntry& column) -> std::optional<Meaning> {
            const Type type = relation(scope.pack, space.relation).columns[column.column].type;
            return Expr{type, place(scope, at),
                        FieldOf{base.binder, space.relation, column.column, scope.whole_lines}};
          },
          [&](const DerivedEntry& derived) -> std::optional<Meaning> {
            auto value = inline_derived(scope, base, derived, at);
            if (!value)
              return std::nullopt;
            value->span = place(scope, at);
            return std::move(*value);
          },
          [&](const RecordEntry& record) -> std::optional<Meaning> {
            return ElementRef{base.binder, record.space, false};
          },
          [](const ListEntry& list) -> std::optional<Meaning> { return ListRef{list.relation}; },
          [&](const PeriodEntry& period) { return inline_period(scope, base, period, at); },
          [&](const PeriodColumns& columns) -> std::optional<Meaning> {
            const auto end = [&](std::uint32_t column) {
              return Expr{{.kind = Kind::date},
                          place(scope, at),
                          FieldOf{base.binder, space.relation, column}};
            };
            return PeriodRef{end(columns.begin), end(columns.end), true};
          },
          [&](const RangeColumns& columns) -> std::optional<Meaning> {
            return RangeRef{base.binder, space.relation, columns};
          },
          [&](const SetColumn& column) -> std::optional<Meaning> {
            return SetCellRef{base.binder, space.relation, column};
          },
      },
      entry.form);
}

std::optional<Meaning> meaning_of_member(Scope& scope, const ast::Expr& whole,
                                         const ast::Member& member) {
  const bool first = member.field.text == first_en || member.field.text == first_zh;
  const bool last = member.field.text == "last" || member.field.text == "末个";
  if ((first || last) && is_list(*member.base, scope)) {
    auto list = check_lines(scope, *member.base);
    if (!list)
      return std::nullopt;
    return PickRef{std::make_unique<Query>(std::move(*list)), last};
  }
  auto base = meaning_of(scope, *member.base);
  if (!base)
    return std::nullopt;
  if (auto* period = std::get_if<PeriodRef>(&*base))
    return period_member(scope, std::move(*period), member.field);
  if (const auto* element = std::get_if<ElementRef>(&*base)) {
    const Space& space = scope.pack.names.spaces[element->space];
    if (const Entry* entry = find_entry(space, member.field.text))
      return meaning_of_entry(scope, *element, *entry, whole.span);
    report_unknown_field(scope, element->space, member.field);
    return std::nullopt;
  }
  if (std::holds_alternative<GroupRef>(*base))
    return group_member(scope, member.field);
  if (auto* pick = std::get_if<PickRef>(&*base))
    return picked_member(scope, std::move(*pick), member.field);
  if (const auto* type = std::get_if<EnumRef>(&*base))
    return enum_value(scope, *type, member.field, whole.span);
  const bool value = std::holds_alternative<Expr>(*base);
  report<"no_fields">(scope.diagnostics, member.field.span, member.field.text)
      .label(member.base->span, value ? "这是一个值" : "这是一个列表或一张表",
             value ? "this is a value" : "this is a list or a table");
  return std::nullopt;
}

std::optional<Expr> time_of(Scope& scope, BinderId binder, Span at) {
  const RelationId of = scope.rule.binder_relations[binder];
  const auto time = scope.pack.names.time[of];
  if (!time)
    return std::nullopt;
  const SpaceId space = scope.pack.names.of_relation[of];
  auto meaning = meaning_of_entry(scope, {binder, space, true},
                                  scope.pack.names.spaces[space].entries[*time], at);
  if (!meaning)
    return std::nullopt;
  return std::move(std::get<Expr>(*meaning));
}

std::optional<ExprPtr> row_date(Scope& scope, TableId table, const Expr& key,
                                const ast::ExprPtr& at) {
  const bool dated = scope.pack.tables[table].shape.valid_from.has_value();
  if (at && !dated) {
    const schema::Names& names = scope.pack.tables[table].shape.relation.names;
    report<"table_undated">(scope.diagnostics, at->span, diag::Words{names.zh, names.en});
    return std::nullopt;
  }
  if (!dated)
    return ExprPtr();
  std::optional<Expr> date;
  if (at) {
    date = as_date(scope, check_value(scope, *at), at->span);
    if (date && date->type.kind != Kind::date) {
      const TypeName found = type_name(scope.pack.schema, date->type);
      report<"date_expected">(scope.diagnostics, at->span, diag::Words{found.zh, found.en});
      return std::nullopt;
    }
  } else {
    const auto binder = first_binder(key);
    const bool group = scope.rule.subject.kind == SubjectKind::group && scope.subject_known;
    const bool element = binder && *binder != settlement_binder &&
                         !(group && *binder == subject_binder) &&
                         relation(scope.pack, scope.rule.binder_relations[*binder]).kind ==
                             schema::RelationKind::child &&
                         has_time(scope, scope.rule.binder_relations[*binder]);
    date = element ? as_date(scope, time_of(scope, *binder, key.span), key.span)
                   : scope_date(scope, key.span);
  }
  if (!date)
    return std::nullopt;
  return std::make_unique<Expr>(std::move(*date));
}

std::optional<Expr> scope_date(Scope& scope, Span at) {
  const Subject& subject = scope.rule.subject;
  for (auto binder = scope.dated.rbegin(); binder != scope.dated.rend(); ++binder)
    if (has_time(scope, scope.rule.binder_relations[*binder]))
      return as_date(scope, time_of(scope, *binder, at), at);
  // A group's key is asked of each element before there is a group.
  const bool element = subject.kind == SubjectKind::element ||
                       (subject.kind == SubjectKind::group && !scope.subject_known);
  if (element && has_time(scope, subject.relation))
    return as_date(scope, time_of(scope, subject_binder, at), at);
  if (subject.kind == SubjectKind::group && !element) {
    for (const GroupKey& key : subject.keys) {
      if (key.value.type.kind != Kind::date)
        continue;
      Renamed none;
      return copy(key.value, scope.rule, none);
    }
    if (has_time(scope, subject.relation))
      return latest_of_group(scope, at);
  }
  if (has_time(scope, 0))
    return as_date(scope, time_of(scope, settlement_binder, at), at);
  report<"age_without_date">(scope.diagnostics, at);
  return std::nullopt;
}

void check_derived_fields(const CheckedSchema& made, diag::Diagnostics& diagnostics) {
  Declarations pack;
  pack.schema = made.schema;
  pack.names = made.names;
  pack.code_forms = code_forms(pack.schema);
  for (SpaceId id = 0; id < pack.names.spaces.size(); ++id) {
    const Space& space = pack.names.spaces[id];
    for (const Entry& entry : space.entries) {
      const auto* derived = std::get_if<DerivedEntry>(&entry.form);
      if (!derived)
        continue;
      Rule rule;
      const bool root = space.relation == 0;
      rule.subject = {.kind = root ? SubjectKind::settlement : SubjectKind::element,
                      .relation = space.relation,
                      .keys = {},
                      .entering = std::nullopt};
      rule.binder_relations = {0, space.relation};
      rule.binder_names = {"", ""};
      Scope scope{.pack = pack, .diagnostics = diagnostics, .rule = rule};
      const BinderId binder = root ? settlement_binder : subject_binder;
      const auto value = inline_derived(scope, {binder, id, false}, *derived, derived->field->span);
      if (!value ||
          (value->type.kind == derived->type.kind && value->type.domain == derived->type.domain))
        continue;
      const TypeName wanted = type_name(pack.schema, derived->type);
      const TypeName found = type_name(pack.schema, value->type);
      report<"derived_type">(diagnostics, derived->field->derived->span, entry.names.en,
                             diag::Words{wanted.zh, wanted.en}, diag::Words{found.zh, found.en});
    }
  }
}

} // namespace sanku::hir
