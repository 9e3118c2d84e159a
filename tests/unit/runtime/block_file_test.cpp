// Block files: what is read is what was written, only the wanted columns, against any dictionary;
// and every damage is told, none half read: each single byte is flipped, each length cut.
#include "runtime/io/block_file.h"
#include "tests/unit/runtime/claim_schema.h"
#include "tests/unit/runtime/io_folder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <sys/stat.h>

namespace sanku::io {
namespace {

using namespace testing; // NOLINT(check): the schema built for tests

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Every value of a batch as text, with what is missing.
std::string shown(const batch::Batch& batch, const schema::Schema& schema,
                  const batch::Dictionaries& dictionaries) {
  std::string text = fmt::format("{} settlements\n", batch.settlements);
  for (std::uint32_t r = 0; r < batch.relations.size(); ++r) {
    for (const std::uint32_t offset : batch.relations[r].offsets)
      text += fmt::format("{} ", offset);
    for (std::uint32_t row = 0; row < batch.relations[r].rows; ++row) {
      text += fmt::format("\n{} {}:", r, row);
      for (std::uint32_t c = 0; c < schema.relations[r].columns.size(); ++c) {
        const Value value = batch::value_at(batch, schema, dictionaries, r, c, row);
        const auto* listed = std::get_if<EnumValue>(&value);
        text += " " + (listed != nullptr
                           ? fmt::format("{}{}", listed->id, listed->unlisted)
                           : to_text(value, schema.relations[r].columns[c].type, Language::en, {}));
      }
    }
    text += '\n';
  }
  return text;
}

class BlockFiles : public ::testing::Test {
protected:
  BlockFiles() : schema_(claim_schema()), none_(schema_.dictionaries) {}

  // `count` records with different lines, some fields missing, an enum value of no list.
  batch::Batch made(std::uint32_t first, std::uint32_t count) {
    batch::BatchBuilder builder(schema_, none_);
    for (std::uint32_t n = first; n < first + count; ++n) {
      builder.begin();
      builder.begin_row(settlement);
      const auto set = [&](std::uint32_t relation, std::uint32_t column, const std::string& cell) {
        EXPECT_TRUE(builder.set_text(relation, column, cell)) << cell;
      };
      set(settlement, s_id, fmt::format("S{}", n));
      set(settlement, s_visit, fmt::format("M{}", n));
      set(settlement, s_total, n % 3 == 0 ? "" : fmt::format("{}.05", n * 1000));
      set(settlement, s_admitted, "2026-03-05 09:30:00");
      set(settlement, s_sex, n % 2 == 0 ? "1" : "");
      set(settlement, s_kind, n % 4 == 0 ? "77" : "");
      set(settlement, s_birth, "1950-02-28");
      for (std::uint32_t i = 0; i < n % 4; ++i) {
        builder.begin_row(items);
        set(items, i_id, fmt::format("L{}", i));
        set(items, i_code, fmt::format("00110200{:07}", (n + i) % 5));
        set(items, i_name, i == 1 ? "" : fmt::format("项目{}", n));
        set(items, i_quantity, fmt::format("-{}.5", i));
      }
      builder.begin_row(diagnoses);
      set(diagnoses, d_code, fmt::format("A{:02}.{}", n % 100, n));
      builder.commit({});
    }
    return builder.take();
  }

  void write(const std::string& name,
             const std::vector<std::pair<std::uint32_t, std::uint32_t>>& parts) {
    auto file = BlockFileWriter::create(folder_.path(name), schema_);
    ASSERT_TRUE(file);
    for (const auto& [first, count] : parts)
      ASSERT_TRUE(file->add(block::pack_block(made(first, count), schema_, none_)));
    ASSERT_TRUE(file->finish());
  }

  // All batches as text, or what is wrong.
  Result<std::string> read(const std::string& name, const schema::Schema& schema,
                           const batch::Dictionaries& dictionaries, const block::Columns& wanted) {
    auto file = BlockFile::open(folder_.path(name), schema);
    if (!file)
      return tl::unexpected(file.error());
    block::Reader reader(schema, dictionaries, file->shared());
    std::string text;
    Chunk chunk;
    while (true) {
      const auto more = file->next(chunk);
      if (!more)
        return tl::unexpected(more.error());
      if (!*more)
        return text;
      const auto batch = reader.read(chunk.text, wanted, chunk.offset);
      if (!batch)
        return tl::unexpected(damaged_block(chunk));
      text += shown(*batch, schema, dictionaries);
    }
  }

