// sanku outcomes: what reviews made of findings.
#include "tools/outcomes/outcomes.h"

#include "tools/pack/source.h"
#include "tools/sanku/command.h"
#include "tools/sanku/input.h"
#include "tools/sanku/judging.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

namespace sanku::command {
namespace {

constexpr std::uint64_t most_policy = 1u << 20;

std::optional<Error> fault_in(const Arguments& arguments) {
  if (arguments.findings.empty() || (arguments.verdicts.empty() && arguments.ledger.empty()))
    return Error{.en = "needs --findings FILE, and --verdicts FILE or --ledger FILE",
                 .zh = "需要 --findings 疑点，以及 --verdicts 结论 或 --ledger 台账"};
  if (!arguments.format.empty() && arguments.format != "table" && arguments.format != "json")
    return Error{.en = "--format takes table or json", .zh = "--format 的取值为 table 或 json"};
  return std::nullopt;
}

// What is not there was named wrongly; what is there was refused.
int cannot_read(const std::string& path) {
  std::error_code failed;
  return path == "-" || std::filesystem::exists(path, failed) ? exit_code::refused
                                                              : exit_code::usage;
}

struct Job {
  const Arguments& arguments;
  const Terminal& terminal;
  outcomes::Ledger ledger = {};
  io::RejectsWriter rejects;
  std::string fresh = {}; // lines that the ledger file lacks
  std::uint64_t added = 0, repeated = 0, refused = 0;

  // `file`: the name that rejects carry.
  [[nodiscard]] Result<void> read(const std::string& path, bool is_ledger) {
    return outcomes::read_verdicts(path, {.take =
                                              [&](const outcomes::Verdict& verdict, std::uint64_t) {
                                                const bool is_new = ledger.add(verdict);
                                                if (is_ledger)
                                                  return;
                                                (is_new ? added : repeated) += 1;
                                                if (is_new)
                                                  fresh += outcomes::to_json(verdict) + '\n';
                                              },
                                          .reject =
                                              [&](const io::Reject& reject) {
                                                ++refused;
                                                complain(terminal.pick(reject_text(path, reject)));
                                                io::Reject named = reject;
                                                named.file = path;
                                                return rejects.write(named);
                                              }});
  }
  // The exit code.
  [[nodiscard]] int read_all() {
    std::error_code failed;
    if (!arguments.ledger.empty() && std::filesystem::exists(arguments.ledger, failed))
      if (const auto done = read(arguments.ledger, true); !done)
        return fail(done.error(), terminal, exit_code::refused);
    for (const std::string& path : arguments.verdicts)
      if (const auto done = read(path, false); !done)
        return fail(done.error(), terminal, cannot_read(path));
    if (const auto done = rejects.finish(); !done)
      return fail(done.error(), terminal, exit_code::refused_by_system);
    if (!arguments.ledger.empty() && !fresh.empty())
      if (const auto done = outcomes::append(arguments.ledger, fresh); !done)
        return fail(done.error(), terminal, exit_code::refused_by_system);
    return exit_code::clean;
  }
};

} // namespace

int outcomes(const Arguments& arguments, const Terminal& terminal) {
  if (const auto fault = fault_in(arguments))
    return fail(*fault, terminal, exit_code::usage);
  outcomes::Policy policy;
  if (!arguments.policy.empty()) {
    const auto text = pack::read_whole(arguments.policy, most_policy);
    const auto read = text ? outcomes::read_policy(*text, arguments.policy)
                           : Result<outcomes::Policy>(tl::unexpected(text.error()));
    if (!read)
      return fail(read.error(), terminal, exit_code::usage);
    policy = *read;
  }
  const std::string& named =
      arguments.verdicts.empty() ? arguments.ledger : arguments.verdicts.front();
  Job job{.arguments = arguments,
          .terminal = terminal,
          .rejects = io::RejectsWriter(arguments.rejects.empty()
                                           ? input_name(named, true) + ".rejects.ndjson"
                                           : arguments.rejects)};
  if (const int failed = job.read_all(); failed != exit_code::clean)
    return failed;
  engine::Renames renamed;
  if (!arguments.pack.empty()) {
    const auto rules = ready_rules(arguments.pack, arguments, terminal);
    if (!rules)
      return exit_code::refused;
    renamed = engine::renames(*rules);
  }
  outcomes::Join join(job.ledger, std::move(renamed));
  for (const std::string& path : arguments.findings)
    if (const auto done = join.read(path); !done)
      return fail(done.error(), terminal, cannot_read(path));
  const outcomes::Outcomes found = join.take();
  const outcomes::Told told{.outcomes = found,
                            .policy = policy,
                            .added = job.added,
                            .repeated = job.repeated,
                            .superseded = job.ledger.size() - found.verdicts,
                            .rejected = job.refused};
  const int code = job.ledger.size() == 0 && job.refused != 0   ? exit_code::refused
                   : outcomes::demotions(found, policy).empty() ? exit_code::clean
                                                                : exit_code::findings;
  return print(arguments.format == "json" ? outcomes::report_json(told)
                                          : outcomes::report_text(told, terminal.language),
               terminal, code);
}

} // namespace sanku::command
