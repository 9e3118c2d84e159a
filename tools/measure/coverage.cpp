// See coverage.h: what watch.cpp saw, as goals.
#include "tools/measure/coverage.h"

#include "compiler/hir/walk.h"
#include "tools/engine/test_data.h"
#include "tools/measure/watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace sanku::measure {
namespace {

using abi::Outcome;
using source::Span;

constexpr std::array<MeasureWords, measure_count> names = {{
    {"outcomes", "结果", "outcomes"},
    {"branches", "分支", "branches"},
    {"conditions", "条件", "conditions"},
    {"unknowns", "条件不明", "unknown conditions"},
    {"parameters", "参数", "parameters"},
    {"dates", "日期", "dates"},
    {"models", "模型", "models"},
    {"articles", "依据", "articles"},
    {"leaves", "模型叶", "model leaves"},
    {"rows", "知识行", "knowledge rows"},
}};

struct Pair {
  std::string_view zh, en;
};
constexpr Pair way_words(Way way) {
  switch (way) {
  case Way::yes:
    return {"成立", "holds"};
  case Way::no:
    return {"不成立", "does not hold"};
  case Way::unknown:
    break;
  }
  return {"不明", "unknown"};
}
constexpr std::array<std::pair<Outcome, Pair>, 4> outcome_words = {{
    {Outcome::fired, {"触发", "fired"}},
    {Outcome::clear, {"未触发", "clear"}},
    {Outcome::not_applicable, {"不适用", "not applicable"}},
    {Outcome::indeterminate, {"无法判定", "indeterminate"}},
}};

// A parameter's value, over all rules.
struct ParamSeen {
  bool compared = false;
  const hir::Test *at_bound = nullptr, *used = nullptr;
};

struct Maker {
  const Rules& rules;
  const hir::Program& program;
  const std::set<std::uint32_t>& files;
  Coverage made = {};
  Seen seen = {};
  std::map<std::pair<std::uint32_t, std::uint32_t>, ParamSeen> params = {}; // and its value
  std::set<std::uint32_t> asked_tables = {}, asked_models = {};

  void goal(Measure measure, std::optional<std::uint32_t> rule, Span span, Pair what, Pair way,
            std::uint64_t tests, const hir::Test* by) {
    made.goals.push_back({.measure = measure,
                          .rule = rule,
                          .span = span,
                          .zh = std::string(what.zh),
                          .en = std::string(what.en),
                          .way_zh = std::string(way.zh),
                          .way_en = std::string(way.en),
                          .tests = tests,
                          .by = by});
  }

  // ---- of a rule

  void outcomes(std::uint32_t rule, const Parts& parts, const Watched& watched) {
    const hir::Rule& of = program.rules[rule];
    const Span span = written(rules, of).id.span;
    const bool undecided = std::ranges::any_of(parts.conditions, &Condition::can_be_unknown) ||
                           of.subject.kind == hir::SubjectKind::group;
    for (const auto& [outcome, words] : outcome_words) {
      const auto first = watched.outcomes.find(outcome);
      const bool came = first != watched.outcomes.end();
      const bool wanted = outcome == Outcome::not_applicable  ? parts.has_guards
                          : outcome == Outcome::indeterminate ? undecided
                                                              : true;
      // A rule that says something of everything it applies to is never clear.
      const bool always = outcome == Outcome::clear &&
                          std::ranges::any_of(of.branches, [](const hir::Branch& branch) {
                            const auto* constant = std::get_if<hir::Constant>(&branch.when.form);
                            return constant != nullptr && !branch.report.stands;
                          });
      const RuleCover& cover = watched.cover;
      const std::uint64_t tests = outcome == Outcome::fired           ? cover.fired
                                  : outcome == Outcome::clear         ? cover.clear
                                  : outcome == Outcome::indeterminate ? cover.indeterminate
                                                                      : cover.not_applicable;
      if (came || (wanted && !(always && of.matches.empty())))
        goal(Measure::outcomes, rule, span, {of.id, of.id}, words, tests,
             came ? first->second : nullptr);
    }
  }

  void branches(std::uint32_t rule, const Watched& watched) {
    const hir::Rule& of = program.rules[rule];
    for (std::size_t i = 0; i < of.branches.size(); ++i)
      goal(Measure::branches, rule, of.branches[i].report.span,
           {fmt::format("分支 {}", i + 1), fmt::format("branch {}", i + 1)}, {"触发", "fired"},
           watched.branches[i].first, watched.branches[i].second);
    if (of.when_unknown)
      goal(Measure::branches, rule, of.when_unknown->span, {"不明时", "when unknown"},
           {"触发", "fired"}, watched.branches.back().first, watched.branches.back().second);
  }

  void conditions(std::uint32_t rule, const Parts& parts, const Watched& watched) {
    for (std::size_t i = 0; i < parts.conditions.size(); ++i)
      for (const Way way : ways) {
        const Condition& of = parts.conditions[i];
        const Went& went = watched.conditions[i][static_cast<std::size_t>(way)];
        if (way == Way::unknown && !of.can_be_unknown && went.tests == 0)
          continue;
        goal(way == Way::unknown ? Measure::unknowns : Measure::conditions, rule, of.span,
             {of.zh, of.en}, way_words(way), went.tests, went.shown);
      }
  }

