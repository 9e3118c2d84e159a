// Folders of CSV: which files and columns are found, how rows are joined in either way and in every
// order, what is refused and with which place, and damaged folders that have to be survived.
#include "runtime/io/csv_folder.h"
#include "runtime/io/record_reader.h"
#include "tests/unit/runtime/claim_schema.h"
#include "tests/unit/runtime/io_folder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace sanku::io {
namespace {

using sanku::testing::claim_schema;
using sanku::testing::dictionaries;
using enum sanku::testing::Relations;
using enum sanku::testing::SettlementColumns;
using enum sanku::testing::DiagnosisColumns;
using enum sanku::testing::ItemColumns;

struct Read {
  std::vector<std::string> visits;  // M1 S1 female {I21} {1 XG03 35.00}
  std::vector<std::string> rejects; // items.csv:3@40 reason
  std::vector<Reject> raw;
  ReadCounts counts;
  CsvFolder::Way way = CsvFolder::Way::not_yet;
};

constexpr std::string_view items_head = "mdtrt_id,setl_id,feedetl_sn,hilist_code,fee_ocur_time,cnt,"
                                        "det_item_fee_sumamt\n";

class CsvFolderTest : public ::testing::Test {
protected:
  schema::Schema schema_ = claim_schema();
  batch::Dictionaries dictionaries_ = dictionaries(schema_, {{0, "XG03"}});
  TestFolder folder_;

  std::string text_of(const batch::Batch& batch, std::uint32_t relation,
                      std::initializer_list<std::uint32_t> columns, std::uint32_t row) {
    std::string text;
    for (const std::uint32_t c : columns) {
      const Value value = batch::value_at(batch, schema_, dictionaries_, relation, c, row);
      if (!is_known(value))
        continue;
      const Type& type = schema_.relations[relation].columns[c].type;
      std::string_view name;
      if (const EnumValue* listed = std::get_if<EnumValue>(&value))
        name = schema::enum_name(schema_.enums[type.domain], listed->id, false);
      text += (text.empty() ? "" : " ") + to_text(value, type, Language::en, name);
    }
    return text;
  }

  void show(const batch::Batch& batch, Read& got) {
    for (std::uint32_t s = 0; s < batch.settlements; ++s) {
      std::string text = text_of(batch, settlement, {s_visit, s_id, s_sex, s_total}, s);
      for (std::uint32_t r = batch.relations[diagnoses].offsets[s];
           r < batch.relations[diagnoses].offsets[s + 1]; ++r)
        text += " {" + text_of(batch, diagnoses, {d_code, d_main}, r) + "}";
      for (std::uint32_t r = batch.relations[items].offsets[s];
           r < batch.relations[items].offsets[s + 1]; ++r)
        text += " {" + text_of(batch, items, {i_id, i_code, i_amount}, r) + "}";
      got.visits.push_back(text);
    }
  }

  Read read(const CsvOptions& options = {}, std::uint32_t batch_settlements = 4096) {
    Read got;
    auto folder = CsvFolder::open(folder_.path(), schema_, options);
    EXPECT_TRUE(folder) << (folder ? "" : folder.error().en);
    if (!folder)
      return got;
    RecordReader reader(schema_, dictionaries_);
    Chunk chunk;
    std::uint64_t chunks = 0, bytes = 0;
    while (true) {
      const auto more = folder->next(chunk);
      EXPECT_TRUE(more) << (more ? "" : more.error().en);
      if (!more || !*more)
        break;
      EXPECT_EQ(chunk.index, chunks++);
      bytes += *chunk.source_bytes;
      EXPECT_TRUE(reader.read(
          chunk, batch_settlements, [&](batch::Batch batch) { show(batch, got); }, got.raw,
          got.counts));
    }
    EXPECT_LE(bytes, folder->layout().bytes);
    for (const Reject& reject : got.raw)
      got.rejects.push_back(
          fmt::format("{}:{}@{} {}", reject.file, reject.line, reject.offset, reject.reason_en));
    got.way = folder->way();
    return got;
  }

  Error refusal(const CsvOptions& options = {}) {
    const auto folder = CsvFolder::open(folder_.path(), schema_, options);
    EXPECT_FALSE(folder);
    return folder ? Error{} : folder.error();
  }

