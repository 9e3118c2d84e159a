// A claim schema for tests of the runtime, built by hand: one column of every type, roles, several
// wire names, an identity field, closed, open and ordered enums. Small on purpose; the schema that
// ships is read by the compiler, which the runtime does not know.
#pragma once

#include "runtime/batch/batch.h"
#include "runtime/schema/schema.h"

#include <initializer_list>
#include <string>
#include <utility>

namespace sanku::testing {

enum Systems : std::uint32_t {
  item_codes = 0,
  diagnosis_codes = 1,
  person_codes = 2,
  drug_codes = 3
};
enum Enums : std::uint32_t { sex = 0, visit_kind = 1, level = 2 };
enum Relations : std::uint32_t { settlement = 0, diagnoses = 1, items = 2 };
enum SettlementColumns : std::uint32_t {
  s_id,
  s_visit,
  s_kind,
  s_admitted,
  s_total,
  s_days,
  s_patient_id,
  s_sex,
  s_birth,
  s_provider,
  s_level
};
enum DiagnosisColumns : std::uint32_t { d_code, d_main };
enum ItemColumns : std::uint32_t {
  i_id,
  i_code,
  i_name,
  i_at,
  i_quantity,
  i_price,
  i_amount,
  i_current,
  i_window
};

inline schema::Column column(std::string en, std::string zh, Type type,
                             std::initializer_list<const char*> wire,
                             schema::Role role = schema::Role::none) {
  schema::Column made{.names = {en, zh},
                      .path = {en, zh},
                      .type = type,
                      .optional = true,
                      .identity = false,
                      .role = role,
                      .wire = {}};
  for (const char* name : wire)
    made.wire.emplace_back(name);
  return made;
}

inline schema::Schema claim_schema() {
  using schema::Role;
  schema::Schema s;
  s.names = {"settlement", "结算"};
  // DrugCode shares the dictionary of the union ItemCode.
  s.systems = {{.names = {"ItemCode", "明细编码"},
                .form = {},
                .registry = {},
                .hierarchical = false,
                .members = {3},
                .dictionary = 0},
               {.names = {"DiagnosisCode", "诊断编码"},
                .form = {},
                .registry = {},
                .hierarchical = true,
                .members = {},
                .dictionary = 1},
               {.names = {"PersonCode", "人员编码"},
                .form = {},
                .registry = {},
                .hierarchical = false,
                .members = {},
                .dictionary = 2},
               {.names = {"DrugCode", "药品编码"},
                .form = {},
                .registry = {},
                .hierarchical = false,
                .members = {},
                .dictionary = 0}};
  s.dictionaries = 3;
  s.enums = {{.names = {"Sex", "性别"},
              .closed = true,
              .ordered = false,
              .members = {{{"male", "男"}, {"1"}}, {{"female", "女"}, {"2"}}},
              .missing = {"0", "9"}},
             {.names = {"VisitKind", "就诊类型"},
              .closed = false,
              .ordered = false,
              .members = {{{"outpatient", "门诊"}, {"1"}}, {{"inpatient", "住院"}, {"2"}}},
              .missing = {}},
             {.names = {"FacilityLevel", "机构等级"},
              .closed = false,
              .ordered = true,
              .members = {{{"first", "一级"}, {"08", "1"}},
                          {{"second", "二级"}, {"05", "2"}},
                          {{"third", "三级"}, {"01", "3"}}},
              .missing = {}}};
  const Type text{.kind = Kind::text}, datetime{.kind = Kind::datetime},
      boolean{.kind = Kind::boolean};
  const Type money{.kind = Kind::money, .scale = 2, .digits = 16};
  auto code = [](std::uint32_t system) {
    return Type{.kind = Kind::code, .scale = 0, .digits = 0, .domain = system};
  };
  auto listed = [](std::uint32_t domain) {
    return Type{.kind = Kind::enumeration, .scale = 0, .digits = 0, .domain = domain};
  };

  schema::Relation visit{.kind = schema::RelationKind::settlement,
                         .names = {"settlement", "结算单"},
                         .each = {"settlement", "结算单"},
                         .nonempty = false,
                         .wire = {},
                         .columns = {}};
  visit.columns = {column("id", "结算号", text, {"setl_id"}, Role::settlement_id),
                   column("visit", "就诊号", text, {"mdtrt_id"}, Role::visit_id),
                   column("kind", "就诊类型", listed(visit_kind), {"med_mdtrt_type"}),
                   column("admitted", "入院时间", datetime, {"adm_time", "adm_date"}, Role::time),
                   column("total", "总费用", money, {"medfee_sumamt"}),
                   column("days", "天数", {.kind = Kind::integer}, {"ipt_days"}),
                   column("id", "编号", code(person_codes), {"psn_no", "patn_id"}),
                   column("sex", "性别", listed(sex), {"gend"}),
                   column("birth", "出生日期", {.kind = Kind::date}, {"brdy"}),
                   column("name", "名称", text, {"fixmedins_name", "medins_name"}),
                   column("level", "等级", listed(level), {"hosp_lv", "medins_lv"})};
  visit.columns[s_visit].optional = false;
  visit.columns[s_patient_id].path = {"patient.id", "患者.编号"};
  visit.columns[s_patient_id].identity = true;
  visit.columns[s_sex].path = {"patient.sex", "患者.性别"};
  visit.columns[s_birth].path = {"patient.birth", "患者.出生日期"};
  // Marked here so that a field that can be refused is an identity field too.
  visit.columns[s_birth].identity = true;
  visit.columns[s_provider].path = {"provider.name", "机构.名称"};
  visit.columns[s_level].path = {"provider.level", "机构.等级"};

  schema::Relation diagnosis{.kind = schema::RelationKind::child,
                             .names = {"diagnoses", "诊断"},
                             .each = {"diagnosis", "诊断"},
                             .nonempty = true,
                             .wire = {"fsi_diagnose_dtos"},
                             .columns = {}};
  diagnosis.columns = {
      column("code", "编码", code(diagnosis_codes), {"diag_code", "dise_codg"}, Role::code),
      column("is_main", "主诊断", boolean, {"maindise_flag"})};

  schema::Relation item{.kind = schema::RelationKind::child,
                        .names = {"items", "明细"},
                        .each = {"item", "明细"},
                        .nonempty = false,
                        .wire = {"fsi_order_dtos"},
                        .columns = {}};
  item.columns = {column("id", "明细号", text, {"feedetl_sn", "rx_id"}, Role::key),
                  column("code", "编码", code(item_codes), {"hilist_code"}, Role::code),
                  column("name", "名称", text, {"hilist_name"}),
                  column("at", "时间", datetime, {"fee_ocur_time", "drord_begn_date"}, Role::time),
                  column("quantity", "数量", {.kind = Kind::decimal, .scale = 4, .digits = 16},
                         {"cnt"}, Role::quantity),
                  column("unit_price", "单价", {.kind = Kind::money, .scale = 6, .digits = 16},
                         {"pric"}, Role::unit_price),
                  column("amount", "金额", money, {"det_item_fee_sumamt", "sumamt"}, Role::amount),
                  column("is_current", "当前", boolean, {"curr_drord_flag"}, Role::current),
                  column("window", "时间窗", {.kind = Kind::window}, {"window"})};
  s.relations = {visit, diagnosis, item};
  return s;
}

inline batch::Dictionaries
dictionaries(const schema::Schema& schema,
             std::initializer_list<std::pair<std::uint32_t, const char*>> codes = {}) {
  batch::Dictionaries made(schema.dictionaries);
  for (const auto& [dictionary, text] : codes)
    codes::intern(made[dictionary], text);
  return made;
}

} // namespace sanku::testing
