// The proof before any number: on a small world the evaluator, the compiled rules (unoptimised and
// optimised) and the hand-written rules find the same, finding by finding, and each of the ten
// rules finds something. Knows no clock; run by CTest as `bench_run --check`. Entry: check_world.
#pragma once

#include <cstdint>
#include <filesystem>

namespace sanku::bench {

// Prints what it compared; stops at the first difference.
void check_world(const std::filesystem::path& work, std::uint64_t settlements);
// The same of the national rules that look beyond one visit, compiled and by hand, each alone
// (`bench_run --check-library`).
void check_library_rules(const std::filesystem::path& work, std::uint32_t visits);

} // namespace sanku::bench