  // Files as they may be, any order of columns.
  void write_small() const {
    folder_.write("settlement.csv", "gend,setl_id,mdtrt_id,medfee_sumamt\n2,S1,M1,35\n1,S2,M2,\n");
    folder_.write("diagnoses.csv", "mdtrt_id,diag_code,maindise_flag\nM1,I21,1\nM2,J00,0\n");
    folder_.write("items.csv", std::string(items_head) + "M2,S2,2,xg03,,1,1.50\n"
                                                         "M1,S1,1,XG03,2026-03-05,2,35.00\n");
  }
};

TEST_F(CsvFolderTest, RowsAreJoinedIntoSettlementsInTheOrderOfTheirFile) {
  write_small();
  const Read got = read();
  EXPECT_EQ(got.visits, (std::vector<std::string>{"M1 S1 female 35.00 {I21 yes} {1 XG03 35.00}",
                                                  "M2 S2 male {J00 no} {2 XG03 1.50}"}));
  EXPECT_TRUE(got.rejects.empty()) << got.rejects.front();
  EXPECT_EQ(got.counts.records, 2u);
  EXPECT_EQ(got.counts.encounters, 2u);
}

TEST_F(CsvFolderTest, FilesAndColumnsAreKnownByTheirNamesInAnyCase) {
  folder_.write("结算单-1.CSV", "MDTRT_ID,Gend\r\nM1,2\r\n");
  folder_.write("结算单-2.CSV", "就诊号\nM2\n");
  folder_.write("fsi_order_dtos.csv", "mdtrt_id,rx_id,编码,drord_begn_date,数量,sumamt,x,y\n"
                                      "M2,9,XG03,,1,2,3,4\n");
  folder_.write("notes.txt", "");
  folder_.write("itemised.csv", "");
  folder_.write(".hidden", "");
  const auto folder = CsvFolder::open(folder_.path(), schema_, {});
  ASSERT_TRUE(folder) << folder.error().en;
  ASSERT_EQ(folder->layout().notes.size(), 2u);
  EXPECT_NE(folder->layout().notes[0].en.find("2 files are not read, their names are not known: "
                                              "itemised.csv, notes.txt"),
            std::string::npos)
      << folder->layout().notes[0].en;
  EXPECT_NE(folder->layout().notes[1].zh.find("2 列未使用：x、y"), std::string::npos)
      << folder->layout().notes[1].zh;
  EXPECT_EQ(read().visits, (std::vector<std::string>{"M1 female", "M2 {9 XG03 2.00}"}));
}

TEST_F(CsvFolderTest, WhatIsMissingIsToldWithPlaceAndRemedy) {
  struct Case {
    std::string file, text;
    std::vector<std::string> en, zh;
  };
  const std::vector<Case> cases = {
      {"settlement.csv",
       "setl_id,gend\nS1,1\n",
       {"settlement.csv`:1:", "expected mdtrt_id"},
       {"settlement.csv”第 1 行", "应有 mdtrt_id"}},
      {"items.csv",
       "mdtrt_id,hilist_code,fee_ocur_time,cnt\n",
       {"items.csv`:1:", "det_item_fee_sumamt / sumamt"},
       {"缺少“金额”列"}},
      {"items.csv",
       "hilist_code,fee_ocur_time,cnt,sumamt\n",
       {"expected mdtrt_id / setl_id"},
       {"就诊号或结算号"}},
      {"items.csv",
       std::string(items_head.substr(0, items_head.size() - 1)) + ",CNT\n",
       {"the column `CNT` stands twice"},
       {"出现两次"}},
      {"items.csv", "", {"found no header"}, {"没有表头"}},
      {"items.csv", "a\"b\n", {"found no header"}, {"没有表头"}},
      {"diagnoses.csv",
       "mdtrt_id,diag_name\n",
       {"diagnoses.csv`:1:", "diag_code / dise_codg"},
       {"缺少“编码”列"}},
  };
  for (const Case& c : cases) {
    write_small();
    folder_.write(c.file, c.text);
    const Error error = refusal();
    for (const std::string& part : c.en)
      EXPECT_NE(error.en.find(part), std::string::npos) << error.en;
    for (const std::string& part : c.zh)
      EXPECT_NE(error.zh.find(part), std::string::npos) << error.zh;
  }
  write_small();
  std::filesystem::remove(folder_.path("items.csv"));
  EXPECT_NE(refusal().en.find("has no file of items; expected one of fsi_order_dtos.csv, item.csv"),
            std::string::npos)
      << refusal().en;
  std::filesystem::remove(folder_.path("settlement.csv"));
  EXPECT_NE(refusal().zh.find("没有结算单文件"), std::string::npos) << refusal().zh;
}

TEST_F(CsvFolderTest, ABadCellRefusesItsSettlementWithThePlaceOfItsRow) {
  write_small();
  folder_.write("items.csv", std::string(items_head) + "M1,S1,1,XG03,,\"two\npieces\",1\n"
                                                       "M1,S1,3,XG03,,1,1\n"
                                                       "M2,S2,2,XG03,2026-02-30,1,1\n");
  const Read got = read();
  const std::size_t head = items_head.size();
  EXPECT_EQ(got.visits, std::vector<std::string>{});
  ASSERT_EQ(got.rejects.size(), 2u);
  EXPECT_TRUE(got.rejects[0].starts_with(
      fmt::format("items.csv:2@{} `cnt` (quantity): found `two pieces`, expected a number", head)))
      << got.rejects[0];
  EXPECT_TRUE(
      got.rejects[0].ends_with("; the settlement of visit `M1` is left out with its 4 rows"))
      << got.rejects[0];
  EXPECT_TRUE(got.rejects[1].starts_with(fmt::format("items.csv:5@{} ", head + 47)))
      << got.rejects[1];
  EXPECT_NE(got.raw[1].reason_zh.find("就诊“M2”的结算单连同其 3 行未予审核"), std::string::npos)
      << got.raw[1].reason_zh;
  EXPECT_EQ(got.raw[0].text, "M1,S1,1,XG03,,\"two\npieces\",1");
  EXPECT_EQ(got.counts.records, 2u);
  EXPECT_EQ(got.counts.rejected, 2u);
}

TEST_F(CsvFolderTest, RowsThatBelongNowhereAreRefusedAlone) {
  write_small();
  folder_.write("settlement.csv",
                "gend,setl_id,mdtrt_id\n2,S1,M1\n1,S3,\n1,S2,M2,9\n\"x\"y,S4,M4\n");
  folder_.write("items.csv", std::string(items_head) + "M1,S1,1,XG03,,1,1\nM9,S9,2,XG03,,1,1\n"
                                                       "M1,S8,3,XG03,,1,1\n,,4,XG03,,1,1\nM1,S1\n"
                                                       ",S1,5,XG03,,1,2\n,S7,6,XG03,,1,1\n");
  for (const std::size_t partition : {std::size_t{1} << 20, std::size_t{1}}) {
    const Read got = read({.encoding = {}, .partition_bytes = partition, .chunk_bytes = 100});
    EXPECT_EQ(got.visits,
              std::vector<std::string>{"M1 S1 female {I21 yes} {1 XG03 1.00} {5 XG03 2.00}"});
    std::vector<std::string> places;
    for (const Reject& reject : got.raw)
      places.push_back(fmt::format("{}:{}", reject.file, reject.line));
    std::ranges::sort(places);
    EXPECT_EQ(places, (std::vector<std::string>{"diagnoses.csv:3", "items.csv:3", "items.csv:4",
                                                "items.csv:5", "items.csv:6", "items.csv:8",
                                                "settlement.csv:3", "settlement.csv:4",
                                                "settlement.csv:5"}));
    EXPECT_EQ(got.counts.records, 10u);
    EXPECT_EQ(got.counts.rejected, 9u);
  }
}

TEST_F(CsvFolderTest, RowsWithoutASettlementGoToTheVisitsLastOne) {
  folder_.write("settlement.csv", "mdtrt_id,setl_id,medfee_sumamt\nM1,S1,1\nM1,S2,-1\nM1,S3,2\n");
  folder_.write("diagnoses.csv", "mdtrt_id,diag_code\nM1,I21\n");
  folder_.write("items.csv", std::string(items_head) + "M1,S1,1,XG03,,1,1\nM1,,2,XG03,,1,2\n"
                                                       "M1,S2,3,XG03,,-1,-1\n");
  EXPECT_EQ(read().visits,
            (std::vector<std::string>{"M1 S1 1.00 {1 XG03 1.00}", "M1 S2 -1.00 {3 XG03 -1.00}",
                                      "M1 S3 2.00 {I21} {2 XG03 2.00}"}));
}

// Many settlements, files in some order; the joined result depends on the settlement file alone.
struct Many {
  std::vector<std::string> settlements, diagnoses, items, expected;
};
Many many(std::size_t count, bool padded) {
  Many made;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string visit = padded ? fmt::format("M{:05}", i) : fmt::format("{}", i + 1);
    made.settlements.push_back(fmt::format("{},S{},{}\n", visit, i, i % 2 + 1));
    std::string expected = fmt::format("{} S{} {}", visit, i, i % 2 == 0 ? "male" : "female");
    for (std::size_t d = 0; d < i % 3; ++d) {
      made.diagnoses.push_back(fmt::format("{},I{}\n", visit, d));
      expected += fmt::format(" {{I{}}}", d);
    }
    for (std::size_t l = 0; l < i % 4; ++l) {
      made.items.push_back(fmt::format("{},S{},{},XG03,,1,{}\n", visit, i, l, i));
      expected += fmt::format(" {{{} XG03 {}.00}}", l, i);
    }
    made.expected.push_back(expected);
  }
  return made;
}

