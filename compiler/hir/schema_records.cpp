// See schema_records.h. A record reached twice (a person as patient and as escort) makes two spaces
// with their own columns. Tested by tests/unit/compiler/schema_test.cpp.
#include "compiler/hir/schema_records.h"

#include <algorithm>
#include <array>
#include <set>

namespace sanku::hir {
namespace {

using diag::Diagnostics;
using diag::report;

struct RoleInfo {
  std::string_view name;
  schema::Role role;
  std::array<Kind, 2> kinds; // what a field of that role may be
};
// A list's only role: it is an earlier list of the same record as the sender sent it.
constexpr std::string_view raw_role = "raw";

constexpr std::array roles = {
    RoleInfo{"settlement_id", schema::Role::settlement_id, {Kind::text, Kind::text}},
    RoleInfo{"visit_id", schema::Role::visit_id, {Kind::text, Kind::text}},
    RoleInfo{"key", schema::Role::key, {Kind::text, Kind::text}},
    RoleInfo{"code", schema::Role::code, {Kind::code, Kind::code}},
    RoleInfo{"time", schema::Role::time, {Kind::datetime, Kind::date}},
    RoleInfo{"quantity", schema::Role::quantity, {Kind::decimal, Kind::decimal}},
    RoleInfo{"unit_price", schema::Role::unit_price, {Kind::money, Kind::money}},
    RoleInfo{"amount", schema::Role::amount, {Kind::money, Kind::money}},
    RoleInfo{"current", schema::Role::current, {Kind::boolean, Kind::boolean}},
    RoleInfo{"self_paid", schema::Role::self_paid, {Kind::boolean, Kind::boolean}},
    RoleInfo{"question", schema::Role::question, {Kind::text, Kind::text}},
    RoleInfo{"answer", schema::Role::answer, {Kind::boolean, Kind::boolean}},
    RoleInfo{"provider", schema::Role::provider, {Kind::code, Kind::text}},
    RoleInfo{"begin", schema::Role::begin, {Kind::datetime, Kind::date}},
    RoleInfo{"end", schema::Role::end, {Kind::datetime, Kind::date}},
    RoleInfo{"settled", schema::Role::settled, {Kind::datetime, Kind::date}},
    RoleInfo{"refund", schema::Role::refund, {Kind::boolean, Kind::boolean}},
    RoleInfo{"refunded_id", schema::Role::refunded_id, {Kind::text, Kind::text}},
    RoleInfo{"reverses", schema::Role::reverses, {Kind::text, Kind::text}},
    RoleInfo{"local_code", schema::Role::local_code, {Kind::code, Kind::text}},
    RoleInfo{"prescription", schema::Role::prescription, {Kind::code, Kind::text}},
    RoleInfo{"dose", schema::Role::dose, {Kind::text, Kind::text}},
    RoleInfo{"frequency", schema::Role::frequency, {Kind::text, Kind::text}},
    RoleInfo{"spec", schema::Role::spec, {Kind::text, Kind::text}},
    RoleInfo{"unit", schema::Role::unit, {Kind::text, Kind::text}},
    RoleInfo{"supply", schema::Role::supply, {Kind::decimal, Kind::decimal}},
    RoleInfo{"own_share", schema::Role::own_share, {Kind::money, Kind::money}},
    RoleInfo{"in_scope", schema::Role::in_scope, {Kind::money, Kind::money}},
    RoleInfo{"fund_paid", schema::Role::fund_paid, {Kind::money, Kind::money}},
    RoleInfo{"person", schema::Role::person, {Kind::code, Kind::text}},
    RoleInfo{"known_since", schema::Role::known_since, {Kind::date, Kind::date}},
    RoleInfo{"known_until", schema::Role::known_until, {Kind::date, Kind::date}},
    RoleInfo{"care_area", schema::Role::care_area, {Kind::code, Kind::text}},
    RoleInfo{"insured_area", schema::Role::insured_area, {Kind::code, Kind::text}},
};

std::string lower_first(std::string name) {
  if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z')
    name[0] = static_cast<char>(name[0] - 'A' + 'a');
  return name;
}

struct Flattener {
  const std::map<std::string, const ast::Record*, std::less<>>& records;
  CheckedSchema& made;
  Diagnostics& diagnostics;
  std::vector<const ast::Record*> open; // the way from the root, to refuse a record inside itself
  std::set<std::string> wires;          // of the record being filled
  std::map<const ast::Record*, std::uint32_t> lists = {}; // the first list of each record

  schema::Relation& relation(std::uint32_t id) { return made.schema.relations[id]; }
  Space& space(SpaceId id) { return made.names.spaces[id]; }

