// The quick reader of requests against the general one, which says what is right: over random
// requests in every nesting, with keys in and out of order, escapes, odd spacing, fields that are
// missing, blank, twice, unknown, of another type, out of range or broken, and damaged bytes, both
// give the same batches, the same rejects and the same counts. What is not kept changes nothing of
// that but the values that are gone.
#include "runtime/io/ndjson.h"
#include "runtime/io/quick_scan.h"
#include "tests/unit/runtime/claim_schema.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace sanku::io {
namespace {

using sanku::testing::claim_schema;
using sanku::testing::dictionaries;

// Random requests. `odd`: in how many of a hundred places something unusual stands.
class Requests {
public:
  Requests(const schema::Schema& schema, unsigned seed, unsigned odd)
      : schema_(schema), random_(seed), odd_(odd) {}

  std::string line() {
    shuffled_ = chance(30);
    const std::string encounter = object(visit_fields());
    std::string text;
    switch (below(chance(70) ? 3 : 6)) {
    case 0:
      text = object(with(around(), "patient_dtos", listed(patient(encounter))));
      break;
    case 1:
      text = object(
          {{"infno", "\"3101\""},
           {"input",
            object({{"data", object(with(around(), "patient_dtos", patient(encounter)))}})}});
      break;
    case 2:
      text = encounter;
      break;
    case 3: // side by side
      text = object({{"data", object(around())},
                     {"patient_dtos", object(some_cells(schema_.relations[0], 20))},
                     {"fsi_encounter_dtos", listed(encounter)}});
      break;
    case 4: // several visits
      text = object(
          {{"patient_dtos",
            listed(object(with(with({}, "curr_mdtrt_id", visit_number()), "fsi_encounter_dtos",
                               "[" + encounter + "," + object(visit_fields()) + "]")))}});
      break;
    default:
      text = object({{"patient_dtos", "[" + patient(encounter) + "," + patient(encounter) + "]"}});
    }
    return strange() && chance(30) ? damaged(text) : text;
  }

private:
  using Field = std::pair<std::string, std::string>; // key and JSON
  using Fields = std::vector<Field>;

  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
  bool chance(unsigned percent) { return below(100) < percent; }
  bool strange() { return chance(odd_); }

