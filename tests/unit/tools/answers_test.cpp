// Answers of an appeal file: judged as if the claims had carried them, whatever the visit comes in;
// what is wrong with a file, and what is not taken of it.
#include "tests/unit/tools/engine_fixture.h"
#include "tools/engine/answers.h"
#include "tools/engine/explain.h"
#include "tools/engine/remembered.h"

namespace sanku::engine {
namespace {

constexpr const char* asking = R"(
knowledge proof from "proof.csv" { item : DrugCode key  evidence : text? }
rule A1 "按表待证" {
  on item
  let limit = proof[item.code]
  when not ask(limit.evidence)
  report suspected amount item.amount "没有证明：{limit.evidence}"
}
rule A2 "直接待证" { on settlement  when ask("多次使用") and any(h in history(365 days) where h.is_inpatient) report lead "既往" }
)";

class AppealFile : public testing::Test {
protected:
  void SetUp() override {
    folder_.write("knowledge/proof.csv",
                  "item,evidence\nXG03DAG208A001010100001,HER2阳性\nXA03DAG208A001010100001,\n");
    folder_.write("rules.sanku", asking);
    rules_ = rules_at(folder_.path());
    ASSERT_TRUE(rules_);
    engine_ = make_engine(program(*rules_), rules_->checked->tables, nullptr,
                          {.kind = EngineKind::evaluator});
  }
  [[nodiscard]] AnswersRead read(std::string_view text, const std::string& name) const {
    folder_.write(name, text);
    auto made = read_answers(folder_.path(name), *rules_);
    EXPECT_TRUE(made) << (made ? "" : made.error().en);
    return made ? std::move(*made) : AnswersRead();
  }
  [[nodiscard]] std::unique_ptr<Answers> answers(std::string_view text,
                                                 const std::string& name = "appeal.csv") const {
    AnswersRead made = read(text, name);
    EXPECT_TRUE(made.answers);
    return std::move(made.answers);
  }
  [[nodiscard]] Ran run(const std::string& text, Answers* with, RunOptions options = {}) const {
    options.answers = with;
    auto ran = run_text(*engine_, text, options);
    EXPECT_TRUE(ran) << ran.error().en;
    return ran ? std::move(*ran) : Ran();
  }

