// What lies beyond one visit: the person's other visits and their lists, and rules on groups across
// visits, which are put together from a grammar of their own because no visit's names stand in
// them. See generator.h.
#include "tests/differential/generator.h"

#include <fmt/format.h>

#include <set>

namespace sanku::differential {

std::string Generator::past_window() {
  constexpr const char* windows[] = {"3 days",        "0 days",         "2 days",     "1 month",
                                     "2 years",       "30 hours",       "90 minutes", "same day",
                                     "same hour",     "same visit",     "month",      "quarter",
                                     "calendar year", "insurance year", "lifetime"};
  return random_.of(windows);
}

std::string Generator::past() {
  const bool later = shape_.post && random_.chance(35);
  const std::string name = later                ? (random_.chance(70) ? "later" : "后续")
                           : random_.chance(65) ? (random_.chance(70) ? "history" : "既往")
                                                : (random_.chance(70) ? "timeline" : "病程");
  return fmt::format("{}({})", name, past_window());
}

// The visits themselves.
MadeList Generator::visits() {
  return {.piece = past(), .relation = 0, .table = {}, .plain = true};
}

// A list of each of them, or of one that has a name.
MadeList Generator::list_of_each(std::uint32_t relation) {
  const schema::Names& names = world_.schema().relations[relation].names;
  std::string base = past();
  for (const Element& each : scope_.elements)
    if (!each.table && each.relation == 0 && !each.name.empty() && !(scope_.guard && each.match) &&
        random_.chance(50))
      base = each.name;
  const std::string member = random_.chance(70) ? "." + names.en : "的" + names.zh;
  return {.piece = base + member, .relation = relation, .table = {}, .plain = true};
}

namespace {

// Conditions on a visit or a line of a group, and numbers of them.
struct OfElement {
  const char* condition;
  const char* number;
};
constexpr OfElement of_visit[] = {
    {"x.is_inpatient", "x.total"},
    {"x.patient.sex = female", "x.self_paid"},
    {"any(d in x.diagnoses where d.is_main)", "x.fund_paid"},
    {"x.provider = group.first.provider", "x.total - x.self_paid"},
    {"x.date >= 2026-03-01", "sum(i in x.items take i.amount)"},
    {"count(x.items) > 1", "x.total"},
};
constexpr OfElement of_line[] = {
    {"x.amount > 10 yuan", "x.amount"},
    {"x.date = group.first.date", "x.quantity"},
    {"known x.code", "x.quantity * 2"},
};

} // namespace

Piece Generator::population_rule(const std::string& id) {
  const bool lines = random_.chance(35);
  constexpr const char* visit_keys[] = {"provider",           "patient",       "provider.level",
                                        "m = month(settled)", "day(admitted)", "kind",
                                        "attending",          "d = date",      "patient.sex"};
  constexpr const char* line_keys[] = {"code",    "provider",        "date",
                                       "patient", "m = month(date)", "list_type"};
  const OfElement& of = lines ? random_.of(of_line) : random_.of(of_visit);
  const std::string elements = lines                ? "group.items"
                               : random_.chance(70) ? "group.settlements"
                                                    : "组的结算单";
  std::set<std::string> keys;
  const std::int64_t wanted = random_.between(1, 3);
  while (static_cast<std::int64_t>(keys.size()) < wanted)
    keys.insert(lines ? random_.of(line_keys) : random_.of(visit_keys));
  Piece piece = join("rule ", id, " “随机分组”", " {\n  ",
                     random_.chance(30) ? "category policy  " : "", "stage post\n  on ",
                     lines                ? "all items"
                     : random_.chance(60) ? "settlements"
                                          : "结算单",
                     " by ", fmt::format("{}", fmt::join(keys, ", ")), "\n");
  const std::string where = random_.chance(60)
                                ? fmt::format("x in {} where {}", elements, of.condition)
                                : fmt::format("x in {}", elements);
  constexpr const char* folds[] = {"sum", "max", "min"};
  piece.parts.push_back(Piece(random_.chance(60) ? fmt::format("  let v = {}({} take {})\n",
                                                               random_.of(folds), where, of.number)
                                                 : fmt::format("  let v = count({})\n", where)));
  if (random_.chance(30))
    piece.parts.push_back(
        optional(Piece(fmt::format("  provided any(x in {} where {})\n", elements, of.condition))));
  std::vector<std::string> conditions{
      fmt::format("none({})", where), "v > 1 yuan or known v",
      fmt::format("count(distinct(x in {} take x.date)) > 1", elements)};
  // Elements by the value of another.
  constexpr const char* line_values[] = {"code", "amount", "name", "date", "at"};
  constexpr const char* visit_values[] = {"patient.id", "total", "provider", "admitted",
                                          "main_diagnosis_code"};
  const std::string value = lines ? random_.of(line_values) : random_.of(visit_values);
  const std::string less = lines ? "quantity" : "fund_paid";
  conditions.push_back(
      random_.chance(50)
          ? fmt::format("any(a in {0}, b in {0} where a.{1} = b.{1} and a.{2} < b.{2})", elements,
                        value, less)
          : fmt::format(
                "sum(a in {0} where any(b in {0} where b.{1} = a.{1} and b.{2} > 1{3}) take "
                "1) > 1",
                elements, value, less, lines ? "" : " yuan"));
  const bool month = keys.contains("m = month(settled)") || keys.contains("m = month(date)");
  const bool day =
      keys.contains("d = date") || keys.contains("date") || keys.contains("day(admitted)");
  const std::string among = random_.chance(50)   ? "provider.level"
                            : random_.chance(50) ? "provider, patient.sex"
                            : month              ? "m"
                                                 : "provider";
  constexpr const char* statistics[] = {"percentile(50 of v)",
                                        "percentile(97.5 of v)",
                                        "percentile(1 of v)",
                                        "percentile(q1 of v)",
                                        "分位(秩乙 之 v)",
                                        "分位(100 之 v)",
                                        "mean(v)",
                                        "deviation(v)"};
  // What overlays change is one value for visits of one region only.
  const std::string statistic =
      !lines && random_.chance(20)
          ? (random_.chance(50) ? "percentile(q0 of v)" : "分位(秩甲 之 v)")
          : random_.of(statistics);
  std::string peers =
      fmt::format("{} among {}{}", statistic, among, random_.chance(60) ? " at least 1" : "");
  if ((month || day) && random_.chance(40))
    peers = random_.chance(70) ? "previous(v)" : "上期(v)";
  conditions.push_back(fmt::format("v >= ({})", peers));
  conditions.push_back(fmt::format("known ({})", peers));
  Piece condition(random_.of(conditions));
  if (random_.chance(40))
    condition = join("(", std::move(condition), random_.chance(50) ? ") and (" : ") or (",
                     Piece(random_.of(conditions)), ")");
  const std::uint64_t kind = random_.below(4);
  const std::string report =
      kind == 0   ? "indicator v"
      : kind == 1 ? "lead"
      : lines     ? "suspected on group.items beyond first 2 of quantity"
      : kind == 2 ? "suspected on those(i in group.settlements.items where i.quantity > 1)"
                  : "reminder involving group.settlements.items";
  const std::string message = random_.chance(50) ? fmt::format(" {{v}} {{{}}}", peers)
                                                 : std::string(" {count(x in ") + elements + ")}";
  piece.parts.push_back(
      join("  when ", std::move(condition), "\n  report ", report, " \"第", message, " 项\"\n"));
  if (random_.chance(25))
    piece.parts.push_back(optional(Piece("  when unknown report lead \"{missing}\"\n")));
  piece.parts.emplace_back("}\n");
  return piece;
}

} // namespace sanku::differential
