// Fields of what a binder is bound to, derived fields among them. Tested by
// tests/unit/compiler/check_test.cpp.
#include "compiler/hir/schema_records.h"
#include "compiler/hir/scope.h"
#include "compiler/hir/suggest.h"
#include "compiler/hir/walk.h"
#include "runtime/types/match.h"

namespace sanku::hir {
namespace {

using diag::report;

constexpr std::string_view items_en = "items";

bool is_one_of(const schema::Names& names, std::string_view name) {
  return names.en == name || names.zh == name;
}

// What a derived field is made of, with only the names of its very record.
template <class Check>
auto inlined(Scope& scope, ElementRef base, const ast::Field& field, Span at, const Check& check)
    -> decltype(check()) {
  if (!scope.inlining.insert(&field).second) {
    report<"derived_cycle">(scope.diagnostics, field.names.first.span, field.names.first.text);
    return std::nullopt;
  }
  if (!may_nest(scope, field.names.first, at)) {
    scope.inlining.erase(&field);
    return std::nullopt;
  }
  const auto outer_record = scope.record;
  const auto outer_use = scope.use;
  decltype(scope.locals) own; // what folds inside of the field bind
  std::swap(scope.locals, own);
  scope.record = base;
  if (!scope.use)
    scope.use = at;
  auto value = check();
  std::swap(scope.locals, own);
  scope.record = outer_record;
  scope.use = outer_use;
  scope.inlining.erase(&field);
  return value;
}

// from: `patient.age`, to: `age_at(birth)` of that very patient.
std::optional<Expr> inline_derived(Scope& scope, ElementRef base, const DerivedEntry& derived,
                                   Span at) {
  return inlined(scope, base, *derived.field, at,
                 [&] { return check_value(scope, *derived.field->derived, &derived.type); });
}

// A derived period or element.
std::optional<Meaning> inline_field(Scope& scope, ElementRef base, const ast::Field& field,
                                    Span at) {
  return inlined(scope, base, field, at, [&] { return meaning_of(scope, *field.derived); });
}

// `group.items`; of groups of visits `group.settlements`.
std::string_view items_en_of(const Subject& subject) {
  return subject.relation == 0 ? settlements_en : items_en;
}

std::optional<Meaning> group_member(Scope& scope, const ast::Name& field) {
  const Subject& subject = scope.rule.subject;
  const schema::Relation& list = relation(scope.pack, subject.relation);
  if (field.text == first_en || field.text == first_zh)
    return ElementRef{subject_binder, scope.pack.names.of_relation[subject.relation], true};
  if (field.text == items_en_of(subject) || is_one_of(list.names, field.text))
    return GroupItemsRef{};
  for (const GroupKey& key : subject.keys) {
    if (key.name_en != field.text && key.name_zh != field.text)
      continue;
    Renamed none;
    Expr value = copy(key.value, scope.rule, none);
    value.span = field.span;
    return value;
  }
  std::vector<std::string_view> near = {first_en, items_en_of(subject), list.names.en,
                                        list.names.zh};
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

// `.min` and `.max` of a row's range; the end that sets no limit is not known.
std::optional<Meaning> range_member(Scope& scope, const RangeRef& range, const ast::Name& field) {
  const bool low = field.text == "min" || field.text == "下限";
  if (low || field.text == "max" || field.text == "上限") {
    const std::uint32_t column = low ? range.columns.low : range.columns.high;
    return Expr{relation(scope.pack, range.relation).columns[column].type, place(scope, field.span),
                FieldOf{range.binder, range.relation, column}};
  }
  const std::vector<std::string_view> known = {"min", "max", "下限", "上限"};
  suggest(report<"unknown_field">(scope.diagnostics, field.span, diag::Words{"区间", "range"},
                                  field.text),
          field, known);
  return std::nullopt;
}

} // namespace

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
          [&](const ListEntry& list) -> std::optional<Meaning> {
            return ListRef{list.relation, base.binder};
          },
          [&](const PeriodEntry& period) { return inline_field(scope, base, *period.field, at); },
          [&](const PickEntry& pick) { return inline_field(scope, base, *pick.field, at); },
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
  const bool last = member.field.text == last_en || member.field.text == last_zh;
  if ((first || last) && is_list(*member.base, scope)) {
    auto pick = pick_of(scope, *member.base, last, whole.span);
    if (!pick)
      return std::nullopt;
    return std::move(*pick);
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
  if (const auto* range = std::get_if<RangeRef>(&*base))
    return range_member(scope, *range, member.field);
  if (const auto* type = std::get_if<EnumRef>(&*base))
    return enum_value(scope, *type, member.field, whole.span);
  const bool value = std::holds_alternative<Expr>(*base);
  report<"no_fields">(scope.diagnostics, member.field.span, member.field.text)
      .label(member.base->span, value ? "这是一个值" : "这是一个列表或一张表",
             value ? "this is a value" : "this is a list or a table");
  return std::nullopt;
}

void check_derived_fields(const CheckedSchema& made, diag::Diagnostics& diagnostics) {
  Declarations pack;
  pack.schema = made.schema;
  pack.names = made.names;
  pack.code_forms = schema::code_forms(pack.schema);
  std::size_t all = 0;
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
      all += scope.nodes;
      if (!scope.overflowed && all > most_declared)
        report<"expands_too_far">(diagnostics, derived->field->span, most_declared);
      // One that is too deep or too large is told once, not with all that use it.
      if (scope.overflowed || all > most_declared)
        return;
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
