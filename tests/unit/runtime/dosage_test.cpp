// Doses, frequencies, specifications as prescriptions write them, and how long a quantity lasts.
#include "runtime/assemble/dosage.h"

#include <gtest/gtest.h>

namespace sanku::assemble {
namespace {

constexpr Int128 one = 1'000'000'000;

Amount milligrams(std::int64_t milli) { return {Measured::mass, {}, one / 1000 * milli}; }
Amount pieces(const char* name, std::int64_t halves) {
  return {Measured::pieces, name, one / 2 * halves};
}

TEST(Dosage, reads_a_dose) {
  const struct {
    const char* text;
    std::optional<Amount> dose;
  } rows[] = {
      {"0.5g", milligrams(500'000)},
      {"500mg", milligrams(500'000)},
      {" 0.5 G ", milligrams(500'000)},
      {"０．５ｇ", milligrams(500'000)},
      {"0.5克", milligrams(500'000)},
      {"250μg", milligrams(250)},
      {"250mcg/次", milligrams(250)},
      {"每次1片", pieces("片", 2)},
      {"一次两粒", pieces("粒", 4)},
      {"半片", pieces("片", 1)},
      {"1.5片", pieces("片", 3)},
      {"2 tablets", pieces("片", 4)},
      {"10ml", Amount{Measured::volume, {}, 10 * one}},
      {"0.1升", Amount{Measured::volume, {}, 100 * one}},
      {"100万单位", Amount{Measured::activity, {}, 1'000'000 * one}},
      {"4IU", Amount{Measured::activity, {}, 4 * one}},
      // A range, two ways at once, no unit, no number, more behind it: unknown.
      {"1-2片", std::nullopt},
      {"0.5g(2片)", std::nullopt},
      {"0.5", std::nullopt},
      {"片", std::nullopt},
      {"0片", std::nullopt},
      {"0.5gr", std::nullopt},
      {"1片 必要时", std::nullopt},
      {"适量", std::nullopt},
      {"遵医嘱", std::nullopt},
      {"1.2.3g", std::nullopt},
      {"99999999999999999999g", std::nullopt},
      {"", std::nullopt},
  };
  for (const auto& row : rows)
    EXPECT_EQ(dose_of(row.text), row.dose) << row.text;
}

TEST(Dosage, reads_a_frequency) {
  const struct {
    const char* text;
    std::optional<Frequency> frequency;
  } rows[] = {
      {"tid", Frequency{3, 1}},
      {"T.I.D.", Frequency{3, 1}},
      {"Bid", Frequency{2, 1}},
      {"qd", Frequency{1, 1}},
      {"qid", Frequency{4, 1}},
      {"qod", Frequency{1, 2}},
      {"qn", Frequency{1, 1}},
      {"qw", Frequency{1, 7}},
      {"q8h", Frequency{3, 1}},
      {"q 12 h", Frequency{2, 1}},
      {"q5h", Frequency{24, 5}},
      {"q48h", Frequency{24, 48}},
      {"q3d", Frequency{1, 3}},
      {"每日三次", Frequency{3, 1}},
      {"每天3次", Frequency{3, 1}},
      {"一日两次", Frequency{2, 1}},
      {"日三次", Frequency{3, 1}},
      {"１日１次", Frequency{1, 1}},
      {"每8小时一次", Frequency{3, 1}},
      {"每周二次", Frequency{2, 7}},
      {"每2周1次", Frequency{1, 14}},
      {"隔日一次", Frequency{1, 2}},
      {"每晚一次", Frequency{1, 1}},
      {"3次/日", Frequency{3, 1}},
      {"3 次 / 天", Frequency{3, 1}},
      {"1次/8小时", Frequency{3, 1}},
      {"1次/周", Frequency{1, 7}},
      // When needed, at once, a range, half of a phrase.
      {"prn", std::nullopt},
      {"必要时", std::nullopt},
      {"st", std::nullopt},
      {"立即", std::nullopt},
      {"每日2-3次", std::nullopt},
      {"每日", std::nullopt},
      {"三次", std::nullopt},
      {"tid 饭后", std::nullopt},
      {"q0h", std::nullopt},
      {"", std::nullopt},
  };
  for (const auto& row : rows)
    EXPECT_EQ(frequency_of(row.text), row.frequency) << row.text;
}

TEST(Dosage, reads_a_specification) {
  const struct {
    const char* text;
    std::optional<Contents> contents;
  } rows[] = {
      {"0.25g*24片/盒", Contents{{milligrams(250'000)}, "片", 24, "盒"}},
      {"0.25g×24片", Contents{{milligrams(250'000)}, "片", 24, ""}},
      {"0.25gx24片", Contents{{milligrams(250'000)}, "片", 24, ""}},
      {"10mg*7片*2板/盒", Contents{{milligrams(10'000)}, "片", 14, "盒"}},
      {"10mg*7片/板*2板/盒", Contents{{milligrams(10'000)}, "片", 14, "盒"}},
      {"24粒/瓶", Contents{{}, "粒", 24, "瓶"}},
      {"100ml/瓶", Contents{{{Measured::volume, {}, 100 * one}}, "瓶", 1, ""}},
      {"5ml:0.2g*10支",
       Contents{{{Measured::volume, {}, 5 * one}, milligrams(200'000)}, "支", 10, ""}},
      {"0.25g/片*24片", Contents{{milligrams(250'000)}, "片", 24, ""}},
      {"0.25g/粒*24片", std::nullopt},
      {"复方", std::nullopt},
      {"0.25g*24片(薄膜衣)", std::nullopt},
      {"0.25g*", std::nullopt},
      {"1.5片*2板", std::nullopt},
      {"/", std::nullopt},
  };
  for (const auto& row : rows)
    EXPECT_EQ(contents_of(row.text), row.contents) << row.text;
}

TEST(Dosage, says_how_long_a_quantity_lasts) {
  const struct {
    const char *dose, *frequency, *spec, *unit;
    std::int64_t quantity;            // ten-thousandths
    std::optional<std::int64_t> days; // hundredths
  } rows[] = {
      {"0.5g", "tid", "0.25g*24片/盒", "盒", 20'000, 800},
      {"500mg", "每日三次", "0.25g*24片", "盒", 20'000, 800},
      {"2片", "q8h", "0.25g*24片/盒", "盒", 20'000, 800},
      {"0.5g", "tid", "0.25g*24片/盒", "片", 240'000, 400},
      {"1片", "bid", "", "片", 140'000, 700},
      {"1片", "qod", "", "片", 140'000, 2800},
      {"10ml", "tid", "100ml/瓶", "瓶", 20'000, 667},
      {"4u", "tid", "3ml:300u/支", "支", 10'000, 2500},
      {"半片", "qd", "", "片", 70'000, 1400},
      // The pack is another, is none, or is not named; what is asked for is in other units.
      {"0.5g", "tid", "0.25g*24片/盒", "瓶", 20'000, std::nullopt},
      {"0.5g", "tid", "0.25g*24片", "支", 20'000, std::nullopt},
      {"0.5g", "tid", "24片/盒", "盒", 20'000, std::nullopt},
      {"10ml", "tid", "0.25g*24片/盒", "盒", 20'000, std::nullopt},
      {"1粒", "tid", "0.25g*24片/盒", "盒", 20'000, std::nullopt},
      {"0.5g", "tid", "0.25g*24片/盒", "", 20'000, std::nullopt},
      {"0.5g", "prn", "0.25g*24片/盒", "盒", 20'000, std::nullopt},
      {"适量", "tid", "0.25g*24片/盒", "盒", 20'000, std::nullopt},
      {"0.5g", "tid", "0.25g*24片/盒", "盒", 0, std::nullopt},
      {"0.5g", "tid", "0.25g*24片/盒", "盒", -20'000, std::nullopt},
      {"0.000000001ug", "qd", "1000kg*1000000片", "盒", 9'000'000'000'000, std::nullopt},
  };
  for (const auto& row : rows)
    EXPECT_EQ(days_of_supply({row.dose, row.frequency, row.spec, row.unit, row.quantity}), row.days)
        << row.dose << ' ' << row.frequency << ' ' << row.spec << ' ' << row.unit;
}

} // namespace
} // namespace sanku::assemble
