// See versions.h.
#include "tools/prove/versions.h"

#include "compiler/hir/print.h"
#include "compiler/hir/walk.h"
#include "compiler/prove/test_block.h"
#include "tools/prove/asking.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::prove {
namespace {

bool same_schema(const schema::Schema& a, const schema::Schema& b) {
  const auto same_column = [](const schema::Column& x, const schema::Column& y) {
    return x.path.en == y.path.en && x.type == y.type && x.optional == y.optional &&
           x.role == y.role;
  };
  const auto same_relation = [&](const schema::Relation& x, const schema::Relation& y) {
    return x.names.en == y.names.en && x.nonempty == y.nonempty &&
           std::ranges::equal(x.columns, y.columns, same_column);
  };
  const auto same_enum = [](const schema::EnumType& x, const schema::EnumType& y) {
    return x.names.en == y.names.en &&
           std::ranges::equal(
               x.members, y.members, {}, [](const schema::EnumMember& m) { return m.names.en; },
               [](const schema::EnumMember& m) { return m.names.en; });
  };
  return std::ranges::equal(a.relations, b.relations, same_relation) &&
         std::ranges::equal(a.enums, b.enums, same_enum) && a.systems.size() == b.systems.size();
}

// The tables that a rule looks into.
std::set<hir::TableId> tables_of(const hir::Program& program, const hir::Rule& rule) {
  std::set<hir::TableId> used;
  const auto lists = program.schema.relations.size();
  for (const hir::RelationId relation : rule.binder_relations)
    if (relation >= lists)
      used.insert(static_cast<hir::TableId>(relation - lists));
  hir::for_each_part(rule, [&](const hir::Expr& part) {
    if (const auto* in = std::get_if<hir::InTable>(&part.form))
      used.insert(in->table);
  });
  return used;
}

bool same_rows(const Tables& a, hir::TableId x, const Tables& b, hir::TableId y) {
  const auto same_cells = [](const std::vector<Value>& one, const std::vector<Value>& other) {
    return std::ranges::equal(one, other,
                              [](const Value& v, const Value& w) { return same(v, w); });
  };
  return a.shape(x).relation.names.en == b.shape(y).relation.names.en &&
         std::ranges::equal(a.table(x).rows, b.table(y).rows, same_cells);
}

struct Versions {
  const Replayer &before, &now;
  const Options& options;
  Tables old_tables, new_tables;
  Report report = {};

  const hir::Program& old_program() const { return engine::program(before.rules()); }
  const hir::Program& new_program() const { return engine::program(now.rules()); }

  // Read the same, over the same rows: nothing can tell them apart.
  bool reads_the_same(std::uint32_t old_rule, std::uint32_t new_rule) const {
    const hir::Rule &a = old_program().rules[old_rule], &b = new_program().rules[new_rule];
    if (hir::dump(old_program(), a) != hir::dump(new_program(), b))
      return false;
    const auto x = tables_of(old_program(), a), y = tables_of(new_program(), b);
    return std::ranges::equal(x, y, [&](hir::TableId one, hir::TableId other) {
      return same_rows(old_tables, one, new_tables, other);
    });
  }

  Finding finding(Kind kind, std::uint32_t rule, const Answer& answer) const {
    return {.kind = kind,
            .rule = rule,
            .other = std::nullopt,
            .branch = std::nullopt,
            .span = std::nullopt,
            .written = {},
            .test = {},
            .bound = answer.bound,
            .proved = answer.proved,
            .limited = answer.limited};
  }

  std::string outcome_text(const Done& done) const {
    switch (done.outcome()) {
    case abi::Outcome::fired:
      return options.chinese ? "触发" : "fired";
    case abi::Outcome::indeterminate:
      return options.chinese ? "无法判定" : "indeterminate";
    case abi::Outcome::clear:
      return options.chinese ? "未触发" : "clear";
    case abi::Outcome::not_applicable:
      break;
    }
    return options.chinese ? "不适用" : "not applicable";
  }

  // Whether the claim tells the two apart when it is judged; the text is the new version's.
  std::optional<Finding> told_apart(Kind kind, std::uint32_t old_rule, std::uint32_t new_rule,
                                    const Answer& answer) const {
    const auto test = [&] {
      ast::Test made = given_of(*answer.claim, new_program(), options.chinese);
      made.title = title_of(new_program().rules[new_rule], options.chinese) +
                   (options.chinese ? "：两个版本不同" : ": the versions differ");
      return made;
    };
    const auto first = before.replay(test(), {old_rule}, options.chinese);
    const auto second = now.replay(test(), {new_rule}, options.chinese);
    if (!first || !second)
      return std::nullopt;
    // The texts name what came of it: severity, amount, what is missing.
    if (first->text == second->text)
      return std::nullopt;
    if (kind == Kind::loosened && !(first->done[0].fired() && !second->done[0].fired()))
      return std::nullopt;
    Finding made = finding(kind, new_rule, answer);
    made.test = second->text;
    made.written =
        fmt::format(fmt::runtime(options.chinese ? "之前{}，现在{}" : "{} before, {} now"),
                    outcome_text(first->done[0]), outcome_text(second->done[0]));
    return made;
  }

