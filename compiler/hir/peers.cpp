// Groups beside their peers: `percentile(95 of share) among provider.level, month`, `mean(…)`,
// `deviation(…)`, and `previous(share)`, the same group one period before. Which value each group
// has and who its peers are is written into the rule; what comes of it both executions look up.
// Tested by tests/cases/populations.
#include "compiler/hir/scope.h"
#include "compiler/hir/suggest.h"
#include "compiler/hir/walk.h"

#include <utility>

namespace sanku::hir {
namespace {

using diag::report;
using diag::Words;

constexpr std::int64_t rank_places = 4; // of a percent
constexpr std::int64_t most_rank = 1'000'000;
constexpr std::uint8_t statistic_scale = 6; // places of a mean of whole numbers, at least

// `95` or `97.5` in units of 10^-4 percent; none: it is no such number.
std::optional<std::int64_t> rank_units(const std::string& digits) {
  std::int64_t units = 0, places = -1;
  for (const char c : digits) {
    if (c == '_')
      continue;
    if (c == '.') {
      places = 0;
      continue;
    }
    if (units > most_rank || places == rank_places)
      return std::nullopt;
    units = units * 10 + (c - '0');
    places += places >= 0 ? 1 : 0;
  }
  for (std::int64_t i = places < 0 ? 0 : places; i < rank_places; ++i)
    units *= 10;
  if (units <= 0 || units > most_rank)
    return std::nullopt;
  return units;
}

// A parameter's value likewise; none: it is no number, or has more places.
std::optional<std::int64_t> rank_units(const Type& type, const Value& value) {
  const auto* whole = std::get_if<Integer>(&value);
  const auto* decimal = std::get_if<Decimal>(&value);
  const bool number = whole || (decimal && type.kind == Kind::decimal && type.scale <= rank_places);
  if (!number || (whole && (whole->value < 1 || whole->value > 100)))
    return std::nullopt;
  Int128 units = whole ? Int128{whole->value} : decimal->units;
  for (std::int64_t places = whole ? 0 : type.scale; places < rank_places && units <= most_rank;
       ++places)
    units *= 10;
  if (units <= 0 || units > most_rank)
    return std::nullopt;
  return static_cast<std::int64_t>(units);
}

// Whether all visits of the group are in one zone, so that one value of a parameter counts for it.
std::optional<Expr> in_one_zone(Scope& scope, Span at) {
  const auto zone = [&](FoldKind kind) -> std::optional<Expr> {
    auto visits = std::make_unique<Query>(query_over(scope, 0, GroupSource{}, at));
    auto each = zone_at(scope, std::nullopt, at, visits->from[0].binder);
    if (!each)
      return std::nullopt;
    const Type type = each->type;
    return Expr{type, place(scope, at),
                Fold{kind, std::move(visits), std::make_unique<Expr>(std::move(*each))}};
  };
  auto first = zone(FoldKind::min), last = zone(FoldKind::max);
  if (!first || !last)
    return std::nullopt;
  return apply(scope, {"equal", "percentile", at}, list_of(std::move(*first), std::move(*last)));
}

// The value of a parameter as a number of four places.
Expr at_rank_places(Expr value, Span at) {
  if (value.type.kind == Kind::integer) {
    Call widened{.builtin = &builtins::conversion_row(builtins::Conversion::widen_integer),
                 .arguments = list_of(std::move(value))};
    value = Expr{{.kind = Kind::decimal, .scale = 0, .digits = 19}, at, std::move(widened)};
  }
  const auto more = static_cast<std::uint8_t>(rank_places - value.type.scale);
  if (more == 0)
    return value;
  Type type = value.type;
  type.scale = static_cast<std::uint8_t>(rank_places);
  type.digits = static_cast<std::uint8_t>(type.digits + more);
  Call rescaled{.builtin = &builtins::conversion_row(builtins::Conversion::rescale),
                .arguments =
                    list_of(std::move(value),
                            constant({.kind = Kind::integer, .digits = 2}, Integer{more}, at))};
  return Expr{type, at, std::move(rescaled)};
}

// The rank that a parameter gives: one for the group, or nobody knows which.
std::optional<Expr> check_rank(Scope& scope, const ast::Expr& written, const ast::Name& name) {
  const auto found = scope.pack.param_names.find(name.text);
  if (found == scope.pack.param_names.end()) {
    std::vector<std::string_view> near;
    for (const auto& [each, id] : scope.pack.param_names)
      near.push_back(each);
    suggest(report<"percentile_rank_name">(scope.diagnostics, written.span, name.text), name, near);
    return std::nullopt;
  }
  const NamedParam& param = scope.pack.params[found->second];
  const auto is_rank = [&](const Value& value, Span at) {
    if (rank_units(param.type, value))
      return true;
    report<"percentile_rank">(scope.diagnostics, written.span,
                              to_text(value, param.type, Language::en, ""))
        .label(at, "值在此", "the value is here");
    return false;
  };
  bool fine = true;
  for (const DatedValue& each : param.values)
    fine = is_rank(each.value, param.span) && fine;
  for (const ParamValue& each : param.local)
    fine = is_rank(each.value, each.span) && fine;
  if (!fine)
    return std::nullopt;
  const bool lines = scope.rule.subject.relation != 0;
  if (lines && !param.local.empty()) {
    report<"percentile_rank_place">(scope.diagnostics, written.span, name.text)
        .label(param.local.front().span, "地方化在此改变", "an overlay changes it here");
    return std::nullopt;
  }
  auto value = check_param(scope, param, written.span);
  if (!value)
    return std::nullopt;
  Expr rank = at_rank_places(std::move(*value), place(scope, written.span));
  if (param.local.empty())
    return rank;
  const Type type = rank.type;
  auto one = in_one_zone(scope, written.span);
  auto chosen = one ? apply(scope, {"pick", "percentile", written.span},
                            list_of(std::move(*one), std::move(rank),
                                    unknown_of(type, place(scope, written.span))))
                    : std::nullopt;
  if (chosen)
    chosen->type = type;
  return chosen;
}

// `at least 10`; none: it is no such number.
std::optional<std::uint32_t> peers_wanted(const std::string& digits) {
  constexpr std::uint32_t most = 1'000'000;
  std::uint32_t number = 0;
  for (const char c : digits) {
    if (c == '_')
      continue;
    if (c < '0' || c > '9' || number > most)
      return std::nullopt;
    number = number * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return number >= 1 && number <= most ? std::optional(number) : std::nullopt;
}

bool reads_peers(const Scope& scope, const Expr& expr) {
  return any_part(expr, [&](const Expr& part) {
    if (const auto* let = std::get_if<LetOf>(&part.form))
      return reads_peers(scope, scope.rule.lets[let->let].value);
    return std::holds_alternative<PeersOf>(part.form);
  });
}

// A number whose peers are looked at: a decimal, an amount or a whole number.
std::optional<Expr> check_compared(Scope& scope, const ast::Expr& written) {
  auto value = check_value(scope, written);
  if (!value)
    return std::nullopt;
  if (value->type.kind == Kind::count) {
    const Span span = value->span;
    value = apply(scope, {"exact_count", "percentile", span}, list_of(std::move(*value)));
    if (!value)
      return std::nullopt;
  }
  const Kind kind = value->type.kind;
  if (!is_number(kind) && kind != Kind::integer) {
    const TypeName found = type_name(scope.pack.schema, value->type);
    report<"percentile_value">(scope.diagnostics, written.span, Words{found.zh, found.en});
    return std::nullopt;
  }
  if (reads_peers(scope, *value)) {
    report<"percentile_nested">(scope.diagnostics, written.span);
    return std::nullopt;
  }
  return value;
}

// A mean has places of its own, also of whole numbers.
Type statistic_type(PeerStatistic statistic, Type type) {
  const bool exact = statistic == PeerStatistic::percentile || statistic == PeerStatistic::same;
  if (exact)
    return type;
  if (type.kind == Kind::integer)
    type.kind = Kind::decimal;
  if (type.scale < statistic_scale) {
    type.digits = static_cast<std::uint8_t>(type.digits + (statistic_scale - type.scale));
    type.scale = statistic_scale;
  }
  return type;
}

Expr use_of(Scope& scope, PeerUse use, std::vector<Expr> lookup, Span at, ExprPtr rank = nullptr) {
  const Type from = use.value.type;
  const Type type = statistic_type(use.statistic, from);
  use.more_scale = type.scale - (from.kind == Kind::integer ? 0u : from.scale);
  const auto number = static_cast<std::uint32_t>(scope.rule.peers.size());
  scope.rule.peers.push_back(std::move(use));
  return Expr{type, place(scope, at), PeersOf{number, std::move(lookup), std::move(rank)}};
}

// `word`: what the author wrote, in both languages.
bool may_compare(Scope& scope, Span at, const Words& word) {
  if (!scope.rule.subject.across || scope.in_function) {
    report<"percentile_where">(scope.diagnostics, at, word);
    return false;
  }
  return true;
}

} // namespace

std::optional<Expr> check_peers(Scope& scope, const ast::Expr& expr, const ast::Peers& peers) {
  const Words word = peers.kind == ast::PeerKind::percentile ? Words{"分位", "percentile"}
                     : peers.kind == ast::PeerKind::mean     ? Words{"均值", "mean"}
                                                             : Words{"标准差", "deviation"};
  if (!may_compare(scope, expr.span, word))
    return std::nullopt;
  PeerUse use;
  use.statistic = peers.kind == ast::PeerKind::percentile ? PeerStatistic::percentile
                  : peers.kind == ast::PeerKind::mean     ? PeerStatistic::mean
                                                          : PeerStatistic::deviation;
  ExprPtr asked;
  if (peers.rank) {
    if (const auto* name = std::get_if<ast::NameRef>(&peers.rank->form)) {
      auto rank = check_rank(scope, *peers.rank, name->name);
      if (!rank)
        return std::nullopt;
      asked = std::make_unique<Expr>(std::move(*rank));
    } else {
      const std::string& digits = std::get<ast::NumberLiteral>(peers.rank->form).digits;
      const auto rank = rank_units(digits);
      if (!rank) {
        report<"percentile_rank">(scope.diagnostics, expr.span, digits);
        return std::nullopt;
      }
      use.rank = *rank;
    }
  }
  use.at_least = static_cast<std::uint32_t>(scope.pack.defaults.percentile_at_least);
  if (peers.at_least) {
    const auto wanted = peers_wanted(*peers.at_least);
    if (!wanted) {
      report<"percentile_peers">(scope.diagnostics, expr.span, *peers.at_least);
      return std::nullopt;
    }
    use.at_least = *wanted;
  }
  auto value = check_compared(scope, *peers.value);
  bool fine = value.has_value();
  std::vector<Expr> lookup;
  // The fields of the group's first visit, which are those of all where they are keys or follow
  // from one; and the keys by their names.
  const bool outer = std::exchange(scope.visit_known, true);
  for (const ast::ExprPtr& each : peers.among) {
    auto key = check_peer_key(scope, *each);
    fine = fine && key;
    if (!key)
      continue;
    Renamed none;
    lookup.push_back(copy(*key, scope.rule, none));
    use.among.push_back(std::move(*key));
  }
  scope.visit_known = outer;
  if (!fine)
    return std::nullopt;
  use.value = std::move(*value);
  return use_of(scope, std::move(use), std::move(lookup), expr.span, std::move(asked));
}

std::optional<Expr> check_peer_key(Scope& scope, const ast::Expr& written) {
  // A key of the group by its bare name.
  const ast::Expr& inner = without_parens(written);
  const auto* name = std::get_if<ast::NameRef>(&inner.form);
  const auto* word = std::get_if<ast::WindowLiteral>(&inner.form);
  const std::string_view text = name ? std::string_view(name->name.text)
                                : word && word->word == ast::WindowWord::month ? "month"
                                                                               : "";
  std::optional<Expr> value;
  for (const GroupKey& key : scope.rule.subject.keys)
    if (!text.empty() && (key.name_en == text || key.name_zh == text)) {
      Renamed none;
      value = copy(key.value, scope.rule, none);
    }
  if (!value)
    value = check_value(scope, written);
  if (!value)
    return std::nullopt;
  const Kind kind = value->type.kind;
  const bool key = kind == Kind::code || kind == Kind::enumeration || kind == Kind::date ||
                   kind == Kind::integer || kind == Kind::boolean || kind == Kind::text;
  if (key && !reads_peers(scope, *value))
    return value;
  const TypeName found = type_name(scope.pack.schema, value->type);
  report<"group_key_type">(scope.diagnostics, written.span, Words{found.zh, found.en});
  return std::nullopt;
}

std::optional<Expr> check_previous(Scope& scope, const ast::Expr& expr, const ast::Call& call) {
  if (!may_compare(scope, expr.span, {"上期", "previous"}))
    return std::nullopt;
  if (call.arguments.size() != 1) {
    report<"percentile_value">(scope.diagnostics, expr.span, Words{"空", "none"});
    return std::nullopt;
  }
  PeerUse use;
  use.statistic = PeerStatistic::same;
  auto value = check_compared(scope, *call.arguments[0]);
  if (!value)
    return std::nullopt;
  use.value = std::move(*value);
  std::vector<Expr> lookup;
  bool shifted = false;
  for (const GroupKey& key : scope.rule.subject.keys) {
    Renamed none, again;
    use.among.push_back(copy(key.value, scope.rule, none));
    Expr before = copy(key.value, scope.rule, again);
    if (before.type.kind == Kind::date && !shifted) {
      const auto* made = std::get_if<Call>(&before.form);
      const bool month = made && made->builtin->name == "month";
      const sanku::Span back = make_span(1, month ? SpanUnit::months : SpanUnit::days);
      auto earlier = apply(scope, {"subtract", "previous", expr.span},
                           list_of(std::move(before),
                                   constant({.kind = Kind::span}, back, place(scope, expr.span))));
      if (!earlier)
        return std::nullopt;
      before = std::move(*earlier);
      shifted = true;
    }
    lookup.push_back(std::move(before));
  }
  if (!shifted) {
    report<"previous_of_what">(scope.diagnostics, expr.span);
    return std::nullopt;
  }
  return use_of(scope, std::move(use), std::move(lookup), expr.span);
}

void check_peer_guards(Scope& scope) {
  const auto told = [&](const Expr& expr) {
    if (reads_peers(scope, expr))
      report<"percentile_nested">(scope.diagnostics, expr.span);
  };
  for (const Guard& guard : scope.rule.guards)
    for_each_child(guard, told);
}

} // namespace sanku::hir
