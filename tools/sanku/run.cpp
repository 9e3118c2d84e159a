// sanku run: claims in, findings out.
#include "tools/engine/run.h"

#include "tools/engine/layout.h"
#include "tools/engine/remembered.h"
#include "tools/engine/start.h"
#include "tools/engine/summary.h"
#include "tools/engine/write.h"
#include "tools/sanku/answers.h"
#include "tools/sanku/command.h"
#include "tools/sanku/judging.h"
#include "tools/sanku/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

namespace sanku::command {
namespace {

namespace fs = std::filesystem;

// The first thing that is wrong with what was asked, if any.
std::optional<Error> fault_in(const Arguments& arguments) {
  const auto one_of = [](const std::string& value,
                         std::initializer_list<std::string_view> allowed) {
    return value.empty() || std::ranges::find(allowed, value) != allowed.end();
  };
  if (arguments.pack.empty() || arguments.in.empty())
    return Error{.en = "needs --pack DIR --in FILE (or - for standard input)",
                 .zh = "需要 --pack 规则包 --in 文件（- 表示标准输入）"};
  if (!one_of(arguments.format, {"ndjson", "csv", "table", "3101"}))
    return Error{.en = "--format takes ndjson, csv, table or 3101",
                 .zh = "--format 的取值为 ndjson、csv、table 或 3101"};
  if (!one_of(arguments.in_format, {"ndjson", "csv", "skb", "parquet"}))
    return Error{.en = "--in-format takes ndjson, csv, skb or parquet",
                 .zh = "--in-format 的取值为 ndjson、csv、skb 或 parquet"};
  if (arguments.bom && arguments.format != "csv")
    return Error{.en = "--bom goes with --format csv", .zh = "--bom 只与 --format csv 同用"};
  if (!one_of(arguments.engine, {"jit", "evaluator"}))
    return Error{.en = "--engine takes jit or evaluator",
                 .zh = "--engine 的取值为 jit 或 evaluator"};
  if (!one_of(arguments.level, {"none", "optimised"}))
    return Error{.en = "--level takes none or optimised",
                 .zh = "--level 的取值为 none 或 optimised"};
  if (const auto fault = fault_in_limits(arguments))
    return fault;
  std::error_code failed;
  if (!arguments.out.empty() && arguments.out != "-" &&
      fs::equivalent(arguments.in, arguments.out, failed))
    return Error{.en = "--out names the same file as --in", .zh = "--out 与 --in 是同一个文件"};
  return std::nullopt;
}

// Beside the findings, else in the current folder: `claims.rejects.ndjson`.
std::string rejects_path(const Arguments& arguments) {
  if (!arguments.rejects.empty())
    return arguments.rejects;
  const bool beside =
      !arguments.out.empty() && arguments.out != "-" && !arguments.out.starts_with("/dev/");
  const fs::path folder = beside ? fs::path(arguments.out).parent_path() : fs::path();
  return (folder / (input_name(arguments.in, true) + ".rejects.ndjson")).string();
}

engine::Format format_of(const Arguments& arguments, bool on_terminal) {
  if (arguments.format == "csv")
    return engine::Format::csv;
  if (arguments.format == "3101")
    return engine::Format::reply;
  if (arguments.format == "table" || (arguments.format.empty() && on_terminal))
    return engine::Format::table;
  return engine::Format::ndjson;
}

// What stands before the first finding.
std::string head_of(const engine::RunOptions& options, bool bom) {
  std::string head = bom ? "\xEF\xBB\xBF" : "";
  if (options.format == engine::Format::table)
    engine::append_table_head(head, options.language);
  if (options.format == engine::Format::csv)
    engine::append_csv_head(head);
  return head;
}

struct Job {
  const Arguments& arguments;
  const Terminal& terminal;
  const engine::Rules& rules;
  engine::RunOptions options;
  bool to_file = false; // findings go to a file, so that stdout is free for the summary
  double compile_seconds = 0, bind_seconds = 0;

