// See versions.h.
#include "tools/prove/versions.h"

#include "compiler/hir/print.h"
#include "compiler/hir/walk.h"
#include "compiler/prove/test_block.h"
#include "runtime/exec/finding.h"
#include "tools/prove/asking.h"
#include "tools/prove/unseen.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

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

struct Versions {
  const Replayer &before, &now;
  const Options& options;
  Tables old_tables, new_tables;
  Report report = {};
  Effort spent = {};

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

  Version old_version(std::uint32_t rule) const { return {.tables = old_tables, .rule = rule}; }
  Version new_version(std::uint32_t rule) const { return {.tables = new_tables, .rule = rule}; }

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

  // What a test says of the rule: `violation amount 5.00`.
  static std::string expected_text(const std::string& test, const std::string& id) {
    const std::size_t at = test.rfind(" " + id + " ");
    if (at == std::string::npos)
      return {};
    const std::size_t begin = at + id.size() + 2;
    return test.substr(begin, test.find('\n', begin) - begin);
  }

  std::string told_text(const Replayed& first, const Replayed& second,
                        const std::string& id) const {
    std::string was = outcome_text(first.done[0]), is = outcome_text(second.done[0]);
    if (was == is) {
      was = expected_text(first.text, id);
      is = expected_text(second.text, id);
    }
    return fmt::format(fmt::runtime(options.chinese ? "之前{}，现在{}" : "{} before, {} now"), was,
                       is);
  }

  static std::optional<Int128> taken(const Done& done) {
    Int128 sum = 0;
    for (const evaluate::SubjectOutcome& subject : done.subjects) {
      std::int64_t cents = 0;
      if (subject.finding && !exec::amount_of(*subject.finding, cents))
        return std::nullopt;
      sum += cents;
    }
    return sum;
  }

  // Of what is not computed nobody knows whether it is less.
  static bool takes_less(const Done& before, const Done& now) {
    const auto was = taken(before), is = taken(now);
    return was && is && *is < *was;
  }

  static bool is_looser(const Done& before, const Done& now) {
    if (!before.fired())
      return false;
    if (now.fired())
      return takes_less(before, now);
    return !now.any(abi::Outcome::indeterminate);
  }

