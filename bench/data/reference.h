// The invented world of the ten reference rules (bench/packs/ten_rules): 60,000 item codes with
// what the tables say of each, diagnoses from the schema's register, and how popular they are. Made
// of a seed, the same on every machine. Entries: make_reference, write_reference_pack. Checked by
// `bench_run --check`: what is found on it is equal by all programs, and none of the ten is silent.
#pragma once

#include "runtime/types/result.h"
#include "tools/generate/random.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sanku::bench {

struct AgeRange {
  int low = 0, high = 150; // completed years, both included
};

// What the tables say of one item code; most codes are in no table.
struct Item {
  std::string code, name;
  std::uint8_t sex = 0; // 0 any, 1 male, 2 female
  std::optional<AgeRange> age;
  std::uint32_t diagnosis_group = 0; // 0: any diagnosis
  std::uint8_t level = 0;            // 2 first, 3 second, 4 third; 0: any
  int day_limit = 0;                 // 0: none
  bool once_a_day = false;
  std::optional<std::uint32_t> excluded; // another item
  bool bed = false;
  std::uint32_t family = 0; // of drugs with lines; 0: none
  bool second_line = false;
  std::int64_t price = 0; // cents, even
};

struct ReferenceSize {
  std::uint32_t items = 60'000;
  std::uint32_t diagnosis_groups = 400;
  std::uint32_t families = 300;
};

struct Reference {
  std::vector<Item> items;
  std::vector<std::string> diagnoses;                 // codes of the register
  std::vector<std::vector<std::uint32_t>> groups;     // diagnoses of each group; [0] is unused
  std::vector<std::vector<std::uint32_t>> first_line; // items of each family; [0] is unused
  generate::Weighted item_weights, diagnosis_weights, line_counts;
};

// `registry`: a file `code,name`, as the claim schema's. `published`: a folder of knowledge tables;
// one item in twenty has a code out of them, so that other packs' rules have something to look at
// too. None of the ten rules knows them apart.
[[nodiscard]] Result<Reference> make_reference(const std::filesystem::path& registry,
                                               const std::filesystem::path& published,
                                               std::uint64_t seed, const ReferenceSize& size = {});

// A copy of the pack in `from` at `to`, with this world's tables and the schema by its full path.
[[nodiscard]] Result<void> write_reference_pack(const Reference& reference,
                                                const std::filesystem::path& from,
                                                const std::filesystem::path& to);

} // namespace sanku::bench