  std::vector<Question> questions(const hir::Rule& old_form, Comparing comparing) const {
    std::vector<Question> all;
    all.push_back({.demands = {{.rule = 0, .does = Does::fires}}, .silent = {1}});
    if (comparing == Comparing::overlays)
      return all;
    all.push_back({.demands = {{.rule = 1, .does = Does::fires}}, .silent = {0}});
    for (const Does does : {Does::undecided, Does::exempt, Does::clear})
      all.push_back(
          {.demands = {{.rule = 0, .does = does}, {.rule = 1, .does = does, .not_so = true}},
           .silent = {},
           .same_subject = true});
    for (std::uint32_t branch = 0; branch < old_form.branches.size(); ++branch)
      all.push_back(
          {.demands = {{.rule = 0, .does = Does::speaks, .which = branch},
                       {.rule = 1, .does = Does::speaks, .which = branch, .not_so = true}},
           .silent = {},
           .same_subject = true});
    // What is said of the same line, and how much is taken of it.
    all.push_back({.demands = {{.rule = 0, .does = Does::fires}, {.rule = 1, .does = Does::fires}},
                   .silent = {},
                   .same_subject = true,
                   .differ = true});
    return all;
  }

  void rule(std::uint32_t old_rule, std::uint32_t new_rule, Comparing comparing) {
    ++report.rules;
    const hir::Rule& form = old_program().rules[old_rule];
    if (reads_the_same(old_rule, new_rule)) {
      Answer sure{.kind = Answer::Kind::none, .proved = true};
      if (comparing == Comparing::versions)
        report.findings.push_back(finding(Kind::equal, new_rule, sure));
      return;
    }
    Session session(
        {{.tables = &old_tables, .rule = old_rule}, {.tables = &new_tables, .rule = new_rule}},
        options.limits);
    const Kind kind = comparing == Comparing::versions ? Kind::differs : Kind::loosened;
    Answer last;
    bool sure = true;
    const auto& branches = new_program().rules[new_rule].branches;
    for (const Question& question : questions(form, comparing)) {
      const bool has_branch = std::ranges::all_of(question.demands, [&](const Demand& demand) {
        return demand.rule == 0 || demand.does != Does::speaks || demand.which < branches.size();
      });
      if (!has_branch)
        continue;
      Answer answer = session.ask(question);
      if (answer.kind == Answer::Kind::found)
        if (auto told = told_apart(kind, old_rule, new_rule, answer)) {
          report.findings.push_back(std::move(*told));
          return;
        }
      if (answer.kind != Answer::Kind::none) {
        sure = false;
        const Why why = answer.kind == Answer::Kind::unknown ? Why::effort
                        : answer.freed.empty()               ? Why::replay
                                                             : Why::form;
        report.open.push_back({.rule = new_rule,
                               .other = std::nullopt,
                               .kind = kind,
                               .why = why,
                               .forms = answer.freed});
        break;
      }
      last = std::move(answer);
    }
    // Messages, amounts of groups and involved lines have no terms: of rules that do not read the
    // same this is about outcomes, branches and amounts of single lines, and never called a proof.
    last.proved = false;
    if (sure && comparing == Comparing::versions)
      report.findings.push_back(finding(Kind::equal, new_rule, last));
  }

  void all(Comparing comparing) {
    const auto& rules = new_program().rules;
    for (std::uint32_t now_at = 0; now_at < rules.size(); ++now_at) {
      if (!options.rules.empty() && !options.rules.contains(now_at))
        continue;
      const auto found = std::ranges::find(old_program().rules, rules[now_at].id, &hir::Rule::id);
      if (found == old_program().rules.end()) {
        if (comparing == Comparing::versions)
          report.only_now.push_back(rules[now_at].id);
        continue;
      }
      if (comparing == Comparing::overlays && !found->mandatory)
        continue;
      rule(static_cast<std::uint32_t>(found - old_program().rules.begin()), now_at, comparing);
      if (options.progress)
        options.progress(now_at + 1, rules.size());
    }
    if (comparing == Comparing::versions)
      for (const hir::Rule& old : old_program().rules)
        if (std::ranges::find(rules, old.id, &hir::Rule::id) == rules.end())
          report.only_before.push_back(old.id);
  }
};

} // namespace

Result<Report> compare(const Replayer& before, const Replayer& now, Comparing comparing,
                       const Options& options) {
  const hir::Program &old_program = engine::program(before.rules()),
                     &new_program = engine::program(now.rules());
  if (!same_schema(old_program.schema, new_program.schema))
    return failure(
        "the two packs read claims by different schemas, so that no claim is one of both",
        "两个规则包所用的结算结构不同，无法以同一张结算单比较");
  Versions versions{.before = before,
                    .now = now,
                    .options = options,
                    .old_tables = Tables(old_program, before.rules().checked->tables),
                    .new_tables = Tables(new_program, now.rules().checked->tables)};
  versions.new_tables.stand_beside(versions.old_tables);
  versions.report.limits = options.limits;
  versions.report.compared = true;
  versions.all(comparing);
  return std::move(versions.report);
}

} // namespace sanku::prove
