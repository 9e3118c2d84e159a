// Groups beside their peers: `percentile(95 of share) among provider.level, month`, `mean(…)`,
// `deviation(…)`, and `previous(share)`, the same group one period before. Which value each group
// has and who its peers are is written into the rule; what comes of it both executions look up.
// Tested by tests/cases/populations.
#include "compiler/hir/scope.h"
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

Expr use_of(Scope& scope, PeerUse use, std::vector<Expr> lookup, Span at) {
  const Type from = use.value.type;
  const Type type = statistic_type(use.statistic, from);
  use.more_scale = type.scale - (from.kind == Kind::integer ? 0u : from.scale);
  const auto number = static_cast<std::uint32_t>(scope.rule.peers.size());
  scope.rule.peers.push_back(std::move(use));
  return Expr{type, place(scope, at), PeersOf{number, std::move(lookup)}};
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
  if (peers.kind == ast::PeerKind::percentile) {
    const auto rank = rank_units(peers.rank);
    if (!rank) {
      report<"percentile_rank">(scope.diagnostics, expr.span, peers.rank);
      return std::nullopt;
    }
    use.rank = *rank;
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
  return use_of(scope, std::move(use), std::move(lookup), expr.span);
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
