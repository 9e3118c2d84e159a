// Batches through the Arrow C Data Interface and back: the same values, whole, as slices, and from
// columns that were taken out of their parent; what does not fit is refused by name.
#include "runtime/arrow/arrow.h"
#include "tests/unit/runtime/claim_schema.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <utility>

namespace sanku::arrow {
namespace {

using namespace testing; // NOLINT(check): the schema built for tests

struct Handed {
  ArrowSchema types{};
  ArrowArray array{};
  Handed() = default;
  Handed(const Handed&) = delete;
  Handed& operator=(const Handed&) = delete;
  ~Handed() {
    if (types.release != nullptr)
      types.release(&types);
    if (array.release != nullptr)
      array.release(&array);
  }
  [[nodiscard]] std::int64_t child(std::string_view name) const {
    for (std::int64_t i = 0; i < types.n_children; ++i)
      if (types.children[i]->name == name)
        return i;
    return -1;
  }
};

class Arrow : public ::testing::Test {
protected:
  Arrow() : schema_(claim_schema()), none_(schema_.dictionaries) {}

  batch::Batch made(std::uint32_t first, std::uint32_t count) {
    batch::BatchBuilder builder(schema_, none_);
    const auto set = [&](std::uint32_t relation, std::uint32_t column, const std::string& cell) {
      EXPECT_TRUE(builder.set_text(relation, column, cell)) << cell;
    };
    for (std::uint32_t n = first; n < first + count; ++n) {
      builder.begin();
      builder.begin_row(settlement);
      set(settlement, s_visit, fmt::format("M{}", n));
      set(settlement, s_total, n % 3 == 0 ? "" : fmt::format("-{}.05", n));
      set(settlement, s_days, n % 2 == 0 ? "" : std::to_string(n));
      set(settlement, s_admitted, "2026-03-05 09:30:00");
      set(settlement, s_birth, "1950-02-28");
      set(settlement, s_sex, n % 2 == 0 ? "1" : "");
      set(settlement, s_kind, n % 4 == 0 ? "77" : "");
      for (std::uint32_t i = 0; i < n % 4; ++i) {
        builder.begin_row(items);
        set(items, i_code, fmt::format("00110200{:07}", (n + i) % 5));
        set(items, i_name, i == 1 ? "" : fmt::format("项目{}", n));
        set(items, i_quantity, fmt::format("-{}.5", i));
        set(items, i_current, i == 0 ? "1" : "0");
      }
      builder.commit({});
    }
    return builder.take();
  }
  std::string shown(const batch::Batch& batch) const {
    std::string text;
    for (std::uint32_t r = 0; r < batch.relations.size(); ++r) {
      for (const std::uint32_t offset : batch.relations[r].offsets)
        text += fmt::format("{} ", offset);
      for (std::uint32_t row = 0; row < batch.relations[r].rows; ++row)
        for (std::uint32_t c = 0; c < schema_.relations[r].columns.size(); ++c) {
          const Value value = batch::value_at(batch, schema_, none_, r, c, row);
          const auto* listed = std::get_if<EnumValue>(&value);
          text += (listed != nullptr
                       ? fmt::format("{}{}", listed->id, listed->unlisted)
                       : to_text(value, schema_.relations[r].columns[c].type, Language::en, {})) +
                  (c == 0 ? "\n" : " ");
        }
    }
    return text;
  }
  // What comes back of what was handed over.
  std::string back(const Handed& handed) const {
    const auto got = from_arrow(handed.types, handed.array, schema_, none_);
    EXPECT_TRUE(got) << (got ? "" : got.error().en);
    return got ? shown(*got) : std::string();
  }

  schema::Schema schema_;
  batch::Dictionaries none_;
};

TEST_F(Arrow, what_comes_back_is_what_went_out) {
  Handed handed;
  to_arrow(made(0, 50), schema_, none_, handed.types, handed.array);
  EXPECT_STREQ(handed.types.format, "+s");
  EXPECT_EQ(handed.array.length, 50);
  EXPECT_EQ(back(handed), shown(made(0, 50)));
}

TEST_F(Arrow, what_lies_as_arrow_has_it_is_not_copied) {
  batch::Batch batch = made(0, 50);
  const void* admitted = batch.relations[settlement].columns[s_admitted].values.data();
  const void* offsets = batch.relations[items].offsets.data();
  Handed handed;
  to_arrow(std::move(batch), schema_, none_, handed.types, handed.array);
  const std::int64_t time = handed.child(schema_.relations[settlement].columns[s_admitted].path.en);
  ASSERT_GE(time, 0);
  EXPECT_EQ(handed.array.children[time]->buffers[1], admitted);
  const std::int64_t list = handed.child(schema_.relations[items].names.en);
  ASSERT_GE(list, 0);
  EXPECT_EQ(handed.array.children[list]->buffers[1], offsets);
}

TEST_F(Arrow, slices_are_taken) {
  Handed handed;
  to_arrow(made(0, 50), schema_, none_, handed.types, handed.array);
  handed.array.offset = 11;
  handed.array.length = 20;
  EXPECT_EQ(back(handed), shown(made(11, 20)));
}

TEST_F(Arrow, a_column_outlives_what_it_was_taken_from) {
  Handed handed;
  to_arrow(made(0, 50), schema_, none_, handed.types, handed.array);
  const std::int64_t visit = handed.child(schema_.relations[settlement].columns[s_visit].path.en);
  ASSERT_GE(visit, 0);
  ArrowArray taken = *handed.array.children[visit];
  handed.array.children[visit]->release = nullptr;
  handed.array.release(&handed.array);
  EXPECT_EQ(handed.array.release, nullptr);
  const auto* offsets = static_cast<const std::int32_t*>(taken.buffers[1]);
  const auto* texts = static_cast<const char*>(taken.buffers[2]);
  EXPECT_EQ(std::string(texts + offsets[49], texts + offsets[50]), "M49");
  taken.release(&taken);
}

TEST_F(Arrow, what_does_not_fit_is_refused_by_name) {
  Handed handed;
  to_arrow(made(0, 3), schema_, none_, handed.types, handed.array);
  const std::int64_t total = handed.child(schema_.relations[settlement].columns[s_total].path.en);
  ASSERT_GE(total, 0);
  const char* format = std::exchange(handed.types.children[total]->format, "g");
  auto got = from_arrow(handed.types, handed.array, schema_, none_);
  ASSERT_FALSE(got);
  EXPECT_NE(got.error().en.find("total"), std::string::npos) << got.error().en;
  handed.types.children[total]->format = format;
  handed.types.children[total]->name = "unheard_of";
  got = from_arrow(handed.types, handed.array, schema_, none_);
  ASSERT_FALSE(got);
  EXPECT_NE(got.error().en.find("unheard_of"), std::string::npos) << got.error().en;
}

} // namespace
} // namespace sanku::arrow
