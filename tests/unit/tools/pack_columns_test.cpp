// Tables by columns: canonical CSV, and columns that give it again byte for byte.
#include "tools/pack/columns.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

namespace sanku::pack {
namespace {

TEST(PackColumns, csv_has_one_form) {
  struct Case {
    std::string written;
    std::optional<std::string> form;
  };
  const std::vector<Case> cases = {
      {"a,b\n1,2\n", "a,b\n1,2\n"},
      {"a,b\r\n1,2", "a,b\n1,2\n"},
      {"\xEF\xBB\xBF"
       "a\n\"x\"\n",
       "a\nx\n"},
      {"a,b\n\n\"1\",\"2,3\"\n", "a,b\n1,\"2,3\"\n"},
      {"a\n\"say \"\"so\"\"\"\n", "a\n\"say \"\"so\"\"\"\n"},
      {"a\n\"two\nlines\"\n", "a\n\"two\nlines\"\n"},
      {"a\n\"\"\nb\n", "a\n\"\"\nb\n"},
      {"a,b\n,\n", "a,b\n,\n"},
      {"a,b\n1\n", {}},
      {"a\n\"open\n", {}},
      {"a\n\xff\n", {}},
      {"", {}},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(canonical_csv(one.written), one.form) << one.written;
    if (one.form) {
      EXPECT_EQ(canonical_csv(*one.form), one.form) << "it stays";
    }
  }
}

// Cells of all sorts, of few and of many kinds.
std::string table(std::mt19937& random, std::size_t rows, std::size_t columns) {
  static const std::vector<std::string> odd = {"", "甲", "\"x,y\"", "\"q\"\"\"", "\"a\nb\""};
  std::string csv;
  for (std::size_t row = 0; row <= rows; ++row)
    for (std::size_t column = 0; column < columns; ++column) {
      const std::uint32_t kinds = column == 0 ? 1000 : 1u << (random() % 5);
      csv += random() % 3 == 0 ? odd[random() % odd.size()] : fmt::format("v{}", random() % kinds);
      csv += column + 1 < columns ? ',' : '\n';
    }
  return csv;
}

TEST(PackColumns, give_exactly_the_csv_they_were_made_of) {
  std::mt19937 random(7);
  for (int i = 0; i < 200; ++i) {
    const std::string csv = *canonical_csv(table(random, random() % 40, 1 + random() % 5));
    const std::string columns = columns_of(csv);
    EXPECT_EQ(columns_of(csv), columns);
    EXPECT_EQ(columns_say(columns, csv, sha256_of(csv)), Said::same) << csv;
    EXPECT_EQ(columns_say(columns, csv + "x", sha256_of(csv)), Said::other);
    EXPECT_EQ(columns_say(columns, csv, sha256_of("another")), Said::other);
    EXPECT_EQ(columns_say(columns + "x", csv, sha256_of(csv)), Said::other);
    EXPECT_EQ(columns_say(columns.substr(0, columns.size() - 1), csv, sha256_of(csv)), Said::other);
    std::string other = csv;
    other[random() % other.size()] ^= 1;
    EXPECT_EQ(columns_say(columns, other, sha256_of(csv)), Said::other) << csv << "\n" << other;
  }
}

TEST(PackColumns, no_damage_reads_beyond_the_bytes) {
  const std::string csv = *canonical_csv("code,n,m\nA,1,\nB,2,x\nA,3,\nC,1,\"a,b\"\n");
  const std::string columns = columns_of(csv);
  for (std::size_t at = 0; at < columns.size(); ++at) {
    (void)columns_say(columns.substr(0, at), csv, sha256_of(csv));
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = columns;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      // Spare bits and cells that no row uses do not change what is said; install compares those.
      if (columns_say(damaged, csv, sha256_of(csv)) != Said::other) {
        EXPECT_NE(columns_of(csv), damaged);
      }
    }
  }
}

} // namespace
} // namespace sanku::pack