  SpaceId add_space(std::uint32_t in, schema::Names names) {
    made.names.spaces.push_back(
        {.relation = in, .names = std::move(names), .entries = {}, .by_name = {}});
    return static_cast<SpaceId>(made.names.spaces.size() - 1);
  }
  std::uint32_t add_relation(schema::Relation added) {
    made.schema.relations.push_back(std::move(added));
    made.names.of_relation.push_back(0);
    made.names.time.emplace_back();
    made.names.self_paid.emplace_back();
    return static_cast<std::uint32_t>(made.schema.relations.size() - 1);
  }
  void enter(const ast::Field& field, SpaceId in, const decltype(Entry::form)& form) {
    Entry entry{
        .names = both_names(field.names), .wire = {}, .span = field.names.first.span, .form = form};
    if (!field.list)
      for (const ast::Name& wire : field.wire)
        entry.wire.push_back(wire.text);
    add_entry(space(in), std::move(entry), field.names, diagnostics);
  }

  // Remembers the entry made last where the language asks for fields by their role, derived or not.
  void note_role(const RoleInfo* role, SpaceId in) {
    const std::uint32_t relation_id = space(in).relation;
    const auto last = static_cast<std::uint32_t>(space(in).entries.size() - 1);
    if (role && role->role == schema::Role::time)
      made.names.time[relation_id] = last;
    if (role && role->role == schema::Role::self_paid)
      made.names.self_paid[relation_id] = last;
  }

  const RoleInfo* role_of(const ast::Field& field, const Type& type, std::uint32_t in) {
    if (!field.role)
      return nullptr;
    for (const RoleInfo& info : roles) {
      if (info.name != field.role->text)
        continue;
      if (type.kind != info.kinds[0] && type.kind != info.kinds[1])
        break;
      // Days of supply have hundredths.
      if (info.role == schema::Role::supply && type.scale < 2)
        break;
      if (schema::column_with(relation(in), info.role) ||
          (info.role == schema::Role::self_paid && made.names.self_paid[in]))
        break;
      return &info;
    }
    report<"bad_role">(diagnostics, field.role->span, field.role->text, field.names.first.text);
    return nullptr;
  }

  void add_derived(const ast::Field& field, SpaceId in) {
    if (is_period(field.type)) {
      enter(field, in, PeriodEntry{&field});
      return;
    }
    const auto type = type_from_ast(field.type, made.names, diagnostics);
    if (!type)
      return;
    const std::uint32_t in_relation = space(in).relation;
    const RoleInfo* role = role_of(field, *type, in_relation);
    enter(field, in, DerivedEntry{&field, *type});
    if (in == made.names.of_relation[in_relation])
      note_role(role, in);
  }

  void add_column(const ast::Field& field, SpaceId in, const schema::Names& path) {
    const auto type = type_from_ast(field.type, made.names, diagnostics);
    if (!type)
      return;
    const std::uint32_t in_relation = space(in).relation;
    const RoleInfo* role = role_of(field, *type, in_relation);
    const schema::Names names = both_names(field.names);
    schema::Column column{.names = names,
                          .path = {path.en.empty() ? names.en : path.en + "." + names.en,
                                   path.zh.empty() ? names.zh : path.zh + "." + names.zh},
                          .type = *type,
                          .optional = field.type.optional,
                          .identity = field.identity,
                          .role = role ? role->role : schema::Role::none,
                          .wire = {}};
    for (const ast::Name& wire : field.wire) {
      if (!wires.insert(wire.text).second)
        report<"wire_twice">(diagnostics, wire.span, wire.text);
      column.wire.push_back(wire.text);
    }
    relation(in_relation).columns.push_back(std::move(column));
    enter(field, in,
          ColumnEntry{static_cast<std::uint32_t>(relation(in_relation).columns.size() - 1)});
    note_role(role, in);
  }

  void add_nested(const ast::Field& field, const ast::Record& record, SpaceId in,
                  const schema::Names& path) {
    if (std::find(open.begin(), open.end(), &record) != open.end()) {
      report<"record_in_itself">(diagnostics, field.names.first.span, record.names.first.text);
      return;
    }
    const schema::Names names = both_names(field.names);
    const SpaceId nested = add_space(space(in).relation, names);
    enter(field, in, RecordEntry{nested});
    // The settlement's records are named without it in rules: `patient.sex`.
    const bool root = in == made.names.of_relation[0] && space(in).relation == 0;
    const schema::Names inner =
        root || path.en.empty() ? names
                                : schema::Names{path.en + "." + names.en, path.zh + "." + names.zh};
    fill(record, nested, inner);
  }

  // A raw list is not read, so it has no sender's name.
  std::optional<std::uint32_t> raw_of(const ast::Field& field, const ast::Record& record) {
    const auto sent = lists.find(&record);
    if (field.role->text == raw_role && sent != lists.end() && field.wire.empty() &&
        !schema::raw_twin(made.schema, sent->second))
      return sent->second;
    report<"bad_role">(diagnostics, field.role->span, field.role->text, field.names.first.text);
    return std::nullopt;
  }

