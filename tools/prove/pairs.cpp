// Pairs of rules (asking.h). Most pairs are told apart by the claims that were found for each
// alone; only those that are not are asked about. Lines that two rules take are asked about in one
// world for all rules that are about single lines.
#include "compiler/prove/test_block.h"
#include "tools/prove/asking.h"

#include <fmt/format.h>

#include <algorithm>

namespace sanku::prove {

std::optional<Replayed> Asking::replay(const Claim& claim, const std::vector<std::uint32_t>& rules,
                                       const std::string& zh, const std::string& en) const {
  ast::Test test = given_of(claim, program(), options.chinese);
  for (const std::uint32_t rule : rules)
    test.title += (test.title.empty() ? ""
                   : options.chinese  ? "、"
                                      : ", ") +
                  title_of(program().rules[rule], options.chinese);
  test.title += (options.chinese ? "：" : ": ") + (options.chinese ? zh : en);
  return replayer.replay(std::move(test), rules, options.chinese);
}

namespace {

using Did = std::map<std::uint32_t, std::vector<bool>>; // by the rule of the claim, by rule

// What every rule does on the claims of all others.
Did on_all_claims(const Asking& asking) {
  Did did;
  for (const auto& [rule, claim] : asking.claims)
    did[rule] = on_claim(asking, rule, claim);
  return did;
}

constexpr std::size_t few_kinds = 3; // of rows of each table

struct Pairs {
  Asking& asking;
  Report& report;

  Answer only(Session& session, std::size_t fires) {
    return session.ask({.demands = {{.rule = fires, .does = Does::fires}},
                        .silent = {1 - fires},
                        .minimal = false});
  }

  void same(std::uint32_t a, std::uint32_t b) {
    Session session({{.tables = &asking.tables, .rule = a}, {.tables = &asking.tables, .rule = b}},
                    asking.options.pairs_alone ? asking.alone() : asking.limits(a));
    Answer last;
    for (const std::size_t fires : {0u, 1u}) {
      last = only(session, fires);
      if (last.kind == Answer::Kind::found && last.freed.empty())
        return;
      if (last.kind != Answer::Kind::none) {
        report.open.push_back({.rule = a,
                               .other = b,
                               .kind = Kind::together,
                               .why = last.freed.empty() ? Why::effort : Why::form,
                               .forms = last.freed});
        return;
      }
    }
    const auto replayed =
        asking.replay(asking.claims.at(a), {a, b}, "总是一起触发", "always fire together");
    if (!replayed || !replayed->done[0].fired() || !replayed->done[1].fired())
      return;
    report.findings.push_back({.kind = Kind::together,
                               .rule = a,
                               .other = b,
                               .branch = std::nullopt,
                               .span = std::nullopt,
                               .written = {},
                               .test = replayed->text,
                               .bound = last.bound,
                               .proved = last.proved,
                               .limited = last.limited});
  }

  // Rules that take money of the line that they are about.
  bool takes_its_line(const hir::Rule& rule) const {
    const auto lines = schema::line_relation(asking.program().schema);
    if (rule.subject.kind != hir::SubjectKind::element || rule.subject.relation != lines ||
        !rule.matches.empty())
      return false;
    return std::ranges::any_of(rule.branches, [](const hir::Branch& branch) {
      return std::holds_alternative<hir::OwnLine>(branch.report.on) &&
             !std::holds_alternative<hir::AmountUnknown>(branch.report.amount) &&
             (branch.report.severity == ast::Severity::violation ||
              branch.report.severity == ast::Severity::suspected);
    });
  }

  bool over(const Replayed& replayed) const {
    std::map<std::uint32_t, std::int64_t> taken; // by row
    for (const Done& done : replayed.done)
      for (const evaluate::SubjectOutcome& subject : done.subjects)
        if (subject.finding)
          for (const exec::FindingLine& line : subject.finding->lines)
            if (line.role == exec::LineRole::offending && line.amount_known && line.amount > 0)
              taken[line.row] += 1;
    return std::ranges::any_of(taken, [](const auto& each) { return each.second > 1; });
  }