  [[nodiscard]] int run(const engine::Engine& made);
  [[nodiscard]] int close(const engine::RunSummary& summary) const;
  void tell_rejects(const engine::RunSummary& summary) const;
};

int Job::run(const engine::Engine& made) {
  int code = exit_code::clean;
  auto in = ClaimsInput::open(arguments, engine::program(rules).schema, terminal, code);
  if (!in)
    return code;
  auto out = io::OutputFile::create(to_file ? arguments.out : "-");
  if (!out)
    return fail(out.error(), terminal, exit_code::refused_by_system);
  io::RejectsWriter rejects(rejects_path(arguments));
  ProgressLine line(terminal, input_name(arguments.in, false), in->size(), rejects_path(arguments));
  // Also a file without findings has a head, so that it is known for what it is.
  const std::string head = head_of(options, arguments.bom);
  if (auto written = out->write(head); !written)
    return fail(written.error(), terminal, exit_code::refused_by_system);
  const bool shares_terminal = !to_file && terminal.out_is_terminal;
  engine::RunPorts ports = claim_ports(*in);
  bool could_write = true;
  ports.write = [&](std::string_view text) {
    Result<void> written = out->write(text);
    could_write = written.has_value();
    return written;
  };
  ports.reject = [&](const io::Reject& reject) { return rejects.write(reject); };
  // Findings that scroll on the same terminal and a bar would write over each other.
  if (!shares_terminal)
    ports.progress = [&](const engine::Progress& progress) { line.show(progress); };
  const auto summary = engine::run(made, options, ports);
  line.clear();
  if (!summary)
    return fail(summary.error(), terminal,
                in->is_blocks() && could_write ? exit_code::refused : exit_code::refused_by_system);
  if (const auto& reject = summary->stopped_at)
    return fail(reject_text(arguments.in, *reject), terminal, exit_code::refused);
  if (options.answers != nullptr)
    for (const io::Reject& reject : tell_answers(*options.answers, arguments.answers, {}, terminal))
      if (auto written = rejects.write(reject); !written)
        return fail(written.error(), terminal, exit_code::refused_by_system);
  if (auto finished = rejects.finish(); !finished)
    return fail(finished.error(), terminal, exit_code::refused_by_system);
  if (auto finished = out->finish(); !finished)
    return fail(finished.error(), terminal, exit_code::refused_by_system);
  return close(*summary);
}

void Job::tell_rejects(const engine::RunSummary& summary) const {
  if (summary.account.rejected == 0)
    return;
  const std::string count = engine::count_text(summary.account.rejected);
  complain(terminal.language == Language::zh
               ? fmt::format("{} 条记录被拒收，原因见 {}", count, rejects_path(arguments))
               : fmt::format("{} {} rejected; the reasons are in {}", count,
                             summary.account.rejected == 1 ? "record was" : "records were",
                             rejects_path(arguments)));
}

// The summary goes where it cannot be taken for findings.
int Job::close(const engine::RunSummary& summary) const {
  tell_rejects(summary);
  const engine::SummaryContext context{.program = engine::program(rules),
                                       .pack = options.pack,
                                       .language = terminal.language,
                                       .threads = options.threads,
                                       .compile_seconds = compile_seconds,
                                       .bind_seconds = bind_seconds};
  int code = total(summary).findings == 0 ? exit_code::clean : exit_code::findings;
  if (summary.account.evaluated == 0 && summary.account.rejected != 0)
    code = exit_code::refused;
  const bool people =
      options.format == engine::Format::table || to_file || terminal.out_is_terminal;
  std::string text;
  if (arguments.stats && people)
    text =
        '\n' + engine::summary_text(summary, context) + '\n' + engine::speed_text(summary, context);
  else if (arguments.stats)
    text = engine::stats_json(summary, context);
  else if (options.format == engine::Format::table)
    text = '\n' + engine::summary_text(summary, context);
  else if (to_file || terminal.err_is_terminal)
    text = engine::closing_line(summary, terminal.language);
  if (to_file)
    return print(text, terminal, code);
  (void)std::fwrite(text.data(), 1, text.size(), stderr);
  return code;
}

} // namespace

int run(const Arguments& arguments, const Terminal& terminal) {
  if (const auto fault = fault_in(arguments))
    return fail(*fault, terminal, exit_code::usage);
  const auto rules = ready_rules(arguments.pack, arguments, terminal);
  if (!rules)
    return exit_code::usage;
  const hir::Program& program = engine::program(*rules);
  Job job{.arguments = arguments, .terminal = terminal, .rules = *rules, .options = {}};
  job.to_file = !arguments.out.empty() && arguments.out != "-";
  // Where findings go through a pipe, stderr stays silent.
  if (job.to_file || terminal.err_is_terminal)
    tell_folder(*rules, terminal);
  job.options = {.threads = threads_of(arguments),
                 .batch = arguments.batch,
                 .format = format_of(arguments, !job.to_file && terminal.out_is_terminal),
                 .language = terminal.language,
                 .places = arguments.places,
                 .identities = arguments.identities,
                 .strict = arguments.strict,
                 .pack = engine::label(*rules),
                 .memory = std::size_t{arguments.memory} << 20};
  if (const auto known = known_days(arguments, job.options); !known)
    return fail(known.error(), terminal, exit_code::usage);
  int code = exit_code::clean;
  const auto answers = open_answers(arguments, *rules, terminal, code);
  if (code != exit_code::clean)
    return code;
  job.options.answers = answers.get();
  std::unique_ptr<history::Store> history;
  if (!arguments.history.empty()) {
    auto opened = open_history(arguments.history, program, terminal);
    if (!opened)
      return fail(opened.error(), terminal, exit_code::refused);
    history = std::move(*opened);
    job.options.history = history.get();
  }
  engine::EngineOptions options{
      .kind =
          arguments.engine == "evaluator" ? engine::EngineKind::evaluator : engine::EngineKind::jit,
      .level = arguments.level == "none" ? jit::Level::none : jit::Level::optimised,
      .use_index = !arguments.no_index};
  engine::Started started;
  if (options.kind == engine::EngineKind::jit) {
    auto made = engine::start(*rules, start_options(arguments, terminal));
    if (!made)
      return fail(made.error(), terminal, exit_code::own_fault);
    started = std::move(*made);
    if (started.image == nullptr)
      options.kind = engine::EngineKind::evaluator;
    tell_started(started, program, terminal);
  }
  const auto made =
      engine::make_engine(program, rules->checked->tables, started.image.get(), options);
  job.compile_seconds = started.seconds;
  job.bind_seconds = made->bind_seconds;
  return job.run(*made);
}

} // namespace sanku::command
