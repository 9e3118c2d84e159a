// Codes that senders leave out or cut short, by hand-worked tables.
#include "runtime/assemble/assemble.h"
#include "runtime/assemble/code_book.h"
#include "tests/unit/runtime/visit_schema.h"

namespace sanku::assemble {
namespace {

using sanku::testing::batch_of;
using sanku::testing::Cells;
using sanku::testing::visit_schema;
using enum sanku::testing::Relations;
using enum sanku::testing::MoreRelations;
using enum sanku::testing::SettlementColumns;
using enum sanku::testing::MoreSettlementColumns;
using enum sanku::testing::ItemColumns;
using enum sanku::testing::MoreItemColumns;

Type code(std::uint32_t system) {
  return {.kind = Kind::code, .scale = 0, .digits = 0, .domain = system};
}

struct Pack {
  schema::Schema schema = visit_schema();
  std::vector<knowledge::TableShape> shapes;
  std::vector<knowledge::Table> tables;

  void add(const std::vector<Type>& columns, std::uint32_t key,
           const std::vector<std::vector<std::string>>& rows) {
    knowledge::TableShape& shape = shapes.emplace_back();
    shape.relation.kind = schema::RelationKind::table;
    shape.key = key;
    for (const Type& type : columns)
      shape.relation.columns.push_back(sanku::testing::column("c", "c", type, {}));
    knowledge::Table& table = tables.emplace_back();
    for (const std::vector<std::string>& row : rows) {
      std::vector<Value>& values = table.rows.emplace_back();
      for (std::size_t c = 0; c < row.size(); ++c) {
        if (columns[c].kind == Kind::code)
          values.emplace_back(CodeText{row[c]});
        else
          values.emplace_back(row[c]);
      }
    }
  }

  [[nodiscard]] CodeBook book(const std::set<std::string, std::less<>>& named = {}) const {
    std::vector<MapTable> maps;
    for (std::size_t t = 0; t < tables.size(); ++t)
      maps.push_back({.shape = shapes[t], .table = tables[t]});
    return make_code_book(schema, maps, {}, named);
  }

  // Codes of lines at provider H1, given as national and hospital code.
  std::vector<std::string> codes(const std::vector<std::pair<std::string, std::string>>& lines,
                                 const batch::Dictionaries& dictionaries,
                                 const std::set<std::string, std::less<>>& named = {},
                                 const char* provider = "H1") const {
    sanku::testing::SentVisit visit{.header = {{s_visit, "V"}, {s_at, provider}}};
    for (const auto& [national, local] : lines)
      visit.items.push_back({{i_code, national}, {i_local, local}, {i_at, "2026-03-05"}});
    batch::Batch batch = batch_of(schema, dictionaries, {visit});
    const CodeBook made = book(named);
    assemble(batch, schema, dictionaries, {.codes = &made});
    std::vector<std::string> sent;
    for (const auto& [national, local] : lines)
      sent.push_back(national.empty() ? "?" : national);
    EXPECT_EQ(sanku::testing::shown(batch, schema, dictionaries, raw_items, {i_code}), sent);
    return sanku::testing::shown(batch, schema, dictionaries, items, {i_code});
  }
};

const Type words{.kind = Kind::text};

TEST(CodeBook, MapsTheHospitalsCodeWhereTheNationalOneIsMissing) {
  Pack pack;
  // The key, and the others in any order.
  pack.add({code(sanku::testing::item_codes), code(sanku::testing::local_codes), words,
            code(sanku::testing::provider_codes)},
           1,
           {{"A", "L1", "x", "H1"},
            {"A", "L1", "once more", "H1"},
            {"B", "L2", "x", "H1"},
            {"C", "L2", "x", "H1"},
            {"D", "L3", "x", "H2"}});
  const schema::Schema& schema = pack.schema;
  const std::vector<std::pair<std::string, std::string>> lines = {
      {"", "L1"}, {"Z", "L1"}, {"", "L2"}, {"", "L3"}, {"", "L9"}, {"", ""}};
  const std::vector<std::string> expected = {"A", "Z", "B or C", "?", "?", "?"};
  for (const batch::Dictionaries& dictionaries :
       {batch::Dictionaries(schema.dictionaries),
        sanku::testing::dictionaries(schema, {{0, "A"}, {0, "B"}})})
    EXPECT_EQ(pack.codes(lines, dictionaries), expected);
  EXPECT_EQ(pack.codes({{"", "L1"}}, batch::Dictionaries(schema.dictionaries), {}, ""),
            (std::vector<std::string>{"?"}))
      << "which hospital is not known";
  EXPECT_EQ(candidates(pack.book(), "H1", "L2", {}), (std::vector<std::string_view>{"B", "C"}));
}

// A map whose rows have days and zones, as layers leave them.
struct LayeredMap {
  Pack pack;
  struct Row {
    const char *local, *to, *from, *until;
    knowledge::Zones zones = {};
  };

