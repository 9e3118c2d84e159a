// The reader of audit requests: every tolerance it promises, every refusal with its words, all or
// nothing, exact batches, and 2,000 damaged inputs that it has to survive with counts that add up.
#include "runtime/io/json_tape.h"
#include "runtime/io/ndjson.h"
#include "tests/unit/runtime/claim_schema.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace sanku::io {
namespace {

using sanku::testing::claim_schema;
using sanku::testing::dictionaries;
using enum sanku::testing::Relations;

struct Read {
  std::vector<batch::Batch> batches;
  std::vector<Reject> rejects;
  ReadCounts counts;
};

class NdjsonTest : public ::testing::Test {
protected:
  schema::Schema schema_ = claim_schema();
  batch::Dictionaries dictionaries_ = dictionaries(schema_, {{0, "XG03"}});
  NdjsonReader reader_{schema_, dictionaries_};

  Read read(const std::string& text, std::uint32_t batch_settlements = 4096,
            std::uint64_t offset = 0) {
    Read got;
    reader_.read(
        {.text = text, .index = 0, .offset = offset, .first_line = 1, .too_long = false}, 0,
        batch_settlements, [&](batch::Batch batch) { got.batches.push_back(std::move(batch)); },
        got.rejects, got.counts);
    return got;
  }

  // A visit in one line: its cells by name, missing ones left out.
  std::string show(const batch::Batch& batch, std::uint32_t settlement_row) {
    auto cells = [&](std::uint32_t relation, std::uint32_t row) {
      std::string text;
      for (std::uint32_t c = 0; c < schema_.relations[relation].columns.size(); ++c) {
        const Value value = batch::value_at(batch, schema_, dictionaries_, relation, c, row);
        if (!is_known(value))
          continue;
        const schema::Column& column = schema_.relations[relation].columns[c];
        std::string_view name;
        if (const EnumValue* listed = std::get_if<EnumValue>(&value)) {
          name = schema::enum_name(schema_.enums[column.type.domain], listed->id, false);
        }
        text += (text.empty() ? "" : " ") + column.path.en + "=" +
                to_text(value, column.type, Language::en, name);
      }
      return text;
    };
    std::string text = cells(settlement, settlement_row);
    for (const std::uint32_t r : {diagnoses, items}) {
      const std::vector<std::uint32_t>& offsets = batch.relations[r].offsets;
      for (std::uint32_t row = offsets[settlement_row]; row < offsets[settlement_row + 1]; ++row)
        text += " {" + cells(r, row) + "}";
    }
    return text;
  }
  std::vector<std::string> visits(const Read& got) {
    std::vector<std::string> all;
    for (const batch::Batch& batch : got.batches) {
      for (std::uint32_t s = 0; s < batch.settlements; ++s)
        all.push_back(show(batch, s));
    }
    return all;
  }
};

TEST_F(NdjsonTest, AcceptsTheShapesThatSendersUse) {
  const std::string plain =
      "visit=M1 patient.id=P1 patient.sex=female {code=I21} {id=1 code=XG03 amount=35.00}";
  struct Case {
    std::string text;
    std::vector<std::string> visits;
  };
  const std::string items_list =
      R"("fsi_order_dtos":[{"rx_id":"1","hilist_code":"xg03","sumamt":35}])";
  const std::string diagnosis_list = R"("fsi_diagnose_dtos":{"dise_codg":"I21"})";
  const std::string encounter = R"({"mdtrt_id":"M1",)" + diagnosis_list + "," + items_list + "}";
  const std::string patient = R"("patn_id":"P1","gend":"2")";
  const std::vector<Case> cases = {
      // Lists, single objects, with and without the envelope.
      {R"({"patient_dtos":[{)" + patient + R"(,"fsi_encounter_dtos":[)" + encounter + "]}]}",
       {plain}},
      {R"({"data":{"patient_dtos":{)" + patient + R"(,"fsi_encounter_dtos":)" + encounter + "}}}",
       {plain}},
      {R"({"infno":"3101","input":{"data":{"task_id":"t","patient_dtos":{"fsi_encounter_dtos":)" +
           encounter + "," + patient + "}}}}",
       {plain}},
      {R"({"patientDtos":[{)" + patient + R"(,"encounterDtos":[)" + encounter + "]}]}", {plain}},
      // Flattened: nodes as siblings of data, of one another, or one flat record.
      {R"({"input":{"data":{"task_id":"t"},"patient_dtos":{)" + patient +
           R"(},"fsi_encounter_dtos":{"mdtrt_id":"M1"},)" + diagnosis_list + "," + items_list +
           "}}",
       {plain}},
      {"{\"mdtrt_id\":\"M1\"," + patient + "," + diagnosis_list + "," + items_list + "}", {plain}},
      // Absent in every spelling; unknown keys; an empty object is no element.
      {R"({"patient_dtos":[{"patn_id":"-","gend":null,"brdy":" ","x":[[{"y":1}]],"fsi_his_data_dto":"","fsi_encounter_dtos":[{"mdtrt_id":"M1","medfee_sumamt":"-","fsi_diagnose_dtos":"","fsi_order_dtos":[null,{},""]}]}]})",
       {"visit=M1"}},
      // The first wire name that holds something; the same twice; a blank beside a value.
      {R"({"mdtrt_id":"M1","adm_date":"2026-03-05","adm_time":"","psn_no":"N","patn_id":"P","medfee_sumamt":1,"medfee_sumamt":"1"})",
       {"visit=M1 admitted=2026-03-05 total=1.00 patient.id=N"}},
      {R"({"mdtrt_id":"M1","medfee_sumamt":"","medfee_sumamt":2,"medfee_sumamt":null})",
       {"visit=M1 total=2.00"}},
      // Numbers as numbers or text, exactly; escapes in keys and values.
      {R"({"mdtrt_id":17,"medfee_sumamt":99999999999999.99,"fsi_order_dtos":[{"cnt":1.0001e2,"pric":"0.100000","hilist_name":"\u9ec4\"体"}]})",
       {"visit=17 total=99999999999999.99 {name=黄\"体 quantity=100.01 unit_price=0.10}"}},
      {R"({"mdtrt_\u0069d":"M1","fsi_order_dtos":{"curr_drord_flag":true}})",
       {"visit=M1 {is_current=yes}"}},
      // The institution's fields beside the visits; several visits; blank lines and line ends.
      {R"({"medins_lv":"05","patient_dtos":[{"patn_id":"P1","mdtrt_id":"X","fsi_encounter_dtos":[{"mdtrt_id":"M1"},{"mdtrt_id":"M2","medins_lv":"01"}]},{"patn_id":"P2","fsi_encounter_dtos":{"mdtrt_id":"M3"}}]})"
       "\r\n\n   \r\n{\"mdtrt_id\":\"M4\"}",
       {"visit=M1 patient.id=P1 provider.level=second",
        "visit=M2 patient.id=P1 provider.level=third",
        "visit=M3 patient.id=P2 provider.level=second", "visit=M4"}},
      {"\xEF\xBB\xBF{\"mdtrt_id\":\"M1\"}\n", {"visit=M1"}},
      {"", {}},
  };
  for (const Case& c : cases) {
    const Read got = read(c.text);
    EXPECT_EQ(visits(got), c.visits) << c.text;
    for (const Reject& reject : got.rejects)
      ADD_FAILURE() << reject.reason_en << "\n" << c.text;
  }
}

