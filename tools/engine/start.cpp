// See start.h.
#include "tools/engine/start.h"

#include "compiler/codegen/codegen.h"
#include "runtime/types/check.h"
#include "tools/engine/stopwatch.h"

#include <fmt/format.h>

#include <cstring>
#include <link.h>
#include <stop_token>

namespace sanku::engine {
namespace {

struct BuildIds {
  std::string ids;
  bool of_program = false; // the first object is the program itself
  bool is_first = true;
};

// The build id of the program or of LLVM, if it has one. No other object decides which code is
// made.
int add_build_id(dl_phdr_info* object, std::size_t, void* to) {
  auto& found = *static_cast<BuildIds*>(to);
  const bool counts = found.is_first || std::strstr(object->dlpi_name, "libLLVM") != nullptr;
  for (int i = 0; counts && i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = object->dlpi_phdr[i];
    if (part.p_type != PT_NOTE)
      continue;
    const char* at = reinterpret_cast<const char*>(object->dlpi_addr + part.p_vaddr);
    const char* const end = at + part.p_memsz;
    while (at + sizeof(ElfW(Nhdr)) <= end) {
      ElfW(Nhdr) note;
      std::memcpy(&note, at, sizeof note);
      const char* name = at + sizeof note;
      const auto padded = [](std::uint32_t size) { return (std::size_t{size} + 3) / 4 * 4; };
      const char* content = name + padded(note.n_namesz);
      at = content + padded(note.n_descsz);
      if (note.n_type != NT_GNU_BUILD_ID || at > end || note.n_namesz != sizeof "GNU" ||
          std::memcmp(name, "GNU", sizeof "GNU") != 0)
        continue;
      found.ids.append(content, note.n_descsz).push_back('\n');
      found.of_program = found.of_program || found.is_first;
    }
  }
  found.is_first = false;
  return 0;
}

// What this program and its LLVM were built as; empty where the program does
// not say, and then no code of another build may be taken for this one's.
std::string build_ids() {
  BuildIds found;
  (void)::dl_iterate_phdr(add_build_id, &found);
  return found.of_program ? found.ids : std::string();
}

// All that decides the program: its texts, and what was read beside them.
std::string sources_of(const Rules& rules) {
  std::string all;
  for (const source::File& file : rules.map.files) {
    all += fmt::format("{}:", file.text.size());
    all += file.text;
  }
  return all + rules.checked->beside;
}

// One level of one program: out of the cache, or built.
struct Maker {
  const hir::Program& program;
  plan::Plan plan;
  std::string sources;
  std::optional<ObjectCache> cache;
  StartOptions options;

