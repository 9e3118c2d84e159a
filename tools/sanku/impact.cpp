// sanku impact: what changes for claims when one pack takes the place of another.
#include "tools/impact/impact.h"

#include "tools/engine/layout.h"
#include "tools/impact/report.h"
#include "tools/sanku/command.h"
#include "tools/sanku/judging.h"
#include "tools/sanku/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <list>
#include <system_error>

namespace sanku::command {
namespace {

constexpr std::size_t examples = 100;

std::optional<Error> fault_in(const Arguments& arguments) {
  if (arguments.paths.size() != 2 || arguments.in.empty())
    return Error{.en = "needs OLD NEW --in DATA: two packs, and the claims to compare them on",
                 .zh = "需要 原规则包 新规则包 --in 结算单"};
  if (!arguments.format.empty() && arguments.format != "table" && arguments.format != "json")
    return Error{.en = "--format takes table or json", .zh = "--format 的取值为 table 或 json"};
  std::error_code failed;
  for (const std::string* file : {&arguments.out, &arguments.html})
    if (!file->empty() && std::filesystem::equivalent(arguments.in, *file, failed))
      return Error{.en = "what is written names the same file as --in",
                   .zh = "要写出的文件与 --in 是同一个文件"};
  if (!arguments.out.empty() && arguments.out == arguments.html)
    return Error{.en = "--out and --html name the same file", .zh = "--out 与 --html 是同一个文件"};
  return fault_in_limits(arguments);
}

// A side, with the overlays of both and its own.
std::unique_ptr<engine::Rules> side_of(const Arguments& arguments, std::size_t side,
                                       const Terminal& terminal) {
  Arguments own = arguments;
  const auto& more = side == 0 ? arguments.old_overlays : arguments.new_overlays;
  own.overlays.insert(own.overlays.end(), more.begin(), more.end());
  return ready_rules(arguments.paths[side], own, terminal);
}

struct Job {
  const Arguments& arguments;
  const Terminal& terminal;
  impact::Options options = {};
  int code = exit_code::clean;
  std::list<ClaimsInput> inputs = {}; // each outlives its ports
  std::unique_ptr<ProgressLine> line = {};
  std::uint64_t rejected = 0;
  std::unique_ptr<io::RejectsWriter> rejects = {};

  [[nodiscard]] std::string rejects_path() const {
    return arguments.rejects.empty() ? input_name(arguments.in, true) + ".rejects.ndjson"
                                     : arguments.rejects;
  }

  // Each reading opens the claims anew; what is refused is written once.
  [[nodiscard]] Result<engine::RunPorts> open(const schema::Schema& schema) {
    if (!inputs.empty() && arguments.in == "-")
      return failure("the packs have different schemas, so the claims are read twice; name a file",
                     "两个规则包的结算单结构不同，结算单须读两遍，请给出文件");
    auto opened = ClaimsInput::open(arguments, schema, terminal, code);
    if (!opened)
      return failure("", "");
    ClaimsInput& in = inputs.emplace_back(std::move(*opened));
    line = std::make_unique<ProgressLine>(terminal, input_name(arguments.in, false), in.size(),
                                          rejects_path());
    rejects = std::make_unique<io::RejectsWriter>(rejects_path());
    engine::RunPorts ports = claim_ports(in);
    ports.reject = [this](const io::Reject& reject) { return rejects->write(reject); };
    ports.progress = [this](const engine::Progress& progress) { line->show(progress); };
    return ports;
  }

  [[nodiscard]] int run();
  [[nodiscard]] int close(const impact::Impact& impact) const;
};

int Job::run() {
  auto before = side_of(arguments, 0, terminal);
  auto after = before ? side_of(arguments, 1, terminal) : nullptr;
  if (!before || !after)
    return exit_code::usage;
  for (const engine::Rules* rules : {before.get(), after.get()})
    tell_folder(*rules, terminal);
  std::optional<io::OutputFile> list;
  if (!arguments.out.empty()) {
    auto made = io::OutputFile::create(arguments.out);
    if (!made)
      return fail(made.error(), terminal, exit_code::refused_by_system);
    list.emplace(std::move(*made));
  }
  auto impact = impact::run(
      std::move(before), std::move(after), options,
      [this](const schema::Schema& schema) { return open(schema); },
      [&](std::string_view text) { return list ? list->write(text) : Result<void>(); });
  if (line)
    line->clear();
  if (!impact) {
    if (code != exit_code::clean) // told when the claims were opened
      return code;
    return fail(impact.error(), terminal,
                !inputs.empty() && inputs.back().is_blocks() ? exit_code::refused
                                                             : exit_code::refused_by_system);
  }
  if (const auto& reject = impact->summary.stopped_at)
    return fail(reject_text(arguments.in, *reject), terminal, exit_code::refused);
  if (auto finished = rejects->finish(); !finished)
    return fail(finished.error(), terminal, exit_code::refused_by_system);
  if (list)
    if (auto finished = list->finish(); !finished)
      return fail(finished.error(), terminal, exit_code::refused_by_system);
  return close(*impact);
}

int Job::close(const impact::Impact& impact) const {
  const engine::Account& account = impact.summary.account;
  if (account.rejected != 0)
    complain(terminal.language == Language::zh
                 ? fmt::format("{} 条记录被拒收，原因见 {}", engine::count_text(account.rejected),
                               rejects_path())
                 : fmt::format("{} {} rejected; the reasons are in {}",
                               engine::count_text(account.rejected),
                               account.rejected == 1 ? "record was" : "records were",
                               rejects_path()));
  if (!arguments.html.empty())
    if (const int failed =
            write_file(arguments.html, impact::page(impact, terminal.language), terminal);
        failed != exit_code::clean)
      return failed;
  const bool none = account.evaluated == 0 && account.rejected != 0;
  return print(arguments.format == "json" ? impact::json(impact)
                                          : impact::text(impact, terminal.language),
               terminal, none ? exit_code::refused : exit_code::clean);
}

} // namespace

int impact(const Arguments& arguments, const Terminal& terminal) {
  if (const auto fault = fault_in(arguments))
    return fail(*fault, terminal, exit_code::usage);
  Job job{.arguments = arguments, .terminal = terminal};
  job.options.start = start_options(arguments, terminal);
  job.options.engine.use_index = !arguments.no_index;
  job.options.engine.kind =
      arguments.engine == "evaluator" ? engine::EngineKind::evaluator : engine::EngineKind::jit;
  job.options.started = [&](const engine::Started& started, const hir::Program& program) {
    tell_started(started, program, terminal);
  };
  job.options.run = {.threads = threads_of(arguments),
                     .batch = arguments.batch,
                     .language = terminal.language,
                     .identities = arguments.identities,
                     .strict = arguments.strict,
                     .memory = std::size_t{arguments.memory} << 20};
  job.options.examine = {
      .list = !arguments.out.empty(), .identities = arguments.identities, .examples = examples};
  if (const auto known = known_days(arguments, job.options.run); !known)
    return fail(known.error(), terminal, exit_code::usage);
  return job.run();
}

} // namespace sanku::command
