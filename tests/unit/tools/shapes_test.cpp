// One settlement in the shapes in which public senders write it, all giving the same findings, to
// the byte. The shapes are those of the interface's own page and of the disagreements among
// senders: envelope or none, object or list at every node, nodes nested or side by side, numbers as
// texts or numbers, missing values in every spelling, keys in any order, the past of the patient in
// between.
#include "tests/unit/tools/engine_fixture.h"

#include <utility>

namespace sanku::engine {
namespace {

struct Shape {
  std::string_view name;
  std::string text;
};

// The pieces of the settlement.
struct Pieces {
  std::string person =
      R"("patn_id":"P1","patn_name":"张三","gend":"1","brdy":"1980-01-01","poolarea":"110000")";
  std::string visit =
      R"("mdtrt_id":"M1","setl_id":"S1","medins_id":"H1","medins_lv":"02","adm_date":"2026-03-04 08:00:00",)"
      R"("dscg_date":"2026-03-05 10:00:00","med_mdtrt_type":"2","med_type":"21","medfee_sumamt":"27.50")";
  std::string diagnosis = R"({"dise_id":"D1","maindise_flag":"1","dise_codg":"J00.x00"})";
  std::string operation =
      R"({"setl_list_oprn_id":"O1","oprn_code":"60.8201","oprn_date":"2026-03-04"})";
  std::string first =
      R"({"rx_id":"L1","hilist_code":"XA11CCA351E002010101121","hilist_name":"甲","cnt":"1","pric":"12.50",)"
      R"("sumamt":"12.50","ownpay_amt":"","drord_begn_date":"2026-03-05 09:30:00","curr_drord_flag":"1"})";
  std::string second =
      R"({"rx_id":"L2","hilist_code":"001102000030000","hilist_name":"乙","cnt":"3","pric":"5.00",)"
      R"("sumamt":"15.00","ownpay_amt":"-","drord_begn_date":"2026-03-05 09:31:00","curr_drord_flag":"1"})";

  [[nodiscard]] std::string lists() const {
    return R"("fsi_diagnose_dtos":[)" + diagnosis + R"(],"fsi_operation_dtos":[)" + operation +
           R"(],"fsi_order_dtos":[)" + first + "," + second + "]";
  }
  [[nodiscard]] std::string encounter() const { return "{" + visit + "," + lists() + "}"; }
};

std::string replaced(std::string text,
                     const std::vector<std::pair<std::string, std::string>>& pairs) {
  for (const auto& [from, to] : pairs) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
      text.replace(at, from.size(), to);
      ++found;
    }
    EXPECT_GT(found, 0u) << from;
  }
  return text;
}

std::string nested(const Pieces& p) {
  return R"({"syscode":"YYDS","task_id":"t1","trig_scen":"8","rule_ids":["R01"],"patient_dtos":[{)" +
         p.person + R"(,"curr_mdtrt_id":"M1","fsi_his_data_dto":"","fsi_encounter_dtos":[)" +
         p.encounter() + "]}]}";
}

std::vector<Shape> enveloped_shapes(const Pieces& p) {
  const std::string all = nested(p);
  const std::string head =
      R"({"infno":"3101","msgid":"H11010100001202603051000000001","mdtrtarea_admvs":"110000","cainfo":null,)";
  return {
      {"nested, one data node", all},
      {"in the envelope", head + R"("input":{"data":)" + all + "}}"},
      {"data alone around it", R"({"data":)" + all + "}"},
      {"data as a list", R"({"input":{"data":[)" + all + "]}}"},
      {"the provincial names", R"({"infno":"3660","input":{"trigScen":)" +
                                   replaced(all, {{"patient_dtos", "patientDtos"},
                                                  {"fsi_encounter_dtos", "encounterDtos"},
                                                  {"fsi_diagnose_dtos", "diagnoseDtos"},
                                                  {"fsi_operation_dtos", "operationDtos"},
                                                  {"fsi_order_dtos", "orderDtos"},
                                                  {"patn_id", "psn_no"},
                                                  {"patn_name", "psn_name"},
                                                  {"poolarea", "insuplc_admdvs"},
                                                  {"medins_id", "medins_code"}}) +
                                   "}}"},
  };
}