  void edges(std::uint32_t rule, const Parts& parts, const Watched& watched) {
    for (std::size_t i = 0; i < parts.edges.size(); ++i) {
      const Edge& of = parts.edges[i];
      const std::string day = date_text(of.day);
      for (const Way way : {Way::yes, Way::no}) {
        const Went& went = watched.edges[i][static_cast<std::size_t>(way)];
        const bool after = (way == Way::yes) == of.begins;
        const Pair side =
            of.begins ? (after ? Pair{"该日起", "from that day on"} : Pair{"该日前", "before"})
                      : (after ? Pair{"该日后", "after"} : Pair{"至该日", "until that day"});
        goal(Measure::dates, rule, of.span,
             {fmt::format("{}（{}）", of.zh, day), fmt::format("{} ({})", of.en, day)}, side,
             went.tests, went.shown);
      }
    }
  }

  void note_params(const Parts& parts, const Watched& watched) {
    for (const auto& [expr, values] : parts.used)
      for (const hir::Constant::OfParam& each : values) {
        ParamSeen& of = params[{each.param, each.value}];
        const auto found = watched.used.find(expr);
        if (of.used == nullptr && found != watched.used.end())
          of.used = found->second;
      }
    for (const auto& [expr, values] : parts.compared)
      for (const hir::Constant::OfParam& each : values) {
        ParamSeen& of = params[{each.param, each.value}];
        of.compared = true;
        const auto found = watched.at_bound.find({expr, each.param, each.value});
        if (of.at_bound == nullptr && found != watched.at_bound.end())
          of.at_bound = found->second;
      }
  }

  void note_asked(const hir::Rule& rule) {
    const auto lists = static_cast<hir::RelationId>(program.schema.relations.size());
    for (const hir::RelationId relation : rule.binder_relations)
      if (relation >= lists)
        asked_tables.insert(relation - lists);
    hir::for_each_part(rule, [&](const hir::Expr& part) {
      if (const auto* in = std::get_if<hir::InTable>(&part.form))
        asked_tables.insert(in->table);
      if (const auto* score = std::get_if<hir::ScoreOf>(&part.form))
        asked_models.insert(score->model);
    });
  }

  void of_rule(std::uint32_t rule, const hir::CheckedSchema& schema,
               const std::vector<const hir::Test*>& tests) {
    const Parts parts = parts_of(rules, rule);
    const Watched watched = watch(rules, schema, parts, rule, tests, seen);
    outcomes(rule, parts, watched);
    branches(rule, watched);
    conditions(rule, parts, watched);
    edges(rule, parts, watched);
    note_params(parts, watched);
    note_asked(program.rules[rule]);
    made.unread += watched.unread;
    made.rules.push_back(watched.cover);
  }

  // ---- of the pack

  void parameters() {
    for (const auto& [number, of] : params) {
      const hir::Param& param = program.params[number.first];
      const hir::ParamValue& value = param.values[number.second];
      const std::string since = value.from ? " " + date_text(*value.from) : "";
      const std::string zh = param.names.zh + since, en = param.names.en + since;
      if (of.compared)
        goal(Measure::parameters, std::nullopt, value.span, {zh, en}, {"恰为界限", "at its bound"},
             of.at_bound != nullptr, of.at_bound);
      else
        goal(Measure::parameters, std::nullopt, value.span, {zh, en}, {"用到", "used"},
             of.used != nullptr, of.used);
    }
  }

  void articles() {
    struct Article {
      Span span;
      const hir::Test* by = nullptr;
      std::uint64_t rules = 0;
    };
    std::map<std::pair<std::string, std::string>, Article> all;
    for (const RuleCover& cover : made.rules) {
      const hir::Rule& rule = program.rules[cover.rule];
      const ast::Rule& ast = written(rules, rule);
      const auto fired = std::ranges::find_if(made.goals, [&](const Goal& goal) {
        return goal.measure == Measure::outcomes && goal.rule == cover.rule &&
               goal.way_en == outcome_words[0].second.en;
      });
      for (std::size_t i = 0; i < rule.bases.size(); ++i) {
        Article& of = all[{rule.bases[i].source_title, rule.bases[i].place}];
        if (of.rules++ == 0)
          of.span = ast.bases[i].source.span;
        if (of.by == nullptr && fired != made.goals.end())
          of.by = fired->by;
      }
    }
    for (const auto& [name, of] : all) {
      const std::string what = name.second.empty() ? name.first : name.first + " " + name.second;
      goal(Measure::articles, std::nullopt, of.span, {what, what},
           {"有触发的规则", "a rule of it fired"}, of.by != nullptr, of.by);
    }
  }

  void unused_sources() {
    std::set<std::string> named;
    for (const hir::Rule& rule : program.rules)
      for (const hir::Basis& basis : rule.bases)
        named.insert(basis.source_title);
    for (const auto& file : rules.checked->files)
      for (const ast::Decl& decl : file->decls)
        if (const auto* source = std::get_if<ast::Source>(&decl);
            source != nullptr && !named.contains(source->title))
          made.unused.push_back({.span = source->span, .title = source->title});
  }

