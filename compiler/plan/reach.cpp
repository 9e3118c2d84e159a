// See reach.h.
#include "compiler/plan/reach.h"

#include "compiler/hir/walk.h"
#include "runtime/types/check.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::plan {
namespace {

// A month and a year at their longest.
std::optional<std::int64_t> days_of(const Span& span) {
  const std::int64_t n = number_of(span);
  switch (unit_of(span)) {
  case SpanUnit::days:
    return n;
  case SpanUnit::months:
    return n * 31;
  case SpanUnit::years:
    return n * 366;
  case SpanUnit::hours:
    return n / 24 + 1;
  case SpanUnit::minutes:
    return n / 1440 + 1;
  }
  return std::nullopt;
}
std::optional<std::int64_t> days_of(const Window& window) {
  switch (unit_of(window)) {
  case WindowUnit::days:
    return number_of(window);
  case WindowUnit::hours:
    return number_of(window) / 24 + 1;
  case WindowUnit::same_hour:
  case WindowUnit::visit:
    return 1;
  case WindowUnit::month:
    return 31;
  case WindowUnit::quarter:
    return 92;
  case WindowUnit::calendar_year:
  case WindowUnit::insurance_year:
    return 366;
  case WindowUnit::lifetime:
    break;
  }
  return std::nullopt;
}

struct Search {
  const hir::Program& program;
  RuleReach& found;

  // The longest that the window may be: constants in it, or what the table's column allows.
  void window(const hir::Expr& expr, std::optional<std::int64_t>& days) {
    const auto farther = [&](std::optional<std::int64_t> length) {
      if (!length)
        found.endless = true;
      days = std::max(days.value_or(0), length.value_or(0));
    };
    hir::for_each_part(expr, [&](const hir::Expr& part) {
      if (const auto* constant = std::get_if<hir::Constant>(&part.form)) {
        if (const auto* span = std::get_if<Span>(&constant->value))
          farther(days_of(*span));
        if (const auto* named = std::get_if<Window>(&constant->value))
          farther(days_of(*named));
      }
      const auto* cell = std::get_if<hir::FieldOf>(&part.form);
      const std::size_t lists = program.schema.relations.size();
      if (cell != nullptr && cell->relation >= lists && part.type.kind == Kind::window) {
        const auto& bound = program.tables[cell->relation - lists].shape.bounds[cell->column];
        farther(bound ? days_of(*bound) : std::nullopt);
      }
    });
  }

  void operator()(const hir::Binding& binding) {
    const auto* visits = std::get_if<hir::VisitsSource>(&binding.source);
    if (visits == nullptr)
      return;
    found.reach = Reach::person;
    window(*visits->window, visits->past == hir::Past::later ? found.days_on : found.days_back);
  }
  void operator()(const hir::Query& query) {
    for (const hir::Binding& binding : query.from)
      (*this)(binding);
    hir::for_each_child(query, *this);
  }
  void operator()(const hir::Expr& expr) { hir::for_each_child(expr, *this); }
};

// A key that is a column of the settlement itself.
std::optional<std::uint32_t> partition_of(const hir::Rule& rule) {
  for (const hir::GroupKey& key : rule.subject.keys) {
    const auto* field = std::get_if<hir::FieldOf>(&key.value.form);
    const Kind kind = key.value.type.kind;
    if (field != nullptr && field->relation == 0 && (kind == Kind::code || kind == Kind::text))
      return field->column;
  }
  return std::nullopt;
}

// How long the groups are that a key makes; none: it says nothing of days.
std::optional<std::int64_t> days_of(const hir::GroupKey& key) {
  if (key.value.type.kind != Kind::date)
    return std::nullopt;
  const auto* made = std::get_if<hir::Call>(&key.value.form);
  return made != nullptr && made->builtin->name == "month" ? 31 : 1;
}

// The period before is one month or one day, as the first key is that says days.
void look_at_groups(const hir::Rule& rule, RuleReach& found) {
  found.previous = std::ranges::any_of(rule.peers, [](const hir::PeerUse& use) {
    return use.statistic == hir::PeerStatistic::same;
  });
  for (const hir::GroupKey& key : rule.subject.keys) {
    found.keys.push_back({.en = key.name_en, .zh = key.name_zh});
    const auto days = days_of(key);
    if (days && !found.days_together)
      found.days_together = found.previous ? 2 * *days : *days;
    else if (days && !found.previous)
      found.days_together = std::min(*days, *found.days_together);
  }
}

std::string joined(const std::vector<schema::Names>& names, bool chinese) {
  std::string out;
  for (const schema::Names& each : names)
    out += (out.empty() ? "" : chinese ? "、" : ", ") + (chinese ? each.zh : each.en);
  return out;
}

std::string text_of_population(const hir::Program& program, const RuleReach& reach, bool chinese) {
  std::string text = chinese ? "全部就诊" : "all visits";
  if (reach.partition) {
    const schema::Names& key = program.schema.relations[0].columns[*reach.partition].path;
    text += chinese ? "，按" + key.zh + "汇集" : ", put together by " + key.en;
  } else {
    text += chinese ? "，须全部汇集" : " together";
  }
  const std::string keys = joined(reach.keys, chinese);
  text += chinese ? "；按" + keys + "分组" : "; groups by " + keys;
  if (!reach.days_together)
    return text + (chinese ? "，不限时间" : ", of all times");
  if (reach.previous)
    return text +
           (chinese ? fmt::format("，连同上期至多 {} 日", *reach.days_together)
                    : fmt::format(", up to {} days with the period before", *reach.days_together));
  return text + (chinese ? fmt::format("，每组至多 {} 日", *reach.days_together)
                         : fmt::format(", each of up to {} day{}", *reach.days_together,
                                       *reach.days_together == 1 ? "" : "s"));
}

} // namespace

RuleReach reach_of(const hir::Program& program, const hir::Rule& rule) {
  RuleReach found;
  if (rule.subject.across) {
    found.reach = Reach::population;
    found.partition = partition_of(rule);
    look_at_groups(rule, found);
    return found;
  }
  Search search{program, found};
  for (const hir::Match& match : rule.matches)
    search(match.binding);
  hir::for_each_child(rule, search);
  return found;
}

Reach reach_of(const hir::Program& program) {
  Reach farthest = Reach::visit;
  for (const hir::Rule& rule : program.rules)
    farthest = std::max(farthest, reach_of(program, rule).reach);
  return farthest;
}

std::string text_of(const hir::Program& program, const RuleReach& reach, Language language) {
  const bool chinese = language == Language::zh;
  switch (reach.reach) {
  case Reach::visit:
    return chinese ? "一次就诊" : "one visit";
  case Reach::person: {
    std::string text = chinese ? "同一参保人的各次就诊" : "the visits of one person";
    const schema::Relation& visit = program.schema.relations[0];
    if (const auto person = schema::column_with(visit, schema::Role::person)) {
      const schema::Names& key = visit.columns[*person].path;
      text += chinese ? "，按" + key.zh + "汇集" : ", put together by " + key.en;
    }
    if (reach.endless)
      return text + (chinese ? "，不限时间" : ", of all times");
    if (reach.days_back)
      text += chinese ? fmt::format("，向前至多 {} 日", *reach.days_back)
                      : fmt::format(", up to {} days back", *reach.days_back);
    if (reach.days_on)
      text += chinese ? fmt::format("，向后至多 {} 日", *reach.days_on)
                      : fmt::format(", up to {} days on", *reach.days_on);
    return text;
  }
  case Reach::population:
    return text_of_population(program, reach, chinese);
  }
  unreachable("a rule reaches somewhere");
}

} // namespace sanku::plan