  void add_list(const ast::Field& field, const ast::Record& record, SpaceId in) {
    if (in != made.names.of_relation[0] || space(in).relation != 0) {
      report<"list_in_list">(diagnostics, field.names.first.span, field.names.first.text);
      return;
    }
    const schema::Names each = field.each ? both_names(*field.each)
                                          : schema::Names{lower_first(record.names.first.text),
                                                          both_names(record.names).zh};
    schema::Relation child{.kind = schema::RelationKind::child,
                           .names = both_names(field.names),
                           .each = each,
                           .nonempty = field.nonempty,
                           .wire = {},
                           .columns = {}};
    for (const ast::Name& wire : field.wire)
      child.wire.push_back(wire.text);
    if (field.role)
      child.raw_of = raw_of(field, record);
    const std::uint32_t id = add_relation(std::move(child));
    lists.emplace(&record, id);
    const SpaceId element = add_space(id, each);
    made.names.of_relation[id] = element;
    made.names.records.resize(id + 1);
    made.names.records[id] = both_names(record.names);
    enter(field, in, ListEntry{id});

    fill(record, element, {});
  }

  void fill(const ast::Record& record, SpaceId in, const schema::Names& path) {
    open.push_back(&record);
    std::set<std::string> outer_wires;
    std::swap(outer_wires, wires);
    for (const ast::Field& field : record.fields) {
      const auto nested = field.type.form == ast::ColumnType::Form::named
                              ? records.find(field.type.name.text)
                              : records.end();
      if (nested == records.end() && field.list) {
        report<"unknown_type">(diagnostics, field.type.span, field.type.name.text);
      } else if (nested != records.end() && field.list) {
        add_list(field, *nested->second, in);
      } else if (nested != records.end() && field.derived) {
        enter(field, in, PickEntry{&field});
      } else if (nested != records.end()) {
        add_nested(field, *nested->second, in, path);
      } else if (field.derived) {
        add_derived(field, in);
      } else {
        add_column(field, in, path);
      }
    }
    std::swap(outer_wires, wires);
    open.pop_back();
  }
};

} // namespace

void add_entry(Space& space, Entry entry, const ast::Names& names, Diagnostics& diagnostics) {
  const auto id = static_cast<std::uint32_t>(space.entries.size());
  const auto add = [&](const std::string& name, source::Span at) {
    const auto [found, added] = space.by_name.emplace(name, id);
    if (added || found->second == id)
      return;
    const Entry& other = space.entries[found->second];
    if (other.names.en != name && other.names.zh != name) {
      // It was only a sender's name of the other field, which yields.
      found->second = id;
      return;
    }
    auto& twice = report<"declared_twice">(diagnostics, at, name);
    twice.label(space.entries[found->second].span, "第一次声明在此", "the first one");
  };
  add(entry.names.en, names.first.span);
  if (names.second)
    add(entry.names.zh, names.second->span);
  // A sender's name answers too where no field is called so.
  for (const std::string& wire : entry.wire)
    space.by_name.emplace(wire, id);
  space.entries.push_back(std::move(entry));
}

void flatten_records(const std::vector<const ast::Record*>& records, const ast::SchemaHead& head,
                     CheckedSchema& made, Diagnostics& diagnostics) {
  std::map<std::string, const ast::Record*, std::less<>> by_name;
  const ast::Record* root = nullptr;
  for (const ast::Record* record : records) {
    const auto add = [&](const ast::Name& name) {
      const auto [at, added] = by_name.emplace(name.text, record);
      if (added || at->second == record)
        return;
      auto& twice = report<"declared_twice">(diagnostics, name.span, name.text);
      twice.label(at->second->names.first.span, "第一次声明在此", "the first one");
    };
    add(record->names.first);
    if (record->names.second)
      add(*record->names.second);
    if (lower_first(record->names.first.text) == head.names.first.text)
      root = record;
  }
  if (!root) {
    report<"no_root_record">(diagnostics, head.span, head.names.first.text);
    return;
  }
  const schema::Names names{head.names.first.text, both_names(root->names).zh};
  Flattener flattener{by_name, made, diagnostics, {}, {}};
  flattener.add_relation({.kind = schema::RelationKind::settlement,
                          .names = names,
                          .each = names,
                          .nonempty = false,
                          .wire = {},
                          .columns = {}});
  made.names.of_relation[0] = flattener.add_space(0, names);
  made.names.records = {both_names(root->names)};
  flattener.fill(*root, made.names.of_relation[0], names);
}

} // namespace sanku::hir