TEST_F(NdjsonTest, TakesOtherVisitsOfARequestAsContext) {
  const Read got = read(
      R"({"patient_dtos":[{"curr_mdtrt_id":"M2","fsi_encounter_dtos":[{"mdtrt_id":"M1","medfee_sumamt":"1.00"},{"mdtrt_id":"M2"},{"mdtrt_id":"M3"}]}]})");
  ASSERT_EQ(visits(got), std::vector<std::string>{"visit=M2"});
  EXPECT_EQ(got.batches[0].origins[0].part, 1u);
  EXPECT_EQ(got.counts.encounters, 1u);
  EXPECT_EQ(got.counts.context, 2u);
  // The past decides too: what is wrong in it refuses the request.
  const Read wrong = read(
      R"({"patient_dtos":[{"curr_mdtrt_id":"M2","fsi_encounter_dtos":[{"mdtrt_id":"M1","medfee_sumamt":"junk"},{"mdtrt_id":"M2"}]}]})");
  EXPECT_TRUE(visits(wrong).empty());
  ASSERT_EQ(wrong.rejects.size(), 1u);
  EXPECT_NE(wrong.rejects[0].reason_en.find("`junk`"), std::string::npos);
}

TEST_F(NdjsonTest, RefusesALineWithAReasonInBothLanguages) {
  struct Case {
    std::string text;
    std::string en, zh;
  };
  std::string deep = R"({"mdtrt_id":"M1","x":)";
  for (int i = 0; i < 100; ++i)
    deep += "[";
  for (int i = 0; i < 100; ++i)
    deep += "]";
  const std::vector<Case> cases = {
      {R"({"mdtrt_id":"M1","fsi_order_dtos":[{},{"cnt":"2"},{"cnt":"两片"}]})",
       "`cnt` (quantity of item 2): found `两片`, expected a number of at most 16 digits, 4 of "
       "them after the point",
       "第 2 条明细的数量（cnt）：“两片”不是不超过 16 位、其中小数不超过 4 位的数"},
      {R"({"mdtrt_id":"M1","medfee_sumamt":1e15})", "`medfee_sumamt` (total): found `1e15`",
       "总费用（medfee_sumamt）：“1e15”"},
      {R"({"mdtrt_id":"M1","adm_date":"2026-02-30"})",
       "`adm_date` (admitted): found `2026-02-30`, expected a time such as 2026-03-05 09:30:00",
       "入院时间（adm_date）：“2026-02-30”不是时间"},
      {R"({"mdtrt_id":"M1","medfee_sumamt":["1"]})",
       "`medfee_sumamt` (total): found a list, expected a single value", "应为单个值，实为列表"},
      {R"({"mdtrt_id":"M1","fsi_order_dtos":"none"})",
       "`fsi_order_dtos`: found a text, expected an object or a list of objects",
       "fsi_order_dtos：应为对象或对象列表，实为文本"},
      {R"({"mdtrt_id":"M1","fsi_order_dtos":[{"cnt":1},7]})", "`fsi_order_dtos`: found a number",
       "实为数"},
      {R"({"mdtrt_id":" ","medfee_sumamt":1})", "`mdtrt_id` (visit): missing, but needed",
       "就诊号（mdtrt_id）：缺失"},
      {R"({"mdtrt_id":"M1","medfee_sumamt":1,"medfee_sumamt":2})",
       "`medfee_sumamt` stands twice in one object with different content", "出现两次且内容不同"},
      {R"({"mdtrt_id":"M1","mdtrt_id":"M2"})", "`mdtrt_id` stands twice", "mdtrt_id 在同一对象"},
      {R"({"mdtrt_id":"M1","fsi_order_dtos":[{"cnt":1,"cnt":3}]})", "`cnt` stands twice",
       "cnt 在同一对象"},
      {R"({"mdtrt_id":"M1","fsi_order_dtos":[{"cnt":1}],"fsi_order_dtos":[{"cnt":1}]})",
       "`fsi_order_dtos` stands twice", "fsi_order_dtos 在同一对象"},
      {R"({"patient_dtos":[{"fsi_encounter_dtos":[]}]})", "no visit found", "未找到就诊信息"},
      {R"({"patient_dtos":{"curr_mdtrt_id":"M9","fsi_encounter_dtos":{"mdtrt_id":"M1"}}})",
       "no visit has the number given by `curr_mdtrt_id`",
       "没有就诊与 curr_mdtrt_id 指明的就诊号一致"},
      {"[1]", "the line is JSON but no object", "不是 JSON 对象"},
      {"17", "the line is JSON but no object", "不是 JSON 对象"},
      {"hello", "the line is not JSON", "该行不是 JSON"},
      {R"({"mdtrt_id":"M1")", "ends before it is complete", "被截断"},
      {R"({"mdtrt_id":"M1)", "ends before it is complete", "被截断"},
      {R"({"mdtrt_id":"M1"} {})", "the line is not JSON", "该行不是 JSON"},
      {R"({"mdtrt_id":"M1"}x)", "the line", "该行"},
      {R"({"mdtrt_id":"M1","x":01})", "the line is not JSON", "该行不是 JSON"},
      {R"({"mdtrt_id":"M1","x":12abc})", "the line is not JSON", "该行不是 JSON"},
      {R"({"mdtrt_id":"M1","x":nul})", "the line is not JSON", "该行不是 JSON"},
      {R"({"mdtrt_id":"M1","x":truex})", "the line is not JSON", "该行不是 JSON"},
      {R"({"mdtrt_id":"M1","x":"\ud800"})", "the line is not JSON", "该行不是 JSON"},
      {R"({"mdtrt_id":"M1","x":[1,2}})", "the line is not JSON", "该行不是 JSON"},
      {R"({"mdtrt_id":"M1",})", "the line is not JSON", "该行不是 JSON"},
      {"{\"mdtrt_id\":\"M1\",\"x\":\"\xC4\xD0\"}", "not UTF-8", "不是 UTF-8"},
      {"{\"mdtrt_id\":\"M1\",\"x\":\"a\tb\"}", "the line is not JSON", "该行不是 JSON"},
      {deep + "}", "more than 64 levels", "超过 64 层"},
  };
  for (const Case& c : cases) {
    const Read got = read("\n" + c.text + "\n" + R"({"mdtrt_id":"good"})", 4096, 1000);
    ASSERT_EQ(got.rejects.size(), 1u) << c.text;
    EXPECT_EQ(visits(got), std::vector<std::string>{"visit=good"}) << c.text;
    EXPECT_NE(got.rejects[0].reason_en.find(c.en), std::string::npos) << c.text << "\n"
                                                                      << got.rejects[0].reason_en;
    EXPECT_NE(got.rejects[0].reason_zh.find(c.zh), std::string::npos) << c.text << "\n"
                                                                      << got.rejects[0].reason_zh;
    EXPECT_EQ(got.rejects[0].line, 2u);
    EXPECT_EQ(got.rejects[0].offset, 1001u);
    EXPECT_EQ(got.rejects[0].text, c.text);
    EXPECT_EQ(got.counts.records, 2u);
    EXPECT_EQ(got.counts.rejected, 1u);
    EXPECT_EQ(got.counts.encounters, 1u);
  }
}

