// One claim at a time, in process; starting; the peak of memory of whole runs, each a process of
// its own that reads what `sanku generate` writes into its pipe.
#include "bench/run/measurements.h"
#include "bench/run/world.h"
#include "runtime/assemble/assemble.h"
#include "runtime/io/ndjson.h"
#include "tools/engine/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sanku::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t claims_count = 2'000;
constexpr std::uint32_t claim_lines = 60;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0, end = 0; at < text.size(); at = end) {
    end = text.find('\n', at) + 1;
    lines.push_back(text.substr(at, end - at));
  }
  return lines;
}

// Parsed, assembled, judged, described.
struct Answering {
  const engine::Engine& made;
  engine::Judge judge;
  io::NdjsonReader reader;
  std::uint64_t findings = 0;

  explicit Answering(const engine::Engine& engine)
      : made(engine), judge(engine), reader(engine.program.schema, engine::dictionaries(engine)) {}

  void answer(const std::string& text) {
    std::vector<io::Reject> rejects;
    io::ReadCounts counts;
    io::Chunk chunk;
    chunk.text = text;
    chunk.first_line = 1;
    const auto full = [&](batch::Batch batch) {
      assemble::assemble(batch, made.program.schema, engine::dictionaries(made),
                         engine::assembly(made));
      const engine::Block block{made.program, batch, engine::dictionaries(made)};
      for (const exec::Finding& finding : judge.judge(batch).findings)
        findings += engine::describe(block, finding, {}).lines.empty() ? 0 : 1;
    };
    reader.read(chunk, 0, 4096, full, rejects, counts);
    if (!rejects.empty())
      stop("a generated record was refused: " + rejects.front().reason_en);
  }
};

extern "C" char** environ;

pid_t start(std::vector<std::string> words, int in, int out) {
  std::vector<char*> arguments;
  for (std::string& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (in >= 0)
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  if (out >= 0)
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  pid_t process = 0;
  if (::posix_spawn(&process, arguments[0], &actions, nullptr, arguments.data(), environ) != 0)
    stop("cannot start " + words[0] + ": build the target sanku first");
  posix_spawn_file_actions_destroy(&actions);
  return process;
}

// MiB at the most, of a run on that many settlements.
double peak_of(const Bench& bench, std::uint64_t settlements) {
  const std::string sanku = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "sanku";
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    stop("cannot make a pipe");
  const pid_t generating = start({sanku, "generate", "--settlements", std::to_string(settlements),
                                  "--violations", "0.01", "--out", "-"},
                                 -1, ends[1]);
  const pid_t running = start({sanku, "run", "--pack", "stdlib-rules/national", "--in", "-",
                               "--out", bench.folder + "/memory.findings.ndjson", "--rejects",
                               bench.folder + "/memory.rejects.ndjson"},
                              ends[0], ::open("/dev/null", O_WRONLY | O_CLOEXEC));
  ::close(ends[0]);
  ::close(ends[1]);
  int status = 0;
  rusage used{};
  ::wait4(running, &status, 0, &used);
  ::waitpid(generating, nullptr, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
    stop("the measured run failed");
  return static_cast<double>(used.ru_maxrss) / 1024;
}

} // namespace

void measure_single_claim(Bench& bench) {
  const ReferenceWorld world = make_reference_world({.work = bench.folder, .settlements = 1});
  const auto national = compile_pack("stdlib-rules/national");
  std::string text;
  append_claims(world.reference, 5, 0, claims_count, text, {.lines = claim_lines});
  const std::vector<std::string> lines = lines_of(text);
  Answering answering(*national->engine);
  std::vector<double> medians;
  std::vector<Run> runs = bench.interleave(
      {{.name = "claims_one_by_one", .unit = "claims/s", .work = claims_count, .timed = {}},
       {.name = "claims_in_a_batch", .unit = "claims/s", .work = claims_count, .timed = {}}},
      {[&] {
         std::vector<double> seconds;
         for (const std::string& line : lines) {
           const auto begin = Clock::now();
           answering.answer(line);
           seconds.push_back(seconds_since(begin));
         }
         medians.push_back(median(seconds));
       },
       [&] { answering.answer(text); }});
  const double batch = static_cast<double>(claims_count) / runs[1].value_of_all();
  runs[0].facts = {{"median_seconds", median(medians)},
                   {"lines", claim_lines},
                   {"findings", static_cast<double>(answering.findings)}};
  bench.value("single_claim_vs_batch",
              median(medians) / (batch / static_cast<double>(claims_count)),
              runs[0].value() >= 0 && runs[1].value() >= 0, runs);
}

void measure_start(Bench& bench) {
  const Run load = bench.time({.name = "read_rules_and_tables", .unit = "s", .timed = {}}, [] {
    if (const auto rules = engine::read_rules("stdlib-rules/national"); !rules)
      stop(rules.error().en);
  });
  const Run cold = bench.time({.name = "start_without_cache", .unit = "s", .timed = {}},
                              [] { (void)compile_pack("stdlib-rules/national"); });
  bench.report.numbers.push_back(load);
  bench.report.numbers.push_back(cold);
  bench.skip("warm_start_vs_load", "the engine keeps no compiled code between runs yet; "
                                   "start_without_cache among the numbers says what a start takes");
}

void measure_memory(Bench& bench) {
  constexpr std::uint64_t wanted = 10'000'000;
  const std::uint64_t many = bench.memory_settlements;
  const double large = peak_of(bench, many), small = peak_of(bench, many / 10);
  const auto run = [](const char* name, double settlements, double peak) {
    return Run{.name = name,
               .unit = "MiB",
               .timed = {.seconds = {peak, peak, peak}, .all = {peak}},
               .facts = {{"settlements", settlements}}};
  };
  const std::vector<Run> runs = {run("peak", static_cast<double>(many), large),
                                 run("peak_of_a_tenth", static_cast<double>(many / 10), small)};
  // Fewer settlements than the target names say nothing about it.
  bench.value("memory_10m_mib", large, many == wanted, runs);
  bench.value("memory_10m_vs_1m", large / small, many == wanted, runs);
}

} // namespace sanku::bench
