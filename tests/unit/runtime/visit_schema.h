// The claim schema of claim_schema.h with what a visit is made of: provider, settlement and refund
// numbers, codes of the hospital, prescriptions, links of refund lines, the list as sent; and
// visits of it from and to short texts, so that tests are tables.
#pragma once

#include "runtime/assemble/record.h"
#include "tests/unit/runtime/claim_schema.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sanku::testing {

// Behind the columns of claim_schema.h.
enum MoreSettlementColumns : std::uint32_t {
  s_at = 11,
  s_discharged,
  s_settled,
  s_refund,
  s_named
};
enum MoreItemColumns : std::uint32_t { i_local = 9, i_prescription, i_reverses, i_self_paid };
enum MoreRelations : std::uint32_t { raw_items = 3 };
enum MoreSystems : std::uint32_t { provider_codes = 4, local_codes = 5, document_numbers = 6 };

inline schema::Schema visit_schema() {
  using schema::Role;
  schema::Schema s = claim_schema();
  for (const char* name : {"ProviderCode", "LocalItemCode", "DocumentNumber"})
    s.systems.push_back({.names = {name, name},
                         .form = {},
                         .registry = {},
                         .hierarchical = false,
                         .members = {},
                         .dictionary = s.dictionaries++});
  const auto code = [](std::uint32_t system) {
    return Type{.kind = Kind::code, .scale = 0, .digits = 0, .domain = system};
  };
  const Type datetime{.kind = Kind::datetime}, text{.kind = Kind::text},
      boolean{.kind = Kind::boolean}, money{.kind = Kind::money, .scale = 2, .digits = 16};
  schema::Relation& visit = s.relations[settlement];
  visit.columns[s_admitted].role = Role::begin;
  visit.columns[s_total].role = Role::amount;
  visit.columns.push_back(
      column("id", "编号", code(provider_codes), {"medins_id"}, Role::provider));
  visit.columns.push_back(column("discharged", "出院时间", datetime, {"dscg_time"}, Role::end));
  visit.columns.push_back(column("settled", "结算时间", datetime, {"setl_time"}, Role::settled));
  visit.columns.push_back(column("refund", "退费", boolean, {"refd_setl_flag"}, Role::refund));
  visit.columns.push_back(
      column("refunded_id", "原结算号", text, {"init_setl_id"}, Role::refunded_id));
  schema::Relation& item = s.relations[items];
  item.columns.push_back(
      column("local_code", "院内编码", code(local_codes), {"hosplist_code"}, Role::local_code));
  item.columns.push_back(
      column("prescription", "处方号", code(document_numbers), {"rxno"}, Role::prescription));
  item.columns.push_back(column("reverses", "原明细号", text, {"init_feedetl_sn"}, Role::reverses));
  item.columns.push_back(column("self_paid", "自费金额", money, {"ownpay_amt"}));
  schema::Relation raw = item;
  raw.names = {"raw_items", "原始明细"};
  raw.each = {"raw_item", "原始项"};
  raw.wire = {};
  raw.raw_of = items;
  s.relations.push_back(raw);
  return s;
}

// Cells by column; what is not named is missing.
using Cells = std::map<std::uint32_t, std::string>;
struct SentVisit {
  Cells header;
  std::vector<Cells> diagnoses = {}, items = {};
};

inline batch::Batch batch_of(const schema::Schema& schema, const batch::Dictionaries& dictionaries,
                             const std::vector<SentVisit>& visits) {
  batch::BatchBuilder builder(schema, dictionaries);
  std::uint64_t line = 0;
  for (const SentVisit& visit : visits) {
    builder.begin();
    const auto row = [&](std::uint32_t relation, const Cells& cells) {
      builder.begin_row(relation);
      for (const auto& [column, text] : cells)
        EXPECT_TRUE(builder.set_text(relation, column, text)) << text;
    };
    row(settlement, visit.header);
    for (const Cells& cells : visit.diagnoses)
      row(Relations::diagnoses, cells);
    for (const Cells& cells : visit.items)
      row(Relations::items, cells);
    ++line;
    builder.commit({.file = 0, .offset = 100 * line, .line = line, .part = 0});
  }
  return builder.take();
}

inline std::string text_of(const schema::Schema& schema, std::uint32_t relation,
                           std::uint32_t column, const Value& value) {
  if (!is_known(value))
    return "?";
  const Type& type = schema.relations[relation].columns[column].type;
  if (const auto* number = std::get_if<Decimal>(&value))
    return decimal_text(number->units, type.scale, 0);
  if (const auto* listed = std::get_if<EnumValue>(&value); listed && listed->id != 0)
    return schema.enums[type.domain].members[listed->id - 1].names.en;
  return to_text(value, type, Language::en, {});
}

// One line a row: the wanted columns, separated by blanks.
inline std::vector<std::string> shown(const batch::Batch& batch, const schema::Schema& schema,
                                      const batch::Dictionaries& dictionaries,
                                      std::uint32_t relation,
                                      const std::vector<std::uint32_t>& columns) {
  std::vector<std::string> out;
  for (std::uint32_t row = 0; row < batch.relations[relation].rows; ++row) {
    std::string line;
    for (const std::uint32_t c : columns)
      line += (line.empty() ? "" : " ") +
              text_of(schema, relation, c,
                      batch::value_at(batch, schema, dictionaries, relation, c, row));
    out.push_back(line);
  }
  return out;
}

} // namespace sanku::testing