  PackFolder folder_;
  std::unique_ptr<Rules> rules_;
  std::unique_ptr<Engine> engine_;
};

// A visit of one drug; `more`: fields of the visit, each with a comma behind it.
std::string visit(const std::string& number, const std::string& settlement,
                  const std::string& more = {}) {
  return fmt::format(
      R"({{"mdtrt_id":"{}","setl_id":"{}","medins_id":"H1","psn_no":"P1","gend":"1",{})"
      R"("dscg_date":"2026-03-05 10:00:00","fsi_order_dtos":[{}]}})"
      "\n",
      number, settlement, more, item("L" + settlement, "XG03DAG208A001010100001", "1", "12.50"));
}
std::string carried(const char* answer) {
  return fmt::format(R"("answers":[{{"question":"HER2阳性","answer":"{}"}}],)", answer);
}
std::string text_of(const AnswerCounts& c) {
  return fmt::format("{} = {} + {} + {} + {} + {}", c.read, c.taken, c.no_visit, c.contradicted,
                     c.not_asked, c.repeated);
}

TEST_F(AppealFile, is_judged_as_if_the_claims_had_carried_it) {
  const std::string bare = visit("M1", "S1") + visit("M2", "S2") + visit("M3", "S3");
  const std::string full =
      visit("M1", "S1", carried("false")) + visit("M2", "S2", carried("true")) + visit("M3", "S3");
  const auto all = answers("mdtrt_id,question,answer\nM1,HER2阳性,否\nM2,HER2阳性,是\n");
  const std::string expected = run(full, nullptr).written;
  EXPECT_NE(expected.find("没有证明：HER2阳性"), std::string::npos) << expected;
  EXPECT_NE(run(bare, nullptr).written, expected);
  for (const std::uint32_t batch : {1u, 2u, 4096u})
    for (const unsigned threads : {1u, 3u})
      EXPECT_EQ(run(bare, all.get(), {.threads = threads, .batch = batch}).written, expected);
  EXPECT_EQ(text_of(all->counts()), "2 = 2 + 0 + 0 + 0 + 0");
  EXPECT_EQ(run(bare, all.get(), {.format = Format::reply}).written,
            run(full, nullptr, {.format = Format::reply}).written);
}

TEST_F(AppealFile, may_be_either_form_in_any_order_of_columns_and_with_any_word_for_yes) {
  const std::string bare = visit("M1", "S1");
  for (const char* no : {"false", "no", "否", "NO", "0", "假"}) {
    const auto csv = answers(fmt::format("答复,问题,就诊号\n{},HER2阳性, M1 \n", no));
    EXPECT_NE(run(bare, csv.get()).written, "") << no;
  }
  for (const char* no : {"false", "\"否\""}) {
    const auto json = answers(
        fmt::format(R"({{"mdtrt_id":"M1","setl_id":"S1","question":"HER2阳性","answer":{}}})"
                    "\n\n",
                    no),
        "appeal.ndjson");
    EXPECT_NE(run(bare, json.get()).written, "") << no;
  }
}

// Of a visit in two records the second is named; both are merged, and stay what they were.
TEST_F(AppealFile, reaches_a_visit_in_several_records_and_leaves_repeats_repeats) {
  const std::string parts = visit("M1", "S1") + visit("M1", "S2");
  const auto named = answers("mdtrt_id,setl_id,question,answer\nM1,S2,HER2阳性,no\n");
  const Ran ran = run(parts + visit("M1", "S1"), named.get());
  EXPECT_EQ(ran.summary.account.merged, 1u);
  EXPECT_EQ(ran.summary.account.repeated, 1u);
  EXPECT_EQ(total(ran.summary).findings, 2u) << ran.written;
  EXPECT_EQ(text_of(*ran.summary.answers), "1 = 1 + 0 + 0 + 0 + 0");
}

// A history keeps claims as they were sent, so a batch that comes again with an appeal is a repeat.
TEST_F(AppealFile, is_taken_by_a_batch_that_a_history_knows_already) {
  auto store = history::Store::open(folder_.path("history"), *history_shape(program(*rules_)));
  ASSERT_TRUE(store);
  RunOptions options{.history = store->get()};
  const std::string bare = visit("M1", "S1");
  EXPECT_EQ(run(bare, nullptr, options).written, "");
  store->reset();
  store = history::Store::open(folder_.path("history"), *history_shape(program(*rules_)));
  ASSERT_TRUE(store);
  options.history = store->get();
  const auto no = answers("mdtrt_id,question,answer\nM1,HER2阳性,no\n");
  const Ran again = run(bare, no.get(), options);
  EXPECT_TRUE(again.rejects.empty());
  EXPECT_EQ(again.summary.history->repeated, 1u);
  EXPECT_NE(again.written.find("没有证明"), std::string::npos) << again.written;
}

TEST_F(AppealFile, tells_what_was_not_taken_and_why) {
  const auto some = answers("mdtrt_id,setl_id,question,answer\n"
                            "M1,,HER2阳性,no\n"   // taken
                            "M2,,HER2阳性,no\n"   // the claim says yes
                            "M3,,HER2阳性,yes\n"  // the claim says so too
                            "M4,,HER2阳性,no\n"   // not there
                            "M1,S9,多次使用,no\n" // not that settlement
                            "M1,,HER2阴性,no\n"   // nobody asks
                            "M1,,HER2阳性,no\n"); // again
  const Ran ran = run(visit("M1", "S1") + visit("M2", "S2", carried("true")) +
                          visit("M3", "S3", carried("true")),
                      some.get());
  EXPECT_EQ(total(ran.summary).findings, 1u);
  EXPECT_EQ(text_of(some->counts()), "7 = 2 + 2 + 1 + 1 + 1");
  EXPECT_EQ(text_of(some->counts("M1")), "4 = 1 + 1 + 0 + 1 + 1");
  const std::vector<AnswerNote> notes = some->notes();
  ASSERT_EQ(notes.size(), 4u);
  const std::vector<std::pair<std::uint64_t, const char*>> expected = {
      {3, "the other way, and that stands"},
      {5, "visit `M4` was not judged"},
      {6, "settlement `S9` of visit `M1` was not judged"},
      {7, "the nearest that one asks is `HER2阳性`"}};
  for (std::size_t i = 0; i < notes.size(); ++i) {
    EXPECT_EQ(notes[i].line, expected[i].first);
    EXPECT_NE(notes[i].reason.en.find(expected[i].second), std::string::npos) << notes[i].reason.en;
    EXPECT_FALSE(notes[i].reason.zh.empty());
  }
}

TEST_F(AppealFile, with_a_mistake_is_refused_whole_with_every_line_named) {
  const AnswersRead csv = read("mdtrt_id,question,answer\n"
                               "M1,HER2阳性,yes\n"
                               "M1,HER2阳性,perhaps\n"
                               ",HER2阳性,yes\n"
                               "M1,,yes\n"
                               "M1,HER2阳性\n"
                               "M1,HER2阳性,no\n",
                               "appeal.csv");
  EXPECT_EQ(csv.answers, nullptr);
  const std::vector<std::pair<std::uint64_t, const char*>> expected = {
      {3, "`answer` is `perhaps`"},
      {4, "`mdtrt_id` is empty"},
      {5, "`question` is empty"},
      {6, "no CSV of 3 cells"},
      {7, "line 2 answers `HER2阳性` of visit `M1` the other way"}};
  ASSERT_EQ(csv.wrong.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(csv.wrong[i].line, expected[i].first);
    EXPECT_NE(csv.wrong[i].reason.en.find(expected[i].second), std::string::npos)
        << csv.wrong[i].reason.en;
    EXPECT_FALSE(csv.wrong[i].reason.zh.empty());
  }
  const AnswersRead json = read("{\"mdtrt_id\":\"M1\"\n{\"who\":1}\n{\"answer\":[]}\n", "a.ndjson");
  ASSERT_EQ(json.wrong.size(), 3u);
  EXPECT_NE(json.wrong[1].reason.en.find("`who` is not known here"), std::string::npos);
  for (const char* head : {"mdtrt_id,answer\n", "mdtrt_id,question,answer,why\n", "",
                           "mdtrt_id,question,answer,answer\n"}) {
    folder_.write("head.csv", head);
    EXPECT_FALSE(read_answers(folder_.path("head.csv"), *rules_)) << head;
  }
}

TEST_F(AppealFile, is_seen_by_explain_which_says_how_to_answer_what_is_asked) {
  const std::string parts = visit("M1", "S1") + visit("M1", "S2");
  const auto explained = [&](Answers* with) {
    const auto chunks = [&] {
      return [lines = std::make_shared<io::LineChunks>(
                  [text = std::string_view(parts)](char* buffer, std::size_t size) mutable {
                    const std::size_t taken = std::min(size, text.size());
                    std::memcpy(buffer, text.data(), taken);
                    text.remove_prefix(taken);
                    return static_cast<std::int64_t>(taken);
                  })](io::Chunk& chunk) { return lines->next(chunk); };
    };
    std::optional<io::Reject> refused;
    const hir::Program& of = program(*rules_);
    auto found = find_settlement(of, chunks(), "S1", refused, with);
    EXPECT_TRUE(found && *found);
    auto whole = whole_visit(of, engine_->codes, chunks(), **found, with);
    EXPECT_TRUE(whole && *whole);
    return explain(*rules_, **whole, {.language = Language::en, .rule = "A1"}).text;
  };
  const std::string asked = explained(nullptr);
  EXPECT_NE(asked.find("missing    \"HER2阳性\""), std::string::npos) << asked;
  EXPECT_NE(asked.find("letter by letter, in the claim's answers (question, answer)"),
            std::string::npos)
      << asked;
  const auto no = answers("mdtrt_id,setl_id,question,answer\nM1,S2,HER2阳性,no\n");
  EXPECT_NE(explained(no.get()).find("● A1"), std::string::npos);
}

} // namespace
} // namespace sanku::engine