TEST_F(NdjsonTest, NeverRepeatsWhatIdentifiesAPerson) {
  const Read got = read(R"({"mdtrt_id":"M1","brdy":"SECRET-330102198001011234"})");
  ASSERT_EQ(got.rejects.size(), 1u);
  EXPECT_EQ(got.rejects[0].reason_en.find("SECRET"), std::string::npos) << got.rejects[0].reason_en;
  EXPECT_EQ(got.rejects[0].reason_zh.find("SECRET"), std::string::npos) << got.rejects[0].reason_zh;
  EXPECT_NE(got.rejects[0].reason_zh.find("患者.出生日期"), std::string::npos)
      << got.rejects[0].reason_zh;
}

TEST_F(NdjsonTest, TakesAllVisitsOfALineOrNone) {
  const Read got = read(
      R"({"mdtrt_id":"A","fsi_order_dtos":{"cnt":1}})"
      "\n"
      R"({"patient_dtos":{"fsi_encounter_dtos":[{"mdtrt_id":"B","fsi_order_dtos":{"cnt":2}},{"mdtrt_id":"C","fsi_order_dtos":{"cnt":"x"}}]}})"
      "\n"
      R"({"mdtrt_id":"D"})");
  EXPECT_EQ(visits(got), (std::vector<std::string>{"visit=A {quantity=1}", "visit=D"}));
  EXPECT_EQ(got.rejects.size(), 1u);
}

