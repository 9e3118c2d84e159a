// One claim at a time, in process; starting; the peak of memory of whole runs, each a process of
// its own that reads what `sanku generate` writes into its pipe.
#include "bench/run/measurements.h"
#include "bench/run/world.h"
#include "runtime/assemble/assemble.h"
#include "runtime/io/ndjson.h"
#include "runtime/knowledge/registry.h"
#include "tools/engine/describe.h"
#include "tools/engine/start.h"

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
  const pid_t running = start({sanku, "run", "--pack", "bench/packs/first_eighteen", "--in", "-",
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
  const auto national = compile_pack("bench/packs/first_eighteen");
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

namespace {

// Every table of the pack with what its codes are looked up in, and nothing else.
void load_tables(const engine::Rules& rules) {
  const hir::Program& program = engine::program(rules);
  const std::filesystem::path schema = rules.map.files[rules.schema_file].path;
  knowledge::CodeRules codes = knowledge::code_rules(program.schema);
  for (std::uint32_t i = 0; i < program.schema.systems.size(); ++i) {
    const std::string& file = program.schema.systems[i].registry;
    if (file.empty())
      continue;
    auto registry = knowledge::load_registry(schema.parent_path() / file);
    if (!registry)
      stop("cannot read the register " + file);
    codes.registries.emplace(i, std::move(*registry));
  }
  for (const hir::Table& table : program.tables) {
    knowledge::Table loaded;
    if (!knowledge::load(rules.pack.knowledge_folder / table.shape.file, table.shape,
                         program.schema, codes, loaded)
             .empty())
      stop("a table of the pack has a fault");
  }
}

// Everything up to the first settlement.
void start_once(const std::optional<engine::CacheOptions>& cache, std::optional<jit::Level> level) {
  const auto rules = engine::read_rules("bench/packs/first_eighteen");
  if (!rules)
    stop(rules.error().en);
  auto started = engine::start(**rules, {.level = level, .cache = cache});
  if (!started)
    stop(started.error().en);
  (void)engine::make_engine(engine::program(**rules), (*rules)->checked->tables,
                            started->image.get(), {});
}

} // namespace

void measure_start(Bench& bench) {
  const auto rules = engine::read_rules("bench/packs/first_eighteen");
  if (!rules)
    stop(rules.error().en);
  const engine::CacheOptions cache{.folder = bench.folder + "/cache"};
  start_once(cache, jit::Level::optimised); // fills it
  const auto named = [](const char* name) { return Run{.name = name, .unit = "s", .timed = {}}; };
  const std::vector<Run> runs = bench.interleave(
      {named("start_from_cache"), named("load_tables"), named("read_rules_and_tables"),
       named("start_unoptimised"), named("start_optimised")},
      {[&] { start_once(cache, {}); }, [&] { load_tables(**rules); },
       [] {
         if (const auto read = engine::read_rules("bench/packs/first_eighteen"); !read)
           stop(read.error().en);
       },
       [] { start_once({}, jit::Level::none); }, [] { start_once({}, jit::Level::optimised); }});
  bench.value("warm_start_vs_load", runs[0].value_of_all() / runs[1].value_of_all(),
              runs[0].value() >= 0 && runs[1].value() >= 0, {runs[0], runs[1]});
  bench.report.numbers.insert(bench.report.numbers.end(), runs.begin() + 2, runs.end());
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