  explicit LayeredMap(const std::vector<Row>& rows) {
    std::vector<std::vector<std::string>> cells;
    for (const Row& row : rows)
      cells.push_back({row.local, "H1", row.to});
    pack.add({code(sanku::testing::local_codes), code(sanku::testing::provider_codes),
              code(sanku::testing::item_codes)},
             0, cells);
    knowledge::TableShape& shape = pack.shapes.back();
    shape.valid_from = 3;
    shape.valid_to = 4;
    shape.zone_from = 5;
    shape.zone_to = 6;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      std::vector<Value>& row = pack.tables.back().rows[r];
      for (const char* day : {rows[r].from, rows[r].until})
        row.push_back(*day == '\0' ? Value(Unknown{}) : Value(day_of(day)));
      row.emplace_back(Integer{rows[r].zones.first});
      row.emplace_back(Integer{rows[r].zones.last});
    }
  }
  static Date day_of(const char* text) {
    Date day;
    EXPECT_TRUE(parse_date(text, day));
    return day;
  }
  // What a code may mean: on a day, or "" where nobody knows it; zone -1: nobody knows it.
  [[nodiscard]] std::string means(const char* local, const char* day, std::int64_t zone,
                                  bool insured = false) const {
    const CodeBook book = make_code_book(
        pack.schema,
        {{.shape = pack.shapes[0], .table = pack.tables[0], .zones = {}, .insured = insured}},
        {"330000330100", ""}, {});
    Standing standing;
    if (*day != '\0')
      standing.day = day_of(day).days;
    if (zone >= 0)
      (insured ? standing.insured : standing.care) = zone;
    std::string all;
    for (const std::string_view each : candidates(book, "H1", local, standing))
      all += (all.empty() ? "" : " ") + std::string(each);
    return all;
  }
};

TEST(CodeBook, ACodeMeansWhatItsMapSaysOnTheDayOfTheLine) {
  const LayeredMap map({{"L1", "A", "", "2025-12-31"},
                        {"L1", "B", "2026-01-01", ""},
                        {"L2", "A", "", ""},
                        {"L2", "B", "2026-01-01", "2026-06-30"}});
  EXPECT_EQ(map.means("L1", "2025-12-31", 0), "A");
  EXPECT_EQ(map.means("L1", "2026-01-01", 0), "B");
  EXPECT_EQ(map.means("L2", "2025-12-31", 0), "A");
  EXPECT_EQ(map.means("L2", "2026-06-30", 0), "A B");
  EXPECT_EQ(map.means("L2", "2026-07-01", 0), "A");
  // Nobody knows whether a row counts: alone it says nothing, beside one that surely does it may.
  EXPECT_EQ(map.means("L1", "", 0), "");
  EXPECT_EQ(map.means("L2", "", 0), "A B");
}

TEST(CodeBook, ACodeMeansWhatTheLayersOfThePlaceLeave) {
  // The province, zone 1, removes L1 and adds its own; the city, 2, adds to both.
  const std::vector<LayeredMap::Row> rows = {
      {"L1", "A", "", "", {0, 0}}, {"L1", "A", "", "", {3, last_zone}}, {"L1", "B", "", "", {1, 2}},
      {"L1", "C", "", "", {2, 2}}, {"L2", "A", "", "", {0, last_zone}}, {"L2", "D", "", "", {1, 2}},
      {"L3", "A", "", "", {1, 2}}};
  const LayeredMap map(rows);
  for (const bool insured : {false, true}) {
    EXPECT_EQ(map.means("L1", "2026-01-01", 0, insured), "A");
    EXPECT_EQ(map.means("L1", "2026-01-01", 1, insured), "B");
    EXPECT_EQ(map.means("L1", "2026-01-01", 2, insured), "B C");
    EXPECT_EQ(map.means("L1", "2026-01-01", -1, insured), "");
    EXPECT_EQ(map.means("L2", "2026-01-01", 0, insured), "A");
    EXPECT_EQ(map.means("L2", "2026-01-01", 1, insured), "A D");
    EXPECT_EQ(map.means("L2", "2026-01-01", -1, insured), "A D");
    EXPECT_EQ(map.means("L3", "2026-01-01", 0, insured), "");
    EXPECT_EQ(map.means("L3", "2026-01-01", -1, insured), "");
  }
}

TEST(CodeBook, ALayersOwnMapCountsWhereTheLayerDoes) {
  Pack pack;
  pack.add({code(sanku::testing::local_codes), code(sanku::testing::provider_codes),
            code(sanku::testing::item_codes)},
           0, {{"L1", "H1", "A"}});
  const Regions regions{"330000", ""};
  const CodeBook book = make_code_book(
      pack.schema, {{.shape = pack.shapes[0], .table = pack.tables[0], .zones = {1, 1}}}, regions,
      {});
  EXPECT_EQ(candidates(book, "H1", "L1", {.care = 1}).size(), 1u);
  EXPECT_TRUE(candidates(book, "H1", "L1", {.care = 0}).empty());
  EXPECT_TRUE(candidates(book, "H1", "L1", {}).empty());
  // Of maps that no layer changes the place is not asked.
  EXPECT_EQ(book.where, regions);
  EXPECT_EQ(pack.book().where, Regions{});
  EXPECT_FALSE(same_maps(book, pack.book()));
}

TEST(CodeBook, CompletesACodeCutTo20CharactersWhereTheTablesAgree) {
  const std::string one = "XA01AAA001A001010100", two = "XB01AAA001A001010100",
                    three = "XC01AAA001A001010100", four = "XD01AAA001A001010100",
                    five = "XE01AAA001A001010100";
  Pack pack;
  const std::vector<Type> columns = {code(sanku::testing::drug_codes), words};
  pack.add(columns, 0,
           {{one + "001", "m"},
            {two + "002", "m"},
            {two + "001", "m"},
            {three + "001", "m"},
            {three + "002", "f"},
            {four + "001", "m"},
            {five + "001", "m"},
            {five, "whole"}});
  pack.add(columns, 0, {{two + "002", "q"}, {four + "002", "q"}});
  // `three`: rows disagree. `four`: no code is in both tables. `five`: a code of its own.
  const std::vector<std::pair<std::string, std::string>> lines = {
      {one, ""},        {two, ""},  {three, ""},
      {four, ""},       {five, ""}, {"XF01AAA001A001010100", ""},
      {one + "009", ""}};
  const std::vector<std::string> expected = {one + "001",
                                             two + "002",
                                             three + "001 or " + three + "002",
                                             four + "001 or " + four + "002",
                                             five,
                                             "XF01AAA001A001010100",
                                             one + "009"};
  const schema::Schema& schema = pack.schema;
  batch::Dictionaries frozen(schema.dictionaries);
  for (std::size_t t = 0; t < pack.tables.size(); ++t)
    knowledge::intern_codes(pack.shapes[t], schema, pack.tables[t], frozen);
  EXPECT_EQ(pack.codes(lines, batch::Dictionaries(schema.dictionaries)), expected);
  EXPECT_EQ(pack.codes(lines, frozen), expected);
  EXPECT_EQ(pack.codes({{one, ""}}, frozen, {one}), (std::vector<std::string>{one}))
      << "a rule names this code itself";
}

} // namespace
} // namespace sanku::assemble
