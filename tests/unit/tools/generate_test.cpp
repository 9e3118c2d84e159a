// The generator against an independent judge (generate_judge.h): what the judge finds in the
// written output must be what the manifest says, to the cent. The other tests are about
// determinism, shape and realism. They run in the root of the project.
#include "tests/unit/tools/generate_judge.h"
#include "tools/generate/csv.h"
#include "tools/generate/generate.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace sanku::generate {
namespace {

const std::filesystem::path pack = "stdlib-rules/national";
const std::filesystem::path codes = "stdlib-rules/schema/codes";

struct Generated {
  std::string claims, manifest;
  Summary summary;
};

Generated run(std::uint64_t settlements, std::uint64_t seed, double rate, bool compact = false) {
  Generated made;
  const Result<Summary> summary = generate(
      {.settlements = settlements,
       .seed = seed,
       .violation_rate = rate,
       .pack = pack,
       .codes = codes,
       .compact = compact},
      [&](std::string_view text) {
        made.claims += text;
        return true;
      },
      [&](std::string_view text) {
        made.manifest += text;
        return true;
      });
  EXPECT_TRUE(summary.has_value()) << (summary ? "" : summary.error().en);
  if (summary)
    made.summary = *summary;
  return made;
}

void expect_equal_findings(std::vector<std::string> planted, std::vector<std::string> found) {
  std::sort(planted.begin(), planted.end());
  std::sort(found.begin(), found.end());
  std::vector<std::string> missed, unplanned;
  std::set_difference(planted.begin(), planted.end(), found.begin(), found.end(),
                      std::back_inserter(missed));
  std::set_difference(found.begin(), found.end(), planted.begin(), planted.end(),
                      std::back_inserter(unplanned));
  EXPECT_EQ(missed.size(), 0u) << "in the manifest only, first: " << missed.front();
  EXPECT_EQ(unplanned.size(), 0u) << "found only, first: " << unplanned.front();
}

// Of what was planted, what the judge judges: the first rules.
std::vector<std::string> judged(const Manifest& manifest) {
  std::vector<std::string> out;
  for (const std::string& each : manifest.findings)
    if (std::any_of(rule_names.begin(), rule_names.begin() + first_rules,
                    [&](const RuleName& rule) {
                      return each.find(fmt::format(" {} ", rule.id)) != std::string::npos;
                    }))
      out.push_back(each);
  return out;
}

TEST(Generate, FindsExactlyWhatWasPlanted) {
  const Judge judge(pack);
  for (const bool compact : {false, true}) {
    const Generated made = run(8'000, 42, 0.3, compact);
    std::vector<std::string> found;
    for_each_line(made.claims, [&](element data) { judge.findings(read_claim(data), found); });
    const Manifest manifest = read_manifest(made.manifest);
    EXPECT_GT(judged(manifest).size(), 1'000u);
    EXPECT_TRUE(std::is_sorted(manifest.visits.begin(), manifest.visits.end()))
        << "visits are numbered in the order of the file";
    expect_equal_findings(judged(manifest), found);
    for (const Planted& planted : made.summary.planted) {
      EXPECT_EQ(static_cast<std::uint64_t>(manifest.rules.at(std::string(planted.rule))),
                planted.findings)
          << planted.rule;
    }
  }
}

TEST(Generate, ASettlementWithoutPlantedViolationsIsClean) {
  const Judge judge(pack);
  std::vector<std::string> found;
  const Generated made = run(10'000, 7, 0);
  std::set<std::string> restricted;
  for_each_line(made.claims, [&](element data) {
    const ReadClaim claim = read_claim(data);
    judge.findings(claim, found);
    for (const ReadLine& line : claim.lines) {
      if (judge.restricted(line.code))
        restricted.insert(line.code);
    }
  });
  EXPECT_EQ(made.manifest, "");
  expect_equal_findings({}, found);
  EXPECT_GT(restricted.size(), 1'000u) << "clean for want of restricted items proves nothing";
}

TEST(Generate, PlantsEveryKindInEveryWindowAndSpreadsOverTheRules) {
  const Generated made = run(60'000, 3, 0.2);
  const Manifest manifest = read_manifest(made.manifest);
  for (const char* window : {"单日", "单次就诊", "6小时", "同一小时"}) {
    for (const char* scene :
         {"inside", "edge", "more of the sub", "second sub absorbed", "two subs", "half a main"}) {
      const std::string kind = fmt::format("pair/{}/{}", window, scene);
      EXPECT_TRUE(manifest.kinds.contains(kind)) << kind;
    }
  }
  for (const char* kind : {"pair/单日/several mains",
                           "pair/单次就诊/several mains",
                           "sex/one line",
                           "sex/two lines",
                           "child/adult",
                           "child/18th birthday",
                           "child/18th birthday in stay",
                           "child/born 29 February",
                           "day/one line, double",
                           "day/one line, half over",
                           "day/whole lines",
                           "day/straddling line",
                           "day/straddling and whole line",
                           "day/same moment",
                           "day/equal lines",
                           "operation/one",
                           "service sex/one line",
                           "service child/29 days old",
                           "service child/29 days old in stay",
                           "service child/third birthday",
                           "child/29 days old",
                           "injury/one line",
                           "maternity/one line",
                           "level/two lines",
                           "mode/one line",
                           "internet/one line",
                           "never/one line",
                           "alone/one piece",
                           "alone/several pieces",
                           "alone/one of several self-paid",
                           "incompatible/two pieces",
                           "course/1 day",
                           "course/3 days, two lines on one",
                           "incision/two operations",
                           "incision/three operations",
                           "incision/discounted too little",
                           "incision/one of two discounted",
                           "incision/beside another",
                           "diagnosis/none",
                           "sex/beside another"}) {
    EXPECT_TRUE(manifest.kinds.contains(kind)) << kind;
  }
  ASSERT_EQ(manifest.rules.size(), rule_count);
  for (const auto& [rule, count] : manifest.rules) {
    EXPECT_GT(static_cast<double>(count), 0.001 * static_cast<double>(manifest.findings.size()))
        << rule;
  }
}

TEST(Generate, PlantsNearMissesToo) {
  const Judge judge(pack);
  std::map<std::string, int> count;
  for_each_line(run(20'000, 11, 0).claims,
                [&](element data) { judge.near_misses(read_claim(data), count); });
  for (const char* miss :
       {"单日", "6小时", "同一小时", "exactly the maximum", "eve of the 18th birthday",
        "eve of the 18th year, born 29 February", "paid by the patient", "all paid days",
        "not alone", "unclear sex", "justified", "not the main"}) {
    EXPECT_GE(count[miss], 5) << miss;
  }
}

TEST(Generate, TheSameSeedGivesTheSameBytesAndAPartIsAPrefix) {
  const Generated whole = run(3'000, 5, 0.05), again = run(3'000, 5, 0.05),
                  part = run(900, 5, 0.05);
  EXPECT_EQ(whole.claims, again.claims);
  EXPECT_EQ(whole.manifest, again.manifest);
  EXPECT_EQ(part.claims, whole.claims.substr(0, part.claims.size()));
  EXPECT_EQ(part.manifest, whole.manifest.substr(0, part.manifest.size()));
  EXPECT_NE(run(900, 6, 0.05).claims, part.claims);
}

TEST(Generate, HasTheShapeOfRealSettlements) {
  const Generated made = run(20'000, 1, 0.02);
  std::set<std::string> with_findings, visits;
  for_each_line(made.manifest,
                [&](element finding) { with_findings.insert(text(finding, "mdtrt_id")); });
  EXPECT_NEAR(static_cast<double>(with_findings.size()), 400, 70);
  std::size_t lines = 0, outpatient = 0, longest = 0;
  for_each_line(made.claims, [&](element data) {
    const ReadClaim claim = read_claim(data);
    visits.insert(claim.visit);
    lines += claim.lines.size();
    longest = std::max(longest, claim.lines.size());
    EXPECT_GE(claim.lines.size(), 3u);
    outpatient += claim.kind != "2" ? 1 : 0;
  });
  EXPECT_EQ(visits.size(), 20'000u);
  EXPECT_EQ(lines, made.summary.lines);
  EXPECT_NEAR(static_cast<double>(lines) / 20'000, 8, 1);
  EXPECT_NEAR(static_cast<double>(outpatient) / 20'000, 0.85, 0.01);
  EXPECT_GT(longest, 100u);
  EXPECT_LE(longest, 200u);
}

TEST(Generate, EveryLineAddsUpAndHasATimeAndAWellFormedCode) {
  const std::regex form("[A-Z][A-Z0-9]{17,22}|[0-9]{15}|C[0-9]{19,26}|T[0-9]{9}");
  std::size_t night = 0, lines = 0;
  const Generated made = run(3'000, 9, 0.1);
  std::set<std::string> off; // lines and visits whose sums were planted to be wrong
  for_each_line(made.manifest, [&](element finding) {
    if (text(finding, "rule") == "GZ10000201002")
      off.insert(text(finding, "subject"));
    if (text(finding, "rule") == "GZ10000201001")
      off.insert(text(finding, "mdtrt_id"));
  });
  for_each_line(made.claims, [&](element data) {
    const ReadClaim claim = read_claim(data);
    std::set<std::string> ids;
    std::int64_t total = 0;
    for (const ReadLine& line : claim.lines) {
      ++lines;
      EXPECT_TRUE(ids.insert(line.id).second) << line.id;
      EXPECT_TRUE(std::regex_match(line.code, form)) << line.code;
      EXPECT_TRUE(off.contains(line.id) ||
                  std::abs(line.price * line.quantity - line.amount * 100) < 51)
          << line.id;
      EXPECT_NE(line.at.substr(11), "00:00:00") << line.id;
      EXPECT_GE(years_on(claim.birth, line.date()), 0);
      EXPECT_LE(years_on(claim.birth, line.date()), 95);
      EXPECT_TRUE(line.own == 0 || line.own == line.amount) << line.id;
      EXPECT_LE(line.price, line.list_price) << line.id;
      const int hour = std::stoi(line.at.substr(11, 2));
      night += hour < 8 || hour > 18 ? 1 : 0;
      total += line.amount;
    }
    const element visit = data["patient_dtos"].at(0)["fsi_encounter_dtos"].at(0).value();
    EXPECT_EQ(hundredths_in(visit, "medfee_sumamt"), total + (off.contains(claim.visit) ? 100 : 0))
        << claim.visit;
    const std::size_t diagnoses = list(visit, "fsi_diagnose_dtos").size();
    EXPECT_TRUE(diagnoses >= 1 && diagnoses <= 6) << claim.visit;
  });
  EXPECT_LT(night * 100, lines);
}

TEST(Generate, APersonComesAgainWithTheSameSexAndBirthday) {
  std::map<std::string, std::pair<std::string, std::string>> people;
  std::size_t again = 0;
  for_each_line(run(3'000, 13, 0.1).claims, [&](element data) {
    const ReadClaim claim = read_claim(data);
    const auto [at, fresh] = people.try_emplace(claim.person, claim.sex, claim.birth);
    again += fresh ? 0 : 1;
    EXPECT_EQ(at->second, std::pair(claim.sex, claim.birth)) << claim.person;
  });
  EXPECT_GT(again, 1'000u);
}

TEST(Generate, StopsWhenTheOutputRefuses) {
  int calls = 0;
  const Result<Summary> stopped = generate(
      {.settlements = 1'000, .pack = pack, .codes = codes},
      [&](std::string_view) { return ++calls < 3; }, [](std::string_view) { return true; });
  EXPECT_FALSE(stopped);
  EXPECT_EQ(calls, 3);
}

TEST(Generate, NamesTheTableThatIsMissing) {
  const Result<Summary> refused = generate(
      {.settlements = 1, .pack = "no/such/pack", .codes = codes},
      [](std::string_view) { return true; }, [](std::string_view) { return true; });
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().en.find("no/such/pack/knowledge/drug_sex.csv"), std::string::npos);
  EXPECT_NE(refused.error().zh.find("drug_sex.csv"), std::string::npos);
}

TEST(GenerateCsv, ReadsQuotesLineBreaksAndAByteOrderMark) {
  const Result<CsvTable> table = parse_csv("t", "\xEF\xBB\xBF"
                                                "a,b\r\n\"x, \"\"y\"\"\",\"1\n2\"\r\n\r\n,last");
  ASSERT_TRUE(table) << table.error().en;
  EXPECT_EQ(table->header, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(table->rows.size(), 2u);
  EXPECT_EQ(table->rows[0], (std::vector<std::string>{"x, \"y\"", "1\n2"}));
  EXPECT_EQ(table->rows[1], (std::vector<std::string>{"", "last"}));
}

TEST(GenerateCsv, RefusesWhatIsNotATable) {
  for (const std::string_view bad : {"", "a,b\n1\n", "a,b\n1,2,3\n", "a,b\n\"1,2\n"}) {
    EXPECT_FALSE(parse_csv("t", bad)) << bad;
  }
  EXPECT_FALSE(columns(parse_csv("t", "a,b\n1,2\n").value(), {"c"}));
}

} // namespace
} // namespace sanku::generate