std::vector<Shape> flat_shapes(const Pieces& p) {
  return {
      {"all nodes beside data", R"({"input":{"data":{"syscode":"sy"},"patient_dtos":{)" + p.person +
                                    R"(},"fsi_encounter_dtos":{)" + p.visit + "}," + p.lists() +
                                    "}}"},
      {"nodes side by side, inner ones first", "{" + p.lists() + R"(,"fsi_encounter_dtos":[{)" +
                                                   p.visit + R"(}],"patient_dtos":[{)" + p.person +
                                                   "}]}"},
      {"lists beside the visit in the person's node", R"({"patient_dtos":{)" + p.person +
                                                          R"(,"fsi_encounter_dtos":{)" + p.visit +
                                                          "}," + p.lists() + "}}"},
      {"one object of everything", "{" + p.visit + "," + p.person + "," + p.lists() + "}"},
  };
}

std::vector<Shape> spelled_shapes(const Pieces& p) {
  const std::string all = nested(p);
  Pieces objects = p;
  objects.operation = R"({"setl_list_oprn_id":"O1","oprn_code":"60.8201","oprn_date":"2026-03-04",)"
                      R"("anst_way":null,"x":{"deep":[[[]]]}})";
  return {
      {"objects where one is enough",
       replaced(nested(objects), {{"\"patient_dtos\":[", "\"patient_dtos\":"},
                                  {"\"fsi_encounter_dtos\":[", "\"fsi_encounter_dtos\":"},
                                  {"\"fsi_diagnose_dtos\":[" + p.diagnosis + "]",
                                   "\"fsi_diagnose_dtos\":" + p.diagnosis},
                                  {"]}]}]}", "]}}}"}})},
      {"numbers as numbers",
       replaced(all, {{R"("cnt":"1")", R"("cnt":1)"},
                      {R"("cnt":"3")", R"("cnt":3.0000)"},
                      {R"("sumamt":"12.50")", R"("sumamt":12.5)"},
                      {R"("sumamt":"15.00")", R"("sumamt":1.5e1)"},
                      {R"("pric":"12.50")", R"("pric":12.500000)"},
                      {R"("gend":"1")", R"("gend":1)"},
                      {R"("maindise_flag":"1")", R"("maindise_flag":1)"},
                      {R"("curr_drord_flag":"1")", R"("curr_drord_flag":true)"},
                      {R"("medfee_sumamt":"27.50")", R"("medfee_sumamt":27.5)"}})},
      {"missing values in other spellings",
       replaced(all, {{R"("ownpay_amt":"")", R"("ownpay_amt":null)"},
                      {R"("ownpay_amt":"-")", R"("spec":"","unit":" ","ownpay_amt":"null")"},
                      {R"("fsi_his_data_dto":"")", R"("fsi_his_data_dto":[])"},
                      {R"("fsi_order_dtos":[)", R"("fsi_order_dtos":[null,{},)"}})},
      {"blanks, escapes and full-width digits",
       replaced(all, {{R"("hilist_code":"XA11CCA351E002010101121")",
                       R"("hilist_code":" xa11cca351e００2010101121 ")"},
                      {R"("mdtrt_id":"M1")", R"("mdtrt_id":" M1 ")"},
                      {R"("hilist_name":"甲")", R"("hilist_\u006eame":"\u7532")"},
                      {R"("dise_codg":"J00.x00")", R"("dise_codg":"J00.X00")"}})},
      {"lines in another order, keys too",
       replaced(all, {{p.first + "," + p.second, p.second + "," + p.first},
                      {R"("rx_id":"L1","hilist_code":"XA11CCA351E002010101121")",
                       R"("hilist_code":"XA11CCA351E002010101121","rx_id":"L1")"}})},
      {"the past in between",
       replaced(
           all,
           {{R"("fsi_encounter_dtos":[)",
             R"("fsi_encounter_dtos":[{"mdtrt_id":"M0","medfee_sumamt":"1.00","fsi_order_dtos":[)" +
                 p.first + "]},"}})},
      {"names of the settlement tables",
       replaced(all, {{"patn_id", "psn_no"},
                      {"medins_id", "fixmedins_code"},
                      {"medins_lv", "hosp_lv"},
                      {"adm_date", "adm_time"},
                      {"dise_codg", "diag_code"},
                      {"oprn_code", "oprn_oprt_code"},
                      {"oprn_date", "oprn_oprt_begntime"},
                      {"rx_id", "feedetl_sn"},
                      {"hilist_code", "med_list_codg"},
                      {"sumamt\":\"1", "det_item_fee_sumamt\":\"1"},
                      {"drord_begn_date", "fee_ocur_time"}})},
  };
}