  // Whether the claim tells the two apart when it is judged; the text is the new version's. It is
  // shown where it fails on the old one: there are differences that no test can speak of.
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
    if (kind == Kind::loosened && !is_looser(first->done[0], second->done[0]))
      return std::nullopt;
    Finding made = finding(kind, new_rule, answer);
    if (now.passes(second->text) && !before.passes(second->text))
      made.test = second->text;
    made.written = told_text(*first, *second, new_program().rules[new_rule].id);
    if (made.test.empty())
      made.written += options.chinese ? "；测试无法区分" : "; no test can tell them apart";
    return made;
  }

  std::vector<Question> questions(const hir::Rule& old_form, Comparing comparing) const {
    std::vector<Question> all;
    if (comparing == Comparing::overlays) {
      // Where the place of the claim is not known, nobody knows which layer counts: that is no
      // loosening. Nor is a claim let pass on which less is taken of a line.
      all.push_back({.demands = {{.rule = 0, .does = Does::fires},
                                 {.rule = 1, .does = Does::undecided, .not_so = true}},
                     .silent = {1},
                     .same_subject = true});
      all.push_back(
          {.demands = {{.rule = 0, .does = Does::fires}, {.rule = 1, .does = Does::fires}},
           .silent = {},
           .same_subject = true,
           .less = true});
      return all;
    }
    all.push_back({.demands = {{.rule = 0, .does = Does::fires}}, .silent = {1}});
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

  // Claims on which both speak, so that what they say can be compared: by each branch, and by
  // `when unknown`.
  std::vector<Question> both_speak(const hir::Rule& old_form, const hir::Rule& new_form) const {
    const std::size_t count = std::min(old_form.branches.size(), new_form.branches.size());
    std::vector<Question> all;
    Question by_none{
        .demands = {{.rule = 0, .does = Does::fires}, {.rule = 1, .does = Does::fires}},
        .silent = {},
        .same_subject = true};
    for (std::uint32_t branch = 0; branch < count; ++branch) {
      Question both{.demands = {}, .silent = {}, .same_subject = true};
      for (const std::size_t rule : {0u, 1u}) {
        both.demands.push_back({.rule = rule, .does = Does::speaks, .which = branch});
        by_none.demands.push_back(
            {.rule = rule, .does = Does::speaks, .which = branch, .not_so = true});
      }
      all.push_back(std::move(both));
    }
    if (old_form.when_unknown && new_form.when_unknown)
      all.push_back(std::move(by_none));
    return all;
  }

  // No condition tells them apart; what has no terms may.
  Finding by_parts(Session& session, std::uint32_t old_rule, std::uint32_t new_rule,
                   const Answer& none, std::vector<PartDiffers> parts) {
    const auto is = [](Sure sure) {
      return [sure](const PartDiffers& part) { return part.sure == sure; };
    };
    const bool surely = std::ranges::any_of(parts, is(Sure::yes));
    const bool perhaps = std::ranges::any_of(parts, is(Sure::no));
    Finding made = finding(surely    ? Kind::differs
                           : perhaps ? Kind::not_compared
                                     : Kind::equal,
                           new_rule, none);
    if (surely || perhaps)
      for (const Question& question :
           both_speak(old_program().rules[old_rule], new_program().rules[new_rule])) {
        const Answer answer = session.ask(question);
        if (answer.kind != Answer::Kind::found)
          continue;
        if (auto told = told_apart(Kind::differs, old_rule, new_rule, answer)) {
          made = std::move(*told);
          break;
        }
      }
    // Messages, amounts of groups and involved lines have no terms: of rules that do not read the
    // same this is about outcomes, branches and amounts of single lines, and never called a proof.
    made.proved = false;
    made.parts = std::move(parts);
    return made;
  }

  void open(Kind kind, std::uint32_t rule, const Answer& answer) {
    const Why why = answer.kind == Answer::Kind::unknown ? Why::effort
                    : answer.freed.empty()               ? Why::replay
                                                         : Why::form;
    report.open.push_back(
        {.rule = rule, .other = std::nullopt, .kind = kind, .why = why, .forms = answer.freed});
  }

  // What a mandatory rule takes of lines that it names itself has no terms.
  void not_compared(std::uint32_t rule, const std::vector<PartDiffers>& parts) {
    std::set<std::string> forms;
    for (const PartDiffers& part : parts)
      if (part.sure == Sure::no && (part.part == "amount" || part.part == "lines"))
        forms.insert(part.part);
    if (!forms.empty())
      report.open.push_back({.rule = rule,
                             .other = std::nullopt,
                             .kind = Kind::loosened,
                             .why = Why::parts,
                             .forms = std::move(forms)});
  }

  void rule(std::uint32_t old_rule, std::uint32_t new_rule, Comparing comparing) {
    ++report.rules;
    std::vector<PartDiffers> parts =
        unseen(old_version(old_rule), new_version(new_rule), options.chinese);
    const bool versions = comparing == Comparing::versions;
    if (parts.empty() && reads_the_same(old_rule, new_rule)) {
      Answer sure{.kind = Answer::Kind::none, .proved = true};
      if (versions)
        report.findings.push_back(finding(Kind::equal, new_rule, sure));
      return;
    }
    Effort left = effort_of(options.limits);
    Limits limits = options.limits;
    limits.left = &left;
    asked(old_rule, new_rule, comparing, std::move(parts), limits);
    report.by_time = report.by_time || left.by_time || left.microseconds == 0;
    const Effort all = effort_of(options.limits);
    spent.steps += all.steps - left.steps;
    spent.microseconds += all.microseconds - left.microseconds;
  }

  void asked(std::uint32_t old_rule, std::uint32_t new_rule, Comparing comparing,
             std::vector<PartDiffers> parts, const Limits& limits) {
    const hir::Rule& form = old_program().rules[old_rule];
    const bool versions = comparing == Comparing::versions;
    Session session(
        {{.tables = &old_tables, .rule = old_rule}, {.tables = &new_tables, .rule = new_rule}},
        limits);
    const Kind kind = versions ? Kind::differs : Kind::loosened;
    Answer last;
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
          told->parts = std::move(parts);
          report.findings.push_back(std::move(*told));
          return;
        }
      if (answer.kind != Answer::Kind::none) {
        open(kind, new_rule, answer);
        if (versions && std::ranges::any_of(
                            parts, [](const PartDiffers& part) { return part.sure == Sure::yes; }))
          report.findings.push_back(
              by_parts(session, old_rule, new_rule, answer, std::move(parts)));
        return;
      }
      last = std::move(answer);
    }
    if (versions)
      report.findings.push_back(by_parts(session, old_rule, new_rule, last, std::move(parts)));
    else
      not_compared(new_rule, parts);
  }

  bool is_spent(const Sample& which) {
    const bool by_time = spent.microseconds >= which.most_milliseconds * 1000;
    report.by_time = report.by_time || by_time;
    return by_time || spent.steps >= which.most_steps;
  }

  // Null: all of them.
  void all(Comparing comparing, const Sample* which) {
    const auto& rules = new_program().rules;
    std::vector<std::uint32_t> order(rules.size());
    std::iota(order.begin(), order.end(), 0u);
    for (const std::uint32_t now_at : which == nullptr ? order : which->order) {
      if (!options.rules.empty() && !options.rules.contains(now_at))
        continue;
      if (which != nullptr && is_spent(*which))
        break;
      report.examined.insert(now_at);
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

Result<Report> compared(const Replayer& before, const Replayer& now, Comparing comparing,
                        const Options& options, const Sample* which) {
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
  versions.all(comparing, which);
  return std::move(versions.report);
}

} // namespace

Result<Report> compare(const Replayer& before, const Replayer& now, Comparing comparing,
                       const Options& options) {
  return compared(before, now, comparing, options, nullptr);
}

Result<Report> compare(const Replayer& before, const Replayer& now, Comparing comparing,
                       const Options& options, const Sample& which) {
  return compared(before, now, comparing, options, &which);
}

} // namespace sanku::prove