  static Fields with(Fields fields, const std::string& key, std::string json) {
    fields.emplace_back(key, std::move(json));
    return fields;
  }
  Fields around() {
    Fields fields = {{"syscode", "\"S\""}, {"task_id", "\"00ff\""}};
    if (chance(30))
      fields.emplace_back("x",
                          pick({"[]", "{}", "[[1,{\"y\":\"\\u00e9\"}],null]", "-1.5e3", "\"\""}));
    if (strange())
      fields.emplace_back("medins_lv", "\"05\"");
    return fields;
  }
  std::string listed(const std::string& json) {
    if (strange())
      return pick({"[]", "[" + json + ",null]", "[" + json + ",{}]", "{}", "\"-\"", json});
    return chance(50) ? "[" + space() + json + space() + "]" : json;
  }
  std::string patient(const std::string& encounter) {
    Fields fields = {{"patn_id", "\"P1\""},
                     {"gend", pick({"\"1\"", "\"2\"", "\"9\"", "\"\"", "\"x\""})}};
    if (chance(50))
      fields.emplace_back("brdy", pick({"\"1980-01-31\"", "\"1980-01-31 00:00:00\"", "null"}));
    if (chance(50))
      fields.emplace_back("curr_mdtrt_id", visit_number());
    if (strange())
      fields.emplace_back("mdtrt_id", visit_number());
    fields.emplace_back("fsi_encounter_dtos", listed(encounter));
    return object(fields);
  }
  std::string visit_number() {
    return strange() ? pick({"\" M1 \"", "\"M2\"", "17", "\"\"", "null", "\"\\u004d1\""})
                     : "\"M1\"";
  }
  Fields visit_fields() {
    Fields fields = some_cells(schema_.relations[0], 60);
    // What the person says, the visit says again only where things are odd.
    std::erase_if(fields, [&](const Field& field) {
      const bool persons =
          field.first == "gend" || field.first == "brdy" || field.first == "psn_no";
      return field.first == "mdtrt_id" || (persons && !strange());
    });
    if (!strange())
      fields.emplace_back("mdtrt_id", visit_number());
    for (const std::uint32_t r : {testing::diagnoses, testing::items}) {
      std::string list;
      for (unsigned i = below(5); i > 0; --i)
        list += (list.empty() ? "" : ",") + space() + object(some_cells(schema_.relations[r], 80));
      fields.emplace_back(schema_.relations[r].wire[0],
                          strange()
                              ? pick({"\"\"", "{}", "7", "null", "[null]", "[" + list + ",{}]"})
                              : "[" + list + "]");
    }
    return fields;
  }
  Fields some_cells(const schema::Relation& relation, unsigned percent) {
    Fields fields;
    for (const schema::Column& column : relation.columns) {
      const std::size_t names = column.wire.size();
      const std::size_t first = strange() && names > 1 ? 1 : 0;
      if (names != 0 && chance(percent))
        fields.emplace_back(column.wire[first], cell(column.type.kind));
      if (names != 0 && strange() && chance(20))
        fields.emplace_back(column.wire[below(static_cast<unsigned>(names))],
                            cell(column.type.kind));
    }
    if (strange())
      fields.emplace_back("备注", "\"说明\"");
    if (fields.empty())
      fields.emplace_back("x", "1");
    return fields;
  }
  std::string cell(Kind kind) {
    if (strange())
      return pick({"\"\"", "\"-\"", "null", "\" \"", "\"null\"", "\"NULL\"", "true", "[]", "{}",
                   "\"x\"", "\"\\t\"", "\"　\"", "-0", "1e2", "01", "\"1\n\"", "\"\xC4\xD0\"",
                   "\"a\x1f"
                   "b\""});
    switch (kind) {
    case Kind::boolean:
      return pick({"\"1\"", "\"0\"", "true", "0", "\"Y\"", "\"是\""});
    case Kind::integer:
      return pick({"3", "\"12\"", "\"-4\"", "\"1.0\"", "\"99999999\"", "\"123456789012\""});
    case Kind::decimal:
    case Kind::money:
      return number();
    case Kind::date:
    case Kind::datetime:
      return time();
    case Kind::code:
      return pick({"\"XG03\"", "\"xg03\"", "\"I21.900\"", "\"I10.x00x002\"", "\"001102000010000\"",
                   "\"ＸＧ03\"", "\" I21.900\"", "17", "\"nUll\"", "\"A1\"", "\"－\"",
                   "\"ZZ0123456789ABCDEFGHIJ0123456789ABC\"",
                   fmt::format("\"C{:05}\"", below(50))});
    case Kind::enumeration:
      return pick(
          {"\"1\"", "\"2\"", "\"05\"", "\"01\"", "\"9\"", "\"77\"", "1", "\"unlisted one\""});
    case Kind::window:
      return pick({"\"6小时\"", "\"单日\"", "\"3天\""});
    default:
      return pick({"\"体\"", "\"第三人民医院\"", "\"黄\\\"体\"", "\"\\u9ec4体酮注射液\"",
                   "\"S0001\"", "\"a long name that takes more than thirty-two bytes, with 汉字\"",
                   "12", "\"  two  \"", "\"é\"", "\"\\\\\\/\""});
    }
  }
  std::string number() {
    const unsigned digits = 1 + below(9);
    std::string text = std::to_string(below(10));
    for (unsigned i = 1; i < digits; ++i)
      text += static_cast<char>('0' + below(10));
    if (chance(80) && digits > 1)
      text.insert(strange() ? 1 + below(digits) : digits - below(std::min(digits, 3u)), ".");
    if (chance(5))
      text.insert(0, "-");
    return chance(80) || text.front() == '0' || text.back() == '.' ? '"' + text + '"' : text;
  }
  std::string time() {
    std::string text =
        fmt::format("{}-{:02}-{:02}", strange() ? 1700 + below(600) : 2026 - below(90),
                    1 + below(strange() ? 14 : 12), 1 + below(strange() ? 33 : 28));
    if (chance(60))
      text += fmt::format(" {:02}:{:02}:{:02}", below(strange() ? 26 : 24), below(60),
                          below(strange() ? 62 : 60));
    return strange()
               ? pick({"\"20260305\"", "\"2026/3/5\"", "\"2026-03-05T09:30\"", "\"" + text + "x\""})
               : '"' + text + '"';
  }
  std::string object(Fields fields) {
    if (shuffled_)
      std::shuffle(fields.begin(), fields.end(), random_);
    std::string text = "{";
    for (std::size_t i = 0; i < fields.size(); ++i)
      text += (i == 0 ? "" : ",") + space() + '"' + key(fields[i].first) + '"' + space() + ':' +
              space() + fields[i].second + space();
    return text + '}';
  }
  std::string key(std::string name) {
    if (!strange() || !chance(10))
      return name;
    name.replace(0, 1, fmt::format("\\u{:04x}", static_cast<unsigned>(name[0])));
    return name;
  }
  std::string space() { return !strange() ? "" : pick({" ", "  ", "\t", "\r"}); }
  std::string damaged(std::string text) {
    if (chance(30))
      text.resize(below(static_cast<unsigned>(text.size())));
    for (unsigned i = below(3); i > 0 && !text.empty(); --i)
      text[below(static_cast<unsigned>(text.size()))] = static_cast<char>(below(256));
    return text;
  }
  std::string pick(const std::vector<std::string>& from) {
    return from[below(static_cast<unsigned>(from.size()))];
  }

