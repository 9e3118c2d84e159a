// Persons in tests are found before a pack is handed on.
#include "tests/unit/tools/pack_fixture.h"
#include "tools/deploy/personal.h"

#include <array>

namespace sanku::deploy {
namespace {

// The last digit is made here: no number of a person stands in this file.
std::string identity_number(const std::string& first_17) {
  constexpr std::array<int, 17> weights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i)
    sum += (first_17[i] - '0') * weights[i];
  return first_17 + "10X98765432"[sum % 11];
}

TEST(Personal, numbers_are_told_by_their_form_and_last_digit) {
  const std::string id = identity_number("11010119800101001");
  std::string wrong = id;
  wrong[17] = wrong[17] == '1' ? '2' : '1';
  struct Case {
    std::string text;
    std::optional<Personal> found;
  };
  const std::vector<Case> cases = {
      {"id: \"" + id + "\"", Personal::identity_number},
      {"证件" + id + "号", Personal::identity_number},
      {wrong, {}},
      {identity_number("11010119801301001"), {}}, // no such month
      {"ID" + id, Personal::identity_number},
      {id.substr(0, 6) + " " + id.substr(6, 8) + " " + id.substr(14), Personal::identity_number},
      {id.substr(0, 6) + "-" + id.substr(6), Personal::identity_number},
      {id + "7", {}},
      {"110101800101001", Personal::identity_number},
      {"13800138000", Personal::telephone},
      {"１３８００１３８０００", Personal::telephone},
      {"电话 138 0013 8000。", Personal::telephone},
      {"+86 13800138000", Personal::telephone},
      {"008613800138000", Personal::telephone},
      {"138.0013.8000", Personal::telephone},
      {"010-12345678", Personal::telephone},
      {"010 62345678", Personal::telephone},
      {"(010)62345678", Personal::telephone},
      {"（010）6234 5678", Personal::telephone},
      {"GZ13000301004", {}}, // a rule of a province
      {"M13812345678", Personal::telephone},
      {"一三八一二三四五六七八", Personal::telephone},
      {"电话幺三八〇〇一三八〇〇〇", Personal::telephone},
      {"第一二三四条", {}},
      {"0571-1234567", Personal::telephone},
      {"12800138000", {}},
      {"138001380001", {}},
      {"XG03DAG208A001010100001", {}},
      {"2026-03-05", {}},
      {"amount: 35.00", {}},
  };
  for (const Case& one : cases)
    EXPECT_EQ(personal_number(one.text), one.found) << one.text;
}

TEST(Personal, only_a_name_that_is_seen_to_be_invented_is_nobodys) {
  for (const char* name :
       {"王小明",          "欧阳文",     "赵一",    "肖明",       "付小明",     "闫妮",
        "代小明",          "仇英",       "司马光",  "诸葛亮明",   "慕容雪",     "上官婉儿",
        "阿依古丽·买买提", "王小明先生", "王 小明", "Li Wei",     "Wang",       "李四光",
        "王五一",          "张三丰",     "陈丙德",  "测试王小明", "患者王小明", "某小明",
        "患者 甲乙",       "test Li",    "甲 王",   "张某小明"})
    EXPECT_FALSE(is_invented_name(name)) << name;
  for (const char* name :
       {"",      "张三",   "李四", "张某",   "王某某",    "欧阳某", "张某甲", "测试患者",
        "测试1", "患者甲", "患者", "患者12", "参保人A",   "某",     "某甲",   "某某",
        "甲",    "A",      "P1",   "test",   "Patient 1", "test-2"})
    EXPECT_TRUE(is_invented_name(name)) << name;
}

TEST(Personal, a_pack_with_a_person_in_a_test_is_not_built) {
  struct Case {
    std::string given, codes;
  };
  const std::vector<Case> cases = {
      {"patient { name: \"王小明\" }", "SK6401"},
      {"患者 { 姓名: \"王小明\" }", "SK6401"},
      {"patient { name: \"张三\" }", ""},
      {"patient { id: \"" + identity_number("11010119800101001") + "\" }", "SK6401"},
      {"patient { id: \"13800138000\" }", "SK6401"},
      {"patient { name: \"Li Wei\" }", "SK6401"},
      {"patient { id: \"人1\" }", ""},
  };
  for (const Case& one : cases) {
    const PackFolder folder;
    write_small(folder);
    folder.write("more.sanku",
                 fmt::format("test \"人\" {{ given {{ {}  items [ {{ code: \"A1\", "
                             "quantity: 9, amount: 5.00 }} ] }} expect R1 violation }}\n",
                             one.given));
    const auto made = build(folder.path(), {});
    ASSERT_TRUE(made) << one.given;
    EXPECT_EQ(codes_of(made->rules->diagnostics), one.codes) << one.given;
    EXPECT_EQ(made->bytes.empty(), !one.codes.empty());
    for (const diag::Diagnostic& each : made->rules->diagnostics.all)
      EXPECT_EQ(each.en.find("1380"), std::string::npos) << "the number itself is not told";
  }
}

// Beside the claim: visits before it, the title, comments above and between tests.
TEST(Personal, all_of_a_test_and_what_is_said_of_it_is_looked_through) {
  struct Case {
    std::string before, title, given, codes;
  };
  const std::string id = identity_number("11010119800101001");
  const std::vector<Case> cases = {
      {"", "人", "", ""},
      {"", "人", "given history [ { id: \"S9\" patient { name: \"王小明\" } } ]", "SK6401"},
      {"", "人", "given history [ { id: \"S9\" patient { name: \"患者甲\" } } ]", ""},
      {"", "王小明先生", "", "SK6401"},
      {"", "肖女士的药", "", "SK6401"},
      {"", "高血压患者", "", ""},
      {"// " + id + "\n", "人", "", "SK6401"},
      {"// 电话 138.0013.8000\n", "人", "", "SK6401"},
      {"", "人", "// " + id + "\n", "SK6401"},
  };
  for (const Case& one : cases) {
    const PackFolder folder;
    write_small(folder);
    folder.write("more.sanku",
                 fmt::format("{}test \"{}\" {{ given {{ items [ {{ code: \"A1\", quantity: 9, "
                             "amount: 5.00 }} ] }} {} expect R1 violation }}\n",
                             one.before, one.title, one.given));
    const auto made = build(folder.path(), {});
    ASSERT_TRUE(made) << one.given;
    EXPECT_EQ(codes_of(made->rules->diagnostics), one.codes)
        << one.before << one.title << one.given;
    EXPECT_EQ(made->bytes.empty(), !one.codes.empty());
  }
}

TEST(Personal, a_claim_in_a_file_is_looked_through_as_well) {
  const PackFolder folder;
  write_small(folder);
  folder.write("more.sanku", "test \"文件\" { given file \"claim.json\" expect R1 violation }\n");
  const std::string claim =
      R"({"setl_id":"S1",%s"items":[{"rid":"1","code":"A1","cnt":"9","amt":"9.00"}]})";
  const auto with = [&](const std::string& more) {
    std::string text = claim;
    text.replace(text.find("%s"), 2, more);
    folder.write("claim.json", text);
    const auto made = build(folder.path(), {});
    EXPECT_TRUE(made) << (made ? "" : made.error().en);
    return made ? codes_of(made->rules->diagnostics) : std::string("error");
  };
  EXPECT_EQ(with(""), "");
  EXPECT_EQ(with(R"("pname":"张三",)"), "");
  EXPECT_EQ(with(R"("pname" : "王小明",)"), "SK6401");
  EXPECT_EQ(with(R"("tel":"13800138000",)"), "SK6401");
  EXPECT_EQ(with(R"("tel":"1380013\u0038000",)"), "SK6401");
  EXPECT_EQ(with(R"("pname":"\u738b\u5c0f\u660e",)"), "SK6401");
  EXPECT_EQ(with(R"("\u0070name":"王小明",)"), "SK6401");
  EXPECT_EQ(with(R"("pname":"\u5f20\u4e09",)"), "");
  // Fields that the schema does not know: by what they are called, by what they hold.
  EXPECT_EQ(with(R"("coner_name":"王小明",)"), "SK6401");
  EXPECT_EQ(with(R"("dr_name":"阿依古丽",)"), "SK6401");
  EXPECT_EQ(with(R"("JBR_XM":"王小明",)"), "SK6401");
  EXPECT_EQ(with(R"("contacts":{"n":"王小明"},)"), "SK6401");
  EXPECT_EQ(with(R"("contacts":["王小明"],)"), "SK6401");
  EXPECT_EQ(with(R"("coner_name":"张三",)"), "");
  EXPECT_EQ(with(R"("coner_name":"某某",)"), "");
  EXPECT_EQ(with(R"("dise_name":"高血压",)"), "") << "a thing that begins like a surname";
  EXPECT_EQ(with(R"("remark":"复查血常规",)"), "");
  EXPECT_EQ(with(R"("tel":"一三八一二三四五六七八",)"), "SK6401");
  EXPECT_EQ(with(R"("visit":"M13812345678",)"), "SK6401");
}

TEST(PackBuild, a_failing_test_stops_it) {
  const PackFolder folder;
  write_small(folder, "1", "8");
  const auto made = build(folder.path(), {});
  ASSERT_TRUE(made);
  EXPECT_EQ(codes_of(made->rules->diagnostics), "SK6308");
  EXPECT_TRUE(made->bytes.empty());
}

TEST(PackBuild, what_is_hidden_or_leads_out_stops_it) {
  struct Case {
    std::string file, text, codes;
  };
  const std::vector<Case> cases = {
      {"knowledge/most.csv", "code,most\nA1,2\nA2,3\nB7,1\n\u200bC1,1\n", ""},
      {"knowledge/most.csv", "code,most,note\nA1,2,\nA2,3,\u202eb\nB7,1,\n", "SK6108"},
      {"rules.sanku", "// a\u200bb\n", "SK1002"},
  };
  for (const Case& one : cases) {
    const PackFolder folder;
    write_small(folder);
    if (one.file == "rules.sanku")
      folder.write("more.sanku", one.text);
    else
      folder.write(one.file, one.text);
    const auto made = build(folder.path(), {});
    ASSERT_TRUE(made);
    if (!one.codes.empty()) {
      EXPECT_EQ(codes_of(made->rules->diagnostics), one.codes) << one.text;
    }
    EXPECT_TRUE(made->bytes.empty()) << one.text;
  }
}

} // namespace
} // namespace sanku::deploy