  [[nodiscard]] jit::BuildOptions build_options(jit::Level level) const {
    return {.level = level, .cpu = options.cpu, .limits = options.limits, .part = options.part};
  }
  [[nodiscard]] Result<std::string> name(jit::Level level) const {
    auto identity = jit::identity(build_options(level));
    if (!identity)
      return tl::unexpected(identity.error());
    return name_of({sources, *identity, codegen::runtime_bitcode(), build_ids()});
  }
  [[nodiscard]] std::optional<jit::Native> cached(const std::string& name) const {
    if (!cache)
      return std::nullopt;
    const auto bytes = fetch(*cache, name, options.warn);
    return bytes ? jit::from_bytes(*bytes) : std::nullopt;
  }
  // Without objects if it was stopped; the parts that were finished are kept, and whoever begins
  // again goes on behind them.
  [[nodiscard]] Result<jit::Native> built(jit::Level level, const std::string& name,
                                          const std::function<bool()>& stopped) const {
    jit::BuildOptions build = build_options(level);
    build.stopped = stopped;
    auto draft = jit::Draft::make(program, plan, build);
    if (!draft)
      return tl::unexpected(draft.error());
    jit::Native native = draft->tables();
    for (std::size_t part = 0; part < draft->parts(); ++part) {
      const bool has_parts = cache && draft->parts() > 1;
      const std::string part_name = has_parts ? name_of_part(name, part) : std::string();
      std::optional<std::string> object;
      if (has_parts)
        object = fetch(*cache, part_name, options.warn);
      if (!object) {
        auto made = draft->object(part);
        if (!made)
          return tl::unexpected(made.error());
        if (made->empty()) {
          native.objects.clear();
          return native;
        }
        if (has_parts)
          keep(*cache, part_name, *made, options.warn);
        object = std::move(*made);
      }
      native.objects.push_back(std::move(*object));
    }
    return native;
  }
  // The whole, which its parts are then needed for no more.
  void store(const std::string& name, const jit::Native& native) const {
    if (!cache)
      return;
    keep(*cache, name, jit::to_bytes(native), options.warn);
    for (std::size_t part = 0; native.objects.size() > 1 && part < native.objects.size(); ++part)
      forget(*cache, name_of_part(name, part));
  }
  static std::string name_of_part(const std::string& name, std::size_t part) {
    return name_of({name, std::to_string(part)});
  }
};

// What the thread behind does: first what the start did not wait for.
struct Behind {
  std::unique_ptr<Maker> maker;
  std::string name; // of the better tier
  std::string first_name;
  std::optional<jit::Native> to_keep; // of the first
};

void improve_behind(exec::ProgramImage& image, const Behind& behind, const std::stop_token& token) {
  const Maker& maker = *behind.maker;
  if (behind.to_keep)
    maker.store(behind.first_name, *behind.to_keep);
  auto better =
      maker.built(jit::Level::optimised, behind.name, [&] { return token.stop_requested(); });
  if (better && better->objects.empty())
    return;
  Result<void> linked;
  if (better) {
    linked = jit::improve(image, *better);
    maker.store(behind.name, *better);
  }
  if (maker.options.warn && (!better || !linked))
    maker.options.warn(better ? linked.error() : better.error());
}

} // namespace

Result<Started> start(const Rules& rules, const StartOptions& options) {
  const Stopwatch watch;
  const hir::Program& program = engine::program(rules);
  Behind behind;
  behind.maker = std::make_unique<Maker>(Maker{.program = program,
                                               .plan = plan::plan(program),
                                               .sources = sources_of(rules),
                                               .cache = {},
                                               .options = options});
  Maker& maker = *behind.maker;
  if (options.cache && !build_ids().empty())
    maker.cache = open_cache(*options.cache, options.warn);
  const jit::Level wanted = options.level.value_or(jit::Level::optimised);
  const jit::Level first = options.level.value_or(jit::Level::none);
  auto name = maker.name(wanted), first_name = maker.name(first);
  if (!name || !first_name)
    return tl::unexpected(!name ? name.error() : first_name.error());
  behind.name = std::move(*name);
  behind.first_name = std::move(*first_name);
  std::optional<jit::Native> native = maker.cached(behind.name);
  const bool later = !native && !options.level;
  if (later)
    native = maker.cached(behind.first_name);
  Started started;
  started.from_cache = native.has_value();
  if (!native) {
    auto built = maker.built(first, behind.first_name,
                             [&] { return watch.seconds() > options.most_seconds; });
    if (!built)
      return tl::unexpected(built.error());
    if (built->objects.empty()) {
      started.seconds = watch.seconds();
      return started;
    }
    native = std::move(*built);
  }
  auto image = jit::load(program, maker.plan, *native);
  if (!image)
    return tl::unexpected(image.error());
  started.image = std::move(*image);
  started.too_large = native->too_large;
  if (!started.from_cache && later)
    behind.to_keep = std::move(native);
  else if (!started.from_cache)
    maker.store(behind.first_name, *native);
  started.seconds = watch.seconds();
  if (later)
    started.behind =
        std::jthread([behind = std::move(behind), image = started.image.get()](
                         const std::stop_token& token) { improve_behind(*image, behind, token); });
  return started;
}

} // namespace sanku::engine
