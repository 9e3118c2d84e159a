// See judging.h.
#include "tools/sanku/judging.h"

#include "tools/engine/remembered.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace sanku::command {
namespace {

constexpr std::uint32_t most_memory = 1u << 20; // MB
constexpr std::uint32_t largest_batch = 1u << 20;

} // namespace

std::optional<Error> fault_in_limits(const Arguments& arguments) {
  if (arguments.threads > most_threads)
    return Error{.en = fmt::format("--threads takes 1 to {}", most_threads),
                 .zh = fmt::format("--threads 的取值为 1 至 {}", most_threads)};
  if (arguments.memory < 1 || arguments.memory > most_memory)
    return Error{.en = fmt::format("--memory takes 1 to {} (MB)", most_memory),
                 .zh = fmt::format("--memory 的取值为 1 至 {}（兆字节）", most_memory)};
  if (arguments.batch < 1 || arguments.batch > largest_batch)
    return Error{.en = fmt::format("--batch takes 1 to {}", largest_batch),
                 .zh = fmt::format("--batch 的取值为 1 至 {}", largest_batch)};
  return std::nullopt;
}

unsigned threads_of(const Arguments& arguments) {
  return arguments.threads != 0 ? arguments.threads : std::min(engine::processors(), most_threads);
}

engine::StartOptions start_options(const Arguments& arguments, const Terminal& terminal) {
  engine::StartOptions options{.cpu = arguments.cpu};
  if (!arguments.level.empty())
    options.level = arguments.level == "none" ? jit::Level::none : jit::Level::optimised;
  if (const auto folder = engine::cache_folder(); folder && !arguments.no_cache)
    options.cache = engine::CacheOptions{.folder = *folder};
  options.warn = [&terminal](const Error& error) { complain(terminal.pick(error)); };
  return options;
}

void tell_started(const engine::Started& started, const hir::Program& program,
                  const Terminal& terminal) {
  if (started.image == nullptr)
    complain(terminal.pick("编译用时超过上限，改为解释执行，运行会慢得多",
                           "compiling takes longer than it may, so the evaluator runs instead, "
                           "which is much slower"));
  for (const std::uint32_t rule : started.too_large)
    complain(terminal.language == Language::zh
                 ? fmt::format("规则 {} 编译后过大，不作优化，运行会较慢", program.rules[rule].id)
                 : fmt::format("rule {} becomes too large to be optimised, so it runs more slowly",
                               program.rules[rule].id));
}

engine::RunPorts claim_ports(ClaimsInput& in) {
  engine::RunPorts ports;
  ports.read = [&in](char* buffer, std::size_t size) { return in.read(buffer, size); };
  if (in.has_chunks())
    ports.next = [&in](io::Chunk& chunk) { return in.next(chunk); };
  if (in.can_rewind())
    ports.rewind = [&in] { return in.rewind(); };
  return ports;
}

Result<std::unique_ptr<history::Store>>
open_history(const std::string& folder, const hir::Program& program, const Terminal& terminal) {
  const auto shape = engine::history_shape(program);
  if (shape)
    return history::Store::open(folder, *shape);
  complain(terminal.pick("规则包中没有看既往的规则，不使用也不更新既往库",
                         "no rule of the pack looks at the past: the history is neither used nor "
                         "extended"));
  return std::unique_ptr<history::Store>();
}

Result<void> known_days(const Arguments& arguments, engine::RunOptions& options) {
  for (const auto& [name, written, day] :
       {std::tuple("--known-since", &arguments.known_since, &options.known_since),
        std::tuple("--known-until", &arguments.known_until, &options.known_until)}) {
    const auto read = read_day(name, *written);
    if (!read)
      return tl::unexpected(read.error());
    *day = *read;
  }
  return {};
}

} // namespace sanku::command