std::string joined(std::string_view head, const std::vector<std::string>& rows) {
  std::string text(head);
  for (const std::string& row : rows)
    text += row;
  return text;
}

TEST_F(CsvFolderTest, SortedFilesAreMergedAndOthersPartitionedWithTheSameResult) {
  struct Case {
    bool padded, shuffled;
    std::size_t partition_bytes;
    CsvFolder::Way way;
  };
  const std::vector<Case> cases = {
      {true, false, 1u << 20, CsvFolder::Way::partitioned}, // small: all in memory
      {true, false, 1000, CsvFolder::Way::merged},
      {false, false, 1000, CsvFolder::Way::merged}, // in the order of numbers
      {true, true, 1u << 20, CsvFolder::Way::partitioned},
      {true, true, 1000, CsvFolder::Way::partitioned}, // on disk
      {false, true, 20'000, CsvFolder::Way::partitioned},
  };
  for (const Case& c : cases) {
    Many rows = many(3000, c.padded);
    if (c.shuffled) {
      // Lines of one visit keep their order, as `expected` has them; visits do not.
      std::ranges::stable_sort(rows.items, [](const std::string& a, const std::string& b) {
        return std::hash<std::string>()(a.substr(0, a.find(','))) <
               std::hash<std::string>()(b.substr(0, b.find(',')));
      });
      std::ranges::reverse(rows.settlements);
      std::ranges::reverse(rows.expected);
    }
    folder_.write("settlement.csv", joined("mdtrt_id,setl_id,gend\n", rows.settlements));
    folder_.write("diagnoses.csv", joined("mdtrt_id,diag_code\n", rows.diagnoses));
    folder_.write("items.csv", joined(items_head, rows.items));
    const Read got =
        read({.encoding = {}, .partition_bytes = c.partition_bytes, .chunk_bytes = 5000}, 7);
    EXPECT_EQ(got.way, c.way) << c.padded << c.shuffled << c.partition_bytes;
    EXPECT_EQ(got.visits, rows.expected);
    EXPECT_TRUE(got.rejects.empty()) << got.rejects.front();
    EXPECT_EQ(got.counts.records, 3000u);
  }
}

TEST_F(CsvFolderTest, IdentitiesAreNotRepeatedInReasons) {
  write_small();
  folder_.write("settlement.csv", "mdtrt_id,setl_id,brdy\nM1,S1,SECRET-330102198001011234\n");
  const Read got = read();
  ASSERT_FALSE(got.raw.empty());
  EXPECT_EQ(got.raw[0].reason_en.find("SECRET"), std::string::npos) << got.raw[0].reason_en;
  EXPECT_EQ(got.raw[0].reason_zh.find("SECRET"), std::string::npos) << got.raw[0].reason_zh;
}

TEST_F(CsvFolderTest, SurvivesDamagedFoldersWithCountsThatAddUp) {
  constexpr unsigned seed = 20260306;
  std::mt19937 random(seed);
  const Many rows = many(20, true);
  const std::string_view seeds = ",,\"\"\n\r;M0 \x80\xFF\xC4\xD0-";
  std::uint64_t rejected = 0, read_well = 0;
  for (int round = 0; round < 600; ++round) {
    std::vector<std::string> files = {joined("mdtrt_id,setl_id,gend\n", rows.settlements),
                                      joined("mdtrt_id,diag_code\n", rows.diagnoses),
                                      joined(items_head, rows.items)};
    for (std::uint64_t flips = 1 + random() % 4; flips > 0; --flips) {
      std::string& text = files[random() % 3];
      const std::size_t at = 20 + random() % (text.size() - 20);
      switch (random() % 3) {
      case 0:
        text[at] = seeds[random() % seeds.size()];
        break;
      case 1:
        text.insert(at, 1, seeds[random() % seeds.size()]);
        break;
      default:
        text.erase(at, 1 + random() % 30);
        break;
      }
    }
    folder_.write("settlement.csv", files[0]);
    folder_.write("diagnoses.csv", files[1]);
    folder_.write("items.csv", files[2]);
    const CsvOptions options{.encoding = {},
                             .partition_bytes = random() % 2 == 0 ? 1u << 20 : 300u,
                             .chunk_bytes = 1 + random() % 2000};
    if (!CsvFolder::open(folder_.path(), schema_, options))
      continue; // the header
    const Read got = read(options, 1 + static_cast<std::uint32_t>(random() % 5));
    ASSERT_EQ(got.visits.size(), got.counts.encounters) << "seed " << seed << " round " << round;
    ASSERT_EQ(got.rejects.size(), got.counts.rejected) << "seed " << seed << " round " << round;
    ASSERT_EQ(got.counts.records, got.counts.encounters + got.counts.rejected)
        << "seed " << seed << " round " << round;
    for (const Reject& reject : got.raw)
      ASSERT_FALSE(reject.reason_en.empty() || reject.reason_zh.empty());
    rejected += got.counts.rejected;
    read_well += got.counts.encounters;
  }
  EXPECT_GT(rejected, 500u);
  EXPECT_GT(read_well, 5000u);
}

} // namespace
} // namespace sanku::io
