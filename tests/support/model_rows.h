// The rows that the models of tests/models were trained on and scored, the same as train.py makes
// them: every value comes from its row and column alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

namespace sanku::tests {

inline constexpr std::size_t model_rows = 10'000;
inline constexpr std::size_t odd_model_rows = 200; // behind them, for LightGBM only
inline constexpr std::size_t explained_model_rows = 100;
inline constexpr std::size_t model_features = 6;

constexpr std::uint64_t mixed(std::uint64_t number) {
  number += 0x9E3779B97F4A7C15u;
  number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9u;
  number = (number ^ (number >> 27)) * 0x94D049BB133111EBu;
  return number ^ (number >> 31);
}

constexpr double model_value(std::size_t row, std::size_t column) {
  constexpr double wards[] = {-1.0, -0.5, 2.5, 1e12, 0.0, 39.9, -0.0, 1000.0};
  constexpr double items[] = {0.0, -0.0, 1e-36, -1e-36, 1e-30, -2.0};
  const std::uint64_t draw = mixed(row * 8 + column);
  if ((draw >> 32) % 12 == 0)
    return std::numeric_limits<double>::quiet_NaN();
  if (row >= model_rows && column == 5)
    return wards[draw % 8];
  if (row >= model_rows && column == 3)
    return items[draw % 6];
  switch (column) {
  case 0:
    return static_cast<double>(draw % 101);
  case 1:
    return static_cast<double>(draw % 41);
  case 2:
    return static_cast<double>(draw % 1001) / 1000.0;
  case 3:
    return static_cast<double>(draw % 9) - 2.0;
  case 4:
    return static_cast<double>(draw % 1'000'000) / 100.0;
  default:
    return static_cast<double>(draw % 43);
  }
}

} // namespace sanku::tests
