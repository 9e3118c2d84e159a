// The claim schema after checking: relations, flattened records, names, dictionaries.
#include "compiler/ast/from_parse_tree.h"
#include "compiler/hir/schema_from_ast.h"
#include "tests/support/texts.h"

#include <gtest/gtest.h>

namespace sanku::hir {
namespace {

struct Parsed {
  source::SourceMap map;
  diag::Diagnostics diagnostics;
  ast::File file;
  std::optional<CheckedSchema> checked;
};

Parsed check(const std::string& text) {
  Parsed parsed;
  const auto id = source::add(parsed.map, "schema.sanku", text);
  parsed.file = ast::parse(parsed.map, id, parsed.diagnostics);
  parsed.checked = check_schema({&parsed.file}, parsed.diagnostics);
  return parsed;
}

const Parsed& shipped() {
  static const Parsed parsed = check(testing::shipped_schema());
  return parsed;
}

const schema::Column* column(const schema::Relation& relation, std::string_view path) {
  for (const schema::Column& one : relation.columns)
    if (one.path.en == path)
      return &one;
  return nullptr;
}

TEST(Schema, the_one_that_ships_is_right) {
  EXPECT_TRUE(shipped().diagnostics.all.empty());
  ASSERT_TRUE(shipped().checked);
  const schema::Schema& schema = shipped().checked->schema;
  ASSERT_EQ(6u, schema.relations.size());
  EXPECT_EQ("settlement", schema.relations[0].names.en);
  EXPECT_EQ("结算单", schema.relations[0].names.zh);
  EXPECT_EQ("diagnoses", schema.relations[1].names.en);
  EXPECT_TRUE(schema.relations[1].nonempty);
  EXPECT_EQ("item", schema.relations[3].each.en);
  EXPECT_EQ(3u, schema::line_relation(schema));
}

TEST(Schema, a_raw_list_has_the_fields_of_the_one_it_shows_as_sent) {
  const schema::Schema& schema = shipped().checked->schema;
  EXPECT_EQ("raw_items", schema.relations[4].names.en);
  EXPECT_EQ(3u, schema.relations[4].raw_of);
  EXPECT_EQ(4u, schema::raw_twin(schema, 3));
  EXPECT_EQ(std::nullopt, schema::raw_twin(schema, 1));
  EXPECT_TRUE(schema.relations[4].wire.empty());
  ASSERT_EQ(schema.relations[3].columns.size(), schema.relations[4].columns.size());
  const std::string head =
      "schema visit edition \"1\"\nrecord Line { id : text? }\nrecord Visit { ";
  const auto errors = [&](const std::string& lists) {
    std::string ids;
    for (const diag::Diagnostic& each : check(head + lists + " }").diagnostics.all)
      ids += std::to_string(each.number) + " ";
    return ids;
  };
  EXPECT_EQ(errors("a : list of Line wire x b : list of Line role raw"), "");
  EXPECT_EQ(errors("b : list of Line role raw"), "3105 ") << "no list before it";
  EXPECT_EQ(errors("a : list of Line wire x b : list of Line wire y role raw"), "3105 ");
  EXPECT_EQ(errors("a : list of Line wire x b : list of Line role key"), "3105 ");
  EXPECT_EQ(errors("a : list of Line wire x b : list of Line role raw c : list of Line role raw"),
            "3105 ");
}

TEST(Schema, records_are_flattened_under_their_path) {
  const schema::Schema& schema = shipped().checked->schema;
  const schema::Column* sex = column(schema.relations[0], "patient.sex");
  ASSERT_NE(nullptr, sex);
  EXPECT_EQ("患者.性别", sex->path.zh);
  EXPECT_EQ("sex", sex->names.en);
  EXPECT_EQ(std::vector<std::string>{"gend"}, sex->wire);
  EXPECT_NE(nullptr, column(schema.relations[0], "settlement.total"));
  EXPECT_NE(nullptr, column(schema.relations[3], "code"));
  EXPECT_TRUE(column(schema.relations[0], "patient.name")->identity);
}

TEST(Schema, derived_fields_are_no_columns) {
  const schema::Schema& schema = shipped().checked->schema;
  EXPECT_EQ(nullptr, column(schema.relations[0], "patient.age"));
  EXPECT_EQ(nullptr, column(schema.relations[3], "date"));
  const SchemaNames& names = shipped().checked->names;
  const Space& item = names.spaces[names.of_relation[3]];
  const Entry* date = find_entry(item, "日期");
  ASSERT_NE(nullptr, date);
  EXPECT_TRUE(std::holds_alternative<DerivedEntry>(date->form));
}

TEST(Schema, a_field_answers_to_three_names) {
  const SchemaNames& names = shipped().checked->names;
  const Space& item = names.spaces[names.of_relation[3]];
  const Entry* code = find_entry(item, "code");
  ASSERT_NE(nullptr, code);
  EXPECT_EQ(code, find_entry(item, "编码"));
  EXPECT_EQ(code, find_entry(item, "hilist_code"));
  EXPECT_EQ(code, find_entry(item, "med_list_codg"));
  EXPECT_EQ(nullptr, find_entry(item, "编马"));
}

TEST(Schema, a_declared_name_comes_before_a_sender_s) {
  const auto parsed = check(
      "schema claim edition \"1\"\nrecord Claim {\n  a : text?  wire b\n  b : money?  wire c\n}\n");
  ASSERT_TRUE(parsed.checked) << parsed.diagnostics.all[0].en;
  const Entry* b = find_entry(parsed.checked->names.spaces[0], "b");
  ASSERT_NE(nullptr, b);
  EXPECT_EQ(1u, std::get<ColumnEntry>(b->form).column);
}

TEST(Schema, systems_of_one_union_share_a_dictionary) {
  const schema::Schema& schema = shipped().checked->schema;
  const auto& names = shipped().checked->names;
  const auto dictionary = [&](const char* name) {
    return schema.systems[names.systems.at(name)].dictionary;
  };
  EXPECT_EQ(dictionary("ItemCode"), dictionary("DrugCode"));
  EXPECT_EQ(dictionary("ItemCode"), dictionary("ServiceCode"));
  EXPECT_NE(dictionary("ItemCode"), dictionary("DiagnosisCode"));
  EXPECT_EQ(schema.systems.size() - 4, schema.dictionaries);
}

TEST(Schema, roles_are_found) {
  const schema::Schema& schema = shipped().checked->schema;
  const schema::Relation& items = schema.relations[3];
  for (const schema::Role role :
       {schema::Role::key, schema::Role::code, schema::Role::time, schema::Role::quantity,
        schema::Role::unit_price, schema::Role::amount, schema::Role::current})
    EXPECT_TRUE(schema::column_with(items, role));
  // The settlement's time is derived, so it is an entry and no column.
  EXPECT_FALSE(schema::column_with(schema.relations[0], schema::Role::time));
  EXPECT_TRUE(shipped().checked->names.time[0]);
}

TEST(Schema, types_carry_scale_and_digits) {
  const schema::Relation& items = shipped().checked->schema.relations[3];
  EXPECT_EQ((Type{.kind = Kind::decimal, .scale = 4, .digits = 16}),
            column(items, "quantity")->type);
  EXPECT_EQ((Type{.kind = Kind::money, .scale = 6, .digits = 16}),
            column(items, "unit_price")->type);
  EXPECT_EQ((Type{.kind = Kind::money, .scale = 2, .digits = 16}), column(items, "amount")->type);
}

} // namespace
} // namespace sanku::hir
