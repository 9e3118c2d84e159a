// Mutants of a small pack: which are noticed, by which tests, and the claims that would notice.
#include "tests/unit/tools/engine_fixture.h"
#include "tools/engine/run_tests.h"
#include "tools/measure/mutation_text.h"
#include "tools/prove/generate.h"

namespace sanku::measure {
namespace {

using engine::PackFolder;

constexpr std::string_view rule =
    "rule R1 \"超量\" {\n  category policy\n  even self_paid\n  basis law\n  on item\n"
    "  when item.quantity > 3\n  report violation amount item.unit_price\n         \"多\"\n}\n";
constexpr std::string_view fires = "test \"触发\" {\n  given { items [ { code: \"A1\", quantity: "
                                   "9, unit_price: 2, amount: 18.00 } ] }\n"
                                   "  expect R1 violation amount 2.00\n}\n";
constexpr std::string_view at_bound = "test \"恰好\" {\n  given { items [ { code: \"A1\", "
                                      "quantity: 3, unit_price: 2, amount: 6.00 } ] }\n"
                                      "  expect R1 clear\n}\n"
                                      "test \"刚超\" {\n  given { items [ { code: \"A1\", "
                                      "quantity: 4, unit_price: 2, amount: 8.00 } ] }\n"
                                      "  expect R1 violation\n}\n";

std::unique_ptr<engine::Rules> rules_of(const PackFolder& folder, const std::string& text) {
  folder.write("rules.sanku", text);
  return engine::rules_at(folder.path());
}

const JudgedMutant& mutant(const Mutation& mutation, std::string_view to) {
  for (const JudgedMutant& each : mutation.mutants)
    if (each.to_en == to)
      return each;
  ADD_FAILURE() << "no mutant to " << to;
  return mutation.mutants.front();
}

TEST(Mutation, what_no_test_notices_survives_and_better_tests_notice_it) {
  const PackFolder folder;
  const auto weak = rules_of(folder, std::string(rule) + std::string(fires));
  const Mutation first = mutation(*weak, {});
  EXPECT_EQ(mutant(first, "item.quantity >= 3").fate, Fate::survived);
  EXPECT_EQ(mutant(first, "item.quantity < 3").fate, Fate::noticed);
  EXPECT_EQ(mutant(first, "suspected").fate, Fate::noticed);
  const auto strong =
      rules_of(folder, std::string(rule) + std::string(fires) + std::string(at_bound));
  const Mutation second = mutation(*strong, {});
  EXPECT_EQ(mutant(second, "item.quantity >= 3").fate, Fate::noticed);
  EXPECT_EQ(second.score().reached, second.score().all);
  EXPECT_GT(second.score().all, first.score().reached);
}

// What is found is a test that passes on the rule, and with which the mutant is noticed.
TEST(Mutation, a_survivor_comes_with_a_claim_that_notices_it) {
  const PackFolder folder;
  const auto weak = rules_of(folder, std::string(rule) + std::string(fires));
  const Mutation first = mutation(*weak, {});
  const JudgedMutant& survivor = mutant(first, "item.quantity >= 3");
  ASSERT_NE(survivor.claim, "");
  EXPECT_NE(survivor.claim.find("quantity: 3"), std::string::npos) << survivor.claim;
  EXPECT_EQ(survivor.claim.find("code:"), std::string::npos)
      << "smaller would do: " << survivor.claim;
  const auto mended = rules_of(folder, std::string(rule) + std::string(fires) + survivor.claim);
  const auto run = engine::run_tests(*mended, {}, {});
  ASSERT_TRUE(run);
  for (const engine::TestResult& each : run->results)
    EXPECT_TRUE(each.failures.empty()) << survivor.claim;
  EXPECT_EQ(mutant(mutation(*mended, {}), "item.quantity >= 3").fate, Fate::noticed);
}

// The changed part itself says what would tell it apart: an element of a set that is left out, a
// day as far away as a window is long.
TEST(Mutation, what_the_changed_part_holds_is_tried_first) {
  const PackFolder folder;
  const auto rules = rules_of(
      folder,
      "set dia : DiagnosisCode = { \"E10\", \"E11\", \"O24.4\" }\n"
      "rule R1 \"集合\" { category medical  basis law  on settlement\n"
      "  when settlement.main_diagnosis_code in dia  report suspected \"x\" }\n"
      "test \"内\" { given { main_diagnosis_code: \"E11.900\" } expect R1 suspected }\n"
      "test \"外\" { given { main_diagnosis_code: \"J18.900\" } expect R1 clear }\n"
      "rule R2 \"窗口\" { category medical  basis law  on item\n"
      "  when count(o in items where within(o, item, 30 days)) >= 2  report suspected \"x\" }\n"
      "test \"近\" { given { items [ { at: \"2026-01-01 09:00\" } { at: \"2026-01-30 09:00\" } ] } "
      "expect R2 suspected }\n"
      "test \"远\" { given { items [ { at: \"2026-01-01 09:00\" } { at: \"2026-02-01 09:00\" } ] } "
      "expect R2 clear }\n"
      "rule R3 \"乘积\" { category medical  basis law  on item\n"
      "  when item.quantity * item.unit_price > 1000.5元  report suspected \"x\" }\n"
      "test \"大\" { given { items [ { quantity: 10, unit_price: 300 } ] } expect R3 suspected "
      "}\n");
  ASSERT_TRUE(rules);
  const Mutation found = mutation(*rules, {});
  EXPECT_NE(mutant(found, "E10|E11").claim.find("O24.4"), std::string::npos);
  EXPECT_NE(mutant(found, "E11|O24.4").claim.find("\"E10\""), std::string::npos);
  EXPECT_NE(mutant(found, "31 days").claim, "");
  EXPECT_NE(mutant(found, "1000.51").claim, "");
}

// That a report without `when` always holds is nothing that its author wrote.
TEST(Mutation, what_the_checker_added_is_no_mutant) {
  const PackFolder folder;
  const auto rules = rules_of(
      folder, "rule R1 \"线索\" { category medical  basis law  on settlement  report lead "
              "amount unknown \"z\" }\n"
              "test \"线索\" { given { main_diagnosis_code: \"J18.900\" } expect R1 lead }\n");
  ASSERT_TRUE(rules);
  const Mutation found = mutation(*rules, {});
  ASSERT_EQ(found.mutants.size(), 1u) << found.mutants.front().from_en;
  EXPECT_EQ(found.mutants.front().kind, MutantKind::severity);
}

TEST(Mutation, the_rules_are_as_they_were_and_the_answer_is_the_same_again) {
  const PackFolder folder;
  const auto rules = rules_of(folder, std::string(rule) + std::string(fires));
  const std::string first = mutation_json(*rules, mutation(*rules, {}));
  EXPECT_EQ(first, mutation_json(*rules, mutation(*rules, {})));
  const auto run = engine::run_tests(*rules, {}, {});
  ASSERT_TRUE(run);
  EXPECT_TRUE(run->results.front().failures.empty());
}

TEST(Mutation, a_sample_is_of_all_and_says_the_same_of_each) {
  const PackFolder folder;
  const auto rules = rules_of(folder, std::string(rule) + std::string(fires));
  const Mutation all = mutation(*rules, {.claims = false});
  const Mutation some = mutation(*rules, {.sample = 3, .seed = 7, .claims = false});
  EXPECT_EQ(some.all, all.mutants.size());
  ASSERT_EQ(some.mutants.size(), 3u);
  for (const JudgedMutant& each : some.mutants)
    EXPECT_EQ(each.fate, all.mutants[each.number].fate) << each.number;
  const Mutation other = mutation(*rules, {.sample = 3, .seed = 8, .claims = false});
  const auto numbers = [](const Mutation& of) {
    std::vector<std::uint64_t> made;
    for (const JudgedMutant& each : of.mutants)
      made.push_back(each.number);
    return made;
  };
  EXPECT_NE(numbers(some), numbers(other));
}

TEST(Mutation, rows_that_tests_look_up_are_left_out_and_changed) {
  const PackFolder folder;
  folder.write("knowledge/t.csv", "code,most,unit\n001102000030000,2,日\n001102000040000,3,次\n");
  const auto rules = rules_of(
      folder,
      "knowledge t / 表 from \"t.csv\" { code : ItemCode key  most : int  unit : text }\n"
      "rule R1 \"超量\" { category policy even self_paid basis law on item let m = t[item.code]\n"
      "  when item.quantity > m.most report violation \"多于每{m.unit}\" }\n"
      "test \"多\" { given { items [ { code: \"001102000030000\", quantity: 9, amount: 1.00 } ] } "
      "expect R1 "
      "violation }\n");
  const Mutation all = mutation(*rules, {});
  EXPECT_EQ(mutant(all, "(row left out)").fate, Fate::noticed);
  EXPECT_EQ(mutant(all, "(row left out)").from_en, "t[001102000030000]");
  EXPECT_EQ(mutant(all, "3").fate, Fate::survived) << "one more: 9 is far from both";
  for (const JudgedMutant& each : all.mutants)
    EXPECT_EQ(each.from_en.find("unit"), std::string::npos) << "what is only told is not changed";
}

// Records and lists that hold nothing are left out as well; the title is in the language asked for,
// and says a parameter by its name.
TEST(Mutation, a_claim_that_notices_holds_nothing_that_is_not_needed) {
  const PackFolder folder;
  const auto rules = rules_of(
      folder,
      "param most / 上限 = 3 between 1 and 9\n"
      "rule R1 \"超量\" / \"Too many\" { category policy even self_paid basis law on item\n"
      "  when item.quantity > most report violation \"多\" }\n"
      "test \"多\" { given { patient { sex: male }  diagnoses [ { code: \"J00\" } ]\n"
      "  items [ { quantity: 9, amount: 1.00 } { quantity: 1 } ] } expect R1 violation }\n");
  const Mutation all = mutation(*rules, {.language = Language::en});
  EXPECT_EQ(mutant(all, "item.quantity >= most").claim,
            "test \"Too many: item.quantity > most rather than item.quantity >= most\" of R1 {\n"
            "  given { items [ { quantity: 3 } ] }\n"
            "  expect R1 clear\n}\n");
}

// Amounts below zero are taken for zero: no claim can tell these two apart, so no test has to.
TEST(Mutation, what_is_the_same_rule_is_not_counted) {
  const PackFolder folder;
  const auto rules = rules_of(
      folder,
      "rule R1 \"多\" { category policy even self_paid basis law on item when item.quantity > 3\n"
      "  report violation amount larger(0 yuan, item.unit_price) \"多\" }\n"
      "test \"多\" { given { items [ { quantity: 4, unit_price: 2, amount: 9.00 } ] } "
      "expect R1 violation amount 2.00 }\n"
      "test \"少\" { given { items [ { quantity: 3, unit_price: 2, amount: 9.00 } ] } "
      "expect R1 clear }\n");
  const Mutation all = mutation(*rules, {});
  std::size_t equal = 0;
  for (const JudgedMutant& each : all.mutants) {
    equal += each.fate == Fate::equal;
    EXPECT_EQ(each.fate == Fate::equal, !each.why_en.empty());
  }
  EXPECT_EQ(equal, 1u);
  EXPECT_EQ(all.score().all, all.mutants.size() - 1);
}

// What stands for a value that is known is never taken; without `known` it is.
TEST(Mutation, what_stands_for_a_known_value_is_the_same_rule) {
  for (const bool asks : {true, false}) {
    const PackFolder folder;
    const auto rules = rules_of(
        folder, fmt::format("rule R1 \"多\" {{ category policy even self_paid basis law on item\n"
                            "  when {} item.days > (item.days otherwise 7) - 1\n"
                            "  report violation \"多\" }}\n"
                            "test \"多\" {{ given {{ items [ {{ days: 4, amount: 9.00 }} ] }} "
                            "expect R1 violation }}\n",
                            asks ? "known item.days and" : ""));
    const Mutation all = mutation(*rules, {.claims = false});
    std::size_t equal = 0;
    for (const JudgedMutant& each : all.mutants)
      equal += each.fate == Fate::equal;
    EXPECT_EQ(equal, asks ? 2u : 0u) << "one more and one less than 7";
  }
}

std::size_t count_of(const Mutation& mutation, MutantKind kind) {
  return static_cast<std::size_t>(std::ranges::count(mutation.mutants, kind, &JudgedMutant::kind));
}

// Parentheses, line breaks: the same mutants.
TEST(Mutation, what_is_written_after_unless_is_changed_however_it_is_laid_out) {
  std::vector<std::size_t> all;
  for (const char* condition :
       {"item.quantity <= 5", "(item.quantity <= 5)", "item.quantity\n<= 5"}) {
    const PackFolder folder;
    const auto rules =
        rules_of(folder, fmt::format("rule R1 \"多\" {{ category policy even self_paid basis law "
                                     "on item\n  unless {} \"少\"\n  report violation \"多\" }}\n"
                                     "test \"多\" {{ given {{ items [ {{ quantity: 9, amount: 9.00 "
                                     "}} ] }} expect R1 violation }}\n",
                                     condition));
    ASSERT_TRUE(rules);
    const Mutation found = mutation(*rules, {.claims = false});
    EXPECT_EQ(count_of(found, MutantKind::comparison), 2u) << condition;
    EXPECT_EQ(mutant(found, "item.quantity < 5").fate, Fate::survived) << condition;
    all.push_back(found.mutants.size());
  }
  EXPECT_EQ(all[0], all[1]);
  EXPECT_EQ(all[0], all[2]);
}

TEST(Mutation, each_value_of_a_parameter_is_changed_and_nothing_in_what_is_only_told) {
  const PackFolder folder;
  const auto rules = rules_of(
      folder,
      "param cap / 限 = 3, 7 from 2026-04-01 between 1 and 10\n"
      "rule R1 \"多\" { category policy even self_paid basis law on item\n"
      "  let shown = cap + 1\n  when item.quantity > cap report violation \"{cap} {shown}\" }\n"
      "test \"多\" { given { items [ { quantity: 4, at: \"2026-03-05 09:00\", amount: 9.00 } ] } "
      "expect R1 violation }\n"
      "test \"少\" { given { items [ { quantity: 3, at: \"2026-03-05 09:00\", amount: 9.00 } ] } "
      "expect R1 clear }\n");
  ASSERT_TRUE(rules);
  const Mutation found = mutation(*rules, {.claims = false});
  EXPECT_EQ(mutant(found, "cap = 2").fate, Fate::noticed);
  EXPECT_EQ(mutant(found, "cap = 4").fate, Fate::noticed);
  EXPECT_EQ(mutant(found, "cap = 6").fate, Fate::survived) << "no test after its day";
  EXPECT_EQ(mutant(found, "cap = 8").fate, Fate::survived);
  // Of the one comparison; the message and the value that only it shows name the parameter as well.
  EXPECT_EQ(count_of(found, MutantKind::date), 2u);
  EXPECT_EQ(count_of(found, MutantKind::arithmetic), 0u);
}

// A rule without tests, and one whose tests cannot be decided: claims come from elsewhere.
TEST(Mutation, survivors_of_rules_that_no_test_decides_come_with_claims_as_well) {
  for (const char* test : {"", "test \"缺\" { given { items [ { amount: 9.00 } ] } expect R1 "
                               "indeterminate }\n"}) {
    const PackFolder folder;
    const auto rules = rules_of(folder, std::string(rule) + test);
    ASSERT_TRUE(rules);
    if (*test == '\0') {
      EXPECT_EQ(mutant(mutation(*rules, {}), "item.quantity >= 3").claim, "");
    }
    const prove::EdgeClaims edges(*rules, prove::Options());
    const Mutation found =
        mutation(*rules, {.more_claims = [&](std::uint32_t number) { return edges.of(number); }});
    const JudgedMutant& survivor = mutant(found, "item.quantity >= 3");
    EXPECT_NE(survivor.claim.find("quantity: 3"), std::string::npos) << survivor.claim;
    const auto mended = rules_of(folder, std::string(rule) + test + survivor.claim);
    ASSERT_TRUE(mended);
    EXPECT_EQ(mutant(mutation(*mended, {}), "item.quantity >= 3").fate, Fate::noticed);
  }
}

} // namespace
} // namespace sanku::measure
