// What a finding says beside its amount, in every form of output and from both executions: that it
// is on trial, that a line was taken as paid, what is missing, and what of it can be had back.
#include "tests/unit/tools/engine_fixture.h"
#include "tools/engine/summary.h"

#include <simdjson.h>

namespace sanku::engine {
namespace {

constexpr const char* rules_text = R"(
rule A1 "支付" { category policy  on item  when item.quantity > 1 report violation "超过一件" }
rule A2 "管理" { category management  on settlement  report suspected on those(i in items where i.quantity > 1) "整单" }
rule A3 "试行" { category policy  trial until 2026-12-31  on item  when item.quantity > 1 report violation "试行" }
rule A4 "缺失" { on item  when item.self_paid > 1元 report lead "自费"  when unknown report reminder "请补{missing}" }
)";

class Money : public ::testing::Test {
protected:
  void SetUp() override {
    folder_.write("rules.sanku", rules_text);
    rules_ = rules_at(folder_.path());
    ASSERT_TRUE(rules_);
    auto made = compile(program(*rules_), jit::Level::none);
    ASSERT_TRUE(made);
    compiled_ = std::move(*made);
    for (const EngineKind kind : {EngineKind::evaluator, EngineKind::jit})
      engines_.push_back(make_engine(program(*rules_), rules_->checked->tables,
                                     kind == EngineKind::jit ? compiled_.image.get() : nullptr,
                                     {.kind = kind}));
  }
  // The same from both executions.
  [[nodiscard]] Ran run(const RunOptions& options) const {
    const std::string text =
        claim("1", R"("gend":"1")", item("L1", "001102000040000", "2", "20.00"));
    auto first = run_text(*engines_[0], text, options);
    auto second = run_text(*engines_[1], text, options);
    EXPECT_TRUE(first && second);
    EXPECT_EQ(first->written, second->written);
    return std::move(*second);
  }

  PackFolder folder_;
  std::unique_ptr<Rules> rules_;
  Compiled compiled_;
  std::vector<std::unique_ptr<Engine>> engines_;
};

TEST_F(Money, json_marks_trials_and_lines_taken_as_paid_and_gives_each_line_once) {
  simdjson::dom::parser parser;
  const Ran ran = run({});
  std::vector<std::string> told;
  for (const simdjson::dom::element each : parser.parse_many(ran.written)) {
    const bool trial = each["trial"].error() == simdjson::SUCCESS;
    const bool taken = each["taken_as_paid"].error() == simdjson::SUCCESS;
    const simdjson::dom::element figure = each["recoverable"];
    const std::string_view recoverable =
        figure.is_null() ? std::string_view("null") : figure.get_string().value();
    told.push_back(fmt::format("{} {}{}{} {}", each["rule"].get_string().value(), recoverable,
                               trial ? " trial" : "", taken ? " taken as paid" : "",
                               each["message"].get_string().value()));
  }
  std::ranges::sort(told);
  EXPECT_EQ(told, (std::vector<std::string>{"A1 20.00 taken as paid 超过一件", "A2 0.00 整单",
                                            "A3 null trial taken as paid 试行",
                                            "A4 null 请补明细.自费金额"}));
}

TEST_F(Money, the_summary_counts_trials_and_no_money_of_theirs_and_each_line_once) {
  const Ran ran = run({});
  const RuleTotals sum = total(ran.summary);
  EXPECT_EQ(sum.findings, 4u);
  EXPECT_EQ(sum.trial, 1u);
  EXPECT_EQ(sum.cents, 6000);
  EXPECT_EQ(sum.recoverable, 2000);
  EXPECT_NE(closing_line(ran.summary, Language::zh)
                .find("疑点 4 (其中试运行 1), 涉及金额 60.00 元, 已去重可追回金额 20.00 元"),
            std::string::npos)
      << closing_line(ran.summary, Language::zh);
  EXPECT_NE(
      closing_line(ran.summary, Language::en)
          .find("4 findings (1 on trial), 60.00 yuan, recoverable without repeats 20.00 yuan"),
      std::string::npos);
}

TEST_F(Money, csv_table_and_reply_mark_trials) {
  const std::string csv = run({.format = Format::csv}).written;
  EXPECT_NE(csv.find(",A3,试行,violation,20.00,,L1 20.00,,trial; taken_as_paid,试行,"),
            std::string::npos)
      << csv;
  const std::string table = run({.format = Format::table}).written;
  EXPECT_NE(table.find("【试运行】试行"), std::string::npos) << table;
  const std::string reply = run({.format = Format::reply}).written;
  const std::size_t at = reply.find(R"("rule_id":"A3")");
  ASSERT_NE(at, std::string::npos) << reply;
  const std::string trial = reply.substr(at);
  EXPECT_EQ(trial.find(R"("vola_cont":"【试运行】试行")"), trial.find(R"("vola_cont")"));
  EXPECT_EQ(trial.find(R"("vola_amt":null)"), trial.find(R"("vola_amt")"));
  EXPECT_EQ(trial.find(R"("vola_amt_stas":"0")"), trial.find(R"("vola_amt_stas")"));
  EXPECT_EQ(trial.find(R"("sev_deg":"3")"), trial.find(R"("sev_deg")"));
}

} // namespace
} // namespace sanku::engine
