// See prove.h.
#include "tools/sanku/prove.h"

#include "tools/prove/analyse.h"
#include "tools/prove/generate.h"
#include "tools/prove/report.h"
#include "tools/prove/versions.h"

#include <fmt/format.h>

#include <cstdio>

namespace sanku::command {
namespace {

Result<prove::Options> options_of(const Scope& scope, const Arguments& arguments,
                                  const std::string& rule, const Terminal& terminal) {
  prove::Options options;
  options.chinese = terminal.language == Language::zh;
  options.limits.most.lines = arguments.lines;
  options.limits.most.visits = arguments.visits;
  options.limits.effort = prove::effort_of(arguments.seconds);
  options.limits.milliseconds = prove::milliseconds_of(arguments.seconds);
  const hir::Program& program = engine::program(*scope.rules);
  for (std::uint32_t i = 0; i < program.rules.size(); ++i)
    if (rule.empty() ? !scope.files.empty() && scope.files.contains(program.rules[i].span.file)
                     : program.rules[i].id == rule)
      options.rules.insert(i);
  if (!rule.empty() && options.rules.empty())
    return failure(fmt::format("the pack has no rule `{}`", rule),
                   fmt::format("规则包中没有规则“{}”", rule));
  if (terminal.err_is_terminal)
    options.progress = [](std::size_t done, std::size_t of) {
      fmt::print(stderr, "\r\033[K{} / {}{}", done, of, done == of ? "\r\033[K" : "");
      (void)std::fflush(stderr);
    };
  return options;
}

// What lies below overlays, by itself.
Result<std::unique_ptr<engine::Rules>> below(const Scope& scope, engine::ReadOptions reading) {
  reading.overlays.clear();
  return engine::read_rules(scope.rules->layers.front().folder, reading);
}

struct Proving {
  const Arguments& arguments;
  const engine::ReadOptions& reading;
  const Terminal& terminal;
  std::string out = {};
  std::uint64_t conflicts = 0;

  void add(const prove::Report& report, const engine::Rules& rules) {
    conflicts += prove::conflicts(report);
    out += arguments.format == "json" ? prove::json(report, rules)
                                      : prove::text(report, rules, terminal.language);
  }

  Result<prove::Report> compared(const engine::Rules& before, const prove::Replayer& now,
                                 prove::Comparing comparing, const prove::Options& options) {
    if (!engine::is_ready(before))
      return failure("the pack that is compared with has mistakes; `sanku check` lists them",
                     "所比较的规则包有错误；请用 sanku check 查看");
    const auto replayer = prove::Replayer::make(before);
    if (!replayer)
      return tl::unexpected(replayer.error());
    return prove::compare(**replayer, now, comparing, options);
  }

  Result<void> scope(const Scope& scope) {
    const auto options = options_of(scope, arguments, arguments.rule, terminal);
    if (!options)
      return tl::unexpected(options.error());
    const auto replayer = prove::Replayer::make(*scope.rules);
    if (!replayer)
      return tl::unexpected(replayer.error());
    if (!arguments.against.empty()) {
      engine::ReadOptions other = reading;
      const auto before = engine::read_rules(arguments.against, other);
      if (!before)
        return tl::unexpected(before.error());
      // A rule that was renamed is the same rule.
      const engine::Renames renamed = engine::renames(**before, *scope.rules);
      engine::rename(**before, renamed);
      auto report = compared(**before, **replayer, prove::Comparing::versions, *options);
      if (!report)
        return tl::unexpected(report.error());
      report->renamed = renamed;
      add(*report, *scope.rules);
      return {};
    }
    prove::Report report = prove::analyse(**replayer, *options);
    if (scope.rules->layers.size() > 1) {
      const auto base = below(scope, reading);
      if (!base)
        return tl::unexpected(base.error());
      const auto loosened = compared(**base, **replayer, prove::Comparing::overlays, *options);
      if (!loosened)
        return tl::unexpected(loosened.error());
      report.findings.insert(report.findings.end(), loosened->findings.begin(),
                             loosened->findings.end());
      report.open.insert(report.open.end(), loosened->open.begin(), loosened->open.end());
    }
    add(report, *scope.rules);
    return {};
  }
};

} // namespace

int prove_rules(const std::vector<Scope>& scopes, const Arguments& arguments,
                const engine::ReadOptions& reading, const Terminal& terminal) {
  Proving proving{.arguments = arguments, .reading = reading, .terminal = terminal};
  for (const Scope& scope : scopes)
    if (const auto done = proving.scope(scope); !done)
      return fail(done.error(), terminal, exit_code::usage);
  const bool wrong = arguments.strict && proving.conflicts != 0;
  return print(proving.out, terminal, wrong ? exit_code::findings : exit_code::clean);
}

int generate_tests(const std::vector<Scope>& scopes, const Arguments& arguments,
                   const Terminal& terminal) {
  std::string out;
  for (const Scope& scope : scopes) {
    const auto options = options_of(scope, arguments, arguments.rule, terminal);
    if (!options)
      return fail(options.error(), terminal, exit_code::usage);
    const auto replayer = prove::Replayer::make(*scope.rules);
    if (!replayer)
      return fail(replayer.error(), terminal, exit_code::own_fault);
    const prove::Generated made = prove::generate(**replayer, *options);
    out += made.text;
    complain(
        terminal.language == Language::zh
            ? fmt::format("{} 个测试；已有的 {} 个未重复，{} 处没有答案", made.tests, made.known,
                          made.open)
            : fmt::format("{} tests; {} that there were are not repeated, {} questions without "
                          "an answer",
                          made.tests, made.known, made.open));
  }
  return print(out, terminal, exit_code::clean);
}

} // namespace sanku::command
