// Values that are one of a few words, in both spellings: of clauses and of expectations. They are
// no words of the grammar, so that `item` or `post` stay ordinary names; the builder reads them,
// the printer writes them.
#pragma once

#include "compiler/ast/ast.h"

#include <array>
#include <optional>
#include <string_view>

namespace sanku::ast {

template <class T> struct Choice {
  T value;
  std::string_view en, zh;
};

inline constexpr std::array categories{Choice<Category>{Category::policy, "policy", "政策"},
                                       Choice<Category>{Category::management, "management", "管理"},
                                       Choice<Category>{Category::medical, "medical", "医疗"}};
inline constexpr std::array behaviours{
    Choice<Behaviour>{Behaviour::behaviour, "behaviour", "行为类"},
    Choice<Behaviour>{Behaviour::item, "item", "项目类"}};
inline constexpr std::array stages{Choice<Stage>{Stage::pre, "pre", "事前"},
                                   Choice<Stage>{Stage::mid, "mid", "事中"},
                                   Choice<Stage>{Stage::post, "post", "事后"}};
inline constexpr std::array regions{Choice<Region>{Region::care, "care", "就医地"},
                                    Choice<Region>{Region::insured, "insured", "参保地"}};
inline constexpr std::array replaced{Choice<ReplacesWhat>{ReplacesWhat::table, "table", "整表"},
                                     Choice<ReplacesWhat>{ReplacesWhat::rows, "rows", "行"}};
inline constexpr std::array hits{Choice<Hit>{Hit::first, "first", "首个"},
                                 Choice<Hit>{Hit::unique, "unique", "唯一"},
                                 Choice<Hit>{Hit::collect, "collect", "汇集"}};
inline constexpr std::array severities{
    Choice<Severity>{Severity::violation, "violation", "明确违规"},
    Choice<Severity>{Severity::suspected, "suspected", "可疑"},
    Choice<Severity>{Severity::reminder, "reminder", "提醒"},
    Choice<Severity>{Severity::lead, "lead", "线索"},
    Choice<Severity>{Severity::indicator, "indicator", "指标"}};
inline constexpr std::array model_formats{
    Choice<ModelFormat>{ModelFormat::lightgbm, "lightgbm", "lightgbm"},
    Choice<ModelFormat>{ModelFormat::xgboost, "xgboost", "xgboost"},
    Choice<ModelFormat>{ModelFormat::linear, "linear", "线性"}};
inline constexpr std::array outcomes{
    Choice<Expected>{Expected::fired, "fired", "触发"},
    Choice<Expected>{Expected::clear, "clear", "未触发"},
    Choice<Expected>{Expected::not_applicable, "not applicable", "不适用"},
    Choice<Expected>{Expected::indeterminate, "indeterminate", "无法判定"},
    Choice<Expected>{Expected::nothing, "nothing", "无"}};

// The value that a word in either spelling names.
template <class T, std::size_t size>
[[nodiscard]] constexpr std::optional<T> value_named(const std::array<Choice<T>, size>& choices,
                                                     std::string_view word) {
  for (const Choice<T>& each : choices) {
    if (word == each.en || word == each.zh)
      return each.value;
  }
  return std::nullopt;
}

template <class T, std::size_t size>
[[nodiscard]] constexpr std::string_view word_for(const std::array<Choice<T>, size>& choices,
                                                  T value, bool zh) {
  for (const Choice<T>& each : choices) {
    if (each.value == value)
      return zh ? each.zh : each.en;
  }
  return "";
}

} // namespace sanku::ast