  void tables() {
    for (const std::uint32_t table : asked_tables) {
      const hir::Table& of = program.tables[table];
      const SeenRows& rows = seen.rows[table];
      made.shares.push_back({.measure = Measure::rows,
                             .span = of.span,
                             .names = of.shape.relation.names,
                             .all = rules.checked->tables[table].rows.size(),
                             .reached = rows.own.size(),
                             .given = rows.given.size()});
      if (!of.shape.valid_from)
        continue;
      const schema::Names& table_names = of.shape.relation.names;
      const auto side = [&](Pair way, bool reached) {
        goal(Measure::dates, std::nullopt, of.span,
             {fmt::format("{} 的行的有效期", table_names.zh),
              fmt::format("days of rows of {}", table_names.en)},
             way, reached, nullptr);
        made.goals.back().reached = reached;
      };
      const auto some = [&](std::optional<std::uint32_t> column) {
        return std::ranges::any_of(
            rules.checked->tables[table].rows,
            [&](const std::vector<Value>& cells) { return is_known(cells[*column]); });
      };
      // Without a day in any row there is nothing to be on a side of.
      const bool begins = some(of.shape.valid_from), ends = some(of.shape.valid_to);
      if (begins)
        side({"之前", "before"}, rows.before);
      if (begins || ends)
        side({"之内", "inside"}, rows.inside);
      if (ends)
        side({"之后", "after"}, rows.after);
    }
  }

  void models() {
    for (const std::uint32_t model : asked_models) {
      const hir::Model& of = program.models[model];
      if (!of.trained || of.trained->linear) {
        if (!of.trained)
          scorecard(of, seen.points[model]);
        continue;
      }
      std::uint64_t leaves = 0;
      for (const models::Tree& tree : of.trained->trees)
        leaves += static_cast<std::uint64_t>(
            std::ranges::count(tree.nodes, models::Test::leaf, &models::Node::test));
      made.shares.push_back({.measure = Measure::leaves,
                             .span = of.span,
                             .names = of.names,
                             .all = leaves,
                             .reached = seen.leaves[model].size()});
    }
  }

  void scorecard(const hir::Model& of, const std::vector<std::set<double>>& points) {
    for (std::size_t i = 0; i < of.inputs.size(); ++i)
      for (const std::size_t other : {0, 1}) {
        goal(Measure::models, std::nullopt, of.span,
             {fmt::format("{}：{}", of.names.zh, of.inputs[i].zh),
              fmt::format("{}: {}", of.names.en, of.inputs[i].en)},
             other == 0 ? Pair{"一种分值", "one value"} : Pair{"另一种分值", "another value"}, 0,
             nullptr);
        made.goals.back().reached = i < points.size() && points[i].size() > other;
      }
  }

  void add_up() {
    for (Goal& goal : made.goals)
      goal.reached = goal.reached || goal.by != nullptr;
    for (const Goal& goal : made.goals) {
      Tally& tally = made.tallies[static_cast<std::size_t>(goal.measure)];
      ++tally.all;
      tally.reached += goal.reached;
    }
    for (const Share& share : made.shares) {
      Tally& tally = made.tallies[static_cast<std::size_t>(share.measure)];
      tally.all += share.all;
      tally.reached += share.reached;
    }
    for (std::size_t i = 0; i < measure_count; ++i)
      if (counts(static_cast<Measure>(i))) {
        made.whole.all += made.tallies[i].all;
        made.whole.reached += made.tallies[i].reached;
      }
    std::ranges::stable_sort(made.goals, {}, [](const Goal& goal) {
      return std::tuple(goal.span.file, goal.span.begin, goal.span.end);
    });
    std::ranges::sort(made.shares, {}, [](const Share& share) {
      return std::tuple(share.span.file, share.span.begin);
    });
  }
};

} // namespace

const MeasureWords& words_of(Measure measure) { return names[static_cast<std::size_t>(measure)]; }

std::uint32_t per_cent(const Tally& tally) {
  return tally.all == 0 ? 10'000 : static_cast<std::uint32_t>(tally.reached * 10'000 / tally.all);
}

Coverage coverage(const Rules& rules, const std::set<std::uint32_t>& files) {
  Maker maker{.rules = rules, .program = engine::program(rules), .files = files};
  const hir::CheckedSchema schema = engine::schema_names(rules);
  const auto tests = tests_by_rule(rules, files);
  for (std::uint32_t rule = 0; rule < tests.size(); ++rule) {
    const hir::Rule& of = maker.program.rules[rule];
    if (files.empty() ? engine::is_named(rules, of.layer) : files.contains(of.span.file))
      maker.of_rule(rule, schema, tests[rule]);
  }
  maker.parameters();
  maker.articles();
  maker.unused_sources();
  maker.tables();
  maker.models();
  maker.add_up();
  return std::move(maker.made);
}

} // namespace sanku::measure