  const schema::Schema& schema_;
  std::mt19937 random_;
  unsigned odd_;
  bool shuffled_ = false;
};

struct Read {
  std::string visits, rejects; // everything there is, as text
  ReadCounts counts;
  std::uint64_t quickly = 0;
};

class QuickRecordTest : public ::testing::Test {
protected:
  Read read(NdjsonReader& reader, const std::string& text, std::uint32_t batch,
            const batch::Kept& kept) {
    Read got;
    std::vector<Reject> rejects;
    const std::uint64_t before = reader.read_quickly();
    reader.read(
        {.text = text, .index = 0, .offset = 5000, .first_line = 11}, 3, batch,
        [&](const batch::Batch& made) { show(made, kept, got.visits); }, rejects, got.counts);
    got.quickly = reader.read_quickly() - before;
    for (const Reject& reject : rejects)
      got.rejects += fmt::format("{} {} {} {} {}\n", reject.line, reject.offset, reject.reason_en,
                                 reject.reason_zh, reject.text);
    return got;
  }
  void show(const batch::Batch& made, const batch::Kept& kept, std::string& text) {
    text += fmt::format("batch of {}\n", made.settlements);
    for (const batch::Origin& origin : made.origins)
      text += fmt::format("{} {} {} {};", origin.file, origin.offset, origin.line, origin.part);
    for (std::uint32_t r = 0; r < made.relations.size(); ++r) {
      const batch::RelationData& relation = made.relations[r];
      text += fmt::format("\nlist {}: {}\n", relation.rows, fmt::join(relation.offsets, " "));
      for (std::uint32_t row = 0; row < relation.rows; ++row)
        for (std::uint32_t c = 0; c < relation.columns.size(); ++c)
          if (kept[r][c])
            text += shown(made, r, c, row);
    }
  }
  std::string shown(const batch::Batch& made, std::uint32_t r, std::uint32_t c, std::uint32_t row) {
    const Value value = batch::value_at(made, schema_, dictionaries_, r, c, row);
    if (!is_known(value))
      return "?|";
    const auto* listed = std::get_if<EnumValue>(&value);
    const std::string name = listed == nullptr ? "" : fmt::format("#{}", listed->id);
    return to_text(value, schema_.relations[r].columns[c].type, Language::en, name) + "|";
  }
  batch::Kept all() {
    batch::Kept kept;
    for (const schema::Relation& relation : schema_.relations)
      kept.emplace_back(relation.columns.size(), true);
    return kept;
  }

