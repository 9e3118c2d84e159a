// See column_test.h.
#include "compiler/plan/column_test.h"

#include "runtime/kernels/sets.h"

#include <algorithm>
#include <string_view>

namespace sanku::plan {
namespace {

std::optional<Question> in_values(const hir::Program& program, const hir::Expr& value,
                                  const auto& holds) {
  const auto* field = std::get_if<hir::FieldOf>(&value.form);
  if (field == nullptr || value.type.kind != Kind::enumeration)
    return std::nullopt;
  exec::OneOf test;
  const auto members =
      static_cast<std::uint32_t>(program.schema.enums[value.type.domain].members.size());
  for (std::uint32_t id = 1; id <= members; ++id)
    if (holds(id))
      test.values.push_back(id);
  return Question{field, std::move(test)};
}

// `value = member`, or the other way round.
std::optional<Question> compared(const hir::Program& program, const hir::Call& call, bool equal) {
  const hir::Expr *value = call.arguments.data(), *with = value + 1;
  if (std::holds_alternative<hir::Constant>(value->form))
    std::swap(value, with);
  const auto* constant = std::get_if<hir::Constant>(&with->form);
  const auto* member = constant ? std::get_if<EnumValue>(&constant->value) : nullptr;
  if (member == nullptr || !member->unlisted.empty())
    return std::nullopt;
  return in_values(program, *value, [&](std::uint32_t id) { return (id == member->id) == equal; });
}

std::optional<Question> in_set(const hir::Program& program, const hir::Call& call) {
  if (auto asked = literal_set(program, call)) {
    const auto* field = std::get_if<hir::FieldOf>(&asked->code->form);
    return field ? std::optional(Question{field, std::move(asked->use)}) : std::nullopt;
  }
  const auto* constant = std::get_if<hir::Constant>(&call.arguments[1].form);
  const auto* set = constant ? std::get_if<std::string>(&constant->value) : nullptr;
  if (set == nullptr)
    return std::nullopt;
  return in_values(program, call.arguments[0], [&](std::uint32_t id) {
    return kernels::enum_in_set(Enum{id}, Text{set->data(), set->size()}).value.value;
  });
}

std::optional<Question> either(const hir::Program& program, const hir::Call& call) {
  std::optional<Question> all;
  for (const hir::Expr& part : call.arguments) {
    auto one = question(program, part);
    auto* values = one ? std::get_if<exec::OneOf>(&one->test) : nullptr;
    if (values == nullptr)
      return std::nullopt;
    if (!all) {
      all = std::move(one);
      continue;
    }
    if (one->field->binder != all->field->binder || one->field->relation != all->field->relation ||
        one->field->column != all->field->column)
      return std::nullopt;
    std::vector<std::uint32_t>& known = std::get<exec::OneOf>(all->test).values;
    known.insert(known.end(), values->values.begin(), values->values.end());
    std::ranges::sort(known);
    known.erase(std::ranges::unique(known).begin(), known.end());
  }
  return all;
}

} // namespace

std::optional<SetQuestion> literal_set(const hir::Program& program, const hir::Call& call) {
  if (!call.builtin->of_code_set)
    return std::nullopt;
  const auto* text = std::get_if<hir::CodeTextOf>(&call.arguments[0].form);
  const auto* set = std::get_if<hir::Constant>(&call.arguments[1].form);
  const auto* below = std::get_if<hir::Constant>(&call.arguments[2].form);
  if (text == nullptr || set == nullptr || below == nullptr)
    return std::nullopt;
  SetQuestion asked{text->code.get(), {}};
  asked.use.dictionary = program.schema.systems[text->code->type.domain].dictionary;
  asked.use.below = std::get<Bool>(below->value).value;
  asked.use.text = std::get<std::string>(set->value);
  return asked;
}

std::optional<Question> question(const hir::Program& program, hir::TableId table,
                                 const hir::Expr& key) {
  const auto* field = std::get_if<hir::FieldOf>(&key.form);
  const bool has_values = key.type.kind == Kind::code || key.type.kind == Kind::enumeration ||
                          (key.type.kind == Kind::text && !program.tables[table].shape.key_prefix);
  if (field == nullptr || !has_values)
    return std::nullopt;
  return Question{field, exec::InTable{table}};
}

std::optional<Question> question(const hir::Program& program, const hir::Expr& condition) {
  if (const auto* member = std::get_if<hir::InTable>(&condition.form))
    return question(program, member->table, *member->key);
  const auto* call = std::get_if<hir::Call>(&condition.form);
  if (call == nullptr)
    return std::nullopt;
  const std::string_view name = call->builtin->name;
  if (name == "known") {
    const auto* field = std::get_if<hir::FieldOf>(&call->arguments[0].form);
    // A code that is one of several stands in the index where those stand that are missing.
    return field != nullptr && call->arguments[0].type.kind != Kind::code
               ? std::optional(Question{field, exec::IsKnown{}})
               : std::nullopt;
  }
  if (name == "in_set")
    return in_set(program, *call);
  if (name == "equal" || name == "not_equal")
    return compared(program, *call, name == "equal");
  return name == "or" ? either(program, *call) : std::nullopt;
}

} // namespace sanku::plan