  TestFolder folder_;
  schema::Schema schema_;
  batch::Dictionaries none_;
};

TEST_F(BlockFiles, what_is_read_is_what_was_written) {
  // The second block has codes that the first had too; the third has nothing.
  write("a.skb", {{0, 400}, {300, 7}, {0, 0}});
  const std::string expected = shown(made(0, 400), schema_, none_) +
                               shown(made(300, 7), schema_, none_) +
                               shown(made(0, 0), schema_, none_);
  const block::Columns all = block::all_columns(schema_);
  const auto got = read("a.skb", schema_, none_, all);
  ASSERT_TRUE(got) << got.error().en;
  EXPECT_EQ(*got, expected);
  // Against dictionaries that know some of the codes: the same texts by other numbers.
  batch::Dictionaries some(schema_.dictionaries);
  const std::uint32_t dictionary = schema_.systems[item_codes].dictionary;
  codes::intern(some[dictionary], "001102000000003");
  codes::intern(some[dictionary], "never");
  const auto other = read("a.skb", schema_, some, all);
  ASSERT_TRUE(other) << other.error().en;
  EXPECT_EQ(*other, expected);
  struct stat status{};
  ASSERT_EQ(::stat(folder_.path("a.skb").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777u, 0600u);
}

TEST_F(BlockFiles,
       only_wanted_columns_are_unpacked_where_others_are_not_needed_to_tell_lines_apart) {
  write("a.skb", {{0, 40}});
  block::Columns wanted = block::all_columns(schema_);
  wanted[settlement][s_total] = wanted[items][i_name] = wanted[diagnoses][d_main] = false;
  auto file = BlockFile::open(folder_.path("a.skb"), schema_);
  ASSERT_TRUE(file);
  Chunk chunk;
  ASSERT_TRUE(*file->next(chunk));
  block::Reader reader(schema_, none_, file->shared());
  const auto batch = reader.read(chunk.text, wanted, 0);
  ASSERT_TRUE(batch);
  const batch::Batch whole = made(0, 40);
  const auto known = [&](std::uint32_t relation, std::uint32_t column) {
    std::uint32_t count = 0;
    for (std::uint32_t row = 0; row < batch->relations[relation].rows; ++row)
      count += is_known(batch::value_at(*batch, schema_, none_, relation, column, row));
    return count;
  };
  EXPECT_EQ(known(settlement, s_total), 0u);
  EXPECT_EQ(known(items, i_name), 0u);
  EXPECT_EQ(known(settlement, s_visit), 40u);
  EXPECT_EQ(known(items, i_id), whole.relations[items].rows);
  EXPECT_EQ(batch->origins[39].line, 40u);
}

TEST_F(BlockFiles, every_flipped_byte_is_told) {
  write("a.skb", {{0, 9}, {9, 3}});
  const std::string whole = file_text(folder_.path("a.skb"));
  const block::Columns all = block::all_columns(schema_);
  const auto expected = read("a.skb", schema_, none_, all);
  ASSERT_TRUE(expected);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    folder_.write("b.skb", damaged);
    const auto got = read("b.skb", schema_, none_, all);
    ASSERT_FALSE(got) << "byte " << at << " of " << whole.size();
    EXPECT_NE(got.error().en.find("b.skb"), std::string::npos);
    EXPECT_NE(got.error().en.find("convert"), std::string::npos) << got.error().en;
    EXPECT_FALSE(got.error().zh.empty());
  }
}

TEST_F(BlockFiles, every_cut_is_told) {
  write("a.skb", {{0, 9}, {9, 3}});
  const std::string whole = file_text(folder_.path("a.skb"));
  const block::Columns all = block::all_columns(schema_);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    folder_.write("b.skb", std::string_view(whole).substr(0, size));
    EXPECT_FALSE(read("b.skb", schema_, none_, all)) << size;
  }
  folder_.write("b.skb", whole + "x");
  EXPECT_FALSE(read("b.skb", schema_, none_, all));
}

// A block that its checksum holds for, made by someone else: nothing is taken on trust.
TEST_F(BlockFiles, a_block_of_random_bytes_is_none) {
  const block::Packed packed = block::pack_block(made(0, 9), schema_, none_);
  block::Shared shared;
  shared.dictionaries.resize(schema_.dictionaries);
  const std::string bytes = block::finish_block(packed, shared);
  const std::vector<codes::Texts> texts(schema_.dictionaries);
  block::Reader reader(schema_, none_, texts);
  const block::Columns all = block::all_columns(schema_);
  ASSERT_TRUE(reader.read(bytes, all, 0));
  std::uint32_t seed = 1;
  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = bytes;
    for (int flips = 0; flips < 3; ++flips) {
      seed = seed * 1664525u + 1013904223u;
      damaged[(seed >> 8) % damaged.size()] = static_cast<char>(seed >> 24);
    }
    // Read as something or refused, but never beyond its bytes; what is read can be shown.
    const auto batch = reader.read(damaged, all, 0);
    EXPECT_TRUE(!batch || !shown(*batch, schema_, none_).empty());
  }
}

TEST_F(BlockFiles, another_schema_version_or_kind_of_file_is_refused_by_name) {
  write("a.skb", {{0, 3}});
  schema::Schema other = schema_;
  other.relations[items].columns[i_amount].path.en = "sum";
  const auto why = [&](const std::string& name, const schema::Schema& schema) {
    const auto got = read(name, schema, none_, block::all_columns(schema));
    EXPECT_FALSE(got);
    return got ? std::string() : got.error().en;
  };
  EXPECT_NE(why("a.skb", other).find("field items.sum"), std::string::npos) << why("a.skb", other);
  folder_.write("text.skb", "{\"mdtrt_id\":\"1\"}\n");
  EXPECT_NE(why("text.skb", schema_).find("is not a block file"), std::string::npos);
  EXPECT_NE(why("none.skb", schema_).find("cannot read"), std::string::npos);
  EXPECT_NE(why("", schema_).find("is no file"), std::string::npos);
  EXPECT_TRUE(BlockFile::looks_like_one(folder_.path("a.skb")));
  EXPECT_FALSE(BlockFile::looks_like_one(folder_.path("text.skb")));
}

TEST_F(BlockFiles, a_writer_that_does_not_finish_leaves_nothing) {
  {
    auto file = BlockFileWriter::create(folder_.path("a.skb"), schema_);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->add(block::pack_block(made(0, 9), schema_, none_)));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

} // namespace
} // namespace sanku::io
