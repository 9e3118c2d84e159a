// Visits that come in several records, through a whole run: in parts, repeated, taken back,
// contradicted.
// proves D2
#include "tests/unit/tools/waiting_fixture.h"
#include "tools/engine/explain.h"
#include "tools/engine/identity.h"

#include <set>

namespace sanku::engine {
namespace {

TEST(Waiting, parts_of_a_visit_are_judged_as_one_where_the_first_of_them_stands) {
  const Small small;
  const std::string a = line_of({.visit = "V1",
                                 .number = "1",
                                 .items = {item("1", code, "1", "10.00")},
                                 .more = R"(,"medfee_sumamt":"30.00")"}),
                    b = line_of(
                        {.visit = "V2", .number = "2", .items = {item("1", code, "3", "30.00")}}),
                    c = line_of({.visit = "V1",
                                 .number = "3",
                                 .items = {item("2", code, "2", "20.00")},
                                 .more = R"(,"medfee_sumamt":"30.00")"}),
                    d = line_of(
                        {.visit = "V3", .number = "4", .items = {item("1", code, "4", "40.00")}});
  const Ran ran = small.run(a + b + c + d);
  EXPECT_EQ(account_of(ran), "4 = 3 + 1 + 0 + 0 + 0");
  // V1: one of three lies beyond; its total is the sum.
  EXPECT_EQ(fields(ran.written, "mdtrt_id"), (Texts{"V1", "V1", "V2", "V2", "V3", "V3"}));
  EXPECT_EQ(fields(ran.written, "rule"), (Texts{"T3", "T1", "T1", "T2", "T1", "T2"}));
  EXPECT_EQ(fields(ran.written, "message"), (Texts{"60.00", "共3", "共3", "1", "共4", "1"}));
  // Another provider's visit of that number is another visit.
  const std::string other = line_of(
      {.visit = "V1", .number = "3", .items = {item("2", code, "2", "20.00")}, .provider = "H2"});
  EXPECT_EQ(account_of(small.run(a + other)), "2 = 2 + 0 + 0 + 0 + 0");
}

TEST(Waiting, counts_repeats_rejects_contradictions_and_leaves_out_what_was_taken_back) {
  const Small small;
  const auto sent = [](const char* number, const char* quantity, const char* more = "") {
    return line_of({.visit = "V1",
                    .number = number,
                    .items = {item("1", code, quantity, "30.00")},
                    .more = more});
  };
  const std::string first = sent("1", "3"), other = sent("1", "4"),
                    refund = sent("2", "-3", R"(,"refd_setl_flag":"1","init_setl_id":"1")");
  const Ran repeated = small.run(first + first);
  EXPECT_EQ(account_of(repeated), "2 = 1 + 0 + 1 + 0 + 0");
  EXPECT_EQ(repeated.written, small.run(first).written);

  // Neither counts, so that it does not matter which of them comes first; each names the other.
  const Ran conflict = small.run(first + "\n" + other);
  EXPECT_EQ(account_of(conflict), "2 = 0 + 0 + 0 + 0 + 2");
  EXPECT_EQ(conflict.written, "");
  ASSERT_EQ(conflict.rejects.size(), 2u);
  EXPECT_EQ(conflict.rejects[0].line, 1u);
  EXPECT_EQ(conflict.rejects[1].line, 3u);
  EXPECT_EQ(conflict.rejects[1].offset, first.size() + 1);
  EXPECT_EQ(conflict.rejects[1].text + "\n", other);
  EXPECT_NE(conflict.rejects[1].reason_en.find("line 1,"), std::string::npos);
  EXPECT_NE(conflict.rejects[1].reason_zh.find("第 1 行"), std::string::npos);
  EXPECT_NE(conflict.rejects[0].reason_en.find("line 3,"), std::string::npos);
  const Ran strict = small.run(first + other, {.strict = true});
  ASSERT_TRUE(strict.summary.stopped_at);
  EXPECT_EQ(strict.summary.stopped_at->line, 1u);

  for (const std::string& text : {first + refund, refund + first}) {
    const Ran cancelled = small.run(text);
    EXPECT_EQ(account_of(cancelled), "2 = 0 + 0 + 0 + 2 + 0");
    EXPECT_EQ(cancelled.written, "");
  }
  EXPECT_EQ(account_of(small.run(refund)), "1 = 0 + 0 + 0 + 1 + 0");
  // Settled anew: what is left is judged.
  const Ran again = small.run(first + refund + sent("3", "4"));
  EXPECT_EQ(account_of(again), "3 = 1 + 0 + 0 + 2 + 0");
  EXPECT_EQ(fields(again.written, "message"), (Texts{"共4", "1"}));
}

TEST(Waiting, believes_settlement_numbers_across_visits) {
  const Small small;
  const auto sent = [](const char* visit, const char* number, const char* more = "") {
    return line_of(
        {.visit = visit, .number = number, .items = {item("1", code, "3", "30.00")}, .more = more});
  };
  const std::string first = sent("V1", "1"), thief = sent("V2", "1"),
                    refund = sent("V3", "2", R"(,"init_setl_id":"1")");
  for (const std::string& text : {first + thief, thief + first}) {
    const Ran conflict = small.run(text);
    EXPECT_EQ(account_of(conflict), "2 = 0 + 0 + 0 + 0 + 2");
    ASSERT_EQ(conflict.rejects.size(), 2u);
    EXPECT_NE(conflict.rejects[0].reason_en.find("line 2,"), std::string::npos);
    EXPECT_NE(conflict.rejects[1].reason_en.find("line 1,"), std::string::npos);
    EXPECT_EQ(conflict.written, "");
  }
  for (const std::string& text : {first + refund, refund + first})
    EXPECT_EQ(account_of(small.run(text)), "2 = 0 + 0 + 0 + 2 + 0");
  EXPECT_EQ(account_of(small.run(refund + first + first)), "3 = 0 + 0 + 1 + 2 + 0");
}

TEST(Waiting, a_record_that_is_refused_concerns_no_other) {
  const Small small;
  const std::string first =
      line_of({.visit = "V1", .number = "1", .items = {item("1", code, "3", "30.00")}});
  const std::string broken = line_of({.visit = "V1",
                                      .number = "2",
                                      .items = {item("1", code, "many", "30.00")},
                                      .more = R"(,"init_setl_id":"1")"});
  const Ran ran = small.run(broken + first);
  EXPECT_EQ(account_of(ran), "2 = 1 + 0 + 0 + 0 + 1");
  EXPECT_EQ(ran.written, small.run(first).written);
}

TEST(Waiting, a_visit_is_explained_with_all_of_its_records) {
  const Small small;
  const auto sent = [](const char* number, const char* quantity, const char* more = "") {
    return line_of({.visit = "V1",
                    .number = number,
                    .items = {item(number, code, quantity, "10.00")},
                    .more = more});
  };
  const std::string other = line_of({.visit = "V2", .number = "9"}),
                    refund = sent("3", "-1", R"(,"init_setl_id":"1")");
  const auto items = [&](const std::string& text, const std::string& id) -> std::string {
    const hir::Program& rules = small.engine->program;
    const auto chunks = [&] {
      return [at = std::size_t{0}, &text](io::Chunk& chunk) mutable -> Result<bool> {
        chunk.text = text;
        return at++ == 0;
      };
    };
    std::optional<io::Reject> refused;
    const auto found = find_settlement(rules, chunks(), id, refused);
    if (!found || !*found)
      return "none";
    const auto whole = whole_visit(rules, small.engine->codes, chunks(), **found);
    if (!whole || !*whole)
      return "nothing left";
    std::string out;
    const Block block{rules, (*whole)->batch, small.engine->empty};
    for (std::uint32_t row = 0; row < (*whole)->batch.relations[3].rows; ++row)
      out += cell_text(block, 3, schema::Role::key, row) + " ";
    return out;
  };
  EXPECT_EQ(items(sent("1", "1") + other + sent("2", "2"), "V1"), "1 2 ");
  EXPECT_EQ(items(sent("1", "1") + other + sent("2", "2"), "2"), "1 2 ") << "by a part's number";
  EXPECT_EQ(items(sent("1", "1") + sent("1", "1"), "1"), "1 ");
  EXPECT_EQ(items(sent("1", "1") + sent("2", "2") + refund, "1"), "2 ");
  EXPECT_EQ(items(refund + sent("1", "1"), "V1"), "nothing left");
  EXPECT_EQ(items(other, "V1"), "none");
}

TEST(Waiting, rows_of_a_folder_are_records_like_any_other) {
  const Small small;
  const PackFolder claims;
  const auto file = [&](const std::string& settlements) {
    claims.write("settlement.csv",
                 "mdtrt_id,setl_id,fixmedins_code,init_setl_id,medfee_sumamt\n" + settlements);
    claims.write(
        "items.csv",
        fmt::format(
            "mdtrt_id,setl_id,feedetl_sn,hilist_code,fee_ocur_time,cnt,det_item_fee_sumamt\n"
            "V1,1,1,{0},2026-03-05,1,10.00\nV1,2,2,{0},2026-03-05,2,20.00\n",
            code));
    const auto ran = run_folder(*small.engine, claims.path(), {});
    EXPECT_TRUE(ran) << ran.error().en;
    return ran ? *ran : Ran();
  };
  const Ran parts = file("V1,1,H1,,30.00\nV2,3,H1,,1.00\nV1,2,H1,,30.00\n");
  EXPECT_EQ(account_of(parts), "3 = 2 + 1 + 0 + 0 + 0");
  EXPECT_EQ(fields(parts.written, "message"), (Texts{"60.00", "共3"}));
  EXPECT_EQ(account_of(file("V1,1,H1,,30.00\nV1,2,H1,,30.00\nV1,4,H1,1,-30.00\n")),
            "3 = 1 + 0 + 0 + 2 + 0");
  const Ran conflict = file("V1,1,H1,,30.00\nV1,2,H1,,30.00\nV2,2,H1,,31.00\n");
  EXPECT_EQ(account_of(conflict), "3 = 1 + 0 + 0 + 0 + 2");
  ASSERT_EQ(conflict.rejects.size(), 2u);
  EXPECT_EQ(conflict.rejects[1].file, "settlement.csv");
  EXPECT_EQ(conflict.rejects[1].line, 4u);
  EXPECT_NE(conflict.rejects[1].reason_en.find("line 3 of settlement.csv"), std::string::npos);
  EXPECT_NE(conflict.rejects[1].reason_zh.find("settlement.csv 第 3 行"), std::string::npos);
}

TEST(Waiting, an_input_that_can_be_read_again_is_not_kept) {
  const Small small;
  const std::string text =
      line_of({.visit = "V1", .number = "1", .items = {item("1", code, "3", "30.00")}});
  std::size_t at = 0, read = 0;
  Ran ran;
  RunPorts ports;
  ports.read = [&](char* buffer, std::size_t size) {
    const std::size_t taken = std::min(size, text.size() - at);
    std::memcpy(buffer, text.data() + at, taken);
    at += taken;
    read += taken;
    return static_cast<std::int64_t>(taken);
  };
  ports.rewind = [&]() -> Result<void> {
    at = 0;
    return {};
  };
  ports.write = [&](std::string_view findings) -> Result<void> {
    ran.written += findings;
    return {};
  };
  const auto summary = engine::run(*small.engine, {.pack = "test 1"}, ports);
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->account.evaluated, 1u);
  EXPECT_EQ(read, 2 * text.size());
  EXPECT_EQ(ran.written, small.run(text).written);
}

TEST(Waiting, lines_that_share_a_number_show_what_tells_them_apart) {
  const Small small;
  const std::string a = item("7", code, "2", "30.00"), b = item("7", code, "1", "30.00"), c = b;
  const auto keys = [&](const Texts& items) {
    std::set<std::string> found;
    for (const std::string& key :
         fields(small.run(line_of({.visit = "V1", .number = "1", .items = items})).written, "key"))
      found.insert(key);
    return found;
  };
  const std::set<std::string> expected = {"7|001102000040000|2026-03-05 09:30|10.00|1|0",
                                          "7|001102000040000|2026-03-05 09:30|10.00|1|1",
                                          "7|001102000040000|2026-03-05 09:30|10.00|2|0"};
  EXPECT_EQ(keys({a, b, c}), expected);
  EXPECT_EQ(keys({c, b, a}), expected);
  EXPECT_EQ(keys({a}), (std::set<std::string>{""})) << "a number that comes once is enough";
}

} // namespace
} // namespace sanku::engine