  void overlaps() {
    std::vector<std::uint32_t> rules;
    for (const auto& [rule, claim] : asking.claims)
      if (takes_its_line(asking.program().rules[rule]))
        rules.push_back(rule);
    if (rules.size() < 2)
      return;
    std::vector<RuleIn> in;
    for (const std::uint32_t rule : rules)
      in.push_back({.tables = &asking.tables, .rule = rule});
    Limits limits = asking.options.limits;
    limits.most = {.lines = 1, .visits = 1, .rows = 1};
    limits.kinds = limits.most_kinds = few_kinds;
    Effort left;
    limits.left = &left;
    Session session(in, limits);
    for (std::size_t a = 0; a + 1 < rules.size(); ++a) {
      std::vector<std::size_t> others;
      for (std::size_t b = a + 1; b < rules.size(); ++b)
        others.push_back(b);
      // Many rules stand in one world; the first to be asked about pays for making it.
      Effort& own = *asking.limits(rules[a]).left;
      left = own;
      const std::vector<Meeting> all = session.meetings(a, others);
      own = left;
      for (const Meeting& met : all)
        overlap(rules[a], rules[met.other], met.answer);
      if (asking.options.progress)
        asking.options.progress(a + 2, rules.size());
    }
  }

  // Any claim says that two rules meet; the smallest one is shown.
  void overlap(std::uint32_t a, std::uint32_t b, Answer answer) {
    const auto open = [&](Why why) {
      report.open.push_back(
          {.rule = a, .other = b, .kind = Kind::overlap, .why = why, .forms = answer.freed});
    };
    if (answer.kind != Answer::Kind::found)
      return open(Why::effort);
    // As few kinds of rows as were enough to find that they meet.
    Limits limits = asking.limits(a);
    limits.most = {.lines = 1, .visits = 1, .rows = 1};
    limits.kinds = limits.most_kinds = few_kinds;
    Session alone({{.tables = &asking.tables, .rule = a}, {.tables = &asking.tables, .rule = b}},
                  limits);
    Answer smallest = alone.ask(both_take(0, 1, true));
    const bool shown = smallest.kind == Answer::Kind::found;
    if (shown)
      answer = std::move(smallest);
    const auto replayed =
        asking.replay(*answer.claim, {a, b}, "同一明细重复计入", "take the same line");
    if (!replayed || !over(*replayed))
      return open(answer.freed.empty() ? Why::replay : Why::form);
    // Where the limit of the first rule is spent, the claim of all rules' world is no small one.
    report.findings.push_back({.kind = Kind::overlap,
                               .rule = a,
                               .other = b,
                               .branch = std::nullopt,
                               .span = std::nullopt,
                               .written = {},
                               .test = shown ? replayed->text : std::string(),
                               .bound = answer.bound,
                               .proved = false,
                               .limited = answer.limited});
  }
};

} // namespace

std::vector<bool> on_claim(const Asking& asking, std::uint32_t rule, const Claim& claim) {
  ast::Test test = given_of(claim, asking.program(), false);
  test.of.push_back({.text = asking.program().rules[rule].id, .span = {}});
  return asking.replayer.fired(test);
}

void ask_same(Asking& asking, std::uint32_t a, std::uint32_t b, Report& report) {
  Pairs{.asking = asking, .report = report}.same(a, b);
}

void pairs(Asking& asking, Report& report) {
  Pairs pairs{.asking = asking, .report = report};
  const Did did = on_all_claims(asking);
  for (const auto& [a, by_a] : did)
    for (const auto& [b, by_b] : did)
      if (a < b && by_a[b] && by_b[a])
        pairs.same(a, b);
  pairs.overlaps();
}

} // namespace sanku::prove