TEST_F(NdjsonTest, FillsBatchesExactlyWhateverTheLinesHold) {
  std::string text;
  std::vector<std::string> expected;
  for (int line = 0, visit = 0; line < 40; ++line) {
    text += R"({"patient_dtos":{"fsi_encounter_dtos":[)";
    for (int i = 0; i <= line % 5; ++i, ++visit) {
      text += std::string(i == 0 ? "" : ",") + R"({"mdtrt_id":"M)" + std::to_string(visit) + "\"}";
      expected.push_back("visit=M" + std::to_string(visit));
    }
    text += "]}}\nbroken\n";
  }
  for (const std::uint32_t size : {1u, 2u, 7u, 120u, 4096u}) {
    const Read got = read(text, size);
    EXPECT_EQ(visits(got), expected) << size;
    for (std::size_t i = 0; i + 1 < got.batches.size(); ++i)
      EXPECT_EQ(got.batches[i].settlements, size);
    EXPECT_EQ(got.counts.rejected, 40u);
    std::uint64_t line = 0;
    for (const batch::Batch& batch : got.batches) {
      for (const batch::Origin& origin : batch.origins) {
        EXPECT_EQ(origin.line % 2, 1u);
        line = origin.line;
      }
    }
    EXPECT_EQ(line, 79u);
  }
}

TEST_F(NdjsonTest, RefusesALineThatWasTooLongToRead) {
  Read got;
  reader_.read(
      {.text = R"({"mdtrt_id":"M1",)",
       .index = 3,
       .offset = 500,
       .first_line = 12,
       .too_long = true},
      0, 10, [&](batch::Batch batch) { got.batches.push_back(std::move(batch)); }, got.rejects,
      got.counts);
  ASSERT_EQ(got.rejects.size(), 1u);
  EXPECT_EQ(got.rejects[0].line, 12u);
  EXPECT_EQ(got.rejects[0].offset, 500u);
  EXPECT_TRUE(got.batches.empty());
  EXPECT_EQ(got.counts.records, 1u);
}