  schema::Schema schema_ = claim_schema();
  batch::Dictionaries dictionaries_ = dictionaries(schema_, {{0, "XG03"}, {1, "I21.900"}});
};

TEST_F(QuickRecordTest, ReadsAsTheGeneralReaderDoes) {
  batch::Kept kept = all(), some = all();
  for (std::vector<bool>& columns : some)
    for (std::size_t c = 0; c < columns.size(); c += 2)
      columns[c] = false;
  std::uint64_t quickly = 0, records = 0, rejected = 0;
  for (unsigned seed = 1; seed <= 240; ++seed) {
    // Readers that have learnt from what came before, and a chunk of some lines at a time.
    const unsigned odd = seed % 3 == 0 ? 0 : seed % 3 == 1 ? 2 : 12;
    Requests requests(schema_, seed, odd);
    NdjsonReader quick(schema_, dictionaries_), narrow(schema_, dictionaries_),
        slow(schema_, dictionaries_), part(schema_, dictionaries_, some),
        slow_part(schema_, dictionaries_);
    narrow.read_narrowly();
    slow.read_slowly();
    slow_part.read_slowly();
    for (int chunk = 0; chunk < 5; ++chunk) {
      std::string text;
      for (int i = 0; i < 12; ++i)
        text += requests.line() + (seed % 5 == 0 ? "\r\n" : "\n");
      if (seed % 2 == 0)
        text.pop_back();
      const std::uint32_t batch = seed % 4 == 0 ? 3 : 4096;
      const Read got = read(quick, text, batch, kept), expected = read(slow, text, batch, kept);
      ASSERT_EQ(got.rejects, expected.rejects) << "seed " << seed << "\n" << text;
      ASSERT_EQ(got.visits, expected.visits) << "seed " << seed << "\n" << text;
      ASSERT_EQ(got.counts.records, expected.counts.records) << text;
      ASSERT_EQ(got.counts.encounters, expected.counts.encounters) << text;
      ASSERT_EQ(got.counts.context, expected.counts.context) << text;
      ASSERT_EQ(expected.quickly, 0u);
      const Read narrowly = read(narrow, text, batch, kept);
      ASSERT_EQ(narrowly.rejects, expected.rejects) << "seed " << seed << "\n" << text;
      ASSERT_EQ(narrowly.visits, expected.visits) << "seed " << seed << "\n" << text;
      ASSERT_EQ(narrowly.quickly, got.quickly) << text;
      const Read partly = read(part, text, batch, some), same = read(slow_part, text, batch, some);
      ASSERT_EQ(partly.rejects, expected.rejects) << "seed " << seed << "\n" << text;
      ASSERT_EQ(partly.visits, same.visits) << "seed " << seed << "\n" << text;
      quickly += got.quickly;
      records += got.counts.records;
      rejected += got.counts.rejected;
      if (odd == 0) {
        EXPECT_GT(got.quickly, 0u) << text;
      }
    }
  }
  // Or the test would prove little.
  EXPECT_GT(quickly, records / 4) << records;
  EXPECT_GT(rejected, 300u);
}

// Two characters at a time, and every second byte of a pair may be the wrong one.
TEST(QuickScan, KnowsUtf8AsTheWholeHouseDoes) {
  std::mt19937 random(11);
  const std::vector<std::string> pieces = {"黄",     "体",         "酮",           "a",
                                           "é",      "\U0001F600", "\uE000",       "\uFFFD",
                                           "\u0800", "\uD7FF",     "\xED\xA0\x80", "\xE0\x9F\xBF",
                                           "\x80",   "\xE9\xBB",   "\xFF"};
  std::uint32_t good = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string text;
    for (auto n = random() % 7; n > 0; --n)
      text += pieces[random() % (i % 2 == 0 ? 10 : pieces.size())];
    if (i % 5 == 0 && !text.empty())
      text[random() % text.size()] = static_cast<char>(random());
    const std::string padded = text + std::string(64, '\n');
    good += is_utf8(text) ? 1 : 0;
    ASSERT_EQ(quick::good_utf8(padded.data(), padded.data() + text.size()), is_utf8(text)) << text;
  }
  EXPECT_GT(good, 30'000u);
  EXPECT_LT(good, 90'000u);
}

// Brackets in strings are none, a string may go on over many blocks, and who is not sure says so.
TEST(QuickScan, FindsWhereBracketsCloseWithoutLookingBetween) {
  std::mt19937 random(12);
  const std::vector<std::string> pieces = {"[", "]",   "{",      "}",           "\"",
                                           ",", "abc", "\"]}\"", "\"[{ 药品\"", "\"long string "};
  std::uint32_t found = 0, unsure = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string text = random() % 2 == 0 ? "[" : "{";
    for (auto n = random() % 60; n > 0; --n)
      text += pieces[random() % pieces.size()];
    if (i % 7 == 0)
      text[random() % text.size()] = '\\';
    const std::string padded = text + std::string(64, '\n');
    std::size_t depth = 0, end = 0;
    bool string = false, odd = false;
    for (std::size_t at = 0; at < text.size() && end == 0 && !odd; ++at) {
      odd = text[at] == '\\';
      string = string != (text[at] == '"');
      if (!string && (text[at] == '[' || text[at] == '{'))
        ++depth;
      if (!string && (text[at] == ']' || text[at] == '}') && --depth == 0)
        end = at + 1;
    }
    const char* const expected = end == 0 ? nullptr : padded.data() + end;
    if (text.front() != '\\') {
      ASSERT_EQ(quick::behind_brackets(padded.data()), expected) << text;
    }
    (end == 0 ? unsure : found) += 1;
  }
  EXPECT_GT(found, 10'000u);
  EXPECT_GT(unsure, 10'000u);
}

// Of a record that is in order a reader that skims learns the same.
TEST_F(QuickRecordTest, SkimsWhatItWouldRead) {
  schema::Schema header = schema_;
  header.relations.resize(1);
  batch::Kept kept = all();
  kept.resize(1);
  const batch::Dictionaries codes(header.dictionaries);
  NdjsonReader whole(schema_, dictionaries_), skimming(header, codes), reading(header, codes);
  skimming.skim();
  std::uint64_t quickly = 0, good = 0;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    Requests requests(schema_, seed, seed % 3 * 3);
    for (int i = 0; i < 30; ++i) {
      const std::string text = requests.line() + "\n";
      if (!read(whole, text, 4096, all()).rejects.empty())
        continue;
      const Read got = read(skimming, text, 4096, kept);
      ASSERT_EQ(got.visits, read(reading, text, 4096, kept).visits) << text;
      ASSERT_EQ(got.rejects, "") << text;
      ++good;
      quickly += got.quickly;
    }
  }
  EXPECT_GT(quickly, good / 4);
  EXPECT_GT(good, 300u);
}

// What the usual sender writes never needs the general reader, whatever the order of the keys.
TEST_F(QuickRecordTest, ReadsTheUsualRequestItself) {
  const std::string usual =
      R"({"syscode":"S","patient_dtos":[{"patn_id":"P1","gend":"1","brdy":"1980-01-31","curr_mdtrt_id":"M1","fsi_encounter_dtos":[{"mdtrt_id":"M1","adm_date":"2026-03-05 09:30:00","medfee_sumamt":"35.00","fsi_diagnose_dtos":[{"dise_codg":"I21.900","maindise_flag":"1"}],"fsi_order_dtos":[{"rx_id":"1","hilist_code":"XG03","hilist_name":"\u9ec4体酮","cnt":"2.00","pric":17.5,"sumamt":"35.00"},{"cnt":"1","rx_id":"2","hilist_name":null,"hilist_code":"XA01"}],"fsi_operation_dtos":[]}]}]})";
  NdjsonReader reader(schema_, dictionaries_);
  const Read got = read(reader, usual + "\n" + usual + "\n\n" + usual, 4096, all());
  EXPECT_EQ(got.quickly, 3u);
  EXPECT_EQ(got.counts.records, 3u);
  EXPECT_EQ(got.rejects, "");
}

} // namespace
} // namespace sanku::io
