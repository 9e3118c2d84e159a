// How a drug is taken, in the words of prescriptions: `0.5g` or `每次1片`, `tid` or `每8小时一次`,
// `0.25g*24片/盒`. What is not read to its last character, or says a range, is no number: it is
// unknown, never a guess. All amounts are exact. Entries: dose_of, frequency_of, contents_of,
// days_of_supply. Tested by tests/unit/runtime/dosage_test.cpp.
#pragma once

#include "runtime/types/scalar.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::assemble {

enum class Measured : std::uint8_t { mass, volume, activity, pieces };

// `units`: 10^-9 of a milligram, a millilitre, a unit of activity, or a piece.
struct Amount {
  Measured what = Measured::mass;
  std::string piece = {}; // 片, 粒 …; of pieces only
  Int128 units = 0;
  friend bool operator==(const Amount&, const Amount&) = default;
};

// So many times in so many days, both above 0.
struct Frequency {
  std::int64_t times = 0, days = 0;
  friend bool operator==(const Frequency&, const Frequency&) = default;
};

// What one pack holds: pieces of a strength, told in one way or in several.
struct Contents {
  std::vector<Amount> strengths; // of one piece
  std::string piece;             // empty: none is named
  std::int64_t pieces = 1;       // in a pack
  std::string pack;              // empty: none is named
  friend bool operator==(const Contents&, const Contents&) = default;
};

[[nodiscard]] std::optional<Amount> dose_of(std::string_view text);
[[nodiscard]] std::optional<Frequency> frequency_of(std::string_view text);
[[nodiscard]] std::optional<Contents> contents_of(std::string_view text);

struct Dosage {
  std::string_view dose, frequency, spec, unit; // unit: of the quantity
  Int128 quantity = 0;                          // in ten-thousandths
};
// How many days the quantity lasts, in hundredths, half away from zero. None: something cannot be
// read, or the units do not agree.
[[nodiscard]] std::optional<std::int64_t> days_of_supply(const Dosage& dosage);

} // namespace sanku::assemble
