// What measurements stand on: a pack read and compiled, generated settlements as text and as
// batches. Entries: load_rules, read_batches, make_reference_world. Whoever calls has nothing to do
// about a failure but to stop, so it stops here.
#pragma once

#include "bench/data/claims.h"
#include "tools/engine/engine.h"
#include "tools/engine/rules.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::bench {

[[noreturn]] void stop(const std::string& why);

// A pack with what was compiled of it; kept at one address.
struct Compiled {
  std::unique_ptr<engine::Rules> rules;
  engine::Compiled code;
  std::unique_ptr<engine::Engine> engine;

  [[nodiscard]] const hir::Program& program() const { return engine::program(*rules); }
  [[nodiscard]] const std::vector<knowledge::Table>& tables() const {
    return rules->checked->tables;
  }
};
[[nodiscard]] std::unique_ptr<Compiled> compile_pack(const std::filesystem::path& folder,
                                                     jit::Level level = jit::Level::optimised);

struct BatchSettings {
  std::uint32_t settlements = 1024; // a batch
  bool assembled = true;
};
// NDJSON in memory as batches against those dictionaries. Nothing may be refused.
[[nodiscard]] std::vector<batch::Batch> read_batches(std::string_view claims,
                                                     const engine::Engine& engine,
                                                     const BatchSettings& settings = {});

// The ten reference rules on their own tables and settlements.
struct ReferenceWorld {
  Reference reference;
  std::filesystem::path pack; // where it was written
  std::unique_ptr<Compiled> compiled;
  std::vector<batch::Batch> batches; // assembled
  std::uint64_t settlements = 0, items = 0;
};
struct ReferenceSettings {
  std::filesystem::path work; // a folder for what is written
  std::uint64_t settlements = 200'000;
  std::uint64_t seed = 1;
  std::uint32_t batch = 1024;
};
[[nodiscard]] ReferenceWorld make_reference_world(const ReferenceSettings& settings);

} // namespace sanku::bench