class Shapes : public testing::Test {
protected:
  void SetUp() override {
    rules_ = rules_at("bench/packs/first_eighteen");
    ASSERT_TRUE(rules_);
    engine_ = make_engine(program(*rules_), rules_->checked->tables, nullptr,
                          {.kind = EngineKind::evaluator});
  }
  [[nodiscard]] Ran run(const std::string& text) const {
    auto ran = run_text(*engine_, text + "\n", {});
    EXPECT_TRUE(ran);
    return ran ? std::move(*ran) : Ran{};
  }

  std::unique_ptr<Rules> rules_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(Shapes, one_settlement_in_every_shape_gives_the_same_findings) {
  const Pieces pieces;
  std::vector<Shape> shapes = enveloped_shapes(pieces);
  for (const auto& more : {flat_shapes(pieces), spelled_shapes(pieces)})
    shapes.insert(shapes.end(), more.begin(), more.end());
  ASSERT_GE(shapes.size(), 16u);
  const Ran expected = run(shapes.front().text);
  EXPECT_GE(std::ranges::count(expected.written, '\n'), 1) << "the settlement has findings";
  for (const Shape& shape : shapes) {
    const Ran ran = run(shape.text);
    EXPECT_EQ(ran.written, expected.written) << shape.name << "\n" << shape.text;
    for (const io::Reject& reject : ran.rejects)
      ADD_FAILURE() << shape.name << ": " << reject.reason_en << "\n" << shape.text;
    EXPECT_EQ(ran.summary.settlements, 1u) << shape.name;
    EXPECT_EQ(ran.summary.lines, 2u) << shape.name;
    EXPECT_EQ(ran.summary.read.context, shape.name == "the past in between" ? 1u : 0u);
  }
}

TEST_F(Shapes, several_patients_in_one_request_are_told_apart) {
  const Pieces pieces;
  Pieces other = pieces;
  other.person = R"("patn_id":"P2","gend":"2")";
  other.visit = replaced(other.visit, {{"M1", "M2"}, {"S1", "S2"}});
  const auto person = [](const Pieces& p, const std::string& visit) {
    return "{" + p.person + R"(,"curr_mdtrt_id":")" + visit + R"(","fsi_encounter_dtos":)" +
           p.encounter() + "}";
  };
  const Ran both =
      run(R"({"patient_dtos":[)" + person(pieces, "M1") + "," + person(other, "M2") + "]}");
  EXPECT_EQ(both.summary.settlements, 2u);
  EXPECT_TRUE(both.rejects.empty());
  EXPECT_EQ(both.written, run(nested(pieces)).written +
                              run(R"({"patient_dtos":[)" + person(other, "M2") + "]}").written);
}

} // namespace
} // namespace sanku::engine
