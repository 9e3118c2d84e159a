// Code systems and enums first, then records (schema_records.cpp), then the derived fields, which
// are typed once here so that a wrong one is told at its declaration. Tested by
// tests/unit/compiler/schema_test.cpp and tests/cases/errors.
#include "compiler/hir/schema_from_ast.h"

#include "compiler/hir/schema_records.h"
#include "compiler/hir/suggest.h"
#include "runtime/schema/code_form.h"
#include "runtime/types/match.h"

#include <array>
#include <set>

namespace sanku::hir {
namespace {

using diag::Diagnostics;
using diag::report;

constexpr std::uint8_t money_digits = 16, money_scale = 2;
constexpr std::uint8_t number_digits = 16, number_scale = 4;
constexpr std::uint32_t most_digits = 38, most_scale = 18;

struct BasicType {
  std::string_view en, zh;
  Type type;
};
constexpr std::array basic_types = {
    BasicType{"bool", "是否", {.kind = Kind::boolean}},
    BasicType{"int", "整数", {.kind = Kind::integer, .digits = 19}},
    BasicType{
        "decimal", "数", {.kind = Kind::decimal, .scale = number_scale, .digits = number_digits}},
    BasicType{"money", "金额", {.kind = Kind::money, .scale = money_scale, .digits = money_digits}},
    BasicType{"date", "日期", {.kind = Kind::date}},
    BasicType{"datetime", "时间", {.kind = Kind::datetime}},
    BasicType{"duration", "时长", {.kind = Kind::span}},
    BasicType{"window", "时间窗", {.kind = Kind::window}},
    BasicType{"age", "年龄", {.kind = Kind::age}},
    BasicType{"text", "文本", {.kind = Kind::text}},
};

const BasicType* basic_type(std::string_view name) {
  for (const BasicType& basic : basic_types)
    if (basic.en == name || basic.zh == name)
      return &basic;
  return nullptr;
}

// Registers a declaration under its names; a name already taken is reported.
bool claim(std::map<std::string, std::uint32_t, std::less<>>& taken, const ast::Names& names,
           std::uint32_t id, const std::vector<source::Span>& spans, Diagnostics& diagnostics) {
  bool fresh = true;
  const auto add = [&](const ast::Name& name) {
    const auto [at, added] = taken.emplace(name.text, id);
    if (added || at->second == id)
      return;
    auto& found = report<"declared_twice">(diagnostics, name.span, name.text);
    found.label(spans[at->second], "第一次声明在此", "the first one");
    fresh = false;
  };
  add(names.first);
  if (names.second)
    add(*names.second);
  return fresh;
}

void check_form(const ast::CodeSystem& declared, Diagnostics& diagnostics) {
  if (!declared.form.empty() && !schema::CodeForm::make(declared.form))
    report<"bad_code_form">(diagnostics, declared.span, declared.names.first.text)
        .help("请写正则表达式，例如 `[0-9]{15}`，不含反向引用和预查",
              "write a regular expression, for example `[0-9]{15}`, without back references and "
              "without looking ahead");
}

void add_system(const ast::CodeSystem& declared, CheckedSchema& made, Diagnostics& diagnostics) {
  const auto id = static_cast<std::uint32_t>(made.schema.systems.size());
  made.names.system_spans.push_back(declared.names.first.span);
  made.schema.systems.push_back({.names = both_names(declared.names),
                                 .form = declared.form,
                                 .registry = declared.file,
                                 .hierarchical = declared.hierarchical,
                                 .members = {},
                                 .dictionary = 0});
  claim(made.names.systems, declared.names, id, made.names.system_spans, diagnostics);
  check_form(declared, diagnostics);
}

// Members of unions, and one dictionary for all systems that a union joins.
void join_systems(const std::vector<const ast::CodeSystem*>& declared, CheckedSchema& made,
                  Diagnostics& diagnostics) {
  auto& systems = made.schema.systems;
  std::vector<std::uint32_t> root(systems.size());
  for (std::uint32_t i = 0; i < root.size(); ++i)
    root[i] = i;
  const auto find = [&](std::uint32_t i) {
    while (root[i] != i)
      i = root[i] = root[root[i]];
    return i;
  };
  for (std::uint32_t i = 0; i < declared.size(); ++i) {
    for (const ast::Name& member : declared[i]->members) {
      const auto known = made.names.systems.find(member.text);
      if (known == made.names.systems.end() || known->second == i ||
          !declared[known->second]->members.empty()) {
        report<"unknown_type">(diagnostics, member.span, member.text);
        continue;
      }
      systems[i].members.push_back(known->second);
      root[find(i)] = find(known->second);
    }
  }
  std::map<std::uint32_t, std::uint32_t> dictionary;
  for (std::uint32_t i = 0; i < systems.size(); ++i)
    systems[i].dictionary =
        dictionary.emplace(find(i), static_cast<std::uint32_t>(dictionary.size())).first->second;
  made.schema.dictionaries = static_cast<std::uint32_t>(dictionary.size());
}

void add_enum(const ast::EnumDecl& declared, CheckedSchema& made, Diagnostics& diagnostics) {
  const auto id = static_cast<std::uint32_t>(made.schema.enums.size());
  schema::EnumType type{.names = both_names(declared.names),
                        .closed = declared.closed,
                        .ordered = declared.ordered,
                        .members = {},
                        .missing = declared.missing};
  std::set<std::string, std::less<>> names;
  std::set<std::string, std::less<>> codes(declared.missing.begin(), declared.missing.end());
  for (const ast::EnumMember& member : declared.members) {
    const schema::Names both = both_names(member.names);
    if (!names.insert(both.en).second || (both.zh != both.en && !names.insert(both.zh).second))
      report<"declared_twice">(diagnostics, member.span, member.names.first.text);
    for (const std::string& code : member.codes)
      if (!codes.insert(code).second)
        report<"enum_code_twice">(diagnostics, member.span, code, declared.names.first.text);
    type.members.push_back({.names = both, .codes = member.codes});
  }
  made.names.enum_spans.push_back(declared.names.first.span);
  made.schema.enums.push_back(std::move(type));
  claim(made.names.enums, declared.names, id, made.names.enum_spans, diagnostics);
}

template <class T> std::vector<const T*> declarations(const std::vector<const ast::File*>& files) {
  std::vector<const T*> found;
  for (const ast::File* file : files)
    for (const ast::Decl& decl : file->decls)
      if (const T* form = std::get_if<T>(&decl))
        found.push_back(form);
  return found;
}

} // namespace

schema::Names both_names(const ast::Names& names) {
  return {.en = names.first.text, .zh = names.second ? names.second->text : names.first.text};
}

bool is_period(const ast::ColumnType& type) {
  return type.form == ast::ColumnType::Form::named &&
         (type.name.text == "period" || type.name.text == "时段");
}

std::optional<Type> type_from_ast(const ast::ColumnType& type, const SchemaNames& names,
                                  Diagnostics& diagnostics) {
  if (type.form != ast::ColumnType::Form::named) {
    const Kind kind = type.form == ast::ColumnType::Form::money ? Kind::money : Kind::decimal;
    if (type.digits == 0 || type.digits > most_digits || type.scale > most_scale ||
        type.scale > type.digits) {
      report<"number_too_wide">(diagnostics, type.span, type.digits, type.scale);
      return std::nullopt;
    }
    return Type{.kind = kind,
                .scale = static_cast<std::uint8_t>(type.scale),
                .digits = static_cast<std::uint8_t>(type.digits)};
  }
  if (const BasicType* basic = basic_type(type.name.text))
    return basic->type;
  if (const auto code = names.systems.find(type.name.text); code != names.systems.end())
    return Type{.kind = Kind::code, .domain = code->second};
  if (const auto found = names.enums.find(type.name.text); found != names.enums.end())
    return Type{.kind = Kind::enumeration, .domain = found->second};

  std::vector<std::string_view> near;
  for (const BasicType& basic : basic_types)
    near.insert(near.end(), {basic.en, basic.zh});
  for (const auto& [name, id] : names.systems)
    near.push_back(name);
  for (const auto& [name, id] : names.enums)
    near.push_back(name);
  suggest(report<"unknown_type">(diagnostics, type.name.span, type.name.text), type.name, near);
  return std::nullopt;
}

std::optional<CheckedSchema> check_schema(const std::vector<const ast::File*>& files,
                                          Diagnostics& diagnostics) {
  const std::size_t errors = diag::count(diagnostics, diag::error);
  CheckedSchema made;
  const auto heads = declarations<ast::SchemaHead>(files);
  if (heads.size() != 1) {
    const source::Span at = heads.empty() ? source::Span{} : heads[1]->span;
    report<"schema_head">(diagnostics, at, heads.size());
    return std::nullopt;
  }
  made.schema.names = both_names(heads[0]->names);
  made.schema.edition = heads[0]->edition;

  const auto systems = declarations<ast::CodeSystem>(files);
  for (const ast::CodeSystem* system : systems)
    add_system(*system, made, diagnostics);
  join_systems(systems, made, diagnostics);
  for (const ast::EnumDecl* declared : declarations<ast::EnumDecl>(files))
    add_enum(*declared, made, diagnostics);
  if (diag::count(diagnostics, diag::error) != errors)
    return std::nullopt;

  flatten_records(declarations<ast::Record>(files), *heads[0], made, diagnostics);
  if (diag::count(diagnostics, diag::error) != errors)
    return std::nullopt;
  check_derived_fields(made, diagnostics);
  if (diag::count(diagnostics, diag::error) != errors)
    return std::nullopt;
  return made;
}

std::optional<schema::Schema> schema_from_ast(const std::vector<const ast::File*>& files,
                                              Diagnostics& diagnostics) {
  auto made = check_schema(files, diagnostics);
  if (!made)
    return std::nullopt;
  return std::move(made->schema);
}

} // namespace sanku::hir