TEST_F(NdjsonTest, KeepsAtMostSixtyFourKilobytesOfARefusedRecord) {
  const Read got = read(R"({"x":")" + std::string(200'000, 'a') + R"("})");
  ASSERT_EQ(got.rejects.size(), 1u);
  EXPECT_EQ(got.rejects[0].text.size(), 64u << 10);
}

TEST_F(NdjsonTest, SurvivesTwoThousandDamagedInputs) {
  constexpr unsigned seed = 20260305;
  std::mt19937 random(seed);
  std::string good;
  for (int i = 0; i < 3; ++i) {
    good +=
        R"({"input":{"data":{"syscode":"s","patient_dtos":[{"patn_id":"P","gend":"1","brdy":"1980-01-01","curr_mdtrt_id":"M2","fsi_encounter_dtos":[)"
        R"({"mdtrt_id":"M1"},{"mdtrt_id":"M2","medins_lv":"05","medfee_sumamt":"35.50","fsi_diagnose_dtos":[{"dise_codg":"I21.900","maindise_flag":"1"}],)"
        R"("fsi_order_dtos":[{"rx_id":"1","hilist_code":"XG03","hilist_name":"\u9ec4体酮","cnt":-2.5e0,"pric":17.1,"drord_begn_date":"2026-03-05 09:30:00","window":"6小时"}]}]}]}}})"
        "\n";
  }
  const std::string_view seeds = "{}[]\",:\\0123456789.-+eE\n\r\t \x80\xFFntf";
  std::uint64_t rejected = 0, read_well = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string text = good;
    if (random() % 4 == 0)
      text.resize(random() % text.size());
    for (std::uint64_t flips = random() % 4; flips > 0 && !text.empty(); --flips) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
      case 0:
        text[at] = seeds[random() % seeds.size()];
        break;
      case 1:
        text[at] = static_cast<char>(random() % 256);
        break;
      default:
        text.erase(at, 1 + random() % 5);
        break;
      }
    }
    const Read got = read(text, 1 + static_cast<std::uint32_t>(random() % 3));
    std::uint64_t settlements = 0;
    for (const batch::Batch& batch : got.batches) {
      settlements += batch.settlements;
      for (std::uint32_t s = 0; s < batch.settlements; ++s)
        EXPECT_FALSE(show(batch, s).empty());
    }
    ASSERT_EQ(settlements, got.counts.encounters) << "seed " << seed << " round " << round;
    ASSERT_EQ(got.rejects.size(), got.counts.rejected) << "seed " << seed << " round " << round;
    ASSERT_LE(got.counts.rejected, got.counts.records) << "seed " << seed << " round " << round;
    for (const Reject& reject : got.rejects)
      ASSERT_FALSE(reject.reason_en.empty() || reject.reason_zh.empty());
    rejected += got.counts.rejected;
    read_well += got.counts.encounters;
  }
  // The damage is neither harmless nor total, or the test would prove little.
  EXPECT_GT(rejected, 500u);
  EXPECT_GT(read_well, 500u);
}

TEST(JsonTape, KeepsTheOrderOfTheDocument) {
  JsonTape tape;
  ASSERT_EQ(tape.parse(R"({"a":[1,{"b":"x"}],"c":-0.50})", 0), JsonFault::none);
  struct Case {
    NodeKind kind;
    std::uint32_t next;
    std::string_view key, text;
  };
  const std::vector<Case> expected = {
      {NodeKind::object, 6, "", ""},  {NodeKind::list, 5, "a", ""},
      {NodeKind::number, 3, "", "1"}, {NodeKind::object, 5, "", ""},
      {NodeKind::text, 5, "b", "x"},  {NodeKind::number, 6, "c", "-0.50"}};
  ASSERT_EQ(tape.nodes().size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(tape.nodes()[i].kind, expected[i].kind) << i;
    EXPECT_EQ(tape.nodes()[i].next, expected[i].next) << i;
    EXPECT_EQ(tape.nodes()[i].key, expected[i].key) << i;
    EXPECT_EQ(tape.nodes()[i].text, expected[i].text) << i;
  }
}

} // namespace
} // namespace sanku::io
